package page

import (
	"fmt"

	"loiret.fr/visioborne/hub/figures"
)

// fileName is a view in the names of exported files.
func fileName(v figures.View) string {
	switch v {
	case figures.ViewSite:
		return "site"
	case figures.ViewPartner:
		return "partenaire"
	case figures.ViewDepartment:
		return "departement"
	case figures.ViewSites:
		return "sites"
	}
	return string(v)
}

// words are an exported grid's texts, in French: the Département's sheets go to people who read nothing else.
func (p *Page) words(g figures.Grid) figures.Words {
	months := [...]string{
		"janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre",
	}
	month := g.Month
	first, err := figures.ParseMonth(g.Month)
	if err == nil {
		month = fmt.Sprintf("%s %d", months[first.Month()-1], first.Year())
	}
	site := func(id string) string {
		for _, s := range p.options.Sites {
			if s.ID == id {
				return s.Name
			}
		}
		return id
	}
	partner := func(id string) string {
		for _, one := range p.options.Partners {
			if one.ID == id {
				return one.Short
			}
		}
		return id
	}
	w := figures.Words{
		Section: "Rubrique", Row: "Ligne", Secret: "s", None: "–",
		Notes: []string{
			fmt.Sprintf("s : secret. Les nombres de 1 à %d ne sont pas publiés, ni ceux qui permettraient de les retrouver.", g.Threshold-1),
			"Heures : heures et centièmes. Cumul : secret dès qu’un mois de l’année l’est.",
		},
	}
	switch g.View {
	case figures.ViewSite:
		w.Title = site(g.Of)
	case figures.ViewPartner:
		w.Title = partner(g.Of) + ", par site"
	case figures.ViewDepartment:
		w.Title = "Département, par partenaire"
	case figures.ViewSites:
		w.Title = "Département, par site"
	}
	w.Title += " : " + month
	if g.Alone {
		w.Notes = append(w.Notes, "Les comptages de ce site sont arrivés après la publication du mois : il n’est pas dans les totaux du Département.")
	}
	before := "un an avant"
	if err == nil {
		before = fmt.Sprintf("%s %d", months[first.Month()-1], first.AddDate(-1, 0, 0).Year())
	}
	for _, c := range g.Columns {
		switch c.Kind {
		case figures.ColumnSite:
			w.Columns = append(w.Columns, site(c.ID))
		case figures.ColumnPartner:
			w.Columns = append(w.Columns, partner(c.ID))
		case figures.ColumnLastYear:
			w.Columns = append(w.Columns, "Total "+before)
		case figures.ColumnChange:
			w.Columns = append(w.Columns, "Évolution (%)")
		case figures.ColumnYear:
			w.Columns = append(w.Columns, fmt.Sprintf("Cumul depuis janvier %d", first.Year()))
		default:
			w.Columns = append(w.Columns, "Total")
		}
	}
	return w
}
