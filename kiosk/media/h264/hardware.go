package h264

import (
	"fmt"
	"image"
	"time"

	"loiret.fr/visioborne/kiosk/media/ladder"
	"loiret.fr/visioborne/kiosk/media/m2m"
	"loiret.fr/visioborne/kiosk/media/v4l2"
)

// Hardware is an encoder in hardware, for one stream.
type Hardware struct {
	// Open opens it.
	Open func(m2m.Settings) (*m2m.Encoder, error)
	// Source is the format of the camera's raw pictures; the zero value where they are not.
	Source v4l2.Format
	// Failed is told, once, when OpenH264 takes over; it must not block.
	Failed func(error)

	failed bool
}

// open makes an engine of the hardware, or of OpenH264 after a failure.
func (h *Hardware) open(s ladder.Settings) (ladder.Engine, error) {
	if h.failed {
		return openEngine(s)
	}
	settings := m2m.Settings{Size: s.Size, FrameRate: s.FrameRate, Bitrate: s.Bitrate, FullRange: s.FullRange}
	if s.Size == image.Pt(h.Source.Width, h.Source.Height) {
		settings.Source = h.Source
	}
	e, err := h.Open(settings)
	if err != nil {
		h.fail(err)
		return openEngine(s)
	}
	input, _ := e.Input()
	return &hardware{
		owner: h, settings: s, encoder: e, raw: settings.Source.Pixel != 0 && input.Pixel == settings.Source.Pixel,
	}, nil
}

func (h *Hardware) fail(err error) {
	h.failed = true
	if h.Failed != nil {
		h.Failed(err)
	}
}

// hardware is a ladder.RawEngine that goes on with OpenH264 when the encoder fails.
type hardware struct {
	owner    *Hardware
	settings ladder.Settings
	encoder  *m2m.Encoder  // nil after a failure
	software ladder.Engine // and then this one
	raw      bool
	sets     ParameterSets
}

var _ ladder.RawEngine = (*hardware)(nil)

func (e *hardware) SetRate(bitsPerSecond int, frameRate float32) error {
	e.settings.Bitrate, e.settings.FrameRate = bitsPerSecond, frameRate
	if e.software != nil {
		return e.software.SetRate(bitsPerSecond, frameRate)
	}
	if err := e.encoder.SetRate(bitsPerSecond, frameRate); err != nil {
		return e.replace(err)
	}
	return nil
}

func (e *hardware) TakesRaw() bool { return e.raw && e.encoder != nil }

func (e *hardware) Encode(p *image.YCbCr, after time.Duration, force bool, buffer []byte) (unit []byte, key bool, err error) {
	if e.software == nil {
		if e.raw { // the source has gone over to another kind of picture
			err = fmt.Errorf("encoding a picture: the encoder is for a camera's")
		} else {
			unit, _, err = e.encoder.Encode(p, after, force, nil)
		}
		if err == nil {
			return e.whole(unit, buffer)
		}
		if err := e.replace(err); err != nil {
			return buffer, false, err
		}
	}
	return e.software.Encode(p, after, force, buffer)
}

func (e *hardware) EncodeRaw(p ladder.Raw, after time.Duration, force bool, buffer []byte) (unit []byte, key bool, err error) {
	picture, ok := p.(*v4l2.Picture)
	if !ok {
		return e.Encode(p.I420(), after, force, buffer)
	}
	unit, _, err = e.encoder.EncodeRaw(picture, force)
	if err == nil {
		return e.whole(unit, buffer)
	}
	if err := e.replace(err); err != nil {
		return buffer, false, err
	}
	return e.software.Encode(p.I420(), after, force, buffer)
}

// whole copies the unit out of the encoder's memory, which goes away with the encoder.
func (e *hardware) whole(unit, buffer []byte) ([]byte, bool, error) {
	out, key := e.sets.Complete(unit, buffer)
	return out, key, nil
}

// replace goes over to OpenH264. A failure of the hardware is not the call's.
func (e *hardware) replace(cause error) error {
	software, err := openEngine(e.settings)
	if err != nil {
		return err
	}
	e.encoder.Close()
	e.encoder, e.software = nil, software
	e.owner.fail(cause)
	return nil
}

func (e *hardware) Close() {
	if e.encoder != nil {
		e.encoder.Close()
	}
	if e.software != nil {
		e.software.Close()
	}
}
