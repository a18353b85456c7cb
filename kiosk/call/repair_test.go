package call

import (
	"encoding/binary"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pion/interceptor"
	"github.com/pion/rtcp"
	"github.com/pion/rtp"
)

// repairRig is a stream with repairs, whose packets are noted as they leave.
type repairRig struct {
	t       *testing.T
	repairs *repairs
	writer  interceptor.RTPWriter
	reader  interceptor.RTCPReader
	asked   []byte
	// left are the numbers of what was sent again, in order, and own whether their own numbers follow each other.
	left []uint16
	own  []uint16
}

const repairSSRC, repairRTX = 77, 78

func newRepairRig(t *testing.T, rtx uint32) *repairRig {
	r := &repairRig{t: t, repairs: newRepairs(func() time.Duration { return 200 * time.Millisecond })}
	info := &interceptor.StreamInfo{
		SSRC: repairSSRC, SSRCRetransmission: rtx, PayloadTypeRetransmission: 103, RTCPFeedback: []interceptor.RTCPFeedback{{Type: "nack"}},
	}
	r.writer = r.repairs.BindLocalStream(info, interceptor.RTPWriterFunc(func(h *rtp.Header, payload []byte, _ interceptor.Attributes) (int, error) {
		if h.SSRC == repairRTX {
			n := binary.BigEndian.Uint16(payload)
			if h.PayloadType != 103 || len(payload) != 3 || payload[2] != byte(n) {
				t.Errorf("packet %d came again as %+v with %v", n, h, payload)
			}
			r.left, r.own = append(r.left, n), append(r.own, h.SequenceNumber)
		}
		return len(payload), nil
	}))
	r.reader = r.repairs.BindRTCPReader(interceptor.RTCPReaderFunc(func(b []byte, _ interceptor.Attributes) (int, interceptor.Attributes, error) {
		return copy(b, r.asked), nil, nil
	}))
	return r
}

func (r *repairRig) send(numbers ...uint16) {
	for _, n := range numbers {
		if _, err := r.writer.Write(&rtp.Header{SSRC: repairSSRC, SequenceNumber: n}, []byte{byte(n)}, nil); err != nil {
			r.t.Fatal(err)
		}
	}
}

func (r *repairRig) ask(ssrc uint32, numbers ...uint16) {
	asked, err := (&rtcp.TransportLayerNack{MediaSSRC: ssrc, Nacks: rtcp.NackPairsFromSequenceNumbers(numbers)}).Marshal()
	if err != nil {
		r.t.Fatal(err)
	}
	r.asked = asked
	if _, _, err := r.reader.Read(make([]byte, 1500), nil); err != nil {
		r.t.Fatal(err)
	}
}

func (r *repairRig) want(what string, numbers ...uint16) {
	r.t.Helper()
	if !slices.Equal(r.left, numbers) {
		r.t.Errorf("%s: %v came again; want %v", what, r.left, numbers)
	}
	for i := 1; i < len(r.own); i++ {
		if r.own[i] != r.own[i-1]+1 {
			r.t.Errorf("%s: the repairs' own numbers are %v", what, r.own)
		}
	}
	r.left = nil
}

func TestRepairs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRepairRig(t, repairRTX)
		r.send(65534, 65535, 0, 1)
		r.ask(repairSSRC, 65535, 1, 9)
		r.want("asked for", 65535, 1)
		r.ask(repairSSRC, 65535)
		r.want("asked for while the answer is on its way")
		time.Sleep(210 * time.Millisecond)
		r.ask(repairSSRC, 65535)
		r.want("asked for when it did not come", 65535)
		r.ask(repairSSRC+5, 0)
		r.want("of another stream")

		paced := 0
		r.repairs.repeat(repairSSRC, 65534, 1, 1, func(int) { paced++ })
		r.want("without being asked", 65534, 0) // the others were asked for
		r.repairs.repeat(repairSSRC, 65534, 1, 1, func(int) { paced++ })
		r.want("the same copy")
		r.repairs.repeat(repairSSRC, 65535, 0, 2, func(int) { paced++ })
		r.want("another copy", 0)
		if paced != 3 {
			t.Errorf("%d packets were paced", paced)
		}
		for n := range uint16(kept) {
			r.send(n + 2)
		}
		time.Sleep(time.Second)
		r.ask(repairSSRC, 1, 2)
		r.want("of long ago", 2)
	})
}

// A far end that takes no stream of repairs cannot tell a copy from the packet: it gets only what it asks for.
func TestRepairsWithoutAStreamOfTheirOwn(t *testing.T) {
	r := newRepairRig(t, 0)
	r.send(1)
	r.repairs.repeat(repairSSRC, 1, 1, 1, func(int) { t.Error("a copy was about to leave") })
}

func TestPictureCopies(t *testing.T) {
	var p protection
	now := time.Unix(1000, 0)
	for _, c := range []struct {
		after     time.Duration
		loss      float64
		roundTrip time.Duration
		want      int
	}{
		{0, 0.10, 40 * time.Millisecond, 0},            // asking is quick enough
		{time.Second, 0.10, 300 * time.Millisecond, 0}, // a queue
		{pictureAfter, 0.10, 300 * time.Millisecond, 0},
		{roundTripMemory, 0.02, 300 * time.Millisecond, 0},
		{time.Second, 0.05, 300 * time.Millisecond, 0},
		{pictureAfter, 0.05, 300 * time.Millisecond, 1},
		{time.Second, 0, 300 * time.Millisecond, 1},
		{time.Second, 0.15, 300 * time.Millisecond, 2},
		{time.Second, 0.15, 300 * time.Millisecond, 2},
		{time.Second, 0, 300 * time.Millisecond, 1},
		{copiesHold - time.Second, 0, 300 * time.Millisecond, 1},
		{time.Second, 0, 300 * time.Millisecond, 0},
	} {
		now = now.Add(c.after)
		if got := p.picture(now, c.loss, c.roundTrip, 500_000); got != c.want {
			t.Errorf("after %v with %g and %v: %d copies", c.after, c.loss, c.roundTrip, got)
		}
	}
	if got := p.picture(now, 0.15, time.Second, 200_000); got > 1 {
		t.Errorf("%d copies on a narrow line", got)
	}
}

func TestLossBound(t *testing.T) {
	for loss, want := range map[float64]int{0: 2_500_000, 0.05: 2_500_000, 0.06: 2_500_000, 0.10: 1_500_000, 0.20: 500_000, 0.65: 125_000} {
		if got := lossBound(loss, 2_500_000); got < want-2000 || got > want+2000 {
			t.Errorf("a loss of %g: %d; want %d", loss, got, want)
		}
	}
}
