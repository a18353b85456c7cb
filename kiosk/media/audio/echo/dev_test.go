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
	for _, named := range room.Scenes() {
		t.Run(named.Name, func(t *testing.T) {
			t.Parallel()
			s := named.Settings
			scene, err := room.Make(s)
			if err != nil {
				t.Fatal(err)
			}
			c := New()
			c.Switch(EchoSuppression | NoiseReduction)
			line := ""
			dcIn, dcOut := 0.0, 0.0
			filtered, heard := 0.0, 0.0
			out := run(c, scene, func(i int) {
				for j := range frame {
					in := float64(scene.Echo[i+j])
					dcOut = in - dcIn + 0.998*dcOut
					dcIn = in
					e := dcOut
					heard += e * e
					e -= float64(c.echo[j])
					filtered += e * e
				}
				if (i/frame+1)%100 == 0 {
					line += fmt.Sprintf("%.1f ", 10*math.Log10(heard/filtered))
					filtered, heard = 0, 0
				}
			})
			total := ""
			for sec := 0; sec < int(s.Seconds); sec++ {
				total += fmt.Sprintf("%.0f ", db(room.Level(scene.Mic[sec*48000:][:48000]), room.Level(out[sec*48000:][:48000])))
			}
			t.Log(named.Name, line)
			t.Logf("total %s", total)
			end := s.Seconds
			if s.NearVoice != "" {
				end = s.NearStart
			}
			if s.ChangeAt != 0 {
				end = s.ChangeAt
			}
			to := int(end * 48000)
			t.Logf("RESULT %s: from 2 s %.1f dB", named.Name, db(room.Level(scene.Mic[96000:to]), room.Level(out[96000:to])))
			if s.ChangeAt != 0 {
				t.Logf("RESULT %s: 2 s after change %.1f dB", named.Name, db(room.Level(scene.Mic[to+96000:]), room.Level(out[to+96000:])))
			}
			if s.NearVoice != "" {
				clean := New()
				clean.Switch(EchoSuppression | NoiseReduction)
				alone := *scene
				alone.Mic, alone.Far = scene.Near, make([]int16, len(scene.Far))
				quiet := run(clean, &alone, nil)
				at := int(s.NearStart*48000) + 4800
				for room.Level(scene.Dry[at:at+480]) < 500 {
					at += 480
				}
				onset := ""
				for i := range 8 {
					onset += fmt.Sprintf(" %.0f", db(room.Level(out[at+i*4800+480:][:4800]), room.Level(scene.Dry[at+i*4800:][:4800])))
				}
				t.Logf("RESULT %s: onset by 100 ms: %s", named.Name, onset)
				t.Logf("RESULT "+named.Name+" MOS %.2f, without echo %.2f, unprocessed %.2f", score.MOS(scene.Dry, floats(out), 5*48000), score.MOS(scene.Dry, floats(quiet), 5*48000), score.MOS(scene.Dry, floats(scene.Mic), 5*48000))
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
