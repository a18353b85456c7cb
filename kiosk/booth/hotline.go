package booth

import (
	"slices"
	"time"
)

// OutOfService is that the hotline has taken the booth out of service.
type OutOfService struct {
	// Message is what the screen says besides; "" for nothing.
	Message string
}

// TestCall is a try of the way that a call takes, without a citizen or an adviser.
// No device is opened, and nothing is counted. The zero value is that none was made
// since the booth started.
type TestCall struct {
	// Run numbers the test calls: results of an earlier one are strays. Running: its results are to come.
	Run     int
	Running bool
	// EndedAt is when the last one ended; Checks and Verdict are its results. Interrupted: somebody came.
	EndedAt     time.Time
	Checks      []Check
	Verdict     Judgement
	Interrupted bool
}

type (
	// RestartAsked: the hotline wants the service restarted, or the whole machine.
	RestartAsked struct{ ServiceOnly bool }
	// ServiceChanged: the hotline takes the booth out of service, or back into it.
	ServiceChanged struct {
		Out     bool
		Message string
	}
	// TestCallAsked: the hotline wants a test call.
	TestCallAsked struct{}
	// TestCallTold: a result of a test call came, or was replaced. Done: it was the last one, with the verdict.
	TestCallTold struct {
		Run     int
		Check   Check
		Done    bool
		Verdict Judgement
	}
)

func (RestartAsked) isEvent()   {}
func (ServiceChanged) isEvent() {}
func (TestCallAsked) isEvent()  {}
func (TestCallTold) isEvent()   {}

type (
	// RestartService starts the service anew, after a moment in which the screen says so.
	RestartService struct{}
	// PlaceTestCall makes a test call. TestCallTold events with that Run follow.
	PlaceTestCall struct{ Run int }
	// StopTestCall ends the test call under way.
	StopTestCall struct{}
)

func (RestartService) isEffect() {}
func (PlaceTestCall) isEffect()  {}
func (StopTestCall) isEffect()   {}

// restart has the machine, or its service only, restart once nobody is there. The greater of two wishes counts.
func (n *stepping) restart(serviceOnly bool) {
	if n.Restarting && (serviceOnly || !n.ServiceOnly) {
		return
	}
	n.Restarting, n.ServiceOnly = true, serviceOnly
	n.restartIfQuiet()
}

func (n *stepping) serviceChanged(e ServiceChanged) {
	n.OutOfService = nil
	if e.Out {
		n.OutOfService = &OutOfService{e.Message}
	}
}

// testCall begins one, if nobody is there.
func (n *stepping) testCall() {
	c := &n.TestCall
	if c.Running || !n.Quiet() || n.Restarting {
		return
	}
	*c = TestCall{Run: c.Run + 1, Running: true}
	n.do(PlaceTestCall{c.Run})
}

func (n *stepping) testCallTold(e TestCallTold) {
	c := &n.TestCall
	if !c.Running || c.Run != e.Run {
		return
	}
	if e.Done {
		c.Running, c.EndedAt, c.Verdict = false, n.Now, e.Verdict
		return
	}
	c.Checks = withCheck(c.Checks, e.Check)
}

// stopTestCall ends the one under way: the line is for whoever has come.
func (n *stepping) stopTestCall() {
	if c := &n.TestCall; c.Running {
		*c = TestCall{Run: c.Run, EndedAt: n.Now, Interrupted: true}
		n.do(StopTestCall{})
	}
}

// withCheck adds a line to checks, or replaces the one of that name, without changing what it is given.
func withCheck(checks []Check, c Check) []Check {
	checks = slices.Clone(checks)
	if i := slices.IndexFunc(checks, func(o Check) bool { return o.Name == c.Name }); i >= 0 {
		checks[i] = c
		return checks
	}
	return append(checks, c)
}
