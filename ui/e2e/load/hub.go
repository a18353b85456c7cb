package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/gorilla/websocket"

	"loiret.fr/visioborne/hub/account"
	"loiret.fr/visioborne/hub/broker"
	"loiret.fr/visioborne/hub/desk"
	"loiret.fr/visioborne/hub/queue"
	"loiret.fr/visioborne/hub/wire"
)

const password = "un mot de passe assez long"

// ourHub is the hub with its configuration and accounts.
type ourHub struct {
	o                   options
	dir, address, log   string
	credentials         [][]byte
	process             *program
	tasks               sync.WaitGroup
	partnersFile, sites string
}

func openHub(dir string, o options) (*ourHub, error) {
	h := &ourHub{o: o, dir: dir, log: filepath.Join(dir, "log"), sites: filepath.Join(dir, "sites"), partnersFile: filepath.Join(o.config, "partners.yaml")}
	for _, d := range []string{h.sites, h.state()} {
		if err := os.MkdirAll(d, 0o700); err != nil {
			return nil, err
		}
	}
	template, err := os.ReadFile(filepath.Join(o.config, "demonstration.yaml"))
	if err != nil {
		return nil, err
	}
	keys, err := broker.OpenKeys(h.state())
	if err != nil {
		return nil, err
	}
	for i := range o.booths {
		text := strings.Replace(string(template), "id: demonstration", "id: "+siteID(i), 1)
		if err := os.WriteFile(filepath.Join(h.sites, siteID(i)+".yaml"), []byte(text), 0o600); err != nil {
			return nil, err
		}
		credentials, err := keys.BoothCredentials(siteID(i))
		if err != nil {
			return nil, err
		}
		h.credentials = append(h.credentials, credentials)
	}
	// One password for all: to make each one's hash would take longer than all the rest.
	one, err := account.New(account.Account{User: "desk.0", Name: "Mme 0", Role: account.RoleAdviser, Partner: partners()[0]}, password)
	if err != nil {
		return nil, err
	}
	accounts := account.Stage(h.state())
	for i := range o.desks {
		one.User, one.Name, one.Partner = user(i), fmt.Sprintf("Mme %d", i), partners()[i%len(partners())]
		if err := accounts.Add(one, false); err != nil {
			return nil, err
		}
	}
	h.address, err = freeAddress()
	return h, err
}

func (h *ourHub) state() string { return filepath.Join(h.dir, "state") }

func user(i int) string { return fmt.Sprintf("desk.%d", i) }

func freeAddress() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer l.Close()
	return l.Addr().String(), nil
}

func (h *ourHub) start(ctx context.Context) error {
	var err error
	if h.process, err = launch(h.log, h.o.hub, "serve", "-addr", h.address, "-state", h.state(), "-partners", h.partnersFile, "-sites", h.sites); err != nil {
		return err
	}
	return h.process.await(ctx, h.log, func() error {
		a, err := http.Get("http://" + h.address + "/healthz")
		if err != nil {
			return err
		}
		defer a.Body.Close()
		if a.StatusCode != http.StatusOK {
			return errors.New(a.Status)
		}
		return nil
	})
}

func (h *ourHub) kill()    { h.process.kill() }
func (h *ourHub) pid() int { return h.process.cmd.Process.Pid }

func (h *ourHub) helpers() []int { return nil }

func (h *ourHub) close() error {
	h.kill()
	h.tasks.Wait()
	return nil
}

func (h *ourHub) booth(site int) (string, []byte) { return "ws://" + h.address, h.credentials[site] }

// openDesks signs advisers in and has each desk's page come back whenever the hub was away.
func (h *ourHub) openDesks(ctx context.Context, rings func(string)) error {
	opened := make(chan error, h.o.desks)
	for i := range h.o.desks {
		cookie, err := h.signIn(ctx, i)
		if err != nil {
			return err
		}
		h.tasks.Go(func() {
			first := true
			for ctx.Err() == nil {
				err := h.sit(ctx, cookie, rings, func() {
					if first {
						first = false
						opened <- nil
					}
				})
				if first && ctx.Err() == nil {
					first = false
					opened <- err
				}
				pause(ctx, jitter())
			}
		})
	}
	for range h.o.desks {
		select {
		case err := <-opened:
			if err != nil {
				return fmt.Errorf("opening a desk: %w", err)
			}
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(patience):
			return errors.New("opening desks: not all are open")
		}
	}
	return nil
}

func (h *ourHub) signIn(ctx context.Context, i int) (*http.Cookie, error) {
	body, err := json.Marshal(map[string]string{"user": user(i), "password": password})
	if err != nil {
		return nil, err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+h.address+"/sign-in", bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	r.Header.Set("Origin", "http://"+h.address)
	// As through a proxy, from a place of its own.
	r.Header.Set("X-Forwarded-For", fmt.Sprintf("192.0.2.%d", i%250))
	a, err := http.DefaultClient.Do(r)
	if err != nil {
		return nil, fmt.Errorf("signing %s in: %w", user(i), err)
	}
	defer a.Body.Close()
	said, _ := io.ReadAll(a.Body)
	if a.StatusCode != http.StatusOK || len(a.Cookies()) == 0 {
		return nil, fmt.Errorf("signing %s in: %s: %s", user(i), a.Status, said)
	}
	return a.Cookies()[0], nil
}

// sit is a desk's page until its websocket breaks: it answers what rings, and hangs up once it has sent its SDP.
func (h *ourHub) sit(ctx context.Context, cookie *http.Cookie, rings func(string), open func()) error {
	ws, _, err := websocket.DefaultDialer.DialContext(ctx, "ws://"+h.address+"/desk/socket",
		http.Header{"Origin": {"http://" + h.address}, "Cookie": {cookie.Name + "=" + cookie.Value}})
	if err != nil {
		return err
	}
	defer context.AfterFunc(ctx, func() { ws.Close() })()
	defer ws.Close()
	if err := ws.WriteJSON(desk.Message{Do: desk.DeedAvailable, On: true}); err != nil {
		return err
	}
	offered, answered := "", ""
	for {
		_, b, err := ws.ReadMessage()
		if err != nil {
			return err
		}
		var deeds []desk.Message
		if bytes.Contains(b, []byte(`"signal":`)) {
			var s struct {
				Call string `json:"call"`
			}
			if err := json.Unmarshal(b, &s); err != nil {
				return err
			}
			offered = s.Call
		} else {
			var v desk.View
			if err := json.Unmarshal(b, &v); err != nil {
				return err
			}
			if v.Screen != desk.ScreenReady {
				return fmt.Errorf("the desk's screen is %q", v.Screen)
			}
			if v.Available {
				open()
			}
			switch {
			case v.Call == nil:
			case v.Call.State == queue.Ringing:
				rings(v.Call.ID)
				deeds = append(deeds, desk.Message{Do: desk.DeedAnswer, Call: v.Call.ID})
			case v.Call.State == queue.Answered:
				answered = v.Call.ID
			}
		}
		if offered != "" && offered == answered {
			deeds = append(deeds, desk.Message{Call: offered, Signal: &wire.Signal{Kind: wire.KindAnswer, SDP: offer()}}, desk.Message{Do: desk.DeedHangUp, Call: offered})
			offered, answered = "", ""
		}
		for _, d := range deeds {
			if err := ws.WriteJSON(d); err != nil {
				return err
			}
		}
	}
}
