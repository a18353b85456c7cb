package config

import (
	"regexp"
	"time"
)

// Presence is the sensors that tell whether somebody is before the booth. Each is optional; none is a camera.
type Presence struct {
	// Motion is a motion detector (HC-SR501, AM312): the line of its output, by its name on the 40-pin connector, GPIO17. Or "simulated".
	Motion string `yaml:"motion,omitempty" json:"motion,omitempty"`
	// Distance is a laser distance sensor (VL53L1X, VL53L0X): its I2C bus, /dev/i2c-1 on the 40-pin connector. Or "simulated".
	Distance string `yaml:"distance,omitempty" json:"distance,omitempty"`
	// NearCM is the distance, in centimetres from the sensor, within which somebody has come to the booth. 150 when absent.
	NearCM int `yaml:"near_cm,omitempty" json:"near_cm,omitempty"`
	// SeatedCM is the distance within which somebody sits at the booth. 90 when absent.
	SeatedCM int `yaml:"seated_cm,omitempty" json:"seated_cm,omitempty"`
}

func (p *Presence) setDefaults() { p.NearCM, p.SeatedCM = 150, 90 }

// Backlight is how bright the panel is. It needs a panel whose brightness the kernel can set (/sys/class/backlight): the
// official ones on the ribbon cable can, most HDMI screens cannot.
type Backlight struct {
	// Day is the part of the day in which the panel is as bright as by day, in the site's zone. "07:30-19:00" when absent.
	Day Span `yaml:"day,omitempty" json:"day,omitempty"`
	// DayPercent is the brightness by day. 100 when absent.
	DayPercent int `yaml:"day_percent,omitempty" json:"day_percent,omitempty"`
	// NightPercent is the brightness outside of it. 40 when absent.
	NightPercent int `yaml:"night_percent,omitempty" json:"night_percent,omitempty"`
}

func (b *Backlight) setDefaults() {
	*b = Backlight{Day: Span{From: 7*60 + 30, To: 19 * 60}, DayPercent: 100, NightPercent: 40}
}

// PercentAt is the brightness at a time, which is in the site's zone.
func (b Backlight) PercentAt(local time.Time) int {
	if minute := 60*local.Hour() + local.Minute(); minute >= b.Day.From && minute < b.Day.To {
		return b.DayPercent
	}
	return b.NightPercent
}

const (
	busPattern = `^/dev/i2c-[0-9]{1,3}$`
	// The distance sensors see no farther than 4 m; closer than that they have the table before them.
	minPresenceCM, maxPresenceCM = 20, 400
	// A panel at 0 is off.
	minBrightness, maxBrightness = 5, 100
)

var validBus = regexp.MustCompile(busPattern)

func (d *document) validatePresence(path string, p Presence, h *Handset) {
	motion, distance := child(path, "motion"), child(path, "distance")
	_, hasMotion := d.at[motion]
	_, hasDistance := d.at[distance]
	if p.Motion == "" && p.Distance == "" && !hasMotion && !hasDistance {
		d.report(path, "names no sensor; expected motion, distance or both, or remove it")
	}
	switch {
	case p.Motion == "" && !hasMotion, p.Motion == Simulated:
	case !validLine.MatchString(p.Motion):
		d.report(motion, "%s is not a line; expected %s, or %q", quoted(p.Motion), expectedLine, Simulated)
	case h != nil && h.Switch == p.Motion:
		d.report(motion, "%s is devices.handset.switch too; expected another line", quoted(p.Motion))
	case validBus.MatchString(p.Distance) && (p.Motion == "GPIO2" || p.Motion == "GPIO3"):
		d.report(motion, "%s is a wire of the distance sensor's bus; expected another line", quoted(p.Motion))
	}
	if p.Distance != Simulated && (p.Distance != "" || hasDistance) && !validBus.MatchString(p.Distance) {
		d.report(distance, "%s is not an I2C bus; expected %q, or a path such as %q", quoted(p.Distance), Simulated, "/dev/i2c-1")
	}
	near, seated := child(path, "near_cm"), child(path, "seated_cm")
	if p.NearCM < minPresenceCM || p.NearCM > maxPresenceCM {
		d.report(near, "%d is out of range; expected %d to %d cm", p.NearCM, minPresenceCM, maxPresenceCM)
	}
	if p.SeatedCM < minPresenceCM || p.SeatedCM > maxPresenceCM {
		d.report(seated, "%d is out of range; expected %d to %d cm", p.SeatedCM, minPresenceCM, maxPresenceCM)
	} else if p.SeatedCM >= p.NearCM {
		d.report(seated, "%d is not closer than near_cm, %d; expected less", p.SeatedCM, p.NearCM)
	}
}

func (d *document) validateBacklight(path string, b Backlight) {
	if b.Day.From >= b.Day.To {
		d.report(child(path, "day"), "%q ends before it begins; expected the earlier time first", b.Day)
	}
	percent := func(name string, p int) {
		if p < minBrightness || p > maxBrightness {
			d.report(child(path, name), "%d is out of range; expected %d to %d %%", p, minBrightness, maxBrightness)
		}
	}
	percent("day_percent", b.DayPercent)
	percent("night_percent", b.NightPercent)
}
