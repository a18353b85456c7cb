package ledger

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"loiret.fr/visioborne/config"
	"loiret.fr/visioborne/hub/figures"
	"loiret.fr/visioborne/hub/wire"
)

// Entry is a number that was written by hand.
type Entry struct {
	N int `json:"n"`
	// By is who wrote it, and At when.
	By string    `json:"by"`
	At time.Time `json:"at"`
}

// Hand are a site's numbers of a month, by row.
type Hand struct {
	// Revision tells this version from others; 0 when nothing is written.
	Revision uint64
	Entries  map[string]Entry
}

// HandRows are the rows of the layout that are written by hand.
func (l *Ledger) HandRows() []config.GridRow {
	var rows []config.GridRow
	for _, r := range l.options.Layout.Rows {
		if r.Kind == config.RowHand {
			rows = append(rows, r)
		}
	}
	return rows
}

// Writable tells why a month cannot be written to; nil when it can.
func (l *Ledger) Writable(month string) error {
	due, err := l.Due(month)
	if err != nil {
		return err
	}
	first, err := figures.ParseMonth(month)
	if err != nil {
		return err
	}
	switch now := l.options.Now(); {
	case !now.Before(due):
		return ErrClosed
	case now.Before(first.Add(-24 * time.Hour)): // it may have begun already, further east
		return fmt.Errorf("%s has not begun: %w", month, ErrWrong)
	}
	return nil
}

// Hand is what is written of a site's month.
func (l *Ledger) Hand(ctx context.Context, month, site string) (Hand, error) {
	if _, err := figures.ParseMonth(month); err != nil {
		return Hand{}, err
	}
	if err := wire.CheckID("site", site); err != nil {
		return Hand{}, err
	}
	ctx, cancel := context.WithTimeout(ctx, wait)
	defer cancel()
	e, err := l.hand.Get(ctx, site+"."+month)
	if errors.Is(err, jetstream.ErrKeyNotFound) {
		return Hand{Entries: map[string]Entry{}}, nil
	}
	if err != nil {
		return Hand{}, fmt.Errorf("reading the rows of %s, %s: %w", site, month, err)
	}
	h := Hand{Revision: e.Revision(), Entries: map[string]Entry{}}
	if err := json.Unmarshal(e.Value(), &h.Entries); err != nil {
		return Hand{}, fmt.Errorf("reading the rows of %s, %s: %w", site, month, err)
	}
	return h, nil
}

// Write writes numbers of a site's month over those of a revision; nil takes a number away. Rows that are not named stay.
func (l *Ledger) Write(ctx context.Context, month, site, by string, revision uint64, numbers map[string]*int) error {
	if err := l.Writable(month); err != nil {
		return fmt.Errorf("writing the rows of %s: %w", site, err)
	}
	if !slices.Contains(l.options.Sites, site) {
		return fmt.Errorf("writing the rows of %.40q: there is no such site: %w", site, ErrWrong)
	}
	h, err := l.Hand(ctx, month, site)
	if err != nil {
		return err
	}
	if h.Revision != revision {
		return ErrChanged
	}
	rows := l.HandRows()
	now := l.options.Now().UTC().Truncate(time.Second)
	for id, n := range numbers {
		switch {
		case !slices.ContainsFunc(rows, func(r config.GridRow) bool { return r.ID == id }):
			return fmt.Errorf("writing the rows of %s: row %.40q is not written by hand: %w", site, id, ErrWrong)
		case n == nil:
			delete(h.Entries, id)
		case *n < 0 || *n > MaxNumber:
			return fmt.Errorf("writing the rows of %s: %s: %d is not in 0 to %d: %w", site, id, *n, MaxNumber, ErrWrong)
		case h.Entries[id].N != *n || h.Entries[id].By == "":
			h.Entries[id] = Entry{N: *n, By: by, At: now}
		}
	}
	b, err := json.Marshal(h.Entries)
	if err != nil {
		return fmt.Errorf("writing the rows of %s: %w", site, err)
	}
	ctx, cancel := context.WithTimeout(ctx, wait)
	defer cancel()
	key := site + "." + month
	if revision == 0 {
		_, err = l.hand.Create(ctx, key, b)
	} else {
		_, err = l.hand.Update(ctx, key, b, revision)
	}
	if errors.Is(err, jetstream.ErrKeyExists) || errors.Is(err, jetstream.ErrKeyRevisionMismatch) {
		return ErrChanged
	}
	if err != nil {
		return fmt.Errorf("writing the rows of %s: %w", site, err)
	}
	return nil
}

// written are a site's rows as counts.
func (l *Ledger) written(ctx context.Context, month, site string) ([]figures.Count, error) {
	h, err := l.Hand(ctx, month, site)
	if err != nil {
		return nil, err
	}
	var counts []figures.Count
	for _, r := range l.HandRows() {
		if e, ok := h.Entries[r.ID]; ok {
			counts = append(counts, figures.Count{Site: site, What: figures.HandWord(r.ID), N: e.N})
		}
	}
	return counts, nil
}
