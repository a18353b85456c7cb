package audio

import "math"

// The stretcher makes a frame of sound shorter or longer without changing its
// pitch, so that the delay can follow the network while somebody speaks without
// a pause: it takes out, or plays twice, a stretch after which the sound goes on
// as it began - a pitch period or several - and fades over from the one place to
// the other. It is WSOLA (Verhelst and Roelands, 1993) on a single frame, so that
// it looks at no sound that is not there yet and adds no delay.
//
// It has no state between frames but its scratch memory, and allocates nothing.
type stretcher struct {
	coarse [(stretchWindow + coarseStep - 1) / coarseStep]float64
}

const (
	leastPeriod   = 120  // samples, 2.5 ms: a voice of 400 Hz
	mostPeriod    = 720  // 15 ms: one of 67 Hz
	mostOverlap   = 480  // of the fade, 10 ms
	leastOverlap  = 240  // 5 ms: a shorter one is heard
	coarseStep    = 6    // the search looks at 8 kHz first
	stretchWindow = 1200 // samples of a frame that are looked at: mostPeriod and mostOverlap
	// stretchRoom is what a frame may grow by.
	stretchRoom = mostPeriod
)

// likeness that the two places must have, as a correlation.
const (
	alikeWell   = 0.85 // nobody hears it
	alikeEnough = 0.6  // better than much delay
)

// shorten takes a stretch out of frame and returns what is left. It returns frame
// as it is where no two places are as alike as least asks for. far prefers long
// stretches to the best ones. Of a quiet frame any stretch may go.
func (s *stretcher) shorten(frame []int16, least float64, far, quiet bool) []int16 {
	period, alike := s.period(frame, far, quiet)
	if period == 0 || alike < least && !quiet {
		return frame
	}
	overlap := min(mostOverlap, len(frame)-period)
	// From the end, so that what is read has not been written.
	for i := overlap - 1; i >= 0; i-- {
		frame[period+i] = fade(frame[i], frame[period+i], i, overlap, alike)
	}
	return frame[period:]
}

// lengthen plays a stretch of frame twice. frame must have a capacity of stretchRoom more than its length.
func (s *stretcher) lengthen(frame []int16, least float64, quiet bool) []int16 {
	period, alike := s.period(frame, false, quiet)
	if period == 0 || alike < least && !quiet {
		return frame
	}
	overlap := min(mostOverlap, len(frame)-period)
	long := frame[:len(frame)+period]
	copy(long[period+overlap:], frame[overlap:])
	for i := overlap - 1; i >= 0; i-- {
		long[period+i] = fade(frame[period+i], frame[i], i, overlap, alike)
	}
	return long
}

// fade goes over from one sound to another, at step i of n. Sounds that are not
// alike add up to less than each of them: the loss is made up for.
func fade(from, to int16, i, n int, alike float64) int16 {
	w := (float64(i) + 0.5) / float64(n)
	v := (1-w)*float64(from) + w*float64(to)
	v /= math.Sqrt((1-w)*(1-w) + w*w + 2*max(alike, 0)*w*(1-w))
	return int16(max(math.MinInt16, min(math.MaxInt16, math.Round(v))))
}

// period finds after how many samples the frame is most like its beginning, and how much. 0: it is too short.
func (s *stretcher) period(frame []int16, far, quiet bool) (int, float64) {
	window := frame[:min(len(frame), stretchWindow)]
	most := min(mostPeriod, len(window)-leastOverlap)
	if most < leastPeriod {
		return 0, 0
	}
	if quiet { // there is no pitch to find
		return most, alikeness(window, most, 1)
	}
	coarse := s.coarse[:len(window)/coarseStep]
	for i := range coarse {
		sum := 0
		for _, v := range window[i*coarseStep:][:coarseStep] {
			sum += int(v)
		}
		coarse[i] = float64(sum)
	}
	best, at := -1.0, 0
	for lag := leastPeriod / coarseStep; lag <= most/coarseStep; lag++ {
		n := min(mostOverlap/coarseStep, len(coarse)-lag)
		var xy, xx, yy float64
		for i, x := range coarse[:n] {
			y := coarse[lag+i]
			xy, xx, yy = xy+x*y, xx+x*x, yy+y*y
		}
		c := xy / math.Sqrt(xx*yy+1)
		// A longer stretch of the same likeness saves work later.
		if c > best || far && c > 0.9*best && c > alikeEnough {
			best, at = max(c, best), lag
		}
	}
	at *= coarseStep
	found, alike := at, -1.0
	for p := max(at-coarseStep, leastPeriod); p <= min(at+coarseStep, most); p++ {
		if a := alikeness(window, p, 2); a > alike {
			found, alike = p, a
		}
	}
	return found, alike
}

// alikeness correlates the beginning of a sound with what comes a period later, looking at every step-th sample.
func alikeness(sound []int16, period, step int) float64 {
	var xy, xx, yy float64
	for i := 0; i < min(mostOverlap, len(sound)-period); i += step {
		x, y := float64(sound[i]), float64(sound[period+i])
		xy, xx, yy = xy+x*y, xx+x*x, yy+y*y
	}
	return xy / math.Sqrt(xx*yy+1)
}

// joint goes over from a frame that is left out to the one that is played
// instead, so that it does not click.
type joint struct {
	head [leastOverlap]int16 // the beginning of the first frame that was left out
	n    int
}

func (j *joint) leaveOut(frame []int16) {
	if j.n == 0 { // it is the first that what was played goes on with
		j.n = copy(j.head[:], frame)
	}
}

func (j *joint) play(frame []int16) {
	n := min(j.n, len(frame))
	for i := range n {
		frame[i] = fade(j.head[i], frame[i], i, n, 0.5)
	}
	j.n = 0
}
