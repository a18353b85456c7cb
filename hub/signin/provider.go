package signin

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"loiret.fr/visioborne/hub/web"
)

const (
	// flowCookie holds one sign-in while the browser is at the provider. Lax: the provider's page sends it back here.
	flowCookie = "visioborne_provider"
	flowLife   = 10 * time.Minute
	// providerWait is the longest that one question to the provider may take.
	providerWait = 10 * time.Second
	// leeway is how far the provider's clock and ours may differ.
	leeway = time.Minute
	// retryAfter is how long a provider that did not answer is not asked again.
	retryAfter = 5 * time.Second
)

// Provider describes an OpenID Connect provider. ProConnect's profile is: issuer https://auth.../api/v2, a client secret,
// the level eidas1, tokens and the user's particulars signed with RS256 or ES256, state and nonce of 32 characters or more.
type Provider struct {
	// Name is what the button says: "ProConnect".
	Name string
	// Issuer is the address below which /.well-known/openid-configuration lies.
	Issuer       string
	ClientID     string
	ClientSecret string
	// Scopes are asked for beside openid. The hub uses the e-mail address only.
	Scopes []string
	// Levels are the levels of assurance (acr) that are asked for, one of which the sign-in must have; none: any.
	Levels []string
	// Public is the hub's own address as browsers have it: "https://hub.example.fr".
	Public string
}

// provider is a Provider, found when it is first needed: the hub starts and passwords work without it.
type provider struct {
	Provider
	now    func() time.Time
	client *http.Client

	mu    sync.Mutex
	found *discovered
	// failed is why it was not found, and when, so that not every browser waits for it.
	failed   error
	failedAt time.Time
}

type discovered struct {
	*oidc.Provider
	issuer   string
	oauth    oauth2.Config
	verifier *oidc.IDTokenVerifier
	pkce     bool
	signOut  *url.URL // nil: it has no such page
}

func newProvider(p Provider, now func() time.Time) (*provider, error) {
	for _, a := range []struct{ what, text string }{{"the provider's issuer", p.Issuer}, {"the hub's public address", p.Public}} {
		u, err := url.Parse(a.text)
		if err != nil || u.Host == "" || u.RawQuery != "" || u.Fragment != "" || u.Scheme != "https" && (u.Scheme != "http" || !loopback(u)) {
			return nil, fmt.Errorf("reading %s: %.200q; expected https://host, as in https://hub.example.fr", a.what, a.text)
		}
	}
	if u, err := url.Parse(p.Public); err != nil || strings.Trim(u.Path, "/") != "" {
		return nil, fmt.Errorf("reading the hub's public address: %.200q has a path; expected https://host", p.Public)
	}
	p.Public = strings.TrimSuffix(p.Public, "/")
	if p.ClientID == "" || p.ClientSecret == "" || p.Name == "" {
		return nil, errors.New("signing in by a provider: expected its name, and the client's id and secret that it gave")
	}
	return &provider{Provider: p, now: now, client: &http.Client{Timeout: providerWait}}, nil
}

func loopback(u *url.URL) bool {
	ip, err := netip.ParseAddr(u.Hostname())
	return u.Hostname() == "localhost" || err == nil && ip.IsLoopback()
}

// discover asks the provider for its addresses and keys, once it answers.
func (p *provider) discover() (*discovered, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.found != nil {
		return p.found, nil
	}
	if p.failed != nil && p.now().Sub(p.failedAt) < retryAfter {
		return nil, p.failed
	}
	p.found, p.failed = p.ask()
	p.failedAt = p.now()
	return p.found, p.failed
}

func (p *provider) ask() (*discovered, error) {
	// This context is kept for the keys that are asked for later; each question has the client's limit.
	ctx := oidc.ClientContext(context.Background(), p.client)
	found, err := oidc.NewProvider(ctx, p.Issuer)
	if err != nil {
		return nil, fmt.Errorf("asking the provider for its configuration: %w", err)
	}
	var more struct {
		Challenges []string `json:"code_challenge_methods_supported"`
		Methods    []string `json:"token_endpoint_auth_methods_supported"`
		SignOut    string   `json:"end_session_endpoint"`
	}
	if err := found.Claims(&more); err != nil {
		return nil, fmt.Errorf("reading the provider's configuration: %w", err)
	}
	d := &discovered{
		Provider: found, issuer: p.Issuer,
		oauth: oauth2.Config{
			ClientID: p.ClientID, ClientSecret: p.ClientSecret, Endpoint: found.Endpoint(),
			RedirectURL: p.Public + "/sign-in/callback", Scopes: append([]string{oidc.ScopeOpenID}, p.Scopes...),
		},
		// ProConnect refuses a parameter that it does not know. Where there is no PKCE the nonce alone ties the code to
		// this browser, which does for a client with a secret (RFC 9700, 2.1.1).
		pkce: slices.Contains(more.Challenges, "S256"),
		// Now is the hub's, a minute late: so much may the provider's clock be behind.
		verifier: found.Verifier(&oidc.Config{ClientID: p.ClientID, Now: func() time.Time { return p.now().Add(-leeway) }}),
	}
	// Said, not tried out: a code is good for one try.
	d.oauth.Endpoint.AuthStyle = oauth2.AuthStyleInHeader
	if slices.Contains(more.Methods, "client_secret_post") {
		d.oauth.Endpoint.AuthStyle = oauth2.AuthStyleInParams
	}
	if more.SignOut != "" {
		if d.signOut, err = url.Parse(more.SignOut); err != nil {
			return nil, fmt.Errorf("reading the provider's configuration: end_session_endpoint: %w", err)
		}
	}
	return d, nil
}

// signOutURL is where the browser signs out at the provider, and comes back from to a page of the hub. It is that
// page where the provider cannot be found, or has no such page.
func (p *provider) signOutURL(idToken, back string) string {
	d, err := p.discover() // sessions outlive a restart of the hub
	if err != nil || d.signOut == nil {
		return back
	}
	u := *d.signOut
	q := u.Query()
	q.Set("id_token_hint", idToken)
	// ProConnect wants a state, and the page that it comes back to does nothing that would need one checked.
	q.Set("state", secret())
	q.Set("post_logout_redirect_uri", p.Public+back)
	u.RawQuery = q.Encode()
	return u.String()
}

// flow is one sign-in while the browser is at the provider.
type flow struct {
	State    string `json:"state"`
	Nonce    string `json:"nonce"`
	Verifier string `json:"verifier"`
	Then     string `json:"then"`
}

// secret is 256 bits of chance in 43 characters.
func secret() string {
	var b [32]byte
	rand.Read(b[:]) // never fails
	return base64.RawURLEncoding.EncodeToString(b[:])
}

func (f flow) encode() (string, error) {
	b, err := json.Marshal(f)
	return base64.RawURLEncoding.EncodeToString(b), err
}

// parseFlow reads the flow's cookie. A browser may send anything.
func parseFlow(text string) (flow, error) {
	if len(text) > 2<<10 {
		return flow{}, errors.New("too long")
	}
	b, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil {
		return flow{}, err
	}
	var f flow
	if err := json.Unmarshal(b, &f); err != nil {
		return flow{}, err
	}
	if len(f.State) < 43 || len(f.Nonce) < 43 || len(f.Verifier) < 43 {
		return flow{}, errors.New("expected state, nonce and verifier")
	}
	return f, nil
}

// toProvider sends the browser to the provider.
func (s *SignIn) toProvider(w http.ResponseWriter, r *http.Request) {
	if s.provider == nil {
		http.NotFound(w, r)
		return
	}
	d, err := s.provider.discover()
	if err != nil {
		s.options.Log.Error("the sign-in's provider does not answer", "error", err)
		s.back(w, r, problemProvider)
		return
	}
	f := flow{secret(), secret(), oauth2.GenerateVerifier(), destination(r.URL.Query().Get("then"))}
	text, err := f.encode()
	if err != nil {
		s.unavailable(w, "going to the provider", err)
		return
	}
	setCookie(w, r, flowCookie, text, flowLife, http.SameSiteLaxMode)
	parameters := []oauth2.AuthCodeOption{oidc.Nonce(f.Nonce)}
	if d.pkce {
		parameters = append(parameters, oauth2.S256ChallengeOption(f.Verifier))
	}
	if len(s.provider.Levels) > 0 {
		parameters = append(parameters, oauth2.SetAuthURLParam("acr_values", strings.Join(s.provider.Levels, " ")))
	}
	http.Redirect(w, r, d.oauth.AuthCodeURL(f.State, parameters...), http.StatusSeeOther)
}

// What the sign-in's page is to say about a way back from the provider.
const (
	problemProvider = "provider" // it does not answer, or not as it should
	problemRefused  = "refused"  // it did not let the person in
	problemState    = "state"    // it took too long, or was not begun in this browser
	problemUnknown  = "unknown"  // nobody has an account with that address
	problemLevel    = "level"    // the sign-in there was not of the level that is wanted
)

// back sends the browser to the sign-in's page, which says what was wrong.
func (s *SignIn) back(w http.ResponseWriter, r *http.Request, what string) {
	setCookie(w, r, flowCookie, "", -time.Second, http.SameSiteLaxMode)
	http.Redirect(w, r, "/sign-in?"+url.Values{"problem": {what}}.Encode(), http.StatusSeeOther)
}

// refusal is why a way back from the provider leads to no session.
type refusal struct {
	problem string
	err     error
}

func (r *refusal) Error() string { return r.err.Error() }
func (r *refusal) Unwrap() error { return r.err }

func refuse(problem, format string, args ...any) error {
	return &refusal{problem, fmt.Errorf(format, args...)}
}

// fromProvider takes the browser back from the provider.
func (s *SignIn) fromProvider(w http.ResponseWriter, r *http.Request) {
	if s.provider == nil {
		http.NotFound(w, r)
		return
	}
	f, err := parseFlow(cookieOf(r, flowCookie))
	if err != nil || subtle.ConstantTimeCompare([]byte(f.State), []byte(r.URL.Query().Get("state"))) != 1 {
		s.options.Log.Warn("sign-in by the provider refused", "from", web.Remote(r), "reason", "the state is not this browser's")
		s.back(w, r, problemState)
		return
	}
	email, idToken, err := s.provider.redeem(r.Context(), f, r.URL.Query())
	var why *refusal
	if errors.As(err, &why) {
		s.options.Log.Warn("sign-in by the provider refused", "from", web.Remote(r), "reason", err)
		s.back(w, r, why.problem)
		return
	}
	if err != nil {
		s.options.Log.Error("a sign-in by the provider could not be checked", "error", err)
		s.back(w, r, problemProvider)
		return
	}
	a, known, err := s.options.Accounts.FindEmail(email)
	if err != nil {
		s.options.Log.Error("a sign-in by the provider could not be checked", "error", err)
		s.back(w, r, problemProvider)
		return
	}
	if !known || a.Disabled {
		s.options.Log.Warn("sign-in by the provider refused", "from", web.Remote(r), "reason", "nobody has an account with that address")
		s.back(w, r, problemUnknown)
		return
	}
	setCookie(w, r, flowCookie, "", -time.Second, http.SameSiteLaxMode)
	a.OneTime = time.Time{} // need not be changed by who does not use it
	if !s.begin(w, r, a, idToken) {
		return
	}
	// The session's cookie is strict: a browser that comes from the provider does not send it along with a redirect. So
	// the sign-in's page, which asks by itself, sends it on.
	http.Redirect(w, r, "/sign-in?"+url.Values{"then": {next(a, f.Then)}}.Encode(), http.StatusSeeOther)
}

// redeem turns the code that the provider gave into the person's e-mail address.
func (p *provider) redeem(ctx context.Context, f flow, answer url.Values) (email, idToken string, err error) {
	if reason := answer.Get("error"); reason != "" {
		return "", "", refuse(problemRefused, "the provider said %.80q", reason)
	}
	d, err := p.discover()
	if err != nil {
		return "", "", err
	}
	// RFC 9207: when the answer says who gave it, it must be the one that was asked.
	if iss := answer.Get("iss"); iss != "" && iss != d.issuer {
		return "", "", refuse(problemProvider, "the answer is another provider's")
	}
	ctx = oidc.ClientContext(ctx, p.client)
	var parameters []oauth2.AuthCodeOption
	if d.pkce {
		parameters = append(parameters, oauth2.VerifierOption(f.Verifier))
	}
	tokens, err := d.oauth.Exchange(ctx, answer.Get("code"), parameters...)
	if err != nil {
		return "", "", fmt.Errorf("exchanging the code: %w", brief(err))
	}
	raw, ok := tokens.Extra("id_token").(string)
	if !ok {
		return "", "", refuse(problemProvider, "there is no identity token")
	}
	id, err := d.verifier.Verify(ctx, raw)
	if err != nil {
		return "", "", refuse(problemProvider, "checking the identity token: %w", err)
	}
	if subtle.ConstantTimeCompare([]byte(id.Nonce), []byte(f.Nonce)) != 1 {
		return "", "", refuse(problemState, "the identity token's nonce is not this sign-in's")
	}
	var level struct {
		ACR string `json:"acr"`
	}
	if err := id.Claims(&level); err != nil {
		return "", "", refuse(problemProvider, "reading the identity token: %w", err)
	}
	if len(p.Levels) > 0 && !slices.Contains(p.Levels, level.ACR) {
		return "", "", refuse(problemLevel, "the level is %.80q", level.ACR)
	}
	user, err := d.UserInfo(ctx, oauth2.StaticTokenSource(tokens))
	if err != nil {
		return "", "", fmt.Errorf("asking for the user's particulars: %.200s", err)
	}
	if err := p.checkUser(user, id, d.issuer); err != nil {
		return "", "", refuse(problemProvider, "checking the user's particulars: %w", err)
	}
	return user.Email, raw, nil
}

// checkUser checks the user's particulars beyond the signature, which the library has checked where there is one.
func (p *provider) checkUser(user *oidc.UserInfo, id *oidc.IDToken, issuer string) error {
	// OpenID Connect Core, 5.3.2.
	if user.Subject == "" || user.Subject != id.Subject {
		return errors.New("they are somebody else's")
	}
	var claims struct {
		Issuer   string          `json:"iss"`
		Audience json.RawMessage `json:"aud"`
		Expiry   float64         `json:"exp"`
		Verified *bool           `json:"email_verified"`
	}
	if err := user.Claims(&claims); err != nil {
		return err
	}
	if claims.Issuer != "" && claims.Issuer != issuer {
		return errors.New("another provider gave them")
	}
	if len(claims.Audience) > 0 && !p.isAudience(claims.Audience) {
		return errors.New("they are for another client")
	}
	if claims.Expiry != 0 && time.Unix(int64(claims.Expiry), 0).Before(p.now().Add(-leeway)) {
		return errors.New("they have expired")
	}
	if claims.Verified != nil && !*claims.Verified {
		return errors.New("the address is not verified")
	}
	if user.Email == "" {
		return errors.New("there is no address")
	}
	return nil
}

// isAudience reads an aud claim: one client's id, or several.
func (p *provider) isAudience(b json.RawMessage) bool {
	var one string
	var many []string
	if json.Unmarshal(b, &one) == nil {
		many = []string{one}
	} else if json.Unmarshal(b, &many) != nil {
		return false
	}
	return slices.Contains(many, p.ClientID)
}

// brief leaves the provider's answer out of an error: it may hold tokens or particulars.
func brief(err error) error {
	var answered *oauth2.RetrieveError
	if errors.As(err, &answered) {
		return fmt.Errorf("the provider said %s %.80q", answered.Response.Status, answered.ErrorCode)
	}
	return err
}
