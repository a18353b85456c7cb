package queue

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/nats-io/nats.go/jetstream"
	"golang.org/x/sync/errgroup"

	"loiret.fr/visioborne/hub/wire"
)

// Sit opens an adviser's desk at this hub, taking it over from wherever it was
// open. A desk that comes back soon is as available as it was, and keeps the
// call that it has answered.
func (q *Queue) Sit(ctx context.Context, id, partner, name string) error {
	if err := q.await(ctx); err != nil {
		return err
	}
	now := q.options.Now()
	for range tries {
		q.mu.Lock()
		d, known := q.line.desks[id]
		recent := known && d.Partner == partner && q.line.silence(d.SeenAt, now) <= q.line.limits.lost
		q.mu.Unlock()
		revision := d.revision
		if !known || d.Partner != partner {
			revision = 0
		}
		if !recent {
			d = Desk{ID: id, Partner: partner}
		}
		d.Name, d.Hub, d.Gone, d.SeenAt, d.FreeSince, d.revision = name, q.options.Hub, false, now, now, revision
		err := q.setDesk(ctx, d)
		if errors.Is(err, jetstream.ErrKeyRevisionMismatch) || errors.Is(err, jetstream.ErrKeyExists) {
			if err := q.refreshDesk(ctx, d); err != nil {
				return err
			}
			continue
		}
		if err != nil {
			return err
		}
		return q.inherit(ctx, id)
	}
	return fmt.Errorf("opening desk %s: changed by others %d times over", id, tries)
}

// inherit deals with the call of a desk that has just been opened here and was
// open at another hub: what rang there is taken back, what was answered is
// relayed here from now on. If that hub lives it does its part as well.
func (q *Queue) inherit(ctx context.Context, desk string) error {
	q.mu.Lock()
	c, ok := q.line.callOf(desk)
	q.mu.Unlock()
	if !ok || c.Hub == q.options.Hub {
		return nil
	}
	change := q.back
	if c.State == Answered || c.State == Recalling {
		change = func(c *Call) { c.Hub = q.options.Hub }
	}
	if _, err := q.set(ctx, c, change); err != nil && !outrun(err) {
		return err
	}
	return nil
}

// setDesk writes the very revision of a desk that is given (0: a new one), or fails.
func (q *Queue) setDesk(ctx context.Context, d Desk) error {
	b, err := json.Marshal(d)
	if err != nil {
		return fmt.Errorf("writing desk %s: %w", d.ID, err)
	}
	ctx, cancel := context.WithTimeout(ctx, storeWait)
	defer cancel()
	if d.revision == 0 {
		d.revision, err = q.desks.Create(ctx, d.key(), b)
	} else {
		d.revision, err = q.desks.Update(ctx, d.key(), b, d.revision)
	}
	if err != nil {
		return fmt.Errorf("writing desk %s: %w", d.ID, err)
	}
	q.mu.Lock()
	q.applyDesk(d)
	q.mu.Unlock()
	q.wake()
	return nil
}

// changeDesk changes a desk of this hub. ErrTaken tells that it is open elsewhere.
func (q *Queue) changeDesk(ctx context.Context, id string, change func(*Desk)) error {
	for range tries {
		q.mu.Lock()
		d, ok := q.line.desks[id]
		q.mu.Unlock()
		if !ok || d.Hub != q.options.Hub {
			return ErrTaken
		}
		change(&d)
		err := q.setDesk(ctx, d)
		if !errors.Is(err, jetstream.ErrKeyRevisionMismatch) && !errors.Is(err, jetstream.ErrKeyExists) {
			return err
		}
		if err := q.refreshDesk(ctx, d); err != nil {
			return err
		}
	}
	return fmt.Errorf("writing desk %s: changed by others %d times over", id, tries)
}

// Available is the adviser's own switch; why tells for what it is switched off.
func (q *Queue) Available(ctx context.Context, desk string, on bool, why Pause) error {
	return q.changeDesk(ctx, desk, func(d *Desk) {
		if on && !d.Available {
			d.FreeSince = q.options.Now()
		}
		if on {
			why = ""
		}
		d.Available, d.Absent, d.Pause, d.SeenAt = on, false, why, q.options.Now()
	})
}

// Rise: the desk's page has gone, perhaps to come back.
func (q *Queue) Rise(ctx context.Context, desk string) error {
	err := q.changeDesk(ctx, desk, func(d *Desk) { d.Gone, d.SeenAt = true, q.options.Now() })
	if errors.Is(err, ErrTaken) {
		return nil
	}
	return err
}

// Close closes a desk for good: the adviser has signed out. A call that it has answered ends.
func (q *Queue) Close(ctx context.Context, desk string) error {
	q.mu.Lock()
	d, known := q.line.desks[desk]
	c, called := q.line.callOf(desk)
	q.mu.Unlock()
	if called && c.State == Answered {
		if err := q.HangUp(ctx, desk, c.ID); err != nil && !errors.Is(err, ErrGone) {
			return err
		}
	}
	if !known || d.Hub != q.options.Hub {
		return nil
	}
	err := q.forget(ctx, d)
	if errors.Is(err, jetstream.ErrKeyRevisionMismatch) {
		return q.Rise(ctx, desk)
	}
	return err
}

func (q *Queue) forget(ctx context.Context, d Desk) error {
	ctx, cancel := context.WithTimeout(ctx, storeWait)
	defer cancel()
	if err := q.desks.Purge(ctx, d.key(), jetstream.LastRevision(d.revision), jetstream.PurgeTTL(markerLife)); err != nil {
		return fmt.Errorf("forgetting desk %s: %w", d.ID, err)
	}
	q.mu.Lock()
	if now, ok := q.line.desks[d.ID]; ok && now.revision == d.revision {
		q.removeDesk(d.ID)
	}
	q.mu.Unlock()
	q.wake()
	return nil
}

// Answer answers the call that rings at a desk.
func (q *Queue) Answer(ctx context.Context, desk, call string) error {
	_, err := q.changeHere(ctx, call, func(c *Call) error {
		if c.State != Ringing || c.Desk != desk {
			return ErrGone
		}
		c.State, c.Hub, c.AnsweredAt = Answered, q.options.Hub, q.options.Now()
		return nil
	})
	return err
}

// Decline puts the call that rings at a desk back in line, and sets the desk
// away: otherwise the same call would ring there again at once.
func (q *Queue) Decline(ctx context.Context, desk, call string) error {
	q.mu.Lock()
	c, ok := q.line.calls[call]
	q.mu.Unlock()
	if !ok || c.State != Ringing || c.Desk != desk {
		return ErrGone
	}
	// decide takes the call back from a desk that is not available.
	return q.Available(ctx, desk, false, "")
}

// Transfer puts the call that a desk has answered into another partner's line. It keeps its age, so that the citizen,
// who has waited once, comes before those who came later.
func (q *Queue) Transfer(ctx context.Context, desk, call, partner string) error {
	_, err := q.changeHere(ctx, call, func(c *Call) error {
		if c.State != Answered || c.Desk != desk || c.Partner == partner {
			return ErrGone
		}
		c.Filed, c.From, c.Partner = c.filed(), c.Partner, partner
		c.Returned, c.PassedAt, c.SeenAt = false, q.options.Now(), q.options.Now()
		q.back(c)
		return nil
	})
	return err
}

// Lose ends a desk's call whose line is dead. The desk may call back.
func (q *Queue) Lose(ctx context.Context, desk, call string) error {
	_, err := q.changeHere(ctx, call, func(c *Call) error {
		if c.State != Answered || c.Desk != desk {
			return ErrGone
		}
		c.State, c.DroppedAt = Dropped, q.options.Now()
		return nil
	})
	return err
}

// Recall calls back a booth whose call with that desk broke.
func (q *Queue) Recall(ctx context.Context, desk, call string) error {
	q.mu.Lock()
	_, taken := q.line.callOf(desk)
	q.mu.Unlock()
	if taken {
		return fmt.Errorf("calling back while another call is there: %w", ErrGone)
	}
	_, err := q.changeHere(ctx, call, func(c *Call) error {
		if c.State != Dropped || c.Desk != desk {
			return ErrGone
		}
		c.State, c.Hub, c.RungAt = Recalling, q.options.Hub, q.options.Now()
		return nil
	})
	return err
}

// GiveUp ends calling back. The desk may try once more.
func (q *Queue) GiveUp(ctx context.Context, desk, call string) error {
	_, err := q.changeHere(ctx, call, func(c *Call) error {
		if c.State != Recalling || c.Desk != desk {
			return ErrGone
		}
		c.State = Dropped
		return nil
	})
	return err
}

// HangUp ends the call that a desk has answered.
func (q *Queue) HangUp(ctx context.Context, desk, call string) error {
	return q.finishHere(ctx, call, wire.ReasonHungUp, func(c Call) error {
		if c.State != Answered || c.Desk != desk {
			return ErrGone
		}
		return nil
	})
}

// At is what a desk sees.
type At struct {
	// Elsewhere: the desk has been opened at another hub.
	Elsewhere bool
	// Desk is zero when it is not known: it has been forgotten, and may be opened again.
	Desk Desk
	Call Call // the one that rings, is answered or is called back; zero when there is none
	Line []Call
	// Dropped are calls that may be called back, the newest first.
	Dropped []Call
}

// SameDesk tells whether two sights of one desk differ in the line at most: nothing of the desk and its calls has been written between
// them.
func (a At) SameDesk(b At) bool {
	return a.Elsewhere == b.Elsewhere && a.Desk == b.Desk && a.Call == b.Call && slices.Equal(a.Dropped, b.Dropped)
}

// At returns what a desk sees now.
func (q *Queue) At(desk string) At {
	q.mu.Lock()
	defer q.mu.Unlock()
	d, ok := q.line.desks[desk]
	if !ok {
		return At{}
	}
	if d.Hub != q.options.Hub {
		return At{Elsewhere: true}
	}
	a := At{Desk: d, Line: q.line.inLine(d.Partner), Dropped: q.line.dropped(desk)}
	if c, ok := q.line.callOf(desk); ok && c.Hub == q.options.Hub {
		a.Call = c
	}
	return a
}

// beat says for every desk of this hub that it is there.
func (q *Queue) beat(ctx context.Context) {
	q.mu.Lock()
	var mine []string
	for id, d := range q.line.desks {
		if d.Hub == q.options.Hub && !d.Gone {
			mine = append(mine, id)
		}
	}
	q.mu.Unlock()
	// Many at a time: each is a write to the store, and the line stands still until all are done.
	var all errgroup.Group
	all.SetLimit(beats)
	for _, id := range mine {
		all.Go(func() error {
			err := q.changeDesk(ctx, id, func(d *Desk) {
				if !d.Gone {
					d.SeenAt = q.options.Now()
				}
			})
			if err != nil && !errors.Is(err, ErrTaken) && ctx.Err() == nil {
				q.options.Log.Warn("a desk's sign of life was lost", "desk", id, "error", err)
			}
			return nil
		})
	}
	_ = all.Wait() // each has said what was wrong
}
