package booth

import (
	"slices"
	"time"
)

// Presence is what the presence sensors say. The zero value is a booth without any.
type Presence struct {
	Level PresenceLevel
	// Known: at least one sensor is believed. Otherwise Level says nothing of who has left.
	Known bool
	// Faults are the sensors that are not believed, as codes for the hotline: "motion_stuck".
	Faults []string
	// LeftAt is when the last one left.
	LeftAt time.Time
	// Greeted: whoever is there was seen before the screen was touched.
	Greeted bool
}

// PresenceLevel is whether somebody is before the booth, in the words of package presence.
type PresenceLevel string

const (
	PresenceAbsent PresenceLevel = "absent"
	PresenceNear   PresenceLevel = "near"
	PresenceSeated PresenceLevel = "seated"
)

// there: somebody is seen. gone: it is known that nobody is there. Without a sensor, neither is.
func (p Presence) there() bool {
	return p.Known && (p.Level == PresenceNear || p.Level == PresenceSeated)
}

func (p Presence) gone() bool { return p.Known && p.Level == PresenceAbsent }

// Beginning is what began a session: "" none, the sensors before a finger, or a finger.
type Beginning string

const (
	BegunByPresence Beginning = "presence"
	BegunByTouch    Beginning = "touch"
)

const (
	// stillThereTime is how long a citizen has to say that they are still there: 20 s are what WCAG 2.2.1 asks for.
	stillThereTime = 20 * time.Second
	// A finger is a person for at least this long, whatever the sensors say.
	touchIsPresence = 15 * time.Second
	// Who is seen so soon after a touch was brought by it to the sensors' notice, and not greeted.
	touchedFirst = 2 * time.Second
)

type (
	// PresenceChanged: the sensors see somebody else, or are believed otherwise.
	PresenceChanged struct {
		Level  PresenceLevel
		Known  bool
		Faults []string
	}
	// CitizenLeft: the citizen says that they have finished.
	CitizenLeft struct{}
)

func (PresenceChanged) isEvent() {}
func (CitizenLeft) isEvent()     {}

// TellAway tells the adviser that nobody is before the booth, or that somebody is there again.
type TellAway struct {
	Call string
	Away bool
}

func (TellAway) isEffect() {}

// StillThere asks an abandoned session whether somebody is there; any touch says yes.
type StillThere struct {
	// Until is when the session is ended unless somebody says so.
	Until time.Time `json:"until"`
}

// asked is when the session will be ended; nil while nobody is asked.
func (s Session) asked() *StillThere {
	if s.AskedUntil.IsZero() {
		return nil
	}
	return &StillThere{s.AskedUntil.UTC()}
}

// Dark: the panel is off. A closed room's is when nobody has touched it for a while;
// an open room's, when sensors see that nobody is there. A touch only lights it, and
// so does whoever comes near. It is lit while the devices are checked: a camera that is
// on must say so.
func (s State) Dark() bool {
	if s.Config == nil || !s.Quiet() || s.Restarting || s.DeviceCheck.Running || s.Presence.there() {
		return false
	}
	alone, limits := s.Now.Sub(s.attendedAt()), s.Config.Site.Limits
	return s.Closed() && alone >= limits.Idle || s.Presence.Known && alone >= limits.Standby
}

// attendedAt is when somebody was there last, as far as is known.
func (s State) attendedAt() time.Time {
	if s.Presence.LeftAt.After(s.TouchedAt) {
		return s.Presence.LeftAt
	}
	return s.TouchedAt
}

// wakes: on a dark panel a choice was aimed at nothing, and is a touch like any other.
func (n *stepping) wakes(e Event) Event {
	switch e.(type) {
	case LanguageChosen, LanguagesAsked, PartnerChosen, GroupChosen, HelpOpened, ZoneChosen:
		if n.Dark() {
			return Touched{}
		}
	default:
	}
	return e
}

func (n *stepping) presenceChanged(e PresenceChanged) {
	p := &n.Presence
	was := p.there()
	p.Level, p.Known, p.Faults = e.Level, e.Known, slices.Clone(e.Faults)
	switch is := p.there(); {
	case is && !was:
		p.Greeted = n.Now.Sub(n.TouchedAt) >= touchedFirst
	case was && !is:
		p.Greeted, p.LeftAt = false, n.Now
	}
	n.askIfGone()
}

// askIfGone asks a session before which nobody is.
func (n *stepping) askIfGone() {
	if n.Presence.gone() && n.Now.Sub(n.TouchedAt) >= touchIsPresence && n.Session.AskedUntil.IsZero() {
		switch n.Session.Phase {
		case PhaseBrowsing, PhaseChoosing, PhaseWaiting, PhaseFailed:
			n.ask()
		case PhaseEnded: // there is nobody to thank, or to ask how it was
			n.end()
		case PhaseNone, PhaseCalledBack, PhaseContacting, PhaseConnecting, PhaseInCall:
		}
	}
}

// ask gives the citizen one more time before the session ends.
func (n *stepping) ask() {
	n.timer(stillThereTime)
	n.Session.AskedUntil = n.Now.Add(stillThereTime)
}

// askOrEnd ends a session that was asked in vain.
func (n *stepping) askOrEnd() {
	if n.Session.AskedUntil.IsZero() {
		n.ask()
		return
	}
	n.end()
}

// stillThere takes a finger: whoever was asked is there.
func (n *stepping) stillThere() {
	if n.Session.Phase == PhaseWaiting && !n.Session.AskedUntil.IsZero() {
		n.lineTimer()
	}
	n.restartIdle()
}

// citizenLeft ends the session of somebody who says so, before or after a call.
func (n *stepping) citizenLeft() {
	switch n.Session.Phase {
	case PhaseWaiting:
		n.leaveLine(LeavingCancelled)
		n.end()
	case PhaseBrowsing, PhaseChoosing, PhaseEnded, PhaseFailed:
		n.end()
	case PhaseNone, PhaseCalledBack, PhaseContacting, PhaseConnecting, PhaseInCall:
	}
}

// tellAway tells the adviser when the citizen leaves in mid-call, or is back.
func (n *stepping) tellAway() {
	s := &n.Session
	if away := n.Presence.gone(); s.Phase.DevicesOpen() && s.Away != away {
		s.Away = away
		n.do(TellAway{s.Call, away})
	}
}
