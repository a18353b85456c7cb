package booth

import (
	"testing"
	"time"
)

func TestDark(t *testing.T) {
	s := fresh()
	c := *s.Config
	c.Site.Hours = everyDay()
	s.Config = &c
	idle := c.Site.Limits.Idle
	night := tuesday.Add(8 * time.Hour)
	step := func(at time.Time, e Event) { s, _ = Step(s, at, e) }

	step(night, ClockTicked{})
	if s.Dark() {
		t.Error("dark as soon as the booth has started: a technician could not see that it works")
	}
	step(night.Add(idle), ClockTicked{})
	if !s.Dark() {
		t.Errorf("a closed room's panel is not dark after %v", idle)
	}
	step(night.Add(2*idle), Touched{})
	if s.Dark() {
		t.Error("dark although it was touched")
	}
	step(night.Add(3*idle-time.Second), ClockTicked{})
	if s.Dark() {
		t.Errorf("dark again before %v have passed", idle)
	}
	step(night.Add(3*idle), ClockTicked{})
	if !s.Dark() {
		t.Errorf("not dark again after %v", idle)
	}
	step(night.Add(-time.Hour), ClockTicked{}) // the hub knows the time better
	step(night.Add(-time.Hour+idle), ClockTicked{})
	if !s.Dark() {
		t.Error("not dark again after the clock was set back")
	}
	if v := Show(s); !v.Dark {
		t.Error("the page is not told")
	}
	s, _ = Step(s, tuesday.AddDate(0, 0, 1).Add(time.Hour), ClockTicked{})
	if !s.Closed() && s.Dark() {
		t.Error("dark in an open room")
	}
}
