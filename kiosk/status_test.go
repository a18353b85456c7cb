package main

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"loiret.fr/visioborne/config"
	"loiret.fr/visioborne/hub/wire"
	"loiret.fr/visioborne/kiosk/booth"
	"loiret.fr/visioborne/kiosk/media/camera"
)

// TestTheHotlineHearsOfChangesOnly: a status goes out when something in it has
// changed, with the time at which the phase began, and nothing of the citizen.
func TestTheHotlineHearsOfChangesOnly(t *testing.T) {
	var sent []wire.Status
	using := camera.Encoder{Name: "bcm2835-codec-encode", Reason: camera.Hardware}
	report := reporter(sources{
		configuration: (*configurations)(nil).state,
		send:          func(s wire.Status) { sent = append(sent, s) }, encoder: func() camera.Encoder { return using },
		sound: func() *booth.Sound { return nil }, health: unknown,
	})
	began := time.Date(2026, 11, 24, 10, 0, 0, 0, time.UTC)
	s := booth.State{Now: began, Simulated: []booth.Device{booth.DeviceSpeaker}, Config: &config.Booth{}}
	s.Config.Site.Devices.Presence = &config.Presence{Motion: "GPIO17", Distance: "vl53l1x"}
	report(s)
	s.Now = began.Add(time.Minute)
	report(s)
	s.Session = booth.Session{ID: "s", Phase: booth.PhaseInCall, Adviser: "Mme Martin", Language: "en"}
	s.Now = began.Add(2 * time.Minute)
	report(s)
	s.Faults = []booth.Device{booth.DeviceCamera}
	s.Now = began.Add(3 * time.Minute)
	report(s)
	using = camera.Encoder{Name: "OpenH264", Reason: camera.HardwareFailed}
	report(s)
	s.DeviceCheck = booth.DeviceCheck{Run: 1, Running: true}
	report(s)
	s.DeviceCheck = booth.DeviceCheck{Run: 1, EndedAt: s.Now, Findings: []booth.Finding{{Device: booth.DeviceMicrophone, Result: "silent"}}}
	report(s)
	s.DeviceCheck = booth.DeviceCheck{Run: 2, EndedAt: s.Now, Interrupted: true}
	report(s)

	failed := func(s wire.Status) wire.Status {
		s.Encoder, s.EncoderReason = "OpenH264", "hardware_failed"
		return s
	}
	status := func(phase string, since time.Time, warnings ...string) wire.Status {
		return wire.Status{
			Version: version, Phase: phase, Since: since, Encoder: "bcm2835-codec-encode", EncoderReason: "hardware",
			Simulated: []string{"speaker"}, Sensors: []string{"motion", "distance"}, Warnings: warnings,
		}
	}
	want := []wire.Status{
		status("none", began),
		status("in_call", began.Add(2*time.Minute)),
		status("in_call", began.Add(2*time.Minute), "camera_missing"),
		failed(status("in_call", began.Add(2*time.Minute), "camera_missing")),
	}
	for _, check := range []wire.DeviceCheck{
		{State: wire.DeviceCheckRunning},
		{State: wire.DeviceCheckDone, At: s.Now, Findings: []wire.Finding{{Device: "microphone", Result: "silent"}}},
		{State: wire.DeviceCheckInterrupted, At: s.Now},
	} {
		checked := failed(status("in_call", began.Add(2*time.Minute), "camera_missing"))
		checked.DeviceCheck = &check
		want = append(want, checked)
	}
	if diff := cmp.Diff(want, sent); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for _, s := range sent {
		if err := s.Validate(); err != nil {
			t.Error(err)
		}
	}
}

// TestTheHotlineHearsOfTheLastCall: as codes, with the half day of the booth's own
// zone and no more of the time; of the call under way, its sound.
func TestTheHotlineHearsOfTheLastCall(t *testing.T) {
	var sent []wire.Status
	sound := &booth.Sound{MadeUpPerMille: 2}
	asked := 0
	report := reporter(sources{
		configuration: (*configurations)(nil).state,
		send:          func(s wire.Status) { sent = append(sent, s) }, encoder: func() camera.Encoder { return camera.Encoder{} },
		sound: func() *booth.Sound { asked++; return sound }, health: unknown,
	})
	before := time.Date(2026, 11, 24, 11, 59, 59, 0, time.UTC)
	s := booth.State{Config: &config.Booth{Location: time.FixedZone("", 3600)}, Now: before}
	report(s)
	if asked > 0 || sent[0].Sound != nil || sent[0].LastCall != nil {
		t.Errorf("before any call: %+v", sent[0])
	}
	s.Session.Phase = booth.PhaseInCall
	report(s)
	sound = &booth.Sound{Echo: "poor", EchoReducedDB: 14, MadeUpPerMille: 3}
	report(s)
	report(s)
	s.Session.Phase = booth.PhaseEnded
	report(s)
	var told []*wire.Sound
	for _, status := range sent[1:] {
		told = append(told, status.Sound)
	}
	if diff := cmp.Diff([]*wire.Sound{{MadeUpPerMille: 2}, {Echo: "poor", EchoReducedDB: 14, MadeUpPerMille: 3}, nil}, told); diff != "" {
		t.Errorf("the sound of a call (-want +got):\n%s", diff)
	}
	for _, c := range []struct {
		at   time.Time
		call booth.LastCall
		want wire.LastCall
	}{
		{before, booth.LastCall{Number: 1}, wire.LastCall{HalfDay: "2026-11-24-am"}},
		{before.Add(time.Second), booth.LastCall{Number: 1}, wire.LastCall{HalfDay: "2026-11-24-am"}},
		{before.Add(time.Second), booth.LastCall{Number: 2, GivenUp: true}, wire.LastCall{HalfDay: "2026-11-24-pm", Failed: "given_up"}},
		{
			before.Add(12 * time.Hour),
			booth.LastCall{
				Number: 3, Failed: booth.ReasonCallLost, Causes: []booth.Cause{"sound", "interrupted"}, Lost: []booth.Device{booth.DeviceCamera}, Sound: sound,
			},
			wire.LastCall{
				HalfDay: "2026-11-25-am", Failed: "call_lost", Causes: []string{"sound", "interrupted", "camera_lost"},
				Sound: &wire.Sound{Echo: "poor", EchoReducedDB: 14, MadeUpPerMille: 3},
			},
		},
	} {
		s.Now, s.LastCall = c.at, c.call
		report(s)
		last := sent[len(sent)-1]
		if diff := cmp.Diff(&c.want, last.LastCall); diff != "" {
			t.Errorf("call %d (-want +got):\n%s", c.call.Number, diff)
		}
		if err := last.Validate(); err != nil {
			t.Error(err)
		}
	}
}

// unknown is the health of a machine that tells nothing.
func unknown(booth.State) (*wire.Health, []string) { return nil, nil }

// TestTheHotlineHearsOfTheMachine: how it is, what waits for the end of a session, and what the hotline has done itself.
func TestTheHotlineHearsOfTheMachine(t *testing.T) {
	var sent []wire.Status
	hot := 70
	report := reporter(sources{
		configuration: (*configurations)(nil).state,
		send:          func(s wire.Status) { sent = append(sent, s) }, encoder: func() camera.Encoder { return camera.Encoder{} },
		sound: func() *booth.Sound { return nil },
		health: func(booth.State) (*wire.Health, []string) {
			if hot >= 80 {
				return &wire.Health{TemperatureC: &hot}, []string{"hot"}
			}
			return &wire.Health{Power: "good"}, nil
		},
	})
	now := time.Date(2026, 11, 24, 10, 0, 0, 0, time.UTC)
	s := booth.State{Now: now}
	report(s)
	hot = 81
	report(s)
	s.Restarting, s.ServiceOnly = true, true
	report(s)
	s.ServiceOnly = false
	report(s)
	s.Restarting, s.OutOfService = false, &booth.OutOfService{Message: "Réparation jeudi."}
	s.TestCall = booth.TestCall{Run: 1, EndedAt: now, Verdict: "go", Checks: []booth.Check{{Name: "hub", State: "ok", Value: "38ms"}}}
	report(s)
	base := wire.Status{Version: version, Phase: "none", Since: now}
	healthy, warm := base, base
	healthy.Health = &wire.Health{Power: "good"}
	warm.Health, warm.Warnings = &wire.Health{TemperatureC: &hot}, []string{"hot"}
	service, machine, out := warm, warm, warm
	service.Pending, machine.Pending = wire.RestartService, wire.RestartMachine
	out.OutOfService = &wire.OutOfService{Out: true, Message: "Réparation jeudi."}
	out.TestCall = &wire.TestCallResult{State: wire.DeviceCheckDone, At: now, Verdict: "go", Steps: []wire.TestStep{{Name: "hub", State: "ok", Value: "38ms"}}}
	if diff := cmp.Diff([]wire.Status{healthy, warm, service, machine, out}, sent); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for _, s := range sent {
		if err := s.Validate(); err != nil {
			t.Error(err)
		}
	}
}
