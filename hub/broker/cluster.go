package broker

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/nats-io/jwt/v2"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/nats-io/nkeys"
)

const (
	// pushWait is the longest that the cluster may take to learn what is revoked.
	pushWait = 5 * time.Second
	// askWait is how long a cluster that elects who keeps its store is waited for before it is asked again.
	askWait = time.Second
	// clusterPing is how often a connection is looked at: a machine that has lost its power says nothing.
	clusterPing = 3 * time.Second
	// pushSubject is where NATS' full resolver takes an account's claims; every server of the cluster does.
	pushSubject = "$SYS.REQ.CLAIMS.UPDATE"
)

// Cluster is a NATS cluster outside of the hub, with the configuration that Keys.Configuration gives. The zero value is none.
type Cluster struct {
	// Servers and Websockets are the addresses of its servers: "tls://nats1:4222", "wss://nats1:8443".
	Servers, Websockets []string
	// CA is a PEM file with the certificates by which the servers' own are known; "" for public ones.
	CA string
	// Replicas is on how many servers everything is kept.
	Replicas int
}

// External tells whether there is a cluster.
func (c Cluster) External() bool { return len(c.Servers) > 0 }

// TLS is how the servers' certificates are judged; nil when it is by the machine's own authorities.
func (c Cluster) TLS() (*tls.Config, error) {
	if c.CA == "" {
		return nil, nil
	}
	text, err := os.ReadFile(c.CA)
	if err != nil {
		return nil, fmt.Errorf("reading the authority of the NATS servers: %w", err)
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(text) {
		return nil, fmt.Errorf("reading the authority of the NATS servers: there is no certificate in %s; expected PEM", c.CA)
	}
	return &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: pool}, nil
}

// Dial connects to the cluster with credentials that these keys have signed.
func (c Cluster) Dial(name string, credentials []byte, options ...nats.Option) (*nats.Conn, error) {
	trust, err := c.TLS()
	if err != nil {
		return nil, err
	}
	all := append([]nats.Option{
		nats.Name(name), nats.UserCredentialBytes(credentials), nats.IgnoreDiscoveredServers(),
		nats.MaxReconnects(-1), nats.ReconnectWait(200 * time.Millisecond), nats.ReconnectJitter(100*time.Millisecond, 100*time.Millisecond),
		nats.PingInterval(clusterPing), nats.MaxPingsOutstanding(2), nats.Timeout(2 * time.Second),
	}, options...)
	if trust != nil {
		all = append(all, nats.Secure(trust))
	}
	nc, err := nats.Connect(strings.Join(c.Servers, ","), all...)
	if err != nil {
		return nil, fmt.Errorf("connecting to NATS at %s: %w; do the servers run, with what hub nats-config prints for this state directory?",
			strings.Join(c.Servers, ", "), err)
	}
	return nc, nil
}

// Join connects to a cluster instead of starting a server. It waits for its store, which takes a moment after a start of all.
func Join(ctx context.Context, dir string, keys Keys, c Cluster, log *slog.Logger) (*Broker, error) {
	system, err := openKey(filepath.Join(dir, "keys", "system.nk"), nkeys.PrefixByteAccount)
	if err != nil {
		return nil, err
	}
	own, err := keys.UserCredentials("hub")
	if err != nil {
		return nil, err
	}
	pusher, err := credentialsOf(system, "hub", func(*jwt.UserClaims) {})
	if err != nil {
		return nil, err
	}
	b := &Broker{keys: keys, cluster: c}
	if b.nc, err = c.Dial("hub", own,
		nats.ErrorHandler(func(_ *nats.Conn, _ *nats.Subscription, err error) { log.Error("NATS", "error", err) }),
		nats.DisconnectErrHandler(func(*nats.Conn, error) { log.Warn("NATS", "connection", "lost") }), nats.ReconnectHandler(b.reconnected(log)),
	); err != nil {
		return nil, err
	}
	if b.system, err = c.Dial("hub: accounts", pusher); err != nil {
		b.Close()
		return nil, err
	}
	if err := b.awaitStore(ctx); err != nil {
		b.Close()
		return nil, err
	}
	return b, nil
}

// reconnected tells that the hub's own connection is back, and whoever wants to know.
func (b *Broker) reconnected(log *slog.Logger) nats.ConnHandler {
	return func(nc *nats.Conn) {
		log.Warn("NATS", "connection", "back", "server", nc.ConnectedUrlRedacted())
		b.mu.Lock()
		f := b.back
		b.mu.Unlock()
		if f != nil {
			f()
		}
	}
}

// OnReconnect has f called, from a goroutine of the connection, when the connection to a cluster has broken and is back:
// what was sent just before may be lost.
func (b *Broker) OnReconnect(f func()) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.back = f
}

// awaitStore waits until the cluster has elected who keeps its store.
func (b *Broker) awaitStore(ctx context.Context) error {
	js, err := jetstream.New(b.nc)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, startWait)
	defer cancel()
	again := time.NewTicker(500 * time.Millisecond)
	defer again.Stop()
	for {
		asking, done := context.WithTimeout(ctx, askWait)
		_, err := js.AccountInfo(asking)
		done()
		if err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("waiting for the store of the NATS cluster: %w; do most of its servers run, with jetstream in their configuration?", err)
		case <-again.C:
		}
	}
}

// push tells every server of the cluster what the account of the booths is now.
func (b *Broker) push(claims *jwt.AccountClaims) error {
	token, err := claims.Encode(b.keys.operator)
	if err != nil {
		return err
	}
	answer, err := b.system.Request(pushSubject, []byte(token), pushWait)
	if err != nil {
		return fmt.Errorf("telling the NATS cluster who is revoked: %w", err)
	}
	var said struct {
		Error *struct {
			Description string `json:"description"`
		} `json:"error"`
	}
	if err := json.Unmarshal(answer.Data, &said); err != nil {
		return fmt.Errorf("telling the NATS cluster who is revoked: reading its answer: %w", err)
	}
	if said.Error != nil {
		return fmt.Errorf("telling the NATS cluster who is revoked: %s", said.Error.Description)
	}
	return nil
}

// Configuration is the part of nats-server's configuration that is the same on each server of a cluster: whom the servers
// trust, and what booths and hubs need of them. What tells one server from another stands beside it.
func (k Keys) Configuration(dir string) (string, error) {
	system, err := openKey(filepath.Join(dir, "keys", "system.nk"), nkeys.PrefixByteAccount)
	if err != nil {
		return "", err
	}
	all, err := k.claims(system)
	if err != nil {
		return "", fmt.Errorf("describing the accounts: %w", err)
	}
	public, err := k.account.PublicKey()
	if err != nil {
		return "", fmt.Errorf("describing the accounts: %w", err)
	}
	return fmt.Sprintf(configuration, all.operatorToken, all.system, all.system, all.accounts[all.system], public, all.accounts[public], maxPayload, maxControlLine), nil
}

// configuration is in NATS' own format. There is no secret in it.
const configuration = `# What every server of Visioborne's NATS cluster has in common. Printed by hub nats-config; do not edit.
# Whom the servers trust: the hub's own keys. Booths and hubs show users that these have signed.
operator: %s
system_account: %s
# Revoked booths reach every server, and stay revoked, by its own resolver.
resolver: { type: full, dir: "/var/lib/nats/accounts", allow_delete: false, interval: "30s" }
resolver_preload: {
  %s: %s
  %s: %s
}
max_payload: %d
max_control_line: %d
ping_interval: "20s"
jetstream: { store_dir: "/var/lib/nats/store", sync_interval: "5s" }
`

// replicated keeps everything on several servers, and reads keys where they are written: another server may be a moment
// behind, and whoever has just signed in must not be sent away by it.
type replicated struct {
	jetstream.JetStream
	replicas int
}

func (r replicated) CreateOrUpdateStream(ctx context.Context, c jetstream.StreamConfig) (jetstream.Stream, error) {
	c.Replicas = r.replicas
	return r.JetStream.CreateOrUpdateStream(ctx, c)
}

func (r replicated) CreateOrUpdateObjectStore(ctx context.Context, c jetstream.ObjectStoreConfig) (jetstream.ObjectStore, error) {
	c.Replicas = r.replicas
	return r.JetStream.CreateOrUpdateObjectStore(ctx, c)
}

func (r replicated) CreateOrUpdateKeyValue(ctx context.Context, c jetstream.KeyValueConfig) (jetstream.KeyValue, error) {
	c.Replicas = r.replicas
	if _, err := r.JetStream.CreateOrUpdateKeyValue(ctx, c); err != nil {
		return nil, err
	}
	stream, err := r.Stream(ctx, "KV_"+c.Bucket)
	if err != nil {
		return nil, err
	}
	// The client goes by what the stream says when the bucket is opened.
	described := stream.CachedInfo().Config
	described.AllowDirect = false
	if _, err := r.UpdateStream(ctx, described); err != nil {
		return nil, err
	}
	return r.KeyValue(ctx, c.Bucket)
}

// Store is JetStream over a connection, with so many replicas of everything that is made.
func Store(nc *nats.Conn, replicas int) (jetstream.JetStream, error) {
	js, err := jetstream.New(nc)
	if err != nil {
		return nil, fmt.Errorf("opening JetStream: %w", err)
	}
	if replicas <= 1 {
		return js, nil
	}
	return replicated{js, replicas}, nil
}

// websockets are the cluster's, as addresses of requests, which is how a websocket begins.
func (c Cluster) websockets() ([]*url.URL, error) {
	var all []*url.URL
	for _, text := range c.Websockets {
		u, err := url.Parse(text)
		if err != nil {
			return nil, fmt.Errorf("reading the address of a NATS server: %w", err)
		}
		u.Scheme = strings.Replace(u.Scheme, "ws", "http", 1)
		all = append(all, u)
	}
	if len(all) == 0 {
		return nil, errors.New("the NATS cluster has no address for websockets, by which booths come")
	}
	return all, nil
}
