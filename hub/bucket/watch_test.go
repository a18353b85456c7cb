package bucket

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"loiret.fr/visioborne/hub/natstest"
)

// breakable is a bucket whose watches can be broken, and whose store can be away.
type breakable struct {
	jetstream.KeyValue
	opened chan jetstream.KeyWatcher
	away   chan struct{} // one thing in it: the next watch cannot be opened
}

func (b *breakable) Watch(ctx context.Context, keys string, o ...jetstream.WatchOpt) (jetstream.KeyWatcher, error) {
	select {
	case <-b.away:
		return nil, errors.New("no leader")
	default:
	}
	w, err := b.KeyValue.Watch(ctx, keys, o...)
	if err == nil {
		b.opened <- w
	}
	return w, err
}

// A watch that breaks is opened again, tells what there is by then, and ends with its context only.
func TestWatch(t *testing.T) {
	js, _ := natstest.Open(t, t.TempDir())
	kv, err := js.CreateOrUpdateKeyValue(t.Context(), jetstream.KeyValueConfig{Bucket: "b", Storage: jetstream.MemoryStorage})
	if err != nil {
		t.Fatal(err)
	}
	put := func(key, value string) {
		t.Helper()
		if _, err := kv.PutString(t.Context(), key, value); err != nil {
			t.Fatal(err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	b := &breakable{kv, make(chan jetstream.KeyWatcher, 10), make(chan struct{}, 1)}
	put("a.1", "x")
	put("b.1", "other")
	all, err := Watch(ctx, b, "a.*")
	if err != nil {
		t.Fatal(err)
	}
	// heard is what comes up to a nil entry.
	heard := func() []string {
		t.Helper()
		var got []string
		deadline := time.After(15 * time.Second)
		for {
			select {
			case e, open := <-all:
				if !open {
					t.Fatalf("the watch has ended after %q", got)
				}
				if e == nil {
					return got
				}
				got = append(got, e.Key()+" "+string(e.Value())+" "+e.Operation().String())
			case <-deadline:
				t.Fatalf("only %q", got)
			}
		}
	}
	if got := heard(); !slices.Equal(got, []string{"a.1 x KeyValuePutOp"}) {
		t.Errorf("at first %q", got)
	}
	for range 2 {
		put("a.2", "y")
		if e := <-all; e.Key() != "a.2" {
			t.Errorf("then %v", e)
		}
		b.away <- struct{}{}
		if err := (<-b.opened).Stop(); err != nil {
			t.Fatal(err)
		}
		if err := kv.Delete(t.Context(), "a.1"); err != nil {
			t.Fatal(err)
		}
		if got := heard(); !slices.Contains(got, "a.1  KeyValueDeleteOp") || !slices.Contains(got, "a.2 y KeyValuePutOp") {
			t.Errorf("after a break %q", got)
		}
	}
	cancel()
	for range all { // what was on its way
	}
}
