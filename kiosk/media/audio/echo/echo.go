// Package echo takes the loudspeaker's sound and noise out of what the booth's
// microphone hears, and brings speech to an even level. Both directions may
// speak at the same time. It works on frames of 10 ms, 48 kHz mono, and delays
// by one frame.
//
// The steps: the played sound is aligned with its echo (the bulk delay is
// found and followed, and so is the difference of the two clocks); it is bent as
// the loudspeaker bends it; an adaptive filter of 260 ms models the room up to
// 12 kHz and its echo is subtracted; what is left of echo and noise is lowered by
// a gain for each frequency; an automatic gain and a limiter follow.
//
// It opens and writes nothing, has no goroutines, and allocates nothing after
// New. Sources: G. Enzner, P. Vary, "Frequency-domain adaptive Kalman filter
// for acoustic echo control", Signal Processing 86 (2006); F. Kuech et al.,
// "State-space architecture of the partitioned-block-based acoustic echo
// controller", ICASSP 2014; J.-M. Valin, "On adjusting the learning rate in
// frequency domain echo cancellation", IEEE TASLP 15 (2007), and speexdsp for the
// emphasis before the filter; A. Stenger, W. Kellermann, "Adaptation of a
// memoryless preprocessor for nonlinear acoustic echo cancelling", Signal
// Processing 80 (2000); I. Cohen, B. Berdugo, "Noise estimation by minima
// controlled recursive averaging", IEEE SPL 9 (2002); T. Gerkmann,
// R. Hendriks, "Unbiased MMSE-based noise power estimation", IEEE TASLP 20
// (2012); Y. Ephraim, D. Malah, IEEE TASSP 32 (1984).
package echo

import (
	"fmt"
	"math"
	"sync"
	"time"

	"loiret.fr/visioborne/kiosk/media/audio/echo/fourier"
)

// FrameSamples is the length of a frame: 10 ms.
const FrameSamples = frame

// Parts are the steps after the adaptive filter that can be switched off, for
// measuring.
type Parts uint8

// The parts.
const (
	EchoSuppression Parts = 1 << iota
	NoiseReduction
	LevelControl

	AllParts = EchoSuppression | NoiseReduction | LevelControl
)

// Stats tells how the echo fares.
type Stats struct {
	// ERLE (echo return loss enhancement) is by how much the echo is lowered,
	// in dB: by the filter, and by all steps. Of the last seconds with echo.
	FilterERLE float64
	ERLE       float64
	Delay      time.Duration // from the playing to the strongest echo
	DelayKnown bool
	DriftPPM   float64 // how much faster the microphone's clock is, in millionths
	DoubleTalk bool    // both speak
	Rattles    bool    // the loudspeaker distorts by more than is modelled
	GainDB     float64 // of the level control
}

// Canceller cancels the echo in one call. Process is for one goroutine at a
// time; the other methods may be called from any.
type Canceller struct {
	transform transform
	reference reference
	finder    delayFinder
	played    played
	bend      bend
	main      filter
	shadow    filter
	suppress  suppressor
	level     leveller

	near, far, delayed, left, echo [frame]float32
	sharp                          [frame]float32 // near, sharpened
	shadowLeft                     [frame]float32 // sharpened
	past                           [size]float32  // of the delayed played sound, bent and sharpened
	nearLast, playedLast, leftLast float32        // the samples before, not sharpened
	errors, shadowErrors           spectrum
	silent                         int // frames that nothing has played
	dcIn, dcOut                    float32
	mainPower, shadowPower         float32
	nearPower                      float32
	better, worse                  int     // frames in a row that the shadow is, the main being the other
	best                           float32 // the least share of the echo that was left lately
	failed, diverged, rest         int     // frames: most of it was; more than all; to wait
	heardPower, cancelPower        float64
	sentPower                      float64
	offset                         float64 // of the last finding of the delay, once it is known
	known                          bool
	agree                          int
	lastLag                        int

	mu    sync.Mutex
	stats Stats
	parts Parts
}

// New makes a canceller that knows nothing of the room yet.
func New() *Canceller {
	c := &Canceller{transform: transform{Real: fourier.New(size)}, parts: AllParts, best: 1}
	c.reference.init()
	c.finder.init()
	c.bend.init()
	c.main.reset(0.9999)
	c.shadow.reset(0.995)
	c.suppress.init()
	c.level.init()
	return c
}

// Switch sets which parts work; at first all do.
func (c *Canceller) Switch(parts Parts) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.parts = parts
}

// Stats tells how the echo fares.
func (c *Canceller) Stats() Stats {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.stats
}

// learnedERLE is what the filter alone takes away once it knows the room, in dB. A
// usual room has 10 to 25, one with an air conditioner's noise 8; a microphone that its
// echo overloads stays below 5.
const learnedERLE = 6

// Reduction is by how much the echo is lowered, in dB, of the last seconds with
// echo. found: one was found; without one the figure is the noise reduction's.
// learned: the filter knows the room, and the loudspeaker does not rattle.
func (c *Canceller) Reduction() (dB float64, found, learned bool) {
	s := c.Stats()
	return s.ERLE, s.DelayKnown, s.DelayKnown && s.FilterERLE >= learnedERLE && !s.Rattles
}

// Process cleans a frame that the microphone heard. far is what was given to
// the loudspeaker at about the same moment: its echo is in near between at once
// and 250 ms later. out may be near.
func (c *Canceller) Process(near, far, out []int16) {
	if len(near) != frame || len(far) != frame || len(out) != frame {
		panic(fmt.Sprintf("echo: frames of %d, %d and %d samples; they have %d", len(near), len(far), len(out), frame))
	}
	clipped := c.take(near, far)
	found := c.finder.push(c.far[:], c.near[:])
	c.reference.push(c.far[:])
	if found {
		c.align()
	}
	c.cancel(clipped)
	c.reference.advance()

	c.mu.Lock()
	parts := c.parts
	c.mu.Unlock()
	cancelled := power(c.left[:])
	c.suppress.suppressEcho = parts&EchoSuppression != 0
	c.suppress.reduceNoise = parts&NoiseReduction != 0
	c.suppress.process(&c.transform, c.left[:], c.echo[:], c.delayed[:], c.strongest())
	c.measure(cancelled)
	if parts&LevelControl != 0 {
		c.level.process(c.left[:], c.suppress.near, c.suppress.echoing)
	}
	for i, v := range c.left {
		out[i] = int16(max(-32768, min(32767, math.Round(float64(v)))))
	}
}

// cancel subtracts the echo and learns from what is left.
func (c *Canceller) cancel(clipped bool) {
	copy(c.past[:], c.past[frame:])
	c.reference.window(c.delayed[:], 0)
	copy(c.past[size-frame:], c.delayed[:])
	c.bend.apply(c.past[size-frame:])
	c.playedLast = sharpen(c.past[size-frame:], c.playedLast)
	c.sharp = c.near
	c.nearLast = sharpen(c.sharp[:], c.nearLast)
	if power(c.delayed[:]) >= 1 {
		c.silent = 0
	} else if c.silent++; c.silent > partitions+2 {
		// Nothing plays, nothing of it is in the room: half of a call is so.
		*c.played.push() = spectrum{}
		c.left = c.near
		clear(c.echo[:])
		c.leftLast = c.left[frame-1]
		c.bend.wait = bent
		return
	}
	copy(c.transform.time[:], c.past[:])
	c.transform.toBins(c.played.push())
	c.bend.push(c.delayed[:], &c.transform)
	c.filter(&c.main, c.left[:], &c.errors)
	c.filter(&c.shadow, c.shadowLeft[:], &c.shadowErrors)
	c.choose()
	for i, v := range c.left { // no longer sharpened
		c.leftLast = v + emphasis*c.leftLast
		c.left[i] = c.leftLast
		c.echo[i] = c.near[i] - c.leftLast
	}
	if !clipped {
		c.bend.learn(&c.main, &c.errors) // by the filter that made the error
		// What goes up and down with the echo is one whose path has changed.
		c.main.update(&c.played, &c.errors, c.suppress.near*(1-c.suppress.alone))
		c.shadow.update(&c.played, &c.shadowErrors, 0)
		c.follow()
	}
	c.recover() // after the update, which takes what the prediction has left
	c.main.constrain(2, &c.transform)
	c.shadow.constrain(1, &c.transform)
}

const emphasis = 0.9

// sharpen raises the high frequencies, of which speech has little: the window's
// edges spread the low ones over them less. It returns the last sample.
func sharpen(x []float32, last float32) float32 {
	for i, v := range x {
		x[i], last = v-emphasis*last, v
	}
	return last
}

// take reads the frames as numbers, without a constant in near, and tells
// whether near was clipped.
func (c *Canceller) take(near, far []int16) bool {
	clipped := 0
	for i, v := range near {
		if v >= 32700 || v <= -32700 {
			clipped++
		}
		in := float32(v)
		c.dcOut = in - c.dcIn + 0.998*c.dcOut
		c.dcIn = in
		c.near[i] = c.dcOut
		c.far[i] = float32(far[i])
	}
	return clipped > 2
}

// filter subtracts the echo that a filter predicts.
func (c *Canceller) filter(f *filter, left []float32, errors *spectrum) {
	f.predict(&c.played)
	c.transform.toTime(&f.echo)
	t := &c.transform.time
	for i := range left {
		left[i] = c.sharp[i] - t[size-frame+i]
	}
	clear(t[:size-frame])
	copy(t[size-frame:], left)
	c.transform.toBins(errors)
}

// choose lets the filter that does better in the long run teach the other: the
// shadow forgets quickly and so finds a path that has changed, the main filter
// is not moved by a near voice.
func (c *Canceller) choose() {
	const smooth = 0.2
	c.nearPower += smooth * (power(c.sharp[:]) - c.nearPower)
	c.mainPower += smooth * (power(c.left[:]) - c.mainPower)
	c.shadowPower += smooth * (power(c.shadowLeft[:]) - c.shadowPower)
	switch {
	case c.shadowPower < 0.7*c.mainPower && c.shadowPower < 0.9*c.nearPower:
		c.better, c.worse = c.better+1, 0
	case c.mainPower < 0.6*c.shadowPower:
		c.better, c.worse = 0, c.worse+1
	default:
		c.better, c.worse = 0, 0
	}
	if c.better > 6 {
		c.main.copyFrom(&c.shadow)
		c.main.uncertain = c.shadow.uncertain
		c.main.noise = c.shadow.noise
		c.errors = c.shadowErrors
		c.left = c.shadowLeft
		c.main.expected, c.main.sum = c.shadow.expected, c.shadow.sum
		c.mainPower, c.better = c.shadowPower, 0
	}
	if c.worse > 20 {
		c.shadow.copyFrom(&c.main)
		c.shadowErrors = c.errors
		c.shadowPower, c.worse = c.mainPower, 0
	}
}

// recover makes the filters doubt what they know when the echo, known to be
// alone, comes through although it did not before: its path has changed. And a
// filter that adds echo begins anew.
func (c *Canceller) recover() {
	if c.mainPower > 2*c.nearPower+100 {
		if c.diverged++; c.diverged > 5 {
			c.main.reset(c.main.keep)
			c.shadow.reset(c.shadow.keep)
			c.diverged, c.best, c.rest = 0, 1, restAfter
		}
	} else {
		c.diverged = 0
	}
	if c.rest > 0 {
		c.rest--
		return
	}
	if c.nearPower < 500 || c.suppress.alone < 0.8 {
		return
	}
	ratio := c.mainPower / c.nearPower
	c.best = min(ratio, c.best*1.002)
	if ratio < 0.3 || c.best > 0.1 {
		c.failed = 0
		return
	}
	if c.failed++; c.failed == 12 {
		c.main.doubt(0.3)
		c.shadow.doubt(0.3)
		c.failed, c.best, c.rest = 0, 1, restAfter
	}
}

// restAfter is for how many frames a filter is let alone to learn.
const restAfter = 150

func power(x []float32) float32 {
	var sum float32
	for _, v := range x {
		sum += v * v
	}
	return sum / float32(len(x))
}

// follow steers the clocks: where the echo that is left looks like the
// derivative of the filter's, the filter is late, and if it is so all the time
// the clocks drift.
func (c *Canceller) follow() {
	var along, total float64
	y, e := &c.main.echo, &c.errors
	// The echo's spectrum is of a whole window, the error's of a part: on the
	// average over frames that only scales.
	for k := 4; k < low; k++ {
		w := float32(2*math.Pi/size) * float32(k)
		weight := 1 / (c.main.noise[k] + c.main.expected[k] + noiseFloor)
		// y delayed by d is y*exp(-jwd): left over is -jwd*y.
		along += float64(weight * w * (y.im[k]*e.re[k] - y.re[k]*e.im[k]))
		total += float64(weight * w * w * (y.re[k]*y.re[k] + y.im[k]*y.im[k]) * share)
	}
	const sure = 20
	if total > 0 {
		c.reference.steer(along / (total + sure))
	}
}

// strongest is the partition in which most of the echo's path lies.
func (c *Canceller) strongest() int {
	best := 0
	for b, v := range c.main.energy {
		if v > c.main.energy[best] {
			best = b
		}
	}
	return best
}

const (
	before    = 2 * frame  // the filter begins that much before the strongest echo
	sureDelay = 9          // the peak of the correlation over the rest
	jump      = 3 * coarse // samples that a delay must change by to be a jump
)

// align puts the filter where the echo is.
func (c *Canceller) align() {
	f := &c.finder
	if f.confidence < sureDelay {
		c.agree = 0
		return
	}
	if d := f.lag - c.lastLag; d < -1 || d > 1 {
		c.agree = 0
	}
	c.lastLag = f.lag
	if c.agree++; c.agree < 3 {
		return
	}
	offset := float64(f.lag*coarse) - c.reference.delay
	if c.known {
		// The filter follows a path that changes, but not one that jumps: if
		// it fails, and the peak has moved, it was the delay.
		by := offset - c.offset
		if math.Abs(by) >= jump && c.mainPower > 0.3*c.nearPower {
			c.reference.delay += by
			if c.reference.delay < minDelay || c.reference.delay > maxDelay {
				c.reference.delay = max(minDelay, min(maxDelay, c.reference.delay))
				c.main.doubt(0.3)
			}
			c.reload()
			c.shadow.copyFrom(&c.main)
			offset = float64(f.lag*coarse) - c.reference.delay
			c.offset = offset
		}
	}
	// Where the filter spans too little before or after the echo, it moves.
	shift := int(math.Floor((offset - before) / frame))
	if shift == 0 || shift == 1 || shift < 0 && offset > 4*coarse && c.known {
		c.offset, c.known = offset, true
		return
	}
	if room := int((c.reference.delay - minDelay) / frame); shift < -room {
		shift = -room
	}
	if shift != 0 {
		c.reference.delay += float64(shift * frame)
		c.main.shift(-shift)
		c.shadow.shift(-shift)
		c.reload()
	}
	c.offset, c.known = float64(f.lag*coarse)-c.reference.delay, true
}

// reload computes anew the spectra of the past at a new delay.
func (c *Canceller) reload() {
	for age := range partitions {
		// The newest frame is not among them yet.
		c.reference.window(c.transform.time[:], (age+1)*frame)
		c.bend.apply(c.transform.time[:])
		last := sharpen(c.transform.time[:], c.transform.time[0])
		if age == 0 {
			c.playedLast = last
			copy(c.past[:], c.transform.time[:])
		}
		c.transform.toBins(c.played.at(age))
	}
	c.bend.wait = bent
}

// measure estimates by how much the echo is lowered.
func (c *Canceller) measure(cancelled float32) {
	const smooth = 0.005
	echo := power(c.echo[:])
	if echo > 900 && c.suppress.near < 0.3 {
		c.heardPower += smooth * (float64(power(c.near[:])) - c.heardPower)
		c.cancelPower += smooth * (float64(cancelled) - c.cancelPower)
		c.sentPower += smooth * (float64(power(c.left[:])) - c.sentPower)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.heardPower > 1 {
		c.stats.FilterERLE = 10 * math.Log10(c.heardPower/(c.cancelPower+1e-3))
		c.stats.ERLE = 10 * math.Log10(c.heardPower/(c.sentPower+1e-3))
	}
	c.stats.DelayKnown = c.known
	if c.known {
		c.stats.Delay = time.Duration((c.reference.delay + c.offset) / 48000 * float64(time.Second))
	}
	c.stats.DriftPPM = -1e6 * c.reference.drift
	c.stats.DoubleTalk = c.suppress.near > 0.5 && echo > 900
	c.stats.Rattles = c.bend.rattles()
	c.stats.GainDB = c.level.decibels()
}
