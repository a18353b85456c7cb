package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"loiret.fr/visioborne/hub/alert"
	"loiret.fr/visioborne/hub/audit"
	"loiret.fr/visioborne/hub/hotline"
	"loiret.fr/visioborne/hub/wire"
)

// fetch asks the hub for something, with a token if it is not "".
func (h *house) fetch(path, token string) (int, string) {
	h.t.Helper()
	return h.request(http.MethodGet, path, token, "")
}

func (h *house) request(method, path, token, body string) (int, string) {
	h.t.Helper()
	r, err := http.NewRequestWithContext(h.t.Context(), method, "http://"+h.addr+path, strings.NewReader(body))
	if err != nil {
		h.t.Fatal(err)
	}
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	a, err := http.DefaultClient.Do(r)
	if err != nil {
		h.t.Fatal(err)
	}
	defer a.Body.Close()
	b, err := io.ReadAll(a.Body)
	if err != nil {
		h.t.Fatal(err)
	}
	return a.StatusCode, string(b)
}

// token makes one, by the command.
func (h *house) token(name, role string) string {
	h.t.Helper()
	var out bytes.Buffer
	if err := run(h.t.Context(), []string{"token", "add", "-state", h.dir, "-name", name, "-role", role}, nil, &out, io.Discard); err != nil {
		h.t.Fatal(err)
	}
	secret, _, _ := strings.Cut(out.String(), "\n")
	return secret
}

// A booth that has been taken out of service hears of it, also when it has started anew, until it is put back.
func TestOutOfService(t *testing.T) {
	h := openHouse(t)
	staff := h.as("hotline")
	gien := h.booth("gien")
	page := h.hotline()
	status := wire.Status{Version: "1", Phase: "none", Since: time.Now()}
	gien.send(wire.Up("gien", wire.VerbStatus), status)
	page(func(v hotline.View) bool { return v.Booths[0].State == hotline.StateUp })
	own := "http://" + h.addr
	for _, c := range []struct {
		action, body string
		want         int
	}{
		{"out-of-service", `{"message":"a\nb"}`, http.StatusBadRequest},
		{"out-of-service", `{"massage":"x"}`, http.StatusBadRequest},
		{"restart", `{"message":"x"}`, http.StatusBadRequest},
		{"dance", ``, http.StatusBadRequest},
		{"out-of-service", `{"message":"Réparation jeudi."}`, http.StatusAccepted},
	} {
		if got := h.post(staff, "/hotline/booths/gien/"+c.action, own, c.body); got != c.want {
			t.Errorf("%s with %s: %d; want %d", c.action, c.body, got, c.want)
		}
	}
	out := func(m wire.OutOfService) bool { return m.Out && m.Message == "Réparation jeudi." }
	wait(gien, wire.Down("gien", wire.VerbOutOfService), out)
	v := page(func(v hotline.View) bool { return v.Booths[0].OutOfService != nil })
	if o := v.Booths[0].OutOfService; o.By != "hotline" || o.Since.IsZero() {
		t.Errorf("out of service: %+v", o)
	}
	// It starts anew and has forgotten: told at its hello, and when its status says otherwise.
	ask[wire.Welcome](gien, wire.VerbHello, wire.Hello{Version: "1", Calls: []string{}})
	wait(gien, wire.Down("gien", wire.VerbOutOfService), out)
	gien.send(wire.Up("gien", wire.VerbStatus), status)
	wait(gien, wire.Down("gien", wire.VerbOutOfService), out)
	// A hub that starts anew knows too.
	h.stop()
	h.start()
	page = h.hotline()
	page(func(v hotline.View) bool { return v.Booths[0].OutOfService != nil })
	ask[wire.Welcome](gien, wire.VerbHello, wire.Hello{Version: "1", Calls: []string{}}) // it is connected again
	if got := h.post(staff, "/hotline/booths/gien/in-service", "http://"+h.addr, ""); got != http.StatusAccepted {
		t.Errorf("putting it back: %d", got)
	}
	wait(gien, wire.Down("gien", wire.VerbOutOfService), func(m wire.OutOfService) bool { return !m.Out })
	page(func(v hotline.View) bool { return v.Booths[0].OutOfService == nil })
	// What the booth missed of that it is told when its status says otherwise.
	status.OutOfService = &wire.OutOfService{Out: true, Message: "Réparation jeudi."}
	gien.send(wire.Up("gien", wire.VerbStatus), status)
	wait(gien, wire.Down("gien", wire.VerbOutOfService), func(m wire.OutOfService) bool { return !m.Out })
}

// A call for help is on the hotline's page at once, and the booth hears that somebody has seen it.
func TestHelp(t *testing.T) {
	h := openHouse(t)
	staff := h.as("hotline")
	gien := h.booth("gien")
	page := h.hotline()
	const first, second = "4e190000-0000-4000-8000-000000000001", "4e190000-0000-4000-8000-000000000002"
	rung := func(v hotline.View) bool { return v.Booths[0].Help != nil }
	quiet := func(v hotline.View) bool { return v.Booths[0].Help == nil }
	seen := func() {
		t.Helper()
		if got := h.post(staff, "/hotline/booths/gien/help-seen", "http://"+h.addr, ""); got != http.StatusAccepted {
			t.Errorf("seeing it: %d", got)
		}
	}
	is := func(request string) func(wire.Help) bool {
		return func(m wire.Help) bool { return m.Request == request }
	}
	if r := ask[wire.HelpReply](gien, wire.VerbHelp, wire.Help{Request: first}); r != (wire.HelpReply{Request: first}) {
		t.Fatalf("the answer is %+v", r)
	}
	since := page(rung).Booths[0].Help.Since
	if time.Since(since) > time.Minute || since.After(time.Now().Add(time.Second)) {
		t.Errorf("it is rung since %v", since)
	}
	// The booth has forgotten it and asks anew: it is the same need for help, since the same time.
	for _, request := range []string{first, second} {
		if r := ask[wire.HelpReply](gien, wire.VerbHelp, wire.Help{Request: request}); r.Request != request {
			t.Errorf("asking again: %+v", r)
		}
	}
	seen()
	wait(gien, wire.Down("gien", wire.VerbHelp), is(second))
	page(quiet)
	seen() // somebody else a moment later: nothing more happens
	// A booth that was away hears of it when it is back; a hub that starts anew still knows.
	ask[wire.Welcome](gien, wire.VerbHello, wire.Hello{Version: "1", Calls: []string{}})
	wait(gien, wire.Down("gien", wire.VerbHelp), is(second))
	ask[wire.HelpReply](gien, wire.VerbHelp, wire.Help{Request: first})
	h.stop()
	h.start()
	page = h.hotline()
	page(rung)
	// Who is nobody calls for no help.
	if got := h.post(nil, "/hotline/booths/gien/help-seen", "http://"+h.addr, ""); got == http.StatusAccepted {
		t.Errorf("a stranger sees to it: %d", got)
	}

	day := since.UTC()
	var record audit.Page
	path := "/audit/entries?from=" + day.AddDate(0, 0, -1).Format(time.DateOnly) + "&to=" + day.AddDate(0, 0, 1).Format(time.DateOnly)
	if status := h.read(h.as("administrator"), path, &record); status != http.StatusOK {
		t.Fatalf("reading the record: %d", status)
	}
	var got []string
	for _, e := range record.Entries {
		if strings.Contains(e.Action, "help") {
			got = append(got, e.Who+" "+e.Action+" "+e.Site)
		}
	}
	want := []string{" booth_help_asked gien", "hotline booth_help_seen gien", "hotline booth_help_seen gien", " booth_help_asked gien"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("recorded (-want +got):\n%s", diff)
	}
}

// A booth's log is collected in pieces, and no booth can store what nobody asked for.
func TestCollectLogs(t *testing.T) {
	h := openHouse(t)
	staff := h.as("hotline")
	gien, patay := h.booth("gien"), h.booth("patay")
	page := h.hotline()
	for _, k := range []*kiosk{gien, patay} {
		k.send(wire.Up(k.site, wire.VerbStatus), wire.Status{Version: "1", Phase: "none", Since: time.Now()})
	}
	page(func(v hotline.View) bool {
		return !slices.ContainsFunc(v.Booths, func(b hotline.Booth) bool { return b.State != hotline.StateUp })
	})
	logs := func(site string) (c hotline.Collection) {
		status, text, _ := h.get(staff, "/hotline/booths/"+site+"/logs")
		if err := json.Unmarshal([]byte(text), &c); err != nil || status != http.StatusOK {
			t.Fatalf("%d %s", status, text)
		}
		return c
	}
	if c := logs("gien"); c.AskedAt != nil || len(c.Lines) > 0 {
		t.Errorf("before: %+v", c)
	}
	if got := h.post(staff, "/hotline/booths/gien/logs", "http://"+h.addr, ""); got != http.StatusAccepted {
		t.Fatal(got)
	}
	asked := wait(gien, wire.Down("gien", wire.VerbLogs), any1[wire.AskLogs])
	piece := func(part int, lines ...string) wire.LogPiece {
		return wire.LogPiece{Collection: asked.Collection, Part: part, Parts: 2, Lines: lines}
	}
	patay.send(wire.Up("patay", wire.VerbLogs), piece(0, "not asked for"))
	gien.send(wire.Up("gien", wire.VerbLogs), piece(1, "c"))
	gien.send(wire.Up("gien", wire.VerbLogs), piece(0, "a", "b"))
	for deadline := time.Now().Add(patience); ; {
		c := logs("gien")
		if c.Complete {
			if diff := cmp.Diff([]string{"a", "b", "c"}, c.Lines); diff != "" || c.By != "hotline" || c.AskedAt == nil {
				t.Errorf("%+v (-want +got):\n%s", c, diff)
			}
			break
		}
		if time.Now().After(deadline) {
			t.Fatalf("it does not come: %+v", c)
		}
	}
	if c := logs("patay"); len(c.Lines) > 0 {
		t.Errorf("patay's: %+v", c)
	}
}

// How a booth has been is kept: at each change, and nothing in between.
func TestHistory(t *testing.T) {
	h := openHouse(t)
	staff := h.as("hotline")
	gien := h.booth("gien")
	page := h.hotline()
	for _, s := range []struct{ version, warning, phase string }{
		{"1", "", "none"}, {"1", "", "in_call"}, {"1", "", "none"}, {"1", "hot", "none"}, {"2", "", "none"},
	} {
		status := wire.Status{Version: s.version, Phase: s.phase, Since: time.Now(), Health: &wire.Health{TemperatureC: new(50)}, Sent: time.Now().Add(time.Minute)}
		if s.warning != "" {
			status.Warnings = []string{s.warning}
		}
		gien.send(wire.Up("gien", wire.VerbStatus), status)
	}
	v := page(func(v hotline.View) bool { return v.Booths[0].Version == "2" })
	if o := v.Booths[0].ClockOffsetS; o == nil || *o < 58 || *o > 60 {
		t.Errorf("clock offset %v", o)
	}
	status, text, _ := h.get(staff, "/hotline/booths/gien/history")
	var all []hotline.Entry
	if err := json.Unmarshal([]byte(text), &all); err != nil || status != http.StatusOK {
		t.Fatalf("%d %s", status, text)
	}
	var got []string
	for _, e := range all {
		got = append(got, string(e.State)+" "+e.Version+" "+strings.Join(e.Troubles, " "))
		if *e.Health.TemperatureC != 50 {
			t.Errorf("%+v", e)
		}
	}
	if diff := cmp.Diff([]string{"up 2 clock_wrong", "up 1 clock_wrong hot", "up 1 clock_wrong"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if strings.Contains(text, "in_call") {
		t.Error("the history tells when somebody was there")
	}
	if status, _, _ := h.get(staff, "/hotline/booths/orleans/history"); status != http.StatusNotFound {
		t.Errorf("of no booth: %d", status)
	}
}

// openAPI is the hub's own description, as JSON values.
func openAPI(t *testing.T, h *house) (paths map[string]map[string]any, validate func(schema, text string)) {
	t.Helper()
	status, text := h.fetch("/api/openapi.yaml", "")
	if status != http.StatusOK {
		t.Fatal(status)
	}
	asJSON, err := yaml.YAMLToJSON([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(asJSON))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("openapi.json", doc); err != nil {
		t.Fatal(err)
	}
	paths = map[string]map[string]any{}
	for path, item := range doc.(map[string]any)["paths"].(map[string]any) {
		paths[path] = item.(map[string]any)
	}
	return paths, func(schema, text string) {
		t.Helper()
		s, err := c.Compile("openapi.json#/components/schemas/" + schema)
		if err != nil {
			t.Fatal(err)
		}
		v, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Validate(v); err != nil {
			t.Errorf("%s: %v\n%s", schema, err, text)
		}
	}
}

// fullStatus has something in every field.
func fullStatus() wire.Status {
	now := time.Now().UTC()
	sound := &wire.Sound{Echo: "good", EchoReducedDB: 38, MadeUpPerMille: 4}
	return wire.Status{
		Version: "1.2", Phase: "in_call", Since: now, Encoder: "openh264", EncoderReason: "no_hardware_encoder", Simulated: []string{"camera"},
		Warnings: []string{"hot"}, Update: &wire.Update{State: wire.UpdateFailed, Version: "1.3", Percent: 1, Reason: "no_hub"},
		DeviceCheck: &wire.DeviceCheck{State: wire.DeviceCheckDone, At: now, Findings: []wire.Finding{{Device: "microphone", Result: "silent"}}},
		Sound:       sound, LastCall: &wire.LastCall{HalfDay: "2026-11-24-am", Failed: "media", Causes: []string{"no_path"}, Sound: sound},
		Health: &wire.Health{TemperatureC: new(81), Power: "good", DiskFreeMB: new(20_000), DiskMB: new(28_000), Screen: "shown"}, Sent: now,
		RoundTripMS: new(38), Pending: wire.RestartService, OutOfService: &wire.OutOfService{Out: true},
		TestCall: &wire.TestCallResult{State: wire.DeviceCheckDone, At: now, Verdict: "poor", Steps: []wire.TestStep{{Name: "hub", State: "ok", Value: "38ms", Code: "x"}}},
	}
}

// What the description promises is what the hub answers, for every route, role and fault.
func TestAPI(t *testing.T) {
	h := openHouse(t)
	gien := h.booth("gien")
	page := h.hotline()
	reader, actor := h.token("grafana", "read"), h.token("centreon", "act")
	gien.send(wire.Up("gien", wire.VerbStatus), fullStatus())
	page(func(v hotline.View) bool { return v.Booths[0].State == hotline.StateUp && v.Booths[0].Ring != "" })
	paths, validate := openAPI(t, h)

	// Every route that is described is there, and wants a token unless it says otherwise.
	described := 0
	for path, item := range paths {
		for method, operation := range item {
			if method != "get" && method != "post" {
				continue
			}
			described++
			path, method := strings.Replace(path, "{id}", "gien", 1), strings.ToUpper(method)
			_, open := operation.(map[string]any)["security"]
			want := http.StatusUnauthorized
			if open {
				want = http.StatusOK
			}
			if got, text := h.request(method, path, "", ""); got != want {
				t.Errorf("%s %s without a token: %d %s", method, path, got, text)
			}
			if got, text := h.request(method, path, "vbt_false", ""); !open && got != http.StatusUnauthorized {
				t.Errorf("%s %s with a false token: %d %s", method, path, got, text)
			}
			if method == http.MethodPost {
				got, text := h.request(method, path, reader, "")
				if got != http.StatusForbidden {
					t.Errorf("%s %s with a token for reading: %d %s", method, path, got, text)
				}
				validate("Problem", text)
			}
		}
	}
	if want := 7 + len(hotline.Actions()); described != want {
		t.Errorf("%d operations are described; want %d", described, want)
	}
	for _, a := range hotline.Actions() {
		if paths["/api/booths/{id}/"+string(a)]["post"] == nil {
			t.Errorf("action %s is not described", a)
		}
	}

	for _, c := range []struct {
		method, path, body string
		want               int
		schema             string
	}{
		{"GET", "/api/booths", "", 200, "Booths"},
		{"GET", "/api/booths?state=unwell", "", 200, "Booths"},
		{"GET", "/api/booths/gien", "", 200, "Booth"},
		{"GET", "/api/booths/patay", "", 200, "Booth"},
		{"GET", "/api/booths/orleans", "", 404, "Problem"},
		{"GET", "/api/booths/gien/history", "", 200, "History"},
		{"GET", "/api/booths/orleans/history", "", 404, "Problem"},
		{"GET", "/api/booths/gien/configuration", "", 200, "Configuration"},
		{"GET", "/api/booths/orleans/configuration", "", 404, "Problem"},
		{"POST", "/api/booths/gien/selftest", "", 202, "Asked"},
		{"POST", "/api/booths/gien/test-call", "", 202, "Asked"},
		{"POST", "/api/booths/gien/restart", "{}", 202, "Asked"},
		{"POST", "/api/booths/gien/reboot", "", 202, "Asked"},
		{"POST", "/api/booths/gien/out-of-service", `{"message":"Réparation jeudi."}`, 202, "Asked"},
		{"POST", "/api/booths/gien/out-of-service", `{"message":"` + strings.Repeat("x", 301) + `"}`, 400, "Problem"},
		{"POST", "/api/booths/gien/logs", "", 202, "Asked"},
		{"POST", "/api/booths/patay/selftest", "", 404, "Problem"},
		{"POST", "/api/booths/orleans/out-of-service", "", 404, "Problem"},
		{"GET", "/api/booths/gien/logs", "", 200, "Logs"},
		{"GET", "/api/nothing", "", 404, "Problem"},
	} {
		got, text := h.request(c.method, c.path, actor, c.body)
		if got != c.want {
			t.Errorf("%s %s: %d; want %d: %s", c.method, c.path, got, c.want, text)
		}
		validate(c.schema, text)
	}
	for _, verb := range []wire.Verb{wire.VerbCheckDevices, wire.VerbTestCall, wire.VerbRestart, wire.VerbRestart, wire.VerbOutOfService, wire.VerbLogs} {
		for deadline := time.After(patience); ; {
			select {
			case m := <-gien.down:
				if m.Subject != wire.Down("gien", verb) {
					continue
				}
			case <-deadline:
				t.Fatalf("the booth was not asked: %s", verb)
			}
			break
		}
	}
	page(func(v hotline.View) bool {
		o := v.Booths[0].OutOfService
		return o != nil && o.By == "token centreon"
	})
	got, text := h.request("POST", "/api/booths/gien/in-service", actor, "")
	if validate("Asked", text); got != http.StatusAccepted {
		t.Errorf("in service: %d %s", got, text)
	}
	if _, text := h.fetch("/api/booths?state=unwell", reader); !strings.Contains(text, `"id":"gien"`) || strings.Contains(text, `"id":"patay"`) {
		t.Errorf("the unwell ones: %s", text)
	}

	var out bytes.Buffer
	if err := run(t.Context(), []string{"token", "remove", "-state", h.dir, "-name", "centreon"}, nil, &out, io.Discard); err != nil {
		t.Fatal(err)
	}
	if got, _ := h.fetch("/api/booths", actor); got != http.StatusUnauthorized {
		t.Errorf("with a token that was removed: %d", got)
	}
	if err := run(t.Context(), []string{"token", "list", "-state", h.dir}, nil, &out, io.Discard); err != nil || !strings.HasPrefix(out.String(), "grafana\tread\t") || strings.Contains(out.String(), reader) {
		t.Errorf("%v, %q", err, out.String())
	}
	if err := run(t.Context(), []string{"token", "add", "-state", h.dir, "-name", "grafana", "-role", "act"}, nil, &out, io.Discard); err == nil {
		t.Error("a second token of the same name was made")
	}
}

// Prometheus can read the metrics, and they say what the booth said.
func TestMetrics(t *testing.T) {
	h := openHouse(t)
	page := h.hotline()
	h.booth("gien").send(wire.Up("gien", wire.VerbStatus), fullStatus())
	page(func(v hotline.View) bool { return v.Booths[0].State == hotline.StateUp })
	status, text := h.fetch("/metrics", h.token("prometheus", "read"))
	if status != http.StatusOK {
		t.Fatal(status)
	}
	parser := expfmt.NewTextParser(model.UTF8Validation)
	families, err := parser.TextToMetricFamilies(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	if _, there := families["visioborne_booth_clock_offset_seconds"]; !there {
		t.Error("no clock offset")
	}
	for name, want := range map[string]float64{
		"visioborne_booth_up": 1, "visioborne_booth_temperature_celsius": 81, "visioborne_booth_disk_free_bytes": 2e10,
		"visioborne_booth_disk_bytes": 2.8e10, "visioborne_booth_round_trip_seconds": 0.038,
	} {
		f := families[name]
		if f == nil || len(f.Metric) != 1 || f.Metric[0].GetGauge().GetValue() != want {
			t.Errorf("%s: %v; want %v", name, f, want)
		}
	}
	for _, line := range []string{
		`visioborne_booths{state="up"} 1`, `visioborne_booths{state="never"} 1`, `visioborne_booth_trouble{site="gien",trouble="hot"} 1`,
	} {
		if !strings.Contains(text, line+"\n") {
			t.Errorf("%s is missing in\n%s", line, text)
		}
	}
	if strings.Contains(text, "in_call") {
		t.Error("the metrics tell when somebody is there")
	}
}

func TestStatusCommand(t *testing.T) {
	h := openHouse(t)
	page := h.hotline()
	gien := h.booth("gien")
	status := wire.Status{Version: "1.2", Phase: "none", Since: time.Now(), Health: &wire.Health{TemperatureC: new(48), DiskFreeMB: new(20_000), DiskMB: new(28_000)}}
	print := func() (string, error) {
		var out bytes.Buffer
		err := run(t.Context(), []string{"status", "-state", h.dir}, nil, &out, io.Discard)
		return out.String(), err
	}
	gien.send(wire.Up("gien", wire.VerbStatus), status)
	page(func(v hotline.View) bool { return v.Booths[0].State == hotline.StateUp })
	text, err := print()
	if err != nil {
		t.Errorf("with a booth that is well: %v", err)
	}
	lines := strings.Split(strings.TrimSpace(text), "\n")
	if len(lines) != 3 || strings.Join(strings.Fields(lines[1])[0:2], " ") != "gien up" || !strings.Contains(lines[1], "48 °C") ||
		strings.Join(strings.Fields(lines[2]), " ") != "patay never - - - - - -" {
		t.Errorf("printed\n%s", text)
	}
	status.Warnings = []string{"hot"}
	gien.send(wire.Up("gien", wire.VerbStatus), status)
	page(func(v hotline.View) bool { return len(v.Booths[0].Troubles) > 0 })
	if text, err = print(); !errors.Is(err, errUnwell) || !strings.Contains(text, "hot") {
		t.Errorf("with one that is unwell: %v\n%s", err, text)
	}
}

// A hub that was told whom to tell does, when a booth is unwell.
func TestAlert(t *testing.T) {
	got := make(chan alert.Message, 10)
	hook := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		var m alert.Message
		if err := json.NewDecoder(r.Body).Decode(&m); err != nil {
			t.Error(err)
		}
		got <- m
	}))
	t.Cleanup(hook.Close)
	h := openHouse(t)
	h.stop()
	h.alerts = alert.Settings{Webhook: &alert.WebhookSettings{URL: hook.URL}}
	h.start()
	status := fullStatus()
	status.OutOfService, status.Warnings = nil, []string{"hot"}
	h.booth("gien").send(wire.Up("gien", wire.VerbStatus), status)
	select {
	case m := <-got:
		if m.Event != alert.Unwell || len(m.Booths) != 1 || m.Booths[0].ID != "gien" || !slices.Contains(m.Booths[0].Troubles, "hot") {
			t.Errorf("%+v", m)
		}
	case <-time.After(2 * patience):
		t.Error("nobody was told")
	}
}
