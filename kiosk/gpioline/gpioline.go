// Package gpioline finds a line of the machine's GPIO chips by the name that the
// site's file gives it, and says what to do where there is none.
//
// It opens the kernel's GPIO chips (/dev/gpiochip*) once in the program's life;
// the lines belong to whoever takes them. It starts no goroutine.
//
// Sources: Linux' Documentation/userspace-api/gpio/chardev; periph.io.
package gpioline

import (
	"errors"
	"fmt"
	"strings"

	"periph.io/x/conn/v3/driver/driverreg"
	"periph.io/x/host/v3/gpioioctl"
)

// Find looks for a line, such as GPIO27, among those of the machine's chips. The
// errors name the field of the site's file that is to be changed, such as
// devices.handset.switch.
func Find(name, field string) (*gpioioctl.GPIOLine, error) {
	state, err := driverreg.Init()
	if err != nil {
		return nil, fmt.Errorf("looking for GPIO chips: %w", err)
	}
	var names []string
	for _, chip := range gpioioctl.Chips {
		if line := chip.ByName(name); line != nil {
			return line, nil
		}
		for _, line := range chip.Lines() {
			if strings.HasPrefix(line.Name(), "GPIO") {
				names = append(names, line.Name())
			}
		}
	}
	if len(gpioioctl.Chips) == 0 {
		why := errors.New("there is none")
		for _, f := range append(state.Failed, state.Skipped...) {
			if f.D.String() == "ioctl-gpio" {
				why = f.Err
			}
		}
		parts := strings.Split(field, ".")
		return nil, fmt.Errorf("the machine has no GPIO chip that can be opened (%w); see that /dev/gpiochip0 is there and may be read, or remove %s from the site's file", why, strings.Join(parts[:len(parts)-1], "."))
	}
	if len(names) == 0 {
		return nil, fmt.Errorf("no GPIO line of the machine is called %s, nor has any such a name; only a Raspberry Pi's connector is known to", name)
	}
	return nil, fmt.Errorf("no GPIO line of the machine is called %s; name one of %s as %s", name, strings.Join(names, ", "), field)
}
