package booth

import (
	"strings"
	"time"

	"loiret.fr/visioborne/config"
)

// Enrolment is where a booth stands that has no site yet: a State without a
// Config. A technician looks at it, not a citizen.
type Enrolment struct {
	// Hub is the address in the settings file; "" when no usable file was found.
	Hub string
	// Mistakes are those of the settings file, one a line.
	Mistakes []string
	// Typed is what was typed of a code, without its hyphen.
	Typed string
	// Code is the one that the hub is being asked with; "" when it is not.
	Code string
	// Refusal is why the last attempt came to nothing.
	Refusal Refusal
	// Done: the hub has enrolled the booth; it starts again by itself.
	Done bool
	// Timer numbers the running timer.
	Timer int
}

// Refusal is why a booth was not enrolled.
type Refusal string

const (
	RefusalUnknownCode Refusal = "unknown_code"
	RefusalUsedCode    Refusal = "used_code"
	RefusalExpiredCode Refusal = "expired_code"
	RefusalTooMany     Refusal = "too_many_attempts"
	RefusalUnreachable Refusal = "hub_unreachable" // no network, no hub, or a hub in trouble
	RefusalCertificate Refusal = "certificate"     // the hub shows a certificate that is not to be trusted
	RefusalClock       Refusal = "clock"           // the booth's clock is wrong, so that no certificate can be judged
	RefusalAnswer      Refusal = "answer"          // what answers is no hub, or says what cannot be used
)

// Refusals lists every refusal.
func Refusals() []Refusal {
	return []Refusal{
		RefusalUnknownCode, RefusalUsedCode, RefusalExpiredCode, RefusalTooMany,
		RefusalUnreachable, RefusalCertificate, RefusalClock, RefusalAnswer,
	}
}

// passes: trying the same code again later may help.
func (r Refusal) passes() bool {
	return r == RefusalUnreachable || r == RefusalClock || r == RefusalTooMany
}

const (
	codeLength = 8
	// The pauses before the hub is asked again with the same code, when waiting may help. A network that comes up is
	// not waited for long; a hub that has had enough is left alone for a while.
	retryUnreachable = 5 * time.Second
	retryRefused     = 15 * time.Second
	// enrolmentTimers is the session of an enrolment's timers, which has no citizen.
	enrolmentTimers = "enrolment"
	// keyErase is the key that takes the last character back.
	keyErase = "erase"
)

type (
	// SettingsFound: a settings file was read. Hub is "" when there is none, or when it has mistakes.
	SettingsFound struct {
		Hub, Code string
		Mistakes  []string
	}
	// KeyPressed: a key of the code's keypad: a character, or "erase".
	KeyPressed struct{ Key string }
	// CodeEntered: the code is complete.
	CodeEntered struct{}
	// EnrolmentFailed: the hub does not enrol the booth.
	EnrolmentFailed struct{ Refusal Refusal }
	// EnrolmentDone: it does.
	EnrolmentDone struct{}
)

func (SettingsFound) isEvent()   {}
func (KeyPressed) isEvent()      {}
func (CodeEntered) isEvent()     {}
func (EnrolmentFailed) isEvent() {}
func (EnrolmentDone) isEvent()   {}

// Enrol asks the hub to enrol the booth. EnrolmentDone or EnrolmentFailed follows.
type Enrol struct{ Hub, Code string }

func (Enrol) isEffect() {}

// EnrolmentScreen is what a booth shows that has no site yet.
type EnrolmentScreen struct {
	Name string `json:"name"` // "enrolment"
	// Step is "settings" (a settings file is needed), "code" (a code is to be typed), "contacting", or "done".
	Step     string   `json:"step"`
	Hub      string   `json:"hub"`
	Mistakes []string `json:"mistakes"`
	// Typed is the code as far as it was typed; Complete: it can be tried.
	Typed    string  `json:"typed"`
	Complete bool    `json:"complete"`
	Refusal  Refusal `json:"refusal"`
}

func (EnrolmentScreen) isScreen() {}

func (e Enrolment) screen() EnrolmentScreen {
	s := EnrolmentScreen{
		Name: "enrolment", Step: "code", Hub: e.Hub, Mistakes: append([]string{}, e.Mistakes...),
		Typed: e.Typed, Complete: len(e.Typed) == codeLength, Refusal: e.Refusal,
	}
	switch {
	case e.Done:
		s.Step = "done"
	case e.Hub == "":
		s.Step = "settings"
	case e.Code != "":
		s.Step = "contacting"
	}
	return s
}

// showEnrolment is the view of a booth without a site.
func (s State) showEnrolment() View {
	v := View{
		Site: "Visioborne", Timezone: "Europe/Paris", Language: "fr", Languages: []string{},
		Online: s.Online, Simulated: []Device{}, Maintenance: s.Maintenance, Panel: usualPanel(), Screen: s.Enrolment.screen(),
	}
	if s.Technician.Step != TechnicianAway {
		v.Screen = s.technicianScreen()
	}
	return v
}

// takeUnenrolled takes the events of a booth without a site. All others mean nothing to it.
func (n *stepping) takeUnenrolled(e Event) {
	switch e := e.(type) {
	case SettingsFound:
		n.settingsFound(e)
	case KeyPressed:
		n.keyPressed(e)
	case CodeEntered:
		if n.mayType() && len(n.Enrolment.Typed) == codeLength {
			n.enrol(n.Enrolment.Typed)
		}
	case EnrolmentFailed:
		n.enrolmentFailed(e)
	case EnrolmentDone:
		n.Enrolment = Enrolment{Hub: n.Enrolment.Hub, Done: true}
		n.do(StopTimer{})
	case Cancelled: // the technician would rather type another code
		if n.Enrolment.Code != "" && n.Enrolment.Refusal != "" && !n.Enrolment.Done {
			n.Enrolment.Code = ""
			n.do(StopTimer{})
		}
	case TimerFired:
		if e.Session == enrolmentTimers && e.Timer == n.Enrolment.Timer && n.Enrolment.Code != "" {
			n.enrol(n.Enrolment.Code)
		}
	default:
	}
}

// mayType: a code can be typed now.
func (n *stepping) mayType() bool {
	return n.Enrolment.Hub != "" && n.Enrolment.Code == "" && !n.Enrolment.Done
}

func (n *stepping) settingsFound(e SettingsFound) {
	if n.Enrolment.Done || n.Enrolment.Code != "" && n.Enrolment.Refusal == "" {
		return // the hub is being asked
	}
	n.Enrolment.Hub, n.Enrolment.Mistakes = e.Hub, append([]string{}, e.Mistakes...)
	if e.Hub == "" {
		n.Enrolment.Code = ""
		return
	}
	if code, err := config.ParseCode(e.Code); err == nil {
		n.Enrolment.Typed = ""
		n.enrol(code)
	}
}

func (n *stepping) keyPressed(e KeyPressed) {
	if !n.mayType() {
		return
	}
	typed := n.Enrolment.Typed
	if e.Key == keyErase {
		n.Enrolment.Typed = typed[:max(0, len(typed)-1)]
		return
	}
	// A code's characters are what makes eight of them a code.
	if code, err := config.ParseCode(strings.Repeat(e.Key, codeLength)); err == nil && len(e.Key) == 1 && len(typed) < codeLength {
		n.Enrolment.Typed += code[:1]
		n.Enrolment.Refusal = ""
	}
}

func (n *stepping) enrol(code string) {
	n.Enrolment.Code, n.Enrolment.Refusal = code, ""
	n.do(Enrol{n.Enrolment.Hub, code})
}

func (n *stepping) enrolmentFailed(e EnrolmentFailed) {
	if n.Enrolment.Code == "" || n.Enrolment.Done {
		return
	}
	n.Enrolment.Refusal = e.Refusal
	if e.Refusal.passes() {
		n.Enrolment.Timer++
		pause := retryRefused
		if e.Refusal == RefusalUnreachable {
			pause = retryUnreachable
		}
		n.do(StartTimer{enrolmentTimers, n.Enrolment.Timer, pause})
		return
	}
	n.Enrolment.Code, n.Enrolment.Typed = "", ""
}
