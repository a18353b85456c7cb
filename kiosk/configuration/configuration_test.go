package configuration

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"loiret.fr/visioborne/hub/wire"
	"loiret.fr/visioborne/kiosk/booth"
)

const gien = `id: gien
name: Espace Services Publics de Gien
phone: "02 38 25 45 45"
partners: [{id: caf}]
hours: {monday: ["09:00-12:00"]}
hub: wss://hub.example.fr
`

const partners = `partners:
  - id: caf
    short: CAF
    name: {fr: Caisse d’allocations familiales}
    about: {fr: "Allocations, RSA"}
    phone: "3230"
    hours: {every_day: ["09:00-16:30"]}
`

func put(old, text string) string { return strings.Replace(gien, old, text, 1) }

// rig is a booth with a folder, and a hub that answers, or does not.
type rig struct {
	t      *testing.T
	folder string
	mu     sync.Mutex
	answer wire.Configuration
	away   bool
	asked  []string // the sums that it was asked with
	events []booth.Event
}

func newRig(t *testing.T) *rig {
	r := &rig{t: t, folder: t.TempDir()}
	for name, text := range map[string]string{"site.yaml": gien, "partners.yaml": partners} {
		if err := os.WriteFile(filepath.Join(r.folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return r
}

func (r *rig) load() (Kept, *Keeper, error) {
	r.t.Helper()
	kept, b, err := Load(r.folder, "gien", filepath.Join(r.folder, "site.yaml"), filepath.Join(r.folder, "partners.yaml"))
	if b == nil {
		r.t.Fatalf("nothing can be used: %v", err)
	}
	return kept, New(Options{
		Folder: r.folder, Kept: kept, Running: b, Log: slog.New(slog.DiscardHandler),
		Ask: func(_ context.Context, sum string) (wire.Configuration, error) {
			r.mu.Lock()
			defer r.mu.Unlock()
			r.asked = append(r.asked, sum)
			if r.away {
				return wire.Configuration{}, errors.New("away")
			}
			return r.answer, nil
		},
		Post: func(e booth.Event) { r.events = append(r.events, e) },
	}), err
}

// ask has the booth start, ask once, and stop; it gives the events.
func (r *rig) ask() []booth.Event {
	r.t.Helper()
	r.events = nil
	synctest.Test(r.t, func(t *testing.T) {
		_, k, err := r.load()
		if err != nil {
			t.Logf("passed over: %v", err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- k.Run(ctx) }()
		k.News()
		synctest.Wait()
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	return r.events
}

func wanted(version int, site string) wire.Configuration {
	return wire.Configuration{Version: version, Sum: wire.ConfigurationSum(site, partners), SiteYAML: site, PartnersYAML: partners}
}

// What the hub sends, and what becomes of it: at once, after a restart without the hub, and the booth's word for it.
func TestWhatTheHubSends(t *testing.T) {
	other := put(`["09:00-12:00"]`, `["09:00-13:00"]`)
	for _, c := range []struct {
		name   string
		answer wire.Configuration
		// kept is the site's text that a restart without the hub goes by, and of which version.
		kept    string
		version int
		restart bool
		refusal string // how the reason begins
	}{
		{name: "what it has, with its number", answer: wire.Configuration{Version: 1, Sum: wire.ConfigurationSum(gien, partners)}, kept: gien, version: 1},
		{name: "other hours", answer: wanted(2, other), kept: other, version: 2},
		{name: "another camera", answer: wanted(2, gien+"devices: {camera: simulated}\n"), kept: gien + "devices: {camera: simulated}\n", version: 2, restart: true},
		{name: "another limit of the line", answer: wanted(2, gien+"bitrate_cap_kbps: 900\n"), kept: gien + "bitrate_cap_kbps: 900\n", version: 2, restart: true},
		{name: "a newer field", answer: wanted(2, gien+"lidar: true\n"), kept: gien, refusal: "site.yaml:7: lidar: is not a known field; "},
		{name: "two mistakes", answer: wanted(2, put(`"02 38 25 45 45"`, `"02"`)+"lidar: true\n"), kept: gien, refusal: "(1/2) site.yaml:3: phone: "},
		{name: "another site's", answer: wanted(2, put("id: gien", "id: patay")), kept: gien, refusal: `site.yaml:1: id: "patay" is not this site's`},
		{name: "another hub", answer: wanted(2, put("hub.example.fr", "hub.example.com")), kept: gien, refusal: `site.yaml:6: hub: "wss://hub.example.com" is not where`},
		{name: "a partner that is in no directory", answer: wanted(2, put("{id: caf}", "{id: cpam}")), kept: gien, refusal: "site.yaml:4: partners[0].id: "},
		{name: "no text at all", answer: wire.Configuration{Version: 2, Sum: wire.ConfigurationSum("", "")}, kept: gien, refusal: "(1/2) partners.yaml:1: is empty"},
		{name: "a long mistake", answer: wanted(2, put("hub.example.fr", "hub.example.fr/"+strings.Repeat("é", 900))), kept: gien, refusal: "site.yaml:6: hub: "},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := newRig(t)
			r.answer = c.answer
			events := r.ask()
			if len(events) != 1 {
				t.Fatalf("%+v", events)
			}
			switch e := events[0].(type) {
			case booth.ConfigurationTold:
				if c.kept != gien || c.refusal != "" || e.Version != c.version {
					t.Errorf("%+v", e)
				}
			case booth.ConfigurationReceived:
				if e.Version != c.version || e.Restart != c.restart || e.Config == nil || c.kept == gien {
					t.Errorf("%+v", e)
				}
			case booth.ConfigurationRefused:
				if c.refusal == "" || e.Version != 2 || !strings.HasPrefix(e.Why, c.refusal) {
					t.Errorf("%+v; want %q", e, c.refusal)
				}
				if err := (wire.BoothConfiguration{Refused: 2, Reason: e.Why}).Validate(); err != nil {
					t.Errorf("the hub would not take the reason: %v", err)
				}
			default:
				t.Errorf("%+v", e)
			}
			// The power goes, and the hub is away.
			r.away = true
			kept, _, err := r.load()
			if diff := cmp.Diff(Kept{Version: c.version, Site: c.kept, Partners: partners}, kept); diff != "" || err != nil {
				t.Errorf("after a restart: %v (-want +got):\n%s", err, diff)
			}
		})
	}
}

// The hub is asked when it is there, when it says so, again soon when it does not answer, and from time to time.
func TestWhenTheHubIsAsked(t *testing.T) {
	r := newRig(t)
	r.answer = wire.Configuration{Version: 1, Sum: wire.ConfigurationSum(gien, partners)}
	synctest.Test(t, func(t *testing.T) {
		_, k, _ := r.load()
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- k.Run(ctx) }()
		expect := func(after time.Duration, want int) {
			t.Helper()
			time.Sleep(after)
			synctest.Wait()
			r.mu.Lock()
			defer r.mu.Unlock()
			if len(r.asked) != want {
				t.Fatalf("asked %d times; want %d", len(r.asked), want)
			}
		}
		expect(time.Hour, 0) // the hub has never been there
		away := func(is bool) {
			r.mu.Lock()
			defer r.mu.Unlock()
			r.away = is
		}
		away(true)
		k.News()
		expect(0, 1)
		expect(retryInterval, 2)
		away(false)
		expect(retryInterval, 3)
		expect(retryInterval, 3)
		expect(2*askInterval-2*retryInterval, 4) // the one after it is due no earlier than at two intervals
		k.News()
		expect(0, 5)
		cancel()
		<-ended
	})
}

// What is announced is told once, and taken back when it is no longer.
func TestAnnouncement(t *testing.T) {
	r := newRig(t)
	from := time.Date(2026, 12, 1, 8, 0, 0, 0, time.UTC)
	same := wire.Configuration{Version: 1, Sum: wire.ConfigurationSum(gien, partners)}
	coming := same
	coming.Coming = &wire.ComingConfiguration{Version: 2, Nature: "Les horaires changent.", From: from}
	_, k, _ := r.load()
	for _, c := range []wire.Configuration{same, coming, coming, same, same} {
		k.take(c)
	}
	var got []*booth.Coming
	for _, e := range r.events {
		if a, ok := e.(booth.ConfigurationAnnounced); ok {
			got = append(got, a.Coming)
		}
	}
	if diff := cmp.Diff([]*booth.Coming{{Nature: "Les horaires changent.", From: from}, nil}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// What was kept and cannot be used any more, as after an update that did not hold, is passed over for what was before it.
func TestWhatCannotBeUsedAnyMore(t *testing.T) {
	second, third := put("de Gien", "de Gien, rue Neuve"), put("de Gien", "de Gien, rue Haute")
	r := newRig(t)
	for i, text := range []string{second, third} {
		r.answer = wanted(i+2, text)
		r.ask()
	}
	for _, c := range []struct {
		name, spoilt, want string
		version            int
	}{
		{"nothing is spoilt", "", third, 3},
		{"a field that this service does not know", `{"version":3,"site_yaml":"lidar: true","partners_yaml":""}`, second, 2},
		{"another site's", `{"version":3,"site_yaml":` + quoted(put("id: gien", "id: patay")) + `,"partners_yaml":` + quoted(partners) + `}`, second, 2},
		{"no JSON", "\x00\x00\x00", second, 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			if c.spoilt != "" {
				if err := os.WriteFile(filepath.Join(r.folder, keptFile), []byte(c.spoilt), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			kept, _, err := r.load()
			if kept.Site != c.want || kept.Version != c.version || (err != nil) != (c.spoilt != "") {
				t.Errorf("version %d, %v", kept.Version, err)
			}
		})
	}
	// Nor can what was before: the enrolment's.
	if err := os.Remove(filepath.Join(r.folder, beforeFile)); err != nil {
		t.Fatal(err)
	}
	if kept, _, err := r.load(); kept.Site != gien || kept.Version != 0 || err == nil {
		t.Errorf("version %d, %v", kept.Version, err)
	}
	// Another site's enrolment begins with nothing.
	if err := errors.Join(Wipe(r.folder), Wipe(r.folder)); err != nil {
		t.Fatal(err)
	}
	if _, _, err := r.load(); err != nil {
		t.Errorf("after Wipe: %v", err)
	}
}

// A disk that does not take it: the booth goes on with what it would have after a restart, too.
func TestAFullDisk(t *testing.T) {
	r := newRig(t)
	r.answer = wanted(2, put("de Gien", "de Gien, rue Neuve"))
	if err := os.Mkdir(filepath.Join(r.folder, keptFile), 0o700); err != nil { // nothing can take its place
		t.Fatal(err)
	}
	events := r.ask()
	if e, ok := events[0].(booth.ConfigurationRefused); len(events) != 1 || !ok || !strings.HasPrefix(e.Why, "keeping the configuration: ") {
		t.Errorf("%+v", events)
	}
}

func quoted(s string) string {
	return `"` + strings.NewReplacer("\n", `\n`, `"`, `\"`).Replace(s) + `"`
}

func FuzzDecode(f *testing.F) {
	for _, seed := range []string{"", "{}", `{"version":-1}`, `{"version":2,"site_yaml":"id: gien","partners_yaml":""}`, `{"version":1e99}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		k, err := decode(b)
		if err != nil {
			if k != (Kept{}) {
				t.Fatalf("%+v beside an error", k)
			}
			return
		}
		if k.Version < 0 {
			t.Fatalf("version %d", k.Version)
		}
		_, _ = k.read() // whatever it says, it is read or refused
	})
}
