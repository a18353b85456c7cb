package page

import (
	"maps"
	"net/http"
	"slices"
)

// Picture is a file of the site's own, as a browser gets it.
type Picture struct {
	// Type is its media type.
	Type  string
	Bytes []byte
}

// servePictures serves the site's own pictures at their addresses.
func (p *Page) servePictures(mux *http.ServeMux) {
	for _, address := range slices.Sorted(maps.Keys(p.options.Pictures)) {
		picture := p.options.Pictures[address]
		mux.HandleFunc("GET "+address, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", picture.Type)
			_, _ = w.Write(picture.Bytes) // a page that goes meanwhile is no error
		})
	}
}
