package hotline

import (
	"maps"
	"slices"
	"time"

	"loiret.fr/visioborne/hub/wire"
)

// State tells whether a booth is there.
type State string

const (
	StateUp     State = "up"
	StateSilent State = "silent" // since SeenAt
	StateNever  State = "never"  // never seen
)

// View is everything that the hotline's page shows. It is pushed whole, on connect and on change.
type View struct {
	Seq    uint64  `json:"seq"`
	Booths []Booth `json:"booths"`
}

// Booth is a line of the list.
type Booth struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	// Known: the hub has the site's configuration. A booth of another site cannot call.
	Known  bool       `json:"known"`
	State  State      `json:"state"`
	SeenAt *time.Time `json:"seen_at"`
	// What follows is the booth's own last word; empty when there was none.
	Version       string     `json:"version"`
	Phase         string     `json:"phase"`
	Since         *time.Time `json:"since"`
	Encoder       string     `json:"encoder"`
	EncoderReason string     `json:"encoder_reason"`
	Simulated     []string   `json:"simulated"`
	Warnings      []string   `json:"warnings"`
	// Update is the one under way, or the last one that failed; null when there is none.
	Update *wire.Update `json:"update"`
	// DeviceCheck is the last check of the devices; null when there was none.
	DeviceCheck *wire.DeviceCheck `json:"device_check"`
	// Sound is that of the call under way, LastCall the last call; null when there is none.
	Sound    *wire.Sound    `json:"sound"`
	LastCall *wire.LastCall `json:"last_call"`
}

// View is the list now: every site of the configuration, then booths of sites that are not in it.
func (h *Hotline) View() View {
	h.mu.Lock()
	defer h.mu.Unlock()
	v := View{Booths: []Booth{}}
	known := map[string]bool{}
	for _, s := range h.options.Sites {
		known[s.ID] = true
		v.Booths = append(v.Booths, h.booth(s.ID, s.Name, true))
	}
	for _, id := range slices.Sorted(maps.Keys(h.seen)) {
		if !known[id] {
			v.Booths = append(v.Booths, h.booth(id, id, false))
		}
	}
	return v
}

// booth is one line. The caller holds mu.
func (h *Hotline) booth(id, name string, known bool) Booth {
	b := Booth{ID: id, Name: name, Known: known, State: StateNever, Simulated: []string{}, Warnings: []string{}}
	r, seen := h.seen[id]
	if !seen {
		return b
	}
	b.State = StateUp
	if h.options.Now().Sub(r.SeenAt) > silent {
		b.State = StateSilent
	}
	b.SeenAt, b.Since = &r.SeenAt, &r.Status.Since
	b.Version, b.Phase = r.Status.Version, r.Status.Phase
	b.Encoder, b.EncoderReason = r.Status.Encoder, r.Status.EncoderReason
	b.Simulated = append(b.Simulated, r.Status.Simulated...)
	b.Warnings = append(b.Warnings, r.Status.Warnings...)
	b.Update, b.DeviceCheck = r.Status.Update, r.Status.DeviceCheck
	b.Sound, b.LastCall = r.Status.Sound, r.Status.LastCall
	return b
}
