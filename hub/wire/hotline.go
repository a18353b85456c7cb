package wire

import (
	"errors"
	"fmt"
	"time"
)

// Health is how a booth's machine is, in its own words. What it cannot tell is absent.
type Health struct {
	// TemperatureC is the processor's, in whole degrees Celsius.
	TemperatureC *int `json:"temperature_c,omitempty"`
	// Power is a code: the supply's voltage is "good", "low" now, or "was_low" since the machine started.
	Power string `json:"power,omitempty"`
	// DiskFreeMB and DiskMB are of the file system on which the booth keeps its state, in megabytes of 10^6 bytes.
	DiskFreeMB *int `json:"disk_free_mb,omitempty"`
	DiskMB     *int `json:"disk_mb,omitempty"`
	// Screen is a code: the panel shows the page ("shown"), is off because the room is closed ("off"), or does not show
	// the page although it should ("lost"). Absent for a booth without a panel of its own.
	Screen string `json:"screen,omitempty"`
}

// Validate checks the fields.
func (m Health) Validate() error {
	errs := []error{word("health.power", m.Power, 0, 16), word("health.screen", m.Screen, 0, 16)}
	if t := m.TemperatureC; t != nil && (*t < -100 || *t > 200) {
		errs = append(errs, fmt.Errorf("health.temperature_c: %d is not in -100 to 200", *t))
	}
	const petabyte = 1_000_000_000
	for field, n := range map[string]*int{"health.disk_free_mb": m.DiskFreeMB, "health.disk_mb": m.DiskMB} {
		if n != nil {
			errs = append(errs, within(field, *n, petabyte))
		}
	}
	return errors.Join(errs...)
}

// RestartWhat is what is to be restarted.
type RestartWhat string

const (
	RestartService RestartWhat = "service"
	RestartMachine RestartWhat = "machine"
)

// Restart has a booth restart its service or its machine, once nobody is there.
type Restart struct {
	What RestartWhat `json:"what"`
}

// Validate checks the field.
func (m Restart) Validate() error {
	switch m.What {
	case RestartService, RestartMachine:
		return nil
	}
	return fmt.Errorf("what %.40q is unknown", m.What)
}

// MaxNotice is how long the message on an out-of-service booth's screen may be, in bytes.
const MaxNotice = 300

// OutOfService takes a booth out of service, with a message on its screen, or back into it. A session that is under way
// goes on.
type OutOfService struct {
	Out     bool   `json:"out"`
	Message string `json:"message,omitempty"`
}

// Validate checks the message.
func (m OutOfService) Validate() error { return text("message", m.Message, 0, MaxNotice) }

// AskLogs asks a booth for the last lines of its log. They come as LogPieces of the same Collection.
type AskLogs struct {
	Collection string `json:"collection"`
}

// Validate checks the collection's id.
func (m AskLogs) Validate() error { return CheckCall(m.Collection) }

const (
	// MaxLogPieces is how many pieces a collection may have.
	MaxLogPieces = 32
	maxLogLines  = 2000
	maxLogLine   = 500
)

// LogPiece is a part of a booth's log: Part counts from 0 to Parts-1. Nothing of it tells of a citizen.
type LogPiece struct {
	Collection string   `json:"collection"`
	Part       int      `json:"part"`
	Parts      int      `json:"parts"`
	Lines      []string `json:"lines"`
}

// Validate checks the fields.
func (m LogPiece) Validate() error {
	errs := []error{CheckCall(m.Collection), atMost("lines", len(m.Lines), maxLogLines)}
	if m.Parts < 1 || m.Parts > MaxLogPieces || m.Part < 0 || m.Part >= m.Parts {
		errs = append(errs, fmt.Errorf("part %d of %d; expected 0 to one less than at most %d", m.Part, m.Parts, MaxLogPieces))
	}
	for _, l := range m.Lines {
		errs = append(errs, text("lines", l, 0, maxLogLine))
	}
	return errors.Join(errs...)
}

// TestCall has a booth try the way that a call takes, without a citizen, an adviser or a count: the hub, its relays over
// each transport with something sent to and fro, and what the line carries.
type TestCall struct{}

// Validate finds nothing wrong.
func (TestCall) Validate() error { return nil }

// TestCallResult is what the hotline sees of the last test call.
type TestCallResult struct {
	State DeviceCheckState `json:"state"`
	// At is when it ended; absent while it runs.
	At time.Time `json:"at,omitzero"`
	// Verdict is a code: calls will "go", be "poor", or it is a "nogo".
	Verdict string     `json:"verdict,omitempty"`
	Steps   []TestStep `json:"steps,omitempty"`
}

// TestStep is one thing that was tried. State is "ok", "warn", "fail" or "skipped", Code why.
type TestStep struct {
	Name  string `json:"name"`
	State string `json:"state"`
	Value string `json:"value,omitempty"`
	Code  string `json:"code,omitempty"`
}

// Validate checks the fields.
func (m TestCallResult) Validate() error {
	errs := []error{atMost("test_call.steps", len(m.Steps), 24), word("test_call.verdict", m.Verdict, 0, 16)}
	switch m.State {
	case DeviceCheckRunning:
	case DeviceCheckDone, DeviceCheckInterrupted:
		errs = append(errs, notZero("test_call.at", m.At))
	default:
		errs = append(errs, fmt.Errorf("test_call.state %.40q is unknown", m.State))
	}
	for _, s := range m.Steps {
		errs = append(errs, word("test_call.steps.name", s.Name, 1, 32), word("test_call.steps.state", s.State, 1, 16),
			text("test_call.steps.value", s.Value, 0, 120), word("test_call.steps.code", s.Code, 0, 40))
	}
	return errors.Join(errs...)
}
