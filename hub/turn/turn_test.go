package turn

import (
	"log/slog"
	"net"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/pion/logging"
	"github.com/pion/turn/v5"

	"loiret.fr/visioborne/hub/wire"
)

const call = "0b9c1d6e-6a0f-4f4e-9d0a-0123456789ab"

func listen(t *testing.T) net.PacketConn {
	t.Helper()
	c, err := net.ListenPacket("udp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

func open(t *testing.T) (*Server, string) {
	t.Helper()
	conn := listen(t)
	return openWith(t, Options{Packets: conn}), conn.LocalAddr().String()
}

func openWith(t *testing.T, o Options) *Server {
	t.Helper()
	o.Secret, o.Log = "secret", slog.New(slog.DiscardHandler)
	s, err := Open(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func client(t *testing.T, addr, user, password string) *turn.Client {
	t.Helper()
	return clientOver(t, listen(t), addr, user, password)
}

func clientOver(t *testing.T, over net.PacketConn, addr, user, password string) *turn.Client {
	t.Helper()
	c, err := turn.NewClient(&turn.ClientConfig{
		STUNServerAddr: addr, TURNServerAddr: addr, Conn: over,
		Username: user, Password: password, Realm: realm, RTO: 50 * time.Millisecond,
		LoggerFactory: &logging.DefaultLoggerFactory{Writer: t.Output(), DefaultLogLevel: logging.LogLevelDisabled},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	if err := c.Listen(); err != nil {
		t.Fatal(err)
	}
	return c
}

// A relay with a call's credentials carries data both ways.
func TestRelay(t *testing.T) {
	s, addr := open(t)
	servers := s.ICEServers(call)
	if len(servers) != 2 || servers[0].URLs[0] != "stun:"+addr || servers[1].URLs[0] != "turn:"+addr+"?transport=udp" {
		t.Fatalf("servers %+v", servers)
	}
	if !strings.HasSuffix(servers[1].Username, ":"+call) {
		t.Errorf("user name %q", servers[1].Username)
	}
	c := client(t, addr, servers[1].Username, servers[1].Credential)
	if _, err := c.SendBindingRequest(); err != nil {
		t.Fatalf("STUN: %v", err)
	}
	echo(t, c)
}

// echo opens a relay and sends something both ways through it.
func echo(t *testing.T, c *turn.Client) {
	t.Helper()
	relay, err := c.Allocate()
	if err != nil {
		t.Fatalf("TURN: %v", err)
	}
	defer relay.Close()
	peer := listen(t)
	if _, err := relay.WriteTo([]byte("out"), peer.LocalAddr()); err != nil {
		t.Fatal(err)
	}
	b := make([]byte, 100)
	if err := peer.SetReadDeadline(time.Now().Add(10 * time.Second)); err != nil {
		t.Fatal(err)
	}
	n, from, err := peer.ReadFrom(b)
	if err != nil || string(b[:n]) != "out" || from.String() != relay.LocalAddr().String() {
		t.Fatalf("the peer got %q from %v, %v", b[:n], from, err)
	}
	// Over TCP pion keeps messages of less than five bytes until the next one; calls have none as small.
	if _, err := peer.WriteTo([]byte("and back"), from); err != nil {
		t.Fatal(err)
	}
	if err := relay.SetReadDeadline(time.Now().Add(10 * time.Second)); err != nil {
		t.Fatal(err)
	}
	if n, _, err = relay.ReadFrom(b); err != nil || string(b[:n]) != "and back" {
		t.Fatalf("the relay got %q, %v", b[:n], err)
	}
}

func TestRefused(t *testing.T) {
	s, addr := open(t)
	good := s.ICEServers(call)[1]
	s.now = func() time.Time { return time.Now().Add(-life - time.Minute) }
	expired := s.ICEServers(call)[1]
	for _, c := range []struct{ name, user, password string }{
		{"a wrong password", good.Username, "wrong"},
		{"another call's password", "9999999999:other", good.Credential},
		{"credentials of yesterday", expired.Username, expired.Credential},
	} {
		if relay, err := client(t, addr, c.user, c.password).Allocate(); err == nil {
			relay.Close()
			t.Errorf("%s opened a relay", c.name)
		}
	}
}

func TestQuota(t *testing.T) {
	q := newQuota(1)
	if !q.allow("a", "", nil) {
		t.Error("the first relay was refused")
	}
	q.opened("a")
	if q.allow("a", "", nil) || !q.allow("b", "", nil) {
		t.Error("the quota is not each call's own")
	}
	q.closed("a")
	if !q.allow("a", "", nil) || len(q.open) != 0 {
		t.Error("a relay that was closed still counts")
	}
}

func TestMayReach(t *testing.T) {
	for _, c := range []struct {
		public, peer string
		want         bool
	}{
		{"127.0.0.1", "127.0.0.1", true},
		{"127.0.0.1", "192.168.1.9", true},
		{"203.0.113.7", "127.0.0.1", false},
		{"203.0.113.7", "::1", false},
		{"203.0.113.7", "0.0.0.0", false},
		{"203.0.113.7", "169.254.169.254", false},
		{"203.0.113.7", "224.0.0.1", false},
		{"203.0.113.7", "10.1.2.3", true},
		{"203.0.113.7", "203.0.113.7", true},
	} {
		if got := mayReach(netip.MustParseAddr(c.public), net.ParseIP(c.peer)); got != c.want {
			t.Errorf("a relay at %s to %s: %t", c.public, c.peer, got)
		}
	}
}

// everywhere is a loopback socket that says it is bound to all addresses.
type everywhere struct{ net.PacketConn }

func (everywhere) LocalAddr() net.Addr { return &net.UDPAddr{IP: net.IPv4zero, Port: 1} }

func TestPublicAddress(t *testing.T) {
	if _, err := Open(Options{Packets: everywhere{listen(t)}}); err == nil || !strings.Contains(err.Error(), "-public-address") {
		t.Errorf("without an address: %v", err)
	}
}

// Servers elsewhere are given to booths as they were named, with credentials as coturn checks them.
func TestExternal(t *testing.T) {
	s := External([]string{"turn:turn1.example.fr:3478?transport=udp", "turns:turn1.example.fr:5349?transport=tcp"}, "north")
	s.now = func() time.Time { return time.Unix(1_000_000_000, 0) }
	got := s.TestServers("gien")
	// echo -n 1000000300:test-gien | openssl dgst -sha1 -hmac north -binary | base64
	want := []wire.ICEServer{
		{URLs: []string{"stun:turn1.example.fr:3478"}},
		{
			URLs:     []string{"turn:turn1.example.fr:3478?transport=udp", "turns:turn1.example.fr:5349?transport=tcp"},
			Username: "1000000300:test-gien", Credential: "utCvw4GUG4PDVGSjEGI8IuwFpq4=",
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got := External([]string{"stun:stun.example.fr:3478"}, "north").ICEServers(call); len(got) != 1 || got[0].Username != "" {
		t.Errorf("of a STUN server alone: %+v", got)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}
