package main

import (
	"log/slog"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"loiret.fr/visioborne/config"
	"loiret.fr/visioborne/kiosk/booth"
)

// TestSimulatedDevicesAreChecked: with real packages below, and no air between a simulated loudspeaker and microphone.
func TestSimulatedDevicesAreChecked(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		events := make(chan booth.Event, 1)
		d := &deviceChecks{
			devices: devices{names: config.Devices{Camera: config.Simulated, Microphone: config.Simulated, Speaker: config.Simulated}},
			post:    func(e booth.Event) { events <- e }, log: slog.New(slog.DiscardHandler),
		}
		d.carryOut(t.Context(), booth.CheckDevices{Run: 3})
		want := booth.DevicesChecked{Run: 3, Findings: []booth.Finding{
			{Device: booth.DeviceCamera, Result: "ok"}, {Device: booth.DeviceMicrophone, Result: "ok"}, {Device: booth.DeviceSpeaker, Result: "unchecked"},
		}}
		if diff := cmp.Diff(booth.Event(want), <-events); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		d.close()
	})
}

// TestAStoppedCheckSaysNothing: its devices are free again at once.
func TestAStoppedCheckSaysNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := &deviceChecks{
			devices: devices{names: config.Devices{Camera: config.Simulated, Microphone: config.Simulated, Speaker: config.Simulated}},
			post:    func(e booth.Event) { t.Errorf("it said %+v", e) }, log: slog.New(slog.DiscardHandler),
		}
		for _, after := range []time.Duration{100 * time.Millisecond, 1200 * time.Millisecond} { // in the picture's part, in the sound's
			d.carryOut(t.Context(), booth.CheckDevices{Run: 1})
			time.Sleep(after) // the bubble's clock
			began := time.Now()
			d.carryOut(t.Context(), booth.StopDeviceCheck{})
			d.close()
			if took := time.Since(began); took > 50*time.Millisecond {
				t.Errorf("stopping after %v took %v", after, took)
			}
		}
	})
}
