package booth

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// FourKey is one of the four keys with which the spoken mode is moved, as keys or as zones of the screen.
type FourKey string

const (
	KeyPrevious FourKey = "previous"
	KeyNext     FourKey = "next"
	KeyRepeat   FourKey = "repeat"
	KeyChoose   FourKey = "choose"
)

// Hearing is what the spoken mode is heard by. "" is a booth that has no voice.
type Hearing string

const (
	HearingLoudspeaker Hearing = "loudspeaker" // by the whole room
	HearingHandset     Hearing = "handset"
	HearingHeadphones  Hearing = "headphones"
)

// private: nobody else hears it.
func (h Hearing) private() bool { return h == HearingHandset || h == HearingHeadphones }

type (
	// HearingChanged: sound goes elsewhere, or there is a voice.
	HearingChanged struct {
		Hearing Hearing
		// Session is the id of a new session, if the handset was lifted before anything else.
		Session string
	}
	// SpeechAsked: the citizen wants the screens spoken, or no longer. Session is the id of a new session if there is none.
	SpeechAsked struct {
		Session string
		On      bool
	}
	// FourKeyPressed: one of the four keys. Session is the id of a new session if there is none.
	FourKeyPressed struct {
		Session string
		Key     FourKey
	}
	// SpeechWanted: the page wants something said, in the session's language; "" is silence.
	SpeechWanted struct{ Text string }
)

func (HearingChanged) isEvent() {}
func (SpeechAsked) isEvent()    {}
func (FourKeyPressed) isEvent() {}
func (SpeechWanted) isEvent()   {}

type (
	// Speak says something to the citizen, and nobody else, instead of what is being said.
	Speak struct {
		Text, Language string
		VolumePercent  int
	}
	// Hush ends what is being said.
	Hush struct{}
	// ListenBy lets sound go to the headphones, where there are any, or no longer.
	ListenBy struct{ Headphones bool }
	// PassKey tells the page that drives of one of the four keys.
	PassKey struct{ Key FourKey }
)

func (Speak) isEffect()    {}
func (Hush) isEffect()     {}
func (ListenBy) isEffect() {}
func (PassKey) isEffect()  {}

// Speech is the spoken mode, for the page.
type Speech struct {
	// Available: the booth has a voice.
	Available bool `json:"available"`
	// On: every screen is spoken.
	On bool `json:"on"`
	// Private: only the citizen hears it. Otherwise what concerns nobody else is not said.
	Private bool `json:"private"`
	// VolumePercent is how loud the booth speaks, and an adviser.
	VolumePercent int `json:"volume_percent"`
}

// maxSpeechText is the longest text that is said at once, in bytes: some two minutes.
const maxSpeechText = 2000

func (s State) speech() Speech {
	volume := s.Session.VolumePercent
	if s.Session.Phase == PhaseNone {
		volume = s.speechVolume()
	}
	return Speech{Available: s.Hearing != "", On: s.Session.Spoken, Private: s.Hearing.private(), VolumePercent: volume}
}

// speechVolume is how loud the spoken mode begins.
func (s State) speechVolume() int {
	if v := s.Config.Site.Speech.VolumePercent; v > 0 {
		return v
	}
	return defaultVolumePercent
}

// takeSpeech takes what concerns the spoken mode; false if the event is another's.
func (n *stepping) takeSpeech(e Event) bool {
	switch e := e.(type) {
	case HearingChanged:
		n.hearingChanged(e)
	case SpeechAsked:
		if e.On {
			n.beginSpeech(e.Session)
		} else if n.Session.Spoken {
			n.endSpeech()
		}
	case FourKeyPressed:
		n.fourKey(e)
	case SpeechWanted:
		n.speak(e.Text)
	default:
		return false
	}
	return true
}

// beginSpeech begins the spoken mode, also on a dark panel: whoever does not see it has not missed it.
func (n *stepping) beginSpeech(session string) {
	if n.Hearing == "" || n.Session.Spoken || !n.welcomes() || n.Technician.Step != TechnicianAway {
		return
	}
	n.TouchedAt = n.Now
	if n.Session.Phase == PhaseNone {
		n.begin(session)
		n.Session.VolumePercent = n.speechVolume()
	}
	n.Session.Spoken = true
	n.stillThere()
	n.do(ListenBy{true})
}

// endSpeech ends the spoken mode; the session goes on, unless it consists of nothing else.
func (n *stepping) endSpeech() {
	n.Session.Spoken, n.Session.SpokenByHandset = false, false
	if n.Session.bare() {
		n.end()
	}
}

// bare: nobody would miss anything of the session.
func (s Session) bare() bool {
	return s.Phase == PhaseBrowsing && s.Language == "" && s.Group == "" && s.Help == (Help{}) && !s.Spoken && !s.ZoneMoved
}

// fourKey begins the spoken mode, answers a question that any touch answers, or is the page's.
func (n *stepping) fourKey(e FourKeyPressed) {
	if !n.Session.Spoken {
		n.beginSpeech(e.Session)
		return
	}
	n.TouchedAt = n.Now
	asked := !n.Session.AskedUntil.IsZero()
	n.stillThere()
	if !asked {
		n.do(PassKey{e.Key})
	}
}

// hearingChanged: a handset that is lifted before anything else begins the spoken mode. Whoever began it so and puts the
// handset back has finished, but while an adviser is called or there.
func (n *stepping) hearingChanged(e HearingChanged) {
	before := n.Hearing
	n.Hearing = e.Hearing
	if before == e.Hearing {
		return
	}
	if n.Session.Spoken {
		n.do(Hush{}) // what was begun for one ear must not go on for a room
	}
	switch {
	case e.Hearing == "":
		if n.Session.Spoken {
			n.endSpeech()
		}
	case e.Hearing == HearingHandset && before != "" && n.Session.Phase == PhaseNone:
		n.beginSpeech(e.Session)
		n.Session.SpokenByHandset = n.Session.Spoken
	case before == HearingHandset && n.Session.SpokenByHandset && n.Session.Phase != PhaseWaiting:
		n.citizenLeft()
	}
}

// speak says what the page wants said. It may be wanted often: what is said last is what is heard.
func (n *stepping) speak(text string) {
	if !n.Session.Spoken {
		return
	}
	if text = speakable(text); text == "" {
		n.do(Hush{})
		return
	}
	n.do(Speak{text, n.language(), n.Session.VolumePercent})
}

// speakable is one line of text, of an endurable length.
func speakable(text string) string {
	text = strings.ToValidUTF8(text, "")
	text = strings.Join(strings.FieldsFunc(text, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }), " ")
	if len(text) <= maxSpeechText {
		return text
	}
	end := maxSpeechText
	for !utf8.RuneStart(text[end]) {
		end--
	}
	return text[:end]
}

// carrySpeech carries the spoken mode through a session, whatever becomes of it.
func (n *stepping) carrySpeech(before Session) {
	if before.Spoken && n.Session.ID == before.ID && n.Session.Phase != PhaseNone {
		n.Session.Spoken, n.Session.SpokenByHandset = true, before.SpokenByHandset
	}
}

// hushIfOver ends what is being said when the spoken mode is over.
func (n *stepping) hushIfOver(before Session) {
	if before.Spoken && !n.Session.Spoken {
		n.do(Hush{}, ListenBy{false})
	}
}
