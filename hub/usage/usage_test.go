package usage

import (
	"testing"
	"time"

	"loiret.fr/visioborne/hub/natstest"
	"loiret.fr/visioborne/hub/wire"
)

// Counts are settled once the store has had the time to write them to its disk, however often they come.
func TestSettled(t *testing.T) {
	js, _ := natstest.Open(t, t.TempDir())
	now := time.Now()
	s, err := OpenStore(t.Context(), Options{JetStream: js, Settle: time.Minute, Now: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	u := wire.Usage{HalfDay: "2026-11-24-am", Batch: "aaaaaaaaaaaaaaaa", Counts: []wire.Count{{What: "session", N: 3}}}
	add := func(want bool) {
		t.Helper()
		if settled, err := s.Add(t.Context(), "gien", u); settled != want || err != nil {
			t.Errorf("settled %v, %v; want %v", settled, err, want)
		}
	}
	add(false)
	add(false)
	now = now.Add(30 * time.Second)
	add(false)
	now = now.Add(time.Minute)
	add(true)
	// A clock that was set back settles nothing.
	now = now.Add(-time.Hour)
	add(false)
	now = now.Add(2 * time.Hour)
	add(true)
	u.Counts[0].N = 4
	if settled, err := s.Add(t.Context(), "gien", u); settled || err == nil {
		t.Errorf("other counts under the same batch: settled %v, %v", settled, err)
	}
	rows, err := s.List(t.Context(), "2026-11")
	if want := (Row{Site: "gien", HalfDay: "2026-11-24-am", What: "session", N: 3}); err != nil || len(rows) != 1 || rows[0] != want {
		t.Errorf("%+v, %v; want %+v", rows, err, want)
	}
}
