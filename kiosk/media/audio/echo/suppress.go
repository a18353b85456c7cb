package echo

import "math"

const (
	window = 2 * frame
	bands  = 26
)

// edges are of the bands, in bins: narrow at low frequencies as the ear's are.
var edges = [bands + 1]int{
	1, 3, 5, 7, 9, 11, 14, 17, 20, 24, 28, 33, 39, 46, 54, 63, 74, 87, 102, 120, 141, 166, 195, low, 310, 390, bins,
}

// suppressor takes from the sound what the filter has left of the echo, and
// the noise, by a gain for each bin: it works on windows of two frames of
// which each frame sees two, and so delays by one.
type suppressor struct {
	shape        [window]float32
	errorPast    [frame]float32
	echoPast     [frame]float32
	playedPast   [frame]float32
	overlap      [frame]float32
	ere, eim     [bins]float32 // what is left after the filter
	yre, yim     [bins]float32 // the filter's echo
	xre, xim     [bins]float32 // what was played
	noise        [bins]float32
	calm         [bins]float32 // what is left, its power smoothed
	least, next  [bins]float32 // of that, the least since the last but one renewal, and since the last
	present      [bins]float32 // smoothed probability of more than noise
	basis        [bins]float32 // the echo's power, stretched over time and frequency
	gain         [bins]float32
	clean        [bins]float32 // last frame's power after the gain, of speech
	leak         [bands]float32
	settled      [bands]float32 // log ratio of error and expected residual, smoothed
	ratio        [bands]float32
	playedPower  [partitions][bins]float32
	head         int
	near         float32 // probability of near speech
	alone        float32 // how sure it is that the echo is alone, by that
	alike        float32 // how much what is left goes up and down with the echo, -1 to 1
	moments      [bands]moments
	echoing      float32 // 0 no echo to be expected, 1 echo
	frames       int
	random       uint32
	likelihood   [256]float32
	directions   [64][2]float32
	suppressEcho bool
	reduceNoise  bool
}

func (s *suppressor) init() {
	for i := range s.shape {
		s.shape[i] = float32(math.Sin(math.Pi * (float64(i) + 0.5) / window))
	}
	for b := range s.leak {
		s.leak[b] = 0.3
	}
	for k := range s.gain {
		s.gain[k] = 1
	}
	// The probability of speech in a bin by the power over the noise's, for
	// speech of 15 dB (Gerkmann, Hendriks 2012).
	snr := math.Pow(10, 1.5)
	for i := range s.likelihood {
		s.likelihood[i] = float32(1 / (1 + (1+snr)*math.Exp(-float64(i)/8*snr/(1+snr))))
	}
	for i := range s.directions {
		sin, cos := math.Sincos(2 * math.Pi * float64(i) / 64)
		s.directions[i] = [2]float32{float32(cos), float32(sin)}
	}
	s.random = 1
	s.suppressEcho, s.reduceNoise = true, true
}

func (s *suppressor) analyse(t *transform, past *[frame]float32, now []float32, re, im *[bins]float32) {
	for i, v := range past {
		t.time[i] = v * s.shape[i]
	}
	for i, v := range now {
		t.time[frame+i] = v * s.shape[frame+i]
	}
	clear(t.time[window:])
	copy(past[:], now)
	t.Forward(t.time[:], re[:], im[:])
}

const (
	minimaFrames   = 250
	minimaShare    = 0.15 // of the least power: an echo that lasts must not be taken for noise
	overAlone      = 20
	overNear       = 0.7
	noiseGainFloor = 0.3
	leakLeast      = 0.001 // -30 dB
	leakMost       = 2
	quiet          = 40 // power of a bin of a window with hardly a sound, times its length
)

// process takes a frame of what is left after the filter, of the filter's echo
// and of the played sound, at the age (in frames) at which it comes back
// strongest, and replaces the frame by the clean one before it.
func (s *suppressor) process(t *transform, left, echo, played []float32, age int) {
	s.analyse(t, &s.errorPast, left, &s.ere, &s.eim)
	s.analyse(t, &s.echoPast, echo, &s.yre, &s.yim)
	s.analyse(t, &s.playedPast, played, &s.xre, &s.xim)
	s.head = (s.head + partitions - 1) % partitions
	now := &s.playedPower[s.head]
	for k := range now {
		now[k] = s.xre[k]*s.xre[k] + s.xim[k]*s.xim[k]
	}
	s.expect(&s.playedPower[(s.head+age)%partitions])
	s.judge()
	s.track()
	s.weigh()
	s.synthesise(t, left)
}

// expect makes the basis: where and when residual echo may be. A loudspeaker
// that distorts puts some of it where nothing was played.
func (s *suppressor) expect(played *[bins]float32) {
	const last = 0.6 // of the power a frame ago: reverberation that the filter misses
	var wide float32
	for k := range low {
		power := s.yre[k]*s.yre[k] + s.yim[k]*s.yim[k]
		// From low to high: harmonics lie above.
		wide += 0.06 * (power - wide)
		power += 0.015 * wide
		s.basis[k] = max(power, last*s.basis[k])
	}
	for k := low; k < bins; k++ {
		s.basis[k] = max(played[k], last*s.basis[k])
	}
}

// moments are the means, over about a quarter of a second, by which two levels are
// correlated.
type moments struct{ x, y, xx, yy, xy float32 }

func (m *moments) add(x, y float32) (correlation float32) {
	const smooth = 0.04
	m.x += smooth * (x - m.x)
	m.y += smooth * (y - m.y)
	m.xx += smooth * (x*x - m.xx)
	m.yy += smooth * (y*y - m.yy)
	m.xy += smooth * (x*y - m.xy)
	vx, vy := m.xx-m.x*m.x, m.yy-m.y*m.y
	if vx <= 0 || vy <= 0 {
		return 0
	}
	return (m.xy - m.x*m.y) / float32(math.Sqrt(float64(vx*vy)))
}

// judge compares what is left with what of the echo should be left: more means
// that somebody speaks here.
func (s *suppressor) judge() {
	var sum, weight float32
	var echoLoud, correlation, correlated float32
	for b := range bands {
		var left, basis, noise float32
		for k := edges[b]; k < edges[b+1]; k++ {
			left += s.ere[k]*s.ere[k] + s.eim[k]*s.eim[k]
			basis += s.basis[k]
			noise += s.noise[k]
		}
		count := float32(edges[b+1] - edges[b])
		expected := s.leak[b]*basis + noise + quiet*count
		s.ratio[b] = 10 * log10(left/expected)
		s.settled[b] += 0.5 * (s.ratio[b] - s.settled[b])
		if b < 22 && b > 1 {
			// By loudness, which is about the third root of power: single peaks
			// do not rule.
			c := s.moments[b].add(loudness(basis), loudness(left))
			w := s.moments[b].y - loudness(noise)
			if w > 0 {
				correlation += w * c
				correlated += w
			}
			// Bands in which there is neither say nothing.
			if left > 4*noise || s.leak[b]*basis > noise {
				sum += max(-10, min(20, s.settled[b]))
				weight++
			}
		}
		if basis*s.leak[b] > noise+quiet*count {
			echoLoud++
		}
	}
	s.echoing += 0.3 * (echoLoud/bands - s.echoing)
	s.alike = 0
	if correlated > 0 {
		s.alike = correlation / correlated
	}
	mean := float32(0)
	if weight > 3 {
		mean = sum / weight
	}
	// What goes up and down with the echo is echo, even if it is louder than
	// was to be expected.
	s.alone = max(0, min(1, (s.alike-0.4)/0.2))
	p := 1 / (1 + float32(math.Exp(float64(-1.6*(mean-3.5-8*s.alone)))))
	if p > s.near {
		s.near += 0.6 * (p - s.near)
	} else {
		s.near += 0.15 * (p - s.near)
	}
	for b := range bands {
		var basis, noise float32
		for k := edges[b]; k < edges[b+1]; k++ {
			basis += s.basis[k]
			noise += s.noise[k]
		}
		count := float32(edges[b+1] - edges[b])
		if s.leak[b]*basis < 2*(noise+quiet*count) && basis < 100*(noise+quiet*count) {
			continue // no echo to learn from
		}
		// The leak follows the middle of the ratios, and only downwards while
		// somebody speaks here.
		if s.ratio[b] > 2 {
			s.leak[b] *= 1 + 0.05*max((1-s.near)*(1-s.near), 0.4*s.alone)
		} else {
			s.leak[b] *= 1 - 0.03
		}
		s.leak[b] = max(leakLeast, min(leakMost, s.leak[b]))
	}
}

func loudness(power float32) float32 { return float32(math.Sqrt(math.Sqrt(float64(power)))) }

func log10(v float32) float32 { return float32(math.Log10(float64(v) + 1e-20)) }

// track follows the noise of the room where no speech or echo is.
func (s *suppressor) track() {
	s.frames++
	renew := s.frames%minimaFrames == 100
	for b := range bands {
		for k := edges[b]; k < edges[b+1]; k++ {
			power := s.ere[k]*s.ere[k] + s.eim[k]*s.eim[k]
			if s.frames < 20 { // the first fifth of a second is taken for noise, if it is soft
				s.noise[k] += (min(power, 1e6) - s.noise[k]) / float32(s.frames)
				s.calm[k] += (power - s.calm[k]) / float32(s.frames)
				s.next[k] = math.MaxFloat32
				continue
			}
			// Neither speech nor echo fills a frequency for seconds; what its power
			// does not fall below is noise (minima controlled averaging: I. Cohen,
			// B. Berdugo, IEEE Signal Processing Letters 9 (2002)).
			s.calm[k] += 0.1 * (power - s.calm[k])
			s.next[k] = min(s.next[k], s.calm[k])
			s.least[k] = min(s.least[k], s.calm[k])
			if renew {
				s.least[k], s.next[k] = s.next[k], s.calm[k]
			}
			if s.leak[b]*s.basis[k] > 0.5*s.noise[k]+quiet {
				// Echo tells nothing about the noise but that it is no more. Without
				// the minimum the noise of a fan that runs from the start would be
				// taken for a voice all the time, and the echo left in.
				if power < s.noise[k] {
					s.noise[k] += 0.05 * (power - s.noise[k])
				} else if least := minimaShare * s.least[k]; s.noise[k] < least && s.near < 0.5 {
					s.noise[k] += 0.1 * (least - s.noise[k])
				}
				continue
			}
			likely := s.likelihood[min(255, int(8*min(30, power/(s.noise[k]+1))))]
			s.present[k] += 0.1 * (likely - s.present[k])
			if s.present[k] > 0.99 { // for long: the noise has grown
				likely = min(likely, 0.99)
			}
			power = likely*s.noise[k] + (1-likely)*power
			s.noise[k] += 0.2 * (power - s.noise[k])
		}
	}
	s.noise[0] = s.noise[1]
}

// weigh computes the gains.
func (s *suppressor) weigh() {
	// Alone, the echo may go altogether; under a voice what is left of it is
	// masked, and every dB costs the voice. What goes up and down with the echo is
	// no voice's.
	near := s.near * (1 - s.alone)
	over := overNear + overAlone*(1-near)*(1-near)
	gentle := 0.7 * s.near
	if !s.suppressEcho {
		over = 0
	}
	for b := range bands {
		leak := over * s.leak[b]
		for k := edges[b]; k < edges[b+1]; k++ {
			power := s.ere[k]*s.ere[k] + s.eim[k]*s.eim[k]
			noise := s.noise[k]
			if !s.reduceNoise {
				noise = 0
			}
			residual := leak * s.basis[k]
			unwanted := residual + noise + 1
			// The decision-directed signal-to-interference ratio (Ephraim,
			// Malah 1984).
			snr := 0.92*s.clean[k]/unwanted + 0.08*max(0, power/unwanted-1)
			if s.near > 0.5 { // a voice's onset must not wait for it
				snr = max(snr, 0.5*(power/unwanted-1))
			}
			gain := snr / (1 + snr)
			// A voice keeps more of its soft parts.
			gain += gentle * (float32(math.Sqrt(float64(gain))) - gain)
			s.clean[k] = gain * gain * power
			least := float32(noiseGainFloor)
			if residual > 0 { // the noise's floor only holds for noise
				least *= (noise + 1) / unwanted
			}
			s.gain[k] = max(gain, least)
		}
	}
	s.gain[0] = s.gain[1]
}

// synthesise applies the gains, puts the room's sound where there was echo, and
// goes back to samples.
func (s *suppressor) synthesise(t *transform, out []float32) {
	for k := range bins {
		g := s.gain[k]
		t.re[k], t.im[k] = g*s.ere[k], g*s.eim[k]
		if s.suppressEcho {
			if fill := noiseGainFloor*noiseGainFloor*s.noise[k] - g*g*(s.ere[k]*s.ere[k]+s.eim[k]*s.eim[k]); fill > 0 && s.basis[k] > quiet {
				s.random = s.random*1664525 + 1013904223
				d := &s.directions[s.random>>26]
				a := float32(math.Sqrt(float64(fill)))
				t.re[k] += a * d[0]
				t.im[k] += a * d[1]
			}
		}
	}
	t.im[0], t.im[bins-1] = 0, 0
	t.Inverse(t.re[:], t.im[:], t.time[:])
	for i := range out {
		out[i] = s.overlap[i] + t.time[i]*s.shape[i]
		s.overlap[i] = t.time[frame+i] * s.shape[frame+i]
	}
}
