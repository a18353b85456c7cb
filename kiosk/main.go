// Kiosk is the booth's service: it shows the touchscreen's page, opens camera,
// microphone and speaker for a call, and talks to the hub.
//
// This file reads the flags and wires the packages; loop.go owns the state.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net/netip"
	"net/url"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"

	"golang.org/x/sync/errgroup"

	"loiret.fr/visioborne/config"
	"loiret.fr/visioborne/kiosk/booth"
	"loiret.fr/visioborne/kiosk/configuration"
	"loiret.fr/visioborne/kiosk/enrol"
	"loiret.fr/visioborne/kiosk/link"
	"loiret.fr/visioborne/kiosk/logs"
	"loiret.fr/visioborne/kiosk/network"
	"loiret.fr/visioborne/kiosk/page"
	"loiret.fr/visioborne/kiosk/screen"
	"loiret.fr/visioborne/ui"
)

// version, and when the sources were made (in seconds since 1970), are set at link time.
var version, made = "unknown", "0"

const help = `usage: kiosk [flags]                 run the booth
       kiosk check-config FILE...    check sites, partner directories and settings
       kiosk selftest [SITE]         tell what hardware was found, which encoder a call will use, and how the
                                     handset, the keys and the sensors are that the site's file names

flags:
`

// options are the flags.
type options struct {
	addr, site, partners, credentials, hub, camera, record string
	state, settings, browser, console, presence            string
	level                                                  slog.Level
	// identity is what the booth got at its enrolment; zero without -state.
	identity enrol.Identity
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "kiosk:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	if len(args) > 0 {
		switch args[0] {
		case "check-config":
			return config.Check(os.Stdout, args[1:])
		case "selftest":
			return selftest(os.Stdout, args[1:])
		case screen.StageCommand: // a part of ourselves, started by kiosk/screen
			return screen.Stage()
		}
	}
	var o options
	flags := flag.NewFlagSet("kiosk", flag.ContinueOnError)
	flags.Usage = func() {
		fmt.Fprint(flags.Output(), help)
		flags.PrintDefaults()
	}
	flags.StringVar(&o.addr, "addr", "127.0.0.1:8080", "loopback `address` of the touchscreen's page")
	flags.StringVar(&o.site, "site", "", "the site's `file`")
	flags.StringVar(&o.partners, "partners", "", "the partner directory's `file`")
	flags.StringVar(&o.credentials, "credentials", "", "`file` with the credentials that the hub issued")
	flags.StringVar(&o.hub, "hub", "", "`address` of the hub, instead of the site's")
	flags.StringVar(&o.camera, "camera", "", "`device`, instead of the site's: /dev/video0, or simulated")
	flags.StringVar(&o.record, "record-speaker", "", "WAV `file` for what a simulated speaker plays")
	flags.StringVar(&o.presence, "simulated-presence", "", "`file` with who simulated presence sensors see: absent, near or seated; without it they see a visit, over and over")
	flags.StringVar(&o.state, "state", "", "`folder` of what the booth got at its enrolment, instead of -site, -partners and -credentials")
	flags.StringVar(&o.settings, "settings", "", "`folder` with the technician's visioborne.yaml")
	flags.StringVar(&o.browser, "browser", "", "squashfs `file` with the browser for this machine's own panel")
	flags.StringVar(&o.console, "console", "", "`device` to write the log to, besides standard error")
	flags.TextVar(&o.level, "log-level", slog.LevelInfo, "least `level` of the log: debug, info, warn, error")
	if err := flags.Parse(args); errors.Is(err, flag.ErrHelp) {
		return nil
	} else if err != nil {
		return err
	}
	log, ring := newLog(o)
	if o.state != "" {
		identity, enrolled, err := enrol.Load(o.state)
		if err != nil {
			log.Error("the booth must be enrolled again", "error", err)
			if err := enrol.Wipe(o.state); err != nil {
				return err
			}
		}
		if !enrolled {
			if err := configuration.Wipe(o.state); err != nil { // another site's
				return err
			}
			err := serveUnenrolled(ctx, o, log)
			if errors.Is(err, errEnrolled) {
				err = startAgain()
			}
			return err
		}
		o.identity = identity
		o.credentials = filepath.Join(o.state, enrol.CredentialsFile)
		if o.hub == "" {
			o.hub = identity.Hub // where the booth is known to reach it
		}
	}
	kept, raw, err := loadConfiguration(o, log)
	if err != nil {
		return err
	}
	if err := serve(ctx, kept, raw, o, ring, log); !errors.Is(err, errRestart) {
		return err
	}
	return startAgain()
}

// serve wires the booth together and runs it until ctx ends.
func serve(ctx context.Context, kept configuration.Kept, raw *config.Booth, o options, ring *logs.Ring, log *slog.Logger) error {
	b := o.override(raw)
	own, listener, err := listen(o, b.Site.Devices.Touchscreen().Rotation, log)
	if err != nil {
		return err
	}
	way, err := wayToHub(o)
	if err != nil {
		return err
	}
	open := openMaintenance(own, o, log)
	files, err := ui.Page("touchscreen")
	if err != nil {
		return fmt.Errorf("finding the touchscreen's page: %w", err)
	}
	group, ctx := errgroup.WithContext(ctx)
	// The link outlives the rest by the moment that saying goodbye takes.
	linkCtx, unlink := context.WithCancel(context.WithoutCancel(ctx))
	defer unlink()

	names, machine := b.Site.Devices, machineFor(log)
	attracts, pictures := openAttract(b.Site.Attract, o, log)
	l := newLoop(booth.State{Config: b, Attract: attracts, Simulated: simulatedOnes(names), PanelDark: own != nil, PIN: o.identity.PIN, Version: version, Maintenance: open != nil}, log)
	post := func(e booth.Event) { l.post(ctx, e) }
	all := devicesOf(names, o.record, machine, log)
	c := &calls{
		devices: all, way: way, loopback: onLoopback(b.Site.Hub),
		bitrateCapKbps: b.Site.BitrateCapKbps, post: post, log: log,
	}
	c.trainer = newTrainer(c, log)
	c.hotline = newHotline(own, o, ring, post, log)
	voice := openVoice(own, all, b.Site.Speech.WordsPerMinute, log)
	l.state.VoiceMissing = voice.missing()
	sensors := newSensors(names.Presence, o.presence, post, log)
	pages := page.Options{Files: files, Pictures: pictures, Intent: sensors.intent, KeyFrame: c.keyFrame, Log: log}
	if own != nil {
		pages.Alive = own.screen.Alive
	}
	c.page = page.New(pages)
	voice.key, voice.saying, voice.moved, voice.post = c.page.Key, c.page.Saying, c.moveSound, post
	c.link = link.New(link.Options{
		URL: b.Site.Hub, CredentialsFile: o.credentials, Dialer: way, TLS: way.TLS(), Site: b.Site.ID, Version: version, Events: c.linkEvent, Log: log,
	})
	c.hotline.send = c.link.SendLogs
	l.show = c.page.Show
	toHub := func() (network.Way, string, error) { return way, b.Site.Hub, nil }
	checks := &networkChecks{way: toHub, test: c.link.NetworkTest, post: post, log: log}
	testCalls := &testCalls{networkChecks{way: toHub, test: c.link.NetworkTest, post: post, log: log}}
	tries := &deviceChecks{devices: all, post: post, log: log}
	l.effect = func(f booth.Effect) {
		c.carryOut(linkCtx, f)
		checks.carryOut(ctx, f)
		tries.carryOut(ctx, f)
		testCalls.carryOut(ctx, f)
		voice.carryOut(f)
	}
	own.openLight(names.Backlight, log)
	updates := openUpdates(own, o, b.Site, way, c.link, post, log)
	counts := openCounts(o, b, c.link, log)
	l.count = counts.count
	configurations := openConfigurations(o, kept, raw, c.link, post, log)
	report := reporter(sources{send: c.link.Status, encoder: machine.Encoder, sound: c.sound, health: c.hotline.health, configuration: configurations.state})
	l.moved = func(s booth.State) {
		report(s)
		updates.see(s)
		if own != nil {
			own.show(s)
			own.stepped()
		}
	}
	c.linked, c.releasesChanged, c.configurationChanged = counts.linked, updates.news, configurations.news

	linked := make(chan error, 1)
	go func() { linked <- c.link.Run(linkCtx) }()
	group.Go(func() error { return l.run(ctx) })
	group.Go(func() error { return c.page.Serve(ctx, listener) })
	group.Go(func() error { return watchDevices(ctx, all, post) })
	group.Go(func() error {
		return watchHandset(ctx, all, func() {
			c.moveSound()
			voice.hearingChanged()
		}, log)
	})
	group.Go(func() error { return voice.run(ctx) })
	group.Go(func() error { return sensors.run(ctx) })
	group.Go(func() error {
		select {
		case err := <-linked: // before its time: it can never succeed
			linked <- err
			return err
		case <-ctx.Done():
			return nil
		}
	})
	group.Go(func() error { return updates.run(ctx) })
	group.Go(func() error { return configurations.run(ctx) })
	group.Go(func() error { return counts.run(ctx) })
	group.Go(func() error { return c.hotline.run(ctx) })
	if own != nil {
		keepClock(ctx, group, o, b.Site.Hub, way, log)
	}
	open.run(ctx, group, c.page)
	if own != nil {
		own.run(ctx, group, post)
	}
	fmt.Printf("touchscreen: http://%s/\n", listener.Addr())
	log.Info("serving the touchscreen's page")

	err = group.Wait()
	checks.close()
	tries.close()
	testCalls.close()
	c.close()
	unlink()
	return errors.Join(err, <-linked)
}

func newLog(o options) (*slog.Logger, *logs.Ring) {
	var to io.Writer = os.Stderr
	if o.console != "" {
		if console, err := os.OpenFile(o.console, os.O_WRONLY|syscall.O_NOCTTY, 0); err == nil { // nobody may be listening there
			to = io.MultiWriter(os.Stderr, console)
		}
	}
	return keepLogs(slog.NewTextHandler(to, &slog.HandlerOptions{Level: o.level}))
}

// onLoopback: the hub is on this very machine.
func onLoopback(hub string) bool {
	u, err := url.Parse(hub)
	if err != nil {
		return false
	}
	ip, err := netip.ParseAddr(u.Hostname())
	return u.Hostname() == "localhost" || err == nil && ip.IsLoopback()
}
