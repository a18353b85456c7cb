// Package h264 encodes pictures as H.264 constrained baseline with OpenH264,
// the static library that mediadevices brings, for a call in real time: one
// slice a picture, no picture left out, key frames only where they are asked
// for (and every ten seconds, so that a receiver that missed everything
// recovers), SPS and PPS before each.
//
// It calls the library through a bridge of its own rather than through
// mediadevices' wrapper: that one allocates for every picture, and lets
// ForceKeyFrame and SetBitRate race with the encoding. Here both only leave a
// note that the reading goroutine takes up between two pictures.
//
// The encoder follows its target bitrate down to 100 kbit/s by reducing the
// picture's size (see ladder.go); receivers follow the SPS.
//
// It owns no goroutine and opens nothing. Sources: ITU-T H.264 Annex B;
// openh264/codec_api.h, OpenH264 2.1.1's own header.
package h264

import (
	"errors"
	"fmt"
	"image"
	"io"
	"math"
	"sync"
	"sync/atomic"

	"github.com/pion/mediadevices/pkg/codec"
	"github.com/pion/mediadevices/pkg/frame"
	"github.com/pion/mediadevices/pkg/io/video"
	"github.com/pion/mediadevices/pkg/prop"
)

const (
	// DefaultBitrate is the target, in bits per second, until SetBitRate.
	DefaultBitrate = 1_000_000
	// MinBitrate and MaxBitrate bound the target.
	MinBitrate = 50_000
	MaxBitrate = 8_000_000

	keyFrameSeconds = 10
	// Requests for a key frame that come sooner after the last one wait: a
	// receiver that asks with every lost packet would choke the line.
	keyFrameGap = 10
)

// Params builds encoders; its zero value is ready to use.
type Params struct {
	Bitrate int // bits per second at the start; 0 means DefaultBitrate
}

var _ codec.VideoEncoderBuilder = Params{}

// RTPCodec describes the stream: constrained baseline, packetization mode 1.
func (Params) RTPCodec() *codec.RTPCodec { return codec.NewRTPH264Codec(90000) }

// BuildVideoEncoder makes an encoder of the pictures of r. Its controller is a
// codec.KeyFrameController and a codec.BitRateController, whose methods may be
// called from any goroutine. An access unit is valid until the next Read.
func (p Params) BuildVideoEncoder(r video.Reader, m prop.Media) (codec.ReadCloser, error) {
	if m.Width < 16 || m.Height < 16 {
		return nil, fmt.Errorf("making an H.264 encoder: a picture of %dx%d is too small", m.Width, m.Height)
	}
	e := &encoder{source: video.ToI420(r), frameRate: m.FrameRate, fullRange: m.FrameFormat == frame.FormatMJPEG}
	if e.frameRate <= 0 {
		e.frameRate = 30
	}
	if p.Bitrate == 0 {
		p.Bitrate = DefaultBitrate
	}
	e.setBitrate(p.Bitrate)
	if err := e.open(image.Pt(m.Width, m.Height)); err != nil {
		return nil, err
	}
	return e, nil
}

// encoder is a codec.ReadCloser and its own controller.
type encoder struct {
	source    video.Reader
	frameRate float32
	fullRange bool // the samples span 0 to 255

	bitrate  atomic.Int64 // the latest wish
	keyFrame atomic.Bool  // a key frame is wished for

	mu     sync.Mutex // held while OpenH264 runs, so that Close waits for it
	closed bool
	engine *engine
	ladder *ladder
	scaler *scaler
	size   image.Point // of the source's pictures
	input  image.YCbCr // the source's picture, cut to an even size
	target int         // the bitrate the engine was last given
	number int64       // of the picture
	since  int         // pictures since the last key frame
	unit   []byte
}

var (
	_ codec.KeyFrameController = (*encoder)(nil)
	_ codec.BitRateController  = (*encoder)(nil)
)

func (e *encoder) Controller() codec.EncoderController { return e }

// ForceKeyFrame makes the next picture a key frame.
func (e *encoder) ForceKeyFrame() error {
	e.keyFrame.Store(true)
	return nil
}

// SetBitRate changes the target from the next picture on.
func (e *encoder) SetBitRate(bitsPerSecond int) error {
	if bitsPerSecond <= 0 {
		return fmt.Errorf("setting the H.264 bitrate: %d bit/s is not a rate", bitsPerSecond)
	}
	e.setBitrate(bitsPerSecond)
	return nil
}

func (e *encoder) setBitrate(bitsPerSecond int) {
	e.bitrate.Store(int64(min(max(bitsPerSecond, MinBitrate), MaxBitrate)))
}

// Read encodes the next picture of the source.
func (e *encoder) Read() ([]byte, func(), error) {
	for {
		picture, release, err := e.source.Read()
		if err != nil {
			return nil, func() {}, err
		}
		unit, err := e.encode(picture.(*image.YCbCr)) // ToI420 gives nothing else
		release()
		if err != nil {
			return nil, func() {}, err
		}
		if len(unit) > 0 {
			return unit, func() {}, nil
		}
	}
}

func (e *encoder) encode(picture *image.YCbCr) ([]byte, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.closed {
		return nil, io.EOF
	}

	bounds := picture.Rect
	if bounds.Size() != e.size {
		if err := e.open(bounds.Size()); err != nil {
			return nil, err
		}
	}
	e.input = *picture
	e.input.Y = picture.Y[picture.YOffset(bounds.Min.X, bounds.Min.Y):]
	e.input.Cb = picture.Cb[picture.COffset(bounds.Min.X, bounds.Min.Y):]
	e.input.Cr = picture.Cr[picture.COffset(bounds.Min.X, bounds.Min.Y):]
	e.input.Rect = image.Rect(0, 0, e.size.X&^1, e.size.Y&^1)

	if target := int(e.bitrate.Load()); target != e.target {
		if err := e.engine.setBitrate(target); err != nil {
			return nil, err
		}
		e.target = target
	}

	force := e.since >= keyFrameGap && e.keyFrame.Swap(false)
	millis := int64(float64(e.number) * 1000 / float64(e.frameRate))
	unit, key, err := e.engine.encode(e.scaler.reduce(&e.input), millis, force, e.unit)
	if err != nil {
		return nil, err
	}
	e.unit = unit
	e.number++
	e.since++
	if key {
		e.since = 0
	}
	if e.ladder.step(e.target, 8*len(unit)) {
		if err := e.reopen(); err != nil {
			return nil, err
		}
	}
	return unit, nil
}

// open prepares for pictures of that size.
func (e *encoder) open(size image.Point) error {
	e.target = int(e.bitrate.Load())
	e.size = size
	e.ladder = newLadder(size, float64(e.frameRate), e.target)
	return e.reopen()
}

// reopen replaces the engine by one for the ladder's present size. The next
// picture will be a key frame.
func (e *encoder) reopen() error {
	rung := e.ladder.rungs[e.ladder.at]
	engine, err := openEngine(rung.size, e.frameRate, e.target, e.fullRange)
	if err != nil {
		return err
	}
	if e.engine != nil {
		e.engine.close()
	}
	e.engine = engine
	e.scaler = newScaler(e.size, rung.steps)
	e.since = math.MaxInt32
	return nil
}

// Close frees the encoder; a Read that waits for the source goes on waiting
// until the source gives up.
func (e *encoder) Close() error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.closed {
		return nil
	}
	e.closed = true
	e.engine.close()
	return nil
}

var errEngine = errors.New("OpenH264 refused")
