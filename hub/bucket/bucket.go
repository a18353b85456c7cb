// Package bucket reads whole key-value buckets of JetStream. It has no goroutines.
package bucket

import (
	"context"

	"github.com/nats-io/nats.go/jetstream"
)

// Each gives every value that a bucket has to f, in no order that means anything, until f fails or ctx ends.
func Each(ctx context.Context, kv jetstream.KeyValue, f func(key string, value []byte) error) error {
	all, err := kv.WatchAll(ctx, jetstream.IgnoreDeletes())
	if err != nil {
		return err
	}
	defer all.Stop()
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case e := <-all.Updates():
			if e == nil { // that was the last
				return nil
			}
			if err := f(e.Key(), e.Value()); err != nil {
				return err
			}
		}
	}
}
