package figures

import (
	"fmt"
	"math"
	"slices"
	"time"
)

// View is which of a month's tables is read.
type View string

const (
	ViewSite       View = "site"       // one site, by partner
	ViewPartner    View = "partner"    // one partner, by site
	ViewDepartment View = "department" // all sites together, by partner
	ViewSites      View = "sites"      // all sites beside each other
)

// ParseView reads a view's name.
func ParseView(name string) (View, error) {
	for _, v := range []View{ViewSite, ViewPartner, ViewDepartment, ViewSites} {
		if string(v) == name {
			return v, nil
		}
	}
	return "", fmt.Errorf("view %.20q: expected site, partner, department or sites", name)
}

// The kinds of a grid's columns.
const (
	ColumnSite     = "site"
	ColumnPartner  = "partner"
	ColumnAll      = "all"       // the sum
	ColumnLastYear = "last_year" // the same month of the year before
	ColumnChange   = "change"    // since then, in percent
	ColumnYear     = "year"      // from January to this month
)

// Column is a column of a grid.
type Column struct {
	Kind string `json:"kind"`
	// ID is the site's or the partner's.
	ID string `json:"id,omitempty"`
}

// The states of a value.
const (
	StateNumber = "number"
	StateSecret = "secret"
	StateNone   = "none" // there is no such number
)

// Value is what a grid shows in a place. N is in the row's unit, or in percent under ColumnChange.
type Value struct {
	State string `json:"state"`
	N     int    `json:"n"`
}

// GridRow is a row of a grid.
type GridRow struct {
	ID      string  `json:"id"`
	Title   string  `json:"title"`
	Section string  `json:"section"`
	Unit    string  `json:"unit"`
	Values  []Value `json:"values"`
}

// Grid is one table of a month.
type Grid struct {
	Month     string    `json:"month"`
	View      View      `json:"view"`
	Of        string    `json:"of"`
	Threshold int       `json:"threshold"`
	Alone     bool      `json:"alone"`
	Columns   []Column  `json:"columns"`
	Rows      []GridRow `json:"rows"`
}

// History is what was published, by month; missing months are not in it.
type History map[string]Month

// Grid is a table of a month of the history: of a site, of a partner, or with an empty of of the Département. It reads
// published numbers and nothing else.
func (h History) Grid(month string, view View, of string) (Grid, error) {
	m, ok := h[month]
	if !ok {
		return Grid{}, fmt.Errorf("reading the grid of %s: it is not published", month)
	}
	g := Grid{Month: month, View: view, Of: of, Threshold: m.Threshold, Alone: m.Alone, Columns: []Column{}, Rows: []GridRow{}}
	// The last column sums the ones before; its own place in a month is of site and partner.
	var site, partner string
	switch {
	case view == ViewSite && slices.Contains(m.Sites, of):
		site = of
	case view == ViewPartner && slices.Contains(m.Partners, of) && !m.Alone:
		partner = of
	case (view == ViewDepartment || view == ViewSites) && of == "" && !m.Alone:
	default:
		return Grid{}, fmt.Errorf("reading the grid of %s: it has no %s %.40q", month, view, of)
	}
	if view == ViewSite || view == ViewDepartment {
		for _, p := range m.Partners {
			g.Columns = append(g.Columns, Column{ColumnPartner, p})
		}
	} else {
		for _, s := range m.Sites {
			g.Columns = append(g.Columns, Column{ColumnSite, s})
		}
	}
	g.Columns = append(g.Columns, Column{Kind: ColumnAll}, Column{Kind: ColumnLastYear}, Column{Kind: ColumnChange}, Column{Kind: ColumnYear})
	for _, r := range m.Rows {
		if view == ViewPartner && !r.Partners {
			continue
		}
		row := GridRow{ID: r.ID, Title: r.Title, Section: r.Section, Unit: r.Unit}
		for _, c := range g.Columns {
			var v Value
			switch c.Kind {
			case ColumnPartner:
				v = value(m.cell(r.ID, site, c.ID))
			case ColumnSite:
				v = value(m.cell(r.ID, c.ID, partner))
			case ColumnAll:
				v = value(m.cell(r.ID, site, partner))
			case ColumnLastYear:
				v = h.lastYear(month, r, site, partner)
			case ColumnChange:
				v = percent(h.lastYear(month, r, site, partner), value(m.cell(r.ID, site, partner)))
			case ColumnYear:
				v = h.year(month, r, site, partner)
			}
			row.Values = append(row.Values, v)
		}
		g.Rows = append(g.Rows, row)
	}
	return g, nil
}

func value(c Cell, there bool) Value {
	switch {
	case !there, c == Absent:
		return Value{State: StateNone}
	case c == Secret:
		return Value{State: StateSecret}
	}
	return Value{State: StateNumber, N: int(c)}
}

func (h History) lastYear(month string, r Row, site, partner string) Value {
	first, err := ParseMonth(month)
	if err != nil {
		return Value{State: StateNone}
	}
	before, ok := h[first.AddDate(-1, 0, 0).Format("2006-01")]
	if !ok || !before.has(r) {
		return Value{State: StateNone}
	}
	return value(before.cell(r.ID, site, partner))
}

// has tells whether a month has a row of the same id and unit.
func (m Month) has(r Row) bool {
	return slices.ContainsFunc(m.Rows, func(o Row) bool { return o.ID == r.ID && o.Unit == r.Unit })
}

// percent is the change between two published numbers.
func percent(before, now Value) Value {
	switch {
	case before.State == StateSecret || now.State == StateSecret:
		return Value{State: StateSecret}
	case before.State == StateNone || now.State == StateNone || before.N == 0:
		return Value{State: StateNone}
	}
	return Value{State: StateNumber, N: int(math.Round(100 * float64(now.N-before.N) / float64(before.N)))}
}

// year adds up published months. It is secret as soon as one of them is: a sum that
// is published beside all of its parts but one would give that one away.
func (h History) year(month string, r Row, site, partner string) Value {
	first, err := ParseMonth(month)
	if err != nil {
		return Value{State: StateNone}
	}
	sum := Value{State: StateNone}
	for t := time.Date(first.Year(), time.January, 1, 0, 0, 0, 0, time.UTC); !t.After(first); t = t.AddDate(0, 1, 0) {
		m, ok := h[t.Format("2006-01")]
		v := Value{State: StateNone}
		if ok && m.has(r) {
			v = value(m.cell(r.ID, site, partner))
		}
		switch {
		case v.State == StateSecret:
			return v
		case v.State == StateNumber:
			sum.State, sum.N = StateNumber, sum.N+v.N
		case sum.State == StateNumber:
			return Value{State: StateNone} // a gap: the sum would be taken for the year's
		}
	}
	return sum
}
