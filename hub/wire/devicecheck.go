package wire

import (
	"errors"
	"fmt"
	"time"
)

// CheckDevices has a booth check its camera, microphone and loudspeaker, if nobody is there.
type CheckDevices struct{}

// Validate finds nothing wrong.
func (CheckDevices) Validate() error { return nil }

// DeviceCheckState is where a check of a booth's devices stands.
type DeviceCheckState string

const (
	DeviceCheckRunning     DeviceCheckState = "running"
	DeviceCheckDone        DeviceCheckState = "done"
	DeviceCheckInterrupted DeviceCheckState = "interrupted" // somebody came
)

// DeviceCheck is what the hotline sees of the last check of a booth's devices.
type DeviceCheck struct {
	State DeviceCheckState `json:"state"`
	// At is when it ended; absent while it runs.
	At       time.Time `json:"at,omitzero"`
	Findings []Finding `json:"findings,omitempty"`
}

// Finding is what was found of one device: "camera", "microphone" or "speaker". Result is a code, "ok" or what is wrong.
type Finding struct {
	Device string `json:"device"`
	Result string `json:"result"`
}

// Validate checks the fields.
func (m DeviceCheck) Validate() error {
	errs := []error{atMost("device_check.findings", len(m.Findings), 8)}
	switch m.State {
	case DeviceCheckRunning:
	case DeviceCheckDone, DeviceCheckInterrupted:
		errs = append(errs, notZero("device_check.at", m.At))
	default:
		errs = append(errs, fmt.Errorf("device_check.state %.40q is unknown", m.State))
	}
	for _, f := range m.Findings {
		errs = append(errs, word("device_check.findings.device", f.Device, 1, 32), word("device_check.findings.result", f.Result, 1, 32))
	}
	return errors.Join(errs...)
}
