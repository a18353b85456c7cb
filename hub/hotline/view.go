package hotline

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"loiret.fr/visioborne/config"
	"loiret.fr/visioborne/hub/bucket"
	"loiret.fr/visioborne/hub/sites"
	"loiret.fr/visioborne/hub/wire"
)

// State tells whether a booth is there.
type State string

const (
	StateUp     State = "up"
	StateSilent State = "silent" // since SeenAt
	StateNever  State = "never"  // never seen
)

// View is everything that the hotline's page shows. It is pushed on connect, and on change what has changed.
type View struct {
	Seq uint64 `json:"seq"`
	// Changes: Booths are only those of the view before that are otherwise now.
	Changes bool    `json:"changes,omitempty"`
	Booths  []Booth `json:"booths"`
}

// since is what a page is to be told that shows another view; false when that is nothing. Both are whole.
func (v View) since(shown View) (View, bool) {
	sameBooth := func(a, b Booth) bool { return a.ID == b.ID }
	if shown.Seq == 0 || !slices.EqualFunc(v.Booths, shown.Booths, sameBooth) {
		return v, true
	}
	changes := View{Seq: v.Seq, Changes: true}
	for i, b := range v.Booths {
		if !reflect.DeepEqual(b, shown.Booths[i]) {
			changes.Booths = append(changes.Booths, b)
		}
	}
	return changes, len(changes.Booths) > 0
}

// Booth is a line of the list.
type Booth struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	// Known: the hub has the site's configuration. A booth of another site cannot call.
	Known bool `json:"known"`
	// Position is the site's; null where its configuration does not say.
	Position *config.Position `json:"position"`
	State    State            `json:"state"`
	SeenAt   *time.Time       `json:"seen_at"`
	// Troubles are the codes of what somebody must see to, "silent" first; empty for a booth that is well, and for one
	// that was never seen.
	Troubles []string `json:"troubles"`
	// Ring is the update ring: "test", "tenth" or "all"; "" while it is not known.
	Ring string `json:"ring"`
	// OutOfService is there while the hotline has taken the booth out of service.
	OutOfService *Stop `json:"out_of_service"`
	// Help is there while somebody before the booth calls for help and nobody has said that they have seen it.
	Help *HelpCall `json:"help"`
	// What follows is the booth's own last word; empty when there was none.
	Version       string     `json:"version"`
	Phase         string     `json:"phase"`
	Since         *time.Time `json:"since"`
	Encoder       string     `json:"encoder"`
	EncoderReason string     `json:"encoder_reason"`
	Simulated     []string   `json:"simulated"`
	Warnings      []string   `json:"warnings"`
	// Sensors are the presence sensors that the booth has; a warning such as presence_motion_stuck tells what is wrong with one.
	Sensors []string `json:"sensors"`
	// Health is how the machine is; null when the booth says nothing of it. What it cannot tell is absent.
	Health *wire.Health `json:"health"`
	// ClockOffsetS is by how many seconds the booth's clock is ahead of the hub's; null while it is not known.
	ClockOffsetS *int `json:"clock_offset_s"`
	// RoundTripMS is how long the hub takes to answer the booth, in milliseconds; null while it is not known.
	RoundTripMS *int `json:"round_trip_ms"`
	// Company is whether the site's agent takes part in the call: "", "offered" or "there".
	Company string `json:"company"`
	// Pending is a restart that waits for the end of a session: "service", "machine", or "".
	Pending wire.RestartWhat `json:"pending"`
	// Update is the one under way, or the last one that failed; null when there is none.
	Update *wire.Update `json:"update"`
	// Configuration is where the site's configuration stands.
	Configuration Configuration `json:"configuration"`
	// DeviceCheck is the last check of the devices, TestCall the last test call; null when there was none.
	DeviceCheck *wire.DeviceCheck    `json:"device_check"`
	TestCall    *wire.TestCallResult `json:"test_call"`
	// Sound is that of the call under way, LastCall the last call; null when there is none.
	Sound    *wire.Sound    `json:"sound"`
	LastCall *wire.LastCall `json:"last_call"`
}

// Configuration is what the hub wants of a booth, and what the booth says of it.
type Configuration struct {
	sites.Wanted
	// Booth is null when the booth says nothing: it was never seen, or takes its configuration from files.
	Booth *wire.BoothConfiguration `json:"booth"`
}

// SetSites puts in what the sites' configurations say now of their names and places.
func (h *Hotline) SetSites(all []config.Site) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.options.Sites = all
}

// clockTolerance is by how much a booth's clock may be off: certificates and opening hours do not mind.
const clockTolerance = 30

// View is the list now: every site of the configuration, then booths of sites that are not in it.
func (h *Hotline) View() View {
	h.mu.Lock()
	defer h.mu.Unlock()
	v := View{Booths: []Booth{}}
	known := map[string]bool{}
	for _, s := range h.options.Sites {
		known[s.ID] = true
		v.Booths = append(v.Booths, h.booth(s, true))
	}
	for _, id := range slices.Sorted(maps.Keys(h.seen)) {
		if !known[id] {
			v.Booths = append(v.Booths, h.booth(config.Site{ID: id, Name: id}, false))
		}
	}
	return v
}

// Booth is one line of the list; false when there is no such site.
func (h *Hotline) Booth(site string) (Booth, bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, s := range h.options.Sites {
		if s.ID == site {
			return h.booth(s, true), true
		}
	}
	_, seen := h.seen[site]
	return h.booth(config.Site{ID: site, Name: site}, false), seen
}

// booth is one line. The caller holds mu.
func (h *Hotline) booth(s config.Site, known bool) Booth {
	b := Booth{
		ID: s.ID, Name: s.Name, Known: known, Position: s.Position, State: StateNever, Ring: h.rings[s.ID],
		Troubles: []string{}, Simulated: []string{}, Warnings: []string{}, Sensors: []string{},
	}
	if stop, out := h.out[s.ID]; out {
		b.OutOfService = &stop
	}
	if h.options.Wanted != nil {
		b.Configuration.Wanted = h.options.Wanted(s.ID)
	}
	if help := h.help[s.ID]; help.open() {
		b.Help = &HelpCall{help.Since}
	}
	r, seen := h.seen[s.ID]
	if !seen {
		return b
	}
	b.Configuration.Booth = r.Status.Configuration
	b.State = StateUp
	if h.options.Now().Sub(r.SeenAt) > silent {
		b.State = StateSilent
	}
	b.SeenAt, b.Since = &r.SeenAt, &r.Status.Since
	b.Version, b.Phase = r.Status.Version, r.Status.Phase
	b.Encoder, b.EncoderReason = r.Status.Encoder, r.Status.EncoderReason
	b.Simulated = append(b.Simulated, r.Status.Simulated...)
	b.Warnings = append(b.Warnings, r.Status.Warnings...)
	b.Sensors = append(b.Sensors, r.Status.Sensors...)
	b.Health, b.ClockOffsetS, b.RoundTripMS, b.Pending = r.Status.Health, r.ClockOffsetS, r.Status.RoundTripMS, r.Status.Pending
	b.Update, b.DeviceCheck, b.TestCall = r.Status.Update, r.Status.DeviceCheck, r.Status.TestCall
	b.Sound, b.LastCall, b.Company = r.Status.Sound, r.Status.LastCall, r.Status.Company
	if b.State == StateSilent {
		b.Troubles = append(b.Troubles, "silent")
	}
	b.Troubles = append(b.Troubles, r.troubles()...)
	return b
}

// troubles are the codes of what somebody must see to, of what a booth said.
func (r record) troubles() []string {
	var all []string
	for _, w := range r.Status.Warnings {
		if w != "maintenance_open" && w != "training" && w != "silent" { // the former are somebody who sees to it, the latter the hub's word
			all = append(all, w)
		}
	}
	if o := r.ClockOffsetS; o != nil && max(*o, -*o) > clockTolerance {
		all = append(all, "clock_wrong")
	}
	if u := r.Status.Update; u != nil && (u.State == wire.UpdateFailed || u.State == wire.UpdateRefused) {
		all = append(all, "update_failed")
	}
	if c := r.Status.Configuration; c != nil && c.Refused != 0 {
		all = append(all, "configuration_refused")
	}
	if d := r.Status.DeviceCheck; d != nil {
		for _, f := range d.Findings {
			switch f.Result {
			case "ok", "unchecked", "dark": // a room is dark at night, when devices are checked
			default:
				all = append(all, f.Device+"_"+f.Result)
			}
		}
	}
	if c := r.Status.TestCall; c != nil && c.Verdict == "nogo" {
		all = append(all, "test_call_failed")
	}
	// A device that is missing is missing for the check too.
	slices.Sort(all)
	return slices.Compact(all)
}

// Load reads the list of the hub's sites from its store, wherever it runs, at a time.
func Load(ctx context.Context, js jetstream.JetStream, sites []config.Site, now func() time.Time) (View, error) {
	h := &Hotline{options: Options{JetStream: js, Sites: sites, Now: now}, seen: map[string]record{}, out: map[string]Stop{}, help: map[string]helpRecord{}}
	if err := h.load(ctx); err != nil {
		return View{}, fmt.Errorf("reading the list of booths: %w", err)
	}
	return h.View(), nil
}

func (h *Hotline) load(ctx context.Context) error {
	own, err := h.options.JetStream.KeyValue(ctx, ownBucket)
	if err != nil {
		return err
	}
	statuses, err := h.options.JetStream.KeyValue(ctx, statusBucket)
	if err != nil {
		return err
	}
	err = bucket.Each(ctx, statuses, func(key string, value []byte) error {
		var r record
		if err := json.Unmarshal(value, &r); err != nil {
			return fmt.Errorf("status of %s: %w", key, err)
		}
		h.seen[key] = r
		return nil
	})
	return cmp.Or(err, bucket.Each(ctx, own, func(key string, value []byte) error {
		return cmp.Or(keep(h.out, stopPrefix, key, value), keep(h.help, helpPrefix, key, value))
	}))
}
