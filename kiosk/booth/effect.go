package booth

import "time"

// Effect is something that the loop must do. Effects of one step are carried
// out in order, none of them waits for its result: results come as events.
//
//sumtype:decl
type Effect interface{ isEffect() }

// ICEServer is a STUN or TURN server (RFC 8445, RFC 8656) and its short-lived credential.
type ICEServer struct {
	URLs                 []string
	Username, Credential string
}

// Leaving is why a call is left.
type Leaving string

const (
	LeavingCancelled Leaving = "cancelled" // the citizen gave up waiting
	LeavingHungUp    Leaving = "hung_up"   // one of the two hung up
	LeavingFailed    Leaving = "failed"    // the booth gave it up
	LeavingRefused   Leaving = "refused"   // the citizen does not want to be called back, or another one is there
)

type (
	// PlaceCall puts a call in a partner's waiting line, or in the simulated adviser's. Need is the id of the one that has
	// led there, or "".
	PlaceCall struct {
		Call, Partner, Language, Need string
		Training                      bool
	}
	// LeaveCall takes a call out of the line, or tells the hub that it is over, and why.
	LeaveCall struct {
		Call string
		Why  Leaving
	}
	// PrepareMedia makes the peer connection and its offer while the desk rings; no device is opened.
	PrepareMedia struct {
		Call       string
		ICEServers []ICEServer
	}
	// DropMedia throws a prepared peer connection away: the desk did not answer.
	DropMedia struct{ Call string }
	// AcceptCall tells the hub that the citizen wants to be called back.
	AcceptCall struct{ Call, Language string }
	// OpenMedia opens camera, microphone and speaker, but what the citizen has switched off: the adviser has answered.
	OpenMedia struct {
		Call                     string
		VolumePercent            int
		MicrophoneOff, CameraOff bool
	}
	// RenewMedia throws the peer connection of a call away and makes another, and its offer; the devices go over to it.
	// The adviser's page, which has lost what was written, is told.
	RenewMedia struct {
		Call                     string
		ICEServers               []ICEServer
		VolumePercent            int
		MicrophoneOff, CameraOff bool
		Written                  []Line
	}
	// CloseMedia closes the devices and the peer connection, telling the far end.
	CloseMedia struct{ Call string }
	// SwitchMicrophone mutes or unmutes the microphone.
	SwitchMicrophone struct {
		Call string
		On   bool
	}
	// SwitchCamera closes or opens the camera in a call.
	SwitchCamera struct {
		Call string
		On   bool
	}
	// SetVolume sets the speaker's loudness.
	SetVolume struct {
		Call    string
		Percent int
	}
	// StartTimer asks for TimerFired{Session, Timer} after a time. It replaces the timer before it.
	StartTimer struct {
		Session string
		Timer   int
		After   time.Duration
	}
	// StopTimer ends the running timer.
	StopTimer struct{}
	// RestartMachine restarts the machine, after a moment in which the screen says so.
	RestartMachine struct{}
	// NoteFailure writes a failure and its incident code to the log; no personal data.
	NoteFailure struct {
		Code    string
		Reason  Reason
		Partner string
	}
)

func (PlaceCall) isEffect()        {}
func (LeaveCall) isEffect()        {}
func (PrepareMedia) isEffect()     {}
func (DropMedia) isEffect()        {}
func (AcceptCall) isEffect()       {}
func (OpenMedia) isEffect()        {}
func (RenewMedia) isEffect()       {}
func (CloseMedia) isEffect()       {}
func (SwitchMicrophone) isEffect() {}
func (SwitchCamera) isEffect()     {}
func (SetVolume) isEffect()        {}
func (StartTimer) isEffect()       {}
func (StopTimer) isEffect()        {}
func (RestartMachine) isEffect()   {}
func (NoteFailure) isEffect()      {}
