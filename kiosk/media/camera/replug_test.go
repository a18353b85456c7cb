package camera

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"loiret.fr/visioborne/firmware/devicetest/gadget"
	"loiret.fr/visioborne/kiosk/media/m2m"
)

// plug plugs the USB camera in or out.
func plug(t *testing.T, in bool) {
	t.Helper()
	text := "\n"
	if in {
		text = gadget.CameraController
	}
	if err := os.WriteFile(gadget.CameraPlug, []byte(text), 0); err != nil {
		t.Fatalf("plugging the camera in (%v): %v", in, err)
	}
}

// descriptors names what the program has open, by number.
func descriptors(t *testing.T) map[string]string {
	t.Helper()
	const folder = "/proc/self/fd"
	all, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	open := map[string]string{}
	for _, d := range all {
		if to, err := os.Readlink(filepath.Join(folder, d.Name())); err == nil { // not the folder's own, which is closed by now
			open[d.Name()] = to
		}
	}
	return open
}

// TestDeviceReplug pulls the USB camera's plug in the middle of a stream and puts it in again, as often as somebody may, and
// opens the camera as a call does: any that there is, again and again.
func TestDeviceReplug(t *testing.T) {
	path := kernelDevices(t, gadget.CameraName)[0]
	// A booth has one camera; in the machine the next one would step in.
	for _, other := range kernelDevices(t, "vid-cap") {
		hidden := filepath.Join("/dev", "hidden-"+filepath.Base(other))
		if err := os.Rename(other, hidden); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := os.Rename(hidden, other); err != nil {
				t.Error(err)
			}
		})
	}
	plugged := true
	t.Cleanup(func() {
		if !plugged {
			plug(t, true)
		}
	})
	machine := newMachine(m2m.Found{})
	// Little enough for an emulated machine: the picture shrinks to the bitrate.
	want := Format{Width: 640, Height: 480, FrameRate: 15, Bitrate: 100_000, Machine: machine}
	// again opens the camera as soon as it is there.
	again := func() *Camera {
		t.Helper()
		tick := time.NewTicker(50 * time.Millisecond)
		defer tick.Stop()
		for deadline := time.Now().Add(30 * time.Second); ; <-tick.C {
			c, err := Open(Any, want)
			if err == nil {
				return c
			}
			if !errors.Is(err, unix.ENODEV) && !errors.Is(err, unix.ENOENT) || time.Now().After(deadline) {
				t.Fatalf("the camera is not found: %v", err)
			}
		}
	}
	film := func(c *Camera, pictures int) {
		t.Helper()
		for range pictures {
			unit, captured, err := c.Read()
			if err != nil || len(unit) == 0 {
				t.Fatalf("a picture of %d bytes: %v", len(unit), err)
			}
			if age := time.Since(captured); age < 0 || age > 5*time.Second {
				t.Errorf("a picture is %v old", age)
			}
		}
	}

	before := descriptors(t)
	c := again()
	if machine.last.name != gadget.CameraName+": "+gadget.CameraName || !strings.HasPrefix(machine.last.bus, "usb-") {
		t.Fatalf("the camera is %+v", machine.last)
	}
	first := c.Format()
	for round := range 3 {
		film(c, 5)
		plug(t, false)
		plugged = false
		began := time.Now()
		var err error
		for err == nil { // pictures that were ready come first
			_, _, err = c.Read()
		}
		took := time.Since(began)
		t.Logf("round %d: after %v: %v", round, took, err)
		if !errors.Is(err, unix.ENODEV) || !strings.Contains(err.Error(), "the camera was unplugged") || !strings.Contains(err.Error(), "check its cable") {
			t.Errorf("the error is %v", err)
		}
		if took > pictureLimit {
			t.Errorf("it was told after %v", took)
		}
		if err := c.Close(); err != nil {
			t.Errorf("closing what was unplugged: %v", err)
		}
		for _, name := range []string{Any, path} {
			if absent, err := Open(name, want); err == nil {
				t.Errorf("%q was opened without its plug", name)
				err = absent.Close()
				t.Log(err)
			} else if !errors.Is(err, unix.ENODEV) && !errors.Is(err, unix.ENOENT) {
				t.Errorf("opening %q: %v", name, err)
			}
		}
		if Present(path) {
			t.Errorf("%s is still there", path)
		}
		card, err := OpenCard("La caméra ne répond plus", want)
		if err != nil {
			t.Fatal(err)
		}
		film(card, 2)
		if err := card.Close(); err != nil {
			t.Error(err)
		}
		if now := descriptors(t); len(now) != len(before) {
			t.Errorf("without the camera these are open: %v; before: %v", now, before)
		}
		plug(t, true)
		plugged = true
		c = again()
		if got := c.Format(); got.Width != first.Width || got.Height != first.Height || got.FrameRate != first.FrameRate {
			t.Errorf("the camera came back with %+v; it had %+v", got, first)
		}
	}
	film(c, 5)
	if err := c.Close(); err != nil {
		t.Error(err)
	}
	if now := descriptors(t); len(now) != len(before) {
		t.Errorf("in the end these are open: %v; before: %v", now, before)
	}
}
