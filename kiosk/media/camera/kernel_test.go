package camera

import (
	"bytes"
	"errors"
	"image"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/pion/mediadevices/pkg/frame"
	"github.com/pion/mediadevices/pkg/prop"

	"loiret.fr/visioborne/kiosk/media/h264/h264test"
	"loiret.fr/visioborne/kiosk/media/m2m"
	"loiret.fr/visioborne/kiosk/media/v4l2"
)

// kernelDevices finds devices of the test machine's kernel by the name that its driver gives; the tests are run with real drivers there.
func kernelDevices(t *testing.T, name string) []string {
	t.Helper()
	if os.Getenv("VISIOBORNE_DEVICE_TEST") == "" {
		t.Skip("runs in the test machine, with the kernel's simulated devices")
	}
	var all []string
	for _, path := range nodes() {
		text, err := os.ReadFile(filepath.Join("/sys/class/video4linux", filepath.Base(path), "name"))
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(text), name) {
			all = append(all, path)
		}
	}
	if len(all) == 0 {
		t.Skipf("the machine has no %s", name)
	}
	return all
}

// TestDeviceVivid opens the kernel's simulated cameras, as a call does, in all the formats that they share with cameras.
func TestDeviceVivid(t *testing.T) {
	for _, path := range kernelDevices(t, "vid-cap") {
		d, err := v4l2.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("%s: %s, %s, %s", path, d.Name(), d.Bus(), d.Kind())
		offers, err := list(d)
		if err := errors.Join(err, d.Close()); err != nil {
			t.Fatal(err)
		}
		known := map[frame.Format]bool{}
		for _, o := range offers {
			known[o.FrameFormat] = true
		}
		for format := range known {
			t.Run(filepath.Base(path)+" "+string(format), func(t *testing.T) {
				v := &device{open: func() (*v4l2.Device, error) { return v4l2.Open(path) }}
				if err := v.Open(); err != nil {
					t.Fatal(err)
				}
				defer func() {
					if err := v.Close(); err != nil {
						t.Error(err)
					}
				}()
				p, err := choose(of(offers, format), Format{Width: 640, Height: 360, FrameRate: 30}, false)
				if err != nil {
					t.Fatal(err)
				}
				got, err := v.VideoRecord(p)
				if err != nil {
					t.Fatal(err)
				}
				r := got.(*reader)
				var last time.Time
				lit := false
				for i := range 20 {
					picture, _, err := r.Read()
					if err != nil {
						t.Fatal(err)
					}
					i420 := picture.(*v4l2.Picture).I420()
					if i420.Rect.Size() != image.Pt(r.format.Width&^1, r.format.Height&^1) {
						t.Fatalf("the picture is %v, the format %+v", i420.Rect, r.format)
					}
					at := r.capturedAt()
					if age := time.Since(at); age < 0 || age > 2*time.Second || at.Before(last) {
						t.Errorf("picture %d was captured %v ago, %v after the last", i, age, at.Sub(last))
					}
					last = at
					least, most := byte(255), byte(0)
					for _, y := range i420.Y {
						least, most = min(least, y), max(most, y)
					}
					lit = lit || most-least > 100
				}
				if !lit {
					t.Error("the pictures are dark")
				}
				if fd := r.pictures[0].FD; fd < 0 {
					t.Error("the pictures' memory was not exported")
				}
			})
		}
	}
}

func of(all []prop.Media, f frame.Format) (some []prop.Media) {
	for _, p := range all {
		if p.FrameFormat == f {
			some = append(some, p)
		}
	}
	return some
}

// TestDeviceCamera is what a call sees of a camera: H.264, closed within a moment.
func TestDeviceCamera(t *testing.T) {
	path := kernelDevices(t, "vid-cap")[0]
	machine, err := NewMachine()
	if err != nil {
		t.Error(err)
	}
	c, err := Open(path, Format{Width: 640, Height: 360, FrameRate: 30, Machine: machine})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%+v with %+v", c.Format(), machine.Encoder())
	decoder := h264test.NewDecoder(t)
	for range 30 {
		unit, _, err := c.Read()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := decoder.Decode(unit); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := Open(path, Format{}); err == nil {
		t.Error("a camera in use was opened again")
	} else {
		t.Log(err)
	}
	ended := make(chan error)
	go func() {
		var err error
		for err == nil {
			_, _, err = c.Read()
		}
		ended <- err
	}()
	before := time.Now()
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	if err := <-ended; err != io.EOF || time.Since(before) > time.Second {
		t.Errorf("Read ended with %v after %v", err, time.Since(before))
	}
	first, err := Open(Any, Format{Width: 320, Height: 180, Machine: machine})
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := first.Read(); err != nil {
		t.Error(err)
	}
	if err := first.Close(); err != nil {
		t.Error(err)
	}
}

// TestDeviceZeroCopy gives a simulated camera's memory to the simulated encoder. Its coded format is FWHT.
func TestDeviceZeroCopy(t *testing.T) {
	cameras := kernelDevices(t, "vid-cap")
	found, err := m2m.Find(v4l2.FWHT)
	if err != nil || found.Path == "" {
		t.Skipf("no encoder: %v", err)
	}
	tried := false
	for _, path := range cameras {
		v := &device{open: func() (*v4l2.Device, error) { return v4l2.Open(path) }}
		if err := v.Open(); err != nil {
			t.Fatal(err)
		}
		p, err := choose(of(v.Properties(), frame.FormatYUYV), Format{Width: 640, Height: 360, FrameRate: 30}, false)
		if err != nil {
			t.Fatal(err)
		}
		got, err := v.VideoRecord(p)
		if err != nil {
			t.Fatal(err)
		}
		r := got.(*reader)
		e, err := m2m.Open(found.Path, m2m.Settings{
			Size: image.Pt(r.format.Width, r.format.Height), FrameRate: 30, Bitrate: 1_000_000, Coded: v4l2.FWHT, Source: r.format,
		})
		if err != nil {
			t.Fatal(err)
		}
		input, imported := e.Input()
		t.Logf("%s: %+v to %+v, imported %v", path, r.format, input, imported)
		tried = tried || imported
		for i := range 10 {
			picture, _, err := r.Read()
			if err != nil {
				t.Fatal(err)
			}
			unit, _, err := e.EncodeRaw(picture.(*v4l2.Picture), i == 5)
			if err != nil || len(unit) < 1000 || !bytes.Contains(unit[:16], []byte{0x4f, 0x4f, 0x4f, 0x4f}) {
				t.Fatalf("picture %d became %d bytes: %v", i, len(unit), err)
			}
		}
		e.Close()
		if err := v.Close(); err != nil {
			t.Error(err)
		}
	}
	if !tried {
		t.Error("no camera's memory was taken by the encoder")
	}
}
