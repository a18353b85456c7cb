package main

import (
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"loiret.fr/visioborne/config"
	"loiret.fr/visioborne/kiosk/booth"
)

func TestAttractFilesAreThoseOfTheSettings(t *testing.T) {
	beside, settings := t.TempDir(), t.TempDir()
	const here, there = `<svg xmlns="http://www.w3.org/2000/svg" id="here"/>`, `<svg xmlns="http://www.w3.org/2000/svg" id="there"/>`
	for dir, text := range map[string]string{beside: here, settings: there} {
		if err := os.WriteFile(filepath.Join(dir, "logo.svg"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	site := filepath.Join(beside, "site.yaml")
	for _, test := range []struct {
		name string
		a    *config.Attract
		o    options
		want booth.Attract
		logo string
		log  string
	}{
		{"none", nil, options{site: site}, booth.Attract{}, "", ""},
		{"beside the site's file", &config.Attract{Logo: "logo.svg"}, options{site: site}, booth.Attract{Logo: booth.LogoPath}, here, ""},
		{"of the settings", &config.Attract{Logo: "logo.svg"}, options{site: site, settings: settings}, booth.Attract{Logo: booth.LogoPath}, there, ""},
		{"a picture that is not there", &config.Attract{Picture: "loire.jpg", Logo: "logo.svg"}, options{site: site}, booth.Attract{Logo: booth.LogoPath}, here, "loire.jpg"},
	} {
		t.Run(test.name, func(t *testing.T) {
			var log strings.Builder
			got, files := openAttract(test.a, test.o, slog.New(slog.NewTextHandler(&log, nil)))
			if got != test.want || string(files[booth.LogoPath].Bytes) != test.logo {
				t.Errorf("%+v with the logo %q; expected %+v with %q", got, files[booth.LogoPath].Bytes, test.want, test.logo)
			}
			if test.log == "" && log.Len() > 0 || !strings.Contains(log.String(), test.log) {
				t.Errorf("log: %q; expected to read of %q", log.String(), test.log)
			}
		})
	}
}
