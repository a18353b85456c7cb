package booth

import (
	"testing"
	"time"

	"loiret.fr/visioborne/config"
)

func TestALanguageIsOneTouchFromEveryScreenOfACitizen(t *testing.T) {
	for _, st := range situations(t) {
		s, _ := Step(st.state, st.state.Now.Add(time.Second), LanguagesAsked{theSession, true})
		if st.state.Dark() && !st.state.TouchedAt.IsZero() {
			if Show(s).AsksLanguage {
				t.Errorf("%s: the touch that lights the panel opened the languages", st.name)
			}
			continue
		}
		if !Show(s).AsksLanguage {
			t.Errorf("%s: the languages cannot be opened", st.name)
		}
		if s.Session.Phase == PhaseNone {
			t.Errorf("%s: the languages are open without a session, whose timer closes them", st.name)
		}
		s, _ = Step(s, s.Now.Add(time.Second), LanguageChosen{theSession, "fr-simple"})
		if v := Show(s); v.AsksLanguage || v.Language != "fr-simple" {
			t.Errorf("%s: chosen, and %q with the layer open %v", st.name, v.Language, v.AsksLanguage)
		}
	}
}

func TestTheLanguagesMakeWay(t *testing.T) {
	waiting := []Event{PartnerChosen{theSession, "caf"}, CallRequested{theCall}, CallQueued{theCall, 1, 1}, LanguagesAsked{theSession, true}}
	s, _ := run(t, fresh(), waiting...)
	if !Show(s).AsksLanguage {
		t.Fatal("the languages cannot be opened while waiting")
	}
	s, _ = run(t, s, CallAnswered{Call: theCall})
	if Show(s).AsksLanguage {
		t.Error("an adviser answers, and the languages still lie over it")
	}
}

func TestTheLanguagesCloseByThemselves(t *testing.T) {
	s, _ := run(t, fresh(), LanguagesAsked{theSession, true})
	s, _ = run(t, s, TimerFired{theSession, s.Session.Timer})
	s, _ = run(t, s, TimerFired{theSession, s.Session.Timer}) // asked whether they are still there, and not answered
	if v := Show(s); v.AsksLanguage || !s.Quiet() {
		t.Errorf("left open, and nobody there: %+v", v)
	}
	s, _ = run(t, fresh(), LanguagesAsked{theSession, true}, LanguagesAsked{theSession, false})
	if !s.Quiet() {
		t.Error("closed without a choice, and the session goes on")
	}
}

func TestOneLanguageIsNoChoice(t *testing.T) {
	s := fresh()
	c := *s.Config
	c.Site.Languages = []string{"fr"}
	s.Config = &c
	s, _ = run(t, s, LanguagesAsked{theSession, true})
	if Show(s).AsksLanguage || !s.Quiet() {
		t.Error("one language can be chosen")
	}
}

func TestTextsFallBackToFrench(t *testing.T) {
	text := config.Text{"fr": "Allocations", "en": "Benefits"}
	for language, want := range map[string]string{"fr": "Allocations", "fr-simple": "Allocations", "en": "Benefits", "ar": "Allocations"} {
		if got := text.In(language); got != want {
			t.Errorf("in %s: %q, expected %q", language, got, want)
		}
	}
}
