package queue

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

func ago(d time.Duration) time.Time { return noon.Add(-d) }

// waits, rings and talks are calls of the CAF in order of arrival; every booth and desk has just been heard of.
func waits(order uint64) Call {
	return Call{
		ID: fmt.Sprint("call", order), Partner: "caf", State: Waiting, Hub: "here", Order: order,
		PlacedAt: ago(time.Minute), SeenAt: ago(time.Second), revision: order,
	}
}

func rings(order uint64, desk string) Call {
	c := waits(order)
	c.State, c.Desk, c.RungAt, c.Ring = Ringing, desk, ago(5*time.Second), 1
	return c
}

func talks(order uint64, desk string) Call {
	c := rings(order, desk)
	c.State, c.AnsweredAt, c.SeenAt = Answered, ago(5*time.Minute), ago(5*time.Minute)
	return c
}

func seat(id string) Desk {
	return Desk{ID: id, Partner: "caf", Hub: "here", Available: true, SeenAt: ago(time.Second), FreeSince: ago(time.Hour)}
}

func with[T any](v T, changes ...func(*T)) T {
	for _, change := range changes {
		change(&v)
	}
	return v
}

func TestDecide(t *testing.T) {
	elsewhere := func(d *Desk) { d.Hub = "there" }
	away := func(d *Desk) { d.Available = false }
	gone := func(d *Desk) { d.Gone = true }
	quiet := func(for_ time.Duration) func(*Desk) { return func(d *Desk) { d.SeenAt = ago(for_) } }
	cpam := func(d *Desk) { d.Partner = "cpam" }
	fresh := func(d *Desk) { d.FreeSince = ago(time.Second) }
	silent := func(c *Call) { c.SeenAt = ago(11 * time.Second) }
	rung := func(for_ time.Duration) func(*Call) { return func(c *Call) { c.RungAt = ago(for_) } }
	there := func(c *Call) { c.Hub = "there" }
	passed := func(for_ time.Duration) func(*Call) {
		return func(c *Call) { c.From, c.Filed, c.PassedAt = "cpam", "cpam", ago(for_) }
	}
	broke := func(order uint64, for_ time.Duration) Call {
		return with(talks(order, "a"), func(c *Call) { c.State, c.DroppedAt = Dropped, ago(for_) })
	}
	recalls := func(order uint64) Call {
		return with(broke(order, time.Minute), func(c *Call) { c.State, c.RungAt = Recalling, ago(5*time.Second) })
	}

	for _, c := range []struct {
		name  string
		calls []Call
		desks []Desk
		want  []string
		// attentive is since when the hub has been watching; long ago when zero.
		attentive time.Time
	}{
		{name: "nothing"},
		{name: "nobody waits", desks: []Desk{seat("a")}},
		{name: "nobody is there", calls: []Call{waits(1)}},
		{name: "the oldest rings", calls: []Call{waits(3), waits(1), waits(2)}, desks: []Desk{seat("a")}, want: []string{"claim call1 a"}},
		{
			name: "each desk gets one, the one that has been free longest first", calls: []Call{waits(2), waits(1), waits(3)},
			desks: []Desk{seat("c"), with(seat("a"), fresh), seat("b")}, want: []string{"claim call1 b", "claim call2 c", "claim call3 a"},
		},
		{name: "a call does not overtake those that have not been heard of", calls: []Call{waits(11)}, desks: []Desk{seat("a")}},
		{name: "a desk that is away does not ring", calls: []Call{waits(1)}, desks: []Desk{with(seat("a"), away)}},
		{name: "a desk whose page is gone does not ring", calls: []Call{waits(1)}, desks: []Desk{with(seat("a"), gone)}},
		{name: "another partner's desk does not ring", calls: []Call{waits(1)}, desks: []Desk{with(seat("a"), cpam)}},
		{name: "another hub's desk is its own business", calls: []Call{waits(1)}, desks: []Desk{with(seat("a"), elsewhere)}},
		{name: "a ringing desk gets no second call", calls: []Call{rings(1, "a"), waits(2)}, desks: []Desk{seat("a")}},
		{name: "a desk in a call gets no second call", calls: []Call{talks(1, "a"), waits(2)}, desks: []Desk{seat("a")}},
		{name: "a silent booth leaves the line", calls: []Call{with(waits(1), silent), waits(2)}, want: []string{"drop_silent call1"}},
		{name: "a silent booth stops ringing", calls: []Call{with(rings(1, "a"), silent)}, desks: []Desk{seat("a")}, want: []string{"drop_silent call1"}},
		{name: "a booth in a call may be silent", calls: []Call{talks(1, "a")}, desks: []Desk{seat("a")}},
		{name: "a hub that has just begun to listen waits first", calls: []Call{with(waits(1), silent)}, attentive: ago(3 * time.Second)},
		{name: "nobody answers", calls: []Call{with(rings(1, "a"), rung(21*time.Second))}, desks: []Desk{seat("a")}, want: []string{"unattended call1 a"}},
		{
			name: "another hub's ringing is left to it", calls: []Call{with(rings(1, "a"), rung(21*time.Second), there)},
			desks: []Desk{with(seat("a"), elsewhere)},
		},
		{
			name: "but not for ever", calls: []Call{with(rings(1, "a"), rung(26*time.Second), there)},
			desks: []Desk{with(seat("a"), elsewhere)}, want: []string{"requeue call1"},
		},
		{name: "the ringing desk is unknown", calls: []Call{rings(1, "a")}, want: []string{"requeue call1"}},
		{name: "the ringing desk's page is gone", calls: []Call{rings(1, "a")}, desks: []Desk{with(seat("a"), gone)}, want: []string{"requeue call1"}},
		{name: "the ringing desk was set away", calls: []Call{rings(1, "a")}, desks: []Desk{with(seat("a"), away)}, want: []string{"requeue call1"}},
		{
			name: "the ringing desk's hub is dead", calls: []Call{with(rings(1, "a"), there)},
			desks: []Desk{with(seat("a"), elsewhere, quiet(16*time.Second))}, want: []string{"requeue call1"},
		},
		{
			name: "the ringing desk was opened at another hub", calls: []Call{rings(1, "a")},
			desks: []Desk{with(seat("a"), elsewhere)}, want: []string{"requeue call1"},
		},
		{
			name: "news of another hub's desk may be older than news of its call", calls: []Call{with(rings(1, "a"), there)},
			desks: []Desk{with(seat("a"), elsewhere, away)},
		},
		{
			name: "two hubs rang the same desk, one was answered", calls: []Call{rings(2, "a"), talks(1, "a")},
			desks: []Desk{seat("a")}, want: []string{"requeue call2"},
		},
		{name: "a desk in a call may be away for a moment", calls: []Call{talks(1, "a")}, desks: []Desk{with(seat("a"), gone, quiet(59*time.Second))}},
		{
			name: "but not for ever", calls: []Call{talks(1, "a")},
			desks: []Desk{with(seat("a"), gone, quiet(61*time.Second))}, want: []string{"forget a", "drop_lost call1"},
		},
		{name: "the desk of a call has come here", calls: []Call{with(talks(1, "a"), there)}, desks: []Desk{seat("a")}, want: []string{"adopt call1"}},
		{name: "a call without a desk ends", calls: []Call{talks(1, "a")}, want: []string{"drop_lost call1"}},
		{
			name: "nobody is there to whom a call was passed on", calls: []Call{with(waits(1), passed(21*time.Second))},
			desks: []Desk{with(seat("a"), cpam)}, want: []string{"give_back call1"},
		},
		{name: "but it waits for a moment", calls: []Call{with(waits(1), passed(19*time.Second))}},
		{name: "somebody is there and talks", calls: []Call{with(waits(1), passed(time.Minute)), talks(2, "a")}, desks: []Desk{seat("a")}},
		{name: "what has come back stays", calls: []Call{with(waits(1), passed(time.Minute), func(c *Call) { c.Returned = true })}},
		{name: "another hub's call is passed back by it", calls: []Call{with(waits(1), passed(time.Minute), there)}},
		{name: "a call that broke waits to be called back", calls: []Call{broke(1, 4*time.Minute)}, desks: []Desk{seat("a")}},
		{name: "its desk is free for others", calls: []Call{broke(1, time.Minute), waits(2)}, desks: []Desk{seat("a")}, want: []string{"claim call2 a"}},
		{name: "but not for ever", calls: []Call{broke(1, 6*time.Minute)}, want: []string{"drop_old call1"}},
		{name: "a desk that calls back does not ring", calls: []Call{recalls(1), waits(2)}, desks: []Desk{seat("a")}},
		{name: "two hubs at once: calling back comes before ringing", calls: []Call{recalls(1), rings(2, "a")}, desks: []Desk{seat("a")}, want: []string{"requeue call2"}},
		{name: "nobody comes to be called back", calls: []Call{with(recalls(1), rung(41*time.Second))}, desks: []Desk{seat("a")}, want: []string{"unaccepted call1"}},
		{name: "the desk that calls back has gone", calls: []Call{recalls(1)}, desks: []Desk{with(seat("a"), gone)}, want: []string{"unaccepted call1"}},
		{name: "another hub calls back", calls: []Call{with(recalls(1), there, rung(41*time.Second))}, desks: []Desk{with(seat("a"), elsewhere)}},
		{name: "and is dead", calls: []Call{with(recalls(1), there, rung(46*time.Second))}, want: []string{"unaccepted call1"}},
		{name: "a desk that does not come back is forgotten", desks: []Desk{with(seat("a"), gone, quiet(61*time.Second))}, want: []string{"forget a"}},
		{
			name: "what is over comes before what rings", calls: []Call{with(waits(1), silent), waits(2)},
			desks: []Desk{seat("a")}, want: []string{"drop_silent call1"},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			l := newLine("here", usual)
			l.attentive, l.heard = c.attentive, 10
			for _, call := range c.calls {
				l.put(call)
			}
			for _, d := range c.desks {
				l.desks[d.ID] = d
			}
			var got []string
			for _, a := range l.decide(noon) {
				text := string(a.do)
				for _, id := range []string{a.call.ID, a.desk.ID} {
					if id != "" {
						text += " " + id
					}
				}
				got = append(got, text)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestAvailability(t *testing.T) {
	l := newLine("here", usual)
	for _, d := range []Desk{
		seat("free"), seat("ringing"), seat("talking"),
		with(seat("away"), func(d *Desk) { d.Available = false }),
		with(seat("gone"), func(d *Desk) { d.Gone = true }),
		with(seat("dead"), func(d *Desk) { d.Hub, d.SeenAt = "there", ago(time.Minute) }),
		with(seat("other"), func(d *Desk) { d.Partner = "cpam" }),
		with(seat("there"), func(d *Desk) { d.Hub = "there" }),
		// Its adviser wants no further call, but is in one.
		with(seat("last"), func(d *Desk) { d.Available = false }),
	} {
		l.desks[d.ID] = d
	}
	for _, c := range []Call{rings(1, "ringing"), talks(2, "talking"), talks(3, "last"), waits(4), waits(5)} {
		l.put(c)
	}
	if diff := cmp.Diff(Availability{Online: 5, Free: 2, Waiting: 2}, l.availability("caf", noon)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestPlace(t *testing.T) {
	l := newLine("here", usual)
	requeued := waits(2)
	requeued.revision = 90 // written again since, it keeps its age
	created := waits(0)
	created.ID, created.Order, created.revision = "new", 0, 50
	other := waits(1)
	other.ID, other.Partner = "other", "cpam"
	for _, c := range []Call{requeued, created, other, rings(1, "a"), talks(3, "b"), waits(7)} {
		l.put(c)
	}
	for id, want := range map[string]int{"call2": 1, "call7": 2, "new": 3, "other": 1, "call1": 1, "call3": 0} {
		if got := l.place(l.calls[id]); got != want {
			t.Errorf("place of %s: %d; want %d", id, got, want)
		}
	}
}
