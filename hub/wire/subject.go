package wire

import (
	"fmt"
	"regexp"
	"strings"
)

// Verb is the last part of a subject: what a message is about.
type Verb string

const (
	// VerbHello: booth -> hub, request; a booth has connected. Answered by Welcome.
	VerbHello Verb = "hello"
	// VerbPlace: booth -> hub, request; puts a call in line, answered by PlaceReply.
	// Hub -> booth: the call's place has changed (Placed).
	VerbPlace Verb = "place"
	// VerbAlive: booth -> hub, request; a citizen still waits. Answered by PlaceReply.
	VerbAlive Verb = "alive"
	// VerbLeave: booth -> hub, request; the citizen has left. Answered by Left.
	VerbLeave Verb = "leave"
	// VerbAccept: booth -> hub, request; the citizen wants to be called back (Accept). Answered by PlaceReply.
	VerbAccept Verb = "accept"
	// VerbStatus: booth -> hub; the booth's state for the hotline (Status).
	VerbStatus Verb = "status"
	// VerbRelease: booth -> hub, request; what to install (AskRelease), answered by Offer.
	// Hub -> booth: releases have changed; ask anew (an empty Offer).
	VerbRelease Verb = "release"
	// VerbNetworkTest: booth -> hub, request; a technician tests the network. Answered by NetworkTestReply.
	VerbNetworkTest Verb = "network-test"
	// VerbUsage: booth -> hub, request; what was counted in half a day (Usage). Answered by UsageReply.
	VerbUsage Verb = "usage"
	// VerbConfiguration: booth -> hub, request; the site's configuration (AskConfiguration), answered by Configuration.
	// Hub -> booth: it has changed; ask anew (an empty AskConfiguration).
	VerbConfiguration Verb = "configuration"
	// VerbHelp: booth -> hub, request; a citizen calls the hotline for help (Help). Answered by HelpReply.
	// Hub -> booth: somebody has seen it (Help).
	VerbHelp Verb = "help"
	// VerbCheckDevices: hub -> booth; the hotline wants the devices checked (CheckDevices).
	VerbCheckDevices Verb = "check-devices"
	// VerbRestart: hub -> booth; the hotline wants the service or the machine restarted (Restart).
	VerbRestart Verb = "restart"
	// VerbOutOfService: hub -> booth; the booth is out of service, or in it again (OutOfService).
	VerbOutOfService Verb = "out-of-service"
	// VerbLogs: hub -> booth; the hotline wants the log's last lines (AskLogs). Booth -> hub: some of them (LogPiece).
	VerbLogs Verb = "logs"
	// VerbTestCall: hub -> booth; the hotline wants a test call (TestCall).
	VerbTestCall Verb = "test-call"
	// VerbAgentCall: hub -> booth; the site's agent calls a partner for somebody (AgentCall).
	VerbAgentCall Verb = "agent-call"
	// VerbAgentJoin: hub -> booth; the site's agent would like to take part in the call, or leaves it (AgentJoin).
	VerbAgentJoin Verb = "agent-join"
	// VerbCall: both ways; a Signal. Its subject goes on with the call's id.
	VerbCall Verb = "call"
	// VerbPartners: hub -> booth; who can answer (Partners).
	VerbPartners Verb = "partners"
	// VerbRinging: hub -> booth; a desk rings (Ringing).
	VerbRinging Verb = "ringing"
	// VerbAnswered: hub -> booth; an adviser has answered (Answered).
	VerbAnswered Verb = "answered"
	// VerbRequeued: hub -> booth; the desk that rang did not answer (Requeued).
	VerbRequeued Verb = "requeued"
	// VerbRenew: hub -> booth; the adviser's page was loaded anew (Renew).
	VerbRenew Verb = "renew"
	// VerbTransferred: hub -> booth; the call is in another partner's line now (Transferred).
	VerbTransferred Verb = "transferred"
	// VerbCallBack: hub -> booth; an adviser calls back (CallBack).
	VerbCallBack Verb = "call-back"
	// VerbEnded: hub -> booth; the call is over (Ended).
	VerbEnded Verb = "ended"
)

// Group is the queue group in which all hubs receive what booths send, so that one of them takes each message.
const Group = "hub"

// AllUp is what hubs subscribe to: everything that booths send.
const AllUp = "booth.*.up.*"

// Up is the subject on which a site's booth sends verb.
func Up(site string, verb Verb) string { return "booth." + site + ".up." + string(verb) }

// Down is the subject on which the hub sends verb to a site's booth.
func Down(site string, verb Verb) string { return "booth." + site + ".down." + string(verb) }

// UpSignal is the subject of a call's signals from booth to desk.
func UpSignal(site, call string) string { return Up(site, VerbCall) + "." + call }

// DownSignal is the subject of a call's signals from desk to booth.
func DownSignal(site, call string) string { return Down(site, VerbCall) + "." + call }

// UpOnly is all that a booth may publish to.
func UpOnly(site string) string { return "booth." + site + ".up.>" }

// DownOnly is what a booth subscribes to.
func DownOnly(site string) string { return "booth." + site + ".down.>" }

// InboxPrefix is where a booth receives the answers to its requests.
func InboxPrefix(site string) string { return "_INBOX_" + site }

// Subject is a subject taken apart.
type Subject struct {
	Site string
	Up   bool
	Verb Verb
	Call string // for VerbCall only
}

// ParseSubject takes a booth's subject apart.
func ParseSubject(s string) (Subject, error) {
	parts := strings.Split(s, ".")
	if len(parts) < 4 || parts[0] != "booth" || (parts[2] != "up" && parts[2] != "down") {
		return Subject{}, fmt.Errorf("reading subject %.80q: expected booth.SITE.up.VERB or booth.SITE.down.VERB", s)
	}
	subject := Subject{Site: parts[1], Up: parts[2] == "up", Verb: Verb(parts[3])}
	if err := CheckID("site", subject.Site); err != nil {
		return Subject{}, fmt.Errorf("reading subject %.80q: %w", s, err)
	}
	switch {
	case subject.Verb == VerbCall && len(parts) == 5:
		subject.Call = parts[4]
		if err := CheckCall(subject.Call); err != nil {
			return Subject{}, fmt.Errorf("reading subject %.80q: %w", s, err)
		}
	case subject.Verb == VerbCall || len(parts) != 4:
		return Subject{}, fmt.Errorf("reading subject %.80q: %d parts do not fit its verb", s, len(parts))
	}
	return subject, nil
}

var (
	idPattern   = regexp.MustCompile(`^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$`)
	callPattern = regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$`)
)

// CheckID checks the id of a site or partner, which is part of subjects and keys; what names it in the error.
func CheckID(what, id string) error {
	if !idPattern.MatchString(id) {
		return fmt.Errorf("%s %.80q: expected 1 to 63 lower-case letters, digits and hyphens, beginning and ending with a letter or digit", what, id)
	}
	return nil
}

// CheckCall checks a call's id.
func CheckCall(call string) error {
	if !callPattern.MatchString(call) {
		return fmt.Errorf("call %.80q: expected a UUID in lower case", call)
	}
	return nil
}
