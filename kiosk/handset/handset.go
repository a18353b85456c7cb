// Package handset tells whether the citizen has lifted the handset: it watches
// the switch of its hook on a GPIO line.
//
// The switch is between the line and ground; the machine's own resistor pulls the
// line up, so that nothing else is needed. A hook is mechanical: its contact
// bounces for some milliseconds, and only what has stood still counts (gpioline.Follow).
//
// It opens the kernel's GPIO chips (/dev/gpiochip*), reads one line and drives
// none. It starts no goroutine: Run is the caller's.
//
// Sources: Linux' Documentation/userspace-api/gpio/chardev; periph.io.
package handset

import (
	"context"
	"fmt"

	"periph.io/x/conn/v3/gpio"

	"loiret.fr/visioborne/config"
	"loiret.fr/visioborne/kiosk/gpioline"
)

// Switch is the switch of the hook.
type Switch struct {
	line   gpio.PinIn
	lifted gpio.Level
}

// Open takes the line of the handset's switch. Close gives it back.
func Open(h config.Handset) (*Switch, error) {
	line, err := gpioline.Find(h.Switch, "devices.handset.switch")
	if err != nil {
		return nil, fmt.Errorf("opening the handset's switch: %w", err)
	}
	user := line.Consumer() // before it is us
	s, err := open(line, h)
	if err != nil && user != "" {
		err = fmt.Errorf("%w: %s has it; end that program, or name another line as devices.handset.switch", err, user)
	}
	return s, err
}

func open(line gpio.PinIn, h config.Handset) (*Switch, error) {
	if err := line.In(gpio.PullUp, gpio.BothEdges); err != nil {
		return nil, fmt.Errorf("taking the line %s of the handset's switch: %w", h.Switch, err)
	}
	return &Switch{line: line, lifted: h.Lifted != config.LevelLow}, nil
}

// Lifted tells how the switch stands at this moment, also while it bounces.
func (s *Switch) Lifted() bool { return s.line.Read() == s.lifted }

// Run calls moved each time that the handset was lifted or put back, and at once
// if it is off its hook already, until ctx ends. It returns an error when the line
// cannot be watched any longer. One goroutine may run it.
func (s *Switch) Run(ctx context.Context, moved func(lifted bool)) error {
	if err := gpioline.Follow(ctx, s.line, s.lifted, moved); err != nil {
		return fmt.Errorf("watching the handset's switch on %s: %w", s.line.Name(), err)
	}
	return nil
}

// Close gives the line back, after Run has ended.
func (s *Switch) Close() {
	if line, ok := s.line.(interface{ Close() }); ok {
		line.Close()
	}
}
