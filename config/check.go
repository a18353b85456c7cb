package config

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"
	"reflect"
	"slices"

	"github.com/goccy/go-yaml/ast"
)

// Check validates files for the person who wrote them: sites, grids, at most one partner directory, or all of them, in which case the
// partners of the sites are looked for in the directory. A settings file and a hub's file are known by their names. It writes to w one line for each mistake, and one for each file
// without; the error says how many mistakes there were.
func Check(w io.Writer, files []string) error {
	if len(files) == 0 {
		return fmt.Errorf("checking configuration: no file given")
	}
	type checked struct {
		file  string
		d     *document
		err   error
		site  Site
		about string // what a file without mistakes is
	}
	var all []*checked
	var directory *checked
	var partners []Partner
	ids := map[string]string{}
	for _, file := range files {
		c := &checked{file: file}
		all = append(all, c)
		if c.d, c.err = open(file); c.err != nil || c.d.root == nil {
			continue
		}
		switch {
		case filepath.Base(file) == SettingsFile:
			s := c.d.settings()
			c.about = "settings for the hub at " + s.Hub
			if s.Maintenance != nil {
				c.about += "; maintenance is open"
			}
		case filepath.Base(file) == HubFile:
			h := c.d.hub()
			c.about = "hub at " + h.Addr
		case isSite(c.d.root):
			c.site = c.d.site()
			c.d.claim(c.site.ID, ids)
			c.about = fmt.Sprintf("site %s, %s, open %s a week", c.site.ID, count(len(c.site.Partners), "partner"), openFor(c.site.Hours))
		case isGrid(c.d.root):
			g := c.d.grid()
			c.about = fmt.Sprintf("grid, %s, secret below %d", count(len(g.Rows), "row"), g.Threshold)
		case isDirectory(c.d.root):
			v := c.d.directory()
			c.about = "partner directory, " + count(len(v.Partners), "partner")
			if directory != nil {
				c.d.reportAt(c.d.at[""], "is a second partner directory, after %s; give one at a time", directory.file)
				continue
			}
			directory, partners = c, v.Partners
		default:
			c.d.reportAt(c.d.at[""], "is neither a site (id, name, hub, ...) nor a partner directory (partners) nor a grid (rows), and its name is not %s or %s", SettingsFile, HubFile)
		}
	}

	mistakes, wrong := 0, 0
	for _, c := range all {
		lines := []string{fmt.Sprintf("%s: ok (%s)", c.file, c.about)}
		if c.err != nil {
			// The line begins with the file already.
			reason := c.err
			if e := (*fs.PathError)(nil); errors.As(reason, &e) {
				reason = e.Err
			}
			lines = []string{fmt.Sprintf("%s: cannot be read: %v", c.file, reason)}
			mistakes++
			wrong++
		} else {
			if directory != nil && c.site.Partners != nil {
				c.d.validateReferences(c.site, partners)
			}
			if err := join(c.d.mistakes); err != nil {
				lines = []string{err.Error()}
				mistakes += len(c.d.mistakes)
				wrong++
			}
		}
		for _, line := range lines {
			if _, err := fmt.Fprintln(w, line); err != nil {
				return fmt.Errorf("writing the result of the check: %w", err)
			}
		}
	}
	if mistakes > 0 {
		return fmt.Errorf("checking configuration: %s in %s", count(mistakes, "mistake"), count(wrong, "file"))
	}
	return nil
}

func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// isSite tells a site by any field that only sites have.
func isSite(root ast.Node) bool {
	only := fieldNames(reflect.TypeFor[Site]())
	only = slices.DeleteFunc(only, func(name string) bool { return name == "partners" })
	return slices.ContainsFunc(keys(root), func(key string) bool { return slices.Contains(only, key) })
}

// isGrid tells a grid's layout, which has rows and neither partners nor a site's fields.
func isGrid(root ast.Node) bool { return slices.Contains(keys(root), "rows") }

func isDirectory(root ast.Node) bool { return slices.Contains(keys(root), "partners") }

func keys(root ast.Node) []string {
	m, ok := root.(ast.MapNode)
	if !ok {
		return nil
	}
	var all []string
	for pairs := m.MapRange(); pairs.Next(); {
		all = append(all, pairs.Key().GetToken().Value)
	}
	return all
}
