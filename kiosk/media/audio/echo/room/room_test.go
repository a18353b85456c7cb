package room

import (
	"math"
	"testing"
)

// TestResponse: the direct sound comes when it must and is the loudest, and the
// rest falls by 60 dB in about the time that was asked for.
func TestResponse(t *testing.T) {
	from, to := Point{0.5, 0.5, 1}, Point{1.5, 0.5, 1} // a metre
	for _, reverberation := range []float64{0.1, 0.25, 0.4} {
		h := Booth(reverberation).Response(from, to)
		at, peak := 0, 0.0
		for i, v := range h {
			if a := math.Abs(float64(v)); a > peak {
				at, peak = i, a
			}
		}
		if want := int(math.Round(SampleRate / speedOfSound)); at < want-1 || at > want+1 || peak < 0.7 || peak > 1.2 {
			t.Errorf("the direct sound of %.1f comes after %d samples, want 1 after %d", peak, at, want)
		}
		// Schroeder's integral, from -5 to -25 dB.
		energy := make([]float64, len(h)+1)
		for i := len(h) - 1; i >= 0; i-- {
			energy[i] = energy[i+1] + float64(h[i])*float64(h[i])
		}
		reached := func(dB float64) float64 {
			for i, e := range energy {
				if e < energy[0]*math.Pow(10, dB/10) {
					return float64(i) / SampleRate
				}
			}
			return 0
		}
		if got := 3 * (reached(-25) - reached(-5)); got < 0.6*reverberation || got > 1.5*reverberation {
			t.Errorf("the sound falls by 60 dB in %.2f s, want %.2f", got, reverberation)
		}
	}
}

// TestScenes: they are what their settings say, and the same every time.
func TestScenes(t *testing.T) {
	s := Settings{Seconds: 3, FarVoice: "a", NearVoice: "b", NearStart: 1, Reverberation: 0.1, EchoLevel: -6, Noise: -60, DriftPPM: 50}
	first, err := Make(s)
	if err != nil {
		t.Fatal(err)
	}
	again, err := Make(s)
	if err != nil {
		t.Fatal(err)
	}
	for i := range first.Mic {
		if first.Mic[i] != again.Mic[i] || first.Far[i] != again.Far[i] {
			t.Fatalf("sample %d differs", i)
		}
	}
	if got := 20 * math.Log10(Level(first.Echo)/speechLevel); math.Abs(got+6) > 0.1 {
		t.Errorf("the echo's level is %.1f dB, want -6", got)
	}
	if Level(first.Dry[:SampleRate]) > 1 || Level(first.Dry[SampleRate:]) < 1000 {
		t.Error("the near voice does not begin at its time")
	}
	if _, err := Make(Settings{Seconds: 1, FarVoice: "z"}); err == nil {
		t.Error("a voice that is not there spoke")
	}
}
