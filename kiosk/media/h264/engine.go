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
	"time"
	"unsafe"

	// Links the static libopenh264 for this platform.
	_ "github.com/pion/mediadevices/pkg/codec/openh264"

	"loiret.fr/visioborne/kiosk/media/ladder"
)

// engine is one OpenH264 encoder, a ladder.Engine.
type engine struct {
	c    *C.h264_encoder
	size image.Point
}

func openEngine(s ladder.Settings) (ladder.Engine, error) {
	var status, full C.int
	if s.FullRange {
		full = 1
	}
	c := C.h264_open(C.int(s.Size.X), C.int(s.Size.Y), C.float(s.FrameRate), C.int(s.Bitrate), full, &status)
	if c == nil {
		return nil, fmt.Errorf("making an H.264 encoder of %dx%d at %g/s, %d bit/s: %w (%d)",
			s.Size.X, s.Size.Y, s.FrameRate, s.Bitrate, errEngine, status)
	}
	return &engine{c, s.Size}, nil
}

// SetRate changes the target from the next picture on.
func (e *engine) SetRate(bitsPerSecond int, frameRate float32) error {
	if status := C.h264_set_rate(e.c, C.int(bitsPerSecond), C.float(frameRate)); status != 0 {
		return fmt.Errorf("setting the H.264 bitrate to %d bit/s at %g/s: %w (%d)", bitsPerSecond, frameRate, errEngine, status)
	}
	return nil
}

// Encode encodes one picture to an access unit in Annex B format.
func (e *engine) Encode(picture *image.YCbCr, after time.Duration, forceKeyFrame bool, buffer []byte) (unit []byte, key bool, err error) {
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
		C.int(picture.YStride), C.int(picture.CStride), C.longlong(after.Milliseconds()), force))
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

// Close frees the encoder.
func (e *engine) Close() {
	C.h264_close(e.c)
	e.c = nil
}
