package audio

import (
	"math"
	"time"
)

// pointerClock follows a card's pointer: where in the stream the converter is at
// a time, and how fast it runs. Pointers come with a jitter of up to a
// millisecond or two, as the card reports them in steps, each card its own; crystals differ by some
// ten parts in a million and change by less than one a minute. A Kalman filter of
// the position and the rate is the mean of the former that can still follow the
// latter. It is pure: times come in as arguments.
type pointerClock struct {
	nominal float64 // samples a second

	at       time.Duration // of the state
	position float64       // samples
	rate     float64       // samples a second
	// The covariance of position and rate.
	pp, pr, rr float64
	noise      float64 // variance of the pointer, as it turns out
	known      bool    // position and at are of this run
	strange    int     // observations in a row that do not fit
}

const (
	// The pointer's jitter in seconds, standard deviation: at first, and the bounds of what is learned.
	firstJitter, leastJitter, mostJitter = 0.5e-3, 0.1e-3, 5e-3

	crystalError = 100e-6 // of the rate, standard deviation
	// How the rate wanders, per second; one part in two million in a minute.
	crystalWander = 0.5e-6 * 0.5e-6 / 60
	maxRateError  = 500e-6
	// An observation that is off by more belongs to a new run, if others agree.
	pointerJump   = 10e-3 // seconds
	maxStrange    = 3
	longestBridge = 10 * time.Second // between two observations of one run
)

func newPointerClock(nominal int) pointerClock {
	c := pointerClock{nominal: float64(nominal), rate: float64(nominal)}
	c.rr, c.noise = square(crystalError*c.nominal), square(firstJitter*c.nominal)
	return c
}

func square(x float64) float64 { return x * x }

// restart says that the card was stopped: the position is not known, the rate
// still is.
func (c *pointerClock) restart() { c.known, c.strange = false, 0 }

// observe learns that the converter was at a position at a time. It tells
// whether it is the first of a run.
func (c *pointerClock) observe(at time.Duration, position float64) (first bool) {
	if !c.known {
		c.begin(at, position)
		return true
	}
	dt := (at - c.at).Seconds()
	if dt <= 0 {
		return false
	}
	expected := c.position + c.rate*dt
	off := position - expected
	if math.Abs(off) > pointerJump*c.nominal || at-c.at > longestBridge {
		if c.strange++; c.strange < maxStrange && at-c.at <= longestBridge {
			return false
		}
		c.begin(at, position)
		return true
	}
	c.strange = 0
	c.pp += 2*dt*c.pr + dt*dt*c.rr
	c.pr += dt * c.rr
	c.rr += dt * square(c.nominal) * crystalWander
	// What is off beyond what the state may be wrong by is the pointer's jitter; learned in two seconds.
	c.noise += (square(off) - c.pp - c.noise) / 200
	c.noise = min(max(c.noise, square(leastJitter*c.nominal)), square(mostJitter*c.nominal))
	kp, kr := c.pp/(c.pp+c.noise), c.pr/(c.pp+c.noise)
	c.at, c.position = at, expected+kp*off
	c.rate = min(max(c.rate+kr*off, c.nominal*(1-maxRateError)), c.nominal*(1+maxRateError))
	c.pp, c.pr, c.rr = (1-kp)*c.pp, (1-kp)*c.pr, c.rr-kr*c.pr
	return false
}

func (c *pointerClock) begin(at time.Duration, position float64) {
	c.at, c.position, c.known, c.strange = at, position, true, 0
	c.pp, c.pr = c.noise, 0
}

// positionAt is where the converter is at a time.
func (c *pointerClock) positionAt(at time.Duration) float64 {
	return c.position + c.rate*(at-c.at).Seconds()
}

// timeOf is when the converter is at a position.
func (c *pointerClock) timeOf(position float64) time.Duration {
	return c.at + time.Duration((position-c.position)/c.rate*float64(time.Second))
}

// partsPerMillion is how much faster than it should the card runs.
func (c *pointerClock) partsPerMillion() float64 { return (c.rate/c.nominal - 1) * 1e6 }
