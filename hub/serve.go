package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/nats-io/nats.go/jetstream"

	"loiret.fr/visioborne/config"
	"loiret.fr/visioborne/hub/account"
	"loiret.fr/visioborne/hub/alert"
	"loiret.fr/visioborne/hub/api"
	"loiret.fr/visioborne/hub/audit"
	"loiret.fr/visioborne/hub/backup"
	"loiret.fr/visioborne/hub/booths"
	"loiret.fr/visioborne/hub/broker"
	"loiret.fr/visioborne/hub/desk"
	"loiret.fr/visioborne/hub/directory"
	"loiret.fr/visioborne/hub/enrol"
	"loiret.fr/visioborne/hub/hotline"
	"loiret.fr/visioborne/hub/queue"
	"loiret.fr/visioborne/hub/reception"
	"loiret.fr/visioborne/hub/release"
	"loiret.fr/visioborne/hub/roster"
	"loiret.fr/visioborne/hub/signin"
	"loiret.fr/visioborne/hub/speed"
	"loiret.fr/visioborne/hub/token"
	"loiret.fr/visioborne/hub/turn"
	"loiret.fr/visioborne/hub/usage"
	"loiret.fr/visioborne/hub/web"
	"loiret.fr/visioborne/hub/wire"
)

// options are what `hub serve` is told.
type options struct {
	addr, state   string
	directory     *directory.Directory
	grid          config.Grid // the Loiret's when it has no rows
	public        netip.Addr
	turn          turnOptions
	relays        *turn.Server   // elsewhere; nil: the hub serves STUN and TURN
	cluster       broker.Cluster // the zero value: the hub has a NATS server of its own
	tls           tlsOptions
	demonstration []account.Account
	provider      signin.Provider
	auditKeep     time.Duration
	alerts        alert.Settings // without channels there are none
	notice        time.Duration  // to sites' managers, before a configuration changes
	publicURL     string         // as browsers have it; "" when it is not known
	pages         fs.FS
	log           *slog.Logger
	// ready is called with the address once the hub serves.
	ready func(net.Addr)
}

// turnOptions are TURN's ways beside UDP; each is off when it has no address.
type turnOptions struct{ tcp, tls, cert, key, name string }

// serve runs the hub until ctx ends or a part of it fails.
func serve(ctx context.Context, o options) (err error) {
	before, err := backup.TakeOver(o.state, time.Now())
	if err != nil {
		return err
	}
	if before != "" {
		o.log.Warn("the hub goes on with the state that was restored; what it had is moved aside", "before", before)
	}
	if err := backup.Whole(o.state); err != nil {
		return err
	}
	certificates, err := openCertificates(o)
	if err != nil {
		return err
	}
	plain, err := listenPlain(o.tls)
	if err != nil {
		return err
	}
	defer plain.Close()
	listener, relay, err := openPort(o, certificates)
	if err != nil {
		return err
	}
	defer listener.Close()
	defer func() { err = errors.Join(err, relay.Close()) }()
	keys, err := broker.OpenKeys(o.state)
	if err != nil {
		return err
	}
	nats, err := openBroker(ctx, o, keys)
	if err != nil {
		return err
	}
	defer nats.Close()
	js, err := nats.Store()
	if err != nil {
		return err
	}

	// Pages end first, then what they stand on: an adviser's leaving must still reach the line.
	line, endLine := context.WithCancel(context.WithoutCancel(ctx))
	defer endLine()
	front, endFront := context.WithCancel(ctx)
	defer endFront()

	authority, err := broker.OpenAuthority(o.state, keys)
	if err != nil {
		return err
	}
	name := uuid.NewString() // of this hub among all; a new one at every start
	share, unshare := shareBrakes(o, nats.Conn(), name)
	defer unshare()
	enrolment, err := enrol.Open(ctx, enrol.Options{
		JetStream: js, Issuer: authority, Files: o.directory.ForBooth, Revoke: nats.Revoke,
		ReleaseKey: func() (string, error) { return releaseKey(o.state) },
		Share:      share, Now: time.Now, Log: o.log,
	})
	if err != nil {
		return err
	}
	releases, err := release.OpenStore(ctx, js)
	if err != nil {
		return err
	}
	counts, err := usage.OpenStore(ctx, usage.Options{JetStream: js, Settle: 2 * broker.SyncInterval, Now: time.Now})
	if err != nil {
		return err
	}
	grid, err := openGrid(ctx, o, js, counts)
	if err != nil {
		return err
	}
	sessions, err := account.OpenSessions(ctx, js, time.Now)
	if err != nil {
		return err
	}
	record, err := audit.Open(ctx, js, cmp.Or(o.auditKeep, audit.Keep), time.Now, o.log)
	if err != nil {
		return err
	}
	accounts, err := openAccounts(ctx, js, o)
	if err != nil {
		return err
	}
	var kiosks *booths.Booths
	var fleet *hotline.Hotline
	configurations, err := openSites(ctx, js, o, record, func(site string) { kiosks.TellConfiguration(site) }, func() {
		if fleet != nil { // at the start it is opened after this
			fleet.SetSites(o.directory.Sites())
		}
	})
	if err != nil {
		return err
	}
	// To read thousands of sites takes several times the memory that is kept of them.
	debug.FreeOSMemory()
	signIn, err := signin.New(signin.Options{
		Accounts: accounts, Sessions: sessions, Audit: record, Provider: o.provider, Share: share, Now: time.Now, Log: o.log,
	})
	if err != nil {
		return err
	}
	staff := roster.New(roster.Options{Accounts: accounts, Directory: o.directory, Audit: record, Now: time.Now, Log: o.log})
	fleet, err = hotline.Open(front, hotline.Options{
		JetStream: js, Sites: o.directory.Sites(),
		Ask:    func(site string, verb wire.Verb, m wire.Message) { kiosks.Ask(site, verb, m) },
		Wanted: configurations.Wanted,
		Rings:  func(ctx context.Context) (map[string]string, error) { return updateRings(ctx, releases, o.directory) },
		Audit: func(ctx context.Context, who, action, site, detail string) error {
			return record.Record(ctx, audit.Entry{Who: who, Action: "booth_" + strings.ReplaceAll(action, "-", "_"), Site: site, Detail: detail})
		},
		SignIn: signIn, Now: time.Now, Log: o.log,
	})
	if err != nil {
		return err
	}
	tokens, err := token.OpenStore(ctx, js)
	if err != nil {
		return err
	}
	alerts, err := openAlerts(ctx, js, o, fleet)
	if err != nil {
		return err
	}
	speedSecret, err := broker.OpenSecret(filepath.Join(o.state, "keys", "speed.secret"))
	if err != nil {
		return err
	}
	if o.cluster.External() {
		if err := compareKeys(ctx, js, o.state); err != nil {
			return err
		}
	}
	meter := speed.New(speedSecret, time.Now)
	var desks *desk.Desks
	kiosks = booths.New(booths.Options{
		Conn: nats.Conn(), Directory: o.directory, ICEServers: relay.ICEServers,
		Status: fleet.Seen, Connected: fleet.Connected, Logs: fleet.TakeLogs, Help: fleet.Help,
		Offer: func(ctx context.Context, site, running string) (wire.Offer, error) {
			return releases.Offer(ctx, site, running, siteIDs(o.directory), time.Now())
		},
		NetworkTest: func(site string) wire.NetworkTestReply {
			token, expires := meter.Token(site)
			return wire.NetworkTestReply{
				Time: time.Now().UTC(), SpeedPath: wire.SpeedPath, SpeedToken: token, Expires: expires, ICEServers: relay.TestServers(site),
			}
		},
		Configuration: configurations.Answer,
		Usage:         counts.Add,
		Signalled:     func(id string) { desks.Touched(id) },
		Now:           time.Now, Log: o.log,
	})
	calls, err := queue.Open(ctx, queue.Options{
		JetStream: js, Hub: name, Tell: kiosks.Tell,
		Touched: func(ids []string) { desks.Touched(ids...) },
		Changed: func() { kiosks.Changed(); desks.Changed() },
		Now:     time.Now, Log: o.log,
	})
	if err != nil {
		return err
	}
	nats.OnReconnect(calls.TellAgain)
	desks = desk.New(front, desk.Options{
		Queue: calls, Booths: kiosks, SignIn: signIn, Directory: o.directory, ICEServers: relay.ICEServers, Now: time.Now, Log: o.log,
	})
	ways, err := nats.Websockets()
	if err != nil {
		return err
	}
	trust, err := o.cluster.TLS()
	if err != nil {
		return err
	}
	server := &http.Server{
		Handler: routes(o.pages, web.Proxy(ways, trust, o.log), nats.Healthy, func(mux *http.ServeMux, files http.Handler) {
			administrators := func(next http.Handler) http.Handler { return signIn.Require(next, account.RoleAdministrator) }
			signIn.Routes(mux, files, desks.SignedOut)
			desks.Routes(mux, files)
			fleet.Routes(mux, files)
			grid.Routes(mux, func(next http.Handler) http.Handler {
				return signIn.Require(next, account.RoleAgent, account.RoleManager)
			}, files)
			reception.New(reception.Options{
				Booth: fleet.Booth, Ask: kiosks.Ask,
				Partners: func(site string) []config.Partner {
					if b, ok := o.directory.Site(site); ok {
						return b.Partners
					}
					return nil
				},
				Audit: func(ctx context.Context, who, action, site, detail string) error {
					return record.Record(ctx, audit.Entry{Who: who, Action: action, Site: site, Detail: detail})
				},
				SignIn: signIn, Log: o.log,
			}).Routes(mux, files)
			staff.Routes(mux, administrators, files)
			configurations.Routes(mux, siteGuards(signIn, fleet), files)
			record.Routes(mux, administrators, files)
		}, func(mux *http.ServeMux) {
			enrolment.Routes(mux, authority.Time())
			releases.Routes(mux, o.log)
			meter.Routes(mux)
			api.New(api.Options{Hotline: fleet, Sites: configurations, Tokens: tokens, Log: o.log}).Routes(mux)
		}),
		ReadHeaderTimeout: 10 * time.Second,
		IdleTimeout:       2 * time.Minute,
		ErrorLog:          serverLog(o.log),
	}

	var parts parts
	parts.run(endFront, func() error { return calls.Run(line) })
	parts.run(endFront, func() error { return kiosks.Run(line, calls) })
	parts.run(endFront, func() error { return fleet.Run(line) })
	parts.run(endFront, func() error { return configurations.Run(line) })
	if alerts != nil {
		parts.run(endFront, func() error { return alerts.Run(line) })
	}
	parts.run(endFront, func() error { return enrolment.Run(line) })
	parts.run(endFront, func() error { return sessions.WatchEnded(line, desks.Ended) })
	parts.run(endFront, func() error { return releases.Watch(line, kiosks.TellReleases) })
	parts.run(endFront, func() error {
		if err := certificates.serve(server, listener); !errors.Is(err, http.ErrServerClosed) {
			return fmt.Errorf("serving pages: %w", err)
		}
		return nil
	})
	parts.run(endFront, func() error { return plain.redirect(front, certificates, listener.Addr(), o.log) })
	parts.run(endFront, func() error { return sayAlive(front, nats.Alive, o.log) })
	if err := keepHere(o.state, hereOf(o, ways)); err != nil {
		return err
	}
	o.log.Info("hub ready", "address", listener.Addr().String())
	o.ready(listener.Addr())
	sayReady(o.log)
	<-front.Done()
	sayStopping(o.log)
	desks.Wait()
	fleet.Wait()
	server.Close()
	endLine()
	return parts.wait()
}

// openPort opens the hub's one port, and STUN and TURN beside it unless they are served elsewhere.
func openPort(o options, certificates certificates) (net.Listener, *turn.Server, error) {
	if o.relays != nil {
		l, err := net.Listen("tcp", o.addr)
		if err != nil {
			return nil, nil, fmt.Errorf("listening: %w", err)
		}
		return l, o.relays, nil
	}
	l, packets, err := listen(o.addr)
	if err != nil {
		return nil, nil, err
	}
	relay, err := openRelay(o, packets, certificates)
	if err != nil {
		packets.Close()
		l.Close()
		return nil, nil, err
	}
	return l, relay, nil
}

// openBroker joins the NATS cluster that was named, or starts a server.
func openBroker(ctx context.Context, o options, keys broker.Keys) (*broker.Broker, error) {
	if o.cluster.External() {
		return broker.Join(ctx, o.state, keys, o.cluster, o.log)
	}
	return broker.Open(o.state, keys, o.log)
}

// hereOf is what commands on this machine need to know; ways are where an embedded server takes websockets.
func hereOf(o options, ways []*url.URL) here {
	h := here{Servers: o.cluster.Servers, CA: o.cluster.CA, Replicas: max(1, o.cluster.Replicas), Sites: o.directory.Sites()}
	if !o.cluster.External() {
		h.Servers = []string{"ws://" + ways[0].Host}
	}
	return h
}

// openAccounts opens the accounts, with those that have waited for the hub's start.
func openAccounts(ctx context.Context, js jetstream.JetStream, o options) (*account.Accounts, error) {
	accounts, err := account.Open(ctx, js, o.demonstration...)
	if err != nil {
		return nil, err
	}
	taken, left, err := accounts.Take(o.state)
	if err != nil {
		return nil, err
	}
	if taken+left > 0 {
		o.log.Info("accounts taken from the state directory", "taken", taken, "there_already", left)
	}
	return accounts, nil
}

// openAlerts opens what tells people of booths; nil when nobody is to be told.
func openAlerts(ctx context.Context, js jetstream.JetStream, o options, fleet *hotline.Hotline) (*alert.Alerts, error) {
	channels, err := o.alerts.Channels()
	if err != nil || len(channels) == 0 {
		return nil, err
	}
	return alert.Open(ctx, alert.Options{
		JetStream: js, Booths: func() []hotline.Booth { return fleet.View().Booths }, Channels: channels,
		Delay: o.alerts.Delay, Page: o.alerts.Page, Now: time.Now, Log: o.log,
	})
}

// updateRings are the rings in which sites get updates.
func updateRings(ctx context.Context, releases *release.Store, d *directory.Directory) (map[string]string, error) {
	rings, err := releases.RingsOf(ctx, siteIDs(d))
	if err != nil {
		return nil, err
	}
	all := make(map[string]string, len(rings))
	for site, ring := range rings {
		all[site] = string(ring)
	}
	return all, nil
}

// releaseKey is the key by which booths know releases; "" when there is none.
func releaseKey(state string) (string, error) {
	key, err := release.Trusted(state)
	if key == nil || err != nil {
		return "", err
	}
	return wire.EncodeReleaseKey(key), nil
}

// openRelay opens STUN and TURN on packets and on the other ways that it was told.
func openRelay(o options, packets net.PacketConn, certificates certificates) (*turn.Server, error) {
	secret, err := broker.OpenSecret(filepath.Join(o.state, "keys", "turn.secret"))
	if err != nil {
		return nil, err
	}
	t := turn.Options{Packets: packets, Name: o.turn.name, Public: o.public, Secret: secret, Log: o.log}
	if o.turn.tls != "" {
		t.Certificate = certificates.source()
	}
	var listeners []net.Listener
	opened := false
	defer func() {
		for _, l := range listeners {
			if !opened {
				l.Close()
			}
		}
	}()
	for _, way := range []struct {
		flag, addr string
		to         *net.Listener
	}{{"-turn-tcp", o.turn.tcp, &t.TCP}, {"-turn-tls", o.turn.tls, &t.TLS}} {
		if way.addr == "" {
			continue
		}
		l, err := net.Listen("tcp", way.addr)
		if err != nil {
			return nil, fmt.Errorf("listening for TURN: %w; give %s a host:port that is free on this machine", err, way.flag)
		}
		*way.to = l
		listeners = append(listeners, l)
	}
	relay, err := turn.Open(t)
	opened = err == nil
	return relay, err
}

func siteIDs(d *directory.Directory) []string {
	var ids []string
	for _, s := range d.Sites() {
		ids = append(ids, s.ID)
	}
	slices.Sort(ids)
	return ids
}

// parts are what runs beside each other; the first that fails ends all.
type parts struct {
	tasks sync.WaitGroup
	mu    sync.Mutex
	errs  []error
}

func (p *parts) run(end func(), f func() error) {
	p.tasks.Go(func() {
		if err := f(); err != nil {
			p.mu.Lock()
			p.errs = append(p.errs, err)
			p.mu.Unlock()
			end()
		}
	})
}

func (p *parts) wait() error {
	p.tasks.Wait()
	return errors.Join(p.errs...)
}

func routes(built fs.FS, nats http.Handler, healthy func() error, forPeople func(*http.ServeMux, http.Handler), forBooths func(*http.ServeMux)) http.Handler {
	pages := http.NewServeMux()
	files := web.Files(built, "sign-in", "password", "desk", "hotline", "figures", "accounts", "audit", "reception", "sites", "common")
	forPeople(pages, files)
	pages.Handle("GET /common/", files)
	all := http.NewServeMux()
	all.Handle("/", web.Headers(pages))
	all.Handle("GET /nats", nats)
	all.Handle("GET /healthz", web.Health(healthy))
	forBooths(all)
	return all
}

// listen opens the hub's one port: TCP for pages and booths, UDP for STUN and TURN.
func listen(addr string) (net.Listener, net.PacketConn, error) {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, nil, fmt.Errorf("listening on %q: %w; expected host:port", addr, err)
	}
	// When any port will do, the one that TCP gets may be taken for UDP.
	for attempt := 1; ; attempt++ {
		l, err := net.Listen("tcp", addr)
		if err != nil {
			return nil, nil, fmt.Errorf("listening: %w", err)
		}
		got := l.Addr().(*net.TCPAddr).Port
		p, err := net.ListenPacket("udp", net.JoinHostPort(host, strconv.Itoa(got)))
		if err == nil {
			return l, p, nil
		}
		l.Close()
		if port != "0" || attempt == 10 {
			return nil, nil, fmt.Errorf("listening for STUN and TURN: %w", err)
		}
	}
}
