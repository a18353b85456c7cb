package queue

import (
	"cmp"
	"slices"
	"time"
)

// State is how far a call has got.
type State string

const (
	Waiting  State = "waiting"
	Ringing  State = "ringing"
	Answered State = "answered"
	// Dropped: the line broke in mid-call. The desk may call back for a while.
	Dropped State = "dropped"
	// Recalling: the desk calls back, and the booth asks the citizen.
	Recalling State = "recalling"
)

// Call is a call as the bucket of the line holds it.
type Call struct {
	ID       string `json:"call"`
	Partner  string `json:"partner"`
	Site     string `json:"booth"`
	SiteName string `json:"site_name"`
	Language string `json:"language"`
	// Need is the id of what the citizen comes for; "" where none was chosen.
	Need     string    `json:"need,omitempty"`
	PlacedAt time.Time `json:"placed_at"`
	// SeenAt is the booth's last sign of life.
	SeenAt time.Time `json:"seen_at"`
	State  State     `json:"state"`
	// Order is the call's place in the order of arrival: the bucket's revision
	// that created it, so that no two hubs' clocks need to agree. 0 in that very revision.
	Order uint64 `json:"order,omitempty"`
	// Hub speaks to the booth for this call; Desk is the one that rings or has answered.
	Hub  string `json:"hub"`
	Desk string `json:"desk,omitempty"`
	// Filed is the partner under whose key the entry is, of a call that was passed on since: a key cannot change.
	Filed string `json:"filed,omitempty"`
	// From is the partner that passed the call on, and PassedAt when. Returned: nobody was there, and it is back.
	From     string    `json:"from,omitempty"`
	PassedAt time.Time `json:"passed_at,omitzero"`
	Returned bool      `json:"returned,omitempty"`
	// Ring counts how often the call has rung a desk.
	Ring       int       `json:"ring,omitempty"`
	RungAt     time.Time `json:"rung_at,omitzero"`
	AnsweredAt time.Time `json:"answered_at,omitzero"`
	// DroppedAt is when the line broke.
	DroppedAt time.Time `json:"dropped_at,omitzero"`

	revision uint64
}

func (c Call) key() string { return c.filed() + "." + c.ID }

// filed is the partner in whose line the call began.
func (c Call) filed() string {
	if c.Filed != "" {
		return c.Filed
	}
	return c.Partner
}

// Since is when the call came into the line that it is in.
func (c Call) Since() time.Time {
	if !c.PassedAt.IsZero() {
		return c.PassedAt
	}
	return c.PlacedAt
}

// order tells which of two calls came first.
func (c Call) order() uint64 {
	if c.Order == 0 {
		return c.revision
	}
	return c.Order
}

// attached: hub relays this call's signals.
func (c Call) attached(hub string) bool {
	return c.Hub == hub && c.State.busy()
}

// busy: a desk is taken up by a call in that state.
func (s State) busy() bool { return s == Ringing || s == Answered || s == Recalling }

// weight: of two calls that hubs gave one desk at the same moment, the heavier stays.
func (s State) weight() int {
	switch s {
	case Answered:
		return 2
	case Recalling:
		return 1
	case Waiting, Ringing, Dropped:
	}
	return 0
}

// Desk is an adviser's seat as the bucket of desks holds it. Whether it is free
// follows from the line, so that the two buckets cannot contradict each other.
type Desk struct {
	ID      string `json:"desk"`
	Partner string `json:"partner"`
	// Name is what the citizen reads.
	Name string `json:"name"`
	// Hub holds the desk's websocket.
	Hub string `json:"hub"`
	// Available is the adviser's own switch; Absent tells that it was switched off because nobody answered, and Pause
	// why the adviser switched it off.
	Available bool  `json:"available"`
	Absent    bool  `json:"absent,omitempty"`
	Pause     Pause `json:"pause,omitempty"`
	// Gone: the websocket has dropped; the desk may come back.
	Gone bool `json:"gone,omitempty"`
	// SeenAt is the hub's last word that the desk is there, or when it went.
	SeenAt time.Time `json:"seen_at"`
	// FreeSince is when the desk last became free; the one that has been free longest rings first.
	FreeSince time.Time `json:"free_since,omitzero"`

	revision uint64
}

func (d Desk) key() string { return d.Partner + "." + d.ID }

// Pause is why an adviser takes no calls; "" when no reason was given.
type Pause string

const (
	PauseBreak   Pause = "break"
	PauseMeeting Pause = "meeting"
	PauseLunch   Pause = "lunch"
	PauseOther   Pause = "other" // another task
)

// Valid tells whether it is a reason that there is.
func (p Pause) Valid() bool {
	switch p {
	case "", PauseBreak, PauseMeeting, PauseLunch, PauseOther:
		return true
	}
	return false
}

// limits are the times that the line goes by.
type limits struct {
	silent time.Duration // a waiting booth that is silent for this long has gone
	ring   time.Duration // a desk that rings for this long is not attended
	late   time.Duration // after this much more any hub may take the call back from the one that rang
	stale  time.Duration // a desk whose hub is silent for this long rings no more
	lost   time.Duration // a desk in a call, or one that may return, is waited for so long
	recall time.Duration // a call that broke may be called back for so long
	accept time.Duration // a citizen who is called back is asked for so long; the booth gives up before
	nobody time.Duration // a call that was passed on and finds nobody goes back after so long
}

var usual = limits{
	silent: 10 * time.Second, ring: 20 * time.Second, late: 5 * time.Second,
	stale: 15 * time.Second, lost: 60 * time.Second,
	recall: 5 * time.Minute, accept: 40 * time.Second, nobody: 20 * time.Second,
}

// line is what one hub knows of all calls and desks. It is pure: no clock, no store.
type line struct {
	hub   string
	calls map[string]Call // by id
	desks map[string]Desk // by id
	// left are calls that are being deleted, with their last revision, until the bucket says so.
	left map[string]uint64
	// heard is how far the watch of the line has got. This hub may know a call that it
	// took itself before it hears of older ones that others took.
	heard uint64
	// attentive is since when this hub has been watching without a break. What it
	// has not heard before may have been said all the same.
	attentive time.Time
	limits    limits
	shelves   shelves
}

// shelves are the calls by what is asked of them most: with a thousand calls and hundreds of desks, looking through all calls
// for each desk at each change took nearly all of a hub's time. A list that has been handed out never changes.
type shelves struct {
	// busy are the calls that take a desk up, by desk: one, unless two hubs gave it one at the same moment.
	busy map[string][]Call
	// waiting are a partner's calls in line, the oldest first, and dropped those that a desk may call back, the newest first.
	waiting, dropped map[string][]Call
}

// shelf is where a call has its place, and in what order.
func (s shelves) shelf(c Call) (shelf map[string][]Call, key string, compare func(a, b Call) int) {
	switch {
	case c.State == Waiting:
		return s.waiting, c.Partner, func(a, b Call) int { return cmp.Compare(a.order(), b.order()) }
	case c.State == Dropped:
		return s.dropped, c.Desk, func(a, b Call) int {
			return cmp.Or(b.DroppedAt.Compare(a.DroppedAt), cmp.Compare(a.ID, b.ID))
		}
	default:
		// An answered call counts more than one that another hub rang at the same moment.
		return s.busy, c.Desk, func(a, b Call) int {
			return cmp.Or(cmp.Compare(b.State.weight(), a.State.weight()), cmp.Compare(a.order(), b.order()))
		}
	}
}

func (s shelves) put(c Call) {
	shelf, key, compare := s.shelf(c)
	at, _ := slices.BinarySearchFunc(shelf[key], c, compare)
	shelf[key] = slices.Insert(slices.Clip(shelf[key]), at, c)
}

func (s shelves) take(c Call) {
	shelf, key, _ := s.shelf(c)
	left := slices.DeleteFunc(slices.Clone(shelf[key]), func(other Call) bool { return other.ID == c.ID })
	if shelf[key] = left; len(left) == 0 {
		delete(shelf, key)
	}
}

// put makes c the present state of its call.
func (l *line) put(c Call) {
	l.remove(c.ID)
	l.calls[c.ID] = c
	l.shelves.put(c)
}

// remove forgets a call.
func (l *line) remove(id string) {
	if c, ok := l.calls[id]; ok {
		delete(l.calls, id)
		l.shelves.take(c)
	}
}

// hear notes how far the watch has got; true when calls that wait may ring only now, because none that is older comes any more.
func (l *line) hear(revision uint64) bool {
	before := l.heard
	l.heard = max(l.heard, revision)
	for _, calls := range l.shelves.waiting {
		if last := calls[len(calls)-1].order(); last > before && l.heard > before {
			return true
		}
	}
	return false
}

func newLine(hub string, l limits) *line {
	return &line{
		hub: hub, limits: l, shelves: shelves{busy: map[string][]Call{}, waiting: map[string][]Call{}, dropped: map[string][]Call{}},
		calls: map[string]Call{}, desks: map[string]Desk{}, left: map[string]uint64{},
	}
}

// silence is for how long something has not been heard of.
func (l *line) silence(seen, now time.Time) time.Duration {
	if seen.Before(l.attentive) {
		seen = l.attentive
	}
	return now.Sub(seen)
}

// callOf is the call that rings at a desk, that it has answered, or that it calls back.
func (l *line) callOf(desk string) (Call, bool) {
	calls := l.shelves.busy[desk]
	if len(calls) == 0 {
		return Call{}, false
	}
	return calls[0], true
}

// there: the desk's page is connected to a hub that lives.
func (l *line) there(d Desk, now time.Time) bool {
	return !d.Gone && l.silence(d.SeenAt, now) <= l.limits.stale
}

// inLine lists a partner's waiting calls, oldest first. The list is not to be changed.
func (l *line) inLine(partner string) []Call { return l.shelves.waiting[partner] }

// dropped lists the calls that a desk may call back, the newest first. The list is not to be changed.
func (l *line) dropped(desk string) []Call { return l.shelves.dropped[desk] }

// Availability is what can be said of a partner's desks.
type Availability struct{ Online, Free, Waiting int }

func (l *line) availability(partner string, now time.Time) Availability {
	a := Availability{Waiting: len(l.inLine(partner))}
	for _, d := range l.desks {
		if d.Partner != partner || !l.there(d, now) {
			continue
		}
		_, called := l.callOf(d.ID)
		if d.Available || called {
			a.Online++
		}
		if d.Available && !called {
			a.Free++
		}
	}
	return a
}

// place is a call's place: 1 for the next one and for one that rings, 0 for one that is answered.
func (l *line) place(c Call) int {
	switch c.State {
	case Answered, Dropped, Recalling:
		return 0
	case Ringing:
		return 1
	case Waiting:
	}
	before, _ := slices.BinarySearchFunc(l.inLine(c.Partner), c.order(), func(other Call, order uint64) int { return cmp.Compare(other.order(), order) })
	return before + 1
}

// action is one thing that a hub should do about the line. Each is a
// compare-and-set, so that of several hubs that decide the same one does it.
type action struct {
	do   deed
	call Call
	desk Desk
}

type deed string

const (
	claim      deed = "claim"       // ring the call at the desk
	requeue    deed = "requeue"     // take it back from a desk that is not there
	unattended deed = "unattended"  // take it back from a desk that nobody attends, and set that desk away
	adopt      deed = "adopt"       // relay an answered call whose desk has come here
	dropSilent deed = "drop_silent" // the booth has gone
	dropLost   deed = "drop_lost"   // the adviser has gone
	giveBack   deed = "give_back"   // nobody is there to whom the call was passed on
	unaccepted deed = "unaccepted"  // the citizen does not come to be called back, or the adviser has gone
	dropOld    deed = "drop_old"    // it is too late to call back
	forget     deed = "forget"      // forget a desk
)

// decide tells what to do at a time. First what is over, then who rings whom.
func (l *line) decide(now time.Time) []action {
	var todo []action
	for _, c := range l.calls {
		if do := l.decideCall(&c, now); do != "" {
			a := action{do: do, call: c}
			if do == unattended {
				a.desk = l.desks[c.Desk]
			}
			todo = append(todo, a)
		}
	}
	for _, d := range l.desks {
		if l.silence(d.SeenAt, now) > l.limits.lost {
			todo = append(todo, action{do: forget, desk: d})
		}
	}
	if len(todo) > 0 {
		// A fixed order, for tests and for logs; who rings is decided once these are done.
		slices.SortFunc(todo, func(a, b action) int {
			return cmp.Or(cmp.Compare(a.call.order(), b.call.order()), cmp.Compare(a.desk.ID, b.desk.ID))
		})
		return todo
	}
	return l.claims(now)
}

// decideCall is what to do about a call; "" for nothing.
func (l *line) decideCall(c *Call, now time.Time) deed {
	d, known := l.desks[c.Desk]
	switch c.State {
	case Waiting:
		if l.silence(c.SeenAt, now) > l.limits.silent {
			return dropSilent
		}
		if c.From != "" && !c.Returned && c.Hub == l.hub && now.Sub(c.PassedAt) > l.limits.nobody &&
			l.availability(c.Partner, now).Online == 0 {
			return giveBack
		}
	case Ringing:
		rung := now.Sub(c.RungAt)
		switch {
		case l.silence(c.SeenAt, now) > l.limits.silent:
			return dropSilent
		case c.Hub == l.hub && (!known || d.Hub != l.hub || !l.there(d, now) || !d.Available):
			return requeue
		case c.Hub == l.hub && rung > l.limits.ring:
			return unattended
		// What another hub rings is its own business: news of its desks come by another
		// way than news of its calls, so they may be older. Unless that hub is dead.
		case known && l.silence(d.SeenAt, now) > l.limits.stale:
			return requeue
		case rung > l.limits.ring+l.limits.late:
			return requeue
		}
		// A call that is answered, or called back, at the same desk comes first.
		if other, ok := l.callOf(c.Desk); c.Hub == l.hub && ok && other.ID != c.ID && other.State.weight() > 0 {
			return requeue
		}
	case Answered:
		if !known && l.silence(c.AnsweredAt, now) > l.limits.lost || known && l.silence(d.SeenAt, now) > l.limits.lost {
			return dropLost
		}
		if known && d.Hub == l.hub && c.Hub != l.hub {
			return adopt
		}
	case Dropped:
		if now.Sub(c.DroppedAt) > l.limits.recall {
			return dropOld
		}
	case Recalling:
		asked := now.Sub(c.RungAt)
		mine := c.Hub == l.hub && (asked > l.limits.accept || !known || d.Hub != l.hub || !l.there(d, now))
		if mine || asked > l.limits.accept+l.limits.late {
			return unaccepted
		}
	}
	return ""
}

// claims pairs this hub's free desks with the oldest calls of their partners.
func (l *line) claims(now time.Time) []action {
	type seat struct {
		id    string
		since time.Time
	}
	free := map[string][]seat{}
	for id, d := range l.desks {
		if len(l.inLine(d.Partner)) == 0 || d.Hub != l.hub || !d.Available || !l.there(d, now) {
			continue
		}
		if _, called := l.callOf(id); !called {
			free[d.Partner] = append(free[d.Partner], seat{id, d.FreeSince})
		}
	}
	var todo []action
	for partner, seats := range free {
		slices.SortFunc(seats, func(a, b seat) int {
			return cmp.Or(a.since.Compare(b.since), cmp.Compare(a.id, b.id))
		})
		for i, c := range l.inLine(partner) {
			if i == len(seats) || c.order() > l.heard {
				break
			}
			todo = append(todo, action{do: claim, call: c, desk: l.desks[seats[i].id]})
		}
	}
	slices.SortFunc(todo, func(a, b action) int { return cmp.Compare(a.call.order(), b.call.order()) })
	return todo
}
