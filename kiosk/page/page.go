// Package page serves the touchscreen's page on loopback: the files, a
// websocket on which it pushes the whole view and takes the citizen's intents
// (/socket), and a second one that carries encoded pictures (/video).
//
// It listens on loopback only and checks Host and Origin, so that neither the
// room's network nor a page from elsewhere in the same browser can drive the
// booth (DNS rebinding). Several pages may watch; the one that has been
// connected longest drives, and only that one is obeyed and gets pictures.
// Those that come through Watchers never drive, whatever becomes of the others.
//
// It writes nothing to disk, and keeps no picture but the page of a document
// that an adviser shows, in memory, as long as it is shown. Serve owns every goroutine
// and returns when they have ended. Websockets are RFC 6455.
package page

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/gorilla/websocket"

	"loiret.fr/visioborne/kiosk/booth"
)

const (
	// A page that answers no ping for this long is gone, whatever TCP says.
	pongWait     = 15 * time.Second
	pingInterval = 5 * time.Second
	writeWait    = 5 * time.Second
	// An intent is a few dozen bytes.
	maxIntentBytes = 4 << 10
)

// Options are what a Page needs of the rest of the booth. The functions are
// called from the page's goroutines and must not block.
type Options struct {
	// Files are the built page: index.html and what it loads.
	Files fs.FS
	// Pictures are the site's own files, by the addresses at which the page gets them.
	Pictures map[string]Picture
	// Intent takes what the citizen did.
	Intent func(booth.Event)
	// KeyFrame asks a stream for a key frame: a page has just begun to watch it, or lost its place.
	KeyFrame func(stream byte)
	// Alive takes a page's signs of life, one a second: a page answers a websocket's ping even when its scripts hang. May be nil.
	Alive func()
	Log   *slog.Logger
}

// Page is the touchscreen's side of the booth.
type Page struct {
	options  Options
	upgrader websocket.Upgrader

	mu    sync.Mutex
	seq   uint64
	view  *booth.View
	ids   uint64
	conns []*conn // in order of arrival; the first drives
	// watchers are those that may not drive.
	watchers []*conn
	// shown is the picture of a document that the view names, coming the one that the next view will.
	shown, coming paper
	ended         bool          // Serve is returning: no new connection may begin
	over          chan struct{} // closed with ended
	tasks         sync.WaitGroup
}

// New returns a Page that shows nothing yet.
func New(o Options) *Page {
	p := &Page{options: o, over: make(chan struct{})}
	p.upgrader = websocket.Upgrader{
		HandshakeTimeout: writeWait,
		CheckOrigin:      sameOrigin,
		Error: func(w http.ResponseWriter, _ *http.Request, status int, reason error) {
			http.Error(w, "opening the websocket: "+reason.Error(), status)
		},
	}
	return p
}

// Listen opens a page's address, which must be a loopback one.
func Listen(addr string) (net.Listener, error) {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, fmt.Errorf("listening for the touchscreen on %q: %w; expected host:port", addr, err)
	}
	if ip := net.ParseIP(host); host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return nil, fmt.Errorf("listening for the touchscreen on %q: not a loopback address; expected 127.0.0.1:port, [::1]:port or localhost:port", addr)
	}
	l, err := net.Listen("tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("listening for the touchscreen: %w", err)
	}
	return l, nil
}

// Serve serves the page on l until ctx ends.
func (p *Page) Serve(ctx context.Context, l net.Listener) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	mux := http.NewServeMux()
	mux.HandleFunc("GET /socket", func(w http.ResponseWriter, r *http.Request) { p.serveSocket(ctx, w, r, false) })
	mux.HandleFunc("GET /video", func(w http.ResponseWriter, r *http.Request) { p.serveVideo(ctx, w, r) })
	mux.HandleFunc("GET /paper/{id}", p.servePaper)
	p.servePictures(mux)
	mux.Handle("GET /", http.FileServerFS(p.options.Files))
	server := &http.Server{
		Handler:           guard(l.Addr(), declare(mux)),
		ReadHeaderTimeout: 10 * time.Second,
		ErrorLog:          slog.NewLogLogger(p.options.Log.Handler(), slog.LevelWarn),
	}
	p.tasks.Go(func() {
		<-ctx.Done()
		// Hijacked websockets see ctx themselves; there is nothing else worth waiting for.
		server.Close()
	})
	err := server.Serve(l)
	cancel()
	p.mu.Lock()
	p.ended = true
	close(p.over)
	p.mu.Unlock()
	p.tasks.Wait()
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return fmt.Errorf("serving the touchscreen: %w", err)
}

// Watchers serves the page to those who may see what is on the touchscreen and no more: they do not drive, not even when
// there is no other page, they get no pictures, and their signs of life are not the touchscreen's. Who may watch is the
// caller's decision, and so is the name under which it is reached. A watcher stays until its request's context or Serve ends.
func (p *Page) Watchers() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /socket", func(w http.ResponseWriter, r *http.Request) { p.serveSocket(r.Context(), w, r, true) })
	p.servePictures(mux)
	mux.Handle("GET /", http.FileServerFS(p.options.Files))
	return declare(mux)
}

// enter counts a websocket among the tasks that Serve waits for; false when it is too late.
func (p *Page) enter() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.ended {
		p.tasks.Add(1)
	}
	return !p.ended
}

// Show pushes a view to every page. It does not block: a slow page misses views, never the newest.
func (p *Page) Show(v booth.View) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.seq++
	p.view = &v
	p.keepPaper(v)
	p.wakeAll()
}

// wakeAll tells every connection that there is something new. The caller holds mu.
func (p *Page) wakeAll() {
	for _, all := range [][]*conn{p.conns, p.watchers} {
		for _, c := range all {
			select {
			case c.wake <- struct{}{}:
			default:
			}
		}
	}
}

// push is what a page gets: the whole view with its place in order.
type push struct {
	Seq     uint64      `json:"seq"`
	Page    string      `json:"page"`
	Driving bool        `json:"driving"`
	View    *booth.View `json:"view"`
}

// newest is the newest push for a connection; false before the first view.
func (p *Page) newest(c *conn) (push, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.view == nil {
		return push{}, false
	}
	view := *p.view
	if c.watcher {
		view = booth.Watched(view)
	}
	return push{p.seq, c.id, p.drives(c), &view}, true
}

// drives tells whether c is the page that drives. The caller holds mu.
func (p *Page) drives(c *conn) bool { return len(p.conns) > 0 && p.conns[0] == c }

func (p *Page) add(c *conn) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.ids++
	c.id = strconv.FormatUint(p.ids, 10)
	if c.watcher {
		p.watchers = append(p.watchers, c)
	} else {
		p.conns = append(p.conns, c)
	}
	c.wake <- struct{}{}
}

func (p *Page) remove(c *conn) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if c.watcher {
		p.watchers = slices.DeleteFunc(p.watchers, func(x *conn) bool { return x == c })
		return
	}
	p.conns = slices.DeleteFunc(p.conns, func(x *conn) bool { return x == c })
	// The next page drives from now on, and must hear of it.
	p.seq++
	p.wakeAll()
}

// guard refuses what does not come from a page of this very server.
func guard(addr net.Addr, next http.Handler) http.Handler {
	port := strconv.Itoa(addr.(*net.TCPAddr).Port)
	hosts := []string{"127.0.0.1:" + port, "localhost:" + port, "[::1]:" + port}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !slices.Contains(hosts, r.Host) {
			http.Error(w, fmt.Sprintf("host %q is not this booth; open http://%s/", r.Host, hosts[0]), http.StatusMisdirectedRequest)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// declare says in every answer what the page may load.
func declare(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; media-src 'self' blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
		h.Set("Cache-Control", "no-store")
		next.ServeHTTP(w, r)
	})
}

// sameOrigin: a browser says where a websocket's page comes from, and it must be here.
func sameOrigin(r *http.Request) bool {
	scheme := "http://"
	if r.TLS != nil { // a watcher's
		scheme = "https://"
	}
	return r.Header.Get("Origin") == scheme+r.Host
}
