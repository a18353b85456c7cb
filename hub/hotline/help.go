package hotline

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"loiret.fr/visioborne/hub/wire"
)

// helpPrefix and a site are the key of the last call for help from its booth, in the bucket "hotline".
const helpPrefix = "help."

// HelpCall is that somebody before a booth calls for help. Who, nobody knows.
type HelpCall struct {
	Since time.Time `json:"since"`
}

// helpRecord is what the bucket holds of a call for help.
type helpRecord struct {
	Request string    `json:"request"`
	Since   time.Time `json:"since"`
	// SeenAt is when somebody of the hotline has seen it, By who; absent until then.
	SeenAt time.Time `json:"seen_at,omitzero"`
	By     string    `json:"by,omitempty"`
}

func (r helpRecord) open() bool { return r.Request != "" && r.SeenAt.IsZero() }

// Help takes a call for help from a site's booth and rings the hotline. One that nobody has seen yet goes on, since when
// it was first made.
func (h *Hotline) Help(ctx context.Context, site, request string) error {
	ctx, cancel := context.WithTimeout(ctx, storeWait)
	defer cancel()
	before, revision, err := h.lastHelp(ctx, site)
	if err != nil {
		return fmt.Errorf("taking a call for help from %s: %w", site, err)
	}
	now := helpRecord{Request: request, Since: h.options.Now().UTC()}
	switch {
	case before.Request == request:
		return nil // it asks again
	case before.open():
		now.Since = before.Since
	default:
		if err := h.options.Audit(ctx, "", "help-asked", site, ""); err != nil {
			return fmt.Errorf("recording a call for help from %s: %w", site, err)
		}
	}
	if err := h.keepHelp(ctx, site, now, revision); err != nil {
		return fmt.Errorf("taking a call for help from %s: %w", site, err)
	}
	return nil
}

// seenHelp notes who has seen a booth's call for help, and tells the booth. One that was seen already stays as it was.
func (h *Hotline) seenHelp(ctx context.Context, who, site string) error {
	r, revision, err := h.lastHelp(ctx, site)
	if err != nil || !r.open() {
		return err
	}
	r.SeenAt, r.By = h.options.Now().UTC(), who
	if err := h.keepHelp(ctx, site, r, revision); err != nil {
		return err
	}
	h.options.Ask(site, wire.VerbHelp, wire.Help{Request: r.Request})
	return nil
}

// lastHelp is what is kept of a site's last call for help, with the bucket's revision; zero when there was none.
func (h *Hotline) lastHelp(ctx context.Context, site string) (helpRecord, uint64, error) {
	entry, err := h.own.Get(ctx, helpPrefix+site)
	if errors.Is(err, jetstream.ErrKeyNotFound) {
		return helpRecord{}, 0, nil
	}
	var r helpRecord
	if err == nil {
		err = json.Unmarshal(entry.Value(), &r)
	}
	if err != nil {
		return helpRecord{}, 0, fmt.Errorf("reading the last call for help: %w", err)
	}
	return r, entry.Revision(), nil
}

// keepHelp replaces the revision that was read, so that nobody sees a call that was made a moment later.
func (h *Hotline) keepHelp(ctx context.Context, site string, r helpRecord, revision uint64) error {
	b, err := json.Marshal(r)
	if err == nil {
		_, err = h.own.Update(ctx, helpPrefix+site, b, revision)
	}
	if err != nil {
		return fmt.Errorf("keeping the call for help: %w", err)
	}
	return nil
}

// remindHelp tells a booth that has just connected what it may have missed: that its call was seen.
func (h *Hotline) remindHelp(site string, last helpRecord) {
	if last.Request != "" && !last.open() {
		h.options.Ask(site, wire.VerbHelp, wire.Help{Request: last.Request})
	}
}
