// Package mjpeg decodes a camera's JPEG pictures to I420 with libjpeg-turbo,
// Debian's static library (see firmware/libjpeg): USB 2 carries 1280x720 at 30 a
// second as JPEG only, and Go's own decoder takes several times as long and makes
// a new picture of each.
//
// A damaged picture, as is usual on a loaded bus, is refused whole. Pictures
// without Huffman tables have the usual ones. Nothing is allocated for a picture;
// the package opens nothing and owns no goroutine. Sources: ITU-T T.81;
// libjpeg-turbo's libjpeg.txt.
package mjpeg

// #cgo amd64 CFLAGS: -I${SRCDIR}/../../../build/libjpeg/include -I${SRCDIR}/../../../build/libjpeg/amd64/include
// #cgo arm64 CFLAGS: -I${SRCDIR}/../../../build/libjpeg/include -I${SRCDIR}/../../../build/libjpeg/arm64/include
// #cgo linux,amd64 LDFLAGS: ${SRCDIR}/../../../build/libjpeg/amd64/libjpeg.a
// #cgo linux,arm64 LDFLAGS: ${SRCDIR}/../../../build/libjpeg/arm64/libjpeg.a
// #cgo noescape mjpeg_decode
// #cgo nocallback mjpeg_decode
// #include "bridge.h"
import "C"

import (
	"errors"
	"fmt"
	"image"
	"unsafe"
)

// What is wrong with a picture.
var (
	ErrBroken = errors.New("the JPEG is damaged")
	ErrOther  = errors.New("the JPEG has another size or coding than the camera said")
)

// Decoder decodes pictures of one size. It is used by one goroutine at a time.
type Decoder struct {
	c       *C.mjpeg_decoder
	picture *image.YCbCr
}

// NewDecoder makes a decoder for an even size. Close frees it.
func NewDecoder(size image.Point) (*Decoder, error) {
	if size.X < 2 || size.Y < 2 || size.X > 1<<13 || size.Y > 1<<13 || size.X%2 != 0 || size.Y%2 != 0 {
		return nil, fmt.Errorf("making a JPEG decoder: %v is no size that can be decoded", size)
	}
	c := C.mjpeg_open()
	if c == nil {
		return nil, errors.New("making a JPEG decoder: libjpeg refused")
	}
	return &Decoder{c, image.NewYCbCr(image.Rectangle{Max: size}, image.YCbCrSubsampleRatio420)}, nil
}

// Decode gives the picture, valid until the next Decode, also after an error, and also after Close.
func (d *Decoder) Decode(data []byte) (*image.YCbCr, error) {
	if len(data) == 0 {
		return nil, ErrBroken
	}
	p := d.picture
	switch C.mjpeg_decode(d.c, (*C.uchar)(unsafe.Pointer(&data[0])), C.ulong(len(data)), C.int(p.Rect.Dx()), C.int(p.Rect.Dy()),
		(*C.uchar)(unsafe.Pointer(&p.Y[0])), (*C.uchar)(unsafe.Pointer(&p.Cb[0])), (*C.uchar)(unsafe.Pointer(&p.Cr[0]))) {
	case 0:
		return p, nil
	case C.MJPEG_OTHER:
		return nil, ErrOther
	}
	return nil, ErrBroken
}

// Close frees the decoder.
func (d *Decoder) Close() {
	if d.c != nil {
		C.mjpeg_close(d.c)
		d.c = nil
	}
}
