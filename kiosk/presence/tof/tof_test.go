package tof

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"periph.io/x/conn/v3/i2c/i2ctest"
	"periph.io/x/conn/v3/physic"

	"loiret.fr/visioborne/kiosk/presence"
)

// What passes on the bus, as the documents have it.
func wrote(register uint16, wide bool, values ...byte) i2ctest.IO {
	r := registers{wide: wide}
	return i2ctest.IO{Addr: 0x29, W: append(r.at(register), values...)}
}

func read(register uint16, wide bool, values ...byte) i2ctest.IO {
	r := registers{wide: wide}
	return i2ctest.IO{Addr: 0x29, W: r.at(register), R: values}
}

// result1 is what a VL53L1X has measured: a status, then signal and ambient rates, and a distance of which two bytes count.
func result1(status byte, mm int) []byte {
	b := []byte{status, 0x00, 0x1e, 0x0a, 0x40, 0x00, 0x9c, 0x00, 0x0b, 0x00, 0x2f, 0x00, 0x7a, 0, 0, 0x01, 0x83}
	b[13], b[14] = byte(mm>>8), byte(mm)
	return b
}

// result0 is the same of a VL53L0X.
func result0(status byte, mm int) []byte {
	b := []byte{status<<3 | 1, 0x00, 0x07, 0x80, 0x00, 0x21, 0x01, 0x90, 0x00, 0x1c, 0, 0}
	b[10], b[11] = byte(mm>>8), byte(mm)
	return b
}

// TestVL53L1X plays a whole life of a VL53L1X: asked, reset, configured by UM2356's order, three measurements, stopped.
func TestVL53L1X(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const w = true
		bus := &i2ctest.Playback{DontPanic: true, Ops: []i2ctest.IO{
			read(0xc0, false, 0, 0, 0),
			read(0x010f, w, 0xea, 0xcc),
			wrote(0x0000, w, 0), wrote(0x0000, w, 1),
			read(0x00e5, w, 0), read(0x00e5, w, 3),
			wrote(0x002d, w, l1Defaults()...),
			wrote(0x0087, w, 0x40), read(0x0031, w, 2), read(0x0031, w, 3), wrote(0x0086, w, 1), wrote(0x0087, w, 0),
			wrote(0x0008, w, 9), wrote(0x000b, w, 0),
			wrote(0x005e, w, 0x01, 0xcc), wrote(0x0061, w, 0x01, 0xea),
			read(0x00de, w, 0xfe, 0x74),              // 628 ticks a millisecond
			wrote(0x006c, w, 0x00, 0x02, 0x0f, 0x6c), // 628 * 200 * 1.075
			wrote(0x0086, w, 1), wrote(0x0087, w, 0x40),
			read(0x0031, w, 2),
			read(0x0031, w, 3), read(0x0089, w, result1(9, 812)...), wrote(0x0086, w, 1),
			read(0x0031, w, 3), read(0x0089, w, result1(4, 0)...), wrote(0x0086, w, 1),
			read(0x0031, w, 3), read(0x0089, w, result1(2, 55)...), wrote(0x0086, w, 1),
			wrote(0x0087, w, 0),
		}}
		c, err := identify(bus)
		if err != nil {
			t.Fatal(err)
		}
		s := &Sensor{bus, c}
		if s.Name() != "VL53L1X" {
			t.Errorf("it is taken for a %s", s.Name())
		}
		got, err := take(t, s, 3)
		if err != nil {
			t.Error(err)
		}
		want := []presence.Measured{{Target: presence.TargetSeen, Millimetres: 812}, {Target: presence.TargetNone}, {Target: presence.TargetInvalid}}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
}

// take runs a sensor until it has measured so many times.
func take(t *testing.T, s *Sensor, times int) (got []presence.Measured, err error) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	err = s.Run(ctx, func(m presence.Measured) {
		if got = append(got, m); len(got) == times {
			cancel()
		}
	})
	return got, err
}

// fake is a VL53L0X as far as its driver sees it: registers in pages, a memory that takes its time, measurements that do.
type fake struct {
	pages   map[byte]*[256]byte
	page    byte
	asked   int // how often a measurement or the memory was asked for since it was begun
	results [][]byte
	broken  int // the transfer that fails; 0 for none
	count   int
}

func newFake(results ...[]byte) *fake {
	f := &fake{pages: map[byte]*[256]byte{}, results: results}
	for _, p := range []byte{0, 1, 6, 7} {
		f.pages[p] = new([256]byte)
	}
	copy(f.pages[0][0xc0:], "\xee\xaa\x10")
	copy(f.pages[0][0xb0:], "\xff\xff\x7f\xff\xff\xff")
	copy(f.pages[0][0xf8:], "\x01\x2c") // 300 ticks a millisecond
	f.pages[1][0x91] = 0x3c
	f.pages[7][0x92] = 0x80 | 5 // five behind the aperture
	return f
}

func (f *fake) String() string                  { return "fake" }
func (f *fake) SetSpeed(physic.Frequency) error { return nil }
func (f *fake) Close() error                    { return nil }

func (f *fake) Tx(addr uint16, w, r []byte) error {
	if f.count++; f.count == f.broken {
		return errors.New("remote I/O error")
	}
	if addr != 0x29 || len(w) == 0 {
		return fmt.Errorf("nobody has the address %#x", addr)
	}
	at := f.pages[f.page]
	for i, v := range w[1:] {
		switch register := w[0] + byte(i); {
		case register == 0xff:
			if f.page = v; f.pages[v] == nil {
				return fmt.Errorf("there is no page %d", v)
			}
			at = f.pages[v]
		case f.page == 0 && register == l0InterruptClear:
			at[l0InterruptStatus], f.asked = 0, 0
		default:
			at[register] = v
		}
	}
	if len(r) == 0 {
		return nil
	}
	switch {
	case f.page == 7 && w[0] == 0x83 && at[0x83] == 0:
		if f.asked++; f.asked > 2 {
			at[0x83], f.asked = 0x10, 0
		}
	case f.page == 0 && w[0] == l0InterruptStatus:
		start := at[l0RangeStart]
		if f.asked++; f.asked > 3 && start&7 != 0 && (start != l0Timed || len(f.results) > 0) {
			at[l0InterruptStatus] = 4
		}
	case f.page == 0 && w[0] == l0Result && len(f.results) > 0:
		copy(at[l0Result:], f.results[0])
		f.results = f.results[1:]
	}
	copy(r, at[w[0]:])
	return nil
}

func TestVL53L0X(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(result0(11, 640), result0(4, 8190), result0(11, 8191), result0(8, 22), result0(1, 500))
		c, err := identify(f)
		if err != nil {
			t.Fatal(err)
		}
		s := &Sensor{f, c}
		if s.Name() != "VL53L0X" {
			t.Errorf("it is taken for a %s", s.Name())
		}
		got, err := take(t, s, 5)
		if err != nil {
			t.Error(err)
		}
		want := []presence.Measured{
			{Target: presence.TargetSeen, Millimetres: 640},
			{Target: presence.TargetNone},
			{Target: presence.TargetNone},
			{Target: presence.TargetSeen, Millimetres: 22},
			{Target: presence.TargetInvalid},
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		if f.page != 0 {
			t.Errorf("it is left on page %d", f.page)
		}
		for _, r := range []struct {
			page, register byte
			want           []byte
		}{
			{0, l0Sequence, []byte{0xe8}},
			{0, l0Period, []byte{0x00, 0x00, 0xea, 0x60}}, // 300 * 200
			{0, l0ReferenceMap, []byte{0x00, 0xf0, 0x01, 0, 0, 0}},
			{0, l0RateLimit, []byte{0x00}}, // by the tuning
			{1, l0ReferenceCount, []byte{0x2c}},
			{1, 0x4b, []byte{0x09}},
			{7, 0x94, []byte{0x6b}},
			{0, l0PadVoltage, []byte{1}},
			{0, l0RangeStart, []byte{1}}, // stopped
		} {
			if got := f.pages[r.page][r.register:][:len(r.want)]; string(got) != string(r.want) {
				t.Errorf("register %#x on page %d is % x; expected % x", r.register, r.page, got, r.want)
			}
		}
	})
}

// TestMeasurementVL53L0X plays the transfers of one measurement.
func TestMeasurementVL53L0X(t *testing.T) {
	const w = false
	bus := &i2ctest.Playback{DontPanic: true, Ops: []i2ctest.IO{
		read(0x13, w, 0x40),
		read(0x13, w, 0x44), read(0x14, w, result0(11, 701)...), wrote(0x0b, w, 1),
	}}
	v := &vl53l0x{registers: registers{bus: bus}}
	if _, ok, err := v.measured(); ok || err != nil {
		t.Errorf("a measurement that is not there: %v, %v", ok, err)
	}
	if m, ok, err := v.measured(); !ok || err != nil || m.Millimetres != 701 {
		t.Errorf("%+v, %v, %v", m, ok, err)
	}
	if err := bus.Close(); err != nil {
		t.Error(err)
	}
}

// Whichever transfer fails, the sensor ends with an error that says what was done.
func TestABrokenWire(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		whole := newFake(result0(11, 640))
		if _, err := take(t, &Sensor{whole, &vl53l0x{registers: registers{bus: whole}}}, 1); err != nil {
			t.Fatal(err)
		}
		for n := 1; n < whole.count-7; n++ { // the last ones stop it
			f := newFake(result0(11, 640))
			f.broken = n
			_, err := take(t, &Sensor{f, &vl53l0x{registers: registers{bus: f}}}, 1)
			if err == nil || !strings.Contains(err.Error(), "ing the VL53L0X: ") && !strings.Contains(err.Error(), "measuring with the VL53L0X: ") || !strings.Contains(err.Error(), "register 0x") {
				t.Fatalf("transfer %d of %d: %v", n, whole.count, err)
			}
		}
	})
}

func TestASensorThatIsNotThere(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		if _, err := identify(&i2ctest.Playback{DontPanic: true}); !errors.Is(err, errNoSensor) {
			t.Errorf("nothing on the bus: %v", err)
		}
		other := newFake()
		copy(other.pages[0][0xc0:], "\x12\x34\x56")
		if _, err := identify(other); !errors.Is(err, errNoSensor) || !strings.Contains(err.Error(), "123456") {
			t.Errorf("another chip: %v", err)
		}
		// It was there, and does not measure.
		f := newFake()
		_, err := take(t, &Sensor{f, &vl53l0x{registers: registers{bus: f}}}, 1)
		if err == nil || !strings.Contains(err.Error(), "it has not measured for 2s") {
			t.Errorf("a sensor that does not measure: %v", err)
		}
		dead := newFake()
		dead.pages[7][0x83] = 0
		dead.asked = -1 << 30
		_, err = take(t, &Sensor{dead, &vl53l0x{registers: registers{bus: dead}}}, 1)
		if err == nil || !strings.Contains(err.Error(), "waiting for the sensor's memory") {
			t.Errorf("a sensor that does not start: %v", err)
		}
	})
	for device, want := range map[string]string{"/dev/ttyS0": "such as /dev/i2c-1", "/dev/i2c-99": "/dev/i2c-99"} {
		if _, err := Open(device); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", device, err)
		}
	}
}

func TestMeasureOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(result0(11, 640), result0(11, 650))
		m, err := (&Sensor{f, &vl53l0x{registers: registers{bus: f}}}).Measure(t.Context())
		if err != nil || m.Millimetres != 640 {
			t.Errorf("%+v, %v", m, err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := (&Sensor{newFake(), &vl53l0x{registers: registers{bus: newFake()}}}).Measure(ctx); err == nil {
			t.Error("a sensor without a measurement has measured")
		}
	})
}

func TestReference(t *testing.T) {
	good := []byte{0xff, 0x0f, 0xf0, 0xff, 0xff, 0xff}
	for _, c := range []struct {
		count    int
		aperture bool
		want     []byte
	}{
		{0, false, []byte{0, 0, 0, 0, 0, 0}},
		{3, false, []byte{0x07, 0, 0, 0, 0, 0}},
		{13, false, []byte{0xff, 0x0f, 0x10, 0, 0, 0}},
		{5, true, []byte{0, 0, 0xf0, 0x01, 0, 0}},
		{127, true, []byte{0, 0, 0xf0, 0xff, 0xff, 0xff}},
	} {
		if diff := cmp.Diff(c.want, reference(good, c.count, c.aperture)); diff != "" {
			t.Errorf("%d, %v (-want +got):\n%s", c.count, c.aperture, diff)
		}
	}
}

// FuzzResult: whatever the chips say, it is one of the three targets, and a distance is one that two bytes hold.
func FuzzResult(f *testing.F) {
	f.Add(result1(9, 812))
	f.Add(result0(11, 640))
	f.Fuzz(func(t *testing.T, b []byte) {
		whole := make([]byte, 17)
		copy(whole, b)
		for _, c := range []chip{
			&vl53l1x{registers{bus: &i2ctest.Playback{DontPanic: true, Ops: []i2ctest.IO{read(0x31, true, 1), read(0x89, true, whole...), wrote(0x86, true, 1)}}, wide: true}},
			&vl53l0x{registers: registers{bus: &i2ctest.Playback{DontPanic: true, Ops: []i2ctest.IO{read(0x13, false, 1), read(0x14, false, whole[:12]...), wrote(0x0b, false, 1)}}}},
		} {
			m, ok, err := c.measured()
			if !ok || err != nil {
				t.Fatalf("%s: %v, %v", c.name(), ok, err)
			}
			switch m.Target {
			case presence.TargetSeen:
				if m.Millimetres < 0 || m.Millimetres > 0xffff {
					t.Errorf("%s: %+v", c.name(), m)
				}
			case presence.TargetNone, presence.TargetInvalid:
				if m.Millimetres != 0 {
					t.Errorf("%s: %+v", c.name(), m)
				}
			default:
				t.Errorf("%s: %+v", c.name(), m)
			}
		}
	})
}

// trace reads a trace of what a sensor measured: a line of hexadecimal bytes for each, as they stood in its registers.
func trace(t *testing.T, name string) (all [][]byte) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		if line = strings.TrimSpace(line); line == "" || line[0] == '#' {
			continue
		}
		var b []byte
		if _, err := fmt.Sscanf(strings.ReplaceAll(line, " ", ""), "%x", &b); err != nil || len(b) != l0ResultLength {
			t.Fatalf("%q: %v", line, err)
		}
		all = append(all, b)
	}
	return all
}

// TestTrace: somebody comes, sits down and leaves, through the driver and what puts readings together.
func TestTrace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		results := trace(t, "vl53l0x-visit.txt")
		f := newFake(results...)
		o := presence.Options{Distance: true, NearMM: 1500, SeatedMM: 900}
		var s presence.State
		var levels []presence.Level
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		n := 0
		err := (&Sensor{f, &vl53l0x{registers: registers{bus: f}}}).Run(ctx, func(m presence.Measured) {
			s = presence.Step(s, o, time.Now(), m)
			if len(levels) == 0 || levels[len(levels)-1] != s.Level() {
				levels = append(levels, s.Level())
			}
			if n++; n == len(results) {
				cancel()
			}
		})
		if err != nil {
			t.Error(err)
		}
		if diff := cmp.Diff([]presence.Level{presence.Absent, presence.Near, presence.Seated, presence.Near, presence.Absent}, levels); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
}
