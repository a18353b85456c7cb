package web

import (
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"testing"
)

// Who is not on this machine is known by where it really comes from, whatever it writes.
func FuzzRemote(f *testing.F) {
	for _, s := range []string{"203.0.113.9", "1.2.3.4, 203.0.113.9", "::1", "2001:db8::1%eth0", "x", "127.0.0.1", ""} {
		f.Add("198.51.100.7:4000", s)
		f.Add("127.0.0.1:4000", s)
		f.Add("[2001:db8:1:2:3::4]:1", s)
	}
	f.Fuzz(func(t *testing.T, from, forwarded string) {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.RemoteAddr = from
		plain := Remote(r)
		r.Header.Set("X-Forwarded-For", forwarded)
		named := Remote(r)
		if a, err := netip.ParseAddrPort(from); err == nil && !a.Addr().Unmap().IsLoopback() && named != plain {
			t.Errorf("%s with %q is taken for %s", from, forwarded, named)
		}
		if named != plain && !strings.Contains(named, "/") {
			if _, err := netip.ParseAddr(named); err != nil {
				t.Errorf("%q with %q is called %q", from, forwarded, named)
			}
		}
	})
}

// A page from elsewhere is never taken for one of the hub's own.
func FuzzSameOrigin(f *testing.F) {
	for _, s := range []string{"http://hub.example", "https://hub.example", "http://hub.example.evil", "http://hub.example@evil", "null", "//hub.example", "http://hub.example:80", "javascript://hub.example/%0a"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, origin string) {
		r := httptest.NewRequest(http.MethodGet, "http://hub.example/", nil)
		r.Header["Origin"] = []string{origin}
		if !SameOrigin(r) {
			return
		}
		if u, err := url.Parse(origin); err != nil || u.Host != "hub.example" || u.Scheme != "http" && u.Scheme != "https" {
			t.Errorf("%q was taken for the hub's own", origin)
		}
	})
}
