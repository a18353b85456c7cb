package booth

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// Whoever has typed the PIN practises a whole call, at night and without a hub; nothing of it is counted, and the hotline is told
// of no call. When nobody practises any more, the booth is the citizens' again.
func TestTraining(t *testing.T) {
	d := newTechnician(t)
	d.s.Config.Site.Hours = everyDay()
	d.now = tuesday.Add(12 * time.Hour)
	var counted []Count
	do := func(events ...Event) {
		for _, e := range events {
			before := d.s
			d.do(e)
			counted = append(counted, Counts(before, d.s)...)
			d.now = d.now.Add(time.Second)
		}
	}
	do(TrainingAsked{})
	if d.s.Training {
		t.Fatal("training began without a PIN")
	}
	do(TechnicianAsked{}, TrainingAsked{})
	if d.s.Training {
		t.Fatal("training began before the PIN was typed")
	}
	d.pin("123456")
	if !Show(d.s).Screen.(TechnicianScreen).Trains {
		t.Error("training is not offered")
	}
	do(TrainingAsked{})
	view := Show(d.s)
	if home, ok := view.Screen.(HomeScreen); !ok || !view.Training || home.Partners[0].Status != StatusOpen {
		t.Fatalf("the training's first page is %+v", view)
	}
	if d.s.Quiet() {
		t.Error("an update may restart the booth under whoever practises")
	}

	do(PartnerChosen{theSession, "caf"}, CallRequested{theCall})
	place := PlaceCall{Call: theCall, Partner: "caf", Language: "fr", Training: true}
	if diff := cmp.Diff(place, d.effects[0]); diff != "" {
		t.Fatalf("the call (-want +got):\n%s", diff)
	}
	do(CallQueued{theCall, 1, 1}, CallRinging{Call: theCall}, CallAnswered{Call: theCall, Adviser: "Camille"}, MediaConnected{theCall})
	do(LinkChanged{true}, LinkChanged{false}, CalledBack{stray, stray, "caf", "Mme Martin"})
	if diff := cmp.Diff([]Effect{LeaveCall{stray, LeavingRefused}}, d.effects); diff != "" {
		t.Errorf("called back in training (-want +got):\n%s", diff)
	}
	do(CitizenHungUp{}, CallRated{Call: theCall, Causes: []Cause{"freezes"}}, Cancelled{}, ClockTicked{})
	if !d.s.Training || d.s.LastCall.Number != 0 {
		t.Errorf("after the call: training %v, last call %+v", d.s.Training, d.s.LastCall)
	}

	d.now = d.now.Add(trainingTime)
	do(ClockTicked{})
	if d.s.Training {
		t.Error("a training that was forgotten goes on")
	}
	if len(counted) > 0 {
		t.Errorf("training was counted: %v", counted)
	}
}

// The button ends it at any moment, and closes what is open.
func TestTrainingLeft(t *testing.T) {
	for name, events := range map[string][]Event{
		"at home": nil,
		"in line": {PartnerChosen{theSession, "caf"}, CallRequested{theCall}, CallQueued{theCall, 1, 1}, CallRinging{Call: theCall}},
		"in call": {
			PartnerChosen{theSession, "caf"},
			CallRequested{theCall},
			CallRinging{Call: theCall},
			CallAnswered{Call: theCall},
			MediaConnected{theCall},
		},
	} {
		s := fresh()
		s.Training = true
		s, _ = run(t, s, events...)
		wasOpen := s.Session.Phase.DevicesOpen()
		s, effects := run(t, s, TrainingLeft{})
		if s.Training || s.Session.Phase != PhaseNone {
			t.Errorf("%s: training %v, phase %s", name, s.Training, s.Session.Phase)
		}
		closed := false
		for _, f := range effects {
			_, is := f.(CloseMedia)
			closed = closed || is
		}
		if closed != wasOpen {
			t.Errorf("%s: devices open: %v, closed: %v", name, wasOpen, closed)
		}
	}
}
