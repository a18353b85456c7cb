// Package desk is the adviser's side of the hub: the websocket on which the
// desk's page gets its whole view and the signals of its call, and says what
// the adviser does.
//
// An adviser has one desk; the page that was opened last has it, and the one
// before is told. A page that goes away while its desk rings gives the call
// back; in a call, which flows between booth and browser without the hub, the
// call is kept for a minute and the page may resume it.
//
// It opens no port and writes no file. Every websocket's goroutines end with
// the context given to New; Wait waits for them. Websockets are RFC 6455.
package desk

import (
	"context"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/gorilla/websocket"

	"loiret.fr/visioborne/hub/account"
	"loiret.fr/visioborne/hub/booths"
	"loiret.fr/visioborne/hub/directory"
	"loiret.fr/visioborne/hub/queue"
	"loiret.fr/visioborne/hub/signin"
	"loiret.fr/visioborne/hub/web"
	"loiret.fr/visioborne/hub/wire"
)

const (
	// A page that answers no ping for this long is gone, whatever TCP says.
	pongWait     = 15 * time.Second
	pingInterval = 5 * time.Second
	writeWait    = 5 * time.Second
	// deedWait is the longest that one thing an adviser does may take.
	deedWait = 5 * time.Second
	// lineEvery is the least time between two views that differ in nothing of the desk itself, and callEvery how much more that is
	// for each call that waits.
	lineEvery = 250 * time.Millisecond
	callEvery = 5 * time.Millisecond
	// lineShown is how many of those who wait a page shows: nobody reads more, and hundreds would be sent anew at each change.
	lineShown = 20
)

// Options are what the desks need.
type Options struct {
	Queue     *queue.Queue
	Booths    *booths.Booths
	SignIn    *signin.SignIn
	Directory *directory.Directory
	// ICEServers gives STUN and TURN servers with credentials for a call.
	ICEServers func(call string) []wire.ICEServer
	Now        func() time.Time
	Log        *slog.Logger
}

// Desks are the desks that are open at this hub.
type Desks struct {
	options  Options
	ctx      context.Context
	upgrader websocket.Upgrader
	tasks    sync.WaitGroup

	mu    sync.Mutex
	seats map[string]*seat // by user
	ended bool
}

// seat is an adviser's place. It outlives a websocket, so that a page that
// comes back gets the signals that it has not had.
type seat struct {
	// moving is held while the seat changes hands: the register must see the
	// newcomer sit after its predecessor rose, not before.
	moving sync.Mutex
	conn   *conn // the page that has the desk; guarded by Desks.mu

	// What the page in possession has read; guarded by Desks.mu.
	call   string
	cursor booths.Cursor
	ice    []wire.ICEServer
}

// New returns desks whose websockets end with ctx.
func New(ctx context.Context, o Options) *Desks {
	return &Desks{
		options: o, ctx: ctx,
		upgrader: websocket.Upgrader{
			HandshakeTimeout: writeWait,
			CheckOrigin:      web.SameOrigin,
			Error: func(w http.ResponseWriter, _ *http.Request, status int, reason error) {
				http.Error(w, "opening the websocket: "+reason.Error(), status)
			},
		},
		seats: map[string]*seat{},
	}
}

// Routes adds the desk's addresses to mux. pages are its files.
func (d *Desks) Routes(mux *http.ServeMux, pages http.Handler) {
	mux.Handle("GET /desk", d.options.SignIn.Require(atDesk(pages), account.RoleAdviser))
	mux.Handle("GET /desk/", pages) // scripts and styles tell nothing
	mux.HandleFunc("GET /desk/socket", d.serveSocket)
}

// atDesk keeps administrators away who have no partner's desk.
func atDesk(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if a, ok := account.From(r.Context()); !ok || a.Partner == "" {
			http.Error(w, "Votre compte n’est rattaché à aucun partenaire : il n’a pas de poste.", http.StatusForbidden)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// SignedOut is to be called when somebody has signed out: his desk closes, even in a call.
func (d *Desks) SignedOut(user, token string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if s := d.seats[user]; s != nil && s.conn != nil && s.conn.token == token {
		s.conn.leave(ScreenSignedOut)
	}
}

// Ended is to be called when a session has ended at any hub, with its key: the desk closes, even in a call.
func (d *Desks) Ended(session string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, s := range d.seats {
		if s.conn != nil && account.SessionKey(s.conn.token) == session {
			s.conn.leave(ScreenSignedOut)
		}
	}
}

// Touched is to be called when something has changed at desks, or a booth has sent a signal for one.
func (d *Desks) Touched(desks ...string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, id := range desks {
		if s := d.seats[id]; s != nil && s.conn != nil {
			s.conn.wakeUp()
		}
	}
}

// Changed is to be called when something has changed in the queue, at some desk or at none.
func (d *Desks) Changed() {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, s := range d.seats {
		if s.conn != nil {
			s.conn.wakeUp()
		}
	}
}

// Wait waits for every websocket to end, which they do after the context of New.
func (d *Desks) Wait() {
	d.mu.Lock()
	d.ended = true
	d.mu.Unlock()
	d.tasks.Wait()
}

// enter counts a websocket among those that Wait waits for; false when it is too late.
func (d *Desks) enter() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.ended || d.ctx.Err() != nil {
		return false
	}
	d.tasks.Add(1)
	return true
}

// take gives a desk to a page.
func (d *Desks) take(ctx context.Context, c *conn) error {
	d.mu.Lock()
	s := d.seats[c.account.User]
	if s == nil {
		s = &seat{}
		d.seats[c.account.User] = s
	}
	d.mu.Unlock()
	s.moving.Lock()
	defer s.moving.Unlock()
	d.mu.Lock()
	old := s.conn
	s.conn, c.seat = c, s
	if old != nil {
		old.leave(ScreenReplaced)
	}
	d.mu.Unlock()
	return d.options.Queue.Sit(ctx, c.account.User, c.account.Partner, c.account.Name)
}

// leave: the page has gone. The context of the page has ended by then.
func (d *Desks) leave(c *conn) {
	s := c.seat
	if s == nil {
		return
	}
	s.moving.Lock()
	defer s.moving.Unlock()
	d.mu.Lock()
	mine := s.conn == c
	if mine {
		s.conn = nil
	}
	signedOut := c.last == ScreenSignedOut
	d.mu.Unlock()
	if !mine {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(d.ctx), deedWait)
	defer cancel()
	rise := d.options.Queue.Rise
	if signedOut {
		rise = d.options.Queue.Close
	}
	if err := rise(ctx, c.account.User); err != nil {
		d.options.Log.Warn("a desk could not be left in order", "desk", c.account.User, "error", err)
	}
}
