// Package logs keeps the last lines of the booth's log in memory, for a hotline
// that asks for them.
//
// A Ring takes what slog writes, beside the log itself, and forgets the oldest
// lines. What would tell of a citizen is left out before it is kept: the records
// that say when somebody came and went, and the attributes that say whom somebody
// called. Those of a failure, which the hotline is for, stay. It writes nothing to disk and has no goroutine.
package logs

import (
	"bytes"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

const (
	// maxLines and maxLine bound what is kept: some hundred kB.
	maxLines = 2000
	maxLine  = 400
)

// Options say what is left out.
type Options struct {
	Level slog.Leveler
	// Messages are those of records that are not kept, Attributes the names of attributes that are not.
	Messages, Attributes []string
}

// Ring is the last lines. Its zero value keeps nothing; New makes one.
type Ring struct {
	options Options

	mu    sync.Mutex
	lines []string // the oldest is at next, once the ring is full
	next  int
}

// New returns an empty Ring.
func New(o Options) *Ring { return &Ring{options: o} }

// Handler is what slog writes to.
func (r *Ring) Handler() slog.Handler {
	return slog.NewTextHandler(r, &slog.HandlerOptions{Level: r.options.Level, ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
		switch {
		case a.Key == slog.MessageKey && slices.Contains(r.options.Messages, a.Value.String()):
			// An empty message is no record of ours: Write passes over it.
			return slog.String(slog.MessageKey, "")
		case slices.Contains(r.options.Attributes, a.Key):
			return slog.Attr{}
		}
		return a
	}})
}

// Write takes one record, as a line.
func (r *Ring) Write(b []byte) (int, error) {
	line := bytes.TrimRight(b, "\n")
	if bytes.Contains(line, []byte(` msg=""`)) {
		return len(b), nil
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	text := clean(string(line))
	if len(r.lines) < maxLines {
		r.lines = append(r.lines, text)
		return len(b), nil
	}
	r.lines[r.next] = text
	r.next = (r.next + 1) % maxLines
	return len(b), nil
}

// clean makes one line of it that any message can carry.
func clean(line string) string {
	line = strings.Map(func(c rune) rune {
		if unicode.IsControl(c) {
			return ' '
		}
		return c
	}, strings.ToValidUTF8(line, "?"))
	if len(line) <= maxLine {
		return line
	}
	cut := maxLine
	for !utf8.RuneStart(line[cut]) {
		cut--
	}
	return line[:cut]
}

// Lines are those that are kept, the oldest first.
func (r *Ring) Lines() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append(slices.Clone(r.lines[r.next:]), r.lines[:r.next]...)
}
