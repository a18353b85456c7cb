package sites

import (
	"fmt"
	"time"

	"znkr.io/diff"
	"znkr.io/diff/textdiff"
)

// Op is what a line of a difference is.
type Op string

const (
	Same    Op = "same"
	Added   Op = "added"
	Removed Op = "removed"
	// Left stands for lines that are the same and left out; Text is empty.
	Left Op = "left"
)

// DiffLine is a line of a difference. Before and After are its numbers in the two texts, from 1; 0 where it is not there.
type DiffLine struct {
	Op     Op     `json:"op"`
	Before int    `json:"before"`
	After  int    `json:"after"`
	Text   string `json:"text"`
}

// Diff is what changes from one text to another, with three lines around it; empty when nothing does.
func Diff(before, after string) []DiffLine {
	all := []DiffLine{}
	last := 0
	for _, h := range textdiff.Hunks(before, after, diff.Context(3)) {
		if h.LineNoX > last || len(all) > 0 {
			all = append(all, DiffLine{Op: Left})
		}
		for _, e := range h.Edits {
			l := DiffLine{Before: e.LineNoX + 1, After: e.LineNoY + 1, Text: trimNewline(e.Line)}
			switch e.Op {
			case diff.Match:
				l.Op = Same
			case diff.Insert:
				l.Op, l.Before = Added, 0
			case diff.Delete:
				l.Op, l.After = Removed, 0
			}
			all = append(all, l)
		}
		last = h.EndLineNoX
	}
	return all
}

func trimNewline(s string) string {
	for len(s) > 0 && (s[len(s)-1] == '\n' || s[len(s)-1] == '\r') {
		s = s[:len(s)-1]
	}
	return s
}

// Unified is the same for a terminal, as diff -u writes it; "" when nothing changes.
func Unified(before, after string) string { return textdiff.Unified(before, after, diff.Context(3)) }

// ParseWish reads from when on somebody would have a change: "" for as soon as may be, a day such as 2026-12-01 for its
// beginning at the site, or a moment such as 2026-12-01T07:30:00+01:00.
func ParseWish(text string, zone *time.Location) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	if day, err := time.ParseInLocation(time.DateOnly, text, zone); err == nil {
		return day, nil
	}
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return time.Time{}, fmt.Errorf("%w: from: %.40q is no date; expected one such as 2026-12-01", ErrDraft, text)
	}
	return at, nil
}
