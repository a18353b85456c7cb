package camera

import (
	"errors"
	"fmt"
	"image"
	"io"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/pion/mediadevices/pkg/driver"
	v4l2 "github.com/pion/mediadevices/pkg/driver/camera"
	"github.com/pion/mediadevices/pkg/frame"
	"github.com/pion/mediadevices/pkg/io/video"
	"github.com/pion/mediadevices/pkg/prop"
)

// find returns mediadevices' driver of the device at path. mediadevices names a
// driver by where it found the device (by-id, by-path or /dev) and by its node,
// and keeps them in a map: the node is what tells them apart.
func find(path string) (driver.Driver, error) {
	node, err := probe(path)
	if err != nil {
		return nil, err
	}
	search := func() driver.Driver {
		for _, d := range driver.GetManager().Query(driver.FilterVideoRecorder()) {
			if _, found, ok := strings.Cut(d.Info().Label, v4l2.LabelSeparator); ok && found == node {
				return d
			}
		}
		return nil
	}
	if d := search(); d != nil {
		return d, nil
	}
	v4l2.Initialize() // it was plugged in after the service started
	if d := search(); d != nil {
		return d, nil
	}
	return nil, fmt.Errorf("%s is not among the cameras found; name a capture device, such as /dev/video0", path)
}

// probe checks that the device is there and may be opened, because the
// driver's own errors do not say what to do, and returns its node's name.
func probe(path string) (node string, err error) {
	real, err := filepath.EvalSymlinks(path)
	if err != nil {
		return "", explain(err)
	}
	found, err := os.Stat(real)
	if err != nil {
		return "", explain(err)
	}
	if found.Mode()&fs.ModeCharDevice == 0 {
		return "", errors.New("it is not a video device; name one such as /dev/video0, or \"simulated\"")
	}
	f, err := os.OpenFile(real, os.O_RDWR|syscall.O_NONBLOCK, 0)
	if err != nil {
		return "", explain(err)
	}
	if err := f.Close(); err != nil {
		return "", explain(err)
	}
	return filepath.Base(real), nil
}

// explain adds what to do. The camera driver passes some errors on as text.
func explain(err error) error {
	is := func(errno syscall.Errno) bool {
		return errors.Is(err, errno) || strings.Contains(err.Error(), errno.Error())
	}
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
	case is(syscall.ENOTTY), is(syscall.EINVAL):
		return fmt.Errorf("%w: the device is not a camera, or refuses this format", err)
	}
	return err
}

// choose picks what to ask of a camera: the size first, then the rate, then
// the format that costs least to convert.
func choose(offered []prop.Media, want Format) (prop.Media, error) {
	conversions := []frame.Format{ // cheapest first; JPEG takes longest
		frame.FormatI420, frame.FormatNV12, frame.FormatNV21, frame.FormatYUYV, frame.FormatYUY2, frame.FormatUYVY, frame.FormatMJPEG,
	}
	best, least := prop.Media{}, math.Inf(1)
	for _, p := range offered {
		conversion := -1
		for i, f := range conversions {
			if p.FrameFormat == f {
				conversion = i
			}
		}
		if conversion < 0 || p.Width <= 0 || p.Height <= 0 {
			continue
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

// pump reads a device in a goroutine of its own, so that a Read can end while
// the device, which may be stuck for seconds, is still waiting for a picture.
type pump struct {
	pictures chan shot
	free     chan struct{} // the last picture is no longer in use
	stop     chan struct{} // closed by close
	done     chan struct{} // closed when the goroutine has ended
	taken    bool
	time     time.Time
}

type shot struct {
	picture  image.Image
	captured time.Time
	err      error
}

func newPump(r video.Reader) *pump {
	p := &pump{
		pictures: make(chan shot), free: make(chan struct{}),
		stop: make(chan struct{}), done: make(chan struct{}),
	}
	go p.run(r)
	return p
}

func (p *pump) run(r video.Reader) {
	defer close(p.done)
	for {
		picture, _, err := r.Read()
		select {
		case p.pictures <- shot{picture, time.Now(), err}:
		case <-p.stop:
			return
		}
		if err != nil {
			return
		}
		select {
		case <-p.free: // the driver reuses the picture's memory
		case <-p.stop:
			return
		}
	}
}

// Read returns the device's next picture, valid until the next Read.
func (p *pump) Read() (image.Image, func(), error) {
	if p.taken {
		p.taken = false
		select {
		case p.free <- struct{}{}:
		case <-p.stop:
		}
	}
	select {
	case <-p.stop:
		return nil, func() {}, io.EOF
	default:
	}
	select {
	case s := <-p.pictures:
		if s.err != nil {
			return nil, func() {}, s.err
		}
		p.taken, p.time = true, s.captured
		return s.picture, func() {}, nil
	case <-p.stop:
		return nil, func() {}, io.EOF
	case <-p.done:
		return nil, func() {}, io.EOF
	}
}

func (p *pump) capturedAt() time.Time { return p.time }
