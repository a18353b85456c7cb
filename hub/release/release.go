// Package release is what booths install: signed root file systems, and which
// booths may have them from when on.
//
// A release goes to three rings, one after the other: the booths that are named
// for tests, a tenth of all, all. Each ring has a date, which the site's manager
// sees beforehand with the nature of the change. A booth asks, over its own
// connection, what it is to install; the answer names a release and says whether
// it is due. What it installs it loads over HTTP, in pieces, each by its hash.
//
// The store is JetStream's: records in the key-value bucket "releases", manifests
// and pieces in the object store of the same name, so that any hub can answer.
// The private key that signs is never here. Watch runs until its context ends; nothing else has goroutines.
package release

import (
	"bytes"
	"cmp"
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"loiret.fr/visioborne/hub/bucket"
	"loiret.fr/visioborne/hub/wire"
	"loiret.fr/visioborne/hub/wire/pieces"
)

const (
	bucketName = "releases"
	records    = "release."  // and a version
	manifests  = "manifest." // and a version
	testers    = "testers"   // the sites of the first ring
)

// Ring is one of the groups of booths that get a release one after the other.
type Ring string

const (
	Test  Ring = "test"  // the booths that are named for it
	Tenth Ring = "tenth" // every tenth booth
	All   Ring = "all"
)

// rings are in the order in which a release goes through them.
var rings = [...]Ring{Test, Tenth, All}

// ParseRing reads a ring's name.
func ParseRing(s string) (Ring, error) {
	if r := Ring(s); slices.Contains(rings[:], r) {
		return r, nil
	}
	return "", fmt.Errorf("ring %.40q: expected test, tenth or all", s)
}

// Notice is how long beforehand a site's manager can see what is coming, beyond the booths for tests.
const Notice = 24 * time.Hour

// Opening is a ring's date.
type Opening struct {
	From time.Time `json:"from"`
	// AnyTime: opening hours need not be waited for.
	AnyTime bool `json:"any_time,omitempty"`
	// Why the notice was shorter than it should be.
	Why string `json:"why,omitempty"`
}

// Record is what the hub keeps of a release besides its content.
type Record struct {
	Version   string           `json:"version"`
	Kernel    string           `json:"kernel"`
	Nature    string           `json:"nature"`
	Made      time.Time        `json:"made"`
	Bytes     int64            `json:"bytes"`
	Rings     map[Ring]Opening `json:"rings,omitempty"`
	Withdrawn bool             `json:"withdrawn,omitempty"`
}

// storeWait is the longest that one access to the store may take.
const storeWait = 10 * time.Second

// Store is the releases of a hub.
type Store struct {
	kv      jetstream.KeyValue
	objects jetstream.ObjectStore
}

// OpenStore opens the store, making it if there is none.
func OpenStore(ctx context.Context, js jetstream.JetStream) (*Store, error) {
	ctx, cancel := context.WithTimeout(ctx, storeWait)
	defer cancel()
	kv, err := js.CreateOrUpdateKeyValue(ctx, jetstream.KeyValueConfig{
		Bucket: bucketName, Description: "what booths install, and from when on", History: 5, Storage: jetstream.FileStorage,
	})
	if err != nil {
		return nil, fmt.Errorf("opening bucket %s: %w", bucketName, err)
	}
	objects, err := js.CreateOrUpdateObjectStore(ctx, jetstream.ObjectStoreConfig{
		Bucket: bucketName, Description: "the pieces of what booths install", Storage: jetstream.FileStorage,
	})
	if err != nil {
		return nil, fmt.Errorf("opening object store %s: %w", bucketName, err)
	}
	return &Store{kv, objects}, nil
}

// Describe cuts a root and gives the manifest of it, all but what a person says: version, kernel, nature and date.
func Describe(root io.Reader) (wire.Manifest, error) {
	var m wire.Manifest
	whole := sha256.New()
	err := pieces.Cut(io.TeeReader(root, whole), func(p []byte) error {
		m.Bytes += int64(len(p))
		m.Pieces = append(m.Pieces, wire.Piece{Bytes: int64(len(p)), SHA256: sumOf(p)})
		return nil
	})
	m.SHA256 = hex.EncodeToString(whole.Sum(nil))
	return m, err
}

func sumOf(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// Add takes a release: its signed manifest, checked with key, and its root. No
// booth gets it before Open. Adding it again finishes what was interrupted.
func (s *Store) Add(ctx context.Context, signed []byte, key ed25519.PublicKey, root io.Reader, progress func(done, all int64)) (Record, error) {
	m, err := wire.OpenManifest(signed, key)
	if err != nil {
		return Record{}, err
	}
	var old Record
	switch _, err := s.get(ctx, records+m.Version, &old); {
	case err == nil && !old.Made.Equal(m.Made):
		return Record{}, fmt.Errorf("adding release %s: there is another one of that version, made %s; give the new one a version of its own", m.Version, old.Made.Format(time.DateTime))
	case err != nil && !errors.Is(err, jetstream.ErrKeyNotFound):
		return Record{}, err
	}
	next, done := 0, int64(0)
	err = pieces.Cut(root, func(p []byte) error {
		if next == len(m.Pieces) || sumOf(p) != m.Pieces[next].SHA256 {
			return fmt.Errorf("its piece %d is not the manifest's: this root is not the one that was signed", next+1)
		}
		next++
		done += int64(len(p))
		progress(done, m.Bytes)
		return s.put(ctx, m.Pieces[next-1].SHA256, p)
	})
	if err == nil && next != len(m.Pieces) {
		err = fmt.Errorf("it ends after %d of %d pieces", next, len(m.Pieces))
	}
	if err != nil {
		return Record{}, fmt.Errorf("adding release %s: %w", m.Version, err)
	}
	if err := s.put(ctx, manifests+m.Version, signed); err != nil {
		return Record{}, fmt.Errorf("adding release %s: %w", m.Version, err)
	}
	r := Record{Version: m.Version, Kernel: m.Kernel, Nature: m.Nature, Made: m.Made, Bytes: m.Bytes, Rings: old.Rings}
	return r, s.change(ctx, m.Version, func(kept *Record) error {
		kept.Version, kept.Kernel, kept.Nature, kept.Made, kept.Bytes = r.Version, r.Kernel, r.Nature, r.Made, r.Bytes
		return nil
	})
}

// put stores an object, unless it is there.
func (s *Store) put(ctx context.Context, name string, b []byte) error {
	ctx, cancel := context.WithTimeout(ctx, storeWait)
	defer cancel()
	if _, err := s.objects.GetInfo(ctx, name); err == nil {
		return nil
	}
	_, err := s.objects.Put(ctx, jetstream.ObjectMeta{Name: name}, bytes.NewReader(b))
	return err
}

func (s *Store) get(ctx context.Context, key string, into any) (revision uint64, err error) {
	ctx, cancel := context.WithTimeout(ctx, storeWait)
	defer cancel()
	entry, err := s.kv.Get(ctx, key)
	if err != nil {
		return 0, fmt.Errorf("reading %s: %w", key, err)
	}
	if err := json.Unmarshal(entry.Value(), into); err != nil {
		return 0, fmt.Errorf("reading %s: %w", key, err)
	}
	return entry.Revision(), nil
}

// change rewrites a record by compare-and-set.
func (s *Store) change(ctx context.Context, version string, f func(*Record) error) error {
	ctx, cancel := context.WithTimeout(ctx, storeWait)
	defer cancel()
	for {
		var r Record
		revision, err := s.get(ctx, records+version, &r)
		fresh := errors.Is(err, jetstream.ErrKeyNotFound)
		if err != nil && !fresh {
			return err
		}
		if err := f(&r); err != nil {
			return err
		}
		b, err := json.Marshal(r)
		if err != nil {
			return err
		}
		if fresh {
			_, err = s.kv.Create(ctx, records+version, b)
		} else {
			_, err = s.kv.Update(ctx, records+version, b, revision)
		}
		if wrong := (*jetstream.APIError)(nil); errors.As(err, &wrong) && wrong.ErrorCode == jetstream.JSErrCodeStreamWrongLastSequence || errors.Is(err, jetstream.ErrKeyExists) {
			continue // somebody else was faster
		}
		if err != nil {
			return fmt.Errorf("keeping release %s: %w", version, err)
		}
		return nil
	}
}

// Open gives a release to a ring. A ring comes after the ones before it, and
// beyond the booths for tests not before the notice is over, unless there is a
// reason (Why).
func (s *Store) Open(ctx context.Context, version string, ring Ring, o Opening, now time.Time) error {
	err := s.change(ctx, version, func(r *Record) error {
		if r.Version == "" {
			return fmt.Errorf("there is no release %s; see hub release list", version)
		}
		if r.Withdrawn {
			return errors.New("it has been withdrawn; publish a new one")
		}
		if ring != Test && o.From.Before(now.Add(Notice)) && o.Why == "" {
			return fmt.Errorf("%s is less than %v from now, and the sites' managers have not seen it; give a later -from, or the reason with -at-once",
				o.From.Format("2006-01-02 15:04"), Notice)
		}
		if i := slices.Index(rings[:], ring); i > 0 {
			before, ok := r.Rings[rings[i-1]]
			if !ok || before.From.After(o.From) {
				return fmt.Errorf("ring %s comes after ring %s, which has no date before this one", ring, rings[i-1])
			}
		}
		if r.Rings == nil {
			r.Rings = map[Ring]Opening{}
		}
		r.Rings[ring] = o
		return nil
	})
	if err != nil {
		return fmt.Errorf("opening release %s to ring %s: %w", version, ring, err)
	}
	return nil
}

// Withdraw ends a release: no booth begins with it any more.
func (s *Store) Withdraw(ctx context.Context, version string) error {
	err := s.change(ctx, version, func(r *Record) error {
		if r.Version == "" {
			return fmt.Errorf("there is no release %s; see hub release list", version)
		}
		r.Withdrawn = true
		return nil
	})
	if err != nil {
		return fmt.Errorf("withdrawing release %s: %w", version, err)
	}
	return nil
}

// Remove deletes a withdrawn release and the pieces that no other one has.
func (s *Store) Remove(ctx context.Context, version string) error {
	all, err := s.List(ctx)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(all, func(r Record) bool { return r.Version == version })
	switch {
	case i < 0:
		return fmt.Errorf("removing release %s: there is none", version)
	case !all[i].Withdrawn:
		return fmt.Errorf("removing release %s: withdraw it first, so that no booth is loading it", version)
	}
	keep := map[string]bool{}
	for _, r := range all {
		if r.Version != version {
			names, err := s.names(ctx, r.Version)
			if err != nil {
				return err
			}
			for _, n := range names {
				keep[n] = true
			}
		}
	}
	names, err := s.names(ctx, version)
	if err != nil {
		return err
	}
	// The record last: a removal that was interrupted can be done again.
	for _, n := range append(names, manifests+version) {
		if keep[n] {
			continue
		}
		if err := s.objects.Delete(ctx, n); err != nil && !errors.Is(err, jetstream.ErrObjectNotFound) {
			return fmt.Errorf("removing release %s: %w", version, err)
		}
	}
	if err := s.kv.Delete(ctx, records+version); err != nil {
		return fmt.Errorf("removing release %s: %w", version, err)
	}
	return nil
}

// names are the pieces of a release; none when its manifest is gone already.
func (s *Store) names(ctx context.Context, version string) ([]string, error) {
	b, err := s.objects.GetBytes(ctx, manifests+version)
	if errors.Is(err, jetstream.ErrObjectNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("reading the manifest of release %s: %w", version, err)
	}
	// It was checked when it came; here only its pieces are wanted.
	var signed struct{ Manifest []byte }
	var m wire.Manifest
	if err := errors.Join(json.Unmarshal(b, &signed), json.Unmarshal(signed.Manifest, &m)); err != nil {
		return nil, fmt.Errorf("reading the manifest of release %s: %w", version, err)
	}
	var names []string
	for _, p := range m.Pieces {
		names = append(names, p.SHA256)
	}
	return names, nil
}

// List gives every release, the newest first.
func (s *Store) List(ctx context.Context) ([]Record, error) {
	ctx, cancel := context.WithTimeout(ctx, storeWait)
	defer cancel()
	keys, err := s.kv.ListKeysFiltered(ctx, records+">")
	if err != nil {
		return nil, fmt.Errorf("listing releases: %w", err)
	}
	var all []Record
	for key := range keys.Keys() {
		var r Record
		if _, err := s.get(ctx, key, &r); err != nil {
			if errors.Is(err, jetstream.ErrKeyNotFound) {
				continue
			}
			return nil, fmt.Errorf("listing releases: %w", err)
		}
		all = append(all, r)
	}
	slices.SortFunc(all, func(a, b Record) int { return cmp.Or(b.Made.Compare(a.Made), strings.Compare(a.Version, b.Version)) })
	return all, nil
}

// SetTesters names the sites of the first ring.
func (s *Store) SetTesters(ctx context.Context, sites []string) error {
	b, err := json.Marshal(sites)
	if err == nil {
		ctx, cancel := context.WithTimeout(ctx, storeWait)
		defer cancel()
		_, err = s.kv.Put(ctx, testers, b)
	}
	if err != nil {
		return fmt.Errorf("naming the booths for tests: %w", err)
	}
	return nil
}

// Testers are the sites of the first ring.
func (s *Store) Testers(ctx context.Context) ([]string, error) {
	var sites []string
	if _, err := s.get(ctx, testers, &sites); err != nil && !errors.Is(err, jetstream.ErrKeyNotFound) {
		return nil, fmt.Errorf("reading the booths for tests: %w", err)
	}
	return sites, nil
}

// Watch calls changed whenever a release or a ring has changed, until ctx ends.
func (s *Store) Watch(ctx context.Context, changed func()) error {
	watch, err := bucket.Watch(ctx, s.kv, jetstream.AllKeys, jetstream.UpdatesOnly(), jetstream.MetaOnly())
	if ctx.Err() != nil {
		return nil
	}
	if err != nil {
		return fmt.Errorf("watching releases: %w", err)
	}
	for {
		select {
		case <-ctx.Done():
			return nil
		case entry, open := <-watch:
			if !open {
				return nil // with ctx
			}
			if entry != nil {
				changed()
			}
		}
	}
}

// Offer is what a site's booth that runs a version is to install, or what is announced to it.
func (s *Store) Offer(ctx context.Context, site, running string, sites []string, now time.Time) (wire.Offer, error) {
	all, err := s.List(ctx)
	if err != nil {
		return wire.Offer{}, err
	}
	named, err := s.Testers(ctx)
	if err != nil {
		return wire.Offer{}, err
	}
	return offer(all, running, ringsOf(site, named, sites), now), nil
}

// offer gives the newest release that is due, else the newest that is announced;
// nothing from the running one back.
func offer(newestFirst []Record, running string, member []Ring, now time.Time) wire.Offer {
	var announced wire.Offer
	for _, r := range newestFirst {
		if r.Version == running {
			break
		}
		var first *Opening
		for _, ring := range member {
			if o, ok := r.Rings[ring]; ok && (first == nil || o.From.Before(first.From)) {
				first = &o
			}
		}
		if r.Withdrawn || first == nil {
			continue
		}
		o := wire.Offer{Version: r.Version, Nature: r.Nature, From: first.From.UTC(), AnyTime: first.AnyTime, Due: !now.Before(first.From)}
		if o.Due {
			return o
		}
		if announced.Version == "" {
			announced = o
		}
	}
	return announced
}

// ringsOf gives the rings that a site is in.
func ringsOf(site string, testers, sites []string) []Ring {
	member := []Ring{All}
	if slices.Contains(testers, site) {
		member = append(member, Test)
	}
	if slices.Contains(tenthOf(sites), site) {
		member = append(member, Tenth)
	}
	return member
}

// tenthOf is a tenth of sites, and one at least: those whose ids have the lowest hashes, so that nobody chooses and it stays.
func tenthOf(sites []string) []string {
	order := slices.SortedFunc(slices.Values(sites), func(a, b string) int { return strings.Compare(sumOf([]byte(a)), sumOf([]byte(b))) })
	return order[:(len(order)+9)/10]
}

// RingsOf gives the first ring of each site, as they are now.
func (s *Store) RingsOf(ctx context.Context, sites []string) (map[string]Ring, error) {
	testers, err := s.Testers(ctx)
	if err != nil {
		return nil, err
	}
	all := make(map[string]Ring, len(sites))
	tenth := tenthOf(sites)
	for _, site := range sites {
		switch {
		case slices.Contains(testers, site):
			all[site] = Test
		case slices.Contains(tenth, site):
			all[site] = Tenth
		default:
			all[site] = All
		}
	}
	return all, nil
}

// serving is how many pieces are sent at a time: each is in memory meanwhile.
const serving = 32

// Routes adds what booths load.
func (s *Store) Routes(mux *http.ServeMux, log *slog.Logger) {
	turns := make(chan struct{}, serving)
	serve := func(w http.ResponseWriter, r *http.Request, name, kind string) {
		select {
		case turns <- struct{}{}:
			defer func() { <-turns }()
		default:
			w.Header().Set("Retry-After", "10")
			http.Error(w, "too many booths load at this moment", http.StatusServiceUnavailable)
			return
		}
		b, err := s.objects.GetBytes(r.Context(), name)
		switch {
		case errors.Is(err, jetstream.ErrObjectNotFound):
			http.NotFound(w, r)
		case err != nil:
			if r.Context().Err() == nil {
				log.Error("reading a release", "name", name, "error", err)
			}
			http.Error(w, "the store does not answer", http.StatusServiceUnavailable)
		default:
			w.Header().Set("Content-Type", kind)
			// A piece is named by its content: whoever has it need not ask again.
			w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
			http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(b))
		}
	}
	mux.HandleFunc("GET "+wire.PiecesPath+"{sum}", func(w http.ResponseWriter, r *http.Request) {
		if wire.CheckSum("sum", r.PathValue("sum")) != nil {
			http.NotFound(w, r)
			return
		}
		serve(w, r, r.PathValue("sum"), "application/octet-stream")
	})
	mux.HandleFunc("GET "+wire.ReleasesPath+"{version}", func(w http.ResponseWriter, r *http.Request) {
		if wire.CheckVersion(r.PathValue("version")) != nil {
			http.NotFound(w, r)
			return
		}
		serve(w, r, manifests+r.PathValue("version"), "application/json")
	})
}
