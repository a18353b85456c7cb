package config

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestLoadPanel(t *testing.T) {
	common := Panel{WidthMM: 217, HeightMM: 136, LowZone: true, DoubleTouchMS: 300, Transitions: true}
	upright := Panel{WidthMM: 268, HeightMM: 476, Rotation: 90, DoubleTouchMS: 500, ViewingCM: 60}
	for text, want := range map[string]Panel{
		"":                               common,
		"devices: {camera: simulated}\n": common,
		"devices: {panel: {}}\n":         common,
		"devices: {panel: {width_mm: 268, height_mm: 476, rotation: 90, viewing_cm: 60, low_zone: false, double_touch_ms: 500, transitions: false}}\n": upright,
		"devices: {panel: {double_touch_ms: 0}}\n": {WidthMM: 217, HeightMM: 136, LowZone: true, Transitions: true},
	} {
		write(t, goodSite+text, goodPartners)
		s, err := LoadSite("site.yaml")
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if diff := cmp.Diff(want, s.Devices.Touchscreen()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", text, diff)
		}
	}
}

func TestPanel(t *testing.T) {
	for name, c := range map[string]struct {
		panel     Panel
		viewing   int
		capital   float64
		canGoDown bool
	}{
		"7 inches":                         {Panel{WidthMM: 154, HeightMM: 86}, 44, 5.4, false},
		"10.1 inches":                      {Panel{WidthMM: 217, HeightMM: 136}, 70, 8.6, false},
		"21.5 inches":                      {Panel{WidthMM: 476, HeightMM: 268}, 70, 8.6, false},
		"21.5 inches, upright":             {Panel{WidthMM: 268, HeightMM: 476}, 70, 8.6, true},
		"10.1 inches, upright":             {Panel{WidthMM: 136, HeightMM: 217}, 70, 8.6, false},
		"the same, read from farther away": {Panel{WidthMM: 476, HeightMM: 268, ViewingCM: 100}, 100, 12.3, false},
	} {
		if got := c.panel.Viewing(); got != c.viewing {
			t.Errorf("%s: it is read from %d cm, expected %d", name, got, c.viewing)
		}
		if got := c.panel.CapitalMM(); got != c.capital {
			t.Errorf("%s: capitals are %v mm high, expected %v", name, got, c.capital)
		}
		if got := c.panel.LowersControls(); got != c.canGoDown {
			t.Errorf("%s: controls can go down: %v, expected %v", name, got, c.canGoDown)
		}
	}
}
