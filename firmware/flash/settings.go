package main

import (
	"bytes"
	"crypto/x509"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/diskfs/go-diskfs/backend"
	"github.com/diskfs/go-diskfs/filesystem/fat32"
	"github.com/goccy/go-yaml"

	"loiret.fr/visioborne/config"
)

// wish is what the command line says of the booth's settings.
type wish struct {
	site, hub, code, file string
}

// cardFile is a file for the settings partition.
type cardFile struct {
	name string
	text []byte
}

// settingsFor are the files for the settings partition, none where the booth is to be asked everything on its panel; and
// the settings that they amount to. What -hub and -code say goes before the file, and the file before what the image
// holds already. Ask asks for the code; it is nil where nobody can answer.
func settingsFor(w wish, i image, ask func(question string) (string, error)) ([]cardFile, config.Settings, error) {
	if strings.ContainsFunc(w.site, func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '-')
	}) {
		return nil, config.Settings{}, fmt.Errorf("the site %q has a character that no site's name has; expected one such as gien", w.site)
	}
	if w.site != "" && w.code == "" && w.file == "" {
		if ask == nil {
			return nil, config.Settings{}, fmt.Errorf("the site %[1]s needs a code for its booth: run `hub booth add %[1]s` where the hub is, and add -code with what it prints (make: CODE=), or -settings with a file", w.site)
		}
		var err error
		if w.code, err = ask(fmt.Sprintf("The code that `hub booth add %s` printed: ", w.site)); err != nil {
			return nil, config.Settings{}, fmt.Errorf("reading the code: %w", err)
		}
		if w.code == "" {
			return nil, config.Settings{}, fmt.Errorf("no code was typed; run `hub booth add %s` where the hub is, or leave the site out, and the booth asks for a code on its panel", w.site)
		}
	}
	if w.code != "" {
		code, err := config.ParseCode(w.code)
		if err != nil {
			return nil, config.Settings{}, fmt.Errorf("the code %q %w; expected the 8 characters that `hub booth add` printed, such as K7PX-2M4Q", w.code, err)
		}
		w.code = config.FormatCode(code)
	}
	if w.hub == "" && w.code == "" && w.file == "" {
		return nil, config.Settings{}, nil
	}
	var text []byte
	var base config.Settings
	switch {
	case w.file != "":
		var err error
		if base, err = config.LoadSettings(w.file); err != nil {
			return nil, config.Settings{}, fmt.Errorf("reading the settings: %w", err)
		}
		if text, err = os.ReadFile(w.file); err != nil {
			return nil, config.Settings{}, fmt.Errorf("reading the settings: %w", err)
		}
	case w.hub == "":
		onImage, err := i.settingsFile()
		if err != nil {
			return nil, config.Settings{}, err
		}
		if onImage == nil {
			return nil, config.Settings{}, errors.New("the code needs the hub's address beside it, and the image does not give one; add -hub wss://... (make: HUB=)")
		}
		if base, err = load(onImage); err != nil {
			return nil, config.Settings{}, fmt.Errorf("reading the settings of %s: %w", i.file, err)
		}
	}
	if w.file == "" || w.hub != "" || w.code != "" {
		if w.hub != "" {
			base.Hub = w.hub
		}
		if w.code != "" {
			base.Code = w.code
		}
		out, err := yaml.Marshal(base)
		if err != nil {
			return nil, config.Settings{}, fmt.Errorf("making the settings file: %w", err)
		}
		head := "# Réglages de la borne ; voir docs/guide-technicien.md\n"
		if w.site != "" {
			head += "# Site : " + w.site + "\n"
		}
		// Windows' editor is what it may be opened with.
		text = []byte(strings.ReplaceAll(head+string(out), "\n", "\r\n"))
	}
	settings, err := load(text)
	if err != nil {
		return nil, config.Settings{}, fmt.Errorf("checking the settings: %w", err)
	}
	files := []cardFile{{config.SettingsFile, text}}
	if ca := settings.Network.CA; ca != "" && w.file != "" {
		from := filepath.Join(filepath.Dir(w.file), ca)
		certificates, err := os.ReadFile(from)
		if err != nil {
			return nil, config.Settings{}, fmt.Errorf("reading the authority's certificates: %w", err)
		}
		if !x509.NewCertPool().AppendCertsFromPEM(certificates) {
			return nil, config.Settings{}, fmt.Errorf("%s has no certificate; expected PEM, with a line BEGIN CERTIFICATE", from)
		}
		files = append(files, cardFile{ca, certificates})
	}
	return files, settings, nil
}

// load checks a settings file by its text, as the booth will.
func load(text []byte) (config.Settings, error) {
	dir, err := os.MkdirTemp("", "flash")
	if err != nil {
		return config.Settings{}, err
	}
	defer os.RemoveAll(dir)
	file := filepath.Join(dir, config.SettingsFile)
	if err := os.WriteFile(file, text, 0o600); err != nil {
		return config.Settings{}, err
	}
	s, err := config.LoadSettings(file)
	if err != nil {
		return config.Settings{}, errors.New(strings.ReplaceAll(err.Error(), dir+string(filepath.Separator), ""))
	}
	return s, nil
}

func openSettings(disk backend.Storage, at span) (*fat32.FileSystem, error) {
	fs, err := fat32.Read(disk, at.to-at.from, at.from, sectorBytes)
	if err != nil {
		return nil, fmt.Errorf("reading the settings partition: %w", err)
	}
	return fs, nil
}

// readSettings is the settings file of a settings partition, nil where there is none.
func readSettings(disk backend.Storage, at span) ([]byte, error) {
	fs, err := openSettings(disk, at)
	if err != nil {
		return nil, err
	}
	entries, err := fs.ReadDir(".")
	if err != nil {
		return nil, fmt.Errorf("reading the settings partition: %w", err)
	}
	for _, e := range entries {
		if strings.EqualFold(e.Name(), config.SettingsFile) {
			return fs.ReadFile(e.Name())
		}
	}
	return nil, nil
}

// writeSettings puts files onto the settings partition.
func writeSettings(disk backend.Storage, at span, files []cardFile) error {
	fs, err := openSettings(disk, at)
	if err != nil {
		return err
	}
	for _, f := range files {
		to, err := fs.OpenFile("/"+f.name, os.O_CREATE|os.O_RDWR|os.O_TRUNC)
		if err != nil {
			return fmt.Errorf("writing %s: %w", f.name, cause(err))
		}
		_, err = to.Write(f.text)
		if err := errors.Join(err, to.Close()); err != nil {
			return fmt.Errorf("writing %s: %w", f.name, cause(err))
		}
	}
	return fs.Close()
}

// verifySettings reads the files back.
func verifySettings(disk backend.Storage, at span, files []cardFile) error {
	fs, err := openSettings(disk, at)
	if err != nil {
		return err
	}
	for _, f := range files {
		text, err := fs.ReadFile(f.name)
		if err != nil {
			return fmt.Errorf("reading back %s: %w", f.name, cause(err))
		}
		if !bytes.Equal(text, f.text) {
			return fmt.Errorf("reading back %s: it is not what was written; the card is worn out or a fake: take another", f.name)
		}
	}
	return nil
}
