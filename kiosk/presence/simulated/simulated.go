// Package simulated plays a booth's presence sensors: a person who comes, sits down
// and leaves, for demonstrations and for the tests of whole booths. The touchscreen
// says that they are simulated.
//
// Who is there is read from a file, a word on its first line: absent, near or
// seated. Whoever demonstrates the booth writes it. Without a file a visit is played
// again and again.
//
// It reads that file five times a second and writes nothing. It starts no goroutine:
// Run is the caller's. The readings are as those of a motion detector and of a
// distance sensor would be: millimetres, with some of noise.
package simulated

import (
	"context"
	"fmt"
	"os"
	"strings"
	"time"

	"loiret.fr/visioborne/kiosk/presence"
)

// every is how often the sensors are read.
const every = 200 * time.Millisecond

// part is a part of the visit that is played without a file, over and over.
type part struct {
	level presence.Level
	lasts time.Duration
}

func visit() []part {
	return []part{
		{presence.Absent, 30 * time.Second},
		{presence.Near, 10 * time.Second},
		{presence.Seated, 2 * time.Minute},
		{presence.Near, 5 * time.Second},
	}
}

// Sensors are the simulated ones.
type Sensors struct {
	// File says who is there; "" plays a visit.
	File string
	// Options are which sensors there are.
	Options presence.Options
}

// Run tells what the sensors see until ctx ends. The error is a file that cannot be
// read or does not have one of the words.
func (s Sensors) Run(ctx context.Context, tell func(presence.Reading)) error {
	tick := time.NewTicker(every)
	defer tick.Stop()
	began := time.Now()
	for n := 0; ; n++ {
		level, err := s.now(time.Since(began))
		if err != nil {
			return err
		}
		if s.Options.Distance {
			tell(s.measured(level, n))
		}
		if s.Options.Motion {
			tell(presence.Moved{Moving: level != presence.Absent})
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

func (s Sensors) now(since time.Duration) (presence.Level, error) {
	if s.File == "" {
		return played(since), nil
	}
	text, err := os.ReadFile(s.File)
	if err != nil {
		return "", fmt.Errorf("reading who is there: %w", err)
	}
	word, _, _ := strings.Cut(string(text), "\n")
	switch level := presence.Level(strings.TrimSpace(word)); level {
	case presence.Absent, presence.Near, presence.Seated:
		return level, nil
	case "": // it is being written
		return presence.Absent, nil
	}
	return "", fmt.Errorf("reading who is there from %s: %.40q is no such word; expected absent, near or seated", s.File, word)
}

// played is who is there so long after the beginning of a visit that is played over and over.
func played(since time.Duration) presence.Level {
	whole := time.Duration(0)
	for _, v := range visit() {
		whole += v.lasts
	}
	since %= whole
	for _, v := range visit() {
		if since < v.lasts {
			return v.level
		}
		since -= v.lasts
	}
	return presence.Absent
}

// measured is the distance at which somebody sits, stands, or is not; no two in a row are the same.
func (s Sensors) measured(l presence.Level, n int) presence.Measured {
	noise := n * 7 % 11
	switch l {
	case presence.Seated:
		return presence.Measured{Target: presence.TargetSeen, Millimetres: s.Options.SeatedMM - 100 + noise}
	case presence.Near:
		return presence.Measured{Target: presence.TargetSeen, Millimetres: s.Options.NearMM - 50 + noise}
	case presence.Absent:
	}
	return presence.Measured{Target: presence.TargetNone}
}
