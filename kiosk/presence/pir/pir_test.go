package pir

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"periph.io/x/conn/v3/gpio"
	"periph.io/x/conn/v3/gpio/gpiotest"
)

// pass lets time pass on the bubble's clock.
func pass(d time.Duration) { <-time.After(d) }

// change is what Run told that differs from what it told before, and when.
type change struct {
	Moving bool
	After  time.Duration
}

func TestSomebodyPasses(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		pin := &gpiotest.Pin{N: "GPIO17", EdgesChan: make(chan gpio.Level, 16)}
		s, err := open(pin, "GPIO17")
		if err != nil {
			t.Fatal(err)
		}
		if pin.P != gpio.PullDown {
			t.Errorf("the line is not pulled down: %v", pin.P)
		}
		began := time.Now()
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		var got []change
		told := 0
		go func() {
			ended <- s.Run(ctx, func(moving bool) {
				if told++; told == 1 || moving != got[len(got)-1].Moving {
					got = append(got, change{moving, time.Since(began)})
				}
			})
		}()
		pass(1250 * time.Millisecond)
		pin.EdgesChan <- gpio.High
		pass(3 * time.Second)
		pin.EdgesChan <- gpio.Low
		pass(time.Second)
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		s.Close()
		want := []change{{false, 0}, {true, 1250*time.Millisecond + restAfter}, {false, 4250*time.Millisecond + restAfter}}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		if least := int(5 * time.Second / lookEvery); told < least {
			t.Errorf("it was told of %d times in 5 s; expected %d at least", told, least)
		}
	})
}

// A wire that picks up a radio makes no flood.
func TestALineThatRings(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		pin := &gpiotest.Pin{N: "GPIO17", EdgesChan: make(chan gpio.Level, 10_000)}
		s, err := open(pin, "GPIO17")
		if err != nil {
			t.Fatal(err)
		}
		for i := range 5000 {
			pin.EdgesChan <- gpio.Level(i%2 == 0)
		}
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		told := 0
		go func() { ended <- s.Run(ctx, func(bool) { told++ }) }()
		pass(time.Second)
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		if most := int(time.Second/restAfter) + 2; told > most {
			t.Errorf("it was told of %d times in a second; expected %d at most", told, most)
		}
	})
}

// gone is a line whose chip is gone.
type gone struct{ gpiotest.Pin }

func (*gone) WaitForEdge(time.Duration) bool { return false }

// refusing is a line that cannot be taken.
type refusing struct{ gpiotest.Pin }

func (*refusing) In(gpio.Pull, gpio.Edge) error { return errors.New("device or resource busy") }

func TestErrors(t *testing.T) {
	err := (&Sensor{&gone{gpiotest.Pin{N: "GPIO17"}}}).Run(t.Context(), func(bool) {})
	if err == nil || !strings.Contains(err.Error(), "motion detector on GPIO17") {
		t.Errorf("a line that is gone: %v", err)
	}
	if _, err := open(&refusing{}, "GPIO17"); err == nil || err.Error() != "taking the line GPIO17 of the motion detector: device or resource busy" {
		t.Errorf("a line that is taken: %v", err)
	}
	if s, err := Open("GPIO99"); err == nil {
		s.Close()
		t.Error("a line that no machine has was opened")
	} else if !strings.Contains(err.Error(), "opening the motion detector: ") {
		t.Errorf("the error does not say what was done: %v", err)
	}
}
