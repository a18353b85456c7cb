package web

import (
	"crypto/tls"
	"crypto/x509"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

// A booth is passed on to a server that answers, by TLS where its address says so, and to none whose certificate is another's.
func TestProxy(t *testing.T) {
	answers := func(text string) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path != "/" {
				t.Errorf("the server was asked for %s", r.URL.Path)
			}
			_, _ = io.WriteString(w, text)
		})
	}
	plain, secret := httptest.NewServer(answers("plain")), httptest.NewTLSServer(answers("secret"))
	defer plain.Close()
	defer secret.Close()
	gone, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	gone.Close()
	pool := x509.NewCertPool()
	pool.AddCert(secret.Certificate())
	trust := &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: pool}
	for name, c := range map[string]struct {
		to    []string
		trust *tls.Config
		want  string // "" for none
	}{
		"one":              {[]string{plain.URL}, nil, "plain"},
		"over TLS":         {[]string{secret.URL}, trust, "secret"},
		"one that is gone": {[]string{"http://" + gone.Addr().String()}, nil, ""},
		"one is there":     {[]string{"http://" + gone.Addr().String(), secret.URL, "https://" + gone.Addr().String()}, trust, "secret"},
		"another's":        {[]string{secret.URL}, nil, ""},
		"the other is known": {
			[]string{secret.URL, plain.URL}, &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: x509.NewCertPool()}, "plain",
		},
	} {
		var to []*url.URL
		for _, text := range c.to {
			u, err := url.Parse(text)
			if err != nil {
				t.Fatal(err)
			}
			to = append(to, u)
		}
		proxy := Proxy(to, c.trust, slog.New(slog.DiscardHandler))
		for range 5 { // they are tried in any order
			w := httptest.NewRecorder()
			proxy.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/nats", strings.NewReader("")))
			switch got := w.Body.String(); {
			case c.want == "" && w.Code != http.StatusBadGateway:
				t.Errorf("%s: status %d, %q; want 502", name, w.Code, got)
			case c.want != "" && got != c.want:
				t.Errorf("%s: status %d, %q; want %q", name, w.Code, got, c.want)
			}
		}
	}
}
