package audio

import "math"

// zeroCrossings is how many of the sinc's there are on each side.
const zeroCrossings = 16

// lowpass is a sinc with its cutoff, a share of half the sampling rate, in a
// Kaiser window that is zero at reach and beyond.
func lowpass(x, cutoff, reach float64) float64 {
	if math.Abs(x) >= reach {
		return 0
	}
	const beta = 8 // side lobes at -80 dB
	window := bessel(beta*math.Sqrt(1-square(x/reach))) / bessel(beta)
	if x == 0 {
		return cutoff * window
	}
	return math.Sin(math.Pi*cutoff*x) / (math.Pi * x) * window
}

// bessel is the modified one of the first kind and order zero.
func bessel(x float64) float64 {
	sum, term := 1.0, 1.0
	for i := 1.0; term > sum*1e-12; i++ {
		term *= square(x / 2 / i)
		sum += term
	}
	return sum
}

// resampler converts frames, of 10 ms or another time in which both rates have
// a whole number of samples, from one rate to another: the output's places repeat
// with each frame.
type resampler struct {
	in, out int // samples a frame
	taps    int
	rows    [][]float32 // the filter for each place
	first   []int       // where in window it begins
	window  []float32   // the end of the last frames, and this one
}

// newResampler makes one for frames of in samples to frames of out. It is nil,
// which copies, if they are the same.
func newResampler(in, out int) *resampler {
	if in == out {
		return nil
	}
	// A little below the limit, because the filter has a slope.
	cutoff := 0.94 * min(1, float64(out)/float64(in))
	half := int(math.Ceil(zeroCrossings / cutoff))
	r := &resampler{in: in, out: out, taps: 2 * half, window: make([]float32, 2*half+in)}
	for j := range out {
		at := j * in
		whole, part := at/out, float64(at%out)/float64(out)
		row, sum := make([]float32, r.taps), 0.0
		for i := range row {
			// window[whole+half] is the input at whole, so the output is half late.
			sum += lowpass(float64(i-half+1)-part, cutoff, float64(half))
		}
		for i := range row {
			row[i] = float32(lowpass(float64(i-half+1)-part, cutoff, float64(half)) / sum)
		}
		r.rows, r.first = append(r.rows, row), append(r.first, whole+1)
	}
	return r
}

// forget lets the next frame be the first one.
func (r *resampler) forget() {
	if r != nil {
		clear(r.window)
	}
}

// delay is by how many output samples the output is late.
func (r *resampler) delay() float64 {
	if r == nil {
		return 0
	}
	return float64(r.taps/2) * float64(r.out) / float64(r.in)
}

func (r *resampler) convert(in, out []int16) {
	if r == nil {
		copy(out, in)
		return
	}
	copy(r.window, r.window[r.in:])
	for i, v := range in[:r.in] {
		r.window[r.taps+i] = float32(v)
	}
	for j := range out[:r.out] {
		out[j] = clip(dot(r.rows[j], r.window[r.first[j]:]))
	}
}

func dot(a, b []float32) float32 {
	b = b[:len(a)]
	var s, t float32
	for i := 0; i+1 < len(a); i += 2 {
		s += a[i] * b[i]
		t += a[i+1] * b[i+1]
	}
	return s + t
}

func clip(v float32) int16 {
	switch {
	case v >= math.MaxInt16:
		return math.MaxInt16
	case v <= math.MinInt16:
		return math.MinInt16
	case v < 0:
		return int16(v - 0.5)
	}
	return int16(v + 0.5)
}

// interpolator reads samples at any place between them.
type interpolator struct {
	rows [interpolatorRows + 1][2 * zeroCrossings]float32
}

const interpolatorRows = 256

func newInterpolator() *interpolator {
	p := &interpolator{}
	for j := range p.rows {
		for i := range p.rows[j] {
			p.rows[j][i] = float32(lowpass(float64(i-zeroCrossings+1)-float64(j)/interpolatorRows, 1, zeroCrossings))
		}
	}
	return p
}

// at is the sample at part, from 0 to 1, after the one in the window's middle,
// window[zeroCrossings-1].
func (p *interpolator) at(window []float32, part float64) float32 {
	place := part * interpolatorRows
	row := int(place)
	mix := float32(place - float64(row))
	a := dot(p.rows[row][:], window)
	if mix == 0 {
		return a
	}
	return a + mix*(dot(p.rows[row+1][:], window)-a)
}
