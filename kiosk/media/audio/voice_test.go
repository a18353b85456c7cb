package audio

import (
	"context"
	"errors"
	"io"
	"math"
	"testing"
	"testing/synctest"
	"time"
)

// hum is a voice of a second at a rate: 400 Hz, in chunks of no particular length.
func hum(rate, length int) func() ([]int16, error) {
	at := 0
	return func() ([]int16, error) {
		if at >= length {
			return nil, io.EOF
		}
		chunk := make([]int16, min(777, length-at))
		for i := range chunk {
			chunk[i] = int16(8000 * math.Sin(2*math.Pi*400*float64(at+i)/float64(rate)))
		}
		at += len(chunk)
		return chunk, nil
	}
}

// take takes what a voice says, in periods, until stop says that it is enough.
func take(v *Voice, stop func(periods int) bool) (all []int16) {
	for n := 0; !stop(n); n++ {
		var period [periodSamples]int16
		v.mix(period[:])
		all = append(all, period[:]...)
		<-time.After(playPeriod)
	}
	return all
}

// periodsOf counts the periods of a tone, without what rings at its ends.
func periodsOf(samples []int16) (n int) {
	below := true
	for _, v := range samples {
		if below && v > 1000 {
			n++
			below = false
		}
		below = below || v < -1000
	}
	return n
}

func TestVoiceIsPlayedWholeAtItsPitch(t *testing.T) {
	for _, rate := range []int{22050, 16000, 48000} {
		synctest.Test(t, func(t *testing.T) {
			var v Voice
			done := make(chan error, 1)
			go func() { done <- v.Play(t.Context(), rate, 100, hum(rate, rate)) }()
			heard := take(&v, func(n int) bool { return n == 150 })
			if err := <-done; err != nil {
				t.Fatal(err)
			}
			if n := periodsOf(heard); n < 395 || n > 405 {
				t.Errorf("%d Hz: it has %d periods in its second, expected 400", rate, n)
			}
			if level := rms(heard[10_000:40_000]); level < 5300 || level > 5900 {
				t.Errorf("%d Hz: its level is %.0f, expected 5657", rate, level)
			}
			if s := v.Spoken(); s < time.Second || s > time.Second+3*20*time.Millisecond {
				t.Errorf("%d Hz: %v was spoken", rate, s)
			}
		})
	}
}

func TestVoiceOnTopOfWhatIsPlayed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := &Voice{percent: 50, queue: []int16{8000, -8000, 32000}}
		out := []int16{100, 100, 30000, 7}
		v.mix(out)
		// Half the volume is a quarter of the amplitude; what is too loud is cut, not turned over.
		if want := [4]int16{2100, -1900, math.MaxInt16, 7}; [4]int16(out) != want {
			t.Errorf("%v, expected %v", out, want)
		}
		(*Voice)(nil).mix(out) // a room without a voice
	})
}

func TestVoiceThatIsInterrupted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var v Voice
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() { done <- v.Play(ctx, 22050, 100, hum(22050, 60*22050)) }()
		take(&v, func(n int) bool { return n == 20 })
		cancel()
		if err := <-done; !errors.Is(err, context.Canceled) {
			t.Errorf("it ended with %v", err)
		}
		if after := take(&v, func(n int) bool { return n == 3 }); rms(after) > 0 {
			t.Error("something of it is played after its end")
		}
	})
}

func TestVoiceThatBreaks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var v Voice
		broken := errors.New("no voice")
		done := make(chan error, 1)
		go func() { done <- v.Play(t.Context(), 22050, 100, func() ([]int16, error) { return nil, broken }) }()
		take(&v, func(n int) bool { return n == 10 })
		if err := <-done; !errors.Is(err, broken) {
			t.Errorf("it ended with %v", err)
		}
	})
	if err := new(Voice).Play(t.Context(), 22049, 100, hum(22049, 1)); err == nil {
		t.Error("a rate without whole frames is taken")
	}
}

// What is said out of a call needs no packet: an open speaker plays it.
func TestVoiceOnAnOpenSpeaker(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		room := &Room{Voice: new(Voice)}
		s, err := room.OpenSpeaker(Simulated, SpeakerOptions{})
		if err != nil {
			t.Fatal(err)
		}
		if err := room.Voice.Play(t.Context(), 22050, 70, hum(22050, 22050)); err != nil {
			t.Error(err)
		}
		if spoken := room.Voice.Spoken(); spoken < time.Second {
			t.Errorf("only %v was spoken", spoken)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
}

// What the booth says on a card is in the room's reference, by which an adviser does not hear it.
func TestVoiceIsInTheEchosReference(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		room := &Room{Voice: new(Voice)}
		card := newFakeSound(true, 48000, 1, 0)
		s, err := room.openSpeaker(func() (soundCard, error) { return card, nil })
		if err != nil {
			t.Fatal(err)
		}
		if err := room.Voice.Play(t.Context(), 22050, 100, hum(22050, 22050)); err != nil {
			t.Error(err)
		}
		var reference []int16
		room.played.mu.Lock()
		for i := room.played.end - 24000; i < room.played.end; i++ {
			reference = append(reference, int16(room.played.samples[i%playedSamples]))
		}
		room.played.mu.Unlock()
		if n := periodsOf(reference); n < 150 {
			t.Errorf("of half a second's 200 periods %d are in the reference", n)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
}
