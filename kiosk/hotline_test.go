package main

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"loiret.fr/visioborne/hub/wire"
	"loiret.fr/visioborne/kiosk/booth"
	"loiret.fr/visioborne/kiosk/health"
	"loiret.fr/visioborne/kiosk/link"
)

// TestWhatTheHotlineAsks becomes the booth's events, or is done at once where nobody can be disturbed.
func TestWhatTheHotlineAsks(t *testing.T) {
	var posted []booth.Event
	var collection string
	var lines []string
	var own bytes.Buffer
	log, ring := keepLogs(slog.NewTextHandler(&own, nil))
	h := newHotline(nil, options{}, ring, func(e booth.Event) { posted = append(posted, e) }, log)
	h.send = func(c string, l []string) { collection, lines = c, l }
	log.Info("phase changed", "from", "none", "to", "browsing")
	for _, e := range []link.Event{
		link.DeviceCheckAsked{},
		link.RestartAsked{What: wire.RestartService},
		link.RestartAsked{What: wire.RestartMachine},
		link.ServiceChanged{Out: true, Message: "Réparation jeudi."},
		link.TestCallAsked{},
		link.LogsAsked{Collection: "c"},
	} {
		h.take(e)
	}
	want := []booth.Event{
		booth.DeviceCheckAsked{},
		booth.RestartAsked{ServiceOnly: true},
		booth.RestartAsked{},
		booth.ServiceChanged{Out: true, Message: "Réparation jeudi."},
		booth.TestCallAsked{},
	}
	if diff := cmp.Diff(want, posted); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if collection != "c" || len(lines) != 6 || !strings.Contains(lines[5], "collects the log") {
		t.Errorf("collected as %q: %q", collection, lines)
	}
	if !strings.Contains(own.String(), "phase changed") {
		t.Error("the booth's own log has lost a line")
	}
}

// TestRestartOfTheService: after a moment, in which the panel tells of it, the service ends to start anew.
func TestRestartOfTheService(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log, ring := keepLogs(slog.DiscardHandler)
		h := newHotline(nil, options{}, ring, func(booth.Event) {}, log)
		ended := make(chan error, 1)
		go func() { ended <- h.run(t.Context()) }()
		began := time.Now()
		h.restartMachine(t.Context()) // a developer's machine stays up
		if err := <-ended; !errors.Is(err, errRestart) || time.Since(began) != restartWarning {
			t.Errorf("after %v: %v", time.Since(began), err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		go func() { ended <- h.run(ctx) }()
		cancel()
		h.restartService(ctx)
		if err := <-ended; err != nil {
			t.Errorf("a booth that ends anyway: %v", err)
		}
	})
}

func TestHealthOfAPanel(t *testing.T) {
	h := &hotline{own: &appliance{}}
	h.reading.Store(&health.Reading{TemperatureC: new(85)})
	for _, c := range []struct {
		state booth.State
		want  string
	}{
		{booth.State{}, "shown"},
		{booth.State{PanelDark: true}, "lost"},
	} {
		got, warnings := h.health(c.state)
		if got.Screen != c.want || *got.TemperatureC != 85 || len(warnings) != 1 {
			t.Errorf("%+v: %+v, %v", c.state, got, warnings)
		}
	}
	h.own = nil
	if got, _ := h.health(booth.State{}); got.Screen != "" {
		t.Errorf("without a panel: %+v", got)
	}
}
