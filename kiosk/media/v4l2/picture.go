package v4l2

import (
	"encoding/binary"
	"image"
	"image/color"
	"time"
)

// Picture is a raw picture in a device's memory, valid as long as the device
// says. It is an image.Image so that it passes through mediadevices' readers, and
// is converted only when somebody asks for I420.
type Picture struct {
	Format   Format
	Data     []byte
	FD       int // the memory's descriptor for another device; -1 where there is none
	Length   int // of that memory
	Captured time.Time

	converted bool
	planes    *image.YCbCr // what I420 gives
	own       *image.YCbCr // memory for a conversion
}

// Raw tells whether a format can be a Picture's.
func Raw(p PixelFormat) bool {
	switch p {
	case YU12, NV12, NV21, YUYV, UYVY:
		return true
	default:
		return false
	}
}

// RawBytes is what a picture of that format takes, without padding behind its last line.
func RawBytes(f Format) int {
	switch f.Pixel {
	case YUYV, UYVY:
		return f.Stride*(f.Height-1) + 2*f.Width
	case YU12, NV12, NV21:
		return f.Stride*f.Height + f.Stride/2*f.Height/2*2
	default: // coded
		return 0
	}
}

// Fill gives the picture other contents.
func (p *Picture) Fill(data []byte, captured time.Time) {
	p.Data, p.Captured, p.converted = data, captured, false
}

// ColorModel is an image.Image's.
func (p *Picture) ColorModel() color.Model { return color.YCbCrModel }

// Bounds is an image.Image's.
func (p *Picture) Bounds() image.Rectangle { return image.Rect(0, 0, p.Format.Width, p.Format.Height) }

// At is an image.Image's; it converts the whole picture.
func (p *Picture) At(x, y int) color.Color { return p.I420().YCbCrAt(x, y) }

// FullRange says that the samples span 0 to 255.
func (p *Picture) FullRange() bool { return p.Format.FullRange }

// I420 gives the picture in that format, of an even size, valid as long as the picture. Planar ones are not copied.
func (p *Picture) I420() *image.YCbCr {
	if p.converted {
		return p.planes
	}
	p.converted = true
	width, height := p.Format.Width&^1, p.Format.Height&^1
	bounds := image.Rect(0, 0, width, height)
	luma := p.Format.Stride * p.Format.Height
	switch p.Format.Pixel {
	case YU12:
		if p.planes == nil {
			p.planes = &image.YCbCr{}
		}
		chroma := p.Format.Stride / 2 * (p.Format.Height / 2)
		*p.planes = image.YCbCr{
			Y: p.Data[:luma:luma], Cb: p.Data[luma : luma+chroma : luma+chroma], Cr: p.Data[luma+chroma:][:chroma:chroma],
			YStride: p.Format.Stride, CStride: p.Format.Stride / 2, SubsampleRatio: image.YCbCrSubsampleRatio420, Rect: bounds,
		}
		return p.planes
	case NV12, NV21:
		if p.own == nil || p.own.Rect != bounds {
			c := image.NewYCbCr(bounds, image.YCbCrSubsampleRatio420)
			p.own, p.planes = &image.YCbCr{Cb: c.Cb, Cr: c.Cr, CStride: c.CStride, Rect: bounds}, &image.YCbCr{}
		}
		first, second := p.own.Cb, p.own.Cr
		if p.Format.Pixel == NV21 {
			first, second = second, first
		}
		for y := range height / 2 {
			line := p.Data[luma+y*p.Format.Stride:][:width]
			split(first[y*p.own.CStride:][:width/2], second[y*p.own.CStride:][:width/2], line)
		}
		*p.planes = image.YCbCr{
			Y: p.Data[:luma:luma], Cb: p.own.Cb, Cr: p.own.Cr, YStride: p.Format.Stride, CStride: p.own.CStride,
			SubsampleRatio: image.YCbCrSubsampleRatio420, Rect: bounds,
		}
	default:
		if p.own == nil || p.own.Rect != bounds {
			p.own = image.NewYCbCr(bounds, image.YCbCrSubsampleRatio420)
		}
		packed(p.own, p.Data, p.Format)
		p.planes = p.own
	}
	return p.planes
}

// split parts a line of pairs.
func split(first, second, line []byte) {
	second = second[:len(first)]
	for len(line) >= 8 && len(first) >= 4 {
		v := binary.LittleEndian.Uint64(line)
		first[0], first[1], first[2], first[3] = byte(v), byte(v>>16), byte(v>>32), byte(v>>48)
		second[0], second[1], second[2], second[3] = byte(v>>8), byte(v>>24), byte(v>>40), byte(v>>56)
		first, second, line = first[4:], second[4:], line[8:]
	}
	for i := range first {
		first[i], second[i] = line[2*i], line[2*i+1]
	}
}

// packed takes YUYV or UYVY apart. The chroma of two lines is averaged.
func packed(dst *image.YCbCr, data []byte, f Format) {
	width, height := dst.Rect.Dx(), dst.Rect.Dy()
	shift := uint(0) // where the luma is in a pair
	if f.Pixel == UYVY {
		shift = 8
	}
	for y := 0; y+1 < height; y += 2 {
		upper, lower := data[y*f.Stride:][:2*width], data[(y+1)*f.Stride:][:2*width]
		y0, y1 := dst.Y[y*dst.YStride:][:width], dst.Y[(y+1)*dst.YStride:][:width]
		cb, cr := dst.Cb[y/2*dst.CStride:][:width/2], dst.Cr[y/2*dst.CStride:][:width/2]
		for len(upper) >= 8 && len(lower) >= 8 && len(y0) >= 4 && len(y1) >= 4 && len(cb) >= 2 && len(cr) >= 2 {
			a, b := binary.LittleEndian.Uint64(upper), binary.LittleEndian.Uint64(lower)
			l, m := a>>shift, b>>shift
			y0[0], y0[1], y0[2], y0[3] = byte(l), byte(l>>16), byte(l>>32), byte(l>>48)
			y1[0], y1[1], y1[2], y1[3] = byte(m), byte(m>>16), byte(m>>32), byte(m>>48)
			// Sums of two samples fit where each has 16 bits of its own.
			sum := a>>(8-shift)&0x00ff00ff00ff00ff + b>>(8-shift)&0x00ff00ff00ff00ff + 0x0001000100010001
			cb[0], cr[0], cb[1], cr[1] = byte(sum>>1), byte(sum>>17), byte(sum>>33), byte(sum>>49)
			upper, lower, y0, y1, cb, cr = upper[8:], lower[8:], y0[4:], y1[4:], cb[2:], cr[2:]
		}
		if len(y0) >= 2 && len(upper) >= 4 && len(lower) >= 4 && len(cb) > 0 { // a width that 4 does not divide
			a, b := binary.LittleEndian.Uint32(upper), binary.LittleEndian.Uint32(lower)
			l, m := a>>shift, b>>shift
			y0[0], y0[1], y1[0], y1[1] = byte(l), byte(l>>16), byte(m), byte(m>>16)
			sum := a>>(8-shift)&0x00ff00ff + b>>(8-shift)&0x00ff00ff + 0x00010001
			cb[0], cr[0] = byte(sum>>1), byte(sum>>17)
		}
	}
}
