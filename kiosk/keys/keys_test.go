package keys

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sys/unix"
	"periph.io/x/conn/v3/gpio"
	"periph.io/x/conn/v3/gpio/gpiotest"

	"loiret.fr/visioborne/config"
	"loiret.fr/visioborne/kiosk/booth"
)

// fingers runs four keys on lines that stand at a level while nothing is pressed, and returns which were told while hand
// pressed them, and the log.
func fingers(t *testing.T, pressed string, resting gpio.Level, hand func(lines []*gpiotest.Pin)) (told []booth.FourKey, log string) {
	t.Helper()
	var b bytes.Buffer
	synctest.Test(t, func(t *testing.T) {
		k := &Keys{log: slog.New(slog.NewTextHandler(&b, nil))}
		var lines []*gpiotest.Pin
		for _, l := range (config.Keys{Previous: "GPIO5", Next: "GPIO6", Repeat: "GPIO13", Choose: "GPIO19"}).Lines() {
			line := &gpiotest.Pin{N: l.Name, EdgesChan: make(chan gpio.Level, 64)}
			if err := k.take(l, line, pressed); err != nil {
				t.Fatal(err)
			}
			if line.P != gpio.PullUp {
				t.Errorf("%s is not pulled up", l.Name)
			}
			if err := line.Out(resting); err != nil {
				t.Fatal(err)
			}
			lines = append(lines, line)
		}
		var mu sync.Mutex
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() {
			ended <- k.Run(ctx, func(key booth.FourKey) {
				mu.Lock()
				defer mu.Unlock()
				told = append(told, key)
			})
		}()
		hand(lines)
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		k.Close()
	})
	return told, b.String()
}

func pass(d time.Duration) { <-time.After(d) }

func TestEachKeyIsToldOnce(t *testing.T) {
	for level, resting := range map[string]gpio.Level{config.LevelLow: gpio.High, config.LevelHigh: gpio.Low} {
		told, log := fingers(t, level, resting, func(lines []*gpiotest.Pin) {
			pass(2 * time.Second)
			for _, line := range lines {
				for range 5 { // it bounces, both ways
					line.EdgesChan <- !resting
					pass(time.Millisecond)
					line.EdgesChan <- resting
					pass(time.Millisecond)
				}
				line.EdgesChan <- !resting
				pass(3 * time.Second) // held for long: still once
				line.EdgesChan <- resting
				pass(time.Second)
			}
		})
		want := []booth.FourKey{booth.KeyPrevious, booth.KeyNext, booth.KeyRepeat, booth.KeyChoose}
		if diff := cmp.Diff(want, told); diff != "" || log != "" {
			t.Errorf("pressed at %s (-want +got):\n%s%s", level, diff, log)
		}
	}
}

// A line whose level is the other way round must not press a key at each start.
func TestAKeyThatIsStuck(t *testing.T) {
	told, log := fingers(t, config.LevelLow, gpio.Low, func(lines []*gpiotest.Pin) {
		pass(2 * time.Second)
		lines[1].EdgesChan <- gpio.High // and comes loose
		pass(time.Second)
		lines[1].EdgesChan <- gpio.Low
		pass(time.Second)
	})
	if diff := cmp.Diff([]booth.FourKey{booth.KeyNext}, told); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if n := strings.Count(log, "pressed from the beginning"); n != 4 || !strings.Contains(log, "GPIO13") {
		t.Errorf("%d of 4 keys are told as stuck: %s", n, log)
	}
}

func TestKeysWithoutChips(t *testing.T) {
	_, err := Open(config.Keys{Previous: "GPIO99", Next: "GPIO6", Repeat: "GPIO13", Choose: "GPIO19"}, slog.New(slog.DiscardHandler))
	if err == nil || !strings.Contains(err.Error(), "opening the keys: ") {
		t.Errorf("%v", err)
	}
}

// event is an input_event of a machine of 64 bits.
func event(kind, code uint16, value int32) []byte {
	b := make([]byte, 16, eventBytes)
	b = binary.NativeEndian.AppendUint16(b, kind)
	b = binary.NativeEndian.AppendUint16(b, code)
	return binary.NativeEndian.AppendUint32(b, uint32(value))
}

func TestPresses(t *testing.T) {
	var all []byte
	for _, e := range [][3]int{
		{4, 4, 458831},
		{evKey, keyRight, 1},
		{0, 0, 0},
		{evKey, keyRight, 2},
		{evKey, keyRight, 0}, // held, and let go
		{evKey, keyKPEnt, 1},
		{evKey, keySpace, 1},
		{evKey, keyUp, 1},
		{evKey, 16, 1},
		{evKey, 59, 1},
		{evKey, 29, 1},  // Q, F1, Control
		{2, keyLeft, 1}, // a mouse
	} {
		all = append(all, event(uint16(e[0]), uint16(e[1]), int32(e[2]))...)
	}
	var told []booth.FourKey
	err := presses(bytes.NewReader(append(all, 1, 2, 3)), func(k booth.FourKey) { told = append(told, k) })
	if !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("it ended with %v", err)
	}
	if diff := cmp.Diff([]booth.FourKey{booth.KeyNext, booth.KeyChoose, booth.KeyRepeat, booth.KeyPrevious}, told); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// What /sys says of keys: a keyboard's bits as a PC has them, a keypad with arrows, Space and Enter, and devices without.
const (
	keyboardBits = "10000 7 ff9f207ac14057ff febeffdfffefffff fffffffffffffffe"
	keypadBits   = "168000000000 200000010000000" // up, left, right, down; Space and Enter
	powerBits    = "10000000000000 0"
)

func inputs(all map[string][2]string) fstest.MapFS {
	sys := fstest.MapFS{"mice": {Data: nil}}
	for event, device := range all {
		sys[event+"/device/name"] = &fstest.MapFile{Data: []byte(device[0] + "\n")}
		sys[event+"/device/capabilities/key"] = &fstest.MapFile{Data: []byte(device[1] + "\n")}
	}
	return sys
}

func TestKeypads(t *testing.T) {
	sys := inputs(map[string][2]string{
		"event0": {"Power Button", powerBits}, "event1": {"AT Keyboard", keyboardBits}, "event2": {"Four keys", keypadBits}, "event3": {"Odd", "xyz"},
	})
	for name, want := range map[string][]Keypad{
		config.AnyKeypad: {{"event1", "AT Keyboard"}, {"event2", "Four keys"}},
		"Four keys":      {{"event2", "Four keys"}},
		"Power Button":   nil,
		"Other":          nil,
	} {
		if diff := cmp.Diff(want, Keypads(sys, name)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	if got := Keypads(fstest.MapFS{"a": nil}, config.AnyKeypad); got != nil {
		t.Errorf("%v", got)
	}
}

// A keypad is read as long as it is plugged in, and again when it comes back. A pipe stands for the device.
func TestAKeypadThatComesAndGoes(t *testing.T) {
	dev := t.TempDir()
	if err := unix.Mkfifo(filepath.Join(dev, "event2"), 0o600); err != nil {
		t.Fatal(err)
	}
	pads := &keypads{
		name: config.AnyKeypad, sys: inputs(map[string][2]string{"event2": {"Four keys", keypadBits}}), dev: dev,
		log: slog.New(slog.DiscardHandler),
	}
	told := make(chan booth.FourKey, 16)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		pads.run(ctx, func(k booth.FourKey) { told <- k })
	}()
	for _, code := range []uint16{keyRight, keyEnter} {
		// Opening it for writing waits for its reader.
		device, err := os.OpenFile(filepath.Join(dev, "event2"), os.O_WRONLY, 0)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := device.Write(event(evKey, code, keyDown)); err != nil {
			t.Fatal(err)
		}
		select {
		case k := <-told:
			if k != meaning(code) {
				t.Errorf("key %d is told as %s", code, k)
			}
		case <-time.After(30 * time.Second):
			t.Fatalf("key %d is not told", code)
		}
		if err := device.Close(); err != nil { // pulled out
			t.Error(err)
		}
	}
	cancel()
	select {
	case <-ended:
	case <-time.After(30 * time.Second):
		t.Fatal("it does not end")
	}
}

func FuzzKeypadCapabilities(f *testing.F) {
	f.Add(keyboardBits)
	f.Add(keypadBits)
	f.Fuzz(func(_ *testing.T, bits string) {
		Keypads(inputs(map[string][2]string{"event2": {"x", bits}}), config.AnyKeypad)
	})
}
