package config

import (
	_ "embed"
	"regexp"
	"slices"
	"strings"
)

// Grid is the layout of the monthly grid of attendance figures, as one YAML file describes it.
type Grid struct {
	// Threshold is the least number that is published where people are counted: smaller ones are secret, but not 0. 5 when absent.
	Threshold int `yaml:"threshold,omitempty" json:"threshold,omitempty"`
	// SettleDays is how many days after its end a month is published. Until then agents write their rows. 10 when absent.
	SettleDays int `yaml:"settle_days,omitempty" json:"settle_days,omitempty"`
	// PromisedHours are the hours a week in which a site promises to be open. 24 when absent.
	PromisedHours int `yaml:"promised_hours,omitempty" json:"promised_hours,omitempty"`
	// Rows are the grid's rows, in their order.
	Rows []GridRow `yaml:"rows" json:"rows"`
}

// GridRow is a row of the grid.
type GridRow struct {
	// ID names the row in what is kept: lower-case letters, digits and hyphens. A row with another id is another row.
	ID string `yaml:"id" json:"id"`
	// Title is what people read.
	Title string `yaml:"title" json:"title"`
	// Section is the heading above the rows that share it. None when absent.
	Section string `yaml:"section,omitempty" json:"section,omitempty"`
	// Kind says where the row's numbers come from: counts, hand (the site's agent writes them), hours (open) or promised (hours). "counts" when absent.
	Kind string `yaml:"kind,omitempty" json:"kind,omitempty"`
	// By is how fine the row is: partner, or site (all partners together). "site" when absent.
	By string `yaml:"by,omitempty" json:"by,omitempty"`
	// Counts are the words whose counts the row adds up, with kind counts. A word that ends in * stands for all that begin so.
	Counts []string `yaml:"counts,omitempty" json:"counts,omitempty"`
}

// The kinds of a grid's rows, and how fine they are.
const (
	RowCounts   = "counts"
	RowHand     = "hand"
	RowHours    = "hours"
	RowPromised = "promised"

	ByPartner = "partner"
	BySite    = "site"
)

func rowKinds() []string { return []string{RowCounts, RowHand, RowHours, RowPromised} }

func fineness() []string { return []string{BySite, ByPartner} }

func (g *Grid) setDefaults() { g.Threshold, g.SettleDays, g.PromisedHours = 5, 10, 24 }

func (r *GridRow) setDefaults() { r.Kind, r.By = RowCounts, BySite }

// WordOpen is the word of a quarter of an hour in which a booth was open.
const WordOpen = "open_quarter"

// CountWords are the words that booths count by, in alphabetical order.
func CountWords() []string {
	words := []string{
		"session", "session_touch", "session_presence", "call_wanted", "call_back", "call_passed_on", "call_answered", "call_abandoned", "phone_shown", "help_shown", "help_asked", WordOpen,
		"wait_under_1_min", "wait_1_to_5_min", "wait_5_to_15_min", "wait_over_15_min",
		"talk_under_5_min", "talk_5_to_15_min", "talk_15_to_30_min", "talk_over_30_min",
		"failed_partner_closed", "failed_hub_unreachable", "failed_refused", "failed_no_answer", "failed_media",
		"failed_device", "failed_call_lost", "failed_adviser_lost", "failed_too_long",
		"poor_sound", "poor_picture", "poor_delay", "poor_interrupted",
		"setup_no_answer", "setup_no_path", "setup_no_keys", "setup_no_media", "setup_page_closed",
		"helped_yes", "helped_partly", "helped_no", "quality_good", "quality_poor",
	}
	for _, l := range languages() {
		words = append(words, "language_"+strings.ReplaceAll(l, "-", "_"))
	}
	slices.Sort(words)
	return words
}

// Counted tells whether a row adds up a word.
func (r GridRow) Counted(word string) bool {
	switch r.Kind {
	case RowHours:
		return word == WordOpen
	case RowCounts:
		return slices.ContainsFunc(r.Counts, func(w string) bool { return matchesWord(w, word) })
	}
	return false
}

func matchesWord(pattern, word string) bool {
	if prefix, ok := strings.CutSuffix(pattern, "*"); ok {
		return strings.HasPrefix(word, prefix)
	}
	return pattern == word
}

// What a grid's values may be. The JSON Schema says the same.
const (
	wordPattern   = `^[a-z0-9_]+\*?$`
	minThreshold  = 3
	maxThreshold  = 50
	minSettleDays = 3
	maxSettleDays = 60
	maxPromised   = 7 * 24
	maxRows       = 60
)

var validWord = regexp.MustCompile(wordPattern)

//go:embed loiret/grid.yaml
var defaultGrid []byte

// DefaultGrid is the layout where none is given: the Loiret's.
func DefaultGrid() (Grid, error) {
	d := parse("grid.yaml", defaultGrid)
	return d.grid(), join(d.mistakes)
}

// LoadGrid reads a grid's layout. What is wrong in it is an error of type Mistakes.
func LoadGrid(file string) (Grid, error) {
	return load(file, (*document).grid)
}

func (d *document) grid() Grid { return whole(d, (*document).validateGrid) }

func (d *document) validateGrid(g Grid) {
	if g.Threshold < minThreshold || g.Threshold > maxThreshold {
		d.report("threshold", "%d is out of range; expected %d to %d: below, people could be known by a number", g.Threshold, minThreshold, maxThreshold)
	}
	if g.SettleDays < minSettleDays || g.SettleDays > maxSettleDays {
		d.report("settle_days", "%d is out of range; expected %d to %d days", g.SettleDays, minSettleDays, maxSettleDays)
	}
	if g.PromisedHours < 1 || g.PromisedHours > maxPromised {
		d.report("promised_hours", "%d is out of range; expected 1 to %d hours a week", g.PromisedHours, maxPromised)
	}
	if len(g.Rows) == 0 {
		d.missing("rows", "a list of rows")
	}
	if len(g.Rows) > maxRows {
		d.report("rows", "has %d rows; expected at most %d", len(g.Rows), maxRows)
	}
	for i, r := range g.Rows {
		at := item("rows", i)
		d.validateID(child(at, "id"), r.ID)
		if first := slices.IndexFunc(g.Rows, func(o GridRow) bool { return o.ID == r.ID }); first < i && r.ID != "" {
			d.report(child(at, "id"), "%q is the id of rows[%d] too; expected another one", r.ID, first)
		}
		d.validateText(child(at, "title"), r.Title, maxName, "what people read")
		if _, given := d.at[child(at, "section")]; given || r.Section != "" {
			d.validateText(child(at, "section"), r.Section, maxName, "the heading above the row")
		}
		d.validateGridRow(at, r)
	}
}

func (d *document) validateGridRow(at string, r GridRow) {
	kind, by, counts := child(at, "kind"), child(at, "by"), child(at, "counts")
	if !slices.Contains(rowKinds(), r.Kind) {
		d.report(kind, "%s is not a kind of row; %s", quoted(r.Kind), instead(r.Kind, rowKinds()))
	}
	switch {
	case !slices.Contains(fineness(), r.By):
		d.report(by, "%s is not how fine a row can be; %s", quoted(r.By), instead(r.By, fineness()))
	case r.By == ByPartner && r.Kind != RowCounts:
		d.report(by, "is partner, but a row of kind %s has no partners; expected site", quoted(r.Kind))
	}
	if r.Kind != RowCounts {
		if len(r.Counts) > 0 {
			d.report(counts, "is there, but the row's kind is %s; remove one of them", quoted(r.Kind))
		}
		return
	}
	if len(r.Counts) == 0 {
		d.missing(counts, `the words that the row adds up, such as ["call_wanted"]`)
	}
	for i, w := range r.Counts {
		path := item(counts, i)
		switch known := CountWords(); {
		case w == "":
			d.missing(path, `a word such as "call_wanted"`)
		case !validWord.MatchString(w):
			d.report(path, `%s is not a word; expected one such as "call_wanted", or "failed_*" for all that begin so`, quoted(w))
		case w == WordOpen:
			d.report(path, `%s is counted by the quarter of an hour; expected kind: hours, without counts`, quoted(w))
		case !slices.ContainsFunc(known, func(k string) bool { return matchesWord(w, k) }):
			d.report(path, "no booth counts %s; %s", quoted(w), instead(w, known))
		}
		if first := slices.Index(r.Counts, w); first < i && w != "" {
			d.report(path, "%q is listed twice, first as counts[%d]; remove one", w, first)
		}
	}
}
