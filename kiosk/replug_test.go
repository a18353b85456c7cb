package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"loiret.fr/visioborne/config"
	"loiret.fr/visioborne/firmware/devicetest/gadget"
	"loiret.fr/visioborne/kiosk/call"
	"loiret.fr/visioborne/kiosk/media/camera"
)

// deaf are the booth's devices without sound, for whose codecs an emulated machine has no time beside a camera's.
type deaf struct{ devices }

var errDeaf = errors.New("there is no sound in this test")

func (deaf) OpenMicrophone() (call.Microphone, error) { return nil, errDeaf }
func (deaf) OpenSpeaker() (call.Speaker, error)       { return nil, errDeaf }

// hideCameras takes the machine's other cameras away, which would step in for the one on USB.
func hideCameras(t *testing.T) {
	t.Helper()
	names, err := filepath.Glob("/sys/class/video4linux/*/name")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range names {
		name, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(name), "vid-cap") {
			continue
		}
		node := filepath.Base(filepath.Dir(file))
		from, to := "/dev/"+node, "/dev/hidden-"+node
		if err := os.Rename(from, to); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := os.Rename(to, from); err != nil {
				t.Error(err)
			}
		})
	}
}

// allClosed waits until nothing is open of cameras: their nodes, and their pictures' memory. A call that looks for its camera
// opens some for a moment.
func allClosed(t *testing.T) {
	t.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.Now().Add(10 * time.Second); ; <-tick.C {
		all, err := os.ReadDir("/proc/self/fd")
		if err != nil {
			t.Fatal(err)
		}
		var open []string
		for _, d := range all {
			to, err := os.Readlink(filepath.Join("/proc/self/fd", d.Name()))
			if err == nil && (strings.HasPrefix(to, "/dev/video") || strings.HasPrefix(to, "/dmabuf")) {
				open = append(open, to)
			}
		}
		if len(open) == 0 {
			return
		}
		if time.Now().After(deadline) {
			t.Errorf("these are open: %v", open)
			return
		}
	}
}

// TestDeviceReplugInACall pulls the camera's plug in a call, in the test machine: the adviser is shown a card, and the camera
// again once it is back, without anybody's doing anything.
func TestDeviceReplugInACall(t *testing.T) {
	if os.Getenv("VISIOBORNE_DEVICE_TEST") == "" {
		t.Skip("runs in the test machine: make device-test")
	}
	hideCameras(t)
	plugged := true
	plug := func(in bool) {
		t.Helper()
		text := "\n"
		if in {
			text = gadget.CameraController
		}
		if err := os.WriteFile(gadget.CameraPlug, []byte(text), 0); err != nil {
			t.Fatalf("plugging the camera in (%v): %v", in, err)
		}
		plugged = in
	}
	defer func() {
		if !plugged {
			plug(true)
		}
	}()

	log := slog.New(slog.NewTextHandler(t.Output(), nil))
	d := deaf{devicesOf(config.Devices{}, "", &camera.Machine{}, log)}
	// What happens, in order; the peer tells of all of it from one goroutine. Pictures are many, and some may be left out.
	const picture, lost, card, recovered = "a picture", "the camera was lost", "the card", "the camera is back"
	happened := make(chan string, 100)
	peer, err := call.New(call.Options{
		Devices: d, Loopback: true, Log: log, Signal: func(call.Signal) {},
		StandIn: func(codec byte) (call.Camera, error) {
			happened <- card
			return d.OpenCard(codec)
		},
		Event: func(e call.Event) {
			switch e := e.(type) {
			case call.DeviceLost:
				if e.Device == call.DeviceCamera {
					log.Info("lost", "error", e.Err)
					happened <- lost
					if !errors.Is(e.Err, unix.ENODEV) || !strings.Contains(e.Err.Error(), "unplugged") {
						happened <- fmt.Sprintf("a wrong error: %v", e.Err)
					}
				}
			case call.DeviceRecovered:
				happened <- recovered
			}
		},
		Frame: func(f call.Frame) {
			if f.Stream == call.StreamOwn && len(happened) < cap(happened)/2 {
				happened <- picture
			}
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		err = peer.Run(ctx)
	}()
	defer func() {
		cancel()
		<-ended
	}()
	peer.Start()

	// next waits for something; only what is named may come before.
	next := func(want string, before ...string) {
		t.Helper()
		limit := time.After(time.Minute)
		for {
			select {
			case h := <-happened:
				if h == want {
					return
				}
				if !slices.Contains(before, h) {
					t.Fatalf("waiting for %q there was %q", want, h)
				}
			case <-limit:
				t.Fatalf("waited too long for %q", want)
			}
		}
	}
	for range 5 {
		next(picture)
	}
	for range 2 {
		plug(false)
		next(lost, picture)
		next(card)
		next(picture)
		allClosed(t)
		next(card, picture) // the camera was looked for, in vain
		plug(true)
		next(recovered, picture, card)
		for range 5 {
			next(picture)
		}
	}
	cancel()
	if <-ended; err != nil {
		t.Error(err)
	}
	allClosed(t)
}
