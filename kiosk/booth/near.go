package booth

import (
	"math"
	"time"
)

// Nearby is another site to which a citizen may go.
type Nearby struct {
	Name string `json:"name"`
	// Town is "" where the name says it.
	Town  string `json:"town"`
	Phone string `json:"phone"`
	// Kilometres is how far it is as the crow flies, at least 1.
	Kilometres int `json:"kilometres"`
	// OpensAt is when it opens; null when it is open now. Hours are those of that day, as [from, to] in minutes since
	// midnight on the site's clock.
	OpensAt *time.Time `json:"opens_at"`
	Hours   [][2]int   `json:"hours"`
}

// near is where a citizen may go instead of a screen; nil where that would not help: the booth works, or the partner is
// reached from no site.
func (s State) near(screen Screen) *Nearby {
	switch v := screen.(type) {
	case ClosedScreen, OutOfServiceScreen:
	case HomeScreen, PartnerScreen:
		if s.Online {
			return nil
		}
	case FailedScreen:
		if v.Reason == ReasonPartnerClosed || v.Reason == ReasonRefused || v.Reason == ReasonTooLong {
			return nil
		}
	default:
		return nil
	}
	n, known := s.Config.Near(s.Now)
	if !known {
		return nil
	}
	v := &Nearby{Name: n.Name, Town: n.Town, Phone: string(n.Phone), Kilometres: max(1, int(math.Round(n.Kilometres))), Hours: [][2]int{}}
	if !n.Open {
		at := n.OpensAt.UTC()
		v.OpensAt = &at
	}
	for _, span := range n.Today {
		v.Hours = append(v.Hours, [2]int{span.From, span.To})
	}
	return v
}
