// Package keys tells which of the four keys of the spoken mode was pressed:
// contacts on GPIO lines, or a keypad or keyboard on USB.
//
// A contact is between its line and ground; the machine's own resistor pulls the
// line up. Contacts bounce, and only what has stood still counts. Of a keypad the
// arrows, Space and Enter are known, and nothing else: whatever else a keyboard
// types is read and thrown away, and no key of it reaches the browser.
//
// It opens the kernel's GPIO chips (/dev/gpiochip*), of which it drives none, and
// input devices (/dev/input/event*), which it takes for itself. Run owns every
// goroutine and returns when they have ended.
//
// Sources: Linux' Documentation/userspace-api/gpio/chardev and
// Documentation/input/input.rst, include/uapi/linux/input.h; periph.io.
package keys

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"golang.org/x/sync/errgroup"
	"periph.io/x/conn/v3/gpio"

	"loiret.fr/visioborne/config"
	"loiret.fr/visioborne/kiosk/booth"
	"loiret.fr/visioborne/kiosk/gpioline"
)

// named is the key of a field of config.Keys.
func named(field string) booth.FourKey {
	switch field {
	case "previous":
		return booth.KeyPrevious
	case "next":
		return booth.KeyNext
	case "repeat":
		return booth.KeyRepeat
	}
	return booth.KeyChoose
}

// key is a contact on a line.
type key struct {
	what    booth.FourKey
	line    gpio.PinIn
	pressed gpio.Level
}

// Keys are the keys that a site's file names.
type Keys struct {
	contacts []key
	keypads  *keypads // nil for none
	log      *slog.Logger
}

// Open takes the keys' lines. Close gives them back. Keypads are opened by Run, as they come.
func Open(k config.Keys, log *slog.Logger) (*Keys, error) {
	all := &Keys{log: log}
	if k.Keypad != "" {
		all.keypads = &keypads{name: k.Keypad, sys: sysInput, dev: "/dev/input", log: log}
	}
	for _, l := range k.Lines() {
		line, err := gpioline.Find(l.Name, "devices.keys."+l.Field)
		if err == nil {
			user := line.Consumer() // before it is us
			if err = all.take(l, line, k.Pressed); err != nil && user != "" {
				err = fmt.Errorf("%w: %s has it; end that program, or name another line as devices.keys.%s", err, user, l.Field)
			}
		}
		if err != nil {
			all.Close()
			return nil, fmt.Errorf("opening the keys: %w", err)
		}
	}
	return all, nil
}

func (k *Keys) take(l config.Line, line gpio.PinIn, pressed string) error {
	if err := line.In(gpio.PullUp, gpio.BothEdges); err != nil {
		return fmt.Errorf("taking the line %s of the key %s: %w", l.Name, l.Field, err)
	}
	k.contacts = append(k.contacts, key{named(l.Field), line, pressed == config.LevelHigh})
	return nil
}

// Pressed are the keys that are pressed at this moment, keypads' apart.
func (k *Keys) Pressed() []booth.FourKey {
	var all []booth.FourKey
	for _, c := range k.contacts {
		if c.line.Read() == c.pressed {
			all = append(all, c.what)
		}
	}
	return all
}

// stuckAfter is how long after the beginning a contact that was made from the first moment is no finger.
const stuckAfter = time.Second

// Run calls pressed for each key that is pressed, from several goroutines, until
// ctx ends. A line that cannot be watched any longer is told in the log, and the
// others go on; so does a key that is pressed at the start, which is stuck or wired
// the other way round.
func (k *Keys) Run(ctx context.Context, pressed func(booth.FourKey)) error {
	var group errgroup.Group
	for _, c := range k.contacts {
		group.Go(func() error {
			began := time.Now()
			err := gpioline.Follow(ctx, c.line, c.pressed, func(made bool) {
				switch {
				case !made:
				case time.Since(began) < stuckAfter:
					k.log.Warn("a key is pressed from the beginning; see whether it is stuck, or devices.keys.pressed is the other level",
						"key", c.what, "line", c.line.Name())
				default:
					pressed(c.what)
				}
			})
			if err != nil {
				k.log.Error("a key is not watched any more", "key", c.what, "line", c.line.Name(), "error", err)
			}
			return nil
		})
	}
	if k.keypads != nil {
		group.Go(func() error {
			k.keypads.run(ctx, pressed)
			return nil
		})
	}
	return group.Wait()
}

// Close gives the lines back, after Run has ended.
func (k *Keys) Close() {
	for _, c := range k.contacts {
		if line, ok := c.line.(interface{ Close() }); ok {
			line.Close()
		}
	}
}
