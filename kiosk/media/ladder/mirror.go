package ladder

import (
	"image"
	"sync/atomic"
	"time"
)

// mirrorBitrate is ample for its size: it goes to the next process, not over the line.
const mirrorBitrate = 600_000

// Mirror makes a second, small stream of the pictures that an encoder has in
// memory: what the booth's own page shows of the citizen, in a corner. To decode
// and convert the large stream for that would cost the page more than all the
// rest of a call. An encoder in hardware takes its pictures from elsewhere; there
// is no mirror then.
type Mirror struct {
	open     func(Settings) (Engine, error)
	engine   Engine
	scaler   *scaler
	size     image.Point // of the source's pictures
	works    atomic.Bool
	keyFrame atomic.Bool
	unit     []byte
	since    int // pictures since the last key frame
}

// NewMirror makes one, for one encoder, with an engine that open makes.
func NewMirror(open func(Settings) (Engine, error)) *Mirror { return &Mirror{open: open} }

// ForceKeyFrame makes the next picture a key frame, and tells whether there are
// any. It may be called from any goroutine.
func (m *Mirror) ForceKeyFrame() bool {
	m.keyFrame.Store(true)
	return m.works.Load()
}

// none notes that the encoder's present picture has none in the mirror.
func (m *Mirror) none() {
	m.unit = m.unit[:0]
	m.works.Store(false)
}

// Unit is the mirror's picture that belongs to the encoder's last one, valid until
// that is read again; empty if there is none. It is for the goroutine that reads the encoder.
func (m *Mirror) Unit() []byte { return m.unit }

// encode makes the small picture of a source's.
func (m *Mirror) encode(picture *image.YCbCr, fullRange bool, frameRate float32, after time.Duration) error {
	if size := picture.Rect.Size(); m.engine == nil || size != m.size {
		steps := []reduction{half, half}
		small := half.of(half.of(size))
		if small.X < 160 || small.Y < 90 { // a small camera's pictures do as they are
			steps, small = nil, size
		}
		engine, err := m.open(Settings{small, frameRate, mirrorBitrate, fullRange})
		if err != nil {
			return err
		}
		m.close()
		m.engine, m.size, m.scaler = engine, size, newScaler(size, steps)
		m.keyFrame.Store(true)
	}
	m.works.Store(true)
	m.since++
	force := m.keyFrame.Swap(false) || float32(m.since) >= keyFrameSeconds*frameRate
	unit, key, err := m.engine.Encode(m.scaler.reduce(picture), after, force, m.unit)
	if err != nil {
		return err
	}
	if m.unit = unit; key {
		m.since = 0
	}
	return nil
}

func (m *Mirror) close() {
	if m.engine != nil {
		m.engine.Close()
		m.engine = nil
	}
}
