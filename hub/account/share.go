package account

import (
	"encoding/json"
	"fmt"
	"log/slog"

	"github.com/nats-io/nats.go"
)

// brakeSubject and a brake's name are where hubs tell each other of tries. Booths may neither publish nor subscribe there.
const brakeSubject = "hubs.brake."

// tried is what hubs tell each other: a key's hash, and by how much its use has changed.
type tried struct {
	Hub    string `json:"hub"`
	Key    string `json:"key"`
	Change int    `json:"change"`
}

// ShareBrake has the brakes of a name at all hubs on one NATS count together, until stop is called. hub names this one.
// It is to be called before the brake is used. Nothing waits for the others: what is lost on the way leaves a guesser with a few tries more.
func ShareBrake(nc *nats.Conn, hub, name string, b *Brake, log *slog.Logger) (stop func(), err error) {
	sub, err := nc.Subscribe(brakeSubject+name, func(m *nats.Msg) {
		var t tried
		if err := json.Unmarshal(m.Data, &t); err == nil && t.Hub != hub {
			b.Heard(t.Key, t.Change)
		}
	})
	if err != nil {
		return nil, fmt.Errorf("sharing the brake %s: %w", name, err)
	}
	b.Share(func(key string, change int) {
		text, err := json.Marshal(tried{hub, key, change})
		if err == nil {
			err = nc.Publish(brakeSubject+name, text)
		}
		if err != nil && !nc.IsClosed() {
			log.Warn("other hubs were not told of a try", "error", err)
		}
	})
	return func() {
		if err := sub.Unsubscribe(); err != nil && !nc.IsClosed() {
			log.Warn("a brake is still shared", "error", err)
		}
	}, nil
}
