#include "bridge.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jerror.h>
#include <jpeglib.h>

// The most lines of a component in a row of MCUs: two blocks.
#define LINES (2 * DCTSIZE)

struct mjpeg_decoder {
  struct jpeg_decompress_struct info;
  struct jpeg_error_mgr errors;
  jmp_buf failed;
  int damaged;
  unsigned char *rows; // of the three components, LINES each
  unsigned long stride;
};

static void on_error(j_common_ptr info) {
  mjpeg_decoder *d = info->client_data;
  longjmp(d->failed, 1);
}

// Some cameras put bytes between markers, which harms nothing; what means that
// samples are missing does.
static void on_message(j_common_ptr info, int level) {
  mjpeg_decoder *d = info->client_data;
  if (level >= 0)
    return;
  switch (info->err->msg_code) {
  case JWRN_HIT_MARKER:
  case JWRN_HUFF_BAD_CODE:
  case JWRN_JPEG_EOF:
  case JWRN_MUST_RESYNC:
    d->damaged = 1;
  }
}

static void on_output(j_common_ptr info) { (void)info; }

mjpeg_decoder *mjpeg_open(void) {
  mjpeg_decoder *d = calloc(1, sizeof *d);
  if (d == NULL)
    return NULL;
  d->info.err = jpeg_std_error(&d->errors);
  d->errors.error_exit = on_error;
  d->errors.emit_message = on_message;
  d->errors.output_message = on_output;
  d->info.client_data = d;
  if (setjmp(d->failed)) {
    free(d);
    return NULL;
  }
  jpeg_create_decompress(&d->info);
  d->info.client_data = d;
  return d;
}

// put reduces lines of a chroma component to its half in both directions. h and v
// tell how often it has been sampled for two pixels and two lines.
static void put(unsigned char *out, int width, const unsigned char *upper, const unsigned char *lower, int h) {
  if (h == 1) {
    for (int x = 0; x < width; x++)
      out[x] = (upper[x] + lower[x] + 1) >> 1;
    return;
  }
  for (int x = 0; x < width; x++)
    out[x] = (upper[2 * x] + upper[2 * x + 1] + lower[2 * x] + lower[2 * x + 1] + 2) >> 2;
}

int mjpeg_decode(mjpeg_decoder *d, const unsigned char *data, unsigned long size, int width, int height,
                 unsigned char *y, unsigned char *cb, unsigned char *cr) {
  struct jpeg_decompress_struct *info = &d->info;
  d->damaged = 0;
  if (setjmp(d->failed)) {
    jpeg_abort_decompress(info);
    return MJPEG_BROKEN;
  }
  jpeg_mem_src(info, data, size);
  if (jpeg_read_header(info, TRUE) != JPEG_HEADER_OK || (int)info->image_width != width || (int)info->image_height != height ||
      info->progressive_mode || info->arith_code || info->data_precision != 8 || (info->num_components != 3 && info->num_components != 1)) {
    jpeg_abort_decompress(info);
    return MJPEG_OTHER;
  }
  int grey = info->num_components == 1;
  int h = 1, v = 1; // samples of chroma for two pixels, two lines
  if (!grey) {
    const jpeg_component_info *c = info->comp_info;
    if (c[0].h_samp_factor == c[1].h_samp_factor)
      h = 2;
    if (c[0].v_samp_factor == c[1].v_samp_factor)
      v = 2;
    if (c[0].h_samp_factor > 2 || c[0].v_samp_factor > 2 || c[1].h_samp_factor != c[2].h_samp_factor || c[1].v_samp_factor != c[2].v_samp_factor ||
        (c[1].h_samp_factor != 1 && h == 1) || (c[1].v_samp_factor != 1 && v == 1)) {
      jpeg_abort_decompress(info);
      return MJPEG_OTHER;
    }
  }
  info->jpeg_color_space = grey ? JCS_GRAYSCALE : JCS_YCbCr;
  info->out_color_space = info->jpeg_color_space;
  info->raw_data_out = TRUE;
  info->do_fancy_upsampling = FALSE;
  jpeg_start_decompress(info);

  unsigned long stride = (width + 4 * DCTSIZE - 1) / (4 * DCTSIZE) * (4 * DCTSIZE);
  if (d->stride != stride) {
    free(d->rows);
    d->stride = 0;
    d->rows = malloc(3 * LINES * stride);
    if (d->rows == NULL) {
      jpeg_abort_decompress(info);
      return MJPEG_BROKEN;
    }
    d->stride = stride;
  }
  JSAMPROW pointers[3][LINES];
  JSAMPARRAY planes[3];
  for (int c = 0; c < 3; c++) {
    for (int l = 0; l < LINES; l++)
      pointers[c][l] = d->rows + (c * LINES + l) * stride;
    planes[c] = pointers[c];
  }
  int lines = info->max_v_samp_factor * DCTSIZE;
  int chroma_lines = grey ? 0 : info->comp_info[1].v_samp_factor * DCTSIZE;
  for (int at = 0; at < height; at += lines) {
    if (jpeg_read_raw_data(info, planes, lines) == 0)
      break;
    for (int l = 0; l < lines && at + l < height; l++)
      memcpy(y + (at + l) * (unsigned long)width, pointers[0][l], width);
    for (int l = 0; l + v - 1 < chroma_lines; l += v) {
      int row = (at * v / 2 + l) / v; // of the half-size plane
      if (row >= height / 2)
        break;
      for (int c = 1; c < 3; c++) {
        unsigned char *out = (c == 1 ? cb : cr) + row * (unsigned long)(width / 2);
        if (h == 1 && v == 1)
          memcpy(out, pointers[c][l], width / 2);
        else
          put(out, width / 2, pointers[c][l], pointers[c][l + v - 1], h);
      }
    }
  }
  if (grey) {
    memset(cb, 128, (unsigned long)(width / 2) * (height / 2));
    memset(cr, 128, (unsigned long)(width / 2) * (height / 2));
  }
  jpeg_finish_decompress(info);
  return d->damaged ? MJPEG_BROKEN : 0;
}

void mjpeg_close(mjpeg_decoder *d) {
  jpeg_destroy_decompress(&d->info);
  free(d->rows);
  free(d);
}
