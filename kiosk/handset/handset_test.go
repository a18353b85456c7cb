package handset

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"periph.io/x/conn/v3/gpio"
	"periph.io/x/conn/v3/gpio/gpiotest"

	"loiret.fr/visioborne/config"
	"loiret.fr/visioborne/kiosk/gpioline"
)

// move is what Run told, and when, from the beginning.
type move struct {
	Lifted bool
	After  time.Duration
}

// watch runs a switch on a line that stands at a level in the beginning, and returns what was told while hand moved it.
func watch(t *testing.T, lifted string, begins gpio.Level, hand func(set func(gpio.Level))) []move {
	t.Helper()
	var got []move
	synctest.Test(t, func(t *testing.T) {
		pin := &gpiotest.Pin{N: "GPIO27", EdgesChan: make(chan gpio.Level, 16)}
		s, err := open(pin, config.Handset{Switch: "GPIO27", Lifted: lifted})
		if err != nil {
			t.Fatal(err)
		}
		if pin.P != gpio.PullUp {
			t.Errorf("the line is not pulled up: %v", pin.P)
		}
		if err := pin.Out(begins); err != nil {
			t.Fatal(err)
		}
		began := time.Now()
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() {
			ended <- s.Run(ctx, func(lifted bool) { got = append(got, move{lifted, time.Since(began)}) })
		}()
		hand(func(l gpio.Level) { pin.EdgesChan <- l })
		cancel()
		asked := time.Now()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		if took := time.Since(asked); took > gpioline.LookEvery {
			t.Errorf("it took %v to end", took)
		}
		s.Close()
	})
	return got
}

// pass lets time pass on the bubble's clock.
func pass(d time.Duration) { <-time.After(d) }

func TestLiftedAndPutBack(t *testing.T) {
	const resting = gpio.Low
	hand := func(set func(gpio.Level)) {
		pass(time.Second)
		set(!resting)
		pass(time.Second)
		set(resting)
		pass(time.Second)
	}
	want := []move{{true, time.Second + gpioline.StillFor}, {false, 2*time.Second + gpioline.StillFor}}
	if diff := cmp.Diff(want, watch(t, config.LevelHigh, resting, hand)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	// A switch that closes when the handset is lifted.
	other := func(set func(gpio.Level)) { hand(func(l gpio.Level) { set(!l) }) }
	if diff := cmp.Diff(want, watch(t, config.LevelLow, !resting, other)); diff != "" {
		t.Errorf("the other way round (-want +got):\n%s", diff)
	}
}

// A contact bounces each time; each is told of once, when it stands still.
func TestBounces(t *testing.T) {
	got := watch(t, config.LevelHigh, gpio.Low, func(set func(gpio.Level)) {
		for _, to := range []gpio.Level{gpio.High, gpio.Low} {
			pass(time.Second)
			for range 6 {
				set(to)
				pass(time.Millisecond)
				set(!to)
				pass(time.Millisecond)
			}
			set(to)
		}
		pass(time.Second)
	})
	want := []move{{true, time.Second + 12*time.Millisecond + gpioline.StillFor}, {false, 2*time.Second + 24*time.Millisecond + gpioline.StillFor}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// A knock at the table, or a spark on the wire, is no handset that is lifted.
func TestKnock(t *testing.T) {
	got := watch(t, config.LevelHigh, gpio.Low, func(set func(gpio.Level)) {
		pass(time.Second)
		set(gpio.High)
		pass(5 * time.Millisecond)
		set(gpio.Low)
		pass(time.Second)
	})
	if len(got) > 0 {
		t.Errorf("%+v", got)
	}
}

func TestOffItsHookFromTheBeginning(t *testing.T) {
	got := watch(t, config.LevelHigh, gpio.High, func(func(gpio.Level)) { pass(time.Second) })
	if diff := cmp.Diff([]move{{true, gpioline.StillFor}}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// quiet is a line whose changes nobody tells of; or one that is gone.
type quiet struct {
	gpiotest.Pin
	gone bool
}

func (q *quiet) WaitForEdge(d time.Duration) bool {
	if !q.gone {
		pass(d)
	}
	return false
}

func TestAChangeThatWasMissed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		line := &quiet{}
		ctx, cancel := context.WithCancel(t.Context())
		began, told := time.Now(), make(chan time.Duration, 1)
		ended := make(chan error, 1)
		go func() {
			ended <- (&Switch{line: line, lifted: gpio.High}).Run(ctx, func(bool) { told <- time.Since(began) })
		}()
		pass(100 * time.Millisecond)
		if err := line.Out(gpio.High); err != nil {
			t.Fatal(err)
		}
		if after := <-told; after > gpioline.LookEvery+2*gpioline.StillFor {
			t.Errorf("it was seen after %v", after)
		}
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
}

// What can still be read of it, always low, is not the handset's.
func TestALineThatIsGone(t *testing.T) {
	for _, lifted := range []gpio.Level{gpio.High, gpio.Low} {
		err := (&Switch{line: &quiet{Pin: gpiotest.Pin{N: "GPIO27"}, gone: true}, lifted: lifted}).Run(t.Context(), func(bool) { t.Error("it moved") })
		if err == nil || !strings.Contains(err.Error(), "GPIO27") {
			t.Errorf("the error is %v", err)
		}
	}
}

// refusing is a line that cannot be taken.
type refusing struct{ gpiotest.Pin }

func (*refusing) In(gpio.Pull, gpio.Edge) error { return errors.New("device or resource busy") }

func TestALineThatCannotBeTaken(t *testing.T) {
	_, err := open(&refusing{}, config.Handset{Switch: "GPIO27"})
	if err == nil || err.Error() != "taking the line GPIO27 of the handset's switch: device or resource busy" {
		t.Errorf("the error is %v", err)
	}
}

// This machine has no such line, and most have no chip.
func TestALineThatIsNotThere(t *testing.T) {
	s, err := Open(config.Handset{Switch: "GPIO99"})
	if err == nil {
		s.Close()
		t.Fatal("it was opened")
	}
	want := []string{"opening the handset's switch: ", "devices.handset"}
	if chips, globErr := filepath.Glob("/dev/gpiochip*"); globErr == nil && len(chips) == 0 {
		want = append(want, "no GPIO chip", "/dev/gpiochip0")
	} else if os.Getuid() == 0 {
		want = []string{"GPIO99"}
	}
	for _, w := range want {
		if !strings.Contains(err.Error(), w) {
			t.Errorf("the error does not say %q: %v", w, err)
		}
	}
}
