package audio

import (
	"errors"
	"fmt"
	"log/slog"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pion/mediadevices/pkg/prop"

	"loiret.fr/visioborne/kiosk/media/audio/alsa"
	"loiret.fr/visioborne/kiosk/media/audio/opus"
)

// overhearing is an echo canceller that keeps both sides.
type overhearing struct{ near, far []int16 }

func (o *overhearing) Reduction() (float64, bool, bool) { return 0, false, false }

func (o *overhearing) Process(near, far, out []int16) {
	o.near, o.far = append(o.near, near...), append(o.far, far...)
	copy(out, near)
}

// TestDeviceRoom plays the speech on snd-aloop's card, captures it from the
// loop's other end, and looks how far the reference is off. It runs as root in a
// machine made for it.
func TestDeviceRoom(t *testing.T) {
	if os.Getenv("VISIOBORNE_DEVICE_TEST") != "1" {
		t.Skip("runs in the test machine only")
	}
	ids, err := filepath.Glob("/sys/class/sound/card*/id")
	if err != nil {
		t.Fatal(err)
	}
	loop := -1
	for _, file := range ids {
		if id, err := os.ReadFile(file); err == nil && strings.TrimSpace(string(id)) == "Loopback" {
			if _, err := fmt.Sscanf(filepath.Base(filepath.Dir(file)), "card%d", &loop); err != nil {
				t.Fatal(err)
			}
		}
	}
	if loop < 0 {
		t.Skip("there is no card \"Loopback\"")
	}
	samples, err := decodeSpeech(speech)
	if err != nil {
		t.Fatal(err)
	}
	canceller := &overhearing{}
	room := &Room{NewEchoCanceller: func() EchoCanceller { return canceller }, Log: slog.New(slog.NewTextHandler(t.Output(), nil))}
	// Without the codec, for which an emulated machine is too slow.
	out := fmt.Sprintf("/dev/snd/pcmC%dD0p", loop)
	pcm, err := alsa.OpenPlayback(out)
	card, err := room.opened(out, pcm, err)
	if err != nil {
		t.Fatal(err)
	}
	mouth := newCardSpeaker(room, card)
	if err := mouth.start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() {
		var err error
		for n := 0; err == nil; n = (n + periodSamples) % (len(samples) - periodSamples) {
			if err = mouth.wait(); err == nil {
				err = mouth.play(samples[n:][:periodSamples])
			}
		}
		ended <- err
	}()
	// The loop wants both ends alike, and the second takes after the first.
	in := fmt.Sprintf("/dev/snd/pcmC%dD1c", loop)
	ear := room.microphone(in)
	if err := ear.Open(); err != nil {
		t.Fatal(err)
	}
	reader, err := ear.AudioRecord(prop.Media{})
	if err != nil {
		t.Fatal(err)
	}
	var oldest, youngest time.Duration = 0, time.Hour
	for range 750 {
		_, release, err := reader.Read()
		if err != nil {
			t.Fatal(err)
		}
		release()
		age := time.Since(reader.(*cardReader).capturedAt())
		oldest, youngest = max(oldest, age), min(youngest, age)
	}
	room.played.mu.Lock()
	ppm := room.played.clock.partsPerMillion()
	room.played.mu.Unlock()
	if err := errors.Join(ear.Close(), card.Close()); err != nil {
		t.Error(err)
	}
	if err := <-ended; !errors.Is(err, os.ErrClosed) {
		t.Error(err)
	}
	t.Logf("a packet's first sample is %v to %v old; the speaker's card is said to run at %+.0f ppm, the microphone's at %+.0f, and ran dry %d times",
		youngest, oldest, ppm, reader.(*cardReader).clock.partsPerMillion(), mouth.stops)

	// Piece by piece, because an emulated machine stops its cards now and then: at which lag is far most like near?
	const piece, most = opus.SampleRate / 10, opus.SampleRate / 50
	alike, all := 0, 0
	var lags []float64
	for from := opus.SampleRate; from+piece+most < len(canceller.near); from += piece {
		near := canceller.near[from:][:piece]
		if rms(near) < 1000 {
			continue
		}
		best, at := 0.0, 0
		for lag := -most; lag <= most; lag += 4 {
			var xy, xx, yy float64
			for i := 0; i < piece; i += 2 {
				x, y := float64(near[i]), float64(canceller.far[from+i+lag])
				xy, xx, yy = xy+x*y, xx+x*x, yy+y*y
			}
			if like := xy / math.Sqrt(xx*yy+1); like > best {
				best, at = like, lag
			}
		}
		if all++; best > 0.9 {
			alike++
			lags = append(lags, math.Abs(float64(at)/48))
		}
	}
	if alike < 10 {
		t.Fatalf("only %d of %d pieces are alike", alike, all)
	}
	slices.Sort(lags)
	t.Logf("%d of %d pieces of 100 ms are alike; they are off by %.2f ms (median), %.2f ms (nine of ten)",
		alike, all, lags[len(lags)/2], lags[len(lags)*9/10])
	// The loop's pointer goes by the kernel's ticks of 4 ms, at both ends.
	if lags[len(lags)/2] > 4 {
		t.Error("the reference is not what was heard")
	}
}
