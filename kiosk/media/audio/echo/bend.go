package echo

import "math"

const (
	bent     = 12   // partitions by which the bend is learned: the direct sound and the loud reflections
	bendAt   = 8192 // samples' level at which a share counts in full
	bendMost = 1.5  // times that; louder sound is bent by no more
	// The first doubt about a share (a variance), and what a frame adds to it.
	bendDoubt = 0.02
	bendDrift = 1e-8
	// The error's bins are not as independent as their sum takes them to be.
	bendTrust = 0.25
	shareMost = 0.5
)

// bend models a loudspeaker or its amplifier that bends loud sound, before the
// room: x*(1 + a*u + b*u^2), u being x over bendAt. The filter models what
// comes after it. It is a memoryless preprocessor (A. Stenger, W. Kellermann,
// "Adaptation of a memoryless preprocessor for nonlinear acoustic echo
// cancelling", Signal Processing 80 (2000)) whose two shares are learned by a
// Kalman filter, as in a cascade of states (S. Malik, G. Enzner, "State-space
// frequency-domain adaptive filtering for nonlinear acoustic echo
// cancellation", IEEE TASLP 20 (2012)).
type bend struct {
	shares [2]float32
	doubt  [2][2]float64 // covariance of the shares
	past   [2][size]float32
	terms  [2][bent]spectrum // of x*u and x*u^2, the newest at head
	head   int
	last   [2]float32 // samples before
	wait   int        // frames until the terms are of one delay again
}

func (b *bend) init() {
	b.doubt = [2][2]float64{{bendDoubt, 0}, {0, bendDoubt}}
}

// apply bends sound as the loudspeaker does.
func (b *bend) apply(x []float32) {
	for i, v := range x {
		u := max(-bendMost, min(bendMost, v/bendAt))
		x[i] = v * (1 + u*(b.shares[0]+u*b.shares[1]))
	}
}

// push takes a frame of played sound at the time of its echo.
func (b *bend) push(x []float32, t *transform) {
	b.head = (b.head + bent - 1) % bent
	for i := range b.past {
		copy(b.past[i][:], b.past[i][frame:])
	}
	for i, v := range x {
		u := max(-bendMost, min(bendMost, v/bendAt))
		b.past[0][size-frame+i] = v * u
		b.past[1][size-frame+i] = v * u * u
	}
	for i := range b.past {
		b.last[i] = sharpen(b.past[i][size-frame:], b.last[i])
		copy(t.time[:], b.past[i][:])
		t.toBins(&b.terms[i][b.head])
	}
}

// learn corrects the shares by what the filter f has left: where that looks
// like the room's answer to a term, the term's share is too small.
func (b *bend) learn(f *filter, e *spectrum) {
	if b.wait > 0 {
		b.wait--
		return
	}
	var yre, yim [2][low]float32
	for i := range yre {
		for p := range bent {
			x := &b.terms[i][(b.head+p)%bent]
			w, re, im := &f.w[p], &yre[i], &yim[i]
			for k := range low {
				xr, xi, wr, wi := x.re[k], x.im[k], w.re[k], w.im[k]
				re[k] += xr*wr - xi*wi
				im[k] += xr*wi + xi*wr
			}
		}
	}
	// The information in the error about the shares, and what it says.
	var info [2][2]float64
	var says [2]float64
	for band := 0; edges[band] < low; band++ {
		var ll, le, l0, l1, s0, s1, i00, i01, i11 float32
		for k := edges[band]; k < edges[band+1]; k++ {
			weight := 1 / (f.noise[k] + f.expected[k] + noiseFloor)
			lr, li, er, ei := f.echo.re[k], f.echo.im[k], e.re[k], e.im[k]
			ar, ai, br, bi := yre[0][k], yim[0][k], yre[1][k], yim[1][k]
			ll += weight * (lr*lr + li*li)
			le += weight * (lr*er + li*ei)
			l0 += weight * (lr*ar + li*ai)
			l1 += weight * (lr*br + li*bi)
			s0 += weight * (ar*er + ai*ei)
			s1 += weight * (br*er + bi*ei)
			i00 += weight * (ar*ar + ai*ai)
			i01 += weight * (ar*br + ai*bi)
			i11 += weight * (br*br + bi*bi)
		}
		// What a louder or softer echo explains is left to the filter: of
		// everything the part along its echo is taken out. The echo's spectrum is
		// of a whole window, the error's of a share.
		ll += 1e-9
		says[0] += float64(s0 - l0*le/ll)
		says[1] += float64(s1 - l1*le/ll)
		info[0][0] += float64(share * (i00 - l0*l0/ll))
		info[0][1] += float64(share * (i01 - l0*l1/ll))
		info[1][1] += float64(share * (i11 - l1*l1/ll))
	}
	p := &b.doubt
	det := p[0][0]*p[1][1] - p[0][1]*p[0][1]
	i00 := p[1][1]/det + bendTrust*info[0][0]
	i01 := -p[0][1]/det + bendTrust*info[0][1]
	i11 := p[0][0]/det + bendTrust*info[1][1]
	det = i00*i11 - i01*i01
	p[0][0], p[0][1], p[1][1] = i11/det, -i01/det, i00/det
	b.add(0, bendTrust*(p[0][0]*says[0]+p[0][1]*says[1]))
	b.add(1, bendTrust*(p[0][1]*says[0]+p[1][1]*says[1]))
	p[0][0] = min(bendDoubt, p[0][0]+bendDrift)
	p[1][1] = min(bendDoubt, p[1][1]+bendDrift)
	// The bounds must leave it a covariance.
	most := 0.95 * math.Sqrt(p[0][0]*p[1][1])
	p[0][1] = max(-most, min(most, p[0][1]))
	p[1][0] = p[0][1]
}

func (b *bend) add(i int, by float64) {
	b.shares[i] = max(-shareMost, min(shareMost, b.shares[i]+float32(by)))
}

// rattles tells whether a share has come to its bound: 15 % of distortion makes
// a third of it.
func (b *bend) rattles() bool {
	const most = 0.9 * shareMost
	return max(b.shares[0], -b.shares[0], b.shares[1], -b.shares[1]) > most
}
