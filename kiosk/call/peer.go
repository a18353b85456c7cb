package call

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/pion/interceptor"
	"github.com/pion/interceptor/pkg/cc"
	"github.com/pion/interceptor/pkg/gcc"
	"github.com/pion/interceptor/pkg/nack"
	"github.com/pion/logging"
	"github.com/pion/rtcp"
	"github.com/pion/webrtc/v4"
)

const (
	// A path that has answered nothing for this long is broken.
	disconnectedAfter = 3 * time.Second
	// The booth decides how long to wait for its repair; ICE must not give up before.
	failedAfter  = 2 * time.Minute
	keepAlive    = time.Second
	restartEvery = 5 * time.Second
	// NACKs wait for reordered packets this long.
	nackInterval = 20 * time.Millisecond
	// The farewell on the control channel gets this long to leave.
	farewell = 300 * time.Millisecond
	// A lost device is tried again after this, then half as often each time, up to the second figure.
	retryFirst, retryLast = 500 * time.Millisecond, 8 * time.Second
)

// Peer is one peer connection. Its methods may be called from any goroutine.
type Peer struct {
	options   Options
	pc        *webrtc.PeerConnection
	control   *webrtc.DataChannel
	video     *webrtc.TrackLocalStaticRTP
	audio     *webrtc.TrackLocalStaticRTP
	sender    *webrtc.RTPSender // of the video
	estimator cc.BandwidthEstimator
	pacer     pacer
	began     time.Time
	closed    chan struct{} // Run is returning
	log       *slog.Logger

	mu      sync.Mutex
	changed chan struct{} // closed and made anew when one of those below changes
	started bool
	// What the citizen wants.
	cameraOff, microphoneOff bool
	volumePercent            int
	// The open devices.
	camera     Camera
	microphone Microphone
	speaker    Speaker
	bitrate    int // of the encoder, bits per second
	// What the connection has reached.
	up, heard, sending, connected, interrupted, failed bool
	remote                                             bool // the far end's description is there
	early                                              []webrtc.ICECandidateInit
	adviserVideo                                       webrtc.SSRC
	keyAsked, keyForced                                time.Time
}

// New makes the peer connection. Nothing is sent and no device is opened yet.
func New(o Options) (*Peer, error) {
	p := &Peer{
		options: o, log: o.Log, began: time.Now(), closed: make(chan struct{}),
		changed: make(chan struct{}), volumePercent: 100,
	}
	api, err := p.api()
	if err != nil {
		return nil, fmt.Errorf("preparing WebRTC: %w", err)
	}
	configuration := webrtc.Configuration{BundlePolicy: webrtc.BundlePolicyMaxBundle}
	for _, s := range o.ICEServers {
		configuration.ICEServers = append(configuration.ICEServers, webrtc.ICEServer{
			URLs: s.URLs, Username: s.Username, Credential: s.Credential,
		})
	}
	if o.RelayOnly {
		configuration.ICETransportPolicy = webrtc.ICETransportPolicyRelay
	}
	if p.pc, err = api.NewPeerConnection(configuration); err != nil {
		return nil, fmt.Errorf("making the peer connection: %w", err)
	}
	if err := p.addTracks(); err != nil {
		return nil, errors.Join(err, p.pc.Close())
	}
	return p, nil
}

// api is pion with the codecs and interceptors of a booth's call.
func (p *Peer) api() (*webrtc.API, error) {
	var media webrtc.MediaEngine
	feedback := []webrtc.RTCPFeedback{{Type: "ccm", Parameter: "fir"}}
	const h264 = "level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f"
	for _, c := range []webrtc.RTPCodecParameters{
		{RTPCodecCapability: webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypeH264, ClockRate: videoClock, SDPFmtpLine: h264, RTCPFeedback: feedback}, PayloadType: 102},
		{RTPCodecCapability: webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypeRTX, ClockRate: videoClock, SDPFmtpLine: "apt=102"}, PayloadType: 103},
		{RTPCodecCapability: webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypeVP8, ClockRate: videoClock, RTCPFeedback: feedback}, PayloadType: 96},
		{RTPCodecCapability: webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypeRTX, ClockRate: videoClock, SDPFmtpLine: "apt=96"}, PayloadType: 97},
	} {
		if err := media.RegisterCodec(c, webrtc.RTPCodecTypeVideo); err != nil {
			return nil, err
		}
	}
	if err := media.RegisterCodec(webrtc.RTPCodecParameters{RTPCodecCapability: opus, PayloadType: 111}, webrtc.RTPCodecTypeAudio); err != nil {
		return nil, err
	}

	estimation, err := cc.NewInterceptor(func() (cc.BandwidthEstimator, error) {
		// Pictures are paced where they are sent, by waiting and not by queueing.
		return gcc.NewSendSideBWE(
			gcc.SendSideBWEInitialBitrate(min(startBitrate, p.capBits()+audioReserve)),
			gcc.SendSideBWEMinBitrate(minVideoBitrate),
			gcc.SendSideBWEMaxBitrate(int(float64(p.capBits())/videoShare)+audioReserve),
			gcc.SendSideBWEPacer(&straight{}),
		)
	})
	if err != nil {
		return nil, err
	}
	estimation.OnNewPeerConnection(func(_ string, e cc.BandwidthEstimator) { p.estimator = e })
	var registry interceptor.Registry
	registry.Add(estimation)
	if err := errors.Join(
		// The numbering of packets comes after the estimation in the registry, and so before it on a packet's way.
		webrtc.ConfigureTWCCHeaderExtensionSender(&media, &registry),
		webrtc.ConfigureTWCCSender(&media, &registry),
		webrtc.ConfigureNackWithOptions(&media, &registry, []nack.GeneratorOption{nack.GeneratorInterval(nackInterval)}),
		webrtc.ConfigureRTCPReports(&registry),
	); err != nil {
		return nil, err
	}
	var settings webrtc.SettingEngine
	settings.SetIncludeLoopbackCandidate(p.options.Loopback)
	settings.SetICETimeouts(disconnectedAfter, failedAfter, keepAlive)
	settings.LoggerFactory = pionLogs{p.log}
	return webrtc.NewAPI(webrtc.WithMediaEngine(&media), webrtc.WithInterceptorRegistry(&registry), webrtc.WithSettingEngine(settings)), nil
}

var opus = webrtc.RTPCodecCapability{
	MimeType: webrtc.MimeTypeOpus, ClockRate: audioClock, Channels: 2, SDPFmtpLine: "minptime=10;useinbandfec=1",
}

// addTracks prepares both directions of sound and picture, and the control channel.
func (p *Peer) addTracks() error {
	var err error
	if p.audio, err = webrtc.NewTrackLocalStaticRTP(opus, "audio", "booth"); err != nil {
		return fmt.Errorf("preparing the sound: %w", err)
	}
	h264 := webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypeH264, ClockRate: videoClock}
	if p.video, err = webrtc.NewTrackLocalStaticRTP(h264, "video", "booth"); err != nil {
		return fmt.Errorf("preparing the picture: %w", err)
	}
	both := webrtc.RTPTransceiverInit{Direction: webrtc.RTPTransceiverDirectionSendrecv}
	if _, err := p.pc.AddTransceiverFromTrack(p.audio, both); err != nil {
		return fmt.Errorf("adding the sound: %w", err)
	}
	transceiver, err := p.pc.AddTransceiverFromTrack(p.video, both)
	if err != nil {
		return fmt.Errorf("adding the picture: %w", err)
	}
	p.sender = transceiver.Sender()
	if p.control, err = p.pc.CreateDataChannel("control", nil); err != nil {
		return fmt.Errorf("adding the control channel: %w", err)
	}
	return nil
}

func (p *Peer) capBits() int {
	if p.options.BitrateCapKbps <= 0 {
		return startBitrate
	}
	return p.options.BitrateCapKbps * 1000
}

// Run sends the offer and keeps the call until ctx ends.
func (p *Peer) Run(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	var tasks sync.WaitGroup
	defer func() {
		close(p.closed)
		cancel()
		p.closeDevices()
		// GracefulClose also waits for pion's own goroutines and the callbacks in them.
		if err := p.pc.GracefulClose(); err != nil {
			p.log.Debug("closing the peer connection", "error", err)
		}
		tasks.Wait()
	}()
	p.watch()
	if err := p.offer(nil); err != nil {
		return err
	}
	tasks.Go(func() { p.feedback(ctx) })
	tasks.Go(func() { p.sendVideo(ctx) })
	tasks.Go(func() { p.sendAudio(ctx) })
	tasks.Go(func() { p.playAudio(ctx) })
	p.repair(ctx)
	return nil
}

// watch takes pion's callbacks.
func (p *Peer) watch() {
	p.pc.OnICECandidate(func(c *webrtc.ICECandidate) {
		if c != nil {
			i := c.ToJSON()
			p.options.Signal(Signal{Kind: "candidate", Candidate: &Candidate{i.Candidate, i.SDPMid, i.SDPMLineIndex}})
		}
	})
	p.pc.OnConnectionStateChange(p.stateChanged)
	p.pc.OnTrack(p.receive)
	p.control.OnOpen(func() { p.tellMuted() })
	p.control.OnMessage(p.controlMessage)
	p.estimator.OnTargetBitrateChange(p.bandwidthChanged)
	p.pacer.bitrate.Store(int64(p.estimator.GetTargetBitrate()))
}

// offer makes an offer and sends it; candidates follow as they are found.
func (p *Peer) offer(o *webrtc.OfferOptions) error {
	d, err := p.pc.CreateOffer(o)
	if err != nil {
		return fmt.Errorf("making the offer: %w", err)
	}
	p.options.Signal(Signal{Kind: "offer", SDP: d.SDP})
	if err := p.pc.SetLocalDescription(d); err != nil {
		return fmt.Errorf("setting the offer: %w", err)
	}
	return nil
}

// Receive takes a signal of the far end.
func (p *Peer) Receive(s Signal) error {
	switch s.Kind {
	case "answer":
		if err := p.pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeAnswer, SDP: s.SDP}); err != nil {
			return fmt.Errorf("taking the answer: %w", err)
		}
		p.mu.Lock()
		early := p.early
		p.remote, p.early = true, nil
		p.mu.Unlock()
		for _, c := range early {
			if err := p.pc.AddICECandidate(c); err != nil {
				return fmt.Errorf("taking an early candidate: %w", err)
			}
		}
		return nil
	case "candidate":
		if s.Candidate == nil {
			return errors.New("taking a candidate: there is none in the signal")
		}
		c := webrtc.ICECandidateInit{Candidate: s.Candidate.Candidate, SDPMid: s.Candidate.SDPMid, SDPMLineIndex: s.Candidate.SDPMLineIndex}
		p.mu.Lock()
		early := !p.remote
		if early && len(p.early) < 64 {
			p.early = append(p.early, c)
		}
		p.mu.Unlock()
		if early {
			return nil
		}
		if err := p.pc.AddICECandidate(c); err != nil {
			return fmt.Errorf("taking a candidate: %w", err)
		}
		return nil
	}
	return fmt.Errorf("taking a signal: kind %q is not one that a booth gets", s.Kind)
}

// change does something to what the goroutines wait for, and wakes them.
func (p *Peer) change(f func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	f()
	close(p.changed)
	p.changed = make(chan struct{})
}

// await waits until ready, which is called with mu held; false once ctx has ended.
func (p *Peer) await(ctx context.Context, ready func() bool) bool {
	for ctx.Err() == nil {
		p.mu.Lock()
		ok, changed := ready(), p.changed
		p.mu.Unlock()
		if ok {
			return true
		}
		select {
		case <-ctx.Done():
		case <-changed:
		}
	}
	return false
}

// Start opens the devices and begins to send: the adviser has answered.
func (p *Peer) Start() { p.change(func() { p.started = true }) }

// SetMicrophone switches the microphone; off, it sends silence.
func (p *Peer) SetMicrophone(on bool) {
	p.mu.Lock()
	p.microphoneOff = !on
	if p.microphone != nil {
		p.microphone.SetMuted(!on)
	}
	p.mu.Unlock()
	p.tellMuted()
}

// SetCamera switches the camera; off, the device is closed.
func (p *Peer) SetCamera(on bool) {
	var close Camera
	p.change(func() {
		p.cameraOff = !on
		if !on {
			close = p.camera
		}
	})
	if close != nil {
		if err := close.Close(); err != nil {
			p.log.Warn("closing the camera", "error", err)
		}
	}
	p.tellMuted()
}

// SetVolume sets the speaker's loudness.
func (p *Peer) SetVolume(percent int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.volumePercent = percent
	if p.speaker != nil {
		p.speaker.SetVolume(percent)
	}
}

// RequestKeyFrame asks a stream for a frame that can be decoded by itself.
func (p *Peer) RequestKeyFrame(stream byte) {
	if stream == StreamOwn {
		p.forceKeyFrame()
		return
	}
	p.mu.Lock()
	ssrc := p.adviserVideo
	wait := ssrc == 0 || time.Since(p.keyAsked) < keyInterval/2
	if !wait {
		p.keyAsked = time.Now()
	}
	p.mu.Unlock()
	if wait {
		return
	}
	if err := p.pc.WriteRTCP([]rtcp.Packet{&rtcp.PictureLossIndication{MediaSSRC: uint32(ssrc)}}); err != nil {
		p.log.Debug("asking the adviser for a key frame", "error", err)
	}
}

// forceKeyFrame asks the encoder, but not more often than twice a second: a key
// frame is large, and those who ask usually ask together.
func (p *Peer) forceKeyFrame() {
	p.mu.Lock()
	camera := p.camera
	wait := camera == nil || time.Since(p.keyForced) < keyInterval
	if !wait {
		p.keyForced = time.Now()
	}
	p.mu.Unlock()
	if wait {
		return
	}
	if err := camera.ForceKeyFrame(); err != nil {
		p.log.Warn("asking the encoder for a key frame", "error", err)
	}
}

// HangUp tells the adviser's page that the citizen has hung up, as well as that
// can be done; the caller then ends Run's context.
func (p *Peer) HangUp() {
	if !p.tell(controlMessage{Kind: "hung_up"}) {
		return
	}
	gone := time.NewTimer(farewell)
	defer gone.Stop()
	poll := time.NewTicker(10 * time.Millisecond)
	defer poll.Stop()
	for p.control.BufferedAmount() > 0 {
		select {
		case <-gone.C:
			return
		case <-p.closed:
			return
		case <-poll.C:
		}
	}
}

// controlMessage is what travels on the control channel, both ways.
type controlMessage struct {
	Kind       string `json:"kind"` // "hung_up" or "muted"
	Microphone bool   `json:"microphone,omitempty"`
	Camera     bool   `json:"camera,omitempty"`
}

// tell sends a control message; false when there is no channel.
func (p *Peer) tell(m controlMessage) bool {
	if p.control.ReadyState() != webrtc.DataChannelStateOpen {
		return false
	}
	b, err := json.Marshal(m)
	if err == nil {
		err = p.control.SendText(string(b))
	}
	if err != nil {
		p.log.Debug("writing to the control channel", "error", err)
	}
	return err == nil
}

func (p *Peer) tellMuted() {
	p.mu.Lock()
	m := controlMessage{Kind: "muted", Microphone: p.microphoneOff, Camera: p.cameraOff}
	p.mu.Unlock()
	p.tell(m)
}

// controlMessage takes what the adviser's page says. What it does not know it
// leaves alone: the page may be newer than the booth.
func (p *Peer) controlMessage(raw webrtc.DataChannelMessage) {
	var m controlMessage
	if err := json.Unmarshal(raw.Data, &m); err != nil {
		p.log.Warn("reading the control channel", "error", err)
		return
	}
	switch m.Kind {
	case "hung_up":
		p.options.Event(HungUp{})
	case "muted":
		p.options.Event(PeerMuted{Microphone: m.Microphone, Camera: m.Camera})
	}
}

// stateChanged follows the connection.
func (p *Peer) stateChanged(s webrtc.PeerConnectionState) {
	p.log.Debug("peer connection", "state", s.String())
	var event Event
	p.change(func() {
		p.up = s == webrtc.PeerConnectionStateConnected
		switch s {
		case webrtc.PeerConnectionStateConnected:
			// What was sent before went nowhere: begin with a key frame.
			p.keyForced = time.Time{}
			if p.interrupted {
				p.interrupted = false
				event = Resumed{}
			}
		case webrtc.PeerConnectionStateDisconnected:
			if p.connected && !p.interrupted {
				p.interrupted = true
				event = Interrupted{}
			}
		case webrtc.PeerConnectionStateFailed:
			p.failed = true
			event = Failed{"no path between booth and adviser"}
		case webrtc.PeerConnectionStateClosed:
			select {
			case <-p.closed: // by us
			default:
				if !p.failed {
					p.failed = true
					event = Failed{"the adviser's page closed the connection"}
				}
			}
		case webrtc.PeerConnectionStateUnknown, webrtc.PeerConnectionStateNew, webrtc.PeerConnectionStateConnecting:
		}
	})
	if s == webrtc.PeerConnectionStateConnected {
		p.forceKeyFrame()
	}
	if event != nil {
		p.options.Event(event)
	}
	p.checkConnected()
}

// checkConnected says once that the talk can begin.
func (p *Peer) checkConnected() {
	p.mu.Lock()
	now := p.up && p.heard && p.sending && !p.connected
	if now {
		p.connected = true
	}
	p.mu.Unlock()
	if now {
		p.options.Event(Connected{})
	}
}

// repair looks for a new path while the connection is interrupted, until ctx ends.
func (p *Peer) repair(ctx context.Context) {
	for p.await(ctx, func() bool { return p.interrupted && !p.failed }) {
		if err := p.offer(&webrtc.OfferOptions{ICERestart: true}); err != nil {
			p.log.Warn("repairing the connection", "error", err)
		}
		again := time.NewTimer(restartEvery)
		select {
		case <-ctx.Done():
		case <-again.C:
		}
		again.Stop()
	}
}

// bandwidthChanged divides a new estimate among sound and picture.
func (p *Peer) bandwidthChanged(bitsPerSecond int) {
	p.pacer.bitrate.Store(int64(bitsPerSecond))
	want := videoBitrate(bitsPerSecond, p.capBits())
	p.mu.Lock()
	camera := p.camera
	tell := worthTelling(want, p.bitrate)
	if tell {
		p.bitrate = want
	}
	p.mu.Unlock()
	if camera == nil || !tell {
		return
	}
	p.log.Debug("bitrate", "estimate_kbps", bitsPerSecond/1000, "video_kbps", want/1000)
	if err := camera.SetBitrate(want); err != nil {
		p.log.Warn("setting the encoder's bitrate", "error", err)
	}
}

// feedback takes what the far end says of our picture, until the connection closes.
func (p *Peer) feedback(ctx context.Context) {
	for ctx.Err() == nil {
		packets, _, err := p.sender.ReadRTCP()
		if err != nil {
			return
		}
		for _, packet := range packets {
			switch packet.(type) {
			case *rtcp.PictureLossIndication, *rtcp.FullIntraRequest:
				p.forceKeyFrame()
			}
		}
	}
}

// pionLogs passes pion's warnings on, and drops its chatter.
type pionLogs struct{ log *slog.Logger }

func (l pionLogs) NewLogger(scope string) logging.LeveledLogger {
	return pionLog{l.log.With("pion", scope)}
}

type pionLog struct{ log *slog.Logger }

func (pionLog) Trace(string)                {}
func (pionLog) Tracef(string, ...any)       {}
func (pionLog) Debug(string)                {}
func (pionLog) Debugf(string, ...any)       {}
func (pionLog) Info(string)                 {}
func (pionLog) Infof(string, ...any)        {}
func (l pionLog) Warn(m string)             { l.log.Debug(m) }
func (l pionLog) Warnf(f string, a ...any)  { l.log.Debug(fmt.Sprintf(f, a...)) }
func (l pionLog) Error(m string)            { l.log.Debug(m) }
func (l pionLog) Errorf(f string, a ...any) { l.log.Debug(fmt.Sprintf(f, a...)) }
