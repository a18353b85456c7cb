// Package usage keeps the booth's anonymous counts until the hub has them.
//
// Counts are added up over half a day, in one small file a half day, written
// anew and synced at each count: a power cut loses nothing that was counted.
// When a half day is over its file goes to the hub, as often as it takes for
// the hub to say that it has it for good, and is then removed. The hub tells a file that
// it already has by its half day and batch, so each is counted once.
//
// A file holds words and numbers: no name, no device, no session, and no time
// finer than the half day. It opens no network itself. Run owns the one
// goroutine; the methods only leave a note for it and never block.
package usage

import (
	"bytes"
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"loiret.fr/visioborne/hub/wire"
	"loiret.fr/visioborne/kiosk/durable"
)

const (
	// noon is the hour that parts a day: the end of a long morning.
	noon = 13
	// again is how often files that the hub does not have yet are offered.
	again = 10 * time.Minute
	// settle is how soon those are offered again that the hub has, but may still lose.
	settle = 15 * time.Second
	// uploadWait is the longest that the hub may take to answer.
	uploadWait = 30 * time.Second
	// mostFiles is over a year of half days: a booth that never finds its hub must not fill its card.
	mostFiles = 800
	// pauseWrite is the pause before a card that could not be written is tried again.
	pauseWrite = time.Minute
	// spoilt marks a file that cannot be read; it is kept for whoever looks into it.
	spoilt = ".spoilt"
	suffix = ".json"
)

// Options are what a Spool needs.
type Options struct {
	// Folder is where counts are kept; it is made if it is not there.
	Folder string
	// Location is the site's time zone, in which half days are.
	Location *time.Location
	// Upload gives counts to the hub and returns nil when the hub has them for good.
	Upload func(context.Context, wire.Usage) error
	// Refused is what Upload's error wraps when the hub will not take those counts, though it may take others, and
	// Unsettled when it has them, but may still lose them.
	Refused, Unsettled error
	Now                func() time.Time
	Log                *slog.Logger
}

// Spool is the counts that the hub does not have yet.
type Spool struct {
	options Options
	wake    chan struct{} // one slot: there are notes, or the hub may be there

	mu    sync.Mutex
	notes []note
	try   bool // the hub may be there

	// Run's alone.
	open    *wire.Usage   // the present half day's
	dirty   bool          // open is not on the card as it is
	late    []*wire.Usage // of half days that ended while the card could not be written
	waiting bool          // writing failed; said once
}

type note struct{ halfDay, partner, what string }

// New returns a Spool that Run keeps.
func New(o Options) *Spool {
	return &Spool{options: o, wake: make(chan struct{}, 1)}
}

// HalfDay is the half day of a moment, in its own location.
func HalfDay(t time.Time) string {
	half := "am"
	if t.Hour() >= noon {
		half = "pm"
	}
	return t.Format("2006-01-02-") + half
}

// Count counts one thing more, now.
func (s *Spool) Count(partner, what string) {
	halfDay := HalfDay(s.options.Now().In(s.options.Location))
	s.mu.Lock()
	s.notes = append(s.notes, note{halfDay, partner, what})
	s.mu.Unlock()
	s.nudge()
}

// Linked tells that the hub is there, so that nothing waits longer than it must.
func (s *Spool) Linked() {
	s.mu.Lock()
	s.try = true
	s.mu.Unlock()
	s.nudge()
}

func (s *Spool) nudge() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// Run keeps counts until ctx ends. What cannot be written is kept in memory and tried again; it is no reason to end.
func (s *Spool) Run(ctx context.Context) error {
	s.prepare()
	retry := time.NewTicker(pauseWrite)
	defer retry.Stop()
	upload := time.NewTicker(again)
	defer upload.Stop()
	settled := time.NewTimer(settle)
	settled.Stop() // until something has to settle
	defer settled.Stop()
	offer := func() {
		if s.upload(ctx) {
			settled.Reset(settle)
		}
	}
	for {
		select {
		case <-ctx.Done():
			s.take() // what was counted on the way out
			return nil
		case <-s.wake:
			if s.take() {
				offer()
			}
		case <-retry.C:
			s.store()
		case <-upload.C:
			offer()
		case <-settled.C:
			offer()
		}
	}
}

func (s *Spool) prepare() {
	err := os.MkdirAll(s.options.Folder, 0o700)
	if err == nil {
		err = durable.SyncFolder(filepath.Dir(s.options.Folder))
	}
	if err != nil {
		s.options.Log.Warn("making the counts' folder; counts stay in memory", "error", err)
	}
	if marks, err := filepath.Glob(s.path("*" + sent)); err == nil {
		for _, m := range marks {
			if _, err := os.Stat(strings.TrimSuffix(m, sent)); errors.Is(err, fs.ErrNotExist) {
				_ = os.Remove(m) // the power went between the two removals
			}
		}
	}
	for _, name := range s.files() {
		if _, err := s.read(name); err != nil {
			s.options.Log.Warn("counts cannot be read and are set aside", "error", err)
			if err := os.Rename(s.path(name), s.path(name)+spoilt); err != nil {
				s.options.Log.Warn("setting counts aside", "error", err)
			}
		}
	}
}

// take adds what was counted, and tells whether to try the hub.
func (s *Spool) take() bool {
	s.mu.Lock()
	notes, try := s.notes, s.try
	s.notes, s.try = nil, false
	s.mu.Unlock()
	for _, n := range notes {
		s.count(n)
	}
	s.store()
	return try
}

func (s *Spool) count(n note) {
	if s.open == nil || s.open.HalfDay != n.halfDay {
		s.store()
		if s.dirty {
			s.late = append(s.late, s.open)
		}
		s.open, s.dirty = s.begin(n.halfDay), false
	}
	at := slices.IndexFunc(s.open.Counts, func(c wire.Count) bool { return c.Partner == n.partner && c.What == n.what })
	if at < 0 {
		at = len(s.open.Counts)
		s.open.Counts = append(s.open.Counts, wire.Count{Partner: n.partner, What: n.what})
	}
	s.open.Counts[at].N++
	s.dirty = true
}

// begin goes on with a half day's file after a restart, or begins one. A file
// of that half day that was on its way to the hub may be there too: whether the
// hub has it is not known, so nothing is added to it.
func (s *Spool) begin(halfDay string) *wire.Usage {
	for _, name := range s.files() {
		if u, err := s.read(name); err == nil && u.HalfDay == halfDay && !s.offered(name) {
			return &u
		}
	}
	return &wire.Usage{HalfDay: halfDay, Batch: strings.ToLower(rand.Text())}
}

// store writes what is not on the card yet.
func (s *Spool) store() {
	if !s.dirty && len(s.late) == 0 {
		return
	}
	err := s.storeAll()
	switch {
	case err == nil && s.waiting:
		s.waiting = false
		s.options.Log.Info("counts are written again")
	case err != nil && !s.waiting:
		s.waiting = true
		s.options.Log.Warn("writing counts; they stay in memory meanwhile", "error", err)
	}
}

func (s *Spool) storeAll() error {
	for len(s.late) > 0 {
		if err := s.write(s.late[0]); err != nil {
			return err
		}
		s.late = s.late[1:]
	}
	if !s.dirty {
		return nil
	}
	if err := s.write(s.open); err != nil {
		return err
	}
	s.dirty = false
	return nil
}

func (s *Spool) write(u *wire.Usage) error {
	// The order in which things happened is nobody's business.
	slices.SortFunc(u.Counts, func(a, b wire.Count) int {
		return cmp.Or(cmp.Compare(a.Partner, b.Partner), cmp.Compare(a.What, b.What))
	})
	text, err := wire.Encode(*u)
	if err != nil {
		return err
	}
	return durable.WriteFile(s.path(u.HalfDay+"."+u.Batch+suffix), append(text, '\n'))
}

// sent is beside a file that has been offered to the hub.
const sent = ".offered"

func (s *Spool) offered(name string) bool {
	_, err := os.Stat(s.path(name) + sent)
	return err == nil
}

// upload offers the files of half days that are over, the oldest first. It tells whether some are to be offered again soon.
func (s *Spool) upload(ctx context.Context) (unsettled bool) {
	if s.store(); s.waiting {
		return false // what is on the card is not all
	}
	now := HalfDay(s.options.Now().In(s.options.Location))
	names := s.files()
	for len(names) > mostFiles {
		s.options.Log.Error("counts are dropped: the hub has not taken any for a year", "file", names[0])
		if err := s.remove(names[0]); err != nil {
			s.options.Log.Warn("dropping counts", "error", err)
		}
		names = names[1:]
	}
	for _, name := range names {
		u, err := s.read(name)
		if err != nil || u.HalfDay == now {
			continue
		}
		err = s.offer(ctx, name, u)
		if err != nil && errors.Is(err, s.options.Unsettled) {
			s.options.Log.Info("counts are at the hub, and stay here until it has them for good", "half_day", u.HalfDay)
			unsettled = true
			continue
		}
		if err != nil {
			if ctx.Err() == nil {
				s.options.Log.Info("counts stay here for now", "half_day", u.HalfDay, "error", err)
			}
			if errors.Is(err, s.options.Refused) {
				continue // the others may be taken
			}
			return unsettled
		}
		s.options.Log.Info("counts uploaded", "half_day", u.HalfDay)
	}
	return unsettled
}

func (s *Spool) offer(ctx context.Context, name string, u wire.Usage) error {
	if s.open != nil && s.open.Batch == u.Batch {
		s.open = nil // should the clock go back, that half day begins anew
	}
	if err := durable.WriteFile(s.path(name)+sent, nil); err != nil {
		return fmt.Errorf("noting that counts go to the hub: %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, uploadWait)
	defer cancel()
	if err := s.options.Upload(ctx, u); err != nil {
		return err
	}
	return s.remove(name)
}

// remove removes a file before its mark: alone, the mark is harmless.
func (s *Spool) remove(name string) error {
	err := os.Remove(s.path(name))
	if err == nil || errors.Is(err, fs.ErrNotExist) {
		err = os.Remove(s.path(name) + sent)
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("removing counts: %w", err)
	}
	return nil
}

func (s *Spool) path(name string) string { return filepath.Join(s.options.Folder, name) }

// files are the names of the counts' files, the oldest half day first: their names sort so.
func (s *Spool) files() []string {
	entries, err := os.ReadDir(s.options.Folder)
	if err != nil {
		return nil // said when the folder was made
	}
	var names []string
	for _, e := range entries {
		if strings.HasSuffix(e.Name(), suffix) && !strings.HasPrefix(e.Name(), ".") { // renameio's own begin with a dot
			names = append(names, e.Name())
		}
	}
	return names
}

func (s *Spool) read(name string) (wire.Usage, error) {
	text, err := os.ReadFile(s.path(name))
	if err != nil {
		return wire.Usage{}, fmt.Errorf("reading counts: %w", err)
	}
	u, err := wire.Decode[wire.Usage](bytes.TrimSpace(text))
	if err != nil {
		return wire.Usage{}, fmt.Errorf("reading counts %s: %w", name, err)
	}
	return u, nil
}
