// Package ladder is what the encoders of a call have in common: it makes
// an encoder that follows its target bitrate out of an engine that encodes
// pictures of one size.
//
// A key frame comes when it is asked for, and every ten seconds, so that a
// receiver that missed everything recovers. Under pressure the picture's size
// falls, down to 320 by 240 at least; then the quantiser takes what is missing;
// and when that is at its end, pictures are left out, down to 20 a second.
//
// ForceKeyFrame and SetBitRate only leave a note that the reading goroutine takes
// up between two pictures, and so may be called from any goroutine; engines are
// used by one at a time. The package owns no goroutine, opens nothing and
// allocates nothing for a picture. Source: EN 301 549 V3.2.1, 6.5, on resolution
// and picture rate.
package ladder

import (
	"fmt"
	"image"
	"io"
	"math"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pion/mediadevices/pkg/codec"
	"github.com/pion/mediadevices/pkg/frame"
	"github.com/pion/mediadevices/pkg/io/video"
	"github.com/pion/mediadevices/pkg/prop"
)

const (
	// DefaultBitrate is the target, in bits per second, until SetBitRate.
	DefaultBitrate = 1_000_000
	// minBitrate and maxBitrate bound the target.
	minBitrate = 50_000
	maxBitrate = 8_000_000

	keyFrameSeconds = 10
	// Requests for a key frame that come sooner after the last one wait: a
	// receiver that asks with every lost packet would choke the line.
	keyFrameGap = 10
	// A source that needs this much longer for its pictures than it said is
	// slow: in a dark room cameras are, and none of their pictures is left out.
	slowness = 1.1
)

// Engine encodes pictures of one size. It is used by one goroutine at a time.
type Engine interface {
	// SetRate changes the target from the next picture on.
	SetRate(bitsPerSecond int, frameRate float32) error
	// Encode encodes a picture, whose origin is at its first sample, taken so long
	// after the first one, into the buffer, or one that it makes when that is too
	// small. An empty unit is a picture left out.
	Encode(picture *image.YCbCr, after time.Duration, forceKeyFrame bool, buffer []byte) (unit []byte, key bool, err error)
	Close()
}

// Raw is a picture that is converted only when it has to be, such as one that
// lies in a camera's memory.
type Raw interface {
	image.Image
	I420() *image.YCbCr
}

// RawEngine is an Engine that may take the source's own pictures as they are.
type RawEngine interface {
	Engine
	// TakesRaw tells whether it does. Its answer may change after a picture.
	TakesRaw() bool
	// EncodeRaw is Encode for them.
	EncodeRaw(picture Raw, after time.Duration, forceKeyFrame bool, buffer []byte) (unit []byte, key bool, err error)
}

// Settings are what an Engine begins with.
type Settings struct {
	Size      image.Point // even
	FrameRate float32     // pictures a second
	Bitrate   int         // bits per second
	FullRange bool        // the samples span 0 to 255, as JPEG's, and not 16 to 235
}

// NewEncoder makes an encoder of the pictures of r, at bitrate bits per second in
// the beginning (0 means DefaultBitrate), with the engines that open makes, and for
// the mirror, if there is one, which it closes with itself. Its
// controller is a codec.KeyFrameController and a codec.BitRateController. What
// Read gives is valid until the next Read.
func NewEncoder(r video.Reader, m prop.Media, bitrate int, open func(Settings) (Engine, error), mirror *Mirror) (codec.ReadCloser, error) {
	if m.Width < 16 || m.Height < 16 {
		return nil, fmt.Errorf("making an encoder: a picture of %dx%d is too small", m.Width, m.Height)
	}
	e := &encoder{source: r, openEngine: open, mirror: mirror, frameRate: m.FrameRate, fullRange: m.FrameFormat == frame.FormatMJPEG}
	e.converter = video.ToI420(&e.given)
	if e.frameRate <= 0 {
		e.frameRate = 30
	}
	if bitrate == 0 {
		bitrate = DefaultBitrate
	}
	e.setBitrate(bitrate)
	if err := e.open(image.Pt(m.Width, m.Height)); err != nil {
		return nil, err
	}
	return e, nil
}

// encoder is a codec.ReadCloser and its own controller.
type encoder struct {
	source     video.Reader
	given      given        // what the converter reads
	converter  video.Reader // mediadevices' own, for what is not Raw
	openEngine func(Settings) (Engine, error)
	mirror     *Mirror
	frameRate  float32 // of the source
	fullRange  bool

	bitrate  atomic.Int64 // the latest wish
	keyFrame atomic.Bool  // a key frame is wished for

	mu     sync.Mutex // held while the engine runs, so that Close waits for it
	closed bool
	engine Engine
	ladder *ladder
	scaler *scaler
	size   image.Point // of the source's pictures
	input  image.YCbCr // the source's picture, cut to an even size
	target int         // the bitrate the engine was last given
	number int64       // of the source's picture
	since  int         // pictures since the last key frame
	credit float64     // of pictures that may be encoded, where not all are
	pace   pace
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
		return fmt.Errorf("setting the bitrate: %d bit/s is not a rate", bitsPerSecond)
	}
	e.setBitrate(bitsPerSecond)
	return nil
}

func (e *encoder) setBitrate(bitsPerSecond int) {
	e.bitrate.Store(int64(min(max(bitsPerSecond, minBitrate), maxBitrate)))
}

// Read encodes the next picture of the source.
func (e *encoder) Read() ([]byte, func(), error) {
	for {
		picture, release, err := e.source.Read()
		if err != nil {
			return nil, func() {}, err
		}
		unit, err := e.encode(picture)
		release()
		if err != nil {
			return nil, func() {}, err
		}
		if len(unit) > 0 {
			return unit, func() {}, nil
		}
	}
}

func (e *encoder) encode(picture image.Image) ([]byte, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.closed {
		return nil, io.EOF
	}

	if size := picture.Bounds().Size(); size != e.size {
		if err := e.open(size); err != nil {
			return nil, err
		}
	}
	after := time.Duration(float64(e.number) / float64(e.frameRate) * float64(time.Second))
	e.number++
	slow := e.pace.slow(time.Now(), e.frameRate)
	rung := &e.ladder.rungs[e.ladder.at]
	if e.credit += rung.frameRate / float64(e.frameRate); e.credit < 1-1e-9 && !slow {
		return nil, nil
	}
	e.credit = max(e.credit-1, 0)

	if target := int(e.bitrate.Load()); target != e.target {
		if err := e.engine.SetRate(target, float32(rung.frameRate)); err != nil {
			return nil, err
		}
		e.target = target
	}

	force := e.since >= keyFrameGap && e.keyFrame.Swap(false) || float64(e.since+1) >= keyFrameSeconds*rung.frameRate
	unit, key, err := e.encodeWith(picture, after, force)
	if err != nil {
		return nil, err
	}
	e.unit = unit
	if e.since++; key {
		e.since = 0
	}
	if e.ladder.step(e.target, 8*len(unit)) {
		if err := e.climb(rung); err != nil {
			return nil, err
		}
	}
	return unit, nil
}

// encodeWith gives the engine the picture as it is, or converted and reduced.
func (e *encoder) encodeWith(picture image.Image, after time.Duration, force bool) (unit []byte, key bool, err error) {
	raw, isRaw := picture.(Raw)
	if engine, ok := e.engine.(RawEngine); ok && isRaw && engine.TakesRaw() {
		if e.mirror != nil {
			e.mirror.none()
		}
		return engine.EncodeRaw(raw, after, force, e.unit)
	}
	var i420 *image.YCbCr
	if isRaw {
		i420 = raw.I420()
	} else {
		e.given.picture = picture
		converted, release, err := e.converter.Read()
		if err != nil {
			return nil, false, err
		}
		defer release()
		i420 = converted.(*image.YCbCr) // ToI420 gives nothing else
	}
	at := i420.Rect.Min
	e.input = *i420
	e.input.Y = i420.Y[i420.YOffset(at.X, at.Y):]
	e.input.Cb = i420.Cb[i420.COffset(at.X, at.Y):]
	e.input.Cr = i420.Cr[i420.COffset(at.X, at.Y):]
	e.input.Rect = image.Rect(0, 0, e.size.X&^1, e.size.Y&^1)
	if e.mirror != nil {
		if err := e.mirror.encode(&e.input, e.fullRange, e.frameRate, after); err != nil {
			return nil, false, fmt.Errorf("encoding the mirror's picture: %w", err)
		}
	}
	return e.engine.Encode(e.scaler.reduce(&e.input), after, force, e.unit)
}

// given is a reader of one picture, which another has read.
type given struct{ picture image.Image }

func (g *given) Read() (image.Image, func(), error) { return g.picture, func() {}, nil }

// climb goes over to the ladder's present rung. Another size takes another engine.
func (e *encoder) climb(from *rung) error {
	to := &e.ladder.rungs[e.ladder.at]
	if to.size != from.size {
		return e.reopen()
	}
	return e.engine.SetRate(e.target, float32(to.frameRate))
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
	rung := &e.ladder.rungs[e.ladder.at]
	engine, err := e.openEngine(Settings{rung.size, float32(rung.frameRate), e.target, e.fullRange})
	if err != nil {
		return err
	}
	if e.engine != nil {
		e.engine.Close()
	}
	e.engine = engine
	e.scaler = newScaler(e.size, rung.steps)
	e.since = math.MaxInt32 - 1
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
	e.engine.Close()
	if e.mirror != nil {
		e.mirror.close()
	}
	return nil
}

// pace tells whether a source is as fast as it said, by the clock, looking once a second.
type pace struct {
	since    time.Time
	pictures int
	behind   bool
}

// slow takes the time of another picture. Until a second has been seen, the source counts as slow.
func (p *pace) slow(now time.Time, frameRate float32) bool {
	if p.since.IsZero() {
		p.since, p.behind = now, true
		return true
	}
	p.pictures++
	if p.pictures >= int(frameRate) {
		took := now.Sub(p.since).Seconds()
		p.behind = took > slowness*float64(p.pictures)/float64(frameRate)
		p.since, p.pictures = now, 0
	}
	return p.behind
}
