package wire

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"time"
)

// ReleasesPath and PiecesPath are where the hub serves what booths install, over
// HTTP: GET ReleasesPath+version is the signed Manifest of a release, GET
// PiecesPath+sum is a piece by its SHA-256 in hexadecimal. Neither is a secret.
const (
	ReleasesPath = "/releases/"
	PiecesPath   = "/pieces/"
)

// ManifestMaxBytes is the most that a signed Manifest may have: a root of 500 MB
// has about 800 pieces of 80 bytes each.
const ManifestMaxBytes = 1 << 20

// Manifest describes a root file system that a booth can install. Fields that
// the other side does not know are passed over, so that a booth of one version
// can install the next.
type Manifest struct {
	Version string `json:"version"`
	// Kernel is the release of the kernel whose modules the root holds. An
	// update leaves the kernel alone, so it must be the booth's.
	Kernel string `json:"kernel"`
	// Made is when the manifest was signed. A booth takes nothing older than what it has.
	Made time.Time `json:"made"`
	// Nature is what changes, in plain French, for the site's manager.
	Nature string `json:"nature"`
	Bytes  int64  `json:"bytes"`
	// SHA256 is that of the whole root, in hexadecimal.
	SHA256 string `json:"sha256"`
	// Pieces are its pieces, in order, cut where its content says so
	// (package hub/wire/pieces), so that two roots have most of them in common.
	Pieces []Piece `json:"pieces"`
}

// Piece is a part of a root.
type Piece struct {
	Bytes  int64  `json:"bytes"`
	SHA256 string `json:"sha256"`
}

// Limits on a root: a root partition has 500 MB.
const (
	maxRootBytes  = 1 << 30
	maxPieces     = 8192
	MaxPieceBytes = 4 << 20
)

// Validate checks a manifest's fields.
func (m Manifest) Validate() error {
	errs := []error{
		CheckVersion(m.Version), text("kernel", m.Kernel, 1, 64), notZero("made", m.Made),
		text("nature", m.Nature, 1, 300), atMost("pieces", len(m.Pieces), maxPieces), CheckSum("sha256", m.SHA256),
	}
	if m.Bytes < 1 || m.Bytes > maxRootBytes {
		errs = append(errs, fmt.Errorf("bytes: %d; expected 1 to %d", m.Bytes, maxRootBytes))
	}
	var sum int64
	for i, p := range m.Pieces {
		if p.Bytes < 1 || p.Bytes > MaxPieceBytes {
			errs = append(errs, fmt.Errorf("pieces[%d].bytes: %d; expected 1 to %d", i, p.Bytes, MaxPieceBytes))
		}
		errs = append(errs, CheckSum(fmt.Sprintf("pieces[%d].sha256", i), p.SHA256))
		sum += p.Bytes
	}
	if sum != m.Bytes {
		errs = append(errs, fmt.Errorf("pieces: they have %d bytes together; expected %d", sum, m.Bytes))
	}
	return errors.Join(errs...)
}

var versionPattern = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$`)

// CheckVersion checks the version of a release, which is part of keys.
func CheckVersion(v string) error {
	if !versionPattern.MatchString(v) {
		return fmt.Errorf("version %.80q: expected 1 to 64 letters, digits, dots, hyphens and underscores, beginning with a letter or digit", v)
	}
	return nil
}

// CheckSum checks a SHA-256 in hexadecimal.
func CheckSum(field, s string) error {
	if b, err := hex.DecodeString(s); err != nil || len(b) != sha256.Size {
		return fmt.Errorf("%s: %.80q; expected 64 hexadecimal digits", field, s)
	}
	return nil
}

// signedManifest is a manifest as it travels: its very bytes, and their signature.
type signedManifest struct {
	Manifest  []byte `json:"manifest"`
	Signature []byte `json:"signature"`
}

// manifestText is what is signed.
func manifestText(b []byte) []byte { return append([]byte("visioborne release\n"), b...) }

// SignManifest gives the signed manifest.
func SignManifest(m Manifest, key ed25519.PrivateKey) ([]byte, error) {
	if err := m.Validate(); err != nil {
		return nil, fmt.Errorf("signing a manifest: %w", err)
	}
	b, err := json.Marshal(m)
	if err != nil {
		return nil, fmt.Errorf("signing a manifest: %w", err)
	}
	return json.Marshal(signedManifest{b, ed25519.Sign(key, manifestText(b))})
}

// ErrSignature: the manifest is not signed with the expected key.
var ErrSignature = errors.New("the signature is not that of the release key")

// OpenManifest checks a signed manifest and gives what it says.
func OpenManifest(b []byte, key ed25519.PublicKey) (Manifest, error) {
	if len(b) > ManifestMaxBytes {
		return Manifest{}, fmt.Errorf("opening a manifest: %d bytes are more than %d", len(b), ManifestMaxBytes)
	}
	var s signedManifest
	d := json.NewDecoder(bytes.NewReader(b))
	if err := d.Decode(&s); err != nil {
		return Manifest{}, fmt.Errorf("opening a manifest: %w", err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return Manifest{}, errors.New("opening a manifest: something follows it")
	}
	if !ed25519.Verify(key, manifestText(s.Manifest), s.Signature) {
		return Manifest{}, fmt.Errorf("opening a manifest: %w", ErrSignature)
	}
	var m Manifest
	if err := json.Unmarshal(s.Manifest, &m); err != nil {
		return Manifest{}, fmt.Errorf("opening a manifest: %w", err)
	}
	if err := m.Validate(); err != nil {
		return Manifest{}, fmt.Errorf("opening a manifest: %w", err)
	}
	return m, nil
}

// ParseReleaseKey reads a release key as EncodeReleaseKey writes it.
func ParseReleaseKey(s string) (ed25519.PublicKey, error) {
	b, err := base64.StdEncoding.DecodeString(s)
	if err != nil || len(b) != ed25519.PublicKeySize {
		return nil, fmt.Errorf("release key %.80q: expected the base64 of an Ed25519 public key", s)
	}
	return b, nil
}

// EncodeReleaseKey writes a release key as text.
func EncodeReleaseKey(key ed25519.PublicKey) string { return base64.StdEncoding.EncodeToString(key) }

// AskRelease: a booth asks what it is to install.
type AskRelease struct {
	Version string `json:"version"`
}

// Offer answers AskRelease. A zero Offer is no offer.
type Offer struct {
	Version string `json:"version,omitempty"`
	Nature  string `json:"nature,omitempty"`
	// From is when the booth may begin; Due tells, by the hub's clock, that it may now.
	From time.Time `json:"from,omitzero"`
	Due  bool      `json:"due,omitempty"`
	// AnyTime: opening hours need not be waited for. A session always must.
	AnyTime bool `json:"any_time,omitempty"`
}

// Validate checks an offer's fields.
func (m Offer) Validate() error {
	if m == (Offer{}) {
		return nil
	}
	return errors.Join(CheckVersion(m.Version), text("nature", m.Nature, 1, 300), notZero("from", m.From))
}

// Validate checks the question's fields.
func (m AskRelease) Validate() error { return text("version", m.Version, 0, 64) }

// UpdateState is how far a booth has got with an update.
type UpdateState string

const (
	UpdateWaiting UpdateState = "waiting" // for its date, or for the room to close
	UpdateLoading UpdateState = "loading"
	UpdateReady   UpdateState = "ready"  // is checked and starts when nobody is there
	UpdateTrial   UpdateState = "trial"  // runs, not yet trusted
	UpdateFailed  UpdateState = "failed" // did not hold; the earlier root runs again
	UpdateRefused UpdateState = "refused"
)

// Update is what the hotline sees of a booth's update.
type Update struct {
	State   UpdateState `json:"state"`
	Version string      `json:"version"`
	// Percent of it that is there, while it loads.
	Percent int `json:"percent,omitempty"`
	// Reason is a code: why it failed or was refused.
	Reason string `json:"reason,omitempty"`
}

// Validate checks the fields.
func (m Update) Validate() error {
	switch m.State {
	case UpdateWaiting, UpdateLoading, UpdateReady, UpdateTrial, UpdateFailed, UpdateRefused:
	default:
		return fmt.Errorf("update.state %.40q is unknown", m.State)
	}
	return errors.Join(CheckVersion(m.Version), count("update.percent", m.Percent), word("update.reason", m.Reason, 0, 64))
}
