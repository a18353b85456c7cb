package call

import (
	"testing"
	"time"

	"github.com/pion/rtcp"
)

// A sender whose clock says 1_000_000 s when the booth's says 0: sound began at that moment with timestamp 48_000 (of
// G.711 8000), pictures with 90_000.
const senderOff = 1_000_000 * time.Second

func senderReport(ssrc uint32, at time.Duration, timestamp uint32) *rtcp.SenderReport {
	at += senderOff
	return &rtcp.SenderReport{
		SSRC: ssrc, RTPTime: timestamp,
		NTPTime: uint64(at/time.Second)<<32 | uint64(at%time.Second)<<32/uint64(time.Second),
	}
}

func TestPicturesWaitForTheirSound(t *testing.T) {
	const sound, pictures = 7, 8
	ms := time.Millisecond
	for _, c := range []struct {
		name string
		// clock is the sound's ticks a second.
		clock uint32
		// What the sender has told.
		soundReport, pictureReport bool
		// The picture was captured at 1 s, and has come at now; what was captured of the sound at 980 ms is heard at heardAt.
		now, heardAt time.Duration
		want         time.Duration
	}{
		{"sound is 180 ms late, the picture 50", 48_000, true, true, 1050 * ms, 1160 * ms, 130 * ms},
		{"the same with G.711", 8_000, true, true, 1050 * ms, 1160 * ms, 130 * ms},
		{"both are equally late", 48_000, true, true, 1050 * ms, 1030 * ms, 0},
		{"the picture is later", 48_000, true, true, 1200 * ms, 1030 * ms, 0},
		{"nothing is known of the sound", 48_000, false, true, 1050 * ms, 1160 * ms, 0},
		{"nothing is known of the picture", 48_000, true, false, 1050 * ms, 1160 * ms, 0},
		{"sound is very late", 48_000, true, true, 1050 * ms, 1600 * ms, mostHold},
		{"the reports cannot be of one clock", 48_000, true, true, 1050 * ms, 4000 * ms, 0},
		{"the sound has ended", 48_000, true, true, 3000 * ms, 1160 * ms, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			var l lips
			l.hears(sound, c.clock)
			l.sees(pictures)
			if c.soundReport {
				l.report(senderReport(sound, 500*ms, c.clock*3/2))
			}
			if c.pictureReport {
				l.report(senderReport(pictures, 200*ms, videoClock*12/10))
			}
			l.report(senderReport(99, 0, 1)) // a stream of no interest
			got := l.hold(c.now, 2*videoClock, soundClock*198/100, c.heardAt)
			if off := got - c.want; off.Abs() > 100*time.Microsecond {
				t.Errorf("held for %v, expected %v", got, c.want)
			}
		})
	}
}

func TestTheSoundsLagIsFollowed(t *testing.T) {
	var l lips
	l.hears(1, soundClock)
	l.sees(2)
	l.report(senderReport(1, 0, 0))
	l.report(senderReport(2, 0, 0))
	lag := 60 * time.Millisecond
	hold := func(i int) time.Duration {
		at := time.Duration(i) * 33 * time.Millisecond
		return l.hold(at+20*time.Millisecond, uint32(at.Microseconds()*9/100), uint32(at.Microseconds()*48/1000), at+lag)
	}
	var got time.Duration
	for i := range 10 {
		got = hold(i)
	}
	if off := got - 40*time.Millisecond; off.Abs() > time.Millisecond {
		t.Fatalf("held for %v, expected 40 ms", got)
	}
	lag = 160 * time.Millisecond // the jitter buffer has grown: pictures slow down instead of stopping
	before := got
	for i := 10; i < 100; i++ {
		got = hold(i)
		if got-before > 10*time.Millisecond {
			t.Fatalf("from one picture to the next, %v became %v", before, got)
		}
		before = got
	}
	if off := got - 140*time.Millisecond; off.Abs() > time.Millisecond {
		t.Fatalf("held for %v, expected 140 ms", got)
	}
	l.hears(3, soundClock) // another stream: nothing is known of it
	if got := hold(100); got != 0 {
		t.Fatalf("held for %v by a stream that is over", got)
	}
}
