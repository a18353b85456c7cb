package screen

import (
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"os"
	"unsafe"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gomedium"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"
	"golang.org/x/sys/unix"
)

// Words are what the panel says while no browser can be started.
type Words struct {
	Title string
	Lines []string
}

// The colours of the touchscreen's page.
var (
	paper = color.RGBA{0xfb, 0xf8, 0xf3, 0xff}
	ink   = color.RGBA{0x1f, 0x2a, 0x37, 0xff}
)

// paint draws the words in the middle of a picture of the given size.
func paint(w Words, size image.Point) (*image.RGBA, error) {
	picture := image.NewRGBA(image.Rectangle{Max: size})
	draw.Draw(picture, picture.Bounds(), image.NewUniform(paper), image.Point{}, draw.Src)
	parsed, err := opentype.Parse(gomedium.TTF)
	if err != nil {
		return nil, fmt.Errorf("reading the font: %w", err)
	}
	// Large enough to be read from a chair: a twentieth of the panel's height.
	points := float64(size.Y) / 20
	// And never wider than the panel.
	widest := 0
	for n, text := range append([]string{w.Title}, w.Lines...) {
		width, err := measure(parsed, text, points*titleScale(n))
		if err != nil {
			return nil, err
		}
		widest = max(widest, width)
	}
	if room := size.X * 9 / 10; widest > room {
		points *= float64(room) / float64(widest)
	}
	y := size.Y/2 - int(points*1.5*float64(len(w.Lines)))/2
	for n, text := range append([]string{w.Title}, w.Lines...) {
		face, err := scaled(parsed, points*titleScale(n))
		if err != nil {
			return nil, err
		}
		width := font.MeasureString(face, text).Ceil()
		(&font.Drawer{
			Dst: picture, Src: image.NewUniform(ink), Face: face,
			Dot: fixed.P((size.X-width)/2, y),
		}).DrawString(text)
		face.Close()
		y += int(points * 1.8)
	}
	return picture, nil
}

// titleScale is how much larger the first line is.
func titleScale(line int) float64 {
	if line == 0 {
		return 1.4
	}
	return 1
}

func scaled(f *opentype.Font, points float64) (font.Face, error) {
	face, err := opentype.NewFace(f, &opentype.FaceOptions{Size: points, DPI: 72, Hinting: font.HintingFull})
	if err != nil {
		return nil, fmt.Errorf("scaling the font: %w", err)
	}
	return face, nil
}

func measure(f *opentype.Font, text string, points float64) (int, error) {
	face, err := scaled(f, points)
	if err != nil {
		return 0, err
	}
	defer face.Close()
	return font.MeasureString(face, text).Ceil(), nil
}

// fbVarScreeninfo and fbFixScreeninfo are those of include/uapi/linux/fb.h.
type fbBitfield struct{ Offset, Length, MSBRight uint32 }

type fbVarScreeninfo struct {
	XRes, YRes, XResVirtual, YResVirtual, XOffset, YOffset uint32
	BitsPerPixel, Grayscale                                uint32
	Red, Green, Blue, Transp                               fbBitfield
	_                                                      [28]uint32
}

type fbFixScreeninfo struct {
	ID         [16]byte
	SmemStart  uintptr
	SmemLen    uint32
	Kind       uint32
	TypeAux    uint32
	Visual     uint32
	XPanStep   uint16
	YPanStep   uint16
	YWrapStep  uint16
	_          uint16
	LineLength uint32
	MmioStart  uintptr
	MmioLen    uint32
	Accel      uint32
	Caps       uint16
	_          [2]uint16
}

const (
	fbioGetVScreeninfo = 0x4600
	fbioGetFScreeninfo = 0x4602
)

// turned is a picture turned clockwise by 0, 90, 180 or 270 degrees.
func turned(p *image.RGBA, degrees int) *image.RGBA {
	size := p.Bounds().Size()
	if degrees%180 != 0 {
		size.X, size.Y = size.Y, size.X
	}
	out := image.NewRGBA(image.Rectangle{Max: size})
	for y := range size.Y {
		for x := range size.X {
			from := image.Pt(x, y)
			switch degrees {
			case 90:
				from = image.Pt(y, size.X-1-x)
			case 180:
				from = image.Pt(size.X-1-x, size.Y-1-y)
			case 270:
				from = image.Pt(size.Y-1-y, x)
			}
			out.SetRGBA(x, y, p.RGBAAt(from.X, from.Y))
		}
	}
	return out
}

// drawWords writes on the framebuffer, without X.Org, turned clockwise by so many degrees.
func drawWords(w Words, rotation int) (err error) {
	f, err := os.OpenFile("/dev/fb0", os.O_RDWR, 0)
	if err != nil {
		return fmt.Errorf("opening the framebuffer: %w", err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	var v fbVarScreeninfo
	var x fbFixScreeninfo
	for request, at := range map[uintptr]unsafe.Pointer{fbioGetVScreeninfo: unsafe.Pointer(&v), fbioGetFScreeninfo: unsafe.Pointer(&x)} {
		if _, _, errno := unix.Syscall(unix.SYS_IOCTL, f.Fd(), request, uintptr(at)); errno != 0 {
			return fmt.Errorf("asking the framebuffer for its form: %w", errno)
		}
	}
	if v.XRes == 0 || v.YRes == 0 || v.XRes > 1<<14 || v.YRes > 1<<14 || v.BitsPerPixel != 16 && v.BitsPerPixel != 32 {
		return fmt.Errorf("the framebuffer has %dx%d pixels of %d bits; expected 16 or 32 bits", v.XRes, v.YRes, v.BitsPerPixel)
	}
	size := image.Pt(int(v.XRes), int(v.YRes))
	if rotation%180 != 0 {
		size.X, size.Y = size.Y, size.X
	}
	picture, err := paint(w, size)
	if err != nil {
		return err
	}
	picture = turned(picture, rotation)
	if _, err := f.WriteAt(pixels(picture, v, int(x.LineLength)), 0); err != nil {
		return fmt.Errorf("writing the framebuffer: %w", err)
	}
	return nil
}

// pixels puts a picture into the framebuffer's form.
func pixels(p *image.RGBA, v fbVarScreeninfo, lineLength int) []byte {
	bytes := int(v.BitsPerPixel / 8)
	size := p.Bounds().Size()
	lineLength = max(lineLength, size.X*bytes)
	out := make([]byte, lineLength*size.Y)
	for y := range size.Y {
		line := out[y*lineLength:]
		for x := range size.X {
			c := p.RGBAAt(x, y)
			value := field(c.R, v.Red) | field(c.G, v.Green) | field(c.B, v.Blue)
			for b := range bytes {
				line[x*bytes+b] = byte(value >> (8 * b))
			}
		}
	}
	return out
}

func field(v uint8, f fbBitfield) uint32 {
	if f.Length == 0 || f.Length > 8 {
		return uint32(v) << f.Offset
	}
	return uint32(v) >> (8 - f.Length) << f.Offset
}
