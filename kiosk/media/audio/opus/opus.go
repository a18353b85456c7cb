// Package opus encodes and decodes Opus, 48 kHz mono, with the static libopus
// that mediadevices brings: mediadevices itself only encodes, without forward
// error correction, and allocates for every packet.
//
// An Encoder and a Decoder are each used by one goroutine at a time, allocate
// nothing for a packet, and must be closed. Sources: RFC 6716, RFC 7587.
package opus

// #cgo noescape opus_encode
// #cgo nocallback opus_encode
// #cgo noescape opus_decode
// #cgo nocallback opus_decode
// #include "opus.h"
import "C"

import (
	"errors"
	"fmt"
	"unsafe"

	// Links the static libopus for this platform.
	_ "github.com/pion/mediadevices/pkg/codec/opus"
)

const (
	// SampleRate is Opus's own, and the clock of its RTP timestamps.
	SampleRate = 48000
	// FrameSamples is what one packet carries: 20 ms.
	FrameSamples = SampleRate / 50
	// MaxFrameSamples is the most that a received packet can carry: 120 ms.
	MaxFrameSamples = SampleRate * 120 / 1000
	// MaxPacketBytes is enough for any packet of 20 ms.
	MaxPacketBytes = 1275

	// DefaultBitrate is in bits per second.
	DefaultBitrate = 32_000
	// DefaultComplexity balances quality and processor time, of 0 to 10.
	DefaultComplexity = 5
	// DefaultExpectedLoss is in percent. With none expected the encoder would
	// put no error correction into its packets.
	DefaultExpectedLoss = 5
)

// Encoder encodes speech, with forward error correction in the packets and
// without gaps in silence.
type Encoder struct{ c *C.OpusEncoder }

// NewEncoder makes an encoder with the default settings.
func NewEncoder() (*Encoder, error) {
	var status C.int
	c := C.opus_encoder_create(SampleRate, 1, C.OPUS_APPLICATION_VOIP, &status)
	if status != 0 {
		return nil, failure("making an Opus encoder", int(status))
	}
	e := &Encoder{c}
	err := errors.Join(
		e.set(C.OPUS_SET_SIGNAL_REQUEST, C.OPUS_SIGNAL_VOICE),
		e.set(C.OPUS_SET_DTX_REQUEST, 0),
		e.set(C.OPUS_SET_INBAND_FEC_REQUEST, 1),
		e.SetBitrate(DefaultBitrate),
		e.SetComplexity(DefaultComplexity),
		e.SetExpectedLoss(DefaultExpectedLoss),
	)
	if err != nil {
		e.Close()
		return nil, err
	}
	return e, nil
}

// Encode encodes 20 ms into packet, which has room for MaxPacketBytes, and
// returns the packet's size.
func (e *Encoder) Encode(pcm []int16, packet []byte) (int, error) {
	if len(pcm) != FrameSamples {
		return 0, fmt.Errorf("encoding Opus: %d samples given, a packet takes %d", len(pcm), FrameSamples)
	}
	if len(packet) == 0 {
		return 0, errors.New("encoding Opus: no room for the packet")
	}
	n := C.opus_encode(e.c, (*C.int16_t)(unsafe.Pointer(&pcm[0])), FrameSamples,
		(*C.uchar)(unsafe.Pointer(&packet[0])), C.int32_t(len(packet)))
	if n < 0 {
		return 0, failure("encoding Opus", int(n))
	}
	return int(n), nil
}

// SetBitrate changes the target, 6 to 510 kbit/s.
func (e *Encoder) SetBitrate(bitsPerSecond int) error {
	return e.set(C.OPUS_SET_BITRATE_REQUEST, bitsPerSecond)
}

// SetComplexity trades processor time for quality, 0 to 10.
func (e *Encoder) SetComplexity(complexity int) error {
	return e.set(C.OPUS_SET_COMPLEXITY_REQUEST, complexity)
}

// SetExpectedLoss tells how many packets of a hundred get lost: the more, the
// more of each packet goes to the correction of the one before.
func (e *Encoder) SetExpectedLoss(percent int) error {
	return e.set(C.OPUS_SET_PACKET_LOSS_PERC_REQUEST, percent)
}

func (e *Encoder) set(request, value int) error {
	if status := C.visio_opus_encoder_set(e.c, C.int(request), C.int32_t(value)); status != 0 {
		return failure(fmt.Sprintf("setting the Opus encoder's option %d to %d", request, value), int(status))
	}
	return nil
}

// Lookahead is the number of samples by which the decoder's output lags behind
// the encoder's input.
func (e *Encoder) Lookahead() int {
	var samples C.int32_t
	C.visio_opus_encoder_get(e.c, C.OPUS_GET_LOOKAHEAD_REQUEST, &samples) // cannot fail
	return int(samples)
}

// Close frees the encoder.
func (e *Encoder) Close() {
	if e.c != nil {
		C.opus_encoder_destroy(e.c)
		e.c = nil
	}
}

// Decoder decodes one stream, whatever its packets' durations.
type Decoder struct{ c *C.OpusDecoder }

// NewDecoder makes a decoder.
func NewDecoder() (*Decoder, error) {
	var status C.int
	c := C.opus_decoder_create(SampleRate, 1, &status)
	if status != 0 {
		return nil, failure("making an Opus decoder", int(status))
	}
	return &Decoder{c}, nil
}

// Decode decodes the next packet into pcm, which has room for MaxFrameSamples,
// and returns the number of samples.
func (d *Decoder) Decode(packet []byte, pcm []int16) (int, error) {
	if len(packet) == 0 { // libopus would take it for a lost one
		return 0, errors.New("decoding Opus: the packet is empty")
	}
	return d.decode(packet, pcm, false)
}

// Recover fills pcm with the lost frame that came before packet, from the
// error correction in packet where there is some, or else by concealment.
func (d *Decoder) Recover(packet []byte, pcm []int16) error {
	_, err := d.decode(packet, pcm, true)
	return err
}

// Conceal fills pcm with what a lost frame may have sounded like.
func (d *Decoder) Conceal(pcm []int16) error {
	_, err := d.decode(nil, pcm, false)
	return err
}

// Reset forgets the past, for a stream that begins anew.
func (d *Decoder) Reset() error {
	if status := C.visio_opus_decoder_reset(d.c); status != 0 {
		return failure("resetting the Opus decoder", int(status))
	}
	return nil
}

func (d *Decoder) decode(packet []byte, pcm []int16, fec bool) (int, error) {
	if len(pcm) == 0 {
		return 0, errors.New("decoding Opus: no room for the samples")
	}
	var correct C.int
	if fec {
		correct = 1
	}
	n := C.opus_decode(d.c, (*C.uchar)(unsafe.Pointer(unsafe.SliceData(packet))), C.int32_t(len(packet)),
		(*C.int16_t)(unsafe.Pointer(&pcm[0])), C.int(len(pcm)), correct)
	if n < 0 {
		return 0, failure("decoding Opus", int(n))
	}
	return int(n), nil
}

// Close frees the decoder.
func (d *Decoder) Close() {
	if d.c != nil {
		C.opus_decoder_destroy(d.c)
		d.c = nil
	}
}

// Samples is the number of samples that a packet stands for, read from its
// first bytes (RFC 6716, section 3.1), or an error if it is no packet.
func Samples(packet []byte) (int, error) {
	if len(packet) == 0 {
		return 0, errors.New("reading an Opus packet: it is empty")
	}
	var frame int
	switch config := int(packet[0] >> 3); {
	case config < 12: // SILK: 10, 20, 40, 60 ms
		frame = []int{480, 960, 1920, 2880}[config%4]
	case config < 16: // hybrid: 10, 20 ms
		frame = []int{480, 960}[config%2]
	default: // CELT: 2.5, 5, 10, 20 ms
		frame = 120 << (config % 4)
	}
	frames := 1
	switch packet[0] & 3 {
	case 1, 2:
		frames = 2
	case 3:
		if len(packet) < 2 {
			return 0, errors.New("reading an Opus packet: it ends before its number of frames")
		}
		frames = int(packet[1] & 63)
	}
	if frames == 0 || frame*frames > MaxFrameSamples {
		return 0, fmt.Errorf("reading an Opus packet: %d frames of %d samples are not possible", frames, frame)
	}
	return frame * frames, nil
}

func failure(doing string, status int) error {
	return fmt.Errorf("%s: %s", doing, C.GoString(C.opus_strerror(C.int(status))))
}
