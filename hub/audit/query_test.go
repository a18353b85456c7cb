package audit

import (
	"net/url"
	"testing"
	"time"
)

// A period that is let in has an end after its beginning.
func FuzzParseQuery(f *testing.F) {
	for _, s := range []string{"from=2026-11-01&to=2026-11-30&site=gien", "from=2026-11-02&to=2026-11-01", "from=0000-01-01&to=9999-12-31", "from=2026-02-30&to=x", ""} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		values, err := url.ParseQuery(s)
		if err != nil {
			return
		}
		q, err := parseQuery(values.Get, time.UTC)
		if err == nil && (!q.from.Before(q.to) || q.site != values.Get("site") || q.who != values.Get("who")) {
			t.Errorf("%q was taken for %+v", s, q)
		}
	})
}
