package figures

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"loiret.fr/visioborne/config"
)

func smallLayout() config.Grid {
	return config.Grid{Threshold: 5, SettleDays: 10, PromisedHours: 24, Rows: []config.GridRow{
		{ID: "visites", Title: "Visites", Kind: config.RowHand, By: config.BySite},
		{ID: "heures", Title: "Heures", Section: "Ouverture", Kind: config.RowHours, By: config.BySite},
		{ID: "promises", Title: "Promises", Section: "Ouverture", Kind: config.RowPromised, By: config.BySite},
		{ID: "demandes", Title: "=1+1", Section: "Appels", Kind: config.RowCounts, By: config.ByPartner, Counts: []string{"call_wanted"}},
	}}
}

func calls(site, partner string, n int) []Count {
	return []Count{
		{site, partner, "call_wanted", n},
		{site, partner, "call_answered", n},
		{site, partner, "wait_under_1_min", n},
		{site, partner, "talk_under_5_min", n},
	}
}

func publishSmall(t *testing.T, month string, gien, patay int) Month {
	t.Helper()
	counts := append(calls("gien", "caf", gien), calls("patay", "caf", patay)...)
	counts = append(counts, calls("patay", "cpam", 20)...)
	counts = append(counts, calls("gien", "cpam", 10)...)
	counts = append(counts, Count{"gien", "", HandWord("visites"), 30}, Count{"patay", "", HandWord("visites"), 12}, Count{"gien", "", config.WordOpen, 3})
	m, err := Publish(smallLayout(), month, []string{"gien", "patay"}, []string{"caf", "cpam"}, false, counts)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestGrids(t *testing.T) {
	h := History{
		"2025-02": publishSmall(t, "2025-02", 20, 30), "2026-01": publishSmall(t, "2026-01", 7, 9), "2026-02": publishSmall(t, "2026-02", 30, 30),
	}
	number := func(n int) Value { return Value{StateNumber, n} }
	none := Value{State: StateNone}
	for _, c := range []struct {
		view View
		of   string
		want [][]Value
	}{
		{ViewDepartment, "", [][]Value{
			{none, none, number(42), number(42), number(0), number(84)},
			{none, none, number(3), number(3), number(0), number(6)},
			// 24 h a week, 28 days, two sites, in quarters; the year: and 31 days.
			{none, none, number(768), number(768), number(0), number(768 + 850)},
			{number(60), number(30), number(90), number(80), number(13), number(136)},
		}},
		{ViewSite, "gien", [][]Value{
			{none, none, number(30), number(30), number(0), number(60)},
			{none, none, number(3), number(3), number(0), number(6)},
			{none, none, number(384), number(384), number(0), number(384 + 425)},
			{number(30), number(10), number(40), number(30), number(33), number(57)},
		}},
		{ViewSites, "", [][]Value{
			{number(30), number(12), number(42), number(42), number(0), number(84)},
			{number(3), number(0), number(3), number(3), number(0), number(6)},
			{number(384), number(384), number(768), number(768), number(0), number(768 + 850)},
			{number(40), number(50), number(90), number(80), number(13), number(136)},
		}},
		{ViewPartner, "caf", [][]Value{
			{number(30), number(30), number(60), number(50), number(20), number(76)},
		}},
	} {
		g, err := h.Grid("2026-02", c.view, c.of)
		if err != nil {
			t.Fatal(err)
		}
		var got [][]Value
		for _, r := range g.Rows {
			got = append(got, r.Values)
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s %s (-want +got):\n%s", c.view, c.of, diff)
		}
	}
	for _, c := range []struct {
		month string
		view  View
		of    string
	}{{"2026-03", ViewDepartment, ""}, {"2026-02", ViewSite, "lorris"}, {"2026-02", ViewSite, ""}, {"2026-02", ViewPartner, ""}, {"2026-02", ViewDepartment, "gien"}} {
		if _, err := h.Grid(c.month, c.view, c.of); err == nil {
			t.Errorf("there is a grid of %v", c)
		}
	}
}

// A row that nobody has written is not one where nobody came.
func TestNothingWritten(t *testing.T) {
	counts := append(calls("gien", "caf", 20), calls("patay", "caf", 30)...)
	counts = append(counts, Count{"gien", "", HandWord("visites"), 0})
	for _, c := range []struct {
		counts []Count
		want   [][]Cell
	}{
		{counts, [][]Cell{{0}, {Absent}, {0}}},
		{counts[:len(counts)-1], [][]Cell{{Absent}, {Absent}, {Absent}}},
	} {
		m, err := Publish(smallLayout(), "2026-02", []string{"gien", "patay"}, []string{"caf"}, false, c.counts)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(c.want, m.Rows[0].Cells); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	}
}

// A month that is missing between two others leaves no sum that would be taken for the year's.
func TestAGapInTheYear(t *testing.T) {
	h := History{"2026-01": publishSmall(t, "2026-01", 7, 9), "2026-03": publishSmall(t, "2026-03", 30, 30)}
	g, err := h.Grid("2026-03", ViewDepartment, "")
	if err != nil {
		t.Fatal(err)
	}
	if v := g.Rows[3].Values; v[len(v)-1].State != StateNone {
		t.Errorf("the year is %+v", v[len(v)-1])
	}
	h["2026-03"] = publishSmall(t, "2026-03", 3, 30)
	delete(h, "2026-01")
	if g, err = h.Grid("2026-03", ViewSite, "gien"); err != nil {
		t.Fatal(err)
	}
	if v := g.Rows[3].Values; v[0].State != StateSecret {
		t.Errorf("3 people are %+v", v[0])
	}
}

func exported(t *testing.T) (Grid, Words) {
	t.Helper()
	g, err := History{"2026-02": publishSmall(t, "2026-02", 3, 30)}.Grid("2026-02", ViewSite, "gien")
	if err != nil {
		t.Fatal(err)
	}
	return g, Words{
		Title: "@Gien : février 2026", Section: "Rubrique", Row: "Ligne", Columns: []string{"CAF", "CPAM", "Total", "Total février 2025", "Évolution (%)", "Cumul"},
		Secret: "s", None: "–", Notes: []string{"s : secret; voir la note"},
	}
}

func TestCSV(t *testing.T) {
	g, w := exported(t)
	got, err := g.CSV(w)
	if err != nil {
		t.Fatal(err)
	}
	gien := "s;s;s"
	want := "\ufeff'@Gien : février 2026\r\n" +
		"Rubrique;Ligne;CAF;CPAM;Total;Total février 2025;Évolution (%);Cumul\r\n" +
		";Visites;–;–;30;–;–;30\r\n" +
		"Ouverture;Heures;–;–;0,75;–;–;0,75\r\n" +
		"Ouverture;Promises;–;–;96;–;–;96\r\n" +
		"Appels;'=1+1;" + gien + ";–;–;s\r\n" +
		"\"s : secret; voir la note\"\r\n"
	// Which other numbers are secret is the protection's own affair; 3 is.
	if line := strings.Split(string(got), "\r\n")[5]; !strings.HasPrefix(line, "Appels;'=1+1;s;") {
		t.Errorf("line %q", line)
	} else {
		want = strings.Replace(want, "Appels;'=1+1;"+gien+";–;–;s", line, 1)
	}
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestNoTextIsAFormula(t *testing.T) {
	for text, want := range map[string]string{
		"=cmd|' /C calc'!A0": "'=cmd|' /C calc'!A0", "+33": "'+33", "-1": "'-1", "@x": "'@x", "\tx": "'\tx", "\rx": "'\rx", "＝1": "'＝1",
		"": "", "Gien": "Gien", "1=1": "1=1", "–": "–",
	} {
		if got := harmless(text); got != want {
			t.Errorf("%q becomes %q, expected %q", text, got, want)
		}
	}
}

func TestXLSX(t *testing.T) {
	g, w := exported(t)
	b, err := g.XLSX(w)
	if err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := f.GetRows("Grille", excelize.Options{RawCellValue: true})
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) != 7 || rows[0][0] != "@Gien : février 2026" || rows[2][4] != "30" || rows[3][4] != "0.75" || rows[5][1] != "=1+1" || rows[5][2] != "s" {
		t.Errorf("the sheet is %q", rows)
	}
	for cell, want := range map[string]excelize.CellType{"B6": excelize.CellTypeSharedString, "E3": excelize.CellTypeUnset, "E4": excelize.CellTypeUnset} {
		kind, err := f.GetCellType("Grille", cell)
		if err != nil || kind != want {
			t.Errorf("%s is of type %v, expected %v (%v)", cell, kind, want, err)
		}
		if formula, err := f.GetCellFormula("Grille", cell); err != nil || formula != "" {
			t.Errorf("%s has the formula %q (%v)", cell, formula, err)
		}
	}
}

func TestMonthsThatAreRefused(t *testing.T) {
	for _, month := range []string{"", "2026", "2026-13", "2026-1", "1999-01", "2026-01-01", "../2026-01"} {
		if _, err := ParseMonth(month); err == nil {
			t.Errorf("%q is a month", month)
		}
	}
	if _, err := Publish(smallLayout(), "2026-01", []string{"gien", "patay"}, nil, true, nil); err == nil {
		t.Error("two sites are alone")
	}
	m := publishSmall(t, "2026-01", 10, 10)
	m.Rows[0].Cells[0] = nil
	if m.Validate() == nil {
		t.Error("a month with a cell missing is valid")
	}
}
