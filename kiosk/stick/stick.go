// Package stick reads a file from a USB stick that was plugged in.
//
// It mounts the stick read-only for a moment, as vfat or exfat, copies the
// settings file and the file of authorities that it names, and unmounts it. It
// needs root. It starts no goroutine.
package stick

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/sys/unix"

	"loiret.fr/visioborne/config"
	"loiret.fr/visioborne/kiosk/durable"
)

// maxBytes is the most that a file may have which is copied.
const maxBytes = 1 << 20

// Copy looks for the file on every stick and copies the first one found to dir.
// It tells whether something new was copied.
func Copy(dir, name string) (bool, error) {
	devices, err := sticks("/sys/class/block")
	if err != nil {
		return false, err
	}
	var errs []error
	for _, device := range devices {
		copied, err := copyFrom("/dev/"+device, dir, name)
		if copied {
			return true, nil
		}
		if err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", device, err))
		}
	}
	return false, errors.Join(errs...)
}

// sticks lists the disks and partitions on USB.
func sticks(sys string) ([]string, error) {
	entries, err := os.ReadDir(sys)
	if err != nil {
		return nil, err
	}
	var found []string
	for _, e := range entries {
		if !strings.HasPrefix(e.Name(), "sd") {
			continue // USB mass storage is SCSI to Linux
		}
		at, err := filepath.EvalSymlinks(filepath.Join(sys, e.Name()))
		if err == nil && strings.Contains(at, "/usb") {
			found = append(found, e.Name())
		}
	}
	return found, nil
}

func copyFrom(device, dir, name string) (bool, error) {
	target, err := os.MkdirTemp("/run", "stick-")
	if err != nil {
		return false, err
	}
	defer os.Remove(target)
	if !mounted(device, target) {
		return false, nil // a whole disk with partitions, or no file system for a settings file
	}
	defer unix.Unmount(target, unix.MNT_DETACH)
	file := filepath.Join(target, name)
	if _, err := os.Stat(file); err != nil {
		return false, nil
	}
	names := []string{}
	// A file with mistakes is copied too: the touchscreen tells them.
	if s, err := config.LoadSettings(file); err == nil && s.Network.CA != "" {
		names = append(names, s.Network.CA)
	}
	news := false
	for _, n := range append(names, name) { // the settings last: they name the other
		info, err := os.Stat(filepath.Join(target, n))
		if err != nil {
			return false, err
		}
		if !info.Mode().IsRegular() || info.Size() > maxBytes {
			return false, fmt.Errorf("%s is no file of at most %d bytes", n, maxBytes)
		}
		text, err := os.ReadFile(filepath.Join(target, n))
		if err != nil {
			return false, err
		}
		if old, err := os.ReadFile(filepath.Join(dir, n)); err == nil && bytes.Equal(old, text) {
			continue // it is still plugged in
		}
		news = true
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return false, err
		}
		if err := durable.WriteFile(filepath.Join(dir, n), text); err != nil {
			return false, err
		}
	}
	return news, nil
}

func mounted(device, target string) bool {
	const flags = unix.MS_RDONLY | unix.MS_NOEXEC | unix.MS_NODEV | unix.MS_NOSUID
	for _, kind := range []string{"vfat", "exfat"} {
		if unix.Mount(device, target, kind, flags, "") == nil {
			return true
		}
	}
	return false
}
