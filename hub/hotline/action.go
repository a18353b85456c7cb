package hotline

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"

	"github.com/google/uuid"

	"loiret.fr/visioborne/hub/account"
	"loiret.fr/visioborne/hub/web"
	"loiret.fr/visioborne/hub/wire"
)

// Action is what a booth may be asked to do. None of them ends a citizen's session: a restart waits for its end, the
// others are done beside it or not at all.
type Action string

const (
	SelfTest   Action = "selftest"       // check camera, microphone and loudspeaker, if nobody is there
	TestCall   Action = "test-call"      // try the way that a call takes, if nobody is there
	Restart    Action = "restart"        // the service
	Reboot     Action = "reboot"         // the machine
	TakeOut    Action = "out-of-service" // with a message on the screen
	PutBack    Action = "in-service"
	CollectLog Action = "logs"      // the last lines; see Logs
	SeeHelp    Action = "help-seen" // somebody sees to a call for help; the booth is told
)

// Actions lists all of them.
func Actions() []Action {
	return []Action{SelfTest, TestCall, Restart, Reboot, TakeOut, PutBack, CollectLog, SeeHelp}
}

var (
	// ErrUnknownBooth: there is no such site, or no booth of it was ever seen.
	ErrUnknownBooth = errors.New("no booth of that site was ever seen")
	// ErrSilent: the booth cannot be asked now.
	ErrSilent = errors.New("the booth is silent")
	// ErrRequest: what was asked cannot be done in that form.
	ErrRequest = errors.New("the request cannot be carried out")
)

// Do asks a site's booth to do something, for somebody. message is for TakeOut only. That nil is returned says that the
// booth was asked: what it does shows in its status. A booth that is silent may still be taken out of service and put
// back, and its call for help seen: it hears of it when it returns.
func (h *Hotline) Do(ctx context.Context, who, site string, a Action, message string) error {
	b, ok := h.Booth(site)
	lasting := a == TakeOut || a == PutBack || a == SeeHelp
	switch {
	case !ok || b.State == StateNever && !lasting:
		return ErrUnknownBooth
	case b.State == StateSilent && !lasting:
		return ErrSilent
	case !slices.Contains(Actions(), a):
		return fmt.Errorf("%w: there is no action %.40q", ErrRequest, a)
	case a != TakeOut && message != "":
		return fmt.Errorf("%w: only %s takes a message", ErrRequest, TakeOut)
	}
	if err := (wire.OutOfService{Message: message}).Validate(); err != nil {
		return fmt.Errorf("%w: %w", ErrRequest, err)
	}
	ctx, cancel := context.WithTimeout(ctx, storeWait)
	defer cancel()
	if err := h.options.Audit(ctx, who, string(a), site, message); err != nil {
		return fmt.Errorf("recording that %s is asked of the booth of %s: %w", a, site, err)
	}
	switch a {
	case SelfTest:
		h.options.Ask(site, wire.VerbCheckDevices, wire.CheckDevices{})
	case TestCall:
		h.options.Ask(site, wire.VerbTestCall, wire.TestCall{})
	case Restart:
		h.options.Ask(site, wire.VerbRestart, wire.Restart{What: wire.RestartService})
	case Reboot:
		h.options.Ask(site, wire.VerbRestart, wire.Restart{What: wire.RestartMachine})
	case TakeOut:
		return h.setStop(ctx, site, &Stop{Message: message, By: who, Since: h.options.Now().UTC()})
	case PutBack:
		return h.setStop(ctx, site, nil)
	case SeeHelp:
		return h.seenHelp(ctx, who, site)
	case CollectLog:
		return h.collect(ctx, who, site, uuid.NewString())
	}
	return nil
}

// Status is the HTTP status for what Do returned.
func Status(err error) int {
	switch {
	case err == nil:
		return http.StatusAccepted
	case errors.Is(err, ErrUnknownBooth):
		return http.StatusNotFound
	case errors.Is(err, ErrSilent):
		return http.StatusConflict
	case errors.Is(err, ErrRequest):
		return http.StatusBadRequest
	}
	return http.StatusServiceUnavailable
}

// Order is the body of a request for an action; it may be left out.
type Order struct {
	Message string `json:"message"`
}

// ReadOrder reads the body of a request for an action.
func ReadOrder(r io.Reader) (Order, error) {
	var o Order
	d := json.NewDecoder(io.LimitReader(r, 8<<10))
	d.DisallowUnknownFields()
	if err := d.Decode(&o); err != nil && !errors.Is(err, io.EOF) {
		return Order{}, fmt.Errorf("%w: %w; expected nothing, or {\"message\": \"…\"}", ErrRequest, err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return Order{}, fmt.Errorf("%w: something follows the message", ErrRequest)
	}
	return o, nil
}

// serveAction passes a wish of the hotline's page on.
func (h *Hotline) serveAction(w http.ResponseWriter, r *http.Request) {
	if !web.SameOrigin(r) {
		http.Error(w, "this is for the hotline's own page", http.StatusForbidden)
		return
	}
	o, err := ReadOrder(r.Body)
	if err == nil {
		who, _ := account.From(r.Context())
		err = h.Do(r.Context(), who.User, r.PathValue("site"), Action(r.PathValue("action")), o.Message)
	}
	if err != nil {
		h.refuse(w, r, err)
		return
	}
	w.WriteHeader(http.StatusAccepted)
}

// refuse tells the page why not; what is wrong with the hub itself is for the log.
func (h *Hotline) refuse(w http.ResponseWriter, r *http.Request, err error) {
	status := Status(err)
	if status == http.StatusServiceUnavailable && r.Context().Err() == nil {
		h.options.Log.Error("the hotline was refused something", "path", r.URL.Path, "error", err)
		err = errors.New("the store does not answer")
	}
	http.Error(w, err.Error(), status)
}

func (h *Hotline) serveHistory(w http.ResponseWriter, r *http.Request) {
	site, ok := h.site(w, r)
	if !ok {
		return
	}
	all, err := h.History(r.Context(), site)
	h.answer(w, r, all, err)
}

func (h *Hotline) serveLogs(w http.ResponseWriter, r *http.Request) {
	site, ok := h.site(w, r)
	if !ok {
		return
	}
	c, err := h.Logs(r.Context(), site)
	h.answer(w, r, c, err)
}

// site is the one that a request is about, if there is such a one.
func (h *Hotline) site(w http.ResponseWriter, r *http.Request) (string, bool) {
	site := r.PathValue("site")
	_, ok := h.Booth(site)
	if !ok {
		h.refuse(w, r, ErrUnknownBooth)
	}
	return site, ok
}

func (h *Hotline) answer(w http.ResponseWriter, r *http.Request, v any, err error) {
	if err != nil {
		h.refuse(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	if err := json.NewEncoder(w).Encode(v); err != nil && r.Context().Err() == nil {
		h.options.Log.Warn("an answer to the hotline was not sent", "path", r.URL.Path, "error", err)
	}
}
