package t140

import (
	"encoding/json"
	"flag"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the golden file anew")

// reading is a channel's blocks, and what they say.
type reading struct {
	Name   string   `json:"name"`
	Blocks []string `json:"blocks"`
	Text   string   `json:"text"`
}

func readings() []reading {
	return []reading{
		{"nothing", []string{""}, ""},
		{"a session begins", []string{"\ufeffBonjour"}, "Bonjour"},
		{"a mark to keep the way open", []string{"a", "\ufeff", "b"}, "ab"},
		{"letters of four bytes", []string{"é\u0301 日本 👍🏽"}, "é\u0301 日本 👍🏽"},
		{"a character is taken back", []string{"Bonk", "\bj"}, "Bonk\bj"},
		{"a new line", []string{"a\u2028b"}, "a\nb"},
		{"a new paragraph", []string{"a\u2029b"}, "a\nb"},
		{"the old new line", []string{"a\r\nb"}, "a\nb"},
		{"the old new line in two blocks", []string{"a\r", "\nb"}, "a\nb"},
		{"two carriage returns", []string{"a\r\rb"}, "a\n\nb"},
		{"a line feed alone", []string{"a\nb"}, "a\nb"},
		{"a tabulator", []string{"a\tb"}, "a b"},
		{"a bell", []string{"a\ab"}, "ab"},
		{"a rendition", []string{"a\u009b1;31mb\u009b0mc"}, "abc"},
		{"a rendition in the old form", []string{"a\x1b[1mb"}, "ab"},
		{"a rendition in two blocks", []string{"a\u009b3", "1mb"}, "ab"},
		{"a rendition that breaks off", []string{"a\u009b31\u2028b"}, "a\nb"},
		{"a rendition in a rendition", []string{"a\u009b3\u009b1mb"}, "ab"},
		{"an interrupt", []string{"a\x1bab"}, "ab"},
		{"another escape", []string{"a\x1b\x1bcb"}, "ab"},
		{"a protocol's string", []string{"a\u0098secret\u009cb"}, "ab"},
		{"a protocol's string in two blocks", []string{"a\u0098sec", "ret\u009cb"}, "ab"},
		{"a protocol's string in the old form", []string{"a\x1bXse\x1bcret\x1b\\b"}, "ab"},
		{"a command of a device", []string{"a\u0090q\u009cb"}, "ab"},
		{"a string without an end", []string{"\u0098" + strings.Repeat("x", 300)}, strings.Repeat("x", 44)},
		{"a sequence without an end", []string{"\u009b" + strings.Repeat("0", 300)}, strings.Repeat("0", 45)},
		{"lost text", []string{"a\ufffdb"}, "a\ufffdb"},
		{"other controls", []string{"a\x00\x01\x7f\u0085b"}, "ab"},
	}
}

func TestDecoder(t *testing.T) {
	for _, c := range append(readings(), reading{"no UTF-8", []string{"a\xffb\xc3"}, "a\ufffdb\ufffd"}) {
		var d Decoder
		var got strings.Builder
		for _, b := range c.Blocks {
			got.WriteString(d.Decode(b))
		}
		if diff := cmp.Diff(c.Text, got.String()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.Name, diff)
		}
	}
}

// TestReadingsForTypeScript writes the same table for the adviser's page, whose decoder is another one.
func TestReadingsForTypeScript(t *testing.T) {
	var b strings.Builder
	b.WriteString("// Written by `go test ./kiosk/call/t140 -run TestReadingsForTypeScript -update`; do not edit.\n\nexport const readings = ")
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(readings()); err != nil {
		t.Fatal(err)
	}
	got := strings.TrimSuffix(b.String(), "\n") + " satisfies { name: string; blocks: string[]; text: string }[];\n"
	file := filepath.Join("..", "..", "..", "ui", "common", "t140.golden.ts")
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatalf("reading the golden file: %v (make it with -update)", err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s differs (-want +got); write it anew with -update:\n%s", file, diff)
	}
}

var start = time.Date(2026, time.November, 24, 10, 0, 0, 0, time.UTC)

// TestNothingWaits types at random for a minute of a clock of its own, and looks at how long each character waited.
func TestNothingWaits(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	s := Sender{CPS: 300}
	var typed []time.Time
	var longest time.Duration
	sent := 0
	take := func(now time.Time) {
		n := utf8.RuneCountInString(strings.TrimPrefix(s.Take(now), "\ufeff"))
		for _, at := range typed[sent : sent+n] {
			longest = max(longest, now.Sub(at))
		}
		sent += n
	}
	now := start
	for range 1000 {
		next := now.Add(time.Duration(random.IntN(150)) * time.Millisecond)
		for {
			due, ok := s.Next(now)
			if !ok || due.After(next) {
				break
			}
			if due.After(now) {
				now = due
			}
			take(now)
		}
		now = next
		typed = append(typed, now)
		s.Type("x")
		take(now)
	}
	if due, ok := s.Next(now); ok {
		take(due)
	}
	if sent != len(typed) {
		t.Errorf("%d characters were sent of %d", sent, len(typed))
	}
	if longest > 300*time.Millisecond {
		t.Errorf("a character waited for %v", longest)
	}
}

func TestSender(t *testing.T) {
	var s Sender
	if _, ok := s.Next(start); ok || s.Take(start) != "" {
		t.Error("there is something to send before anything was typed")
	}
	s.Type("B\x00")
	if got := s.Take(start); got != "\ufeffB" {
		t.Errorf("the first block is %q", got)
	}
	s.Type("o\n")
	s.Type("\bn\ufeff\t\x1b")
	if due, ok := s.Next(start); !ok || !due.Equal(start.Add(Interval)) {
		t.Errorf("the second block is due at %v, %v", due, ok)
	}
	if got := s.Take(start.Add(Interval - 1)); got != "" {
		t.Errorf("too early: %q", got)
	}
	if got := s.Take(start.Add(Interval)); got != "o\u2028\bn" {
		t.Errorf("the second block is %q", got)
	}
}

// TestRate: no ten seconds have more characters than the far end takes in them, and nothing gets lost.
func TestRate(t *testing.T) {
	for _, cps := range []int{0, 5, 30, 300} {
		s := Sender{CPS: cps}
		if cps == 0 {
			cps = DefaultCPS
		}
		type sent struct {
			at time.Time
			n  int
		}
		var all []sent
		text := strings.Repeat("0123456789", 90)
		s.Type(text)
		var got strings.Builder
		for now := start; len(all) < 100; {
			if due, _ := s.Next(now); due.After(now) {
				now = due
			}
			block := strings.TrimPrefix(s.Take(now), "\ufeff")
			if block == "" {
				t.Fatalf("%d a second: nothing at the time that was said", cps)
			}
			got.WriteString(block)
			all = append(all, sent{now, len(block)})
			s.Type("x")
		}
		for i := range all {
			sum := 0
			for _, b := range all[i:] {
				if b.at.Sub(all[i].at) < 10*time.Second {
					sum += b.n
				}
			}
			if sum > 10*cps {
				t.Errorf("%d a second: %d characters in ten seconds", cps, sum)
			}
		}
		if !strings.HasPrefix(got.String(), text) {
			t.Errorf("%d a second: %q", cps, got.String())
		}
	}
}

func TestTooMuchIsLeftOut(t *testing.T) {
	var s Sender
	s.Type(strings.Repeat("x", 2*maxPending))
	if len(s.pending) != maxPending {
		t.Errorf("%d characters wait", len(s.pending))
	}
}

// FuzzDecoder: what is shown has no controls but new line and backspace, whatever comes, and however it is cut.
func FuzzDecoder(f *testing.F) {
	for _, r := range readings() {
		f.Add(strings.Join(r.Blocks, ""), 3)
	}
	f.Fuzz(func(t *testing.T, text string, cut int) {
		var whole, cuts Decoder
		got := whole.Decode(text)
		if !utf8.ValidString(got) || strings.ContainsFunc(got, func(r rune) bool {
			return unicode.IsControl(r) && r != '\n' && r != '\b' || r == byteOrderMark
		}) {
			t.Fatalf("%q becomes %q", text, got)
		}
		// A sender cuts between characters.
		runes := []rune(text)
		at := min(max(cut, 0), len(runes))
		if again := cuts.Decode(string(runes[:at])) + cuts.Decode(string(runes[at:])); again != got {
			t.Fatalf("%q in two blocks becomes %q, in one %q", text, again, got)
		}
	})
}

// FuzzRoundTrip: what is typed arrives.
func FuzzRoundTrip(f *testing.F) {
	f.Add("Bonjour\b\nA", 1)
	f.Fuzz(func(t *testing.T, text string, _ int) {
		s, now := Sender{CPS: 1000}, start
		var d Decoder
		s.Type(text)
		var got, want strings.Builder
		kept := 0
		for _, r := range text {
			if kept < maxPending && (r == '\n' || r == '\b' || !unicode.IsControl(r) && r != byteOrderMark) {
				kept++
				if r == '\u2028' || r == '\u2029' {
					r = '\n'
				}
				want.WriteRune(r)
			}
		}
		for {
			due, ok := s.Next(now)
			if !ok {
				break
			}
			if due.After(now) {
				now = due
			}
			got.WriteString(d.Decode(s.Take(now)))
		}
		if got.String() != want.String() {
			t.Fatalf("%q arrives as %q", text, got.String())
		}
	})
}
