// Package call is the media side of one session: one WebRTC peer connection
// between the booth and an adviser's browser.
//
// New makes the connection while the adviser's desk rings, and Run sends its
// offer at once; no device is opened before Start, when the adviser has
// answered. The picture received is not decoded here: it is put together from
// its packets (RFC 6184, RFC 7741) and handed on as encoded frames. The sound
// received goes to the Speaker packet by packet. What is sent follows the
// bandwidth that transport-wide feedback (draft-holmer-rmcat-transport-wide-cc)
// and Google's congestion control find, up to the site's cap. Sound comes before
// picture: Opus where the far end has it, else G.711 (RFC 7874); twice where
// packets get lost (RFC 2198); and marked for networks that look at marks (RFC 8837).
//
// Where the network drops UDP, it goes through a TURN server over TCP or TLS.
//
// It opens UDP sockets, connections to the TURN servers it is given, and the
// devices. It writes nothing to disk and keeps nothing after the call. Run owns
// every goroutine and returns when they have ended, with all devices closed.
package call

import (
	"context"
	"crypto/tls"
	"log/slog"
	"net"
	"time"
)

// Camera is an open camera with its encoder.
type Camera interface {
	// Read waits for the next picture: an H.264 access unit in Annex B, or a VP8 frame. It is valid until the next Read.
	Read() (unit []byte, captured time.Time, err error)
	// SetBitrate and ForceKeyFrame may be called while Read waits.
	SetBitrate(bitsPerSecond int) error
	ForceKeyFrame() error
	// Close ends a Read that waits. It may be called again, also at the same time.
	Close() error
}

// Mirrored is a Camera that makes smaller pictures too, for the booth's own page.
type Mirrored interface {
	Camera
	// Mirror is the small picture of the last Read, an H.264 access unit that is valid until the next; empty for none.
	Mirror() []byte
	// ForceMirrorKeyFrame makes the next one a key frame, and tells whether there are any. It may be called while Read waits.
	ForceMirrorKeyFrame() bool
}

// Microphone is an open microphone with its encoder.
type Microphone interface {
	// Read waits for the next 20 ms of sound as a packet, valid until the next Read.
	Read() (packet []byte, captured time.Time, err error)
	// SetCodec names the codec of the packets from the next Read on: "opus", as in the beginning, "pcma" or "pcmu".
	SetCodec(name string) error
	// Adapt sets Opus's bitrate, and how many packets of a hundred it is to expect to be lost.
	Adapt(bitsPerSecond, lossPercent int) error
	// SetMuted replaces the sound by silence.
	SetMuted(bool)
	// Level is how loud the last packet is, in dB below the loudest that there can be: 0 down to -127, which is silence too.
	Level() float64
	// Echo is by how much the speaker's echo was lowered of late, whether there is one, and
	// whether its canceller has learned the room. It may be called while Read waits.
	Echo() (reducedDB float64, found, learned bool)
	// Close is as a Camera's.
	Close() error
}

// Speaker is an open speaker with its jitter buffer and decoder.
type Speaker interface {
	// SetCodec names the codec of the packets from the next Write on, as a Microphone's.
	SetCodec(name string) error
	// Write takes one received packet. It copies the payload and does not block.
	Write(sequenceNumber uint16, timestamp uint32, payload []byte)
	// WriteCopy takes the copy of a packet that came with the one after it, which has been written.
	WriteCopy(sequenceNumber uint16, timestamp uint32, payload []byte)
	// Playing is what is heard: the timestamp of a packet, in samples at 48 kHz whatever its codec, and when its first
	// sample leaves the loudspeaker. ok is false if nothing was played yet.
	Playing() (timestamp uint32, at time.Time, ok bool)
	// Heard is how long there has been sound to play, and the part of it that had to be made up.
	Heard() (played, madeUp time.Duration)
	SetVolume(percent int)
	// Failed is closed when the speaker has broken; Close then tells why.
	Failed() <-chan struct{}
	Close() error
}

// Devices opens the booth's devices. It is asked only once the adviser has
// answered, and again when a device was lost or the camera was switched off and on.
type Devices interface {
	// OpenCamera opens the camera with an encoder of CodecH264 or CodecVP8.
	OpenCamera(codec byte) (Camera, error)
	OpenMicrophone() (Microphone, error)
	OpenSpeaker() (Speaker, error)
}

// The devices in events.
const (
	DeviceCamera     = "camera"
	DeviceMicrophone = "microphone"
	DeviceSpeaker    = "speaker"
)

// ICEServer is a STUN or TURN server, in the form that RTCPeerConnection takes.
type ICEServer struct {
	URLs                 []string
	Username, Credential string
}

// Signal is what the two ends tell each other before they can talk directly.
type Signal struct {
	Kind      string // "offer", "answer" or "candidate"
	SDP       string
	Candidate *Candidate
}

// WrittenLine is one thing that was written in a call.
type WrittenLine struct {
	From   string `json:"from"`             // "citizen" or "adviser"
	Text   string `json:"text,omitempty"`   // "" for a ready phrase
	Phrase string `json:"phrase,omitempty"` // the word for it
	Open   bool   `json:"open,omitempty"`   // it is being typed
}

// Candidate is an ICE candidate in the form that RTCIceCandidate takes.
type Candidate struct {
	Candidate     string
	SDPMid        *string
	SDPMLineIndex *uint16
}

// Event is something that happened to the connection.
//
//sumtype:decl
type Event interface{ isEvent() }

type (
	// Connected: sound or picture of the adviser has arrived, and ours are on their way.
	Connected struct{}
	// Interrupted: nothing gets through; the connection is being repaired.
	Interrupted struct{}
	// Resumed: it gets through again.
	Resumed struct{}
	// Failed: the connection cannot be made.
	Failed struct{ Cause string }
	// PageClosed: the adviser's page has closed the connection without a word. It may have been loaded anew; this
	// connection is over.
	PageClosed struct{}
	// HungUp: the adviser hung up.
	HungUp struct{}
	// PeerMuted: what the adviser has switched off.
	PeerMuted struct{ Microphone, Camera bool }
	// Wrote: the adviser wrote something, on a page that has no real-time text with this booth.
	Wrote struct{ Text string }
	// TextOpened: there is real-time text with the adviser's page. TextClosed: no longer.
	TextOpened struct{}
	TextClosed struct{}
	// Text is text of the adviser's as it is made: "\n" ends a line, "\b" takes back a character, U+FFFD was lost.
	Text struct {
		Kind TextKind
		Text string
	}
	// Speaking is who speaks now. It changes at most three times a second.
	Speaking struct{ Citizen, Adviser bool }
	// Paper: the adviser shows a page of a document, as a JPEG picture. PaperGone: no longer.
	Paper struct {
		Page, Pages int
		JPEG        []byte
	}
	PaperGone struct{}
	// PhotoAsked: the adviser would like a sharp picture. PhotoTaken: it was taken, or could not be; the camera is
	// free again.
	PhotoAsked struct{}
	PhotoTaken struct{}
	// DeviceLost: a device could not be opened, or broke; it is tried again.
	DeviceLost struct {
		Device string
		Err    error
	}
	// DeviceRecovered: a device that was lost works again.
	DeviceRecovered struct{ Device string }
)

func (Connected) isEvent()       {}
func (Interrupted) isEvent()     {}
func (Resumed) isEvent()         {}
func (Failed) isEvent()          {}
func (PageClosed) isEvent()      {}
func (HungUp) isEvent()          {}
func (PeerMuted) isEvent()       {}
func (Wrote) isEvent()           {}
func (TextOpened) isEvent()      {}
func (TextClosed) isEvent()      {}
func (Text) isEvent()            {}
func (Speaking) isEvent()        {}
func (Paper) isEvent()           {}
func (PaperGone) isEvent()       {}
func (PhotoAsked) isEvent()      {}
func (PhotoTaken) isEvent()      {}
func (DeviceLost) isEvent()      {}
func (DeviceRecovered) isEvent() {}

// Streams and codecs of a Frame.
const (
	StreamAdviser byte = 0
	StreamOwn     byte = 1
	CodecH264     byte = 1
	CodecVP8      byte = 2
)

// Frame is one encoded picture, of the adviser or of the booth's own camera.
type Frame struct {
	Stream, Codec byte
	Key           bool
	// Timestamp is the time of capture from the stream's beginning.
	Timestamp time.Duration
	// Due is when the picture's sound is heard, and it should be shown; zero for at once.
	Due time.Time
	// Payload is an H.264 access unit in Annex B, or a VP8 frame; valid during the call of Options.Frame only.
	Payload []byte

	rtp uint32 // the adviser's timestamp
}

// Options are what a Peer needs. Signal, Event and Frame are called from the
// peer's goroutines and must not block.
type Options struct {
	ICEServers []ICEServer
	// Dial is the way to TURN servers over TCP, such as a proxy; nil for the direct one. It must end when ctx does.
	Dial func(ctx context.Context, network, address string) (net.Conn, error)
	// TLS has the authorities for TURN servers over TLS; nil for the public ones.
	TLS     *tls.Config
	Devices Devices
	// StandIn gives pictures to send while the camera is lost; nil for none. It opens no device.
	StandIn func(codec byte) (Camera, error)
	// Photo takes a sharp picture as JPEG, while the camera is closed; nil for none.
	Photo func(context.Context) ([]byte, error)
	// Written is what was written in this call before the adviser's page was loaded anew, for that page.
	Written []WrittenLine
	// BitrateCapKbps is the most that the picture may send, in kbit/s; 0 for the package's own choice.
	BitrateCapKbps int
	// Loopback offers loopback candidates too.
	Loopback bool
	// RelayOnly sends through TURN servers only.
	RelayOnly bool
	Signal    func(Signal)
	Event     func(Event)
	Frame     func(Frame)
	Log       *slog.Logger
}
