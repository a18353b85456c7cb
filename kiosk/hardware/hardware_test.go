package hardware

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

func file(text string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(text)} }

// pi is a Raspberry Pi 4 with a rebuilt kernel, as its sysfs describes it.
func pi() fstest.MapFS {
	return fstest.MapFS{
		"proc/device-tree/model":                         file("Raspberry Pi 4 Model B Rev 1.4\x00"),
		"proc/sys/kernel/osrelease":                      file("6.12.47-v8\n"),
		"sys/class/video4linux/video0/name":              file("HD Webcam C615\n"),
		"sys/class/video4linux/video0/index":             file("0\n"),
		"sys/class/video4linux/video1/name":              file("HD Webcam C615\n"),
		"sys/class/video4linux/video1/index":             file("1\n"),
		"sys/class/video4linux/video10/name":             file("bcm2835-codec-decode\n"),
		"sys/class/video4linux/video11/name":             file("bcm2835-codec-encode\n"),
		"sys/class/video4linux/video31/name":             file("bcm2835-codec-encode_image\n"),
		"sys/class/sound/card1/id":                       file("Jabra\n"),
		"sys/class/sound/pcmC1D0c/pcm_class":             file("generic\n"),
		"sys/class/sound/pcmC1D0p/pcm_class":             file("generic\n"),
		"sys/class/drm/card0-HDMI-A-1/status":            file("connected\n"),
		"sys/class/drm/card0-HDMI-A-2/status":            file("disconnected\n"),
		"sys/class/input/event0/device/name":             file("ILITEK Touch\n"),
		"sys/class/input/event0/device/capabilities/abs": file("2608000 3\n"),
		"sys/class/input/event0/device/capabilities/rel": file("0\n"),
		"sys/class/input/event1/device/name":             file("A keyboard\n"),
		"sys/class/input/event1/device/capabilities/abs": file("0\n"),
		"sys/class/input/event1/device/capabilities/rel": file("0\n"),
		"sys/class/net/lo/type":                          file("772\n"),
		"sys/class/net/eth0/type":                        file("1\n"),
		"sys/class/net/eth0/carrier":                     file("1\n"),
		"sys/class/net/eth0/device/uevent":               file("DRIVER=bcmgenet\n"),
		"sys/class/net/veth1/type":                       file("1\n"),
		"sys/class/watchdog/watchdog0/identity":          file("Broadcom BCM2835 Watchdog timer\n"),
	}
}

func TestPrint(t *testing.T) {
	var b strings.Builder
	all, err := Print(&b, Find(pi()), "bcm2835-codec-encode", "hardware")
	if err != nil || !all {
		t.Errorf("something is missing: %v", err)
	}
	want := `ok      machine                Raspberry Pi 4 Model B Rev 1.4
ok      kernel                 6.12.47-v8
ok      camera                 HD Webcam C615 (/dev/video0)
ok      hardware encoder       bcm2835-codec-encode (/dev/video11)
ok      microphone             Jabra (/dev/snd/pcmC1D0c)
ok      speaker                Jabra (/dev/snd/pcmC1D0p)
ok      panel                  card0-HDMI-A-1
-       backlight              not found
ok      touchscreen or pointer ILITEK Touch
ok      wired network          eth0 (cable)
ok      watchdog               Broadcom BCM2835 Watchdog timer
-       I2C bus                not found
-       GPIO chip              not found
encoder: bcm2835-codec-encode (the machine's own; used as long as it works)
`
	if diff := cmp.Diff(want, b.String()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestMissing(t *testing.T) {
	var b strings.Builder
	all, err := Print(&b, Find(fstest.MapFS{}), "OpenH264", "no_hardware_encoder")
	if err != nil || all {
		t.Errorf("an empty machine has all it needs: %v", err)
	}
	if got := strings.Count(b.String(), "MISSING"); got != 6 {
		t.Errorf("%d parts are missing, want 6:\n%s", got, b.String())
	}
}
