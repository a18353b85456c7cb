package call

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/pion/rtcp"
	"github.com/pion/rtp"
	"github.com/pion/webrtc/v4"
)

func TestRedundantPackets(t *testing.T) {
	var r redundancy
	var p redPacket
	header := &rtp.Header{SequenceNumber: 65_535, Timestamp: 1<<32 - 500}
	if r.wrap(header, []byte{1, 2}, 111) != nil {
		t.Error("the first packet has a copy of none")
	}
	r.remember(header, []byte{1, 2})
	header.SequenceNumber, header.Timestamp = 0, 460
	wrapped := r.wrap(header, []byte{3, 4, 5}, 111)
	if want := []byte{0x80 | 111, 960 >> 6, 960 << 2 & 0xff, 2, 111, 1, 2, 3, 4, 5}; !bytes.Equal(wrapped, want) {
		t.Fatalf("%x, want %x", wrapped, want)
	}
	if err := p.parse(wrapped); err != nil || p.payloadType != 111 || !bytes.Equal(p.payload, []byte{3, 4, 5}) {
		t.Fatalf("%+v, %v", p, err)
	}
	if len(p.copies) != 1 || p.copies[0].payloadType != 111 || p.copies[0].offset != 960 || !bytes.Equal(p.copies[0].payload, []byte{1, 2}) {
		t.Errorf("%+v", p.copies)
	}
	for name, change := range map[string]func(h *rtp.Header) []byte{
		"a packet was left out":        func(h *rtp.Header) []byte { h.SequenceNumber++; return []byte{1} },
		"the copy is too old":          func(h *rtp.Header) []byte { h.Timestamp += 20_000; return []byte{1} },
		"the copy is of the same time": func(h *rtp.Header) []byte { h.Timestamp -= 960; return []byte{1} },
		"there is no room":             func(*rtp.Header) []byte { return make([]byte, maxPayload-6) },
	} {
		h := *header
		if payload := change(&h); r.wrap(&h, payload, 111) != nil {
			t.Errorf("%s, and yet it is sent", name)
		}
	}
	if r.remember(header, make([]byte, redMostLength+1)); r.length != 0 {
		t.Error("a packet that is too long was kept")
	}
}

// FuzzRedundantPackets: whatever comes, all blocks are parts of it, and what can be written is read back.
func FuzzRedundantPackets(f *testing.F) {
	f.Add([]byte{0x80 | 111, 15, 2, 2, 111, 1, 2, 3, 4, 5})
	f.Add([]byte{111})
	f.Add(bytes.Repeat([]byte{0xff, 0xff, 0xfc, 0}, 9))
	f.Add([]byte{0xef, 0, 0})
	f.Fuzz(func(t *testing.T, payload []byte) {
		var p redPacket
		if err := p.parse(payload); err != nil {
			return
		}
		total := 1 + len(p.payload)
		for _, c := range p.copies {
			if c.offset > redMostOffset || len(c.payload) > redMostLength || c.payloadType > 127 {
				t.Fatalf("%+v", c)
			}
			total += redHeader + len(c.payload)
		}
		if total != len(payload) {
			t.Fatalf("of %d bytes %d are in blocks", len(payload), total)
		}
		if len(p.copies) != 1 || p.copies[0].payloadType != p.payloadType || len(p.copies[0].payload) == 0 || p.copies[0].offset == 0 {
			return
		}
		var r redundancy
		header := &rtp.Header{SequenceNumber: 7, Timestamp: 1000}
		r.remember(header, p.copies[0].payload)
		header.SequenceNumber, header.Timestamp = 8, 1000+p.copies[0].offset
		if again := r.wrap(header, p.payload, p.payloadType); len(payload) <= maxPayload && !bytes.Equal(again, payload) {
			t.Fatalf("%x becomes %x", payload, again)
		}
	})
}

func TestRedundancyAllocatesNothing(t *testing.T) {
	var r redundancy
	var p redPacket
	header := &rtp.Header{}
	payload := make([]byte, 100)
	if n := testing.AllocsPerRun(100, func() {
		header.SequenceNumber++
		header.Timestamp += 960
		if w := r.wrap(header, payload, 111); w != nil {
			if err := p.parse(w); err != nil {
				t.Fatal(err)
			}
		}
		r.remember(header, payload)
	}); n > 0 {
		t.Errorf("%v allocations", n)
	}
}

// listener is a speaker that writes down what it is given.
type listener struct {
	fakeSpeaker
	got []string
}

func (l *listener) SetCodec(name string) error { l.got = append(l.got, name); return nil }
func (l *listener) Write(s uint16, ts uint32, b []byte) {
	l.got = append(l.got, fmt.Sprintf("%d %d %x", s, ts, b))
}

func (l *listener) WriteCopy(s uint16, ts uint32, b []byte) {
	l.got = append(l.got, fmt.Sprintf("copy %d %d %x", s, ts, b))
}

func TestHearing(t *testing.T) {
	var l listener
	var h hearing
	for _, step := range []struct {
		mime    string
		payload []byte
	}{
		{"audio/opus", []byte{1}},
		{"audio/red", []byte{0x80 | 111, 30, 0, 1, 0x80 | 111, 15, 0, 2, 111, 1, 2, 3, 4}},
		{"audio/red", []byte{0x80 | 13, 15, 0, 1, 111, 1, 4}}, // a copy of another kind
		{"audio/PCMA", []byte{5, 6}},
	} {
		h.mime = step.mime
		if err := h.hand(&l, &rtp.Packet{Header: rtp.Header{SequenceNumber: 1, Timestamp: 5000}, Payload: step.payload}); err != nil {
			t.Error(err)
		}
	}
	h.mime = "audio/red"
	if err := h.hand(&l, &rtp.Packet{Payload: []byte{0xff}}); err == nil {
		t.Error("a damaged packet was taken")
	}
	if h.copies != 2 {
		t.Errorf("%d copies", h.copies)
	}
	want := []string{
		"opus", "1 5000 01",
		"1 5000 04", "copy 0 4040 0203", "copy 65535 3080 01",
		"1 5000 04",
		"pcma", "1 5000 0506",
		"opus",
	}
	if diff := cmp.Diff(want, l.got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestLossMeter(t *testing.T) {
	var m lossMeter
	now := time.Unix(0, 0)
	report := func(ssrc uint32, packets int, fraction uint8) {
		s := m.stream(ssrc)
		highest := uint32(0)
		if s != nil {
			highest = s.highest + uint32(packets)
		}
		r := rtcp.ReceptionReport{SSRC: ssrc, LastSequenceNumber: highest, FractionLost: fraction}
		m.take(now, r)
		m.take(now, r) // it comes by two readers
	}
	report(1, 0, 255)
	report(2, 0, 255)
	if m.loss() != 0 {
		t.Errorf("of no packet %v is lost", m.loss())
	}
	for range 30 {
		now = now.Add(time.Second)
		report(1, 50, 0)
		report(2, 150, 256/10)
	}
	if l := m.loss(); l < 0.07 || l > 0.08 {
		t.Errorf("the loss is %.3f, want 0.075", l)
	}
	for range 20 {
		now = now.Add(time.Second)
		report(1, 50, 0)
	}
	if l := m.loss(); l > 0.02 {
		t.Errorf("twenty seconds later the loss is %.3f", l)
	}
	m.take(now, rtcp.ReceptionReport{SSRC: 1, LastSequenceNumber: 3, FractionLost: 255}) // an old one
	now = now.Add(time.Minute)
	if m.age(now); m.loss() != 0 {
		t.Errorf("a minute later the loss is %.3f", m.loss())
	}
}

func TestProtection(t *testing.T) {
	var p protection
	now := time.Unix(0, 0)
	for _, step := range []struct {
		after     time.Duration
		loss      float64
		bandwidth int
		want      sound
	}{
		{0, 0, 800_000, sound{40_000, 1, false}},
		{time.Second, 0, 2_000_000, sound{40_000, 1, false}},
		{5 * time.Second, 0, 2_000_000, sound{44_000, 1, false}},
		{5 * time.Second, 0.015, 2_000_000, sound{48_000, 2, false}}, // Opus corrects as much by itself
		{time.Second, 0.02, 2_000_000, sound{32_000, 2, true}},
		{time.Second, 0.5, 2_000_000, sound{32_000, 30, true}},
		{time.Second, 0.015, 2_000_000, sound{32_000, 2, true}},
		{time.Minute, 0.005, 2_000_000, sound{32_000, 1, true}}, // it must last
		{19 * time.Second, 0.005, 2_000_000, sound{32_000, 1, true}},
		{time.Second, 0.005, 2_000_000, sound{36_000, 1, false}},
		{time.Second, 0.05, 100_000, sound{24_000, 5, true}},
	} {
		now = now.Add(step.after)
		before := p.sound
		changed := p.follow(now, step.loss, step.bandwidth)
		if p.sound != step.want || changed != (before != step.want) {
			t.Errorf("after %v with %+v: %+v, changed %v", now.Sub(time.Unix(0, 0)), step, p.sound, changed)
		}
	}
	for bandwidth := 0; bandwidth < 3_000_000; bandwidth += 10_000 {
		for _, copies := range []bool{false, true} {
			s := sound{bitrate: soundBitrate(bandwidth, copies), copies: copies}
			if s.bitrate < soundLeast || s.bitrate > soundMost || s.rate() > soundMostRate {
				t.Fatalf("%+v at %d", s, bandwidth)
			}
		}
	}
}

// hears counts the packets that a browser gets on its sound track, by kind.
func (b *browser) hears(t *testing.T) (opus, twice, other int) {
	t.Helper()
	for {
		select {
		case p := <-b.sound:
			var red redPacket
			switch {
			case bytes.Equal(p, []byte{0x48, 1, 2, 3}):
				opus++
			case red.parse(p) == nil && len(red.copies) == 1 && bytes.Equal(red.payload, red.copies[0].payload):
				twice++
			default:
				other++
			}
		default:
			return opus, twice, other
		}
	}
}

// redTo registers redundant packets at a browser's end, as Chromium does.
func redTo(m *webrtc.MediaEngine) error {
	return m.RegisterCodec(webrtc.RTPCodecParameters{RTPCodecCapability: webrtc.RTPCodecCapability{
		MimeType: mimeRED, ClockRate: 48_000, Channels: 2, SDPFmtpLine: "111/111",
	}, PayloadType: 63}, webrtc.RTPCodecTypeAudio)
}

// TestSoundIsSentTwiceWhereItGetsLost: and once where it does not, or where the far end cannot take it.
func TestSoundIsSentTwiceWhereItGetsLost(t *testing.T) {
	for _, red := range []bool{true, false} {
		t.Run(fmt.Sprintf("taken %v", red), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := newLine(t, 20*time.Millisecond)
				o := rigOptions{}
				if red {
					o.codecs = redTo
				}
				r, _ := talk(t, l, o)
				look := func(seconds int) (int, int) {
					t.Helper()
					r.browser.hears(t)
					o, w := 0, 0
					for range seconds {
						time.Sleep(time.Second)
						once, twice, other := r.browser.hears(t)
						if other > 0 {
							t.Errorf("%d packets are neither", other)
						}
						o, w = o+once, w+twice
					}
					return o, w
				}
				if once, twice := look(10); twice > 0 || once < 490 {
					t.Errorf("on a clean line %d packets were sent once, %d twice", once, twice)
				}
				l.lose(t, 6)
				look(10)
				once, twice := look(10)
				s, m := r.peer.Stats(), r.devices.microphone
				t.Logf("%d once, %d twice, %+v; Opus is told %d %% at %d bit/s", once, twice, s, m.loss.Load(), m.bitrate.Load())
				if red && (once > 0 || twice < 430) || !red && (once < 430 || twice > 0) {
					t.Errorf("on a bad line %d packets were sent once, %d twice", once, twice)
				}
				if s.ReportedLossPercent < 3 || s.ReportedLossPercent > 12 || m.loss.Load() < 3 || m.bitrate.Load() > soundMostTwice {
					t.Errorf("%+v; Opus is told %d %% at %d bit/s", s, m.loss.Load(), m.bitrate.Load())
				}
				l.lose(t, 0)
				look(60)
				if once, twice := look(10); twice > 0 || once < 490 {
					t.Errorf("after the loss %d packets were sent once, %d twice", once, twice)
				}
			})
		})
	}
}

// TestACallWithoutOpus is with a far end that has G.711 only.
func TestACallWithoutOpus(t *testing.T) {
	for _, test := range []struct {
		mime, codec string
		pt          webrtc.PayloadType
	}{{webrtc.MimeTypePCMA, "pcma", 8}, {webrtc.MimeTypePCMU, "pcmu", 0}} {
		t.Run(test.codec, func(t *testing.T) {
			r := newRigWith(t, rigOptions{mime: webrtc.MimeTypeH264, soundMime: test.mime})
			r.peer.Start()
			r.event(t, Connected{})
			for r.devices.theSpeaker() == nil {
				wait(t, "a picture", r.browser.frames)
			}
			wait(t, "sound at the booth", r.devices.theSpeaker().packets)
			if got := r.devices.theSpeaker().codec.Load(); got != test.codec {
				t.Errorf("the speaker is told of %v", got)
			}
			for r.devices.microphone.codec.Load() != test.codec {
				wait(t, "sound at the desk", r.browser.sound)
			}
			wait(t, "sound at the desk", r.browser.sound)
			for r.peer.Stats().Sound == "" {
				wait(t, "sound at the desk", r.browser.sound)
			}
			if s := r.peer.Stats(); s.Sound != test.codec || s.SoundKbps != 64 {
				t.Errorf("%+v", s)
			}
		})
	}
}

func TestSoundIsOffered(t *testing.T) {
	for _, c := range []struct {
		capKbps int
		order   string
	}{{1500, "63 111 8 0"}, {300, "111 63 8 0"}} {
		r := newRigWith(t, rigOptions{mime: webrtc.MimeTypeH264, capKbps: c.capKbps})
		wait(t, "the control channel", r.browser.control)
		sdp := r.peer.pc.LocalDescription().SDP
		for _, line := range []string{
			"SAVPF " + c.order + "\r\n", "a=rtpmap:63 red/48000/2\r\n", "a=fmtp:63 111/111\r\n",
			"a=rtpmap:8 PCMA/8000\r\n", "a=rtpmap:0 PCMU/8000\r\n", "useinbandfec=1",
		} {
			if !strings.Contains(sdp, line) {
				t.Errorf("%q is not in the offer:\n%s", line, sdp)
			}
		}
	}
}
