package ledger

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/nats-io/nats.go/jetstream"

	"loiret.fr/visioborne/config"
	"loiret.fr/visioborne/hub/figures"
	"loiret.fr/visioborne/hub/natstest"
	"loiret.fr/visioborne/hub/usage"
)

// world is a store, counts and a clock.
type world struct {
	t      *testing.T
	js     jetstream.JetStream
	mu     sync.Mutex
	rows   []usage.Row
	now    time.Time
	listed int
}

func newWorld(t *testing.T) *world {
	t.Helper()
	js, _ := natstest.Open(t, t.TempDir())
	return &world{t: t, js: js, now: time.Date(2026, 11, 5, 12, 0, 0, 0, time.UTC)}
}

func (w *world) open() *Ledger {
	w.t.Helper()
	l, err := Open(w.t.Context(), Options{
		JetStream: w.js, Partners: []string{"caf"}, Sites: []string{"gien", "patay", "lorris"},
		Layout: config.Grid{Threshold: 5, SettleDays: 10, PromisedHours: 24, Rows: []config.GridRow{
			{ID: "visites", Title: "Visites", Kind: config.RowHand, By: config.BySite},
			{ID: "demandes", Title: "Demandes", Kind: config.RowCounts, By: config.BySite, Counts: []string{"call_wanted"}},
		}},
		Counts: func(context.Context) ([]usage.Row, error) {
			w.mu.Lock()
			defer w.mu.Unlock()
			w.listed++
			return slices.Clone(w.rows), nil
		},
		Now: func() time.Time { w.mu.Lock(); defer w.mu.Unlock(); return w.now },
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return l
}

func (w *world) set(now string, rows ...usage.Row) {
	w.t.Helper()
	at, err := time.Parse(time.DateOnly, now)
	if err != nil {
		w.t.Fatal(err)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now = at
	w.rows = append(w.rows, rows...)
}

func wanted(site, halfDay string, n int) usage.Row {
	return usage.Row{Site: site, HalfDay: halfDay, Partner: "caf", What: "call_wanted", N: n}
}

func TestAMonthIsPublishedOnce(t *testing.T) {
	w := newWorld(t)
	l := w.open()
	if _, err := l.Month(t.Context(), "2026-10"); !errors.Is(err, ErrOpen) {
		t.Errorf("before it is due: %v", err)
	}
	w.set("2026-11-11", wanted("gien", "2026-10-05-am", 20), wanted("gien", "2026-10-05-pm", 12), wanted("patay", "2026-10-30-am", 9))
	if _, err := l.Month(t.Context(), "2026-10"); !errors.Is(err, ErrWaiting) {
		t.Errorf("with no site complete: %v", err)
	}
	if _, err := l.siteMonth(t.Context(), "2026-10", "gien", &reading{ledger: l}); !errors.Is(err, ErrWaiting) {
		t.Errorf("a site before all: %v", err)
	}
	// Gien has brought a later half day, and so all of October.
	w.set("2026-11-12", wanted("gien", "2026-11-02-am", 1))
	first, err := l.Month(t.Context(), "2026-10")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"gien"}, first.Sites); diff != "" || first.Rows[1].Cells[1][0] != 32 {
		t.Errorf("published %+v", first)
	}
	// What comes late changes nothing, for another hub neither.
	w.set("2026-11-20", wanted("gien", "2026-10-31-pm", 3), wanted("patay", "2026-11-03-am", 1))
	again, err := w.open().Month(t.Context(), "2026-10")
	if diff := cmp.Diff(first, again); diff != "" || err != nil {
		t.Errorf("published again (%v; -first +again):\n%s", err, diff)
	}
	patay, err := l.siteMonth(t.Context(), "2026-10", "patay", &reading{ledger: l})
	if err != nil || !patay.Alone || patay.Rows[1].Cells[0][0] != 9 {
		t.Errorf("the late site: %+v, %v", patay, err)
	}
	w.set("2026-11-21", wanted("patay", "2026-10-31-pm", 3))
	if later, err := l.siteMonth(t.Context(), "2026-10", "patay", &reading{ledger: l}); err != nil || cmp.Diff(patay, later) != "" {
		t.Errorf("the late site changes: %+v, %v", later, err)
	}
	if _, err := l.siteMonth(t.Context(), "2026-10", "lorris", &reading{ledger: l}); !errors.Is(err, ErrEmpty) {
		t.Errorf("a site without counts: %v", err)
	}
	if _, err := l.Month(t.Context(), "2026-09"); !errors.Is(err, ErrEmpty) {
		t.Errorf("a month without counts: %v", err)
	}
}

// Where no booth comes back, what is there is published in the end.
func TestNobodyIsWaitedForForEver(t *testing.T) {
	w := newWorld(t)
	l := w.open()
	w.set("2027-01-01", wanted("gien", "2026-10-05-am", 20))
	if _, err := l.Month(t.Context(), "2026-10"); !errors.Is(err, ErrWaiting) {
		t.Errorf("after 61 days: %v", err)
	}
	w.set("2027-01-03")
	m, err := l.Month(t.Context(), "2026-10")
	if err != nil || len(m.Sites) != 1 {
		t.Errorf("after 63 days: %+v, %v", m, err)
	}
}

// Several hubs that publish at once give one month.
func TestHubsAgree(t *testing.T) {
	w := newWorld(t)
	w.set("2026-11-12", wanted("gien", "2026-10-05-am", 20), wanted("gien", "2026-11-02-am", 1))
	var group sync.WaitGroup
	got := make([]figures.Month, 8)
	for i := range got {
		l := w.open()
		w.set("2026-11-12", wanted("gien", "2026-10-06-am", i))
		group.Go(func() {
			var err error
			if got[i], err = l.Month(t.Context(), "2026-10"); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	for _, m := range got {
		if diff := cmp.Diff(got[0], m); diff != "" {
			t.Errorf("two hubs published:\n%s", diff)
		}
	}
}

func TestHistoryListsCountsOnce(t *testing.T) {
	w := newWorld(t)
	l := w.open()
	w.set("2026-11-12", wanted("gien", "2026-10-05-am", 20), wanted("gien", "2026-11-02-am", 1))
	h, err := l.History(t.Context(), "2026-10", "")
	if err != nil || len(h) != 1 || w.listed != 1 {
		t.Errorf("%d months, listed %d times, %v", len(h), w.listed, err)
	}
	if _, err := l.History(t.Context(), "2020-01", ""); !errors.Is(err, ErrEmpty) {
		t.Errorf("before the beginning of time: %v", err)
	}
}

func TestRowsByHand(t *testing.T) {
	w := newWorld(t)
	l := w.open()
	w.set("2026-10-31")
	ten, twelve, wrong, many := 10, 12, -1, MaxNumber+1
	write := func(by string, revision uint64, numbers map[string]*int) error {
		return l.Write(t.Context(), "2026-10", "gien", by, revision, numbers)
	}
	if err := write("agent.gien", 0, map[string]*int{"visites": &ten}); err != nil {
		t.Fatal(err)
	}
	h, err := l.Hand(t.Context(), "2026-10", "gien")
	want := map[string]Entry{"visites": {10, "agent.gien", time.Date(2026, 10, 31, 0, 0, 0, 0, time.UTC)}}
	if diff := cmp.Diff(want, h.Entries); diff != "" || err != nil {
		t.Fatalf("written (%v; -want +got):\n%s", err, diff)
	}
	for _, c := range []struct {
		name     string
		revision uint64
		numbers  map[string]*int
		want     error
	}{
		{"as if nothing were there", 0, map[string]*int{"visites": &twelve}, ErrChanged},
		{"over an older version", h.Revision + 1, map[string]*int{"visites": &twelve}, ErrChanged},
		{"a row of counts", h.Revision, map[string]*int{"demandes": &twelve}, ErrWrong},
		{"no such row", h.Revision, map[string]*int{"autre": &twelve}, ErrWrong},
		{"less than nothing", h.Revision, map[string]*int{"visites": &wrong}, ErrWrong},
		{"too many", h.Revision, map[string]*int{"visites": &many}, ErrWrong},
	} {
		if err := write("x", c.revision, c.numbers); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	if err := l.Write(t.Context(), "2026-10", "nulle-part", "x", 0, nil); !errors.Is(err, ErrWrong) {
		t.Errorf("a site that is not there: %v", err)
	}
	if err := l.Write(t.Context(), "2026-12", "gien", "x", 0, nil); !errors.Is(err, ErrWrong) {
		t.Errorf("a month to come: %v", err)
	}
	if err := write("manager", h.Revision, map[string]*int{"visites": &twelve}); err != nil {
		t.Fatal(err)
	}
	// Published, the month is closed, and the number is in it.
	w.set("2026-11-11", wanted("gien", "2026-10-05-am", 20), wanted("gien", "2026-11-02-am", 1))
	if err := write("agent.gien", 0, nil); !errors.Is(err, ErrClosed) {
		t.Errorf("into a closed month: %v", err)
	}
	m, err := l.Month(t.Context(), "2026-10")
	if err != nil || m.Rows[0].Cells[0][0] != 12 {
		t.Errorf("published %+v, %v", m, err)
	}
}
