package score

import (
	"math"
	"math/rand/v2"
	"testing"

	"loiret.fr/visioborne/kiosk/media/audio/echo/room"
)

// TestCalibration holds the score to what is known of common degradations: it
// falls with each, the more the worse.
func TestCalibration(t *testing.T) {
	clean, err := room.Voice("b")
	if err != nil {
		t.Fatal(err)
	}
	other, err := room.Voice("d")
	if err != nil {
		t.Fatal(err)
	}
	n := min(len(clean), len(other)) / 2
	clean, other = clean[:n], other[:n]
	rate := func(degrade func(i int, v float32) float32) float64 {
		out := make([]float32, n)
		for i, v := range clean {
			out[i] = degrade(i, v)
		}
		return MOS(clean, out, 0)
	}
	random := rand.New(rand.NewPCG(1, 1))
	level := float32(room.Level(clean))
	noisy := func(snr float64) float64 {
		return rate(func(_ int, v float32) float32 {
			return v + level*float32(math.Pow(10, -snr/20)*random.NormFloat64())
		})
	}
	talking := func(dB float64) float64 {
		return rate(func(i int, v float32) float32 { return v + other[i]*float32(math.Pow(10, dB/20)) })
	}
	same := rate(func(_ int, v float32) float32 { return v })
	louder := rate(func(_ int, v float32) float32 { return 1.5 * v })
	late := rate(func(i int, _ float32) float32 { return clean[max(0, i-480)] })
	clipped := rate(func(_ int, v float32) float32 { return max(-level, min(level, v)) })
	t.Logf("same %.2f, louder %.2f, 10 ms late %.2f, clipped %.2f", same, louder, late, clipped)
	if same < 4.99 || louder < 4.99 || late < 4.5 {
		t.Errorf("the same speech is rated %.2f, louder %.2f, 10 ms later %.2f", same, louder, late)
	}
	for name, series := range map[string][]float64{
		"noise":        {noisy(40), noisy(30), noisy(20), noisy(10), noisy(0)},
		"another talk": {talking(-40), talking(-30), talking(-20), talking(-10), talking(0)},
	} {
		t.Logf("%s: %.2f", name, series)
		for i := 1; i < len(series); i++ {
			if series[i] >= series[i-1] {
				t.Errorf("%s: the score does not fall: %.2f", name, series)
			}
		}
		if series[0] < 3.5 || series[4] > 2.6 {
			t.Errorf("%s: the scores %.2f do not span the scale", name, series)
		}
	}
}
