package main

import (
	"crypto/x509"
	"encoding/pem"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/letsencrypt/pebble/v2/ca"
	"github.com/letsencrypt/pebble/v2/db"
	"github.com/letsencrypt/pebble/v2/va"
	"github.com/letsencrypt/pebble/v2/wfe"
	"github.com/miekg/dns"

	"loiret.fr/visioborne/config"
)

// authority is Let's Encrypt's own test server for ACME. It finds every name on loopback and asks at the given ports.
type authority struct {
	directory string
	// ca is the file with the certificate by which the directory is known.
	ca    string
	roots *x509.CertPool
}

func openAuthority(t *testing.T, httpAddr, tlsAddr string) authority {
	t.Helper()
	t.Setenv("PEBBLE_VA_NOSLEEP", "1")
	t.Setenv("PEBBLE_WFE_NONCEREJECT", "0")
	names, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	resolver := &dns.Server{Listener: names, Handler: dns.HandlerFunc(func(w dns.ResponseWriter, q *dns.Msg) {
		m := new(dns.Msg).SetReply(q)
		if q.Question[0].Qtype == dns.TypeA {
			m.Answer = append(m.Answer, &dns.A{
				Hdr: dns.RR_Header{Name: q.Question[0].Name, Rrtype: dns.TypeA, Class: dns.ClassINET, Ttl: 1}, A: net.IPv4(127, 0, 0, 1),
			})
		}
		if err := w.WriteMsg(m); err != nil {
			t.Log(err)
		}
	})}
	ended := make(chan error, 1)
	go func() { ended <- resolver.ActivateAndServe() }()
	t.Cleanup(func() {
		if err := resolver.Shutdown(); err != nil {
			t.Error(err)
		}
		<-ended
	})
	quiet, store := log.New(io.Discard, "", 0), db.NewMemoryStore()
	issuer := ca.New(quiet, store, "", "ecdsa", 0, 1, map[string]ca.Profile{"default": {}})
	asker := va.New(quiet, port(t, httpAddr), port(t, tlsAddr), true, names.Addr().String(), store)
	front := wfe.New(quiet, store, asker, issuer, []string{"pebble.test"}, true, false, 1, 1)
	server := httptest.NewTLSServer(front.Handler())
	t.Cleanup(server.Close)
	a := authority{directory: server.URL + wfe.DirectoryPath, ca: filepath.Join(t.TempDir(), "authority.pem"), roots: x509.NewCertPool()}
	if err := os.WriteFile(a.ca, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw}), 0o600); err != nil {
		t.Fatal(err)
	}
	root, err := x509.ParseCertificate(issuer.GetRootCert(0).DER)
	if err != nil {
		t.Fatal(err)
	}
	a.roots.AddCert(root)
	return a
}

func port(t *testing.T, addr string) int {
	t.Helper()
	_, text, err := net.SplitHostPort(addr)
	if err != nil {
		t.Fatal(err)
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// The hub gets its certificate from an authority, which asks at the port of TLS or, where it cannot, over plain HTTP; keeps
// it over a restart; and asks for no name but its own.
func TestTLSByACME(t *testing.T) {
	for name, blocked := range map[string]bool{"at the port of TLS": false, "over plain HTTP": true} {
		t.Run(name, func(t *testing.T) {
			h := openHouse(t)
			h.stop()
			h.addr = free(t)
			h.tls = tlsOptions{from: config.TLSACME, names: "hub.test,autre.test", email: "reseau@hub.test", http: free(t)}
			tlsAddr := h.addr
			if blocked {
				tlsAddr = free(t)
			}
			a := openAuthority(t, h.tls.http, tlsAddr)
			h.tls.directory, h.tls.ca = a.directory, a.ca
			h.start()
			serial := func() string {
				t.Helper()
				r, err := browser(a.roots, h.addr).Get("https://hub.test/healthz")
				if err != nil {
					t.Fatal(err)
				}
				r.Body.Close()
				if r.StatusCode != http.StatusOK {
					t.Errorf("status %s", r.Status)
				}
				return r.TLS.PeerCertificates[0].SerialNumber.String()
			}
			first := serial()
			if r, err := browser(a.roots, h.addr).Get("https://other.test/"); err == nil {
				r.Body.Close()
				t.Error("a certificate for a name that is not the hub's")
			}
			kept, err := os.ReadDir(filepath.Join(h.dir, "acme"))
			if err != nil {
				t.Fatal(err)
			}
			var files []string
			for _, f := range kept {
				files = append(files, f.Name())
			}
			if got := strings.Join(files, " "); !strings.Contains(got, "acme_account+key") || !strings.Contains(got, "hub.test") || strings.Contains(got, "other") {
				t.Errorf("kept are %s", got)
			}
			h.stop()
			h.start()
			if again := serial(); again != first {
				t.Errorf("after a restart the certificate is %s; want %s", again, first)
			}
			// Browsers are still sent on.
			r, err := browser(a.roots, h.tls.http).Get("http://hub.test/desk")
			if err != nil {
				t.Fatal(err)
			}
			r.Body.Close()
			if to := r.Header.Get("Location"); !strings.HasPrefix(to, "https://hub.test:") {
				t.Errorf("sent to %q", to)
			}
		})
	}
}
