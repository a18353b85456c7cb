package booth

// Event is something that has happened.
//
//sumtype:decl
type Event interface{ isEvent() }

type (
	// Touched: a finger, anywhere; it lights a dark panel and starts idle timers anew.
	Touched struct{}
	// LanguageChosen: the citizen chose a language. Session is the id of a new session if there is none.
	LanguageChosen struct{ Session, Language string }
	// PartnerChosen: the citizen chose a partner. Session is the id of a new session if there is none.
	PartnerChosen struct{ Session, Partner string }
	// CallRequested: the citizen wants to call the chosen partner, or to try again. Call is a new call's id.
	CallRequested struct{ Call string }
	// Cancelled: the citizen gave up before an adviser answered, or leaves a page.
	Cancelled struct{}
	// CitizenHungUp: the citizen ended the call.
	CitizenHungUp struct{}
	// MicrophoneSwitched: the citizen switched the microphone on or off.
	MicrophoneSwitched struct{ On bool }
	// CameraSwitched: the citizen switched the camera on or off.
	CameraSwitched struct{ On bool }
	// VolumeChosen: the citizen set the loudness, 0 to 100.
	VolumeChosen struct{ Percent int }

	// LinkChanged: the hub became reachable or unreachable.
	LinkChanged struct{ Online bool }
	// PartnersChanged: the hub told who can answer.
	PartnersChanged struct{ Partners []Availability }
	// CallQueued: the call is in line, or its place changed.
	CallQueued struct {
		Call        string
		Place, Free int
	}
	// CallRefused: the hub does not take the call.
	CallRefused struct {
		Call   string
		Reason Reason
	}
	// CallRinging: a desk is ringing.
	CallRinging struct {
		Call       string
		ICEServers []ICEServer
	}
	// CallRequeued: the desk that rang did not answer.
	CallRequeued struct {
		Call  string
		Place int
	}
	// CallAnswered: an adviser answered.
	CallAnswered struct {
		Call, Adviser string
		ICEServers    []ICEServer
	}
	// CallTransferred: an adviser has passed the call on to another partner; Returned: it is back with the first one.
	CallTransferred struct {
		Call, Partner string
		Place         int
		Returned      bool
	}
	// CalledBack: an adviser would like to go on with a call that broke. Session is the id of a new session if there is none.
	CalledBack struct{ Session, Call, Partner, Adviser string }
	// Accepted: the citizen agrees to what the screen asks. Cancelled is the opposite.
	Accepted struct{}
	// CallEnded: the far end ended the call, or the hub did for it.
	CallEnded struct {
		Call string
		// Lost: the adviser did not hang up but went away.
		Lost bool
		// Told: the hub said so, and needs not be told that the call is over.
		Told bool
	}

	// MediaConnected: sound and picture flow both ways.
	MediaConnected struct{ Call string }
	// MediaInterrupted: the network is gone; the call is being repaired.
	MediaInterrupted struct{ Call string }
	// MediaResumed: the network is back.
	MediaResumed struct{ Call string }
	// MediaFailed: the peer connection cannot be set up or repaired.
	MediaFailed struct{ Call string }
	// AdviserAway: the adviser's page has closed the connection; it may have been loaded anew.
	AdviserAway struct{ Call string }
	// AdviserBack: it was, and has no connection any more.
	AdviserBack struct {
		Call       string
		ICEServers []ICEServer
	}
	// CallRated: what was wrong with a call that is over, nothing if it was a good one.
	CallRated struct {
		Call   string
		Causes []Cause
		Sound  *Sound
	}
	// DeviceFailed: a device broke during the call; the call goes on without it.
	DeviceFailed struct {
		Call   string
		Device Device
	}
	// DeviceRecovered: it works again.
	DeviceRecovered struct {
		Call   string
		Device Device
	}
	// AdviserMuted: what the adviser has switched off.
	AdviserMuted struct {
		Call                     string
		MicrophoneOff, CameraOff bool
	}

	// TimerFired: the time of StartTimer is over.
	TimerFired struct {
		Session string
		Timer   int
	}
	// FaultRaised: a device that the booth cannot do without is missing.
	FaultRaised struct{ Device Device }
	// FaultCleared: it is back.
	FaultCleared struct{ Device Device }
	// PanelChanged: the browser on the booth's own panel shows the page, or no longer does.
	PanelChanged struct{ Shown bool }
	// UpdateChanged: how far an update has got; nil when there is none.
	UpdateChanged struct{ Update *Update }
	// UpdateAnnounced: an update is announced; nil when none is.
	UpdateAnnounced struct{ Coming *Coming }
	// RestartDue: the machine restarts in a moment.
	RestartDue struct{}
	// ClockTicked: time has passed; opening hours may have begun or ended.
	ClockTicked struct{}
)

func (Touched) isEvent()            {}
func (LanguageChosen) isEvent()     {}
func (PartnerChosen) isEvent()      {}
func (CallRequested) isEvent()      {}
func (Cancelled) isEvent()          {}
func (CitizenHungUp) isEvent()      {}
func (MicrophoneSwitched) isEvent() {}
func (CameraSwitched) isEvent()     {}
func (VolumeChosen) isEvent()       {}
func (LinkChanged) isEvent()        {}
func (PartnersChanged) isEvent()    {}
func (CallQueued) isEvent()         {}
func (CallRefused) isEvent()        {}
func (CallRinging) isEvent()        {}
func (CallRequeued) isEvent()       {}
func (CallAnswered) isEvent()       {}
func (CallTransferred) isEvent()    {}
func (CalledBack) isEvent()         {}
func (Accepted) isEvent()           {}
func (AdviserAway) isEvent()        {}
func (AdviserBack) isEvent()        {}
func (CallEnded) isEvent()          {}
func (MediaConnected) isEvent()     {}
func (MediaInterrupted) isEvent()   {}
func (MediaResumed) isEvent()       {}
func (MediaFailed) isEvent()        {}
func (CallRated) isEvent()          {}
func (DeviceFailed) isEvent()       {}
func (DeviceRecovered) isEvent()    {}
func (AdviserMuted) isEvent()       {}
func (TimerFired) isEvent()         {}
func (FaultRaised) isEvent()        {}
func (FaultCleared) isEvent()       {}
func (PanelChanged) isEvent()       {}
func (UpdateChanged) isEvent()      {}
func (UpdateAnnounced) isEvent()    {}
func (RestartDue) isEvent()         {}
func (ClockTicked) isEvent()        {}
