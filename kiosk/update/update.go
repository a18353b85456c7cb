// Package update installs releases on the booth's spare root partition: it asks
// the hub what is due, checks its signature, loads what the running root does not
// have, and tries it.
//
// It loads when nobody is there and the room is closed, slowly, and goes on where
// it was stopped. A root that it has loaded and read back is tried once: init
// starts it without making it the trusted one (package firmware/slot). There this
// package waits until the browser shows the page and the hub is reached, and only
// then confirms the root; else init starts the machine again after three minutes,
// the trusted root runs, and this package notes the failure. A release gets three
// tries, on different days, because a network may have been away.
//
// It writes the spare root partition and one small file. Run owns its goroutines.
// The hub is not trusted: a release is one that the key of the enrolment has
// signed, for this booth's kernel, and not older than the last that held.
package update

import (
	"context"
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"github.com/cenkalti/backoff/v5"

	"loiret.fr/visioborne/hub/wire"
	"loiret.fr/visioborne/kiosk/durable"
)

// Slots are the booth's two root partitions.
type Slots interface {
	// Devices are the partitions of the root that runs and of the other one.
	Devices() (running, spare string, err error)
	// Try makes the next start try the spare root, or takes that back.
	Try(bool) error
	// Confirm makes the running root the trusted one.
	Confirm() error
}

// Moment is what the booth is doing, as far as it matters here.
type Moment struct {
	// Quiet: no citizen is there. Closed: the room is closed.
	Quiet, Closed bool
	// Linked: the hub answers. Shown: the browser shows the page.
	Linked, Shown bool
}

// Options are what an Updater needs.
type Options struct {
	// Version is what runs, Kernel its kernel's release (uname -r).
	Version, Kernel string
	// Key is the key by which releases are known.
	Key ed25519.PublicKey
	// Hub is the hub's address, ws:// or wss://; Client the way to it.
	Hub    string
	Client *http.Client
	// RateKbps is the most that loading takes of the line.
	RateKbps int
	// Slots are the root partitions. OnTrial: the running root is on trial. Failed: the last start was a trial, and came to nothing.
	Slots           Slots
	OnTrial, Failed bool
	// Folder holds what must outlive a restart.
	Folder string
	// Ask asks the hub what is due.
	Ask func(context.Context) (wire.Offer, error)
	// Report takes what the hotline is to see; nil when there is nothing.
	Report func(*wire.Update)
	// Announce takes what is coming; the zero Offer when nothing is.
	Announce func(wire.Offer)
	// Confirmed is called when a trial has held, Restart to start the machine anew.
	Confirmed, Restart func()
	Log                *slog.Logger
}

const (
	// askInterval is how often the hub is asked.
	askInterval = 10 * time.Minute
	// wellFor is how long a root on trial must be well.
	wellFor = 10 * time.Second
	// maxTrials a release gets, each at least trialPause after the last.
	maxTrials  = 3
	trialPause = 20 * time.Hour
	// maxErrors in a row, nothing coming in between, before the hub is asked anew: it may have something else by then.
	maxErrors = 8
)

// Updater keeps the booth up to date.
type Updater struct {
	options Options

	mu     sync.Mutex
	moment Moment
	anyNow chan struct{} // closed at every change of the moment

	news chan struct{} // one slot: the hub may have something new
}

// New returns an Updater that Run starts.
func New(o Options) *Updater {
	return &Updater{options: o, anyNow: make(chan struct{}), news: make(chan struct{}, 1)}
}

// See tells what the booth is doing.
func (u *Updater) See(m Moment) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if m == u.moment {
		return
	}
	u.moment = m
	close(u.anyNow)
	u.anyNow = make(chan struct{})
}

// News tells that the hub may have something new.
func (u *Updater) News() {
	select {
	case u.news <- struct{}{}:
	default:
	}
}

func (u *Updater) now() (Moment, <-chan struct{}) {
	u.mu.Lock()
	defer u.mu.Unlock()
	return u.moment, u.anyNow
}

// until waits until the moment is right.
func (u *Updater) until(ctx context.Context, right func(Moment) bool) error {
	for {
		m, changed := u.now()
		if right(m) {
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-changed:
		}
	}
}

// while gives a context that ends when the moment is no longer right.
func (u *Updater) while(ctx context.Context, right func(Moment) bool) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancelCause(ctx)
	var waiting sync.WaitGroup
	waiting.Go(func() {
		if u.until(ctx, func(m Moment) bool { return !right(m) }) == nil {
			cancel(errNotNow)
		}
	})
	return ctx, func() { cancel(nil); waiting.Wait() }
}

// errNotNow: somebody has come, or the room is open.
var errNotNow = errors.New("not now")

// Run keeps the booth up to date until ctx ends. Its errors are the machine's, not the hub's.
func (u *Updater) Run(ctx context.Context) error {
	o := u.options
	kept, err := readRecord(o.Folder)
	if err != nil {
		o.Log.Warn("what was known of updates is lost", "error", err)
	}
	switch {
	case o.OnTrial:
		if err := u.trial(ctx, &kept); err != nil {
			return err
		}
	case kept.Trying != nil:
		switch {
		case kept.Trying.Version == o.Version: // it was confirmed, and the power went before that was noted
			kept.Installed, kept.Floor, kept.Failures = kept.Trying.Version, kept.Trying.Made, nil
		case o.Failed:
			u.failed(&kept)
		default: // the trial never began
		}
		kept.Trying = nil
		u.keep(kept)
	}
	for ctx.Err() == nil {
		// Not all booths at the same moment.
		wait := askInterval + rand.N(askInterval/10)
		if err := u.until(ctx, func(m Moment) bool { return m.Linked }); err != nil {
			break
		}
		var right func(Moment) bool
		offer, err := o.Ask(ctx)
		if err != nil {
			wait = askInterval / 20
		} else {
			right = u.take(ctx, offer, &kept)
		}
		u.pause(ctx, wait, right)
	}
	return nil
}

// pause waits for a time, for news, or until the moment is right for what was put off.
func (u *Updater) pause(ctx context.Context, d time.Duration, right func(Moment) bool) {
	over := time.NewTimer(d)
	defer over.Stop()
	for {
		m, changed := u.now()
		if right != nil && right(m) {
			return
		}
		select {
		case <-ctx.Done():
			return
		case <-over.C:
			return
		case <-u.news:
			return
		case <-changed:
		}
	}
}

// trial waits until this root is well, and then makes it the trusted one. If it
// never is, init ends the trial.
func (u *Updater) trial(ctx context.Context, kept *record) error {
	o := u.options
	if kept.Trying == nil {
		// /perm was lost between; the trial holds or not all the same.
		kept.Trying = &attempt{Version: o.Version}
	}
	reached := func(r reach) {
		kept.Trying.Reached = r
		u.keep(*kept)
	}
	o.Report(&wire.Update{State: wire.UpdateTrial, Version: o.Version})
	reached(reachedStart)
	if err := u.until(ctx, func(m Moment) bool { return m.Shown }); err != nil {
		return nil
	}
	reached(reachedPage)
	well := func(m Moment) bool { return m.Shown && m.Linked }
	for {
		if err := u.until(ctx, well); err != nil {
			return nil
		}
		steady, end := u.while(ctx, well)
		select {
		case <-time.After(wellFor):
		case <-steady.Done():
		}
		end()
		if ctx.Err() != nil {
			return nil
		}
		if context.Cause(steady) != errNotNow {
			break
		}
	}
	if err := o.Slots.Confirm(); err != nil {
		return fmt.Errorf("confirming the root on trial: %w", err)
	}
	o.Confirmed()
	o.Log.Info("the release holds", "version", o.Version)
	if !kept.Trying.Made.IsZero() {
		kept.Floor = kept.Trying.Made
	}
	kept.Installed, kept.Trying, kept.Failures = kept.Trying.Version, nil, nil
	u.keep(*kept)
	o.Report(nil)
	return nil
}

// failed notes a trial that came to nothing.
func (u *Updater) failed(kept *record) {
	t := kept.Trying
	kept.Failures = slices.DeleteFunc(kept.Failures, func(f failure) bool { return f.Version != t.Version })
	f := failure{Version: t.Version, At: time.Now(), Reason: t.Reached.missing()}
	kept.Failures = append(kept.Failures, f)
	u.options.Log.Warn("a release did not hold; the earlier one runs again", "version", f.Version, "reason", f.Reason, "trials", len(kept.Failures))
	u.options.Report(&wire.Update{State: wire.UpdateFailed, Version: f.Version, Reason: f.Reason})
}

// take does what an offer asks for. If this is not the moment, it tells what the right one is; the hub is asked again
// then, because it may have withdrawn the release meanwhile.
func (u *Updater) take(ctx context.Context, offer wire.Offer, kept *record) (right func(Moment) bool) {
	o := u.options
	if offer.Version == "" || offer.Version == o.Version || offer.Version == kept.Installed {
		o.Announce(wire.Offer{})
		if len(kept.Failures) == 0 {
			o.Report(nil)
		}
		return nil
	}
	if !kept.mayTry(offer.Version, time.Now()) {
		f := kept.Failures[len(kept.Failures)-1]
		o.Announce(wire.Offer{})
		o.Report(&wire.Update{State: wire.UpdateFailed, Version: f.Version, Reason: f.Reason})
		return nil
	}
	o.Announce(offer)
	if !offer.Due {
		o.Report(&wire.Update{State: wire.UpdateWaiting, Version: offer.Version})
		return nil
	}
	right = func(m Moment) bool { return m.Quiet && (m.Closed || offer.AnyTime) }
	err := u.install(ctx, offer, right, kept)
	var no refusal
	switch {
	case ctx.Err() != nil:
		return nil
	case errors.Is(err, errNotNow):
		o.Report(&wire.Update{State: wire.UpdateWaiting, Version: offer.Version})
		return right
	case errors.As(err, &no):
		o.Log.Warn("a release is refused", "version", offer.Version, "reason", no.reason, "error", err)
		o.Report(&wire.Update{State: wire.UpdateRefused, Version: offer.Version, Reason: no.reason})
	case err != nil:
		o.Log.Warn("a release cannot be installed yet", "version", offer.Version, "error", err)
		o.Report(&wire.Update{State: wire.UpdateWaiting, Version: offer.Version, Reason: "interrupted"})
	}
	return nil
}

// refusal is why a release is not for this booth; asking again does not help.
type refusal struct {
	reason string
	err    error
}

func (r refusal) Error() string { return r.err.Error() }
func (r refusal) Unwrap() error { return r.err }

func (u *Updater) install(ctx context.Context, offer wire.Offer, right func(Moment) bool, kept *record) error {
	o := u.options
	if m, _ := u.now(); !right(m) {
		return errNotNow
	}
	l := &loader{client: o.Client, limit: newLimit(o.RateKbps), base: func(path string) (string, error) { return wire.URL(o.Hub, path) }}
	signed, err := l.manifest(ctx, offer.Version)
	if err != nil {
		return err
	}
	m, err := wire.OpenManifest(signed, o.Key)
	switch {
	case err != nil:
		return refusal{"signature", err}
	case m.Version != offer.Version:
		return refusal{"manifest", fmt.Errorf("the manifest is that of %s", m.Version)}
	case m.Kernel != o.Kernel:
		return refusal{"kernel", fmt.Errorf("it is made for kernel %s, and %s runs; flash the card anew", m.Kernel, o.Kernel)}
	case m.Made.Before(kept.Floor):
		return refusal{"older", fmt.Errorf("it was made %s; what runs was made %s", m.Made, kept.Floor)}
	}
	if err := u.load(ctx, m, l, right); err != nil {
		return err
	}
	o.Report(&wire.Update{State: wire.UpdateReady, Version: m.Version})
	if m, _ := u.now(); !right(m) {
		return errNotNow
	}
	kept.Trying = &attempt{Version: m.Version, Made: m.Made}
	if err := writeRecord(o.Folder, *kept); err != nil {
		// Without it a trial that fails would be forgotten, and begun again and again.
		return err
	}
	if err := o.Slots.Try(true); err != nil {
		return err
	}
	o.Log.Info("restarting to try a release", "version", m.Version)
	o.Restart()
	<-ctx.Done()
	return ctx.Err()
}

func (u *Updater) load(ctx context.Context, m wire.Manifest, l *loader, right func(Moment) bool) error {
	o := u.options
	runningName, spareName, err := o.Slots.Devices()
	if err != nil {
		return err
	}
	// From here on the spare root is in pieces.
	if err := o.Slots.Try(false); err != nil {
		return err
	}
	running, err := os.Open(runningName)
	if err != nil {
		return fmt.Errorf("opening the running root: %w", err)
	}
	defer running.Close()
	spare, err := os.OpenFile(spareName, os.O_RDWR, 0)
	if err != nil {
		return fmt.Errorf("opening the spare root: %w", err)
	}
	defer spare.Close()
	percent := -1
	job := &load{manifest: m, running: running, spare: spare, fetch: l.piece, progress: func(done int64) {
		if p := int(done * 100 / m.Bytes); p != percent {
			percent = p
			o.Report(&wire.Update{State: wire.UpdateLoading, Version: m.Version, Percent: p})
		}
	}}
	pause := backoff.NewExponentialBackOff()
	pause.InitialInterval, pause.MaxInterval = 5*time.Second, 10*time.Minute
	for errs := 0; ; {
		quiet, end := u.while(ctx, right)
		sum, err := job.run(quiet)
		disturbed := context.Cause(quiet) == errNotNow
		end()
		o.Log.Info("loading a release", "version", m.Version, "kept", sum.kept, "copied", sum.copied, "loaded", sum.fetched, "of", m.Bytes, "error", err)
		switch {
		case err == nil:
			return nil
		case ctx.Err() != nil:
			return ctx.Err()
		case disturbed:
			return errNotNow
		case sum.fetched > wire.MaxPieceBytes: // more than the piece that failed
			pause.Reset()
			errs = 0
		}
		if errs++; errs == maxErrors {
			return err
		}
		wait := pause.NextBackOff()
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(wait):
		}
	}
}

// record is what outlives a restart.
type record struct {
	// Trying is set before a trial and gone after it.
	Trying *attempt `json:"trying,omitempty"`
	// Failures are those of the last release that failed.
	Failures []failure `json:"failures,omitempty"`
	// Installed is the last release that held, by its manifest. Should the service in it call itself something else,
	// it would be installed again and again.
	Installed string `json:"installed,omitempty"`
	// Floor is when the last release that held was made.
	Floor time.Time `json:"floor,omitzero"`
}

type attempt struct {
	Version string    `json:"version"`
	Made    time.Time `json:"made"`
	Reached reach     `json:"reached,omitempty"`
}

type failure struct {
	Version string    `json:"version"`
	At      time.Time `json:"at"`
	Reason  string    `json:"reason"`
}

// reach is how far a trial came.
type reach string

const (
	reachedStart reach = "start" // the service runs
	reachedPage  reach = "page"  // the browser shows the page
)

// missing is what a trial that came to nothing did not get.
func (r reach) missing() string {
	switch r {
	case reachedStart:
		return "no_page"
	case reachedPage:
		return "no_hub"
	}
	return "no_start"
}

func (r record) mayTry(version string, now time.Time) bool {
	n := 0
	var last time.Time
	for _, f := range r.Failures {
		if f.Version == version {
			n, last = n+1, f.At
		}
	}
	// A clock that was set back must not stop updates for ever.
	return n == 0 || n < maxTrials && (now.Sub(last) > trialPause || now.Before(last))
}

func recordFile(folder string) string { return filepath.Join(folder, "update.json") }

func readRecord(folder string) (record, error) {
	var r record
	text, err := os.ReadFile(recordFile(folder))
	if errors.Is(err, fs.ErrNotExist) {
		return r, nil
	}
	if err == nil {
		err = json.Unmarshal(text, &r)
	}
	if err != nil {
		return record{}, fmt.Errorf("reading the record of updates: %w", err)
	}
	return r, nil
}

func writeRecord(folder string, r record) error {
	text, err := json.Marshal(r)
	if err == nil {
		err = durable.WriteFile(recordFile(folder), append(text, '\n'))
	}
	if err != nil {
		return fmt.Errorf("keeping the record of updates: %w", err)
	}
	return nil
}

// keep writes what is only worth having.
func (u *Updater) keep(r record) {
	if err := writeRecord(u.options.Folder, r); err != nil {
		u.options.Log.Warn("updates", "error", err)
	}
}
