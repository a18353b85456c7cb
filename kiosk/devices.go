package main

import (
	"cmp"
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"time"

	"loiret.fr/visioborne/config"
	"loiret.fr/visioborne/kiosk/booth"
	"loiret.fr/visioborne/kiosk/call"
	"loiret.fr/visioborne/kiosk/media/audio"
	"loiret.fr/visioborne/kiosk/media/audio/alsa"
	"loiret.fr/visioborne/kiosk/media/audio/echo"
	"loiret.fr/visioborne/kiosk/media/camera"
)

// watchInterval is how often a resting booth looks whether its devices are still there.
const watchInterval = 5 * time.Second

// devices opens the site's devices for a call.
type devices struct {
	names config.Devices
	room  *audio.Room
	// record is a file for what the simulated speaker plays; "" for none.
	record string
	// machine knows its encoder and which camera was used last.
	machine *camera.Machine
}

// newEchoCanceller makes one for a call.
func newEchoCanceller() audio.EchoCanceller { return echo.New() }

// machineFor looks at what the machine has to encode with. A booth that cannot tell encodes in software.
func machineFor(log *slog.Logger) *camera.Machine {
	m, err := camera.NewMachine()
	if err != nil {
		log.Warn("looking for an encoder", "error", err)
	}
	log.Info("encoder", "name", m.Encoder().Name, "reason", m.Encoder().Reason)
	return m
}

// lostCamera is what an adviser reads while the camera does not work.
const lostCamera = "La caméra de la borne ne répond plus"

// OpenCard makes the card in place of the camera.
func (d devices) OpenCard(codec byte) (call.Camera, error) {
	return opened(camera.OpenCard(lostCamera, camera.Format{VP8: codec == call.CodecVP8}))
}

func (d devices) OpenCamera(codec byte) (call.Camera, error) {
	return opened(camera.Open(d.names.Camera, camera.Format{VP8: codec == call.CodecVP8, Machine: d.machine}))
}

func (d devices) OpenMicrophone() (call.Microphone, error) {
	return opened(d.room.OpenMicrophone(found(d.names).Microphone, audio.MicrophoneOptions{}))
}

func (d devices) OpenSpeaker() (call.Speaker, error) {
	return opened(d.room.OpenSpeaker(found(d.names).Speaker, audio.SpeakerOptions{Recording: d.record}))
}

// opened keeps a nil pointer from becoming an interface that is not nil.
func opened[T any](device T, err error) (T, error) {
	if err != nil {
		var none T
		return none, err
	}
	return device, nil
}

// found fills in the sound cards that the site leaves to the booth: the best ones that are there now. A card that is
// plugged in again may have another number. A camera is looked for when it is opened.
func found(names config.Devices) config.Devices { return chosen(names, os.DirFS("/proc/asound")) }

func chosen(names config.Devices, asound fs.FS) config.Devices {
	microphone, speaker := alsa.Choose(asound)
	names.Microphone = cmp.Or(names.Microphone, microphone, "/dev/snd/pcmC0D0c")
	names.Speaker = cmp.Or(names.Speaker, speaker, "/dev/snd/pcmC0D0p")
	return names
}

// simulatedOnes lists the devices that are simulated, for the notice on screen.
func simulatedOnes(names config.Devices) []booth.Device {
	var all []booth.Device
	for _, d := range []struct {
		device booth.Device
		name   string
	}{
		{booth.DeviceCamera, names.Camera},
		{booth.DeviceMicrophone, names.Microphone},
		{booth.DeviceSpeaker, names.Speaker},
	} {
		if d.name == config.Simulated {
			all = append(all, d.device)
		}
	}
	return all
}

// watchDevices raises a fault while a device that is not simulated is not there, until ctx ends.
func watchDevices(ctx context.Context, names config.Devices, post func(booth.Event)) error {
	missing := map[booth.Device]bool{}
	tick := time.NewTicker(watchInterval)
	defer tick.Stop()
	for {
		now := found(names)
		for device, path := range map[booth.Device]string{
			booth.DeviceCamera: now.Camera, booth.DeviceMicrophone: now.Microphone, booth.DeviceSpeaker: now.Speaker,
		} {
			gone := path != config.Simulated && !present(device, path)
			switch {
			case gone && !missing[device]:
				post(booth.FaultRaised{Device: device})
			case !gone && missing[device]:
				post(booth.FaultCleared{Device: device})
			}
			missing[device] = gone
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

func present(device booth.Device, path string) bool {
	if device == booth.DeviceCamera {
		return camera.Present(path)
	}
	_, err := os.Stat(path)
	return !errors.Is(err, os.ErrNotExist)
}
