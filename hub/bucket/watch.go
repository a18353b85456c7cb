package bucket

import (
	"context"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

// reopen is how soon a watch that has broken is opened again.
const reopen = time.Second

// Watch gives every change of the keys that match, beginning with what there is, as the bucket's own Watch does: a nil entry
// comes when all that has been given. It goes on when that watch breaks, as it may when a server of a cluster does: what
// there is then comes again, and a nil entry after it. The channel is closed when ctx ends.
func Watch(ctx context.Context, kv jetstream.KeyValue, keys string, o ...jetstream.WatchOpt) (<-chan jetstream.KeyValueEntry, error) {
	watch, err := kv.Watch(ctx, keys, o...)
	if err != nil {
		return nil, err
	}
	all := make(chan jetstream.KeyValueEntry)
	go func() {
		defer close(all)
		again := time.NewTicker(reopen)
		defer again.Stop()
		for {
			if watch != nil && !pass(ctx, watch, all) {
				return
			}
			select {
			case <-ctx.Done():
				return
			case <-again.C:
			}
			// The next tick tries again; whoever writes to the bucket tells of a store that does not answer.
			if watch, err = kv.Watch(ctx, keys, o...); err != nil {
				watch = nil
			}
		}
	}()
	return all, nil
}

// pass passes entries on until the watch breaks; false when ctx has ended.
func pass(ctx context.Context, watch jetstream.KeyWatcher, to chan<- jetstream.KeyValueEntry) bool {
	defer func() { _ = watch.Stop() }() // of one that has broken there is nothing to stop
	for {
		select {
		case <-ctx.Done():
			return false
		case entry, open := <-watch.Updates():
			if !open {
				return ctx.Err() == nil
			}
			select {
			case to <- entry:
			case <-ctx.Done():
				return false
			}
		}
	}
}
