// Package usage keeps the anonymous counts that booths upload.
//
// A booth uploads what it counted in half a day until it hears that the hub has
// it, so the same counts may come twice. They are kept once: in JetStream's
// key-value bucket "usage", under a key of site, half day and batch that can be
// made but never replaced. The store writes to its disk every few seconds, so that a power
// cut may take what has just come: counts are settled only when they have been there for
// longer, and their booth keeps them until it hears so. Of when they came nothing is kept but
// the store's own time of the entry. It has no goroutines.
package usage

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"loiret.fr/visioborne/hub/bucket"
	"loiret.fr/visioborne/hub/wire"
)

const (
	bucketName = "usage"
	// wait is the longest that one access to the store may take.
	wait = 10 * time.Second
	// addWait is the same for what a booth uploads: it offers it again, and what else it says waits behind it.
	addWait = 3 * time.Second
)

// Options are what a Store needs.
type Options struct {
	JetStream jetstream.JetStream
	// Settle is after what time the store has surely written an entry to its disk.
	Settle time.Duration
	Now    func() time.Time
}

// Store is the counts of all booths.
type Store struct {
	kv      jetstream.KeyValue
	options Options
}

// OpenStore opens the store, making it if there is none.
func OpenStore(ctx context.Context, o Options) (*Store, error) {
	ctx, cancel := context.WithTimeout(ctx, wait)
	defer cancel()
	kv, err := o.JetStream.CreateOrUpdateKeyValue(ctx, jetstream.KeyValueConfig{
		Bucket: bucketName, Description: "what booths counted, by half days", History: 1, Storage: jetstream.FileStorage,
	})
	if err != nil {
		return nil, fmt.Errorf("opening bucket %s: %w", bucketName, err)
	}
	return &Store{kv, o}, nil
}

// Add keeps a site's counts, and tells whether they are settled. Counts that it has already are no error and are not added again.
func (s *Store) Add(ctx context.Context, site string, u wire.Usage) (settled bool, err error) {
	value, err := wire.Encode(u)
	if err != nil {
		return false, err
	}
	ctx, cancel := context.WithTimeout(ctx, addWait)
	defer cancel()
	key := site + "." + u.HalfDay + "." + u.Batch
	_, err = s.kv.Create(ctx, key, value)
	if err == nil || !errors.Is(err, jetstream.ErrKeyExists) {
		return false, wrap("keeping counts", err)
	}
	kept, err := s.kv.Get(ctx, key)
	if err != nil {
		return false, wrap("reading counts", err)
	}
	if !bytes.Equal(kept.Value(), value) {
		// Not the booth's doing: it adds nothing to counts that it has offered. The first ones stay.
		return false, fmt.Errorf("keeping counts: other counts are there as batch %s of %s", u.Batch, u.HalfDay)
	}
	return s.options.Now().Sub(kept.Created()) > s.options.Settle, nil
}

func wrap(doing string, err error) error {
	if err != nil {
		return fmt.Errorf("%s: %w", doing, err)
	}
	return nil
}

// Row is how often something happened at a site in half a day.
type Row struct {
	Site, HalfDay, Partner, What string
	N                            int
}

// List returns the rows of the half days that begin with a prefix ("2026-11"), in order of site, half day, partner and word.
func (s *Store) List(ctx context.Context, prefix string) ([]Row, error) {
	ctx, cancel := context.WithTimeout(ctx, wait)
	defer cancel()
	sums := map[Row]int{}
	err := bucket.Each(ctx, s.kv, func(key string, value []byte) error {
		site, _, _ := strings.Cut(key, ".")
		u, err := wire.Decode[wire.Usage](value)
		if err != nil {
			return fmt.Errorf("%s: %w", key, err)
		}
		if !strings.HasPrefix(u.HalfDay, prefix) {
			return nil
		}
		for _, c := range u.Counts {
			sums[Row{Site: site, HalfDay: u.HalfDay, Partner: c.Partner, What: c.What}] += c.N
		}
		return nil
	})
	if err != nil {
		return nil, wrap("listing counts", err)
	}
	return rows(sums), nil
}

func rows(sums map[Row]int) []Row {
	all := make([]Row, 0, len(sums))
	for r, n := range sums {
		r.N = n
		all = append(all, r)
	}
	slices.SortFunc(all, func(a, b Row) int {
		return cmp.Or(cmp.Compare(a.Site, b.Site), cmp.Compare(a.HalfDay, b.HalfDay), cmp.Compare(a.Partner, b.Partner), cmp.Compare(a.What, b.What))
	})
	return all
}
