package booth

import (
	"testing"
	"time"
)

func TestTheWaitingScreenComesWhenNobodyIsThere(t *testing.T) {
	touched := func(ago time.Duration, change func(*State)) State {
		s := fresh()
		s.TouchedAt = s.Now.Add(-ago)
		s.Attract = Attract{PicturePath, LogoPath}
		if change != nil {
			change(&s)
		}
		return s
	}
	for _, test := range []struct {
		name  string
		state State
		want  bool
	}{
		{"just touched", touched(time.Second, nil), false},
		{"not touched for a minute", touched(time.Minute, nil), true},
		{"somebody is seen", touched(time.Hour, func(s *State) { s.Presence = Presence{Known: true, Level: PresenceNear} }), false},
		{"nobody is seen", touched(time.Hour, func(s *State) { s.Presence = Presence{Known: true, Level: PresenceAbsent} }), true},
		{"somebody has just left", touched(time.Hour, func(s *State) {
			s.Presence = Presence{Known: true, Level: PresenceAbsent, LeftAt: s.Now.Add(-time.Second)}
		}), false},
		{"a sensor that is not believed", touched(time.Hour, func(s *State) { s.Presence = Presence{Level: PresenceNear} }), true},
		{"the room is closed", touched(time.Hour, func(s *State) { s.Now = s.Now.Add(12 * time.Hour) }), false},
		{"no camera", touched(time.Hour, func(s *State) { s.Faults = []Device{DeviceCamera} }), false},
		{"a session", touched(time.Hour, func(s *State) { s.Session = Session{ID: theSession, Phase: PhaseBrowsing} }), false},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := Show(test.state).Attract
			if test.want != (got != nil) || got != nil && *got != test.state.Attract {
				t.Errorf("the waiting screen is %+v, expected it %v", got, test.want)
			}
		})
	}
}

// The waiting screen costs nobody a touch: a partner is chosen on it, and the second touch calls.
func TestTwoTouchesFromTheWaitingScreenToACall(t *testing.T) {
	s := fresh()
	s.TouchedAt = s.Now.Add(-time.Hour)
	if Show(s).Attract == nil {
		t.Fatal("the waiting screen is not there")
	}
	s, _ = run(t, s, PartnerChosen{theSession, "caf"}, CallRequested{theCall})
	screenOf[CallingScreen](t, s)

	s = fresh()
	s.TouchedAt = s.Now.Add(-time.Hour)
	s, _ = run(t, s, Touched{})
	if Show(s).Attract != nil || s.Session.Phase != PhaseNone {
		t.Errorf("the first touch does not show home: %+v", Show(s))
	}
}
