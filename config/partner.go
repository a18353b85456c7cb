package config

import (
	"strings"
	"time"
)

// Partner is an organisation that citizens can call, as the partner directory describes it.
type Partner struct {
	// ID names the partner in keys: lower-case letters, digits and hyphens ("caf", "adil").
	ID string `yaml:"id" json:"id"`
	// Short is the name on the button: "CAF", "ADIL-EIE".
	Short string `yaml:"short" json:"short"`
	// Name is the full name, by language; "fr" is required.
	Name Text `yaml:"name" json:"name"`
	// About says in a few plain words what the partner is for, by language; "fr" is required.
	About Text `yaml:"about" json:"about"`
	// Phone is the number that a citizen is given when video fails.
	Phone Phone `yaml:"phone" json:"phone"`
	// Icon is the name of one of the touchscreen's icons: family, health, retirement, housing, justice, help. "help" when absent.
	Icon string `yaml:"icon,omitempty" json:"icon,omitempty"`
	// Hours are when advisers answer, in the site's time zone.
	Hours Hours `yaml:"hours" json:"hours"`
	// Closed lists days and ranges of days on which nobody answers.
	Closed []Days `yaml:"closed,omitempty" json:"closed,omitempty"`
	// AnswerLimit is how long a citizen waits in line before the booth gives up and shows the telephone. 5 min when absent.
	AnswerLimit time.Duration `yaml:"answer_limit,omitempty" json:"answer_limit,omitempty"`
}

// defaultAnswerLimit is how long a citizen waits in line where the directory says nothing.
const defaultAnswerLimit = 5 * time.Minute

// defaultIcon is the picture of what has none of its own.
const defaultIcon = "help"

// icons are the pictures that the touchscreen has.
func icons() []string {
	return []string{"family", "health", "retirement", "housing", "justice", "help"}
}

func (p *Partner) setDefaults() {
	p.Icon = defaultIcon
	p.AnswerLimit = defaultAnswerLimit
}

// Directory is the file that describes the partners for all sites.
type Directory struct {
	// Partners are the organisations that booths can call.
	Partners []Partner `yaml:"partners" json:"partners"`
	// Groups are the groups of needs, in the order of the touchscreen's first page. Without them it begins with the partners.
	Groups []Group `yaml:"groups,omitempty" json:"groups,omitempty"`
	// Needs are what citizens come for, in the order in which the page of each group shows them.
	Needs []Need `yaml:"needs,omitempty" json:"needs,omitempty"`
	// Sites are the other sites that a booth may send a citizen to. The hub adds them to what it gives each booth; nobody
	// need write them.
	Sites []OtherSite `yaml:"sites,omitempty" json:"sites,omitempty"`
}

// Text is a text by language (BCP 47: "fr", "fr-simple", "en").
type Text map[string]string

// In returns the text in a language, or else in the language that it is a variant of (French for easy French), or else in
// French: whoever comes with a letter of the partner has its name in French before them.
func (t Text) In(language string) string {
	base, _, _ := strings.Cut(language, "-")
	for _, l := range []string{language, base} {
		if s, ok := t[l]; ok {
			return s
		}
	}
	return t["fr"]
}
