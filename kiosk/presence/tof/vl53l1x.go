package tof

import (
	"context"
	"encoding/binary"
	"time"

	"loiret.fr/visioborne/kiosk/presence"
)

// The VL53L1X's registers, of 16 bits, by the names of ST's driver.
const (
	l1SoftReset         = 0x0000
	l1VHVLoopBound      = 0x0008 // VHV_CONFIG__TIMEOUT_MACROP_LOOP_BOUND
	l1VHVInit           = 0x000b // VHV_CONFIG__INIT
	l1Configuration     = 0x002d
	l1DataReady         = 0x0031 // GPIO__TIO_HV_STATUS
	l1TimeoutA          = 0x005e // RANGE_CONFIG__TIMEOUT_MACROP_A_HI
	l1TimeoutB          = 0x0061 // RANGE_CONFIG__TIMEOUT_MACROP_B_HI
	l1Period            = 0x006c // SYSTEM__INTERMEASUREMENT_PERIOD
	l1InterruptClear    = 0x0086 // SYSTEM__INTERRUPT_CLEAR
	l1ModeStart         = 0x0087 // SYSTEM__MODE_START
	l1Result            = 0x0089 // RESULT__RANGE_STATUS, and what follows
	l1Oscillator        = 0x00de // RESULT__OSC_CALIBRATE_VAL
	l1FirmwareStatus    = 0x00e5 // FIRMWARE__SYSTEM_STATUS
	l1Identification    = 0x010f // IDENTIFICATION__MODEL_ID, then __MODULE_TYPE
	l1ModelEACC         = "\xea\xcc"
	l1Start, l1Stop     = 0x40, 0x00
	l1ResultLength      = 17
	l1DistanceInResults = 13
)

// l1Defaults are the values of the registers from l1Configuration on: long distance, 3.3 V on the bus, an interrupt
// that is high when a measurement is ready.
func l1Defaults() []byte {
	return []byte{
		0x00, 0x01, 0x01, 0x01, 0x02, 0x00, 0x02, 0x08, 0x00, 0x08, 0x10, 0x01, 0x01, 0x00, 0x00, 0x00, // 0x2d
		0x00, 0xff, 0x00, 0x0f, 0x00, 0x00, 0x00, 0x00, 0x00, 0x20, 0x0b, 0x00, 0x00, 0x02, 0x0a, 0x21, // 0x3d
		0x00, 0x00, 0x05, 0x00, 0x00, 0x00, 0x00, 0xc8, 0x00, 0x00, 0x38, 0xff, 0x01, 0x00, 0x08, 0x00, // 0x4d
		0x00, 0x01, 0xdb, 0x0f, 0x01, 0xf1, 0x0d, 0x01, 0x68, 0x00, 0x80, 0x08, 0xb8, 0x00, 0x00, 0x00, // 0x5d
		0x00, 0x0f, 0x89, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x01, 0x0f, 0x0d, 0x0e, 0x0e, 0x00, // 0x6d
		0x00, 0x02, 0xc7, 0xff, 0x9b, 0x00, 0x00, 0x00, 0x01, 0x00, 0x00, // 0x7d to 0x87
	}
}

// vl53l1x is a VL53L1X.
type vl53l1x struct{ registers }

func (v *vl53l1x) name() string { return "VL53L1X" }

func (v *vl53l1x) start(ctx context.Context) error {
	// A service that was started anew finds the chip measuring.
	v.set(l1SoftReset, 0)
	wait(ctx, time.Millisecond)
	v.set(l1SoftReset, 1)
	wait(ctx, 2*time.Millisecond) // it boots for 1.2 ms, and does not answer meanwhile
	v.await(ctx, "the sensor's start", func() bool { return v.get8(l1FirmwareStatus)&1 == 1 })

	v.set(l1Configuration, l1Defaults()...)
	// The first measurement calibrates the receiver's voltage; the ones after it adjust that only.
	v.set(l1ModeStart, l1Start)
	v.await(ctx, "the sensor's first measurement", v.ready)
	v.set(l1InterruptClear, 1)
	v.set(l1ModeStart, l1Stop)
	v.set(l1VHVLoopBound, 9)
	v.set(l1VHVInit, 0)

	// A measurement takes 100 ms: enough for a person in the sun, at three metres.
	v.set(l1TimeoutA, 0x01, 0xcc)
	v.set(l1TimeoutB, 0x01, 0xea)
	clock := uint32(binary.BigEndian.Uint16(v.get(l1Oscillator, 2)) & 0x3ff) // of the chip's ticks, in a millisecond
	v.set(l1Period, binary.BigEndian.AppendUint32(nil, clock*uint32(period.Milliseconds())*1075/1000)...)
	v.set(l1InterruptClear, 1)
	v.set(l1ModeStart, l1Start)
	return v.done()
}

func (v *vl53l1x) ready() bool { return v.get8(l1DataReady)&1 == 1 }

func (v *vl53l1x) measured() (presence.Measured, bool, error) {
	if !v.ready() {
		return presence.Measured{}, false, v.done()
	}
	b := v.get(l1Result, l1ResultLength)
	v.set(l1InterruptClear, 1)
	m := presence.Measured{}
	switch b[0] & 0x1f {
	case 9, 19, 8: // complete; complete, but not checked for wrapping; closer than it can measure
		m = distanceOf(b[l1DistanceInResults:])
	case 4, 5, 6, 7: // too little light back; out of bounds; too much scatter; beyond the range and wrapped
		m.Target = presence.TargetNone
	default: // the chip's own errors
		m.Target = presence.TargetInvalid
	}
	return m, true, v.done()
}

func (v *vl53l1x) stop() error {
	v.set(l1ModeStart, l1Stop)
	return v.done()
}

// wait waits a moment.
func wait(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}
