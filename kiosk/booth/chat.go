package booth

import "slices"

// Line is one thing that was written in a call. It lives as long as the call.
type Line struct {
	From Side `json:"from"`
	// Text is the adviser's; "" for the citizen, who says ready phrases.
	Text   string `json:"text"`
	Phrase Phrase `json:"phrase"`
}

// Phrase is something that a citizen can say by touching it. The page has the words.
type Phrase string

const (
	PhraseYes    Phrase = "yes"
	PhraseNo     Phrase = "no"
	PhraseRepeat Phrase = "repeat" // could you say it again?
	PhraseSlower Phrase = "slower" // please speak more slowly
	PhraseWait   Phrase = "wait"   // one moment, please
	PhraseThanks Phrase = "thanks"
)

// Phrases lists every phrase, in the order of the page.
func Phrases() []Phrase {
	return []Phrase{PhraseYes, PhraseNo, PhraseRepeat, PhraseSlower, PhraseWait, PhraseThanks}
}

// maxLines is how much of what was written is kept: more than the screen shows.
const maxLines = 30

type (
	// AdviserWrote: the adviser wrote something.
	AdviserWrote struct{ Call, Text string }
	// PhraseChosen: the citizen says a ready phrase.
	PhraseChosen struct{ Phrase Phrase }
)

func (AdviserWrote) isEvent() {}
func (PhraseChosen) isEvent() {}

// SayPhrase sends a ready phrase to the adviser.
type SayPhrase struct {
	Call   string
	Phrase Phrase
}

func (SayPhrase) isEffect() {}

func (n *stepping) adviserWrote(e AdviserWrote) {
	if n.mediaOf(e.Call) {
		n.write(Line{From: SideAdviser, Text: e.Text})
	}
}

// phraseChosen answers an adviser who has written.
func (n *stepping) phraseChosen(e PhraseChosen) {
	if n.Session.Phase.DevicesOpen() && len(n.Session.Written) > 0 && slices.Contains(Phrases(), e.Phrase) {
		n.write(Line{From: SideCitizen, Phrase: e.Phrase})
		n.do(SayPhrase{n.Session.Call, e.Phrase})
	}
}

func (n *stepping) write(l Line) {
	kept := n.Session.Written[max(0, len(n.Session.Written)-maxLines+1):]
	n.Session.Written = append(slices.Clone(kept), l)
}
