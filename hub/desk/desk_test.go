package desk

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"loiret.fr/visioborne/hub/queue"
	"loiret.fr/visioborne/hub/wire"
)

var update = flag.Bool("update", false, "write the golden file anew")

const call = "0b9c1d6e-6a0f-4f4e-9d0a-0123456789ab"

var noon = time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)

// Every kind of view as the page gets it. The file ends in `satisfies
// DeskView[]`, so that tsc finds a difference between this package and
// ui/common/desk.ts.
func TestViewsForTypeScript(t *testing.T) {
	adviser := Adviser{Name: "Mme Martin", Partner: Partner{ID: "caf", Short: "CAF", Name: "Caisse d’allocations familiales du Loiret"}}
	waiting := queue.Call{ID: call, SiteName: "Espace Services Publics de Gien", State: queue.Waiting, PlacedAt: noon.Add(-70 * time.Second), Language: "fr"}
	waiting.Need = "caf-rent"
	ringing, answered := waiting, waiting
	ringing.State = queue.Ringing
	answered.State, answered.AnsweredAt = queue.Answered, noon.Add(-time.Minute)
	ice := []wire.ICEServer{
		{URLs: []string{"stun:127.0.0.1:8090"}},
		{URLs: []string{"turn:127.0.0.1:8090?transport=udp"}, Username: "1795532400:" + call, Credential: "c2VjcmV0"},
	}
	free := queue.Desk{Available: true}
	passed, recalled, dropped := waiting, waiting, waiting
	passed.From, passed.PassedAt = "cpam", noon.Add(-12*time.Second)
	ringing.Language, passed.Language = "ar", "fr-simple"
	recalled.State, dropped.State, dropped.DroppedAt = queue.Recalling, queue.Dropped, noon.Add(-40*time.Second)
	targets := []Target{
		{Partner: plain{}.partner("cpam"), Phone: "3646", Open: true, Online: 2, Free: 1},
		{Partner: plain{}.partner("cdad"), Phone: "3039"},
	}
	none := []Target{}
	views := []View{
		{Seq: 1, Screen: ScreenSignedOut, Line: []Waiting{}, Dropped: []Dropped{}},
		{Seq: 1, Screen: ScreenReplaced, Line: []Waiting{}, Dropped: []Dropped{}},
		view(adviser, queue.At{}, nil, none, plain{}, noon),
		view(adviser, queue.At{Desk: free, Line: []queue.Call{waiting, passed}}, nil, none, plain{}, noon),
		view(adviser, queue.At{Desk: queue.Desk{Absent: true}}, nil, none, plain{}, noon),
		view(adviser, queue.At{Desk: free, Call: ringing}, ice, none, plain{}, noon),
		view(adviser, queue.At{Desk: free, Call: answered}, ice, targets, plain{}, noon),
		view(adviser, queue.At{Desk: queue.Desk{Pause: queue.PauseLunch}, Dropped: []queue.Call{dropped}}, nil, none, plain{}, noon),
		view(adviser, queue.At{Desk: free, Call: recalled}, ice, none, plain{}, noon),
	}
	if w := views[3].Line[1]; w.SinceSeconds != 12 || w.From != "CPAM" || w.Language != "fr-simple" {
		t.Errorf("a call that was passed on 12 s ago is in line as %+v", w)
	}
	if w := views[3].Line[0]; w.Need != "Besoin caf-rent" || views[6].Call.Need != w.Need {
		t.Errorf("the need is %q in line and %q in the call", w.Need, views[6].Call.Need)
	}
	if w := views[6].Call.WaitedSeconds; w != 10 {
		t.Errorf("an answered call waited %d s; want the 10 s before the answer", w)
	}
	var b bytes.Buffer
	b.WriteString("// Written by `go test ./hub/desk -run TestViewsForTypeScript -update`; do not edit.\n\nimport type { DeskView } from \"./desk\";\n\nexport const deskViews = ")
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(views); err != nil {
		t.Fatal(err)
	}
	b.Truncate(b.Len() - 1)
	b.WriteString(" satisfies DeskView[];\n")
	const file = "../../ui/common/desk.golden.ts"
	if *update {
		if err := os.WriteFile(file, b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), b.String()); diff != "" {
		t.Errorf("%s is not what the hub pushes; write it anew with -update (-file +hub):\n%s", file, diff)
	}
}

// plain words partners and needs by their ids.
type plain struct{}

func (plain) partner(id string) Partner {
	return Partner{ID: id, Short: strings.ToUpper(id), Name: "Partenaire " + id}
}

func (plain) need(id string) string {
	if id == "" {
		return ""
	}
	return "Besoin " + id
}

// A view that differs by the passing of time only is not pushed again.
func TestSame(t *testing.T) {
	at := queue.At{
		Line:    []queue.Call{{ID: "a", PlacedAt: noon}},
		Dropped: []queue.Call{{ID: "c", DroppedAt: noon}},
		Call:    queue.Call{ID: "b", State: queue.Ringing, PlacedAt: noon},
	}
	a, b := view(Adviser{}, at, nil, nil, plain{}, noon), view(Adviser{}, at, nil, nil, plain{}, noon.Add(time.Hour))
	b.Seq = 7
	if a.Line[0] == b.Line[0] || !same(a, b) {
		t.Errorf("%+v and %+v", a, b)
	}
	longer := at
	longer.Line = []queue.Call{{ID: "a", PlacedAt: noon}, {ID: "d", PlacedAt: noon}}
	if d := view(Adviser{}, longer, nil, nil, plain{}, noon); same(a, d) || !longer.SameDesk(at) || pace(d) <= pace(a) {
		t.Errorf("%+v and %+v", a, d)
	}
	// Of a long line the first ones are shown, and how many wait in all.
	long := at
	for i := range lineShown + 7 {
		long.Line = append(long.Line, queue.Call{ID: fmt.Sprint(i), PlacedAt: noon})
	}
	shorter := long
	shorter.Line = long.Line[:len(long.Line)-1]
	d, e := view(Adviser{}, long, nil, nil, plain{}, noon), view(Adviser{}, shorter, nil, nil, plain{}, noon)
	if len(d.Line) != lineShown || d.Waiting != lineShown+8 || d.Line[0].Call != "a" || same(d, e) {
		t.Errorf("%d of %d are shown, and one less is %v", len(d.Line), d.Waiting, same(d, e))
	}
	gone := at
	gone.Dropped = nil
	if d := view(Adviser{}, gone, nil, nil, plain{}, noon); same(a, d) || gone.SameDesk(at) {
		t.Errorf("%+v and %+v", a, d)
	}
	before := at
	at.Call.State = queue.Answered
	if c := view(Adviser{}, at, nil, nil, plain{}, noon); same(a, c) || at.SameDesk(before) {
		t.Errorf("%+v and %+v", a, c)
	}
}

func TestDecode(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{`{"do":"available","on":true}`, ""},
		{`{"do":"answer","call":"` + call + `"}`, ""},
		{`{"do":"resume","call":"` + call + `"}`, ""},
		{`{"do":"available","pause":"lunch"}`, ""},
		{`{"do":"available","pause":"siesta"}`, `pause "siesta" is unknown`},
		{`{"do":"transfer","call":"` + call + `","partner":"cpam"}`, ""},
		{`{"do":"transfer","call":"` + call + `","partner":"*"}`, `partner "*"`},
		{`{"do":"transfer","partner":"cpam"}`, "expected a UUID"},
		{`{"do":"rejoin","call":"` + call + `"}`, ""},
		{`{"do":"call_back","call":"` + call + `"}`, ""},
		{`{"signal":{"kind":"answer","sdp":"v=0"},"call":"` + call + `"}`, ""},
		{`{"signal":{"kind":"candidate","candidate":{"candidate":"","sdpMid":null,"sdpMLineIndex":null}},"call":"` + call + `"}`, ""},
		{``, "EOF"},
		{`{}`, "is unknown"},
		{`{"do":"dance"}`, `do "dance" is unknown`},
		{`{"do":"answer"}`, "expected a UUID"},
		{`{"do":"answer","call":"` + call + `","signal":{"kind":"bye"}}`, "either do or signal"},
		{`{"signal":{"kind":"answer"},"call":"` + call + `"}`, "expected an sdp"},
		{`{"signal":{"kind":"bye"},"call":"*"}`, "expected a UUID"},
		{`{"do":"available","on":true}{}`, "something follows"},
		{`{"do":"available","off":true}`, "unknown field"},
	} {
		_, err := decode([]byte(c.in))
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%s: %v; want %q", c.in, err, c.want)
		}
	}
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte(`{"do":"available","on":true}`))
	f.Add([]byte(`{"signal":{"kind":"offer","sdp":"v=0"},"call":"` + call + `"}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		m, err := decode(b)
		if err != nil {
			return
		}
		if m.Signal != nil && m.Signal.Validate() != nil || (m.Signal == nil) == (m.Do == "") {
			t.Errorf("%s was let in as %+v", b, m)
		}
		if m.Do != DeedAvailable && wire.CheckCall(m.Call) != nil {
			t.Errorf("%s was let in with call %q", b, m.Call)
		}
	})
}
