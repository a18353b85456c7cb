package sites

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"loiret.fr/visioborne/config"
	"loiret.fr/visioborne/hub/directory"
	"loiret.fr/visioborne/hub/natstest"
	"loiret.fr/visioborne/hub/wire"
)

const gien = `id: gien
name: Espace Services Publics de Gien
phone: "02 38 25 45 45"
managers: [accueil@gien.example.fr]
partners: [{id: caf}]
hours: {monday: ["09:00-12:00"]}
hub: wss://hub.example.fr
`

const day = 24 * time.Hour

// patience is for what must happen; a test that waits that long has failed.
const patience = 30 * time.Second

func replaced(old, text string) string { return strings.Replace(gien, old, text, 1) }

// town is a hub's sites, with a clock that the test turns and a mail server that the test breaks.
type town struct {
	t      *testing.T
	store  *Store
	dir    *directory.Directory
	sites  *Sites
	now    atomic.Int64 // seconds
	broken atomic.Bool

	mu      sync.Mutex
	letters []Letter
	told    []string
	audit   []string
	mail    bool
}

// newTown opens the sites gien, with a manager, and patay, without one.
func newTown(t *testing.T, mail bool) *town {
	t.Helper()
	folder := t.TempDir()
	patay := strings.NewReplacer("gien", "patay", "Gien", "Patay", "managers: [accueil@gien.example.fr]\n", "").Replace(gien)
	for name, text := range map[string]string{"gien": gien, "patay": patay} {
		if err := os.WriteFile(filepath.Join(folder, name+".yaml"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	dir, err := directory.Open("../../config/loiret/partners.yaml", folder)
	if err != nil {
		t.Fatal(err)
	}
	js, _ := natstest.Open(t, t.TempDir())
	store, err := OpenStore(t.Context(), js)
	if err != nil {
		t.Fatal(err)
	}
	w := &town{t: t, store: store, dir: dir, mail: mail}
	w.now.Store(time.Date(2026, 11, 24, 8, 0, 0, 0, time.UTC).Unix())
	w.sites = w.open()
	return w
}

func (w *town) time() time.Time { return time.Unix(w.now.Load(), 0).UTC() }

func (w *town) open() *Sites {
	w.t.Helper()
	o := Options{
		Store: w.store, Directory: w.dir, Notice: 7 * day, Page: "https://hub.example.fr/figures",
		Tell: func(site string) {
			w.mu.Lock()
			defer w.mu.Unlock()
			w.told = append(w.told, site)
		},
		Changed: func() {},
		Audit: func(_ context.Context, who, action, site, detail string) error {
			w.mu.Lock()
			defer w.mu.Unlock()
			w.audit = append(w.audit, strings.Join([]string{who, action, site, detail}, " "))
			return nil
		},
		Now: w.time, Log: slog.New(slog.DiscardHandler),
	}
	if w.mail {
		o.Send = func(_ context.Context, l Letter) error {
			if w.broken.Load() {
				return errors.New("broken")
			}
			w.mu.Lock()
			defer w.mu.Unlock()
			w.letters = append(w.letters, l)
			return nil
		}
	}
	s, err := Open(w.t.Context(), o)
	if err != nil {
		w.t.Fatal(err)
	}
	return s
}

// run runs hubs until the test ends.
func (w *town) run(all ...*Sites) {
	ctx, cancel := context.WithCancel(context.Background())
	var tasks sync.WaitGroup
	for _, s := range all {
		tasks.Go(func() {
			if err := s.Run(ctx); err != nil {
				w.t.Error(err)
			}
		})
	}
	w.t.Cleanup(func() { cancel(); tasks.Wait() })
}

// save keeps a draft for gien and waits for what becomes of it.
func (w *town) save(d Draft) (Version, error) {
	w.t.Helper()
	h, err := w.store.History(w.t.Context(), "gien")
	if err != nil {
		w.t.Fatal(err)
	}
	if d.Base == 0 {
		d.Base = h.Latest().Number
	}
	d.Author = "hotline"
	if d.Reason == "" {
		d.Reason = "Demande de la mairie"
	}
	v, err := w.store.Save(w.t.Context(), h, d, w.time())
	if err != nil {
		return v, err
	}
	ctx, cancel := context.WithTimeout(w.t.Context(), patience)
	defer cancel()
	if v, err = w.store.Settled(ctx, v); err != nil || v.pending() {
		w.t.Fatalf("version %d is not settled: %v", v.Number, err)
	}
	return v, nil
}

func (w *town) until(what string, is func() bool) {
	w.t.Helper()
	deadline := time.After(patience)
	for tick := time.NewTicker(10 * time.Millisecond); ; {
		if is() {
			tick.Stop()
			return
		}
		select {
		case <-tick.C:
		case <-deadline:
			w.t.Fatalf("not so: %s", what)
		}
	}
}

// What a booth of gien gets that has nothing.
func (w *town) answer() wire.Configuration {
	w.t.Helper()
	c, err := w.sites.Answer("gien", wire.AskConfiguration{})
	if err != nil {
		w.t.Fatal(err)
	}
	if _, err := wire.Encode(c); err != nil {
		w.t.Fatal(err)
	}
	return c
}

// The first version is the file. A change is told first, and comes into force when the notice is over, not before.
func TestNotice(t *testing.T) {
	w := newTown(t, true)
	w.run(w.sites)
	if c := w.answer(); c.Version != 1 || c.SiteYAML != gien || c.Coming != nil {
		t.Fatalf("at first: %+v", c)
	}
	later := replaced("12:00", "13:00")
	v, err := w.save(Draft{SiteYAML: later, Nature: "La salle ferme une heure plus tard."})
	if err != nil || v.Number != 2 || !v.From.Equal(w.time().Add(7*day)) || !slices.Equal(v.Told, []string{"accueil@gien.example.fr"}) {
		t.Fatalf("%+v, %v", v, err)
	}
	w.mu.Lock()
	l := w.letters[0]
	w.mu.Unlock()
	for _, words := range []string{"Espace Services Publics de Gien", "La salle ferme une heure plus tard.", "01/12/2026 à 09:00", "https://hub.example.fr/figures"} {
		if !strings.Contains(l.Body, words) {
			t.Errorf("the letter lacks %q:\n%s", words, l.Body)
		}
	}
	w.until("the booth is told what is coming", func() bool { return w.answer().Coming != nil })
	if c := w.answer(); c.Version != 1 || c.SiteYAML != gien || c.Coming.Version != 2 || c.Coming.Nature != v.Nature {
		t.Errorf("before its date: %+v", c)
	}
	if b, _ := w.dir.Site("gien"); b.Site.Hours[time.Monday][0].To != 12*60 {
		t.Error("the hub goes by the new hours before their date")
	}
	w.now.Add(int64((7 * day).Seconds()))
	w.until("the hub goes by the new hours", func() bool {
		b, _ := w.dir.Site("gien")
		return b.Site.Hours[time.Monday][0].To == 13*60
	})
	if c := w.answer(); c.Version != 2 || c.SiteYAML != later || c.Coming != nil {
		t.Errorf("from its date on: %+v", c)
	}
	if siteYAML, _, _ := w.dir.Files("gien"); siteYAML != later {
		t.Error("a booth that is enrolled now would get another configuration")
	}
	// A booth that has it gets no text; another site's booth gets its own.
	c, err := w.sites.Answer("gien", wire.AskConfiguration{Sum: v.Sum()})
	if err != nil || c.SiteYAML != "" || c.Version != 2 {
		t.Errorf("%+v, %v", c, err)
	}
	if c, err := w.sites.Answer("patay", wire.AskConfiguration{Sum: v.Sum()}); err != nil || !strings.Contains(c.SiteYAML, "id: patay") || c.Version != 1 {
		t.Errorf("%+v, %v", c, err)
	}
	if _, err := w.sites.Answer("orleans", wire.AskConfiguration{}); !errors.Is(err, ErrUnknownSite) {
		t.Error(err)
	}
	// A hub that starts anew goes on, and a file that has been changed meanwhile does not count.
	again := w.open()
	if got := again.Wanted("gien"); got.Version != 2 || got.Coming != nil {
		t.Errorf("after a new start: %+v", got)
	}
	if b, _ := w.dir.Site("gien"); b.Site.Hours[time.Monday][0].To != 13*60 {
		t.Error("after a new start the hub goes by the file")
	}
	w.until("all is on record", func() bool {
		w.mu.Lock()
		defer w.mu.Unlock()
		return slices.Equal(w.audit, []string{"hotline site_notice_sent gien version=2 from=2026-12-01T08:00:00Z"})
	})
}

// From when on a version is in force, and why it never is.
func TestDates(t *testing.T) {
	start := time.Date(2026, 11, 24, 8, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		name    string
		draft   Draft
		noMail  bool
		broken  bool
		from    time.Time
		failure Failure
		told    []string
	}{
		{name: "as soon as may be", draft: Draft{SiteYAML: replaced("12:00", "13:00")}, from: start.Add(7 * day)},
		{name: "later", draft: Draft{SiteYAML: replaced("12:00", "13:00"), Wish: start.Add(9 * day)}, from: start.Add(9 * day)},
		{name: "too soon", draft: Draft{SiteYAML: replaced("12:00", "13:00"), Wish: start.Add(2 * day)}, from: start.Add(7 * day)},
		{name: "in the past", draft: Draft{SiteYAML: replaced("12:00", "13:00"), Wish: start.Add(-day)}, from: start.Add(7 * day)},
		{name: "urgent", draft: Draft{SiteYAML: replaced("12:00", "13:00"), Urgent: "Le numéro est faux."}, from: start},
		{name: "urgent and later", draft: Draft{SiteYAML: replaced("12:00", "13:00"), Urgent: "Le numéro est faux.", Wish: start.Add(day)}, from: start.Add(day)},
		{name: "another manager", draft: Draft{SiteYAML: replaced("accueil@", "mairie@")}, from: start.Add(7 * day), told: []string{"mairie@gien.example.fr", "accueil@gien.example.fr"}},
		{name: "no manager any more", draft: Draft{SiteYAML: replaced("managers: [accueil@gien.example.fr]\n", "")}, from: start.Add(7 * day)},
		{name: "no mail server", draft: Draft{SiteYAML: replaced("12:00", "13:00")}, noMail: true, failure: NoMail},
		{name: "no mail server and urgent", draft: Draft{SiteYAML: replaced("12:00", "13:00"), Urgent: "Le numéro est faux."}, noMail: true, failure: NoMail},
		{name: "a mail server that refuses", draft: Draft{SiteYAML: replaced("12:00", "13:00"), Urgent: "Le numéro est faux."}, broken: true, failure: NotSent},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newTown(t, !c.noMail)
			w.broken.Store(c.broken)
			w.run(w.sites)
			v, err := w.save(c.draft)
			if err != nil || !v.From.Equal(c.from) || v.Failure != c.failure {
				t.Fatalf("from %v, %q, %v; want %v", v.From, v.Failure, err, c.from)
			}
			if c.failure == "" && c.told == nil {
				c.told = []string{"accueil@gien.example.fr"}
			}
			if diff := cmp.Diff(c.told, v.Told); diff != "" {
				t.Errorf("told (-want +got):\n%s", diff)
			}
			if c.failure == "" {
				return
			}
			// It is never in force, and what is kept next goes on from what is.
			w.now.Add(int64((30 * day).Seconds()))
			if c := w.answer(); c.Version != 1 || c.Coming != nil {
				t.Errorf("%+v", c)
			}
			record, err := w.sites.Record(t.Context(), "gien")
			if err != nil || record.Latest != 2 || record.TextOf != 1 || record.Versions[0].State != StateFailed || record.Versions[1].State != StateInForce {
				t.Errorf("%+v, %v", record, err)
			}
			w.broken.Store(false)
			v, err = w.save(c.draft)
			if err != nil || v.Number != 3 || (v.Failure == "") != c.broken {
				t.Errorf("again: %+v, %v", v, err)
			}
		})
	}
}

// A site without a manager gets one with its first change.
func TestTheFirstManager(t *testing.T) {
	w := newTown(t, true)
	w.run(w.sites)
	h, err := w.store.History(t.Context(), "patay")
	if err != nil {
		t.Fatal(err)
	}
	text := strings.Replace(h[0].SiteYAML, "partners:", "managers: [accueil@patay.example.fr]\npartners:", 1)
	for i, c := range []struct {
		text string
		want Failure
	}{{strings.Replace(h[0].SiteYAML, "12:00", "13:00", 1), NoManager}, {text, ""}} {
		v, err := w.store.Save(t.Context(), h, Draft{Base: i + 1, Author: "hotline", Reason: "r", SiteYAML: c.text}, w.time())
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), patience)
		defer cancel()
		if v, err = w.store.Settled(ctx, v); err != nil || v.pending() || v.Failure != c.want {
			t.Errorf("%+v, %v; want %q", v, err, c.want)
		}
		h = append(h, v)
	}
}

// What is not kept, and why.
func TestWhatIsNotKept(t *testing.T) {
	w := newTown(t, true)
	good := replaced("12:00", "13:00")
	for _, c := range []struct {
		name  string
		draft Draft
		want  error
	}{
		{"nothing changes", Draft{SiteYAML: gien}, ErrSame},
		{"no reason", Draft{SiteYAML: good, Reason: " "}, ErrDraft},
		{"a reason on two lines", Draft{SiteYAML: good, Reason: "a\nb"}, ErrDraft},
		{"a reason that is no text", Draft{SiteYAML: good, Reason: "\xff"}, ErrDraft},
		{"a long nature", Draft{SiteYAML: good, Nature: strings.Repeat("é", 151)}, ErrDraft},
		{"a long reason of the urgency", Draft{SiteYAML: good, Urgent: strings.Repeat("x", 201)}, ErrDraft},
		{"an old base", Draft{SiteYAML: good, Base: 7}, ErrConflict},
		{"more than a message takes", Draft{SiteYAML: good + strings.Repeat("# "+strings.Repeat("x", 100)+"\n", 700)}, ErrDraft},
	} {
		if v, err := w.save(c.draft); !errors.Is(err, c.want) {
			t.Errorf("%s: %+v, %v; want %v", c.name, v, err, c.want)
		}
	}
	for text, want := range map[string]string{
		replaced("id: gien", "id: patay"):                      `gien.yaml:1: id: "patay" is not this site's`,
		replaced("wss://hub.example.fr", "wss://elsewhere.fr"): `gien.yaml:7: hub: "wss://elsewhere.fr" is not where`,
		replaced("{id: caf}", "{id: caff}"):                    `gien.yaml:5: partners[0].id: `,
		good + "lidar: 3\n":                                    `gien.yaml:8: lidar: is not a known field`,
		"":                                                     "gien.yaml:1: is empty",
	} {
		_, err := w.save(Draft{SiteYAML: text})
		var mistakes config.Mistakes
		if !errors.As(err, &mistakes) || !strings.HasPrefix(mistakes[0].String(), want) {
			t.Errorf("%v; want %s", err, want)
		}
	}
	h, err := w.store.History(t.Context(), "gien")
	if err != nil || len(h) != 1 {
		t.Errorf("%d versions, %v", len(h), err)
	}
	for _, site := range []string{"orleans", "", "*", "gien.1"} {
		if _, err := w.store.History(t.Context(), site); !errors.Is(err, ErrUnknownSite) {
			t.Errorf("site %q: %v", site, err)
		}
	}
}

// Of many editors who begin with the same version one is kept, and the others are told; of several hubs one tells managers.
func TestManyEditors(t *testing.T) {
	w := newTown(t, true)
	w.run(w.sites, w.open(), w.open())
	h, err := w.store.History(t.Context(), "gien")
	if err != nil {
		t.Fatal(err)
	}
	var tasks sync.WaitGroup
	var kept, refused atomic.Int32
	for i := range 8 {
		tasks.Go(func() {
			_, err := w.store.Save(t.Context(), h, Draft{
				Base: 1, Author: "hotline", Reason: fmt.Sprint("r", i), SiteYAML: replaced("12:00", fmt.Sprintf("13:%02d", i)),
			}, w.time())
			switch {
			case err == nil:
				kept.Add(1)
			case errors.Is(err, ErrConflict):
				refused.Add(1)
			default:
				t.Error(err)
			}
		})
	}
	tasks.Wait()
	if kept.Load() != 1 || refused.Load() != 7 {
		t.Errorf("%d were kept, %d refused", kept.Load(), refused.Load())
	}
	w.until("all hubs know", func() bool { return w.answer().Coming != nil })
	v, err := w.save(Draft{SiteYAML: replaced("12:00", "11:00"), Urgent: "Erreur."})
	if err != nil || v.Number != 3 {
		t.Fatalf("%+v, %v", v, err)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.letters) != 2 {
		t.Errorf("%d letters went out", len(w.letters))
	}
}

// Which version is in force, and which comes next, of many.
func TestHistory(t *testing.T) {
	at := time.Date(2026, 11, 24, 8, 0, 0, 0, time.UTC)
	in := func(days int) time.Time { return at.Add(time.Duration(days) * day) }
	for _, c := range []struct {
		name             string
		from             []time.Time // of versions 1, 2, ...; zero for one that failed
		inForce, coming  int
		afterTen, states string
	}{
		{"the first", []time.Time{in(-1)}, 1, 0, "1", "in_force"},
		{"one is coming", []time.Time{in(-9), in(3)}, 1, 2, "2", "coming in_force"},
		{"two are coming", []time.Time{in(-9), in(3), in(5)}, 1, 2, "3", "coming coming in_force"},
		{"the later overtakes", []time.Time{in(-9), in(5), in(3)}, 1, 3, "3", "coming coming in_force"},
		{"it has overtaken", []time.Time{in(-9), in(5), in(-1)}, 3, 0, "3", "in_force past past"},
		{"two on the same day", []time.Time{in(-9), in(3), in(3)}, 1, 3, "3", "coming coming in_force"},
		{"one that failed", []time.Time{in(-9), {}, in(3)}, 1, 3, "3", "coming failed in_force"},
		{"a clock that was set back", []time.Time{in(2)}, 1, 0, "1", "in_force"},
	} {
		var h History
		for i, from := range c.from {
			v := Version{Site: "gien", Number: i + 1, From: from}
			if from.IsZero() {
				v.Failure = NotSent
			}
			h = append(h, v)
		}
		next, _ := h.Coming(at)
		states := ""
		for _, s := range h.Summaries(at) {
			states += " " + string(s.State)
		}
		if got := h.InForce(at).Number; got != c.inForce || next.Number != c.coming || fmt.Sprint(h.InForce(in(10)).Number) != c.afterTen || states[1:] != c.states {
			t.Errorf("%s: %d in force, %d coming, then %d,%s", c.name, got, next.Number, h.InForce(in(10)).Number, states)
		}
	}
}

func TestDiff(t *testing.T) {
	numbers := func(from, to int) string {
		var b strings.Builder
		for i := from; i <= to; i++ {
			fmt.Fprintln(&b, i)
		}
		return b.String()
	}
	for _, c := range []struct{ before, after, want string }{
		{gien, gien, ""},
		{"a\nb\n", "a\nc\n", "same 1 1 a|removed 2 0 b|added 0 2 c"},
		{"", "a", "added 0 1 a"},
		{"a\r\n", "", "removed 1 0 a"},
		{numbers(1, 20), strings.Replace(numbers(1, 20), "10\n", "", 1), "left 0 0 |same 7 7 7|same 8 8 8|same 9 9 9|removed 10 0 10|same 11 10 11|same 12 11 12|same 13 12 13"},
	} {
		var got []string
		for _, l := range Diff(c.before, c.after) {
			got = append(got, fmt.Sprintf("%s %d %d %s", l.Op, l.Before, l.After, l.Text))
		}
		if all := strings.Join(got, "|"); all != c.want {
			t.Errorf("from %q to %q: %s; want %s", c.before, c.after, all, c.want)
		}
	}
}

func TestParseWish(t *testing.T) {
	paris, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]string{
		"": "0001-01-01T00:00:00Z", "2026-12-01": "2026-11-30T23:00:00Z", "2026-12-01T07:30:00+01:00": "2026-12-01T06:30:00Z",
		"01/12/2026": "", "2026-13-01": "", "demain": "",
	} {
		at, err := ParseWish(text, paris)
		if want == "" {
			if !errors.Is(err, ErrDraft) {
				t.Errorf("%q: %v, %v", text, at, err)
			}
		} else if got := at.UTC().Format(time.RFC3339); got != want || err != nil {
			t.Errorf("%q: %s, %v; want %s", text, got, err, want)
		}
	}
}

// The partner directory, which all sites have, is in the bucket once. A version from before that was so is read as well, and one
// whose partner directory has gone, or is another one, is not taken for something else.
func TestPartnersAreKeptOnce(t *testing.T) {
	w := newTown(t, true)
	keys, err := w.store.kv.Keys(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(keys)
	text := w.dir.PartnersFile()
	want := []string{partners, textKey + sum(text), key("gien", 1), key("patay", 1)}
	if diff := cmp.Diff(want, keys); diff != "" {
		t.Fatalf("keys of the bucket (-want +got):\n%s", diff)
	}
	entry, err := w.store.kv.Get(t.Context(), key("gien", 1))
	if err != nil || strings.Contains(string(entry.Value()), "partners_yaml") {
		t.Fatalf("%s, %v; want no partner directory in it", entry.Value(), err)
	}

	old := Version{Site: "gien", Number: 2, Nature: "avant", Saved: w.time(), From: w.time(), SiteYAML: gien, PartnersYAML: "of then"}
	b, err := json.Marshal(old)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.store.kv.Create(t.Context(), key("gien", 2), b); err != nil {
		t.Fatal(err)
	}
	// A store that has read nothing yet, as that of a hub that has just started.
	fresh := func() *Store { return &Store{kv: w.store.kv, texts: map[string]string{}} }
	for name, read := range map[string]func() (History, error){
		"All": func() (History, error) {
			all, err := fresh().All(t.Context())
			return all["gien"], err
		},
		"History": func() (History, error) { return fresh().History(t.Context(), "gien") },
	} {
		h, err := read()
		if err != nil || len(h) != 2 || h[0].PartnersYAML != text || h[1].PartnersYAML != "of then" {
			t.Errorf("%s: %d versions, %v", name, len(h), err)
		}
	}

	if _, err := w.store.kv.Put(t.Context(), textKey+sum(text), []byte("another")); err != nil {
		t.Fatal(err)
	}
	if _, err := fresh().All(t.Context()); err == nil || !strings.Contains(err.Error(), "another sum") {
		t.Errorf("All: %v; want it to find another sum", err)
	}
	if err := w.store.kv.Delete(t.Context(), textKey+sum(text)); err != nil {
		t.Fatal(err)
	}
	if _, err := fresh().History(t.Context(), "gien"); err == nil || !strings.Contains(err.Error(), "has lost text.") {
		t.Errorf("History: %v; want it not to find the partner directory", err)
	}
}

func FuzzReadChange(f *testing.F) {
	for _, seed := range []string{"", "{}", `{"base":1,"site_yaml":"id: gien","reason":"r","nature":"","from":"2026-12-01","urgent":""}`, `{"base":1}x`, `{"bas":1}`, `{"base":1e9}`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		c, err := readChange(strings.NewReader(s))
		if err != nil && (!errors.Is(err, errRequest) || c != (Change{})) {
			t.Fatalf("%+v, %v", c, err)
		}
		_, _ = ParseWish(c.From, time.UTC)
	})
}

func FuzzDecode(f *testing.F) {
	for _, seed := range []string{"", "{}", `{"site":"gien","number":1,"site_yaml":"id: gien"}`, `{"site":"gien","number":0}`, `{"site":"gien","number":2,"partners_sum":"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"}`, `{"site":"gien","number":2,"partners_sum":"*"}`, `{"site":"*","number":1}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		k, err := decode(b)
		if err != nil {
			return
		}
		v := k.Version
		if v.Number < 1 || wire.CheckID("site", v.Site) != nil {
			t.Fatalf("%+v", v)
		}
		h := History{v}
		if h.InForce(time.Now()).Number != v.Number || len(h.Summaries(time.Now())) != 1 {
			t.Fatalf("%+v", h)
		}
		_, _ = v.read()
	})
}
