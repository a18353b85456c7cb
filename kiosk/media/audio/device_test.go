package audio

import (
	"fmt"
	"log/slog"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"loiret.fr/visioborne/kiosk/media/audio/opus"
)

// overhearing is an echo canceller that keeps both sides.
type overhearing struct{ near, far []int16 }

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
	packets := spoken(t)
	canceller := &overhearing{}
	room := &Room{NewEchoCanceller: func() EchoCanceller { return canceller }, Log: slog.New(slog.NewTextHandler(t.Output(), nil))}
	s, err := room.OpenSpeaker(fmt.Sprintf("/dev/snd/pcmC%dD0p", loop), SpeakerOptions{})
	if err != nil {
		t.Fatal(err)
	}
	for deadline := time.Now().Add(5 * time.Second); s.card.card.Frames() == 0 && time.Now().Before(deadline); { // the loop's other end takes after this one
		<-time.After(time.Millisecond)
	}
	m, err := room.OpenMicrophone(fmt.Sprintf("/dev/snd/pcmC%dD1c", loop), MicrophoneOptions{})
	if err != nil {
		t.Fatal(err)
	}
	var oldest, youngest time.Duration = 0, time.Hour
	for n := range 750 {
		s.Write(uint16(n), uint32(n*opus.FrameSamples), packets[n%len(packets)])
		packet, captured, err := m.Read()
		if err != nil {
			t.Fatal(err)
		}
		if len(packet) == 0 {
			t.Fatal("an empty packet")
		}
		age := time.Since(captured)
		oldest, youngest = max(oldest, age), min(youngest, age)
	}
	t.Logf("a packet's first sample is %v to %v old; the jitter buffer: %+v", youngest, oldest, s.Stats())
	if err := m.Close(); err != nil {
		t.Error(err)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	t.Logf("the speaker's card runs at %+.0f ppm, and ran dry %d times", room.played.clock.partsPerMillion(), s.card.stops)

	// Second by second: at which lag is far most like near?
	const second, most = opus.SampleRate, opus.SampleRate / 50
	good, all := 0, 0
	for from := 2 * second; from+second+most < len(canceller.near); from += second {
		near := canceller.near[from:][:second]
		if rms(near) < 300 {
			continue
		}
		best, at := 0.0, 0
		for lag := -most; lag <= most; lag += 4 {
			var xy, xx, yy float64
			for i := 0; i < second; i += 3 {
				x, y := float64(near[i]), float64(canceller.far[from+i+lag])
				xy, xx, yy = xy+x*y, xx+x*x, yy+y*y
			}
			if like := xy / math.Sqrt(xx*yy+1); like > best {
				best, at = like, lag
			}
		}
		t.Logf("second %d: like it by %.3f, off by %.2f ms", from/second, best, float64(at)/48)
		all++
		if best > 0.9 && math.Abs(float64(at)) < 10*48 {
			good++
		}
	}
	// An emulated machine stops its cards now and then: most of it must be right.
	if all < 5 || good < all/2 {
		t.Errorf("the reference was right in %d of %d seconds", good, all)
	}
}
