package call

import (
	"encoding/binary"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pion/interceptor"
	"github.com/pion/interceptor/pkg/gcc"
	"github.com/pion/logging"
	"github.com/pion/rtcp"
	"github.com/pion/rtp"
	"github.com/pion/sdp/v3"
)

// bandwidth estimates what the path to the adviser carries: pion's Google
// congestion control (draft-ietf-rmcat-gcc), with what a call needs around it.
//
//   - Packets leave at once. Pictures are paced before they are cut into packets,
//     and sound is never held up; pion's own pacer queues without a limit, so
//     that old pictures add seconds when the line gets slow.
//   - Packets sent again, which have an SSRC of their own, are let through and
//     counted; pion's pacers refuse them.
//   - The estimate can begin anew, when what it was made from has no meaning any
//     more: another path, or minutes with the camera off.
//   - Where there is less than could be used, a train of padding asks the line for
//     more now and then; see prober.
//   - Losses count as Google's newer estimator has them (libwebrtc's loss-based
//     estimation, the instant upper bound): pion's older rule lowers the rate for ever on
//     a line that loses a twentieth of the packets whatever is sent.
//   - Feedback that would mislead the estimator, or end the reading of reports,
//     is left out.
//
// It is a cc.BandwidthEstimator.
type bandwidth struct {
	least, most int
	log         *slog.Logger
	logs        logging.LoggerFactory
	// Bytes sent since the beginning: all, and again after a loss.
	sentBytes, repairBytes atomic.Int64

	mu      sync.Mutex
	gcc     *gcc.SendSideBWE
	loss    float64 // the part of the packets that gets lost
	streams []*sentStream
	// first is the transport-wide number of the first packet sent under this estimate.
	first         atomic.Bool
	firstSequence uint16
	begun         bool // feedback on it has come
	lastFeedback  *rtcp.TransportLayerCC
	train         train
	closed        bool
}

// newBandwidth begins at initial bits per second and stays between least and most.
func newBandwidth(initial, least, most int, log *slog.Logger) (*bandwidth, error) {
	b := &bandwidth{least: least, most: most, log: log, logs: pionLogs{log}}
	var err error
	b.gcc, err = b.estimate(initial)
	return b, err
}

func (b *bandwidth) estimate(initial int) (*gcc.SendSideBWE, error) {
	return gcc.NewSendSideBWE(
		gcc.SendSideBWEInitialBitrate(max(b.least, min(initial, b.most))),
		gcc.SendSideBWEMinBitrate(b.least),
		gcc.SendSideBWEMaxBitrate(b.most),
		gcc.SendSideBWEPacer(&passage{}),
		gcc.WithLoggerFactory(b.logs),
	)
}

// passage is a gcc.Pacer that holds nothing: it catches the writer that
// SendSideBWE makes for a stream, so that the stream can call it directly.
type passage struct{ caught interceptor.RTPWriter }

func (p *passage) AddStream(_ uint32, w interceptor.RTPWriter) { p.caught = w }
func (p *passage) Write(h *rtp.Header, b []byte, a interceptor.Attributes) (int, error) {
	return p.caught.Write(h, b, a)
}
func (p *passage) SetTargetBitrate(int) {}
func (p *passage) Close() error         { return nil }

// sentStream is one stream on its way out, with the packets of it that are sent again.
type sentStream struct {
	bandwidth *bandwidth
	info      *interceptor.StreamInfo
	writer    interceptor.RTPWriter
	through   atomic.Pointer[passage] // the present estimate's
	transport uint8                   // id of the transport-wide header extension; 0 if it was not agreed on
	// attributes spare a map for each packet; only the stream's own sender uses them.
	attributes interceptor.Attributes
}

func (s *sentStream) Write(header *rtp.Header, payload []byte, attributes interceptor.Attributes) (int, error) {
	size := int64(header.MarshalSize() + len(payload))
	s.bandwidth.sentBytes.Add(size)
	if header.SSRC != s.info.SSRC {
		s.bandwidth.repairBytes.Add(size)
	} else if attributes == nil {
		attributes = s.attributes
	}
	if s.transport != 0 {
		number := header.GetExtension(s.transport)
		if header.Padding && len(number) == 2 && header.SSRC == s.info.SSRC {
			// The estimator does not hear of padding: it comes all at once, and is no sign of congestion.
			s.bandwidth.noteProbe(binary.BigEndian.Uint16(number), header.MarshalSize()+int(header.PaddingSize))
			return s.writer.Write(header, payload, attributes)
		}
		s.bandwidth.noteFirst(number)
	}
	return s.through.Load().Write(header, payload, attributes)
}

// join makes the present estimate hear of the stream's packets. b.mu is held.
func (s *sentStream) join(estimate *gcc.SendSideBWE) {
	// AddStream returns the estimate's pacer, which is the passage with this stream's writer in it.
	w := estimate.AddStream(s.info, s.writer).(*passage)
	s.through.Store(&passage{w.caught})
}

// AddStream is called by pion when a stream begins.
func (b *bandwidth) AddStream(info *interceptor.StreamInfo, writer interceptor.RTPWriter) interceptor.RTPWriter {
	s := &sentStream{bandwidth: b, info: info, writer: writer, attributes: interceptor.Attributes{}}
	for _, e := range info.RTPHeaderExtensions {
		if e.URI == sdp.TransportCCURI {
			s.transport = uint8(e.ID)
		}
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	s.join(b.gcc)
	b.streams = append(b.streams, s)
	return s
}

// noteFirst remembers the first transport-wide sequence number of an estimate.
func (b *bandwidth) noteFirst(extension []byte) {
	if b.first.Load() || len(extension) != 2 {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if !b.first.Load() {
		b.firstSequence = binary.BigEndian.Uint16(extension)
		b.first.Store(true)
	}
}

// noteProbe notes a packet of padding.
func (b *bandwidth) noteProbe(sequence uint16, bytes int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.train.add(time.Now(), sequence, bytes)
}

// probed is what a train of padding has found, once; see train.found.
func (b *bandwidth) probed(now time.Time) (bitsPerSecond float64, ok bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.train.found(now)
}

// queueing tells whether packets have begun to wait on their way, by the estimator:
// in milliseconds from one group of packets to the next.
func (b *bandwidth) queueing() bool {
	stats := b.GetStats()
	delay, ok := stats["delayEstimate"].(float64)
	threshold, ok2 := stats["delayThreshold"].(float64)
	return ok && ok2 && delay > threshold/4
}

// restart forgets what was measured and begins anew at initial bits per second.
func (b *bandwidth) restart(initial int) error {
	estimate, err := b.estimate(initial)
	if err != nil {
		return err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.closed {
		return estimate.Close()
	}
	old := b.gcc
	b.gcc, b.begun = estimate, false
	for _, s := range b.streams {
		s.join(estimate)
	}
	b.first.Store(false)
	return old.Close()
}

// WriteRTCP takes the reports of the far end. It never fails: an error would
// end the reading of reports, and key frames are asked for in them as well.
func (b *bandwidth) WriteRTCP(packets []rtcp.Packet, attributes interceptor.Attributes) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, p := range packets {
		feedback, ok := p.(*rtcp.TransportLayerCC)
		if !ok || b.closed || b.repeated(feedback) {
			continue
		}
		b.train.take(feedback)
		if !b.useful(feedback) {
			continue
		}
		if err := b.gcc.WriteRTCP([]rtcp.Packet{feedback}, attributes); err != nil {
			b.log.Debug("taking feedback on what was received", "error", err)
		}
	}
	return nil
}

// repeated tells whether a feedback has come before: one that comes by two
// streams would count twice.
func (b *bandwidth) repeated(f *rtcp.TransportLayerCC) bool {
	l := b.lastFeedback
	b.lastFeedback = f
	return l != nil && l.FbPktCount == f.FbPktCount && l.BaseSequenceNumber == f.BaseSequenceNumber
}

// useful tells whether the estimate may hear of a feedback. The first must tell
// of a packet that has arrived: the estimator measures from it, and takes a lost
// one to have arrived in the year 1.
func (b *bandwidth) useful(f *rtcp.TransportLayerCC) bool {
	if !b.begun {
		b.begun = b.first.Load() && !newer(b.firstSequence, f.BaseSequenceNumber) && firstArrived(f)
	}
	return b.begun
}

func firstArrived(f *rtcp.TransportLayerCC) bool {
	if len(f.PacketChunks) == 0 {
		return false
	}
	var symbol uint16
	switch c := f.PacketChunks[0].(type) {
	case *rtcp.RunLengthChunk:
		symbol = c.PacketStatusSymbol
	case *rtcp.StatusVectorChunk:
		if len(c.SymbolList) > 0 {
			symbol = c.SymbolList[0]
		}
	}
	return symbol == rtcp.TypeTCCPacketReceivedSmallDelta || symbol == rtcp.TypeTCCPacketReceivedLargeDelta
}

const (
	// A line may lose lossFree of the packets by itself. What gets lost beyond it is to be at most lossBalance, in bit/s.
	lossFree, lossBalance = 0.05, 75_000
)

// lossBound is the most that a line may be sent that loses that part of the packets.
func lossBound(loss float64, most int) int {
	if loss <= lossFree {
		return most
	}
	return int(min(float64(most), lossBalance/(loss-lossFree)))
}

// lose notes which part of the packets gets lost, by the far end's reports.
func (b *bandwidth) lose(loss float64) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.loss = loss
}

// GetTargetBitrate is what may be sent at present, in bits per second.
func (b *bandwidth) GetTargetBitrate() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	byDelay, ok := b.gcc.GetStats()["delayTargetBitrate"].(int)
	if !ok || byDelay == 0 { // nothing was measured yet
		byDelay = b.gcc.GetTargetBitrate()
	}
	return max(b.least, min(byDelay, lossBound(b.loss, b.most), b.most))
}

// OnTargetBitrateChange is not used: the estimator would call from goroutines
// of its own, in any order. The call looks at GetTargetBitrate.
func (b *bandwidth) OnTargetBitrateChange(func(int)) {}

// GetStats tells how the estimate came about.
func (b *bandwidth) GetStats() map[string]any {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.gcc.GetStats()
}

// Close is called by pion when the connection closes.
func (b *bandwidth) Close() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.closed {
		return nil
	}
	b.closed = true
	return b.gcc.Close()
}
