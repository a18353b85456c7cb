package wire

import (
	"bytes"
	"crypto/ed25519"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func releaseKey() (ed25519.PublicKey, ed25519.PrivateKey) {
	key := ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize))
	return key.Public().(ed25519.PublicKey), key
}

func goodManifest() Manifest {
	sum := strings.Repeat("0a", 32)
	return Manifest{
		Version: "2026.11-3", Kernel: "6.12.47-v8+", Nature: "Le son est meilleur.", Made: time.Unix(1e9, 0).UTC(),
		Bytes: 300, SHA256: sum, Pieces: []Piece{{100, sum}, {200, sum}},
	}
}

func TestManifest(t *testing.T) {
	public, key := releaseKey()
	signed, err := SignManifest(goodManifest(), key)
	if err != nil {
		t.Fatal(err)
	}
	got, err := OpenManifest(signed, public)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(goodManifest(), got); diff != "" {
		t.Errorf("it changed (-signed +opened):\n%s", diff)
	}
	other := ed25519.NewKeyFromSeed(bytes.Repeat([]byte{1}, ed25519.SeedSize))
	if _, err := OpenManifest(signed, other.Public().(ed25519.PublicKey)); !errors.Is(err, ErrSignature) {
		t.Errorf("with another key: %v", err)
	}
	if _, err := OpenManifest(append(signed, '{'), public); err == nil {
		t.Error("something may follow a manifest")
	}
}

func TestManifestMistakes(t *testing.T) {
	_, key := releaseKey()
	for want, change := range map[string]func(*Manifest){
		"version \"a b\"":          func(m *Manifest) { m.Version = "a b" },
		"version \"\"":             func(m *Manifest) { m.Version = "" },
		"kernel: 0 bytes":          func(m *Manifest) { m.Kernel = "" },
		"nature: 0 bytes":          func(m *Manifest) { m.Nature = "" },
		"made: missing":            func(m *Manifest) { m.Made = time.Time{} },
		"bytes: 2000000000":        func(m *Manifest) { m.Bytes = 2e9 },
		"sha256: \"x\"":            func(m *Manifest) { m.SHA256 = "x" },
		"pieces[1].bytes: 5000000": func(m *Manifest) { m.Pieces[1].Bytes = 5e6 },
		"pieces[0].bytes: -1":      func(m *Manifest) { m.Pieces[0].Bytes = -1 },
		"pieces[0].sha256":         func(m *Manifest) { m.Pieces[0].SHA256 = "" },
		"they have 100 bytes together; expected 300": func(m *Manifest) { m.Pieces = m.Pieces[:1] },
	} {
		m := goodManifest()
		change(&m)
		if _, err := SignManifest(m, key); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v; want %q in it", err, want)
		}
	}
}

func TestOffer(t *testing.T) {
	roundTrip(t, Offer{})
	roundTrip(t, Offer{Version: "2", Nature: "Essai", From: time.Unix(1e9, 0).UTC(), Due: true, AnyTime: true})
	roundTrip(t, AskRelease{Version: "1"})
	if _, err := Decode[Offer]([]byte(`{"version":"../x","nature":"n","from":"2026-11-24T00:00:00Z"}`)); err == nil {
		t.Error("an offer may name a path")
	}
}

func TestURL(t *testing.T) {
	for hub, want := range map[string]string{
		"ws://127.0.0.1:8090":      "http://127.0.0.1:8090/time",
		"wss://hub.example/nats?x": "https://hub.example/time",
		"http://hub.example":       "",
		"wss://[":                  "",
	} {
		if got, err := URL(hub, "/time"); got != want || (err == nil) != (want != "") {
			t.Errorf("%s: %q, %v; want %q", hub, got, err, want)
		}
	}
}

// Whatever comes, what is opened is what was signed.
func FuzzOpenManifest(f *testing.F) {
	public, key := releaseKey()
	signed, err := SignManifest(goodManifest(), key)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(signed)
	f.Add([]byte("{}"))
	f.Fuzz(func(t *testing.T, b []byte) {
		m, err := OpenManifest(b, public)
		if err == nil && cmp.Diff(goodManifest(), m) != "" {
			t.Errorf("%+v was never signed", m)
		}
	})
}
