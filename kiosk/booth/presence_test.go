package booth

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// seenAs is a change of what reliable sensors see.
func seenAs(l PresenceLevel) Event { return PresenceChanged{Level: l, Known: true} }

// at takes a state through one event, so long after the one before.
func at(s State, after time.Duration, e Event) (State, []Effect) { return Step(s, s.Now.Add(after), e) }

func TestSomebodyComesNear(t *testing.T) {
	s, _ := run(t, fresh(), seenAs(PresenceAbsent))
	standby := s.Config.Site.Limits.Standby
	s, _ = at(s, standby-2*time.Second, ClockTicked{})
	if s.Dark() {
		t.Errorf("dark before %v without anybody", standby)
	}
	s, _ = at(s, 2*time.Second, ClockTicked{})
	if !s.Dark() || Show(s).Greeting {
		t.Errorf("an open room's panel is lit after %v without anybody", standby)
	}
	s, _ = at(s, time.Minute, seenAs(PresenceNear))
	if v := Show(s); v.Dark || !v.Greeting {
		t.Errorf("somebody is near: dark %v, greeting %v", v.Dark, v.Greeting)
	}
	s, _ = at(s, time.Second, seenAs(PresenceSeated))
	s, _ = at(s, time.Hour, ClockTicked{}) // reads what is there
	if v := Show(s); v.Dark || !v.Greeting {
		t.Errorf("somebody is seated: dark %v, greeting %v", v.Dark, v.Greeting)
	}
	s, _ = at(s, time.Second, Touched{})
	s, _ = at(s, time.Second, PartnerChosen{theSession, "caf"})
	if v := Show(s); v.Greeting || s.Session.BegunBy != BegunByPresence {
		t.Errorf("greeting %v, begun by %s", v.Greeting, s.Session.BegunBy)
	}
	s, _ = run(t, s, CitizenLeft{}, seenAs(PresenceAbsent))
	s, _ = at(s, standby-time.Second, ClockTicked{})
	if s.Dark() {
		t.Error("dark as soon as somebody has left")
	}
	s, _ = at(s, time.Second, ClockTicked{})
	if !s.Dark() {
		t.Error("not dark again")
	}
	// Sensors that are not believed any more: the panel of an open room is lit.
	s, _ = run(t, s, PresenceChanged{Level: PresenceAbsent, Faults: []string{"motion_missing"}})
	if s.Dark() {
		t.Error("dark in an open room, and no sensor sees")
	}
}

func TestTheFirstTouchOnADarkScreenOnlyWakesIt(t *testing.T) {
	for _, choice := range []Event{PartnerChosen{theSession, "caf"}, LanguageChosen{theSession, "en"}} {
		s, _ := run(t, fresh(), seenAs(PresenceAbsent))
		s, _ = at(s, time.Hour, ClockTicked{})
		s, effects := at(s, time.Second, choice)
		if s.Session.Phase != PhaseNone || len(effects) > 0 || s.Dark() {
			t.Errorf("%s: phase %s, dark %v, %v", short(choice), s.Session.Phase, s.Dark(), effects)
		}
		s, _ = at(s, time.Second, choice)
		if s.Session.Phase == PhaseNone || s.Session.BegunBy != BegunByTouch {
			t.Errorf("%s again: phase %s, begun by %s", short(choice), s.Session.Phase, s.Session.BegunBy)
		}
	}
}

func TestAnAbandonedSessionIsAsked(t *testing.T) {
	fired := func(s State) Event { return TimerFired{s.Session.ID, s.Session.Timer} }
	s, _ := run(t, fresh(), LanguageChosen{theSession, "en"}, PartnerChosen{theSession, "caf"})
	s, effects := at(s, time.Minute, fired(s))
	if diff := cmp.Diff([]Effect{StartTimer{theSession, 3, 20 * time.Second}}, effects); diff != "" {
		t.Errorf("idle (-want +got):\n%s", diff)
	}
	screenOf[PartnerScreen](t, s)
	if q := Show(s).StillThere; q == nil || !q.Until.Equal(s.Now.Add(20*time.Second)) {
		t.Fatalf("nobody is asked: %+v", q)
	}
	// A touch says yes, and nothing is lost.
	s, effects = at(s, 19*time.Second, Touched{})
	if diff := cmp.Diff([]Effect{StartTimer{theSession, 4, time.Minute}}, effects); diff != "" {
		t.Errorf("a touch (-want +got):\n%s", diff)
	}
	if v := Show(s); v.StillThere != nil || v.Language != "en" {
		t.Errorf("after a touch: %+v", v)
	}
	s, _ = at(s, time.Minute, fired(s))
	s, effects = at(s, 20*time.Second, fired(s))
	if diff := cmp.Diff([]Effect{StopTimer{}}, effects); diff != "" {
		t.Errorf("no answer (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(Session{}, s.Session); diff != "" {
		t.Errorf("something of the citizen is left (-want +got):\n%s", diff)
	}
}

func TestWhoWalksAwayIsAskedAtOnce(t *testing.T) {
	for _, before := range [][]Event{
		{LanguageChosen{theSession, "en"}},
		{PartnerChosen{theSession, "caf"}},
		{PartnerChosen{theSession, "cdad"}}, // its failure
		{PartnerChosen{theSession, "caf"}, CallRequested{theCall}, CallQueued{theCall, 2, 0}},
	} {
		s, _ := run(t, fresh(), append([]Event{seenAs(PresenceSeated), Touched{}}, before...)...)
		s, _ = at(s, 5*time.Second, seenAs(PresenceAbsent))
		if Show(s).StillThere != nil {
			t.Fatalf("%s: asked a few seconds after a touch", s.Session.Phase)
		}
		s, _ = at(s, 10*time.Second, ClockTicked{})
		if Show(s).StillThere == nil {
			t.Fatalf("%s: nobody is asked", s.Session.Phase)
		}
		again, _ := at(s, time.Second, ClockTicked{})
		if again.Session.Timer != s.Session.Timer {
			t.Fatalf("%s: the countdown begins anew", s.Session.Phase)
		}
		// Somebody who comes back has to say so: it may be somebody else.
		again, _ = at(s, time.Second, seenAs(PresenceNear))
		if Show(again).StillThere == nil {
			t.Fatalf("%s: somebody else goes on", s.Session.Phase)
		}
		kept, effects := at(again, time.Second, Touched{})
		if Show(kept).StillThere != nil || kept.Session.Phase != s.Session.Phase || len(effects) != 1 {
			t.Fatalf("%s: after a touch: %v", s.Session.Phase, effects)
		}
		left, _ := at(again, time.Second, CitizenLeft{})
		ended, effects := at(s, 20*time.Second, TimerFired{theSession, s.Session.Timer})
		for _, s := range []State{left, ended} {
			if diff := cmp.Diff(Session{}, s.Session); diff != "" {
				t.Fatalf("something of the citizen is left (-want +got):\n%s", diff)
			}
		}
		if waited := s.Session.Phase == PhaseWaiting; waited != cmp.Equal([]Effect{LeaveCall{theCall, LeavingCancelled}, StopTimer{}}, effects) {
			t.Fatalf("%s: %v", s.Session.Phase, effects)
		}
	}
}

// Who waits, is asked and says yes waits on till the partner's limit, not longer.
func TestTheLineIsNotProlonged(t *testing.T) {
	s, _ := run(t, fresh(), seenAs(PresenceSeated), Touched{}, PartnerChosen{theSession, "caf"}, CallRequested{theCall}, CallQueued{theCall, 2, 0})
	since := s.Session.CallSince
	s, _ = at(s, time.Minute, seenAs(PresenceAbsent))
	s, effects := at(s, time.Second, Touched{})
	want := 5*time.Minute - s.Now.Sub(since)
	if diff := cmp.Diff([]Effect{StartTimer{theSession, s.Session.Timer, want}}, effects); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	s, _ = at(s, time.Minute, ClockTicked{}) // and leaves in the end
	s, effects = at(s, time.Second, CallAnswered{Call: theCall})
	if Show(s).StillThere != nil || !cmp.Equal(effects[len(effects)-1], Effect(TellAway{theCall, true})) {
		t.Errorf("answered before nobody: %v", effects)
	}
}

func TestTheAdviserHearsWhoLeavesInMidCall(t *testing.T) {
	s, _ := run(t, fresh(), seenAs(PresenceSeated), PartnerChosen{theSession, "caf"}, CallRequested{theCall}, CallAnswered{Call: theCall}, MediaConnected{theCall})
	s, effects := at(s, 10*time.Minute, seenAs(PresenceAbsent))
	if diff := cmp.Diff([]Effect{TellAway{theCall, true}}, effects); diff != "" {
		t.Errorf("left (-want +got):\n%s", diff)
	}
	screenOf[CallScreen](t, s)
	if Show(s).StillThere != nil {
		t.Error("a call is asked")
	}
	s, effects = at(s, time.Second, PresenceChanged{Level: PresenceAbsent, Faults: []string{"distance_missing"}})
	if diff := cmp.Diff([]Effect{TellAway{theCall, false}}, effects); diff != "" {
		t.Errorf("nobody knows any more (-want +got):\n%s", diff)
	}
	s, _ = at(s, time.Second, seenAs(PresenceAbsent))
	s, effects = at(s, time.Second, seenAs(PresenceNear))
	if diff := cmp.Diff([]Effect{TellAway{theCall, false}}, effects); diff != "" {
		t.Errorf("back (-want +got):\n%s", diff)
	}
	if _, effects = at(s, time.Second, seenAs(PresenceSeated)); len(effects) > 0 {
		t.Errorf("told again: %v", effects)
	}
}
