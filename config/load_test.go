package config

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

const goodSite = `id: gien
name: Espace Services Publics de Gien
phone: "02 38 25 45 45"
partners:
  - id: caf
  - id: cdad
    phone: "02 38 25 45 46"
hours:
  monday: ["09:00-12:00", "13:30-16:30"]
closed: ["2026-12-25", 2026-08-03/2026-08-14]
hub: wss://hub.example.fr
`

const goodPartners = `partners:
  - id: caf
    short: CAF
    name: {fr: Caisse d’allocations familiales, en: Family allowances}
    about: {fr: "Allocations, RSA"}
    phone: "3230"
    hours: {every_day: ["09:00-16:30"], sunday: []}
  - id: cdad
    short: CDAD
    name:
      fr: Conseil départemental de l’accès au droit
    about:
      fr: Vos droits
    phone: "3039"
    icon: justice
    hours: {monday: ["09:00-12:00"]}
    closed: ["2026-12-24"]
    answer_limit: 90s
`

// write puts the two files into a folder and goes there, so that mistakes have short names.
func write(t *testing.T, site, partners string) {
	t.Helper()
	t.Chdir(t.TempDir())
	for name, text := range map[string]string{"site.yaml": site, "partners.yaml": partners} {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func TestLoad(t *testing.T) {
	write(t, goodSite, goodPartners)
	got, err := Load("site.yaml", "partners.yaml")
	if err != nil {
		t.Fatal(err)
	}
	morning, day := []Span{{9 * 60, 12 * 60}}, []Span{{9 * 60, 16*60 + 30}}
	want := &Booth{
		Site: Site{
			ID: "gien", Name: "Espace Services Publics de Gien", Phone: "02 38 25 45 45",
			Partners:  []SitePartner{{ID: "caf"}, {ID: "cdad", Phone: "02 38 25 45 46"}},
			Hours:     Hours{time.Monday: {{9 * 60, 12 * 60}, {13*60 + 30, 16*60 + 30}}},
			Closed:    []Days{{"2026-12-25", "2026-12-25"}, {"2026-08-03", "2026-08-14"}},
			Timezone:  "Europe/Paris",
			Languages: []string{"fr", "fr-simple", "en", "ar", "es", "pt", "ro", "tr", "uk"}, BitrateCapKbps: 1500,
			UpdateRateKbps: 1000, Hub: "wss://hub.example.fr",
			Speech: Speech{160, 70},
			Limits: Limits{
				MediaSetup: 15 * time.Second, Contact: 10 * time.Second, Idle: time.Minute, Standby: 10 * time.Minute, Thanks: 8 * time.Second,
				Failure: 90 * time.Second, Call: 2 * time.Hour, Interruption: 30 * time.Second,
			},
		},
		Partners: []Partner{
			{
				ID: "caf", Short: "CAF", Name: Text{"fr": "Caisse d’allocations familiales", "en": "Family allowances"},
				About: Text{"fr": "Allocations, RSA"}, Phone: "3230", Icon: "help", AnswerLimit: 5 * time.Minute,
				Hours: Hours{
					time.Monday: day, time.Tuesday: day, time.Wednesday: day, time.Thursday: day, time.Friday: day,
					time.Saturday: day, time.Sunday: {},
				},
			},
			{
				ID: "cdad", Short: "CDAD", Name: Text{"fr": "Conseil départemental de l’accès au droit"},
				About: Text{"fr": "Vos droits"}, Phone: "02 38 25 45 46", Icon: "justice", AnswerLimit: 90 * time.Second,
				Hours: Hours{time.Monday: morning}, Closed: []Days{{"2026-12-24", "2026-12-24"}},
			},
		},
	}
	zone := cmp.Comparer(func(a, b *time.Location) bool { return a == nil || b == nil || a.String() == b.String() })
	if diff := cmp.Diff(want, got, zone); diff != "" {
		t.Errorf("loaded (-want +got):\n%s", diff)
	}
	if got.Location.String() != "Europe/Paris" {
		t.Errorf("the booth is in %v", got.Location)
	}
}

// handset is a site's handset with these lines and an earpiece.
func handset(lines ...string) string {
	text := "devices:\n  handset:\n"
	for _, l := range append(lines, "speaker: /dev/snd/pcmC2D0p") {
		text += "    " + l + "\n"
	}
	return text
}

func TestLoadPresenceAndBacklight(t *testing.T) {
	for text, want := range map[string]Devices{
		"devices: {presence: {motion: GPIO17, distance: /dev/i2c-1}, backlight: {}}\n": {
			Presence:  &Presence{Motion: "GPIO17", Distance: "/dev/i2c-1", NearCM: 150, SeatedCM: 90},
			Backlight: &Backlight{Day: Span{7*60 + 30, 19 * 60}, DayPercent: 100, NightPercent: 40},
		},
		"devices: {presence: {distance: simulated, near_cm: 200, seated_cm: 110}, backlight: {day: \"08:00-20:00\", night_percent: 10}}\n": {
			Presence:  &Presence{Distance: Simulated, NearCM: 200, SeatedCM: 110},
			Backlight: &Backlight{Day: Span{8 * 60, 20 * 60}, DayPercent: 100, NightPercent: 10},
		},
	} {
		write(t, goodSite+text, goodPartners)
		s, err := LoadSite("site.yaml")
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if diff := cmp.Diff(want, s.Devices); diff != "" {
			t.Errorf("%s (-want +got):\n%s", text, diff)
		}
	}
	b := Backlight{Day: Span{8 * 60, 20 * 60}, DayPercent: 90, NightPercent: 10}
	for clock, want := range map[string]int{"07:59": 10, "08:00": 90, "19:59": 90, "20:00": 10, "00:00": 10} {
		at, err := time.Parse("15:04", clock)
		if err != nil {
			t.Fatal(err)
		}
		if got := b.PercentAt(at); got != want {
			t.Errorf("at %s it is %d %%, expected %d", clock, got, want)
		}
	}
}

func TestLoadHandset(t *testing.T) {
	for _, c := range []struct {
		devices string
		want    *Handset
	}{
		{"devices: {camera: simulated}\n", nil},
		{handset("switch: GPIO27"), &Handset{Switch: "GPIO27", Lifted: LevelHigh, Speaker: "/dev/snd/pcmC2D0p"}},
		{
			handset("switch: GPIO2", "lifted: low", "microphone: /dev/snd/pcmC2D0c"),
			&Handset{Switch: "GPIO2", Lifted: LevelLow, Microphone: "/dev/snd/pcmC2D0c", Speaker: "/dev/snd/pcmC2D0p"},
		},
		{ // on a developer's machine all may be played
			"devices: {speaker: simulated, handset: {switch: GPIO27, speaker: simulated}}\n",
			&Handset{Switch: "GPIO27", Lifted: LevelHigh, Speaker: Simulated},
		},
	} {
		write(t, goodSite+c.devices, goodPartners)
		s, err := LoadSite("site.yaml")
		if err != nil {
			t.Errorf("%s: %v", c.devices, err)
			continue
		}
		if diff := cmp.Diff(c.want, s.Devices.Handset); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.devices, diff)
		}
	}
}

func TestLoadKeysAndSpeech(t *testing.T) {
	for text, want := range map[string]Site{
		"speech: {}\n":                      {Speech: Speech{160, 70}},
		"speech: {words_per_minute: 130}\n": {Speech: Speech{130, 70}},
		"devices: {headphones: simulated, keys: {keypad: any}}\n": {
			Speech: Speech{160, 70}, Devices: Devices{Headphones: Simulated, Keys: &Keys{Keypad: AnyKeypad, Pressed: LevelLow}},
		},
		"devices: {keys: {previous: GPIO5, next: GPIO6, repeat: GPIO13, choose: GPIO19, pressed: high, keypad: Pavé USB}}\n": {
			Speech:  Speech{160, 70},
			Devices: Devices{Keys: &Keys{Previous: "GPIO5", Next: "GPIO6", Repeat: "GPIO13", Choose: "GPIO19", Pressed: LevelHigh, Keypad: "Pavé USB"}},
		},
	} {
		write(t, goodSite+text, goodPartners)
		s, err := LoadSite("site.yaml")
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if diff := cmp.Diff(want, Site{Speech: s.Speech, Devices: s.Devices}); diff != "" {
			t.Errorf("%s (-want +got):\n%s", text, diff)
		}
	}
	if lines := (Keys{Keypad: AnyKeypad}).Lines(); len(lines) > 0 {
		t.Errorf("a keypad has lines: %v", lines)
	}
	want := []Line{{"previous", "GPIO5"}, {"next", "GPIO6"}, {"repeat", "GPIO13"}, {"choose", "GPIO19"}}
	if diff := cmp.Diff(want, Keys{Previous: "GPIO5", Next: "GPIO6", Repeat: "GPIO13", Choose: "GPIO19"}.Lines()); diff != "" {
		t.Errorf("lines (-want +got):\n%s", diff)
	}
}

func TestLoadPosition(t *testing.T) {
	for text, want := range map[string]*Position{
		"": nil,
		"position: {latitude: 47.685, longitude: 2}\n": {47.685, 2},
		"position: {latitude: 0, longitude: -0.125}\n": {0, -0.125},
	} {
		write(t, goodSite+text, goodPartners)
		s, err := LoadSite("site.yaml")
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, s.Position); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	}
}

func TestLoadOverrides(t *testing.T) {
	site := strings.Replace(goodSite, `    phone: "02 38 25 45 46"`, "    hours: {friday: [\"14:00-15:00\"]}\n    closed: []", 1)
	site += "limits: {media_setup: 20s}\ntimezone: Indian/Reunion\n"
	write(t, site, goodPartners)
	b, err := Load("site.yaml", "partners.yaml")
	if err != nil {
		t.Fatal(err)
	}
	p, ok := b.Partner("cdad")
	if !ok || p.Phone != "3039" {
		t.Errorf("cdad's telephone is %q, want the directory's", p.Phone)
	}
	if diff := cmp.Diff(Hours{time.Friday: {{14 * 60, 15 * 60}}}, p.Hours); diff != "" {
		t.Errorf("hours (-want +got):\n%s", diff)
	}
	if len(p.Closed) != 0 {
		t.Errorf("an empty list left the closed days %v", p.Closed)
	}
	if got := b.Site.Limits; got.MediaSetup != 20*time.Second || got.Contact != 10*time.Second {
		t.Errorf("limits are %+v, want one changed and the others not", got)
	}
	if got := b.PartnerOpening(p).Location.String(); got != "Indian/Reunion" {
		t.Errorf("the partner's hours are in %s", got)
	}
	if _, ok := b.Partner("cpam"); ok {
		t.Error("the booth has a partner that its site does not list")
	}
}

// The mistakes of two files full of them, in one pass.
func TestAllMistakes(t *testing.T) {
	t.Chdir("testdata/mistakes")
	_, err := Load("site.yaml", "partners.yaml")
	var mistakes Mistakes
	if !errors.As(err, &mistakes) {
		t.Fatalf("the error is %T, want Mistakes", err)
	}
	golden(t, "expected.txt", []byte(err.Error()+"\n"))
	lines := map[string]map[int]bool{"site.yaml": {}, "partners.yaml": {}}
	for _, m := range mistakes {
		lines[m.File][m.Line] = true
	}
	for file, found := range lines {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for i, line := range strings.Split(string(text), "\n") {
			if wrong := strings.Contains(line[min(1, len(line)):], "# "); wrong != found[i+1] {
				t.Errorf("%s:%d: a mistake is found: %v, want %v: %s", file, i+1, found[i+1], wrong, line)
			}
		}
	}
}

func TestMistakes(t *testing.T) {
	for _, tt := range []struct {
		name     string
		old, new string // a change of the good site
		file     string // or of another file
		want     string
	}{
		{"not an id", "id: gien", "id: -gien", "", `site.yaml:1: id: "-gien" is not an id; expected lower-case letters, digits and hyphens such as "beaune-la-rolande"`},
		{"a dot in an id", "id: gien", "id: gien.loiret", "", `site.yaml:1: id: "gien.loiret" is not an id; expected lower-case letters, digits and hyphens such as "beaune-la-rolande"`},
		{"long id", "id: gien", "id: " + strings.Repeat("g", 41), "", `site.yaml:1: id: "` + strings.Repeat("g", 41) + `" is too long; expected at most 40 characters`},
		{"number as id", "id: gien", "id: 45", "", `site.yaml:1: id: 45 is a number; expected text, in quotes: "45"`},
		{"truth value as id", "id: gien", "id: true", "", `site.yaml:1: id: true is a truth value; expected text, in quotes: "true"`},
		{"list as id", "id: gien", "id: [gien]", "", `site.yaml:1: id: is a list; expected text`},
		{"empty id", "id: gien", `id: ""`, "", `site.yaml:1: id: is empty; expected lower-case letters, digits and hyphens such as "beaune-la-rolande"`},
		{"null", "id: gien", `id: ~`, "", `site.yaml:1: id: has no value; give one, or remove the line`},
		{"no hub", "hub: wss://hub.example.fr\n", "", "", `site.yaml:1: hub: is missing; expected the address of the hub such as "wss://hub.example.fr"`},
		{"no partners", "partners:\n  - id: caf\n  - id: cdad\n    phone: \"02 38 25 45 46\"\n", "", "", `site.yaml:1: partners: is missing; expected a list of partners, each by its id`},
		{"no hours", "hours:\n  monday: [\"09:00-12:00\", \"13:30-16:30\"]\n", "", "", `site.yaml:1: hours: is missing; expected at least one day such as monday: ["09:00-12:30"]`},
		{"long name", "Espace Services Publics de Gien", strings.Repeat("é", 101), "", `site.yaml:2: name: "` + strings.Repeat("é", 60) + `…" is too long, 101 characters; expected at most 100`},
		{"line break in a name", "name: Espace", "name: |\n  Espace\n ", "", `site.yaml:2: name: "Espace\nServices Publics de Gien\n" begins or ends with white space; remove it`},
		{"control character in a name", "name: Espace Services Publics de Gien", `name: "Espace\tde Gien"`, "", `site.yaml:2: name: "Espace\tde Gien" has a line break or a control character; write it on one line`},

		{"short phone", "02 38 25 45 46", "02 38", "", `site.yaml:7: partners[1].phone: "02 38" is too short; expected 10 digits, or a short number of 4 digits such as 3230`},
		{"long phone", "02 38 25 45 46", "02 38 25 45 46 1", "", `site.yaml:7: partners[1].phone: "02 38 25 45 46 1" is too long; expected 10 digits, or a short number of 4 digits such as 3230`},
		{"five digits", "02 38 25 45 46", "32300", "", `site.yaml:7: partners[1].phone: "32300" is too short; expected 10 digits, or a short number of 4 digits such as 3230`},
		{"international phone", "02 38 25 45 46", "+33 2 38 25 45 46", "", `site.yaml:7: partners[1].phone: "+33 2 38 25 45 46" has "+" in it; expected digits and spaces only, 10 digits, or a short number of 4 digits such as 3230`},
		{"not a short number", "02 38 25 45 46", "4545", "", `site.yaml:7: partners[1].phone: "4545" is not a short number; expected one that begins with 1 or 3, such as 3230`},
		{"not a French number", "02 38 25 45 46", "22 38 25 45 46", "", `site.yaml:7: partners[1].phone: "22 38 25 45 46" is not a number in France; expected 10 digits that begin with 01 to 09`},
		{"two spaces in a phone", "02 38 25 45 46", "02  38 25 45 46", "", `site.yaml:7: partners[1].phone: "02  38 25 45 46" has a space too many; expected single spaces between digits`},
		{"phone without quotes", `"02 38 25 45 46"`, "3039", "", `site.yaml:7: partners[1].phone: 3039 is a number; expected text, in quotes: "3039"`},
		{"empty phone of a partner", "02 38 25 45 46", "", "", `site.yaml:7: partners[1].phone: is empty; expected 10 digits, or a short number of 4 digits such as 3230`},

		{"unknown field", "id: gien", "id: gien\ncolour: red", "", `site.yaml:2: colour: is not a known field; expected id, name, town, phone, managers, position, partners, hours, closed, timezone, languages, bitrate_cap_kbps, update_rate_kbps, hub, devices, attract, speech or limits`},
		{"misspelt field", "hub:", "hbu: x\nhub:", "", `site.yaml:11: hbu: is not a known field; did you mean "hub"?`},
		{"capital field", "hub:", "Hub: x\nhub:", "", `site.yaml:11: Hub: is not a known field; did you mean "hub"?`},
		{"misspelt field of a partner", "    phone:", "    phnoe:", "", `site.yaml:7: partners[1].phnoe: is not a known field; did you mean "phone"?`},
		{"odd field", "hub:", "\"a.b[\": x\nhub:", "", `site.yaml:11: "a·b(": is not a known field; expected id, name, town, phone, managers, position, partners, hours, closed, timezone, languages, bitrate_cap_kbps, update_rate_kbps, hub, devices, attract, speech or limits`},
		{"number as field", "hub:", "45: x\nhub:", "", `site.yaml:11: 45: is not a name; expected the name of a field`},
		{"field twice", "hub:", "id: gien\nhub:", "", `site.yaml:11: id: is given twice, first on line 1; remove one`},
		{"day twice", "hours:\n", "hours:\n  monday: []\n", "", `site.yaml:8: hours: is empty; expected at least one day such as monday: ["09:00-12:30"]
site.yaml:10: hours.monday: is given twice, first on line 9; remove one`},
		{"partner twice", "id: cdad", "id: caf", "", `site.yaml:6: partners[1].id: "caf" is listed twice, first as partners[0]; remove one`},
		{"unknown partner", "id: cdad", "id: cdda", "", `site.yaml:6: partners[1].id: "cdda" is not in the partner directory; did you mean "cdad"?`},
		{"quite unknown partner", "id: cdad", "id: maison-de-justice", "", `site.yaml:6: partners[1].id: "maison-de-justice" is not in the partner directory; expected caf or cdad`},
		{"partner as text", "- id: caf", "- caf", "", `site.yaml:5: partners[0]: "caf" is text; expected a map with the fields id, phone, hours, closed`},
		{"too many partners", "  - id: caf\n", strings.Repeat("  - id: caf\n", 12), "", `site.yaml:4: partners: has 13 partners; the touchscreen has room for 12`},

		{"French hours", "09:00-12:00", "9h-12h", "", `site.yaml:9: hours.monday[0]: "9h-12h" is not a span of hours; expected "HH:MM-HH:MM" such as "09:00-12:30"`},
		{"one digit", "09:00-12:00", "9:00-12:00", "", `site.yaml:9: hours.monday[0]: "9:00-12:00" is not a span of hours; expected "HH:MM-HH:MM" such as "09:00-12:30"`},
		{"25 o'clock", "13:30-16:30", "13:30-25:00", "", `site.yaml:9: hours.monday[1]: "13:30-25:00" is not a span of hours; expected "HH:MM-HH:MM" such as "09:00-12:30"`},
		{"after midnight", "13:30-16:30", "13:30-24:01", "", `site.yaml:9: hours.monday[1]: "13:30-24:01" is not a span of hours; expected "HH:MM-HH:MM" such as "09:00-12:30"`},
		{"sixty minutes", "13:30-16:30", "13:30-16:60", "", `site.yaml:9: hours.monday[1]: "13:30-16:60" is not a span of hours; expected "HH:MM-HH:MM" such as "09:00-12:30"`},
		{"overlapping", "13:30-16:30", "11:30-16:30", "", `site.yaml:9: hours.monday[1]: "11:30-16:30" overlaps "09:00-12:00"; expected one span, or two that do not meet`},
		{"the same twice", "13:30-16:30", "09:00-12:00", "", `site.yaml:9: hours.monday[1]: "09:00-12:00" overlaps "09:00-12:00"; expected one span, or two that do not meet`},
		{"unordered", "13:30-16:30", "08:00-09:00", "", `site.yaml:9: hours.monday[1]: "08:00-09:00" comes after "09:00-12:00"; expected the earlier one first`},
		{"over midnight", "13:30-16:30", "22:00-02:00", "", `site.yaml:9: hours.monday[1]: "22:00-02:00" ends before it begins; expected the earlier time first, and a night as two spans, to 24:00 and from 00:00`},
		{"no time at all", "13:30-16:30", "13:30-13:30", "", `site.yaml:9: hours.monday[1]: "13:30-13:30" ends before it begins; expected the earlier time first, and a night as two spans, to 24:00 and from 00:00`},
		{"every day unordered, once", "  monday:", "  every_day: [\"10:00-11:00\", \"09:00-10:00\"]\n  monday:", "", `site.yaml:9: hours.every_day[1]: "09:00-10:00" comes after "10:00-11:00"; expected the earlier one first`},
		{"hours as text", `monday: ["09:00-12:00", "13:30-16:30"]`, `monday: 09:00-12:00`, "", `site.yaml:9: hours.monday: "09:00-12:00" is text; expected a list such as ["09:00-12:30", "13:30-17:00"]`},
		{"French day", "monday:", "lundi:", "", `site.yaml:9: hours.lundi: is not a day; expected monday, tuesday, wednesday, thursday, friday, saturday, sunday or every_day`},
		{"never open", `["09:00-12:00", "13:30-16:30"]`, "[]", "", `site.yaml:8: hours: is empty; expected at least one day such as monday: ["09:00-12:30"]`},

		{"French date", `"2026-12-25"`, "25/12/2026", "", `site.yaml:10: closed[0]: "25/12/2026" is not a date; expected "2026-12-25", or "2026-08-03/2026-08-14" for a range`},
		{"thirteenth month", "2026-12-25", "2026-13-25", "", `site.yaml:10: closed[0]: "2026-13-25" is not a date; expected "2026-12-25", or "2026-08-03/2026-08-14" for a range`},
		{"29 February", "2026-12-25", "2026-02-29", "", `site.yaml:10: closed[0]: "2026-02-29" is not a date; expected "2026-12-25", or "2026-08-03/2026-08-14" for a range`},
		{"range backwards", "2026-08-03/2026-08-14", "2026-08-14/2026-08-03", "", `site.yaml:10: closed[1]: "2026-08-14/2026-08-03" ends before it begins; expected the earlier date first`},

		{"http hub", "wss://", "http://", "", `site.yaml:11: hub: "http://hub.example.fr" does not begin with wss://, or ws:// on a developer's machine; expected the address of the hub such as "wss://hub.example.fr"`},
		{"hub without scheme", "wss://hub.example.fr", "hub.example.fr:443", "", `site.yaml:11: hub: "hub.example.fr:443" does not begin with wss://, or ws:// on a developer's machine; expected the address of the hub such as "wss://hub.example.fr"`},
		{"hub without host", "wss://hub.example.fr", "wss://:443", "", `site.yaml:11: hub: "wss://:443" has no host, or a wrong port; expected the address of the hub such as "wss://hub.example.fr"`},
		{"hub with a wrong port", "wss://hub.example.fr", "wss://hub.example.fr:70000", "", `site.yaml:11: hub: "wss://hub.example.fr:70000" has no host, or a wrong port; expected the address of the hub such as "wss://hub.example.fr"`},
		{"hub with a path", "wss://hub.example.fr", "wss://hub.example.fr/nats", "", `site.yaml:11: hub: "wss://hub.example.fr/nats" has more than a host and a port; expected the address of the hub such as "wss://hub.example.fr"`},
		{"hub with a password", "wss://hub.example.fr", "wss://me:secret@hub.example.fr", "", `site.yaml:11: hub: "wss://me:secret@hub.example.fr" has more than a host and a port; expected the address of the hub such as "wss://hub.example.fr"`},
		{"no address", "wss://hub.example.fr", `"wss://%zz"`, "", `site.yaml:11: hub: "wss://%zz" is not an address; expected the address of the hub such as "wss://hub.example.fr"`},

		{"timezone", "hub:", "timezone: Paris\nhub:", "", `site.yaml:11: timezone: "Paris" is not a known time zone; expected one such as "Europe/Paris" or "Indian/Reunion"`},
		{"the machine's timezone", "hub:", "timezone: Local\nhub:", "", `site.yaml:11: timezone: "Local" is not a known time zone; expected one such as "Europe/Paris" or "Indian/Reunion"`},
		{"empty timezone", "hub:", "timezone: ''\nhub:", "", `site.yaml:11: timezone: is empty; expected a time zone such as "Europe/Paris"`},
		{"language", "hub:", "languages: [fr, français]\nhub:", "", `site.yaml:11: languages[1]: "français" is not a language of the touchscreen; expected fr, fr-simple, en, ar, es, pt, ro, tr or uk`},
		{"nothing to attract", "hub:", "attract: {}\nhub:", "", `site.yaml:11: attract: is empty; expected a picture, a logo or both, such as {picture: departement.jpg, logo: logo.svg}`},
		{"picture in a folder", "hub:", "attract: {picture: photos/loire.jpg}\nhub:", "", `site.yaml:11: attract.picture: "photos/loire.jpg" has a folder in it; expected the file's name only, a JPEG or PNG file such as "departement.jpg"`},
		{"picture of another kind", "hub:", "attract: {picture: loire.tiff}\nhub:", "", `site.yaml:11: attract.picture: "loire.tiff" is not a file name that ends so (".tiff"); expected a JPEG or PNG file such as "departement.jpg"`},
		{"logo of another kind", "hub:", "attract: {logo: logo.jpg}\nhub:", "", `site.yaml:11: attract.logo: "logo.jpg" is not a file name that ends so (".jpg"); expected a PNG or SVG file such as "logo.svg"`},
		{"no name of a logo", "hub:", "attract: {logo: ''}\nhub:", "", `site.yaml:11: attract.logo: is empty; expected a PNG or SVG file such as "logo.svg"`},
		{"long name of a picture", "hub:", "attract: {picture: " + strings.Repeat("a", 90) + ".jpg}\nhub:", "", `site.yaml:11: attract.picture: "` + strings.Repeat("a", 60) + `…" is too long; expected at most 80 characters`},
		{"language twice", "hub:", "languages: [fr, en, fr]\nhub:", "", `site.yaml:11: languages[2]: "fr" is listed twice, first as languages[0]; remove one`},
		{"no language", "hub:", "languages: []\nhub:", "", `site.yaml:11: languages: is empty; expected at least one of fr, fr-simple, en, ar, es, pt, ro, tr or uk`},
		{"low bitrate", "hub:", "bitrate_cap_kbps: 99\nhub:", "", `site.yaml:11: bitrate_cap_kbps: 99 is out of range; expected 100 to 8000 kbit/s`},
		{"high bitrate", "hub:", "bitrate_cap_kbps: 8001\nhub:", "", `site.yaml:11: bitrate_cap_kbps: 8001 is out of range; expected 100 to 8000 kbit/s`},
		{"low update rate", "hub:", "update_rate_kbps: 9\nhub:", "", `site.yaml:11: update_rate_kbps: 9 is out of range; expected 50 to 1000000 kbit/s`},
		{"bitrate with a unit", "hub:", "bitrate_cap_kbps: 2 Mbit/s\nhub:", "", `site.yaml:11: bitrate_cap_kbps: "2 Mbit/s" is text; expected a whole number`},
		{"broken bitrate", "hub:", "bitrate_cap_kbps: 1500.5\nhub:", "", `site.yaml:11: bitrate_cap_kbps: 1500.5 is a number; expected a whole number`},
		{"huge bitrate", "hub:", "bitrate_cap_kbps: 9223372036854775808\nhub:", "", `site.yaml:11: bitrate_cap_kbps: 9223372036854775808 is not a number that fits; expected a whole number in decimal digits`},
		{"relative device", "hub:", "devices: {camera: dev/video0}\nhub:", "", `site.yaml:11: devices.camera: "dev/video0" is not a device; expected "simulated", or a path such as "/dev/video0"`},
		{"device elsewhere", "hub:", "devices: {speaker: /dev/../etc/passwd}\nhub:", "", `site.yaml:11: devices.speaker: "/dev/../etc/passwd" is not a device; expected "simulated", or a path such as "/dev/snd/pcmC1D0p"`},
		{"position without anything", "hub:", "position: {}\nhub:", "", `site.yaml:11: position.latitude: is missing; expected degrees such as 47.685
site.yaml:11: position.longitude: is missing; expected degrees such as 47.685`},
		{"position as text", "hub:", "position: {latitude: \"47.6\", longitude: 2}\nhub:", "", `site.yaml:11: position.latitude: "47.6" is text; expected a number such as 47.685`},
		{"position elsewhere", "hub:", "position: {latitude: 247.6, longitude: -181}\nhub:", "", `site.yaml:11: position.latitude: 247.6 is out of range; expected degrees, -90 to 90
site.yaml:11: position.longitude: -181 is out of range; expected degrees, -180 to 180`},
		{"position that is no number", "hub:", "position: {latitude: .nan, longitude: 2}\nhub:", "", `site.yaml:11: position.latitude: .nan is out of place; expected a number such as 47.685`},
		{"handset without anything", "hub:", "devices: {handset: {}}\nhub:", "", `site.yaml:11: devices.handset.switch: is missing; expected a line of the 40-pin connector, GPIO2 to GPIO27, such as "GPIO27"
site.yaml:11: devices.handset.speaker: is missing; expected the handset's earpiece such as "/dev/snd/pcmC2D0p"`},
		{"handset without a value", "hub:", "devices: {handset: }\nhub:", "", `site.yaml:11: devices.handset: has no value; give one, or remove the line`},
		{"handset as text", "hub:", "devices: {handset: GPIO27}\nhub:", "", `site.yaml:11: devices.handset: "GPIO27" is text; expected a map with the fields switch, lifted, microphone, speaker`},
		{"number as a line", "hub:", handset("switch: 27") + "hub:", "", `site.yaml:13: devices.handset.switch: 27 is a number; expected text, in quotes: "27"`},
		{"a pin for a line", "hub:", handset(`switch: "27"`) + "hub:", "", `site.yaml:13: devices.handset.switch: "27" is not a line; expected a line of the 40-pin connector, GPIO2 to GPIO27, such as "GPIO27"`},
		{"a line that is not on the connector", "hub:", handset("switch: GPIO28") + "hub:", "", `site.yaml:13: devices.handset.switch: "GPIO28" is not a line; expected a line of the 40-pin connector, GPIO2 to GPIO27, such as "GPIO27"`},
		{"level", "hub:", handset("switch: GPIO27", "lifted: up") + "hub:", "", `site.yaml:14: devices.handset.lifted: "up" is not a level; expected high or low, the switch's level while the handset is lifted`},
		{"misspelt field of a handset", "hub:", handset("switch: GPIO27", "lift: low") + "hub:", "", `site.yaml:14: devices.handset.lift: is not a known field; expected switch, lifted, microphone or speaker`},
		{"relative earpiece", "hub:", "devices: {handset: {switch: GPIO27, speaker: pcmC2D0p}}\nhub:", "", `site.yaml:11: devices.handset.speaker: "pcmC2D0p" is not a device; expected "simulated", or a path such as "/dev/snd/pcmC2D0p"`},
		{"empty microphone of a handset", "hub:", handset("switch: GPIO27", `microphone: ""`) + "hub:", "", `site.yaml:14: devices.handset.microphone: "" is not a device; expected "simulated", or a path such as "/dev/snd/pcmC2D0c"`},
		{"the loudspeaker as earpiece", "hub:", handset("switch: GPIO27") + "  speaker: /dev/snd/pcmC2D0p\nhub:", "", `site.yaml:14: devices.handset.speaker: "/dev/snd/pcmC2D0p" is devices.speaker too, which the whole room hears; expected the handset's earpiece`},
		{"the booth's microphone in the handset", "hub:", handset("switch: GPIO27", "microphone: /dev/snd/pcmC1D0c") + "  microphone: /dev/snd/pcmC1D0c\nhub:", "", `site.yaml:14: devices.handset.microphone: "/dev/snd/pcmC1D0c" is devices.microphone too; expected the handset's own, or remove the line if it has none`},
		{"keys without any", "hub:", "devices: {keys: {}}\nhub:", "", `site.yaml:11: devices.keys: names no key; expected previous, next, repeat and choose, or keypad, or remove it`},
		{"three keys", "hub:", "devices: {keys: {previous: GPIO5, next: GPIO6, choose: GPIO19}}\nhub:", "", `site.yaml:11: devices.keys: names 3 of the four keys; expected previous, next, repeat and choose`},
		{"two keys on one line", "hub:", "devices: {keys: {previous: GPIO5, next: GPIO6, repeat: GPIO5, choose: GPIO19}}\nhub:", "", `site.yaml:11: devices.keys.repeat: "GPIO5" is devices.keys.previous too; expected another line`},
		{"a key on the handset's line", "hub:", handset("switch: GPIO5") + "  keys: {previous: GPIO5, next: GPIO6, repeat: GPIO13, choose: GPIO19}\nhub:", "", `site.yaml:15: devices.keys.previous: "GPIO5" is devices.handset.switch too; expected another line`},
		{"a key on the bus", "hub:", "devices: {presence: {distance: /dev/i2c-1}, keys: {previous: GPIO2, next: GPIO6, repeat: GPIO13, choose: GPIO19}}\nhub:", "", `site.yaml:11: devices.keys.previous: "GPIO2" is a wire of the distance sensor's bus too; expected another line`},
		{"a pin for a key", "hub:", "devices: {keys: {previous: pin29, next: GPIO6, repeat: GPIO13, choose: GPIO19}}\nhub:", "", `site.yaml:11: devices.keys.previous: "pin29" is not a line; expected a line of the 40-pin connector, GPIO2 to GPIO27, such as "GPIO27"`},
		{"level of keys", "hub:", "devices: {keys: {keypad: any, pressed: down}}\nhub:", "", `site.yaml:11: devices.keys.pressed: "down" is not a level; expected high or low, a line's level while its key is pressed`},
		{"the loudspeaker as headphones", "hub:", "devices: {speaker: /dev/snd/pcmC1D0p, headphones: /dev/snd/pcmC1D0p}\nhub:", "", `site.yaml:11: devices.headphones: "/dev/snd/pcmC1D0p" is devices.speaker too, which the whole room hears; expected the headphones' own card`},
		{"headphones by a word", "hub:", "devices: {headphones: jack}\nhub:", "", `site.yaml:11: devices.headphones: "jack" is not a device; expected "simulated", or a path such as "/dev/snd/pcmC3D0p"`},
		{"speech that nobody follows", "hub:", "speech: {words_per_minute: 500, volume_percent: 5}\nhub:", "", `site.yaml:11: speech.words_per_minute: 500 is out of range; expected 80 to 300 words a minute
site.yaml:11: speech.volume_percent: 5 is out of range; expected 20 to 100 %`},
		{"presence without a sensor", "hub:", "devices: {presence: {}}\nhub:", "", `site.yaml:11: devices.presence: names no sensor; expected motion, distance or both, or remove it`},
		{"presence as text", "hub:", "devices: {presence: GPIO17}\nhub:", "", `site.yaml:11: devices.presence: "GPIO17" is text; expected a map with the fields motion, distance, near_cm, seated_cm`},
		{"a pin for a motion detector", "hub:", "devices: {presence: {motion: pin11}}\nhub:", "", `site.yaml:11: devices.presence.motion: "pin11" is not a line; expected a line of the 40-pin connector, GPIO2 to GPIO27, such as "GPIO27", or "simulated"`},
		{"a motion detector on the bus", "hub:", "devices: {presence: {motion: GPIO3, distance: /dev/i2c-1}}\nhub:", "", `site.yaml:11: devices.presence.motion: "GPIO3" is a wire of the distance sensor's bus; expected another line`},
		{"a motion detector on the handset's line", "hub:", handset("switch: GPIO17") + "  presence: {motion: GPIO17}\nhub:", "", `site.yaml:15: devices.presence.motion: "GPIO17" is devices.handset.switch too; expected another line`},
		{"no bus", "hub:", "devices: {presence: {distance: vl53l1x}}\nhub:", "", `site.yaml:11: devices.presence.distance: "vl53l1x" is not an I2C bus; expected "simulated", or a path such as "/dev/i2c-1"`},
		{"farther than it sees", "hub:", "devices: {presence: {distance: simulated, near_cm: 500}}\nhub:", "", `site.yaml:11: devices.presence.near_cm: 500 is out of range; expected 20 to 400 cm`},
		{"seated behind near", "hub:", "devices: {presence: {distance: simulated, seated_cm: 150}}\nhub:", "", `site.yaml:11: devices.presence.seated_cm: 150 is not closer than near_cm, 150; expected less`},
		{"French day", "hub:", "devices: {backlight: {day: 8h-18h}}\nhub:", "", `site.yaml:11: devices.backlight.day: "8h-18h" is not a span of hours; expected "HH:MM-HH:MM" such as "09:00-12:30"`},
		{"a day of the night", "hub:", "devices: {backlight: {day: \"19:00-08:00\"}}\nhub:", "", `site.yaml:11: devices.backlight.day: "19:00-08:00" ends before it begins; expected the earlier time first`},
		{"a panel that is off", "hub:", "devices: {backlight: {night_percent: 0}}\nhub:", "", `site.yaml:11: devices.backlight.night_percent: 0 is out of range; expected 5 to 100 %`},
		{"half a panel", "hub:", "devices: {panel: {height_mm: 476}}\nhub:", "", `site.yaml:11: devices.panel.width_mm: is missing; expected the width of what lights up, in millimetres, as there is a height`},
		{"a panel in inches", "hub:", "devices: {panel: {width_mm: 10, height_mm: 136}}\nhub:", "", `site.yaml:11: devices.panel.width_mm: 10 is out of range; expected 80 to 1500 mm`},
		{"a slanting panel", "hub:", "devices: {panel: {rotation: 45}}\nhub:", "", `site.yaml:11: devices.panel.rotation: 45 is no such angle; expected 0, 90, 180 or 270 degrees`},
		{"too small for that", "hub:", "devices: {panel: {width_mm: 154, height_mm: 86, viewing_cm: 70}}\nhub:", "", `site.yaml:11: devices.panel.viewing_cm: 70 is too far for a panel of 154 x 86 mm; expected at most 44, or remove the line`},
		{"nobody reads from there", "hub:", "devices: {panel: {viewing_cm: 0}}\nhub:", "", `site.yaml:11: devices.panel.viewing_cm: 0 is out of range; expected 30 to 150 cm`},
		{"a very slow finger", "hub:", "devices: {panel: {double_touch_ms: 5000}}\nhub:", "", `site.yaml:11: devices.panel.double_touch_ms: 5000 is out of range; expected 0 to 2000 ms`},
		{"duration without unit", "hub:", "limits: {idle: 60}\nhub:", "", `site.yaml:11: limits.idle: 60 has no unit; expected a duration such as "15s" or "5m"`},
		{"not a duration", "hub:", "limits: {idle: 60 s}\nhub:", "", `site.yaml:11: limits.idle: "60 s" is not a duration; expected one such as "15s" or "5m"`},
		{"no time", "hub:", "limits: {idle: 0s}\nhub:", "", `site.yaml:11: limits.idle: 0s is out of range; expected 5s to 30m`},
		{"negative duration", "hub:", "limits: {media_setup: -15s}\nhub:", "", `site.yaml:11: limits.media_setup: -15s is out of range; expected 1s to 2m`},
		{"long call", "hub:", "limits: {call: 24h}\nhub:", "", `site.yaml:11: limits.call: 24h is out of range; expected 10s to 12h`},
		{"null map", "hub:", "limits:\nhub:", "", `site.yaml:11: limits: has no value; give one, or remove the line`},

		{"anchor", "hub: ", "hub: &hub ", "", `site.yaml:11: hub: is a YAML anchor or alias; write the value out`},
		{"tag", "id: gien", "id: !!str gien", "", `site.yaml:1: id: has a YAML tag; remove the word that begins with !`},
		{"merge", "hub:", "<<: {id: x}\nhub:", "", `site.yaml:11: "<<": is a YAML merge; write the lines out`},
		{"directive", "id: gien", "%YAML 1.2\n---\nid: gien", "", `site.yaml:1: has a YAML directive; remove the line`},
		{"second document", "hub: wss://hub.example.fr\n", "hub: wss://hub.example.fr\n---\nid: x\n", "", `site.yaml:13: begins a second document; expected one a file`},
		{"unclosed bracket", `["09:00-12:00", "13:30-16:30"]`, `["09:00-12:00"`, "", `site.yaml:10: is not YAML: ',' or ']' must be specified`},
		{"tab", "  monday", "\tmonday", "", `site.yaml:9: is not YAML: found character '\t' that cannot start any token`},
		{"another encoding", "Espace", "Espace d\xe9mat\xe9rialis\xe9", "", `site.yaml:2: is not UTF-8 text; save the file in the encoding UTF-8`},
		{"control character", "Espace", "Espace\x00", "", `site.yaml:2: has a control character; remove it`},
		{"list as site", goodSite, "- id: gien\n", "", `site.yaml:1: is a list; expected a map with the fields id, name, town, phone, managers, position, partners, hours, closed, timezone, languages, bitrate_cap_kbps, update_rate_kbps, hub, devices, attract, speech, limits`},
		{"empty file", goodSite, "# nothing yet\n", "", `site.yaml:1: is empty`},
		{"no byte", goodSite, "", "", `site.yaml:1: is empty`},
		{"huge file", "hub:", strings.Repeat("#\n", maxSize/2) + "hub:", "", `site.yaml: is larger than 1 MiB; expected a file of a few hundred lines`},
		{"many lines", "hub:", strings.Repeat("#\n", 10_000) + "hub:", "", `site.yaml:10001: has more than 10000 lines; expected a few hundred`},
		{"long line", "hub:", "#" + strings.Repeat("-", 5000) + "\nhub:", "", `site.yaml:11: is longer than 4096 bytes; break the line`},
		{"deep brackets", "hub:", "a: " + strings.Repeat("[", 1000) + "\nhub:", "", `site.yaml:11: has more than 32 brackets in each other`},

		{"unknown icon", "icon: justice", "icon: justise", "partners.yaml", `partners.yaml:15: partners[1].icon: "justise" is not an icon; did you mean "justice"?`},
		{"quite unknown icon", "icon: justice", "icon: balance", "partners.yaml", `partners.yaml:15: partners[1].icon: "balance" is not an icon; expected family, health, retirement, housing, justice or help`},
		{"no French", "      fr: Vos droits", "      en: Your rights", "partners.yaml", `partners.yaml:12: partners[1].about.fr: is missing; expected the text in French`},
		{"empty English", "en: Family allowances", `en: ""`, "partners.yaml", `partners.yaml:4: partners[0].name.en: is empty; expected a text`},
		{"unknown language of a text", "en: Family", `de: Family`, "partners.yaml", `partners.yaml:4: partners[0].name.de: "de" is not a language of the touchscreen; expected fr, fr-simple, en, ar, es, pt, ro, tr or uk`},
		{"text without language", `{fr: "Allocations, RSA"}`, `Allocations`, "partners.yaml", `partners.yaml:5: partners[0].about: "Allocations" is text; expected a text for each language, such as {fr: "…", en: "…"}`},
		{"answer limit", "90s", "90m", "partners.yaml", `partners.yaml:18: partners[1].answer_limit: 1h30m is out of range; expected 1s to 1h`},
		{"long short name", "short: CDAD", "short: Conseil départemental", "partners.yaml", `partners.yaml:9: partners[1].short: "Conseil départemental" is too long, 21 characters; expected at most 16`},
		{"same short name", "short: CDAD", "short: CAF", "partners.yaml", `partners.yaml:9: partners[1].short: "CAF" is the short name of partners[0] too; expected another one`},
		{"same id", "id: cdad", "id: caf", "partners.yaml", `partners.yaml:8: partners[1].id: "caf" is the id of partners[0] too; expected another one
site.yaml:6: partners[1].id: "cdad" is not in the partner directory; expected caf`},
		{"no name", "    name:\n      fr: Conseil départemental de l’accès au droit\n", "", "partners.yaml", `partners.yaml:8: partners[1].name: is missing; expected a text for each language, such as {fr: "…", en: "…"}`},
		{"no phone", "    phone: \"3230\"\n", "", "partners.yaml", `partners.yaml:2: partners[0].phone: is missing; expected 10 digits, or a short number of 4 digits such as 3230`},
		{"empty directory", goodPartners, "partners: []\n", "partners.yaml", `partners.yaml:1: partners: is empty; expected a list of partners
site.yaml:5: partners[0].id: "caf" is not in the partner directory; there are none
site.yaml:6: partners[1].id: "cdad" is not in the partner directory; there are none`},
		{"directory that is no YAML", "    short: CAF", "   short: CAF", "partners.yaml", `partners.yaml:3: is not YAML: value is not allowed in this context`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			site, partners := goodSite, goodPartners
			changed := &site
			if tt.file == "partners.yaml" {
				changed = &partners
			}
			if !strings.Contains(*changed, tt.old) {
				t.Fatalf("nothing to change: no %q", tt.old)
			}
			*changed = strings.Replace(*changed, tt.old, tt.new, 1)
			write(t, site, partners)
			b, err := Load("site.yaml", "partners.yaml")
			if err == nil {
				t.Fatalf("loaded %+v, want the mistake %s", b, tt.want)
			}
			if diff := cmp.Diff(strings.Split(tt.want, "\n"), strings.Split(err.Error(), "\n")); diff != "" {
				t.Errorf("mistakes (-want +got):\n%s", diff)
			}
		})
	}
}

func TestLoadAcceptsOtherLineEnds(t *testing.T) {
	write(t, "\ufeff"+strings.ReplaceAll(goodSite, "\n", "\r\n"), goodPartners)
	if _, err := Load("site.yaml", "partners.yaml"); err != nil {
		t.Error(err)
	}
}

func TestLoadMissingFile(t *testing.T) {
	write(t, goodSite, goodPartners)
	for _, files := range [][2]string{{"nowhere.yaml", "partners.yaml"}, {"site.yaml", "nowhere.yaml"}} {
		_, err := Load(files[0], files[1])
		if !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), "nowhere.yaml") {
			t.Errorf("the error is %v, want one that names nowhere.yaml", err)
		}
	}
}

func TestLoadSites(t *testing.T) {
	t.Chdir(t.TempDir())
	put := func(name, text string) {
		t.Helper()
		if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	put("none/README", "no sites here")
	if _, err := LoadSites("none"); err == nil || err.Error() != "reading folder of sites none: it has no .yaml file" {
		t.Errorf("the error is %v", err)
	}
	if _, err := LoadSites("nowhere"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the error is %v", err)
	}
	put("sites/a.yaml", goodSite)
	put("sites/b.yml", strings.Replace(goodSite, "id: gien", "id: lorris", 1))
	sites, err := LoadSites("sites")
	if err != nil {
		t.Fatal(err)
	}
	if len(sites) != 2 || sites["gien"].ID != "gien" || sites["lorris"].ID != "lorris" {
		t.Errorf("the sites are %v", sites)
	}
	put("sites/c.yaml", "# a copy\n"+goodSite)
	put("sites/d.yaml", strings.Replace(goodSite, "id: gien", "id: Patay", 1))
	const want = `sites/c.yaml:2: id: "gien" is the id of sites/a.yaml too; expected another one
sites/d.yaml:1: id: "Patay" is not an id; expected lower-case letters, digits and hyphens such as "beaune-la-rolande"`
	if _, err := LoadSites("sites"); err == nil || err.Error() != want {
		t.Errorf("the error is\n%v\nwant\n%s", err, want)
	}
}
