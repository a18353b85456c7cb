package booth

import "slices"

// Line is one thing that was written in a call. It lives as long as the call.
type Line struct {
	From Side `json:"from"`
	Kind Kind `json:"kind"`
	// Text is "" for a ready phrase.
	Text   string `json:"text"`
	Phrase Phrase `json:"phrase"`
	// Open: it is being typed.
	Open bool `json:"open"`
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

// maxLines is how much of what was written is kept: a long call's.
const maxLines = 200

type (
	// AdviserWrote: the adviser wrote something, on a page without real-time text.
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
		n.write(Line{From: SideAdviser, Kind: KindTyped, Text: e.Text})
	}
}

// phraseChosen answers an adviser who has written.
func (n *stepping) phraseChosen(e PhraseChosen) {
	if n.Session.Phase.DevicesOpen() && len(n.Session.Written) > 0 && slices.Contains(Phrases(), e.Phrase) {
		n.write(Line{From: SideCitizen, Kind: KindPhrase, Phrase: e.Phrase})
		n.do(SayPhrase{n.Session.Call, e.Phrase})
	}
}

// write adds a line as a whole, before those that are being typed.
func (n *stepping) write(l Line) {
	kept := n.Session.Written
	at := slices.IndexFunc(kept, func(l Line) bool { return l.Open })
	if at < 0 {
		at = len(kept)
	}
	all := slices.Insert(slices.Clone(kept), at, l)
	n.Session.Written = all[max(0, len(all)-maxLines):]
}
