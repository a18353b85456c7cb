package call

import (
	"errors"
	"time"

	"github.com/pion/rtp"
	"github.com/pion/rtp/codecs"
)

const (
	// Packets that wait for an earlier one, at most: three seconds of a 4 Mbit/s picture.
	ringPackets = 1024
	// A missing packet is asked for again by NACK; after this long it is not coming.
	gapWait = 300 * time.Millisecond
	// Between two wishes for a key frame.
	keyInterval = 500 * time.Millisecond
	// No encoded picture is larger.
	maxFrameBytes = 1 << 20

	videoClock = 90_000
)

// assembler puts a received picture together again: packets in, whole frames
// out, in order and only if they can be decoded. A frame leaves as soon as its
// last packet is there. It has no clock and no goroutine; its buffers are used
// again and again.
type assembler struct {
	codec byte
	emit  func(Frame)
	// wantKey asks the sender for a key frame.
	wantKey func()

	ring  [ringPackets]slot
	begun bool
	next  uint16    // first packet of the next frame
	last  uint16    // newest packet seen
	gapAt time.Time // when the frame at next was first found waiting for a packet; zero if it is not
	// lost: frames are missing, only a key frame may be emitted.
	lost      bool
	askedAt   time.Time
	frame     []byte
	timestamp unwrapper
	vp8       codecs.VP8Packet
}

// slot is one packet of the ring.
type slot struct {
	present   bool
	sequence  uint16
	timestamp uint32
	marker    bool
	payload   []byte
}

func newAssembler(codec byte, emit func(Frame), wantKey func()) *assembler {
	return &assembler{codec: codec, emit: emit, wantKey: wantKey, lost: true}
}

// newer tells whether sequence number a comes after b (RFC 1982).
func newer(a, b uint16) bool { return a != b && a-b < 1<<15 }

func (a *assembler) at(sequence uint16) *slot { return &a.ring[sequence%ringPackets] }

// have tells whether the packet of that number is in the ring.
func (a *assembler) have(sequence uint16) bool {
	s := a.at(sequence)
	return s.present && s.sequence == sequence
}

// push takes a received packet and emits what has become complete.
func (a *assembler) push(now time.Time, p *rtp.Packet) {
	switch {
	case !a.begun:
		a.begun, a.next, a.last = true, p.SequenceNumber, p.SequenceNumber
	case newer(a.next, p.SequenceNumber):
		return // its frame has left, or was given up
	case p.SequenceNumber-a.next >= ringPackets:
		// The sender jumped, or the line was away for long.
		a.restart(p.SequenceNumber)
	}
	if newer(p.SequenceNumber, a.last) {
		a.last = p.SequenceNumber
	}
	s := a.at(p.SequenceNumber)
	s.present, s.sequence, s.timestamp, s.marker = true, p.SequenceNumber, p.Timestamp, p.Marker
	s.payload = append(s.payload[:0], p.Payload...)
	for a.one() {
		a.gapAt = time.Time{}
	}
	a.mindGap(now)
	if a.lost && now.Sub(a.askedAt) >= keyInterval {
		a.askedAt = now
		a.wantKey()
	}
}

func (a *assembler) restart(sequence uint16) {
	for i := range a.ring {
		a.ring[i].present = false
	}
	a.next, a.last, a.lost, a.gapAt = sequence, sequence, true, time.Time{}
}

// one emits the frame at next if it is complete. It reports whether next has moved.
func (a *assembler) one() bool {
	// Packets of padding alone keep sequence numbers, and belong to no frame.
	if a.have(a.next) && len(a.at(a.next).payload) == 0 {
		a.drop(a.next)
		return true
	}
	if !a.have(a.next) {
		return false
	}
	timestamp := a.at(a.next).timestamp
	for end := a.next; a.have(end); end++ {
		s := a.at(end)
		if s.timestamp != timestamp {
			// The frame has no marker, but the next one has begun.
			a.finish(end-1, timestamp)
			return true
		}
		if s.marker {
			a.finish(end, timestamp)
			return true
		}
	}
	return false
}

func (a *assembler) drop(end uint16) {
	for ; !newer(a.next, end); a.next++ {
		if a.have(a.next) {
			a.at(a.next).present = false
		}
	}
}

// finish emits the packets from next to end as a frame.
func (a *assembler) finish(end uint16, timestamp uint32) {
	a.frame = a.frame[:0]
	var key bool
	var err error
	for q := a.next; !newer(q, end) && err == nil; q++ {
		if payload := a.at(q).payload; len(payload) > 0 {
			if a.codec == CodecVP8 {
				key, err = a.addVP8(payload, key)
			} else {
				key, err = a.addH264(payload, key)
			}
		}
	}
	a.drop(end)
	at := a.timestamp.unwrap(timestamp)
	switch {
	case err != nil:
		a.lost = true
	case len(a.frame) == 0, a.lost && !key:
	default:
		a.lost = false
		a.emit(Frame{
			Stream: StreamAdviser, Codec: a.codec, Key: key,
			Timestamp: time.Duration(at) * time.Second / videoClock, Payload: a.frame,
		})
	}
}

// mindGap gives a missing packet up when it has been waited for long enough,
// and goes on with the next frame whose beginning is there.
func (a *assembler) mindGap(now time.Time) {
	if a.waitsForNothing() {
		a.gapAt = time.Time{}
		return
	}
	if a.gapAt.IsZero() {
		a.gapAt = now
		return
	}
	if now.Sub(a.gapAt) < gapWait {
		return
	}
	a.gapAt = time.Time{}
	a.lost = true
	// A frame begins after a marker, or where the timestamp changes.
	for q := a.next; newer(a.last, q); q++ {
		if !a.have(q) {
			continue
		}
		s := a.at(q)
		if s.marker || a.have(q+1) && a.at(q+1).timestamp != s.timestamp {
			a.drop(q)
			for a.one() {
			}
			return
		}
	}
	// Nothing of a later frame is there yet.
	a.drop(a.last)
}

// waitsForNothing: every packet up to the newest is there; the frame is just not over.
func (a *assembler) waitsForNothing() bool {
	for q := a.next; !newer(q, a.last); q++ {
		if !a.have(q) {
			return false
		}
	}
	return true
}

var (
	errFragment = errors.New("a fragment without its beginning")
	errTooLarge = errors.New("a frame that is too large")
	errShort    = errors.New("a truncated packet")
	errKind     = errors.New("a packet of a kind that was not negotiated")
)

var startCode = [...]byte{0, 0, 0, 1}

// addH264 adds the NAL units of one payload to the frame (RFC 6184: single NAL
// units, STAP-A and FU-A, which is all of packetization mode 1). A frame is a key
// frame when it has an IDR picture.
func (a *assembler) addH264(payload []byte, key bool) (bool, error) {
	const idr, stapA, fuA = 5, 24, 28
	if len(a.frame)+len(payload)+len(startCode) > maxFrameBytes {
		return key, errTooLarge
	}
	switch kind := payload[0] & 0x1f; {
	case kind >= 1 && kind <= 23:
		a.frame = append(append(a.frame, startCode[:]...), payload...)
		return key || kind == idr, nil
	case kind == stapA:
		for rest := payload[1:]; len(rest) > 0; {
			if len(rest) < 2 {
				return key, errShort
			}
			size := int(rest[0])<<8 | int(rest[1])
			if rest = rest[2:]; size == 0 || size > len(rest) {
				return key, errShort
			}
			a.frame = append(append(a.frame, startCode[:]...), rest[:size]...)
			key = key || rest[0]&0x1f == idr
			rest = rest[size:]
		}
		return key, nil
	case kind == fuA:
		if len(payload) < 3 {
			return key, errShort
		}
		header := payload[1]
		if header&0x80 != 0 {
			a.frame = append(append(a.frame, startCode[:]...), payload[0]&0xe0|header&0x1f)
		} else if len(a.frame) == 0 {
			return key, errFragment
		}
		a.frame = append(a.frame, payload[2:]...)
		return key || header&0x1f == idr, nil
	}
	return key, errKind
}

// addVP8 adds one payload to the frame (RFC 7741). The first byte of a frame
// says whether it depends on others (RFC 6386, section 9.1).
func (a *assembler) addVP8(payload []byte, key bool) (bool, error) {
	body, err := a.vp8.Unmarshal(payload)
	if err != nil {
		return key, err
	}
	if len(a.frame)+len(body) > maxFrameBytes {
		return key, errTooLarge
	}
	begins := a.vp8.S == 1 && a.vp8.PID == 0
	if begins != (len(a.frame) == 0) {
		return key, errFragment
	}
	if begins && len(body) > 0 {
		key = body[0]&1 == 0
	}
	a.frame = append(a.frame, body...)
	return key, nil
}

// unwrapper makes 32-bit RTP timestamps a time that only grows by their differences.
type unwrapper struct {
	begun bool
	last  uint32
	sum   int64
}

// unwrap returns ticks since the first timestamp.
func (u *unwrapper) unwrap(timestamp uint32) int64 {
	if !u.begun {
		u.begun, u.last = true, timestamp
	}
	u.sum += int64(int32(timestamp - u.last))
	u.last = timestamp
	return u.sum
}
