package backup

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// A state that is to take the place of the one that there is lies in that one's own directory, so that it only has to be
// renamed. All of it is named with a dot, which backups leave out.
const (
	// staging is where it is made, and staged where it lies when it is complete.
	staging, staged = ".staging", ".restored"
	// taking is there while the two change places. It holds the name of the folder for what was there before, and, once all of
	// that is in it, the word moved.
	taking, moved = ".taking", " moved"
	// aside begins the names of folders with what was there before.
	aside = ".before-"
)

// Stage makes the state of a hub out of a backup beside the one that a hub may be running on. The hub goes on with it at its
// next start: see TakeOver. One that was staged before is forgotten.
func Stage(ctx context.Context, state, file string, log *slog.Logger) (Manifest, error) {
	m, err := stage(ctx, state, file, log)
	if err != nil {
		return Manifest{}, fmt.Errorf("restoring %s beside %s: %w", file, state, err)
	}
	return m, nil
}

func stage(ctx context.Context, state, file string, log *slog.Logger) (Manifest, error) {
	if _, err := os.Lstat(filepath.Join(state, taking)); err == nil {
		return Manifest{}, errors.New("what was restored before is just taking its place; start the hub first")
	}
	work := filepath.Join(state, staging)
	if err := os.RemoveAll(work); err != nil { // of one that was interrupted
		return Manifest{}, err
	}
	m, err := restore(ctx, work, file, log)
	if err != nil {
		return Manifest{}, errors.Join(err, os.RemoveAll(work))
	}
	if err := os.RemoveAll(filepath.Join(state, staged)); err != nil {
		return Manifest{}, err
	}
	if err := os.Rename(work, filepath.Join(state, staged)); err != nil {
		return Manifest{}, err
	}
	return m, syncFolder(state)
}

// TakeOver puts the state that was staged in the place of the one that there is, which it moves into a folder of its own
// ("" when nothing was staged). No hub may run on it. A power cut in the middle loses nothing: the next call goes on from there.
func TakeOver(state string, now time.Time) (before string, err error) {
	before, err = takeOver(state, now, os.Rename)
	if err != nil {
		return "", fmt.Errorf("putting the restored state of %s in its place: %w; the hub goes on with that when it is started again", state, err)
	}
	return before, nil
}

func takeOver(state string, now time.Time, rename func(from, to string) error) (string, error) {
	fresh, mark := filepath.Join(state, staged), filepath.Join(state, taking)
	text, err := os.ReadFile(mark)
	if errors.Is(err, fs.ErrNotExist) {
		if _, err := os.Lstat(fresh); errors.Is(err, fs.ErrNotExist) {
			return "", nil
		} else if err != nil {
			return "", err
		}
		text = []byte(aside + now.UTC().Format("20060102-150405"))
		err = note(state, string(text))
	}
	if err != nil {
		return "", err
	}
	name, done := strings.CutSuffix(string(text), moved)
	before := filepath.Join(state, name)
	if !strings.HasPrefix(name, aside) || filepath.Base(name) != name {
		return "", fmt.Errorf("%s says %.80q; expected a folder's name", mark, text)
	}
	if !done {
		if err := os.MkdirAll(before, 0o700); err != nil {
			return "", err
		}
		if err := moveAll(state, before, rename); err != nil {
			return "", err
		}
		if err := note(state, name+moved); err != nil {
			return "", err
		}
	}
	if err := moveAll(fresh, state, rename); err != nil && !errors.Is(err, fs.ErrNotExist) { // it has gone already
		return "", err
	}
	if err := os.RemoveAll(fresh); err != nil {
		return "", err
	}
	if err := os.Remove(mark); err != nil {
		return "", err
	}
	return before, syncFolder(state)
}

// moveAll moves what is in a folder, but for what only TakeOver knows.
func moveAll(from, to string, rename func(from, to string) error) error {
	entries, err := os.ReadDir(from)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if n := e.Name(); n == staging || n == staged || n == taking || strings.HasPrefix(n, aside) {
			continue
		}
		if err := rename(filepath.Join(from, e.Name()), filepath.Join(to, e.Name())); err != nil {
			return err
		}
	}
	return errors.Join(syncFolder(to), syncFolder(from))
}

// note writes the mark so that it is whole after a power cut.
func note(state, text string) error {
	made := filepath.Join(state, taking+".new")
	if err := os.Remove(made); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := write(made, 0o600, strings.NewReader(text)); err != nil {
		return err
	}
	if err := os.Rename(made, filepath.Join(state, taking)); err != nil {
		return err
	}
	return syncFolder(state)
}
