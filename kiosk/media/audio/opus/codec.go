package opus

import (
	"errors"
	"fmt"
	"io"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pion/mediadevices/pkg/codec"
	"github.com/pion/mediadevices/pkg/io/audio"
	"github.com/pion/mediadevices/pkg/prop"
	"github.com/pion/mediadevices/pkg/wave"
)

// Params builds encoders behind mediadevices' readers; its zero value is ready
// to use.
type Params struct {
	Bitrate int // bits per second at the start; 0 means DefaultBitrate
}

var _ codec.AudioEncoderBuilder = Params{}

// RTPCodec describes the stream: packets of 20 ms with error correction.
func (Params) RTPCodec() *codec.RTPCodec {
	c := codec.NewRTPOpusCodec(SampleRate)
	c.Latency = 20 * time.Millisecond
	return c
}

// BuildAudioEncoder makes an encoder of what r gives: 48 kHz, 16-bit
// interleaved, in chunks of any length; several channels are mixed to one. Its
// controller is a codec.BitRateController that any goroutine may call. A
// packet is valid until the next Read.
func (p Params) BuildAudioEncoder(r audio.Reader, m prop.Media) (codec.ReadCloser, error) {
	if m.SampleRate != SampleRate {
		return nil, fmt.Errorf("making an Opus encoder: the sound has %d samples a second, not %d", m.SampleRate, SampleRate)
	}
	engine, err := NewEncoder()
	if err != nil {
		return nil, err
	}
	e := &packets{source: r, engine: engine}
	if p.Bitrate != 0 {
		e.bitrate.Store(int64(p.Bitrate))
	}
	return e, nil
}

// packets is a codec.ReadCloser and its own controller.
type packets struct {
	source  audio.Reader
	bitrate atomic.Int64 // the latest wish, 0 once taken up

	mu     sync.Mutex // held while libopus runs, so that Close waits for it
	engine *Encoder   // nil once closed
	frame  [FrameSamples]int16
	filled int
	chunk  *wave.Int16Interleaved // not yet used up
	used   int                    // of chunk's samples
	packet [MaxPacketBytes]byte
}

var _ codec.BitRateController = (*packets)(nil)

func (e *packets) Controller() codec.EncoderController { return e }

// SetBitRate changes the target from the next packet on.
func (e *packets) SetBitRate(bitsPerSecond int) error {
	if bitsPerSecond < 6_000 || bitsPerSecond > 510_000 {
		return fmt.Errorf("setting the Opus bitrate: %d bit/s is not within 6000 to 510000", bitsPerSecond)
	}
	e.bitrate.Store(int64(bitsPerSecond))
	return nil
}

// Read encodes the next 20 ms of the source.
func (e *packets) Read() ([]byte, func(), error) {
	for e.filled < FrameSamples {
		if e.chunk == nil {
			chunk, _, err := e.source.Read() // the chunk is the source's until its next Read
			if err != nil {
				return nil, func() {}, err
			}
			var ok bool
			if e.chunk, ok = chunk.(*wave.Int16Interleaved); !ok || e.chunk.Size.Channels < 1 ||
				len(e.chunk.Data) < e.chunk.Size.Channels*e.chunk.Size.Len {
				e.chunk = nil
				return nil, func() {}, errors.New("encoding Opus: the sound is not 16-bit interleaved")
			}
			e.used = 0
		}
		e.take()
	}
	e.filled = 0

	e.mu.Lock()
	defer e.mu.Unlock()
	if e.engine == nil {
		return nil, func() {}, io.EOF
	}
	if bitrate := e.bitrate.Swap(0); bitrate != 0 {
		if err := e.engine.SetBitrate(int(bitrate)); err != nil {
			return nil, func() {}, err
		}
	}
	n, err := e.engine.Encode(e.frame[:], e.packet[:])
	if err != nil {
		return nil, func() {}, err
	}
	return e.packet[:n], func() {}, nil
}

// take moves samples from the chunk to the frame.
func (e *packets) take() {
	channels := e.chunk.Size.Channels
	n := min(FrameSamples-e.filled, e.chunk.Size.Len-e.used)
	to, from := e.frame[e.filled:][:n], e.chunk.Data[e.used*channels:]
	if channels == 1 {
		copy(to, from)
	} else {
		for i := range to {
			sum := 0
			for _, v := range from[i*channels:][:channels] {
				sum += int(v)
			}
			to[i] = int16(sum / channels)
		}
	}
	e.filled += n
	if e.used += n; e.used == e.chunk.Size.Len {
		e.chunk = nil
	}
}

// Close frees the encoder; a Read that waits for the source goes on waiting
// until the source gives up.
func (e *packets) Close() error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.engine != nil {
		e.engine.Close()
		e.engine = nil
	}
	return nil
}
