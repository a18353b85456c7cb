// Package room makes sound as a booth's microphone would hear it, to measure
// echo cancellers with: speech, a loudspeaker that distorts, a room with
// reverberation, a person who talks and moves, noise, and two clocks that do
// not agree. The same settings make the same samples again.
//
// It reads the speech that is embedded in it, writes nothing and has no
// goroutines. Sources: J. Allen, D. Berkley, "Image method for efficiently
// simulating small-room acoustics", JASA 65 (1979); the reflection from the
// reverberation time by Eyring's formula.
package room

import (
	"math"
	"math/rand/v2"

	"loiret.fr/visioborne/kiosk/media/audio/echo/fourier"
)

const (
	// SampleRate of all sound, in hertz.
	SampleRate   = 48000
	speedOfSound = 343.0 // metres per second
	sincTaps     = 16
	sincPhases   = 64
)

// Point is a place in metres.
type Point [3]float64

// Room is a box with the same walls everywhere.
type Room struct {
	Size          Point
	Reverberation float64 // seconds until the sound has fallen by 60 dB
	Seed          uint64  // of the walls' unevenness
}

// Booth is a closed room of the usual size.
func Booth(reverberation float64) Room {
	return Room{Size: Point{2.6, 2.1, 2.4}, Reverberation: reverberation}
}

// Response is the impulse response from one place to another; a distance of
// one metre has a gain of one.
func (r Room) Response(from, to Point) []float32 {
	volume := r.Size[0] * r.Size[1] * r.Size[2]
	surface := 2 * (r.Size[0]*r.Size[1] + r.Size[1]*r.Size[2] + r.Size[0]*r.Size[2])
	reflection := math.Sqrt(math.Exp(-0.161 * volume / (surface * r.Reverberation)))
	samples := int(r.Reverberation * 1.1 * SampleRate)
	h := make([]float32, samples+sincTaps)
	table := sincTable()
	reach := float64(samples) / SampleRate * speedOfSound
	random := rand.New(rand.NewPCG(7+r.Seed, 11))
	var count [3]int
	for i := range count {
		count[i] = int(reach/(2*r.Size[i])) + 1
	}
	for nx := -count[0]; nx <= count[0]; nx++ {
		for ny := -count[1]; ny <= count[1]; ny++ {
			for nz := -count[2]; nz <= count[2]; nz++ {
				for mirror := range 8 {
					sum, reflections := 0.0, 0
					for axis, n := range [3]int{nx, ny, nz} {
						m := mirror >> axis & 1
						d := float64(1-2*m)*from[axis] + 2*float64(n)*r.Size[axis] - to[axis]
						sum += d * d
						reflections += abs(n-m) + abs(n)
					}
					distance := math.Sqrt(sum)
					if reflections > 0 { // real walls are not that even
						distance += 0.02 * (random.Float64() - 0.5)
					}
					if distance >= reach || distance < 0.01 {
						continue
					}
					gain := math.Pow(reflection, float64(reflections)) / distance
					at := distance / speedOfSound * SampleRate
					whole := int(at)
					phase := table[int((at-float64(whole))*sincPhases)]
					for i, v := range phase {
						if k := whole + i - sincTaps/2 + 1; k >= 0 && k < len(h) {
							h[k] += float32(gain) * v
						}
					}
				}
			}
		}
	}
	highPass(h)
	return h
}

// highPass takes out what is below 100 Hz: the image method makes too much of
// it (Allen and Berkley have one too), and a booth's loudspeaker none.
func highPass(x []float32) {
	w := 2 * math.Pi * 100 / SampleRate
	sin, cos := math.Sincos(w)
	alpha := sin / math.Sqrt2
	b, a1, a2 := (1+cos)/2/(1+alpha), -2*cos/(1+alpha), (1-alpha)/(1+alpha)
	var x1, x2, y1, y2 float64
	for i, v := range x {
		in := float64(v)
		out := b*(in-2*x1+x2) - a1*y1 - a2*y2
		x1, x2, y1, y2 = in, x1, out, y1
		x[i] = float32(out)
	}
}

func abs(n int) int { return max(n, -n) }

// sincTable holds windowed sines for delays of 0 to 63 64ths of a sample.
func sincTable() (table [sincPhases][sincTaps]float32) {
	for p := range table {
		for i := range table[p] {
			t := float64(i-sincTaps/2+1) - float64(p)/sincPhases
			table[p][i] = float32(sinc(t) * (0.5 + 0.5*math.Cos(math.Pi*t/(sincTaps/2+1))))
		}
	}
	return table
}

func sinc(t float64) float64 {
	if t == 0 {
		return 1
	}
	return math.Sin(math.Pi*t) / (math.Pi * t)
}

// Convolve applies a response to sound; the result is as long as the sound.
func Convolve(x, h []float32) []float32 {
	const n = 1 << 16
	f := fourier.New(n)
	hre, him := make([]float32, n/2+1), make([]float32, n/2+1)
	xre, xim := make([]float32, n/2+1), make([]float32, n/2+1)
	block := make([]float32, n)
	copy(block, h)
	f.Forward(block, hre, him)
	out := make([]float32, len(x)+n)
	for at, step := 0, n-len(h); at < len(x); at += step {
		clear(block)
		copy(block[:step], x[at:])
		f.Forward(block, xre, xim)
		for k := range xre {
			xre[k], xim[k] = xre[k]*hre[k]-xim[k]*him[k], xre[k]*him[k]+xim[k]*hre[k]
		}
		f.Inverse(xre, xim, block)
		for i, v := range block {
			out[at+i] += v
		}
	}
	return out[:len(x)]
}

// resample plays x on a clock that is faster by some millionths.
func resample(x []float32, ppm float64) []float32 {
	if ppm == 0 {
		return x
	}
	const half = 24
	out := make([]float32, len(x))
	for i := range out {
		at := float64(i) * (1 + ppm*1e-6)
		whole := int(at)
		var sum float64
		for k := whole - half + 1; k <= whole+half; k++ {
			if k >= 0 && k < len(x) {
				t := at - float64(k)
				sum += float64(x[k]) * sinc(t) * (0.5 + 0.5*math.Cos(math.Pi*t/(half+1)))
			}
		}
		out[i] = float32(sum)
	}
	return out
}
