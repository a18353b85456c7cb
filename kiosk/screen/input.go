package screen

import (
	"errors"
	"fmt"
	"io/fs"
	"math/big"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"
)

// input is a device that the page may be touched or pointed at with.
type input struct {
	Event string // event3
	Major uint32
	Minor uint32
	Kind  string // touchscreen, tablet or mouse
}

func sameInputs(a, b []input) bool { return slices.Equal(a, b) }

// sysInput is where the kernel describes input devices.
var sysInput = os.DirFS("/sys/class/input")

// Codes of include/uapi/linux/input-event-codes.h.
const (
	relX           = 0x00
	absX           = 0x00
	absMTPositionX = 0x35
	btnLeft        = 0x110
	btnTouch       = 0x14a
	keyQ, keyP     = 16, 25
)

// findInputs lists the devices that point, in the order of their names. A
// keyboard is none of them, even one that is also a mouse: no key must reach the
// browser, whose shortcuts lead out of the page.
func findInputs(sys fs.FS) ([]input, error) {
	entries, err := fs.ReadDir(sys, ".")
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil // a kernel that has no input device yet
	}
	if err != nil {
		return nil, fmt.Errorf("listing input devices: %w", err)
	}
	var found []input
	for _, e := range entries {
		if !strings.HasPrefix(e.Name(), "event") {
			continue
		}
		kind := classify(
			bits(sys, path.Join(e.Name(), "device/capabilities/key")),
			bits(sys, path.Join(e.Name(), "device/capabilities/rel")),
			bits(sys, path.Join(e.Name(), "device/capabilities/abs")),
		)
		if kind == "" {
			continue
		}
		b, err := fs.ReadFile(sys, path.Join(e.Name(), "dev"))
		if err != nil {
			continue // unplugged in this moment
		}
		i := input{Event: e.Name(), Kind: kind}
		if _, err := fmt.Sscanf(string(b), "%d:%d", &i.Major, &i.Minor); err != nil {
			return nil, fmt.Errorf("reading the number of input device %s: %w", e.Name(), err)
		}
		found = append(found, i)
	}
	return found, nil
}

func classify(key, rel, abs *big.Int) string {
	letters := true
	for k := keyQ; k <= keyP; k++ {
		letters = letters && key.Bit(k) == 1
	}
	switch {
	case letters:
		return ""
	case abs.Bit(absMTPositionX) == 1, abs.Bit(absX) == 1 && key.Bit(btnTouch) == 1:
		return "touchscreen"
	case abs.Bit(absX) == 1 && key.Bit(btnLeft) == 1:
		return "tablet"
	case rel.Bit(relX) == 1 && key.Bit(btnLeft) == 1:
		return "mouse"
	}
	return ""
}

// bits reads a capability bitmap: hexadecimal words of the kernel's long, the highest first.
func bits(sys fs.FS, name string) *big.Int {
	all := new(big.Int)
	b, err := fs.ReadFile(sys, name)
	if err != nil {
		return all
	}
	for _, word := range strings.Fields(string(b)) {
		v, err := strconv.ParseUint(word, 16, 64)
		if err != nil {
			return new(big.Int)
		}
		all.Lsh(all, strconv.IntSize)
		all.Or(all, new(big.Int).SetUint64(v))
	}
	return all
}
