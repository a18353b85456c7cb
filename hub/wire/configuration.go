package wire

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"time"
	"unicode/utf8"
)

// AskConfiguration: a booth asks for its site's configuration. The hub sends an empty one when there is another to ask for.
type AskConfiguration struct {
	// Sum is that of the configuration that the booth has; "" when it has none.
	Sum string `json:"sum,omitempty"`
}

// Validate checks the sum.
func (m AskConfiguration) Validate() error {
	if m.Sum == "" {
		return nil
	}
	return CheckSum("sum", m.Sum)
}

// Configuration answers AskConfiguration: what is in force at the booth's site, and what is announced.
type Configuration struct {
	// Version counts from 1, of each site by itself.
	Version int `json:"version"`
	// Sum is that of the two texts: the site's file and the partner directory. They are "" when the booth has them.
	Sum          string `json:"sum"`
	SiteYAML     string `json:"site_yaml,omitempty"`
	PartnersYAML string `json:"partners_yaml,omitempty"`
	// Coming is the next change that is announced; nil when none is.
	Coming *ComingConfiguration `json:"coming,omitempty"`
}

// ComingConfiguration is a change that the site's managers have been told of.
type ComingConfiguration struct {
	Version int `json:"version"`
	// Nature is what changes, in plain French.
	Nature string    `json:"nature"`
	From   time.Time `json:"from"`
}

// MaxNature is how long the words of a change may be, in bytes.
const MaxNature = 300

// ConfigurationSum tells one configuration from another: the SHA-256 of its texts, in hexadecimal.
func ConfigurationSum(siteYAML, partnersYAML string) string {
	one := sha256.Sum256([]byte(siteYAML))
	both := sha256.Sum256(append(one[:], partnersYAML...))
	return hex.EncodeToString(both[:])
}

// Validate checks the fields, and that the texts are those of the sum.
func (m Configuration) Validate() error {
	errs := []error{version("version", m.Version, 1), CheckSum("sum", m.Sum)}
	if !utf8.ValidString(m.SiteYAML) || !utf8.ValidString(m.PartnersYAML) {
		errs = append(errs, errors.New("site_yaml, partners_yaml: not UTF-8"))
	}
	if m.SiteYAML+m.PartnersYAML != "" && ConfigurationSum(m.SiteYAML, m.PartnersYAML) != m.Sum {
		errs = append(errs, errors.New("sum: not that of the texts"))
	}
	if c := m.Coming; c != nil {
		errs = append(errs, version("coming.version", c.Version, 1), text("coming.nature", c.Nature, 1, MaxNature), notZero("coming.from", c.From))
	}
	return errors.Join(errs...)
}

// BoothConfiguration is what the hotline sees of a booth's configuration.
type BoothConfiguration struct {
	// Version is the one in force on the booth; 0 while the booth has not heard its number.
	Version int `json:"version"`
	// Waiting is one that waits for the end of a session; 0 when none does.
	Waiting int `json:"waiting,omitempty"`
	// Refused is one that the booth cannot use, and Reason why, as config's mistakes say it; 0 when there is none.
	Refused int    `json:"refused,omitempty"`
	Reason  string `json:"reason,omitempty"`
}

// MaxRefusal is how long the reason of a refusal may be, in bytes.
const MaxRefusal = 400

// Validate checks the fields.
func (m BoothConfiguration) Validate() error {
	return errors.Join(version("configuration.version", m.Version, 0), version("configuration.waiting", m.Waiting, 0),
		version("configuration.refused", m.Refused, 0), text("configuration.reason", m.Reason, 0, MaxRefusal))
}

func version(field string, n, least int) error {
	if n < least || n > maxCount {
		return fmt.Errorf("%s: %d is not in %d to %d", field, n, least, maxCount)
	}
	return nil
}
