package signin

import (
	"bytes"
	"encoding/json"
	"testing"
)

// What a browser sends to sign in or to change a password is one object of known fields, or refused.
func FuzzBodies(f *testing.F) {
	for _, s := range []string{`{"user":"caf.1","password":"x","then":"/desk"}`, `{"old":"x","new":"y"}`, `{"user":"a"}{}`, `{"user":1}`, `null`, `[]`, "{\"user\":\"\xff\"}"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		var c credentials
		if decode(bytes.NewReader(b), &c) == nil {
			same(t, b, c)
		}
		var p passwords
		if decode(bytes.NewReader(b), &p) == nil {
			same(t, b, p)
		}
	})
}

// same: what was let in is the same when it is written and read again.
func same[B comparable](t *testing.T, b []byte, in B) {
	text, err := json.Marshal(in)
	if err != nil {
		t.Fatal(err)
	}
	var again B
	if err := decode(bytes.NewReader(text), &again); err != nil || again != in {
		t.Errorf("%s came back as %+v, %v", b, again, err)
	}
}

// Only a token that is for this hub alone, or names it among others, is.
func FuzzAudience(f *testing.F) {
	for _, s := range []string{`"hub"`, `["hub"]`, `["x","hub"]`, `"x"`, `[]`, `null`, `{"hub":1}`, `["hub"`} {
		f.Add([]byte(s))
	}
	p := &provider{Provider: Provider{ClientID: "hub"}}
	f.Fuzz(func(t *testing.T, b []byte) {
		if p.isAudience(b) && (!json.Valid(b) || !bytes.ContainsAny(b, "\"")) {
			t.Errorf("%s was taken for an audience", b)
		}
	})
}
