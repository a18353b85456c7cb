package echo

import "math"

const (
	taps      = 32 // of the interpolation
	phases    = 128
	stretch   = 32      // samples
	reach     = 1 << 15 // samples of played sound kept, 0.68 s
	minDelay  = taps / 2
	maxDelay  = reach - size - partitions*frame - taps
	maxDrift  = 400e-6
	delayGain = 0.15
	driftGain = 0.006
)

// reference gives the played sound delayed by any fraction of a sample, and by
// one that grows or shrinks as the clocks of loudspeaker and microphone drift
// apart.
type reference struct {
	ring  [reach]float32
	end   int     // count of samples written, wraps at the ring
	delay float64 // samples, of the first sample of the next frame
	drift float64 // samples of delay gained a sample
	table [phases + 1][taps]float32
}

func (r *reference) init() {
	r.delay = minDelay
	for p := range r.table {
		sum := 0.0
		var row [taps]float64
		for i := range row {
			t := float64(i-taps/2+1) - float64(p)/phases
			// A Kaiser window, 70 dB.
			u := t / (taps / 2)
			if u > -1 && u < 1 {
				row[i] = bessel(7*math.Sqrt(1-u*u)) / bessel(7)
			}
			if t != 0 {
				row[i] *= math.Sin(math.Pi*t) / (math.Pi * t)
			}
			sum += row[i]
		}
		for i, v := range row {
			r.table[p][i] = float32(v / sum)
		}
	}
}

// bessel is the modified Bessel function of the first kind, order zero.
func bessel(x float64) float64 {
	sum, term := 1.0, 1.0
	for k := 1.0; k < 30; k++ {
		term *= x / (2 * k) * x / (2 * k)
		sum += term
	}
	return sum
}

func (r *reference) push(far []float32) {
	for _, v := range far {
		r.ring[r.end] = v
		r.end = (r.end + 1) % reach
	}
}

// window fills out with the delayed sound that ended age samples before the
// end of the newest frame.
func (r *reference) window(out []float32, age int) {
	first := len(out) - 1 + age
	var row [taps]float32
	for from := 0; from < len(out); from += stretch {
		block := out[from:min(from+stretch, len(out))]
		// The clocks drift apart by less than a hundredth of a sample in a
		// stretch: one fraction does for all of it.
		delay := r.delay + r.drift*float64(frame-1-first+from+len(block)/2)
		whole := int(delay)
		part := float32(delay-float64(whole)) * phases
		phase := min(int(part), phases-1)
		part -= float32(phase)
		for j, a := range r.table[phase] {
			// The fraction goes further into the past, so the taps run
			// backwards.
			row[taps-1-j] = a + part*(r.table[phase+1][j]-a)
		}
		// The table's middle, taps/2-1, is the sample at the whole delay.
		at := r.end - 1 - first + from - whole - taps/2
		for i := range block {
			var a, b, c, d float32 // four sums, for none to wait for the last
			if at := at + i; at >= 0 && at <= reach-taps {
				x := r.ring[at:][:taps]
				for j := 0; j < taps; j += 4 {
					a += x[j] * row[j]
					b += x[j+1] * row[j+1]
					c += x[j+2] * row[j+2]
					d += x[j+3] * row[j+3]
				}
			} else {
				for j, v := range row {
					a += r.ring[(at+j+2*reach)%reach] * v
				}
			}
			block[i] = (a + b) + (c + d)
		}
	}
}

// advance goes on to the next frame.
func (r *reference) advance() {
	r.delay = max(minDelay, min(maxDelay, r.delay+r.drift*frame))
}

// steer corrects delay and drift by what the echo that is left says: late is by
// how many samples the filter's echo comes too early. That the delay moves too
// keeps the drift from swinging: it is a phase-locked loop of second order.
func (r *reference) steer(late float64) {
	r.delay += delayGain * late
	r.drift += driftGain * late / frame
	r.drift = max(-maxDrift, min(maxDrift, r.drift))
}
