package call

import (
	"bytes"
	"time"

	"github.com/pion/rtp"
)

// maxPayload keeps a packet with all its headers, SRTP's tag and TURN's framing below 1280 bytes, IPv6's least MTU.
const maxPayload = 1180

// packetizer cuts pictures into RTP packets. It uses one buffer and one header
// again and again: write has done with them when it returns.
type packetizer struct {
	track   *sendTrack
	codec   byte // of the pictures
	header  rtp.Header
	stamp   captureTime
	picture uint16 // VP8's picture id, 15 bits
	buffer  [maxPayload]byte
}

// send sends one picture, calling pace with each packet's size before it leaves.
// It reports how much of it has left: nothing, where the far end expects another codec.
func (p *packetizer) send(unit []byte, timestamp uint32, captured time.Time, pace func(bytes int)) (sent part, err error) {
	p.header.Version = 2
	p.header.Timestamp = timestamp
	id := uint8(0)
	if b := p.track.bound.Load(); b != nil {
		if codecOf(b.codec) != p.codec {
			return none, nil
		}
		id = b.captureTimeID
	}
	if err := p.stamp.set(&p.header, id, captured); err != nil {
		return none, err
	}
	packets, left := 0, 0
	one := func(payload []byte, last bool) error {
		pace(len(payload))
		p.header.Marker = last
		p.header.SequenceNumber++
		gone, err := p.track.write(&p.header, payload)
		p.stamp.clear(&p.header, id)
		packets++
		if gone {
			left++
		}
		return err
	}
	if p.codec == CodecVP8 {
		err = p.cutVP8(unit, one)
	} else {
		err = p.cutH264(unit, one)
	}
	switch {
	case left == 0:
		return none, err
	case left < packets || err != nil:
		return some, err
	}
	return whole, nil
}

// pad sends so many bytes of padding, in packets of their own, behind a picture
// (RFC 3550, 5.1).
func (p *packetizer) pad(bytes int) error {
	p.header.Marker, p.header.Padding, p.header.PaddingSize = false, true, padding
	defer func() { p.header.Padding, p.header.PaddingSize = false, 0 }()
	for ; bytes > 0; bytes -= padding {
		p.header.SequenceNumber++
		if sent, err := p.track.write(&p.header, nil); err != nil || !sent {
			return err
		}
	}
	return nil
}

// cutH264 cuts an access unit in Annex B (RFC 6184, packetization mode 1: single
// NAL units and FU-A).
func (p *packetizer) cutH264(unit []byte, one func(payload []byte, last bool) error) (err error) {
	var nal []byte
	for next, rest := nextNAL(unit); next != nil && err == nil; {
		nal = next
		next, rest = nextNAL(rest)
		last := next == nil
		if len(nal) <= maxPayload {
			err = one(nal, last)
			continue
		}
		header := nal[0]
		start := byte(0x80)
		for body := nal[1:]; len(body) > 0 && err == nil; start = 0 {
			n := min(len(body), maxPayload-2)
			end := byte(0)
			if n == len(body) {
				end = 0x40
			}
			p.buffer[0] = header&0xe0 | 28
			p.buffer[1] = start | end | header&0x1f
			copy(p.buffer[2:], body[:n])
			body = body[n:]
			err = one(p.buffer[:2+n], last && end != 0)
		}
	}
	return err
}

// cutVP8 cuts a frame (RFC 7741): each packet says which picture it is of, with 15
// bits, and the first one that the frame begins. Where its partitions begin is not
// told; the frame is read whole.
func (p *packetizer) cutVP8(frame []byte, one func(payload []byte, last bool) error) (err error) {
	const descriptor = 4
	p.picture = (p.picture + 1) & 0x7fff
	start := byte(0x10)
	for ; len(frame) > 0 && err == nil; start = 0 {
		n := min(len(frame), maxPayload-descriptor)
		p.buffer[0] = 0x80 | start              // X, S
		p.buffer[1] = 0x80                      // I
		p.buffer[2] = 0x80 | byte(p.picture>>8) // M
		p.buffer[3] = byte(p.picture)
		copy(p.buffer[descriptor:], frame[:n])
		frame = frame[n:]
		err = one(p.buffer[:descriptor+n], len(frame) == 0)
	}
	return err
}

// part says how much of a picture has left.
type part int

const (
	none part = iota
	some
	whole
)

// nextNAL cuts the first NAL unit off an Annex B stream: it lies between start
// codes of three or four bytes. The NAL unit is nil at the end.
func nextNAL(stream []byte) (nal, rest []byte) {
	for {
		begin := bytes.Index(stream, []byte{0, 0, 1})
		if begin < 0 {
			return nil, nil
		}
		stream = stream[begin+3:]
		end := bytes.Index(stream, []byte{0, 0, 1})
		if end < 0 {
			nal, rest = stream, nil
		} else {
			nal, rest = stream[:end], stream[end:]
		}
		// The zero before a start code of four bytes, and trailing zeros, are not the NAL unit's.
		if nal = bytes.TrimRight(nal, "\x00"); len(nal) > 0 {
			return nal, rest
		}
		if rest == nil {
			return nil, nil
		}
		stream = rest
	}
}

// isKey tells whether a picture can be decoded by itself.
func isKey(codec byte, unit []byte) bool {
	if codec == CodecVP8 {
		return len(unit) > 0 && unit[0]&1 == 0 // RFC 6386, 9.1
	}
	for nal, rest := nextNAL(unit); nal != nil; nal, rest = nextNAL(rest) {
		switch nal[0] & 0x1f {
		case 5:
			return true
		case 1:
			return false // slices come last; no need to look through them
		}
	}
	return false
}

// ticks is a duration in units of a clock.
func ticks(d time.Duration, clock int64) uint32 {
	return uint32(d.Microseconds() * clock / 1_000_000)
}
