package audio

import (
	"math"
	"sync"
	"time"

	"loiret.fr/visioborne/kiosk/media/audio/opus"
)

// playedSound is what the loudspeaker gets, with the clock of its card: what was in
// the room at a time. The speaker writes it, the microphone reads it.
type playedSound struct {
	mu      sync.Mutex
	samples [playedSamples]float32
	end     int64 // how many there were so far
	// clock follows the sample that is heard; nothing is while it is not known.
	clock pointerClock
}

const playedSamples = 1 << 16 // 1.4 s

// forget begins anew, when a loudspeaker is opened and when it is closed: nobody's
// words stay.
func (p *playedSound) forget() {
	p.mu.Lock()
	defer p.mu.Unlock()
	clear(p.samples[:])
	p.end, p.clock = 0, newPointerClock(opus.SampleRate)
}

// stop says that nothing is heard any more, or that it goes on from elsewhere.
func (p *playedSound) stop() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.clock.restart()
}

func (p *playedSound) put(samples []int16) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, v := range samples {
		p.samples[p.end%playedSamples] = float32(v)
		p.end++
	}
}

// observe tells that sample position is heard at a time.
func (p *playedSound) observe(at time.Duration, position float64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.clock.observe(at, position)
}

// follower reads what was played along with what is captured. The place where
// it reads glides, so that an echo canceller sees one room and not one that
// changes; it jumps only if it is quite wrong.
type follower struct {
	source   *playedSound
	between  *interpolator
	window   []float32
	position float64
	aligned  bool
	jumps    int
}

const (
	// The speed at which it may read: the difference of two cards of ±300 parts
	// in a million, and some to correct itself.
	maxGlide = 800e-6
	// The share of its error that it corrects in a period: each new pointer moves
	// the clocks a little, and that must not become a tremor of the reference.
	correction = 0.02
	// From here on it jumps: an echo canceller has to learn anew either way.
	maxMisplaced = 3e-3 * opus.SampleRate // samples
)

func newFollower(source *playedSound) *follower {
	return &follower{source: source, between: newInterpolator(), window: make([]float32, periodSamples+2*zeroCrossings+8)}
}

// follow gives what the loudspeaker played from one time to another, in which
// a period was captured; silence where there is nothing.
func (f *follower) follow(from, to time.Duration, far []int16) {
	p := f.source
	p.mu.Lock()
	defer p.mu.Unlock()
	start, step, known := f.glide(from, to)
	if !known {
		clear(far)
		return
	}
	first := int64(math.Floor(start)) - zeroCrossings + 1
	for i := range f.window {
		if at := first + int64(i); at >= 0 && at < p.end && at >= p.end-playedSamples {
			f.window[i] = p.samples[at%playedSamples]
		} else {
			f.window[i] = 0
		}
	}
	offset := start - math.Floor(start)
	for i := range far {
		place := offset + step*float64(i)
		whole := int(place)
		far[i] = clip(f.between.at(f.window[whole:], place-float64(whole)))
	}
}

// glide tells from which sample of the loudspeaker's to read, and how far apart
// the samples of a period are; false if nothing is known of it.
func (f *follower) glide(from, to time.Duration) (start, step float64, known bool) {
	clock := &f.source.clock
	if !clock.known {
		f.aligned = false
		return 0, 0, false
	}
	start = f.position
	here, there := clock.positionAt(from), clock.positionAt(to)
	if !f.aligned || math.Abs(here-start) > maxMisplaced {
		if f.aligned {
			f.jumps++
		}
		start, f.aligned = here, true
	}
	step = (there - here + (here-start)*correction) / periodSamples
	step = min(max(step, 1-maxGlide), 1+maxGlide)
	f.position = start + step*periodSamples
	return start, step, true
}
