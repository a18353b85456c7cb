package call

import (
	"math"
	"time"

	"github.com/pion/rtcp"
)

// Sound is protected before anything else: it has its share of the bandwidth
// first, and the picture gets what is left.
const (
	soundLeast, soundMost = 24_000, 48_000 // of Opus, in bit/s
	// With a copy of each packet in the next one sound needs twice as much; more is not heard then.
	soundMostTwice = 32_000
	soundStep      = 4_000
	// Between these bandwidths the bitrate grows from the least to the most.
	soundLeastAt, soundMostAt = 300_000, 1_000_000
	soundRaiseEvery           = 5 * time.Second
	// What packets take beside their payload, fifty times a second: headers of IP, UDP, RTP and
	// its extensions, SRTP's tag; and room for control messages and feedback.
	soundHeaders = 28_000

	// Opus corrects single losses by itself, at a lower quality. From a loss of
	// copiesFrom each packet is sent twice, until the loss has been below copiesUntil for copiesHold.
	copiesFrom, copiesUntil = 0.02, 0.01
	copiesHold              = 20 * time.Second

	// The picture's packets are sent twice from a loss of pictureFrom on that has lasted for pictureAfter, where asking
	// for them again takes longer than pictureRoundTrip even with empty queues: a picture that waits for so long is seen
	// to stand still. A queue that overflows loses packets too, but not for so long, and they are better not sent.
	pictureFrom, pictureUntil = 0.03, 0.015
	pictureAfter              = 2 * time.Second
	pictureRoundTrip          = 100 * time.Millisecond
	// From pictureMoreFrom on they are sent three times, if the line carries that of the least picture.
	pictureMoreFrom, pictureMoreBandwidth = 0.12, 350_000
	// roundTripMemory is how long the shortest round trip counts.
	roundTripMemory = 5 * time.Second

	// Opus is told of a loss of at least a hundredth: with none it would correct nothing.
	lossLeast, lossMost = 1, 30
	// How long reports are remembered, and how many packets they must tell of to be believed.
	lossMemory  = 8 * time.Second
	lossPackets = 50
)

// lossMeter finds the part of the packets that gets lost on the way to the far
// end from its receiver reports (RFC 3550, 6.4.1) on all streams: they share one path.
type lossMeter struct {
	lost, expected float64
	at             time.Time
	streams        []reported
}

type reported struct{ ssrc, highest uint32 }

// take takes a report on one of our streams.
func (m *lossMeter) take(now time.Time, r rtcp.ReceptionReport) {
	s := m.stream(r.SSRC)
	if s == nil {
		m.streams = append(m.streams, reported{r.SSRC, r.LastSequenceNumber})
		return
	}
	n := r.LastSequenceNumber - s.highest
	if n == 0 || n > 1<<16 { // it comes by every stream's reader; an older one may come late
		return
	}
	s.highest = r.LastSequenceNumber
	m.age(now)
	m.expected += float64(n)
	m.lost += float64(n) * float64(r.FractionLost) / 256
}

func (m *lossMeter) stream(ssrc uint32) *reported {
	for i := range m.streams {
		if m.streams[i].ssrc == ssrc {
			return &m.streams[i]
		}
	}
	return nil
}

func (m *lossMeter) age(now time.Time) {
	if !m.at.IsZero() {
		keep := math.Exp(-max(0, now.Sub(m.at).Seconds()) / lossMemory.Seconds())
		m.lost, m.expected = m.lost*keep, m.expected*keep
	}
	m.at = now
}

// loss is the part that got lost lately.
func (m *lossMeter) loss() float64 {
	if m.expected < lossPackets {
		return 0
	}
	return min(1, m.lost/m.expected)
}

// sound is how sound is sent.
type sound struct {
	bitrate     int // of Opus
	lossPercent int // that Opus is to expect
	copies      bool
}

// rate is what the sound takes of the bandwidth, with its headers.
func (s sound) rate() int {
	if s.copies {
		return 2*s.bitrate + soundHeaders
	}
	return s.bitrate + soundHeaders
}

// soundMostRate is the most that any sound takes.
var soundMostRate = max(sound{bitrate: soundMost}.rate(), sound{bitrate: soundMostTwice, copies: true}.rate())

// protection decides how sound is sent.
type protection struct {
	sound
	raised time.Time // the bitrate
	calm   time.Time // since when the loss is low; zero if it is not
	// twice: the picture's packets are sent twice. lossy is since when they should be, enough since when they need not;
	// zero for not now.
	twice         bool
	lossy, enough time.Time
	// shortest is the shortest round trip lately, and when it was measured.
	shortest   time.Duration
	shortestAt time.Time
}

// follow takes a loss and a bandwidth, and tells whether sound is to be sent in another way.
func (p *protection) follow(now time.Time, loss float64, bandwidth int) bool {
	before := p.sound
	switch {
	case loss >= copiesUntil:
		p.calm = time.Time{}
	case p.calm.IsZero():
		p.calm = now
	}
	switch {
	case !p.calm.IsZero() && now.Sub(p.calm) >= copiesHold:
		p.copies = false
	case loss >= copiesFrom: // however little the line carries: a copy is a quarter of the least picture
		p.copies = true
	}
	p.lossPercent = min(max(int(math.Ceil(100*loss)), lossLeast), lossMost)

	want := soundBitrate(bandwidth, p.copies)
	switch {
	case p.bitrate == 0, want < p.bitrate:
		p.bitrate, p.raised = want, now
	case want > p.bitrate && now.Sub(p.raised) >= soundRaiseEvery:
		p.bitrate, p.raised = p.bitrate+soundStep, now
	}
	return p.sound != before
}

// picture tells how many copies of the picture's packets are to be sent without being asked for.
func (p *protection) picture(now time.Time, loss float64, roundTrip time.Duration, bandwidth int) int {
	if roundTrip > 0 && (p.shortest == 0 || roundTrip <= p.shortest || now.Sub(p.shortestAt) > roundTripMemory) {
		p.shortest, p.shortestAt = roundTrip, now
	}
	long := p.shortest >= pictureRoundTrip
	if !long || loss < pictureFrom {
		p.lossy = time.Time{}
	} else if p.lossy.IsZero() {
		p.lossy = now
	}
	switch {
	case !p.lossy.IsZero() && now.Sub(p.lossy) >= pictureAfter:
		p.twice, p.enough = true, time.Time{}
	case long && loss >= pictureUntil:
		p.enough = time.Time{}
	case p.enough.IsZero():
		p.enough = now
	case now.Sub(p.enough) >= copiesHold:
		p.twice = false
	}
	switch {
	case !p.twice:
		return 0
	case loss >= pictureMoreFrom && bandwidth >= pictureMoreBandwidth:
		return 2
	}
	return 1
}

// soundBitrate is Opus's for a bandwidth, in steps.
func soundBitrate(bandwidth int, copies bool) int {
	grown := (soundMost - soundLeast) * max(0, bandwidth-soundLeastAt) / (soundMostAt - soundLeastAt)
	most := soundMost
	if copies {
		most = soundMostTwice
	}
	return min(soundLeast+grown/soundStep*soundStep, most)
}
