package call

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"image/jpeg"

	"github.com/pion/webrtc/v4"
)

// The channel on which the adviser's page sends documents. It makes one such channel in a call. A page is a text message
// that tells its size, and binary messages with a JPEG picture in pieces; another text message takes it away.
const papersLabel = "papers"

const (
	// maxPaper is the largest picture of a page, in bytes; maxPaperSide and maxPaperPixels what may come out of it.
	maxPaper       = 4 << 20
	maxPaperSide   = 4000
	maxPaperPixels = 8_000_000
	maxPages       = 500
)

// paperMessage is a text message of the channel.
type paperMessage struct {
	Kind  string `json:"kind"` // "page" or "clear"
	Page  int    `json:"page"`
	Pages int    `json:"pages"`
	Bytes int    `json:"bytes"`
}

// papers puts pages together. Its zero value waits for the first one.
type papers struct {
	coming paperMessage
	got    []byte
}

// takePapers takes documents from the first channel of that name.
func (p *Peer) takePapers(c *webrtc.DataChannel) {
	named := c.Label() == papersLabel
	p.mu.Lock()
	first := named && !p.papers
	p.papers = p.papers || named
	p.mu.Unlock()
	if !first {
		p.log.Warn("the adviser's page opens a channel that the booth does not know", "label", fmt.Sprintf("%.40q", c.Label()))
		return
	}
	var all papers
	c.OnMessage(func(m webrtc.DataChannelMessage) {
		p.enter(func() {
			e, err := all.take(m.IsString, m.Data)
			if err != nil {
				p.log.Warn("a document cannot be shown", "error", err)
			}
			if e != nil {
				p.emit(e)
			}
		})
	})
}

// take takes one message; what there is to tell after it, or nil. After an error it waits for the next page.
func (a *papers) take(text bool, data []byte) (Event, error) {
	if !text {
		return a.piece(data)
	}
	a.got, a.coming = nil, paperMessage{}
	var m paperMessage
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(&m); err != nil {
		return nil, fmt.Errorf("reading what comes of a document: %w", err)
	}
	switch m.Kind {
	case "clear":
		return PaperGone{}, nil
	case "page":
		if m.Page < 1 || m.Page > m.Pages || m.Pages > maxPages || m.Bytes < 1 || m.Bytes > maxPaper {
			return nil, fmt.Errorf("reading what comes of a document: page %d of %d with %d bytes; expected up to %d pages of up to %d bytes",
				m.Page, m.Pages, m.Bytes, maxPages, maxPaper)
		}
		a.coming = m
		return nil, nil
	}
	return nil, fmt.Errorf("reading what comes of a document: kind %.20q is unknown", m.Kind)
}

func (a *papers) piece(data []byte) (Event, error) {
	if a.coming.Bytes == 0 {
		return nil, nil // of a page that was refused
	}
	if len(a.got)+len(data) > a.coming.Bytes {
		a.got, a.coming = nil, paperMessage{}
		return nil, errors.New("reading a page of a document: it is larger than was said")
	}
	if a.got = append(a.got, data...); len(a.got) < a.coming.Bytes {
		return nil, nil
	}
	page, picture := a.coming, a.got
	a.got, a.coming = nil, paperMessage{}
	c, err := jpeg.DecodeConfig(bytes.NewReader(picture))
	if err != nil {
		return nil, fmt.Errorf("reading a page of a document: %w; expected a JPEG picture", err)
	}
	if c.Width < 1 || c.Height < 1 || c.Width > maxPaperSide || c.Height > maxPaperSide || c.Width*c.Height > maxPaperPixels {
		return nil, fmt.Errorf("reading a page of a document: %d by %d pixels; expected up to %d on each side, and %d in all", c.Width, c.Height, maxPaperSide, maxPaperPixels)
	}
	return Paper{Page: page.Page, Pages: page.Pages, JPEG: picture}, nil
}
