package audio

import (
	"fmt"

	"loiret.fr/visioborne/kiosk/media/audio/g711"
	"loiret.fr/visioborne/kiosk/media/audio/opus"
)

// Codec is how sound travels (RFC 7874).
type Codec string

// The codecs, by their names in lower case (RFC 7587, RFC 3551).
const (
	CodecOpus Codec = "opus"
	CodecPCMA Codec = "pcma"
	CodecPCMU Codec = "pcmu"
)

func codecNamed(name string) (Codec, error) {
	switch c := Codec(name); c {
	case CodecOpus, CodecPCMA, CodecPCMU:
		return c, nil
	}
	return "", fmt.Errorf("choosing codec %q: there is none of that name", name)
}

// law is G.711's; its zero value is A-law.
func (c Codec) law() g711.Law {
	if c == CodecPCMU {
		return g711.ULaw
	}
	return g711.ALaw
}

// samples is the number of samples at 48 kHz that a packet stands for, or an error if it is no packet.
func (c Codec) samples(payload []byte) (int, error) {
	if c == CodecOpus {
		return opus.Samples(payload)
	}
	return g711.Samples(payload)
}

// timestamp is a packet's in samples at 48 kHz. Modulo 2^32 it goes on where the packets' own wraps.
func (c Codec) timestamp(rtp uint32) uint32 {
	if c == CodecOpus {
		return rtp
	}
	return rtp * g711.Ratio
}

// corrects tells whether a packet may carry what corrects the loss of the one before.
func (c Codec) corrects() bool { return c == CodecOpus }

// decoder decodes one stream. Recover and Conceal are for lost packets: see opus.Decoder.
type decoder interface {
	Decode(packet []byte, pcm []int16) (int, error)
	Recover(packet []byte, pcm []int16) error
	Conceal(pcm []int16) error
	Close()
}

func newDecoder(c Codec) (decoder, error) {
	if c == CodecOpus {
		return opus.NewDecoder()
	}
	return g711.NewDecoder(c.law()), nil
}
