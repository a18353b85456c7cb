package main

import (
	"strings"
	"testing"

	"loiret.fr/visioborne/hub/wire"
)

func TestUsageIsKeptOnce(t *testing.T) {
	h := openHouse(t)
	gien := h.booth("gien")
	send := func(u wire.Usage) wire.UsageReply { return ask[wire.UsageReply](gien, wire.VerbUsage, u) }
	morning := wire.Usage{HalfDay: "2026-11-24-am", Batch: "aaaaaaaaaaaaaaaa", Counts: []wire.Count{{Partner: "caf", What: "call_wanted", N: 2}, {What: "session", N: 3}}}
	for range 3 { // as after answers that were lost
		if r := send(morning); r.HalfDay != morning.HalfDay || r.Batch != morning.Batch || r.Code != "" || !r.Unsettled {
			t.Fatalf("answer %+v", r)
		}
	}
	// Another batch of the same half day, as after a new enrolment, is added; what is unknown to this hub too.
	send(wire.Usage{HalfDay: "2026-11-24-am", Batch: "bbbbbbbbbbbbbbbb", Counts: []wire.Count{{Partner: "caf", What: "call_wanted", N: 1}, {What: "newer", N: 7}}})
	send(wire.Usage{HalfDay: "2026-12-01-pm", Batch: "cccccccccccccccc", Counts: []wire.Count{{What: "session", N: 1}}})
	if _, err := command(t, "", "usage"); err == nil || !strings.Contains(err.Error(), "-state") {
		t.Errorf("without -state: %v", err)
	}
	got, err := command(t, "", "usage", "-state", h.dir, "-month", "2026-11")
	if err != nil {
		t.Fatal(err)
	}
	want := `site,half_day,partner,what,n
gien,2026-11-24-am,,newer,7
gien,2026-11-24-am,,session,3
gien,2026-11-24-am,caf,call_wanted,3
`
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}
