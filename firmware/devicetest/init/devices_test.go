package main

import (
	"encoding/binary"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// inMachine skips a test that is not run in the machine.
func inMachine(t *testing.T) {
	t.Helper()
	if os.Getenv("VISIOBORNE_DEVICE_TEST") == "" {
		t.Skip("runs in the test machine: make device-test")
	}
}

// ioctl calls with a structure of the kernel's, given as its bytes.
func ioctl(fd int, direction uintptr, kind byte, number uintptr, b []byte) error {
	_, _, err := unix.Syscall(unix.SYS_IOCTL, uintptr(fd), direction<<30|uintptr(len(b))<<16|uintptr(kind)<<8|number,
		uintptr(unsafe.Pointer(unsafe.SliceData(b))))
	if err != 0 {
		return err
	}
	return nil
}

func open(t *testing.T, name string) int {
	t.Helper()
	fd, err := unix.Open(name, unix.O_RDWR|unix.O_NONBLOCK|unix.O_CLOEXEC, 0)
	if err != nil {
		t.Fatalf("opening %s: %v", name, err)
	}
	t.Cleanup(func() {
		if err := unix.Close(fd); err != nil {
			t.Error(err)
		}
	})
	return fd
}

// named gives the device nodes of a class by the content of a file in sysfs.
func named(t *testing.T, pattern string) map[string]string {
	t.Helper()
	files, err := filepath.Glob(pattern)
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]string{}
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			t.Error(err)
		}
		all[strings.TrimSpace(string(text))] = filepath.Join("/dev", filepath.Base(filepath.Dir(f)))
	}
	return all
}

func TestDeviceVideoNodes(t *testing.T) {
	inMachine(t)
	const capture, captureMulti, output, memoryMulti, memory = 0x1, 0x1000, 0x2, 0x4000, 0x8000 // V4L2_CAP_...
	nodes := named(t, "/sys/class/video4linux/*/name")
	for name, want := range map[string]uint32{
		"vivid-000-vid-cap": capture,
		"vivid-001-vid-cap": captureMulti,
		"stateful-encoder":  memoryMulti,
		"stateful-decoder":  memoryMulti,
		"vim2m":             memory,
		"dummy_udc":         output,
	} {
		node, ok := nodes[name]
		if !ok {
			t.Errorf("no node is called %s", name)
			continue
		}
		b := make([]byte, 104) // struct v4l2_capability
		if err := ioctl(open(t, node), 2, 'V', 0, b); err != nil {
			t.Errorf("asking %s: %v", name, err)
		} else if got := binary.NativeEndian.Uint32(b[88:]); got&(capture|captureMulti|output|memoryMulti|memory) != want {
			t.Errorf("%s can do %#x; expected %#x", name, got, want)
		}
	}
	if nodes["Test camera: Test camera"] == "" {
		t.Errorf("no USB camera among %v", nodes)
	}
}

func TestDeviceSoundCards(t *testing.T) {
	inMachine(t)
	cards := named(t, "/sys/class/sound/card*/id")
	for _, id := range []string{"Loopback", "UAC2Gadget", "headset"} {
		node, ok := cards[id]
		if !ok {
			t.Errorf("no sound card %s among %v", id, cards)
			continue
		}
		number := strings.TrimPrefix(filepath.Base(node), "card")
		for _, device := range []string{"controlC" + number, "pcmC" + number + "D0p"} {
			if _, err := os.Stat("/dev/snd/" + device); err != nil {
				t.Errorf("%s: %v", id, err)
			}
		}
	}
}

// A register of a chip on the bus keeps what is written there.
func TestDeviceI2C(t *testing.T) {
	inMachine(t)
	const setAddress, transfer = 0x0703, 0x0720
	node := named(t, "/sys/class/i2c-dev/*/name")["SMBus stub driver"]
	for _, address := range []int{0x29, 0x48, 0x51} {
		fd := open(t, node)
		if err := unix.IoctlSetInt(fd, setAddress, address); err != nil {
			t.Fatal(err)
		}
		// struct i2c_smbus_ioctl_data: direction, register, size (2: one byte), the data's address
		data := make([]byte, 34)
		call := func(direction byte) {
			b := make([]byte, 16)
			b[0], b[1] = direction, 0x10
			binary.NativeEndian.PutUint32(b[4:], 2)
			binary.NativeEndian.PutUint64(b[8:], uint64(uintptr(unsafe.Pointer(unsafe.SliceData(data)))))
			if _, _, err := unix.Syscall(unix.SYS_IOCTL, uintptr(fd), transfer, uintptr(unsafe.Pointer(unsafe.SliceData(b)))); err != 0 {
				t.Fatalf("at %#x: %v", address, err)
			}
		}
		data[0] = byte(address)
		call(0)
		data[0] = 0
		call(1)
		if data[0] != byte(address) {
			t.Errorf("the register at %#x says %#x", address, data[0])
		}
	}
}

// A line that is pulled up gives an edge, which goes through the simulated interrupts.
func TestDevicePins(t *testing.T) {
	inMachine(t)
	const line = 3
	b := make([]byte, 592)                     // struct gpio_v2_line_request
	binary.NativeEndian.PutUint32(b, line)     // offsets[0]
	copy(b[256:], "test")                      // consumer
	binary.NativeEndian.PutUint64(b[288:], 52) // config.flags: input, rising and falling edge
	binary.NativeEndian.PutUint32(b[560:], 1)  // num_lines
	if err := ioctl(open(t, "/dev/gpiochip0"), 3, 0xb4, 7, b); err != nil {
		t.Fatalf("asking for the line: %v", err)
	}
	fd := int(int32(binary.NativeEndian.Uint32(b[588:])))
	defer unix.Close(fd)
	pulls, err := filepath.Glob("/sys/devices/platform/gpio-sim.*/gpiochip*/sim_gpio3/pull")
	if err != nil || len(pulls) != 1 {
		t.Fatalf("pulls: %v, %v", pulls, err)
	}
	for i, pull := range []string{"pull-up", "pull-down"} {
		if err := os.WriteFile(pulls[0], []byte(pull), 0); err != nil {
			t.Fatal(err)
		}
		ready := []unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}}
		if n, err := unix.Poll(ready, int(10*time.Second/time.Millisecond)); n != 1 || err != nil {
			t.Fatalf("no edge after %s: %v", pull, err)
		}
		event := make([]byte, 48) // struct gpio_v2_line_event
		if _, err := unix.Read(fd, event); err != nil {
			t.Fatal(err)
		}
		if id, at := binary.NativeEndian.Uint32(event[8:]), binary.NativeEndian.Uint32(event[12:]); id != uint32(i+1) || at != line {
			t.Errorf("after %s: event %d of line %d", pull, id, at)
		}
	}
}

func TestDeviceInput(t *testing.T) {
	inMachine(t)
	if err := unix.Access("/dev/uinput", unix.W_OK); err != nil {
		t.Error(err)
	}
}
