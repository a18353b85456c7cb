// Package network is the booth's way to the hub: an HTTP proxy and certificate
// authorities of an administration, where the settings have them.
//
// It reads the authorities' file once, when the way is made, and starts no goroutine.
//
// Sources: RFC 9110 section 9.3.6 (CONNECT), RFC 7617 (Basic).
package network

import (
	"bufio"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"loiret.fr/visioborne/config"
)

// Way is how the hub is reached. The zero value is the direct way.
type Way struct {
	proxy *url.URL
	roots *x509.CertPool // nil: the system's
}

// dialTime is the longest that a connection may take.
const dialTime = 10 * time.Second

// Direct is the way without a proxy and with the public authorities.
func Direct() Way { return Way{} }

// NewWay is the way of the settings; dir is the folder of their file, where the authorities' file is.
func NewWay(n config.Network, dir string) (Way, error) {
	var w Way
	if n.Proxy != "" {
		u, err := url.Parse(n.Proxy)
		if err != nil {
			return Way{}, fmt.Errorf("reading the proxy's address: %w", err)
		}
		w.proxy = u
	}
	if n.CA != "" {
		file := filepath.Join(dir, n.CA)
		text, err := os.ReadFile(file)
		if err != nil {
			return Way{}, fmt.Errorf("reading network.ca: %w", err)
		}
		if w.roots, err = x509.SystemCertPool(); err != nil {
			w.roots = x509.NewCertPool()
		}
		if !w.roots.AppendCertsFromPEM(text) {
			return Way{}, fmt.Errorf("reading network.ca: %s has no certificate; expected PEM text (-----BEGIN CERTIFICATE-----)", n.CA)
		}
	}
	return w, nil
}

// TLS is the configuration for a connection to the hub.
func (w Way) TLS() *tls.Config { return &tls.Config{RootCAs: w.roots, MinVersion: tls.VersionTLS12} }

// Proxied: the way leads through a proxy.
func (w Way) Proxied() bool { return w.proxy != nil }

// Transport is the way for HTTP.
func (w Way) Transport() *http.Transport {
	t := &http.Transport{
		TLSClientConfig: w.TLS(), DialContext: (&net.Dialer{Timeout: dialTime}).DialContext,
		TLSHandshakeTimeout: dialTime, ForceAttemptHTTP2: true,
	}
	if w.proxy != nil {
		t.Proxy = http.ProxyURL(w.proxy)
	}
	return t
}

// Dial connects to a host and port, through the proxy if there is one. With it a Way is a dialer of NATS.
func (w Way) Dial(netw, address string) (net.Conn, error) {
	return w.DialContext(context.Background(), netw, address)
}

// DialContext is Dial, until ctx ends.
func (w Way) DialContext(ctx context.Context, netw, address string) (net.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, dialTime)
	defer cancel()
	d := &net.Dialer{}
	if w.proxy == nil {
		return d.DialContext(ctx, netw, address)
	}
	at := w.proxy.Host
	if w.proxy.Port() == "" {
		at = net.JoinHostPort(w.proxy.Hostname(), map[string]string{"http": "80", "https": "443"}[w.proxy.Scheme])
	}
	conn, err := d.DialContext(ctx, netw, at)
	if err != nil {
		return nil, fmt.Errorf("connecting to the proxy: %w", err)
	}
	if w.proxy.Scheme == "https" {
		c := w.TLS()
		c.ServerName = w.proxy.Hostname()
		conn = tls.Client(conn, c)
	}
	if err := w.connect(ctx, conn, address); err != nil {
		conn.Close()
		return nil, fmt.Errorf("asking the proxy %s for %s: %w", at, address, err)
	}
	return conn, nil
}

func (w Way) connect(ctx context.Context, conn net.Conn, address string) error {
	deadline, _ := ctx.Deadline()
	if err := conn.SetDeadline(deadline); err != nil {
		return err
	}
	// When ctx ends before, what waits for the proxy ends at once.
	stop := context.AfterFunc(ctx, func() { _ = conn.SetDeadline(time.Unix(1, 0)) })
	defer stop()
	request := &http.Request{Method: http.MethodConnect, URL: &url.URL{Opaque: address}, Host: address, Header: http.Header{}}
	if u := w.proxy.User; u != nil {
		password, _ := u.Password()
		request.Header.Set("Proxy-Authorization", "Basic "+base64.StdEncoding.EncodeToString([]byte(u.Username()+":"+password)))
	}
	if err := request.Write(conn); err != nil {
		return err
	}
	// One byte at a time, so that nothing of what follows the answer stays behind in a buffer.
	response, err := http.ReadResponse(bufio.NewReaderSize(byByte{conn}, 16), request)
	if err != nil {
		return err
	}
	response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return errors.New(response.Status)
	}
	if !stop() {
		return ctx.Err()
	}
	return conn.SetDeadline(time.Time{})
}

type byByte struct{ conn net.Conn }

func (b byByte) Read(p []byte) (int, error) { return b.conn.Read(p[:1]) }
