package booth

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

func typedBy(from Side, text string, open bool) Line {
	return Line{From: from, Kind: KindTyped, Text: text, Open: open}
}

func TestTypeInto(t *testing.T) {
	other := typedBy(SideAdviser, "Bon", true)
	done := typedBy(SideAdviser, "Bonjour", false)
	phrase := Line{From: SideCitizen, Kind: KindPhrase, Phrase: PhraseYes}
	mine := func(text string, open bool) Line { return typedBy(SideCitizen, text, open) }
	for name, c := range map[string]struct {
		before []Line
		text   string
		want   []Line
	}{
		"nothing":                       {nil, "", nil},
		"a letter":                      {nil, "J", []Line{mine("J", true)}},
		"more":                          {[]Line{mine("J", true), other}, "e\u0301", []Line{mine("Je\u0301", true), other}},
		"a letter is taken back":        {[]Line{mine("Jr", true)}, "\be", []Line{mine("Je", true)}},
		"with its accent":               {[]Line{mine("Je\u0301", true)}, "\b", []Line{mine("J", true)}},
		"a picture as a whole":          {[]Line{mine("J👩🏽‍⚕️", true)}, "\b", []Line{mine("J", true)}},
		"all of it":                     {[]Line{mine("J", true), other}, "\b", []Line{other}},
		"and what was before":           {[]Line{mine("Oui", false), mine("J", true)}, "\b\b\b", []Line{mine("Ou", true)}},
		"the end of a line":             {[]Line{done, mine("J", true), other}, "\n", []Line{done, mine("J", false), other}},
		"a line ends before the other":  {[]Line{other, mine("J", true)}, "e\nEt", []Line{mine("Je", false), other, mine("Et", true)}},
		"the end of a line taken back":  {[]Line{mine("J", false), done, phrase}, "\be", []Line{done, phrase, mine("Je", true)}},
		"nothing to take back":          {[]Line{done, phrase}, "\b\b", []Line{done, phrase}},
		"an end of nothing":             {[]Line{done}, "\n\n", []Line{done}},
		"a mark for what is lost":       {[]Line{mine("J", true)}, "\ufffd", []Line{mine("J\ufffd", true)}},
		"a line that is too long to go": {[]Line{mine(strings.Repeat("x", maxLineRunes-1), true)}, "yz", []Line{mine(strings.Repeat("x", maxLineRunes-1)+"y", false), mine("z", true)}},
	} {
		kept := append([]Line{}, c.before...)
		got := typeInto(c.before, SideCitizen, KindTyped, c.text)
		if diff := cmp.Diff(c.want, got); diff != "" && len(got)+len(c.want) > 0 {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
		if diff := cmp.Diff(kept, c.before); diff != "" && len(kept) > 0 {
			t.Errorf("%s: the lines before were changed (-before +after):\n%s", name, diff)
		}
	}
	// Another kind has a line of its own.
	got := typeInto([]Line{other}, SideAdviser, "caption", "x")
	if diff := cmp.Diff([]Line{other, {From: SideAdviser, Kind: "caption", Text: "x", Open: true}}, got); diff != "" {
		t.Errorf("another kind (-want +got):\n%s", diff)
	}
}

// Both see what the other types while it is typed, and nothing of it outlives the call.
func TestRealTimeText(t *testing.T) {
	s := inTalk(t)
	if same, effects := run(t, s, KeyboardSwitched{true}, TextTyped{"x"}); same.Session.Keyboard || len(effects) != 0 || len(same.Session.Written) != 0 {
		t.Fatalf("without a channel: %+v, %+v", same.Session, effects)
	}
	s, _ = run(t, s, TextOpened{theCall}, KeyboardSwitched{true})
	if c := screenOf[CallScreen](t, s); !c.Text || !c.Keyboard {
		t.Fatalf("with a channel: %+v", c)
	}
	s, effects := run(t, s, TextTyped{"\b"}, TextTyped{"J"}, TextTyped{"r"}, TextReceived{theCall, KindTyped, "Bon"}, TextTyped{"\b"}, TextTyped{"e"})
	want := []Effect{SendText{theCall, "J"}, SendText{theCall, "r"}, SendText{theCall, "\b"}, SendText{theCall, "e"}}
	if diff := cmp.Diff(want, effects); diff != "" {
		t.Fatalf("what is sent (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]Line{typedBy(SideCitizen, "Je", true), typedBy(SideAdviser, "Bon", true)}, screenOf[CallScreen](t, s).Written); diff != "" {
		t.Fatalf("what is shown (-want +got):\n%s", diff)
	}
	s, _ = run(t, s, TextReceived{theCall, KindTyped, "jour\n"}, PhraseChosen{PhraseYes}, TextTyped{"\n"}, TextTyped{"\b"})
	shown := []Line{typedBy(SideAdviser, "Bonjour", false), {From: SideCitizen, Kind: KindPhrase, Phrase: PhraseYes}, typedBy(SideCitizen, "Je", false)}
	if diff := cmp.Diff(shown, screenOf[CallScreen](t, s).Written); diff != "" {
		t.Fatalf("lines that have ended (-want +got):\n%s", diff)
	}
	for name, text := range map[string]string{"no UTF-8": "\xff", "a control": "\x07", "too much": strings.Repeat("x", maxTyped+1)} {
		if _, effects := run(t, s, TextTyped{text}); len(effects) != 0 {
			t.Errorf("%s is sent: %+v", name, effects)
		}
	}
	// The adviser's page goes in the middle of a word, and has all again when it is back.
	s, _ = run(t, s, TextReceived{theCall, KindTyped, "Et vo"})
	s, effects = run(t, s, AdviserAway{theCall}, AdviserBack{Call: theCall})
	shown = append(shown, typedBy(SideAdviser, "Et vo\ufffd", false))
	if r, ok := effects[len(effects)-1].(RenewMedia); !ok || !cmp.Equal(r.Written, shown) {
		t.Fatalf("the page that is back is told: %+v", effects)
	}
	if c := screenOf[CallScreen](t, s); c.Text || c.Keyboard || !s.Session.Keyboard {
		t.Fatalf("before it has text again: %+v", c)
	}
	s, _ = run(t, s, TextOpened{theCall}, MediaConnected{theCall}, TextTyped{"a"})
	if c := screenOf[CallScreen](t, s); !c.Keyboard {
		t.Fatalf("with text again: %+v", c)
	}
	for name, end := range map[string]Event{
		"hung up": CitizenHungUp{}, "failed": MediaFailed{theCall}, "passed on": CallTransferred{Call: theCall, Partner: "cdad", Place: 1},
	} {
		if over, _ := run(t, s, end); len(over.Session.Written) != 0 || over.Session.Conversation != (Conversation{}) {
			t.Errorf("%s: still there: %+v", name, over.Session)
		}
	}
}

func TestWhoSpeaks(t *testing.T) {
	s, _ := run(t, inTalk(t), SpeakingChanged{theCall, true, true}, SpeakingChanged{stray, false, false})
	if c := screenOf[CallScreen](t, s); !c.CitizenSpeaks || !c.AdviserSpeaks {
		t.Errorf("both speak: %+v", c)
	}
	// Whoever is not heard does not speak, whatever was heard a moment ago.
	s, _ = run(t, s, MicrophoneSwitched{false}, AdviserMuted{theCall, true, false})
	if c := screenOf[CallScreen](t, s); c.CitizenSpeaks || c.AdviserSpeaks {
		t.Errorf("both are muted: %+v", c)
	}
}

// A volume that was chosen lasts for the citizen's session, and not longer; it cannot be turned down to nothing.
func TestTheVolumeIsTheCitizens(t *testing.T) {
	s, _ := run(t, inTalk(t), VolumeChosen{0})
	if c := screenOf[CallScreen](t, s); c.VolumePercent != minVolumePercent {
		t.Errorf("the lowest volume is %d", c.VolumePercent)
	}
	again, _ := run(t, s, MediaFailed{theCall}, CallRequested{otherCall}, CallAnswered{Call: otherCall})
	if c := screenOf[CallScreen](t, again); c.VolumePercent != minVolumePercent {
		t.Errorf("the next call of the same citizen has %d", c.VolumePercent)
	}
	next, _ := run(t, s, CitizenHungUp{}, Cancelled{}, PartnerChosen{theSession, "caf"}, CallRequested{otherCall}, CallAnswered{Call: otherCall})
	if c := screenOf[CallScreen](t, next); c.VolumePercent != defaultVolumePercent {
		t.Errorf("the next citizen has %d", c.VolumePercent)
	}
}

// FuzzTypeInto: any text leaves lines that can be shown, those that grow last, and what one side types is not changed by the other.
func FuzzTypeInto(f *testing.F) {
	f.Add("Bonjour\b\b\nA\b\b", "e\u0301\b\n")
	f.Fuzz(func(t *testing.T, mine, theirs string) {
		if !utf8.ValidString(mine + theirs) {
			return
		}
		alone := typeInto(nil, SideCitizen, KindTyped, mine)
		var both []Line
		a, b := []rune(mine), []rune(theirs)
		for i := range max(len(a), len(b)) {
			if i < len(a) {
				both = typeInto(both, SideCitizen, KindTyped, string(a[i]))
			}
			if i < len(b) {
				both = typeInto(both, SideAdviser, KindTyped, string(b[i]))
			}
		}
		if len(both) >= maxLines || len(alone) >= maxLines {
			return
		}
		var kept []Line
		growing := false
		for _, l := range both {
			if growing && !l.Open || l.Text == "" {
				t.Fatalf("lines %+v", both)
			}
			growing = growing || l.Open
			if l.From == SideCitizen {
				kept = append(kept, l)
			}
		}
		if !cmp.Equal(kept, alone) && len(kept)+len(alone) > 0 {
			t.Fatalf("between the other's lines %+v, alone %+v", kept, alone)
		}
	})
}
