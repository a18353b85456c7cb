package account

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"syscall"

	"github.com/google/renameio/v2"
)

// Staged are accounts that wait for the next start of a hub that does not run, in accounts.json. Hubs before there was a
// bucket kept theirs there.
type Staged struct{ file string }

// Stage names those of the hub whose state is in dir.
func Stage(dir string) Staged { return Staged{filepath.Join(dir, "accounts.json")} }

// Add is as Accounts' Add.
func (s Staged) Add(x Account, replace bool) error {
	if replace {
		waiting, err := readStaged(s.file)
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(waiting, func(y Account) bool { return y.User == x.User }) {
			return &InvalidError{"user", errors.New("-replace changes an account that the hub has already, which needs the hub running; start it, or leave -replace out for a new account")}
		}
	}
	return s.edit(func(all []Account) ([]Account, error) { return added(all, x, replace) })
}

// Remove is as Accounts' Remove.
func (s Staged) Remove(user string) error {
	return s.edit(func(all []Account) ([]Account, error) { return without(all, user) })
}

// List lists them, by user.
func (s Staged) List() ([]Account, error) { return readStaged(s.file) }

// edit changes the file while nobody else does, and replaces it in one step.
func (s Staged) edit(change func([]Account) ([]Account, error)) error {
	if err := os.MkdirAll(filepath.Dir(s.file), 0o700); err != nil {
		return fmt.Errorf("writing accounts: %w", err)
	}
	lock, err := os.OpenFile(s.file+".lock", os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return fmt.Errorf("writing accounts: %w", err)
	}
	defer lock.Close() // and with it the lock
	if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX); err != nil {
		return fmt.Errorf("writing accounts: locking %s: %w", lock.Name(), err)
	}
	all, err := s.List()
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
	if err == nil {
		err = renameio.WriteFile(s.file, append(b, '\n'), 0o600)
	}
	if err != nil {
		return fmt.Errorf("writing accounts: %w", err)
	}
	return nil
}

func readStaged(file string) ([]Account, error) {
	b, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("reading accounts: %w", err)
	}
	all, err := decode(b)
	if err != nil {
		return nil, fmt.Errorf("reading accounts %s: %w", file, err)
	}
	return all, nil
}

// Take takes the accounts that wait in dir, and removes their file. An account of the same user or address that is there
// already stays as it is, because the file may be an old one: how many were left is told.
func (a *Accounts) Take(dir string) (taken, left int, err error) {
	file := Stage(dir).file
	waiting, err := readStaged(file)
	if err != nil || waiting == nil {
		return 0, 0, err
	}
	err = a.edit(func(all []Account) ([]Account, error) {
		taken, left = 0, 0
		for _, x := range waiting {
			there := slices.ContainsFunc(all, func(y Account) bool { return y.User == x.User || x.Email != "" && y.Email == x.Email })
			if there {
				left++
				continue
			}
			if all, err = added(all, x, false); err != nil {
				return nil, err
			}
			taken++
		}
		return all, nil
	})
	if err != nil {
		return 0, 0, err
	}
	if err := os.Remove(file); err != nil {
		return 0, 0, fmt.Errorf("removing the accounts that were taken: %w", err)
	}
	return taken, left, nil
}
