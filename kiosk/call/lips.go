package call

import (
	"sync"
	"time"

	"github.com/pion/rtcp"
	"github.com/pion/webrtc/v4"
)

const (
	// soundClock is what a Speaker counts in, whatever the codec's own clock.
	soundClock = 48_000
	// A picture is kept back for no longer: the speaker's jitter buffer and card together stay below that.
	mostHold = 400 * time.Millisecond
	// Sound that was last heard so long ago tells nothing of now.
	soundOver = time.Second
	// What the sound's lag is off by is followed by a part with each picture; from lagJump on it is another stream's.
	lagShare, lagJump = 16, 250 * time.Millisecond
)

// lips keeps the adviser's picture with the sound. Sound waits in the speaker's
// jitter buffer and card, and pictures for nothing, so each picture is told when
// to be shown. What belongs together is known from the sender's reports, which
// give the same moment in the sender's time and in a stream's ticks (RFC 3550, 6.4.1).
// While they say nothing, or nothing is heard, pictures wait for nothing.
type lips struct {
	mu      sync.Mutex
	sound   senderClock
	picture senderClock
	// lag is how much later on the booth's clock sound is heard than it was captured on the sender's.
	lag      time.Duration
	lagKnown bool
}

// senderClock tells when the sender captured what carries a timestamp of one of its streams.
type senderClock struct {
	ssrc webrtc.SSRC
	// scale makes the stream's ticks those of rate, which are counted a second.
	scale uint32
	rate  int64
	// The last report's moment.
	known     bool
	at        time.Duration // since 1900, by the sender's clock
	timestamp uint32
}

// from begins to follow a stream. The same one again changes nothing.
func (c *senderClock) from(ssrc webrtc.SSRC, scale uint32, rate int64) {
	if c.ssrc != ssrc || c.scale != scale || c.rate != rate {
		*c = senderClock{ssrc: ssrc, scale: scale, rate: rate}
	}
}

func (c *senderClock) report(r *rtcp.SenderReport) {
	if c.rate == 0 || webrtc.SSRC(r.SSRC) != c.ssrc {
		return
	}
	seconds, fraction := r.NTPTime>>32, r.NTPTime&(1<<32-1)
	c.at = time.Duration(seconds)*time.Second + time.Duration(fraction*1e9>>32)
	c.timestamp, c.known = r.RTPTime*c.scale, true
}

func (c *senderClock) captured(timestamp uint32) time.Duration {
	return c.at + time.Duration(int64(int32(timestamp-c.timestamp))*int64(time.Second)/c.rate)
}

// hears says that sound comes in a stream with so many ticks a second.
func (l *lips) hears(ssrc webrtc.SSRC, clock uint32) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.sound.from(ssrc, soundClock/max(clock, 1), soundClock)
}

// sees says that pictures come in a stream.
func (l *lips) sees(ssrc webrtc.SSRC) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.picture.from(ssrc, 1, videoClock)
}

func (l *lips) report(r *rtcp.SenderReport) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.sound.report(r)
	l.picture.report(r)
}

// hold is how long a picture that has come at now is to wait for its sound, of
// which the part with a timestamp is heard at a time. Times count from any origin.
func (l *lips) hold(now time.Duration, picture, sound uint32, heardAt time.Duration) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.sound.known || !l.picture.known || now-heardAt > soundOver {
		l.lagKnown = false
		return 0
	}
	lag := heardAt - l.sound.captured(sound)
	if off := lag - l.lag; l.lagKnown && off.Abs() < lagJump {
		l.lag += off / lagShare
	} else {
		l.lag, l.lagKnown = lag, true
	}
	hold := l.picture.captured(picture) + l.lag - now
	if hold < 0 || hold > 2*mostHold { // late; or the two reports do not tell of one clock
		return 0
	}
	return min(hold, mostHold)
}
