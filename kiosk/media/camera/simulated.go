package camera

import (
	"errors"
	"image"
	"io"
	"sync"
	"time"

	"github.com/pion/mediadevices/pkg/driver"
	"github.com/pion/mediadevices/pkg/frame"
	"github.com/pion/mediadevices/pkg/io/video"
	"github.com/pion/mediadevices/pkg/prop"
)

// Simulated is the name of the simulated camera.
const Simulated = "simulated"

// simulated is a mediadevices driver without a device: a moving scene with a
// stamp. It draws in the reading goroutine and has none of its own.
type simulated struct {
	mu     sync.Mutex
	closed chan struct{} // nil before Open
}

var (
	_ driver.Adapter       = (*simulated)(nil)
	_ driver.VideoRecorder = (*simulated)(nil)
)

func (s *simulated) Open() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = make(chan struct{})
	return nil
}

// Close ends a Read in progress.
func (s *simulated) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed != nil {
		close(s.closed)
		s.closed = nil
	}
	return nil
}

func (s *simulated) Properties() []prop.Media {
	var all []prop.Media
	for _, size := range []image.Point{{1920, 1080}, {1280, 720}, {960, 540}, {640, 480}, {640, 360}, {320, 180}} {
		for _, rate := range []float32{30, 25, 20, 15} {
			all = append(all, prop.Media{Video: prop.Video{
				Width: size.X, Height: size.Y, FrameRate: rate, FrameFormat: frame.FormatI420,
			}})
		}
	}
	return all
}

func (s *simulated) VideoRecord(p prop.Media) (video.Reader, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed == nil {
		return nil, errors.New("recording from the simulated camera: it is not open")
	}
	timer := time.NewTimer(time.Hour)
	timer.Stop()
	return &simulatedReader{
		scene:     newScene(p.Width, p.Height),
		frameRate: float64(p.FrameRate),
		start:     time.Now(),
		timer:     timer,
		closed:    s.closed,
	}, nil
}

type simulatedReader struct {
	scene     *scene
	frameRate float64
	start     time.Time // when picture 0 is captured
	next      int64     // the first picture not yet given
	captured  time.Time // of the picture last given
	timer     *time.Timer
	closed    <-chan struct{}
}

// Read waits for the next picture of the schedule, or gives the newest at once
// when that one's time has passed. The picture is valid until the next Read.
func (r *simulatedReader) Read() (image.Image, func(), error) {
	select {
	case <-r.closed:
		return nil, func() {}, io.EOF
	default:
	}
	now := time.Now()
	if wait := r.start.Add(r.after(r.next)).Sub(now); wait > 0 {
		r.timer.Reset(wait)
		select {
		case <-r.timer.C:
		case <-r.closed:
			r.timer.Stop()
			return nil, func() {}, io.EOF
		}
		now = time.Now()
	}
	elapsed := now.Sub(r.start)
	number := max(r.next, int64(elapsed.Seconds()*r.frameRate))
	r.next = number + 1
	// From now rather than from the start: the wall clock may have been set.
	r.captured = now.Add(r.after(number) - elapsed)
	r.scene.draw(number, r.captured, r.frameRate)
	return r.scene.picture, func() {}, nil
}

// after is the time from the start to a picture.
func (r *simulatedReader) after(number int64) time.Duration {
	return time.Duration(float64(number) / r.frameRate * float64(time.Second))
}
