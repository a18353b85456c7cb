package screen

import (
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// Backlight is a panel's, as the kernel offers it in sysfs. DPMS switches an HDMI
// screen's light with its signal; the panels on the ribbon cable have one of their own.
//
// Source: Linux' Documentation/ABI/stable/sysfs-class-backlight.
type Backlight struct {
	folder  string
	most    int // the driver's units
	percent int // what was set last; 0 is nothing yet
	off     bool
	failed  bool
	log     *slog.Logger
}

// sysBacklight is where the kernel has the panels' backlights.
const sysBacklight = "/sys/class/backlight"

// OpenBacklight finds the panel's backlight. What the error says is no reason to do without a screen.
func OpenBacklight(log *slog.Logger) (*Backlight, error) { return openBacklight(sysBacklight, log) }

func openBacklight(sys string, log *slog.Logger) (*Backlight, error) {
	found, err := filepath.Glob(filepath.Join(sys, "*", "max_brightness"))
	if err != nil {
		return nil, fmt.Errorf("looking for a backlight: %w", err)
	}
	if len(found) == 0 {
		return nil, fmt.Errorf("looking for a backlight: %s has none; only panels on the ribbon cable have one, so remove devices.backlight from the site's file for others", sys)
	}
	text, err := os.ReadFile(found[0])
	if err != nil {
		return nil, fmt.Errorf("reading how bright the panel can be: %w", err)
	}
	most, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil || most < 1 {
		return nil, fmt.Errorf("reading how bright the panel can be from %s: %.20q is no such number", found[0], text)
	}
	return &Backlight{folder: filepath.Dir(found[0]), most: most, log: log}, nil
}

// Set sets the brightness, 1 to 100 per cent of the most, and switches the light off or on. It writes what has changed
// only; what cannot be written is told of once. One goroutine may call it.
func (b *Backlight) Set(percent int, off bool) {
	var err error
	first := b.percent == 0 // a service before this one may have left the panel off
	if percent != b.percent {
		err = b.write("brightness", max(1, (b.most*percent+50)/100))
		b.percent = percent
	}
	if first || off != b.off {
		power := 0 // FB_BLANK_UNBLANK
		if off {
			power = 4 // FB_BLANK_POWERDOWN
		}
		err = errors.Join(err, b.write("bl_power", power))
		b.off = off
	}
	if err != nil && !b.failed {
		b.failed = true
		b.log.Warn("setting the panel's backlight", "error", err)
	}
}

func (b *Backlight) write(file string, value int) error {
	return os.WriteFile(filepath.Join(b.folder, file), []byte(strconv.Itoa(value)), 0)
}
