package clock

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"loiret.fr/visioborne/hub/wire"
)

// hub is one that signs the time, over TLS with a certificate that nobody knows.
type hub struct {
	*httptest.Server
	key    ed25519.PublicKey
	time   time.Time
	spoil  func(*wire.Time)
	asked  chan struct{}
	nonces map[string]bool
}

func newHub(t *testing.T) *hub {
	t.Helper()
	public, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	h := &hub{key: public, time: time.Now(), spoil: func(*wire.Time) {}, asked: make(chan struct{}, 100), nonces: map[string]bool{}}
	h.Server = httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		nonce := r.URL.Query().Get("nonce")
		if r.URL.Path != wire.TimePath || len(nonce) != 32 || h.nonces[nonce] {
			http.Error(w, "nonce", http.StatusBadRequest)
			return
		}
		h.nonces[nonce] = true
		a := wire.Time{Nonce: nonce, Time: h.time.UTC().Format(time.RFC3339Nano)}
		a.Signature = ed25519.Sign(private, wire.TimeText(a.Nonce, a.Time))
		h.spoil(&a)
		if err := json.NewEncoder(w).Encode(a); err != nil {
			t.Error(err)
		}
		h.asked <- struct{}{}
	}))
	h.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
	t.Cleanup(h.Close)
	return h
}

func (h *hub) clock(t *testing.T, now *time.Time) *Clock {
	return New(Options{
		Hub: strings.Replace(h.URL, "https", "wss", 1), Transport: &http.Transport{}, Key: h.key, Folder: t.TempDir(),
		Log: slog.New(slog.NewTextHandler(t.Output(), nil)),
		Now: func() time.Time { return *now },
		Set: func(to time.Time) error { *now = to; return nil },
	})
}

func TestAsk(t *testing.T) {
	h := newHub(t)
	now := time.Unix(0, 0)
	c := h.clock(t, &now)
	got, err := c.ask(t.Context())
	if err != nil || !got.Equal(h.time) {
		t.Fatalf("%v, %v; want %v", got, err, h.time)
	}
	for name, spoil := range map[string]func(*wire.Time){
		"another time":  func(a *wire.Time) { a.Time = "2030-01-01T00:00:00Z" },
		"another nonce": func(a *wire.Time) { a.Nonce = strings.Repeat("0", 32) },
		"no signature":  func(a *wire.Time) { a.Signature = nil },
		"another's hand": func(a *wire.Time) {
			_, k, _ := ed25519.GenerateKey(rand.Reader)
			a.Signature = ed25519.Sign(k, wire.TimeText(a.Nonce, a.Time))
		},
	} {
		h.spoil = spoil
		if at, err := c.ask(t.Context()); !errors.Is(err, errNotSigned) {
			t.Errorf("%s: %v, %v", name, at, err)
		}
	}
}

func TestJudge(t *testing.T) {
	h := newHub(t)
	now := time.Unix(100, 0)
	c := h.clock(t, &now)
	if !c.judge(now.Add(tolerance)) || c.set != (time.Time{}) {
		t.Error("a clock that is right was set")
	}
	if !c.judge(h.time) || !now.Equal(h.time) {
		t.Errorf("the clock is %v; want the hub's %v", now, h.time)
	}
	// NTP knows better, or thinks so: no tug of war.
	now = now.Add(time.Hour)
	other := now
	if !c.judge(h.time) || !now.Equal(other) {
		t.Error("the clock was taken from somebody who sets it too")
	}
	c = h.clock(t, &now)
	c.options.Set = func(time.Time) error { return errors.New("not permitted") }
	if c.judge(h.time) {
		t.Error("a clock that could not be set counts as right")
	}
}

// A run sets the clock and remembers the time for the next start.
func TestRunAndFloor(t *testing.T) {
	h := newHub(t)
	now := time.Unix(0, 0)
	c := h.clock(t, &now)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- c.Run(ctx) }()
	<-h.asked
	for { // the note follows the answer
		if info, err := os.Stat(file(c.options.Folder)); err == nil && info.ModTime().Unix() == h.time.Unix() {
			break
		}
		select {
		case err := <-done:
			t.Fatal(err)
		default:
		}
	}
	cancel()
	if err := <-done; err != nil {
		t.Fatal(err)
	}

	log := slog.New(slog.NewTextHandler(t.Output(), nil))
	var set time.Time
	keep := func(to time.Time) error { set = to; return nil }
	// This machine's clock is right: nothing to raise.
	if err := Raise(c.options.Folder, time.Now().Add(-time.Hour), keep, log); err != nil || !set.IsZero() {
		t.Errorf("raised to %v, %v", set, err)
	}
	future := time.Now().Add(24 * time.Hour)
	if err := Raise(c.options.Folder, future, keep, log); err != nil || !set.Equal(future) {
		t.Errorf("raised to %v, %v; want the day of the build", set, err)
	}
	later := future.Add(24 * time.Hour)
	if err := os.Chtimes(file(c.options.Folder), later, later); err != nil {
		t.Fatal(err)
	}
	if err := Raise(c.options.Folder, future, keep, log); err != nil || set.Unix() != later.Unix() {
		t.Errorf("raised to %v, %v; want the last right time", set, err)
	}
}

func FuzzRead(f *testing.F) {
	public, private, _ := ed25519.GenerateKey(rand.Reader)
	good, _ := json.Marshal(wire.Time{Nonce: "n", Time: "2026-11-24T00:00:00Z", Signature: ed25519.Sign(private, wire.TimeText("n", "2026-11-24T00:00:00Z"))})
	f.Add(good)
	f.Fuzz(func(t *testing.T, b []byte) {
		if at, err := read(b, "n", public); err == nil && !at.Equal(time.Date(2026, 11, 24, 0, 0, 0, 0, time.UTC)) {
			t.Errorf("%v was never signed", at)
		}
	})
}
