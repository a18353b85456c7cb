package h264

import "bytes"

// The kinds of NAL units that matter here (ITU-T H.264, table 7-1).
const (
	idrSlice    = 5
	sequenceSet = 7
	pictureSet  = 8
)

// ParameterSets keeps a stream's sets of parameters, so that every key frame has
// them, wherever the encoder puts them: with the first one only, or alone.
type ParameterSets struct{ kept []byte }

const startCode = "\x00\x00\x01"

// setsMost bounds what is kept: a broken stream must not fill the memory.
const setsMost = 4 << 10

// Complete copies an access unit in Annex B format into the buffer, or one that it
// makes when that is too small, with the sets before a key frame. A unit without
// a picture becomes empty.
func (p *ParameterSets) Complete(unit, buffer []byte) (out []byte, key bool) {
	sets, picture := 0, false
	for rest := unit; ; {
		nal, next := nextUnit(rest)
		if nal == nil {
			break
		}
		switch nal[0] & 0x1f {
		case sequenceSet, pictureSet:
			if sets == 0 && nal[0]&0x1f == sequenceSet {
				p.kept = p.kept[:0]
			}
			sets++
			if len(p.kept)+len(nal)+4 <= setsMost {
				p.kept = append(append(p.kept, 0, 0, 0, 1), nal...)
			}
		case idrSlice:
			key, picture = true, true
		case 1, 2, 3, 4:
			picture = true
		}
		rest = next
	}
	out = buffer[:0]
	if !picture {
		return out, false
	}
	if key && sets == 0 {
		out = append(out, p.kept...)
	}
	return append(out, unit...), key
}

// nextUnit gives the first NAL unit of a stream, without its start code, and what follows; nil when there is none.
func nextUnit(stream []byte) (nal, rest []byte) {
	code := []byte(startCode)
	rest = stream
	for {
		from := bytes.Index(rest, code)
		if from < 0 {
			return nil, nil
		}
		nal, rest = rest[from+3:], nil
		if to := bytes.Index(nal, code); to >= 0 {
			nal, rest = nal[:to], nal[to:]
		}
		// Zeros belong to a start code with four bytes, or are padding.
		if nal = bytes.TrimRight(nal, "\x00"); len(nal) > 0 {
			return nal, rest
		}
	}
}
