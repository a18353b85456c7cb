package call

import (
	"encoding/json"
	"log/slog"
	"strings"
	"testing"
	"unicode/utf8"
)

// Whatever an adviser's page sends on the control channel, at most one event comes of it, and no text that may not be shown.
func FuzzControl(f *testing.F) {
	for _, s := range []string{
		`{"kind":"hung_up"}`, `{"kind":"muted","microphone":true,"camera":true}`, `{"kind":"photo"}`, `{"kind":"chat","text":"Bonjour,\nà quelle date ?"}`, `{"kind":"chat","text":"\u0007"}`,
		`{"kind":"chat","text":""}`, `{"kind":"phrase","phrase":"yes"}`, `{"kind":"presence","away":true}`, `{"kind":1}`, `null`, `{`, "{\"kind\":\"chat\",\"text\":\"\xff\"}",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, m []byte) {
		var events []Event
		p := &Peer{log: slog.New(slog.DiscardHandler), closed: make(chan struct{}), options: Options{Event: func(e Event) { events = append(events, e) }}}
		p.controlMessage(m)
		if len(events) > 1 || len(events) == 1 && !json.Valid(m) {
			t.Fatalf("%q makes %v", m, events)
		}
		for _, e := range events {
			switch e := e.(type) {
			case Wrote:
				if e.Text == "" || len(e.Text) > maxText || !utf8.ValidString(e.Text) || strings.ContainsAny(e.Text, "\x00\x07\x1b\r\t\u0085") {
					t.Errorf("%q lets %q through", m, e.Text)
				}
			case HungUp, PeerMuted, PhotoAsked:
			default:
				t.Errorf("%q makes %T", m, e)
			}
		}
	})
}
