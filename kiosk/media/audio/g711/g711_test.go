package g711

import (
	"math"
	"math/rand/v2"
	"testing"
)

func TestCompanding(t *testing.T) {
	for _, c := range []struct {
		law      Law
		b        byte
		expanded int16
	}{
		{ULaw, 0x00, -32124},
		{ULaw, 0x80, 32124},
		{ULaw, 0xff, 0},
		{ULaw, 0xfe, 8},
		{ULaw, 0x7e, -8},
		{ULaw, 0xef, 132},
		{ALaw, 0x2a, -32256},
		{ALaw, 0xaa, 32256},
		{ALaw, 0xd5, 8},
		{ALaw, 0x55, -8},
		{ALaw, 0xd4, 24},
		{ALaw, 0xc5, 264},
	} {
		if got := c.law.table()[c.b]; got != c.expanded {
			t.Errorf("%s %#x expands to %d, want %d", c.law, c.b, got, c.expanded)
		}
	}
	for _, l := range []Law{ALaw, ULaw} {
		for b := range 256 {
			v := l.table()[b]
			if again := l.table()[l.compress(v)]; again != v {
				t.Errorf("%s: %d becomes %d", l, v, again)
			}
		}
		before := math.MinInt
		for v := math.MinInt16; v <= math.MaxInt16; v++ {
			got := int(l.table()[l.compress(int16(v))])
			if got < before {
				t.Fatalf("%s: not monotonic at %d", l, v)
			}
			before = got
			// Four bits of mantissa; the loudest are clipped.
			if d, most := math.Abs(float64(got-v)), math.Abs(float64(v))/32+9; d > most && v < 32_000 && v > -32_000 {
				t.Fatalf("%s: %d becomes %d", l, v, got)
			}
		}
	}
}

func tone(hertz, amplitude float64, samples int) []int16 {
	pcm := make([]int16, samples)
	for i := range pcm {
		pcm[i] = int16(amplitude * math.Sin(2*math.Pi*hertz*float64(i)/48_000))
	}
	return pcm
}

func rms(pcm []int16) float64 {
	sum := 0.0
	for _, v := range pcm {
		sum += float64(v) * float64(v)
	}
	return math.Sqrt(sum / float64(len(pcm)))
}

// amplitude is how much of a frequency is in a sound.
func amplitude(pcm []int16, hertz float64) float64 {
	var re, im float64
	for i, v := range pcm {
		turn := 2 * math.Pi * hertz * float64(i) / 48_000
		re, im = re+float64(v)*math.Cos(turn), im+float64(v)*math.Sin(turn)
	}
	return 2 * math.Hypot(re, im) / float64(len(pcm))
}

func there(t testing.TB, l Law, pcm []int16) [][]byte {
	t.Helper()
	e := NewEncoder(l)
	var packets [][]byte
	for ; len(pcm) >= 960; pcm = pcm[960:] {
		packet := make([]byte, FrameBytes)
		if n, err := e.Encode(pcm[:960], packet); err != nil || n != FrameBytes {
			t.Fatal(n, err)
		}
		packets = append(packets, packet)
	}
	return packets
}

// back decodes packets, those of which lost says so apart.
func back(t testing.TB, l Law, packets [][]byte, lost func(int) bool) []int16 {
	t.Helper()
	d := NewDecoder(l)
	var out []int16
	for i, p := range packets {
		pcm := make([]int16, 960)
		if lost != nil && lost(i) {
			if err := d.Conceal(pcm); err != nil {
				t.Fatal(err)
			}
		} else if n, err := d.Decode(p, pcm); err != nil || n != 960 {
			t.Fatal(n, err)
		}
		out = append(out, pcm...)
	}
	return out
}

func TestBand(t *testing.T) {
	for _, l := range []Law{ALaw, ULaw} {
		for hertz := 100.0; hertz <= 3400; hertz += 300 {
			out := back(t, l, there(t, l, tone(hertz, 8000, 48_000)), nil)[4800:]
			if got := 20 * math.Log10(amplitude(out, hertz)/8000); math.Abs(got) > 0.3 {
				t.Errorf("%s: %.0f Hz come through with %+.2f dB", l, hertz, got)
			}
			rest := math.Sqrt(max(0, rms(out)*rms(out)-amplitude(out, hertz)*amplitude(out, hertz)/2))
			if rest > 8000/math.Sqrt2/50 { // the companding's noise is 38 dB down
				t.Errorf("%s: %.0f Hz make a noise of %.0f", l, hertz, rest)
			}
		}
		// What 8 kHz cannot carry must not come back as something else.
		for _, hertz := range []float64{4000, 4300, 5000, 7000, 9000, 12_000, 20_000} {
			if got := rms(back(t, l, there(t, l, tone(hertz, 16_000, 48_000)), nil)[4800:]); got > 16 {
				t.Errorf("%s: %.0f Hz come back as a sound of %.0f", l, hertz, got)
			}
		}
	}
}

func TestConcealment(t *testing.T) {
	voice := func(hertz float64) []int16 {
		pcm := make([]int16, 2*48_000)
		for i := range pcm {
			for h := 1.0; h*hertz < 3000; h++ {
				pcm[i] += int16(4000 / h * math.Sin(2*math.Pi*hertz*h*float64(i)/48_000+h))
			}
		}
		return pcm
	}
	roughest := func(pcm []int16) float64 {
		most := 0.0
		for i := 2; i < len(pcm); i++ {
			most = max(most, math.Abs(float64(pcm[i])-2*float64(pcm[i-1])+float64(pcm[i-2])))
		}
		return most
	}
	for hertz := 80.0; hertz < 400; hertz *= 1.17 {
		packets := there(t, ALaw, voice(hertz))
		whole := back(t, ALaw, packets, nil)
		one := back(t, ALaw, packets, func(i int) bool { return i%10 == 5 })
		if d := rms(one[9600:]) / rms(whole[9600:]); d < 0.85 || d > 1.1 {
			t.Errorf("%.0f Hz: with a packet in ten lost the level is %.2f of the whole", hertz, d)
		}
		if r, w := roughest(one[9600:]), roughest(whole[9600:]); r > 1.8*w {
			t.Errorf("%.0f Hz: it clicks: %.0f, whole it has %.0f", hertz, r, w)
		}
		// The made up sound goes on in phase, not just somehow.
		worst := 1.0
		for i := 15; i < 95; i += 10 {
			var xy, xx, yy float64
			for k := i*960 + 288; k < (i+1)*960; k++ {
				x, y := float64(whole[k]), float64(one[k])
				xy, xx, yy = xy+x*y, xx+x*x, yy+y*y
			}
			worst = min(worst, xy/math.Sqrt(xx*yy+1))
		}
		if worst < 0.8 {
			t.Errorf("%.0f Hz: what is made up is like what was lost by %.2f", hertz, worst)
		}
		many := back(t, ALaw, packets, func(i int) bool { return i >= 30 && i < 50 })
		if r, w := roughest(many[9600:]), roughest(whole[9600:]); r > 1.8*w {
			t.Errorf("%.0f Hz: a long loss clicks: %.0f, whole it has %.0f", hertz, r, w)
		}
		if level := rms(many[35*960 : 49*960]); level > 1 {
			t.Errorf("%.0f Hz: after 100 ms of loss the level is %.1f", hertz, level)
		}
		if a, b := rms(many[55*960:]), rms(whole[55*960:]); math.Abs(a/b-1) > 0.01 {
			t.Errorf("%.0f Hz: after a loss the level is %.0f, whole %.0f", hertz, a, b)
		}
	}
}

func TestMistakesAreErrors(t *testing.T) {
	e, d := NewEncoder(ALaw), NewDecoder(ALaw)
	var pcm [960]int16
	for name, err := range map[string]error{
		"a frame that is no multiple": second(e.Encode(pcm[:100], make([]byte, 100))),
		"no frame":                    second(e.Encode(nil, make([]byte, 100))),
		"no room for the packet":      second(e.Encode(pcm[:], make([]byte, 10))),
		"an empty packet":             second(d.Decode(nil, pcm[:])),
		"a packet of a second":        second(d.Decode(make([]byte, Rate), make([]int16, 48_000))),
		"no room for the sound":       second(d.Decode(make([]byte, FrameBytes), pcm[:10])),
		"nothing to conceal":          d.Conceal(nil),
		"a part of a sample":          d.Conceal(pcm[:7]),
		"no room for recovery":        d.Recover(nil, nil),
	} {
		if err == nil {
			t.Errorf("%s was accepted", name)
		}
	}
}

func second(_ int, err error) error { return err }

// FuzzLosses: whatever comes and is lost, nothing breaks and nothing gets louder than what came.
func FuzzLosses(f *testing.F) {
	f.Add([]byte{1, 2, 3, 4, 255, 3, 255, 255, 255, 255, 9}, uint64(7))
	f.Fuzz(func(t *testing.T, script []byte, seed uint64) {
		random := rand.New(rand.NewPCG(seed, 1))
		d := NewDecoder(ULaw)
		pcm := make([]int16, maxBytes*Ratio)
		for _, b := range script {
			n := int(b&31) + 1
			if b&128 != 0 {
				if err := d.Conceal(pcm[:n*20*Ratio]); err != nil {
					t.Fatal(err)
				}
				continue
			}
			packet := make([]byte, n*20)
			for i := range packet {
				packet[i] = byte(random.Uint32())
			}
			if got, err := d.Decode(packet, pcm); err != nil || got != len(packet)*Ratio {
				t.Fatal(got, err)
			}
		}
	})
}

func TestPacketsAllocateNothing(t *testing.T) {
	e, d := NewEncoder(ALaw), NewDecoder(ALaw)
	pcm := tone(440, 8000, 960)
	var packet [FrameBytes]byte
	if n := testing.AllocsPerRun(100, func() {
		_, _ = e.Encode(pcm, packet[:])
		_, _ = d.Decode(packet[:], pcm)
		_ = d.Conceal(pcm)
	}); n > 0 {
		t.Errorf("a packet costs %v allocations", n)
	}
}

// BenchmarkRoundTrip is 20 ms there and back.
func BenchmarkRoundTrip(b *testing.B) {
	e, d := NewEncoder(ALaw), NewDecoder(ALaw)
	pcm := tone(440, 8000, 960)
	var packet [FrameBytes]byte
	b.ReportAllocs()
	for b.Loop() {
		_, _ = e.Encode(pcm, packet[:])
		_, _ = d.Decode(packet[:], pcm)
	}
}
