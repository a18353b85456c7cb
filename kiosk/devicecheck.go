package main

import (
	"context"
	"log/slog"

	"loiret.fr/visioborne/config"
	"loiret.fr/visioborne/kiosk/booth"
	"loiret.fr/visioborne/kiosk/devicecheck"
	"loiret.fr/visioborne/kiosk/media/audio"
	"loiret.fr/visioborne/kiosk/media/camera"
)

// deviceChecks checks the booth's devices when the state machine says so.
type deviceChecks struct {
	devices devices
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
	f, err := devicecheck.Check(ctx, checked{d.devices})
	if ctx.Err() != nil {
		d.log.Info("the check of the devices was stopped")
		return
	}
	names := d.devices.names
	if f.Speaker == devicecheck.NotHeard && (names.Microphone == config.Simulated || names.Speaker == config.Simulated) {
		f.Speaker = devicecheck.Unchecked // there is no air between them
	}
	d.log.Info("devices checked", "camera", string(f.Camera), "microphone", string(f.Microphone), "speaker", string(f.Speaker), "error", err)
	d.post(booth.DevicesChecked{Run: run, Findings: []booth.Finding{
		{Device: booth.DeviceCamera, Result: string(f.Camera)},
		{Device: booth.DeviceMicrophone, Result: string(f.Microphone)},
		{Device: booth.DeviceSpeaker, Result: string(f.Speaker)},
	}})
}

// checked opens the site's devices for a check.
type checked struct{ devices devices }

func (c checked) OpenCamera() (devicecheck.Camera, error) {
	return opened[devicecheck.Camera](camera.OpenPictures(c.devices.names.Camera, c.devices.machine))
}

func (c checked) OpenSound() (devicecheck.Sound, error) {
	names := found(c.devices.names)
	return opened[devicecheck.Sound](audio.OpenTrial(names.Microphone, names.Speaker))
}
