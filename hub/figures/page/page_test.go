package page

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"loiret.fr/visioborne/config"
	"loiret.fr/visioborne/hub/figures"
	"loiret.fr/visioborne/hub/figures/ledger"
	"loiret.fr/visioborne/hub/natstest"
	"loiret.fr/visioborne/hub/usage"
)

// open serves a page over a store with October of Gien and Patay. The header User says who asks.
func open(t *testing.T) *httptest.Server {
	t.Helper()
	js, _ := natstest.Open(t, t.TempDir())
	now := func() time.Time { return time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC) }
	layout := config.Grid{Threshold: 5, SettleDays: 10, PromisedHours: 24, Rows: []config.GridRow{
		{ID: "visites", Title: "Visites", Kind: config.RowHand, By: config.BySite},
		{ID: "demandes", Title: "Demandes", Section: "Appels", Kind: config.RowCounts, By: config.ByPartner, Counts: []string{"call_wanted"}},
	}}
	row := func(site, halfDay string, n int) usage.Row {
		return usage.Row{Site: site, HalfDay: halfDay, Partner: "caf", What: "call_wanted", N: n}
	}
	l, err := ledger.Open(t.Context(), ledger.Options{
		JetStream: js, Layout: layout, Partners: []string{"caf"}, Sites: []string{"gien", "patay"}, Now: now,
		Counts: func(context.Context) ([]usage.Row, error) {
			return []usage.Row{row("gien", "2026-10-05-am", 20), row("patay", "2026-10-05-pm", 40), row("gien", "2026-11-02-am", 1), row("patay", "2026-11-02-am", 1)}, nil
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	viewers := map[string]Viewer{"agent": {User: "agent", Site: "gien"}, "manager": {User: "manager", All: true}, "nobody": {User: "nobody"}}
	mux := http.NewServeMux()
	New(Options{
		Ledger: l, Now: now, Log: slog.New(slog.DiscardHandler),
		Account:  func(r *http.Request) (Viewer, bool) { v, ok := viewers[r.Header.Get("User")]; return v, ok },
		Sites:    []config.Site{{ID: "gien", Name: "Gien"}, {ID: "patay", Name: "Patay"}},
		Partners: []config.Partner{{ID: "caf", Short: "CAF"}},
	}).Routes(mux, func(next http.Handler) http.Handler { return next }, http.NotFoundHandler())
	web := httptest.NewServer(mux)
	t.Cleanup(web.Close)
	return web
}

// ask makes a request as somebody; a form when there is one.
func ask(t *testing.T, web *httptest.Server, user, path, form string) (int, string, http.Header) {
	t.Helper()
	method := http.MethodGet
	if form != "" {
		method = http.MethodPost
	}
	r, err := http.NewRequestWithContext(t.Context(), method, web.URL+path, strings.NewReader(form))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("User", user)
	if !strings.Contains(form, "foreign") {
		r.Header.Set("Origin", web.URL)
	}
	a, err := web.Client().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Body.Close()
	body, err := io.ReadAll(a.Body)
	if err != nil {
		t.Fatal(err)
	}
	return a.StatusCode, string(body), a.Header
}

func TestWhoSeesWhat(t *testing.T) {
	web := open(t)
	const site, other, all = "/figures/grid.json?month=2026-10&view=site&of=gien", "/figures/grid.json?month=2026-10&view=site&of=patay", "/figures/grid.json?month=2026-10&view=department"
	for _, c := range []struct {
		user, path string
		status     int
	}{
		{"", site, 401},
		{"", "/figures/choices", 401},
		{"", "/figures/hand?month=2026-11&site=gien", 401},
		{"agent", site, 200},
		{"agent", other, 403},
		{"agent", all, 403},
		{"agent", "/figures/grid.csv?month=2026-10&view=sites", 403},
		{"agent", "/figures/grid.xlsx?month=2026-10&view=partner&of=caf", 403},
		{"agent", "/figures/grid.csv?month=2026-10&view=site&of=patay", 403},
		{"agent", "/figures/hand?month=2026-11&site=patay", 403},
		{"agent", "/figures/hand?month=2026-11&site=gien", 200},
		{"nobody", site, 403},
		{"nobody", "/figures/grid.json?month=2026-10&view=site&of=", 403},
		{"manager", site, 200},
		{"manager", other, 200},
		{"manager", all, 200},
		{"manager", "/figures/hand?month=2026-11&site=patay", 200},
		{"manager", "/figures/grid.json?month=2026-10&view=site&of=lorris", 404},
		{"manager", "/figures/grid.json?month=2026-11&view=department", 404},
		{"manager", "/figures/grid.json?month=2026-1&view=department", 400},
		{"manager", "/figures/grid.json?month=2026-10&view=everything", 400},
		{"manager", "/figures/grid.json?month=2026-10&view=site&of=../x", 400},
		{"manager", "/figures/hand?month=2026-11&site=lorris", 404},
		{"manager", "/figures/hand?month=november&site=gien", 400},
	} {
		if status, body, _ := ask(t, web, c.user, c.path, ""); status != c.status {
			t.Errorf("%s asks %s: %d %s, expected %d", c.user, c.path, status, body, c.status)
		}
	}
	_, body, _ := ask(t, web, "agent", "/figures/choices", "")
	var got choices
	if err := json.Unmarshal([]byte(body), &got); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]named{{"gien", "Gien"}}, got.Sites); diff != "" || got.Published != "2026-10" || got.Months[0] != "2026-11" || len(got.Months) != months {
		t.Errorf("the agent is offered %+v", got)
	}
	if _, body, _ = ask(t, web, "manager", "/figures/grid.json?month=2026-11&view=department", ""); !strings.Contains(body, `"open","due":"2026-12-11"`) {
		t.Errorf("the month that is not over: %s", body)
	}
}

func TestFiles(t *testing.T) {
	web := open(t)
	status, body, header := ask(t, web, "manager", "/figures/grid.csv?month=2026-10&view=department", "")
	want := "\ufeffDépartement, par partenaire : octobre 2026\r\nRubrique;Ligne;CAF;Total;Total octobre 2025;Évolution (%);Cumul depuis janvier 2026\r\n" +
		";Visites;–;–;–;–;–\r\nAppels;Demandes;60;60;–;–;60\r\n" +
		"s : secret. Les nombres de 1 à 4 ne sont pas publiés, ni ceux qui permettraient de les retrouver.\r\nHeures : heures et centièmes. Cumul : secret dès qu’un mois de l’année l’est.\r\n"
	if diff := cmp.Diff(want, body); diff != "" || status != 200 {
		t.Errorf("status %d (-want +got):\n%s", status, diff)
	}
	if got := header.Get("Content-Disposition"); got != `attachment; filename="grille-2026-10-departement.csv"` {
		t.Errorf("disposition %s", got)
	}
	status, body, header = ask(t, web, "agent", "/figures/grid.xlsx?month=2026-10&view=site&of=gien", "")
	if status != 200 || !strings.HasPrefix(body, "PK") || header.Get("Content-Disposition") != `attachment; filename="grille-2026-10-site-gien.xlsx"` {
		t.Errorf("status %d, %v", status, header)
	}
}

func TestForms(t *testing.T) {
	web := open(t)
	for _, c := range []struct {
		name, user, form string
		status           int
	}{
		{"nobody", "", `{"month":"2026-11","site":"gien","revision":0,"numbers":{"visites":12}}`, 401},
		{"another site's agent", "agent", `{"month":"2026-11","site":"patay","revision":0,"numbers":{"visites":12}}`, 403},
		{"no object", "agent", `[]`, 400},
		{"an unknown field", "agent", `{"month":"2026-11","site":"gien","user":"manager"}`, 400},
		{"something after it", "agent", `{"month":"2026-11","site":"gien"} {}`, 400},
		{"a fraction", "agent", `{"month":"2026-11","site":"gien","revision":0,"numbers":{"visites":1.5}}`, 400},
		{"less than nothing", "agent", `{"month":"2026-11","site":"gien","revision":0,"numbers":{"visites":-1}}`, 400},
		{"a row of counts", "agent", `{"month":"2026-11","site":"gien","revision":0,"numbers":{"demandes":1}}`, 400},
		{"another page", "agent", `{"month":"2026-11","site":"gien","revision":0,"numbers":{"foreign":1}}`, 403},
		{"a closed month", "agent", `{"month":"2026-10","site":"gien","revision":0,"numbers":{"visites":1}}`, 409},
		{"too much", "agent", `{"month":"` + strings.Repeat(" ", maxBody) + `"}`, 400},
		{"a number", "agent", `{"month":"2026-11","site":"gien","revision":0,"numbers":{"visites":12}}`, 200},
		{"as if nothing were there", "manager", `{"month":"2026-11","site":"gien","revision":0,"numbers":{"visites":14}}`, 409},
	} {
		if status, body, _ := ask(t, web, c.user, "/figures/hand", c.form); status != c.status {
			t.Errorf("%s: %d %s, expected %d", c.name, status, body, c.status)
		}
	}
	_, body, _ := ask(t, web, "manager", "/figures/hand?month=2026-11&site=gien", "")
	const want = `{"revision":1,"writable":true,"due":"2026-12-11","most":99999,"rows":[{"id":"visites","title":"Visites","section":"","n":12,"by":"agent","at":"2026-11-25T12:00:00Z"}]}` + "\n"
	if diff := cmp.Diff(want, body); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	// What is closed is read in the grid, where small numbers are secret.
	if _, body, _ = ask(t, web, "agent", "/figures/hand?month=2026-10&site=gien", ""); !strings.Contains(body, `"writable":false`) || !strings.Contains(body, `"rows":[]`) {
		t.Errorf("a closed month's form: %s", body)
	}
}

// FuzzForm: whatever a browser sends is refused or within bounds.
func FuzzForm(f *testing.F) {
	f.Add(`{"month":"2026-11","site":"gien","revision":0,"numbers":{"visites":12,"x":null}}`)
	f.Add(`{"month":"2026-11","site":"gien"}{}`)
	f.Add(`null`)
	f.Fuzz(func(t *testing.T, text string) {
		w, err := parseWritten(strings.NewReader(text))
		if err != nil {
			return
		}
		if _, err := figures.ParseMonth(w.Month); err != nil || w.Site == "" {
			t.Errorf("%q gives %+v", text, w)
		}
	})
}
