package page

import (
	"encoding/json"
	"testing"
)

func FuzzWanted(f *testing.F) {
	for _, s := range []string{`{"key":0}`, `{"key":1}`, `{"key":2}`, `{"key":-1}`, `{"key":256}`, `{"key":"0"}`, `{"key":null}`, `{}`, `0`, `{"key":0`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, m []byte) {
		if stream, ok := wanted(m); ok && (stream >= streams || !json.Valid(m)) {
			t.Errorf("%q is taken for stream %d", m, stream)
		}
	})
}
