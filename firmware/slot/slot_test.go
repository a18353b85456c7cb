package slot

import (
	"bytes"
	"strings"
	"testing"
)

const started = "console=tty1 console=ttyAMA0,115200 root=PARTUUID=60c24cc1-f3f9-427a-8199-035b12a90001/PARTNROFF=1 init=/gokrazy/init rootwait panic=10 oops=panic quiet"

// line is what gok writes: 64 spaces at the end are room for more.
func line(s string) []byte { return append([]byte(s), bytes.Repeat([]byte{' '}, 64)...) }

func TestEdit(t *testing.T) {
	onB := strings.Replace(started, "PARTNROFF=1", "PARTNROFF=2", 1)
	for name, c := range map[string]struct {
		from    string
		trusted Slot
		trial   Trial
		want    string
	}{
		"armed":                   {started, A, Armed, started + " visioborne.trial=armed"},
		"spent":                   {started + " visioborne.trial=armed", A, Spent, started + " visioborne.trial=spent"},
		"confirmed":               {started + " visioborne.trial=spent", B, None, onB},
		"back":                    {onB + " visioborne.trial=armed", A, None, started},
		"nothing to do":           {started, A, None, started},
		"UEFI's file, to the end": {"title gokrazy\nlinux /vmlinuz\noptions " + started, A, Armed, "title gokrazy\nlinux /vmlinuz\noptions " + started + " visioborne.trial=armed"},
	} {
		t.Run(name, func(t *testing.T) {
			from := line(c.from)
			got, err := edit(from, c.trusted, c.trial)
			if err != nil {
				t.Fatal(err)
			}
			if len(got) != len(from) || strings.TrimRight(string(got), " ") != c.want {
				t.Errorf("got  %q\nwant %q", got, c.want)
			}
			if trial(got) != c.trial {
				t.Errorf("it says %q, want %q", trial(got), c.trial)
			}
		})
	}
	if _, err := edit([]byte("root=/dev/mmcblk0p2"), A, Armed); err == nil {
		t.Error("a line without gokrazy's root is changed")
	}
	if _, err := edit([]byte(started), A, Armed); err == nil {
		t.Error("a line without room is changed")
	}
}

// disk is a disk that loses power after so many writes.
type disk struct {
	content []byte
	writes  int
}

func (d *disk) ReadAt(p []byte, at int64) (int, error) { return copy(p, d.content[at:]), nil }

func (d *disk) WriteAt(p []byte, at int64) (int, error) {
	d.writes++
	return copy(d.content[at:], p), nil
}

func TestRewrite(t *testing.T) {
	d := &disk{content: append(make([]byte, 2*sector), line(started)...)}
	if err := rewriteAt(d, 2*sector, int64(len(line(started))), A, Armed); err != nil {
		t.Fatal(err)
	}
	if d.writes != 1 {
		t.Errorf("%d writes; one cannot be torn by a power cut, two can", d.writes)
	}
	if err := rewriteAt(d, 2*sector, int64(len(line(started))), A, Armed); err != nil || d.writes != 1 {
		t.Errorf("the same again: %d writes, %v; expected none", d.writes, err)
	}
	// A line across two sectors could be torn.
	d = &disk{content: append(make([]byte, 2*sector-100), line(started)...)}
	if err := rewriteAt(d, 2*sector-100, int64(len(line(started))), B, Armed); err == nil || d.writes != 0 {
		t.Errorf("a line in two sectors is written: %v", err)
	}
}

func TestDisk(t *testing.T) {
	for name, c := range map[string]struct {
		line    string
		root    Slot
		trusted Slot
		onTrial bool
	}{
		"A":           {started, A, A, false},
		"B":           {strings.Replace(started, "=1 init", "=2 init", 1), B, B, false},
		"B, on trial": {started + " visioborne.trial=armed", B, A, true},
	} {
		d := &Disk{Started: []byte(c.line), Root: c.root}
		if d.Trusted() != c.trusted || d.OnTrial() != c.onTrial {
			t.Errorf("%s: trusted %v, on trial %v", name, d.Trusted(), d.OnTrial())
		}
	}
	if err := (&Disk{Started: []byte(started), Root: B}).Try(true); err == nil {
		t.Error("a root on trial arms another trial")
	}
}

func FuzzEdit(f *testing.F) {
	f.Add(line(started), true, "armed")
	f.Add(line(started+" visioborne.trial=spent"), false, "")
	f.Fuzz(func(t *testing.T, content []byte, b bool, value string) {
		s := A
		if b {
			s = B
		}
		if value != "armed" && value != "spent" {
			value = ""
		}
		got, err := edit(content, s, Trial(value))
		if err != nil {
			return
		}
		if len(got) != len(content) {
			t.Errorf("%d bytes became %d", len(content), len(got))
		}
	})
}
