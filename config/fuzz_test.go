package config

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// FuzzLoad reads any bytes as a site, a directory and a grid: no panic, every mistake in its place, and what loads is valid.
func FuzzLoad(f *testing.F) {
	files, err := filepath.Glob("loiret/*.yaml")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range append(files, "loiret/sites/gien.yaml", "testdata/mistakes/site.yaml", "testdata/mistakes/partners.yaml") {
		text, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	for _, text := range []string{
		goodSite, goodPartners, goodPartners + goodNeeds, "groups:\n-\nneeds: [{}]\nsites: [~, {position: {}}]\n", "", "---\n", "id: &a [*a]\n", "? [a]\n: b\n", "a: |\n  b\n", "{id: x, hub: }", "<<: *x\n", "!!map {a: b}",
		"hours: {every_day: [~, 1, {}], monday: }\n", "partners:\n-\n- ~\n- []\n", "\"a.b[0]\": 1\n\"\": 2\n",
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		lines := strings.Count(string(text), "\n") + 1
		asSite := parse("site.yaml", text)
		site := asSite.site()
		asDirectory := parse("partners.yaml", text)
		directory := asDirectory.directory()
		if asSite.root != nil {
			asSite.validateReferences(site, directory.Partners)
		}
		asGrid := parse("grid.yaml", text)
		grid := asGrid.grid()
		for _, m := range slices.Concat(asSite.mistakes, asDirectory.mistakes, asGrid.mistakes) {
			if m.Line > lines || m.Line < 0 || m.Problem == "" || strings.ContainsAny(m.String(), "\n\r") {
				t.Errorf("the mistake is not in the file's %d lines, or not on a line of its own: %q", lines, m.String())
			}
		}
		if len(asSite.mistakes) == 0 {
			revalidate(t, func(d *document) { d.validateSite(site) })
			b := newBooth(site, directory)
			b.Near(time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC))
			if at := time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC); b.SiteOpening().At(at) {
				next, _ := b.SiteOpening().Next(at)
				if !next.Equal(at) {
					t.Errorf("open at %v, but opens next at %v", at, next)
				}
			}
		}
		if len(asGrid.mistakes) == 0 {
			revalidate(t, func(d *document) { d.validateGrid(grid) })
		}
		if len(asDirectory.mistakes) == 0 {
			revalidate(t, func(d *document) { d.validateDirectory(directory) })
		}
	})
}

// revalidate looks for mistakes in a value as if it had not come from a file.
func revalidate(t *testing.T, validate func(*document)) {
	t.Helper()
	d := newDocument("loaded")
	validate(d)
	if err := join(d.mistakes); err != nil {
		t.Errorf("a file without mistakes gave a value with mistakes:\n%v", err)
	}
}
