// Package directory is what the hub knows of sites and partners: it reads the
// same files as the booths, so that both go by the same opening hours.
//
// It reads files when it is opened, and nothing afterwards.
package directory

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"loiret.fr/visioborne/config"
	"loiret.fr/visioborne/hub/wire"
)

// Directory is every site with its partners, and every partner.
type Directory struct {
	sites    map[string]*config.Booth
	partners []config.Partner
	needs    []config.Need
	// The files, as they are, for the booths.
	siteTexts    map[string]string
	partnersText string
}

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
		sites: map[string]*config.Booth{}, partners: all.Partners, needs: all.Needs,
		siteTexts: map[string]string{}, partnersText: string(text),
	}
	first := map[string]string{}
	var errs []error
	for _, f := range files {
		b, err := config.Load(f, partnersFile)
		if err != nil {
			errs = append(errs, err)
			continue
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
		d.sites[b.Site.ID], d.siteTexts[b.Site.ID] = b, string(text)
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
func (d *Directory) Partners() []config.Partner { return slices.Clone(d.partners) }

// Partner finds a partner.
func (d *Directory) Partner(id string) (config.Partner, bool) {
	for _, p := range d.partners {
		if p.ID == id {
			return p, true
		}
	}
	return config.Partner{}, false
}

// Need finds what citizens come for.
func (d *Directory) Need(id string) (config.Need, bool) {
	for _, n := range d.needs {
		if n.ID == id {
			return n, true
		}
	}
	return config.Need{}, false
}

// Sites lists every site's id and name, in alphabetical order of the names.
func (d *Directory) Sites() []config.Site {
	var sites []config.Site
	for _, b := range d.sites {
		sites = append(sites, b.Site)
	}
	slices.SortFunc(sites, func(a, b config.Site) int { return strings.Compare(a.Name, b.Name) })
	return sites
}

// Site finds a site and its partners.
func (d *Directory) Site(id string) (*config.Booth, bool) {
	b, ok := d.sites[id]
	return b, ok
}

// Files are a site's file as it is, and the partner directory with the sites near it, for its booth.
func (d *Directory) Files(site string) (siteYAML, partnersYAML string, ok bool) {
	text, ok := d.siteTexts[site]
	if !ok {
		return "", "", false
	}
	return text, config.WithSites(d.partnersText, d.sites[site].Site, d.Sites()), true
}

// Refuse tells why a call from a site to a partner is not taken at a time; "" when it is.
func (d *Directory) Refuse(site, partner string, at time.Time) wire.Code {
	b, ok := d.sites[site]
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
