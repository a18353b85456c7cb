// Package ledger keeps what the grid is made of beside the booths' counts: the
// rows that a site's agent writes by hand, and the months as they were published.
//
// A month is published once, some days after its end, and never again: what is
// computed anew from counts that came late, or from a row that was corrected,
// would tell by its difference what the protection hides. Until then agents
// write; from then on they read. A site whose booth has not brought all of its
// month by then is left out of the Département's tables, and gets a table of its own
// when the month is complete.
//
// Published months are in JetStream's key-value bucket "figures", made and never
// replaced, so that several hubs publish one and the same. Rows written by hand are in the bucket
// "hand" with who wrote them and when, and who did before. It has no goroutines.
package ledger

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"loiret.fr/visioborne/config"
	"loiret.fr/visioborne/hub/figures"
	"loiret.fr/visioborne/hub/usage"
	"loiret.fr/visioborne/hub/wire"
)

const (
	wait = 30 * time.Second
	// patience is how long after its end a month is waited for: a booth keeps what it counted for that long without a hub.
	patience = 62 * 24 * time.Hour
	// maxMonth is the largest published month, unpacked.
	maxMonth = 64 << 20
	// edits are how many earlier versions of a site's rows are kept.
	edits = 20
	// MaxNumber is the largest number that is written by hand.
	MaxNumber = 99_999
)

// Options are what a Ledger needs.
type Options struct {
	JetStream jetstream.JetStream
	// Counts lists what booths counted, by half days.
	Counts func(context.Context) ([]usage.Row, error)
	Layout config.Grid
	// Partners are the ids of the partner directory, in its order.
	Partners []string
	// Sites are the ids of the sites, in the order in which they are shown.
	Sites []string
	Now   func() time.Time
}

// Ledger is the published months and the rows written by hand.
type Ledger struct {
	options         Options
	published, hand jetstream.KeyValue
}

var (
	// ErrOpen: the month is not over, or was a few days ago; agents still write.
	ErrOpen = errors.New("the month is not published yet")
	// ErrWaiting: it could be published, but the booths have not brought all of it.
	ErrWaiting = errors.New("the month's counts are not complete yet")
	// ErrEmpty: there is nothing of that month.
	ErrEmpty = errors.New("there are no figures of that month")
	// ErrClosed: a month that is published, or about to be, is not written to.
	ErrClosed = errors.New("the month is closed")
	// ErrChanged: somebody else has written meanwhile.
	ErrChanged = errors.New("somebody else has changed these rows meanwhile")
	// ErrWrong: what was to be written cannot be.
	ErrWrong = errors.New("cannot be written")
)

// Open opens the buckets, making them if there are none.
func Open(ctx context.Context, o Options) (*Ledger, error) {
	ctx, cancel := context.WithTimeout(ctx, wait)
	defer cancel()
	bucket := func(name, about string, history uint8) (jetstream.KeyValue, error) {
		kv, err := o.JetStream.CreateOrUpdateKeyValue(ctx, jetstream.KeyValueConfig{
			Bucket: name, Description: about, History: history, Storage: jetstream.FileStorage,
		})
		if err != nil {
			return nil, fmt.Errorf("opening bucket %s: %w", name, err)
		}
		return kv, nil
	}
	published, err := bucket("figures", "months as they were published", 1)
	if err != nil {
		return nil, err
	}
	hand, err := bucket("hand", "rows that agents write by hand", edits)
	if err != nil {
		return nil, err
	}
	return &Ledger{o, published, hand}, nil
}

// Due is when a month is published: some days after its end.
func (l *Ledger) Due(month string) (time.Time, error) {
	first, err := figures.ParseMonth(month)
	if err != nil {
		return time.Time{}, err
	}
	return first.AddDate(0, 1, l.options.Layout.SettleDays), nil
}

// late: nothing of the month is waited for any more.
func (l *Ledger) late(month string) bool {
	first, err := figures.ParseMonth(month)
	return err == nil && l.options.Now().After(first.AddDate(0, 1, 0).Add(patience))
}

// Month is a month as it was published, publishing it if it is time. Without one the error is ErrOpen, ErrWaiting or ErrEmpty.
func (l *Ledger) Month(ctx context.Context, month string) (figures.Month, error) {
	return l.month(ctx, month, &reading{ledger: l})
}

func (l *Ledger) month(ctx context.Context, month string, r *reading) (figures.Month, error) {
	due, err := l.Due(month)
	if err != nil {
		return figures.Month{}, err
	}
	if m, err := l.get(ctx, month); err == nil || !errors.Is(err, jetstream.ErrKeyNotFound) {
		return m, err
	}
	if l.options.Now().Before(due) {
		return figures.Month{}, ErrOpen
	}
	state, err := r.month(ctx, month)
	if err != nil {
		return figures.Month{}, err
	}
	sites := state.complete
	if l.late(month) {
		sites = state.sites
	}
	switch {
	case len(state.sites) == 0:
		return figures.Month{}, ErrEmpty
	case len(sites) == 0:
		return figures.Month{}, ErrWaiting
	}
	m, err := figures.Publish(l.options.Layout, month, l.inOrder(sites), l.options.Partners, false, state.counts)
	if err != nil {
		return figures.Month{}, err
	}
	return l.make(ctx, month, m)
}

// siteMonth is a month in which a site is: the one of all sites, or one of its own when its counts came too late for that.
func (l *Ledger) siteMonth(ctx context.Context, month, site string, r *reading) (figures.Month, error) {
	if err := wire.CheckID("site", site); err != nil {
		return figures.Month{}, err
	}
	m, err := l.month(ctx, month, r)
	// Not before the one of all sites: the site may still be in it.
	if err != nil || slices.Contains(m.Sites, site) {
		return m, err
	}
	key := month + "." + site
	if m, err := l.get(ctx, key); err == nil || !errors.Is(err, jetstream.ErrKeyNotFound) {
		return m, err
	}
	state, err := r.month(ctx, month)
	if err != nil {
		return figures.Month{}, err
	}
	switch late := l.late(month); {
	case !slices.Contains(state.sites, site):
		return figures.Month{}, ErrEmpty
	case !late && !slices.Contains(state.complete, site):
		return figures.Month{}, ErrWaiting
	}
	if m, err = figures.Publish(l.options.Layout, month, []string{site}, l.options.Partners, true, state.counts); err != nil {
		return figures.Month{}, err
	}
	return l.make(ctx, key, m)
}

// inOrder sorts sites as they are shown; those that are in no configuration any more come last.
func (l *Ledger) inOrder(sites []string) []string {
	sites = slices.Clone(sites)
	rank := func(site string) int {
		if i := slices.Index(l.options.Sites, site); i >= 0 {
			return i
		}
		return len(l.options.Sites)
	}
	slices.SortFunc(sites, func(a, b string) int {
		if c := rank(a) - rank(b); c != 0 {
			return c
		}
		return strings.Compare(a, b)
	})
	return sites
}

// state is what is known of a month before it is published.
type state struct {
	counts []figures.Count
	// sites have something of that month; complete are those whose booths have brought all of it.
	sites, complete []string
}

// reading lists the counts once, for all months that a request asks for.
type reading struct {
	ledger *Ledger
	rows   []usage.Row
	listed bool
}

// month adds up a month. A booth brings its half days oldest first, so whoever has brought a later one has brought all.
func (r *reading) month(ctx context.Context, month string) (state, error) {
	if !r.listed {
		rows, err := r.ledger.options.Counts(ctx)
		if err != nil {
			return state{}, fmt.Errorf("reading %s: %w", month, err)
		}
		r.rows, r.listed = rows, true
	}
	var s state
	sums, sites, later := map[figures.Count]int{}, map[string]bool{}, map[string]bool{}
	for _, row := range r.rows {
		switch of := row.HalfDay[:min(len(row.HalfDay), len(month))]; {
		case of == month:
			sums[figures.Count{Site: row.Site, Partner: row.Partner, What: row.What}] += row.N
			sites[row.Site] = true
		case of > month:
			later[row.Site] = true
		}
	}
	for c, n := range sums {
		c.N = n
		s.counts = append(s.counts, c)
	}
	for _, site := range r.ledger.options.Sites {
		written, err := r.ledger.written(ctx, month, site)
		if err != nil {
			return state{}, err
		}
		s.counts = append(s.counts, written...)
		sites[site] = sites[site] || len(written) > 0
	}
	for _, site := range slices.Sorted(maps.Keys(sites)) {
		if !sites[site] {
			continue
		}
		s.sites = append(s.sites, site)
		if later[site] {
			s.complete = append(s.complete, site)
		}
	}
	return s, nil
}

func (l *Ledger) get(ctx context.Context, key string) (figures.Month, error) {
	ctx, cancel := context.WithTimeout(ctx, wait)
	defer cancel()
	e, err := l.published.Get(ctx, key)
	if err != nil {
		return figures.Month{}, fmt.Errorf("reading the published %s: %w", key, err)
	}
	m, err := unpack(e.Value())
	if err != nil {
		return figures.Month{}, fmt.Errorf("reading the published %s: %w", key, err)
	}
	return m, nil
}

// make keeps a month unless another hub was first, whose month it then is.
func (l *Ledger) make(ctx context.Context, key string, m figures.Month) (figures.Month, error) {
	b, err := pack(m)
	if err != nil {
		return figures.Month{}, fmt.Errorf("publishing %s: %w", key, err)
	}
	bounded, cancel := context.WithTimeout(ctx, wait)
	defer cancel()
	if _, err := l.published.Create(bounded, key, b); errors.Is(err, jetstream.ErrKeyExists) {
		return l.get(ctx, key)
	} else if err != nil {
		return figures.Month{}, fmt.Errorf("publishing %s: %w", key, err)
	}
	return m, nil
}

func pack(m figures.Month) ([]byte, error) {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	err := errors.Join(json.NewEncoder(z).Encode(m), z.Close())
	return b.Bytes(), err
}

func unpack(b []byte) (figures.Month, error) {
	z, err := gzip.NewReader(bytes.NewReader(b))
	if err != nil {
		return figures.Month{}, err
	}
	var m figures.Month
	if err := json.NewDecoder(io.LimitReader(z, maxMonth)).Decode(&m); err != nil {
		return figures.Month{}, err
	}
	return m, m.Validate()
}

// History are the published months that a table of a month reads: that month of a site or of all, the same a year before, and the year so far.
func (l *Ledger) History(ctx context.Context, month, site string) (figures.History, error) {
	first, err := figures.ParseMonth(month)
	if err != nil {
		return nil, err
	}
	r := &reading{ledger: l}
	read := func(month string) (figures.Month, error) {
		if site == "" {
			return l.month(ctx, month, r)
		}
		return l.siteMonth(ctx, month, site, r)
	}
	m, err := read(month)
	if err != nil {
		return nil, err
	}
	h := figures.History{month: m}
	months := []time.Time{first.AddDate(-1, 0, 0)}
	for t := time.Date(first.Year(), time.January, 1, 0, 0, 0, 0, time.UTC); t.Before(first); t = t.AddDate(0, 1, 0) {
		months = append(months, t)
	}
	for _, t := range months {
		key := t.Format("2006-01")
		switch m, err := read(key); {
		case err == nil:
			h[key] = m
		case !errors.Is(err, ErrOpen) && !errors.Is(err, ErrWaiting) && !errors.Is(err, ErrEmpty):
			if _, wrong := figures.ParseMonth(key); wrong == nil {
				return nil, err
			}
		}
	}
	return h, nil
}
