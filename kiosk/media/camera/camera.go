// Package camera opens the booth's camera and gives its pictures as H.264 or VP8.
//
// A camera is a mediadevices driver: a V4L2 device, or the simulated one,
// which paints a moving scene with a stamp (see package stamp). It is open from
// Open to Close and at no other time, and nothing is recorded. Which encoder makes
// H.264 of its pictures is chosen by what the kernel offers (see Machine). In
// place of a camera that is lost there is a card that says so (OpenCard).
//
// No camera has a goroutine of its own: who reads it waits in the kernel, and
// Close ends that. Sources: Linux' Documentation/userspace-api/media/v4l and
// drivers/uvc.
package camera

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pion/mediadevices/pkg/codec"
	"github.com/pion/mediadevices/pkg/driver"
	"github.com/pion/mediadevices/pkg/frame"
	"github.com/pion/mediadevices/pkg/io/video"

	"loiret.fr/visioborne/kiosk/media/h264"
	"loiret.fr/visioborne/kiosk/media/ladder"
	"loiret.fr/visioborne/kiosk/media/m2m"
	"loiret.fr/visioborne/kiosk/media/v4l2"
	"loiret.fr/visioborne/kiosk/media/vp8"
)

// Format is what is asked of a camera. One that cannot do it gives what is
// nearest. The zero value is 1280x720 at 30 pictures a second.
type Format struct {
	Width, Height int
	FrameRate     float32 // pictures a second
	Bitrate       int     // bits per second at the start; 0 means ladder.DefaultBitrate
	// Machine knows of encoders in hardware, and which camera was used last; nil for neither.
	Machine *Machine
	VP8     bool // encode with VP8 instead of H.264
}

// Camera is an open camera with its encoder.
type Camera struct {
	format  Format
	source  source
	encoder codec.ReadCloser
	mirror  *ladder.Mirror
	device  driver.Adapter
	closing atomic.Bool
	close   func() error
}

// source gives pictures and tells when the last one was captured.
type source interface {
	video.Reader
	capturedAt() time.Time
}

func (r *simulatedReader) capturedAt() time.Time { return r.captured }

// Any is the name of whatever camera the machine has. A camera that comes back
// under another number is found again.
const Any = ""

// Open opens the camera with that name: Simulated, Any, or a device's path.
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
	device, err := adapter(name, want.Machine)
	if err != nil {
		return nil, fmt.Errorf("opening camera %s: %w", name, err)
	}
	c, err := start(device, want)
	if err != nil {
		return nil, fmt.Errorf("opening camera %s: %w", name, err)
	}
	return c, nil
}

// adapter is the mediadevices driver of the camera with that name.
func adapter(name string, m *Machine) (driver.Adapter, error) {
	switch {
	case name == Simulated:
		return &simulated{}, nil
	case name == Any:
		return &device{open: func() (*v4l2.Device, error) {
			return m.openAny(slices.DeleteFunc(nodes(), func(path string) bool { return !mayBeCamera(path) }), v4l2.Open)
		}}, nil
	case !strings.HasPrefix(name, "/"):
		return nil, errors.New("it is neither \"simulated\" nor the path of a device, such as /dev/video0")
	}
	return &device{open: func() (*v4l2.Device, error) { return v4l2.Open(name) }}, nil
}

// start opens the device and puts an encoder behind it.
func start(from driver.Adapter, want Format) (*Camera, error) {
	recorder, ok := from.(driver.VideoRecorder)
	if !ok {
		return nil, errors.New("its driver gives no pictures")
	}
	if err := from.Open(); err != nil {
		return nil, explain(err)
	}
	c := &Camera{device: from}
	c.close = sync.OnceValue(c.shut)
	if err := c.record(recorder, want); err != nil {
		_ = c.Close() // the first error says more
		return nil, explain(err)
	}
	return c, nil
}

// record chooses what to ask of the camera, starts it, and builds the encoder that fits.
func (c *Camera) record(recorder driver.VideoRecorder, want Format) error {
	found, hardware := want.Machine.encoder()
	if want.VP8 { // which no hardware makes
		found, hardware = m2m.Found{}, false
	}
	own := false
	var taken []frame.Format
	if d, ok := recorder.(*device); ok {
		own = !hardware && !want.VP8 && encodes(d.node)
		names := pixels()
		for _, pixel := range found.Takes {
			taken = append(taken, names[pixel])
		}
	}
	p, err := choose(c.device.Properties(), want, own, taken...)
	if err != nil {
		return err
	}
	source, err := recorder.VideoRecord(p)
	if err != nil {
		return err
	}
	var ok bool
	if c.source, ok = source.(interface {
		video.Reader
		capturedAt() time.Time
	}); !ok {
		return errors.New("its driver does not tell when a picture was captured")
	}
	c.mirror = h264.NewMirror()
	params := h264.Params{Bitrate: want.Bitrate, Mirror: c.mirror}
	using := Encoder{software, NoHardware}
	if want.VP8 {
		using = Encoder{"libvpx", FarEndVP8}
	}
	if hardware {
		params.Hardware = &h264.Hardware{Open: func(s m2m.Settings) (*m2m.Encoder, error) { return m2m.Open(found.Path, s) }}
		using = Encoder{found.Name, Hardware}
	}
	if r, ok := source.(*reader); ok {
		p.Width, p.Height = r.format.Width, r.format.Height
		if hardware && v4l2.Raw(r.format.Pixel) {
			params.Hardware.Source = r.format
		}
		if r.format.Pixel == v4l2.H264 {
			e := &ownEncoder{source: r}
			e.prepare(cmp.Or(want.Bitrate, ladder.DefaultBitrate))
			c.encoder, using = e, Encoder{"H.264", CameraH264}
		}
	}
	c.format = Format{Width: p.Width, Height: p.Height, FrameRate: p.FrameRate, Bitrate: want.Bitrate, VP8: want.VP8}
	if m := want.Machine; m != nil {
		m.use(using)
		if hardware {
			running := false
			params.Hardware.Failed = func(err error) { m.failed(err, running) }
			defer func() { running = true }()
		}
	}
	switch {
	case c.encoder != nil:
	case want.VP8:
		c.encoder, err = vp8.Params{Bitrate: want.Bitrate, Mirror: c.mirror}.BuildVideoEncoder(c.source, p)
	default:
		c.encoder, err = params.BuildVideoEncoder(c.source, p)
	}
	return err
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

// Mirror is the last picture as the booth's own page shows it: small, an H.264
// access unit whatever the encoder, valid until the next Read. It is empty where an
// encoder in hardware or the camera's own makes the pictures; that page gets those then.
func (c *Camera) Mirror() []byte { return c.mirror.Unit() }

// ForceMirrorKeyFrame makes the mirror's next picture a key frame, and tells whether it has pictures.
func (c *Camera) ForceMirrorKeyFrame() bool { return c.mirror.ForceKeyFrame() }

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
	var err error
	if c.encoder != nil { // first: it may be reading the device's memory
		err = c.encoder.Close()
	}
	if err = errors.Join(err, c.device.Close()); err != nil {
		return fmt.Errorf("closing the camera: %w", err)
	}
	return nil
}
