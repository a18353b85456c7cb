package main

import (
	"context"
	"log/slog"

	"loiret.fr/visioborne/kiosk/booth"
	"loiret.fr/visioborne/kiosk/devicecheck"
)

// deviceChecks checks the booth's devices when the state machine says so.
type deviceChecks struct {
	devices devicecheck.Devices
	post    func(booth.Event)
	log     *slog.Logger

	errand
}

// carryOut runs an effect that concerns a check of the devices. It does not block.
func (d *deviceChecks) carryOut(ctx context.Context, f booth.Effect) {
	switch f := f.(type) {
	case booth.CheckDevices:
		d.start(ctx, func(ctx context.Context) { d.check(ctx, f.Run) })
	case booth.StopDeviceCheck:
		d.stop()
	default:
	}
}

func (d *deviceChecks) check(ctx context.Context, run int) {
	d.log.Info("checking the devices")
	f, err := devicecheck.Check(ctx, d.devices)
	if ctx.Err() != nil {
		d.log.Info("the check of the devices was stopped")
		return
	}
	d.log.Info("devices checked", "camera", string(f.Camera), "microphone", string(f.Microphone), "speaker", string(f.Speaker), "error", err)
	d.post(booth.DevicesChecked{Run: run, Findings: []booth.Finding{
		{Device: booth.DeviceCamera, Result: string(f.Camera)},
		{Device: booth.DeviceMicrophone, Result: string(f.Microphone)},
		{Device: booth.DeviceSpeaker, Result: string(f.Speaker)},
	}})
}
