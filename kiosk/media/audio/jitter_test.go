package audio

import (
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"
)

// packet is an Opus packet of 20 ms by its first byte, and carries a number.
func packet(number int) []byte {
	return binary.BigEndian.AppendUint32([]byte{1 << 3}, uint32(number))
}

// arrival is a packet on its way.
type arrival struct {
	at        time.Duration
	number    int
	sequence  uint16
	timestamp uint32
}

// trip is a stream through a network.
type trip struct {
	packets   int
	interval  time.Duration                  // of the sender's clock; 0 means 20 ms
	sequence  uint16                         // of the first
	timestamp uint32                         // of the first
	delay     func(number int) time.Duration // negative: lost
	twice     func(number int) bool
	pause     func(number int) int // frames that the sender leaves out before this packet
}

func (n trip) arrivals() []arrival {
	var all []arrival
	at, timestamp := time.Duration(0), n.timestamp
	for i := range n.packets {
		if n.pause != nil {
			at += time.Duration(n.pause(i)) * 20 * time.Millisecond
			timestamp += uint32(n.pause(i)) * 960
		}
		delay := time.Duration(0)
		if n.delay != nil {
			delay = n.delay(i)
		}
		if delay >= 0 {
			a := arrival{at + delay, i, n.sequence + uint16(i), timestamp}
			all = append(all, a)
			if n.twice != nil && n.twice(i) {
				a.at += 3 * time.Millisecond
				all = append(all, a)
			}
		}
		if n.interval == 0 {
			n.interval = 20 * time.Millisecond
		}
		at += n.interval
		timestamp += 960
	}
	slices.SortStableFunc(all, func(a, b arrival) int { return int(a.at - b.at) })
	return all
}

// played is what came out of a jitter buffer.
type played struct {
	numbers  []int // of the decoded packets, left out ones apart
	actions  map[action]int
	stats    Stats
	delays   []time.Duration // at each pull
	duration time.Duration   // of the sound, from the first decoded packet to the last
}

// voicePeriod is of a voice of 120 Hz.
const voicePeriod = 400

// play sends a stream through j, pulling as a player does that has quiet sound
// every fifth frame, and a voice that can be stretched in all others.
func play(j *jitterBuffer, arrivals []arrival) played {
	out := played{actions: map[action]int{}}
	end := arrivals[len(arrivals)-1].at + 400*time.Millisecond
	var total, first, last time.Duration
	for now := time.Duration(0); now < end; {
		for len(arrivals) > 0 && arrivals[0].at <= now {
			a := arrivals[0]
			j.push(a.at, a.sequence, a.timestamp, packet(a.number))
			arrivals = arrivals[1:]
		}
		quiet := len(out.delays)%5 == 0
		s := j.pull(now)
		if s.leaveOut == leaveOutAlways || s.leaveOut == leaveOutIfQuiet && quiet {
			j.leftOut(s.samples)
			continue
		}
		switch s.fit {
		case fitAsIs:
		case fitShorter:
			s.samples -= voicePeriod
			j.fitted(-voicePeriod)
		case fitMuchShorter:
			s.samples -= mostPeriod
			j.fitted(-mostPeriod)
		case fitLonger:
			s.samples += voicePeriod
			j.fitted(voicePeriod)
		}
		out.actions[s.do]++
		if s.do == actDecode {
			out.numbers = append(out.numbers, int(binary.BigEndian.Uint32(s.payload[1:])))
			if last = total; len(out.numbers) == 1 {
				first = total
			}
		}
		out.delays = append(out.delays, j.snapshot().Delay)
		total += samplesTime(int64(s.samples))
		now += samplesTime(int64(s.samples))
	}
	out.stats, out.duration = j.snapshot(), last-first
	return out
}

func TestJitterBuffer(t *testing.T) {
	ms := func(n int) time.Duration { return time.Duration(n) * time.Millisecond }
	lose := func(numbers ...int) func(int) time.Duration {
		return func(n int) time.Duration {
			if slices.Contains(numbers, n) {
				return -1
			}
			return 0
		}
	}
	random := func(limit int) func(int) time.Duration {
		r := rand.New(rand.NewPCG(1, 2))
		return func(int) time.Duration { return time.Duration(r.IntN(limit)) * time.Millisecond }
	}
	for _, c := range []struct {
		name  string
		trip  trip
		check func(t *testing.T, p played)
	}{
		{"a perfect network", trip{packets: 500}, func(t *testing.T, p played) {
			expect(t, "decoded", p.actions[actDecode], 500, 500)
			expect(t, "recovered and mid-stream concealed", p.stats.Recovered+p.stats.Lost+p.stats.LeftOut+int(p.stats.Longer+p.stats.Shorter), 0, 0)
			expect(t, "delay in ms", int(slices.Max(p.delays).Milliseconds()), 20, 40)
			expect(t, "target in ms", int(p.stats.Target.Milliseconds()), 20, 20)
			expect(t, "duration in ms", int(p.duration.Milliseconds()), 499*20, 499*20)
		}},
		{"sequence and time wrap", trip{packets: 500, sequence: 65_400, timestamp: 1<<32 - 100*960}, func(t *testing.T, p played) {
			expect(t, "decoded", p.actions[actDecode], 500, 500)
			expect(t, "lost", p.stats.Lost+p.stats.Late+p.stats.Invalid, 0, 0)
		}},
		{"single losses are recovered", trip{packets: 100, delay: lose(10, 20, 50)}, func(t *testing.T, p played) {
			expect(t, "decoded", p.actions[actDecode], 97, 97)
			expect(t, "recovered", p.actions[actRecover], 3, 3)
			expect(t, "lost", p.stats.Lost, 3, 3)
			expect(t, "duration in ms", int(p.duration.Milliseconds()), 99*20, 99*20)
		}},
		{"a burst of losses", trip{packets: 100, delay: lose(40, 41, 42, 43)}, func(t *testing.T, p played) {
			expect(t, "decoded", p.actions[actDecode], 96, 96)
			expect(t, "lost", p.stats.Lost, 4, 4)
			expect(t, "duration in ms", int(p.duration.Milliseconds()), 99*20, 99*20)
		}},
		{"packets come twice", trip{packets: 100, twice: func(n int) bool { return n%3 == 0 }}, func(t *testing.T, p played) {
			expect(t, "decoded", p.actions[actDecode], 100, 100)
			expect(t, "duplicates", p.stats.Duplicates, 34, 34)
			expect(t, "late", p.stats.Late, 0, 0)
		}},
		{"packets overtake each other", trip{packets: 1000, delay: func(n int) time.Duration {
			if n%10 == 3 {
				return ms(50)
			}
			return 0
		}}, func(t *testing.T, p played) {
			expect(t, "late", p.stats.Late, 0, 10) // until the delay has grown
			expect(t, "decoded", p.actions[actDecode], 985, 1000)
			expect(t, "target in ms", int(p.stats.Target.Milliseconds()), 60, 90)
			expect(t, "delay in ms", int(p.stats.Delay.Milliseconds()), 50, 120)
		}},
		{"jitter of 80 ms", trip{packets: 1500, delay: random(80)}, func(t *testing.T, p played) {
			expect(t, "late", p.stats.Late, 0, 30)
			expect(t, "target in ms", int(p.stats.Target.Milliseconds()), 80, 110)
			expect(t, "delay in ms", int(p.stats.Delay.Milliseconds()), 60, 140)
		}},
		{"jitter beyond the limit", trip{packets: 1500, delay: random(600)}, func(t *testing.T, p played) {
			expect(t, "target in ms", int(p.stats.Target.Milliseconds()), 200, 200)
			expect(t, "delay in ms", int(p.stats.Delay.Milliseconds()), 100, 360)
		}},
		{"jitter that ends", trip{packets: 3000, delay: func(n int) time.Duration {
			if n < 1000 && n%2 == 0 {
				return ms(100)
			}
			return 0
		}}, func(t *testing.T, p played) {
			expect(t, "delay in the jitter in ms", int(p.delays[990].Milliseconds()), 90, 180)
			expect(t, "delay in the end in ms", int(p.stats.Delay.Milliseconds()), 15, 60)
			expect(t, "taken out in ms", p.stats.LeftOut*20+int(p.stats.Shorter.Milliseconds()), 50, 400)
		}},
		{"a stall, then all at once", trip{packets: 1000, delay: func(n int) time.Duration {
			if n >= 300 && n < 320 {
				return ms((320 - n) * 20)
			}
			return 0
		}}, func(t *testing.T, p played) {
			expect(t, "decoded", p.actions[actDecode], 970, 1000)
			// Nothing accumulates.
			expect(t, "left out in ms", p.stats.LeftOut*20+int(p.stats.Shorter.Milliseconds()), 250, 600)
			expect(t, "delay in the end in ms", int(p.stats.Delay.Milliseconds()), 15, 260)
		}},
		{"a way that becomes longer", trip{packets: 2000, delay: func(n int) time.Duration {
			if n >= 300 {
				return ms(150)
			}
			return 0
		}}, func(t *testing.T, p played) {
			expect(t, "target in the end in ms", int(p.stats.Target.Milliseconds()), 20, 40)
			expect(t, "delay in the end in ms", int(p.stats.Delay.Milliseconds()), 15, 70)
		}},
		{"a sender that pauses", trip{packets: 500, pause: func(n int) int {
			if n > 0 && n%50 == 0 {
				return 19
			}
			return 0
		}}, func(t *testing.T, p played) {
			expect(t, "decoded", p.actions[actDecode], 500, 500)
			expect(t, "lost", p.stats.Lost+p.stats.Recovered, 0, 0)
			expect(t, "delay in the end in ms", int(p.stats.Delay.Milliseconds()), 15, 50)
			expect(t, "duration in ms", int(p.duration.Milliseconds()), (499+9*19)*20-40, (499+9*19)*20+40)
		}},
		{"a sender that is silent for a minute", trip{packets: 200, pause: func(n int) int {
			if n == 100 {
				return 3000
			}
			return 0
		}}, func(t *testing.T, p played) {
			expect(t, "decoded", p.actions[actDecode], 200, 200)
			expect(t, "concealed before falling silent", p.actions[actConceal], 10, 75)
			expect(t, "delay in the end in ms", int(p.stats.Delay.Milliseconds()), 15, 50)
		}},
		{"a sender whose clock is fast", trip{packets: 6000, interval: 19_980 * time.Microsecond}, func(t *testing.T, p played) {
			// 6 frames too many in 2 minutes, and what was concealed in the end.
			expect(t, "taken out in ms", p.stats.LeftOut*20+int(p.stats.Shorter.Milliseconds()), 60, 180)
			expect(t, "longest delay in ms", int(slices.Max(p.delays).Milliseconds()), 20, 90)
		}},
		{"a sender whose clock is slow", trip{packets: 6000, interval: 20_020 * time.Microsecond}, func(t *testing.T, p played) {
			expect(t, "decoded", p.actions[actDecode], 6000, 6000)
			expect(t, "concealed", p.actions[actConceal], 6, 40)
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := play(newJitterBuffer(), c.trip.arrivals())
			if !slices.IsSorted(p.numbers) {
				t.Error("packets were played out of order")
			}
			c.check(t, p)
			if t.Failed() {
				t.Logf("%v %+v", p.actions, p.stats)
			}
		})
	}
}

func expect(t *testing.T, what string, got, low, high int) {
	t.Helper()
	if got < low || got > high {
		t.Errorf("%s: %d, want %d to %d", what, got, low, high)
	}
}

func TestJitterBufferFollowsANewStream(t *testing.T) {
	j := newJitterBuffer()
	old := trip{packets: 100}.arrivals()
	for _, a := range (trip{packets: 100, sequence: 40_000, timestamp: 3 << 30}).arrivals() {
		a.at += 2 * time.Second
		a.number += 1000
		old = append(old, a)
	}
	p := play(j, old)
	expect(t, "decoded", p.actions[actDecode], 196, 200)
	expect(t, "invalid", p.stats.Invalid, 1, 1)
	if last := p.numbers[len(p.numbers)-1]; last != 1099 {
		t.Errorf("the last packet played is %d, want 1099", last)
	}
}

func TestJitterBufferIgnoresStrangers(t *testing.T) {
	j := newJitterBuffer()
	arrivals := trip{packets: 200}.arrivals()
	for i := range 10 {
		arrivals[20*i].sequence += 20_000
	}
	p := play(j, arrivals)
	expect(t, "invalid", p.stats.Invalid, 9, 10)
	expect(t, "decoded", p.actions[actDecode], 189, 191)
	for _, bad := range [][]byte{nil, {3}, {0xff, 63}, append([]byte{8}, make([]byte, maxPayload)...)} {
		before := j.stats.Invalid
		j.push(time.Hour, 0, 0, bad)
		if j.stats.Invalid != before+1 {
			t.Errorf("a payload of %d bytes that is not Opus was taken", len(bad))
		}
	}
}

func FuzzJitterBuffer(f *testing.F) {
	f.Add([]byte{0, 0, 0, 1, 1, 0, 2, 0, 3, 255, 0, 0, 4, 200, 5, 5, 5, 90, 90, 1})
	f.Add([]byte("a seed of some length, for a start, with no meaning in it"))
	f.Fuzz(func(t *testing.T, script []byte) {
		j := newJitterBuffer()
		now := time.Duration(0)
		sequence, timestamp := uint16(65_000), uint32(1<<32-5_000)
		for i, b := range script {
			switch b % 8 {
			case 0, 1, 2: // a packet, near the last one or far
				back := uint16(b>>3) % 8
				s := sequence - back
				j.push(now, s, timestamp-uint32(back)*960, append(packet(int(s)), byte(i)))
				if back == 0 {
					sequence, timestamp = sequence+1, timestamp+960
				}
			case 3: // some got lost
				sequence, timestamp = sequence+uint16(b>>3), timestamp+960*uint32(b>>3)
			case 4: // a pause
				timestamp += 120 * uint32(b)
			case 5: // from elsewhere
				sequence, timestamp = sequence*31+uint16(b)<<8, timestamp*17+uint32(b)
			case 6:
				j.push(now, sequence, timestamp, script[i:])
				j.restore(now, sequence-uint16(b>>6), timestamp-960*uint32(b>>6), packet(i))
			case 7:
				now += time.Duration(b) * time.Millisecond
			}
			step := j.pull(now)
			if step.samples <= 0 || step.samples > 5760 {
				t.Fatalf("step %d: %+v", i, step)
			}
			if (step.do == actDecode || step.do == actRecover) == (len(step.payload) == 0) {
				t.Fatalf("step %d: %s with %d bytes", i, step.do, len(step.payload))
			}
			if step.do == actRecover && step.samples%minSamples != 0 {
				t.Fatalf("step %d: recover %d samples", i, step.samples)
			}
			if step.leaveOut != leaveOutNever && b&1 == 0 {
				j.leftOut(step.samples)
			} else if step.fit != fitAsIs {
				j.fitted(int(b) - 128)
			}
			s := j.snapshot()
			if s.Target < 20*time.Millisecond || s.Target > maxTarget {
				t.Fatalf("step %d: target %v", i, s.Target)
			}
		}
		waiting := 0
		for i := range j.slots {
			if j.slots[i].waiting {
				waiting++
			}
		}
		if waiting > j.stats.Received {
			t.Fatal(fmt.Sprint(waiting, " packets wait, more than came"))
		}
	})
}
