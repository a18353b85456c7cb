package hotline

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"loiret.fr/visioborne/hub/wire"
)

const (
	historyStream = "BOOTH_HEALTH"
	// historyPrefix and a site are the subject of a booth's history.
	historyPrefix = "booth-health."
	// historyAge is how long a record is kept; there are at most historyMost of a booth.
	historyAge  = 30 * 24 * time.Hour
	historyMost = 1500
	// noteInterval is after what time a record is made although nothing has changed.
	noteInterval = time.Hour
)

// Entry is a record of a booth's history of health: one is made at each change, and at least one an hour. It has nothing
// of sessions: when somebody was there is nobody's business.
type Entry struct {
	At time.Time `json:"at"`
	// State is "up", or "silent" from At on.
	State        State        `json:"state"`
	Version      string       `json:"version"`
	Troubles     []string     `json:"troubles"`
	Health       *wire.Health `json:"health"`
	ClockOffsetS *int         `json:"clock_offset_s"`
	RoundTripMS  *int         `json:"round_trip_ms"`
}

func (h *Hotline) openHistory(ctx context.Context) error {
	s, err := h.options.JetStream.CreateOrUpdateStream(ctx, jetstream.StreamConfig{
		Name: historyStream, Description: "how each booth has been, for thirty days", Subjects: []string{historyPrefix + "*"},
		MaxAge: historyAge, MaxMsgsPerSubject: historyMost, MaxMsgSize: wire.MaxBytes, Storage: jetstream.FileStorage,
		Compression: jetstream.S2Compression,
	})
	if err != nil {
		return fmt.Errorf("opening stream %s: %w", historyStream, err)
	}
	h.history = s
	return nil
}

// note makes the records that a status calls for, and puts into it that they were made.
func (h *Hotline) note(ctx context.Context, site string, before record, r *record) error {
	gist := r.Status.Version + " " + strings.Join(r.troubles(), " ")
	wasSilent := !before.SeenAt.IsZero() && r.SeenAt.Sub(before.SeenAt) > silent
	if !wasSilent && gist == before.Noted && r.SeenAt.Sub(before.NotedAt) < noteInterval {
		return nil
	}
	if wasSilent {
		if err := h.keepEntry(ctx, site, entryOf(before, before.SeenAt, StateSilent)); err != nil {
			return err
		}
	}
	if err := h.keepEntry(ctx, site, entryOf(*r, r.SeenAt, StateUp)); err != nil {
		return err
	}
	r.Noted, r.NotedAt = gist, r.SeenAt
	return nil
}

func entryOf(r record, at time.Time, s State) Entry {
	return Entry{
		At: at.UTC(), State: s, Version: r.Status.Version, Troubles: append([]string{}, r.troubles()...),
		Health: r.Status.Health, ClockOffsetS: r.ClockOffsetS, RoundTripMS: r.Status.RoundTripMS,
	}
}

func (h *Hotline) keepEntry(ctx context.Context, site string, e Entry) error {
	b, err := json.Marshal(e)
	if err == nil {
		_, err = h.options.JetStream.Publish(ctx, historyPrefix+site, b)
	}
	if err != nil {
		return fmt.Errorf("keeping the history: %w", err)
	}
	return nil
}

// History is how a site's booth has been, the newest record first; empty when there is none.
func (h *Hotline) History(ctx context.Context, site string) ([]Entry, error) {
	ctx, cancel := context.WithTimeout(ctx, storeWait)
	defer cancel()
	all, err := h.entries(ctx, site)
	if err != nil {
		return nil, fmt.Errorf("reading the history of %s: %w", site, err)
	}
	slices.Reverse(all)
	return all, nil
}

func (h *Hotline) entries(ctx context.Context, site string) ([]Entry, error) {
	all := []Entry{}
	subject := historyPrefix + site
	last, err := h.history.GetLastMsgForSubject(ctx, subject)
	if errors.Is(err, jetstream.ErrMsgNotFound) {
		return all, nil
	}
	if err != nil {
		return nil, err
	}
	reader, err := h.history.OrderedConsumer(ctx, jetstream.OrderedConsumerConfig{FilterSubjects: []string{subject}})
	if err != nil {
		return nil, err
	}
	messages, err := reader.Messages()
	if err != nil {
		return nil, err
	}
	defer messages.Stop()
	for {
		m, err := messages.Next(jetstream.NextContext(ctx))
		if err != nil {
			return nil, err
		}
		where, err := m.Metadata()
		if err != nil {
			return nil, err
		}
		var e Entry
		if err := json.Unmarshal(m.Data(), &e); err != nil {
			return nil, err
		}
		all = append(all, e)
		if where.Sequence.Stream >= last.Sequence {
			return all, nil
		}
	}
}
