package hotline

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"loiret.fr/visioborne/hub/wire"
)

const (
	statusBucket = "booths"
	ownBucket    = "hotline"
	// stopPrefix and a site are the key of a booth that is out of service.
	stopPrefix = "stop."
)

// Stop is that a booth is out of service.
type Stop struct {
	// Message is on its screen; "" for none.
	Message string    `json:"message"`
	By      string    `json:"by"`
	Since   time.Time `json:"since"`
}

// openStop opens the bucket with which booths are out of service.
func (h *Hotline) openStop(ctx context.Context) error {
	kv, err := h.options.JetStream.CreateOrUpdateKeyValue(ctx, jetstream.KeyValueConfig{
		Bucket: ownBucket, Description: "which booths are out of service, and calls for help", History: 1, Storage: jetstream.FileStorage,
	})
	if err != nil {
		return fmt.Errorf("opening bucket %s: %w", ownBucket, err)
	}
	h.own = kv
	return nil
}

// follow takes what a watch tells of the bucket's keys of one kind into what is known of the sites,
// and logs unread when that cannot be read.
func follow[T any](h *Hotline, sites map[string]T, prefix, unread string, entry jetstream.KeyValueEntry) {
	if entry == nil {
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if entry.Operation() != jetstream.KeyValuePut {
		delete(sites, strings.TrimPrefix(entry.Key(), prefix))
		return
	}
	if err := keep(sites, prefix, entry.Key(), entry.Value()); err != nil {
		h.options.Log.Error(unread, "error", err)
	}
}

// keep takes an entry of the bucket into what is known of the sites, if it is of that kind. The caller holds mu.
func keep[T any](sites map[string]T, prefix, key string, value []byte) error {
	site, about := strings.CutPrefix(key, prefix)
	if !about {
		return nil
	}
	var v T
	if err := json.Unmarshal(value, &v); err != nil {
		return fmt.Errorf("reading %s: %w", key, err)
	}
	sites[site] = v
	return nil
}

// setStop keeps that a booth is out of service, or in it (nil), and tells the booth.
func (h *Hotline) setStop(ctx context.Context, site string, s *Stop) error {
	var err error
	if s == nil {
		err = h.own.Delete(ctx, stopPrefix+site)
	} else {
		var b []byte
		if b, err = json.Marshal(s); err == nil {
			_, err = h.own.Put(ctx, stopPrefix+site, b)
		}
	}
	if err != nil {
		return fmt.Errorf("keeping which booths are out of service: %w", err)
	}
	h.tellStop(site, s)
	return nil
}

func (h *Hotline) tellStop(site string, s *Stop) {
	m := wire.OutOfService{}
	if s != nil {
		m = wire.OutOfService{Out: true, Message: s.Message}
	}
	h.options.Ask(site, wire.VerbOutOfService, m)
}

// stop is what is kept of a site; nil while its booth is in service.
func (h *Hotline) stop(ctx context.Context, site string) (*Stop, error) {
	entry, err := h.own.Get(ctx, stopPrefix+site)
	if errors.Is(err, jetstream.ErrKeyNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("reading which booths are out of service: %w", err)
	}
	var s Stop
	if err := json.Unmarshal(entry.Value(), &s); err != nil {
		return nil, fmt.Errorf("reading which booths are out of service: %w", err)
	}
	return &s, nil
}

// Connected tells a booth that has just connected whether it is out of service, and that its call for help was seen. In
// service it is by itself.
func (h *Hotline) Connected(ctx context.Context, site string) error {
	h.mu.Lock()
	known, out := h.out[site]
	help := h.help[site]
	all := h.heard.stops && h.heard.helps
	h.mu.Unlock()
	if all {
		if out {
			h.tellStop(site, &known)
		}
		h.remindHelp(site, help)
		return nil
	}
	// All booths of a hub that has just started come at once, before it has read what there is.
	ctx, cancel := context.WithTimeout(ctx, storeWait)
	defer cancel()
	s, err := h.stop(ctx, site)
	if s != nil {
		h.tellStop(site, s)
	}
	help, _, helpErr := h.lastHelp(ctx, site)
	h.remindHelp(site, help)
	return errors.Join(err, helpErr)
}

// remind tells a booth again what it has not heard, or has forgotten: a booth that has just started is in service.
func (h *Hotline) remind(ctx context.Context, site string, s wire.Status) error {
	agree := func(wanted *Stop) bool {
		if wanted == nil || s.OutOfService == nil {
			return wanted == nil && s.OutOfService == nil
		}
		return wanted.Message == s.OutOfService.Message
	}
	h.mu.Lock()
	known, out := h.out[site]
	h.mu.Unlock()
	if out && agree(&known) || !out && agree(nil) {
		return nil
	}
	// The watch may be behind: what is kept counts.
	wanted, err := h.stop(ctx, site)
	if err == nil && !agree(wanted) {
		h.tellStop(site, wanted)
	}
	return err
}
