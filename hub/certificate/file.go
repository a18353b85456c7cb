// Package certificate is where the hub's TLS certificates come from: two files,
// which somebody renews, or an authority that is asked by ACME (RFC 8555).
//
// It reads the files, or speaks with the authority and keeps what it gives in a
// folder. It listens nowhere: challenges are answered by whoever serves with
// GetCertificate (TLS-ALPN-01, RFC 8737) and Challenges (HTTP-01). No goroutine
// is its own, except that autocert renews by a timer.
package certificate

import (
	"crypto/tls"
	"fmt"
	"log/slog"
	"os"
	"sync"
)

// File is a certificate with its key, in two files that are read again
// when they change: it is renewed every few weeks, and calls must not be cut for it.
type File struct {
	certFile, keyFile string
	log               *slog.Logger

	mu      sync.Mutex
	present *tls.Certificate
	// tried are the files at the last reading, whether that went well or not.
	tried [2]os.FileInfo
}

// OpenFile reads a certificate's chain and its key, both PEM.
func OpenFile(certFile, keyFile string, log *slog.Logger) (*File, error) {
	c := &File{certFile: certFile, keyFile: keyFile, log: log}
	var err error
	if c.tried, err = c.look(); err != nil {
		return nil, fmt.Errorf("reading the certificate: %w", err)
	}
	pair, err := tls.LoadX509KeyPair(certFile, keyFile)
	if err != nil {
		return nil, fmt.Errorf("reading the certificate: %w", err)
	}
	c.present = &pair
	return c, nil
}

// Check tells whether the certificate is for a name or an IP.
func (c *File) Check(name string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.present.Leaf.VerifyHostname(name)
}

func (c *File) look() (files [2]os.FileInfo, err error) {
	for i, name := range []string{c.certFile, c.keyFile} {
		if files[i], err = os.Stat(name); err != nil {
			return files, err
		}
	}
	return files, nil
}

// GetCertificate is a TLS configuration's. While the files are being
// written, or when they are wrong, the certificate before them goes on.
func (c *File) GetCertificate(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	files, err := c.look()
	if err != nil || same(files[0], c.tried[0]) && same(files[1], c.tried[1]) {
		return c.present, nil
	}
	c.tried = files
	pair, err := tls.LoadX509KeyPair(c.certFile, c.keyFile)
	if err != nil {
		c.log.Warn("the renewed certificate is not taken; the old one goes on", "cert", c.certFile, "key", c.keyFile, "error", err)
		return c.present, nil
	}
	c.present = &pair
	c.log.Info("certificate renewed", "cert", c.certFile, "until", pair.Leaf.NotAfter)
	return c.present, nil
}

func same(a, b os.FileInfo) bool {
	return os.SameFile(a, b) && a.ModTime().Equal(b.ModTime()) && a.Size() == b.Size()
}
