package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"loiret.fr/visioborne/hub/broker"
	"loiret.fr/visioborne/hub/turn"
)

// natsFlags are those of a NATS cluster outside of the hub.
type natsFlags struct {
	servers, websockets, ca string
	replicas                int
}

// cluster says which flags are missing.
func (f natsFlags) cluster() (broker.Cluster, error) {
	c := broker.Cluster{Servers: list(f.servers), Websockets: list(f.websockets), CA: f.ca, Replicas: f.replicas}
	switch {
	case len(c.Servers) == 0 && (len(c.Websockets) > 0 || c.CA != ""):
		return broker.Cluster{}, errors.New("-nats-websocket and -nats-ca are for a NATS cluster; name its servers with -nats, or leave them out")
	case len(c.Servers) == 0:
		return broker.Cluster{}, nil
	case len(c.Websockets) == 0:
		return broker.Cluster{}, errors.New("-nats needs -nats-websocket, the addresses at which the same servers take booths")
	case c.Replicas < 1 || c.Replicas > 5:
		return broker.Cluster{}, fmt.Errorf("reading -nats-replicas: %d; expected 1, 3 or 5", c.Replicas)
	}
	_, err := c.TLS()
	return c, err
}

// externalRelays are the TURN servers elsewhere; nil when the hub serves STUN and TURN itself.
func (f serveFlags) externalRelays() (*turn.Server, error) {
	urls := list(f.relays)
	switch {
	case len(urls) == 0 && f.relaySecret != "":
		return nil, errors.New("-turn-secret is for TURN servers elsewhere; name them with -turn, or leave it out")
	case len(urls) == 0:
		return nil, nil
	case f.relaySecret == "":
		return nil, errors.New("-turn needs the file of the secret that is shared with its servers (static-auth-secret of coturn); name it with -turn-secret")
	case f.turn.tcp+f.turn.tls+f.turn.name+f.public != "":
		return nil, errors.New("-turn names servers elsewhere: leave -turn-tcp, -turn-tls, -turn-name and -public-address out, which are for the hub's own")
	}
	secret, err := os.ReadFile(f.relaySecret)
	if err != nil {
		return nil, fmt.Errorf("reading -turn-secret: %w", err)
	}
	text := strings.TrimSpace(string(secret))
	if text == "" {
		return nil, fmt.Errorf("reading -turn-secret: %s is empty", f.relaySecret)
	}
	return turn.External(urls, text), nil
}

// list takes a list with commas apart.
func list(text string) []string {
	if text == "" {
		return nil
	}
	return strings.Split(text, ",")
}

// natsConfiguration prints what the servers of a NATS cluster are to be told of the hub with that state.
func natsConfiguration(state string, out io.Writer) error {
	keys, err := broker.OpenKeys(state)
	if err != nil {
		return err
	}
	text, err := keys.Configuration(state)
	if err != nil {
		return err
	}
	if _, err := io.WriteString(out, text); err != nil {
		return fmt.Errorf("printing the configuration: %w", err)
	}
	return nil
}
