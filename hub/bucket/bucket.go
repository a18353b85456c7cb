// Package bucket reads whole key-value buckets of JetStream, and watches them
// for as long as the hub runs. Watch has a goroutine, which ends with its context.
package bucket

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

// behindWait is how soon a server of a cluster that is behind is asked again.
const behindWait = 200 * time.Millisecond

// errBehind: the server that was read from lacks what another one has taken.
var errBehind = errors.New("a server of the cluster has not all of it yet")

// Each gives every value that a bucket has to f, in no order that means anything, until f fails or ctx ends. Nothing is
// given before all has been read, and all is what the bucket's leader had at the beginning: another server of a cluster may
// be behind after it was away.
func Each(ctx context.Context, kv jetstream.KeyValue, f func(key string, value []byte) error) error {
	again := time.NewTicker(behindWait)
	defer again.Stop()
	for {
		all, err := read(ctx, kv)
		if err == nil {
			for _, e := range all {
				if err := f(e.Key(), e.Value()); err != nil {
					return err
				}
			}
			return nil
		}
		if !errors.Is(err, errBehind) {
			return err
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("%w: %w", err, ctx.Err())
		case <-again.C:
		}
	}
}

// read reads what there is, deleted keys left out.
func read(ctx context.Context, kv jetstream.KeyValue) ([]jetstream.KeyValueEntry, error) {
	status, err := kv.Status(ctx)
	if err != nil {
		return nil, err
	}
	newest := uint64(0) // the revision that must be among what is read
	if s, ok := status.(*jetstream.KeyValueBucketStatus); ok && s.StreamInfo().State.Msgs > 0 {
		newest = s.StreamInfo().State.LastSeq
	}
	watch, err := kv.WatchAll(ctx)
	if err != nil {
		return nil, err
	}
	defer watch.Stop()
	var all []jetstream.KeyValueEntry
	last := uint64(0)
	for {
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case e, open := <-watch.Updates():
			switch {
			case !open:
				return nil, errors.New("the watch was closed")
			case e == nil && last < newest:
				return nil, errBehind
			case e == nil: // that was the last
				return all, nil
			}
			last = max(last, e.Revision())
			if e.Operation() == jetstream.KeyValuePut {
				all = append(all, e)
			}
		}
	}
}
