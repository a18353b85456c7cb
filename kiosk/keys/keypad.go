package keys

import (
	"context"
	"encoding/binary"
	"errors"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/sys/unix"

	"loiret.fr/visioborne/config"
	"loiret.fr/visioborne/kiosk/booth"
)

// sysInput is where the kernel describes input devices.
var sysInput = os.DirFS("/sys/class/input")

// Codes of include/uapi/linux/input-event-codes.h.
const (
	evKey     = 0x01
	keyDown   = 1 // 0 is up, 2 repeats by itself
	keyEnter  = 28
	keySpace  = 57
	keyKP8    = 72
	keyKP4    = 75
	keyKP6    = 77
	keyKP2    = 80
	keyKP0    = 82
	keyKPEnt  = 96
	keyUp     = 103
	keyLeft   = 105
	keyRight  = 106
	keyDownAr = 108
)

// meaning is what a key of a keypad does; "" for nothing. On a block of digits they are where its arrows are.
func meaning(code uint16) booth.FourKey {
	switch code {
	case keyLeft, keyUp, keyKP4, keyKP8:
		return booth.KeyPrevious
	case keyRight, keyDownAr, keyKP6, keyKP2:
		return booth.KeyNext
	case keySpace, keyKP0:
		return booth.KeyRepeat
	case keyEnter, keyKPEnt:
		return booth.KeyChoose
	}
	return ""
}

// eventBytes is the size of a struct input_event on a machine of 64 bits: two words of time, type, code, value.
const eventBytes = 24

// presses reads events until there are no more, and tells of the four keys.
func presses(events io.Reader, pressed func(booth.FourKey)) error {
	var b [eventBytes]byte
	for {
		if _, err := io.ReadFull(events, b[:]); err != nil {
			return err
		}
		kind, code := binary.NativeEndian.Uint16(b[16:]), binary.NativeEndian.Uint16(b[18:])
		value := int32(binary.NativeEndian.Uint32(b[20:]))
		if kind != evKey || value != keyDown {
			continue
		}
		if k := meaning(code); k != "" {
			pressed(k)
		}
	}
}

// keypads are the keypads of a name that are plugged in, now or later.
type keypads struct {
	name string
	sys  fs.FS
	dev  string
	log  *slog.Logger
}

// lookEvery is how often new keypads are looked for.
const lookEvery = 2 * time.Second

func (k *keypads) run(ctx context.Context, pressed func(booth.FourKey)) {
	var tasks sync.WaitGroup
	defer tasks.Wait()
	var mu sync.Mutex
	open := map[string]bool{}
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for {
		for _, event := range Keypads(k.sys, k.name) {
			mu.Lock()
			known := open[event.Event]
			open[event.Event] = true
			mu.Unlock()
			if known {
				continue
			}
			tasks.Go(func() {
				err := k.read(ctx, event, pressed)
				if ctx.Err() == nil {
					k.log.Warn("a keypad is gone", "name", event.Name, "error", err)
				}
				mu.Lock()
				defer mu.Unlock()
				delete(open, event.Event)
			})
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// read reads one keypad until it is gone or ctx ends.
func (k *keypads) read(ctx context.Context, event Keypad, pressed func(booth.FourKey)) error {
	f, err := os.OpenFile(filepath.Join(k.dev, event.Event), os.O_RDONLY|unix.O_NONBLOCK, 0) // so that Close ends a read
	if err != nil {
		return err
	}
	stop := context.AfterFunc(ctx, func() { f.Close() })
	defer func() {
		if stop() {
			f.Close()
		}
	}()
	if err := grab(f); err != nil {
		k.log.Warn("others read the keypad too", "name", event.Name, "error", err)
	}
	k.log.Info("reading a keypad", "name", event.Name)
	return presses(f, pressed)
}

// grab takes an input device for this program alone.
func grab(f *os.File) error {
	const eviocgrab = 0x40044590 // _IOW('E', 0x90, int)
	raw, err := f.SyscallConn()
	if err != nil {
		return err
	}
	var failed error
	err = raw.Control(func(fd uintptr) { failed = unix.IoctlSetInt(int(fd), eviocgrab, 1) })
	return errors.Join(err, failed)
}

// Keypad is a keyboard or keypad that has the four keys.
type Keypad struct{ Event, Name string }

// Keypads lists those that are plugged in and have a name, or all of them, as
// sys, /sys/class/input, describes them.
func Keypads(sys fs.FS, name string) []Keypad {
	entries, err := fs.ReadDir(sys, ".")
	if err != nil {
		return nil // a kernel that has no input device yet
	}
	var all []Keypad
	for _, e := range entries {
		if !strings.HasPrefix(e.Name(), "event") {
			continue
		}
		b, err := fs.ReadFile(sys, path.Join(e.Name(), "device/name"))
		if err != nil {
			continue // unplugged in this moment
		}
		k := Keypad{e.Name(), strings.TrimSpace(string(b))}
		if (name == config.AnyKeypad || k.Name == name) && fourKeys(sys, e.Name()) {
			all = append(all, k)
		}
	}
	return all
}

// fourKeys: the device has a key for each of the four.
func fourKeys(sys fs.FS, event string) bool {
	b, err := fs.ReadFile(sys, path.Join(event, "device/capabilities/key"))
	if err != nil {
		return false
	}
	// Hexadecimal words of the kernel's long, the highest first.
	words := strings.Fields(string(b))
	has := map[booth.FourKey]bool{}
	for i, word := range words {
		bits, err := strconv.ParseUint(word, 16, 64)
		if err != nil {
			return false
		}
		base := strconv.IntSize * (len(words) - 1 - i)
		for bit := range strconv.IntSize {
			if bits>>bit&1 == 1 && base+bit <= keyDownAr {
				if k := meaning(uint16(base + bit)); k != "" {
					has[k] = true
				}
			}
		}
	}
	return len(has) == 4
}
