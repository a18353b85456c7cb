package camera

import (
	"bytes"
	"testing"
	"time"

	"github.com/pion/mediadevices/pkg/driver"

	"loiret.fr/visioborne/kiosk/media/m2m"
	"loiret.fr/visioborne/kiosk/media/v4l2"
	"loiret.fr/visioborne/kiosk/media/v4l2/v4l2test"
)

// BenchmarkPathAt30 is the way of 720p pictures from the camera to the access unit,
// 30 a second as in a call, by what encodes them; CPU time is to be measured from
// outside. Hardware has no place here: what encodes there is no processor.
func BenchmarkPathAt30(b *testing.B) {
	hd := Format{Width: 1280, Height: 720, FrameRate: 30, Bitrate: 1_400_000}
	b.Run("openh264", func(b *testing.B) { pathAt30(b, &simulated{}, hd, nil) })
	vp8 := hd
	vp8.VP8 = true
	b.Run("vp8", func(b *testing.B) { pathAt30(b, &simulated{}, vp8, nil) })
	b.Run("own", func(b *testing.B) {
		d := &v4l2test.Device{
			Name: "HD Webcam C930e", Bus: "usb-0000:01:00.0-1.2", Memory: &v4l2test.Memory{},
			Controls: map[uint32]*v4l2test.Control{
				v4l2.Bitrate: v4l2test.Between(100_000, 5_000_000, 1), v4l2.ForceKeyFrame: v4l2test.Between(0, 0, 0),
			},
			Gives: []v4l2test.Format{{Pixel: v4l2.H264, Sizes: [][2]int{{1280, 720}}, Rates: []float64{30}}},
		}
		own := hd
		own.Machine = newMachine(m2m.Found{})
		start := []byte("\x00\x00\x00\x01\x67\x42\x00\x00\x00\x01\x68\x01\x00\x00\x01\x65")
		unit := append(start, bytes.Repeat([]byte{0x55}, own.Bitrate/8/30)...)
		pathAt30(b, &device{open: d.TryOpen}, own, func() { d.Deliver(unit, 0) })
	})
}

func pathAt30(b *testing.B, from driver.Adapter, f Format, deliver func()) {
	c, err := start(from, f)
	if err != nil {
		b.Fatal(err)
	}
	defer c.Close()
	pace := time.NewTicker(time.Second / 30)
	defer pace.Stop()
	for b.Loop() {
		if deliver != nil {
			<-pace.C
			deliver()
		}
		if _, _, err := c.Read(); err != nil {
			b.Fatal(err)
		}
	}
}
