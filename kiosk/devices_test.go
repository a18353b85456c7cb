package main

import (
	"testing"
	"testing/fstest"

	"loiret.fr/visioborne/config"
)

// What the site names stays; what it leaves to the booth is looked for each time.
func TestChosenDevices(t *testing.T) {
	none := fstest.MapFS{}
	plugged := fstest.MapFS{
		"cards": {Data: []byte(" 2 [Camera         ]: USB-Audio - Camera\n 5 [Speakerphone   ]: USB-Audio - Speakerphone\n")},
		"pcm":   {Data: []byte("02-00: USB Audio : USB Audio : capture 1\n05-00: USB Audio : USB Audio : playback 1 : capture 1\n")},
	}
	own := config.Devices{Camera: "/dev/video3", Microphone: "/dev/snd/pcmC9D0c", Speaker: config.Simulated}
	for _, c := range []struct {
		name  string
		names config.Devices
		proc  fstest.MapFS
		want  config.Devices
	}{
		{"nothing is plugged in", config.Devices{}, none, config.Devices{Microphone: "/dev/snd/pcmC0D0c", Speaker: "/dev/snd/pcmC0D0p"}},
		{"a speakerphone", config.Devices{}, plugged, config.Devices{Microphone: "/dev/snd/pcmC5D0c", Speaker: "/dev/snd/pcmC5D0p"}},
		{"the site's own", own, plugged, own},
		{
			"a simulated microphone",
			config.Devices{Microphone: config.Simulated},
			plugged,
			config.Devices{Microphone: config.Simulated, Speaker: "/dev/snd/pcmC5D0p"},
		},
	} {
		if got := chosen(c.names, c.proc); got != c.want {
			t.Errorf("%s: %+v", c.name, got)
		}
	}
}
