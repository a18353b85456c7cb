package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"loiret.fr/visioborne/hub/account"
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

// sharedKeys are the files below keys that every hub on a cluster must have alike. The keys by which the cluster knows hubs
// are not among them: a hub with others does not get that far.
func sharedKeys() []string { return []string{"booths-ca.pem", "time.seed", "speed.secret"} }

// compareKeys tells which of the shared keys are not those of the hub that came first, whose hashes are in the store. Booths
// would believe one hub and not the other.
func compareKeys(ctx context.Context, js jetstream.JetStream, state string) error {
	kv, err := js.CreateOrUpdateKeyValue(ctx, jetstream.KeyValueConfig{
		Bucket: "hubs", Description: "what hubs must have alike, by its hash", History: 1, Storage: jetstream.FileStorage,
	})
	if err != nil {
		return fmt.Errorf("opening bucket hubs: %w", err)
	}
	var errs []error
	for _, name := range sharedKeys() {
		file := filepath.Join(state, "keys", name)
		text, err := os.ReadFile(file)
		if err != nil {
			return fmt.Errorf("reading a key: %w", err)
		}
		sum := sha256.Sum256(text)
		mine := hex.EncodeToString(sum[:])
		if _, err = kv.Create(ctx, name, []byte(mine)); err == nil {
			continue
		}
		if !errors.Is(err, jetstream.ErrKeyExists) {
			return fmt.Errorf("comparing keys: %w", err)
		}
		kept, err := kv.Get(ctx, name)
		if err != nil {
			return fmt.Errorf("comparing keys: %w", err)
		}
		if string(kept.Value()) != mine {
			errs = append(errs, fmt.Errorf("%s is not the other hubs'; copy it from the machine of one of them, and start this hub again", file))
		}
	}
	return errors.Join(errs...)
}

// shareBrakes gives what has the hubs on one cluster count guesses together; nil for a hub on its own. stop is to be called in
// the end.
func shareBrakes(o options, nc *nats.Conn, hub string) (share func(string, *account.Brake) error, stop func()) {
	if !o.cluster.External() {
		return nil, func() {}
	}
	var stops []func()
	return func(name string, b *account.Brake) error {
			stop, err := account.ShareBrake(nc, hub, name, b, o.log)
			if err == nil {
				stops = append(stops, stop)
			}
			return err
		}, func() {
			for _, stop := range stops {
				stop()
			}
		}
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
