package audio

import (
	"bytes"
	"errors"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pion/mediadevices/pkg/driver"
	"github.com/pion/mediadevices/pkg/io/audio"
	"github.com/pion/mediadevices/pkg/prop"
	"github.com/pion/mediadevices/pkg/wave"

	"loiret.fr/visioborne/kiosk/media/audio/opus"
)

func rms(samples []int16) float64 {
	sum := 0.0
	for _, v := range samples {
		sum += float64(v) * float64(v)
	}
	return math.Sqrt(sum / float64(max(len(samples), 1)))
}

// likeness compares what was heard with what was said, second by second, each
// at the lag up to a second where they agree best, and returns the median
// correlation and the median lag.
func likeness(t *testing.T, said, heard []int16) (float64, time.Duration) {
	t.Helper()
	const coarse = 12 // 4 kHz is enough for a voice
	reduce := func(in []int16) []float64 {
		out := make([]float64, len(in)/coarse)
		for i := range out {
			for _, v := range in[i*coarse:][:coarse] {
				out[i] += float64(v)
			}
		}
		return out
	}
	a, b := reduce(said), reduce(heard)
	const second = opus.SampleRate / coarse
	var likes, lags []float64
	for from := 0; from+second <= len(a) && from+2*second <= len(b); from += second {
		if rms(said[from*coarse:][:second*coarse]) < 500 {
			continue
		}
		best, at := -1.0, 0
		for lag := range second {
			var xy, xx, yy float64
			for i, x := range a[from:][:second] {
				y := b[from+lag+i]
				xy, xx, yy = xy+x*y, xx+x*x, yy+y*y
			}
			if c := xy / math.Sqrt(xx*yy+1); c > best {
				best, at = c, lag
			}
		}
		likes, lags = append(likes, best), append(lags, float64(at))
	}
	if len(likes) < 3 {
		t.Fatalf("only %d seconds to compare, of %d and %d samples", len(likes), len(said), len(heard))
	}
	slices.Sort(likes)
	slices.Sort(lags)
	return likes[len(likes)/2], time.Duration(lags[len(lags)/2] * float64(time.Second) / second)
}

// converse sends the microphone's packets through a network to a speaker and
// returns what the speaker played.
func converse(t *testing.T, length time.Duration, deliver func(number int) (delay time.Duration, lost bool)) ([]int16, Stats) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "heard.wav")
	var stats Stats
	synctest.Test(t, func(t *testing.T) {
		m, err := new(Room).OpenMicrophone(Simulated, MicrophoneOptions{})
		if err != nil {
			t.Fatal(err)
		}
		s, err := new(Room).OpenSpeaker(Simulated, SpeakerOptions{Recording: path})
		if err != nil {
			t.Fatal(err)
		}
		var travelling sync.WaitGroup
		for i := range int(length / frameTime) {
			packet, _, err := m.Read()
			if err != nil {
				t.Fatal(err)
			}
			delay, lost := deliver(i)
			if lost {
				continue
			}
			packet = bytes.Clone(packet)
			travelling.Go(func() {
				time.Sleep(delay)
				s.Write(uint16(65_000+i), uint32(1<<32-10_000+i*opus.FrameSamples), packet)
			})
		}
		travelling.Wait()
		stats = s.Stats()
		if err := m.Close(); err != nil {
			t.Error(err)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return readWAV(t, path), stats
}

func TestSpeechIsHeard(t *testing.T) {
	said, err := decodeSpeech(speech)
	if err != nil {
		t.Fatal(err)
	}
	random := rand.New(rand.NewPCG(3, 4))
	for _, c := range []struct {
		name    string
		deliver func(int) (time.Duration, bool)
		like    float64
		lag     time.Duration
	}{
		{"on a perfect network", func(int) (time.Duration, bool) { return 0, false }, 0.88, 100 * time.Millisecond},
		{"with a way of 60 ms", func(int) (time.Duration, bool) { return 60 * time.Millisecond, false }, 0.88, 160 * time.Millisecond},
		{"with one packet in ten lost", func(int) (time.Duration, bool) { return 0, random.IntN(10) == 0 }, 0.82, 100 * time.Millisecond},
		{"with loss and jitter", func(int) (time.Duration, bool) {
			return time.Duration(random.IntN(60)) * time.Millisecond, random.IntN(20) == 0
		}, 0.8, 200 * time.Millisecond},
	} {
		heard, stats := converse(t, 9*time.Second, c.deliver)
		like, lag := likeness(t, said, heard)
		t.Logf("%s: likeness %.3f, lag %v, %+v", c.name, like, lag, stats)
		if like < c.like || lag > c.lag {
			t.Errorf("%s: what is heard is like what was said by %.3f at %v, want %.2f within %v", c.name, like, lag, c.like, c.lag)
		}
		if seconds := float64(len(heard)) / opus.SampleRate; seconds < 8.9 || seconds > 9.2 {
			t.Errorf("%s: %.1f s were played", c.name, seconds)
		}
	}
}

func TestMicrophoneKeepsItsSchedule(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m, err := new(Room).OpenMicrophone(Simulated, MicrophoneOptions{})
		if err != nil {
			t.Fatal(err)
		}
		defer m.Close()
		start := time.Now()
		read := func() time.Duration {
			_, captured, err := m.Read()
			if err != nil {
				t.Fatal(err)
			}
			return captured.Sub(start)
		}
		for i := range 100 {
			if captured := read(); captured != time.Duration(i)*frameTime || time.Since(start) != time.Duration(i+1)*frameTime {
				t.Fatalf("packet %d was captured at %v and given at %v", i, captured, time.Since(start))
			}
			time.Sleep(time.Duration(i%3) * 9 * time.Millisecond)
		}
		// Held up for a moment, it catches up; for long, it loses the past.
		time.Sleep(100 * time.Millisecond)
		if captured := read(); captured != 100*frameTime {
			t.Errorf("after 100 ms the next packet is of %v, want 2s", captured)
		}
		time.Sleep(time.Second)
		if age := time.Since(start) - read(); age < frameTime || age >= 2*frameTime {
			t.Errorf("after a second the next packet is %v old", age)
		}
	})
}

func TestMutedIsSilent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m, err := new(Room).OpenMicrophone(Simulated, MicrophoneOptions{})
		if err != nil {
			t.Fatal(err)
		}
		defer m.Close()
		decoder, err := opus.NewDecoder()
		if err != nil {
			t.Fatal(err)
		}
		defer decoder.Close()
		listen := func(packets int) float64 {
			var heard []int16
			var frame [opus.MaxFrameSamples]int16
			for range packets {
				packet, _, err := m.Read()
				if err != nil {
					t.Fatal(err)
				}
				n, err := decoder.Decode(packet, frame[:])
				if err != nil {
					t.Fatal(err)
				}
				heard = append(heard, frame[:n]...)
			}
			return rms(heard)
		}
		if level := listen(100); level < 500 {
			t.Errorf("before muting the level is %.0f", level)
		}
		m.SetMuted(true)
		listen(5) // the codec's own echo fades
		if level := listen(100); level > 2 {
			t.Errorf("muted the level is %.1f", level)
		}
		m.SetMuted(false)
		if level := listen(100); level < 500 {
			t.Errorf("after unmuting the level is %.0f", level)
		}
	})
}

func TestMicrophoneCloseEndsARead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m, err := new(Room).OpenMicrophone(Simulated, MicrophoneOptions{})
		if err != nil {
			t.Fatal(err)
		}
		before := time.Now()
		ended := make(chan error)
		go func() { _, _, err := m.Read(); ended <- err }()
		synctest.Wait()
		if err := m.Close(); err != nil {
			t.Fatal(err)
		}
		if err := <-ended; err != io.EOF || time.Since(before) != 0 {
			t.Errorf("Read ended with %v after %v", err, time.Since(before))
		}
		if _, _, err := m.Read(); err != io.EOF {
			t.Errorf("Read after Close gave %v", err)
		}
		if err := m.Close(); err != nil {
			t.Errorf("the second Close gave %v", err)
		}
	})
}

func TestOpeningWhatIsNotThere(t *testing.T) {
	missing := filepath.Join(t.TempDir(), "pcmC7D0c")
	_, err := new(Room).OpenMicrophone(missing, MicrophoneOptions{})
	if !errors.Is(err, os.ErrNotExist) || !strings.HasPrefix(err.Error(), "opening microphone "+missing+": ") {
		t.Errorf("got %v", err)
	}
	_, err = new(Room).OpenSpeaker(missing, SpeakerOptions{})
	if !errors.Is(err, os.ErrNotExist) || !strings.HasPrefix(err.Error(), "opening speaker "+missing+": ") {
		t.Errorf("got %v", err)
	}
	_, err = new(Room).OpenMicrophone(os.DevNull, MicrophoneOptions{})
	if err == nil || !strings.HasPrefix(err.Error(), "opening microphone /dev/null: asking for its name: ") {
		t.Errorf("got %v", err)
	}
	_, err = new(Room).OpenSpeaker(Simulated, SpeakerOptions{Recording: filepath.Join(t.TempDir(), "none", "x.wav")})
	if err == nil || !strings.HasPrefix(err.Error(), "opening speaker simulated: creating the recording: ") {
		t.Errorf("got %v", err)
	}
}

// A file of a service that was killed can be read.
func TestRecordingIsRightAtAnyTime(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.wav")
	synctest.Test(t, func(t *testing.T) {
		s, err := new(Room).OpenSpeaker(Simulated, SpeakerOptions{Recording: path})
		if err != nil {
			t.Fatal(err)
		}
		for i := range 5 {
			if got := len(readWAV(t, path)) / opus.SampleRate; got != i {
				t.Errorf("after %d s the file has %d s", i, got)
			}
			time.Sleep(time.Second)
			synctest.Wait()
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		if err := s.Close(); err != nil {
			t.Errorf("the second Close gave %v", err)
		}
		s.Write(1, 2, []byte{8}) // harmless
		if got := len(readWAV(t, path)); got < 5*opus.SampleRate {
			t.Errorf("the file has %d samples", got)
		}
	})
	if found, err := os.Stat(path); err != nil || found.Mode().Perm() != 0o600 {
		t.Errorf("the recording's mode is %v, %v", found.Mode(), err)
	}
}

// hearing is a speaker without its goroutine and a source of packets for it.
type hearing struct {
	*Speaker
	packets [][]byte
	number  int
	now     time.Duration
	gaps    int // one packet of so many is lost; 0: none
}

func newHearing(t testing.TB) *hearing {
	t.Helper()
	decoder, err := opus.NewDecoder()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(decoder.Close)
	encoder, err := opus.NewEncoder()
	if err != nil {
		t.Fatal(err)
	}
	defer encoder.Close()
	h := &hearing{Speaker: newSpeaker(decoder)}
	var packet [opus.MaxPacketBytes]byte
	frame := make([]int16, opus.FrameSamples)
	for i := range 50 {
		for at := range frame {
			frame[at] = int16(8000 * math.Sin(2*math.Pi*440*float64(i*opus.FrameSamples+at)/opus.SampleRate))
		}
		n, err := encoder.Encode(frame, packet[:])
		if err != nil {
			t.Fatal(err)
		}
		h.packets = append(h.packets, bytes.Clone(packet[:n]))
	}
	return h
}

// hear plays 20 ms.
func (h *hearing) hear() {
	h.mu.Lock()
	if h.gaps == 0 || h.number%h.gaps != 0 {
		h.jitter.push(h.now, uint16(h.number), uint32(h.number*opus.FrameSamples), h.packets[h.number%len(h.packets)])
	}
	h.mu.Unlock()
	h.number++
	h.play(h.now)
	h.play(h.now + playPeriod)
	h.now += frameTime
}

func TestVolume(t *testing.T) {
	h := newHearing(t)
	for range 20 {
		h.hear()
	}
	full := rms(h.out[:])
	if full < 5000 || full > 6500 {
		t.Errorf("at 100 the level is %.0f", full)
	}
	for _, c := range []struct {
		percent int
		want    float64
	}{{50, 0.178}, {90, 0.708}, {0, 0.032}, {-5, 0.032}, {150, 1}} {
		h.SetVolume(c.percent)
		h.hear()
		if got := rms(h.out[:]) / full; math.Abs(got-c.want) > 0.02 {
			t.Errorf("at %d the level is %.2f of the full one, want %.2f", c.percent, got, c.want)
		}
	}
}

// TestVolumeRange hears how far apart the lowest and the highest volume that a citizen can choose are, and that there is one
// of 12 dB above the lowest (EN 301 549, 8.2.1.1 and 8.2.1.2). The booth offers 10 to 100.
func TestVolumeRange(t *testing.T) {
	h := newHearing(t)
	for range 20 {
		h.hear()
	}
	level := func(percent int) float64 {
		h.SetVolume(percent)
		h.hear() // glides
		h.hear()
		return 20 * math.Log10(rms(h.out[:]))
	}
	lowest := level(10)
	if highest := level(100); highest-lowest < 18 {
		t.Errorf("from the lowest to the highest volume it is %.1f dB", highest-lowest)
	}
	if got := level(50) - lowest; math.Abs(got-12) > 0.5 {
		t.Errorf("four steps are %.1f dB", got)
	}
}

func TestMicrophoneLevel(t *testing.T) {
	square, quiet := make([]int16, 960), make([]int16, 960)
	for i := range square {
		square[i], quiet[i] = -1<<15, int16(32-64*(i%2))
	}
	for name, c := range map[string]struct {
		samples []int16
		want    float64
	}{"loudest": {square, 0}, "1000 times softer": {quiet, -60.2}, "silence": {make([]int16, 960), -127}} {
		if got := levelOf(c.samples); math.Abs(got-c.want) > 0.1 {
			t.Errorf("%s: %.1f dB, expected %.1f", name, got, c.want)
		}
	}
	device := &simulatedMicrophone{}
	m, err := startMicrophone(device, MicrophoneOptions{})
	if err != nil {
		t.Fatal(err)
	}
	defer m.Close()
	loudest := -127.0
	for range 100 { // two seconds of what it says have a word in them
		if _, _, err := m.Read(); err != nil {
			t.Fatal(err)
		}
		loudest = max(loudest, m.Level())
	}
	if loudest < -30 || loudest > 0 {
		t.Errorf("the simulated voice has %.1f dB", loudest)
	}
	m.SetMuted(true)
	if _, _, err := m.Read(); err != nil {
		t.Fatal(err)
	}
	if m.Level() != -127 {
		t.Errorf("muted it has %.1f dB", m.Level())
	}
}

func TestDamagedPacketsAreConcealed(t *testing.T) {
	h := newHearing(t)
	for range 20 {
		h.hear()
	}
	// Looks like Opus by its first byte, but the frame's length is a lie.
	h.packets[h.number%len(h.packets)] = []byte{1<<3 | 2, 0xff, 0xff}
	for range 10 {
		h.hear()
	}
	if level := rms(h.out[:]); level < 4000 {
		t.Errorf("after a damaged packet the level is %.0f", level)
	}
}

func TestHearingAllocatesNothing(t *testing.T) {
	h := newHearing(t)
	h.gaps = 7
	if n := testing.AllocsPerRun(200, h.hear); n > 0 {
		t.Errorf("a packet costs %v allocations", n)
	}
	if s := h.Stats(); s.Recovered < 20 {
		t.Errorf("losses were not recovered: %+v", s)
	}
}

// unpacedMicrophone says the speech without waiting.
type unpacedMicrophone struct{ simulatedMicrophone }

func (u *unpacedMicrophone) AudioRecord(p prop.Media) (audio.Reader, error) {
	samples, err := decodeSpeech(speech)
	chunk := wave.NewInt16Interleaved(wave.ChunkInfo{Len: opus.FrameSamples, Channels: 1, SamplingRate: opus.SampleRate})
	at := 0
	return audio.ReaderFunc(func() (wave.Audio, func(), error) {
		if at+opus.FrameSamples > len(samples) {
			at = 0
		}
		copy(chunk.Data, samples[at:])
		at += opus.FrameSamples
		return chunk, func() {}, nil
	}), err
}

var _ driver.AudioRecorder = (*unpacedMicrophone)(nil)

func newUnpaced(t testing.TB) *Microphone {
	m, err := startMicrophone(&unpacedMicrophone{}, MicrophoneOptions{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := m.Close(); err != nil {
			t.Error(err)
		}
	})
	return m
}

func TestMicrophoneAllocatesNothing(t *testing.T) {
	m := newUnpaced(t)
	n := testing.AllocsPerRun(200, func() {
		if _, _, err := m.Read(); err != nil {
			t.Fatal(err)
		}
	})
	if n > 0 {
		t.Errorf("a packet costs %v allocations", n)
	}
}

// failing is a microphone that is unplugged.
type failing struct{ simulatedMicrophone }

var errUnplugged = errors.New("no such device")

func (*failing) AudioRecord(prop.Media) (audio.Reader, error) {
	return audio.ReaderFunc(func() (wave.Audio, func(), error) { return nil, nil, errUnplugged }), nil
}

func TestMicrophoneThatFails(t *testing.T) {
	m, err := startMicrophone(&failing{}, MicrophoneOptions{})
	if err != nil {
		t.Fatal(err)
	}
	defer m.Close()
	if _, _, err := m.Read(); !errors.Is(err, errUnplugged) || !strings.HasPrefix(err.Error(), "reading the microphone: ") {
		t.Errorf("Read gave %v", err)
	}
}

// BenchmarkMicrophone is 20 ms of speech from the microphone to the packet.
func BenchmarkMicrophone(b *testing.B) {
	m := newUnpaced(b)
	b.ReportAllocs()
	for b.Loop() {
		if _, _, err := m.Read(); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkSpeaker is 20 ms from the packet to the sound, one in twenty lost.
func BenchmarkSpeaker(b *testing.B) {
	h := newHearing(b)
	h.gaps = 20
	h.SetVolume(70)
	b.ReportAllocs()
	for b.Loop() {
		h.hear()
	}
}
