package audio

import (
	"fmt"
	"io"
	"sync"
	"sync/atomic"

	"github.com/pion/mediadevices/pkg/io/audio"

	"loiret.fr/visioborne/kiosk/media/audio/frames"
	"loiret.fr/visioborne/kiosk/media/audio/g711"
	"loiret.fr/visioborne/kiosk/media/audio/opus"
)

// encoder makes packets of what a microphone gives, by the codec that is wished
// for at that time. One goroutine reads; wishes come from any.
type encoder struct {
	source *frames.Reader
	// The latest wishes. Those for Opus are 0, and -1, once taken up.
	codec         atomic.Value // a Codec
	bitrate, loss atomic.Int64

	mu     sync.Mutex    // held while libopus runs, so that close waits for it
	opus   *opus.Encoder // nil once closed
	g711   *g711.Encoder
	law    g711.Law // of g711
	packet [opus.MaxPacketBytes]byte
}

// newEncoder makes an encoder of sound at 48 kHz, for Opus as long as no other
// codec is wished for. A bitrate of 0 is opus.DefaultBitrate.
func newEncoder(source audio.Reader, bitrate int) (*encoder, error) {
	engine, err := opus.NewEncoder()
	if err != nil {
		return nil, err
	}
	e := &encoder{source: frames.NewReader(source), opus: engine}
	e.codec.Store(CodecOpus)
	e.bitrate.Store(int64(bitrate))
	e.loss.Store(-1)
	return e, nil
}

// read encodes the next 20 ms of the source.
func (e *encoder) read() ([]byte, error) {
	frame, err := e.source.Next()
	if err != nil {
		return nil, err
	}
	c, _ := e.codec.Load().(Codec)
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.opus == nil {
		return nil, io.EOF
	}
	n := 0
	if c == CodecOpus {
		if err := e.adapt(); err != nil {
			return nil, err
		}
		n, err = e.opus.Encode(frame, e.packet[:])
	} else {
		if e.g711 == nil || e.law != c.law() {
			e.g711, e.law = g711.NewEncoder(c.law()), c.law()
		}
		n, err = e.g711.Encode(frame, e.packet[:])
	}
	return e.packet[:n], err
}

// adapt takes up the wishes for Opus. e.mu is held.
func (e *encoder) adapt() error {
	if b := e.bitrate.Swap(0); b != 0 {
		if err := e.opus.SetBitrate(int(b)); err != nil {
			return err
		}
	}
	if l := e.loss.Swap(-1); l >= 0 {
		return e.opus.SetExpectedLoss(int(l))
	}
	return nil
}

// close frees the encoder; a read that waits for the source goes on waiting until
// the source gives up.
func (e *encoder) close() error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.opus != nil {
		e.opus.Close()
		e.opus = nil
	}
	return nil
}

// SetCodec names the codec of the packets from the next Read on: "opus", as in
// the beginning, "pcma" or "pcmu".
func (m *Microphone) SetCodec(name string) error {
	c, err := codecNamed(name)
	if err == nil {
		m.encoder.codec.Store(c)
	}
	return err
}

// Adapt sets Opus's bitrate and tells how many packets of a hundred get lost: the
// more, the more of each packet goes to the correction of the one before. It is
// nothing to G.711.
func (m *Microphone) Adapt(bitsPerSecond, lossPercent int) error {
	if bitsPerSecond < 6_000 || bitsPerSecond > 510_000 || lossPercent < 0 || lossPercent > 100 {
		return fmt.Errorf("adapting the sound to the network: %d bit/s at a loss of %d %% are not possible", bitsPerSecond, lossPercent)
	}
	m.encoder.bitrate.Store(int64(bitsPerSecond))
	m.encoder.loss.Store(int64(lossPercent))
	return nil
}
