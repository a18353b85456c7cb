package call

import (
	"bytes"
	"time"

	"github.com/pion/rtp"
)

// maxPayload keeps a packet with all its headers, SRTP's tag and TURN's framing below 1280 bytes, IPv6's least MTU.
const maxPayload = 1180

// packetizer cuts H.264 access units into RTP payloads (RFC 6184, packetization
// mode 1: single NAL units and FU-A). It writes into one buffer of its own.
type packetizer struct {
	// write sends one packet; it is valid during the call only.
	write    func(*rtp.Packet) error
	packet   rtp.Packet
	sequence uint16
	buffer   [maxPayload]byte
}

// send sends one access unit in Annex B, calling pace with each packet's size
// before it leaves.
func (p *packetizer) send(unit []byte, timestamp uint32, pace func(bytes int)) error {
	p.packet.Version = 2
	p.packet.Timestamp = timestamp
	for nal, rest := nextNAL(unit); nal != nil; nal, rest = nextNAL(rest) {
		last := len(rest) == 0
		if len(nal) <= maxPayload {
			if err := p.one(nal, last, pace); err != nil {
				return err
			}
			continue
		}
		header := nal[0]
		start := byte(0x80)
		for body := nal[1:]; len(body) > 0; start = 0 {
			n := min(len(body), maxPayload-2)
			end := byte(0)
			if n == len(body) {
				end = 0x40
			}
			p.buffer[0] = header&0xe0 | 28
			p.buffer[1] = start | end | header&0x1f
			copy(p.buffer[2:], body[:n])
			body = body[n:]
			if err := p.one(p.buffer[:2+n], last && end != 0, pace); err != nil {
				return err
			}
		}
	}
	return nil
}

func (p *packetizer) one(payload []byte, marker bool, pace func(int)) error {
	pace(len(payload))
	p.packet.Marker = marker
	p.packet.SequenceNumber = p.sequence
	p.sequence++
	p.packet.Payload = payload
	return p.write(&p.packet)
}

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
	return uint32(int64(d) / int64(time.Millisecond) * clock / 1000)
}
