// The few calls of OpenH264's C interface that the Go side needs, gathered so
// that one picture costs one crossing into C and allocates nothing.
#ifndef VISIOBORNE_H264_BRIDGE_H
#define VISIOBORNE_H264_BRIDGE_H

#include "openh264/codec_api.h"

typedef struct h264_encoder h264_encoder;

// h264_open makes an encoder, or returns NULL and sets *status. full_range says
// that the samples span 0 to 255, as JPEG's, and not 16 to 235.
h264_encoder *h264_open(int width, int height, float frame_rate, int bitrate, int full_range, int *status);

// h264_set_rate changes the target, in bits and pictures per second; 0 is success.
int h264_set_rate(h264_encoder *e, int bitrate, float frame_rate);

// h264_encode encodes one I420 picture. It returns the size of the access unit
// (0 when the encoder left the picture out), or the negated error of OpenH264.
int h264_encode(h264_encoder *e, unsigned char *y, unsigned char *u, unsigned char *v,
                int y_stride, int c_stride, long long milliseconds, int force_key_frame);

// h264_copy copies the access unit of the last h264_encode to out.
void h264_copy(const h264_encoder *e, unsigned char *out);

// h264_is_key_frame tells whether the last access unit is an IDR picture.
int h264_is_key_frame(const h264_encoder *e);

void h264_close(h264_encoder *e);

#endif
