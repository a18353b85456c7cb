package m2m

import (
	"bytes"
	"errors"
	"image"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sys/unix"

	"loiret.fr/visioborne/kiosk/media/v4l2"
	"loiret.fr/visioborne/kiosk/media/v4l2/v4l2test"
)

// pi is the encoder of a Raspberry Pi 4, as its driver behaves.
func pi() *v4l2test.Device {
	return &v4l2test.Device{
		Name: "bcm2835-codec-encode", Planar: true, Memory: &v4l2test.Memory{},
		Takes: []v4l2test.Format{
			{Pixel: v4l2.YU12, Stride: 64, Lines: 16},
			{Pixel: v4l2.NV12, Stride: 32, Lines: 16},
			{Pixel: v4l2.YUYV, Stride: 64, Lines: 16},
		},
		Gives: []v4l2test.Format{{Pixel: v4l2.H264}, {Pixel: v4l2.MJPG}},
		Controls: map[uint32]*v4l2test.Control{
			v4l2.Bitrate: v4l2test.Between(25_000, 25_000_000, 10_000_000), v4l2.BitrateMode: v4l2test.Between(0, 1, 0), v4l2.RepeatSeqHeader: v4l2test.Between(0, 1, 0),
			v4l2.HeaderMode: v4l2test.Between(0, 1, 1), v4l2.H264IPeriod: v4l2test.Between(0, 0x7fffffff, 60), v4l2.GOPSize: v4l2test.Between(0, 0x7fffffff, 60),
			v4l2.H264Level: v4l2test.Between(0, 15, 11), v4l2.H264Profile: v4l2test.Between(0, 4, 4), v4l2.ForceKeyFrame: v4l2test.Between(0, 0, 0), v4l2.BFrames: v4l2test.Between(0, 0, 0),
		},
	}
}

func settings() Settings {
	return Settings{Size: image.Pt(640, 360), FrameRate: 30, Bitrate: 500_000}
}

func picture(size image.Point) *image.YCbCr {
	p := image.NewYCbCr(image.Rectangle{Max: size}, image.YCbCrSubsampleRatio420)
	for i := range p.Y {
		p.Y[i] = byte(i % 251)
	}
	for i := range p.Cb {
		p.Cb[i], p.Cr[i] = byte(i%127), byte(i%113)
	}
	return p
}

// The order of the requests is dev-encoder.rst's: coded format, raw format, rate, controls, buffers, streams.
func TestOrder(t *testing.T) {
	d := pi()
	e, err := New(d.Open(t), settings())
	if err != nil {
		t.Fatal(err)
	}
	e.Close()
	want := []string{
		"S_FMT 9 H264 640x360", "S_FMT 10 YU12 640x368", "S_SELECTION 640x360", "S_FMT 9 H264 640x360", "S_PARM 30/s",
		"S_EXT_CTRLS 0x9909ce=1", "S_EXT_CTRLS 0x9909cf=500000", "S_EXT_CTRLS 0x9909cb=300", "S_EXT_CTRLS 0x9909ca=0",
		"S_EXT_CTRLS 0x9909d8=1", "S_EXT_CTRLS 0x9909e2=1", "S_EXT_CTRLS 0x990a66=300", "S_EXT_CTRLS 0x990a6b=1", "S_EXT_CTRLS 0x990a67=9",
		"REQBUFS 10 3", "REQBUFS 9 3", "STREAMON 10", "STREAMON 9",
		"STREAMOFF 10", "REQBUFS 10 0", "STREAMOFF 9", "REQBUFS 9 0",
	}
	if diff := cmp.Diff(want, d.Calls()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if d.IsOpen() {
		t.Error("the device is still open")
	}
}

// The picture arrives where the driver expects its planes, behind lines and rows of padding.
func TestEncode(t *testing.T) {
	for _, pixel := range []v4l2.PixelFormat{v4l2.YU12, v4l2.NV12} {
		d := pi()
		d.Takes = slices.DeleteFunc(d.Takes, func(f v4l2test.Format) bool { return f.Pixel != pixel })
		s := settings()
		s.Size = image.Pt(322, 182)
		e, err := New(d.Open(t), s)
		if err != nil {
			t.Fatal(err)
		}
		p := picture(s.Size)
		for i := range 10 {
			unit, key, err := e.Encode(p, 0, i == 4, nil)
			if err != nil || key != (i == 0 || i == 4) || !bytes.Contains(unit, []byte{byte(i + 1), 1}) {
				t.Fatalf("picture %d: % x, key %v, %v", i, unit, key, err)
			}
		}
		format, _ := e.Input()
		got := v4l2.Picture{Format: format, Data: d.Taken()[0]}
		for y := range 182 {
			for x := range 322 {
				if a, b := got.I420().YCbCrAt(x, y), p.YCbCrAt(x, y); a != b {
					t.Fatalf("%v: the driver has %v at %d,%d, want %v", pixel, a, x, y, b)
				}
			}
		}
		e.Close()
	}
}

// camera gives a picture as a camera's driver does, in memory that it exports.
func camera(t *testing.T, memory *v4l2test.Memory, pixel v4l2.PixelFormat) *v4l2.Picture {
	t.Helper()
	d := &v4l2test.Device{Memory: memory, Gives: []v4l2test.Format{{Pixel: pixel, Sizes: [][2]int{{640, 368}}}}}
	v := d.Open(t)
	f, err := v.SetFormat(v4l2.Capture, v4l2.Format{Pixel: pixel, Width: 640, Height: 368})
	if err != nil {
		t.Fatal(err)
	}
	q, err := v.NewQueue(v4l2.Capture, v4l2.MemoryMMAP, 2)
	if err != nil {
		t.Fatal(err)
	}
	fd, err := q.Export(0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := errors.Join(q.Free(), v.Close()); err != nil {
			t.Error(err)
		}
	})
	data := q.Memory(0)
	for i := range data {
		data[i] = byte(i % 241)
	}
	return &v4l2.Picture{Format: f, Data: data, FD: fd, Length: len(data)}
}

// A camera's picture goes to the encoder without a copy, or with one where the encoder refuses the memory.
func TestEncodeRaw(t *testing.T) {
	for _, c := range []struct {
		name     string
		change   func(*v4l2test.Device)
		imported bool
	}{
		{"imported", func(*v4l2test.Device) {}, true},
		{"not offered", func(d *v4l2test.Device) { d.Memory = nil }, false},
		{"other lines", func(d *v4l2test.Device) { d.Takes[2].Stride = 4096 }, false},
		{"more rows", func(d *v4l2test.Device) { d.Takes[2].Lines = 64 }, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := pi()
			p := camera(t, d.Memory, v4l2.YUYV)
			c.change(d)
			s := settings()
			s.Size, s.Source = image.Pt(640, 368), p.Format
			e, err := New(d.Open(t), s)
			if err != nil {
				t.Fatal(err)
			}
			defer e.Close()
			format, imported := e.Input()
			if imported != c.imported || format.Pixel != v4l2.YUYV {
				t.Fatalf("the encoder takes %+v, imported %v", format, imported)
			}
			for i := range 5 {
				if _, key, err := e.EncodeRaw(p, false); err != nil || key != (i == 0) {
					t.Fatalf("picture %d: key %v, %v", i, key, err)
				}
			}
			got, want := v4l2.Picture{Format: format, Data: d.Taken()[4]}, v4l2.Picture{Format: p.Format, Data: p.Data}
			if got.At(100, 200) != want.At(100, 200) || got.At(639, 367) != want.At(639, 367) {
				t.Error("the encoder got another picture")
			}
		})
	}
}

func TestFailures(t *testing.T) {
	t.Run("not an encoder", func(t *testing.T) {
		d := &v4l2test.Device{Gives: []v4l2test.Format{{Pixel: v4l2.YUYV}}}
		if _, err := New(d.Open(t), settings()); err == nil || d.IsOpen() {
			t.Errorf("%v, open %v", err, d.IsOpen())
		}
	})
	for request, name := range map[uint]string{v4l2.SFmt: "format", v4l2.ReqBufs: "buffers", v4l2.QBuf: "buffer", v4l2.StreamOn: "starting the stream"} {
		t.Run(name, func(t *testing.T) {
			d := pi()
			v := d.Open(t)
			d.Fail(request, unix.EIO)
			if _, err := New(v, settings()); !errors.Is(err, unix.EIO) || !strings.Contains(err.Error(), name) || d.IsOpen() {
				t.Errorf("%v, open %v", err, d.IsOpen())
			}
		})
	}
	t.Run("it hangs", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			d := pi()
			d.Encode = func([]byte, bool) []byte { return nil }
			e, err := New(d.Open(t), settings())
			if err != nil {
				t.Fatal(err)
			}
			defer e.Close()
			before := time.Now()
			if _, _, err := e.Encode(picture(settings().Size), 0, false, nil); err == nil || time.Since(before) != limit {
				t.Errorf("after %v: %v", time.Since(before), err)
			}
		})
	})
	t.Run("the memory is refused", func(t *testing.T) {
		d := pi()
		p := camera(t, d.Memory, v4l2.YUYV)
		d.NoImport = true
		s := settings()
		s.Size, s.Source = image.Pt(640, 368), p.Format
		e, err := New(d.Open(t), s)
		if err != nil {
			t.Fatal(err)
		}
		defer e.Close()
		for range 3 {
			if _, _, err := e.EncodeRaw(p, false); err != nil {
				t.Fatal(err)
			}
		}
		if _, imported := e.Input(); imported || len(d.Taken()) != 3 {
			t.Errorf("imported %v after a refusal, %d pictures taken", imported, len(d.Taken()))
		}
	})
	t.Run("the size is another", func(t *testing.T) {
		d := pi()
		e, err := New(d.Open(t), settings())
		if err != nil {
			t.Fatal(err)
		}
		defer e.Close()
		if _, _, err := e.Encode(picture(image.Pt(320, 180)), 0, false, nil); err == nil {
			t.Error("another size was encoded")
		}
	})
}

func TestSetRate(t *testing.T) {
	d := pi()
	e, err := New(d.Open(t), settings())
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	if err := e.SetRate(321_000, 20); err != nil || d.Controls[v4l2.Bitrate].Value != 321_000 {
		t.Errorf("%v, the driver has %d", err, d.Controls[v4l2.Bitrate].Value)
	}
	if calls := d.Calls(); !slices.Contains(calls, "S_PARM 20/s") {
		t.Errorf("the rate was not set: %v", calls)
	}
}

func TestNothingIsAllocated(t *testing.T) {
	d := pi()
	d.Encode = func([]byte, bool) []byte { return []byte{0, 0, 1, 0x41, 1} }
	e, err := New(d.Open(t), settings())
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	memory := make([]byte, e.format.Bytes)
	p := picture(settings().Size)
	if n := testing.AllocsPerRun(20, func() { fill(memory, e.format, p) }); n > 0 {
		t.Errorf("filling a buffer costs %v allocations", n)
	}
}

func TestLevel(t *testing.T) {
	for _, c := range []struct {
		size    image.Point
		rate    float32
		bitrate int
		want    int32
	}{
		{image.Pt(320, 180), 30, 100_000, 9},
		{image.Pt(1280, 720), 30, 2_500_000, 9},
		{image.Pt(1280, 720), 60, 2_500_000, 10},
		{image.Pt(1920, 1080), 30, 8_000_000, 11},
		{image.Pt(1920, 1080), 60, 8_000_000, 13},
		{image.Pt(3840, 2160), 30, 8_000_000, 15},
	} {
		if got := Level(c.size, c.rate, c.bitrate); got != c.want {
			t.Errorf("%v at %g/s: %d, want %d", c.size, c.rate, got, c.want)
		}
	}
}
