package fourier

import (
	"math"
	"math/rand/v2"
	"testing"
)

func TestAgainstDefinition(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for _, n := range []int{8, 16, 32, 64, 128, 256, 512, 1024, 2048} {
		r := New(n)
		x := make([]float32, n)
		for i := range x {
			x[i] = float32(random.NormFloat64())
		}
		re, im := make([]float32, n/2+1), make([]float32, n/2+1)
		r.Forward(x, re, im)
		worst := 0.0
		for k := range re {
			var wantRe, wantIm float64
			for i, v := range x {
				sin, cos := math.Sincos(-2 * math.Pi * float64(i*k%n) / float64(n))
				wantRe, wantIm = wantRe+float64(v)*cos, wantIm+float64(v)*sin
			}
			worst = max(worst, math.Hypot(float64(re[k])-wantRe, float64(im[k])-wantIm))
		}
		if limit := 1e-6 * math.Sqrt(float64(n)) * math.Log2(float64(n)); worst > limit {
			t.Errorf("%d numbers: a bin is off by %g, more than %g", n, worst, limit)
		}
		back := make([]float32, n)
		r.Inverse(re, im, back)
		worst = 0
		for i := range x {
			worst = max(worst, math.Abs(float64(x[i]-back[i])))
		}
		if worst > 3e-6 {
			t.Errorf("%d numbers: there and back is off by %g", n, worst)
		}
	}
}

func TestSizes(t *testing.T) {
	for _, n := range []int{0, 4, 12, 1000} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("a transform of %d numbers was made", n)
				}
			}()
			New(n)
		}()
	}
}

func BenchmarkForward1024(b *testing.B) {
	r := New(1024)
	x := make([]float32, 1024)
	for i := range x {
		x[i] = float32(i % 37)
	}
	re, im := make([]float32, 513), make([]float32, 513)
	b.ReportAllocs()
	for b.Loop() {
		r.Forward(x, re, im)
	}
}
