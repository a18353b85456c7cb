package desk

import (
	"reflect"
	"slices"
	"time"

	"loiret.fr/visioborne/hub/queue"
	"loiret.fr/visioborne/hub/wire"
)

// Screen is what the desk's page shows as a whole.
type Screen string

const (
	// ScreenSignedOut: there is no session; the page shows the sign-in. The websocket is closed after it.
	ScreenSignedOut Screen = "signed_out"
	// ScreenReplaced: the desk has been opened in another tab or elsewhere. The websocket is closed after it.
	ScreenReplaced Screen = "replaced"
	// ScreenReady: the desk.
	ScreenReady Screen = "ready"
)

// View is everything that the desk's page shows. It is pushed whole, on connect and on change.
type View struct {
	Seq    uint64 `json:"seq"`
	Screen Screen `json:"screen"`
	// Adviser is null unless the screen is ready.
	Adviser   *Adviser `json:"adviser"`
	Available bool     `json:"available"`
	// Absent: the desk was set away because it rang and nobody answered.
	Absent bool `json:"absent"`
	// Pause is why the adviser takes no calls; "" when no reason was given.
	Pause queue.Pause `json:"pause"`
	// Line are the first of those who wait, at most lineShown, and Waiting how many wait in all.
	Line    []Waiting `json:"line"`
	Waiting int       `json:"waiting"`
	Call    *Call     `json:"call"`
	// Dropped are calls that broke and may be called back, the newest first.
	Dropped []Dropped `json:"dropped"`
}

// Adviser is who sits at the desk.
type Adviser struct {
	Name    string  `json:"name"`
	Partner Partner `json:"partner"`
}

// Partner is the adviser's organisation.
type Partner struct {
	ID    string `json:"id"`
	Short string `json:"short"`
	Name  string `json:"name"`
}

// Waiting is a call in the partner's line. The page counts on from the seconds that it gets.
type Waiting struct {
	Call         string `json:"call"`
	Site         string `json:"site"`
	SinceSeconds int    `json:"since_seconds"`
	// From is the short name of the partner that passed the call on; "" when none did. Returned: nobody was there to whom
	// From had passed it on, which is where it went.
	From     string `json:"from"`
	Returned bool   `json:"returned"`
	// Need is what the citizen comes for, as the directory words it; "" when none was chosen.
	Need string `json:"need"`
	// Language is the one that the citizen has chosen on the touchscreen (BCP 47).
	Language string `json:"language"`
}

// Dropped is a call that broke. The page counts on from the seconds.
type Dropped struct {
	Call         string `json:"call"`
	Site         string `json:"site"`
	SinceSeconds int    `json:"since_seconds"`
}

// Target is a partner to whom the call may be passed on.
type Target struct {
	Partner
	Phone string `json:"phone"`
	Open  bool   `json:"open"`
	// Online, Free and Waiting are as in queue.Availability.
	Online  int `json:"online"`
	Free    int `json:"free"`
	Waiting int `json:"waiting"`
}

// Call is the call that rings or that has been answered.
type Call struct {
	ID            string           `json:"id"`
	Site          string           `json:"site"`
	State         queue.State      `json:"state"`
	WaitedSeconds int              `json:"waited_seconds"`
	ICEServers    []wire.ICEServer `json:"ice_servers"`
	// From, Returned, Need and Language are as in Waiting.
	From     string `json:"from"`
	Returned bool   `json:"returned"`
	Need     string `json:"need"`
	Language string `json:"language"`
	// Targets are the partners to whom an answered call may be passed on.
	Targets []Target `json:"targets"`
}

// words give what the page calls a partner, and a need.
type words interface {
	partner(id string) Partner
	need(id string) string
}

// view makes the view of a desk at a time. ice are the servers for its call, targets those to whom it may be passed on.
func view(adviser Adviser, at queue.At, ice []wire.ICEServer, targets []Target, w words, now time.Time) View {
	v := View{
		Screen: ScreenReady, Adviser: &adviser,
		Available: at.Desk.Available, Absent: at.Desk.Absent, Pause: at.Desk.Pause,
		Line: []Waiting{}, Waiting: len(at.Line), Dropped: []Dropped{},
	}
	from := func(c queue.Call) string {
		if c.From == "" {
			return ""
		}
		return w.partner(c.From).Short
	}
	for _, c := range at.Line[:min(len(at.Line), lineShown)] {
		v.Line = append(v.Line, Waiting{c.ID, c.SiteName, seconds(c.Since(), now), from(c), c.Returned, w.need(c.Need), c.Language})
	}
	for _, c := range at.Dropped {
		v.Dropped = append(v.Dropped, Dropped{c.ID, c.SiteName, seconds(c.DroppedAt, now)})
	}
	if c := at.Call; c.ID != "" {
		until := now
		if c.State == queue.Answered {
			until = c.AnsweredAt
		}
		v.Call = &Call{c.ID, c.SiteName, c.State, seconds(c.Since(), until), ice, from(c), c.Returned, w.need(c.Need), c.Language, targets}
	}
	return v
}

func seconds(from, to time.Time) int { return int(max(0, to.Sub(from)).Seconds()) }

// same tells whether two views differ by nothing but the passing of time.
func same(a, b View) bool {
	return slices.EqualFunc(a.Line, b.Line, func(a, b Waiting) bool {
		a.SinceSeconds, b.SinceSeconds = 0, 0
		return a == b
	}) && slices.EqualFunc(a.Dropped, b.Dropped, func(a, b Dropped) bool {
		a.SinceSeconds, b.SinceSeconds = 0, 0
		return a == b
	}) && reflect.DeepEqual(timeless(a), timeless(b))
}

// timeless is a view without its lists and what time alone changes.
func timeless(v View) View {
	v.Seq, v.Line, v.Dropped = 0, nil, nil
	if v.Call != nil {
		c := *v.Call
		c.WaitedSeconds = 0
		v.Call = &c
	}
	return v
}
