package wire

import (
	"errors"
	"fmt"
)

// Kind is what a Signal carries.
type Kind string

const (
	KindOffer     Kind = "offer"
	KindAnswer    Kind = "answer"
	KindCandidate Kind = "candidate"
	KindHungUp    Kind = "hung_up" // the person hung up
	KindBye       Kind = "bye"     // the peer connection is gone for another reason
)

const (
	maxSDP       = 48 << 10
	maxCandidate = 1 << 10
)

// Signal is what a booth and a desk tell each other to set up, mend and end their peer connection.
type Signal struct {
	Kind      Kind       `json:"kind"`
	SDP       string     `json:"sdp,omitempty"`
	Candidate *Candidate `json:"candidate,omitempty"`
}

// Candidate is an ICE candidate in the form that RTCIceCandidate takes. An empty
// Candidate string tells that there are no more.
type Candidate struct {
	Candidate        string  `json:"candidate"`
	SDPMid           *string `json:"sdpMid,omitempty"`
	SDPMLineIndex    *uint16 `json:"sdpMLineIndex,omitempty"`
	UsernameFragment *string `json:"usernameFragment,omitempty"`
}

func (m Signal) Validate() error {
	switch m.Kind {
	case KindOffer, KindAnswer:
		if m.SDP == "" || m.Candidate != nil {
			return fmt.Errorf("signal %s: expected an sdp and no candidate", m.Kind)
		}
		if len(m.SDP) > maxSDP {
			return fmt.Errorf("sdp: %d bytes are more than %d", len(m.SDP), maxSDP)
		}
		return nil
	case KindCandidate:
		if m.SDP != "" || m.Candidate == nil {
			return errors.New("signal candidate: expected a candidate and no sdp")
		}
		return m.Candidate.validate()
	case KindHungUp, KindBye:
		if m.SDP != "" || m.Candidate != nil {
			return fmt.Errorf("signal %s: expected neither sdp nor candidate", m.Kind)
		}
		return nil
	}
	return fmt.Errorf("kind %.40q is unknown", m.Kind)
}

func (c *Candidate) validate() error {
	errs := []error{text("candidate", c.Candidate, 0, maxCandidate)}
	if c.SDPMid != nil {
		errs = append(errs, text("sdpMid", *c.SDPMid, 0, 64))
	}
	if c.UsernameFragment != nil {
		errs = append(errs, text("usernameFragment", *c.UsernameFragment, 0, 256))
	}
	return errors.Join(errs...)
}
