package config

import (
	"slices"
	"strings"
)

// Keys are four keys that are told by touch, with which the spoken mode is moved: four contacts on lines of the 40-pin
// connector, or a keypad on USB, or both.
type Keys struct {
	// Previous, Next, Repeat and Choose are the keys' lines, by their names on the 40-pin connector: GPIO5. The other end of
	// each key is ground. All four, or none of them.
	Previous string `yaml:"previous,omitempty" json:"previous,omitempty"`
	Next     string `yaml:"next,omitempty" json:"next,omitempty"`
	Repeat   string `yaml:"repeat,omitempty" json:"repeat,omitempty"`
	Choose   string `yaml:"choose,omitempty" json:"choose,omitempty"`
	// Pressed is a line's level while its key is pressed: low for a key that closes then, high for one that opens. "low" when absent.
	Pressed string `yaml:"pressed,omitempty" json:"pressed,omitempty"`
	// Keypad is a keyboard or keypad on USB: its name, as kiosk selftest prints it, or "any" for every one that is plugged
	// in. Its arrows, Space and Enter are the four keys.
	Keypad string `yaml:"keypad,omitempty" json:"keypad,omitempty"`
}

// AnyKeypad is the name of a keypad when any will do.
const AnyKeypad = "any"

func (k *Keys) setDefaults() { k.Pressed = LevelLow }

// Line is one key's line, with the field of Keys that names it.
type Line struct{ Field, Name string }

// Lines are the keys' lines in the order previous, next, repeat, choose; none where the keys are a keypad's.
func (k Keys) Lines() []Line {
	all := k.fields()
	return slices.DeleteFunc(all, func(l Line) bool { return l.Name == "" })
}

func (k Keys) fields() []Line {
	return []Line{{"previous", k.Previous}, {"next", k.Next}, {"repeat", k.Repeat}, {"choose", k.Choose}}
}

// Speech is how the spoken mode sounds, in which every screen is read out.
type Speech struct {
	// WordsPerMinute is how fast it speaks. 160 when absent.
	WordsPerMinute int `yaml:"words_per_minute,omitempty" json:"words_per_minute,omitempty"`
	// VolumePercent is how loud it is at the beginning of each session. 70 when absent.
	VolumePercent int `yaml:"volume_percent,omitempty" json:"volume_percent,omitempty"`
}

const (
	defaultWordsPerMinute, defaultSpeechPercent = 160, 70
	// eSpeak NG takes 80 to 450 words a minute; beyond 300 only practised listeners follow.
	minWordsPerMinute, maxWordsPerMinute = 80, 300
	// A voice that nobody hears is no spoken mode.
	minSpeechPercent, maxSpeechPercent = 20, 100

	maxKeypad = 80 // the kernel's own limit for a device's name
)

func (s *Speech) setDefaults() { *s = Speech{defaultWordsPerMinute, defaultSpeechPercent} }

func (d *document) validateSpeech(path string, s Speech) {
	if s.WordsPerMinute < minWordsPerMinute || s.WordsPerMinute > maxWordsPerMinute {
		d.report(child(path, "words_per_minute"), "%d is out of range; expected %d to %d words a minute", s.WordsPerMinute, minWordsPerMinute, maxWordsPerMinute)
	}
	if s.VolumePercent < minSpeechPercent || s.VolumePercent > maxSpeechPercent {
		d.report(child(path, "volume_percent"), "%d is out of range; expected %d to %d %%", s.VolumePercent, minSpeechPercent, maxSpeechPercent)
	}
}

// validateKeys sees to it that each key has a line of its own, which nothing else of the booth uses.
func (d *document) validateKeys(path string, k Keys, beside Devices) {
	taken := map[string]string{}
	if h := beside.Handset; h != nil {
		taken[h.Switch] = "devices.handset.switch"
	}
	if p := beside.Presence; p != nil {
		taken[p.Motion] = "devices.presence.motion"
		if validBus.MatchString(p.Distance) {
			taken["GPIO2"], taken["GPIO3"] = "a wire of the distance sensor's bus", "a wire of the distance sensor's bus"
		}
	}
	named := 0
	for _, l := range k.fields() {
		at := child(path, l.Field)
		_, given := d.at[at]
		if l.Name == "" && !given {
			continue
		}
		named++
		switch {
		case !validLine.MatchString(l.Name):
			d.report(at, "%s is not a line; expected %s", quoted(l.Name), expectedLine)
		case taken[l.Name] != "":
			d.report(at, "%s is %s too; expected another line", quoted(l.Name), taken[l.Name])
		default:
			taken[l.Name] = at
		}
	}
	_, hasKeypad := d.at[child(path, "keypad")]
	switch {
	case named == 0 && k.Keypad == "" && !hasKeypad:
		d.report(path, "names no key; expected previous, next, repeat and choose, or keypad, or remove it")
	case named > 0 && named < 4:
		d.report(path, "names %d of the four keys; expected previous, next, repeat and choose", named)
	}
	if !slices.Contains(levels(), k.Pressed) {
		d.report(child(path, "pressed"), "%s is not a level; expected %s, a line's level while its key is pressed", quoted(k.Pressed), oneOf(levels()))
	}
	if k.Keypad != "" || hasKeypad {
		d.validateText(child(path, "keypad"), k.Keypad, maxKeypad, `the name of a keypad as kiosk selftest prints it, or "any"`)
	}
}

// validateHeadphones sees to it that what is told in confidence does not come out of the loudspeaker.
func (d *document) validateHeadphones(at string, beside Devices) {
	d.validateDevice(at, beside.Headphones, "/dev/snd/pcmC3D0p")
	if h := strings.TrimSpace(beside.Headphones); h != "" && h != Simulated && h == beside.Speaker {
		d.report(at, "%s is devices.speaker too, which the whole room hears; expected the headphones' own card", quoted(h))
	}
}
