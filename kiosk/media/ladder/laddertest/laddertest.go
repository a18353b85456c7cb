// Package laddertest puts the encoders that kiosk/media/ladder makes to the same
// tests, whatever their engine. Only tests import it.
package laddertest

import (
	"bytes"
	"errors"
	"image"
	"io"
	"math"
	"sync"
	"testing"
	"time"

	"github.com/pion/mediadevices/pkg/codec"
	"github.com/pion/mediadevices/pkg/frame"
	"github.com/pion/mediadevices/pkg/prop"

	"loiret.fr/visioborne/kiosk/media/stamp"
)

// Codec is what is tested.
type Codec struct {
	// Builder makes the builder of encoders with that bitrate at the start.
	Builder func(bitrate int) codec.VideoEncoderBuilder
	// Decoder makes a function that decodes a stream.
	Decoder func(testing.TB) func(unit []byte) (*image.YCbCr, error)
	// Key tells whether a unit is a key frame.
	Key func(unit []byte) bool
}

// Pictures is a source of stamped pictures: a few of a moving gradient under
// noise, as hard to encode as one likes, again and again.
type Pictures struct {
	picture *image.YCbCr // the one given last
	all     []*image.YCbCr
	number  int
	end     int
}

// NewPictures makes pictures of that size, the harder to encode the more noise.
func NewPictures(width, height int, noise uint32) *Pictures {
	p := &Pictures{end: math.MaxInt}
	random := uint32(1)
	for n := range 6 {
		one := image.NewYCbCr(image.Rect(0, 0, width, height), image.YCbCrSubsampleRatio420)
		for i := range one.Y {
			random = random*1664525 + 1013904223
			one.Y[i] = byte(60+(i%width+2*n)%512/4+i/width/16) + byte(random>>16%(noise+1))
		}
		for i := range one.Cb {
			one.Cb[i], one.Cr[i] = 120, 136
		}
		p.all = append(p.all, one)
	}
	p.picture = p.all[0]
	return p
}

// Read gives the next picture at once, for ever.
func (p *Pictures) Read() (image.Image, func(), error) {
	if p.number == p.end {
		return nil, func() {}, io.EOF
	}
	p.picture = p.all[p.number%len(p.all)]
	if p.picture.Rect.Min == (image.Point{}) {
		stamp.Draw(p.picture.Y, p.picture.YStride, p.picture.Rect.Dx(), stamp.At(uint64(p.number), time.UnixMilli(int64(p.number))))
	}
	p.number++
	return p.picture, func() {}, nil
}

// Build makes an encoder of the source that is closed when the test ends.
func (c Codec) Build(t testing.TB, bitrate int, source *Pictures) codec.ReadCloser {
	t.Helper()
	size := source.picture.Rect.Size()
	e, err := c.Builder(bitrate).BuildVideoEncoder(source, prop.Media{Video: prop.Video{Width: size.X, Height: size.Y, FrameRate: 30}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := e.Close(); err != nil {
			t.Error(err)
		}
	})
	return e
}

// Read reads one unit.
func Read(t testing.TB, e codec.ReadCloser) []byte {
	t.Helper()
	unit, release, err := e.Read()
	if err != nil {
		t.Fatal(err)
	}
	release()
	return unit
}

// Run runs all tests.
func (c Codec) Run(t *testing.T) {
	for name, test := range map[string]func(*testing.T){
		"stream": c.stream, "key frames": c.keyFrames, "bitrates": c.bitrates, "controls": c.controls, "closing": c.closing,
		"the source's end and size": c.source, "too small": c.tooSmall, "allocations": c.allocations, "range": c.fullRange,
	} {
		t.Run(name, test)
	}
}

func (c Codec) stream(t *testing.T) {
	e := c.Build(t, 600_000, NewPictures(1280, 720, 4))
	decode := c.Decoder(t)
	for i := range 305 {
		unit := Read(t, e)
		if want := i%300 == 0; c.Key(unit) != want { // every ten seconds, as nobody asks
			t.Fatalf("picture %d is a key frame: %v", i, !want)
		}
		picture, err := decode(unit)
		if err != nil {
			t.Fatal(err)
		}
		if s, err := stamp.ReadImage(picture); err != nil || int(s.Frame) != i {
			t.Fatalf("picture %d is stamped %+v, %v", i, s, err)
		}
	}
}

func (c Codec) keyFrames(t *testing.T) {
	e := c.Build(t, 0, NewPictures(320, 240, 4))
	control := e.Controller().(codec.KeyFrameController)
	// Not sooner than ten pictures after the last, but never forgotten.
	asked := map[int]bool{1: true, 2: true, 9: true, 40: true, 55: true, 60: true, 61: true}
	wanted := map[int]bool{0: true, 11: true, 40: true, 55: true, 66: true}
	for i := range 120 {
		if asked[i] {
			if err := control.ForceKeyFrame(); err != nil {
				t.Fatal(err)
			}
		}
		if got := c.Key(Read(t, e)); got != wanted[i] {
			t.Errorf("picture %d is a key frame: %v", i, got)
		}
	}
}

// The rate follows the target, no picture is left out, and the size changes only
// with a key frame.
func (c Codec) bitrates(t *testing.T) {
	source := NewPictures(1280, 720, 9)
	e := c.Build(t, 1_500_000, source)
	decode := c.Decoder(t)
	control := e.Controller().(codec.BitRateController)
	for _, step := range []struct {
		bitrate int
		size    image.Point
	}{
		{1_500_000, image.Pt(1280, 720)},
		{400_000, image.Pt(960, 540)},
		{200_000, image.Pt(640, 360)},
		{100_000, image.Pt(426, 240)},
		{1_500_000, image.Pt(1280, 720)},
	} {
		if err := control.SetBitRate(step.bitrate); err != nil {
			t.Fatal(err)
		}
		bits, pictures, size := 0, 0, image.Point{}
		for i := range 160 {
			before := source.number
			unit := Read(t, e)
			if source.number != before+1 {
				t.Errorf("at %d bit/s a picture was left out", step.bitrate)
			}
			picture, err := decode(unit)
			if err != nil {
				t.Fatalf("at %d bit/s: %v", step.bitrate, err)
			}
			if now := picture.Rect.Size(); now != size {
				if i > 0 && !c.Key(unit) {
					t.Errorf("the size changed from %v to %v without a key frame", size, now)
				}
				size = now
			}
			if s, err := stamp.ReadImage(picture); err != nil || int(s.Frame) != source.number-1 {
				t.Fatalf("at %d bit/s picture %d is stamped %+v, %v", step.bitrate, source.number-1, s, err)
			}
			if i >= 100 { // settled
				bits += 8 * len(unit)
				pictures++
			}
		}
		if size != step.size {
			t.Errorf("at %d bit/s the pictures are %v, want %v", step.bitrate, size, step.size)
		}
		got := bits * 30 / pictures
		t.Logf("at %d bit/s the output is %d bit/s", step.bitrate, got)
		if got > step.bitrate*115/100 {
			t.Errorf("at %d bit/s the output is %d bit/s", step.bitrate, got)
		}
	}
	if err := control.SetBitRate(0); err == nil {
		t.Error("a bitrate of 0 was accepted")
	}
}

// Controls do not race with reading.
func (c Codec) controls(t *testing.T) {
	e := c.Build(t, 0, NewPictures(320, 240, 4))
	var wg sync.WaitGroup
	wg.Go(func() {
		for i := range 200 {
			_ = e.Controller().(codec.BitRateController).SetBitRate(60_000 + 10_000*(i%40))
			_ = e.Controller().(codec.KeyFrameController).ForceKeyFrame()
		}
	})
	for range 50 {
		Read(t, e)
	}
	wg.Wait()
}

func (c Codec) closing(t *testing.T) {
	e := c.Build(t, 0, NewPictures(320, 240, 4))
	ended := make(chan error)
	go func() {
		for {
			if _, _, err := e.Read(); err != nil {
				ended <- err
				return
			}
		}
	}()
	if err := e.Close(); err != nil {
		t.Error(err)
	}
	if err := <-ended; err != io.EOF {
		t.Errorf("Read ended with %v", err)
	}
}

func (c Codec) source(t *testing.T) {
	source := NewPictures(640, 360, 4)
	e := c.Build(t, 0, source)
	decode := c.Decoder(t)
	if _, err := decode(Read(t, e)); err != nil {
		t.Fatal(err)
	}
	// An odd size, at an offset: a camera that gives a part of its picture.
	whole := image.NewYCbCr(image.Rect(0, 0, 403, 305), image.YCbCrSubsampleRatio420)
	source.all = []*image.YCbCr{whole.SubImage(image.Rect(2, 4, 401, 305)).(*image.YCbCr)}
	unit := Read(t, e)
	if picture, err := decode(unit); err != nil || picture.Rect.Size() != image.Pt(398, 300) || !c.Key(unit) {
		t.Errorf("after a change of size: %v, %v, key frame %v", picture, err, c.Key(unit))
	}
	source.end = source.number
	if _, _, err := e.Read(); !errors.Is(err, io.EOF) {
		t.Errorf("at the source's end Read gave %v", err)
	}
}

func (c Codec) tooSmall(t *testing.T) {
	if _, err := c.Builder(0).BuildVideoEncoder(NewPictures(8, 8, 0), prop.Media{Video: prop.Video{Width: 8, Height: 8}}); err == nil {
		t.Error("an encoder for 8x8 was made")
	}
}

func (c Codec) allocations(t *testing.T) {
	source := NewPictures(1280, 720, 4)
	for _, bitrate := range []int{1_000_000, 400_000, 120_000} { // at three sizes
		e := c.Build(t, bitrate, source)
		Read(t, e)
		if n := testing.AllocsPerRun(40, func() { Read(t, e) }); n > 0 {
			t.Errorf("at %d bit/s a picture costs %v allocations", bitrate, n)
		}
	}
}

// A camera of JPEG and one of others give different streams.
func (c Codec) fullRange(t *testing.T) {
	var units [2][]byte
	for i, format := range []frame.Format{frame.FormatI420, frame.FormatMJPEG} {
		e, err := c.Builder(0).BuildVideoEncoder(NewPictures(320, 240, 0), prop.Media{Video: prop.Video{Width: 320, Height: 240, FrameFormat: format}})
		if err != nil {
			t.Fatal(err)
		}
		defer e.Close()
		units[i] = bytes.Clone(Read(t, e))
	}
	if bytes.Equal(units[0], units[1]) {
		t.Error("the range of the samples makes no difference")
	}
}
