// Package attract reads the Département's own picture and logo, which the
// touchscreen shows while nobody is there.
//
// It reads two small files when the booth starts, looks whether they are what
// their names say and of a size that a booth's browser carries, and writes
// nothing. A file that is not is an error that says what was expected; the
// booth then shows its own drawing. It starts no goroutine.
//
// Sources: JPEG and PNG as Go's image packages read their headers; SVG 2 for a
// logo, which browsers show as an image: without scripts and without other files.
package attract

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"image"
	_ "image/jpeg" // for image.DecodeConfig
	_ "image/png"
	"io"
	"os"
	"path/filepath"
)

// File is a picture as a browser gets it.
type File struct {
	// Type is its media type: "image/jpeg".
	Type  string
	Bytes []byte
}

const (
	// maxPicture is the most that a picture may be, in bytes, and maxLogo a logo.
	maxPicture = 4 << 20
	maxLogo    = 512 << 10
	// A picture is shown on up to 1920 by 1080 pixels: smaller than minSide it would be coarse on any panel, and larger than
	// maxSide it takes a small machine's memory.
	minSide = 480
	maxSide = 4096
)

// Picture reads a JPEG or PNG picture of a folder.
func Picture(folder, name string) (File, error) {
	f, size, err := read(folder, name, maxPicture)
	switch {
	case err != nil:
		return File{}, fmt.Errorf("reading the picture: %w", err)
	case f.Type == "image/svg+xml":
		return File{}, fmt.Errorf("reading the picture: %s is a drawing (SVG); expected a JPEG or PNG file", name)
	case min(size.Width, size.Height) < minSide || max(size.Width, size.Height) > maxSide:
		return File{}, fmt.Errorf("reading the picture: %s has %d by %d pixels; expected each side from %d to %d", name, size.Width, size.Height, minSide, maxSide)
	}
	return f, nil
}

// Logo reads a PNG or SVG logo of a folder.
func Logo(folder, name string) (File, error) {
	f, size, err := read(folder, name, maxLogo)
	switch {
	case err != nil:
		return File{}, fmt.Errorf("reading the logo: %w", err)
	case f.Type == "image/jpeg":
		return File{}, fmt.Errorf("reading the logo: %s is a JPEG; expected a PNG or SVG file", name)
	case max(size.Width, size.Height) > maxSide:
		return File{}, fmt.Errorf("reading the logo: %s has %d by %d pixels; expected at most %d", name, size.Width, size.Height, maxSide)
	}
	return f, nil
}

// read reads a file and tells what it is by its content. The size is zero for a drawing.
func read(folder, name string, most int64) (File, image.Config, error) {
	file, err := os.Open(filepath.Join(folder, name))
	if err != nil {
		return File{}, image.Config{}, err
	}
	defer file.Close()
	b, err := io.ReadAll(io.LimitReader(file, most+1))
	if err != nil {
		return File{}, image.Config{}, err
	}
	if int64(len(b)) > most {
		return File{}, image.Config{}, fmt.Errorf("%s is larger than %d KiB; expected a smaller file", name, most>>10)
	}
	size, kind, err := image.DecodeConfig(bytes.NewReader(b))
	if err == nil && (kind == "jpeg" || kind == "png") { // other packages of the service may know more kinds
		return File{"image/" + kind, b}, size, nil
	}
	if drawing(b) == nil {
		return File{"image/svg+xml", b}, image.Config{}, nil
	}
	return File{}, image.Config{}, fmt.Errorf("%s is no JPEG, PNG or SVG file that can be read", name)
}

// drawing tells whether b is well-formed XML of which the root is svg.
func drawing(b []byte) error {
	d := xml.NewDecoder(bytes.NewReader(b))
	root := ""
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		if e, ok := token.(xml.StartElement); ok && root == "" {
			root = e.Name.Local
		}
	}
	if root != "svg" {
		return fmt.Errorf("the root is %q; expected svg", root)
	}
	return nil
}
