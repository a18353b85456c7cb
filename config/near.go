package config

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
)

// OtherSite is what a booth knows of another site, so that it can send a citizen there when it cannot help itself, also
// without its hub.
type OtherSite struct {
	// ID, Name, Town, Phone and Position are the site's own.
	ID       string    `yaml:"id" json:"id"`
	Name     string    `yaml:"name" json:"name"`
	Town     string    `yaml:"town,omitempty" json:"town,omitempty"`
	Phone    Phone     `yaml:"phone" json:"phone"`
	Position *Position `yaml:"position" json:"position"`
	// Hours and Closed are those of its room, on the clocks of whoever reads them.
	Hours  Hours  `yaml:"hours" json:"hours"`
	Closed []Days `yaml:"closed,omitempty" json:"closed,omitempty"`
}

const (
	maxTown       = 40 // characters
	maxOtherSites = 40
	// neighbours is how many other sites a booth is told of: more are too far to go to.
	neighbours = 12
)

func (d *document) validateOtherSites(all []OtherSite) {
	if len(all) > maxOtherSites {
		d.report("sites", "has %d sites; a booth has use for %d", len(all), maxOtherSites)
	}
	for i, s := range all {
		at := item("sites", i)
		d.validateID(child(at, "id"), s.ID)
		d.validateUnique("sites", i, s.ID, func(j int) string { return all[j].ID })
		d.validateText(child(at, "name"), s.Name, maxName, `the name that citizens read, such as "Espace Services Publics de Gien"`)
		d.validateTown(child(at, "town"), s.Town)
		d.validatePhone(child(at, "phone"), s.Phone, true)
		d.validatePosition(child(at, "position"), s.Position)
		if s.Position == nil {
			d.missing(child(at, "position"), "where it is, such as {latitude: 47.685, longitude: 2.630}")
		}
		d.validateHours(child(at, "hours"), s.Hours)
		d.validateClosed(child(at, "closed"), s.Closed)
	}
}

func (d *document) validateTown(at, town string) {
	if _, given := d.at[at]; given || town != "" {
		d.validateText(at, town, maxTown, `the town, such as "Gien"`)
	}
}

// KilometresTo is how far another place is, over the ground as the crow flies: the great circle of a sphere of 6371 km,
// which is within 0.5 % of the Earth.
func (p Position) KilometresTo(o Position) float64 {
	const radius, degree = 6371.0, math.Pi / 180
	half := func(a, b float64) float64 { s := math.Sin((b - a) * degree / 2); return s * s }
	h := half(p.Latitude, o.Latitude) + math.Cos(p.Latitude*degree)*math.Cos(o.Latitude*degree)*half(p.Longitude, o.Longitude)
	return 2 * radius * math.Asin(math.Sqrt(min(h, 1)))
}

// Nearby is another site to which somebody may go.
type Nearby struct {
	OtherSite
	Kilometres float64
	// OpensAt is the moment that was asked for if it is open then, or when it opens next; Open tells which. Today are its
	// hours on the day of OpensAt.
	Open    bool
	OpensAt time.Time
	Today   []Span
}

// Near finds the other site to which somebody had best go at a time: the nearest of those that are open, or else the one
// that opens first. False: none is known, or it is not known where the booth's own site is.
func (b *Booth) Near(t time.Time) (Nearby, bool) {
	if b.Site.Position == nil {
		return Nearby{}, false
	}
	var best Nearby
	found := false
	for _, s := range b.Others {
		if s.ID == b.Site.ID || s.Position == nil {
			continue
		}
		opening := Opening{Hours: s.Hours, Closed: s.Closed, Location: b.location()}
		at, ok := opening.Next(t)
		if !ok {
			continue
		}
		n := Nearby{
			OtherSite: s, Kilometres: b.Site.Position.KilometresTo(*s.Position), Open: !at.After(t), OpensAt: at,
			Today: s.Hours[at.In(b.location()).Weekday()],
		}
		if !found || n.before(best) {
			best, found = n, true
		}
	}
	return best, found
}

// before tells whether one had better go there. Of two that are open OpensAt is the same.
func (n Nearby) before(o Nearby) bool {
	return cmp.Or(n.OpensAt.Compare(o.OpensAt), cmp.Compare(n.Kilometres, o.Kilometres), cmp.Compare(n.ID, o.ID)) < 0
}

// WithSites returns the text of a partner directory with the sites near one added, for that site's booth, where TakesSites.
func WithSites(partnersYAML string, own Site, all []Site) string {
	if !TakesSites(partnersYAML) {
		return partnersYAML
	}
	return AddSites(partnersYAML, own, all)
}

// TakesSites tells whether sites may be added to the text of a partner directory: it is one, and lists none itself.
func TakesSites(partnersYAML string) bool {
	d := parse("partners.yaml", []byte(partnersYAML))
	return isDirectory(d.root) && !slices.Contains(keys(d.root), "sites")
}

// AddSites adds the sites near one to a text that TakesSites. Where it is not known where the site is, nothing is added.
func AddSites(partnersYAML string, own Site, all []Site) string {
	if own.Position == nil {
		return partnersYAML
	}
	type away struct {
		kilometres float64
		site       *Site
	}
	var others []away
	for i := range all {
		if s := &all[i]; s.ID != own.ID && s.Position != nil {
			others = append(others, away{own.Position.KilometresTo(*s.Position), s})
		}
	}
	if len(others) == 0 {
		return partnersYAML
	}
	slices.SortFunc(others, func(a, b away) int {
		return cmp.Or(cmp.Compare(a.kilometres, b.kilometres), cmp.Compare(a.site.ID, b.site.ID))
	})
	var b strings.Builder
	b.WriteString(strings.TrimRight(partnersYAML, "\n") + "\n\n# The sites near this one, nearest first; the hub has added them.\nsites:\n")
	for _, o := range others[:min(len(others), neighbours)] {
		s := o.site
		fmt.Fprintf(&b, "  - id: %s\n    name: %q\n", s.ID, s.Name)
		if s.Town != "" {
			fmt.Fprintf(&b, "    town: %q\n", s.Town)
		}
		fmt.Fprintf(&b, "    phone: %q\n    position: {latitude: %s, longitude: %s}\n    hours:\n", s.Phone, degrees(s.Position.Latitude), degrees(s.Position.Longitude))
		for _, day := range weekdays() {
			if spans := s.Hours[day]; len(spans) > 0 {
				fmt.Fprintf(&b, "      %s: [%s]\n", dayName(day), list(spans))
			}
		}
		if len(s.Closed) > 0 {
			fmt.Fprintf(&b, "    closed: [%s]\n", list(s.Closed))
		}
	}
	return b.String()
}

func degrees(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }

// list writes texts as the items of a YAML list on one line.
func list[T fmt.Stringer](all []T) string {
	texts := make([]string, len(all))
	for i, v := range all {
		texts[i] = fmt.Sprintf("%q", v)
	}
	return strings.Join(texts, ", ")
}
