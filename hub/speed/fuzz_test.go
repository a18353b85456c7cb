package speed

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
	"time"

	"loiret.fr/visioborne/hub/wire"
)

// No token but the one that was made is anybody's.
func FuzzToken(f *testing.F) {
	now := time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)
	m := New("secret", func() time.Time { return now })
	made, _ := m.Token("gien")
	stale, _ := New("other", func() time.Time { return now }).Token("gien")
	for _, s := range []string{made, stale, made + "x", "", ".", "..", "9999999999.gien.", "9999999999.patay" + made[len("1795500000.gien"):]} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if site := m.site(s); (site != "") != (s == made) {
			t.Errorf("%q is the token of %q", s, site)
		}
	})
}

// However much is asked for, no more than the limit is begun.
func FuzzSize(f *testing.F) {
	for _, s := range []string{"1", "0", "-1", "1e9", "9223372036854775808", "", "1&bytes=2"} {
		f.Add(s, int64(1))
	}
	f.Fuzz(func(t *testing.T, bytes string, length int64) {
		get := httptest.NewRequest(http.MethodGet, wire.SpeedPath+"?bytes="+url.QueryEscape(bytes), nil)
		post := httptest.NewRequest(http.MethodPost, wire.SpeedPath, nil)
		post.ContentLength = length
		for _, r := range []*http.Request{get, post} {
			n, status, err := size(r)
			if err == nil && (n < 0 || n > wire.SpeedMaxBytes) || err != nil && status < 400 {
				t.Errorf("%s %s, %d: %d bytes, status %d, %v", r.Method, r.URL, length, n, status, err)
			}
		}
	})
}
