package broker

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"path/filepath"
	"time"

	"github.com/nats-io/jwt/v2"

	"loiret.fr/visioborne/hub/wire"
)

// Authority signs what an enrolled booth gets: its NATS user, its certificate,
// and the time. Its keys lie in the hub's state directory.
type Authority struct {
	keys        Keys
	certificate *x509.Certificate
	key         *ecdsa.PrivateKey
	time        ed25519.PrivateKey
}

// OpenAuthority reads the authority's keys from the state directory, making what is not there yet.
func OpenAuthority(dir string, keys Keys) (*Authority, error) {
	a := &Authority{keys: keys}
	file := filepath.Join(dir, "keys", "booths-ca.pem")
	text, err := openSecret(file, newAuthority)
	if err != nil {
		return nil, err
	}
	if err := a.read(text); err != nil {
		return nil, fmt.Errorf("reading key %s: %w; restore it from a copy, or delete it and enrol every booth again", file, err)
	}
	seed, err := openSecret(filepath.Join(dir, "keys", "time.seed"), func() ([]byte, error) {
		_, key, err := ed25519.GenerateKey(rand.Reader)
		if err != nil {
			return nil, err
		}
		return []byte(base64.StdEncoding.EncodeToString(key.Seed())), nil
	})
	if err != nil {
		return nil, err
	}
	b, err := base64.StdEncoding.DecodeString(string(seed))
	if err != nil || len(b) != ed25519.SeedSize {
		return nil, fmt.Errorf("reading key %s: it is not an Ed25519 seed; restore it from a copy, or delete it and enrol every booth again", filepath.Join(dir, "keys", "time.seed"))
	}
	a.time = ed25519.NewKeyFromSeed(b)
	return a, nil
}

// authorityLife is longer than any booth's: nobody renews it.
const authorityLife = 30 * 365 * 24 * time.Hour

func newAuthority() ([]byte, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	now := time.Now()
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "Visioborne booths"},
		NotBefore: now.Add(-time.Hour), NotAfter: now.Add(authorityLife),
		IsCA: true, BasicConstraintsValid: true, MaxPathLenZero: true, KeyUsage: x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return nil, err
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, err
	}
	return append(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}),
		pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private})...), nil
}

func (a *Authority) read(text []byte) error {
	first, rest := pem.Decode(text)
	if first == nil {
		return errors.New("no certificate in it")
	}
	second, _ := pem.Decode(rest)
	if second == nil {
		return errors.New("no private key in it")
	}
	var err error
	if a.certificate, err = x509.ParseCertificate(first.Bytes); err != nil {
		return err
	}
	key, err := x509.ParsePKCS8PrivateKey(second.Bytes)
	if err != nil {
		return err
	}
	var ok bool
	if a.key, ok = key.(*ecdsa.PrivateKey); !ok {
		return errors.New("the key is not one of P-256")
	}
	return nil
}

// BoothToken is the NATS user of a booth that has made its own key.
func (a *Authority) BoothToken(site, publicKey string) (string, error) {
	if err := wire.CheckID("site", site); err != nil {
		return "", fmt.Errorf("issuing a booth's token: %w", err)
	}
	claims := jwt.NewUserClaims(publicKey)
	claims.Name = "booth " + site
	limitBooth(claims, site)
	token, err := claims.Encode(a.keys.account)
	if err != nil {
		return "", fmt.Errorf("issuing the token of booth %s: %w", site, err)
	}
	return token, nil
}

// boothLife is how long a booth's certificate is good: longer than the booth.
const boothLife = 15 * 365 * 24 * time.Hour

// BoothCertificate signs a booth's key, for its host name. With it comes the authority's certificate, as PEM.
func (a *Authority) BoothCertificate(hostName string, key *ecdsa.PublicKey) (string, error) {
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 120))
	if err != nil {
		return "", err
	}
	now := time.Now()
	template := &x509.Certificate{
		SerialNumber: serial, Subject: pkix.Name{CommonName: hostName}, DNSNames: []string{hostName},
		// A booth's clock may be behind when it first shows the certificate.
		NotBefore: now.Add(-24 * time.Hour), NotAfter: now.Add(boothLife),
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, a.certificate, key, a.key)
	if err != nil {
		return "", fmt.Errorf("signing the certificate of %s: %w", hostName, err)
	}
	return string(append(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}),
		pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: a.certificate.Raw})...)), nil
}

// Time signs the hub's time.
func (a *Authority) Time() ed25519.PrivateKey { return a.time }

// TimeKey is the public half, in base64.
func (a *Authority) TimeKey() string {
	return base64.StdEncoding.EncodeToString(a.time.Public().(ed25519.PublicKey))
}

// Revoke cuts off the users with these keys, as far as their tokens are older:
// it drops their connections and refuses new ones.
func (b *Broker) Revoke(keys map[string]time.Time) error {
	public, err := b.keys.account.PublicKey()
	if err != nil {
		return err
	}
	claims := accountClaims(public)
	for key, at := range keys {
		claims.RevokeAt(key, at)
	}
	if b.server == nil {
		return b.push(claims)
	}
	account, err := b.server.LookupAccount(public)
	if err != nil {
		return fmt.Errorf("looking the booths' account up: %w", err)
	}
	b.server.UpdateAccountClaims(account, claims)
	return nil
}

// UserCredentials are those of a command that works on the running hub's behalf.
func (k Keys) UserCredentials(name string) ([]byte, error) {
	return k.credentials(name, func(*jwt.UserClaims) {})
}
