package config

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// What people copy out of the documents must load.
func TestExamplesOfSettings(t *testing.T) {
	block := regexp.MustCompile("(?s)```yaml\n(.*?)```")
	for file, want := range map[string]int{"../docs/guide-technicien.md": 5, "../README.md": 1} {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		found := block.FindAllSubmatch(text, -1)
		if len(found) < want {
			t.Errorf("%s has %d examples, want %d", file, len(found), want)
		}
		for n, m := range found {
			t.Run(fmt.Sprintf("%s/%d", filepath.Base(file), n+1), func(t *testing.T) {
				if strings.HasPrefix(string(m[1]), "devices:") { // of a site
					write(t, goodSite+string(m[1]), goodPartners)
					if _, err := LoadSite("site.yaml"); err != nil {
						t.Error(err)
					}
					return
				}
				settings := filepath.Join(t.TempDir(), SettingsFile)
				if err := os.WriteFile(settings, m[1], 0o644); err != nil {
					t.Fatal(err)
				}
				s, err := LoadSettings(settings)
				if err != nil {
					t.Error(err)
				}
				if strings.Contains(string(m[1]), "address:") {
					if _, ok := s.Network.Static(); !ok {
						t.Error("the static address cannot be used")
					}
				}
			})
		}
	}
}

// The hub.yaml of several machines is copied too, and checked by the schema as an editor does.
func TestExamplesOfHub(t *testing.T) {
	text, err := os.ReadFile("../docs/guide-exploitation.md")
	if err != nil {
		t.Fatal(err)
	}
	found := regexp.MustCompile("(?s)```yaml\n(state:.*?)```").FindAllSubmatch(text, -1) // the others are parts of files
	if len(found) == 0 {
		t.Fatal("the guide has no example")
	}
	for n, m := range found {
		file := writeHub(t, string(m[1]))
		h, err := LoadHub(file)
		if err != nil {
			t.Errorf("example %d: %v", n+1, err)
			continue
		}
		if err := validateBySchema(t, "schema/hub.schema.json", m[1]); err != nil {
			t.Errorf("example %d: %v", n+1, err)
		}
		if len(h.NATS) != 3 || len(h.NATSWebsocket) != 3 || len(h.Turn) == 0 || h.TurnSecret == "" {
			t.Errorf("example %d is not of several machines: %+v", n+1, h)
		}
	}
}
