package turn

import (
	"crypto/tls"
	"errors"
	"log/slog"
	"net"
	"sync"
	"time"

	"golang.org/x/net/netutil"
)

const (
	// connections is how many may be open at a time, for TCP and for TLS each; more wait until one ends.
	connections = 512
	// idle is how long a connection may be without a relay: for the handshake
	// and the two questions of an allocation, and for good byes.
	idle = 20 * time.Second
	// stuck is how long a client may not read what a relay sends it.
	stuck = 10 * time.Second
	// breath is how long to wait after an error that may pass, such as too many open files.
	breath = 100 * time.Millisecond
)

// streams is a listener for TURN over TCP or TLS, whose connections cannot pile
// up: their number has a limit, and one without a relay, however busy, ends
// soon. TLS is done here and not by pion, whose server forgets to close a
// connection with a failed handshake.
type streams struct {
	listener net.Listener
	tls      *tls.Config // nil for plain TCP
	idle     time.Duration
	log      *slog.Logger
	ended    chan struct{}
	tasks    sync.WaitGroup // pion's goroutines, one a connection

	mu     sync.Mutex
	closed bool
	open   map[string]*stream // by its two addresses
}

func newStreams(l net.Listener, most int, patience time.Duration, c *tls.Config, log *slog.Logger) *streams {
	return &streams{
		listener: netutil.LimitListener(l, most), tls: c, idle: patience, log: log,
		ended: make(chan struct{}), open: map[string]*stream{},
	}
}

func (s *streams) Addr() net.Addr { return s.listener.Addr() }

// Accept gives pion the next connection. Pion stops listening at an error, so only the end is one.
func (s *streams) Accept() (net.Conn, error) {
	for {
		raw, err := s.listener.Accept()
		if err == nil {
			if c := s.take(raw); c != nil {
				return c, nil
			}
			continue
		}
		select {
		case <-s.ended:
			return nil, err
		default:
		}
		if errors.Is(err, net.ErrClosed) {
			return nil, err
		}
		s.log.Warn("taking a connection for TURN", "address", s.Addr().String(), "error", err)
		select {
		case <-s.ended:
			return nil, err
		case <-time.After(breath):
		}
	}
}

// take notes a connection; nil when it has ended already.
func (s *streams) take(raw net.Conn) net.Conn {
	c := &stream{Conn: raw, raw: raw, of: s, key: key(raw.RemoteAddr(), raw.LocalAddr())}
	if s.tls != nil {
		c.Conn = tls.Server(raw, s.tls)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed || raw.SetDeadline(time.Now().Add(s.idle)) != nil {
		raw.Close()
		return nil
	}
	s.open[c.key] = c
	s.tasks.Add(1)
	return c
}

func key(src, dst net.Addr) string { return src.Network() + " " + src.String() + " " + dst.String() }

// relay notes that a client's connection has got a relay, or lost it.
func (s *streams) relay(src, dst net.Addr, change int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c, ok := s.open[key(src, dst)]
	if !ok {
		return
	}
	var until time.Time
	if c.relays += change; c.relays <= 0 {
		until = time.Now().Add(s.idle)
	}
	// A relay has an end of its own, unless the client renews it.
	if err := c.raw.SetReadDeadline(until); err != nil {
		c.raw.Close()
	}
}

// count is how many connections are open.
func (s *streams) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.open)
}

// Close ends the listener and its connections, and waits until pion has let go of them.
func (s *streams) Close() error {
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		return nil
	}
	s.closed = true
	close(s.ended)
	err := s.listener.Close()
	for _, c := range s.open {
		c.raw.Close()
	}
	s.mu.Unlock()
	s.tasks.Wait()
	return err
}

// stream is one client's connection.
type stream struct {
	net.Conn          // with TLS, if that is spoken
	raw      net.Conn // below it
	of       *streams
	key      string
	once     sync.Once
	relays   int // of's mu
}

// Write gives up on a client that does not read. Half a message spoils all that follow.
func (c *stream) Write(b []byte) (int, error) {
	err := c.raw.SetWriteDeadline(time.Now().Add(stuck))
	n := 0
	if err == nil {
		n, err = c.Conn.Write(b)
	}
	if err != nil {
		c.raw.Close()
	}
	return n, err
}

func (c *stream) Close() error {
	err := c.Conn.Close()
	c.once.Do(func() {
		c.of.mu.Lock()
		if c.of.open[c.key] == c {
			delete(c.of.open, c.key)
		}
		c.of.mu.Unlock()
		c.of.tasks.Done()
	})
	return err
}
