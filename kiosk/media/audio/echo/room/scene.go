package room

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"io"
	"math"
	"math/rand/v2"

	"github.com/pion/webrtc/v4/pkg/media/oggreader"

	"loiret.fr/visioborne/kiosk/media/audio/opus"
)

// The voices say the sort of thing that is said in a booth, in French. They
// were made by espeak-ng (voices fr-fr+m3, fr-fr+f2, fr-be+f4, fr-fr+m7, fr-fr+m1
// and fr-fr+f5 at 145 to 165 words a minute), whose output is free of rights, cut to 14 s and
// encoded as the simulated microphone's speech is.
//
//go:embed voices
var voices embed.FS

// Voice decodes a voice, a to f; it is about 14 s long.
func Voice(name string) ([]float32, error) {
	file, err := voices.ReadFile("voices/" + name + ".opus")
	if err != nil {
		return nil, fmt.Errorf("reading a voice: %w", err)
	}
	reader, _, err := oggreader.NewWith(bytes.NewReader(file))
	if err != nil {
		return nil, fmt.Errorf("reading voice %s: %w", name, err)
	}
	decoder, err := opus.NewDecoder()
	if err != nil {
		return nil, err
	}
	defer decoder.Close()
	var samples []float32
	var frame [opus.MaxFrameSamples]int16
	for {
		packet, _, err := reader.ParseNextPage()
		if errors.Is(err, io.EOF) {
			return samples, nil
		}
		if err != nil {
			return nil, fmt.Errorf("reading voice %s: %w", name, err)
		}
		if bytes.HasPrefix(packet, []byte("OpusTags")) {
			continue
		}
		n, err := decoder.Decode(packet, frame[:])
		if err != nil {
			return nil, fmt.Errorf("reading voice %s: %w", name, err)
		}
		for _, v := range frame[:n] {
			samples = append(samples, float32(v))
		}
	}
}

// Settings is what happens in a scene. Times are in seconds.
type Settings struct {
	Seconds       float64
	FarVoice      string
	NearVoice     string // none if empty
	NearStart     float64
	Reverberation float64
	EchoLevel     float64 // of the echo against the speech that is played, dB
	NearLevel     float64 // of the near speech against -26 dBFS, dB
	Distortion    float64 // share of a cubic term at full scale; 0.1 is a cheap loudspeaker
	DriftPPM      float64 // how much faster the microphone's clock is
	Delay         float64 // of the sound card's queue
	DelayChange   float64 // added to it from ChangeAt on
	Move          bool    // the person moves at ChangeAt and changes the echo's path
	ChangeAt      float64
	Noise         float64 // of the room, dBFS; none if 0
	Excursion     float64 // share by which a loudspeaker weakens as its membrane moves; distorts with a memory
	Office        bool    // an office of 4.2 by 3.3 m, the person farther away, instead of the booth
	Seed          uint64  // of the walls' unevenness and the noise
}

// Scene is the sound of one.
type Scene struct {
	Far  []int16   // what the loudspeaker was given
	Mic  []int16   // what the microphone heard
	Near []int16   // what it would have heard without echo: speech and noise
	Dry  []float32 // the near speech alone
	Echo []float32
}

const speechLevel = 1640 // root mean square of -26 dBFS, which speech is brought to

// Make makes a scene.
func Make(s Settings) (*Scene, error) {
	n := int(s.Seconds * SampleRate)
	far, err := say(s.FarVoice, 0, n)
	if err != nil {
		return nil, err
	}
	scene := &Scene{Far: make([]int16, n), Mic: make([]int16, n), Near: make([]int16, n), Dry: make([]float32, n)}
	for i, v := range far {
		scene.Far[i] = clip(v)
	}
	played := make([]float32, n)
	for i, v := range scene.Far {
		played[i] = distort(float32(v), s.Distortion)
	}
	excursion(played, s.Excursion)
	// The loudspeaker is below the panel, the microphone above it. The speaker's
	// face is half a metre away.
	place := Booth(s.Reverberation)
	loudspeaker, microphone, face := Point{1.3, 0.15, 1.0}, Point{1.35, 0.12, 1.55}, Point{1.3, 0.6, 1.5}
	if s.Office {
		place.Size = Point{4.2, 3.3, 2.7}
		loudspeaker, microphone, face = Point{2.4, 0.5, 0.8}, Point{2.0, 0.45, 1.2}, Point{2.15, 1.3, 1.25}
	}
	place.Seed = s.Seed
	paths := [][]float32{place.Response(loudspeaker, microphone)}
	if s.Move {
		// A person who comes near reflects much; the table turns the booth's
		// sound on its head.
		paths = append(paths, place.Response(Point{1.2, 0.3, 1.1}, Point{1.5, 0.14, 1.5}))
	}
	change := int(s.ChangeAt * SampleRate)
	scene.Echo = make([]float32, n)
	for i, path := range paths {
		wet := Convolve(played, path)
		switch {
		case len(paths) == 1:
			copy(scene.Echo, wet)
		case i == 0:
			copy(scene.Echo[:change], wet)
		default:
			copy(scene.Echo[change:], wet[change:])
		}
	}
	scene.Echo = delay(resample(scene.Echo, s.DriftPPM), s, change)
	scale(scene.Echo, speechLevel*math.Pow(10, s.EchoLevel/20)/Level(scene.Echo))
	if s.NearVoice != "" {
		dry, err := say(s.NearVoice, int(s.NearStart*SampleRate), n)
		if err != nil {
			return nil, err
		}
		scene.Dry = Convolve(dry, place.Response(face, microphone))
		scale(scene.Dry, speechLevel*math.Pow(10, s.NearLevel/20)/Level(scene.Dry[int(s.NearStart*SampleRate):]))
	}
	noise := noise(n, s.Noise, s.Seed)
	for i := range n {
		scene.Near[i] = clip(scene.Dry[i] + noise[i])
		scene.Mic[i] = clip(scene.Dry[i] + noise[i] + scene.Echo[i])
	}
	return scene, nil
}

// say repeats a voice from a time on.
func say(voice string, from, n int) ([]float32, error) {
	said := make([]float32, n)
	if voice == "" {
		return said, nil
	}
	samples, err := Voice(voice)
	if err != nil {
		return nil, err
	}
	scale(samples, speechLevel/Level(samples))
	for at := from; at < n; at += len(samples) {
		copy(said[at:], samples)
	}
	return said, nil
}

func distort(v float32, share float64) float32 {
	x := float64(v) / 32768
	// Speech keeps 20 dB below full scale, a small loudspeaker does not have
	// that much to spare: it bends at a fifth of it.
	y := x / 0.2
	bent := 0.2 * (y + share*(0.4*y*y-y*y*y)/(1+math.Abs(y*y*y)*0.1))
	return float32(32768 * (bent*(1-share) + share*0.2*math.Tanh(y)))
}

// excursion makes the loudspeaker weaker the farther its membrane is from its
// place, which the frequencies below 300 Hz move most (W. Klippel, "Loudspeaker
// nonlinearities - causes, parameters, symptoms", AES 119 (2005)).
func excursion(x []float32, share float64) {
	if share == 0 {
		return
	}
	const smooth = 2 * math.Pi * 300 / SampleRate
	var first, second float64
	for i, v := range x {
		first += smooth * (float64(v)/32768/0.1 - first)
		second += smooth * (first - second)
		square := second * second
		x[i] = float32(float64(v) * (1 - share*(0.5*second+square)/(1+square)))
	}
}

func delay(x []float32, s Settings, change int) []float32 {
	out := make([]float32, len(x))
	first, second := int(s.Delay*SampleRate), int((s.Delay+s.DelayChange)*SampleRate)
	for i := range out {
		by := first
		if s.DelayChange != 0 && i >= change {
			by = second
		}
		if i >= by {
			out[i] = x[i-by]
		}
	}
	return out
}

// noise is that of a ventilated room: falling towards the high frequencies.
func noise(n int, dBFS float64, seed uint64) []float32 {
	out := make([]float32, n)
	if dBFS == 0 {
		return out
	}
	random := rand.New(rand.NewPCG(3+seed, 5))
	var slow float64
	for i := range out {
		white := random.NormFloat64()
		slow += 0.08 * (white - slow)
		out[i] = float32(slow + 0.05*white)
	}
	scale(out, 32768*math.Pow(10, dBFS/20)/Level(out))
	return out
}

func scale(x []float32, by float64) {
	if math.IsNaN(by) || math.IsInf(by, 0) {
		return
	}
	for i := range x {
		x[i] *= float32(by)
	}
}

func clip(v float32) int16 { return int16(max(-32768, min(32767, math.Round(float64(v))))) }

// Level is the root mean square.
func Level[T int16 | float32](x []T) float64 {
	sum := 0.0
	for _, v := range x {
		sum += float64(v) * float64(v)
	}
	return math.Sqrt(sum / float64(max(len(x), 1)))
}
