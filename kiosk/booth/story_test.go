package booth

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// The stories are the booth as a citizen lives it; the tables are in steps.golden.

func screenOf[S Screen](t *testing.T, s State) S {
	t.Helper()
	screen, ok := Show(s).Screen.(S)
	if !ok {
		t.Fatalf("the screen is %T: %+v", Show(s).Screen, Show(s).Screen)
	}
	return screen
}

func TestACallFromTouchToFarewell(t *testing.T) {
	s := fresh()
	if home := screenOf[HomeScreen](t, s); home.Partners[0].Status != StatusOpen || home.Partners[1].Status != StatusClosed {
		t.Fatalf("home: %+v", home)
	}
	s, _ = run(t, s, PartnerChosen{theSession, "caf"})
	screenOf[PartnerScreen](t, s)

	s, effects := run(t, s, CallRequested{theCall})
	if diff := cmp.Diff([]Effect{PlaceCall{theCall, "caf", "fr"}, StartTimer{theSession, 2, 10 * time.Second}}, effects); diff != "" {
		t.Fatalf("asking for a call (-want +got):\n%s", diff)
	}
	s, _ = run(t, s, CallQueued{theCall, 2, 0})
	if c := screenOf[CallingScreen](t, s); c.Place != 2 || !c.NobodyFree || c.Step != "waiting" {
		t.Fatalf("waiting: %+v", c)
	}
	s, _ = run(t, s, CallRinging{Call: theCall})
	if c := screenOf[CallingScreen](t, s); c.Step != "ringing" || c.NobodyFree {
		t.Fatalf("ringing: %+v", c)
	}
	s, effects = run(t, s, CallAnswered{Call: theCall, Adviser: "Mme Martin"})
	if diff := cmp.Diff([]Effect{OpenMedia{theCall, 70}, StartTimer{theSession, 4, 15 * time.Second}}, effects); diff != "" {
		t.Fatalf("answered (-want +got):\n%s", diff)
	}
	s, _ = run(t, s, MediaConnected{theCall}, CameraSwitched{false}, AdviserMuted{theCall, true, false})
	c := screenOf[CallScreen](t, s)
	if c.State != "connected" || c.Camera || !c.Microphone || c.AdviserMicrophone || !c.AdviserCamera || c.Adviser != "Mme Martin" {
		t.Fatalf("in call: %+v", c)
	}
	s, effects = run(t, s, CitizenHungUp{})
	if diff := cmp.Diff([]Effect{CloseMedia{theCall}, LeaveCall{theCall, LeavingHungUp}, StartTimer{theSession, 6, 8 * time.Second}}, effects); diff != "" {
		t.Fatalf("hanging up (-want +got):\n%s", diff)
	}
	screenOf[ThanksScreen](t, s)
	s, _ = run(t, s, TimerFired{theSession, 6})
	screenOf[HomeScreen](t, s)
}

func TestClosingTimeDoesNotEndACall(t *testing.T) {
	s, _ := run(t, fresh(), PartnerChosen{theSession, "caf"}, CallRequested{theCall}, CallAnswered{Call: theCall}, MediaConnected{theCall})
	s, _ = Step(s, tuesday.Add(9*time.Hour), ClockTicked{})
	screenOf[CallScreen](t, s)
	s, _ = run(t, s, FaultRaised{DeviceCamera})
	screenOf[CallScreen](t, s)
	s, _ = run(t, s, CitizenHungUp{}, Cancelled{}, FaultCleared{DeviceCamera})
	closed := screenOf[ClosedScreen](t, s)
	if want := time.Date(2026, 11, 25, 8, 0, 0, 0, time.UTC); closed.OpensAt == nil || !closed.OpensAt.Equal(want) {
		t.Fatalf("opens at %v, expected %v", closed.OpensAt, want)
	}
}

func TestConfigurationWaitsForTheCitizen(t *testing.T) {
	s, _ := run(t, fresh(), PartnerChosen{theSession, "caf"})
	other := twoPartners()
	other.Site.Name = "Espace Services Publics de Patay"
	s, _ = run(t, s, ConfigChanged{other})
	if got := Show(s).Site; got != "Espace Services Publics de Gien" {
		t.Fatalf("the configuration changed under a citizen: %s", got)
	}
	s, _ = run(t, s, Cancelled{})
	if got := Show(s).Site; got != other.Site.Name {
		t.Fatalf("the configuration did not change after the session: %s", got)
	}
}

func TestLanguageLastsForTheSession(t *testing.T) {
	s, _ := run(t, fresh(), LanguageChosen{theSession, "en"}, PartnerChosen{theSession, "caf"}, Cancelled{})
	if v := Show(s); v.Language != "en" || screenOf[HomeScreen](t, s).Partners[0].Name != "Family allowances" {
		t.Fatalf("back from a partner's page: %+v", v)
	}
	s, _ = run(t, s, TimerFired{theSession, s.Session.Timer})
	s, _ = run(t, s, TimerFired{theSession, s.Session.Timer}) // asked whether they are still there, and not answered
	if v := Show(s); v.Language != "fr" {
		t.Fatalf("after the session the language is %s", v.Language)
	}
}

func TestEveryFailureSaysWhatToDo(t *testing.T) {
	start := []Event{PartnerChosen{theSession, "caf"}, CallRequested{theCall}}
	talk := append(start[:2:2], CallAnswered{Call: theCall}, MediaConnected{theCall})
	fired := func(s State) Event { return TimerFired{s.Session.ID, s.Session.Timer} }
	for _, test := range []struct {
		name   string
		before []Event
		event  func(State) Event
		reason Reason
		retry  bool
	}{
		{"the hub does not take the call in time", start, fired, ReasonHubUnreachable, true},
		{"the hub refuses", start, func(State) Event { return CallRefused{theCall, ReasonRefused} }, ReasonRefused, false},
		{"nobody answers", append(start[:2:2], CallQueued{theCall, 1, 1}), fired, ReasonNoAnswer, true},
		{"the hub goes away while waiting", append(start[:2:2], CallQueued{theCall, 1, 1}, LinkChanged{false}), fired, ReasonHubUnreachable, true},
		{"media cannot be set up", append(start[:2:2], CallAnswered{Call: theCall}), fired, ReasonMedia, true},
		{"no microphone", append(start[:2:2], CallAnswered{Call: theCall}), func(State) Event { return DeviceFailed{theCall, DeviceMicrophone} }, ReasonDevice, false},
		{"the network stays away", append(talk[:4:4], MediaInterrupted{theCall}), fired, ReasonCallLost, true},
		{"the adviser is gone", talk, func(State) Event { return CallEnded{theCall, true} }, ReasonAdviserLost, true},
		{"the longest call", talk, fired, ReasonTooLong, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			s, _ := run(t, fresh(), test.before...)
			s, _ = run(t, s, test.event(s))
			got := screenOf[FailedScreen](t, s)
			if got.Reason != test.reason || got.Retry != test.retry || got.Partner.Phone != "3230" || len(got.Code) != 6 {
				t.Fatalf("%+v", got)
			}
		})
	}
}

// TestTheLastCallOutlivesItsSession: how it went, without who called whom and when, until the next one is over.
func TestTheLastCallOutlivesItsSession(t *testing.T) {
	chosen, asked, answered, connected := PartnerChosen{theSession, "caf"}, CallRequested{theCall}, CallAnswered{Call: theCall}, MediaConnected{theCall}
	sound := &Sound{Echo: "good", EchoReducedDB: 38, MadeUpPerMille: 4}
	good := CallRated{Call: theCall, Sound: sound}
	poor := CallRated{Call: theCall, Causes: []Cause{"sound"}}
	for _, c := range []struct {
		name   string
		events []Event
		want   LastCall
	}{
		{"a good one", []Event{connected, CitizenHungUp{}, good}, LastCall{Number: 2, Sound: sound}},
		{"a poor one", []Event{connected, CallEnded{Call: theCall}, poor}, LastCall{Number: 2, Causes: []Cause{"sound"}}},
		{"rated once", []Event{connected, CitizenHungUp{}, good, poor}, LastCall{Number: 2, Sound: sound}},
		{"without a camera", []Event{connected, DeviceFailed{theCall, DeviceCamera}, CitizenHungUp{}, good}, LastCall{Number: 2, Lost: []Device{DeviceCamera}, Sound: sound}},
		{"lost", []Event{connected, MediaFailed{theCall}, poor}, LastCall{Number: 2, Failed: ReasonCallLost, Causes: []Cause{"sound"}}},
		{"not set up", []Event{MediaFailed{theCall}, CallRated{Call: theCall, Causes: []Cause{"no_path"}}}, LastCall{Number: 2, Failed: ReasonMedia, Causes: []Cause{"no_path"}}},
		{"given up", []Event{CitizenHungUp{}, CallRated{Call: theCall, Causes: []Cause{"no_path"}}}, LastCall{Number: 2, GivenUp: true}},
		{"not over", []Event{connected, poor}, LastCall{Number: 1}},
		{"another's", []Event{connected, CitizenHungUp{}, CallRated{Call: stray}}, LastCall{Number: 1}},
	} {
		s := fresh()
		s.LastCall = LastCall{Number: 1}
		s, _ = run(t, s, chosen, asked, answered)
		s, _ = run(t, s, c.events...)
		s, _ = run(t, s, Cancelled{}, Cancelled{})
		if diff := cmp.Diff(c.want, s.LastCall); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
}
