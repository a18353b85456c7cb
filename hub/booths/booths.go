// Package booths speaks to the booths over NATS: it answers what they ask,
// tells them what happens to their calls, and relays the signals of each call
// between the booth and the desk.
//
// All hubs take booths' requests from one queue group, so any hub may answer
// any booth; the signals of a call are relayed by the one hub whose desk it
// rings. Messages come from machines that may have been stolen: the subject,
// which NATS has checked against the booth's credentials, tells whose they are,
// never their content. It keeps nothing on disk. Run owns its goroutines.
package booths

import (
	"context"
	"errors"
	"fmt"
	"hash/maphash"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/nats-io/nats.go"

	"loiret.fr/visioborne/hub/account"
	"loiret.fr/visioborne/hub/directory"
	"loiret.fr/visioborne/hub/queue"
	"loiret.fr/visioborne/hub/wire"
)

const (
	// lanes is how many booths are answered at the same time.
	lanes = 8
	// backlog is how many requests may wait in a lane; more are lost, and asked again.
	backlog = 1024
	// stale is after what time in a lane a request is not answered: the booth has given it up and asked again. Answering it all the
	// same would have all booths of a hub that is short of time wait for answers that come too late, for ever.
	stale = 2 * time.Second
	// share is how many of them may be one booth's: more than a log that it sends has pieces, and few enough that a stolen
	// booth which floods the hub delays the others in its lane for a moment.
	share = 2 * wire.MaxLogPieces
	// again is how often partners are told to booths when nothing changes.
	again = 15 * time.Second
	// together is for how long changes are gathered before booths are told of them, and each how long a booth that is told keeps the
	// next ones waiting: a thousand calls at once change who is free a thousand times, and three thousand booths that were told each
	// time would have the calls themselves wait.
	together = 50 * time.Millisecond
	each     = 3 * time.Millisecond
	// forgotten is after what silence a booth is no longer told.
	forgotten = time.Minute
	// signals is how many signals may follow one offer.
	signals = 200
	// batches is how many half days a booth may bring at once, and batchEvery how often one more: several times the year that a
	// booth keeps, and then 92 MB a day at the very most, so that a stolen booth does not fill the disk before somebody sees it.
	batches    = 5000
	batchEvery = time.Minute
)

// Options are what Booths needs.
type Options struct {
	Conn      *nats.Conn
	Directory *directory.Directory
	// ICEServers gives STUN and TURN servers with credentials for a call.
	ICEServers func(call string) []wire.ICEServer
	// NetworkTest gives what a test of a site's network needs.
	NetworkTest func(site string) wire.NetworkTestReply
	// Status takes a booth's status for the hotline.
	Status func(ctx context.Context, site string, s wire.Status) error
	// Connected tells that a site's booth has connected. It must not block for long.
	Connected func(ctx context.Context, site string) error
	// Help takes a call for the hotline's help from a site's booth.
	Help func(ctx context.Context, site, request string) error
	// Logs keeps lines of the log of a site's booth.
	Logs func(ctx context.Context, site string, p wire.LogPiece) error
	// Offer is what a site's booth that runs a version is to install.
	Offer func(ctx context.Context, site, running string) (wire.Offer, error)
	// Configuration is what a site's booth gets that asks for its configuration.
	Configuration func(site string, ask wire.AskConfiguration) (wire.Configuration, error)
	// Usage keeps what a site's booth counted, and tells whether no power cut can take it any more.
	Usage func(ctx context.Context, site string, u wire.Usage) (settled bool, err error)
	// Signalled tells that there are signals for a desk. It must not block.
	Signalled func(desk string)
	Now       func() time.Time
	Log       *slog.Logger
}

// Booths is the hub's side of every booth.
type Booths struct {
	options Options
	changed chan struct{} // one slot: partners may have changed
	batches *account.Brake

	mu      sync.Mutex
	relays  map[string]*relay    // by call
	heard   map[string]time.Time // by site: its last message to this hub
	waiting map[string]int       // by site: its messages that wait in a lane
	epochs  uint64
}

// relay is a call whose signals pass through this hub.
type relay struct {
	call queue.Call
	sub  *nats.Subscription
	// kept are the booth's signals since its last offer; epoch tells one offer's from another's.
	kept  []wire.Signal
	epoch uint64
}

// New returns Booths that Run connects with a queue.
func New(o Options) *Booths {
	return &Booths{
		options: o, changed: make(chan struct{}, 1), batches: account.NewBrake(batches, batchEvery, o.Now),
		relays: map[string]*relay{}, heard: map[string]time.Time{}, waiting: map[string]int{},
	}
}

// Run answers booths until ctx ends.
func (b *Booths) Run(ctx context.Context, q *queue.Queue) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var tasks sync.WaitGroup
	defer tasks.Wait()
	defer cancel()
	// One booth's messages stay in order in one lane; a booth that asks much delays few.
	var lane [lanes]chan asked
	for i := range lane {
		lane[i] = make(chan asked, backlog)
		tasks.Go(func() {
			for {
				select {
				case <-ctx.Done():
					return
				case a := <-lane[i]:
					b.leaveLane(a.msg)
					if !a.stale(b.options.Now()) {
						b.answer(ctx, q, a.msg)
					}
				}
			}
		})
	}
	seed := maphash.MakeSeed()
	sub, err := b.options.Conn.QueueSubscribe(wire.AllUp, wire.Group, func(m *nats.Msg) {
		subject, err := wire.ParseSubject(m.Subject)
		if err != nil {
			b.options.Log.Warn("a booth's message has no known subject", "error", err)
			return
		}
		if !answerable(subject.Site, m.Reply) {
			b.options.Log.Warn("a booth wants its answer sent to where it may not listen; are its credentials stolen?", "site", subject.Site, "verb", subject.Verb)
			return
		}
		if !b.enterLane(subject.Site) {
			return // said once, when its share was full
		}
		select {
		case lane[maphash.String(seed, subject.Site)%lanes] <- asked{m, b.options.Now()}:
		default:
			b.leaveLane(m)
			b.options.Log.Warn("booths ask more than can be answered", "subject", m.Subject)
		}
	})
	if err != nil {
		return fmt.Errorf("subscribing to booths: %w", err)
	}
	defer sub.Unsubscribe()
	defer b.detachAll()

	ticks := time.NewTicker(again)
	defer ticks.Stop()
	told := map[string]queue.Availability{}
	due := time.NewTimer(0)
	defer due.Stop()
	gathers := true
	next := time.Now()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-b.changed:
			if !gathers {
				gathers = true
				due.Reset(max(together, time.Until(next)))
			}
		case <-due.C:
			gathers = false
			now := b.availability(q)
			if !maps.Equal(told, now) {
				told = now
				next = time.Now().Add(time.Duration(b.tellPartners(now)) * each)
			}
		case <-ticks.C:
			b.tellPartners(b.availability(q))
		}
	}
}

// asked is a booth's message in a lane, and when it came.
type asked struct {
	msg *nats.Msg
	at  time.Time
}

func (a asked) stale(now time.Time) bool { return a.msg.Reply != "" && now.Sub(a.at) > stale }

// answerable tells whether a site's booth may have its answer sent to a subject. NATS checks what a booth publishes to, but
// not where it wants the answer: the hub, which may publish anywhere, would write for it into other booths' subjects and
// JetStream's own, which empty streams.
func answerable(site, reply string) bool {
	return reply == "" || strings.HasPrefix(reply, wire.InboxPrefix(site)+".")
}

// enterLane counts a message of a site's booth; false when its share is full.
func (b *Booths) enterLane(site string) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.waiting[site] == share {
		b.waiting[site]++
		b.options.Log.Warn("a booth asks more than can be answered; what it sends is dropped for a moment", "site", site)
	}
	if b.waiting[site] > share {
		return false
	}
	b.waiting[site]++
	return true
}

func (b *Booths) leaveLane(m *nats.Msg) {
	subject, err := wire.ParseSubject(m.Subject)
	if err != nil {
		return // checked before
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	// One more than its share marks a full one.
	if n := min(b.waiting[subject.Site], share) - 1; n > 0 {
		b.waiting[subject.Site] = n
	} else {
		delete(b.waiting, subject.Site)
	}
}

// Changed is to be called when something has changed in the queue.
func (b *Booths) Changed() {
	select {
	case b.changed <- struct{}{}:
	default:
	}
}

func (b *Booths) availability(q *queue.Queue) map[string]queue.Availability {
	all := map[string]queue.Availability{}
	for _, p := range b.options.Directory.Partners() {
		all[p.ID] = q.Availability(p.ID)
	}
	return all
}

// tellPartners tells every booth that speaks to this hub who can answer, and returns how many those are.
func (b *Booths) tellPartners(all map[string]queue.Availability) int {
	now := b.options.Now()
	b.mu.Lock()
	maps.DeleteFunc(b.heard, func(_ string, at time.Time) bool { return now.Sub(at) > forgotten })
	sites := slices.Sorted(maps.Keys(b.heard))
	b.mu.Unlock()
	// Most sites have the same partners.
	encoded := map[string][]byte{}
	for _, site := range sites {
		ids := b.partnersOf(site)
		key := strings.Join(ids, " ")
		data, ok := encoded[key]
		if !ok {
			var err error
			if data, err = wire.Encode(wire.Partners{Partners: partners(ids, all)}); err != nil {
				b.options.Log.Error("what partners can answer could not be told", "error", err)
				continue
			}
			encoded[key] = data
		}
		b.publish(wire.Down(site, wire.VerbPartners), data)
	}
	return len(sites)
}

// partnersOf are the ids of a site's partners, all that its booth may know of.
func (b *Booths) partnersOf(site string) []string {
	s, ok := b.options.Directory.Site(site)
	if !ok {
		return nil
	}
	var ids []string
	for _, p := range s.Partners {
		ids = append(ids, p.ID)
	}
	return ids
}

// partners is what a booth is told of those.
func partners(ids []string, of map[string]queue.Availability) []wire.Availability {
	all := []wire.Availability{}
	for _, id := range ids {
		a := of[id]
		all = append(all, wire.Availability{ID: id, Online: a.Online, Free: a.Free, Waiting: a.Waiting})
	}
	return all
}

func (b *Booths) send(subject string, m wire.Message) {
	data, err := wire.Encode(m)
	if err != nil {
		b.options.Log.Error("a message to a booth is lost", "subject", subject, "error", err)
		return
	}
	b.publish(subject, data)
}

func (b *Booths) publish(subject string, data []byte) {
	if err := b.options.Conn.Publish(subject, data); err != nil {
		b.options.Log.Error("a message to a booth is lost", "subject", subject, "error", err)
	}
}

func (b *Booths) reply(m *nats.Msg, with wire.Message) {
	if m.Reply != "" {
		b.send(m.Reply, with)
	}
}

// answer takes one message of a booth.
func (b *Booths) answer(ctx context.Context, q *queue.Queue, m *nats.Msg) {
	subject, err := wire.ParseSubject(m.Subject)
	if err != nil {
		return // checked before
	}
	site, log := subject.Site, b.options.Log.With("site", subject.Site, "verb", subject.Verb)
	b.mu.Lock()
	b.heard[site] = b.options.Now()
	b.mu.Unlock()
	switch subject.Verb {
	case wire.VerbHello:
		err = b.hello(ctx, q, site, m)
	case wire.VerbPlace:
		err = b.place(ctx, q, site, m)
	case wire.VerbAlive:
		err = b.alive(ctx, q, site, m)
	case wire.VerbAccept:
		err = b.accept(ctx, q, site, m)
	case wire.VerbLeave:
		err = b.leave(ctx, q, site, m)
	case wire.VerbHelp:
		err = b.help(ctx, site, m)
	case wire.VerbNetworkTest:
		err = b.networkTest(site, m)
	case wire.VerbStatus:
		var s wire.Status
		if s, err = wire.Decode[wire.Status](m.Data); err == nil {
			err = errors.Join(b.options.Status(ctx, site, s), b.occupied(ctx, q, site, s.Phase))
		}
	case wire.VerbRelease:
		err = b.release(ctx, site, m)
	case wire.VerbConfiguration:
		err = b.configuration(site, m)
	case wire.VerbUsage:
		err = b.usage(ctx, site, m)
	case wire.VerbLogs:
		var p wire.LogPiece
		if p, err = wire.Decode[wire.LogPiece](m.Data); err == nil {
			err = b.options.Logs(ctx, site, p)
		}
	default:
		err = errors.New("not something that a booth sends")
	}
	if err != nil && ctx.Err() == nil {
		log.Warn("a booth's message was not taken", "error", err)
	}
}

func (b *Booths) hello(ctx context.Context, q *queue.Queue, site string, m *nats.Msg) error {
	hello, err := wire.Decode[wire.Hello](m.Data)
	if err != nil {
		return err
	}
	if _, known := b.options.Directory.Site(site); !known {
		b.options.Log.Warn("a booth of an unknown site has connected; give the hub its file with -sites", "site", site)
	}
	// Not answering makes the booth ask again.
	if err := q.Keep(ctx, site, hello.Calls); err != nil {
		return err
	}
	b.options.Log.Info("booth connected", "site", site, "version", hello.Version)
	b.reply(m, wire.Welcome{Time: b.options.Now().UTC(), Partners: partners(b.partnersOf(site), b.availability(q))})
	return b.options.Connected(ctx, site)
}

// TellReleases has every booth that speaks to this hub ask what it is to install.
func (b *Booths) TellReleases() {
	b.mu.Lock()
	sites := slices.Sorted(maps.Keys(b.heard))
	b.mu.Unlock()
	for _, site := range sites {
		b.send(wire.Down(site, wire.VerbRelease), wire.Offer{})
	}
}

// Ask sends a site's booth what the hotline asks of it. What comes of it is in its status.
func (b *Booths) Ask(site string, verb wire.Verb, m wire.Message) {
	b.options.Log.Info("the hotline asks something of a booth", "site", site, "verb", verb)
	b.send(wire.Down(site, verb), m)
}

// help rings the hotline. A booth that gets no answer, or a bad one, shows the number.
func (b *Booths) help(ctx context.Context, site string, m *nats.Msg) error {
	ask, err := wire.Decode[wire.Help](m.Data)
	if err != nil {
		b.reply(m, wire.HelpReply{Code: wire.CodeMalformed})
		return err
	}
	if _, known := b.options.Directory.Site(site); !known {
		b.reply(m, wire.HelpReply{Code: wire.CodeUnknownSite})
		return nil
	}
	if err := b.options.Help(ctx, site, ask.Request); err != nil {
		b.reply(m, wire.HelpReply{Code: wire.CodeUnavailable})
		return err
	}
	b.options.Log.Info("a citizen calls the hotline for help", "site", site)
	b.reply(m, wire.HelpReply{Request: ask.Request})
	return nil
}

// release answers what is to be installed. Without an answer the booth asks again.
func (b *Booths) release(ctx context.Context, site string, m *nats.Msg) error {
	ask, err := wire.Decode[wire.AskRelease](m.Data)
	if err != nil {
		return err
	}
	offer, err := b.options.Offer(ctx, site, ask.Version)
	if err != nil {
		return err
	}
	b.reply(m, offer)
	return nil
}

// TellConfiguration has a site's booth ask for its configuration.
func (b *Booths) TellConfiguration(site string) {
	b.send(wire.Down(site, wire.VerbConfiguration), wire.AskConfiguration{})
}

// configuration answers with that of the very site whose credentials asked. Without an answer the booth asks again.
func (b *Booths) configuration(site string, m *nats.Msg) error {
	ask, err := wire.Decode[wire.AskConfiguration](m.Data)
	if err != nil {
		return err
	}
	c, err := b.options.Configuration(site, ask)
	if err != nil {
		return err
	}
	b.reply(m, c)
	return nil
}

func (b *Booths) place(ctx context.Context, q *queue.Queue, site string, m *nats.Msg) error {
	p, err := wire.Decode[wire.Place](m.Data)
	if err != nil {
		b.reply(m, wire.PlaceReply{Code: wire.CodeMalformed})
		return err
	}
	if code := b.options.Directory.Refuse(site, p.Partner, b.options.Now()); code != "" {
		b.options.Log.Info("call refused", "site", site, "partner", p.Partner, "code", code)
		b.reply(m, refusal(p.Call, code))
		return nil
	}
	s, _ := b.options.Directory.Site(site)
	// A booth may know needs that this hub does not, or no longer: they are no reason to refuse a call.
	if need, known := s.Need(p.Need); !known || need.Partner != p.Partner {
		p.Need = ""
	}
	placed, err := q.Place(ctx, queue.Call{ID: p.Call, Partner: p.Partner, Site: site, SiteName: s.Site.Name, Language: p.Language, Need: p.Need})
	if err != nil {
		b.reply(m, refusal(p.Call, wire.CodeUnavailable))
		return err
	}
	b.reply(m, reply(placed))
	// A booth that asks again may have missed what was said meanwhile.
	switch placed.Call.State {
	case queue.Ringing:
		b.tellRinging(placed.Call)
	case queue.Answered:
		b.tellAnswered(placed.Call, placed.Adviser)
	case queue.Waiting, queue.Dropped, queue.Recalling:
	}
	return nil
}

// occupied: a citizen who chooses a partner or a language is another one than the one whose call broke.
func (b *Booths) occupied(ctx context.Context, q *queue.Queue, site, phase string) error {
	if phase != "browsing" && phase != "choosing" {
		return nil
	}
	return q.Occupied(ctx, site)
}

// accept: a citizen wants to be called back.
func (b *Booths) accept(ctx context.Context, q *queue.Queue, site string, m *nats.Msg) error {
	a, err := wire.Decode[wire.Accept](m.Data)
	if err != nil {
		b.reply(m, wire.PlaceReply{Code: wire.CodeMalformed})
		return err
	}
	placed, err := q.Accept(ctx, site, a.Call)
	if err == nil {
		// A booth that asks again may have missed what was said meanwhile.
		defer b.tellAnswered(placed.Call, placed.Adviser)
	}
	return b.replyPlaced(m, a.Call, placed, err)
}

// replyPlaced tells a booth how a call of its stands, or that it is gone.
func (b *Booths) replyPlaced(m *nats.Msg, call string, placed queue.Placed, err error) error {
	switch {
	case errors.Is(err, queue.ErrGone):
		b.reply(m, refusal(call, wire.CodeGone))
		return nil
	case err != nil:
		b.reply(m, refusal(call, wire.CodeUnavailable))
		return err
	}
	b.reply(m, reply(placed))
	return nil
}

func reply(p queue.Placed) wire.PlaceReply {
	return wire.PlaceReply{Placed: wire.Placed{
		Call: p.Call.ID, Place: p.Place, Free: p.Availability.Free, Online: p.Availability.Online,
	}}
}

func refusal(call string, code wire.Code) wire.PlaceReply {
	return wire.PlaceReply{Placed: wire.Placed{Call: call}, Code: code}
}

func (b *Booths) alive(ctx context.Context, q *queue.Queue, site string, m *nats.Msg) error {
	a, err := wire.Decode[wire.Alive](m.Data)
	if err != nil {
		b.reply(m, wire.PlaceReply{Code: wire.CodeMalformed})
		return err
	}
	placed, err := q.Alive(ctx, site, a.Call)
	return b.replyPlaced(m, a.Call, placed, err)
}

func (b *Booths) leave(ctx context.Context, q *queue.Queue, site string, m *nats.Msg) error {
	l, err := wire.Decode[wire.Leave](m.Data)
	if err != nil {
		return err
	}
	// Without an answer the booth tries again.
	if err := q.Leave(ctx, site, l.Call, l.Reason); err != nil {
		return err
	}
	b.options.Log.Info("call left", "site", site, "call", l.Call, "reason", l.Reason)
	b.reply(m, wire.Left{Call: l.Call})
	return nil
}

// usage keeps counts. Without an answer the booth offers them again.
func (b *Booths) usage(ctx context.Context, site string, m *nats.Msg) error {
	u, err := wire.Decode[wire.Usage](m.Data)
	if err != nil {
		b.reply(m, wire.UsageReply{Code: wire.CodeMalformed})
		return err
	}
	if wait := b.batches.Try(site); wait > 0 {
		return fmt.Errorf("keeping counts: the booth brings more half days than it can have counted; the next one is taken in %s", wait)
	}
	settled, err := b.options.Usage(ctx, site, u)
	if err != nil {
		return err
	}
	b.options.Log.Info("counts kept", "site", site, "half_day", u.HalfDay, "settled", settled)
	b.reply(m, wire.UsageReply{HalfDay: u.HalfDay, Batch: u.Batch, Unsettled: !settled})
	return nil
}

func (b *Booths) networkTest(site string, m *nats.Msg) error {
	if _, err := wire.Decode[wire.NetworkTest](m.Data); err != nil {
		return err
	}
	b.options.Log.Info("the network of a booth is tested", "site", site)
	b.reply(m, b.options.NetworkTest(site))
	return nil
}
