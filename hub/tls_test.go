package main

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/renameio/v2"
	"github.com/gorilla/websocket"
	"github.com/nats-io/nats.go"

	"loiret.fr/visioborne/config"
	"loiret.fr/visioborne/hub/broker"
	"loiret.fr/visioborne/hub/wire"
)

// issue writes a self-signed certificate for hub.test and 127.0.0.1, as renewals do, and trusts it.
func issue(t *testing.T, dir string, number int64, pool *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(number), Subject: pkix.Name{CommonName: "hub.test"},
		DNSNames: []string{"hub.test"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	c, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	pool.AddCert(c)
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	for name, block := range map[string]*pem.Block{"key.pem": {Type: "PRIVATE KEY", Bytes: private}, "cert.pem": {Type: "CERTIFICATE", Bytes: der}} {
		if err := renameio.WriteFile(filepath.Join(dir, name), pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// browser trusts a pool, finds hub.test on loopback and does not follow redirections.
func browser(pool *x509.CertPool, addr string) *http.Client {
	return &http.Client{
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{
			TLSClientConfig: &tls.Config{RootCAs: pool}, DisableKeepAlives: true,
			DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
				return (&net.Dialer{}).DialContext(ctx, network, addr)
			},
		},
	}
}

func free(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// One port over TLS for pages, desks' websockets and booths; plain HTTP only sends there; a renewed certificate is taken
// without a restart; commands on the hub's machine need no certificate.
func TestTLSByFile(t *testing.T) {
	dir, pool := t.TempDir(), x509.NewCertPool()
	issue(t, dir, 1, pool)
	h := openHouse(t)
	h.stop()
	h.addr = "127.0.0.1:0"
	h.tls = tlsOptions{from: config.TLSFile, http: free(t)}
	h.turn = turnOptions{cert: filepath.Join(dir, "cert.pem"), key: filepath.Join(dir, "key.pem")}
	h.start()

	get := func(url, addr string) *http.Response {
		t.Helper()
		r, err := browser(pool, addr).Get(url)
		if err != nil {
			t.Fatal(err)
		}
		r.Body.Close()
		return r
	}
	r := get("https://hub.test/sign-in", h.addr)
	if r.StatusCode != http.StatusOK || r.ProtoMajor != 1 || r.Header.Get("Strict-Transport-Security") == "" || r.TLS.PeerCertificates[0].SerialNumber.Int64() != 1 {
		t.Errorf("the sign-in's page: %s, %s, %v", r.Status, r.Proto, r.Header)
	}
	_, port, err := net.SplitHostPort(h.addr)
	if err != nil {
		t.Fatal(err)
	}
	r = get("http://hub.test/desk?x=1", h.tls.http)
	if want := "https://hub.test:" + port + "/desk?x=1"; r.StatusCode != http.StatusMovedPermanently || r.Header.Get("Location") != want {
		t.Errorf("plain HTTP: %s to %q; want %q", r.Status, r.Header.Get("Location"), want)
	}
	if r, err := browser(pool, h.tls.http).Post("http://hub.test/sign-in", "application/json", strings.NewReader("{}")); err != nil || r.StatusCode != http.StatusBadRequest {
		t.Errorf("a password over plain HTTP: %v, %v", r, err)
	}
	if r, err := http.Get("http://" + h.addr + "/desk"); err != nil || r.StatusCode != http.StatusBadRequest {
		t.Errorf("plain HTTP on the port of TLS: %v, %v", r, err)
	}

	// A booth.
	keys, err := broker.OpenKeys(h.dir)
	if err != nil {
		t.Fatal(err)
	}
	credentials, err := keys.BoothCredentials("gien")
	if err != nil {
		t.Fatal(err)
	}
	nc, err := nats.Connect("wss://"+h.addr, nats.ProxyPath("/nats"), nats.UserCredentialBytes(credentials),
		nats.CustomInboxPrefix(wire.InboxPrefix("gien")), nats.Secure(&tls.Config{RootCAs: pool}), nats.IgnoreDiscoveredServers())
	if err != nil {
		t.Fatal(err)
	}
	defer nc.Close()
	k := &kiosk{t: t, site: "gien", nc: nc}
	if w := ask[wire.Welcome](k, wire.VerbHello, wire.Hello{Version: "test", Calls: []string{}}); len(w.Partners) != 5 {
		t.Errorf("welcome %+v", w)
	}
	// A page's websocket.
	ws, response, err := (&websocket.Dialer{TLSClientConfig: &tls.Config{RootCAs: pool}}).Dial("wss://"+h.addr+"/desk/socket", http.Header{"Origin": {"https://" + h.addr}})
	if err == nil {
		ws.Close()
	} else if response == nil || response.StatusCode != http.StatusUnauthorized {
		t.Errorf("a desk's websocket without a session: %v, %v", err, response)
	}
	if _, err := command(t, "", "booth", "add", "-state", h.dir, "gien"); err != nil {
		t.Errorf("a command on the hub's machine: %v", err)
	}

	issue(t, dir, 2, pool)
	if r := get("https://hub.test/healthz", h.addr); r.TLS.PeerCertificates[0].SerialNumber.Int64() != 2 {
		t.Errorf("the renewed certificate is not taken")
	}
}

func TestHTTPSHost(t *testing.T) {
	for _, c := range []struct{ host, pages, want string }{
		{"hub.fr", "0.0.0.0:443", "hub.fr"},
		{"hub.fr:80", "0.0.0.0:443", "hub.fr"},
		{"hub.fr:8080", "127.0.0.1:8443", "hub.fr:8443"},
		{"[2001:db8::1]", "[::]:443", "[2001:db8::1]"},
		{"[2001:db8::1]:80", "[::]:8443", "[2001:db8::1]:8443"},
	} {
		pages, err := net.ResolveTCPAddr("tcp", c.pages)
		if err != nil {
			t.Fatal(err)
		}
		if got := httpsHost(c.host, pages); got != c.want {
			t.Errorf("%s with pages on %s: %q; want %q", c.host, c.pages, got, c.want)
		}
	}
}
