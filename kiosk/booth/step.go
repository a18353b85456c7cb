package booth

import (
	"slices"
	"time"

	"loiret.fr/visioborne/config"
)

// Step is the booth's behaviour: the state after an event at a time, and what
// must be done. It never changes the state it is given. Events about another
// call or another session than the present one are strays and change nothing.
func Step(s State, now time.Time, e Event) (State, []Effect) {
	n := stepping{State: s}
	n.Now = now
	n.Session.Lost = slices.Clone(s.Session.Lost)
	if s.TouchedAt.IsZero() || s.TouchedAt.After(now) { // after: the clock was set back
		n.TouchedAt = now
	}
	if s.Presence.LeftAt.After(now) {
		n.Presence.LeftAt = now
	}
	e = n.wakes(e)
	if _, touched := e.(Touched); touched {
		n.TouchedAt = now
	}
	n.makeRoom(e)
	if n.Config == nil || !n.takeSpeech(e) {
		n.take(e)
		n.carrySpeech(s.Session)
	}
	n.closeLanguages(s.Session.Phase)
	n.hushIfOver(s.Session)
	n.keepZone(s.Session, e)
	n.tellAway()
	return n.State, n.effects
}

// stepping is a state being made, with the effects gathered on the way.
type stepping struct {
	State
	effects []Effect
}

func (n *stepping) do(e ...Effect) { n.effects = append(n.effects, e...) }

func (n *stepping) take(e Event) {
	if n.takeTechnician(e) {
		return
	}
	if n.Config == nil {
		n.takeUnenrolled(e)
		return
	}
	switch e := e.(type) {
	case Touched:
		n.stillThere()
	case AgentCalls:
		n.agentCalls(e)
	case AgentJoins:
		n.agentJoins(e)
	case TrainingLeft:
		n.leaveTraining()
	case LanguageChosen:
		if n.welcomes() {
			n.languageChosen(e)
		}
	case LanguagesAsked:
		n.languagesAsked(e)
	case OpinionGiven:
		n.opinionGiven(e)
	case ZoneChosen:
		if n.welcomes() {
			n.zoneChosen(e)
		}
	case PartnerChosen:
		if n.welcomes() {
			n.partnerChosen(e)
		}
	case GroupChosen:
		if n.welcomes() {
			n.groupChosen(e)
		}
	case NeedChosen:
		n.needChosen(e)
	case HelpOpened:
		if n.welcomes() {
			n.helpOpened(e)
		}
	case HelpClosed:
		n.helpClosed()
	case HelpAsked:
		n.helpAsked(e)
	case HelpAnswered:
		n.helpAnswered(e)
	case CallRequested:
		n.callRequested(e)
	case Cancelled:
		n.cancelled()
	case CitizenLeft:
		n.citizenLeft()
	case CitizenHungUp:
		if n.Session.Phase.DevicesOpen() {
			n.hangUp(SideCitizen)
		}
	case MicrophoneSwitched:
		if n.Session.Phase.DevicesOpen() && n.Session.MicrophoneOff == e.On {
			n.Session.MicrophoneOff = !e.On
			n.do(SwitchMicrophone{n.Session.Call, e.On})
		}
	case CameraSwitched:
		if n.Session.Phase.DevicesOpen() && n.Session.CameraOff == e.On {
			n.Session.CameraOff = !e.On
			n.do(SwitchCamera{n.Session.Call, e.On})
		}
	case VolumeChosen:
		percent := min(max(e.Percent, minVolumePercent), 100)
		if (n.Session.Phase.DevicesOpen() || n.Session.Spoken) && n.Session.VolumePercent != percent {
			n.Session.VolumePercent = percent
			n.do(SetVolume{n.Session.Call, percent})
		}

	case LinkChanged:
		n.linkChanged(e)
	case PartnersChanged:
		n.Partners = slices.Clone(e.Partners)
	case CallQueued:
		n.callQueued(e)
	case CallRefused:
		if n.inLine(e.Call) {
			n.dropPrepared()
			n.fail(e.Reason)
		}
	case CallRinging:
		n.callRinging(e)
	case CallRequeued:
		if n.inLine(e.Call) {
			n.dropPrepared()
			n.Session.Place, n.Session.Free = e.Place, 0
		}
	case CallAnswered:
		n.callAnswered(e)
	case CallTransferred:
		n.callTransferred(e)
	case CalledBack:
		n.calledBack(e)
	case Accepted:
		n.accepted()
	case CallEnded:
		n.callEnded(e)

	case MediaConnected:
		if n.Session.Phase == PhaseConnecting && n.Session.Call == e.Call {
			n.Session.Phase = PhaseInCall
			n.Session.TalkSince = n.Now
			n.timer(n.limits().Call)
			return
		}
		n.resumed(e.Call) // over a connection that was made anew
	case MediaInterrupted:
		n.interrupted(e.Call)
	case MediaResumed:
		n.resumed(e.Call)
	case AdviserAway:
		if n.interrupted(e.Call); n.talking(e.Call) {
			n.Session.AdviserAway = true
		}
	case AdviserBack:
		n.adviserBack(e)
	case MediaFailed:
		switch {
		case n.Session.Call != e.Call:
		case n.Session.Phase == PhaseConnecting:
			n.failCall(ReasonMedia)
		case n.Session.Phase == PhaseInCall:
			n.failCall(ReasonCallLost)
		}
	case CallRated:
		over := n.Session.Phase == PhaseEnded || n.Session.Phase == PhaseFailed
		if over && n.Session.Call == e.Call && !n.Session.Rated {
			n.callRated(e)
		}
	case DeviceFailed:
		n.deviceFailed(e)
	case DeviceRecovered:
		if n.mediaOf(e.Call) {
			n.Session.Lost = without(n.Session.Lost, e.Device)
		}
	case AdviserWrote:
		n.adviserWrote(e)
	case PhraseChosen:
		n.phraseChosen(e)
	case TextOpened:
		n.textOpened(e.Call)
	case TextClosed:
		n.textClosed(e.Call)
	case TextReceived:
		n.textReceived(e)
	case TextTyped:
		n.textTyped(e.Text)
	case KeyboardSwitched:
		n.keyboardSwitched(e.On)
	case SpeakingChanged:
		n.speakingChanged(e)
	case PhotoAsked:
		n.photoAsked(e)
	case PhotoTaken:
		n.photoTaken(e)
	case Refused:
		if !n.companyAnswered(false) {
			n.photoAnswered(false)
		}
	case PaperShown:
		n.showPaper(e.Call, e.Paper)
	case PaperHidden:
		n.showPaper(e.Call, Paper{})
	case AdviserMuted:
		if n.mediaOf(e.Call) {
			n.Session.AdviserMicrophoneOff, n.Session.AdviserCameraOff = e.MicrophoneOff, e.CameraOff
		}

	case TimerFired:
		if n.Session.Phase != PhaseNone && n.Session.ID == e.Session && n.Session.Timer == e.Timer {
			n.timeUp()
		}
	case FaultRaised:
		n.Faults = with(n.Faults, e.Device)
	case FaultCleared:
		n.Faults = without(n.Faults, e.Device)
	case PresenceChanged:
		n.presenceChanged(e)
	case PanelChanged:
		n.PanelDark = !e.Shown
	case UpdateChanged:
		n.Update = e.Update
	case UpdateAnnounced:
		n.Coming = e.Coming
	case ConfigurationTold:
		n.configurationTold(e)
	case ConfigurationReceived:
		n.configurationReceived(e)
	case ConfigurationRefused:
		n.Configuration.Refused, n.Configuration.Why = e.Version, e.Why
	case ConfigurationAnnounced:
		n.Configuration.Coming = e.Coming
	case RestartDue:
		n.restart(false)
	case RestartAsked:
		n.restart(e.ServiceOnly)
	case ServiceChanged:
		n.serviceChanged(e)
	case TestCallAsked:
		n.testCall()
	case TestCallTold:
		n.testCallTold(e)
	case DeviceCheckAsked:
		n.checkDevices()
	case DevicesChecked:
		n.devicesChecked(e)
	case ClockTicked:
		n.checkAtNight()
		n.askIfGone()
		n.leaveTrainingForgotten()
	case SettingsFound, KeyPressed, CodeEntered, EnrolmentFailed, EnrolmentDone: // this booth has its site
	case TechnicianAsked, CheckRequested, NetworkChecked, TrainingAsked: // taken before
	case HearingChanged, SpeechAsked, FourKeyPressed, SpeechWanted: // as well
	}
}

// welcomes: a session runs, or may begin.
func (n *stepping) welcomes() bool { return !n.Restarting || !n.Quiet() }

// restartIfQuiet restarts the machine, or its service, once nobody is there any more.
func (n *stepping) restartIfQuiet() {
	switch {
	case !n.Restarting || !n.Quiet():
	case n.ServiceOnly:
		n.do(RestartService{})
	default:
		n.do(RestartMachine{})
	}
}

func (n *stepping) limits() config.Limits { return n.Config.Site.Limits }

// inLine: that call is on its way or in line.
func (n *stepping) inLine(call string) bool {
	p := n.Session.Phase
	return (p == PhaseContacting || p == PhaseWaiting) && n.Session.Call == call
}

func (n *stepping) talking(call string) bool {
	return n.Session.Phase == PhaseInCall && n.Session.Call == call
}

func (n *stepping) mediaOf(call string) bool {
	return n.Session.Phase.DevicesOpen() && n.Session.Call == call
}

// timer replaces the running timer. Whoever was asked whether they are still there has another one now.
func (n *stepping) timer(after time.Duration) {
	n.Session.Timer++
	n.Session.AskedUntil = time.Time{}
	n.do(StartTimer{n.Session.ID, n.Session.Timer, max(after, 0)})
}

// interrupted: nothing gets through in a talk.
func (n *stepping) interrupted(call string) {
	if n.talking(call) && !n.Session.Interrupted {
		n.Session.Interrupted = true
		n.timer(n.limits().Interruption)
	}
}

// resumed: it gets through again.
func (n *stepping) resumed(call string) {
	if n.talking(call) && n.Session.Interrupted {
		n.Session.Interrupted, n.Session.AdviserAway = false, false
		n.timer(n.limits().Call - n.Now.Sub(n.Session.TalkSince))
	}
}

// adviserBack makes the connection anew with a page that was loaded anew.
func (n *stepping) adviserBack(e AdviserBack) {
	if !n.mediaOf(e.Call) {
		return
	}
	s := &n.Session
	n.loseText() // it comes back with the page
	s.CitizenSpeaks, s.AdviserSpeaks = false, false
	n.do(RenewMedia{e.Call, e.ICEServers, s.VolumePercent, s.MicrophoneOff, s.CameraOff, s.Written})
	s.Lost, s.AdviserMicrophoneOff, s.AdviserCameraOff = nil, false, false
	s.Paper, s.Photo = Paper{}, PhotoNone // the page that came back has none
	s.Away = false                        // nor was it told
	n.tellCompany()
	if s.Phase == PhaseConnecting {
		n.timer(n.limits().MediaSetup)
		return
	}
	n.interrupted(e.Call)
	s.AdviserAway = true
}

func (n *stepping) restartIdle() {
	switch n.Session.Phase {
	case PhaseBrowsing, PhaseChoosing:
		n.timer(n.limits().Idle)
	case PhaseFailed:
		n.timer(n.limits().Failure)
	case PhaseEnded:
		if n.Session.Help.Open {
			n.timer(n.limits().Idle)
		}
	case PhaseNone, PhaseContacting, PhaseWaiting, PhaseCalledBack, PhaseConnecting, PhaseInCall:
	}
}

// begin starts a session if there is none.
func (n *stepping) begin(id string) {
	if n.Session.Phase == PhaseNone {
		n.Session = Session{ID: id, Phase: PhaseBrowsing, BegunBy: BegunByTouch, VolumePercent: defaultVolumePercent}
		if n.Presence.Greeted {
			n.Session.BegunBy = BegunByPresence
		}
	}
}

// end wipes the session: nothing of the citizen stays.
func (n *stepping) end() {
	n.Session = Session{}
	n.do(StopTimer{})
	n.applyNext()
	n.restartIfQuiet()
}

// applyNext applies a configuration that waited, but never under a citizen.
func (n *stepping) applyNext() {
	if n.State.Next != nil && n.Session.Phase == PhaseNone {
		n.Config, n.State.Next = n.State.Next, nil
		n.Configuration.applied()
	}
}

func (n *stepping) languageChosen(e LanguageChosen) {
	if !slices.Contains(n.Config.Site.Languages, e.Language) {
		return
	}
	n.begin(e.Session)
	n.Session.Language, n.Session.AsksLanguage = e.Language, false
	n.restartIdle()
}

func (n *stepping) partnerChosen(e PartnerChosen) {
	if p := n.Session.Phase; p != PhaseNone && p != PhaseBrowsing {
		return
	}
	// Only the home screen has partners to choose: not a closed or broken booth.
	if _, home := n.screen().(HomeScreen); !home {
		return
	}
	if _, known := n.Config.Partner(e.Partner); !known {
		return
	}
	n.begin(e.Session)
	n.choose(e.Partner)
}

func (n *stepping) callRequested(e CallRequested) {
	switch {
	case n.Session.Phase == PhaseChoosing:
	case n.Session.Phase == PhaseFailed && n.canRetry():
	default:
		return
	}
	if _, open := n.opening(n.Session.Partner); !open {
		n.fail(ReasonPartnerClosed)
		return
	}
	if !n.Online && !n.Training {
		n.fail(ReasonHubUnreachable)
		return
	}
	// What is left of an attempt before this one must not colour this one.
	old := n.Session
	n.Session = Session{
		ID: old.ID, Phase: PhaseContacting, BegunBy: old.BegunBy, Language: old.Language, Partner: old.Partner,
		Group: old.Group, Need: old.Need, Help: old.Help.shut(), Call: e.Call, CallSince: n.Now, VolumePercent: old.VolumePercent, Timer: old.Timer,
	}
	n.do(PlaceCall{Call: e.Call, Partner: old.Partner, Language: n.language(), Need: n.need(), Training: n.Training})
	n.timer(n.limits().Contact)
}

func (n *stepping) cancelled() {
	switch n.Session.Phase {
	case PhaseContacting, PhaseWaiting:
		n.leaveLine(LeavingCancelled)
		n.goHome()
	case PhaseCalledBack:
		n.do(LeaveCall{n.Session.Call, LeavingRefused})
		n.goHome()
	case PhaseChoosing:
		n.back()
	case PhaseBrowsing:
		if n.Session.Group != "" {
			n.back()
			return
		}
		n.end()
	case PhaseEnded, PhaseFailed:
		n.end()
	case PhaseNone, PhaseConnecting, PhaseInCall:
	}
}

// goHome returns to the first page, keeping a language that was chosen and help that was
// asked for, and where the controls were put: the citizen is still there.
func (n *stepping) goHome() {
	if s := n.Session; s.Language == "" && s.Help == (Help{}) && !s.Spoken && !s.ZoneMoved {
		n.end()
		return
	}
	n.goBrowsing()
}

// goBrowsing leaves what was chosen, but not the session.
func (n *stepping) goBrowsing() {
	old := n.Session
	n.Session = Session{
		ID: old.ID, Phase: PhaseBrowsing, BegunBy: old.BegunBy, Language: old.Language, Help: old.Help,
		VolumePercent: old.VolumePercent, Timer: old.Timer,
	}
	n.timer(n.limits().Idle)
}

// dropPrepared throws away the peer connection of a desk that no longer rings.
func (n *stepping) dropPrepared() {
	if n.Session.Ringing {
		n.Session.Ringing = false
		n.do(DropMedia{n.Session.Call})
	}
}

func (n *stepping) leaveLine(why Leaving) {
	n.dropPrepared()
	n.do(LeaveCall{n.Session.Call, why})
}

func (n *stepping) linkChanged(e LinkChanged) {
	if n.Online == e.Online {
		return
	}
	n.Online = e.Online
	if n.Session.Phase != PhaseWaiting || n.Training {
		return
	}
	n.lineTimer()
}

// lineTimer runs while a citizen waits, who must not sit before a dead line for the whole answer limit.
func (n *stepping) lineTimer() {
	if n.Online || n.Training {
		n.waitTimer()
	} else {
		n.timer(n.limits().Contact)
	}
}

// waitTimer runs until the partner's answer limit, counted from the citizen's touch.
func (n *stepping) waitTimer() {
	p, _ := n.Config.Partner(n.Session.Partner)
	n.timer(p.AnswerLimit - n.Now.Sub(n.Session.CallSince))
}

func (n *stepping) enterLine() {
	if n.Session.Phase == PhaseContacting {
		n.Session.Phase = PhaseWaiting
		n.waitTimer()
	}
}

func (n *stepping) callQueued(e CallQueued) {
	if !n.inLine(e.Call) {
		return
	}
	n.enterLine()
	n.Session.Place, n.Session.Free = e.Place, e.Free
}

func (n *stepping) callRinging(e CallRinging) {
	if !n.inLine(e.Call) {
		return
	}
	n.enterLine()
	n.dropPrepared()
	n.Session.Ringing = true
	n.do(PrepareMedia(e))
}

func (n *stepping) callAnswered(e CallAnswered) {
	if !n.inLine(e.Call) {
		return
	}
	if !n.Session.Ringing {
		n.do(PrepareMedia{e.Call, e.ICEServers})
	}
	n.Session.Ringing = false
	n.Session.Phase = PhaseConnecting
	n.Session.Adviser = e.Adviser
	n.Session.Help.Open = false // somebody is there now
	n.do(OpenMedia{e.Call, n.Session.VolumePercent, n.Session.MicrophoneOff, n.Session.CameraOff})
	n.tellCompany()
	n.timer(n.limits().MediaSetup)
}

func (n *stepping) callEnded(e CallEnded) {
	switch {
	case n.Session.Phase == PhaseCalledBack && n.Session.Call == e.Call:
		n.goHome()
	case n.inLine(e.Call):
		n.dropPrepared()
		n.fail(ReasonNoAnswer)
	case n.mediaOf(e.Call) && e.Lost && e.Told:
		n.do(CloseMedia{n.Session.Call}) // and no LeaveCall: it might meet the call back that follows
		n.fail(ReasonAdviserLost)
	case n.mediaOf(e.Call) && e.Lost:
		n.failCall(ReasonAdviserLost)
	case n.mediaOf(e.Call):
		n.hangUp(SideAdviser)
	}
}

// callTransferred: the citizen is in the line of the partner to whom the adviser has passed the call on.
func (n *stepping) callTransferred(e CallTransferred) {
	switch {
	case n.mediaOf(e.Call):
		n.do(CloseMedia{e.Call})
	case n.inLine(e.Call): // returned
		n.dropPrepared()
	default:
		return
	}
	old := n.Session
	if _, known := n.Config.Partner(e.Partner); !known {
		n.do(LeaveCall{e.Call, LeavingCancelled})
		n.fail(ReasonRefused)
		return
	}
	// What the citizen has switched off stays off: the next adviser must not see more than the one before.
	n.Session = Session{
		ID: old.ID, Phase: PhaseWaiting, Language: old.Language, Partner: e.Partner, Call: old.Call, CallSince: n.Now,
		Place: e.Place, PassedBy: old.Partner, Returned: e.Returned, Need: old.Need, Help: old.Help, MicrophoneOff: old.MicrophoneOff, CameraOff: old.CameraOff,
		VolumePercent: old.VolumePercent, Timer: old.Timer,
	}
	if old.Company == CompanyThere { // the next adviser must know, too
		n.Session.Company = CompanyThere
	}
	n.waitTimer()
}

// callBackRing is for how long a citizen is asked. The hub gives up ten seconds later.
const callBackRing = 30 * time.Second

// calledBack asks whoever is there, unless a citizen has begun something else.
func (n *stepping) calledBack(e CalledBack) {
	old := n.Session
	if old.Call == e.Call && (old.Phase == PhaseCalledBack || n.inLine(e.Call) || n.mediaOf(e.Call)) {
		return // it is known
	}
	_, known := n.Config.Partner(e.Partner)
	_, home := n.screen().(HomeScreen)
	same := old.Phase == PhaseFailed && old.Call == e.Call
	if !known || n.Training || !same && (!home || old.Phase != PhaseNone) {
		n.do(LeaveCall{e.Call, LeavingRefused})
		return
	}
	if !same {
		old = Session{ID: e.Session}
	}
	n.Session = Session{
		ID: old.ID, Phase: PhaseCalledBack, Language: old.Language, Partner: e.Partner, Call: e.Call, Adviser: e.Adviser, Need: old.Need,
		Help: old.Help.shut(), VolumePercent: defaultVolumePercent, Timer: old.Timer, Recalled: !same,
	}
	n.timer(callBackRing)
}

// accepted: the citizen wants to be called back, or agrees to a photo.
func (n *stepping) accepted() {
	if n.Session.Phase != PhaseCalledBack {
		if !n.companyAnswered(true) {
			n.photoAnswered(true)
		}
		return
	}
	if n.Session.BegunBy == "" {
		n.Session.BegunBy = BegunByTouch
		if n.Presence.Greeted {
			n.Session.BegunBy = BegunByPresence
		}
	}
	n.Session.Phase, n.Session.CallSince, n.Session.Recalled = PhaseContacting, n.Now, false
	n.do(AcceptCall{n.Session.Call, n.language()})
	n.timer(n.limits().Contact)
}

func (n *stepping) deviceFailed(e DeviceFailed) {
	if !n.mediaOf(e.Call) {
		return
	}
	n.Session.Lost = with(n.Session.Lost, e.Device)
	// Without a camera two people can still talk; without sound they cannot begin to.
	if n.Session.Phase == PhaseConnecting && e.Device != DeviceCamera {
		n.failCall(ReasonDevice)
	}
}

func (n *stepping) callRated(e CallRated) {
	s := &n.Session
	s.Rated, s.Causes = true, slices.Clone(e.Causes)
	if n.Training {
		return // the hotline is told of calls only
	}
	last := LastCall{Number: n.LastCall.Number + 1, Causes: s.Causes, Lost: s.Lost, Sound: e.Sound}
	switch {
	case s.Phase == PhaseFailed:
		last.Failed = s.Reason
	case s.TalkSince.IsZero():
		// Somebody who hangs up after two seconds says nothing of the line.
		last.GivenUp, last.Causes = true, nil
	}
	n.LastCall = last
}

func (n *stepping) hangUp(by Side) {
	n.do(CloseMedia{n.Session.Call}, LeaveCall{n.Session.Call, LeavingHungUp})
	n.Session.forget()
	n.Session.Phase = PhaseEnded
	n.Session.EndedBy = by
	n.farewellTimer()
}

// failCall ends a call whose devices are open, for a reason.
func (n *stepping) failCall(r Reason) {
	n.do(CloseMedia{n.Session.Call}, LeaveCall{n.Session.Call, LeavingFailed})
	n.fail(r)
}

func (n *stepping) fail(r Reason) {
	n.Session.forget()
	n.Session.Phase = PhaseFailed
	n.Session.Reason = r
	n.do(NoteFailure{n.Session.IncidentCode(), r, n.Session.Partner})
	n.timer(n.limits().Failure)
}

// timeUp: the phase's time is over. Every phase moves on: no screen is a dead end.
func (n *stepping) timeUp() {
	switch n.Session.Phase {
	case PhaseBrowsing, PhaseChoosing, PhaseFailed:
		n.askOrEnd()
	case PhaseEnded:
		if n.Session.Help.Open {
			n.askOrEnd()
			return
		}
		n.end()
	case PhaseCalledBack:
		n.do(LeaveCall{n.Session.Call, LeavingFailed})
		if n.Session.Help.Open {
			n.goHome()
			return
		}
		n.end()
	case PhaseContacting:
		n.leaveLine(LeavingFailed)
		n.fail(ReasonHubUnreachable)
	case PhaseWaiting:
		if !n.Session.AskedUntil.IsZero() {
			n.citizenLeft()
			return
		}
		n.leaveLine(LeavingFailed)
		if n.Online || n.Training {
			n.fail(ReasonNoAnswer)
		} else {
			n.fail(ReasonHubUnreachable)
		}
	case PhaseConnecting:
		n.failCall(ReasonMedia)
	case PhaseInCall:
		switch {
		case n.Session.AdviserAway:
			n.failCall(ReasonAdviserLost)
		case n.Session.Interrupted:
			n.failCall(ReasonCallLost)
		default:
			n.failCall(ReasonTooLong)
		}
	case PhaseNone:
	}
}

// with adds a device to a sorted set, without changing the set it is given.
func with(set []Device, d Device) []Device {
	if slices.Contains(set, d) {
		return set
	}
	set = append(slices.Clone(set), d)
	slices.Sort(set)
	return set
}

func without(set []Device, d Device) []Device {
	return slices.DeleteFunc(slices.Clone(set), func(x Device) bool { return x == d })
}
