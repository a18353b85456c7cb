package link

import (
	"time"

	"loiret.fr/visioborne/hub/wire"
)

// Event is something that the hub said, or that happened to the connection.
//
//sumtype:decl
type Event interface{ isEvent() }

type (
	// Linked: the hub answers. Clock is its time.
	Linked struct{ Clock time.Time }
	// Unlinked: the hub cannot be reached; Link keeps trying.
	Unlinked struct{}
	// Partners: who can answer, for the site's partners.
	Partners struct{ Partners []wire.Availability }
	// Placed: the call is in line, or its place changed. Place is 1 for the next call.
	Placed struct {
		Call                string
		Place, Free, Online int
	}
	// Refused: the hub does not take the call.
	Refused struct {
		Call string
		Code wire.Code
	}
	// Unanswered: the hub did not answer a place request in time; the call is given up.
	Unanswered struct{ Call string }
	// Ringing: a desk rings; make the offer. It comes again when signals may have been lost: begin anew then.
	Ringing struct {
		Call       string
		ICEServers []wire.ICEServer
	}
	// Answered: an adviser has answered.
	Answered struct {
		Call, Adviser string
		ICEServers    []wire.ICEServer
	}
	// Requeued: the desk that rang did not answer.
	Requeued struct {
		Call  string
		Place int
	}
	// Renewed: the adviser's page was loaded anew; make the offer again, of a new connection.
	Renewed struct {
		Call       string
		ICEServers []wire.ICEServer
	}
	// Transferred: the call is in another partner's line; Returned: it is back in that of the first.
	Transferred struct {
		Call, Partner string
		Place         int
		Returned      bool
	}
	// CalledBack: an adviser would like to go on with a call that broke. Accept or Leave it.
	CalledBack struct{ Call, Partner, Adviser string }
	// Ended: the far end, or the hub, ended the call.
	Ended struct {
		Call   string
		Reason wire.Reason
	}
	// HelpRung: the hotline's page shows a call for help; HelpUnanswered: the hub has not taken it, or is away.
	HelpRung       struct{ Request string }
	HelpUnanswered struct{ Request string }
	// HelpSeen: somebody of the hotline has seen it.
	HelpSeen struct{ Request string }
	// ReleasesChanged: there may be something to install.
	ReleasesChanged struct{}
	// ConfigurationChanged: the site may have another configuration.
	ConfigurationChanged struct{}
	// DeviceCheckAsked: the hotline wants the devices checked.
	DeviceCheckAsked struct{}
	// RestartAsked: the hotline wants the service or the machine restarted.
	RestartAsked struct{ What wire.RestartWhat }
	// ServiceChanged: the hotline takes the booth out of service, or back into it.
	ServiceChanged struct {
		Out     bool
		Message string
	}
	// LogsAsked: the hotline wants the log's last lines; SendLogs answers.
	LogsAsked struct{ Collection string }
	// TestCallAsked: the hotline wants a test call.
	TestCallAsked struct{}
	// AgentCallAsked: the site's agent calls a partner for somebody.
	AgentCallAsked struct{ Partner string }
	// AgentJoinAsked: the agent would like to take part in the call, or leaves it.
	AgentJoinAsked struct{ Here bool }
	// Signal: the desk's part in setting up, mending and ending the peer connection.
	Signal struct {
		Call   string
		Signal wire.Signal
	}
)

func (Linked) isEvent()               {}
func (Unlinked) isEvent()             {}
func (Partners) isEvent()             {}
func (Placed) isEvent()               {}
func (Refused) isEvent()              {}
func (Unanswered) isEvent()           {}
func (Ringing) isEvent()              {}
func (Answered) isEvent()             {}
func (Requeued) isEvent()             {}
func (Renewed) isEvent()              {}
func (Transferred) isEvent()          {}
func (CalledBack) isEvent()           {}
func (Ended) isEvent()                {}
func (HelpRung) isEvent()             {}
func (HelpUnanswered) isEvent()       {}
func (HelpSeen) isEvent()             {}
func (ReleasesChanged) isEvent()      {}
func (ConfigurationChanged) isEvent() {}
func (DeviceCheckAsked) isEvent()     {}
func (RestartAsked) isEvent()         {}
func (ServiceChanged) isEvent()       {}
func (LogsAsked) isEvent()            {}
func (TestCallAsked) isEvent()        {}
func (AgentCallAsked) isEvent()       {}
func (AgentJoinAsked) isEvent()       {}
func (Signal) isEvent()               {}
