package desk

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/gorilla/websocket"

	"loiret.fr/visioborne/hub/account"
	"loiret.fr/visioborne/hub/booths"
	"loiret.fr/visioborne/hub/queue"
	"loiret.fr/visioborne/hub/signin"
	"loiret.fr/visioborne/hub/wire"
)

// conn is one connected page.
type conn struct {
	account account.Account
	adviser Adviser
	token   string
	seat    *seat
	wake    chan struct{} // one slot: there may be something to write

	// last is the screen to say goodbye with; guarded by Desks.mu.
	last Screen
	// resumed: the page has a peer connection of the call that it found answered. Guarded by Desks.mu.
	resumed string
}

func (c *conn) wakeUp() {
	select {
	case c.wake <- struct{}{}:
	default:
	}
}

// leave makes the page go. The caller holds Desks.mu.
func (c *conn) leave(last Screen) {
	if c.last == "" {
		c.last = last
	}
	c.wakeUp()
}

// Closing codes of our own (RFC 6455, 7.4.2): the page need not come back by itself.
const (
	closeSignedOut = 4401
	closeReplaced  = 4409
)

func (d *Desks) serveSocket(w http.ResponseWriter, r *http.Request) {
	if !d.enter() {
		http.Error(w, "the hub is stopping", http.StatusServiceUnavailable)
		return
	}
	defer d.tasks.Done()
	ws, err := d.upgrader.Upgrade(w, r, nil)
	if err != nil {
		d.options.Log.Warn("desk websocket refused", "error", err)
		return
	}
	defer ws.Close()
	c, err := d.recognise(d.ctx, signin.Token(r))
	if err != nil {
		d.options.Log.Error("a desk's session could not be looked up", "error", err)
		return
	}
	if c == nil {
		d.goodbye(ws, 1, ScreenSignedOut)
		return
	}
	if err := d.take(d.ctx, c); err != nil {
		d.options.Log.Error("a desk could not be opened", "desk", c.account.User, "error", err)
		d.leave(c)
		return
	}
	d.options.Log.Info("desk opened", "desk", c.account.User)
	defer d.options.Log.Info("desk closed", "desk", c.account.User)
	defer d.leave(c)

	ctx, cancel := context.WithCancel(d.ctx)
	defer cancel()
	written := make(chan struct{})
	go func() {
		defer close(written)
		defer ws.Close() // ends the reader below
		if err := d.write(ctx, ws, c); err != nil && ctx.Err() == nil {
			d.options.Log.Info("a desk's page could not be written to", "desk", c.account.User, "error", err)
		}
	}()
	if err := d.read(ctx, ws, c); err != nil && ctx.Err() == nil {
		d.options.Log.Info("a desk's page has gone", "desk", c.account.User, "error", err)
	}
	cancel()
	<-written
}

// recognise finds whose page it is; nil when nobody has signed in.
func (d *Desks) recognise(ctx context.Context, token string) (*conn, error) {
	a, present, err := d.options.SignIn.Present(ctx, token, account.RoleAdviser)
	if err != nil || !present || a.Partner == "" {
		return nil, err
	}
	c := &conn{account: a, token: token, wake: make(chan struct{}, 1)}
	c.adviser = Adviser{Name: a.Name, Partner: d.partner(a.Partner)}
	c.wakeUp()
	return c, nil
}

// partner is how the page calls a partner.
func (d *Desks) partner(id string) Partner {
	if p, ok := d.options.Directory.Partner(id); ok {
		return Partner{ID: p.ID, Short: p.Short, Name: p.Name.In("fr")}
	}
	return Partner{ID: id, Short: id, Name: id}
}

// need is how the page words a need: as the citizen read it, in French. One that the directory has no longer is not worded.
func (d *Desks) need(id string) string {
	n, _ := d.options.Directory.Need(id)
	return n.Text.In("fr")
}

// targets are the partners to whom a call may be passed on: the others of its site.
func (d *Desks) targets(c queue.Call) []Target {
	all := []Target{}
	site, ok := d.options.Directory.Site(c.Site)
	if !ok || c.State != queue.Answered {
		return all
	}
	for _, p := range site.Partners {
		if p.ID == c.Partner {
			continue
		}
		a := d.options.Queue.Availability(p.ID)
		all = append(all, Target{
			Partner: d.partner(p.ID), Phone: string(p.Phone), Open: d.options.Directory.Refuse(c.Site, p.ID, d.options.Now()) == "",
			Online: a.Online, Free: a.Free, Waiting: a.Waiting,
		})
	}
	return all
}

func (d *Desks) goodbye(ws *websocket.Conn, seq uint64, s Screen) error {
	if err := writeJSON(ws, View{Seq: seq, Screen: s, Line: []Waiting{}, Dropped: []Dropped{}}); err != nil {
		return err
	}
	code := closeSignedOut
	if s == ScreenReplaced {
		code = closeReplaced
	}
	return ws.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(code, string(s)), time.Now().Add(writeWait))
}

func writeJSON(ws *websocket.Conn, v any) error {
	if err := ws.SetWriteDeadline(time.Now().Add(writeWait)); err != nil {
		return err
	}
	return ws.WriteJSON(v)
}

// write pushes the newest view whenever it differs, and every signal, and pings.
func (d *Desks) write(ctx context.Context, ws *websocket.Conn, c *conn) error {
	ping := time.NewTicker(pingInterval)
	defer ping.Stop()
	var shown View
	var seen queue.At
	var looked time.Time
	later := time.NewTimer(0)
	defer later.Stop()
	for {
		select {
		case <-ctx.Done():
			// The page sees a clean end and comes back when the hub does.
			return ws.WriteControl(websocket.CloseMessage,
				websocket.FormatCloseMessage(websocket.CloseGoingAway, ""), time.Now().Add(writeWait))
		case <-ping.C:
			if err := ws.WriteControl(websocket.PingMessage, nil, time.Now().Add(writeWait)); err != nil {
				return err
			}
			d.stillSignedIn(ctx, c)
		case <-later.C:
			c.wakeUp()
		case <-c.wake:
			at := d.options.Queue.At(c.account.User)
			// When many call at once, what moves around a desk would keep the hub from ringing.
			if wait := pace(shown) - time.Since(looked); shown.Seq != 0 && wait > 0 && at.SameDesk(seen) && !d.leaves(c) {
				later.Reset(wait)
			} else {
				v, last := d.present(c, at)
				if last != "" {
					return d.goodbye(ws, shown.Seq+1, last)
				}
				if shown.Seq == 0 || !same(v, shown) {
					v.Seq = shown.Seq + 1
					if err := writeJSON(ws, v); err != nil {
						return err
					}
					shown = v
				}
				seen, looked = at, time.Now()
			}
			call, all := d.signals(c, shown)
			for _, s := range all {
				if err := writeJSON(ws, signalled{Call: call, Signal: s}); err != nil {
					return err
				}
			}
		}
	}
}

// signalled is a signal, both ways.
type signalled struct {
	Call   string      `json:"call"`
	Signal wire.Signal `json:"signal"`
}

// pace is how long a page is left with what it shows while nothing of the desk itself changes: the longer the line, the more there
// is to say and the less one change of it means.
func pace(v View) time.Duration {
	return lineEvery + time.Duration(v.Waiting)*callEvery
}

// leaves: the page is to go.
func (d *Desks) leaves(c *conn) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return c.last != ""
}

// present is what the page is to show of what its desk sees, or the screen to go with.
func (d *Desks) present(c *conn, at queue.At) (View, Screen) {
	targets := d.targets(at.Call)
	d.mu.Lock()
	defer d.mu.Unlock()
	if c.last != "" {
		return View{}, c.last
	}
	if at.Elsewhere {
		c.last = ScreenReplaced
		return View{}, c.last
	}
	s := c.seat
	if s.call != at.Call.ID {
		s.call, s.cursor, s.ice = at.Call.ID, booths.Cursor{}, nil
		// Whoever sees a call from its ringing on has its peer connection, and whoever calls back.
		if at.Call.State == queue.Ringing || at.Call.State == queue.Recalling {
			c.resumed = at.Call.ID
		}
		if at.Call.ID != "" {
			s.ice = d.options.ICEServers(at.Call.ID)
		}
	} else if (at.Call.State == queue.Ringing || at.Call.State == queue.Recalling) && c.resumed != at.Call.ID {
		// The page has come while it rings: it gets everything from the offer on.
		c.resumed, s.cursor = at.Call.ID, booths.Cursor{}
	}
	return view(c.adviser, at, s.ice, targets, d, d.options.Now()), ""
}

// signals are the booth's signals that the page has not had. A page that finds
// a call answered gets none before it says that it resumes it.
func (d *Desks) signals(c *conn, v View) (string, []wire.Signal) {
	if v.Call == nil {
		return "", nil
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if c.seat.conn != c || c.seat.call != v.Call.ID || c.resumed != v.Call.ID {
		return "", nil
	}
	var all []wire.Signal
	all, c.seat.cursor = d.options.Booths.Signals(c.account.User, v.Call.ID, c.seat.cursor)
	return v.Call.ID, all
}

// stillSignedIn sends a page away whose session has ended, but nobody out of a call.
func (d *Desks) stillSignedIn(ctx context.Context, c *conn) {
	at := d.options.Queue.At(c.account.User)
	if at.Call.State == queue.Answered || at.Call.State == queue.Recalling {
		return
	}
	if at.Desk.ID == "" && !at.Elsewhere {
		// Forgotten while this hub was suspended: sit down again.
		ctx, cancel := context.WithTimeout(ctx, deedWait)
		defer cancel()
		if err := d.options.Queue.Sit(ctx, c.account.User, c.account.Partner, c.account.Name); err != nil {
			d.options.Log.Warn("a desk could not be opened again", "desk", c.account.User, "error", err)
		}
	}
	a, present, err := d.options.SignIn.Present(ctx, c.token, account.RoleAdviser)
	if err != nil {
		d.options.Log.Warn("a desk's session could not be looked up", "error", err)
		return
	}
	if !present || a.Partner != c.account.Partner {
		d.mu.Lock()
		c.leave(ScreenSignedOut)
		d.mu.Unlock()
	}
}

// Message is what the page sends: something the adviser does, or a signal.
type Message struct {
	Do Deed `json:"do,omitempty"`
	// On and Pause are for DeedAvailable: Pause is why it is not on.
	On    bool        `json:"on,omitempty"`
	Pause queue.Pause `json:"pause,omitempty"`
	Call  string      `json:"call,omitempty"`
	// Partner is for DeedTransfer.
	Partner string       `json:"partner,omitempty"`
	Signal  *wire.Signal `json:"signal,omitempty"`
}

// Deed is something that an adviser does.
type Deed string

const (
	DeedAvailable Deed = "available"
	DeedAnswer    Deed = "answer"
	DeedDecline   Deed = "decline"
	DeedHangUp    Deed = "hang_up"
	// DeedResume: the page has a peer connection of the call that it finds answered; DeedRejoin: it has none any more.
	DeedResume Deed = "resume"
	DeedRejoin Deed = "rejoin"
	// DeedTransfer passes the call on to another partner.
	DeedTransfer Deed = "transfer"
	// DeedLose ends a call whose line is dead; DeedCallBack calls one that broke back, and DeedGiveUp ends that.
	DeedLose     Deed = "lose"
	DeedCallBack Deed = "call_back"
	DeedGiveUp   Deed = "give_up"
)

// decode reads one message of a page.
func decode(b []byte) (Message, error) {
	var m Message
	dec := json.NewDecoder(bytes.NewReader(b))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&m); err != nil {
		return Message{}, fmt.Errorf("reading a page's message: %w", err)
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return Message{}, errors.New("reading a page's message: something follows it")
	}
	switch {
	case m.Signal != nil && m.Do == "":
		return m, errors.Join(wire.CheckCall(m.Call), m.Signal.Validate())
	case m.Signal != nil:
		return Message{}, errors.New("reading a page's message: expected either do or signal")
	}
	switch m.Do {
	case DeedAvailable:
		if !m.Pause.Valid() {
			return Message{}, fmt.Errorf("reading a page's message: pause %.40q is unknown", m.Pause)
		}
		return m, nil
	case DeedTransfer:
		return m, errors.Join(wire.CheckCall(m.Call), wire.CheckID("partner", m.Partner))
	case DeedAnswer, DeedDecline, DeedHangUp, DeedResume, DeedRejoin, DeedLose, DeedCallBack, DeedGiveUp:
		return m, wire.CheckCall(m.Call)
	}
	return Message{}, fmt.Errorf("reading a page's message: do %.40q is unknown", m.Do)
}

// read does what the page says until it goes.
func (d *Desks) read(ctx context.Context, ws *websocket.Conn, c *conn) error {
	ws.SetReadLimit(wire.MaxBytes)
	alive := func(string) error { return ws.SetReadDeadline(time.Now().Add(pongWait)) }
	if err := alive(""); err != nil {
		return err
	}
	ws.SetPongHandler(alive)
	for {
		kind, b, err := ws.ReadMessage()
		if err != nil {
			if websocket.IsCloseError(err, websocket.CloseNormalClosure, websocket.CloseGoingAway, closeSignedOut, closeReplaced) {
				return nil
			}
			return err
		}
		if kind != websocket.TextMessage {
			return errors.New("reading a page's message: expected text")
		}
		m, err := decode(b)
		if err != nil {
			return err
		}
		if !d.obeys(c) {
			continue
		}
		if err := d.carryOut(ctx, c, m); err != nil && ctx.Err() == nil {
			// What the adviser did came too late, most often; the view tells.
			d.options.Log.Info("what an adviser did had no effect", "desk", c.account.User, "do", m.Do, "error", err)
		}
		c.wakeUp()
		// What the adviser did may have waited for the store: the page has not been silent meanwhile.
		if err := alive(""); err != nil {
			return err
		}
	}
}

// obeys: only the page that has the desk is obeyed.
func (d *Desks) obeys(c *conn) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return c.seat.conn == c && c.last == ""
}

func (d *Desks) carryOut(ctx context.Context, c *conn, m Message) error {
	ctx, cancel := context.WithTimeout(ctx, deedWait)
	defer cancel()
	user := c.account.User
	if m.Signal != nil {
		return d.options.Booths.Send(user, m.Call, *m.Signal)
	}
	if m.Do == DeedAnswer || m.Do == DeedCallBack {
		// No citizen meets somebody whose session is over.
		if d.stillSignedIn(ctx, c); !d.obeys(c) {
			return fmt.Errorf("talking to call %s: the session is over", m.Call)
		}
	}
	switch m.Do {
	case DeedAvailable:
		return d.options.Queue.Available(ctx, user, m.On, m.Pause)
	case DeedAnswer:
		return d.options.Queue.Answer(ctx, user, m.Call)
	case DeedDecline:
		return d.options.Queue.Decline(ctx, user, m.Call)
	case DeedHangUp:
		return d.options.Queue.HangUp(ctx, user, m.Call)
	case DeedResume, DeedRejoin:
		// This hub may be about to take the call over: it is resumed when it has.
		d.mu.Lock()
		c.resumed = m.Call
		d.mu.Unlock()
		if m.Do == DeedRejoin {
			return d.options.Booths.Renew(user, m.Call)
		}
	case DeedTransfer:
		return d.transfer(ctx, user, m)
	case DeedLose:
		return d.options.Queue.Lose(ctx, user, m.Call)
	case DeedCallBack:
		return d.options.Queue.Recall(ctx, user, m.Call)
	case DeedGiveUp:
		return d.options.Queue.GiveUp(ctx, user, m.Call)
	}
	return nil
}

// transfer passes a call on, but only to where the citizen could have called, and where somebody is.
func (d *Desks) transfer(ctx context.Context, user string, m Message) error {
	at := d.options.Queue.At(user)
	if at.Call.ID != m.Call {
		return fmt.Errorf("transferring call %s: %w", m.Call, queue.ErrGone)
	}
	if code := d.options.Directory.Refuse(at.Call.Site, m.Partner, d.options.Now()); code != "" {
		return fmt.Errorf("transferring call %s to %s: refused as %s", m.Call, m.Partner, code)
	}
	if d.options.Queue.Availability(m.Partner).Online == 0 {
		return fmt.Errorf("transferring call %s to %s: nobody is there", m.Call, m.Partner)
	}
	return d.options.Queue.Transfer(ctx, user, m.Call, m.Partner)
}
