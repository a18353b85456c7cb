// Package tof measures how far away somebody is, with one of ST's laser ranging
// sensors on an I2C bus: VL53L1X (4 m, cone of 27 degrees) or VL53L0X (2 m, 25
// degrees). Which of the two it is, they say themselves. Both have address 0x29, as
// seven bits; ST writes 0x52, as eight.
//
// Distances are millimetres. The sensor measures by itself, five times a second; Run
// fetches what it has measured. Its laser is class 1 and invisible (940 nm). It sees a
// distance, no picture.
//
// It opens one bus (/dev/i2c-1) and writes the sensor's registers only, which are in
// the sensor's memory and gone with its supply. It starts no goroutine: Run is the
// caller's.
//
// Sources: VL53L1X, DocID031281 rev 3 (page 1: range, field of view; chapter 4, from
// page 19 on: the bus), UM2356 and the public driver's registers and their values
// (STSW-IMG009); VL53L0X, DocID029104 (the same chapters), UM2039 and the public
// driver (STSW-IMG005). ST publishes no list of registers: those without a name have
// none, in its drivers neither.
package tof

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"periph.io/x/conn/v3/i2c"
	"periph.io/x/host/v3/sysfs"

	"loiret.fr/visioborne/kiosk/presence"
)

const (
	address = 0x29
	// period is the time from one measurement to the next.
	period = 200 * time.Millisecond
	// The sensors are asked this often whether they have started, or calibrated, and not longer than patience.
	askEvery = 2 * time.Millisecond
	patience = time.Second
	// A measurement that does not come for so long: the sensor has lost its supply, or its mind.
	overdue = 2 * time.Second
)

// errNoSensor: nothing that is known answers at the address.
var errNoSensor = errors.New("neither a VL53L1X nor a VL53L0X answers at address 0x29; see its four wires, and that nothing else has that address")

// chip is one of the two.
type chip interface {
	name() string
	// start brings the chip from any state to measuring by itself.
	start(ctx context.Context) error
	// measured fetches a new measurement; false while there is none.
	measured() (presence.Measured, bool, error)
	// stop ends the measuring.
	stop() error
}

// Sensor is a sensor that was found.
type Sensor struct {
	bus  i2c.BusCloser
	chip chip
}

// Open finds the sensor on a bus, such as /dev/i2c-1. Close gives the bus back.
func Open(device string) (*Sensor, error) {
	number, err := strconv.Atoi(strings.TrimPrefix(device, "/dev/i2c-"))
	if err != nil {
		return nil, fmt.Errorf("opening the distance sensor: %q is no I2C bus; expected one such as /dev/i2c-1", device)
	}
	bus, err := sysfs.NewI2C(number)
	if err != nil {
		return nil, fmt.Errorf("opening the distance sensor on %s: %w", device, err)
	}
	c, err := identify(bus)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("opening the distance sensor on %s: %w", device, err), bus.Close())
	}
	return &Sensor{bus, c}, nil
}

// identify asks what answers at the address. Each of the two takes the other's question without harm: start begins anew.
func identify(bus i2c.Bus) (chip, error) {
	l0 := &vl53l0x{registers: registers{bus: bus}}
	l0Model, err0 := l0.read(l0Identification, 3)
	if err0 == nil && string(l0Model) == l0Model029 {
		return l0, nil
	}
	l1 := &vl53l1x{registers: registers{bus: bus, wide: true}}
	l1Model, err1 := l1.read(l1Identification, 2)
	if err1 == nil && string(l1Model) == l1ModelEACC {
		return l1, nil
	}
	if err0 != nil || err1 != nil {
		return nil, fmt.Errorf("%w (%w)", errNoSensor, errors.Join(err0, err1))
	}
	return nil, fmt.Errorf("%w (it says %x and %x)", errNoSensor, l0Model, l1Model)
}

// Name is that of the chip: "VL53L1X".
func (s *Sensor) Name() string { return s.chip.name() }

// Run measures until ctx ends, and tells of each measurement. It returns an error
// when the sensor does not answer, or does not measure, any longer. One goroutine may
// run it.
func (s *Sensor) Run(ctx context.Context, tell func(presence.Measured)) error {
	if err := s.chip.start(ctx); err != nil {
		return fmt.Errorf("starting the %s: %w", s.Name(), err)
	}
	defer s.chip.stop() // one that does not answer cannot be stopped either
	tick := time.NewTicker(period / 4)
	defer tick.Stop()
	last := time.Now()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
		m, ok, err := s.chip.measured()
		switch {
		case err != nil:
			return fmt.Errorf("measuring with the %s: %w", s.Name(), err)
		case ok:
			last = time.Now()
			tell(m)
		case time.Since(last) > overdue:
			return fmt.Errorf("measuring with the %s: it has not measured for %v", s.Name(), overdue)
		}
	}
}

// Measure measures once, within half a second.
func (s *Sensor) Measure(ctx context.Context) (m presence.Measured, err error) {
	ctx, cancel := context.WithTimeout(ctx, patience+overdue)
	defer cancel()
	got := false
	err = s.Run(ctx, func(first presence.Measured) {
		m, got = first, true
		cancel()
	})
	if err == nil && !got {
		err = fmt.Errorf("measuring with the %s: %w", s.Name(), context.Cause(ctx))
	}
	return m, err
}

// Close gives the bus back, after Run has ended.
func (s *Sensor) Close() error { return s.bus.Close() }

// registers are a chip's registers. The first transfer that fails is kept in err, and makes the ones after it do
// nothing: the sequences are long, and none of their steps depends on how the one before went.
type registers struct {
	bus  i2c.Bus
	wide bool // registers have 16-bit addresses
	err  error
}

func (r *registers) at(register uint16) []byte {
	if r.wide {
		return []byte{byte(register >> 8), byte(register)}
	}
	return []byte{byte(register)}
}

// read reads bytes from a register on; it does not keep its error.
func (r *registers) read(register uint16, n int) ([]byte, error) {
	b := make([]byte, n)
	if err := r.bus.Tx(address, r.at(register), b); err != nil {
		return nil, fmt.Errorf("reading register %#x: %w", register, err)
	}
	return b, nil
}

// get reads bytes, which are zeroes after an error.
func (r *registers) get(register uint16, n int) []byte {
	if r.err == nil {
		var b []byte
		if b, r.err = r.read(register, n); r.err == nil {
			return b
		}
	}
	return make([]byte, n)
}

func (r *registers) get8(register uint16) byte { return r.get(register, 1)[0] }

// set writes bytes from a register on.
func (r *registers) set(register uint16, values ...byte) {
	if r.err != nil {
		return
	}
	if err := r.bus.Tx(address, append(r.at(register), values...), nil); err != nil {
		r.err = fmt.Errorf("writing register %#x: %w", register, err)
	}
}

// await waits until the chip says that it is so far.
func (r *registers) await(ctx context.Context, what string, far func() bool) {
	for deadline := time.Now().Add(patience); r.err == nil && !far(); {
		if time.Now().After(deadline) {
			r.err = fmt.Errorf("waiting for %s: it has taken longer than %v", what, patience)
			return
		}
		select {
		case <-ctx.Done():
			r.err = ctx.Err()
		case <-time.After(askEvery):
		}
	}
}

// done gives the first error, and forgets it.
func (r *registers) done() error {
	err := r.err
	r.err = nil
	return err
}

// distanceOf is a measurement that went well.
func distanceOf(b []byte) presence.Measured {
	return presence.Measured{Target: presence.TargetSeen, Millimetres: int(b[0])<<8 | int(b[1])}
}
