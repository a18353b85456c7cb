package main

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log"
	"log/slog"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"time"

	"loiret.fr/visioborne/config"
	"loiret.fr/visioborne/hub/certificate"
	"loiret.fr/visioborne/hub/turn"
)

// check says which flags do not go together, and what to do about it.
func (f serveFlags) check() error {
	err := errors.Join(f.tls.check(f.turn), f.turn.check(f.tls))
	if err != nil && f.config != "" {
		return fmt.Errorf("%w (what flags say may also stand in %s, with _ for -)", err, f.config)
	}
	return err
}

// tlsOptions are those of TLS for pages and booths. From says where the certificate comes from; TURN's options name the files.
type tlsOptions struct{ from, names, directory, ca, email, http string }

// check says which of the flags do not go together, and what to do about it.
func (t tlsOptions) check(files turnOptions) error {
	switch {
	case t.from != "" && t.from != config.TLSFile && t.from != config.TLSACME:
		return fmt.Errorf("reading -tls: %q is not a way to a certificate; expected %s or %s", t.from, config.TLSFile, config.TLSACME)
	case t.from == config.TLSFile && (files.cert == "" || files.key == ""):
		return errors.New("-tls file needs a certificate and its key; give their files with -tls-cert and -tls-key")
	case t.from == config.TLSACME && files.cert+files.key != "":
		return errors.New("-tls acme gets a certificate by itself; leave -tls-cert and -tls-key out, or use -tls file")
	case t.from == config.TLSACME && t.names == "":
		return errors.New("-tls acme needs to know what for; give this machine's names with -acme-names")
	case t.from != config.TLSACME && t.names+t.ca+t.email != "":
		return errors.New("-acme-names, -acme-ca and -acme-email are for certificates by ACME; use -tls acme, or leave them out")
	case t.from == "" && t.http != "":
		return errors.New("-http only sends browsers to TLS; use it with -tls, or leave it out")
	}
	for _, name := range t.hosts() {
		if name == "" || strings.ContainsAny(name, ":/?@ ") {
			return fmt.Errorf("reading -acme-names: %q is not a host's name; expected one such as hub.example.fr", name)
		}
	}
	return nil
}

func (t tlsOptions) hosts() []string {
	if t.names == "" {
		return nil
	}
	return strings.Split(t.names, ",")
}

// certificates are those of the hub: of files or of an authority, or none.
type certificates struct {
	file *certificate.File
	acme *certificate.ACME
	// pages tells whether they are for pages and booths too, and not for TURN only.
	pages bool
}

func openCertificates(o options) (certificates, error) {
	c := certificates{pages: o.tls.from != ""}
	var err error
	if o.tls.from == config.TLSACME {
		c.acme, err = certificate.OpenACME(certificate.ACMEOptions{
			Names: o.tls.hosts(), Directory: o.tls.directory, Email: o.tls.email, CA: o.tls.ca,
			Cache: filepath.Join(o.state, "acme"), Now: time.Now, Log: o.log,
		})
		return c, err
	}
	if c.pages || o.turn.tls != "" {
		if c.file, err = certificate.OpenFile(o.turn.cert, o.turn.key, o.log); err != nil {
			return c, fmt.Errorf("%w; -tls-cert and -tls-key take PEM files of one certificate", err)
		}
	}
	return c, nil
}

func (c certificates) source() turn.Certificate {
	if c.acme != nil {
		return c.acme
	}
	return c.file
}

// serve serves pages and booths, over TLS where there is to be TLS, until the server is closed.
func (c certificates) serve(server *http.Server, l net.Listener) error {
	if !c.pages {
		return server.Serve(l)
	}
	server.TLSConfig = &tls.Config{MinVersion: tls.VersionTLS12, GetCertificate: c.source().GetCertificate}
	if c.acme != nil {
		server.TLSConfig.NextProtos = []string{certificate.Protocol}
	}
	// Each websocket, and each measurement of the line, is a connection of its own.
	server.Protocols = new(http.Protocols)
	server.Protocols.SetHTTP1(true)
	return server.ServeTLS(l, "", "")
}

// plainHTTP is the port that sends browsers to TLS; without a listener there is none.
type plainHTTP struct{ net.Listener }

func listenPlain(t tlsOptions) (plainHTTP, error) {
	if t.http == "" {
		return plainHTTP{}, nil
	}
	l, err := net.Listen("tcp", t.http)
	if err != nil {
		return plainHTTP{}, fmt.Errorf("listening for plain HTTP: %w; give -http a host:port that is free on this machine", err)
	}
	return plainHTTP{l}, nil
}

// Close closes the port if there is one.
func (p plainHTTP) Close() {
	if p.Listener != nil {
		_ = p.Listener.Close()
	}
}

// redirect sends browsers to the pages' port, and answers an authority's questions, until ctx ends.
func (p plainHTTP) redirect(ctx context.Context, c certificates, pages net.Addr, log *slog.Logger) error {
	if p.Listener == nil {
		return nil
	}
	var handler http.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			http.Error(w, "use https", http.StatusBadRequest)
			return
		}
		to := *r.URL
		to.Scheme, to.Host = "https", httpsHost(r.Host, pages)
		http.Redirect(w, r, to.String(), http.StatusMovedPermanently)
	})
	if c.acme != nil {
		handler = c.acme.Challenges(handler)
	}
	server := &http.Server{Handler: handler, ReadTimeout: 10 * time.Second, WriteTimeout: 10 * time.Second, ErrorLog: serverLog(log)}
	defer context.AfterFunc(ctx, func() { server.Close() })()
	if err := server.Serve(p.Listener); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serving plain HTTP: %w", err)
	}
	return nil
}

// httpsHost is a request's host with the port of the pages, which is left out where browsers know it.
func httpsHost(host string, pages net.Addr) string {
	name := host
	if h, _, err := net.SplitHostPort(host); err == nil {
		name = h
	}
	name = strings.Trim(name, "[]")
	if _, port, err := net.SplitHostPort(pages.String()); err == nil && port != "443" {
		return net.JoinHostPort(name, port)
	}
	if strings.Contains(name, ":") {
		return "[" + name + "]"
	}
	return name
}

// serverLog is a server's log. Whoever reaches the port can fail a handshake: that must not fill the log.
func serverLog(to *slog.Logger) *log.Logger { return log.New(serverLogWriter{to}, "", 0) }

type serverLogWriter struct{ to *slog.Logger }

func (w serverLogWriter) Write(b []byte) (int, error) {
	level := slog.LevelWarn
	if bytes.HasPrefix(b, []byte("http: TLS handshake error")) {
		level = slog.LevelDebug
	}
	w.to.Log(context.Background(), level, string(bytes.TrimSpace(b)))
	return len(b), nil
}
