package gadget

import (
	"encoding/binary"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unsafe"

	"golang.org/x/sys/unix"
)

// What sound/asound.h has of PCM devices, on 64-bit machines.
const (
	hardwareBytes = 608
	transferBytes = 24
)

var (
	pcmHardware = ioctlNumber(in|out, 'A', 0x11, hardwareBytes)
	pcmPrepare  = ioctlNumber(0, 'A', 0x40, 0)
	pcmWrite    = ioctlNumber(in, 'A', 0x50, transferBytes)
	pcmRead     = ioctlNumber(out, 'A', 0x51, transferBytes)
)

// pcm opens a device for interleaved 16-bit sound at 48 kHz, with 320 ms of buffer.
func pcm(t *testing.T, name string, flags, channels int) int {
	t.Helper()
	fd, err := unix.Open(name, flags|unix.O_CLOEXEC, 0)
	if err != nil {
		t.Fatalf("opening %s: %v", name, err)
	}
	t.Cleanup(func() {
		if err := unix.Close(fd); err != nil {
			t.Error(err)
		}
	})
	b := make([]byte, hardwareBytes)
	for i := 4; i < 100; i++ {
		b[i] = 0xff // masks: anything
	}
	for i, bit := range []byte{3, 2, 0} { // interleaved, S16_LE, the standard subformat
		mask := b[4+32*i:][:32]
		clear(mask)
		mask[0] = 1 << bit
	}
	for i := range 12 {
		binary.NativeEndian.PutUint32(b[260+12*i+4:], 0xffffffff) // intervals: anything
	}
	for i, n := range map[int]uint32{2: uint32(channels), 3: 48000, 5: 960, 9: 15360} { // channels, rate, period, buffer
		binary.NativeEndian.PutUint32(b[260+12*i:], n)
		binary.NativeEndian.PutUint32(b[260+12*i+4:], n)
	}
	binary.NativeEndian.PutUint32(b[512:], 0xffffffff) // all of it is asked for
	v := video{fd: fd}
	if err := v.call(pcmHardware, b); err != nil {
		t.Fatalf("setting up %s: %v", name, err)
	}
	if err := v.call(pcmPrepare, nil); err != nil {
		t.Fatalf("preparing %s: %v", name, err)
	}
	return fd
}

// transfer plays or records. A machine that is emulated and busy may have been too late for the buffer, or for the other
// side: then it begins again.
func transfer(fd int, number uintptr, samples []int16, frames, channels int) error {
	again := true
	for frames > 0 {
		b := make([]uintptr, 3) // result, buffer, frames
		b[1], b[2] = uintptr(unsafe.Pointer(unsafe.SliceData(samples))), uintptr(frames)
		_, _, err := unix.Syscall(unix.SYS_IOCTL, uintptr(fd), number, uintptr(unsafe.Pointer(unsafe.SliceData(b))))
		switch {
		case err == 0:
			frames -= int(b[0]) // a signal may cut it short
			samples = samples[int(b[0])*channels:]
		case (err == unix.EPIPE || err == unix.EIO) && again:
			again = false
			v := video{fd: fd}
			if err := v.call(pcmPrepare, nil); err != nil {
				return err
			}
		case err != unix.EINTR:
			return err
		}
	}
	return nil
}

// soundDevice is the PCM device of the card for which is is true.
func soundDevice(t *testing.T, what, suffix string, is func(card string) bool) string {
	t.Helper()
	var name string
	soon(t, what, func() bool {
		cards, err := filepath.Glob("/sys/class/sound/card*")
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range cards {
			name = "/dev/snd/pcmC" + strings.TrimPrefix(filepath.Base(c), "card") + "D0" + suffix
			if _, err := os.Stat(name); err == nil && is(c) {
				return true
			}
		}
		return false
	})
	return name
}

func isGadget(card string) bool {
	id, err := os.ReadFile(card + "/id")
	return err == nil && strings.TrimSpace(string(id)) == "UAC2Gadget"
}

func isHeadset(card string) bool {
	driver, err := filepath.EvalSymlinks(card + "/device/driver")
	return err == nil && filepath.Base(driver) == "snd-usb-audio"
}

// Sound that is played on one side is what the other records, sample by sample.
func TestDeviceSoundCardStreams(t *testing.T) {
	inMachine(t)
	for _, test := range []struct {
		name             string
		from, to         func(string) bool
		channels, frames int
	}{
		{"the host plays", isHeadset, isGadget, 2, 48000},
		{"the host records", isGadget, isHeadset, 1, 48000},
	} {
		t.Run(test.name, func(t *testing.T) {
			player := pcm(t, soundDevice(t, "a player", "p", test.from), unix.O_RDWR, test.channels)
			recorder := pcm(t, soundDevice(t, "a recorder", "c", test.to), unix.O_RDWR, test.channels)
			played, recorded := make([]int16, test.frames*test.channels), make([]int16, test.frames*test.channels)
			for i := range played {
				played[i] = int16(i%30000 + 1)
			}
			ended := make(chan error)
			stop := make(chan struct{})
			const part = 2400
			go func() {
				for at := 0; ; at = (at + part) % test.frames {
					select {
					case <-stop:
						ended <- nil
						return
					default:
					}
					if err := transfer(player, pcmWrite, played[at*test.channels:], part, test.channels); err != nil {
						ended <- err
						return
					}
				}
			}()
			for at := 0; at < test.frames; at += part {
				if err := transfer(recorder, pcmRead, recorded[at*test.channels:], part, test.channels); err != nil {
					t.Errorf("recording: %v", err)
					break
				}
			}
			close(stop)
			if err := <-ended; err != nil {
				t.Errorf("playing: %v", err)
			}
			longest, run := 0, 0
			for i := 1; i < len(recorded); i++ {
				if recorded[i-1] > 0 && (recorded[i] == recorded[i-1]+1 || recorded[i] == 1 && recorded[i-1] == 30000) {
					run++
				} else {
					run = 0
				}
				longest = max(longest, run)
			}
			t.Logf("%.0f ms without a gap", float64(longest)/float64(test.channels)/48)
			if longest < 4800*test.channels {
				t.Error("less than 100 ms of sound came through in one piece")
			}
		})
	}
}
