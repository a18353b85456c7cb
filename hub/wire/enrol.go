package wire

import (
	"fmt"
	"net/url"
)

// EnrolPath and TimePath are where the hub enrols booths and tells them the time, over HTTP.
const (
	EnrolPath = "/enrol"
	TimePath  = "/time"
)

// URL is a path of the hub over HTTP; hub is its address for NATS, ws:// or wss://.
func URL(hub, path string) (string, error) {
	u, err := url.Parse(hub)
	if err != nil {
		return "", fmt.Errorf("reading the hub's address: %w", err)
	}
	switch u.Scheme {
	case "ws":
		u.Scheme = "http"
	case "wss":
		u.Scheme = "https"
	default:
		return "", fmt.Errorf("reading the hub's address: scheme %q; expected ws or wss", u.Scheme)
	}
	u.Path, u.RawQuery, u.Fragment = path, "", ""
	return u.String(), nil
}

// EnrolMaxBytes is the most that an enrolment's question may have.
const EnrolMaxBytes = 16 << 10

// Enrol is a booth's question: POST EnrolPath. Fields that the other side does not know are passed over, so that booths of
// one version can be enrolled by a hub of another.
type Enrol struct {
	// Code is the one-time code, without its hyphen.
	Code string `json:"code"`
	// PublicKey is the public half of the nkey that the booth has made.
	PublicKey string `json:"public_key"`
	// CSR is a PKCS#10 request for a P-256 key that the booth has made, as PEM.
	CSR string `json:"csr"`
}

// Enrolled is the hub's answer.
type Enrolled struct {
	Site     string `json:"site"`
	HostName string `json:"host_name"`
	// SiteYAML and PartnersYAML are the site's file and the partner directory, as the hub has them.
	SiteYAML     string `json:"site_yaml"`
	PartnersYAML string `json:"partners_yaml"`
	// JWT is the NATS user that PublicKey is now.
	JWT string `json:"user_jwt"`
	// Certificate is the booth's, and that of the authority that signed it, as PEM.
	Certificate string `json:"certificate"`
	// Password opens the booth's status page while maintenance is on.
	Password string `json:"password"`
	// PIN opens the technician's page on the touchscreen: six digits.
	PIN string `json:"pin"`
	// TimeKey is the Ed25519 key with which the hub signs the time, in base64.
	TimeKey string `json:"time_key"`
	// ReleaseKey is the Ed25519 key with which images are signed, in base64; "" when the hub publishes none.
	ReleaseKey string `json:"release_key,omitempty"`
}

// NotEnrolled is the answer to a question that is refused.
type NotEnrolled struct {
	Error EnrolError `json:"error"`
}

// EnrolError says why a booth is not enrolled.
type EnrolError string

const (
	EnrolBadRequest  EnrolError = "bad_request"
	EnrolUnknownCode EnrolError = "unknown_code"
	EnrolUsedCode    EnrolError = "used_code"
	EnrolExpiredCode EnrolError = "expired_code"
	EnrolTooMany     EnrolError = "too_many_attempts"
	EnrolUnavailable EnrolError = "unavailable"
)

// Time is the hub's time: GET TimePath?nonce=HEX. The signature is Ed25519 over TimeText.
type Time struct {
	Time      string `json:"time"`
	Nonce     string `json:"nonce"`
	Signature []byte `json:"signature"`
}

// TimeText is what is signed: who asks chooses the nonce, so that no old answer is taken for a new one.
func TimeText(nonce, time string) []byte { return []byte("visioborne time\n" + nonce + "\n" + time) }
