package opus

import (
	"math"
	"math/rand/v2"
	"testing"
)

func newPair(t testing.TB) (*Encoder, *Decoder) {
	t.Helper()
	e, err := NewEncoder()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(e.Close)
	d, err := NewDecoder()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(d.Close)
	return e, d
}

// tone is a sum of harmonics whose pitch jumps every 50 ms, not unlike
// syllables: no concealment guesses it. It lies above what the encoder filters
// off a voice.
func tone(samples int) []int16 {
	pcm := make([]int16, samples)
	random := rand.New(rand.NewPCG(5, 6))
	phase, pitch := 0.0, 0.0
	for i := range pcm {
		if i%(SampleRate/20) == 0 {
			pitch = 250 + 300*random.Float64()
		}
		phase += 2 * math.Pi * pitch / SampleRate
		for harmonic := 1.0; harmonic <= 4; harmonic++ {
			pcm[i] += int16(5000 * math.Sin(harmonic*phase) / harmonic)
		}
	}
	return pcm
}

func correlation(a, b []int16) float64 {
	var ab, aa, bb float64
	for i := range min(len(a), len(b)) {
		x, y := float64(a[i]), float64(b[i])
		ab, aa, bb = ab+x*y, aa+x*x, bb+y*y
	}
	return ab / math.Sqrt(aa*bb+1)
}

func TestRoundTrip(t *testing.T) {
	e, d := newPair(t)
	in := tone(SampleRate)
	var out []int16
	var packet [MaxPacketBytes]byte
	var pcm [MaxFrameSamples]int16
	bytes := 0
	for i := 0; i < len(in); i += FrameSamples {
		n, err := e.Encode(in[i:][:FrameSamples], packet[:])
		if err != nil {
			t.Fatal(err)
		}
		bytes += n
		if samples, err := Samples(packet[:n]); err != nil || samples != FrameSamples {
			t.Fatalf("the packet stands for %d samples, %v", samples, err)
		}
		samples, err := d.Decode(packet[:n], pcm[:])
		if err != nil || samples != FrameSamples {
			t.Fatalf("decoded %d samples, %v", samples, err)
		}
		out = append(out, pcm[:samples]...)
	}
	lag := e.Lookahead()
	if lag <= 0 || lag > FrameSamples {
		t.Errorf("the lookahead is %d samples", lag)
	}
	if c := correlation(in[FrameSamples:len(in)-lag], out[FrameSamples+lag:]); c < 0.9 {
		t.Errorf("the sound correlates with its copy by %.3f", c)
	}
	if rate := bytes * 8; rate < 20_000 || rate > 40_000 {
		t.Errorf("the default bitrate comes out as %d bit/s", rate)
	}
}

func TestErrorCorrectionBeatsConcealment(t *testing.T) {
	for _, c := range []struct {
		name   string
		expect int
		least  float64
	}{{"with error correction", 20, 0.7}, {"none expected, none sent", 0, -1}} {
		e, recovering := newPair(t)
		_, concealing := newPair(t)
		if err := e.SetExpectedLoss(c.expect); err != nil {
			t.Fatal(err)
		}
		in := tone(2 * SampleRate)
		lag := e.Lookahead()
		var recovered, concealed, original []int16
		var packet [MaxPacketBytes]byte
		var pcm [MaxFrameSamples]int16
		decode := func(d *Decoder, packet []byte) {
			if _, err := d.Decode(packet, pcm[:]); err != nil {
				t.Fatal(err)
			}
		}
		for i := 0; i < len(in)/FrameSamples-1; i++ {
			n, err := e.Encode(in[i*FrameSamples:][:FrameSamples], packet[:])
			if err != nil {
				t.Fatal(err)
			}
			if i%7 == 5 {
				continue // lost
			}
			if i%7 == 6 {
				if err := recovering.Recover(packet[:n], pcm[:FrameSamples]); err != nil {
					t.Fatal(err)
				}
				recovered = append(recovered, pcm[:FrameSamples]...)
				if err := concealing.Conceal(pcm[:FrameSamples]); err != nil {
					t.Fatal(err)
				}
				concealed = append(concealed, pcm[:FrameSamples]...)
				original = append(original, in[(i-1)*FrameSamples-lag:][:FrameSamples]...)
			}
			decode(recovering, packet[:n])
			decode(concealing, packet[:n])
		}
		r, p := correlation(original, recovered), correlation(original, concealed)
		t.Logf("%s: recovered %.3f, concealed %.3f", c.name, r, p)
		if r < c.least || c.expect > 0 && r <= p || c.expect == 0 && r != p {
			t.Errorf("%s: recovered frames correlate by %.3f, concealed by %.3f", c.name, r, p)
		}
	}
}

func TestReset(t *testing.T) {
	e, d := newPair(t)
	var packet [MaxPacketBytes]byte
	var first, again [MaxFrameSamples]int16
	n, err := e.Encode(tone(FrameSamples), packet[:])
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.Decode(packet[:n], first[:]); err != nil {
		t.Fatal(err)
	}
	if err := d.Reset(); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Decode(packet[:n], again[:]); err != nil || first != again {
		t.Errorf("after a reset the same packet sounds different (%v)", err)
	}
}

func TestMistakesAreErrors(t *testing.T) {
	e, d := newPair(t)
	var packet [MaxPacketBytes]byte
	var pcm [MaxFrameSamples]int16
	for name, err := range map[string]error{
		"a frame too short":  second(e.Encode(pcm[:100], packet[:])),
		"no room for packet": second(e.Encode(pcm[:FrameSamples], nil)),
		"a bitrate of 0":     e.SetBitrate(0),
		"complexity 11":      e.SetComplexity(11),
		"loss of 101 %":      e.SetExpectedLoss(101),
		"an empty packet":    second(d.Decode(nil, pcm[:])),
		"a broken packet":    second(d.Decode([]byte{0xff, 0xff}, pcm[:])),
		"no room for sound":  d.Conceal(nil),
		"a fraction of 2.5":  d.Conceal(pcm[:7]),
	} {
		if err == nil {
			t.Errorf("%s was accepted", name)
		}
	}
}

func second(_ int, err error) error { return err }

func TestSamples(t *testing.T) {
	for _, c := range []struct {
		packet []byte
		want   int // 0: an error
	}{
		{[]byte{0}, 480},
		{[]byte{1 << 3}, 960},
		{[]byte{2 << 3}, 1920},
		{[]byte{3 << 3}, 2880}, // SILK
		{[]byte{12 << 3}, 480},
		{[]byte{15 << 3}, 960}, // hybrid
		{[]byte{16 << 3}, 120},
		{[]byte{17 << 3}, 240},
		{[]byte{30 << 3}, 480},
		{[]byte{31 << 3}, 960}, // CELT
		{[]byte{1<<3 | 1}, 1920},
		{[]byte{1<<3 | 2}, 1920},
		{[]byte{3<<3 | 1}, 5760},
		{[]byte{1<<3 | 3, 6}, 5760},
		{[]byte{16<<3 | 3, 48}, 5760},
		{[]byte{16<<3 | 3, 0x80 | 3}, 360},
		{nil, 0},
		{[]byte{3}, 0},
		{[]byte{3, 0}, 0},
		{[]byte{1<<3 | 3, 7}, 0},
		{[]byte{16<<3 | 3, 49}, 0},
	} {
		got, err := Samples(c.packet)
		if got != c.want || (err == nil) != (c.want > 0) {
			t.Errorf("%x stands for %d samples, %v; want %d", c.packet, got, err, c.want)
		}
	}
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte{1 << 3})
	f.Add([]byte{1<<3 | 3, 6, 1, 2, 3, 4, 5, 6, 7})
	f.Add([]byte{31<<3 | 1, 9, 9, 9, 9})
	f.Fuzz(func(t *testing.T, packet []byte) {
		d, err := NewDecoder()
		if err != nil {
			t.Fatal(err)
		}
		defer d.Close()
		var pcm [MaxFrameSamples]int16
		n, err := d.Decode(packet, pcm[:])
		samples, reading := Samples(packet)
		if err == nil && (reading != nil || n != samples) {
			t.Fatalf("%x: decoded %d samples, read %d, %v", packet, n, samples, reading)
		}
		if reading == nil {
			_ = d.Recover(packet, pcm[:samples]) // must not crash
		}
	})
}

func TestPacketsAllocateNothing(t *testing.T) {
	e, d := newPair(t)
	in := tone(FrameSamples)
	var packet [MaxPacketBytes]byte
	var pcm [MaxFrameSamples]int16
	n := testing.AllocsPerRun(100, func() {
		size, err := e.Encode(in, packet[:])
		if err != nil {
			t.Fatal(err)
		}
		if _, err := d.Decode(packet[:size], pcm[:]); err != nil {
			t.Fatal(err)
		}
		if err := d.Conceal(pcm[:FrameSamples]); err != nil {
			t.Fatal(err)
		}
	})
	if n > 0 {
		t.Errorf("a packet costs %v allocations", n)
	}
}
