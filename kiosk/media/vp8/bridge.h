// The few calls of libvpx that the Go side needs, gathered so that one picture
// costs one crossing into C and allocates nothing.
#ifndef VISIOBORNE_VP8_BRIDGE_H
#define VISIOBORNE_VP8_BRIDGE_H

#if !__has_include(<vpx/vp8cx.h>)
#error "libvpx is missing: run 'make libvpx' once; it fetches Debian's static libraries into build/libvpx"
#endif

typedef struct vp8_encoder vp8_encoder;

// vp8_open makes an encoder, or returns NULL and sets *status.
vp8_encoder *vp8_open(int width, int height, int bitrate, int speed, int threads, int *status);

// vp8_set_bitrate changes the target, in bits per second; 0 is success.
int vp8_set_bitrate(vp8_encoder *e, int bitrate);

// vp8_encode encodes one I420 picture; times are in units of 1/90000 s. It
// returns the size of the frame (0 when the encoder left the picture out), or
// the negated error of libvpx.
int vp8_encode(vp8_encoder *e, unsigned char *y, unsigned char *u, unsigned char *v,
               int y_stride, int c_stride, long long time, long long duration, int force_key_frame);

// vp8_copy copies the frame of the last vp8_encode to out.
void vp8_copy(const vp8_encoder *e, unsigned char *out);

// vp8_is_key_frame tells whether the last frame is a key frame.
int vp8_is_key_frame(const vp8_encoder *e);

void vp8_close(vp8_encoder *e);

#endif
