package booth

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestARestartWaitsForTheCitizen: whatever the hotline asks for, a session goes on to its end, and nobody begins another.
func TestARestartWaitsForTheCitizen(t *testing.T) {
	talk := []Event{
		PartnerChosen{theSession, "caf"},
		CallRequested{theCall},
		CallQueued{theCall, 1, 1},
		CallAnswered{Call: theCall, Adviser: "Mme Martin"},
		MediaConnected{theCall},
	}
	for _, c := range []struct {
		asked []Event
		want  Effect
	}{
		{[]Event{RestartAsked{ServiceOnly: true}}, RestartService{}},
		{[]Event{RestartAsked{}}, RestartMachine{}},
		{[]Event{RestartDue{}, RestartAsked{ServiceOnly: true}}, RestartMachine{}},
		{[]Event{RestartAsked{ServiceOnly: true}, RestartDue{}}, RestartMachine{}},
	} {
		if _, effects := run(t, fresh(), c.asked[0]); len(effects) != 1 {
			t.Errorf("%v with nobody there: %v", c.asked[0], effects)
		}
		s, _ := run(t, fresh(), talk...)
		s, effects := run(t, s, c.asked...)
		if len(effects) > 0 || s.Session.Phase != PhaseInCall {
			t.Errorf("%v in a call: %v, phase %s", c.asked, effects, s.Session.Phase)
		}
		s, effects = run(t, s, CitizenHungUp{}, Cancelled{})
		if last := effects[len(effects)-1]; last != c.want {
			t.Errorf("%v at the session's end: %v; want %v", c.asked, last, c.want)
		}
		if _, effects := run(t, s, PartnerChosen{theSession, "caf"}); len(effects) > 0 {
			t.Errorf("a session began before the restart: %v", effects)
		}
	}
}

// TestOutOfService: the message is shown when the citizen has gone, nobody begins, and back in service all is as before.
func TestOutOfService(t *testing.T) {
	s, _ := run(t, fresh(), PartnerChosen{theSession, "caf"}, CallRequested{theCall}, ServiceChanged{Out: true, Message: "Réparation jeudi."})
	if s.Session.Phase != PhaseContacting {
		t.Fatalf("the session was ended: %s", s.Session.Phase)
	}
	s, _ = run(t, s, Cancelled{})
	v := screenOf[OutOfServiceScreen](t, s)
	if !v.Stopped || v.Message != "Réparation jeudi." || v.Code != "S-A" || v.Phone == "" || len(v.Partners) != 2 {
		t.Errorf("shown: %+v", v)
	}
	if after, effects := run(t, s, PartnerChosen{theSession, "caf"}); after.Session.Phase != PhaseNone || len(effects) > 0 {
		t.Errorf("a session began: %v", effects)
	}
	broken, _ := run(t, s, FaultRaised{DeviceCamera})
	if v := screenOf[OutOfServiceScreen](t, broken); v.Code != "S-AC" || !v.Stopped {
		t.Errorf("with a fault besides: %+v", v)
	}
	// Hours in which the booth was out of service are not hours open.
	later, _ := Step(s, s.Now.Add(quarter), ClockTicked{})
	if c := Counts(s, later); len(c) > 0 {
		t.Errorf("counted: %v", c)
	}
	s, _ = run(t, s, ServiceChanged{})
	screenOf[HomeScreen](t, s)
}

// TestTestCall: it touches neither session, nor devices, nor counts, and makes room.
func TestTestCall(t *testing.T) {
	before := fresh()
	s, effects := run(t, before, TestCallAsked{})
	if diff := cmp.Diff([]Effect{PlaceTestCall{1}}, effects); diff != "" {
		t.Fatalf("(-want +got):\n%s", diff)
	}
	if c := Counts(before, s); len(c) > 0 {
		t.Errorf("counted: %v", c)
	}
	again, effects := run(t, s, TestCallAsked{})
	if len(effects) > 0 || again.TestCall.Run != 1 {
		t.Errorf("a second one began: %v", effects)
	}
	hub, relay := Check{Name: "hub", State: "ok"}, Check{Name: "turn_udp", State: "running"}
	done := relay
	done.State = "fail"
	s, _ = run(t, s, TestCallTold{Run: 1, Check: hub}, TestCallTold{Run: 1, Check: relay}, TestCallTold{Run: 2, Check: hub}, TestCallTold{Run: 1, Check: done}, TestCallTold{Run: 1, Done: true, Verdict: "nogo"})
	want := TestCall{Run: 1, EndedAt: s.Now, Checks: []Check{hub, done}, Verdict: "nogo"}
	if diff := cmp.Diff(want, s.TestCall); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for _, e := range []Event{Touched{}, PartnerChosen{theSession, "caf"}, RestartAsked{}} {
		s, _ := run(t, fresh(), TestCallAsked{}, TestCallTold{Run: 1, Check: hub})
		s, effects := run(t, s, e)
		if !slices.Contains(effects, Effect(StopTestCall{})) || s.TestCall.Running || !s.TestCall.Interrupted {
			t.Errorf("%s: %v, %+v", short(e), effects, s.TestCall)
		}
		if s, _ := run(t, s, TestCallTold{Run: 1, Done: true, Verdict: "go"}); s.TestCall.Verdict != "" {
			t.Errorf("%s: a stray result was taken", short(e))
		}
	}
	busy, _ := run(t, fresh(), PartnerChosen{theSession, "caf"})
	if _, effects := run(t, busy, TestCallAsked{}); len(effects) > 0 {
		t.Errorf("with a citizen there: %v", effects)
	}
}
