package echo

import "math"

const (
	// Speech is brought to -23 dBFS.
	wantedLevel = 2320
	gainMost    = 4.0 // 12 dB
	gainLeast   = 0.5
	// A peak is let through up to -2 dBFS.
	limit = 26000
)

// leveller brings speech to an even level: slowly, so that the voice stays the
// speaker's, by the loudness of speech only, and never over the limit.
type leveller struct {
	speech  float32 // power of speech of late
	gain    float32
	applied float32
	cut     float32 // by the limiter
	peak    float32
}

func (l *leveller) init() { l.gain, l.applied, l.cut = 1, 1, 1 }

func (l *leveller) decibels() float64 { return 20 * math.Log10(float64(l.applied)) }

func (l *leveller) process(x []float32, near, echoing float32) {
	p := power(x)
	l.peak = max(0.998*l.peak, p)
	// Frames near the loudest of the last seconds are speech; so is the near
	// voice during echo.
	if p > 200*200/4 && p > 0.05*l.peak && (echoing < 0.1 || near > 0.9) {
		if l.speech == 0 {
			l.speech = p
		}
		l.speech += 0.01 * (p - l.speech)
		wanted := wantedLevel / float32(math.Sqrt(float64(l.speech)))
		wanted = max(gainLeast, min(gainMost, wanted))
		// 3 dB a second of speech at most.
		l.gain *= max(0.9966, min(1.0035, wanted/l.gain))
	}
	var top float32
	for _, v := range x {
		top = max(top, v, -v)
	}
	from := l.applied
	l.cut = min(1, l.cut*1.006)
	if top*l.gain*l.cut > limit {
		l.cut = limit / (top * l.gain)
	}
	to := l.gain * l.cut
	l.applied = to
	for i, v := range x {
		// Down at once, up over the frame.
		g := to
		if to > from {
			g = from + (to-from)*float32(i)/frame
		} else if i < 32 {
			g = from + (to-from)*float32(i)/32
		}
		x[i] = max(-limit*1.2, min(limit*1.2, v*g))
	}
}
