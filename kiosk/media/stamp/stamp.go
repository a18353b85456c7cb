// Package stamp writes a frame number and a capture time into a picture as
// black and white blocks, and reads them back from the picture after it has
// been encoded, sent, scaled and drawn.
//
// The simulated camera stamps its pictures, so that latency and lost frames
// can be measured from a received picture alone. The pages read the same
// blocks in TypeScript.
//
// The stamp is 80 blocks in two rows at the top of the picture. A block is a
// square of a fortieth of the picture's width; white is 1, black is 0, most
// significant bit first:
//
//	bits 0..7    0xA5, the mark by which a stamp is recognised
//	bits 8..31   frame number
//	bits 32..71  milliseconds since the Unix epoch, modulo 2^40
//	bits 72..79  exclusive or of the nine previous bytes
//
// The package is pure: no goroutine, no clock, no allocation.
package stamp

import (
	"errors"
	"fmt"
	"image"
	"time"
)

const (
	columns = 40
	rows    = 2
	bytes   = columns * rows / 8
	mark    = 0xA5
	black   = 16  // video range
	white   = 235 // video range

	frameMask  = 1<<24 - 1
	millisMask = 1<<40 - 1
)

// ErrNone says that a picture carries no readable stamp.
var ErrNone = errors.New("no stamp in the picture")

// Stamp is what a picture carries.
type Stamp struct {
	Frame  uint32 // frame number, modulo 2^24
	Millis uint64 // milliseconds since the Unix epoch, modulo 2^40
}

// At is the stamp of a frame captured at t.
func At(frame uint64, t time.Time) Stamp {
	return Stamp{Frame: uint32(frame & frameMask), Millis: uint64(t.UnixMilli()) & millisMask}
}

// Captured is the capture time nearest to near. The stamp counts modulo 2^40
// milliseconds (34 years), so that any near within 17 years will do.
func (s Stamp) Captured(near time.Time) time.Time {
	const period = millisMask + 1
	now := near.UnixMilli()
	age := (now - int64(s.Millis)) & millisMask
	if age > period/2 {
		age -= period
	}
	return time.UnixMilli(now - age)
}

// Height is the height in pixels of the stamp in a picture of that width.
func Height(width int) int { return rows * (width / columns) }

// Draw writes s at the top of a luma plane. Pictures less than 40 pixels wide,
// or less high than the stamp, are left as they are.
func Draw(luma []byte, stride, width int, s Stamp) {
	side := width / columns
	if side == 0 || stride < width || len(luma) < (Height(width)-1)*stride+width {
		return
	}
	bits := s.encode()
	for row := range rows {
		first := luma[row*side*stride:][:columns*side]
		for column := range columns {
			bit := row*columns + column
			level := byte(black)
			if bits[bit/8]&(0x80>>(bit%8)) != 0 {
				level = white
			}
			block := first[column*side:][:side]
			for i := range block {
				block[i] = level
			}
		}
		for y := 1; y < side; y++ {
			copy(luma[(row*side+y)*stride:][:columns*side], first)
		}
	}
}

// Read reads the stamp of a luma plane, at whatever scale the picture arrived.
func Read(luma []byte, stride, width, height int) (Stamp, error) {
	if width < columns || height < 1 || stride < width || len(luma) < (height-1)*stride+width {
		return Stamp{}, fmt.Errorf("reading a stamp from a %dx%d picture: %w", width, height, ErrNone)
	}
	return read(width, height, func(x, y int) byte { return luma[y*stride+x] })
}

// ReadImage reads the stamp of any picture.
func ReadImage(picture image.Image) (Stamp, error) {
	b := picture.Bounds()
	if planar, ok := picture.(*image.YCbCr); ok {
		return Read(planar.Y[planar.YOffset(b.Min.X, b.Min.Y):], planar.YStride, b.Dx(), b.Dy())
	}
	if b.Dx() < columns || b.Dy() < 1 {
		return Stamp{}, fmt.Errorf("reading a stamp from a %dx%d picture: %w", b.Dx(), b.Dy(), ErrNone)
	}
	return read(b.Dx(), b.Dy(), func(x, y int) byte {
		red, green, blue, _ := picture.At(b.Min.X+x, b.Min.Y+y).RGBA()
		return byte((299*red + 587*green + 114*blue) / 1000 >> 8)
	})
}

// read samples the centre of each block: scaling and the codec blur only edges.
func read(width, height int, luma func(x, y int) byte) (Stamp, error) {
	var bits [bytes]byte
	for bit := range columns * rows {
		x := (2*(bit%columns) + 1) * width / (2 * columns)
		y := (2*(bit/columns) + 1) * width / (2 * columns)
		if y >= height {
			return Stamp{}, fmt.Errorf("reading a stamp from a %dx%d picture: %w", width, height, ErrNone)
		}
		if luma(x, y) >= 128 {
			bits[bit/8] |= 0x80 >> (bit % 8)
		}
	}
	return decode(bits)
}

func (s Stamp) encode() [bytes]byte {
	b := [bytes]byte{
		mark,
		byte(s.Frame >> 16), byte(s.Frame >> 8), byte(s.Frame),
		byte(s.Millis >> 32), byte(s.Millis >> 24), byte(s.Millis >> 16), byte(s.Millis >> 8), byte(s.Millis),
	}
	b[bytes-1] = sum(b)
	return b
}

func decode(b [bytes]byte) (Stamp, error) {
	if b[0] != mark || b[bytes-1] != sum(b) {
		return Stamp{}, ErrNone
	}
	s := Stamp{Frame: uint32(b[1])<<16 | uint32(b[2])<<8 | uint32(b[3])}
	for _, v := range b[4:9] {
		s.Millis = s.Millis<<8 | uint64(v)
	}
	return s, nil
}

func sum(b [bytes]byte) byte {
	var x byte
	for _, v := range b[:bytes-1] {
		x ^= v
	}
	return x
}
