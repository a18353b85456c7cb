package wire

// AgentCall has a booth that nobody uses call a partner: the site's agent does it for somebody who sits down.
type AgentCall struct {
	Partner string `json:"partner"`
}

// Validate checks the partner's id.
func (m AgentCall) Validate() error { return CheckID("partner", m.Partner) }

// AgentJoin asks the citizen in a call whether the site's agent may take part beside them, or tells that the agent leaves.
type AgentJoin struct {
	Here bool `json:"here"`
}

// Validate finds nothing wrong.
func (AgentJoin) Validate() error { return nil }
