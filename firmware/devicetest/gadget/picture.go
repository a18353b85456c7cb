package gadget

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"path/filepath"
)

// Cycle is how many pictures differ: the camera's counter begins at 0 when it
// starts to stream and is drawn modulo Cycle. Pictures that the camera has to
// leave out, because the host takes none, are counted.
const Cycle = 32

// The counter is drawn at the top left: one block a bit, the highest first,
// white for one, black for zero. Below it are eight bars of colours.
const (
	counterBits  = 5
	blockPixels  = 32
	counterLines = blockPixels
)

// The bars, as they are in the pictures' Y, Cb and Cr (BT.601): 75 % of white,
// yellow, cyan, green, magenta, red, blue and black.
var bars = [8]color.YCbCr{
	{180, 128, 128},
	{162, 44, 142},
	{131, 156, 44},
	{112, 72, 58},
	{84, 184, 198},
	{65, 100, 212},
	{35, 212, 114},
	{16, 128, 128},
}

// colorAt is the picture n at a pixel.
func colorAt(n, x, y, width int) color.YCbCr {
	if y >= counterLines {
		return bars[x*len(bars)/width]
	}
	bit := counterBits - 1 - x/blockPixels
	if bit >= 0 && n>>bit&1 == 1 {
		return color.YCbCr{235, 128, 128}
	}
	return color.YCbCr{16, 128, 128}
}

// fillYUYV draws picture n. The bars, which are always the same, are drawn only
// when whole is set: the machine is slow.
func fillYUYV(to []byte, n int, s size, whole bool) {
	lines := counterLines
	if whole {
		lines = s.height
	}
	bytesPerLine := s.width * 2
	for y := range lines {
		line := to[y*bytesPerLine : (y+1)*bytesPerLine]
		if y != 0 && y != counterLines {
			copy(line, to[(y-1)*bytesPerLine:])
			continue
		}
		for x := 0; x < s.width; x += 2 {
			c := colorAt(n, x, y, s.width)
			line[2*x], line[2*x+1], line[2*x+2], line[2*x+3] = c.Y, c.Cb, c.Y, c.Cr
		}
	}
}

// Pictures are the camera's compressed pictures, by the files' names. They are
// made before the machine starts, because in it that would take too long.
func Pictures() (map[string][]byte, error) {
	all := map[string][]byte{}
	for _, f := range formats {
		if f.pixelFormat != mjpeg {
			continue
		}
		for i, s := range f.sizes {
			for n := range Cycle {
				b, err := encode(n, s)
				if err != nil {
					return nil, err
				}
				if i == 0 {
					b = withoutTables(b)
				}
				all[pictureFile(s, n)] = b
			}
		}
	}
	return all, nil
}

func pictureFile(s size, n int) string {
	return filepath.Join("/pictures", fmt.Sprintf("%dx%d-%02d.jpg", s.width, s.height, n))
}

func encode(n int, s size) ([]byte, error) {
	p := image.NewYCbCr(image.Rect(0, 0, s.width, s.height), image.YCbCrSubsampleRatio420)
	for y := range s.height {
		for x := range s.width {
			c := colorAt(n, x, y, s.width)
			p.Y[p.YOffset(x, y)] = c.Y
			p.Cb[p.COffset(x, y)], p.Cr[p.COffset(x, y)] = c.Cb, c.Cr
		}
	}
	var b bytes.Buffer
	err := jpeg.Encode(&b, p, &jpeg.Options{Quality: 90})
	return b.Bytes(), err
}

// withoutTables takes out the Huffman tables, which many cameras leave out:
// they are the standard's own, as Go's encoder writes them too.
func withoutTables(b []byte) []byte {
	const startOfScan, huffmanTable = 0xda, 0xc4
	out := append([]byte(nil), b[:2]...)
	for i := 2; i+4 <= len(b); {
		end := i + 2 + int(b[i+2])<<8 + int(b[i+3])
		if b[i+1] == startOfScan {
			return append(out, b[i:]...)
		}
		if b[i+1] != huffmanTable {
			out = append(out, b[i:end]...)
		}
		i = end
	}
	return out
}
