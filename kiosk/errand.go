package main

import (
	"context"
	"sync"
)

// errand is something that is done beside the loop, one at a time, until it is
// done, stopped or replaced by the next. Its zero value is ready.
type errand struct {
	mu    sync.Mutex
	end   context.CancelFunc
	tasks sync.WaitGroup
}

// start does something anew; what was under way is stopped.
func (e *errand) start(ctx context.Context, do func(context.Context)) {
	e.stop()
	ctx, cancel := context.WithCancel(ctx)
	e.mu.Lock()
	e.end = cancel
	e.mu.Unlock()
	e.tasks.Go(func() {
		defer cancel()
		do(ctx)
	})
}

// stop ends what is under way. It does not wait.
func (e *errand) stop() {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.end != nil {
		e.end()
	}
}

// close ends what is under way and waits for it.
func (e *errand) close() {
	e.stop()
	e.tasks.Wait()
}
