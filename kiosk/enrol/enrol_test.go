package enrol

import (
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/nats-io/jwt/v2"
	"github.com/nats-io/nkeys"

	"loiret.fr/visioborne/config"
	"loiret.fr/visioborne/hub/wire"
)

// hub answers every question with a site's own files, or refuses.
type hub struct {
	t       *testing.T
	refusal wire.EnrolError
	spoil   func(*wire.Enrolled)
	asked   []wire.Enrol
}

func (h *hub) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var q wire.Enrol
	if r.URL.Path != wire.EnrolPath || json.NewDecoder(r.Body).Decode(&q) != nil {
		h.t.Errorf("asked %s %s", r.Method, r.URL)
	}
	h.asked = append(h.asked, q)
	if h.refusal != "" {
		w.WriteHeader(http.StatusForbidden)
		json.NewEncoder(w).Encode(wire.NotEnrolled{Error: h.refusal})
		return
	}
	account, err := nkeys.CreateAccount()
	if err != nil {
		h.t.Error(err)
	}
	token, err := jwt.NewUserClaims(q.PublicKey).Encode(account)
	if err != nil {
		h.t.Error(err)
	}
	read := func(name string) string {
		text, err := os.ReadFile(filepath.Join("..", "..", "config", "loiret", name))
		if err != nil {
			h.t.Error(err)
		}
		return string(text)
	}
	a := wire.Enrolled{
		Site: "demonstration", HostName: "visioborne-demonstration", SiteYAML: read("demonstration.yaml"), PartnersYAML: read("partners.yaml"),
		JWT: token, Certificate: "a certificate", Password: "a password", PIN: "123456", TimeKey: "a key",
	}
	if h.spoil != nil {
		h.spoil(&a)
	}
	json.NewEncoder(w).Encode(a)
}

func open(t *testing.T) (h *hub, url, dir string) {
	h = &hub{t: t}
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	return h, strings.Replace(server.URL, "http", "ws", 1), filepath.Join(t.TempDir(), "state")
}

func TestEnrol(t *testing.T) {
	h, url, dir := open(t)
	if err := Enrol(t.Context(), dir, url, "k7px-2m4q", http.DefaultClient); err != nil {
		t.Fatal(err)
	}
	i, ok, err := Load(dir)
	if err != nil || !ok || i != (Identity{Hub: url, Site: "demonstration", Password: "a password", PIN: "123456", TimeKey: "a key"}) {
		t.Errorf("loaded %+v, %v, %v", i, ok, err)
	}
	if _, err := config.Load(filepath.Join(dir, SiteFile), filepath.Join(dir, PartnersFile)); err != nil {
		t.Errorf("the site's files: %v", err)
	}
	// The credentials are the booth's own key's.
	credentials, err := os.ReadFile(filepath.Join(dir, CredentialsFile))
	if err != nil {
		t.Fatal(err)
	}
	pair, err := jwt.ParseDecoratedUserNKey(credentials)
	if err != nil {
		t.Fatal(err)
	}
	if public, _ := pair.PublicKey(); public != h.asked[0].PublicKey || h.asked[0].Code != "K7PX2M4Q" {
		t.Errorf("the hub was asked %+v", h.asked[0])
	}
	block, _ := pem.Decode([]byte(h.asked[0].CSR))
	request, err := x509.ParseCertificateRequest(block.Bytes)
	if err != nil || request.CheckSignature() != nil {
		t.Errorf("the certificate request: %v", err)
	}
	// Nobody else may read any of it.
	files, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if info, err := f.Info(); err != nil || info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s has mode %v", f.Name(), info.Mode())
		}
	}
	if err := Wipe(dir); err != nil {
		t.Fatal(err)
	}
	if _, ok, err := Load(dir); ok || err != nil {
		t.Errorf("wiped, it is enrolled: %v, %v", ok, err)
	}
}

// TestPowerCut takes away what was written last, one file more each time: the
// booth is not enrolled, keeps its keys, and can ask again.
func TestPowerCut(t *testing.T) {
	order := []string{CredentialsFile, hubFile, HostNameFile, CertificateFile, PartnersFile, SiteFile}
	for lost := range order {
		h, url, dir := open(t)
		if err := Enrol(t.Context(), dir, url, "K7PX-2M4Q", http.DefaultClient); err != nil {
			t.Fatal(err)
		}
		for _, name := range order[:lost+1] {
			if err := os.Remove(filepath.Join(dir, name)); err != nil {
				t.Fatal(err)
			}
		}
		if _, ok, err := Load(dir); ok || err != nil {
			t.Errorf("without %v: enrolled %v, %v", order[:lost+1], ok, err)
		}
		if err := Enrol(t.Context(), dir, url, "K7PX-2M4Q", http.DefaultClient); err != nil {
			t.Errorf("without %v, again: %v", order[:lost+1], err)
		}
		if h.asked[0].PublicKey != h.asked[1].PublicKey {
			t.Error("the second time it has another key, which the hub cannot know")
		}
	}
}

func TestNotEnrolled(t *testing.T) {
	for _, r := range []wire.EnrolError{wire.EnrolUnknownCode, wire.EnrolUsedCode, wire.EnrolExpiredCode, wire.EnrolTooMany} {
		h, url, dir := open(t)
		h.refusal = r
		var refused Refused
		if err := Enrol(t.Context(), dir, url, "K7PX-2M4Q", http.DefaultClient); !errors.As(err, &refused) || refused.Reason != r {
			t.Errorf("%s: %v", r, err)
		}
		if _, ok, err := Load(dir); ok || err != nil {
			t.Errorf("%s: enrolled %v, %v", r, ok, err)
		}
	}
	// What the booth could not start with is not kept.
	for name, spoil := range map[string]func(*wire.Enrolled){
		"a site with mistakes": func(a *wire.Enrolled) { a.SiteYAML += "\ncolour: blue\n" },
		"no partners":          func(a *wire.Enrolled) { a.PartnersYAML = "" },
		"no token":             func(a *wire.Enrolled) { a.JWT = "" },
	} {
		h, url, dir := open(t)
		h.spoil = spoil
		err := Enrol(t.Context(), dir, url, "K7PX-2M4Q", http.DefaultClient)
		if _, ok, _ := Load(dir); err == nil || ok {
			t.Errorf("%s: enrolled %v, %v", name, ok, err)
		}
	}
	_, url, dir := open(t)
	if err := Enrol(t.Context(), dir, strings.Replace(url, "ws", "ftp", 1), "K7PX-2M4Q", http.DefaultClient); err == nil || !strings.Contains(err.Error(), "expected ws or wss") {
		t.Errorf("at an FTP server: %v", err)
	}
}
