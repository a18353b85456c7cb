package call

import (
	"encoding/binary"
	"errors"
	"strings"
	"sync/atomic"
	"time"

	"github.com/pion/rtp"
	"github.com/pion/webrtc/v4"
)

const captureTimeURI = "http://www.webrtc.org/experiments/rtp-hdrext/abs-capture-time"

// captureTimeEvery is how often a picture says when it was taken; the far end reckons the others.
const captureTimeEvery = time.Second

// sendTrack is a webrtc.TrackLocal for packets that are made here: unlike pion's
// it knows whether a packet has really left, and hands on the header it is given.
type sendTrack struct {
	kind webrtc.RTPCodecType
	// mimes are the codecs that can be sent, the preferred ones first.
	mimes []string
	// agreed is called with the codec that the far end takes, refused when it takes none.
	agreed  func(mime string)
	refused func()

	bound atomic.Pointer[binding]
}

// binding is what the two ends agreed on for a track.
type binding struct {
	ssrc          uint32
	mime          string
	payloadType   uint8
	captureTimeID uint8 // of the header extension; 0 without
	stream        webrtc.TrackLocalWriter
}

var errCodecRefused = errors.New("the far end takes none of the codecs that the booth sends")

// Bind is called by pion when the far end's description has been taken.
func (t *sendTrack) Bind(c webrtc.TrackLocalContext) (webrtc.RTPCodecParameters, error) {
	for _, mime := range t.mimes {
		for _, codec := range c.CodecParameters() {
			if !strings.EqualFold(codec.MimeType, mime) {
				continue
			}
			b := binding{ssrc: uint32(c.SSRC()), mime: mime, payloadType: uint8(codec.PayloadType), stream: c.WriteStream()}
			for _, e := range c.HeaderExtensions() {
				if e.URI == captureTimeURI {
					b.captureTimeID = uint8(e.ID)
				}
			}
			t.bound.Store(&b)
			t.agreed(mime)
			return codec, nil
		}
	}
	t.refused()
	return webrtc.RTPCodecParameters{}, errCodecRefused
}

// Unbind is called by pion when the connection closes.
func (t *sendTrack) Unbind(webrtc.TrackLocalContext) error {
	t.bound.Store(nil)
	return nil
}

// ID, RID, StreamID and Kind name the track in the session description.
func (t *sendTrack) ID() string                { return t.kind.String() }
func (t *sendTrack) RID() string               { return "" }
func (t *sendTrack) StreamID() string          { return "booth" }
func (t *sendTrack) Kind() webrtc.RTPCodecType { return t.kind }

// write sends one packet. It reports false when there is no connection yet to
// send it over. The header's extensions are those of its last packet.
func (t *sendTrack) write(header *rtp.Header, payload []byte) (bool, error) {
	b := t.bound.Load()
	if b == nil {
		return false, nil
	}
	header.SSRC, header.PayloadType = b.ssrc, b.payloadType
	n, err := b.stream.WriteRTP(header, payload)
	return n > 0, err
}

// captureTime writes when a picture was captured into the first packet's header, and out again.
type captureTime struct {
	last  time.Time
	bytes [8]byte
}

func (c *captureTime) set(header *rtp.Header, id uint8, captured time.Time) error {
	if id == 0 || captured.Sub(c.last) < captureTimeEvery {
		return nil
	}
	c.last = captured
	binary.BigEndian.PutUint64(c.bytes[:], rtp.NewAbsCaptureTimeExtension(captured).Timestamp)
	return header.SetExtension(id, c.bytes[:])
}

func (c *captureTime) clear(header *rtp.Header, id uint8) {
	if id != 0 {
		_ = header.DelExtension(id) // it is not there most of the time
	}
}
