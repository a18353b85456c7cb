package mjpeg

import (
	"bytes"
	"errors"
	"image"
	"image/color"
	"image/jpeg"
	"testing"
)

func encode(t testing.TB, m image.Image, quality int) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, &jpeg.Options{Quality: quality}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func scene(size image.Point, ratio image.YCbCrSubsampleRatio) *image.YCbCr {
	p := image.NewYCbCr(image.Rectangle{Max: size}, ratio)
	for y := range size.Y {
		for x := range size.X {
			p.Y[p.YOffset(x, y)] = byte(60 + (x+2*y)/8%128)
			p.Cb[p.COffset(x, y)], p.Cr[p.COffset(x, y)] = byte(90+x/16%64), byte(150-y/16%64)
		}
	}
	return p
}

// The result is that of Go's own decoder, give or take the rounding.
func TestDecode(t *testing.T) {
	for _, size := range []image.Point{{16, 16}, {18, 22}, {320, 240}, {1280, 720}} {
		// image/jpeg writes 4:2:0 and grey.
		for _, m := range []image.Image{scene(size, image.YCbCrSubsampleRatio420), image.NewGray(image.Rectangle{Max: size})} {
			data := encode(t, m, 90)
			d, err := NewDecoder(size)
			if err != nil {
				t.Fatal(err)
			}
			defer d.Close()
			got, err := d.Decode(data)
			if err != nil {
				t.Fatalf("%v: %v", size, err)
			}
			want, err := jpeg.Decode(bytes.NewReader(data))
			if err != nil {
				t.Fatal(err)
			}
			for y := range size.Y {
				for x := range size.X {
					a, b := got.YCbCrAt(x, y), color.YCbCrModel.Convert(want.At(x, y)).(color.YCbCr)
					if far(a.Y, b.Y) || far(a.Cb, b.Cb) || far(a.Cr, b.Cr) {
						t.Fatalf("%v at %d,%d: %v, want %v", size, x, y, a, b)
					}
				}
			}
			if n := testing.AllocsPerRun(5, func() {
				if _, err := d.Decode(data); err != nil {
					t.Fatal(err)
				}
			}); n > 0 {
				t.Errorf("a picture costs %v allocations", n)
			}
		}
	}
}

func far(a, b byte) bool { return max(a, b)-min(a, b) > 3 }

// flatJPEG makes a picture of one colour, with the luma sampled as told (blocks of an MCU across and down).
// The colour's differences to 128 must have 6, 5 and 5 bits.
func flatJPEG(sampling byte, size image.Point, y, cb, cr int) []byte {
	out := []byte{0xff, 0xd8, 0xff, 0xdb, 0, 67, 0}
	out = append(out, bytes.Repeat([]byte{8}, 64)...) // so that the mean is the coefficient
	out = append(out, 0xff, 0xc0, 0, 17, 8, byte(size.Y>>8), byte(size.Y), byte(size.X>>8), byte(size.X), 3, 1, sampling, 0, 2, 0x11, 0, 3, 0x11, 0)
	out = append(out, 0xff, 0xc4, 0, 22, 0, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 5, 6) // codes 0, 10, 110
	out = append(out, 0xff, 0xc4, 0, 20, 0x10, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)    // code 0: no more
	out = append(out, 0xff, 0xda, 0, 12, 3, 1, 0, 2, 0, 3, 0, 0, 63, 0)
	var bits []byte
	put := func(value, count int) {
		for i := count - 1; i >= 0; i-- {
			bits = append(bits, byte(value>>i&1))
		}
	}
	mean := func(first bool, difference int) {
		size, code, length := 5, 0b10, 2
		if difference > 31 || difference < -31 {
			size, code, length = 6, 0b110, 3
		}
		if !first {
			put(0, 1)
		} else if put(code, length); difference < 0 {
			put(difference+1<<size-1, size)
		} else {
			put(difference, size)
		}
		put(0, 1)
	}
	across, down := int(sampling>>4), int(sampling&15)
	for mcu := range size.X * size.Y / (64 * across * down) {
		for block := range across * down {
			mean(mcu == 0 && block == 0, y-128)
		}
		mean(mcu == 0, cb-128)
		mean(mcu == 0, cr-128)
	}
	for len(bits)%8 != 0 {
		bits = append(bits, 1)
	}
	for at := 0; at < len(bits); at += 8 {
		b := byte(0)
		for _, bit := range bits[at : at+8] {
			b = b<<1 | bit
		}
		if out = append(out, b); b == 0xff {
			out = append(out, 0)
		}
	}
	return append(out, 0xff, 0xd9)
}

// Cameras sample the chroma in half the columns, most of them in every line.
func TestSamplings(t *testing.T) {
	size := image.Pt(64, 48)
	for _, sampling := range []byte{0x22, 0x21, 0x12, 0x11} { // 4:2:0, 4:2:2, 4:4:0, 4:4:4
		d, err := NewDecoder(size)
		if err != nil {
			t.Fatal(err)
		}
		defer d.Close()
		got, err := d.Decode(flatJPEG(sampling, size, 77, 99, 155))
		if err != nil {
			t.Fatalf("%#x: %v", sampling, err)
		}
		for y := range size.Y {
			for x := range size.X {
				if c := got.YCbCrAt(x, y); far(c.Y, 77) || far(c.Cb, 99) || far(c.Cr, 155) {
					t.Fatalf("%#x at %d,%d: %v", sampling, x, y, c)
				}
			}
		}
	}
}

func TestRefusals(t *testing.T) {
	size := image.Pt(320, 240)
	data := encode(t, scene(size, image.YCbCrSubsampleRatio420), 80)
	d, err := NewDecoder(size)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	spoilt := bytes.Clone(data)
	for i := len(spoilt) / 2; i < len(spoilt)/2+40; i++ {
		spoilt[i] = 0xff - spoilt[i]/2
	}
	for name, c := range map[string]struct {
		data []byte
		want error
	}{
		"cut":          {data[:len(data)/2], ErrBroken},
		"spoilt":       {spoilt, ErrBroken},
		"nothing":      {nil, ErrBroken},
		"no picture":   {bytes.Repeat([]byte{7}, 1000), ErrBroken},
		"another size": {encode(t, scene(image.Pt(640, 480), image.YCbCrSubsampleRatio420), 80), ErrOther},
	} {
		if _, err := d.Decode(c.data); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
		if _, err := d.Decode(data); err != nil {
			t.Errorf("a whole picture after %s: %v", name, err)
		}
	}
	for _, size := range []image.Point{{0, 0}, {3, 4}, {1 << 14, 16}} {
		if _, err := NewDecoder(size); err == nil {
			t.Errorf("a decoder for %v", size)
		}
	}
}

// Cameras leave the usual Huffman tables out.
func TestWithoutTables(t *testing.T) {
	size := image.Pt(64, 48)
	data := encode(t, scene(size, image.YCbCrSubsampleRatio420), 80)
	var bare []byte
	for at := 2; ; {
		length := 2 + int(data[at+2])<<8 + int(data[at+3])
		if data[at+1] == 0xda {
			bare = append(bare, data[at:]...)
			break
		}
		if data[at+1] != 0xc4 {
			bare = append(bare, data[at:at+length]...)
		}
		at += length
	}
	bare = append([]byte{0xff, 0xd8}, bare...)
	d, err := NewDecoder(size)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	with, err := d.Decode(data)
	if err != nil {
		t.Fatal(err)
	}
	want := bytes.Clone(with.Y)
	got, err := d.Decode(bare)
	if err != nil || !bytes.Equal(got.Y, want) || len(bare) >= len(data)-100 {
		t.Errorf("%v, %d bytes of %d", err, len(bare), len(data))
	}
}

func FuzzDecode(f *testing.F) {
	size := image.Pt(32, 16)
	f.Add(encode(f, scene(size, image.YCbCrSubsampleRatio420), 80))
	f.Add(encode(f, image.NewGray(image.Rectangle{Max: size}), 80))
	d, err := NewDecoder(size)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if p, err := d.Decode(data); err == nil && p.Rect.Size() != size {
			t.Errorf("the picture is %v", p.Rect)
		}
	})
}

func BenchmarkDecode(b *testing.B) {
	size := image.Pt(1280, 720)
	data := encode(b, scene(size, image.YCbCrSubsampleRatio420), 85)
	b.Run("mjpeg", func(b *testing.B) {
		d, err := NewDecoder(size)
		if err != nil {
			b.Fatal(err)
		}
		defer d.Close()
		b.ReportAllocs()
		for b.Loop() {
			if _, err := d.Decode(data); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("image/jpeg", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := jpeg.Decode(bytes.NewReader(data)); err != nil {
				b.Fatal(err)
			}
		}
	})
}
