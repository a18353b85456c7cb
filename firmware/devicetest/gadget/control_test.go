package gadget

import (
	"bytes"
	"image"
	"image/jpeg"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestNegotiation(t *testing.T) {
	c := newControls()
	for _, test := range []struct {
		name   string
		number byte
		size   byte
		every  uint32
		want   proposal
	}{
		{"as offered", 1, 1, 333333, proposal{1, 1, 333333}},
		{"the other format", 2, 2, 333333, proposal{2, 2, 333333}},
		{"too fast for its size", 1, 2, 333333, proposal{1, 2, 1000000}},
		{"a rate between", 2, 1, 600000, proposal{2, 1, 666666}},
		{"an unknown format and size", 9, 0, 0, proposal{2, 1, 333333}},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := request{kind: 0x21, code: setCurrent, value: probe << 8, index: streamingInterface, length: 26}
			if b, ok := c.answer(r); !ok || len(b) != 26 {
				t.Fatalf("the request was answered with %x, %v", b, ok)
			}
			data := make([]byte, 26) // of UVC 1.0
			data[2], data[3] = test.number, test.size
			data[4], data[5], data[6] = byte(test.every), byte(test.every>>8), byte(test.every>>16)
			c.take(data)
			if diff := cmp.Diff(test.want, c.probe, cmp.AllowUnexported(proposal{})); diff != "" {
				t.Error(diff)
			}
			b, ok := c.answer(request{kind: 0xa1, code: getCurrent, value: probe << 8, index: streamingInterface, length: 34})
			if got := unmarshal(b); !ok || got != test.want {
				t.Errorf("the camera proposes %+v, %v", got, ok)
			}
		})
	}
}

func FuzzControls(f *testing.F) {
	f.Add([]byte{0xa1, getCurrent, 0, probe, streamingInterface, 0, 34, 0}, []byte{})
	f.Add([]byte{0x21, setCurrent, 0, commit, streamingInterface, 0, 34, 0}, proposal{2, 2, 1}.marshal())
	f.Add([]byte{0x21, setCurrent, 0, brightness, controlInterface, processingUnit, 2, 0}, []byte{255, 255})
	f.Fuzz(func(t *testing.T, setup, data []byte) {
		if len(setup) < 8 {
			return
		}
		c := newControls()
		answer, ok := c.answer(parseRequest(setup))
		if len(answer) > 60 || (!ok && answer != nil) {
			t.Errorf("answer %x, %v", answer, ok)
		}
		c.take(data)
		if s := c.agreed(); s.width == 0 || s.every <= 0 || c.brightness > 255 {
			t.Errorf("agreed on %+v, brightness %d", s, c.brightness)
		}
	})
}

// read gives the number of a picture, and fails when its bars are not the camera's.
func read(t *testing.T, at func(x, y int) (luma, cb, cr byte), s size) int {
	t.Helper()
	n := 0
	for i := range counterBits {
		n <<= 1
		if y, _, _ := at(i*blockPixels+blockPixels/2, counterLines/2); y > 128 {
			n |= 1
		}
	}
	for i, want := range bars {
		y, cb, cr := at((2*i+1)*s.width/len(bars)/2, s.height/2)
		if off(y, want.Y) > 6 || off(cb, want.Cb) > 6 || off(cr, want.Cr) > 6 {
			t.Errorf("bar %d of picture %d is %d, %d, %d; want %v", i, n, y, cb, cr, want)
		}
	}
	return n
}

func off(a, b byte) int { return int(max(a, b)) - int(min(a, b)) }

func readYUYV(t *testing.T, b []byte, s size) int {
	t.Helper()
	if len(b) != s.bytes() {
		t.Errorf("a picture has %d bytes, not %d", len(b), s.bytes())
		return -1
	}
	return read(t, func(x, y int) (byte, byte, byte) {
		at := b[(y*s.width+x)&^1*2:]
		return b[(y*s.width+x)*2], at[1], at[3]
	}, s)
}

func readJPEG(t *testing.T, b []byte, s size) int {
	t.Helper()
	p, err := jpeg.Decode(bytes.NewReader(withTables(t, b)))
	if err != nil {
		t.Error(err)
		return -1
	}
	picture, ok := p.(*image.YCbCr)
	if !ok || p.Bounds().Dx() != s.width || p.Bounds().Dy() != s.height {
		t.Errorf("a picture is a %T of %v", p, p.Bounds())
		return -1
	}
	return read(t, func(x, y int) (byte, byte, byte) {
		c := picture.YCbCrAt(x, y)
		return c.Y, c.Cb, c.Cr
	}, s)
}

// withTables adds the standard's Huffman tables to a picture that has none.
func withTables(t *testing.T, b []byte) []byte {
	marker := []byte{0xff, 0xc4}
	if bytes.Contains(b, marker) || len(b) < 2 {
		return b
	}
	whole, err := encode(0, size{width: 16, height: 16})
	if err != nil {
		t.Fatal(err)
	}
	tables := whole[bytes.Index(whole, marker):bytes.Index(whole, []byte{0xff, 0xda})]
	return slices.Concat(b[:2], tables, b[2:])
}

func TestPictures(t *testing.T) {
	pictures, err := Pictures()
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range formats[1].sizes {
		memory := make([]byte, s.bytes())
		for n := range Cycle {
			fillYUYV(memory, n, s, n == 0)
			if got := readYUYV(t, memory, s); got != n {
				t.Errorf("picture %d says %d", n, got)
			}
			b := pictures[pictureFile(s, n)]
			if len(b) > s.bytes() {
				t.Errorf("a compressed picture has %d bytes", len(b))
			}
			if got := readJPEG(t, b, s); got != n {
				t.Errorf("compressed picture %d says %d", n, got)
			}
			if n == 0 {
				t.Logf("%dx%d: %d bytes compressed, with tables: %v", s.width, s.height, len(b), bytes.Contains(b, []byte{0xff, 0xc4}))
			}
		}
	}
}
