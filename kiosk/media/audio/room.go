package audio

import (
	"fmt"
	"log/slog"

	"loiret.fr/visioborne/kiosk/media/audio/alsa"
)

// EchoCanceller takes what the loudspeaker plays out of what the microphone
// hears. near is 10 ms of the microphone, far is what the loudspeaker played in
// the same 10 ms, 480 samples each; out is near without the echo, and may be
// near itself. It is called for one microphone from one goroutine, every 10 ms
// of sound, without gaps but for those of the card's.
//
// The two clocks are brought together before: far glides with the difference of
// the cards' speeds, at 800 parts in a million at most, and is right to about a
// millisecond, either way. It jumps when a card was stopped.
type EchoCanceller interface {
	Process(near, far, out []int16)
	// Reduction is by how much the echo was lowered of late, in dB; found: there is one;
	// learned: the canceller knows the room. It may be called from any goroutine.
	Reduction() (dB float64, found, learned bool)
}

// Room is where a microphone hears a loudspeaker: it knows, for each moment that
// is captured, what was played. Both are opened from it. The zero Room is one
// without an echo canceller.
type Room struct {
	// NewEchoCanceller makes one for each microphone that is opened, so that
	// nothing is kept from one call to the next; nil for none. Simulated
	// microphones hear nothing and have none.
	NewEchoCanceller func() EchoCanceller
	// Voice is played by every speaker that is opened from the room; nil for none.
	Voice *Voice
	// Log may be nil.
	Log *slog.Logger

	played playedSound
}

// OpenMicrophone opens the microphone with that name: Simulated, or the device
// node of a card, such as /dev/snd/pcmC1D0c.
func (r *Room) OpenMicrophone(name string, o MicrophoneOptions) (*Microphone, error) {
	m, err := startMicrophone(r.microphone(name), o)
	if err != nil {
		return nil, fmt.Errorf("opening microphone %s: %w", name, err)
	}
	return m, nil
}

func (r *Room) microphone(name string) microphoneDriver {
	if name == Simulated {
		return &simulatedMicrophone{}
	}
	return &cardMicrophone{
		room: r,
		open: func() (soundCard, error) {
			card, err := alsa.OpenCapture(name)
			return r.opened(name, card, err)
		},
	}
}

// OpenSpeaker opens the speaker with that name, as OpenMicrophone does, and
// plays until Close.
func (r *Room) OpenSpeaker(name string, o SpeakerOptions) (*Speaker, error) {
	var s *Speaker
	var err error
	if name == Simulated {
		s, err = openSimulatedSpeaker(o, r.Voice)
	} else {
		s, err = r.openSpeaker(func() (soundCard, error) { return r.playback(name) })
	}
	if err != nil {
		return nil, fmt.Errorf("opening speaker %s: %w", name, err)
	}
	return s, nil
}

// playback opens a loudspeaker's card.
func (r *Room) playback(name string) (soundCard, error) {
	card, err := alsa.OpenPlayback(name)
	return r.opened(name, card, err)
}

// opened sets a card's levels. Sound at the wrong level is better than none.
func (r *Room) opened(name string, card *alsa.PCM, err error) (soundCard, error) {
	if err != nil {
		return nil, err
	}
	changes, err := card.SetLevels()
	if err != nil {
		r.log().Warn("setting the sound card's levels", "device", name, "error", err)
	}
	r.log().Info("opened a sound card", "device", name, "card", card.Name(), "format", card.Format().String(), "levels", changes)
	return card, nil
}

func (r *Room) openSpeaker(open func() (soundCard, error)) (*Speaker, error) {
	s, err := decodingSpeaker()
	if err != nil {
		return nil, err
	}
	card, err := open()
	if err != nil {
		s.decoder.Close()
		return nil, err
	}
	s.card = newCardSpeaker(r, card)
	s.voice = r.Voice
	go s.drive()
	return s, nil
}

func (r *Room) log() *slog.Logger {
	if r.Log == nil {
		return slog.New(slog.DiscardHandler)
	}
	return r.Log
}
