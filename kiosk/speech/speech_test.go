package speech

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

// slow is a synthesizer that makes a second of sound for each word, as fast as it is wanted.
type slow struct{ fails error }

func (s slow) Synthesize(_ context.Context, u Utterance, play func(int, Next) error) error {
	if s.fails != nil {
		return s.fails
	}
	words := len(strings.Fields(u.Text))
	return play(16000, func() ([]int16, error) {
		if words == 0 {
			return nil, io.EOF
		}
		words--
		return make([]int16, 16000), nil
	})
}

// ear is an output that takes the time that sound takes, and writes down what happens.
type ear struct {
	mu   sync.Mutex
	told []string
}

func (e *ear) tell(what string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.told = append(e.told, what)
}

func (e *ear) Play(ctx context.Context, u Utterance, rate int, next Next) error {
	for {
		samples, err := next()
		if errors.Is(err, io.EOF) {
			e.tell(u.Text + " heard")
			return nil
		}
		select {
		case <-time.After(time.Duration(len(samples)) * time.Second / time.Duration(rate)):
		case <-ctx.Done():
			e.tell(u.Text + " cut off")
			return ctx.Err()
		}
	}
}

func (e *ear) Rest() { e.tell("rest") }

// mouth runs one and lets hand use it; it returns what was heard and what was logged.
func mouth(t *testing.T, s Synthesizer, hand func(*Mouth)) (told []string, log string) {
	t.Helper()
	var b bytes.Buffer
	synctest.Test(t, func(t *testing.T) {
		e := &ear{}
		m := NewMouth(Options{Synthesizer: s, Output: e, Began: func(u Utterance) { e.tell(u.Text + " begins") }, Log: slog.New(slog.NewTextHandler(&b, nil))})
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- m.Run(ctx) }()
		hand(m)
		synctest.Wait()
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		told = e.told
	})
	return told, b.String()
}

func pass(d time.Duration) { <-time.After(d) }

func TestWhatIsSaidLastIsHeard(t *testing.T) {
	for _, c := range []struct {
		name string
		hand func(*Mouth)
		want []string
	}{
		{"to the end, and the device is closed after a while", func(m *Mouth) {
			m.Say(Utterance{Text: "un deux"})
			pass(10 * time.Second)
		}, []string{"un deux begins", "un deux heard", "rest", "rest"}},
		{"interrupted by another", func(m *Mouth) {
			m.Say(Utterance{Text: "un deux trois"})
			pass(1500 * time.Millisecond)
			m.Say(Utterance{Text: "quatre"})
			pass(1500 * time.Millisecond)
		}, []string{"un deux trois begins", "un deux trois cut off", "quatre begins", "quatre heard", "rest"}},
		{"the device stays open in between", func(m *Mouth) {
			m.Say(Utterance{Text: "un"})
			pass(2500 * time.Millisecond)
			m.Say(Utterance{Text: "deux"})
			pass(2500 * time.Millisecond)
		}, []string{"un begins", "un heard", "deux begins", "deux heard", "rest"}},
		{"silence closes it at once", func(m *Mouth) {
			m.Say(Utterance{Text: "un deux trois"})
			pass(1500 * time.Millisecond)
			m.Hush()
			synctest.Wait()
		}, []string{"un deux trois begins", "un deux trois cut off", "rest", "rest"}},
		{"the end of the booth", func(m *Mouth) {
			m.Say(Utterance{Text: "un deux trois"})
			pass(1500 * time.Millisecond)
		}, []string{"un deux trois begins", "un deux trois cut off", "rest"}},
		{"a flood of keys", func(m *Mouth) {
			for range 1000 {
				m.Say(Utterance{Text: "un"})
			}
			m.Say(Utterance{Text: "deux"})
			pass(1500 * time.Millisecond)
		}, []string{"deux begins", "deux heard", "rest"}},
	} {
		told, log := mouth(t, slow{}, c.hand)
		if c.name == "a flood of keys" && len(told) > 3 { // how many of the first were begun is the scheduler's
			told = told[len(told)-3:]
		}
		if diff := cmp.Diff(c.want, told); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
		if log != "" {
			t.Errorf("%s: %s", c.name, log)
		}
	}
}

func TestAVoiceThatFailsIsToldWithoutTheText(t *testing.T) {
	told, log := mouth(t, slow{errors.New("no memory")}, func(m *Mouth) {
		m.Say(Utterance{Text: "votre dossier", Language: "fr"})
		pass(time.Second)
		m.Say(Utterance{Text: "encore", Language: "fr"})
		pass(time.Second)
	})
	if strings.Count(log, "no memory") != 2 || strings.Contains(log, "dossier") {
		t.Errorf("the log is %q", log)
	}
	if diff := cmp.Diff([]string{"rest"}, told); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestVoiceOfALanguage(t *testing.T) {
	for language, want := range map[string]string{"fr": "fr", "fr-FALC": "fr", "en": "en-gb", "uk": "uk", "ar": "ar", "tlh": "fr", "": "fr", "--help": "fr"} {
		if got := voice(language); got != want {
			t.Errorf("%q is spoken by %s, expected %s", language, got, want)
		}
	}
}

// Nobody who lists the machine's processes reads what is said.
func TestArgumentsDoNotHoldTheText(t *testing.T) {
	c := Espeak{path: "/usr/bin/espeak-ng"}.command(t.Context(), Utterance{Text: "Votre numéro [[est]] 1234567", Language: "fr", WordsPerMinute: 160})
	if all := strings.Join(append(c.Args, c.Env...), " "); strings.Contains(all, "1234567") {
		t.Errorf("it is started as %s", all)
	}
	in, err := io.ReadAll(c.Stdin)
	if err != nil || string(in) != "Votre numéro [ [est]] 1234567" {
		t.Errorf("its input is %q, %v", in, err)
	}
}

// voiceOfThisMachine is eSpeak NG; tests that need it are skipped without.
func voiceOfThisMachine(t *testing.T) Espeak {
	t.Helper()
	e, err := Find()
	if err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal(err)
		}
		t.Skip(err)
	}
	return e
}

// collect is a play that takes everything.
func collect(all *[]int16, at *int) func(int, Next) error {
	return func(rate int, next Next) error {
		*at = rate
		for {
			samples, err := next()
			*all = append(*all, samples...)
			if errors.Is(err, io.EOF) {
				return nil
			}
			if err != nil {
				return err
			}
		}
	}
}

func TestEspeakSpeaksEveryLanguage(t *testing.T) {
	e := voiceOfThisMachine(t)
	for language := range voices {
		var heard []int16
		var rate int
		if err := e.Synthesize(t.Context(), Utterance{Text: "Bonjour 12", Language: language, WordsPerMinute: 160}, collect(&heard, &rate)); err != nil {
			t.Errorf("%s: %v", language, err)
			continue
		}
		loud := 0
		for _, v := range heard {
			loud = max(loud, int(v))
		}
		if length := float64(len(heard)) / float64(rate); length < 0.4 || length > 6 || loud < 3000 {
			t.Errorf("%s: %.1f s at %d Hz, as loud as %d", language, length, rate, loud)
		}
	}
}

// Slower is longer, or the rate is not heeded.
func TestEspeakHeedsTheRate(t *testing.T) {
	e := voiceOfThisMachine(t)
	length := func(words int) int {
		var heard []int16
		var rate int
		if err := e.Synthesize(t.Context(), Utterance{Text: "Vous êtes dans la file d’attente.", Language: "fr", WordsPerMinute: words}, collect(&heard, &rate)); err != nil {
			t.Fatal(err)
		}
		return len(heard)
	}
	if slow, fast := length(100), length(250); slow < 3*fast/2 {
		t.Errorf("%d samples at 100 words a minute, %d at 250", slow, fast)
	}
}

func TestEspeakIsKilled(t *testing.T) {
	e := voiceOfThisMachine(t)
	ctx, cancel := context.WithCancel(t.Context())
	err := e.Synthesize(ctx, Utterance{Text: strings.Repeat("Bonjour à tous. ", 500), Language: "fr", WordsPerMinute: 160}, func(_ int, next Next) error {
		if _, err := next(); err != nil {
			return err
		}
		cancel() // with most of it unsaid: its pipe is full, and it would wait for ever
		<-ctx.Done()
		return ctx.Err()
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("it ended with %v", err)
	}
}

func TestEspeakThatIsMissingOrMute(t *testing.T) {
	if _, err := FindIn(t.TempDir()); err == nil || !strings.Contains(err.Error(), "made without it") {
		t.Errorf("a root without a voice: %v", err)
	}
	t.Setenv("PATH", t.TempDir())
	if _, err := Find(); err == nil || !strings.Contains(err.Error(), "install the package espeak-ng") {
		t.Errorf("a machine without a voice: %v", err)
	}
	mute := filepath.Join(t.TempDir(), "mute")
	if err := os.WriteFile(mute, []byte("#!/bin/sh\ncat >/dev/null\necho 'no such voice' >&2\nexit 2\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	err := Espeak{path: mute}.Synthesize(t.Context(), Utterance{Text: "Bonjour"}, func(int, Next) error {
		t.Error("it is played")
		return nil
	})
	if err == nil || !strings.Contains(err.Error(), "no such voice") {
		t.Errorf("a voice that gives up: %v", err)
	}
	if err := (Espeak{path: "/bin/true"}).Synthesize(t.Context(), Utterance{Text: "Bonjour"}, nil); !errors.Is(err, errNoSound) {
		t.Errorf("a voice that says nothing: %v", err)
	}
}

// header is what eSpeak NG begins with.
func header(rate uint32) []byte {
	return append([]byte("RIFF\x24\xf0\xff\x7fWAVEfmt \x10\x00\x00\x00\x01\x00\x01\x00"),
		byte(rate), byte(rate>>8), byte(rate>>16), byte(rate>>24), 0x44, 0xac, 0, 0, 2, 0, 16, 0, 'd', 'a', 't', 'a', 0, 0xf0, 0xff, 0x7f)
}

func TestReadHeader(t *testing.T) {
	if rate, err := readHeader(bytes.NewReader(header(22050))); rate != 22050 || err != nil {
		t.Errorf("%d, %v", rate, err)
	}
	stereo, short := header(22050), header(22050)[:30]
	stereo[22] = 2
	long := append(append([]byte{}, header(22050)[:12]...), "LIST\xff\xff\xff\x7f"...)
	for name, b := range map[string][]byte{"nothing": nil, "text": []byte("Error: no voice!!"), "stereo": stereo, "cut": short, "long": long, "no rate": header(0)} {
		if _, err := readHeader(bytes.NewReader(b)); !errors.Is(err, errNoSound) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzReadHeader(f *testing.F) {
	f.Add(header(22050))
	f.Add(append(append([]byte{}, header(22050)[:12]...), "LIST\x01\x00\x00\x00ab"...))
	f.Fuzz(func(t *testing.T, b []byte) {
		rate, err := readHeader(bytes.NewReader(b))
		if err == nil && (rate < 8000 || rate > 48000) {
			t.Errorf("a rate of %d", rate)
		}
	})
}

// Samples come in pieces that end anywhere.
func TestSamplesInOddPieces(t *testing.T) {
	want := []int16{1, -2, 300, -32768, 32767}
	raw := []byte{1, 0, 0xfe, 0xff, 0x2c, 1, 0, 0x80, 0xff, 0x7f}
	for size := 1; size <= len(raw); size++ {
		next := samplesOf(&pieces{raw, size})
		var got []int16
		for {
			samples, err := next()
			got = append(got, samples...)
			if err != nil {
				break
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("pieces of %d (-want +got):\n%s", size, diff)
		}
	}
}

type pieces struct {
	rest []byte
	size int
}

func (p *pieces) Read(b []byte) (int, error) {
	if len(p.rest) == 0 {
		return 0, io.EOF
	}
	n := copy(b, p.rest[:min(p.size, len(p.rest))])
	p.rest = p.rest[n:]
	return n, nil
}
