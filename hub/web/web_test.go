package web

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"
)

// The policy of every page: nothing but its own files, in nobody's frame, with no script from anywhere else.
func TestHeaders(t *testing.T) {
	w := httptest.NewRecorder()
	Headers(http.NotFoundHandler()).ServeHTTP(w, httptest.NewRequest("GET", "http://hub.example/", nil))
	policy := map[string]string{}
	for _, d := range strings.Split(w.Header().Get("Content-Security-Policy"), ";") {
		name, sources, _ := strings.Cut(strings.TrimSpace(d), " ")
		if _, twice := policy[name]; twice {
			t.Errorf("%s is there twice: browsers take the first", name)
		}
		policy[name] = sources
	}
	for name, want := range map[string]string{
		"default-src": "'none'", "script-src": "'self'", "style-src": "'self'", "connect-src": "'self'", "font-src": "'self'",
		"base-uri": "'none'", "form-action": "'self'", "frame-ancestors": "'none'",
	} {
		if policy[name] != want {
			t.Errorf("%s is %q; want %q", name, policy[name], want)
		}
	}
	for name, sources := range policy {
		for _, s := range strings.Fields(sources) {
			if s != "'none'" && s != "'self'" && (s != "data:" && s != "blob:" || name != "img-src" && name != "media-src") {
				t.Errorf("%s lets %s in", name, s)
			}
		}
	}
	for name, want := range map[string]string{
		"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Cross-Origin-Opener-Policy": "same-origin",
		"Cross-Origin-Resource-Policy": "same-origin", "Cache-Control": "no-store",
	} {
		if got := w.Header().Get(name); got != want {
			t.Errorf("%s is %q; want %q", name, got, want)
		}
	}
}

func TestSameOrigin(t *testing.T) {
	for origin, want := range map[string]bool{
		"http://hub.example": true, "https://hub.example": true,
		"": false, "null": false, "hub.example": false, "http://hub.example:8080": false, "http://hub.example.evil.example": false,
		"http://evil.example": false, "file://hub.example": false, "http://hub.example@evil.example": false, "%zz": false,
	} {
		r := httptest.NewRequest("POST", "http://hub.example/x", nil)
		r.Header.Set("Origin", origin)
		if got := SameOrigin(r); got != want {
			t.Errorf("%q: %t; want %t", origin, got, want)
		}
	}
}

func TestFiles(t *testing.T) {
	files := Files(fstest.MapFS{
		"desk/index.html": {Data: []byte("desk")}, "desk/fonts/f.woff2": {Data: []byte("font")}, "gallery/index.html": {Data: []byte("gallery")},
	}, "desk", "hotline")
	for path, want := range map[string]int{
		"/desk": 200, "/desk/": 200, "/desk/fonts/f.woff2": 200, "/desk/fonts": 404, "/desk/x": 404,
		"/gallery": 404, "/": 404, "/desk/../gallery/index.html": 404, "/hotline": 503,
	} {
		w := httptest.NewRecorder()
		r := httptest.NewRequest("GET", "http://hub.example/", nil)
		r.URL.Path = path
		files.ServeHTTP(w, r)
		if w.Code != want {
			t.Errorf("%s: %d; want %d", path, w.Code, want)
		}
	}
}

func TestRemote(t *testing.T) {
	for _, c := range []struct{ from, forwarded, want string }{
		{"198.51.100.7:4711", "", "198.51.100.7"},
		{"198.51.100.7:4711", "203.0.113.9", "198.51.100.7"}, // anybody can write that
		{"127.0.0.1:4711", "203.0.113.9", "203.0.113.9"},
		{"127.0.0.1:4711", "10.0.0.1, 203.0.113.9", "203.0.113.9"},
		{"[::1]:4711", "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"},
		{"127.0.0.1:4711", "nonsense", "127.0.0.1"},
		{"[2001:db8:1:2::9]:4711", "", "2001:db8:1:2::/64"},
		{"[::ffff:198.51.100.7]:4711", "", "198.51.100.7"},
		{"@", "", "@"}, // a socket that has no address
	} {
		r := httptest.NewRequest("GET", "http://hub.example/", nil)
		r.RemoteAddr = c.from
		if c.forwarded != "" {
			r.Header.Set("X-Forwarded-For", c.forwarded)
		}
		if got := Remote(r); got != c.want {
			t.Errorf("%s for %q: %s; want %s", c.from, c.forwarded, got, c.want)
		}
	}
}
