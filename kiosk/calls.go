package main

import (
	"context"
	"log/slog"
	"sync"

	"github.com/google/uuid"

	"loiret.fr/visioborne/hub/wire"
	"loiret.fr/visioborne/kiosk/booth"
	"loiret.fr/visioborne/kiosk/call"
	"loiret.fr/visioborne/kiosk/link"
	"loiret.fr/visioborne/kiosk/network"
	"loiret.fr/visioborne/kiosk/page"
)

// calls carries out the effects that concern the hub and the adviser, and turns
// what the link and the peer connection report into the booth's events. Signals
// between the two (session descriptions and candidates) pass here, beside the
// state machine, which has no use for them.
type calls struct {
	link    *link.Link
	trainer *trainer
	page    *page.Page
	devices devices
	way     network.Way
	// loopback: hub and desk are on this machine, so loopback candidates are worth offering.
	loopback       bool
	bitrateCapKbps int
	post           func(booth.Event)
	// hotline does what the hotline asks for.
	hotline *hotline
	// linked: the hub answers.
	linked func()
	// releasesChanged: the hub may have something to install.
	releasesChanged func()
	// configurationChanged: the site may have another configuration.
	configurationChanged func()
	log                  *slog.Logger

	tasks sync.WaitGroup
	mu    sync.Mutex
	live  *live
	last  <-chan struct{} // closed once the devices of the last peer connection are closed; nil before the first
}

// live is the one peer connection of a session.
type live struct {
	call   string
	peer   *call.Peer
	cancel context.CancelFunc
	// before is closed once the peer connection before this one has closed its devices; nil if there was none.
	before <-chan struct{}
	ended  <-chan struct{}
}

// start opens the devices, once the peer connection before has let go of them.
func (c *calls) start(l *live) {
	c.tasks.Go(func() {
		if l.before != nil {
			select {
			case <-l.before:
			case <-l.ended:
			}
		}
		l.peer.Start()
	})
}

// carryOut runs one effect. It does not block.
func (c *calls) carryOut(ctx context.Context, f booth.Effect) {
	switch f := f.(type) {
	case booth.PlaceCall:
		if f.Training {
			c.trainer.Place(ctx, f.Call)
			return
		}
		c.link.Place(f.Call, f.Partner, f.Language, f.Need)
	case booth.LeaveCall:
		if !c.trainer.leave(f.Call) {
			c.link.Leave(f.Call, reasons[f.Why])
		}
	case booth.PrepareMedia:
		c.prepare(ctx, f, nil)
	case booth.OpenMedia:
		c.open(f)
	case booth.RenewMedia:
		// The page that had the old one is gone: there is nobody to say goodbye to.
		if l := c.remove(f.Call); l != nil {
			l.cancel()
		}
		c.prepare(ctx, booth.PrepareMedia{Call: f.Call, ICEServers: f.ICEServers}, written(f.Written))
		c.open(booth.OpenMedia{Call: f.Call, VolumePercent: f.VolumePercent, MicrophoneOff: f.MicrophoneOff, CameraOff: f.CameraOff})
	case booth.AskHelp:
		c.link.AskHelp(f.Request)
	case booth.AcceptCall:
		c.link.Accept(f.Call, f.Language)
	case booth.DropMedia:
		if l := c.remove(f.Call); l != nil {
			l.cancel()
		}
	case booth.TellAway:
		c.with(f.Call, func(p *call.Peer) { p.SetAway(f.Away) })
	case booth.TellCompany:
		c.with(f.Call, func(p *call.Peer) { p.SetCompany(f.Here) })
	case booth.CloseMedia:
		if l := c.remove(f.Call); l != nil {
			c.tasks.Go(func() {
				c.rate(l)
				l.hangUp()
			})
		}
	case booth.SwitchMicrophone:
		c.with(f.Call, func(p *call.Peer) { p.SetMicrophone(f.On) })
	case booth.SwitchCamera:
		c.with(f.Call, func(p *call.Peer) { p.SetCamera(f.On) })
	case booth.SetVolume:
		c.with(f.Call, func(p *call.Peer) { p.SetVolume(f.Percent) })
	case booth.SayPhrase:
		c.with(f.Call, func(p *call.Peer) { p.Say(string(f.Phrase)) })
	case booth.SendText:
		c.with(f.Call, func(p *call.Peer) { p.Type(f.Text) })
	case booth.TakePhoto:
		c.with(f.Call, (*call.Peer).TakePhoto)
	case booth.RefusePhoto:
		c.with(f.Call, (*call.Peer).RefusePhoto)
	case booth.RestartMachine:
		c.tasks.Go(func() { c.hotline.restartMachine(ctx) })
	case booth.RestartService:
		c.tasks.Go(func() { c.hotline.restartService(ctx) })
	case booth.StartTimer, booth.StopTimer, booth.NoteFailure, booth.Enrol, booth.CheckNetwork, booth.StopNetworkCheck,
		booth.CheckDevices, booth.StopDeviceCheck, booth.PlaceTestCall, booth.StopTestCall,
		booth.Speak, booth.Hush, booth.ListenBy, booth.PassKey:
		// The loop's own, that of a booth without a site, a technician's, and the voice's.
	}
}

// reasons are the booth's in the hub's words.
var reasons = map[booth.Leaving]wire.Reason{
	booth.LeavingCancelled: wire.ReasonCancelled,
	booth.LeavingHungUp:    wire.ReasonHungUp,
	booth.LeavingFailed:    wire.ReasonFailed,
	booth.LeavingRefused:   wire.ReasonRefused,
}

// open lets the call's peer connection open the devices.
func (c *calls) open(f booth.OpenMedia) {
	l := c.up()
	if l == nil || l.call != f.Call {
		return
	}
	l.peer.SetVolume(f.VolumePercent)
	if f.MicrophoneOff {
		l.peer.SetMicrophone(false)
	}
	if f.CameraOff {
		l.peer.SetCamera(false)
	}
	c.start(l)
}

// hangUp says goodbye to the adviser, and ends the peer connection.
func (l *live) hangUp() {
	l.peer.HangUp()
	l.cancel()
}

// sound is how the sound of the call that is up fares; nil if there is none to judge.
func (c *calls) sound() *booth.Sound {
	if l := c.up(); l != nil {
		return soundOf(l.peer)
	}
	return nil
}

func soundOf(p *call.Peer) *booth.Sound {
	s, ok := p.Sound()
	if !ok {
		return nil
	}
	return &booth.Sound{Echo: string(s.Echo), EchoReducedDB: s.ReducedDB, MadeUpPerMille: int(1000 * s.MadeUp / s.Played)}
}

// rate tells what was wrong with a call that is over.
func (c *calls) rate(l *live) {
	var causes []booth.Cause
	for _, cause := range l.peer.Rating() {
		causes = append(causes, booth.Cause(cause))
	}
	s, sound := l.peer.Stats(), soundOf(l.peer)
	c.log.Info("a call is over", "wrong", causes, "path", s.Path, "round_trip", s.RoundTrip, "sound", s.Sound, "sound_twice", s.SoundTwice, "received_copies", s.ReceivedCopies,
		"encoded_after", s.EncodedAfter, "sent_after", s.SentAfter, "bandwidth_kbps", s.BandwidthKbps, "loss_percent", s.ReportedLossPercent)
	c.post(booth.CallRated{Call: l.call, Causes: causes, Sound: sound})
}

// written is what a desk's page that was loaded anew is told.
func written(all []booth.Line) []call.WrittenLine {
	lines := make([]call.WrittenLine, 0, len(all))
	for _, l := range all {
		lines = append(lines, call.WrittenLine{From: string(l.From), Text: l.Text, Phrase: string(l.Phrase), Open: l.Open})
	}
	return lines
}

// prepare makes the peer connection of a call whose desk rings, or whose desk's page was loaded anew after lines were written.
func (c *calls) prepare(ctx context.Context, f booth.PrepareMedia, lines []call.WrittenLine) {
	servers := make([]call.ICEServer, 0, len(f.ICEServers))
	for _, s := range f.ICEServers {
		servers = append(servers, call.ICEServer{URLs: s.URLs, Username: s.Username, Credential: s.Credential})
	}
	var peer *call.Peer
	var err error
	peer, err = call.New(call.Options{
		ICEServers:     servers,
		Dial:           c.way.DialContext,
		TLS:            c.way.TLS(),
		Devices:        c.devices,
		StandIn:        c.devices.OpenCard,
		Photo:          c.devices.Photo,
		Written:        lines,
		BitrateCapKbps: c.bitrateCapKbps,
		Loopback:       c.loopback || c.trainer.Has(f.Call),
		Signal: func(s call.Signal) {
			if !c.trainer.signal(f.Call, s) {
				c.link.Signal(f.Call, toWire(s))
			}
		},
		Event: func(e call.Event) {
			// What one that was replaced has to say is of no interest.
			if l := c.up(); l != nil && l.peer == peer {
				c.peerEvent(f.Call, e)
			}
		},
		Frame: c.show,
		Log:   c.log,
	})
	if err != nil {
		c.log.Error("making the peer connection", "error", err)
		c.post(booth.MediaFailed{Call: f.Call})
		return
	}
	ctx, cancel := context.WithCancel(ctx)
	ended := make(chan struct{})
	c.mu.Lock()
	c.live = &live{f.Call, peer, cancel, c.last, ended}
	c.last = ended
	c.mu.Unlock()
	c.tasks.Go(func() {
		defer close(ended)
		defer cancel()
		if err := peer.Run(ctx); err != nil && ctx.Err() == nil {
			c.log.Error("running the peer connection", "error", err)
			c.post(booth.MediaFailed{Call: f.Call})
		}
	})
}

// up is the call that is up; nil if there is none.
func (c *calls) up() *live {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.live
}

// with does something with the call's peer connection, if it is still there.
func (c *calls) with(id string, do func(*call.Peer)) {
	if l := c.up(); l != nil && l.call == id {
		do(l.peer)
	}
}

func (c *calls) remove(id string) *live {
	c.mu.Lock()
	defer c.mu.Unlock()
	l := c.live
	if l == nil || l.call != id {
		return nil
	}
	c.live = nil
	return l
}

// moveSound lets a call that is up go over to the sound devices that are to be used now.
func (c *calls) moveSound() {
	if l := c.up(); l != nil {
		l.peer.ReopenSound()
	}
}

// keyFrame passes on a page's wish.
func (c *calls) keyFrame(stream byte) {
	if l := c.up(); l != nil {
		l.peer.RequestKeyFrame(stream)
	}
}

// close ends a call that is still up, because the service ends.
func (c *calls) close() {
	c.mu.Lock()
	l := c.live
	c.live = nil
	c.mu.Unlock()
	if l != nil {
		l.hangUp()
		if !c.trainer.leave(l.call) {
			c.link.Leave(l.call, wire.ReasonHungUp)
		}
	}
	c.trainer.Close()
	c.tasks.Wait()
}

func (c *calls) show(f call.Frame) {
	c.page.Frame(page.Frame{Stream: f.Stream, Codec: f.Codec, Key: f.Key, Timestamp: f.Timestamp, Due: f.Due, Payload: f.Payload})
}

// peerEvent turns what the peer connection reports into the booth's events.
func (c *calls) peerEvent(id string, e call.Event) {
	switch e := e.(type) {
	case call.Connected:
		c.post(booth.MediaConnected{Call: id})
	case call.Interrupted:
		c.post(booth.MediaInterrupted{Call: id})
	case call.Resumed:
		c.post(booth.MediaResumed{Call: id})
	case call.Failed:
		c.log.Warn("the peer connection failed", "cause", e.Cause)
		c.post(booth.MediaFailed{Call: id})
	case call.PageClosed:
		c.post(booth.AdviserAway{Call: id})
	case call.HungUp:
		c.post(booth.CallEnded{Call: id})
	case call.PeerMuted:
		c.post(booth.AdviserMuted{Call: id, MicrophoneOff: e.Microphone, CameraOff: e.Camera})
	case call.PhotoAsked:
		c.post(booth.PhotoAsked{Call: id})
	case call.PhotoTaken:
		c.post(booth.PhotoTaken{Call: id})
	case call.Paper:
		paper := uuid.NewString()
		c.page.Paper(paper, e.JPEG)
		c.post(booth.PaperShown{Call: id, Paper: booth.Paper{ID: paper, Page: e.Page, Pages: e.Pages}})
	case call.PaperGone:
		c.post(booth.PaperHidden{Call: id})
	case call.Wrote:
		c.post(booth.AdviserWrote{Call: id, Text: e.Text})
	case call.TextOpened:
		c.post(booth.TextOpened{Call: id})
	case call.TextClosed:
		c.post(booth.TextClosed{Call: id})
	case call.Text:
		c.post(booth.TextReceived{Call: id, Kind: booth.Kind(e.Kind), Text: e.Text})
	case call.Speaking:
		c.post(booth.SpeakingChanged{Call: id, Citizen: e.Citizen, Adviser: e.Adviser})
	case call.DeviceLost:
		c.log.Warn("a device failed during the call", "device", e.Device, "error", e.Err)
		c.post(booth.DeviceFailed{Call: id, Device: booth.Device(e.Device)})
	case call.DeviceRecovered:
		c.post(booth.DeviceRecovered{Call: id, Device: booth.Device(e.Device)})
	}
}

// linkEvent turns what the hub says into the booth's events.
func (c *calls) linkEvent(e link.Event) {
	switch e := e.(type) {
	case link.Linked:
		c.log.Info("hub reachable")
		c.post(booth.LinkChanged{Online: true})
		c.linked()
		c.releasesChanged()
		c.configurationChanged()
	case link.Unlinked:
		c.log.Warn("hub unreachable; trying again until it is there")
		c.post(booth.LinkChanged{Online: false})
	case link.Partners:
		all := make([]booth.Availability, 0, len(e.Partners))
		for _, a := range e.Partners {
			all = append(all, booth.Availability{Partner: a.ID, Online: a.Online, Free: a.Free, Waiting: a.Waiting})
		}
		c.post(booth.PartnersChanged{Partners: all})
	case link.ReleasesChanged:
		c.releasesChanged()
	case link.ConfigurationChanged:
		c.configurationChanged()
	case link.DeviceCheckAsked, link.RestartAsked, link.ServiceChanged, link.TestCallAsked, link.LogsAsked:
		c.hotline.take(e)
	case link.AgentCallAsked:
		c.log.Info("the site's agent calls a partner for somebody")
		c.post(booth.AgentCalls{Session: uuid.NewString(), Call: uuid.NewString(), Partner: e.Partner})
	case link.AgentJoinAsked:
		c.post(booth.AgentJoins{Here: e.Here})
	case link.HelpRung:
		c.post(booth.HelpAnswered{Request: e.Request, State: booth.HelpRung})
	case link.HelpUnanswered:
		c.post(booth.HelpAnswered{Request: e.Request, State: booth.HelpFailed})
	case link.HelpSeen:
		c.post(booth.HelpAnswered{Request: e.Request, State: booth.HelpSeen})
	case link.Placed:
		c.post(booth.CallQueued{Call: e.Call, Place: e.Place, Free: e.Free})
	case link.Refused:
		c.log.Warn("the hub refused the call", "code", e.Code)
		c.post(booth.CallRefused{Call: e.Call, Reason: refusal(e.Code)})
	case link.Unanswered:
		c.post(booth.CallRefused{Call: e.Call, Reason: booth.ReasonHubUnreachable})
	case link.Ringing:
		c.post(booth.CallRinging{Call: e.Call, ICEServers: iceServers(e.ICEServers)})
	case link.Answered:
		c.post(booth.CallAnswered{Call: e.Call, Adviser: e.Adviser, ICEServers: iceServers(e.ICEServers)})
	case link.Requeued:
		c.post(booth.CallRequeued{Call: e.Call, Place: e.Place})
	case link.Renewed:
		c.log.Info("the adviser's page is back; the connection is made anew")
		c.post(booth.AdviserBack{Call: e.Call, ICEServers: iceServers(e.ICEServers)})
	case link.Transferred:
		c.post(booth.CallTransferred{Call: e.Call, Partner: e.Partner, Place: e.Place, Returned: e.Returned})
	case link.CalledBack:
		c.post(booth.CalledBack{Session: uuid.NewString(), Call: e.Call, Partner: e.Partner, Adviser: e.Adviser})
	case link.Ended:
		c.post(booth.CallEnded{Call: e.Call, Lost: e.Reason == wire.ReasonDeskLost, Told: true})
	case link.Signal:
		switch e.Signal.Kind {
		case wire.KindHungUp, wire.KindBye:
			c.post(booth.CallEnded{Call: e.Call, Lost: e.Signal.Kind == wire.KindBye})
		case wire.KindOffer, wire.KindAnswer, wire.KindCandidate:
			c.with(e.Call, func(p *call.Peer) {
				if err := p.Receive(fromWire(e.Signal)); err != nil {
					c.log.Warn("a signal from the desk was refused", "kind", e.Signal.Kind, "error", err)
				}
			})
		}
	}
}

func refusal(code wire.Code) booth.Reason {
	switch code {
	case wire.CodeClosed:
		return booth.ReasonPartnerClosed
	case wire.CodeUnavailable:
		return booth.ReasonHubUnreachable
	case wire.CodeUnknownSite, wire.CodeUnknownPartner, wire.CodeMalformed, wire.CodeGone:
	}
	return booth.ReasonRefused
}

func iceServers(all []wire.ICEServer) []booth.ICEServer {
	out := make([]booth.ICEServer, 0, len(all))
	for _, s := range all {
		out = append(out, booth.ICEServer{URLs: s.URLs, Username: s.Username, Credential: s.Credential})
	}
	return out
}

func toWire(s call.Signal) wire.Signal {
	out := wire.Signal{Kind: wire.Kind(s.Kind), SDP: s.SDP}
	if s.Candidate != nil {
		out.Candidate = &wire.Candidate{Candidate: s.Candidate.Candidate, SDPMid: s.Candidate.SDPMid, SDPMLineIndex: s.Candidate.SDPMLineIndex}
	}
	return out
}

func fromWire(s wire.Signal) call.Signal {
	out := call.Signal{Kind: string(s.Kind), SDP: s.SDP}
	if s.Candidate != nil {
		out.Candidate = &call.Candidate{Candidate: s.Candidate.Candidate, SDPMid: s.Candidate.SDPMid, SDPMLineIndex: s.Candidate.SDPMLineIndex}
	}
	return out
}
