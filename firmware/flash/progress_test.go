package main

import (
	"strings"
	"testing"
	"time"
)

// A card that takes 20 MB/s.
func progressOf(terminal bool) string {
	var out strings.Builder
	now := time.Unix(0, 0)
	p := &progress{out: &out, terminal: terminal, now: func() time.Time { return now }}
	p.start("writing", 400e6)
	for range 400 {
		now = now.Add(50 * time.Millisecond)
		p.add(1e6)
	}
	p.end()
	return out.String()
}

func TestProgress(t *testing.T) {
	lines := strings.Split(progressOf(false), "\n")
	if len(lines) != 11 || lines[0] != "writing    10 %  40 MB of 400 MB, 20.0 MB/s, 0:18 left" ||
		lines[8] != "writing    90 %  360 MB of 400 MB, 20.0 MB/s, 0:02 left" || lines[9] != "writing   400 MB in 0:20, 20.0 MB/s" {
		t.Errorf("%d lines:\n%s", len(lines), strings.Join(lines, "\n"))
	}
	shown := progressOf(true)
	if strings.Count(shown, "\n") != 1 || strings.Count(shown, "\r") != 101 || !strings.Contains(shown, "\rwriting    50 %  201 MB of 400 MB, 20.0 MB/s, 0:10 left\x1b[K") {
		t.Errorf("on a terminal, %d times:\n%q", strings.Count(shown, "\r"), shown)
	}
}

func TestSize(t *testing.T) {
	for bytes, want := range map[int64]string{512: "0 kB", 4096: "4 kB", 48e6: "48 MB", 31.9e9: "31.9 GB"} {
		if got := size(bytes); got != want {
			t.Errorf("size(%d) = %s, want %s", bytes, got, want)
		}
	}
}
