package hotline

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"loiret.fr/visioborne/config"
	"loiret.fr/visioborne/hub/wire"
)

func TestView(t *testing.T) {
	noon := time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	h := &Hotline{
		options: Options{
			Now:   func() time.Time { return noon },
			Sites: []config.Site{{ID: "gien", Name: "Gien"}, {ID: "lorris", Name: "Lorris"}, {ID: "patay", Name: "Patay"}},
		},
		seen: map[string]record{
			"gien":    {SeenAt: noon.Add(-39 * time.Second), Status: wire.Status{Phase: "none", Since: noon, Warnings: []string{"w"}, Update: &wire.Update{State: wire.UpdateLoading, Version: "2", Percent: 40}}},
			"patay":   {SeenAt: noon.Add(-41 * time.Second), Status: wire.Status{Phase: "in_call", Since: noon}},
			"orleans": {SeenAt: noon, Status: wire.Status{Phase: "none", Since: noon}},
		},
	}
	type line struct {
		ID    string
		Known bool
		State State
	}
	var got []line
	v := h.View()
	for _, b := range v.Booths {
		got = append(got, line{b.ID, b.Known, b.State})
	}
	want := []line{{"gien", true, StateUp}, {"lorris", true, StateNever}, {"patay", true, StateSilent}, {"orleans", false, StateUp}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if u := v.Booths[0].Update; u == nil || u.Percent != 40 {
		t.Errorf("the update under way: %+v", u)
	}
	b, err := json.Marshal(v.Booths[1])
	if err != nil {
		t.Fatal(err)
	}
	const never = `{"id":"lorris","name":"Lorris","known":true,"position":null,"state":"never","seen_at":null,"troubles":[],"ring":"",` +
		`"out_of_service":null,"help":null,"version":"","phase":"","since":null,"encoder":"","encoder_reason":"","simulated":[],"warnings":[],"sensors":[],` +
		`"health":null,"clock_offset_s":null,"round_trip_ms":null,"company":"","pending":"","update":null,` +
		`"configuration":{"version":0,"coming":null,"coming_from":null,"booth":null},"device_check":null,"test_call":null,` +
		`"sound":null,"last_call":null}`
	if string(b) != never {
		t.Errorf("a booth that was never seen: %s", b)
	}
}

// A page is told of what has changed, and of everything when there are other booths than before.
func TestChanges(t *testing.T) {
	booth := func(id, version string) Booth {
		return Booth{ID: id, Version: version, Warnings: []string{}, Health: &wire.Health{Power: "good"}}
	}
	shown := View{Seq: 4, Booths: []Booth{booth("gien", "1"), booth("lorris", "1"), booth("patay", "1")}}
	for _, c := range []struct {
		what  string
		shown View
		now   []Booth
		want  View
		some  bool
	}{
		{"nothing", shown, []Booth{booth("gien", "1"), booth("lorris", "1"), booth("patay", "1")}, View{Seq: 5, Changes: true}, false},
		{"one", shown, []Booth{booth("gien", "1"), booth("lorris", "2"), booth("patay", "1")}, View{Seq: 5, Changes: true, Booths: []Booth{booth("lorris", "2")}}, true},
		{"one that has come", shown, []Booth{booth("gien", "1"), booth("lorris", "1"), booth("orleans", "1"), booth("patay", "1")}, View{Seq: 5, Booths: []Booth{booth("gien", "1"), booth("lorris", "1"), booth("orleans", "1"), booth("patay", "1")}}, true},
		{"one that has gone", shown, []Booth{booth("gien", "1"), booth("patay", "1")}, View{Seq: 5, Booths: []Booth{booth("gien", "1"), booth("patay", "1")}}, true},
		{"the first", View{}, []Booth{booth("gien", "1")}, View{Seq: 5, Booths: []Booth{booth("gien", "1")}}, true},
	} {
		got, some := View{Seq: 5, Booths: c.now}.since(c.shown)
		if diff := cmp.Diff(c.want, got); diff != "" || some != c.some {
			t.Errorf("%s: %v (-want +got):\n%s", c.what, some, diff)
		}
	}
}

// TestTroubles: what somebody must see to, and what not.
func TestTroubles(t *testing.T) {
	for _, c := range []struct {
		name string
		of   record
		want []string
	}{
		{"nothing said", record{}, nil},
		{"warnings, in order and once", record{Status: wire.Status{Warnings: []string{"under_voltage", "camera_missing", "camera_missing"}}}, []string{"camera_missing", "under_voltage"}},
		{"somebody who practises", record{Status: wire.Status{Warnings: []string{"training"}}}, nil},
		{"a technician at work", record{Status: wire.Status{Warnings: []string{"maintenance_open"}}}, nil},
		{"a booth that says the hub's word", record{Status: wire.Status{Warnings: []string{"silent"}}}, nil},
		{"a clock that is a little off", record{ClockOffsetS: new(-30)}, nil},
		{"a clock that is off", record{ClockOffsetS: new(-31)}, []string{"clock_wrong"}},
		{"an update under way", record{Status: wire.Status{Update: &wire.Update{State: wire.UpdateTrial}}}, nil},
		{"an update that did not hold", record{Status: wire.Status{Update: &wire.Update{State: wire.UpdateFailed}}}, []string{"update_failed"}},
		{"a configuration that waits", record{Status: wire.Status{Configuration: &wire.BoothConfiguration{Version: 1, Waiting: 2}}}, nil},
		{"a configuration that is refused", record{Status: wire.Status{Configuration: &wire.BoothConfiguration{Version: 1, Refused: 2, Reason: "why"}}}, []string{"configuration_refused"}},
		{"devices at night", record{Status: wire.Status{DeviceCheck: &wire.DeviceCheck{Findings: []wire.Finding{{Device: "camera", Result: "dark"}, {Device: "speaker", Result: "unchecked"}, {Device: "microphone", Result: "ok"}}}}}, nil},
		{"devices that do not work", record{Status: wire.Status{DeviceCheck: &wire.DeviceCheck{Findings: []wire.Finding{{Device: "camera", Result: "frozen"}, {Device: "microphone", Result: "silent"}}}}}, []string{"camera_frozen", "microphone_silent"}},
		{"a poor line", record{Status: wire.Status{TestCall: &wire.TestCallResult{Verdict: "poor"}}}, nil},
		{"no line", record{Status: wire.Status{TestCall: &wire.TestCallResult{Verdict: "nogo"}}}, []string{"test_call_failed"}},
	} {
		if diff := cmp.Diff(c.want, c.of.troubles()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
}

func FuzzReadOrder(f *testing.F) {
	for _, seed := range []string{"", "{}", `{"message":"Réparation jeudi."}`, `{"message":1}`, `{"message":"a"}x`, `{"mesage":""}`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		o, err := ReadOrder(strings.NewReader(s))
		if err != nil && !errors.Is(err, ErrRequest) {
			t.Fatalf("%q: %v", s, err)
		}
		if err != nil && o != (Order{}) {
			t.Fatalf("%q: %+v beside an error", s, o)
		}
	})
}
