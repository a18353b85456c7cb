package queue

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/nats-io/nats.go/jetstream"

	"loiret.fr/visioborne/hub/wire"
)

// Placed is where a call stands.
type Placed struct {
	Call Call
	// Place is 1 for the next call, 0 for one that has been answered.
	Place        int
	Availability Availability
	// Adviser is the name of the one who has answered.
	Adviser string
}

// Place puts a call in line, or returns where it is. A booth has one call:
// others of the same booth are left over and end.
func (q *Queue) Place(ctx context.Context, c Call) (Placed, error) {
	if err := q.only(ctx, c.Site, []string{c.ID}); err != nil {
		return Placed{}, err
	}
	now := q.options.Now()
	for range tries {
		known, err := q.changeHere(ctx, c.ID, func(old *Call) error {
			// A booth may not have heard yet that its call was passed on.
			if old.Site != c.Site || old.Partner != c.Partner && old.filed() != c.Partner {
				return fmt.Errorf("placing call %s: it is another booth's, or another partner's: %w", c.ID, ErrGone)
			}
			old.SeenAt = now
			return nil
		})
		if err == nil {
			return q.placed(known), nil
		}
		if !errors.Is(err, ErrGone) {
			return Placed{}, err
		}
		c.PlacedAt, c.SeenAt, c.State, c.Hub = now, now, Waiting, q.options.Hub
		b, err := json.Marshal(c)
		if err != nil {
			return Placed{}, fmt.Errorf("placing call %s: %w", c.ID, err)
		}
		c.revision, err = q.create(ctx, c.key(), b)
		switch {
		case errors.Is(err, jetstream.ErrKeyExists):
			// Another hub has just taken the same request.
			if err := q.refreshCall(ctx, c); err != nil {
				return Placed{}, err
			}
			continue
		case err != nil:
			return Placed{}, fmt.Errorf("placing call %s: %w", c.ID, err)
		}
		q.mu.Lock()
		q.apply(c)
		q.mu.Unlock()
		q.wake()
		return q.placed(c), nil
	}
	return Placed{}, fmt.Errorf("placing call %s: changed by others %d times over", c.ID, tries)
}

func (q *Queue) create(ctx context.Context, key string, value []byte) (uint64, error) {
	ctx, cancel := context.WithTimeout(ctx, storeWait)
	defer cancel()
	return q.calls.Create(ctx, key, value)
}

func (q *Queue) placed(c Call) Placed {
	q.mu.Lock()
	defer q.mu.Unlock()
	p := Placed{Call: c, Place: q.line.place(c), Availability: q.line.availability(c.Partner, q.options.Now())}
	if c.State == Answered {
		p.Adviser = q.line.desks[c.Desk].Name
	}
	return p
}

// Alive notes a booth's sign of life for its call. ErrGone tells that it is not in line.
func (q *Queue) Alive(ctx context.Context, site, call string) (Placed, error) {
	if err := q.await(ctx); err != nil {
		return Placed{}, err
	}
	c, err := q.change(ctx, call, func(c *Call) error {
		if c.Site != site {
			return ErrGone
		}
		c.SeenAt = q.options.Now()
		if c.State == Waiting {
			// The hub that placed it may be gone; this one speaks to the booth now.
			c.Hub = q.options.Hub
		}
		return nil
	})
	if err != nil {
		return Placed{}, err
	}
	return q.placed(c), nil
}

// Accept: the citizen wants to be called back.
func (q *Queue) Accept(ctx context.Context, site, call string) (Placed, error) {
	if err := q.await(ctx); err != nil {
		return Placed{}, err
	}
	c, err := q.change(ctx, call, func(c *Call) error {
		if c.Site != site || c.State != Recalling && c.State != Answered {
			return ErrGone
		}
		now := q.options.Now()
		if c.SeenAt = now; c.State == Recalling {
			c.State, c.AnsweredAt = Answered, now
		}
		return nil
	})
	if err != nil {
		return Placed{}, err
	}
	return q.placed(c), nil
}

// Leave ends a booth's call at the booth's own wish. One that the booth could not keep up may be called back for a
// while. That it is not in line is no error.
func (q *Queue) Leave(ctx context.Context, site, call string, reason wire.Reason) error {
	if err := q.await(ctx); err != nil {
		return err
	}
	if reason == wire.ReasonFailed {
		if err := q.drop(ctx, site, call); !errors.Is(err, ErrGone) {
			return err
		}
	}
	err := q.finish(ctx, call, "", func(c Call) error {
		if c.Site != site {
			return ErrGone
		}
		return nil
	})
	if errors.Is(err, ErrGone) {
		return nil
	}
	return err
}

// drop keeps a call that broke for its desk to call back; ErrGone when it had not been answered.
func (q *Queue) drop(ctx context.Context, site, call string) error {
	_, err := q.change(ctx, call, func(c *Call) error {
		switch {
		case c.Site != site:
			return ErrGone
		case c.State == Answered:
			c.State, c.DroppedAt = Dropped, q.options.Now()
		case c.State == Recalling:
			c.State = Dropped
		case c.State != Dropped:
			return ErrGone
		}
		return nil
	})
	return err
}

// Keep ends every call of a booth but those that are listed: the booth knows nothing of them, because it has started
// anew. One that was answered may be called back.
func (q *Queue) Keep(ctx context.Context, site string, keep []string) error {
	return q.leaveOver(ctx, site, keep, func(id string) error {
		if err := q.drop(ctx, site, id); !errors.Is(err, ErrGone) {
			return err
		}
		return q.finish(ctx, id, wire.ReasonFailed, func(Call) error { return nil })
	})
}

// Occupied: a citizen has begun something else at a booth. Nobody there is called back any more.
func (q *Queue) Occupied(ctx context.Context, site string) error {
	return q.leaveOver(ctx, site, nil, func(id string) error {
		return q.finishHere(ctx, id, wire.ReasonRefused, func(c Call) error {
			if c.State != Dropped {
				return ErrGone
			}
			return nil
		})
	})
}

// only ends every call of a booth but those that are listed, for good.
func (q *Queue) only(ctx context.Context, site string, keep []string) error {
	return q.leaveOver(ctx, site, keep, func(id string) error {
		return q.finishHere(ctx, id, wire.ReasonFailed, func(Call) error { return nil })
	})
}

// leaveOver does something with every call of a booth but those that are listed.
func (q *Queue) leaveOver(ctx context.Context, site string, keep []string, do func(id string) error) error {
	if err := q.await(ctx); err != nil {
		return err
	}
	q.mu.Lock()
	var over []string
	for id, c := range q.line.calls {
		if c.Site == site && !slices.Contains(keep, id) {
			over = append(over, id)
		}
	}
	q.mu.Unlock()
	for _, id := range over {
		if err := do(id); err != nil && !errors.Is(err, ErrGone) {
			return err
		}
	}
	return nil
}
