// The few calls of libjpeg-turbo that the Go side needs, gathered so that one
// picture costs one crossing into C and allocates nothing in Go.
#ifndef VISIOBORNE_MJPEG_BRIDGE_H
#define VISIOBORNE_MJPEG_BRIDGE_H

#if !__has_include(<jpeglib.h>) || !__has_include(<jconfig.h>)
#error "libjpeg is missing: run 'make libjpeg' once; it fetches Debian's static libraries into build/libjpeg"
#endif

typedef struct mjpeg_decoder mjpeg_decoder;

// mjpeg_open makes a decoder, or returns NULL.
mjpeg_decoder *mjpeg_open(void);

// mjpeg_decode decodes a baseline JPEG of that size, which is even, to I420 in
// planes without padding. It returns 0, MJPEG_BROKEN or MJPEG_OTHER.
int mjpeg_decode(mjpeg_decoder *d, const unsigned char *data, unsigned long size, int width, int height,
                 unsigned char *y, unsigned char *cb, unsigned char *cr);

enum {
  MJPEG_BROKEN = 1, // its data are damaged
  MJPEG_OTHER = 2,  // it has another size or coding
};

void mjpeg_close(mjpeg_decoder *d);

#endif
