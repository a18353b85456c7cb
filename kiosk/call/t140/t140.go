// Package t140 is real-time text: what a person types, character by character,
// as ITU-T T.140 codes it and a T.140 data channel carries it (RFC 8865).
//
// A Sender collects what is typed into blocks, of which none waits longer than
// Interval and none breaks the rate that the far end takes. A Decoder reads
// blocks. Both speak with the rest of the program in plain text, in which a new
// line is "\n", "\b" takes back the character before it, and U+FFFD stands for
// text that was lost.
//
// It is pure: no clock, no goroutine, no I/O, and it keeps no text that has left.
//
// Sources: ITU-T T.140 (1998) with its addendum 1 (2000), sections 8.1 to 8.9;
// RFC 8865, section 5; for the rate, RFC 4103, section 6.
package t140

import (
	"strings"
	"time"
	"unicode"
)

// Protocol is the channel's subprotocol (RFC 8865, section 4.1).
const Protocol = "t140"

const (
	// Interval is the shortest time between two blocks, and so the longest that a
	// character waits: T.140 asks for at most 500 ms and RFC 8865 suggests 300.
	Interval = 200 * time.Millisecond
	// DefaultCPS is how many characters a second are taken by who says nothing.
	DefaultCPS = 30
	// rateWindow is the time over which that rate is measured.
	rateWindow = 10 * time.Second
	// maxPending is how much may wait; nobody types that much ahead of a line that still works.
	maxPending = 4000
	// maxString is the longest protocol string: what comes after it is text again.
	maxString = 255
)

const (
	backspace     = '\b'
	escape        = '\x1b'
	startString   = '\u0098'
	stopString    = '\u009c'
	startControl  = '\u009b'
	lineSeparator = '\u2028'
	byteOrderMark = '\ufeff'
)

// Lost is shown where text may have been lost (T.140, section 8.7).
const Lost = "\ufffd"

// Sender collects what is typed. Its zero value sends at DefaultCPS.
type Sender struct {
	// CPS is the characters a second that the far end takes; 0 is DefaultCPS.
	CPS int

	begun   bool
	last    time.Time // of the last block
	pending []rune    // coded as it will be sent
	window  []block   // of the last rateWindow, the oldest first
}

type block struct {
	at         time.Time
	characters int
}

// Type adds what was typed, in plain text. What T.140 has no code for is left out.
func (s *Sender) Type(text string) {
	for _, r := range text {
		switch {
		case len(s.pending) == maxPending:
			return
		case r == '\n':
			s.pending = append(s.pending, lineSeparator)
		case r == backspace, !unicode.IsControl(r) && r != byteOrderMark:
			s.pending = append(s.pending, r)
		}
	}
}

// Next is when the next block is due; false if nothing waits. A time that is past means now.
func (s *Sender) Next(now time.Time) (time.Time, bool) {
	if len(s.pending) == 0 {
		return time.Time{}, false
	}
	due := s.last.Add(Interval)
	if s.room(now) <= 0 {
		if free := s.window[0].at.Add(rateWindow); free.After(due) {
			due = free
		}
	}
	return due, true
}

// Take is the block to send now; "" if none is due. The first one begins with the
// byte order mark by which T.140 begins a session.
func (s *Sender) Take(now time.Time) string {
	due, ok := s.Next(now)
	if !ok || due.After(now) {
		return ""
	}
	n := min(len(s.pending), s.room(now))
	text := string(s.pending[:n])
	s.pending = append(s.pending[:0], s.pending[n:]...)
	s.window = append(s.window, block{now, n})
	s.last = now
	if !s.begun {
		s.begun = true
		text = string(byteOrderMark) + text
	}
	return text
}

// room is how many characters may leave now.
func (s *Sender) room(now time.Time) int {
	for len(s.window) > 0 && !s.window[0].at.Add(rateWindow).After(now) {
		s.window = s.window[1:]
	}
	cps := s.CPS
	if cps <= 0 {
		cps = DefaultCPS
	}
	room := cps * int(rateWindow/time.Second)
	for _, b := range s.window {
		room -= b.characters
	}
	return room
}

// Decoder reads the blocks of one direction. Its zero value is before the first one.
type Decoder struct {
	in      sequence
	skipped int
	cr      bool // the last character was a carriage return
}

// sequence is what a decoder is in the middle of.
type sequence int

const (
	inText    sequence = iota
	inEscape           // after ESC
	inControl          // a control sequence, such as the choice of a rendition (SGR)
	inString           // of a protocol that this end does not know (SOS)
	inStringEscape
)

// Decode reads a block and returns what it says in plain text. Renditions, bells,
// interrupts and the strings of other protocols are left out, as T.140 wants it of
// those who do not have them; they may go from one block into the next.
func (d *Decoder) Decode(block string) string {
	var b strings.Builder
	for _, r := range block { // what is no UTF-8 becomes Lost
		if d.swallow(r) {
			continue
		}
		cr := d.cr
		d.cr = r == '\r'
		switch {
		case r == '\n' && cr: // its carriage return was the new line
		case r == '\n', r == '\r', r == lineSeparator, r == '\u2029':
			b.WriteByte('\n')
		case r == '\t':
			b.WriteByte(' ')
		case r == backspace, !unicode.IsControl(r) && r != byteOrderMark:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// swallow takes what belongs to a sequence, and begins one.
func (d *Decoder) swallow(r rune) bool {
	switch d.in {
	case inText:
	case inEscape:
		d.in = inText
		switch r {
		case '[':
			d.begin(inControl)
		case 'X', 'P', ']', '^', '_':
			d.begin(inString)
		case escape:
			d.in = inEscape
		}
		return true // among others 'a', the interrupt
	case inControl:
		d.skipped++
		if r >= 0x20 && r < 0x40 && d.skipped <= maxString { // a parameter
			return true
		}
		d.in = inText
		if r >= 0x40 && r < 0x7f && d.skipped <= maxString {
			return true
		}
		return d.swallow(r) // broken off: what comes is text
	case inString, inStringEscape:
		d.skipped++
		ended := r == stopString || d.in == inStringEscape && r == '\\' || d.skipped > maxString
		switch {
		case ended:
			d.in = inText
		case r == escape:
			d.in = inStringEscape
		default:
			d.in = inString
		}
		return true
	}
	switch r {
	case escape:
		d.in = inEscape
	case startControl:
		d.begin(inControl)
	case startString, '\u0090', '\u009d', '\u009e', '\u009f':
		d.begin(inString)
	default:
		return false
	}
	return true
}

func (d *Decoder) begin(in sequence) { d.in, d.skipped = in, 0 }
