package handset

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"
	"periph.io/x/host/v3/gpioioctl"

	"loiret.fr/visioborne/config"
	"loiret.fr/visioborne/kiosk/gpioline"
)

// simulated is a chip of the kernel's gpio-sim with one line.
type simulated struct {
	t    *testing.T
	chip string // its folder in configfs
	pull string // the file that pulls the line up or down, as a switch does
}

func simulate(t *testing.T, name string) *simulated {
	t.Helper()
	s := &simulated{t: t, chip: "/sys/kernel/config/gpio-sim/handset"}
	bank := filepath.Join(s.chip, "bank0")
	if err := os.MkdirAll(filepath.Join(bank, "line0"), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		s.takeAway()
		for _, folder := range []string{filepath.Join(bank, "line0"), bank, s.chip} {
			if err := unix.Rmdir(folder); err != nil {
				t.Errorf("removing %s: %v", folder, err)
			}
		}
	})
	s.write(filepath.Join(bank, "num_lines"), "1")
	s.write(filepath.Join(bank, "line0", "name"), name)
	s.write(filepath.Join(s.chip, "live"), "1")
	s.pull = filepath.Join("/sys/devices/platform", s.read(filepath.Join(s.chip, "dev_name")), s.read(filepath.Join(bank, "chip_name")), "sim_gpio0/pull")
	return s
}

func (s *simulated) write(file, text string) {
	s.t.Helper()
	if err := os.WriteFile(file, []byte(text), 0); err != nil {
		s.t.Fatal(err)
	}
}

func (s *simulated) read(file string) string {
	s.t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		s.t.Fatal(err)
	}
	return strings.TrimSpace(string(text))
}

// set moves the switch, which opens when the handset is lifted.
func (s *simulated) set(lifted bool) {
	s.t.Helper()
	to := "pull-down"
	if lifted {
		to = "pull-up"
	}
	s.write(s.pull, to)
}

// takeAway removes the chip, whoever watches it.
func (s *simulated) takeAway() {
	live := filepath.Join(s.chip, "live")
	if text, err := os.ReadFile(live); err != nil || strings.TrimSpace(string(text)) == "0" {
		return
	}
	if err := os.WriteFile(live, []byte("0"), 0); err != nil {
		s.t.Errorf("taking the chip away: %v", err)
	}
}

// toggle moves the switch again and again, the last time to where it says, as a bouncing contact does, and tells when it
// began to stand still. It fails when the machine was held up so long in between that the contact stood still before.
func (s *simulated) toggle(times int, last bool) (still time.Time, ok bool) {
	s.t.Helper()
	before := time.Now()
	ok = true
	for i := range times {
		s.set(last == ((times-1-i)%2 == 0))
		now := time.Now()
		ok = ok && (i == 0 || now.Sub(before) < gpioline.StillFor/3)
		before = now
	}
	return before, ok
}

// TestDeviceSwitch watches a line of the kernel's, in the test machine: lifted and put back, with a contact that bounces, and a
// line that goes away while the handset is off its hook.
func TestDeviceSwitch(t *testing.T) {
	if os.Getenv("VISIOBORNE_DEVICE_TEST") == "" {
		t.Skip("runs in the test machine: make device-test")
	}
	if len(gpioioctl.Chips) > 0 {
		t.Skip("periph looks for chips once in a program's life, and this one is to come")
	}
	line := simulate(t, "GPIO27")
	s, err := Open(config.Handset{Switch: "GPIO27", Lifted: config.LevelHigh})
	if err != nil {
		t.Fatal(err)
	}
	// Nothing but the machine's own resistor pulls the line up while the switch is open.
	if pull := line.read(line.pull); pull != "pull-up" || !s.Lifted() {
		t.Errorf("the line is on %s, lifted: %v", pull, s.Lifted())
	}
	type told struct {
		lifted bool
		at     time.Time
	}
	moves := make(chan told, 64)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		err = s.Run(ctx, func(lifted bool) { moves <- told{lifted, time.Now()} })
	}()
	defer func() {
		cancel()
		<-ended
		s.Close()
	}()
	next := func(what string, lifted bool) time.Time {
		t.Helper()
		select {
		case m := <-moves:
			if m.lifted != lifted {
				t.Fatalf("%s: lifted: %v", what, m.lifted)
			}
			return m.at
		case <-ended:
			t.Fatalf("%s: it ended: %v", what, err)
		case <-time.After(30 * time.Second):
			t.Fatalf("%s: nothing was told", what)
		}
		return time.Time{}
	}
	// quiet takes what is told until nothing is for a while.
	quiet := func() (more []bool) {
		t.Helper()
		for {
			select {
			case m := <-moves:
				more = append(more, m.lifted)
			case <-time.After(2 * gpioline.LookEvery):
				return more
			}
		}
	}
	next("off its hook from the beginning", true)

	for _, lifted := range []bool{false, true, false} {
		at := time.Now()
		line.set(lifted)
		took := next("moved", lifted).Sub(at)
		t.Logf("lifted: %v, told after %v", lifted, took)
		if took < gpioline.StillFor {
			t.Errorf("it was told after %v, before the contact can be said to stand still", took)
		}
	}
	if more := quiet(); len(more) > 0 {
		t.Errorf("more was told: %v", more)
	}

	// What bounces, or knocks, faster than the machine can be held up: an emulated one is now and then.
	for _, test := range []struct {
		what  string
		times int
		last  bool
		want  int
	}{
		{"lifted, bouncing", 9, true, 1},
		{"put back, bouncing", 9, false, 1},
		{"a knock", 2, false, 0},
	} {
		for attempt := 1; ; attempt++ {
			still, ok := line.toggle(test.times, test.last)
			if ok && test.want == 1 {
				if took := next(test.what, test.last).Sub(still); took < gpioline.StillFor-gpioline.StillFor/3 {
					t.Errorf("%s: it was told %v after it stood still", test.what, took)
				}
			}
			more := quiet()
			if ok && len(more) > 0 {
				t.Errorf("%s: %v was told as well", test.what, more)
			}
			if ok {
				t.Logf("%s: attempt %d", test.what, attempt)
				break
			}
			if attempt == 20 {
				t.Fatalf("%s: the machine is too slow for it", test.what)
			}
			line.set(test.last == (test.want == 0)) // to where it began
			quiet()
		}
	}

	// Sound must not leave a handset that nobody put back.
	line.set(true)
	next("lifted before the line goes", true)
	line.takeAway()
	select {
	case <-ended:
	case <-time.After(30 * time.Second):
		t.Fatal("a line that was taken away is still watched")
	}
	t.Log(err)
	if err == nil || !strings.Contains(err.Error(), "GPIO27") {
		t.Errorf("the error is %v", err)
	}
	if more := quiet(); len(more) > 0 {
		t.Errorf("the line that is gone told %v", more)
	}
}
