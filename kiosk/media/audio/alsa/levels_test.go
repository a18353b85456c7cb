package alsa

import (
	"math"
	"slices"
	"syscall"
	"testing"
	"time"
	"unsafe"
)

type control struct {
	name        string
	kind        int32
	least, most int64
	count       int
	value       int64
	tlv         []uint32
	access      uint32
}

// fakeMixer is a card's mixer behind the ioctls.
type fakeMixer struct {
	controls []control
	slow     time.Duration // for each question
	now      time.Duration
}

func (f *fakeMixer) ioctl(request uintptr, argument unsafe.Pointer) error {
	f.now += f.slow
	find := func(number uint32) *control {
		if number < 1 || int(number) > len(f.controls) {
			return nil
		}
		return &f.controls[number-1]
	}
	switch request {
	case ctlElemList:
		list := (*elemList)(argument)
		list.count = uint32(len(f.controls))
		if list.space == 0 {
			return nil
		}
		ids := unsafe.Slice(list.ids, list.space)
		for i, c := range f.controls {
			ids[i] = elemID{number: uint32(i + 1), iface: ifaceMixer}
			copy(ids[i].name[:], c.name)
			list.used++
		}
	case ctlElemInfo:
		info := (*elemInfo)(argument)
		c := find(info.id.number)
		if c == nil {
			return syscall.ENOENT
		}
		info.kind, info.access, info.count, info.least, info.most = c.kind, c.access, uint32(c.count), c.least, c.most
		if c.tlv != nil {
			info.access |= accessTLVRead
		}
	case ctlElemRead, ctlElemWrite:
		v := (*elemValue)(argument)
		c := find(v.id.number)
		if request == ctlElemWrite {
			if c.access&accessWrite == 0 {
				return syscall.EPERM
			}
			c.value = v.value[0]
		}
		for i := range c.count {
			v.value[i] = c.value
		}
	case ctlTLVRead:
		tlv := (*elemTLV)(argument)
		copy(tlv.words[:], find(tlv.number).tlv)
	default:
		return syscall.ENOTTY
	}
	return nil
}
func (*fakeMixer) wait(func() bool, time.Duration) error { return nil }
func (f *fakeMixer) monotonic() time.Duration            { return f.now }
func (*fakeMixer) close() error                          { return nil }

func dB(v float64) uint32 { return uint32(int32(math.Round(v * 100))) }

func TestLevels(t *testing.T) {
	onOff := func(name string, value int64) control {
		return control{name: name, kind: typeBoolean, most: 1, count: 1, value: value, access: accessWrite}
	}
	volume := func(name string, least, most, value int64, tlv ...uint32) control {
		return control{name: name, kind: typeInteger, least: least, most: most, count: 2, value: value, tlv: tlv, access: accessWrite}
	}
	speakerphone := []control{
		onOff("PCM Playback Switch", 0),
		volume("PCM Playback Volume", 0, 11, 3, tlvMinMaxMute, 8, dB(-40), dB(4)),
		onOff("Mic Capture Switch", 0),
		volume("Mic Capture Volume", 0, 30, 30, tlvMinMax, 8, dB(0), dB(30)),
		onOff("Auto Gain Control", 1),
		onOff("Mic Playback Switch", 1),
		volume("Mic Playback Volume", 0, 100, 77),
	}
	readOnly := onOff("Speaker Playback Switch", 0)
	readOnly.access = 0
	for _, c := range []struct {
		name     string
		playback bool
		controls []control
		want     []int64
		changes  []string
	}{
		{"a speakerphone's speaker", true, speakerphone, []int64{1, 10, 0, 30, 1, 0, 0}, []string{
			"PCM Playback Switch: 0 to 1", "PCM Playback Volume: 3 to 10 (0.0 dB)",
			"Mic Playback Switch: 1 to 0", "Mic Playback Volume: 77 to 0",
		}},
		{"its microphone", false, speakerphone, []int64{0, 3, 1, 15, 0, 0, 0}, []string{
			"Mic Capture Switch: 0 to 1", "Mic Capture Volume: 30 to 15 (15.0 dB)", "Auto Gain Control: 1 to 0",
			"Mic Playback Switch: 1 to 0", "Mic Playback Volume: 77 to 0",
		}},
		{"a board's speaker", true, []control{
			volume("Headphone Playback Volume", -10239, 400, -2000, tlvScale, 8, dB(-102.39), 1),
			volume("Master Playback Volume", 0, 50, 0),
			volume("Speaker Volume", 0, 31, 31, tlvMinMax, 8, dB(-31), dB(0)),
			volume("Beep Playback Volume", 0, 5, 2),
			readOnly,
			{name: "PCM Playback Source", kind: 3, most: 1, count: 1, value: 1, access: accessWrite},
		}, []int64{0, 45, 31, 2, 0, 1}, []string{"Headphone Playback Volume: -2000 to 0 (0.0 dB)", "Master Playback Volume: 0 to 45"}},
		{"a microphone of unknown gain, and one with some below", false, []control{
			volume("Mic Capture Volume", 0, 100, 0),
			volume("Capture Volume", 0, 63, 0, tlvScale, 8, dB(-12), 75),
			volume("Headset Capture Volume", 5, 5, 5),
		}, []int64{75, 16, 5}, []string{"Mic Capture Volume: 0 to 75", "Capture Volume: 0 to 16 (0.0 dB)"}},
		{"none", true, nil, nil, nil},
	} {
		mixer := &fakeMixer{controls: slices.Clone(c.controls)}
		changes, err := setLevels(mixer, c.playback)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
		var got []int64
		for _, x := range mixer.controls {
			got = append(got, x.value)
		}
		if !slices.Equal(got, c.want) || !slices.Equal(changes, c.changes) {
			t.Errorf("%s: %d\n%q", c.name, got, changes)
		}
		if again, err := setLevels(mixer, c.playback); err != nil || again != nil {
			t.Errorf("%s: done twice: %q, %v", c.name, again, err)
		}
	}
}

func TestASlowMixer(t *testing.T) {
	mixer := &fakeMixer{slow: 300 * time.Millisecond}
	for range 20 {
		mixer.controls = append(mixer.controls, control{name: "Speaker Playback Switch", kind: typeBoolean, most: 1, count: 1, access: accessWrite})
	}
	changes, err := setLevels(mixer, true)
	if err == nil || err.Error() != "setting levels: the card needs more than 1s" || len(changes) != 2 || mixer.now > 3*time.Second {
		t.Errorf("%q, %v after %v", changes, err, mixer.now)
	}
}

func TestTLV(t *testing.T) {
	linear := []uint32{tlvLinear, 8, dB(-20), dB(20)}
	ranges := []uint32{
		tlvRange, 2 * 24, 0, 9, tlvScale, 8, dB(-50), 300, 10, 20, tlvMinMax, 8, dB(-20), dB(0),
	}
	for _, c := range []struct {
		name        string
		words       []uint32
		least, most int64
		value       int64
		want        float64
		known       bool
	}{
		{"a scale", []uint32{tlvScale, 8, dB(-30), 150}, 0, 20, 20, 0, true},
		{"a scale that begins elsewhere", []uint32{tlvScale, 8, dB(-30), 150}, 5, 20, 6, -28.5, true},
		{"its silence", []uint32{tlvScale, 8, dB(-30), 150 | tlvScaleMute}, 0, 20, 0, silenceDecibels, true},
		{"linear", linear, 0, 100, 100, 20, true},
		{"linear, in the middle", linear, 0, 100, 50, 20 * math.Log10(5.05), true},
		{"a range's first part", ranges, 0, 20, 9, -23, true},
		{"its second", ranges, 0, 20, 15, -10, true},
		{"outside of it", ranges, 0, 30, 25, 0, false},
		{"in a container", append([]uint32{tlvContainer, 24, 0x101, 4, 7}, linear[:3]...), 0, 1, 0, 0, false},
		{"in a whole container", append([]uint32{tlvContainer, 28, 0x101, 4, 7}, linear...), 0, 1, 0, -20, true},
		{"too short", []uint32{tlvScale, 4, 1}, 0, 1, 0, 0, false},
		{"longer than it is", []uint32{tlvScale, 0xffffffff, 1, 2}, 0, 1, 0, 0, false},
		{"nothing", nil, 0, 1, 0, 0, false},
	} {
		got, known := parseTLV(c.words).over(c.least, c.most).at(c.value)
		if known != c.known || math.Abs(got-c.want) > 0.01 {
			t.Errorf("%s: %.2f, %v", c.name, got, known)
		}
	}
}

func FuzzTLV(f *testing.F) {
	add := func(words ...uint32) {
		var b []byte
		for _, w := range words {
			b = append(b, byte(w), byte(w>>8), byte(w>>16), byte(w>>24))
		}
		f.Add(b, int64(0), int64(20))
	}
	add(tlvScale, 8, dB(-30), 150)
	add(tlvContainer, 28, 0x101, 4, 7, tlvLinear, 8, 0, 100)
	add(tlvRange, 48, 0, 9, tlvScale, 8, dB(-50), 300, 10, 20, tlvMinMax, 8, dB(-20), dB(0))
	f.Fuzz(func(t *testing.T, b []byte, least, most int64) {
		words := make([]uint32, len(b)/4)
		for i := range words {
			words[i] = uint32(b[4*i]) | uint32(b[4*i+1])<<8 | uint32(b[4*i+2])<<16 | uint32(b[4*i+3])<<24
		}
		s := parseTLV(words).over(least, most)
		for _, a := range []aim{aimFull, aimGain} {
			if most < least || most-least < 0 {
				continue
			}
			if v := level(a, least, most, s); v < least || v > most {
				t.Errorf("%d is not from %d to %d", v, least, most)
			}
		}
	})
}
