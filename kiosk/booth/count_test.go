package booth

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"loiret.fr/visioborne/config"
)

// counted takes a state through timed events and gathers what is counted on the way.
func counted(s State, events ...any) (State, []Count) {
	var all []Count
	wait := time.Second
	for _, e := range events {
		if d, ok := e.(time.Duration); ok {
			wait = d
			continue
		}
		before := s
		s, _ = Step(s, s.Now.Add(wait), e.(Event))
		wait = time.Second
		all = append(all, Counts(before, s)...)
	}
	return s, all
}

func TestCounts(t *testing.T) {
	caf := func(all ...Counted) []Count {
		var out []Count
		for _, w := range all {
			out = append(out, Count{"caf", w})
		}
		return out
	}
	one := func(w Counted) []Count { return []Count{{"", w}} }
	join := func(parts ...[]Count) (all []Count) {
		for _, p := range parts {
			all = append(all, p...)
		}
		return all
	}
	began := []Count{{"", "session"}, {"", "session_touch"}}
	chosen, asked := PartnerChosen{theSession, "caf"}, CallRequested{theCall}
	// The quarters of an hour that pass meanwhile are another table's.
	seen := PresenceChanged{Level: PresenceSeated, Known: true}
	cases := []struct {
		name   string
		events []any
		want   []Count
	}{
		{
			"a call",
			[]any{chosen, asked, CallQueued{theCall, 1, 1}, 2 * time.Minute, CallAnswered{Call: theCall}, MediaConnected{theCall}, 6 * time.Minute, CitizenHungUp{}, Cancelled{}},
			join(began, caf("call_wanted", "call_answered", "wait_1_to_5_min", "talk_5_to_15_min"), one("language_fr")),
		},
		{
			"greeted before the first touch",
			[]any{ClockTicked{}, time.Minute, seen, Touched{}, chosen, CitizenLeft{}},
			join(one("session"), one("session_presence"), one("language_fr")),
		},
		{
			"touched before the sensors saw it",
			[]any{ClockTicked{}, time.Minute, Touched{}, seen, chosen, CitizenLeft{}},
			join(began, one("language_fr")),
		},
		{
			"gone while waiting",
			[]any{seen, chosen, asked, CallQueued{theCall, 1, 1}, 30 * time.Second, PresenceChanged{Level: PresenceAbsent, Known: true}, 20 * time.Second, TimerFired{theSession, 4}},
			join(began, caf("call_wanted", "call_abandoned", "wait_under_1_min"), one("language_fr")),
		},
		{
			"abandoned, in English",
			[]any{LanguageChosen{theSession, "en"}, chosen, asked, CallQueued{theCall, 3, 0}, Cancelled{}, Cancelled{}},
			join(began, caf("call_wanted", "call_abandoned", "wait_under_1_min"), one("language_en")),
		},
		{
			"passed on, and answered there",
			[]any{chosen, asked, CallAnswered{Call: theCall}, MediaConnected{theCall}, 6 * time.Minute, CallTransferred{Call: theCall, Partner: "cdad", Place: 1}, 2 * time.Minute, CallAnswered{Call: theCall}, CitizenHungUp{}, Cancelled{}},
			join(began, caf("call_wanted", "call_answered", "wait_under_1_min"), []Count{{"cdad", "call_passed_on"}}, caf("talk_5_to_15_min"),
				[]Count{{"cdad", "call_answered"}, {"cdad", "wait_1_to_5_min"}}, one("language_fr")),
		},
		{
			"helped in part, with good sound and picture",
			[]any{chosen, asked, CallAnswered{Call: theCall}, OpinionGiven{AnswerYes}, MediaConnected{theCall}, CitizenHungUp{}, OpinionGiven{AnswerGood}, OpinionGiven{AnswerPartly}, OpinionGiven{AnswerNo}, OpinionGiven{AnswerGood}, OpinionGiven{AnswerPoor}, Cancelled{}},
			join(began, caf("call_wanted", "call_answered", "wait_under_1_min", "talk_under_5_min", "helped_partly", "quality_good"), one("language_fr")),
		},
		{
			"asked after a call, in vain",
			[]any{chosen, asked, CallAnswered{Call: theCall}, MediaConnected{theCall}, CallEnded{Call: theCall}, 20 * time.Second, TimerFired{theSession, 5}},
			join(began, caf("call_wanted", "call_answered", "wait_under_1_min", "talk_under_5_min"), one("language_fr")),
		},
		{
			"in easy French",
			[]any{LanguagesAsked{theSession, true}, LanguageChosen{theSession, "fr-simple"}, Cancelled{}},
			join(began, one("language_fr_simple")),
		},
		{
			"opens the languages, and chooses none",
			[]any{LanguagesAsked{theSession, true}, LanguagesAsked{theSession, false}},
			join(began, one("language_fr")),
		},
		{"called back, and nobody comes", []any{CalledBack{theSession, theCall, "caf", "Mme Martin"}, TimerFired{theSession, 1}}, nil},
		{
			"called back",
			[]any{CalledBack{theSession, theCall, "caf", "Mme Martin"}, Accepted{}, CallAnswered{Call: theCall}, CitizenHungUp{}, Cancelled{}},
			join(began, caf("call_back", "call_answered", "wait_under_1_min"), one("language_fr")),
		},
		{
			"nobody answers, then an answer after Appeler once more",
			[]any{chosen, asked, CallRefused{theCall, ReasonNoAnswer}, CallRequested{otherCall}, CallAnswered{Call: otherCall}},
			join(began, caf("call_wanted", "wait_under_1_min", "failed_no_answer", "phone_shown", "call_wanted", "call_answered", "wait_under_1_min")),
		},
		{
			"nobody answers for long",
			[]any{chosen, asked, CallQueued{theCall, 1, 1}, 6 * time.Minute, CallRefused{theCall, ReasonNoAnswer}},
			join(began, caf("call_wanted", "wait_5_to_15_min", "failed_no_answer", "phone_shown")),
		},
		{
			"without a hub",
			[]any{chosen, LinkChanged{false}, asked},
			join(began, caf("call_wanted", "failed_hub_unreachable", "phone_shown")),
		},
		{
			"a call that is lost",
			[]any{chosen, asked, CallAnswered{Call: theCall}, MediaConnected{theCall}, MediaFailed{theCall}},
			join(began, caf("call_wanted", "call_answered", "wait_under_1_min", "talk_under_5_min", "failed_call_lost", "phone_shown")),
		},
		{
			"no sound nor picture",
			[]any{chosen, asked, CallAnswered{Call: theCall}, MediaFailed{theCall}},
			join(began, caf("call_wanted", "call_answered", "wait_under_1_min", "failed_media", "phone_shown")),
		},
		{
			"a poor call",
			[]any{
				chosen, asked,
				CallAnswered{Call: theCall},
				MediaConnected{theCall},
				CallRated{Call: theCall, Causes: []Cause{"too_early"}},
				CitizenHungUp{},
				CallRated{Call: otherCall, Causes: []Cause{"another"}},
				CallRated{Call: theCall, Causes: []Cause{"sound", "delay"}},
				CallRated{Call: theCall, Causes: []Cause{"again"}},
			},
			join(began, caf("call_wanted", "call_answered", "wait_under_1_min", "talk_under_5_min", "poor_sound", "poor_delay")),
		},
		{
			"a call that cannot begin",
			[]any{chosen, asked, CallAnswered{Call: theCall}, MediaFailed{theCall}, CallRated{Call: theCall, Causes: []Cause{"no_path"}}, Touched{}},
			join(began, caf("call_wanted", "call_answered", "wait_under_1_min", "failed_media", "phone_shown", "setup_no_path")),
		},
		{
			"hung up before there is sound",
			[]any{chosen, asked, CallAnswered{Call: theCall}, CitizenHungUp{}, CallRated{Call: theCall, Causes: []Cause{"no_path"}}},
			join(began, caf("call_wanted", "call_answered", "wait_under_1_min")),
		},
		{
			"a partner that is closed",
			[]any{PartnerChosen{theSession, "cdad"}},
			join(began, []Count{{"cdad", "failed_partner_closed"}, {"cdad", "phone_shown"}}),
		},
		{
			"somebody looks and goes",
			[]any{chosen, Touched{}, Cancelled{}},
			join(began, one("language_fr")),
		},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			_, got := counted(fresh(), c.events...)
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("counted (-want +got):\n%s", diff)
			}
		})
	}
}

func TestHoursOpenAreCountedInQuarters(t *testing.T) {
	for _, c := range []struct {
		name    string
		change  func(*State)
		step    time.Duration
		minutes int
		want    int
	}{
		{"an hour", func(*State) {}, 10 * time.Second, 60, 4},
		{"the clock is set", func(*State) {}, 3 * time.Hour, 180, 0},
		{"no camera", func(s *State) { s.Faults = []Device{DeviceCamera} }, 10 * time.Second, 60, 0},
		{"a dark panel", func(s *State) { s.PanelDark = true }, 10 * time.Second, 60, 0},
		{"at night", func(s *State) { s.Now = s.Now.Add(12 * time.Hour) }, 10 * time.Second, 60, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := fresh()
			c.change(&s)
			quarters := 0
			for passed := time.Duration(0); passed < time.Duration(c.minutes)*time.Minute; passed += c.step {
				var got []Count
				s, got = counted(s, c.step, ClockTicked{})
				quarters += len(got)
			}
			if quarters != c.want {
				t.Errorf("%d quarters of an hour, expected %d", quarters, c.want)
			}
		})
	}
}

// The grid's layout is checked against the words that the configuration knows: every word that is counted must be one.
func TestEveryWordIsKnownToTheGrid(t *testing.T) {
	emitted := map[string]bool{
		string(CountedSession): true, string(CountedTouch): true, string(CountedPresence): true, string(CountedWanted): true, string(CountedBack): true, string(CountedPassedOn): true, string(CountedAnswered): true,
		string(CountedAbandoned): true, string(CountedPhone): true, string(CountedQuarter): true, string(CountedHelp): true, string(CountedHelpAsked): true,
	}
	for _, r := range []Reason{
		ReasonPartnerClosed, ReasonHubUnreachable, ReasonRefused, ReasonNoAnswer, ReasonMedia, ReasonDevice, ReasonCallLost, ReasonAdviserLost, ReasonTooLong,
	} {
		emitted[countedFailed+string(r)] = true
	}
	for _, q := range []Question{QuestionHelped, QuestionQuality} {
		for _, a := range q.answers() {
			emitted[string(q)+"_"+string(a)] = true
		}
	}
	for m := range 40 {
		d := time.Duration(m) * time.Minute
		emitted[string(waitClass(d))], emitted[string(talkClass(d))] = true, true
	}
	// The causes are words of whoever rates a call; kiosk/counts_test.go has them.
	known := map[string]bool{}
	for _, w := range config.CountWords() {
		if rated := strings.HasPrefix(w, countedPoor) || strings.HasPrefix(w, countedSetup) || strings.HasPrefix(w, countedLanguage); !rated {
			known[w] = true
		}
	}
	if diff := cmp.Diff(known, emitted); diff != "" {
		t.Errorf("words that the grid knows, and those that are counted (-grid +booth):\n%s", diff)
	}
}
