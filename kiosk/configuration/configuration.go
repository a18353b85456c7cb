// Package configuration keeps the booth's configuration by the hub's: it asks for
// what is in force at the booth's site, reads it with the code that will use it,
// keeps it, and hands it to the state machine, which applies it between sessions.
//
// It writes one file and the one before it in the booth's folder. A file holds the
// site and the partner directory together, so that a power cut leaves the old pair
// or the new one. What cannot be read never takes the place of what can: the hub is
// told why, and the booth goes on with what it has. Without a hub it goes on too,
// and after a restart as well. Nothing is believed that would make the booth that of
// another site, or send it to another hub. Run owns its one goroutine.
package configuration

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"time"
	"unicode"

	"loiret.fr/visioborne/config"
	"loiret.fr/visioborne/hub/wire"
	"loiret.fr/visioborne/kiosk/booth"
	"loiret.fr/visioborne/kiosk/durable"
)

// The files. The second is what the first was before.
const (
	keptFile   = "configuration.json"
	beforeFile = "configuration.before.json"
)

// What mistakes call the texts.
const (
	siteName     = "site.yaml"
	partnersName = "partners.yaml"
)

const (
	// askInterval is how often the hub is asked, beside when it says that there is something.
	askInterval = 10 * time.Minute
	// retryInterval is how soon it is asked again when it did not answer.
	retryInterval = 30 * time.Second
	// maxFile is more than the two texts take: they come in one message.
	maxFile = 4 * wire.MaxBytes
)

// Kept is a configuration as the booth keeps it.
type Kept struct {
	// Version is the hub's number; 0 for what came with the enrolment, until the hub has told.
	Version  int    `json:"version"`
	Site     string `json:"site_yaml"`
	Partners string `json:"partners_yaml"`
}

// Load reads what the booth of a site goes by: what the hub sent last, else what it sent before, else the files of the
// enrolment, the first of them that this service can use. What it passed over is an error beside the configuration; the
// configuration is nil when none of them can be used.
func Load(folder, site, siteFile, partnersFile string) (Kept, *config.Booth, error) {
	var passed []error
	for _, name := range []string{keptFile, beforeFile} {
		k, err := readKept(filepath.Join(folder, name))
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		b := (*config.Booth)(nil)
		if err == nil {
			b, err = k.read()
		}
		if err == nil && b.Site.ID != site {
			err = fmt.Errorf("it is of site %.40q; expected %q", b.Site.ID, site)
		}
		if err == nil {
			return k, b, errors.Join(passed...)
		}
		passed = append(passed, fmt.Errorf("reading %s: %w", name, err))
	}
	var k Kept
	for _, f := range []struct {
		name string
		to   *string
	}{{siteFile, &k.Site}, {partnersFile, &k.Partners}} {
		text, err := os.ReadFile(f.name)
		if err != nil {
			return Kept{}, nil, errors.Join(append(passed, fmt.Errorf("reading the configuration of the enrolment: %w", err))...)
		}
		*f.to = string(text)
	}
	b, err := k.read()
	if err != nil {
		return Kept{}, nil, errors.Join(append(passed, err)...)
	}
	return k, b, errors.Join(passed...)
}

func readKept(file string) (Kept, error) {
	f, err := os.Open(file)
	if err != nil {
		return Kept{}, err
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	if err != nil {
		return Kept{}, err
	}
	return decode(b)
}

// decode reads a file. It knows the fields of newer services too, and leaves them out.
func decode(b []byte) (Kept, error) {
	if len(b) > maxFile {
		return Kept{}, fmt.Errorf("it is larger than %d bytes", maxFile)
	}
	var k Kept
	if err := json.Unmarshal(b, &k); err != nil {
		return Kept{}, err
	}
	if k.Version < 0 {
		return Kept{}, fmt.Errorf("version %d; expected 0 or more", k.Version)
	}
	return k, nil
}

func (k Kept) read() (*config.Booth, error) {
	return config.Read(config.Source{Name: siteName, Text: []byte(k.Site)}, config.Source{Name: partnersName, Text: []byte(k.Partners)})
}

func (k Kept) sum() string { return wire.ConfigurationSum(k.Site, k.Partners) }

// Wipe forgets what the hub sent: the booth is to be another site's.
func Wipe(folder string) error {
	var errs []error
	for _, name := range []string{keptFile, beforeFile} {
		if err := os.Remove(filepath.Join(folder, name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			errs = append(errs, fmt.Errorf("forgetting the site's configuration: %w", err))
		}
	}
	return errors.Join(errs...)
}

// Options are what a Keeper needs.
type Options struct {
	// Folder holds the files. Kept and Running are what Load gave.
	Folder  string
	Kept    Kept
	Running *config.Booth
	// Ask asks the hub; sum is that of what the booth has.
	Ask  func(ctx context.Context, sum string) (wire.Configuration, error)
	Post func(booth.Event)
	Log  *slog.Logger
}

// Keeper keeps the configuration by the hub's.
type Keeper struct {
	options Options
	news    chan struct{} // one slot: there may be another one

	// What follows is Run's alone.
	kept      Kept
	announced wire.ComingConfiguration
}

// New returns a Keeper that Run starts.
func New(o Options) *Keeper {
	return &Keeper{options: o, kept: o.Kept, news: make(chan struct{}, 1)}
}

// News tells that the hub is there, or may have another configuration.
func (k *Keeper) News() {
	select {
	case k.news <- struct{}{}:
	default:
	}
}

// Run asks the hub until ctx ends, from the first News on.
func (k *Keeper) Run(ctx context.Context) error {
	if k.kept.Version > 0 {
		k.options.Post(booth.ConfigurationTold{Version: k.kept.Version})
	}
	var due <-chan time.Time
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-k.news:
		case <-due:
		}
		wait := retryInterval
		c, err := k.options.Ask(ctx, k.kept.sum())
		if err == nil {
			k.take(c)
			wait = askInterval + rand.N(askInterval/10) // not all booths at the same moment
		} else if ctx.Err() == nil {
			k.options.Log.Warn("the site's configuration is not known to be the hub's", "error", err)
		}
		due = time.After(wait)
	}
}

// take does what the hub's answer asks for.
func (k *Keeper) take(c wire.Configuration) {
	o := k.options
	k.announce(c.Coming)
	if c.Sum == k.kept.sum() {
		if c.Version != k.kept.Version {
			k.kept.Version = c.Version
			if err := k.keep(k.kept); err != nil { // it is told again
				o.Log.Warn("keeping the number of the site's configuration", "error", err)
			}
		}
		o.Post(booth.ConfigurationTold{Version: c.Version})
		return
	}
	next := Kept{Version: c.Version, Site: c.SiteYAML, Partners: c.PartnersYAML}
	b, err := config.ReadChange(o.Running.Site,
		config.Source{Name: siteName, Text: []byte(next.Site)}, config.Source{Name: partnersName, Text: []byte(next.Partners)})
	if err == nil {
		err = k.replace(next)
	}
	if err != nil {
		o.Log.Warn("a configuration is refused; the one in force stays", "version", c.Version, "error", err)
		o.Post(booth.ConfigurationRefused{Version: c.Version, Why: why(err)})
		return
	}
	restart := needsRestart(o.Running.Site, b.Site)
	o.Log.Info("another configuration; it is applied when nobody is there", "version", c.Version, "restart", restart)
	o.Post(booth.ConfigurationReceived{Version: c.Version, Config: b, Restart: restart})
}

func (k *Keeper) announce(c *wire.ComingConfiguration) {
	now := wire.ComingConfiguration{}
	if c != nil {
		now = *c
	}
	if now == k.announced {
		return
	}
	k.announced = now
	if c == nil {
		k.options.Post(booth.ConfigurationAnnounced{})
		return
	}
	k.options.Post(booth.ConfigurationAnnounced{Coming: &booth.Coming{Nature: c.Nature, From: c.From}})
}

// replace keeps a configuration, and the one before it.
func (k *Keeper) replace(next Kept) error {
	b, err := json.Marshal(k.kept)
	if err == nil {
		err = durable.WriteFile(filepath.Join(k.options.Folder, beforeFile), b)
	}
	if err != nil {
		return fmt.Errorf("keeping the configuration before: %w", err)
	}
	if err := k.keep(next); err != nil {
		return err
	}
	k.kept = next
	return nil
}

func (k *Keeper) keep(what Kept) error {
	b, err := json.Marshal(what)
	if err == nil {
		err = durable.WriteFile(filepath.Join(k.options.Folder, keptFile), b)
	}
	if err != nil {
		return fmt.Errorf("keeping the configuration: %w", err)
	}
	return nil
}

// why is an error on one line, cut where it is long.
func why(err error) string {
	text := err.Error()
	var mistakes config.Mistakes
	if errors.As(err, &mistakes) && len(mistakes) > 0 {
		text = mistakes[0].String()
		if more := len(mistakes) - 1; more > 0 {
			text = fmt.Sprintf("(1/%d) %s", len(mistakes), text)
		}
	}
	text = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(text, "�"))
	if len(text) > wire.MaxRefusal {
		text = strings.ToValidUTF8(text[:wire.MaxRefusal-len("…")], "") + "…"
	}
	return text
}

// needsRestart: something differs that the service reads when it starts. What the state machine reads at each step is
// listed here; whatever else a site has takes a restart, so that nobody has to remember a new field.
func needsRestart(running, next config.Site) bool {
	next.Name, next.Phone, next.Managers, next.Position = running.Name, running.Phone, running.Managers, running.Position
	next.Partners, next.Hours, next.Closed = running.Partners, running.Hours, running.Closed
	next.Languages, next.Limits = running.Languages, running.Limits
	return !reflect.DeepEqual(running, next)
}
