package vp8

// #cgo CFLAGS: -I${SRCDIR}/../../../build/libvpx/include
// #cgo linux,amd64 LDFLAGS: ${SRCDIR}/../../../build/libvpx/amd64/libvpx.a -lm -lpthread
// #cgo linux,arm64 LDFLAGS: ${SRCDIR}/../../../build/libvpx/arm64/libvpx.a -lm -lpthread
// #cgo noescape vp8_encode
// #cgo nocallback vp8_encode
// #cgo noescape vp8_copy
// #cgo nocallback vp8_copy
// #include "bridge.h"
import "C"

import (
	"fmt"
	"image"
	"runtime"
	"time"
	"unsafe"

	"loiret.fr/visioborne/kiosk/media/ladder"
)

// clock is the encoder's, in ticks a second.
const clock = 90_000

// engine is one libvpx encoder, a ladder.Engine.
type engine struct {
	c         *C.vp8_encoder
	size      image.Point
	frameRate float32
	limited   *image.YCbCr // the picture with samples of 16 to 235; nil where they are so already
}

func openEngine(s ladder.Settings) (ladder.Engine, error) {
	var status C.int
	c := C.vp8_open(C.int(s.Size.X), C.int(s.Size.Y), C.int(s.Bitrate),
		C.int(speed(s.Size, runtime.GOARCH)), C.int(threads(s.Size, runtime.NumCPU())), &status)
	if c == nil {
		return nil, fmt.Errorf("making a VP8 encoder of %dx%d at %d bit/s: %w (%d)", s.Size.X, s.Size.Y, s.Bitrate, errEngine, status)
	}
	e := &engine{c: c, size: s.Size, frameRate: s.FrameRate}
	if s.FullRange {
		e.limited = image.NewYCbCr(image.Rectangle{Max: s.Size}, image.YCbCrSubsampleRatio420)
	}
	return e, nil
}

// speed is libvpx's cpu-used: how much of the search for savings is left out, as
// libwebrtc has it for phones and for other machines.
func speed(size image.Point, machine string) int {
	pixels := size.X * size.Y
	switch {
	case machine != "arm64" && pixels <= 352*288:
		return -4
	case machine != "arm64":
		return -6
	case pixels <= 352*288:
		return -8
	case pixels <= 640*480:
		return -10
	}
	return -12
}

// threads leaves one core to the rest of the booth; small pictures are not worth two.
func threads(size image.Point, cores int) int {
	if size.X*size.Y <= 640*480 {
		return 1
	}
	return min(max(cores-1, 1), 3)
}

// SetRate changes the target from the next picture on; the picture rate is in their times.
func (e *engine) SetRate(bitsPerSecond int, frameRate float32) error {
	e.frameRate = frameRate
	if status := C.vp8_set_bitrate(e.c, C.int(bitsPerSecond)); status != 0 {
		return fmt.Errorf("setting the VP8 bitrate to %d bit/s: %w (%d)", bitsPerSecond, errEngine, status)
	}
	return nil
}

// Encode encodes one picture to a VP8 frame.
func (e *engine) Encode(picture *image.YCbCr, after time.Duration, forceKeyFrame bool, buffer []byte) (unit []byte, key bool, err error) {
	if size := picture.Rect.Size(); size != e.size {
		return buffer, false, fmt.Errorf("encoding a picture: it is %v, the encoder is for %v", size, e.size)
	}
	if e.limited != nil {
		limit(e.limited, picture)
		picture = e.limited
	}
	last := e.size.Y - 1
	_ = picture.Y[last*picture.YStride+e.size.X-1] // C does not check
	_ = picture.Cb[last/2*picture.CStride+e.size.X/2-1]
	_ = picture.Cr[last/2*picture.CStride+e.size.X/2-1]
	var force C.int
	if forceKeyFrame {
		force = 1
	}
	size := int(C.vp8_encode(e.c,
		(*C.uchar)(unsafe.Pointer(&picture.Y[0])), (*C.uchar)(unsafe.Pointer(&picture.Cb[0])), (*C.uchar)(unsafe.Pointer(&picture.Cr[0])),
		C.int(picture.YStride), C.int(picture.CStride),
		C.longlong(after*clock/time.Second), C.longlong(clock/e.frameRate), force))
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
	C.vp8_copy(e.c, (*C.uchar)(unsafe.Pointer(&buffer[0])))
	return buffer, C.vp8_is_key_frame(e.c) != 0, nil
}

// limit brings samples of 0 to 255, a JPEG camera's, to VP8's: unlike H.264 it
// cannot say that they are not (RFC 6386, 9.2).
func limit(dst, src *image.YCbCr) {
	width, height := dst.Rect.Dx(), dst.Rect.Dy()
	limitPlane(dst.Y, dst.YStride, src.Y, src.YStride, width, height, 16, 0, 219)
	limitPlane(dst.Cb, dst.CStride, src.Cb, src.CStride, width/2, height/2, 128, 128, 224)
	limitPlane(dst.Cr, dst.CStride, src.Cr, src.CStride, width/2, height/2, 128, 128, 224)
}

// limitPlane maps samples around zero to the same around base, with a span of 255 becoming one of span.
func limitPlane(dst []byte, dstStride int, src []byte, srcStride, width, height, base, zero, span int) {
	for y := range height {
		out, in := dst[y*dstStride:][:width], src[y*srcStride:][:width]
		for x, v := range in {
			out[x] = byte(base + ((int(v)-zero)*span*257+1<<15)>>16) // 257/65536 is 1/255
		}
	}
}

// Close frees the encoder.
func (e *engine) Close() {
	C.vp8_close(e.c)
	e.c = nil
}
