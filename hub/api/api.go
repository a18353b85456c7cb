// Package api is the hotline's page for programs: what it shows and does, as
// JSON over HTTP below /api, and as metrics for Prometheus at /metrics.
//
// Every request needs a token (package hub/token) as Authorization: Bearer
// TOKEN; one with the role read may read, one with the role act may ask booths to
// do something as well.
// openapi.yaml describes all of it and is served at /api/openapi.yaml. It stores
// nothing and has no goroutines.
package api

import (
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"strings"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"loiret.fr/visioborne/hub/hotline"
	"loiret.fr/visioborne/hub/sites"
	"loiret.fr/visioborne/hub/token"
)

//go:embed openapi.yaml
var description []byte

// Options are what an API needs.
type Options struct {
	Hotline *hotline.Hotline
	Tokens  *token.Store
	Sites   *sites.Sites
	Log     *slog.Logger
}

// API is the hub's API.
type API struct{ options Options }

// New returns an API.
func New(o Options) *API { return &API{o} }

// Problem is the answer to a request that was refused.
type Problem struct {
	Error string `json:"error"`
}

// Booths is the answer to GET /api/booths.
type Booths struct {
	Booths []hotline.Booth `json:"booths"`
}

// History is the answer to GET /api/booths/{id}/history.
type History struct {
	Records []hotline.Entry `json:"records"`
}

// Configuration is the answer to GET /api/booths/{id}/configuration: the versions, the newest first, and the text that a
// change would go on from.
type Configuration struct {
	InForce  int             `json:"in_force"`
	Coming   *int            `json:"coming"`
	Text     string          `json:"text"`
	TextOf   int             `json:"text_of"`
	Versions []sites.Summary `json:"versions"`
}

// Asked is the answer to a request for an action: the booth was asked, and what comes of it is in its status.
type Asked struct {
	Asked hotline.Action `json:"asked"`
}

// actor is whoever makes a request.
type actor struct{ name string }

// Routes adds the API to mux.
func (a *API) Routes(mux *http.ServeMux) {
	mux.HandleFunc("GET /api/openapi.yaml", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/yaml")
		_, _ = w.Write(description)
	})
	mux.Handle("GET /api/booths", a.guard(token.Read, a.booths))
	mux.Handle("GET /api/booths/{id}", a.guard(token.Read, a.booth))
	mux.Handle("GET /api/booths/{id}/history", a.guard(token.Read, a.history))
	mux.Handle("GET /api/booths/{id}/logs", a.guard(token.Read, a.logs))
	mux.Handle("GET /api/booths/{id}/configuration", a.guard(token.Act, a.configuration))
	for _, action := range hotline.Actions() {
		mux.Handle("POST /api/booths/{id}/"+string(action), a.guard(token.Act, func(w http.ResponseWriter, r *http.Request, who actor) {
			a.act(w, r, who, action)
		}))
	}
	// What is below /api and is none of these is nobody's page.
	mux.HandleFunc("/api/", func(w http.ResponseWriter, r *http.Request) {
		a.refuse(w, r, http.StatusNotFound, "there is nothing here; see /api/openapi.yaml")
	})
	registry := prometheus.NewRegistry()
	registry.MustRegister(metrics{a.options.Hotline})
	scrape := promhttp.HandlerFor(registry, promhttp.HandlerOpts{ErrorLog: slog.NewLogLogger(a.options.Log.Handler(), slog.LevelWarn)})
	mux.Handle("GET /metrics", a.guard(token.Read, func(w http.ResponseWriter, r *http.Request, _ actor) { scrape.ServeHTTP(w, r) }))
}

// guard lets requests through that have a token of a role.
func (a *API) guard(role token.Role, next func(http.ResponseWriter, *http.Request, actor)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "no-store")
		w.Header().Set("X-Content-Type-Options", "nosniff")
		scheme, secret, _ := strings.Cut(r.Header.Get("Authorization"), " ")
		if !strings.EqualFold(scheme, "Bearer") {
			secret = ""
		}
		t, ok, err := a.options.Tokens.Find(r.Context(), secret)
		switch {
		case err != nil:
			a.unavailable(w, r, err)
		case !ok:
			w.Header().Set("WWW-Authenticate", `Bearer realm="visioborne"`)
			a.refuse(w, r, http.StatusUnauthorized, "a token is needed, as Authorization: Bearer TOKEN; hub token add makes one")
		case role == token.Act && t.Role != token.Act:
			a.refuse(w, r, http.StatusForbidden, "this token may read only; hub token add -role act makes one that may act")
		default:
			next(w, r, actor{"token " + t.Name})
		}
	})
}

func (a *API) booths(w http.ResponseWriter, r *http.Request, _ actor) {
	all := a.options.Hotline.View().Booths
	if state := r.URL.Query().Get("state"); state != "" {
		some := []hotline.Booth{}
		for _, b := range all {
			if string(b.State) == state || state == "unwell" && len(b.Troubles) > 0 {
				some = append(some, b)
			}
		}
		all = some
	}
	a.answer(w, r, http.StatusOK, Booths{all})
}

func (a *API) booth(w http.ResponseWriter, r *http.Request, _ actor) {
	b, ok := a.options.Hotline.Booth(r.PathValue("id"))
	if !ok {
		a.refuse(w, r, http.StatusNotFound, hotline.ErrUnknownBooth.Error())
		return
	}
	a.answer(w, r, http.StatusOK, b)
}

func (a *API) history(w http.ResponseWriter, r *http.Request, _ actor) {
	a.read(w, r, func(ctx context.Context, id string) (any, error) {
		all, err := a.options.Hotline.History(ctx, id)
		return History{all}, err
	})
}

func (a *API) logs(w http.ResponseWriter, r *http.Request, _ actor) {
	a.read(w, r, func(ctx context.Context, id string) (any, error) { return a.options.Hotline.Logs(ctx, id) })
}

func (a *API) configuration(w http.ResponseWriter, r *http.Request, _ actor) {
	a.read(w, r, func(ctx context.Context, id string) (any, error) {
		record, err := a.options.Sites.Record(ctx, id)
		if errors.Is(err, sites.ErrUnknownSite) { // a booth of a site that the hub does not have
			return Configuration{Versions: []sites.Summary{}}, nil
		}
		return Configuration{record.InForce, record.Coming, record.Text, record.TextOf, record.Versions}, err
	})
}

// read answers with something that is stored of a booth.
func (a *API) read(w http.ResponseWriter, r *http.Request, of func(ctx context.Context, id string) (any, error)) {
	id := r.PathValue("id")
	if _, ok := a.options.Hotline.Booth(id); !ok {
		a.refuse(w, r, http.StatusNotFound, hotline.ErrUnknownBooth.Error())
		return
	}
	v, err := of(r.Context(), id)
	if err != nil {
		a.unavailable(w, r, err)
		return
	}
	a.answer(w, r, http.StatusOK, v)
}

func (a *API) act(w http.ResponseWriter, r *http.Request, who actor, action hotline.Action) {
	o, err := hotline.ReadOrder(r.Body)
	if err == nil {
		err = a.options.Hotline.Do(r.Context(), who.name, r.PathValue("id"), action, o.Message)
	}
	switch status := hotline.Status(err); status {
	case http.StatusAccepted:
		a.answer(w, r, status, Asked{action})
	case http.StatusServiceUnavailable:
		a.unavailable(w, r, err)
	default:
		a.refuse(w, r, status, err.Error())
	}
}

func (a *API) refuse(w http.ResponseWriter, r *http.Request, status int, why string) {
	a.answer(w, r, status, Problem{why})
}

// unavailable: the hub itself is at fault; what exactly is for its log.
func (a *API) unavailable(w http.ResponseWriter, r *http.Request, err error) {
	if !errors.Is(err, context.Canceled) {
		a.options.Log.Error("a program was not answered", "path", r.URL.Path, "error", err)
	}
	w.Header().Set("Retry-After", "5")
	a.refuse(w, r, http.StatusServiceUnavailable, "the store does not answer; try again")
}

func (a *API) answer(w http.ResponseWriter, r *http.Request, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	if err := json.NewEncoder(w).Encode(v); err != nil && r.Context().Err() == nil {
		a.options.Log.Warn("an answer was not sent", "path", r.URL.Path, "error", err)
	}
}
