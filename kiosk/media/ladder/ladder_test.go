package ladder

import (
	"errors"
	"fmt"
	"image"
	"io"
	"math"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/pion/mediadevices/pkg/codec"
	"github.com/pion/mediadevices/pkg/io/video"
	"github.com/pion/mediadevices/pkg/prop"
)

func TestLadder(t *testing.T) {
	hd := image.Pt(1280, 720)
	const second = 30
	// Each step: for so many pictures this target, with the output at so many
	// times the target; then the height of the picture, and its rate.
	type stretch struct {
		pictures, bitrate int
		output            float64
		height            int
		rate              float64
	}
	for _, c := range []struct {
		name    string
		source  image.Point
		bitrate int
		run     []stretch
	}{
		{"starts where the rate allows", hd, 200_000, []stretch{{0, 0, 0, 360, 30}}},
		{"starts at the top", hd, 2_000_000, []stretch{{0, 0, 0, 720, 30}}},
		{"starts at the bottom with all pictures", hd, 50_000, []stretch{{0, 0, 0, 240, 30}}},
		{"goes down at once", hd, 1_000_000, []stretch{{1, 100_000, 1, 240, 30}}},
		{"goes up after three seconds, in one change", hd, 100_000, []stretch{
			{3*second - 1, 1_000_000, 1, 240, 30}, {1, 1_000_000, 1, 720, 30},
		}},
		{"does not go up for a moment", hd, 100_000, []stretch{
			{80, 1_000_000, 1, 240, 30}, {1, 100_000, 1, 240, 30}, {80, 1_000_000, 1, 240, 30},
		}},
		{"stays between down and up", hd, 1_000_000, []stretch{
			{1, 440_000, 1, 540, 30}, {1000, 500_000, 1, 540, 30}, {3 * second, 570_000, 1, 720, 30},
		}},
		{"at the bottom the quantiser takes what is missing", hd, 100_000, []stretch{
			{1000, 80_000, 1, 240, 30}, {1000, 50_000, 1.2, 240, 30},
		}},
		{"pictures are left out at last, and no more than to 20 a second", hd, 100_000, []stretch{
			{3 * second, 80_000, 1.5, 240, 20}, {1000, 50_000, 3, 240, 20},
		}},
		{"sizes go before pictures do", hd, 500_000, []stretch{
			{45, 500_000, 2, 540, 30}, {45, 500_000, 2, 360, 30}, {45, 500_000, 2, 240, 30}, {45, 500_000, 2, 240, 20},
		}},
		{"all pictures come back with the line", hd, 100_000, []stretch{
			{3 * second, 80_000, 1.5, 240, 20}, {3 * 20, 1_000_000, 1, 720, 30},
		}},
		{"they do not come back for nothing", hd, 100_000, []stretch{
			{3 * second, 100_000, 1.5, 240, 20}, {10 * 20, 110_000, 1, 240, 20}, {13 * 20, 110_000, 1, 240, 30},
		}},
		{"gives way to pictures that are too hard", hd, 500_000, []stretch{
			{2 * second, 500_000, 2, 540, 30}, {10 * second, 600_000, 1, 540, 30}, {20 * second, 600_000, 1, 720, 30},
		}},
		{"comes back within seconds when there is much more to spend", hd, 500_000, []stretch{
			{2 * second, 500_000, 2, 540, 30}, {3 * second, 800_000, 1, 720, 30},
		}},
		{"a key frame is not an overshoot", hd, 1_000_000, []stretch{
			{100, 1_000_000, 1, 720, 30}, {1, 1_000_000, 8, 720, 30}, {100, 1_000_000, 0.9, 720, 30},
		}},
		{"a small camera has few rungs", image.Pt(640, 480), 50_000, []stretch{{1, 50_000, 1, 240, 30}}},
		{"a tiny camera has one", image.Pt(320, 180), 50_000, []stretch{{20, 50_000, 5, 180, 30}, {100, 50_000, 5, 180, 20}}},
	} {
		l := newLadder(c.source, 30, c.bitrate)
		for i, s := range c.run {
			for range s.pictures {
				l.step(s.bitrate, int(s.output*float64(s.bitrate)/l.rungs[l.at].frameRate))
			}
			if got := l.rungs[l.at]; got.size.Y != s.height || got.frameRate != s.rate {
				t.Errorf("%s: after stretch %d the height is %d at %g/s, want %d at %g/s", c.name, i, got.size.Y, got.frameRate, s.height, s.rate)
			}
		}
	}
}

func TestRungs(t *testing.T) {
	for _, c := range []struct {
		source image.Point
		rate   float64
		want   []string
	}{
		{image.Pt(1280, 720), 30, []string{
			"1280x720 at 30/s from 450 kbit/s", "960x540 at 30/s from 292 kbit/s", "640x360 at 30/s from 159 kbit/s",
			"426x240 at 30/s from 86 kbit/s", "426x240 at 20/s from 63 kbit/s",
		}},
		{image.Pt(1920, 1080), 15, []string{
			"1920x1080 at 15/s from 491 kbit/s", "1440x810 at 15/s from 319 kbit/s", "960x540 at 15/s from 173 kbit/s",
			"640x360 at 15/s from 94 kbit/s", "480x270 at 15/s from 61 kbit/s",
		}},
		{image.Pt(640, 480), 20, []string{"640x480 at 20/s from 145 kbit/s", "480x360 at 20/s from 94 kbit/s", "320x240 at 20/s from 51 kbit/s"}},
		{image.Pt(320, 180), 25, []string{"320x180 at 25/s from 49 kbit/s", "320x180 at 20/s from 41 kbit/s"}},
	} {
		var got []string
		for _, r := range newLadder(c.source, c.rate, 1).rungs {
			got = append(got, fmt.Sprintf("%dx%d at %g/s from %d kbit/s", r.size.X, r.size.Y, r.frameRate, r.needs/1000))
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("the rungs of %v are not as documented:\n%s", c.source, diff)
		}
	}
}

// draft is an engine whose output is so many times its target.
type draft struct {
	Settings
	output *float64
	closed *int
}

func (d *draft) SetRate(bitrate int, frameRate float32) error {
	d.Bitrate, d.FrameRate = bitrate, frameRate
	return nil
}

func (d *draft) Encode(_ *image.YCbCr, _ time.Duration, force bool, buffer []byte) ([]byte, bool, error) {
	size := int(*d.output * float64(d.Bitrate) / float64(d.FrameRate) / 8)
	for len(buffer) < size {
		buffer = append(buffer, 0)
	}
	return buffer[:size], force, nil
}
func (d *draft) Close() { *d.closed++ }

// camera is a source with a rate of its own.
func camera(interval *time.Duration) video.Reader {
	next, picture := time.Now(), image.NewYCbCr(image.Rect(0, 0, 1280, 720), image.YCbCrSubsampleRatio420)
	return video.ReaderFunc(func() (image.Image, func(), error) {
		next = next.Add(*interval)
		time.Sleep(time.Until(next))
		return picture, func() {}, nil
	})
}

func TestPicturesLeftOut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		interval, output, closed := time.Second/30, 1.0, 0
		e, err := NewEncoder(camera(&interval), prop.Media{Video: prop.Video{Width: 1280, Height: 720, FrameRate: 30}}, 60_000,
			func(s Settings) (Engine, error) { return &draft{s, &output, &closed}, nil }, nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range []struct {
			name     string
			interval time.Duration
			output   float64
			bitrate  int
			settle   int // seconds
			want     int // pictures in ten seconds
		}{
			{"the quantiser suffices", time.Second / 30, 1, 60_000, 2, 300},
			{"it does not", time.Second / 30, 1.5, 60_000, 3, 200},
			{"in a dark room", time.Second / 15, 1.5, 60_000, 3, 150},
			{"with the light on", time.Second / 30, 1.5, 60_000, 3, 200},
			{"on a good line", time.Second / 30, 1, 1_000_000, 5, 300},
		} {
			interval, output = c.interval, c.output
			if err := e.Controller().(codec.BitRateController).SetBitRate(c.bitrate); err != nil {
				t.Fatal(err)
			}
			for end := time.Now().Add(time.Duration(c.settle) * time.Second); time.Now().Before(end); {
				if _, _, err := e.Read(); err != nil {
					t.Fatal(err)
				}
			}
			n := 0
			var gap time.Duration
			before := time.Now()
			for end := time.Now().Add(10 * time.Second); time.Now().Before(end); n++ {
				if _, _, err := e.Read(); err != nil {
					t.Fatal(err)
				}
				gap, before = max(gap, time.Since(before)), time.Now()
			}
			if n < c.want-1 || n > c.want+1 || gap > 70*time.Millisecond {
				t.Errorf("%s: %d pictures in ten seconds, up to %v apart; want %d", c.name, n, gap, c.want)
			}
		}
		if err := e.Close(); err != nil {
			t.Fatal(err)
		}
		if closed != 2 { // one size to begin with, one in the end
			t.Errorf("%d engines were closed", closed)
		}
		if _, _, err := e.Read(); !errors.Is(err, io.EOF) {
			t.Errorf("after the end Read gave %v", err)
		}
	})
}

// Each new sample is the mean of the area it covers, to within rounding.
func TestScalerAveragesAreas(t *testing.T) {
	for _, steps := range [][]reduction{{half}, {threeQuarters}, {third}, {half, half}, {half, third}} {
		for _, size := range []image.Point{{1280, 720}, {640, 480}, {100, 62}, {36, 18}} {
			src := image.NewYCbCr(image.Rectangle{Max: size}, image.YCbCrSubsampleRatio420)
			for i := range src.Y {
				src.Y[i] = byte(20 + i%size.X*200/size.X) // a ramp survives any sampling in place
			}
			for i := range src.Cb {
				src.Cb[i], src.Cr[i] = byte(20+i/src.CStride*200/size.Y), 77
			}
			got := newScaler(size, steps).reduce(src)
			want := size
			factor := 1.0
			for _, step := range steps {
				want = step.of(want)
				factor *= map[reduction]float64{half: 2, threeQuarters: 4.0 / 3, third: 3}[step]
			}
			if got.Rect.Size() != want {
				t.Errorf("%v by %v is %v, want %v", size, steps, got.Rect.Size(), want)
				continue
			}
			for y := range want.Y {
				for x := range want.X {
					ideal := 20 + ((float64(x)+0.5)*factor-0.5)*200/float64(size.X)
					if d := math.Abs(float64(got.Y[y*got.YStride+x]) - ideal); d > 4 {
						t.Fatalf("%v by %v: luma at %d,%d is %d, want %.1f", size, steps, x, y, got.Y[y*got.YStride+x], ideal)
					}
				}
			}
			for i, cr := range got.Cr {
				ideal := 20 + ((float64(i/got.CStride)+0.5)*factor-0.5)*200/float64(size.Y)
				if d := math.Abs(float64(got.Cb[i]) - ideal); d > 6 || cr != 77 {
					t.Fatalf("%v by %v: chroma row %d is %d, %d, want %.1f, 77", size, steps, i/got.CStride, got.Cb[i], cr, ideal)
				}
			}
		}
	}
}

func BenchmarkScaler(b *testing.B) {
	source := image.NewYCbCr(image.Rect(0, 0, 1280, 720), image.YCbCrSubsampleRatio420)
	for _, steps := range [][]reduction{{threeQuarters}, {half}, {third}, {half, half}} {
		s := newScaler(image.Pt(1280, 720), steps)
		b.Run(fmt.Sprint(steps), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				s.reduce(source)
			}
		})
	}
}
