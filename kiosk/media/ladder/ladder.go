package ladder

import (
	"image"
	"math"
)

// The ladder trades size for bitrate. An encoder cannot go below a certain rate
// at a given size without leaving pictures out, and a small fluent picture of a
// face says more than a large one that stutters: under pressure the size goes
// first, then the quantiser, and the picture rate last.
const (
	// What 1280x720 at 30 pictures a second needs to look like a picture.
	fullSizeBitrate = 450_000
	// EN 301 549, 6.5: no smaller than 320x240, no slower than 20 pictures a second.
	leastWidth, leastHeight = 320, 240
	leastFrameRate          = 20
	// To go up a rung takes more than that rung needs, for this long: each
	// change costs a key frame.
	upMargin  = 1.25
	upSeconds = 3
	// An encoder that has overshot its target by this factor for this long is
	// at its limit, whatever the table says.
	overshoot        = 1.3
	overshootSeconds = 1.0
	// After an overshoot the rung above is not tried for this long, unless there
	// is that much more to spend: then the line has changed and not the picture.
	holdSeconds = 20
	muchMore    = 1.5
)

// rung is a size that pictures can be reduced to, and a rate.
type rung struct {
	size      image.Point
	steps     []reduction
	frameRate float64
	needs     int // bits per second
}

// ladder decides at which size, and at last at which rate, to encode. It counts
// pictures, not seconds, and so is exact in tests.
type ladder struct {
	rungs []rung // largest first
	sizes int    // the first so many have the full rate; one with less may follow
	at    int

	average  float64 // the output as a multiple of the target, smoothed
	over     int     // pictures since the output began to exceed the target
	suffices int     // pictures since the bitrate began to suffice for the rung above
	hold     int     // pictures for which the rung above is not tried
	tooHard  int     // the bitrate that was overshot
}

func newLadder(source image.Point, frameRate float64, bitrate int) *ladder {
	l := &ladder{average: 1}
	for _, steps := range [][]reduction{nil, {threeQuarters}, {half}, {third}, {half, half}, {half, third}} {
		size := image.Pt(source.X&^1, source.Y&^1)
		for _, step := range steps {
			size = step.of(size)
		}
		if len(l.rungs) > 0 && (size.X < leastWidth || size.Y < leastHeight) {
			break
		}
		l.rungs = append(l.rungs, rung{size, steps, frameRate, needs(size, frameRate)})
	}
	l.sizes = len(l.rungs)
	if frameRate > leastFrameRate {
		last := l.rungs[l.sizes-1]
		last.frameRate, last.needs = leastFrameRate, needs(last.size, leastFrameRate)
		l.rungs = append(l.rungs, last)
	}
	l.at = l.fits(0, bitrate)
	return l
}

// needs is the bitrate that makes pictures of that size worth sending. It
// grows slower than the number of pixels: larger pictures predict better.
func needs(size image.Point, frameRate float64) int {
	pixels := float64(size.X*size.Y) * frameRate / (1280 * 720 * 30)
	return int(fullSizeBitrate * math.Pow(pixels, 0.75))
}

// fits is the first size, from a rung on, that the bitrate is enough for, or the
// smallest. To pictures that look worse than they should the rate does not give way.
func (l *ladder) fits(at, bitrate int) int {
	for at < l.sizes-1 && bitrate < l.rungs[at].needs {
		at++
	}
	return at
}

// step takes the target in bits per second and the size of the picture just
// encoded, and tells whether the rung changes with the next one.
func (l *ladder) step(bitrate, bits int) (changed bool) {
	frameRate := l.rungs[l.at].frameRate
	seconds := func(s float64) int { return int(s * frameRate) }
	l.average += (float64(bits)*frameRate/float64(bitrate) - l.average) / max(frameRate, 1)
	l.hold = max(l.hold-1, 0)
	if float64(bitrate) >= muchMore*float64(l.tooHard) {
		l.hold = 0
	}

	if l.average > overshoot {
		l.over++
	} else {
		l.over = 0
	}
	lower := l.fits(l.at, bitrate)
	if lower == l.at && l.over > seconds(overshootSeconds) && lower < len(l.rungs)-1 {
		lower++
		l.hold, l.tooHard = int(holdSeconds*l.rungs[lower].frameRate), bitrate
	}
	if lower != l.at {
		l.move(lower)
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
	l.move(higher)
	return true
}

func (l *ladder) move(at int) {
	l.at, l.average, l.over, l.suffices = at, 1, 0, 0
}
