package camera

import (
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"io"
	"strings"
	"sync"
	"time"

	"github.com/pion/mediadevices/pkg/frame"
	"github.com/pion/mediadevices/pkg/io/video"
	"github.com/pion/mediadevices/pkg/prop"
	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gomedium"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"
)

// cardRate is how often the card is sent, in pictures a second: it stands still,
// and somebody who joins late must see it soon.
const cardRate = 3

// OpenCard gives pictures of a card with that text, in place of a camera that is lost. It opens no device.
func OpenCard(text string, want Format) (*Camera, error) {
	if want.Width == 0 && want.Height == 0 {
		want.Width, want.Height = 1280, 720
	}
	want.FrameRate, want.Machine = cardRate, nil // its few pictures cost no hardware, which may be what is broken
	c, err := start(&card{text: text, size: image.Pt(want.Width, want.Height)}, want)
	if err != nil {
		return nil, fmt.Errorf("making the card in place of the camera: %w", err)
	}
	return c, nil
}

// card is a mediadevices driver that gives one picture again and again.
type card struct {
	text string
	size image.Point

	mu     sync.Mutex
	closed chan struct{} // nil before Open
}

func (c *card) Open() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.closed = make(chan struct{})
	return nil
}

// Close ends a Read in progress.
func (c *card) Close() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed != nil {
		close(c.closed)
		c.closed = nil
	}
	return nil
}

func (c *card) Properties() []prop.Media {
	return []prop.Media{{Video: prop.Video{Width: c.size.X, Height: c.size.Y, FrameRate: cardRate, FrameFormat: frame.FormatI420}}}
}

func (c *card) VideoRecord(prop.Media) (video.Reader, error) {
	picture, err := paintCard(c.text, c.size)
	if err != nil {
		return nil, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed == nil {
		return nil, errors.New("the card is not open")
	}
	timer := time.NewTimer(0) // the first picture at once
	return &cardReader{picture: picture, timer: timer, closed: c.closed}, nil
}

type cardReader struct {
	picture  *image.YCbCr
	captured time.Time
	timer    *time.Timer
	closed   <-chan struct{}
}

func (r *cardReader) capturedAt() time.Time { return r.captured }

func (r *cardReader) Read() (image.Image, func(), error) {
	select {
	case <-r.closed:
		r.timer.Stop()
		return nil, func() {}, io.EOF
	case r.captured = <-r.timer.C:
	}
	r.timer.Reset(time.Second / cardRate)
	return r.picture, func() {}, nil
}

// paintCard writes the text, a line for each of its lines, in the middle of a calm picture, in video range.
func paintCard(text string, size image.Point) (*image.YCbCr, error) {
	parsed, err := opentype.Parse(gomedium.TTF)
	if err != nil {
		return nil, fmt.Errorf("reading the font: %w", err)
	}
	lines := strings.Split(text, "\n")
	points := float64(size.Y) / 14
	var face font.Face
	for { // never wider than the picture
		if face, err = opentype.NewFace(parsed, &opentype.FaceOptions{Size: points, DPI: 72, Hinting: font.HintingFull}); err != nil {
			return nil, fmt.Errorf("scaling the font: %w", err)
		}
		widest := 0
		for _, line := range lines {
			widest = max(widest, font.MeasureString(face, line).Ceil())
		}
		if room := size.X * 9 / 10; widest <= room || points < 4 {
			break
		}
		points *= 0.9
		face.Close()
	}
	defer face.Close()
	ink := image.NewGray(image.Rectangle{Max: size})
	draw.Draw(ink, ink.Rect, image.NewUniform(color.Gray{44}), image.Point{}, draw.Src)
	step := int(points * 1.5)
	y := size.Y/2 - step*(len(lines)-1)/2 + int(points*0.35)
	for _, line := range lines {
		width := font.MeasureString(face, line).Ceil()
		(&font.Drawer{Dst: ink, Src: image.NewUniform(color.Gray{235}), Face: face, Dot: fixed.P((size.X-width)/2, y)}).DrawString(line)
		y += step
	}
	picture := image.NewYCbCr(ink.Rect, image.YCbCrSubsampleRatio420)
	copy(picture.Y, ink.Pix)
	for i := range picture.Cb {
		picture.Cb[i], picture.Cr[i] = 132, 124
	}
	return picture, nil
}
