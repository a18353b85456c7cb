package logs

import (
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestNothingOfACitizenIsKept(t *testing.T) {
	r := New(Options{Level: slog.LevelInfo, Messages: []string{"phase changed"}, Attributes: []string{"partner", "call"}})
	log := slog.New(r.Handler())
	log.Info("phase changed", "from", "none", "to", "browsing")
	log.Debug("a detail")
	log.With("call", "0b9c1d6e").Warn("a citizen was shown a failure", "incident", "A-7Q2K", "partner", "caf")
	log.Info("hub reachable")
	got := r.Lines()
	if len(got) != 2 || !strings.Contains(got[0], `msg="a citizen was shown a failure" incident=A-7Q2K`) || !strings.HasSuffix(got[1], `msg="hub reachable"`) {
		t.Errorf("kept: %q", got)
	}
	for _, l := range got {
		if strings.Contains(l, "caf") || strings.Contains(l, "0b9c1d6e") {
			t.Errorf("a line tells of a citizen: %s", l)
		}
	}
}

func TestTheOldestLinesGo(t *testing.T) {
	r := New(Options{})
	for i := range maxLines + 3 {
		fmt.Fprintf(r, "msg=%d\n", i)
	}
	got := r.Lines()
	if len(got) != maxLines || got[0] != "msg=3" || got[maxLines-1] != fmt.Sprintf("msg=%d", maxLines+2) {
		t.Errorf("%d lines, from %q to %q", len(got), got[0], got[len(got)-1])
	}
}

func FuzzLines(f *testing.F) {
	f.Add("msg=x")
	f.Add(strings.Repeat("é", maxLine))
	f.Add("a\x00b\xffc\nd\u0085")
	f.Fuzz(func(t *testing.T, s string) {
		r := New(Options{})
		if n, err := r.Write([]byte(s)); n != len(s) || err != nil {
			t.Fatalf("%d, %v", n, err)
		}
		for _, l := range r.Lines() {
			if len(l) > maxLine || !utf8.ValidString(l) || strings.ContainsAny(l, "\x00\n\u0085") {
				t.Fatalf("kept %q", l)
			}
		}
	})
}
