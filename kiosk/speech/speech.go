// Package speech says texts: it turns them into sound by eSpeak NG, a program of
// Debian's that runs as a process of its own for each text, and hands the sound to
// whoever plays it. What is said last is what is heard: a new text ends the one
// before, as EN 301 549, 5.1.3.5 wants it.
//
// A text reaches the program by its standard input, never as an argument, which all
// programs of the machine could read; it is in no log and in no file. The program
// is killed as soon as nobody wants to hear the text any more. In a booth's image it
// lives in the browser's root, to which its own is changed; it is an ordinary user
// there, in a network without any interface.
//
// It opens no device. Run owns every goroutine and process and returns when they
// have ended.
//
// Sources: espeak-ng(1); the WAVE format of Multimedia Programming Interface and
// Data Specifications 1.0.
package speech

import (
	"context"
	"errors"
	"log/slog"
	"time"
)

// Utterance is something to say.
type Utterance struct {
	Text string
	// Language is one of the touchscreen's.
	Language       string
	WordsPerMinute int
	// VolumePercent is how loud, as audio.Voice takes it.
	VolumePercent int
}

// Next gives the next samples of an utterance, mono; io.EOF is its end.
type Next = func() ([]int16, error)

// Synthesizer turns an utterance into sound. It calls play once there is some, with
// the samples of a second, and returns when play has, or with the reason why there
// is none. It ends soon after ctx.
type Synthesizer interface {
	Synthesize(ctx context.Context, u Utterance, play func(rate int, next Next) error) error
}

// Output is where an utterance is heard.
type Output interface {
	// Play opens the device if need be, and returns when everything is heard or ctx has ended.
	Play(ctx context.Context, u Utterance, rate int, next Next) error
	// Rest closes the device: there is nothing to say.
	Rest()
}

// Options are what a Mouth needs.
type Options struct {
	Synthesizer Synthesizer
	Output      Output
	// Began is called when the sound of an utterance begins. It must not block. May be nil.
	Began func(Utterance)
	Log   *slog.Logger
}

// restAfter is how long a device stays open after what was said: the next text often follows at once, and opening takes time.
const restAfter = 2 * time.Second

// Mouth says one thing at a time.
type Mouth struct {
	options Options
	wanted  chan Utterance // one slot: the latest; one without a text is silence
}

// NewMouth returns one that says nothing until Run.
func NewMouth(o Options) *Mouth { return &Mouth{options: o, wanted: make(chan Utterance, 1)} }

// Say says something instead of what is being said. It does not block. One
// goroutine may call Say and Hush.
func (m *Mouth) Say(u Utterance) {
	select {
	case <-m.wanted: // never heard
	default:
	}
	m.wanted <- u
}

// Hush ends what is being said, and closes the device at once.
func (m *Mouth) Hush() { m.Say(Utterance{}) }

// Run says what is wanted until ctx ends.
func (m *Mouth) Run(ctx context.Context) error {
	defer m.options.Output.Rest()
	silent, done := func() {}, closed()
	defer func() {
		silent()
		<-done
	}()
	rest := time.NewTimer(restAfter)
	rest.Stop()
	defer rest.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-rest.C:
			select {
			case <-done:
				m.options.Output.Rest()
			default: // it is being said; its end begins the time anew
			}
		case u := <-m.wanted:
			silent()
			<-done
			if u.Text == "" {
				m.options.Output.Rest()
				continue
			}
			saying, cancel := context.WithCancel(ctx)
			now := make(chan struct{})
			silent, done = cancel, now
			go func() {
				defer close(now)
				m.say(saying, u)
				rest.Reset(restAfter)
			}()
		}
	}
}

func closed() chan struct{} {
	c := make(chan struct{})
	close(c)
	return c
}

func (m *Mouth) say(ctx context.Context, u Utterance) {
	err := m.options.Synthesizer.Synthesize(ctx, u, func(rate int, next Next) error {
		began := false
		return m.options.Output.Play(ctx, u, rate, func() ([]int16, error) {
			samples, err := next()
			if !began && len(samples) > 0 && m.options.Began != nil {
				m.options.Began(u)
			}
			began = began || len(samples) > 0
			return samples, err
		})
	})
	if err != nil && !errors.Is(err, context.Canceled) {
		m.options.Log.Error("speaking", "language", u.Language, "error", err) // never the text
	}
}
