package enrol

import (
	"encoding/json"
	"errors"
	"net/http"
	"testing"
)

// Whatever a hub answers, a booth takes it for an enrolment, for a refusal with a reason, or for neither.
func FuzzRead(f *testing.F) {
	for _, s := range []string{`{"site":"gien","host_name":"borne-gien","user_jwt":"x"}`, `{"error":"unknown_code"}`, `{"error":""}`, `{"error":1}`, `<html>`, `null`, ``} {
		f.Add(200, []byte(s))
		f.Add(403, []byte(s))
	}
	f.Fuzz(func(t *testing.T, status int, body []byte) {
		_, err := read(status, body)
		var no Refused
		switch {
		case err == nil && (status != http.StatusOK || !json.Valid(body)):
			t.Errorf("%d %q was taken for an enrolment", status, body)
		case errors.As(err, &no) && (no.Reason == "" || status == http.StatusOK):
			t.Errorf("%d %q was taken for the refusal %q", status, body, no.Reason)
		}
	})
}
