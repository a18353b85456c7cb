package call

import (
	"errors"
	"log/slog"
	"testing"
	"time"

	"github.com/pion/interceptor"
	"github.com/pion/rtcp"
	"github.com/pion/rtp"
	"github.com/pion/sdp/v3"
	"github.com/pion/webrtc/v4"
)

// feedback reports on packets from a number on: true for those that have arrived,
// at the pace of their departure.
func feedback(count uint8, base uint16, arrived ...bool) *rtcp.TransportLayerCC {
	f := &rtcp.TransportLayerCC{BaseSequenceNumber: base, PacketStatusCount: uint16(len(arrived)), FbPktCount: count, ReferenceTime: 1000 + uint32(count)}
	chunk := &rtcp.StatusVectorChunk{SymbolSize: rtcp.TypeTCCSymbolSizeTwoBit}
	for _, ok := range arrived {
		symbol := uint16(rtcp.TypeTCCPacketNotReceived)
		if ok {
			symbol = rtcp.TypeTCCPacketReceivedSmallDelta
			f.RecvDeltas = append(f.RecvDeltas, &rtcp.RecvDelta{Type: symbol, Delta: 1000})
		}
		chunk.SymbolList = append(chunk.SymbolList, symbol)
	}
	f.PacketChunks = []rtcp.PacketStatusChunk{chunk}
	return f
}

// stream is a bandwidth with one stream, whose packets are counted.
type stream struct {
	*bandwidth
	out      interceptor.RTPWriter
	sequence uint16
	sent     int
}

func newStream(t *testing.T) *stream {
	t.Helper()
	b, err := newBandwidth(800_000, minVideoBitrate, 2_000_000, slog.New(slog.DiscardHandler))
	check(t, err)
	t.Cleanup(func() { check(t, b.Close()) })
	s := &stream{bandwidth: b}
	info := &interceptor.StreamInfo{SSRC: 7, SSRCRetransmission: 8, RTPHeaderExtensions: []interceptor.RTPHeaderExtension{{URI: sdp.TransportCCURI, ID: 3}}}
	s.out = b.AddStream(info, interceptor.RTPWriterFunc(func(*rtp.Header, []byte, interceptor.Attributes) (int, error) {
		s.sent++
		return 1, nil
	}))
	return s
}

func (s *stream) send(t *testing.T, ssrc uint32) {
	t.Helper()
	h := rtp.Header{Version: 2, SSRC: ssrc}
	extension, err := (&rtp.TransportCCExtension{TransportSequence: s.sequence}).Marshal()
	check(t, err)
	check(t, h.SetExtension(3, extension))
	s.sequence++
	_, err = s.out.Write(&h, make([]byte, 1000), nil)
	check(t, err)
}

func TestRepairsPass(t *testing.T) {
	s := newStream(t)
	s.send(t, 7)
	s.send(t, 8)
	if s.sent != 2 {
		t.Fatalf("%d packets of 2 have passed", s.sent)
	}
	if all, repair := s.sentBytes.Load(), s.repairBytes.Load(); all != 2*repair || repair < 1000 {
		t.Errorf("%d bytes were sent, %d of them again", all, repair)
	}
}

// TestFeedbackThatIsLeftOut asks what the estimator's arithmetic would make of it.
func TestFeedbackThatIsLeftOut(t *testing.T) {
	for _, test := range []struct {
		name     string
		feedback []*rtcp.TransportLayerCC
		useful   []bool
	}{
		{"in order", []*rtcp.TransportLayerCC{feedback(0, 0, true, true), feedback(1, 2, false, true)}, []bool{true, true}},
		{"the first packet is lost", []*rtcp.TransportLayerCC{feedback(0, 0, false, true), feedback(1, 2, true)}, []bool{false, true}},
		{"twice", []*rtcp.TransportLayerCC{feedback(0, 0, true), feedback(0, 0, true), feedback(1, 1, true)}, []bool{true, false, true}},
		{"on packets of before", []*rtcp.TransportLayerCC{feedback(0, 65000, true), feedback(1, 0, true)}, []bool{false, true}},
		{"on nothing", []*rtcp.TransportLayerCC{{FbPktCount: 9}, feedback(1, 0, true)}, []bool{false, true}},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := newStream(t)
			for range 10 {
				s.send(t, 7)
			}
			for i, f := range test.feedback {
				if got := !s.repeated(f) && s.useful(f); got != test.useful[i] {
					t.Errorf("feedback %d: useful %v", i, got)
				}
			}
		})
	}
}

func TestMalformedFeedbackDoesNoHarm(t *testing.T) {
	s := newStream(t)
	for range 10 {
		s.send(t, 7)
	}
	bad := feedback(0, 0, true, true, true)
	bad.RecvDeltas = bad.RecvDeltas[:1]
	if err := s.WriteRTCP([]rtcp.Packet{bad, &rtcp.PictureLossIndication{}, feedback(1, 3, true)}, nil); err != nil {
		t.Errorf("it ends the reading of reports: %v", err)
	}
}

func TestBandwidthBeginsAnew(t *testing.T) {
	s := newStream(t)
	if got := s.GetTargetBitrate(); got != 800_000 {
		t.Fatalf("begins at %d", got)
	}
	s.send(t, 7)
	if !s.useful(feedback(0, 0, true)) {
		t.Fatal("feedback on the first packet is not useful")
	}
	for _, test := range []struct{ ask, get int }{{1_200_000, 1_200_000}, {9_000_000, 2_000_000}, {1, minVideoBitrate}} {
		check(t, s.restart(test.ask))
		if got := s.GetTargetBitrate(); got != test.get {
			t.Errorf("asked for %d it begins at %d", test.ask, got)
		}
	}
	s.send(t, 7)
	s.send(t, 8)
	if s.sent != 3 {
		t.Errorf("%d packets of 3 have passed", s.sent)
	}
	if s.useful(feedback(1, 0, true)) {
		t.Error("feedback on a packet of before is useful")
	}
	if !s.useful(feedback(2, 1, true)) {
		t.Error("feedback on the first packet of the new estimate is not useful")
	}
	check(t, s.Close())
	check(t, s.restart(800_000))
	if err := s.WriteRTCP([]rtcp.Packet{feedback(3, 2, true)}, nil); err != nil {
		t.Errorf("after the end: %v", err)
	}
}

func TestMeter(t *testing.T) {
	var m meter
	now := time.Unix(0, 0)
	count := int64(1 << 40)
	for range 50 {
		count += 1000
		now = now.Add(100 * time.Millisecond)
		m.read(now, count)
	}
	if rate := m.read(now, count); rate < 9800 || rate > 10_200 {
		t.Errorf("%v a second", rate)
	}
}

func TestTrackThatIsRefused(t *testing.T) {
	refused := false
	track := &sendTrack{codecs: []string{"video/H264"}, refused: func() { refused = true }}
	if _, err := track.Bind(onlyVP8{}); !errors.Is(err, errCodecRefused) || !refused {
		t.Errorf("%v, told %v", err, refused)
	}
	if sent, err := track.write(&rtp.Header{}, []byte{1}); sent || err != nil {
		t.Errorf("a packet without a connection: %v, %v", sent, err)
	}
}

// onlyVP8 is a far end without H.264.
type onlyVP8 struct{ webrtc.TrackLocalContext }

func (onlyVP8) CodecParameters() []webrtc.RTPCodecParameters {
	return []webrtc.RTPCodecParameters{{RTPCodecCapability: webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypeVP8}}}
}
