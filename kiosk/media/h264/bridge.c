#include "bridge.h"

#include <stdlib.h>
#include <string.h>

struct h264_encoder {
  ISVCEncoder *engine;
  int width, height;
  float frame_rate;
  SSourcePicture picture;
  SFrameBSInfo output;
};

h264_encoder *h264_open(int width, int height, float frame_rate, int bitrate, int full_range, int *status) {
  h264_encoder *e = calloc(1, sizeof *e);
  if (e == NULL) {
    *status = cmMallocMemeError;
    return NULL;
  }
  e->width = width;
  e->height = height;
  e->frame_rate = frame_rate;

  *status = WelsCreateSVCEncoder(&e->engine);
  if (*status != 0 || e->engine == NULL) {
    free(e);
    return NULL;
  }
  // OpenH264 prints its own warnings on the standard error output.
  int level = WELS_LOG_QUIET;
  (*e->engine)->SetOption(e->engine, ENCODER_OPTION_TRACE_LEVEL, &level);

  SEncParamExt p;
  *status = (*e->engine)->GetDefaultParams(e->engine, &p);
  if (*status != 0) {
    WelsDestroySVCEncoder(e->engine);
    free(e);
    return NULL;
  }
  p.iUsageType = CAMERA_VIDEO_REAL_TIME;
  p.iPicWidth = width;
  p.iPicHeight = height;
  p.fMaxFrameRate = frame_rate;
  p.iTargetBitrate = bitrate;
  // No ceiling of its own: with one, the rate control starves the pictures
  // that follow a key frame.
  p.iMaxBitrate = UNSPECIFIED_BIT_RATE;
  p.iRCMode = RC_BITRATE_MODE;
  // A skipped picture is a stutter: at low rates the ladder reduces the size.
  p.bEnableFrameSkip = false;
  p.iMinQp = 12;
  p.iMaxQp = 51;
  p.iComplexityMode = LOW_COMPLEXITY;
  p.uiIntraPeriod = 0; // key frames only where they are asked for
  p.iNumRefFrame = 1;
  p.iTemporalLayerNum = 1;
  p.iSpatialLayerNum = 1;
  // The same identifiers after every key frame, so that a repeated SPS is the
  // one the receiver has.
  p.eSpsPpsIdStrategy = CONSTANT_ID;
  p.bPrefixNalAddingCtrl = false;
  p.bEnableSSEI = false;
  p.iEntropyCodingModeFlag = 0; // CAVLC, as the baseline profile requires
  p.iMultipleThreadIdc = 1;     // encode in the calling thread
  p.bEnableDenoise = false;
  p.bEnableLongTermReference = false;
  // A scene change would put a key frame where nobody asked for one; nothing
  // cuts in a booth.
  p.bEnableSceneChangeDetect = false;

  SSpatialLayerConfig *layer = &p.sSpatialLayers[0];
  layer->iVideoWidth = width;
  layer->iVideoHeight = height;
  layer->fFrameRate = frame_rate;
  layer->iSpatialBitrate = bitrate;
  layer->iMaxSpatialBitrate = UNSPECIFIED_BIT_RATE;
  layer->uiProfileIdc = PRO_BASELINE;
  layer->uiLevelIdc = LEVEL_UNKNOWN;
  layer->sSliceArgument.uiSliceMode = SM_SINGLE_SLICE;
  layer->sSliceArgument.uiSliceNum = 1;
  // Say what the colours mean, lest a receiver guess by the size, which changes:
  // cameras give BT.601's matrix at any size.
  layer->bVideoSignalTypePresent = true;
  layer->uiVideoFormat = VF_UNDEF;
  layer->bFullRange = full_range != 0;
  layer->bColorDescriptionPresent = true;
  layer->uiColorPrimaries = CP_BT709;
  layer->uiTransferCharacteristics = TRC_BT709;
  layer->uiColorMatrix = CM_SMPTE170M;

  *status = (*e->engine)->InitializeExt(e->engine, &p);
  if (*status != 0) {
    WelsDestroySVCEncoder(e->engine);
    free(e);
    return NULL;
  }
  return e;
}

int h264_set_rate(h264_encoder *e, int bitrate, float frame_rate) {
  if (frame_rate != e->frame_rate) {
    int status = (*e->engine)->SetOption(e->engine, ENCODER_OPTION_FRAME_RATE, &frame_rate);
    if (status != 0)
      return status;
    e->frame_rate = frame_rate;
  }
  SBitrateInfo info;
  info.iLayer = SPATIAL_LAYER_ALL;
  info.iBitrate = bitrate;
  return (*e->engine)->SetOption(e->engine, ENCODER_OPTION_BITRATE, &info);
}

int h264_encode(h264_encoder *e, unsigned char *y, unsigned char *u, unsigned char *v,
                int y_stride, int c_stride, long long milliseconds, int force_key_frame) {
  if (force_key_frame) {
    int status = (*e->engine)->ForceIntraFrame(e->engine, true);
    if (status != 0)
      return status > 0 ? -status : status;
  }
  SSourcePicture *p = &e->picture;
  p->iColorFormat = videoFormatI420;
  p->iPicWidth = e->width;
  p->iPicHeight = e->height;
  p->iStride[0] = y_stride;
  p->iStride[1] = p->iStride[2] = c_stride;
  p->pData[0] = y;
  p->pData[1] = u;
  p->pData[2] = v;
  p->uiTimeStamp = milliseconds;

  memset(&e->output, 0, sizeof e->output);
  int status = (*e->engine)->EncodeFrame(e->engine, p, &e->output);
  memset(p->pData, 0, sizeof p->pData); // keep no pointer into Go's memory
  if (status != 0)
    return status > 0 ? -status : status;
  if (e->output.eFrameType == videoFrameTypeSkip || e->output.eFrameType == videoFrameTypeInvalid)
    return 0;

  int size = 0;
  for (int i = 0; i < e->output.iLayerNum; i++) {
    const SLayerBSInfo *layer = &e->output.sLayerInfo[i];
    for (int n = 0; n < layer->iNalCount; n++)
      size += layer->pNalLengthInByte[n];
  }
  return size;
}

void h264_copy(const h264_encoder *e, unsigned char *out) {
  for (int i = 0; i < e->output.iLayerNum; i++) {
    const SLayerBSInfo *layer = &e->output.sLayerInfo[i];
    int size = 0;
    for (int n = 0; n < layer->iNalCount; n++)
      size += layer->pNalLengthInByte[n];
    memcpy(out, layer->pBsBuf, size);
    out += size;
  }
}

int h264_is_key_frame(const h264_encoder *e) { return e->output.eFrameType == videoFrameTypeIDR; }

void h264_close(h264_encoder *e) {
  (*e->engine)->Uninitialize(e->engine);
  WelsDestroySVCEncoder(e->engine);
  free(e);
}
