package main

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/jwt/v2"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nkeys"

	"loiret.fr/visioborne/config"
	"loiret.fr/visioborne/hub/enrol"
	"loiret.fr/visioborne/hub/wire"
)

// code makes one with the command that a technician's colleague uses.
func (h *house) code(site string) string {
	h.t.Helper()
	var out bytes.Buffer
	if err := run(context.Background(), []string{"booth", "add", "-state", h.dir, site}, nil, &out, io.Discard); err != nil {
		h.t.Fatal(err)
	}
	code, _, _ := strings.Cut(out.String(), "\n")
	return code
}

// newBooth is a booth with keys of its own, not enrolled yet.
type newBooth struct {
	t    *testing.T
	pair nkeys.KeyPair
	ask  wire.Enrol
}

func makeBooth(t *testing.T, code string) *newBooth {
	t.Helper()
	pair, err := nkeys.CreateUser()
	if err != nil {
		t.Fatal(err)
	}
	public, err := pair.PublicKey()
	if err != nil {
		t.Fatal(err)
	}
	return &newBooth{t, pair, wire.Enrol{Code: code, PublicKey: public, CSR: request(t, elliptic.P256())}}
}

func request(t *testing.T, curve elliptic.Curve) string {
	t.Helper()
	key, err := ecdsa.GenerateKey(curve, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.CreateCertificateRequest(rand.Reader, &x509.CertificateRequest{}, key)
	if err != nil {
		t.Fatal(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE REQUEST", Bytes: der}))
}

func (b *newBooth) enrol(h *house) (wire.Enrolled, wire.EnrolError) {
	b.t.Helper()
	text, err := json.Marshal(b.ask)
	if err != nil {
		b.t.Fatal(err)
	}
	response, err := http.Post("http://"+h.addr+wire.EnrolPath, "application/json", bytes.NewReader(text))
	if err != nil {
		b.t.Fatal(err)
	}
	defer response.Body.Close()
	if response.StatusCode == http.StatusOK {
		return decode[wire.Enrolled](b.t, response.Body), ""
	}
	return wire.Enrolled{}, decode[wire.NotEnrolled](b.t, response.Body).Error
}

func decode[T any](t *testing.T, r io.Reader) T {
	t.Helper()
	var v T
	if err := json.NewDecoder(r).Decode(&v); err != nil {
		t.Fatal(err)
	}
	return v
}

// connect connects with what the enrolment gave; lost is closed when the hub cuts the connection.
func (b *newBooth) connect(h *house, a wire.Enrolled) (*nats.Conn, <-chan struct{}, error) {
	b.t.Helper()
	seed, err := b.pair.Seed()
	if err != nil {
		b.t.Fatal(err)
	}
	credentials, err := jwt.FormatUserConfig(a.JWT, seed)
	if err != nil {
		b.t.Fatal(err)
	}
	lost := make(chan struct{})
	nc, err := nats.Connect("ws://"+h.addr, nats.ProxyPath("/nats"), nats.UserCredentialBytes(credentials),
		nats.CustomInboxPrefix(wire.InboxPrefix(a.Site)), nats.NoReconnect(), nats.IgnoreDiscoveredServers(),
		nats.ClosedHandler(func(*nats.Conn) { close(lost) }))
	if err == nil {
		b.t.Cleanup(nc.Close)
	}
	return nc, lost, err
}

func TestEnrolment(t *testing.T) {
	h := openHouse(t)
	b := makeBooth(t, h.code("gien"))
	a, refusal := b.enrol(h)
	if refusal != "" {
		t.Fatalf("refused: %s", refusal)
	}
	if a.Site != "gien" || a.HostName != "visioborne-gien" || !strings.Contains(a.SiteYAML, "id: gien") ||
		!strings.Contains(a.PartnersYAML, "caf") || len(a.Password) < 16 || len(a.PIN) != 6 {
		t.Errorf("the answer is %+v", a)
	}
	// The certificate is for the booth's key, and by an authority.
	block, rest := pem.Decode([]byte(a.Certificate))
	authority, _ := pem.Decode(rest)
	if block == nil || authority == nil {
		t.Fatal("no certificate, or none of the authority")
	}
	certificate, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(pem.EncodeToMemory(authority))
	if _, err := certificate.Verify(x509.VerifyOptions{DNSName: "visioborne-gien", Roots: roots}); err != nil {
		t.Errorf("the certificate: %v", err)
	}
	if _, _, err := b.connect(h, a); err != nil {
		t.Fatalf("connecting: %v", err)
	}

	// The booth lost power before it had kept the answer.
	again, refusal := b.enrol(h)
	if refusal != "" || again.Password != a.Password || again.PIN != a.PIN {
		t.Errorf("the same booth, again: %q, another password or PIN", refusal)
	}
	// Another one with the same code.
	other := makeBooth(t, b.ask.Code)
	if _, refusal := other.enrol(h); refusal != wire.EnrolUsedCode {
		t.Errorf("a second booth with the code: %q, want %s", refusal, wire.EnrolUsedCode)
	}
}

func TestEnrolmentRefused(t *testing.T) {
	h := openHouse(t)
	unknown := makeBooth(t, "0000-0000")
	if _, refusal := unknown.enrol(h); refusal != wire.EnrolUnknownCode {
		t.Errorf("an unknown code: %q", refusal)
	}
	nonsense := makeBooth(t, "nonsense")
	if _, refusal := nonsense.enrol(h); refusal != wire.EnrolUnknownCode {
		t.Errorf("nonsense: %q", refusal)
	}
	code := h.code("gien")
	for name, spoil := range map[string]func(*wire.Enrol){
		"another curve":    func(q *wire.Enrol) { q.CSR = request(t, elliptic.P384()) },
		"no request":       func(q *wire.Enrol) { q.CSR = "" },
		"an account's key": func(q *wire.Enrol) { q.PublicKey = "A" + q.PublicKey[1:] },
	} {
		b := makeBooth(t, code)
		spoil(&b.ask)
		if _, refusal := b.enrol(h); refusal != wire.EnrolBadRequest {
			t.Errorf("%s: %q", name, refusal)
		}
	}
	// A spoilt question has not used the code up.
	if _, refusal := makeBooth(t, strings.ToLower(code)).enrol(h); refusal != "" {
		t.Errorf("the code in small letters: %q", refusal)
	}

	nc, js, _, err := running(h.dir)
	if err != nil {
		t.Fatal(err)
	}
	defer nc.Close()
	old, _, err := enrol.Add(t.Context(), js, "gien", []string{"gien", "patay"}, time.Now().Add(-enrol.Valid-time.Minute))
	if err != nil {
		t.Fatal(err)
	}
	if _, refusal := makeBooth(t, old).enrol(h); refusal != wire.EnrolExpiredCode {
		t.Errorf("an old code: %q", refusal)
	}
	err = run(t.Context(), []string{"booth", "add", "-state", h.dir, "nowhere"}, nil, io.Discard, io.Discard)
	if err == nil || !strings.Contains(err.Error(), `site "nowhere" is unknown; the hub has gien, patay`) {
		t.Errorf("a code for an unknown site: %v", err)
	}
	// Guessing is slow.
	var last wire.EnrolError
	for range 12 {
		_, last = makeBooth(t, "0000-0001").enrol(h)
	}
	if last != wire.EnrolTooMany {
		t.Errorf("after many guesses: %q", last)
	}
}

func TestOneCodeTwoBooths(t *testing.T) {
	h := openHouse(t)
	code := h.code("gien")
	results := make(chan wire.EnrolError, 4)
	var racers sync.WaitGroup
	for range cap(results) {
		b := makeBooth(t, code)
		racers.Go(func() {
			_, refusal := b.enrol(h)
			results <- refusal
		})
	}
	racers.Wait()
	close(results)
	count := map[wire.EnrolError]int{}
	for r := range results {
		count[r]++
	}
	if count[""] != 1 || count[wire.EnrolUsedCode] != 3 {
		t.Errorf("four booths with one code: %v", count)
	}
}

func TestRevoke(t *testing.T) {
	h := openHouse(t)
	b := makeBooth(t, h.code("gien"))
	a, refusal := b.enrol(h)
	if refusal != "" {
		t.Fatal(refusal)
	}
	neighbour := makeBooth(t, h.code("patay"))
	na, refusal := neighbour.enrol(h)
	if refusal != "" {
		t.Fatal(refusal)
	}
	_, lost, err := b.connect(h, a)
	if err != nil {
		t.Fatal(err)
	}
	nc, _, err := neighbour.connect(h, na)
	if err != nil {
		t.Fatal(err)
	}
	if err := run(t.Context(), []string{"booth", "revoke", "-state", h.dir, "gien"}, nil, io.Discard, io.Discard); err != nil {
		t.Fatal(err)
	}
	select {
	case <-lost:
	case <-time.After(patience):
		t.Fatal("the revoked booth is still connected")
	}
	if _, _, err := b.connect(h, a); err == nil {
		t.Error("the revoked booth can connect again")
	}
	if err := nc.Flush(); err != nil {
		t.Errorf("its neighbour was cut off too: %v", err)
	}
	h.stop()
	h.start()
	if _, _, err := b.connect(h, a); err == nil {
		t.Error("after the hub's restart the revoked booth can connect again")
	}
	if err := run(t.Context(), []string{"booth", "revoke", "-state", h.dir, "gien"}, nil, io.Discard, io.Discard); err == nil {
		t.Error("revoking twice is no error")
	}

	// A booth takes the place of another: the older one is cut off.
	first := makeBooth(t, h.code("gien"))
	fa, refusal := first.enrol(h)
	if refusal != "" {
		t.Fatal(refusal)
	}
	_, lost, err = first.connect(h, fa)
	if err != nil {
		t.Fatal(err)
	}
	if _, refusal := makeBooth(t, h.code("gien")).enrol(h); refusal != "" {
		t.Fatal(refusal)
	}
	select {
	case <-lost:
	case <-time.After(patience):
		t.Fatal("the booth that was replaced is still connected")
	}
	var out bytes.Buffer
	if err := run(t.Context(), []string{"booth", "list", "-state", h.dir}, nil, &out, io.Discard); err != nil || strings.Count(out.String(), "enrolled") != 2 {
		t.Errorf("listing: %v\n%s", err, &out)
	}
}

func TestHubTime(t *testing.T) {
	h := openHouse(t)
	a, refusal := makeBooth(t, config.FormatCode(h.code("gien"))).enrol(h)
	if refusal != "" {
		t.Fatal(refusal)
	}
	key, err := base64.StdEncoding.DecodeString(a.TimeKey)
	if err != nil {
		t.Fatal(err)
	}
	const nonce = "000102030405060708090a0b0c0d0e0f"
	response, err := http.Get("http://" + h.addr + wire.TimePath + "?nonce=" + nonce)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	answer := decode[wire.Time](t, response.Body)
	if answer.Nonce != nonce || !ed25519.Verify(key, wire.TimeText(nonce, answer.Time), answer.Signature) {
		t.Errorf("the time %+v is not signed for this question", answer)
	}
	if at, err := time.Parse(time.RFC3339Nano, answer.Time); err != nil || time.Since(at).Abs() > time.Minute {
		t.Errorf("the time is %s, %v", answer.Time, err)
	}
	if response, err := http.Get("http://" + h.addr + wire.TimePath + "?nonce=00"); err != nil || response.StatusCode != http.StatusBadRequest {
		t.Errorf("without a nonce worth the name: %v, %v", response.Status, err)
	}
}
