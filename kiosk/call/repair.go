package call

import (
	"encoding/binary"
	"sync"
	"time"

	"github.com/pion/interceptor"
	"github.com/pion/rtcp"
	"github.com/pion/rtp"
)

const (
	// kept is how many packets of a stream can be sent again: three seconds of a picture of usual size.
	kept = 1024
	// A packet that was asked for again is not sent again before it can have arrived, and some.
	repairMargin = 5 * time.Millisecond
)

// repairs sends packets of the picture again: those that the far end misses
// (generic NACK, RFC 4585), and, where the line is long and loses packets, each one
// once without being asked, because by the time somebody asks the picture has stood
// still. What is sent again goes as a stream of its own (RFC 4588) if the far end
// knows of that, which tells the two apart, so that a copy of what has arrived does
// no harm.
//
// It is a pion interceptor and the factory of itself: it serves one connection. It
// allocates for the first packets only. Pion's own responder answers requests
// and nothing else, and lets few answers through on a narrow line.
type repairs struct {
	interceptor.NoOp
	// roundTrip is the path's; 0 while it is not known.
	roundTrip func() time.Duration

	mu      sync.Mutex
	streams map[uint32]*repairStream
}

func newRepairs(roundTrip func() time.Duration) *repairs {
	return &repairs{roundTrip: roundTrip, streams: map[uint32]*repairStream{}}
}

// repairStream keeps the last packets of a stream.
type repairStream struct {
	info     *interceptor.StreamInfo
	writer   interceptor.RTPWriter
	sequence uint16 // of the stream of repairs
	packets  [kept]keptPacket
	buffer   []byte
}

type keptPacket struct {
	header  rtp.Header // without extensions
	payload []byte
	there   bool
	again   time.Time // when it was last sent again
	asked   bool      // by the far end
	copies  int       // sent without being asked
}

// NewInterceptor makes repairs an interceptor.Factory.
func (r *repairs) NewInterceptor(string) (interceptor.Interceptor, error) { return r, nil }

// BindLocalStream keeps what a stream sends that takes requests.
func (r *repairs) BindLocalStream(info *interceptor.StreamInfo, writer interceptor.RTPWriter) interceptor.RTPWriter {
	asks := false
	for _, f := range info.RTCPFeedback {
		asks = asks || f.Type == "nack" && f.Parameter == ""
	}
	if !asks {
		return writer
	}
	s := &repairStream{info: info, writer: writer, sequence: uint16(time.Now().UnixNano())}
	r.mu.Lock()
	r.streams[info.SSRC] = s
	r.mu.Unlock()
	return interceptor.RTPWriterFunc(func(header *rtp.Header, payload []byte, attributes interceptor.Attributes) (int, error) {
		if header.SSRC == info.SSRC {
			r.mu.Lock()
			s.keep(header, payload)
			r.mu.Unlock()
		}
		return writer.Write(header, payload, attributes)
	})
}

// UnbindLocalStream forgets a stream.
func (r *repairs) UnbindLocalStream(info *interceptor.StreamInfo) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.streams, info.SSRC)
}

// BindRTCPReader answers the far end's requests.
func (r *repairs) BindRTCPReader(reader interceptor.RTCPReader) interceptor.RTCPReader {
	return interceptor.RTCPReaderFunc(func(b []byte, a interceptor.Attributes) (int, interceptor.Attributes, error) {
		n, a, err := reader.Read(b, a)
		if err != nil {
			return n, a, err
		}
		if a == nil {
			a = interceptor.Attributes{}
		}
		packets, err := a.GetRTCPPackets(b[:n])
		if err != nil {
			return n, a, err
		}
		for _, p := range packets {
			if asked, ok := p.(*rtcp.TransportLayerNack); ok {
				for i := range asked.Nacks {
					asked.Nacks[i].Range(func(sequence uint16) bool {
						r.answer(asked.MediaSSRC, sequence)
						return true
					})
				}
			}
		}
		return n, a, nil
	})
}

// answer sends a packet that the far end misses, unless an answer may still be on its way.
func (r *repairs) answer(ssrc uint32, sequence uint16) {
	now, interval := time.Now(), r.roundTrip()+repairMargin
	r.mu.Lock()
	defer r.mu.Unlock()
	s := r.streams[ssrc]
	if s == nil {
		return
	}
	if p := s.find(sequence); p != nil && now.Sub(p.again) >= interval {
		p.asked = true
		s.send(p, now)
	}
}

// repeat sends a picture's packets once more, from first to last, without being asked, as their copy of that number,
// from 1 on. Those that were asked for meanwhile are left out.
func (r *repairs) repeat(ssrc uint32, first, last uint16, number int, pace func(bytes int)) {
	for sequence := first; !newer(sequence, last); sequence++ {
		r.mu.Lock()
		s := r.streams[ssrc]
		if s == nil || s.info.SSRCRetransmission == 0 { // nobody could tell a copy from the packet
			r.mu.Unlock()
			return
		}
		p := s.find(sequence)
		wanted, size := p.wants(number), 0
		if wanted {
			size = len(p.payload)
		}
		r.mu.Unlock()
		if !wanted {
			continue
		}
		pace(size)
		r.mu.Lock()
		if p := s.find(sequence); p.wants(number) {
			p.copies++
			s.send(p, time.Now())
		}
		r.mu.Unlock()
	}
}

func (s *repairStream) keep(header *rtp.Header, payload []byte) {
	p := &s.packets[header.SequenceNumber%kept]
	p.header = rtp.Header{
		Version: 2, Marker: header.Marker, PayloadType: header.PayloadType, SequenceNumber: header.SequenceNumber,
		Timestamp: header.Timestamp, SSRC: header.SSRC,
	}
	p.payload = append(p.payload[:0], payload...)
	p.there, p.again, p.asked, p.copies = true, time.Time{}, false, 0
}

// wants tells whether the copy of that number is still to be sent; nil wants none.
func (p *keptPacket) wants(number int) bool { return p != nil && !p.asked && p.copies < number }

func (s *repairStream) find(sequence uint16) *keptPacket {
	if p := &s.packets[sequence%kept]; p.there && p.header.SequenceNumber == sequence {
		return p
	}
	return nil
}

// send sends a packet again. The caller holds mu, so that the stream's numbers leave in their order.
func (s *repairStream) send(p *keptPacket, now time.Time) {
	p.again = now
	header, payload := p.header, p.payload
	if s.info.SSRCRetransmission != 0 {
		s.buffer = append(binary.BigEndian.AppendUint16(s.buffer[:0], header.SequenceNumber), payload...)
		payload = s.buffer
		s.sequence++
		header.SSRC, header.PayloadType, header.SequenceNumber = s.info.SSRCRetransmission, s.info.PayloadTypeRetransmission, s.sequence
	}
	var attributes interceptor.Attributes
	if s.info.SSRCRetransmission == 0 { // the stream's own are its sender's
		attributes = interceptor.Attributes{}
	}
	// The connection may just be closing, or be interrupted; who still misses it asks again.
	_, _ = s.writer.Write(&header, payload, attributes)
}
