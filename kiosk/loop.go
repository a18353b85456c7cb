package main

import (
	"context"
	"log/slog"
	"reflect"
	"time"

	"loiret.fr/visioborne/kiosk/booth"
)

// clockTick is how often opening hours are looked at.
const clockTick = 10 * time.Second

// loop is the one goroutine that owns the booth's state: it takes an event,
// steps, shows the screen when it changed, and hands each effect to the package
// that owns it. It never waits for anything but the next event.
type loop struct {
	state  booth.State
	events chan booth.Event
	show   func(booth.View)
	effect func(booth.Effect) // every effect but timers and notes; must not block
	moved  func(booth.State)  // after every step
	count  func(booth.Count)  // must not block
	log    *slog.Logger

	shown booth.View
	timer *time.Timer
}

func newLoop(s booth.State, log *slog.Logger) *loop {
	return &loop{
		state: s,
		// Room for a burst of everything at once; a full channel only makes a producer wait a moment.
		events: make(chan booth.Event, 256),
		log:    log,
	}
}

// post hands the loop an event. It blocks only while the loop is behind.
func (l *loop) post(ctx context.Context, e booth.Event) {
	select {
	case l.events <- e:
	case <-ctx.Done():
	}
}

func (l *loop) run(ctx context.Context) error {
	tick := time.NewTicker(clockTick)
	defer tick.Stop()
	defer func() {
		if l.timer != nil {
			l.timer.Stop()
		}
	}()
	l.step(ctx, booth.ClockTicked{})
	for {
		select {
		case <-ctx.Done():
			return nil
		case e := <-l.events:
			l.step(ctx, e)
		case <-tick.C:
			l.step(ctx, booth.ClockTicked{})
		}
	}
}

func (l *loop) step(ctx context.Context, e booth.Event) {
	before := l.state.Session.Phase
	next, effects := booth.Step(l.state, time.Now(), e)
	for _, c := range booth.Counts(l.state, next) {
		l.count(c)
	}
	l.state = next
	if after := next.Session.Phase; after != before {
		l.log.Info("phase changed", "from", before.String(), "to", after.String())
	}
	if view := booth.Show(next); !reflect.DeepEqual(view, l.shown) {
		l.shown = view
		l.show(view)
	}
	for _, f := range effects {
		l.carryOut(ctx, f)
	}
	l.moved(next)
}

func (l *loop) carryOut(ctx context.Context, f booth.Effect) {
	switch f := f.(type) {
	case booth.StartTimer:
		l.stopTimer()
		l.timer = time.AfterFunc(f.After, func() {
			l.post(ctx, booth.TimerFired{Session: f.Session, Timer: f.Timer})
		})
	case booth.StopTimer:
		l.stopTimer()
	case booth.NoteFailure:
		l.log.Warn("a citizen was shown a failure", "incident", f.Code, "reason", f.Reason, "partner", f.Partner)
	case booth.PlaceCall, booth.LeaveCall, booth.PrepareMedia, booth.DropMedia, booth.OpenMedia, booth.RenewMedia, booth.AcceptCall,
		booth.CloseMedia, booth.SwitchMicrophone, booth.SwitchCamera, booth.SetVolume, booth.RestartMachine, booth.RestartService,
		booth.Enrol, booth.CheckNetwork, booth.StopNetworkCheck, booth.CheckDevices, booth.StopDeviceCheck,
		booth.PlaceTestCall, booth.StopTestCall, booth.AskHelp, booth.SayPhrase, booth.SendText, booth.TakePhoto, booth.RefusePhoto, booth.TellAway, booth.TellCompany,
		booth.Speak, booth.Hush, booth.ListenBy, booth.PassKey:
		l.effect(f)
	}
}

func (l *loop) stopTimer() {
	if l.timer != nil {
		l.timer.Stop()
	}
}
