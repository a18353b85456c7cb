package config

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
)

// Load reads a site and the partner directory. What is wrong in them is an error of type Mistakes, for both files at once.
func Load(siteFile, partnersFile string) (*Booth, error) {
	siteDocument, err := open(siteFile)
	if err != nil {
		return nil, err
	}
	partnersDocument, err := open(partnersFile)
	if err != nil {
		return nil, err
	}
	site := siteDocument.site()
	directory := partnersDocument.directory()
	if siteDocument.root != nil && partnersDocument.root != nil {
		siteDocument.validateReferences(site, directory.Partners)
	}
	if err := join(siteDocument.mistakes, partnersDocument.mistakes); err != nil {
		return nil, err
	}
	return newBooth(site, directory.Partners), nil
}

// LoadSite reads a site without looking for its partners in a directory.
func LoadSite(file string) (Site, error) {
	d, err := open(file)
	if err != nil {
		return Site{}, err
	}
	site := d.site()
	if err := join(d.mistakes); err != nil {
		return Site{}, err
	}
	return site, nil
}

// LoadPartners reads the partner directory.
func LoadPartners(file string) ([]Partner, error) {
	d, err := open(file)
	if err != nil {
		return nil, err
	}
	directory := d.directory()
	if err := join(d.mistakes); err != nil {
		return nil, err
	}
	return directory.Partners, nil
}

// LoadSites reads all sites of a folder, its *.yaml files, by their ids.
func LoadSites(dir string) (map[string]Site, error) {
	files, err := os.ReadDir(dir)
	if err != nil {
		return nil, fmt.Errorf("reading folder of sites: %w", err)
	}
	sites := map[string]Site{}
	first := map[string]string{}
	var all []Mistakes
	for _, f := range files {
		if f.IsDir() || !slices.Contains([]string{".yaml", ".yml"}, filepath.Ext(f.Name())) {
			continue
		}
		d, err := open(filepath.Join(dir, f.Name()))
		if err != nil {
			return nil, err
		}
		site := d.site()
		d.claim(site.ID, first)
		sites[site.ID] = site
		all = append(all, d.mistakes)
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("reading folder of sites %s: it has no .yaml file", dir)
	}
	if err := join(all...); err != nil {
		return nil, err
	}
	return sites, nil
}

// claim reports a site's id that an earlier file has; first are the ids and their files.
func (d *document) claim(id string, first map[string]string) {
	if id == "" {
		return
	}
	if file, taken := first[id]; taken {
		d.report("id", "%s is the id of %s too; expected another one", quoted(id), file)
		return
	}
	first[id] = d.file
}

func (d *document) site() Site {
	var s Site
	if d.root == nil {
		return s
	}
	d.decode(d.root, "", &s)
	d.validateSite(s)
	return s
}

func (d *document) directory() Directory {
	var v Directory
	if d.root == nil {
		return v
	}
	d.decode(d.root, "", &v)
	d.validateDirectory(v)
	return v
}
