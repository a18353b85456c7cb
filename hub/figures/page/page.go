// Package page serves the monthly grid: tables as JSON for its page, as CSV and
// as XLSX, and the rows that a site's agent writes by hand. Who asks is told by
// its Account option: an agent reads and writes one site, a manager all.
//
// It gives out published, protected numbers only (hub/figures), and to a site's
// agent what was written for that site. It starts no goroutine.
package page

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"slices"
	"time"

	"loiret.fr/visioborne/config"
	"loiret.fr/visioborne/hub/figures"
	"loiret.fr/visioborne/hub/figures/ledger"
	"loiret.fr/visioborne/hub/web"
	"loiret.fr/visioborne/hub/wire"
)

// Viewer is who asks.
type Viewer struct {
	User string
	// Site is an agent's site; All is a manager's right to all sites.
	Site string
	All  bool
}

// sees tells whether somebody may read and write a site's figures.
func (v Viewer) sees(site string) bool { return v.All || v.Site == site && site != "" }

// Options are what the page needs.
type Options struct {
	Ledger *ledger.Ledger
	// Account is who a request comes from; false when from nobody.
	Account  func(*http.Request) (Viewer, bool)
	Sites    []config.Site
	Partners []config.Partner
	Now      func() time.Time
	Log      *slog.Logger
}

// Page answers the grid's requests.
type Page struct{ options Options }

// New returns a page.
func New(o Options) *Page { return &Page{o} }

const (
	// months are how many are offered, this one first.
	months = 26
	// maxBody is the largest form.
	maxBody = 16 << 10
)

// Routes adds the grid's requests to mux, and pages, its files.
func (p *Page) Routes(mux *http.ServeMux, guard func(http.Handler) http.Handler, pages http.Handler) {
	mux.Handle("GET /figures", guard(pages))
	mux.Handle("GET /figures/", pages) // scripts and styles tell nothing
	mux.Handle("GET /figures/choices", guard(p.viewed(p.choices)))
	mux.Handle("GET /figures/grid.json", guard(p.viewed(p.grid)))
	mux.Handle("GET /figures/grid.csv", guard(p.viewed(p.grid)))
	mux.Handle("GET /figures/grid.xlsx", guard(p.viewed(p.grid)))
	mux.Handle("GET /figures/hand", guard(p.viewed(p.hand)))
	mux.Handle("POST /figures/hand", guard(p.viewed(p.write)))
}

func (p *Page) viewed(next func(http.ResponseWriter, *http.Request, Viewer)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		v, ok := p.options.Account(r)
		if !ok {
			refuse(w, http.StatusUnauthorized, "signed_out")
			return
		}
		next(w, r, v)
	}
}

// problem is an answer for the page to put in words.
type problem struct {
	Error string `json:"error"`
	// Due is the day on which the month is published, with "open".
	Due string `json:"due,omitempty"`
}

func refuse(w http.ResponseWriter, status int, code string) {
	web.Answer(w, status, problem{Error: code})
}

type named struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// choices is what the page offers.
type choices struct {
	User     string   `json:"user"`
	All      bool     `json:"all"`
	Sites    []named  `json:"sites"`
	Partners []named  `json:"partners"`
	Months   []string `json:"months"`
	// Published is the month to begin with: the last one that should be out.
	Published string `json:"published"`
}

func (p *Page) choices(w http.ResponseWriter, _ *http.Request, v Viewer) {
	c := choices{User: v.User, All: v.All, Sites: []named{}, Partners: []named{}}
	for _, s := range p.options.Sites {
		if v.sees(s.ID) {
			c.Sites = append(c.Sites, named{s.ID, s.Name})
		}
	}
	for _, one := range p.options.Partners {
		c.Partners = append(c.Partners, named{one.ID, one.Short})
	}
	now := p.options.Now().UTC()
	for m := range months {
		month := time.Date(now.Year(), now.Month()-time.Month(m), 1, 0, 0, 0, 0, time.UTC).Format("2006-01")
		c.Months = append(c.Months, month)
		if due, err := p.options.Ledger.Due(month); c.Published == "" && err == nil && !now.Before(due) {
			c.Published = month
		}
	}
	web.Answer(w, http.StatusOK, c)
}

// read reads the table that a request is for, or answers why not.
func (p *Page) read(w http.ResponseWriter, r *http.Request, v Viewer) (figures.Grid, bool) {
	q := r.URL.Query()
	month, of := q.Get("month"), q.Get("of")
	view, err := figures.ParseView(q.Get("view"))
	if _, wrong := figures.ParseMonth(month); wrong != nil || err != nil || of != "" && wire.CheckID("of", of) != nil {
		refuse(w, http.StatusBadRequest, "malformed")
		return figures.Grid{}, false
	}
	if site := view == figures.ViewSite; site && !v.sees(of) || !site && !v.All {
		refuse(w, http.StatusForbidden, "forbidden")
		return figures.Grid{}, false
	}
	site := ""
	if view == figures.ViewSite {
		site = of
	}
	history, err := p.options.Ledger.History(r.Context(), month, site)
	if err != nil {
		p.refuseMonth(w, r.Context(), month, err)
		return figures.Grid{}, false
	}
	g, err := history.Grid(month, view, of)
	if err != nil {
		refuse(w, http.StatusNotFound, "empty")
		return figures.Grid{}, false
	}
	return g, true
}

func (p *Page) refuseMonth(w http.ResponseWriter, ctx context.Context, month string, err error) {
	switch {
	case errors.Is(err, ledger.ErrOpen):
		out := problem{Error: "open"}
		if due, err := p.options.Ledger.Due(month); err == nil {
			out.Due = due.Format(time.DateOnly)
		}
		web.Answer(w, http.StatusNotFound, out)
	case errors.Is(err, ledger.ErrWaiting):
		refuse(w, http.StatusNotFound, "waiting")
	case errors.Is(err, ledger.ErrEmpty):
		refuse(w, http.StatusNotFound, "empty")
	default:
		if ctx.Err() == nil {
			p.options.Log.Error("the grid cannot be read", "month", month, "error", err)
		}
		refuse(w, http.StatusServiceUnavailable, "unavailable")
	}
}

func (p *Page) grid(w http.ResponseWriter, r *http.Request, v Viewer) {
	g, ok := p.read(w, r, v)
	if !ok {
		return
	}
	var file []byte
	var err error
	var kind, suffix string
	switch r.URL.Path {
	case "/figures/grid.csv":
		kind, suffix = "text/csv; charset=utf-8", "csv"
		file, err = g.CSV(p.words(g))
	case "/figures/grid.xlsx":
		kind, suffix = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"
		file, err = g.XLSX(p.words(g))
	default:
		web.Answer(w, http.StatusOK, g)
		return
	}
	if err != nil {
		p.options.Log.Error("the grid cannot be exported", "month", g.Month, "error", err)
		refuse(w, http.StatusInternalServerError, "unavailable")
		return
	}
	name := g.Month + "-" + fileName(g.View)
	if g.Of != "" {
		name += "-" + g.Of
	}
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Content-Disposition", fmt.Sprintf(`attachment; filename="grille-%s.%s"`, name, suffix))
	// The client may be gone; there is nobody else to tell.
	_, _ = w.Write(file)
}

// entry is a row that is written by hand.
type entry struct {
	ID      string `json:"id"`
	Title   string `json:"title"`
	Section string `json:"section"`
	// N is null where nothing is written.
	N  *int   `json:"n"`
	By string `json:"by"`
	At string `json:"at"`
}

// form is the rows of a site's month.
type form struct {
	Revision uint64  `json:"revision"`
	Writable bool    `json:"writable"`
	Due      string  `json:"due"`
	Most     int     `json:"most"`
	Rows     []entry `json:"rows"`
}

func (p *Page) hand(w http.ResponseWriter, r *http.Request, v Viewer) {
	month, site := r.URL.Query().Get("month"), r.URL.Query().Get("site")
	if !p.known(site) {
		refuse(w, http.StatusNotFound, "empty")
		return
	}
	if !v.sees(site) {
		refuse(w, http.StatusForbidden, "forbidden")
		return
	}
	p.answerForm(w, r.Context(), month, site)
}

func (p *Page) known(site string) bool {
	return slices.ContainsFunc(p.options.Sites, func(s config.Site) bool { return s.ID == site })
}

func (p *Page) answerForm(w http.ResponseWriter, ctx context.Context, month, site string) {
	due, err := p.options.Ledger.Due(month)
	if err != nil {
		refuse(w, http.StatusBadRequest, "malformed")
		return
	}
	h, err := p.options.Ledger.Hand(ctx, month, site)
	if err != nil {
		p.refuseMonth(w, ctx, month, err)
		return
	}
	f := form{
		Revision: h.Revision, Writable: p.options.Ledger.Writable(month) == nil, Due: due.Format(time.DateOnly), Most: ledger.MaxNumber, Rows: []entry{},
	}
	for _, row := range p.options.Ledger.HandRows() {
		if !f.Writable { // from now on the grid says what may be known
			break
		}
		one := entry{ID: row.ID, Title: row.Title, Section: row.Section}
		if e, ok := h.Entries[row.ID]; ok {
			one.N, one.By, one.At = &e.N, e.By, e.At.Format(time.RFC3339)
		}
		f.Rows = append(f.Rows, one)
	}
	web.Answer(w, http.StatusOK, f)
}

// written is what the form sends.
type written struct {
	Month    string          `json:"month"`
	Site     string          `json:"site"`
	Revision uint64          `json:"revision"`
	Numbers  map[string]*int `json:"numbers"`
}

// parseWritten reads a form strictly.
func parseWritten(body io.Reader) (written, error) {
	var f written
	d := json.NewDecoder(body)
	d.DisallowUnknownFields()
	if err := d.Decode(&f); err != nil {
		return written{}, fmt.Errorf("reading the form: %w", err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return written{}, errors.New("reading the form: something follows it")
	}
	if _, err := figures.ParseMonth(f.Month); err != nil {
		return written{}, fmt.Errorf("reading the form: %w", err)
	}
	if err := wire.CheckID("site", f.Site); err != nil {
		return written{}, fmt.Errorf("reading the form: %w", err)
	}
	return f, nil
}

func (p *Page) write(w http.ResponseWriter, r *http.Request, v Viewer) {
	if !web.SameOrigin(r) {
		http.Error(w, "this is for the grid's own page", http.StatusForbidden)
		return
	}
	f, err := parseWritten(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		refuse(w, http.StatusBadRequest, "malformed")
		return
	}
	if !v.sees(f.Site) {
		refuse(w, http.StatusForbidden, "forbidden")
		return
	}
	switch err := p.options.Ledger.Write(r.Context(), f.Month, f.Site, v.User, f.Revision, f.Numbers); {
	case err == nil:
		p.options.Log.Info("rows of the grid written", "site", f.Site, "month", f.Month, "by", v.User)
		p.answerForm(w, r.Context(), f.Month, f.Site)
	case errors.Is(err, ledger.ErrClosed):
		refuse(w, http.StatusConflict, "closed")
	case errors.Is(err, ledger.ErrChanged):
		refuse(w, http.StatusConflict, "changed")
	case errors.Is(err, ledger.ErrWrong):
		refuse(w, http.StatusBadRequest, "wrong")
	default:
		p.refuseMonth(w, r.Context(), f.Month, err)
	}
}
