package tof

import (
	"context"
	"encoding/binary"

	"loiret.fr/visioborne/kiosk/presence"
)

// The VL53L0X's registers, of 8 bits, by the names of ST's driver. They come in pages; l0Page chooses one.
const (
	l0RangeStart        = 0x00 // SYSRANGE_START
	l0Sequence          = 0x01 // SYSTEM_SEQUENCE_CONFIG
	l0Period            = 0x04 // SYSTEM_INTERMEASUREMENT_PERIOD
	l0InterruptConfig   = 0x0a // SYSTEM_INTERRUPT_CONFIG_GPIO
	l0InterruptClear    = 0x0b // SYSTEM_INTERRUPT_CLEAR
	l0InterruptStatus   = 0x13 // RESULT_INTERRUPT_STATUS
	l0Result            = 0x14 // RESULT_RANGE_STATUS, and what follows
	l0RateLimit         = 0x44 // FINAL_RANGE_CONFIG_MIN_COUNT_RATE_RTN_LIMIT
	l0LimitChecks       = 0x60 // MSRC_CONFIG_CONTROL
	l0InterruptPolarity = 0x84 // GPIO_HV_MUX_ACTIVE_HIGH
	l0PadVoltage        = 0x89 // VHV_CONFIG_PAD_SCL_SDA__EXTSUP_HV
	l0ReferenceMap      = 0xb0 // GLOBAL_CONFIG_SPAD_ENABLES_REF_0, and five more
	l0ReferenceStart    = 0xb6 // GLOBAL_CONFIG_REF_EN_START_SELECT
	l0Identification    = 0xc0
	l0Model029          = "\xee\xaa\x10"
	l0Oscillator        = 0xf8 // OSC_CALIBRATE_VAL
	l0Page              = 0xff

	// On page 1.
	l0ReferenceOffset = 0x4f // DYNAMIC_SPAD_REF_EN_START_OFFSET
	l0ReferenceCount  = 0x4e // DYNAMIC_SPAD_NUM_REQUESTED_REF_SPAD
	l0StopVariable    = 0x91

	l0Single, l0Timed   = 0x01, 0x04
	l0MeasurementsOnly  = 0xe8 // the sequence: dynamic selection, pre-range and range
	l0ResultLength      = 12
	l0DistanceInResults = 10
	l0FarAway           = 8190 // what it gives for nothing at all
)

// l0Tuning are the values that ST's driver writes, and says nothing of: register and value, in this order.
func l0Tuning() []byte {
	return []byte{
		0xff, 1, 0x00, 0x00,
		0xff, 0, 0x09, 0x00, 0x10, 0x00, 0x11, 0x00, 0x24, 0x01, 0x25, 0xff, 0x75, 0x00,
		0xff, 1, 0x4e, 0x2c, 0x48, 0x00, 0x30, 0x20,
		0xff, 0, 0x30, 0x09, 0x54, 0x00, 0x31, 0x04, 0x32, 0x03, 0x40, 0x83, 0x46, 0x25, 0x60, 0x00, 0x27, 0x00,
		0x50, 0x06, 0x51, 0x00, 0x52, 0x96, 0x56, 0x08, 0x57, 0x30, 0x61, 0x00, 0x62, 0x00, 0x64, 0x00, 0x65, 0x00, 0x66, 0xa0,
		0xff, 1, 0x22, 0x32, 0x47, 0x14, 0x49, 0xff, 0x4a, 0x00,
		0xff, 0, 0x7a, 0x0a, 0x7b, 0x00, 0x78, 0x21,
		0xff, 1, 0x23, 0x34, 0x42, 0x00, 0x44, 0xff, 0x45, 0x26, 0x46, 0x05, 0x40, 0x40, 0x0e, 0x06, 0x20, 0x1a, 0x43, 0x40,
		0xff, 0, 0x34, 0x03, 0x35, 0x44,
		0xff, 1, 0x31, 0x04, 0x4b, 0x09, 0x4c, 0x05, 0x4d, 0x04,
		0xff, 0, 0x44, 0x00, 0x45, 0x20, 0x47, 0x08, 0x48, 0x28, 0x67, 0x00, 0x70, 0x04, 0x71, 0x01, 0x72, 0xfe, 0x76, 0x00, 0x77, 0x00,
		0xff, 1, 0x0d, 0x01,
		0xff, 0, 0x80, 0x01, 0x01, 0xf8,
		0xff, 1, 0x8e, 0x01, 0x00, 0x01,
		0xff, 0, 0x80, 0x00,
	}
}

// vl53l0x is a VL53L0X.
type vl53l0x struct {
	registers
	stopVariable byte // the chip's own; it is to be given back at each start
}

func (v *vl53l0x) name() string { return "VL53L0X" }

func (v *vl53l0x) start(ctx context.Context) error {
	v.set(l0RangeStart, 0)
	v.set(l0PadVoltage, v.get8(l0PadVoltage)|1) // 2.8 V or more on the bus, as boards have it
	v.set(0x88, 0)                              // the bus's standard mode
	v.private(func() { v.stopVariable = v.get8(l0StopVariable) })
	v.set(l0LimitChecks, v.get8(l0LimitChecks)|0x12) // no limits before the range itself is measured
	v.set(l0RateLimit, 0x00, 0x20)                   // 0.25 million counts a second, in 9.7 bits
	v.set(l0Sequence, 0xff)

	v.selectReference(ctx)
	for t := l0Tuning(); len(t) > 0; t = t[2:] {
		v.set(uint16(t[0]), t[1])
	}
	v.set(l0InterruptConfig, 4) // a measurement is ready
	v.set(l0InterruptPolarity, v.get8(l0InterruptPolarity)&^0x10)
	v.set(l0InterruptClear, 1)

	v.calibrate(ctx, "the calibration of the receiver's voltage", 0x01, 0x40)
	v.calibrate(ctx, "the calibration of the phase", 0x02, 0x00)
	v.set(l0Sequence, l0MeasurementsOnly)

	v.private(func() { v.set(l0StopVariable, v.stopVariable) })
	clock := uint32(binary.BigEndian.Uint16(v.get(l0Oscillator, 2))) // of the chip's ticks, in a millisecond
	v.set(l0Period, binary.BigEndian.AppendUint32(nil, max(clock, 1)*uint32(period.Milliseconds()))...)
	v.set(l0RangeStart, l0Timed)
	return v.done()
}

// private does something with the registers that ST's driver opens in this way, on page 1.
func (v *vl53l0x) private(do func()) {
	v.set(0x80, 1)
	v.set(l0Page, 1)
	v.set(l0RangeStart, 0)
	do()
	v.set(l0RangeStart, 1)
	v.set(l0Page, 0)
	v.set(0x80, 0)
}

// selectReference enables as many of the reference's receivers (SPADs) as ST has found to be good for this chip.
func (v *vl53l0x) selectReference(ctx context.Context) {
	var count int
	var aperture bool
	v.private(func() {
		v.set(l0Page, 6)
		v.set(0x83, v.get8(0x83)|4)
		v.set(l0Page, 7)
		v.set(0x81, 1)
		v.set(0x80, 1)
		v.set(0x94, 0x6b) // where it is kept
		v.set(0x83, 0)
		v.await(ctx, "the sensor's memory", func() bool { return v.get8(0x83) != 0 })
		v.set(0x83, 1)
		kept := v.get8(0x92)
		count, aperture = int(kept&0x7f), kept&0x80 != 0
		v.set(0x81, 0)
		v.set(l0Page, 6)
		v.set(0x83, v.get8(0x83)&^4)
		v.set(l0Page, 1)
	})
	good := v.get(l0ReferenceMap, 6)
	v.set(l0Page, 1)
	v.set(l0ReferenceOffset, 0)
	v.set(l0ReferenceCount, 0x2c)
	v.set(l0Page, 0)
	v.set(l0ReferenceStart, 0xb4)
	v.set(l0ReferenceMap, reference(good, count, aperture)...)
}

// reference keeps the first receivers of a map of those that are good: the first ones, or those behind the aperture.
func reference(good []byte, count int, aperture bool) []byte {
	const firstBehindAperture = 12
	out := make([]byte, len(good))
	for i := range 8 * len(good) {
		bit := byte(1) << (i % 8)
		if count == 0 || good[i/8]&bit == 0 || aperture && i < firstBehindAperture {
			continue
		}
		out[i/8] |= bit
		count--
	}
	return out
}

// calibrate measures once in a way of its own.
func (v *vl53l0x) calibrate(ctx context.Context, what string, sequence, how byte) {
	v.set(l0Sequence, sequence)
	v.set(l0RangeStart, l0Single|how)
	v.await(ctx, what, v.ready)
	v.set(l0InterruptClear, 1)
	v.set(l0RangeStart, 0)
}

func (v *vl53l0x) ready() bool { return v.get8(l0InterruptStatus)&7 != 0 }

func (v *vl53l0x) measured() (presence.Measured, bool, error) {
	if !v.ready() {
		return presence.Measured{}, false, v.done()
	}
	b := v.get(l0Result, l0ResultLength)
	v.set(l0InterruptClear, 1)
	m := presence.Measured{}
	switch b[0] >> 3 & 0xf {
	case 11, 8, 10: // complete; closer than it can measure
		if m = distanceOf(b[l0DistanceInResults:]); m.Millimetres >= l0FarAway {
			m = presence.Measured{Target: presence.TargetNone}
		}
	case 4, 6, 9: // too little light back; out of bounds
		m.Target = presence.TargetNone
	default: // the laser's and the chip's own errors, and states that are none
		m.Target = presence.TargetInvalid
	}
	return m, true, v.done()
}

func (v *vl53l0x) stop() error {
	v.set(l0RangeStart, l0Single)
	v.set(l0Page, 1)
	v.set(l0RangeStart, 0)
	v.set(l0StopVariable, 0)
	v.set(l0RangeStart, 1)
	v.set(l0Page, 0)
	return v.done()
}
