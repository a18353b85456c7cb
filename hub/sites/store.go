// Package sites keeps the configuration of each site in versions: who changed
// what, why, and from when on it is in force.
//
// Nothing changes on a booth before the site's managers were told. A version is
// kept first, then told to them by e-mail, and only what they were told of has a
// date from which on it is in force: the one that its author wished, but not sooner
// than the days of notice, unless the author says why it must be at once; then the
// mail goes first all the same. If no mail can be sent, the version stays in the
// history with the reason and is never in force. The page of managers and of a
// site's agents shows what is coming too.
//
// Versions are in JetStream's key-value bucket "site-versions", one key a version,
// numbered from 1 at each site. Keeping one claims the next number by create-if-
// absent, so that of two editors who began with the same version one is told; of
// several hubs one sends the mail, by compare-and-set. The first version is the file
// that the hub was started with. A hub that is killed between sending a mail and
// noting it sends it again. Run owns its goroutines. Versions are never removed.
// The partner directory that goes with a version is under a key of its own, by its sum:
// thousands of sites have the same, and a hub that starts would read it for each.
package sites

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode"
	"unicode/utf8"
	"unique"

	"github.com/nats-io/nats.go/jetstream"

	"loiret.fr/visioborne/config"
	"loiret.fr/visioborne/hub/bucket"
	"loiret.fr/visioborne/hub/wire"
)

const (
	bucketName = "site-versions"
	versionKey = "version." // and a site and a number
	partners   = "partners" // the directory that the hub was started with
	textKey    = "text."    // and a sum: a partner directory of versions
	maxText    = 200        // of an author's words but the nature, in bytes
	maxKept    = 256 << 10  // a version's texts fit into a message, and JSON makes them longer
	storeWait  = 5 * time.Second
	// comingBytes is room for what is announced, beside a version in a message.
	comingBytes = 1 << 10
	sendClaim   = 10 * time.Minute // how long nobody else sends a notice meanwhile
	// findWait is how long what must be there is looked for, and findEvery how often.
	findWait, findEvery = 2 * time.Second, 200 * time.Millisecond
)

// Failure is why no notice could be sent.
type Failure string

const (
	NoMail    Failure = "no_mail"    // the hub has no mail server
	NoManager Failure = "no_manager" // neither the site nor the new version names a manager
	NotSent   Failure = "not_sent"   // the mail server did not take it
	Unusable  Failure = "unusable"   // this hub cannot read it: a newer one has kept it
)

// Version is a site's configuration, and what became of it.
type Version struct {
	Site   string `json:"site"`
	Number int    `json:"number"`
	// Author is the account's user, or a command's; "" for the first version.
	Author string `json:"author"`
	// Reason is for colleagues; Nature is what changes, in plain French, for the site's managers and the booth's screen.
	Reason string    `json:"reason"`
	Nature string    `json:"nature"`
	Saved  time.Time `json:"saved"`
	// Wish is from when on the author would have it; zero for as soon as may be.
	Wish time.Time `json:"wish,omitzero"`
	// Urgent is why the days of notice cannot be waited for; "" when they can.
	Urgent       string `json:"urgent,omitempty"`
	SiteYAML     string `json:"site_yaml"`
	PartnersYAML string `json:"partners_yaml,omitempty"`

	// From is from when on it is in force; zero while the managers were not told.
	From time.Time `json:"from,omitzero"`
	// Told are the addresses to which the notice went, and ToldAt when.
	Told   []string  `json:"told,omitempty"`
	ToldAt time.Time `json:"told_at,omitzero"`
	// Failure is why no notice could be sent; "" when it was, or will be.
	Failure Failure `json:"failure,omitempty"`
	// Sending: somebody is sending the notice, and nobody else does before.
	Sending time.Time `json:"sending,omitzero"`
}

// pending: its notice is still to be sent.
func (v Version) pending() bool { return v.From.IsZero() && v.Failure == "" }

// Sum is what booths know the version by.
func (v Version) Sum() string { return wire.ConfigurationSum(v.SiteYAML, v.PartnersYAML) }

func (v Version) read() (*config.Booth, error) {
	return config.Read(config.Source{Name: v.Site + ".yaml", Text: []byte(v.SiteYAML)}, config.Source{Name: "partners.yaml", Text: []byte(v.PartnersYAML)})
}

// History is a site's versions, in the order of their numbers.
type History []Version

// Latest is the last one that was kept, whatever became of it.
func (h History) Latest() Version { return h[len(h)-1] }

// Version finds one by its number.
func (h History) Version(number int) (Version, bool) {
	i := slices.IndexFunc(h, func(v Version) bool { return v.Number == number })
	if i < 0 {
		return Version{}, false
	}
	return h[i], true
}

// InForce is the version that is in force at a time: of those whose date has come, the last.
func (h History) InForce(at time.Time) Version {
	for _, v := range slices.Backward(h) {
		if !v.From.IsZero() && !v.From.After(at) {
			return v
		}
	}
	return h[0] // a clock that was set back
}

// Coming is the next version that comes into force after a time.
func (h History) Coming(at time.Time) (Version, bool) {
	inForce := h.InForce(at).Number
	var next Version
	for _, v := range h {
		if v.Number > inForce && v.From.After(at) && (next.Number == 0 || !v.From.After(next.From)) {
			next = v
		}
	}
	return next, next.Number > 0
}

// Base is the last version that is in force or will be, as far as is known: what an editor goes on from.
func (h History) Base() Version {
	for _, v := range slices.Backward(h) {
		if v.Failure == "" {
			return v
		}
	}
	return h[0]
}

// Draft is a version as its author gives it.
type Draft struct {
	// Base is the number of the last version that the author has seen.
	Base                   int
	Author, Reason, Nature string
	Wish                   time.Time
	Urgent                 string
	SiteYAML               string
	// Record records what is about to be kept. Without a record nothing is.
	Record func(context.Context, Version) error
}

var (
	// ErrUnknownSite: the hub has no such site.
	ErrUnknownSite = errors.New("the hub has no such site")
	// ErrConflict: somebody else has kept a version since.
	ErrConflict = errors.New("somebody else has changed this site's configuration meanwhile; look at the difference to the latest version and try again")
	// ErrSame: nothing changes.
	ErrSame = errors.New("this is what the latest version says already; nothing changes")
	// ErrDraft: something is missing or too long.
	ErrDraft = errors.New("the change is not complete")
)

// Store is the bucket of all versions.
type Store struct {
	kv jetstream.KeyValue

	mu    sync.Mutex
	texts map[string]string // partner directories that are known to be in the bucket, by their sums
}

// kept is a version as the bucket has it.
type kept struct {
	Version
	// PartnersSum is the sum of the partner directory; "" in versions that have it with them, as all once had.
	PartnersSum string `json:"partners_sum,omitempty"`
}

// OpenStore opens the bucket, making it if there is none.
func OpenStore(ctx context.Context, js jetstream.JetStream) (*Store, error) {
	ctx, cancel := context.WithTimeout(ctx, storeWait)
	defer cancel()
	kv, err := js.CreateOrUpdateKeyValue(ctx, jetstream.KeyValueConfig{
		Bucket: bucketName, Description: "the configuration of each site, in versions", History: 1,
		MaxValueSize: maxKept, Storage: jetstream.FileStorage, Compression: true,
	})
	if err != nil {
		return nil, fmt.Errorf("opening bucket %s: %w", bucketName, err)
	}
	return &Store{kv: kv, texts: map[string]string{}}, nil
}

func key(site string, number int) string { return fmt.Sprintf("%s%s.%d", versionKey, site, number) }

func decode(value []byte) (kept, error) {
	var k kept
	if err := json.Unmarshal(value, &k); err != nil {
		return kept{}, err
	}
	if err := wire.CheckID("site", k.Site); err != nil {
		return kept{}, err
	}
	if k.Number < 1 {
		return kept{}, fmt.Errorf("number %d; expected 1 or more", k.Number)
	}
	if k.PartnersSum != "" && (len(k.PartnersSum) != 2*sha256.Size || strings.Trim(k.PartnersSum, "0123456789abcdef") != "") {
		return kept{}, fmt.Errorf("partners_sum %.80q; expected a SHA-256 in hexadecimal digits", k.PartnersSum)
	}
	return k, nil
}

func sum(text string) string { return fmt.Sprintf("%x", sha256.Sum256([]byte(text))) }

// version is what an entry of the bucket says, with its partner directory.
func (s *Store) version(ctx context.Context, value []byte) (Version, error) {
	k, err := decode(value)
	if err != nil {
		return Version{}, err
	}
	return s.whole(ctx, k)
}

func (s *Store) whole(ctx context.Context, k kept) (Version, error) {
	v := k.Version
	if k.PartnersSum == "" {
		v.PartnersYAML = unique.Make(v.PartnersYAML).Value()
		return v, nil
	}
	text, known := s.text(k.PartnersSum)
	if !known {
		value, err := s.find(ctx, textKey+k.PartnersSum)
		if err != nil {
			return Version{}, fmt.Errorf("reading its partner directory: %w", err)
		}
		if text, err = s.take(k.PartnersSum, value); err != nil {
			return Version{}, err
		}
	}
	v.PartnersYAML = text
	return v, nil
}

// find reads what must be there: a server of a cluster that does not have it yet is asked again.
func (s *Store) find(ctx context.Context, key string) ([]byte, error) {
	ends, cancel := context.WithTimeout(ctx, findWait)
	defer cancel()
	again := time.NewTicker(findEvery)
	defer again.Stop()
	for {
		entry, err := s.kv.Get(ctx, key)
		if err == nil {
			return entry.Value(), nil
		}
		if !errors.Is(err, jetstream.ErrKeyNotFound) {
			return nil, err
		}
		select {
		case <-ends.Done():
			return nil, fmt.Errorf("the bucket has lost %s", key)
		case <-again.C:
		}
	}
}

func (s *Store) text(sum string) (string, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	text, known := s.texts[sum]
	return text, known
}

// take notes a partner directory that the bucket has.
func (s *Store) take(under string, value []byte) (string, error) {
	text := string(value)
	if sum(text) != under {
		return "", fmt.Errorf("reading partner directory %s: it has another sum", under)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.texts[under] = text
	return text, nil
}

// hear is the version that a watch of the whole bucket says; the zero one when it says something else. A partner directory
// comes before the versions that go with it.
func (s *Store) hear(ctx context.Context, entry jetstream.KeyValueEntry) (Version, error) {
	if under, is := strings.CutPrefix(entry.Key(), textKey); is {
		_, err := s.take(under, entry.Value())
		return Version{}, err
	}
	if !strings.HasPrefix(entry.Key(), versionKey) {
		return Version{}, nil
	}
	return s.version(ctx, entry.Value())
}

// encode is a version for the bucket, which has its partner directory by then.
func (s *Store) encode(ctx context.Context, v Version) ([]byte, error) {
	k := kept{Version: v, PartnersSum: sum(v.PartnersYAML)}
	if _, known := s.text(k.PartnersSum); !known {
		if _, err := s.kv.Create(ctx, textKey+k.PartnersSum, []byte(v.PartnersYAML)); err != nil && !errors.Is(err, jetstream.ErrKeyExists) {
			return nil, fmt.Errorf("keeping its partner directory: %w", err)
		}
		if _, err := s.take(k.PartnersSum, []byte(v.PartnersYAML)); err != nil {
			return nil, err
		}
	}
	k.PartnersYAML = ""
	return json.Marshal(k)
}

// All reads every site's history.
func (s *Store) All(ctx context.Context) (map[string]History, error) {
	var read []kept
	err := bucket.Each(ctx, s.kv, func(k string, value []byte) error {
		if under, is := strings.CutPrefix(k, textKey); is {
			_, err := s.take(under, value)
			return err
		}
		if !strings.HasPrefix(k, versionKey) {
			return nil
		}
		v, err := decode(value)
		if err != nil {
			return fmt.Errorf("%s: %w", k, err)
		}
		read = append(read, v)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("reading the sites' configurations: %w", err)
	}
	all := map[string]map[int]Version{}
	for _, k := range read {
		v, err := s.whole(ctx, k)
		if err != nil {
			return nil, fmt.Errorf("reading version %d of site %s: %w", k.Number, k.Site, err)
		}
		put(all, v)
	}
	out := map[string]History{}
	for site, versions := range all {
		out[site] = ordered(versions)
	}
	return out, nil
}

func put(all map[string]map[int]Version, v Version) {
	if all[v.Site] == nil {
		all[v.Site] = map[int]Version{}
	}
	all[v.Site][v.Number] = v
}

func ordered(versions map[int]Version) History {
	return slices.SortedFunc(maps.Values(versions), func(a, b Version) int { return cmp.Compare(a.Number, b.Number) })
}

// History reads a site's versions.
func (s *Store) History(ctx context.Context, site string) (History, error) {
	ctx, cancel := context.WithTimeout(ctx, storeWait)
	defer cancel()
	if wire.CheckID("site", site) != nil {
		return nil, ErrUnknownSite
	}
	var h History
	for {
		// Numbers have no gaps: each was claimed by one who had seen the one before.
		v, _, err := s.get(ctx, site, len(h)+1)
		switch {
		case errors.Is(err, jetstream.ErrKeyNotFound) && len(h) == 0:
			return nil, ErrUnknownSite
		case errors.Is(err, jetstream.ErrKeyNotFound):
			return h, nil
		case err != nil:
			return nil, err
		}
		h = append(h, v)
	}
}

func (s *Store) get(ctx context.Context, site string, number int) (Version, uint64, error) {
	entry, err := s.kv.Get(ctx, key(site, number))
	if err != nil {
		return Version{}, 0, fmt.Errorf("reading version %d of site %s: %w", number, site, err)
	}
	v, err := s.version(ctx, entry.Value())
	if err != nil {
		return Version{}, 0, fmt.Errorf("reading version %d of site %s: %w", number, site, err)
	}
	return v, entry.Revision(), nil
}

// Check reads a site's text as it would be kept after its history; what is wrong in it is an error of type config.Mistakes.
// The file's name in them is file.
func (s *Store) Check(ctx context.Context, h History, file, siteYAML string) (partnersYAML string, err error) {
	ctx, cancel := context.WithTimeout(ctx, storeWait)
	defer cancel()
	entry, err := s.kv.Get(ctx, partners)
	if err != nil {
		return "", fmt.Errorf("reading the partner directory: %w", err)
	}
	partnersYAML = string(entry.Value())
	before, err := h.Base().read()
	if err != nil {
		return "", fmt.Errorf("reading version %d, which this one would replace: %w", h.Base().Number, err)
	}
	_, err = config.ReadChange(before.Site, config.Source{Name: file, Text: []byte(siteYAML)}, config.Source{Name: "partners.yaml", Text: []byte(partnersYAML)})
	return partnersYAML, err
}

// Save keeps a draft as the next version of a site whose history the author has seen. A running hub sends the notice. The
// errors that an author can do something about are config.Mistakes and those of this package.
func (s *Store) Save(ctx context.Context, h History, d Draft, now time.Time) (Version, error) {
	site := h[0].Site
	d.Reason, d.Nature, d.Urgent = strings.TrimSpace(d.Reason), strings.TrimSpace(d.Nature), strings.TrimSpace(d.Urgent)
	d.Nature = cmp.Or(d.Nature, d.Reason)
	for _, f := range []struct {
		name, text  string
		least, most int
	}{{"author", d.Author, 1, maxText}, {"reason", d.Reason, 1, maxText}, {"nature", d.Nature, 1, wire.MaxNature}, {"urgent", d.Urgent, 0, maxText}} {
		if len(f.text) < f.least || len(f.text) > f.most || !utf8.ValidString(f.text) || strings.ContainsFunc(f.text, unicode.IsControl) {
			return Version{}, fmt.Errorf("%w: %s has %d bytes; expected %d to %d of text on one line", ErrDraft, f.name, len(f.text), f.least, f.most)
		}
	}
	if d.Base != h.Latest().Number {
		return Version{}, ErrConflict
	}
	partnersYAML, err := s.Check(ctx, h, site+".yaml", d.SiteYAML)
	if err != nil {
		return Version{}, err
	}
	if last := h.Base(); last.SiteYAML == d.SiteYAML && last.PartnersYAML == partnersYAML {
		return Version{}, ErrSame
	}
	v := Version{
		Site: site, Number: d.Base + 1, Author: d.Author, Reason: d.Reason, Nature: d.Nature, Saved: now.UTC(),
		Wish: d.Wish, Urgent: d.Urgent, SiteYAML: d.SiteYAML, PartnersYAML: partnersYAML,
	}
	b, err := wire.Encode(v.message())
	if err == nil && len(b) > wire.MaxBytes-comingBytes {
		err = fmt.Errorf("it has %d bytes; expected at most %d", len(b), wire.MaxBytes-comingBytes)
	}
	if err != nil {
		return Version{}, fmt.Errorf("%w: it does not fit into a message to the booth: %w; shorten its comments", ErrDraft, err)
	}
	if d.Record != nil {
		if err := d.Record(ctx, v); err != nil {
			return Version{}, err
		}
	}
	if err := s.create(ctx, v); err != nil {
		return Version{}, err
	}
	return v, nil
}

// message is what a booth gets that has something else.
func (v Version) message() wire.Configuration {
	return wire.Configuration{Version: v.Number, Sum: v.Sum(), SiteYAML: v.SiteYAML, PartnersYAML: v.PartnersYAML}
}

func (s *Store) create(ctx context.Context, v Version) error {
	ctx, cancel := context.WithTimeout(ctx, storeWait)
	defer cancel()
	b, err := s.encode(ctx, v)
	if err == nil {
		_, err = s.kv.Create(ctx, key(v.Site, v.Number), b)
	}
	if errors.Is(err, jetstream.ErrKeyExists) {
		return ErrConflict
	}
	if err != nil {
		return fmt.Errorf("keeping version %d of site %s: %w", v.Number, v.Site, err)
	}
	return nil
}

// change changes what became of a version, by compare-and-set; false: f did not want to, or somebody else was faster.
func (s *Store) change(ctx context.Context, site string, number int, f func(*Version) bool) (bool, error) {
	ctx, cancel := context.WithTimeout(ctx, storeWait)
	defer cancel()
	v, revision, err := s.get(ctx, site, number)
	if err != nil || !f(&v) {
		return false, err
	}
	b, err := s.encode(ctx, v)
	if err == nil {
		_, err = s.kv.Update(ctx, key(site, number), b, revision)
	}
	if errors.Is(err, jetstream.ErrKeyExists) || wrongRevision(err) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("keeping what became of version %d of site %s: %w", number, site, err)
	}
	return true, nil
}

// wrongRevision: somebody else was faster.
func wrongRevision(err error) bool {
	var api *jetstream.APIError
	return errors.As(err, &api) && api.ErrorCode == jetstream.JSErrCodeStreamWrongLastSequence
}

// Settled waits until it is known what becomes of a version: the managers were told, or they cannot be. It gives the
// version as it is when ctx ends, too.
func (s *Store) Settled(ctx context.Context, v Version) (Version, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	watch, err := bucket.Watch(ctx, s.kv, key(v.Site, v.Number))
	if err != nil {
		return v, fmt.Errorf("waiting for the notice: %w", err)
	}
	for v.pending() {
		select {
		case <-ctx.Done():
			return v, nil
		case entry, open := <-watch:
			if !open {
				return v, nil // with ctx
			}
			if entry == nil { // that was all there is so far
				continue
			}
			if v, err = s.version(ctx, entry.Value()); err != nil {
				return v, fmt.Errorf("waiting for the notice: %w", err)
			}
		}
	}
	return v, nil
}
