// Package vp8test decodes VP8 in tests, with the decoder that comes in the same
// static library as the encoder, so that a test can look at the picture that a
// receiver would see. Only tests import it.
package vp8test

// #cgo CFLAGS: -I${SRCDIR}/../../../../build/libvpx/include
// #cgo linux,amd64 LDFLAGS: ${SRCDIR}/../../../../build/libvpx/amd64/libvpx.a -lm -lpthread
// #cgo linux,arm64 LDFLAGS: ${SRCDIR}/../../../../build/libvpx/arm64/libvpx.a -lm -lpthread
// #include <stdlib.h>
// #include <vpx/vp8dx.h>
// #include <vpx/vpx_decoder.h>
//
// static vpx_codec_ctx_t *vp8test_open(void) {
//   vpx_codec_ctx_t *d = calloc(1, sizeof *d);
//   if (d != NULL && vpx_codec_dec_init(d, vpx_codec_vp8_dx(), NULL, 0) != 0) {
//     free(d);
//     return NULL;
//   }
//   return d;
// }
//
// static int vp8test_decode(vpx_codec_ctx_t *d, const unsigned char *frame, unsigned size, vpx_image_t **out) {
//   int status = vpx_codec_decode(d, frame, size, NULL, 0);
//   vpx_codec_iter_t at = NULL;
//   *out = status == 0 ? vpx_codec_get_frame(d, &at) : NULL;
//   return status;
// }
//
// static void vp8test_close(vpx_codec_ctx_t *d) {
//   vpx_codec_destroy(d);
//   free(d);
// }
import "C"

import (
	"errors"
	"fmt"
	"image"
	"testing"
	"unsafe"
)

// Decoder decodes one stream.
type Decoder struct{ c *C.vpx_codec_ctx_t }

// NewDecoder makes a decoder that is freed when the test ends.
func NewDecoder(t testing.TB) *Decoder {
	t.Helper()
	c := C.vp8test_open()
	if c == nil {
		t.Fatal("making a VP8 decoder: libvpx refused")
	}
	t.Cleanup(func() { C.vp8test_close(c) })
	return &Decoder{c}
}

// Decode decodes one frame to a picture of its own.
func (d *Decoder) Decode(frame []byte) (*image.YCbCr, error) {
	if len(frame) == 0 {
		return nil, errors.New("decoding VP8: the frame is empty")
	}
	var out *C.vpx_image_t
	if status := C.vp8test_decode(d.c, (*C.uchar)(unsafe.Pointer(&frame[0])), C.uint(len(frame)), &out); status != 0 {
		return nil, fmt.Errorf("decoding VP8: error %d", int(status))
	}
	if out == nil {
		return nil, errors.New("decoding VP8: no picture in the frame")
	}
	width, height := int(out.d_w), int(out.d_h)
	picture := image.NewYCbCr(image.Rect(0, 0, width, height), image.YCbCrSubsampleRatio420)
	for i, plane := range [][]byte{picture.Y, picture.Cb, picture.Cr} {
		w, h, stride := width, height, picture.YStride
		if i > 0 {
			w, h, stride = (width+1)/2, (height+1)/2, picture.CStride
		}
		from := unsafe.Slice((*byte)(unsafe.Pointer(out.planes[i])), int(out.stride[i])*(h-1)+w)
		for y := range h {
			copy(plane[y*stride:][:w], from[y*int(out.stride[i]):])
		}
	}
	return picture, nil
}
