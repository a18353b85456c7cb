package config

import (
	"errors"
	"strings"
	"testing"
)

func TestReadChange(t *testing.T) {
	before, err := Read(Source{"gien.yaml", []byte(goodSite)}, Source{"partners.yaml", []byte(goodPartners)})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ name, old, new, want string }{
		{"nothing", "", "", ""},
		{"hours", "09:00-12:00", "10:00-12:00", ""},
		{"managers", "partners:", `managers: ["accueil@departement.fr", "Responsable@departement.fr"]` + "\npartners:", ""},
		{
			"the site", "id: gien", "id: patay",
			`gien.yaml:1: id: "patay" is not this site's and cannot be changed from afar; expected "gien", or enrol the booth anew for that`,
		},
		{
			"the hub", "wss://hub.example.fr", "wss://hub.example.com",
			`gien.yaml:11: hub: "wss://hub.example.com" is not where the booth finds its hub, which cannot be changed from afar; expected "wss://hub.example.fr", or enrol the booth anew for that`,
		},
		{"no site", "id: gien\n", "", `gien.yaml:1: id: is missing; expected lower-case letters, digits and hyphens such as "beaune-la-rolande"`},
		{"a hub that is none", "wss://hub.example.fr", "hub.example.fr", `gien.yaml:11: hub: "hub.example.fr" does not begin with wss://`},
		{"a key", "partners:", "password: geheim\npartners:", "gien.yaml:4: password: is not a known field; "},
		{"a partner that is not there", "id: caf", "id: caff", `gien.yaml:5: partners[0].id: "caff" is not in the partner directory; did you mean "caf"?`},
		{
			"an address that is none", "partners:", "managers: [accueil]\npartners:",
			`gien.yaml:4: managers[0]: "accueil" is not an e-mail address; expected one such as "accueil@departement.fr"`,
		},
		{
			"an address with a name", "partners:", "managers: [\"Accueil <accueil@departement.fr>\"]\npartners:",
			`gien.yaml:4: managers[0]: "Accueil <accueil@departement.fr>" is not an e-mail address; expected one such as "accueil@departement.fr"`,
		},
		{
			"an address twice", "partners:", "managers: [a@departement.fr, a@departement.fr]\npartners:",
			`gien.yaml:4: managers[1]: "a@departement.fr" is listed twice; remove one`,
		},
		{
			"too many addresses", "partners:", "managers: [a@b.fr, c@b.fr, d@b.fr, e@b.fr, f@b.fr, g@b.fr, h@b.fr, i@b.fr, j@b.fr]\npartners:",
			"gien.yaml:4: managers: has 9 addresses; expected at most 8",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			text := strings.Replace(goodSite, c.old, c.new, 1)
			b, err := ReadChange(before.Site, Source{"gien.yaml", []byte(text)}, Source{"partners.yaml", []byte(goodPartners)})
			if c.want == "" {
				if err != nil || b.Site.ID != "gien" || len(b.Partners) != 2 {
					t.Fatalf("%+v, %v", b, err)
				}
				return
			}
			var mistakes Mistakes
			if !errors.As(err, &mistakes) || len(mistakes) != 1 || !strings.HasPrefix(mistakes[0].String(), c.want) || b != nil {
				t.Errorf("%v\nwant %s", err, c.want)
			}
		})
	}
}

// A change that is taken is one that Load takes, and nothing that it refuses tells of a line that is not there.
func FuzzReadChange(f *testing.F) {
	before, err := Read(Source{"gien.yaml", []byte(goodSite)}, Source{"partners.yaml", []byte(goodPartners)})
	if err != nil {
		f.Fatal(err)
	}
	for _, text := range []string{goodSite, "", "id: gien\nhub: wss://x\n", strings.Replace(goodSite, "gien", "patay", 1), "hub: [", "id: ~\nhub: {}\n"} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		b, err := ReadChange(before.Site, Source{"gien.yaml", text}, Source{"partners.yaml", []byte(goodPartners)})
		if err == nil {
			if b.Site.ID != "gien" || b.Site.Hub != before.Site.Hub {
				t.Fatalf("a booth of %q with the hub %q", b.Site.ID, b.Site.Hub)
			}
			return
		}
		var mistakes Mistakes
		if !errors.As(err, &mistakes) || len(mistakes) == 0 {
			t.Fatalf("%v", err)
		}
		for _, m := range mistakes {
			if m.Line < 0 || m.Line > strings.Count(string(text), "\n")+1 || m.Problem == "" {
				t.Fatalf("%+v", m)
			}
		}
	})
}
