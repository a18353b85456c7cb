package call

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/pion/sdp/v3"
	"github.com/pion/webrtc/v4"

	"loiret.fr/visioborne/kiosk/call/t140"
)

const (
	// textStream is the SCTP stream of the T.140 data channel. Channels that are made in band (RFC 8832) take the lowest
	// numbers, and never get that far in a call.
	textStream = 140
	// textCPS is how many characters a second the booth takes: a paragraph that is pasted, at once.
	textCPS = 300
	// maxBlock is the longest block, in bytes, that is taken: what textCPS allows for in ten seconds.
	maxBlock = 16 << 10
)

// TextKind is what a received text is: the touchscreen keeps the kinds apart.
type TextKind string

// TextTyped is what the adviser types: real-time text. Captions of the adviser's voice would be another kind: whoever
// makes them emits Text events with it, in the same plain text ("\n" ends a line, "\b" takes back a character, so that
// a recogniser may correct itself), and TextOpened and TextClosed have no part in it.
const TextTyped TextKind = "typed"

// realTimeText is a call's T.140 data channel (RFC 8865).
//
// It is negotiated in the session description (RFC 8864), which pion and browsers do not know: both ends make the
// channel as one that was negotiated elsewhere, under the stream's number in the description. An answer without it
// refuses it. The channel lives as long as the peer connection: one that has closed is not made again, and the next
// peer connection, when the adviser's page was loaded anew, has one of its own.
type realTimeText struct {
	channel *webrtc.DataChannel
	typed   chan struct{} // one slot: there is something to send

	mu      sync.Mutex
	agreed  bool // the far end has it too
	open    bool
	told    bool // TextOpened was, and TextClosed was not
	sender  t140.Sender
	decoder t140.Decoder
}

// addText makes the channel.
func (p *Peer) addText() error {
	p.text.typed = make(chan struct{}, 1)
	var err error
	p.text.channel, err = p.pc.CreateDataChannel(t140.Protocol, &webrtc.DataChannelInit{
		Negotiated: new(true), ID: new(uint16(textStream)), Protocol: new(t140.Protocol),
	})
	if err != nil {
		return fmt.Errorf("adding the channel for real-time text: %w", err)
	}
	return nil
}

// watchText takes pion's callbacks.
func (p *Peer) watchText() {
	t := &p.text
	t.channel.OnOpen(func() { p.enter(func() { p.textIs(func() { t.open = true }) }) })
	t.channel.OnClose(func() { p.enter(func() { p.textIs(func() { t.open = false }) }) })
	t.channel.OnMessage(func(m webrtc.DataChannelMessage) {
		p.enter(func() {
			if !m.IsString || len(m.Data) > maxBlock {
				p.log.Warn("a block of real-time text cannot be shown", "bytes", len(m.Data), "text", m.IsString)
				return
			}
			t.mu.Lock()
			text := t.decoder.Decode(string(m.Data))
			t.mu.Unlock()
			if text != "" {
				p.emit(Text{Kind: TextTyped, Text: text})
			}
		})
	})
}

// textIs changes what is known of the channel, and tells when it has opened or closed.
func (p *Peer) textIs(change func()) {
	t := &p.text
	t.mu.Lock()
	change()
	now := t.open && t.agreed
	changed := now != t.told
	t.told = now
	t.mu.Unlock()
	switch {
	case changed && now:
		p.emit(TextOpened{})
	case changed:
		p.emit(TextClosed{})
	}
}

// Type sends what the citizen has typed: "\n" ends a line, "\b" takes back a character. It leaves within t140.Interval.
func (p *Peer) Type(text string) {
	p.text.mu.Lock()
	p.text.sender.Type(text)
	p.text.mu.Unlock()
	select {
	case p.text.typed <- struct{}{}:
	default:
	}
}

// sendText sends what is typed until ctx ends.
func (p *Peer) sendText(ctx context.Context) {
	t := &p.text
	timer := time.NewTimer(time.Hour)
	defer timer.Stop()
	for {
		var block string
		now := time.Now()
		t.mu.Lock()
		if t.told {
			block = t.sender.Take(now)
		}
		due, waits := t.sender.Next(now)
		waits = waits && t.told
		t.mu.Unlock()
		if block != "" {
			if err := t.channel.SendText(block); err != nil {
				p.log.Debug("sending real-time text", "error", err)
			}
		}
		if waits {
			timer.Reset(max(due.Sub(now), 0))
		}
		select {
		case <-ctx.Done():
			return
		case <-t.typed:
		case <-timer.C:
		}
	}
}

// offerText adds the channel to an offer (RFC 8864, section 5.1, and RFC 8865, section 4): reliable and in order, as
// that is when nothing else is said, in both directions.
func offerText(offer string) (string, error) {
	var s sdp.SessionDescription
	if err := s.UnmarshalString(offer); err != nil {
		return "", fmt.Errorf("adding real-time text to the offer: %w", err)
	}
	m := application(&s)
	if m == nil {
		return "", errors.New("adding real-time text to the offer: there are no data channels in it")
	}
	stream := strconv.Itoa(textStream)
	m.WithValueAttribute("dcmap", fmt.Sprintf(`%s label="%s";subprotocol="%s"`, stream, t140.Protocol, t140.Protocol))
	m.WithValueAttribute("dcsa", fmt.Sprintf("%s fmtp:%s cps=%d", stream, t140.Protocol, textCPS))
	b, err := s.Marshal()
	if err != nil {
		return "", fmt.Errorf("adding real-time text to the offer: %w", err)
	}
	return string(b), nil
}

// takeText reads from the answer whether the far end has the channel, and how much it takes.
func (p *Peer) takeText(answer string) {
	cps, agreed := answeredText(answer)
	p.textIs(func() { p.text.agreed, p.text.sender.CPS = agreed, cps })
}

// answeredText is how many characters a second the far end takes; false if it does not have the channel, or would have
// an unreliable one (RFC 8865, section 4.1), or one that goes one way only.
func answeredText(answer string) (cps int, agreed bool) {
	var s sdp.SessionDescription
	if err := s.UnmarshalString(answer); err != nil {
		return 0, false // pion tells what is wrong with it
	}
	m := application(&s)
	if m == nil {
		return 0, false
	}
	cps = t140.DefaultCPS
	stream := strconv.Itoa(textStream) + " "
	for _, a := range m.Attributes {
		value, mine := strings.CutPrefix(a.Value, stream)
		if !mine {
			continue
		}
		switch a.Key {
		case "dcmap":
			agreed = strings.Contains(value, `subprotocol="`+t140.Protocol+`"`) && !strings.Contains(value, "max-retr=") &&
				!strings.Contains(value, "max-time=") && !strings.Contains(value, "ordered=false")
		case "dcsa":
			if value == "sendonly" || value == "recvonly" || value == "inactive" {
				return 0, false
			}
			if text, found := strings.CutPrefix(value, "fmtp:"+t140.Protocol+" cps="); found {
				if n, err := strconv.Atoi(text); err == nil && n > 0 {
					cps = n
				}
			}
		}
	}
	return cps, agreed
}

// application is the description's section of data channels; nil if there is none.
func application(s *sdp.SessionDescription) *sdp.MediaDescription {
	for _, m := range s.MediaDescriptions {
		if m.MediaName.Media == "application" {
			return m
		}
	}
	return nil
}
