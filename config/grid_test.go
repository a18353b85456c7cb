package config

import (
	"errors"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const goodGrid = `rows:
  - id: visites
    title: Visites
    kind: hand
  - id: appels
    title: Appels demandés
    section: Appels
    by: partner
    counts: [call_wanted]
  - id: echecs
    title: Échecs
    counts: ["failed_*"]
  - id: heures
    title: Heures
    kind: hours
`

// loadGrid reads a grid from a file of a short name.
func loadGrid(t *testing.T, text string) (Grid, error) {
	t.Helper()
	t.Chdir(t.TempDir())
	if err := os.WriteFile("grid.yaml", []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return LoadGrid("grid.yaml")
}

func TestLoadGrid(t *testing.T) {
	got, err := loadGrid(t, goodGrid)
	if err != nil {
		t.Fatal(err)
	}
	want := Grid{Threshold: 5, SettleDays: 10, PromisedHours: 24, Rows: []GridRow{
		{ID: "visites", Title: "Visites", Kind: RowHand, By: BySite},
		{ID: "appels", Title: "Appels demandés", Section: "Appels", Kind: RowCounts, By: ByPartner, Counts: []string{"call_wanted"}},
		{ID: "echecs", Title: "Échecs", Kind: RowCounts, By: BySite, Counts: []string{"failed_*"}},
		{ID: "heures", Title: "Heures", Kind: RowHours, By: BySite},
	}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for word, rows := range map[string][]bool{
		"call_wanted": {false, true, false, false}, "failed_media": {false, false, true, false}, "open_quarter": {false, false, false, true},
	} {
		for i, r := range got.Rows {
			if r.Counted(word) != rows[i] {
				t.Errorf("row %s counts %s: %v", r.ID, word, !rows[i])
			}
		}
	}
}

func TestMistakesOfAGrid(t *testing.T) {
	for _, tt := range []struct{ name, old, new, want string }{
		{"low threshold", "rows:", "threshold: 2\nrows:", `grid.yaml:1: threshold: 2 is out of range; expected 3 to 50: below, people could be known by a number`},
		{"settled at once", "rows:", "settle_days: 0\nrows:", `grid.yaml:1: settle_days: 0 is out of range; expected 3 to 60 days`},
		{"no week has so many hours", "rows:", "promised_hours: 169\nrows:", `grid.yaml:1: promised_hours: 169 is out of range; expected 1 to 168 hours a week`},
		{"the same id", "id: appels", "id: visites", `grid.yaml:5: rows[1].id: "visites" is the id of rows[0] too; expected another one`},
		{"no title", "    title: Visites\n", "", `grid.yaml:2: rows[0].title: is missing; expected what people read`},
		{"an empty section", "section: Appels", `section: ""`, `grid.yaml:7: rows[1].section: is empty; expected the heading above the row`},
		{"kind", "kind: hand", "kind: hands", `grid.yaml:4: rows[0].kind: "hands" is not a kind of row; did you mean "hand"?`},
		{"by", "by: partner", "by: desk", `grid.yaml:8: rows[1].by: "desk" is not how fine a row can be; expected site or partner`},
		{"hand by partner", "kind: hand", "kind: hand\n    by: partner", `grid.yaml:5: rows[0].by: is partner, but a row of kind "hand" has no partners; expected site`},
		{"hand with counts", "kind: hand", "kind: hand\n    counts: [session]", `grid.yaml:5: rows[0].counts: is there, but the row's kind is "hand"; remove one of them`},
		{"no counts", "    counts: [call_wanted]\n", "", `grid.yaml:5: rows[1].counts: is missing; expected the words that the row adds up, such as ["call_wanted"]`},
		{"misspelt word", "[call_wanted]", "[call_wnated]", `grid.yaml:9: rows[1].counts[0]: no booth counts "call_wnated"; did you mean "call_wanted"?`},
		{"not a word", "[call_wanted]", "[Appels]", `grid.yaml:9: rows[1].counts[0]: "Appels" is not a word; expected one such as "call_wanted", or "failed_*" for all that begin so`},
		{"twice", "[call_wanted]", "[call_wanted, call_wanted]", `grid.yaml:9: rows[1].counts[1]: "call_wanted" is listed twice, first as counts[0]; remove one`},
		{"quarters as people", "[call_wanted]", "[open_quarter]", `grid.yaml:9: rows[1].counts[0]: "open_quarter" is counted by the quarter of an hour; expected kind: hours, without counts`},
		{"unknown field", "    kind: hours", "    kinds: hours", "grid.yaml:13: rows[3].counts: is missing; expected the words that the row adds up, such as [\"call_wanted\"]\n" +
			`grid.yaml:15: rows[3].kinds: is not a known field; did you mean "kind"?`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if !strings.Contains(goodGrid, tt.old) {
				t.Fatalf("the good grid has no %q", tt.old)
			}
			_, err := loadGrid(t, strings.Replace(goodGrid, tt.old, tt.new, 1))
			var ms Mistakes
			if !errors.As(err, &ms) || err.Error() != tt.want {
				t.Errorf("got\n%v\nwant\n%s", err, tt.want)
			}
		})
	}
}

func TestDefaultGrid(t *testing.T) {
	g, err := DefaultGrid()
	if err != nil {
		t.Fatal(err)
	}
	if err := checkSchema(t, "loiret/grid.yaml"); err != nil {
		t.Error(err)
	}
	if err := validateBySchema(t, "schema/grid.schema.json", []byte(strings.Replace(goodGrid, "hand", "hands", 1))); err == nil {
		t.Error("the schema takes a row of an unknown kind")
	}
	for _, kind := range rowKinds() {
		if !slices.ContainsFunc(g.Rows, func(r GridRow) bool { return r.Kind == kind }) {
			t.Errorf("the default grid has no row of kind %s", kind)
		}
	}
}
