package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/diskfs/go-diskfs/backend/file"
)

// nobody is a console without a terminal; what is said goes to out.
func nobody(out io.Writer) console {
	return console{in: bufio.NewReader(strings.NewReader("")), out: out}
}

// somebody types lines.
func somebody(out io.Writer, typed string) console {
	return console{in: bufio.NewReader(strings.NewReader(typed)), out: out, answers: true, terminal: true}
}

// usedCard is a file that is larger than the image and full of what a card held before.
func usedCard(t *testing.T, bytesOfCard int) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "card")
	if err := os.WriteFile(name, bytes.Repeat([]byte{0xaa}, bytesOfCard), 0o644); err != nil {
		t.Fatal(err)
	}
	return name
}

func TestFlash(t *testing.T) {
	for name, c := range map[string]struct {
		parts      []span // of the block map; none when there is none
		compressed bool
	}{
		"by the map":                {mapped(true), false},
		"by a map without /perm":    {mapped(false), false},
		"without a map":             {nil, false},
		"compressed":                {mapped(true), true},
		"compressed, without a map": {nil, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			source := makeImage(t, "wss://old.example.fr")
			want, err := os.ReadFile(source)
			if err != nil {
				t.Fatal(err)
			}
			if c.parts != nil {
				makeMap(t, source, c.parts)
			}
			if c.compressed {
				source = compress(t, source)
			}
			const cardBytes = imageBytes + 5*mib
			device := usedCard(t, cardBytes)
			var out bytes.Buffer
			o := options{image: source, device: device, toFile: true, wish: wish{site: "gien", hub: "wss://hub.example.fr", code: "k7px 2m4q"}}
			if err := run(o, nil, os.DirFS(t.TempDir()), nobody(&out)); err != nil {
				t.Fatal(err)
			}
			got, err := os.ReadFile(device)
			if err != nil {
				t.Fatal(err)
			}
			if len(got) != cardBytes {
				t.Fatalf("the card has %d bytes now, want %d", len(got), cardBytes)
			}
			// The settings are the card's own; the rest is the image's.
			if !bytes.Equal(got[:rootAt+rootUsed], want[:rootAt+rootUsed]) {
				t.Error("boot or root is not the image's")
			}
			if !bytes.Equal(got[imageBytes-mib:imageBytes], want[imageBytes-mib:]) {
				t.Error("the second partition table is not the image's")
			}
			zeros := make([]byte, mib)
			if !bytes.Equal(got[permAt:permAt+mib], zeros) {
				t.Error("/perm begins with what the card held before")
			}
			if !bytes.Equal(got[cardBytes-mib:], zeros) {
				t.Error("the card ends with what it held before")
			}
			old := byte(0xaa)
			if c.parts == nil {
				old = 0
			}
			if got[otherAt] != old || got[permAt+2*mib] != old || got[imageBytes+mib] != 0xaa {
				t.Errorf("unmapped parts hold %#x, %#x, %#x", got[otherAt], got[permAt+2*mib], got[imageBytes+mib])
			}
			f, err := os.Open(device)
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			text, err := readSettings(file.New(f, true), settingsSpan())
			if err != nil {
				t.Fatal(err)
			}
			const settings = "# Réglages de la borne ; voir docs/guide-technicien.md\r\n# Site : gien\r\nhub: wss://hub.example.fr\r\ncode: K7PX-2M4Q\r\n"
			if string(text) != settings {
				t.Errorf("settings:\ngot  %q\nwant %q", text, settings)
			}
			for _, said := range []string{"writing    50 %", "verifying  50 %", "for gien is ready"} {
				if !strings.Contains(out.String(), said) {
					t.Errorf("it does not say %q:\n%s", said, out.String())
				}
			}
			checkFAT(t, device)
			if told := strings.Contains(out.String(), "writing the whole image"); told != (c.parts == nil) {
				t.Errorf("it tells of a missing map: %v\n%s", told, out.String())
			}
		})
	}
}

// A file that does not exist is made as long as the image.
func TestFlashNewFile(t *testing.T) {
	source := makeImage(t, "wss://hub.example.fr")
	makeMap(t, source, mapped(true))
	device := filepath.Join(t.TempDir(), "new.img")
	var out bytes.Buffer
	if err := run(options{image: source, device: device, toFile: true}, nil, os.DirFS(t.TempDir()), nobody(&out)); err != nil {
		t.Fatal(err)
	}
	want, _ := os.ReadFile(source)
	got, _ := os.ReadFile(device)
	if !bytes.Equal(got, want) {
		t.Error("it is not the image")
	}
	err := run(options{image: source, device: source, toFile: true}, nil, os.DirFS(t.TempDir()), nobody(&out))
	if err == nil || !strings.Contains(err.Error(), "is the image itself") {
		t.Errorf("onto itself: %v", err)
	}
}

func TestDamagedImage(t *testing.T) {
	source := makeImage(t, "")
	makeMap(t, source, mapped(true))
	f, err := os.OpenFile(source, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := f.WriteAt([]byte("damage"), rootAt+5); err != nil {
		t.Fatal(err)
	}
	device := usedCard(t, imageBytes)
	err = run(options{image: source, device: device, toFile: true}, nil, os.DirFS(t.TempDir()), nobody(io.Discard))
	if err == nil || !strings.Contains(err.Error(), "visioborne.img from 0 MiB to byte 3149824: the checksum is not that of its block map") ||
		!strings.HasSuffix(err.Error(), device+" is not usable like this and must be flashed again") {
		t.Fatal(err)
	}
	got, _ := os.ReadFile(device)
	if !bytes.Equal(got[:bootAt], make([]byte, bootAt)) {
		t.Error("a half-written card has a partition table")
	}
}

// A map whose sizes are another image's is left aside; one that is damaged is not.
func TestForeignMap(t *testing.T) {
	source := makeImage(t, "")
	text := mapText(4096, 1, `<Range chksum="`+strings.Repeat("ab", 32)+`"> 0 </Range>`)
	if err := os.WriteFile(source+".bmap", text, 0o644); err != nil {
		t.Fatal(err)
	}
	i, err := openImage(source)
	if err != nil {
		t.Fatal(err)
	}
	parts, note, err := partsOf(i)
	if err != nil || len(parts) != 1 || !strings.Contains(note, "is of another image; writing the whole image") {
		t.Errorf("of another image: %v, %q, %v", parts, note, err)
	}
	if err := os.WriteFile(source+".bmap", bytes.Replace(text, []byte("4096 </B"), []byte("8192 </B"), 1), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, _, err := partsOf(i); err == nil || !strings.Contains(err.Error(), "it is damaged") {
		t.Errorf("damaged: %v", err)
	}
}

// memory is a card in memory; what is written to byte flip has one bit changed.
type memory struct {
	bytes []byte
	flip  int64
	fail  error
	wrote func()
}

func (m *memory) WriteAt(b []byte, at int64) (int, error) {
	if m.fail != nil && at <= m.flip && m.flip < at+int64(len(b)) {
		return 0, m.fail
	}
	copy(m.bytes[at:], b)
	if m.flip >= at && m.flip < at+int64(len(b)) {
		m.bytes[m.flip] ^= 1
	}
	if m.wrote != nil {
		m.wrote()
	}
	return len(b), nil
}

func (m *memory) ReadAt(b []byte, at int64) (int, error) { return copy(b, m.bytes[at:]), nil }

// writeMemory writes the image to a card in memory and reads it back.
func writeMemory(ctx context.Context, t *testing.T, source string, m *memory) error {
	t.Helper()
	i, err := openImage(source)
	if err != nil {
		t.Fatal(err)
	}
	found, _, err := partsOf(i)
	if err != nil {
		t.Fatal(err)
	}
	parts, err := plan(i, found, int64(len(m.bytes)))
	if err != nil {
		t.Fatal(err)
	}
	src, err := i.open()
	if err != nil {
		t.Fatal(err)
	}
	defer src.Close()
	p := &progress{out: io.Discard, now: time.Now}
	chunks, err := writeCard(ctx, src, i, parts, m, "/dev/sdb", p)
	if err != nil {
		return err
	}
	return verify(ctx, m, "/dev/sdb", chunks, p)
}

func TestCorruptCard(t *testing.T) {
	source := makeImage(t, "")
	makeMap(t, source, mapped(true))
	for name, c := range map[string]struct {
		flip int64
		fail error
		want string
	}{
		"sound":               {-1, nil, ""},
		"the partition table": {700, nil, "verifying /dev/sdb at 0 MiB: it does not hold what was written"},
		"the root":            {rootAt + mib + 17, nil, "verifying /dev/sdb at 3 MiB: it does not hold what was written"},
		"the settings":        {settingsAt + 3*mib + 1, nil, "verifying /dev/sdb at 13 MiB: it does not hold"},
		"the end":             {imageBytes + 2*mib - 1, nil, "verifying /dev/sdb at 46 MiB: it does not hold"},
		"unmapped":            {otherAt, nil, ""},
		"a failing write":     {rootAt, &os.PathError{Op: "write", Path: "/dev/sdb", Err: errors.New("input/output error")}, "writing /dev/sdb at 2 MiB: input/output error"},
	} {
		t.Run(name, func(t *testing.T) {
			m := &memory{bytes: make([]byte, imageBytes+2*mib), flip: c.flip, fail: c.fail}
			err := writeMemory(context.Background(), t, source, m)
			if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.HasPrefix(err.Error(), c.want)) {
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
}

func TestInterrupt(t *testing.T) {
	source := makeImage(t, "")
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	writes := 0
	m := &memory{bytes: bytes.Repeat([]byte{0xaa}, imageBytes), flip: -1}
	m.wrote = func() {
		if writes++; writes == 5 {
			cancel()
		}
	}
	if err := writeMemory(ctx, t, source, m); !errors.Is(err, errInterrupted) || writes != 5 {
		t.Errorf("after %d writes: %v", writes, err)
	}
	if !bytes.Equal(m.bytes[:mib], make([]byte, mib)) {
		t.Error("an interrupted card has a partition table")
	}
	// The same by the whole program's way, to the words that a person reads.
	i, err := openImage(source)
	if err != nil {
		t.Fatal(err)
	}
	to, err := openFile(usedCard(t, imageBytes), i)
	if err != nil {
		t.Fatal(err)
	}
	defer to.Close()
	var out bytes.Buffer
	if err := flash(ctx, i, []span{{to: i.bytes}}, nil, to, somebody(&out, "")); !errors.Is(err, errInterrupted) {
		t.Error(err)
	}
}
