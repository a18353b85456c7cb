package attract

import (
	"bytes"
	"image"
	"image/gif"
	"image/jpeg"
	"image/png"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// encoded is a grey picture of that size.
func encoded(t *testing.T, kind string, width, height int) []byte {
	t.Helper()
	var b bytes.Buffer
	picture := image.NewGray(image.Rect(0, 0, width, height))
	var err error
	switch kind {
	case "jpeg":
		err = jpeg.Encode(&b, picture, nil)
	case "png":
		err = png.Encode(&b, picture)
	case "gif":
		err = gif.Encode(&b, picture, nil)
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestFiles(t *testing.T) {
	const drawn = `<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><path d="M0 0h1v1z"/></svg>`
	dir := t.TempDir()
	for _, test := range []struct {
		name  string
		read  func(folder, name string) (File, error)
		file  string // that is read
		bytes []byte // nil for no file
		kind  string // what it turns out to be
		err   string
	}{
		{"a photo", Picture, "loire.jpg", encoded(t, "jpeg", 1280, 800), "image/jpeg", ""},
		{"a PNG", Picture, "loire.png", encoded(t, "png", 480, 480), "image/png", ""},
		{"a PNG by another name", Picture, "loire.jpg", encoded(t, "png", 800, 600), "image/png", ""},
		{"none", Picture, "none.jpg", nil, "", "reading the picture: open " + filepath.Join(dir, "none.jpg") + ": no such file or directory"},
		{"a small photo", Picture, "s.jpg", encoded(t, "jpeg", 800, 479), "", "reading the picture: s.jpg has 800 by 479 pixels; expected each side from 480 to 4096"},
		{"a huge photo", Picture, "h.jpg", encoded(t, "jpeg", 4097, 500), "", "reading the picture: h.jpg has 4097 by 500 pixels; expected each side from 480 to 4096"},
		{"a heavy photo", Picture, "w.jpg", make([]byte, maxPicture+1), "", "reading the picture: w.jpg is larger than 4096 KiB; expected a smaller file"},
		{"a GIF", Picture, "g.jpg", encoded(t, "gif", 800, 600), "", "reading the picture: g.jpg is no JPEG, PNG or SVG file that can be read"},
		{"a torn photo", Picture, "t.jpg", encoded(t, "jpeg", 800, 600)[:20], "", "reading the picture: t.jpg is no JPEG, PNG or SVG file that can be read"},
		{"a drawing as picture", Picture, "d.png", []byte(drawn), "", "reading the picture: d.png is a drawing (SVG); expected a JPEG or PNG file"},
		{"a drawn logo", Logo, "l.svg", []byte(drawn), "image/svg+xml", ""},
		{"a small logo", Logo, "l.png", encoded(t, "png", 64, 32), "image/png", ""},
		{"a huge logo", Logo, "l.png", encoded(t, "png", 5000, 2), "", "reading the logo: l.png has 5000 by 2 pixels; expected at most 4096"},
		{"a heavy logo", Logo, "l.svg", make([]byte, maxLogo+1), "", "reading the logo: l.svg is larger than 512 KiB; expected a smaller file"},
		{"a photo as logo", Logo, "l.jpg", encoded(t, "jpeg", 64, 64), "", "reading the logo: l.jpg is a JPEG; expected a PNG or SVG file"},
		{"a page as logo", Logo, "l.svg", []byte("<html></html>"), "", "reading the logo: l.svg is no JPEG, PNG or SVG file that can be read"},
		{"a torn drawing", Logo, "l.svg", []byte(drawn[:60]), "", "reading the logo: l.svg is no JPEG, PNG or SVG file that can be read"},
		{"an empty file", Logo, "l.svg", []byte{}, "", "reading the logo: l.svg is no JPEG, PNG or SVG file that can be read"},
	} {
		t.Run(test.name, func(t *testing.T) {
			file := filepath.Join(dir, test.file)
			if test.bytes != nil {
				if err := os.WriteFile(file, test.bytes, 0o600); err != nil {
					t.Fatal(err)
				}
			}
			got, err := test.read(dir, test.file)
			text := ""
			if err != nil {
				text = err.Error()
			}
			if diff := cmp.Diff(test.err, text); diff != "" {
				t.Fatalf("error (-want +got):\n%s", diff)
			}
			if got.Type != test.kind || err == nil && !bytes.Equal(got.Bytes, test.bytes) {
				t.Errorf("read %q, %d bytes; expected %q, the file's own", got.Type, len(got.Bytes), test.kind)
			}
		})
	}
}

func FuzzDrawing(f *testing.F) {
	f.Add([]byte(`<svg xmlns="http://www.w3.org/2000/svg"/>`))
	f.Add([]byte(`<!DOCTYPE svg [<!ENTITY a "aaaa">]><svg>&a;</svg>`))
	f.Fuzz(func(t *testing.T, b []byte) {
		if drawing(b) == nil && !bytes.Contains(b, []byte("svg")) {
			t.Errorf("%q is no drawing", b)
		}
	})
}
