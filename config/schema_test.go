package config

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/google/go-cmp/cmp"
	"github.com/invopop/jsonschema"
	validator "github.com/santhosh-tekuri/jsonschema/v6"
)

var update = flag.Bool("update", false, "write the JSON Schemas and the other expected files anew")

// The schemas are made here rather than in the package, so that no binary carries their generator.
func TestSchemas(t *testing.T) {
	for _, s := range []struct {
		file, title string
		of          any
	}{
		{"site.schema.json", "A site of Visioborne: an Espace Services Publics and its booth", &Site{}},
		{"partners.schema.json", "The partner directory of Visioborne", &Directory{}},
		{"settings.schema.json", "The settings of a booth of Visioborne: " + SettingsFile, &Settings{}},
		{"grid.schema.json", "The layout of Visioborne's monthly grid of attendance figures", &Grid{}},
		{"hub.schema.json", "The configuration of a hub of Visioborne: " + HubFile, &Hub{}},
	} {
		t.Run(s.file, func(t *testing.T) {
			got, err := json.MarshalIndent(schema(t, s.title, s.of), "", "  ")
			if err != nil {
				t.Fatal(err)
			}
			golden(t, filepath.Join("schema", s.file), append(got, '\n'))
		})
	}
}

// golden compares with an expected file, or writes it with -update.
func golden(t *testing.T, file string, got []byte) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s differs from what is expected; go test ./config -update writes it anew (-want +got):\n%s", file, diff)
	}
}

func schema(t *testing.T, title string, of any) *jsonschema.Schema {
	t.Helper()
	r := &jsonschema.Reflector{FieldNameTag: "yaml", Anonymous: true, ExpandedStruct: true, Mapper: mapType}
	if err := r.AddGoComments("loiret.fr/visioborne/config", ".", jsonschema.WithFullComment()); err != nil {
		t.Fatal(err)
	}
	s := r.Reflect(of)
	s.Title = title
	// The definitions are referred to, except the expanded root.
	types := map[string]reflect.Type{"": reflect.TypeOf(of).Elem()}
	for _, of := range []any{
		SitePartner{}, Position{}, Group{}, Need{}, OtherSite{}, Devices{}, Handset{}, Keys{}, Presence{}, Panel{}, Backlight{}, Attract{}, Speech{}, Limits{}, Partner{}, Network{}, Maintenance{}, GridRow{},
	} {
		types[reflect.TypeOf(of).Name()] = reflect.TypeOf(of)
	}
	constrain(t, s, types[""])
	for name, d := range s.Definitions {
		constrain(t, d, types[name])
	}
	return s
}

// mapType describes the types that files write otherwise than Go holds them.
func mapType(of reflect.Type) *jsonschema.Schema {
	span := &jsonschema.Schema{Type: "string", Pattern: `^([01][0-9]|2[0-3]):[0-5][0-9]-(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$`}
	switch of {
	case reflect.TypeFor[Span]():
		return span
	case reflect.TypeFor[Hours]():
		list := &jsonschema.Schema{Type: "array", Items: span}
		h := &jsonschema.Schema{
			Type: "object", Properties: jsonschema.NewProperties(), MinProperties: new(uint64(1)),
			AdditionalProperties: jsonschema.FalseSchema,
		}
		for _, d := range weekdays() {
			h.Properties.Set(dayName(d), list)
		}
		every := *list
		every.Description = "Each day that is not named."
		h.Properties.Set(everyDay, &every)
		return h
	case reflect.TypeFor[Days]():
		const date = `[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])`
		return &jsonschema.Schema{Type: "string", Pattern: "^" + date + "(/" + date + ")?$"}
	case reflect.TypeFor[Phone]():
		return &jsonschema.Schema{Type: "string", Pattern: phonePattern}
	case reflect.TypeFor[Text]():
		s := &jsonschema.Schema{
			Type: "object", Properties: jsonschema.NewProperties(), Required: []string{"fr"},
			AdditionalProperties: jsonschema.FalseSchema,
		}
		for _, l := range languages() {
			s.Properties.Set(l, &jsonschema.Schema{Type: "string", MinLength: new(uint64(1))})
		}
		return s
	case reflect.TypeFor[time.Duration]():
		return &jsonschema.Schema{Type: "string", Pattern: `^([0-9]+(\.[0-9]+)?(ms|s|m|h))+$`}
	}
	return nil
}

const (
	hubPattern    = `^wss?://[^/?#@]+$`
	devicePattern = "^(" + Simulated + "|/dev/.+)$"
)

// either is a pattern that takes the simulated device too.
func either(pattern string) string {
	return "^(" + Simulated + "|" + strings.Trim(pattern, "^$") + ")$"
}

// constrain adds to the schema of a type what the validation knows of its fields.
func constrain(t *testing.T, s *jsonschema.Schema, of reflect.Type) {
	t.Helper()
	field := func(name string) *jsonschema.Schema {
		p, ok := s.Properties.Get(name)
		if !ok {
			t.Fatalf("the schema of %v has no field %s", of, name)
		}
		return p
	}
	id := func(name string) {
		field(name).Pattern, field(name).MaxLength = idPattern, new(uint64(maxID))
	}
	ranges := func(name string, low, high, absent time.Duration) {
		p := field(name)
		p.Description += fmt.Sprintf(" From %s to %s.", short(low), short(high))
		p.Default = short(absent)
	}
	texts := func(name string, most uint64) {
		for p := field(name).Properties.Oldest(); p != nil; p = p.Next() {
			p.Value.MaxLength = new(most)
		}
	}
	icon := func() {
		p := field("icon")
		p.Default = defaultIcon
		for _, icon := range icons() {
			p.Enum = append(p.Enum, icon)
		}
	}
	switch of {
	case reflect.TypeFor[Site]():
		var absent Site
		absent.setDefaults()
		id("id")
		field("name").MinLength, field("name").MaxLength = new(uint64(1)), new(uint64(maxName))
		field("town").MinLength, field("town").MaxLength = new(uint64(1)), new(uint64(maxTown))
		field("partners").MinItems, field("partners").MaxItems = new(uint64(1)), new(uint64(maxPartners))
		field("managers").MaxItems, field("managers").UniqueItems = new(uint64(maxManagers)), true
		field("managers").Items.Format = "email"
		field("hub").Pattern = hubPattern
		field("timezone").Default = absent.Timezone
		p := field("languages")
		p.Default, p.MinItems, p.UniqueItems = absent.Languages, new(uint64(1)), true
		for _, l := range languages() {
			p.Items.Enum = append(p.Items.Enum, l)
		}
		p = field("update_rate_kbps")
		p.Default = absent.UpdateRateKbps
		p.Minimum, p.Maximum = json.Number(strconv.Itoa(minUpdateRateKbps)), json.Number(strconv.Itoa(maxUpdateRateKbps))
		p = field("bitrate_cap_kbps")
		p.Default = absent.BitrateCapKbps
		p.Minimum, p.Maximum = json.Number(strconv.Itoa(minBitrateKbps)), json.Number(strconv.Itoa(maxBitrateKbps))
	case reflect.TypeFor[Attract]():
		s.MinProperties = new(uint64(1))
		for name, pattern := range map[string]string{"picture": picturePattern, "logo": logoPattern} {
			field(name).Pattern, field(name).MaxLength = pattern, new(uint64(maxFileName))
		}
	case reflect.TypeFor[SitePartner]():
		id("id")
		field("hours").Description = "Replaces the directory's hours."
		field("closed").Description = "Replaces the directory's closed days; an empty list means none."
		field("phone").Description = "Replaces the directory's number."
	case reflect.TypeFor[Position]():
		for name, most := range map[string]int{"latitude": maxLatitude, "longitude": maxLongitude} {
			field(name).Minimum, field(name).Maximum = json.Number(strconv.Itoa(-most)), json.Number(strconv.Itoa(most))
		}
	case reflect.TypeFor[Devices]():
		for _, name := range []string{"camera", "microphone", "speaker", "headphones"} {
			field(name).Pattern = devicePattern
		}
	case reflect.TypeFor[Handset]():
		var absent Handset
		absent.setDefaults()
		field("switch").Pattern = linePattern
		field("microphone").Pattern, field("speaker").Pattern = devicePattern, devicePattern
		p := field("lifted")
		p.Default = absent.Lifted
		for _, l := range levels() {
			p.Enum = append(p.Enum, l)
		}
	case reflect.TypeFor[Keys]():
		var absent Keys
		absent.setDefaults()
		lines := []string{"previous", "next", "repeat", "choose"}
		for _, name := range lines {
			field(name).Pattern = linePattern
		}
		p := field("pressed")
		p.Default = absent.Pressed
		for _, l := range levels() {
			p.Enum = append(p.Enum, l)
		}
		field("keypad").MinLength, field("keypad").MaxLength = new(uint64(1)), new(uint64(maxKeypad))
		s.AnyOf = []*jsonschema.Schema{{Required: lines}, {Required: []string{"keypad"}}}
	case reflect.TypeFor[Speech]():
		var absent Speech
		absent.setDefaults()
		p := field("words_per_minute")
		p.Default = absent.WordsPerMinute
		p.Minimum, p.Maximum = json.Number(strconv.Itoa(minWordsPerMinute)), json.Number(strconv.Itoa(maxWordsPerMinute))
		p = field("volume_percent")
		p.Default = absent.VolumePercent
		p.Minimum, p.Maximum = json.Number(strconv.Itoa(minSpeechPercent)), json.Number(strconv.Itoa(maxSpeechPercent))
	case reflect.TypeFor[Presence]():
		var absent Presence
		absent.setDefaults()
		field("motion").Pattern = either(linePattern)
		field("distance").Pattern = either(busPattern)
		for name, value := range map[string]int{"near_cm": absent.NearCM, "seated_cm": absent.SeatedCM} {
			p := field(name)
			p.Default = value
			p.Minimum, p.Maximum = json.Number(strconv.Itoa(minPresenceCM)), json.Number(strconv.Itoa(maxPresenceCM))
		}
		for _, sensor := range []string{"motion", "distance"} {
			s.AnyOf = append(s.AnyOf, &jsonschema.Schema{Required: []string{sensor}})
		}
	case reflect.TypeFor[Backlight]():
		var absent Backlight
		absent.setDefaults()
		field("day").Default = absent.Day.String()
		for name, value := range map[string]int{"day_percent": absent.DayPercent, "night_percent": absent.NightPercent} {
			p := field(name)
			p.Default = value
			p.Minimum, p.Maximum = json.Number(strconv.Itoa(minBrightness)), json.Number(strconv.Itoa(maxBrightness))
		}
	case reflect.TypeFor[Panel]():
		var absent Panel
		absent.setDefaults()
		for name, p := range map[string]struct {
			absent    any
			low, high int
		}{
			"width_mm": {absent.WidthMM, minPanelMM, maxPanelMM}, "height_mm": {absent.HeightMM, minPanelMM, maxPanelMM},
			"viewing_cm": {nil, minViewingCM, maxViewingCM}, "double_touch_ms": {absent.DoubleTouchMS, 0, maxDoubleTouchMS},
		} {
			f := field(name)
			f.Default = p.absent
			f.Minimum, f.Maximum = json.Number(strconv.Itoa(p.low)), json.Number(strconv.Itoa(p.high))
		}
		p := field("rotation")
		p.Default = absent.Rotation
		for _, r := range rotations() {
			p.Enum = append(p.Enum, r)
		}
		field("low_zone").Default, field("transitions").Default = absent.LowZone, absent.Transitions
		s.DependentRequired = map[string][]string{"width_mm": {"height_mm"}, "height_mm": {"width_mm"}}
		s.Required = nil
	case reflect.TypeFor[Limits]():
		var absent Limits
		absent.setDefaults()
		for _, r := range limitRanges() {
			ranges(r.field, r.min, r.max, r.of(absent))
		}
	case reflect.TypeFor[Settings]():
		field("hub").Pattern = hubPattern
		field("code").Pattern = `^([ -]*[0-9A-TV-Za-tv-z]){8}[ -]*$`
	case reflect.TypeFor[Network]():
		const address = `([0-9]{1,3}\.){3}[0-9]{1,3}`
		field("address").Pattern = "^" + address + "/([89]|[12][0-9]|30)$"
		field("gateway").Pattern = "^" + address + "$"
		field("dns").Items.Pattern = "^" + address + "$"
		field("proxy").Pattern = `^https?://[^/?#]+/?$`
		field("ca").Pattern = `^[^./\\][^/\\]*$`
	case reflect.TypeFor[Maintenance]():
		field("password").MinLength = new(uint64(minPassword))
	case reflect.TypeFor[Hub]():
		for _, name := range []string{"addr", "http", "turn_tcp", "turn_tls"} {
			field(name).Pattern = `:[0-9]+$`
		}
		field("tls").Enum = []any{TLSFile, TLSACME}
		field("turn").Items.Pattern = `^(stun|turn)s?:[^/?#@,]+`
		field("nats").Items.Pattern = `^(tls|nats)://[^/?#@,]+:[0-9]+$`
		field("nats_websocket").Items.Pattern = `^wss?://[^/?#@,]+:[0-9]+$`
		field("nats_replicas").Enum = []any{1, 3, 5}
		field("acme_directory").Pattern = `^https://[^/?#]+`
	case reflect.TypeFor[Directory]():
		field("partners").MinItems = new(uint64(1))
		field("groups").MaxItems, field("sites").MaxItems = new(uint64(maxGroups)), new(uint64(maxOtherSites))
	case reflect.TypeFor[Group]():
		id("id")
		texts("name", maxGroupName)
		icon()
	case reflect.TypeFor[Need]():
		for _, name := range []string{"id", "group", "partner"} {
			id(name)
		}
		texts("text", maxNeedText)
	case reflect.TypeFor[OtherSite]():
		id("id")
		for name, most := range map[string]uint64{"name": maxName, "town": maxTown} {
			field(name).MinLength, field(name).MaxLength = new(uint64(1)), new(most)
		}
	case reflect.TypeFor[Partner]():
		var absent Partner
		absent.setDefaults()
		id("id")
		field("short").MinLength, field("short").MaxLength = new(uint64(1)), new(uint64(maxShort))
		texts("name", maxName)
		texts("about", maxAbout)
		icon()
		for _, r := range partnerRanges() {
			ranges(r.field, r.min, r.max, r.of(absent))
		}
	case reflect.TypeFor[Grid]():
		var absent Grid
		absent.setDefaults()
		field("rows").MinItems, field("rows").MaxItems = new(uint64(1)), new(uint64(maxRows))
		for _, n := range []struct {
			name              string
			low, high, absent int
		}{
			{"threshold", minThreshold, maxThreshold, absent.Threshold},
			{"settle_days", minSettleDays, maxSettleDays, absent.SettleDays},
			{"promised_hours", 1, maxPromised, absent.PromisedHours},
		} {
			p := field(n.name)
			p.Default = n.absent
			p.Minimum, p.Maximum = json.Number(strconv.Itoa(n.low)), json.Number(strconv.Itoa(n.high))
		}
	case reflect.TypeFor[GridRow]():
		var absent GridRow
		absent.setDefaults()
		id("id")
		for _, name := range []string{"title", "section"} {
			field(name).MinLength, field(name).MaxLength = new(uint64(1)), new(uint64(maxName))
		}
		field("kind").Default, field("by").Default = absent.Kind, absent.By
		for _, k := range rowKinds() {
			field("kind").Enum = append(field("kind").Enum, k)
		}
		for _, b := range fineness() {
			field("by").Enum = append(field("by").Enum, b)
		}
		field("counts").UniqueItems, field("counts").Items.Pattern = true, wordPattern
	default:
		t.Fatalf("no constraints are known for %v", of)
	}
}

// checkSchema validates a file as an editor does, by the schema its first line names.
func checkSchema(t *testing.T, file string) error {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	first, _, _ := strings.Cut(string(text), "\n")
	at, ok := strings.CutPrefix(first, "# yaml-language-server: $schema=")
	if !ok {
		t.Fatalf("%s does not name its schema in its first line", file)
	}
	at = filepath.Join(filepath.Dir(file), at)
	if dir := filepath.Dir(at); dir != "schema" {
		t.Fatalf("%s names a schema elsewhere: %s", file, at)
	}
	return validateBySchema(t, at, text)
}

func validateBySchema(t *testing.T, schema string, text []byte) error {
	t.Helper()
	s, err := validator.NewCompiler().Compile(schema)
	if err != nil {
		t.Fatal(err)
	}
	asJSON, err := yaml.YAMLToJSON(text)
	if err != nil {
		t.Fatal(err)
	}
	value, err := validator.UnmarshalJSON(bytes.NewReader(asJSON))
	if err != nil {
		t.Fatal(err)
	}
	return s.Validate(value)
}

// An editor shows most mistakes while they are written.
func TestSchemasRefuse(t *testing.T) {
	const goodSettings = "hub: wss://hub.example.fr\ncode: k7px 2m4q\nnetwork:\n  address: 192.168.1.20/24\n  gateway: 192.168.1.1\n  dns: [192.168.1.1]\n" +
		"  proxy: http://proxy.example.fr:3128\n  ca: administration.pem\nmaintenance: {password: cheval agrafe}\n"
	for _, good := range []struct{ schema, text string }{
		{"schema/site.schema.json", goodSite},
		{"schema/site.schema.json", goodSite + "position: {latitude: 47.685, longitude: -2}\n"},
		{"schema/site.schema.json", goodSite + handset("switch: GPIO27", "lifted: low")},
		{"schema/site.schema.json", goodSite + "devices:\n  presence: {motion: GPIO17, distance: /dev/i2c-1, seated_cm: 80}\n  backlight: {day: 08:00-18:30, night_percent: 20}\n"},
		{"schema/site.schema.json", goodSite + "devices: {presence: {motion: simulated}, backlight: {}}\n"},
		{"schema/site.schema.json", goodSite + "devices:\n  headphones: /dev/snd/pcmC3D0p\n  keys: {previous: GPIO5, next: GPIO6, repeat: GPIO13, choose: GPIO19, pressed: high}\nspeech: {words_per_minute: 120, volume_percent: 90}\n"},
		{"schema/site.schema.json", goodSite + "devices: {keys: {keypad: any}}\nspeech: {}\n"},
		{"schema/partners.schema.json", goodPartners},
		{"schema/settings.schema.json", goodSettings},
		{"schema/settings.schema.json", "hub: wss://hub.example.fr\nmaintenance: {}\n"},
	} {
		if err := validateBySchema(t, good.schema, []byte(good.text)); err != nil {
			t.Error(err)
		}
	}
	for _, tt := range []struct{ old, new string }{
		{"id: gien", "id: Gien"},
		{"id: gien", "id: 45"},
		{"hub: wss", "hub: https"},
		{"hub:", "hbu:"},
		{`"02 38 25 45 45"`, `"02 38"`},
		{"02 38 25 45 45", "02 38 25 45 45 1"},
		{"09:00-12:00", "9h-12h"},
		{"monday", "lundi"},
		{"2026-12-25", "25/12/2026"},
		{"hub:", "languages: [it]\nhub:"},
		{"hub:", "bitrate_cap_kbps: 99\nhub:"},
		{"hub:", "update_rate_kbps: 9\nhub:"},
		{"hub:", "devices: {camera: video0}\nhub:"},
		{"hub:", "position: {latitude: 91, longitude: 2}\nhub:"},
		{"hub:", "position: {latitude: 47}\nhub:"},
		{"hub:", handset("switch: GPIO1") + "hub:"},
		{"hub:", handset("switch: GPIO27", "lifted: up") + "hub:"},
		{"hub:", handset("lifted: low") + "hub:"},
		{"hub:", "devices: {handset: {switch: GPIO27}}\nhub:"},
		{"hub:", "devices: {keys: {}}\nhub:"},
		{"hub:", "devices: {keys: {previous: GPIO5, next: GPIO6, repeat: GPIO13}}\nhub:"},
		{"hub:", "devices: {keys: {keypad: any, pressed: up}}\nhub:"},
		{"hub:", "devices: {headphones: jack}\nhub:"},
		{"hub:", "speech: {words_per_minute: 60}\nhub:"},
		{"hub:", "speech: {volume_percent: 0}\nhub:"},
		{"hub:", "devices: {presence: {}}\nhub:"},
		{"hub:", "devices: {presence: {motion: GPIO1}}\nhub:"},
		{"hub:", "devices: {presence: {distance: i2c-1}}\nhub:"},
		{"hub:", "devices: {presence: {distance: /dev/i2c-1, near_cm: 500}}\nhub:"},
		{"hub:", "devices: {backlight: {day: 8h-18h}}\nhub:"},
		{"hub:", "devices: {backlight: {night_percent: 0}}\nhub:"},
		{"hub:", "limits: {idle: 60}\nhub:"},
		{"hub:", "limits: {idle: 60 s}\nhub:"},
	} {
		if err := validateBySchema(t, "schema/site.schema.json", []byte(strings.Replace(goodSite, tt.old, tt.new, 1))); err == nil {
			t.Errorf("the schema takes a site with %q for %q", tt.new, tt.old)
		}
	}
	for _, tt := range []struct{ old, new string }{
		{"icon: justice", "icon: balance"}, {"fr: Vos", "en: Vos"}, {"en: Family", "de: Family"}, {"short: CDAD\n", "shrot: CDAD\n"}, {"90s", "90"},
	} {
		if err := validateBySchema(t, "schema/partners.schema.json", []byte(strings.Replace(goodPartners, tt.old, tt.new, 1))); err == nil {
			t.Errorf("the schema takes a directory with %q for %q", tt.new, tt.old)
		}
	}
	for _, tt := range []struct{ old, new string }{
		{"hub: wss", "hub: https"},
		{"k7px 2m4q", "k7px 2m4"},
		{"k7px 2m4q", "k7px 2m4u"},
		{"20/24", "20"},
		{"[192.168.1.1]", "192.168.1.1"},
		{"http://proxy", "proxy"},
		{"ca: adm", "ca: ../adm"},
		{"cheval agrafe", "motdepasse1"},
		{"password", "pasword"},
		{"{password: cheval agrafe}", "true"},
	} {
		if err := validateBySchema(t, "schema/settings.schema.json", []byte(strings.Replace(goodSettings, tt.old, tt.new, 1))); err == nil {
			t.Errorf("the schema takes settings with %q for %q", tt.new, tt.old)
		}
	}
}

func TestLoiret(t *testing.T) {
	directory, err := LoadPartners("loiret/partners.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if err := checkSchema(t, "loiret/partners.yaml"); err != nil {
		t.Error(err)
	}
	order := []string{"caf", "cpam", "carsat", "adil", "cdad"}
	shorts := []string{"CAF", "CPAM", "CARSAT", "ADIL-EIE", "CDAD"}
	for i, p := range directory {
		if p.Short != shorts[i] || p.Name["en"] == "" || p.About["en"] == "" {
			t.Errorf("partner %d is %q, without its English or not %q", i, p.Short, shorts[i])
		}
	}

	sites, err := LoadSites("loiret/sites")
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"beaune-la-rolande", "bellegarde", "chatillon-coligny", "gien", "jargeau", "le-malesherbois", "lorris",
		"meung-sur-loire", "montargis", "outarville", "patay", "pithiviers", "puiseaux",
	}
	for _, id := range want {
		file := filepath.Join("loiret/sites", id+".yaml")
		b, err := Load(file, "loiret/partners.yaml")
		if err != nil {
			t.Error(err)
			continue
		}
		if err := checkSchema(t, file); err != nil {
			t.Error(err)
		}
		if diff := cmp.Diff(sites[id], b.Site); diff != "" || b.Site.ID != id {
			t.Errorf("%s: the folder holds another %s (-folder +file):\n%s", file, id, diff)
		}
		if week := b.Site.Hours.Week(); week != 24*time.Hour {
			t.Errorf("%s: open %v a week, want 24 h", file, week)
		}
	}
	if len(sites) != len(want) {
		t.Errorf("%d sites, want %d", len(sites), len(want))
	}

	b, err := Load("loiret/demonstration.yaml", "loiret/partners.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if err := checkSchema(t, "loiret/demonstration.yaml"); err != nil {
		t.Error(err)
	}
	if (b.Site.Devices != Devices{Camera: Simulated, Microphone: Simulated, Speaker: Simulated}) || b.Site.Hub != "ws://127.0.0.1:8090" {
		t.Errorf("the demonstration has %+v and %s", b.Site.Devices, b.Site.Hub)
	}
	ids := []string{}
	for _, p := range b.Partners {
		ids = append(ids, p.ID)
		// Christmas, at night.
		if at := time.Date(2026, 12, 25, 3, 0, 0, 0, b.Location); !b.SiteOpening().At(at) || !b.PartnerOpening(p).At(at) {
			t.Errorf("the demonstration's %s is closed at %v", p.ID, at)
		}
	}
	if !slices.Equal(ids, order) {
		t.Errorf("the demonstration's partners are %v, want %v", ids, order)
	}
}
