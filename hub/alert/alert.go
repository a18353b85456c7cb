// Package alert tells people, by e-mail and webhook, that a booth is silent or
// unwell, and that it is well again.
//
// Each episode of a booth is told once, when it has lasted for the delay, and its
// end once, when the booth has been well for the delay: a booth that comes and goes
// all night is one episode. Episodes that are due at the same time are told in one
// message, so that a network that fails is no hundred mails. What was told is in
// JetStream's key-value bucket "alerts": a hub that starts anew does not tell again,
// and of several hubs one tells, which is the one that gets its compare-and-set
// through. A mail server or a webhook that does not answer is tried again, less and
// less often. A hub that is killed between sending and writing it down may lead to
// a second message. Run sends, from its own goroutine.
package alert

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"loiret.fr/visioborne/hub/bucket"
	"loiret.fr/visioborne/hub/hotline"
)

const (
	bucketName = "alerts"
	storeWait  = 5 * time.Second
	tick       = 5 * time.Second
	// sendWait is the longest that one message may take on one channel, and claim how long nobody else tries meanwhile.
	sendWait = 30 * time.Second
	claim    = 3 * time.Minute
	// After a failure a channel is tried again after retryMin, then after twice that, and so on up to retryMax.
	retryMin, retryMax = 30 * time.Second, 15 * time.Minute
)

// Event is what a message is about.
type Event string

const (
	Unwell Event = "unwell"
	Well   Event = "well"
)

// Message is what a channel sends.
type Message struct {
	Event Event     `json:"event"`
	At    time.Time `json:"at"`
	// Booths are in order of their names.
	Booths []Booth `json:"booths"`
	// Page is the hotline's page; "" when it is not known.
	Page string `json:"page,omitempty"`
}

// Booth is one of a message's booths.
type Booth struct {
	ID    string `json:"id"`
	Name  string `json:"name"`
	State string `json:"state"` // "up" or "silent"
	// Troubles are the codes of what is wrong, or was.
	Troubles []string `json:"troubles"`
	// Since is when the episode began.
	Since time.Time `json:"since"`
}

// Channel is a way to tell somebody.
type Channel interface {
	// Name tells one from another; it is kept with what was told.
	Name() string
	Send(ctx context.Context, m Message) error
}

// Options are what Alerts need.
type Options struct {
	JetStream jetstream.JetStream
	// Booths are all booths as they are now.
	Booths   func() []hotline.Booth
	Channels []Channel
	// Delay is how long an episode must last before it is told.
	Delay time.Duration
	Page  string
	Now   func() time.Time
	Log   *slog.Logger
}

// Alerts watch the booths.
type Alerts struct {
	options Options
	tick    time.Duration
	kv      jetstream.KeyValue
	// open are the episodes as this hub knows them, by site; Run's alone.
	open map[string]kept
}

// kept is an episode and its revision in the bucket.
type kept struct {
	episode
	revision uint64
}

// episode is a time in which a booth is unwell.
type episode struct {
	Since    time.Time `json:"since"`
	Troubles []string  `json:"troubles"`
	// Told are the channels that have told of it, WellTold those that have told its end.
	Told     []string `json:"told,omitempty"`
	WellTold []string `json:"well_told,omitempty"`
	// WellSince is since when the booth has been well; zero while it is not.
	WellSince time.Time `json:"well_since,omitzero"`
	// NotBefore: nobody sends anything before; one is at it, or the last try failed. Failures are those in a row.
	NotBefore time.Time `json:"not_before,omitzero"`
	Failures  int       `json:"failures,omitempty"`
}

// Open opens the bucket, making it if there is none.
func Open(ctx context.Context, o Options) (*Alerts, error) {
	ctx, cancel := context.WithTimeout(ctx, storeWait)
	defer cancel()
	kv, err := o.JetStream.CreateOrUpdateKeyValue(ctx, jetstream.KeyValueConfig{
		Bucket: bucketName, Description: "what was told of booths that are unwell", History: 1, MaxValueSize: 16 << 10,
		Storage: jetstream.FileStorage,
	})
	if err != nil {
		return nil, fmt.Errorf("opening bucket %s: %w", bucketName, err)
	}
	return &Alerts{options: o, tick: tick, kv: kv, open: map[string]kept{}}, nil
}

// Run watches the booths until ctx ends.
func (a *Alerts) Run(ctx context.Context) error {
	watch, err := bucket.Watch(ctx, a.kv, jetstream.AllKeys)
	if ctx.Err() != nil {
		return nil
	}
	if err != nil {
		return fmt.Errorf("watching alerts: %w", err)
	}
	ticks := time.NewTicker(a.tick)
	defer ticks.Stop()
	ready := false // until all that was told before is known
	for {
		select {
		case <-ctx.Done():
			return nil
		case entry, open := <-watch:
			if !open {
				return nil // with ctx
			}
			if entry == nil {
				ready = true
				continue
			}
			a.take(entry)
		case <-ticks.C:
			if ready {
				a.look(ctx)
			}
		}
	}
}

func (a *Alerts) take(entry jetstream.KeyValueEntry) {
	if a.open[entry.Key()].revision > entry.Revision() {
		return // this hub has written since
	}
	if entry.Operation() != jetstream.KeyValuePut {
		delete(a.open, entry.Key())
		return
	}
	k := kept{revision: entry.Revision()}
	if err := json.Unmarshal(entry.Value(), &k.episode); err != nil {
		a.options.Log.Error("an episode cannot be read", "site", entry.Key(), "error", err)
		return
	}
	a.open[entry.Key()] = k
}

// step is what an episode calls for at a moment.
type step string

const (
	stay     step = ""
	write    step = "write" // the episode has changed
	remove   step = "remove"
	tellIll  step = "tell_ill"
	tellWell step = "tell_well"
)

// next is what becomes of a booth's episode (nil: it has none) at a time.
func next(e *episode, b hotline.Booth, channels []string, delay time.Duration, now time.Time) (episode, step) {
	ill := len(b.Troubles) > 0
	switch {
	case !b.Known: // the site has left the configuration
		if e == nil {
			return episode{}, stay
		}
		return *e, remove
	case b.State == hotline.StateNever && e != nil: // this hub has only just begun to look
		return *e, stay
	case e == nil && (!ill || b.OutOfService != nil):
		return episode{}, stay
	case e == nil:
		return episode{Since: now.UTC(), Troubles: b.Troubles}, write
	case b.OutOfService != nil: // somebody sees to it: neither ill nor well
		return *e, stay
	}
	n := *e
	switch {
	case ill && !e.WellSince.IsZero(): // it goes on
		n.WellSince, n.NotBefore, n.Failures = time.Time{}, time.Time{}, 0
		return n, write
	case ill && len(missing(channels, e.Told)) > 0 && !now.Before(e.Since.Add(delay)) && !now.Before(e.NotBefore):
		n.Troubles = b.Troubles
		return n, tellIll
	case ill:
		return n, stay
	case len(e.Told) == 0: // nobody has heard of it
		return n, remove
	case e.WellSince.IsZero():
		n.WellSince, n.NotBefore, n.Failures = now.UTC(), time.Time{}, 0
		return n, write
	case now.Before(e.WellSince.Add(delay)) || now.Before(e.NotBefore):
		return n, stay
	case len(missing(both(channels, e.Told), e.WellTold)) == 0:
		return n, remove
	}
	return n, tellWell
}

// missing are those of all that are not in some.
func missing(all, some []string) []string {
	return slices.DeleteFunc(slices.Clone(all), func(s string) bool { return slices.Contains(some, s) })
}

func both(a, b []string) []string {
	return slices.DeleteFunc(slices.Clone(a), func(s string) bool { return !slices.Contains(b, s) })
}

// due is an episode that is to be told, as this hub has claimed it.
type due struct {
	booth hotline.Booth
	kept
}

// look does what all episodes call for.
func (a *Alerts) look(ctx context.Context) {
	now := a.options.Now()
	var channels []string
	for _, c := range a.options.Channels {
		channels = append(channels, c.Name())
	}
	told := map[step][]due{}
	gone := maps.Clone(a.open)
	for _, b := range a.options.Booths() {
		delete(gone, b.ID)
		k, open := a.open[b.ID]
		var e *episode
		if open {
			e = &k.episode
		}
		n, what := next(e, b, channels, a.options.Delay, now)
		switch what {
		case stay:
		case write:
			a.set(ctx, b.ID, n, k.revision)
		case remove:
			a.remove(ctx, b.ID, k.revision)
		case tellIll, tellWell:
			n.NotBefore = now.Add(claim).UTC()
			if revision, ok := a.set(ctx, b.ID, n, k.revision); ok {
				told[what] = append(told[what], due{b, kept{n, revision}})
			}
		}
	}
	for site, k := range gone { // neither configured nor ever seen
		a.remove(ctx, site, k.revision)
	}
	a.tell(ctx, Unwell, told[tellIll])
	a.tell(ctx, Well, told[tellWell])
}

// tell sends one message of all that is due, on each channel that has something to tell, and writes down what was told.
func (a *Alerts) tell(ctx context.Context, about Event, all []due) {
	if len(all) == 0 {
		return
	}
	slices.SortFunc(all, func(x, y due) int { return strings.Compare(x.booth.Name, y.booth.Name) })
	failed := make([]bool, len(all))
	for _, c := range a.options.Channels {
		m := Message{Event: about, At: a.options.Now().UTC(), Booths: []Booth{}, Page: a.options.Page}
		var which []int
		for i, d := range all {
			pending := !slices.Contains(d.Told, c.Name())
			if about == Well {
				pending = !pending && !slices.Contains(d.WellTold, c.Name())
			}
			if pending {
				which = append(which, i)
				m.Booths = append(m.Booths, Booth{ID: d.booth.ID, Name: d.booth.Name, State: string(d.booth.State), Troubles: d.Troubles, Since: d.Since})
			}
		}
		if len(which) == 0 {
			continue
		}
		sending, cancel := context.WithTimeout(ctx, sendWait)
		err := c.Send(sending, m)
		cancel()
		if err != nil {
			a.options.Log.Error("an alert was not sent; it will be tried again", "channel", c.Name(), "event", string(about), "booths", len(which), "error", err)
		} else {
			a.options.Log.Info("alert sent", "channel", c.Name(), "event", string(about), "booths", len(which))
		}
		for _, i := range which {
			switch {
			case err != nil:
				failed[i] = true
			case about == Unwell:
				all[i].Told = append(slices.Clone(all[i].Told), c.Name())
			case about == Well:
				all[i].WellTold = append(slices.Clone(all[i].WellTold), c.Name())
			}
		}
	}
	// What was sent must be written down even if the hub is stopping.
	ctx = context.WithoutCancel(ctx)
	for i, d := range all {
		d.NotBefore, d.Failures = time.Time{}, d.Failures+1
		if failed[i] {
			d.NotBefore = a.options.Now().Add(pause(d.Failures)).UTC()
		} else {
			d.Failures = 0
		}
		if about == Well && !failed[i] {
			a.remove(ctx, d.booth.ID, d.revision)
			continue
		}
		a.set(ctx, d.booth.ID, d.episode, d.revision)
	}
}

// pause is how long to wait after a number of failures in a row.
func pause(failures int) time.Duration {
	return min(retryMin<<min(failures-1, 10), retryMax)
}

// set writes an episode, if nobody else has written it since revision; 0: if there is none. The watch brings it back.
func (a *Alerts) set(ctx context.Context, site string, e episode, revision uint64) (uint64, bool) {
	b, err := json.Marshal(e)
	if err == nil {
		ctx, cancel := context.WithTimeout(ctx, storeWait)
		defer cancel()
		if revision == 0 {
			revision, err = a.kv.Create(ctx, site, b)
		} else {
			revision, err = a.kv.Update(ctx, site, b, revision)
		}
	}
	if err != nil {
		a.lost(ctx, site, err)
		return 0, false
	}
	// Before the watch brings it: nothing is to be done twice at the next tick.
	a.open[site] = kept{e, revision}
	return revision, true
}

func (a *Alerts) remove(ctx context.Context, site string, revision uint64) {
	ctx, cancel := context.WithTimeout(ctx, storeWait)
	defer cancel()
	if err := a.kv.Delete(ctx, site, jetstream.LastRevision(revision)); err != nil {
		a.lost(ctx, site, err)
		return
	}
	delete(a.open, site)
}

// lost: another hub was faster, which is as good; or the store does not answer.
func (a *Alerts) lost(ctx context.Context, site string, err error) {
	wrong := (*jetstream.APIError)(nil)
	if errors.Is(err, jetstream.ErrKeyExists) || errors.As(err, &wrong) && wrong.ErrorCode == jetstream.JSErrCodeStreamWrongLastSequence || ctx.Err() != nil {
		return
	}
	a.options.Log.Error("keeping an episode", "site", site, "error", err)
}
