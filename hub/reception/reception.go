// Package reception is what a site's agent does with the booth in the next room:
// sees whether it is free, calls a partner for somebody who finds that hard, and
// offers to take part in a call. The citizen decides: whoever sits there can give
// the call up, and is asked before the agent takes part.
//
// An agent reaches the booth of their own site only. Each action is recorded
// before it is done, without the partner: who came for what is nobody's business.
// It starts no goroutine and keeps nothing.
package reception

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"

	"loiret.fr/visioborne/config"
	"loiret.fr/visioborne/hub/account"
	"loiret.fr/visioborne/hub/hotline"
	"loiret.fr/visioborne/hub/signin"
	"loiret.fr/visioborne/hub/web"
	"loiret.fr/visioborne/hub/wire"
)

// Options are what a Reception needs.
type Options struct {
	// Booth is a site's booth as the hotline sees it.
	Booth func(site string) (hotline.Booth, bool)
	// Partners are a site's, as is in force there.
	Partners func(site string) []config.Partner
	// Ask sends a site's booth a message. It must not block.
	Ask func(site string, verb wire.Verb, m wire.Message)
	// Audit records what is about to be done. Without a record nothing is done.
	Audit  func(ctx context.Context, who, action, site, detail string) error
	SignIn *signin.SignIn
	Log    *slog.Logger
}

// Reception answers the page's requests.
type Reception struct{ options Options }

// New returns one.
func New(o Options) *Reception { return &Reception{o} }

// Routes adds the requests to mux, and pages, the files.
func (p *Reception) Routes(mux *http.ServeMux, pages http.Handler) {
	guard := func(next http.Handler) http.Handler { return p.options.SignIn.Require(next, account.RoleAgent) }
	mux.Handle("GET /reception", guard(pages))
	mux.Handle("GET /reception/", pages) // scripts and styles tell nothing
	mux.Handle("GET /reception/booth", guard(http.HandlerFunc(p.booth)))
	mux.Handle("POST /reception/call", guard(http.HandlerFunc(p.call)))
	mux.Handle("POST /reception/join", guard(http.HandlerFunc(p.join)))
}

// view is what the page shows; twin of ui/reception/main.ts.
type view struct {
	Site string `json:"site"`
	// State is "free", "used", "line", "call", "out_of_service", "silent" or "never".
	State string `json:"state"`
	// Company is whether the agent takes part in the call: "", "offered" or "there".
	Company  string    `json:"company"`
	Partners []partner `json:"partners"`
}

type partner struct {
	ID    string `json:"id"`
	Short string `json:"short"`
	Name  string `json:"name"`
}

// problem is an answer for the page to put in words: "no_site", "busy" or "malformed".
type problem struct {
	Error string `json:"error"`
}

// of is the agent and the booth of their site, or the answer why there is none.
func (p *Reception) of(w http.ResponseWriter, r *http.Request) (account.Account, hotline.Booth, bool) {
	a, _ := account.From(r.Context())
	b, ok := p.options.Booth(a.Site)
	if a.Site == "" || !ok {
		web.Answer(w, http.StatusNotFound, problem{"no_site"})
		return a, b, false
	}
	return a, b, true
}

func state(b hotline.Booth) string {
	switch {
	case b.State == hotline.StateNever:
		return "never"
	case b.State == hotline.StateSilent:
		return "silent"
	case b.Phase == "connecting" || b.Phase == "in_call":
		return "call"
	case b.Phase == "contacting" || b.Phase == "waiting" || b.Phase == "called_back":
		return "line"
	case b.OutOfService != nil:
		return "out_of_service"
	case b.Phase != "none":
		return "used"
	}
	return "free"
}

func (p *Reception) booth(w http.ResponseWriter, r *http.Request) {
	a, b, ok := p.of(w, r)
	if !ok {
		return
	}
	v := view{Site: b.Name, State: state(b), Company: b.Company, Partners: []partner{}}
	for _, one := range p.options.Partners(a.Site) {
		v.Partners = append(v.Partners, partner{one.ID, one.Short, one.Name.In("fr")})
	}
	web.Answer(w, http.StatusOK, v)
}

// call has the booth call a partner.
func (p *Reception) call(w http.ResponseWriter, r *http.Request) {
	a, b, ok := p.of(w, r)
	if !ok {
		return
	}
	m, ok := read[wire.AgentCall](w, r)
	if !ok {
		return
	}
	known := false
	for _, one := range p.options.Partners(a.Site) {
		known = known || one.ID == m.Partner
	}
	switch {
	case !known:
		web.Answer(w, http.StatusBadRequest, problem{"malformed"})
	case state(b) != "free":
		web.Answer(w, http.StatusConflict, problem{"busy"})
	default:
		p.ask(w, r, a, "agent_call", wire.VerbAgentCall, m)
	}
}

// join offers the agent's company, or takes it back.
func (p *Reception) join(w http.ResponseWriter, r *http.Request) {
	a, b, ok := p.of(w, r)
	if !ok {
		return
	}
	m, ok := read[wire.AgentJoin](w, r)
	switch {
	case !ok:
	case m.Here && state(b) != "call":
		web.Answer(w, http.StatusConflict, problem{"busy"})
	case m.Here:
		p.ask(w, r, a, "agent_join", wire.VerbAgentJoin, m)
	default:
		p.ask(w, r, a, "agent_leave", wire.VerbAgentJoin, m)
	}
}

func (p *Reception) ask(w http.ResponseWriter, r *http.Request, a account.Account, action string, verb wire.Verb, m wire.Message) {
	if err := p.options.Audit(r.Context(), a.User, action, a.Site, ""); err != nil {
		p.options.Log.Error("recording what an agent does", "action", action, "error", err)
		web.Answer(w, http.StatusServiceUnavailable, problem{"unavailable"})
		return
	}
	p.options.Ask(a.Site, verb, m)
	w.WriteHeader(http.StatusAccepted)
}

// read reads a request of the page's, and nothing from elsewhere.
func read[T wire.Message](w http.ResponseWriter, r *http.Request) (T, bool) {
	m, err := decode[T](r)
	if err != nil {
		status := http.StatusBadRequest
		if errors.Is(err, errElsewhere) {
			status = http.StatusForbidden
		}
		web.Answer(w, status, problem{"malformed"})
		return m, false
	}
	return m, true
}

var errElsewhere = errors.New("this is for the reception's own page")

func decode[T wire.Message](r *http.Request) (T, error) {
	var m T
	if !web.SameOrigin(r) {
		return m, errElsewhere
	}
	d := json.NewDecoder(io.LimitReader(r.Body, 1<<10))
	d.DisallowUnknownFields()
	if err := d.Decode(&m); err != nil {
		return m, fmt.Errorf("reading what an agent asks for: %w", err)
	}
	return m, m.Validate()
}
