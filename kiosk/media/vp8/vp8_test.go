package vp8

import (
	"bytes"
	"image"
	"testing"

	"github.com/pion/mediadevices/pkg/codec"
	"golang.org/x/image/vp8"

	"loiret.fr/visioborne/kiosk/media/ladder/laddertest"
	"loiret.fr/visioborne/kiosk/media/vp8/vp8test"
)

var tested = laddertest.Codec{
	Builder: func(bitrate int) codec.VideoEncoderBuilder { return Params{Bitrate: bitrate} },
	Decoder: func(t testing.TB) func([]byte) (*image.YCbCr, error) { return vp8test.NewDecoder(t).Decode },
	Key:     func(unit []byte) bool { return unit[0]&1 == 0 },
}

func TestEncoder(t *testing.T) { tested.Run(t) }

// Another decoder than the encoder's sister reads a key frame, and finds in it
// that frames do not depend on the entropy tables of those before.
func TestKeyFrame(t *testing.T) {
	unit := laddertest.Read(t, tested.Build(t, 600_000, laddertest.NewPictures(640, 360, 4)))
	d := vp8.NewDecoder()
	d.Init(bytes.NewReader(unit), len(unit))
	h, err := d.DecodeFrameHeader()
	if err != nil || !h.KeyFrame || h.Width != 640 || h.Height != 360 || !h.ShowFrame {
		t.Fatalf("%+v, %v", h, err)
	}
	if _, err := d.DecodeFrame(); err != nil {
		t.Fatal(err)
	}
}

// A frame that never arrives does not keep those after it from being read.
func TestLoss(t *testing.T) {
	e := tested.Build(t, 600_000, laddertest.NewPictures(640, 360, 4))
	d := vp8test.NewDecoder(t)
	for i := range 60 {
		unit := laddertest.Read(t, e)
		if i%7 == 3 {
			continue
		}
		if _, err := d.Decode(unit); err != nil {
			t.Fatalf("picture %d: %v", i, err)
		}
	}
}

func TestLimit(t *testing.T) {
	from := image.NewYCbCr(image.Rect(0, 0, 256, 2), image.YCbCrSubsampleRatio420)
	to := image.NewYCbCr(from.Rect, from.SubsampleRatio)
	for i := range 256 {
		from.Y[i], from.Y[256+i] = byte(i), byte(i)
		from.Cb[i/2], from.Cr[i/2] = byte(i), byte(255-i)
	}
	limit(to, from)
	for i, want := range map[int]byte{0: 16, 255: 235, 128: 126} {
		if to.Y[i] != want || to.Y[256+i] != want {
			t.Errorf("luma %d becomes %d, want %d", i, to.Y[i], want)
		}
	}
	if to.Cb[127] != 240 || to.Cr[127] != 16 || to.Cb[63] < 126 || to.Cb[63] > 128 {
		t.Errorf("chroma spans %d to %d", to.Cr[127], to.Cb[127])
	}
}

func BenchmarkEncode(b *testing.B) {
	e := tested.Build(b, 1_400_000, laddertest.NewPictures(1280, 720, 4))
	b.ReportAllocs()
	for b.Loop() {
		laddertest.Read(b, e)
	}
}
