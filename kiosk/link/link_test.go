package link

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/url"
	"reflect"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"

	"loiret.fr/visioborne/hub/wire"
)

const (
	callA = "0b9c1d6e-6a0f-4f4e-9d0a-00000000000a"
	callB = "0b9c1d6e-6a0f-4f4e-9d0a-00000000000b"
	// callGone is one that nobody knows.
	callGone = "0b9c1d6e-6a0f-4f4e-9d0a-00000000000c"
)

// patience is for what must happen; a test that waits that long has failed.
const patience = 10 * time.Second

var quick = pace{
	request: 200 * time.Millisecond, hello: 40 * time.Millisecond, alive: 60 * time.Millisecond,
	status: 100 * time.Millisecond, silence: 10 * time.Second, place: time.Second,
	leave: 40 * time.Millisecond, leaveFor: 5 * time.Second,
	retryMin: 10 * time.Millisecond, retryMax: 30 * time.Millisecond, ping: 200 * time.Millisecond,
}

// startNATS runs a NATS server with a websocket listener on port (-1: any).
func startNATS(t *testing.T, port int) *server.Server {
	t.Helper()
	s, err := server.NewServer(&server.Options{
		ServerName: "test", DontListen: true, NoLog: true, NoSigs: true,
		Websocket: server.WebsocketOpts{Host: "127.0.0.1", Port: port, NoTLS: true},
	})
	if err != nil {
		t.Fatal(err)
	}
	s.Start()
	t.Cleanup(func() { stopNATS(s) })
	if !s.ReadyForConnections(patience) {
		t.Fatal("the NATS server does not start")
	}
	return s
}

func stopNATS(s *server.Server) {
	s.Shutdown()
	s.WaitForShutdown()
}

// hub is the far end: it answers as told and keeps what it was sent.
type hub struct {
	t   *testing.T
	nc  *nats.Conn
	got chan *nats.Msg
}

func startHub(t *testing.T, s *server.Server, answer func(wire.Subject, *nats.Msg) wire.Message) *hub {
	t.Helper()
	nc, err := nats.Connect("", nats.InProcessServer(s))
	if err != nil {
		t.Fatal(err)
	}
	h := &hub{t: t, nc: nc, got: make(chan *nats.Msg, 1000)}
	t.Cleanup(nc.Close)
	_, err = nc.Subscribe("booth.*.up.>", func(m *nats.Msg) {
		h.got <- m
		subject, err := wire.ParseSubject(m.Subject)
		if err != nil {
			t.Errorf("the booth sent to %q: %v", m.Subject, err)
			return
		}
		if a := answer(subject, m); a != nil && m.Reply != "" {
			b, err := wire.Encode(a)
			if err != nil {
				t.Error(err)
				return
			}
			// A test may take this hub away at any moment.
			if err := m.Respond(b); err != nil && !errors.Is(err, nats.ErrConnectionClosed) {
				t.Error(err)
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := nc.Flush(); err != nil {
		t.Fatal(err)
	}
	return h
}

// obliging answers everything in the way that a hub with no adviser does.
func obliging(s wire.Subject, m *nats.Msg) wire.Message {
	switch s.Verb {
	case wire.VerbHello:
		return wire.Welcome{Time: time.Now(), Partners: []wire.Availability{{ID: "caf", Online: 1}}}
	case wire.VerbPlace:
		p, err := wire.Decode[wire.Place](m.Data)
		if err != nil {
			return wire.PlaceReply{Code: wire.CodeMalformed}
		}
		return wire.PlaceReply{Placed: wire.Placed{Call: p.Call, Place: 2, Online: 1}}
	case wire.VerbAlive:
		p, err := wire.Decode[wire.Alive](m.Data)
		if err != nil {
			return wire.PlaceReply{Code: wire.CodeMalformed}
		}
		return wire.PlaceReply{Placed: wire.Placed{Call: p.Call, Place: 1, Online: 1}}
	case wire.VerbLeave:
		p, err := wire.Decode[wire.Leave](m.Data)
		if err != nil {
			return nil
		}
		return wire.Left{Call: p.Call}
	default:
		return nil
	}
}

func (h *hub) push(verb wire.Verb, m wire.Message) {
	h.t.Helper()
	b, err := wire.Encode(m)
	if err != nil {
		h.t.Fatal(err)
	}
	if err := h.nc.Publish(wire.Down("gien", verb), b); err != nil {
		h.t.Fatal(err)
	}
}

// want waits for a message of verb and drops those before it.
func (h *hub) want(subject string) *nats.Msg {
	h.t.Helper()
	deadline := time.After(patience)
	for {
		select {
		case m := <-h.got:
			if m.Subject == subject {
				return m
			}
		case <-deadline:
			h.t.Fatalf("no message on %s", subject)
		}
	}
}

// booth is a running Link and its events.
type booth struct {
	t      *testing.T
	link   *Link
	events chan Event
	stop   func()
}

func startLink(t *testing.T, o Options) *booth {
	t.Helper()
	b := &booth{t: t, events: make(chan Event, 1000)}
	o.Site, o.Version, o.Log = "gien", "test", slog.New(slog.DiscardHandler)
	o.Events = func(e Event) { b.events <- e }
	b.link = New(o)
	b.link.pace = quick
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- b.link.Run(ctx) }()
	stopped := false
	b.stop = func() {
		cancel()
		if stopped {
			return
		}
		stopped = true
		select {
		case err := <-done:
			if err != nil {
				t.Errorf("Run: %v", err)
			}
		case <-time.After(patience):
			t.Error("Run does not return")
		}
	}
	t.Cleanup(b.stop)
	return b
}

// next waits for the next event of E's type and drops those before it; a
// refusal or an end in between is a failure, because it changes the story.
func next[E Event](b *booth) E {
	b.t.Helper()
	deadline := time.After(patience)
	for {
		select {
		case e := <-b.events:
			if e, ok := e.(E); ok {
				return e
			}
			switch e.(type) {
			case Refused, Ended, Unanswered:
				b.t.Fatalf("%T while waiting for %v", e, reflect.TypeFor[E]())
			}
		case <-deadline:
			b.t.Fatalf("no %v", reflect.TypeFor[E]())
		}
	}
}

func TestCall(t *testing.T) {
	s := startNATS(t, -1)
	h := startHub(t, s, obliging)
	b := startLink(t, Options{URL: s.WebsocketURL()})

	if got := next[Linked](b); got.Clock.IsZero() {
		t.Error("no clock")
	}
	if diff := cmp.Diff([]wire.Availability{{ID: "caf", Online: 1}}, next[Partners](b).Partners); diff != "" {
		t.Errorf("partners (-want +got):\n%s", diff)
	}
	b.link.Place(callA, "caf", "fr", "")
	if diff := cmp.Diff(Placed{Call: callA, Place: 2, Online: 1}, next[Placed](b)); diff != "" {
		t.Errorf("placed (-want +got):\n%s", diff)
	}
	// Signs of life, and their answers, go on by themselves.
	h.want(wire.Up("gien", wire.VerbAlive))
	if got := next[Placed](b); got.Place != 1 {
		t.Errorf("place %d; want 1", got.Place)
	}
	ice := []wire.ICEServer{{URLs: []string{"turn:127.0.0.1:1"}, Username: "u", Credential: "c"}}
	h.push(wire.VerbRinging, wire.Ringing{Call: callA, ICEServers: ice})
	if diff := cmp.Diff(Ringing{callA, ice}, next[Ringing](b)); diff != "" {
		t.Errorf("ringing (-want +got):\n%s", diff)
	}
	b.link.Signal(callA, wire.Signal{Kind: wire.KindOffer, SDP: "v=0"})
	if got, err := wire.Decode[wire.Signal](h.want(wire.UpSignal("gien", callA)).Data); err != nil || got.SDP != "v=0" {
		t.Errorf("the offer arrived as %+v, %v", got, err)
	}
	h.push(wire.VerbRequeued, wire.Requeued{Call: callA, Place: 1})
	next[Requeued](b)
	h.push(wire.VerbRinging, wire.Ringing{Call: callA, ICEServers: ice})
	next[Ringing](b)
	h.push(wire.VerbAnswered, wire.Answered{Call: callA, Adviser: "Mme D.", ICEServers: ice})
	// Said twice, as after a replay, it is told once.
	h.push(wire.VerbAnswered, wire.Answered{Call: callA, Adviser: "Mme D.", ICEServers: ice})
	if got := next[Answered](b); got.Adviser != "Mme D." {
		t.Errorf("adviser %q", got.Adviser)
	}
	h.push(wire.VerbCall+"."+callA, wire.Signal{Kind: wire.KindAnswer, SDP: "v=1"})
	if e := <-b.events; !cmp.Equal(e, Signal{callA, wire.Signal{Kind: wire.KindAnswer, SDP: "v=1"}}) {
		t.Errorf("%+v; want the answer", e)
	}
	h.push(wire.VerbEnded, wire.Ended{Call: callA, Reason: wire.ReasonHungUp})
	if e := <-b.events; e != (Ended{callA, wire.ReasonHungUp}) {
		t.Errorf("%+v; want the end", e)
	}
	// The call is over: its signals are strays.
	h.push(wire.VerbCall+"."+callA, wire.Signal{Kind: wire.KindBye})
	h.push(wire.VerbPartners, wire.Partners{Partners: []wire.Availability{}})
	if e, ok := (<-b.events).(Partners); !ok {
		t.Errorf("%T; want partners", e)
	}
}

// A call is passed on and kept alive in its new line; its page comes back; it breaks and is called back.
func TestPassedOnAndCalledBack(t *testing.T) {
	s := startNATS(t, -1)
	h := startHub(t, s, obliging)
	b := startLink(t, Options{URL: s.WebsocketURL()})
	next[Linked](b)
	b.link.Place(callA, "caf", "fr", "")
	next[Placed](b)
	h.push(wire.VerbTransferred, wire.Transferred{Call: callB, Partner: "cpam", Place: 1}) // a call that is not known
	h.push(wire.VerbRenew, wire.Renew{Call: callA, ICEServers: []wire.ICEServer{}})        // nobody has answered
	h.push(wire.VerbAnswered, wire.Answered{Call: callA, Adviser: "Mme A", ICEServers: []wire.ICEServer{}})
	next[Answered](b)
	h.push(wire.VerbRenew, wire.Renew{Call: callA, ICEServers: []wire.ICEServer{{URLs: []string{"stun:x"}}}})
	if e := next[Renewed](b); e.Call != callA || len(e.ICEServers) != 1 {
		t.Errorf("renewed %+v", e)
	}
	h.push(wire.VerbTransferred, wire.Transferred{Call: callA, Partner: "cpam", Place: 1})
	if e := next[Transferred](b); e != (Transferred{callA, "cpam", 1, false}) {
		t.Errorf("transferred %+v", e)
	}
	h.want(wire.Up("gien", wire.VerbAlive))
	h.push(wire.VerbAnswered, wire.Answered{Call: callA, Adviser: "M. B", ICEServers: []wire.ICEServer{}})
	if e := next[Answered](b); e.Adviser != "M. B" {
		t.Errorf("answered %+v", e)
	}
	b.link.Leave(callA, wire.ReasonFailed)
	h.want(wire.Up("gien", wire.VerbLeave))

	back := wire.CallBack{Call: callA, Partner: "cpam", Adviser: "M. B"}
	h.push(wire.VerbCallBack, back)
	h.push(wire.VerbCallBack, back)
	if e := next[CalledBack](b); e != (CalledBack{callA, "cpam", "M. B"}) {
		t.Errorf("called back %+v", e)
	}
	b.link.Accept(callA, "fr")
	h.want(wire.Up("gien", wire.VerbAccept))
	h.push(wire.VerbAnswered, wire.Answered{Call: callA, Adviser: "M. B", ICEServers: []wire.ICEServer{}})
	next[Answered](b)
	// One that is refused, and one that is gone when the citizen accepts.
	h.push(wire.VerbCallBack, wire.CallBack{Call: callB, Partner: "caf", Adviser: "Mme A"})
	next[CalledBack](b)
	b.link.Leave(callB, wire.ReasonRefused)
	if m, err := wire.Decode[wire.Leave](h.want(wire.Up("gien", wire.VerbLeave)).Data); err != nil || m != (wire.Leave{Call: callB, Reason: wire.ReasonRefused}) {
		t.Errorf("refused %+v, %v", m, err)
	}
	b.link.Accept(callGone, "fr")
	for {
		select {
		case e := <-b.events:
			if e == (Ended{callGone, wire.ReasonCancelled}) {
				return
			}
		case <-time.After(patience):
			t.Fatal("accepting what is gone goes on for ever")
		}
	}
}

func TestRefused(t *testing.T) {
	s := startNATS(t, -1)
	startHub(t, s, func(s wire.Subject, m *nats.Msg) wire.Message {
		if s.Verb == wire.VerbPlace {
			return wire.PlaceReply{Placed: wire.Placed{Call: callA}, Code: wire.CodeClosed}
		}
		return obliging(s, m)
	})
	b := startLink(t, Options{URL: s.WebsocketURL()})
	next[Linked](b)
	b.link.Place(callA, "caf", "fr", "")
	if got := next[Refused](b); got != (Refused{callA, wire.CodeClosed}) {
		t.Errorf("%+v", got)
	}
	b.link.Place(callB, "CAF", "fr", "")
	if got := next[Refused](b); got != (Refused{callB, wire.CodeMalformed}) {
		t.Errorf("%+v", got)
	}
}

// NATS without a hub is no hub. A call placed then is given up in time, and
// taken back when a hub comes that may have it.
func TestNoHub(t *testing.T) {
	s := startNATS(t, -1)
	b := startLink(t, Options{URL: s.WebsocketURL()})
	b.link.Place(callA, "caf", "fr", "")
	if got := next[Unanswered](b); got.Call != callA {
		t.Errorf("%+v", got)
	}
	h := startHub(t, s, obliging)
	next[Linked](b)
	m := h.want(wire.Up("gien", wire.VerbLeave))
	if got, err := wire.Decode[wire.Leave](m.Data); err != nil || got.Call != callA {
		t.Errorf("left %+v, %v", got, err)
	}
	// The link is as good as new.
	b.link.Place(callB, "caf", "fr", "")
	if got := next[Placed](b); got.Call != callB {
		t.Errorf("%+v", got)
	}
	// The hub goes, NATS stays.
	h.nc.Close()
	next[Unlinked](b)
	startHub(t, s, obliging)
	next[Linked](b)
}

// After a broken connection a waiting call is placed again under its id; an
// answered one is not. Signals of the interruption arrive.
func TestReconnect(t *testing.T) {
	s := startNATS(t, -1)
	_, port, err := net.SplitHostPort(mustHost(t, s.WebsocketURL()))
	if err != nil {
		t.Fatal(err)
	}
	number, err := strconv.Atoi(port)
	if err != nil {
		t.Fatal(err)
	}
	h := startHub(t, s, obliging)
	b := startLink(t, Options{URL: s.WebsocketURL()})
	next[Linked](b)
	b.link.Place(callA, "caf", "fr", "")
	next[Placed](b)
	h.nc.Close()
	stopNATS(s)
	next[Unlinked](b)

	s = startNATS(t, number)
	h = startHub(t, s, obliging)
	next[Linked](b)
	hello, err := wire.Decode[wire.Hello](h.want(wire.Up("gien", wire.VerbHello)).Data)
	if err != nil || !cmp.Equal(hello.Calls, []string{callA}) {
		t.Errorf("hello %+v, %v; want the call in it", hello, err)
	}
	place, err := wire.Decode[wire.Place](h.want(wire.Up("gien", wire.VerbPlace)).Data)
	if err != nil || place != (wire.Place{Call: callA, Partner: "caf", Language: "fr"}) {
		t.Errorf("placed again %+v, %v", place, err)
	}
	h.push(wire.VerbAnswered, wire.Answered{Call: callA, Adviser: "Mme D."})
	next[Answered](b)
	h.nc.Close()
	stopNATS(s)
	next[Unlinked](b)
	b.link.Signal(callA, wire.Signal{Kind: wire.KindOffer, SDP: "restart"})

	s = startNATS(t, number)
	h = startHub(t, s, func(s wire.Subject, m *nats.Msg) wire.Message {
		if s.Verb == wire.VerbPlace || s.Verb == wire.VerbAlive {
			t.Errorf("%s of a call that has been answered", s.Verb)
		}
		return obliging(s, m)
	})
	next[Linked](b)
	b.link.Leave(callA, wire.ReasonHungUp)
	h.want(wire.Up("gien", wire.VerbLeave))
}

func mustHost(t *testing.T, s string) string {
	t.Helper()
	u, err := url.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return u.Host
}

// A call that the hub has swept is placed again while the citizen waits.
func TestGone(t *testing.T) {
	s := startNATS(t, -1)
	placed := 0
	h := startHub(t, s, func(s wire.Subject, m *nats.Msg) wire.Message {
		switch s.Verb {
		case wire.VerbPlace:
			placed++
		case wire.VerbAlive:
			if placed == 1 {
				return wire.PlaceReply{Placed: wire.Placed{Call: callA}, Code: wire.CodeGone}
			}
		default:
		}
		return obliging(s, m)
	})
	b := startLink(t, Options{URL: s.WebsocketURL()})
	next[Linked](b)
	b.link.Place(callA, "caf", "fr", "")
	h.want(wire.Up("gien", wire.VerbPlace))
	h.want(wire.Up("gien", wire.VerbAlive))
	h.want(wire.Up("gien", wire.VerbPlace))
	next[Placed](b)
}

// A call that this booth does not know, because it has restarted, is taken out
// of the line; leaving is repeated until the hub confirms it.
func TestUnknownCall(t *testing.T) {
	s := startNATS(t, -1)
	deaf := 2
	h := startHub(t, s, func(s wire.Subject, m *nats.Msg) wire.Message {
		if s.Verb == wire.VerbLeave && deaf > 0 {
			deaf--
			return nil
		}
		return obliging(s, m)
	})
	b := startLink(t, Options{URL: s.WebsocketURL()})
	next[Linked](b)
	h.push(wire.VerbRinging, wire.Ringing{Call: callB})
	for range 3 {
		if got, err := wire.Decode[wire.Leave](h.want(wire.Up("gien", wire.VerbLeave)).Data); err != nil || got.Call != callB {
			t.Fatalf("left %+v, %v", got, err)
		}
	}
	h.push(wire.VerbPartners, wire.Partners{Partners: []wire.Availability{}})
	for {
		switch e := (<-b.events).(type) {
		case Ringing:
			t.Fatal("an unknown call rings")
		case Partners:
			if len(e.Partners) == 0 {
				return
			}
		}
	}
}

func TestStatusAndFarewell(t *testing.T) {
	s := startNATS(t, -1)
	h := startHub(t, s, obliging)
	b := startLink(t, Options{URL: s.WebsocketURL()})
	// Set before there is a hub, it arrives with it, and again from time to time.
	status := wire.Status{Version: "test", Phase: "none", Since: time.Unix(1, 0).UTC()}
	b.link.Status(status)
	for range 2 {
		got, err := wire.Decode[wire.Status](h.want(wire.Up("gien", wire.VerbStatus)).Data)
		if since := time.Since(got.Sent); since < -time.Second || since > patience {
			t.Errorf("the status was sent at %v", got.Sent)
		}
		got.Sent, got.RoundTripMS = time.Time{}, nil
		if diff := cmp.Diff(status, got); err != nil || diff != "" {
			t.Fatalf("status %v (-want +got):\n%s", err, diff)
		}
	}
	// The round trip is in one of the next ones.
	for rtt := (*int)(nil); rtt == nil; {
		got, err := wire.Decode[wire.Status](h.want(wire.Up("gien", wire.VerbStatus)).Data)
		if err != nil {
			t.Fatal(err)
		}
		rtt = got.RoundTripMS
	}
	b.link.Place(callA, "caf", "fr", "")
	next[Placed](b)
	b.stop()
	if got, err := wire.Decode[wire.Leave](h.want(wire.Up("gien", wire.VerbLeave)).Data); err != nil || got != (wire.Leave{Call: callA, Reason: wire.ReasonFailed}) {
		t.Errorf("farewell %+v, %v", got, err)
	}
}

func TestNetworkTest(t *testing.T) {
	s := startNATS(t, -1)
	want := wire.NetworkTestReply{
		Time: time.Unix(1, 0).UTC(), Expires: time.Unix(2, 0).UTC(), SpeedPath: wire.SpeedPath, SpeedToken: "token",
		ICEServers: []wire.ICEServer{{URLs: []string{"stun:127.0.0.1:1"}}},
	}
	startHub(t, s, func(s wire.Subject, m *nats.Msg) wire.Message {
		if s.Verb == wire.VerbNetworkTest {
			return want
		}
		return obliging(s, m)
	})
	b := startLink(t, Options{URL: s.WebsocketURL()})
	next[Linked](b)
	got, err := b.link.NetworkTest(t.Context())
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := New(Options{}).NetworkTest(ended); !errors.Is(err, context.Canceled) {
		t.Errorf("without a hub: %v", err)
	}
}

func TestImpossible(t *testing.T) {
	for _, o := range []Options{
		{URL: "http://127.0.0.1:1", Site: "gien"},
		{URL: "ws://127.0.0.1:1", Site: "gien.>"},
	} {
		o.Events, o.Log = func(Event) {}, slog.New(slog.DiscardHandler)
		if err := New(o).Run(t.Context()); err == nil {
			t.Errorf("%+v: no error", o)
		}
	}
}
