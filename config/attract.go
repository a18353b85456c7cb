package config

import (
	"path/filepath"
	"regexp"
	"strings"
)

// Attract names the Département's own picture and logo, for the screen of a booth that waits. The files are in the folder of
// the booth's settings (the card's VISIOBORNE partition), or beside the site's file where a booth has no such folder.
type Attract struct {
	// Picture is a JPEG or PNG file, shown over the whole width: "departement.jpg".
	Picture string `yaml:"picture,omitempty" json:"picture,omitempty"`
	// Logo is a PNG or SVG file, shown on white: "logo.svg".
	Logo string `yaml:"logo,omitempty" json:"logo,omitempty"`
}

const (
	picturePattern = `^[A-Za-z0-9_][A-Za-z0-9_.-]*\.(jpg|jpeg|png)$`
	logoPattern    = `^[A-Za-z0-9_][A-Za-z0-9_.-]*\.(png|svg)$`
	maxFileName    = 80
)

var (
	validPicture = regexp.MustCompile(picturePattern)
	validLogo    = regexp.MustCompile(logoPattern)
)

func (d *document) validateAttract(path string, a Attract) {
	_, picture := d.at[child(path, "picture")]
	_, logo := d.at[child(path, "logo")]
	if !picture && !logo {
		d.missing(path, `a picture, a logo or both, such as {picture: departement.jpg, logo: logo.svg}`)
		return
	}
	d.validateFileName(child(path, "picture"), a.Picture, validPicture, `a JPEG or PNG file such as "departement.jpg"`)
	d.validateFileName(child(path, "logo"), a.Logo, validLogo, `a PNG or SVG file such as "logo.svg"`)
}

func (d *document) validateFileName(path, name string, valid *regexp.Regexp, expected string) {
	if _, given := d.at[path]; name == "" && !given {
		return
	}
	switch {
	case name == "":
		d.missing(path, expected)
	case strings.ContainsAny(name, `/\`):
		d.report(path, "%s has a folder in it; expected the file's name only, %s", quoted(name), expected)
	case len(name) > maxFileName:
		d.report(path, "%s is too long; expected at most %d characters", quoted(name), maxFileName)
	case !valid.MatchString(name):
		d.report(path, "%s is not a file name that ends so (%s); expected %s", quoted(name), quoted(filepath.Ext(name)), expected)
	}
}
