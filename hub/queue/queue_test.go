package queue

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/nats-io/nats-server/v2/server"

	"loiret.fr/visioborne/hub/natstest"
	"loiret.fr/visioborne/hub/wire"
)

// patience is for what must happen; a test that waits that long has failed.
const patience = 15 * time.Second

// clock stands still until it is moved.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) move(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// told is a notice and the hub that got it.
type told struct {
	hub    string
	notice Notice
}

// notices are what all hubs were told. Two hubs, or two calls, are heard in any order.
type notices struct {
	heard   chan told
	skipped []told // heard while waiting for something else, and not yet expected
}

func newNotices() *notices { return &notices{heard: make(chan told, 100_000)} }

// hub is a running Queue.
type hub struct {
	*Queue
	t    *testing.T
	name string
	// kill ends it as kill -9 would: nothing is said to anybody.
	kill func()
}

// startHub starts a Queue that writes its notices to told.
func startHub(t *testing.T, s *server.Server, name string, c *clock, out *notices) *hub {
	t.Helper()
	nc, js := natstest.Connect(t, s)
	q, err := Open(t.Context(), Options{
		JetStream: js, Hub: name, Now: c.now, Log: slog.New(slog.DiscardHandler), Touched: func([]string) {}, Changed: func() {},
		Tell: func(n Notice) { out.heard <- told{name, n} },
	})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- q.Run(ctx) }()
	var once sync.Once
	h := &hub{q, t, name, func() {
		once.Do(func() {
			cancel()
			if err := <-ended; err != nil {
				t.Errorf("hub %s: %v", name, err)
			}
			nc.Close()
		})
	}}
	t.Cleanup(h.kill)
	return h
}

func callID(n int) string { return fmt.Sprintf("0b9c1d6e-6a0f-4f4e-9d0a-%012d", n) }

func (h *hub) place(n int) Placed {
	h.t.Helper()
	site := fmt.Sprint("site", n)
	p, err := h.Place(h.t.Context(), Call{ID: callID(n), Partner: "caf", Site: site, SiteName: site, Language: "fr"})
	if err != nil {
		h.t.Fatal(err)
	}
	return p
}

func (h *hub) sit(desk string) {
	h.t.Helper()
	if err := h.Sit(h.t.Context(), desk, "caf", "Mme "+desk); err != nil {
		h.t.Fatal(err)
	}
}

func (h *hub) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

// expect waits for a notice of N's type that fits and takes it, once.
func expect[N Notice](t *testing.T, out *notices, fits func(string, N) bool) N {
	t.Helper()
	for i, x := range out.skipped {
		if n, ok := x.notice.(N); ok && fits(x.hub, n) {
			out.skipped = slices.Delete(out.skipped, i, i+1)
			return n
		}
	}
	deadline := time.After(patience)
	for {
		select {
		case x := <-out.heard:
			if n, ok := x.notice.(N); ok && fits(x.hub, n) {
				return n
			}
			out.skipped = append(out.skipped, x)
		case <-deadline:
			var n N
			t.Fatalf("no %T that fits", n)
		}
	}
}

// eventually waits until ok.
func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	again := time.NewTicker(time.Millisecond)
	defer again.Stop()
	deadline := time.After(patience)
	for !ok() {
		select {
		case <-again.C:
		case <-deadline:
			t.Fatalf("not %s", what)
		}
	}
}

func ringing(n int, desk string) func(string, RingingNotice) bool {
	return func(_ string, r RingingNotice) bool {
		return r.Call.ID == callID(n) && (desk == "" || r.Call.Desk == desk)
	}
}

// The life of a call at one hub, and that notices come once and in order.
func TestLife(t *testing.T) {
	c, out := &clock{at: noon}, newNotices()
	h := startHub(t, natstest.Start(t, t.TempDir()), "one", c, out)
	if p := h.place(1); p.Place != 1 || p.Availability.Online != 0 {
		t.Errorf("placed %+v", p)
	}
	if p := h.place(2); p.Place != 2 {
		t.Errorf("placed %+v", p)
	}
	if p := h.place(1); p.Place != 1 {
		t.Errorf("placed again %+v", p)
	}
	h.sit("a")
	h.must(h.Available(t.Context(), "a", true, ""))
	expect(t, out, ringing(1, "a"))
	h.wake()

	// Nobody answers: the call keeps its age, the desk is set away.
	for range 3 {
		c.move(7 * time.Second)
		h.beat(t.Context())
		for n := 1; n <= 2; n++ {
			if _, err := h.Alive(t.Context(), fmt.Sprint("site", n), callID(n)); err != nil {
				t.Fatal(err)
			}
		}
	}
	if n := expect(t, out, func(_ string, r RequeuedNotice) bool { return r.Call.ID == callID(1) }); n.Place != 1 {
		t.Errorf("requeued at place %d", n.Place)
	}
	if at := h.At("a"); at.Desk.Available || !at.Desk.Absent || len(at.Line) != 2 {
		t.Errorf("the desk after nobody answered: %+v", at)
	}
	h.must(h.Available(t.Context(), "a", true, ""))
	expect(t, out, ringing(1, "a"))
	if err := h.Answer(t.Context(), "b", callID(1)); !errors.Is(err, ErrGone) {
		t.Errorf("answering at the wrong desk: %v", err)
	}
	if err := h.HangUp(t.Context(), "a", callID(1)); !errors.Is(err, ErrGone) {
		t.Errorf("hanging up before answering: %v", err)
	}
	h.must(h.Answer(t.Context(), "a", callID(1)))
	if n := expect(t, out, func(string, AnsweredNotice) bool { return true }); n.Adviser != "Mme a" {
		t.Errorf("answered by %q", n.Adviser)
	}
	if p := h.place(1); p.Place != 0 || p.Adviser != "Mme a" {
		t.Errorf("placed again when answered: %+v", p)
	}
	h.must(h.HangUp(t.Context(), "a", callID(1)))
	if n := expect(t, out, func(string, EndedNotice) bool { return true }); n.Reason != wire.ReasonHungUp {
		t.Errorf("ended with %q", n.Reason)
	}
	expect(t, out, ringing(2, "a"))
	// A second call of the same booth replaces the first.
	_, err := h.Place(t.Context(), Call{ID: callID(3), Partner: "caf", Site: "site2", SiteName: "s", Language: "fr"})
	h.must(err)
	expect(t, out, func(_ string, e EndedNotice) bool { return e.Call.ID == callID(2) })
	expect(t, out, ringing(3, "a"))
	// The booth falls silent.
	c.move(11 * time.Second)
	h.wake()
	if n := expect(t, out, func(string, EndedNotice) bool { return true }); n.Call.ID != callID(3) || n.Reason != wire.ReasonSilent {
		t.Errorf("ended %+v", n)
	}
	if _, err := h.Alive(t.Context(), "site2", callID(3)); !errors.Is(err, ErrGone) {
		t.Errorf("alive after the end: %v", err)
	}
}

// A desk in a call that goes away is waited for, and keeps its call when it comes back.
func TestDeskLost(t *testing.T) {
	c, out := &clock{at: noon}, newNotices()
	h := startHub(t, natstest.Start(t, t.TempDir()), "one", c, out)
	h.sit("a")
	h.must(h.Available(t.Context(), "a", true, ""))
	h.place(1)
	expect(t, out, ringing(1, "a"))
	h.must(h.Answer(t.Context(), "a", callID(1)))
	h.must(h.Rise(t.Context(), "a"))
	c.move(59 * time.Second)
	h.sit("a")
	if at := h.At("a"); at.Call.ID != callID(1) || !at.Desk.Available {
		t.Fatalf("the desk came back to %+v", at)
	}
	h.must(h.Rise(t.Context(), "a"))
	c.move(61 * time.Second)
	h.wake()
	if n := expect(t, out, func(string, EndedNotice) bool { return true }); n.Reason != wire.ReasonDeskLost {
		t.Errorf("ended with %q", n.Reason)
	}
	// Much later it begins as not available.
	h.sit("a")
	if at := h.At("a"); at.Desk.Available || at.Call.ID != "" {
		t.Errorf("the desk began as %+v", at)
	}
}

// A call is passed on: it keeps its age and its key, rings at the other partner's desk, and comes back when nobody is there.
func TestTransfer(t *testing.T) {
	c, out := &clock{at: noon}, newNotices()
	h := startHub(t, natstest.Start(t, t.TempDir()), "one", c, out)
	h.sit("a")
	h.must(h.Available(t.Context(), "a", true, ""))
	h.place(1)
	expect(t, out, ringing(1, "a"))
	if err := h.Transfer(t.Context(), "a", callID(1), "cpam"); !errors.Is(err, ErrGone) {
		t.Errorf("passing a call on before it is answered: %v", err)
	}
	h.must(h.Answer(t.Context(), "a", callID(1)))
	// Somebody else is in the CPAM's line already, and came later.
	_, err := h.Place(t.Context(), Call{ID: callID(2), Partner: "cpam", Site: "site2", SiteName: "s", Language: "fr"})
	h.must(err)
	for range 3 { // nobody must seem silent on the way
		c.move(7 * time.Second)
		h.beat(t.Context())
		if _, err := h.Alive(t.Context(), "site2", callID(2)); err != nil {
			t.Fatal(err)
		}
	}
	if err := h.Transfer(t.Context(), "b", callID(1), "cpam"); !errors.Is(err, ErrGone) {
		t.Errorf("passing another desk's call on: %v", err)
	}
	h.must(h.Transfer(t.Context(), "a", callID(1), "cpam"))
	if n := expect(t, out, func(string, TransferredNotice) bool { return true }); n.Place != 1 || n.Call.Partner != "cpam" || n.Call.From != "caf" {
		t.Errorf("transferred %+v", n)
	}
	if at := h.At("a"); at.Call.ID != "" || !at.Desk.FreeSince.Equal(c.now()) {
		t.Errorf("the desk after passing its call on: %+v", at)
	}
	// The booth may ask with the partner that it knows.
	for _, partner := range []string{"caf", "cpam"} {
		p, err := h.Place(t.Context(), Call{ID: callID(1), Partner: partner, Site: "site1", SiteName: "site1", Language: "fr"})
		if err != nil || p.Place != 1 || p.Call.Partner != "cpam" {
			t.Errorf("placed again as %s: %+v, %v", partner, p, err)
		}
	}
	h.must(h.Sit(t.Context(), "p", "cpam", "M. p"))
	h.must(h.Available(t.Context(), "p", true, ""))
	expect(t, out, ringing(1, "p"))
	h.must(h.Available(t.Context(), "p", false, PauseLunch))
	expect(t, out, func(_ string, n RequeuedNotice) bool { return n.Call.ID == callID(1) })
	if at := h.At("p"); at.Desk.Pause != PauseLunch {
		t.Errorf("the desk in its break: %+v", at.Desk)
	}
	// Nobody is there any more.
	h.must(h.Available(t.Context(), "a", false, ""))
	for range 3 {
		c.move(7 * time.Second)
		h.beat(t.Context())
		for n := 1; n <= 2; n++ {
			if _, err := h.Alive(t.Context(), fmt.Sprint("site", n), callID(n)); err != nil {
				t.Fatal(err)
			}
		}
	}
	n := expect(t, out, func(string, TransferredNotice) bool { return true })
	if n.Call.Partner != "caf" || n.Call.From != "cpam" || !n.Call.Returned {
		t.Errorf("returned %+v", n)
	}
	h.must(h.Available(t.Context(), "a", true, ""))
	expect(t, out, ringing(1, "a"))
	h.must(h.Answer(t.Context(), "a", callID(1)))
	h.must(h.HangUp(t.Context(), "a", callID(1)))
	if keys, err := h.calls.Keys(t.Context()); err != nil || !slices.Equal(keys, []string{"caf." + callID(1), "cpam." + callID(2)}) && !slices.Equal(keys, []string{"cpam." + callID(2)}) {
		t.Errorf("entries %v, %v", keys, err)
	}
}

// A call that broke is kept for its desk, and called back when the citizen agrees.
func TestRecall(t *testing.T) {
	c, out := &clock{at: noon}, newNotices()
	s := natstest.Start(t, t.TempDir())
	h, other := startHub(t, s, "one", c, out), startHub(t, s, "two", c, out)
	h.sit("a")
	h.must(h.Available(t.Context(), "a", true, ""))
	talk := func() {
		t.Helper()
		h.place(1)
		expect(t, out, ringing(1, "a"))
		h.must(h.Answer(t.Context(), "a", callID(1)))
		expect(t, out, func(string, AnsweredNotice) bool { return true })
	}
	talk()
	// The booth gives up, has started anew, or the adviser sees that the line is dead.
	for name, lose := range map[string]func() error{
		"given up": func() error { return h.Leave(t.Context(), "site1", callID(1), wire.ReasonFailed) },
		"started":  func() error { return h.Keep(t.Context(), "site1", nil) },
		"adviser":  func() error { return h.Lose(t.Context(), "a", callID(1)) },
	} {
		h.must(lose())
		expect(t, out, func(_ string, e EndedNotice) bool { return e.Reason == wire.ReasonDeskLost })
		at := h.At("a")
		if at.Call.ID != "" || len(at.Dropped) != 1 || at.Dropped[0].ID != callID(1) {
			t.Fatalf("%s: the desk has %+v", name, at)
		}
		// A booth that has started anew knows nothing, and is called back all the same.
		h.must(h.Keep(t.Context(), "site1", nil))
		if err := h.Recall(t.Context(), "b", callID(1)); !errors.Is(err, ErrGone) {
			t.Errorf("%s: another desk calls back: %v", name, err)
		}
		h.must(h.Recall(t.Context(), "a", callID(1)))
		expect(t, out, func(_ string, a Attached) bool { return a.Call.State == Recalling })
		if n := expect(t, out, func(string, RecallNotice) bool { return true }); n.Adviser != "Mme a" {
			t.Errorf("%s: called back by %q", name, n.Adviser)
		}
		if at := h.At("a"); at.Call.State != Recalling {
			t.Fatalf("%s: the desk has %+v", name, at)
		}
		if _, err := h.Accept(t.Context(), "site2", callID(1)); !errors.Is(err, ErrGone) {
			t.Errorf("%s: another booth accepts: %v", name, err)
		}
		// Whichever hub hears the booth, the one that has the desk tells.
		if _, err := other.Accept(t.Context(), "site1", callID(1)); err != nil {
			t.Fatalf("%s: accepting at the other hub: %v", name, err)
		}
		if n := expect(t, out, func(string, AnsweredNotice) bool { return true }); n.Call.ID != callID(1) || n.Adviser != "Mme a" {
			t.Errorf("%s: answered %+v", name, n)
		}
		// What the other hub has written is known here by the notice.
		if at := h.At("a"); at.Call.State != Answered {
			t.Fatalf("%s: the desk has %+v", name, at)
		}
	}
	// Nobody accepts: the adviser gives up, or the booth; it may be tried again.
	h.must(h.Lose(t.Context(), "a", callID(1)))
	for name, end := range map[string]func() error{
		"adviser": func() error { return h.GiveUp(t.Context(), "a", callID(1)) },
		"booth":   func() error { return h.Leave(t.Context(), "site1", callID(1), wire.ReasonFailed) },
	} {
		h.must(h.Recall(t.Context(), "a", callID(1)))
		h.must(end())
		expect(t, out, func(_ string, e EndedNotice) bool { return e.Reason == wire.ReasonCancelled })
		if at := h.At("a"); len(at.Dropped) != 1 {
			t.Errorf("%s gave up: %+v", name, at)
		}
	}
	// The citizen refuses; that is final.
	h.must(h.Recall(t.Context(), "a", callID(1)))
	h.must(h.Leave(t.Context(), "site1", callID(1), wire.ReasonRefused))
	if at := h.At("a"); at.Call.ID != "" || len(at.Dropped) != 0 {
		t.Errorf("after a refusal: %+v", at)
	}
	// Somebody else is there: begins to choose, or calls.
	for name, begin := range map[string]func() error{
		"chooses": func() error { return h.Occupied(t.Context(), "site1") },
		"calls": func() error {
			_, err := h.Place(t.Context(), Call{ID: callID(2), Partner: "cpam", Site: "site1", SiteName: "s", Language: "fr"})
			return err
		},
	} {
		talk()
		h.must(h.Occupied(t.Context(), "site1")) // does nothing to a call
		h.must(h.Lose(t.Context(), "a", callID(1)))
		h.must(begin())
		if at := h.At("a"); len(at.Dropped) != 0 {
			t.Errorf("somebody %s: %+v", name, at)
		}
		h.must(h.Leave(t.Context(), "site1", callID(2), wire.ReasonCancelled))
	}
	// And not for ever.
	talk()
	h.must(h.Lose(t.Context(), "a", callID(1)))
	for range 31 {
		c.move(10 * time.Second)
		h.beat(t.Context())
	}
	h.wake()
	eventually(t, "gone after five minutes", func() bool { return len(h.At("a").Dropped) == 0 })
}

// A booth's call that one hub has just taken is not gone at the other, which is about to hear of it.
func TestOtherHub(t *testing.T) {
	c, out := &clock{at: noon}, newNotices()
	s := natstest.Start(t, t.TempDir())
	one, two := startHub(t, s, "one", c, out), startHub(t, s, "two", c, out)
	one.must(one.await(t.Context()))
	for n := range 100 {
		hub, other := one, two
		if n%2 == 1 {
			hub, other = two, one
		}
		hub.place(n)
		if p, err := other.Alive(t.Context(), fmt.Sprint("site", n), callID(n)); err != nil || p.Call.Hub != other.name {
			t.Fatalf("call %d at the other hub: %+v, %v", n, p, err)
		}
		other.must(other.Leave(t.Context(), fmt.Sprint("site", n), callID(n), wire.ReasonCancelled))
		if _, err := hub.Alive(t.Context(), fmt.Sprint("site", n), callID(n)); !errors.Is(err, ErrGone) {
			t.Fatalf("call %d that was left at the other hub: %v", n, err)
		}
	}
}

// A desk that is opened at a second hub leaves the first, with the call that it has answered.
func TestDeskMoves(t *testing.T) {
	c, out := &clock{at: noon}, newNotices()
	s := natstest.Start(t, t.TempDir())
	one, two := startHub(t, s, "one", c, out), startHub(t, s, "two", c, out)
	one.sit("a")
	one.must(one.Available(t.Context(), "a", true, ""))
	one.place(1)
	expect(t, out, ringing(1, "a"))
	two.sit("a")
	// It rings again, at the second hub.
	n := expect(t, out, func(hub string, r RingingNotice) bool { return hub == "two" })
	if n.Call.Ring < 2 {
		t.Errorf("rung %d times", n.Call.Ring)
	}
	two.must(two.Answer(t.Context(), "a", callID(1)))
	one.sit("a")
	expect(t, out, func(hub string, a Attached) bool { return hub == "one" && a.Call.State == Answered })
	if at := one.At("a"); at.Call.ID != callID(1) {
		t.Errorf("at the first hub again: %+v", at)
	}
	if err := two.Available(t.Context(), "a", false, ""); !errors.Is(err, ErrTaken) {
		t.Errorf("the second hub still has the desk: %v", err)
	}
	one.must(one.HangUp(t.Context(), "a", callID(1)))
}

// Two hubs, one of which is killed on the way: every call is served, in the
// order of arrival, and none ever rings at two desks.
func TestTwoHubs(t *testing.T) {
	const calls = 50
	c, out := &clock{at: noon}, newNotices()
	s := natstest.Start(t, t.TempDir())
	one, two := startHub(t, s, "one", c, out), startHub(t, s, "two", c, out)
	hubs := map[string]*hub{"one": one, "two": two}
	for _, d := range []string{"a", "b", "c"} {
		one.sit(d)
	}
	for _, d := range []string{"d", "e"} {
		two.sit(d)
	}
	for n := range calls {
		[]*hub{one, two}[n%2].place(n)
	}
	for d, h := range map[string]*hub{"a": one, "b": one, "c": one, "d": two, "e": two} {
		h.must(h.Available(t.Context(), d, true, ""))
	}

	type rang struct {
		hub  string
		call Call
	}
	var all []rang
	busy := map[string]string{} // desk -> the call that it has
	done := map[string]bool{}
	killed := false
	var stuck []string // calls that the killed hub had
	// Which hub rings a call is a race, and on one processor the same may always win it. So when the second hub is about to
	// be killed, the desks of the first keep what they have answered: the next calls can ring at the second only.
	var held []Call
	finish := func(h *hub, call Call) {
		// The booth hangs up, at whatever hub.
		h.must(one.Leave(t.Context(), call.Site, call.ID, wire.ReasonHungUp))
		done[call.ID] = true
	}
	// Time passes: whoever lives gives signs of life.
	pass := func() {
		c.move(4 * time.Second)
		one.beat(t.Context())
		one.mu.Lock()
		present := slices.Collect(maps.Values(one.line.calls))
		one.mu.Unlock()
		for _, x := range present {
			if _, err := one.Alive(t.Context(), x.Site, x.ID); err != nil && !errors.Is(err, ErrGone) {
				t.Fatal(err)
			}
		}
		one.wake()
	}
	idle := time.NewTicker(100 * time.Millisecond)
	defer idle.Stop()
	deadline := time.NewTimer(patience)
	defer deadline.Stop()
	for len(done) < calls {
		var x told
		select {
		case x = <-out.heard:
			deadline.Reset(patience)
		default:
			select {
			case x = <-out.heard:
				deadline.Reset(patience)
			case <-idle.C:
				if killed { // its desks are missed after a while
					pass()
				}
				continue
			case <-deadline.C:
				t.Fatalf("%d of %d calls were served", len(done), calls)
			}
		}
		switch n := x.notice.(type) {
		case RingingNotice:
			if killed && x.hub == "two" {
				continue // said just before it was killed
			}
			all = append(all, rang{x.hub, n.Call})
			if slices.Contains(slices.Collect(maps.Values(busy)), n.Call.ID) {
				t.Fatalf("call %s rings at %s while it is at another desk: %v", n.Call.ID, n.Call.Desk, busy)
			}
			if busy[n.Call.Desk] != "" {
				t.Fatalf("desk %s rings for %s while it has %s", n.Call.Desk, n.Call.ID, busy[n.Call.Desk])
			}
			busy[n.Call.Desk] = n.Call.ID
			h := hubs[x.hub]
			if x.hub == "two" && !killed && len(done) > 15 {
				// One call rings and one is answered at the hub that dies.
				stuck = append(stuck, n.Call.ID)
				if len(stuck) == 1 {
					h.must(h.Answer(t.Context(), n.Call.Desk, n.Call.ID))
					continue
				}
				two.kill()
				killed = true
				delete(busy, n.Call.Desk)
				for _, call := range held {
					delete(busy, call.Desk)
					finish(one, call)
				}
				continue
			}
			if err := h.Answer(t.Context(), n.Call.Desk, n.Call.ID); err != nil {
				t.Fatalf("answering %+v at hub %s: %v", n.Call, x.hub, err)
			}
			if x.hub == "one" && !killed && len(done) > 15 {
				held = append(held, n.Call)
				continue
			}
			delete(busy, n.Call.Desk)
			finish(h, n.Call)
		case EndedNotice:
			if n.Reason != wire.ReasonDeskLost || len(stuck) == 0 || n.Call.ID != stuck[0] {
				t.Fatalf("call %s ended with %q", n.Call.ID, n.Reason)
			}
			done[n.Call.ID] = true
		default:
		}
	}
	if !killed || len(stuck) != 2 {
		t.Fatalf("the second hub was not killed with two calls: %v", stuck)
	}
	// In the order in which the bucket took the claims, first rings are in order of arrival.
	slices.SortFunc(all, func(a, b rang) int { return int(a.call.revision) - int(b.call.revision) })
	var first []string
	again := map[string]int{}
	for _, r := range all {
		if r.call.Ring == 1 {
			first = append(first, r.call.ID)
		} else {
			again[r.call.ID]++
		}
	}
	var want []string
	for n := range calls {
		want = append(want, callID(n))
	}
	if diff := cmp.Diff(want, first); diff != "" {
		t.Errorf("order of first rings (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(map[string]int{stuck[1]: 1}, again); diff != "" {
		t.Errorf("calls that rang again (-want +got):\n%s", diff)
	}
}

// A hub that is killed and started on the same store finds the line as it was.
func TestSameStore(t *testing.T) {
	c, out := &clock{at: noon}, newNotices()
	dir := t.TempDir()
	s := natstest.Start(t, dir)
	h := startHub(t, s, "one", c, out)
	h.sit("a")
	h.must(h.Available(t.Context(), "a", true, ""))
	for n := range 3 {
		h.place(n)
	}
	expect(t, out, ringing(0, "a"))
	h.kill()
	s.Shutdown()
	s.WaitForShutdown()
	c.move(30 * time.Second)

	h = startHub(t, natstest.Start(t, dir), "two", c, out)
	// Nobody is swept before having had time to come back.
	for n := range 3 {
		if p := h.place(n); p.Call.Order == 0 && p.Call.revision == 0 {
			t.Errorf("call %d was placed anew: %+v", n, p)
		}
	}
	// The desk comes back, as available as it was, and the call that rang rings again.
	h.sit("a")
	n := expect(t, out, func(hub string, r RingingNotice) bool { return hub == "two" })
	if n.Call.ID != callID(0) || n.Call.Ring != 2 {
		t.Errorf("after the restart %+v rings; want the first call, again", n.Call)
	}
	if got := h.Line("caf"); len(got) != 2 || got[0].ID != callID(1) || got[1].ID != callID(2) {
		t.Errorf("the line after the restart: %+v", got)
	}
}

// What is known never goes back, in whatever order it is heard.
func TestApplyOutOfOrder(t *testing.T) {
	var got []string
	q := &Queue{
		options: Options{Hub: "here", Now: func() time.Time { return noon }, Tell: func(n Notice) { got = append(got, fmt.Sprintf("%T", n)) }},
		line:    newLine("here", usual), told: map[string]toldMoved{}, touched: map[string]bool{},
	}
	at := func(c Call, revision uint64) Call { c.revision = revision; return c }
	q.apply(at(waits(1), 1))
	q.apply(at(rings(1, "a"), 3))
	q.apply(at(waits(1), 2))      // older
	q.apply(at(rings(1, "a"), 3)) // the same, from the watch
	q.apply(at(talks(1, "a"), 4))
	q.line.left["call1"] = 4
	q.remove(q.line.calls["call1"])
	q.apply(at(talks(1, "a"), 4)) // the watch is behind the deletion
	want := []string{"queue.Attached", "queue.RingingNotice", "queue.AnsweredNotice", "queue.Detached"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("notices (-want +got):\n%s", diff)
	}
	if len(q.line.calls) != 0 {
		t.Errorf("calls %+v", q.line.calls)
	}
}

// After a connection that broke booths are told again what rings here and what was just answered, and nothing else.
func TestTellAgain(t *testing.T) {
	var got []string
	q := &Queue{
		options: Options{Hub: "here", Now: func() time.Time { return noon }, Tell: func(n Notice) {
			switch n := n.(type) {
			case RingingNotice:
				got = append(got, "ringing "+n.Call.ID)
			case AnsweredNotice:
				got = append(got, "answered "+n.Call.ID+" by "+n.Adviser)
			default:
				got = append(got, fmt.Sprintf("%T", n))
			}
		}},
		line: newLine("here", usual),
	}
	q.line.desks["a"] = Desk{ID: "a", Name: "Mme a"}
	old, elsewhere, answered := talks(2, "a"), rings(3, "a"), talks(4, "a")
	old.AnsweredAt, answered.AnsweredAt, elsewhere.Hub = noon.Add(-again), noon.Add(-time.Second), "there"
	for _, c := range []Call{rings(1, "a"), old, elsewhere, answered, waits(5)} {
		q.line.put(c)
	}
	q.TellAgain()
	slices.Sort(got)
	if diff := cmp.Diff([]string{"answered " + answered.ID + " by Mme a", "ringing " + rings(1, "a").ID}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// Those who are next are told of each change at once; those further back once in a while, and in the end of all.
func TestTellMoved(t *testing.T) {
	now := noon
	var got []string
	q := &Queue{
		options: Options{Hub: "here", Now: func() time.Time { return now }, Tell: func(n Notice) {
			m := n.(MovedNotice)
			got = append(got, fmt.Sprintf("%s %d", m.Call.ID, m.Place))
		}},
		line: newLine("here", usual), told: map[string]toldMoved{}, touched: map[string]bool{},
	}
	told := func(want ...string) {
		t.Helper()
		q.tellMoved()
		slices.Sort(got)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		got = nil
	}
	for n := range uint64(6) {
		q.line.put(waits(n + 1))
	}
	told("call1 1", "call2 2", "call3 3", "call4 4", "call5 5", "call6 6")
	told()
	q.line.remove("call1")
	told("call2 1", "call3 2", "call4 3")
	q.line.remove("call2")
	told("call3 1", "call4 2", "call5 3")
	now = now.Add(movedEvery)
	told("call6 4")
	told()
}
