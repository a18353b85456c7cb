package booth

// CompanyStep is whether the site's agent takes part in a call.
type CompanyStep string

const (
	CompanyNone CompanyStep = ""
	// CompanyOffered: the agent would like to, and the citizen is asked.
	CompanyOffered CompanyStep = "offered"
	// CompanyThere: the citizen has agreed, and the adviser knows.
	CompanyThere CompanyStep = "there"
)

type (
	// AgentCalls: the site's agent calls a partner for somebody who sits down. Nothing is opened before an adviser answers,
	// and whoever is there can give it up.
	AgentCalls struct{ Session, Call, Partner string }
	// AgentJoins: the agent would like to take part in the call, beside the citizen, or leaves them alone again.
	AgentJoins struct{ Here bool }
)

func (AgentCalls) isEvent() {}
func (AgentJoins) isEvent() {}

// TellCompany tells the adviser whether the site's agent takes part.
type TellCompany struct {
	Call string
	Here bool
}

func (TellCompany) isEffect() {}

// agentCalls goes the way of somebody who touches a partner and then "Appeler"; a page that somebody uses is left to them.
func (n *stepping) agentCalls(e AgentCalls) {
	if n.Session.Phase != PhaseNone || n.Technician.Step != TechnicianAway || n.Training || n.Restarting {
		return
	}
	n.partnerChosen(PartnerChosen{Session: e.Session, Partner: e.Partner})
	if n.Session.Phase != PhaseChoosing { // closed, say
		return
	}
	n.callRequested(CallRequested{Call: e.Call})
	n.Session.ByAgent = true
}

// agentJoins asks the citizen, who alone decides who hears.
func (n *stepping) agentJoins(e AgentJoins) {
	s := &n.Session
	switch {
	case e.Here && s.Phase == PhaseInCall && s.Company == CompanyNone && s.Photo != PhotoWanted: // one question at a time
		s.Company = CompanyOffered
		s.Help.Open, s.AsksLanguage = false, false
	case !e.Here && s.Company == CompanyOffered:
		s.Company = CompanyNone
	case !e.Here && s.Company == CompanyThere:
		s.Company = CompanyNone
		n.do(TellCompany{s.Call, false})
	}
}

// companyAnswered lets the agent take part if the citizen agrees; false: nobody had asked.
func (n *stepping) companyAnswered(agreed bool) bool {
	s := &n.Session
	if s.Company != CompanyOffered {
		return false
	}
	s.Company = CompanyNone
	if agreed {
		s.Company = CompanyThere
		n.do(TellCompany{s.Call, true})
	}
	return true
}

// tellCompany tells an adviser who has just come, or come back.
func (n *stepping) tellCompany() {
	if n.Session.Company == CompanyThere {
		n.do(TellCompany{n.Session.Call, true})
	}
}
