package camera

import (
	"errors"
	"io"
	"sync"
	"sync/atomic"

	"github.com/pion/mediadevices/pkg/codec"

	"loiret.fr/visioborne/kiosk/media/h264"
	"loiret.fr/visioborne/kiosk/media/v4l2"
)

// ownEncoder passes a camera's own H.264 on. It is used only with cameras whose
// bitrate and key frames can be set; a call cannot do without.
type ownEncoder struct {
	source *reader

	bitrate  atomic.Int64 // the latest wish, 0 for none
	keyFrame atomic.Bool

	mu     sync.Mutex
	closed bool
	sets   h264.ParameterSets
	unit   []byte
}

var (
	_ codec.ReadCloser         = (*ownEncoder)(nil)
	_ codec.KeyFrameController = (*ownEncoder)(nil)
	_ codec.BitRateController  = (*ownEncoder)(nil)
)

// encodes tells whether a camera has H.264 of its own that a call can use.
func encodes(node *v4l2.Device) bool {
	return node.Control(v4l2.Bitrate) != nil && node.Control(v4l2.ForceKeyFrame) != nil
}

// prepare sets up the camera's encoder.
func (e *ownEncoder) prepare(bitrate int) {
	node := e.source.device.node
	for _, s := range []v4l2.Setting{
		{ID: v4l2.BitrateMode, Value: v4l2.BitrateConstant},
		{ID: v4l2.RepeatSeqHeader, Value: 1},
		{ID: v4l2.H264Profile, Value: v4l2.ProfileConstrainedBaseline},
		{ID: v4l2.BFrames, Value: 0},
		{ID: v4l2.H264IPeriod, Value: ownKeyFrames},
		{ID: v4l2.GOPSize, Value: ownKeyFrames},
	} {
		node.Try(s)
	}
	e.bitrate.Store(int64(bitrate))
}

// ownKeyFrames is the longest distance of key frames, in pictures.
const ownKeyFrames = 300

func (e *ownEncoder) Controller() codec.EncoderController { return e }

// ForceKeyFrame makes one of the next pictures a key frame.
func (e *ownEncoder) ForceKeyFrame() error {
	e.keyFrame.Store(true)
	return nil
}

// SetBitRate changes the target.
func (e *ownEncoder) SetBitRate(bitsPerSecond int) error {
	if bitsPerSecond <= 0 {
		return errors.New("setting the bitrate: it is not a rate")
	}
	e.bitrate.Store(int64(bitsPerSecond))
	return nil
}

// Read gives the next access unit.
func (e *ownEncoder) Read() ([]byte, func(), error) {
	for {
		picture, release, err := e.source.Read()
		if err != nil {
			return nil, release, err
		}
		unit, err := e.pass(picture.(*v4l2.Picture)) // of H.264 the reader gives nothing else
		release()
		if err != nil || len(unit) > 0 {
			return unit, func() {}, err
		}
	}
}

func (e *ownEncoder) pass(p *v4l2.Picture) ([]byte, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.closed {
		return nil, io.EOF
	}
	node := e.source.device.node
	if bitrate := e.bitrate.Swap(0); bitrate > 0 {
		if !node.Try(v4l2.Setting{ID: v4l2.Bitrate, Value: int32(bitrate)}) {
			return nil, errors.New("the camera refused a bitrate")
		}
	}
	if e.keyFrame.Swap(false) {
		if err := node.Set(v4l2.Setting{ID: v4l2.ForceKeyFrame, Value: 1}); err != nil {
			return nil, err
		}
	}
	e.unit, _ = e.sets.Complete(p.Data, e.unit)
	return e.unit, nil
}

// Close ends the passing on; the camera is closed by its own Close, afterwards.
func (e *ownEncoder) Close() error {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.closed = true
	return nil
}
