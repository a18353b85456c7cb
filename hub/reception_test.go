package main

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"loiret.fr/visioborne/hub/audit"
	"loiret.fr/visioborne/hub/hotline"
	"loiret.fr/visioborne/hub/wire"
)

// An agent calls a partner from the booth of their own site while it is free, offers company in a call and no earlier, and each
// is recorded without the partner.
func TestReception(t *testing.T) {
	h := openHouse(t)
	agent, own := h.as("agent"), "http://"+h.addr
	gien, patay := h.booth("gien"), h.booth("patay")
	page := h.hotline()
	be := func(phase string) {
		gien.send(wire.Up("gien", wire.VerbStatus), wire.Status{Version: "1", Phase: phase, Since: time.Now()})
		page(func(v hotline.View) bool { return v.Booths[0].Phase == phase })
	}
	var v struct {
		Site, State string
		Partners    []struct{ ID string }
	}
	if h.read(agent, "/reception/booth", &v); v.State != "never" || len(v.Partners) != 5 {
		t.Errorf("before the booth: %+v", v)
	}
	post := func(path, body string, want int) {
		t.Helper()
		if got := h.post(agent, path, own, body); got != want {
			t.Errorf("%s %s: %d; want %d", path, body, got, want)
		}
	}
	post("/reception/call", `{"partner":"caf"}`, http.StatusConflict)
	be("none")
	if h.read(agent, "/reception/booth", &v); v.State != "free" {
		t.Errorf("a booth that nobody uses: %+v", v)
	}
	post("/reception/call", `{"partner":"nobody"}`, http.StatusBadRequest)
	post("/reception/call", `{"partner":"caf","site":"patay"}`, http.StatusBadRequest)
	post("/reception/call", `[]`, http.StatusBadRequest)
	if got := h.post(agent, "/reception/call", "http://elsewhere.example", `{"partner":"caf"}`); got != http.StatusForbidden {
		t.Errorf("from another page: %d", got)
	}
	if got := h.post(h.as("caf.1"), "/reception/call", own, `{"partner":"caf"}`); got != http.StatusForbidden {
		t.Errorf("an adviser: %d", got)
	}
	post("/reception/join", `{"here":true}`, http.StatusConflict)
	post("/reception/call", `{"partner":"caf"}`, http.StatusAccepted)
	wait(gien, wire.Down("gien", wire.VerbAgentCall), func(m wire.AgentCall) bool { return m.Partner == "caf" })
	be("in_call")
	post("/reception/call", `{"partner":"caf"}`, http.StatusConflict)
	post("/reception/join", `{"here":true}`, http.StatusAccepted)
	wait(gien, wire.Down("gien", wire.VerbAgentJoin), func(m wire.AgentJoin) bool { return m.Here })
	post("/reception/join", `{"here":false}`, http.StatusAccepted)
	wait(gien, wire.Down("gien", wire.VerbAgentJoin), func(m wire.AgentJoin) bool { return !m.Here })
	for len(patay.down) > 0 {
		if m := <-patay.down; m.Subject == wire.Down("patay", wire.VerbAgentCall) {
			t.Error("another site's booth was asked")
		}
	}

	var record audit.Page
	day := time.Now().Format(time.DateOnly)
	h.read(h.as("administrator"), fmt.Sprintf("/audit/entries?from=%s&to=%s&site=gien", day, day), &record)
	var got []string
	for _, e := range record.Entries {
		got = append(got, e.Who+" "+e.Action+e.Detail)
	}
	if want := "[agent agent_leave agent agent_join agent agent_call]"; fmt.Sprint(got) != want {
		t.Errorf("recorded %v; want %s", got, want)
	}
}
