package turn

import (
	"crypto/tls"
	"fmt"
	"log/slog"
	"os"
	"sync"
)

// Certificate is a certificate with its key, in two files that are read again
// when they change: it is renewed every few weeks, and calls must not be cut for it.
type Certificate struct {
	certFile, keyFile string
	log               *slog.Logger

	mu      sync.Mutex
	present *tls.Certificate
	// tried are the files at the last reading, whether that went well or not.
	tried [2]os.FileInfo
}

// OpenCertificate reads a certificate's chain and its key, both PEM.
func OpenCertificate(certFile, keyFile string, log *slog.Logger) (*Certificate, error) {
	c := &Certificate{certFile: certFile, keyFile: keyFile, log: log}
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
func (c *Certificate) Check(name string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.present.Leaf.VerifyHostname(name)
}

func (c *Certificate) look() (files [2]os.FileInfo, err error) {
	for i, name := range []string{c.certFile, c.keyFile} {
		if files[i], err = os.Stat(name); err != nil {
			return files, err
		}
	}
	return files, nil
}

// get is a TLS configuration's GetCertificate. While the files are being
// written, or when they are wrong, the certificate before them goes on.
func (c *Certificate) get(*tls.ClientHelloInfo) (*tls.Certificate, error) {
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
