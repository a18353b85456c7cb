package maintenance

import (
	"crypto/sha256"
	"crypto/subtle"
	"log/slog"
	"net/http"
	"strconv"
	"sync"
	"time"
)

// user is the only one.
const user = "technicien"

const (
	// maxWrong passwords shut the door for pause.
	maxWrong = 5
	pause    = time.Minute
)

// door lets in who knows the password. It shuts for everybody when the wrong
// one was given too often: addresses are free in a room's network, so counting
// by address would count nothing, and would have to remember them all.
type door struct {
	user, password [sha256.Size]byte
	log            *slog.Logger
	now            func() time.Time

	mu    sync.Mutex
	wrong int
	until time.Time // shut until then
}

func newDoor(password string, log *slog.Logger) *door {
	return &door{user: sha256.Sum256([]byte(user)), password: sha256.Sum256([]byte(password)), log: log, now: time.Now}
}

// guard asks every request for the password.
func (d *door) guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name, password, given := r.BasicAuth()
		wait, in := d.knock(name, password, given, r.RemoteAddr)
		switch {
		case in:
			next.ServeHTTP(w, r)
		case wait > 0:
			w.Header().Set("Retry-After", strconv.Itoa(int(wait/time.Second)+1))
			http.Error(w, "Trop d’essais. Attendez une minute.", http.StatusTooManyRequests)
		default:
			w.Header().Set("WWW-Authenticate", `Basic realm="Visioborne", charset="UTF-8"`)
			http.Error(w, "Utilisateur technicien, et le mot de passe de maintenance.", http.StatusUnauthorized)
		}
	})
}

// knock tells whether the door opens, and otherwise for how long it is shut. A
// browser's first request has no password; that is not a wrong one. A right one
// does not make the wrong ones before it forgotten: while a technician works,
// somebody else may be guessing.
func (d *door) knock(name, password string, given bool, from string) (time.Duration, bool) {
	n, p := sha256.Sum256([]byte(name)), sha256.Sum256([]byte(password))
	right := subtle.ConstantTimeCompare(n[:], d.user[:])&subtle.ConstantTimeCompare(p[:], d.password[:]) == 1
	d.mu.Lock()
	defer d.mu.Unlock()
	now := d.now()
	if wait := d.until.Sub(now); wait > 0 {
		return wait, false
	}
	if right || !given {
		return 0, right && given
	}
	d.wrong++
	d.log.Warn("a wrong password for maintenance", "from", from)
	if d.wrong == maxWrong {
		d.wrong, d.until = 0, now.Add(pause)
	}
	return 0, false
}
