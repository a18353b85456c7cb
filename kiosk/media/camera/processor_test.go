package camera

import (
	"image"
	"testing"
	"time"

	"github.com/pion/mediadevices/pkg/frame"
	"golang.org/x/sys/unix"

	"loiret.fr/visioborne/kiosk/media/m2m"
	"loiret.fr/visioborne/kiosk/media/v4l2"
)

// TestDeviceProcessor compares what the service itself computes for 720p pictures of the same camera with an encoder
// of the kernel's and with OpenH264. The kernel's simulated encoder computes in the system's share of the time, where
// real hardware does not, so that the program's own share is what is compared. `make bench` reads the lines.
func TestDeviceProcessor(t *testing.T) {
	path := kernelDevices(t, "vid-cap")[0]
	found, err := m2m.Find(v4l2.FWHT)
	if err != nil || found.Path == "" {
		t.Skipf("no encoder: %v", err)
	}
	const pictures = 90
	want := Format{Width: 1280, Height: 720, FrameRate: 30}

	v := &device{open: func() (*v4l2.Device, error) { return v4l2.Open(path) }}
	if err := v.Open(); err != nil {
		t.Fatal(err)
	}
	p, err := choose(of(v.Properties(), frame.FormatYUYV), want, false)
	if err != nil {
		t.Fatal(err)
	}
	got, err := v.VideoRecord(p)
	if err != nil {
		t.Fatal(err)
	}
	r := got.(*reader)
	e, err := m2m.Open(found.Path, m2m.Settings{
		Size: image.Pt(r.format.Width, r.format.Height), FrameRate: 30, Bitrate: 1_400_000, Coded: v4l2.FWHT, Source: r.format,
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, imported := e.Input(); !imported {
		t.Error("the encoder does not take the camera's memory")
	}
	hardware := computed(t, pictures, func() error {
		picture, _, err := r.Read()
		if err == nil {
			_, _, err = e.EncodeRaw(picture.(*v4l2.Picture), false)
		}
		return err
	})
	e.Close()
	if err := v.Close(); err != nil {
		t.Fatal(err)
	}

	c, err := Open(path, want)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%dx%d and %dx%d", r.format.Width, r.format.Height, c.Format().Width, c.Format().Height)
	software := computed(t, pictures, func() error {
		_, _, err := c.Read()
		return err
	})
	if err := c.Close(); err != nil {
		t.Error(err)
	}
	t.Logf("processor time a picture: hardware %.3f ms, software %.3f ms", milliseconds(hardware)/pictures, milliseconds(software)/pictures)
	if hardware >= software/2 {
		t.Error("the path through an encoder in hardware computes on the pictures")
	}
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

// computed is the time that the processor spends in the program itself, the kernel's share left out, while it takes pictures.
func computed(t *testing.T, pictures int, take func() error) time.Duration {
	t.Helper()
	user := func() time.Duration {
		var u unix.Rusage
		if err := unix.Getrusage(unix.RUSAGE_SELF, &u); err != nil {
			t.Fatal(err)
		}
		return time.Duration(u.Utime.Nano())
	}
	for range 5 {
		if err := take(); err != nil {
			t.Fatal(err)
		}
	}
	before := user()
	for range pictures {
		if err := take(); err != nil {
			t.Fatal(err)
		}
	}
	return user() - before
}
