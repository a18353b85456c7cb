package echo

import (
	"encoding/binary"
	"math"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"loiret.fr/visioborne/kiosk/media/audio/echo/room"
	"loiret.fr/visioborne/kiosk/media/audio/echo/score"
)

const second = room.SampleRate

func makeScene(t testing.TB, s room.Settings) *room.Scene {
	t.Helper()
	scene, err := room.Make(s)
	if err != nil {
		t.Fatal(err)
	}
	return scene
}

// named finds one of the scenes that cancellers are measured by.
func named(t testing.TB, name string) room.Settings {
	t.Helper()
	for _, s := range append(room.Scenes(), room.HeldOut()...) {
		if s.Name == name {
			return s.Settings
		}
	}
	t.Fatalf("there is no scene %q", name)
	return room.Settings{}
}

func skipLong(t *testing.T) {
	t.Helper()
	if racing {
		t.Skip("one goroutine and much arithmetic; run it without the race detector")
	}
}

func run(c *Canceller, near, far []int16) []int16 {
	out := make([]int16, len(near))
	for i := 0; i+frame <= len(out); i += frame {
		c.Process(near[i:i+frame], far[i:i+frame], out[i:i+frame])
	}
	return out
}

// cleaner is without the level control, which would hide what is lowered.
func cleaner() *Canceller {
	c := New()
	c.Switch(EchoSuppression | NoiseReduction)
	return c
}

func loss(before, after []int16) float64 {
	return 20 * math.Log10((room.Level(before)+0.3)/(room.Level(after)+0.3))
}

func floats(x []int16) []float32 {
	out := make([]float32, len(x))
	for i, v := range x {
		out[i] = float32(v)
	}
	return out
}

// TestEchoAlone holds the first aim: from two seconds after the start the echo
// is at least 35 dB softer.
func TestEchoAlone(t *testing.T) {
	for _, test := range []struct {
		scene string
		want  float64
	}{
		{"usual room", 38},
		{"linear loudspeaker", 38},
		{"bad loudspeaker", 38},
		{"reverberation 100 ms", 35},
		{"reverberation 400 ms", 35},
		{"echo 10 dB louder", 38},
		{"delay 140 ms", 35},
		{"clocks 100 ppm apart", 38},
		{"office", 35},
		{"office, bad loudspeaker", 35},
	} {
		t.Run(test.scene, func(t *testing.T) {
			t.Parallel()
			skipLong(t)
			s := named(t, test.scene)
			s.Seconds = 10
			scene := makeScene(t, s)
			c := cleaner()
			out := run(c, scene.Mic, scene.Far)
			if got := loss(scene.Mic[2*second:], out[2*second:]); got < test.want {
				t.Errorf("the echo is lowered by %.1f dB, want %.0f", got, test.want)
			}
			stats := c.Stats()
			if stats.ERLE < test.want-8 || stats.FilterERLE < 15 || stats.DoubleTalk {
				t.Errorf("%+v", stats)
			}
			if dB, found, learned := c.Reduction(); dB != stats.ERLE || !found || !learned {
				t.Errorf("for the hotline it is %v dB, found %v, learned %v", dB, found, learned)
			}
			delay := time.Duration(s.Delay * float64(time.Second))
			if got := stats.Delay - delay; !stats.DelayKnown || got < 0 || got > 5*time.Millisecond {
				t.Errorf("the delay is %v (known: %v), want %v and the way through the air", stats.Delay, stats.DelayKnown, delay)
			}
			if got := stats.DriftPPM - s.DriftPPM; math.Abs(got) > 5 {
				t.Errorf("the drift is wrong by %.1f ppm", got)
			}
		})
	}
}

// TestNoise: with an air conditioner's noise the echo alone, without the noise
// that is left as in a room without an echo, is 35 dB softer; and the noise is
// not taken for a voice.
func TestNoise(t *testing.T) {
	skipLong(t)
	s := named(t, "noise -45 dBFS")
	s.Seconds = 10
	scene := makeScene(t, s)
	c := cleaner()
	voice := float32(0)
	out := make([]int16, len(scene.Mic))
	for i := 0; i+frame <= len(out); i += frame {
		c.Process(scene.Mic[i:i+frame], scene.Far[i:i+frame], out[i:i+frame])
		if i > 2*second {
			voice += c.suppress.near / float32(len(out)/frame)
		}
	}
	noise := run(cleaner(), scene.Near, make([]int16, len(scene.Far)))
	power := func(x []int16) float64 { return math.Pow(room.Level(x[2*second:]), 2) }
	// What cannot be told from none is a tenth of the noise.
	rest := max(power(out)-power(noise), power(noise)/10)
	if got := 20 * math.Log10(room.Level(scene.Echo[2*second:])/math.Sqrt(rest)); got < 35 {
		t.Errorf("the echo is lowered by %.1f dB, want 35", got)
	}
	if voice > 0.1 {
		t.Errorf("the noise is taken for a voice, %.2f of the time", voice)
	}
}

// TestBend: the filter does about as well with a loudspeaker that bends the
// sound as with one that does not.
func TestBend(t *testing.T) {
	skipLong(t)
	var left [2]float64
	for i, name := range []string{"linear loudspeaker", "bad loudspeaker"} {
		s := named(t, name)
		s.Seconds = 8
		scene := makeScene(t, s)
		c := New()
		c.Switch(0)
		left[i] = loss(scene.Mic[4*second:], run(c, scene.Mic, scene.Far)[4*second:])
		if cube := c.bend.shares[1]; (i == 0) != (cube > -0.05) {
			t.Errorf("%s: the share of the cube is %.3f", name, cube)
		}
	}
	if left[1] < left[0]-3 {
		t.Errorf("the filter lowers a linear loudspeaker's echo by %.1f dB, a bad one's by %.1f", left[0], left[1])
	}
}

// TestTrouble: what the hotline hears of rooms and loudspeakers that are not as they should be.
func TestTrouble(t *testing.T) {
	for _, test := range []struct {
		name           string
		change         func(*room.Settings)
		found, learned bool
	}{
		{"no echo", func(s *room.Settings) { s.EchoLevel = -60 }, false, false},
		{"a voice on top", func(s *room.Settings) { s.NearVoice, s.NearStart = "b", 3 }, true, true},
		{"a noisy room", func(s *room.Settings) { s.Noise = -35 }, true, true},
		{"a church", func(s *room.Settings) { s.Reverberation = 0.8 }, true, true},
		{"a rattling loudspeaker", func(s *room.Settings) { s.Distortion, s.EchoLevel = 3, 10 }, true, false},
		{"an echo that overloads the microphone", func(s *room.Settings) { s.EchoLevel = 25 }, true, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			skipLong(t)
			s := named(t, "usual room")
			s.Seconds = 8
			test.change(&s)
			scene := makeScene(t, s)
			c := New()
			run(c, scene.Mic, scene.Far)
			if dB, found, learned := c.Reduction(); found != test.found || learned != test.learned {
				t.Errorf("%.0f dB, found %v, learned %v; %+v", dB, found, learned, c.Stats())
			}
		})
	}
}

// TestDoubleTalk holds the second aim: the near voice loses little by an echo
// that is taken away.
func TestDoubleTalk(t *testing.T) {
	for _, test := range []struct {
		scene string
		worse float64
	}{
		{"double talk", 0.3},
		{"double talk, noise -45 dBFS", 0.3},
		{"double talk, 100 ppm", 0.3},
		{"double talk, near 6 dB softer", 0.3},
		{"double talk, echo 6 dB louder", 0.3},
		{"double talk, man, 400 ms", 0.3},
		{"office, double talk", 0.3},
		{"booth, double talk, voices changed", 0.3},
		// Here the aim is missed, by most.
		{"booth, double talk, echo 6 dB louder", 0.6},
	} {
		t.Run(test.scene, func(t *testing.T) {
			t.Parallel()
			skipLong(t)
			s := named(t, test.scene)
			s.Seconds = 14
			scene := makeScene(t, s)
			from := int((s.NearStart + 0.5) * second)
			alone := score.MOS(scene.Dry, floats(run(cleaner(), scene.Near, make([]int16, len(scene.Far)))), from)
			both := score.MOS(scene.Dry, floats(run(cleaner(), scene.Mic, scene.Far)), from)
			if alone-both > test.worse {
				t.Errorf("the voice is rated %.2f, without echo %.2f", both, alone)
			}
		})
	}
}

func TestPathChange(t *testing.T) {
	for _, name := range []string{"person moves at 8 s", "delay +33 ms at 8 s"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			skipLong(t)
			s := named(t, name)
			s.ChangeAt, s.Seconds = 6, 11
			scene := makeScene(t, s)
			c := cleaner()
			out := run(c, scene.Mic, scene.Far)
			if got := loss(scene.Mic[8*second:], out[8*second:]); got < 30 {
				t.Errorf("two seconds after the change the echo is lowered by %.1f dB, want 30", got)
			}
			want := time.Duration((s.Delay + s.DelayChange) * float64(time.Second))
			if got := c.Stats().Delay - want; got < 0 || got > 5*time.Millisecond {
				t.Errorf("the delay is %v, want %v", c.Stats().Delay, want)
			}
		})
	}
}

// TestNearAlone: with nothing played the voice goes through as it is, but for
// the noise, 10 ms later.
func TestNearAlone(t *testing.T) {
	s := named(t, "double talk")
	s.Seconds, s.NearStart = 10, 0.5
	scene := makeScene(t, s)
	silence := make([]int16, len(scene.Far))
	out := floats(run(cleaner(), scene.Near, silence))
	if got := score.MOS(scene.Dry, out, second); got < 4.3 {
		t.Errorf("the voice is rated %.2f", got)
	}
	if got := 20 * math.Log10(room.Level(out[second:])/room.Level(scene.Dry[second:])); math.Abs(got) > 0.5 {
		t.Errorf("the voice is louder by %.2f dB", got)
	}
	// With the parts off it is the same but for the constant that is taken out.
	c := New()
	c.Switch(0)
	out = floats(run(c, scene.Near, silence))
	var signal, noise float64
	for i := second; i < len(out); i++ {
		want := float64(scene.Near[i-frame])
		signal += want * want
		noise += (float64(out[i]) - want) * (float64(out[i]) - want)
	}
	if snr := 10 * math.Log10(signal/noise); snr < 20 {
		t.Errorf("with all parts off the voice is changed: %.1f dB", snr)
	}
}

func TestSilence(t *testing.T) {
	c := New()
	out := run(c, make([]int16, 3*second), make([]int16, 3*second))
	for i, v := range out {
		if v > 2 || v < -2 {
			t.Fatalf("silence comes out as %d at %d", v, i)
		}
	}
	// A voice and an echo after it are as they would be at the start.
	scene := makeScene(t, room.Settings{Seconds: 6, FarVoice: "a", Reverberation: 0.2, Delay: 0.03, Noise: -65, Distortion: 0.05})
	out = run(c, scene.Mic, scene.Far)
	if got := loss(scene.Mic[3*second:], out[3*second:]); got < 30 {
		t.Errorf("after a silence the echo is lowered by %.1f dB", got)
	}
}

// TestSaturation: a microphone that clips spoils nothing for later.
func TestSaturation(t *testing.T) {
	s := named(t, "usual room")
	s.Seconds = 9
	scene := makeScene(t, s)
	for i := 3 * second; i < 4*second; i++ {
		scene.Mic[i] = int16(max(-32768, min(32767, 40*int(scene.Mic[i]))))
	}
	c := New()
	out := run(c, scene.Mic, scene.Far)
	for i, v := range out {
		if v > 31500 || v < -31500 {
			t.Fatalf("the limiter let %d through at %d", v, i)
		}
	}
	if got := loss(scene.Mic[6*second:], out[6*second:]); got < 22 { // the level control is on
		t.Errorf("after clipping the echo is lowered by %.1f dB", got)
	}
}

func TestLevelControl(t *testing.T) {
	for _, test := range []struct{ dB, low, high float64 }{
		{-18, 9, 12.5}, // as loud as the gain allows
		{-6, 5, 11},
		{3, -3, 3},
		{12, -6.5, -3},
	} {
		scene := makeScene(t, room.Settings{
			Seconds: 13, FarVoice: "a", NearVoice: "b", NearLevel: test.dB, Reverberation: 0.2, Noise: -70, EchoLevel: -60,
		})
		c := New()
		run(c, scene.Near, make([]int16, len(scene.Near)))
		if got := c.Stats().GainDB; got < test.low || got > test.high {
			t.Errorf("speech %.0f dB over -26 dBFS is raised by %.1f dB, want %.1f to %.1f", test.dB, got, test.low, test.high)
		}
	}
}

func TestNoAllocation(t *testing.T) {
	c := New()
	random := rand.New(rand.NewPCG(1, 2))
	near, far := make([]int16, frame), make([]int16, frame)
	for i := range far {
		far[i] = int16(random.IntN(8000) - 4000)
		near[i] = far[i] / 2
	}
	if got := testing.AllocsPerRun(100, func() { c.Process(near, far, near) }); got != 0 {
		t.Errorf("a frame takes %v allocations", got)
	}
}

// TestConcurrency: the hotline may ask at any time.
func TestConcurrency(t *testing.T) {
	c := New()
	var wg sync.WaitGroup
	wg.Go(func() {
		for range 50 {
			_ = c.Stats()
			c.Switch(AllParts)
		}
	})
	run(c, make([]int16, 50*frame), make([]int16, 50*frame))
	wg.Wait()
}

// TestReference: the delayed sound is what a sine would be at that time.
func TestReference(t *testing.T) {
	for _, hertz := range []float64{300, 3000, 12000} {
		var r reference
		r.init()
		r.delay, r.drift = 700.3, -100e-6
		far, out := make([]float32, frame), make([]float32, frame)
		var signal, noise float64
		for n := range 100 {
			for i := range far {
				far[i] = float32(1000 * math.Sin(2*math.Pi*hertz/second*float64(n*frame+i)))
			}
			r.push(far)
			r.window(out, 0)
			for i, v := range out {
				if n < 4 {
					continue
				}
				at := float64(n*frame+i) - r.delay - r.drift*float64(i)
				want := 1000 * math.Sin(2*math.Pi*hertz/second*at)
				signal += want * want
				noise += (float64(v) - want) * (float64(v) - want)
			}
			r.advance()
		}
		if snr := 10 * math.Log10(signal/noise); snr < 50 {
			t.Errorf("%.0f Hz: the delayed sine is right to %.1f dB", hertz, snr)
		}
	}
}

func TestFilterShift(t *testing.T) {
	var f filter
	f.reset(0.999)
	for b := range f.w {
		f.w[b].re[5] = float32(b)
	}
	f.shift(-3)
	if f.w[0].re[5] != 3 || f.w[partitions-4].re[5] != partitions-1 || f.w[partitions-3].re[5] != 0 {
		t.Error("the path did not move to earlier partitions")
	}
	f.shift(3)
	if f.w[0].re[5] != 0 || f.w[3].re[5] != 3 {
		t.Error("the path did not move to later partitions")
	}
}

func FuzzProcess(f *testing.F) {
	f.Add([]byte{0, 0, 0, 0}, uint8(7))
	f.Add([]byte{255, 127, 0, 128, 1, 0, 255, 255}, uint8(0))
	f.Fuzz(func(t *testing.T, sound []byte, parts uint8) {
		c := New()
		c.Switch(Parts(parts))
		var near, far [frame]int16
		at := 0
		next := func() int16 {
			if len(sound) < 2 {
				return 0
			}
			at = (at + 2) % (len(sound) - 1)
			return int16(binary.LittleEndian.Uint16(sound[at:]))
		}
		for range 30 {
			for i := range near {
				near[i], far[i] = next(), next()
			}
			c.Process(near[:], far[:], near[:])
		}
		for _, v := range c.left {
			if math.IsNaN(float64(v)) || math.IsInf(float64(v), 0) {
				t.Fatal("the output is no number")
			}
		}
		for b := range c.main.w {
			for k, v := range c.main.w[b].re {
				if v != v || math.IsNaN(float64(c.main.uncertain[b][k])) || c.main.uncertain[b][k] < 0 {
					t.Fatalf("partition %d, bin %d: %g, %g", b, k, v, c.main.uncertain[b][k])
				}
			}
		}
		if s := c.Stats(); math.IsNaN(s.ERLE + s.FilterERLE + s.DriftPPM + s.GainDB) {
			t.Fatalf("%+v", s)
		}
	})
}

func BenchmarkProcess(b *testing.B) {
	scene := makeScene(b, named(b, "usual room"))
	c, out, i := New(), make([]int16, frame), 0
	b.ReportAllocs()
	for b.Loop() {
		c.Process(scene.Mic[i:i+frame], scene.Far[i:i+frame], out)
		if i += frame; i+frame > len(scene.Mic) {
			i = 0
		}
	}
}
