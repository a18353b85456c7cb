// Package wire is what booths and hub say to each other over NATS: the
// subjects, the messages as JSON, and the checks that every message passes on
// its way out (Encode) and in (Decode).
//
// It is a leaf that both sides import: it opens and starts nothing and imports
// the standard library only. Nothing in it is trusted before Validate: a stolen
// booth credential can send anything.
//
// Signals are SDP offers and answers (RFC 8829) and trickled candidates (RFC 8838).
package wire

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// MaxBytes is the largest message: an offer with a page of candidates is about 10 kB.
const MaxBytes = 64 << 10

// A Message can check itself.
type Message interface{ Validate() error }

// Encode checks m and writes it as JSON.
func Encode(m Message) ([]byte, error) {
	if err := m.Validate(); err != nil {
		return nil, fmt.Errorf("encoding %T: %w", m, err)
	}
	b, err := json.Marshal(m)
	if err != nil {
		return nil, fmt.Errorf("encoding %T: %w", m, err)
	}
	if len(b) > MaxBytes {
		return nil, fmt.Errorf("encoding %T: %d bytes are more than %d", m, len(b), MaxBytes)
	}
	return b, nil
}

// Decode reads and checks one message: one JSON object of known fields, and nothing after it.
func Decode[M Message](b []byte) (M, error) {
	var m, zero M
	if len(b) > MaxBytes {
		return zero, fmt.Errorf("decoding %T: %d bytes are more than %d", m, len(b), MaxBytes)
	}
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	if err := d.Decode(&m); err != nil {
		return zero, fmt.Errorf("decoding %T: %w", m, err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return zero, fmt.Errorf("decoding %T: something follows the message", m)
	}
	if err := m.Validate(); err != nil {
		return zero, fmt.Errorf("decoding %T: %w", m, err)
	}
	return m, nil
}
