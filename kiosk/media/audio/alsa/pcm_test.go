package alsa

import (
	"errors"
	"math"
	"os"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"
	"unsafe"
)

func TestFormats(t *testing.T) {
	for _, c := range []struct {
		name     string
		playback bool
		card     func(*fakeCard)
		want     string
		queue    int
	}{
		{"a speakerphone's microphone", false, func(*fakeCard) {}, "48000 Hz, 1 channels, period 480, buffer 19200", 0},
		{"a speakerphone's speaker", true, func(*fakeCard) {}, "48000 Hz, 2 channels, period 480, buffer 2880", 1440},
		{"16 kHz only", false, func(f *fakeCard) { f.rates = []int{8000, 16_000} }, "16000 Hz, 1 channels, period 160, buffer 6400", 0},
		{"44.1 before 16 kHz", true, func(f *fakeCard) { f.rates = []int{16_000, 44_100} }, "44100 Hz, 2 channels, period 441, buffer 2646", 1323},
		{"stereo only", false, func(f *fakeCard) { f.channels = [2]int{2, 2} }, "48000 Hz, 2 channels, period 480, buffer 19200", 0},
		{"an array of microphones", false, func(f *fakeCard) { f.channels = [2]int{6, 6} }, "48000 Hz, 6 channels, period 480, buffer 19200", 0},
		{"mono speaker", true, func(f *fakeCard) { f.channels = [2]int{1, 1} }, "48000 Hz, 1 channels, period 480, buffer 2880", 1440},
		{"periods of powers of two", false, func(f *fakeCard) { f.step = 256 }, "48000 Hz, 1 channels, period 256, buffer 19200", 0},
		{"large periods", true, func(f *fakeCard) { f.periods = [2]int{1024, 8192}; f.step = 1024 }, "48000 Hz, 2 channels, period 1024, buffer 5056", 2528},
		{"a large buffer", true, func(f *fakeCard) { f.buffers = [2]int{8192, 8192} }, "48000 Hz, 2 channels, period 480, buffer 8192", 1440},
		{"a small buffer", false, func(f *fakeCard) { f.buffers = [2]int{96, 1920} }, "48000 Hz, 1 channels, period 480, buffer 1920", 0},
		{"a strange rate", true, func(f *fakeCard) { f.rates = []int{11_025} }, "it has none of the rates that are supported, but from 11025 to 11025 Hz", 0},
	} {
		card := newFakeCard(c.playback)
		c.card(card)
		p, err := configure(card, c.playback)
		if err != nil {
			if err.Error() != c.want {
				t.Errorf("%s: %v", c.name, err)
			}
			continue
		}
		if got := p.Format().String(); got != c.want || p.Queue() != c.queue {
			t.Errorf("%s: %s, queue %d; want %s, queue %d", c.name, got, p.Queue(), c.want, c.queue)
		}
		if wake := p.Format().Frame() + p.Format().Buffer - p.Queue(); c.playback && card.wake != wake {
			t.Errorf("%s: wakes at %d free frames, want %d", c.name, card.wake, wake)
		}
		if p.card != 3 || p.Name() != "A fake" {
			t.Errorf("%s: card %d, %q", c.name, p.card, p.Name())
		}
		if card.refines > 2000 {
			t.Errorf("%s: asked %d times", c.name, card.refines)
		}
	}
	if _, err := configure(newFakeCard(true), false); err == nil || !strings.Contains(err.Error(), "the other direction") {
		t.Errorf("a speaker opened as a microphone gave %v", err)
	}
}

func TestCapture(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		card := newFakeCard(false)
		card.ppm = 250
		p, err := configure(card, false)
		if err != nil {
			t.Fatal(err)
		}
		began := time.Now()
		if _, err := p.Start(); err != nil {
			t.Fatal(err)
		}
		frame := make([]int16, 480)
		next := int16(0)
		for i := range 1000 {
			at, err := p.Wait()
			if err != nil {
				t.Fatal(err)
			}
			if i%7 == 0 { // somebody else needs the processor
				time.Sleep(25 * time.Millisecond)
			}
			if err := p.Read(frame); err != nil {
				t.Fatal(err)
			}
			for _, v := range frame {
				if v != next {
					t.Fatalf("frame %d: sample %d is %d", i, next, v)
				}
				next++
			}
			truth := p.Time(at.At).Sub(began).Seconds() * 48_000 * (1 + 250e-6)
			if math.Abs(at.Frames-truth) > 1.01 {
				t.Fatalf("frame %d: the card is said to be at %.1f, and is at %.1f", i, at.Frames, truth)
			}
		}
		// A second and the buffer overflows.
		time.Sleep(time.Second)
		if _, err := p.Wait(); !errors.Is(err, ErrXrun) {
			t.Errorf("after a pause Wait gave %v", err)
		}
		if err := p.Read(frame); !errors.Is(err, ErrXrun) {
			t.Errorf("after a pause Read gave %v", err)
		}
		before := p.Frames()
		if _, err := p.Start(); err != nil {
			t.Fatal(err)
		}
		if at, err := p.Wait(); err != nil || at.Frames-float64(before) < 480 || at.Frames-float64(before) > 490 {
			t.Errorf("started anew at %d, Wait gave %+v, %v", before, at, err)
		}
		if card.starts != 2 || card.lost < 9000 {
			t.Errorf("%d starts, %d frames lost", card.starts, card.lost)
		}
	})
}

func TestPlayback(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		card := newFakeCard(true)
		card.ppm = -250
		p, err := configure(card, true)
		if err != nil {
			t.Fatal(err)
		}
		began := time.Now()
		silence, err := p.Start()
		if err != nil || silence != 960 {
			t.Fatalf("Start gave %d, %v", silence, err)
		}
		frame := make([]int16, 960)
		for i := range 1000 {
			at, err := p.Wait()
			if err != nil {
				t.Fatal(err)
			}
			for j := range 480 {
				frame[2*j] = int16(960 + i*480 + j)
			}
			if i%5 == 0 {
				time.Sleep(12 * time.Millisecond)
			}
			if err := p.Write(frame); err != nil {
				t.Fatalf("frame %d: %v", i, err)
			}
			heard := p.Time(at.At).Sub(began).Seconds() * 48_000 * (1 - 250e-6)
			if math.Abs(at.Frames-heard) > 1.01 {
				t.Fatalf("frame %d: %.1f is said to be heard, and %.1f is", i, at.Frames, heard)
			}
			if waiting := float64(p.Frames()) - heard; waiting > 1440+1 {
				t.Fatalf("frame %d: %.0f frames wait to be played", i, waiting)
			}
		}
		for i, v := range card.written[960:] {
			if v != int16(960+i) {
				t.Fatalf("frame %d of %d is %d", i, len(card.written), v)
			}
		}
		time.Sleep(100 * time.Millisecond)
		if err := p.Write(frame); !errors.Is(err, ErrXrun) {
			t.Errorf("after a pause Write gave %v", err)
		}
		if silence, err := p.Start(); err != nil || silence != 960 {
			t.Errorf("Start gave %d, %v", silence, err)
		}
		if at, err := p.Wait(); err != nil || float64(p.Frames())-at.Frames > 960 {
			t.Errorf("Wait gave %+v with %d written, %v", at, p.Frames(), err)
		}
	})
}

func TestWhatGoesWrong(t *testing.T) {
	for _, c := range []struct {
		name string
		do   func(*fakeCard)
		want func(error) bool
		text string
	}{
		{
			"unplugged", func(f *fakeCard) { f.unplugged = true }, func(err error) bool { return errors.Is(err, syscall.ENODEV) },
			"asking for its state: the card was unplugged: no such device",
		},
		{
			"disconnected", func(f *fakeCard) { f.state = stateDisconnected }, func(err error) bool { return errors.Is(err, syscall.ENODEV) },
			"asking for its state: the card was unplugged: no such device",
		},
		{"suspended", func(f *fakeCard) { f.state = stateSuspended }, func(err error) bool { return errors.Is(err, ErrXrun) }, ErrXrun.Error()},
		{"stopped", func(f *fakeCard) { f.state = 1 }, func(error) bool { return true }, "asking for its state: it is in state 1, not running"},
		{"dumb", func(f *fakeCard) { f.dumb = true }, func(error) bool { return true }, "waiting for it: it has told nothing for 1s"},
	} {
		synctest.Test(t, func(t *testing.T) {
			card := newFakeCard(false)
			p, err := configure(card, false)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := p.Start(); err != nil {
				t.Fatal(err)
			}
			go func() {
				time.Sleep(3 * time.Millisecond) // in the middle of a wait
				card.mu.Lock()
				defer card.mu.Unlock()
				c.do(card)
			}()
			_, err = p.Wait()
			if err == nil || !c.want(err) || err.Error() != c.text {
				t.Errorf("%s: %v", c.name, err)
			}
			if err := p.Close(); err != nil {
				t.Error(err)
			}
			if _, err := p.Wait(); !errors.Is(err, os.ErrClosed) && !errors.Is(err, syscall.ENODEV) {
				t.Errorf("%s: after Close Wait gave %v", c.name, err)
			}
		})
	}
}

func TestCloseEndsAWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, err := configure(newFakeCard(false), false)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := p.Start(); err != nil {
			t.Fatal(err)
		}
		before, ended := time.Now(), make(chan error)
		go func() { _, err := p.Wait(); ended <- err }()
		synctest.Wait()
		if err := p.Close(); err != nil {
			t.Fatal(err)
		}
		if err := <-ended; !errors.Is(err, os.ErrClosed) || time.Since(before) != 0 {
			t.Errorf("Wait ended with %v after %v", err, time.Since(before))
		}
	})
}

// willing is a kernel that is always ready.
type willing struct{}

func (willing) ioctl(request uintptr, argument unsafe.Pointer) error {
	switch request {
	case pcmStatus:
		s := (*status)(argument)
		s.state, s.avail = stateRunning, 480
	case pcmReadI, pcmWriteI:
		x := (*transfer)(argument)
		x.result = int64(x.frames)
	}
	return nil
}

func (willing) wait(ready func() bool, _ time.Duration) error {
	ready()
	return nil
}
func (willing) monotonic() time.Duration { return 0 }
func (willing) close() error             { return nil }

func TestNothingIsAllocated(t *testing.T) {
	p := &PCM{kernel: willing{}, format: Format{Rate: 48_000, Channels: 1, Period: 480, Buffer: 960}}
	p.check = p.ready
	frame := make([]int16, 480)
	if n := testing.AllocsPerRun(100, func() {
		if _, err := p.Wait(); err != nil {
			t.Fatal(err)
		}
		if err := p.Read(frame); err != nil {
			t.Fatal(err)
		}
	}); n > 0 {
		t.Errorf("10 ms cost %v allocations", n)
	}
}
