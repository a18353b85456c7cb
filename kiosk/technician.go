package main

import (
	"context"
	"log/slog"
	"net/http"
	"slices"
	"time"

	"loiret.fr/visioborne/hub/wire"
	"loiret.fr/visioborne/kiosk/booth"
	"loiret.fr/visioborne/kiosk/netcheck"
	"loiret.fr/visioborne/kiosk/network"
)

// networkChecks checks the network for a technician, one check at a time.
type networkChecks struct {
	// way gives the way to the hub and its address; "" when no settings name one yet.
	way func() (network.Way, string, error)
	// test asks the hub, over the booth's link, for what a check needs; nil when the booth has no link.
	test func(context.Context) (wire.NetworkTestReply, error)
	post func(booth.Event)
	log  *slog.Logger

	errand
}

// testWait is how long the hub may take to answer before the check goes on without it.
const testWait = 3 * time.Second

// carryOut runs an effect that concerns the technician. It does not block.
func (n *networkChecks) carryOut(ctx context.Context, f booth.Effect) {
	switch f := f.(type) {
	case booth.CheckNetwork:
		n.start(ctx, func(ctx context.Context) { n.check(ctx, f.Run) })
	case booth.StopNetworkCheck:
		n.stop()
	default:
	}
}

func (n *networkChecks) check(ctx context.Context, run int) {
	verdict, done := n.try(ctx, func(c booth.Check) { n.post(booth.NetworkChecked{Run: run, Check: c}) })
	if done {
		n.post(booth.NetworkChecked{Run: run, Done: true, Verdict: verdict})
	}
}

// try checks the network, tells each result, and returns the verdict, if it was not stopped before.
func (n *networkChecks) try(ctx context.Context, tell func(booth.Check)) (verdict booth.Judgement, done bool) {
	way, hub, err := n.way()
	if err != nil {
		// Without its authorities or its proxy the way would be another one.
		n.log.Warn("checking the network: the settings cannot be used", "error", err)
	}
	transport := way.Transport()
	defer transport.CloseIdleConnections()
	o := netcheck.Options{
		Hub: hub, Client: &http.Client{Transport: transport}, Dial: way.DialContext, TLS: way.TLS(), Proxied: way.Proxied(),
		Result: func(r netcheck.Result) {
			tell(booth.Check{Name: string(r.Name), State: string(r.State), Value: r.Value, Code: string(r.Code)})
		},
		Problem: func(name netcheck.Name, err error) {
			n.log.Info("checking the network", "what", string(name), "error", err)
		},
	}
	if n.test != nil {
		asking, cancel := context.WithTimeout(ctx, testWait)
		if reply, err := n.test(asking); err == nil {
			o.Test, o.Asked = reply, time.Now()
		} else {
			n.log.Info("checking the network without the hub's help", "error", err)
		}
		cancel()
	}
	results := netcheck.Check(ctx, o)
	if ctx.Err() != nil {
		return "", false
	}
	verdict = booth.Judgement(netcheck.Verdict(results))
	if n.test == nil && slices.ContainsFunc(results, func(r netcheck.Result) bool { return r.Name == netcheck.Hub && r.State == netcheck.OK }) {
		verdict = booth.JudgementEnrol
	}
	n.log.Info("network checked", "verdict", string(verdict))
	return verdict, true
}

// testCalls are the hotline's: the same tries, of the way that a call takes, without anybody there.
type testCalls struct{ networkChecks }

// carryOut runs an effect that concerns a test call. It does not block.
func (t *testCalls) carryOut(ctx context.Context, f booth.Effect) {
	switch f := f.(type) {
	case booth.PlaceTestCall:
		t.start(ctx, func(ctx context.Context) {
			verdict, done := t.try(ctx, func(c booth.Check) { t.post(booth.TestCallTold{Run: f.Run, Check: c}) })
			if done {
				t.post(booth.TestCallTold{Run: f.Run, Done: true, Verdict: verdict})
			}
		})
	case booth.StopTestCall:
		t.stop()
	default:
	}
}
