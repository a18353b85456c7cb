package queue

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

// A hub is deaf when the store does not answer, or its watch stays behind, for seconds; not for a moment.
func TestDeaf(t *testing.T) {
	type second struct {
		last, heard uint64
		away        bool
		want        bool
	}
	for name, seconds := range map[string][]second{
		"quiet":         {{last: 7}, {last: 7}, {last: 7}, {last: 7}, {last: 7}},
		"busy":          {{last: 8, heard: 7}, {last: 9, heard: 8}, {last: 12, heard: 9}, {last: 13, heard: 12}, {last: 14, heard: 13}},
		"a moment away": {{last: 7}, {away: true}, {away: true}, {last: 7}, {away: true}, {last: 7}},
		"away":          {{last: 7}, {away: true}, {away: true}, {away: true}, {away: true, want: true}, {last: 7}},
		"behind": {
			{last: 8, heard: 7}, {last: 9, heard: 7}, {last: 9, heard: 7}, {last: 9, heard: 7}, {last: 9, heard: 7, want: true}, {last: 9, heard: 9},
		},
	} {
		synctest.Test(t, func(t *testing.T) {
			var present second
			ask := func(context.Context, ...jetstream.StreamInfoOpt) (*jetstream.StreamInfo, error) {
				if present.away {
					return nil, errors.New("no leader")
				}
				return &jetstream.StreamInfo{State: jetstream.StreamState{LastSeq: present.last}}, nil
			}
			still := func(context.Context, ...jetstream.StreamInfoOpt) (*jetstream.StreamInfo, error) {
				return &jetstream.StreamInfo{}, nil
			}
			q := &Queue{ears: [2]*ear{{ask: ask, heard: 7, said: 7}, {ask: still}}}
			q.deaf(t.Context())
			for n, s := range seconds {
				time.Sleep(tick) // of the bubble's clock
				present = s
				q.ears[0].heard = max(q.ears[0].heard, s.heard)
				if got := q.deaf(t.Context()); got != s.want {
					t.Errorf("%s, second %d: deaf %t, want %t", name, n, got, s.want)
				}
			}
		})
	}
}
