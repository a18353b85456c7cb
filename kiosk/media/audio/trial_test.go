package audio

import (
	"context"
	"errors"
	"math"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"loiret.fr/visioborne/kiosk/media/audio/opus"
)

// tryingOut opens a trial of two cards whose loudspeaker is heard 5 ms later.
func tryingOut(t *testing.T) (trial *Trial, microphone, speaker *fakeSound) {
	t.Helper()
	speaker, microphone = newFakeSound(true, 48_000, 2, 0), newFakeSound(false, 16_000, 1, 0)
	microphone.hears = func(at time.Time) float64 { return speaker.heardAt(at.Add(-5*time.Millisecond)) / 2 }
	trial, err := openTrial(new(Room), &cardMicrophone{room: new(Room), open: func() (soundCard, error) { return microphone, nil }},
		func() (soundCard, error) { return speaker, nil })
	if err != nil {
		t.Fatal(err)
	}
	return trial, microphone, speaker
}

// TestATrialHearsWhatItPlays: a tone goes out of one card and comes in at the other, whatever rates they have.
func TestATrialHearsWhatItPlays(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		trial, microphone, speaker := tryingOut(t)
		var play, heard [opus.FrameSamples]int16
		loudness := func() float64 {
			sum := 0.0
			for _, v := range heard {
				sum += float64(v) * float64(v)
			}
			return math.Sqrt(sum / float64(len(heard)))
		}
		n := 0
		for range 50 {
			for i := range play {
				play[i] = int16(8000 * math.Sin(2*math.Pi*500*float64(n)/opus.SampleRate))
				n++
			}
			if err := trial.Exchange(t.Context(), play[:], heard[:]); err != nil {
				t.Fatal(err)
			}
		}
		if got, want := loudness(), 4000/math.Sqrt2; math.Abs(got-want) > want/10 {
			t.Errorf("heard a loudness of %.0f; want %.0f", got, want)
		}
		if speaker.starts != 1 || microphone.starts != 1 {
			t.Errorf("the cards were started %d and %d times: one of them had to wait for the other", speaker.starts, microphone.starts)
		}
		clear(play[:])
		for range 20 {
			if err := trial.Exchange(t.Context(), play[:], heard[:]); err != nil {
				t.Fatal(err)
			}
		}
		if got := loudness(); got > 1 {
			t.Errorf("heard a loudness of %.0f after the end", got)
		}
		if err := trial.Close(); err != nil {
			t.Error(err)
		}
	})
}

func TestATrialEndsAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		trial, microphone, speaker := tryingOut(t)
		ctx, cancel := context.WithTimeout(t.Context(), 25*time.Millisecond)
		defer cancel()
		var play, heard [opus.FrameSamples]int16
		var err error
		for err == nil {
			err = trial.Exchange(ctx, play[:], heard[:])
		}
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("Exchange ended with %v", err)
		}
		if err := trial.Close(); err != nil {
			t.Error(err)
		}
		for _, card := range []*fakeSound{microphone, speaker} {
			select {
			case <-card.closed:
			default:
				t.Error("a card is still open")
			}
		}
	})
}

func TestATrialOfWhatIsNotThere(t *testing.T) {
	card := newFakeSound(false, 48_000, 1, 0)
	_, err := openTrial(new(Room), &cardMicrophone{room: new(Room), open: func() (soundCard, error) { return card, nil }},
		func() (soundCard, error) { return nil, syscall.ENOENT })
	if !errors.Is(err, syscall.ENOENT) {
		t.Errorf("opened: %v", err)
	}
	select {
	case <-card.closed:
	default:
		t.Error("the microphone stayed open without a loudspeaker")
	}
}

// TestATrialOfSimulatedDevices: the simulated microphone talks, and hears nothing of the simulated loudspeaker.
func TestATrialOfSimulatedDevices(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		trial, err := OpenTrial(Simulated, Simulated)
		if err != nil {
			t.Fatal(err)
		}
		var play, heard [opus.FrameSamples]int16
		loudest := int16(0)
		for range 100 {
			if err := trial.Exchange(t.Context(), play[:], heard[:]); err != nil {
				t.Fatal(err)
			}
			for _, v := range heard {
				loudest = max(loudest, v)
			}
		}
		if loudest < 1000 {
			t.Errorf("in two seconds it said nothing louder than %d", loudest)
		}
		if err := trial.Close(); err != nil {
			t.Error(err)
		}
	})
}
