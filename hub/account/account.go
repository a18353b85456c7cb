// Package account is who may sit at a desk: advisers' accounts in a file of
// the hub's state directory, their passwords (argon2id, RFC 9106), the brake
// on guessing them, and sign-in sessions in the bucket "sessions", which
// outlive a restart of the hub.
//
// It writes accounts.json, readable by its owner only, and that bucket; tokens
// and passwords are kept as hashes. It never logs a password, a token or a
// name. It starts no goroutine.
package account

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"unicode"
	"unicode/utf8"

	"loiret.fr/visioborne/hub/wire"
)

// Account is an adviser.
type Account struct {
	// User is what the adviser signs in with.
	User string `json:"user"`
	// Name is what the citizen reads.
	Name    string `json:"name"`
	Partner string `json:"partner"`
	// Password is its hash, as a PHC string.
	Password string `json:"password"`
}

const (
	minPassword = 12
	maxPassword = 200
	maxName     = 80
)

var userPattern = regexp.MustCompile(`^[a-z0-9](?:[a-z0-9_-]|\.[a-z0-9_-]){0,62}$`)

// New makes an account with the hash of a password.
func New(user, name, partner, password string) (Account, error) {
	if err := check(user, name, partner); err != nil {
		return Account{}, err
	}
	if n := utf8.RuneCountInString(password); n < minPassword || n > maxPassword || !utf8.ValidString(password) {
		return Account{}, fmt.Errorf("password: %d characters; expected %d to %d", n, minPassword, maxPassword)
	}
	return Account{User: user, Name: name, Partner: partner, Password: hash(password)}, nil
}

func check(user, name, partner string) error {
	if !userPattern.MatchString(user) {
		return fmt.Errorf("user %.80q: expected up to 64 lower-case letters, digits, hyphens, underscores and single dots", user)
	}
	if strings.TrimSpace(name) == "" || len(name) > maxName || !utf8.ValidString(name) || strings.ContainsFunc(name, unicode.IsControl) {
		return fmt.Errorf("name %.100q: expected 1 to %d bytes of text on one line", name, maxName)
	}
	return wire.CheckID("partner", partner)
}

// Accounts are the accounts of a hub.
type Accounts struct {
	file string
	// demonstration accounts live in memory only.
	demonstration []Account
}

// Open names the accounts of the hub whose state is in dir. The file is read at
// each use, so that one may be added while the hub runs.
func Open(dir string, demonstration ...Account) *Accounts {
	return &Accounts{filepath.Join(dir, "accounts.json"), demonstration}
}

// Find finds an account by its user.
func (a *Accounts) Find(user string) (Account, bool, error) {
	all, err := a.read()
	if err != nil {
		return Account{}, false, err
	}
	for _, x := range slices.Concat(a.demonstration, all) {
		if x.User == user {
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
			return nil, fmt.Errorf("user %q has an account already; use -replace to change it", x.User)
		}
		slices.SortFunc(all, func(x, y Account) int { return strings.Compare(x.User, y.User) })
		return all, nil
	})
}

// Remove removes an account.
func (a *Accounts) Remove(user string) error {
	return a.edit(func(all []Account) ([]Account, error) {
		i := slices.IndexFunc(all, func(y Account) bool { return y.User == user })
		if i < 0 {
			return nil, fmt.Errorf("user %q has no account", user)
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
	var all []Account
	if err := json.Unmarshal(b, &all); err != nil {
		return nil, fmt.Errorf("reading accounts %s: %w", a.file, err)
	}
	for i, x := range all {
		if err := check(x.User, x.Name, x.Partner); err != nil {
			return nil, fmt.Errorf("reading accounts %s: entry %d: %w", a.file, i, err)
		}
		if _, err := parse(x.Password); err != nil {
			return nil, fmt.Errorf("reading accounts %s: entry %d: password: %w", a.file, i, err)
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
