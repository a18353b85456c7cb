package call

import (
	"context"
	"crypto/tls"
	"net"
	"strconv"
	"time"

	"github.com/pion/stun/v4"
)

// dialTime is the longest that a connection to a TURN server may take, with its handshake.
const dialTime = 10 * time.Second

// dialer connects pion to TURN servers over TCP and TLS. Pion's own way knows no
// proxy, no authorities but the system's and no end of a connection that nobody
// answers, which would keep a call from ending. Pion leaves TLS to a dialer
// too, but tells it the address alone: a port that is given both for TCP and
// for TLS is taken for TLS.
type dialer struct {
	ctx  context.Context // the peer's life: pion's interface has none
	dial func(ctx context.Context, network, address string) (net.Conn, error)
	tls  *tls.Config
	// overTLS are the servers for TLS: host by address.
	overTLS map[string]string
}

func newDialer(ctx context.Context, o Options) *dialer {
	d := &dialer{ctx: ctx, dial: o.Dial, tls: o.TLS, overTLS: map[string]string{}}
	if d.dial == nil {
		d.dial = (&net.Dialer{}).DialContext
	}
	if d.tls == nil {
		d.tls = &tls.Config{MinVersion: tls.VersionTLS12}
	}
	for _, s := range o.ICEServers {
		for _, text := range s.URLs {
			u, err := stun.ParseURI(text)
			if err != nil {
				continue // pion says so when it makes the connection
			}
			if u.Scheme == stun.SchemeTypeTURNS && u.Proto == stun.ProtoTypeTCP {
				d.overTLS[net.JoinHostPort(u.Host, strconv.Itoa(u.Port))] = u.Host
			}
		}
	}
	return d
}

// Dial is pion's.
func (d *dialer) Dial(network, address string) (net.Conn, error) {
	ctx, cancel := context.WithTimeout(d.ctx, dialTime)
	defer cancel()
	raw, err := d.dial(ctx, network, address)
	if err != nil {
		return nil, err
	}
	host, ok := d.overTLS[address]
	if !ok {
		return raw, nil
	}
	c := d.tls.Clone()
	c.ServerName = host
	conn := tls.Client(raw, c)
	if err := conn.HandshakeContext(ctx); err != nil {
		raw.Close()
		return nil, err
	}
	return conn, nil
}
