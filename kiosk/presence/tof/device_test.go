package tof

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
	"periph.io/x/conn/v3/physic"

	"loiret.fr/visioborne/kiosk/presence"
)

// smbus is a bus through the kernel's SMBus calls: its i2c-stub knows no others.
type smbus struct{ fd int }

func openSMBus(t *testing.T) *smbus {
	t.Helper()
	names, err := filepath.Glob("/sys/class/i2c-dev/*/name")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if strings.TrimSpace(string(text)) != "SMBus stub driver" {
			continue
		}
		fd, err := unix.Open(filepath.Join("/dev", filepath.Base(filepath.Dir(name))), unix.O_RDWR|unix.O_CLOEXEC, 0)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := unix.Close(fd); err != nil {
				t.Error(err)
			}
		})
		if err := unix.IoctlSetInt(fd, 0x0703, address); err != nil { // I2C_SLAVE
			t.Fatal(err)
		}
		return &smbus{fd}
	}
	t.Fatal("there is no i2c-stub")
	return nil
}

func (b *smbus) String() string                  { return "SMBus" }
func (b *smbus) SetSpeed(physic.Frequency) error { return nil }
func (b *smbus) Close() error                    { return nil }

// Tx writes, or reads, registers of 8-bit addresses: a byte, or a block of up to 32.
func (b *smbus) Tx(_ uint16, w, r []byte) error {
	const byteData, blockData = 2, 8 // I2C_SMBUS_BYTE_DATA, I2C_SMBUS_I2C_BLOCK_DATA
	data := make([]byte, 34)
	call := func(reads byte, size uint32) error {
		args := make([]byte, 16) // struct i2c_smbus_ioctl_data
		args[0], args[1] = reads, w[0]
		binary.NativeEndian.PutUint32(args[4:], size)
		binary.NativeEndian.PutUint64(args[8:], uint64(uintptr(unsafe.Pointer(unsafe.SliceData(data)))))
		_, _, errno := unix.Syscall(unix.SYS_IOCTL, uintptr(b.fd), 0x0720, uintptr(unsafe.Pointer(unsafe.SliceData(args)))) // I2C_SMBUS
		runtime.KeepAlive(data)
		if errno != 0 {
			return errno
		}
		return nil
	}
	if len(w) == 0 || len(w)-1 > 32 || len(r) > 32 || len(r) > 0 && len(w) > 1 {
		return errors.New("no SMBus call does that")
	}
	switch {
	case len(r) == 1:
		err := call(1, byteData)
		r[0] = data[0]
		return err
	case len(r) > 1:
		data[0] = byte(len(r))
		err := call(1, blockData)
		copy(r, data[1:])
		return err
	case len(w) == 2:
		data[0] = w[1]
		return call(0, byteData)
	}
	data[0] = byte(copy(data[1:], w[1:]))
	return call(0, blockData)
}

// poke writes registers as the sensor itself does.
func (b *smbus) poke(register byte, values ...byte) error {
	return b.Tx(address, append([]byte{register}, values...), nil)
}

// TestDeviceDistance runs the VL53L0X's driver through the kernel's I2C against i2c-stub, in the test machine. The stub is a
// memory: it has neither pages nor a will. So its registers are those of page 0, and this test does what the sensor does by
// itself: it answers for the memory and the calibration, and puts a trace's measurements there. The VL53L1X has addresses of
// 16 bits, which SMBus calls do not know.
func TestDeviceDistance(t *testing.T) {
	if os.Getenv("VISIOBORNE_DEVICE_TEST") == "" {
		t.Skip("runs in the test machine: make device-test")
	}
	bus, sensor := openSMBus(t), openSMBus(t)
	all := errors.Join(
		sensor.poke(l0Identification, 0xee, 0xaa, 0x10), sensor.poke(0x92, 0x80|5),
		sensor.poke(l0ReferenceMap, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff), sensor.poke(l0Oscillator, 0x01, 0x2c),
	)
	if all != nil {
		t.Fatal(all)
	}
	c, err := identify(bus)
	if err != nil {
		t.Fatal(err)
	}
	s := &Sensor{bus, c}
	results := trace(t, "vl53l0x-visit.txt")

	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	told, ended := make(chan presence.Measured, len(results)), make(chan error, 1)
	go func() { ended <- s.Run(ctx, func(m presence.Measured) { told <- m }) }()

	// The sensor's own side, while it starts: what is waited for comes.
	deadline := time.Now().Add(30 * time.Second)
	for {
		start := make([]byte, 1)
		if err := sensor.Tx(address, []byte{l0RangeStart}, start); err != nil {
			t.Fatal(err)
		}
		if start[0] == l0Timed {
			break
		}
		if err := errors.Join(sensor.poke(0x83, 0x10), sensor.poke(l0InterruptStatus, 4)); err != nil {
			t.Fatal(err)
		}
		select {
		case err := <-ended:
			t.Fatalf("it ended: %v", err)
		case <-time.After(time.Millisecond):
		}
		if time.Now().After(deadline) {
			t.Fatal("the driver does not start the sensor")
		}
	}
	if err := sensor.poke(l0InterruptStatus, 0); err != nil {
		t.Fatal(err)
	}
	for len(told) > 0 { // what was told before the interrupt was taken back
		<-told
	}

	o := presence.Options{Distance: true, NearMM: 1500, SeatedMM: 900}
	var state presence.State
	var levels []string
	at := time.Now()
	for i, result := range results {
		if err := errors.Join(sensor.poke(l0InterruptClear, 0), sensor.poke(l0Result, result...), sensor.poke(l0InterruptStatus, 4)); err != nil {
			t.Fatal(err)
		}
		want := presence.Measured{Target: presence.TargetNone}
		if result[0]>>3 == 11 {
			want = distanceOf(result[l0DistanceInResults:])
		}
		var m presence.Measured
		for waiting := time.After(30 * time.Second); m != want; { // the one before may be told of once more
			select {
			case m = <-told:
			case err := <-ended:
				t.Fatalf("measurement %d: it ended: %v", i, err)
			case <-waiting:
				t.Fatalf("measurement %d is not told of; the last one is %+v, expected %+v", i, m, want)
			}
		}
		if err := sensor.poke(l0InterruptStatus, 0); err != nil {
			t.Fatal(err)
		}
		for len(told) > 0 { // the same once more, before the interrupt was taken back
			<-told
		}
		cleared := make([]byte, 1)
		if err := sensor.Tx(address, []byte{l0InterruptClear}, cleared); err != nil || cleared[0] != 1 {
			t.Errorf("measurement %d: the driver has not cleared the interrupt: %v", i, err)
		}
		at = at.Add(period)
		state = presence.Step(state, o, at, m)
		if l := string(state.Level()); len(levels) == 0 || levels[len(levels)-1] != l {
			levels = append(levels, l)
		}
	}
	if got := fmt.Sprint(levels); got != "[absent near seated near absent]" {
		t.Errorf("it amounts to %s", got)
	}
	cancel()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}
