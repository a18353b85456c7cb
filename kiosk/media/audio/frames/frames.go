// Package frames cuts sound into frames of 20 ms for an encoder, whatever chunks
// it comes in. It has no goroutines and opens nothing.
package frames

import (
	"errors"

	"github.com/pion/mediadevices/pkg/io/audio"
	"github.com/pion/mediadevices/pkg/wave"
)

// Samples is what a frame has: 20 ms at 48 kHz.
const Samples = 960

// Reader reads frames from sound at 48 kHz, 16-bit interleaved, in chunks of any
// length; several channels are mixed to one. One goroutine may use it.
type Reader struct {
	source audio.Reader
	frame  [Samples]int16
	filled int
	chunk  *wave.Int16Interleaved // not yet used up
	used   int                    // of chunk's samples
}

// NewReader makes a reader of a source. A chunk is the source's until its next Read.
func NewReader(source audio.Reader) *Reader { return &Reader{source: source} }

// Next waits for a frame, which is valid until the next call.
func (r *Reader) Next() ([]int16, error) {
	for r.filled < Samples {
		if r.chunk == nil {
			chunk, _, err := r.source.Read()
			if err != nil {
				return nil, err
			}
			var ok bool
			if r.chunk, ok = chunk.(*wave.Int16Interleaved); !ok || r.chunk.Size.Channels < 1 ||
				len(r.chunk.Data) < r.chunk.Size.Channels*r.chunk.Size.Len {
				r.chunk = nil
				return nil, errors.New("cutting sound into frames: it is not 16-bit interleaved")
			}
			r.used = 0
		}
		r.take()
	}
	r.filled = 0
	return r.frame[:], nil
}

// take moves samples from the chunk to the frame.
func (r *Reader) take() {
	channels := r.chunk.Size.Channels
	n := min(Samples-r.filled, r.chunk.Size.Len-r.used)
	to, from := r.frame[r.filled:][:n], r.chunk.Data[r.used*channels:]
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
	r.filled += n
	if r.used += n; r.used == r.chunk.Size.Len {
		r.chunk = nil
	}
}
