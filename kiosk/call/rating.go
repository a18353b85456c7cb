package call

import (
	"time"

	"github.com/pion/webrtc/v4"
)

// Cause is what was wrong with a call. It says nothing of anybody in it.
type Cause string

// What keeps a call from beginning: how far it got.
const (
	CauseNoAnswer   Cause = "no_answer"   // the adviser's page did not answer the offer
	CauseNoPath     Cause = "no_path"     // no packet got through to the adviser's browser
	CauseNoKeys     Cause = "no_keys"     // packets did, but no keys were agreed on
	CauseNothing    Cause = "no_media"    // and then neither sound nor picture came, or could be sent
	CausePageClosed Cause = "page_closed" // the adviser's page closed the connection
)

// What makes a call a poor one, with the limits below.
const (
	CauseSound       Cause = "sound"
	CausePicture     Cause = "picture"
	CauseDelay       Cause = "delay"
	CauseInterrupted Cause = "interrupted"
)

const (
	// A citizen hears gaps from this part of the sound on that had to be made up.
	poorMadeUp = 0.03
	// The adviser's picture stood still for more than this part of the time that it was there.
	poorFrozen = 0.05
	// Two people talk at the same time when the way there and back takes longer
	// than this (ITU-T G.114 has 400 ms as the most for one way, devices included), for half of the call.
	poorRoundTrip, poorDelayed = 400 * time.Millisecond, 0.5
	// What was there for less is not judged.
	judgedLeast = 10 * time.Second
)

// Rating is what was wrong with the call, nothing if it was a good one. It is for
// the call's end, before Run's context ends.
func (p *Peer) Rating() []Cause {
	p.describing.Lock()
	answered := p.remote
	p.describing.Unlock()
	ice := p.pc.ICEConnectionState()
	p.mu.Lock()
	connected, up, left := p.connected, p.up, p.left
	m := p.measures
	m.played, m.madeUp = p.soundHeard()
	p.mu.Unlock()
	switch {
	case connected:
		return m.causes(time.Now())
	case left:
		return []Cause{CausePageClosed}
	case up:
		return []Cause{CauseNothing}
	case ice == webrtc.ICEConnectionStateConnected, ice == webrtc.ICEConnectionStateCompleted:
		return []Cause{CauseNoKeys}
	case answered:
		return []Cause{CauseNoPath}
	}
	return []Cause{CauseNoAnswer}
}

// soundHeard is a Speaker's Heard, for all of the call's speakers. p.mu is held.
func (p *Peer) soundHeard() (played, madeUp time.Duration) {
	played, madeUp = p.measures.played, p.measures.madeUp
	if p.speaker != nil {
		more, made := p.speaker.Heard()
		played, madeUp = played+more, madeUp+made
	}
	return played, madeUp
}

// measures are what a call is judged by, from its beginning.
type measures struct {
	played, madeUp time.Duration // of the adviser's sound, on speakers that are closed
	echo           echoes        // of the adviser's voice in the booth
	picture        freezes       // of the adviser's picture
	seconds, slow  int           // in which the round trip is known, and in which it was long
	interruptions  int
	cameraOff      bool // the adviser's
}

func (m *measures) causes(now time.Time) []Cause {
	var all []Cause
	if m.played >= judgedLeast && float64(m.madeUp) > poorMadeUp*float64(m.played) {
		all = append(all, CauseSound)
	}
	if watched, frozen := m.picture.until(now); watched >= judgedLeast && float64(frozen) > poorFrozen*float64(watched) {
		all = append(all, CausePicture)
	}
	if m.seconds >= int(judgedLeast/time.Second) && float64(m.slow) > poorDelayed*float64(m.seconds) {
		all = append(all, CauseDelay)
	}
	if m.interruptions > 0 {
		all = append(all, CauseInterrupted)
	}
	return all
}

// roundTrip takes one second's, 0 if it is not known.
func (m *measures) roundTrip(t time.Duration) {
	if t <= 0 {
		return
	}
	m.seconds++
	if t > poorRoundTrip {
		m.slow++
	}
}

// freezes finds for how long a picture stood still: between two frames that are
// further apart than usual, as totalFreezesDuration in browsers' statistics.
type freezes struct {
	last            time.Time // the last frame; zero while none is expected
	usual           time.Duration
	watched, frozen time.Duration
}

// frame takes a frame's arrival.
func (f *freezes) frame(now time.Time) {
	if !f.last.IsZero() {
		gap := now.Sub(f.last)
		f.watched += gap
		if f.long(gap) {
			f.frozen += gap
		} else {
			f.usual += (gap - f.usual) / 30
		}
	}
	f.last = now
}

func (f *freezes) long(gap time.Duration) bool {
	if f.usual == 0 {
		f.usual = min(gap, time.Second/10)
		return false
	}
	return gap > max(3*f.usual, f.usual+150*time.Millisecond)
}

// pause: no frames are expected till the next one.
func (f *freezes) pause(now time.Time) {
	f.watched, f.frozen = f.until(now)
	f.last = time.Time{}
}

// until is for how long the picture was there, and for how long it stood still.
func (f *freezes) until(now time.Time) (watched, frozen time.Duration) {
	if f.last.IsZero() {
		return f.watched, f.frozen
	}
	gap := now.Sub(f.last)
	if f.long(gap) {
		return f.watched + gap, f.frozen + gap
	}
	return f.watched + gap, f.frozen
}
