package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"

	"loiret.fr/visioborne/hub/wire"
)

// A backup that is taken while a booth uploads counts is made into another hub's state: counts, accounts, codes and
// enrolled booths are there, and the booth connects with the credentials it has.
func TestBackup(t *testing.T) {
	h := openHouse(t)
	b := makeBooth(t, h.code("gien"))
	enrolled, refusal := b.enrol(h)
	if refusal != "" {
		t.Fatalf("refused: %s", refusal)
	}
	unused := h.code("patay")
	accounts, err := command(t, "", "account", "list", "-state", h.dir)
	if err != nil {
		t.Fatal(err)
	}
	listed, err := command(t, "", "booth", "list", "-state", h.dir)
	if err != nil {
		t.Fatal(err)
	}
	call := h.booth("gien").place("caf")

	// The booth uploads one count after the other, and goes on while the backup is taken.
	uploads := startUploads(t, h, "gien")
	uploads.until(20)
	before := uploads.kept.Load()
	file := filepath.Join(t.TempDir(), "hub.backup")
	out, err := command(t, "", "backup", "-state", h.dir, file)
	if err != nil {
		t.Fatal(err)
	}
	uploads.until(uploads.kept.Load() + 5)
	uploads.end()
	if !regexp.MustCompile(`^\S+: made 20\S+, \d+ files, \d+ streams with \d+ messages\n$`).MatchString(out) {
		t.Errorf("printed %q", out)
	}
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	if _, err := command(t, "", "backup", "-state", h.dir, file); err == nil || !strings.Contains(err.Error(), "already") {
		t.Errorf("over a file that is there: %v", err)
	}
	if left, err := os.ReadDir(filepath.Dir(file)); err != nil || len(left) != 1 {
		t.Errorf("beside the backup are %v, %v", left, err)
	}
	over := func() {
		t.Helper()
		if _, err := command(t, "", "restore", "-state", h.dir, file); err == nil || !strings.Contains(err.Error(), "-replace") {
			t.Errorf("over a hub's state: %v", err)
		}
	}
	over()
	h.stop()
	over()

	state := filepath.Join(t.TempDir(), "new")
	if _, err := command(t, "", "restore", "-state", state, file); err != nil {
		t.Fatal(err)
	}
	h.dir = state
	h.start()
	nc, _, err := b.connect(h, enrolled)
	if err != nil {
		t.Fatalf("the booth's old credentials: %v", err)
	}
	defer nc.Close()
	gien := h.booth("gien")
	ask[wire.Welcome](gien, wire.VerbHello, wire.Hello{Version: "test", Calls: []string{}})
	if r := ask[wire.PlaceReply](gien, wire.VerbPlace, wire.Place{Call: call, Partner: "caf", Language: "fr"}); r.Place != 1 {
		t.Errorf("the call that waited: %+v", r)
	}
	if got, err := command(t, "", "account", "list", "-state", h.dir); err != nil || got != accounts {
		t.Errorf("accounts %q, %v; want %q", got, err, accounts)
	}
	if got, err := command(t, "", "booth", "list", "-state", h.dir); err != nil || got != listed {
		t.Errorf("booths %q, %v; want %q", got, err, listed)
	}
	if _, status := h.signIn("caf.1", password); status >= 300 {
		t.Errorf("sign-in: status %d", status)
	}
	if _, refusal := makeBooth(t, unused).enrol(h); refusal != "" {
		t.Errorf("a code from before: %s", refusal)
	}
	// What was kept before the backup began is there, and nothing that comes after something that is not.
	n := uploads.check(h.dir)
	if n < before {
		t.Errorf("%d counts are there; %d were kept before the backup", n, before)
	}
	t.Logf("counts: %d before, %d in the backup, %d in the end", before, n, uploads.kept.Load())
	// The rest comes again, as from a booth that got no answer, and every count is there once.
	all := startUploads(t, h, "gien")
	all.until(n + 10)
	all.end()
	if got := all.check(h.dir); got < n+10 {
		t.Errorf("%d counts are there in the end; %d were kept", got, n+10)
	}
}

// A backup is restored while the hub runs, which goes on with it at its next start; what it had is moved aside.
func TestRestoreWhileRunning(t *testing.T) {
	h := openHouse(t)
	file := filepath.Join(t.TempDir(), "hub.backup")
	if _, err := command(t, "", "backup", "-state", h.dir, file); err != nil {
		t.Fatal(err)
	}
	had, err := command(t, "", "account", "list", "-state", h.dir)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := command(t, password+"\n", "account", "add", "-state", h.dir, "-user", "neuve", "-name", "Mme Neuve", "-role", "hotline"); err != nil {
		t.Fatal(err)
	}
	out, err := command(t, "", "restore", "-state", h.dir, "-replace", file)
	if err != nil || !strings.Contains(out, "started again") {
		t.Fatalf("printed %q, %v", out, err)
	}
	// It still runs with what it has, and a second thought replaces the first.
	if got, err := command(t, "", "account", "list", "-state", h.dir); err != nil || !strings.Contains(got, "neuve") {
		t.Errorf("accounts of the running hub %q, %v", got, err)
	}
	if _, err := command(t, "", "restore", "-state", h.dir, "-replace", file); err != nil {
		t.Fatal(err)
	}
	if _, err := command(t, "", "restore", "-state", h.dir, "-replace", os.DevNull); err == nil || !strings.Contains(err.Error(), "cut off or altered") {
		t.Errorf("what is no backup: %v", err)
	}
	h.stop()
	h.start()
	if got, err := command(t, "", "account", "list", "-state", h.dir); err != nil || got != had {
		t.Errorf("accounts after the restart %q, %v; want %q", got, err, had)
	}
	ask[wire.Welcome](h.booth("gien"), wire.VerbHello, wire.Hello{Version: "test", Calls: []string{}})
	before, err := filepath.Glob(filepath.Join(h.dir, ".before-*"))
	if err != nil || len(before) != 1 {
		t.Fatalf("moved aside: %q, %v", before, err)
	}
	for _, name := range []string{"nats", "keys"} {
		if _, err := os.Stat(filepath.Join(before[0], name)); err != nil {
			t.Error(err)
		}
	}
	h.stop()
	h.start()
	if again, err := filepath.Glob(filepath.Join(h.dir, ".before-*")); err != nil || len(again) != 1 {
		t.Errorf("another start moves aside: %q, %v", again, err)
	}
}

// uploads are counts that a booth sends one after the other, each until it is kept.
type uploads struct {
	t    *testing.T
	kept atomic.Int64
	end  func()
	more chan struct{}
}

// countOf is the n-th upload: what it counts is in its name.
func countOf(n int64) wire.Usage {
	return wire.Usage{
		HalfDay: "2026-11-24-am", Batch: fmt.Sprintf("%016d", n), Counts: []wire.Count{{What: fmt.Sprintf("count_%06d", n), N: 1}},
	}
}

func startUploads(t *testing.T, h *house, site string) *uploads {
	t.Helper()
	u := &uploads{t: t, more: make(chan struct{}, 1)}
	k := h.booth(site)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		for n := int64(1); ctx.Err() == nil; n++ {
			if !u.send(ctx, k, countOf(n)) {
				return
			}
			u.kept.Store(n)
			select {
			case u.more <- struct{}{}:
			default:
			}
		}
	}()
	u.end = func() {
		cancel()
		<-done
	}
	t.Cleanup(u.end)
	return u
}

// send sends until the hub says that it has it.
func (u *uploads) send(ctx context.Context, k *kiosk, usage wire.Usage) bool {
	b, err := wire.Encode(usage)
	if err != nil {
		u.t.Error(err)
		return false
	}
	for ctx.Err() == nil {
		attempt, cancel := context.WithTimeout(ctx, patience/10)
		reply, err := k.nc.RequestWithContext(attempt, wire.Up(k.site, wire.VerbUsage), b)
		cancel()
		if err != nil { // the hub is away, or its answer was lost
			continue
		}
		if r, err := wire.Decode[wire.UsageReply](reply.Data); err == nil && r.Code == "" && r.Batch == usage.Batch {
			return true
		}
	}
	return false
}

// until waits until so many are kept.
func (u *uploads) until(n int64) {
	u.t.Helper()
	ctx, cancel := context.WithTimeout(u.t.Context(), 2*patience)
	defer cancel()
	for u.kept.Load() < n {
		select {
		case <-u.more:
		case <-ctx.Done():
			u.t.Fatalf("only %d of %d counts were kept", u.kept.Load(), n)
		}
	}
}

// check returns how many counts a hub has: the first so many, each once.
func (u *uploads) check(state string) int64 {
	u.t.Helper()
	out, err := command(u.t, "", "usage", "-state", state)
	if err != nil {
		u.t.Fatal(err)
	}
	rows := strings.Split(strings.TrimSpace(out), "\n")[1:]
	for i, row := range rows {
		if want := fmt.Sprintf("gien,2026-11-24-am,,count_%06d,1", i+1); row != want {
			u.t.Fatalf("row %d is %q; want %q", i+1, row, want)
		}
	}
	return int64(len(rows))
}
