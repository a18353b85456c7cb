package camera

import (
	"errors"
	"fmt"
	"image"
	"io"
	"math"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/pion/mediadevices/pkg/driver"
	"github.com/pion/mediadevices/pkg/frame"
	"github.com/pion/mediadevices/pkg/io/video"
	"github.com/pion/mediadevices/pkg/prop"
	"golang.org/x/sys/unix"

	"loiret.fr/visioborne/kiosk/media/mjpeg"
	"loiret.fr/visioborne/kiosk/media/v4l2"
)

const (
	// buffers is how many pictures the driver may have: one that is used, one
	// that is ready, two being filled.
	buffers = 4
	// A camera that gives no picture for so long is broken.
	pictureLimit = 3 * time.Second
)

// frameH264 is what mediadevices has no name for.
const frameH264 = frame.Format("H264")

// pixels are the formats that can be used, in mediadevices' words.
func pixels() map[v4l2.PixelFormat]frame.Format {
	return map[v4l2.PixelFormat]frame.Format{
		v4l2.YU12: frame.FormatI420, v4l2.NV12: frame.FormatNV12, v4l2.NV21: frame.FormatNV21,
		v4l2.YUYV: frame.FormatYUYV, v4l2.UYVY: frame.FormatUYVY,
		v4l2.MJPG: frame.FormatMJPEG, v4l2.JPEG: frame.FormatMJPEG, v4l2.H264: frameH264,
	}
}

var (
	errNoPicture = errors.New("the camera gives no picture")
	errUnplugged = fmt.Errorf("the camera was unplugged: %w", unix.ENODEV)
	errNoCamera  = errors.New("the device is not a camera")
)

// device is a mediadevices driver of a V4L2 camera. Its goroutine is whoever reads.
type device struct {
	open func() (*v4l2.Device, error)

	mu    sync.Mutex // held while a picture is waited for, so that Close waits for it
	node  *v4l2.Device
	queue *v4l2.Queue
	// decoder is the reader's, of JPEG.
	decoder *mjpeg.Decoder
	offers  []prop.Media
	// wake interrupts; it may be used without the lock, from Open to Close.
	wakeMu sync.Mutex
	wake   func()
}

var (
	_ driver.Adapter       = (*device)(nil)
	_ driver.VideoRecorder = (*device)(nil)
)

// Open opens the device and asks what it offers.
func (d *device) Open() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	node, err := d.open()
	if err != nil {
		return err
	}
	if node.Kind() != v4l2.Camera {
		return errors.Join(errNoCamera, node.Close())
	}
	offers, err := list(node)
	if err != nil {
		return errors.Join(err, node.Close())
	}
	d.node, d.offers = node, offers
	d.wakeMu.Lock()
	d.wake = node.Interrupt
	d.wakeMu.Unlock()
	return nil
}

// Close ends a Read in progress and closes the device.
func (d *device) Close() error {
	d.wakeMu.Lock()
	if d.wake != nil {
		d.wake()
		d.wake = nil
	}
	d.wakeMu.Unlock()
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.node == nil {
		return nil
	}
	var errs []error
	if d.queue != nil {
		errs = append(errs, d.queue.Stop(), d.queue.Free())
	}
	errs = append(errs, d.node.Close())
	if d.decoder != nil {
		d.decoder.Close()
	}
	d.node, d.queue, d.decoder = nil, nil, nil
	err := errors.Join(errs...)
	if gone(err) { // there is nothing left to close
		return nil
	}
	return err
}

// Properties are what the camera offers.
func (d *device) Properties() []prop.Media {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.offers
}

// list asks a camera for its formats, sizes and rates.
func list(node *v4l2.Device) ([]prop.Media, error) {
	var all []prop.Media
	formats, err := node.Formats(v4l2.Capture)
	if err != nil {
		return nil, err
	}
	known := pixels()
	for _, pixel := range formats {
		name, ok := known[pixel]
		if !ok {
			continue
		}
		sizes, err := node.Sizes(pixel)
		if err != nil {
			return nil, err
		}
		if len(sizes) == 0 { // the driver does not tell: what it has now
			f, err := node.Format(v4l2.Capture)
			if err != nil {
				return nil, err
			}
			sizes = []v4l2.Sizes{{MinWidth: f.Width, MinHeight: f.Height, MaxWidth: f.Width, MaxHeight: f.Height}}
		}
		for _, size := range single(sizes) {
			rates, err := node.Rates(pixel, size.X, size.Y)
			if err != nil {
				return nil, err
			}
			for _, rate := range singleRates(rates) {
				all = append(all, prop.Media{
					DeviceID: pixel.String(),
					Video:    prop.Video{Width: size.X, Height: size.Y, FrameRate: rate, FrameFormat: name},
				})
			}
		}
	}
	return all, nil
}

// single gives the usual sizes of ranges.
func single(ranges []v4l2.Sizes) []image.Point {
	var all []image.Point
	for _, r := range ranges {
		if r.MinWidth == r.MaxWidth && r.MinHeight == r.MaxHeight {
			all = append(all, image.Pt(r.MinWidth, r.MinHeight))
			continue
		}
		for _, p := range []image.Point{{1920, 1080}, {1280, 720}, {960, 540}, {640, 480}, {640, 360}, {320, 240}, {320, 180}} {
			if r.Has(p.X, p.Y) {
				all = append(all, p)
			}
		}
	}
	return all
}

// singleRates gives the usual rates of ranges; 0 where the camera does not tell.
func singleRates(ranges []v4l2.Rates) []float32 {
	if len(ranges) == 0 {
		return []float32{0}
	}
	var all []float32
	for _, r := range ranges {
		if r.Min == r.Max {
			all = append(all, float32(r.Min))
			continue
		}
		for _, rate := range []float64{30, 25, 20, 15, r.Max} {
			if rate >= r.Min && rate <= r.Max {
				all = append(all, float32(rate))
			}
		}
	}
	return all
}

// VideoRecord starts the stream. The reader gives Pictures, or what is decoded of them.
func (d *device) VideoRecord(p prop.Media) (video.Reader, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.node == nil {
		return nil, errors.New("recording from a camera: it is not open")
	}
	var pixel v4l2.PixelFormat
	for code, name := range pixels() {
		if code.String() == p.DeviceID || p.DeviceID == "" && name == p.FrameFormat && code != v4l2.JPEG {
			pixel = code
		}
	}
	format, err := d.node.SetFormat(v4l2.Capture, v4l2.Format{Pixel: pixel, Width: p.Width, Height: p.Height})
	if err != nil {
		return nil, err
	}
	if format.Pixel != pixel || format.Width < 16 || format.Height < 16 || format.Width > 1<<13 || format.Height > 1<<13 {
		return nil, fmt.Errorf("the camera gives %v %dx%d when it is asked for %v %dx%d",
			format.Pixel, format.Width, format.Height, pixel, p.Width, p.Height)
	}
	if _, err := d.node.SetRate(v4l2.Capture, float64(p.FrameRate)); err != nil && !errors.Is(err, unix.ENOTTY) && !errors.Is(err, unix.EINVAL) {
		return nil, err
	}
	control(d.node)
	if d.queue, err = d.node.NewQueue(v4l2.Capture, v4l2.MemoryMMAP, buffers); err != nil {
		return nil, err
	}
	r := &reader{device: d, format: format, held: -1}
	if pixel == v4l2.MJPG || pixel == v4l2.JPEG {
		if d.decoder, err = mjpeg.NewDecoder(image.Pt(format.Width, format.Height)); err != nil {
			return nil, err
		}
		r.decoder = d.decoder
	}
	for i := range d.queue.Len() {
		if err := d.queue.Put(i, 0, 0, 0, 0); err != nil {
			return nil, err
		}
		// A camera's memory is taken where it is, if its driver and the encoder's can.
		fd, err := d.queue.Export(i)
		if err != nil || !v4l2.Raw(pixel) {
			fd = -1
		}
		r.pictures = append(r.pictures, &v4l2.Picture{Format: format, FD: fd, Length: len(d.queue.Memory(i))})
	}
	if err := d.queue.Start(); err != nil {
		return nil, err
	}
	return r, nil
}

// control sets what a booth needs and every camera may lack: lamps on 50 Hz must
// not flicker, and in a dark room the rate must hold.
func control(node *v4l2.Device) {
	for _, s := range []v4l2.Setting{
		{ID: v4l2.PowerLineFrequency, Value: v4l2.PowerLine50Hz},
		{ID: v4l2.ExposureAutoPriority, Value: 0},
	} {
		node.Try(s)
	}
	// UVC cameras have the one or the other for an exposure of their own choice.
	if !node.Try(v4l2.Setting{ID: v4l2.ExposureAuto, Value: v4l2.ExposureAperturePriority}) {
		node.Try(v4l2.Setting{ID: v4l2.ExposureAuto, Value: v4l2.ExposureAutomatic})
	}
}

// reader gives a camera's pictures, the newest each time.
type reader struct {
	device   *device
	format   v4l2.Format
	pictures []*v4l2.Picture // by buffer
	held     int             // the buffer whose picture was given last; -1 for none
	decoder  *mjpeg.Decoder  // nil for raw pictures
	captured time.Time
}

func (r *reader) capturedAt() time.Time { return r.captured }

// Read waits for a picture that is whole. It is valid until the next Read.
func (r *reader) Read() (image.Image, func(), error) {
	r.device.mu.Lock()
	defer r.device.mu.Unlock()
	if r.device.node == nil {
		return nil, func() {}, io.EOF
	}
	picture, err := r.next()
	switch {
	case errors.Is(err, v4l2.ErrInterrupted):
		err = io.EOF
	case gone(err):
		err = errUnplugged
	}
	return picture, func() {}, err
}

func (r *reader) next() (image.Image, error) {
	if r.held >= 0 {
		held := r.held
		r.held = -1
		if err := r.device.queue.Put(held, 0, 0, 0, 0); err != nil {
			return nil, err
		}
	}
	end, whole := time.Now().Add(pictureLimit), ""
	for {
		taken, err := r.newest()
		if err == v4l2.ErrEmpty {
			events, err := r.device.node.Wait(unix.POLLIN, time.Until(end))
			switch {
			case err != nil:
				return nil, err
			case events == 0:
				return nil, fmt.Errorf("%w%s for %v", errNoPicture, whole, pictureLimit)
			case events&unix.POLLIN == 0: // POLLERR, POLLHUP
				return nil, errUnplugged
			}
			continue
		} else if err != nil {
			return nil, err
		}
		if picture := r.picture(taken); picture != nil {
			r.held = taken.Index
			return picture, nil
		}
		whole = " that is whole"
		if err := r.device.queue.Put(taken.Index, 0, 0, 0, 0); err != nil {
			return nil, err
		}
		if time.Until(end) <= 0 { // broken ones keep coming
			return nil, fmt.Errorf("%w%s for %v", errNoPicture, whole, pictureLimit)
		}
	}
}

// newest takes the last of the pictures that are ready. A reader that was held up
// must not lag behind. Of an H.264 stream no picture may be left out.
func (r *reader) newest() (v4l2.Taken, error) {
	taken, err := r.device.queue.Take()
	for err == nil && r.format.Pixel != v4l2.H264 {
		newer, err := r.device.queue.Take()
		if err != nil {
			if err == v4l2.ErrEmpty {
				err = nil
			}
			return taken, err
		}
		if err := r.device.queue.Put(taken.Index, 0, 0, 0, 0); err != nil {
			return taken, err
		}
		taken = newer
	}
	return taken, err
}

// picture is what is in the buffer; nil when it is not whole, as happens on a loaded bus.
func (r *reader) picture(t v4l2.Taken) image.Image {
	if t.Flags&v4l2.BufFlagError != 0 || len(t.Data) == 0 {
		return nil
	}
	captured := time.Now()
	if t.Flags&v4l2.BufFlagTimestampMask == v4l2.BufFlagMonotonic && t.Timestamp > 0 {
		// Some drivers tell when the picture should have been taken, a little later.
		if at := r.device.node.WallTime(t.Timestamp); at.Before(captured) {
			captured = at
		}
	}
	if r.decoder != nil {
		decoded, err := r.decoder.Decode(t.Data)
		if err != nil {
			return nil
		}
		r.captured = captured
		return decoded
	}
	if len(t.Data) < v4l2.RawBytes(r.format) {
		return nil
	}
	r.captured = captured
	p := r.pictures[t.Index]
	p.Fill(t.Data, captured)
	return p
}

// gone tells whether the device has been unplugged.
func gone(err error) bool {
	return errors.Is(err, unix.ENODEV) || errors.Is(err, unix.ENXIO) || errors.Is(err, unix.EBADF)
}

// explain adds what to do.
func explain(err error) error {
	is := func(errno syscall.Errno) bool { return errors.Is(err, errno) }
	switch {
	case is(syscall.ENOENT), is(syscall.ENODEV), is(syscall.ENXIO):
		present, _ := filepath.Glob("/dev/video*") // the pattern is well formed
		if len(present) == 0 {
			return fmt.Errorf("%w: no camera is connected; check its cable, or use \"simulated\"", err)
		}
		return fmt.Errorf("%w: check its cable and its name; video devices present: %s", err, strings.Join(present, ", "))
	case is(syscall.EACCES), is(syscall.EPERM):
		return fmt.Errorf("%w: let the service's user read and write it (on Debian: group video)", err)
	case is(syscall.EBUSY):
		return fmt.Errorf("%w: another program is using the camera; close it", err)
	case is(syscall.ENOTTY), is(syscall.EINVAL), errors.Is(err, errNoCamera):
		return fmt.Errorf("%w: name a capture device, such as /dev/video0; this one is no camera, or refuses this format", err)
	case errors.Is(err, errNoPicture):
		return fmt.Errorf("%w: check its cable, or use another socket", err)
	}
	return err
}

// choose picks what to ask of a camera: the size first, then the rate, then the
// format that costs least to encode. own says that the camera's own H.264 may be
// used; taken are the formats that the encoder takes as they are.
func choose(offered []prop.Media, want Format, own bool, taken ...frame.Format) (prop.Media, error) {
	conversions := []frame.Format{ // cheapest first; JPEG takes longest
		frameH264, frame.FormatI420, frame.FormatNV12, frame.FormatNV21, frame.FormatYUYV, frame.FormatYUY2, frame.FormatUYVY, frame.FormatMJPEG,
	}
	best, least := prop.Media{}, math.Inf(1)
	for _, p := range offered {
		conversion := slices.Index(conversions, p.FrameFormat)
		if conversion < 0 || p.Width <= 0 || p.Height <= 0 || p.FrameFormat == frameH264 && !own {
			continue
		}
		if slices.Contains(taken, p.FrameFormat) {
			conversion = 0
		}
		pixels, wanted := float64(p.Width*p.Height), float64(want.Width*want.Height)
		cost := 100 * math.Abs(math.Log(pixels/wanted))
		shape := math.Log(float64(p.Width) / float64(p.Height) * float64(want.Height) / float64(want.Width))
		cost += 50 * math.Abs(shape)
		if p.FrameRate > 0 { // 0: the camera does not say
			cost += 200 * max(0, 1-float64(p.FrameRate/want.FrameRate))
			cost += 5 * max(0, float64(p.FrameRate/want.FrameRate)-1)
		}
		cost += float64(conversion)
		if cost < least {
			best, least = p, cost
		}
	}
	if math.IsInf(least, 1) {
		return prop.Media{}, errors.New("the camera offers no picture format that can be encoded (I420, NV12, NV21, YUYV, UYVY, MJPEG); use another camera")
	}
	if best.FrameRate <= 0 {
		best.FrameRate = want.FrameRate
	}
	return best, nil
}
