package booth

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Kind is what a line is, and where its text comes from. Each has a line of its own that grows, so that they do not
// mix: another source of the adviser's text, such as live captions, takes a kind of its own and the same events.
type Kind string

const (
	// KindTyped is typed by a person: real-time text, or a message as a whole.
	KindTyped Kind = "typed"
	// KindPhrase is a ready phrase.
	KindPhrase Kind = "phrase"
)

// maxLineRunes is the longest line; a longer one goes on in the next.
const maxLineRunes = 1000

// maxTyped is the longest text that one intent types, in bytes: a touch or a key makes a character.
const maxTyped = 64

type (
	// TextOpened: real-time text can be exchanged with the adviser. TextClosed: no longer.
	TextOpened struct{ Call string }
	TextClosed struct{ Call string }
	// TextReceived: the adviser's text has grown. "\n" ends the line, "\b" takes back a character, U+FFFD was lost.
	TextReceived struct {
		Call string
		Kind Kind
		Text string
	}
	// TextTyped: the citizen has typed, in the same notation.
	TextTyped struct{ Text string }
	// KeyboardSwitched: the citizen wants the keyboard, or no longer.
	KeyboardSwitched struct{ On bool }
	// SpeakingChanged: who speaks now.
	SpeakingChanged struct {
		Call             string
		Citizen, Adviser bool
	}
)

func (TextOpened) isEvent()       {}
func (TextClosed) isEvent()       {}
func (TextReceived) isEvent()     {}
func (TextTyped) isEvent()        {}
func (KeyboardSwitched) isEvent() {}
func (SpeakingChanged) isEvent()  {}

// SendText sends what the citizen has typed.
type SendText struct{ Call, Text string }

func (SendText) isEffect() {}

// Conversation is what of a session belongs to what is typed and said in a call. It is wiped with the call.
type Conversation struct {
	// Text: there is real-time text with the adviser; Keyboard: the citizen has opened it.
	Text, Keyboard bool
	// CitizenSpeaks and AdviserSpeaks are who speaks now.
	CitizenSpeaks, AdviserSpeaks bool
}

func (n *stepping) textOpened(call string) {
	if n.mediaOf(call) {
		n.Session.Text = true
	}
}

func (n *stepping) textClosed(call string) {
	if n.mediaOf(call) {
		n.loseText()
	}
}

func (n *stepping) textReceived(e TextReceived) {
	if n.mediaOf(e.Call) {
		n.Session.Written = typeInto(n.Session.Written, SideAdviser, e.Kind, e.Text)
	}
}

func (n *stepping) keyboardSwitched(on bool) {
	if n.Session.Phase.DevicesOpen() && (n.Session.Text || !on) {
		n.Session.Keyboard = on
	}
}

func (n *stepping) speakingChanged(e SpeakingChanged) {
	if n.mediaOf(e.Call) {
		n.Session.CitizenSpeaks, n.Session.AdviserSpeaks = e.Citizen, e.Adviser
	}
}

// textTyped keeps what the citizen has typed and sends it. What the line before ended stays: a touch too many on the
// key that erases takes back nothing that the adviser has read as a whole.
func (n *stepping) textTyped(text string) {
	s := &n.Session
	if !s.Phase.DevicesOpen() || !s.Text || len(text) > maxTyped || !utf8.ValidString(text) {
		return
	}
	for _, r := range text {
		empty := growing(s.Written, SideCitizen, KindTyped) < 0
		if empty && (r == '\b' || r == '\n') || !typable(r) {
			continue
		}
		s.Written = typeInto(s.Written, SideCitizen, KindTyped, string(r))
		n.do(SendText{s.Call, string(r)})
	}
}

func typable(r rune) bool {
	return r == '\n' || r == '\b' || unicode.IsPrint(r) || r == '\u200c' || r == '\u200d' // joiners
}

// loseText ends what the adviser was typing with the mark for text that may be lost (T.140, section 8.7).
func (n *stepping) loseText() {
	n.Session.Text = false
	for _, l := range n.Session.Written {
		if l.From == SideAdviser && l.Open {
			n.Session.Written = typeInto(n.Session.Written, l.From, l.Kind, "\ufffd\n")
		}
	}
}

// growing is where the line is that this side's text of that kind goes into; -1 if there is none yet.
func growing(lines []Line, from Side, kind Kind) int {
	return slices.IndexFunc(lines, func(l Line) bool { return l.Open && l.From == from && l.Kind == kind })
}

// typeInto adds text to the conversation and returns it, without changing the lines that it is given. Lines that are
// finished come first, in the order in which they were; those that grow are the last ones.
func typeInto(lines []Line, from Side, kind Kind, text string) []Line {
	lines = slices.Clone(lines)
	at := growing(lines, from, kind)
	finish := func() {
		if at < 0 {
			return
		}
		l := lines[at]
		l.Open = false
		lines = slices.Delete(lines, at, at+1)
		before := slices.IndexFunc(lines, func(l Line) bool { return l.Open })
		if before < 0 {
			before = len(lines)
		}
		lines, at = slices.Insert(lines, before, l), -1
	}
	for _, r := range text {
		if r == '\n' {
			finish()
			continue
		}
		if r == '\b' {
			if at < 0 { // the end of the line before is taken back
				last := lastOf(lines, from, kind)
				if last < 0 {
					continue
				}
				l := lines[last]
				l.Open = true
				lines = append(slices.Delete(lines, last, last+1), l)
				at = len(lines) - 1
				continue
			}
			if lines[at].Text = eraseLast(lines[at].Text); lines[at].Text == "" {
				lines, at = slices.Delete(lines, at, at+1), -1
			}
			continue
		}
		if at < 0 {
			lines = append(lines, Line{From: from, Kind: kind, Open: true})
			at = len(lines) - 1
		}
		if lines[at].Text += string(r); utf8.RuneCountInString(lines[at].Text) >= maxLineRunes {
			finish()
		}
	}
	return lines[max(0, len(lines)-maxLines):]
}

func lastOf(lines []Line, from Side, kind Kind) int {
	for i := len(lines) - 1; i >= 0; i-- {
		if lines[i].From == from && lines[i].Kind == kind {
			return i
		}
	}
	return -1
}

// eraseLast takes back what a person takes for a character: a letter with its accents, a picture with what joins it.
// The adviser's page does the same (ui/common/text.ts).
func eraseLast(text string) string {
	for text != "" {
		r, n := utf8.DecodeLastRuneInString(text)
		text = text[:len(text)-n]
		if unicode.Is(unicode.M, r) || r == '\u200d' || r >= 0x1f3fb && r <= 0x1f3ff {
			continue
		}
		before, joined := strings.CutSuffix(text, "\u200d")
		if !joined {
			break
		}
		text = before
	}
	return text
}
