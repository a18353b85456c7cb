package booth

import "time"

// Technician is the page behind the held gesture and the PIN: what the network
// can carry. The zero value is that nobody has asked for it.
type Technician struct {
	Step TechnicianStep
	// Typed is what was typed of the PIN.
	Typed string
	// Wrong is how many PINs in a row were wrong; until LockedUntil none is taken.
	Wrong       int
	LockedUntil time.Time
	// LeftAt is when the page goes away by itself.
	LeftAt time.Time
	// Run numbers the checks: results of an earlier one are strays. Running: more are to come.
	Run     int
	Running bool
	Checks  []Check
	Verdict Judgement
}

// TechnicianStep is where a technician stands.
type TechnicianStep string

const (
	TechnicianAway   TechnicianStep = ""
	TechnicianPIN    TechnicianStep = "pin"
	TechnicianChecks TechnicianStep = "checks"
)

// Check is one line of the network's check; the words are package netcheck's.
type Check struct {
	Name  string `json:"name"`
	State string `json:"state"`
	Value string `json:"value"`
	Code  string `json:"code"`
}

// Judgement is the verdict of a check: "go", "poor", "nogo" or "enrol"; "" while there is none.
type Judgement string

// JudgementEnrol: the hub answers; how calls will be shows after the enrolment only.
const JudgementEnrol Judgement = "enrol"

const (
	pinLength = 6
	// After maxWrong PINs in a row none is taken for wrongPause: half a million guesses then take a lifetime.
	maxWrong   = 5
	wrongPause = 5 * time.Minute
	// technicianTime is how long the page stays without a touch.
	technicianTime = 3 * time.Minute
)

type (
	// TechnicianAsked: the gesture that opens the technician's page.
	TechnicianAsked struct{}
	// CheckRequested: the technician wants the network checked again.
	CheckRequested struct{}
	// NetworkChecked: a result of a check came, or was replaced. Done: it was the last one, with the verdict.
	NetworkChecked struct {
		Run     int
		Check   Check
		Done    bool
		Verdict Judgement
	}
)

func (TechnicianAsked) isEvent() {}
func (CheckRequested) isEvent()  {}
func (NetworkChecked) isEvent()  {}

type (
	// CheckNetwork checks the network. NetworkChecked events with that Run follow.
	CheckNetwork struct{ Run int }
	// StopNetworkCheck ends the check under way.
	StopNetworkCheck struct{}
)

func (CheckNetwork) isEffect()     {}
func (StopNetworkCheck) isEffect() {}

// TechnicianScreen is the technician's page.
type TechnicianScreen struct {
	Name string `json:"name"` // "technician"
	Step string `json:"step"` // "pin" or "checks"
	// Typed is how many digits of the PIN were typed. Wrong: the last one was; Locked: no more are taken for a while.
	Typed  int  `json:"typed"`
	Wrong  bool `json:"wrong"`
	Locked bool `json:"locked"`
	// Trains: whoever has typed the PIN may practise with the simulated adviser.
	Trains bool `json:"trains"`
	// Version is what runs.
	Version string    `json:"version"`
	Running bool      `json:"running"`
	Checks  []Check   `json:"checks"`
	Verdict Judgement `json:"verdict"`
}

func (TechnicianScreen) isScreen() {}

func (s State) technicianScreen() TechnicianScreen {
	t := s.Technician
	return TechnicianScreen{
		Name: "technician", Step: string(t.Step), Typed: len(t.Typed),
		Wrong: t.Wrong > 0, Locked: s.Now.Before(t.LockedUntil),
		Trains:  t.Step == TechnicianChecks && s.Config != nil,
		Version: s.Version, Running: t.Running, Checks: append([]Check{}, t.Checks...), Verdict: t.Verdict,
	}
}

// takeTechnician takes the events of a technician; false: it is not one.
func (n *stepping) takeTechnician(e Event) bool {
	t := &n.Technician
	if t.Step != TechnicianAway && !n.Now.Before(t.LeftAt) {
		n.technicianLeaves()
	}
	if e, ok := e.(NetworkChecked); ok {
		n.networkChecked(e)
		return true
	}
	if t.Step == TechnicianAway {
		if _, ok := e.(TechnicianAsked); ok {
			n.technicianComes()
			return true
		}
		return false
	}
	switch e := e.(type) {
	case Touched:
	case KeyPressed:
		n.pinKey(e.Key)
	case CodeEntered:
		n.pinEntered()
	case TrainingAsked:
		n.trainingAsked()
		return true
	case CheckRequested:
		if t.Step == TechnicianChecks && !t.Running {
			n.checkNetwork()
		}
	case Cancelled:
		n.technicianLeaves()
		return true
	case TechnicianAsked, LanguageChosen, LanguagesAsked, PartnerChosen, GroupChosen, NeedChosen, HelpOpened, ZoneChosen, CallRequested: // the page of a citizen is not shown
		return true
	default:
		return false
	}
	t.LeftAt = n.Now.Add(technicianTime)
	return true
}

// technicianComes opens the page: behind the PIN, where there is one. A booth without a site has none, and nothing to hide.
func (n *stepping) technicianComes() {
	if n.Session.Phase != PhaseNone || n.Restarting || n.Enrolment.Done {
		return
	}
	t := &n.Technician
	t.LeftAt = n.Now.Add(technicianTime)
	if n.PIN == "" {
		n.checkNetwork()
		return
	}
	t.Step, t.Typed = TechnicianPIN, ""
}

// technicianLeaves closes the page. How many PINs were wrong is not forgotten by leaving.
func (n *stepping) technicianLeaves() {
	t := &n.Technician
	if t.Running {
		n.do(StopNetworkCheck{})
	}
	*t = Technician{Wrong: t.Wrong, LockedUntil: t.LockedUntil, Run: t.Run}
	n.restartIfQuiet()
}

func (n *stepping) pinKey(key string) {
	t := &n.Technician
	switch {
	case t.Step != TechnicianPIN || n.Now.Before(t.LockedUntil):
	case key == keyErase:
		t.Typed = t.Typed[:max(0, len(t.Typed)-1)]
	case len(key) == 1 && key[0] >= '0' && key[0] <= '9' && len(t.Typed) < pinLength:
		t.Typed += key
	}
}

func (n *stepping) pinEntered() {
	t := &n.Technician
	if t.Step != TechnicianPIN || n.Now.Before(t.LockedUntil) || len(t.Typed) < pinLength {
		return
	}
	right := t.Typed == n.PIN
	t.Typed = ""
	if right {
		t.Wrong, t.LockedUntil = 0, time.Time{}
		n.checkNetwork()
		return
	}
	if t.Wrong++; t.Wrong%maxWrong == 0 {
		t.LockedUntil = n.Now.Add(wrongPause)
	}
}

func (n *stepping) checkNetwork() {
	t := &n.Technician
	t.Step, t.Running, t.Checks, t.Verdict = TechnicianChecks, true, nil, ""
	t.Run++
	n.do(CheckNetwork{t.Run})
}

func (n *stepping) networkChecked(e NetworkChecked) {
	t := &n.Technician
	if !t.Running || t.Run != e.Run {
		return
	}
	if e.Done {
		t.Running, t.Verdict = false, e.Verdict
		t.LeftAt = n.Now.Add(technicianTime) // time to read it
		return
	}
	t.Checks = withCheck(t.Checks, e.Check)
}
