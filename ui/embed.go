// Package ui holds the built pages: the booth's touchscreen, the adviser's desk,
// the hotline's list, the monthly grid and the hub's accounts, each in a folder of its own. They are TypeScript, and
// `make ui` builds them into ui/dist, which is embedded here.
package ui

import (
	"embed"
	"io/fs"
)

//go:embed all:dist
var dist embed.FS

// FS returns all pages, each in the folder of its name. A page that has not
// been built is missing in it.
func FS() fs.FS {
	pages, err := fs.Sub(dist, "dist")
	if err != nil {
		// "dist" is a valid path, which is all that Sub looks at.
		panic(err)
	}
	return pages
}

// Page returns the files of one page.
func Page(name string) (fs.FS, error) {
	return fs.Sub(FS(), name)
}
