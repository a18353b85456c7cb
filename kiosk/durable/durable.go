// Package durable writes small files that outlive a power cut.
package durable

import (
	"errors"
	"os"
	"path/filepath"

	"github.com/google/renameio/v2"
)

// WriteFile replaces a file, readable by its owner only: whenever the power goes it is the old one
// or the new one, and the new one once WriteFile has returned.
func WriteFile(name string, text []byte) error {
	if err := renameio.WriteFile(name, text, 0o600); err != nil { // syncs the file before it renames it
		return err
	}
	return SyncFolder(filepath.Dir(name))
}

// SyncFolder makes the names in a folder outlive a power cut: those that came
// and those that went (fsync(2): a file's own does not include its name).
func SyncFolder(name string) error {
	folder, err := os.Open(name)
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}
