// Package fourier is a discrete Fourier transform of real numbers whose count
// is a power of two, in single precision, without allocation: on a Cortex-A72
// the echo canceller has less than a millisecond for a frame, and takes about
// twenty transforms in it. Real and imaginary parts are kept apart because the
// loops over them then need no shuffling and no bounds checks.
//
// It opens and writes nothing and has no goroutines. Source: the self-sorting
// transform of Stockham, radix 4 (Van Loan, Computational Frameworks for the
// Fast Fourier Transform, 1992, sections 1.7 and 2.4).
package fourier

import (
	"fmt"
	"math"
	"math/bits"
)

// Real transforms n real numbers to n/2+1 bins and back. One goroutine may use
// it at a time.
type Real struct {
	n      int
	stages []stage
	cos    []float32 // of 2*pi*k/n for the bins, to split the packed transform
	sin    []float32
	are    []float32
	aim    []float32
	bre    []float32
	bim    []float32
}

// stage holds a radix-4 pass's twiddle factors, three for each group.
type stage struct{ re, im []float32 }

// New makes a transform of n numbers, a power of two from 8.
func New(n int) *Real {
	if n < 8 || bits.OnesCount(uint(n)) != 1 {
		panic(fmt.Sprintf("fourier: %d is not a power of two from 8", n))
	}
	half := n / 2
	r := &Real{n: n}
	for _, p := range []*[]float32{&r.are, &r.aim, &r.bre, &r.bim} {
		*p = make([]float32, half)
	}
	for size := half; size >= 4; size /= 4 {
		var s stage
		for p := range size / 4 {
			for m := 1; m <= 3; m++ {
				sin, cos := math.Sincos(-2 * math.Pi * float64(m*p) / float64(size))
				s.re, s.im = append(s.re, float32(cos)), append(s.im, float32(sin))
			}
		}
		r.stages = append(r.stages, s)
	}
	for k := range half/2 + 1 {
		sin, cos := math.Sincos(2 * math.Pi * float64(k) / float64(n))
		r.cos, r.sin = append(r.cos, float32(cos)), append(r.sin, float32(sin))
	}
	return r
}

// Len is the number of real numbers.
func (r *Real) Len() int { return r.n }

// Forward transforms x; re and im take n/2+1 bins.
func (r *Real) Forward(x, re, im []float32) {
	half := r.n / 2
	x, re, im = x[:r.n], re[:half+1], im[:half+1]
	for i := range r.are {
		r.are[i], r.aim[i] = x[2*i], x[2*i+1]
	}
	zre, zim := r.transform()
	re[0], im[0] = zre[0]+zim[0], 0
	re[half], im[half] = zre[0]-zim[0], 0
	for k := 1; k <= half/2; k++ {
		j := half - k
		evenRe, evenIm := 0.5*(zre[k]+zre[j]), 0.5*(zim[k]-zim[j])
		oddRe, oddIm := 0.5*(zim[k]+zim[j]), 0.5*(zre[j]-zre[k])
		c, s := r.cos[k], r.sin[k]
		tre, tim := oddRe*c+oddIm*s, oddIm*c-oddRe*s
		re[k], im[k] = evenRe+tre, evenIm+tim
		re[j], im[j] = evenRe-tre, tim-evenIm
	}
}

// Inverse undoes Forward. The imaginary parts of the first and the last bin
// count as zero.
func (r *Real) Inverse(re, im, x []float32) {
	half := r.n / 2
	x, re, im = x[:r.n], re[:half+1], im[:half+1]
	scale := 1 / float32(r.n)
	// The conjugate goes forward; its conjugate is the inverse.
	r.are[0], r.aim[0] = scale*(re[0]+re[half]), -scale*(re[0]-re[half])
	for k := 1; k <= half/2; k++ {
		j := half - k
		evenRe, evenIm := scale*(re[k]+re[j]), scale*(im[k]-im[j])
		diffRe, diffIm := scale*(re[k]-re[j]), scale*(im[k]+im[j])
		c, s := r.cos[k], r.sin[k]
		oddRe, oddIm := diffRe*c-diffIm*s, diffIm*c+diffRe*s
		r.are[k], r.aim[k] = evenRe-oddIm, -(evenIm + oddRe)
		r.are[j], r.aim[j] = evenRe+oddIm, -(oddRe - evenIm)
	}
	zre, zim := r.transform()
	for i := range zre {
		x[2*i], x[2*i+1] = zre[i], -zim[i]
	}
}

// transform transforms the half as many complex numbers in a and returns where
// the result is.
func (r *Real) transform() (re, im []float32) {
	xre, xim, yre, yim := r.are, r.aim, r.bre, r.bim
	size, stride := r.n/2, 1
	for _, s := range r.stages {
		if stride == 1 {
			first(s, xre, xim, yre, yim)
		} else {
			pass(s, stride, xre, xim, yre, yim)
		}
		xre, xim, yre, yim = yre, yim, xre, xim
		size, stride = size/4, stride*4
	}
	if size == 2 {
		are, aim, bre, bim := xre[:stride], xim[:stride], xre[stride:][:stride], xim[stride:][:stride]
		cre, cim, dre, dim := yre[:stride], yim[:stride], yre[stride:][:stride], yim[stride:][:stride]
		for q := range are {
			cre[q], cim[q] = are[q]+bre[q], aim[q]+bim[q]
			dre[q], dim[q] = are[q]-bre[q], aim[q]-bim[q]
		}
		return yre, yim
	}
	return xre, xim
}

// first is the pass whose groups hold one number each.
func first(s stage, xre, xim, yre, yim []float32) {
	m := len(xre) / 4
	are, bre, cre, dre := xre[:m], xre[m:][:m], xre[2*m:][:m], xre[3*m:][:m]
	aim, bim, cim, dim := xim[:m], xim[m:][:m], xim[2*m:][:m], xim[3*m:][:m]
	for p := range are {
		sumRe, sumIm, difRe, difIm := are[p]+cre[p], aim[p]+cim[p], are[p]-cre[p], aim[p]-cim[p]
		oddRe, oddIm, turRe, turIm := bre[p]+dre[p], bim[p]+dim[p], bim[p]-dim[p], dre[p]-bre[p]
		wre, wim := s.re[3*p:][:3], s.im[3*p:][:3]
		ore, oim := yre[4*p:][:4], yim[4*p:][:4]
		ore[0], oim[0] = sumRe+oddRe, sumIm+oddIm
		tre, tim := difRe+turRe, difIm+turIm
		ore[1], oim[1] = tre*wre[0]-tim*wim[0], tre*wim[0]+tim*wre[0]
		tre, tim = sumRe-oddRe, sumIm-oddIm
		ore[2], oim[2] = tre*wre[1]-tim*wim[1], tre*wim[1]+tim*wre[1]
		tre, tim = difRe-turRe, difIm-turIm
		ore[3], oim[3] = tre*wre[2]-tim*wim[2], tre*wim[2]+tim*wre[2]
	}
}

func pass(s stage, stride int, xre, xim, yre, yim []float32) {
	groups := len(s.re) / 3
	m := groups * stride
	for p := range groups {
		w1re, w1im := s.re[3*p], s.im[3*p]
		w2re, w2im := s.re[3*p+1], s.im[3*p+1]
		w3re, w3im := s.re[3*p+2], s.im[3*p+2]
		at, to := p*stride, 4*p*stride
		are, bre, cre, dre := xre[at:][:stride], xre[at+m:][:stride], xre[at+2*m:][:stride], xre[at+3*m:][:stride]
		aim, bim, cim, dim := xim[at:][:stride], xim[at+m:][:stride], xim[at+2*m:][:stride], xim[at+3*m:][:stride]
		ore0, ore1 := yre[to:][:stride], yre[to+stride:][:stride]
		ore2, ore3 := yre[to+2*stride:][:stride], yre[to+3*stride:][:stride]
		oim0, oim1 := yim[to:][:stride], yim[to+stride:][:stride]
		oim2, oim3 := yim[to+2*stride:][:stride], yim[to+3*stride:][:stride]
		for q := range are {
			sumRe, sumIm, difRe, difIm := are[q]+cre[q], aim[q]+cim[q], are[q]-cre[q], aim[q]-cim[q]
			oddRe, oddIm, turRe, turIm := bre[q]+dre[q], bim[q]+dim[q], bim[q]-dim[q], dre[q]-bre[q]
			ore0[q], oim0[q] = sumRe+oddRe, sumIm+oddIm
			tre, tim := difRe+turRe, difIm+turIm
			ore1[q], oim1[q] = tre*w1re-tim*w1im, tre*w1im+tim*w1re
			tre, tim = sumRe-oddRe, sumIm-oddIm
			ore2[q], oim2[q] = tre*w2re-tim*w2im, tre*w2im+tim*w2re
			tre, tim = difRe-turRe, difIm-turIm
			ore3[q], oim3[q] = tre*w3re-tim*w3im, tre*w3im+tim*w3re
		}
	}
}
