// Package signin is the one way in for people: signing in with a password or
// by an OpenID Connect provider, the session's cookie, signing out, changing
// one's password, and the guard that every page of the hub stands behind.
//
// A request that changes something is let pass by the guard only when it comes
// from one of the hub's own pages; so no other site can have a signed-in
// browser do anything. Guessing is slowed, by account and by address.
//
// It opens no port, writes no file and starts no goroutine. It never logs a
// password, a token, a name or an address that somebody typed.
//
// Sources: RFC 6265bis (SameSite, __Host-), RFC 9700 (OAuth 2.0 security),
// OpenID Connect Core 1.0 and RP-Initiated Logout 1.0, OWASP ASVS 5.
package signin

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"

	"loiret.fr/visioborne/hub/account"
	"loiret.fr/visioborne/hub/audit"
	"loiret.fr/visioborne/hub/web"
)

const (
	// cookieName is the session's. Over TLS it has a prefix with which a browser
	// takes it from this very host only (RFC 6265bis, 4.1.3.2).
	cookieName   = "visioborne"
	securePrefix = "__Host-"
	// maxBody is the largest request.
	maxBody = 4 << 10
	// toldEvery is how often guessing at one account, or from one address, is put on record.
	toldEvery = 10 * time.Minute
)

// Options are what signing in needs.
type Options struct {
	Accounts *account.Accounts
	Sessions *account.Sessions
	Audit    *audit.Log
	// Provider is the OpenID Connect provider; its zero value is none.
	Provider Provider
	// Share has other hubs count the tries of a brake of a name too; nil where there are none.
	Share func(name string, b *account.Brake) error
	Now   func() time.Time
	Log   *slog.Logger
}

// SignIn is who has signed in.
type SignIn struct {
	options  Options
	provider *provider // nil: none is configured
	byUser   *account.Brake
	byFrom   *account.Brake
	told     *account.Brake
	hashing  chan struct{} // one slot for each password that may be checked at a time
}

// New returns a SignIn. It fails when the provider is not described well.
func New(o Options) (*SignIn, error) {
	s := &SignIn{
		options: o,
		byUser:  account.NewBrake(5, 30*time.Second, o.Now),
		byFrom:  account.NewBrake(20, 3*time.Second, o.Now),
		told:    account.NewBrake(1, toldEvery, o.Now),
		hashing: make(chan struct{}, 2),
	}
	if o.Share != nil {
		if err := errors.Join(o.Share("user", s.byUser), o.Share("from", s.byFrom), o.Share("told", s.told)); err != nil {
			return nil, err
		}
	}
	var err error
	if o.Provider.Issuer != "" {
		s.provider, err = newProvider(o.Provider, o.Now)
	}
	return s, err
}

// Routes adds the sign-in to mux. pages are its files. ended is called when somebody has signed out, with the account's
// user and the session's token.
func (s *SignIn) Routes(mux *http.ServeMux, pages http.Handler, ended func(user, token string)) {
	mux.Handle("GET /sign-in", pages)
	mux.Handle("GET /sign-in/", pages)
	mux.HandleFunc("GET /sign-in/state", s.serveState)
	mux.Handle("POST /sign-in", sameOrigin(http.HandlerFunc(s.signIn)))
	mux.Handle("POST /sign-out", sameOrigin(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { s.signOut(w, r, ended) })))
	mux.HandleFunc("GET /sign-in/provider", s.toProvider)
	mux.HandleFunc("GET /sign-in/callback", s.fromProvider)
	mux.Handle("GET /password", s.guard(pages, true, account.Roles()...))
	mux.Handle("GET /password/", pages)
	mux.Handle("POST /password", s.guard(http.HandlerFunc(s.changePassword), true, account.Roles()...))
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) {
		a, _, err := s.who(r.Context(), tokenOf(r))
		if err != nil {
			s.unavailable(w, "finding a session", err)
			return
		}
		http.Redirect(w, r, home(a), http.StatusSeeOther)
	})
}

// home is the page that an account begins with; the sign-in for nobody.
func home(a account.Account) string {
	if !a.OneTime.IsZero() {
		return "/password"
	}
	switch a.Role {
	case account.RoleAdviser:
		return "/desk"
	case account.RoleHotline:
		return "/hotline"
	case account.RoleAgent, account.RoleManager:
		return "/figures"
	case account.RoleAdministrator:
		return "/accounts"
	}
	return "/sign-in"
}

// destination is where a page wanted to go before it was sent to sign in; "" where that is not a page of this hub.
func destination(then string) string {
	// "//host" and "/\host" are other hosts to a browser, which also leaves tabs and line feeds out.
	if len(then) > 200 || !strings.HasPrefix(then, "/") || strings.HasPrefix(then, "//") || strings.HasPrefix(then, "/sign-in") {
		return ""
	}
	for _, c := range []byte(then) {
		if c <= ' ' || c >= 0x7f || c == '\\' {
			return ""
		}
	}
	return then
}

// next is the page for somebody who has just signed in.
func next(a account.Account, then string) string {
	if to := destination(then); to != "" && a.OneTime.IsZero() {
		return to
	}
	return home(a)
}

type credentials struct {
	User     string `json:"user"`
	Password string `json:"password"`
	// Then is the page that was wanted.
	Then string `json:"then"`
}

// problem is the answer to what failed.
type problem struct {
	// Error is "wrong", "too_many", "unavailable" and the like, for the page to put in words.
	Error string `json:"error"`
	// RetrySeconds tells when to try again, with "too_many".
	RetrySeconds int `json:"retry_seconds,omitempty"`
}

// onward says which page comes next.
type onward struct {
	Next string `json:"next"`
}

// state is what the sign-in's page, and a page whose websocket has closed, need to know.
type state struct {
	// Provider is the name on the provider's button; "" when there is none.
	Provider string `json:"provider"`
	// SignedIn: the browser has a session.
	SignedIn bool `json:"signed_in"`
	// User and Name are the account's, Home its first page.
	User string       `json:"user,omitempty"`
	Name string       `json:"name,omitempty"`
	Role account.Role `json:"role,omitempty"`
	Home string       `json:"home,omitempty"`
}

func (s *SignIn) serveState(w http.ResponseWriter, r *http.Request) {
	st := state{Provider: s.options.Provider.Name}
	if s.provider == nil {
		st.Provider = ""
	}
	a, ok, err := s.who(r.Context(), tokenOf(r))
	if err != nil {
		s.unavailable(w, "finding a session", err)
		return
	}
	if ok {
		st.SignedIn, st.User, st.Name, st.Role, st.Home = true, a.User, a.Name, a.Role, home(a)
	}
	web.Answer(w, http.StatusOK, st)
}

func (s *SignIn) signIn(w http.ResponseWriter, r *http.Request) {
	var c credentials
	if err := decode(http.MaxBytesReader(w, r.Body, maxBody), &c); err != nil {
		http.Error(w, "signing in: "+err.Error()+"; expected {\"user\":...,\"password\":...}", http.StatusBadRequest)
		return
	}
	a, ok := s.prove(w, r, c.User, c.Password)
	if !ok {
		return
	}
	if !s.begin(w, r, a, "") {
		return
	}
	web.Answer(w, http.StatusOK, onward{next(a, c.Then)})
}

// prove finds the account whose password that is, and answers the request when there is none.
func (s *SignIn) prove(w http.ResponseWriter, r *http.Request, user, password string) (account.Account, bool) {
	byUser, byFrom := "user "+user, "from "+web.Remote(r)
	wait := s.byFrom.Try(byFrom)
	if wait == 0 { // who is stopped by the address must not use up an account's tries
		wait = s.byUser.Try(byUser)
	}
	if wait > 0 {
		s.tell(r, user)
		seconds := int(math.Ceil(wait.Seconds()))
		w.Header().Set("Retry-After", strconv.Itoa(seconds))
		web.Answer(w, http.StatusTooManyRequests, problem{"too_many", seconds})
		return account.Account{}, false
	}
	a, ok, err := s.check(r, user, password)
	switch {
	case err != nil:
		s.unavailable(w, "checking a sign-in", err)
		return account.Account{}, false
	case !ok:
		s.options.Log.Warn("sign-in refused", "from", web.Remote(r))
		web.Answer(w, http.StatusUnauthorized, problem{Error: "wrong"})
		return account.Account{}, false
	}
	s.byUser.Forgive(byUser)
	s.byFrom.Forgive(byFrom)
	return a, true
}

// check finds the account of credentials. A few at a time: each takes memory.
func (s *SignIn) check(r *http.Request, user, password string) (account.Account, bool, error) {
	select {
	case s.hashing <- struct{}{}:
		defer func() { <-s.hashing }()
	case <-r.Context().Done():
		return account.Account{}, false, fmt.Errorf("checking a password: %w", r.Context().Err())
	}
	a, _, err := s.options.Accounts.Find(user)
	if err != nil {
		return account.Account{}, false, err
	}
	right := a.Matches(password)
	late := !a.OneTime.IsZero() && s.options.Now().After(a.OneTime)
	return a, right && !late && !a.Disabled, nil
}

// tell puts guessing on record, once in a while. What was typed is named only if it is an account: it may be a password.
func (s *SignIn) tell(r *http.Request, user string) {
	a, known, err := s.options.Accounts.Find(user)
	if err != nil {
		s.options.Log.Error("an account could not be looked up", "error", err)
		return
	}
	e := audit.Entry{Action: "sign_in_slowed", Detail: "from=" + web.Remote(r)}
	once := e.Detail
	if known {
		// From however many addresses: no stranger fills the record.
		e.Detail, once = "user="+a.User+" "+e.Detail, "user="+a.User
	}
	if s.told.Try(once) > 0 {
		return
	}
	if err := s.options.Audit.Record(r.Context(), e); err != nil {
		s.options.Log.Error("guessing could not be recorded", "error", err)
	}
}

// begin begins a session and sets its cookie; it answers the request when it cannot.
func (s *SignIn) begin(w http.ResponseWriter, r *http.Request, a account.Account, idToken string) bool {
	token, err := s.options.Sessions.Begin(r.Context(), a, idToken)
	if err != nil {
		s.unavailable(w, "beginning a session", err)
		return false
	}
	setCookie(w, r, cookieName, token, account.SessionLife, http.SameSiteStrictMode)
	return true
}

func (s *SignIn) signOut(w http.ResponseWriter, r *http.Request, ended func(user, token string)) {
	token := tokenOf(r)
	found, ok, err := s.options.Sessions.Find(r.Context(), token)
	if err == nil && ok {
		err = s.options.Sessions.End(r.Context(), token)
	}
	if err != nil {
		s.unavailable(w, "ending a session", err)
		return
	}
	to := "/sign-in"
	if ok {
		ended(found.User, token)
		if found.IDToken != "" && s.provider != nil {
			to = s.provider.signOutURL(found.IDToken, to)
		}
	}
	setCookie(w, r, cookieName, "", -time.Second, http.SameSiteStrictMode)
	web.Answer(w, http.StatusOK, onward{to})
}

type passwords struct {
	Old string `json:"old"`
	New string `json:"new"`
}

// changePassword ends all of the account's sessions and begins one for this browser.
func (s *SignIn) changePassword(w http.ResponseWriter, r *http.Request) {
	var p passwords
	if err := decode(http.MaxBytesReader(w, r.Body, maxBody), &p); err != nil {
		http.Error(w, "changing a password: "+err.Error()+"; expected {\"old\":...,\"new\":...}", http.StatusBadRequest)
		return
	}
	signedIn, _ := account.From(r.Context())
	if signedIn.Password == "" {
		web.Answer(w, http.StatusConflict, problem{Error: "no_password"})
		return
	}
	a, ok := s.prove(w, r, signedIn.User, p.Old)
	if !ok {
		return
	}
	if p.Old == p.New {
		web.Answer(w, http.StatusUnprocessableEntity, problem{Error: "same"})
		return
	}
	changed, err := a.WithPassword(p.New)
	var invalid *account.InvalidError
	if errors.As(err, &invalid) {
		web.Answer(w, http.StatusUnprocessableEntity, problem{Error: invalid.Field})
		return
	}
	if err == nil {
		err = s.options.Audit.Record(r.Context(), audit.Entry{Who: a.User, Action: "password_changed"})
	}
	if err == nil {
		err = s.options.Accounts.Change(a.User, func(now account.Account) (account.Account, error) {
			if now.Password != a.Password {
				return now, errors.New("the password has been changed meanwhile")
			}
			now.Password, now.OneTime, now.Epoch = changed.Password, changed.OneTime, changed.Epoch
			return now, nil
		})
	}
	if errors.Is(err, account.ErrUnknown) { // it lives in memory only
		web.Answer(w, http.StatusConflict, problem{Error: "demonstration"})
		return
	}
	if err != nil {
		s.unavailable(w, "changing a password", err)
		return
	}
	if s.begin(w, r, changed, "") {
		web.Answer(w, http.StatusOK, onward{home(changed)})
	}
}

func (s *SignIn) unavailable(w http.ResponseWriter, doing string, err error) {
	if !errors.Is(err, context.Canceled) {
		s.options.Log.Error("signing in does not work", "error", fmt.Errorf("%s: %w", doing, err))
	}
	web.Answer(w, http.StatusServiceUnavailable, problem{Error: "unavailable"})
}

// secure tells whether the browser speaks TLS. A proxy in front of the hub may bring it; on loopback there is none.
func secure(r *http.Request) bool {
	return r.TLS != nil || r.Header.Get("X-Forwarded-Proto") == "https"
}

func nameOf(r *http.Request, name string) string {
	if secure(r) {
		return securePrefix + name
	}
	return name
}

func setCookie(w http.ResponseWriter, r *http.Request, name, value string, life time.Duration, mode http.SameSite) {
	http.SetCookie(w, &http.Cookie{
		Name: nameOf(r, name), Value: value, Path: "/", MaxAge: int(life.Seconds()),
		HttpOnly: true, SameSite: mode, Secure: secure(r),
	})
}

func cookieOf(r *http.Request, name string) string {
	c, err := r.Cookie(nameOf(r, name))
	if err != nil {
		return ""
	}
	return c.Value
}

func tokenOf(r *http.Request) string { return cookieOf(r, cookieName) }

func sameOrigin(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !web.SameOrigin(r) {
			http.Error(w, "the request does not come from one of the hub's own pages", http.StatusForbidden)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// decode reads one JSON object and nothing else.
func decode(body io.Reader, into any) error {
	d := json.NewDecoder(body)
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		return errors.New("the request is not what it should be")
	}
	if _, err := d.Token(); err != io.EOF {
		return errors.New("something follows the request")
	}
	return nil
}
