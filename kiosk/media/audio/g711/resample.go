package g711

import "math"

// The low-pass between 48 and 8 kHz: flat up to 3.4 kHz, 60 dB down from 4 kHz,
// where the lower rate ends. It delays sound by 3 ms each way.
const (
	perPhase = 48
	taps     = perPhase * Ratio
	cutOff   = 3700.0 // Hz
	kaiser   = 5.65   // the window's beta for 60 dB
)

var lowPass = design()

// design is a sinc in a Kaiser window (Oppenheim and Schafer, 7.5), with a sum of 1.
func design() (h [taps]float32) {
	const centre = float64(taps-1) / 2
	var f [taps]float64
	sum := 0.0
	for i := range f {
		x := float64(i) - centre // never 0: the number of taps is even
		r := x / (centre + 0.5)
		turn := 2 * math.Pi * cutOff / (Rate * Ratio)
		f[i] = math.Sin(turn*x) / x * bessel(kaiser*math.Sqrt(1-r*r))
		sum += f[i]
	}
	for i := range h {
		h[i] = float32(f[i] / sum)
	}
	return h
}

// bessel is the modified one of the first kind and order 0.
func bessel(x float64) float64 {
	sum, term := 1.0, 1.0
	for k := 1.0; term > 1e-12*sum; k++ {
		term *= x / 2 / k * (x / 2 / k)
		sum += term
	}
	return sum
}

// decimator makes one sample of six. Samples lie twice in its memory, so that
// the last ones are always in a row.
type decimator struct {
	past [2 * taps]float32
	at   int
}

func (d *decimator) next(six []int16) int16 {
	for _, v := range six {
		d.past[d.at], d.past[d.at+taps] = float32(v), float32(v)
		d.at = (d.at + 1) % taps
	}
	var sum float32
	for i, v := range d.past[d.at:][:taps] {
		sum += v * lowPass[i]
	}
	return rounded(sum)
}

// interpolator makes six samples of one.
type interpolator struct {
	past [2 * perPhase]float32
	at   int
}

func (p *interpolator) next(v int16, six []int16) {
	p.past[p.at], p.past[p.at+perPhase] = float32(v), float32(v)
	p.at = (p.at + 1) % perPhase
	past := p.past[p.at:][:perPhase] // the oldest first
	for phase := range six {
		var sum float32
		for i, x := range past {
			sum += x * lowPass[phase+(perPhase-1-i)*Ratio]
		}
		six[phase] = rounded(sum * Ratio)
	}
}

func rounded(v float32) int16 {
	return int16(max(math.MinInt16, min(math.MaxInt16, math.Round(float64(v)))))
}
