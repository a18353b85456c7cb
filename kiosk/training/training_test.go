package training

import (
	"context"
	"log/slog"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

// told gathers what an adviser tells.
type told struct {
	mu  sync.Mutex
	all []Event
}

func (t *told) event(e Event) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.all = append(t.all, e)
}

// Whoever gives up waiting is not answered, and a call takes the place of the one before.
func TestLine(t *testing.T) {
	for name, try := range map[string]struct {
		then func(*Adviser)
		want []Event
	}{
		"left in line":          {func(a *Adviser) { a.Leave("one") }, []Event{Queued{"one"}}},
		"another's is not left": {func(a *Adviser) { a.Leave("two") }, []Event{Queued{"one"}, Ringing{"one"}}},
		"a second call": {
			func(a *Adviser) { a.Place(context.Background(), "two") },
			[]Event{Queued{"one"}, Queued{"two"}, Ringing{"two"}},
		},
		"a flood of signals": {
			func(a *Adviser) {
				for range 1000 {
					a.Receive("one", Signal{Kind: "candidate"})
				}
			},
			[]Event{Queued{"one"}, Ringing{"one"}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var heard told
				a := New(Options{Event: heard.event, Log: slog.New(slog.DiscardHandler)})
				a.Place(t.Context(), "one")
				synctest.Wait()
				try.then(a)
				time.Sleep(lineTime + ringTime/2)
				a.Close()
				if diff := cmp.Diff(try.want, heard.all); diff != "" {
					t.Errorf("events (-want +got):\n%s", diff)
				}
			})
		})
	}
}
