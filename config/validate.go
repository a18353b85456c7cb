package config

import (
	"fmt"
	"math"
	"net/mail"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// What values may be. The JSON Schemas say the same.
const (
	idPattern      = `^[a-z0-9]+(-[a-z0-9]+)*$`
	phonePattern   = `^(0 ?[1-9]( ?[0-9]){8}|[13]( ?[0-9]){3})$`
	linePattern    = `^GPIO([2-9]|1[0-9]|2[0-7])$`
	minBitrateKbps = 100
	maxBitrateKbps = 8000

	minUpdateRateKbps = 50
	maxUpdateRateKbps = 1_000_000
	maxID             = 40  // characters, as the others
	maxShort          = 16  // fits a button
	maxName           = 100 // fits a line or two
	maxAbout          = 300
	maxManagers       = 8
	maxEmail          = 254 // RFC 5321
	maxPartners       = 12  // fits the touchscreen
	maxLatitude       = 90
	maxLongitude      = 180
)

var (
	validID    = regexp.MustCompile(idPattern)
	validPhone = regexp.MustCompile(phonePattern)
	validLine  = regexp.MustCompile(linePattern)
)

const (
	expectedPhone = "10 digits, or a short number of 4 digits such as 3230"
	expectedID    = `lower-case letters, digits and hyphens such as "beaune-la-rolande"`
	expectedHours = `at least one day such as monday: ["09:00-12:30"]`
	expectedDate  = `"2026-12-25", or "2026-08-03/2026-08-14" for a range`
	expectedText  = `a text for each language, such as {fr: "…", en: "…"}`
	expectedLine  = `a line of the 40-pin connector, GPIO2 to GPIO27, such as "GPIO27"`
	expectedHub   = `the address of the hub such as "wss://hub.example.fr"`
)

// durationRange is what a field of a type may be at least and at most.
type durationRange[T any] struct {
	field    string
	min, max time.Duration
	of       func(T) time.Duration
}

func limitRanges() []durationRange[Limits] {
	return []durationRange[Limits]{
		{"media_setup", time.Second, 2 * time.Minute, func(l Limits) time.Duration { return l.MediaSetup }},
		{"contact", time.Second, time.Minute, func(l Limits) time.Duration { return l.Contact }},
		{"idle", 5 * time.Second, 30 * time.Minute, func(l Limits) time.Duration { return l.Idle }},
		{"standby", time.Minute, 24 * time.Hour, func(l Limits) time.Duration { return l.Standby }},
		{"thanks", time.Second, time.Minute, func(l Limits) time.Duration { return l.Thanks }},
		{"failure", 5 * time.Second, 30 * time.Minute, func(l Limits) time.Duration { return l.Failure }},
		{"call", 10 * time.Second, 12 * time.Hour, func(l Limits) time.Duration { return l.Call }},
		{"interruption", time.Second, 10 * time.Minute, func(l Limits) time.Duration { return l.Interruption }},
	}
}

func partnerRanges() []durationRange[Partner] {
	return []durationRange[Partner]{
		{"answer_limit", time.Second, time.Hour, func(p Partner) time.Duration { return p.AnswerLimit }},
	}
}

func validateRanges[T any](d *document, path string, ranges []durationRange[T], v T) {
	for _, r := range ranges {
		if got := r.of(v); got < r.min || got > r.max {
			d.report(child(path, r.field), "%s is out of range; expected %s to %s", short(got), short(r.min), short(r.max))
		}
	}
}

// short writes a duration without the zeroes that time.Duration puts at its end.
func short(t time.Duration) string {
	s := t.String()
	if strings.HasSuffix(s, "m0s") {
		s = strings.TrimSuffix(s, "0s")
	}
	if strings.HasSuffix(s, "h0m") {
		s = strings.TrimSuffix(s, "0m")
	}
	return s
}

func (d *document) validateSite(s Site) {
	d.validateID("id", s.ID)
	d.validateText("name", s.Name, maxName, `the name that citizens read, such as "Espace Services Publics de Gien"`)
	d.validateTown("town", s.Town)
	d.validatePhone("phone", s.Phone, true)
	d.validateManagers("managers", s.Managers)
	d.validatePosition("position", s.Position)

	if len(s.Partners) == 0 {
		d.missing("partners", "a list of partners, each by its id")
	}
	if len(s.Partners) > maxPartners {
		d.report("partners", "has %d partners; the touchscreen has room for %d", len(s.Partners), maxPartners)
	}
	for i, p := range s.Partners {
		at := item("partners", i)
		d.validateID(child(at, "id"), p.ID)
		if first := slices.IndexFunc(s.Partners, func(o SitePartner) bool { return o.ID == p.ID }); first < i && p.ID != "" {
			d.report(child(at, "id"), "%q is listed twice, first as partners[%d]; remove one", p.ID, first)
		}
		d.validatePhone(child(at, "phone"), p.Phone, false)
		if p.Hours != nil {
			d.validateHours(child(at, "hours"), p.Hours)
		}
		d.validateClosed(child(at, "closed"), p.Closed)
	}

	d.validateHours("hours", s.Hours)
	d.validateClosed("closed", s.Closed)
	if s.Timezone == "" {
		d.missing("timezone", `a time zone such as "Europe/Paris"`)
	} else if _, err := time.LoadLocation(s.Timezone); err != nil || s.Timezone == "Local" {
		d.report("timezone", `%s is not a known time zone; expected one such as "Europe/Paris" or "Indian/Reunion"`, quoted(s.Timezone))
	}

	if len(s.Languages) == 0 {
		d.missing("languages", "at least one of "+oneOf(languages()))
	}
	for i, l := range s.Languages {
		d.validateLanguage(item("languages", i), l)
		if first := slices.Index(s.Languages, l); first < i && l != "" {
			d.report(item("languages", i), "%q is listed twice, first as languages[%d]; remove one", l, first)
		}
	}

	if s.BitrateCapKbps < minBitrateKbps || s.BitrateCapKbps > maxBitrateKbps {
		d.report("bitrate_cap_kbps", "%d is out of range; expected %d to %d kbit/s", s.BitrateCapKbps, minBitrateKbps, maxBitrateKbps)
	}
	if s.UpdateRateKbps < minUpdateRateKbps || s.UpdateRateKbps > maxUpdateRateKbps {
		d.report("update_rate_kbps", "%d is out of range; expected %d to %d kbit/s", s.UpdateRateKbps, minUpdateRateKbps, maxUpdateRateKbps)
	}
	d.validateHub("hub", s.Hub)
	d.validateDevice("devices.camera", s.Devices.Camera, "/dev/video0")
	d.validateDevice("devices.microphone", s.Devices.Microphone, "/dev/snd/pcmC1D0c")
	d.validateDevice("devices.speaker", s.Devices.Speaker, "/dev/snd/pcmC1D0p")
	if h := s.Devices.Handset; h != nil {
		d.validateHandset("devices.handset", *h, s.Devices)
	}
	d.validateHeadphones("devices.headphones", s.Devices)
	if k := s.Devices.Keys; k != nil {
		d.validateKeys("devices.keys", *k, s.Devices)
	}
	d.validateSpeech("speech", s.Speech)
	if p := s.Devices.Presence; p != nil {
		d.validatePresence("devices.presence", *p, s.Devices.Handset)
	}
	if b := s.Devices.Backlight; b != nil {
		d.validateBacklight("devices.backlight", *b)
	}
	if a := s.Attract; a != nil {
		d.validateAttract("attract", *a)
	}
	if p := s.Devices.Panel; p != nil {
		d.validatePanel("devices.panel", *p)
	}
	validateRanges(d, "limits", limitRanges(), s.Limits)
}

// validatePosition checks a position, if there is one.
func (d *document) validatePosition(path string, p *Position) {
	if p != nil {
		d.validateDegrees(child(path, "latitude"), p.Latitude, maxLatitude)
		d.validateDegrees(child(path, "longitude"), p.Longitude, maxLongitude)
	}
}

// validateDegrees checks a part of a position.
func (d *document) validateManagers(path string, all []string) {
	if len(all) > maxManagers {
		d.report(path, "has %d addresses; expected at most %d", len(all), maxManagers)
	}
	for i, address := range all {
		at := item(path, i)
		if p, err := mail.ParseAddress(address); err != nil || p.Address != address || len(address) > maxEmail {
			d.report(at, `%s is not an e-mail address; expected one such as "accueil@departement.fr"`, quoted(address))
		} else if slices.Index(all, address) < i {
			d.report(at, "%s is listed twice; remove one", quoted(address))
		}
	}
}

func (d *document) validateDegrees(path string, degrees float64, most int) {
	switch {
	case math.IsNaN(degrees):
		d.missing(path, "degrees such as 47.685")
	case math.Abs(degrees) > float64(most):
		d.report(path, "%v is out of range; expected degrees, %d to %d", degrees, -most, most)
	}
}

// validateHandset sees to it that lifting the handset takes the sound off the loudspeaker.
func (d *document) validateHandset(path string, h Handset, beside Devices) {
	if at := child(path, "switch"); h.Switch == "" {
		d.missing(at, expectedLine)
	} else if !validLine.MatchString(h.Switch) {
		d.report(at, "%s is not a line; expected %s", quoted(h.Switch), expectedLine)
	}
	if !slices.Contains(levels(), h.Lifted) {
		d.report(child(path, "lifted"), "%s is not a level; expected %s, the switch's level while the handset is lifted", quoted(h.Lifted), oneOf(levels()))
	}
	microphone, speaker := child(path, "microphone"), child(path, "speaker")
	if h.Speaker == "" {
		d.missing(speaker, `the handset's earpiece such as "/dev/snd/pcmC2D0p"`)
	}
	d.validateDevice(microphone, h.Microphone, "/dev/snd/pcmC2D0c")
	d.validateDevice(speaker, h.Speaker, "/dev/snd/pcmC2D0p")
	if h.Speaker != "" && h.Speaker != Simulated && h.Speaker == beside.Speaker {
		d.report(speaker, "%s is devices.speaker too, which the whole room hears; expected the handset's earpiece", quoted(h.Speaker))
	}
	if h.Microphone != "" && h.Microphone != Simulated && h.Microphone == beside.Microphone {
		d.report(microphone, "%s is devices.microphone too; expected the handset's own, or remove the line if it has none", quoted(h.Microphone))
	}
}

func (d *document) validateDirectory(v Directory) {
	if len(v.Partners) == 0 {
		d.missing("partners", "a list of partners")
	}
	for i, p := range v.Partners {
		at := item("partners", i)
		d.validateID(child(at, "id"), p.ID)
		if first := slices.IndexFunc(v.Partners, func(o Partner) bool { return o.ID == p.ID }); first < i && p.ID != "" {
			d.report(child(at, "id"), "%q is the id of partners[%d] too; expected another one", p.ID, first)
		}
		d.validateText(child(at, "short"), p.Short, maxShort, `the name on the button, such as "CAF"`)
		if first := slices.IndexFunc(v.Partners, func(o Partner) bool { return o.Short == p.Short }); first < i && p.Short != "" {
			d.report(child(at, "short"), "%s is the short name of partners[%d] too; expected another one", quoted(p.Short), first)
		}
		d.validateTranslations(child(at, "name"), p.Name, maxName)
		d.validateTranslations(child(at, "about"), p.About, maxAbout)
		d.validatePhone(child(at, "phone"), p.Phone, true)
		if !slices.Contains(icons(), p.Icon) {
			d.report(child(at, "icon"), "%s is not an icon; %s", quoted(p.Icon), instead(p.Icon, icons()))
		}
		d.validateHours(child(at, "hours"), p.Hours)
		d.validateClosed(child(at, "closed"), p.Closed)
		validateRanges(d, at, partnerRanges(), p)
	}
	d.validateNeeds(v)
	d.validateOtherSites(v.Sites)
}

// validateReferences looks for the site's partners in the directory.
func (d *document) validateReferences(s Site, directory []Partner) {
	var known []string
	for _, p := range directory {
		if p.ID != "" && !slices.Contains(known, p.ID) {
			known = append(known, p.ID)
		}
	}
	for i, p := range s.Partners {
		if p.ID != "" && !slices.Contains(known, p.ID) {
			d.report(child(item("partners", i), "id"), "%s is not in the partner directory; %s", quoted(p.ID), instead(p.ID, known))
		}
	}
}

func (d *document) validateID(path, id string) {
	switch {
	case id == "":
		d.missing(path, expectedID)
	case len(id) > maxID:
		d.report(path, "%s is too long; expected at most %d characters", quoted(id), maxID)
	case !validID.MatchString(id):
		d.report(path, "%s is not an id; expected %s", quoted(id), expectedID)
	}
}

func (d *document) validateText(path, text string, most int, expected string) {
	switch {
	case strings.TrimSpace(text) == "":
		d.missing(path, expected)
	case strings.TrimSpace(text) != text:
		d.report(path, "%s begins or ends with white space; remove it", quoted(text))
	case strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsGraphic(r) }):
		d.report(path, "%s has a line break or a control character; write it on one line", quoted(text))
	case utf8.RuneCountInString(text) > most:
		d.report(path, "%s is too long, %d characters; expected at most %d", quoted(text), utf8.RuneCountInString(text), most)
	}
}

func (d *document) validateTranslations(path string, t Text, most int) {
	if t == nil {
		d.missing(path, expectedText)
		return
	}
	if _, ok := t["fr"]; !ok {
		d.missing(child(path, "fr"), "the text in French")
	}
	for language, text := range t {
		at := child(path, language)
		d.validateLanguage(at, language)
		d.validateText(at, text, most, "a text")
	}
}

func (d *document) validateLanguage(path, language string) {
	if !slices.Contains(languages(), language) {
		d.report(path, "%s is not a language of the touchscreen; expected %s", quoted(language), oneOf(languages()))
	}
}

func (d *document) validatePhone(path string, phone Phone, required bool) {
	text := string(phone)
	digits := strings.ReplaceAll(text, " ", "")
	other := strings.IndexFunc(digits, func(r rune) bool { return r < '0' || r > '9' })
	_, given := d.at[path]
	switch {
	case digits == "":
		if required || given || text != "" {
			d.missing(path, expectedPhone)
		}
	case other >= 0:
		r, _ := utf8.DecodeRuneInString(digits[other:])
		d.report(path, "%s has %q in it; expected digits and spaces only, %s", quoted(text), string(r), expectedPhone)
	case validPhone.MatchString(text):
	case len(digits) > 10:
		d.report(path, "%s is too long; expected %s", quoted(text), expectedPhone)
	case len(digits) < 10 && len(digits) != 4 || len(digits) == 4 && digits[0] == '0':
		d.report(path, "%s is too short; expected %s", quoted(text), expectedPhone)
	case strings.HasPrefix(text, " ") || strings.HasSuffix(text, " ") || strings.Contains(text, "  "):
		d.report(path, "%s has a space too many; expected single spaces between digits", quoted(text))
	case len(digits) == 4:
		d.report(path, "%s is not a short number; expected one that begins with 1 or 3, such as 3230", quoted(text))
	default:
		d.report(path, "%s is not a number in France; expected 10 digits that begin with 01 to 09", quoted(text))
	}
}

func (d *document) validateHours(path string, h Hours) {
	if h.Week() == 0 {
		d.missing(path, expectedHours)
	}
	for _, day := range weekdays() {
		at := child(path, dayName(day))
		for i, s := range h[day] {
			switch {
			case s.From < 0 || s.To > 24*60:
				d.report(item(at, i), "%q is outside of the day; expected 00:00 to 24:00", s)
			case s.From >= s.To:
				d.report(item(at, i), "%q ends before it begins; expected the earlier time first, and a night as two spans, to 24:00 and from 00:00", s)
			case i == 0 || s.From >= h[day][i-1].To:
			case s.To <= h[day][i-1].From:
				d.report(item(at, i), "%q comes after %q; expected the earlier one first", s, h[day][i-1])
			default:
				d.report(item(at, i), "%q overlaps %q; expected one span, or two that do not meet", s, h[day][i-1])
			}
		}
	}
}

func (d *document) validateClosed(path string, closed []Days) {
	for i, c := range closed {
		from, err1 := time.Parse(time.DateOnly, c.From)
		to, err2 := time.Parse(time.DateOnly, c.To)
		switch {
		case err1 != nil || err2 != nil:
			d.report(item(path, i), "%s is not a date; expected %s", quoted(c.String()), expectedDate)
		case to.Before(from):
			d.report(item(path, i), "%s ends before it begins; expected the earlier date first", quoted(c.String()))
		}
	}
}

func (d *document) validateHub(path, hub string) {
	if hub == "" {
		d.missing(path, expectedHub)
		return
	}
	u, err := url.Parse(hub)
	switch {
	case err != nil:
		d.report(path, "%s is not an address; expected %s", quoted(hub), expectedHub)
	case u.Scheme != "ws" && u.Scheme != "wss":
		d.report(path, "%s does not begin with wss://, or ws:// on a developer's machine; expected %s", quoted(hub), expectedHub)
	case u.Hostname() == "" || !validPort(u):
		d.report(path, "%s has no host, or a wrong port; expected %s", quoted(hub), expectedHub)
	case u.User != nil || u.Path != "" || u.RawQuery != "" || u.ForceQuery || u.Fragment != "" || strings.HasSuffix(hub, "#"):
		d.report(path, "%s has more than a host and a port; expected %s", quoted(hub), expectedHub)
	}
}

func validPort(u *url.URL) bool {
	if u.Port() == "" {
		return !strings.HasSuffix(u.Host, ":")
	}
	port, err := strconv.ParseUint(u.Port(), 10, 16)
	return err == nil && port > 0
}

func (d *document) validateDevice(at, device, example string) {
	if _, given := d.at[at]; device == "" && !given {
		return
	}
	if device != Simulated && (!strings.HasPrefix(device, "/dev/") || path.Clean(device) != device) {
		d.report(at, "%s is not a device; expected %q, or a path such as %q", quoted(device), Simulated, example)
	}
}

// openFor writes how long hours are in a week: "24 h", "23 h 30 min".
func openFor(h Hours) string {
	week := h.Week()
	text := fmt.Sprintf("%d h", int(week.Hours()))
	if minutes := int(week.Minutes()) % 60; minutes > 0 {
		text += fmt.Sprintf(" %d min", minutes)
	}
	return text
}
