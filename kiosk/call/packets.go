package call

import (
	"bytes"
	"time"

	"github.com/pion/rtp"
)

// maxPayload keeps a packet with all its headers, SRTP's tag and TURN's framing below 1280 bytes, IPv6's least MTU.
const maxPayload = 1180

// packetizer cuts H.264 access units into RTP packets (RFC 6184, packetization
// mode 1: single NAL units and FU-A). It uses one buffer and one header again and
// again: write has done with them when it returns.
type packetizer struct {
	track  *sendTrack
	header rtp.Header
	stamp  captureTime
	buffer [maxPayload]byte
}

// send sends one access unit in Annex B, calling pace with each packet's size
// before it leaves. It reports how much of the unit has left.
func (p *packetizer) send(unit []byte, timestamp uint32, captured time.Time, pace func(bytes int)) (sent part, err error) {
	p.header.Version = 2
	p.header.Timestamp = timestamp
	id := uint8(0)
	if b := p.track.bound.Load(); b != nil {
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
	switch {
	case left == 0:
		return none, err
	case left < packets || err != nil:
		return some, err
	}
	return whole, nil
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

// isKey tells whether an access unit has an IDR picture.
func isKey(unit []byte) bool {
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
