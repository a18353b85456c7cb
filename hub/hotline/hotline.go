// Package hotline is what the hotline sees: every booth of the configuration
// with its last status, and whether it is there.
//
// It keeps the last status of each booth in the bucket "booths", watches it,
// and pushes the whole list to the hotline's page over a websocket. The page may
// have a booth check its devices. It is for the role hotline. No status says
// anything of a citizen. Run owns its goroutines.
package hotline

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"reflect"
	"sync"
	"time"

	"github.com/gorilla/websocket"
	"github.com/nats-io/nats.go/jetstream"

	"loiret.fr/visioborne/config"
	"loiret.fr/visioborne/hub/account"
	"loiret.fr/visioborne/hub/signin"
	"loiret.fr/visioborne/hub/web"
	"loiret.fr/visioborne/hub/wire"
)

const (
	// silent is after what time a booth counts as silent: it speaks every 15 s.
	silent = 40 * time.Second
	// tick is how often silence is looked at.
	tick = 2 * time.Second

	storeWait    = 3 * time.Second
	pongWait     = 15 * time.Second
	pingInterval = 5 * time.Second
	writeWait    = 5 * time.Second

	// closeSignedOut is a closing code of our own (RFC 6455, 7.4.2): the session is over.
	closeSignedOut = 4401
)

// Options are what a Hotline needs.
type Options struct {
	JetStream jetstream.JetStream
	// Sites are the sites that should have a booth, in the order in which they are shown.
	Sites []config.Site
	// CheckDevices has a site's booth check its devices.
	CheckDevices func(site string)
	SignIn       *signin.SignIn
	Now          func() time.Time
	Log          *slog.Logger
}

// Hotline is the register of booths and its page.
type Hotline struct {
	options  Options
	kv       jetstream.KeyValue
	upgrader websocket.Upgrader

	mu    sync.Mutex
	seen  map[string]record // by site
	pages map[chan struct{}]struct{}
	ended bool
	tasks sync.WaitGroup
	ctx   context.Context
}

// record is what the bucket holds of a booth.
type record struct {
	SeenAt time.Time   `json:"seen_at"`
	Status wire.Status `json:"status"`
}

// Open opens the bucket, making it if there is none. Websockets end with ctx.
func Open(ctx context.Context, o Options) (*Hotline, error) {
	kv, err := o.JetStream.CreateOrUpdateKeyValue(ctx, jetstream.KeyValueConfig{
		Bucket: "booths", Description: "the last status of every booth",
		History: 1, MaxValueSize: wire.MaxBytes, Storage: jetstream.FileStorage,
	})
	if err != nil {
		return nil, fmt.Errorf("opening bucket booths: %w", err)
	}
	return &Hotline{
		options: o, kv: kv, ctx: ctx,
		upgrader: websocket.Upgrader{HandshakeTimeout: writeWait, CheckOrigin: web.SameOrigin},
		seen:     map[string]record{}, pages: map[chan struct{}]struct{}{},
	}, nil
}

// Seen takes a booth's status.
func (h *Hotline) Seen(ctx context.Context, site string, s wire.Status) error {
	ctx, cancel := context.WithTimeout(ctx, storeWait)
	defer cancel()
	if s.LastCall == nil {
		before, err := h.lastCall(ctx, site)
		if err != nil {
			return fmt.Errorf("keeping the status of %s: %w", site, err)
		}
		s.LastCall = before
	}
	b, err := json.Marshal(record{h.options.Now(), s})
	if err != nil {
		return fmt.Errorf("keeping the status of %s: %w", site, err)
	}
	if _, err := h.kv.Put(ctx, site, b); err != nil {
		return fmt.Errorf("keeping the status of %s: %w", site, err)
	}
	return nil
}

// lastCall is what is kept of a site's last call: a booth forgets it when it starts anew, as after each update. It is
// read from the bucket: the watch of a hub that has just started may not have come to it yet.
func (h *Hotline) lastCall(ctx context.Context, site string) (*wire.LastCall, error) {
	entry, err := h.kv.Get(ctx, site)
	if errors.Is(err, jetstream.ErrKeyNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("reading the last status: %w", err)
	}
	var r record
	if err := json.Unmarshal(entry.Value(), &r); err != nil {
		return nil, nil // take has told of it, and this status replaces it
	}
	return r.Status.LastCall, nil
}

// Run watches the booths until ctx ends.
func (h *Hotline) Run(ctx context.Context) error {
	watch, err := h.kv.WatchAll(ctx)
	if ctx.Err() != nil {
		return nil
	}
	if err != nil {
		return fmt.Errorf("watching booths: %w", err)
	}
	ticks := time.NewTicker(tick)
	defer ticks.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case entry, open := <-watch.Updates():
			if !open {
				if ctx.Err() != nil {
					return nil
				}
				return errors.New("watching booths: the watch was closed")
			}
			h.take(entry)
		case <-ticks.C:
		}
		h.wakeAll()
	}
}

func (h *Hotline) take(entry jetstream.KeyValueEntry) {
	if entry == nil {
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if entry.Operation() != jetstream.KeyValuePut {
		delete(h.seen, entry.Key())
		return
	}
	var r record
	if err := json.Unmarshal(entry.Value(), &r); err != nil {
		h.options.Log.Error("a booth's status cannot be read", "site", entry.Key(), "error", err)
		return
	}
	h.seen[entry.Key()] = r
}

func (h *Hotline) wakeAll() {
	h.mu.Lock()
	defer h.mu.Unlock()
	for p := range h.pages {
		select {
		case p <- struct{}{}:
		default:
		}
	}
}

// Routes adds the hotline's websocket to mux, and pages, its files.
func (h *Hotline) Routes(mux *http.ServeMux, pages http.Handler) {
	guard := func(next http.Handler) http.Handler { return h.options.SignIn.Require(next, account.RoleHotline) }
	mux.Handle("GET /hotline/socket", guard(http.HandlerFunc(h.serveSocket)))
	mux.Handle("POST /hotline/booths/{site}/check-devices", guard(http.HandlerFunc(h.checkDevices)))
	mux.Handle("GET /hotline", guard(pages))
	mux.Handle("GET /hotline/", pages) // scripts and styles tell nothing
}

// Wait waits for every websocket to end, which they do after the context of Open.
func (h *Hotline) Wait() {
	h.mu.Lock()
	h.ended = true
	h.mu.Unlock()
	h.tasks.Wait()
}

func (h *Hotline) enter(wake chan struct{}) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.ended || h.ctx.Err() != nil {
		return false
	}
	h.tasks.Add(1)
	h.pages[wake] = struct{}{}
	return true
}

func (h *Hotline) exit(wake chan struct{}) {
	h.mu.Lock()
	delete(h.pages, wake)
	h.mu.Unlock()
	h.tasks.Done()
}

// checkDevices passes the hotline's wish on to a booth that is there.
func (h *Hotline) checkDevices(w http.ResponseWriter, r *http.Request) {
	site := r.PathValue("site")
	h.mu.Lock()
	b := h.booth(site, site, true)
	h.mu.Unlock()
	switch b.State {
	case StateUp:
		h.options.CheckDevices(site)
		w.WriteHeader(http.StatusAccepted)
	case StateSilent:
		http.Error(w, "the booth is silent", http.StatusConflict)
	case StateNever:
		http.Error(w, "no booth of that site was ever seen", http.StatusNotFound)
	}
}

func (h *Hotline) serveSocket(w http.ResponseWriter, r *http.Request) {
	wake := make(chan struct{}, 1)
	wake <- struct{}{}
	if !h.enter(wake) {
		http.Error(w, "the hub is stopping", http.StatusServiceUnavailable)
		return
	}
	defer h.exit(wake)
	ws, err := h.upgrader.Upgrade(w, r, nil)
	if err != nil {
		h.options.Log.Warn("hotline websocket refused", "error", err)
		return
	}
	defer ws.Close()
	ctx, cancel := context.WithCancel(h.ctx)
	defer cancel()
	written := make(chan struct{})
	go func() {
		defer close(written)
		defer ws.Close() // ends the reader below
		if err := h.write(ctx, ws, signin.Token(r), wake); err != nil && ctx.Err() == nil {
			h.options.Log.Info("a hotline page has gone", "error", err)
		}
	}()
	read(ws)
	cancel()
	<-written
}

// read takes nothing but pongs until the page goes.
func read(ws *websocket.Conn) {
	ws.SetReadLimit(1 << 10)
	alive := func(string) error { return ws.SetReadDeadline(time.Now().Add(pongWait)) }
	ws.SetPongHandler(alive)
	for err := alive(""); err == nil; {
		_, _, err = ws.ReadMessage()
	}
}

func (h *Hotline) write(ctx context.Context, ws *websocket.Conn, token string, wake chan struct{}) error {
	ping := time.NewTicker(pingInterval)
	defer ping.Stop()
	var shown View
	for {
		select {
		case <-ctx.Done():
			return ws.WriteControl(websocket.CloseMessage,
				websocket.FormatCloseMessage(websocket.CloseGoingAway, ""), time.Now().Add(writeWait))
		case <-ping.C:
			if err := ws.WriteControl(websocket.PingMessage, nil, time.Now().Add(writeWait)); err != nil {
				return err
			}
			if _, present, err := h.options.SignIn.Present(ctx, token, account.RoleHotline); err != nil {
				h.options.Log.Warn("a hotline's session could not be looked up", "error", err)
			} else if !present {
				return ws.WriteControl(websocket.CloseMessage,
					websocket.FormatCloseMessage(closeSignedOut, ""), time.Now().Add(writeWait))
			}
		case <-wake:
			v := h.View()
			v.Seq = shown.Seq
			if shown.Seq > 0 && reflect.DeepEqual(v, shown) {
				continue
			}
			v.Seq++
			if err := ws.SetWriteDeadline(time.Now().Add(writeWait)); err != nil {
				return err
			}
			if err := ws.WriteJSON(v); err != nil {
				return err
			}
			shown = v
		}
	}
}
