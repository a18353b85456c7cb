package audio

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"loiret.fr/visioborne/kiosk/media/audio/opus"
)

// pointerOf is a card's pointer at a time as drivers report it: true but for a
// jitter, or in steps.
type pointerOf func(random *rand.Rand, truth float64) float64

func jittery(ms float64) pointerOf {
	return func(random *rand.Rand, truth float64) float64 { return truth + (random.Float64()*2-1)*ms*48 }
}

func inSteps(frames float64) pointerOf {
	return func(_ *rand.Rand, truth float64) float64 { return math.Floor(truth/frames) * frames }
}

// TestDrift lets two cards run apart for hours and looks where the reference is
// read, compared to where it should be.
func TestDrift(t *testing.T) {
	for _, c := range []struct {
		name                string
		microphone, speaker float64 // parts in a million
		pointer             pointerOf
		temperature         float64 // the speaker's crystal goes up and down by so much in half an hour
		settled, ever       float64 // ms: the largest error after ten seconds, and from the first
		tremor              float64 // ppm: by how much it reads at the wrong speed, after ten seconds
	}{
		{"one clock", 40, 40, jittery(0.05), 0, 0.02, 0.05, 10},
		{"the same speed by chance", 0, 0, jittery(1), 0, 0.2, 0.5, 150},
		{"apart by 300 ppm", 150, -150, jittery(1), 0, 0.2, 0.5, 150},
		{"apart by -300 ppm", -150, 150, jittery(1), 0, 0.2, 0.5, 150},
		{"one card is right, the other quite wrong", 0, 300, jittery(0.5), 0, 0.1, 0.4, 100},
		{"pointers in steps of 1 ms", 80, -60, inSteps(48), 0, 0.1, 0.6, 100},
		{"a crystal that gets warm", 20, -20, jittery(0.5), 5, 0.1, 0.3, 100},
		{"bursts of 6 ms", 20, -20, jittery(6), 0, 1, 2, 700},
	} {
		random := rand.New(rand.NewPCG(5, 6))
		heard := &playedSound{clock: newPointerClock(opus.SampleRate)}
		f := newFollower(heard)
		captured := newPointerClock(opus.SampleRate)
		const length = 2 * time.Hour
		const began = 1234 * time.Second
		mic := func(at time.Duration) float64 { return (at - began).Seconds() * 48_000 * (1 + c.microphone/1e6) }
		spoken := func(at time.Duration) float64 {
			s := (at - began).Seconds()
			const period = 1800.0
			wander := c.temperature / 1e6 * period / (2 * math.Pi) * (1 - math.Cos(2*math.Pi*s/period))
			return 48_000 * (s*(1+c.speaker/1e6) + wander)
		}
		settled, ever, slope := 0.0, 0.0, 0.0
		for n := int64(0); ; n++ {
			// The microphone's card wakes its reader when 10 ms are there, and a moment later it runs.
			end := float64(n+1) * periodSamples
			trueEnd := began + time.Duration(end/(48_000*(1+c.microphone/1e6))*1e9)
			at := trueEnd + time.Duration(random.Float64()*float64(2*time.Millisecond))
			if at-began > length {
				break
			}
			captured.observe(at, c.pointer(random, mic(at)))
			// The speaker's writer at a time of its own.
			later := at + time.Duration(random.Float64()*float64(3*time.Millisecond))
			heard.clock.observe(later, c.pointer(random, spoken(later)))

			start, step, known := f.glide(captured.timeOf(end-periodSamples), captured.timeOf(end))
			if !known {
				t.Fatalf("%s: nothing is known", c.name)
			}
			trueStart := began + time.Duration((end-periodSamples)/(48_000*(1+c.microphone/1e6))*1e9)
			off := math.Abs(start-spoken(trueStart)) / 48
			ever = max(ever, off)
			if at-began > 10*time.Second {
				settled = max(settled, off)
				slope = max(slope, math.Abs(step-(1+c.speaker/1e6)/(1+c.microphone/1e6))*1e6)
			}
		}
		if slope > c.tremor {
			t.Errorf("%s: the reference trembles by %.0f ppm", c.name, slope)
		}
		t.Logf("%s: %.3f ms at most, %.3f ms after ten seconds; reads at the wrong speed by %.0f ppm at most; found %.1f and %.1f ppm",
			c.name, ever, settled, slope, captured.partsPerMillion(), heard.clock.partsPerMillion())
		if settled > c.settled || ever > c.ever || f.jumps > 0 {
			t.Errorf("%s: the reference is off by %.3f ms, after ten seconds by %.3f ms, with %d jumps", c.name, ever, settled, f.jumps)
		}
	}
}

func TestAJumpIsFollowed(t *testing.T) {
	heard := &playedSound{clock: newPointerClock(opus.SampleRate)}
	f := newFollower(heard)
	at, offset := time.Duration(0), 0.0
	step := func() float64 {
		at += playPeriod
		heard.clock.observe(at, at.Seconds()*48_000+offset)
		start, _, _ := f.glide(at-playPeriod, at)
		return start - ((at-playPeriod).Seconds()*48_000 + offset)
	}
	for range 500 {
		step()
	}
	// Once it is an error of the driver's, and not followed.
	heard.clock.observe(at+time.Millisecond, at.Seconds()*48_000+5000)
	if off := step(); math.Abs(off) > 1 {
		t.Errorf("one wrong pointer moves it by %.0f samples", off)
	}
	offset = 4800
	for range maxStrange + 1 {
		step()
	}
	if off := step(); math.Abs(off) > 1 || f.jumps != 1 {
		t.Errorf("after a jump it is off by %.0f samples, with %d jumps", off, f.jumps)
	}
	heard.stop()
	if _, _, known := f.glide(at, at+playPeriod); known {
		t.Error("a speaker that was stopped is still heard")
	}
}

func TestResampler(t *testing.T) {
	for _, c := range []struct{ from, to int }{
		{48_000, 48_000}, {44_100, 48_000}, {48_000, 44_100}, {16_000, 48_000}, {48_000, 16_000}, {32_000, 48_000}, {48_000, 32_000}, {96_000, 48_000}, {8_000, 48_000},
	} {
		for _, hz := range []float64{50, 1000, 3000, 6000, 14_000, 19_000} {
			lower := float64(min(c.from, c.to))
			if hz > 0.42*float64(c.from) {
				continue
			}
			passes, stops := hz < 0.39*lower, hz > 0.56*lower
			if !passes && !stops {
				continue
			}
			r := newResampler(c.from/100, c.to/100)
			in, out := make([]int16, c.from/100), make([]int16, c.to/100)
			// What comes out should be the tone, late by the delay; what it is not is noise.
			signal, noise := 0.0, 0.0
			for frame := range 60 {
				for i := range in {
					in[i] = int16(math.Round(20_000 * math.Sin(2*math.Pi*hz*float64(frame*len(in)+i)/float64(c.from))))
				}
				r.convert(in, out)
				for i, v := range out {
					if frame < 10 {
						continue
					}
					want := 0.0
					if passes {
						want = 20_000 * math.Sin(2*math.Pi*hz*(float64(frame*len(out)+i)-r.delay())/float64(c.to))
					}
					signal += 20_000 * 20_000 / 2
					noise += square(float64(v) - want)
				}
			}
			db := 10 * math.Log10(noise/signal+1e-12)
			if db > -60 {
				t.Errorf("from %d to %d, %.0f Hz: the error is %.1f dB", c.from, c.to, hz, db)
			}
		}
	}
}
