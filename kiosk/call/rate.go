package call

import (
	"math"
	"sync/atomic"
	"time"
)

const (
	startBitrate = 800_000
	// Below this the picture is no use; the encoder goes no lower.
	minVideoBitrate = 100_000
	// Where each packet is sent twice, a picture that moves is worth more than one that is sharp.
	minVideoBitrateTwice = 60_000
	// Part of the rest that is picture; the other part is its packets' headers.
	videoShare = 0.95
	// A smaller change is not worth telling the encoder, and it goes up in steps that far apart at least.
	leastChange = 0.03
	raiseEvery  = 500 * time.Millisecond
)

// bandwidthFor is what must be had for a picture of that bitrate, with sound.
func bandwidthFor(video int) int {
	return int(math.Ceil(float64(video)/videoShare)) + soundMostRate + 1
}

// videoBitrate is what the encoder may use of an estimated bandwidth, under the
// site's cap, in bits per second. Sound is served first, then the packets of the
// picture that are sent again.
func videoBitrate(bandwidth, sound, repair, capBits int, twice bool) int {
	least := minVideoBitrate
	if twice {
		least = minVideoBitrateTwice
	}
	return max(min(int(videoShare*float64(bandwidth-sound-repair)), capBits), min(least, capBits))
}

// worthTelling: the encoder should follow. Down at once, up at leisure, and all the way up to the cap.
func worthTelling(now, before, capBits int, since time.Duration) bool {
	least := int(leastChange * float64(before))
	switch {
	case before == 0, before-now > least:
		return true
	case now-before > least, now > before && now == capBits:
		return since >= raiseEvery
	}
	return false
}

// meter measures the rate of what only grows.
type meter struct {
	at    time.Time
	count int64
	rate  float64 // a second
}

// smoothing is how long a meter remembers.
const smoothing = time.Second

func (m *meter) read(now time.Time, count int64) float64 {
	if d := now.Sub(m.at).Seconds(); !m.at.IsZero() && d > 0 {
		weight := min(1, d/smoothing.Seconds())
		m.rate += weight * (float64(count-m.count)/d - m.rate)
	}
	m.at, m.count = now, count
	return m.rate
}

// pacer spreads the packets of a large picture over time, so that a key frame
// does not overrun the line's queue. It lets go a little more than the present
// rate, and the first packets of a picture at once: pictures of usual size are
// not held up. The picture's sender sleeps in it, and skips what the camera
// takes in the meantime: nothing can queue up here.
type pacer struct {
	bitrate atomic.Int64
	credit  float64 // bytes that may leave now
	last    time.Time
}

const (
	paceFactor = 2.5
	paceBurst  = 12_000 // bytes, and no more than 40 ms of the pace
)

// delay takes the size of a packet about to leave and returns how long to wait before.
func (p *pacer) delay(now time.Time, bytes int) time.Duration {
	rate := paceFactor * float64(max(p.bitrate.Load(), minVideoBitrate)) / 8
	burst := min(paceBurst, rate/25)
	if p.last.IsZero() {
		p.credit = burst
	} else {
		p.credit = min(p.credit+now.Sub(p.last).Seconds()*rate, burst)
	}
	p.last = now
	p.credit -= float64(bytes)
	if p.credit >= 0 {
		return 0
	}
	return time.Duration(-p.credit / rate * float64(time.Second))
}
