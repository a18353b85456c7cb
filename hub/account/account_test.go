package account

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

const password = "un mot de passe assez long"

func TestPassword(t *testing.T) {
	a, err := New("caf.1", "Mme Martin", "caf", password)
	if err != nil {
		t.Fatal(err)
	}
	if !a.Matches(password) || a.Matches(password+" ") || a.Matches("") {
		t.Error("the password is not checked")
	}
	b, err := New("caf.2", "Mme Martin", "caf", password)
	if err != nil {
		t.Fatal(err)
	}
	if a.Password == b.Password || !strings.HasPrefix(a.Password, "$argon2id$v=19$m=19456,t=2,p=1$") {
		t.Errorf("hashes %q and %q", a.Password, b.Password)
	}
	if (Account{}).Matches("") {
		t.Error("nobody's account has a password")
	}
}

func TestNewRefuses(t *testing.T) {
	for _, c := range []struct{ user, name, partner, password, want string }{
		{"", "N", "caf", password, "user"},
		{"Caf", "N", "caf", password, "user"},
		{"caf..1", "N", "caf", password, "user"},
		{"caf.", "N", "caf", password, "user"},
		{"caf.>", "N", "caf", password, "user"},
		{"caf.1", " ", "caf", password, "name"},
		{"caf.1", "a\nb", "caf", password, "name"},
		{"caf.1", "N", "c.f", password, "partner"},
		{"caf.1", "N", "caf", "short", "password: 5 characters"},
	} {
		if _, err := New(c.user, c.name, c.partner, c.password); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%+v: %v", c, err)
		}
	}
}

func TestFile(t *testing.T) {
	dir := t.TempDir()
	a := Open(dir)
	if _, found, err := a.Find("caf.1"); found || err != nil {
		t.Errorf("before there is a file: %t, %v", found, err)
	}
	// Several at the same time lose nothing.
	var tasks sync.WaitGroup
	for _, user := range []string{"caf.1", "caf.2", "caf.3", "caf.4"} {
		tasks.Go(func() {
			x, err := New(user, user, "caf", password)
			if err == nil {
				err = Open(dir).Add(x, false)
			}
			if err != nil {
				t.Error(err)
			}
		})
	}
	tasks.Wait()
	if all, err := a.List(); err != nil || len(all) != 4 || all[0].User != "caf.1" {
		t.Errorf("accounts %+v, %v", all, err)
	}
	x, found, err := a.Find("caf.3")
	if err != nil || !found || !x.Matches(password) {
		t.Errorf("found %+v, %v", x, err)
	}
	x.Name = "Autre"
	if err := a.Add(x, false); err == nil || !strings.Contains(err.Error(), "-replace") {
		t.Errorf("adding twice: %v", err)
	}
	if err := a.Add(x, true); err != nil {
		t.Error(err)
	}
	if x, _, err := a.Find("caf.3"); err != nil || x.Name != "Autre" {
		t.Errorf("replaced %+v, %v", x, err)
	}
	if err := a.Remove("caf.3"); err != nil {
		t.Error(err)
	}
	if err := a.Remove("caf.3"); err == nil {
		t.Error("removing twice: no error")
	}
	file := filepath.Join(dir, "accounts.json")
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	for _, bad := range []string{`{`, `[{"user":"caf.1","name":"N","partner":"caf","password":"plain"}]`, `[{"user":"X"}]`} {
		if err := os.WriteFile(file, []byte(bad), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, _, err := a.Find("caf.1"); err == nil || !strings.Contains(err.Error(), file) {
			t.Errorf("%s: %v; want an error with the file's name", bad, err)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add("$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHRzYWx0$aGFzaGhhc2hoYXNoaGFzaA")
	f.Add("$argon2id$v=19$m=1,t=0,p=0$$")
	f.Fuzz(func(t *testing.T, s string) {
		h, err := parse(s)
		if err == nil && (h.passes < 1 || h.lanes < 1 || h.memoryKiB > dearest || len(h.salt) < 8 || len(h.hash) < 16) {
			t.Errorf("%q was let in as %+v", s, h)
		}
	})
}

func TestBrake(t *testing.T) {
	now := time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	b := NewBrake(3, 10*time.Second, func() time.Time { return now })
	for n := range 3 {
		if wait := b.Try("a"); wait != 0 {
			t.Errorf("try %d: wait %s", n+1, wait)
		}
	}
	if wait := b.Try("a"); wait != 10*time.Second {
		t.Errorf("fourth try: wait %s", wait)
	}
	if wait := b.Try("b"); wait != 0 {
		t.Errorf("another key: wait %s", wait)
	}
	now = now.Add(10 * time.Second)
	if wait := b.Try("a"); wait != 0 {
		t.Errorf("after a while: wait %s", wait)
	}
	b.Forgive("a")
	if wait := b.Try("a"); wait != 0 {
		t.Errorf("after a success: wait %s", wait)
	}
	// Strangers cannot fill the memory.
	for n := range 2 * maxKeys {
		b.Try(string(rune('a'+n%26)) + time.Duration(n).String())
	}
	if len(b.used) > maxKeys {
		t.Errorf("%d keys", len(b.used))
	}
}

func TestSessions(t *testing.T) {
	dir := t.TempDir()
	now := time.Now()
	open := func() (*Sessions, func()) {
		s, err := server.NewServer(&server.Options{DontListen: true, NoLog: true, NoSigs: true, JetStream: true, StoreDir: dir})
		if err != nil {
			t.Fatal(err)
		}
		s.Start()
		if !s.ReadyForConnections(10 * time.Second) {
			t.Fatal("the NATS server does not start")
		}
		nc, err := nats.Connect("", nats.InProcessServer(s))
		if err != nil {
			t.Fatal(err)
		}
		js, err := jetstream.New(nc)
		if err != nil {
			t.Fatal(err)
		}
		sessions, err := OpenSessions(t.Context(), js, func() time.Time { return now })
		if err != nil {
			t.Fatal(err)
		}
		return sessions, func() { nc.Close(); s.Shutdown(); s.WaitForShutdown() }
	}
	ctx := context.Background()
	s, stop := open()
	token, err := s.Begin(ctx, "caf.1")
	if err != nil {
		t.Fatal(err)
	}
	stop()
	s, stop = open()
	defer stop()
	if user, err := s.User(ctx, token); user != "caf.1" || err != nil {
		t.Errorf("after a restart: %q, %v", user, err)
	}
	for _, wrong := range []string{"", token + "x", key(token), strings.Repeat("x", 1000), "*", ">"} {
		if user, err := s.User(ctx, wrong); user != "" || err != nil {
			t.Errorf("token %.20q: %q, %v", wrong, user, err)
		}
	}
	now = now.Add(SessionLife)
	if user, err := s.User(ctx, token); user != "" || err != nil {
		t.Errorf("after a day: %q, %v", user, err)
	}
	now = now.Add(-time.Hour)
	if err := s.End(ctx, token); err != nil {
		t.Error(err)
	}
	if user, err := s.User(ctx, token); user != "" || err != nil {
		t.Errorf("after the end: %q, %v", user, err)
	}
}
