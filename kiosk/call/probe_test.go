package call

import (
	"testing"
	"time"

	"github.com/pion/rtcp"
	"github.com/pion/rtp"
	"github.com/pion/webrtc/v4"
)

// asked drives a prober once every tenth of a second.
type asked struct {
	prober
	now time.Time
}

// wait lets time pass at an estimate, and returns after how long padding was asked for, and how much.
func (a *asked) wait(estimate int, limit time.Duration) (time.Duration, int) {
	for began := a.now; ; {
		a.now = a.now.Add(steerEvery)
		if bytes := a.due(a.now, estimate, 1_638_000); bytes > 0 || a.now.Sub(began) >= limit {
			return a.now.Sub(began), bytes
		}
	}
}

func TestProber(t *testing.T) {
	a := asked{now: time.Unix(0, 0)}
	expect := func(what string, estimate int, limit, want time.Duration, bytes int) {
		t.Helper()
		if d, n := a.wait(estimate, limit); d < want || d > want+2*steerEvery || n != bytes {
			t.Errorf("%s: %d bytes after %v, want %d after %v", what, n, d, bytes, want)
		}
	}
	expect("at first", 400_000, time.Minute, probeEvery, 3000)
	if to := a.raise(a.now, 450_000, 400_000, 1_638_000); to != 0 {
		t.Errorf("what is no more than the estimate raises it to %d", to)
	}
	expect("above the limit that was found", 520_000, 20*time.Second, 20*time.Second, 0)
	expect("far above it", 700_000, time.Second, steerEvery, 5250)
	if to := a.raise(a.now, 5_000_000, 700_000, 1_638_000); to != 1_400_000 {
		t.Errorf("a line of 5 Mbit/s raises to %d", to)
	}
	expect("near the cap", 1_400_000, 20*time.Second, 20*time.Second, 0)
	expect("when there is suddenly little", 100_000, time.Minute, probeAgain, 10*padding)
	if to := a.raise(a.now, 5_000_000, 100_000, 1_638_000); to != 200_000 {
		t.Errorf("raised to %d", to)
	}
	expect("after a success", 200_000, time.Minute, probeAgain, 10*padding)
	a.raise(a.now, 300_000, 200_000, 1_638_000)
	expect("after a mistake", 200_000, time.Minute, 2*probeEvery, 10*padding)
	a.raise(a.now, 300_000, 200_000, 1_638_000)
	expect("after another", 200_000, time.Minute, 4*probeEvery, 10*padding)
	a.raise(a.now, 300_000, 200_000, 1_638_000)
	a.wait(255_000, time.Minute)
	a.wait(255_000, time.Minute)
	expect("after a raise that held", 255_000, time.Minute, probeEvery, 10*padding)
	a.next = a.now
	expect("when the estimate has just fallen", 200_000, time.Minute, probeAgain, 10*padding)
}

func TestTrain(t *testing.T) {
	began := time.Unix(1000, 0)
	// Twelve packets of 300 bytes from number 65530 on; four of them pass at once, the others 6 ms apart: 400 kbit/s.
	send := func() (tr train) {
		for i := range 12 {
			tr.add(began, 65530+uint16(i), 300)
		}
		return tr
	}
	reports := func(missing ...int) *rtcp.TransportLayerCC {
		f := &rtcp.TransportLayerCC{BaseSequenceNumber: 65528, PacketStatusCount: 14, ReferenceTime: 5}
		vector := &rtcp.StatusVectorChunk{SymbolSize: rtcp.TypeTCCSymbolSizeTwoBit}
		gap := int64(0)
	packet:
		for i := range 14 {
			if i >= 6 {
				gap += 6000
			}
			for _, m := range missing {
				if i == m+2 {
					vector.SymbolList = append(vector.SymbolList, rtcp.TypeTCCPacketNotReceived)
					continue packet
				}
			}
			vector.SymbolList = append(vector.SymbolList, rtcp.TypeTCCPacketReceivedSmallDelta)
			f.RecvDeltas = append(f.RecvDeltas, &rtcp.RecvDelta{Delta: gap})
			gap = 0
		}
		f.PacketChunks = []rtcp.PacketStatusChunk{vector}
		return f
	}

	tr := send()
	if _, ok := tr.found(began); ok {
		t.Error("something was found without feedback")
	}
	tr.take(reports())
	if rate, ok := tr.found(began.Add(100 * time.Millisecond)); !ok || rate < 399_000 || rate > 401_000 {
		t.Errorf("found %g, %v", rate, ok)
	}
	if _, ok := tr.found(began.Add(time.Hour)); ok {
		t.Error("found twice")
	}

	tr = send()
	tr.take(reports(7, 8))
	if rate, ok := tr.found(began.Add(probeWait)); !ok || rate < 399_000 || rate > 401_000 {
		t.Errorf("on a line that loses packets: %g, %v", rate, ok)
	}

	tr = send()
	tr.take(reports(6, 7, 8))
	if _, ok := tr.found(began.Add(probeWait / 2)); ok {
		t.Error("found before all has come")
	}
	if rate, ok := tr.found(began.Add(probeWait)); !ok || rate != 0 {
		t.Errorf("of a train that was lost in part: %g, %v", rate, ok)
	}

	tr = send()
	all := &rtcp.TransportLayerCC{BaseSequenceNumber: 65530, PacketStatusCount: 12, PacketChunks: []rtcp.PacketStatusChunk{
		&rtcp.RunLengthChunk{PacketStatusSymbol: rtcp.TypeTCCPacketReceivedSmallDelta, RunLength: 8000},
	}}
	for range 12 {
		all.RecvDeltas = append(all.RecvDeltas, &rtcp.RecvDelta{})
	}
	tr.take(all)
	if rate, ok := tr.found(began); !ok || rate != 7*300*8*1000 { // no less than a millisecond is believed
		t.Errorf("of a train that came at once: %g, %v", rate, ok)
	}
}

func FuzzArrivals(f *testing.F) {
	raw, err := feedback(3, 65535, true, false, true).Marshal()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(raw)
	f.Fuzz(func(t *testing.T, raw []byte) {
		var fb rtcp.TransportLayerCC
		if fb.Unmarshal(raw) != nil {
			return
		}
		n := 0
		arrivals(&fb, func(sequence uint16, _ int64) {
			if n++; sequence-fb.BaseSequenceNumber >= fb.PacketStatusCount {
				t.Fatalf("packet %d is not among %d from %d on", sequence, fb.PacketStatusCount, fb.BaseSequenceNumber)
			}
		})
		if n > len(fb.RecvDeltas) {
			t.Fatalf("%d packets have arrived at %d times", n, len(fb.RecvDeltas))
		}
	})
}

// Padding has numbers of its own and does not stay in the header; the estimator does not hear of it.
func TestPadding(t *testing.T) {
	s := newStream(t)
	var headers []rtp.Header
	p := packetizer{codec: CodecH264, track: trackTo(func(h *rtp.Header, b []byte) (int, error) {
		headers = append(headers, h.Clone())
		h.SSRC = 7
		extension, err := (&rtp.TransportCCExtension{TransportSequence: uint16(len(headers))}).Marshal()
		check(t, err)
		check(t, h.SetExtension(3, extension))
		return s.out.Write(h, b, nil)
	})}
	p.track.bound.Store(&binding{ssrc: 7, codec: webrtc.MimeTypeH264, stream: p.track.bound.Load().stream})
	if sent, err := p.send(annexB(slice(0x41, 1, 40)), 77, time.Unix(0, 0), func(int) {}); sent != whole || err != nil {
		t.Fatal(sent, err)
	}
	check(t, p.pad(3*padding))
	if sent, err := p.send(annexB(slice(0x41, 1, 40)), 78, time.Unix(0, 0), func(int) {}); sent != whole || err != nil {
		t.Fatal(sent, err)
	}
	if len(headers) != 5 || s.sent != 5 || s.train.packets != 3 || s.train.first != 2 {
		t.Fatalf("%d packets were made, %d left; the train is %+v", len(headers), s.sent, s.train)
	}
	for i, h := range headers {
		pads := i > 0 && i < 4
		if h.SequenceNumber != headers[0].SequenceNumber+uint16(i) || h.Padding != pads || h.Marker == pads ||
			pads && (h.PaddingSize != padding || h.Timestamp != 77) || !pads && h.PaddingSize != 0 {
			t.Errorf("packet %d: %+v", i, h)
		}
	}
}
