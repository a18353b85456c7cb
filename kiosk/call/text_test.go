package call

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/pion/webrtc/v4"
)

// deskText is a desk's end of the channel: what comes on it, block by block.
type deskText struct {
	channel *webrtc.DataChannel
	blocks  chan string
}

// answerText makes the channel that the offer names, and says so in the answer with those attributes.
func (d *deskText) answerText(t *testing.T, attributes ...string) func(*webrtc.PeerConnection, string, string) string {
	d.blocks = make(chan string, 1000)
	return func(desk *webrtc.PeerConnection, offer, answer string) string {
		for _, line := range []string{`a=dcmap:140 label="t140";subprotocol="t140"`, `a=dcsa:140 fmtp:t140 cps=300`} {
			if strings.Count(offer, line+"\r\n") != 1 {
				t.Errorf("the offer has %d lines %q", strings.Count(offer, line), line)
			}
		}
		if i, j := strings.Index(offer, "m=application"), strings.Index(offer, "a=dcmap"); j < i {
			t.Error("the channel is not in the section of data channels")
		}
		if d.channel == nil {
			var err error
			d.channel, err = desk.CreateDataChannel("t140", &webrtc.DataChannelInit{Negotiated: new(true), ID: new(uint16(140)), Protocol: new("t140")})
			if err != nil {
				t.Error(err)
				return answer
			}
			d.channel.OnMessage(func(m webrtc.DataChannelMessage) {
				if !m.IsString {
					t.Error("a block is not a string")
				}
				d.blocks <- string(m.Data)
			})
		}
		sctp := regexp.MustCompile(`a=sctp-port:\d+\r\n`)
		return sctp.ReplaceAllString(answer, "${0}"+strings.Join(append(attributes, ""), "\r\n"))
	}
}

// received is what comes until it is as long as want.
func (d *deskText) received(t *testing.T, want string) string {
	t.Helper()
	var got strings.Builder
	for got.Len() < len(want) {
		got.WriteString(wait(t, "real-time text", d.blocks))
	}
	return got.String()
}

func TestRealTimeText(t *testing.T) {
	var desk deskText
	r := newRigWith(t, rigOptions{mime: webrtc.MimeTypeH264, amend: desk.answerText(t, `a=dcmap:140 subprotocol="t140";label=""`, `a=dcsa:140 fmtp:t140 cps=1000`)})
	r.event(t, TextOpened{})

	const line = "Où êtes-vous ?\n"
	for _, letter := range line {
		r.peer.Type(string(letter))
	}
	r.peer.Type("\bx")
	want := "\ufeff" + strings.ReplaceAll(line, "\n", "\u2028") + "\bx"
	if got := desk.received(t, want); got != want {
		t.Errorf("the desk reads %q", got)
	}

	for _, block := range []string{"\ufeffBonk", "\b", "j\u009b1mour\u2028", "ici"} {
		if err := desk.channel.SendText(block); err != nil {
			t.Fatal(err)
		}
	}
	var read strings.Builder
	for read.Len() < len("Bonk\bjour\nici") {
		e, ok := wait(t, "text", r.events).(Text)
		if !ok || e.Kind != TextTyped {
			t.Fatalf("event %#v", e)
		}
		read.WriteString(e.Text)
	}
	if read.String() != "Bonk\bjour\nici" {
		t.Errorf("the booth reads %q", read.String())
	}

	// What no channel of text carries is left alone.
	if err := desk.channel.Send([]byte("ici")); err != nil {
		t.Fatal(err)
	}
	if err := desk.channel.SendText(strings.Repeat("x", maxBlock+1)); err != nil {
		t.Fatal(err)
	}
	if err := desk.channel.Close(); err != nil {
		t.Fatal(err)
	}
	r.event(t, TextClosed{})
	r.peer.Type("nobody reads this") // and nobody fails
}

// TestNoText: a desk that does not answer the channel, or answers another, has none, and the call goes on without.
func TestNoText(t *testing.T) {
	var desk deskText
	r := newRigWith(t, rigOptions{mime: webrtc.MimeTypeH264, amend: desk.answerText(t)})
	r.peer.Start()
	r.event(t, Connected{})
	r.peer.Type("Bonjour")
	select {
	case block := <-desk.blocks:
		t.Errorf("the desk gets %q", block)
	case <-time.After(400 * time.Millisecond):
	}
}

func TestAnsweredText(t *testing.T) {
	const head = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:0\r\nm=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\na=sctp-port:5000\r\n"
	for name, c := range map[string]struct {
		lines  []string
		cps    int
		agreed bool
	}{
		"nothing":       {nil, 30, false},
		"usual":         {[]string{`a=dcmap:140 label="t140";subprotocol="t140"`}, 30, true},
		"a rate":        {[]string{`a=dcmap:140 subprotocol="t140"`, `a=dcsa:140 fmtp:t140 cps=12`}, 12, true},
		"no rate":       {[]string{`a=dcmap:140 subprotocol="t140"`, `a=dcsa:140 fmtp:t140 cps=0`}, 30, true},
		"in words":      {[]string{`a=dcmap:140 subprotocol="t140"`, `a=dcsa:140 fmtp:t140 cps=many`}, 30, true},
		"both ways":     {[]string{`a=dcmap:140 subprotocol="t140"`, `a=dcsa:140 sendrecv`}, 30, true},
		"one way":       {[]string{`a=dcmap:140 subprotocol="t140"`, `a=dcsa:140 recvonly`}, 0, false},
		"unreliable":    {[]string{`a=dcmap:140 subprotocol="t140";max-retr=3`}, 30, false},
		"late":          {[]string{`a=dcmap:140 subprotocol="t140";max-time=500`}, 30, false},
		"out of order":  {[]string{`a=dcmap:140 subprotocol="t140";ordered=false`}, 30, false},
		"another one":   {[]string{`a=dcmap:2 subprotocol="t140"`, `a=dcsa:2 fmtp:t140 cps=12`}, 30, false},
		"other content": {[]string{`a=dcmap:140 subprotocol="bfcp"`}, 30, false},
	} {
		cps, agreed := answeredText(head + strings.Join(append(c.lines, ""), "\r\n"))
		if cps != c.cps || agreed != c.agreed {
			t.Errorf("%s: %d, %v", name, cps, agreed)
		}
	}
	for _, answer := range []string{"", "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n"} {
		if _, agreed := answeredText(answer); agreed {
			t.Errorf("%q has the channel", answer)
		}
		if _, err := offerText(answer); err == nil {
			t.Errorf("%q gets the channel", answer)
		}
	}
}

// A page that was loaded anew hears what it has lost.
func TestThePageHearsWhatWasWritten(t *testing.T) {
	r := newRigWith(t, rigOptions{mime: webrtc.MimeTypeH264, written: []WrittenLine{
		{From: "adviser", Text: "Bonjour"}, {From: "citizen", Phrase: "yes"}, {From: "citizen", Text: "Je", Open: true},
	}})
	wait(t, "the first word", r.browser.said) // what is switched off
	const want = `{"kind":"written","microphone":false,"camera":false,"lines":[{"from":"adviser","text":"Bonjour"},{"from":"citizen","phrase":"yes"},{"from":"citizen","text":"Je","open":true}]}`
	if diff := cmp.Diff(want, wait(t, "what was written", r.browser.said)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestWhoSpeaks: the desk's voice is told by its packets, the booth's by the microphone.
func TestWhoSpeaks(t *testing.T) {
	r := newRig(t, webrtc.MimeTypeH264)
	r.peer.Start()
	r.event(t, Connected{})
	r.devices.theMicrophone().loud.Store(true)
	r.event(t, Speaking{Citizen: true})
	r.devices.theMicrophone().loud.Store(false)
	r.event(t, Speaking{})
}
