package directory

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"loiret.fr/visioborne/config"
	"loiret.fr/visioborne/hub/wire"
)

const (
	partners      = "../../config/loiret/partners.yaml"
	sites         = "../../config/loiret/sites"
	demonstration = "../../config/loiret/demonstration.yaml"
)

func TestOpen(t *testing.T) {
	d, err := Open(partners, sites+","+demonstration)
	if err != nil {
		t.Fatal(err)
	}
	all := d.Sites()
	if len(all) != 14 {
		t.Errorf("%d sites; want the 13 of the Loiret and the demonstration", len(all))
	}
	for i := 1; i < len(all); i++ {
		if all[i-1].Name > all[i].Name {
			t.Errorf("%q comes before %q", all[i-1].Name, all[i].Name)
		}
	}
	if p, ok := d.Partner("adil"); !ok || p.Short != "ADIL-EIE" {
		t.Errorf("partner %+v", p)
	}
	if _, ok := d.Partner("bank"); ok {
		t.Error("there is a bank")
	}
}

// A booth's files are as the hub has them, but for the sites near it.
func TestFiles(t *testing.T) {
	d, err := Open(partners, sites)
	if err != nil {
		t.Fatal(err)
	}
	site, directory, ok := d.ForBooth("gien")
	dir := t.TempDir()
	siteFile, partnersFile := filepath.Join(dir, "site.yaml"), filepath.Join(dir, "partners.yaml")
	if err := errors.Join(os.WriteFile(siteFile, []byte(site), 0o600), os.WriteFile(partnersFile, []byte(directory), 0o600)); err != nil || !ok {
		t.Fatal(err, ok)
	}
	b, err := config.Load(siteFile, partnersFile)
	if err != nil {
		t.Fatal(err)
	}
	if near, ok := b.Near(time.Date(2026, 11, 24, 10, 0, 0, 0, b.Location)); !ok || near.Name == "" || len(b.Needs) < 40 {
		t.Errorf("the booth knows %d needs, and near it %+v", len(b.Needs), near)
	}
	if _, _, ok := d.ForBooth("orleans"); ok {
		t.Error("there are files for a site that there is not")
	}
	if n, ok := d.Need("carsat-survivor"); !ok || n.Partner != "carsat" {
		t.Errorf("the need is %+v, %v", n, ok)
	}
	if n, ok := d.Need("bank"); ok {
		t.Errorf("there is a need %+v", n)
	}
}

func TestRefuse(t *testing.T) {
	d, err := Open(partners, sites+","+demonstration)
	if err != nil {
		t.Fatal(err)
	}
	paris, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	tuesday := time.Date(2026, 11, 24, 10, 0, 0, 0, paris)
	for _, c := range []struct {
		site, partner string
		at            time.Time
		want          wire.Code
	}{
		{"gien", "caf", tuesday, ""},
		{"gien", "caf", tuesday.Add(12 * time.Hour), wire.CodeClosed},
		// The clock is the site's, wherever the hub is.
		{"gien", "caf", time.Date(2026, 11, 24, 8, 30, 0, 0, time.UTC), ""},
		{"gien", "caf", time.Date(2026, 11, 24, 15, 45, 0, 0, time.UTC), wire.CodeClosed},
		{"gien", "caf", time.Date(2026, 12, 25, 10, 0, 0, 0, paris), wire.CodeClosed},
		// The site's own hours count more than the partner's.
		{"demonstration", "caf", tuesday.Add(12 * time.Hour), ""},
		{"demonstration", "bank", tuesday, wire.CodeUnknownPartner},
		{"orleans", "caf", tuesday, wire.CodeUnknownSite},
	} {
		if got := d.Refuse(c.site, c.partner, c.at); got != c.want {
			t.Errorf("%s to %s at %s: %q; want %q", c.site, c.partner, c.at, got, c.want)
		}
	}
}

func TestOpenRefuses(t *testing.T) {
	dir := t.TempDir()
	text, err := os.ReadFile(demonstration)
	if err != nil {
		t.Fatal(err)
	}
	write := func(name, text string) string {
		file := filepath.Join(dir, name)
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return file
	}
	empty := t.TempDir()
	bank := write("bank.yaml", strings.Replace(string(text), "- id: cdad", "- id: bank", 1))
	for _, c := range []struct{ partners, sites, want string }{
		{"nothing.yaml", demonstration, "nothing.yaml"},
		{partners, "", "no file is given"},
		{partners, "nothing", "nothing"},
		{partners, empty, "has no .yaml file"},
		{partners, bank, "bank"},
		{partners, demonstration + "," + write("again.yaml", string(text)), `"demonstration" is the id of ` + demonstration},
	} {
		if _, err := Open(c.partners, c.sites); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("Open(%q, %q): %v; want %q", c.partners, c.sites, err, c.want)
		}
	}
}
