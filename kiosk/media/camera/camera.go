// Package camera opens the booth's camera and gives its pictures as H.264 or VP8.
//
// A camera is a mediadevices driver: a V4L2 device, or the simulated one,
// which paints a moving scene with a stamp (see package stamp). It is open from
// Open to Close and at no other time, and nothing is recorded. A simulated
// camera has no goroutine; a device has one, which ends in Close.
package camera

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pion/mediadevices/pkg/codec"
	"github.com/pion/mediadevices/pkg/driver"
	"github.com/pion/mediadevices/pkg/io/video"

	"loiret.fr/visioborne/kiosk/media/h264"
	"loiret.fr/visioborne/kiosk/media/vp8"
)

// Format is what is asked of a camera. One that cannot do it gives what is
// nearest. The zero value is 1280x720 at 30 pictures a second.
type Format struct {
	Width, Height int
	FrameRate     float32 // pictures a second
	Bitrate       int     // bits per second at the start; 0 means ladder.DefaultBitrate
	VP8           bool    // encode with VP8 instead of H.264
}

// Camera is an open camera with its encoder.
type Camera struct {
	format  Format
	source  source
	encoder codec.ReadCloser
	device  driver.Adapter
	pump    *pump // nil for the simulated camera
	closing atomic.Bool
	close   func() error
}

// source gives pictures and tells when the last one was captured.
type source interface {
	video.Reader
	capturedAt() time.Time
}

func (r *simulatedReader) capturedAt() time.Time { return r.captured }

// Open opens the camera with that name: "simulated", or a device's path.
func Open(name string, want Format) (*Camera, error) {
	if want.Width == 0 && want.Height == 0 {
		want.Width, want.Height = 1280, 720
	}
	if want.FrameRate == 0 {
		want.FrameRate = 30
	}
	if want.Width < 160 || want.Height < 90 || want.FrameRate < 1 || want.FrameRate > 60 {
		return nil, fmt.Errorf("opening camera %s: %dx%d at %g pictures a second is out of range; ask for 160x90 or more at 1 to 60 a second",
			name, want.Width, want.Height, want.FrameRate)
	}
	c, err := open(name, want)
	if err != nil {
		return nil, fmt.Errorf("opening camera %s: %w", name, err)
	}
	return c, nil
}

func open(name string, want Format) (*Camera, error) {
	if name == Simulated {
		return start(&simulated{}, want)
	}
	if !strings.HasPrefix(name, "/") {
		return nil, errors.New("it is neither \"simulated\" nor the path of a device, such as /dev/video0")
	}
	device, err := find(name)
	if err != nil {
		return nil, err
	}
	return start(device, want)
}

// start opens the device and puts an encoder behind it.
func start(device driver.Adapter, want Format) (*Camera, error) {
	recorder, ok := device.(driver.VideoRecorder)
	if !ok {
		return nil, errors.New("its driver gives no pictures")
	}
	if err := device.Open(); err != nil {
		return nil, explain(err)
	}
	p, err := choose(device.Properties(), want)
	if err != nil {
		_ = device.Close() // the first error says more
		return nil, err
	}
	// A reader that was held up gets a fresh picture, not the queue.
	p.DiscardFramesOlderThan = 150 * time.Millisecond
	reader, err := recorder.VideoRecord(p)
	if err != nil {
		_ = device.Close() // mediadevices has closed it already
		return nil, explain(err)
	}
	c := &Camera{device: device, format: Format{p.Width, p.Height, p.FrameRate, want.Bitrate, want.VP8}}
	if c.source, ok = reader.(source); !ok {
		c.pump = newPump(reader)
		c.source = c.pump
	}
	c.close = sync.OnceValue(c.shut)
	c.encoder, err = builder(want).BuildVideoEncoder(c.source, p)
	if err != nil {
		_ = c.Close() // the first error says more
		return nil, err
	}
	return c, nil
}

func builder(f Format) codec.VideoEncoderBuilder {
	if f.VP8 {
		return vp8.Params{Bitrate: f.Bitrate}
	}
	return h264.Params{Bitrate: f.Bitrate}
}

// Format is what the camera really gives; the encoder may send it smaller.
func (c *Camera) Format() Format { return c.format }

// Read waits for the next picture and returns it as an access unit in Annex B
// format or as a VP8 frame, valid until the next Read, with the time of its
// capture. After Close it returns io.EOF. One goroutine may read.
func (c *Camera) Read() (encoded []byte, captured time.Time, err error) {
	unit, _, err := c.encoder.Read()
	switch {
	case err == nil:
		return unit, c.source.capturedAt(), nil
	case c.closing.Load(), errors.Is(err, io.EOF):
		return nil, time.Time{}, io.EOF
	default:
		return nil, time.Time{}, fmt.Errorf("reading the camera: %w", explain(err))
	}
}

// SetBitrate changes the encoder's target from the next picture on.
func (c *Camera) SetBitrate(bitsPerSecond int) error {
	return c.encoder.Controller().(codec.BitRateController).SetBitRate(bitsPerSecond)
}

// ForceKeyFrame makes the next picture a key frame.
func (c *Camera) ForceKeyFrame() error {
	return c.encoder.Controller().(codec.KeyFrameController).ForceKeyFrame()
}

// Close closes the device and ends a Read in progress.
func (c *Camera) Close() error { return c.close() }

func (c *Camera) shut() error {
	c.closing.Store(true)
	if c.pump != nil {
		close(c.pump.stop)
	}
	err := c.device.Close()
	if c.pump != nil {
		<-c.pump.done
	}
	if c.encoder != nil {
		err = errors.Join(err, c.encoder.Close())
	}
	if err != nil {
		return fmt.Errorf("closing the camera: %w", err)
	}
	return nil
}
