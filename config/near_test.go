package config

import (
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestKilometres(t *testing.T) {
	orleans, gien, montargis := Position{47.902, 1.909}, Position{47.685, 2.630}, Position{47.997, 2.733}
	for _, tt := range []struct {
		from, to Position
		want     float64 // as a map tells it
	}{
		{orleans, gien, 59.0},
		{gien, montargis, 35.5},
		{orleans, orleans, 0},
		{Position{0, 0}, Position{0, 180}, 20015},
		{Position{0, 179.5}, Position{0, -179.5}, 111.2},
	} {
		if got := tt.from.KilometresTo(tt.to); math.Abs(got-tt.want) > 0.005*tt.want+0.2 {
			t.Errorf("from %v to %v it is %.1f km, want %.1f", tt.from, tt.to, got, tt.want)
		}
	}
}

func TestNear(t *testing.T) {
	paris, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	at := func(day int, hour int) time.Time { return time.Date(2026, 11, day, hour, 0, 0, 0, paris) }
	span := func(from, to int) []Span { return []Span{{from * 60, to * 60}} }
	other := func(id string, latitude float64, hours Hours) OtherSite {
		return OtherSite{ID: id, Name: id, Position: &Position{latitude, 2}, Hours: hours}
	}
	b := &Booth{
		Site: Site{ID: "own", Position: &Position{48, 2}}, Location: paris,
		Others: []OtherSite{
			other("far", 49, Hours{time.Monday: span(8, 18), time.Tuesday: span(8, 18)}),
			other("near", 48.1, Hours{time.Monday: span(9, 12), time.Wednesday: span(10, 12)}),
			other("middle", 48.5, Hours{time.Monday: span(9, 12), time.Tuesday: span(9, 12)}),
			other("own", 48, Hours{time.Monday: span(0, 24)}),
			{ID: "nowhere", Hours: Hours{time.Monday: span(0, 24)}},
		},
	}
	for _, tt := range []struct {
		name string
		at   time.Time
		want string
		open bool
	}{
		{"the nearest that is open", at(23, 10), "near", true}, // a Monday
		{"the nearest is closed", at(23, 14), "far", true},
		{"none is open: who opens first", at(23, 19), "far", false},
		{"two open at once: the nearer", at(23, 8).Add(-10 * time.Hour), "far", false},
		{"two are open: the nearer", at(24, 10), "middle", true},
		{"only one opens again this week", at(24, 19), "near", false},
	} {
		n, ok := b.Near(tt.at)
		if !ok || n.ID != tt.want || n.Open != tt.open || n.Open != n.OpensAt.Equal(tt.at) || len(n.Today) == 0 {
			t.Errorf("%s: %+v, %v; want %s, open %v", tt.name, n, ok, tt.want, tt.open)
		}
	}
	if n, _ := b.Near(at(24, 19)); !n.OpensAt.Equal(at(25, 10)) || n.Today[0] != (Span{10 * 60, 12 * 60}) || math.Abs(n.Kilometres-11.1) > 0.1 {
		t.Errorf("the one that opens first: %+v", n)
	}
	b.Site.Position = nil
	if n, ok := b.Near(at(23, 10)); ok {
		t.Errorf("a site that is nowhere has a near one: %+v", n)
	}
	b = &Booth{Site: Site{Position: &Position{48, 2}}, Location: paris, Others: []OtherSite{other("shut", 48.1, Hours{})}}
	if n, ok := b.Near(at(23, 10)); ok {
		t.Errorf("a site that never opens is near: %+v", n)
	}
}

// What the hub adds for a booth is read as it was written.
func TestWithSites(t *testing.T) {
	sites, err := LoadSites("loiret/sites")
	if err != nil {
		t.Fatal(err)
	}
	all := []Site{{ID: "nowhere"}}
	for _, s := range sites {
		if s.Town == "" || s.Position == nil {
			t.Errorf("%s has no town or no position", s.ID)
		}
		all = append(all, s)
	}
	own := sites["gien"]
	directory, err := os.ReadFile("loiret/partners.yaml")
	if err != nil {
		t.Fatal(err)
	}
	text := WithSites(string(directory), own, all)
	file := filepath.Join(t.TempDir(), "partners.yaml")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	v, err := LoadDirectory(file)
	if err != nil {
		t.Fatalf("%v in\n%s", err, text)
	}
	if err := validateBySchema(t, "schema/partners.schema.json", []byte(text)); err != nil {
		t.Error(err)
	}
	if len(v.Sites) != neighbours || v.Sites[0].ID != "chatillon-coligny" {
		t.Fatalf("%d sites, the first being %+v", len(v.Sites), v.Sites[0])
	}
	last := 0.0
	for _, s := range v.Sites {
		of := sites[s.ID]
		if diff := cmp.Diff(OtherSite{of.ID, of.Name, of.Town, of.Phone, of.Position, of.Hours, of.Closed}, s); diff != "" {
			t.Errorf("%s (-site +written):\n%s", s.ID, diff)
		}
		far := own.Position.KilometresTo(*s.Position)
		if far < last || s.ID == "gien" {
			t.Errorf("%s is at %.1f km, after one at %.1f km", s.ID, far, last)
		}
		last = far
	}
	// Odd names survive.
	odd := sites["lorris"]
	odd.Name, odd.Town = "Espace \"Lorris\" \\ : # 🙂", "L’Île\u00a0d’Or"
	if err := os.WriteFile(file, []byte(WithSites(string(directory), own, []Site{odd})), 0o600); err != nil {
		t.Fatal(err)
	}
	if v, err = LoadDirectory(file); err != nil || v.Sites[0].Name != odd.Name || v.Sites[0].Town != odd.Town {
		t.Errorf("%+v, %v", v.Sites, err)
	}
	// Nothing is added to what has sites already, or for a site that is nowhere.
	if again := WithSites(text, own, all); again != text {
		t.Error("sites are added twice")
	}
	own.Position = nil
	if got := WithSites(string(directory), own, all); got != string(directory) {
		t.Error("sites are added for a site that is nowhere")
	}
	if got := WithSites("broken: [", sites["gien"], all); got != "broken: [" {
		t.Errorf("a broken directory became %q", got)
	}
}

func TestMistakesInOtherSites(t *testing.T) {
	const good = "sites:\n  - id: lorris\n    name: Espace de Lorris\n    town: Lorris\n    phone: \"02 38 25 45 45\"\n    position: {latitude: 47.889, longitude: 2.514}\n    hours: {monday: [\"09:00-12:00\"]}\n"
	write(t, goodSite, goodPartners+good)
	if _, err := Load("site.yaml", "partners.yaml"); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ old, new, want string }{
		{"id: lorris", "id: Lorris", `sites[0].id: "Lorris" is not an id`},
		{"name: Espace de Lorris", "name: ''", `sites[0].name: is empty`},
		{"town: Lorris", "town: ''", `sites[0].town: is empty; expected the town, such as "Gien"`},
		{"02 38 25 45 45", "02", `sites[0].phone: "02" is too short`},
		{"    position: {latitude: 47.889, longitude: 2.514}\n", "", `sites[0].position: is missing; expected where it is, such as {latitude: 47.685, longitude: 2.630}`},
		{"latitude: 47.889, ", "", `sites[0].position.latitude: is missing`},
		{"monday: [\"09:00-12:00\"]", "", `sites[0].hours: is empty`},
	} {
		write(t, goodSite, goodPartners+strings.Replace(good, tt.old, tt.new, 1))
		if _, err := Load("site.yaml", "partners.yaml"); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%q for %q: %v; want %s", tt.new, tt.old, err, tt.want)
		}
	}
}
