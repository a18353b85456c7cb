package config

import "math"

// Panel is the touchscreen: how large it is, how it hangs, and how it answers fingers. What is not given is that of a
// 10.1 inch panel of 1280x800 pixels.
type Panel struct {
	// WidthMM and HeightMM are what lights up, in millimetres, as citizens see it: of a panel that stands upright the height
	// is the longer one. 217 x 136 when absent, which is 10.1 inches.
	WidthMM  int `yaml:"width_mm,omitempty" json:"width_mm,omitempty"`
	HeightMM int `yaml:"height_mm,omitempty" json:"height_mm,omitempty"`
	// Rotation is by how many degrees the picture must be turned clockwise to stand upright on the panel as it hangs: 0, 90,
	// 180 or 270. 0 when absent.
	Rotation int `yaml:"rotation,omitempty" json:"rotation,omitempty"`
	// ViewingCM is from how far away texts can be read whose capitals subtend 0.7 degrees (EN 301 549, 5.1.4). When absent it
	// is 70 cm, or less on a panel that has no room for such large ones.
	ViewingCM int `yaml:"viewing_cm,omitempty" json:"viewing_cm,omitempty"`
	// LowZone is whether a panel that stands upright begins each session with all its controls in the lower part, for who
	// sits in a wheelchair. A button moves them up and down either way. true when absent.
	LowZone bool `yaml:"low_zone" json:"low_zone"`
	// DoubleTouchMS is for how many milliseconds a second touch at the same place counts as part of the first one, for hands
	// that tremble (EN 301 549, 5.8); half of it for a letter of the keyboard, which is at times meant twice. 0 counts all.
	// 300 when absent.
	DoubleTouchMS int `yaml:"double_touch_ms" json:"double_touch_ms"`
	// Transitions is whether screens and waiting may move. true when absent.
	Transitions bool `yaml:"transitions" json:"transitions"`
}

func (p *Panel) setDefaults() {
	*p = Panel{WidthMM: 217, HeightMM: 136, LowZone: true, DoubleTouchMS: 300, Transitions: true}
}

const (
	minPanelMM, maxPanelMM = 80, 1500
	// Closer than that nobody sits.
	minViewingCM, maxViewingCM = 30, 150
	// Half a second is what EN 301 549, 5.8 wants it to be adjustable to, at least.
	maxDoubleTouchMS = 2000
	usualViewingCM   = 70
)

// rotations are the ways in which a panel can hang.
func rotations() []int { return []int{0, 90, 180, 270} }

// mostViewingCM is from how far away the essential texts of a panel can be read at most: there must be room for about
// nine lines of them on its shorter side.
func (p Panel) mostViewingCM() int { return min(p.WidthMM, p.HeightMM) * 52 / 100 }

// Viewing is the distance in centimetres from which the essential texts are read.
func (p Panel) Viewing() int {
	if p.ViewingCM != 0 {
		return p.ViewingCM
	}
	return max(minViewingCM, min(usualViewingCM, p.mostViewingCM()))
}

// CapitalMM is how high the capitals of essential texts are, in millimetres: 0.7 degrees at the viewing distance, rounded
// up to a tenth, which is 8.6 mm at 70 cm.
//
// Source: EN 301 549 V3.2.1, 5.1.4, whose note gives the angle in degrees as 180 H / (pi D).
func (p Panel) CapitalMM() float64 {
	const degrees = 0.7
	return math.Ceil(float64(p.Viewing())*10*math.Pi*degrees/180*10) / 10
}

// LowersControls tells whether controls can be moved into the lower part: where the panel is higher than the reach that
// standards leave, 0.9 m to 1.3 m above the floor, with its edges in mind.
func (p Panel) LowersControls() bool { return p.HeightMM > 300 && p.HeightMM > p.WidthMM }

func (d *document) validatePanel(path string, p Panel) {
	within := func(name string, value, low, high int, unit string) bool {
		if value < low || value > high {
			d.report(child(path, name), "%d is out of range; expected %d to %d %s", value, low, high, unit)
			return false
		}
		return true
	}
	_, width := d.at[child(path, "width_mm")]
	_, height := d.at[child(path, "height_mm")]
	switch {
	case width && !height:
		d.missing(child(path, "height_mm"), "the height of what lights up, in millimetres, as there is a width")
	case height && !width:
		d.missing(child(path, "width_mm"), "the width of what lights up, in millimetres, as there is a height")
	}
	sized := within("width_mm", p.WidthMM, minPanelMM, maxPanelMM, "mm") && within("height_mm", p.HeightMM, minPanelMM, maxPanelMM, "mm")
	known := false
	for _, r := range rotations() {
		known = known || r == p.Rotation
	}
	if !known {
		d.report(child(path, "rotation"), "%d is no such angle; expected 0, 90, 180 or 270 degrees", p.Rotation)
	}
	if _, given := d.at[child(path, "viewing_cm")]; given && within("viewing_cm", p.ViewingCM, minViewingCM, maxViewingCM, "cm") && sized && p.ViewingCM > p.mostViewingCM() {
		d.report(child(path, "viewing_cm"), "%d is too far for a panel of %d x %d mm; expected at most %d, or remove the line", p.ViewingCM, p.WidthMM, p.HeightMM, max(minViewingCM, p.mostViewingCM()))
	}
	within("double_touch_ms", p.DoubleTouchMS, 0, maxDoubleTouchMS, "ms")
}
