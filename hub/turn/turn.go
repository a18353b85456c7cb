// Package turn is the hub's STUN and TURN server, on UDP at the same address
// and port as the hub's pages and, where it is asked to, on TCP and TLS for
// networks that drop UDP, and the short-lived credentials for it.
//
// STUN is RFC 8489, TURN RFC 8656; credentials follow the REST draft
// (draft-uberti-behave-turn-rest): the user name is "expiry:call" and the
// password its HMAC, so that the server keeps no accounts. Several hubs may use
// servers elsewhere instead, which take the same credentials (External). It relays to no
// loopback, link-local or multicast address unless it is on loopback itself,
// so that it is no way into the hub's own machine. The server owns its
// goroutines; Close ends them.
package turn

import (
	"context"
	"crypto/tls"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"github.com/pion/logging"
	"github.com/pion/turn/v5"

	"loiret.fr/visioborne/hub/wire"
)

const (
	realm = "visioborne"
	// life is how long credentials can open an allocation; they must outlast the ICE restarts of the longest call.
	life = 3 * time.Hour
	// testLife is the same for a test of the network.
	testLife = 5 * time.Minute
	// allocations is how many relays one call may have at a time over each transport: both sides, and again after a restart.
	allocations = 16
)

// Server is a running STUN and TURN server, or the knowledge of those elsewhere.
type Server struct {
	server  *turn.Server
	streams []*streams
	stun    []string
	turn    []string
	secret  string
	now     func() time.Time
}

// External gives the addresses of servers elsewhere that share a secret, such as coturn with use-auth-secret, and
// credentials for them. A server of TURN answers STUN on the same port.
func External(urls []string, secret string) *Server {
	s := &Server{secret: secret, now: time.Now}
	for _, u := range urls {
		if strings.HasPrefix(u, "stun") {
			s.stun = append(s.stun, u)
		} else {
			s.turn = append(s.turn, u)
		}
	}
	for _, u := range s.turn {
		if host, ok := strings.CutPrefix(u, "turn:"); ok && len(s.stun) == 0 {
			host, _, _ = strings.Cut(host, "?")
			s.stun = append(s.stun, "stun:"+host)
		}
	}
	return s
}

// Certificate is where the certificate for TLS comes from: files, or an authority.
type Certificate interface {
	GetCertificate(*tls.ClientHelloInfo) (*tls.Certificate, error)
	// Check tells whether it is for a name or an IP.
	Check(name string) error
}

// Options are what a Server needs. It closes the connections in the end; when Open fails they are the caller's.
type Options struct {
	Packets net.PacketConn
	// TCP and TLS are listeners for networks that drop UDP; nil where that is not served.
	TCP, TLS net.Listener
	// Certificate is for TLS, and Name is in its address instead of the IP if it is not "".
	Certificate Certificate
	Name        string
	// Public is the address at which booths and desks reach all of them; the one that each is bound to when it is not valid.
	Public netip.Addr
	Secret string
	Log    *slog.Logger
}

// Open serves.
func Open(o Options) (*Server, error) {
	bound, ok := o.Packets.LocalAddr().(*net.UDPAddr)
	if !ok {
		return nil, fmt.Errorf("opening TURN on %s: not a UDP address", o.Packets.LocalAddr())
	}
	public := o.Public
	if !public.IsValid() {
		public, _ = netip.AddrFromSlice(bound.IP)
		public = public.Unmap()
	}
	if public.IsUnspecified() {
		return nil, fmt.Errorf("opening TURN on %s: booths and desks need an address to reach it at; give one with -public-address", bound)
	}
	host := net.JoinHostPort(public.String(), strconv.Itoa(bound.Port))
	s := &Server{
		stun: []string{"stun:" + host}, turn: []string{"turn:" + host + "?transport=udp"},
		secret: o.Secret, now: time.Now,
	}
	relays := &turn.RelayAddressGeneratorStatic{RelayAddress: public.AsSlice(), Address: bound.IP.String()}
	permission := func(_ net.Addr, peer net.IP) bool { return mayReach(public, peer) }
	var listeners []turn.ListenerConfig
	listen := func(l net.Listener, c *tls.Config) error {
		at, ok := l.Addr().(*net.TCPAddr)
		if !ok {
			return fmt.Errorf("opening TURN on %s: not a TCP address", l.Addr())
		}
		reached := public
		if ip, ok := netip.AddrFromSlice(at.IP); ok && !o.Public.IsValid() && !ip.IsUnspecified() {
			reached = ip.Unmap()
		}
		scheme, name := "turn:", reached.String()
		if c != nil {
			scheme = "turns:"
			if o.Name != "" {
				name = o.Name
			}
			if err := o.Certificate.Check(name); err != nil {
				return fmt.Errorf("opening TURN over TLS: the certificate is not for %s: %w; give the name that it is for with -turn-name", name, err)
			}
		}
		s.turn = append(s.turn, scheme+net.JoinHostPort(name, strconv.Itoa(at.Port))+"?transport=tcp")
		streams := newStreams(l, connections, idle, c, o.Log)
		s.streams = append(s.streams, streams)
		listeners = append(listeners, turn.ListenerConfig{Listener: streams, RelayAddressGenerator: relays, PermissionHandler: permission})
		return nil
	}
	if o.TCP != nil {
		if err := listen(o.TCP, nil); err != nil {
			return nil, err
		}
	}
	if o.TLS != nil {
		if err := listen(o.TLS, &tls.Config{MinVersion: tls.VersionTLS12, GetCertificate: o.Certificate.GetCertificate}); err != nil {
			return nil, err
		}
	}
	loggers := loggers{o.Log}
	quota := newQuota(allocations * (1 + len(listeners)))
	var err error
	s.server, err = turn.NewServer(turn.ServerConfig{
		Realm:         realm,
		AuthHandler:   turn.LongTermTURNRESTAuthHandler(o.Secret, loggers.NewLogger("turn")),
		QuotaHandler:  quota.allow,
		EventHandler:  events(quota, s.streams),
		LoggerFactory: loggers,
		PacketConnConfigs: []turn.PacketConnConfig{{
			PacketConn: o.Packets, RelayAddressGenerator: relays, PermissionHandler: permission,
		}},
		ListenerConfigs: listeners,
	})
	if err != nil {
		return nil, fmt.Errorf("opening TURN on %s: %w", bound, err)
	}
	return s, nil
}

// events count the relays of each call, and tell streams which connections have one.
func events(q *quota, all []*streams) turn.EventHandler {
	return turn.EventHandler{
		OnAllocationCreated: func(src, dst net.Addr, _, call, _ string, _ net.Addr, _ int) {
			q.opened(call)
			for _, s := range all {
				s.relay(src, dst, 1)
			}
		},
		OnAllocationDeleted: func(src, dst net.Addr, _, call, _ string) {
			q.closed(call)
			for _, s := range all {
				s.relay(src, dst, -1)
			}
		},
	}
}

// mayReach tells whether a relay at public may send to peer.
func mayReach(public netip.Addr, peer net.IP) bool {
	return peer.IsGlobalUnicast() || peer.IsLoopback() && public.IsLoopback()
}

// ICEServers are the server's addresses with credentials for a call, those that are best when they work first.
func (s *Server) ICEServers(call string) []wire.ICEServer { return s.servers(call, life) }

// TestServers are the same for a test of a site's network, which shares its relays with other tests of that site only.
func (s *Server) TestServers(site string) []wire.ICEServer { return s.servers("test-"+site, testLife) }

func (s *Server) servers(id string, life time.Duration) []wire.ICEServer {
	user := strconv.FormatInt(s.now().Add(life).Unix(), 10) + ":" + id
	var all []wire.ICEServer
	if len(s.stun) > 0 {
		all = append(all, wire.ICEServer{URLs: s.stun})
	}
	if len(s.turn) > 0 {
		all = append(all, wire.ICEServer{URLs: s.turn, Username: user, Credential: password(user, s.secret)})
	}
	return all
}

// Close ends the server and every relay.
func (s *Server) Close() error {
	if s.server == nil {
		return nil
	}
	if err := s.server.Close(); err != nil {
		return fmt.Errorf("closing TURN: %w", err)
	}
	return nil
}

// loggers hands pion's logs to the hub's.
type loggers struct{ log *slog.Logger }

func (l loggers) NewLogger(scope string) logging.LeveledLogger {
	return leveled{l.log.With("scope", scope)}
}

type leveled struct{ log *slog.Logger }

func (l leveled) at(level slog.Level, text string) {
	l.log.Log(context.Background(), level, text)
}
func (l leveled) Trace(string)             {}
func (l leveled) Tracef(string, ...any)    {}
func (l leveled) Debug(string)             {}
func (l leveled) Debugf(string, ...any)    {}
func (l leveled) Info(s string)            { l.at(slog.LevelDebug, s) }
func (l leveled) Infof(f string, a ...any) { l.at(slog.LevelDebug, fmt.Sprintf(f, a...)) }
func (l leveled) Warn(s string)            { l.at(slog.LevelDebug, s) }
func (l leveled) Warnf(f string, a ...any) { l.at(slog.LevelDebug, fmt.Sprintf(f, a...)) }

// Anybody who can reach the port can cause errors: they must not fill the log.
func (l leveled) Error(s string)            { l.at(slog.LevelDebug, s) }
func (l leveled) Errorf(f string, a ...any) { l.at(slog.LevelDebug, fmt.Sprintf(f, a...)) }
