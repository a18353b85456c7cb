package hotline

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"loiret.fr/visioborne/hub/wire"
)

const (
	logsBucket = "booth-logs"
	// logsAge is how long a collected log is kept.
	logsAge = 7 * 24 * time.Hour
)

// Collection is a booth's log as it was last collected.
type Collection struct {
	// AskedAt is null when none was asked for in the last week; By is who asked.
	AskedAt *time.Time `json:"asked_at"`
	By      string     `json:"by"`
	// Complete: all of it has come.
	Complete bool     `json:"complete"`
	Lines    []string `json:"lines"`
}

// asked is what the bucket has of a site, beside the pieces.
type asked struct {
	Collection string    `json:"collection"`
	At         time.Time `json:"at"`
	By         string    `json:"by"`
}

func (h *Hotline) openLogs(ctx context.Context) error {
	kv, err := h.options.JetStream.CreateOrUpdateKeyValue(ctx, jetstream.KeyValueConfig{
		Bucket: logsBucket, Description: "logs of booths that were collected", History: 1, TTL: logsAge,
		MaxValueSize: wire.MaxBytes, Storage: jetstream.FileStorage,
	})
	if err != nil {
		return fmt.Errorf("opening bucket %s: %w", logsBucket, err)
	}
	h.logs = kv
	return nil
}

// collect asks a booth for its log.
func (h *Hotline) collect(ctx context.Context, who, site, collection string) error {
	b, err := json.Marshal(asked{collection, h.options.Now().UTC(), who})
	if err == nil {
		_, err = h.logs.Put(ctx, site, b)
	}
	if err != nil {
		return fmt.Errorf("collecting the log of %s: %w", site, err)
	}
	h.options.Ask(site, wire.VerbLogs, wire.AskLogs{Collection: collection})
	return nil
}

// TakeLogs keeps a piece of a booth's log, if it was asked for.
func (h *Hotline) TakeLogs(ctx context.Context, site string, p wire.LogPiece) error {
	ctx, cancel := context.WithTimeout(ctx, storeWait)
	defer cancel()
	a, err := h.asked(ctx, site)
	if err != nil {
		return fmt.Errorf("keeping a log of %s: %w", site, err)
	}
	if a == nil || a.Collection != p.Collection {
		return fmt.Errorf("keeping a log of %s: nobody has asked for it", site)
	}
	b, err := wire.Encode(p)
	if err == nil {
		_, err = h.logs.Put(ctx, pieceKey(site, p.Part), b)
	}
	if err != nil {
		return fmt.Errorf("keeping a log of %s: %w", site, err)
	}
	return nil
}

func pieceKey(site string, part int) string { return site + "." + strconv.Itoa(part) }

// asked is what was last asked of a booth; nil when nothing was.
func (h *Hotline) asked(ctx context.Context, site string) (*asked, error) {
	entry, err := h.logs.Get(ctx, site)
	if errors.Is(err, jetstream.ErrKeyNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var a asked
	if err := json.Unmarshal(entry.Value(), &a); err != nil {
		return nil, err
	}
	return &a, nil
}

// Logs is the log of a site's booth that was last collected, as far as it has come.
func (h *Hotline) Logs(ctx context.Context, site string) (Collection, error) {
	ctx, cancel := context.WithTimeout(ctx, storeWait)
	defer cancel()
	c := Collection{Lines: []string{}}
	a, err := h.asked(ctx, site)
	if err != nil {
		return c, fmt.Errorf("reading the log of %s: %w", site, err)
	}
	if a == nil {
		return c, nil
	}
	c.AskedAt, c.By = &a.At, a.By
	for part, parts := 0, 1; part < parts; part++ {
		entry, err := h.logs.Get(ctx, pieceKey(site, part))
		if errors.Is(err, jetstream.ErrKeyNotFound) {
			return c, nil // it is still to come
		}
		if err != nil {
			return c, fmt.Errorf("reading the log of %s: %w", site, err)
		}
		p, err := wire.Decode[wire.LogPiece](entry.Value())
		if err != nil {
			return c, fmt.Errorf("reading the log of %s: %w", site, err)
		}
		if p.Collection != a.Collection {
			return c, nil // of an earlier one
		}
		parts, c.Lines = p.Parts, append(c.Lines, p.Lines...)
	}
	c.Complete = true
	return c, nil
}
