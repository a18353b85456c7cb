package call

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"log"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pion/ice/v4"
	"github.com/pion/interceptor"
	"github.com/pion/interceptor/pkg/nack"
	"github.com/pion/rtcp"
	"github.com/pion/rtp"
	"github.com/pion/transport/v5"
	"github.com/pion/transport/v5/vnet"
	"github.com/pion/turn/v5"
	"github.com/pion/webrtc/v4"
	"github.com/pion/webrtc/v4/pkg/media"
)

// limit is far more than anything here takes.
const limit = 20 * time.Second

// paced ends a Read every interval until it is closed.
type paced struct {
	ticker *time.Ticker
	once   sync.Once
	closed chan struct{}
}

func newPaced(interval time.Duration) paced {
	return paced{ticker: time.NewTicker(interval), closed: make(chan struct{})}
}

func (p *paced) wait() error {
	select {
	case <-p.closed:
		return io.EOF
	case <-p.ticker.C:
		return nil
	}
}

func (p *paced) Close() error {
	p.once.Do(func() { p.ticker.Stop(); close(p.closed) })
	return nil
}

// fakeCamera sends a key frame when it is asked, and small pictures between.
type fakeCamera struct {
	paced
	vp8     bool
	key     atomic.Bool
	keys    atomic.Int32
	bitrate atomic.Int64
	fail    atomic.Bool
}

var (
	keyUnit   = unit([]byte{0x67, 0x42, 0xe0, 0x1f}, []byte{0x68, 1, 2, 3}, append([]byte{0x65}, make3(3000)...))
	deltaUnit = unit(append([]byte{0x41}, make3(700)...))
	// VP8's first bit says that a frame depends on others.
	keyFrame, deltaFrame = append([]byte{0x10}, make3(3000)...), append([]byte{0x11}, make3(700)...)
)

func make3(n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(i%250) + 3 // nothing that looks like a start code
	}
	return b
}

func unit(nals ...[]byte) []byte {
	var b []byte
	for _, n := range nals {
		b = append(append(b, 0, 0, 0, 1), n...)
	}
	return b
}

func (c *fakeCamera) Read() ([]byte, time.Time, error) {
	if err := c.wait(); err != nil {
		return nil, time.Time{}, err
	}
	if c.fail.Load() {
		return nil, time.Time{}, errors.New("reading the fake camera: unplugged")
	}
	key, delta := keyUnit, deltaUnit
	if c.vp8 {
		key, delta = keyFrame, deltaFrame
	}
	if c.key.Swap(false) {
		c.keys.Add(1)
		return key, time.Now(), nil
	}
	return delta, time.Now(), nil
}

func (c *fakeCamera) SetBitrate(b int) error { c.bitrate.Store(int64(b)); return nil }
func (c *fakeCamera) ForceKeyFrame() error   { c.key.Store(true); return nil }

type fakeMicrophone struct {
	paced
	muted         atomic.Bool
	codec         atomic.Value
	bitrate, loss atomic.Int64
	loud          atomic.Bool
}

// Echo is of a canceller that has learned the room.
func (m *fakeMicrophone) Echo() (float64, bool, bool) { return 38.4, true, true }

func (m *fakeMicrophone) Read() ([]byte, time.Time, error) {
	if err := m.wait(); err != nil {
		return nil, time.Time{}, err
	}
	return []byte{0x48, 1, 2, 3}, time.Now(), nil
}

func (m *fakeMicrophone) Level() float64 {
	if m.loud.Load() {
		return -20
	}
	return silence
}

func (m *fakeMicrophone) SetMuted(b bool) { m.muted.Store(b) }
func (m *fakeMicrophone) SetCodec(name string) error {
	m.codec.Store(name)
	return nil
}

func (m *fakeMicrophone) Adapt(bitsPerSecond, lossPercent int) error {
	m.bitrate.Store(int64(bitsPerSecond))
	m.loss.Store(int64(lossPercent))
	return nil
}

type fakeSpeaker struct {
	packets chan []byte
	copies  chan []byte
	codec   atomic.Value
	volume  atomic.Int32
	closed  atomic.Bool
	failed  chan struct{}
	// What Heard says.
	played, madeUp atomic.Int64
}

func (s *fakeSpeaker) SetCodec(name string) error { s.codec.Store(name); return nil }

func (s *fakeSpeaker) WriteCopy(_ uint16, _ uint32, payload []byte) {
	keep(s.copies, append([]byte{}, payload...))
}

// Playing: nothing is heard.
func (s *fakeSpeaker) Playing() (uint32, time.Time, bool) { return 0, time.Time{}, false }

func (s *fakeSpeaker) Heard() (time.Duration, time.Duration) {
	return time.Duration(s.played.Load()), time.Duration(s.madeUp.Load())
}

func (s *fakeSpeaker) Write(_ uint16, _ uint32, payload []byte) {
	select {
	case s.packets <- append([]byte{}, payload...):
	default:
	}
}
func (s *fakeSpeaker) SetVolume(percent int)   { s.volume.Store(int32(percent)) }
func (s *fakeSpeaker) Failed() <-chan struct{} { return s.failed }
func (s *fakeSpeaker) Close() error {
	s.closed.Store(true)
	select {
	case <-s.failed:
		return errors.New("the card was unplugged")
	default:
		return nil
	}
}

// fakeDevices hands out devices and counts those that are open.
type fakeDevices struct {
	mu          sync.Mutex
	camera      *fakeCamera
	microphone  *fakeMicrophone
	speaker     *fakeSpeaker
	opened      int
	cameraError error
	soundError  error         // of the speaker
	opening     func()        // is called while a speaker is being opened
	overlap     bool          // a speaker was opened before the one before it was closed
	open        func() Camera // makes other cameras
	wrap        func(*fakeCamera) Camera
}

func (d *fakeDevices) OpenCamera(codec byte) (Camera, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.cameraError != nil {
		return nil, d.cameraError
	}
	d.opened++
	if d.open != nil {
		return d.open(), nil
	}
	d.camera = &fakeCamera{paced: newPaced(10 * time.Millisecond), vp8: codec == CodecVP8}
	d.camera.key.Store(true)
	if d.wrap != nil {
		return d.wrap(d.camera), nil
	}
	return d.camera, nil
}

func (d *fakeDevices) OpenMicrophone() (Microphone, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.opened++
	d.microphone = &fakeMicrophone{paced: newPaced(20 * time.Millisecond)}
	return d.microphone, nil
}

func (d *fakeDevices) OpenSpeaker() (Speaker, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.speaker != nil && !d.speaker.closed.Load() {
		d.overlap = true
	}
	if d.opening != nil {
		d.opening()
	}
	if d.soundError != nil {
		return nil, d.soundError
	}
	d.opened++
	d.speaker = &fakeSpeaker{packets: make(chan []byte, 1000), copies: make(chan []byte, 1000), failed: make(chan struct{})}
	return d.speaker, nil
}

func (d *fakeDevices) count() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.opened
}

func (d *fakeDevices) theSpeaker() *fakeSpeaker {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.speaker
}

func (d *fakeDevices) theMicrophone() *fakeMicrophone {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.microphone
}

// become changes what the devices do from now on.
func (d *fakeDevices) become(change func()) {
	d.mu.Lock()
	defer d.mu.Unlock()
	change()
}

func (d *fakeDevices) theCamera() *fakeCamera {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.camera
}

// browser stands for the adviser's page: a plain pion peer connection with the default settings.
type browser struct {
	pc      *webrtc.PeerConnection
	video   *webrtc.TrackLocalStaticSample
	frames  chan []byte // pictures received
	sound   chan []byte
	control chan *webrtc.DataChannel
	said    chan string
	plis    chan struct{}
	// amend changes an answer on its way to the booth; nil for none.
	amend func(offer, answer string) string
}

type rig struct {
	peer    *Peer
	devices *fakeDevices
	browser *browser
	events  chan Event
	frames  chan Frame
	cancel  context.CancelFunc
	done    chan error
}

// rigOptions change what newRig does otherwise; the zero value is two ends on
// the loopback interface, and a far end that sends H.264.
type rigOptions struct {
	mime    string
	takes   []string // the codecs of pictures that the far end knows; all of pion's when empty
	capKbps int
	// booth and desk are the networks of the two ends, in a test with a network and a clock of its own.
	booth, desk *vnet.Net
	// codecs registers more codecs at the desk; soundMime is all that it has for sound.
	codecs    func(*webrtc.MediaEngine) error
	soundMime string
	// deskNet is another network for the desk; nil for none.
	deskNet transport.Net
	// relay is the only way for the booth.
	relay []ICEServer
	// dial and tls are the booth's way to the relay.
	dial func(ctx context.Context, network, address string) (net.Conn, error)
	tls  *tls.Config
	// open makes cameras, wrap adds to the usual ones.
	open func() Camera
	wrap func(*fakeCamera) Camera
	// photo takes photos; nil for none.
	photo func(context.Context) ([]byte, error)
	// amend changes the desk's answer, once the desk has prepared what the change promises.
	amend func(desk *webrtc.PeerConnection, offer, answer string) string
	// written was written before.
	written []WrittenLine
	// signal is asked about each signal to the desk; false loses it.
	signal func(Signal) bool
}

func newRig(t *testing.T, mime string) *rig {
	t.Helper()
	return newRigWith(t, rigOptions{mime: mime})
}

func newRigWith(t *testing.T, o rigOptions) *rig {
	t.Helper()
	before := runtime.NumGoroutine()
	if o.capKbps == 0 {
		o.capKbps = 1500
	}
	r := &rig{
		devices: &fakeDevices{open: o.open, wrap: o.wrap}, events: make(chan Event, 100), frames: make(chan Frame, 1000), done: make(chan error, 1),
		browser: &browser{
			frames: make(chan []byte, 1000), sound: make(chan []byte, 1000), control: make(chan *webrtc.DataChannel, 1),
			said: make(chan string, 10), plis: make(chan struct{}, 100),
		},
	}
	signals := make(chan Signal, 100)
	var err error
	r.peer, err = newPeer(Options{
		Devices: r.devices, BitrateCapKbps: o.capKbps, Loopback: true, ICEServers: o.relay, RelayOnly: o.relay != nil,
		Dial: o.dial, TLS: o.tls, Photo: o.photo, Written: o.written,
		Signal: func(s Signal) {
			if o.signal == nil || o.signal(s) {
				signals <- s
			}
		},
		Event: func(e Event) { r.events <- e },
		Frame: func(f Frame) {
			f.Payload = append([]byte{}, f.Payload...)
			select {
			case r.frames <- f:
			default:
			}
		},
		Log: slog.New(slog.DiscardHandler),
	}, onto(o.booth))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	r.cancel = cancel
	go func() { r.done <- r.peer.Run(ctx) }()
	r.browser.open(t, o)
	ended := make(chan struct{})
	go func() { // the signalling
		defer close(ended)
		for {
			select {
			case <-ctx.Done():
				return
			case s := <-signals:
				r.browser.take(t, ctx, s, r.peer)
			}
		}
	}()
	t.Cleanup(func() {
		cancel()
		select {
		case err := <-r.done:
			if err != nil {
				t.Errorf("Run: %v", err)
			}
		case <-time.After(limit):
			t.Error("Run does not return")
		}
		<-ended
		if err := r.browser.pc.GracefulClose(); err != nil {
			t.Error(err)
		}
		if o.booth != nil {
			return // its bubble waits for all goroutines
		}
		for end := time.Now().Add(limit); runtime.NumGoroutine() > before; runtime.Gosched() {
			if time.Now().After(end) {
				stacks := make([]byte, 1<<16)
				t.Fatalf("%d goroutines, %d before:\n%s", runtime.NumGoroutine(), before, stacks[:runtime.Stack(stacks, true)])
			}
		}
	})
	return r
}

// onto puts a peer connection onto a network of the test's, nil for the real one.
func onto(n *vnet.Net) func(*webrtc.SettingEngine) {
	if n == nil {
		return nil
	}
	return func(s *webrtc.SettingEngine) {
		s.SetNet(n)
		s.SetICEMulticastDNSMode(ice.MulticastDNSModeDisabled)
	}
}

func (b *browser) open(t *testing.T, o rigOptions) {
	t.Helper()
	var m webrtc.MediaEngine
	soundMime := webrtc.MimeTypeOpus
	switch {
	case o.soundMime != "":
		soundMime = o.soundMime
		for _, c := range soundCodecs(false)[2:] {
			if c.MimeType == o.soundMime {
				check(t, m.RegisterCodec(c, webrtc.RTPCodecTypeAudio))
			}
		}
		check(t, m.RegisterCodec(webrtc.RTPCodecParameters{RTPCodecCapability: webrtc.RTPCodecCapability{
			MimeType: webrtc.MimeTypeH264, ClockRate: videoClock, SDPFmtpLine: "level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f",
		}, PayloadType: 102}, webrtc.RTPCodecTypeVideo))
	case o.takes != nil:
		check(t, m.RegisterCodec(soundCodecs(false)[0], webrtc.RTPCodecTypeAudio))
		for i, mime := range o.takes {
			check(t, m.RegisterCodec(webrtc.RTPCodecParameters{
				RTPCodecCapability: webrtc.RTPCodecCapability{MimeType: mime, ClockRate: videoClock}, PayloadType: webrtc.PayloadType(120 + i),
			}, webrtc.RTPCodecTypeVideo))
		}
	default:
		check(t, m.RegisterDefaultCodecs())
	}
	if o.codecs != nil {
		check(t, o.codecs(&m))
	}
	for _, f := range []webrtc.RTCPFeedback{{Type: "nack"}, {Type: "nack", Parameter: "pli"}} {
		m.RegisterFeedback(f, webrtc.RTPCodecTypeVideo)
	}
	var registry interceptor.Registry
	check(t, webrtc.ConfigureTWCCSender(&m, &registry))
	responder, err := nack.NewResponderInterceptor()
	check(t, err)
	registry.Add(responder)
	check(t, webrtc.ConfigureRTCPReports(&registry))
	var s webrtc.SettingEngine
	s.SetIncludeLoopbackCandidate(true)
	if adjust := onto(o.desk); adjust != nil {
		adjust(&s)
	}
	if o.deskNet != nil {
		s.SetNet(o.deskNet)
	}
	pc, err := webrtc.NewAPI(webrtc.WithMediaEngine(&m), webrtc.WithInterceptorRegistry(&registry), webrtc.WithSettingEngine(s)).NewPeerConnection(webrtc.Configuration{})
	if err != nil {
		t.Fatal(err)
	}
	b.pc = pc
	if o.amend != nil {
		b.amend = func(offer, answer string) string { return o.amend(pc, offer, answer) }
	}
	b.video, err = webrtc.NewTrackLocalStaticSample(webrtc.RTPCodecCapability{MimeType: o.mime}, "video", "desk")
	if err != nil {
		t.Fatal(err)
	}
	audio, err := webrtc.NewTrackLocalStaticSample(webrtc.RTPCodecCapability{MimeType: soundMime}, "audio", "desk")
	if err != nil {
		t.Fatal(err)
	}
	for _, track := range []webrtc.TrackLocal{b.video, audio} {
		sender, err := pc.AddTrack(track)
		if err != nil {
			t.Fatal(err)
		}
		go func() {
			for {
				packets, _, err := sender.ReadRTCP()
				if err != nil {
					return
				}
				for _, p := range packets {
					if _, ok := p.(*rtcp.PictureLossIndication); ok {
						keep(b.plis, struct{}{})
					}
				}
			}
		}()
	}
	pc.OnTrack(func(track *webrtc.TrackRemote, _ *webrtc.RTPReceiver) {
		ended := func() bool { return pc.ConnectionState() == webrtc.PeerConnectionStateClosed }
		log := slog.New(slog.DiscardHandler)
		if track.Kind() == webrtc.RTPCodecTypeAudio {
			readTrack(track, log, ended, func(p *rtp.Packet, _ time.Time) time.Duration {
				keep(b.sound, append([]byte{}, p.Payload...))
				return 0
			})
			return
		}
		say := func(p rtcp.Packet) { _ = pc.WriteRTCP([]rtcp.Packet{p}) }
		a := newAssembler(codecOf(track.Codec().MimeType),
			func(f Frame) { keep(b.frames, append([]byte{}, f.Payload...)) },
			func() { say(&rtcp.PictureLossIndication{MediaSSRC: uint32(track.SSRC())}) },
			func(missing []uint16) {
				say(&rtcp.TransportLayerNack{MediaSSRC: uint32(track.SSRC()), Nacks: rtcp.NackPairsFromSequenceNumbers(missing)})
			})
		readTrack(track, log, ended, func(p *rtp.Packet, now time.Time) time.Duration {
			if p != nil {
				a.push(now, p)
			}
			return a.attend(now)
		})
	})
	pc.OnDataChannel(func(c *webrtc.DataChannel) {
		c.OnMessage(func(m webrtc.DataChannelMessage) { b.said <- string(m.Data) })
		b.control <- c
	})
	ctx, cancel := context.WithCancel(t.Context())
	t.Cleanup(cancel)
	go func() {
		tick := time.NewTicker(20 * time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
				_ = audio.WriteSample(media.Sample{Data: []byte{0x48, 9, 9}, Duration: 20 * time.Millisecond})
			}
		}
	}()
}

// take answers the booth's offers and takes its candidates, with candidates before the answer too.
func (b *browser) take(t *testing.T, ctx context.Context, s Signal, peer *Peer) {
	switch s.Kind {
	case "offer":
		if err := b.pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeOffer, SDP: s.SDP}); err != nil {
			t.Error(err)
			return
		}
		b.pc.OnICECandidate(func(c *webrtc.ICECandidate) {
			if c != nil && ctx.Err() == nil {
				i := c.ToJSON()
				if err := peer.Receive(Signal{Kind: "candidate", Candidate: &Candidate{i.Candidate, i.SDPMid, i.SDPMLineIndex}}); err != nil && ctx.Err() == nil {
					t.Error(err)
				}
			}
		})
		answer, err := b.pc.CreateAnswer(nil)
		if err != nil {
			t.Error(err)
			return
		}
		if err := b.pc.SetLocalDescription(answer); err != nil {
			t.Error(err)
			return
		}
		if b.amend != nil {
			answer.SDP = b.amend(s.SDP, answer.SDP)
		}
		if err := peer.Receive(Signal{Kind: "answer", SDP: answer.SDP}); err != nil && ctx.Err() == nil {
			t.Error(err)
		}
	case "candidate":
		c := webrtc.ICECandidateInit{Candidate: s.Candidate.Candidate, SDPMid: s.Candidate.SDPMid, SDPMLineIndex: s.Candidate.SDPMLineIndex}
		if err := b.pc.AddICECandidate(c); err != nil {
			t.Error(err)
		}
	}
}

// keep puts something into a test's mailbox, if there is room.
func keep[T any](c chan T, v T) {
	select {
	case c <- v:
	default:
	}
}

func wait[T any](t *testing.T, what string, c <-chan T) T {
	t.Helper()
	select {
	case v := <-c:
		return v
	case <-time.After(limit):
		t.Fatalf("waiting for %s", what)
		panic("unreachable")
	}
}

func (r *rig) event(t *testing.T, want Event) {
	t.Helper()
	if got := wait(t, "an event", r.events); got != want {
		t.Fatalf("event %#v, expected %#v", got, want)
	}
}

func TestACall(t *testing.T) {
	for _, test := range []struct {
		mime  string
		codec byte
		key   []byte
	}{
		{webrtc.MimeTypeH264, CodecH264, keyUnit},
		{webrtc.MimeTypeVP8, CodecVP8, append([]byte{0x10}, make3(2500)...)},
	} {
		t.Run(test.mime, func(t *testing.T) {
			r := newRig(t, test.mime)
			control := wait(t, "the control channel", r.browser.control)
			if n := r.devices.count(); n != 0 {
				t.Fatalf("%d devices are open before the adviser has answered", n)
			}
			r.peer.SetVolume(40)
			r.peer.Start()
			r.event(t, Connected{})
			if got := wait(t, "a picture at the desk", r.browser.frames); len(got) < 700 {
				t.Fatalf("a picture of %d bytes", len(got))
			}
			if got := wait(t, "sound at the desk", r.browser.sound); string(got) != string([]byte{0x48, 1, 2, 3}) {
				t.Fatalf("sound %v", got)
			}
			for r.devices.speaker == nil {
				runtime.Gosched()
			}
			if got := wait(t, "sound at the booth", r.devices.speaker.packets); string(got) != string([]byte{0x48, 9, 9}) {
				t.Fatalf("sound %v", got)
			}
			if v := r.devices.speaker.volume.Load(); v != 40 {
				t.Errorf("volume %d", v)
			}

			// The adviser's picture arrives as it was sent.
			if err := r.browser.video.WriteSample(media.Sample{Data: test.key, Duration: 33 * time.Millisecond}); err != nil {
				t.Fatal(err)
			}
			own := false
			for {
				f := wait(t, "the adviser's picture", r.frames)
				if f.Stream == StreamOwn {
					own = own || f.Key
					continue
				}
				if f.Codec != test.codec || !f.Key || string(f.Payload) != string(test.key) {
					t.Fatalf("codec %d, key %v, %d bytes, expected %d", f.Codec, f.Key, len(f.Payload), len(test.key))
				}
				break
			}
			if !own {
				t.Error("the booth's own key frame was not handed to its page")
			}
			r.peer.RequestKeyFrame(StreamAdviser)
			wait(t, "the desk to be asked for a key frame", r.browser.plis)

			if err := control.SendText(`{"kind":"muted","camera":true}`); err != nil {
				t.Fatal(err)
			}
			r.event(t, PeerMuted{Camera: true})
			r.peer.Say("yes")
			for !strings.Contains(wait(t, "a phrase of the citizen's", r.browser.said), `"phrase":"yes"`) {
			}
			for _, text := range []string{"", strings.Repeat("x", maxText+1), "\\u0007", `Il manque une pièce.\nLaquelle ?`} {
				if err := control.SendText(`{"kind":"chat","text":"` + text + `"}`); err != nil {
					t.Fatal(err)
				}
			}
			r.event(t, Wrote{"Il manque une pièce.\nLaquelle ?"})
			if err := control.SendText(`{"kind":"hung_up"}`); err != nil {
				t.Fatal(err)
			}
			r.event(t, HungUp{})
		})
	}
}

func TestTheCitizenSwitchesDevices(t *testing.T) {
	r := newRig(t, webrtc.MimeTypeH264)
	r.peer.Start()
	r.event(t, Connected{})
	wait(t, "a picture", r.browser.frames)
	first := r.devices.theCamera()

	r.peer.SetCamera(false)
	wait(t, "the camera to close", first.closed)
	r.peer.SetMicrophone(false)
	if !r.devices.microphone.muted.Load() {
		t.Error("the microphone is not muted")
	}
	for {
		if m := wait(t, "word of it at the desk", r.browser.said); strings.Contains(m, `"microphone":true,"camera":true`) {
			break
		}
	}
	for len(r.browser.frames) > 0 {
		<-r.browser.frames
	}
	r.peer.SetCamera(true)
	wait(t, "a picture from the camera opened anew", r.browser.frames)
	if second := r.devices.theCamera(); second == first {
		t.Error("the camera was not opened anew")
	}
	for range 20 { // as fast as a finger can
		r.peer.SetCamera(false)
		r.peer.SetCamera(true)
	}
	for first := r.devices.theCamera(); r.devices.theCamera() == first; {
		wait(t, "a picture", r.browser.frames)
	}
	if n := len(r.events); n > 0 {
		t.Errorf("%#v", <-r.events)
	}
	r.peer.HangUp()
	for !strings.Contains(wait(t, "the farewell", r.browser.said), "hung_up") {
	}
}

// A photo is taken while the camera is closed, also one that is switched off, and comes to the desk as it was taken.
func TestAPhoto(t *testing.T) {
	photo := make3(200_000)
	var r *rig
	asked := make(chan struct{}, 2)
	r = newRigWith(t, rigOptions{mime: webrtc.MimeTypeH264, photo: func(context.Context) ([]byte, error) {
		asked <- struct{}{}
		if c := r.devices.theCamera(); c != nil && !isClosed(c.closed) {
			t.Error("the camera is open while the photo is taken")
		}
		return photo, nil
	}})
	control := wait(t, "the control channel", r.browser.control)
	r.peer.Start()
	r.event(t, Connected{})
	check(t, control.SendText(`{"kind":"photo"}`))
	r.event(t, PhotoAsked{})
	for _, off := range []bool{false, true} {
		if off {
			r.peer.SetCamera(false)
		}
		r.peer.TakePhoto()
		wait(t, "the photo to be taken", asked)
		r.event(t, PhotoTaken{})
		head := fmt.Sprintf(`{"bytes":%d}`, len(photo))
		for wait(t, "the photo's size", r.browser.said) != head {
		}
		var got []byte
		for len(got) < len(photo) {
			// What is said on the control channel comes in between.
			if piece := wait(t, "a piece of the photo", r.browser.said); !strings.HasPrefix(piece, `{"kind":`) {
				got = append(got, piece...)
			}
		}
		if string(got) != string(photo) {
			t.Error("the photo changed on its way")
		}
	}
	r.peer.RefusePhoto()
	for !strings.Contains(wait(t, "the refusal", r.browser.said), "photo_refused") {
	}
}

func TestACameraThatBreaksComesBack(t *testing.T) {
	r := newRig(t, webrtc.MimeTypeH264)
	r.peer.Start()
	r.event(t, Connected{})
	r.devices.theCamera().fail.Store(true)
	lost, ok := wait(t, "an event", r.events).(DeviceLost)
	if !ok || lost.Device != DeviceCamera || !strings.Contains(lost.Err.Error(), "unplugged") {
		t.Fatalf("%#v", lost)
	}
	r.event(t, DeviceRecovered{DeviceCamera})
}

func TestASpeakerThatBreaksComesBack(t *testing.T) {
	r := newRig(t, webrtc.MimeTypeH264)
	r.peer.Start()
	r.event(t, Connected{})
	r.devices.mu.Lock()
	first := r.devices.speaker
	r.devices.mu.Unlock()
	close(first.failed)
	lost, ok := wait(t, "an event", r.events).(DeviceLost)
	if !ok || lost.Device != DeviceSpeaker || !strings.Contains(lost.Err.Error(), "unplugged") {
		t.Fatalf("%#v", lost)
	}
	r.event(t, DeviceRecovered{DeviceSpeaker})
	r.devices.mu.Lock()
	defer r.devices.mu.Unlock()
	if r.devices.speaker == first || !first.closed.Load() {
		t.Error("it was not closed and opened again")
	}
}

func TestACallWithoutACamera(t *testing.T) {
	r := newRig(t, webrtc.MimeTypeH264)
	r.devices.cameraError = errors.New("opening camera /dev/video0: no such file or directory")
	r.peer.Start()
	got := map[string]bool{}
	for range 2 {
		switch e := wait(t, "an event", r.events).(type) {
		case DeviceLost:
			got[e.Device] = true
		case Connected:
			got["connected"] = true
		}
	}
	if !got[DeviceCamera] || !got["connected"] {
		t.Fatalf("%v", got)
	}
}

// The adviser sees a card while the camera is lost, and the camera again when it is back.
func TestACardStandsInForTheCamera(t *testing.T) {
	r := newRig(t, webrtc.MimeTypeH264)
	var mu sync.Mutex
	var cards []*fakeCamera
	r.peer.options.StandIn = func(codec byte) (Camera, error) {
		c := &fakeCamera{paced: newPaced(10 * time.Millisecond), vp8: codec == CodecVP8}
		c.key.Store(true)
		mu.Lock()
		defer mu.Unlock()
		cards = append(cards, c)
		return c, nil
	}
	r.devices.cameraError = errors.New("opening camera /dev/video0: no such file or directory")
	r.peer.Start()
	if lost, ok := wait(t, "an event", r.events).(DeviceLost); !ok || lost.Device != DeviceCamera {
		t.Fatalf("%#v", lost)
	}
	r.event(t, Connected{})
	wait(t, "the card", r.browser.frames)
	r.devices.mu.Lock()
	r.devices.cameraError = nil
	r.devices.mu.Unlock()
	r.event(t, DeviceRecovered{DeviceCamera})
	for first := r.devices.theCamera(); first.keys.Load() == 0; {
		wait(t, "a picture", r.browser.frames)
	}
	r.peer.SetCamera(false) // and nothing takes its place
	wait(t, "the camera to close", r.devices.theCamera().closed)
	mu.Lock()
	defer mu.Unlock()
	for _, c := range cards {
		wait(t, "the card to close", c.closed)
	}
}

func TestThePageThatGoesClosesTheConnection(t *testing.T) {
	r := newRig(t, webrtc.MimeTypeH264)
	r.peer.Start()
	r.event(t, Connected{})
	if err := r.browser.pc.Close(); err != nil {
		t.Fatal(err)
	}
	r.event(t, PageClosed{})
}

func TestAKeyFrameWhenTheDeskAsks(t *testing.T) {
	r := newRig(t, webrtc.MimeTypeH264)
	r.peer.Start()
	r.event(t, Connected{})
	wait(t, "a picture", r.browser.frames)
	camera := r.devices.theCamera()
	before := camera.keys.Load()
	for camera.keys.Load() == before {
		var ssrc uint32
		for _, receiver := range r.browser.pc.GetReceivers() {
			if track := receiver.Track(); track != nil && track.Kind() == webrtc.RTPCodecTypeVideo {
				ssrc = uint32(track.SSRC())
			}
		}
		if err := r.browser.pc.WriteRTCP([]rtcp.Packet{&rtcp.PictureLossIndication{MediaSSRC: ssrc}}); err != nil {
			t.Fatal(err)
		}
		wait(t, "a picture", r.browser.frames)
	}
}

// mirroredCamera gives its own page other pictures than the adviser.
type mirroredCamera struct {
	*fakeCamera
	unit   []byte
	forced chan struct{}
}

func (c *mirroredCamera) Mirror() []byte { return c.unit }
func (c *mirroredCamera) ForceMirrorKeyFrame() bool {
	select {
	case c.forced <- struct{}{}:
	default:
	}
	return len(c.unit) > 0
}

func TestThePageGetsTheMirror(t *testing.T) {
	for _, test := range []struct {
		name string
		mime string
		unit []byte
		want byte
	}{
		{"of H.264", webrtc.MimeTypeH264, keyUnit[:200], CodecH264},
		{"of VP8", webrtc.MimeTypeVP8, keyUnit[:200], CodecH264},
		{"without one", webrtc.MimeTypeVP8, nil, CodecVP8},
	} {
		t.Run(test.name, func(t *testing.T) {
			forced := make(chan struct{}, 1)
			r := newRigWith(t, rigOptions{mime: test.mime, takes: []string{test.mime}, wrap: func(c *fakeCamera) Camera {
				return &mirroredCamera{c, test.unit, forced}
			}})
			r.peer.Start()
			r.event(t, Connected{})
			for {
				f := wait(t, "the page's picture", r.frames)
				if f.Stream != StreamOwn || f.Codec != test.want {
					continue // the camera's first may be of another codec
				}
				if test.unit != nil && (string(f.Payload) != string(test.unit) || !f.Key) {
					t.Fatalf("the page got %x", f.Payload)
				}
				break
			}
			camera := r.devices.theCamera()
			before := camera.keys.Load()
			for len(forced) == 0 || test.unit == nil && camera.keys.Load() == before {
				r.peer.RequestKeyFrame(StreamOwn)
				wait(t, "a picture", r.browser.frames)
			}
		})
	}
}

// TestEndsInEveryPhase ends the call at different moments; newRig's clean-up
// finds what is left behind.
func TestEndsInEveryPhase(t *testing.T) {
	for _, test := range []struct {
		name string
		upTo func(*testing.T, *rig)
	}{
		{"at once", func(*testing.T, *rig) {}},
		{"started before the connection", func(_ *testing.T, r *rig) { r.peer.Start() }},
		{"connected, not started", func(t *testing.T, r *rig) { wait(t, "the control channel", r.browser.control) }},
		{"in the call", func(t *testing.T, r *rig) { r.peer.Start(); r.event(t, Connected{}) }},
		{"with the camera off", func(t *testing.T, r *rig) {
			r.peer.Start()
			r.event(t, Connected{})
			r.peer.SetCamera(false)
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := newRig(t, webrtc.MimeTypeH264)
			test.upTo(t, r)
		})
	}
}

// TestTheAdviserHearsThatTheCitizenIsAway: at once, and of what was so before the channel was there.
func TestTheAdviserHearsThatTheCitizenIsAway(t *testing.T) {
	r := newRig(t, webrtc.MimeTypeH264)
	r.peer.SetAway(true)
	wait(t, "the control channel", r.browser.control)
	for _, want := range []string{`"away":true`, `"kind":"presence","microphone":false,"camera":false}`, `"away":true`} {
		for !strings.Contains(wait(t, "word of it at the desk", r.browser.said), want) {
		}
		r.peer.SetAway(!strings.Contains(want, "true"))
	}
}

func TestSignalsThatMakeNoSense(t *testing.T) {
	r := newRig(t, webrtc.MimeTypeH264)
	wait(t, "the control channel", r.browser.control)
	for _, s := range []Signal{
		{Kind: "offer", SDP: "v=0"},
		{Kind: "candidate"},
		{Kind: "answer", SDP: "nonsense"},
		{Kind: "candidate", Candidate: &Candidate{Candidate: "candidate:nonsense"}},
		{},
	} {
		if err := r.peer.Receive(s); err == nil {
			t.Errorf("%+v was taken", s)
		}
	}
}

// relayServer is a TURN server for the booth; over lists its ways, none of them UDP.
func relayServer(t *testing.T, packets net.PacketConn, over ...net.Listener) {
	t.Helper()
	relays := &turn.RelayAddressGeneratorStatic{RelayAddress: net.IPv4(127, 0, 0, 1), Address: "127.0.0.1"}
	c := turn.ServerConfig{
		Realm: "test",
		AuthHandler: func(a *turn.RequestAttributes) (string, []byte, bool) {
			return a.Username, turn.GenerateAuthKey(a.Username, "test", "secret"), a.Username == "booth"
		},
	}
	if packets != nil {
		c.PacketConnConfigs = []turn.PacketConnConfig{{PacketConn: packets, RelayAddressGenerator: relays}}
	}
	for _, l := range over {
		c.ListenerConfigs = append(c.ListenerConfigs, turn.ListenerConfig{Listener: l, RelayAddressGenerator: relays})
	}
	server, err := turn.NewServer(c)
	check(t, err)
	t.Cleanup(func() { check(t, server.Close()) })
}

func listenTCP(t *testing.T) net.Listener {
	t.Helper()
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	check(t, err)
	return l
}

// relayed makes a call for which url is the only way.
func relayed(t *testing.T, url string, o rigOptions) {
	t.Helper()
	o.mime, o.relay = webrtc.MimeTypeH264, []ICEServer{{URLs: []string{url}, Username: "booth", Credential: "secret"}}
	r := newRigWith(t, o)
	r.peer.Start()
	r.event(t, Connected{})
	wait(t, "a picture", r.browser.frames)
	for r.peer.Stats().Path == "" {
		wait(t, "a picture", r.browser.frames)
	}
	if path := r.peer.Stats().Path; !strings.HasPrefix(path, "relay/") {
		t.Errorf("the path is %s", path)
	}
}

func TestThroughARelay(t *testing.T) {
	l, err := net.ListenPacket("udp4", "127.0.0.1:0")
	check(t, err)
	relayServer(t, l)
	relayed(t, "turn:"+l.LocalAddr().String()+"?transport=udp", rigOptions{})
}

// In a network that drops UDP the booth reaches its relay over TCP, by the way that it was given.
func TestThroughARelayOverTCP(t *testing.T) {
	l := listenTCP(t)
	relayServer(t, nil, l)
	var dialled atomic.Int32
	relayed(t, "turn:"+l.Addr().String()+"?transport=tcp", rigOptions{
		dial: func(ctx context.Context, network, address string) (net.Conn, error) {
			dialled.Add(1)
			return (&net.Dialer{}).DialContext(ctx, network, address)
		},
	})
	if dialled.Load() == 0 {
		t.Error("the relay was not reached by the way that was given")
	}
}

// The same over TLS, with the authority of an administration.
func TestThroughARelayOverTLS(t *testing.T) {
	// A server for its certificate, which is for 127.0.0.1.
	web := httptest.NewTLSServer(http.NotFoundHandler())
	t.Cleanup(web.Close)
	l := listenTCP(t)
	relayServer(t, nil, tls.NewListener(l, web.TLS.Clone()))
	roots := x509.NewCertPool()
	roots.AddCert(web.Certificate())
	relayed(t, "turns:"+l.Addr().String()+"?transport=tcp", rigOptions{tls: &tls.Config{RootCAs: roots}})
}

func TestDialerTrustsNobodyElse(t *testing.T) {
	web := httptest.NewTLSServer(http.NotFoundHandler())
	t.Cleanup(web.Close)
	web.Config.ErrorLog = log.New(io.Discard, "", 0)
	address := web.Listener.Addr().String()
	d := newDialer(t.Context(), Options{ICEServers: []ICEServer{{URLs: []string{"nonsense", "turns:" + address + "?transport=tcp"}}}})
	var unknown x509.UnknownAuthorityError
	if conn, err := d.Dial("tcp4", address); !errors.As(err, &unknown) {
		t.Errorf("connection %v, error %v; want an unknown authority", conn, err)
	}
}

// A relay that does not answer must not keep a call from ending.
func TestEndsWhileARelayIsSilent(t *testing.T) {
	asked := make(chan struct{}, 10)
	newRigWith(t, rigOptions{
		mime:  webrtc.MimeTypeH264,
		relay: []ICEServer{{URLs: []string{"turn:127.0.0.1:9?transport=tcp"}, Username: "booth", Credential: "secret"}},
		dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
			asked <- struct{}{}
			<-ctx.Done()
			if !errors.Is(ctx.Err(), context.Canceled) {
				t.Errorf("the connection was waited for: %v", ctx.Err())
			}
			return nil, ctx.Err()
		},
	})
	wait(t, "a connection to the relay", asked)
}

// TestFarEndWithoutH264 gets VP8, and so does the booth's own page, whether the
// camera is opened before or after the far end's description has come.
func TestFarEndWithoutH264(t *testing.T) {
	for _, late := range []bool{false, true} {
		r := newRigWith(t, rigOptions{mime: webrtc.MimeTypeVP8, takes: []string{webrtc.MimeTypeVP8}})
		if late {
			r.peer.mu.Lock()
			known := r.peer.videoCodec == CodecVP8
			r.peer.mu.Unlock()
			for !known { // the answer is on its way
				if !r.peer.await(t.Context(), func() bool { known = r.peer.videoCodec == CodecVP8; return known }) {
					t.Fatal("no codec was agreed on")
				}
			}
		}
		r.peer.Start()
		r.event(t, Connected{})
		for first := true; ; first = false {
			frame := wait(t, "a picture at the desk", r.browser.frames)
			if len(frame) != len(keyFrame) && len(frame) != len(deltaFrame) || first && !isKey(CodecVP8, frame) {
				t.Fatalf("a frame of %d bytes, beginning %x, came to the desk", len(frame), frame[0])
			}
			if len(frame) == len(deltaFrame) {
				break
			}
		}
		deadline := time.After(limit)
		for own := false; !own; {
			select {
			case f := <-r.frames:
				own = f.Stream == StreamOwn && f.Codec == CodecVP8
			case <-deadline:
				t.Fatal("the booth's own page gets no VP8")
			}
		}
		for adviser := false; !adviser; {
			check(t, r.browser.video.WriteSample(media.Sample{Data: keyFrame, Duration: time.Second / 30}))
			select {
			case f := <-r.frames:
				adviser = f.Stream == StreamAdviser && f.Codec == CodecVP8
			case <-deadline:
				t.Fatal("the booth gets no VP8")
			}
		}
		if n := r.devices.count(); late && n != 3 {
			t.Errorf("%d devices were opened", n)
		}
		if n := len(r.events); n > 0 {
			t.Errorf("%#v", <-r.events)
		}
	}
}

// TestFarEndWithBoth gets H.264, whatever it would rather have.
func TestFarEndWithBoth(t *testing.T) {
	r := newRigWith(t, rigOptions{mime: webrtc.MimeTypeVP8})
	r.peer.Start()
	r.event(t, Connected{})
	if frame := wait(t, "a picture at the desk", r.browser.frames); len(frame) != len(keyUnit) {
		t.Errorf("a frame of %d bytes came to the desk", len(frame))
	}
}
