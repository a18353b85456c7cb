// Package audio opens the booth's microphone and speaker. The microphone gives
// Opus packets of 20 ms; the speaker takes the adviser's, puts them in order,
// makes up for lost ones and plays them, because echo cancellation needs what
// is played.
//
// Both are opened from a Room, which brings the clocks of their cards together:
// for each 10 ms that the microphone captures it knows what the speaker played.
// Cards are driven by package alsa; simulated devices, a microphone that speaks
// and a speaker that plays to a file or to nobody, need none.
//
// Both are open from their Open to their Close and at no other time. A
// microphone has no goroutine, a speaker has one, which ends in Close. Nothing
// is recorded unless a recording is asked for. Sources: RFC 7587 (Opus over
// RTP), RFC 3550 A.1 (sequence numbers).
package audio

import "time"

// Simulated is the name of the simulated microphone and speaker.
const Simulated = "simulated"

// Stats tells how the received sound fares.
type Stats struct {
	Delay  time.Duration // what waits to be played, smoothed
	Target time.Duration // what the network's jitter asks for

	Received   int // packets, duplicates and invalid ones apart
	Late       int // packets that came after their time
	Duplicates int // packets that came twice
	Invalid    int // packets that are not Opus, or of no stream
	Dropped    int // packets given up when the stream began anew
	Lost       int // packets missing at their time; those that came Late among them
	Recovered  int // stretches restored from the error correction in the next packet
	Concealed  int // stretches of up to 20 ms made up
	Inserted   int // of 20 ms, put in to lengthen the delay
	LeftOut    int // packets left out to shorten the delay
}
