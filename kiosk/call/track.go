package call

import (
	"encoding/binary"
	"errors"
	"fmt"
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
	// codecs are those that can be sent, the best first.
	codecs []string
	// agreed, if there is one, is called with the codec that the far end takes, refused when it takes none.
	agreed  func(mime string)
	refused func()

	bound atomic.Pointer[binding]
}

// binding is what the two ends agreed on for a track.
type binding struct {
	ssrc          uint32
	codec         string // its MIME type, one of sendTrack.codecs
	clock         int64
	payloadType   uint8
	copiesType    uint8 // of packets with copies of earlier ones (RFC 2198); 0 if they are not taken
	captureTimeID uint8 // of the header extension; 0 without
	levelID       uint8 // of that for how loud it is
	stream        webrtc.TrackLocalWriter
}

var errCodecRefused = errors.New("the far end takes none of the codecs that the booth sends")

// Bind is called by pion when the far end's description has been taken.
func (t *sendTrack) Bind(c webrtc.TrackLocalContext) (webrtc.RTPCodecParameters, error) {
	for _, mime := range t.codecs {
		for _, codec := range c.CodecParameters() {
			if !strings.EqualFold(codec.MimeType, mime) {
				continue
			}
			b := binding{
				ssrc: uint32(c.SSRC()), codec: mime, clock: int64(codec.ClockRate),
				payloadType: uint8(codec.PayloadType), copiesType: copiesType(codec, c.CodecParameters()), stream: c.WriteStream(),
			}
			for _, e := range c.HeaderExtensions() {
				if e.URI == captureTimeURI {
					b.captureTimeID = uint8(e.ID)
				}
			}
			if t.kind == webrtc.RTPCodecTypeAudio {
				b.levelID = levelID(c.HeaderExtensions())
			}
			t.bound.Store(&b)
			if t.agreed != nil {
				t.agreed(mime)
			}
			return codec, nil
		}
	}
	t.refused()
	return webrtc.RTPCodecParameters{}, errCodecRefused
}

// copiesType is the payload type of redundant packets whose blocks are of that codec; 0 if there is none.
func copiesType(codec webrtc.RTPCodecParameters, all []webrtc.RTPCodecParameters) uint8 {
	blocks := fmt.Sprintf("%d/%d", codec.PayloadType, codec.PayloadType)
	for _, c := range all {
		if strings.EqualFold(c.MimeType, mimeRED) && c.ClockRate == codec.ClockRate && strings.HasPrefix(c.SDPFmtpLine, blocks) {
			return uint8(c.PayloadType)
		}
	}
	return 0
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
	return b.write(header, payload, b.payloadType)
}

func (b *binding) write(header *rtp.Header, payload []byte, payloadType uint8) (bool, error) {
	header.SSRC, header.PayloadType = b.ssrc, payloadType
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
