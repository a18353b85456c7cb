package booth

import "time"

// trainingTime is how long training goes on without a touch, so that nobody's forgetting it keeps citizens from calling.
const trainingTime = 15 * time.Minute

type (
	// TrainingAsked: the site's agent, who has typed the PIN, wants to practise.
	TrainingAsked struct{}
	// TrainingLeft: they have finished.
	TrainingLeft struct{}
)

func (TrainingAsked) isEvent() {}
func (TrainingLeft) isEvent()  {}

// trainingAsked begins to practise from the technician's page: calls go to the simulated adviser until it ends.
func (n *stepping) trainingAsked() {
	if n.Technician.Step != TechnicianChecks || n.Config == nil || n.Restarting {
		return
	}
	n.Training, n.TouchedAt = true, n.Now
	n.technicianLeaves()
}

// leaveTraining ends it, and the practised session with it.
func (n *stepping) leaveTraining() {
	if !n.Training {
		return
	}
	switch p := n.Session.Phase; {
	case p.DevicesOpen():
		n.do(CloseMedia{n.Session.Call}, LeaveCall{n.Session.Call, LeavingHungUp})
	case p == PhaseContacting || p == PhaseWaiting:
		n.leaveLine(LeavingCancelled)
	}
	n.Training = false
	n.end()
}

// leaveTrainingForgotten ends it where nobody has practised for long.
func (n *stepping) leaveTrainingForgotten() {
	if n.Training && n.Session.Phase == PhaseNone && n.Now.Sub(n.TouchedAt) >= trainingTime {
		n.leaveTraining()
	}
}
