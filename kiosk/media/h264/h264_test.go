package h264

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"io"
	"math"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/pion/mediadevices/pkg/codec"
	"github.com/pion/mediadevices/pkg/frame"
	"github.com/pion/mediadevices/pkg/prop"

	"loiret.fr/visioborne/kiosk/media/h264/h264test"
	"loiret.fr/visioborne/kiosk/media/stamp"
)

// pictures is a source of stamped pictures: a few of a moving gradient under
// noise, as hard to encode as one likes, again and again.
type pictures struct {
	picture *image.YCbCr // the one given last
	all     []*image.YCbCr
	number  int
	end     int
}

func newPictures(width, height int, noise uint32) *pictures {
	p := &pictures{end: math.MaxInt}
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

func (p *pictures) Read() (image.Image, func(), error) {
	if p.number == p.end {
		return nil, func() {}, io.EOF
	}
	p.picture = p.all[p.number%len(p.all)]
	stamp.Draw(p.picture.Y, p.picture.YStride, p.picture.Rect.Dx(), stamp.At(uint64(p.number), time.UnixMilli(int64(p.number))))
	p.number++
	return p.picture, func() {}, nil
}

func build(t testing.TB, p Params, source *pictures) codec.ReadCloser {
	t.Helper()
	size := source.picture.Rect.Size()
	e, err := p.BuildVideoEncoder(source, prop.Media{Video: prop.Video{Width: size.X, Height: size.Y, FrameRate: 30}})
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

func read(t testing.TB, e codec.ReadCloser) []byte {
	t.Helper()
	unit, release, err := e.Read()
	if err != nil {
		t.Fatal(err)
	}
	release()
	return unit
}

// units splits an access unit in Annex B format into NAL units.
func units(annexB []byte) [][]byte {
	var all [][]byte
	for _, part := range bytes.Split(annexB, []byte{0, 0, 1})[1:] {
		all = append(all, bytes.TrimRight(part, "\x00"))
	}
	return all
}

func types(annexB []byte) (all []int) {
	for _, unit := range units(annexB) {
		all = append(all, int(unit[0]&31))
	}
	return all
}

var (
	keyFrame = []int{7, 8, 5} // SPS, PPS, one IDR slice
	delta    = []int{1}       // one slice
)

func TestStream(t *testing.T) {
	e := build(t, Params{Bitrate: 600_000}, newPictures(1280, 720, 4))
	decoder := h264test.NewDecoder(t)
	for i := range 305 {
		unit := read(t, e)
		want := delta
		if i%300 == 0 { // every ten seconds, as nobody asks
			want = keyFrame
		}
		if diff := cmp.Diff(want, types(unit)); diff != "" {
			t.Fatalf("picture %d has NAL units %v", i, diff)
		}
		if !bytes.HasPrefix(unit, []byte{0, 0, 0, 1}) {
			t.Fatalf("picture %d begins %x, not with a start code", i, unit[:5])
		}
		if i == 0 {
			// profile_idc 66 with constraint_set1: what the SDP's 42e01f lets
			// any receiver decode; level 3.1 is enough for 720p30.
			sps := units(unit)[0]
			if sps[1] != 66 || sps[2]&0x40 == 0 || sps[3] > 31 {
				t.Errorf("the SPS says profile %d, constraints %#x, level %d", sps[1], sps[2], sps[3])
			}
		}
		if i%60 > 2 {
			if _, err := decoder.Decode(unit); err != nil {
				t.Fatal(err)
			}
			continue
		}
		picture, err := decoder.Decode(unit)
		if err != nil {
			t.Fatal(err)
		}
		if s, err := stamp.ReadImage(picture); err != nil || int(s.Frame) != i {
			t.Fatalf("picture %d is stamped %+v, %v", i, s, err)
		}
	}
}

// The SPS says whether black is 0 or 16.
func TestRangeIsTold(t *testing.T) {
	var sets [2][]byte
	for i, format := range []frame.Format{frame.FormatI420, frame.FormatMJPEG} {
		e, err := Params{}.BuildVideoEncoder(newPictures(320, 180, 4), prop.Media{Video: prop.Video{Width: 320, Height: 180, FrameFormat: format}})
		if err != nil {
			t.Fatal(err)
		}
		defer e.Close()
		sets[i] = bytes.Clone(units(read(t, e))[0])
	}
	bits := 0
	for i := range min(len(sets[0]), len(sets[1])) {
		for d := sets[0][i] ^ sets[1][i]; d != 0; d &= d - 1 {
			bits++
		}
	}
	if len(sets[0]) != len(sets[1]) || bits != 1 { // video_full_range_flag
		t.Errorf("the SPS of a camera and of a JPEG camera are\n%x\n%x, want one bit of difference", sets[0], sets[1])
	}
}

func TestForceKeyFrame(t *testing.T) {
	e := build(t, Params{}, newPictures(320, 180, 4))
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
		want := delta
		if wanted[i] {
			want = keyFrame
		}
		if got := types(read(t, e)); !cmp.Equal(got, want) {
			t.Errorf("picture %d has NAL units %v, want %v", i, got, want)
		}
	}
}

// The rate follows the target, no picture is left out, and the size changes
// only with a key frame.
func TestSetBitRate(t *testing.T) {
	source := newPictures(1280, 720, 9)
	e := build(t, Params{Bitrate: 1_500_000}, source)
	decoder := h264test.NewDecoder(t)
	control := e.Controller().(codec.BitRateController)
	for _, c := range []struct {
		bitrate int
		size    image.Point
	}{
		{1_500_000, image.Pt(1280, 720)},
		{400_000, image.Pt(960, 540)},
		{200_000, image.Pt(640, 360)},
		{100_000, image.Pt(320, 180)},
		{1_500_000, image.Pt(1280, 720)},
	} {
		if err := control.SetBitRate(c.bitrate); err != nil {
			t.Fatal(err)
		}
		bits, pictures, size := 0, 0, image.Point{}
		for i := range 160 {
			unit := read(t, e)
			picture, err := decoder.Decode(unit)
			if err != nil {
				t.Fatalf("at %d bit/s: %v", c.bitrate, err)
			}
			if now := picture.Rect.Size(); now != size {
				if i > 0 && !cmp.Equal(types(unit), keyFrame) {
					t.Errorf("the size changed from %v to %v without a key frame", size, now)
				}
				size = now
			}
			if s, err := stamp.ReadImage(picture); err != nil || int(s.Frame) != source.number-1 {
				t.Fatalf("at %d bit/s picture %d is stamped %+v, %v", c.bitrate, source.number-1, s, err)
			}
			if i >= 100 { // settled
				bits += 8 * len(unit)
				pictures++
			}
		}
		if size != c.size {
			t.Errorf("at %d bit/s the pictures are %v, want %v", c.bitrate, size, c.size)
		}
		if got := bits * 30 / pictures; got > c.bitrate*115/100 {
			t.Errorf("at %d bit/s the output is %d bit/s", c.bitrate, got)
		}
	}
	if err := control.SetBitRate(0); err == nil {
		t.Error("a bitrate of 0 was accepted")
	}
}

func TestControlsDoNotRaceWithReading(t *testing.T) {
	e := build(t, Params{}, newPictures(320, 180, 4))
	var wg sync.WaitGroup
	wg.Go(func() {
		for i := range 200 {
			_ = e.Controller().(codec.BitRateController).SetBitRate(60_000 + 10_000*(i%40))
			_ = e.Controller().(codec.KeyFrameController).ForceKeyFrame()
		}
	})
	for range 50 {
		read(t, e)
	}
	wg.Wait()
}

func TestCloseDuringReading(t *testing.T) {
	source := newPictures(320, 180, 4)
	e := build(t, Params{}, source)
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

func TestTheSourcesEndAndSizeAreFollowed(t *testing.T) {
	source := newPictures(640, 360, 4)
	e := build(t, Params{}, source)
	decoder := h264test.NewDecoder(t)
	read(t, e)
	// An odd size, at an offset: a camera that gives a part of its picture.
	whole := image.NewYCbCr(image.Rect(0, 0, 403, 305), image.YCbCrSubsampleRatio420)
	source.picture = whole.SubImage(image.Rect(2, 4, 401, 305)).(*image.YCbCr)
	unit, err := e.(*encoder).encode(source.picture)
	if err != nil {
		t.Fatal(err)
	}
	picture, err := decoder.Decode(unit)
	if err != nil || picture.Rect.Size() != image.Pt(398, 300) || !cmp.Equal(types(unit), keyFrame) {
		t.Errorf("after a change of size: %v, %v, NAL units %v", picture.Rect, err, types(unit))
	}

	source.end = source.number
	if _, _, err := e.Read(); !errors.Is(err, io.EOF) {
		t.Errorf("at the source's end Read gave %v", err)
	}
}

func TestTooSmall(t *testing.T) {
	if _, err := (Params{}).BuildVideoEncoder(newPictures(8, 8, 0), prop.Media{Video: prop.Video{Width: 8, Height: 8}}); err == nil {
		t.Error("an encoder for 8x8 was made")
	}
}

func TestEncodingAllocatesNothing(t *testing.T) {
	source := newPictures(1280, 720, 4)
	for _, bitrate := range []int{1_000_000, 400_000, 120_000} { // at three sizes
		e := build(t, Params{Bitrate: bitrate}, source)
		read(t, e)
		if n := testing.AllocsPerRun(40, func() { read(t, e) }); n > 0 {
			t.Errorf("at %d bit/s a picture costs %v allocations", bitrate, n)
		}
	}
}

func TestLadder(t *testing.T) {
	hd := image.Pt(1280, 720)
	const second = 30
	// Each step: for so many pictures this target, with the output at so many
	// times the target; then the height of the picture.
	type stretch struct {
		pictures, bitrate int
		output            float64
		height            int
	}
	for _, c := range []struct {
		name    string
		source  image.Point
		bitrate int
		run     []stretch
	}{
		{"starts where the rate allows", hd, 200_000, []stretch{{0, 0, 0, 360}}},
		{"starts at the top", hd, 2_000_000, []stretch{{0, 0, 0, 720}}},
		{"goes down at once", hd, 1_000_000, []stretch{{1, 100_000, 1, 180}}},
		{"goes up after three seconds, in one change", hd, 100_000, []stretch{
			{3*second - 1, 1_000_000, 1, 180}, {1, 1_000_000, 1, 720},
		}},
		{"does not go up for a moment", hd, 100_000, []stretch{
			{80, 1_000_000, 1, 180}, {1, 100_000, 1, 180}, {80, 1_000_000, 1, 180},
		}},
		{"stays between down and up", hd, 1_000_000, []stretch{
			{1, 440_000, 1, 540}, {1000, 500_000, 1, 540}, {3 * second, 570_000, 1, 720},
		}},
		{"stays at the bottom", hd, 100_000, []stretch{{1000, 50_000, 3, 180}}},
		{"gives way to pictures that are too hard", hd, 500_000, []stretch{
			{3 * second, 500_000, 2, 540}, {10 * second, 600_000, 1, 540}, {20 * second, 600_000, 1, 720},
		}},
		{"a key frame is not an overshoot", hd, 1_000_000, []stretch{
			{100, 1_000_000, 1, 720}, {1, 1_000_000, 8, 720}, {100, 1_000_000, 0.9, 720},
		}},
		{"a small camera has few rungs", image.Pt(640, 480), 50_000, []stretch{{1, 50_000, 1, 180}}},
		{"a tiny camera has one", image.Pt(320, 180), 50_000, []stretch{{100, 50_000, 5, 180}}},
	} {
		l := newLadder(c.source, 30, c.bitrate)
		for i, s := range c.run {
			for range s.pictures {
				l.step(s.bitrate, int(s.output*float64(s.bitrate)/30))
			}
			if got := l.rungs[l.at].size.Y; got != s.height {
				t.Errorf("%s: after stretch %d the height is %d, want %d", c.name, i, got, s.height)
			}
		}
	}

	var sizes []string
	for _, r := range newLadder(hd, 30, 1).rungs {
		sizes = append(sizes, fmt.Sprintf("%dx%d from %d kbit/s", r.size.X, r.size.Y, r.needs/1000))
	}
	if diff := cmp.Diff([]string{
		"1280x720 from 450 kbit/s", "960x540 from 292 kbit/s", "640x360 from 159 kbit/s",
		"480x270 from 103 kbit/s", "320x180 from 56 kbit/s",
	}, sizes); diff != "" {
		t.Errorf("the rungs of 720p are not as documented:\n%s", diff)
	}
}

// Each new sample is the mean of the area it covers, to within rounding.
func TestScalerAveragesAreas(t *testing.T) {
	for _, steps := range [][]reduction{{half}, {threeQuarters}, {half, half}, {half, threeQuarters}} {
		for _, size := range []image.Point{{1280, 720}, {640, 480}, {100, 62}, {34, 18}} {
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
				factor *= map[reduction]float64{half: 2, threeQuarters: 4.0 / 3}[step]
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
	source := newPictures(1280, 720, 4)
	if _, _, err := source.Read(); err != nil {
		b.Fatal(err)
	}
	for _, steps := range [][]reduction{{threeQuarters}, {half}, {half, threeQuarters}, {half, half}} {
		s := newScaler(image.Pt(1280, 720), steps)
		b.Run(fmt.Sprint(steps), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				s.reduce(source.picture)
			}
		})
	}
}
