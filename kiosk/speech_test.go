package main

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"math"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"testing/synctest"
	"time"

	"loiret.fr/visioborne/config"
	"loiret.fr/visioborne/hub/wire"
	"loiret.fr/visioborne/kiosk/booth"
	"loiret.fr/visioborne/kiosk/media/audio"
	"loiret.fr/visioborne/kiosk/media/camera"
	"loiret.fr/visioborne/kiosk/speech"
)

// tone is a voice that says seconds of 300 Hz.
func tone(seconds int) speech.Next {
	left := 22050 * seconds
	return func() ([]int16, error) {
		if left == 0 {
			return nil, io.EOF
		}
		chunk := make([]int16, min(1000, left))
		for i := range chunk {
			chunk[i] = int16(9000 * math.Sin(2*math.Pi*300*float64(left-i)/22050))
		}
		left -= len(chunk)
		return chunk, nil
	}
}

// A call takes the sound card from the voice in the middle of a sentence, which goes on in the call's own speaker and, when
// the call has closed that, without it. What the call's speaker plays has the voice in it: it is what echo is taken out by.
func TestAVoiceAcrossACall(t *testing.T) {
	record := filepath.Join(t.TempDir(), "speaker.wav")
	synctest.Test(t, func(t *testing.T) {
		d := devicesOf(config.Devices{Camera: config.Simulated, Microphone: config.Simulated, Speaker: config.Simulated}, record, &camera.Machine{}, slog.New(slog.DiscardHandler))
		v := &voice{devices: d, log: slog.New(slog.DiscardHandler)}
		said := make(chan error, 1)
		began := time.Now()
		go func() { said <- v.Play(t.Context(), speech.Utterance{VolumePercent: 100}, 22050, tone(6)) }()
		<-time.After(2 * time.Second)
		if d.sharing.own == nil {
			t.Error("the voice has no speaker")
		}
		call, err := d.OpenSpeaker()
		if err != nil {
			t.Fatal(err)
		}
		if d.sharing.own != nil {
			t.Error("both have the sound card")
		}
		<-time.After(2 * time.Second)
		if err := call.Close(); err != nil {
			t.Error(err)
		}
		if err := <-said; err != nil {
			t.Error(err)
		}
		if took := time.Since(began); took < 6*time.Second-50*time.Millisecond || took > 7*time.Second {
			t.Errorf("6 s took %v", took)
		}
		v.Rest()
		if d.sharing.own != nil || d.sharing.calls != 0 {
			t.Errorf("afterwards the speaker is open: %v, calls: %d", d.sharing.own != nil, d.sharing.calls)
		}
	})
	b, err := os.ReadFile(record)
	if err != nil {
		t.Fatal(err)
	}
	loud := 0
	for i := 44; i+1 < len(b); i += 2 {
		if s := int16(uint16(b[i]) | uint16(b[i+1])<<8); s > 5000 {
			loud++
		}
	}
	if loud < 48000/2 {
		t.Errorf("of the voice only %d loud samples were in the call's speaker", loud)
	}
}

// A speaker that takes nothing is given up, and the next sentence gets another.
func TestAVoiceWhoseSpeakerBreaks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := devicesFor(config.Devices{Speaker: config.Simulated})
		v := &voice{devices: d, log: slog.New(slog.DiscardHandler)}
		var opened atomic.Int32
		d.sharing.open = func() (*audio.Speaker, error) {
			s, err := d.openSpeaker("")
			if opened.Add(1) == 1 {
				return s, errors.Join(err, s.Close()) // it plays no more
			}
			return s, err
		}
		if err := v.Play(t.Context(), speech.Utterance{VolumePercent: 100}, 22050, tone(2)); !errors.Is(err, errStuck) {
			t.Errorf("it ended with %v", err)
		}
		if err := v.Play(t.Context(), speech.Utterance{VolumePercent: 100}, 22050, tone(2)); err != nil {
			t.Error(err)
		}
		v.Rest()
	})
}

// A card that is just being closed by another part is waited for, but not for long.
func TestAVoiceWhoseCardIsBusy(t *testing.T) {
	busy := errors.New("busy")
	for free, want := range map[time.Duration]error{300 * time.Millisecond: nil, time.Hour: busy} {
		synctest.Test(t, func(t *testing.T) {
			d := devicesFor(config.Devices{Speaker: config.Simulated})
			v := &voice{devices: d, log: slog.New(slog.DiscardHandler)}
			began := time.Now()
			d.sharing.open = func() (*audio.Speaker, error) {
				if time.Since(began) < free {
					return nil, busy
				}
				return d.openSpeaker("")
			}
			if err := v.Play(t.Context(), speech.Utterance{VolumePercent: 100}, 22050, tone(1)); !errors.Is(err, want) {
				t.Errorf("free after %v: %v", free, err)
			}
			ctx, cancel := context.WithCancel(t.Context())
			cancel()
			if err := v.Play(ctx, speech.Utterance{VolumePercent: 100}, 22050, tone(1)); err == nil {
				t.Errorf("free after %v: what nobody wants to hear any more was played", free)
			}
			v.Rest()
		})
	}
}

// Headphones are used in the spoken mode only, and never instead of a handset that is lifted.
func TestWhereTheVoiceGoes(t *testing.T) {
	plug := filepath.Join(t.TempDir(), "pcmC3D0p")
	plugIn := func(in bool) {
		if err := os.RemoveAll(plug); err != nil {
			t.Fatal(err)
		}
		if in {
			if err := os.WriteFile(plug, nil, 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	loudspeaker, earpiece := config.Simulated, testHandset().Speaker
	for _, c := range []struct {
		name                  string
		plugged, lifted, used bool
		speaker               string
		hearing               booth.Hearing
	}{
		{"nothing plugged in", false, false, true, loudspeaker, booth.HearingLoudspeaker},
		{"plugged in, in a call of somebody who sees", true, false, false, loudspeaker, booth.HearingHeadphones},
		{"plugged in, in the spoken mode", true, false, true, plug, booth.HearingHeadphones},
		{"the handset is lifted", true, true, true, earpiece, booth.HearingHandset},
	} {
		d := devicesFor(config.Devices{Microphone: config.Simulated, Speaker: config.Simulated, Headphones: plug, Handset: testHandset()})
		plugIn(c.plugged)
		d.handset.lifted.Store(c.lifted)
		moves := 0
		v := &voice{devices: d, mouth: speech.NewMouth(speech.Options{}), moved: func() { moves++ }}
		v.carryOut(booth.ListenBy{Headphones: c.used})
		v.carryOut(booth.ListenBy{Headphones: c.used})
		s := d.sound(fstest.MapFS{})
		if s.Speaker != c.speaker || d.hearing() != c.hearing {
			t.Errorf("%s: on %s by %s, expected %s by %s", c.name, s.Speaker, d.hearing(), c.speaker, c.hearing)
		}
		if want := c.used && c.hearing == booth.HearingHeadphones; (moves == 1) != want {
			t.Errorf("%s: a call was told %d times that sound moves", c.name, moves)
		}
		if own := s.room == d.headphones.room; own != (c.speaker == plug) {
			t.Errorf("%s: in the headphones' own room: %v", c.name, own)
		}
	}
}

func TestTheHotlineHearsThatThereIsNoVoice(t *testing.T) {
	var sent []wire.Status
	report := reporter(sources{
		send: func(s wire.Status) { sent = append(sent, s) }, encoder: func() camera.Encoder { return camera.Encoder{} },
		sound: func() *booth.Sound { return nil }, health: unknown,
		configuration: func(booth.State) *wire.BoothConfiguration { return nil },
	})
	report(booth.State{VoiceMissing: true, Now: time.Date(2026, 11, 24, 10, 0, 0, 0, time.UTC)})
	if len(sent) != 1 || len(sent[0].Warnings) != 1 || sent[0].Warnings[0] != "voice_missing" {
		t.Fatalf("%+v", sent)
	}
	if err := sent[0].Validate(); err != nil {
		t.Error(err)
	}
	v := &voice{}
	v.carryOut(booth.Speak{Text: "Bonjour"}) // does nothing
	v.hearingChanged()
	if err := v.run(t.Context()); err != nil || !v.missing() {
		t.Errorf("%v", err)
	}
}
