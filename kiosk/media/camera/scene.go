package camera

import (
	"image"
	"math"
	"time"

	"golang.org/x/image/draw"
	"golang.org/x/image/font"
	"golang.org/x/image/font/inconsolata"
	"golang.org/x/image/math/fixed"

	"loiret.fr/visioborne/kiosk/media/stamp"
)

const (
	title       = "CAMÉRA SIMULÉE"
	textureSide = 256
)

// scene is the simulated camera's picture: somebody who moves and talks before
// a papered wall, a bar that runs to and fro, the title, the stamp. It is
// painted once; for each picture rows are copied, without allocation.
type scene struct {
	picture *image.YCbCr // what the camera gives
	still   *image.YCbCr // what does not move
	grains  [4][]byte    // the stage's luma, as a sensor's noise makes it differ
	person  sprite
	mouths  []sprite
	mouthAt image.Point // in the person
	bar     sprite
	stage   image.Rectangle // where the person may be
	track   image.Rectangle // where the bar runs
	dirty   [2]image.Rectangle
}

// sprite is a small picture of which each row has one visible stretch.
type sprite struct {
	picture *image.YCbCr
	spans   []span // one for each row of chroma, in chroma samples
}

type span struct{ from, to int }

// yuv is a colour in video range.
type yuv struct{ y, cb, cr float64 }

func newScene(width, height int) *scene {
	bounds := image.Rect(0, 0, width, height)
	even := func(v float64) int { return int(v) &^ 1 }
	unit := float64(height) / 720 // what is a pixel at 1280x720

	s := &scene{
		picture: image.NewYCbCr(bounds, image.YCbCrSubsampleRatio420),
		still:   image.NewYCbCr(bounds, image.YCbCrSubsampleRatio420),
	}
	band := even(110 * unit) // at the bottom, for the track and the title
	s.stage = image.Rect(0, (stamp.Height(width)+1)&^1, width, height-band)
	s.track = image.Rect(0, height-band, width, height-band+even(30*unit))
	texture := noise(textureSide)
	fill(s.still, image.Rect(0, 0, width, s.stage.Min.Y), yuv{16, 128, 128})
	s.paintWall(s.stage, texture)
	s.paintGrain()
	fill(s.still, image.Rect(0, height-band, width, height), yuv{40, 132, 124})
	fill(s.still, s.track, yuv{70, 132, 124})
	s.paintTitle(image.Rect(0, s.track.Max.Y, width, height))
	s.bar = paintBar(even(24*unit), s.track.Dy())
	s.person, s.mouths, s.mouthAt = paintPerson(unit, texture)

	copy(s.picture.Y, s.still.Y)
	copy(s.picture.Cb, s.still.Cb)
	copy(s.picture.Cr, s.still.Cr)
	return s
}

// draw makes the picture with that number, captured at that time.
func (s *scene) draw(number int64, captured time.Time, frameRate float64) {
	for _, r := range s.dirty {
		copyRect(s.picture, s.still, r)
	}
	copy(s.picture.Y[s.stage.Min.Y*s.picture.YStride:], s.grains[number%int64(len(s.grains))])
	seconds := float64(number) / frameRate

	sway := image.Pt(
		int(0.08*float64(s.stage.Dx())*math.Sin(2*math.Pi*seconds/5))&^1,
		int(0.03*float64(s.stage.Dy())*math.Sin(2*math.Pi*seconds/3.1))&^1)
	size := s.person.picture.Rect.Size()
	at := image.Pt(s.stage.Min.X+(s.stage.Dx()-size.X)/2&^1, (s.stage.Max.Y-size.Y*7/8)&^1).Add(sway)
	s.dirty[0] = s.person.paste(s.picture, at, s.stage)
	mouth := s.mouths[int(seconds*7)%len(s.mouths)]
	mouth.paste(s.picture, at.Add(s.mouthAt), s.stage)

	run := s.track.Dx() - s.bar.picture.Rect.Dx()
	phase := math.Mod(seconds/4, 2)
	if phase > 1 {
		phase = 2 - phase
	}
	s.dirty[1] = s.bar.paste(s.picture, image.Pt(int(phase*float64(run))&^1, s.track.Min.Y), s.track)

	stamp.Draw(s.picture.Y, s.picture.YStride, s.picture.Rect.Dx(), stamp.At(uint64(number), captured))
}

// paste copies the sprite to dst at p, within clip, and returns what it may
// have changed. p must be even.
func (s sprite) paste(dst *image.YCbCr, p image.Point, clip image.Rectangle) image.Rectangle {
	area := s.picture.Rect.Add(p).Intersect(clip)
	for y := area.Min.Y / 2; y < area.Max.Y/2; y++ {
		row := y - p.Y/2
		from := max(s.spans[row].from, area.Min.X/2-p.X/2)
		to := min(s.spans[row].to, area.Max.X/2-p.X/2)
		if from >= to {
			continue
		}
		src, at := row*s.picture.CStride, y*dst.CStride+p.X/2
		copy(dst.Cb[at+from:at+to], s.picture.Cb[src+from:src+to])
		copy(dst.Cr[at+from:at+to], s.picture.Cr[src+from:src+to])
		for line := range 2 {
			src, at := (2*row+line)*s.picture.YStride, (2*y+line)*dst.YStride+p.X
			copy(dst.Y[at+2*from:at+2*to], s.picture.Y[src+2*from:src+2*to])
		}
	}
	return area
}

// copyRect copies an even rectangle of two pictures of the same size.
func copyRect(dst, src *image.YCbCr, r image.Rectangle) {
	for y := r.Min.Y; y < r.Max.Y; y++ {
		at := y*src.YStride + r.Min.X
		copy(dst.Y[at:at+r.Dx()], src.Y[at:])
	}
	for y := r.Min.Y / 2; y < r.Max.Y/2; y++ {
		at := y*src.CStride + r.Min.X/2
		copy(dst.Cb[at:at+r.Dx()/2], src.Cb[at:])
		copy(dst.Cr[at:at+r.Dx()/2], src.Cr[at:])
	}
}

// shade paints an even rectangle, sample by sample. The chroma is taken at the
// first of four pixels.
func shade(dst *image.YCbCr, r image.Rectangle, colour func(x, y int) yuv) {
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for x := r.Min.X; x < r.Max.X; x++ {
			c := colour(x, y)
			dst.Y[y*dst.YStride+x] = byte(min(max(c.y, 16), 235))
			if x%2 == 0 && y%2 == 0 {
				at := y/2*dst.CStride + x/2
				dst.Cb[at], dst.Cr[at] = byte(min(max(c.cb, 16), 240)), byte(min(max(c.cr, 16), 240))
			}
		}
	}
}

func fill(dst *image.YCbCr, r image.Rectangle, c yuv) {
	shade(dst, r, func(int, int) yuv { return c })
}

// paintWall paints a papered wall, lighter on the left, as by a window. It is
// most of the picture, and opening a camera must not hold a call up: integers,
// and no call for a sample.
func (s *scene) paintWall(r image.Rectangle, texture []int8) {
	light := make([]int, r.Dx())
	for x := range light {
		light[x] = 165 - 70*x/r.Dx()
	}
	for y := r.Min.Y; y < r.Max.Y; y++ {
		grain := texture[y%textureSide*textureSide:][:textureSide]
		broad := texture[y/8%textureSide*textureSide:][:textureSide]
		depth := 25 * (y - r.Min.Y) / r.Dy()
		luma := s.still.Y[y*s.still.YStride+r.Min.X:][:r.Dx()]
		for x := range luma {
			luma[x] = byte(light[x] - depth + int(grain[x%textureSide])/3 + int(broad[x/8%textureSide])/4)
		}
		if y%2 != 0 {
			continue
		}
		at := y/2*s.still.CStride + r.Min.X/2
		cb, cr := s.still.Cb[at:][:r.Dx()/2], s.still.Cr[at:][:r.Dx()/2]
		for x := range cb {
			tint := int(broad[x/4%textureSide])
			cb[x], cr[x] = byte(118+tint/8), byte(132-tint/10)
		}
	}
}

// paintGrain makes the wall flicker as a sensor does in a booth's light: without
// it the picture would cost an encoder a fraction of what a camera's does.
func (s *scene) paintGrain() {
	from, to := s.stage.Min.Y*s.still.YStride, s.stage.Max.Y*s.still.YStride
	wall := s.still.Y[from:to]
	random := uint32(1)
	for i := range s.grains {
		grain := make([]byte, len(wall))
		for at, luma := range wall {
			random ^= random << 13
			random ^= random >> 17
			random ^= random << 5
			// The sum of two even distributions: -3 to 3, mostly near 0.
			grain[at] = luma + byte(random&3) + byte(random>>8&3) - 3
		}
		s.grains[i] = grain
	}
}

// noise is value noise of four octaves in -64..64, a tile that repeats
// seamlessly, always the same.
func noise(side int) []int8 {
	lattice := func(x, y, seed uint32) float64 {
		h := x*0x9E3779B1 ^ y*0x85EBCA77 ^ seed*0xC2B2AE3D
		h = (h ^ h>>15) * 0x2C1B3C6D
		h = (h ^ h>>12) * 0x297A2D39
		return float64(h^h>>15)/math.MaxUint32*2 - 1
	}
	smooth := func(t float64) float64 { return t * t * (3 - 2*t) }
	tile := make([]int8, side*side)
	for y := range side {
		for x := range side {
			sum := 0.0
			for octave, cell := range []int{64, 32, 16, 4} {
				cells := uint32(side / cell)
				cx, cy := uint32(x/cell), uint32(y/cell)
				fx, fy := smooth(float64(x%cell)/float64(cell)), smooth(float64(y%cell)/float64(cell))
				seed := uint32(octave)
				upper := lattice(cx, cy, seed)*(1-fx) + lattice((cx+1)%cells, cy, seed)*fx
				lower := lattice(cx, (cy+1)%cells, seed)*(1-fx) + lattice((cx+1)%cells, (cy+1)%cells, seed)*fx
				sum += (upper*(1-fy) + lower*fy) / float64(int(1)<<octave)
			}
			tile[y*side+x] = int8(min(max(sum*34, -64), 64))
		}
	}
	return tile
}

func (s *scene) paintTitle(r image.Rectangle) {
	face := inconsolata.Bold8x16
	drawer := font.Drawer{Face: face, Src: image.White, Dot: fixed.P(1, 13)}
	small := image.NewGray(image.Rect(0, 0, drawer.MeasureString(title).Ceil()+2, 17))
	drawer.Dst = small
	drawer.DrawString(title)

	scale := 0.9 * min(float64(r.Dy())/float64(small.Rect.Dy()), float64(r.Dx())/float64(small.Rect.Dx()))
	size := image.Pt(int(float64(small.Rect.Dx())*scale), int(float64(small.Rect.Dy())*scale))
	corner := r.Min.Add(r.Size().Sub(size).Div(2))
	large := image.NewGray(image.Rectangle{Min: corner, Max: corner.Add(size)})
	draw.CatmullRom.Scale(large, large.Rect, small, small.Rect, draw.Src, nil)
	for y := large.Rect.Min.Y; y < large.Rect.Max.Y; y++ {
		for x := large.Rect.Min.X; x < large.Rect.Max.X; x++ {
			at := y*s.still.YStride + x
			ink, paper := int(large.GrayAt(x, y).Y), int(s.still.Y[at])
			s.still.Y[at] = byte(paper + (235-paper)*ink/255)
		}
	}
}

func paintBar(width, height int) sprite {
	b := newSprite(max(width, 2), max(height, 2))
	fill(b.picture, b.picture.Rect, yuv{210, 60, 150})
	for row := range b.spans {
		b.spans[row] = span{0, b.picture.Rect.Dx() / 2}
	}
	return b
}

// paintPerson paints a head and shoulders, and mouths from closed to open with
// the place of their corner.
func paintPerson(unit float64, texture []int8) (person sprite, mouths []sprite, mouthAt image.Point) {
	even := func(v float64) int { return int(v*unit) &^ 1 }
	person = newSprite(even(460), even(560))
	size := person.picture.Rect.Size()
	const (
		skin = iota
		hair
		cloth
		eye
		nothing
	)
	inside := func(x, y, cx, cy, rx, ry float64) float64 {
		dx, dy := (x-cx)/rx, (y-cy)/ry
		return dx*dx + dy*dy
	}
	part := func(x, y float64) int { // in pixels at 720 lines
		switch {
		case inside(x, y, 195, 165, 14, 9) < 1, inside(x, y, 265, 165, 14, 9) < 1:
			return eye
		case inside(x, y, 230, 185, 92, 120) < 1:
			return skin
		case y < 190 && inside(x, y, 230, 165, 118, 150) < 1:
			return hair
		case y < 350 && y > 250 && math.Abs(x-230) < 42:
			return skin
		case inside(x, y, 230, 545, 220, 215) < 1, y > 545 && math.Abs(x-230) < 220:
			return cloth
		}
		return nothing
	}
	shade(person.picture, person.picture.Rect, func(x, y int) yuv {
		fx, fy := float64(x)/unit, float64(y)/unit
		grain := float64(texture[y%textureSide*textureSide+x%textureSide])
		side := (230 - fx) / 8 // lit from the left
		what := part(fx, fy)
		if what == nothing && fy < 260 { // an edge that is rounded into the visible stretch
			what = hair
		}
		switch what {
		case skin:
			return yuv{158 + side + grain/8 - (fy-185)/12, 110, 152}
		case hair:
			return yuv{52 + side/2 + grain/2, 122, 136}
		case eye:
			return yuv{45, 128, 128}
		default:
			return yuv{86 + side + grain/4, 150, 116}
		}
	})
	for row := range person.spans {
		found := span{size.X / 2, 0}
		for column := range size.X / 2 {
			if part((float64(2*column)+1)/unit, (float64(2*row)+1)/unit) != nothing {
				found = span{min(found.from, column), column + 1}
			}
		}
		person.spans[row] = found
	}

	for _, open := range []float64{4, 14, 24, 9, 18, 4} {
		m := newSprite(even(60), even(36))
		fill(m.picture, m.picture.Rect, yuv{60, 118, 160})
		middle := float64(len(m.spans)) / 2
		for row := range m.spans {
			d := math.Abs(float64(row)+0.5-middle) / (open * unit / 4)
			if d < 1 {
				half := math.Sqrt(1-d*d) * float64(m.picture.Rect.Dx()) / 4
				center := float64(m.picture.Rect.Dx()) / 4
				m.spans[row] = span{int(center - half), int(center + half)}
			}
		}
		mouths = append(mouths, m)
	}
	return person, mouths, image.Pt(even(200), even(225))
}

func newSprite(width, height int) sprite {
	return sprite{image.NewYCbCr(image.Rect(0, 0, width, height), image.YCbCrSubsampleRatio420), make([]span, height/2)}
}
