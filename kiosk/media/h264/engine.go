package h264

// #cgo CFLAGS: -I${SRCDIR}
// #cgo noescape h264_encode
// #cgo nocallback h264_encode
// #cgo noescape h264_copy
// #cgo nocallback h264_copy
// #include "bridge.h"
import "C"

import (
	"fmt"
	"image"
	"unsafe"

	// Links the static libopenh264 for this platform.
	_ "github.com/pion/mediadevices/pkg/codec/openh264"
)

// engine is one OpenH264 encoder of one picture size. It must be used by one
// goroutine at a time.
type engine struct {
	c    *C.h264_encoder
	size image.Point
}

func openEngine(size image.Point, frameRate float32, bitrate int, fullRange bool) (*engine, error) {
	var status, full C.int
	if fullRange {
		full = 1
	}
	c := C.h264_open(C.int(size.X), C.int(size.Y), C.float(frameRate), C.int(bitrate),
		C.int(keyFrameSeconds*frameRate), full, &status)
	if c == nil {
		return nil, fmt.Errorf("making an H.264 encoder of %dx%d at %g/s, %d bit/s: %w (%d)", size.X, size.Y, frameRate, bitrate, errEngine, status)
	}
	return &engine{c, size}, nil
}

func (e *engine) setBitrate(bitsPerSecond int) error {
	if status := C.h264_set_bitrate(e.c, C.int(bitsPerSecond)); status != 0 {
		return fmt.Errorf("setting the H.264 bitrate to %d bit/s: %w (%d)", bitsPerSecond, errEngine, status)
	}
	return nil
}

// encode encodes a picture, whose origin is at its first sample, into buffer,
// which it replaces when it is too small.
func (e *engine) encode(picture *image.YCbCr, millis int64, forceKeyFrame bool, buffer []byte) (unit []byte, key bool, err error) {
	if size := picture.Rect.Size(); size != e.size {
		return buffer, false, fmt.Errorf("encoding a picture: it is %v, the encoder is for %v", size, e.size)
	}
	last := e.size.Y - 1
	_ = picture.Y[last*picture.YStride+e.size.X-1] // C does not check
	_ = picture.Cb[last/2*picture.CStride+e.size.X/2-1]
	_ = picture.Cr[last/2*picture.CStride+e.size.X/2-1]
	var force C.int
	if forceKeyFrame {
		force = 1
	}
	size := int(C.h264_encode(e.c,
		(*C.uchar)(unsafe.Pointer(&picture.Y[0])), (*C.uchar)(unsafe.Pointer(&picture.Cb[0])), (*C.uchar)(unsafe.Pointer(&picture.Cr[0])),
		C.int(picture.YStride), C.int(picture.CStride), C.longlong(millis), force))
	if size < 0 {
		return buffer, false, fmt.Errorf("encoding a picture: %w (%d)", errEngine, -size)
	}
	if size == 0 {
		return buffer[:0], false, nil
	}
	if cap(buffer) < size {
		buffer = make([]byte, size, max(2*size, 64<<10))
	}
	buffer = buffer[:size]
	C.h264_copy(e.c, (*C.uchar)(unsafe.Pointer(&buffer[0])))
	return buffer, C.h264_is_key_frame(e.c) != 0, nil
}

func (e *engine) close() {
	C.h264_close(e.c)
	e.c = nil
}
