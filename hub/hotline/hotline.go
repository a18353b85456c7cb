// Package hotline is what the hotline sees and does: every booth of the
// configuration with its last status, whether it is there, how it has been, and
// what it may be asked to do.
//
// It keeps the last status of each booth in the bucket "booths", watches it,
// and pushes the list, and then what changes in it, to the hotline's page over a websocket. In the bucket
// "hotline" is which booths are out of service and each booth's last call for help, in the stream
// "BOOTH_HEALTH" each booth's history, in the bucket "booth-logs" the logs that
// were collected, for a week. Every action is told to Audit before it is done. The
// pages are for the role hotline. No status says
// anything of a citizen. Run owns its goroutines.
package hotline

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/gorilla/websocket"
	"github.com/nats-io/nats.go/jetstream"

	"loiret.fr/visioborne/config"
	"loiret.fr/visioborne/hub/account"
	"loiret.fr/visioborne/hub/bucket"
	"loiret.fr/visioborne/hub/signin"
	"loiret.fr/visioborne/hub/sites"
	"loiret.fr/visioborne/hub/web"
	"loiret.fr/visioborne/hub/wire"
)

const (
	// silent is after what time a booth counts as silent: it speaks every 15 s.
	silent = 40 * time.Second
	// tick is how often silence is looked at.
	tick = 2 * time.Second
	// ringInterval is how often the update rings are asked for.
	ringInterval = time.Minute
	// calm is the least time between two views to a page, and calmBooth how much more that is for each booth: three thousand
	// booths speak two hundred times a second. A call for help does not wait for it.
	calm      = 500 * time.Millisecond
	calmBooth = 500 * time.Microsecond

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
	// Ask sends a site's booth a message. It must not block.
	Ask func(site string, verb wire.Verb, m wire.Message)
	// Wanted is the configuration that the hub wants of a site's booth.
	Wanted func(site string) sites.Wanted
	// Rings are the rings in which sites get updates, by site.
	Rings func(ctx context.Context) (map[string]string, error)
	// Audit records what is about to be done, by whom and to which site's booth. Without a record nothing is done.
	Audit  func(ctx context.Context, who, action, site, detail string) error
	SignIn *signin.SignIn
	Now    func() time.Time
	Log    *slog.Logger
}

// Hotline is the register of booths and its page.
type Hotline struct {
	options  Options
	kv       jetstream.KeyValue // statuses, by site
	own      jetstream.KeyValue // the sites, and which booths are out of service
	logs     jetstream.KeyValue
	history  jetstream.Stream
	upgrader websocket.Upgrader

	mu    sync.Mutex
	seen  map[string]record     // by site
	out   map[string]Stop       // by site
	help  map[string]helpRecord // by site
	heard heard
	rings map[string]string // by site
	pages map[*page]struct{}
	ended bool
	tasks sync.WaitGroup
	ctx   context.Context
}

// record is what the bucket holds of a booth.
type record struct {
	SeenAt time.Time   `json:"seen_at"`
	Status wire.Status `json:"status"`
	// ClockOffsetS is by how many seconds the booth's clock is ahead of the hub's; nil when it did not tell.
	ClockOffsetS *int `json:"clock_offset_s,omitempty"`
	// NotedAt and Noted are when the history's last record was made, and the gist of it.
	NotedAt time.Time `json:"noted_at,omitzero"`
	Noted   string    `json:"noted,omitempty"`

	revision uint64
}

// page is a connected page. Each has one slot: there may be something to show, or somebody waits for it to be shown.
type page struct{ wake, hurry chan struct{} }

// heard tells of which of the bucket's keys the watch has given all that there was when the hub started.
type heard struct{ statuses, stops, helps bool }

// Open opens the store, making it if there is none. Websockets end with ctx.
func Open(ctx context.Context, o Options) (*Hotline, error) {
	kv, err := o.JetStream.CreateOrUpdateKeyValue(ctx, jetstream.KeyValueConfig{
		Bucket: statusBucket, Description: "the last status of every booth",
		History: 1, MaxValueSize: wire.MaxBytes, Storage: jetstream.FileStorage,
	})
	if err != nil {
		return nil, fmt.Errorf("opening bucket %s: %w", statusBucket, err)
	}
	h := &Hotline{
		options: o, kv: kv, ctx: ctx,
		upgrader: websocket.Upgrader{HandshakeTimeout: writeWait, CheckOrigin: web.SameOrigin, EnableCompression: true},
		seen:     map[string]record{}, out: map[string]Stop{}, help: map[string]helpRecord{}, pages: map[*page]struct{}{},
	}
	if err := h.openStop(ctx); err != nil {
		return nil, err
	}
	if err := h.openHistory(ctx); err != nil {
		return nil, err
	}
	return h, h.openLogs(ctx)
}

// Seen takes a booth's status.
func (h *Hotline) Seen(ctx context.Context, site string, s wire.Status) error {
	ctx, cancel := context.WithTimeout(ctx, storeWait)
	defer cancel()
	before, err := h.before(ctx, site)
	if err != nil {
		return fmt.Errorf("keeping the status of %s: %w", site, err)
	}
	if s.LastCall == nil {
		s.LastCall = before.Status.LastCall // a booth forgets it when it starts anew, as after each update
	}
	r := record{SeenAt: h.options.Now(), Status: s, NotedAt: before.NotedAt, Noted: before.Noted}
	if !s.Sent.IsZero() {
		offset := int(s.Sent.Sub(r.SeenAt).Round(time.Second) / time.Second)
		r.ClockOffsetS = &offset
	}
	noting := h.note(ctx, site, before, &r)
	b, err := json.Marshal(r)
	if err == nil {
		if r.revision, err = h.kv.Put(ctx, site, b); err == nil {
			h.mu.Lock()
			h.keep(site, r)
			h.mu.Unlock()
		}
	}
	if err := errors.Join(err, noting, h.remind(ctx, site, s)); err != nil {
		return fmt.Errorf("keeping the status of %s: %w", site, err)
	}
	return nil
}

// keep notes a status, unless a newer one is known. The caller holds mu.
func (h *Hotline) keep(site string, r record) {
	if r.revision > h.seen[site].revision {
		h.seen[site] = r
	}
}

// before is what is kept of a site's booth; zero when there is nothing. The watch of a hub that has just started may not
// have come to it yet: until it has, it is read from the bucket.
func (h *Hotline) before(ctx context.Context, site string) (record, error) {
	h.mu.Lock()
	r, all := h.seen[site], h.heard.statuses
	h.mu.Unlock()
	if all {
		return r, nil
	}
	entry, err := h.kv.Get(ctx, site)
	if errors.Is(err, jetstream.ErrKeyNotFound) {
		return record{}, nil
	}
	if err != nil {
		return record{}, fmt.Errorf("reading the last status: %w", err)
	}
	if err := json.Unmarshal(entry.Value(), &r); err != nil {
		return record{}, nil // take has told of it, and this status replaces it
	}
	return r, nil
}

// Run watches the booths until ctx ends.
func (h *Hotline) Run(ctx context.Context) error {
	statuses, err := bucket.Watch(ctx, h.kv, jetstream.AllKeys)
	if ctx.Err() != nil {
		return nil
	}
	if err != nil {
		return fmt.Errorf("watching booths: %w", err)
	}
	stops, err := bucket.Watch(ctx, h.own, stopPrefix+"*")
	if ctx.Err() != nil {
		return nil
	}
	if err != nil {
		return fmt.Errorf("watching which booths are out of service: %w", err)
	}
	helps, err := bucket.Watch(ctx, h.own, helpPrefix+"*")
	if ctx.Err() != nil {
		return nil
	}
	if err != nil {
		return fmt.Errorf("watching calls for help: %w", err)
	}
	ticks := time.NewTicker(tick)
	defer ticks.Stop()
	var asked time.Time
	for {
		urgent := false
		select {
		case <-ctx.Done():
			return nil
		case entry, open := <-statuses:
			if !open {
				return nil // with ctx
			}
			if entry == nil {
				h.hasHeard(func(all *heard) { all.statuses = true })
			}
			h.take(entry)
		case entry, open := <-stops:
			if !open {
				return nil
			}
			if entry == nil {
				h.hasHeard(func(all *heard) { all.stops = true })
			}
			urgent = true
			follow(h, h.out, stopPrefix, "what takes a booth out of service cannot be read", entry)
		case entry, open := <-helps:
			if !open {
				return nil
			}
			if entry == nil {
				h.hasHeard(func(all *heard) { all.helps = true })
			}
			urgent = true
			follow(h, h.help, helpPrefix, "a call for help cannot be read", entry)
		case now := <-ticks.C:
			if now.Sub(asked) > ringInterval {
				asked = now
				h.askRings(ctx)
			}
		}
		h.wakeAll(urgent)
	}
}

// askRings learns in which ring each site is. What is not known is not shown.
func (h *Hotline) askRings(ctx context.Context) {
	rings, err := h.options.Rings(ctx)
	if err != nil {
		if ctx.Err() == nil {
			h.options.Log.Warn("the update rings of the sites are not known", "error", err)
		}
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.rings = rings
}

func (h *Hotline) take(entry jetstream.KeyValueEntry) {
	if entry == nil {
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if entry.Revision() <= h.seen[entry.Key()].revision {
		return // this hub's own, most often
	}
	if entry.Operation() != jetstream.KeyValuePut {
		delete(h.seen, entry.Key())
		return
	}
	r := record{revision: entry.Revision()}
	if err := json.Unmarshal(entry.Value(), &r); err != nil {
		h.options.Log.Error("a booth's status cannot be read", "site", entry.Key(), "error", err)
		return
	}
	h.keep(entry.Key(), r)
}

func (h *Hotline) hasHeard(note func(*heard)) {
	h.mu.Lock()
	defer h.mu.Unlock()
	note(&h.heard)
}

func (h *Hotline) wakeAll(urgent bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for p := range h.pages {
		slot := p.wake
		if urgent {
			slot = p.hurry
		}
		select {
		case slot <- struct{}{}:
		default:
		}
	}
}

// Routes adds the hotline's websocket and its actions to mux, and pages, its files.
func (h *Hotline) Routes(mux *http.ServeMux, pages http.Handler) {
	guard := func(next http.Handler) http.Handler { return h.options.SignIn.Require(next, account.RoleHotline) }
	mux.Handle("GET /hotline/socket", guard(http.HandlerFunc(h.serveSocket)))
	mux.Handle("POST /hotline/booths/{site}/{action}", guard(http.HandlerFunc(h.serveAction)))
	mux.Handle("GET /hotline/booths/{site}/history", guard(http.HandlerFunc(h.serveHistory)))
	mux.Handle("GET /hotline/booths/{site}/logs", guard(http.HandlerFunc(h.serveLogs)))
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

func (h *Hotline) enter(p *page) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.ended || h.ctx.Err() != nil {
		return false
	}
	h.tasks.Add(1)
	h.pages[p] = struct{}{}
	return true
}

func (h *Hotline) exit(p *page) {
	h.mu.Lock()
	delete(h.pages, p)
	h.mu.Unlock()
	h.tasks.Done()
}

func (h *Hotline) serveSocket(w http.ResponseWriter, r *http.Request) {
	p := &page{wake: make(chan struct{}, 1), hurry: make(chan struct{}, 1)}
	p.wake <- struct{}{}
	if !h.enter(p) {
		http.Error(w, "the hub is stopping", http.StatusServiceUnavailable)
		return
	}
	defer h.exit(p)
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
		if err := h.write(ctx, ws, signin.Token(r), p); err != nil && ctx.Err() == nil {
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

func (h *Hotline) write(ctx context.Context, ws *websocket.Conn, token string, p *page) error {
	ping := time.NewTicker(pingInterval)
	defer ping.Stop()
	// due is nil until a view is to be sent, and for a moment after one was.
	var due <-chan time.Time
	var sent time.Time
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
		case <-p.wake:
			if due == nil {
				due = time.After(time.Until(sent.Add(calm + time.Duration(len(shown.Booths))*calmBooth)))
			}
		case <-p.hurry:
			due = time.After(time.Until(sent.Add(calm)))
		case <-due:
			due, sent = nil, time.Now()
			v := h.View()
			v.Seq = shown.Seq + 1
			changes, some := v.since(shown)
			if !some {
				continue
			}
			if err := ws.SetWriteDeadline(time.Now().Add(writeWait)); err != nil {
				return err
			}
			if err := ws.WriteJSON(changes); err != nil {
				return err
			}
			shown = v
		}
	}
}
