package desk

import (
	"encoding/json"
	"fmt"
	"io"
	"math"
	"net"
	"net/http"
	"strconv"
	"time"

	"loiret.fr/visioborne/hub/account"
	"loiret.fr/visioborne/hub/web"
)

// cookie is the name of the session's cookie. Strict: no other site can make the browser send it.
const cookie = "visioborne_desk"

// maxSignIn is the largest sign-in.
const maxSignIn = 4 << 10

type credentials struct {
	User     string `json:"user"`
	Password string `json:"password"`
}

// problem is the answer to a sign-in that failed.
type problem struct {
	// Error is "wrong" or "too_many" or "unavailable", for the page to put in words.
	Error string `json:"error"`
	// RetrySeconds tells when to try again, with "too_many".
	RetrySeconds int `json:"retry_seconds,omitempty"`
}

func (d *Desks) signIn(w http.ResponseWriter, r *http.Request) {
	if !web.SameOrigin(r) {
		http.Error(w, "signing in: the request does not come from the desk's page", http.StatusForbidden)
		return
	}
	var c credentials
	body := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxSignIn))
	body.DisallowUnknownFields()
	if err := body.Decode(&c); err != nil {
		http.Error(w, "signing in: expected {\"user\":...,\"password\":...}", http.StatusBadRequest)
		return
	}
	if _, err := body.Token(); err != io.EOF {
		http.Error(w, "signing in: something follows the request", http.StatusBadRequest)
		return
	}
	user, from := "user "+c.User, "from "+remote(r)
	if wait := max(d.byUser.Try(user), d.byFrom.Try(from)); wait > 0 {
		seconds := int(math.Ceil(wait.Seconds()))
		w.Header().Set("Retry-After", strconv.Itoa(seconds))
		answer(w, http.StatusTooManyRequests, problem{"too_many", seconds})
		return
	}
	a, ok, err := d.check(r, c)
	switch {
	case err != nil:
		d.options.Log.Error("a sign-in could not be checked", "error", err)
		answer(w, http.StatusServiceUnavailable, problem{Error: "unavailable"})
		return
	case !ok:
		d.options.Log.Warn("sign-in refused", "from", remote(r))
		answer(w, http.StatusUnauthorized, problem{Error: "wrong"})
		return
	}
	d.byUser.Forgive(user)
	d.byFrom.Forgive(from)
	token, err := d.options.Sessions.Begin(r.Context(), a.User)
	if err != nil {
		d.options.Log.Error("a session could not be begun", "error", err)
		answer(w, http.StatusServiceUnavailable, problem{Error: "unavailable"})
		return
	}
	setCookie(w, r, token, account.SessionLife)
	w.WriteHeader(http.StatusNoContent)
}

// check finds the account of credentials. A few at a time: each takes memory.
func (d *Desks) check(r *http.Request, c credentials) (account.Account, bool, error) {
	select {
	case d.hashing <- struct{}{}:
		defer func() { <-d.hashing }()
	case <-r.Context().Done():
		return account.Account{}, false, fmt.Errorf("checking a password: %w", r.Context().Err())
	}
	a, _, err := d.options.Accounts.Find(c.User)
	if err != nil {
		return account.Account{}, false, err
	}
	return a, a.Matches(c.Password), nil
}

func (d *Desks) signOut(w http.ResponseWriter, r *http.Request) {
	if !web.SameOrigin(r) {
		http.Error(w, "signing out: the request does not come from the desk's page", http.StatusForbidden)
		return
	}
	token := tokenOf(r)
	user, err := d.options.Sessions.User(r.Context(), token)
	if err == nil && user != "" {
		err = d.options.Sessions.End(r.Context(), token)
	}
	if err != nil {
		d.options.Log.Error("a session could not be ended", "error", err)
		http.Error(w, "signing out: the hub cannot reach its store; try again", http.StatusServiceUnavailable)
		return
	}
	d.mu.Lock()
	if s := d.seats[user]; user != "" && s != nil && s.conn != nil && s.conn.token == token {
		s.conn.leave(ScreenSignedOut)
	}
	d.mu.Unlock()
	setCookie(w, r, "", -time.Second)
	w.WriteHeader(http.StatusNoContent)
}

func setCookie(w http.ResponseWriter, r *http.Request, token string, life time.Duration) {
	http.SetCookie(w, &http.Cookie{
		Name: cookie, Value: token, Path: "/desk", MaxAge: int(life.Seconds()),
		HttpOnly: true, SameSite: http.SameSiteStrictMode,
		// A proxy in front of the hub brings TLS; on loopback there is none.
		Secure: r.TLS != nil || r.Header.Get("X-Forwarded-Proto") == "https",
	})
}

func tokenOf(r *http.Request) string {
	c, err := r.Cookie(cookie)
	if err != nil {
		return ""
	}
	return c.Value
}

func answer(w http.ResponseWriter, status int, p problem) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	// The client may be gone; there is nobody else to tell.
	_ = json.NewEncoder(w).Encode(p)
}

// remote is the address that a request comes from, for the brake.
func remote(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}
