package certificate

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/crypto/acme"
	"golang.org/x/crypto/acme/autocert"
)

// LetsEncrypt is the directory of the authority that is asked when no other one is named.
const LetsEncrypt = autocert.DefaultACMEDirectory

// askWait is the longest that one question to the authority may take.
const askWait = 30 * time.Second

// ACMEOptions say which authority to ask, and for what. Whoever sets them agrees to the authority's terms.
type ACMEOptions struct {
	// Names are those that certificates are for.
	Names []string
	// Directory is the URL of the authority's directory; LetsEncrypt when it is "".
	Directory string
	// Email is where the authority writes to when something is wrong; "" for nowhere.
	Email string
	// CA is a PEM file with the certificates by which the directory's own one is known; "" for the system's.
	CA string
	// Cache is the folder in which the account's key and the certificates are kept.
	Cache string
	Now   func() time.Time
	Log   *slog.Logger
}

// ACME are certificates that an authority gives when they are first needed, and renews a month before they end.
type ACME struct {
	names   []string
	manager *autocert.Manager
	now     func() time.Time
	log     *slog.Logger

	mu sync.Mutex
	// said is when it was last logged that there is no certificate.
	said time.Time
}

// OpenACME prepares; it asks nobody yet.
func OpenACME(o ACMEOptions) (*ACME, error) {
	client := &acme.Client{DirectoryURL: o.Directory, HTTPClient: &http.Client{Timeout: askWait}}
	if o.CA != "" {
		text, err := os.ReadFile(o.CA)
		if err != nil {
			return nil, fmt.Errorf("reading the certificates of the ACME authority: %w", err)
		}
		roots := x509.NewCertPool()
		if !roots.AppendCertsFromPEM(text) {
			return nil, fmt.Errorf("reading the certificates of the ACME authority: %s has none; expected PEM", o.CA)
		}
		transport := http.DefaultTransport.(*http.Transport).Clone()
		transport.TLSClientConfig = &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}
		client.HTTPClient.Transport = transport
	}
	if err := os.MkdirAll(o.Cache, 0o700); err != nil {
		return nil, fmt.Errorf("making the folder for certificates: %w", err)
	}
	return &ACME{
		names: o.Names, now: o.Now, log: o.Log,
		manager: &autocert.Manager{
			Prompt: autocert.AcceptTOS, Cache: autocert.DirCache(o.Cache), HostPolicy: autocert.HostWhitelist(o.Names...),
			Client: client, Email: o.Email,
		},
	}, nil
}

// Check tells whether certificates are for a name.
func (a *ACME) Check(name string) error {
	if !slices.Contains(a.names, name) {
		return fmt.Errorf("%s is not among the names to ask the authority for: %q", name, a.names)
	}
	return nil
}

// sayAgain is how long an authority that gives no certificate is not spoken of again: every booth that tries asks for one.
const sayAgain = 10 * time.Minute

// GetCertificate is a TLS configuration's, which must offer Protocol too. The first handshake for a name waits for the authority.
func (a *ACME) GetCertificate(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
	c, err := a.manager.GetCertificate(hello)
	if err != nil && a.Check(hello.ServerName) == nil && a.say() {
		a.log.Error("the ACME authority gives no certificate; is the name this machine's, and port 443 or 80 open to the authority?",
			"name", hello.ServerName, "error", err)
	}
	if err == nil && c == nil {
		err = errors.New("no certificate")
	}
	return c, err
}

func (a *ACME) say() bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	now := a.now()
	if !a.said.IsZero() && now.Sub(a.said) < sayAgain {
		return false
	}
	a.said = now
	return true
}

// Protocol is that of TLS-ALPN-01.
const Protocol = acme.ALPNProto

// Challenges answers the authority's questions over plain HTTP (HTTP-01), and hands all other requests on. A private
// authority may ask at another port than 80, and then says so with the name.
func (a *ACME) Challenges(next http.Handler) http.Handler {
	answer := a.manager.HTTPHandler(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if name, _, err := net.SplitHostPort(r.Host); err == nil && strings.HasPrefix(r.URL.Path, "/.well-known/acme-challenge/") {
			r = r.Clone(r.Context())
			r.Host = name
		}
		answer.ServeHTTP(w, r)
	})
}
