package hardware

import (
	"errors"
	"fmt"
	"strings"

	"github.com/u-root/u-root/pkg/kmodule"
)

// modules are the drivers that kernels for the Raspberry Pi have as modules and
// that nothing loads by itself where there is no udev.
func modules() []string {
	return []string{
		"uvcvideo",                                  // USB cameras, with the chain of videobuf2 that it needs
		"bcm2835-codec",                             // the Pi's hardware H.264, in a rebuilt kernel
		"v3d",                                       // its GPU
		"hid-multitouch",                            // touchscreens on USB
		"raspberrypi-ts", "edt-ft5x06", "goodix_ts", // touchscreens on ribbon cables
	}
}

// Load loads the modules that the kernel has; those that it lacks, or has built in, are passed over.
func Load() error {
	var errs []error
	for _, name := range modules() {
		if err := kmodule.Probe(name, ""); err != nil && !absent(err) {
			errs = append(errs, fmt.Errorf("loading kernel module %s: %w", name, err))
		}
	}
	return errors.Join(errs...)
}

// absent: the kernel has no such module. The library has no error of its own for it.
func absent(err error) bool { return strings.Contains(err.Error(), "could not find module path") }
