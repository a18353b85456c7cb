package netcheck

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"strconv"
	"sync"
	"time"

	"github.com/pion/logging"
	"github.com/pion/stun/v4"
	"github.com/pion/turn/v5"
)

// again is after what time a message that has not come through a relay is sent once more: UDP may lose it.
const again = 250 * time.Millisecond

// errNoEcho: relays were opened, but nothing comes through.
var errNoEcho = errors.New("nothing comes through the relay")

// relay opens two relays over one transport and sends something from one to the other and back.
func (c *checker) relay(ctx context.Context, n Name) Result {
	if len(c.Test.ICEServers) == 0 {
		return Result{State: Skipped, Code: CodeNoTest}
	}
	uri, config, ok := c.server(n)
	if !ok {
		return Result{State: Skipped, Code: CodeNotOffered}
	}
	took, err := c.tryRelay(ctx, uri, config)
	var refused *stun.TurnError
	switch {
	case err == nil:
		return Result{State: OK, Value: took.Round(time.Millisecond).String()}
	case errors.Is(err, errNoEcho):
		c.failed(n, err)
		return Result{State: Fail, Code: CodeNoEcho}
	case errors.As(err, &refused):
		c.failed(n, err)
		return Result{State: Fail, Code: CodeTURNRefused}
	case ctx.Err() != nil:
		// Whatever it was that ended when the time was over.
		c.failed(n, err)
		return Result{State: Fail, Code: CodeTimeout}
	}
	return c.failed(n, err)
}

// server is the first of the servers that has a transport.
func (c *checker) server(n Name) (*stun.URI, turn.ClientConfig, bool) {
	for _, s := range c.Test.ICEServers {
		for _, text := range s.URLs {
			u, err := stun.ParseURI(text)
			if err != nil {
				continue
			}
			var of Name
			switch {
			case u.Scheme == stun.SchemeTypeTURN && u.Proto == stun.ProtoTypeUDP:
				of = TURNUDP
			case u.Scheme == stun.SchemeTypeTURN && u.Proto == stun.ProtoTypeTCP:
				of = TURNTCP
			case u.Scheme == stun.SchemeTypeTURNS && u.Proto == stun.ProtoTypeTCP:
				of = TURNTLS
			}
			if of == n {
				return u, turn.ClientConfig{
					Username: s.Username, Password: s.Credential,
					LoggerFactory: &logging.DefaultLoggerFactory{DefaultLogLevel: logging.LogLevelDisabled},
				}, true
			}
		}
	}
	return nil, turn.ClientConfig{}, false
}

func (c *checker) tryRelay(ctx context.Context, uri *stun.URI, config turn.ClientConfig) (time.Duration, error) {
	var tasks sync.WaitGroup
	defer tasks.Wait()
	near, err := c.allocate(ctx, uri, config, &tasks)
	if err != nil {
		return 0, err
	}
	defer near.close()
	far, err := c.allocate(ctx, uri, config, &tasks)
	if err != nil {
		return 0, err
	}
	defer far.close()
	if err := errors.Join(near.client.CreatePermission(far.relayed.LocalAddr()), far.client.CreatePermission(near.relayed.LocalAddr())); err != nil {
		return 0, fmt.Errorf("letting the relays speak to each other: %w", err)
	}
	began := time.Now()
	if err := pass(ctx, near.relayed, far.relayed); err != nil {
		return 0, err
	}
	if err := pass(ctx, far.relayed, near.relayed); err != nil {
		return 0, err
	}
	return time.Since(began), nil
}

// pass sends something from one relay to the other until it comes.
func pass(ctx context.Context, from, to net.PacketConn) error {
	message, b := []byte("visioborne "+rand.Text()), make([]byte, 1500)
	for ctx.Err() == nil {
		if _, err := from.WriteTo(message, to.LocalAddr()); err != nil {
			return fmt.Errorf("%w: %w", errNoEcho, err)
		}
		if err := to.SetReadDeadline(time.Now().Add(again)); err != nil {
			return fmt.Errorf("%w: %w", errNoEcho, err)
		}
		for {
			n, _, err := to.ReadFrom(b)
			if err == nil && bytes.Equal(b[:n], message) {
				return nil
			}
			if err != nil {
				var timeout net.Error
				if errors.Is(err, os.ErrDeadlineExceeded) || errors.As(err, &timeout) && timeout.Timeout() {
					break
				}
				return fmt.Errorf("%w: %w", errNoEcho, err)
			}
		}
	}
	return errNoEcho
}

// opened is an open relay.
type opened struct {
	client  *turn.Client
	relayed net.PacketConn
	end     func()
}

func (o *opened) close() {
	if o.relayed != nil {
		_ = o.relayed.Close() // tells the server, if that can be
	}
	o.end()
}

func (c *checker) allocate(ctx context.Context, uri *stun.URI, config turn.ClientConfig, tasks *sync.WaitGroup) (*opened, error) {
	conn, err := c.connect(ctx, uri, &config)
	if err != nil {
		return nil, fmt.Errorf("connecting to the relay: %w", err)
	}
	config.Conn = conn
	client, err := turn.NewClient(&config)
	if err != nil {
		conn.Close()
		return nil, fmt.Errorf("preparing the relay: %w", err)
	}
	// Whatever waits for the server ends with the connection.
	shut := sync.OnceFunc(func() { client.Close(); conn.Close() })
	stop := context.AfterFunc(ctx, shut)
	o := &opened{client: client, end: func() { stop(); shut() }}
	tasks.Go(func() {
		b := make([]byte, 1<<16)
		for {
			n, from, err := conn.ReadFrom(b)
			if err != nil {
				shut()
				return
			}
			_, _ = client.HandleInbound(b[:n], from) // what makes no sense is left out
		}
	})
	if o.relayed, err = client.AllocateWithContext(ctx); err != nil {
		o.relayed = nil
		o.close()
		return nil, fmt.Errorf("opening a relay: %w", err)
	}
	return o, nil
}

// connect opens the way to a server.
func (c *checker) connect(ctx context.Context, uri *stun.URI, config *turn.ClientConfig) (net.PacketConn, error) {
	port := strconv.Itoa(uri.Port)
	if uri.Proto == stun.ProtoTypeUDP {
		host := uri.Host
		if _, err := netip.ParseAddr(host); err != nil {
			all, err := c.Resolve(ctx, host)
			if err != nil {
				return nil, err
			}
			if len(all) == 0 {
				return nil, &net.DNSError{Err: "no address", Name: host, IsNotFound: true}
			}
			host = all[0]
		}
		network := "udp6"
		if a, err := netip.ParseAddr(host); err == nil && a.Unmap().Is4() {
			network = "udp4"
		}
		config.TURNServerAddr = net.JoinHostPort(host, port)
		return (&net.ListenConfig{}).ListenPacket(ctx, network, ":0")
	}
	raw, err := c.Dial(ctx, "tcp", net.JoinHostPort(uri.Host, port))
	if err != nil {
		return nil, err
	}
	if uri.Scheme != stun.SchemeTypeTURNS {
		return turn.NewSTUNConn(raw), nil
	}
	t := c.TLS.Clone()
	t.ServerName = uri.Host
	conn := tls.Client(raw, t)
	if err := conn.HandshakeContext(ctx); err != nil {
		raw.Close()
		return nil, err
	}
	return turn.NewSTUNConn(conn), nil
}
