package call

import (
	"math"
	"time"

	"github.com/pion/rtcp"
)

// Google's congestion control goes up by eight per cent a second: a line that was
// bad for a moment leaves the picture small for half a minute. So, while there is
// less than the picture could use, a short train of padding is sent behind a
// picture now and then. How far apart its packets arrive tells what the line
// carries, and the estimation begins anew from there. A train that tells too much
// is found out by the estimate that falls again; the next one is then put off.
const (
	probeEvery = 4 * time.Second
	// After a success the next one comes sooner; after a mistake later, and later, up to probeLast.
	probeAgain = time.Second
	probeLast  = 30 * time.Second
	// A raise that the estimate has not kept for this long was a mistake.
	probeProof = 5 * time.Second
	// A train asks about this much more than the estimate, with packets for so
	// long, at least so many: what queues up because of it is gone as soon.
	probeFactor = 2.0
	probeLength = 30 * time.Millisecond
	probeLeast  = 10 * padding // bytes
	probeMost   = 80 * padding
	// Part of what the train finds that is taken, and what a raise must bring.
	probeShare, probeGain = 0.85, 1.2
	// Feedback that has not come by then does not come.
	probeWait = time.Second
	// Packets of padding alone are small: their length is one byte.
	padding = 255
)

// prober decides when to probe and what to make of the answer. It is used by one goroutine.
type prober struct {
	next     time.Time
	interval time.Duration
	before   int // the estimate when it was last looked at
	raised   int // what it was raised to lately; 0 when that has proved right, or wrong
	raisedAt time.Time
	limit    float64 // what the last train found that brought nothing; 0 if it brought something
}

// due tells how many bytes of padding to send now; mostly none. most is what the
// estimate need not exceed.
func (p *prober) due(now time.Time, estimate, most int) int {
	if p.interval == 0 {
		p.interval, p.next = probeEvery, now.Add(probeEvery)
	}
	fell := float64(estimate) < 0.97*float64(p.before)
	p.before = estimate
	if fell {
		p.next = later(p.next, now.Add(probeAgain))
	}
	if p.raised > 0 {
		switch {
		case float64(estimate) < probeShare*float64(p.raised):
			p.raised = 0
			p.interval = min(2*p.interval, probeLast)
			p.next = later(p.next, now.Add(p.interval))
		case now.Sub(p.raisedAt) >= probeProof:
			p.raised, p.interval = 0, probeEvery
		}
	}
	// From a little above the limit found on, a queue is building up, and a train would hide it from the estimator.
	full := float64(estimate) > 1.1*p.limit && float64(estimate) < 1.5*p.limit
	if probeGain*float64(estimate) >= float64(most) || full || now.Before(p.next) {
		return 0
	}
	p.next = now.Add(p.interval)
	return int(min(max(probeFactor*float64(estimate)/8*probeLength.Seconds(), probeLeast), probeMost))
}

// raise takes what a train has found, and returns what the estimation is to begin
// anew with; 0 to leave it.
func (p *prober) raise(now time.Time, found float64, estimate, most int) int {
	to := int(min(probeShare*found, probeFactor*float64(estimate), float64(most)))
	if float64(to) < probeGain*float64(estimate) {
		p.limit = found
		return 0
	}
	p.limit = 0
	p.raised, p.raisedAt, p.before, p.next = to, now, to, now.Add(probeAgain)
	return to
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// train is what is known of the packets of padding that were sent together, by
// their transport-wide numbers.
type train struct {
	first   uint16
	packets int // sent; 0 without a train
	bytes   int // of all together, with headers
	sentAt  time.Time
	// Of those that arrived after the first third, which lines that hold back let pass at once:
	// how many, and their times of arrival in microseconds of the far end's clock.
	arrived          int
	earliest, latest int64
	from, to         int // the earliest's and the latest's number in the train
}

// add notes a packet that leaves.
func (t *train) add(now time.Time, sequence uint16, bytes int) {
	if t.packets == 0 || sequence != t.first+uint16(t.packets) {
		*t = train{first: sequence, earliest: math.MaxInt64, latest: math.MinInt64}
	}
	t.packets++
	t.bytes += bytes
	t.sentAt = now
}

// take takes what a feedback says of the train.
func (t *train) take(f *rtcp.TransportLayerCC) {
	if t.packets == 0 {
		return
	}
	arrivals(f, func(sequence uint16, at int64) {
		if n := int(sequence - t.first); n < t.packets && n >= t.packets/3 {
			t.arrived++
			if at < t.earliest {
				t.earliest, t.from = at, n
			}
			if at >= t.latest {
				t.latest, t.to = at, n
			}
		}
	})
}

// found tells, once, what the line carries by the train, in bits per second: when
// all of it has arrived, or the rest will not. It is 0 where too little has come.
func (t *train) found(now time.Time) (bitsPerSecond float64, ok bool) {
	counted := t.packets - t.packets/3
	if t.packets == 0 || t.arrived < counted && now.Sub(t.sentAt) < probeWait {
		return 0, false
	}
	defer func() { *t = train{} }()
	// A line that loses packets by itself has carried them as far as where they got lost, or nearly.
	if 10*t.arrived < 7*counted || t.to <= t.from {
		return 0, true
	}
	// The first arrival is where the measurement begins.
	bits := 8 * float64(t.bytes) / float64(t.packets) * float64(t.to-t.from)
	return bits / max(float64(t.latest-t.earliest)/1e6, 1e-3), true
}

// arrivals goes through the packets that a feedback says have arrived, with the
// time in microseconds. It ends where the feedback is not consistent.
func arrivals(f *rtcp.TransportLayerCC, each func(sequence uint16, at int64)) {
	at := int64(f.ReferenceTime) * 64_000
	sequence, left, deltas := f.BaseSequenceNumber, int(f.PacketStatusCount), f.RecvDeltas
	one := func(symbol uint16) bool {
		if left == 0 {
			return false
		}
		left--
		if symbol == rtcp.TypeTCCPacketReceivedSmallDelta || symbol == rtcp.TypeTCCPacketReceivedLargeDelta {
			if len(deltas) == 0 {
				return false
			}
			at += deltas[0].Delta
			deltas = deltas[1:]
			each(sequence, at)
		}
		sequence++
		return true
	}
	for _, chunk := range f.PacketChunks {
		switch c := chunk.(type) {
		case *rtcp.RunLengthChunk:
			for range c.RunLength {
				if !one(c.PacketStatusSymbol) {
					return
				}
			}
		case *rtcp.StatusVectorChunk:
			for _, symbol := range c.SymbolList {
				if !one(symbol) {
					return
				}
			}
		}
	}
}
