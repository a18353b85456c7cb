// Package h264 encodes pictures as H.264 constrained baseline, with OpenH264 - the
// static library that mediadevices brings - for a call in real time: one
// slice a picture, no picture left out, key frames only where they are asked
// for, SPS and PPS before each.
//
// It calls the library through a bridge of its own rather than through
// mediadevices' wrapper: that one allocates for every picture, and lets
// ForceKeyFrame and SetBitRate race with the encoding.
//
// The encoder follows its target bitrate by reducing the picture's size (see
// kiosk/media/ladder); receivers follow the SPS.
//
// Where the machine has an encoder in hardware (kiosk/media/m2m), that one is
// used until it fails; OpenH264 then takes over in the same stream.
//
// It owns no goroutine and opens nothing. Sources: ITU-T H.264 Annex B;
// openh264/codec_api.h, OpenH264 2.1.1's own header.
package h264

import (
	"errors"

	"github.com/pion/mediadevices/pkg/codec"
	"github.com/pion/mediadevices/pkg/io/video"
	"github.com/pion/mediadevices/pkg/prop"

	"loiret.fr/visioborne/kiosk/media/ladder"
)

// Params builds encoders; its zero value is ready to use.
type Params struct {
	Bitrate int // bits per second at the start; 0 means ladder.DefaultBitrate
	// Hardware is the encoder to use instead of OpenH264 as long as it works; nil for none.
	Hardware *Hardware
	// Mirror gets the pictures too; nil for none.
	Mirror *ladder.Mirror
}

var _ codec.VideoEncoderBuilder = Params{}

// RTPCodec describes the stream: constrained baseline, packetization mode 1.
func (Params) RTPCodec() *codec.RTPCodec { return codec.NewRTPH264Codec(90000) }

// BuildVideoEncoder makes an encoder of the pictures of r; see ladder.NewEncoder.
func (p Params) BuildVideoEncoder(r video.Reader, m prop.Media) (codec.ReadCloser, error) {
	open := openEngine
	if p.Hardware != nil {
		open = p.Hardware.open
	}
	return ladder.NewEncoder(r, m, p.Bitrate, open, p.Mirror)
}

// NewMirror makes a mirror in H.264.
func NewMirror() *ladder.Mirror { return ladder.NewMirror(openEngine) }

var errEngine = errors.New("OpenH264 refused")
