package gpioline

import (
	"context"
	"errors"
	"time"

	"periph.io/x/conn/v3/gpio"
)

const (
	// StillFor: a contact has bounced enough when nothing changed for this long: hooks and keys take some 10 ms.
	StillFor = 30 * time.Millisecond
	// LookEvery: the line is looked at this often although no change was told of; it is also how long Follow may take to
	// end, since periph loses an interruption that comes just before the wait that it is meant for.
	LookEvery = 500 * time.Millisecond
	// So many waits in a row that end at once, and without a change, are a line that is gone.
	maxFailures = 5
)

// ErrGone: the kernel tells of a line's changes no more.
var ErrGone = errors.New("the kernel tells of no changes any more; restart the booth")

// Follow watches a mechanical contact on a line, which bounces: it calls moved each
// time that the contact has come to stand still where it did not stand before, and
// at once if it is made already, until ctx ends. It returns ErrGone when the line
// cannot be watched any longer. One goroutine may run it for a line.
func Follow(ctx context.Context, line gpio.PinIn, made gpio.Level, moved func(made bool)) error {
	is, failures := false, 0
	for changed := true; ctx.Err() == nil; {
		if changed || (line.Read() == made) != is {
			stands := settle(ctx, line)
			if now := line.Read() == made; stands && now != is {
				is = now
				moved(is)
			}
		}
		began := time.Now()
		changed = line.WaitForEdge(LookEvery)
		if changed || time.Since(began) > LookEvery/2 {
			failures = 0
			continue
		}
		if failures++; failures >= maxFailures {
			return ErrGone
		}
	}
	return nil
}

// settle waits until the contact stands still, and tells whether it does: the level of a line that is gone, whose waits end at
// once, must not be taken for the contact's.
func settle(ctx context.Context, line gpio.PinIn) bool {
	for ctx.Err() == nil {
		if began := time.Now(); !line.WaitForEdge(StillFor) {
			return time.Since(began) > StillFor/2 && ctx.Err() == nil
		}
	}
	return false
}
