package config

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Mistake is one thing that is wrong in a file, for the person who wrote it.
type Mistake struct {
	File string
	// Line counts from 1; 0 stands for the file as a whole.
	Line int
	// Field is where in the file, "partners[2].phone"; empty for the file as a whole.
	Field string
	// Problem says what is wrong and what to write instead.
	Problem string
}

// String is the mistake on one line: site.yaml:12: partners[2].phone: "02 38" is too short; expected ...
func (m Mistake) String() string {
	var b strings.Builder
	b.WriteString(m.File)
	if m.Line > 0 {
		fmt.Fprintf(&b, ":%d", m.Line)
	}
	b.WriteString(": ")
	if m.Field != "" {
		b.WriteString(m.Field + ": ")
	}
	b.WriteString(m.Problem)
	return b.String()
}

// Mistakes is the error of loading: everything that is wrong in the files, sorted by file and line.
type Mistakes []Mistake

// Error has one line a mistake.
func (ms Mistakes) Error() string {
	lines := make([]string, len(ms))
	for i, m := range ms {
		lines[i] = m.String()
	}
	return strings.Join(lines, "\n")
}

// join sorts the mistakes of several files into one error, or nil when there are none.
func join(all ...Mistakes) error {
	ms := slices.Concat(all...)
	if len(ms) == 0 {
		return nil
	}
	slices.SortStableFunc(ms, func(a, b Mistake) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line))
	})
	return ms
}

// nearest is the one of the known words that a misspelt word most likely stands for, "" when it is like none.
func nearest(word string, known []string) string {
	// Fewer slips than half of the letters, three at most: more makes it another word.
	best, distance := "", max(1, min(3, (len(word)-1)/2))+1
	if len(word) > 40 {
		return ""
	}
	for _, k := range known {
		if d := edits(strings.ToLower(word), k); d < distance {
			best, distance = k, d
		}
	}
	return best
}

// edits is the optimal string alignment distance: letters put in, left out, replaced, or swapped with their neighbour.
func edits(a, b string) int {
	rows := make([][]int, len(a)+1)
	for i := range rows {
		rows[i] = make([]int, len(b)+1)
		rows[i][0] = i
	}
	for j := range rows[0] {
		rows[0][j] = j
	}
	for i := 1; i <= len(a); i++ {
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			d := min(rows[i-1][j]+1, rows[i][j-1]+1, rows[i-1][j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				d = min(d, rows[i-2][j-2]+1)
			}
			rows[i][j] = d
		}
	}
	return rows[len(a)][len(b)]
}

// instead ends a mistake about a word that is not known.
func instead(word string, known []string) string {
	if n := nearest(word, known); n != "" {
		return fmt.Sprintf("did you mean %q?", n)
	}
	if len(known) == 0 {
		return "there are none"
	}
	return "expected " + oneOf(known)
}

// oneOf writes "a, b or c".
func oneOf(words []string) string {
	if len(words) == 1 {
		return words[0]
	}
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + " or " + words[last]
}

// quoted writes a value of the file, on one line, cut where it is long.
func quoted(s string) string {
	const most = 60
	if r := []rune(s); len(r) > most {
		s = string(r[:most]) + "…"
	}
	return fmt.Sprintf("%q", s)
}
