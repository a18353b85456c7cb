// Package account is who works with the hub and what each may do: accounts
// with their roles in a file of the hub's state directory, their passwords
// (argon2id, RFC 9106), the brake on guessing them, and sign-in sessions in the
// bucket "sessions", which outlive a restart of the hub.
//
// It writes accounts.json, readable by its owner only, and that bucket; tokens
// and passwords are kept as hashes. It never logs a password, a token or a
// name. It starts no goroutine.
package account

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/mail"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"
	"unicode"
	"unicode/utf8"

	"loiret.fr/visioborne/hub/wire"
)

// Role is what somebody does, and with that what he may.
type Role string

const (
	// RoleAdviser answers a partner's calls.
	RoleAdviser Role = "adviser"
	// RoleAgent receives citizens at a site and keeps its figures.
	RoleAgent Role = "agent"
	// RoleManager sees the figures of the whole Département.
	RoleManager Role = "manager"
	// RoleHotline keeps the booths alive.
	RoleHotline Role = "hotline"
	// RoleAdministrator keeps the accounts, and may all.
	RoleAdministrator Role = "administrator"
)

// Roles are all roles.
func Roles() []Role {
	return []Role{RoleAdviser, RoleAgent, RoleManager, RoleHotline, RoleAdministrator}
}

// Account is somebody who signs in.
type Account struct {
	// User is what he signs in with.
	User string `json:"user"`
	// Name is what others read; an adviser's, citizens too.
	Name string `json:"name"`
	// Role is adviser where a file from before there were roles has none.
	Role Role `json:"role"`
	// Partner is an adviser's. An administrator may have one, and then a desk.
	Partner string `json:"partner,omitempty"`
	// Site is an agent's.
	Site string `json:"site,omitempty"`
	// Email is how an OpenID Connect provider names him; "" when he signs in with a password only.
	Email string `json:"email,omitempty"`
	// Password is its hash, as a PHC string; "" when he signs in by the provider only.
	Password string `json:"password,omitempty"`
	// OneTime: the password was given by an administrator, may be used until then, and has to be changed at once.
	OneTime time.Time `json:"one_time,omitzero"`
	// Disabled accounts are nobody's: they stay for the audit only.
	Disabled bool `json:"disabled,omitempty"`
	// Epoch changes with whatever must end the account's sessions.
	Epoch string `json:"epoch,omitempty"`
}

const (
	minPassword = 12
	maxPassword = 200
	maxName     = 80
	maxUser     = 64
	maxEmail    = 254
)

// OneTimeLife is how long a password that an administrator gave may be used.
const OneTimeLife = 7 * 24 * time.Hour

var userPattern = regexp.MustCompile(`^[a-z0-9](?:[a-z0-9_-]|\.[a-z0-9_-]){0,62}$`)

var (
	// ErrExists: there is an account of that user or address.
	ErrExists = errors.New("there is such an account already")
	// ErrUnknown: there is no account of that user.
	ErrUnknown = errors.New("there is no such account")
)

// InvalidError says which field of an account is not right.
type InvalidError struct {
	// Field is "user", "name", "role", "partner", "site", "email" or "password".
	Field string
	err   error
}

func (e *InvalidError) Error() string { return e.err.Error() }
func (e *InvalidError) Unwrap() error { return e.err }

func invalid(field, format string, args ...any) error {
	return &InvalidError{field, fmt.Errorf(format, args...)}
}

// New completes a new account: it checks a, and keeps the hash of the password.
// Without a password a signs in by an OpenID Connect provider only, and needs an e-mail address.
func New(a Account, password string) (Account, error) {
	a.Password, a.OneTime, a.Epoch = "", time.Time{}, rand.Text()
	a.Email = strings.ToLower(a.Email)
	if password == "" {
		return a, a.Check()
	}
	return a.WithPassword(password)
}

// WithPassword returns the account with another password, which ends its sessions.
func (a Account) WithPassword(password string) (Account, error) {
	if n := utf8.RuneCountInString(password); n < minPassword || n > maxPassword || !utf8.ValidString(password) {
		return Account{}, invalid("password", "password: %d characters; expected %d to %d", n, minPassword, maxPassword)
	}
	a.Password, a.OneTime, a.Epoch = "-", time.Time{}, rand.Text()
	if err := a.Check(); err != nil {
		return Account{}, err
	}
	a.Password = hash(password)
	return a, nil
}

// WithOneTime returns the account with a new password that is to be changed at its first use, and that password.
func (a Account) WithOneTime(now time.Time) (Account, string, error) {
	// 80 bits of chance, in groups that can be said: it lives for days, and guessing is slowed.
	text := rand.Text()
	password := strings.Join([]string{text[:4], text[4:8], text[8:12], text[12:16]}, "-")
	a, err := a.WithPassword(password)
	a.OneTime = now.Add(OneTimeLife).UTC().Truncate(time.Second)
	return a, password, err
}

// Renewed returns the account with its sessions ended.
func (a Account) Renewed() Account {
	a.Epoch = rand.Text()
	return a
}

// Is tells whether the account has one of the roles. An administrator has all.
func (a Account) Is(roles ...Role) bool {
	return a.Role == RoleAdministrator || slices.Contains(roles, a.Role)
}

// Check tells what is not right in an account, as an *InvalidError.
func (a Account) Check() error {
	if len(a.User) > maxUser || !userPattern.MatchString(a.User) {
		return invalid("user", "user %.80q: expected up to 64 lower-case letters, digits, hyphens, underscores and single dots", a.User)
	}
	if strings.TrimSpace(a.Name) == "" || len(a.Name) > maxName || !utf8.ValidString(a.Name) || strings.ContainsFunc(a.Name, unicode.IsControl) {
		return invalid("name", "name %.100q: expected 1 to %d bytes of text on one line", a.Name, maxName)
	}
	if !slices.Contains(Roles(), a.Role) {
		return invalid("role", "role %.40q: expected one of %v", a.Role, Roles())
	}
	if a.Partner == "" && a.Role == RoleAdviser {
		return invalid("partner", "partner: an adviser needs one; expected a partner's id")
	}
	if a.Partner != "" {
		if a.Role != RoleAdviser && a.Role != RoleAdministrator {
			return invalid("partner", "partner %.40q: a role of %s has none", a.Partner, a.Role)
		}
		if err := wire.CheckID("partner", a.Partner); err != nil {
			return invalid("partner", "%w", err)
		}
	}
	switch {
	case a.Role == RoleAgent:
		if err := wire.CheckID("site", a.Site); err != nil {
			return invalid("site", "%w; an agent needs one", err)
		}
	case a.Site != "":
		return invalid("site", "site %.40q: a role of %s has none", a.Site, a.Role)
	}
	switch {
	case a.Email == "" && a.Password == "":
		return invalid("email", "email: an account without a password needs an address")
	case a.Email != "":
		if p, err := mail.ParseAddress(a.Email); err != nil || p.Address != a.Email || len(a.Email) > maxEmail || a.Email != strings.ToLower(a.Email) {
			return invalid("email", "email %.100q: expected an address in lower case, as in prenom.nom@loiret.fr", a.Email)
		}
	}
	return nil
}

type contextKey struct{}

// With returns a context that carries who makes a request.
func With(ctx context.Context, a Account) context.Context {
	return context.WithValue(ctx, contextKey{}, a)
}

// From tells who makes a request that the guard of the sign-in has let pass; false where there is none.
func From(ctx context.Context) (Account, bool) {
	a, ok := ctx.Value(contextKey{}).(Account)
	return a, ok
}

// Accounts are the accounts of a hub.
type Accounts struct {
	file string
	// demonstration accounts live in memory only.
	demonstration []Account

	mu sync.Mutex
	// text is the file as it was last read, and all what is in it: hundreds of desks ask every few seconds who they are.
	text []byte
	all  []Account
}

// Open names the accounts of the hub whose state is in dir. The file is read at
// each use, so that one may be added while the hub runs.
func Open(dir string, demonstration ...Account) *Accounts {
	return &Accounts{file: filepath.Join(dir, "accounts.json"), demonstration: demonstration}
}

// Find finds an account by its user.
func (a *Accounts) Find(user string) (Account, bool, error) {
	return a.find(func(x Account) bool { return x.User == user })
}

// FindEmail finds an account by its address, in whatever case that comes.
func (a *Accounts) FindEmail(email string) (Account, bool, error) {
	email = strings.ToLower(email)
	return a.find(func(x Account) bool { return x.Email != "" && x.Email == email })
}

func (a *Accounts) find(fits func(Account) bool) (Account, bool, error) {
	all, err := a.read()
	if err != nil {
		return Account{}, false, err
	}
	for _, x := range slices.Concat(a.demonstration, all) {
		if fits(x) {
			return x, true, nil
		}
	}
	return Account{}, false, nil
}

// Add adds an account. An existing one of the same user is replaced only if replace is set.
func (a *Accounts) Add(x Account, replace bool) error {
	return a.edit(func(all []Account) ([]Account, error) {
		i := slices.IndexFunc(all, func(y Account) bool { return y.User == x.User })
		switch {
		case i < 0:
			all = append(all, x)
		case replace:
			all[i] = x
		default:
			return nil, &InvalidError{"user", fmt.Errorf("user %q: %w; use -replace to change it", x.User, ErrExists)}
		}
		slices.SortFunc(all, func(x, y Account) int { return strings.Compare(x.User, y.User) })
		return all, nil
	})
}

// Change changes an account. What change returns is checked before it is kept.
func (a *Accounts) Change(user string, change func(Account) (Account, error)) error {
	return a.edit(func(all []Account) ([]Account, error) {
		i := slices.IndexFunc(all, func(y Account) bool { return y.User == user })
		if i < 0 {
			return nil, fmt.Errorf("user %.80q: %w", user, ErrUnknown)
		}
		changed, err := change(all[i])
		if err != nil {
			return nil, err
		}
		changed.User = user
		if err := changed.Check(); err != nil {
			return nil, err
		}
		all[i] = changed
		return all, nil
	})
}

// Remove removes an account.
func (a *Accounts) Remove(user string) error {
	return a.edit(func(all []Account) ([]Account, error) {
		i := slices.IndexFunc(all, func(y Account) bool { return y.User == user })
		if i < 0 {
			return nil, fmt.Errorf("user %.80q: %w", user, ErrUnknown)
		}
		return slices.Delete(all, i, i+1), nil
	})
}

// List lists the accounts in the file, by user.
func (a *Accounts) List() ([]Account, error) { return a.read() }

func (a *Accounts) read() ([]Account, error) {
	b, err := os.ReadFile(a.file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("reading accounts: %w", err)
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.text == nil || !bytes.Equal(a.text, b) {
		all, err := decode(b)
		if err != nil {
			return nil, fmt.Errorf("reading accounts %s: %w", a.file, err)
		}
		a.text, a.all = b, all
	}
	return slices.Clone(a.all), nil
}

func decode(b []byte) ([]Account, error) {
	var all []Account
	if err := json.Unmarshal(b, &all); err != nil {
		return nil, err
	}
	for i := range all {
		x := &all[i]
		if x.Role == "" {
			x.Role = RoleAdviser
		}
		if err := x.Check(); err != nil {
			return nil, fmt.Errorf("entry %d: %w", i, err)
		}
		if x.Password == "" {
			continue
		}
		if _, err := parse(x.Password); err != nil {
			return nil, fmt.Errorf("entry %d: password: %w", i, err)
		}
	}
	return all, nil
}

// edit changes the file while nobody else does, and replaces it in one step.
func (a *Accounts) edit(change func([]Account) ([]Account, error)) error {
	dir := filepath.Dir(a.file)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("writing accounts: %w", err)
	}
	lock, err := os.OpenFile(a.file+".lock", os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return fmt.Errorf("writing accounts: %w", err)
	}
	defer lock.Close() // and with it the lock
	if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX); err != nil {
		return fmt.Errorf("writing accounts: locking %s: %w", lock.Name(), err)
	}
	all, err := a.read()
	if err != nil {
		return err
	}
	if all, err = change(all); err != nil {
		return err
	}
	if err := apart(all); err != nil {
		return err
	}
	b, err := json.MarshalIndent(all, "", "  ")
	if err != nil {
		return fmt.Errorf("writing accounts: %w", err)
	}
	temporary, err := os.CreateTemp(dir, ".accounts-*") // 0600
	if err != nil {
		return fmt.Errorf("writing accounts: %w", err)
	}
	defer os.Remove(temporary.Name())
	_, err = temporary.Write(append(b, '\n'))
	if err := errors.Join(err, temporary.Sync(), temporary.Close()); err != nil {
		return fmt.Errorf("writing accounts: %w", err)
	}
	if err := os.Rename(temporary.Name(), a.file); err != nil {
		return fmt.Errorf("writing accounts: %w", err)
	}
	return nil
}

// apart: an address must name one account.
func apart(all []Account) error {
	users := map[string]string{}
	for _, x := range all {
		if other, taken := users[x.Email]; taken && x.Email != "" {
			return &InvalidError{"email", fmt.Errorf("email %s: %w, %s's and %s's", x.Email, ErrExists, other, x.User)}
		}
		users[x.Email] = x.User
	}
	return nil
}
