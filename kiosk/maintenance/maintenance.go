// Package maintenance shows a technician in the room's network two pages of the
// booth, each on a port of its own and both behind TLS and one password: the
// status page (gokrazy's, which listens on a unix socket), and what is on the
// touchscreen.
//
// They are two ports because both pages are written for the root of a server.
// Of the status page only what shows something or restarts something is passed
// on: gokrazy would also take programs and whole partitions, and a password in
// a text file must not get past signed releases.
//
// It reads no file and decides nothing about when it is open. Serve owns every
// goroutine and returns when they have ended. Basic authentication is RFC 7617.
package maintenance

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/big"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"time"

	"golang.org/x/net/netutil"
	"golang.org/x/sync/errgroup"
)

const (
	// maxConnections of strangers must not use up what the booth needs for its calls. A browser has six.
	maxConnections = 32
	// farewell is how long an answer may still take when the service ends: the one to "restart this service" above all.
	farewell = time.Second
)

// Options are what a Server needs.
type Options struct {
	// StatusAddr and TouchscreenAddr are where the two pages are served: host:port.
	StatusAddr, TouchscreenAddr string
	// Password lets the user "technicien" in.
	Password    string
	Certificate tls.Certificate
	// Socket is the unix socket on which gokrazy serves its status page.
	Socket string
	// Reboot restarts the machine in a moment. gokrazy's own way would first end this very service, and the answer with it.
	Reboot func()
	Log    *slog.Logger
}

// Server has its ports and serves on them once Serve is called.
type Server struct {
	options             Options
	status, touchscreen net.Listener
}

// Open opens the ports.
func Open(o Options) (*Server, error) {
	if o.Password == "" {
		return nil, errors.New("opening maintenance: there is no password")
	}
	status, err := net.Listen("tcp", o.StatusAddr)
	if err != nil {
		return nil, fmt.Errorf("listening for maintenance: %w", err)
	}
	touchscreen, err := net.Listen("tcp", o.TouchscreenAddr)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("listening for maintenance: %w", err), status.Close())
	}
	return &Server{o, status, touchscreen}, nil
}

// Addrs are the addresses that were opened.
func (s *Server) Addrs() (status, touchscreen net.Addr) { return s.status.Addr(), s.touchscreen.Addr() }

// Serve serves both pages until ctx ends; touchscreen is what watchers get.
func (s *Server) Serve(ctx context.Context, touchscreen http.Handler) error {
	// Requests outlive ctx by the farewell.
	requests, drop := context.WithCancel(context.WithoutCancel(ctx))
	defer drop()
	door := newDoor(s.options.Password, s.options.Log)
	proxy, transport := s.proxy()
	defer transport.CloseIdleConnections()
	group, ctx := errgroup.WithContext(ctx)
	for _, p := range []struct {
		listener net.Listener
		handler  http.Handler
	}{{s.status, s.statusPage(proxy)}, {s.touchscreen, touchscreen}} {
		server := &http.Server{
			Handler:           door.guard(p.handler),
			BaseContext:       func(net.Listener) context.Context { return requests },
			TLSConfig:         &tls.Config{Certificates: []tls.Certificate{s.options.Certificate}, MinVersion: tls.VersionTLS12},
			ReadHeaderTimeout: 10 * time.Second,
			IdleTimeout:       time.Minute,
			// Whoever looks for open ports would fill the log.
			ErrorLog: slog.NewLogLogger(s.options.Log.Handler(), slog.LevelDebug),
		}
		group.Go(func() error {
			err := server.ServeTLS(netutil.LimitListener(p.listener, maxConnections), "", "")
			if errors.Is(err, http.ErrServerClosed) {
				return nil
			}
			return fmt.Errorf("serving maintenance: %w", err)
		})
		group.Go(func() error {
			<-ctx.Done()
			wait, cancel := context.WithTimeout(requests, farewell)
			defer cancel()
			if server.Shutdown(wait) != nil { // a log is being watched
				server.Close()
			}
			return nil
		})
	}
	s.options.Log.Warn("maintenance is open", "status", s.status.Addr().String(), "touchscreen", s.touchscreen.Addr().String(),
		"certificate", fingerprint(s.options.Certificate))
	return group.Wait()
}

// statusPage passes on what the page shows and its buttons. All of them are
// guarded against pages from elsewhere in the technician's browser, which sends
// the password by itself: gokrazy guards some.
func (s *Server) statusPage(proxy http.Handler) http.Handler {
	mux := http.NewServeMux()
	for _, pattern := range []string{"GET /{$}", "GET /status", "GET /log", "GET /assets/", "POST /restart", "POST /stop", "POST /poweroff"} {
		mux.Handle(pattern, proxy)
	}
	mux.HandleFunc("POST /reboot", func(w http.ResponseWriter, r *http.Request) {
		s.options.Log.Warn("a technician restarts the machine", "from", r.RemoteAddr)
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		_, _ = io.WriteString(w, "La borne redémarre. Rechargez cette page dans une minute.\n")
		s.options.Reboot()
	})
	return http.NewCrossOriginProtection().Handler(mux)
}

// proxy asks gokrazy. A log is passed on line by line: ReverseProxy does not hold back what has no length.
func (s *Server) proxy() (http.Handler, *http.Transport) {
	dialer := &net.Dialer{}
	transport := &http.Transport{
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return dialer.DialContext(ctx, "unix", s.options.Socket)
		},
		DisableCompression: true,
		IdleConnTimeout:    time.Minute,
	}
	return &httputil.ReverseProxy{
		Transport: transport,
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(&url.URL{Scheme: "http", Host: "gokrazy"})
			r.Out.Header.Del("Authorization") // none of gokrazy's business
		},
		ModifyResponse: func(r *http.Response) error {
			r.Header.Del("Access-Control-Allow-Origin") // gokrazy lets every page read it
			r.Header.Set("X-Frame-Options", "DENY")
			r.Header.Set("X-Content-Type-Options", "nosniff")
			return nil
		},
		ErrorHandler: func(w http.ResponseWriter, r *http.Request, err error) {
			if r.Context().Err() == nil { // else the technician went away
				s.options.Log.Warn("the status page does not answer", "error", err)
			}
			http.Error(w, "asking for the status page: "+err.Error(), http.StatusBadGateway)
		},
		ErrorLog: slog.NewLogLogger(s.options.Log.Handler(), slog.LevelDebug),
	}, transport
}

// fingerprint is what a browser shows of a certificate that it does not know.
func fingerprint(c tls.Certificate) string {
	if len(c.Certificate) == 0 {
		return ""
	}
	sum := sha256.Sum256(c.Certificate[0])
	return hex.EncodeToString(sum[:])
}

// SelfSigned makes a certificate for a booth that has none yet. The technician's browser warns of it.
func SelfSigned() (tls.Certificate, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return tls.Certificate{}, fmt.Errorf("making a key: %w", err)
	}
	// The booth's clock may not have been set yet, and the browser judges by its own.
	template := &x509.Certificate{
		SerialNumber: big.NewInt(time.Now().UnixNano()), Subject: pkix.Name{CommonName: "visioborne"}, DNSNames: []string{"visioborne"},
		NotBefore: time.Now().Add(-24 * time.Hour), NotAfter: time.Now().AddDate(10, 0, 0),
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return tls.Certificate{}, fmt.Errorf("making a certificate: %w", err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, nil
}
