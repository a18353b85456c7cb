package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"reflect"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"loiret.fr/visioborne/config"
	"loiret.fr/visioborne/kiosk/booth"
	"loiret.fr/visioborne/kiosk/presence"
	"loiret.fr/visioborne/kiosk/presence/pir"
	"loiret.fr/visioborne/kiosk/presence/simulated"
	"loiret.fr/visioborne/kiosk/presence/tof"
)

const (
	// sensorPause is how long a sensor that does not work is left alone before it is tried again.
	sensorPause = 10 * time.Second
	// sensorTick is how often what sensors said before is looked at.
	sensorTick = time.Second
)

// sensors are the booth's presence sensors, put together with the touches. A booth without any has one that does nothing.
type sensors struct {
	names *config.Presence
	// file says who simulated sensors see; "" plays a visit.
	file     string
	post     func(booth.Event)
	log      *slog.Logger
	readings chan presence.Reading
}

func newSensors(names *config.Presence, file string, post func(booth.Event), log *slog.Logger) *sensors {
	return &sensors{names, file, post, log, make(chan presence.Reading, 64)}
}

// intent passes on what the citizen does. A finger is a reading like any other.
func (s *sensors) intent(e booth.Event) {
	s.post(e)
	if _, touched := e.(booth.Touched); touched && s.names != nil {
		select {
		case s.readings <- presence.Touched{}:
		default: // the sensors' own flood; the next touch will do
		}
	}
}

// options are where somebody is near, in the sensors' unit.
func sensorOptions(p config.Presence) presence.Options {
	return presence.Options{Motion: p.Motion != "", Distance: p.Distance != "", NearMM: 10 * p.NearCM, SeatedMM: 10 * p.SeatedCM}
}

// run reads the sensors until ctx ends, and tells the booth when they see somebody else, or are believed otherwise.
func (s *sensors) run(ctx context.Context) error {
	if s.names == nil {
		return nil
	}
	o := sensorOptions(*s.names)
	group, ctx := errgroup.WithContext(ctx)
	if own := *s.names; own.Motion == config.Simulated || own.Distance == config.Simulated {
		plays := o
		plays.Motion, plays.Distance = own.Motion == config.Simulated, own.Distance == config.Simulated
		group.Go(func() error {
			return s.keep(ctx, "simulated", lost(plays), func(tell func(presence.Reading)) error {
				return simulated.Sensors{File: s.file, Options: plays}.Run(ctx, tell)
			})
		})
	}
	if s.names.Motion != "" && s.names.Motion != config.Simulated {
		group.Go(func() error {
			return s.keep(ctx, "motion", []presence.Sensor{presence.SensorMotion}, func(tell func(presence.Reading)) error {
				sensor, err := pir.Open(s.names.Motion)
				if err != nil {
					return err
				}
				defer sensor.Close()
				return sensor.Run(ctx, func(moving bool) { tell(presence.Moved{Moving: moving}) })
			})
		})
	}
	if s.names.Distance != "" && s.names.Distance != config.Simulated {
		group.Go(func() error {
			return s.keep(ctx, "distance", []presence.Sensor{presence.SensorDistance}, func(tell func(presence.Reading)) error {
				sensor, err := tof.Open(s.names.Distance)
				if err != nil {
					return err
				}
				return errors.Join(sensor.Run(ctx, func(m presence.Measured) { tell(m) }), sensor.Close())
			})
		})
	}
	group.Go(func() error {
		s.watch(ctx, o)
		return nil
	})
	return group.Wait()
}

func lost(o presence.Options) (all []presence.Sensor) {
	if o.Motion {
		all = append(all, presence.SensorMotion)
	}
	if o.Distance {
		all = append(all, presence.SensorDistance)
	}
	return all
}

// keep reads a sensor, and tries again while it does not work. The booth goes on without it.
func (s *sensors) keep(ctx context.Context, name string, are []presence.Sensor, run func(func(presence.Reading)) error) error {
	tell := func(r presence.Reading) {
		select {
		case s.readings <- r:
		case <-ctx.Done():
		}
	}
	last := ""
	for ctx.Err() == nil {
		err := run(tell)
		if ctx.Err() != nil {
			break
		}
		if now := fmt.Sprint(err); now != last { // not each time that it is tried
			last = now
			s.log.Error("a presence sensor does not work; it is tried again", "sensor", name, "error", err)
		}
		for _, sensor := range are {
			tell(presence.Lost{Sensor: sensor})
		}
		select {
		case <-ctx.Done():
		case <-time.After(sensorPause):
		}
	}
	return nil
}

// watch puts the readings together.
func (s *sensors) watch(ctx context.Context, o presence.Options) {
	tick := time.NewTicker(sensorTick)
	defer tick.Stop()
	var state presence.State
	var told booth.PresenceChanged
	for {
		var r presence.Reading = presence.Passed{}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		case r = <-s.readings:
		}
		state = presence.Step(state, o, time.Now(), r)
		now := booth.PresenceChanged{Level: booth.PresenceLevel(state.Level()), Known: state.Sees(), Faults: faultsOf(state)}
		if reflect.DeepEqual(now, told) {
			continue
		}
		if !reflect.DeepEqual(now.Faults, told.Faults) {
			s.log.Warn("presence sensors", "not believed", strings.Join(now.Faults, ", "))
		}
		s.log.Debug("presence", "level", now.Level, "known", now.Known)
		told = now
		s.post(now)
	}
}

// faultsOf are the sensors that are not believed, as the hotline's codes.
func faultsOf(s presence.State) (all []string) {
	for _, sensor := range []presence.Sensor{presence.SensorMotion, presence.SensorDistance} {
		if f := s.Fault(sensor); f != "" {
			all = append(all, string(sensor)+"_"+string(f))
		}
	}
	return all
}

// describeSensors tells how the sensors are now, a line each.
func describeSensors(p config.Presence) string {
	var all strings.Builder
	line := func(what, text string) { fmt.Fprintf(&all, "%s: %s\n", what, text) }
	switch p.Motion {
	case "":
	case config.Simulated:
		line("motion detector", config.Simulated)
	default:
		line("motion detector", describeMotion(p.Motion))
	}
	switch p.Distance {
	case "":
	case config.Simulated:
		line("distance sensor", config.Simulated)
	default:
		line("distance sensor", describeDistance(p.Distance))
	}
	return all.String()
}

func describeMotion(name string) string {
	s, err := pir.Open(name)
	if err != nil {
		return err.Error()
	}
	defer s.Close()
	if s.Moving() {
		return "something moves, on " + name
	}
	return "nothing moves, on " + name
}

func describeDistance(bus string) string {
	s, err := tof.Open(bus)
	if err != nil {
		return err.Error()
	}
	defer s.Close()
	m, err := s.Measure(context.Background())
	if err != nil {
		return err.Error()
	}
	switch m.Target {
	case presence.TargetSeen:
		return fmt.Sprintf("%s on %s, sees something at %d cm", s.Name(), bus, (m.Millimetres+5)/10)
	case presence.TargetNone:
		return fmt.Sprintf("%s on %s, sees nothing within its range", s.Name(), bus)
	case presence.TargetInvalid:
	}
	return fmt.Sprintf("%s on %s, cannot measure", s.Name(), bus)
}
