package main

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"sync/atomic"
	"syscall"
	"time"

	"loiret.fr/visioborne/hub/wire"
	"loiret.fr/visioborne/kiosk/booth"
	"loiret.fr/visioborne/kiosk/health"
	"loiret.fr/visioborne/kiosk/link"
	"loiret.fr/visioborne/kiosk/logs"
)

// errRestart: the hotline has asked for a new start of the service.
var errRestart = errors.New("the service is to start anew")

// healthInterval is how often the machine is asked how it is: a processor's temperature takes minutes to change.
const healthInterval = time.Minute

// hotline does what the hotline asks of the booth, and watches how the machine is.
type hotline struct {
	own     *appliance
	machine health.Machine
	reading atomic.Pointer[health.Reading]
	ring    *logs.Ring
	post    func(booth.Event)
	// send gives the hub lines of the log.
	send func(collection string, lines []string)
	log  *slog.Logger
	// again ends Run, so that the service starts anew.
	again chan struct{}
}

func newHotline(own *appliance, o options, ring *logs.Ring, post func(booth.Event), log *slog.Logger) *hotline {
	h := &hotline{
		own: own, machine: health.Machine{Root: os.DirFS("/"), Folder: o.state}, ring: ring, post: post, log: log,
		again: make(chan struct{}, 1),
	}
	r := h.machine.Read()
	h.reading.Store(&r)
	return h
}

// run watches the machine until ctx ends, or returns errRestart.
func (h *hotline) run(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	watched := make(chan struct{})
	go func() {
		defer close(watched)
		h.machine.Watch(ctx, healthInterval, func(r health.Reading) { h.reading.Store(&r) })
	}()
	defer func() {
		cancel()
		<-watched
	}()
	select {
	case <-ctx.Done():
		return nil
	case <-h.again:
		return errRestart
	}
}

// take does what the hotline asks for.
func (h *hotline) take(e link.Event) {
	switch e := e.(type) {
	case link.DeviceCheckAsked:
		h.log.Info("the hotline asks for a check of the devices")
		h.post(booth.DeviceCheckAsked{})
	case link.RestartAsked:
		h.log.Info("the hotline asks for a restart", "of", string(e.What))
		h.post(booth.RestartAsked{ServiceOnly: e.What == wire.RestartService})
	case link.ServiceChanged:
		h.log.Info("the hotline takes the booth out of service or back into it", "out", e.Out)
		h.post(booth.ServiceChanged(e))
	case link.TestCallAsked:
		h.log.Info("the hotline asks for a test call")
		h.post(booth.TestCallAsked{})
	case link.LogsAsked:
		h.log.Info("the hotline collects the log")
		h.send(e.Collection, h.ring.Lines())
	default:
	}
}

// restartMachine restarts the machine when the panel has told it. A developer's machine is not the booth's to restart:
// there the service starts anew.
func (h *hotline) restartMachine(ctx context.Context) {
	if h.own == nil {
		h.restartService(ctx)
		return
	}
	h.own.restart(ctx)
}

// restartService ends the service when the panel has told it.
func (h *hotline) restartService(ctx context.Context) {
	select {
	case <-ctx.Done():
		return
	case <-time.After(restartWarning):
	}
	select {
	case h.again <- struct{}{}:
	default: // it is on its way
	}
}

// startAgain takes the place of this very program, as a new one: nothing of the old one is in the way.
func startAgain() error { return syscall.Exec("/proc/self/exe", os.Args, os.Environ()) }

// health is what the hotline sees of the machine, and its warnings.
func (h *hotline) health(s booth.State) (*wire.Health, []string) {
	r := h.reading.Load()
	out := &wire.Health{TemperatureC: r.TemperatureC, Power: string(r.Power), DiskFreeMB: r.DiskFreeMB, DiskMB: r.DiskMB}
	switch {
	case h.own == nil:
	case s.PanelDark:
		out.Screen = "lost"
	case s.Dark():
		out.Screen = "off"
	default:
		out.Screen = "shown"
	}
	return out, r.Warnings()
}

// keepLogs keeps the last lines of a log for the hotline, beside the log itself.
func keepLogs(to slog.Handler) (*slog.Logger, *logs.Ring) {
	ring := logs.New(aboutCitizens())
	return slog.New(slog.NewMultiHandler(to, ring.Handler())), ring
}

// aboutCitizens are the log's messages and attributes that tell when somebody came, or whom somebody called. They stay in
// the booth's own log.
func aboutCitizens() logs.Options {
	return logs.Options{
		Level: slog.LevelInfo, // details are for the booth's own log
		Messages: []string{
			"phase changed", "a call is over", "the site's agent calls a partner for somebody", "a block of real-time text cannot be shown", "the handset is lifted; sound goes to it alone", "the handset is back; sound goes to the loudspeaker",
			"the adviser's page is back; the connection is made anew", "what the adviser wrote cannot be shown",
			"a document cannot be shown", "the hub has not taken a call for help", "a signal from the desk was refused", "the check of the devices was stopped",
		},
		// An incident's code is what a citizen reads to the hotline; it tells nobody else anything.
		Attributes: []string{"call", "partner", "adviser", "session", "subject"},
	}
}
