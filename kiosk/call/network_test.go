package call

import (
	"io"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pion/logging"
	"github.com/pion/transport/v5/vnet"
	"github.com/pion/webrtc/v4"
	"github.com/pion/webrtc/v4/pkg/media"
)

// encoderCamera is a camera whose encoder keeps to its bitrate as real ones do:
// pictures vary, and key frames are several times as large.
type encoderCamera struct {
	paced
	random  *rand.Rand
	bitrate atomic.Int64
	key     atomic.Bool
	debt    float64
	buffer  []byte

	mu    sync.Mutex
	rates []int // that were set, in kbit/s
}

func newEncoderCamera() *encoderCamera {
	c := &encoderCamera{paced: newPaced(time.Second / 30), random: rand.New(rand.NewPCG(1, 2)), buffer: make3(200_000)}
	c.key.Store(true)
	c.bitrate.Store(800_000)
	return c
}

func (c *encoderCamera) Read() ([]byte, time.Time, error) {
	if err := c.wait(); err != nil {
		return nil, time.Time{}, err
	}
	mean := float64(c.bitrate.Load()) / 30 / 8
	size := mean * (0.7 + 0.6*c.random.Float64())
	kind := byte(0x41)
	var b []byte
	if c.key.Swap(false) {
		size, kind = 5*mean, 0x65
		b = annexB(sps, pps)
	} else { // the rate control pays back
		back := min(c.debt, size/2)
		size -= back
	}
	c.debt = max(0, c.debt+size-mean)
	body := c.buffer[:max(20, int(size))]
	body[0] = kind
	return append(b, annexB(body)...), time.Now(), nil
}

func (c *encoderCamera) SetBitrate(b int) error {
	c.bitrate.Store(int64(b))
	c.mu.Lock()
	c.rates = append(c.rates, b/1000)
	c.mu.Unlock()
	return nil
}
func (c *encoderCamera) ForceKeyFrame() error { c.key.Store(true); return nil }

// line is a network between booth and desk, with a queue before the desk and loss both ways.
type line struct {
	booth, desk     *vnet.Net
	queue           *vnet.TBFQueue
	toBooth, toDesk *vnet.LossFilter
}

func newLine(t *testing.T, delay time.Duration) *line {
	t.Helper()
	logs := logging.NewDefaultLoggerFactory()
	logs.Writer = io.Discard
	router, err := vnet.NewRouter(&vnet.RouterConfig{CIDR: "10.0.0.0/24", LoggerFactory: logs, MinDelay: delay})
	check(t, err)
	l := &line{queue: vnet.NewTBFQueue(20_000_000, 20_000, 500_000)}
	l.booth, err = vnet.NewNet(&vnet.NetConfig{StaticIPs: []string{"10.0.0.1"}})
	check(t, err)
	l.desk, err = vnet.NewNet(&vnet.NetConfig{StaticIPs: []string{"10.0.0.2"}})
	check(t, err)
	l.toBooth, err = vnet.NewLossFilter(l.booth, 0, vnet.WithLossSeed(1))
	check(t, err)
	check(t, router.AddNet(l.toBooth))
	queue, err := vnet.NewQueue(l.desk, l.queue)
	check(t, err)
	l.toDesk, err = vnet.NewLossFilter(queue, 0, vnet.WithLossSeed(2))
	check(t, err)
	check(t, router.AddNet(l.toDesk))
	check(t, router.Start())
	t.Cleanup(func() {
		check(t, router.Stop())
		check(t, queue.Close())
	})
	return l
}

// narrow limits the line to that many kbit/s, with a queue of 200 ms.
func (l *line) narrow(kbps int) {
	l.queue.SetSize(int64(kbps * 1000 / 8 / 5))
	l.queue.SetBurst(1600)
	l.queue.SetRate(kbps * 1000)
}

// lose makes the line lose that part of the packets, both ways.
func (l *line) lose(t *testing.T, percent int) {
	t.Helper()
	check(t, l.toDesk.SetLossRate(percent, true))
	check(t, l.toBooth.SetLossRate(percent, true))
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// talk begins a call over the line with an encoderCamera.
func talk(t *testing.T, l *line, o rigOptions) (*rig, *encoderCamera) {
	t.Helper()
	camera := newEncoderCamera()
	o.mime, o.booth, o.desk = webrtc.MimeTypeH264, l.booth, l.desk
	o.open = func() Camera { return camera }
	r := newRigWith(t, o)
	r.peer.Start()
	r.event(t, Connected{})
	return r, camera
}

// drain empties a mailbox and returns how much was in it.
func drain[T any](c <-chan T) int {
	n := 0
	for {
		select {
		case <-c:
			n++
		default:
			return n
		}
	}
}

// These tests have a clock of their own: a minute of a call takes less than a second.

func TestBitrateFollowsTheLine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLine(t, 20*time.Millisecond)
		r, camera := talk(t, l, rigOptions{})
		for second := range 75 {
			switch second {
			case 12:
				l.narrow(400)
			case 40:
				l.narrow(5000)
			}
			drain(r.browser.frames)
			drain(r.browser.sound)
			time.Sleep(time.Second)
			frames, sound := drain(r.browser.frames), drain(r.browser.sound)
			kbps := camera.bitrate.Load() / 1000
			t.Logf("%2d s: %d frames, %d packets of sound, encoder %d kbit/s, estimate %d kbit/s", second, frames, sound, kbps, r.peer.Stats().BandwidthKbps)
			bad := func(what string) {
				t.Errorf("%d s: %s: %d frames, %d packets of sound, encoder %d kbit/s", second, what, frames, sound, kbps)
			}
			if second > 0 && second != 12 && second != 13 && (frames < 20 || sound < 40) {
				bad("sound or picture stands still")
			}
			switch {
			case second == 11 && kbps != 1500:
				bad("the cap is not reached")
			case second >= 14 && second < 40 && (kbps < 100 || kbps > 450):
				bad("the encoder does not keep to a line of 400 kbit/s")
			case second >= 16 && second < 40 && (frames < 25 || kbps < 160):
				bad("the line of 400 kbit/s is not used")
			// The ladder takes three seconds more to go up; all together must be back within ten.
			case second >= 46 && kbps < 600, second >= 49 && kbps < 1400:
				bad("the encoder does not follow the line up again")
			}
		}
		if s := r.peer.Stats(); s.Path != "host/host" || s.RoundTrip < 40*time.Millisecond || s.SentFrames < 2000 || s.VideoKbps < 1400 {
			t.Errorf("%+v", s)
		}
	})
}

func TestLosses(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLine(t, 20*time.Millisecond)
		r, camera := talk(t, l, rigOptions{})
		l.lose(t, 5)
		// The desk's pictures are as large as the booth's.
		sent := map[string]bool{}
		received, changed := 0, 0
		for frame := range 30 * 30 {
			key := drain(r.browser.plis) > 0 || frame == 0
			picture := annexB(slice(0x41, frame, 4000))
			if key {
				picture = annexB(sps, pps, slice(0x65, frame, 8000))
			}
			sent[string(picture)] = true
			check(t, r.browser.video.WriteSample(media.Sample{Data: picture, Duration: time.Second / 30}))
			time.Sleep(time.Second / 30)
			for len(r.frames) > 0 {
				if f := <-r.frames; f.Stream == StreamAdviser {
					received++
					if !sent[string(f.Payload)] {
						changed++
					}
				}
			}
		}
		frames, kbps, s := drain(r.browser.frames), camera.bitrate.Load()/1000, r.peer.Stats()
		t.Logf("to the desk %d frames, from the desk %d; encoder %d kbit/s; %+v", frames, received, kbps, s)
		if frames < 30*27 || received < 30*27 {
			t.Errorf("of 900 frames %d came to the desk and %d to the booth", frames, received)
		}
		if changed > 0 {
			t.Errorf("%d frames are not as they were sent", changed)
		}
		if kbps < 300 {
			t.Errorf("the encoder is down at %d kbit/s", kbps)
		}
		if s.MissingPackets == 0 || s.RepairKbps == 0 {
			t.Errorf("nothing was repaired: %+v", s)
		}
		// A packet is asked for about once, not for ever.
		if packets := 30 * 30 * 4; s.MissingPackets > int64(packets)/10 {
			t.Errorf("%d packets were asked for again", s.MissingPackets)
		}
		if n := len(r.events); n > 0 {
			t.Errorf("%#v", <-r.events)
		}
	})
}

func TestAnInterruption(t *testing.T) {
	for _, test := range []struct {
		name string
		away time.Duration // the network
		deaf time.Duration // the signals to the desk, from the same moment
	}{
		{"the network", 8 * time.Second, 0},
		{"the network, and the hub for longer", 5 * time.Second, 12 * time.Second},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := newLine(t, 20*time.Millisecond)
				var deaf atomic.Bool
				var mu sync.Mutex
				var offers []string
				r, _ := talk(t, l, rigOptions{signal: func(s Signal) bool {
					mu.Lock()
					defer mu.Unlock()
					if s.Kind == "offer" {
						offers = append(offers, s.SDP)
					}
					return !deaf.Load()
				}})
				time.Sleep(5 * time.Second)
				l.lose(t, 100)
				deaf.Store(test.deaf > 0)
				began := time.Now()
				time.AfterFunc(test.away, func() { l.lose(t, 0) })
				time.AfterFunc(test.deaf, func() { deaf.Store(false) })
				r.event(t, Interrupted{})
				if d := time.Since(began); d > disconnectedAfter+2*keepAlive {
					t.Errorf("noticed after %v", d)
				}
				r.event(t, Resumed{})
				if d := time.Since(began) - max(test.away, test.deaf); d > restartEvery+3*time.Second {
					t.Errorf("resumed %v after it was possible", d)
				}
				drain(r.browser.frames)
				time.Sleep(3 * time.Second)
				if n := drain(r.browser.frames); n < 60 {
					t.Errorf("%d frames in three seconds after the interruption", n)
				}
				mu.Lock()
				defer mu.Unlock()
				if len(offers) < 2 || offers[0] == offers[1] {
					t.Errorf("%d offers", len(offers))
				}
			})
		})
	}
}

// TestNetworkThatStaysAway: it is for the booth to give up, and ICE does after it.
func TestNetworkThatStaysAway(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLine(t, 20*time.Millisecond)
		r, _ := talk(t, l, rigOptions{})
		l.lose(t, 100)
		began := time.Now()
		r.event(t, Interrupted{})
		time.Sleep(35 * time.Second)
		if n := len(r.events); n > 0 {
			t.Errorf("%#v after %v", <-r.events, time.Since(began))
		}
	})
}

// TestCameraOffForAWhile: a minute with sound alone must not make the picture poor afterwards.
func TestCameraOffForAWhile(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLine(t, 20*time.Millisecond)
		var camera *encoderCamera
		r, _ := talk(t, l, rigOptions{})
		r.devices.mu.Lock()
		r.devices.open = func() Camera { camera = newEncoderCamera(); return camera }
		r.devices.mu.Unlock()
		time.Sleep(15 * time.Second)
		r.peer.SetCamera(false)
		// A line with hiccups: the estimate comes down to what the sound needs.
		l.queue.SetBurst(1600)
		for range 20 {
			l.queue.SetRate(4_000)
			time.Sleep(2 * time.Second)
			l.queue.SetRate(5_000_000)
			time.Sleep(time.Second)
		}
		low := r.peer.bandwidth.GetTargetBitrate()
		if low > 400_000 {
			t.Fatalf("%d bit/s are estimated with sound alone: nothing is proved", low)
		}
		l.queue.SetBurst(20_000)
		r.peer.SetCamera(true)
		drain(r.browser.frames)
		time.Sleep(2 * time.Second)
		if n := drain(r.browser.frames); n < 50 {
			t.Errorf("%d frames in two seconds", n)
		}
		if kbps := camera.bitrate.Load() / 1000; kbps < 1000 {
			t.Errorf("the encoder begins again at %d kbit/s", kbps)
		}
	})
}
