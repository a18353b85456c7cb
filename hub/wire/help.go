package wire

import "fmt"

// Help calls the hotline for help, for a citizen before the booth. From the hub it says that somebody has seen the call.
// It says nothing of the citizen.
type Help struct {
	// Request is the call for help; random, and no call's.
	Request string `json:"request"`
}

// HelpReply answers Help: the hotline's page shows it, or a Code.
type HelpReply struct {
	Request string `json:"request,omitempty"`
	Code    Code   `json:"code,omitempty"`
}

// Validate checks the request's id.
func (m Help) Validate() error { return CheckCall(m.Request) }

// Validate checks the fields.
func (m HelpReply) Validate() error {
	switch m.Code {
	case "":
		return CheckCall(m.Request)
	case CodeMalformed, CodeUnavailable, CodeUnknownSite:
		return nil
	case CodeClosed, CodeUnknownPartner, CodeGone:
	}
	return fmt.Errorf("code %.40q is not one for help", m.Code)
}
