package token

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/nats-io/nats.go/jetstream"

	"loiret.fr/visioborne/hub/natstest"
)

func open(t *testing.T) (*Store, jetstream.JetStream) {
	t.Helper()
	js, _ := natstest.Open(t, t.TempDir())
	store, err := OpenStore(t.Context(), js)
	if err != nil {
		t.Fatal(err)
	}
	return store, js
}

func TestTokens(t *testing.T) {
	s, js := open(t)
	now := time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	first, err := s.Add(t.Context(), "grafana", Read, now)
	if err != nil {
		t.Fatal(err)
	}
	second, err := s.Add(t.Context(), "centreon", Act, now)
	if err != nil || first == second {
		t.Fatal(err)
	}
	for _, name := range []string{"grafana", "", "Grafana", "a b", strings.Repeat("x", 41), "-"} {
		if _, err := s.Add(t.Context(), name, Read, now); err == nil {
			t.Errorf("a token of the name %q was made", name)
		}
	}
	for _, c := range []struct {
		secret string
		want   Token
		ok     bool
	}{
		{first, Token{"grafana", Read, now}, true},
		{second, Token{"centreon", Act, now}, true},
		{first[:len(first)-1], Token{}, false},
		{"", Token{}, false},
		{"vbt_" + strings.Repeat("x", 200), Token{}, false},
		{key(first), Token{}, false},
	} {
		got, ok, err := s.Find(t.Context(), c.secret)
		if err != nil || ok != c.ok || got != c.want {
			t.Errorf("%q: %+v, %v, %v", c.secret, got, ok, err)
		}
	}
	all, err := s.List(t.Context())
	if diff := cmp.Diff([]Token{{"centreon", Act, now}, {"grafana", Read, now}}, all); err != nil || diff != "" {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	// Whoever reads the store has no token.
	kv, err := js.KeyValue(t.Context(), bucketName)
	if err != nil {
		t.Fatal(err)
	}
	keys, err := kv.Keys(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range keys {
		entry, err := kv.Get(t.Context(), k)
		if err != nil || strings.Contains(k+string(entry.Value()), first) || strings.Contains(k+string(entry.Value()), second) {
			t.Errorf("%s: %s, %v", k, entry.Value(), err)
		}
	}
	if err := s.Remove(t.Context(), "grafana"); err != nil {
		t.Error(err)
	}
	if _, ok, _ := s.Find(t.Context(), first); ok {
		t.Error("a token that was removed still holds")
	}
	if err := s.Remove(t.Context(), "grafana"); err == nil {
		t.Error("a token that is not there was removed")
	}
}

func TestParseRole(t *testing.T) {
	for text, ok := range map[string]bool{"read": true, "act": true, "": false, "admin": false} {
		if _, err := ParseRole(text); (err == nil) != ok {
			t.Errorf("%q: %v", text, err)
		}
	}
}
