package speech

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// Espeak is eSpeak NG.
type Espeak struct {
	path string // in root, or on this machine
	root string // "" for this machine's own
}

const (
	program = "espeak-ng"
	// user is the number of the user as which it runs in a root of its own: nobody's, and not the browser's.
	user = 1001
	// maxComplaint is how much of what it complains of is kept.
	maxComplaint = 400
)

// Find looks for the program on this machine.
func Find() (Espeak, error) {
	path, err := exec.LookPath(program)
	if err != nil {
		return Espeak{}, fmt.Errorf("looking for the voice: %w; install the package espeak-ng, or do without the spoken mode", err)
	}
	return Espeak{path: path}, nil
}

// FindIn looks for the program in a root file system of its own.
func FindIn(root string) (Espeak, error) {
	e := Espeak{path: filepath.Join("/usr/bin", program), root: root}
	if _, err := os.Stat(filepath.Join(root, e.path)); err != nil {
		return Espeak{}, fmt.Errorf("looking for the voice: %w; this image was made without it", err)
	}
	return e, nil
}

// voices are those of the touchscreen's languages, as the program calls them. A
// language that has variants, such as French in plain words, is spoken as itself.
var voices = map[string]string{
	"fr": "fr", "en": "en-gb", "ar": "ar", "pt": "pt", "tr": "tr", "es": "es", "ro": "ro", "uk": "uk", "ru": "ru",
}

// voice is the program's voice for a language; French where there is none.
func voice(language string) string {
	base, _, _ := strings.Cut(language, "-")
	if v, ok := voices[base]; ok {
		return v
	}
	return voices["fr"]
}

func (e Espeak) command(ctx context.Context, u Utterance) *exec.Cmd {
	c := exec.CommandContext(ctx, e.path, "--stdin", "--stdout",
		"-b", "1", // UTF-8
		"-z", // no pause after the last sentence
		"-v", voice(u.Language), "-s", strconv.Itoa(u.WordsPerMinute))
	// [[ would begin phonemes.
	c.Stdin = strings.NewReader(strings.ReplaceAll(u.Text, "[[", "[ ["))
	c.Env = []string{"LANG=C.UTF-8", "PATH=/usr/bin"}
	c.WaitDelay = time.Second
	if e.root != "" {
		c.Dir = "/"
		c.SysProcAttr = &syscall.SysProcAttr{
			Chroot:     e.root,
			Cloneflags: unix.CLONE_NEWNET | unix.CLONE_NEWPID | unix.CLONE_NEWIPC | unix.CLONE_NEWNS,
			Credential: &syscall.Credential{Uid: user, Gid: user},
		}
	}
	return c
}

// Synthesize is Synthesizer's.
func (e Espeak) Synthesize(ctx context.Context, u Utterance, play func(rate int, next Next) error) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel() // nobody listens any more
	c := e.command(ctx, u)
	var complaint limited
	c.Stderr = &complaint
	out, err := c.StdoutPipe()
	if err != nil {
		return fmt.Errorf("starting the voice: %w", err)
	}
	if err := c.Start(); err != nil {
		return fmt.Errorf("starting the voice: %w", err)
	}
	rate, err := readHeader(out)
	if err == nil {
		err = play(rate, samplesOf(out))
	}
	if err != nil {
		cancel()
	}
	ended := c.Wait()
	switch {
	case ctx.Err() != nil && err != nil && !errors.Is(err, errNoSound):
		return err // it was killed for it
	case ended != nil && complaint.b.Len() > 0:
		return fmt.Errorf("the voice ended: %w: %s", ended, bytes.TrimSpace(complaint.b.Bytes()))
	case ended != nil && !errors.Is(err, errNoSound):
		return fmt.Errorf("the voice ended: %w", ended)
	}
	return err
}

// limited keeps the beginning of what is written to it.
type limited struct{ b bytes.Buffer }

func (l *limited) Write(p []byte) (int, error) {
	l.b.Write(p[:min(len(p), maxComplaint-l.b.Len())])
	return len(p), nil
}

// samplesOf reads samples of 16 bits, the lower byte first.
func samplesOf(r io.Reader) Next {
	var b [4096]byte
	samples := make([]int16, 0, len(b)/2)
	kept := 0 // half a sample
	return func() ([]int16, error) {
		n, err := r.Read(b[kept:])
		n += kept
		samples = samples[:0]
		for i := 0; i+1 < n; i += 2 {
			samples = append(samples, int16(binary.LittleEndian.Uint16(b[i:])))
		}
		if kept = n % 2; kept == 1 {
			b[0] = b[n-1]
		}
		if err != nil && !errors.Is(err, io.EOF) {
			err = fmt.Errorf("reading the voice: %w", err)
		}
		return samples, err
	}
}

var errNoSound = errors.New("the voice gave no sound")

// maxChunk is the longest part of a header that is passed over.
const maxChunk = 1 << 10

// readHeader reads a WAVE file up to its samples, which must be mono and of 16 bits.
// The lengths that the header gives are not right: it was written before them.
func readHeader(r io.Reader) (rate int, err error) {
	var riff [12]byte
	if _, err := io.ReadFull(r, riff[:]); err != nil {
		return 0, fmt.Errorf("%w: %w", errNoSound, err)
	}
	if string(riff[:4]) != "RIFF" || string(riff[8:]) != "WAVE" {
		return 0, fmt.Errorf("%w: what it wrote is no WAVE file", errNoSound)
	}
	for {
		var chunk [8]byte
		if _, err := io.ReadFull(r, chunk[:]); err != nil {
			return 0, fmt.Errorf("%w: reading the header: %w", errNoSound, err)
		}
		length := binary.LittleEndian.Uint32(chunk[4:])
		if string(chunk[:4]) == "data" {
			if rate == 0 {
				return 0, fmt.Errorf("%w: the header does not say of what kind it is", errNoSound)
			}
			return rate, nil
		}
		if length > maxChunk {
			return 0, fmt.Errorf("%w: a part of the header has %d bytes", errNoSound, length)
		}
		content := make([]byte, length+length%2)
		if _, err := io.ReadFull(r, content); err != nil {
			return 0, fmt.Errorf("%w: reading the header: %w", errNoSound, err)
		}
		if string(chunk[:4]) != "fmt " {
			continue
		}
		if len(content) < 16 {
			return 0, fmt.Errorf("%w: the header's format has %d bytes", errNoSound, len(content))
		}
		form, channels, bits := binary.LittleEndian.Uint16(content), binary.LittleEndian.Uint16(content[2:]), binary.LittleEndian.Uint16(content[14:])
		rate = int(binary.LittleEndian.Uint32(content[4:]))
		if form != 1 || channels != 1 || bits != 16 || rate < 8000 || rate > 48000 {
			return 0, fmt.Errorf("%w: it is of format %d, %d channels, %d bits, %d Hz; expected mono samples of 16 bits", errNoSound, form, channels, bits, rate)
		}
	}
}
