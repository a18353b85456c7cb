package h264

import (
	"image"
	"math"
)

// The ladder trades size for bitrate. OpenH264 cannot go below a certain rate
// at a given size without leaving pictures out, and a small fluent picture of a
// face says more than a large one that stutters: under pressure the size goes
// first, the picture rate last.
const (
	// What 1280x720 at 30 pictures a second needs to look like a picture.
	fullSizeBitrate = 450_000
	// To go up a rung takes more than that rung needs, for this long: each
	// change costs a key frame.
	upMargin  = 1.25
	upSeconds = 3
	// An encoder that has overshot its target by this factor for this long is
	// at its limit, whatever the table says.
	overshoot        = 1.3
	overshootSeconds = 1.0
	// After an overshoot the rung above is not tried for this long.
	holdSeconds = 20
)

// rung is a size that pictures can be reduced to.
type rung struct {
	size  image.Point
	steps []reduction
	needs int // bits per second
}

// ladder decides at which size to encode. It counts pictures, not seconds, and
// so is exact in tests.
type ladder struct {
	rungs     []rung // largest first
	frameRate float64
	at        int

	average  float64 // bits a picture, smoothed
	over     int     // pictures since the output began to exceed the target
	suffices int     // pictures since the bitrate began to suffice for the rung above
	hold     int     // pictures for which the rung above is not tried
}

func newLadder(source image.Point, frameRate float64, bitrate int) *ladder {
	l := &ladder{frameRate: frameRate}
	for _, steps := range [][]reduction{nil, {threeQuarters}, {half}, {half, threeQuarters}, {half, half}} {
		size := image.Pt(source.X&^1, source.Y&^1)
		for _, step := range steps {
			size = step.of(size)
		}
		// Below this there is no face left to see.
		if len(l.rungs) > 0 && size.Y < 180 {
			break
		}
		l.rungs = append(l.rungs, rung{size, steps, needs(size, frameRate)})
	}
	for l.at < len(l.rungs)-1 && bitrate < l.rungs[l.at].needs {
		l.at++
	}
	return l
}

// needs is the bitrate that makes pictures of that size worth sending. It
// grows slower than the number of pixels: larger pictures predict better.
func needs(size image.Point, frameRate float64) int {
	pixels := float64(size.X*size.Y) * frameRate / (1280 * 720 * 30)
	return int(fullSizeBitrate * math.Pow(pixels, 0.75))
}

// step takes the target in bits per second and the size of the picture just
// encoded, and tells whether the size changes with the next one.
func (l *ladder) step(bitrate, bits int) (changed bool) {
	seconds := func(s float64) int { return int(s * l.frameRate) }
	target := float64(bitrate) / l.frameRate
	l.average += (float64(bits) - l.average) / max(l.frameRate, 1)
	l.hold = max(l.hold-1, 0)

	if l.average > overshoot*target {
		l.over++
	} else {
		l.over = 0
	}
	lower := l.at
	for lower < len(l.rungs)-1 && bitrate < l.rungs[lower].needs {
		lower++
	}
	if lower == l.at && l.over > seconds(overshootSeconds) && lower < len(l.rungs)-1 {
		lower++
		l.hold = seconds(holdSeconds)
	}
	if lower != l.at {
		l.move(lower, target)
		return true
	}

	if l.at == 0 || l.hold > 0 || float64(bitrate) < upMargin*float64(l.rungs[l.at-1].needs) {
		l.suffices = 0
		return false
	}
	if l.suffices++; l.suffices < seconds(upSeconds) {
		return false
	}
	// As high as the rate has sufficed for, in one change.
	higher := l.at - 1
	for higher > 0 && float64(bitrate) >= upMargin*float64(l.rungs[higher-1].needs) {
		higher--
	}
	l.move(higher, target)
	return true
}

func (l *ladder) move(at int, target float64) {
	l.at, l.average, l.over, l.suffices = at, target, 0, 0
}
