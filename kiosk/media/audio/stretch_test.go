package audio

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"loiret.fr/visioborne/kiosk/media/audio/opus"
)

// voice is a sum of harmonics of a pitch that wavers by a tenth, as voices do.
func voice(hertz float64, samples int) []int16 {
	pcm := make([]int16, samples)
	phase := 0.0
	for i := range pcm {
		at := float64(i) / opus.SampleRate
		phase += 2 * math.Pi * hertz * (1 + 0.03*math.Sin(2*math.Pi*3*at)) / opus.SampleRate
		for harmonic := 1.0; harmonic*hertz < 3000; harmonic++ {
			pcm[i] += int16(6000 * math.Sin(harmonic*phase+harmonic) / harmonic)
		}
	}
	return pcm
}

// stretched puts sound through a stretcher, every so many frames, and returns what comes out and by how much each frame has changed.
func stretched(in []int16, every int, change func(s *stretcher, frame []int16) []int16) (out []int16, changes []int) {
	var s stretcher
	buffer := make([]int16, opus.FrameSamples+stretchRoom)
	for i := 0; (i+1)*opus.FrameSamples <= len(in); i++ {
		frame := buffer[:copy(buffer, in[i*opus.FrameSamples:][:opus.FrameSamples])]
		if i%every == every-1 {
			frame = change(&s, frame)
			changes = append(changes, len(frame)-opus.FrameSamples)
		}
		out = append(out, frame...)
	}
	return out, changes
}

// pitch is a voice's, in Hz.
func pitch(sound []int16) float64 {
	best, at := -1.0, 0
	for lag := opus.SampleRate / 500; lag <= opus.SampleRate/60; lag++ {
		sum, a, b := 0.0, 1.0, 1.0
		for i := 0; i+lag < len(sound); i += 61 {
			x, y := float64(sound[i]), float64(sound[i+lag])
			sum, a, b = sum+x*y, a+x*x, b+y*y
		}
		if c := sum / math.Sqrt(a*b); c > best+0.02 {
			best, at = c, lag
		}
	}
	return opus.SampleRate / float64(at)
}

// roughest is the largest second difference: how sharply a sound bends.
func roughest(sound []int16) float64 {
	most := 0.0
	for i := 2; i < len(sound); i++ {
		most = max(most, math.Abs(float64(sound[i])-2*float64(sound[i-1])+float64(sound[i-2])))
	}
	return most
}

var changesOfFrames = map[string]func(*stretcher, []int16) []int16{
	"shorter":      func(s *stretcher, f []int16) []int16 { return s.shorten(f, alikeWell, false, false) },
	"much shorter": func(s *stretcher, f []int16) []int16 { return s.shorten(f, alikeEnough, true, false) },
	"longer":       func(s *stretcher, f []int16) []int16 { return s.lengthen(f, alikeWell, false) },
}

func TestStretchingKeepsAVoice(t *testing.T) {
	for name, change := range changesOfFrames {
		for hertz := 75.0; hertz <= 400; hertz *= 1.21 {
			in := voice(hertz, 2*opus.SampleRate)
			out, changes := stretched(in, 2, change)
			total := 0
			for _, c := range changes {
				if c != 0 && (name == "longer") != (c > 0) || c > mostPeriod || c < -mostPeriod || c != 0 && c < leastPeriod && c > -leastPeriod {
					t.Fatalf("%s, %.0f Hz: a frame changes by %d", name, hertz, c)
				}
				total += c
			}
			if len(out) != len(in)/opus.FrameSamples*opus.FrameSamples+total {
				t.Errorf("%s, %.0f Hz: %d samples of %d, with %d reported", name, hertz, len(out), len(in), total)
			}
			// The greater part of the frames can be changed.
			if slices.Sort(changes); changes[len(changes)/2] == 0 {
				t.Errorf("%s, %.0f Hz: most frames stay as they are", name, hertz)
			}
			if before, after := pitch(in), pitch(out); math.Abs(after/before-1) > 0.04 {
				t.Errorf("%s: %.1f Hz become %.1f Hz", name, before, after)
			}
			want := rms(in)
			for i := 0; i+2400 <= len(out); i += 1200 {
				if level := rms(out[i:][:2400]); level < 0.8*want || level > 1.25*want {
					t.Errorf("%s, %.0f Hz: the level is %.0f at %d, %.0f before", name, hertz, level, i, want)
				}
			}
			if before, after := roughest(in), roughest(out); after > 1.35*before {
				t.Errorf("%s, %.0f Hz: it clicks: %.0f, the voice itself has %.0f", name, hertz, after, before)
			}
		}
	}
}

func TestStretchingNoise(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	noise := make([]int16, 3*opus.SampleRate)
	for i := range noise {
		noise[i] = int16(random.NormFloat64() * 300)
	}
	for name, change := range map[string]func(*stretcher, []int16) []int16{
		"shorter": func(s *stretcher, f []int16) []int16 { return s.shorten(f, alikeWell, false, true) },
		"longer":  func(s *stretcher, f []int16) []int16 { return s.lengthen(f, alikeWell, true) },
	} {
		out, changes := stretched(noise, 2, change)
		if slices.Contains(changes, 0) {
			t.Errorf("%s: a quiet frame stays as it is", name)
		}
		for i := 0; i+2400 <= len(out); i += 1200 {
			if level := rms(out[i:][:2400]); level < 240 || level > 375 {
				t.Errorf("%s: the level is %.0f at %d, 300 before", name, level, i)
			}
		}
	}
	for name, change := range changesOfFrames { // loud noise has no two places that are alike
		if _, changes := stretched(noise, 2, change); slices.ContainsFunc(changes, func(c int) bool { return c != 0 }) {
			t.Errorf("%s: noise was stretched: %v", name, changes)
		}
	}
}

func TestStretchingSpeech(t *testing.T) {
	said, err := decodeSpeech(speech)
	if err != nil {
		t.Fatal(err)
	}
	for name, change := range changesOfFrames {
		out, changes := stretched(said, 3, change)
		n, total := 0, 0
		for _, c := range changes {
			total += c
			if c != 0 {
				n++
			}
		}
		t.Logf("%s: %d of %d frames, by %v in %v", name, n, len(changes), samplesTime(int64(total)), samplesTime(int64(len(said))))
		if n < len(changes)/3 {
			t.Errorf("%s: %d of %d frames were stretched", name, n, len(changes))
		}
		if before, after := rms(said), rms(out); math.Abs(after/before-1) > 0.1 {
			t.Errorf("%s: the level is %.0f, %.0f before", name, after, before)
		}
		if before, after := roughest(said), roughest(out); after > 1.1*before {
			t.Errorf("%s: it clicks: %.0f, the speech itself has %.0f", name, after, before)
		}
	}
}

func FuzzStretch(f *testing.F) {
	f.Add(uint16(960), int64(1), byte(0))
	f.Add(uint16(5760), int64(2), byte(1))
	f.Add(uint16(120), int64(3), byte(2))
	f.Fuzz(func(t *testing.T, size uint16, seed int64, how byte) {
		n := int(size) % (opus.MaxFrameSamples + 1)
		random := rand.New(rand.NewPCG(uint64(seed), 0))
		frame := make([]int16, n, n+stretchRoom)
		for i := range frame {
			frame[i] = int16(random.IntN(1<<16) - 1<<15)
			if how&4 != 0 && i > 200 {
				frame[i] = frame[i-200]
			}
		}
		var s stretcher
		var out []int16
		if how&1 == 0 {
			out = s.shorten(frame, 0, how&8 != 0, how&2 != 0)
		} else {
			out = s.lengthen(frame, 0, how&2 != 0)
		}
		if len(out) > n+mostPeriod || len(out) < n-mostPeriod {
			t.Fatalf("%d samples become %d", n, len(out))
		}
	})
}

func TestStretchingAllocatesNothing(t *testing.T) {
	var s stretcher
	frame := append(voice(140, opus.FrameSamples), make([]int16, stretchRoom)...)[:opus.FrameSamples]
	if n := testing.AllocsPerRun(100, func() {
		s.shorten(frame, alikeEnough, true, false)
		s.lengthen(frame, alikeWell, false)
	}); n > 0 {
		t.Errorf("%v allocations", n)
	}
}

// BenchmarkShorten is what shortening one frame costs.
func BenchmarkShorten(b *testing.B) {
	var s stretcher
	sound := voice(140, opus.FrameSamples)
	frame := make([]int16, opus.FrameSamples)
	b.ReportAllocs()
	for b.Loop() {
		copy(frame, sound)
		s.shorten(frame, alikeWell, false, false)
	}
}

// TestDelayComesBackWhileSomebodySpeaks: a burst of jitter makes the delay long;
// it is short again soon although the voice never pauses, and without a click.
func TestDelayComesBackWhileSomebodySpeaks(t *testing.T) {
	h := newHearing(t)
	h.packets = encodeAll(t, voice(140, 30*opus.SampleRate))
	arrivals := trip{packets: len(h.packets), delay: func(n int) time.Duration {
		if n >= 250 && n < 300 && n%2 == 0 {
			return 180 * time.Millisecond
		}
		return 0
	}}.arrivals()
	var sound []int16
	delays := map[int]time.Duration{} // by the second
	for now := time.Duration(0); now < 29*time.Second; now += playPeriod {
		for len(arrivals) > 0 && arrivals[0].at <= now {
			a := arrivals[0]
			h.jitter.push(a.at, a.sequence, a.timestamp, h.packets[a.number])
			arrivals = arrivals[1:]
		}
		h.play(now)
		sound = append(sound, h.out[:]...)
		delays[int(now/time.Second)] = h.jitter.snapshot().Delay
	}
	s := h.jitter.snapshot()
	t.Logf("delays %v at 4 s, %v at 6 s, %v at 10 s, %v at 14 s; %+v", delays[4], delays[6], delays[10], delays[14], s)
	if delays[6] < 120*time.Millisecond {
		t.Errorf("the delay is %v after the burst: nothing is proved", delays[6])
	}
	if delays[14] > 70*time.Millisecond {
		t.Errorf("eight seconds after the burst the delay is %v", delays[14])
	}
	if s.LeftOut > 0 || s.Shorter < 100*time.Millisecond || s.Longer < 100*time.Millisecond {
		t.Errorf("%+v", s)
	}
	// From the burst's end nothing is lost, and nothing clicks.
	calm, after := sound[opus.SampleRate:4*opus.SampleRate], sound[7*opus.SampleRate:]
	if before, now := roughest(calm), roughest(after); now > 1.5*before {
		t.Errorf("it clicks: %.0f, %.0f before the burst", now, before)
	}
	if before, now := pitch(calm), pitch(after[:6*opus.SampleRate]); math.Abs(now/before-1) > 0.04 {
		t.Errorf("%.1f Hz become %.1f Hz", before, now)
	}
}

func encodeAll(t testing.TB, sound []int16) (packets [][]byte) {
	t.Helper()
	e, err := opus.NewEncoder()
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	var packet [opus.MaxPacketBytes]byte
	for ; len(sound) >= opus.FrameSamples; sound = sound[opus.FrameSamples:] {
		n, err := e.Encode(sound[:opus.FrameSamples], packet[:])
		if err != nil {
			t.Fatal(err)
		}
		packets = append(packets, slices.Clone(packet[:n]))
	}
	return packets
}
