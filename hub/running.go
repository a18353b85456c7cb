package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/google/renameio/v2"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"loiret.fr/visioborne/config"
	"loiret.fr/visioborne/hub/broker"
)

// here is what the hub that runs on a machine notes for the commands there.
type here struct {
	// Servers are where its NATS can be found, CA how it is known, and Replicas how often what is made there is kept.
	Servers  []string `json:"servers"`
	CA       string   `json:"ca,omitempty"`
	Replicas int      `json:"replicas"`
	// Sites are those of its configuration, with what commands show of them. Another hub may have others until it is
	// started with the same files, so they are not in the store.
	Sites []config.Site `json:"sites"`
}

func (h here) siteIDs() []string {
	var ids []string
	for _, s := range h.Sites {
		ids = append(ids, s.ID)
	}
	return ids
}

// keepHere notes it. The file is not part of a backup.
func keepHere(state string, h here) error {
	for i, s := range h.Sites {
		h.Sites[i] = config.Site{ID: s.ID, Name: s.Name, Position: s.Position}
	}
	b, err := json.Marshal(h)
	if err == nil {
		err = renameio.WriteFile(filepath.Join(state, "address"), append(b, '\n'), 0o600)
	}
	if err != nil {
		return fmt.Errorf("noting where the hub runs: %w", err)
	}
	return nil
}

// commandWait is the longest that a command waits for the running hub.
const commandWait = 10 * time.Second

// errNotRunning: no hub runs with that state.
var errNotRunning = errors.New("is it running?")

// running connects to the store of the hub that runs on this machine with this state.
func running(state string) (*nats.Conn, jetstream.JetStream, here, error) {
	fail := func(err error) (*nats.Conn, jetstream.JetStream, here, error) { return nil, nil, here{}, err }
	text, err := os.ReadFile(filepath.Join(state, "address"))
	if errors.Is(err, fs.ErrNotExist) {
		return fail(fmt.Errorf("looking for the running hub: %w; has hub serve ever run with this -state? %w", err, errNotRunning))
	}
	if err != nil {
		return fail(fmt.Errorf("looking for the running hub: %w", err))
	}
	var h here
	if err := json.Unmarshal(text, &h); err != nil {
		return fail(fmt.Errorf("looking for the running hub: reading %s/address: %w; start the hub anew", state, err))
	}
	keys, err := broker.OpenKeys(state)
	if err != nil {
		return fail(err)
	}
	credentials, err := keys.UserCredentials("command")
	if err != nil {
		return fail(err)
	}
	nc, err := broker.Cluster{Servers: h.Servers, CA: h.CA}.Dial("command", credentials, nats.Timeout(commandWait))
	if err != nil {
		return fail(fmt.Errorf("connecting to the hub: %w; %w", err, errNotRunning))
	}
	js, err := broker.Store(nc, h.Replicas)
	if err != nil {
		nc.Close()
		return fail(err)
	}
	return nc, js, h, nil
}
