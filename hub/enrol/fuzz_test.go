package enrol

import (
	"bytes"
	"crypto/ecdsa"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"loiret.fr/visioborne/hub/natstest"
	"loiret.fr/visioborne/hub/wire"
)

// nobody signs nothing: who has no code must not come that far.
type nobody struct{ f *testing.F }

func (n nobody) BoothToken(site, _ string) (string, error) {
	n.f.Errorf("a booth of %s was enrolled without a code", site)
	return "", nil
}

func (n nobody) BoothCertificate(string, *ecdsa.PublicKey) (string, error) {
	n.f.Error("a certificate was made without a code")
	return "", nil
}
func (nobody) TimeKey() string { return "" }

// Whatever a stranger asks, without a code he gets a refusal that a booth understands.
func FuzzEnrol(f *testing.F) {
	js, stop := natstest.Open(f, f.TempDir())
	defer stop()
	now := time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)
	e, err := Open(f.Context(), Options{
		JetStream: js, Issuer: nobody{f},
		Files:      func(string) (string, string, bool) { return "", "", true },
		Revoke:     func(map[string]time.Time) error { return nil },
		ReleaseKey: func() (string, error) { return "", nil },
		// An hour later at each look: the brakes are not what is tried.
		Now: func() time.Time { now = now.Add(time.Hour); return now },
		Log: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		f.Fatal(err)
	}
	for _, s := range []string{
		`{"code":"ABCD2345","public_key":"UAN4HMJNQXW547WA7PDK5AHKPOWGPNYTWH46XBPHYTL3C3UEIGZBBB5W","csr":"-----BEGIN CERTIFICATE REQUEST-----\n-----END CERTIFICATE REQUEST-----\n"}`,
		`{"code":"*"}`, `{"code":">","public_key":"x"}`, `{"code":"sites"}`, `{"code":"booth.gien"}`, `{}`, `null`, `[`, ``,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		w := httptest.NewRecorder()
		e.serveEnrol(w, httptest.NewRequest(http.MethodPost, wire.EnrolPath, bytes.NewReader(body)))
		var no wire.NotEnrolled
		err := json.Unmarshal(w.Body.Bytes(), &no)
		switch {
		case err != nil:
			t.Errorf("%q is answered with %q", body, w.Body)
		case w.Code == http.StatusBadRequest && no.Error == wire.EnrolBadRequest:
		case w.Code == http.StatusForbidden && (no.Error == wire.EnrolUnknownCode || no.Error == wire.EnrolBadRequest):
		default:
			t.Errorf("%q is answered with %d %q", body, w.Code, no.Error)
		}
	})
}
