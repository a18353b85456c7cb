#include "bridge.h"

#include <stdlib.h>
#include <string.h>

#include <vpx/vp8cx.h>
#include <vpx/vpx_encoder.h>

struct vp8_encoder {
  vpx_codec_ctx_t codec;
  vpx_codec_enc_cfg_t config;
  vpx_image_t picture;
  const vpx_codec_cx_pkt_t *output;
};

// What the encoder's buffers hold, in milliseconds of the target bitrate, as
// libwebrtc has it: the least that its rate control works well with.
enum { buffer_size = 1000, buffer_initial = 500, buffer_optimal = 600 };

static int controls(vp8_encoder *e, int speed) {
  // A key frame may take half of the buffer: in per cent of a picture at 30 a second.
  const unsigned intra = buffer_optimal / 2 * 30 / 10;
  int status = vpx_codec_control(&e->codec, VP8E_SET_CPUUSED, speed);
  if (status == 0)
    status = vpx_codec_control(&e->codec, VP8E_SET_ENABLEAUTOALTREF, 0);
  if (status == 0)
    status = vpx_codec_control(&e->codec, VP8E_SET_NOISE_SENSITIVITY, 0);
  if (status == 0)
    status = vpx_codec_control(&e->codec, VP8E_SET_STATIC_THRESHOLD, 1);
  if (status == 0)
    status = vpx_codec_control(&e->codec, VP8E_SET_TOKEN_PARTITIONS, VP8_ONE_TOKENPARTITION);
  if (status == 0)
    status = vpx_codec_control(&e->codec, VP8E_SET_MAX_INTRA_BITRATE_PCT, intra);
  return status;
}

vp8_encoder *vp8_open(int width, int height, int bitrate, int speed, int threads, int *status) {
  vp8_encoder *e = calloc(1, sizeof *e);
  if (e == NULL) {
    *status = VPX_CODEC_MEM_ERROR;
    return NULL;
  }
  vpx_codec_enc_cfg_t *c = &e->config;
  *status = vpx_codec_enc_config_default(vpx_codec_vp8_cx(), c, 0);
  if (*status != 0) {
    free(e);
    return NULL;
  }
  c->g_w = width;
  c->g_h = height;
  c->g_threads = threads;
  c->g_timebase.num = 1;
  c->g_timebase.den = 90000;
  // A frame that is lost does no harm to the reading of those that follow.
  c->g_error_resilient = VPX_ERROR_RESILIENT_DEFAULT;
  c->g_pass = VPX_RC_ONE_PASS;
  c->g_lag_in_frames = 0;
  c->rc_end_usage = VPX_CBR;
  c->rc_target_bitrate = bitrate / 1000;
  // A picture left out is a stutter: the ladder reduces the size before.
  c->rc_dropframe_thresh = 0;
  c->rc_resize_allowed = 0;
  c->rc_min_quantizer = 2;
  c->rc_max_quantizer = 63;
  c->rc_undershoot_pct = 100;
  c->rc_overshoot_pct = 15;
  c->rc_buf_sz = buffer_size;
  c->rc_buf_initial_sz = buffer_initial;
  c->rc_buf_optimal_sz = buffer_optimal;
  c->kf_mode = VPX_KF_DISABLED; // only where they are asked for

  *status = vpx_codec_enc_init(&e->codec, vpx_codec_vp8_cx(), c, 0);
  if (*status != 0) {
    free(e);
    return NULL;
  }
  static unsigned char none[1]; // vpx_img_wrap wants memory; each picture brings its own
  *status = controls(e, speed);
  if (*status == 0 && vpx_img_wrap(&e->picture, VPX_IMG_FMT_I420, width, height, 1, none) == NULL)
    *status = VPX_CODEC_MEM_ERROR;
  if (*status != 0) {
    vpx_codec_destroy(&e->codec);
    free(e);
    return NULL;
  }
  return e;
}

int vp8_set_bitrate(vp8_encoder *e, int bitrate) {
  e->config.rc_target_bitrate = bitrate / 1000;
  return vpx_codec_enc_config_set(&e->codec, &e->config);
}

int vp8_encode(vp8_encoder *e, unsigned char *y, unsigned char *u, unsigned char *v,
               int y_stride, int c_stride, long long time, long long duration, int force_key_frame) {
  vpx_image_t *p = &e->picture;
  p->planes[VPX_PLANE_Y] = y;
  p->planes[VPX_PLANE_U] = u;
  p->planes[VPX_PLANE_V] = v;
  p->stride[VPX_PLANE_Y] = y_stride;
  p->stride[VPX_PLANE_U] = p->stride[VPX_PLANE_V] = c_stride;
  int status = vpx_codec_encode(&e->codec, p, time, duration, force_key_frame ? VPX_EFLAG_FORCE_KF : 0, VPX_DL_REALTIME);
  memset(p->planes, 0, sizeof p->planes); // keep no pointer into Go's memory
  e->output = NULL;
  if (status != 0)
    return -status;
  // One picture gives one frame at most: nothing is looked ahead at.
  vpx_codec_iter_t at = NULL;
  for (const vpx_codec_cx_pkt_t *o; (o = vpx_codec_get_cx_data(&e->codec, &at)) != NULL;)
    if (o->kind == VPX_CODEC_CX_FRAME_PKT)
      e->output = o;
  return e->output == NULL ? 0 : (int)e->output->data.frame.sz;
}

void vp8_copy(const vp8_encoder *e, unsigned char *out) {
  memcpy(out, e->output->data.frame.buf, e->output->data.frame.sz);
}

int vp8_is_key_frame(const vp8_encoder *e) {
  return e->output != NULL && (e->output->data.frame.flags & VPX_FRAME_IS_KEY) != 0;
}

void vp8_close(vp8_encoder *e) {
  vpx_codec_destroy(&e->codec);
  free(e);
}
