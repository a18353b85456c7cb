package call

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/pion/webrtc/v4"
	"github.com/pion/webrtc/v4/pkg/media"
)

func TestFreezes(t *testing.T) {
	const ms = time.Millisecond
	for _, c := range []struct {
		name            string
		gaps            []time.Duration // between frames; negative: the camera is off for that long
		open            time.Duration   // since the last
		watched, frozen time.Duration
	}{
		{"nothing came", nil, time.Minute, 0, 0},
		{"a steady picture", repeated(33*ms, 300), 20 * ms, 9920 * ms, 0},
		{"a slow one is not frozen", repeated(200*ms, 50), 0, 10 * time.Second, 0},
		{"it hesitates", append(repeated(33*ms, 100), 150*ms, 33*ms), 0, 3483 * ms, 0},
		{"it stands still", append(repeated(33*ms, 100), 500*ms, 33*ms), 0, 3833 * ms, 500 * ms},
		{"it stands still in the end", repeated(33*ms, 100), 2 * time.Second, 5300 * ms, 2 * time.Second},
		{"the camera is off", append(repeated(33*ms, 100), -time.Minute, 33*ms), 0, 3333 * ms, 0},
		{"off till the end", append(repeated(33*ms, 100), -time.Second), time.Minute, 3300 * ms, 0},
	} {
		var f freezes
		now := time.Unix(0, 0)
		if len(c.gaps) > 0 {
			f.frame(now)
		}
		off := false
		for _, gap := range c.gaps {
			if gap < 0 {
				f.pause(now)
				off, now = true, now.Add(-gap)
				continue
			}
			if off {
				off = false
				f.frame(now)
			}
			now = now.Add(gap)
			f.frame(now)
		}
		watched, frozen := f.until(now.Add(c.open))
		if watched != c.watched || frozen != c.frozen {
			t.Errorf("%s: watched %v, frozen %v; want %v, %v", c.name, watched, frozen, c.watched, c.frozen)
		}
	}
}

func repeated(d time.Duration, n int) []time.Duration {
	all := make([]time.Duration, n)
	for i := range all {
		all[i] = d
	}
	return all
}

func TestCauses(t *testing.T) {
	const second = time.Second
	for _, c := range []struct {
		name string
		m    measures
		want []Cause
	}{
		{"a good call", measures{played: 100 * second, madeUp: 3 * second, picture: freezes{watched: 100 * second, frozen: 5 * second}, seconds: 100, slow: 50}, nil},
		{"gaps", measures{played: 100 * second, madeUp: 3100 * time.Millisecond}, []Cause{CauseSound}},
		{"stills", measures{picture: freezes{watched: 100 * second, frozen: 5100 * time.Millisecond}}, []Cause{CausePicture}},
		{"a long way", measures{seconds: 100, slow: 51}, []Cause{CauseDelay}},
		{"an interruption", measures{interruptions: 1}, []Cause{CauseInterrupted}},
		{"too short to tell", measures{played: 9 * second, madeUp: 9 * second, picture: freezes{watched: 9 * second, frozen: 9 * second}, seconds: 9, slow: 9}, nil},
		{
			"all at once",
			measures{played: 10 * second, madeUp: second, picture: freezes{watched: 10 * second, frozen: second}, seconds: 10, slow: 6, interruptions: 2},
			[]Cause{CauseSound, CausePicture, CauseDelay, CauseInterrupted},
		},
	} {
		if diff := cmp.Diff(c.want, c.m.causes(time.Unix(0, 0))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
	var m measures
	for _, d := range []time.Duration{0, poorRoundTrip, poorRoundTrip + 1} {
		m.roundTrip(d)
	}
	if m.seconds != 2 || m.slow != 1 {
		t.Errorf("%+v", m)
	}
}

func TestEchoes(t *testing.T) {
	for _, c := range []struct {
		name string
		tell func(second int, e *echoes)
		want Echo
		dB   int
	}{
		{"no canceller, or no echo", func(_ int, e *echoes) { e.second(13, false, false) }, EchoNone, 0},
		{"too short", func(n int, e *echoes) {
			if n < 9 {
				e.second(40, true, true)
			}
		}, EchoUnknown, 0},
		{"found late", func(n int, e *echoes) { e.second(40, n > 95, true) }, EchoUnknown, 0},
		{"good, but for the beginning and the end", func(n int, e *echoes) {
			switch {
			case n < 5:
				e.second(3, true, false)
			case n > 80:
				e.second(12, true, true)
			default:
				e.second(37.6, true, true)
			}
		}, EchoGood, 38},
		{"as good as can be measured", func(_ int, e *echoes) { e.second(200, true, true) }, EchoGood, 60},
		{"poor", func(_ int, e *echoes) { e.second(19.4, true, true) }, EchoPoor, 19},
		{"worse than without", func(_ int, e *echoes) { e.second(-3, true, true) }, EchoPoor, 0},
		{"a rattling loudspeaker", func(_ int, e *echoes) { e.second(24, true, false) }, EchoNotLearned, 24},
	} {
		var e echoes
		for n := range 100 {
			c.tell(n, &e)
		}
		if got, dB := e.judge(); got != c.want || dB != c.dB {
			t.Errorf("%s: %q, %d dB; want %q, %d dB", c.name, got, dB, c.want, c.dB)
		}
	}
	var e echoes
	if got, _ := e.judge(); got != EchoUnknown {
		t.Errorf("nothing told: %q", got)
	}
}

// TestRatingOfACall: a good call, and one over a line that is everything but good.
func TestRatingOfACall(t *testing.T) {
	for _, test := range []struct {
		name  string
		delay time.Duration
		bad   func(t *testing.T, l *line)
		still bool // the adviser's picture
		want  []Cause
	}{
		{"good", 20 * time.Millisecond, func(*testing.T, *line) {}, false, nil},
		{"far", 250 * time.Millisecond, func(*testing.T, *line) {}, false, []Cause{CauseDelay}},
		{"stills", 20 * time.Millisecond, func(*testing.T, *line) {}, true, []Cause{CausePicture}},
		{"interrupted", 20 * time.Millisecond, func(t *testing.T, l *line) {
			l.lose(t, 100)
			time.Sleep(8 * time.Second)
			l.lose(t, 0)
			time.Sleep(8 * time.Second)
		}, false, []Cause{CausePicture, CauseInterrupted}},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := newLine(t, test.delay)
				r, _ := talk(t, l, rigOptions{})
				films := func(seconds int) {
					for frame := range seconds * 30 {
						if test.still && frame%90 > 60 {
							time.Sleep(time.Second / 30)
							continue
						}
						check(t, r.browser.video.WriteSample(media.Sample{
							Data: annexB(sps, pps, slice(0x65, frame, 400)), Duration: time.Second / 30,
						}))
						time.Sleep(time.Second / 30)
						drain(r.frames)
					}
				}
				films(20)
				test.bad(t, l)
				films(20)
				if diff := cmp.Diff(test.want, r.peer.Rating()); diff != "" {
					t.Errorf("(-want +got):\n%s", diff)
				}
				speaker := r.devices.theSpeaker()
				if _, ok := r.peer.Sound(); ok {
					t.Error("sound that was not there is judged")
				}
				speaker.played.Store(int64(time.Minute))
				speaker.madeUp.Store(int64(10 * time.Second))
				if got := r.peer.Rating(); len(got) != len(test.want)+1 || got[0] != CauseSound {
					t.Errorf("with gaps in the sound: %v", got)
				}
				sound, ok := r.peer.Sound()
				if want := (Sound{EchoGood, 38, time.Minute, 10 * time.Second}); !ok || sound != want {
					t.Errorf("the sound: %+v, %t; want %+v", sound, ok, want)
				}
			})
		})
	}
}

func TestRatingOfACallThatCannotBegin(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLine(t, time.Millisecond)
		l.lose(t, 100)
		r := newRigWith(t, rigOptions{mime: webrtc.MimeTypeH264, booth: l.booth, desk: l.desk})
		if got := r.peer.Rating(); len(got) != 1 || got[0] != CauseNoAnswer && got[0] != CauseNoPath {
			t.Errorf("in the beginning: %v", got)
		}
		r.peer.Start()
		time.Sleep(10 * time.Second)
		if got := r.peer.Rating(); len(got) != 1 || got[0] != CauseNoPath {
			t.Errorf("without a path: %v", got)
		}
	})
	t.Run("not answered", func(t *testing.T) {
		r := newRigWith(t, rigOptions{mime: webrtc.MimeTypeH264, signal: func(Signal) bool { return false }})
		if got := r.peer.Rating(); len(got) != 1 || got[0] != CauseNoAnswer {
			t.Errorf("%v", got)
		}
	})
	t.Run("not started", func(t *testing.T) {
		r := newRig(t, webrtc.MimeTypeH264)
		wait(t, "the control channel", r.browser.control)
		if got := r.peer.Rating(); len(got) != 1 || got[0] != CauseNothing {
			t.Errorf("%v", got)
		}
		// The booth may hear of it, and hang up, before Close has said goodbye on each channel.
		_ = r.browser.pc.Close()
		r.event(t, PageClosed{})
		if got := r.peer.Rating(); len(got) != 1 || got[0] != CausePageClosed {
			t.Errorf("%v", got)
		}
	})
}
