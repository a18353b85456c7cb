package page

import (
	"net/http"

	"loiret.fr/visioborne/kiosk/booth"
)

// paper is a picture that the adviser shows, as JPEG. It is in memory only, and no longer than the view names it.
type paper struct {
	id   string
	jpeg []byte
}

// Paper takes the picture that the view with that id will show. A picture that comes before it takes its place.
func (p *Page) Paper(id string, jpeg []byte) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.coming = paper{id, jpeg}
}

// keepPaper keeps the picture that a view names, and no other. The caller holds mu.
func (p *Page) keepPaper(v booth.View) {
	id := ""
	call, talking := v.Screen.(booth.CallScreen)
	if talking && call.Paper != nil {
		id = call.Paper.ID
	}
	if id != "" && p.coming.id == id {
		p.shown, p.coming = p.coming, paper{}
	}
	if p.shown.id != id {
		p.shown = paper{}
	}
	if !talking {
		p.coming = paper{}
	}
}

// servePaper gives the page the picture that it shows.
func (p *Page) servePaper(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	shown := p.shown
	p.mu.Unlock()
	if shown.id == "" || shown.id != r.PathValue("id") {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", "image/jpeg")
	_, _ = w.Write(shown.jpeg) // a page that goes meanwhile is no error
}
