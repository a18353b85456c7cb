package echo

import "loiret.fr/visioborne/kiosk/media/audio/echo/fourier"

const (
	frame = 480 // samples, 10 ms
	size  = 1024
	bins  = size/2 + 1
	// The filter works up to 12 kHz: above, speech has little and the ear
	// forgives the suppression, which works up to 24 kHz.
	low = 256
	// Of a frame's length each: together 260 ms.
	partitions = 26

	// The least share of an error that is taken for noise: a window's edges
	// spread some of the loud bins over the soft ones.
	restLeast = 0.2

	spread = 0.25

	// By how much of what the theory says an error makes a coefficient more
	// certain, with the echo alone and under a voice. The theory takes the played
	// sound of one partition to be independent of the next one's; a vowel lasts
	// over ten of them, and what it tells about their sum is taken for knowledge
	// of each. Under a voice certainty keeps the filter from running after it.
	sureAlone, sureNear = 0.3, 2
	// The noise in an error is a voice's, which grows within a frame.
	nearNoise = 3

	share = float32(frame) / size // of a window that an error fills
)

// spectrum is that of a window, up to 12 kHz.
type spectrum struct{ re, im [low]float32 }

// played holds the spectra of the windows of played sound that the filter
// spans, the newest at head.
type played struct {
	ring [partitions]spectrum
	head int
}

func (p *played) at(age int) *spectrum { return &p.ring[(p.head+age)%partitions] }

func (p *played) push() *spectrum {
	p.head = (p.head + partitions - 1) % partitions
	return &p.ring[p.head]
}

// filter is a partitioned-block frequency-domain adaptive filter with a
// Kalman filter's step size for each bin of each partition: the uncertainty of
// a coefficient says how far it may move, the noise in the error how far the
// error is to be trusted. (Enzner, Vary 2006; Kuech, Mabande, Enzner 2014.)
type filter struct {
	keep float32 // A squared: how much of the echo's path lasts a frame

	w         [partitions]spectrum
	uncertain [partitions][low]float32
	noise     [low]float32 // power of what in the error is not echo
	expected  [low]float32 // power of the echo that the uncertainty leaves
	sum       [low]float32
	echo      spectrum
	next      int // partition to be constrained
	doubting  bool
	energy    [partitions]float32
}

func (f *filter) reset(keep float32) {
	*f = filter{keep: keep}
	f.doubt(1)
}

// doubt raises the uncertainty to at least that of the beginning, times by.
func (f *filter) doubt(by float32) {
	f.doubting = true
	prior := by
	for b := range f.uncertain {
		for k, v := range f.uncertain[b] {
			f.uncertain[b][k] = max(v, prior)
		}
		prior *= 0.82 // a booth's sound falls by 60 dB in half a second or less
	}
}

// predict computes the echo that the played sound makes, in f.echo.
func (f *filter) predict(x *played) {
	yre, yim, sum := &f.echo.re, &f.echo.im, &f.sum
	clear(yre[:])
	clear(yim[:])
	clear(sum[:])
	for b := range partitions {
		xre, xim := &x.at(b).re, &x.at(b).im
		wre, wim, p := &f.w[b].re, &f.w[b].im, &f.uncertain[b]
		for k := range low {
			xr, xi, wr, wi := xre[k], xim[k], wre[k], wim[k]
			yre[k] += xr*wr - xi*wi
			yim[k] += xr*wi + xi*wr
			sum[k] += (xr*xr + xi*xi) * p[k]
		}
	}
	for k, v := range sum {
		f.expected[k] = share * v
	}
}

// update learns from the error, the spectrum of a window of which it fills the
// last frame. near is the probability that the error holds a voice, a frame ago.
func (f *filter) update(x *played, e *spectrum, near float32) {
	loud, sure := 1+nearNoise*near, sureAlone+(sureNear-sureAlone)*near
	var gre, gim, shrink, total [low]float32
	for k := range low {
		power := e.re[k]*e.re[k] + e.im[k]*e.im[k]
		// What the filter may still be wrong by is no noise.
		rest := max(power-f.expected[k], restLeast*power)
		if f.doubting {
			f.noise[k] = max(f.noise[k], power)
		} else if rest > f.noise[k] {
			f.noise[k] = rest // a voice must not move the filter before it is noticed
		} else {
			f.noise[k] += 0.1 * (rest - f.noise[k])
		}
		total[k] = f.sum[k] + (loud*f.noise[k]+noiseFloor)/share
	}
	// A window's edges spread the loud bins' error over the soft ones beside
	// them, whose coefficients must not run after it.
	for k := 1; k < low; k++ {
		total[k] = max(total[k], spread*total[k-1])
	}
	for k := low - 2; k >= 0; k-- {
		total[k] = max(total[k], spread*total[k+1])
	}
	for k, t := range total {
		gre[k], gim[k], shrink[k] = e.re[k]/t, e.im[k]/t, sure*share/t
	}
	f.doubting = false
	keep, drift := f.keep, 1-f.keep
	for b := range partitions {
		xre, xim := &x.at(b).re, &x.at(b).im
		wre, wim, p := &f.w[b].re, &f.w[b].im, &f.uncertain[b]
		for k := range low {
			xr, xi, pk := xre[k], xim[k], p[k]
			wr := wre[k] + pk*(xr*gre[k]+xi*gim[k])
			wi := wim[k] + pk*(xr*gim[k]-xi*gre[k])
			wre[k], wim[k] = wr, wi
			p[k] = keep*pk*(1-(xr*xr+xi*xi)*pk*shrink[k]) + drift*(wr*wr+wi*wi)
		}
	}
}

// noiseFloor is the least noise in an error: that of 16-bit samples and a bit.
const noiseFloor = frame

// constrain keeps partitions to the causal half of their window, some at every
// frame in turn: all of them at each would take most of the time there is.
func (f *filter) constrain(count int, t *transform) {
	for range count {
		w := &f.w[f.next]
		t.toTime(w)
		clear(t.time[frame:])
		var energy float32
		for _, v := range t.time[:frame] {
			energy += v * v
		}
		f.energy[f.next] = energy
		t.toBins(w)
		f.next = (f.next + 1) % partitions
	}
}

// shift moves the path by whole partitions, to later ones if by is positive.
func (f *filter) shift(by int) {
	moved := *f
	for b := range partitions {
		from := b - by
		if from >= 0 && from < partitions {
			f.w[b], f.uncertain[b], f.energy[b] = moved.w[from], moved.uncertain[from], moved.energy[from]
			continue
		}
		f.w[b], f.energy[b] = spectrum{}, 0
		f.uncertain[b] = moved.uncertain[partitions-1]
	}
}

// copyFrom takes over another filter's path.
func (f *filter) copyFrom(other *filter) {
	f.w, f.energy = other.w, other.energy
	f.echo = other.echo
}

// transform is the Fourier transform with its memory.
type transform struct {
	*fourier.Real
	time   [size]float32
	re, im [bins]float32
}

// toTime transforms the bins into t.time.
func (t *transform) toTime(s *spectrum) {
	copy(t.re[:], s.re[:])
	copy(t.im[:], s.im[:])
	clear(t.re[low:])
	clear(t.im[low:])
	t.Inverse(t.re[:], t.im[:], t.time[:])
}

// toBins transforms t.time into the bins.
func (t *transform) toBins(s *spectrum) {
	t.Forward(t.time[:], t.re[:], t.im[:])
	copy(s.re[:], t.re[:])
	copy(s.im[:], t.im[:])
}
