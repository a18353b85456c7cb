package call

import (
	"bytes"
	"log/slog"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/pion/interceptor"
	"github.com/pion/rtp"
	"github.com/pion/rtp/codecs"
	"github.com/pion/sdp/v3"
	"github.com/pion/srtp/v3"
	"github.com/pion/webrtc/v4"
)

// wire takes the packets of a sendTrack.
type wire func(*rtp.Header, []byte) (int, error)

func (w wire) WriteRTP(h *rtp.Header, b []byte) (int, error) { return w(h, b) }
func (wire) Write([]byte) (int, error)                       { panic("packets come as header and payload") }

func trackTo(w wire) *sendTrack {
	t := &sendTrack{kind: webrtc.RTPCodecTypeVideo, codecs: []string{webrtc.MimeTypeH264}}
	t.bound.Store(&binding{ssrc: 7, codec: webrtc.MimeTypeH264, payloadType: 102, captureTimeID: 3, stream: w})
	return t
}

// TestPacketizer lets pion put together again what was cut.
func TestPacketizer(t *testing.T) {
	long := slice(0x65, 1, 5000)
	for _, test := range []struct {
		name     string
		unit     []byte
		nals     [][]byte
		packets  int
		captured time.Duration // since the last picture
		stamped  bool
	}{
		{"a small picture", annexB(slice(0x41, 1, 40)), [][]byte{slice(0x41, 1, 40)}, 1, 0, true},
		{"start codes of three bytes, zeros after", []byte{0, 0, 1, 0x67, 9, 9, 0, 0, 0, 1, 0x41, 7, 7, 0, 0}, [][]byte{{0x67, 9, 9}, {0x41, 7, 7}}, 2, 33 * time.Millisecond, false},
		{"a key frame", annexB(sps, pps, long), [][]byte{sps, pps, long}, 7, 2 * time.Second, true},
		{"just one packet", annexB(slice(0x41, 1, maxPayload)), [][]byte{slice(0x41, 1, maxPayload)}, 1, 0, false},
		{"just two", annexB(slice(0x41, 1, maxPayload+1)), [][]byte{slice(0x41, 1, maxPayload+1)}, 2, 0, false},
		{"an empty start code at the end", append(annexB(slice(0x41, 1, 40)), 0, 0, 1), [][]byte{slice(0x41, 1, 40)}, 1, 0, false},
		{"nothing", nil, nil, 0, 0, false},
		{"no start code", []byte{1, 2, 3, 4}, nil, 0, 0, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			var packets []*rtp.Packet
			p := packetizer{codec: CodecH264, track: trackTo(func(h *rtp.Header, b []byte) (int, error) {
				packets = append(packets, &rtp.Packet{Header: h.Clone(), Payload: bytes.Clone(b)})
				return len(b), nil
			})}
			began := time.Unix(5000, 0)
			p.stamp.last = began
			if test.name == "a small picture" { // the very first
				p.stamp.last = time.Time{}
			}
			paced := 0
			sent, err := p.send(test.unit, 1234, began.Add(test.captured), func(n int) { paced += n })
			if err != nil {
				t.Fatal(err)
			}
			if len(packets) != test.packets || (sent == whole) != (test.packets > 0) {
				t.Fatalf("%d packets, sent %d", len(packets), sent)
			}
			var d codecs.H264Packet
			var got []byte
			for i, packet := range packets {
				part, err := d.Unmarshal(packet.Payload)
				if err != nil {
					t.Fatal(err)
				}
				got = append(got, part...)
				if packet.Marker != (i == len(packets)-1) || packet.Timestamp != 1234 || packet.SSRC != 7 || packet.PayloadType != 102 {
					t.Errorf("packet %d: %v", i, packet.Header)
				}
				if has := packet.GetExtension(3) != nil; has != (i == 0 && test.stamped) {
					t.Errorf("packet %d: time of capture %v", i, has)
				}
				if len(packet.Payload) > maxPayload {
					t.Errorf("packet %d has %d bytes", i, len(packet.Payload))
				}
				paced -= len(packet.Payload)
			}
			var want []byte
			if test.nals != nil {
				want = annexB(test.nals...)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
			if paced != 0 {
				t.Errorf("paced %d bytes wrong", paced)
			}
		})
	}
}

// TestVP8Packets lets pion put together again what was cut.
func TestVP8Packets(t *testing.T) {
	var packets []*rtp.Packet
	track := trackTo(func(h *rtp.Header, b []byte) (int, error) {
		packets = append(packets, &rtp.Packet{Header: h.Clone(), Payload: bytes.Clone(b)})
		return len(b), nil
	})
	p := packetizer{track: track, codec: CodecVP8, picture: 0x7ffe}
	if sent, err := p.send(make3(10), 1, time.Unix(0, 0), func(int) {}); sent != none || err != nil || len(packets) > 0 {
		t.Fatalf("%d packets of VP8 went to a far end that expects H.264; %v, %v", len(packets), sent, err)
	}
	b := *track.bound.Load()
	b.codec = webrtc.MimeTypeVP8
	track.bound.Store(&b)
	for i, size := range []int{1, maxPayload - 4, maxPayload - 3, 5000, 0} {
		packets = packets[:0]
		frame := make3(size)
		paced := 0
		sent, err := p.send(frame, 1234, time.Unix(int64(i), 0), func(n int) { paced += n })
		if err != nil || (sent == whole) != (size > 0) {
			t.Fatalf("%d bytes: sent %v, %v", size, sent, err)
		}
		if want := (size + maxPayload - 5) / (maxPayload - 4); len(packets) != want {
			t.Errorf("%d bytes: %d packets, want %d", size, len(packets), want)
		}
		var d codecs.VP8Packet
		got := []byte{}
		for n, packet := range packets {
			part, err := d.Unmarshal(packet.Payload)
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, part...)
			if begins := d.S == 1; begins != (n == 0) || d.PID != 0 || d.N != 0 || int(d.PictureID) != (0x7fff+i)&0x7fff {
				t.Errorf("%d bytes: packet %d is of picture %d, %+v", size, n, d.PictureID, d)
			}
			if packet.Marker != (n == len(packets)-1) || len(packet.Payload) > maxPayload {
				t.Errorf("%d bytes: packet %d has %d bytes, marker %v", size, n, len(packet.Payload), packet.Marker)
			}
			paced -= len(packet.Payload)
		}
		if !bytes.Equal(got, frame) || paced != 0 {
			t.Errorf("%d bytes: %d came out, paced %d wrong", size, len(got), paced)
		}
	}
}

// FuzzPacketizer cuts any bytes; every byte of every NAL unit must come out once.
func FuzzPacketizer(f *testing.F) {
	f.Add(annexB(sps, pps, slice(0x65, 1, 3000)))
	f.Add([]byte{0, 0, 1, 0, 0, 1, 5, 0, 0, 0, 0, 1})
	f.Fuzz(func(t *testing.T, unit []byte) {
		markers, payload := 0, 0
		p := packetizer{codec: CodecH264, track: trackTo(func(h *rtp.Header, b []byte) (int, error) {
			if len(b) == 0 || len(b) > maxPayload {
				t.Fatalf("%d bytes", len(b))
			}
			if h.Marker {
				markers++
			}
			switch {
			case len(b) > 1 && b[0]&0x1f == nalFUA && b[1]&0x80 != 0:
				payload += len(b) - 1
			case len(b) > 1 && b[0]&0x1f == nalFUA:
				payload += len(b) - 2
			default:
				payload += len(b)
			}
			return len(b), nil
		})}
		if _, err := p.send(unit, 0, time.Unix(0, 0), func(int) {}); err != nil {
			t.Fatal(err)
		}
		want, nals, ambiguous := 0, 0, false
		for nal, rest := nextNAL(unit); nal != nil; nal, rest = nextNAL(rest) {
			want += len(nal)
			nals++
			ambiguous = ambiguous || nal[0]&0x1f == nalFUA // no encoder makes these
		}
		if !ambiguous && payload != want {
			t.Fatalf("%d bytes of %d", payload, want)
		}
		if markers != min(nals, 1) {
			t.Fatalf("%d markers for %d NAL units", markers, nals)
		}
	})
}

func TestPacer(t *testing.T) {
	now := time.Unix(0, 0)
	var p pacer
	p.bitrate.Store(400_000)
	// A picture of usual size is not held up.
	for range 100 {
		if d := p.delay(now, 1600); d > 0 {
			t.Fatalf("a picture of usual size waits %v", d)
		}
		now = now.Add(time.Second / 30)
	}
	// A large one leaves at about two and a half times the rate.
	began := now
	for range 50 {
		now = now.Add(p.delay(now, 1000))
	}
	if d := now.Sub(began); d < 300*time.Millisecond || d > 400*time.Millisecond {
		t.Errorf("50 kB took %v", d)
	}
	// Whatever the estimate says, sending does not stop.
	p.bitrate.Store(0)
	if d := p.delay(now, 1200); d > time.Second/2 {
		t.Errorf("a packet waits %v", d)
	}
}

func TestVideoBitrate(t *testing.T) {
	for _, test := range []struct{ bandwidth, repair, cap, want int }{
		{800_000, 0, 1_500_000, 703_000},
		{800_000, 100_000, 1_500_000, 608_000},
		{5_000_000, 0, 1_500_000, 1_500_000},
		{100_000, 0, 1_500_000, minVideoBitrate},
		{100_000, 0, 80_000, 80_000},
		{bandwidthFor(640_000), 0, 640_000, 640_000},
	} {
		if got := videoBitrate(test.bandwidth, 60_000, test.repair, test.cap, false); got != test.want {
			t.Errorf("%+v: %d", test, got)
		}
	}
	if got := videoBitrate(100_000, 76_000, 40_000, 1_500_000, true); got != minVideoBitrateTwice {
		t.Errorf("with every packet twice on a narrow line: %d", got)
	}
	for _, test := range []struct {
		now, before int
		since       time.Duration
		want        bool
	}{
		{700, 0, 0, true},
		{690, 700, time.Hour, false},
		{600, 700, 0, true},
		{800, 700, 100 * time.Millisecond, false},
		{800, 700, time.Second, true},
		{1000, 999, time.Second, true}, // the cap
		{1000, 1000, time.Hour, false},
	} {
		if got := worthTelling(test.now, test.before, 1000, test.since); got != test.want {
			t.Errorf("%+v: %v", test, got)
		}
	}
}

// sendPath is all that a picture passes on its way out but the socket: cutting,
// pacing, numbering, estimation, keeping for repairs, reports, encryption.
func sendPath(tb testing.TB) *packetizer {
	tb.Helper()
	estimate, err := newBandwidth(50_000_000, minVideoBitrate, 100_000_000, slog.New(slog.DiscardHandler))
	if err != nil {
		tb.Fatal(err)
	}
	var media webrtc.MediaEngine
	registry, err := interceptors(&media, soundCodecs(true), estimate, newRepairs(func() time.Duration { return 0 }), pionLogs{slog.New(slog.DiscardHandler)})
	if err != nil {
		tb.Fatal(err)
	}
	chain, err := registry.Build("")
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := chain.Close(); err != nil {
			tb.Error(err)
		}
	})
	encryption, err := srtp.CreateContext(make([]byte, 16), make([]byte, 14), srtp.ProtectionProfileAes128CmHmacSha1_80)
	if err != nil {
		tb.Fatal(err)
	}
	buffer := make([]byte, 1500)
	plain := make([]byte, 1500)
	socket := interceptor.RTPWriterFunc(func(h *rtp.Header, payload []byte, _ interceptor.Attributes) (int, error) {
		n, err := h.MarshalTo(plain)
		if err != nil {
			return 0, err
		}
		n += copy(plain[n:], payload)
		out, err := encryption.EncryptRTP(buffer[:0], plain[:n], h)
		return len(out), err
	})
	info := &interceptor.StreamInfo{
		SSRC: 7, PayloadType: 102, SSRCRetransmission: 8, PayloadTypeRetransmission: 103, MimeType: webrtc.MimeTypeH264, ClockRate: videoClock,
		RTPHeaderExtensions: []interceptor.RTPHeaderExtension{{URI: sdp.TransportCCURI, ID: 1}, {URI: captureTimeURI, ID: 3}},
		RTCPFeedback:        []interceptor.RTCPFeedback{{Type: "nack"}, {Type: "transport-cc"}},
	}
	writer := chain.BindLocalStream(info, socket)
	return &packetizer{codec: CodecH264, track: trackTo(func(h *rtp.Header, b []byte) (int, error) { return writer.Write(h, b, nil) })}
}

// frameOf2Mbit is a picture of a stream of 2 Mbit/s: 8300 bytes, seven to eight packets.
var frameOf2Mbit = annexB(slice(0x41, 1, 8300))

func BenchmarkSendPath(b *testing.B) {
	p := sendPath(b)
	var pace pacer
	pace.bitrate.Store(1 << 40)
	now := time.Unix(1000, 0)
	b.ReportAllocs()
	b.SetBytes(int64(len(frameOf2Mbit)))
	for b.Loop() {
		now = now.Add(time.Second / 30)
		if sent, err := p.send(frameOf2Mbit, uint32(now.UnixMilli())*90, now, func(n int) { pace.delay(now, n) }); sent != whole {
			b.Fatal(sent, err)
		}
	}
}

// TestSendPathAllocations keeps what BenchmarkSendPath measures from growing
// unnoticed. What is left is pion's, a packet at a time.
func TestSendPathAllocations(t *testing.T) {
	p := sendPath(t)
	now := time.Unix(1000, 0)
	send := func() {
		now = now.Add(time.Second / 30)
		if sent, err := p.send(frameOf2Mbit, uint32(now.UnixMilli())*90, now, func(int) {}); sent != whole {
			t.Fatal(sent, err)
		}
	}
	for range 300 { // fill the buffers that are used again
		send()
	}
	const packets = 8
	if n := testing.AllocsPerRun(100, send); n > 9*packets { // seven each, and more under the race detector
		t.Errorf("%v allocations for a picture of %d packets", n, packets)
	}
}

func BenchmarkAssemble(b *testing.B) {
	a := newAssembler(CodecH264, func(Frame) {}, func() {}, func([]uint16) {})
	payloads := (&codecs.H264Payloader{}).Payload(1200, frameOf2Mbit)
	for _, p := range keyPackets(0, 0) {
		a.push(time.Unix(0, 0), p)
	}
	p := rtp.Packet{Header: rtp.Header{SequenceNumber: 4}}
	now := time.Unix(0, 0)
	b.ReportAllocs()
	b.SetBytes(int64(len(frameOf2Mbit)))
	for b.Loop() {
		p.Timestamp += tick33
		for i, payload := range payloads {
			p.Payload, p.Marker = payload, i == len(payloads)-1
			a.push(now, &p)
			a.attend(now)
			p.SequenceNumber++
		}
	}
}
