package sites

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"loiret.fr/visioborne/config"
	"loiret.fr/visioborne/hub/bucket"
	"loiret.fr/visioborne/hub/directory"
	"loiret.fr/visioborne/hub/wire"
)

// tick is how often dates are looked at, and notices that were left.
const tick = time.Second

// Letter is a notice to a site's managers.
type Letter struct {
	To            []string
	Subject, Body string
	At            time.Time
}

// Options are what Sites need.
type Options struct {
	Store *Store
	// Directory has the files that the hub was started with, and gets what is in force.
	Directory *directory.Directory
	// Send sends a letter; nil when the hub has no mail server.
	Send func(context.Context, Letter) error
	// Notice is how long managers are told before something changes.
	Notice time.Duration
	// Page is the address of the managers' page, for the letters; "" when it is not known.
	Page string
	// Tell has a site's booth ask anew. It must not block.
	Tell func(site string)
	// Changed is called when a site has something else in force. It must not block.
	Changed func()
	// Audit records what was done.
	Audit func(ctx context.Context, who, action, site, detail string) error
	Now   func() time.Time
	Log   *slog.Logger
}

// Sites are every site's configuration.
type Sites struct {
	options Options
	ids     []string      // of the sites that the hub has
	wake    chan struct{} // one slot: there may be notices to send

	mu       sync.Mutex
	versions map[string]map[int]Version
	shown    map[string]standing // what booths were told last
}

// standing is what is in force at a site, and what is coming.
type standing struct{ inForce, coming int }

// Open reads the versions, keeps the first of sites that have none, and puts in force what is.
func Open(ctx context.Context, o Options) (*Sites, error) {
	s := &Sites{options: o, wake: make(chan struct{}, 1), versions: map[string]map[int]Version{}, shown: map[string]standing{}}
	now := o.Now().UTC()
	if _, err := o.Store.kv.Put(ctx, partners, []byte(o.Directory.PartnersFile())); err != nil {
		return nil, fmt.Errorf("keeping the partner directory: %w", err)
	}
	all, err := o.Store.All(ctx)
	if err != nil {
		return nil, err
	}
	for _, site := range o.Directory.Sites() {
		siteYAML, partnersYAML, _ := o.Directory.Files(site.ID)
		if len(all[site.ID]) == 0 {
			v := Version{
				Site: site.ID, Number: 1, Reason: "Fichier du serveur", Nature: "Fichier du serveur",
				Saved: now, From: now, SiteYAML: siteYAML, PartnersYAML: partnersYAML,
			}
			err := o.Store.create(ctx, v)
			if err == nil {
				all[site.ID] = History{v}
			} else if errors.Is(err, ErrConflict) { // another hub was faster
				all[site.ID], err = o.Store.History(ctx, site.ID)
			}
			if err != nil {
				return nil, err
			}
		}
		h := all[site.ID]
		if !slices.ContainsFunc(h, func(v Version) bool { return v.SiteYAML == siteYAML && v.PartnersYAML == partnersYAML }) {
			o.Log.Warn("the files of a site are not those of any version, and do not count: versions do since the first one; keep them with hub site apply", "site", site.ID)
		}
		for _, v := range h {
			if v.SiteYAML == siteYAML {
				v.SiteYAML = siteYAML // in memory once
			}
			put(s.versions, v)
		}
		s.ids = append(s.ids, site.ID)
		s.apply(site.ID, now, func(string) {})
	}
	return s, nil
}

// Run sends notices and puts versions in force until ctx ends.
func (s *Sites) Run(ctx context.Context) error {
	watch, err := bucket.Watch(ctx, s.options.Store.kv, jetstream.AllKeys)
	if ctx.Err() != nil {
		return nil // the hub ends before it has quite begun
	}
	if err != nil {
		return fmt.Errorf("watching the sites' configurations: %w", err)
	}
	sendCtx, cancel := context.WithCancel(ctx)
	var sending sync.WaitGroup
	defer sending.Wait()
	defer cancel()
	sending.Go(func() { s.sendAll(sendCtx) })
	ticks := time.NewTicker(tick)
	defer ticks.Stop()
	// What Open has read comes again, and changes nothing.
	for {
		select {
		case <-ctx.Done():
			return nil
		case entry, open := <-watch:
			if !open {
				return nil // with ctx
			}
			if entry == nil {
				continue
			}
			v, err := s.options.Store.hear(ctx, entry)
			if err != nil {
				s.options.Log.Error("a version of a site's configuration cannot be read", "key", entry.Key(), "error", err)
			}
			if v.Number == 0 {
				continue
			}
			s.mu.Lock()
			put(s.versions, v)
			s.mu.Unlock()
			s.apply(v.Site, s.options.Now(), s.options.Tell)
		case <-ticks.C:
			for _, site := range s.ids {
				s.apply(site, s.options.Now(), s.options.Tell)
			}
		}
		select {
		case s.wake <- struct{}{}:
		default:
		}
	}
}

// apply puts in force what is at a site, and has its booth ask if that, or what is coming, is something else than before.
func (s *Sites) apply(site string, now time.Time, tell func(site string)) {
	h, err := s.History(site)
	if _, known := s.options.Directory.Site(site); err != nil || !known {
		return // a site that the hub no longer has
	}
	v := h.InForce(now)
	next, _ := h.Coming(now)
	s.mu.Lock()
	before := s.shown[site]
	is := standing{v.Number, next.Number}
	s.shown[site] = is
	s.mu.Unlock()
	if is == before {
		return
	}
	// What the hub was started with is in force already.
	siteYAML, partnersYAML, _ := s.options.Directory.Files(site)
	if before.inForce != is.inForce && (siteYAML != v.SiteYAML || partnersYAML != v.PartnersYAML) {
		if b, err := v.read(); err != nil {
			s.options.Log.Error("a site's configuration cannot be read by this hub; it goes by the one before", "site", site, "version", v.Number, "error", err)
		} else {
			s.options.Directory.Set(b, v.SiteYAML, v.PartnersYAML)
			s.options.Log.Info("a site's configuration is in force", "site", site, "version", v.Number)
			s.options.Changed()
		}
	}
	tell(site)
}

// History is a site's versions, as this hub knows them.
func (s *Sites) History(site string) (History, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.versions[site]) == 0 {
		return nil, ErrUnknownSite
	}
	return ordered(s.versions[site]), nil
}

// Wanted is what the hub wants of a site's booth.
type Wanted struct {
	// Version is in force; 0 when the hub has no such site.
	Version int `json:"version"`
	// Coming is the next version that the managers were told of, and ComingFrom when it comes; null when there is none.
	Coming     *int       `json:"coming"`
	ComingFrom *time.Time `json:"coming_from"`
}

// Wanted tells what the hub wants of a site's booth now.
func (s *Sites) Wanted(site string) Wanted {
	h, err := s.History(site)
	if err != nil {
		return Wanted{}
	}
	now := s.options.Now()
	w := Wanted{Version: h.InForce(now).Number}
	if next, ok := h.Coming(now); ok {
		w.Coming, w.ComingFrom = &next.Number, &next.From
	}
	return w
}

// Answer is what a site's booth gets that asks. The site is that of its credentials.
func (s *Sites) Answer(site string, ask wire.AskConfiguration) (wire.Configuration, error) {
	h, err := s.History(site)
	if err != nil {
		return wire.Configuration{}, err
	}
	now := s.options.Now()
	m := h.InForce(now).message()
	if next, ok := h.Coming(now); ok {
		m.Coming = &wire.ComingConfiguration{Version: next.Number, Nature: next.Nature, From: next.From}
	}
	// The sites near it are no part of a version: they follow what those sites have in force.
	alone := m
	m.PartnersYAML = s.options.Directory.WithSites(site, m.PartnersYAML)
	m.Sum = wire.ConfigurationSum(m.SiteYAML, m.PartnersYAML)
	if _, err := wire.Encode(m); err != nil {
		s.options.Log.Warn("a booth is not told of the sites near it: there is no room", "site", site, "error", err)
		m = alone
	}
	if m.Sum == ask.Sum {
		m.SiteYAML, m.PartnersYAML = "", ""
	}
	return m, nil
}

// sendAll sends the notices that are due until ctx ends.
func (s *Sites) sendAll(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-s.wake:
		}
		now := s.options.Now()
		for _, v := range s.pending() {
			if v.Sending.After(now) {
				continue
			}
			if err := s.notify(ctx, v); err != nil && ctx.Err() == nil {
				s.options.Log.Error("what became of a site's configuration is not known", "site", v.Site, "version", v.Number, "error", err)
			}
		}
	}
}

func (s *Sites) pending() []Version {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []Version
	for _, versions := range s.versions {
		for _, v := range ordered(versions) {
			if v.pending() {
				all = append(all, v)
			}
		}
	}
	return all
}

// notify tells a site's managers of a version, and notes from when on it is in force, or why they could not be told.
func (s *Sites) notify(ctx context.Context, v Version) error {
	o := s.options
	h, err := s.History(v.Site)
	if err != nil {
		return err
	}
	to, from, failure := s.notice(h, v)
	if failure == "" {
		won, err := o.Store.change(ctx, v.Site, v.Number, func(v *Version) bool {
			now := o.Now().UTC()
			if !v.pending() || v.Sending.After(now) {
				return false
			}
			v.Sending = now.Add(sendClaim)
			return true
		})
		if err != nil || !won {
			return err // another hub sends it
		}
		// One by one: the address of somebody who has left must not keep the others from hearing of it.
		var told []string
		for _, address := range to {
			if err := o.Send(ctx, letter(h, v, []string{address}, from, o.Page, o.Now())); err != nil {
				if ctx.Err() != nil {
					return nil // another hub, or this one when it is started anew, sends it
				}
				o.Log.Error("a manager of a site could not be told of a change", "site", v.Site, "version", v.Number, "error", err)
				continue
			}
			told = append(told, address)
		}
		if to = told; len(to) == 0 {
			failure = NotSent
		}
	}
	done, err := o.Store.change(ctx, v.Site, v.Number, func(v *Version) bool {
		if !v.pending() {
			return false
		}
		v.Sending = time.Time{}
		if failure != "" {
			v.Failure = failure
			return true
		}
		v.Told, v.ToldAt, v.From = to, o.Now().UTC(), from
		return true
	})
	if err != nil || !done {
		return err
	}
	if failure != "" {
		o.Log.Warn("a version of a site's configuration is not put in force", "site", v.Site, "version", v.Number, "failure", failure)
		return o.Audit(ctx, v.Author, "site_notice_failed", v.Site, fmt.Sprintf("version=%d cause=%s", v.Number, failure))
	}
	o.Log.Info("the managers of a site were told of a change", "site", v.Site, "version", v.Number, "from", from)
	return o.Audit(ctx, v.Author, "site_notice_sent", v.Site, fmt.Sprintf("version=%d from=%s", v.Number, from.Format(time.RFC3339)))
}

// notice is whom to tell of a version and from when on it is in force, or why that cannot be.
func (s *Sites) notice(h History, v Version) (to []string, from time.Time, failure Failure) {
	now := s.options.Now().UTC()
	b, err := v.read()
	if err != nil {
		return nil, time.Time{}, Unusable
	}
	// Those of before are told too, so that nobody can put somebody else in their place unseen.
	to = slices.Clone(b.Site.Managers)
	if before, err := h.InForce(now).read(); err == nil {
		for _, address := range before.Site.Managers {
			if !slices.Contains(to, address) {
				to = append(to, address)
			}
		}
	}
	switch {
	case len(to) == 0:
		return nil, time.Time{}, NoManager
	case s.options.Send == nil:
		return nil, time.Time{}, NoMail
	}
	from = now
	if v.Urgent == "" {
		from = now.Add(s.options.Notice)
	}
	if v.Wish.After(from) {
		from = v.Wish.UTC()
	}
	return to, from, ""
}

// location is a site's time zone, for what its people read.
func location(b *config.Booth) *time.Location { return b.SiteOpening().Location }
