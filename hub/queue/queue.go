// Package queue is the waiting line of every partner and the register of its
// desks: who waits, who is free, who rings whom.
//
// Both live in JetStream key-value buckets ("line" and "desks"). Every hub
// watches them, decides by the same rules what is to be done about its own
// desks, and does it by compare-and-set, so that any number of hubs agree
// without a leader and a hub that dies leaves nothing that another cannot take
// over. Calls are served in the order in which the bucket took them, which is
// the same for all hubs; clocks of hubs are compared only for times of seconds.
//
// It knows neither booths nor websockets: it gives notices to whoever speaks
// to them. Run owns its goroutines.
package queue

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"loiret.fr/visioborne/hub/bucket"
	"loiret.fr/visioborne/hub/wire"
)

var (
	// ErrGone: the call is not in line, or not in the state that was asked for.
	ErrGone = errors.New("the call is over, or has moved on")
	// ErrTaken: the desk has been opened elsewhere.
	ErrTaken = errors.New("the desk is open elsewhere")
)

const (
	// tick is how often time alone may change something.
	tick = time.Second
	// heartbeat is how often a hub says that its desks are there.
	heartbeat = 5 * time.Second
	// gather is for how long changes are gathered before everybody is told whom they may concern.
	gather = 50 * time.Millisecond
	// beats is how many desks' signs of life are written at a time.
	beats = 32
	// storeWait is the longest that one access to a bucket may take.
	storeWait = 3 * time.Second
	// entryLife is after what time an abandoned entry disappears by itself: more than the longest call.
	entryLife = 24 * time.Hour
	// markerLife is how long the bucket remembers a deletion, for hubs that were away.
	markerLife = time.Hour
	// tries is how often a lost compare-and-set is tried again.
	tries = 10
)

// Options are what a Queue needs.
type Options struct {
	JetStream jetstream.JetStream
	// Hub names this hub among all; a new name at every start.
	Hub string
	// Tell takes notices, in order. It is called with the queue locked: it must neither block nor call the queue.
	Tell func(Notice)
	// Touched is called after something has changed at desks, with their ids, and Changed after anything has, for many changes at
	// once; both from Run's goroutine.
	Touched func(desks []string)
	Changed func()
	Now     func() time.Time
	Log     *slog.Logger
}

// Queue is one hub's view of the line and its way to change it.
type Queue struct {
	options Options
	calls   jetstream.KeyValue
	desks   jetstream.KeyValue
	// ears tell whether this hub hears of what others write: of calls and of desks.
	ears   [2]*ear
	kick   chan struct{} // one slot: something has changed
	loaded chan struct{} // closed once the buckets have been read

	mu   sync.Mutex
	line *line
	news chan struct{}        // closed, and made anew, when the watch of the line has brought something
	told map[string]toldMoved // what waiting booths know, by call
	// touched are the desks at which something has changed and that have not been told.
	touched map[string]bool
	// unsettled: something has changed since it was last decided what to do.
	unsettled bool
}

// Open opens the two buckets, making them if there are none.
func Open(ctx context.Context, o Options) (*Queue, error) {
	q := &Queue{
		options: o, kick: make(chan struct{}, 1), loaded: make(chan struct{}),
		line: newLine(o.Hub, usual), told: map[string]toldMoved{}, touched: map[string]bool{}, unsettled: true, news: make(chan struct{}),
	}
	var err error
	if q.calls, err = openBucket(ctx, o.JetStream, "line", "calls in line and in progress"); err != nil {
		return nil, err
	}
	if q.desks, err = openBucket(ctx, o.JetStream, "desks", "advisers' desks"); err != nil {
		return nil, err
	}
	for i, name := range []string{"line", "desks"} {
		stream, err := o.JetStream.Stream(ctx, "KV_"+name)
		if err != nil {
			return nil, fmt.Errorf("opening bucket %s: %w", name, err)
		}
		q.ears[i] = &ear{ask: stream.Info}
	}
	return q, nil
}

func openBucket(ctx context.Context, js jetstream.JetStream, name, description string) (jetstream.KeyValue, error) {
	kv, err := js.CreateOrUpdateKeyValue(ctx, jetstream.KeyValueConfig{
		Bucket: name, Description: description, History: 1, MaxValueSize: 8 << 10,
		TTL: entryLife, LimitMarkerTTL: markerLife, Storage: jetstream.FileStorage,
	})
	if err != nil {
		return nil, fmt.Errorf("opening bucket %s: %w", name, err)
	}
	return kv, nil
}

// Run keeps the line until ctx ends.
func (q *Queue) Run(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	q.mu.Lock()
	q.line.attentive = q.options.Now()
	q.mu.Unlock()
	var err error
	// What there is by now comes before the first nil entry.
	for _, e := range q.ears {
		if e.said, err = e.last(ctx); err != nil && ctx.Err() == nil {
			return fmt.Errorf("reading the line: %w", err)
		}
		e.heard = e.said
	}
	calls, err := bucket.Watch(ctx, q.calls, jetstream.AllKeys)
	if ctx.Err() != nil {
		return nil
	}
	if err != nil {
		return fmt.Errorf("watching the line: %w", err)
	}
	desks, err := bucket.Watch(ctx, q.desks, jetstream.AllKeys)
	if ctx.Err() != nil {
		return nil
	}
	if err != nil {
		return fmt.Errorf("watching the desks: %w", err)
	}
	// What is there already, before anything is decided. A nil entry ends it.
	for callsLoaded, desksLoaded := false, false; !callsLoaded || !desksLoaded; {
		select {
		case <-ctx.Done():
			return nil
		case entry, open := <-calls:
			if !open {
				return nil // with ctx
			}
			q.hear(entry)
			callsLoaded = callsLoaded || entry == nil
		case entry, open := <-desks:
			if !open {
				return nil
			}
			q.hearDesk(entry)
			desksLoaded = desksLoaded || entry == nil
		}
	}
	q.mu.Lock()
	q.line.hear(q.ears[0].heard)
	q.mu.Unlock()
	close(q.loaded)
	ticks := time.NewTicker(tick)
	defer ticks.Stop()
	heart := time.NewTicker(heartbeat)
	defer heart.Stop()
	last := wall()
	rest := time.NewTimer(0)
	defer rest.Stop()
	var said time.Time // when all were told
	for {
		if !q.hearAll(calls, desks) {
			return nil // with ctx
		}
		if q.takeUnsettled() {
			q.settle(ctx)
		}
		q.options.Touched(q.takeTouched())
		if wait := gather - time.Since(said); wait > 0 {
			rest.Reset(wait)
		} else {
			q.tellMoved()
			q.options.Changed()
			said = time.Now()
		}
		select {
		case <-rest.C:
		case <-ctx.Done():
			return nil
		case entry, open := <-calls:
			if !open {
				return nil // with ctx
			}
			q.hear(entry)
		case entry, open := <-desks:
			if !open {
				return nil // with ctx
			}
			q.hearDesk(entry)
		case <-q.kick:
		case <-heart.C:
			q.beat(ctx)
		case <-ticks.C:
			// A hub that was suspended, or whose store was without a server, has heard nothing meanwhile: whoever seems
			// silent gets a new chance.
			deaf := q.deaf(ctx)
			now := wall()
			if deaf || now.Sub(last) > heartbeat {
				q.mu.Lock()
				q.line.attentive = q.options.Now()
				q.mu.Unlock()
			}
			last = now
			q.mu.Lock()
			q.unsettled = true // time alone may have something done
			q.mu.Unlock()
		}
	}
}

// takeUnsettled tells whether something has changed since the last time.
func (q *Queue) takeUnsettled() bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	was := q.unsettled
	q.unsettled = false
	return was
}

// takeTouched are the desks at which something has changed since the last time.
func (q *Queue) takeTouched() []string {
	q.mu.Lock()
	defer q.mu.Unlock()
	desks := slices.Collect(maps.Keys(q.touched))
	clear(q.touched)
	return desks
}

// touch notes that something has changed at a desk. The caller holds mu.
func (q *Queue) touch(desk string) {
	if desk != "" {
		q.touched[desk] = true
	}
}

// most is how much is taken at a time of what the watches say.
const most = 256

// hearAll takes what the watches have to say at once, so that the line is looked at once for all of it; false when one was closed.
func (q *Queue) hearAll(calls, desks <-chan jetstream.KeyValueEntry) bool {
	for range most {
		var entry jetstream.KeyValueEntry
		open := true
		select {
		case entry, open = <-calls:
			q.hear(entry)
		case entry, open = <-desks:
			q.hearDesk(entry)
		default:
			return true
		}
		if !open {
			return false
		}
	}
	return true
}

// wall is the real time, which goes on while the machine is suspended.
func wall() time.Time { return time.Now().Round(0) }

// await waits until the buckets have been read: what a hub does not know yet is not gone.
func (q *Queue) await(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, storeWait)
	defer cancel()
	select {
	case <-q.loaded:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("reading the line: %w", ctx.Err())
	}
}

func (q *Queue) wake() {
	select {
	case q.kick <- struct{}{}:
	default:
	}
}

// hear takes what the watch of the line says, which it says in order.
func (q *Queue) hear(entry jetstream.KeyValueEntry) {
	if entry == nil {
		return
	}
	q.takeCall(entry)
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.line.hear(entry.Revision()) {
		q.unsettled = true
	}
	q.ears[0].heard = max(q.ears[0].heard, entry.Revision())
	close(q.news)
	q.news = make(chan struct{})
}

// hearDesk takes what the watch of the desks says.
func (q *Queue) hearDesk(entry jetstream.KeyValueEntry) {
	if entry == nil {
		return
	}
	q.takeDesk(entry)
	q.ears[1].heard = max(q.ears[1].heard, entry.Revision())
}

// takeCall takes an entry of the line from the bucket.
func (q *Queue) takeCall(entry jetstream.KeyValueEntry) {
	q.mu.Lock()
	defer q.mu.Unlock()
	_, id, _ := strings.Cut(entry.Key(), ".")
	if entry.Operation() != jetstream.KeyValuePut {
		if left, ok := q.line.left[id]; ok && entry.Revision() > left {
			delete(q.line.left, id)
		}
		if c, ok := q.line.calls[id]; ok && entry.Revision() > c.revision {
			q.remove(c)
		}
		return
	}
	var c Call
	if err := json.Unmarshal(entry.Value(), &c); err != nil || c.key() != entry.Key() {
		q.options.Log.Error("an entry of the line cannot be read", "key", entry.Key(), "error", err)
		return
	}
	c.revision = entry.Revision()
	q.apply(c)
}

// apply makes c the present state of its call, unless something newer is known.
// Every change passes here once, in order, so notices are made here. The caller holds mu.
func (q *Queue) apply(c Call) {
	if left, ok := q.line.left[c.ID]; ok && c.revision <= left {
		return
	}
	old, known := q.line.calls[c.ID]
	if known && c.revision <= old.revision {
		return
	}
	q.line.put(c)
	q.unsettled = true
	q.touch(old.Desk)
	q.touch(c.Desk)
	if known && old.State.weight() > 0 && c.State.weight() == 0 {
		q.freed(old)
	}
	hub, tell := q.options.Hub, q.options.Tell
	was, is := old.attached(hub), c.attached(hub)
	if was && !is {
		tell(Detached{old})
	}
	if is && !was {
		tell(Attached{c})
	}
	if c.Hub != hub {
		return
	}
	switch c.State {
	case Ringing:
		if old.State != Ringing || old.Ring != c.Ring {
			tell(RingingNotice{c})
		}
	case Answered:
		// One that was answered at another hub is only taken over.
		if old.State == Ringing || old.State == Recalling {
			tell(AnsweredNotice{c, q.line.desks[c.Desk].Name})
		}
	case Waiting:
		switch {
		case known && old.Partner != c.Partner:
			tell(TransferredNotice{c, q.line.place(c)})
		case old.State == Ringing:
			tell(RequeuedNotice{c, q.line.place(c)})
		}
	case Recalling:
		if old.State != Recalling {
			tell(RecallNotice{c, q.line.desks[c.Desk].Name})
		}
	case Dropped:
		// A booth that has left the call itself knows nothing of it any more.
		switch old.State {
		case Answered:
			tell(EndedNotice{c, wire.ReasonDeskLost})
		case Recalling:
			tell(EndedNotice{c, wire.ReasonCancelled})
		case Waiting, Ringing, Dropped:
		}
	}
}

// remove forgets a call. The caller holds mu.
func (q *Queue) remove(c Call) {
	q.line.remove(c.ID)
	q.unsettled = true
	q.touch(c.Desk)
	delete(q.told, c.ID)
	if c.attached(q.options.Hub) {
		q.options.Tell(Detached{c})
	}
	q.freed(c)
}

// freed notes since when the desk of an ended call is free. The caller holds mu.
func (q *Queue) freed(c Call) {
	if d, ok := q.line.desks[c.Desk]; ok && c.State.busy() && d.Hub == q.options.Hub {
		d.FreeSince = q.options.Now()
		q.line.desks[d.ID] = d
	}
}

// takeDesk takes an entry of the register from the bucket.
func (q *Queue) takeDesk(entry jetstream.KeyValueEntry) {
	q.mu.Lock()
	defer q.mu.Unlock()
	_, id, _ := strings.Cut(entry.Key(), ".")
	if entry.Operation() != jetstream.KeyValuePut {
		if d, ok := q.line.desks[id]; ok && entry.Revision() > d.revision {
			q.removeDesk(id)
		}
		return
	}
	var d Desk
	if err := json.Unmarshal(entry.Value(), &d); err != nil || d.key() != entry.Key() {
		q.options.Log.Error("an entry of the desks cannot be read", "key", entry.Key(), "error", err)
		return
	}
	d.revision = entry.Revision()
	q.applyDesk(d)
}

// applyDesk makes d the present state of its desk, unless something newer is known. The caller holds mu.
func (q *Queue) applyDesk(d Desk) {
	old, known := q.line.desks[d.ID]
	if known && d.revision <= old.revision {
		return
	}
	if known && old.FreeSince.After(d.FreeSince) {
		d.FreeSince = old.FreeSince
	}
	q.line.desks[d.ID] = d
	q.unsettled = true
	q.touch(d.ID)
}

// removeDesk forgets a desk. The caller holds mu.
func (q *Queue) removeDesk(id string) {
	delete(q.line.desks, id)
	q.unsettled = true
	q.touch(id)
}

// settle does what is to be done until there is nothing more to do.
func (q *Queue) settle(ctx context.Context) {
	for range 1000 {
		q.mu.Lock()
		todo := q.line.decide(q.options.Now())
		q.mu.Unlock()
		if len(todo) == 0 {
			return
		}
		if !q.carryOutAll(ctx, todo) {
			return // the next tick tries again
		}
	}
	q.options.Log.Error("the line does not settle")
}

// carryOutAll does what is to be done, in order; false when the store failed. Partners' lines have nothing to do with each other,
// so each rings by itself: a claim is a write to the store, and with many desks the last ones would wait for all before them.
func (q *Queue) carryOutAll(ctx context.Context, todo []action) bool {
	if todo[0].do != claim {
		return q.carryOutSome(ctx, todo)
	}
	partners := map[string][]action{}
	for _, a := range todo {
		partners[a.call.Partner] = append(partners[a.call.Partner], a)
	}
	var failed atomic.Bool
	var tasks sync.WaitGroup
	for _, claims := range partners {
		tasks.Go(func() {
			if !q.carryOutSome(ctx, claims) {
				failed.Store(true)
			}
		})
	}
	tasks.Wait()
	return !failed.Load()
}

func (q *Queue) carryOutSome(ctx context.Context, todo []action) bool {
	for _, a := range todo {
		err := q.carryOut(ctx, a)
		if outrun(err) {
			// Somebody else has changed it: decide again on what there is now. Going on
			// with the next call would let it overtake this one.
			if err = q.refresh(ctx, a); err == nil {
				break
			}
		}
		if err != nil {
			if ctx.Err() == nil {
				q.options.Log.Warn("the line could not be kept", "deed", a.do, "call", a.call.ID, "error", err)
			}
			return false
		}
		if a.do != forget {
			q.options.Log.Info("line", "deed", a.do, "call", a.call.ID, "partner", a.call.Partner, "site", a.call.Site)
		}
	}
	return true
}

// outrun: the compare-and-set was lost to somebody else's.
func outrun(err error) bool {
	return errors.Is(err, jetstream.ErrKeyRevisionMismatch) || errors.Is(err, ErrTaken) || errors.Is(err, ErrGone)
}

// carryOut does one thing.
func (q *Queue) carryOut(ctx context.Context, a action) error {
	now := q.options.Now()
	var err error
	switch a.do {
	case claim:
		_, err = q.set(ctx, a.call, func(c *Call) {
			c.State, c.Hub, c.Desk, c.RungAt = Ringing, q.options.Hub, a.desk.ID, now
			c.Ring++
		})
	case requeue:
		_, err = q.set(ctx, a.call, q.back)
	case unattended:
		// The desk first: a call that is back in line must not ring there again.
		err = q.changeDesk(ctx, a.desk.ID, func(d *Desk) { d.Available, d.Absent = false, true })
		if err == nil {
			_, err = q.set(ctx, a.call, q.back)
		}
	case adopt:
		_, err = q.set(ctx, a.call, func(c *Call) { c.Hub = q.options.Hub })
	case dropSilent:
		err = q.end(ctx, a.call, wire.ReasonSilent)
	case dropLost:
		err = q.end(ctx, a.call, wire.ReasonDeskLost)
	case giveBack:
		_, err = q.set(ctx, a.call, func(c *Call) {
			c.Partner, c.From = c.From, c.Partner
			c.Returned, c.PassedAt = true, now
		})
	case unaccepted:
		_, err = q.set(ctx, a.call, func(c *Call) { c.State = Dropped })
	case dropOld:
		err = q.end(ctx, a.call, "")
	case forget:
		err = q.forget(ctx, a.desk)
	}
	return err
}

// back puts a call back in line at its old age.
func (q *Queue) back(c *Call) {
	c.State, c.Hub, c.Desk, c.RungAt = Waiting, q.options.Hub, "", time.Time{}
}

// refresh reads again what somebody else has changed, without waiting for the watch.
func (q *Queue) refresh(ctx context.Context, a action) error {
	if a.call.ID != "" {
		if err := q.refreshCall(ctx, a.call); err != nil {
			return err
		}
	}
	if a.desk.ID != "" {
		return q.refreshDesk(ctx, a.desk)
	}
	return nil
}

func (q *Queue) refreshCall(ctx context.Context, c Call) error {
	ctx, cancel := context.WithTimeout(ctx, storeWait)
	defer cancel()
	entry, err := q.calls.Get(ctx, c.key())
	if errors.Is(err, jetstream.ErrKeyNotFound) {
		q.mu.Lock()
		defer q.mu.Unlock()
		if now, ok := q.line.calls[c.ID]; ok && now.revision == c.revision {
			q.line.left[c.ID] = c.revision
			q.remove(now)
		}
		return nil
	}
	if err != nil {
		return fmt.Errorf("reading call %s: %w", c.ID, err)
	}
	q.takeCall(entry)
	return nil
}

func (q *Queue) refreshDesk(ctx context.Context, d Desk) error {
	ctx, cancel := context.WithTimeout(ctx, storeWait)
	defer cancel()
	entry, err := q.desks.Get(ctx, d.key())
	if errors.Is(err, jetstream.ErrKeyNotFound) {
		q.mu.Lock()
		defer q.mu.Unlock()
		if now, ok := q.line.desks[d.ID]; ok && now.revision == d.revision {
			q.removeDesk(d.ID)
		}
		return nil
	}
	if err != nil {
		return fmt.Errorf("reading desk %s: %w", d.ID, err)
	}
	q.takeDesk(entry)
	return nil
}

// set changes the very revision of a call that is given, or fails.
func (q *Queue) set(ctx context.Context, c Call, change func(*Call)) (Call, error) {
	c.Order = c.order()
	change(&c)
	b, err := json.Marshal(c)
	if err != nil {
		return Call{}, fmt.Errorf("writing call %s: %w", c.ID, err)
	}
	ctx, cancel := context.WithTimeout(ctx, storeWait)
	defer cancel()
	revision, err := q.calls.Update(ctx, c.key(), b, c.revision)
	if err != nil {
		return Call{}, fmt.Errorf("writing call %s: %w", c.ID, err)
	}
	c.revision = revision
	q.mu.Lock()
	q.apply(c)
	q.mu.Unlock()
	q.wake()
	return c, nil
}

// change changes the present revision of a call, whichever it is, if change agrees. What this hub knows may be older: that
// a call is gone counts only once all has been heard.
func (q *Queue) change(ctx context.Context, id string, change func(*Call) error) (Call, error) {
	c, err := q.changeHere(ctx, id, change)
	if !errors.Is(err, ErrGone) {
		return c, err
	}
	if err := q.catchUp(ctx); err != nil {
		return Call{}, err
	}
	return q.changeHere(ctx, id, change)
}

// changeHere is change by what this hub knows, as for its own desks, which show no more than that: an adviser does not wait to
// hear that a click came too late.
func (q *Queue) changeHere(ctx context.Context, id string, change func(*Call) error) (Call, error) {
	for range tries {
		q.mu.Lock()
		c, ok := q.line.calls[id]
		q.mu.Unlock()
		if !ok {
			return Call{}, ErrGone
		}
		trial := c
		if err := change(&trial); err != nil {
			return Call{}, err
		}
		c, err := q.set(ctx, c, func(c *Call) {
			order := c.Order
			*c = trial
			c.Order = order
		})
		if !errors.Is(err, jetstream.ErrKeyRevisionMismatch) {
			return c, err
		}
		if err := q.refreshCall(ctx, trial); err != nil {
			return Call{}, err
		}
	}
	return Call{}, fmt.Errorf("writing call %s: changed by others %d times over", id, tries)
}

// end deletes the very revision of a call that is given, and tells its booth if it was not the booth's doing.
func (q *Queue) end(ctx context.Context, c Call, reason wire.Reason) error {
	ctx, cancel := context.WithTimeout(ctx, storeWait)
	defer cancel()
	if err := q.calls.Purge(ctx, c.key(), jetstream.LastRevision(c.revision), jetstream.PurgeTTL(markerLife)); err != nil {
		return fmt.Errorf("deleting call %s: %w", c.ID, err)
	}
	q.mu.Lock()
	if now, ok := q.line.calls[c.ID]; ok && now.revision == c.revision {
		q.line.left[c.ID] = c.revision
		q.remove(now)
	}
	if reason != "" {
		q.options.Tell(EndedNotice{c, reason})
	}
	q.mu.Unlock()
	q.wake()
	return nil
}

// finish deletes a call, whatever its present revision, if allowed agrees.
func (q *Queue) finish(ctx context.Context, id string, reason wire.Reason, allowed func(Call) error) error {
	err := q.finishHere(ctx, id, reason, allowed)
	if !errors.Is(err, ErrGone) {
		return err
	}
	if err := q.catchUp(ctx); err != nil {
		return err
	}
	return q.finishHere(ctx, id, reason, allowed)
}

// finishHere is finish by what this hub knows.
func (q *Queue) finishHere(ctx context.Context, id string, reason wire.Reason, allowed func(Call) error) error {
	for range tries {
		q.mu.Lock()
		c, ok := q.line.calls[id]
		q.mu.Unlock()
		if !ok {
			return ErrGone
		}
		if err := allowed(c); err != nil {
			return err
		}
		err := q.end(ctx, c, reason)
		if !errors.Is(err, jetstream.ErrKeyRevisionMismatch) {
			return err
		}
		if err := q.refreshCall(ctx, c); err != nil {
			return err
		}
	}
	return fmt.Errorf("deleting call %s: changed by others %d times over", id, tries)
}

// toldMoved is what a waiting booth was told last, and when.
type toldMoved struct {
	notice MovedNotice
	at     time.Time
}

const (
	// soon is up to which place a waiting booth is told of each change at once; further back, movedEvery is how often at most. When
	// hundreds wait, each call that leaves the line moves all others, who would be told so often that the calls themselves wait.
	soon       = 3
	movedEvery = 3 * time.Second
)

// tellMoved tells waiting booths what is new about their place.
func (q *Queue) tellMoved() {
	q.mu.Lock()
	defer q.mu.Unlock()
	now := q.options.Now()
	partners := map[string]Availability{}
	for id, c := range q.line.calls {
		if c.State != Waiting || c.Hub != q.options.Hub {
			delete(q.told, id)
			continue
		}
		a, ok := partners[c.Partner]
		if !ok {
			a = q.line.availability(c.Partner, now)
			partners[c.Partner] = a
		}
		m := MovedNotice{c, q.line.place(c), a}
		old, ok := q.told[id]
		changed := !ok || old.notice.Place != m.Place || old.notice.Availability.Free != a.Free || old.notice.Availability.Online != a.Online
		// What waits is told at one of the next ticks.
		if changed && (m.Place <= soon || now.Sub(old.at) >= movedEvery) {
			q.told[id] = toldMoved{m, now}
			q.options.Tell(m)
		}
	}
}

// again is for how long after an answer a booth may not have heard of it.
const again = 30 * time.Second

// TellAgain tells once more what booths must not miss, of the calls that this hub relays: what it told just before its
// connection broke may not have left it.
func (q *Queue) TellAgain() {
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, c := range q.line.calls {
		switch {
		case !c.attached(q.options.Hub):
		case c.State == Ringing:
			q.options.Tell(RingingNotice{c})
		case c.State == Answered && q.options.Now().Sub(c.AnsweredAt) < again:
			q.options.Tell(AnsweredNotice{c, q.line.desks[c.Desk].Name})
		}
	}
}

// Availability is what can be said of a partner's desks now.
func (q *Queue) Availability(partner string) Availability {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.line.availability(partner, q.options.Now())
}

// Line lists a partner's waiting calls, oldest first.
func (q *Queue) Line(partner string) []Call {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.line.inLine(partner)
}

// Attached lists the calls that this hub relays.
func (q *Queue) Attached() []Call {
	q.mu.Lock()
	defer q.mu.Unlock()
	var calls []Call
	for _, c := range q.line.calls {
		if c.attached(q.options.Hub) {
			calls = append(calls, c)
		}
	}
	slices.SortFunc(calls, func(a, b Call) int { return strings.Compare(a.ID, b.ID) })
	return calls
}
