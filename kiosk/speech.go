package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"

	"loiret.fr/visioborne/config"
	"loiret.fr/visioborne/kiosk/booth"
	"loiret.fr/visioborne/kiosk/call"
	"loiret.fr/visioborne/kiosk/keys"
	"loiret.fr/visioborne/kiosk/media/audio"
	"loiret.fr/visioborne/kiosk/speech"
)

// headphones are a card for headphones, and whether they are used.
type headphones struct {
	used atomic.Bool
	// room is their own, as the handset's is.
	room *audio.Room
}

// hearing tells by what sound is heard now, should the spoken mode be on.
func (d devices) hearing() booth.Hearing {
	switch {
	case d.handset != nil && d.handset.lifted.Load():
		return booth.HearingHandset
	case d.headphones != nil && present(booth.DeviceSpeaker, d.names.Headphones):
		return booth.HearingHeadphones
	}
	return booth.HearingLoudspeaker
}

// sharing lets the booth's voice and a call have one sound card, which can be opened
// once only: while a call has it, the voice is played by the call's speaker.
type sharing struct {
	// open opens the speaker that is to be used now.
	open func() (*audio.Speaker, error)
	log  *slog.Logger

	mu       sync.Mutex
	calls    int
	speaking bool
	own      *audio.Speaker // the voice's; nil while it is closed
}

// shared is a call's speaker.
type shared struct {
	*audio.Speaker
	release func()
}

func (s *shared) Close() error {
	err := s.Speaker.Close()
	s.release()
	return err
}

// forCall opens the speaker for a call, from which the voice steps back.
func (s *sharing) forCall(open func() (*audio.Speaker, error)) (call.Speaker, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.close()
	l, err := open()
	if err != nil {
		return nil, err
	}
	s.calls++
	return &shared{l, sync.OnceFunc(s.release)}, nil
}

// release: a call has closed the speaker. What is being said goes on.
func (s *sharing) release() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.calls--; s.speaking {
		if err := s.reopen(); err != nil {
			s.log.Warn("going on speaking", "error", err)
		}
	}
}

// reopen opens the speaker for the voice, unless it is open. The caller holds mu.
func (s *sharing) reopen() (err error) {
	if s.calls == 0 && s.own == nil {
		s.own, err = s.open()
	}
	return err
}

// close closes the voice's speaker. The caller holds mu.
func (s *sharing) close() {
	if s.own == nil {
		return
	}
	if err := s.own.Close(); err != nil {
		s.log.Warn("closing the speaker after speaking", "error", err)
	}
	s.own = nil
}

const (
	// A card that another part of the booth is just closing is tried again this often, for so long.
	openPause, openTime = 50 * time.Millisecond, time.Second
	// A speaker that has played nothing for this long has broken.
	stuckTime = 3 * time.Second
)

// begin opens the speaker for the voice.
func (s *sharing) begin(ctx context.Context) error {
	for began := time.Now(); ; {
		s.mu.Lock()
		err := s.reopen()
		s.speaking = err == nil
		s.mu.Unlock()
		if err == nil || time.Since(began) > openTime {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(openPause):
		}
	}
}

// end: the voice has said it; the speaker stays open for what follows.
func (s *sharing) end() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.speaking = false
}

// rest closes the voice's speaker.
func (s *sharing) rest() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.close()
}

var errStuck = errors.New("the speaker does not play")

// voice is the booth's own: it says what the state machine wants said, and knows the keys.
type voice struct {
	devices devices
	mouth   *speech.Mouth // nil for a booth without one
	keys    *keys.Keys    // nil for none
	rate    int           // words a minute
	// key and saying tell the page that drives.
	key    func(booth.FourKey)
	saying func(string)
	// moved: sound goes elsewhere.
	moved func()
	post  func(booth.Event)
	log   *slog.Logger
}

// openVoice looks for the program that speaks, in the image's root or on this machine, and takes the keys. A booth that has
// neither serves without them.
func openVoice(own *appliance, all devices, rate int, log *slog.Logger) *voice {
	v := &voice{devices: all, rate: rate, log: log}
	espeak, err := speech.Find()
	if own != nil {
		espeak, err = speech.FindIn(browserFolder)
	}
	if err != nil {
		log.Warn("there is no spoken mode", "reason", err)
		return v
	}
	v.mouth = speech.NewMouth(speech.Options{Synthesizer: espeak, Output: v, Began: v.began, Log: log})
	if k := all.names.Keys; k != nil {
		if v.keys, err = keys.Open(*k, log); err != nil {
			log.Error("the keys do not work; the spoken mode is moved on the touchscreen", "error", err)
		}
	}
	return v
}

// missing: the booth has no voice.
func (v *voice) missing() bool { return v.mouth == nil }

// carryOut runs an effect that concerns the voice. It does not block.
func (v *voice) carryOut(f booth.Effect) {
	if v.missing() {
		return
	}
	switch f := f.(type) {
	case booth.Speak:
		v.mouth.Say(speech.Utterance{Text: f.Text, Language: f.Language, WordsPerMinute: v.rate, VolumePercent: f.VolumePercent})
	case booth.Hush:
		v.mouth.Hush()
	case booth.ListenBy:
		if h := v.devices.headphones; h != nil && h.used.Swap(f.Headphones) != f.Headphones && v.devices.hearing() == booth.HearingHeadphones {
			v.moved()
		}
	case booth.PassKey:
		v.key(f.Key)
	default:
	}
}

// hearingChanged tells the booth by what it is heard.
func (v *voice) hearingChanged() {
	if !v.missing() {
		v.post(booth.HearingChanged{Hearing: v.devices.hearing(), Session: uuid.NewString()})
	}
}

// run speaks, reads the keys and watches the headphones until ctx ends.
func (v *voice) run(ctx context.Context) error {
	if v.missing() {
		return nil
	}
	var tasks sync.WaitGroup
	defer tasks.Wait()
	tasks.Go(func() { v.watchHeadphones(ctx) })
	if v.keys != nil {
		defer v.keys.Close()
		tasks.Go(func() {
			_ = v.keys.Run(ctx, func(k booth.FourKey) { v.post(booth.FourKeyPressed{Session: uuid.NewString(), Key: k}) }) // it has told
		})
	}
	err := v.mouth.Run(ctx)
	tasks.Wait()
	return err
}

// watchHeadphones tells when headphones come and go.
func (v *voice) watchHeadphones(ctx context.Context) {
	v.hearingChanged()
	if v.devices.headphones == nil {
		return
	}
	tick := time.NewTicker(sensorTick)
	defer tick.Stop()
	for before := v.devices.hearing(); ; {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if now := v.devices.hearing(); now != before {
			before = now
			v.hearingChanged()
			if v.devices.headphones.used.Load() {
				v.moved()
			}
		}
	}
}

// began shows what a loudspeaker that is simulated says, as simulated devices do.
func (v *voice) began(u speech.Utterance) {
	if s := v.devices.sound(os.DirFS("/proc/asound")); s.Speaker == config.Simulated {
		v.saying(u.Text)
	}
}

// Play plays an utterance on the speaker that is to be used now.
func (v *voice) Play(ctx context.Context, u speech.Utterance, rate int, next speech.Next) error {
	sharing := v.devices.sharing
	if err := sharing.begin(ctx); err != nil {
		return err
	}
	defer sharing.end()
	said := v.devices.sound(os.DirFS("/proc/asound")).room.Voice
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	watched := make(chan struct{})
	defer func() { <-watched }()
	defer stop(nil)
	go func() { // a speaker that has broken takes nothing, and would be waited for
		defer close(watched)
		tick := time.NewTicker(stuckTime)
		defer tick.Stop()
		for before := time.Duration(-1); ; {
			now := said.Spoken()
			if now == before {
				stop(errStuck)
				sharing.rest()
				return
			}
			before = now
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
			}
		}
	}()
	err := said.Play(ctx, rate, u.VolumePercent, next)
	if cause := context.Cause(ctx); errors.Is(cause, errStuck) {
		return cause
	}
	return err
}

// Rest closes the speaker.
func (v *voice) Rest() { v.devices.sharing.rest() }

// describeKeys tells which keys are pressed now, and which keypads are plugged in.
func describeKeys(k config.Keys) string {
	names := []string{}
	for _, p := range keys.Keypads(os.DirFS("/sys/class/input"), config.AnyKeypad) {
		names = append(names, strconv.Quote(p.Name))
	}
	about := "keypads: none"
	if len(names) > 0 {
		about = "keypads: " + strings.Join(names, ", ")
	}
	open, err := keys.Open(k, slog.New(slog.DiscardHandler))
	if err != nil {
		return fmt.Sprintf("keys: %s, %s", err, about)
	}
	defer open.Close()
	pressed := "none pressed"
	if now := open.Pressed(); len(now) > 0 {
		pressed = fmt.Sprintf("%v pressed", now)
	}
	return fmt.Sprintf("keys: %s, %s", pressed, about)
}
