package main

import (
	"log/slog"

	"github.com/pion/webrtc/v4"

	"loiret.fr/visioborne/kiosk/booth"
	"loiret.fr/visioborne/kiosk/call"
	"loiret.fr/visioborne/kiosk/media/audio"
	"loiret.fr/visioborne/kiosk/media/camera"
	"loiret.fr/visioborne/kiosk/training"
)

// trainer is the simulated adviser whom a booth in training calls instead of the hub's.
type trainer struct {
	*training.Adviser
	// calls is where its events go.
	calls *calls
}

func newTrainer(c *calls, log *slog.Logger) *trainer {
	t := &trainer{calls: c}
	room := &audio.Room{Log: log}
	t.Adviser = training.New(training.Options{
		// Small, so that a booth without an encoder in hardware can make two pictures at once.
		Camera: func() (training.Camera, error) {
			return opened[training.Camera](camera.Open(camera.Simulated, camera.Format{Width: 640, Height: 360, FrameRate: 15, Bitrate: 400_000}))
		},
		Microphone: func() (training.Microphone, error) {
			return opened[training.Microphone](room.OpenMicrophone(audio.Simulated, audio.MicrophoneOptions{}))
		},
		Event: t.event, Log: log,
	})
	return t
}

// event turns what happens at the adviser's into the booth's events.
func (t *trainer) event(e training.Event) {
	post := t.calls.post
	switch e := e.(type) {
	case training.Queued:
		post(booth.CallQueued{Call: e.Call, Place: 1, Free: 1})
	case training.Ringing:
		post(booth.CallRinging{Call: e.Call})
	case training.Answered:
		post(booth.CallAnswered{Call: e.Call, Adviser: training.Name})
	case training.Broken:
		post(booth.CallEnded{Call: e.Call, Lost: true})
	case training.Signalled:
		s := call.Signal{Kind: e.Signal.Kind, SDP: e.Signal.SDP}
		if c := e.Signal.Candidate; c != nil {
			s.Candidate = &call.Candidate{Candidate: c.Candidate, SDPMid: c.SDPMid, SDPMLineIndex: c.SDPMLineIndex}
		}
		t.calls.with(e.Call, func(p *call.Peer) {
			if err := p.Receive(s); err != nil {
				t.calls.log.Warn("a signal of the simulated adviser was refused", "kind", s.Kind, "error", err)
			}
		})
	}
}

// signal passes on what the booth's end has for the adviser's; false: the call is the hub's.
func (t *trainer) signal(id string, s call.Signal) bool {
	if !t.Has(id) {
		return false
	}
	out := training.Signal{Kind: s.Kind, SDP: s.SDP}
	if c := s.Candidate; c != nil {
		out.Candidate = &webrtc.ICECandidateInit{Candidate: c.Candidate, SDPMid: c.SDPMid, SDPMLineIndex: c.SDPMLineIndex}
	}
	t.Receive(id, out)
	return true
}

// leave is false when the call is the hub's.
func (t *trainer) leave(id string) bool {
	if !t.Has(id) {
		return false
	}
	t.Leave(id)
	return true
}
