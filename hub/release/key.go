package release

import (
	"crypto/ed25519"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/google/renameio/v2"

	"loiret.fr/visioborne/hub/wire"
)

// MakeKey makes a key pair: the private half as PKCS#8 in file, which must not
// exist, the public half as a line in file.pub.
func MakeKey(file string) (ed25519.PublicKey, error) {
	public, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("making a release key: %w", err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		return nil, fmt.Errorf("making a release key: %w", err)
	}
	f, err := os.OpenFile(file, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return nil, fmt.Errorf("making a release key: %w", err)
	}
	err = errors.Join(pem.Encode(f, &pem.Block{Type: "PRIVATE KEY", Bytes: der}), f.Sync(), f.Close())
	if err == nil {
		err = os.WriteFile(file+".pub", []byte(wire.EncodeReleaseKey(public)+"\n"), 0o644)
	}
	if err != nil {
		return nil, fmt.Errorf("making a release key: %w", err)
	}
	return public, nil
}

// ReadKey reads a private key that MakeKey has written.
func ReadKey(file string) (ed25519.PrivateKey, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("reading the release key: %w", err)
	}
	block, _ := pem.Decode(text)
	if block == nil {
		return nil, fmt.Errorf("reading the release key %s: no PEM text in it; make one with hub release keygen", file)
	}
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, fmt.Errorf("reading the release key %s: %w", file, err)
	}
	private, ok := key.(ed25519.PrivateKey)
	if !ok {
		return nil, fmt.Errorf("reading the release key %s: it is a %T; expected Ed25519", file, key)
	}
	return private, nil
}

// trusted is where a hub keeps the public half of the key that its booths trust.
func trusted(state string) string { return filepath.Join(state, "keys", "release.pub") }

// Trust makes a key the one that booths get at their enrolment. Booths that have
// another one keep it: they trust what they were enrolled with.
func Trust(state string, key ed25519.PublicKey) error {
	if err := renameio.WriteFile(trusted(state), []byte(wire.EncodeReleaseKey(key)+"\n"), 0o644); err != nil {
		return fmt.Errorf("keeping the release key: %w", err)
	}
	return nil
}

// Trusted gives the key that Trust has kept; nil when there is none.
func Trusted(state string) (ed25519.PublicKey, error) { return ReadPublicKey(trusted(state)) }

// ReadPublicKey reads the public half of a key; nil when there is no file.
func ReadPublicKey(file string) (ed25519.PublicKey, error) {
	text, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("reading the release key: %w", err)
	}
	key, err := wire.ParseReleaseKey(strings.TrimSpace(string(text)))
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", file, err)
	}
	return key, nil
}
