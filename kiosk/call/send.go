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
	packets := packetizer{track: p.video, header: rtp.Header{SequenceNumber: uint16(p.began.UnixNano())}, picture: uint16(p.timestamps)}
	for p.await(ctx, func() bool { return p.started && (p.photo || !p.cameraOff) }) {
		p.mu.Lock()
		codec, photo := p.videoCodec, p.photo
		p.mu.Unlock()
		if photo {
			p.photograph(ctx)
			continue
		}
		camera, err := p.options.Devices.OpenCamera(codec)
		wanted := true
		if err == nil {
			wanted, err = p.show(ctx, camera, codec, &packets, d.works)
		}
		if wanted && ctx.Err() == nil {
			p.standIn(ctx, codec, &packets, d.tell(err))
		}
	}
}

// show makes an opened camera the present one and sends what it takes, until it
// fails or is closed. It is no longer wanted when the citizen switched it off, or
// another codec is to be sent.
func (p *Peer) show(ctx context.Context, camera Camera, codec byte, packets *packetizer, works func()) (wanted bool, err error) {
	if !p.holdCamera(ctx, camera, codec) {
		p.closing(DeviceCamera, camera.Close())
		return false, nil
	}
	packets.codec = codec
	err = p.film(ctx, camera, packets, works)
	p.mu.Lock()
	wanted = p.leaving != camera
	p.camera, p.leaving = nil, nil
	p.mu.Unlock()
	p.closing(DeviceCamera, camera.Close())
	return wanted, err
}

// standIn lets the time pass until the lost camera is tried again. Meanwhile the
// adviser sees a card instead of a picture that stands still.
func (p *Peer) standIn(ctx context.Context, codec byte, packets *packetizer, wait time.Duration) {
	end := time.Now().Add(wait)
	if p.options.StandIn != nil {
		card, err := p.options.StandIn(codec)
		if err != nil {
			p.log.Warn("making the card in place of the camera", "error", err)
		} else {
			enough := time.AfterFunc(wait, func() { p.closing(DeviceCamera, card.Close()) })
			wanted, err := p.show(ctx, card, codec, packets, func() {})
			if enough.Stop() && wanted {
				p.log.Debug("sending the card in place of the camera", "error", err)
			}
			if !wanted {
				return
			}
		}
	}
	sleep(ctx, time.Until(end))
}

// holdCamera makes an opened camera the present one, unless it is no longer wanted.
func (p *Peer) holdCamera(ctx context.Context, camera Camera, codec byte) bool {
	p.reviveBandwidth()
	target := p.bandwidth.GetTargetBitrate()
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.cameraOff || p.photo || codec != p.videoCodec || ctx.Err() != nil {
		return false
	}
	p.camera = camera
	p.flowing = false
	p.keyForced = time.Time{}
	p.bitrate, p.bitrateAt = videoBitrate(target, p.protection.rate(), 0, p.capBits(), false), time.Now()
	if err := camera.SetBitrate(p.bitrate); err != nil {
		p.log.Warn("setting the encoder's bitrate", "error", err)
	}
	return true
}

// film sends the camera's pictures, to the adviser and to the booth's own page, until it fails or is closed.
func (p *Peer) film(ctx context.Context, camera Camera, packets *packetizer, works func()) error {
	mirror, mirrored := camera.(Mirrored)
	wait := func(bytes int) {
		if t := p.pacer.delay(time.Now(), bytes); t > 0 {
			sleep(ctx, t)
		}
	}
	var before [2]struct{ first, last uint16 } // the packets of the last pictures, the latest first
	for {
		unit, captured, err := camera.Read()
		if err != nil {
			return err
		}
		encoded := time.Now()
		works()
		at := captured.Sub(p.began)
		key := isKey(packets.codec, unit)
		own := Frame{Stream: StreamOwn, Codec: packets.codec, Key: key, Timestamp: at, Payload: unit}
		if mirrored {
			if small := mirror.Mirror(); len(small) > 0 {
				own.Codec, own.Key, own.Payload = CodecH264, isKey(CodecH264, small), small
			}
		}
		p.options.Frame(own)
		first := packets.header.SequenceNumber + 1
		sent, err := packets.send(unit, p.timestamps+ticks(at, videoClock), captured, wait)
		if b := p.video.bound.Load(); b != nil {
			// Pictures later: what is lost together is seldom lost with its copy.
			for i := range min(int(p.pictureCopies.Load()), len(before)) {
				p.repairs.repeat(b.ssrc, before[i].first, before[i].last, i+1, wait)
			}
		}
		before[1] = before[0]
		before[0].first, before[0].last = first, packets.header.SequenceNumber
		p.counts.encoding.Add(int64(encoded.Sub(captured)))
		p.counts.sending.Add(int64(time.Since(encoded)))
		if err != nil && !errors.Is(err, io.ErrClosedPipe) {
			p.log.Debug("sending a picture", "error", err)
		}
		if bytes := int(p.probe.Load()); bytes > 0 && sent == whole {
			p.probe.Store(0)
			if err := packets.pad(bytes); err != nil && !errors.Is(err, io.ErrClosedPipe) {
				p.log.Debug("sending padding", "error", err)
			}
			// What the padding holds up is no sign of congestion: measure from here.
			p.anew(p.bandwidth.GetTargetBitrate())
		}
		p.counts.sentFrames.Add(1)
		p.sentPicture(camera, key, sent)
	}
}

// sentPicture sees to it that the first picture that gets through is a key
// frame: until one has left whole, every picture is made one.
func (p *Peer) sentPicture(camera Camera, key bool, sent part) {
	p.mu.Lock()
	if key && sent == whole {
		p.flowing = true
	}
	force := !p.flowing && !p.videoRefused
	if force {
		p.keyForced = time.Now()
	}
	p.mu.Unlock()
	if force {
		p.force(camera)
	}
	if sent != none {
		p.sent()
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
	header := rtp.Header{Version: 2, SequenceNumber: uint16(p.began.UnixNano() >> 16), Timestamp: p.timestamps}
	for p.await(ctx, func() bool { return p.started }) {
		moved := p.soundMove()
		microphone, err := p.options.Devices.OpenMicrophone()
		if err != nil {
			d.lost(ctx, err, moved)
			continue
		}
		p.mu.Lock()
		wanted := !isClosed(moved) && ctx.Err() == nil
		if wanted {
			p.microphone = microphone
		}
		microphone.SetMuted(p.microphoneOff)
		s := p.protection.sound
		p.mu.Unlock()
		p.adapt(microphone, s)
		if wanted {
			err = p.listen(microphone, &header, &d)
		}
		p.mu.Lock()
		p.microphone = nil
		p.mu.Unlock()
		p.closing(d.name, microphone.Close())
		if ctx.Err() == nil {
			d.lost(ctx, err, moved)
		}
	}
}

// listen sends the microphone's packets until it fails or is closed. Their
// timestamps count samples, as jitter buffers expect, and follow the clock only
// when it has gone another way by more than a tenth of a second.
func (p *Peer) listen(microphone Microphone, header *rtp.Header, d *device) error {
	codec, clock := webrtc.MimeTypeOpus, int64(audioClock)
	var copies redundancy
	var stamped soundLevel
	for {
		if b := p.audio.bound.Load(); b != nil && b.codec != codec {
			codec, clock = b.codec, b.clock
			if err := microphone.SetCodec(codecName(codec)); err != nil {
				return err
			}
		}
		payload, captured, err := microphone.Read()
		if err != nil {
			return err
		}
		d.works()
		level := microphone.Level()
		p.voices.hearCitizen(level)
		header.SequenceNumber++
		header.Timestamp += uint32(clock / 50)
		at, maxDrift := p.timestamps+ticks(captured.Sub(p.began), clock), int32(clock/10)
		if drift := int32(at - header.Timestamp); drift > maxDrift || drift < -maxDrift {
			header.Timestamp = at
		}
		b := p.audio.bound.Load()
		if b == nil || b.codec != codec {
			continue // there is nobody yet; or just now, who takes another codec
		}
		p.mu.Lock()
		twice := p.protection.copies && b.copiesType != 0
		p.mu.Unlock()
		if err := stamped.set(header, b.levelID, level); err != nil {
			p.log.Debug("writing how loud the sound is", "error", err)
		}
		wrapped, payloadType := payload, b.payloadType
		if twice {
			if w := copies.wrap(header, payload, b.payloadType); w != nil {
				wrapped, payloadType = w, b.copiesType
			}
		}
		sent, err := b.write(header, wrapped, payloadType)
		copies.remember(header, payload)
		if err != nil && !errors.Is(err, io.ErrClosedPipe) {
			p.log.Debug("sending sound", "error", err)
		}
		if sent {
			p.sent()
		}
	}
}

// codecName is a codec's name for the devices: "opus" for "audio/opus".
func codecName(mime string) string {
	_, name, _ := strings.Cut(strings.ToLower(mime), "/")
	return name
}

// playAudio keeps a speaker open during the call. Packets reach it from the goroutine that receives them.
func (p *Peer) playAudio(ctx context.Context) {
	d := device{peer: p, name: DeviceSpeaker}
	for p.await(ctx, func() bool { return p.started }) {
		moved := p.soundMove()
		speaker, err := p.options.Devices.OpenSpeaker()
		if err != nil {
			d.lost(ctx, err, moved)
			continue
		}
		p.mu.Lock()
		wanted := !isClosed(moved)
		if wanted {
			speaker.SetVolume(p.volumePercent)
			p.speaker = speaker
		}
		p.mu.Unlock()
		if wanted {
			d.works()
		}
		select {
		case <-ctx.Done():
		case <-moved:
		case <-speaker.Failed():
		}
		p.mu.Lock()
		if wanted { // what was heard on it counts, whatever comes after it
			p.measures.played, p.measures.madeUp = p.soundHeard()
		}
		p.speaker = nil
		p.mu.Unlock()
		if err := speaker.Close(); ctx.Err() != nil || isClosed(moved) {
			p.closing(d.name, err)
			d.again()
		} else {
			d.lost(ctx, err, moved)
		}
	}
}

// closeDevices ends the goroutines that wait for a device.
func (p *Peer) closeDevices() {
	p.mu.Lock()
	camera, microphone := p.camera, p.microphone
	p.mu.Unlock()
	if camera != nil {
		p.closing(DeviceCamera, camera.Close())
	}
	if microphone != nil {
		p.closing(DeviceMicrophone, microphone.Close())
	}
}

func (p *Peer) closing(device string, err error) {
	if err != nil {
		p.log.Warn("closing a device", "device", device, "error", err)
	}
}

// device tells of a device's loss and return, once each, and waits longer after each failure.
type device struct {
	peer  *Peer
	name  string
	gone  bool
	retry time.Duration
}

// lost tells of a failure and lets the time pass until the next attempt, which comes
// at once, and is no failure, when moved is closed.
func (d *device) lost(ctx context.Context, err error, moved <-chan struct{}) {
	if !isClosed(moved) {
		sleepUnless(ctx, d.tell(err), moved)
	}
	if isClosed(moved) {
		d.again()
	}
}

// again: the next attempt is with another device, which has not failed yet.
func (d *device) again() { d.retry = retryFirst }

// tell tells of a failure and how long to wait before the next attempt.
func (d *device) tell(err error) (wait time.Duration) {
	if !d.gone {
		d.gone, d.retry = true, retryFirst
		d.peer.emit(DeviceLost{d.name, err})
	}
	wait = d.retry
	d.retry = min(2*d.retry, retryLast)
	return wait
}

func (d *device) works() {
	if d.gone {
		d.gone = false
		d.peer.emit(DeviceRecovered{d.name})
	}
}

func isClosed(c <-chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}

// sleep waits, or until ctx ends.
func sleep(ctx context.Context, t time.Duration) { sleepUnless(ctx, t, nil) }

// sleepUnless is sleep, or until wake is closed.
func sleepUnless(ctx context.Context, t time.Duration, wake <-chan struct{}) {
	timer := time.NewTimer(t)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-wake:
	case <-timer.C:
	}
}
