package booths

import (
	"fmt"
	"slices"

	"github.com/nats-io/nats.go"

	"loiret.fr/visioborne/hub/queue"
	"loiret.fr/visioborne/hub/wire"
)

// Tell says a notice of the queue to the booth that it concerns.
func (b *Booths) Tell(n queue.Notice) {
	switch n := n.(type) {
	case queue.Attached:
		b.attach(n.Call)
	case queue.Detached:
		b.detach(n.Call.ID)
	case queue.RingingNotice:
		b.tellRinging(n.Call)
	case queue.AnsweredNotice:
		b.tellAnswered(n.Call, n.Adviser)
	case queue.RequeuedNotice:
		b.send(wire.Down(n.Call.Site, wire.VerbRequeued), wire.Requeued{Call: n.Call.ID, Place: n.Place})
	case queue.TransferredNotice:
		b.options.Log.Info("call transferred", "site", n.Call.Site, "call", n.Call.ID, "from", n.Call.From, "partner", n.Call.Partner, "returned", n.Call.Returned)
		b.send(wire.Down(n.Call.Site, wire.VerbTransferred), wire.Transferred{
			Call: n.Call.ID, Partner: n.Call.Partner, Place: n.Place, Returned: n.Call.Returned,
		})
	case queue.RecallNotice:
		b.options.Log.Info("call back", "site", n.Call.Site, "call", n.Call.ID, "partner", n.Call.Partner)
		b.send(wire.Down(n.Call.Site, wire.VerbCallBack), wire.CallBack{Call: n.Call.ID, Partner: n.Call.Partner, Adviser: named(n.Adviser)})
	case queue.EndedNotice:
		b.options.Log.Info("call ended", "site", n.Call.Site, "call", n.Call.ID, "partner", n.Call.Partner, "reason", n.Reason)
		b.send(wire.Down(n.Call.Site, wire.VerbEnded), wire.Ended{Call: n.Call.ID, Reason: n.Reason})
	case queue.MovedNotice:
		b.send(wire.Down(n.Call.Site, wire.VerbPlace), wire.Placed{
			Call: n.Call.ID, Place: n.Place, Free: n.Availability.Free, Online: n.Availability.Online,
		})
	}
}

func (b *Booths) tellRinging(c queue.Call) {
	b.mu.Lock()
	if r, ok := b.relays[c.ID]; ok {
		// The booth makes a new peer connection and offers anew.
		r.call = c
		b.restart(r)
	}
	b.mu.Unlock()
	b.send(wire.Down(c.Site, wire.VerbRinging), wire.Ringing{Call: c.ID, ICEServers: b.options.ICEServers(c.ID)})
}

func (b *Booths) tellAnswered(c queue.Call, adviser string) {
	b.send(wire.Down(c.Site, wire.VerbAnswered), wire.Answered{
		Call: c.ID, Adviser: named(adviser), ICEServers: b.options.ICEServers(c.ID),
	})
}

// named is an adviser's name.
func named(adviser string) string {
	if adviser == "" {
		return "…" // its desk has just been forgotten
	}
	return adviser
}

// Renew has the booth of a desk's call make a new peer connection: the desk's page has lost its own.
func (b *Booths) Renew(desk, call string) error {
	b.mu.Lock()
	r, ok := b.relays[call]
	var c queue.Call
	if ok && r.call.Desk == desk {
		c = r.call
		b.restart(r)
	}
	b.mu.Unlock()
	if c.ID == "" {
		return fmt.Errorf("renewing the connection of call %s: %w", call, queue.ErrGone)
	}
	b.options.Log.Info("a desk's page has come back in mid-call", "site", c.Site, "call", c.ID)
	b.send(wire.Down(c.Site, wire.VerbRenew), wire.Renew{Call: c.ID, ICEServers: b.options.ICEServers(c.ID)})
	return nil
}

// attach begins to relay a call. NATS takes the subscription before anything
// that is published after it on the same connection, so no offer is missed.
func (b *Booths) attach(c queue.Call) {
	sub, err := b.options.Conn.Subscribe(wire.UpSignal(c.Site, c.ID), func(m *nats.Msg) { b.take(c.ID, m.Data) })
	if err != nil {
		b.options.Log.Error("a call cannot be relayed", "call", c.ID, "error", err)
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	r := &relay{call: c, sub: sub}
	b.restart(r)
	b.relays[c.ID] = r
}

// restart forgets a relay's signals: what comes next is of a new offer. The caller holds mu.
func (b *Booths) restart(r *relay) {
	b.epochs++
	r.epoch, r.kept = b.epochs, nil
}

func (b *Booths) detach(call string) {
	b.mu.Lock()
	r, ok := b.relays[call]
	delete(b.relays, call)
	b.mu.Unlock()
	if ok {
		r.end(b)
	}
}

func (b *Booths) detachAll() {
	b.mu.Lock()
	relays := b.relays
	b.relays = map[string]*relay{}
	b.mu.Unlock()
	for _, r := range relays {
		r.end(b)
	}
}

func (r *relay) end(b *Booths) {
	if err := r.sub.Unsubscribe(); err != nil && !b.options.Conn.IsClosed() {
		b.options.Log.Warn("a call is still relayed", "call", r.call.ID, "error", err)
	}
}

// take takes a booth's signal.
func (b *Booths) take(call string, data []byte) {
	s, err := wire.Decode[wire.Signal](data)
	if err != nil {
		b.options.Log.Warn("a booth's signal was not taken", "call", call, "error", err)
		return
	}
	b.mu.Lock()
	r, ok := b.relays[call]
	if !ok {
		b.mu.Unlock()
		return
	}
	if s.Kind == wire.KindOffer {
		b.restart(r)
	}
	full := len(r.kept) >= signals
	if !full {
		r.kept = append(r.kept, s)
	}
	desk := r.call.Desk
	b.mu.Unlock()
	if full {
		b.options.Log.Warn("a booth sends too many signals", "call", call)
		return
	}
	b.options.Signalled(desk)
}

// Cursor is how far a desk has read a call's signals; the zero value is the beginning.
type Cursor struct {
	epoch uint64
	read  int
}

// Signals are the booth's signals of a desk's call that come after a cursor, and the cursor after them.
func (b *Booths) Signals(desk, call string, from Cursor) ([]wire.Signal, Cursor) {
	b.mu.Lock()
	defer b.mu.Unlock()
	r, ok := b.relays[call]
	if !ok || r.call.Desk != desk {
		return nil, from
	}
	if from.epoch != r.epoch {
		from = Cursor{epoch: r.epoch}
	}
	return slices.Clone(r.kept[from.read:]), Cursor{r.epoch, len(r.kept)}
}

// Send sends a desk's signal to the booth of its call.
func (b *Booths) Send(desk, call string, s wire.Signal) error {
	b.mu.Lock()
	r, ok := b.relays[call]
	var c queue.Call
	if ok {
		c = r.call
	}
	b.mu.Unlock()
	if !ok || c.Desk != desk {
		return fmt.Errorf("sending a signal of call %s: %w", call, queue.ErrGone)
	}
	data, err := wire.Encode(s)
	if err != nil {
		return err
	}
	if err := b.options.Conn.Publish(wire.DownSignal(c.Site, c.ID), data); err != nil {
		return fmt.Errorf("sending a signal of call %s: %w", call, err)
	}
	return nil
}
