package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/nats-io/jwt/v2"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/nats-io/nkeys"

	"loiret.fr/visioborne/hub/wire"
)

// bareServer is nats-server with the settings of the hub's own, its clerk, and credentials as the hub's booths have them.
type bareServer struct {
	o                  options
	dir, log, config   string
	websocket, monitor string
	credentials        [][]byte
	desk               []byte // what the clerk and the desks have
	process, clerk     *program
	desks              []*nats.Conn
}

// clerkOrders are what the clerk is told.
type clerkOrders struct {
	URL         string
	Credentials string
	Desks       int
}

func openBare(dir string, o options) (*bareServer, error) {
	s := &bareServer{o: o, dir: dir, log: filepath.Join(dir, "log"), config: filepath.Join(dir, "nats.conf")}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	operator, err := nkeys.CreateOperator()
	if err != nil {
		return nil, err
	}
	operatorKey, err := operator.PublicKey()
	if err != nil {
		return nil, err
	}
	accounts := map[string]string{}
	add := func(name string, limits jwt.JetStreamLimits) (nkeys.KeyPair, string, error) {
		pair, err := nkeys.CreateAccount()
		if err != nil {
			return nil, "", err
		}
		key, err := pair.PublicKey()
		if err != nil {
			return nil, "", err
		}
		claims := jwt.NewAccountClaims(key)
		claims.Name, claims.Limits.JetStreamLimits = name, limits
		accounts[key], err = claims.Encode(operator)
		return pair, key, err
	}
	_, system, err := add("system", jwt.JetStreamLimits{})
	if err != nil {
		return nil, err
	}
	booths, _, err := add("booths", jwt.JetStreamLimits{MemoryStorage: jwt.NoLimit, DiskStorage: jwt.NoLimit, Streams: jwt.NoLimit, Consumer: jwt.NoLimit})
	if err != nil {
		return nil, err
	}
	claims := jwt.NewOperatorClaims(operatorKey)
	claims.Name, claims.SystemAccount = "bare", system
	token, err := claims.Encode(operator)
	if err != nil {
		return nil, err
	}
	for i := range o.booths {
		c, err := credentials(booths, func(c *jwt.UserClaims) {
			c.Permissions.Pub.Allow.Add(wire.UpOnly(siteID(i)))
			c.Permissions.Sub.Allow.Add(wire.DownOnly(siteID(i)), wire.InboxPrefix(siteID(i))+".>")
			c.Limits.Payload, c.Limits.Subs = wire.MaxBytes, 16
		})
		if err != nil {
			return nil, err
		}
		s.credentials = append(s.credentials, c)
	}
	if s.desk, err = credentials(booths, func(*jwt.UserClaims) {}); err != nil {
		return nil, err
	}
	if err := os.WriteFile(s.clerkCredentials(), s.desk, 0o600); err != nil {
		return nil, err
	}
	if s.websocket, err = freeAddress(); err != nil {
		return nil, err
	}
	if s.monitor, err = freeAddress(); err != nil {
		return nil, err
	}
	plain, err := freeAddress()
	if err != nil {
		return nil, err
	}
	var b strings.Builder
	fmt.Fprintf(&b, "server_name: bare\nlisten: %q\nhttp: %q\nmax_payload: %d\nmax_control_line: 4KB\nping_interval: \"20s\"\n", plain, s.monitor, 2*wire.MaxBytes)
	fmt.Fprintf(&b, "websocket {\n  listen: %q\n  no_tls: true\n}\njetstream {\n  store_dir: %q\n  sync_interval: \"5s\"\n}\n", s.websocket, filepath.Join(dir, "store"))
	fmt.Fprintf(&b, "operator: %s\nsystem_account: %s\nresolver: MEMORY\nresolver_preload: {\n", token, system)
	for key, token := range accounts {
		fmt.Fprintf(&b, "  %s: %s\n", key, token)
	}
	b.WriteString("}\n")
	return s, os.WriteFile(s.config, []byte(b.String()), 0o600)
}

func credentials(account nkeys.KeyPair, limit func(*jwt.UserClaims)) ([]byte, error) {
	user, err := nkeys.CreateUser()
	if err != nil {
		return nil, err
	}
	key, err := user.PublicKey()
	if err != nil {
		return nil, err
	}
	claims := jwt.NewUserClaims(key)
	limit(claims)
	token, err := claims.Encode(account)
	if err != nil {
		return nil, err
	}
	seed, err := user.Seed()
	if err != nil {
		return nil, err
	}
	return jwt.FormatUserConfig(token, seed)
}

func (s *bareServer) clerkCredentials() string { return filepath.Join(s.dir, "clerk.creds") }

// url is the server's websocket. The path is the server's own: the booths' link puts the hub's in where there is none.
func (s *bareServer) url() string { return "ws://" + s.websocket + "/bare" }

func (s *bareServer) start(ctx context.Context) error {
	var err error
	if s.process, err = launch(s.log, s.o.nats, "-c", s.config); err != nil {
		return err
	}
	if err := s.process.await(ctx, s.log, func() error {
		a, err := http.Get("http://" + s.monitor + "/healthz")
		if err != nil {
			return err
		}
		defer a.Body.Close()
		if a.StatusCode != http.StatusOK {
			return errors.New(a.Status)
		}
		return nil
	}); err != nil {
		return err
	}
	if s.clerk != nil {
		return nil
	}
	text, err := json.Marshal(clerkOrders{s.url(), s.clerkCredentials(), s.o.desks})
	if err != nil {
		return err
	}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	s.clerk, err = launch(filepath.Join(s.dir, "clerk.log"), self, "-clerk", string(text))
	return err
}

func (s *bareServer) kill()    { s.process.kill() }
func (s *bareServer) pid() int { return s.process.cmd.Process.Pid }

// The hub keeps calls itself.
func (s *bareServer) helpers() []int { return []int{s.clerk.cmd.Process.Pid} }

func (s *bareServer) close() error {
	for _, d := range s.desks {
		d.Close()
	}
	s.clerk.kill()
	s.kill()
	return nil
}

func (s *bareServer) booth(site int) (string, []byte) { return s.url(), s.credentials[site] }

func toDesk(i int) string   { return fmt.Sprintf("desk.%d.down", i) }
func fromDesk(i int) string { return fmt.Sprintf("desk.%d.up", i) }

// note is what clerk and desks say to each other: a call rings, its booth offers, the adviser answers, with SDP, hangs up.
type note struct {
	Call, Site, Partner, Language, State, SDP string
}

func (s *bareServer) openDesks(_ context.Context, rings func(string)) error {
	for i := range s.o.desks {
		nc, err := connect(s.url(), nats.UserCredentialBytes(s.desk))
		if err != nil {
			return fmt.Errorf("opening a desk: %w", err)
		}
		s.desks = append(s.desks, nc)
		tell := func(n note) {
			if b, err := json.Marshal(n); err == nil {
				_ = nc.Publish(fromDesk(i), b) // what is lost shows as a call without an answer
			}
		}
		if _, err := nc.Subscribe(toDesk(i), func(m *nats.Msg) {
			var n note
			if json.Unmarshal(m.Data, &n) != nil {
				return
			}
			switch n.State {
			case "rings":
				rings(n.Call)
				n.State = "answered"
				tell(n)
			case "offered": // the clerk sends it when the call is answered
				n.State, n.SDP = "signal", offer()
				tell(n)
				n.State, n.SDP = "hung_up", ""
				tell(n)
			}
		}); err != nil {
			return err
		}
		if err := nc.Flush(); err != nil {
			return err
		}
	}
	return nil
}

func connect(url string, o ...nats.Option) (*nats.Conn, error) {
	return nats.Connect(url, append(o, nats.RetryOnFailedConnect(true), nats.MaxReconnects(-1), nats.IgnoreDiscoveredServers(),
		nats.CustomReconnectDelay(func(int) time.Duration { return jitter() }))...)
}

// clerk is what makes calls of the bare server's messages.
type clerk struct {
	nc    *nats.Conn
	kv    jetstream.KeyValue
	seen  jetstream.KeyValue
	free  chan int
	tasks sync.WaitGroup

	mu    sync.Mutex
	calls map[string]*held
}

// held is a call. Its state and offer are guarded by clerk.mu.
type held struct {
	note
	desk     int
	revision uint64
	offer    string
	passed   bool // the offer is at the desk
}

func serveAsClerk(ctx context.Context, text string) error {
	var o clerkOrders
	if err := json.Unmarshal([]byte(text), &o); err != nil {
		return err
	}
	nc, err := connect(o.URL, nats.UserCredentials(o.Credentials))
	if err != nil {
		return err
	}
	defer nc.Close()
	js, err := jetstream.New(nc)
	if err != nil {
		return err
	}
	c := &clerk{nc: nc, free: make(chan int, o.Desks), calls: map[string]*held{}}
	if c.kv, err = js.CreateOrUpdateKeyValue(ctx, jetstream.KeyValueConfig{Bucket: "line", Storage: jetstream.FileStorage}); err != nil {
		return err
	}
	if c.seen, err = js.CreateOrUpdateKeyValue(ctx, jetstream.KeyValueConfig{Bucket: "seen", Storage: jetstream.FileStorage}); err != nil {
		return err
	}
	for i := range o.Desks {
		c.free <- i
	}
	// As many at a time as the hub answers.
	lanes := make([]chan *nats.Msg, 8)
	for i := range lanes {
		lanes[i] = make(chan *nats.Msg, 4096)
		c.tasks.Go(func() {
			for {
				select {
				case m := <-lanes[i]:
					c.take(ctx, m)
				case <-ctx.Done():
					return
				}
			}
		})
	}
	next := 0
	spread := func(m *nats.Msg) {
		lanes[next%len(lanes)] <- m
		next++
	}
	if _, err := nc.Subscribe(wire.AllUp, spread); err != nil {
		return err
	}
	if _, err := nc.Subscribe("booth.*.up.call.*", func(m *nats.Msg) { c.signal(m) }); err != nil {
		return err
	}
	if _, err := nc.Subscribe("desk.*.up", func(m *nats.Msg) { c.desk(ctx, m) }); err != nil {
		return err
	}
	<-ctx.Done()
	c.tasks.Wait()
	return nil
}

func (c *clerk) send(subject string, m wire.Message) {
	if b, err := wire.Encode(m); err == nil && subject != "" {
		_ = c.nc.Publish(subject, b) // what is lost is asked for again, or shows as a call without an answer
	}
}

func (c *clerk) tell(desk int, n note) {
	if b, err := json.Marshal(n); err == nil {
		_ = c.nc.Publish(toDesk(desk), b)
	}
}

// take answers a booth.
func (c *clerk) take(ctx context.Context, m *nats.Msg) {
	s, err := wire.ParseSubject(m.Subject)
	if err != nil {
		return
	}
	switch s.Verb {
	case wire.VerbHello:
		c.send(m.Reply, wire.Welcome{Time: time.Now(), Partners: []wire.Availability{}})
	case wire.VerbStatus:
		_, _ = c.seen.Put(ctx, s.Site, m.Data)
	case wire.VerbPlace:
		p, err := wire.Decode[wire.Place](m.Data)
		if err != nil {
			return
		}
		h := &held{note: note{Call: p.Call, Site: s.Site, Partner: p.Partner, Language: p.Language, State: "waits"}}
		if h.revision, err = c.kv.Create(ctx, p.Call, state(h.note)); err != nil {
			return
		}
		c.mu.Lock()
		c.calls[p.Call] = h
		c.mu.Unlock()
		c.send(m.Reply, wire.PlaceReply{Placed: wire.Placed{Call: p.Call, Place: 1}})
		c.tasks.Go(func() { c.ring(ctx, h) })
	case wire.VerbAlive:
		if a, err := wire.Decode[wire.Alive](m.Data); err == nil {
			c.send(m.Reply, wire.PlaceReply{Placed: wire.Placed{Call: a.Call, Place: 1}})
		}
	case wire.VerbLeave:
		if l, err := wire.Decode[wire.Leave](m.Data); err == nil {
			c.send(m.Reply, wire.Left{Call: l.Call})
		}
	default: // a clerk answers what calls need
	}
}

func state(n note) []byte {
	b, _ := json.Marshal(n) // strings cannot fail
	return b
}

// ring waits for a desk and rings it.
func (c *clerk) ring(ctx context.Context, h *held) {
	select {
	case h.desk = <-c.free:
	case <-ctx.Done():
		return
	}
	c.change(ctx, h, "rings")
	c.tell(h.desk, h.note)
	c.send(wire.Down(h.Site, wire.VerbRinging), wire.Ringing{Call: h.Call, ICEServers: []wire.ICEServer{}})
}

func (c *clerk) change(ctx context.Context, h *held, to string) {
	c.mu.Lock()
	h.State = to
	n, revision := h.note, h.revision
	c.mu.Unlock()
	if r, err := c.kv.Update(ctx, n.Call, state(n), revision); err == nil {
		c.mu.Lock()
		h.revision = r
		c.mu.Unlock()
	}
}

// signal takes a booth's offer, for the desk when the call is answered.
func (c *clerk) signal(m *nats.Msg) {
	s, err := wire.ParseSubject(m.Subject)
	if err != nil {
		return
	}
	signal, err := wire.Decode[wire.Signal](m.Data)
	if err != nil || signal.Kind != wire.KindOffer {
		return
	}
	c.mu.Lock()
	h := c.calls[s.Call]
	if h == nil {
		c.mu.Unlock()
		return
	}
	h.offer = signal.SDP
	answered := h.State == "answered"
	c.mu.Unlock()
	if answered {
		c.pass(h)
	}
}

func (c *clerk) pass(h *held) {
	c.mu.Lock()
	n, desk, passed := h.note, h.desk, h.passed
	n.State, n.SDP, h.passed = "offered", h.offer, true
	c.mu.Unlock()
	if !passed {
		c.tell(desk, n)
	}
}

// desk does what an adviser does.
func (c *clerk) desk(ctx context.Context, m *nats.Msg) {
	var n note
	if json.Unmarshal(m.Data, &n) != nil {
		return
	}
	c.mu.Lock()
	h := c.calls[n.Call]
	c.mu.Unlock()
	if h == nil {
		return
	}
	switch n.State {
	case "answered":
		c.tasks.Go(func() {
			c.change(ctx, h, "answered")
			c.send(wire.Down(h.Site, wire.VerbAnswered), wire.Answered{Call: h.Call, Adviser: "Mme", ICEServers: []wire.ICEServer{}})
			c.mu.Lock()
			offered := h.offer != ""
			c.mu.Unlock()
			if offered {
				c.pass(h)
			}
		})
	case "signal": // in order before the desk hangs up
		c.send(wire.DownSignal(h.Site, h.Call), wire.Signal{Kind: wire.KindAnswer, SDP: n.SDP})
	case "hung_up":
		c.mu.Lock()
		delete(c.calls, n.Call)
		c.mu.Unlock()
		c.send(wire.Down(h.Site, wire.VerbEnded), wire.Ended{Call: h.Call, Reason: wire.ReasonHungUp})
		c.tasks.Go(func() {
			_ = c.kv.Delete(ctx, n.Call)
			c.free <- h.desk
		})
	}
}
