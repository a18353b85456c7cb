package queue

import "loiret.fr/visioborne/hub/wire"

// Notice is something that the hub must say to a booth, or do for a call. Of
// all hubs one gets each notice.
//
//sumtype:decl
type Notice interface{ isNotice() }

type (
	// Attached: this hub relays the call's signals from now on. It comes before RingingNotice.
	Attached struct{ Call Call }
	// Detached: it no longer does.
	Detached struct{ Call Call }
	// RingingNotice: a desk rings.
	RingingNotice struct{ Call Call }
	// AnsweredNotice: an adviser has answered.
	AnsweredNotice struct {
		Call    Call
		Adviser string
	}
	// RequeuedNotice: the desk that rang did not answer.
	RequeuedNotice struct {
		Call  Call
		Place int
	}
	// TransferredNotice: the call is in another partner's line now, or back in that of the first.
	TransferredNotice struct {
		Call  Call
		Place int
	}
	// RecallNotice: a desk calls a booth back.
	RecallNotice struct {
		Call    Call
		Adviser string
	}
	// EndedNotice: the call is over, and not because its booth said so.
	EndedNotice struct {
		Call   Call
		Reason wire.Reason
	}
	// MovedNotice: a waiting call's place, or who could answer, has changed.
	MovedNotice struct {
		Call         Call
		Place        int
		Availability Availability
	}
)

func (Attached) isNotice()          {}
func (Detached) isNotice()          {}
func (RingingNotice) isNotice()     {}
func (AnsweredNotice) isNotice()    {}
func (RequeuedNotice) isNotice()    {}
func (TransferredNotice) isNotice() {}
func (RecallNotice) isNotice()      {}
func (EndedNotice) isNotice()       {}
func (MovedNotice) isNotice()       {}
