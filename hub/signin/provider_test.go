package signin

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"

	"loiret.fr/visioborne/hub/account"
)

// testProvider is a small OpenID Connect provider of ProConnect's profile: it checks what a client sends, and tells what
// the test has it tell.
type testProvider struct {
	t      *testing.T
	url    string
	signer jose.Signer
	keys   jose.JSONWebKeySet

	mu     sync.Mutex
	asked  url.Values // the last authorization request
	id     map[string]any
	user   map[string]any
	plain  bool // the particulars come unsigned
	noPKCE bool
	broken string // the path that answers 500
}

const clientSecret = "a secret: with + and &"

func openProvider(t *testing.T) *testProvider {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	p := &testProvider{t: t, keys: jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: key.Public(), KeyID: "k", Algorithm: "ES256", Use: "sig"}}}}
	if p.signer, err = newSigner(key); err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /.well-known/openid-configuration", p.configuration)
	mux.HandleFunc("GET /jwks", func(w http.ResponseWriter, _ *http.Request) { p.answer(w, p.keys) })
	mux.HandleFunc("POST /token", p.token)
	mux.HandleFunc("GET /userinfo", p.userinfo)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p.mu.Lock()
		broken := p.broken
		p.mu.Unlock()
		if broken == r.URL.Path {
			http.Error(w, "secret particulars", http.StatusInternalServerError)
			return
		}
		mux.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	p.url = server.URL
	return p
}

func newSigner(key *ecdsa.PrivateKey) (jose.Signer, error) {
	return jose.NewSigner(jose.SigningKey{Algorithm: jose.ES256, Key: jose.JSONWebKey{Key: key, KeyID: "k"}}, nil)
}

// signWith has the provider sign with another algorithm. It tells of the key if that is public.
func (p *testProvider) signWith(algorithm jose.SignatureAlgorithm, key any) {
	p.t.Helper()
	k := jose.JSONWebKey{Key: key, KeyID: "k", Algorithm: string(algorithm), Use: "sig"}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: algorithm, Key: k}, nil)
	if err != nil {
		p.t.Fatal(err)
	}
	p.signer = signer
	if public := k.Public(); public.Key != nil {
		p.keys.Keys = []jose.JSONWebKey{public}
	}
}

func (p *testProvider) answer(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	if err := json.NewEncoder(w).Encode(v); err != nil {
		p.t.Error(err)
	}
}

func (p *testProvider) configuration(w http.ResponseWriter, _ *http.Request) {
	c := map[string]any{
		"issuer": p.url, "authorization_endpoint": p.url + "/authorize", "token_endpoint": p.url + "/token",
		"userinfo_endpoint": p.url + "/userinfo", "jwks_uri": p.url + "/jwks", "end_session_endpoint": p.url + "/session/end",
		"id_token_signing_alg_values_supported": []string{"RS256", "ES256", "HS256"},
		"token_endpoint_auth_methods_supported": []string{"client_secret_post"},
	}
	if !p.noPKCE {
		c["code_challenge_methods_supported"] = []string{"S256"}
	}
	p.answer(w, c)
}

// authorize takes the browser's request, which the test passes on, and returns how the provider sends it back.
func (p *testProvider) authorize(location string) url.Values {
	p.t.Helper()
	u, err := url.Parse(location)
	if err != nil || !strings.HasPrefix(location, p.url+"/authorize?") {
		p.t.Fatalf("the browser is sent to %s, %v", location, err)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.asked = u.Query()
	now := time.Now()
	p.id = map[string]any{
		"iss": p.url, "aud": "hub", "sub": "s-1", "nonce": p.asked.Get("nonce"), "acr": "eidas1",
		"iat": now.Unix(), "exp": now.Add(time.Minute).Unix(),
	}
	p.user = map[string]any{
		"iss": p.url, "aud": "hub", "sub": "s-1", "exp": now.Add(time.Minute).Unix(),
		"email": "Hotline@Loiret.FR", "given_name": "Camille", "usual_name": "Petit", "siret": "22450001700013",
	}
	return url.Values{"code": {"the-code"}, "state": {p.asked.Get("state")}, "iss": {p.url}}
}

func (p *testProvider) token(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	form := func(name, want string) bool {
		if got := r.PostFormValue(name); got != want {
			http.Error(w, `{"error":"invalid_grant"}`, http.StatusBadRequest)
			return false
		}
		return true
	}
	if !form("grant_type", "authorization_code") || !form("code", "the-code") || !form("client_id", "hub") || !form("client_secret", clientSecret) ||
		!form("redirect_uri", p.asked.Get("redirect_uri")) {
		return
	}
	if challenge := p.asked.Get("code_challenge"); challenge != "" {
		sum := sha256.Sum256([]byte(r.PostFormValue("code_verifier")))
		if base64.RawURLEncoding.EncodeToString(sum[:]) != challenge {
			http.Error(w, `{"error":"invalid_grant"}`, http.StatusBadRequest)
			return
		}
	}
	p.answer(w, map[string]any{"access_token": "access", "token_type": "Bearer", "expires_in": 60, "id_token": p.sign(p.signer, p.id)})
}

func (p *testProvider) sign(signer jose.Signer, claims map[string]any) string {
	text, err := jwt.Signed(signer).Claims(claims).Serialize()
	if err != nil {
		p.t.Error(err)
	}
	return text
}

func (p *testProvider) userinfo(w http.ResponseWriter, r *http.Request) {
	if r.Header.Get("Authorization") != "Bearer access" {
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.plain {
		p.answer(w, p.user)
		return
	}
	w.Header().Set("Content-Type", "application/jwt")
	if _, err := w.Write([]byte(p.sign(p.signer, p.user))); err != nil {
		p.t.Error(err)
	}
}

// as describes the provider to the hub.
func (p *testProvider) as() Provider {
	return Provider{
		Name: "ProConnect", Issuer: p.url, ClientID: "hub", ClientSecret: clientSecret,
		Scopes: []string{"email"}, Levels: []string{"eidas1"}, Public: "http://127.0.0.1:8090",
	}
}

// browser keeps cookies, and follows nothing.
type browser struct {
	mux     *http.ServeMux
	cookies map[string]*http.Cookie
}

func (b *browser) do(method, path string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, "http://127.0.0.1:8090"+path, nil)
	r.Header.Set("Origin", "http://127.0.0.1:8090")
	for _, c := range b.cookies {
		r.AddCookie(c)
	}
	w := httptest.NewRecorder()
	b.mux.ServeHTTP(w, r)
	for _, c := range w.Result().Cookies() {
		if c.MaxAge < 0 {
			delete(b.cookies, c.Name)
		} else {
			b.cookies[c.Name] = c
		}
	}
	return w
}

func openBrowser(s *SignIn) *browser {
	mux := http.NewServeMux()
	s.Routes(mux, http.NotFoundHandler(), ended)
	return &browser{mux, map[string]*http.Cookie{}}
}

// Somebody goes to the provider, comes back, and signs out at both.
func TestProvider(t *testing.T) {
	for _, noPKCE := range []bool{false, true} {
		p := openProvider(t)
		p.noPKCE = noPKCE
		s, _ := open(t, p.as(), time.Now)
		b := openBrowser(s)
		w := b.do("GET", "/sign-in/provider?then=/hotline")
		k := b.cookies[flowCookie]
		if w.Code != 303 || k == nil || k.SameSite != http.SameSiteLaxMode || !k.HttpOnly || k.MaxAge != 600 {
			t.Fatalf("to the provider: %d, %+v", w.Code, k)
		}
		back := p.authorize(w.Header().Get("Location"))
		for name, want := range map[string]string{
			"response_type": "code", "client_id": "hub", "redirect_uri": "http://127.0.0.1:8090/sign-in/callback",
			"scope": "openid email", "acr_values": "eidas1",
		} {
			if got := p.asked.Get(name); got != want {
				t.Errorf("%s is %q; want %q", name, got, want)
			}
		}
		if len(p.asked.Get("state")) < 32 || len(p.asked.Get("nonce")) < 32 || (p.asked.Get("code_challenge_method") == "S256") == noPKCE {
			t.Errorf("asked with %v", p.asked)
		}
		w = b.do("GET", "/sign-in/callback?"+back.Encode())
		if got := w.Header().Get("Location"); w.Code != 303 || got != "/sign-in?then=%2Fhotline" {
			t.Fatalf("back from the provider: %d %s", w.Code, got)
		}
		if b.cookies[flowCookie] != nil || b.cookies[cookieName] == nil || b.cookies[cookieName].SameSite != http.SameSiteStrictMode {
			t.Errorf("cookies %v", b.cookies)
		}
		w = b.do("GET", "/sign-in/state")
		if !strings.Contains(w.Body.String(), `"user":"hotline"`) || !strings.Contains(w.Body.String(), `"provider":"ProConnect"`) {
			t.Errorf("state %s", w.Body)
		}
		// A second time, from a copied address, nobody gets in.
		if w := openBrowser(s).do("GET", "/sign-in/callback?"+back.Encode()); w.Header().Get("Location") != "/sign-in?problem=state" {
			t.Errorf("again: %s", w.Header().Get("Location"))
		}
		var out onward
		if w = b.do("POST", "/sign-out"); json.Unmarshal(w.Body.Bytes(), &out) != nil {
			t.Fatalf("signing out: %s", w.Body)
		}
		u, err := url.Parse(out.Next)
		if err != nil || !strings.HasPrefix(out.Next, p.url+"/session/end?") || strings.Count(u.Query().Get("id_token_hint"), ".") != 2 ||
			len(u.Query().Get("state")) < 32 || u.Query().Get("post_logout_redirect_uri") != "http://127.0.0.1:8090/sign-in" {
			t.Errorf("signing out leads to %s", out.Next)
		}
		if b.cookies[cookieName] != nil {
			t.Error("the cookie outlived the session")
		}
	}
}

// What comes back wrong lets nobody in.
func TestProviderRefuses(t *testing.T) {
	other, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	forger, err := newSigner(other)
	if err != nil {
		t.Fatal(err)
	}
	long, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	past := time.Now().Add(-2 * time.Minute).Unix()
	for _, c := range []struct {
		what   string
		change func(p *testProvider, back url.Values)
		want   string
	}{
		{"nothing wrong, unsigned", func(p *testProvider, _ url.Values) { p.plain = true }, ""},
		{"nothing wrong, with RS256", func(p *testProvider, _ url.Values) { p.signWith(jose.RS256, long) }, ""},
		{"a shared secret for a key", func(p *testProvider, _ url.Values) { p.signWith(jose.HS256, []byte(clientSecret+clientSecret)) }, problemProvider},
		{"another algorithm", func(p *testProvider, _ url.Values) { p.signWith(jose.PS256, long) }, problemProvider},
		{"a wrong state", func(_ *testProvider, back url.Values) { back.Set("state", secret()) }, problemState},
		{"no state", func(_ *testProvider, back url.Values) { back.Del("state") }, problemState},
		{"a wrong nonce", func(p *testProvider, _ url.Values) { p.id["nonce"] = secret() }, problemState},
		{"no nonce", func(p *testProvider, _ url.Values) { delete(p.id, "nonce") }, problemState},
		{"an expired token", func(p *testProvider, _ url.Values) { p.id["exp"] = past }, problemProvider},
		{"another client's token", func(p *testProvider, _ url.Values) { p.id["aud"] = "other" }, problemProvider},
		{"another issuer's token", func(p *testProvider, _ url.Values) { p.id["iss"] = "https://evil.example" }, problemProvider},
		{"another provider's answer", func(_ *testProvider, back url.Values) { back.Set("iss", "https://evil.example") }, problemProvider},
		{"a forged token", func(p *testProvider, _ url.Values) { p.signer = forger }, problemProvider},
		{"a lower level", func(p *testProvider, _ url.Values) { p.id["acr"] = "eidas0" }, problemLevel},
		{"no level", func(p *testProvider, _ url.Values) { delete(p.id, "acr") }, problemLevel},
		{"a wrong code", func(_ *testProvider, back url.Values) { back.Set("code", "other") }, problemProvider},
		{"a wrong challenge", func(p *testProvider, _ url.Values) { p.asked.Set("code_challenge", "other") }, problemProvider},
		{"access denied", func(_ *testProvider, back url.Values) { back.Set("error", "access_denied") }, problemRefused},
		{"somebody else's particulars", func(p *testProvider, _ url.Values) { p.user["sub"] = "s-2" }, problemProvider},
		{"another client's particulars", func(p *testProvider, _ url.Values) { p.user["aud"] = []string{"other"} }, problemProvider},
		{"another issuer's particulars", func(p *testProvider, _ url.Values) { p.user["iss"] = "https://evil.example" }, problemProvider},
		{"expired particulars", func(p *testProvider, _ url.Values) { p.user["exp"] = past }, problemProvider},
		{"an unverified address", func(p *testProvider, _ url.Values) { p.user["email_verified"] = false }, problemProvider},
		{"no address", func(p *testProvider, _ url.Values) { delete(p.user, "email") }, problemProvider},
		{"an unknown address", func(p *testProvider, _ url.Values) { p.user["email"] = "x@loiret.fr" }, problemUnknown},
		{"a disabled account", func(p *testProvider, _ url.Values) { p.user["email"] = "manager@loiret.fr" }, problemUnknown},
		{"no token page", func(p *testProvider, _ url.Values) { p.broken = "/token" }, problemProvider},
		{"no particulars page", func(p *testProvider, _ url.Values) { p.broken = "/userinfo" }, problemProvider},
	} {
		p := openProvider(t)
		s, accounts := open(t, p.as(), time.Now)
		if err := accounts.Change("manager", func(a account.Account) (account.Account, error) { a.Disabled = true; return a, nil }); err != nil {
			t.Fatal(err)
		}
		b := openBrowser(s)
		back := p.authorize(b.do("GET", "/sign-in/provider").Header().Get("Location"))
		p.mu.Lock()
		c.change(p, back)
		p.mu.Unlock()
		w := b.do("GET", "/sign-in/callback?"+back.Encode())
		want := "/sign-in?problem=" + c.want
		if c.want == "" {
			want = "/sign-in?then=%2Fhotline"
		}
		if got := w.Header().Get("Location"); got != want {
			t.Errorf("%s: the browser is sent to %s; want %s", c.what, got, want)
		}
		if (b.cookies[cookieName] != nil) != (c.want == "") {
			t.Errorf("%s: cookies %v", c.what, b.cookies)
		}
	}
}

// While the provider is away, passwords work; when it is back, so does it.
func TestProviderAway(t *testing.T) {
	p := openProvider(t)
	p.broken = "/.well-known/openid-configuration"
	now := time.Now()
	s, _ := open(t, p.as(), func() time.Time { return now })
	b := openBrowser(s)
	if w := b.do("GET", "/sign-in/provider"); w.Header().Get("Location") != "/sign-in?problem=provider" {
		t.Errorf("away: %d %s", w.Code, w.Header().Get("Location"))
	}
	p.mu.Lock()
	p.broken = ""
	p.mu.Unlock()
	if w := b.do("GET", "/sign-in/provider"); w.Header().Get("Location") != "/sign-in?problem=provider" {
		t.Errorf("at once it is not asked again: %s", w.Header().Get("Location"))
	}
	now = now.Add(retryAfter)
	p.authorize(b.do("GET", "/sign-in/provider").Header().Get("Location"))
}

func TestProviderOptions(t *testing.T) {
	good := Provider{Name: "P", Issuer: "https://p.example/api/v2", ClientID: "hub", ClientSecret: "s", Public: "https://hub.example/"}
	for _, c := range []struct {
		change func(*Provider)
		want   string
	}{
		{func(*Provider) {}, ""},
		{func(p *Provider) { p.Issuer = "http://127.0.0.1:1" }, ""},
		{func(p *Provider) { p.Issuer = "http://p.example" }, "issuer"},
		{func(p *Provider) { p.Issuer = "p.example" }, "issuer"},
		{func(p *Provider) { p.Public = "http://hub.example" }, "public address"},
		{func(p *Provider) { p.Public = "https://hub.example/hub" }, "has a path"},
		{func(p *Provider) { p.ClientSecret = "" }, "secret"},
		{func(p *Provider) { p.Name = "" }, "name"},
	} {
		p := good
		c.change(&p)
		_, err := newProvider(p, time.Now)
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%+v: %v", p, err)
		}
	}
	// Without a provider there is no way to it.
	s, _ := open(t, Provider{}, time.Now)
	b := openBrowser(s)
	for _, path := range []string{"/sign-in/provider", "/sign-in/callback?code=x&state=y"} {
		if w := b.do("GET", path); w.Code != 404 {
			t.Errorf("%s: %d", path, w.Code)
		}
	}
}
