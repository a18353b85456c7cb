package m2m

import (
	"bytes"
	"image"
	"os"
	"testing"

	"loiret.fr/visioborne/kiosk/media/v4l2"
)

// TestDeviceVicodec drives the kernel's simulated encoder, whose coded format is FWHT: sizes as the ladder has
// them, key frames where they are asked for, a picture in and a picture out.
func TestDeviceVicodec(t *testing.T) {
	if os.Getenv("VISIOBORNE_DEVICE_TEST") == "" {
		t.Skip("runs in the test machine, with the kernel's simulated devices")
	}
	found, err := Find(v4l2.FWHT)
	if err != nil {
		t.Error(err)
	}
	if found.Path == "" {
		t.Skip("the machine has no vicodec")
	}
	t.Logf("%+v", found)
	if h264, err := Find(v4l2.H264); err != nil || h264.Path != "" {
		t.Errorf("an encoder for H.264: %+v, %v", h264, err)
	}
	for _, size := range []image.Point{{1280, 720}, {960, 540}, {640, 360}} {
		e, err := Open(found.Path, Settings{Size: size, FrameRate: 30, Bitrate: 1_000_000, Coded: v4l2.FWHT})
		if err != nil {
			t.Fatal(err)
		}
		format, _ := e.Input()
		t.Logf("%v: %+v", size, format)
		p := picture(size)
		var last []byte
		allocated := testing.AllocsPerRun(20, func() {
			unit, _, err := e.Encode(p, 0, false, nil)
			if err != nil {
				t.Fatal(err)
			}
			last = append(last[:0], unit...)
		})
		// struct fwht_cframe_hdr: two magic words, version, width, height, big endian.
		if len(last) < 20 || !bytes.Equal(last[:4], []byte{0x4f, 0x4f, 0x4f, 0x4f}) ||
			int(last[14])<<8|int(last[15]) != size.X || int(last[18])<<8|int(last[19]) != size.Y {
			t.Errorf("%v: % x", size, last[:min(len(last), 24)])
		}
		t.Logf("%v allocations a picture, %d bytes", allocated, len(last))
		if allocated > 0 {
			t.Errorf("%v allocations a picture", allocated)
		}
		if _, _, err := e.Encode(p, 0, true, nil); err != nil {
			t.Error(err)
		}
		if err := e.SetRate(500_000, 20); err != nil {
			t.Error(err)
		}
		e.Close()
	}
}
