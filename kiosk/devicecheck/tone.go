package devicecheck

import "math"

// The tone rises through what every loudspeaker and microphone for speech
// carries. It is loud enough to be found under a room's noise and short enough
// not to alarm anybody.
const (
	toneFrom, toneTo = 400.0, 3200.0 // Hz
	toneSamples      = rate * 6 / 10
	toneAmplitude    = 0.25 * math.MaxInt16
	fade             = rate / 50
	// tail is how much later than it was played the tone may be heard, buffers and room included.
	tail = rate / 2

	// The tone is looked for at a sixth of the rate, 8 kHz: its highest note fits below half of that.
	thin = 6
	// heardAbove is by how much the best match must exceed the others: in noise alone, it hardly comes to five times.
	heardAbove = 9.0
)

// newTone is an exponentially rising sine, a multiple of frame long.
func newTone() []int16 {
	tone := make([]int16, toneSamples)
	grow := math.Log(toneTo / toneFrom)
	for i := range tone {
		t := float64(i) / toneSamples
		phase := 2 * math.Pi * toneFrom * (toneSamples / float64(rate)) / grow * (math.Exp(t*grow) - 1)
		edge := min(1, float64(i)/fade, float64(toneSamples-i)/fade)
		tone[i] = int16(toneAmplitude * edge * math.Sin(phase))
	}
	return tone
}

// contains tells whether the tone is in what was heard, anywhere from its
// beginning on. A matched filter: however weak and muffled the tone arrives, its
// shape in time is its own; a hum, a voice or a hiss have another.
func contains(heard, tone []int16) bool {
	h, t := thinned(heard), thinned(tone)
	lags := len(h) - len(t)
	if lags < 2 {
		return false
	}
	best, sum := 0.0, 0.0
	for lag := range lags {
		dot, energy := 0.0, 1.0
		for i, v := range t {
			dot += v * h[lag+i]
			energy += h[lag+i] * h[lag+i]
		}
		match := math.Abs(dot) / math.Sqrt(energy)
		best = max(best, match)
		sum += match
	}
	return best > heardAbove*sum/float64(lags)
}

// thinned is the sound at a sixth of its rate, without what does not fit there:
// the mean of each six samples, which is enough of a filter for a tone that is
// looked for by its shape.
func thinned(samples []int16) []float64 {
	out := make([]float64, len(samples)/thin)
	for i := range out {
		sum := 0
		for _, v := range samples[i*thin : (i+1)*thin] {
			sum += int(v)
		}
		out[i] = float64(sum) / thin
	}
	return out
}
