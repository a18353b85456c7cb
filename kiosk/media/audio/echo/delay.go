package echo

import (
	"math"

	"loiret.fr/visioborne/kiosk/media/audio/echo/fourier"
)

const (
	coarse      = 6                // samples of 48 kHz in one at 8 kHz
	coarseFrame = frame / coarse   // samples
	coarseSize  = 4096             // played sound that is searched, 512 ms
	heard       = coarseSize / 2   // sound that is searched for, 256 ms
	lags        = coarseSize/2 + 1 // 0 to 256 ms
	every       = 12               // frames
	coarseTaps  = 48
)

// delayFinder finds by how much the echo comes after the sound, to a
// fraction of a millisecond: the generalised cross-correlation of the played
// and the heard sound at 8 kHz, with the spectra flattened (Knapp, Carter
// 1976), smoothed over about two seconds of speech.
type delayFinder struct {
	transform *fourier.Real
	far, near decimator
	// The newest coarseSize and heard samples are taken every time; the rest
	// is there so that they need not move at every frame.
	farPast  [coarseSize + every*coarseFrame]float32
	nearPast [heard + every*coarseFrame]float32
	count    int

	time       [coarseSize]float32
	xre, xim   [lags]float32
	yre, yim   [lags]float32
	cre, cim   [lags]float32 // smoothed cross spectrum
	confidence float32       // of the peak over the rest
	lag        int
	fresh      bool
}

type decimator struct {
	taps [coarseTaps]float32
	past [coarseTaps + frame]float32
}

func (d *decimator) init() {
	sum := 0.0
	var row [coarseTaps]float64
	for i := range row {
		t := float64(i) - (coarseTaps-1)/2.0
		row[i] = math.Sin(math.Pi*t*0.9/coarse) / (math.Pi * t) * (0.54 + 0.46*math.Cos(2*math.Pi*t/coarseTaps))
		sum += row[i]
	}
	for i, v := range row {
		d.taps[i] = float32(v / sum)
	}
}

func (d *decimator) decimate(x []float32, out []float32) {
	copy(d.past[:], d.past[frame:])
	copy(d.past[coarseTaps:], x)
	for i := range out {
		from := d.past[i*coarse+coarse:][:coarseTaps]
		var sum float32
		for j, v := range from {
			sum += v * d.taps[j]
		}
		out[i] = sum
	}
}

func (d *delayFinder) init() {
	d.transform = fourier.New(coarseSize)
	d.far.init()
	d.near.init()
}

// push takes a frame; the work is spread over several. It tells when there is
// a new finding.
func (d *delayFinder) push(far, near []float32) bool {
	at := d.count * coarseFrame
	d.far.decimate(far, d.farPast[coarseSize+at:][:coarseFrame])
	d.near.decimate(near, d.nearPast[heard+at:][:coarseFrame])
	d.count++
	switch d.count {
	case every:
		d.count = 0
		copy(d.farPast[:], d.farPast[every*coarseFrame:])
		copy(d.nearPast[:], d.nearPast[every*coarseFrame:])
		// The heard sound as it is now goes with the played one as it is now.
		clear(d.time[:heard])
		copy(d.time[heard:], d.nearPast[:heard])
		d.transform.Forward(d.time[:], d.yre[:], d.yim[:])
		copy(d.time[:], d.farPast[:coarseSize])
	case 1:
		d.transform.Forward(d.time[:], d.xre[:], d.xim[:])
	case 2:
		d.correlate()
	case 3:
		return d.search()
	}
	return false
}

// bins from 200 to 3600 Hz
const coarseLow, coarseHigh = 200 * coarseSize / 8000, 3600 * coarseSize / 8000

func (d *delayFinder) correlate() {
	const smooth = 0.12
	var power float32
	for k := coarseLow; k < coarseHigh; k++ {
		power += d.xre[k]*d.xre[k] + d.xim[k]*d.xim[k]
	}
	d.fresh = power > (coarseHigh-coarseLow)*coarseSize*30*30
	if !d.fresh {
		return
	}
	for k := coarseLow; k < coarseHigh; k++ {
		xr, xi, yr, yi := d.xre[k], d.xim[k], d.yre[k], d.yim[k]
		xx, yy := xr*xr+xi*xi, yr*yr+yi*yi
		// The heard spectrum is flattened as it comes, so that a loud near
		// voice weighs no more than a soft one.
		n := 1 / (float32(math.Sqrt(float64(xx*yy))) + 1)
		d.cre[k] += smooth * ((yr*xr+yi*xi)*n - d.cre[k])
		d.cim[k] += smooth * ((yi*xr-yr*xi)*n - d.cim[k])
	}
}

func (d *delayFinder) search() bool {
	if !d.fresh {
		return false
	}
	d.transform.Inverse(d.cre[:], d.cim[:], d.time[:])
	var sum, peak float32
	lag := 0
	for i, v := range d.time[:lags-1] {
		sum += v * v
		if a := max(v, -v); a > peak {
			peak, lag = a, i
		}
	}
	d.lag = lag
	d.confidence = peak / float32(math.Sqrt(float64(sum/(lags-1)))+1e-12)
	return true
}
