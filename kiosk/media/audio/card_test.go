package audio

import (
	"bytes"
	"errors"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"loiret.fr/visioborne/kiosk/media/audio/alsa"
	"loiret.fr/visioborne/kiosk/media/audio/opus"
)

// fakeSound is one direction of a card, with a clock that is wrong by ppm. It is
// as alsa.PCM is: 10 ms at a time, three of them waiting at most.
type fakeSound struct {
	playback bool
	format   alsa.Format
	ppm      float64
	jitter   time.Duration              // of what it tells of its pointer
	hears    func(at time.Time) float64 // nil for silence
	random   *rand.Rand

	mu      sync.Mutex
	closed  chan struct{}
	once    sync.Once
	broken  error
	running bool
	started time.Time
	base    int64 // frames at started
	frames  int64
	starts  int
	waiting int64     // the most that waited to be played
	heard   []float64 // by frame, of what was written
}

func newFakeSound(playback bool, rate, channels int, ppm float64) *fakeSound {
	return &fakeSound{
		playback: playback, ppm: ppm, format: alsa.Format{Rate: rate, Channels: channels, Period: rate / 100, Buffer: rate / 5},
		closed: make(chan struct{}), random: rand.New(rand.NewPCG(7, 8)),
	}
}

func (f *fakeSound) speed() float64 { return float64(f.format.Rate) * (1 + f.ppm/1e6) }

// at is the frame that the converter is at; of silence before it starts.
func (f *fakeSound) at(now time.Time) float64 {
	return float64(f.base) + now.Sub(f.started).Seconds()*f.speed()
}

func (f *fakeSound) Format() alsa.Format             { return f.format }
func (f *fakeSound) Frames() int64                   { return f.frames }
func (f *fakeSound) Time(at time.Duration) time.Time { return epoch.Add(at) }

// epoch is when synctest's clock begins.
var epoch = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)

func (f *fakeSound) Start() (int, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.broken != nil {
		return 0, f.broken
	}
	f.running, f.started, f.base = true, time.Now(), f.frames
	f.starts++
	if f.playback {
		f.frames += int64(2 * f.format.Frame())
		f.heard = append(f.heard, make([]float64, 2*f.format.Frame())...)
		return 2 * f.format.Frame(), nil
	}
	return 0, nil
}

// ready is how long it takes until a period may be read or written.
func (f *fakeSound) ready(now time.Time) (time.Duration, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	frame := f.format.Frame()
	at := f.at(now)
	switch {
	case f.broken != nil:
		return 0, f.broken
	case !f.running, f.playback && at > float64(f.frames), !f.playback && at-float64(f.frames) > float64(20*frame):
		f.running = false
		return 0, alsa.ErrXrun
	case f.playback:
		f.waiting = max(f.waiting, f.frames-int64(at))
		return time.Duration((float64(f.frames-int64(2*frame)) - at) / f.speed() * 1e9), nil
	}
	return time.Duration((float64(f.frames+int64(frame)) - at) / f.speed() * 1e9), nil
}

func (f *fakeSound) Wait() (alsa.Position, error) {
	for {
		select {
		case <-f.closed:
			return alsa.Position{}, os.ErrClosed
		default:
		}
		now := time.Now()
		left, err := f.ready(now)
		if err != nil {
			return alsa.Position{}, err
		}
		if left <= 0 {
			told := f.at(now)
			if f.jitter > 0 {
				told += (f.random.Float64()*2 - 1) * f.jitter.Seconds() * f.speed()
			}
			return alsa.Position{Frames: told, At: now.Sub(epoch)}, nil
		}
		timer := time.NewTimer(left + time.Microsecond)
		select {
		case <-timer.C:
		case <-f.closed:
			timer.Stop()
		}
	}
}

func (f *fakeSound) Read(samples []int16) error {
	for i := range f.format.Frame() {
		v := 0.0
		if f.hears != nil {
			v = f.hears(f.started.Add(time.Duration((float64(f.frames+int64(i)-f.base) / f.speed()) * 1e9)))
		}
		for c := range f.format.Channels {
			samples[i*f.format.Channels+c] = clip(float32(v))
		}
	}
	f.frames += int64(f.format.Frame())
	return nil
}

// heardAt is what a playing card lets hear.
func (f *fakeSound) heardAt(now time.Time) float64 {
	f.mu.Lock()
	defer f.mu.Unlock()
	at := f.at(now)
	n := int(at)
	if !f.running || at < 0 || n+1 >= len(f.heard) {
		return 0
	}
	return f.heard[n] + (at-float64(n))*(f.heard[n+1]-f.heard[n])
}

func (f *fakeSound) Write(samples []int16) error {
	if _, err := f.ready(time.Now()); err != nil {
		return err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	for i := range f.format.Frame() {
		f.heard = append(f.heard, float64(samples[i*f.format.Channels]))
	}
	f.frames += int64(f.format.Frame())
	return nil
}

func (f *fakeSound) Close() error {
	f.once.Do(func() { close(f.closed) })
	return nil
}

// fail breaks it, or lets it stop once.
func (f *fakeSound) fail(err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if errors.Is(err, alsa.ErrXrun) {
		f.running = false
		return
	}
	f.broken = err
}

// comparing is an echo canceller that only looks how well far is what near is.
type comparing struct {
	t           *testing.T
	frames      int
	worst, mean float64 // the difference, as a share of near, after settling
	counted     int
	skip        int // frames
}

func (c *comparing) Reduction() (float64, bool, bool) { return 38, true, true }

func (c *comparing) Process(near, far, out []int16) {
	if len(near) != periodSamples || len(far) != periodSamples || len(out) != periodSamples {
		c.t.Errorf("frames of %d, %d and %d", len(near), len(far), len(out))
	}
	difference, power := 0.0, 1.0
	for i, v := range near {
		difference += square(float64(v) - float64(far[i]))
		power += square(float64(v))
		out[i] = v - far[i]
	}
	c.frames++
	if c.frames <= c.skip {
		return
	}
	off := math.Sqrt(difference / power)
	c.worst = max(c.worst, off)
	c.mean += off
	c.counted++
}

const toneHz = 300

// TestOneClock plays a tone on one card into another, with clocks of their own,
// and compares what the microphone captured with what is said to have been played.
func TestOneClock(t *testing.T) {
	// A tone of 300 Hz that is late by one sample differs by 4%.
	for _, c := range []struct {
		name                string
		microphone, speaker [3]int // rate, channels, parts in a million
		jitter              time.Duration
		worst               float64
		stops               bool
	}{
		{"one card", [3]int{48_000, 1, 30}, [3]int{48_000, 2, 30}, 0, 0.01, false},
		{"300 ppm apart", [3]int{48_000, 2, 150}, [3]int{48_000, 2, -150}, 0, 0.01, false},
		{"300 ppm apart, with a jitter of 1 ms", [3]int{48_000, 1, -150}, [3]int{48_000, 2, 150}, time.Millisecond, 0.1, false},
		{"a microphone of 16 kHz", [3]int{16_000, 1, 50}, [3]int{48_000, 2, -50}, 0, 0.01, false},
		{"a speaker of 44.1 kHz", [3]int{48_000, 1, 50}, [3]int{44_100, 2, -50}, 0, 0.01, false},
		{"both stop now and then", [3]int{48_000, 1, 50}, [3]int{48_000, 2, -50}, 0, 0.01, true},
	} {
		synctest.Test(t, func(t *testing.T) {
			ear := newFakeSound(false, c.microphone[0], c.microphone[1], float64(c.microphone[2]))
			mouth := newFakeSound(true, c.speaker[0], c.speaker[1], float64(c.speaker[2]))
			ear.jitter, mouth.jitter, ear.hears = c.jitter, c.jitter, mouth.heardAt
			canceller := &comparing{t: t, skip: 1000}
			room := &Room{NewEchoCanceller: func() EchoCanceller { return canceller }}
			player := newCardSpeaker(room, mouth)
			ended := make(chan error, 1)
			go func() {
				err := player.start()
				frame := make([]int16, periodSamples)
				for n := 0; err == nil; {
					if err = player.wait(); err != nil {
						break
					}
					for i := range frame {
						frame[i] = clip(float32(9000 * math.Sin(2*math.Pi*toneHz*float64(n)/opus.SampleRate)))
						n++
					}
					err = player.play(frame)
				}
				ended <- err
			}()
			time.Sleep(500 * time.Millisecond)
			m, err := startMicrophone(&cardMicrophone{room: room, open: func() (soundCard, error) { return ear, nil }}, MicrophoneOptions{})
			if err != nil {
				t.Fatal(err)
			}
			for n := range 1000 {
				_, captured, err := m.Read()
				if err != nil {
					t.Fatal(err)
				}
				// The last sample was captured just now; a converter of rates takes a millisecond or two.
				if age := time.Since(captured); age < 18*time.Millisecond || age > 25*time.Millisecond {
					t.Fatalf("%s: packet %d's first sample is said to be %v old", c.name, n, age)
				}
				if c.stops && n > 500 && n%100 == 50 {
					canceller.frames = canceller.skip - 20 // 200 ms to settle
					if n%200 == 150 {
						mouth.fail(alsa.ErrXrun)
					} else {
						time.Sleep(time.Second) // nobody reads
					}
				}
			}
			if dB, found, learned := m.Echo(); dB != 38 || !found || !learned {
				t.Errorf("%s: the canceller's word is %v dB, %v, %v", c.name, dB, found, learned)
			}
			if err := errors.Join(m.Close(), mouth.Close()); err != nil {
				t.Error(err)
			}
			if err := <-ended; !errors.Is(err, os.ErrClosed) {
				t.Error(err)
			}
			t.Logf("%s: the reference differs by %.2f%% at most, %.2f%% on average",
				c.name, 100*canceller.worst, 100*canceller.mean/float64(canceller.counted))
			if canceller.worst > c.worst || canceller.counted < 800 {
				t.Errorf("%s: the reference differs by %.2f%% at most, in %d frames", c.name, 100*canceller.worst, canceller.counted)
			}
			if mouth.waiting > int64(3*mouth.format.Frame()) {
				t.Errorf("%s: %d frames waited to be played", c.name, mouth.waiting)
			}
			if c.stops && (ear.starts != 3 || mouth.starts != 4) {
				t.Errorf("%s: the microphone was started %d times, the speaker %d times", c.name, ear.starts, mouth.starts)
			}
		})
	}
}

// calling opens a speaker on a fake card and gives it packets of a call.
func calling(t *testing.T, card *fakeSound, packets [][]byte) *Speaker {
	t.Helper()
	s, err := new(Room).openSpeaker(func() (soundCard, error) { return card, nil })
	if err != nil {
		t.Fatal(err)
	}
	go func() {
		for n := 0; ; n++ {
			s.Write(uint16(n), uint32(n*opus.FrameSamples), packets[n%len(packets)])
			select {
			case <-s.done:
				return
			case <-time.After(frameTime):
			}
		}
	}()
	return s
}

// spoken is the speech in packets.
func spoken(t *testing.T) (packets [][]byte) {
	t.Helper()
	m := newUnpaced(t)
	samples, err := decodeSpeech(speech)
	if err != nil {
		t.Fatal(err)
	}
	for range len(samples) / opus.FrameSamples {
		packet, _, err := m.Read()
		if err != nil {
			t.Fatal(err)
		}
		packets = append(packets, bytes.Clone(packet))
	}
	return packets
}

// TestTheCardsClockCounts: what comes by the adviser's clock is played by the
// card's, however long the call, without a pile or a hole.
func TestTheCardsClockCounts(t *testing.T) {
	packets := spoken(t)
	for _, ppm := range []float64{-300, 300} {
		synctest.Test(t, func(t *testing.T) {
			card := newFakeSound(true, 48_000, 2, ppm)
			s := calling(t, card, packets)
			time.Sleep(2 * time.Minute)
			stats := s.Stats()
			if err := s.Close(); err != nil {
				t.Error(err)
			}
			t.Logf("%+.0f ppm: %+v", ppm, stats)
			if stats.Delay > 100*time.Millisecond || stats.Delay < 5*time.Millisecond || stats.Late+stats.Lost > 0 || card.starts != 1 {
				t.Errorf("%+.0f ppm: %+v, with %d starts", ppm, stats, card.starts)
			}
			if card.waiting > int64(3*card.format.Frame()) {
				t.Errorf("%d frames waited to be played", card.waiting)
			}
		})
	}
}

func TestASpeakerThatIsUnplugged(t *testing.T) {
	packets := newHearing(t).packets
	synctest.Test(t, func(t *testing.T) {
		card := newFakeSound(true, 48_000, 2, 0)
		s := calling(t, card, packets)
		time.Sleep(time.Second)
		card.fail(alsa.ErrXrun)
		time.Sleep(time.Second)
		synctest.Wait()
		select {
		case <-s.Failed():
			t.Fatal("a speaker that ran dry has failed")
		default:
		}
		card.fail(syscall.ENODEV)
		<-s.Failed()
		err := s.Close()
		if card.starts != 2 {
			t.Errorf("it was started %d times", card.starts)
		}
		if !errors.Is(err, syscall.ENODEV) || !strings.HasPrefix(err.Error(), "playing on the speaker: ") {
			t.Errorf("Close gave %v", err)
		}
		s.Write(1, 2, packets[0]) // harmless
	})
}

func TestAMicrophoneThatIsUnplugged(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		card := newFakeSound(false, 48_000, 1, 0)
		d := &cardMicrophone{room: new(Room), open: func() (soundCard, error) { return card, nil }}
		m, err := startMicrophone(d, MicrophoneOptions{})
		if err != nil {
			t.Fatal(err)
		}
		if _, _, err := m.Read(); err != nil {
			t.Fatal(err)
		}
		card.fail(syscall.ENODEV)
		if _, _, err := m.Read(); !errors.Is(err, syscall.ENODEV) || !strings.HasPrefix(err.Error(), "reading the microphone: ") {
			t.Errorf("Read gave %v", err)
		}
		if err := m.Close(); err != nil {
			t.Error(err)
		}
		if _, err := d.AudioRecord(d.Properties()[0]); err == nil {
			t.Error("a closed microphone records")
		}
	})
}

func TestACardMicrophoneCloseEndsARead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m, err := startMicrophone(&cardMicrophone{room: new(Room), open: func() (soundCard, error) {
			return newFakeSound(false, 48_000, 1, 0), nil
		}}, MicrophoneOptions{})
		if err != nil {
			t.Fatal(err)
		}
		before, ended := time.Now(), make(chan error)
		go func() { _, _, err := m.Read(); ended <- err }()
		synctest.Wait()
		if err := m.Close(); err != nil {
			t.Fatal(err)
		}
		if err := <-ended; err != io.EOF || time.Since(before) != 0 {
			t.Errorf("Read ended with %v after %v", err, time.Since(before))
		}
	})
}

// TestACardThatOnlyStops is given up.
func TestACardThatOnlyStops(t *testing.T) {
	card := stopping{newFakeSound(false, 48_000, 1, 0)}
	r := newCardReader(new(Room), card)
	if _, _, err := r.Read(); !errors.Is(err, alsa.ErrXrun) || card.starts != maxRestarts {
		t.Errorf("%v after %d starts", err, card.starts)
	}
	p := newCardSpeaker(new(Room), card)
	if err := p.wait(); !errors.Is(err, alsa.ErrXrun) || card.starts != 2*maxRestarts {
		t.Errorf("%v after %d starts", err, card.starts)
	}
}

type stopping struct{ *fakeSound }

func (stopping) Wait() (alsa.Position, error) { return alsa.Position{}, alsa.ErrXrun }

// eager is a card that is always ready.
type eager struct {
	*fakeSound
	at time.Duration
}

func (e *eager) Wait() (alsa.Position, error) {
	e.at += playPeriod
	return alsa.Position{Frames: e.at.Seconds() * float64(e.format.Rate), At: e.at}, nil
}
func (e *eager) Write([]int16) error { return nil }

type echoless struct{}

func (echoless) Process(near, _, out []int16)     { copy(out, near) }
func (echoless) Reduction() (float64, bool, bool) { return 0, false, false }

func TestCardsAllocateNothing(t *testing.T) {
	room := &Room{NewEchoCanceller: func() EchoCanceller { return echoless{} }}
	for _, rate := range []int{48_000, 44_100} {
		p := newCardSpeaker(room, &eager{fakeSound: newFakeSound(true, rate, 2, 0)})
		r := newCardReader(room, &eager{fakeSound: newFakeSound(false, rate, 2, 0)})
		frame := make([]int16, periodSamples)
		if n := testing.AllocsPerRun(100, func() {
			if errors.Join(p.wait(), p.play(frame)) != nil {
				t.Fatal("it fails")
			}
			if _, _, err := r.Read(); err != nil {
				t.Fatal(err)
			}
		}); n > 0 {
			t.Errorf("at %d Hz 20 ms cost %v allocations", rate, n)
		}
	}
}

// BenchmarkCards is 10 ms of playing and 20 ms of capturing with another clock's reference.
func BenchmarkCards(b *testing.B) {
	room := &Room{NewEchoCanceller: func() EchoCanceller { return echoless{} }}
	p := newCardSpeaker(room, &eager{fakeSound: newFakeSound(true, 44_100, 2, 0)})
	r := newCardReader(room, &eager{fakeSound: newFakeSound(false, 44_100, 2, 0)})
	frame := make([]int16, periodSamples)
	b.ReportAllocs()
	for b.Loop() {
		if errors.Join(p.wait(), p.play(frame)) != nil {
			b.Fatal("it fails")
		}
		if _, _, err := r.Read(); err != nil {
			b.Fatal(err)
		}
	}
}
