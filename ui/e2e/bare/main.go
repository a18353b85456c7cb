// Bare is the plainest WebRTC connection that pion and a browser can make: a
// page with one button, an offer with the page's camera and microphone, and an
// echo. The benchmarks set it up beside the booth's calls, as their baseline.
//
// It listens on loopback and prints its address.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/signal"
	"sync"
	"syscall"

	"github.com/gorilla/websocket"
	"github.com/pion/rtcp"
	"github.com/pion/webrtc/v4"
)

// The page measures from the click to the first frame of its own picture come back.
const page = `<!doctype html><meta charset="utf-8"><title>bare</title>
<button>Connect</button><video autoplay muted playsinline></video>
<script>
document.querySelector("button").onclick = async () => {
  const began = performance.now();
  const video = document.querySelector("video");
  const drawn = new Promise(done => video.requestVideoFrameCallback(() => done(performance.now() - began)));
  const stream = await navigator.mediaDevices.getUserMedia({ video: { width: 1280, height: 720 }, audio: true });
  const pc = new RTCPeerConnection();
  stream.getTracks().forEach(t => pc.addTrack(t, stream));
  pc.ontrack = e => { if (e.track.kind === "video") video.srcObject = new MediaStream([e.track]); };
  const ws = new WebSocket("ws://" + location.host + "/signal");
  pc.onicecandidate = e => { if (e.candidate) ws.send(JSON.stringify({ candidate: e.candidate })); };
  ws.onmessage = async e => {
    const m = JSON.parse(e.data);
    if (m.sdp) await pc.setRemoteDescription(m.sdp); else await pc.addIceCandidate(m.candidate);
  };
  await new Promise(done => ws.onopen = done);
  await pc.setLocalDescription();
  ws.send(JSON.stringify({ sdp: pc.localDescription }));
  document.title = "took " + await drawn;
  stream.getTracks().forEach(t => t.stop());
  pc.close();
  ws.close();
};
</script>`

func main() {
	addr := flag.String("addr", "127.0.0.1:0", "address to listen on")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, *addr); err != nil {
		fmt.Fprintln(os.Stderr, "bare:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, addr string) error {
	l, err := net.Listen("tcp", addr)
	if err != nil {
		return fmt.Errorf("listening: %w", err)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		fmt.Fprint(w, page)
	})
	mux.HandleFunc("GET /signal", func(w http.ResponseWriter, r *http.Request) {
		if err := echo(w, r); err != nil {
			fmt.Fprintln(os.Stderr, "bare:", err)
		}
	})
	server := &http.Server{Handler: mux}
	context.AfterFunc(ctx, func() { server.Close() })
	fmt.Printf("bare: http://%s/\n", l.Addr())
	if err := server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serving: %w", err)
	}
	return nil
}

type message struct {
	SDP       *webrtc.SessionDescription `json:"sdp,omitempty"`
	Candidate *webrtc.ICECandidateInit   `json:"candidate,omitempty"`
}

// echo answers one page's offer and sends its own packets back until it goes.
func echo(w http.ResponseWriter, r *http.Request) error {
	ws, err := (&websocket.Upgrader{}).Upgrade(w, r, nil)
	if err != nil {
		return fmt.Errorf("opening the signalling: %w", err)
	}
	defer ws.Close()
	settings := webrtc.SettingEngine{}
	settings.SetIncludeLoopbackCandidate(true)
	// Only the booth's codecs, so that what comes can go back as it is.
	h264 := webrtc.RTPCodecCapability{
		MimeType: webrtc.MimeTypeH264, ClockRate: 90000,
		SDPFmtpLine: "level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f",
	}
	opus := webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypeOpus, ClockRate: 48000, Channels: 2}
	var engine webrtc.MediaEngine
	if err := errors.Join(
		engine.RegisterCodec(webrtc.RTPCodecParameters{RTPCodecCapability: h264, PayloadType: 102}, webrtc.RTPCodecTypeVideo),
		engine.RegisterCodec(webrtc.RTPCodecParameters{RTPCodecCapability: opus, PayloadType: 111}, webrtc.RTPCodecTypeAudio),
	); err != nil {
		return fmt.Errorf("choosing codecs: %w", err)
	}
	pc, err := webrtc.NewAPI(webrtc.WithSettingEngine(settings), webrtc.WithMediaEngine(&engine)).NewPeerConnection(webrtc.Configuration{})
	if err != nil {
		return fmt.Errorf("making the peer connection: %w", err)
	}
	defer pc.Close()
	var writing sync.Mutex
	send := func(m message) {
		writing.Lock()
		defer writing.Unlock()
		_ = ws.WriteJSON(m) // a page that is gone ends the reader below
	}
	pc.OnICECandidate(func(c *webrtc.ICECandidate) {
		if c != nil {
			init := c.ToJSON()
			send(message{Candidate: &init})
		}
	})
	video, err := webrtc.NewTrackLocalStaticRTP(h264, "video", "bare")
	if err != nil {
		return fmt.Errorf("making the echo: %w", err)
	}
	if _, err := pc.AddTrack(video); err != nil {
		return fmt.Errorf("adding the echo: %w", err)
	}
	pc.OnTrack(func(t *webrtc.TrackRemote, _ *webrtc.RTPReceiver) {
		if t.Kind() != webrtc.RTPCodecTypeVideo {
			return
		}
		_ = pc.WriteRTCP([]rtcp.Packet{&rtcp.PictureLossIndication{MediaSSRC: uint32(t.SSRC())}})
		for {
			p, _, err := t.ReadRTP()
			if err != nil {
				return
			}
			if err := video.WriteRTP(p); err != nil {
				return
			}
		}
	})
	var early []webrtc.ICECandidateInit
	for {
		var m message
		if err := ws.ReadJSON(&m); err != nil {
			return nil // the page is done
		}
		switch {
		case m.SDP != nil:
			if err := pc.SetRemoteDescription(*m.SDP); err != nil {
				return fmt.Errorf("taking the offer: %w", err)
			}
			answer, err := pc.CreateAnswer(nil)
			if err != nil {
				return fmt.Errorf("answering: %w", err)
			}
			if err := pc.SetLocalDescription(answer); err != nil {
				return fmt.Errorf("answering: %w", err)
			}
			send(message{SDP: &answer})
			for _, c := range early {
				if err := pc.AddICECandidate(c); err != nil {
					return fmt.Errorf("adding a candidate: %w", err)
				}
			}
		case m.Candidate != nil && pc.RemoteDescription() == nil:
			early = append(early, *m.Candidate)
		case m.Candidate != nil:
			if err := pc.AddICECandidate(*m.Candidate); err != nil {
				return fmt.Errorf("adding a candidate: %w", err)
			}
		}
	}
}
