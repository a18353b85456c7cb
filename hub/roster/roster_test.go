package roster

import (
	"strings"
	"testing"
)

func TestDecode(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{`{}`, ""},
		{`{"user":"caf.1","name":"N","role":"adviser","partner":"caf","site":"","email":"","password":true}`, ""},
		{``, "expected the account's fields"},
		{`[]`, "expected the account's fields"},
		{`{"disabled":true}`, "expected the account's fields"},
		{`{}{}`, "something follows"},
	} {
		_, err := decode(strings.NewReader(c.in))
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%s: %v; want %q", c.in, err, c.want)
		}
	}
}

func FuzzDecode(f *testing.F) {
	f.Add(`{"user":"caf.1","name":"N","role":"adviser","partner":"caf"}`)
	f.Fuzz(func(t *testing.T, s string) {
		if _, err := decode(strings.NewReader(s)); err == nil && !strings.HasPrefix(strings.TrimSpace(s), "{") && strings.TrimSpace(s) != "null" {
			t.Errorf("%q was let in", s)
		}
	})
}
