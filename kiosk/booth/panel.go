package booth

import "loiret.fr/visioborne/config"

// Panel is what the page must know of the touchscreen to draw things as large as they must be for people, not in pixels.
type Panel struct {
	// WidthMM and HeightMM are what lights up, as citizens see it.
	WidthMM  int `json:"width_mm"`
	HeightMM int `json:"height_mm"`
	// CapitalMM is how high the capitals of essential texts are at least.
	CapitalMM float64 `json:"capital_mm"`
	// DoubleTouchMS is for how long a second touch at the same place counts as part of the first one.
	DoubleTouchMS int `json:"double_touch_ms"`
	// Transitions: screens and waiting may move.
	Transitions bool `json:"transitions"`
	// Lowers: the panel is so high that its controls can be moved into its lower part. Low: they are there.
	Lowers bool `json:"lowers"`
	Low    bool `json:"low"`
}

// ZoneChosen: the citizen wants the controls in the panel's lower part, or all over it. Session is the id of a new session
// if there is none.
type ZoneChosen struct {
	Session string
	Low     bool
}

func (ZoneChosen) isEvent() {}

// usualPanel is that of a booth that has no site yet.
func usualPanel() Panel { return showPanel(config.Devices{}.Touchscreen(), false) }

// showPanel is the panel as the page gets it; moved: the citizen has moved the controls from where they usually are.
func showPanel(p config.Panel, moved bool) Panel {
	v := Panel{
		WidthMM: p.WidthMM, HeightMM: p.HeightMM, CapitalMM: p.CapitalMM(), DoubleTouchMS: p.DoubleTouchMS,
		Transitions: p.Transitions, Lowers: p.LowersControls(),
	}
	v.Low = v.Lowers && p.LowZone != moved
	return v
}

// zoneChosen moves the controls until the session's end.
func (n *stepping) zoneChosen(e ZoneChosen) {
	p := n.Config.Site.Devices.Touchscreen()
	if !p.LowersControls() {
		return
	}
	n.begin(e.Session)
	n.Session.ZoneMoved = e.Low != p.LowZone
	n.restartIdle()
}

// keepZone leaves the controls where the citizen has put them, whatever else has become of the session.
func (n *stepping) keepZone(before Session, e Event) {
	if _, chosen := e.(ZoneChosen); !chosen && n.Session.ID != "" && n.Session.ID == before.ID {
		n.Session.ZoneMoved = before.ZoneMoved
	}
}
