package main

import (
	"context"
	"log/slog"
	"path/filepath"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"loiret.fr/visioborne/config"
	"loiret.fr/visioborne/kiosk/booth"
)

// demonstration is the demonstration site's configuration: open at any hour.
func demonstration(t *testing.T) *config.Booth {
	t.Helper()
	dir := filepath.Join("..", "config", "loiret")
	b, err := config.Load(filepath.Join(dir, "demonstration.yaml"), filepath.Join(dir, "partners.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// recorder keeps what the loop asks for.
type recorder struct {
	mu      sync.Mutex
	views   []booth.View
	effects []booth.Effect
}

func (r *recorder) loop(t *testing.T) *loop {
	l := newLoop(booth.State{Config: demonstration(t)}, slog.New(slog.DiscardHandler))
	l.show = func(v booth.View) {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.views = append(r.views, v)
	}
	l.effect = func(f booth.Effect) {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.effects = append(r.effects, f)
	}
	l.moved, l.count = func(booth.State) {}, func(booth.Count) {}
	return l
}

func (r *recorder) last() booth.Screen {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.views[len(r.views)-1].Screen
}

// TestTheLoopRunsTheTimers leaves a partner's page alone and finds the booth
// home again, by the clock.
func TestTheLoopRunsTheTimers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var r recorder
		l := r.loop(t)
		idle := l.state.Config.Site.Limits.Idle
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() { done <- l.run(ctx) }()
		l.post(ctx, booth.PartnerChosen{Session: "s", Partner: "caf"})
		synctest.Wait()
		if _, ok := r.last().(booth.PartnerScreen); !ok {
			t.Fatalf("%T", r.last())
		}
		time.Sleep(idle - time.Second) // synctest's clock: no time passes
		synctest.Wait()
		if _, ok := r.last().(booth.PartnerScreen); !ok {
			t.Fatalf("the page was left too early: %T", r.last())
		}
		time.Sleep(22 * time.Second) // and 20 in which somebody could say that they are still there
		synctest.Wait()
		if _, ok := r.last().(booth.HomeScreen); !ok {
			t.Fatalf("%T", r.last())
		}
		cancel()
		if err := <-done; err != nil {
			t.Fatal(err)
		}
	})
}

// TestTheLoopShowsOnlyWhatChanged: a view is pushed when it differs, not at every event.
func TestTheLoopShowsOnlyWhatChanged(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var r recorder
		l := r.loop(t)
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() { done <- l.run(ctx) }()
		for range 5 {
			l.post(ctx, booth.Touched{})
		}
		l.post(ctx, booth.LinkChanged{Online: true})
		l.post(ctx, booth.LinkChanged{Online: true})
		synctest.Wait()
		if len(r.views) != 2 {
			t.Fatalf("%d views for one change", len(r.views)-1)
		}
		l.post(ctx, booth.PartnerChosen{Session: "s", Partner: "caf"})
		l.post(ctx, booth.CallRequested{Call: "c"})
		synctest.Wait()
		if len(r.effects) != 1 || r.effects[0] != (booth.PlaceCall{Call: "c", Partner: "caf", Language: "fr"}) {
			t.Fatalf("%+v", r.effects)
		}
		cancel()
		<-done
	})
}
