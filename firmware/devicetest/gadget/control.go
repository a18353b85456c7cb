package gadget

import (
	"encoding/binary"
	"time"
)

// payloadBytes is what the camera sends in a microframe at most: a high-bandwidth
// endpoint of USB 2.0. Hence the rates of uncompressed pictures below.
const payloadBytes = 3 * 1024

type format struct {
	kind        string // configfs' name for it
	pixelFormat uint32
	sizes       []size
}

type size struct {
	width, height int
	rates         []int // pictures a second; the first is the default
}

// bytes is what the largest picture takes: YUYV's, which no JPEG of the pattern exceeds.
func (s size) bytes() int { return s.width * s.height * 2 }

const (
	yuyv  = 'Y' | 'U'<<8 | 'Y'<<16 | 'V'<<24
	mjpeg = 'M' | 'J'<<8 | 'P'<<16 | 'G'<<24
)

// formats are the camera's, in the order of their numbers in the protocol, which begin at 1.
var formats = []format{
	{"uncompressed", yuyv, []size{{640, 480, []int{30, 15}}, {1280, 720, []int{10, 5}}}},
	{"mjpeg", mjpeg, []size{{640, 480, []int{30, 15}}, {1280, 720, []int{30, 15}}}},
}

// interval is the protocol's, in 100 ns.
func interval(rate int) uint32 { return uint32(10_000_000 / rate) }

// stream is what host and camera have agreed on.
type stream struct {
	pixelFormat uint32
	size
	every time.Duration
}

// The protocol's numbers (UVC 1.1, appendix A, and 4.2 and 4.3).
const (
	setCurrent = 0x01
	getCurrent = 0x81
	getMinimum = 0x82
	getMaximum = 0x83
	getStep    = 0x84
	getLength  = 0x85
	getAbility = 0x86
	getDefault = 0x87

	controlInterface   = 0
	streamingInterface = 1

	// selectors of the streaming interface
	probe  = 1
	commit = 2

	cameraTerminal = 1 // the kernel's numbers for the camera's parts
	processingUnit = 2

	exposureMode = 0x02 // a selector of the terminal
	brightness   = 0x02 // a selector of the unit
	errorCode    = 0x02 // a selector of the interface

	inbound       = 0x80 // of a request's type
	probeBytes    = 34
	invalidAnswer = 0x06 // "invalid control"
)

// request is a control request to a class's interface.
type request struct {
	kind, code           byte
	value, index, length uint16
}

func parseRequest(b []byte) request {
	return request{b[0], b[1], binary.LittleEndian.Uint16(b[2:]), binary.LittleEndian.Uint16(b[4:]), binary.LittleEndian.Uint16(b[6:])}
}

// controls are the camera's answers to control requests. A request that sets
// something comes first, its data later.
type controls struct {
	probe, commit proposal
	brightness    uint16
	pending       *request
}

// proposal is a format, size and interval, by their numbers.
type proposal struct {
	format, size int
	interval     uint32
}

func newControls() *controls {
	p := proposal{1, 1, interval(formats[0].sizes[0].rates[0])}
	return &controls{probe: p, commit: p, brightness: 128}
}

// answer gives the bytes to send; for a request with data it only says that they
// may come. ok is false for what the camera does not know.
func (c *controls) answer(r request) (data []byte, ok bool) {
	c.pending = nil
	if r.kind&inbound == 0 {
		if r.code != setCurrent {
			return nil, false
		}
		c.pending = &r
		return make([]byte, min(int(r.length), 60)), true
	}
	selector, entity := byte(r.value>>8), byte(r.index>>8)
	switch {
	case byte(r.index) == streamingInterface:
		return c.answerStreaming(r.code, selector)
	case byte(r.index) != controlInterface:
		return nil, false
	case entity == 0 && selector == errorCode && r.code == getCurrent:
		return []byte{invalidAnswer}, true
	case entity == cameraTerminal && selector == exposureMode:
		return one(r.code, 1, 2, 2, 2, 2, 2) // automatic, and nothing else
	case entity == processingUnit && selector == brightness:
		return one(r.code, 2, c.brightness, 0, 255, 1, 128)
	}
	return nil, false
}

// one answers for a control that is a number.
func one(code byte, length int, current, minimum, maximum, step, standard uint16) ([]byte, bool) {
	number := func(n uint16) ([]byte, bool) { return binary.LittleEndian.AppendUint16(nil, n)[:length], true }
	switch code {
	case getCurrent:
		return number(current)
	case getMinimum:
		return number(minimum)
	case getMaximum:
		return number(maximum)
	case getStep:
		return number(step)
	case getDefault:
		return number(standard)
	case getLength:
		return []byte{byte(length), 0}, true
	case getAbility:
		return []byte{3}, true // to be read and set
	}
	return nil, false
}

func (c *controls) answerStreaming(code, selector byte) ([]byte, bool) {
	if selector != probe && selector != commit {
		return nil, false
	}
	switch code {
	case getLength:
		return []byte{probeBytes, 0}, true
	case getAbility:
		return []byte{3}, true
	case getCurrent:
		if selector == commit {
			return c.commit.marshal(), true
		}
		return c.probe.marshal(), true
	case getMinimum, getDefault:
		return newControls().probe.marshal(), true
	case getMaximum:
		last := formats[len(formats)-1]
		return proposal{len(formats), len(last.sizes), interval(last.sizes[len(last.sizes)-1].rates[0])}.marshal(), true
	case getStep:
		return make([]byte, probeBytes), true
	}
	return nil, false
}

// take is the data of the request before.
func (c *controls) take(data []byte) {
	r := c.pending
	c.pending = nil
	if r == nil {
		return
	}
	selector, entity := byte(r.value>>8), byte(r.index>>8)
	switch {
	case byte(r.index) == streamingInterface && selector == probe:
		c.probe = unmarshal(data)
	case byte(r.index) == streamingInterface && selector == commit:
		c.commit = unmarshal(data)
	case byte(r.index) == controlInterface && entity == processingUnit && selector == brightness && len(data) >= 2:
		c.brightness = min(binary.LittleEndian.Uint16(data), 255)
	}
}

// unmarshal gives the nearest that the camera can do.
func unmarshal(data []byte) proposal {
	data = append(append([]byte(nil), data...), make([]byte, probeBytes)...)
	p := proposal{format: between(int(data[2]), 1, len(formats))}
	sizes := formats[p.format-1].sizes
	p.size = between(int(data[3]), 1, len(sizes))
	wanted := binary.LittleEndian.Uint32(data[4:])
	for _, rate := range sizes[p.size-1].rates {
		if i := interval(rate); p.interval == 0 || distance(i, wanted) < distance(p.interval, wanted) {
			p.interval = i
		}
	}
	return p
}

func between(n, low, high int) int { return max(low, min(n, high)) }

func distance(a, b uint32) uint32 { return max(a, b) - min(a, b) }

// marshal is the protocol's probe and commit control (table 4-75).
func (p proposal) marshal() []byte {
	b := make([]byte, probeBytes)
	b[0] = 1 // the frame interval is fixed
	b[2], b[3] = byte(p.format), byte(p.size)
	binary.LittleEndian.PutUint32(b[4:], p.interval)
	binary.LittleEndian.PutUint32(b[18:], uint32(formats[p.format-1].sizes[p.size-1].bytes()))
	binary.LittleEndian.PutUint32(b[22:], payloadBytes)
	binary.LittleEndian.PutUint32(b[26:], 48_000_000) // the kernel's clock for time stamps
	b[30] = 3                                         // pictures are told apart, and their ends, in each payload
	return b
}

// agreed is what was committed.
func (c *controls) agreed() stream {
	f := formats[c.commit.format-1]
	return stream{f.pixelFormat, f.sizes[c.commit.size-1], time.Duration(c.commit.interval) * 100}
}
