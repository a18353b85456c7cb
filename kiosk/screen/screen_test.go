package screen

import (
	"image"
	"image/color"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"
)

func device(key, rel, abs, dev string) fstest.MapFS {
	return fstest.MapFS{
		"device/capabilities/key": {Data: []byte(key + "\n")},
		"device/capabilities/rel": {Data: []byte(rel + "\n")},
		"device/capabilities/abs": {Data: []byte(abs + "\n")},
		"dev":                     {Data: []byte(dev + "\n")},
	}
}

// sysfs puts devices together; their capabilities are as real ones tell them.
func sysfs(devices map[string]fstest.MapFS) fs.FS {
	all := fstest.MapFS{}
	for name, d := range devices {
		for file, content := range d {
			all[name+"/"+file] = content
		}
	}
	return all
}

func TestFindInputs(t *testing.T) {
	sys := sysfs(map[string]fstest.MapFS{
		"event0":  device("10000000000000 0", "0", "0", "13:64"),                                                  // a power button
		"event1":  device("1f0000 0 0 0 0", "0", "3", "13:65"),                                                    // QEMU's USB tablet
		"event2":  device("400 0 0 0 0 0", "0", "260800000000003", "13:66"),                                       // a multitouch panel
		"event3":  device("1000000000007 ff9f207ac14057ff febeffdfffefffff fffffffffffffffe", "0", "0", "13:67"),  // a keyboard
		"event10": device("ff0000 0 0 0 0", "903", "0", "13:74"),                                                  // a mouse
		"event11": device("1f0000 0 7 ff9f207ac14057ff febeffdfffefffff fffffffffffffffe", "903", "1ff", "13:75"), // a keyboard with a touchpad
		"mouse0":  device("ff0000 0 0 0 0", "3", "0", "13:32"),
	})
	got, err := findInputs(sys)
	if err != nil {
		t.Fatal(err)
	}
	want := []input{
		{"event1", 13, 65, "tablet"},
		{"event10", 13, 74, "mouse"},
		{"event2", 13, 66, "touchscreen"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got, err := findInputs(fstest.MapFS{}); err != nil || len(got) != 0 {
		t.Errorf("without a device: %v, %v", got, err)
	}
}

func TestXorgConf(t *testing.T) {
	conf := xorgConf([]input{{"event1", 13, 65, "tablet"}}, false, 0)
	for _, want := range []string{`Driver "fbdev"`, `Option "Device" "/dev/input/event1"`, `InputDevice "event1" "CorePointer"`, `Option "AutoAddDevices" "false"`} {
		if !strings.Contains(conf, want) {
			t.Errorf("it lacks %s:\n%s", want, conf)
		}
	}
	if conf := xorgConf(nil, true, 0); !strings.Contains(conf, `Driver "modesetting"`) || strings.Contains(conf, "InputDevice") {
		t.Errorf("with a card and no input:\n%s", conf)
	}
}

func TestPauseAfter(t *testing.T) {
	for failures, want := range []time.Duration{0, time.Second, 2 * time.Second, 4 * time.Second, 8 * time.Second, 16 * time.Second, 30 * time.Second, 30 * time.Second} {
		if got := pauseAfter(failures); got != want {
			t.Errorf("after %d failures: %v, want %v", failures, got, want)
		}
	}
	if got := pauseAfter(1000); got != maxBackOff {
		t.Errorf("after many failures: %v", got)
	}
}

func TestPaint(t *testing.T) {
	w := Words{Title: "Cette borne redémarre", Lines: []string{"Merci de patienter.", "Prévenez l’accueil."}}
	for _, size := range []image.Point{{800, 480}, {1280, 800}, {1080, 1920}} {
		p, err := paint(w, size)
		if err != nil {
			t.Fatal(err)
		}
		written := image.Rectangle{}
		for y := range size.Y {
			for x := range size.X {
				if p.RGBAAt(x, y) != paper {
					written = written.Union(image.Rect(x, y, x+1, y+1))
				}
			}
		}
		if written.Dx() < size.X/4 || !written.In(image.Rectangle{Max: size}.Inset(2)) {
			t.Errorf("at %v the words fill %v", size, written)
		}
	}
}

func TestPixels(t *testing.T) {
	p := image.NewRGBA(image.Rect(0, 0, 2, 1))
	p.SetRGBA(0, 0, color.RGBA{0xff, 0x80, 0x08, 0xff})
	p.SetRGBA(1, 0, color.RGBA{0, 0, 0xff, 0xff})
	xrgb := fbVarScreeninfo{BitsPerPixel: 32, Red: fbBitfield{Offset: 16, Length: 8}, Green: fbBitfield{Offset: 8, Length: 8}, Blue: fbBitfield{Length: 8}}
	if diff := cmp.Diff([]byte{0x08, 0x80, 0xff, 0, 0xff, 0, 0, 0, 0, 0, 0, 0}, pixels(p, xrgb, 12)); diff != "" {
		t.Errorf("32 bits, lines of 12 bytes (-want +got):\n%s", diff)
	}
	rgb565 := fbVarScreeninfo{BitsPerPixel: 16, Red: fbBitfield{Offset: 11, Length: 5}, Green: fbBitfield{Offset: 5, Length: 6}, Blue: fbBitfield{Length: 5}}
	if diff := cmp.Diff([]byte{0x01, 0xfc, 0x1f, 0x00}, pixels(p, rgb565, 0)); diff != "" {
		t.Errorf("16 bits (-want +got):\n%s", diff)
	}
}

func TestBlankKeepsTheLatest(t *testing.T) {
	s := New(Options{}, nil)
	for range 5 { // nobody is there to switch it: it must not wait
		s.Blank(true)
		s.Blank(false)
	}
	<-s.changed
	if s.off.Load() {
		t.Error("the panel stays off although it was switched on last")
	}
	s.Blank(false)
	select {
	case <-s.changed:
		t.Error("a wish that changes nothing is told")
	default:
	}
}
