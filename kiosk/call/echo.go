package call

import (
	"math"
	"time"
)

// Echo is how well the adviser's voice is kept from coming back to them.
type Echo string

const (
	EchoUnknown    Echo = ""              // there was too little of it to tell
	EchoNone       Echo = "none"          // the microphone hears none
	EchoGood       Echo = "good"          // it is taken out
	EchoPoor       Echo = "poor"          // some of it comes back
	EchoNotLearned Echo = "not_converged" // the canceller does not get to know the room
)

// poorEcho is the reduction below which the adviser hears the own voice, in dB. Two who
// talk at the same time, or a noisy room, still leave 24.
const poorEcho = 20

// Sound is how the sound of a call fares in the booth. It says nothing of what is said.
type Sound struct {
	Echo Echo
	// ReducedDB is by how much the echo was lowered, in the middle of all seconds: the last
	// ones have people in them who get up. 0 for EchoUnknown and EchoNone.
	ReducedDB int
	// Of the adviser's sound, as a Speaker's Heard.
	Played, MadeUp time.Duration
}

// Sound is false till there was enough sound to judge it by.
func (p *Peer) Sound() (Sound, bool) {
	p.mu.Lock()
	var s Sound
	s.Played, s.MadeUp = p.soundHeard()
	e := p.measures.echo
	p.mu.Unlock()
	if s.Played < judgedLeast {
		return Sound{}, false
	}
	s.Echo, s.ReducedDB = e.judge()
	return s, true
}

// echoes are what the microphone's echo canceller said, asked once a second: asking
// costs the sound nothing, where a sum over frames would.
type echoes struct {
	found, learned, none int     // seconds; none: in which no echo was found
	reduced              [61]int // seconds at each whole dB
}

func (e *echoes) second(reducedDB float64, found, learned bool) {
	if !found {
		e.none++
		return
	}
	e.found++
	if learned {
		e.learned++
	}
	e.reduced[int(max(0, min(math.Round(reducedDB), float64(len(e.reduced)-1))))]++
}

func (e *echoes) judge() (Echo, int) {
	const least = int(judgedLeast / time.Second)
	if e.found < least {
		if e.found == 0 && e.none >= least {
			return EchoNone, 0
		}
		return EchoUnknown, 0
	}
	median := 0
	for below := e.reduced[0]; 2*below < e.found; below += e.reduced[median] {
		median++
	}
	switch {
	case 2*e.learned < e.found:
		return EchoNotLearned, median
	case median < poorEcho:
		return EchoPoor, median
	}
	return EchoGood, median
}
