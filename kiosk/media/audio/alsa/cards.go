package alsa

import (
	"cmp"
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// card is one sound card, as /proc/asound tells of it.
type card struct {
	number            int
	id                string
	usb               bool
	capture, playback int // the first device of that direction; -1 without one
}

// Choose names the device nodes of the microphone and the speaker that a booth
// should use when nobody has said which; "" where there is none. proc is
// /proc/asound.
//
// What hears and speaks at once, as a speakerphone does, comes first: its
// microphone is made for the purpose, while a webcam's is far away and too loud
// or too faint. Cards that are plugged in come before those of the board, a
// screen's speaker after them, and cards that are no hardware last. The cards of
// the device nodes in taken are somebody else's.
func Choose(proc fs.FS, taken ...string) (microphone, speaker string) {
	cards := slices.DeleteFunc(list(proc), func(c card) bool { return owns(c.number, taken) })
	first := func(direction string, device func(card) int) string {
		best := slices.MinFunc(append(slices.Clone(cards), card{number: -1, capture: -1, playback: -1}), func(a, b card) int {
			return cmp.Or(cmp.Compare(rank(a, device(a) >= 0), rank(b, device(b) >= 0)), cmp.Compare(a.number, b.number))
		})
		if device(best) < 0 {
			return ""
		}
		return nodeName(best.number, device(best), direction)
	}
	return first(capture, func(c card) int { return c.capture }), first(playback, func(c card) int { return c.playback })
}

// Absent names the device nodes that a booth most likely had when there are none
// now: those of the first card that is not of the nodes in taken.
func Absent(taken ...string) (microphone, speaker string) {
	number := 0
	for owns(number, taken) {
		number++
	}
	return nodeName(number, 0, capture), nodeName(number, 0, playback)
}

// The ends of device nodes' names.
const capture, playback = "c", "p"

func nodeName(card, device int, direction string) string {
	return fmt.Sprintf("%s%d%s", cardNodes(card), device, direction)
}

// cardNodes is what the names of a card's device nodes begin with.
func cardNodes(card int) string { return fmt.Sprintf("/dev/snd/pcmC%dD", card) }

// owns tells whether one of the device nodes is the card's.
func owns(card int, nodes []string) bool {
	return slices.ContainsFunc(nodes, func(n string) bool { return strings.HasPrefix(n, cardNodes(card)) })
}

// rank is the lower the better.
func rank(c card, able bool) int {
	id := strings.ToLower(c.id)
	r := 0
	if !able {
		r += 16
	}
	if id == "loopback" || id == "dummy" {
		r += 8
	}
	if strings.Contains(id, "hdmi") {
		r += 4 // its speakers are the screen's, if there are any
	}
	if c.capture < 0 || c.playback < 0 {
		r += 2
	}
	if !c.usb {
		r++
	}
	return r
}

var (
	// " 1 [Jabra          ]: USB-Audio - Jabra SPEAK 510 USB"
	cardLine = regexp.MustCompile(`^ *(\d{1,4}) \[([^\]]*)\]: `)
	// "01-00: USB Audio : USB Audio : playback 1 : capture 1"
	deviceLine = regexp.MustCompile(`^(\d{1,4})-(\d{1,4}): `)
)

// list reads the cards; without sound support there are none.
func list(proc fs.FS) []card {
	var cards []card
	at := func(number int) *card {
		for i := range cards {
			if cards[i].number == number {
				return &cards[i]
			}
		}
		return nil
	}
	for _, line := range lines(proc, "cards") {
		if m := cardLine.FindStringSubmatch(line); m != nil {
			n, _ := strconv.Atoi(m[1]) // digits
			if at(n) != nil {
				continue
			}
			_, err := fs.Stat(proc, fmt.Sprintf("card%d/usbid", n))
			cards = append(cards, card{number: n, id: strings.TrimSpace(m[2]), usb: err == nil, capture: -1, playback: -1})
		}
	}
	for _, line := range lines(proc, "pcm") {
		m := deviceLine.FindStringSubmatch(line)
		if m == nil {
			continue
		}
		n, _ := strconv.Atoi(m[1])
		device, _ := strconv.Atoi(m[2])
		c := at(n)
		if c == nil {
			continue
		}
		for _, part := range strings.Split(line, " : ") {
			switch direction, _, _ := strings.Cut(strings.TrimSpace(part), " "); {
			case direction == "playback" && (c.playback < 0 || device < c.playback):
				c.playback = device
			case direction == "capture" && (c.capture < 0 || device < c.capture):
				c.capture = device
			}
		}
	}
	return cards
}

func lines(proc fs.FS, name string) []string {
	text, err := fs.ReadFile(proc, name)
	if err != nil {
		return nil
	}
	return strings.Split(string(text), "\n")
}
