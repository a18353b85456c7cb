package main

import (
	"reflect"
	"time"

	"loiret.fr/visioborne/config"
	"loiret.fr/visioborne/hub/wire"
	"loiret.fr/visioborne/kiosk/booth"
	"loiret.fr/visioborne/kiosk/media/camera"
	"loiret.fr/visioborne/kiosk/presence"
	"loiret.fr/visioborne/kiosk/usage"
)

// sources are what a status is made of besides the booth's state, and where it goes.
type sources struct {
	send    func(wire.Status)
	encoder func() camera.Encoder
	sound   func() *booth.Sound
	// health is how the machine is, and its warnings.
	health func(booth.State) (*wire.Health, []string)
	// configuration is where the site's configuration stands; nil where the hub keeps none.
	configuration func(booth.State) *wire.BoothConfiguration
}

// reporter returns a function that tells the hotline when something that it
// sees has changed. Nothing of the citizen is in it; reasons and warnings are
// codes, which the hotline's page puts into words.
func reporter(from sources) func(booth.State) {
	var last wire.Status
	call := 0
	return func(s booth.State) {
		using := from.encoder()
		status := wire.Status{
			Version: version, Phase: s.Session.Phase.String(), Since: last.Since,
			Encoder: using.Name, EncoderReason: using.Reason,
		}
		status.Company = string(s.Session.Company)
		for _, d := range s.Simulated {
			status.Simulated = append(status.Simulated, string(d))
		}
		for _, d := range s.Faults {
			status.Warnings = append(status.Warnings, string(d)+"_missing")
		}
		status.Sensors = sensorsOf(s.Config)
		for _, fault := range s.Presence.Faults {
			status.Warnings = append(status.Warnings, "presence_"+fault)
		}
		if s.PanelDark {
			status.Warnings = append(status.Warnings, "screen_dark")
		}
		if s.Training {
			status.Warnings = append(status.Warnings, "training")
		}
		if s.VoiceMissing {
			status.Warnings = append(status.Warnings, "voice_missing")
		}
		if s.Maintenance {
			status.Warnings = append(status.Warnings, "maintenance_open")
		}
		machine, warnings := from.health(s)
		status.Health, status.Warnings = machine, append(status.Warnings, warnings...)
		status.Configuration = from.configuration(s)
		if s.Restarting {
			status.Pending = wire.RestartMachine
			if s.ServiceOnly {
				status.Pending = wire.RestartService
			}
		}
		if s.OutOfService != nil {
			status.OutOfService = &wire.OutOfService{Out: true, Message: s.OutOfService.Message}
		}
		if s.TestCall.Run > 0 {
			status.TestCall = testCall(s.TestCall)
		}
		if u := s.Update; u != nil {
			status.Update = &wire.Update{State: wire.UpdateState(u.State), Version: u.Version, Percent: u.Percent, Reason: u.Reason}
		}
		if d := s.DeviceCheck; d.Run > 0 {
			status.DeviceCheck = deviceCheck(d)
		}
		if s.Session.Phase == booth.PhaseInCall {
			status.Sound = soundOfCall(from.sound())
		}
		if status.LastCall = last.LastCall; s.LastCall.Number != call {
			call = s.LastCall.Number
			status.LastCall = lastCall(s)
		}
		if status.Phase != last.Phase {
			status.Since = s.Now.Truncate(time.Second)
		}
		if reflect.DeepEqual(status, last) {
			return
		}
		last = status
		from.send(status)
	}
}

// sensorsOf are the presence sensors that a booth has.
func sensorsOf(b *config.Booth) (all []string) {
	if b == nil || b.Site.Devices.Presence == nil {
		return nil
	}
	p := b.Site.Devices.Presence
	if p.Motion != "" {
		all = append(all, string(presence.SensorMotion))
	}
	if p.Distance != "" {
		all = append(all, string(presence.SensorDistance))
	}
	return all
}

// lastCall is for the moment at which it is rated, of which no more is kept than the half day.
func lastCall(s booth.State) *wire.LastCall {
	out := &wire.LastCall{
		HalfDay: usage.HalfDay(s.Now.In(s.Config.SiteOpening().Location)),
		Failed:  string(s.LastCall.Failed), Sound: soundOfCall(s.LastCall.Sound),
	}
	if s.LastCall.GivenUp {
		out.Failed = "given_up"
	}
	for _, c := range s.LastCall.Causes {
		out.Causes = append(out.Causes, string(c))
	}
	for _, d := range s.LastCall.Lost {
		out.Causes = append(out.Causes, string(d)+"_lost")
	}
	return out
}

func soundOfCall(s *booth.Sound) *wire.Sound {
	if s == nil {
		return nil
	}
	return &wire.Sound{Echo: s.Echo, EchoReducedDB: s.EchoReducedDB, MadeUpPerMille: s.MadeUpPerMille}
}

func testCall(c booth.TestCall) *wire.TestCallResult {
	if c.Running {
		return &wire.TestCallResult{State: wire.DeviceCheckRunning}
	}
	out := &wire.TestCallResult{State: wire.DeviceCheckDone, At: c.EndedAt.UTC().Truncate(time.Second), Verdict: string(c.Verdict)}
	if c.Interrupted {
		out.State = wire.DeviceCheckInterrupted
	}
	for _, s := range c.Checks {
		out.Steps = append(out.Steps, wire.TestStep(s))
	}
	return out
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
