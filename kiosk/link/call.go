package link

import (
	"context"
	"errors"
	"time"

	"github.com/nats-io/nats.go"

	"loiret.fr/visioborne/hub/wire"
)

// phase is how far a call has got, as far as the link is concerned.
type phase string

const (
	placing  phase = "placing"  // the hub has not answered yet
	waiting  phase = "waiting"  // in line
	ringing  phase = "ringing"  // a desk rings
	answered phase = "answered" // an adviser has answered: nothing to keep alive
	invited  phase = "invited"  // an adviser calls back; the citizen is asked
	accepts  phase = "accepts"  // the citizen wants it; the adviser is not there yet
	leaving  phase = "leaving"  // the booth has left; the hub has not confirmed it
)

// call is one of the booth's calls: the present one, or one that it is leaving.
type call struct {
	request wire.Place
	phase   phase
	reason  wire.Reason // of leaving
	since   time.Time   // of placing, or of leaving
	next    time.Time   // when to ask again
	asking  bool        // a request is under way
	stale   bool        // place must be sent again: the answer under way may be from before
}

func (r *run) place(p wire.Place) {
	if _, known := r.calls[p.Call]; known {
		return
	}
	if err := p.Validate(); err != nil {
		r.log.Error("the call cannot be placed", "error", err)
		r.emit(Refused{p.Call, wire.CodeMalformed})
		return
	}
	c := &call{request: p, phase: placing, since: time.Now()}
	r.calls[p.Call] = c
	c.ask(r, time.Now())
}

func (r *run) leave(id string, reason wire.Reason) {
	c, known := r.calls[id]
	if !known || c.phase == leaving {
		return
	}
	c.leave(r, reason)
}

func (c *call) leave(r *run, reason wire.Reason) {
	now := time.Now()
	c.phase, c.reason, c.since, c.next = leaving, reason, now, time.Time{}
	c.ask(r, now)
}

// accept: the citizen wants to be called back. A call that is gone meanwhile ends.
func (r *run) accept(id, language string) {
	c, known := r.calls[id]
	switch {
	case !known:
		r.emit(Ended{id, wire.ReasonCancelled})
	case c.phase == invited:
		c.request.Language = language // it may have to be placed anew
		c.phase, c.next = accepts, time.Time{}
		c.ask(r, time.Now())
	}
}

// replay: the hub was away and is back.
func (c *call) replay(r *run) {
	switch c.phase {
	case waiting, ringing:
		c.stale = true
	case placing, leaving, accepts:
	case answered, invited:
		return
	}
	c.next = time.Time{}
	c.ask(r, time.Now())
}

func (c *call) tick(r *run, now time.Time) {
	switch c.phase {
	case placing:
		if now.Sub(c.since) > r.pace.place {
			r.emit(Unanswered{c.request.Call})
			// The request may still be on its way: take it back when the hub answers again.
			c.leave(r, wire.ReasonCancelled)
			return
		}
	case leaving:
		if now.Sub(c.since) > r.pace.leaveFor {
			delete(r.calls, c.request.Call)
			return
		}
	case waiting, ringing, answered, invited, accepts:
	}
	c.ask(r, now)
}

// ask sends what the phase calls for, if it is time and nothing is under way.
func (c *call) ask(r *run, now time.Time) {
	if c.asking || !r.linked || now.Before(c.next) {
		return
	}
	id := c.request.Call
	switch c.phase {
	case placing:
		c.next = now.Add(r.pace.request / 4)
		c.send(r, wire.VerbPlace, c.request)
	case waiting, ringing:
		c.next = now.Add(r.pace.alive)
		if c.stale {
			c.stale = false
			c.send(r, wire.VerbPlace, c.request)
			return
		}
		c.send(r, wire.VerbAlive, wire.Alive{Call: id})
	case accepts:
		c.next = now.Add(r.pace.alive)
		c.send(r, wire.VerbAccept, wire.Accept{Call: id})
	case leaving:
		c.next = now.Add(r.pace.leave)
		c.send(r, wire.VerbLeave, wire.Leave{Call: id, Reason: c.reason})
	case answered, invited:
	}
}

func (c *call) send(r *run, verb wire.Verb, m wire.Message) {
	c.asking = true
	r.request(verb, m, func(r *run, b []byte, err error) {
		c.asking = false
		if r.calls[c.request.Call] != c {
			return
		}
		if err != nil {
			c.unanswered(r, verb, err)
			return
		}
		r.heard = time.Now()
		if verb == wire.VerbLeave {
			if _, err := wire.Decode[wire.Left](b); err != nil {
				r.log.Warn("the hub's answer cannot be read", "verb", verb, "error", err)
				return
			}
			delete(r.calls, c.request.Call)
			return
		}
		reply, err := wire.Decode[wire.PlaceReply](b)
		if err != nil {
			r.log.Warn("the hub's answer cannot be read", "verb", verb, "error", err)
			return
		}
		c.reply(r, verb, reply)
	})
}

// unanswered: no hub takes requests any more, or this one was lost.
func (c *call) unanswered(r *run, verb wire.Verb, err error) {
	if errors.Is(err, context.Canceled) {
		return
	}
	r.log.Warn("the hub did not answer", "verb", verb, "error", err)
	if verb == wire.VerbPlace {
		c.stale = true
	}
	// NATS without a hub behind it is no hub; greet until one answers.
	r.unlink()
}

func (c *call) reply(r *run, verb wire.Verb, reply wire.PlaceReply) {
	switch c.phase {
	case leaving, answered:
		// A leave is due, or the answer is older than the adviser's.
		c.ask(r, time.Now())
		return
	case accepts:
		if reply.Code == wire.CodeGone {
			delete(r.calls, c.request.Call)
			r.emit(Ended{c.request.Call, wire.ReasonCancelled})
		}
		return
	case placing, waiting, ringing, invited:
	}
	switch reply.Code {
	case "":
	case wire.CodeGone:
		// Swept while the connection was broken; the citizen still waits.
		c.stale, c.next = true, time.Time{}
		c.ask(r, time.Now())
		return
	case wire.CodeUnavailable:
		if verb == wire.VerbPlace && c.phase != placing {
			c.stale = true
		}
		return
	case wire.CodeClosed, wire.CodeUnknownSite, wire.CodeUnknownPartner, wire.CodeMalformed:
		delete(r.calls, c.request.Call)
		r.emit(Refused{c.request.Call, reply.Code})
		return
	}
	if reply.Call != c.request.Call {
		r.log.Warn("the hub answered about another call", "verb", verb)
		return
	}
	if c.phase == placing {
		c.phase, c.next = waiting, time.Now().Add(r.pace.alive)
	}
	// Ringing and answered are told by messages of their own.
	if reply.Place > 0 {
		r.emit(Placed{reply.Call, reply.Place, reply.Free, reply.Online})
	}
}

// take takes what the hub sends of its own accord.
func (r *run) take(m *nats.Msg) {
	r.heard = time.Now()
	subject, err := wire.ParseSubject(m.Subject)
	if err == nil {
		err = r.dispatch(subject, m.Data)
	}
	if err != nil {
		r.log.Warn("the hub's message cannot be read", "subject", m.Subject, "error", err)
	}
}

func (r *run) dispatch(s wire.Subject, b []byte) error {
	switch s.Verb {
	case wire.VerbPartners:
		m, err := wire.Decode[wire.Partners](b)
		if err != nil {
			return err
		}
		r.emit(Partners{m.Partners})
	case wire.VerbPlace:
		m, err := wire.Decode[wire.Placed](b)
		if err != nil {
			return err
		}
		if c := r.inLine(m.Call); c != nil && m.Place > 0 {
			r.emit(Placed{m.Call, m.Place, m.Free, m.Online})
		}
	case wire.VerbRinging:
		m, err := wire.Decode[wire.Ringing](b)
		if err != nil {
			return err
		}
		if c := r.inLine(m.Call); c != nil {
			c.phase = ringing
			r.emit(Ringing{m.Call, m.ICEServers})
		}
	case wire.VerbAnswered:
		m, err := wire.Decode[wire.Answered](b)
		if err != nil {
			return err
		}
		if c := r.inLine(m.Call); c != nil {
			c.phase = answered
			r.emit(Answered{m.Call, m.Adviser, m.ICEServers})
		}
	case wire.VerbRequeued:
		m, err := wire.Decode[wire.Requeued](b)
		if err != nil {
			return err
		}
		if c := r.inLine(m.Call); c != nil {
			c.phase = waiting
			r.emit(Requeued{m.Call, m.Place})
		}
	case wire.VerbRenew:
		m, err := wire.Decode[wire.Renew](b)
		if err != nil {
			return err
		}
		if c, known := r.calls[m.Call]; known && c.phase == answered {
			r.emit(Renewed{m.Call, m.ICEServers})
		}
	case wire.VerbTransferred:
		m, err := wire.Decode[wire.Transferred](b)
		if err != nil {
			return err
		}
		if c, known := r.calls[m.Call]; known && c.phase != leaving {
			c.request.Partner, c.phase, c.next = m.Partner, waiting, time.Time{}
			r.emit(Transferred{m.Call, m.Partner, m.Place, m.Returned})
			c.ask(r, time.Now())
		}
	case wire.VerbCallBack:
		m, err := wire.Decode[wire.CallBack](b)
		if err != nil {
			return err
		}
		// The booth may not have got rid of its memory of the call that broke.
		if c, known := r.calls[m.Call]; !known || c.phase == leaving {
			r.calls[m.Call] = &call{request: wire.Place{Call: m.Call, Partner: m.Partner}, phase: invited}
			r.emit(CalledBack{m.Call, m.Partner, m.Adviser})
		}
	case wire.VerbEnded:
		m, err := wire.Decode[wire.Ended](b)
		if err != nil {
			return err
		}
		if c, known := r.calls[m.Call]; known {
			delete(r.calls, m.Call)
			if c.phase != leaving {
				r.emit(Ended{m.Call, m.Reason})
			}
		}
	case wire.VerbCall:
		m, err := wire.Decode[wire.Signal](b)
		if err != nil {
			return err
		}
		if c, known := r.calls[s.Call]; known && c.phase != leaving {
			r.emit(Signal{s.Call, m})
		}
	case wire.VerbRelease:
		r.emit(ReleasesChanged{})
	case wire.VerbConfiguration:
		r.emit(ConfigurationChanged{})
	case wire.VerbHelp:
		m, err := wire.Decode[wire.Help](b)
		if err != nil {
			return err
		}
		r.emit(HelpSeen(m))
	case wire.VerbCheckDevices:
		if _, err := wire.Decode[wire.CheckDevices](b); err != nil {
			return err
		}
		r.emit(DeviceCheckAsked{})
	case wire.VerbRestart:
		m, err := wire.Decode[wire.Restart](b)
		if err != nil {
			return err
		}
		r.emit(RestartAsked{m.What})
	case wire.VerbOutOfService:
		m, err := wire.Decode[wire.OutOfService](b)
		if err != nil {
			return err
		}
		r.emit(ServiceChanged(m))
	case wire.VerbAgentCall:
		m, err := wire.Decode[wire.AgentCall](b)
		if err != nil {
			return err
		}
		r.emit(AgentCallAsked(m))
	case wire.VerbAgentJoin:
		m, err := wire.Decode[wire.AgentJoin](b)
		if err != nil {
			return err
		}
		r.emit(AgentJoinAsked(m))
	case wire.VerbLogs:
		m, err := wire.Decode[wire.AskLogs](b)
		if err != nil {
			return err
		}
		r.emit(LogsAsked(m))
	case wire.VerbTestCall:
		if _, err := wire.Decode[wire.TestCall](b); err != nil {
			return err
		}
		r.emit(TestCallAsked{})
	case wire.VerbHello, wire.VerbAlive, wire.VerbAccept, wire.VerbLeave, wire.VerbStatus:
		return errors.New("not something that a hub sends")
	default:
		return errors.New("unknown verb")
	}
	return nil
}

// inLine finds a call that waits. A call that is unknown here, of a booth that
// has restarted say, is taken out of the line: nobody sits before it.
func (r *run) inLine(id string) *call {
	c, known := r.calls[id]
	if !known {
		c = &call{request: wire.Place{Call: id}}
		r.calls[id] = c
		c.leave(r, wire.ReasonFailed)
		return nil
	}
	if c.phase == answered || c.phase == leaving {
		return nil
	}
	if c.phase == placing {
		// The push overtook the answer to place.
		c.phase, c.next = waiting, time.Now().Add(r.pace.alive)
	}
	return c
}
