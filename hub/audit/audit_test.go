package audit

import (
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"loiret.fr/visioborne/hub/natstest"
)

func TestRecord(t *testing.T) {
	dir := t.TempDir()
	js, stop := natstest.Open(t, dir)
	now := time.Now().UTC().Truncate(time.Millisecond)
	clock := func() time.Time { return now }
	l, err := Open(t.Context(), js, Keep, clock, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	if all, err := l.List(t.Context(), now.Add(-time.Hour), now.Add(time.Hour)); err != nil || len(all) != 0 {
		t.Errorf("at first %v, %v", all, err)
	}
	var want []Entry
	for n := range 1203 { // more than one batch
		e := Entry{At: now.Add(time.Duration(n) * time.Millisecond), Who: "h", Action: "booth_restarted", Site: "gien", Detail: fmt.Sprint(n)}
		if err := l.Record(t.Context(), e); err != nil {
			t.Fatal(err)
		}
		want = append(want, e)
	}
	stop()
	js, stop = natstest.Open(t, dir)
	defer stop()
	// Another time to keep them is taken on by a record that is there.
	if l, err = Open(t.Context(), js, 2*Keep, clock, slog.New(slog.DiscardHandler)); err != nil {
		t.Fatal(err)
	}
	got, err := l.List(t.Context(), now.Add(time.Millisecond), now.Add(1202*time.Millisecond))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want[1:1202], got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	// The present, where no time is given.
	now = now.Add(time.Hour)
	if err := l.Record(t.Context(), Entry{Action: "sign_in_slowed"}); err != nil {
		t.Fatal(err)
	}
	if got, err := l.List(t.Context(), now, now.Add(time.Second)); err != nil || len(got) != 1 || !got[0].At.Equal(now) {
		t.Errorf("now: %+v, %v", got, err)
	}
}

// Whoever has the hub's own connection cannot take anything back.
func TestNothingIsTakenBack(t *testing.T) {
	js, stop := natstest.Open(t, t.TempDir())
	defer stop()
	l, err := Open(t.Context(), js, Keep, time.Now, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Record(t.Context(), Entry{Action: "account_added", Who: "a"}); err != nil {
		t.Fatal(err)
	}
	stream, err := js.Stream(t.Context(), streamName)
	if err != nil {
		t.Fatal(err)
	}
	if err := stream.DeleteMsg(t.Context(), 1); err == nil {
		t.Error("an entry was deleted")
	}
	if err := stream.Purge(t.Context()); err == nil {
		t.Error("the record was purged")
	}
	config := stream.CachedInfo().Config
	config.DenyDelete = false
	if _, err := js.UpdateStream(t.Context(), config); err == nil {
		t.Error("the record was opened for deletion")
	}
	if all, err := l.List(t.Context(), time.Now().Add(-time.Minute), time.Now().Add(time.Minute)); err != nil || len(all) != 1 {
		t.Errorf("afterwards %v, %v", all, err)
	}
}

func TestRecordRefuses(t *testing.T) {
	for _, c := range []struct {
		e    Entry
		want string
	}{
		{Entry{}, "action"},
		{Entry{Action: "Restart!"}, "action"},
		{Entry{Action: "restart", Who: strings.Repeat("x", 65)}, "who"},
		{Entry{Action: "restart", Site: "a\nb"}, "site"},
		{Entry{Action: "restart", Detail: strings.Repeat("x", 501)}, "detail"},
		{Entry{Action: "restart", Detail: "\xff"}, "detail"},
	} {
		if err := (&Log{now: time.Now}).Record(t.Context(), c.e); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%+v: %v", c.e, err)
		}
	}
	js, stop := natstest.Open(t, t.TempDir())
	defer stop()
	if _, err := Open(t.Context(), js, time.Hour, time.Now, slog.New(slog.DiscardHandler)); err == nil {
		t.Error("a record of an hour was opened")
	}
}

func TestQuery(t *testing.T) {
	paris, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	day := func(s string) time.Time {
		at, err := time.ParseInLocation(time.DateTime, s, paris)
		if err != nil {
			t.Fatal(err)
		}
		return at
	}
	for _, c := range []struct {
		from, to string
		want     query
		err      string
	}{
		{"2026-11-24", "2026-11-24", query{from: day("2026-11-24 00:00:00"), to: day("2026-11-25 00:00:00")}, ""},
		{"2026-10-25", "2026-10-25", query{from: day("2026-10-25 00:00:00"), to: day("2026-10-26 00:00:00")}, ""}, // 25 hours
		{"2026-11-24", "2026-11-23", query{}, "it is after"},
		{"", "2026-11-23", query{}, "from"},
		{"2026-11-24", "tomorrow", query{}, "to"},
	} {
		got, err := parseQuery(func(name string) string { return map[string]string{"from": c.from, "to": c.to}[name] }, paris)
		if c.err != "" {
			if err == nil || !strings.Contains(err.Error(), c.err) {
				t.Errorf("%s to %s: %v", c.from, c.to, err)
			}
			continue
		}
		if err != nil || !got.from.Equal(c.want.from) || !got.to.Equal(c.want.to) {
			t.Errorf("%s to %s: %v, %v", c.from, c.to, got, err)
		}
	}
	all := []Entry{{Who: "a", Site: "gien"}, {Who: "b", Site: "gien"}, {Who: "a", Site: "patay"}, {Who: "a"}}
	for _, c := range []struct {
		q    query
		want []Entry
	}{
		{query{}, []Entry{all[3], all[2], all[1], all[0]}},
		{query{site: "gien"}, []Entry{all[1], all[0]}},
		{query{who: "a", site: "patay"}, []Entry{all[2]}},
		{query{who: "c"}, []Entry{}},
	} {
		if diff := cmp.Diff(Page{Entries: c.want}, c.q.page(all)); diff != "" {
			t.Errorf("%+v (-want +got):\n%s", c.q, diff)
		}
	}
	if p := (query{}).page(make([]Entry, maxRows+1)); len(p.Entries) != maxRows || !p.More {
		t.Errorf("of many: %d, %t", len(p.Entries), p.More)
	}
}

func TestRoutes(t *testing.T) {
	js, stop := natstest.Open(t, t.TempDir())
	defer stop()
	l, err := Open(t.Context(), js, Keep, time.Now, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Record(t.Context(), Entry{Action: "account_added", Who: "a"}); err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	guard := func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get("Cookie") == "" {
				w.WriteHeader(http.StatusUnauthorized)
				return
			}
			next.ServeHTTP(w, r)
		})
	}
	l.Routes(mux, guard, http.NotFoundHandler())
	today := time.Now().Format(time.DateOnly)
	for _, c := range []struct {
		query, cookie string
		want          int
	}{
		{"?from=" + today + "&to=" + today, "c", http.StatusOK},
		{"?from=" + today, "c", http.StatusBadRequest},
		{"?from=" + today + "&to=" + today, "", http.StatusUnauthorized},
	} {
		r := httptest.NewRequest(http.MethodGet, "/audit/entries"+c.query, nil)
		if c.cookie != "" {
			r.Header.Set("Cookie", c.cookie)
		}
		w := httptest.NewRecorder()
		mux.ServeHTTP(w, r)
		if w.Code != c.want {
			t.Errorf("%+v: %d %s", c, w.Code, w.Body)
		}
	}
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte(`{"at":"2026-11-24T12:00:00Z","who":"a","action":"account_added","detail":"caf.1"}`))
	f.Add([]byte(`{}{}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		if e, err := decode(b); err == nil && (e.check() != nil || e.At.IsZero()) {
			t.Errorf("%s was let in as %+v", b, e)
		}
	})
}
