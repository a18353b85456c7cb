package link

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"github.com/nats-io/nats.go"

	"loiret.fr/visioborne/hub/wire"
)

// Whatever comes from the hub, under whatever verb: the link does not fall, an adviser is met by nobody but a citizen who waits for one,
// and no event is of a call that the booth has left.
func FuzzTake(f *testing.F) {
	verbs := []wire.Verb{
		wire.VerbPartners, wire.VerbPlace, wire.VerbRinging, wire.VerbAnswered, wire.VerbRequeued, wire.VerbRenew, wire.VerbTransferred, wire.VerbCallBack, wire.VerbEnded,
		wire.VerbRelease, wire.VerbCheckDevices, wire.VerbRestart, wire.VerbOutOfService, wire.VerbLogs, wire.VerbTestCall, wire.VerbHello, "nonsense", wire.VerbCall,
	}
	for i, seed := range []string{
		`{"partners":[{"id":"caf","online":1,"free":1,"waiting":0}]}`, `{"call":"` + callA + `","place":1,"free":0,"online":1}`, `{"call":"` + callA + `","ice_servers":[]}`,
		`{"call":"` + callA + `","adviser":"Mme Martin","ice_servers":[]}`, `{"call":"` + callA + `","place":2}`, `{"call":"` + callB + `","ice_servers":[]}`,
		`{"call":"` + callA + `","partner":"cpam","place":1,"returned":false}`, `{"call":"` + callGone + `","partner":"caf","adviser":"Mme Martin"}`, `{"call":"` + callA + `","reason":"hung_up"}`,
		`{}`, `{}`, `{"what":"service"}`, `{"out":true,"message":"x"}`, `{"collection":"` + callA + `"}`, `{}`, `{}`, `{}`, `{"kind":"answer","sdp":"v=0"}`,
	} {
		f.Add(byte(i), []byte(seed))
	}
	f.Fuzz(func(t *testing.T, verb byte, data []byte) {
		v := verbs[int(verb)%len(verbs)]
		subject := wire.Down("gien", v)
		if v == wire.VerbCall {
			subject = wire.DownSignal("gien", callB)
		}
		var events []Event
		now := time.Now()
		r := &run{
			ctx: context.Background(), link: New(Options{Site: "gien", Events: func(e Event) { events = append(events, e) }}), pace: quick, site: "gien", log: slog.New(slog.DiscardHandler),
			calls: map[string]*call{
				callA:    {request: wire.Place{Call: callA, Partner: "caf", Language: "fr"}, phase: waiting, since: now},
				callB:    {request: wire.Place{Call: callB, Partner: "caf", Language: "fr"}, phase: answered, since: now},
				callGone: {request: wire.Place{Call: callGone, Partner: "caf", Language: "fr"}, phase: leaving, since: now},
			},
		}
		r.take(&nats.Msg{Subject: subject, Data: data})
		if len(events) > 1 {
			t.Fatalf("%s %q makes %v", v, data, events)
		}
		for id, c := range r.calls {
			switch c.phase {
			case placing, waiting, ringing, answered, invited, accepts, leaving:
			default:
				t.Errorf("%s %q: call %s is %q", v, data, id, c.phase)
			}
			if err := wire.CheckCall(id); err != nil {
				t.Errorf("%s %q: %v", v, data, err)
			}
		}
		for _, e := range events {
			switch e := e.(type) {
			case Answered:
				if e.Call != callA || e.Adviser == "" {
					t.Errorf("%s %q: %+v", v, data, e)
				}
			case Ringing:
				if e.Call != callA {
					t.Errorf("%s %q: %+v", v, data, e)
				}
			case Placed:
				if e.Call != callA || e.Place < 1 {
					t.Errorf("%s %q: %+v", v, data, e)
				}
			case Renewed, Signal:
				if r.calls[callB] == nil || r.calls[callB].phase != answered {
					t.Errorf("%s %q: %+v", v, data, e)
				}
			case Ended:
				if e.Call == callGone || r.calls[e.Call] != nil {
					t.Errorf("%s %q: %+v", v, data, e)
				}
			}
		}
	})
}
