package booth

import (
	"testing"
	"time"

	"loiret.fr/visioborne/config"
)

// upright is a booth with a panel of 21.5 inches that stands upright.
func upright(low bool) State {
	s := fresh()
	c := *s.Config
	c.Site.Devices.Panel = &config.Panel{WidthMM: 268, HeightMM: 476, LowZone: low, DoubleTouchMS: 300}
	s.Config = &c
	return s
}

func TestTheZoneStaysUntilTheSessionEnds(t *testing.T) {
	for _, usually := range []bool{true, false} {
		s := upright(usually)
		low := func(want bool, when string) {
			t.Helper()
			if got := Show(s).Panel.Low; got != want {
				t.Errorf("usually low: %v; %s the controls are low: %v", usually, when, got)
			}
		}
		low(usually, "at first")
		s, _ = run(t, s, ZoneChosen{theSession, !usually})
		low(!usually, "after the touch")
		for _, e := range []Event{
			PartnerChosen{theSession, "caf"},
			CallRequested{theCall},
			CallQueued{theCall, 1, 1},
			CallRinging{Call: theCall},
			CallAnswered{Call: theCall, Adviser: "Mme Martin"},
			MediaConnected{theCall},
			CallTransferred{Call: theCall, Partner: "cdad", Place: 1},
			Cancelled{},
		} {
			s, _ = run(t, s, e)
			low(!usually, "in "+string(s.Session.Phase))
		}
		if s.Session.ID != theSession {
			t.Error("the session of a citizen who is still there has ended")
		}
		s, _ = run(t, s, Cancelled{})
		if s.Session.Phase != PhaseNone {
			t.Fatalf("the session goes on in %s", s.Session.Phase)
		}
		low(usually, "after the session")
	}
}

func TestAZoneIsForHighPanels(t *testing.T) {
	s, effects := run(t, fresh(), ZoneChosen{theSession, true})
	if p := Show(s).Panel; p.Low || p.Lowers || s.Session.ID != "" || len(effects) > 0 {
		t.Errorf("a panel of 136 mm: %+v", p)
	}
	s, _ = run(t, upright(false), ZoneChosen{theSession, true}, PartnerChosen{theSession, "caf"})
	if !Show(s).Panel.Low {
		t.Error("the controls are not low")
	}
	if Watched(Show(s)).Panel.Low {
		t.Error("a watcher sees what the citizen has chosen")
	}
}

// Whoever is before a screen that goes away by itself is offered more time first (WCAG 2.2.1), except where what happens is
// no limit on the citizen.
func TestTimeOutsOfferMoreTime(t *testing.T) {
	choose, request := PartnerChosen{theSession, "caf"}, CallRequested{theCall}
	queued, answered, connected := CallQueued{theCall, 1, 1}, CallAnswered{Call: theCall, Adviser: "Mme Martin"}, MediaConnected{theCall}
	for name, c := range map[string]struct {
		events []Event
		// otherwise is why nobody is asked.
		otherwise string
	}{
		"the home screen, a language chosen": {[]Event{LanguageChosen{theSession, "en"}}, ""},
		"a partner's page":                   {[]Event{choose}, ""},
		"a failure and its number":           {[]Event{choose, request, CallRefused{theCall, ReasonNoAnswer}}, ""},
		"the contact":                        {[]Event{choose, request}, "the network's time, and another screen follows"},
		"the line":                           {[]Event{choose, request, queued}, "the partner's time, and a screen with its number follows"},
		"the connection":                     {[]Event{choose, request, queued, answered}, "the network's time, and another screen follows"},
		"the call":                           {[]Event{choose, request, queued, answered, connected}, "two hours, and the adviser is there"},
		"an adviser who calls back":          {[]Event{CalledBack{theSession, theCall, "caf", "Mme Martin"}}, "the adviser waits: a real-time event"},
		"the farewell":                       {[]Event{choose, request, queued, answered, connected, CitizenHungUp{}}, "nothing is left to do on it, and nothing to lose"},
	} {
		t.Run(name, func(t *testing.T) {
			s, _ := run(t, fresh(), c.events...)
			before := s.Session.Phase
			s, _ = run(t, s, TimerFired{theSession, s.Session.Timer})
			asked := Show(s).StillThere
			switch {
			case c.otherwise != "" && asked != nil:
				t.Errorf("it asks although it needs not: %s", c.otherwise)
			case c.otherwise != "":
			case asked == nil:
				t.Error("nobody is asked before the session ends")
			case asked.Until.Sub(s.Now) < 20*time.Second:
				t.Errorf("there are only %v to answer", asked.Until.Sub(s.Now))
			default:
				s, _ = run(t, s, Touched{})
				if s.Session.Phase != before || Show(s).StillThere != nil {
					t.Errorf("a touch leads to %s", s.Session.Phase)
				}
			}
		})
	}
}

func TestADarkPanelMovesNoControls(t *testing.T) {
	choice := ZoneChosen{theSession, false}
	s, _ := run(t, upright(true), seenAs(PresenceAbsent))
	s, _ = at(s, time.Hour, ClockTicked{})
	s, _ = at(s, time.Second, choice)
	if s.Session.Phase != PhaseNone || s.Dark() || !Show(s).Panel.Low {
		t.Errorf("phase %s, dark %v", s.Session.Phase, s.Dark())
	}
	s, _ = at(s, time.Second, choice)
	if s.Session.Phase != PhaseBrowsing || Show(s).Panel.Low {
		t.Errorf("on the lit one: phase %s", s.Session.Phase)
	}
}
