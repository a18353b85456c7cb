package turn

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"io"
	"log/slog"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/renameio/v2"
	"github.com/pion/turn/v5"

	"loiret.fr/visioborne/hub/certificate"
)

// authority signs certificates for one test.
type authority struct {
	t    *testing.T
	key  *ecdsa.PrivateKey
	cert *x509.Certificate
	pool *x509.CertPool
	last int64
}

func newAuthority(t *testing.T) *authority {
	t.Helper()
	a := &authority{t: t, last: 1, pool: x509.NewCertPool()}
	var err error
	if a.key, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader); err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "test authority"}, IsCA: true, BasicConstraintsValid: true,
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), KeyUsage: x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, a.key.Public(), a.key)
	if err != nil {
		t.Fatal(err)
	}
	if a.cert, err = x509.ParseCertificate(der); err != nil {
		t.Fatal(err)
	}
	a.pool.AddCert(a.cert)
	return a
}

// issue writes a certificate for name and 127.0.0.1 to two files in dir, as renewals do, and returns its number.
func (a *authority) issue(dir, name string) int64 {
	a.t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		a.t.Fatal(err)
	}
	a.last++
	der, err := x509.CreateCertificate(rand.Reader, &x509.Certificate{
		SerialNumber: big.NewInt(a.last), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		DNSNames: []string{name}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}, a.cert, key.Public(), a.key)
	if err != nil {
		a.t.Fatal(err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		a.t.Fatal(err)
	}
	for file, block := range map[string]*pem.Block{
		"cert.pem": {Type: "CERTIFICATE", Bytes: der}, "key.pem": {Type: "PRIVATE KEY", Bytes: private},
	} {
		if err := renameio.WriteFile(filepath.Join(dir, file), pem.EncodeToMemory(block), 0o600); err != nil {
			a.t.Fatal(err)
		}
	}
	return a.last
}

func (a *authority) open(dir string) *certificate.File {
	a.t.Helper()
	c, err := certificate.OpenFile(filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem"), slog.New(slog.DiscardHandler))
	if err != nil {
		a.t.Fatal(err)
	}
	return c
}

func listenTCP(t *testing.T) net.Listener {
	t.Helper()
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	return l
}

func dial(t *testing.T, addr string) net.Conn {
	t.Helper()
	c, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

// A relay is opened over each transport, with a call's credentials only.
func TestTransports(t *testing.T) {
	a, dir := newAuthority(t), t.TempDir()
	a.issue(dir, "hub.example")
	tcp, overTLS := listenTCP(t), listenTCP(t)
	s := openWith(t, Options{Packets: listen(t), TCP: tcp, TLS: overTLS, Certificate: a.open(dir), Name: "hub.example"})
	servers := s.ICEServers(call)
	_, port, err := net.SplitHostPort(overTLS.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"turn:" + tcp.Addr().String() + "?transport=tcp", "turns:hub.example:" + port + "?transport=tcp"}
	if len(servers) != 2 || len(servers[1].URLs) != 3 || !slices.Equal(servers[1].URLs[1:], want) {
		t.Fatalf("servers %+v; want UDP and then %v", servers, want)
	}
	good := servers[1]
	for _, c := range []struct {
		name string
		open func() net.Conn
	}{
		{"TCP", func() net.Conn { return dial(t, tcp.Addr().String()) }},
		{"TLS", func() net.Conn {
			return tls.Client(dial(t, overTLS.Addr().String()), &tls.Config{RootCAs: a.pool, ServerName: "hub.example"})
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			echo(t, clientOver(t, turn.NewSTUNConn(c.open()), "", good.Username, good.Credential))
			if relay, err := clientOver(t, turn.NewSTUNConn(c.open()), "", good.Username, "wrong").Allocate(); err == nil {
				relay.Close()
				t.Error("a wrong password opened a relay")
			}
		})
	}
}

func TestCertificateIsReadAgain(t *testing.T) {
	a, dir := newAuthority(t), t.TempDir()
	first := a.issue(dir, "hub.example")
	c := a.open(dir)
	l := listenTCP(t)
	openWith(t, Options{Packets: listen(t), TLS: l, Certificate: c})
	serial := func() int64 {
		t.Helper()
		conn := tls.Client(dial(t, l.Addr().String()), &tls.Config{RootCAs: a.pool, ServerName: "hub.example"})
		if err := conn.Handshake(); err != nil {
			t.Fatal(err)
		}
		return conn.ConnectionState().PeerCertificates[0].SerialNumber.Int64()
	}
	if got := serial(); got != first {
		t.Errorf("certificate %d; want %d", got, first)
	}
	// A renewal that has come half way.
	if err := renameio.WriteFile(filepath.Join(dir, "cert.pem"), []byte("half"), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := serial(); got != first {
		t.Errorf("certificate %d while the files are wrong; want %d", got, first)
	}
	if err := os.Remove(filepath.Join(dir, "key.pem")); err != nil {
		t.Fatal(err)
	}
	if got := serial(); got != first {
		t.Errorf("certificate %d while a file is away; want %d", got, first)
	}
	second := a.issue(dir, "hub.example")
	if got := serial(); got != second {
		t.Errorf("certificate %d after the renewal; want %d", got, second)
	}
}

func TestCertificateOfAnotherName(t *testing.T) {
	a, dir := newAuthority(t), t.TempDir()
	a.issue(dir, "hub.example")
	_, err := Open(Options{Packets: listen(t), TLS: listenTCP(t), Certificate: a.open(dir), Name: "other.example"})
	if err == nil || !strings.Contains(err.Error(), "-turn-name") {
		t.Errorf("error %v; want one that names -turn-name", err)
	}
	if _, err := certificate.OpenFile(filepath.Join(dir, "cert.pem"), filepath.Join(dir, "cert.pem"), slog.New(slog.DiscardHandler)); err == nil {
		t.Error("a certificate was taken for a key")
	}
}

// drainOf reads from the next connection as pion does, until it ends.
func drainOf(s *streams) <-chan error {
	ended := make(chan error, 1)
	c, err := s.Accept()
	if err != nil {
		ended <- err
		return ended
	}
	go func() {
		defer c.Close()
		_, err := io.Copy(io.Discard, c)
		ended <- err
	}()
	return ended
}

// Silent and busy clients alike end without a relay; one with a relay stays.
func TestIdleConnectionsEnd(t *testing.T) {
	s := newStreams(listenTCP(t), 1, 50*time.Millisecond, nil, slog.New(slog.DiscardHandler))
	silent := dial(t, s.Addr().String())
	ended := drainOf(s)
	if err := <-ended; !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("a silent client ended with %v", err)
	}
	if _, err := silent.Read(make([]byte, 1)); err == nil {
		t.Error("the silent client still has its connection")
	}
	// The next one waited for its place.
	busy := dial(t, s.Addr().String())
	ended = drainOf(s)
	s.relay(busy.LocalAddr(), s.Addr(), 1)
	s.relay(busy.LocalAddr(), s.Addr(), -1)
	for err := error(nil); err == nil; {
		_, err = busy.Write([]byte{0})
	}
	if err := <-ended; err == nil {
		t.Error("a client that drips was not ended")
	}
	kept := dial(t, s.Addr().String())
	ended = drainOf(s)
	s.relay(kept.LocalAddr(), s.Addr(), 1)
	if n := s.count(); n != 1 {
		t.Errorf("%d connections are open", n)
	}
	// Ending the server ends it.
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	if err := <-ended; errors.Is(err, os.ErrDeadlineExceeded) {
		t.Error("a client with a relay was ended for being idle")
	}
	if n := s.count(); n != 0 {
		t.Errorf("%d connections outlive the server", n)
	}
	if _, err := s.Accept(); err == nil {
		t.Error("a connection was taken after the end")
	}
}

// A client that does not shake hands holds no place for ever.
func TestFailedHandshake(t *testing.T) {
	a, dir := newAuthority(t), t.TempDir()
	a.issue(dir, "hub.example")
	s := newStreams(listenTCP(t), 1, time.Minute, &tls.Config{GetCertificate: a.open(dir).GetCertificate}, slog.New(slog.DiscardHandler))
	defer s.Close()
	c := dial(t, s.Addr().String())
	ended := drainOf(s)
	if _, err := c.Write([]byte("GET / HTTP/1.1\r\n\r\n")); err != nil {
		t.Fatal(err)
	}
	if err := <-ended; err == nil {
		t.Error("plain text was taken for TLS")
	}
	dial(t, s.Addr().String())
	if next, err := s.Accept(); err != nil {
		t.Error(err)
	} else {
		next.Close()
	}
}
