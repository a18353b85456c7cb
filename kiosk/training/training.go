// Package training is an adviser who is simulated, in the booth itself: whoever
// practises with the booth calls, is answered, sees and hears somebody, reads what
// they write and hangs up, without a hub and without a network.
//
// It takes a booth's call as a partner's line does: the line, the ringing desk, the
// answer, and the far end of the peer connection (W3C, WebRTC: an answer to the
// booth's offer, and a data channel named "control"). Its picture and its sound are
// those of the simulated devices, which say on the picture that they are. It keeps
// nothing, and only loopback carries it.
package training

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"sync"
	"time"

	"github.com/pion/rtcp"
	"github.com/pion/webrtc/v4"
	"github.com/pion/webrtc/v4/pkg/media"
)

// Name is what the adviser goes by.
const Name = "Camille (conseil simulé)"

// The line is short, and the desk rings as long as one often does.
const (
	lineTime = 2 * time.Second
	ringTime = 4 * time.Second
	// Between two of the texts that it writes.
	textTime = 6 * time.Second
)

// Texts are what it writes in a call, one after the other. An adviser writes French.
func texts() []string {
	return []string{
		"Bonjour, je suis un conseil simulé : cet appel est un exercice.",
		"Essayez les boutons : le micro, la caméra, le son.",
		"Touchez une réponse toute prête, puis « Raccrocher » pour finir.",
	}
}

// reply is what it writes when the booth's user has answered.
const reply = "Merci, j’ai bien lu votre réponse."

// Camera gives the adviser's picture, as H.264 access units in Annex B.
type Camera interface {
	// Read waits for the next picture, valid until the next Read.
	Read() (unit []byte, captured time.Time, err error)
	ForceKeyFrame() error
	// Close ends a Read that waits.
	Close() error
}

// Microphone gives the adviser's sound, as Opus packets of 20 ms.
type Microphone interface {
	Read() (packet []byte, captured time.Time, err error)
	Close() error
}

// Signal is what the two ends tell each other, as kiosk/call has it.
type Signal struct {
	Kind      string // "offer", "answer" or "candidate"
	SDP       string
	Candidate *webrtc.ICECandidateInit
}

// Event is what happens to the call.
//
//sumtype:decl
type Event interface{ isEvent() }

type (
	// Queued: the call is next in line.
	Queued struct{ Call string }
	// Ringing: the desk rings; the booth's offer may come.
	Ringing struct{ Call string }
	// Answered: the adviser is there.
	Answered struct{ Call string }
	// Signalled: the adviser's end has something for the booth's.
	Signalled struct {
		Call   string
		Signal Signal
	}
	// Broken: the adviser's end could not be made, or has failed.
	Broken struct{ Call string }
)

func (Queued) isEvent()    {}
func (Ringing) isEvent()   {}
func (Answered) isEvent()  {}
func (Signalled) isEvent() {}
func (Broken) isEvent()    {}

// Options are what an Adviser needs. Event is called from its goroutines and must not block for long.
type Options struct {
	Camera     func() (Camera, error)
	Microphone func() (Microphone, error)
	Event      func(Event)
	Log        *slog.Logger
}

// Adviser takes one call at a time. Its methods may be called from any goroutine.
type Adviser struct {
	options Options

	mu    sync.Mutex
	call  *call // nil while nobody calls
	tasks sync.WaitGroup
}

// call is the one that is up.
type call struct {
	id      string
	signals chan Signal
	cancel  context.CancelFunc
}

// New makes an adviser who waits for calls.
func New(o Options) *Adviser { return &Adviser{options: o} }

// Place takes a call, instead of the one before. It ends with Leave, or with ctx.
func (a *Adviser) Place(ctx context.Context, id string) {
	ctx, cancel := context.WithCancel(ctx)
	// An offer and its candidates: what more there may be is a flood.
	c := &call{id: id, signals: make(chan Signal, 64), cancel: cancel}
	a.mu.Lock()
	before := a.call
	a.call = c
	a.mu.Unlock()
	if before != nil {
		before.cancel()
	}
	a.tasks.Go(func() {
		defer cancel()
		if err := a.serve(ctx, c); err != nil && ctx.Err() == nil {
			a.options.Log.Error("the simulated adviser", "error", err)
			a.options.Event(Broken{id})
		}
	})
}

// Has tells whether that call is the adviser's.
func (a *Adviser) Has(id string) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.call != nil && a.call.id == id
}

// Leave ends a call.
func (a *Adviser) Leave(id string) {
	a.mu.Lock()
	c := a.call
	if c == nil || c.id != id {
		a.mu.Unlock()
		return
	}
	a.call = nil
	a.mu.Unlock()
	c.cancel()
}

// Receive takes a signal of the booth's end.
func (a *Adviser) Receive(id string, s Signal) {
	a.mu.Lock()
	c := a.call
	a.mu.Unlock()
	if c == nil || c.id != id {
		return
	}
	select {
	case c.signals <- s:
	default:
		a.options.Log.Warn("the simulated adviser gets more signals than it can take", "kind", s.Kind)
	}
}

// Close ends the call that is up, and waits until its devices are closed.
func (a *Adviser) Close() {
	a.mu.Lock()
	c := a.call
	a.call = nil
	a.mu.Unlock()
	if c != nil {
		c.cancel()
	}
	a.tasks.Wait()
}

// serve is a call from the line to its end.
func (a *Adviser) serve(ctx context.Context, c *call) error {
	a.options.Event(Queued{c.id})
	if !wait(ctx, lineTime) {
		return nil
	}
	a.options.Event(Ringing{c.id})
	if !wait(ctx, ringTime) {
		return nil
	}
	a.options.Event(Answered{c.id})
	return a.talk(ctx, c)
}

// talk answers the booth's offers until ctx ends.
func (a *Adviser) talk(ctx context.Context, c *call) error {
	e, err := newEnd(ctx, a.options, c.id)
	if err != nil {
		return err
	}
	defer e.close()
	for {
		select {
		case <-ctx.Done():
			return nil
		case err := <-e.broken:
			return err
		case s := <-c.signals:
			if err := e.receive(s); err != nil {
				return err
			}
		}
	}
}

// wait is false when ctx has ended.
func wait(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// end is the adviser's end of the peer connection.
type end struct {
	options Options
	id      string
	pc      *webrtc.PeerConnection
	picture *webrtc.TrackLocalStaticSample
	sound   *webrtc.TrackLocalStaticSample
	broken  chan error
	cancel  context.CancelFunc
	tasks   sync.WaitGroup

	// up is closed when sound and picture can be sent.
	up   chan struct{}
	once sync.Once
}

func newEnd(ctx context.Context, o Options, id string) (*end, error) {
	ctx, cancel := context.WithCancel(ctx)
	e := &end{options: o, id: id, broken: make(chan error, 3), up: make(chan struct{}), cancel: cancel}
	if err := e.connect(ctx); err != nil {
		cancel()
		return nil, fmt.Errorf("preparing the simulated adviser's end: %w", err)
	}
	return e, nil
}

func (e *end) connect(ctx context.Context) error {
	var settings webrtc.SettingEngine
	settings.SetIncludeLoopbackCandidate(true) // a booth that has no network can be practised with
	var err error
	if e.pc, err = webrtc.NewAPI(webrtc.WithSettingEngine(settings)).NewPeerConnection(webrtc.Configuration{}); err != nil {
		return err
	}
	if err := e.tracks(ctx); err != nil {
		return errors.Join(err, e.pc.Close())
	}
	e.pc.OnConnectionStateChange(func(s webrtc.PeerConnectionState) {
		if s == webrtc.PeerConnectionStateConnected {
			e.once.Do(func() { close(e.up) })
		}
	})
	e.pc.OnICECandidate(func(found *webrtc.ICECandidate) {
		if found != nil && ctx.Err() == nil {
			init := found.ToJSON()
			e.options.Event(Signalled{e.id, Signal{Kind: "candidate", Candidate: &init}})
		}
	})
	e.pc.OnTrack(func(track *webrtc.TrackRemote, _ *webrtc.RTPReceiver) {
		// What comes is not looked at. Reading it lets pion report on it, so that the booth sends as it would to anybody.
		for buffer := make([]byte, 1500); ; {
			if _, _, err := track.Read(buffer); err != nil {
				return
			}
		}
	})
	e.pc.OnDataChannel(func(c *webrtc.DataChannel) {
		if c.Label() == "control" {
			e.write(ctx, c)
		}
	})
	e.tasks.Go(func() { e.send(ctx, "picture", e.sendPicture) })
	e.tasks.Go(func() { e.send(ctx, "sound", e.sendSound) })
	return nil
}

func (e *end) tracks(ctx context.Context) error {
	var err error
	if e.picture, err = webrtc.NewTrackLocalStaticSample(webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypeH264}, "picture", "adviser"); err != nil {
		return err
	}
	if e.sound, err = webrtc.NewTrackLocalStaticSample(webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypeOpus}, "sound", "adviser"); err != nil {
		return err
	}
	if _, err = e.pc.AddTrack(e.sound); err != nil {
		return err
	}
	_, err = e.pc.AddTrack(e.picture)
	return err
}

// receive takes a signal of the booth's end.
func (e *end) receive(s Signal) error {
	switch s.Kind {
	case "offer":
		if err := e.pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeOffer, SDP: s.SDP}); err != nil {
			return fmt.Errorf("taking the booth's offer: %w", err)
		}
		answer, err := e.pc.CreateAnswer(nil)
		if err != nil {
			return fmt.Errorf("answering the booth's offer: %w", err)
		}
		if err := e.pc.SetLocalDescription(answer); err != nil {
			return fmt.Errorf("setting the answer: %w", err)
		}
		e.options.Event(Signalled{e.id, Signal{Kind: "answer", SDP: answer.SDP}})
	case "candidate":
		if s.Candidate == nil {
			return nil
		}
		if err := e.pc.AddICECandidate(*s.Candidate); err != nil {
			return fmt.Errorf("taking the booth's candidate: %w", err)
		}
	}
	return nil
}

// send runs one of the two streams once the connection is up.
func (e *end) send(ctx context.Context, what string, stream func(context.Context) error) {
	select {
	case <-ctx.Done():
		return
	case <-e.up:
	}
	if err := stream(ctx); err != nil && ctx.Err() == nil && !errors.Is(err, io.EOF) {
		e.broken <- fmt.Errorf("sending the simulated adviser's %s: %w", what, err)
	}
}

func (e *end) sendPicture(ctx context.Context) error {
	camera, err := e.options.Camera()
	if err != nil {
		return err
	}
	defer context.AfterFunc(ctx, func() { _ = camera.Close() })() // ends the Read; Close below tells
	for _, sender := range e.pc.GetSenders() {
		if sender.Track() == e.picture {
			e.tasks.Go(func() { keys(sender, camera) })
		}
	}
	var before time.Time
	for {
		unit, captured, err := camera.Read()
		if err != nil {
			return errors.Join(err, camera.Close())
		}
		duration := time.Second / 15
		if !before.IsZero() {
			duration = captured.Sub(before)
		}
		before = captured
		if err := e.picture.WriteSample(media.Sample{Data: unit, Duration: duration}); err != nil {
			return errors.Join(err, camera.Close())
		}
	}
}

// keys makes key frames when the booth asks for them, until the connection is closed.
func keys(sender *webrtc.RTPSender, camera Camera) {
	for {
		packets, _, err := sender.ReadRTCP()
		if err != nil {
			return
		}
		for _, p := range packets {
			switch p.(type) {
			case *rtcp.PictureLossIndication, *rtcp.FullIntraRequest:
				_ = camera.ForceKeyFrame() // the next request comes soon
			}
		}
	}
}

func (e *end) sendSound(ctx context.Context) error {
	microphone, err := e.options.Microphone()
	if err != nil {
		return err
	}
	defer context.AfterFunc(ctx, func() { _ = microphone.Close() })()
	for {
		packet, _, err := microphone.Read()
		if err != nil {
			return errors.Join(err, microphone.Close())
		}
		if err := e.sound.WriteSample(media.Sample{Data: packet, Duration: 20 * time.Millisecond}); err != nil {
			return errors.Join(err, microphone.Close())
		}
	}
}

// control is a message of the control channel, as kiosk/call has it.
type control struct {
	Kind string `json:"kind"`
	Text string `json:"text,omitempty"`
}

// write writes the adviser's texts, and answers to what the booth's user chooses.
func (e *end) write(ctx context.Context, c *webrtc.DataChannel) {
	say := func(text string) {
		if b, err := json.Marshal(control{Kind: "chat", Text: text}); err == nil && ctx.Err() == nil {
			_ = c.SendText(string(b)) // a channel that closes has no reader
		}
	}
	c.OnMessage(func(m webrtc.DataChannelMessage) {
		var got control
		if json.Unmarshal(m.Data, &got) == nil && got.Kind == "phrase" {
			say(reply)
		}
	})
	c.OnOpen(func() {
		e.tasks.Go(func() {
			for _, text := range texts() {
				if !wait(ctx, textTime) {
					return
				}
				say(text)
			}
		})
	})
}

// close ends everything and waits for it.
func (e *end) close() {
	e.cancel()
	if err := e.pc.GracefulClose(); err != nil {
		e.options.Log.Warn("closing the simulated adviser's end", "error", err)
	}
	e.tasks.Wait()
}
