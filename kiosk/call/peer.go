package call

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/pion/interceptor"
	"github.com/pion/rtcp"
	"github.com/pion/webrtc/v4"
)

const (
	// A path that has answered nothing for this long is broken.
	disconnectedAfter = 3 * time.Second
	// The booth decides how long to wait for its repair; ICE must not give up before.
	failedAfter  = 40 * time.Second
	keepAlive    = time.Second
	restartEvery = 5 * time.Second
	// The farewell on the control channel gets this long to leave.
	farewell = 300 * time.Millisecond
	// A lost device is tried again after this, then half as often each time, up to the second figure.
	retryFirst, retryLast = 500 * time.Millisecond, 8 * time.Second
	// Candidates that are kept until the description that they belong to has come.
	earlyMost = 64
	// defaultCap is the picture's, in bits per second, when none is given.
	defaultCap = 2_500_000
	// From that cap on, the line carries sound twice without harm.
	copiesFirstCap = 600_000
)

// Peer is one peer connection. Its methods may be called from any goroutine.
type Peer struct {
	options   Options
	pc        *webrtc.PeerConnection
	control   *webrtc.DataChannel
	video     *sendTrack
	audio     *sendTrack
	bandwidth *bandwidth
	repairs   *repairs
	pacer     pacer
	// pictureCopies is how many copies of the picture's packets are sent without being asked for.
	pictureCopies atomic.Int32
	probe         atomic.Int64 // bytes of padding to send behind the next picture
	began         time.Time
	timestamps    uint32          // RTP's, at began
	closed        chan struct{}   // Run is returning
	life          context.Context // ends with Run; for what takes no context of Run's
	endLife       context.CancelFunc
	log           *slog.Logger
	rtt           atomic.Int64 // nanoseconds; 0 while it is not known
	counts        counts
	lips          lips
	text          realTimeText
	voices        voices

	// sendingPhoto is held while a photo is sent, over photos, which is made with the first one.
	sendingPhoto sync.Mutex
	photos       *webrtc.DataChannel
	photosOpen   chan struct{}
	// callbacks counts those of pion's goroutines that are in this package, and closings.
	callbacks sync.WaitGroup
	// order keeps candidates behind the offer that they belong to, states in their order.
	order, states sync.Mutex
	// describing is held while descriptions change.
	describing sync.Mutex
	remote     bool // the far end's description is there
	early      []webrtc.ICECandidateInit
	addresses  string // of this machine, when the last offer was made
	unset      bool   // that offer could not be set, because another was pending

	mu      sync.Mutex
	changed chan struct{} // closed and made anew when one of those below changes
	ending  bool
	started bool
	// What the citizen wants.
	cameraOff, microphoneOff bool
	away                     bool // nobody is before the booth
	company                  bool // the site's agent takes part
	volumePercent            int
	// The open devices.
	camera     Camera
	microphone Microphone
	speaker    Speaker
	soundMoved chan struct{} // closed and made anew when the sound devices are to be opened anew
	leaving    Camera        // is being closed because the citizen wants it off, or another codec is needed
	// The encoder's bitrate, and when it was set; the bandwidth when a picture was last sent.
	bitrate       int
	bitrateAt     time.Time
	lastBandwidth int
	lastPicture   time.Time
	// flowing: the adviser has got a key frame; videoRefused: and never will.
	flowing, videoRefused bool
	// videoCodec is what the camera is to be encoded with: H.264 until the far end's description says otherwise.
	videoCodec byte
	// What the connection has reached.
	up, heard, sending, connected, interrupted, failed bool
	restart                                            bool // ICE restart asked for
	adviserVideo                                       webrtc.SSRC
	// When a key frame was last asked for, of the adviser and of the camera, and whether one more is due.
	keyAsked, keyForced time.Time
	askDue, forceDue    bool
	stats               Stats
	losses              lossMeter
	protection          protection
	measures            measures
	left                bool // the adviser's page closed the connection
	photo               bool // a sharp picture is to be taken
	papers              bool // the adviser's page has made its channel for documents
}

// counts are what Stats adds up.
type counts struct {
	sentFrames, receivedFrames, missing, copies atomic.Int64
	// Nanoseconds, of all sent pictures.
	encoding, sending atomic.Int64
}

// New makes the peer connection. Nothing is sent and no device is opened yet.
func New(o Options) (*Peer, error) { return newPeer(o, nil) }

func newPeer(o Options, adjust func(*webrtc.SettingEngine)) (*Peer, error) {
	p := &Peer{
		options: o, log: o.Log, began: time.Now(), timestamps: rand.Uint32(), closed: make(chan struct{}),
		changed: make(chan struct{}), soundMoved: make(chan struct{}), volumePercent: 100, videoCodec: CodecH264,
	}
	p.audio = &sendTrack{
		kind: webrtc.RTPCodecTypeAudio, codecs: []string{webrtc.MimeTypeOpus, webrtc.MimeTypePCMA, webrtc.MimeTypePCMU},
		refused: func() { p.log.Warn("the adviser's browser does not take the booth's sound") },
	}
	// A Raspberry Pi may have an encoder for H.264; VP8 is for those who lack it (RFC 7742).
	p.video = &sendTrack{
		kind: webrtc.RTPCodecTypeVideo, codecs: []string{webrtc.MimeTypeH264, webrtc.MimeTypeVP8}, agreed: p.useCodec,
		refused: func() {
			p.log.Warn("the adviser's browser does not take the booth's picture: it has neither H.264 nor VP8")
			p.change(func() { p.videoRefused = true })
		},
	}
	var err error
	if p.bandwidth, err = newBandwidth(startBitrate, minVideoBitrate, bandwidthFor(p.capBits()), p.log); err != nil {
		return nil, fmt.Errorf("preparing the estimation of the bandwidth: %w", err)
	}
	p.repairs = newRepairs(func() time.Duration { return time.Duration(p.rtt.Load()) })
	p.life, p.endLife = context.WithCancel(context.Background())
	if err := p.connection(adjust); err != nil {
		p.endLife()
		return nil, errors.Join(err, p.bandwidth.Close())
	}
	p.pacer.bitrate.Store(int64(p.bandwidth.GetTargetBitrate()))
	p.protection.follow(p.began, 0, p.bandwidth.GetTargetBitrate())
	return p, nil
}

// connection makes pion's peer connection.
func (p *Peer) connection(adjust func(*webrtc.SettingEngine)) error {
	api, err := p.api(adjust)
	if err != nil {
		return fmt.Errorf("preparing WebRTC: %w", err)
	}
	configuration := webrtc.Configuration{BundlePolicy: webrtc.BundlePolicyMaxBundle}
	for _, s := range p.options.ICEServers {
		configuration.ICEServers = append(configuration.ICEServers, webrtc.ICEServer{
			URLs: s.URLs, Username: s.Username, Credential: s.Credential,
		})
	}
	if p.options.RelayOnly {
		configuration.ICETransportPolicy = webrtc.ICETransportPolicyRelay
	}
	if p.pc, err = api.NewPeerConnection(configuration); err != nil {
		return fmt.Errorf("making the peer connection: %w", err)
	}
	if err := p.addTracks(); err != nil {
		return errors.Join(err, p.pc.Close())
	}
	return nil
}

// addTracks prepares both directions of sound and picture, and the control channel.
func (p *Peer) addTracks() error {
	both := webrtc.RTPTransceiverInit{Direction: webrtc.RTPTransceiverDirectionSendrecv}
	for _, track := range []*sendTrack{p.audio, p.video} {
		if _, err := p.pc.AddTransceiverFromTrack(track, both); err != nil {
			return fmt.Errorf("adding the %s: %w", track.kind, err)
		}
	}
	var err error
	if p.control, err = p.pc.CreateDataChannel("control", nil); err != nil {
		return fmt.Errorf("adding the control channel: %w", err)
	}
	return p.addText()
}

func (p *Peer) capBits() int {
	if p.options.BitrateCapKbps <= 0 {
		return defaultCap
	}
	return p.options.BitrateCapKbps * 1000
}

// Run sends the offer and keeps the call until ctx ends.
func (p *Peer) Run(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	var tasks sync.WaitGroup
	defer func() {
		p.mu.Lock()
		p.ending = true
		p.mu.Unlock()
		close(p.closed)
		p.endLife()
		cancel()
		p.closeDevices()
		// GracefulClose also waits for pion's own goroutines and the callbacks in them.
		if err := p.pc.GracefulClose(); err != nil {
			p.log.Debug("closing the peer connection", "error", err)
		}
		tasks.Wait()
		p.callbacks.Wait()
	}()
	p.watch()
	if err := p.offer(nil); err != nil {
		return err
	}
	for _, t := range p.pc.GetTransceivers() {
		// Feedback on the bandwidth comes with any stream, so that all must be read.
		tasks.Go(func() { p.reports(t.Sender().ReadRTCP) })
		tasks.Go(func() { p.reports(t.Receiver().ReadRTCP) })
	}
	tasks.Go(func() { p.sendVideo(ctx) })
	tasks.Go(func() { p.sendAudio(ctx) })
	tasks.Go(func() { p.playAudio(ctx) })
	tasks.Go(func() { p.steer(ctx) })
	tasks.Go(func() { p.sendText(ctx) })
	tasks.Go(func() { p.watchVoices(ctx) })
	p.repair(ctx)
	return nil
}

// watch takes pion's callbacks.
func (p *Peer) watch() {
	p.pc.OnICECandidate(func(c *webrtc.ICECandidate) {
		if c == nil {
			return
		}
		i := c.ToJSON()
		p.enter(func() {
			p.order.Lock()
			defer p.order.Unlock()
			p.options.Signal(Signal{Kind: "candidate", Candidate: &Candidate{i.Candidate, i.SDPMid, i.SDPMLineIndex}})
		})
	})
	p.pc.OnConnectionStateChange(func(webrtc.PeerConnectionState) { p.enter(p.stateChanged) })
	p.pc.OnTrack(func(t *webrtc.TrackRemote, r *webrtc.RTPReceiver) { p.enter(func() { p.receive(t, r) }) })
	p.pc.OnDataChannel(func(c *webrtc.DataChannel) { p.enter(func() { p.takePapers(c) }) })
	p.watchText()
	p.control.OnOpen(func() { p.enter(p.tellState) })
	p.control.OnMessage(func(m webrtc.DataChannelMessage) { p.enter(func() { p.controlMessage(m.Data) }) })
}

// enter runs a callback of pion's, unless Run is returning; Run waits for it.
func (p *Peer) enter(callback func()) {
	p.mu.Lock()
	if p.ending {
		p.mu.Unlock()
		return
	}
	p.callbacks.Add(1)
	p.mu.Unlock()
	defer p.callbacks.Done()
	callback()
}

func (p *Peer) ended() bool {
	select {
	case <-p.closed:
		return true
	default:
		return false
	}
}

// emit tells of an event, unless the call is being closed.
func (p *Peer) emit(e Event) {
	if !p.ended() {
		p.options.Event(e)
	}
}

// offer makes an offer and sends it; candidates follow as they are found.
func (p *Peer) offer(o *webrtc.OfferOptions) error {
	p.order.Lock()
	defer p.order.Unlock()
	sdp, err := p.describe(o)
	if err != nil {
		return err
	}
	p.options.Signal(Signal{Kind: "offer", SDP: sdp})
	return nil
}

func (p *Peer) describe(o *webrtc.OfferOptions) (string, error) {
	p.describing.Lock()
	defer p.describing.Unlock()
	p.addresses = addresses()
	d, err := p.pc.CreateOffer(o)
	if err != nil {
		return "", fmt.Errorf("making the offer: %w", err)
	}
	// While another offer is pending pion does not set a new one; it has changed
	// its ICE credentials nevertheless, and takes the answer.
	if p.unset = p.pc.SignalingState() != webrtc.SignalingStateStable; !p.unset {
		if err := p.pc.SetLocalDescription(d); err != nil {
			return "", fmt.Errorf("setting the offer: %w", err)
		}
	}
	return offerText(d.SDP)
}

// addresses are those of this machine's network interfaces.
func addresses() string {
	all, err := net.InterfaceAddrs()
	if err != nil {
		return ""
	}
	var b strings.Builder
	for _, a := range all {
		b.WriteString(a.String() + " ")
	}
	return b.String()
}

// offerAgain sends an offer to look for another path. One that was not answered,
// because it or its answer was lost, goes out once more as it is, with the
// candidates found since: so it does no harm if two answers come. When the
// network has changed it is made anew.
func (p *Peer) offerAgain() error {
	p.describing.Lock()
	pending := p.pc.PendingLocalDescription()
	same := pending != nil && p.remote && !p.unset && p.addresses == addresses()
	p.describing.Unlock()
	if !same {
		return p.offer(&webrtc.OfferOptions{ICERestart: true})
	}
	offer, err := offerText(pending.SDP)
	if err != nil {
		return err
	}
	p.order.Lock()
	defer p.order.Unlock()
	p.options.Signal(Signal{Kind: "offer", SDP: offer})
	return nil
}

// Receive takes a signal of the far end.
func (p *Peer) Receive(s Signal) error {
	p.describing.Lock()
	defer p.describing.Unlock()
	switch s.Kind {
	case "answer":
		if err := p.pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeAnswer, SDP: s.SDP}); err != nil {
			return fmt.Errorf("taking the answer: %w", err)
		}
		p.takeText(s.SDP)
		early := p.early
		p.remote, p.early = true, nil
		var errs error
		for _, c := range early {
			if err := p.pc.AddICECandidate(c); err != nil {
				errs = errors.Join(errs, fmt.Errorf("taking an early candidate: %w", err))
			}
		}
		return errs
	case "candidate":
		if s.Candidate == nil {
			return errors.New("taking a candidate: there is none in the signal")
		}
		c := webrtc.ICECandidateInit{Candidate: s.Candidate.Candidate, SDPMid: s.Candidate.SDPMid, SDPMLineIndex: s.Candidate.SDPMLineIndex}
		if !p.remote || p.pc.SignalingState() == webrtc.SignalingStateHaveLocalOffer {
			if len(p.early) < earlyMost {
				p.early = append(p.early, c)
			}
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
	p.change(func() {
		if p.cameraOff = !on; !on {
			p.dismissCamera()
		}
	})
	p.tellMuted()
}

// SetAway tells the adviser whether nobody is before the booth any more.
func (p *Peer) SetAway(away bool) {
	p.mu.Lock()
	p.away = away
	p.mu.Unlock()
	p.tell(controlMessage{Kind: "presence", Away: away})
}

// SetCompany tells the adviser whether the site's agent takes part in the call.
func (p *Peer) SetCompany(here bool) {
	p.mu.Lock()
	p.company = here
	p.mu.Unlock()
	p.tell(controlMessage{Kind: "company", Here: here})
}

// tellState tells all that the adviser's page cannot see, when the channel is there.
func (p *Peer) tellState() {
	p.tellMuted()
	p.mu.Lock()
	away, company := p.away, p.company
	p.mu.Unlock()
	if away {
		p.tell(controlMessage{Kind: "presence", Away: true})
	}
	if company {
		p.tell(controlMessage{Kind: "company", Here: true})
	}
	if len(p.options.Written) > 0 {
		p.tell(controlMessage{Kind: "written", Lines: p.options.Written})
	}
}

// ReopenSound closes microphone and speaker and opens them anew at once: Devices
// has others for them now. The old speaker is closed before the new one is opened.
// It is no loss of a device, also while one is lost and waits to be tried again.
func (p *Peer) ReopenSound() {
	p.mu.Lock()
	defer p.mu.Unlock()
	close(p.soundMoved)
	p.soundMoved = make(chan struct{})
	if microphone := p.microphone; microphone != nil && !p.ending {
		p.callbacks.Go(func() { p.closing(DeviceMicrophone, microphone.Close()) }) // a device may take its time
	}
}

// soundMove is closed when what is opened from now on is to be closed again for another.
func (p *Peer) soundMove() <-chan struct{} {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.soundMoved
}

// dismissCamera closes the open camera, if there is one. It is called with mu held.
func (p *Peer) dismissCamera() {
	if camera := p.camera; camera != nil && p.leaving != camera && !p.ending {
		p.leaving = camera
		p.callbacks.Go(func() { p.closing(DeviceCamera, camera.Close()) }) // a device may take its time
	}
}

// useCodec takes the codec that the far end's description allows. A camera that
// was opened before it came is opened anew if it has another.
func (p *Peer) useCodec(mime string) {
	p.change(func() {
		if codec := codecOf(mime); codec != p.videoCodec {
			p.videoCodec = codec
			p.dismissCamera()
		}
	})
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

// RestartICE looks for another path between the two ends although none has been
// found broken: the caller knows that the network has changed.
func (p *Peer) RestartICE() { p.change(func() { p.restart = true }) }

// RequestKeyFrame asks a stream for a frame that can be decoded by itself. Those
// who ask too often get one later.
func (p *Peer) RequestKeyFrame(stream byte) {
	if stream == StreamOwn {
		p.mu.Lock()
		camera := p.camera
		p.mu.Unlock()
		if m, ok := camera.(Mirrored); !ok || !m.ForceMirrorKeyFrame() {
			p.forceKeyFrame()
		}
		return
	}
	p.mu.Lock()
	ssrc := p.adviserVideo
	p.askDue = ssrc != 0 && time.Since(p.keyAsked) < keyInterval/2
	ask := ssrc != 0 && !p.askDue
	if ask {
		p.keyAsked = time.Now()
	}
	p.mu.Unlock()
	if !ask {
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
	p.forceDue = camera != nil && time.Since(p.keyForced) < keyInterval
	force := camera != nil && !p.forceDue
	if force {
		p.keyForced = time.Now()
	}
	p.mu.Unlock()
	if force {
		p.force(camera)
	}
}

func (p *Peer) force(camera Camera) {
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
	// Kind is "hung_up", "muted", "chat", "phrase", "photo", "photo_refused", "photo_failed" or, from the booth, "presence",
	// "company" or "written".
	Kind       string `json:"kind"`
	Microphone bool   `json:"microphone"`
	Camera     bool   `json:"camera"`
	Away       bool   `json:"away,omitempty"` // nobody is before the booth
	Here       bool   `json:"here,omitempty"` // the site's agent takes part
	// Text is what the adviser wrote, of "chat"; Phrase is the word for what the citizen says, of "phrase".
	Text   string `json:"text,omitempty"`
	Phrase string `json:"phrase,omitempty"`
	// Lines is what was written before this connection, of "written".
	Lines []WrittenLine `json:"lines,omitempty"`
}

// maxText is the longest text, in bytes, that is taken from an adviser: what fills the touchscreen.
const maxText = 1000

// readable tells whether a text may be shown: words and line breaks.
func readable(text string) bool {
	if text == "" || len(text) > maxText || !utf8.ValidString(text) {
		return false
	}
	return !strings.ContainsFunc(text, func(r rune) bool { return unicode.IsControl(r) && r != '\n' })
}

// Say sends one of the citizen's ready phrases to the adviser's page, by its word.
func (p *Peer) Say(phrase string) { p.tell(controlMessage{Kind: "phrase", Phrase: phrase}) }

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
func (p *Peer) controlMessage(raw []byte) {
	var m controlMessage
	if err := json.Unmarshal(raw, &m); err != nil {
		p.log.Warn("reading the control channel", "error", err)
		return
	}
	switch m.Kind {
	case "hung_up":
		p.emit(HungUp{})
	case "muted":
		p.mu.Lock()
		if p.measures.cameraOff = m.Camera; m.Camera {
			p.measures.picture.pause(time.Now())
		}
		p.mu.Unlock()
		p.emit(PeerMuted{Microphone: m.Microphone, Camera: m.Camera})
	case "photo":
		p.emit(PhotoAsked{})
	case "chat":
		if !readable(m.Text) {
			p.log.Warn("what the adviser wrote cannot be shown", "bytes", len(m.Text))
			return
		}
		p.emit(Wrote{Text: m.Text})
	}
}

// stateChanged follows the connection. Pion tells of each state in a goroutine of
// its own, so that only the present one counts.
func (p *Peer) stateChanged() {
	p.states.Lock()
	defer p.states.Unlock()
	s := p.pc.ConnectionState()
	p.log.Debug("peer connection", "state", s.String())
	var event Event
	p.change(func() {
		p.up = s == webrtc.PeerConnectionStateConnected
		switch s {
		case webrtc.PeerConnectionStateConnected:
			if p.interrupted {
				p.interrupted = false
				p.flowing = false // what was sent meanwhile went nowhere: begin with a key frame
				event = Resumed{}
			}
		case webrtc.PeerConnectionStateDisconnected:
			if p.connected && !p.interrupted {
				p.interrupted = true
				p.measures.interruptions++
				event = Interrupted{}
			}
		case webrtc.PeerConnectionStateFailed:
			if !p.failed {
				p.failed = true
				event = Failed{"no path between booth and adviser"}
			}
		case webrtc.PeerConnectionStateClosed:
			if !p.failed && !p.ending {
				p.failed, p.left = true, true
				event = PageClosed{}
			}
		case webrtc.PeerConnectionStateUnknown, webrtc.PeerConnectionStateNew, webrtc.PeerConnectionStateConnecting:
		}
	})
	if event == (Resumed{}) {
		// The new path need not carry what the old one did.
		p.anew(min(startBitrate, p.bandwidth.GetTargetBitrate()))
	}
	if event != nil {
		p.emit(event)
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
		p.emit(Connected{})
	}
}

// repair looks for a new path while the connection is interrupted, until ctx ends.
func (p *Peer) repair(ctx context.Context) {
	for p.await(ctx, func() bool { return (p.interrupted || p.restart) && !p.failed }) {
		p.mu.Lock()
		p.restart = false
		p.mu.Unlock()
		if err := p.offerAgain(); err != nil {
			p.log.Warn("repairing the connection", "error", err)
		}
		sleep(ctx, restartEvery)
	}
}

// reports takes the far end's RTCP of one stream, until the connection closes.
func (p *Peer) reports(read func() ([]rtcp.Packet, interceptor.Attributes, error)) {
	for failures := 0; failures < endlessErrors; {
		packets, _, err := read()
		switch {
		case errors.Is(err, io.EOF), errors.Is(err, io.ErrClosedPipe), err != nil && p.ended():
			return
		case err != nil:
			failures++
			p.log.Debug("reading a report", "error", err)
			continue
		}
		failures = 0
		for _, packet := range packets {
			switch packet := packet.(type) {
			case *rtcp.PictureLossIndication, *rtcp.FullIntraRequest:
				p.forceKeyFrame()
			case *rtcp.ReceiverReport:
				p.reported(packet.Reports)
			case *rtcp.SenderReport:
				p.lips.report(packet)
				p.reported(packet.Reports)
			}
		}
	}
}

// reported takes what the far end tells of the streams that it receives.
func (p *Peer) reported(all []rtcp.ReceptionReport) {
	now := time.Now()
	audio, video := p.audio.bound.Load(), p.video.bound.Load()
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, r := range all {
		if audio != nil && r.SSRC == audio.ssrc || video != nil && r.SSRC == video.ssrc {
			p.losses.take(now, r)
		}
	}
}
