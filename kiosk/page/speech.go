package page

import "loiret.fr/visioborne/kiosk/booth"

// note is what the page that drives is told once, and no other: unlike a view, it
// is of no use to a page that comes later.
type note struct {
	// Key is one of the four keys that was pressed.
	Key booth.FourKey `json:"key,omitempty"`
	// Saying is what a simulated loudspeaker says.
	Saying string `json:"saying,omitempty"`
}

// waitingNotes is how many notes a page may leave waiting; what comes on top of them is lost.
const waitingNotes = 16

// Key tells the page that drives of one of the four keys. It does not block.
func (p *Page) Key(k booth.FourKey) { p.tell(note{Key: k}) }

// Saying shows what a loudspeaker that is simulated says. It does not block.
func (p *Page) Saying(text string) { p.tell(note{Saying: text}) }

func (p *Page) tell(n note) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.conns) == 0 {
		return
	}
	select {
	case p.conns[0].notes <- n:
	default: // the page hangs
	}
}
