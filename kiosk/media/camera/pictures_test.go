package camera

import (
	"context"
	"errors"
	"image"
	"testing"
	"testing/synctest"
	"time"

	"loiret.fr/visioborne/kiosk/media/v4l2"
)

// TestPictures: what the camera sees, whatever its format, and the device is free as soon as nobody waits any more.
func TestPictures(t *testing.T) {
	for _, pixel := range []v4l2.PixelFormat{v4l2.YU12, v4l2.YUYV, v4l2.MJPG} {
		synctest.Test(t, func(t *testing.T) {
			d := webcam(pixel)
			p, err := startPictures(&device{open: d.TryOpen}, Format{Width: 640, Height: 480, FrameRate: 30})
			if err != nil {
				t.Fatal(err)
			}
			data := raw(pixel, 90)
			if pixel == v4l2.MJPG {
				data = photo(t, image.YCbCrSubsampleRatio422, 320, 240, 90)
			}
			d.Deliver(data, 0)
			picture, err := p.Picture(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if got := picture.YCbCrAt(100, 100).Y; got < 86 || got > 94 {
				t.Errorf("%v: shade 90 became %d", pixel, got)
			}
			ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
			defer cancel()
			if _, err := p.Picture(ctx); !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("without another picture: %v", err)
			}
			if err := p.Close(); err != nil {
				t.Error(err)
			}
			if d.IsOpen() {
				t.Error("the camera is still open")
			}
		})
	}
}
