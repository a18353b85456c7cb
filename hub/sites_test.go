package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go"

	"loiret.fr/visioborne/hub/alert"
	"loiret.fr/visioborne/hub/directory"
	"loiret.fr/visioborne/hub/hotline"
	"loiret.fr/visioborne/hub/mailtest"
	"loiret.fr/visioborne/hub/sites"
	"loiret.fr/visioborne/hub/wire"
)

// openHouseWithMail is openHouse where the site gien has a manager and the hub a mail server.
func openHouseWithMail(t *testing.T) (*house, chan mailtest.Letter) {
	t.Helper()
	h := makeHouse(t)
	at, letters, _ := mailtest.Start(h.t, "127.0.0.1:0")
	h.alerts = alert.Settings{Delay: time.Hour, Mail: &alert.MailSettings{Server: at, TLS: "none", From: "visioborne@example.fr", To: []string{"assistance@example.fr"}}}
	file := filepath.Join(h.dir, "gien.yaml")
	text, err := os.ReadFile(file)
	if err != nil {
		h.t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(strings.Replace(string(text), "\npartners:", "\nmanagers: [accueil@gien.example.fr]\npartners:", 1)), 0o600); err != nil {
		h.t.Fatal(err)
	}
	if h.directory, err = directory.Open("../config/loiret/partners.yaml", file+","+filepath.Join(h.dir, "patay.yaml")); err != nil {
		h.t.Fatal(err)
	}
	h.start()
	t.Cleanup(func() { h.stop() })
	return h, letters
}

func received(t *testing.T, letters <-chan mailtest.Letter) mailtest.Letter {
	t.Helper()
	select {
	case l := <-letters:
		return l
	case <-time.After(patience):
		t.Fatal("the manager was not told")
	}
	return mailtest.Letter{}
}

// change posts a change and reads the answer.
func (h *house) change(jar http.CookieJar, what string, c sites.Change, into any) int {
	h.t.Helper()
	body, err := json.Marshal(c)
	if err != nil {
		h.t.Fatal(err)
	}
	r, err := http.NewRequestWithContext(h.t.Context(), http.MethodPost, "http://"+h.addr+"/sites/of/gien/"+what, bytes.NewReader(body))
	if err != nil {
		h.t.Fatal(err)
	}
	r.Header.Set("Origin", "http://"+h.addr)
	a, err := (&http.Client{Jar: jar}).Do(r)
	if err != nil {
		h.t.Fatal(err)
	}
	defer a.Body.Close()
	b, err := io.ReadAll(a.Body)
	if err != nil {
		h.t.Fatal(err)
	}
	if into != nil {
		if err := json.Unmarshal(b, into); err != nil {
			h.t.Fatalf("%s: %v", b, err)
		}
	}
	return a.StatusCode
}

func (h *house) record(jar http.CookieJar, path string, into any) {
	h.t.Helper()
	status, text, _ := h.get(jar, path)
	if status != http.StatusOK {
		h.t.Fatalf("%s: %d %s", path, status, text)
	}
	if err := json.Unmarshal([]byte(text), into); err != nil {
		h.t.Fatal(err)
	}
}

// The hotline changes a site's configuration in the browser: mistakes at their lines, what changes, the notice, the booth.
func TestSiteConfiguration(t *testing.T) {
	h, letters := openHouseWithMail(t)
	staff := h.as("hotline")
	gien := h.booth("gien")
	page := h.hotline()
	ask[wire.Welcome](gien, wire.VerbHello, wire.Hello{Version: "1", Calls: []string{}})
	first := ask[wire.Configuration](gien, wire.VerbConfiguration, wire.AskConfiguration{})
	if first.Version != 1 || !strings.Contains(first.SiteYAML, "id: gien") || first.PartnersYAML == "" {
		t.Fatalf("%+v", first)
	}
	gien.send(wire.Up("gien", wire.VerbStatus), wire.Status{Version: "1", Phase: "none", Since: time.Now(), Configuration: &wire.BoothConfiguration{Version: 1}})
	v := page(func(v hotline.View) bool { return v.Booths[0].Configuration.Booth != nil })
	if c := v.Booths[0].Configuration; c.Version != 1 || c.Booth.Version != 1 || c.Coming != nil {
		t.Errorf("%+v", c)
	}

	var checked sites.Checked
	wrong := strings.Replace(first.SiteYAML, "phone:", "phoen:", 1)
	if got := h.change(staff, "check", sites.Change{Base: 1, SiteYAML: wrong}, &checked); got != http.StatusOK || len(checked.Mistakes) != 2 {
		t.Fatalf("%d %+v", got, checked)
	}
	if m := checked.Mistakes[0]; m.File != "gien.yaml" || m.Field == "" || m.Problem == "" {
		t.Errorf("%+v", m)
	}
	right := strings.Replace(first.SiteYAML, "Services Publics de gien", "Services Publics de Gien-le-Neuf", 1)
	change := sites.Change{Base: 1, SiteYAML: right, Reason: "Demande de la mairie", Nature: "Le nom de l’espace change."}
	if got := h.change(staff, "check", change, &checked); got != http.StatusOK || len(checked.Mistakes) != 0 || checked.Against != 1 {
		t.Errorf("%d %+v", got, checked)
	}
	changed := 0
	for _, l := range checked.Site {
		if l.Op == sites.Added || l.Op == sites.Removed {
			changed++
		}
	}
	if changed != 2 || len(checked.Partners) != 0 {
		t.Errorf("the difference: %+v", checked)
	}
	for _, c := range []struct {
		change func(*sites.Change)
		want   int
		error  string
	}{
		{func(c *sites.Change) { c.SiteYAML = wrong }, 422, "mistakes"},
		{func(c *sites.Change) { c.Reason = "" }, 422, "draft"},
		{func(c *sites.Change) { c.From = "demain" }, 422, "draft"},
		{func(c *sites.Change) { c.Base = 2 }, 409, "conflict"},
		{func(c *sites.Change) { c.SiteYAML = first.SiteYAML }, 422, "same"},
		{func(c *sites.Change) { c.SiteYAML = strings.Repeat("#", 300_000) }, 400, "request"},
	} {
		other := change
		c.change(&other)
		var problem struct{ Error string }
		if got := h.change(staff, "save", other, &problem); got != c.want || problem.Error != c.error {
			t.Errorf("%d %+v; want %d %s", got, problem, c.want, c.error)
		}
	}

	// With the days of notice first: it is coming, for the booth, the manager and the site's agent.
	var kept sites.Summary
	if got := h.change(staff, "save", change, &kept); got != http.StatusOK || kept.Number != 2 || kept.State != sites.StateComing || kept.Told != 1 {
		t.Fatalf("%d %+v", got, kept)
	}
	if l := received(t, letters); len(l.To) != 1 || !strings.Contains(l.To[0], "accueil@gien.example.fr") {
		t.Errorf("%+v", l)
	}
	wait(gien, wire.Down("gien", wire.VerbConfiguration), any1[wire.AskConfiguration])
	if c := ask[wire.Configuration](gien, wire.VerbConfiguration, wire.AskConfiguration{Sum: first.Sum}); c.Version != 1 || c.SiteYAML != "" || c.Coming == nil || c.Coming.Nature != change.Nature {
		t.Errorf("%+v", c)
	}
	var coming struct{ Changes []sites.Coming }
	for _, who := range []string{"manager", "agent"} {
		if h.record(h.as(who), "/sites/coming", &coming); len(coming.Changes) != 1 || coming.Changes[0].Site != "gien" || coming.Changes[0].Version != 2 {
			t.Errorf("%s: %+v", who, coming)
		}
	}
	page(func(v hotline.View) bool { c := v.Booths[0].Configuration; return c.Coming != nil && *c.Coming == 2 })

	// At once, with the reason: the notice goes first, and the booth is told.
	urgent := sites.Change{Base: 2, SiteYAML: right, Reason: "Le nom est faux", Urgent: "Le nom est faux sur l’écran."}
	var same struct{ Error string }
	if got := h.change(staff, "save", urgent, &same); got != 422 || same.Error != "same" {
		t.Errorf("what is coming already: %d %+v", got, same)
	}
	urgent.SiteYAML = strings.Replace(right, "Gien-le-Neuf", "Gien-le-Vieux", 1)
	if got := h.change(staff, "save", urgent, &kept); got != http.StatusOK || kept.Number != 3 || kept.From == nil || kept.From.After(time.Now()) {
		t.Fatalf("%d %+v", got, kept)
	}
	received(t, letters)
	for {
		wait(gien, wire.Down("gien", wire.VerbConfiguration), any1[wire.AskConfiguration])
		if c := ask[wire.Configuration](gien, wire.VerbConfiguration, wire.AskConfiguration{Sum: first.Sum}); c.Version == 3 {
			if c.SiteYAML != urgent.SiteYAML || c.Coming != nil {
				t.Errorf("%+v", c)
			}
			break
		}
	}
	// The name on the hotline's page is the new one, and the booth's refusal is a trouble.
	gien.send(wire.Up("gien", wire.VerbStatus), wire.Status{Version: "1", Phase: "none", Since: time.Now(), Configuration: &wire.BoothConfiguration{Version: 1, Refused: 3, Reason: "gien.yaml:3: lidar: is not a known field"}})
	page(func(v hotline.View) bool {
		for _, b := range v.Booths {
			if b.ID == "gien" {
				return b.Name == "Espace Services Publics de Gien-le-Vieux" && b.Configuration.Version == 3 && strings.Join(b.Troubles, "") == "configuration_refused"
			}
		}
		return false
	})
	var record sites.Record
	h.record(staff, "/sites/of/gien", &record)
	if record.InForce != 3 || record.Latest != 3 || record.Text != urgent.SiteYAML || len(record.Versions) != 3 || record.Booth == nil || record.Booth.Refused != 3 || !record.CanSend {
		t.Errorf("%+v", record)
	}
	var texts sites.Texts
	if h.record(staff, "/sites/of/gien/2", &texts); texts.SiteYAML != right {
		t.Errorf("%+v", texts)
	}
	// A hub that starts anew has it all.
	h.stop()
	h.start()
	if c := ask[wire.Configuration](h.booth("gien"), wire.VerbConfiguration, wire.AskConfiguration{}); c.Version != 3 {
		t.Errorf("after a new start: %+v", c)
	}
}

// Whoever is not of the hotline sees and changes nothing, and a booth gets its own site's configuration only.
func TestWhoMaySeeConfigurations(t *testing.T) {
	h := openHouse(t)
	for _, c := range []struct {
		who  string
		want map[string]int
	}{
		{"caf.1", map[string]int{"/sites/list": 403, "/sites/of/gien": 403, "/sites/of/gien/1": 403, "/sites/coming": 403}},
		{"agent", map[string]int{"/sites/list": 403, "/sites/of/gien": 403, "/sites/of/gien/1": 403, "/sites/coming": 200}},
		{"manager", map[string]int{"/sites/list": 403, "/sites/of/gien": 403, "/sites/coming": 200}},
		{"hotline", map[string]int{"/sites/list": 200, "/sites/of/gien": 200, "/sites/of/gien/1": 200, "/sites/of/gien/2": 404, "/sites/of/gien/x": 404, "/sites/of/orleans": 404, "/sites/coming": 403}},
		{"administrator", map[string]int{"/sites/list": 200, "/sites/of/patay": 200, "/sites/coming": 200}},
	} {
		jar := h.as(c.who)
		for path, want := range c.want {
			if got, text, _ := h.get(jar, path); got != want {
				t.Errorf("%s at %s: %d; want %d: %.200s", c.who, path, got, want, text)
			}
		}
		save := h.change(jar, "save", sites.Change{}, nil)
		if may := c.who == "hotline" || c.who == "administrator"; may != (save == 409 || save == 422) || !may && save != 403 {
			t.Errorf("%s saves: %d", c.who, save)
		}
	}
	if got := h.post(h.as("hotline"), "/sites/of/gien/save", "http://elsewhere.example", "{}"); got != http.StatusForbidden {
		t.Errorf("from another page: %d", got)
	}
	// A booth with another's subjects.
	patay := h.booth("patay")
	b, err := wire.Encode(wire.AskConfiguration{})
	if err != nil {
		t.Fatal(err)
	}
	if m, err := patay.nc.Request(wire.Up("gien", wire.VerbConfiguration), b, time.Second); err == nil {
		t.Errorf("patay got %s", m.Data)
	}
	for _, subject := range []string{"$KV.site-versions.>", "$JS.API.>", "_INBOX_gien.>"} {
		sub, err := patay.nc.SubscribeSync(subject)
		if err != nil {
			t.Fatal(err)
		}
		if m, err := sub.NextMsg(100 * time.Millisecond); err == nil {
			t.Errorf("patay read %s: %s", m.Subject, m.Data)
		} else if !errors.Is(err, nats.ErrTimeout) && !errors.Is(err, nats.ErrPermissionViolation) {
			t.Errorf("%s: %v", subject, err)
		}
	}
	if c := ask[wire.Configuration](patay, wire.VerbConfiguration, wire.AskConfiguration{}); !strings.Contains(c.SiteYAML, "id: patay") {
		t.Errorf("its own: %+v", c)
	}
}

// The same from a terminal.
func TestSiteCommand(t *testing.T) {
	h, letters := openHouseWithMail(t)
	command := func(in string, args ...string) (string, string, error) {
		var out, errs bytes.Buffer
		all := append([]string{"site", args[0], "-state", h.dir}, args[1:]...)
		err := run(t.Context(), all, strings.NewReader(in), &out, &errs)
		return out.String(), errs.String(), err
	}
	text, said, err := command("", "show", "gien")
	if err != nil || !strings.Contains(text, "id: gien") || said != "Version 1 of site gien.\n" {
		t.Fatalf("%q %q %v", text, said, err)
	}
	file := filepath.Join(t.TempDir(), "neuf.yaml")
	write := func(text string) {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(strings.Replace(text, "phone:", "phoen:", 1))
	if _, _, err := command("yes\n", "apply", "-reason", "r", "gien", file); err == nil || !strings.Contains(err.Error(), file+":") || !strings.Contains(err.Error(), `phoen: is not a known field; did you mean "phone"?`) {
		t.Errorf("a mistake: %v", err)
	}
	write(strings.Replace(text, "Publics de gien", "Publics de Gien", 1))
	if _, _, err := command("yes\n", "apply", "gien", file); !errors.Is(err, errUsage) {
		t.Errorf("without a reason: %v", err)
	}
	out, _, err := command("no\n", "apply", "-reason", "r", "gien", file)
	if !errors.Is(err, errNotAgreed) || !strings.Contains(out, "-name: Espace Services Publics de gien") || !strings.Contains(out, "+name: Espace Services Publics de Gien") {
		t.Errorf("not agreed: %v\n%s", err, out)
	}
	out, _, err = command("yes\n", "apply", "-reason", "Majuscule", "-at-once", "Le nom est faux.", "gien", file)
	if err != nil || !strings.Contains(out, "Version 2 is in force from ") || !strings.HasSuffix(out, "Addresses that were told: 1.\n") {
		t.Errorf("agreed: %v\n%s", err, out)
	}
	received(t, letters)
	if _, _, err := command("", "apply", "-yes", "-reason", "r", "gien", file); !errors.Is(err, sites.ErrSame) {
		t.Errorf("again: %v", err)
	}
	if out, _, err = command("", "restore", "-yes", "gien", "1"); err != nil || !strings.Contains(out, "Version 3 is in force from ") {
		t.Errorf("restored: %v\n%s", err, out)
	}
	received(t, letters)
	out, _, err = command("", "history", "gien")
	lines := strings.Split(strings.TrimSpace(out), "\n")
	if err != nil || len(lines) != 4 || !strings.HasPrefix(lines[1], "3 ") || !strings.Contains(lines[1], "coming") || !strings.Contains(lines[1], "Retour à la version 1") || !strings.Contains(lines[2], "in_force") {
		t.Errorf("history: %v\n%s", err, out)
	}
	if got, _, err := command("", "show", "-version", "2", "gien"); err != nil || !strings.Contains(got, "Publics de Gien") {
		t.Errorf("version 2: %v\n%s", err, got)
	}
	for _, args := range [][]string{{"show", "orleans"}, {"show", "-version", "9", "gien"}, {"restore", "-yes", "gien", "9"}, {"restore", "-yes", "gien", "x"}, {"apply", "-yes", "-reason", "r", "gien", "nowhere.yaml"}, {"dance", "gien"}, {"show"}} {
		if _, _, err := command("", args...); err == nil {
			t.Errorf("%v was carried out", args)
		}
	}
	// patay names no manager: kept, said, and not put in force.
	text, _, err = command("", "show", "patay")
	if err != nil {
		t.Fatal(err)
	}
	write(strings.Replace(text, "Publics de patay", "Publics de Patay", 1))
	if _, _, err := command("", "apply", "-yes", "-reason", "r", "-at-once", "w", "patay", file); err == nil || !strings.Contains(err.Error(), "not put in force") || !strings.Contains(err.Error(), "names no manager") {
		t.Errorf("without a manager: %v", err)
	}
}
