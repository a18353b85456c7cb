package config

import (
	"bytes"
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestCheck(t *testing.T) {
	lorris := strings.Replace(goodSite, "id: gien", "id: lorris", 1)
	lorris = strings.Replace(lorris, "16:30", "16:45", 1)
	files := map[string]string{
		"site.yaml":     goodSite,
		"partners.yaml": goodPartners,
		"lorris.yaml":   lorris,
		"stranger.yaml": strings.Replace(lorris, "id: caf", "id: cpam", 1),
		"two.yaml":      strings.NewReplacer("id: gien", "id: Gien", "wss://", "https://").Replace(goodSite),
		"alone.yaml":    "hub: wss://hub.example.fr\n",
		"other.yaml":    "colour: red\n",
		"grid.yaml":     goodGrid,
		"colour.yaml":   "rows: []\ncolour: red\n",
		"list.yaml":     "- id: caf\n",
		"broken.yaml":   "id: [\n",
		SettingsFile:    "hub: wss://hub.example.fr\nmaintenance: {}\n",
	}
	for _, tt := range []struct {
		name  string
		files string
		want  string
		err   string
	}{
		{"a site", "site.yaml", "site.yaml: ok (site gien, 2 partners, open 6 h a week)\n", ""},
		{"a directory", "partners.yaml", "partners.yaml: ok (partner directory, 2 partners)\n", ""},
		{"a grid", "grid.yaml", "grid.yaml: ok (grid, 4 rows, secret below 5)\n", ""},
		{
			"a wrong grid", "colour.yaml",
			`colour.yaml:1: rows: is empty; expected a list of rows
colour.yaml:2: colour: is not a known field; expected threshold, settle_days, promised_hours or rows
`, "checking configuration: 2 mistakes in 1 file",
		},
		{
			"sites and a directory, in the order given", "lorris.yaml partners.yaml site.yaml",
			`lorris.yaml: ok (site lorris, 2 partners, open 6 h 15 min a week)
partners.yaml: ok (partner directory, 2 partners)
site.yaml: ok (site gien, 2 partners, open 6 h a week)
`, "",
		},
		{"a strange partner, alone", "stranger.yaml", "stranger.yaml: ok (site lorris, 2 partners, open 6 h 15 min a week)\n", ""},
		{
			"a strange partner, with the directory", "stranger.yaml partners.yaml",
			`stranger.yaml:5: partners[0].id: "cpam" is not in the partner directory; expected caf or cdad
partners.yaml: ok (partner directory, 2 partners)
`, "checking configuration: 1 mistake in 1 file",
		},
		{
			"mistakes", "two.yaml partners.yaml other.yaml",
			`two.yaml:1: id: "Gien" is not an id; expected lower-case letters, digits and hyphens such as "beaune-la-rolande"
two.yaml:11: hub: "https://hub.example.fr" does not begin with wss://, or ws:// on a developer's machine; expected the address of the hub such as "wss://hub.example.fr"
partners.yaml: ok (partner directory, 2 partners)
other.yaml:1: is neither a site (id, name, hub, ...) nor a partner directory (partners) nor a grid (rows), and its name is not visioborne.yaml or hub.yaml
`, "checking configuration: 3 mistakes in 2 files",
		},
		{
			"a site of one field", "alone.yaml",
			`alone.yaml:1: id: is missing; expected lower-case letters, digits and hyphens such as "beaune-la-rolande"
alone.yaml:1: name: is missing; expected the name that citizens read, such as "Espace Services Publics de Gien"
alone.yaml:1: phone: is missing; expected 10 digits, or a short number of 4 digits such as 3230
alone.yaml:1: partners: is missing; expected a list of partners, each by its id
alone.yaml:1: hours: is missing; expected at least one day such as monday: ["09:00-12:30"]
`, "checking configuration: 5 mistakes in 1 file",
		},
		{"settings", SettingsFile, "visioborne.yaml: ok (settings for the hub at wss://hub.example.fr; maintenance is open)\n", ""},
		{
			"a list, a broken file, no file", "list.yaml broken.yaml nowhere.yaml",
			`list.yaml:1: is neither a site (id, name, hub, ...) nor a partner directory (partners) nor a grid (rows), and its name is not visioborne.yaml or hub.yaml
broken.yaml:1: is not YAML: sequence end token ']' not found
nowhere.yaml: cannot be read: no such file or directory
`, "checking configuration: 3 mistakes in 3 files",
		},
		{
			"the same twice", "site.yaml partners.yaml site.yaml partners.yaml",
			`site.yaml: ok (site gien, 2 partners, open 6 h a week)
partners.yaml: ok (partner directory, 2 partners)
site.yaml:1: id: "gien" is the id of site.yaml too; expected another one
partners.yaml:1: is a second partner directory, after partners.yaml; give one at a time
`, "checking configuration: 2 mistakes in 2 files",
		},
		{"nothing", "", "", "checking configuration: no file given"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Chdir(t.TempDir())
			for name, text := range files {
				if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			var out bytes.Buffer
			err := Check(&out, strings.Fields(tt.files))
			if diff := cmp.Diff(tt.want, out.String()); diff != "" {
				t.Errorf("written (-want +got):\n%s", diff)
			}
			if got := errorText(err); got != tt.err {
				t.Errorf("the error is %q, want %q", got, tt.err)
			}
		})
	}
}

func errorText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

type fullDisk struct{}

func (fullDisk) Write([]byte) (int, error) { return 0, errors.New("no space left") }

func TestCheckTellsThatItCannotWrite(t *testing.T) {
	write(t, goodSite, goodPartners)
	const want = "writing the result of the check: no space left"
	if got := errorText(Check(fullDisk{}, []string{"site.yaml"})); got != want {
		t.Errorf("the error is %q, want %q", got, want)
	}
}
