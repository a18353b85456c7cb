package main

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"github.com/pion/rtp/codecs"
	"github.com/pion/webrtc/v4"
	"github.com/pion/webrtc/v4/pkg/media/samplebuilder"

	"loiret.fr/visioborne/config"
	"loiret.fr/visioborne/kiosk/call"
	"loiret.fr/visioborne/kiosk/media/stamp"
	"loiret.fr/visioborne/kiosk/media/vp8/vp8test"
)

// A far end without H.264 gets the booth's picture as VP8: from the simulated
// camera through encoder, packets and network to a decoder, and the stamps in the
// pictures tell that they come in order. On a loaded machine the bitrate falls
// until a stamp cannot be read, or is misread: such a picture counts for nothing.
func TestPictureWithoutH264(t *testing.T) {
	var engine webrtc.MediaEngine
	for kind, c := range map[webrtc.RTPCodecType]webrtc.RTPCodecParameters{
		webrtc.RTPCodecTypeVideo: {RTPCodecCapability: webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypeVP8, ClockRate: 90000}, PayloadType: 120},
		webrtc.RTPCodecTypeAudio: {RTPCodecCapability: webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypeOpus, ClockRate: 48000, Channels: 2}, PayloadType: 111},
	} {
		if err := engine.RegisterCodec(c, kind); err != nil {
			t.Fatal(err)
		}
	}
	var settings webrtc.SettingEngine
	settings.SetIncludeLoopbackCandidate(true)
	desk, err := webrtc.NewAPI(webrtc.WithMediaEngine(&engine), webrtc.WithSettingEngine(settings)).NewPeerConnection(webrtc.Configuration{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := desk.GracefulClose(); err != nil {
			t.Error(err)
		}
	}()
	frames := make(chan []byte, 1000)
	desk.OnTrack(func(track *webrtc.TrackRemote, _ *webrtc.RTPReceiver) {
		if track.Kind() != webrtc.RTPCodecTypeVideo {
			return
		}
		b := samplebuilder.New(100, &codecs.VP8Packet{}, 90000)
		for {
			packet, _, err := track.ReadRTP()
			if err != nil {
				return
			}
			b.Push(packet)
			for s := b.Pop(); s != nil; s = b.Pop() {
				frames <- s.Data
			}
		}
	})

	signals := make(chan call.Signal, 100)
	own := make(chan byte, 1)
	names := config.Devices{Camera: config.Simulated, Microphone: config.Simulated, Speaker: config.Simulated}
	peer, err := call.New(call.Options{
		Devices: devicesFor(names), Loopback: true, Log: slog.New(slog.DiscardHandler),
		Signal: func(s call.Signal) { signals <- s },
		Event:  func(call.Event) {},
		Frame: func(f call.Frame) {
			if f.Stream == call.StreamOwn && f.Codec == call.CodecH264 {
				select {
				case own <- f.Codec:
				default:
				}
			}
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	done := make(chan error, 1)
	go func() { done <- peer.Run(ctx) }()
	defer func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	}()
	// The desk's answer has its candidates in it.
	if err := desk.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeOffer, SDP: (<-signals).SDP}); err != nil {
		t.Fatal(err)
	}
	gathered := webrtc.GatheringCompletePromise(desk)
	answer, err := desk.CreateAnswer(nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := desk.SetLocalDescription(answer); err != nil {
		t.Fatal(err)
	}
	<-gathered
	if err := peer.Receive(call.Signal{Kind: "answer", SDP: desk.LocalDescription().SDP}); err != nil {
		t.Fatal(err)
	}
	peer.Start()

	decoder := vp8test.NewDecoder(t)
	var first, before stamp.Stamp
	decoded, read := 0, 0
	for read < 40 {
		select {
		case frame := <-frames:
			if decoded == 0 && frame[0]&1 != 0 {
				continue // what left before there was a path
			}
			picture, err := decoder.Decode(frame)
			if err != nil {
				t.Fatalf("picture %d: %v", decoded, err)
			}
			decoded++
			s, err := stamp.ReadImage(picture)
			if decoded == 1 {
				if err != nil {
					t.Fatal(err)
				}
				first = s
			}
			// Both parts of a stamp tell the time: where they differ it was misread.
			ms := 1000 * (int64(s.Frame) - int64(first.Frame)) / 30
			if drift := int64(s.Millis) - int64(first.Millis) - ms; err != nil || max(drift, -drift) > 100 {
				continue
			}
			if decoded > 1 && s.Frame <= before.Frame {
				t.Fatalf("picture %d is stamped %+v after %+v", decoded, s, before)
			}
			before = s
			read++
		case s := <-signals:
			if s.Candidate != nil {
				err := desk.AddICECandidate(webrtc.ICECandidateInit{Candidate: s.Candidate.Candidate, SDPMid: s.Candidate.SDPMid, SDPMLineIndex: s.Candidate.SDPMLineIndex})
				if err != nil {
					t.Fatal(err)
				}
			}
		case <-ctx.Done():
			t.Fatalf("%d pictures have come, %d with a stamp", decoded, read)
		}
	}
	if len(own) == 0 {
		t.Error("the booth's own page gets no picture in H.264")
	}
}
