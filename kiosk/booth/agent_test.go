package booth

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The agent calls for somebody, who sees it and may give it up; a page that somebody uses is left to them.
func TestAgentCalls(t *testing.T) {
	s, effects := run(t, fresh(), AgentCalls{theSession, theCall, "caf"})
	if diff := cmp.Diff(PlaceCall{Call: theCall, Partner: "caf", Language: "fr"}, effects[1]); diff != "" {
		t.Fatalf("the call (-want +got):\n%s", diff)
	}
	if c := screenOf[CallingScreen](t, s); !c.ByAgent {
		t.Errorf("the screen does not tell who called: %+v", c)
	}
	s, _ = run(t, s, CallQueued{theCall, 1, 1}, Cancelled{})
	screenOf[HomeScreen](t, s)

	for _, st := range situations(t) {
		if st.state.Session.Phase == PhaseNone {
			continue
		}
		if _, effects := run(t, st.state, AgentCalls{stray, otherCall, "caf"}); len(effects) > 0 {
			t.Errorf("%s: the agent's call does %v", st.name, effects)
		}
	}
}

// Nobody takes part in a call unless the citizen agrees, the adviser always knows, also the next one, and it ends with the call.
func TestAgentJoins(t *testing.T) {
	s, _ := run(t, fresh(), PartnerChosen{theSession, "caf"}, CallRequested{theCall}, CallRinging{Call: theCall}, CallAnswered{Call: theCall}, MediaConnected{theCall})
	s, effects := run(t, s, AgentJoins{true}, Refused{})
	if len(effects) > 0 || s.Session.Company != CompanyNone {
		t.Fatalf("refused: %v, %q", effects, s.Session.Company)
	}
	s, effects = run(t, s, AgentJoins{true}, PhotoAsked{theCall}, Accepted{})
	if diff := cmp.Diff([]Effect{TellCompany{theCall, true}}, effects); diff != "" || s.Session.Photo != PhotoWanted {
		t.Fatalf("accepted (-want +got):\n%s", diff)
	}
	s, _ = run(t, s, CallTransferred{Call: theCall, Partner: "caf", Place: 1}, CallRinging{Call: theCall})
	s, effects = run(t, s, CallAnswered{Call: theCall, Adviser: "M. Suivant"})
	if effects[1] != (TellCompany{theCall, true}) {
		t.Errorf("the next adviser is not told: %v", effects)
	}
	left, effects := run(t, s, AgentJoins{false})
	if diff := cmp.Diff([]Effect{TellCompany{theCall, false}}, effects); diff != "" || left.Session.Company != CompanyNone {
		t.Errorf("the agent leaves (-want +got):\n%s", diff)
	}
	s, _ = run(t, s, MediaConnected{theCall}, CitizenHungUp{})
	if s.Session.Company != CompanyNone {
		t.Error("the company outlives the call")
	}
}
