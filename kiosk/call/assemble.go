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
	// A missing packet is waited for that long, and one round trip more, up to gapWaitMost.
	gapWait, gapWaitMost = 200 * time.Millisecond, 500 * time.Millisecond
	// More missing packets than that are not worth asking for again.
	missingMost = 128
	// A packet that is that late was lost and not just overtaken.
	overtaken = 5 * time.Millisecond
	// How soon a packet is asked for once more, and how often at most.
	againLeast, againMost = 30 * time.Millisecond, 200 * time.Millisecond
	againTimes            = 8
	// A round trip, until one has been measured.
	rttGuess = 80 * time.Millisecond
	// Between two wishes for a key frame.
	keyInterval = 500 * time.Millisecond
	// The first packet may have been overtaken by that many.
	beforeFirst = 64
	// That many old packets in a row, and the sender has begun to count anew.
	staleMost = 256
	// No encoded picture is larger.
	maxFrameBytes = 1 << 20
	// No two pictures are further apart in a stream that goes on.
	maxFrameGap = 10 * videoClock

	videoClock = 90_000
)

// assembler puts a received picture together again: packets in, whole frames
// out, in order and only if they can be decoded. A frame leaves as soon as its
// last packet is there. Missing packets are asked for again (RFC 4585); what does
// not come in time is given up, up to the next key frame. It has no clock and no
// goroutine; its buffers are used again and again.
type assembler struct {
	codec byte
	emit  func(Frame)
	// wantKey asks the sender for a key frame, again for missing packets.
	wantKey func()
	again   func(sequence []uint16)
	rtt     time.Duration // to the sender; 0 while it is not known

	ring    [ringPackets]slot
	asked   [ringPackets]asking
	missing []uint16
	begun   bool
	settled bool      // next has moved
	stale   int       // old packets since the last new one
	next    uint16    // first packet of the next frame
	last    uint16    // newest packet seen
	gapAt   time.Time // when the frame at next was first found waiting for a packet; zero if it is not
	// lost: frames are missing, only a key frame may be emitted.
	lost    bool
	askedAt time.Time
	// beheaded: the beginning of the frame of that RTP timestamp is gone.
	beheaded   bool
	beheadedAt uint32
	timestamp  unwrapper

	frame frame
	vp8   codecs.VP8Packet
	// The newest parameter sets, for a key frame that comes without.
	sps, pps []byte
	spare    []byte
}

// slot is one packet of the ring.
type slot struct {
	present   bool
	sequence  uint16
	timestamp uint32
	marker    bool
	payload   []byte
}

// asking is what was done for a missing packet.
type asking struct {
	begun    bool
	sequence uint16
	at       time.Time // of the discovery, then of the last NACK
	times    int
}

// frame is a frame in the making.
type frame struct {
	bytes          []byte
	key            bool
	sps, pps, open bool // open: a fragmented NAL unit waits for its end
}

func newAssembler(codec byte, emit func(Frame), wantKey func(), again func([]uint16)) *assembler {
	return &assembler{codec: codec, emit: emit, wantKey: wantKey, again: again, lost: true}
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
	sequence := p.SequenceNumber
	switch {
	case !a.begun:
		a.begun, a.next, a.last = true, sequence, sequence
		if a.beginsKey(p.Payload) {
			a.askedAt = now // a key frame is on its way
		}
	case newer(a.next, sequence):
		if !a.settled && a.next-sequence <= beforeFirst && a.last-sequence < ringPackets {
			a.next = sequence
			break
		}
		// Its frame has left, or was given up.
		if a.stale++; a.stale < staleMost {
			return
		}
		a.restart(p)
	case sequence-a.next >= ringPackets:
		// The sender jumped, or the line was away for long.
		a.restart(p)
	}
	a.stale = 0
	if newer(sequence, a.last) {
		a.last = sequence
	}
	s := a.at(sequence)
	s.present, s.sequence, s.timestamp, s.marker = true, sequence, p.Timestamp, p.Marker
	s.payload = append(s.payload[:0], p.Payload...)
	a.emitReady()
}

// attend does what is due at that time: asks for packets again, gives up those
// that do not come, asks for a key frame. It returns how soon it wants to be
// called again, also when no packet comes; 0 for not at all.
func (a *assembler) attend(now time.Time) time.Duration {
	if !a.begun {
		return 0
	}
	a.mindGap(now)
	if a.lost && now.Sub(a.askedAt) >= keyInterval {
		a.askedAt = now
		a.wantKey()
	}
	switch {
	case !a.gapAt.IsZero():
		return overtaken
	case a.lost:
		return keyInterval - now.Sub(a.askedAt)
	}
	return 0
}

// restart goes on with a packet that has nothing to do with those before.
func (a *assembler) restart(p *rtp.Packet) {
	for i := range a.ring {
		a.ring[i].present = false
	}
	a.next, a.last, a.lost, a.gapAt = p.SequenceNumber, p.SequenceNumber, true, time.Time{}
	a.beheaded, a.beheadedAt = !a.beginsKey(p.Payload), p.Timestamp
}

// emitReady emits the frames that are complete, as far as the first that is not.
func (a *assembler) emitReady() {
	for a.one() {
		a.gapAt = time.Time{}
	}
}

// one emits the frame at next if it is complete. It reports whether next has moved.
func (a *assembler) one() bool {
	if !a.have(a.next) {
		return false
	}
	// Packets of padding alone keep sequence numbers, and belong to no frame.
	if len(a.at(a.next).payload) == 0 {
		a.drop(a.next)
		return true
	}
	if end, ok := a.end(a.next); ok {
		a.finish(end)
		return true
	}
	return false
}

// end finds the last packet of the frame that begins at a packet, if all of them are there.
func (a *assembler) end(begin uint16) (uint16, bool) {
	timestamp := a.at(begin).timestamp
	for end := begin; a.have(end) && end-begin < ringPackets; end++ {
		s := a.at(end)
		if s.timestamp != timestamp {
			return end - 1, true // the frame has no marker, but the next one has begun
		}
		if s.marker {
			return end, true
		}
	}
	return 0, false
}

func (a *assembler) drop(end uint16) {
	a.settled = true
	for ; !newer(a.next, end); a.next++ {
		if a.have(a.next) {
			a.at(a.next).present = false
		}
	}
}

// finish emits the packets from next to end as a frame.
func (a *assembler) finish(end uint16) {
	timestamp := a.at(a.next).timestamp
	if a.beheaded {
		if a.beheaded = timestamp == a.beheadedAt; a.beheaded {
			a.drop(end)
			return
		}
	}
	a.frame = frame{bytes: a.frame.bytes[:0]}
	var err error
	for q := a.next; !newer(q, end) && err == nil; q++ {
		if payload := a.at(q).payload; len(payload) > 0 {
			if a.codec == CodecVP8 {
				err = a.addVP8(payload)
			} else {
				err = a.addH264(payload)
			}
		}
	}
	a.drop(end)
	if err == nil && a.frame.open {
		err = errFragment
	}
	if err == nil && a.frame.key && a.codec == CodecH264 {
		err = a.withParameters()
	}
	at := a.timestamp.unwrap(timestamp)
	switch {
	case err != nil:
		a.lost = true
	case len(a.frame.bytes) == 0, a.lost && !a.frame.key:
	default:
		if a.lost {
			a.lost, a.askedAt = false, time.Time{} // the next loss is a new one
		}
		a.emit(Frame{
			Stream: StreamAdviser, Codec: a.codec, Key: a.frame.key,
			Timestamp: time.Duration(at) * time.Second / videoClock, Payload: a.frame.bytes, rtp: timestamp,
		})
	}
}

// mindGap looks after packets that are missing between others.
func (a *assembler) mindGap(now time.Time) {
	holes := a.holes()
	if holes > 0 && a.skipToKey() {
		holes = a.holes()
	}
	switch {
	case holes == 0:
		a.gapAt = time.Time{}
		return
	case a.gapAt.IsZero():
		a.gapAt = now
	case holes > missingMost, now.Sub(a.gapAt) >= min(gapWait+a.rtt, gapWaitMost):
		a.giveUp()
		if holes = a.holes(); holes > 0 {
			a.gapAt = now
		}
	}
	if holes > 0 {
		a.ask(now)
	}
}

// holes counts the missing packets. Without any the frame at next is just not over.
func (a *assembler) holes() int {
	n := 0
	for q := a.next; !newer(q, a.last); q++ {
		if !a.have(q) {
			n++
		}
	}
	return n
}

// ask asks for the missing packets that have been asked for long enough ago.
func (a *assembler) ask(now time.Time) {
	rtt := a.rtt
	if rtt == 0 {
		rtt = rttGuess
	}
	patience := min(max(rtt*5/4, againLeast), againMost)
	a.missing = a.missing[:0]
	for q := a.next; newer(a.last, q); q++ {
		if a.have(q) {
			continue
		}
		m := &a.asked[q%ringPackets]
		if !m.begun || m.sequence != q {
			*m = asking{begun: true, sequence: q, at: now}
			continue
		}
		wait := patience
		if m.times == 0 {
			wait = overtaken
		}
		if m.times < againTimes && now.Sub(m.at) >= wait {
			m.times, m.at = m.times+1, now
			a.missing = append(a.missing, q)
		}
	}
	if len(a.missing) > 0 {
		a.again(a.missing)
	}
}

// skipToKey goes on with a key frame that is there whole, whatever is missing before it.
func (a *assembler) skipToKey() bool {
	for q := a.last; newer(q, a.next); q-- {
		if !a.have(q) || !a.beginsKey(a.at(q).payload) {
			continue
		}
		if _, whole := a.end(q); whole {
			a.drop(q - 1)
			a.lost = true // what comes must be a key frame indeed
			a.emitReady()
			return true
		}
	}
	return false
}

// giveUp gives the frame at next up, and goes on with the one after.
func (a *assembler) giveUp() {
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
			a.emitReady()
			return
		}
	}
	// Nothing of a later frame is there yet.
	a.beheaded, a.beheadedAt = true, a.at(a.last).timestamp
	a.drop(a.last)
}

// beginsKey tells whether a payload is the beginning of a key frame.
func (a *assembler) beginsKey(payload []byte) bool {
	if a.codec == CodecVP8 {
		body, err := a.vp8.Unmarshal(payload)
		return err == nil && a.vp8.S == 1 && a.vp8.PID == 0 && len(body) > 0 && body[0]&1 == 0
	}
	if len(payload) == 0 {
		return false
	}
	kind := payload[0] & 0x1f
	if kind == nalSTAPA && len(payload) > 3 {
		kind = payload[3] & 0x1f
	}
	return kind == nalSPS
}

var (
	errFragment   = errors.New("a fragment without its beginning or end")
	errTooLarge   = errors.New("a frame that is too large")
	errShort      = errors.New("a truncated packet")
	errKind       = errors.New("a packet of a kind that was not negotiated")
	errParameters = errors.New("a key frame without its parameter sets")
)

var startCode = [...]byte{0, 0, 0, 1}

// Kinds of NAL units (H.264, table 7-1; RFC 6184, table 1).
const (
	nalIDR, nalSPS, nalPPS = 5, 7, 8
	nalSTAPA, nalFUA       = 24, 28
)

// addH264 adds the NAL units of one payload to the frame (RFC 6184: single NAL
// units, STAP-A and FU-A, which is all of packetization mode 1). A frame is a key
// frame when it has an IDR picture.
func (a *assembler) addH264(payload []byte) error {
	if len(a.frame.bytes)+2*len(payload)+len(startCode) > maxFrameBytes {
		return errTooLarge
	}
	kind := payload[0] & 0x1f
	if a.frame.open && kind != nalFUA {
		return errFragment
	}
	switch {
	case kind >= 1 && kind <= 23:
		a.addNAL(payload)
		return nil
	case kind == nalSTAPA:
		for rest := payload[1:]; len(rest) > 0; {
			if len(rest) < 2 {
				return errShort
			}
			size := int(rest[0])<<8 | int(rest[1])
			if rest = rest[2:]; size == 0 || size > len(rest) {
				return errShort
			}
			a.addNAL(rest[:size])
			rest = rest[size:]
		}
		return nil
	case kind == nalFUA:
		if len(payload) < 3 {
			return errShort
		}
		header := payload[1]
		begin, end := header&0x80 != 0, header&0x40 != 0
		if begin == a.frame.open {
			return errFragment
		}
		if begin {
			a.addNAL([]byte{payload[0]&0xe0 | header&0x1f})
		}
		a.frame.open = !end
		a.frame.bytes = append(a.frame.bytes, payload[2:]...)
		return nil
	}
	return errKind
}

// addNAL adds a NAL unit, or the beginning of one.
func (a *assembler) addNAL(nal []byte) {
	switch nal[0] & 0x1f {
	case nalIDR:
		a.frame.key = true
	case nalSPS:
		a.frame.sps = true
		a.sps = append(a.sps[:0], nal...)
	case nalPPS:
		a.frame.pps = true
		a.pps = append(a.pps[:0], nal...)
	}
	a.frame.bytes = append(append(a.frame.bytes, startCode[:]...), nal...)
}

// withParameters puts the newest parameter sets before a key frame that comes
// without: the page's decoder is configured by the key frame alone.
func (a *assembler) withParameters() error {
	if a.frame.sps && a.frame.pps {
		return nil
	}
	if len(a.sps) == 0 || len(a.pps) == 0 {
		return errParameters
	}
	b := a.spare[:0]
	if !a.frame.sps {
		b = append(append(b, startCode[:]...), a.sps...)
	}
	if !a.frame.pps && !a.frame.sps {
		b = append(append(b, startCode[:]...), a.pps...)
	} else if !a.frame.pps {
		// The picture parameter set refers to the sequence's: it must come after it.
		return errParameters
	}
	a.frame.bytes, a.spare = append(b, a.frame.bytes...), a.frame.bytes
	return nil
}

// addVP8 adds one payload to the frame (RFC 7741). The first byte of a frame
// says whether it depends on others (RFC 6386, section 9.1).
func (a *assembler) addVP8(payload []byte) error {
	body, err := a.vp8.Unmarshal(payload)
	if err != nil {
		return err
	}
	if len(a.frame.bytes)+len(body) > maxFrameBytes {
		return errTooLarge
	}
	begins := a.vp8.S == 1 && a.vp8.PID == 0
	if begins != (len(a.frame.bytes) == 0) {
		return errFragment
	}
	if begins && len(body) > 0 {
		a.frame.key = body[0]&1 == 0
	}
	a.frame.bytes = append(a.frame.bytes, body...)
	return nil
}

// unwrapper makes 32-bit RTP timestamps a time that only grows. Where the
// sender's clock jumps, it goes on by one tick.
type unwrapper struct {
	begun bool
	last  uint32
	sum   int64
}

// unwrap returns ticks since the first timestamp.
func (u *unwrapper) unwrap(timestamp uint32) int64 {
	if !u.begun {
		u.begun, u.last = true, timestamp
		return 0
	}
	step := int64(int32(timestamp - u.last))
	if step <= 0 || step > maxFrameGap {
		step = 1
	}
	u.sum += step
	u.last = timestamp
	return u.sum
}
