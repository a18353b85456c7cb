package camera

import (
	"bytes"
	"errors"
	"image"
	"image/color"
	"image/png"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pion/mediadevices/pkg/codec/openh264"
	"github.com/pion/mediadevices/pkg/driver"
	"github.com/pion/mediadevices/pkg/frame"
	"github.com/pion/mediadevices/pkg/io/video"
	"github.com/pion/mediadevices/pkg/prop"

	"loiret.fr/visioborne/kiosk/media/h264/h264test"
	"loiret.fr/visioborne/kiosk/media/stamp"
)

// openSimulated opens the simulated camera's pictures without the encoder.
func openSimulated(t testing.TB, width, height int) (*simulated, *simulatedReader) {
	t.Helper()
	s := &simulated{}
	if err := s.Open(); err != nil {
		t.Fatal(err)
	}
	r, err := s.VideoRecord(prop.Media{Video: prop.Video{Width: width, Height: height, FrameRate: 30}})
	if err != nil {
		t.Fatal(err)
	}
	return s, r.(*simulatedReader)
}

func readStamp(t *testing.T, r *simulatedReader) (stamp.Stamp, time.Time) {
	t.Helper()
	picture, _, err := r.Read()
	if err != nil {
		t.Fatal(err)
	}
	s, err := stamp.ReadImage(picture)
	if err != nil {
		t.Fatal(err)
	}
	return s, r.capturedAt()
}

func TestSimulatedKeepsItsSchedule(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, r := openSimulated(t, 320, 180)
		defer s.Close()
		start := time.Now()
		for i := range 900 {
			got, captured := readStamp(t, r)
			want := start.Add(time.Duration(float64(i) / 30 * 1e9))
			if got.Frame != uint32(i) || !captured.Equal(want) || got.Captured(time.Now()).UnixMilli() != want.UnixMilli() {
				t.Fatalf("picture %d is stamped %+v, captured %v; want %v", i, got, captured, want)
			}
			if time.Since(want) != 0 {
				t.Fatalf("picture %d came %v late", i, time.Since(want))
			}
			time.Sleep(time.Duration(i%4) * 7 * time.Millisecond) // a reader that takes its time
		}
	})
}

func TestLateReaderGetsTheNewestAndNoBurst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, r := openSimulated(t, 320, 180)
		defer s.Close()
		readStamp(t, r)
		time.Sleep(time.Second + 10*time.Millisecond)
		before := time.Now()
		if got, captured := readStamp(t, r); got.Frame != 30 || time.Since(captured) != 10*time.Millisecond {
			t.Errorf("after 1.01 s got picture %d, %v old", got.Frame, time.Since(captured))
		}
		if got, _ := readStamp(t, r); got.Frame != 31 || time.Since(before) < 20*time.Millisecond {
			t.Errorf("the next is picture %d after %v; want 31 at its time", got.Frame, time.Since(before))
		}
	})
}

func TestCloseEndsARead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, err := Open(Simulated, Format{Width: 320, Height: 180, FrameRate: 15})
		if err != nil {
			t.Fatal(err)
		}
		if _, _, err := c.Read(); err != nil {
			t.Fatal(err)
		}
		var got error
		ended := make(chan struct{})
		go func() { // the second picture is due only 66 ms later
			_, _, got = c.Read()
			close(ended)
		}()
		synctest.Wait()
		before := time.Now()
		if err := c.Close(); err != nil {
			t.Fatal(err)
		}
		<-ended
		if got != io.EOF || time.Since(before) != 0 {
			t.Errorf("Read ended with %v after %v", got, time.Since(before))
		}
		if _, _, err := c.Read(); err != io.EOF {
			t.Errorf("Read after Close gave %v", err)
		}
		if err := c.Close(); err != nil {
			t.Errorf("the second Close gave %v", err)
		}
	})
}

// The whole send path: scene, encoder, a control from another goroutine, and
// the picture that a receiver sees.
func TestCameraGivesDecodablePictures(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, err := Open(Simulated, Format{Bitrate: 300_000})
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		if want := (Format{Width: 1280, Height: 720, FrameRate: 30, Bitrate: 300_000}); c.Format() != want {
			t.Errorf("the camera gives %+v, want %+v", c.Format(), want)
		}
		decoder, mirror := h264test.NewDecoder(t), h264test.NewDecoder(t)
		var controls sync.WaitGroup
		controls.Go(func() {
			for i := range 20 {
				time.Sleep(150 * time.Millisecond)
				_ = c.ForceKeyFrame()
				_ = c.SetBitrate(200_000 + 50_000*(i%5))
				if !c.ForceMirrorKeyFrame() {
					t.Error("there is no mirror")
				}
			}
		})
		for i := range 100 {
			unit, captured, err := c.Read()
			if err != nil {
				t.Fatal(err)
			}
			picture, err := decoder.Decode(unit)
			if err != nil {
				t.Fatalf("picture %d: %v", i, err)
			}
			s, err := stamp.ReadImage(picture)
			if err != nil {
				t.Fatalf("picture %d: %v", i, err)
			}
			if s != stamp.At(uint64(i), captured) {
				t.Fatalf("picture %d is stamped %+v, captured %v", i, s, captured)
			}
			if picture, err = mirror.Decode(c.Mirror()); err != nil {
				t.Fatalf("picture %d in the mirror: %v", i, err)
			}
			if s, err := stamp.ReadImage(picture); err != nil || s != stamp.At(uint64(i), captured) || picture.Rect.Dx() != 320 {
				t.Fatalf("picture %d, captured %v, is stamped %+v in the mirror, %v (%v)", i, captured, s, picture.Rect, err)
			}
		}
		controls.Wait()
	})
}

func TestOpenSaysWhatIsWrong(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name string
		want Format
		text string
	}{
		{"/dev/video-none", Format{}, "opening camera /dev/video-none: opening /dev/video-none: no such file or directory: "},
		{file, Format{}, "opening camera " + file + ": asking " + file + " what it is: inappropriate ioctl for device: name a capture device"},
		{"/dev/null", Format{}, "opening camera /dev/null: asking /dev/null what it is: inappropriate ioctl for device: name a capture device"},
		{"webcam", Format{}, "opening camera webcam: it is neither \"simulated\" nor the path of a device"},
		{Simulated, Format{Width: 10, Height: 10}, "opening camera simulated: 10x10 at 30 pictures a second is out of range"},
		{Simulated, Format{FrameRate: 200}, "1280x720 at 200 pictures a second is out of range"},
	} {
		camera, err := Open(c.name, c.want)
		if err == nil {
			camera.Close()
			t.Errorf("%q %v: opened", c.name, c.want)
		} else if !strings.Contains(err.Error(), c.text) {
			t.Errorf("%q %v:\n got %v\nwant %s", c.name, c.want, err, c.text)
		}
	}
}

func TestChoose(t *testing.T) {
	offer := func(w, h int, rate float32, f frame.Format) prop.Media {
		return prop.Media{Video: prop.Video{Width: w, Height: h, FrameRate: rate, FrameFormat: f}}
	}
	hd := Format{Width: 1280, Height: 720, FrameRate: 30}
	for _, c := range []struct {
		name    string
		offered []prop.Media
		want    int
	}{
		{"raw is too slow over USB 2", []prop.Media{offer(1280, 720, 10, frame.FormatYUYV), offer(1280, 720, 30, frame.FormatMJPEG), offer(640, 480, 30, frame.FormatYUYV)}, 1},
		{"raw costs less than JPEG", []prop.Media{offer(1280, 720, 30, frame.FormatMJPEG), offer(1280, 720, 30, frame.FormatYUYV)}, 1},
		{"no faster than needed", []prop.Media{offer(1280, 720, 60, frame.FormatYUYV), offer(1280, 720, 30, frame.FormatYUYV)}, 1},
		{"the nearest size", []prop.Media{offer(320, 240, 30, frame.FormatYUYV), offer(640, 480, 30, frame.FormatYUYV), offer(3840, 2160, 30, frame.FormatMJPEG)}, 1},
		{"the rate is not known", []prop.Media{offer(1280, 720, 0, frame.FormatYUYV)}, 0},
		{"depth is not a picture", []prop.Media{offer(1280, 720, 30, frame.FormatZ16), offer(640, 360, 30, frame.FormatNV12)}, 1},
	} {
		want := c.offered[c.want]
		if want.FrameRate == 0 {
			want.FrameRate = hd.FrameRate
		}
		if got, err := choose(c.offered, hd, false); err != nil || got != want {
			t.Errorf("%s: chose %v, %v", c.name, &got, err)
		}
	}
	if _, err := choose([]prop.Media{offer(640, 480, 30, frame.FormatZ16)}, hd, true); err == nil {
		t.Error("a depth camera was accepted")
	}
}

// Every picture made by moving things equals one made from nothing.
func TestSceneLeavesNoTraces(t *testing.T) {
	at := time.UnixMilli(1_800_000_000_000)
	moved := newScene(640, 360)
	for i := range int64(300) {
		moved.draw(i, at, 30)
		if i%37 != 0 {
			continue
		}
		fresh := newScene(640, 360)
		fresh.draw(i, at, 30)
		if !bytes.Equal(moved.picture.Y, fresh.picture.Y) || !bytes.Equal(moved.picture.Cb, fresh.picture.Cb) || !bytes.Equal(moved.picture.Cr, fresh.picture.Cr) {
			t.Fatalf("picture %d differs from one drawn at once", i)
		}
	}
}

func TestSceneAtEverySize(t *testing.T) {
	for _, p := range (&simulated{}).Properties() {
		if p.FrameRate != 30 {
			continue
		}
		s := newScene(p.Width, p.Height)
		for i := range int64(60) {
			s.draw(i*5, time.UnixMilli(i), 30)
			if got, err := stamp.ReadImage(s.picture); err != nil || got.Frame != uint32(i*5) {
				t.Fatalf("%dx%d: %+v, %v", p.Width, p.Height, got, err)
			}
		}
	}
	if dir := os.Getenv("SCENE_DIR"); dir != "" { // to look at it
		s := newScene(1280, 720)
		s.draw(40, time.Now(), 30)
		rgb := image.NewRGBA(s.picture.Rect)
		for y := range 720 {
			for x := range 1280 {
				rgb.Set(x, y, color.RGBAModel.Convert(s.picture.At(x, y)))
			}
		}
		f, err := os.Create(filepath.Join(dir, "scene.png"))
		if err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(png.Encode(f, rgb), f.Close()); err != nil {
			t.Fatal(err)
		}
	}
}

// unpaced reads the scene without waiting for its schedule.
type unpaced struct {
	scene  *scene
	number int64
	now    time.Time
}

func (u *unpaced) Read() (image.Image, func(), error) {
	u.scene.draw(u.number, u.now, 30)
	u.number++
	return u.scene.picture, func() {}, nil
}
func (u *unpaced) capturedAt() time.Time { return u.now }

// unpacedDriver is the simulated camera without its schedule.
type unpacedDriver struct{ simulated }

func (d *unpacedDriver) VideoRecord(p prop.Media) (video.Reader, error) {
	return &unpaced{scene: newScene(p.Width, p.Height), now: time.UnixMilli(1_800_000_000_000)}, nil
}

var _ driver.VideoRecorder = (*unpacedDriver)(nil)

func TestSendPathAllocatesNothing(t *testing.T) {
	c, err := start(&unpacedDriver{}, Format{Width: 1280, Height: 720, FrameRate: 30})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	read := func() {
		if _, _, err := c.Read(); err != nil {
			t.Fatal(err)
		}
	}
	read()
	if n := testing.AllocsPerRun(60, read); n > 0 {
		t.Errorf("a picture costs %v allocations", n)
	}
}

func BenchmarkScene(b *testing.B) {
	s := newScene(1280, 720)
	now := time.UnixMilli(1_800_000_000_000)
	b.ReportAllocs()
	for i := int64(0); b.Loop(); i++ {
		s.draw(i, now, 30)
	}
}

func BenchmarkNewScene(b *testing.B) {
	for b.Loop() {
		newScene(1280, 720)
	}
}

// BenchmarkCamera is the send path from the camera to the access unit.
func BenchmarkCamera(b *testing.B) {
	c, err := start(&unpacedDriver{}, Format{Width: 1280, Height: 720, FrameRate: 30})
	if err != nil {
		b.Fatal(err)
	}
	defer c.Close()
	bits := 0
	b.ReportAllocs()
	for b.Loop() {
		unit, _, err := c.Read()
		if err != nil {
			b.Fatal(err)
		}
		bits += 8 * len(unit)
	}
	b.ReportMetric(float64(bits)*30/float64(b.N)/1000, "kbit/s")
}

// BenchmarkEncodeBare is mediadevices' own encoder on the same pictures, to
// compare with: as fast as it can.
func BenchmarkEncodeBare(b *testing.B) { encodeBare(b, 0) }

// BenchmarkEncodeBareAt30 is the same at 30 pictures a second, as in a call: an
// encoder that has to wait for its pictures finds colder caches.
func BenchmarkEncodeBareAt30(b *testing.B) { encodeBare(b, time.Second/30) }

func encodeBare(b *testing.B, interval time.Duration) {
	p, err := openh264.NewParams()
	if err != nil {
		b.Fatal(err)
	}
	p.BitRate = 1_400_000 // what a call has under the usual cap
	pictures := &unpaced{scene: newScene(1280, 720), now: time.UnixMilli(1_800_000_000_000)}
	e, err := p.BuildVideoEncoder(pictures, prop.Media{Video: prop.Video{Width: 1280, Height: 720, FrameRate: 30}})
	if err != nil {
		b.Fatal(err)
	}
	defer e.Close()
	bits := 0
	var pace <-chan time.Time
	if interval > 0 {
		t := time.NewTicker(interval)
		defer t.Stop()
		pace = t.C
	}
	b.ReportAllocs()
	for b.Loop() {
		if pace != nil {
			<-pace
		}
		unit, _, err := e.Read()
		if err != nil {
			b.Fatal(err)
		}
		bits += 8 * len(unit)
	}
	b.ReportMetric(float64(bits)*30/float64(b.N)/1000, "kbit/s")
}
