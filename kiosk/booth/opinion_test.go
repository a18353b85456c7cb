package booth

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// talked is a booth whose citizen has just hung up after a talk.
func talked(t *testing.T) State {
	s, _ := run(t, fresh(), PartnerChosen{theSession, "caf"}, CallRequested{theCall}, CallAnswered{Call: theCall}, MediaConnected{theCall}, CitizenHungUp{})
	return s
}

func TestTwoTouchesSayHowACallWas(t *testing.T) {
	s := talked(t)
	if v := screenOf[ThanksScreen](t, s); v.Asks != QuestionHelped || v.Answered {
		t.Fatalf("after a talk: %+v", v)
	}
	s, effects := run(t, s, OpinionGiven{AnswerGood}) // the answer to a question that is not asked yet
	if screenOf[ThanksScreen](t, s).Asks != QuestionHelped || len(effects) != 0 {
		t.Fatalf("an answer to another question was taken: %v", effects)
	}
	s, _ = run(t, s, OpinionGiven{AnswerNo})
	if v := screenOf[ThanksScreen](t, s); v.Asks != QuestionQuality || v.Answered {
		t.Fatalf("after the first answer: %+v", v)
	}
	s, effects = run(t, s, OpinionGiven{AnswerPoor})
	if v := screenOf[ThanksScreen](t, s); v.Asks != "" || !v.Answered {
		t.Fatalf("after the second answer: %+v", v)
	}
	if diff := cmp.Diff([]Effect{StartTimer{theSession, s.Session.Timer, 8 * time.Second}}, effects); diff != "" {
		t.Errorf("after the second answer (-want +got):\n%s", diff)
	}
	s, _ = run(t, s, TimerFired{theSession, s.Session.Timer})
	if diff := cmp.Diff(Session{}, s.Session); diff != "" {
		t.Errorf("what was answered stays (-want +got):\n%s", diff)
	}
}

func TestNobodyIsAskedWhoCouldNotTalk(t *testing.T) {
	s, _ := run(t, fresh(), PartnerChosen{theSession, "caf"}, CallRequested{theCall}, CallAnswered{Call: theCall}, CitizenHungUp{})
	if v := screenOf[ThanksScreen](t, s); v.Asks != "" || v.Answered {
		t.Errorf("hung up before there was sound: %+v", v)
	}
}

// Whoever comes next must find the booth's home: by a touch, when the one before has left, and by itself.
func TestTheQuestionsNeverBlockTheNextCitizen(t *testing.T) {
	for _, test := range []struct {
		name string
		next func(State) State
	}{
		{"a touch goes home", func(s State) State { s, _ = run(t, s, Cancelled{}); return s }},
		{"by itself", func(s State) State { s, _ = run(t, s, TimerFired{theSession, s.Session.Timer}); return s }},
		{"the sensors saw the citizen leave", func(s State) State {
			s, _ = run(t, s, PresenceChanged{Level: PresenceSeated, Known: true})
			s, _ = Step(s, s.Now.Add(20*time.Second), PresenceChanged{Level: PresenceAbsent, Known: true})
			return s
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := test.next(talked(t))
			screenOf[HomeScreen](t, s)
			if !s.Quiet() {
				t.Errorf("the session goes on: %+v", s.Session)
			}
		})
	}
}
