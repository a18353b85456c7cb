package enrol

import (
	"crypto/ed25519"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"time"

	"loiret.fr/visioborne/hub/account"
	"loiret.fr/visioborne/hub/web"
	"loiret.fr/visioborne/hub/wire"
)

// brakes keep codes from being guessed. A code is one of 2^40 and lives for
// seven days; at a try a second, all hubs' guessers together have one chance in
// a million to hit one of a hundred open codes.
type brakes struct {
	address, all *account.Brake
}

func newBrakes(now func() time.Time) brakes {
	return brakes{
		address: account.NewBrake(10, 30*time.Second, now),
		all:     account.NewBrake(60, time.Second, now),
	}
}

// Routes adds enrolment and the hub's time.
func (e *Enrolment) Routes(mux *http.ServeMux, timeKey ed25519.PrivateKey) {
	mux.HandleFunc("POST "+wire.EnrolPath, e.serveEnrol)
	mux.HandleFunc("GET "+wire.TimePath, func(w http.ResponseWriter, r *http.Request) { e.serveTime(w, r, timeKey) })
}

func (e *Enrolment) serveEnrol(w http.ResponseWriter, r *http.Request) {
	refuse := func(status int, why wire.EnrolError) {
		answer(w, status, wire.NotEnrolled{Error: why})
	}
	address := web.Remote(r)
	if e.brakes.address.Try(address) > 0 || e.brakes.all.Try("") > 0 {
		refuse(http.StatusTooManyRequests, wire.EnrolTooMany)
		return
	}
	var q wire.Enrol
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, wire.EnrolMaxBytes)).Decode(&q); err != nil {
		refuse(http.StatusBadRequest, wire.EnrolBadRequest)
		return
	}
	a, refusal, err := e.enrol(r.Context(), q)
	switch {
	case err != nil:
		e.options.Log.Error("enrolling a booth", "error", err)
		refuse(http.StatusServiceUnavailable, wire.EnrolUnavailable)
	case refusal != "":
		e.options.Log.Warn("a booth was not enrolled", "reason", string(refusal))
		refuse(http.StatusForbidden, refusal)
	default:
		e.brakes.address.Forgive(address)
		e.brakes.all.Forgive("")
		e.options.Log.Info("booth enrolled", "site", a.Site)
		answer(w, http.StatusOK, a)
	}
}

// serveTime tells the time to a booth whose clock may be wrong, and which
// therefore cannot judge the dates of this hub's certificate.
func (e *Enrolment) serveTime(w http.ResponseWriter, r *http.Request, key ed25519.PrivateKey) {
	nonce := r.URL.Query().Get("nonce")
	if b, err := hex.DecodeString(nonce); err != nil || len(b) < 16 || len(b) > 64 {
		http.Error(w, "nonce: expected 16 to 64 bytes in hexadecimal", http.StatusBadRequest)
		return
	}
	t := wire.Time{Time: e.options.Now().UTC().Format(time.RFC3339Nano), Nonce: nonce}
	t.Signature = ed25519.Sign(key, wire.TimeText(t.Nonce, t.Time))
	answer(w, http.StatusOK, t)
}

func answer(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Cache-Control", "no-store")
	web.Answer(w, status, v)
}
