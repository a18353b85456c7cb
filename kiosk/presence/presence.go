// Package presence puts together what the booth's sensors and the touchscreen say
// into whether somebody is there: absent, near or seated. It is pure: Step takes a
// state, a time and a reading and returns the next state. It opens nothing, has no
// clock and no goroutine. The sensors are packages below it; none of them is a
// camera.
//
// Distances are millimetres from the sensor, times are the caller's.
//
// Two sensors see differently. A distance sensor sees a cone of some degrees, up to
// a few metres, also somebody who does not move. A motion detector sees the room
// before the booth, but only what moves. So a person whom the distance sensor sees
// is there, one whom only the motion detector has seen stays for a while, and a
// touch is a person in any case. Going up happens at once, so that the screen wakes
// for who comes; going down waits, so that nobody is given up for leaning back.
//
// A sensor that says what cannot be is worse than none: it would keep the panel lit
// for a chair, or ask somebody who is talking whether they are still there. So each
// is watched (Fault). One that is stuck, noisy or silent is told of and not asked,
// until it behaves.
//
// Sources: the sensors' figures are those of their own packages, and of
// VL53L1X, DocID031281 rev 3, page 1 (4 m, field of view of 27 degrees);
// HC-SR501 (output held for 3 s or more, then blind for 2.5 s).
package presence

import "time"

// Level is whether somebody is there.
type Level string

const (
	Absent Level = "absent"
	Near   Level = "near"
	Seated Level = "seated"
)

// above: l is more of a person than o.
func (l Level) above(o Level) bool { return l.rank() > o.rank() }

func (l Level) rank() int {
	switch l {
	case Near:
		return 1
	case Seated:
		return 2
	case Absent:
	}
	return 0
}

// Sensor is one of the sensors.
type Sensor string

const (
	SensorMotion   Sensor = "motion"
	SensorDistance Sensor = "distance"
)

// Fault is what is wrong with a sensor.
type Fault string

const (
	// FaultMissing: it cannot be read, or says nothing.
	FaultMissing Fault = "missing"
	// FaultStuck: it says the same for hours, or while people touch the screen.
	FaultStuck Fault = "stuck"
	// FaultNoisy: it changes more often than people move, or tells of distances that cannot be.
	FaultNoisy Fault = "noisy"
)

// Reading is what a sensor said, or that time has passed.
//
//sumtype:decl
type Reading interface{ isReading() }

type (
	// Moved: whether the motion detector sees something move. It comes at each change and every second at least.
	Moved struct{ Moving bool }
	// Measured: what the distance sensor sees. It comes a few times a second.
	Measured struct {
		Target Target
		// Millimetres is meaningful with TargetSeen only.
		Millimetres int
	}
	// Lost: a sensor cannot be read.
	Lost struct{ Sensor Sensor }
	// Touched: a finger on the screen.
	Touched struct{}
	// Passed: time has passed; once a second.
	Passed struct{}
)

func (Moved) isReading()    {}
func (Measured) isReading() {}
func (Lost) isReading()     {}
func (Touched) isReading()  {}
func (Passed) isReading()   {}

// Target is whether a distance was measured.
type Target string

const (
	// TargetSeen: something is at that distance.
	TargetSeen Target = "seen"
	// TargetNone: nothing is within the sensor's range. That is what an empty room says.
	TargetNone Target = "none"
	// TargetInvalid: the sensor says that its measurement failed.
	TargetInvalid Target = "invalid"
)

// Options are which sensors a booth has, and where a person is near or seated.
type Options struct {
	Motion, Distance bool
	// NearMM and SeatedMM are the greatest distances at which somebody is near, and seated.
	NearMM, SeatedMM int
}

// How long what was seen stays true.
const (
	// A motion detector does not see who sits still. With a distance sensor beside it, that one does.
	motionHold, motionHoldAlone = 20 * time.Second, 2 * time.Minute
	touchHold, touchHoldAlone   = 15 * time.Second, 2 * time.Minute
	// What is less must stay so for this long: nobody has left for leaning back.
	fallToNear, fallToAbsent = 3 * time.Second, 5 * time.Second
	// Somebody who is near is let go only this much farther away.
	nearSlackMM, seatedSlackMM = 150, 100
)

// What is not believed.
const (
	// A sensor that has said nothing for this long is gone.
	silentAfter = 30 * time.Second
	// Always on: nobody moves before a motion detector for two hours without a pause of some seconds.
	movingTooLong = 2 * time.Hour
	// Nobody sits there for three hours (a call lasts two at most) without a touch: it is a chair.
	nearTooLong = 3 * time.Hour
	// So many visits by touch that a sensor did not see are a sensor that sees nothing. Visits are touches with
	// visitPause between them; to have seen one is to have seen somebody within seenWithin before.
	unseenVisits = 5
	visitPause   = 5 * time.Minute
	seenWithin   = 2 * time.Minute
	// A laser's distances differ by a millimetre or more from one to the next; one that has been the very same for
	// frozenAfter at the time of frozenVisits touches is not measured any more.
	frozenAfter  = time.Minute
	frozenVisits = 2
	// A motion detector holds its output for seconds; 60 changes a minute are a loose wire.
	changesPerMinute = 60
	// At five measurements a second: so many jumps of more than a metre, or distances that cannot be, a minute.
	jumpMM               = 1000
	jumpsPerMinute       = 30
	implausiblePerMinute = 60
	// The sensors' range, and what is closer than their glass.
	leastMM, mostMM = 10, 4500
	// A noisy sensor is believed again when it has been quiet for this long.
	trustAfter = 5 * time.Minute
)

// State is what is known. The zero value is before the first reading.
type State struct {
	level Level
	sees  bool
	begun bool

	motion   motion
	distance distance
	// touchedAt is the last touch; visitAt the last one that was counted as a visit.
	touchedAt, visitAt time.Time
	// falling is to what the level will fall unless somebody is seen again, since when.
	falling      Level
	fallingSince time.Time

	motionFault, distanceFault Fault
}

// Level is whether somebody is there, as far as is known.
func (s State) Level() Level {
	if s.level == "" {
		return Absent
	}
	return s.level
}

// Sees: at least one sensor is believed, so that Absent means that nobody is there. Without one, only touches are known.
func (s State) Sees() bool { return s.sees }

// Fault is what is wrong with a sensor; "" when nothing is, or the booth has none such.
func (s State) Fault(of Sensor) Fault {
	switch of {
	case SensorMotion:
		return s.motionFault
	case SensorDistance:
		return s.distanceFault
	}
	return ""
}

// Step is the state after a reading.
func Step(s State, o Options, now time.Time, r Reading) State {
	if !s.begun {
		s.begun, s.level = true, Absent
		// Sensors get their time to say something first.
		s.motion.heardAt, s.distance.heardAt = now, now
		s.motion.changedAt, s.distance.changedAt = now, now
	}
	switch r := r.(type) {
	case Moved:
		s.motion.take(now, r.Moving)
	case Measured:
		s.distance.take(now, r)
	case Lost:
		switch r.Sensor {
		case SensorMotion:
			s.motion.lost = true
		case SensorDistance:
			s.distance.lost = true
		}
	case Touched:
		s.touch(now, o)
	case Passed:
	}
	s.motionFault, s.distanceFault = "", ""
	if o.Motion {
		s.motionFault = s.motion.fault(now)
	}
	if o.Distance {
		s.distanceFault = s.distance.fault(now, o, s.touchedAt)
	}
	s.decide(now, o)
	return s
}

// touch takes a finger: somebody is there, and the sensors should know.
func (s *State) touch(now time.Time, o Options) {
	s.touchedAt = now
	if !s.visitAt.IsZero() && now.Sub(s.visitAt) < visitPause {
		return
	}
	s.visitAt = now
	s.motion.visit(now)
	s.distance.visit(now, o)
}

// decide puts the evidence together.
func (s *State) decide(now time.Time, o Options) {
	motion, distance := o.Motion && s.motionFault == "", o.Distance && s.distanceFault == ""
	s.sees = motion || distance

	seen := Absent
	raise := func(l Level) {
		if l.above(seen) {
			seen = l
		}
	}
	if distance {
		raise(s.distance.level(o, s.level))
	}
	if motion && s.motion.within(now, pick(distance, motionHold, motionHoldAlone)) {
		raise(Near)
	}
	if !s.touchedAt.IsZero() && now.Sub(s.touchedAt) < pick(distance, touchHold, touchHoldAlone) {
		raise(Seated)
	}

	switch {
	case !s.level.above(seen):
		s.level, s.falling = seen, ""
	case s.falling != seen:
		s.falling, s.fallingSince = seen, now
	case now.Sub(s.fallingSince) >= pick(seen == Absent, fallToAbsent, fallToNear):
		s.level, s.falling = seen, ""
	}
}

func pick(first bool, a, b time.Duration) time.Duration {
	if first {
		return a
	}
	return b
}

// minute counts what happens in a minute.
type minute struct {
	since time.Time
	n     int
}

// add counts one more and returns how many there are in this minute.
func (m *minute) add(now time.Time) int {
	if m.since.IsZero() || now.Sub(m.since) >= time.Minute || now.Before(m.since) {
		*m = minute{since: now}
	}
	m.n++
	return m.n
}

// motion is what the motion detector has said.
type motion struct {
	heardAt, changedAt, movedAt time.Time
	moving, lost                bool
	changes                     minute
	noisyUntil                  time.Time
	unseen                      int // visits in a row that it did not see
}

func (m *motion) take(now time.Time, moving bool) {
	m.heardAt, m.lost = now, false
	if moving != m.moving {
		m.moving, m.changedAt = moving, now
		if m.changes.add(now) > changesPerMinute {
			m.noisyUntil = now.Add(trustAfter)
		}
	}
	if moving {
		m.movedAt, m.unseen = now, 0
	}
}

func (m *motion) visit(now time.Time) {
	if m.within(now, seenWithin) {
		m.unseen = 0
		return
	}
	m.unseen++
}

// within: something moved, or moves.
func (m *motion) within(now time.Time, d time.Duration) bool {
	return m.moving || !m.movedAt.IsZero() && now.Sub(m.movedAt) < d
}

func (m *motion) fault(now time.Time) Fault {
	switch {
	case m.lost || now.Sub(m.heardAt) > silentAfter:
		return FaultMissing
	case now.Before(m.noisyUntil):
		return FaultNoisy
	case m.unseen >= unseenVisits || m.moving && now.Sub(m.changedAt) >= movingTooLong:
		return FaultStuck
	}
	return ""
}

// recentCount is how many measurements the median is of: at five a second, somebody is seen after half a second, and a
// measurement or two that went wrong are nobody.
const recentCount = 5

// distance is what the distance sensor has said.
type distance struct {
	heardAt, changedAt time.Time
	lost               bool
	recent             [recentCount]int // what was seen last; farAway where nothing was
	count              int
	last               int
	nearSince, seenAt  time.Time // since when somebody has been near without a break, and when last
	jumps, implausible minute
	noisyUntil         time.Time
	unseen, frozen     int
	chair              bool // it is no person that is near
}

// farAway stands for nothing within the range.
const farAway = 1 << 20

func (d *distance) take(now time.Time, m Measured) {
	d.heardAt, d.lost = now, false
	mm := m.Millimetres
	switch m.Target {
	case TargetSeen:
	case TargetNone:
		mm = farAway
	case TargetInvalid:
		mm = -1
	}
	if mm != farAway && (mm < leastMM || mm > mostMM) {
		if d.implausible.add(now) > implausiblePerMinute {
			d.noisyUntil = now.Add(trustAfter)
		}
		return // it is no distance
	}
	if mm != d.last || mm == farAway { // an empty room says the same all day
		d.changedAt, d.frozen = now, 0
	}
	if jump := max(min(mm, mostMM), min(d.last, mostMM)) - min(mm, d.last); d.count > 0 && jump > jumpMM {
		if d.jumps.add(now) > jumpsPerMinute {
			d.noisyUntil = now.Add(trustAfter)
		}
	}
	d.last = mm
	d.recent[d.count%recentCount] = mm
	d.count++
	if d.count == 2*recentCount {
		d.count = recentCount // how many it was does not matter any more
	}
}

// median is the middle of the last measurements; farAway while there are too few.
func (d *distance) median() int {
	if d.count < recentCount {
		return farAway
	}
	sorted := d.recent
	for i := 1; i < recentCount; i++ {
		for j := i; j > 0 && sorted[j] < sorted[j-1]; j-- {
			sorted[j], sorted[j-1] = sorted[j-1], sorted[j]
		}
	}
	return sorted[recentCount/2]
}

// level is what the distance says of somebody, who was at a level before.
func (d *distance) level(o Options, was Level) Level {
	near, seated := o.NearMM, o.SeatedMM
	if was != Absent {
		near += nearSlackMM
	}
	if was == Seated {
		seated += seatedSlackMM
	}
	switch mm := d.median(); {
	case mm <= seated:
		return Seated
	case mm <= near:
		return Near
	}
	return Absent
}

func (d *distance) visit(now time.Time, o Options) {
	if now.Sub(d.changedAt) >= frozenAfter {
		d.frozen++
	}
	if d.median() <= o.NearMM || !d.seenAt.IsZero() && now.Sub(d.seenAt) < seenWithin {
		d.unseen = 0
		return
	}
	d.unseen++
}

func (d *distance) fault(now time.Time, o Options, touchedAt time.Time) Fault {
	if d.median() <= o.NearMM+nearSlackMM {
		if d.nearSince.IsZero() {
			d.nearSince = now
		}
		d.seenAt, d.unseen = now, 0
	} else {
		d.nearSince, d.chair = time.Time{}, false
	}
	untouched := touchedAt
	if untouched.Before(d.nearSince) {
		untouched = d.nearSince
	}
	if !d.nearSince.IsZero() && now.Sub(untouched) >= nearTooLong {
		d.chair = true // until it is moved: a touch beside it does not make it a person
	}
	switch {
	case d.lost || now.Sub(d.heardAt) > silentAfter:
		return FaultMissing
	case now.Before(d.noisyUntil):
		return FaultNoisy
	case d.unseen >= unseenVisits || d.frozen >= frozenVisits || d.chair:
		return FaultStuck
	}
	return ""
}
