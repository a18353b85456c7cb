package audio

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"sync"
	"time"

	"loiret.fr/visioborne/kiosk/media/audio/opus"
)

const (
	// A voice is converted in stretches of at least so many samples of what is played, 5 ms, and at most so many.
	minVoiceFrame, maxVoiceFrame = opus.SampleRate / 200, opus.SampleRate / 50
	// voiceAhead is how much of it may wait to be played. What waits is lost to an interruption, and what is too little
	// is a gap on a busy machine.
	voiceAhead = opus.SampleRate / 2
)

// Voice is what the booth says itself. Whatever speaker is opened from its Room plays
// it on top of what was received, and the room's reference has it, so that echo
// cancellation takes it out of what an adviser hears. The zero Voice is silent. Its
// methods may be called from any goroutine.
type Voice struct {
	// Of Play.
	rate    int
	convert *resampler

	mu      sync.Mutex
	queue   []int16
	percent int
	room    chan struct{} // closed when there is room in the queue again; nil while nobody waits
	// spoken counts what was played, in samples.
	spoken int64
}

// Play says one utterance: chunks of samples at a rate, mono, as fast as they are
// wanted, until next gives an error, of which io.EOF is the end. It returns when the last
// one was taken by a speaker, or ctx has ended, after which nothing more of it is played. At a percent of 100 it is as loud as the samples
// are; half of it sounds about half as loud. One may be played at a time.
func (v *Voice) Play(ctx context.Context, rate, percent int, next func() ([]int16, error)) error {
	in, out := voiceFrame(rate)
	if out > maxVoiceFrame {
		return fmt.Errorf("playing a voice of %d samples a second: expected a usual rate such as 22050 or 16000", rate)
	}
	if rate != v.rate { // one for each utterance would take time in which somebody waits to hear it
		v.rate, v.convert = rate, newResampler(in, out)
	}
	convert := v.convert
	convert.forget()
	v.mu.Lock()
	v.queue, v.percent = v.queue[:0], min(max(percent, 0), 100)
	v.mu.Unlock()
	defer v.hush()

	var rest []int16
	converted := make([]int16, out)
	for {
		chunk, err := next()
		rest = append(rest, chunk...)
		if err != nil { // the end: what is left, and what the converter holds
			rest = append(rest, make([]int16, 2*in-len(rest)%in)...)
		}
		for ; len(rest) >= in; rest = rest[in:] {
			convert.convert(rest[:in], converted)
			if waiting := v.say(ctx, converted, voiceAhead); waiting != nil {
				return waiting
			}
		}
		if err == nil {
			continue
		}
		if waiting := v.say(ctx, nil, 0); waiting != nil {
			return waiting
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		return err
	}
}

// voiceFrame is the shortest stretch, long enough to be worth its while, in which both a rate and the one that is played have
// a whole number of samples.
func voiceFrame(rate int) (in, out int) {
	if rate <= 0 {
		return 0, math.MaxInt
	}
	a, b := rate, opus.SampleRate
	for b != 0 {
		a, b = b, a%b
	}
	in, out = rate/a, opus.SampleRate/a
	times := (minVoiceFrame + out - 1) / out
	return in * times, out * times
}

// say puts samples into the queue once no more than most wait there.
func (v *Voice) say(ctx context.Context, samples []int16, most int) error {
	for {
		v.mu.Lock()
		if len(v.queue) <= most {
			v.queue = append(v.queue, samples...)
			v.mu.Unlock()
			return ctx.Err()
		}
		if v.room == nil {
			v.room = make(chan struct{})
		}
		room := v.room
		v.mu.Unlock()
		select {
		case <-room:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func (v *Voice) hush() {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.queue = v.queue[:0]
}

// Spoken is how much was played since the beginning.
func (v *Voice) Spoken() time.Duration {
	if v == nil {
		return 0
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	return samplesTime(v.spoken)
}

// mix adds what is to be said to a period that is about to be played.
func (v *Voice) mix(out []int16) {
	if v == nil {
		return
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	n := min(len(out), len(v.queue))
	if n > 0 {
		gain := int32(v.percent * v.percent * (1 << 15) / 10_000)
		for i, s := range v.queue[:n] {
			out[i] = clip(float32(int32(out[i]) + int32(s)*gain>>15))
		}
		v.queue = v.queue[:copy(v.queue, v.queue[n:])]
		v.spoken += int64(n)
	}
	// Whoever waits for the queue to be empty, or for room in it.
	if v.room != nil {
		close(v.room)
		v.room = nil
	}
}
