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
	return build(siteDocument, partnersDocument, func(*document, Site) {})
}

// LoadWith reads a site whose partner directory is known already: a hub with thousands of sites reads the directory once. What is wrong
// in the site's file is an error of type Mistakes.
func LoadWith(siteFile string, directory Directory) (*Booth, error) {
	d, err := open(siteFile)
	if err != nil {
		return nil, err
	}
	site := d.site()
	if d.root != nil {
		d.validateReferences(site, directory.Partners)
	}
	if err := join(d.mistakes); err != nil {
		return nil, err
	}
	return newBooth(site, directory), nil
}

// LoadSite reads a site without looking for its partners in a directory.
func LoadSite(file string) (Site, error) {
	return load(file, (*document).site)
}

// load reads one file by itself. What is wrong in it is an error of type Mistakes, and the value then the zero one.
func load[T any](file string, read func(*document) T) (T, error) {
	var none T
	d, err := open(file)
	if err != nil {
		return none, err
	}
	v := read(d)
	if err := join(d.mistakes); err != nil {
		return none, err
	}
	return v, nil
}

// LoadPartners reads the partners of the partner directory.
func LoadPartners(file string) ([]Partner, error) {
	directory, err := LoadDirectory(file)
	return directory.Partners, err
}

// LoadDirectory reads the partner directory.
func LoadDirectory(file string) (Directory, error) { return load(file, (*document).directory) }

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

// whole decodes a document and notes what is wrong in it.
func whole[T any](d *document, validate func(*document, T)) T {
	var v T
	if d.root != nil {
		d.decode(d.root, "", &v)
		validate(d, v)
	}
	return v
}

func (d *document) site() Site { return whole(d, (*document).validateSite) }

func (d *document) directory() Directory { return whole(d, (*document).validateDirectory) }
