package audio

import (
	"time"

	"loiret.fr/visioborne/kiosk/media/audio/opus"
)

// The jitter buffer puts received packets in order and decides, each time the
// player runs out of sound, what comes next: a packet, the recovery of a lost
// one from the error correction in its successor, a concealment, or silence.
//
// Its delay follows the network: as long as almost all packets need, 20 to
// 200 ms. It asks the player to make frames a little shorter or longer, and to
// leave quiet ones out. It is pure: the time comes in as an argument, counted
// from any origin. A packet that comes as a copy in a later one (RFC 2198) takes
// the place of the lost one.
const (
	maxTarget     = 200 * time.Millisecond
	initialTarget = 40 * time.Millisecond // until the network is known

	jitterSlots   = 128 // 2.5 s of packets of 20 ms
	maxPayload    = 1500
	maxJump       = 3000                            // packets: more is a new stream (RFC 3550, A.1)
	maxGap        = opus.SampleRate / 2             // samples: a longer gap is skipped
	maxStarvation = opus.SampleRate                 // samples: then it waits for the stream to begin again
	excess        = 25 * time.Millisecond           // above the target: shorten a frame
	quietExcess   = 30 * time.Millisecond           // leave out a quiet frame
	muchExcess    = 60 * time.Millisecond           // shorten by more, and more often
	anyExcess     = 300 * time.Millisecond          // leave out any frame
	shortage      = 5 * time.Millisecond            // below the target: lengthen a frame
	muchShortage  = 40 * time.Millisecond           // lengthen more often
	changeGap     = 3                               // frames from one such change to the next
	urgentGap     = 2                               // where much is to be changed
	bucket        = 5 * time.Millisecond            // of the histogram of delays
	buckets       = int(maxTarget/bucket) + 1       // the last takes all longer ones
	percentile    = 0.97                            // of the packets are to be in time
	baseWindow    = 5 * time.Second                 // in which the fastest packet is looked for
	stepSamples   = opus.FrameSamples               // of a concealment
	minSamples    = opus.SampleRate * 25 / 10 / 1e3 // 2.5 ms: what the decoder counts in
)

// action is what the player has to do for the next stretch of sound.
type action string

const (
	actSilence action = "silence" // nothing has come yet, or nothing comes any more
	actDecode  action = "decode"  // decode payload
	actRecover action = "recover" // recover samples before payload, which comes next
	actConceal action = "conceal" // conceal samples
)

// leaveOut tells whether the player may leave the decoded frame out.
type leaveOut string

const (
	leaveOutNever   leaveOut = ""
	leaveOutIfQuiet leaveOut = "if quiet"
	leaveOutAlways  leaveOut = "always"
)

// fit tells how the player should make the decoded frame fit.
type fit string

const (
	fitAsIs        fit = ""
	fitShorter     fit = "shorter"
	fitMuchShorter fit = "much shorter"
	fitLonger      fit = "longer"
)

type step struct {
	do      action
	payload []byte // valid until the next push
	// timestamp is that of a packet to decode.
	timestamp uint32
	samples   int
	leaveOut  leaveOut
	fit       fit // of a frame that is not left out
}

// slot keeps one packet. Sequence numbers and timestamps are extended: they do
// not wrap.
type slot struct {
	sequence  int64
	timestamp int64
	samples   int
	payload   []byte
	waiting   bool // not yet played
	played    bool
}

type jitterBuffer struct {
	slots [jitterSlots]slot
	stats Stats
	codec Codec

	synced        bool  // a first packet has come
	highest       int64 // the highest sequence number that has come
	highestTime   int64 // its timestamp
	strange       uint16
	strangers     int // packets in a row that do not belong to the stream
	playing       bool
	next          int64 // sequence number to play
	floor         int64 // what comes before this is too late, when not playing
	cursor        int64 // timestamp to play
	owed          int64 // samples concealed because nothing was there
	filling       bool  // packets are there, waiting for the delay to build up
	fillingSince  time.Duration
	sinceChange   int // frames since the delay was changed on purpose
	level         float64
	delays        [buckets]float64 // how late packets come, as shares
	observed      int
	base, earlier time.Duration // the shortest transit in this window and the one before
	windowEnd     time.Duration
}

func newJitterBuffer() *jitterBuffer {
	j := &jitterBuffer{codec: CodecOpus}
	memory := make([]byte, jitterSlots*maxPayload)
	for i := range j.slots {
		j.slots[i].payload = memory[i*maxPayload:][:0:maxPayload]
	}
	return j
}

// setCodec begins anew with packets of another codec.
func (j *jitterBuffer) setCodec(c Codec) {
	if c != j.codec {
		j.codec = c
		j.forget()
	}
}

// samplesTime is the duration of that many samples.
func samplesTime(samples int64) time.Duration {
	return time.Duration(samples) * time.Second / opus.SampleRate
}

// push takes a packet that came at now.
func (j *jitterBuffer) push(now time.Duration, sequence uint16, timestamp uint32, payload []byte) {
	samples, err := j.codec.samples(payload)
	if err != nil || len(payload) > maxPayload {
		j.stats.Invalid++
		return
	}
	extended, at := j.extend(sequence, timestamp)
	if j.synced && !j.belongs(extended, at) {
		// One packet from elsewhere is noise, two in sequence are a sender
		// that began anew.
		if j.strangers > 0 && sequence == j.strange+1 {
			j.forget()
		} else {
			j.strange, j.strangers = sequence, 1
			j.stats.Invalid++
			return
		}
	}
	j.strangers = 0
	if !j.synced {
		j.synced = true
		extended, at = 1<<16+int64(sequence), 1<<32+int64(timestamp)
		j.highest, j.highestTime = extended-1, at
	}

	s := &j.slots[extended%jitterSlots]
	if s.sequence == extended && (s.waiting || s.played) {
		j.stats.Duplicates++
		return
	}
	j.stats.Received++
	j.observe(now, at)
	if !j.keep(now, extended, at, samples, payload) {
		j.stats.Late++
	}
}

// restore takes a copy of an earlier packet that came with the one after it,
// which has been pushed.
func (j *jitterBuffer) restore(now time.Duration, sequence uint16, timestamp uint32, payload []byte) {
	samples, err := j.codec.samples(payload)
	if err != nil || len(payload) > maxPayload || !j.synced || j.strangers > 0 {
		return
	}
	extended, at := j.extend(sequence, timestamp)
	// A copy says its time only. It is the packet before if it ends where the one after begins.
	after, s := &j.slots[(extended+1)%jitterSlots], &j.slots[extended%jitterSlots]
	if after.sequence != extended+1 || after.timestamp != at+int64(samples) || s.sequence == extended && (s.waiting || s.played) {
		return
	}
	j.observe(now, at) // this is how the packet has come: where many are lost, copies must be in time too
	if j.keep(now, extended, at, samples, payload) {
		j.stats.Restored++
	}
}

// keep puts a packet into its slot, unless its time is over.
func (j *jitterBuffer) keep(now time.Duration, extended, at int64, samples int, payload []byte) bool {
	if j.playing && extended < j.next || !j.playing && extended < j.floor {
		return false
	}
	if (j.playing || j.filling) && extended >= j.next+jitterSlots { // all that waits is too old to be of use
		j.floor = j.next
		j.drain()
		j.playing = false
	}
	if j.filling && extended <= j.highest-jitterSlots { // no room beside what waits
		return false
	}
	if extended > j.highest {
		j.highest, j.highestTime = extended, at
	}
	if !j.playing {
		if !j.filling {
			j.filling, j.fillingSince = true, now
			j.next = extended
		}
		j.next = min(j.next, extended)
	}
	s := &j.slots[extended%jitterSlots]
	*s = slot{sequence: extended, timestamp: at, samples: samples, payload: append(s.payload[:0], payload...), waiting: true}
	return true
}

// extend gives the numbers nearest to the highest so far.
func (j *jitterBuffer) extend(sequence uint16, timestamp uint32) (int64, int64) {
	return j.highest + int64(int16(sequence-uint16(j.highest))), j.highestTime + int64(int32(timestamp-uint32(j.highestTime)))
}

// belongs tells whether such a packet can be of the stream so far.
func (j *jitterBuffer) belongs(extended, at int64) bool {
	ahead, later := extended-j.highest, at-j.highestTime
	if ahead > maxJump || ahead < -maxJump/3 {
		return false
	}
	return later < 10*60*opus.SampleRate && later > -30*opus.SampleRate
}

// forget begins anew, but for the statistics.
func (j *jitterBuffer) forget() {
	j.drain()
	stats, slots, codec := j.stats, j.slots, j.codec
	*j = jitterBuffer{stats: stats, slots: slots, codec: codec}
	for i := range j.slots {
		j.slots[i].played, j.slots[i].sequence = false, 0
	}
}

func (j *jitterBuffer) drain() {
	for i := range j.slots {
		if j.slots[i].waiting {
			j.slots[i].waiting = false
			j.stats.Dropped++
		}
	}
	j.filling, j.owed = false, 0
}

// observe learns how much later than the fastest packets come.
func (j *jitterBuffer) observe(now time.Duration, at int64) {
	transit := now - samplesTime(at)
	switch {
	case j.observed == 0:
		j.base, j.earlier, j.windowEnd = transit, transit, now+baseWindow
	case now >= j.windowEnd: // two windows, so that a slow clock or a longer way is followed
		before := min(j.base, j.earlier)
		j.earlier, j.base, j.windowEnd = j.base, transit, now+baseWindow
		j.shift(min(j.base, j.earlier) - before)
	}
	j.base = min(j.base, transit)
	late := transit - min(j.base, j.earlier)
	at5 := min(int(late/bucket), buckets-1)

	j.observed++
	weight := max(1/float64(j.observed), 0.008) // forgets a burst of a second within about six
	for i := range j.delays {
		j.delays[i] *= 1 - weight
	}
	j.delays[at5] += weight
}

// shift takes what all packets have become later by for granted.
func (j *jitterBuffer) shift(later time.Duration) {
	by := min(int(later/bucket), buckets-1)
	if by <= 0 {
		return
	}
	for i := range buckets {
		share := j.delays[i]
		j.delays[i] = 0
		j.delays[max(i-by, 0)] += share
	}
}

// target is the delay to aim at.
func (j *jitterBuffer) target() time.Duration {
	target := samplesTime(stepSamples)
	sum := j.delays[0]
	for i := 1; i < buckets && sum < percentile; i++ {
		sum += j.delays[i]
		target = samplesTime(stepSamples) + time.Duration(i+1)*bucket
	}
	if j.observed < 50 { // not much is known
		target = max(target, initialTarget)
	}
	return min(target, maxTarget)
}

// ahead is what is there to be played, in samples, lost packets included.
func (j *jitterBuffer) ahead() int64 {
	end := j.highestTime + int64(j.slots[j.highest%jitterSlots].samples)
	return max(end-j.cursor, 0)
}

// pull tells what comes next.
func (j *jitterBuffer) pull(now time.Duration) step {
	s := j.following(now)
	if s.do != actSilence {
		j.stats.Played += samplesTime(int64(s.samples))
	}
	return s
}

func (j *jitterBuffer) following(now time.Duration) step {
	if !j.playing {
		if !j.begin(now) {
			return step{do: actSilence, samples: stepSamples}
		}
	}
	if j.highest < j.next {
		return j.starve()
	}
	// The first packet that is there, and what is missing before it.
	first := j.next
	for !j.holds(first) {
		first++ // ends at the latest at the highest, which waits as long as next has not passed it
	}
	s := &j.slots[first%jitterSlots]
	if paid := min(j.owed, s.timestamp-j.cursor); paid > 0 {
		j.cursor += paid
	}
	j.owed = 0
	missing := s.timestamp - j.cursor
	if missing > maxGap {
		j.stats.Lost += int(first - j.next)
		j.next, j.cursor, missing = first, s.timestamp, 0
	}

	lost := int(first - j.next)
	switch {
	case missing < minSamples: // nothing, or less than the decoder can fill
		j.stats.Lost += lost
		return j.play(s)
	case lost > 0 && missing <= int64(max(s.samples, stepSamples)):
		j.stats.Lost += lost
		j.next, j.cursor = first, s.timestamp
		if !j.codec.corrects() {
			return j.conceal(int(missing / minSamples * minSamples))
		}
		j.stats.Recovered++
		return step{do: actRecover, payload: s.payload, samples: int(missing / minSamples * minSamples)}
	default: // lost, or a pause of the sender's
		samples := min(missing/minSamples*minSamples, stepSamples)
		j.cursor += samples
		if lost > 1 {
			j.next++
			j.stats.Lost++
		}
		if lost == 0 { // nothing is missing
			j.stats.Concealed++
			return step{do: actConceal, samples: int(samples)}
		}
		return j.conceal(int(samples))
	}
}

// conceal makes up for what has not come.
func (j *jitterBuffer) conceal(samples int) step {
	j.stats.Concealed++
	j.stats.MadeUp += samplesTime(int64(samples))
	return step{do: actConceal, samples: samples}
}

func (j *jitterBuffer) holds(sequence int64) bool {
	s := &j.slots[sequence%jitterSlots]
	return s.waiting && s.sequence == sequence
}

// begin starts playing once the delay has built up.
func (j *jitterBuffer) begin(now time.Duration) bool {
	if !j.filling {
		return false
	}
	for !j.holds(j.next) {
		j.next++
	}
	j.cursor = j.slots[j.next%jitterSlots].timestamp
	target := j.target()
	if now-j.fillingSince < target && samplesTime(j.ahead()) < target {
		return false
	}
	j.playing, j.filling, j.owed, j.sinceChange = true, false, 0, 0
	j.level = float64(j.ahead())
	return true
}

// starve conceals while nothing is there.
func (j *jitterBuffer) starve() step {
	if j.owed >= maxStarvation {
		j.playing, j.floor, j.owed = false, j.next, 0
		return step{do: actSilence, samples: stepSamples}
	}
	j.owed += stepSamples
	return j.conceal(stepSamples)
}

// play gives a packet, and tells how the delay wants it.
func (j *jitterBuffer) play(s *slot) step {
	j.next, j.cursor = s.sequence, s.timestamp
	// Smoothed over half a second: what counts is the trend.
	j.level += (float64(j.ahead()) - j.level) / 32
	above := samplesTime(int64(j.level)) - j.target()
	j.sinceChange++
	urgent, may := j.sinceChange >= urgentGap, j.sinceChange >= changeGap

	out := step{do: actDecode, payload: s.payload, timestamp: uint32(s.timestamp), samples: s.samples}
	switch {
	// Never the last one: it would be concealed at once.
	case above > excess && j.highest > s.sequence:
		switch {
		case !urgent:
		case above > anyExcess:
			out.leaveOut = leaveOutAlways
		case above > quietExcess:
			out.leaveOut = leaveOutIfQuiet
		}
		switch {
		case urgent && above > muchExcess:
			out.fit = fitMuchShorter
		case may:
			out.fit = fitShorter
		}
	case urgent && above < -muchShortage, may && above < -shortage:
		out.fit = fitLonger
	}
	s.waiting, s.played = false, true
	j.next, j.cursor = s.sequence+1, s.timestamp+int64(s.samples)
	return out
}

// leftOut notes that the player has left that many samples out.
func (j *jitterBuffer) leftOut(samples int) {
	j.sinceChange = 0
	j.level -= float64(samples)
	j.stats.LeftOut++
	j.stats.Played -= samplesTime(int64(samples))
}

// fitted notes that the player has made a frame longer by that many samples, or shorter.
func (j *jitterBuffer) fitted(samples int) {
	if samples == 0 {
		return
	}
	j.sinceChange = 0
	j.level += float64(samples)
	if samples > 0 {
		j.stats.Longer += samplesTime(int64(samples))
	} else {
		j.stats.Shorter += samplesTime(int64(-samples))
	}
}

// snapshot gives the statistics as of now.
func (j *jitterBuffer) snapshot() Stats {
	s := j.stats
	s.Target = j.target()
	if j.playing {
		s.Delay = samplesTime(int64(j.level))
	}
	return s
}
