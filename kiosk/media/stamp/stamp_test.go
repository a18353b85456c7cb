package stamp

import (
	"errors"
	"image"
	"image/color"
	"testing"
	"time"

	"golang.org/x/image/draw"
)

func TestCapturedAcrossTheWrap(t *testing.T) {
	wrap := time.UnixMilli(2 * (millisMask + 1)) // September 2039
	for _, c := range []struct{ captured, near time.Time }{
		{time.UnixMilli(1_800_000_000_000), time.UnixMilli(1_800_000_000_120)},
		{time.UnixMilli(1_800_000_000_120), time.UnixMilli(1_800_000_000_000)},
		{wrap.Add(-time.Second), wrap.Add(time.Second)},
		{wrap.Add(time.Second), wrap.Add(-time.Second)},
	} {
		if got := At(0, c.captured).Captured(c.near); !got.Equal(c.captured) {
			t.Errorf("captured %v read near %v as %v", c.captured, c.near, got)
		}
	}
}

func TestReadAtAnyScale(t *testing.T) {
	want := At(1<<24+0xC0FFEE, time.UnixMilli(1_799_999_999_877))
	if want.Frame != 0xC0FFEE {
		t.Fatalf("frame number %x is not taken modulo 2^24", want.Frame)
	}
	src := image.NewYCbCr(image.Rect(0, 0, 1280, 720), image.YCbCrSubsampleRatio420)
	for i := range src.Y {
		src.Y[i] = byte(i * 7)
	}
	Draw(src.Y, src.YStride, 1280, want)

	if got, err := Read(src.Y, src.YStride, 1280, 720); err != nil || got != want {
		t.Fatalf("read %+v, %v; want %+v", got, err, want)
	}
	for _, size := range []image.Point{{1920, 1080}, {960, 540}, {640, 360}, {480, 270}, {320, 180}, {213, 120}, {1001, 563}} {
		dst := image.NewRGBA(image.Rectangle{Max: size})
		draw.ApproxBiLinear.Scale(dst, dst.Rect, src, src.Rect, draw.Src, nil)
		if got, err := ReadImage(dst); err != nil || got != want {
			t.Errorf("at %v read %+v, %v; want %+v", size, got, err, want)
		}
	}
}

func TestReadRefusesAPictureWithoutStamp(t *testing.T) {
	for _, fill := range []byte{0, 16, 127, 128, 235} {
		grey := image.NewGray(image.Rect(0, 0, 640, 360))
		for i := range grey.Pix {
			grey.Pix[i] = fill
		}
		if s, err := ReadImage(grey); !errors.Is(err, ErrNone) {
			t.Errorf("grey %d read as %+v, %v", fill, s, err)
		}
	}
	if _, err := ReadImage(image.NewUniform(color.White)); err == nil {
		t.Error("an unbounded white picture was read")
	}
	for _, size := range []image.Rectangle{{}, image.Rect(0, 0, 39, 100), image.Rect(0, 0, 400, 10)} {
		if _, err := ReadImage(image.NewRGBA(size)); !errors.Is(err, ErrNone) {
			t.Errorf("a picture of %v gave %v", size, err)
		}
	}
}

func TestReadFindsADamagedBit(t *testing.T) {
	luma := make([]byte, 320*180)
	Draw(luma, 320, 320, At(7, time.UnixMilli(1234)))
	for bit := range columns * rows {
		damaged := append([]byte(nil), luma...)
		x, y := bit%columns*8+4, bit/columns*8+4
		damaged[y*320+x] ^= 0xFF
		if s, err := Read(damaged, 320, 320, 180); err == nil {
			t.Errorf("with bit %d inverted the stamp was read as %+v", bit, s)
		}
	}
}

func FuzzRead(f *testing.F) {
	luma := make([]byte, 80*8)
	Draw(luma, 80, 80, At(1, time.UnixMilli(99)))
	f.Add(luma, 80, 80, 8)
	f.Add([]byte{}, 0, 0, 0)
	f.Fuzz(func(t *testing.T, luma []byte, stride, width, height int) {
		if width > 1<<12 || height > 1<<12 || stride > 1<<12 {
			t.Skip()
		}
		s, err := Read(luma, stride, width, height)
		if err != nil {
			if !errors.Is(err, ErrNone) {
				t.Fatalf("error %v is not ErrNone", err)
			}
			return
		}
		// Whatever was read can be written and read again.
		again := make([]byte, 80*8)
		Draw(again, 80, 80, s)
		if got, err := Read(again, 80, 80, 8); err != nil || got != s {
			t.Fatalf("read %+v, drew it, read %+v, %v", s, got, err)
		}
	})
}
