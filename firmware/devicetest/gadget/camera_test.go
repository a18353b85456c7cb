package gadget

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// inMachine skips a test that is not run in the machine.
func inMachine(t *testing.T) {
	t.Helper()
	if os.Getenv("VISIOBORNE_DEVICE_TEST") == "" {
		t.Skip("runs in the test machine: make device-test")
	}
}

// soon waits for something that another program or the kernel does.
func soon(t *testing.T, what string, is func() bool) {
	t.Helper()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.Now().Add(20 * time.Second); !is(); <-tick.C {
		if time.Now().After(deadline) {
			t.Fatalf("waited too long for %s", what)
		}
	}
}

// hostNode is the camera's node, as uvcvideo names it; the other one of the same name is for its metadata.
func hostNode(t *testing.T) string {
	t.Helper()
	var node string
	soon(t, "the camera's node", func() bool {
		names, err := filepath.Glob("/sys/bus/usb/drivers/uvcvideo/*/video4linux/video*/index")
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			if text, err := os.ReadFile(name); err == nil && strings.TrimSpace(string(text)) == "0" {
				node = filepath.Join("/dev", filepath.Base(filepath.Dir(name)))
				_, err := os.Stat(node)
				return err == nil
			}
		}
		return false
	})
	return node
}

// capture opens the camera as a program of the host would, and starts it.
func capture(t *testing.T, s stream) *video {
	t.Helper()
	fd, err := unix.Open(hostNode(t), unix.O_RDWR|unix.O_NONBLOCK|unix.O_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	v := &video{fd: fd, kind: bufferTypeCapture}
	t.Cleanup(func() {
		if err := v.stop(); err != nil {
			t.Error(err)
		}
		if err := unix.Close(fd); err != nil {
			t.Error(err)
		}
	})
	if err := v.prepare(s); err != nil {
		t.Fatal(err)
	}
	for i := range buffers {
		if err := v.put(i, 0); err != nil {
			t.Fatal(err)
		}
	}
	if err := v.start(); err != nil {
		t.Fatal(err)
	}
	return v
}

// picture waits for the next one.
func picture(v *video) (number int, b []byte, err error) {
	ready := []unix.PollFd{{Fd: int32(v.fd), Events: unix.POLLIN}}
	n, err := unix.Poll(ready, 10_000)
	for err == unix.EINTR {
		n, err = unix.Poll(ready, 10_000)
	}
	if err == nil && n == 0 {
		err = unix.ETIMEDOUT
	}
	if err != nil {
		return 0, nil, err
	}
	i, used, err := v.take()
	if err != nil {
		return 0, nil, err
	}
	b = append(b, v.memory[i][:used]...)
	return i, b, v.put(i, 0)
}

func TestDeviceCameraStreams(t *testing.T) {
	inMachine(t)
	for _, f := range formats {
		for _, s := range f.sizes {
			t.Run(strings.Join([]string{f.kind, pictureFile(s, 0)[len("/pictures/"):][:8]}, " "), func(t *testing.T) {
				v := capture(t, stream{f.pixelFormat, s, 0})
				const wanted = 10
				good, last, steps := 0, -1, 0
				started := time.Now()
				for range wanted {
					_, b, err := picture(v)
					if err != nil {
						t.Fatal(err)
					}
					// The first may be what is left of one that began before.
					n := -1
					if f.pixelFormat == yuyv {
						if len(b) == s.bytes() {
							n = readYUYV(t, b, s)
						}
					} else if len(b) > 2 && b[0] == 0xff && b[1] == 0xd8 {
						n = readJPEG(t, b, s)
					}
					if n < 0 {
						t.Logf("a picture of %d bytes is not whole", len(b))
						continue
					}
					if last >= 0 {
						steps += (n - last + Cycle) % Cycle
					}
					last = n
					good++
				}
				t.Logf("%d of %d pictures whole, counter went on by %d, in %.1f s", good, wanted, steps, time.Since(started).Seconds())
				if good < wanted-2 || steps < good-1 {
					t.Errorf("only %d pictures of %d are whole, and their counter went on by %d", good, wanted, steps)
				}
			})
		}
	}
}

func TestDeviceCameraUnplugged(t *testing.T) {
	inMachine(t)
	node := hostNode(t)
	v := capture(t, stream{mjpeg, formats[1].sizes[0], 0})
	if _, _, err := picture(v); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(CameraPlug, []byte("\n"), 0); err != nil {
		t.Fatal(err)
	}
	soon(t, "the camera to go", func() bool {
		_, err := os.Stat(node)
		return os.IsNotExist(err)
	})
	soon(t, "reading to fail", func() bool {
		_, _, err := picture(v)
		return err != nil
	})
	if err := os.WriteFile(CameraPlug, []byte(CameraController), 0); err != nil {
		t.Fatal(err)
	}
	again := capture(t, stream{mjpeg, formats[1].sizes[0], 0})
	for range 3 {
		if _, _, err := picture(again); err != nil {
			t.Fatal(err)
		}
	}
}
