// Package broker is the hub's NATS with JetStream, and the keys by which it
// knows booths: a server of its own, embedded, with its store on disk, or, for
// several hubs, a cluster of servers outside (Join), which go by the same keys.
//
// The embedded server listens on a random loopback port, for websockets only; the hub's proxy is
// the one way in. It writes its store and its keys to the hub's state
// directory and nothing elsewhere. Booths are told apart by NATS's
// decentralised authentication: credentials are signed with a key in the state
// directory, so issuing them needs no running hub, and their permissions keep
// booths apart. The server owns its goroutines; Close ends them.
package broker

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/nats-io/jwt/v2"
	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/nats-io/nkeys"
)

// SyncInterval is how often the store writes to its disk what it has taken, so that a power cut does not take it any more.
const SyncInterval = 5 * time.Second

// startWait is the longest that the server may take to start, with a store to recover.
const startWait = 30 * time.Second

const (
	// maxPayload is more than a booth may send (its user's claims limit that): the list of accounts is one value, and that of
	// three thousand sites has 300 kB.
	maxPayload     = 1 << 20
	maxControlLine = 4 << 10
)

// Broker is a running server, or a cluster, and the hub's own connection to it.
type Broker struct {
	server  *server.Server // nil with a cluster
	cluster Cluster
	keys    Keys
	nc      *nats.Conn
	system  *nats.Conn // to the cluster's own account; nil with a server

	mu   sync.Mutex
	back func() // see OnReconnect
}

// Open starts a server on the store in dir and connects to it.
func Open(dir string, keys Keys, log *slog.Logger) (*Broker, error) {
	own, err := nkeys.CreateAccount() // a new one each time: nobody needs a key to it
	if err != nil {
		return nil, fmt.Errorf("starting NATS: %w", err)
	}
	claims, err := keys.claims(own)
	if err != nil {
		return nil, fmt.Errorf("starting NATS: %w", err)
	}
	accounts := &server.MemAccResolver{}
	for key, token := range claims.accounts {
		if err := accounts.Store(key, token); err != nil {
			return nil, fmt.Errorf("starting NATS: %w", err)
		}
	}
	s, err := server.NewServer(&server.Options{
		ServerName:       "visioborne",
		DontListen:       true,
		NoSigs:           true,
		JetStream:        true,
		StoreDir:         filepath.Join(dir, "nats"),
		TrustedOperators: []*jwt.OperatorClaims{claims.operator},
		SystemAccount:    claims.system,
		AccountResolver:  accounts,
		MaxPayload:       maxPayload,
		MaxControlLine:   maxControlLine,
		PingInterval:     20 * time.Second,
		// What is lost at a power cut is at most what a call's next sign of life says again; booths keep their counts for longer.
		SyncInterval:           SyncInterval,
		DisableJetStreamBanner: true,
		Websocket: server.WebsocketOpts{
			Host: "127.0.0.1", Port: -1, NoTLS: true,
			HandshakeTimeout: 5 * time.Second,
		},
	})
	if err != nil {
		return nil, fmt.Errorf("starting NATS: %w", err)
	}
	s.SetLogger(logger{log}, false, false)
	s.Start()
	b := &Broker{server: s, keys: keys}
	if !s.ReadyForConnections(startWait) {
		b.Close()
		return nil, fmt.Errorf("starting NATS on %s: not ready within %s", dir, startWait)
	}
	if !s.JetStreamEnabled() {
		b.Close()
		return nil, fmt.Errorf("starting NATS on %s: JetStream is off; the log says why", dir)
	}
	credentials, err := keys.credentials("hub", func(*jwt.UserClaims) {})
	if err != nil {
		b.Close()
		return nil, err
	}
	b.nc, err = nats.Connect("", nats.InProcessServer(s), nats.Name("hub"), nats.UserCredentialBytes(credentials),
		nats.MaxReconnects(-1), nats.ReconnectWait(200*time.Millisecond),
		nats.ErrorHandler(func(_ *nats.Conn, _ *nats.Subscription, err error) { log.Error("NATS", "error", err) }))
	if err != nil {
		b.Close()
		return nil, fmt.Errorf("connecting to the embedded NATS: %w", err)
	}
	return b, nil
}

// Conn is the hub's own connection, which may do everything.
func (b *Broker) Conn() *nats.Conn { return b.nc }

// Store is JetStream, over the hub's own connection.
func (b *Broker) Store() (jetstream.JetStream, error) { return Store(b.nc, b.cluster.Replicas) }

// Websockets is where the server, or each of the cluster, takes booths, for the hub's proxy.
func (b *Broker) Websockets() ([]*url.URL, error) {
	if b.server == nil {
		return b.cluster.websockets()
	}
	u, err := url.Parse(b.server.WebsocketURL())
	if err != nil {
		return nil, fmt.Errorf("reading NATS's address: %w", err)
	}
	u.Scheme = "http" // a websocket begins as a request
	return []*url.URL{u}, nil
}

// Alive tells whether the hub itself works, for who would start it again: it cannot mend a cluster that way.
func (b *Broker) Alive() error {
	if b.server == nil {
		return nil
	}
	return b.Healthy()
}

// Healthy tells whether the server and its store work.
func (b *Broker) Healthy() error {
	if !b.nc.IsConnected() {
		return errors.New("the hub is not connected to NATS")
	}
	if b.server != nil && !b.server.JetStreamEnabled() {
		return errors.New("JetStream is off")
	}
	return nil
}

// Close disconnects and ends the server.
func (b *Broker) Close() {
	for _, nc := range []*nats.Conn{b.nc, b.system} {
		if nc != nil {
			nc.Close()
		}
	}
	if b.server == nil {
		return
	}
	b.server.Shutdown()
	b.server.WaitForShutdown()
}

// logger hands the server's log to the hub's.
type logger struct{ log *slog.Logger }

func (l logger) text(format string, v []any) string {
	return "NATS: " + strings.TrimSpace(fmt.Sprintf(format, v...))
}

func (l logger) Noticef(format string, v ...any) { l.log.Debug(l.text(format, v)) }
func (l logger) Warnf(format string, v ...any) {
	level := slog.LevelWarn
	if strings.HasPrefix(format, "Websocket not configured with TLS") {
		level = slog.LevelDebug // it is on loopback, behind the hub's own port
	}
	l.log.Log(context.Background(), level, l.text(format, v))
}
func (l logger) Fatalf(format string, v ...any) { l.log.Error(l.text(format, v)) }
func (l logger) Errorf(format string, v ...any) { l.log.Error(l.text(format, v)) }
func (l logger) Debugf(string, ...any)          {}
func (l logger) Tracef(string, ...any)          {}
