//go:build compare

// Command measure prints how well this project's echo canceller, speexdsp's and
// WebRTC's do on the same simulated rooms, in one run:
//
//	go run -tags compare ./kiosk/media/audio/echo/measure
//
// It needs Debian's libspeexdsp-dev and libwebrtc-audio-processing-dev.
package main

import (
	"flag"
	"fmt"
	"log"
	"math"
	"runtime"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"loiret.fr/visioborne/kiosk/media/audio/echo"
	"loiret.fr/visioborne/kiosk/media/audio/echo/compare"
	"loiret.fr/visioborne/kiosk/media/audio/echo/room"
	"loiret.fr/visioborne/kiosk/media/audio/echo/score"
)

type canceller interface{ Process(near, far, out []int16) }

type method struct {
	name  string
	start func() (canceller, func())
	cpu   time.Duration
	sound time.Duration
}

const frame = echo.FrameSamples

func (m *method) run(near, far []int16) []int16 {
	c, end := m.start()
	defer end()
	out := make([]int16, len(near))
	// The processor's time, not the wall's: others may be at work.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	begin := threadTime()
	for i := 0; i+frame <= len(out); i += frame {
		c.Process(near[i:i+frame], far[i:i+frame], out[i:i+frame])
	}
	m.cpu += threadTime() - begin
	m.sound += time.Duration(len(near)) * time.Second / room.SampleRate
	return out
}

func threadTime() time.Duration {
	var t unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_THREAD_CPUTIME_ID, &t); err != nil {
		log.Fatalf("reading the thread's clock: %v", err)
	}
	return time.Duration(t.Nano())
}

func ours(parts echo.Parts) func() (canceller, func()) {
	return func() (canceller, func()) {
		c := echo.New()
		c.Switch(parts)
		return c, func() {}
	}
}

func speex(suppress bool) func() (canceller, func()) {
	return func() (canceller, func()) {
		s := compare.NewSpeex(suppress)
		return s, s.Close
	}
}

func main() {
	log.SetFlags(0)
	only := flag.String("only", "", "measure only scenes with this in their name")
	flag.Parse()
	methods := []*method{
		{name: "ours", start: ours(echo.EchoSuppression | echo.NoiseReduction)},
		{name: "speexdsp", start: speex(true)},
		{name: "webrtc", start: func() (canceller, func()) { w := compare.NewWebRTC(); return w, w.Close }},
		{name: "ours, filter", start: ours(0)},
		{name: "speexdsp, filter", start: speex(false)},
	}
	fmt.Printf("| scene | figure |")
	for _, m := range methods {
		fmt.Printf(" %s |", m.name)
	}
	fmt.Printf("\n| --- | --- |%s\n", strings.Repeat(" --- |", len(methods)))
	for _, scene := range append(room.Scenes(), room.HeldOut()...) {
		if strings.Contains(scene.Name, *only) {
			if err := measure(scene, methods); err != nil {
				log.Fatal(err)
			}
		}
	}
	row("all", "ms of CPU for 1 s of sound", methods, func(m *method) string {
		return fmt.Sprintf("%.1f", float64(m.cpu.Microseconds())/1e3/m.sound.Seconds())
	})
}

func row(scene, figure string, methods []*method, value func(*method) string) {
	fmt.Printf("| %s | %s |", scene, figure)
	for _, m := range methods {
		fmt.Printf(" %s |", value(m))
	}
	fmt.Println()
}

func measure(scene room.Named, methods []*method) error {
	sound, err := room.Make(scene.Settings)
	if err != nil {
		return fmt.Errorf("making the scene %q: %w", scene.Name, err)
	}
	outs := map[*method][]int16{}
	for _, m := range methods {
		outs[m] = m.run(sound.Mic, sound.Far)
	}
	if scene.NearVoice != "" {
		silence := make([]int16, len(sound.Far))
		from := int((scene.NearStart + 0.5) * room.SampleRate)
		row(scene.Name, fmt.Sprintf("MOS (no echo) raw %.2f", rate(sound, sound.Mic, from)), methods, func(m *method) string {
			return fmt.Sprintf("%.2f (%.2f)", rate(sound, outs[m], from), rate(sound, m.run(sound.Near, silence), from))
		})
		row("", "ERLE before, dB", methods, func(m *method) string {
			return fmt.Sprintf("%.1f", loss(sound.Mic, outs[m], 2, scene.NearStart))
		})
		return nil
	}
	end := scene.Seconds
	if scene.ChangeAt > 0 {
		end = scene.ChangeAt
	}
	row(scene.Name, "ERLE from 2 s, dB", methods, func(m *method) string {
		return fmt.Sprintf("%.1f", loss(sound.Mic, outs[m], 2, end))
	})
	if scene.Noise > -50 {
		// The room's noise is no echo. What of the output is, is what it is louder
		// by than that of the same method in the same room without an echo.
		silence := make([]int16, len(sound.Far))
		row("", "ERLE from 2 s of the echo without the noise, dB", methods, func(m *method) string {
			return part(sound, outs[m], m.run(sound.Near, silence), 2, end)
		})
	}
	row("", "20 dB (30 dB) after, s", methods, func(m *method) string { return reached(sound.Mic, outs[m], 0, end) })
	if scene.ChangeAt > 0 {
		row("", "20 dB (30 dB) after the change, s", methods, func(m *method) string {
			return reached(sound.Mic, outs[m], scene.ChangeAt, scene.Seconds)
		})
	}
	return nil
}

func rate(sound *room.Scene, out []int16, from int) float64 {
	degraded := make([]float32, len(out))
	for i, v := range out {
		degraded[i] = float32(v)
	}
	return score.MOS(sound.Dry, degraded, from)
}

// loss is by how much out is softer than mic from one second to another.
func loss(mic, out []int16, from, to float64) float64 {
	a, b := int(from*room.SampleRate), int(to*room.SampleRate)
	return 20 * math.Log10(room.Level(mic[a:b])/(room.Level(out[a:b])+0.3))
}

// part is by how much the echo's power in out is less than in the microphone:
// that of both less that of the noise alone. The noise's power is not the same
// at any two times; below a tenth of it an echo cannot be told.
func part(sound *room.Scene, out, noise []int16, from, to float64) string {
	a, b := int(from*room.SampleRate), int(to*room.SampleRate)
	power := func(x []int16) float64 { return math.Pow(room.Level(x[a:b]), 2) }
	rest, least, more := power(out)-power(noise), power(noise)/10, ""
	if rest < least {
		rest, more = least, "> "
	}
	return fmt.Sprintf("%s%.1f", more, 20*math.Log10(room.Level(sound.Echo[a:b])/math.Sqrt(rest)))
}

// reached is the time until the loss over half a second is 20 and 30 dB.
func reached(mic, out []int16, from, to float64) string {
	first := func(dB float64) string {
		for t := from; t+0.5 <= to; t += 0.1 {
			if loss(mic, out, t, t+0.5) >= dB {
				return fmt.Sprintf("%.1f", t-from)
			}
		}
		return "-"
	}
	return fmt.Sprintf("%s (%s)", first(20), first(30))
}
