package booth

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// TestDevicesAreCheckedOnceANight: at three in the morning, in a closed room, once.
func TestDevicesAreCheckedOnceANight(t *testing.T) {
	s := fresh()
	begun := []string{}
	for at := tuesday; at.Before(tuesday.AddDate(0, 0, 3)); at = at.Add(10 * time.Minute) {
		var effects []Effect
		s, effects = Step(s, at, ClockTicked{})
		for _, f := range effects {
			if c, ok := f.(CheckDevices); ok {
				begun = append(begun, at.In(s.Config.SiteOpening().Location).Format("2 15:04"))
				s, _ = Step(s, at.Add(20*time.Second), DevicesChecked{Run: c.Run})
			}
		}
	}
	if diff := cmp.Diff([]string{"25 03:00", "26 03:00", "27 03:00"}, begun); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestACheckMakesRoom: whoever comes ends it at once, and its late results are strays.
func TestACheckMakesRoom(t *testing.T) {
	findings := []Finding{{DeviceCamera, "ok"}, {DeviceMicrophone, "silent"}}
	for _, e := range []Event{Touched{}, PartnerChosen{theSession, "caf"}, LanguageChosen{theSession, "en"}, TechnicianAsked{}, RestartDue{}} {
		s, effects := run(t, fresh(), DeviceCheckAsked{})
		if !slices.Contains(effects, Effect(CheckDevices{1})) {
			t.Fatalf("no check was begun: %v", effects)
		}
		s, effects = run(t, s, e)
		if effects[0] != Effect(StopDeviceCheck{}) {
			t.Errorf("%s: the first effect is %s", short(e), short(effects[0]))
		}
		s, _ = run(t, s, DevicesChecked{1, findings})
		if d := s.DeviceCheck; d.Running || !d.Interrupted || d.Findings != nil {
			t.Errorf("%s: afterwards %+v", short(e), d)
		}
	}
	s, _ := run(t, fresh(), DeviceCheckAsked{}, DevicesChecked{1, findings})
	if d := s.DeviceCheck; d.Running || d.Interrupted || !cmp.Equal(d.Findings, findings) || !d.EndedAt.Equal(s.Now) {
		t.Errorf("after a check that was not disturbed: %+v", d)
	}
	for name, busy := range map[string]Event{"a citizen": PartnerChosen{theSession, "caf"}, "a technician": TechnicianAsked{}} {
		s, _ := run(t, fresh(), busy)
		if _, effects := run(t, s, DeviceCheckAsked{}); len(effects) > 0 {
			t.Errorf("with %s there, a check began: %v", name, effects)
		}
	}
}
