// Package link is the booth's one connection to its hub: NATS over a websocket.
//
// It says hello, keeps the booth's call in the waiting line, replays what a
// broken connection may have lost, carries the signals of the call, and turns
// what the hub says into events. It dials the hub and nothing else, listens
// nowhere, writes nothing to disk and logs no personal data.
//
// Run owns every goroutine and every piece of state; the methods only leave a
// note for it, so they never block. Subjects and messages are package wire's.
package link

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/url"
	"sync"
	"time"

	"github.com/nats-io/nats.go"

	"loiret.fr/visioborne/hub/wire"
)

// ProxyPath is where the hub's one port takes NATS over websocket.
const ProxyPath = "/nats"

// pace is every interval of a Link; tests run at a faster one.
type pace struct {
	request  time.Duration // the longest that one request waits for its answer
	hello    time.Duration // between two hellos to a hub that does not answer
	alive    time.Duration // between two signs of life of a waiting call
	status   time.Duration // between two statuses, when nothing changes
	silence  time.Duration // a hub that says nothing for this long is greeted again
	place    time.Duration // the longest that placing a call may take, all tries together
	leave    time.Duration // between two tries of leaving
	leaveFor time.Duration // leaving is given up after this: the hub has noticed the silence
	retryMin time.Duration // before the first try to reconnect
	retryMax time.Duration // between later tries
	ping     time.Duration // a dead connection is noticed within two of these
}

var booths = pace{
	request: 2 * time.Second, hello: 2 * time.Second, alive: 3 * time.Second, status: 15 * time.Second,
	silence: 45 * time.Second, place: 8 * time.Second, leave: time.Second, leaveFor: 30 * time.Second,
	retryMin: 200 * time.Millisecond, retryMax: 5 * time.Second, ping: 5 * time.Second,
}

// Options are what a Link needs.
type Options struct {
	// URL is the hub's address: ws://host:port, or wss://host:port. A path, if
	// there is one, takes the place of ProxyPath.
	URL string
	// Credentials are the text of a .creds file. Without them CredentialsFile is
	// read, anew at every connection, so that it may be replaced.
	Credentials     []byte
	CredentialsFile string
	// Site is the booth's site, for which the credentials were issued.
	Site    string
	Version string
	// Events takes events, in order, from one goroutine. It may block for a moment.
	Events func(Event)
	// Dialer and TLS are the way to the hub, where it is not the direct one.
	Dialer nats.CustomDialer
	TLS    *tls.Config
	Log    *slog.Logger
}

// Link is the connection to the hub.
type Link struct {
	options Options
	pace    pace

	mu    sync.Mutex
	notes []func(*run)  // what Run is to do, in order
	wake  chan struct{} // one slot: there are notes
}

// New returns a Link that Run connects.
func New(o Options) *Link {
	return &Link{options: o, pace: booths, wake: make(chan struct{}, 1)}
}

// Place puts a call in a partner's line, with the id of the need that has led there, or "". Placed, Refused or Unanswered
// follows.
func (l *Link) Place(call, partner, language, need string) {
	l.note(func(r *run) { r.place(wire.Place{Call: call, Partner: partner, Language: language, Need: need}) })
}

// AskHelp rings the hotline. HelpRung or HelpUnanswered follows, and HelpSeen when somebody has seen it.
func (l *Link) AskHelp(request string) {
	l.note(func(r *run) {
		r.request(wire.VerbHelp, wire.Help{Request: request}, func(r *run, b []byte, err error) {
			if err == nil {
				var reply wire.HelpReply
				if reply, err = wire.Decode[wire.HelpReply](b); err == nil && reply.Code == "" {
					r.emit(HelpRung{request})
					return
				}
				r.log.Warn("the hub has not taken a call for help", "code", reply.Code, "error", err)
			}
			r.emit(HelpUnanswered{request})
		})
	})
}

// Leave takes a call out of the line, or tells the hub that it is over. No event of that call follows.
func (l *Link) Leave(call string, reason wire.Reason) {
	l.note(func(r *run) { r.leave(call, reason) })
}

// Accept tells the hub that the citizen wants to be called back. Answered or Ended follows.
func (l *Link) Accept(call, language string) {
	l.note(func(r *run) { r.accept(call, language) })
}

// Signal sends a signal of the call to the desk. While the connection is broken it waits for the next one.
func (l *Link) Signal(call string, s wire.Signal) {
	l.note(func(r *run) { r.publish(wire.UpSignal(r.site, call), s) })
}

// Status is what the hotline sees of the booth; it is sent now and from time to time.
func (l *Link) Status(s wire.Status) {
	l.note(func(r *run) {
		r.status = &s
		r.sendStatus()
	})
}

// SendLogs gives the hub the lines that it asked for, in as many messages as they need.
func (l *Link) SendLogs(collection string, lines []string) {
	l.note(func(r *run) {
		parts := logPieces(lines)
		for i, p := range parts {
			r.publish(wire.Up(r.site, wire.VerbLogs), wire.LogPiece{Collection: collection, Part: i, Parts: len(parts), Lines: p})
		}
	})
}

// logPieces cuts lines into pieces that fit a message each. Of what does not fit into all of them the oldest lines go.
func logPieces(lines []string) [][]string {
	const most = wire.MaxBytes - 1024 // room for what is around the lines
	pieces := [][]string{}
	piece, size := []string{}, 0
	for _, line := range lines {
		quoted, err := json.Marshal(line)
		if err != nil {
			continue // a string cannot fail
		}
		if size+len(quoted)+1 > most {
			pieces = append(pieces, piece)
			piece, size = []string{}, 0
		}
		piece, size = append(piece, line), size+len(quoted)+1
	}
	pieces = append(pieces, piece)
	return pieces[max(0, len(pieces)-wire.MaxLogPieces):]
}

// AskRelease asks what the booth is to install.
func (l *Link) AskRelease(ctx context.Context) (wire.Offer, error) {
	offer, err := ask[wire.Offer](ctx, l, wire.VerbRelease, wire.AskRelease{Version: l.options.Version})
	if err != nil {
		return wire.Offer{}, fmt.Errorf("asking the hub for a release: %w", err)
	}
	return offer, nil
}

// AskConfiguration asks for the configuration of the booth's site; sum is that of the one it has.
func (l *Link) AskConfiguration(ctx context.Context, sum string) (wire.Configuration, error) {
	c, err := ask[wire.Configuration](ctx, l, wire.VerbConfiguration, wire.AskConfiguration{Sum: sum})
	if err != nil {
		return wire.Configuration{}, fmt.Errorf("asking the hub for the site's configuration: %w", err)
	}
	return c, nil
}

// NetworkTest asks the hub for what a test of the network needs.
func (l *Link) NetworkTest(ctx context.Context) (wire.NetworkTestReply, error) {
	reply, err := ask[wire.NetworkTestReply](ctx, l, wire.VerbNetworkTest, wire.NetworkTest{})
	if err != nil {
		return wire.NetworkTestReply{}, fmt.Errorf("asking the hub for a test of the network: %w", err)
	}
	return reply, nil
}

// ErrRefused: the hub will never take what it was sent.
var ErrRefused = errors.New("the hub cannot read it; does it run an older version?")

// ErrUnsettled: the hub has what it was sent, but not for good yet. It is to be sent again in a while.
var ErrUnsettled = errors.New("the hub has it, but a power cut there may still take it")

// SendUsage gives counts to the hub; nil: the hub has them for good.
func (l *Link) SendUsage(ctx context.Context, u wire.Usage) error {
	reply, err := ask[wire.UsageReply](ctx, l, wire.VerbUsage, u)
	switch {
	case err != nil:
	case reply.Code != "":
		err = ErrRefused
	case reply.HalfDay != u.HalfDay || reply.Batch != u.Batch:
		err = errors.New("the answer is to other counts")
	case reply.Unsettled:
		err = ErrUnsettled
	}
	if err != nil {
		return fmt.Errorf("giving counts to the hub: %w", err)
	}
	return nil
}

// ask makes one request and waits, unlike the other methods: for the answer, or for ctx to end.
func ask[A wire.Message](ctx context.Context, l *Link, verb wire.Verb, m wire.Message) (A, error) {
	type answer struct {
		reply A
		err   error
	}
	answers := make(chan answer, 1)
	l.note(func(r *run) {
		r.request(verb, m, func(_ *run, b []byte, err error) {
			a := answer{err: err}
			if err == nil {
				a.reply, a.err = wire.Decode[A](b)
			}
			answers <- a
		})
	})
	select {
	case a := <-answers:
		return a.reply, a.err
	case <-ctx.Done():
		var none A
		return none, ctx.Err()
	}
}

func (l *Link) note(f func(*run)) {
	l.mu.Lock()
	l.notes = append(l.notes, f)
	l.mu.Unlock()
	select {
	case l.wake <- struct{}{}:
	default:
	}
}

func (l *Link) takeNotes() []func(*run) {
	l.mu.Lock()
	defer l.mu.Unlock()
	notes := l.notes
	l.notes = nil
	return notes
}

// Run connects, stays connected and gives events until ctx ends. It returns an
// error only when connecting can never succeed: an impossible address or site.
func (l *Link) Run(ctx context.Context) error {
	o := l.options
	if err := wire.CheckID("site", o.Site); err != nil {
		return fmt.Errorf("linking to the hub: %w", err)
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	r := &run{
		ctx: ctx, link: l, pace: l.pace, site: o.Site, log: o.Log,
		calls: map[string]*call{},
	}
	r.session, r.endSession = context.WithCancel(ctx)
	nc, err := l.dial(r)
	if err != nil {
		return fmt.Errorf("linking to the hub at %s: %w", o.URL, err)
	}
	defer nc.Close()
	r.nc = nc
	// Before the first connection this waits in the client, as every publish does.
	if _, err := nc.Subscribe(wire.DownOnly(o.Site), func(m *nats.Msg) { l.note(func(r *run) { r.take(m) }) }); err != nil {
		return fmt.Errorf("subscribing to the hub: %w", err)
	}
	r.loop(l.wake)
	r.farewell()
	r.endSession()
	nc.Close()
	r.tasks.Wait()
	return nil
}

func (l *Link) dial(r *run) (*nats.Conn, error) {
	o := l.options
	u, err := url.Parse(o.URL)
	if err != nil {
		return nil, err
	}
	options := []nats.Option{
		nats.Name("booth " + o.Site),
		nats.CustomInboxPrefix(wire.InboxPrefix(o.Site)),
		nats.RetryOnFailedConnect(true),
		nats.MaxReconnects(-1),
		// New credentials may be on their way: never give up.
		nats.IgnoreAuthErrorAbort(),
		// The hub's own port is behind its proxy; what it advertises is of no use here.
		nats.IgnoreDiscoveredServers(),
		nats.CustomReconnectDelay(l.retryDelay),
		nats.PingInterval(l.pace.ping), nats.MaxPingsOutstanding(2),
		nats.Timeout(5 * time.Second),
		// Signals sent during an interruption wait for the next connection.
		nats.ReconnectBufSize(1 << 20),
		nats.ConnectHandler(func(*nats.Conn) { l.note((*run).connected) }),
		nats.ReconnectHandler(func(*nats.Conn) { l.note((*run).connected) }),
		nats.DisconnectErrHandler(func(_ *nats.Conn, err error) { l.note(func(r *run) { r.disconnected(err) }) }),
		nats.ErrorHandler(func(_ *nats.Conn, _ *nats.Subscription, err error) {
			o.Log.Warn("the hub's NATS complained", "error", err)
		}),
	}
	switch u.Scheme {
	case "ws", "wss":
		if u.Path == "" || u.Path == "/" {
			options = append(options, nats.ProxyPath(ProxyPath))
		}
	case "nats", "tls":
	default:
		return nil, fmt.Errorf("scheme %q; expected ws or wss", u.Scheme)
	}
	if o.Dialer != nil {
		options = append(options, nats.SetCustomDialer(o.Dialer))
	}
	if o.TLS != nil && (u.Scheme == "wss" || u.Scheme == "tls") {
		options = append(options, nats.Secure(o.TLS))
	}
	switch {
	case len(o.Credentials) > 0:
		options = append(options, nats.UserCredentialBytes(o.Credentials))
	case o.CredentialsFile != "":
		options = append(options, nats.UserCredentials(o.CredentialsFile))
	}
	nc, err := nats.Connect(o.URL, options...)
	if err != nil && nc == nil {
		return nil, err
	}
	return nc, nil
}

// retryDelay spreads the booths of a département over time when their hub comes back.
func (l *Link) retryDelay(attempt int) time.Duration {
	longest := min(l.pace.retryMin*time.Duration(max(attempt, 1)), l.pace.retryMax)
	return l.pace.retryMin + rand.N(longest)
}

// run is a running Link's state. Only Run's goroutine touches it.
type run struct {
	ctx   context.Context
	link  *Link
	pace  pace
	nc    *nats.Conn
	site  string
	log   *slog.Logger
	tasks sync.WaitGroup // requests under way

	// session ends when the connection breaks: no answer will come to what was asked in it.
	session    context.Context
	endSession context.CancelFunc

	linked    bool      // the hub answers
	greeting  bool      // a hello is under way
	nextHello time.Time // when to greet a hub that does not answer
	heard     time.Time // the hub's last message
	status    *wire.Status
	statusAt  time.Time // when to send it again
	roundTrip *int      // of the hub's NATS, in milliseconds; nil while it is not known
	measuring bool      // it is being measured
	calls     map[string]*call
}

func (r *run) emit(e Event) { r.link.options.Events(e) }

func (r *run) loop(wake <-chan struct{}) {
	tick := time.NewTicker(min(r.pace.alive, r.pace.hello, r.pace.leave) / 4)
	defer tick.Stop()
	for {
		select {
		case <-r.ctx.Done():
			return
		case <-wake:
			for _, f := range r.link.takeNotes() {
				if r.ctx.Err() != nil {
					return
				}
				f(r)
			}
		case now := <-tick.C:
			r.tick(now)
		}
	}
}

// request asks the hub and notes what is to be done with the answer.
func (r *run) request(verb wire.Verb, m wire.Message, then func(*run, []byte, error)) {
	b, err := wire.Encode(m)
	if err != nil {
		r.log.Error("a message to the hub is not fit to be sent", "verb", verb, "error", err)
		then(r, nil, err)
		return
	}
	session := r.session
	r.tasks.Go(func() {
		ctx, cancel := context.WithTimeout(session, r.pace.request)
		defer cancel()
		var answer []byte
		reply, err := r.nc.RequestWithContext(ctx, wire.Up(r.site, verb), b)
		if err == nil {
			answer = reply.Data
		}
		r.link.note(func(r *run) { then(r, answer, err) })
	})
}

func (r *run) publish(subject string, m wire.Message) {
	b, err := wire.Encode(m)
	if err == nil {
		err = r.nc.Publish(subject, b)
	}
	if err != nil {
		r.log.Warn("a message to the hub is lost", "subject", subject, "error", err)
	}
}

// connected: NATS is there; whether a hub is behind it shows when it answers.
func (r *run) connected() {
	r.nextHello = time.Time{}
	r.greet(time.Now())
}

func (r *run) disconnected(err error) {
	if err != nil {
		r.log.Warn("the connection to the hub broke", "error", err)
	}
	r.endSession()
	r.session, r.endSession = context.WithCancel(r.ctx)
	r.unlink()
}

func (r *run) unlink() {
	if !r.linked {
		return
	}
	r.linked, r.roundTrip = false, nil
	r.log.Info("hub out of reach")
	r.emit(Unlinked{})
}

// greet says hello until the hub answers.
func (r *run) greet(now time.Time) {
	if r.greeting || now.Before(r.nextHello) || !r.nc.IsConnected() {
		return
	}
	r.greeting = true
	hello := wire.Hello{Version: r.link.options.Version, Calls: []string{}}
	for id, c := range r.calls {
		if c.phase != leaving {
			hello.Calls = append(hello.Calls, id)
		}
	}
	r.request(wire.VerbHello, hello, func(r *run, b []byte, err error) {
		r.greeting = false
		if errors.Is(err, context.Canceled) {
			return // the connection broke; the next one begins with a hello
		}
		r.nextHello = time.Now().Add(r.pace.hello)
		var welcome wire.Welcome
		if err == nil {
			welcome, err = wire.Decode[wire.Welcome](b)
		}
		if err != nil {
			r.log.Warn("the hub does not answer", "error", err)
			r.unlink()
			return
		}
		r.welcome(welcome)
	})
}

func (r *run) welcome(w wire.Welcome) {
	r.heard = time.Now()
	if !r.linked {
		r.linked = true
		r.log.Info("hub reached")
		r.emit(Linked{w.Time})
	}
	r.emit(Partners{w.Partners})
	r.sendStatus()
	// A hub that was away may have missed anything.
	for _, c := range r.calls {
		c.replay(r)
	}
}

func (r *run) sendStatus() {
	if r.status == nil || !r.linked {
		return
	}
	now := time.Now()
	r.statusAt = now.Add(r.pace.status)
	s := *r.status
	s.Sent, s.RoundTripMS = now.UTC().Truncate(time.Millisecond), r.roundTrip
	r.publish(wire.Up(r.site, wire.VerbStatus), s)
	r.measure()
}

// measure has NATS tell how long it takes to answer, for the next status.
func (r *run) measure() {
	if r.measuring {
		return
	}
	r.measuring = true
	r.tasks.Go(func() {
		took, err := r.nc.RTT()
		r.link.note(func(r *run) {
			r.measuring = false
			if err == nil && r.linked {
				ms := int(took.Milliseconds())
				r.roundTrip = &ms
			}
		})
	})
}

func (r *run) tick(now time.Time) {
	switch {
	case !r.linked:
		r.greet(now)
	case now.Sub(r.heard) > r.pace.silence:
		r.greet(now)
	case now.After(r.statusAt):
		r.sendStatus()
	}
	for _, c := range r.calls {
		c.tick(r, now)
	}
}

// farewell leaves every call, because the booth stops, and gives the hub a moment to hear it.
func (r *run) farewell() {
	if !r.nc.IsConnected() {
		return
	}
	for id := range r.calls {
		r.publish(wire.Up(r.site, wire.VerbLeave), wire.Leave{Call: id, Reason: wire.ReasonFailed})
	}
	if err := r.nc.FlushTimeout(time.Second); err != nil {
		r.log.Warn("the hub did not hear the booth leave", "error", err)
	}
}
