package echo

import "math"

const (
	taps      = 32 // of the interpolation
	phases    = 128
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
	for i := range out {
		back := first - i // samples before the newest
		delay := r.delay + r.drift*float64(frame-1-back)
		whole := int(delay)
		part := float32(delay-float64(whole)) * phases
		row := min(int(part), phases-1)
		part -= float32(row)
		a, b := &r.table[row], &r.table[row+1]
		// The table's middle, taps/2-1, is the sample at the whole delay; the
		// fraction goes further into the past, so the taps run backwards.
		at := r.end - 1 - back - whole + taps/2 - 1
		if at >= taps-1 && at < reach {
			x := r.ring[at-taps+1:][:taps]
			var sa, sb float32
			for j := range taps {
				v := x[taps-1-j]
				sa += v * a[j]
				sb += v * b[j]
			}
			out[i] = sa + part*(sb-sa)
			continue
		}
		var sum float32
		for j := range taps {
			sum += r.ring[(at-j+2*reach)%reach] * (a[j] + part*(b[j]-a[j]))
		}
		out[i] = sum
	}
}

// advance goes on to the next frame. It tells when the delay has become too
// small to go on shrinking.
func (r *reference) advance() {
	r.delay = max(minDelay, min(maxDelay, r.delay+r.drift*frame))
}

// steer corrects the drift by what the echo that is left says: late is by how
// many samples the filter's echo comes too early, trust how sure that is, 0 to 1.
func (r *reference) steer(late, trust float64) {
	r.delay += delayGain * trust * late
	r.drift += driftGain * trust * late / frame
	r.drift = max(-maxDrift, min(maxDrift, r.drift))
}
