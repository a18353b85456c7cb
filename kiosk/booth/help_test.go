package booth

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// helpOf is what the page is told of the help.
func helpOf(t *testing.T, s State) HelpView {
	t.Helper()
	h := Show(s).Help
	if h == nil {
		t.Fatalf("there is no help over %T", Show(s).Screen)
	}
	return *h
}

// Every screen that a citizen may see has help, with a number, whatever the booth's state.
func TestHelpInEverySituation(t *testing.T) {
	for _, st := range situations(t) {
		v := Show(st.state)
		if v.Help == nil || v.Help.Phone == "" || v.Help.CanAsk != st.state.Online {
			t.Errorf("%s: help is %+v", st.name, v.Help)
			continue
		}
		if st.state.Dark() || st.state.DeviceCheck.Running {
			continue // the first touch lights the panel, or ends the check
		}
		opened, _ := run(t, st.state, HelpOpened{theSession})
		if !helpOf(t, opened).Open {
			t.Errorf("%s: help does not open", st.name)
		}
		if was, is := st.state.Session, opened.Session; was.Call != is.Call || was.Phase != is.Phase && was.Phase != PhaseNone {
			t.Errorf("%s: help has changed the session from %+v to %+v", st.name, was, is)
		}
		closed, _ := run(t, opened, HelpClosed{})
		if h := helpOf(t, closed); h.Open {
			t.Errorf("%s: help does not close", st.name)
		}
	}
	s, _ := run(t, fresh(), TechnicianAsked{}, HelpOpened{theSession})
	if v := Show(s); v.Help != nil || s.Session.Phase != PhaseNone {
		t.Errorf("the technician's page has help: %+v", v.Help)
	}
}

func TestTheHotlineIsRungFromHelp(t *testing.T) {
	s, effects := run(t, fresh(), PartnerChosen{theSession, "caf"}, HelpAsked{theHelp})
	if slices.Contains(effects, Effect(AskHelp{theHelp})) {
		t.Error("the hotline rings although the layer is closed")
	}
	s, effects = run(t, s, HelpOpened{theSession}, HelpAsked{theHelp}, HelpAsked{stray})
	if got := slices.DeleteFunc(effects, func(e Effect) bool { _, timer := e.(StartTimer); return timer }); !slices.Equal(got, []Effect{AskHelp{theHelp}}) {
		t.Errorf("asking twice does %+v", got)
	}
	for _, step := range []struct {
		e    Event
		want HelpState
	}{
		{HelpAnswered{stray, HelpSeen}, HelpCalling},
		{HelpAnswered{theHelp, HelpRung}, HelpRung},
		{HelpAsked{stray}, HelpRung},
		{HelpAnswered{theHelp, HelpSeen}, HelpSeen},
		{HelpAnswered{theHelp, HelpRung}, HelpSeen},
	} {
		if s, _ = run(t, s, step.e); helpOf(t, s).State != step.want {
			t.Errorf("after %+v it is %s, want %s", step.e, helpOf(t, s).State, step.want)
		}
	}
	// What was asked is known for as long as the citizen is there, and forgotten afterwards.
	s, _ = run(t, s, HelpClosed{}, Cancelled{})
	screenOf[HomeScreen](t, s)
	if h := helpOf(t, s); h.State != HelpSeen || h.Open {
		t.Errorf("back home: %+v", h)
	}
	s, effects = run(t, s, HelpOpened{theSession}, HelpAsked{stray})
	if !slices.Contains(effects, Effect(AskHelp{stray})) || helpOf(t, s).State != HelpCalling {
		t.Errorf("asking again: %+v", effects)
	}
	s, _ = run(t, s, HelpAnswered{stray, HelpFailed})
	if s, effects = run(t, s, HelpAsked{theHelp}); !slices.Contains(effects, Effect(AskHelp{theHelp})) {
		t.Errorf("asking after a failure: %+v", effects)
	}
	s, _ = run(t, s, CitizenLeft{})
	if !cmp.Equal(s.Session, Session{}) || helpOf(t, s).State != HelpNone {
		t.Errorf("the next citizen sees %+v", helpOf(t, s))
	}
}

func TestWithoutItsHubHelpIsANumber(t *testing.T) {
	s := fresh()
	s.Online = false
	s, effects := run(t, s, HelpOpened{theSession}, HelpAsked{theHelp})
	if h := helpOf(t, s); h.CanAsk || h.State != HelpNone || h.Phone != "02 38 25 45 45" || slices.Contains(effects, Effect(AskHelp{theHelp})) {
		t.Errorf("help is %+v, and %+v is done", h, effects)
	}
}

// Help ends no call and no wait, and gives way to what asks for the citizen.
func TestHelpOverACall(t *testing.T) {
	help := HelpOpened{theSession}
	s, _ := run(t, fresh(), PartnerChosen{theSession, "caf"}, CallRequested{theCall}, CallQueued{theCall, 1, 1}, help)
	screenOf[CallingScreen](t, s)
	s, _ = run(t, s, CallAnswered{Call: theCall, Adviser: "Mme Martin"})
	if helpOf(t, s).Open {
		t.Error("an adviser has answered, and help covers the picture")
	}
	s, effects := run(t, s, MediaConnected{theCall}, help)
	if !helpOf(t, s).Open || len(effects) != 1 {
		t.Errorf("in a call: %+v, %+v", helpOf(t, s), effects)
	}
	screenOf[CallScreen](t, s)
	s, _ = run(t, s, PhotoAsked{theCall})
	if helpOf(t, s).Open {
		t.Error("help covers the question about a photo")
	}
	// The adviser hangs up while it is read: nobody is sent home under it, unless nobody is there.
	s, _ = run(t, s, Refused{}, help, CallEnded{Call: theCall})
	screenOf[ThanksScreen](t, s)
	s, _ = run(t, s, TimerFired{theSession, s.Session.Timer})
	if Show(s).StillThere == nil {
		t.Fatal("nobody is asked before the end")
	}
	s, _ = run(t, s, Touched{})
	if Show(s).StillThere != nil || !helpOf(t, s).Open {
		t.Error("a touch does not bring it back")
	}
	s, effects = run(t, s, HelpClosed{})
	if !slices.Contains(effects, Effect(StartTimer{theSession, s.Session.Timer, 8 * time.Second})) {
		t.Errorf("the farewell goes on with %+v", effects)
	}
}

func TestHelpThatNobodyReadsCloses(t *testing.T) {
	s, _ := run(t, fresh(), HelpOpened{theSession})
	idle := s.Config.Site.Limits.Idle
	s, _ = at(s, idle, TimerFired{theSession, s.Session.Timer})
	if Show(s).StillThere == nil {
		t.Fatal("nobody is asked")
	}
	s, _ = at(s, stillThereTime, TimerFired{theSession, s.Session.Timer})
	if s.Session.Phase != PhaseNone || helpOf(t, s).Open {
		t.Errorf("help stays: %+v", s.Session)
	}
}

func TestAWatcherSeesNothingOfHelp(t *testing.T) {
	s, _ := run(t, fresh(), HelpOpened{theSession})
	v := Watched(Show(s))
	if _, occupied := v.Screen.(OccupiedScreen); !occupied || v.Help != nil {
		t.Errorf("a watcher sees %+v", v)
	}
	s, _ = run(t, fresh(), GroupChosen{theSession, "family"})
	if v := Watched(Show(s)); v.Screen != (OccupiedScreen{"occupied"}) {
		t.Errorf("a watcher sees %+v", v.Screen)
	}
}

func TestHelpIsCounted(t *testing.T) {
	_, all := counted(fresh(), HelpOpened{theSession}, HelpAsked{theHelp}, HelpAnswered{theHelp, HelpRung}, HelpClosed{}, HelpOpened{theSession}, CitizenLeft{})
	want := []Count{{"", "session"}, {"", "session_touch"}, {"", "help_shown"}, {"", "help_asked"}, {"", "help_shown"}, {"", "language_fr"}}
	if diff := cmp.Diff(want, all); diff != "" {
		t.Errorf("counted (-want +got):\n%s", diff)
	}
}
