package screen

import (
	"fmt"
	"image"
	"image/color"
	"strings"
	"testing"
)

// A corner of the picture and the finger on it must meet, whatever drives the panel.
func TestTurnedPanel(t *testing.T) {
	const w, h = 5, 3 // the panel, as its driver has it
	for rotation, want := range map[int]struct{ output, framebuffer string }{90: {"right", "CW"}, 180: {"inverted", "UD"}, 270: {"left", "CCW"}} {
		t.Run(fmt.Sprint(rotation), func(t *testing.T) {
			inputs := []input{{"event1", 13, 65, "touchscreen"}, {"event2", 13, 66, "mouse"}}
			card, framebuffer := xorgConf(inputs, true, rotation), xorgConf(inputs, false, rotation)
			if !strings.Contains(card, `Monitor "glass"`) || !strings.Contains(card, `Option "Rotate" "`+want.output+`"`) {
				t.Errorf("with a card:\n%s", card)
			}
			if strings.Contains(framebuffer, "glass") || !strings.Contains(framebuffer, `Option "Rotate" "`+want.framebuffer+`"`) {
				t.Errorf("with a framebuffer:\n%s", framebuffer)
			}
			if n := strings.Count(card, "TransformationMatrix"); n != 1 {
				t.Errorf("%d devices are turned, expected the touchscreen alone:\n%s", n, card)
			}

			// The picture's own size is the panel's, turned.
			size := image.Pt(w, h)
			if rotation != 180 {
				size = image.Pt(h, w)
			}
			var m [9]float64
			if n, err := fmt.Sscan(turns()[rotation].touch, &m[0], &m[1], &m[2], &m[3], &m[4], &m[5], &m[6], &m[7], &m[8]); n != 9 {
				t.Fatalf("the matrix: %v", err)
			}
			picture := image.NewRGBA(image.Rectangle{Max: size})
			for y := range size.Y {
				for x := range size.X {
					picture.SetRGBA(x, y, color.RGBA{uint8(x), uint8(y), 0, 255})
				}
			}
			panel := turned(picture, rotation)
			if got := panel.Bounds().Size(); got != image.Pt(w, h) {
				t.Fatalf("the panel's picture is %v", got)
			}
			for y := range h {
				for x := range w {
					// The middle of a dot of the panel is touched: 0 to 1 in both directions.
					u, v := (float64(x)+.5)/w, (float64(y)+.5)/h
					at := image.Pt(int((m[0]*u+m[1]*v+m[2])*float64(size.X)), int((m[3]*u+m[4]*v+m[5])*float64(size.Y)))
					if seen := panel.RGBAAt(x, y); image.Pt(int(seen.R), int(seen.G)) != at {
						t.Errorf("the finger on the panel's %d,%d is at the picture's %v; it shows %d,%d there", x, y, at, seen.R, seen.G)
					}
				}
			}
		})
	}
	if conf := xorgConf([]input{{"event1", 13, 65, "touchscreen"}}, true, 0); strings.Contains(conf, "Rotate") || strings.Contains(conf, "Transformation") {
		t.Errorf("a panel that is not turned:\n%s", conf)
	}
}
