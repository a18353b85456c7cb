package usage

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"loiret.fr/visioborne/config"
	"loiret.fr/visioborne/hub/wire"
)

var errRefused, errUnsettled = errors.New("refused"), errors.New("unsettled")

// hub keeps what it gets once, as the real one does.
type hub struct {
	mu         sync.Mutex
	away, deaf bool // it cannot be reached; it keeps what it gets but its answer is lost
	unsettled  bool // it keeps what it gets, and may lose it yet
	refuses    string
	kept       map[string]wire.Usage
	asked      int
}

func (h *hub) upload(_ context.Context, u wire.Usage) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.asked++
	if h.away {
		return errors.New("away")
	}
	if u.HalfDay == h.refuses {
		return fmt.Errorf("uploading: %w", errRefused)
	}
	if h.kept == nil {
		h.kept = map[string]wire.Usage{}
	}
	key := u.HalfDay + " " + u.Batch
	if before, known := h.kept[key]; known && fmt.Sprint(before) != fmt.Sprint(u) {
		return fmt.Errorf("%s has changed since it was offered: %v, %v", key, before, u)
	}
	h.kept[key] = u
	if h.deaf {
		return errors.New("no answer")
	}
	if h.unsettled {
		return fmt.Errorf("uploading: %w", errUnsettled)
	}
	return nil
}

// set changes how the hub behaves.
func (h *hub) set(change func()) {
	h.mu.Lock()
	defer h.mu.Unlock()
	change()
}

// times is how often the hub was asked.
func (h *hub) times() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.asked
}

// sum is how often something was counted in a half day, over all batches.
func (h *hub) sum(halfDay, partner, what string) int {
	h.mu.Lock()
	defer h.mu.Unlock()
	n := 0
	for u := range maps.Values(h.kept) {
		for _, c := range u.Counts {
			if u.HalfDay == halfDay && c.Partner == partner && c.What == what {
				n += c.N
			}
		}
	}
	return n
}

// booth is a spool that can be switched off at the wall.
type booth struct {
	t      *testing.T
	folder string
	hub    *hub
	now    func() time.Time
	spool  *Spool
	off    func()
}

func (b *booth) on() {
	b.spool = New(Options{
		Folder: b.folder, Location: time.UTC, Upload: b.hub.upload, Refused: errRefused, Unsettled: errUnsettled, Now: b.now, Log: slog.New(slog.DiscardHandler),
	})
	ctx, cancel := context.WithCancel(b.t.Context())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		if err := b.spool.Run(ctx); err != nil {
			b.t.Error(err)
		}
	}()
	b.off = func() { cancel(); <-ended }
	synctest.Wait()
}

func (b *booth) count(n int) {
	for range n {
		b.spool.Count("caf", "call_wanted")
	}
	synctest.Wait()
}

func (b *booth) files() []string {
	b.t.Helper()
	all, err := filepath.Glob(filepath.Join(b.folder, "*"))
	if err != nil {
		b.t.Fatal(err)
	}
	return all
}

// inBooth runs a test at 10 o'clock of 2000-01-01, in a bubble with its own clock.
func inBooth(t *testing.T, f func(t *testing.T, b *booth)) {
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(10 * time.Hour) // the bubble's clock, which begins at midnight
		b := &booth{t: t, folder: filepath.Join(t.TempDir(), "counts"), hub: &hub{}, now: func() time.Time { return time.Now().UTC() }}
		b.on()
		f(t, b)
		b.off()
	})
}

const morning, afternoon = "2000-01-01-am", "2000-01-01-pm"

func TestAHalfDayGoesWhenItIsOver(t *testing.T) {
	inBooth(t, func(t *testing.T, b *booth) {
		b.count(2)
		b.spool.Count("", "session")
		time.Sleep(time.Hour)
		if b.hub.times() != 0 {
			t.Fatal("a half day was uploaded before it was over")
		}
		time.Sleep(3 * time.Hour)
		synctest.Wait()
		if b.hub.sum(morning, "caf", "call_wanted") != 2 || b.hub.sum(morning, "", "session") != 1 {
			t.Errorf("kept: %v", b.hub.kept)
		}
		if left := b.files(); len(left) != 0 {
			t.Errorf("still there: %v", left)
		}
	})
}

// Sixty days without a hub, with all that a busy booth can count in each half day, nights at the wall socket, and a hub that
// comes back and goes away again: everything arrives exactly once, and the card holds it in the meantime.
func TestSixtyDaysWithoutAHub(t *testing.T) {
	days := 60
	if racing {
		days = 15
	}
	partners := []string{"", "caf", "cpam", "carsat", "adil", "cdad", "a", "b", "c", "d", "e", "f", "g"} // as many as a touchscreen has room for
	inBooth(t, func(t *testing.T, b *booth) {
		b.hub.set(func() { b.hub.away = true })
		want := map[string]int{}
		count := func(day, half int) {
			halfDay := HalfDay(b.now())
			for i, p := range partners {
				for j, w := range config.CountWords() {
					if day == 0 || (i+j+day+half)%40 == 0 { // a first day with all that there is
						b.spool.Count(p, w)
						want[halfDay+" "+p+" "+w]++
					}
				}
			}
			synctest.Wait()
		}
		for day := range days {
			count(day, 0)
			time.Sleep(5 * time.Hour)
			count(day, 1)
			b.off() // every evening
			time.Sleep(19 * time.Hour)
			b.on()
		}
		largest, files := 0, 0
		for _, f := range b.files() {
			info, err := os.Stat(f)
			if err != nil {
				t.Fatal(err)
			}
			if largest = max(largest, int(info.Size())); strings.HasSuffix(f, suffix) {
				files++
			}
		}
		if files != 2*days || files > mostFiles || largest*mostFiles > 32<<20 {
			t.Fatalf("%d files of up to %d bytes for %d half days", files, largest, 2*days)
		}
		// The hub keeps some and its answers are lost, then it is away again, then it is there.
		for _, change := range []func(){
			func() { b.hub.away, b.hub.deaf = false, true },
			func() { b.hub.away, b.hub.deaf = true, false },
			func() { b.hub.away = false },
		} {
			b.hub.set(change)
			b.spool.Linked()
			synctest.Wait()
			b.off()
			b.on()
			b.spool.Linked()
			synctest.Wait()
		}
		got := map[string]int{}
		for u := range maps.Values(b.hub.kept) {
			for _, c := range u.Counts {
				got[u.HalfDay+" "+c.Partner+" "+c.What] += c.N
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("counted and kept (-want +got):\n%s", diff)
		}
		if left := b.files(); len(left) != 0 {
			t.Errorf("still there: %v", left)
		}
	})
}

func TestALostAnswerCountsOnce(t *testing.T) {
	inBooth(t, func(t *testing.T, b *booth) {
		b.count(3)
		b.hub.set(func() { b.hub.deaf = true })
		time.Sleep(4 * time.Hour)
		b.off()
		b.on()
		time.Sleep(time.Hour)
		b.hub.set(func() { b.hub.deaf = false })
		time.Sleep(time.Hour)
		synctest.Wait()
		if got := b.hub.sum(morning, "caf", "call_wanted"); got != 3 || b.hub.times() < 3 || len(b.files()) != 0 {
			t.Errorf("counted %d, asked %d times, left %v", got, b.hub.times(), b.files())
		}
	})
}

// A hub whose power is cut just after it has taken counts gets them again: the booth keeps them until the hub has them for good.
func TestWhatTheHubMayLoseStays(t *testing.T) {
	inBooth(t, func(t *testing.T, b *booth) {
		b.count(3)
		b.hub.set(func() { b.hub.unsettled = true })
		time.Sleep(3*time.Hour + again + settle/2)
		synctest.Wait()
		if got := b.hub.sum(morning, "caf", "call_wanted"); got != 3 || len(b.files()) != 2 {
			t.Fatalf("the hub has %d counts, and here are %v", got, b.files())
		}
		b.hub.set(func() { b.hub.kept = nil })
		asked := b.hub.times()
		time.Sleep(settle)
		synctest.Wait()
		if got := b.hub.sum(morning, "caf", "call_wanted"); got != 3 || b.hub.times() == asked || len(b.files()) != 2 {
			t.Fatalf("the hub that lost counts has %d after %d offers, and here are %v", got, b.hub.times(), b.files())
		}
		b.hub.set(func() { b.hub.unsettled = false })
		time.Sleep(settle)
		synctest.Wait()
		asked = b.hub.times()
		time.Sleep(time.Hour)
		if got := b.hub.sum(morning, "caf", "call_wanted"); got != 3 || b.hub.times() != asked || len(b.files()) != 0 {
			t.Errorf("the hub has %d counts, was asked %d times more, and here are %v", got, b.hub.times()-asked, b.files())
		}
	})
}

func TestTheSameHalfDayGoesOnAfterARestart(t *testing.T) {
	inBooth(t, func(t *testing.T, b *booth) {
		b.count(1)
		b.off()
		b.on()
		b.count(1)
		if left := b.files(); len(left) != 1 {
			t.Errorf("files: %v", left)
		}
		time.Sleep(4 * time.Hour)
		synctest.Wait()
		if got := b.hub.sum(morning, "caf", "call_wanted"); got != 2 {
			t.Errorf("counted %d", got)
		}
	})
}

// A clock that is set back must not change what was offered.
func TestTheClockGoesBack(t *testing.T) {
	inBooth(t, func(t *testing.T, b *booth) {
		var back atomic.Int64
		b.off()
		b.now = func() time.Time { return time.Now().UTC().Add(-time.Duration(back.Load())) }
		b.hub.set(func() { b.hub.deaf = true })
		b.on()
		b.count(1)
		time.Sleep(4 * time.Hour)
		synctest.Wait()
		back.Store(int64(4 * time.Hour))
		b.count(5)
		b.off() // and a restart does not confuse the two either
		b.on()
		b.count(1)
		back.Store(0)
		b.hub.set(func() { b.hub.deaf = false })
		time.Sleep(time.Hour)
		synctest.Wait()
		if got := b.hub.sum(morning, "caf", "call_wanted"); got != 7 {
			t.Errorf("counted %d in %v", got, b.hub.kept)
		}
	})
}

func TestAFullCard(t *testing.T) {
	inBooth(t, func(t *testing.T, b *booth) {
		// A file where the folder should be: nothing can be written, for root neither.
		b.off()
		if err := errors.Join(os.RemoveAll(b.folder), os.WriteFile(b.folder, nil, 0o600)); err != nil {
			t.Fatal(err)
		}
		b.on()
		b.count(2)
		time.Sleep(4 * time.Hour)
		b.count(1)
		if b.hub.times() != 0 {
			t.Error("counts went to the hub that are not on the card")
		}
		if err := errors.Join(os.Remove(b.folder), os.Mkdir(b.folder, 0o700)); err != nil {
			t.Fatal(err)
		}
		time.Sleep(20 * time.Hour)
		synctest.Wait()
		if got, later := b.hub.sum(morning, "caf", "call_wanted"), b.hub.sum(afternoon, "caf", "call_wanted"); got != 2 || later != 1 {
			t.Errorf("counted %d and %d", got, later)
		}
	})
}

func TestWhatCannotBeReadIsSetAside(t *testing.T) {
	inBooth(t, func(t *testing.T, b *booth) {
		b.count(1)
		b.off()
		file := b.files()[0]
		if err := os.WriteFile(file, []byte(`{"half_day":`), 0o600); err != nil {
			t.Fatal(err)
		}
		b.on()
		b.count(1)
		time.Sleep(4 * time.Hour)
		synctest.Wait()
		left := b.files()
		if len(left) != 1 || !strings.HasSuffix(left[0], spoilt) || b.hub.sum(morning, "caf", "call_wanted") != 1 {
			t.Errorf("left %v, kept %v", left, b.hub.kept)
		}
	})
}

func TestOneRefusedFileHoldsUpNoOther(t *testing.T) {
	inBooth(t, func(t *testing.T, b *booth) {
		b.hub.set(func() { b.hub.refuses = morning })
		b.count(1)
		time.Sleep(4 * time.Hour)
		b.count(1)
		time.Sleep(24 * time.Hour)
		synctest.Wait()
		if b.hub.sum(afternoon, "caf", "call_wanted") != 1 || len(b.files()) != 2 { // the file and its mark
			t.Errorf("kept %v, left %v", b.hub.kept, b.files())
		}
	})
}

func TestHalfDay(t *testing.T) {
	for hour, want := range map[int]string{0: "2026-11-24-am", 12: "2026-11-24-am", 13: "2026-11-24-pm", 23: "2026-11-24-pm"} {
		if got := HalfDay(time.Date(2026, 11, 24, hour, 59, 0, 0, time.UTC)); got != want {
			t.Errorf("%d o'clock is in %s, expected %s", hour, got, want)
		}
	}
}
