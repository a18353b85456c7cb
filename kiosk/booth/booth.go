// Package booth is the booth's whole behaviour as a pure state machine: Step
// takes a state and an event and returns the next state and the effects to
// carry out; Show derives from a state what the touchscreen shows.
//
// It opens, writes and starts nothing: it has no clock, no goroutine, no logger
// and no I/O, so that every state can be tested against every event. The loop
// in package main owns the one State of a booth, feeds it events and runs the
// effects; the packages that own devices and connections answer with events.
//
// Two layers keep it small. What is stored is the session's phase. What the
// screen shows is derived: an active session first, then out of service, then
// closed, then home. So closing time or a failing device cannot throw a citizen
// out in mid-call.
//
// Personal data (a language, a need, a partner, an adviser's name) lives in
// State.Session only, and ending a session assigns its zero value.
package booth

import (
	"slices"
	"strings"
	"time"

	"loiret.fr/visioborne/config"
)

// Phase is how far a session has got.
type Phase string

const (
	// PhaseNone: nobody is there. It is the zero value, so that an ended session is the zero Session.
	PhaseNone Phase = ""
	// PhaseBrowsing: a citizen has touched the list of partners, to choose a language say.
	PhaseBrowsing Phase = "browsing"
	// PhaseChoosing: a partner's page is shown; the citizen may call.
	PhaseChoosing Phase = "choosing"
	// PhaseContacting: the call is on its way to the hub.
	PhaseContacting Phase = "contacting"
	// PhaseWaiting: the call is in the partner's waiting line.
	PhaseWaiting Phase = "waiting"
	// PhaseCalledBack: an adviser would like to go on with a call that broke; the citizen is asked. No device is open.
	PhaseCalledBack Phase = "called_back"
	// PhaseConnecting: an adviser has answered; sound and picture are being set up. Devices are open.
	PhaseConnecting Phase = "connecting"
	// PhaseInCall: citizen and adviser see and hear each other. Devices are open.
	PhaseInCall Phase = "in_call"
	// PhaseEnded: the farewell.
	PhaseEnded Phase = "ended"
	// PhaseFailed: the reason, the telephone number and the incident code.
	PhaseFailed Phase = "failed"
)

// Phases lists every phase, in the order of a session's life.
func Phases() []Phase {
	return []Phase{
		PhaseNone, PhaseBrowsing, PhaseChoosing, PhaseContacting, PhaseWaiting,
		PhaseCalledBack, PhaseConnecting, PhaseInCall, PhaseEnded, PhaseFailed,
	}
}

// String names the phase; PhaseNone is "none".
func (p Phase) String() string {
	if p == PhaseNone {
		return "none"
	}
	return string(p)
}

// DevicesOpen tells whether camera, microphone and speaker are open in that phase.
func (p Phase) DevicesOpen() bool { return p == PhaseConnecting || p == PhaseInCall }

// Reason is why a citizen could not talk, or could not go on talking, to an adviser.
type Reason string

const (
	ReasonPartnerClosed  Reason = "partner_closed"  // outside the partner's hours
	ReasonHubUnreachable Reason = "hub_unreachable" // no network, or no hub
	ReasonRefused        Reason = "refused"         // the hub does not take the call
	ReasonNoAnswer       Reason = "no_answer"       // nobody answered within the partner's limit
	ReasonMedia          Reason = "media"           // sound and picture could not be set up
	ReasonDevice         Reason = "device"          // the booth's own camera, microphone or speaker
	ReasonCallLost       Reason = "call_lost"       // the network went away for too long
	ReasonAdviserLost    Reason = "adviser_lost"    // the adviser's page went away
	ReasonTooLong        Reason = "too_long"        // the longest call was reached
)

// letter is the reason's part of an incident code, as the hotline's guide lists them.
func (r Reason) letter() string {
	switch r {
	case ReasonPartnerClosed:
		return "F"
	case ReasonHubUnreachable:
		return "R"
	case ReasonRefused:
		return "P"
	case ReasonNoAnswer:
		return "A"
	case ReasonMedia:
		return "M"
	case ReasonDevice:
		return "D"
	case ReasonCallLost:
		return "C"
	case ReasonAdviserLost:
		return "L"
	case ReasonTooLong:
		return "T"
	}
	return "X"
}

// Cause is what was wrong with a call, as far as the connection knows it: what
// made it poor, or how far one got that could not begin. It is counted, and says
// nothing of anybody. The words are those of whoever rates the call.
type Cause string

// Those of a poor line.
const (
	causeSound   Cause = "sound"
	causePicture Cause = "picture"
	causeDelay   Cause = "delay"
)

// Side is who ended a call.
type Side string

const (
	SideCitizen Side = "citizen"
	SideAdviser Side = "adviser"
)

// Device is one of the booth's devices.
type Device string

const (
	DeviceCamera     Device = "camera"
	DeviceMicrophone Device = "microphone"
	DeviceSpeaker    Device = "speaker"
	// DevicePresence is the presence sensors: no fault of theirs ends a call, or keeps one from beginning.
	DevicePresence Device = "presence"
)

// Availability is what the hub says of a partner's desks.
type Availability struct {
	Partner string // the partner's id
	Online  int    // advisers who are available or in a call
	Free    int    // advisers who could answer now
	Waiting int    // calls in line
}

// State is everything a booth knows. The zero value with a Config is a booth
// that has just started and has not reached its hub.
type State struct {
	// Config is the site's; nil while the booth is not enrolled.
	Config *config.Booth
	// Enrolment is where a booth without a site stands.
	Enrolment Enrolment
	// Now is the time of the last event.
	Now time.Time
	// Online: the hub is reachable.
	Online bool
	// Partners is the hub's last word on each partner, in no order.
	Partners []Availability
	// Faults are the devices that do not work, in order of Device.
	Faults []Device
	// PanelDark: the browser on the booth's own panel does not show the page.
	PanelDark bool
	// Simulated are the devices that are simulated, for the notice on screen.
	Simulated []Device
	// Next is a configuration that waits for the end of the session.
	Next *config.Booth
	// Configuration is where the site's configuration stands between booth and hub.
	Configuration Configuration
	// Attract are the site's own picture and logo.
	Attract Attract
	// Maintenance: the booth's pages are open to the room's network.
	Maintenance bool
	// PIN opens the technician's page; "" while the booth has no site. Version is what runs.
	PIN, Version string
	// Training: calls go to a simulated adviser, and nothing is counted.
	Training bool
	// Technician is what a technician is doing.
	Technician Technician
	// DeviceCheck is the check of the devices under way, or the last one.
	DeviceCheck DeviceCheck
	// Update is how far an update has got; nil when there is none.
	Update *Update
	// Coming is an update that is announced; nil when there is none.
	Coming *Coming
	// Restarting: the machine restarts in a moment, or its service only.
	Restarting, ServiceOnly bool
	// OutOfService: the hotline has taken the booth out of service; nil otherwise.
	OutOfService *OutOfService
	// TestCall is the test call under way, or the last one.
	TestCall TestCall
	// TouchedAt is when the page was last touched, or when the booth started.
	TouchedAt time.Time
	// Presence is what the presence sensors say.
	Presence Presence
	// Hearing is what the spoken mode is heard by; "" where the booth has no voice.
	Hearing Hearing
	// VoiceMissing: the program is not there that the spoken mode needs.
	VoiceMissing bool
	// LastCall is how the last call went that an adviser had answered; it outlives the session.
	LastCall LastCall
	// Session is the citizen's; zero when nobody is there.
	Session Session
}

// LastCall is how a call went, for the hotline. It has no time and no partner: in a
// room with few visitors the two would tell who came for what, and the fault that the
// hotline looks for is the line's or the booth's, whoever was called.
type LastCall struct {
	// Number tells a call from the one before; 0 is none.
	Number int
	// Failed is why it failed, "" if it did not; GivenUp: one of the two hung up before they could talk.
	Failed  Reason
	GivenUp bool
	// Causes are what was wrong with it otherwise, and Lost the devices that did not work in the end.
	Causes []Cause
	Lost   []Device
	// Sound is nil if there was too little of it to judge.
	Sound *Sound
}

// Sound is how the sound of a call fared. The words are those of whoever rates the call.
type Sound struct {
	Echo           string
	EchoReducedDB  int
	MadeUpPerMille int
}

// Update is how far an update has got, for the hotline. The words are the hub's.
type Update struct {
	State, Version, Reason string
	Percent                int
}

// Coming is an update that is announced to the site's manager.
type Coming struct {
	// Nature is what changes, in a sentence.
	Nature string
	From   time.Time
}

// Quiet: nobody is there whom a restart would disturb.
func (s State) Quiet() bool {
	return s.Session.Phase == PhaseNone && s.Technician.Step == TechnicianAway && !s.Training
}

// Closed: the room is closed.
func (s State) Closed() bool {
	_, open := next(s.Config.SiteOpening(), s.Now)
	return !open
}

// Session is one citizen, from the first touch to the end.
type Session struct {
	// ID tells one session's timers from another's. Random, never leaves the booth.
	ID    string
	Phase Phase
	// BegunBy is what began it.
	BegunBy Beginning
	// AskedUntil is when it ends unless somebody says that they are still there; zero while nobody is asked.
	AskedUntil time.Time
	// Spoken: every screen is spoken; SpokenByHandset: because the handset was lifted before anything else.
	Spoken, SpokenByHandset bool
	// Away: the adviser has been told that nobody is before the booth.
	Away bool
	// Language is "" until the citizen chooses one; the site's first is used then. AsksLanguage: the layer to choose it is open.
	Language     string
	AsksLanguage bool
	// ZoneMoved: the controls are not where they usually are on this panel, but in its lower part, or all over it.
	ZoneMoved bool
	Partner   string
	// Group is the group of needs whose page was opened, Need the need that was chosen there; "" for none.
	Group, Need string
	// Help is the help layer.
	Help Help
	// Call is one attempt to reach a partner.
	Call string
	// CallSince is when the citizen asked for the call.
	CallSince time.Time
	// Place in the partner's line; 1 is next, 0 is not known yet. Free is how many advisers could answer.
	Place, Free int
	// Ringing: an adviser's desk is ringing.
	Ringing bool
	// Adviser is the name that the adviser goes by.
	Adviser string
	// Recalled: an adviser's call back has begun it, and nobody has accepted that yet.
	Recalled bool
	// PassedBy is the partner whose adviser has passed the call on; Returned: it is the one to whom it was passed on
	// in vain.
	PassedBy string
	Returned bool
	// TalkSince is when sound and picture were there.
	TalkSince   time.Time
	Interrupted bool
	// AdviserAway: what interrupts the call is that the adviser's page has gone, perhaps to come back.
	AdviserAway bool
	// MicrophoneOff and CameraOff are the citizen's own choice; the adviser's are beside them.
	MicrophoneOff, CameraOff               bool
	AdviserMicrophoneOff, AdviserCameraOff bool
	VolumePercent                          int
	// Written is what was written in the call; it is wiped when the call is over.
	Written []Line
	Conversation
	// Paper is what the adviser shows; zero for nothing. It is wiped as well.
	Paper Paper
	// ByAgent: the site's agent has called for the citizen. Company: whether the agent takes part in the call.
	ByAgent bool
	Company CompanyStep
	// Photo is a sharp picture that the adviser has asked for.
	Photo PhotoStep
	// Lost is a device that failed during the call.
	Lost []Device
	// Opinion is what the citizen says of a call that is over, and whether they are asked.
	Opinion Opinion
	// EndedBy is who hung up; Reason why it failed.
	EndedBy Side
	Reason  Reason
	// Rated: it is known how the call went that is over; Causes are what was wrong with it.
	Rated  bool
	Causes []Cause
	// Timer numbers the one running timer; an older one that fires is a stray.
	Timer int
}

// poorLine: the call was lost, and it was a poor one before.
func (s Session) poorLine() bool {
	return s.Reason == ReasonCallLost && slices.ContainsFunc(s.Causes, func(c Cause) bool {
		return c == causeSound || c == causePicture || c == causeDelay
	})
}

// defaultVolumePercent leaves room to turn up as well as down. Ten hundredths are a step of 3 dB; the lowest volume can be
// heard, so that nobody takes it for a booth that is broken.
const (
	defaultVolumePercent = 80
	minVolumePercent     = 10
)

// IncidentCode is what a citizen reads to the hotline: a letter for the reason
// and four digits that the booth's log has too. It says nothing of the citizen.
func (s Session) IncidentCode() string {
	tail := strings.ToUpper(strings.ReplaceAll(s.ID, "-", ""))
	if len(tail) > 4 {
		tail = tail[:4]
	}
	return s.Reason.letter() + "-" + tail
}

func (s State) availability(partner string) Availability {
	for _, a := range s.Partners {
		if a.Partner == partner {
			return a
		}
	}
	return Availability{Partner: partner}
}
