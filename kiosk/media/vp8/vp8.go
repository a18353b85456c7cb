// Package vp8 encodes pictures as VP8 with libvpx, for far ends that have no
// H.264: RFC 7742 demands both of a browser, and not every one has both. In real
// time: one pass at a constant bitrate, no look-ahead, no picture left out, key
// frames only where they are asked for.
//
// The library is Debian's static one, which `make libvpx` fetches into
// build/libvpx. It is called through a bridge as kiosk/media/h264's, and for the
// same reasons. The encoder follows its target bitrate by reducing the picture's
// size (see kiosk/media/ladder); key frames say theirs.
//
// It owns no goroutine of Go's (libvpx has threads of its own for large pictures,
// which end with the encoder) and opens nothing. Sources: RFC 6386; libvpx's
// vpx/vp8cx.h; the settings are those of libwebrtc's VP8 encoder.
package vp8

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
	// Mirror gets the pictures too; nil for none.
	Mirror *ladder.Mirror
}

var _ codec.VideoEncoderBuilder = Params{}

// RTPCodec describes the stream.
func (Params) RTPCodec() *codec.RTPCodec { return codec.NewRTPVP8Codec(90000) }

// BuildVideoEncoder makes an encoder of the pictures of r; see ladder.NewEncoder.
func (p Params) BuildVideoEncoder(r video.Reader, m prop.Media) (codec.ReadCloser, error) {
	return ladder.NewEncoder(r, m, p.Bitrate, openEngine, p.Mirror)
}

var errEngine = errors.New("libvpx refused")
