// Package directory is what the hub knows of sites and partners: it reads the
// same files as the booths, so that both go by the same opening hours.
//
// It reads files when it is opened, and nothing afterwards. Of a site it has what is
// in force there: what the files say until Set says otherwise (package hub/sites).
package directory

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"loiret.fr/visioborne/config"
	"loiret.fr/visioborne/hub/wire"
)

// Directory is every site with its partners, and every partner.
type Directory struct {
	all          config.Directory
	partnersText string

	mu    sync.RWMutex
	sites map[string]*config.Booth
	texts map[string]texts
	named []config.Site   // every site, in alphabetical order of the names; nil when it is to be made anew
	takes map[string]bool // by the text of a partner directory: config.TakesSites
}

// texts are a site's file and the partner directory, as they are, for its booth.
type texts struct{ site, partners string }

// Open reads the partner directory and the sites: files and folders of *.yaml files, with commas between them.
func Open(partnersFile, sites string) (*Directory, error) {
	all, err := config.LoadDirectory(partnersFile)
	if err != nil {
		return nil, fmt.Errorf("reading partners: %w", err)
	}
	files, err := list(sites)
	if err != nil {
		return nil, fmt.Errorf("reading sites: %w", err)
	}
	text, err := os.ReadFile(partnersFile)
	if err != nil {
		return nil, fmt.Errorf("reading partners: %w", err)
	}
	d := &Directory{
		all: all, partnersText: string(text), sites: map[string]*config.Booth{}, texts: map[string]texts{}, takes: map[string]bool{},
	}
	// Thousands of sites take a while to read, for which booths wait.
	booths, errs := make([]*config.Booth, len(files)), make([]error, len(files))
	var reading errgroup.Group
	reading.SetLimit(runtime.GOMAXPROCS(0))
	for i, f := range files {
		reading.Go(func() error {
			booths[i], errs[i] = config.LoadWith(f, all)
			return nil
		})
	}
	_ = reading.Wait() // errs has each file's
	first := map[string]string{}
	zones := map[string]*time.Location{}
	for i, f := range files {
		b := booths[i]
		if errs[i] != nil {
			continue
		}
		// Nearly all sites have the same time zone, which is not to be in memory for each.
		if zone, known := zones[b.Site.Timezone]; known {
			b.Location = zone
		} else {
			zones[b.Site.Timezone] = b.Location
		}
		if other, taken := first[b.Site.ID]; taken {
			errs = append(errs, fmt.Errorf("%s: id: %q is the id of %s too; expected another one", f, b.Site.ID, other))
			continue
		}
		first[b.Site.ID] = f
		text, err := os.ReadFile(f)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		d.sites[b.Site.ID], d.texts[b.Site.ID] = b, texts{string(text), d.partnersText}
	}
	if err := errors.Join(errs...); err != nil {
		return nil, fmt.Errorf("reading sites: %w", err)
	}
	return d, nil
}

// list names the files that sites stands for.
func list(sites string) ([]string, error) {
	var files []string
	for _, name := range strings.Split(sites, ",") {
		if name == "" {
			continue
		}
		info, err := os.Stat(name)
		if err != nil {
			return nil, err
		}
		if !info.IsDir() {
			files = append(files, name)
			continue
		}
		entries, err := os.ReadDir(name)
		if err != nil {
			return nil, err
		}
		before := len(files)
		for _, e := range entries {
			if ext := filepath.Ext(e.Name()); !e.IsDir() && (ext == ".yaml" || ext == ".yml") {
				files = append(files, filepath.Join(name, e.Name()))
			}
		}
		if len(files) == before {
			return nil, fmt.Errorf("folder %s has no .yaml file", name)
		}
	}
	if len(files) == 0 {
		return nil, errors.New("no file is given; expected files and folders with commas between them")
	}
	return files, nil
}

// Partners lists every partner, in the order of the file.
func (d *Directory) Partners() []config.Partner { return slices.Clone(d.all.Partners) }

// Partner finds a partner.
func (d *Directory) Partner(id string) (config.Partner, bool) {
	for _, p := range d.all.Partners {
		if p.ID == id {
			return p, true
		}
	}
	return config.Partner{}, false
}

// Need finds what citizens come for.
func (d *Directory) Need(id string) (config.Need, bool) {
	for _, n := range d.all.Needs {
		if n.ID == id {
			return n, true
		}
	}
	return config.Need{}, false
}

// Sites lists every site's id and name, in alphabetical order of the names.
func (d *Directory) Sites() []config.Site {
	return slices.Clone(d.inOrder())
}

// inOrder is Sites, not to be changed.
func (d *Directory) inOrder() []config.Site {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.named == nil {
		for _, b := range d.sites {
			d.named = append(d.named, b.Site)
		}
		slices.SortFunc(d.named, func(a, b config.Site) int {
			return cmp.Or(strings.Compare(a.Name, b.Name), strings.Compare(a.ID, b.ID))
		})
	}
	return d.named
}

// Site finds a site and its partners.
func (d *Directory) Site(id string) (*config.Booth, bool) {
	d.mu.RLock()
	defer d.mu.RUnlock()
	b, ok := d.sites[id]
	return b, ok
}

// Files are a site's file and its partner directory, as they are.
func (d *Directory) Files(site string) (siteYAML, partnersYAML string, ok bool) {
	d.mu.RLock()
	defer d.mu.RUnlock()
	t, ok := d.texts[site]
	return t.site, t.partners, ok
}

// ForBooth is what a site's booth gets: its file, and the partner directory with the sites near it.
func (d *Directory) ForBooth(site string) (siteYAML, partnersYAML string, ok bool) {
	siteYAML, partnersYAML, ok = d.Files(site)
	return siteYAML, d.WithSites(site, partnersYAML), ok
}

// WithSites adds the sites near a site to the text of its partner directory.
func (d *Directory) WithSites(site, partnersYAML string) string {
	b, ok := d.Site(site)
	if !ok {
		return partnersYAML
	}
	d.mu.Lock()
	takes, known := d.takes[partnersYAML]
	if !known { // few texts, which thousands of sites have: to read one takes milliseconds
		takes = config.TakesSites(partnersYAML)
		d.takes[partnersYAML] = takes
	}
	d.mu.Unlock()
	if !takes {
		return partnersYAML
	}
	return config.AddSites(partnersYAML, b.Site, d.inOrder())
}

// PartnersFile is the partner directory as it was read.
func (d *Directory) PartnersFile() string { return d.partnersText }

// Set puts in force what a site has from now on, read from these texts.
func (d *Directory) Set(b *config.Booth, siteYAML, partnersYAML string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.sites[b.Site.ID], d.texts[b.Site.ID] = b, texts{siteYAML, partnersYAML}
	d.named = nil
}

// Refuse tells why a call from a site to a partner is not taken at a time; "" when it is.
func (d *Directory) Refuse(site, partner string, at time.Time) wire.Code {
	b, ok := d.Site(site)
	if !ok {
		return wire.CodeUnknownSite
	}
	p, ok := b.Partner(partner)
	if !ok {
		return wire.CodeUnknownPartner
	}
	if !b.PartnerOpening(p).At(at) {
		return wire.CodeClosed
	}
	return ""
}
