package main

import (
	"fmt"
	"io"
	"time"
)

// progress tells how far a step has come: on a terminal on one line that is written over, else a line every tenth.
type progress struct {
	out      io.Writer
	terminal bool
	now      func() time.Time

	step        string
	done, total int64
	started     time.Time
	shown       time.Time // when the line was last written
	tenth       int64     // the last one that was told
	past        []moment  // the last few seconds, for the speed
}

type moment struct {
	at   time.Time
	done int64
}

const (
	// refresh is how often a terminal's line is written over: smooth enough, and no flicker.
	refresh = 200 * time.Millisecond
	// speedOver is the time over which the speed is taken: cards stop for a second or two, again and again.
	speedOver = 5 * time.Second
)

// start begins a step, such as "writing", of so many bytes.
func (p *progress) start(step string, total int64) {
	now := p.now()
	p.step, p.done, p.total, p.started, p.shown, p.tenth = step, 0, total, now, time.Time{}, 0
	p.past = append(p.past[:0], moment{now, 0})
}

// add counts bytes that are done.
func (p *progress) add(n int64) {
	now := p.now()
	p.done += n
	for len(p.past) > 1 && now.Sub(p.past[1].at) >= speedOver {
		p.past = p.past[1:]
	}
	p.past = append(p.past, moment{now, p.done})
	if p.terminal {
		if now.Sub(p.shown) >= refresh {
			p.shown = now
			fmt.Fprintf(p.out, "\r%s\x1b[K", p.line(now))
		}
		return
	}
	if tenth := 10 * p.done / max(p.total, 1); tenth > p.tenth && tenth < 10 {
		p.tenth = tenth
		fmt.Fprintln(p.out, p.line(now))
	}
}

// end closes the step with what it took.
func (p *progress) end() {
	took := p.now().Sub(p.started)
	line := fmt.Sprintf("%-9s %s in %s%s", p.step, size(p.done), clock(took), speed(p.done, took))
	if p.terminal {
		line = "\r" + line + "\x1b[K"
	}
	fmt.Fprintln(p.out, line)
}

// leave ends the line of a step that fails, for the error to begin on its own.
func (p *progress) leave() {
	if p.terminal && !p.shown.IsZero() {
		fmt.Fprintln(p.out)
	}
}

func (p *progress) line(now time.Time) string {
	first := p.past[0]
	rate, over := p.done-first.done, now.Sub(first.at)
	line := fmt.Sprintf("%-9s %3d %%  %s of %s%s", p.step, 100*p.done/max(p.total, 1), size(p.done), size(p.total), speed(rate, over))
	if rate > 0 && over >= time.Second { // before, it is a guess
		left := time.Duration(float64(over) * float64(p.total-p.done) / float64(rate))
		line += ", " + clock(left) + " left"
	}
	return line
}

// speed is ", 18.3 MB/s", or nothing where there was no time to tell.
func speed(bytes int64, over time.Duration) string {
	if over < 100*time.Millisecond {
		return ""
	}
	return fmt.Sprintf(", %.1f MB/s", float64(bytes)/1e6/over.Seconds())
}

// clock is minutes and seconds.
func clock(d time.Duration) string {
	seconds := int64(d.Round(time.Second) / time.Second)
	return fmt.Sprintf("%d:%02d", seconds/60, seconds%60)
}

// size is in the decimal units that cards are sold in.
func size(bytes int64) string {
	switch {
	case bytes >= 1e9:
		return fmt.Sprintf("%.1f GB", float64(bytes)/1e9)
	case bytes >= 1e6:
		return fmt.Sprintf("%d MB", bytes/1e6)
	default:
		return fmt.Sprintf("%d kB", bytes/1e3)
	}
}
