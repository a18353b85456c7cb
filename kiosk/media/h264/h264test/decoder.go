// Package h264test decodes H.264 in tests, with the decoder that comes in the
// same static library as the encoder, so that a test can look at the picture
// that a receiver would see. Only tests import it.
package h264test

// #cgo CFLAGS: -I${SRCDIR}/..
// #include <stdlib.h>
// #include "openh264/codec_api.h"
//
// static ISVCDecoder *h264test_open(void) {
//   ISVCDecoder *d = NULL;
//   if (WelsCreateDecoder(&d) != 0 || d == NULL)
//     return NULL;
//   int level = WELS_LOG_QUIET;
//   (*d)->SetOption(d, DECODER_OPTION_TRACE_LEVEL, &level);
//   SDecodingParam p = {0};
//   p.sVideoProperty.eVideoBsType = VIDEO_BITSTREAM_AVC;
//   p.eEcActiveIdc = ERROR_CON_DISABLE;
//   if ((*d)->Initialize(d, &p) != 0) {
//     WelsDestroyDecoder(d);
//     return NULL;
//   }
//   return d;
// }
//
// typedef struct {
//   unsigned char *plane[3];
//   int width, height, luma_stride, chroma_stride, ready;
// } h264test_picture;
//
// static int h264test_decode(ISVCDecoder *d, const unsigned char *unit, int size, h264test_picture *out) {
//   SBufferInfo info = {0};
//   int status = (*d)->DecodeFrameNoDelay(d, unit, size, out->plane, &info);
//   out->ready = info.iBufferStatus;
//   out->width = info.UsrData.sSystemBuffer.iWidth;
//   out->height = info.UsrData.sSystemBuffer.iHeight;
//   out->luma_stride = info.UsrData.sSystemBuffer.iStride[0];
//   out->chroma_stride = info.UsrData.sSystemBuffer.iStride[1];
//   return status;
// }
//
// static void h264test_close(ISVCDecoder *d) {
//   (*d)->Uninitialize(d);
//   WelsDestroyDecoder(d);
// }
import "C"

import (
	"fmt"
	"image"
	"testing"
	"unsafe"

	_ "github.com/pion/mediadevices/pkg/codec/openh264" // the static library
)

// Decoder decodes one stream.
type Decoder struct{ c *C.ISVCDecoder }

// NewDecoder makes a decoder that is freed when the test ends.
func NewDecoder(t testing.TB) *Decoder {
	t.Helper()
	c := C.h264test_open()
	if c == nil {
		t.Fatal("making an H.264 decoder: OpenH264 refused")
	}
	t.Cleanup(func() { C.h264test_close(c) })
	return &Decoder{c}
}

// Decode decodes one access unit to a picture of its own.
func (d *Decoder) Decode(accessUnit []byte) (*image.YCbCr, error) {
	if len(accessUnit) == 0 {
		return nil, fmt.Errorf("decoding H.264: the access unit is empty")
	}
	p := (*C.h264test_picture)(C.calloc(1, C.sizeof_h264test_picture))
	defer C.free(unsafe.Pointer(p))
	if status := C.h264test_decode(d.c, (*C.uchar)(unsafe.Pointer(&accessUnit[0])), C.int(len(accessUnit)), p); status != 0 {
		return nil, fmt.Errorf("decoding H.264: state %#x", int(status))
	}
	if p.ready != 1 {
		return nil, fmt.Errorf("decoding H.264: no picture in the access unit")
	}
	picture := image.NewYCbCr(image.Rect(0, 0, int(p.width), int(p.height)), image.YCbCrSubsampleRatio420)
	copyPlane(picture.Y, picture.YStride, p.plane[0], int(p.luma_stride), int(p.height))
	copyPlane(picture.Cb, picture.CStride, p.plane[1], int(p.chroma_stride), int(p.height)/2)
	copyPlane(picture.Cr, picture.CStride, p.plane[2], int(p.chroma_stride), int(p.height)/2)
	return picture, nil
}

func copyPlane(dst []byte, width int, src *C.uchar, stride, height int) {
	plane := unsafe.Slice((*byte)(unsafe.Pointer(src)), stride*(height-1)+width)
	for y := range height {
		copy(dst[y*width:][:width], plane[y*stride:])
	}
}
