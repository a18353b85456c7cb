// Package figures turns counts into the monthly grid of attendance figures, and
// protects it: small numbers become secret, and with them as many others as it
// takes for no secret number to be computed back.
//
// It is pure: counts and a layout in, tables, CSV and XLSX out. A month is
// protected once, as a whole (Publish), for every site, every partner and the
// Département together; every table and file is read from that result (Month.Grid),
// and what spans months (last year, the year so far) is computed from published
// numbers only. So there is one place in which anything can be given away.
//
// Sources: cell suppression as in the Handbook on Statistical Disclosure Control
// (Hundepool et al., 2010, chapter 4); the proof of protection is not a linear
// program's bounds but explicit other worlds (protect.go). docs/anonymisation.md
// argues it for those who have to answer for it.
package figures

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"loiret.fr/visioborne/config"
)

// Count is how often something happened at a site in a month. Partner is "" for what concerns none.
type Count struct {
	Site, Partner, What string
	N                   int
}

// handPrefix begins the words of rows that agents write by hand; no booth's word has a colon.
const handPrefix = "hand:"

// HandWord is the word under which the number of a row that is written by hand is counted.
func HandWord(row string) string { return handPrefix + row }

// Cell is a published number, or one of the two below.
type Cell int

const (
	// Secret is a number that is not published.
	Secret Cell = -1
	// Absent is a number that nobody has written: it is not 0, though it adds nothing.
	Absent Cell = -2
)

// The units of a row's cells.
const (
	UnitCount    = "count"
	UnitQuarters = "quarters" // of an hour
	UnitPercent  = "percent"
)

// Row is a row as it was published, with the layout of then.
type Row struct {
	ID      string `json:"id"`
	Title   string `json:"title"`
	Section string `json:"section,omitempty"`
	Unit    string `json:"unit"`
	// Partners: the row has a cell for each partner beside the one for all.
	Partners bool `json:"partners,omitempty"`
	// Cells are by site, and in a site by partner. The last site is the Département, the last cell of a site all partners.
	Cells [][]Cell `json:"cells"`
}

// Month is a month as it was published. It is never computed anew.
type Month struct {
	// Month is "2026-11".
	Month string `json:"month"`
	// Threshold is the least number of people that was published, but 0.
	Threshold int `json:"threshold"`
	// Alone: of one site that came too late for the Département's table. There is no Département in it.
	Alone    bool     `json:"alone,omitempty"`
	Sites    []string `json:"sites"`
	Partners []string `json:"partners"`
	Rows     []Row    `json:"rows"`
}

// ParseMonth reads "2026-11" as the month's first moment in UTC.
func ParseMonth(month string) (time.Time, error) {
	t, err := time.Parse("2006-01", month)
	if err != nil || t.Year() < 2020 || t.Year() > 2099 {
		return time.Time{}, fmt.Errorf("month %.20q: expected a year and a month, as in 2026-11", month)
	}
	return t, nil
}

// Publish makes the month's tables of the counts of sites and protects them. Counts of other sites are left out. With
// alone, sites is one site, and there will be no table of which it is a part.
func Publish(layout config.Grid, month string, sites, partners []string, alone bool, counts []Count) (Month, error) {
	m, _, err := publish(layout, month, sites, partners, alone, counts, false)
	return m, err
}

func publish(layout config.Grid, month string, sites, partners []string, alone bool, counts []Count, prove bool) (Month, *protector, error) {
	first, err := ParseMonth(month)
	if err != nil {
		return Month{}, nil, err
	}
	if alone && len(sites) != 1 {
		return Month{}, nil, fmt.Errorf("publishing %s: %d sites cannot be alone", month, len(sites))
	}
	for _, c := range counts { // partners that have left the directory still have their counts
		if c.Partner != "" && slices.Contains(sites, c.Site) && !slices.Contains(partners, c.Partner) {
			partners = append(slices.Clone(partners), c.Partner)
		}
	}
	p := newProtector(layout, sites, partners, alone, counts)
	p.prove = prove
	p.run()

	written := map[[2]string]bool{} // rows and sites, "" for all
	for _, c := range counts {
		if row, ok := strings.CutPrefix(c.What, handPrefix); ok && slices.Contains(sites, c.Site) {
			written[[2]string{row, c.Site}], written[[2]string{row, ""}] = true, true
		}
	}
	promised := Cell(4 * layout.PromisedHours * first.AddDate(0, 1, -1).Day() / 7)
	m := Month{Month: month, Threshold: layout.Threshold, Alone: alone, Sites: sites, Partners: partners}
	for r, of := range layout.Rows {
		row := Row{ID: of.ID, Title: of.Title, Section: of.Section, Unit: UnitCount, Partners: of.By == config.ByPartner}
		if of.Kind == config.RowHours || of.Kind == config.RowPromised {
			row.Unit = UnitQuarters
		}
		last := len(sites)
		if alone {
			last--
		}
		for s := range last + 1 {
			var cells []Cell
			for q := range p.all + 1 {
				switch at := p.at(r, s, q); {
				case q == p.none, q != p.all && !row.Partners:
				case of.Kind == config.RowPromised && s == len(sites):
					cells = append(cells, promised*Cell(len(sites)))
				case of.Kind == config.RowPromised:
					cells = append(cells, promised)
				case p.hidden[at]:
					cells = append(cells, Secret)
				case of.Kind == config.RowHand && !written[[2]string{of.ID, append(slices.Clone(sites), "")[s]}]:
					cells = append(cells, Absent)
				default:
					cells = append(cells, Cell(p.n[at]))
				}
			}
			row.Cells = append(row.Cells, cells)
		}
		m.Rows = append(m.Rows, row)
	}
	return m, p, nil
}

// cell finds a published number: of a site or, with "", of the Département; of a partner or, with "", of all.
func (m Month) cell(row, site, partner string) (Cell, bool) {
	r := slices.IndexFunc(m.Rows, func(r Row) bool { return r.ID == row })
	s, q := slices.Index(m.Sites, site), slices.Index(m.Partners, partner)
	if site == "" && !m.Alone {
		s = len(m.Sites)
	}
	if r < 0 || s < 0 || partner != "" && (q < 0 || !m.Rows[r].Partners) {
		return 0, false
	}
	cells := m.Rows[r].Cells[s]
	if partner == "" {
		q = len(cells) - 1
	}
	return cells[q], true
}

// Validate checks a month that was kept.
func (m Month) Validate() error {
	if _, err := ParseMonth(m.Month); err != nil {
		return err
	}
	sites := len(m.Sites) + 1
	if m.Alone {
		sites--
	}
	for _, r := range m.Rows {
		cells := 1
		if r.Partners {
			cells += len(m.Partners)
		}
		if len(r.Cells) != sites || slices.ContainsFunc(r.Cells, func(c []Cell) bool { return len(c) != cells }) {
			return fmt.Errorf("month %s: row %s does not have %d times %d cells", m.Month, r.ID, sites, cells)
		}
	}
	return nil
}

// sortCounts puts counts into one order, so that a month does not depend on how they came.
func sortCounts(counts []Count) []Count {
	counts = slices.Clone(counts)
	slices.SortFunc(counts, func(a, b Count) int {
		return cmp.Or(strings.Compare(a.Site, b.Site), strings.Compare(a.Partner, b.Partner), strings.Compare(a.What, b.What), a.N-b.N)
	})
	return counts
}
