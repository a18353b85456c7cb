package reception

import (
	"net/http/httptest"
	"strings"
	"testing"

	"loiret.fr/visioborne/hub/wire"
)

// Whatever a page sends, nothing reaches a booth that it would not understand.
func FuzzDecode(f *testing.F) {
	for _, s := range []string{`{"partner":"caf"}`, `{"partner":""}`, `{"here":true}`, `{}`, `null`, `[`, ``, `{"partner":"caf"}{}`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, body string) {
		r := httptest.NewRequest("POST", "http://hub.example/reception/call", strings.NewReader(body))
		if _, err := decode[wire.AgentCall](r); err == nil {
			t.Fatal("a request from elsewhere was let in")
		}
		r.Header.Set("Origin", "http://hub.example")
		m, err := decode[wire.AgentCall](r)
		if err != nil {
			return
		}
		if _, err := wire.Encode(m); err != nil {
			t.Errorf("%q was let in: %v", body, err)
		}
	})
}
