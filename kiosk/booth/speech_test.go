package booth

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// speaking is a booth with a voice, after events.
func speaking(t *testing.T, events ...Event) (State, []Effect) {
	t.Helper()
	s := fresh()
	s.Hearing = HearingLoudspeaker
	s.Config.Site.Speech.VolumePercent = 60
	return run(t, s, events...)
}

func TestSpeechBeginsAndEnds(t *testing.T) {
	choose, request := PartnerChosen{theSession, "caf"}, CallRequested{theCall}
	answered, connected := CallAnswered{Call: theCall, Adviser: "Mme Martin"}, MediaConnected{theCall}
	lifted, back := HearingChanged{HearingHandset, theSession}, HearingChanged{HearingLoudspeaker, theSession}
	on, off := SpeechAsked{theSession, true}, SpeechAsked{theSession, false}
	for _, c := range []struct {
		name   string
		events []Event
		phase  Phase
		spoken bool
	}{
		{"by touch", []Event{on}, PhaseBrowsing, true},
		{"by a key", []Event{FourKeyPressed{theSession, KeyChoose}}, PhaseBrowsing, true},
		{"by the handset", []Event{lifted}, PhaseBrowsing, true},
		{"by touch, before an adviser is called", []Event{choose, on}, PhaseChoosing, true},
		{"the handset of a session that has begun is lifted for confidence", []Event{choose, lifted}, PhaseChoosing, false},
		{"in mid-call", []Event{choose, request, answered, connected, lifted}, PhaseInCall, false},
		{"ended by touch", []Event{on, off}, PhaseNone, false},
		{"ended by touch, in another language", []Event{on, LanguageChosen{theSession, "en"}, off}, PhaseBrowsing, false},
		{"the handset is put back", []Event{lifted, choose, back}, PhaseNone, false},
		{"the handset is put back in a call", []Event{lifted, choose, request, answered, connected, back}, PhaseInCall, true},
		{"the handset is put back in the line", []Event{lifted, choose, request, CallQueued{theCall, 1, 0}, back}, PhaseWaiting, true},
		{"begun by touch, and a handset that is put back", []Event{on, lifted, back}, PhaseBrowsing, true},
		{"back on the list of partners", []Event{on, choose, Cancelled{}}, PhaseBrowsing, true},
		{"through a whole call", []Event{on, choose, request, answered, connected, CitizenHungUp{}}, PhaseEnded, true},
		{"after the farewell", []Event{on, choose, request, answered, connected, CitizenHungUp{}, Cancelled{}}, PhaseNone, false},
		{"passed on", []Event{on, choose, request, answered, connected, CallTransferred{Call: theCall, Partner: "cdad", Place: 1}}, PhaseWaiting, true},
		{"the voice is gone", []Event{on, choose, HearingChanged{}}, PhaseChoosing, false},
		{"a technician is there", []Event{TechnicianAsked{}, on}, PhaseNone, false},
		{"the machine restarts", []Event{RestartDue{}, on}, PhaseNone, false},
	} {
		s, effects := speaking(t, c.events...)
		if s.Session.Phase != c.phase || s.Session.Spoken != c.spoken || Show(s).Speech.On != c.spoken {
			t.Errorf("%s: phase %s, spoken %v; expected %s, %v", c.name, s.Session.Phase, s.Session.Spoken, c.phase, c.spoken)
		}
		headphones := false
		for _, f := range effects {
			if l, ok := f.(ListenBy); ok {
				headphones = l.Headphones
			}
		}
		if headphones != c.spoken {
			t.Errorf("%s: sound goes to the headphones: %v", c.name, headphones)
		}
	}
	mute := fresh()
	if s, effects := run(t, mute, on, FourKeyPressed{theSession, KeyNext}); s.Session.Spoken || len(effects) > 0 || Show(s).Speech.Available {
		t.Errorf("a booth without a voice speaks: %+v, %v", s.Session, effects)
	}
}

func TestSpeechVolume(t *testing.T) {
	s, _ := speaking(t, SpeechAsked{theSession, true})
	if v := Show(s).Speech.VolumePercent; v != 60 {
		t.Errorf("it begins at %d %%, expected the site's 60", v)
	}
	s, effects := run(t, s, VolumeChosen{90}, SpeechWanted{"Bonjour"})
	if want := []Effect{SetVolume{"", 90}, Speak{"Bonjour", "fr", 90}}; !cmp.Equal(want, effects) {
		t.Errorf("(-want +got):\n%s", cmp.Diff(want, effects))
	}
	s, _ = run(t, s, SpeechAsked{theSession, false}, SpeechAsked{theSession, true})
	if v := Show(s).Speech.VolumePercent; v != 60 {
		t.Errorf("the next citizen begins at %d %%", v)
	}
}

func TestSpeechIsInTheSessionsLanguage(t *testing.T) {
	_, effects := speaking(t, SpeechAsked{theSession, true}, LanguageChosen{theSession, "en"}, SpeechWanted{"Hello"})
	if !slices.Contains(effects, Effect(Speak{"Hello", "en", 60})) {
		t.Errorf("%v", effects)
	}
}

// A key that comes when somebody is asked whether they are there says yes, and does nothing else.
func TestKeyAnswersTheQuestion(t *testing.T) {
	s, _ := speaking(t, SpeechAsked{theSession, true}, PartnerChosen{theSession, "caf"})
	s, _ = Step(s, s.Now.Add(time.Minute), TimerFired{theSession, s.Session.Timer})
	if Show(s).StillThere == nil {
		t.Fatal("nobody is asked")
	}
	s, effects := run(t, s, FourKeyPressed{theSession, KeyChoose})
	if Show(s).StillThere != nil || slices.Contains(effects, Effect(PassKey{KeyChoose})) {
		t.Errorf("asked: %v, effects %v", Show(s).StillThere, effects)
	}
	_, effects = run(t, s, FourKeyPressed{theSession, KeyChoose})
	if !slices.Contains(effects, Effect(PassKey{KeyChoose})) {
		t.Errorf("the next key does nothing: %v", effects)
	}
}

// What was begun for one ear does not go on in another place, let alone for the room.
func TestWhatIsSaidStopsWhenSoundMoves(t *testing.T) {
	s, _ := speaking(t, HearingChanged{HearingHandset, theSession}, PartnerChosen{theSession, "caf"}, CallRequested{theCall}, CallAnswered{Call: theCall})
	if v := Show(s).Speech; !v.Private {
		t.Error("the room hears the handset")
	}
	s, effects := run(t, s, SpeechWanted{"Votre numéro est 1234567."}, HearingChanged{HearingLoudspeaker, ""})
	if _, hushed := effects[len(effects)-1].(Hush); !hushed || Show(s).Speech.Private {
		t.Errorf("%v, private: %v", effects, Show(s).Speech.Private)
	}
}

func TestSpeakable(t *testing.T) {
	for text, want := range map[string]string{
		"":                              "",
		" \n\t":                         "",
		"Bonjour":                       "Bonjour",
		"a\nb\u00a0c  d\x07e":           "a b c d e",
		"\xff\xfeoui":                   "oui",
		strings.Repeat("é", 1000):       strings.Repeat("é", 1000),
		"a" + strings.Repeat("é", 2000): "a" + strings.Repeat("é", 999),
	} {
		if got := speakable(text); got != want {
			t.Errorf("%q is said as %q", text, got)
		}
	}
}

func FuzzSpeakable(f *testing.F) {
	f.Add("a\nb\u00a0c")
	f.Add("\xff" + strings.Repeat("é", 1500))
	f.Fuzz(func(t *testing.T, text string) {
		got := speakable(text)
		if len(got) > maxSpeechText || strings.ContainsAny(got, "\n\r\x00") {
			t.Errorf("%q", got)
		}
		if again := speakable(got); again != strings.TrimSpace(again) {
			t.Errorf("%q, and again %q", got, again)
		}
	})
}
