package audio

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/pion/mediadevices/pkg/io/audio"
	"github.com/pion/mediadevices/pkg/wave"
)

// Trial is a microphone and a loudspeaker with nothing of a call between them:
// for finding out whether the one hears the other. It has no goroutine.
type Trial struct {
	microphone audio.Reader
	speaker    *cardSpeaker // nil for a simulated one
	close      func() error
}

// OpenTrial opens both, by names as OpenMicrophone and OpenSpeaker take them.
func OpenTrial(microphone, speaker string) (*Trial, error) {
	var room Room // of its own: no echo is to be taken out
	var playback func() (soundCard, error)
	if speaker != Simulated {
		playback = func() (soundCard, error) { return room.playback(speaker) }
	}
	return openTrial(&room, room.microphone(microphone), playback)
}

func openTrial(room *Room, microphone microphoneDriver, playback func() (soundCard, error)) (_ *Trial, err error) {
	t := &Trial{}
	var card soundCard
	t.close = sync.OnceValue(func() error {
		err := microphone.Close()
		if card != nil {
			err = errors.Join(err, card.Close())
		}
		return err
	})
	defer func() {
		if err != nil {
			err = errors.Join(err, t.Close())
		}
	}()
	if err := microphone.Open(); err != nil {
		return nil, fmt.Errorf("opening the microphone: %w", err)
	}
	if playback != nil {
		if card, err = playback(); err != nil {
			return nil, fmt.Errorf("opening the loudspeaker: %w", err)
		}
		t.speaker = newCardSpeaker(room, card)
		if err := t.speaker.start(); err != nil {
			return nil, fmt.Errorf("starting the loudspeaker: %w", err)
		}
	}
	if t.microphone, err = microphone.AudioRecord(microphone.Properties()[0]); err != nil {
		return nil, fmt.Errorf("starting the microphone: %w", err)
	}
	return t, nil
}

// Exchange plays 20 ms and gives 20 ms of what the microphone heard, 960 samples
// each. It waits for the cards, until ctx ends, which closes them.
func (t *Trial) Exchange(ctx context.Context, play, heard []int16) error {
	stop := context.AfterFunc(ctx, func() { _ = t.Close() }) // told by the Close that follows
	defer stop()
	err := t.exchange(play, heard)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return err
}

func (t *Trial) exchange(play, heard []int16) error {
	for t.speaker != nil && len(play) > 0 {
		err := t.speaker.wait()
		if err == nil {
			err = t.speaker.play(play[:periodSamples])
		}
		if err != nil {
			return fmt.Errorf("playing: %w", err)
		}
		play = play[periodSamples:]
	}
	chunk, release, err := t.microphone.Read()
	defer release()
	if err != nil {
		return fmt.Errorf("listening: %w", err)
	}
	copy(heard, chunk.(*wave.Int16Interleaved).Data) // what every microphone of this package gives
	return nil
}

// Close closes both.
func (t *Trial) Close() error { return t.close() }
