package booth

// Group is a group of needs as the page shows it, in the session's language.
type Group struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Icon string `json:"icon"`
}

// Need is something that a citizen comes for, in the session's language. Partner is the id of who sees to it.
type Need struct {
	ID      string `json:"id"`
	Text    string `json:"text"`
	Partner string `json:"partner"`
}

// NeedsScreen: the needs of a group to choose from. Partners are those who see to them.
type NeedsScreen struct {
	Name     string    `json:"name"` // "needs"
	Group    Group     `json:"group"`
	Needs    []Need    `json:"needs"`
	Partners []Partner `json:"partners"`
}

func (NeedsScreen) isScreen() {}

type (
	// GroupChosen: the citizen chose a group of needs. Session is the id of a new session if there is none.
	GroupChosen struct{ Session, Group string }
	// NeedChosen: the citizen chose one of the needs that are shown.
	NeedChosen struct{ Need string }
)

func (GroupChosen) isEvent() {}
func (NeedChosen) isEvent()  {}

func (n *stepping) groupChosen(e GroupChosen) {
	// Only the home screen has groups to choose: not a closed or broken booth.
	if _, home := n.screen().(HomeScreen); !home {
		return
	}
	if _, known := n.Config.Group(e.Group); !known {
		return
	}
	n.begin(e.Session)
	n.Session.Group = e.Group
	n.restartIdle()
}

func (n *stepping) needChosen(e NeedChosen) {
	if _, shown := n.screen().(NeedsScreen); !shown {
		return
	}
	need, known := n.Config.Need(e.Need)
	if !known || need.Group != n.Session.Group {
		return
	}
	n.Session.Need = e.Need
	n.choose(need.Partner)
}

// choose opens a partner's page.
func (n *stepping) choose(partner string) {
	n.Session.Partner = partner
	if _, open := n.opening(partner); !open {
		n.fail(ReasonPartnerClosed)
		return
	}
	n.Session.Phase = PhaseChoosing
	n.timer(n.limits().Idle)
}

// back leaves a page for the one before: a partner's that a need has led to for the needs, any other for home.
func (n *stepping) back() {
	old := n.Session
	if old.Phase != PhaseChoosing || old.Need == "" {
		n.goHome()
		return
	}
	n.goBrowsing()
	n.Session.Group = old.Group
}

// need is the one that has led to the session's partner; "" when none has, or when an adviser has passed the call on.
func (s State) need() string {
	need, known := s.Config.Need(s.Session.Need)
	if !known || need.Partner != s.Session.Partner {
		return ""
	}
	return need.ID
}

// needText is that need in the session's language; "" for none.
func (s State) needText() string {
	need, _ := s.Config.Need(s.need())
	return need.Text.In(s.language())
}

func (s State) groups() []Group {
	all := make([]Group, 0, len(s.Config.Groups))
	for _, g := range s.Config.Groups {
		all = append(all, Group{g.ID, g.Name.In(s.language()), g.Icon})
	}
	return all
}

// homeScreen is where a citizen begins: the groups of needs with the partners beside them, or the needs of the group that
// was chosen.
func (s State) homeScreen() Screen {
	g, chosen := s.Config.Group(s.Session.Group)
	if !chosen {
		return HomeScreen{Name: "home", Groups: s.groups(), Partners: s.partners()}
	}
	v := NeedsScreen{Name: "needs", Group: Group{g.ID, g.Name.In(s.language()), g.Icon}, Needs: []Need{}, Partners: []Partner{}}
	seen := map[string]bool{}
	for _, need := range s.Config.NeedsOf(g.ID) {
		v.Needs = append(v.Needs, Need{need.ID, need.Text.In(s.language()), need.Partner})
		if !seen[need.Partner] {
			seen[need.Partner] = true
			v.Partners = append(v.Partners, s.partner(need.Partner))
		}
	}
	return v
}
