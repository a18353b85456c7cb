// Package pir reads a motion detector on a GPIO line: a passive infrared sensor
// (PIR) whose output is high while something warm moves before it.
//
// Two are known. HC-SR501: supply 4.5 to 20 V, output 3.3 V, held for a time that
// its screw sets (3 s at the least), then blind for 2.5 s; up to 7 m in a cone of
// about 100 degrees; its output means nothing for a minute after power-on. AM312: supply
// 2.7 to 12 V, output 3 V, held for 2 s; up to 5 m, 100 degrees. Both are read alike.
//
// The machine's resistor pulls the line down, so that a sensor that is unplugged
// sees nothing rather than something.
//
// It opens the kernel's GPIO chips (/dev/gpiochip*), reads one line and drives none.
// It starts no goroutine: Run is the caller's.
//
// Sources: HC-SR501 and AM312, their makers' single-page data sheets (operating
// voltage, delay time, block time); Linux' Documentation/userspace-api/gpio/chardev;
// periph.io.
package pir

import (
	"context"
	"fmt"
	"time"

	"periph.io/x/conn/v3/gpio"

	"loiret.fr/visioborne/kiosk/gpioline"
)

const (
	// The line is told of this often although nothing changed; it is also how long Run may take to end, since periph loses
	// an interruption that comes just before the wait that it is meant for.
	lookEvery = 500 * time.Millisecond
	// So many waits in a row that end at once, and without a change, are a line that is gone.
	maxFailures = 5
	// No sensor changes more often than every two seconds. A line that rings is told of this often and no more.
	restAfter = 20 * time.Millisecond
)

// Sensor is a motion detector.
type Sensor struct{ line gpio.PinIn }

// Open takes the line of a motion detector by its name, GPIO17. Close gives it back.
func Open(name string) (*Sensor, error) {
	line, err := gpioline.Find(name, "devices.presence.motion")
	if err != nil {
		return nil, fmt.Errorf("opening the motion detector: %w", err)
	}
	user := line.Consumer() // before it is us
	s, err := open(line, name)
	if err != nil && user != "" {
		err = fmt.Errorf("%w: %s has it; end that program, or name another line as devices.presence.motion", err, user)
	}
	return s, err
}

func open(line gpio.PinIn, name string) (*Sensor, error) {
	if err := line.In(gpio.PullDown, gpio.BothEdges); err != nil {
		return nil, fmt.Errorf("taking the line %s of the motion detector: %w", name, err)
	}
	return &Sensor{line}, nil
}

// Moving tells whether something moves at this moment.
func (s *Sensor) Moving() bool { return s.line.Read() == gpio.High }

// Run tells whether something moves, at each change and twice a second, until ctx
// ends. It returns an error when the line cannot be watched any longer. One goroutine
// may run it.
func (s *Sensor) Run(ctx context.Context, tell func(moving bool)) error {
	for failures := 0; ctx.Err() == nil; {
		tell(s.Moving())
		began := time.Now()
		switch changed := s.line.WaitForEdge(lookEvery); {
		case changed:
			failures = 0
			select {
			case <-ctx.Done():
			case <-time.After(restAfter):
			}
		case time.Since(began) > lookEvery/2:
			failures = 0
		default:
			if failures++; failures >= maxFailures {
				return fmt.Errorf("watching the motion detector on %s: the kernel tells of no changes any more; see its wires", s.line.Name())
			}
		}
	}
	return nil
}

// Close gives the line back, after Run has ended.
func (s *Sensor) Close() {
	if line, ok := s.line.(interface{ Close() }); ok {
		line.Close()
	}
}
