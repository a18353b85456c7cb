package ladder

import "image"

// reduction is one step of making a picture smaller. Each averages the area
// that a new pixel covers, so that fine texture does not turn into moiré.
type reduction string

const (
	half          reduction = "1/2"
	threeQuarters reduction = "3/4"
	third         reduction = "1/3"
)

// of is the size that a picture of that size is reduced to: even, because the
// chroma planes have half of it.
func (r reduction) of(size image.Point) image.Point {
	switch r {
	case half:
		size = size.Div(2)
	case threeQuarters:
		size = size.Mul(3).Div(4)
	case third:
		size = size.Div(3)
	}
	return image.Pt(size.X&^1, size.Y&^1)
}

// scaler reduces pictures by a fixed list of steps, in buffers of its own.
type scaler struct {
	steps  []reduction
	stages []*image.YCbCr // the result of each step
	row    []byte
}

func newScaler(size image.Point, steps []reduction) *scaler {
	s := &scaler{steps: steps, row: make([]byte, size.X)}
	for _, step := range steps {
		size = step.of(size)
		s.stages = append(s.stages, image.NewYCbCr(image.Rectangle{Max: size}, image.YCbCrSubsampleRatio420))
	}
	return s
}

// reduce returns the reduced picture, valid until the next call. The picture's
// origin must be at its first sample.
func (s *scaler) reduce(src *image.YCbCr) *image.YCbCr {
	for i, step := range s.steps {
		dst := s.stages[i]
		from, to := src.Rect.Size(), dst.Rect.Size()
		s.plane(step, dst.Y, dst.YStride, to, src.Y, src.YStride, from)
		from, to = from.Div(2), to.Div(2)
		s.plane(step, dst.Cb, dst.CStride, to, src.Cb, src.CStride, from)
		s.plane(step, dst.Cr, dst.CStride, to, src.Cr, src.CStride, from)
		src = dst
	}
	return src
}

func (s *scaler) plane(step reduction, dst []byte, dstStride int, to image.Point, src []byte, srcStride int, from image.Point) {
	switch step {
	case half:
		halvePlane(dst, dstStride, to, src, srcStride)
	case threeQuarters:
		threeQuartersPlane(dst, dstStride, to, src, srcStride, from, s.row)
	case third:
		thirdPlane(dst, dstStride, to, src, srcStride)
	}
}

// halvePlane averages squares of four samples.
func halvePlane(dst []byte, dstStride int, to image.Point, src []byte, srcStride int) {
	for y := range to.Y {
		upper := src[2*y*srcStride:][:2*to.X]
		lower := src[(2*y+1)*srcStride:][:2*to.X]
		out := dst[y*dstStride:][:to.X]
		for x := range out {
			if 2*x+1 >= len(upper) || 2*x+1 >= len(lower) { // never: lets the compiler drop the checks below
				break
			}
			sum := uint(upper[2*x]) + uint(upper[2*x+1]) + uint(lower[2*x]) + uint(lower[2*x+1])
			out[x] = byte((sum + 2) >> 2)
		}
	}
}

// thirdPlane averages squares of nine samples.
func thirdPlane(dst []byte, dstStride int, to image.Point, src []byte, srcStride int) {
	for y := range to.Y {
		a := src[3*y*srcStride:][:3*to.X]
		b := src[(3*y+1)*srcStride:][:3*to.X]
		c := src[(3*y+2)*srcStride:][:3*to.X]
		out := dst[y*dstStride:][:to.X]
		for len(out) > 0 && len(a) >= 3 && len(b) >= 3 && len(c) >= 3 {
			sum := uint(a[0]) + uint(a[1]) + uint(a[2]) + uint(b[0]) + uint(b[1]) + uint(b[2]) + uint(c[0]) + uint(c[1]) + uint(c[2])
			out[0] = byte((sum*7282 + 1<<15) >> 16) // 7282 is 65536/9
			out, a, b, c = out[1:], a[3:], b[3:], c[3:]
		}
	}
}

// threeQuartersPlane makes three samples of four, each the average of the
// third more than one that it covers: weights 3:1, 2:2 and 1:3.
func threeQuartersPlane(dst []byte, dstStride int, to image.Point, src []byte, srcStride int, from image.Point, row []byte) {
	row = row[:from.X]
	for y := range to.Y {
		first := 4*(y/3) + y%3
		second := min(first+1, from.Y-1)
		upper := src[first*srcStride:][:len(row)]
		lower := src[second*srcStride:][:len(row)]
		switch y % 3 {
		case 0:
			for x := range row {
				row[x] = byte((3*uint(upper[x]) + uint(lower[x]) + 2) >> 2)
			}
		case 1:
			for x := range row {
				row[x] = byte((uint(upper[x]) + uint(lower[x]) + 1) >> 1)
			}
		case 2:
			for x := range row {
				row[x] = byte((uint(upper[x]) + 3*uint(lower[x]) + 2) >> 2)
			}
		}

		out, in := dst[y*dstStride:][:to.X], row
		for len(out) >= 3 && len(in) >= 4 {
			a, b, c, d := uint(in[0]), uint(in[1]), uint(in[2]), uint(in[3])
			out[0] = byte((3*a + b + 2) >> 2)
			out[1] = byte((b + c + 1) >> 1)
			out[2] = byte((c + 3*d + 2) >> 2)
			out, in = out[3:], in[4:]
		}
		for x := range out { // one or two left
			a, b := uint(in[min(x, len(in)-1)]), uint(in[min(x+1, len(in)-1)])
			out[x] = byte((uint(3-x)*a + uint(1+x)*b + 2) >> 2)
		}
	}
}
