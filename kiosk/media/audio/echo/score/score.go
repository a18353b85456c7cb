// Package score rates speech that has been processed against the speech as it
// was, on the scale of a mean opinion score, 1 to 5, to compare methods and
// settings with. It is a ViSQOL in its speech mode, made simpler: the
// similarity of spectrograms of 21 bands up to 8 kHz (NSIM), patch by patch of
// 0.4 s where the reference has speech, mapped by ViSQOL's fit to the TCD-VoIP
// listening tests. It differs in the filterbank (triangles on a transform
// instead of gammatones) and in that a patch is looked for within 60 ms rather
// than anywhere. It is no substitute for listeners: take differences between
// methods from it, not absolute quality.
//
// It opens and writes nothing and has no goroutines. Sources: A. Hines et al.,
// "ViSQOL: an objective speech quality model", EURASIP JASMP 2015:13; M. Chinen
// et al., "ViSQOL v3", QoMEX 2020.
package score

import (
	"math"

	"loiret.fr/visioborne/kiosk/media/audio/echo/fourier"
)

const (
	sampleRate = 48000
	window     = sampleRate * 80 / 1000
	hop        = sampleRate * 20 / 1000
	size       = 4096
	bands      = 21
	patch      = 20 // columns
	fine       = hop / 4
	search     = 12 // of fine, either way
	floor      = 45 // dB below the loudest
)

// MOS rates degraded against reference, both 48 kHz; 5 is the same sound. Time
// before from (in samples) does not count.
func MOS(reference, degraded []float32, from int) float64 {
	const a, b, x0, scale = 1.15594553, 4.685115504, 0.76552319, 1.2031409
	return max(1, min(5, scale*(a+math.Exp(b*(Similarity(reference, degraded, from)-x0)))))
}

// Similarity is the mean NSIM of the patches with speech, 1 at most.
func Similarity(reference, degraded []float32, from int) float64 {
	n := min(len(reference), len(degraded))
	ref, deg := spectrogram(reference[from:n], hop), spectrogram(degraded[from:n], fine)
	// Both as loud as each other, over all.
	loudest := math.Inf(-1)
	refPower, degPower := power(ref), power(deg)
	if refPower == 0 {
		return 1
	}
	gain := refPower / (degPower + 1e-9)
	for t := range ref {
		for k := range ref[t] {
			ref[t][k] = 10 * math.Log10(ref[t][k]+1e-9)
			loudest = max(loudest, ref[t][k])
		}
	}
	for t := range ref {
		for k := range ref[t] {
			ref[t][k] = max(0, ref[t][k]-loudest+floor)
		}
	}
	for t := range deg {
		for k := range deg[t] {
			deg[t][k] = max(0, 10*math.Log10(deg[t][k]*gain+1e-9)-loudest+floor)
		}
	}
	var sum float64
	var count int
	shifted := make([][bands]float64, patch)
	for at := search; at+patch+search <= len(ref); at += patch {
		var energy float64
		for t := at; t < at+patch; t++ {
			for _, v := range ref[t] {
				energy += v
			}
		}
		if energy/(patch*bands) < 5 { // hardly any speech
			continue
		}
		best := math.Inf(-1)
		for by := -search; by <= search; by += 2 {
			for t := range shifted {
				shifted[t] = deg[min((at+t)*(hop/fine)+by, len(deg)-1)]
			}
			best = max(best, nsim(ref[at:at+patch], shifted))
		}
		sum += best
		count++
	}
	if count == 0 {
		return 1
	}
	return sum / float64(count)
}

// power is the mean.
func power(s [][bands]float64) float64 {
	sum := 0.0
	for t := range s {
		for _, v := range s[t] {
			sum += v
		}
	}
	return sum / float64(max(len(s), 1))
}

// spectrogram gives the power of the bands, equally wide on the ERB scale.
func spectrogram(x []float32, hop int) [][bands]float64 {
	f := fourier.New(size)
	re, im := make([]float32, size/2+1), make([]float32, size/2+1)
	block := make([]float32, size)
	erb := func(hz float64) float64 { return 21.4 * math.Log10(1+0.00437*hz) }
	low, high := erb(50), erb(8000)
	var weights [bands][]float64
	var first [bands]int // bin with a weight
	for b := range weights {
		for k := range size/2 + 1 {
			at := (erb(float64(k)*sampleRate/size) - low) / (high - low) * (bands - 1)
			if w := 1 - math.Abs(at-float64(b)); w > 0 {
				if len(weights[b]) == 0 {
					first[b] = k
				}
				weights[b] = append(weights[b], w)
			}
		}
	}
	var out [][bands]float64
	for at := 0; at+window <= len(x); at += hop {
		for i := range window {
			block[i] = x[at+i] * float32(0.5-0.5*math.Cos(2*math.Pi*float64(i)/window))
		}
		f.Forward(block, re, im)
		var column [bands]float64
		for b := range column {
			for i, w := range weights[b] {
				k := first[b] + i
				column[b] += w * float64(re[k]*re[k]+im[k]*im[k])
			}
		}
		out = append(out, column)
	}
	return out
}

var weight = [3][3]float64{
	{0.0113033910173052, 0.0838251475442633, 0.0113033910173052},
	{0.0838251475442633, 0.619485845753726, 0.0838251475442633},
	{0.0113033910173052, 0.0838251475442633, 0.0113033910173052},
}

// nsim is the neurogram similarity of two patches: intensity times structure.
func nsim(ref, deg [][bands]float64) float64 {
	const intensity = floor
	c1, c3 := math.Pow(0.01*intensity, 2), math.Pow(0.03*intensity, 2)/2
	sum := 0.0
	for t := range ref {
		for k := range bands {
			var mr, md, rr, dd, rd float64
			for i := range 3 {
				for j := range 3 {
					u, v := max(0, min(len(ref)-1, t+i-1)), max(0, min(bands-1, k+j-1))
					w, x, y := weight[i][j], ref[u][v], deg[u][v]
					mr, md = mr+w*x, md+w*y
					rr, dd, rd = rr+w*x*x, dd+w*y*y, rd+w*x*y
				}
			}
			vr, vd, cov := max(0, rr-mr*mr), max(0, dd-md*md), rd-mr*md
			sum += (2*mr*md + c1) / (mr*mr + md*md + c1) * (cov + c3) / (math.Sqrt(vr*vd) + c3)
		}
	}
	return sum / float64(len(ref)*bands)
}
