package call

import (
	"errors"
	"io"
	"log/slog"
	"math/rand/v2"
	"net"
	"strings"
	"time"

	"github.com/pion/rtcp"
	"github.com/pion/rtp"
	"github.com/pion/webrtc/v4"
)

// endlessErrors in a row end the reading of a track: something is wrong for good.
const endlessErrors = 1000

// receive reads one of the adviser's tracks until it ends.
func (p *Peer) receive(track *webrtc.TrackRemote, receiver *webrtc.RTPReceiver) {
	if track.Kind() == webrtc.RTPCodecTypeVideo {
		p.receiveVideo(track)
		return
	}
	var h hearing
	level := levelID(receiver.GetParameters().HeaderExtensions)
	p.read(track, func(packet *rtp.Packet, _ time.Time) time.Duration {
		if packet == nil || len(packet.Payload) == 0 {
			return 0
		}
		if level != 0 {
			p.voices.hearAdviser(packet.GetExtension(level))
		}
		p.mu.Lock()
		speaker := p.speaker
		p.mu.Unlock()
		if speaker == nil {
			return 0
		}
		if packet.PayloadType != h.payloadType || h.mime == "" {
			h.payloadType, h.mime = packet.PayloadType, track.Codec().MimeType
			p.lips.hears(track.SSRC(), track.Codec().ClockRate)
		}
		if err := h.hand(speaker, packet); err != nil {
			p.log.Debug("taking the adviser's sound", "error", err)
		}
		p.counts.copies.Store(h.copies)
		return 0
	})
}

// hearing hands the adviser's sound to a speaker, whatever codec it comes in.
type hearing struct {
	payloadType uint8
	mime        string
	told        string // the codec that the speaker knows
	teller      Speaker
	red         redPacket
	copies      int64 // that came
}

func (h *hearing) hand(s Speaker, packet *rtp.Packet) error {
	name := codecName(h.mime)
	copies := strings.EqualFold(h.mime, mimeRED)
	if copies {
		name = codecName(webrtc.MimeTypeOpus)
	}
	if s != h.teller || name != h.told {
		if err := s.SetCodec(name); err != nil {
			return err
		}
		h.teller, h.told = s, name
	}
	if !copies {
		s.Write(packet.SequenceNumber, packet.Timestamp, packet.Payload)
		return nil
	}
	if err := h.red.parse(packet.Payload); err != nil {
		return err
	}
	if len(h.red.payload) > 0 {
		s.Write(packet.SequenceNumber, packet.Timestamp, h.red.payload)
	}
	// The newest first: each is known by the one after it.
	for i := len(h.red.copies) - 1; i >= 0; i-- {
		c := &h.red.copies[i]
		if c.payloadType == h.red.payloadType && len(c.payload) > 0 {
			h.copies++
			s.WriteCopy(packet.SequenceNumber-uint16(len(h.red.copies)-i), packet.Timestamp-c.offset, c.payload)
		}
	}
	return nil
}

// receiveVideo makes frames of a track's packets.
func (p *Peer) receiveVideo(track *webrtc.TrackRemote) {
	p.mu.Lock()
	p.adviserVideo = track.SSRC()
	p.mu.Unlock()
	p.lips.sees(track.SSRC())
	emit := func(f Frame) {
		p.counts.receivedFrames.Add(1)
		now := time.Now()
		p.mu.Lock()
		if !p.measures.cameraOff {
			p.measures.picture.frame(now)
		}
		speaker := p.speaker
		p.mu.Unlock()
		if speaker != nil {
			if sound, at, ok := speaker.Playing(); ok {
				f.Due = now.Add(p.lips.hold(now.Sub(p.began), f.rtp, sound, at.Sub(p.began)))
			}
		}
		p.options.Frame(f)
	}
	wantKey := func() { p.RequestKeyFrame(StreamAdviser) }
	reporter := rand.Uint32()
	again := func(missing []uint16) {
		p.counts.missing.Add(int64(len(missing)))
		nack := &rtcp.TransportLayerNack{SenderSSRC: reporter, MediaSSRC: uint32(track.SSRC()), Nacks: rtcp.NackPairsFromSequenceNumbers(missing)}
		if err := p.pc.WriteRTCP([]rtcp.Packet{nack}); err != nil {
			p.log.Debug("asking the adviser for packets again", "error", err)
		}
	}
	codec := codecOf(track.Codec().MimeType)
	a := newAssembler(codec, emit, wantKey, again)
	p.read(track, func(packet *rtp.Packet, now time.Time) time.Duration {
		a.rtt = time.Duration(p.rtt.Load())
		if packet != nil {
			if c := codecOf(track.Codec().MimeType); c != codec { // the far end may change over in mid-call
				codec = c
				a = newAssembler(codec, emit, wantKey, again)
			}
			a.push(now, packet)
		}
		return a.attend(now)
	})
}

func codecOf(mime string) byte {
	if strings.EqualFold(mime, webrtc.MimeTypeVP8) {
		return CodecVP8
	}
	return CodecH264
}

// read gives a track's packets to take until it ends.
func (p *Peer) read(track *webrtc.TrackRemote, take func(*rtp.Packet, time.Time) time.Duration) {
	first := true
	readTrack(track, p.log, p.ended, func(packet *rtp.Packet, now time.Time) time.Duration {
		if first && packet != nil {
			first = false
			p.mu.Lock()
			p.heard = true
			p.mu.Unlock()
			p.checkConnected()
		}
		return take(packet, now)
	})
}

// readTrack gives a track's packets to take until it ends. take says after how
// long it wants to be called again without a packet, if none comes before; 0 for
// not at all.
func readTrack(track *webrtc.TrackRemote, log *slog.Logger, ended func() bool, take func(*rtp.Packet, time.Time) time.Duration) {
	buffer := make([]byte, 1500)
	var packet rtp.Packet
	alarm := false // a deadline is set
	for failures := 0; failures < endlessErrors; {
		n, _, err := track.Read(buffer)
		var timeout net.Error
		arrived := &packet
		switch {
		case err == nil:
			err = packet.Unmarshal(buffer[:n])
		case errors.As(err, &timeout) && timeout.Timeout():
			arrived, err = nil, nil
		case errors.Is(err, io.EOF), errors.Is(err, io.ErrClosedPipe), ended():
			return
		}
		if err != nil {
			// A packet that cannot be read, or that an interceptor refuses, is not the end of the track.
			log.Debug("reading a packet", "error", err)
			failures++
			continue
		}
		failures = 0
		now := time.Now()
		wait := take(arrived, now)
		if wait == 0 && !alarm {
			continue
		}
		deadline := time.Time{}
		if alarm = wait > 0; alarm {
			deadline = now.Add(wait)
		}
		if err := track.SetReadDeadline(deadline); err != nil {
			return // the track has ended
		}
	}
}
