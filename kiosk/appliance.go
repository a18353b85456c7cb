package main

import (
	"context"
	"crypto/ed25519"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/coreos/go-systemd/v22/daemon"
	"golang.org/x/sync/errgroup"

	"loiret.fr/visioborne/config"
	"loiret.fr/visioborne/firmware/loopdev"
	"loiret.fr/visioborne/kiosk/booth"
	"loiret.fr/visioborne/kiosk/clock"
	"loiret.fr/visioborne/kiosk/handset"
	"loiret.fr/visioborne/kiosk/hardware"
	"loiret.fr/visioborne/kiosk/media/camera"
	"loiret.fr/visioborne/kiosk/network"
	"loiret.fr/visioborne/kiosk/page"
	"loiret.fr/visioborne/kiosk/screen"
)

// appliance is what a booth has that is a machine of its own and not a program
// on a developer's: a panel with its browser, and an init that wants to hear
// that the service lives.
type appliance struct {
	screen   *screen.Screen
	listener net.Listener
	// light is the panel's backlight; nil where the site leaves it as it is.
	light *screen.Backlight
	// shown takes whether the browser shows the page; set before run.
	shown func(bool)
}

// browserFolder is where the browser's root file system is mounted.
const browserFolder = "/run/visioborne/browser"

// openAppliance mounts the browser's root and opens the page's address in the browser's network.
func openAppliance(o options, rotation int, log *slog.Logger) (*appliance, error) {
	if err := os.MkdirAll(browserFolder, 0o755); err != nil {
		return nil, fmt.Errorf("making the browser's folder: %w", err)
	}
	if mounted, err := os.ReadDir(browserFolder); err != nil || len(mounted) == 0 { // else an earlier run of the service has done it
		if err := loopdev.MountSquashfs(o.browser, browserFolder); err != nil {
			return nil, fmt.Errorf("mounting the browser: %w", err)
		}
	}
	listener, network, err := screen.Listen(o.addr)
	if err != nil {
		return nil, err
	}
	a := &appliance{listener: listener, shown: func(bool) {}}
	a.screen = screen.New(screen.Options{
		Root: browserFolder, URL: "http://" + o.addr + "/", Rotation: rotation,
		Lost: func(reason string) { a.shown(reason == "") },
		Words: screen.Words{
			Title: "Cette borne redémarre",
			Lines: []string{"Merci de patienter quelques instants.", "Si ce message reste, prévenez l’accueil."},
		},
		Log: log,
	}, network)
	return a, nil
}

// errMissing: the booth lacks what it cannot serve without.
var errMissing = errors.New("the machine lacks what is marked MISSING")

// selftest tells of the machine, and of the handset and the sensors if the file of a site is given that has them.
func selftest(w io.Writer, sites []string) error {
	var site config.Site
	switch len(sites) {
	case 0:
	case 1:
		var err error
		if site, err = config.LoadSite(sites[0]); err != nil {
			return err
		}
	default:
		return fmt.Errorf("%d sites are given; expected one file at most, as in kiosk selftest site.yaml", len(sites))
	}
	// What cannot be asked is no encoder: the line says what a call will use.
	machine, _ := camera.NewMachine()
	encoder := machine.Encoder()
	all, err := hardware.Print(w, hardware.Find(hardware.Machine()), encoder.Name, encoder.Reason)
	if h := site.Devices.Handset; h != nil && err == nil {
		_, err = fmt.Fprintln(w, describeHandset(*h))
	}
	if k := site.Devices.Keys; k != nil && err == nil {
		_, err = fmt.Fprintln(w, describeKeys(*k))
	}
	if p := site.Devices.Presence; p != nil && err == nil {
		_, err = fmt.Fprint(w, describeSensors(*p))
	}
	if err == nil && !all {
		err = errMissing
	}
	return err
}

// describeHandset tells how a handset is now, and which of its devices are not there.
func describeHandset(h config.Handset) string {
	about := ""
	for _, d := range []struct {
		device booth.Device
		path   string
	}{{booth.DeviceMicrophone, h.Microphone}, {booth.DeviceSpeaker, h.Speaker}} {
		switch {
		case d.path == "":
			about += fmt.Sprintf(", %s: the booth's", d.device)
		case present(d.device, d.path):
			about += fmt.Sprintf(", %s %s", d.device, d.path)
		default:
			about += fmt.Sprintf(", %s %s not found", d.device, d.path)
		}
	}
	s, err := handset.Open(h)
	if err != nil {
		return fmt.Sprintf("handset: %s%s", err, about)
	}
	defer s.Close()
	state := "resting"
	if s.Lifted() {
		state = "lifted"
	}
	return fmt.Sprintf("handset: %s on %s%s", state, h.Switch, about)
}

// noteHardware loads drivers and writes what was found to the log, one line a part.
func noteHardware(log *slog.Logger) {
	if err := hardware.Load(); err != nil {
		log.Warn("kernel modules", "error", err)
	}
	for _, p := range hardware.Find(hardware.Machine()) {
		log.Info("hardware", "part", p.Name, "found", strings.Join(p.Found, ", "))
	}
}

// listen opens the page's address: in the browser's network if the booth has a panel of its own, which may hang turned by so
// many degrees, else on loopback.
func listen(o options, rotation int, log *slog.Logger) (*appliance, net.Listener, error) {
	if o.browser == "" {
		l, err := page.Listen(o.addr)
		return nil, l, err
	}
	raiseClock(o, log)
	noteHardware(log)
	own, err := openAppliance(o, rotation, log)
	if err != nil {
		return nil, nil, err
	}
	return own, own.listener, nil
}

// raiseClock sets a clock that is before what it can be. Without a right one nothing is lost but time, so no error ends the service.
func raiseClock(o options, log *slog.Logger) {
	seconds, err := strconv.ParseInt(made, 10, 64)
	if err == nil {
		err = clock.Raise(o.state, time.Unix(seconds, 0), nil, log)
	}
	if err != nil {
		log.Warn("setting the clock to what it can be at least", "error", err)
	}
}

// keepClock keeps the clock by the hub's, where NTP is blocked.
func keepClock(ctx context.Context, group *errgroup.Group, o options, hub string, way network.Way, log *slog.Logger) {
	key, err := base64.StdEncoding.DecodeString(o.identity.TimeKey)
	if err != nil || len(key) != ed25519.PublicKeySize {
		log.Warn("the enrolment has no usable time key; the clock is NTP's alone")
		return
	}
	c := clock.New(clock.Options{Hub: hub, Transport: way.Transport(), Key: key, Folder: o.state, Log: log})
	group.Go(func() error { return c.Run(ctx) })
}

// askForReboot asks init to restart the machine.
func askForReboot() { _, _ = daemon.SdNotify(false, "VISIOBORNE_REBOOT=1") }

// restartWarning is how long the panel tells that the machine restarts.
const restartWarning = 5 * time.Second

// restart restarts the machine when the panel has told it. On a developer's machine there is nobody to ask.
func (a *appliance) restart(ctx context.Context) {
	if a == nil {
		return
	}
	select {
	case <-ctx.Done():
	case <-time.After(restartWarning):
		askForReboot()
	}
}

// aliveInterval is how often init hears that the loop turns.
const aliveInterval = 2 * time.Second

// run shows the browser and tells init that the loop which owns the booth's
// state turns: the sign of life makes the round through it.
func (a *appliance) run(ctx context.Context, group *errgroup.Group, post func(booth.Event)) {
	a.shown = func(shown bool) { post(booth.PanelChanged{Shown: shown}) }
	group.Go(func() error { return a.screen.Run(ctx) })
	group.Go(func() error {
		tick := time.NewTicker(aliveInterval)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				return nil
			case <-tick.C:
				post(booth.ClockTicked{})
			}
		}
	})
}

// openLight takes over the panel's backlight, if the site says how bright it is to be.
func (a *appliance) openLight(b *config.Backlight, log *slog.Logger) {
	if a == nil || b == nil {
		return
	}
	var err error
	if a.light, err = screen.OpenBacklight(log); err != nil {
		log.Warn("the panel stays as bright as it is", "error", err)
	}
}

// show switches the panel off and on, and sets how bright it is.
func (a *appliance) show(s booth.State) {
	a.screen.Blank(s.Dark())
	if a.light != nil && s.Config.Site.Devices.Backlight != nil {
		a.light.Set(s.Config.Site.Devices.Backlight.PercentAt(s.Now.In(s.Config.SiteOpening().Location)), s.Dark())
	}
}

// stepped tells init, after a step of the loop. What cannot be told is not worth a line each time: init acts on silence.
func (a *appliance) stepped() {
	_, _ = daemon.SdNotify(false, daemon.SdNotifyWatchdog)
}
