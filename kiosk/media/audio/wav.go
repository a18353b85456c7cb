package audio

import (
	"encoding/binary"
	"errors"
	"fmt"
	"os"

	"loiret.fr/visioborne/kiosk/media/audio/opus"
)

const wavHeaderBytes = 44

// recording is a WAV file, 48 kHz mono 16-bit. Its header is put right every
// second, so that the file can be read even if the service was killed.
type recording struct {
	file    *os.File
	pending []byte
	bytes   uint32 // of samples, in the file
}

func newRecording(path string) (*recording, error) {
	// Somebody's voice: for the service's own user only.
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return nil, fmt.Errorf("creating the recording: %w", err)
	}
	r := &recording{file: file, pending: make([]byte, 0, 2*opus.SampleRate)}
	if _, err := file.Write(r.header()); err != nil {
		return nil, errors.Join(fmt.Errorf("writing the recording's header: %w", err), file.Close())
	}
	return r, nil
}

func (r *recording) header() []byte {
	h := make([]byte, 0, wavHeaderBytes)
	h = append(h, "RIFF"...)
	h = binary.LittleEndian.AppendUint32(h, wavHeaderBytes-8+r.bytes)
	h = append(h, "WAVEfmt "...)
	h = binary.LittleEndian.AppendUint32(h, 16)                // of this chunk
	h = binary.LittleEndian.AppendUint16(h, 1)                 // PCM
	h = binary.LittleEndian.AppendUint16(h, 1)                 // channel
	h = binary.LittleEndian.AppendUint32(h, opus.SampleRate)   // a second
	h = binary.LittleEndian.AppendUint32(h, opus.SampleRate*2) // bytes a second
	h = binary.LittleEndian.AppendUint16(h, 2)                 // bytes a sample
	h = binary.LittleEndian.AppendUint16(h, 16)                // bits a sample
	h = append(h, "data"...)
	return binary.LittleEndian.AppendUint32(h, r.bytes)
}

func (r *recording) write(samples []int16) error {
	for _, v := range samples {
		r.pending = binary.LittleEndian.AppendUint16(r.pending, uint16(v))
	}
	if len(r.pending)+2*len(samples) <= cap(r.pending) {
		return nil
	}
	return r.flush()
}

// flush writes the samples first: a header that promises too little is still
// right.
func (r *recording) flush() error {
	if int64(r.bytes)+int64(len(r.pending)) > 1<<31 {
		return errors.New("writing the recording: a WAV file cannot be longer than 2 GB")
	}
	if _, err := r.file.Write(r.pending); err != nil {
		return fmt.Errorf("writing the recording: %w", err)
	}
	r.bytes += uint32(len(r.pending))
	r.pending = r.pending[:0]
	if _, err := r.file.WriteAt(r.header(), 0); err != nil {
		return fmt.Errorf("writing the recording's header: %w", err)
	}
	return nil
}

func (r *recording) close() error { return errors.Join(r.flush(), r.file.Close()) }
