package booth

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"loiret.fr/visioborne/config"
)

// touches takes a state through a citizen's touches and tells how many there were.
func touches(t *testing.T, s State, events ...Event) (State, []Effect, int) {
	t.Helper()
	s, effects := run(t, s, events...)
	return s, effects, len(events)
}

func TestWhoKnowsThePartnerTouchesTwice(t *testing.T) {
	_, effects, n := touches(t, fresh(), PartnerChosen{theSession, "caf"}, CallRequested{theCall})
	if !slices.Contains(effects, Effect(PlaceCall{Call: theCall, Partner: "caf", Language: "fr"})) || n > 2 {
		t.Errorf("after %d touches: %+v", n, effects)
	}
}

func TestWhoKnowsTheNeedTouchesThreeTimes(t *testing.T) {
	s := fresh()
	home := screenOf[HomeScreen](t, s)
	if diff := cmp.Diff([]Group{{"family", "Famille", "family"}}, home.Groups); diff != "" || len(home.Partners) != 2 {
		t.Fatalf("home has %d partners (-want +got):\n%s", len(home.Partners), diff)
	}
	s, _ = run(t, s, GroupChosen{theSession, "family"})
	needs := screenOf[NeedsScreen](t, s)
	if diff := cmp.Diff([]Need{{"rent", "Être aidé pour mon loyer", "caf"}, {"custody", "La garde de mes enfants", "cdad"}}, needs.Needs); diff != "" {
		t.Errorf("needs (-want +got):\n%s", diff)
	}
	if len(needs.Partners) != 2 || needs.Partners[1].Status != StatusClosed {
		t.Errorf("the needs' partners are %+v", needs.Partners)
	}
	s, effects, n := touches(t, fresh(), GroupChosen{theSession, "family"}, NeedChosen{"rent"}, CallRequested{theCall})
	if !slices.Contains(effects, Effect(PlaceCall{Call: theCall, Partner: "caf", Language: "fr", Need: "rent"})) || n > 4 {
		t.Errorf("after %d touches: %+v", n, effects)
	}
	if c := screenOf[CallingScreen](t, s); c.Need != "Être aidé pour mon loyer" {
		t.Errorf("calling says %q", c.Need)
	}
	// Trying again goes on with it; whom an adviser passes the call on to is another matter.
	again, effects := run(t, s, CallEnded{Call: theCall}, CallRequested{otherCall})
	if !slices.Contains(effects, Effect(PlaceCall{Call: otherCall, Partner: "caf", Language: "fr", Need: "rent"})) {
		t.Errorf("trying again: %+v", effects)
	}
	passed, _ := run(t, again, CallAnswered{Call: otherCall}, CallTransferred{Call: otherCall, Partner: "cdad", Place: 1})
	if c := screenOf[CallingScreen](t, passed); c.Need != "" || c.Partner.ID != "cdad" {
		t.Errorf("passed on, the screen says %q", c.Need)
	}
	back, _ := run(t, passed, CallTransferred{Call: otherCall, Partner: "caf", Place: 1, Returned: true})
	if c := screenOf[CallingScreen](t, back); c.Need == "" {
		t.Error("returned, the need is forgotten")
	}
	// And nothing of it stays.
	s, _ = run(t, s, Cancelled{})
	if !cmp.Equal(s.Session, Session{}) {
		t.Errorf("afterwards there is %+v", s.Session)
	}
}

func TestBackFromNeeds(t *testing.T) {
	s, _ := run(t, fresh(), LanguageChosen{theSession, "en"}, GroupChosen{theSession, "family"}, NeedChosen{"rent"})
	if p := screenOf[PartnerScreen](t, s); p.Need != "Help with my rent" || p.Partner.ID != "caf" {
		t.Fatalf("the partner's page: %+v", p)
	}
	s, _ = run(t, s, Cancelled{})
	if v := screenOf[NeedsScreen](t, s); v.Group.Name != "Family" {
		t.Fatalf("back: %+v", v)
	}
	// A need that was left is not the need of a partner that is chosen by name.
	s, _ = run(t, s, Cancelled{})
	screenOf[HomeScreen](t, s)
	s, effects := run(t, s, PartnerChosen{theSession, "caf"}, CallRequested{theCall})
	if p := effects[1]; p != (PlaceCall{Call: theCall, Partner: "caf", Language: "en"}) || s.Session.Need != "" {
		t.Errorf("another choice: %+v", effects)
	}
}

func TestANeedWhosePartnerIsClosed(t *testing.T) {
	s, _ := run(t, fresh(), GroupChosen{theSession, "family"}, NeedChosen{"custody"})
	if f := screenOf[FailedScreen](t, s); f.Reason != ReasonPartnerClosed || f.Need != "La garde de mes enfants" || f.Partner.Phone != "3039" {
		t.Errorf("failed: %+v", f)
	}
}

func TestNeedsEndByThemselves(t *testing.T) {
	s, _ := run(t, fresh(), GroupChosen{theSession, "family"})
	idle := s.Config.Site.Limits.Idle
	s, _ = at(s, idle, TimerFired{theSession, s.Session.Timer})
	if Show(s).StillThere == nil {
		t.Fatal("nobody is asked")
	}
	s, _ = at(s, stillThereTime, TimerFired{theSession, s.Session.Timer})
	screenOf[HomeScreen](t, s)
	if s.Session.Phase != PhaseNone {
		t.Errorf("the session goes on: %+v", s.Session)
	}
}

// The nearest other site is told where it helps, also by a booth that has never reached its hub.
func TestNear(t *testing.T) {
	base := State{Config: twoPartners(), Now: tuesday}
	base.Config.Site.Position = &config.Position{Latitude: 47.685, Longitude: 2.630}
	hours := func(from, to int) config.Hours {
		return config.Hours{time.Tuesday: {{From: from * 60, To: to * 60}}, time.Wednesday: {{From: 9 * 60, To: 12 * 60}}}
	}
	base.Config.Others = []config.OtherSite{
		{ID: "lorris", Name: "Espace de Lorris", Phone: "02 38 92 00 00", Position: &config.Position{Latitude: 47.889, Longitude: 2.514}, Hours: hours(14, 17)},
		{ID: "patay", Name: "Espace de Patay", Town: "Patay", Phone: "02 38 80 00 00", Position: &config.Position{Latitude: 48.047, Longitude: 1.695}, Hours: hours(9, 17)},
	}
	choose, request := PartnerChosen{theSession, "caf"}, CallRequested{theCall}
	online := LinkChanged{true}
	patay := &Nearby{Name: "Espace de Patay", Town: "Patay", Phone: "02 38 80 00 00", Kilometres: 81, Hours: [][2]int{{540, 1020}}}
	opens := time.Date(2026, 11, 25, 8, 0, 0, 0, time.UTC)
	lorris := &Nearby{Name: "Espace de Lorris", Phone: "02 38 92 00 00", Kilometres: 24, OpensAt: &opens, Hours: [][2]int{{540, 720}}}
	for _, tt := range []struct {
		name   string
		after  time.Duration
		events []Event
		want   *Nearby
	}{
		{"home, never online", 0, nil, patay},
		{"a partner, never online", 0, []Event{choose}, patay},
		{"the hub is unreachable", 0, []Event{choose, request}, patay},
		{"home", 0, []Event{online}, nil},
		{"a partner", 0, []Event{online, choose}, nil},
		{"no answer", 0, []Event{online, choose, request, CallEnded{Call: theCall}}, patay},
		{"a closed partner", 0, []Event{online, PartnerChosen{theSession, "cdad"}}, nil},
		{"out of service", 0, []Event{online, ServiceChanged{Out: true}}, patay},
		{"a broken device", 0, []Event{online, FaultRaised{DeviceCamera}}, patay},
		{"closed: who opens next", 9 * time.Hour, []Event{online}, lorris},
	} {
		s := base
		s.Now = s.Now.Add(tt.after)
		s, _ = run(t, s, tt.events...)
		if diff := cmp.Diff(tt.want, Show(s).Near); diff != "" {
			t.Errorf("%s, %T (-want +got):\n%s", tt.name, Show(s).Screen, diff)
		}
	}
}
