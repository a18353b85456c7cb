package h264

import (
	"bytes"
	"errors"
	"image"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/pion/mediadevices/pkg/codec"
	"github.com/pion/mediadevices/pkg/io/video"
	"github.com/pion/mediadevices/pkg/prop"
	"golang.org/x/sys/unix"

	"loiret.fr/visioborne/kiosk/media/h264/h264test"
	"loiret.fr/visioborne/kiosk/media/m2m"
	"loiret.fr/visioborne/kiosk/media/v4l2"
	"loiret.fr/visioborne/kiosk/media/v4l2/v4l2test"
)

// chip makes encoders of fake hardware, one for each time that it is opened.
type chip struct {
	opened []*v4l2test.Device
	sizes  []image.Point
	source []v4l2.Format
	refuse error
}

func (c *chip) open(s m2m.Settings) (*m2m.Encoder, error) {
	if c.refuse != nil {
		return nil, c.refuse
	}
	d := &v4l2test.Device{
		Name: "fake", Planar: true,
		Takes: []v4l2test.Format{{Pixel: v4l2.YU12}, {Pixel: v4l2.YUYV}}, Gives: []v4l2test.Format{{Pixel: v4l2.H264}},
		Controls: map[uint32]*v4l2test.Control{v4l2.Bitrate: v4l2test.Between(25_000, 25_000_000, 1), v4l2.ForceKeyFrame: v4l2test.Between(0, 0, 0)},
	}
	c.opened, c.sizes, c.source = append(c.opened, d), append(c.sizes, s.Size), append(c.source, s.Source)
	device, err := d.TryOpen()
	if err != nil {
		return nil, err
	}
	return m2m.New(device, s)
}

// rawCamera gives the same YUYV picture again and again.
func rawCamera(size image.Point) (video.Reader, v4l2.Format) {
	f := v4l2.Format{Pixel: v4l2.YUYV, Width: size.X, Height: size.Y, Stride: 2 * size.X, Bytes: 2 * size.X * size.Y}
	p := &v4l2.Picture{Format: f, FD: -1}
	data := bytes.Repeat([]byte{120, 110, 120, 140}, size.X*size.Y/2)
	return video.ReaderFunc(func() (image.Image, func(), error) {
		p.Fill(data, p.Captured)
		return p, func() {}, nil
	}), f
}

func buildHardware(t *testing.T, c *chip, failures *[]error) codec.ReadCloser {
	t.Helper()
	r, f := rawCamera(image.Pt(640, 480))
	p := Params{Bitrate: 1_000_000, Hardware: &Hardware{Open: c.open, Source: f, Failed: func(err error) { *failures = append(*failures, err) }}}
	e, err := p.BuildVideoEncoder(r, prop.Media{Video: prop.Video{Width: 640, Height: 480, FrameRate: 30}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := e.Close(); err != nil {
			t.Error(err)
		}
		for _, d := range c.opened {
			if d.IsOpen() {
				t.Error("an encoder is still open")
			}
		}
	})
	return e
}

func readUnit(t *testing.T, e codec.ReadCloser) []byte {
	t.Helper()
	unit, release, err := e.Read()
	if err != nil {
		t.Fatal(err)
	}
	release()
	return unit
}

// At full size the hardware gets the camera's own pictures, at a lower one reduced I420; key frames and rate reach it.
func TestHardware(t *testing.T) {
	var c chip
	var failures []error
	e := buildHardware(t, &c, &failures)
	for i := range 30 {
		if i == 15 {
			if err := e.Controller().(codec.KeyFrameController).ForceKeyFrame(); err != nil {
				t.Fatal(err)
			}
		}
		want := delta
		if i == 0 || i == 15 {
			want = keyFrame
		}
		if diff := cmp.Diff(want, types(readUnit(t, e))); diff != "" {
			t.Errorf("picture %d: %s", i, diff)
		}
	}
	first := c.opened[0]
	if got := len(first.Taken()[20]); got != 640*480*2 {
		t.Errorf("the hardware got %d bytes, not the camera's picture", got)
	}
	rate := e.Controller().(codec.BitRateController)
	if err := rate.SetBitRate(900_000); err != nil {
		t.Fatal(err)
	}
	readUnit(t, e)
	if got := first.Controls[v4l2.Bitrate].Value; got != 900_000 {
		t.Errorf("its rate is %d", got)
	}
	if err := rate.SetBitRate(60_000); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		readUnit(t, e)
	}
	last := len(c.opened) - 1
	if last == 0 || c.sizes[last].X >= 640 || c.source[last] != (v4l2.Format{}) {
		t.Fatalf("sizes %v, sources %v", c.sizes, c.source)
	}
	if got, want := len(c.opened[last].Taken()[0]), c.sizes[last].X*c.sizes[last].Y*3/2; got != want {
		t.Errorf("the reduced picture has %d bytes, want %d", got, want)
	}
	if first.IsOpen() || len(failures) > 0 {
		t.Errorf("the first encoder is open: %v; failures %v", first.IsOpen(), failures)
	}
}

// Hardware that fails, at the start or in the middle, costs the call nothing; it is left alone from then on.
func TestHardwareFails(t *testing.T) {
	t.Run("at the start", func(t *testing.T) {
		c := chip{refuse: unix.ENOMEM}
		var failures []error
		e := buildHardware(t, &c, &failures)
		if _, err := h264test.NewDecoder(t).Decode(readUnit(t, e)); err != nil || len(failures) != 1 || !errors.Is(failures[0], unix.ENOMEM) {
			t.Errorf("%v, %v", err, failures)
		}
	})
	for name, request := range map[string]uint{"giving a picture": v4l2.QBuf, "taking one": v4l2.DQBuf, "setting the rate": v4l2.SExtCtrls} {
		t.Run(name, func(t *testing.T) {
			var c chip
			var failures []error
			e := buildHardware(t, &c, &failures)
			readUnit(t, e)
			c.opened[0].Fail(request, unix.EIO)
			if err := e.Controller().(codec.BitRateController).SetBitRate(800_000); err != nil {
				t.Fatal(err)
			}
			decoder := h264test.NewDecoder(t)
			for range 3 { // from a key frame on
				picture, err := decoder.Decode(readUnit(t, e))
				if err != nil {
					t.Fatal(err)
				}
				if y := picture.YCbCrAt(100, 100).Y; y < 116 || y > 124 {
					t.Errorf("the picture's shade is %d", y)
				}
			}
			if len(failures) != 1 || !errors.Is(failures[0], unix.EIO) || len(c.opened) != 1 || c.opened[0].IsOpen() {
				t.Errorf("failures %v, opened %d", failures, len(c.opened))
			}
		})
	}
}

func TestParameterSets(t *testing.T) {
	sets, idr, slice := "\x00\x00\x00\x01\x67\x42\x00\x00\x00\x01\x68\x01", "\x00\x00\x01\x65\x11", "\x00\x00\x01\x41\x22"
	var p ParameterSets
	for i, c := range []struct {
		unit, want string
		key        bool
	}{
		{slice, slice, false},
		{sets, "", false}, // alone, as some encoders give them
		{idr, sets + idr, true},
		{slice, slice, false},
		{sets + idr, sets + idr, true},
		{idr, sets + idr, true},
		{"\x00\x00\x01\x09\x10" + idr, sets + "\x00\x00\x01\x09\x10" + idr, true}, // an access unit delimiter
		{"", "", false},
		{"no start code", "", false},
		{"\x00\x00\x01", "", false},
	} {
		got, key := p.Complete([]byte(c.unit), nil)
		if string(got) != c.want || key != c.key {
			t.Errorf("unit %d became %q, key %v; want %q, %v", i, got, key, c.want, c.key)
		}
	}
}

func FuzzParameterSets(f *testing.F) {
	f.Add([]byte("\x00\x00\x00\x01\x67\x42\x00\x00\x00\x01\x68\x01\x00\x00\x01\x65\x11"), []byte("\x00\x00\x01\x65\x11"))
	f.Fuzz(func(t *testing.T, first, second []byte) {
		var p ParameterSets
		p.Complete(first, nil)
		out, key := p.Complete(second, nil)
		if len(p.kept) > setsMost || len(out) > 0 && !bytes.HasSuffix(out, second) || key && len(out) == 0 {
			t.Errorf("%q became %q", second, out)
		}
	})
}
