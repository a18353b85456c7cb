package config

import (
	"os"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

// goodNeeds follow goodPartners.
const goodNeeds = `groups:
  - {id: family, name: {fr: Famille, en: Family}, icon: family}
  - {id: law, name: {fr: Droit}}
needs:
  - {id: rent, group: family, partner: caf, text: {fr: Mon loyer, en: My rent}}
  - {id: debts, group: law, partner: cdad, text: {fr: Mes dettes}}
`

func TestNeedsOfABooth(t *testing.T) {
	write(t, goodSite, goodPartners+goodNeeds)
	b, err := Load("site.yaml", "partners.yaml")
	if err != nil {
		t.Fatal(err)
	}
	family := Group{ID: "family", Name: Text{"fr": "Famille", "en": "Family"}, Icon: "family"}
	rent := Need{ID: "rent", Group: "family", Partner: "caf", Text: Text{"fr": "Mon loyer", "en": "My rent"}}
	law := Group{ID: "law", Name: Text{"fr": "Droit"}, Icon: "help"}
	if diff := cmp.Diff([]Group{family, law}, b.Groups); diff != "" {
		t.Errorf("groups (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]Need{rent}, b.NeedsOf("family")); diff != "" {
		t.Errorf("needs (-want +got):\n%s", diff)
	}
	if n, ok := b.Need("rent"); !ok || n.Partner != "caf" {
		t.Errorf("the need is %+v, %v", n, ok)
	}
	if g, ok := b.Group("law"); !ok || g.ID != "law" {
		t.Errorf("the group is %+v, %v", g, ok)
	}
	_, need := b.Need("rant")
	if _, group := b.Group("low"); need || group {
		t.Error("what there is not is found")
	}

	// A site without the partner offers none of its needs, and no group that is empty for that.
	write(t, strings.Replace(goodSite, "  - id: cdad\n    phone: \"02 38 25 45 46\"\n", "", 1), goodPartners+goodNeeds)
	if b, err = Load("site.yaml", "partners.yaml"); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]Group{family}, b.Groups); diff != "" {
		t.Errorf("groups of a site with one partner (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]Need{rent}, b.Needs); diff != "" {
		t.Errorf("needs of a site with one partner (-want +got):\n%s", diff)
	}
}

func TestMistakesInNeeds(t *testing.T) {
	rents := func(n int) string {
		var b strings.Builder
		for i := range n {
			b.WriteString("  - {id: rent" + string(rune('a'+i)) + ", group: family, partner: caf, text: {fr: Mon loyer}}\n")
		}
		return b.String()
	}
	debts := "  - {id: debts, group: law, partner: cdad, text: {fr: Mes dettes}}\n"
	for _, tt := range []struct{ name, old, new, want string }{
		{"unknown partner", "partner: caf", "partner: cfa", `partners.yaml:23: needs[0].partner: "cfa" is not in the partner directory; did you mean "caf"?`},
		{"no partner", "partner: caf, ", "", `partners.yaml:23: needs[0].partner: is missing; expected the id of a partner`},
		{"unknown group", "group: family", "group: familly", `partners.yaml:20: groups[0]: has no need; give it one under needs, or remove the group
partners.yaml:23: needs[0].group: "familly" is not in groups; did you mean "family"?`},
		{"no id", "id: rent, ", "", `partners.yaml:23: needs[0].id: is missing; expected lower-case letters, digits and hyphens such as "beaune-la-rolande"`},
		{"need twice", "id: debts", "id: rent", `partners.yaml:24: needs[1].id: "rent" is the id of needs[0] too; expected another one`},
		{"group twice", "id: law, name", "id: family, name", `partners.yaml:21: groups[1].id: "family" is the id of groups[0] too; expected another one
partners.yaml:24: needs[1].group: "law" is not in groups; expected family`},
		{"long text", "Mon loyer", strings.Repeat("loyer ", 9) + "cher", `partners.yaml:23: needs[0].text.fr: "` + strings.Repeat("loyer ", 9) + `cher" is too long, 58 characters; expected at most 56`},
		{"long name", "fr: Droit", "fr: Droit et toute sorte de justice", `partners.yaml:21: groups[1].name.fr: "Droit et toute sorte de justice" is too long, 31 characters; expected at most 26`},
		{"no French", "{fr: Mon loyer, en", "{en", `partners.yaml:23: needs[0].text.fr: is missing; expected the text in French`},
		{"unknown icon", "icon: family", "icon: familly", `partners.yaml:20: groups[0].icon: "familly" is not an icon; did you mean "family"?`},
		{"group without needs", debts, "", `partners.yaml:21: groups[1]: has no need; give it one under needs, or remove the group`},
		{"too many needs", debts, debts + rents(9), `partners.yaml:20: groups[0]: has 10 needs; the page of a group has room for 9: move some to another group`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if !strings.Contains(goodNeeds, tt.old) {
				t.Fatalf("nothing to change: no %q", tt.old)
			}
			write(t, goodSite, goodPartners+strings.Replace(goodNeeds, tt.old, tt.new, 1))
			_, err := Load("site.yaml", "partners.yaml")
			if err == nil {
				t.Fatalf("it loads; want the mistake %s", tt.want)
			}
			if diff := cmp.Diff(tt.want, err.Error()); diff != "" {
				t.Errorf("mistakes (-want +got):\n%s", diff)
			}
		})
	}
	write(t, goodSite, goodPartners+"groups:\n"+strings.Repeat("  - {id: g, name: {fr: Groupe}}\n", 7))
	if _, err := Load("site.yaml", "partners.yaml"); err == nil || !strings.Contains(err.Error(), "groups: has 7 groups; the touchscreen's first page has room for 6") {
		t.Errorf("seven groups: %v", err)
	}
}

// The Loiret's needs cover every partner, in all languages, and read like what somebody would say.
func TestLoiretNeeds(t *testing.T) {
	v, err := LoadDirectory("loiret/partners.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if n := len(v.Needs); n < 38 || n > 50 || len(v.Groups) != 5 {
		t.Errorf("%d needs in %d groups; expected about forty in five", n, len(v.Groups))
	}
	of := map[string]int{}
	said := map[string]bool{}
	for _, n := range v.Needs {
		of[n.Partner]++
		for _, l := range languages() {
			text := n.Text[l]
			if text == "" && l == "fr-simple" { // it is as easy in French
				continue
			}
			if text == "" || said[l+text] {
				t.Errorf("need %s has no text in %s, or says what another says: %q", n.ID, l, n.Text)
			}
			said[l+text] = true
			if words := strings.Fields(text); len(words) > 10 || utf8.RuneCountInString(text) > 48 {
				t.Errorf("need %s is long for a plain need: %q", n.ID, text)
			}
		}
	}
	for _, g := range v.Groups {
		for _, l := range languages() {
			if g.Name[l] == "" {
				t.Errorf("group %s has no name in %s", g.ID, l)
			}
		}
	}
	for _, p := range v.Partners {
		if of[p.ID] < 6 {
			t.Errorf("%s has %d needs, expected six or more", p.ID, of[p.ID])
		}
	}
}

// What the guide shows must load.
func TestExampleOfNeeds(t *testing.T) {
	guide, err := os.ReadFile("../docs/guide-besoins.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, begins := strings.Cut(string(guide), "```yaml\n")
	example, _, ends := strings.Cut(rest, "```")
	if !begins || !ends {
		t.Fatal("the guide has no example")
	}
	write(t, goodSite, goodPartners+example)
	if b, err := Load("site.yaml", "partners.yaml"); err != nil || len(b.Needs) != 1 {
		t.Errorf("%+v, %v", b, err)
	}
}
