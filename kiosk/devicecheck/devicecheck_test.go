package devicecheck

import (
	"context"
	"errors"
	"fmt"
	"image"
	"io/fs"
	"math"
	"math/rand/v2"
	"testing"
)

// booth is a pair of devices that are not there.
type booth struct {
	cameraErr, soundErr error
	picture             func(n int, p *image.YCbCr) error
	// hear is what the microphone hears, sample n, of what was played until then.
	hear                     func(n int, played []int16) float64
	cameraClosed, soundClose int
}

func (b *booth) OpenCamera() (Camera, error) {
	if b.cameraErr != nil {
		return nil, b.cameraErr
	}
	return &fakeCamera{booth: b, picture: image.NewYCbCr(image.Rect(0, 0, 64, 48), image.YCbCrSubsampleRatio420)}, nil
}

func (b *booth) OpenSound() (Sound, error) {
	if b.soundErr != nil {
		return nil, b.soundErr
	}
	return &fakeSound{booth: b}, nil
}

type fakeCamera struct {
	*booth
	n       int
	picture *image.YCbCr
}

func (c *fakeCamera) Picture(ctx context.Context) (*image.YCbCr, error) {
	c.n++
	return c.picture, errors.Join(c.booth.picture(c.n, c.picture), ctx.Err())
}

func (c *fakeCamera) Close() error { c.cameraClosed++; return nil }

type fakeSound struct {
	*booth
	played []int16
}

func (s *fakeSound) Exchange(ctx context.Context, play, heard []int16) error {
	at := len(s.played)
	s.played = append(s.played, play...)
	for i := range heard {
		heard[i] = int16(min(max(math.Round(s.hear(at+i, s.played)), math.MinInt16), math.MaxInt16))
	}
	return ctx.Err()
}

func (s *fakeSound) Close() error { s.soundClose++; return nil }

// A room's sound, beside what is played in it.
func hiss(r *rand.Rand, loudness float64) func(int) float64 {
	return func(int) float64 { return loudness * r.NormFloat64() }
}

func hum(loudness float64) func(int) float64 {
	return func(n int) float64 { return loudness * math.Sin(2*math.Pi*50*float64(n)/rate) }
}

// talk is somebody who talks: a voice's tones, which rise and fall.
func talk(loudness float64) func(int) float64 {
	return func(n int) float64 {
		t := float64(n) / rate
		pitch := 120 + 30*math.Sin(2*math.Pi*0.9*t) + 12*math.Sin(2*math.Pi*2.3*t)
		v := 0.0
		for h := 1; h <= 20; h++ {
			v += math.Sin(2*math.Pi*pitch*float64(h)*t) / float64(h)
		}
		return loudness * v * (0.6 + 0.4*math.Sin(2*math.Pi*3.1*t))
	}
}

// echo is a room that gives back what is played in it: late, weak, twice, and dull.
func echo(strength float64, delay int) func(int, []int16) float64 {
	return func(n int, played []int16) float64 {
		v := 0.0
		for i, gain := range map[int]float64{delay: 1, delay + 20: 0.5, delay + 1100: 0.5} {
			if n-i >= 0 {
				v += gain * float64(played[n-i])
			}
		}
		return strength * v
	}
}

func TestCheck(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	lively := func(_ int, p *image.YCbCr) error {
		for i := range p.Y {
			p.Y[i] = uint8(60 + i%120 + r.IntN(4))
		}
		return nil
	}
	black := func(_ int, p *image.YCbCr) error {
		for i := range p.Y {
			p.Y[i] = uint8(16 + r.IntN(6))
		}
		return nil
	}
	late := func(n int, p *image.YCbCr) error { // exposure is found after half a second
		if n < warmUp {
			return black(n, p)
		}
		return lively(n, p)
	}
	still := func(_ int, p *image.YCbCr) error {
		for i := range p.Y {
			p.Y[i] = uint8(i)
		}
		return nil
	}
	var quiet func(int, []int16) float64 = func(n int, _ []int16) float64 { return hiss(r, 20)(n) }
	in := func(noise func(int) float64, room func(int, []int16) float64) func(int, []int16) float64 {
		return func(n int, played []int16) float64 { return noise(n) + room(n, played) }
	}
	gone := fmt.Errorf("opening: %w", fs.ErrNotExist)
	for _, c := range []struct {
		name  string
		booth booth
		want  Findings
		err   bool
	}{
		{"all in order", booth{picture: lively, hear: in(hiss(r, 20), echo(0.1, 700))}, Findings{OK, OK, OK}, false},
		{"a camera that opens its eyes", booth{picture: late, hear: in(hiss(r, 20), echo(0.1, 700))}, Findings{OK, OK, OK}, false},
		{"a loudspeaker turned low, in a noisy room, far behind", booth{picture: lively, hear: in(hiss(r, 400), echo(0.02, 19_000))}, Findings{OK, OK, OK}, false},
		{"while somebody talks", booth{picture: lively, hear: in(talk(1000), echo(0.1, 4000))}, Findings{OK, OK, OK}, false},
		{"a cover before the camera, a silent loudspeaker", booth{picture: black, hear: quiet}, Findings{Dark, OK, NotHeard}, false},
		{"a silent loudspeaker and somebody who talks", booth{picture: lively, hear: in(talk(4000), func(int, []int16) float64 { return 0 })}, Findings{OK, OK, NotHeard}, false},
		{"a silent loudspeaker and a hum", booth{picture: lively, hear: in(hum(4000), func(int, []int16) float64 { return 0 })}, Findings{OK, OK, NotHeard}, false},
		{"a camera that hangs, a dead microphone", booth{picture: still, hear: func(int, []int16) float64 { return 0 }}, Findings{Frozen, Silent, Unchecked}, false},
		{"a camera without pictures", booth{picture: func(int, *image.YCbCr) error { return errors.New("timeout") }, hear: quiet}, Findings{NoPicture, OK, NotHeard}, true},
		{"nothing there", booth{cameraErr: gone, soundErr: gone}, Findings{Missing, Missing, Unchecked}, true},
		{"devices that others use", booth{cameraErr: errors.New("busy"), soundErr: errors.New("busy")}, Findings{Broken, Broken, Unchecked}, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := Check(t.Context(), &c.booth)
			if got != c.want || (err != nil) != c.err {
				t.Errorf("found %+v, %v; want %+v, an error: %v", got, err, c.want, c.err)
			}
			if opened := 1; c.booth.cameraErr == nil && c.booth.cameraClosed != opened || c.booth.soundErr == nil && c.booth.soundClose != opened {
				t.Errorf("the camera was closed %d times, the sound %d times", c.booth.cameraClosed, c.booth.soundClose)
			}
		})
	}
}

// TestAnInterruptedCheckClosesTheDevices: a citizen who comes finds them free.
func TestAnInterruptedCheckClosesTheDevices(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	b := &booth{
		picture: func(n int, _ *image.YCbCr) error {
			if n == 3 {
				cancel()
			}
			return nil
		},
		hear: func(int, []int16) float64 { return 0 },
	}
	if _, err := Check(ctx, b); !errors.Is(err, context.Canceled) {
		t.Errorf("the check ended with %v", err)
	}
	if b.cameraClosed != 1 || b.soundClose != 0 {
		t.Errorf("the camera was closed %d times, the sound %d times", b.cameraClosed, b.soundClose)
	}
}

// TestTheToneIsGentle: it begins and ends in silence, clips nothing, and fits the frames in which it is played.
func TestTheToneIsGentle(t *testing.T) {
	tone := newTone()
	if len(tone)%frame != 0 || tail%frame != 0 || listens%frame != 0 {
		t.Error("it does not fit the frames")
	}
	if loudest(tone[:8]) > 80 || loudest(tone[len(tone)-8:]) > 80 {
		t.Errorf("it begins with %v and ends with %v", tone[:8], tone[len(tone)-8:])
	}
	if l := loudest(tone); l > math.MaxInt16/4+1 || l < math.MaxInt16/5 {
		t.Errorf("its loudest sample is %d", l)
	}
}
