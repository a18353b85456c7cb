package call

import (
	"sync"
	"sync/atomic"
	"time"

	"github.com/pion/interceptor"
	"github.com/pion/rtp"
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

// straight is a gcc.Pacer that holds nothing. Unlike pion's own it lets packets
// that are sent again pass, which have an SSRC of their own.
type straight struct {
	mu      sync.Mutex
	writers map[uint32]interceptor.RTPWriter
	last    interceptor.RTPWriter // of the picture, whose stream is added last
}

func (s *straight) AddStream(ssrc uint32, w interceptor.RTPWriter) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.writers == nil {
		s.writers = map[uint32]interceptor.RTPWriter{}
	}
	s.writers[ssrc], s.last = w, w
}

func (s *straight) Write(h *rtp.Header, payload []byte, a interceptor.Attributes) (int, error) {
	s.mu.Lock()
	w, ok := s.writers[h.SSRC]
	if !ok {
		w = s.last
	}
	s.mu.Unlock()
	return w.Write(h, payload, a)
}

func (*straight) SetTargetBitrate(int) {}
func (*straight) Close() error         { return nil }
