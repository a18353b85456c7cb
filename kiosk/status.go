package main

import (
	"reflect"
	"time"

	"loiret.fr/visioborne/hub/wire"
	"loiret.fr/visioborne/kiosk/booth"
	"loiret.fr/visioborne/kiosk/media/camera"
)

// reporter returns a function that tells the hotline when something that it
// sees has changed. Nothing of the citizen is in it; reasons and warnings are
// codes, which the hotline's page puts into words.
func reporter(send func(wire.Status), encoder func() camera.Encoder) func(booth.State) {
	var last wire.Status
	return func(s booth.State) {
		using := encoder()
		status := wire.Status{
			Version: version, Phase: s.Session.Phase.String(), Since: last.Since,
			Encoder: using.Name, EncoderReason: using.Reason,
		}
		for _, d := range s.Simulated {
			status.Simulated = append(status.Simulated, string(d))
		}
		for _, d := range s.Faults {
			status.Warnings = append(status.Warnings, string(d)+"_missing")
		}
		if s.PanelDark {
			status.Warnings = append(status.Warnings, "screen_dark")
		}
		if s.Maintenance {
			status.Warnings = append(status.Warnings, "maintenance_open")
		}
		if u := s.Update; u != nil {
			status.Update = &wire.Update{State: wire.UpdateState(u.State), Version: u.Version, Percent: u.Percent, Reason: u.Reason}
		}
		if d := s.DeviceCheck; d.Run > 0 {
			status.DeviceCheck = deviceCheck(d)
		}
		if status.Phase != last.Phase {
			status.Since = s.Now.Truncate(time.Second)
		}
		if reflect.DeepEqual(status, last) {
			return
		}
		last = status
		send(status)
	}
}

func deviceCheck(d booth.DeviceCheck) *wire.DeviceCheck {
	if d.Running {
		return &wire.DeviceCheck{State: wire.DeviceCheckRunning}
	}
	out := &wire.DeviceCheck{State: wire.DeviceCheckDone, At: d.EndedAt.UTC().Truncate(time.Second)}
	if d.Interrupted {
		out.State = wire.DeviceCheckInterrupted
	}
	for _, f := range d.Findings {
		out.Findings = append(out.Findings, wire.Finding{Device: string(f.Device), Result: f.Result})
	}
	return out
}
