package main

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"loiret.fr/visioborne/config"
	"loiret.fr/visioborne/kiosk/booth"
	"loiret.fr/visioborne/kiosk/link"
	"loiret.fr/visioborne/kiosk/page"
)

// A booth that reaches no hub practises a whole call: it sees the simulated adviser, reads what they write, and nothing of it
// goes to the hub's line.
func TestPracticeWithoutAHub(t *testing.T) {
	log := slog.New(slog.DiscardHandler)
	events := make(chan booth.Event, 1000)
	names := config.Devices{Camera: config.Simulated, Microphone: config.Simulated, Speaker: config.Simulated}
	c := &calls{devices: devicesOf(names, "", nil, log), post: func(e booth.Event) { events <- e }, log: log}
	c.trainer = newTrainer(c, log)
	c.page = page.New(page.Options{Intent: func(booth.Event) {}, KeyFrame: func(byte) {}, Log: log})
	c.link = link.New(link.Options{URL: "ws://127.0.0.1:1", Site: "gien", Events: func(link.Event) {}, Log: log})
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	defer c.close()
	const id = "ca11aa10-0000-4000-8000-000000000001"
	c.carryOut(ctx, booth.PlaceCall{Call: id, Partner: "caf", Language: "fr", Training: true})
	next := func() booth.Event {
		select {
		case e := <-events:
			return e
		case <-ctx.Done():
			t.Fatal("nothing more happens")
			return nil
		}
	}
	read, connected := false, false
	for !read || !connected {
		switch e := next().(type) {
		case booth.CallRinging:
			c.carryOut(ctx, booth.PrepareMedia(e))
		case booth.CallAnswered:
			c.carryOut(ctx, booth.OpenMedia{Call: e.Call, VolumePercent: 70})
		case booth.MediaConnected:
			connected = true
		case booth.AdviserWrote:
			read = true
		case booth.MediaFailed, booth.CallEnded, booth.DeviceFailed:
			t.Fatalf("%#v", e)
		default:
		}
	}
	if s := c.up().peer.Stats(); s.ReceivedFrames == 0 {
		t.Error("there is no picture of the simulated adviser")
	}
	c.carryOut(ctx, booth.CloseMedia{Call: id})
	c.carryOut(ctx, booth.LeaveCall{Call: id, Why: booth.LeavingHungUp})
	if c.trainer.Has(id) {
		t.Error("the simulated adviser is still in the call")
	}
}
