// Package g711 encodes and decodes G.711, A-law and mu-law, for far ends without
// Opus (RFC 7874 asks every WebRTC endpoint for it). Sound is 48 kHz mono outside,
// like Opus's, and 8 kHz on the wire.
//
// Lost packets are made up for by repeating the last pitch periods, which fade
// to silence within 60 ms, in the manner of G.711's appendix I. An Encoder and a
// Decoder are each used by one goroutine at a time and allocate nothing for a
// packet. Nothing is opened, and there are no goroutines.
//
// Sources: ITU-T G.711 (1988) and its appendix I (1999), RFC 3551 (4.5.14).
package g711

import (
	"errors"
	"fmt"
)

const (
	// Rate is of the samples on the wire, and of the RTP timestamps.
	Rate = 8000
	// Ratio is how many samples at 48 kHz are one on the wire.
	Ratio = 6
	// FrameBytes is a packet of 20 ms.
	FrameBytes = Rate / 50
	// maxBytes is the most that a received packet may hold: 120 ms.
	maxBytes = Rate * 120 / 1000
)

// Law is how samples are companded.
type Law string

const (
	ALaw Law = "a-law"
	ULaw Law = "mu-law"
)

// Samples is the number of samples at 48 kHz that a packet stands for.
func Samples(packet []byte) (int, error) {
	if len(packet) == 0 || len(packet) > maxBytes {
		return 0, fmt.Errorf("reading a G.711 packet: it has %d bytes, not 1 to %d", len(packet), maxBytes)
	}
	return len(packet) * Ratio, nil
}

// compress and expand are the two ways of a law, on 16-bit samples.
func (l Law) compress(v int16) byte {
	if l == ULaw {
		return compressU(int(v))
	}
	return compressA(int(v))
}

func (l Law) table() *[256]int16 {
	if l == ULaw {
		return &expandedU
	}
	return &expandedA
}

var expandedA, expandedU = tables()

func tables() (a, u [256]int16) {
	for i := range 256 {
		a[i], u[i] = expandA(byte(i)), expandU(byte(i))
	}
	return a, u
}

// segment is the number of a chord: how many bits v has beyond the first of them.
func segment(v, first int) int {
	n := 0
	for v >>= first; v > 0; v >>= 1 {
		n++
	}
	return n
}

func compressA(v int) byte {
	v >>= 3 // 13 bits
	mask := byte(0xd5)
	if v < 0 {
		v, mask = ^v, 0x55
	}
	s := segment(v, 5)
	low := v >> 1
	if s > 1 {
		low = v >> s
	}
	return (byte(s<<4) | byte(low&0xf)) ^ mask
}

func expandA(b byte) int16 {
	b ^= 0x55
	v := int(b&0xf)<<4 + 8
	if s := int(b >> 4 & 7); s > 0 {
		v = (v + 0x100) << (s - 1)
	}
	if b&0x80 == 0 {
		v = -v
	}
	return int16(v)
}

const (
	biasU = 33   // of 14 bits
	clipU = 8158 // the largest magnitude before the bias
)

func compressU(v int) byte {
	v >>= 2 // 14 bits
	mask := byte(0xff)
	if v < 0 {
		v, mask = -v, 0x7f
	}
	v = min(v, clipU) + biasU
	s := segment(v, 6)
	return (byte(s<<4) | byte(v>>(s+1)&0xf)) ^ mask
}

func expandU(b byte) int16 {
	b = ^b
	v := (int(b&0xf)<<3+4*biasU)<<(b>>4&7) - 4*biasU
	if b&0x80 != 0 {
		v = -v
	}
	return int16(v)
}

// Encoder encodes one stream.
type Encoder struct {
	law  Law
	down decimator
}

// NewEncoder makes an encoder.
func NewEncoder(l Law) *Encoder { return &Encoder{law: l} }

// Encode encodes pcm, at 48 kHz, into packet and returns the packet's size.
func (e *Encoder) Encode(pcm []int16, packet []byte) (int, error) {
	n := len(pcm) / Ratio
	if n == 0 || len(pcm)%Ratio != 0 || n > maxBytes {
		return 0, fmt.Errorf("encoding G.711: %d samples do not make a packet", len(pcm))
	}
	if len(packet) < n {
		return 0, errors.New("encoding G.711: no room for the packet")
	}
	for i := range n {
		packet[i] = e.law.compress(e.down.next(pcm[i*Ratio : (i+1)*Ratio]))
	}
	return n, nil
}

// Decoder decodes one stream.
type Decoder struct {
	table *[256]int16
	up    interpolator
	loss  concealment
	frame [maxBytes]int16
}

// NewDecoder makes a decoder.
func NewDecoder(l Law) *Decoder { return &Decoder{table: l.table()} }

// Decode decodes the next packet into pcm, at 48 kHz, and returns the number of samples.
func (d *Decoder) Decode(packet []byte, pcm []int16) (int, error) {
	n, err := Samples(packet)
	if err != nil {
		return 0, err
	}
	if len(pcm) < n {
		return 0, errors.New("decoding G.711: no room for the samples")
	}
	frame := d.frame[:len(packet)]
	for i, b := range packet {
		frame[i] = d.table[b]
	}
	d.loss.heard(frame)
	d.raise(frame, pcm)
	return n, nil
}

// Conceal fills pcm with what a lost packet may have sounded like.
func (d *Decoder) Conceal(pcm []int16) error {
	if len(pcm) == 0 || len(pcm)%Ratio != 0 || len(pcm) > maxBytes*Ratio {
		return fmt.Errorf("concealing a lost G.711 packet: it cannot have had %d samples", len(pcm))
	}
	frame := d.frame[:len(pcm)/Ratio]
	d.loss.makeUp(frame)
	d.raise(frame, pcm)
	return nil
}

// Recover is Conceal: no G.711 packet tells of the one before.
func (d *Decoder) Recover(_ []byte, pcm []int16) error { return d.Conceal(pcm) }

// Close is there for those who must close decoders of other kinds.
func (d *Decoder) Close() {}

func (d *Decoder) raise(frame, pcm []int16) {
	for i, v := range frame {
		d.up.next(v, pcm[i*Ratio:(i+1)*Ratio])
	}
}
