package call

import (
	"errors"

	"github.com/pion/rtp"
)

// Redundant audio data (RFC 2198), in the form that browsers use: one block of
// sound, after copies of those before it.
const (
	redMostCopies = 8 // browsers send 1
	redMostOffset = 1<<14 - 1
	redMostLength = 1<<10 - 1
	redHeader     = 4 // of a copy; the block's own has 1
)

var (
	errRedShort  = errors.New("a truncated redundant packet")
	errRedCopies = errors.New("a redundant packet with too many copies")
)

// redPacket is a redundant packet, taken apart. Its payloads are parts of the packet's.
type redPacket struct {
	payloadType uint8
	payload     []byte
	copies      []redCopy // the oldest first
	memory      [redMostCopies]redCopy
}

// redCopy is a copy of an earlier packet.
type redCopy struct {
	payloadType uint8
	offset      uint32 // ticks before the packet's timestamp
	payload     []byte
}

// parse takes a payload apart. It allocates nothing.
func (p *redPacket) parse(payload []byte) error {
	p.copies, p.payload = p.memory[:0], nil
	// All headers come first, then all blocks.
	rest, lengths := payload, [redMostCopies]int{}
	for {
		if len(rest) == 0 {
			return errRedShort
		}
		if rest[0]&0x80 == 0 {
			break
		}
		switch {
		case len(rest) < redHeader:
			return errRedShort
		case len(p.copies) == redMostCopies:
			return errRedCopies
		}
		lengths[len(p.copies)] = int(rest[2]&3)<<8 | int(rest[3])
		p.copies = append(p.copies, redCopy{payloadType: rest[0] & 0x7f, offset: uint32(rest[1])<<6 | uint32(rest[2])>>2})
		rest = rest[redHeader:]
	}
	p.payloadType, rest = rest[0], rest[1:]
	for i := range p.copies {
		n := lengths[i]
		if n > len(rest) {
			return errRedShort
		}
		p.copies[i].payload, rest = rest[:n:n], rest[n:]
	}
	p.payload = rest
	return nil
}

// redundancy puts a copy of the packet before into each packet.
type redundancy struct {
	before    [redMostLength]byte
	length    int // of before; 0: there is none
	sequence  uint16
	timestamp uint32
	buffer    [maxPayload]byte
}

// wrap returns a redundant packet's payload, valid until the next call, or nil
// where there is no packet before that fits in. blocks is the payload type inside.
func (r *redundancy) wrap(header *rtp.Header, payload []byte, blocks uint8) []byte {
	offset := header.Timestamp - r.timestamp
	if r.length == 0 || r.sequence+1 != header.SequenceNumber || offset == 0 || offset > redMostOffset ||
		redHeader+1+r.length+len(payload) > len(r.buffer) {
		return nil
	}
	b := append(r.buffer[:0], 0x80|blocks, byte(offset>>6), byte(offset<<2)|byte(r.length>>8), byte(r.length), blocks)
	return append(append(b, r.before[:r.length]...), payload...)
}

// remember keeps a packet that has been sent, for the next one.
func (r *redundancy) remember(header *rtp.Header, payload []byte) {
	r.length = 0
	if len(payload) <= len(r.before) {
		r.length = copy(r.before[:], payload)
	}
	r.sequence, r.timestamp = header.SequenceNumber, header.Timestamp
}
