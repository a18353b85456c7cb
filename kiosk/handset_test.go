package main

import (
	"bytes"
	"context"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"loiret.fr/visioborne/config"
	"loiret.fr/visioborne/kiosk/booth"
	"loiret.fr/visioborne/kiosk/call"
	"loiret.fr/visioborne/kiosk/media/camera"
)

func testHandset() *config.Handset {
	return &config.Handset{Switch: "GPIO99", Lifted: config.LevelHigh, Microphone: "/dev/snd/pcmC2D0c", Speaker: "/dev/snd/pcmC2D0p"}
}

func devicesFor(names config.Devices) devices {
	return devicesOf(names, "", &camera.Machine{}, slog.New(slog.DiscardHandler))
}

// The handset's card hears and speaks, as a speakerphone does; without a word it would be taken for one.
func TestWhereSoundGoes(t *testing.T) {
	both := fstest.MapFS{
		"cards": {Data: []byte(" 2 [Handset        ]: USB-Audio - Handset\n 5 [Speakerphone   ]: USB-Audio - Speakerphone\n")},
		"pcm":   {Data: []byte("02-00: USB Audio : USB Audio : playback 1 : capture 1\n05-00: USB Audio : USB Audio : playback 1 : capture 1\n")},
	}
	earpiece := testHandset()
	earpiece.Microphone = ""
	first := &config.Handset{Speaker: "/dev/snd/pcmC0D0p", Microphone: "/dev/snd/pcmC1D0c"}
	for _, c := range []struct {
		name   string
		names  config.Devices
		asound fs.FS
		lifted bool
		want   [2]string // microphone and speaker
	}{
		{"no handset", config.Devices{}, both, false, [2]string{"/dev/snd/pcmC2D0c", "/dev/snd/pcmC2D0p"}},
		{"resting", config.Devices{Handset: testHandset()}, both, false, [2]string{"/dev/snd/pcmC5D0c", "/dev/snd/pcmC5D0p"}},
		{"lifted", config.Devices{Handset: testHandset()}, both, true, [2]string{"/dev/snd/pcmC2D0c", "/dev/snd/pcmC2D0p"}},
		{"lifted, an earpiece only", config.Devices{Handset: earpiece}, both, true, [2]string{"/dev/snd/pcmC5D0c", "/dev/snd/pcmC2D0p"}},
		{
			"lifted, beside devices with names",
			config.Devices{Microphone: config.Simulated, Speaker: config.Simulated, Handset: testHandset()},
			both, true,
			[2]string{"/dev/snd/pcmC2D0c", "/dev/snd/pcmC2D0p"},
		},
		{"lifted, and gone", config.Devices{Handset: testHandset()}, fstest.MapFS{}, true, [2]string{"/dev/snd/pcmC2D0c", "/dev/snd/pcmC2D0p"}},
		{
			"resting, and the handset is the first card there could be",
			config.Devices{Handset: first},
			fstest.MapFS{},
			false,
			[2]string{"/dev/snd/pcmC2D0c", "/dev/snd/pcmC2D0p"},
		},
	} {
		d := devicesFor(c.names)
		if c.lifted {
			d.lift(true, func() {}, slog.New(slog.DiscardHandler))
		}
		got := d.sound(c.asound)
		if diff := cmp.Diff(c.want, [2]string{got.Microphone, got.Speaker}); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
		// What the loudspeaker plays is not in the handset's microphone, nor the other way round.
		if own := got.room != d.room; own != c.lifted {
			t.Errorf("%s: a room of its own: %v", c.name, own)
		}
		if now := chosen(c.names, c.asound); now.Speaker == "/dev/snd/pcmC2D0p" && c.names.Handset != nil && c.names.Handset != first {
			t.Errorf("%s: a check of the devices would play on the handset", c.name)
		}
	}
}

// A handset that is broken is a fault, and no reason to let the room hear.
func TestALiftedHandsetThatIsBroken(t *testing.T) {
	names := config.Devices{Microphone: config.Simulated, Speaker: config.Simulated, Handset: testHandset()}
	names.Handset.Microphone, names.Handset.Speaker = "/dev/snd/pcmC99D0c", "/dev/snd/pcmC99D0p"
	d := devicesFor(names)
	open := func() [2]error {
		m, err1 := d.OpenMicrophone()
		if err1 == nil {
			err1 = m.Close()
		}
		s, err2 := d.OpenSpeaker()
		if err2 == nil {
			err2 = s.Close()
		}
		return [2]error{err1, err2}
	}
	var moves []bool
	moved := func() { moves = append(moves, d.handset.lifted.Load()) } // the state is new when a call is told
	log := slog.New(slog.DiscardHandler)
	d.lift(true, moved, log)
	for i, err := range open() {
		if err == nil || !strings.Contains(err.Error(), "the handset is lifted, and the loudspeaker stays closed: opening") || !strings.Contains(err.Error(), "pcmC99D0") {
			t.Errorf("device %d: the error is %v", i, err)
		}
	}
	d.lift(false, moved, log)
	if got := open(); got != [2]error{} {
		t.Errorf("back on its hook: %v", got)
	}
	if diff := cmp.Diff([]bool{true, false}, moves); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestFaultsFollowTheHandset(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		names := config.Devices{Camera: config.Simulated, Microphone: config.Simulated, Speaker: config.Simulated, Handset: testHandset()}
		names.Handset.Microphone, names.Handset.Speaker = "", "/dev/snd/pcmC99D0p"
		d := devicesFor(names)
		events := make(chan booth.Event, 10)
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- watchDevices(ctx, d, func(e booth.Event) { events <- e }) }()
		<-time.After(time.Minute)
		if len(events) > 0 {
			t.Errorf("resting: %#v", <-events)
		}
		for _, c := range []struct {
			lifted bool
			want   booth.Event
		}{{true, booth.FaultRaised{Device: booth.DeviceSpeaker}}, {false, booth.FaultCleared{Device: booth.DeviceSpeaker}}} {
			d.lift(c.lifted, func() {}, slog.New(slog.DiscardHandler))
			if got := <-events; got != c.want {
				t.Errorf("lifted %v: %#v", c.lifted, got)
			}
		}
		cancel()
		if err := <-ended; err != nil || len(events) > 0 {
			t.Errorf("%v, and %d events", err, len(events))
		}
	})
}

// The booth goes on when the switch cannot be watched, and its log says what to do.
func TestAHandsetWhoseSwitchIsNotThere(t *testing.T) {
	var said bytes.Buffer
	d := devicesFor(config.Devices{Microphone: config.Simulated, Speaker: config.Simulated, Handset: testHandset()})
	if err := watchHandset(t.Context(), d, func() { t.Error("sound moved") }, slog.New(slog.NewTextHandler(&said, nil))); err != nil {
		t.Error(err)
	}
	for _, want := range []string{"level=ERROR", "sound stays on the loudspeaker", "line=GPIO99", "devices.handset"} {
		if !strings.Contains(said.String(), want) {
			t.Errorf("the log does not say %q: %s", want, &said)
		}
	}
	if got := d.sound(fstest.MapFS{}); got.Speaker != config.Simulated {
		t.Errorf("sound goes to %s", got.Speaker)
	}
	if err := watchHandset(t.Context(), devicesFor(config.Devices{}), func() { t.Error("sound moved") }, slog.Default()); err != nil {
		t.Error(err)
	}
}

func TestSelftestTellsOfTheHandset(t *testing.T) {
	site, err := os.ReadFile("../config/loiret/sites/gien.yaml")
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "site.yaml")
	site = append(site, "\ndevices:\n  handset: {switch: GPIO27, speaker: /dev/snd/pcmC99D0p}\n"...)
	if err := os.WriteFile(file, site, 0o600); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	_ = selftest(&out, []string{file}) // of a machine that may lack anything
	if !strings.Contains(out.String(), "\nhandset: ") || !strings.Contains(out.String(), ", microphone: the booth's, speaker /dev/snd/pcmC99D0p not found\n") {
		t.Errorf("it says:\n%s", &out)
	}
	out.Reset()
	_ = selftest(&out, nil)
	if out.Len() == 0 || strings.Contains(out.String(), "\nhandset") {
		t.Errorf("without a site it says:\n%s", &out)
	}
	for _, wrong := range [][]string{{file, file}, {"nowhere.yaml"}} {
		if err := selftest(&out, wrong); err == nil {
			t.Errorf("%v: no error", wrong)
		}
	}
}

// telling tells of each speaker that is opened whether it is the handset's.
type telling struct {
	devices
	opened chan bool
}

func (d telling) OpenSpeaker() (call.Speaker, error) {
	d.opened <- d.sound(fstest.MapFS{}).lifted
	return d.devices.OpenSpeaker()
}

// A call that is up goes over each time that the handset moves, and not before.
func TestACallFollowsTheHandset(t *testing.T) {
	names := config.Devices{Camera: config.Simulated, Microphone: config.Simulated, Speaker: config.Simulated, Handset: testHandset()}
	names.Handset.Microphone, names.Handset.Speaker = config.Simulated, config.Simulated
	d := telling{devicesFor(names), make(chan bool, 10)}
	c := &calls{log: slog.New(slog.DiscardHandler)}
	d.lift(true, c.moveSound, c.log) // without a call
	peer, err := call.New(call.Options{
		Devices: d, Loopback: true, Log: c.log,
		Signal: func(call.Signal) {}, Event: func(e call.Event) { t.Errorf("%#v", e) }, Frame: func(call.Frame) {},
	})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- peer.Run(ctx) }()
	c.live = &live{call: "call", peer: peer, cancel: cancel}
	peer.SetCamera(false)
	peer.Start()
	for _, next := range []bool{false, true, false} {
		if lifted := <-d.opened; lifted == next {
			t.Errorf("a speaker was opened with the handset lifted: %v", lifted)
		}
		d.lift(next, c.moveSound, c.log)
	}
	if <-d.opened {
		t.Error("sound stays in the handset")
	}
	cancel()
	if err := <-ended; err != nil || len(d.opened) > 0 {
		t.Errorf("%v; %d more speakers were opened", err, len(d.opened))
	}
}
