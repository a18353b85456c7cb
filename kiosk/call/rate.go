package call

import (
	"sync/atomic"
	"time"
)

const (
	startBitrate = 800_000
	// Below this the picture is no use; the encoder goes no lower.
	minVideoBitrate = 100_000
	// Opus at 32 kbit/s with its headers, fifty times a second, and room for control messages and feedback.
	audioReserve = 60_000
	// Part of the rest that pays for headers and packets sent again.
	videoShare = 0.92
	// A smaller change is not worth telling the encoder.
	leastChange = 0.03
)

// videoBitrate is what the encoder may use of an estimated bandwidth, under the
// site's cap, in bits per second. Audio is served first.
func videoBitrate(bandwidth, capBits int) int {
	return max(min(int(videoShare*float64(bandwidth-audioReserve)), capBits), min(minVideoBitrate, capBits))
}

// worthTelling: the change matters.
func worthTelling(now, before int) bool {
	d := now - before
	return before == 0 || d > int(leastChange*float64(before)) || -d > int(leastChange*float64(before))
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
	paceBurst  = 12_000 // bytes
)

// delay takes the size of a packet about to leave and returns how long to wait before.
func (p *pacer) delay(now time.Time, bytes int) time.Duration {
	rate := paceFactor * float64(max(p.bitrate.Load(), minVideoBitrate)) / 8
	if p.last.IsZero() {
		p.credit = paceBurst
	} else {
		p.credit = min(p.credit+now.Sub(p.last).Seconds()*rate, paceBurst)
	}
	p.last = now
	p.credit -= float64(bytes)
	if p.credit >= 0 {
		return 0
	}
	return time.Duration(-p.credit / rate * float64(time.Second))
}
