package page

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/google/uuid"
	"github.com/gorilla/websocket"

	"loiret.fr/visioborne/kiosk/booth"
)

// conn is one connected page.
type conn struct {
	id      string
	watcher bool          // it may not drive
	wake    chan struct{} // one slot: there is something newer to push
	notes   chan note     // told once
	video   *video        // guarded by Page.mu; nil until the page opens /video
}

func (p *Page) serveSocket(ctx context.Context, w http.ResponseWriter, r *http.Request, watcher bool) {
	ws, err := p.upgrader.Upgrade(w, r, nil)
	if err != nil {
		p.options.Log.Warn("touchscreen websocket refused", "error", err)
		return
	}
	if !p.enter() {
		ws.Close()
		return
	}
	defer p.tasks.Done()
	c := &conn{watcher: watcher, wake: make(chan struct{}, 1), notes: make(chan note, waitingNotes)}
	p.add(c)
	defer p.remove(c)

	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	p.tasks.Go(func() {
		defer cancel()
		p.write(ctx, ws, c)
	})
	p.tasks.Go(func() {
		select {
		case <-ctx.Done():
		case <-p.over:
		}
		ws.Close() // ends the reader below
	})
	if err := p.read(ws, c); err != nil {
		p.options.Log.Warn("touchscreen page closed", "page", c.id, "error", err)
	}
}

// write pushes the newest view whenever there is one, and pings.
func (p *Page) write(ctx context.Context, ws *websocket.Conn, c *conn) {
	ping := time.NewTicker(pingInterval)
	defer ping.Stop()
	for {
		var err error
		select {
		case <-ctx.Done():
			return
		case <-c.wake:
			if m, ok := p.newest(c); ok {
				err = writeJSON(ws, m)
			}
		case n := <-c.notes:
			err = writeJSON(ws, n)
		case <-ping.C:
			err = ws.WriteControl(websocket.PingMessage, nil, time.Now().Add(writeWait))
		}
		if err != nil {
			return // the reader finds the reason
		}
	}
}

func writeJSON(ws *websocket.Conn, m any) error {
	if err := ws.SetWriteDeadline(time.Now().Add(writeWait)); err != nil {
		return err
	}
	return ws.WriteJSON(m)
}

// keepAlive makes reads fail when the page has not answered a ping for pongWait.
func keepAlive(ws *websocket.Conn) {
	ws.SetReadLimit(maxIntentBytes)
	alive := func(string) error { return ws.SetReadDeadline(time.Now().Add(pongWait)) }
	_ = alive("")
	ws.SetPongHandler(alive)
}

// read takes intents until the page is gone, which is no error. A page that talks nonsense is
// shown the door with the reason: it is not our page, or not of this version.
func (p *Page) read(ws *websocket.Conn, c *conn) error {
	keepAlive(ws)
	for {
		_, m, err := ws.ReadMessage()
		if err != nil {
			return nil // the page was closed, reloaded or is dead
		}
		e, err := parseIntent(m)
		if err != nil {
			_ = ws.WriteControl(websocket.CloseMessage,
				websocket.FormatCloseMessage(websocket.ClosePolicyViolation, err.Error()), time.Now().Add(writeWait))
			return err
		}
		if e == nil {
			if p.options.Alive != nil && !c.watcher {
				p.options.Alive()
			}
			continue
		}
		p.mu.Lock()
		drives := p.drives(c)
		p.mu.Unlock()
		if drives {
			p.options.Intent(e)
		}
	}
}

// parseIntent reads one intent strictly and makes it the booth's event. New
// sessions and calls get random ids that mean nothing outside the booth. A sign
// of life is no event.
func parseIntent(m []byte) (booth.Event, error) {
	var in struct {
		Intent   string `json:"intent"`
		Language string `json:"language"`
		Partner  string `json:"partner"`
		On       *bool  `json:"on"`
		Percent  *int   `json:"percent"`
		Key      string `json:"key"`
		Phrase   string `json:"phrase"`
		Group    string `json:"group"`
		Need     string `json:"need"`
		Answer   string `json:"answer"`
		Text     string `json:"text"`
	}
	d := json.NewDecoder(bytes.NewReader(m))
	d.DisallowUnknownFields()
	if err := d.Decode(&in); err != nil {
		return nil, fmt.Errorf("reading an intent: %w", err)
	}
	if d.More() {
		return nil, errors.New("reading an intent: more than one JSON value in a message")
	}
	switch in.Intent {
	case "alive":
		return nil, nil
	case "touch":
		return booth.Touched{}, nil
	case "leave":
		return booth.CitizenLeft{}, nil
	case "language":
		return booth.LanguageChosen{Session: uuid.NewString(), Language: in.Language}, nil
	case "opinion":
		return booth.OpinionGiven{Answer: booth.Answer(in.Answer)}, nil
	case "low":
		if in.On == nil {
			return nil, fmt.Errorf("reading intent %q: field on is missing; expected true or false", in.Intent)
		}
		return booth.ZoneChosen{Session: uuid.NewString(), Low: *in.On}, nil
	case "partner":
		return booth.PartnerChosen{Session: uuid.NewString(), Partner: in.Partner}, nil
	case "group":
		return booth.GroupChosen{Session: uuid.NewString(), Group: in.Group}, nil
	case "need":
		return booth.NeedChosen{Need: in.Need}, nil
	case "help":
		return booth.HelpOpened{Session: uuid.NewString()}, nil
	case "help_close":
		return booth.HelpClosed{}, nil
	case "help_ask":
		return booth.HelpAsked{Request: uuid.NewString()}, nil
	case "call":
		return booth.CallRequested{Call: uuid.NewString()}, nil
	case "cancel":
		return booth.Cancelled{}, nil
	case "refuse":
		return booth.Refused{}, nil
	case "type":
		return booth.TextTyped{Text: in.Text}, nil
	case "say":
		return booth.PhraseChosen{Phrase: booth.Phrase(in.Phrase)}, nil
	case "accept":
		return booth.Accepted{}, nil
	case "key":
		return booth.KeyPressed{Key: in.Key}, nil
	case "technician":
		return booth.TechnicianAsked{}, nil
	case "check":
		return booth.CheckRequested{}, nil
	case "training":
		return booth.TrainingAsked{}, nil
	case "leave_training":
		return booth.TrainingLeft{}, nil
	case "enter":
		return booth.CodeEntered{}, nil
	case "hang_up":
		return booth.CitizenHungUp{}, nil
	case "speak":
		return booth.SpeechWanted{Text: in.Text}, nil
	case "microphone", "camera", "languages", "keyboard", "speech":
		if in.On == nil {
			return nil, fmt.Errorf("reading intent %q: field on is missing; expected true or false", in.Intent)
		}
		switch in.Intent {
		case "camera":
			return booth.CameraSwitched{On: *in.On}, nil
		case "languages":
			return booth.LanguagesAsked{Session: uuid.NewString(), Open: *in.On}, nil
		case "keyboard":
			return booth.KeyboardSwitched{On: *in.On}, nil
		case "speech":
			return booth.SpeechAsked{Session: uuid.NewString(), On: *in.On}, nil
		}
		return booth.MicrophoneSwitched{On: *in.On}, nil
	case "volume":
		if in.Percent == nil {
			return nil, errors.New(`reading intent "volume": field percent is missing; expected 0 to 100`)
		}
		return booth.VolumeChosen{Percent: *in.Percent}, nil
	}
	return nil, fmt.Errorf("reading an intent: %q is unknown", in.Intent)
}
