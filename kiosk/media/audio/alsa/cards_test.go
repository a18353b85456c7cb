package alsa

import (
	"strings"
	"testing"
	"testing/fstest"
)

const (
	headphones   = " 0 [Headphones     ]: bcm2835_headpho - bcm2835 Headphones\n                      bcm2835 Headphones\n"
	hdmi         = " 1 [vc4hdmi0       ]: vc4-hdmi - vc4-hdmi-0\n                      vc4-hdmi-0\n"
	webcam       = " 2 [C920           ]: USB-Audio - HD Pro Webcam C920\n                      HD Pro Webcam C920 at usb-xhci-1, high speed\n"
	speakerphone = " 3 [USB            ]: USB-Audio - Jabra SPEAK 510 USB\n                      Jabra SPEAK 510 USB at usb-xhci-2, full speed\n"
	loopback     = " 4 [Loopback       ]: Loopback - Loopback\n                      Loopback 1\n"

	headphonesPCM   = "00-00: bcm2835 Headphones : bcm2835 Headphones : playback 8\n"
	hdmiPCM         = "01-00: MAI PCM i2s-hifi-0 : MAI PCM i2s-hifi-0 : playback 1\n"
	webcamPCM       = "02-00: USB Audio : USB Audio : capture 1\n"
	speakerphonePCM = "03-00: USB Audio : USB Audio : playback 1 : capture 1\n"
	loopbackPCM     = "04-00: Loopback PCM : Loopback PCM : playback 8 : capture 8\n04-01: Loopback PCM : Loopback PCM : playback 8 : capture 8\n"
)

func TestChoose(t *testing.T) {
	for _, c := range []struct {
		name, cards, pcm, usb string // usb: the cards' numbers
		microphone, speaker   string
	}{
		{
			"a speakerphone beside a webcam", headphones + hdmi + webcam + speakerphone,
			headphonesPCM + hdmiPCM + webcamPCM + speakerphonePCM, "23", "/dev/snd/pcmC3D0c", "/dev/snd/pcmC3D0p",
		},
		{"a webcam only", headphones + hdmi + webcam, headphonesPCM + hdmiPCM + webcamPCM, "2", "/dev/snd/pcmC2D0c", "/dev/snd/pcmC0D0p"},
		{"a screen only", hdmi, hdmiPCM, "", "", "/dev/snd/pcmC1D0p"},
		{"a loop rather than nothing", hdmi + loopback, hdmiPCM + loopbackPCM, "", "/dev/snd/pcmC4D0c", "/dev/snd/pcmC1D0p"},
		{
			"a speakerphone that came back with another number", strings.ReplaceAll(speakerphone, " 3 [", "12 [") + webcam,
			strings.ReplaceAll(speakerphonePCM, "03-", "12-") + webcamPCM, "2", "/dev/snd/pcmC12D0c", "/dev/snd/pcmC12D0p",
		},
		{
			"two ways on the board, one by USB",
			" 0 [PCH            ]: HDA-Intel - HDA Intel PCH\n 1 [Mic            ]: USB-Audio - Mic\n",
			"00-00: ALC : ALC : playback 1 : capture 1\n00-02: ALC alt : ALC alt : capture 1\n01-00: USB Audio : USB Audio : capture 1\n", "1",
			"/dev/snd/pcmC0D0c", "/dev/snd/pcmC0D0p",
		},
		{
			"the first device may be another", " 0 [NVidia         ]: HDA-Intel - HDA NVidia\n",
			"00-07: HDMI 1 : HDMI 1 : playback 1\n00-03: HDMI 0 : HDMI 0 : playback 1\n", "", "", "/dev/snd/pcmC0D3p",
		},
		{"no cards", "--- no soundcards ---\n", "", "", "", ""},
	} {
		proc := fstest.MapFS{"cards": {Data: []byte(c.cards)}, "pcm": {Data: []byte(c.pcm)}}
		for _, n := range c.usb {
			proc["card"+string(n)+"/usbid"] = &fstest.MapFile{Data: []byte("0b0e:0412\n")}
		}
		if microphone, speaker := Choose(proc); microphone != c.microphone || speaker != c.speaker {
			t.Errorf("%s: %q and %q, want %q and %q", c.name, microphone, speaker, c.microphone, c.speaker)
		}
	}
	both := fstest.MapFS{"cards": {Data: []byte(headphones + speakerphone)}, "pcm": {Data: []byte(headphonesPCM + speakerphonePCM)}}
	for _, c := range []struct {
		taken               string
		microphone, speaker string
	}{
		{"/dev/snd/pcmC3D0p", "", "/dev/snd/pcmC0D0p"}, // all of the card
		{"/dev/snd/pcmC30D0p", "/dev/snd/pcmC3D0c", "/dev/snd/pcmC3D0p"},
		{"simulated", "/dev/snd/pcmC3D0c", "/dev/snd/pcmC3D0p"},
		{"", "/dev/snd/pcmC3D0c", "/dev/snd/pcmC3D0p"},
	} {
		if microphone, speaker := Choose(both, c.taken); microphone != c.microphone || speaker != c.speaker {
			t.Errorf("%q is taken: %q and %q, want %q and %q", c.taken, microphone, speaker, c.microphone, c.speaker)
		}
	}
	if microphone, speaker := Choose(fstest.MapFS{}); microphone != "" || speaker != "" {
		t.Errorf("a kernel without sound: %q and %q", microphone, speaker)
	}
}

func FuzzChoose(f *testing.F) {
	f.Add(headphones+hdmi+webcam+speakerphone+loopback, headphonesPCM+hdmiPCM+webcamPCM+speakerphonePCM+loopbackPCM)
	f.Fuzz(func(t *testing.T, cards, pcm string) {
		microphone, speaker := Choose(fstest.MapFS{"cards": {Data: []byte(cards)}, "pcm": {Data: []byte(pcm)}})
		if microphone != "" && !strings.HasPrefix(microphone, "/dev/snd/pcmC") || speaker != "" && !strings.HasSuffix(speaker, "p") {
			t.Errorf("%q and %q", microphone, speaker)
		}
	})
}
