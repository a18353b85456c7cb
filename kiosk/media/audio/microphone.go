package audio

import (
	"bytes"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pion/mediadevices/pkg/driver"
	"github.com/pion/mediadevices/pkg/io/audio"
	"github.com/pion/mediadevices/pkg/prop"
	"github.com/pion/mediadevices/pkg/wave"
	"github.com/pion/webrtc/v4/pkg/media/oggreader"

	"loiret.fr/visioborne/kiosk/media/audio/opus"
)

const (
	frameTime = 20 * time.Millisecond
	// A sound card keeps this much for a reader that is held up.
	maxQueued = 10 // frames
)

// MicrophoneOptions is how a microphone is opened.
type MicrophoneOptions struct {
	Bitrate int // bits per second; 0 means opus.DefaultBitrate
}

// Microphone is an open microphone with its encoder.
type Microphone struct {
	device  driver.Adapter
	source  *muter
	encoder *encoder
	echo    EchoCanceller // nil for none
	closing atomic.Bool
	close   func() error
}

func startMicrophone(device microphoneDriver, o MicrophoneOptions) (*Microphone, error) {
	if err := device.Open(); err != nil {
		return nil, err
	}
	p := prop.Media{Audio: prop.Audio{
		SampleRate: opus.SampleRate, ChannelCount: 1, Latency: frameTime, SampleSize: 2, IsInterleaved: true,
	}}
	reader, err := device.AudioRecord(p)
	if err != nil {
		_ = device.Close() // the first error says more
		return nil, err
	}
	m := &Microphone{device: device, source: &muter{source: reader}}
	if card, ok := reader.(*cardReader); ok {
		m.echo = card.echo
	}
	m.close = sync.OnceValue(m.shut)
	m.encoder, err = newEncoder(m.source, o.Bitrate)
	if err != nil {
		_ = device.Close()
		return nil, err
	}
	return m, nil
}

// Read waits for the next 20 ms and returns them as a packet, valid until the
// next Read, with the time of the capture of its first sample. After Close
// it returns io.EOF. One goroutine may read.
func (m *Microphone) Read() (packet []byte, captured time.Time, err error) {
	packet, err = m.encoder.read()
	switch {
	case err == nil:
		return packet, m.source.captured, nil
	case m.closing.Load(), errors.Is(err, io.EOF):
		return nil, time.Time{}, io.EOF
	default:
		return nil, time.Time{}, fmt.Errorf("reading the microphone: %w", err)
	}
}

// SetMuted makes the microphone give silence from the next packet on. Packets
// keep coming, so that the line stays open.
func (m *Microphone) SetMuted(muted bool) { m.source.muted.Store(muted) }

// Level is how loud the last packet is, in dB below the loudest that there can be (RFC 6464): 0 down to -127, which
// silence has too, and a microphone that is muted.
func (m *Microphone) Level() float64 { return m.source.level }

// Echo is by how much the loudspeaker's echo was lowered of late, as an
// EchoCanceller's Reduction; none is found where there is no canceller.
func (m *Microphone) Echo() (reducedDB float64, found, learned bool) {
	if m.echo == nil {
		return 0, false, false
	}
	return m.echo.Reduction()
}

// Close closes the device and ends a Read in progress.
func (m *Microphone) Close() error { return m.close() }

func (m *Microphone) shut() error {
	m.closing.Store(true)
	if err := errors.Join(m.device.Close(), m.encoder.close()); err != nil {
		return fmt.Errorf("closing the microphone: %w", err)
	}
	return nil
}

// muter replaces sound by silence when asked to, and notes when the sound was
// captured.
type muter struct {
	source   audio.Reader
	muted    atomic.Bool
	silence  wave.Int16Interleaved
	captured time.Time
	level    float64 // in dB; of the last chunk
}

func (m *muter) Read() (wave.Audio, func(), error) {
	chunk, release, err := m.source.Read()
	if err != nil {
		return nil, func() {}, err
	}
	if timed, ok := m.source.(interface{ capturedAt() time.Time }); ok {
		m.captured = timed.capturedAt()
	} else {
		size := chunk.ChunkInfo()
		m.captured = time.Now().Add(-time.Duration(size.Len) * time.Second / time.Duration(max(size.SamplingRate, 1)))
	}
	if m.muted.Load() {
		m.silence.Size = chunk.ChunkInfo()
		if n := m.silence.Size.Len * m.silence.Size.Channels; len(m.silence.Data) != n {
			m.silence.Data = make([]int16, n)
		}
		m.level = lowestLevel
		return &m.silence, release, nil
	}
	m.level = lowestLevel
	if samples, ok := chunk.(*wave.Int16Interleaved); ok {
		m.level = levelOf(samples.Data)
	}
	return chunk, release, nil
}

const lowestLevel = -127 // RFC 6464 has no lower one

// levelOf is the power of samples, in dB below that of the loudest square wave.
func levelOf(samples []int16) float64 {
	sum := 0.0
	for _, v := range samples {
		sum += float64(v) * float64(v)
	}
	if sum == 0 {
		return lowestLevel
	}
	return max(10*math.Log10(sum/float64(len(samples))/(1<<30)), lowestLevel)
}

// speech is what the simulated microphone says. It was made by espeak-ng, whose
// output is free of rights, and encoded by our own encoder:
//
//	espeak-ng -v fr-fr -s 150 -w said.wav "Bonjour, et bienvenue. Ceci est la voix d'essai de la borne.
//	    Si vous m'entendez clairement, le son fonctionne. Bonne journée."
//	sox said.wav -c 1 -r 48000 -b 16 speech.wav gain -n -3 pad 0.3 0.7
//	go test ./kiosk/media/audio -run TestSpeech -speech speech.wav
//
//go:embed speech.opus
var speech []byte

// decodeSpeech decodes an Ogg Opus file with one packet a page, 48 kHz mono, as
// pion's oggwriter writes it.
func decodeSpeech(file []byte) ([]int16, error) {
	reader, _, err := oggreader.NewWith(bytes.NewReader(file))
	if err != nil {
		return nil, fmt.Errorf("reading the speech: %w", err)
	}
	decoder, err := opus.NewDecoder()
	if err != nil {
		return nil, err
	}
	defer decoder.Close()
	var samples []int16
	var frame [opus.MaxFrameSamples]int16
	for {
		packet, _, err := reader.ParseNextPage()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("reading the speech: %w", err)
		}
		if bytes.HasPrefix(packet, []byte("OpusTags")) {
			continue
		}
		n, err := decoder.Decode(packet, frame[:])
		if err != nil {
			return nil, fmt.Errorf("reading the speech: %w", err)
		}
		samples = append(samples, frame[:n]...)
	}
	if len(samples) == 0 {
		return nil, errors.New("reading the speech: it is empty")
	}
	return samples, nil
}

// simulatedMicrophone is a mediadevices driver without a device: it says the
// speech again and again. It has no goroutine.
type simulatedMicrophone struct {
	mu     sync.Mutex
	closed chan struct{} // nil before Open
}

func (s *simulatedMicrophone) Open() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = make(chan struct{})
	return nil
}

// Close ends a Read in progress.
func (s *simulatedMicrophone) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed != nil {
		close(s.closed)
		s.closed = nil
	}
	return nil
}

func (s *simulatedMicrophone) Properties() []prop.Media {
	return []prop.Media{{Audio: prop.Audio{
		SampleRate: opus.SampleRate, ChannelCount: 1, Latency: frameTime, SampleSize: 2, IsInterleaved: true,
	}}}
}

func (s *simulatedMicrophone) AudioRecord(prop.Media) (audio.Reader, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed == nil {
		return nil, errors.New("recording from the simulated microphone: it is not open")
	}
	samples, err := decodeSpeech(speech)
	if err != nil {
		return nil, err
	}
	timer := time.NewTimer(time.Hour)
	timer.Stop()
	start := time.Now()
	return &speechReader{
		samples: saidFrom(samples, start), start: start, timer: timer, closed: s.closed,
		chunk: wave.NewInt16Interleaved(wave.ChunkInfo{Len: opus.FrameSamples, Channels: 1, SamplingRate: opus.SampleRate}),
	}, nil
}

// saidFrom is the speech, which is said again and again since the year 2000 began,
// from a time on: whoever hears it can tell how late it is.
func saidFrom(speech []int16, start time.Time) []int16 {
	began := time.Date(2000, time.January, 1, 0, 0, 0, 0, time.UTC)
	length := int64(len(speech))
	first := (start.Sub(began).Milliseconds()*(opus.SampleRate/1000)%length + length) % length
	return slices.Concat(speech[first:], speech[:first])
}

type speechReader struct {
	samples  []int16
	chunk    *wave.Int16Interleaved
	start    time.Time
	next     int64 // number of the frame not yet given
	captured time.Time
	timer    *time.Timer
	closed   <-chan struct{}
}

func (r *speechReader) capturedAt() time.Time { return r.captured }

// Read waits until the next 20 ms have been said. A reader that is far behind
// loses what a sound card would have lost.
func (r *speechReader) Read() (wave.Audio, func(), error) {
	select {
	case <-r.closed:
		return nil, func() {}, io.EOF
	default:
	}
	now := time.Now()
	if wait := r.start.Add(time.Duration(r.next+1) * frameTime).Sub(now); wait > 0 {
		r.timer.Reset(wait)
		select {
		case <-r.timer.C:
		case <-r.closed:
			r.timer.Stop()
			return nil, func() {}, io.EOF
		}
		now = time.Now()
	}
	elapsed := now.Sub(r.start)
	number := r.next
	if said := int64(elapsed / frameTime); said-number > maxQueued {
		number = said - 1
	}
	r.next = number + 1
	// From now rather than from the start: the wall clock may have been set.
	r.captured = now.Add(time.Duration(number)*frameTime - elapsed)
	for i := range r.chunk.Data {
		r.chunk.Data[i] = r.samples[(number*opus.FrameSamples+int64(i))%int64(len(r.samples))]
	}
	return r.chunk, func() {}, nil
}
