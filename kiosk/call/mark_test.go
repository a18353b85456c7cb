package call

import (
	"encoding/binary"
	"errors"
	"net"
	"sync"
	"testing"

	"github.com/pion/transport/v5"
	"github.com/pion/transport/v5/stdnet"
	"github.com/pion/webrtc/v4"
	"golang.org/x/sys/unix"
)

func TestMarkOf(t *testing.T) {
	rtp := func(second byte, ssrc byte) []byte {
		return []byte{0x90, second, 0, 1, 0, 0, 0, 2, 0, 0, 0, ssrc, 9, 9}
	}
	for _, c := range []struct {
		name   string
		packet []byte
		want   mark
	}{
		{"sound", rtp(111, 7), markSound},
		{"sound with copies", rtp(63, 7), markSound},
		{"picture", rtp(102|0x80, 8), markPicture},
		{"a report", rtp(201, 7), markPicture},
		{"a check of the path", make([]byte, 20), markSound},
		{"DTLS", append([]byte{22}, make([]byte, 40)...), markNone},
		{"sound by a TURN server", append([]byte{0x40, 1, 0, 14}, rtp(111, 7)...), markSound},
		{"DTLS by a TURN server", append([]byte{0x40, 1, 0, 20}, append([]byte{22}, make([]byte, 20)...)...), markNone},
		{"nothing", nil, markNone},
		{"a part", []byte{0x90, 111}, markNone},
		{"of no known kind", append([]byte{250}, make([]byte, 20)...), markNone},
	} {
		if got := markOf(c.packet, 7); got != c.want {
			t.Errorf("%s: marked %#x, want %#x", c.name, got, c.want)
		}
	}
	if got := markOf(rtp(111, 0), 0); got != markPicture {
		t.Errorf("before there is sound a packet is marked %#x", got)
	}
}

// seeing is a UDP socket that notes the marks of what it receives.
type seeing struct {
	*net.UDPConn
	see func(packet []byte, m mark)
}

func newSeeing(c *net.UDPConn, see func([]byte, mark)) (*seeing, error) {
	raw, err := c.SyscallConn()
	if err != nil {
		return nil, err
	}
	v4 := c.LocalAddr().(*net.UDPAddr).IP.To4() != nil
	option := errors.New("the socket was not there")
	err = raw.Control(func(fd uintptr) {
		if v4 {
			option = unix.SetsockoptInt(int(fd), unix.IPPROTO_IP, unix.IP_RECVTOS, 1)
		} else {
			option = unix.SetsockoptInt(int(fd), unix.IPPROTO_IPV6, unix.IPV6_RECVTCLASS, 1)
		}
	})
	return &seeing{c, see}, errors.Join(err, option)
}

func (s *seeing) ReadFrom(b []byte) (int, net.Addr, error) {
	var oob [128]byte
	n, oobn, _, from, err := s.ReadMsgUDP(b, oob[:])
	if err != nil {
		return n, from, err
	}
	messages, err := unix.ParseSocketControlMessage(oob[:oobn])
	if err != nil {
		return n, from, err
	}
	for _, m := range messages {
		switch {
		case m.Header.Level == unix.IPPROTO_IP && m.Header.Type == unix.IP_TOS:
			s.see(b[:n], mark(m.Data[0]))
		case m.Header.Level == unix.IPPROTO_IPV6 && m.Header.Type == unix.IPV6_TCLASS:
			s.see(b[:n], mark(binary.NativeEndian.Uint32(m.Data)))
		}
	}
	return n, from, nil
}

// TestMarksArrive: what a socket marks is read from the packet on its arrival, over both kinds of IP.
func TestMarksArrive(t *testing.T) {
	for network, address := range map[string]string{"udp4": "127.0.0.1", "udp6": "::1"} {
		t.Run(network, func(t *testing.T) {
			at := &net.UDPAddr{IP: net.ParseIP(address)}
			c, err := net.ListenUDP(network, at)
			if err != nil {
				if network == "udp6" {
					t.Skip(err) // a machine without it
				}
				t.Fatal(err)
			}
			defer c.Close()
			marks := make(chan mark, 1)
			s, err := newSeeing(c, func(_ []byte, m mark) { marks <- m })
			check(t, err)
			marking, err := newMarkingNet(func(packet []byte) mark { return mark(packet[0]) })
			check(t, err)
			sender, err := marking.ListenUDP(network, at)
			check(t, err)
			defer sender.Close()
			packets, err := marking.ListenPacket(network, net.JoinHostPort(address, "0"))
			check(t, err)
			defer packets.Close()
			to := c.LocalAddr().(*net.UDPAddr)
			for _, want := range []mark{markSound, markPicture, markNone, markSound} {
				packet := []byte{byte(want), 1, 2, 3}
				for name, write := range map[string]func() (int, error){
					"WriteTo":         func() (int, error) { return sender.WriteTo(packet, to) },
					"WriteToUDP":      func() (int, error) { return sender.WriteToUDP(packet, to) },
					"WriteToAddrPort": func() (int, error) { return sender.(*markingConn).WriteToAddrPort(packet, to.AddrPort()) },
					"to a relay":      func() (int, error) { return packets.WriteTo(packet, to) },
				} {
					if n, err := write(); n != len(packet) || err != nil {
						t.Fatalf("%s: %d, %v", name, n, err)
					}
					if _, _, err := s.ReadFrom(make([]byte, 100)); err != nil {
						t.Fatal(err)
					}
					if got := wait(t, "a mark", marks); got != want {
						t.Errorf("%s: marked %#x, want %#x", name, got, want)
					}
				}
			}
			// A kernel that refuses marks does not refuse packets.
			m := sender.(*markingConn)
			m.sound = control(unix.SOL_SOCKET, 9999, markSound)
			if n, err := m.WriteTo([]byte{byte(markSound)}, to); n != 1 || err != nil || !m.unmarked.Load() {
				t.Errorf("%d, %v, unmarked %v", n, err, m.unmarked.Load())
			}
		})
	}
}

// seeingNet gives the desk's end sockets that see.
type seeingNet struct {
	*stdnet.Net
	see func([]byte, mark)
}

func (n *seeingNet) ListenUDP(network string, address *net.UDPAddr) (transport.UDPConn, error) {
	c, err := net.ListenUDP(network, address)
	if err != nil || address.IP.IsMulticast() {
		return c, err
	}
	return newSeeing(c, n.see)
}

// TestACallIsMarked looks at the packets of a whole call as they arrive at the desk.
func TestACallIsMarked(t *testing.T) {
	standard, err := stdnet.NewNet()
	check(t, err)
	var mu sync.Mutex
	seen := map[string]map[mark]int{}
	done := make(chan struct{}, 1)
	see := func(packet []byte, m mark) {
		kind := "other"
		switch {
		case packet[0] < 4:
			kind = "check"
		case packet[0] >= 20 && packet[0] < 64:
			kind = "DTLS"
		case packet[0] >= 128 && packet[0] < 192:
			switch packet[1] & 0x7f {
			case 111, 63:
				kind = "sound"
			case 102:
				kind = "picture"
			}
		}
		mu.Lock()
		defer mu.Unlock()
		if seen[kind] == nil {
			seen[kind] = map[mark]int{}
		}
		seen[kind][m]++
		if seen["sound"][markSound] > 10 && seen["picture"][markPicture] > 10 {
			keep(done, struct{}{})
		}
	}
	r := newRigWith(t, rigOptions{mime: webrtc.MimeTypeH264, deskNet: &seeingNet{standard, see}})
	r.peer.Start()
	r.event(t, Connected{})
	wait(t, "marked packets", done)
	mu.Lock()
	defer mu.Unlock()
	for kind, want := range map[string]mark{"sound": markSound, "picture": markPicture, "check": markSound, "DTLS": markNone} {
		if n := seen[kind]; n[want] == 0 || len(n) != 1 {
			t.Errorf("%s: %v, want %#x only", kind, n, want)
		}
	}
}
