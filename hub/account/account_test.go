package account

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"loiret.fr/visioborne/hub/natstest"
)

const password = "un mot de passe assez long"

func adviser(user string) Account {
	return Account{User: user, Name: "Mme Martin", Role: RoleAdviser, Partner: "caf"}
}

func TestPassword(t *testing.T) {
	a, err := New(adviser("caf.1"), password)
	if err != nil {
		t.Fatal(err)
	}
	if !a.Matches(password) || a.Matches(password+" ") || a.Matches("") {
		t.Error("the password is not checked")
	}
	b, err := New(adviser("caf.2"), password)
	if err != nil {
		t.Fatal(err)
	}
	if a.Password == b.Password || !strings.HasPrefix(a.Password, "$argon2id$v=19$m=19456,t=2,p=1$") {
		t.Errorf("hashes %q and %q", a.Password, b.Password)
	}
	if (Account{}).Matches("") {
		t.Error("nobody's account has a password")
	}
	now := time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	c, once, err := a.WithOneTime(now)
	if err != nil || !c.Matches(once) || c.Matches(password) || c.Epoch == a.Epoch || !c.OneTime.Equal(now.Add(OneTimeLife)) {
		t.Errorf("with a one-time password %+v, %v", c, err)
	}
	if c, err = c.WithPassword(password); err != nil || !c.OneTime.IsZero() || !c.Matches(password) {
		t.Errorf("with a password of its own %+v, %v", c, err)
	}
}

func TestNewRefuses(t *testing.T) {
	for _, c := range []struct {
		a                     Account
		password, field, want string
	}{
		{Account{Name: "N", Role: RoleAdviser, Partner: "caf"}, password, "user", "user"},
		{Account{User: "Caf", Name: "N", Role: RoleAdviser, Partner: "caf"}, password, "user", "user"},
		{Account{User: "caf..1", Name: "N", Role: RoleAdviser, Partner: "caf"}, password, "user", "user"},
		{Account{User: "caf.", Name: "N", Role: RoleAdviser, Partner: "caf"}, password, "user", "user"},
		{Account{User: "caf.>", Name: "N", Role: RoleAdviser, Partner: "caf"}, password, "user", "user"},
		{Account{User: "caf.1", Name: " ", Role: RoleAdviser, Partner: "caf"}, password, "name", "name"},
		{Account{User: "caf.1", Name: "a\nb", Role: RoleAdviser, Partner: "caf"}, password, "name", "name"},
		{Account{User: "caf.1", Name: "N", Role: RoleAdviser, Partner: "c.f"}, password, "partner", "partner"},
		{Account{User: "caf.1", Name: "N", Role: RoleAdviser}, password, "partner", "an adviser needs one"},
		{Account{User: "caf.1", Name: "N", Role: RoleHotline, Partner: "caf"}, password, "partner", "hotline has none"},
		{Account{User: "caf.1", Name: "N", Role: "king"}, password, "role", "role \"king\""},
		{Account{User: "caf.1", Name: "N"}, password, "role", "role"},
		{Account{User: "a", Name: "N", Role: RoleAgent}, password, "site", "an agent needs one"},
		{Account{User: "a", Name: "N", Role: RoleManager, Site: "gien"}, password, "site", "manager has none"},
		{Account{User: "a", Name: "N", Role: RoleManager}, "", "email", "needs an address"},
		{Account{User: "a", Name: "N", Role: RoleManager, Email: "A B <a@b.fr>"}, "", "email", "expected an address"},
		{adviser("caf.1"), "short", "password", "password: 5 characters"},
	} {
		_, err := New(c.a, c.password)
		var field *InvalidError
		if !errors.As(err, &field) || field.Field != c.field || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%+v: %v", c, err)
		}
	}
}

// Who may what.
func TestRoles(t *testing.T) {
	for _, c := range []struct {
		a    Account
		for_ []Role
		want bool
	}{
		{Account{Role: RoleHotline}, []Role{RoleHotline}, true},
		{Account{Role: RoleHotline}, []Role{RoleAdviser, RoleManager}, false},
		{Account{Role: RoleHotline}, nil, false},
		{Account{Role: RoleAdministrator}, []Role{RoleHotline}, true},
		{Account{Role: RoleAdministrator}, nil, true},
		{Account{}, Roles(), false},
	} {
		if got := c.a.Is(c.for_...); got != c.want {
			t.Errorf("%q for %v: %t", c.a.Role, c.for_, got)
		}
	}
	ctx := With(t.Context(), adviser("caf.1"))
	if a, ok := From(ctx); !ok || a.User != "caf.1" {
		t.Errorf("from the context %+v, %t", a, ok)
	}
	if _, ok := From(t.Context()); ok {
		t.Error("somebody came from an empty context")
	}
}

// A file from before there were roles has advisers only.
func TestOldFile(t *testing.T) {
	a, err := New(adviser("caf.1"), password)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	old := `[{"user":"caf.1","name":"Mme Martin","partner":"caf","password":"` + a.Password + `"}]`
	if err := os.WriteFile(filepath.Join(dir, "accounts.json"), []byte(old), 0o600); err != nil {
		t.Fatal(err)
	}
	js, _ := natstest.Open(t, t.TempDir())
	accounts := open(t, js)
	// Twice: the file is taken once, and an old copy of it changes nothing.
	for time := range 2 {
		taken, left, err := accounts.Take(dir)
		if want := 1 - time; err != nil || taken != want || left != time {
			t.Errorf("took %d and left %d, %v; want %d and %d", taken, left, err, want, time)
		}
		if x, found, err := accounts.Find("caf.1"); !found || err != nil || x.Role != RoleAdviser || !x.Matches(password) {
			t.Errorf("found %+v, %v", x, err)
		}
		if taken, left, err := accounts.Take(dir); taken+left != 0 || err != nil {
			t.Errorf("the file is still there: %d, %d, %v", taken, left, err)
		}
		old = strings.Replace(old, "Mme Martin", "Mme Autre", 1)
		if err := os.WriteFile(filepath.Join(dir, "accounts.json"), []byte(old), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if x, _, err := accounts.Find("caf.1"); err != nil || x.Name != "Mme Martin" {
		t.Errorf("an old file has changed the account: %+v, %v", x, err)
	}
}

func open(t *testing.T, js jetstream.JetStream) *Accounts {
	t.Helper()
	a, err := Open(t.Context(), js)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// Several hubs on one store change accounts at the same time, and none of the changes is lost.
func TestShared(t *testing.T) {
	js, _ := natstest.Open(t, t.TempDir())
	hubs := []*Accounts{open(t, js), open(t, js), open(t, js)}
	hashed, err := New(adviser("caf.1"), password)
	if err != nil {
		t.Fatal(err)
	}
	var tasks sync.WaitGroup
	for i, a := range hubs {
		tasks.Go(func() {
			x := hashed
			x.User = fmt.Sprint("caf.", i)
			if err := a.Add(x, false); err != nil {
				t.Error(err)
			}
		})
	}
	tasks.Wait()
	for i := range hubs {
		if err := hubs[i].Change("caf.0", func(x Account) (Account, error) {
			if len(x.Name) != len(adviser("x").Name)+i {
				t.Errorf("hub %d sees %q", i, x.Name)
			}
			x.Name += "+"
			return x, nil
		}); err != nil {
			t.Error(err)
		}
	}
	for i, a := range hubs {
		if all, err := a.List(); err != nil || len(all) != 3 {
			t.Errorf("hub %d has %+v, %v", i, all, err)
		}
	}
}

func TestChange(t *testing.T) {
	js, _ := natstest.Open(t, t.TempDir())
	a := open(t, js)
	for _, x := range []Account{{User: "m", Name: "M", Role: RoleManager, Email: "M@Loiret.fr"}, {User: "h", Name: "H", Role: RoleHotline, Email: "h@loiret.fr"}} {
		x, err := New(x, "")
		if err != nil {
			t.Fatal(err)
		}
		if err := a.Add(x, false); err != nil {
			t.Fatal(err)
		}
	}
	if x, found, err := a.FindEmail("m@LOIRET.fr"); !found || err != nil || x.User != "m" {
		t.Errorf("by address %+v, %v", x, err)
	}
	if _, found, err := a.FindEmail(""); found || err != nil {
		t.Errorf("by no address: %t, %v", found, err)
	}
	for _, c := range []struct {
		user   string
		change func(*Account)
		want   string
	}{
		{"m", func(x *Account) { x.Role, x.Site = RoleAgent, "gien" }, ""},
		{"m", func(x *Account) { x.Site = "" }, "an agent needs one"},
		{"m", func(x *Account) { x.Email = "h@loiret.fr" }, ErrExists.Error()},
		{"m", func(x *Account) { x.User = "h" }, ""}, // who it is cannot be changed
		{"nobody", func(*Account) {}, ErrUnknown.Error()},
	} {
		err := a.Change(c.user, func(x Account) (Account, error) { c.change(&x); return x, nil })
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%+v: %v", c, err)
		}
	}
	if all, err := a.List(); err != nil || len(all) != 2 || all[1].User != "m" || all[1].Site != "gien" {
		t.Errorf("accounts %+v, %v", all, err)
	}
}

func TestFile(t *testing.T) {
	dir := t.TempDir()
	a := Stage(dir)
	if all, err := a.List(); len(all) > 0 || err != nil {
		t.Errorf("before there is a file: %v, %v", all, err)
	}
	find := func(user string) (Account, bool, error) {
		all, err := a.List()
		i := slices.IndexFunc(all, func(x Account) bool { return x.User == user })
		if i < 0 {
			return Account{}, false, err
		}
		return all[i], true, err
	}
	// Several at the same time lose nothing.
	var tasks sync.WaitGroup
	for _, user := range []string{"caf.1", "caf.2", "caf.3", "caf.4"} {
		tasks.Go(func() {
			x, err := New(adviser(user), password)
			if err == nil {
				err = Stage(dir).Add(x, false)
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
	x, found, err := find("caf.3")
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
	if x, _, err := find("caf.3"); err != nil || x.Name != "Autre" {
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
		if _, _, err := find("caf.1"); err == nil || !strings.Contains(err.Error(), file) {
			t.Errorf("%s: %v; want an error with the file's name", bad, err)
		}
	}
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte(`[{"user":"m","name":"M","role":"manager","email":"m@loiret.fr"}]`))
	f.Add([]byte(`[{"user":"caf.1","name":"N","partner":"caf","password":"plain"}]`))
	f.Fuzz(func(t *testing.T, b []byte) {
		all, err := decode(b)
		if err != nil {
			return
		}
		for _, a := range all {
			if a.Check() != nil || a.Password == "" && a.Email == "" {
				t.Errorf("%s was let in as %+v", b, a)
			}
		}
	})
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
	// Two hubs tell each other, and together allow no more than one.
	here, there := NewBrake(3, 10*time.Second, func() time.Time { return now }), NewBrake(3, 10*time.Second, func() time.Time { return now })
	here.Share(there.Heard)
	there.Share(here.Heard)
	for n := range 3 {
		if wait := []*Brake{here, there}[n%2].Try("a"); wait != 0 {
			t.Errorf("try %d of two hubs: wait %s", n+1, wait)
		}
	}
	for _, b := range []*Brake{here, there} {
		if wait := b.Try("a"); wait != 10*time.Second {
			t.Errorf("fourth try of two hubs: wait %s", wait)
		}
	}
	here.Forgive("a")
	if wait := there.Try("a"); wait != 0 {
		t.Errorf("after a success at the other hub: wait %s", wait)
	}
	for _, wrong := range []string{"", "a", strings.Repeat("x", 100)} {
		there.Heard(wrong, 1)
	}
	for range 5 {
		there.Heard(brakeKey("b"), 1000)
	}
	if wait := there.Try("b"); wait != 0 || len(there.used) != 2 {
		t.Errorf("what no hub says was heard: wait %s, %d keys", wait, len(there.used))
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
		js, stop := natstest.Open(t, dir)
		sessions, err := OpenSessions(t.Context(), js, func() time.Time { return now })
		if err != nil {
			t.Fatal(err)
		}
		return sessions, stop
	}
	ctx := context.Background()
	s, stop := open()
	token, err := s.Begin(ctx, Account{User: "caf.1", Epoch: "e"}, "")
	if err != nil {
		t.Fatal(err)
	}
	stop()
	s, stop = open()
	defer stop()
	if x, ok, err := s.Find(ctx, token); !ok || x.User != "caf.1" || x.Epoch != "e" || err != nil {
		t.Errorf("after a restart: %+v, %v", x, err)
	}
	for _, wrong := range []string{"", token + "x", key(token), strings.Repeat("x", 1000), "*", ">"} {
		if x, ok, err := s.Find(ctx, wrong); ok || err != nil {
			t.Errorf("token %.20q: %+v, %v", wrong, x, err)
		}
	}
	now = now.Add(SessionLife)
	if x, ok, err := s.Find(ctx, token); ok || err != nil {
		t.Errorf("after a day: %+v, %v", x, err)
	}
	now = now.Add(-time.Hour)
	if err := s.End(ctx, token); err != nil {
		t.Error(err)
	}
	if x, ok, err := s.Find(ctx, token); ok || err != nil {
		t.Errorf("after the end: %+v, %v", x, err)
	}
}
