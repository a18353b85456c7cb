package signin

import (
	"crypto/tls"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"loiret.fr/visioborne/hub/account"
	"loiret.fr/visioborne/hub/audit"
	"loiret.fr/visioborne/hub/natstest"
)

const password = "un mot de passe assez long"

// open opens a sign-in on a store of its own, with one account of each role and one with a one-time password.
func open(t *testing.T, p Provider, now func() time.Time) (*SignIn, *account.Accounts) {
	t.Helper()
	js, _ := natstest.Open(t, t.TempDir())
	sessions, err := account.OpenSessions(t.Context(), js, now)
	if err != nil {
		t.Fatal(err)
	}
	log := slog.New(slog.DiscardHandler)
	record, err := audit.Open(t.Context(), js, audit.Keep, now, log)
	if err != nil {
		t.Fatal(err)
	}
	accounts, err := account.Open(t.Context(), js)
	if err != nil {
		t.Fatal(err)
	}
	// One hash for all: it is made to take time.
	hashed, err := account.New(account.Account{User: "a", Name: "A", Role: account.RoleManager}, password)
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range []account.Account{
		{User: "adviser", Role: account.RoleAdviser, Partner: "caf"},
		{User: "agent", Role: account.RoleAgent, Site: "gien"},
		{User: "manager", Role: account.RoleManager},
		{User: "hotline", Role: account.RoleHotline},
		{User: "administrator", Role: account.RoleAdministrator},
		{User: "new", Role: account.RoleManager},
	} {
		a.Name, a.Email = a.User, a.User+"@loiret.fr"
		a, err := account.New(a, "")
		a.Password = hashed.Password
		if err == nil && a.User == "new" {
			a.OneTime = now().Add(time.Hour)
		}
		if err == nil {
			err = accounts.Add(a, false)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	s, err := New(Options{Accounts: accounts, Sessions: sessions, Audit: record, Provider: p, Now: now, Log: log})
	if err != nil {
		t.Fatal(err)
	}
	return s, accounts
}

func ended(string, string) {}

// cookie begins a session and returns its cookie; none for nobody.
func cookie(t *testing.T, s *SignIn, accounts *account.Accounts, user string) *http.Cookie {
	t.Helper()
	if user == "" {
		return &http.Cookie{Name: "other", Value: "x"}
	}
	a, known, err := accounts.Find(user)
	if err != nil || !known {
		t.Fatalf("account %s: %t, %v", user, known, err)
	}
	token, err := s.options.Sessions.Begin(t.Context(), a, "")
	if err != nil {
		t.Fatal(err)
	}
	return &http.Cookie{Name: cookieName, Value: token}
}

// Whom the guard lets pass, and what it tells the others.
func TestRequire(t *testing.T) {
	s, accounts := open(t, Provider{}, time.Now)
	guarded := s.Require(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		a, ok := account.From(r.Context())
		if !ok {
			t.Error("the request carries no account")
		}
		_, _ = io.WriteString(w, a.User)
	}), account.RoleHotline, account.RoleAgent)
	const page, api = "text/html,*/*;q=0.8", "application/json"
	for _, c := range []struct {
		user, method, accept, origin string
		status                       int
		want                         string // of the answer, or the place that it sends to
	}{
		{"hotline", "GET", page, "", 200, "hotline"},
		{"agent", "GET", api, "", 200, "agent"},
		{"administrator", "GET", page, "", 200, "administrator"},
		{"adviser", "GET", page, "", 403, "administrateur"},
		{"adviser", "GET", api, "", 403, "administrateur"},
		{"", "GET", page, "", 303, "/sign-in?then=%2Fpage%3Fa%3Db"},
		{"", "HEAD", page, "", 303, "/sign-in?then=%2Fpage%3Fa%3Db"},
		{"", "GET", api, "", 401, "sign in at /sign-in"},
		{"", "POST", page, "http://hub.example", 401, "sign in at /sign-in"},
		{"new", "GET", page, "", 303, "/password"},
		{"new", "GET", api, "", 403, "change it at /password"},
		{"hotline", "POST", api, "http://hub.example", 200, "hotline"},
		{"hotline", "POST", api, "https://hub.example", 200, "hotline"},
		{"hotline", "POST", api, "", 403, "hub's own pages"},
		{"hotline", "POST", api, "null", 403, "hub's own pages"},
		{"hotline", "POST", api, "http://hub.example.evil.example", 403, "hub's own pages"},
		{"hotline", "DELETE", api, "http://evil.example", 403, "hub's own pages"},
		{"hotline", "PUT", api, "", 403, "hub's own pages"},
	} {
		r := httptest.NewRequest(c.method, "http://hub.example/page?a=b", nil)
		r.Header.Set("Accept", c.accept)
		if c.origin != "" {
			r.Header.Set("Origin", c.origin)
		}
		r.AddCookie(cookie(t, s, accounts, c.user))
		w := httptest.NewRecorder()
		guarded.ServeHTTP(w, r)
		if got := w.Header().Get("Location") + w.Body.String(); w.Code != c.status || c.method != "HEAD" && !strings.Contains(got, c.want) {
			t.Errorf("%+v: %d %s", c, w.Code, got)
		}
	}
}

// The session's cookie is the browser's alone, and over TLS this host's alone.
func TestCookie(t *testing.T) {
	s, _ := open(t, Provider{}, time.Now)
	mux := http.NewServeMux()
	s.Routes(mux, http.NotFoundHandler(), ended)
	for _, c := range []struct {
		what, name string
		change     func(*http.Request)
		secure     bool
	}{
		{"plain", cookieName, func(*http.Request) {}, false},
		{"TLS", securePrefix + cookieName, func(r *http.Request) {
			r.TLS = &tls.ConnectionState{}
			r.Header.Set("Origin", "https://hub.example")
		}, true},
		{"behind a proxy", securePrefix + cookieName, func(r *http.Request) { r.Header.Set("X-Forwarded-Proto", "https") }, true},
	} {
		r := httptest.NewRequest("POST", "http://hub.example/sign-in", strings.NewReader(`{"user":"manager","password":"`+password+`"}`))
		r.Header.Set("Origin", "http://hub.example")
		c.change(r)
		w := httptest.NewRecorder()
		mux.ServeHTTP(w, r)
		all := w.Result().Cookies()
		if w.Code != 200 || len(all) != 1 {
			t.Fatalf("%s: %d %s", c.what, w.Code, w.Body)
		}
		k := all[0]
		if k.Name != c.name || !k.HttpOnly || k.SameSite != http.SameSiteStrictMode || k.Secure != c.secure || k.Path != "/" || k.Domain != "" ||
			k.MaxAge != int(account.SessionLife.Seconds()) {
			t.Errorf("%s: %+v", c.what, k)
		}
	}
}

// A one-time password is good for its time, and guessing is slowed.
func TestSignIn(t *testing.T) {
	now := time.Now()
	s, _ := open(t, Provider{}, func() time.Time { return now })
	mux := http.NewServeMux()
	s.Routes(mux, http.NotFoundHandler(), ended)
	try := func(body, origin string) *httptest.ResponseRecorder {
		r := httptest.NewRequest("POST", "http://hub.example/sign-in", strings.NewReader(body))
		r.Header.Set("Origin", origin)
		w := httptest.NewRecorder()
		mux.ServeHTTP(w, r)
		return w
	}
	const own = "http://hub.example"
	right := func(user string) string { return `{"user":"` + user + `","password":"` + password + `"}` }
	for _, c := range []struct {
		body, origin string
		status       int
		want         string
	}{
		{right("manager"), own, 200, `"next":"/figures"`},
		{`{"user":"manager","password":"` + password + `","then":"/figures/2026"}`, own, 200, `"next":"/figures/2026"`},
		{`{"user":"manager","password":"` + password + `","then":"//evil.example"}`, own, 200, `"next":"/figures"`},
		{right("new"), own, 200, `"next":"/password"`},
		{right("manager"), "http://evil.example", 403, "own pages"},
		{right("nobody"), own, 401, "wrong"},
		{`{"user":"manager","password":""}`, own, 401, "wrong"},
		{`{"user":"manager"`, own, 400, "expected"},
		{right("manager") + "{}", own, 400, "follows"},
		{`{"user":"manager","role":"administrator"}`, own, 400, "expected"},
		{strings.Repeat(" ", maxBody) + right("manager"), own, 400, "expected"},
	} {
		if w := try(c.body, c.origin); w.Code != c.status || !strings.Contains(w.Body.String(), c.want) {
			t.Errorf("%.80s: %d %s", c.body, w.Code, w.Body)
		}
	}
	now = now.Add(2 * time.Hour)
	if w := try(right("new"), own); w.Code != 401 {
		t.Errorf("a one-time password after its time: %d", w.Code)
	}
	for range 5 {
		try(`{"user":"hotline","password":"x"}`, own)
	}
	w := try(right("hotline"), own)
	if w.Code != 429 || w.Header().Get("Retry-After") == "" {
		t.Errorf("after guesses: %d %s", w.Code, w.Body)
	}
	now = now.Add(10 * time.Minute)
	if w := try(right("hotline"), own); w.Code != 200 {
		t.Errorf("after a while: %d %s", w.Code, w.Body)
	}
}

func TestDestination(t *testing.T) {
	for then, want := range map[string]string{
		"/desk": "/desk", "/figures?month=2026-11": "/figures?month=2026-11", "/": "/",
		"": "", "desk": "", "//evil.example": "", "/\\evil.example": "", "https://evil.example": "", "/\tevil": "", "/ a": "", "/é": "",
		"/sign-in?then=/sign-in": "", "/" + strings.Repeat("x", 200): "",
	} {
		if got := destination(then); got != want {
			t.Errorf("%q: %q; want %q", then, got, want)
		}
	}
}

func FuzzDestination(f *testing.F) {
	for _, s := range []string{"/desk", "//x", "/\\x", "/\n/x", "/%2f/x"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		to := destination(s)
		if to == "" {
			return
		}
		u, err := httptest.NewRequest("GET", "http://hub.example/", nil).URL.Parse(to)
		if err == nil && u.Host != "hub.example" {
			t.Errorf("%q leads to %s", s, u)
		}
	})
}

func FuzzParseFlow(f *testing.F) {
	text, err := flow{secret(), secret(), secret(), "/desk"}.encode()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(text)
	f.Add("e30")
	f.Fuzz(func(t *testing.T, s string) {
		if got, err := parseFlow(s); err == nil && (len(got.State) < 43 || len(got.Nonce) < 43 || len(got.Verifier) < 43) {
			t.Errorf("%q was let in as %+v", s, got)
		}
	})
}

// A stranger whose address has no tries left uses up nobody's account.
func TestOneAddressLocksNobodyOut(t *testing.T) {
	now := time.Date(2026, 11, 25, 9, 0, 0, 0, time.UTC)
	s, _ := open(t, Provider{}, func() time.Time { return now })
	mux := http.NewServeMux()
	s.Routes(mux, http.NotFoundHandler(), ended)
	try := func(from, user, pass string) int {
		r := httptest.NewRequest("POST", "http://hub.example/sign-in", strings.NewReader(`{"user":"`+user+`","password":"`+pass+`"}`))
		r.Header.Set("Origin", "http://hub.example")
		r.RemoteAddr = from
		w := httptest.NewRecorder()
		mux.ServeHTTP(w, r)
		return w.Code
	}
	for i := range 20 {
		if code := try("198.51.100.7:1", fmt.Sprintf("nobody%d", i), "wrong"); code != http.StatusUnauthorized {
			t.Fatalf("try %d: %d", i, code)
		}
	}
	for range 50 {
		if code := try("198.51.100.7:2", "manager", "wrong"); code != http.StatusTooManyRequests {
			t.Fatalf("beyond the address's tries: %d", code)
		}
	}
	if code := try("203.0.113.9:1", "manager", password); code != http.StatusOK {
		t.Errorf("the account's own person: %d", code)
	}
}
