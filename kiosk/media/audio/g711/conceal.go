package g711

import "math"

const (
	leastPeriod = Rate / 200       // samples: a voice of 200 Hz; of a higher one two periods are taken
	mostPeriod  = Rate * 15 / 1000 // one of 67 Hz
	mostPeriods = 3                // that are repeated in turn, so that a long loss does not buzz
	compared    = Rate / 50        // samples that are compared to find the period
	// What was made up meanwhile lies behind what is repeated.
	history = mostPeriods*mostPeriod + mostPeriod/4 + (mostPeriods-1)*FrameBytes
	// From here the repetition fades, up to there it is gone.
	fadeBegin, fadeEnd = Rate / 100, Rate * 60 / 1000
	// Back to what comes then within this, and longer after a long loss.
	returnLeast, returnMost = Rate * 4 / 1000, Rate / 100
)

// concealment makes up for lost sound, at 8 kHz.
type concealment struct {
	past    [history]int16 // what was played last
	lost    int            // samples made up in a row; 0 when the last were heard
	period  int
	periods int // that are repeated in turn
	at      int // in the loop
	loop    [mostPeriods * mostPeriod]float64
	// step is what keeps the beginning of a loop from clicking: it glides to 0.
	step, stepBy float64
	tail         [returnMost]int16
}

// heard takes sound that has come. It fades over to it after a loss, in place.
func (c *concealment) heard(frame []int16) {
	if c.lost > 0 {
		n := min(returnLeast+c.lost/8, returnMost, len(frame))
		tail := c.tail[:n]
		c.repeat(tail)
		for i, v := range tail {
			w := (float64(i) + 0.5) / float64(n)
			frame[i] = int16(math.Round((1-w)*float64(v) + w*float64(frame[i])))
		}
		c.lost = 0
	}
	c.keep(frame)
}

// makeUp fills frame with sound that did not come.
func (c *concealment) makeUp(frame []int16) {
	if c.lost == 0 {
		c.period, c.periods = c.findPeriod(), 0
	}
	if c.periods < mostPeriods { // a longer piece of the past with every packet that is missing
		c.periods++
		c.prepare()
	}
	c.repeat(frame)
	c.keep(frame)
}

// prepare makes the loop of the last periods before the loss. Its end fades into
// what came before its beginning.
func (c *concealment) prepare() {
	end := history - min(c.lost, history)
	n := c.period * c.periods
	if end < n+c.period/4 { // too much has been made up since
		c.periods--
		return
	}
	last := float64(c.past[history-1])
	quarter := c.period / 4
	for i := range n {
		v := float64(c.past[end-n+i])
		if into := i - (n - quarter); into >= 0 {
			w := (float64(into) + 0.5) / float64(quarter)
			v = (1-w)*v + w*float64(c.past[end-2*n+i])
		}
		c.loop[i] = v
	}
	c.at %= c.period
	if c.lost == 0 {
		c.at = 0
	}
	before := c.loop[(c.at+n-1)%n]
	c.step = last - before*c.gain(c.lost)
	c.stepBy = c.step / float64(quarter)
}

// gain is the loudness after so many samples.
func (c *concealment) gain(lost int) float64 {
	return max(0, min(1, float64(fadeEnd-lost)/(fadeEnd-fadeBegin)))
}

func (c *concealment) repeat(frame []int16) {
	n := c.period * c.periods
	for i := range frame {
		v := c.loop[c.at] * c.gain(c.lost)
		if c.step*c.stepBy > 0 {
			c.step -= c.stepBy
			if c.step*c.stepBy > 0 {
				v += c.step
			}
		}
		frame[i] = int16(max(math.MinInt16, min(math.MaxInt16, math.Round(v))))
		if c.at++; c.at == n {
			c.at = 0
		}
		c.lost++
	}
}

func (c *concealment) keep(frame []int16) {
	if len(frame) >= history {
		copy(c.past[:], frame[len(frame)-history:])
		return
	}
	copy(c.past[:], c.past[len(frame):])
	copy(c.past[history-len(frame):], frame)
}

// findPeriod finds after how many samples the past is most like itself.
func (c *concealment) findPeriod() int {
	recent := c.past[history-compared:]
	best, at := -1.0, mostPeriod
	for lag := leastPeriod; lag <= mostPeriod; lag++ {
		earlier := c.past[history-compared-lag:][:compared]
		var xy, xx, yy float64
		for i, v := range recent {
			x, y := float64(v), float64(earlier[i])
			xy, xx, yy = xy+x*y, xx+x*x, yy+y*y
		}
		if like := xy / math.Sqrt(xx*yy+1); like > best {
			best, at = like, lag
		}
	}
	return at
}
