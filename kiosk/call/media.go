package call

import (
	"context"
	"errors"
	"io"
	"strings"
	"time"

	"github.com/pion/rtp"
	"github.com/pion/webrtc/v4"
)

const audioClock = 48_000

// sendVideo opens the camera whenever it is wanted, and sends what it takes.
func (p *Peer) sendVideo(ctx context.Context) {
	d := device{peer: p, name: DeviceCamera}
	packets := packetizer{write: p.video.WriteRTP, sequence: uint16(p.began.UnixNano())}
	for p.await(ctx, func() bool { return p.started && !p.cameraOff }) {
		camera, err := p.options.Devices.OpenCamera()
		if err != nil {
			d.lost(ctx, err)
			continue
		}
		if !p.holdCamera(ctx, camera) {
			camera.Close()
			continue
		}
		err = p.film(ctx, camera, &packets, &d)
		p.mu.Lock()
		p.camera = nil
		off := p.cameraOff
		p.mu.Unlock()
		camera.Close()
		if !off && ctx.Err() == nil {
			d.lost(ctx, err)
		}
	}
}

// holdCamera makes an opened camera the present one, unless it is no longer wanted.
func (p *Peer) holdCamera(ctx context.Context, camera Camera) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.cameraOff || ctx.Err() != nil {
		return false
	}
	p.camera = camera
	p.keyForced = time.Time{}
	p.bitrate = videoBitrate(p.estimator.GetTargetBitrate(), p.capBits())
	if err := camera.SetBitrate(p.bitrate); err != nil {
		p.log.Warn("setting the encoder's bitrate", "error", err)
	}
	return true
}

// film sends the camera's pictures, to the adviser and to the booth's own page, until it fails or is closed.
func (p *Peer) film(ctx context.Context, camera Camera, packets *packetizer, d *device) error {
	wait := func(bytes int) {
		if t := p.pacer.delay(time.Now(), bytes); t > 0 {
			sleep(ctx, t)
		}
	}
	for {
		unit, captured, err := camera.Read()
		if err != nil {
			return err
		}
		d.works()
		at := captured.Sub(p.began)
		p.options.Frame(Frame{Stream: StreamOwn, Codec: CodecH264, Key: isKey(unit), Timestamp: at, Payload: unit})
		if err := packets.send(unit, ticks(at, videoClock), wait); err != nil && !errors.Is(err, io.ErrClosedPipe) {
			p.log.Debug("sending a picture", "error", err)
		}
		p.sent()
	}
}

// sleep waits, or until ctx ends.
func sleep(ctx context.Context, t time.Duration) {
	timer := time.NewTimer(t)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	}
}

// sent notes that sound or picture has left.
func (p *Peer) sent() {
	p.mu.Lock()
	first := !p.sending
	p.sending = true
	p.mu.Unlock()
	if first {
		p.checkConnected()
	}
}

// sendAudio opens the microphone and sends what it hears.
func (p *Peer) sendAudio(ctx context.Context) {
	d := device{peer: p, name: DeviceMicrophone}
	packet := rtp.Packet{Header: rtp.Header{Version: 2, SequenceNumber: uint16(p.began.UnixNano() >> 16)}}
	for p.await(ctx, func() bool { return p.started }) {
		microphone, err := p.options.Devices.OpenMicrophone()
		if err != nil {
			d.lost(ctx, err)
			continue
		}
		p.mu.Lock()
		p.microphone = microphone
		microphone.SetMuted(p.microphoneOff)
		ended := ctx.Err() != nil
		p.mu.Unlock()
		if !ended {
			err = p.listen(microphone, &packet, &d)
		}
		p.mu.Lock()
		p.microphone = nil
		p.mu.Unlock()
		microphone.Close()
		if ctx.Err() == nil {
			d.lost(ctx, err)
		}
	}
}

// listen sends the microphone's packets until it fails or is closed. Their
// timestamps count samples, as jitter buffers expect, and follow the clock only
// when it has gone another way by more than maxDrift.
func (p *Peer) listen(microphone Microphone, packet *rtp.Packet, d *device) error {
	const packetSamples, maxDrift = audioClock / 50, audioClock / 10
	for {
		payload, captured, err := microphone.Read()
		if err != nil {
			return err
		}
		d.works()
		packet.SequenceNumber++
		packet.Timestamp += packetSamples
		clock := ticks(captured.Sub(p.began), audioClock)
		if drift := int32(clock - packet.Timestamp); drift > maxDrift || drift < -maxDrift {
			packet.Timestamp = clock
		}
		packet.Payload = payload
		if err := p.audio.WriteRTP(packet); err != nil && !errors.Is(err, io.ErrClosedPipe) {
			p.log.Debug("sending sound", "error", err)
		}
		p.sent()
	}
}

// playAudio keeps a speaker open during the call. Packets reach it from the track's own goroutine.
func (p *Peer) playAudio(ctx context.Context) {
	d := device{peer: p, name: DeviceSpeaker}
	for p.await(ctx, func() bool { return p.started }) {
		speaker, err := p.options.Devices.OpenSpeaker()
		if err != nil {
			d.lost(ctx, err)
			continue
		}
		d.works()
		p.mu.Lock()
		speaker.SetVolume(p.volumePercent)
		p.speaker = speaker
		p.mu.Unlock()
		<-ctx.Done()
		p.mu.Lock()
		p.speaker = nil
		p.mu.Unlock()
		if err := speaker.Close(); err != nil {
			p.log.Warn("closing the speaker", "error", err)
		}
	}
}

// closeDevices ends the goroutines that wait for a device.
func (p *Peer) closeDevices() {
	p.mu.Lock()
	camera, microphone := p.camera, p.microphone
	p.mu.Unlock()
	if camera != nil {
		camera.Close()
	}
	if microphone != nil {
		microphone.Close()
	}
}

// receive reads one of the adviser's tracks until it ends; it runs in a goroutine of pion's.
func (p *Peer) receive(track *webrtc.TrackRemote, _ *webrtc.RTPReceiver) {
	take := p.play
	if track.Kind() == webrtc.RTPCodecTypeVideo {
		codec := CodecH264
		if strings.EqualFold(track.Codec().MimeType, webrtc.MimeTypeVP8) {
			codec = CodecVP8
		}
		p.mu.Lock()
		p.adviserVideo = track.SSRC()
		p.mu.Unlock()
		a := newAssembler(codec, p.options.Frame, func() { p.RequestKeyFrame(StreamAdviser) })
		take = func(packet *rtp.Packet) { a.push(time.Now(), packet) }
	}
	buffer := make([]byte, 1500)
	var packet rtp.Packet
	for first := true; ; first = false {
		n, _, err := track.Read(buffer)
		if err != nil {
			return
		}
		if err := packet.Unmarshal(buffer[:n]); err != nil {
			p.log.Debug("reading a packet", "error", err)
			continue
		}
		if first {
			p.mu.Lock()
			p.heard = true
			p.mu.Unlock()
			p.checkConnected()
		}
		take(&packet)
	}
}

func (p *Peer) play(packet *rtp.Packet) {
	if len(packet.Payload) == 0 {
		return
	}
	p.mu.Lock()
	speaker := p.speaker
	p.mu.Unlock()
	if speaker != nil {
		speaker.Write(packet.SequenceNumber, packet.Timestamp, packet.Payload)
	}
}

// device tells of a device's loss and return, once each, and waits longer after each failure.
type device struct {
	peer  *Peer
	name  string
	gone  bool
	retry time.Duration
}

func (d *device) lost(ctx context.Context, err error) {
	if !d.gone {
		d.gone, d.retry = true, retryFirst
		d.peer.options.Event(DeviceLost{d.name, err})
	}
	sleep(ctx, d.retry)
	d.retry = min(2*d.retry, retryLast)
}

func (d *device) works() {
	if d.gone {
		d.gone = false
		d.peer.options.Event(DeviceRecovered{d.name})
	}
}
