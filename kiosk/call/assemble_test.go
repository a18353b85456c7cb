package call

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/pion/rtp"
	"github.com/pion/rtp/codecs"
)

// bench is an assembler with a clock and a log of what it does.
type bench struct {
	*assembler
	now     time.Time
	log     []string
	frames  []Frame
	asked   []uint16
	keys    int
	attends time.Duration
}

func newBench(codec byte) *bench {
	b := &bench{now: time.Unix(1000, 0)}
	b.assembler = newAssembler(codec,
		func(f Frame) {
			f.Payload = bytes.Clone(f.Payload)
			b.frames = append(b.frames, f)
			kind := "delta"
			if f.Key {
				kind = "key"
			}
			b.log = append(b.log, fmt.Sprintf("%s %d", kind, f.Timestamp.Milliseconds()))
		},
		func() { b.keys++; b.log = append(b.log, "want key") },
		func(missing []uint16) {
			b.asked = append(b.asked, missing...)
			b.log = append(b.log, fmt.Sprintf("again %v", missing))
		})
	return b
}

func (b *bench) take(after time.Duration, p *rtp.Packet) {
	b.now = b.now.Add(after)
	if p != nil {
		b.push(b.now, p)
	}
	b.attends = b.attend(b.now)
}

// idle lets time pass without a packet, calling attend when it wants to be called.
func (b *bench) idle(d time.Duration) {
	for end := b.now.Add(d); b.attends > 0 && b.now.Add(b.attends).Before(end); {
		b.take(b.attends, nil)
	}
}

var (
	sps = []byte{0x67, 0x42, 0xe0, 0x1f, 9}
	pps = []byte{0x68, 0xce, 6, 0xe2}
)

func annexB(nals ...[]byte) []byte { return unit(nals...) }

// slice is a NAL unit whose content tells which it is.
func slice(kind byte, number, size int) []byte {
	b := make([]byte, size)
	b[0] = kind
	for i := 1; i < size; i++ {
		b[i] = byte(number+i)%200 + 3
	}
	return b
}

func h264(sequence uint16, timestamp uint32, marker bool, payload []byte) *rtp.Packet {
	return &rtp.Packet{Header: rtp.Header{Version: 2, SequenceNumber: sequence, Timestamp: timestamp, Marker: marker}, Payload: payload}
}

func stapA(nals ...[]byte) []byte {
	b := []byte{nalSTAPA | 0x60}
	for _, n := range nals {
		b = append(binary.BigEndian.AppendUint16(b, uint16(len(n))), n...)
	}
	return b
}

func fuA(nal []byte, parts int) [][]byte {
	body := nal[1:]
	var all [][]byte
	for i := range parts {
		from, to := i*len(body)/parts, (i+1)*len(body)/parts
		header := nal[0] & 0x1f
		if i == 0 {
			header |= 0x80
		}
		if i == parts-1 {
			header |= 0x40
		}
		all = append(all, append([]byte{nal[0]&0xe0 | nalFUA, header}, body[from:to]...))
	}
	return all
}

// keyPackets are a key frame of four packets: its parameter sets, and an IDR picture in three.
func keyPackets(sequence uint16, timestamp uint32) []*rtp.Packet {
	parts := fuA(slice(0x65, int(timestamp), 300), 3)
	return []*rtp.Packet{
		h264(sequence, timestamp, false, stapA(sps, pps)),
		h264(sequence+1, timestamp, false, parts[0]), h264(sequence+2, timestamp, false, parts[1]), h264(sequence+3, timestamp, true, parts[2]),
	}
}

func deltaPacket(sequence uint16, timestamp uint32) *rtp.Packet {
	return h264(sequence, timestamp, true, slice(0x41, int(timestamp), 50))
}

const tick33 = 2970 // 33 ms at 90 kHz

func TestAssemblerH264(t *testing.T) {
	key := keyPackets(65533, 0) // numbers run over
	delta := func(n int) *rtp.Packet { return deltaPacket(uint16(n), uint32(n)*tick33) }
	for _, test := range []struct {
		name  string
		steps func(b *bench)
		want  []string
	}{
		{"in order", func(b *bench) {
			for _, p := range key {
				b.take(0, p)
			}
			b.take(0, delta(1))
			b.take(0, delta(2))
		}, []string{"key 0", "delta 33", "delta 66"}},
		{"overtaken within the wait: nobody is asked", func(b *bench) {
			for _, i := range []int{0, 2, 1, 3} {
				b.take(time.Millisecond, key[i])
			}
			b.take(time.Millisecond, delta(2))
			b.take(time.Millisecond, delta(1))
		}, []string{"key 0", "delta 33", "delta 66"}},
		{"the very first packets overtaken", func(b *bench) {
			for _, i := range []int{1, 2, 0, 3} {
				b.take(time.Millisecond, key[i])
			}
		}, []string{"want key", "key 0"}},
		{"packets twice", func(b *bench) {
			for range 2 {
				for _, p := range key {
					b.take(0, p)
				}
			}
			b.take(0, delta(1))
			b.take(0, delta(1))
		}, []string{"key 0", "delta 33"}},
		{"a lost packet comes when it is asked for", func(b *bench) {
			for _, p := range key {
				b.take(0, p)
			}
			b.take(0, delta(2))
			b.take(0, delta(3))
			b.idle(60 * time.Millisecond)
			b.take(0, delta(1))
		}, []string{"key 0", "again [1]", "delta 33", "delta 66", "delta 99"}},
		{"asked for twice in a round trip and a half", func(b *bench) {
			for _, p := range key {
				b.take(0, p)
			}
			b.take(0, delta(2))
			b.idle(150 * time.Millisecond)
			b.take(0, delta(1))
		}, []string{"key 0", "again [1]", "again [1]", "delta 33", "delta 66"}},
		{"given up until the next key frame", func(b *bench) {
			for _, p := range key {
				b.take(0, p)
			}
			b.take(0, delta(2))
			b.idle(250 * time.Millisecond)
			b.take(0, delta(3))
			b.take(0, delta(1)) // too late
			for _, p := range keyPackets(4, 4*tick33) {
				b.take(0, p)
			}
			b.take(0, deltaPacket(8, 5*tick33))
		}, []string{"key 0", "again [1]", "again [1]", "want key", "key 132", "delta 165"}},
		{"a key frame makes the gap before it pointless", func(b *bench) {
			for _, p := range key {
				b.take(0, p)
			}
			b.take(0, delta(2))
			for _, p := range keyPackets(4, 4*tick33) { // 3 is missing too
				b.take(0, p)
			}
		}, []string{"key 0", "key 132"}},
		{"begins in mid-stream: a key frame is wanted at once, and again", func(b *bench) {
			b.take(0, delta(1))
			b.take(time.Second, delta(2))
			for _, p := range keyPackets(3, 3*tick33) {
				b.take(0, p)
			}
		}, []string{"want key", "want key", "key 66"}},
		{"a frame without a marker ends where the next begins", func(b *bench) {
			for _, p := range key {
				b.take(0, p)
			}
			p := delta(1)
			p.Marker = false
			b.take(0, p)
			b.take(0, delta(2))
		}, []string{"key 0", "delta 33", "delta 66"}},
		{"padding between frames", func(b *bench) {
			for _, p := range key {
				b.take(0, p)
			}
			b.take(0, h264(1, 0, false, nil))
			b.take(0, deltaPacket(2, tick33))
		}, []string{"key 0", "delta 33"}},
		{"a key frame without parameter sets gets the last ones", func(b *bench) {
			for _, p := range key {
				b.take(0, p)
			}
			b.take(0, h264(1, tick33, true, slice(0x65, 1, 40)))
		}, []string{"key 0", "key 33"}},
		{"a second slice is no key frame when the first is lost", func(b *bench) {
			for _, p := range key {
				b.take(0, p)
			}
			b.take(0, h264(1, tick33, false, stapA(sps, pps)))
			// 2 is the first slice
			b.take(0, h264(3, tick33, false, slice(0x65, 3, 40)))
			b.idle(250 * time.Millisecond)
			b.take(0, h264(4, tick33, true, slice(0x65, 4, 40)))
			b.take(0, deltaPacket(5, 2*tick33))
		}, []string{"key 0", "again [2]", "again [2]", "want key"}},
		{"the sender jumps", func(b *bench) {
			for _, p := range key {
				b.take(0, p)
			}
			b.take(0, deltaPacket(20000, tick33))
			for _, p := range keyPackets(20001, 2*tick33) {
				b.take(0, p)
			}
		}, []string{"key 0", "want key", "key 66"}},
		{"the sender counts anew from lower numbers", func(b *bench) {
			for _, p := range keyPackets(20000, 0) {
				b.take(0, p)
			}
			for i := range staleMost + 1 {
				b.take(0, deltaPacket(uint16(i), uint32(i)*tick33))
			}
			for _, p := range keyPackets(staleMost+1, (staleMost+1)*tick33) {
				b.take(time.Second, p)
			}
		}, []string{"key 0", "want key", "want key", "want key", "want key", "key 8481"}},
		{"a fragment with its beginning torn off", func(b *bench) {
			for _, p := range key {
				b.take(0, p)
			}
			b.take(0, h264(1, tick33, true, fuA(slice(0x41, 1, 100), 3)[1]))
			b.take(0, deltaPacket(2, 2*tick33))
		}, []string{"key 0", "want key"}},
		{"packets of a kind that is not in mode 1", func(b *bench) {
			for _, p := range key {
				b.take(0, p)
			}
			b.take(0, h264(1, tick33, true, []byte{29, 1, 2, 3}))
		}, []string{"key 0", "want key"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			b := newBench(CodecH264)
			test.steps(b)
			if diff := cmp.Diff(test.want, b.log); diff != "" {
				t.Error(diff)
			}
			for _, f := range b.frames {
				if f.Key && !bytes.HasPrefix(f.Payload, annexB(sps, pps)) {
					t.Errorf("a key frame without parameter sets: % x", f.Payload[:20])
				}
			}
		})
	}
}

// TestAssemblerKeepsContents sends frames of many sizes, as pion cuts them, over a
// line that loses, doubles and overtakes, and compares what comes out.
func TestAssemblerKeepsContents(t *testing.T) {
	for _, codec := range []byte{CodecH264, CodecVP8} {
		for seed := range uint64(40) {
			t.Run(fmt.Sprintf("codec %d seed %d", codec, seed), func(t *testing.T) {
				lossy(t, codec, rand.New(rand.NewPCG(seed, 1)))
			})
		}
	}
}

type sentFrame struct {
	payload []byte
	key     bool
}

func lossy(t *testing.T, codec byte, random *rand.Rand) {
	b := newBench(codec)
	var payloader rtp.Payloader = &codecs.H264Payloader{}
	if codec == CodecVP8 {
		payloader = &codecs.VP8Payloader{EnablePictureID: true}
	}
	type flight struct {
		at     time.Time
		packet *rtp.Packet
	}
	var line []flight
	past := map[uint16]*rtp.Packet{}
	frames := map[int]sentFrame{}
	sequence, timestamp := uint16(random.Uint32()), random.Uint32()
	wanted, repaired := 0, 0
	const frameTime = 33 * time.Millisecond
	began := b.now
	for n := range 300 {
		key := n == 0 || wanted < b.keys && random.IntN(3) == 0
		if key {
			wanted = b.keys
		}
		f := sentFrame{key: key}
		size := 40 + random.IntN(6000)
		switch {
		case codec == CodecVP8:
			f.payload = slice(0x11, n, size)
			if key {
				f.payload[0] = 0x10
			}
		case key:
			f.payload = annexB(sps, pps, slice(0x65, n, size))
		default:
			f.payload = annexB(slice(0x41, n, size/2), slice(0x41, n+1, size/2))
		}
		frames[n] = f
		payloads := payloader.Payload(1200, f.payload)
		for i, payload := range payloads {
			p := h264(sequence, timestamp, i == len(payloads)-1, payload)
			past[sequence] = p
			sequence++
			if n > 0 && random.IntN(100) < 5 {
				continue
			}
			at := began.Add(time.Duration(n)*frameTime + time.Duration(random.IntN(3000))*time.Microsecond)
			line = append(line, flight{at, p})
			if random.IntN(50) == 0 {
				line = append(line, flight{at.Add(time.Millisecond), p})
			}
		}
		timestamp += uint32(frameTime * videoClock / time.Second)
		// Deliver what is due before the next frame; answer what is asked for after a round trip.
		end := began.Add(time.Duration(n+1) * frameTime)
		for {
			slices.SortStableFunc(line, func(x, y flight) int { return x.at.Compare(y.at) })
			next := end
			if len(line) > 0 && line[0].at.Before(next) {
				next = line[0].at
			}
			if b.attends > 0 && b.now.Add(b.attends).Before(next) {
				b.take(b.attends, nil)
			} else if next.Equal(end) {
				break
			} else {
				p := line[0].packet
				line = line[1:]
				b.take(next.Sub(b.now), p)
			}
			for _, q := range b.asked {
				if p := past[q]; p == nil {
					t.Fatalf("packet %d is asked for and was never sent", q)
				} else if random.IntN(100) >= 5 {
					repaired++
					line = append(line, flight{b.now.Add(40 * time.Millisecond), p})
				}
			}
			b.asked = nil
		}
	}
	last, whole := -1, 0
	for _, got := range b.frames {
		n := int((got.Timestamp + frameTime/2) / frameTime)
		sent, ok := frames[n]
		if !ok || n <= last {
			t.Fatalf("frame %d after frame %d", n, last)
		}
		if n != last+1 && !got.Key {
			t.Fatalf("frame %d after frame %d, and it is no key frame", n, last)
		}
		if got.Key != sent.key || !bytes.Equal(got.Payload, sent.payload) {
			t.Fatalf("frame %d came out changed: key %v, %d bytes, sent with key %v, %d bytes", n, got.Key, len(got.Payload), sent.key, len(sent.payload))
		}
		last = n
		whole++
	}
	if whole < 270 {
		t.Errorf("%d frames of 300 came through; %d packets were repaired, %d key frames wanted", whole, repaired, b.keys)
	}
}

// FuzzAssembler feeds packets made of any bytes: six bytes of header each, and a payload.
func FuzzAssembler(f *testing.F) {
	seed := func(codec byte, packets ...*rtp.Packet) {
		in := []byte{codec}
		for _, p := range packets {
			flags := byte(0)
			if p.Marker {
				flags = 1
			}
			in = append(in, flags, byte(p.SequenceNumber>>8), byte(p.SequenceNumber), byte(p.Timestamp>>8), byte(p.Timestamp), byte(len(p.Payload)))
			in = append(in, p.Payload...)
		}
		f.Add(in)
	}
	seed(CodecH264, append(keyPackets(0, 0), deltaPacket(4, 100), deltaPacket(6, 200))...)
	seed(CodecH264, keyPackets(65534, 9)...)
	seed(CodecVP8, h264(1, 0, true, []byte{0x10, 0x10, 1, 2}), h264(2, 3, true, []byte{0x10, 0x11, 5}), h264(9, 7, false, []byte{0x80, 0x80, 0x80}))
	f.Fuzz(func(t *testing.T, in []byte) {
		if len(in) == 0 {
			return
		}
		b := newBench(1 + in[0]%2)
		for in = in[1:]; len(in) >= 6; {
			size := min(int(in[5]), len(in)-6)
			p := h264(binary.BigEndian.Uint16(in[1:]), uint32(binary.BigEndian.Uint16(in[3:])), in[0]&1 != 0, in[6:6+size])
			b.take(time.Duration(in[0]>>1)*time.Millisecond, p)
			if b.attends < 0 || b.attends > keyInterval {
				t.Fatalf("wants to be called in %v", b.attends)
			}
			in = in[6+size:]
		}
		at := time.Duration(-1)
		for i, frame := range b.frames {
			if i == 0 && !frame.Key {
				t.Fatal("the first frame is no key frame")
			}
			if frame.Timestamp <= at {
				t.Fatalf("time goes from %v to %v", at, frame.Timestamp)
			}
			if len(frame.Payload) == 0 || len(frame.Payload) > maxFrameBytes {
				t.Fatalf("a frame of %d bytes", len(frame.Payload))
			}
			at = frame.Timestamp
		}
	})
}
