package echo

import (
	"fmt"
	"math"
	"testing"

	"loiret.fr/visioborne/kiosk/media/audio/echo/room"
	"loiret.fr/visioborne/kiosk/media/audio/echo/score"
)

func run(c *Canceller, s *room.Scene, each func(i int)) []int16 {
	out := make([]int16, len(s.Mic))
	for i := 0; i+frame <= len(out); i += frame {
		c.Process(s.Mic[i:i+frame], s.Far[i:i+frame], out[i:i+frame])
		if each != nil {
			each(i)
		}
	}
	return out
}

func db(a, b float64) float64 { return 20 * math.Log10((a + 1e-3) / (b + 1e-3)) }

func TestDev(t *testing.T) {
	base := room.Settings{Seconds: 16, FarVoice: "a", Reverberation: 0.25, EchoLevel: 0, Delay: 0.04, Noise: -65, Distortion: 0.05}
	for name, change := range map[string]func(*room.Settings){
		"1 linear":   func(s *room.Settings) { s.Distortion = 0 },
		"2 base":     func(*room.Settings) {},
		"3 rt400":    func(s *room.Settings) { s.Reverberation = 0.4 },
		"4 drift100": func(s *room.Settings) { s.DriftPPM = 100 },
		"5 drift10":  func(s *room.Settings) { s.DriftPPM = 10 },
		"6 dt":       func(s *room.Settings) { s.NearVoice = "b"; s.NearStart = 4 },
		"7 move":     func(s *room.Settings) { s.Move = true; s.ChangeAt = 8 },
		"8 jump":     func(s *room.Settings) { s.DelayChange = 0.033; s.ChangeAt = 8 },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := base
			change(&s)
			scene, err := room.Make(s)
			if err != nil {
				t.Fatal(err)
			}
			c := New()
			c.Switch(EchoSuppression | NoiseReduction)
			line := ""
			filtered, heard := 0.0, 0.0
			out := run(c, scene, func(i int) {
				filtered += float64(power(c.suppress.errorPast[:]))
				heard += float64(power(c.near[:]))
				if (i/frame+1)%100 == 0 {
					st := c.Stats()
					line += fmt.Sprintf("| %.1f d%.0f %.0fppm n%.1f ", 10*math.Log10(heard/filtered), st.Delay.Seconds()*1e3, st.DriftPPM, c.suppress.near)
					filtered, heard = 0, 0
				}
			})
			total := ""
			for sec := 0; sec < 16; sec++ {
				total += fmt.Sprintf("%.0f ", db(room.Level(scene.Mic[sec*48000:][:48000]), room.Level(out[sec*48000:][:48000])))
			}
			t.Log(line)
			t.Logf("total %s; from 2 s %.1f dB", total, db(room.Level(scene.Mic[96000:]), room.Level(out[96000:])))
			if s.NearVoice != "" {
				clean := New()
				clean.Switch(EchoSuppression | NoiseReduction)
				alone := *scene
				alone.Mic, alone.Far = scene.Near, make([]int16, len(scene.Far))
				quiet := run(clean, &alone, nil)
				t.Logf("MOS %.2f, without echo %.2f, unprocessed %.2f", score.MOS(scene.Dry, floats(out), 5*48000), score.MOS(scene.Dry, floats(quiet), 5*48000), score.MOS(scene.Dry, floats(scene.Mic), 5*48000))
			}
		})
	}
}

func floats(x []int16) []float32 {
	out := make([]float32, len(x))
	for i, v := range x {
		out[i] = float32(v)
	}
	return out
}

func BenchmarkProcess(b *testing.B) {
	scene, err := room.Make(room.Settings{Seconds: 10, FarVoice: "a", Reverberation: 0.25, Delay: 0.04, Noise: -65})
	if err != nil {
		b.Fatal(err)
	}
	c, out, i := New(), make([]int16, frame), 0
	b.ReportAllocs()
	for b.Loop() {
		c.Process(scene.Mic[i:i+frame], scene.Far[i:i+frame], out)
		if i += frame; i+frame > len(scene.Mic) {
			i = 0
		}
	}
}
