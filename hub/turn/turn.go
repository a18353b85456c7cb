// Package turn is the hub's STUN and TURN server, on UDP at the same address
// and port as the hub's pages, and the short-lived credentials for it.
//
// STUN is RFC 8489, TURN RFC 8656; credentials follow the REST draft
// (draft-uberti-behave-turn-rest): the user name is "expiry:call" and the
// password its HMAC, so that the server keeps no accounts. It relays to no
// loopback, link-local or multicast address unless it is on loopback itself,
// so that it is no way into the hub's own machine. The server owns its
// goroutines; Close ends them.
package turn

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"strconv"
	"time"

	"github.com/pion/logging"
	"github.com/pion/turn/v5"

	"loiret.fr/visioborne/hub/wire"
)

const (
	realm = "visioborne"
	// life is how long credentials can open an allocation; they must outlast the ICE restarts of the longest call.
	life = 3 * time.Hour
	// allocations is how many relays one call may have at a time: both sides, and again after a restart.
	allocations = 16
)

// Server is a running STUN and TURN server.
type Server struct {
	server *turn.Server
	urls   []string
	secret string
	now    func() time.Time
}

// Open serves on conn, which it closes in the end. public is the address at
// which booths and desks reach conn; the one it is bound to when it is not valid.
func Open(conn net.PacketConn, public netip.Addr, secret string, log *slog.Logger) (*Server, error) {
	bound, ok := conn.LocalAddr().(*net.UDPAddr)
	if !ok {
		return nil, fmt.Errorf("opening TURN on %s: not a UDP address", conn.LocalAddr())
	}
	if !public.IsValid() {
		public, _ = netip.AddrFromSlice(bound.IP)
		public = public.Unmap()
	}
	if public.IsUnspecified() {
		return nil, fmt.Errorf("opening TURN on %s: booths and desks need an address to reach it at; give one with -public-address", bound)
	}
	host := net.JoinHostPort(public.String(), strconv.Itoa(bound.Port))
	s := &Server{
		urls:   []string{"stun:" + host, "turn:" + host + "?transport=udp"},
		secret: secret, now: time.Now,
	}
	listen := bound.IP.String()
	loggers := loggers{log}
	quota := newQuota(allocations)
	var err error
	s.server, err = turn.NewServer(turn.ServerConfig{
		Realm:         realm,
		AuthHandler:   turn.LongTermTURNRESTAuthHandler(secret, loggers.NewLogger("turn")),
		QuotaHandler:  quota.allow,
		EventHandler:  quota.events(),
		LoggerFactory: loggers,
		PacketConnConfigs: []turn.PacketConnConfig{{
			PacketConn: conn,
			RelayAddressGenerator: &turn.RelayAddressGeneratorStatic{
				RelayAddress: public.AsSlice(), Address: listen,
			},
			PermissionHandler: func(_ net.Addr, peer net.IP) bool { return mayReach(public, peer) },
		}},
	})
	if err != nil {
		return nil, fmt.Errorf("opening TURN on %s: %w", bound, err)
	}
	return s, nil
}

// mayReach tells whether a relay at public may send to peer.
func mayReach(public netip.Addr, peer net.IP) bool {
	return peer.IsGlobalUnicast() || peer.IsLoopback() && public.IsLoopback()
}

// ICEServers are the server's addresses with credentials for a call.
func (s *Server) ICEServers(call string) []wire.ICEServer {
	user := strconv.FormatInt(s.now().Add(life).Unix(), 10) + ":" + call
	return []wire.ICEServer{
		{URLs: s.urls[:1]},
		{URLs: s.urls[1:], Username: user, Credential: password(user, s.secret)},
	}
}

// Close ends the server and every relay.
func (s *Server) Close() error {
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
