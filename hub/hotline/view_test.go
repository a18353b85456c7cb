package hotline

import (
	"encoding/json"
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
	const never = `{"id":"lorris","name":"Lorris","known":true,"state":"never","seen_at":null,"version":"","phase":"","since":null,` +
		`"encoder":"","encoder_reason":"","simulated":[],"warnings":[],"update":null,"device_check":null,"sound":null,"last_call":null}`
	if string(b) != never {
		t.Errorf("a booth that was never seen: %s", b)
	}
}
