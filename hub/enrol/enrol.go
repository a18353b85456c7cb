// Package enrol makes booths known to the hub: it gives out one-time codes,
// takes a booth's public keys for a code, once, and cuts booths off.
//
// A booth makes its own keys, and only their public halves come here. What the
// hub keeps of codes and booths is in a JetStream bucket, so that any number of
// hubs agree: a code is claimed by compare-and-set. A code itself is kept as its
// hash only. Run tells the broker of revoked keys and returns when ctx ends.
//
// Sources: RFC 2986 (PKCS#10), NATS' decentralised JWT authentication
// (revocation by the account's claims), Crockford's base 32.
package enrol

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"log/slog"
	"math/big"
	"slices"
	"strings"
	"time"

	"github.com/nats-io/nats.go/jetstream"
	"github.com/nats-io/nkeys"

	"loiret.fr/visioborne/config"
	"loiret.fr/visioborne/hub/account"
	"loiret.fr/visioborne/hub/bucket"
	"loiret.fr/visioborne/hub/wire"
)

const (
	bucketName = "enrolment"
	codes      = "code."  // and the hash of a code
	booths     = "booth." // and a site
)

// Valid is how long a code may be used.
const Valid = 7 * 24 * time.Hour

// repeatWindow is how long the very booth that used a code may use it again: it
// may have lost power before it had kept the answer.
const repeatWindow = 10 * time.Minute

// retry is how often the broker is told again what it did not take.
const retry = 5 * time.Second

// storeWait is the longest that one access to the bucket may take.
const storeWait = 5 * time.Second

// code is what the hub keeps of a one-time code.
type code struct {
	Site    string    `json:"site"`
	Expires time.Time `json:"expires"`
	UsedBy  string    `json:"used_by,omitempty"` // a booth's public key
	UsedAt  time.Time `json:"used_at,omitzero"`
}

// Booth is what the hub keeps of a booth.
type Booth struct {
	Site string `json:"site"`
	// PublicKey is the booth's present key; "" once it is revoked.
	PublicKey string `json:"public_key,omitempty"`
	// Enrolled is when, and Revoked the keys that are cut off and since when.
	Enrolled time.Time            `json:"enrolled"`
	Revoked  map[string]time.Time `json:"revoked,omitempty"`
	Password string               `json:"password"`
	PIN      string               `json:"pin"`
}

// Issuer signs what a booth gets. The broker's keys are one.
type Issuer interface {
	BoothToken(site, publicKey string) (string, error)
	BoothCertificate(hostName string, key *ecdsa.PublicKey) (chain string, err error)
	TimeKey() string
}

// Options are what enrolment needs of the hub.
type Options struct {
	JetStream jetstream.JetStream
	Issuer    Issuer
	// Files gives a site's file and the partner directory, as text.
	Files func(site string) (siteYAML, partnersYAML string, ok bool)
	// Revoke tells the broker which keys are cut off, and since when.
	Revoke func(map[string]time.Time) error
	// ReleaseKey is the key by which booths know releases; "" when there is none.
	ReleaseKey func() (string, error)
	// Share has other hubs count the tries of a brake of a name too; nil where there are none.
	Share func(name string, b *account.Brake) error
	Now   func() time.Time
	Log   *slog.Logger
}

// Enrolment is the hub's list of codes and booths.
type Enrolment struct {
	options Options
	bucket  jetstream.KeyValue
	brakes  brakes
	revoked map[string]time.Time // every key that is cut off, and since when; Open's, then Run's alone
}

// Open opens the list, making it if there is none, and applies what is revoked.
func Open(ctx context.Context, o Options) (*Enrolment, error) {
	kv, err := openBucket(ctx, o.JetStream)
	if err != nil {
		return nil, err
	}
	e := &Enrolment{options: o, bucket: kv, brakes: newBrakes(o.Now), revoked: map[string]time.Time{}}
	if o.Share != nil {
		if err := errors.Join(o.Share("enrol-from", e.brakes.address), o.Share("enrol", e.brakes.all)); err != nil {
			return nil, err
		}
	}
	return e, e.applyRevoked(ctx)
}

func openBucket(ctx context.Context, js jetstream.JetStream) (jetstream.KeyValue, error) {
	ctx, cancel := context.WithTimeout(ctx, storeWait)
	defer cancel()
	kv, err := js.CreateOrUpdateKeyValue(ctx, jetstream.KeyValueConfig{
		Bucket: bucketName, Description: "one-time codes by their hash, and the booths enrolled with them", History: 1,
	})
	if err != nil {
		return nil, fmt.Errorf("opening bucket %s: %w", bucketName, err)
	}
	return kv, nil
}

// alphabet is that of codes; see config.ParseCode.
const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

// Add makes a code for one of the hub's sites, over any connection to the hub's JetStream.
func Add(ctx context.Context, js jetstream.JetStream, site string, sites []string, now time.Time) (string, time.Time, error) {
	if err := wire.CheckID("site", site); err != nil {
		return "", time.Time{}, err
	}
	if !slices.Contains(sites, site) { // before somebody drives there
		return "", time.Time{}, fmt.Errorf("site %q is unknown; the hub has %s", site, strings.Join(sites, ", "))
	}
	kv, err := openBucket(ctx, js)
	if err != nil {
		return "", time.Time{}, err
	}
	ctx, cancel := context.WithTimeout(ctx, storeWait)
	defer cancel()
	b := make([]byte, 8)
	if _, err := rand.Read(b); err != nil {
		return "", time.Time{}, err
	}
	for i := range b {
		b[i] = alphabet[b[i]%32]
	}
	value, err := json.Marshal(code{Site: site, Expires: now.Add(Valid)})
	if err != nil {
		return "", time.Time{}, err
	}
	if _, err := kv.Create(ctx, codes+hash(string(b)), value); err != nil {
		return "", time.Time{}, fmt.Errorf("keeping the code: %w", err)
	}
	return config.FormatCode(string(b)), now.Add(Valid), nil
}

func hash(code string) string {
	sum := sha256.Sum256([]byte("visioborne code " + code))
	return hex.EncodeToString(sum[:])
}

// ErrNotEnrolled: the site has no booth.
var ErrNotEnrolled = errors.New("the site has no enrolled booth")

// Revoke cuts a site's booth off. The running hubs do it within a moment.
func Revoke(ctx context.Context, js jetstream.JetStream, site string, now time.Time) error {
	kv, err := openBucket(ctx, js)
	if err != nil {
		return err
	}
	return change(ctx, kv, site, func(b *Booth) error {
		if b.PublicKey == "" {
			return ErrNotEnrolled
		}
		b.revoke(now)
		return nil
	})
}

func (b *Booth) revoke(now time.Time) {
	if b.PublicKey == "" {
		return
	}
	if b.Revoked == nil {
		b.Revoked = map[string]time.Time{}
	}
	b.Revoked[b.PublicKey] = now
	b.PublicKey = ""
}

// change changes what is kept of a site's booth, by compare-and-set.
func change(ctx context.Context, kv jetstream.KeyValue, site string, f func(*Booth) error) error {
	ctx, cancel := context.WithTimeout(ctx, storeWait)
	defer cancel()
	for {
		var revision uint64
		b := Booth{Site: site}
		entry, err := kv.Get(ctx, booths+site)
		switch {
		case errors.Is(err, jetstream.ErrKeyNotFound):
		case err != nil:
			return fmt.Errorf("reading what is known of booth %s: %w", site, err)
		default:
			revision = entry.Revision()
			if err := json.Unmarshal(entry.Value(), &b); err != nil {
				return fmt.Errorf("reading what is known of booth %s: %w", site, err)
			}
		}
		if err := f(&b); err != nil {
			return err
		}
		value, err := json.Marshal(b)
		if err != nil {
			return err
		}
		if revision == 0 {
			_, err = kv.Create(ctx, booths+site, value)
		} else {
			_, err = kv.Update(ctx, booths+site, value, revision)
		}
		if err == nil {
			return nil
		}
		if !errors.Is(err, jetstream.ErrKeyExists) && !wrongRevision(err) {
			return fmt.Errorf("keeping what is known of booth %s: %w", site, err)
		}
	}
}

// wrongRevision: somebody else was faster.
func wrongRevision(err error) bool {
	var api *jetstream.APIError
	return errors.As(err, &api) && api.ErrorCode == jetstream.JSErrCodeStreamWrongLastSequence
}

// List gives every booth that was ever enrolled.
func List(ctx context.Context, js jetstream.JetStream) ([]Booth, error) {
	kv, err := openBucket(ctx, js)
	if err != nil {
		return nil, err
	}
	return list(ctx, kv)
}

func list(ctx context.Context, kv jetstream.KeyValue) ([]Booth, error) {
	ctx, cancel := context.WithTimeout(ctx, storeWait)
	defer cancel()
	var all []Booth
	err := bucket.Each(ctx, kv, func(key string, value []byte) error {
		if !strings.HasPrefix(key, booths) {
			return nil
		}
		var b Booth
		if err := json.Unmarshal(value, &b); err != nil {
			return fmt.Errorf("%s: %w", key, err)
		}
		all = append(all, b)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("reading the booths: %w", err)
	}
	slices.SortFunc(all, func(a, b Booth) int { return strings.Compare(a.Site, b.Site) })
	return all, nil
}

// applyRevoked tells the broker of every key that is cut off.
func (e *Enrolment) applyRevoked(ctx context.Context) error {
	all, err := list(ctx, e.bucket)
	if err != nil {
		return err
	}
	for _, b := range all {
		e.note(b)
	}
	return e.revoke()
}

// note notes which keys of a booth are cut off, and tells whether there are new ones. None is ever let in again.
func (e *Enrolment) note(b Booth) (news bool) {
	for key, at := range b.Revoked {
		if _, known := e.revoked[key]; !known {
			e.revoked[key], news = at, true
		}
	}
	return news
}

func (e *Enrolment) revoke() error {
	if err := e.options.Revoke(e.revoked); err != nil {
		return fmt.Errorf("revoking booths: %w", err)
	}
	return nil
}

// Run applies revocations as they come, until ctx ends. What the broker does not take is told it again.
func (e *Enrolment) Run(ctx context.Context) error {
	watch, err := bucket.Watch(ctx, e.bucket, booths+"*")
	if ctx.Err() != nil {
		return nil // the hub ends before it has quite begun
	}
	if err != nil {
		return fmt.Errorf("watching for revoked booths: %w", err)
	}
	again := time.NewTicker(retry)
	defer again.Stop()
	told := true
	for {
		select {
		case <-ctx.Done():
			return nil
		case entry, open := <-watch:
			if !open {
				return nil // with ctx
			}
			if entry == nil || entry.Operation() != jetstream.KeyValuePut {
				continue
			}
			// The entry itself says it: who lists the bucket now may be told by a server that is a moment behind.
			var b Booth
			if err := json.Unmarshal(entry.Value(), &b); err != nil {
				e.options.Log.Error("what is known of a booth cannot be read", "key", entry.Key(), "error", err)
				continue
			}
			if !e.note(b) {
				continue
			}
			told = false
		case <-again.C:
		}
		if told {
			continue
		}
		if err := e.revoke(); err != nil {
			if ctx.Err() == nil {
				e.options.Log.Error("revocation", "error", err)
			}
			continue
		}
		told = true
	}
}

// enrol answers a booth's question.
func (e *Enrolment) enrol(ctx context.Context, q wire.Enrol) (wire.Enrolled, wire.EnrolError, error) {
	text, err := config.ParseCode(q.Code)
	if err != nil {
		return wire.Enrolled{}, wire.EnrolUnknownCode, nil
	}
	key, err := publicKey(q.CSR)
	if err != nil || !nkeys.IsValidPublicUserKey(q.PublicKey) {
		return wire.Enrolled{}, wire.EnrolBadRequest, nil
	}
	ctx, cancel := context.WithTimeout(ctx, storeWait)
	defer cancel()
	c, refusal, err := e.claim(ctx, text, q.PublicKey)
	if err != nil || refusal != "" {
		return wire.Enrolled{}, refusal, err
	}
	site, partners, ok := e.options.Files(c.Site)
	if !ok {
		return wire.Enrolled{}, wire.EnrolUnavailable, fmt.Errorf("site %s of the code is not among the hub's sites", c.Site)
	}
	releaseKey, err := e.options.ReleaseKey()
	if err != nil {
		return wire.Enrolled{}, wire.EnrolUnavailable, err
	}
	a := wire.Enrolled{
		Site: c.Site, HostName: "visioborne-" + c.Site, SiteYAML: site, PartnersYAML: partners,
		TimeKey: e.options.Issuer.TimeKey(), ReleaseKey: releaseKey,
	}
	if a.JWT, err = e.options.Issuer.BoothToken(c.Site, q.PublicKey); err != nil {
		return wire.Enrolled{}, wire.EnrolUnavailable, err
	}
	if a.Certificate, err = e.options.Issuer.BoothCertificate(a.HostName, key); err != nil {
		return wire.Enrolled{}, wire.EnrolUnavailable, err
	}
	now := e.options.Now()
	err = change(ctx, e.bucket, c.Site, func(b *Booth) error {
		if b.PublicKey == q.PublicKey { // the same question again
			a.Password, a.PIN = b.Password, b.PIN
			return nil
		}
		b.revoke(now) // the booth that this one takes the place of
		pin, err := rand.Int(rand.Reader, big.NewInt(1_000_000))
		if err != nil {
			return err
		}
		b.PublicKey, b.Enrolled = q.PublicKey, now
		b.Password, b.PIN = rand.Text()[:20], fmt.Sprintf("%06d", pin)
		a.Password, a.PIN = b.Password, b.PIN
		return nil
	})
	if err != nil {
		return wire.Enrolled{}, wire.EnrolUnavailable, err
	}
	return a, "", nil
}

// claim takes the code for a booth; of two booths that come at once, one gets it.
func (e *Enrolment) claim(ctx context.Context, text, key string) (code, wire.EnrolError, error) {
	entry, err := e.bucket.Get(ctx, codes+hash(text))
	if errors.Is(err, jetstream.ErrKeyNotFound) {
		return code{}, wire.EnrolUnknownCode, nil
	}
	if err != nil {
		return code{}, wire.EnrolUnavailable, fmt.Errorf("looking the code up: %w", err)
	}
	var c code
	if err := json.Unmarshal(entry.Value(), &c); err != nil {
		return code{}, wire.EnrolUnavailable, fmt.Errorf("reading the code: %w", err)
	}
	now := e.options.Now()
	switch {
	case c.UsedBy == key && now.Sub(c.UsedAt) < repeatWindow:
		return c, "", nil
	case c.UsedBy != "":
		return code{}, wire.EnrolUsedCode, nil
	case !now.Before(c.Expires):
		return code{}, wire.EnrolExpiredCode, nil
	}
	c.UsedBy, c.UsedAt = key, now
	value, err := json.Marshal(c)
	if err != nil {
		return code{}, wire.EnrolUnavailable, err
	}
	_, err = e.bucket.Update(ctx, entry.Key(), value, entry.Revision())
	if wrongRevision(err) || errors.Is(err, jetstream.ErrKeyExists) {
		return code{}, wire.EnrolUsedCode, nil
	}
	if err != nil {
		return code{}, wire.EnrolUnavailable, fmt.Errorf("taking the code: %w", err)
	}
	return c, "", nil
}

// publicKey is that of a certificate request, whose owner has shown to have the private one.
func publicKey(text string) (*ecdsa.PublicKey, error) {
	block, rest := pem.Decode([]byte(text))
	if block == nil || block.Type != "CERTIFICATE REQUEST" || strings.TrimSpace(string(rest)) != "" {
		return nil, errors.New("no certificate request")
	}
	request, err := x509.ParseCertificateRequest(block.Bytes)
	if err != nil {
		return nil, err
	}
	if err := request.CheckSignature(); err != nil {
		return nil, err
	}
	key, ok := request.PublicKey.(*ecdsa.PublicKey)
	if !ok || key.Curve != elliptic.P256() {
		return nil, errors.New("the key is not one of P-256")
	}
	return key, nil
}
