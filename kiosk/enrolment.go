package main

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"loiret.fr/visioborne/config"
	"loiret.fr/visioborne/hub/wire"
	"loiret.fr/visioborne/kiosk/booth"
	"loiret.fr/visioborne/kiosk/enrol"
	"loiret.fr/visioborne/kiosk/network"
	"loiret.fr/visioborne/kiosk/page"
	"loiret.fr/visioborne/kiosk/stick"
	"loiret.fr/visioborne/ui"
)

// errEnrolled: the booth has a site now and is to start again with it.
var errEnrolled = errors.New("the booth is enrolled")

const (
	// settingsInterval is how often a booth without a site looks for a settings file.
	settingsInterval = 2 * time.Second
	// doneTime is how long the technician reads that the booth is enrolled.
	doneTime = 4 * time.Second
	// enrolTime is the longest that an attempt may take.
	enrolTime = 30 * time.Second
)

// serveUnenrolled runs a booth that has no site until it has one; then it returns errEnrolled.
func serveUnenrolled(ctx context.Context, o options, log *slog.Logger) error {
	own, listener, err := listen(o, 0, log) // how the panel hangs, the site will say
	if err != nil {
		return err
	}
	files, err := ui.Page("touchscreen")
	if err != nil {
		return fmt.Errorf("finding the touchscreen's page: %w", err)
	}
	group, ctx := errgroup.WithContext(ctx)
	open := openMaintenance(own, o, log)
	l := newLoop(booth.State{Version: version, Maintenance: open != nil}, log)
	l.count = func(booth.Count) {} // nothing is counted without a site
	e := &enroller{
		options: o, log: log, done: make(chan struct{}), orders: make(chan booth.Enrol, 1),
		post: func(e booth.Event) { l.post(ctx, e) },
	}
	pages := page.Options{Files: files, Intent: e.post, KeyFrame: func(byte) {}, Log: log}
	if own != nil {
		pages.Alive = own.screen.Alive
	}
	p := page.New(pages)
	checks := &networkChecks{
		way: func() (network.Way, string, error) {
			way, err := wayToHub(o)
			return way, e.settings().Hub, err
		},
		post: e.post, log: log,
	}
	l.show = p.Show
	l.effect = func(f booth.Effect) {
		e.carryOut(f)
		checks.carryOut(ctx, f)
	}
	l.moved = func(booth.State) {
		if own != nil {
			own.stepped()
		}
	}
	group.Go(func() error { return l.run(ctx) })
	group.Go(func() error { return p.Serve(ctx, listener) })
	group.Go(func() error { return e.lookForSettings(ctx) })
	group.Go(func() error { return e.run(ctx) })
	open.run(ctx, group, p)
	if own != nil {
		own.run(ctx, group, e.post)
	}
	fmt.Printf("touchscreen: http://%s/\n", listener.Addr())
	err = group.Wait()
	checks.close()
	return err
}

// enroller asks the hub, one question at a time.
type enroller struct {
	options options
	log     *slog.Logger
	post    func(booth.Event)
	orders  chan booth.Enrol
	done    chan struct{}
}

func (e *enroller) carryOut(f booth.Effect) {
	if order, ok := f.(booth.Enrol); ok {
		select {
		case e.orders <- order:
		default: // one is on its way, and the state machine asks for one at a time
		}
	}
}

func (e *enroller) run(ctx context.Context) error {
	for {
		select {
		case <-ctx.Done():
			return nil
		case order := <-e.orders:
			refusal, err := e.enrol(ctx, order)
			if err != nil {
				e.log.Warn("enrolment", "refusal", string(refusal), "error", err)
				e.post(booth.EnrolmentFailed{Refusal: refusal})
				continue
			}
			e.log.Info("enrolled")
			e.post(booth.EnrolmentDone{})
			close(e.done)
			select {
			case <-time.After(doneTime):
			case <-ctx.Done():
			}
			return errEnrolled
		}
	}
}

func (e *enroller) enrol(ctx context.Context, order booth.Enrol) (booth.Refusal, error) {
	ctx, cancel := context.WithTimeout(ctx, enrolTime)
	defer cancel()
	way, err := wayToHub(e.options)
	if err != nil {
		return booth.RefusalCertificate, err
	}
	e.log.Info("asking the hub for enrolment", "hub", order.Hub)
	client := &http.Client{Transport: way.Transport()}
	defer client.CloseIdleConnections()
	if err := enrol.Enrol(ctx, e.options.state, order.Hub, order.Code, client); err != nil {
		return enrolRefusal(err), err
	}
	return "", nil
}

// enrolRefusal puts an error into the words that the touchscreen has for it.
func enrolRefusal(err error) booth.Refusal {
	var refused enrol.Refused
	var invalid x509.CertificateInvalidError
	var unknown x509.UnknownAuthorityError
	var name x509.HostnameError
	var mistakes config.Mistakes
	switch {
	case errors.As(err, &refused):
		switch refused.Reason {
		case wire.EnrolUnknownCode:
			return booth.RefusalUnknownCode
		case wire.EnrolUsedCode:
			return booth.RefusalUsedCode
		case wire.EnrolExpiredCode:
			return booth.RefusalExpiredCode
		case wire.EnrolTooMany:
			return booth.RefusalTooMany
		case wire.EnrolUnavailable:
			return booth.RefusalUnreachable
		case wire.EnrolBadRequest:
			return booth.RefusalAnswer
		}
		return booth.RefusalAnswer
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		// "Expired" and "not yet valid" alike: more often than not it is the clock of a machine without a battery.
		return booth.RefusalClock
	case errors.As(err, &invalid), errors.As(err, &unknown), errors.As(err, &name):
		return booth.RefusalCertificate
	case errors.As(err, &mistakes), strings.Contains(err.Error(), "the answer"):
		return booth.RefusalAnswer
	}
	return booth.RefusalUnreachable
}

// lookForSettings looks for a settings file until the booth is enrolled: on the
// card's own partition, among what an earlier USB stick left, and on a stick.
func (e *enroller) lookForSettings(ctx context.Context) error {
	tick := time.NewTicker(settingsInterval)
	defer tick.Stop()
	last := booth.SettingsFound{Hub: "none yet"}
	for {
		found := e.settings()
		if found.Hub == "" {
			if copied, err := stick.Copy(e.options.state, config.SettingsFile); err != nil {
				e.log.Warn("reading a USB stick", "error", err)
			} else if copied {
				e.log.Info("settings copied from a USB stick")
				found = e.settings()
				if s, err := config.LoadSettings(filepath.Join(e.options.state, config.SettingsFile)); err == nil && s.Network.Address != "" {
					askForReboot() // init gives the static address at boot
				}
			}
		}
		if !sameSettings(found, last) {
			last = found
			e.post(found)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-e.done:
			return nil
		case <-tick.C:
		}
	}
}

func sameSettings(a, b booth.SettingsFound) bool {
	return a.Hub == b.Hub && a.Code == b.Code && strings.Join(a.Mistakes, "\n") == strings.Join(b.Mistakes, "\n")
}

// settings reads the first settings file that there is.
func (e *enroller) settings() booth.SettingsFound {
	s, file, err := findSettings(e.options)
	var mistakes config.Mistakes
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return booth.SettingsFound{}
	case errors.As(err, &mistakes):
		return booth.SettingsFound{Mistakes: strings.Split(strings.ReplaceAll(err.Error(), filepath.Dir(file)+"/", ""), "\n")}
	case err != nil:
		return booth.SettingsFound{Mistakes: []string{err.Error()}}
	}
	return booth.SettingsFound{Hub: s.Hub, Code: s.Code}
}

// findSettings reads the settings file of the card, or the one that a stick left
// if the card has none or a wrong one: a technician on site has a stick, not a
// card reader. It gives the last
// file's mistakes if none can be used: that is the one just tried.
func findSettings(o options) (config.Settings, string, error) {
	mistakes, wrong := error(fs.ErrNotExist), ""
	for _, folder := range []string{o.settings, o.state} {
		if folder == "" {
			continue
		}
		file := filepath.Join(folder, config.SettingsFile)
		if _, err := os.Stat(file); errors.Is(err, fs.ErrNotExist) {
			continue
		}
		s, err := config.LoadSettings(file)
		if err == nil {
			return s, file, nil
		}
		mistakes, wrong = err, file
	}
	return config.Settings{}, wrong, mistakes
}

// wayToHub is how the settings say that the hub is reached.
func wayToHub(o options) (network.Way, error) {
	s, file, err := findSettings(o)
	if errors.Is(err, fs.ErrNotExist) {
		return network.Direct(), nil
	}
	if err != nil {
		return network.Way{}, err
	}
	return network.NewWay(s.Network, filepath.Dir(file))
}
