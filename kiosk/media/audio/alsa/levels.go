package alsa

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"sort"
	"strings"
	"time"
	"unsafe"
)

// aim is what a control is to be set to.
type aim string

const (
	aimLeave    aim = ""
	aimOn       aim = "on"       // a switch
	aimOff      aim = "off"      // a switch
	aimFull     aim = "full"     // a volume: as it comes
	aimGain     aim = "gain"     // a volume: of a microphone
	aimSilenced aim = "silenced" // a volume: nothing
)

// aimFor tells by a control's name what to do with it, for playing or for
// capturing. Names are "SOURCE [CHANNEL] [DIRECTION] FUNCTION"
// (control-names.rst).
func aimFor(name string, isSwitch, playback bool) aim {
	has := func(words ...string) bool {
		for _, w := range words {
			if strings.Contains(name, w) {
				return true
			}
		}
		return false
	}
	if has("Auto Gain Control", "AGC", "Automatic Gain") {
		// It would turn the noise up whenever nobody speaks, and an echo path
		// whose gain changes cannot be learned.
		if isSwitch && !playback {
			return aimOff
		}
		return aimLeave
	}
	if has("IEC958", "Beep", "Boost", "Jack", "Phantom", "Channel Map", "Latency") {
		return aimLeave
	}
	volume := strings.HasSuffix(name, "Volume")
	if !volume && !strings.HasSuffix(name, "Switch") || volume == isSwitch {
		return aimLeave
	}
	if has("Capture ") {
		switch {
		case playback:
			return aimLeave
		case isSwitch:
			return aimOn
		}
		return aimGain
	}
	input := has("Mic", "Line", "Aux", "CD", "Sidetone", "Side Tone", "Loopback", "Digital In")
	if !has("Playback ") && !has("Master", "Speaker", "Headphone", "Headset", "PCM", "Sidetone", "Side Tone") {
		return aimLeave // of no direction, and not known to be of this one
	}
	switch {
	case input && !has("Line Out", "Lineout") && isSwitch:
		return aimOff // the microphone in the speaker: an echo of its own
	case input && !has("Line Out", "Lineout"):
		return aimSilenced
	case !playback:
		return aimLeave
	case isSwitch:
		return aimOn
	}
	return aimFull
}

// mixerLimit is how long a call waits for the levels: a card that does not answer
// makes the kernel wait a second or more for each control.
const mixerLimit = time.Second

// setLevels sets what one direction of a card needs.
func setLevels(k kernel, playback bool) ([]string, error) {
	ids, err := controls(k)
	if err != nil {
		return nil, err
	}
	var changes []string
	var errs error
	began := k.monotonic()
	for _, id := range ids {
		if k.monotonic()-began > mixerLimit {
			return changes, errors.Join(errs, fmt.Errorf("setting levels: the card needs more than %v", mixerLimit))
		}
		name, _, _ := strings.Cut(string(id.name[:]), "\x00")
		name = string(bytes.ToValidUTF8([]byte(name), nil))
		change, err := setLevel(k, id, name, playback)
		if err != nil { // the others still count
			errs = errors.Join(errs, fmt.Errorf("setting %q: %w", name, err))
		}
		if change != "" {
			changes = append(changes, change)
		}
	}
	return changes, errs
}

func controls(k kernel) ([]elemID, error) {
	var list elemList
	if err := k.ioctl(ctlElemList, unsafe.Pointer(&list)); err != nil {
		return nil, fmt.Errorf("counting the mixer's controls: %w", err)
	}
	if list.count == 0 {
		return nil, nil
	}
	ids := make([]elemID, min(list.count, 4096))
	list = elemList{space: uint32(len(ids)), ids: &ids[0]}
	if err := k.ioctl(ctlElemList, unsafe.Pointer(&list)); err != nil {
		return nil, fmt.Errorf("listing the mixer's controls: %w", err)
	}
	return ids[:min(int(list.used), len(ids))], nil
}

func setLevel(k kernel, id elemID, name string, playback bool) (string, error) {
	if id.iface != ifaceMixer {
		return "", nil
	}
	info := elemInfo{id: elemID{number: id.number}}
	if err := k.ioctl(ctlElemInfo, unsafe.Pointer(&info)); err != nil {
		return "", err
	}
	if info.kind != typeBoolean && info.kind != typeInteger || info.access&accessWrite == 0 || info.access&accessInactive != 0 {
		return "", nil
	}
	isSwitch := info.kind == typeBoolean
	what := aimFor(name, isSwitch, playback)
	if what == aimLeave {
		return "", nil
	}
	var decibels scale
	if info.access&accessTLVRead != 0 {
		tlv := elemTLV{number: id.number, length: maxTLV * 4}
		if k.ioctl(ctlTLVRead, unsafe.Pointer(&tlv)) == nil { // otherwise its range has to do
			decibels = parseTLV(tlv.words[:]).over(info.least, info.most)
		}
	}
	want := level(what, info.least, info.most, decibels)

	value := elemValue{id: elemID{number: id.number}}
	if err := k.ioctl(ctlElemRead, unsafe.Pointer(&value)); err != nil {
		return "", err
	}
	values := value.value[:min(int(info.count), len(value.value))]
	before, changed := int64(0), false
	for i, v := range values {
		if v != want {
			before, changed = v, true
			values[i] = want
		}
	}
	if !changed {
		return "", nil
	}
	if err := k.ioctl(ctlElemWrite, unsafe.Pointer(&value)); err != nil {
		return "", err
	}
	change := fmt.Sprintf("%s: %d to %d", name, before, want)
	if db, ok := decibels.at(want); ok && !isSwitch {
		change += fmt.Sprintf(" (%.1f dB)", db)
	}
	return change, nil
}

// level is the value of a control, which has them from least to most.
func level(what aim, least, most int64, decibels scale) int64 {
	switch what {
	case aimOn:
		return 1
	case aimOff:
		return 0
	case aimSilenced:
		return least
	case aimLeave, aimFull, aimGain:
	}
	lowest, ok := decibels.at(least)
	highest, also := decibels.at(most)
	if !ok || !also || highest <= lowest {
		// Nothing is known of the range: a speaker near its end, a microphone with some room.
		share := 0.9
		if what == aimGain {
			share = 0.75
		}
		return least + int64(math.Round(float64(most-least)*share))
	}
	if what == aimGain && lowest > -3 { // amplification only
		return decibels.nearest((max(lowest, 0)+highest)/2, least, most)
	}
	return decibels.nearest(0, least, most)
}

// scale tells how many decibels the values of a control are; empty if nothing
// is known.
type scale []stretch

// stretch is a part of a scale: from value first to last, lowest to highest
// decibels, evenly in decibels or in amplitude, or step decibels a value.
type stretch struct {
	first, last     int64
	bounded         bool // first and last are the stretch's own, not the control's
	lowest, highest float64
	step            float64
	linear          bool
	muted           bool // the lowest value is silence
}

// Words of a TLV (tlv.h).
const (
	tlvContainer    = 0
	tlvScale        = 1
	tlvLinear       = 2
	tlvRange        = 3
	tlvMinMax       = 4
	tlvMinMaxMute   = 5
	tlvScaleMute    = 0x10000
	tlvScaleStep    = 0xffff
	tlvNesting      = 4 // containers in containers, at most
	silenceDecibels = -99_999.99
)

// parseTLV reads what the driver says of a control's decibels. What it does not
// know is left out.
func parseTLV(words []uint32) scale { return parseNested(words, tlvNesting) }

func parseNested(words []uint32, depth int) scale {
	if len(words) < 2 || depth == 0 {
		return nil
	}
	kind, length := words[0], int(min(words[1], 4*maxTLV))
	body := words[2:]
	if length%4 != 0 || length/4 > len(body) {
		return nil
	}
	body = body[:length/4]
	hundredths := func(word uint32) float64 { return float64(int32(word)) / 100 }
	switch kind {
	case tlvContainer:
		for len(body) >= 2 {
			size := 2 + int(min(body[1], 4*maxTLV)+3)/4
			if size > len(body) {
				return nil
			}
			if s := parseNested(body[:size], depth-1); s != nil {
				return s
			}
			body = body[size:]
		}
	case tlvScale:
		if len(body) >= 2 {
			return scale{{lowest: hundredths(body[0]), step: float64(body[1]&tlvScaleStep) / 100, muted: body[1]&tlvScaleMute != 0}}
		}
	case tlvLinear, tlvMinMax, tlvMinMaxMute:
		if len(body) >= 2 {
			return scale{{
				lowest: hundredths(body[0]), highest: hundredths(body[1]),
				linear: kind == tlvLinear, muted: kind == tlvMinMaxMute,
			}}
		}
	case tlvRange:
		var all scale
		for len(body) >= 4 {
			size := 4 + int(min(body[3], 4*maxTLV)+3)/4
			if size > len(body) {
				return nil
			}
			s := parseNested(body[2:size], depth-1)
			if len(s) != 1 || s[0].bounded {
				return nil
			}
			s[0].first, s[0].last, s[0].bounded = int64(int32(body[0])), int64(int32(body[1])), true
			all = append(all, s[0])
			body = body[size:]
		}
		return all
	}
	return nil
}

// over gives a scale the control's own range.
func (s scale) over(least, most int64) scale {
	if len(s) != 1 || s[0].bounded {
		return s
	}
	own := s[0]
	own.first, own.last, own.bounded = least, most, true
	return scale{own}
}

// at is the decibels of a value; false if they are not known.
func (s scale) at(value int64) (float64, bool) {
	for _, t := range s {
		if value < t.first || value > t.last {
			continue
		}
		if t.muted && value == t.first {
			return silenceDecibels, true
		}
		if t.step > 0 {
			return t.lowest + t.step*float64(value-t.first), true
		}
		part := 0.0
		if t.last > t.first {
			part = float64(value-t.first) / float64(t.last-t.first)
		}
		if t.linear {
			from, to := math.Pow(10, t.lowest/20), math.Pow(10, t.highest/20)
			return 20 * math.Log10(max(from+(to-from)*part, 1e-6)), true
		}
		return t.lowest + (t.highest-t.lowest)*part, true
	}
	return 0, false
}

// nearest is the value whose decibels are nearest to want; they rise with the values.
func (s scale) nearest(want float64, least, most int64) int64 {
	span := int(min(most-least, 1<<31))
	above := least + int64(sort.Search(span, func(i int) bool {
		db, _ := s.at(least + int64(i))
		return db >= want
	}))
	if above == least {
		return least
	}
	high, _ := s.at(above)
	if low, _ := s.at(above - 1); want-low < high-want {
		return above - 1
	}
	return above
}
