package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"sync/atomic"
	"time"

	"loiret.fr/visioborne/config"
	"loiret.fr/visioborne/kiosk/booth"
	"loiret.fr/visioborne/kiosk/call"
	"loiret.fr/visioborne/kiosk/handset"
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
	// handset is where sound goes while it is lifted; nil without one.
	handset *liftable
	// headphones are where sound goes in the spoken mode; nil without any.
	headphones *headphones
	// sharing lets the booth's voice have the speaker besides a call.
	sharing *sharing
}

// liftable is a handset and whether it is lifted.
type liftable struct {
	lifted atomic.Bool
	// room is the handset's own: what its microphone hears is not the loudspeaker's echo, and its earpiece leaves none in
	// the booth.
	room *audio.Room
}

// devicesOf are the site's.
func devicesOf(names config.Devices, record string, machine *camera.Machine, log *slog.Logger) devices {
	newRoom := func() *audio.Room {
		return &audio.Room{NewEchoCanceller: newEchoCanceller, Voice: new(audio.Voice), Log: log}
	}
	d := devices{names: names, room: newRoom(), record: record, machine: machine}
	if names.Handset != nil {
		d.handset = &liftable{room: newRoom()}
	}
	if names.Headphones != "" {
		d.headphones = &headphones{room: newRoom()}
	}
	d.sharing = &sharing{open: func() (*audio.Speaker, error) { return d.openSpeaker("") }, log: log}
	return d
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

// Photo takes a sharp picture while the camera is closed.
func (d devices) Photo(ctx context.Context) ([]byte, error) {
	return camera.Photo(ctx, d.names.Camera, d.machine)
}

func (d devices) OpenMicrophone() (call.Microphone, error) {
	s := d.sound(os.DirFS("/proc/asound"))
	m, err := s.room.OpenMicrophone(s.Microphone, audio.MicrophoneOptions{})
	return opened(m, s.explain(err))
}

func (d devices) OpenSpeaker() (call.Speaker, error) {
	return d.sharing.forCall(func() (*audio.Speaker, error) { return d.openSpeaker(d.record) })
}

// openSpeaker opens the speaker that is to be used now, whose simulated one records what it plays.
func (d devices) openSpeaker(record string) (*audio.Speaker, error) {
	s := d.sound(os.DirFS("/proc/asound"))
	var o audio.SpeakerOptions
	if !s.lifted {
		o.Recording = record
	}
	l, err := s.room.OpenSpeaker(s.Speaker, o)
	return l, s.explain(err)
}

// sound is where sound comes from and goes to.
type sound struct {
	config.Devices
	room   *audio.Room
	lifted bool
}

// sound tells where that is now. While the handset is lifted it is the handset, also when that is broken: what is told in
// confidence must not come out of the loudspeaker.
func (d devices) sound(asound fs.FS) sound {
	names := chosen(d.names, asound)
	if d.handset == nil || !d.handset.lifted.Load() {
		if d.headphones != nil && d.headphones.used.Load() && present(booth.DeviceSpeaker, d.names.Headphones) {
			names.Speaker = d.names.Headphones
			return sound{names, d.headphones.room, false}
		}
		return sound{names, d.room, false}
	}
	names.Microphone = cmp.Or(names.Handset.Microphone, names.Microphone)
	names.Speaker = names.Handset.Speaker
	return sound{names, d.handset.room, true}
}

// explain says why no other device is opened instead of one that failed.
func (s sound) explain(err error) error {
	if err == nil || !s.lifted {
		return err
	}
	return fmt.Errorf("the handset is lifted, and the loudspeaker stays closed: %w", err)
}

// opened keeps a nil pointer from becoming an interface that is not nil.
func opened[T any](device T, err error) (T, error) {
	if err != nil {
		var none T
		return none, err
	}
	return device, nil
}

// found are the booth's own devices as they are now, whether the handset is lifted or not.
func found(names config.Devices) config.Devices { return chosen(names, os.DirFS("/proc/asound")) }

// chosen fills in the sound cards that the site leaves to the booth: the best ones that are there now, the handset's and the headphones' never. A
// card that is plugged in again may have another number. A camera is looked for when it is opened.
func chosen(names config.Devices, asound fs.FS) config.Devices {
	var taken []string
	if h := names.Handset; h != nil {
		taken = []string{h.Microphone, h.Speaker}
	}
	if names.Headphones != "" {
		taken = append(taken, names.Headphones)
	}
	microphone, speaker := alsa.Choose(asound, taken...)
	absentMicrophone, absentSpeaker := alsa.Absent(taken...)
	names.Microphone = cmp.Or(names.Microphone, microphone, absentMicrophone)
	names.Speaker = cmp.Or(names.Speaker, speaker, absentSpeaker)
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
	if p := names.Presence; p != nil && (p.Motion == config.Simulated || p.Distance == config.Simulated) {
		all = append(all, booth.DevicePresence)
	}
	return all
}

// watchDevices raises a fault while a device that is not simulated is not there, until ctx ends.
func watchDevices(ctx context.Context, all devices, post func(booth.Event)) error {
	missing := map[booth.Device]bool{}
	tick := time.NewTicker(watchInterval)
	defer tick.Stop()
	for {
		now := all.sound(os.DirFS("/proc/asound"))
		for device, path := range map[booth.Device]string{
			booth.DeviceCamera: now.Camera, booth.DeviceMicrophone: now.Microphone, booth.DeviceSpeaker: now.Speaker,
		} {
			gone := !present(device, path)
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

// present tells whether a device is there; a simulated one always is.
func present(device booth.Device, path string) bool {
	if path == config.Simulated {
		return true
	}
	if device == booth.DeviceCamera {
		return camera.Present(path)
	}
	_, err := os.Stat(path)
	return !errors.Is(err, os.ErrNotExist)
}

// watchHandset follows the handset, until ctx ends, and calls moved whenever sound goes elsewhere. A booth whose switch
// cannot be watched goes on with its loudspeaker.
func watchHandset(ctx context.Context, all devices, moved func(), log *slog.Logger) error {
	if all.handset == nil {
		return nil
	}
	log = log.With("line", all.names.Handset.Switch)
	s, err := handset.Open(*all.names.Handset)
	if err != nil {
		log.Error("the handset does not work; sound stays on the loudspeaker", "error", err)
		return nil
	}
	defer s.Close()
	log.Info("watching the handset", "lifted", s.Lifted())
	if err := s.Run(ctx, func(lifted bool) { all.lift(lifted, moved, log) }); err != nil {
		log.Error("the handset is not watched any more; sound stays where it is", "lifted", all.handset.lifted.Load(), "error", err)
	}
	return nil
}

// lift takes word of the handset.
func (d devices) lift(lifted bool, moved func(), log *slog.Logger) {
	d.handset.lifted.Store(lifted) // before moved: what is opened from there on is the right one
	if lifted {
		log.Info("the handset is lifted; sound goes to it alone")
	} else {
		log.Info("the handset is back; sound goes to the loudspeaker")
	}
	moved()
}
