package ui

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

// The technician's guide promises the touchscreen's messages word for word.
func TestGuideQuotesMessages(t *testing.T) {
	read := func(file string) string {
		t.Helper()
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	guide, fr := read("../docs/guide-technicien.md"), read("touchscreen/messages/fr.ts")
	_, fr, ok := strings.Cut(fr, "export const fr")
	if !ok {
		t.Fatal("fr.ts has no messages")
	}
	// A text with something put into it is quoted with an ellipsis there.
	text := regexp.MustCompile("[\"`]([^\"`\n]+)[\"`]")
	put := regexp.MustCompile(`\$\{[^}]*\}`)
	quoted := 0
	for _, part := range []struct{ name, begins, ends string }{
		{"reasons of a failed call", "reasons: {", "},"},
		{"refusals of an enrolment", "refusals: {", "},"},
		{"devices lost in a call", "lost: {", "},"},
		{"the enrolment's titles", "enrolment: {", "stick:"},
	} {
		_, rest, ok := strings.Cut(fr, "\n    "+part.begins)
		if !ok {
			_, rest, ok = strings.Cut(fr, part.begins)
		}
		body, _, ends := strings.Cut(rest, part.ends)
		if !ok || !ends {
			t.Errorf("fr.ts has no %s", part.name)
			continue
		}
		for _, m := range text.FindAllStringSubmatch(body, -1) {
			message := put.ReplaceAllString(m[1], "…")
			if quoted++; !strings.Contains(guide, message) {
				t.Errorf("%s: the guide lacks %q", part.name, message)
			}
		}
	}
	if quoted < 20 {
		t.Errorf("only %d messages were found in fr.ts", quoted)
	}
}
