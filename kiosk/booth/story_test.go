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
	if diff := cmp.Diff([]Effect{PlaceCall{Call: theCall, Partner: "caf", Language: "fr"}, StartTimer{theSession, 2, 10 * time.Second}}, effects); diff != "" {
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
	if diff := cmp.Diff([]Effect{OpenMedia{Call: theCall, VolumePercent: 80}, StartTimer{theSession, 4, 15 * time.Second}}, effects); diff != "" {
		t.Fatalf("answered (-want +got):\n%s", diff)
	}
	s, _ = run(t, s, MediaConnected{theCall}, CameraSwitched{false}, AdviserMuted{theCall, true, false})
	c := screenOf[CallScreen](t, s)
	if c.State != "connected" || c.Camera || !c.Microphone || c.AdviserMicrophone || !c.AdviserCamera || c.Adviser != "Mme Martin" {
		t.Fatalf("in call: %+v", c)
	}
	s, effects = run(t, s, CitizenHungUp{})
	if diff := cmp.Diff([]Effect{CloseMedia{theCall}, LeaveCall{theCall, LeavingHungUp}, StartTimer{theSession, 6, 20 * time.Second}}, effects); diff != "" {
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
	s, _ = run(t, s, ConfigurationReceived{Version: 2, Config: other})
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
		{"the adviser is gone", talk, func(State) Event { return CallEnded{Call: theCall, Lost: true} }, ReasonAdviserLost, true},
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

// inTalk is a booth whose citizen talks to the CAF.
func inTalk(t *testing.T) State {
	s, _ := run(t, fresh(), PartnerChosen{theSession, "caf"}, CallRequested{theCall}, CallAnswered{Call: theCall, Adviser: "Mme Martin"}, MediaConnected{theCall})
	return s
}

// The adviser's page is loaded anew: the citizen is told, the same call goes on, and what was switched off stays off.
func TestTheAdvisersPageComesBack(t *testing.T) {
	s, _ := run(t, inTalk(t), CameraSwitched{false}, VolumeChosen{50})
	s, effects := run(t, s, AdviserAway{theCall})
	if c := screenOf[CallScreen](t, s); c.State != "interrupted" {
		t.Fatalf("away: %+v", c)
	}
	if diff := cmp.Diff([]Effect{StartTimer{theSession, s.Session.Timer, 30 * time.Second}}, effects); diff != "" {
		t.Fatalf("away (-want +got):\n%s", diff)
	}
	began := s.Session.TalkSince
	s, effects = run(t, s, AdviserBack{Call: theCall})
	if diff := cmp.Diff([]Effect{RenewMedia{Call: theCall, VolumePercent: 50, CameraOff: true}}, effects); diff != "" {
		t.Fatalf("back (-want +got):\n%s", diff)
	}
	s, _ = run(t, s, MediaConnected{theCall})
	if c := screenOf[CallScreen](t, s); c.State != "connected" || c.Camera || !s.Session.TalkSince.Equal(began) {
		t.Fatalf("connected again: %+v", c)
	}
	// One that does not come back.
	s, _ = run(t, s, AdviserAway{theCall})
	s, _ = run(t, s, TimerFired{theSession, s.Session.Timer})
	if f := screenOf[FailedScreen](t, s); f.Reason != ReasonAdviserLost {
		t.Fatalf("not back: %+v", f)
	}
}

// What is written is kept as long as the call, and no more of it than a screen shows.
func TestWhatIsWritten(t *testing.T) {
	s := inTalk(t)
	if same, effects := run(t, s, PhraseChosen{PhraseYes}); len(effects) != 0 || len(same.Session.Written) != 0 {
		t.Fatalf("an answer to nothing: %+v", effects)
	}
	for range maxLines + 10 {
		s, _ = run(t, s, AdviserWrote{theCall, "Bonjour"})
	}
	paper := Paper{stray, 1, 2}
	s, _ = run(t, s, PaperShown{theCall, paper})
	if c := screenOf[CallScreen](t, s); c.Paper == nil || *c.Paper != paper {
		t.Fatalf("shown: %+v", c.Paper)
	}
	if hidden, _ := run(t, s, PaperHidden{theCall}); screenOf[CallScreen](t, hidden).Paper != nil {
		t.Fatal("hidden, and still shown")
	}
	s, effects := run(t, s, PhraseChosen{PhraseNo})
	if diff := cmp.Diff([]Effect{SayPhrase{theCall, PhraseNo}}, effects); diff != "" {
		t.Fatalf("an answer (-want +got):\n%s", diff)
	}
	c := screenOf[CallScreen](t, s)
	if len(c.Written) != maxLines || c.Written[maxLines-1] != (Line{From: SideCitizen, Kind: KindPhrase, Phrase: PhraseNo}) || c.Written[0].Text != "Bonjour" || len(c.Phrases) != 6 {
		t.Fatalf("written: %+v", c)
	}
	for name, end := range map[string]Event{
		"hung up": CitizenHungUp{}, "failed": MediaFailed{theCall}, "passed on": CallTransferred{Call: theCall, Partner: "cdad", Place: 1},
	} {
		if over, _ := run(t, s, end); len(over.Session.Written) != 0 || over.Session.Paper != (Paper{}) {
			t.Errorf("%s: still there: %+v, %+v", name, over.Session.Written, over.Session.Paper)
		}
	}
}

// A photo is taken when the citizen agrees, and at no other time.
func TestAPhotoOfAPaper(t *testing.T) {
	s := inTalk(t)
	if _, effects := run(t, s, Accepted{}, Refused{}); len(effects) != 0 {
		t.Fatalf("an answer to nothing: %+v", effects)
	}
	s, effects := run(t, s, PhotoAsked{theCall}, PhotoAsked{theCall})
	if screenOf[CallScreen](t, s).Photo != PhotoWanted || len(effects) != 0 {
		t.Fatalf("asked: %+v", effects)
	}
	refused, effects := run(t, s, Refused{})
	if diff := cmp.Diff([]Effect{RefusePhoto{theCall}}, effects); diff != "" || screenOf[CallScreen](t, refused).Photo != PhotoNone {
		t.Fatalf("refused (-want +got):\n%s", diff)
	}
	s, effects = run(t, s, Accepted{}, Accepted{})
	if diff := cmp.Diff([]Effect{TakePhoto{theCall}}, effects); diff != "" || screenOf[CallScreen](t, s).Photo != PhotoTaking {
		t.Fatalf("agreed (-want +got):\n%s", diff)
	}
	if s, _ = run(t, s, PhotoTaken{theCall}); screenOf[CallScreen](t, s).Photo != PhotoNone {
		t.Fatal("taken, and still being taken")
	}
	if s, _ = run(t, s, PhotoAsked{theCall}, CitizenHungUp{}); s.Session.Photo != PhotoNone {
		t.Fatal("asked for after the call")
	}
}

// An adviser passes the citizen on; nobody is there, and the call comes back.
func TestACallIsPassedOn(t *testing.T) {
	s, _ := run(t, inTalk(t), CameraSwitched{false})
	s, effects := run(t, s, CallTransferred{Call: theCall, Partner: "cdad", Place: 2})
	if diff := cmp.Diff([]Effect{CloseMedia{theCall}, StartTimer{theSession, s.Session.Timer, time.Minute}}, effects); diff != "" {
		t.Fatalf("passed on (-want +got):\n%s", diff)
	}
	c := screenOf[CallingScreen](t, s)
	if c.Partner.ID != "cdad" || c.PassedBy == nil || c.PassedBy.ID != "caf" || c.Returned || c.Place != 2 {
		t.Fatalf("passed on: %+v", c)
	}
	if s.Session.Adviser != "" {
		t.Fatalf("the adviser before is still named: %q", s.Session.Adviser)
	}
	s, _ = run(t, s, CallTransferred{Call: theCall, Partner: "caf", Place: 1, Returned: true})
	if c := screenOf[CallingScreen](t, s); c.Partner.ID != "caf" || c.PassedBy.Phone != "3039" || !c.Returned {
		t.Fatalf("returned: %+v", c)
	}
	// Whoever answers sees no more than the one before.
	_, effects = run(t, s, CallAnswered{Call: theCall, Adviser: "M. Durand"})
	if diff := cmp.Diff(OpenMedia{Call: theCall, VolumePercent: 80, CameraOff: true}, effects[1]); diff != "" {
		t.Fatalf("answered (-want +got):\n%s", diff)
	}
	s, _ = run(t, s, TimerFired{theSession, s.Session.Timer})
	if f := screenOf[FailedScreen](t, s); f.Reason != ReasonNoAnswer || f.Partner.Phone != "3230" {
		t.Fatalf("nobody at all: %+v", f)
	}
}

// An adviser calls a booth back: the citizen is asked, and nothing opens before.
func TestACallBack(t *testing.T) {
	back := CalledBack{theSession, theCall, "caf", "Mme Martin"}
	s, effects := run(t, fresh(), back)
	if diff := cmp.Diff([]Effect{StartTimer{theSession, 1, 30 * time.Second}}, effects); diff != "" {
		t.Fatalf("asked (-want +got):\n%s", diff)
	}
	if c := screenOf[CallBackScreen](t, s); c.Adviser != "Mme Martin" || c.Partner.ID != "caf" {
		t.Fatalf("asked: %+v", c)
	}
	if _, hidden := Watched(Show(s)).Screen.(OccupiedScreen); !hidden {
		t.Fatal("a watcher sees who calls back")
	}
	if same, effects := run(t, s, back); len(effects) != 0 || !cmp.Equal(same.Session, s.Session) {
		t.Fatalf("asked twice: %+v", effects)
	}
	refused, effects := run(t, s, Cancelled{})
	if diff := cmp.Diff([]Effect{LeaveCall{theCall, LeavingRefused}, StopTimer{}}, effects); diff != "" || refused.Session.ID != "" {
		t.Fatalf("refused (-want +got):\n%s", diff)
	}
	nobody, effects := run(t, s, TimerFired{theSession, 1})
	if diff := cmp.Diff([]Effect{LeaveCall{theCall, LeavingFailed}, StopTimer{}}, effects); diff != "" || nobody.Session.ID != "" {
		t.Fatalf("nobody came (-want +got):\n%s", diff)
	}
	if given, _ := run(t, s, CallEnded{Call: theCall}); given.Session.ID != "" {
		t.Fatalf("given up: %+v", given.Session)
	}
	s, effects = run(t, s, Accepted{})
	if diff := cmp.Diff([]Effect{AcceptCall{theCall, "fr"}, StartTimer{theSession, 2, 10 * time.Second}}, effects); diff != "" {
		t.Fatalf("accepted (-want +got):\n%s", diff)
	}
	s, effects = run(t, s, CallAnswered{Call: theCall, Adviser: "Mme Martin"})
	if diff := cmp.Diff([]Effect{PrepareMedia{Call: theCall}, OpenMedia{Call: theCall, VolumePercent: 80}, StartTimer{theSession, 3, 15 * time.Second}}, effects); diff != "" {
		t.Fatalf("the adviser is there (-want +got):\n%s", diff)
	}
	screenOf[CallScreen](t, s)
}

// Whoever has begun something else is not disturbed, and does not learn who was there before.
func TestNobodyElseIsCalledBack(t *testing.T) {
	back := CalledBack{stray, theCall, "caf", "Mme Martin"}
	night := fresh()
	night.Now = tuesday.Add(12 * time.Hour)
	broken := fresh()
	broken.Faults = []Device{DeviceMicrophone}
	other := CallRequested{otherCall}
	for name, s := range map[string]State{"closed": night, "broken": broken} {
		if _, effects := run(t, s, back); !cmp.Equal(effects, []Effect{LeaveCall{theCall, LeavingRefused}}) {
			t.Errorf("%s: %+v", name, effects)
		}
	}
	for name, before := range map[string][]Event{
		"browsing":            {LanguageChosen{theSession, "en"}},
		"choosing":            {PartnerChosen{theSession, "caf"}},
		"in line":             {PartnerChosen{theSession, "caf"}, other, CallQueued{otherCall, 1, 1}},
		"in a call":           {PartnerChosen{theSession, "caf"}, other, CallAnswered{Call: otherCall}, MediaConnected{otherCall}},
		"another has failed":  {PartnerChosen{theSession, "caf"}, other, CallEnded{Call: otherCall}},
		"called back already": {CalledBack{theSession, otherCall, "caf", "M. Durand"}},
	} {
		s, _ := run(t, fresh(), before...)
		after, effects := run(t, s, back)
		if !cmp.Equal(effects, []Effect{LeaveCall{theCall, LeavingRefused}}) || !cmp.Equal(after.Session, s.Session) {
			t.Errorf("%s: %+v, %+v", name, effects, after.Session)
		}
	}
	// A check of the devices makes room.
	s, _ := run(t, fresh(), DeviceCheckAsked{}, back)
	if screenOf[CallBackScreen](t, s); s.DeviceCheck.Running || !s.DeviceCheck.Interrupted {
		t.Errorf("while the devices were checked: %+v", s.DeviceCheck)
	}
	// The one whose call has just broken keeps the language.
	s, _ = run(t, fresh(), LanguageChosen{theSession, "en"}, PartnerChosen{theSession, "caf"}, CallRequested{theCall},
		CallAnswered{Call: theCall}, MediaConnected{theCall}, MediaFailed{theCall}, back)
	if screenOf[CallBackScreen](t, s); Show(s).Language != "en" || s.Session.ID != theSession {
		t.Errorf("after the failure: %+v", s.Session)
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
