// Package enrol makes a booth that of a site: it makes the booth's own keys,
// shows the hub a one-time code with their public halves, and keeps the answer.
//
// All it keeps is in one folder. The private keys are made there and never leave
// it. Files are written aside, synced and renamed; the credentials come last, and
// without them the booth is not enrolled, so that a power cut at any moment
// leaves a booth that is enrolled or one that can be, with the same keys, for
// which the hub still takes the same code. It starts no goroutine.
//
// Sources: RFC 2986 (PKCS#10), RFC 5958 (PKCS#8), NATS' credentials file.
package enrol

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"

	"github.com/nats-io/jwt/v2"
	"github.com/nats-io/nkeys"

	"loiret.fr/visioborne/config"
	"loiret.fr/visioborne/hub/wire"
	"loiret.fr/visioborne/kiosk/durable"
)

// The files of an enrolled booth.
const (
	SiteFile        = "site.yaml"
	PartnersFile    = "partners.yaml"
	CredentialsFile = "booth.creds"
	KeyFile         = "tls.key"
	CertificateFile = "tls.pem"
	HostNameFile    = "host_name"
	hubFile         = "hub.json"
	seedFile        = "seed"
)

// Identity is what the booth keeps of its enrolment besides the files above.
type Identity struct {
	// Hub is the address at which the booth was enrolled. The site's file may name another later.
	Hub        string `json:"hub"`
	Site       string `json:"site"`
	Password   string `json:"password"`
	PIN        string `json:"pin"`
	TimeKey    string `json:"time_key"`
	ReleaseKey string `json:"release_key,omitempty"`
}

// Refused is the hub's refusal.
type Refused struct{ Reason wire.EnrolError }

func (r Refused) Error() string { return "the hub refuses: " + string(r.Reason) }

// Load gives the identity of an enrolled booth; ok is false when it is not enrolled.
func Load(dir string) (i Identity, ok bool, err error) {
	if _, err := os.Stat(filepath.Join(dir, CredentialsFile)); errors.Is(err, fs.ErrNotExist) {
		return Identity{}, false, nil
	}
	text, err := os.ReadFile(filepath.Join(dir, hubFile))
	if err != nil {
		return Identity{}, false, fmt.Errorf("reading the enrolment: %w", err)
	}
	if err := json.Unmarshal(text, &i); err != nil {
		return Identity{}, false, fmt.Errorf("reading the enrolment %s: %w", hubFile, err)
	}
	return i, true, nil
}

// Enrol enrols the booth with a code at the hub (ws:// or wss://) and keeps the
// answer in dir. The error is a Refused when the hub has answered.
func Enrol(ctx context.Context, dir, hub, code string, client *http.Client) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("making the folder for the enrolment: %w", err)
	}
	if c, err := config.ParseCode(code); err == nil {
		code = c
	} else {
		return Refused{wire.EnrolUnknownCode}
	}
	seed, err := openSeed(filepath.Join(dir, seedFile))
	if err != nil {
		return fmt.Errorf("opening the booth's key: %w", err)
	}
	public, err := seed.PublicKey()
	if err != nil {
		return fmt.Errorf("opening the booth's key: %w", err)
	}
	key, err := openTLSKey(filepath.Join(dir, KeyFile))
	if err != nil {
		return fmt.Errorf("opening the booth's TLS key: %w", err)
	}
	csr, err := x509.CreateCertificateRequest(rand.Reader, &x509.CertificateRequest{Subject: pkix.Name{CommonName: "visioborne"}}, key)
	if err != nil {
		return fmt.Errorf("asking for a certificate: %w", err)
	}
	a, err := ask(ctx, hub, wire.Enrol{
		Code: code, PublicKey: public,
		CSR: string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE REQUEST", Bytes: csr})),
	}, client)
	if err != nil {
		return fmt.Errorf("enrolling at %s: %w", hub, err)
	}
	return keep(dir, hub, a, seed)
}

// ask puts the question to the hub.
func ask(ctx context.Context, hub string, q wire.Enrol, client *http.Client) (wire.Enrolled, error) {
	address, err := wire.URL(hub, wire.EnrolPath)
	if err != nil {
		return wire.Enrolled{}, err
	}
	text, err := json.Marshal(q)
	if err != nil {
		return wire.Enrolled{}, err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(text))
	if err != nil {
		return wire.Enrolled{}, err
	}
	request.Header.Set("Content-Type", "application/json")
	response, err := client.Do(request)
	if err != nil {
		return wire.Enrolled{}, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(io.LimitReader(response.Body, 4<<20))
	if err != nil {
		return wire.Enrolled{}, fmt.Errorf("reading the answer: %w", err)
	}
	return read(response.StatusCode, body)
}

// read reads the hub's answer.
func read(status int, body []byte) (wire.Enrolled, error) {
	if status != http.StatusOK {
		var no wire.NotEnrolled
		if err := json.Unmarshal(body, &no); err != nil || no.Error == "" {
			return wire.Enrolled{}, fmt.Errorf("the answer is %d %s, which is not a hub's", status, http.StatusText(status))
		}
		return wire.Enrolled{}, Refused{no.Error}
	}
	var a wire.Enrolled
	if err := json.Unmarshal(body, &a); err != nil {
		return wire.Enrolled{}, fmt.Errorf("reading the answer: %w", err)
	}
	return a, nil
}

// keep writes the answer; the credentials last.
func keep(dir, hub string, a wire.Enrolled, seed nkeys.KeyPair) error {
	private, err := seed.Seed()
	if err != nil {
		return err
	}
	credentials, err := jwt.FormatUserConfig(a.JWT, private)
	if err != nil {
		return fmt.Errorf("reading the hub's credentials: %w", err)
	}
	identity, err := json.Marshal(Identity{
		Hub: hub, Site: a.Site, Password: a.Password, PIN: a.PIN, TimeKey: a.TimeKey, ReleaseKey: a.ReleaseKey,
	})
	if err != nil {
		return err
	}
	// What cannot be used must not be kept: the booth would never start again.
	if err := check(dir, a); err != nil {
		return fmt.Errorf("checking the hub's answer: %w", err)
	}
	for _, f := range []struct {
		name string
		text []byte
	}{
		{SiteFile, []byte(a.SiteYAML)},
		{PartnersFile, []byte(a.PartnersYAML)},
		{CertificateFile, []byte(a.Certificate)},
		{HostNameFile, []byte(a.HostName + "\n")},
		{hubFile, identity},
		{CredentialsFile, credentials},
	} {
		if err := durable.WriteFile(filepath.Join(dir, f.name), f.text); err != nil {
			return fmt.Errorf("keeping the enrolment: %w", err)
		}
	}
	return nil
}

// check loads the answer's files as the booth will at its next start.
func check(dir string, a wire.Enrolled) error {
	aside, err := os.MkdirTemp(dir, ".check-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(aside)
	site, partners := filepath.Join(aside, SiteFile), filepath.Join(aside, PartnersFile)
	if err := errors.Join(os.WriteFile(site, []byte(a.SiteYAML), 0o600), os.WriteFile(partners, []byte(a.PartnersYAML), 0o600)); err != nil {
		return err
	}
	_, err = config.Load(site, partners)
	return err
}

func openSeed(file string) (nkeys.KeyPair, error) {
	if text, err := os.ReadFile(file); err == nil {
		if pair, err := nkeys.FromSeed(bytes.TrimSpace(text)); err == nil {
			return pair, nil
		}
		// A broken key is of no use to anybody; the booth is not enrolled yet.
	} else if !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	pair, err := nkeys.CreateUser()
	if err != nil {
		return nil, err
	}
	seed, err := pair.Seed()
	if err != nil {
		return nil, err
	}
	return pair, durable.WriteFile(file, append(seed, '\n'))
}

func openTLSKey(file string) (*ecdsa.PrivateKey, error) {
	if text, err := os.ReadFile(file); err == nil {
		if block, _ := pem.Decode(text); block != nil {
			if key, err := x509.ParsePKCS8PrivateKey(block.Bytes); err == nil {
				if key, ok := key.(*ecdsa.PrivateKey); ok {
					return key, nil
				}
			}
		}
	} else if !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, err
	}
	return key, durable.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))
}

// Wipe forgets the site, so that the booth can be enrolled anew. Its keys stay.
func Wipe(dir string) error {
	// The credentials first: without them the rest means nothing.
	var errs []error
	for _, name := range []string{CredentialsFile, hubFile, HostNameFile, CertificateFile, SiteFile, PartnersFile} {
		if err := os.Remove(filepath.Join(dir, name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}
