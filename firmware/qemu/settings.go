package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/diskfs/go-diskfs/backend/file"
	"github.com/diskfs/go-diskfs/filesystem/fat32"
	"github.com/diskfs/go-diskfs/partition/gpt"

	"loiret.fr/visioborne/config"
)

// writeSettings writes the settings file, and a certificate authority's beside
// it, to the image's settings partition.
func writeSettings(image, settings string) (err error) {
	f, err := os.OpenFile(image, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	disk := file.New(f, false)
	table, err := gpt.Read(disk, 512, 512)
	if err != nil {
		return fmt.Errorf("reading the image's partitions: %w", err)
	}
	if len(table.Partitions) < 5 {
		return errors.New("the image has no settings partition")
	}
	p := table.Partitions[4]
	fs, err := fat32.Read(disk, int64(p.End-p.Start+1)*512, int64(p.Start)*512, 512)
	if err != nil {
		return fmt.Errorf("reading the settings partition: %w", err)
	}
	loaded, err := config.LoadSettings(settings)
	if err != nil {
		return err
	}
	names := map[string]string{config.SettingsFile: settings}
	if ca := loaded.Network.CA; ca != "" {
		names[ca] = filepath.Join(filepath.Dir(settings), ca)
	}
	for name, from := range names {
		text, err := os.ReadFile(from)
		if err != nil {
			return err
		}
		to, err := fs.OpenFile("/"+name, os.O_CREATE|os.O_RDWR)
		if err != nil {
			return fmt.Errorf("writing %s: %w", name, err)
		}
		_, err = to.Write(text)
		if err := errors.Join(err, to.Close()); err != nil {
			return fmt.Errorf("writing %s: %w", name, err)
		}
	}
	return fs.Close()
}
