package booth

// Help is the help layer, which lies over whatever is shown and ends nothing.
type Help struct {
	// Open: the layer is shown.
	Open bool
	// Request is the call for the hotline's help, "" for none, and State how far it has got.
	Request string
	State   HelpState
}

// HelpState is how far a call for help has got.
type HelpState string

const (
	HelpNone    HelpState = ""
	HelpCalling HelpState = "calling" // it is on its way to the hub
	HelpRung    HelpState = "rung"    // the hotline's page shows it
	HelpSeen    HelpState = "seen"    // somebody of the hotline has seen it
	HelpFailed  HelpState = "failed"  // the hub has not taken it
)

type (
	// HelpOpened: the citizen wants the help layer. Session is the id of a new session if there is none.
	HelpOpened struct{ Session string }
	// HelpClosed: the citizen closes it.
	HelpClosed struct{}
	// HelpAsked: the citizen calls the hotline for help. Request is a new call's id.
	HelpAsked struct{ Request string }
	// HelpAnswered: what the hub says of a call for help; HelpFailed if it says nothing.
	HelpAnswered struct {
		Request string
		State   HelpState
	}
)

func (HelpOpened) isEvent()   {}
func (HelpClosed) isEvent()   {}
func (HelpAsked) isEvent()    {}
func (HelpAnswered) isEvent() {}

// AskHelp rings the hotline. HelpAnswered follows.
type AskHelp struct{ Request string }

func (AskHelp) isEffect() {}

// HelpView is what the page needs for its help button and layer.
type HelpView struct {
	Open bool `json:"open"`
	// Phone is the number that helps with the booth.
	Phone string `json:"phone"`
	// CanAsk: the hotline can be rung from here; otherwise there is the number.
	CanAsk bool `json:"can_ask"`
	// State is how far a call for help has got; "" when none was made.
	State HelpState `json:"state"`
}

// helpView is nil on pages that are not a citizen's.
func (s State) helpView(screen Screen) *HelpView {
	switch screen.(type) {
	case TechnicianScreen, EnrolmentScreen, OccupiedScreen, RestartingScreen:
		return nil
	default:
	}
	h := s.Session.Help
	return &HelpView{Open: h.Open, Phone: string(s.Config.Site.Phone), CanAsk: s.Online, State: h.State}
}

// shut is the help of a session whose layer is closed.
func (h Help) shut() Help {
	h.Open = false
	return h
}

func (n *stepping) helpOpened(e HelpOpened) {
	if n.helpView(n.screen()) == nil {
		return
	}
	n.begin(e.Session)
	n.Session.Help.Open = true
	n.stillThere()
}

// helpClosed ends the session of somebody who wanted nothing else.
func (n *stepping) helpClosed() {
	s := &n.Session
	if !s.Help.Open {
		return
	}
	s.Help.Open = false
	switch {
	case s.Phase == PhaseEnded:
		n.timer(n.limits().Thanks)
	case s.Phase == PhaseBrowsing && s.Group == "":
		n.goHome()
	default:
		n.restartIdle()
	}
}

// helpAsked rings the hotline, unless it has been rung and nobody has seen it yet.
func (n *stepping) helpAsked(e HelpAsked) {
	h := &n.Session.Help
	if !h.Open || !n.Online && !n.Training || h.State == HelpCalling || h.State == HelpRung {
		return
	}
	if n.Training { // nobody is to come
		h.State = HelpSeen
		n.restartIdle()
		return
	}
	h.Request, h.State = e.Request, HelpCalling
	n.do(AskHelp(e))
	n.restartIdle()
}

// helpAnswered takes what the hub says, which may come late and out of order: what was seen stays seen.
func (n *stepping) helpAnswered(e HelpAnswered) {
	h := &n.Session.Help
	if h.Request != "" && h.Request == e.Request && h.State != HelpSeen {
		h.State = e.State
	}
}
