package call

import (
	"encoding/binary"
	"errors"
	"net"
	"net/netip"
	"sync/atomic"
	"unsafe"

	"github.com/pion/transport/v5"
	"github.com/pion/transport/v5/stdnet"
	"golang.org/x/sys/unix"
)

// Packets are marked for networks that treat some of them better (RFC 8837,
// table 1): sound as EF, the picture as AF41. Both share one path of addresses
// and ports, and so each packet is marked by itself; within one stream all marks
// are the same, so that nothing is reordered (RFC 7657, 5.2). Where the marks are
// ignored or erased, as on most lines, they do nothing.
//
// The network is estimated as one, although a network that looks at the marks
// lets sound overtake the picture: it is a twentieth of what is sent.
type mark uint8 // of the IP header's former type of service: the code point and two bits of ECN

const (
	markNone    mark = 0
	markSound   mark = 46 << 2 // EF
	markPicture mark = 34 << 2 // AF41
)

// markOf marks a packet that leaves. Its first byte says what it is (RFC 7983).
func markOf(packet []byte, soundSSRC uint32) mark {
	if len(packet) >= 4 && packet[0] >= 64 && packet[0] < 80 { // to a TURN server, with another packet inside (RFC 8656, 12.4)
		packet = packet[4:]
	}
	switch {
	case len(packet) < 12:
	case packet[0] < 4:
		// STUN: paths are tried with the mark that they must carry (RFC 5245, 7.1.2.4).
		return markSound
	case packet[0] < 128 || packet[0] > 191: // DTLS: the handshake, and the control channel
	case packet[1] >= 192 && packet[1] <= 223: // RTCP (RFC 5761, 4): the picture follows it
		return markPicture
	case soundSSRC != 0 && binary.BigEndian.Uint32(packet[8:]) == soundSSRC:
		return markSound
	default:
		return markPicture
	}
	return markNone
}

// markingNet is the system's network with UDP sockets that mark what they send.
type markingNet struct {
	*stdnet.Net
	markOf func(packet []byte) mark
}

func newMarkingNet(markOf func([]byte) mark) (*markingNet, error) {
	n, err := stdnet.NewNet()
	return &markingNet{n, markOf}, err
}

// ListenUDP is pion's, for candidates.
func (n *markingNet) ListenUDP(network string, address *net.UDPAddr) (transport.UDPConn, error) {
	c, err := net.ListenUDP(network, address)
	switch {
	case err != nil:
		return nil, err
	case address != nil && address.IP.IsMulticast(): // for mDNS, which must have the system's own
		return c, nil
	}
	return n.marking(c), nil
}

// ListenPacket is pion's, for the way to TURN servers.
func (n *markingNet) ListenPacket(network, address string) (net.PacketConn, error) {
	c, err := n.Net.ListenPacket(network, address)
	if udp, ok := c.(*net.UDPConn); ok && err == nil {
		return n.marking(udp), nil
	}
	return c, err
}

func (n *markingNet) marking(c *net.UDPConn) *markingConn {
	m := &markingConn{UDPConn: c, markOf: n.markOf}
	level, kind := unix.IPPROTO_IPV6, unix.IPV6_TCLASS
	if local, ok := c.LocalAddr().(*net.UDPAddr); ok && local.IP.To4() != nil {
		level, kind = unix.IPPROTO_IP, unix.IP_TOS
	}
	m.sound, m.picture = control(level, kind, markSound), control(level, kind, markPicture)
	return m
}

// control is the message for the kernel that marks one packet (ip(7), ipv6(7)).
func control(level, kind int, value mark) []byte {
	b := make([]byte, unix.CmsgSpace(4))
	h := (*unix.Cmsghdr)(unsafe.Pointer(&b[0]))
	h.Level, h.Type = int32(level), int32(kind)
	h.SetLen(unix.CmsgLen(4))
	binary.NativeEndian.PutUint32(b[unix.CmsgLen(0):], uint32(value))
	return b
}

// markingConn is a UDP socket that marks each packet that it sends.
type markingConn struct {
	*net.UDPConn
	markOf         func(packet []byte) mark
	sound, picture []byte      // messages for the kernel
	unmarked       atomic.Bool // the kernel refuses them
}

// message is the one for a packet; nil for none.
func (c *markingConn) message(packet []byte) []byte {
	if c.unmarked.Load() {
		return nil
	}
	switch c.markOf(packet) {
	case markSound:
		return c.sound
	case markPicture:
		return c.picture
	case markNone:
	}
	return nil
}

// refused notes an error that comes from marking: no call shall fail for a mark.
func (c *markingConn) refused(err error) bool {
	if errors.Is(err, unix.EPERM) || errors.Is(err, unix.EINVAL) || errors.Is(err, unix.ENOPROTOOPT) {
		c.unmarked.Store(true)
		return true
	}
	return false
}

// WriteToAddrPort, WriteTo and WriteToUDP send one packet.
func (c *markingConn) WriteToAddrPort(packet []byte, to netip.AddrPort) (int, error) {
	if message := c.message(packet); message != nil {
		if n, _, err := c.WriteMsgUDPAddrPort(packet, message, to); err == nil || !c.refused(err) {
			return n, err
		}
	}
	return c.UDPConn.WriteToUDPAddrPort(packet, to)
}

func (c *markingConn) WriteTo(packet []byte, to net.Addr) (int, error) {
	udp, ok := to.(*net.UDPAddr)
	if !ok {
		return c.UDPConn.WriteTo(packet, to)
	}
	return c.WriteToUDP(packet, udp)
}

func (c *markingConn) WriteToUDP(packet []byte, to *net.UDPAddr) (int, error) {
	if message := c.message(packet); message != nil {
		if n, _, err := c.WriteMsgUDP(packet, message, to); err == nil || !c.refused(err) {
			return n, err
		}
	}
	return c.UDPConn.WriteToUDP(packet, to)
}

// ReadFromAddrPort is pion's name for it.
func (c *markingConn) ReadFromAddrPort(b []byte) (int, netip.AddrPort, error) {
	return c.ReadFromUDPAddrPort(b)
}
