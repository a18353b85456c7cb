package queue

import (
	"context"
	"fmt"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

const (
	// earWait is the longest that the store may take to say how far it is.
	earWait = time.Second
	// deafness is for how long a hub may be behind before nobody's silence counts any more: well below the shortest that
	// does, so that a store that elects a new leader makes nobody leave the line.
	deafness = 3 * time.Second
)

// ear tells whether what others write to a bucket is heard here. It is Run's alone.
type ear struct {
	ask func(context.Context, ...jetstream.StreamInfoOpt) (*jetstream.StreamInfo, error)
	// heard is the last revision that the watch has brought, said how far the bucket was when it was last asked.
	heard, said uint64
	// well is when all was heard for the last time.
	well time.Time
}

// last is the bucket's newest revision, by the server that takes what is written.
func (e *ear) last(ctx context.Context) (uint64, error) {
	ctx, cancel := context.WithTimeout(ctx, earWait)
	defer cancel()
	info, err := e.ask(ctx)
	if err != nil {
		return 0, err
	}
	return info.State.LastSeq, nil
}

// hears tells whether everything has been heard that was there at the last asking, and asks how much there is now.
func (e *ear) hears(ctx context.Context) bool {
	before := e.said
	now, err := e.last(ctx)
	if err != nil {
		return false
	}
	e.said = now
	return e.heard >= before
}

// deaf tells whether this hub has not heard of others, or could not be heard, for longer than silence may be believed.
func (q *Queue) deaf(ctx context.Context) bool {
	deaf := false
	for _, e := range q.ears {
		now := wall()
		if e.well.IsZero() || e.hears(ctx) {
			// From before it was asked: what is slow to answer was not there to take anything.
			e.well = now
		}
		deaf = deaf || wall().Sub(e.well) > deafness
	}
	return deaf
}

// catchUp waits until this hub has heard all that was in the line when it was called: another hub may have taken, or
// changed, a call, and this one be about to hear of it. Without that a booth would be told that its call is gone.
func (q *Queue) catchUp(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, storeWait)
	defer cancel()
	last, err := q.ears[0].last(ctx)
	if err != nil {
		return fmt.Errorf("looking how far the line is: %w", err)
	}
	for {
		q.mu.Lock()
		heard, news := q.line.heard >= last, q.news
		q.mu.Unlock()
		if heard {
			return nil
		}
		select {
		case <-news:
		case <-ctx.Done():
			return fmt.Errorf("waiting to hear of the line: %w", ctx.Err())
		}
	}
}
