package audit

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"time"
)

// maxRows is the most that the page gets at a time; it says so when there is more.
const maxRows = 2000

// Page is what the administrators' page gets of a period.
type Page struct {
	// Entries are the newest first.
	Entries []Entry `json:"entries"`
	// More: there are older ones in the period, which did not fit.
	More bool `json:"more"`
}

// Routes adds the page and its entries, behind guard, which lets administrators only pass.
func (l *Log) Routes(mux *http.ServeMux, guard func(http.Handler) http.Handler, pages http.Handler) {
	mux.Handle("GET /audit", guard(pages))
	mux.Handle("GET /audit/", pages) // scripts and styles tell nothing
	mux.Handle("GET /audit/entries", guard(http.HandlerFunc(l.serveEntries)))
}

// query is a period, in days, and what its entries must be of.
type query struct {
	from, to  time.Time
	site, who string
}

// parseQuery reads from and to (2026-11-24, both days included), site and who. Days are those of the Département.
func parseQuery(get func(string) string, zone *time.Location) (query, error) {
	q := query{site: get("site"), who: get("who")}
	var err error
	if q.from, err = time.ParseInLocation(time.DateOnly, get("from"), zone); err != nil {
		return query{}, fmt.Errorf("from %.40q: expected a day as in 2026-11-24", get("from"))
	}
	last, err := time.ParseInLocation(time.DateOnly, get("to"), zone)
	if err != nil {
		return query{}, fmt.Errorf("to %.40q: expected a day as in 2026-11-24", get("to"))
	}
	q.to = last.AddDate(0, 0, 1)
	if !q.from.Before(q.to) {
		return query{}, fmt.Errorf("from %s: it is after %s", get("from"), get("to"))
	}
	return q, nil
}

func (q query) page(all []Entry) Page {
	p := Page{Entries: []Entry{}}
	for _, e := range slices.Backward(all) {
		if q.site != "" && e.Site != q.site || q.who != "" && e.Who != q.who {
			continue
		}
		if len(p.Entries) == maxRows {
			p.More = true
			break
		}
		p.Entries = append(p.Entries, e)
	}
	return p
}

func (l *Log) serveEntries(w http.ResponseWriter, r *http.Request) {
	zone, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		l.log.Error("the audit record cannot be shown", "error", err)
		http.Error(w, "the hub does not know the time zone Europe/Paris", http.StatusInternalServerError)
		return
	}
	q, err := parseQuery(r.URL.Query().Get, zone)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	all, err := l.List(r.Context(), q.from, q.to)
	if err != nil {
		l.log.Error("the audit record cannot be shown", "error", err)
		http.Error(w, "the hub cannot reach its store; try again", http.StatusServiceUnavailable)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	// The client may be gone; there is nobody else to tell.
	_ = json.NewEncoder(w).Encode(q.page(all))
}
