package booth

import (
	"testing"
	"time"
)

// technician drives a booth with a PIN by what a technician does.
type technician struct {
	t       *testing.T
	s       State
	now     time.Time
	effects []Effect
}

func newTechnician(t *testing.T) *technician {
	s := loiret(t)
	s.PIN = "123456"
	return &technician{t: t, s: s, now: tuesday}
}

func (d *technician) do(events ...Event) {
	for _, e := range events {
		d.s, d.effects = Step(d.s, d.now, e)
	}
}

func (d *technician) pin(digits string) {
	for _, c := range digits {
		d.do(KeyPressed{string(c)})
	}
	d.do(CodeEntered{})
}

func (d *technician) screen() string {
	switch s := Show(d.s).Screen.(type) {
	case TechnicianScreen:
		return s.Step
	case HomeScreen:
		return "home"
	case PartnerScreen:
		return "partner"
	case EnrolmentScreen:
		return "enrolment"
	default:
		d.t.Fatalf("the screen is %T", s)
		return ""
	}
}

func (d *technician) expect(screen string) {
	d.t.Helper()
	if got := d.screen(); got != screen {
		d.t.Errorf("the screen is %s; want %s", got, screen)
	}
}

func TestTechnicianNeedsThePIN(t *testing.T) {
	d := newTechnician(t)
	d.do(CheckRequested{})
	d.expect("home")
	d.do(TechnicianAsked{})
	d.expect("pin")
	d.do(CheckRequested{}, CodeEntered{})
	d.expect("pin")
	d.pin("12345")
	d.expect("pin")
	d.do(KeyPressed{"x"}, KeyPressed{"erase"}, KeyPressed{"5"}, KeyPressed{"6"}, KeyPressed{"7"}, CodeEntered{})
	d.expect("checks")
	if len(d.effects) != 1 || d.effects[0] != (CheckNetwork{1}) {
		t.Errorf("effects %v", d.effects)
	}
}

func TestWrongPINs(t *testing.T) {
	d := newTechnician(t)
	for range maxWrong {
		d.do(TechnicianAsked{})
		d.pin("000000")
		d.do(Cancelled{}) // leaving does not help
	}
	d.do(TechnicianAsked{})
	d.pin("123456")
	d.expect("pin")
	d.do(Cancelled{})
	d.now = d.now.Add(wrongPause)
	d.do(TechnicianAsked{})
	d.pin("123456")
	d.expect("checks")
}

// The page of a citizen is not taken away, and a technician's goes by itself.
func TestTechnicianAndCitizens(t *testing.T) {
	d := newTechnician(t)
	d.do(PartnerChosen{theSession, "caf"}, TechnicianAsked{})
	d.expect("partner")
	d.do(Cancelled{}, TechnicianAsked{}, PartnerChosen{theSession, "caf"})
	d.expect("pin")
	if d.s.Quiet() {
		t.Error("an update may restart the machine under the technician's hands")
	}
	d.now = d.now.Add(technicianTime)
	d.do(ClockTicked{})
	d.expect("home")
}

func TestRestartWaitsForTheTechnician(t *testing.T) {
	d := newTechnician(t)
	d.do(TechnicianAsked{}, RestartDue{})
	d.expect("pin")
	d.do(Cancelled{})
	if len(d.effects) != 1 || d.effects[0] != (RestartMachine{}) {
		t.Errorf("effects %v", d.effects)
	}
}

func TestResultsOfAnEarlierCheckAreStrays(t *testing.T) {
	d := newTechnician(t)
	d.do(TechnicianAsked{})
	d.pin("123456")
	d.do(NetworkChecked{Run: 1, Check: Check{Name: "hub", State: "running"}}, NetworkChecked{Run: 1, Check: Check{Name: "hub", State: "ok"}})
	if c := d.s.Technician.Checks; len(c) != 1 || c[0].State != "ok" {
		t.Errorf("checks %v", c)
	}
	d.do(Cancelled{})
	if len(d.effects) != 1 || d.effects[0] != (StopNetworkCheck{}) {
		t.Errorf("effects %v", d.effects)
	}
	d.do(TechnicianAsked{})
	d.pin("123456")
	d.do(NetworkChecked{Run: 1, Check: Check{Name: "hub", State: "fail"}}, NetworkChecked{Run: 1, Done: true, Verdict: "nogo"})
	if c := d.s.Technician; len(c.Checks) != 0 || !c.Running {
		t.Errorf("%+v", c)
	}
	d.do(NetworkChecked{Run: 2, Done: true, Verdict: "go"}, CheckRequested{})
	if c := d.s.Technician; !c.Running || c.Run != 3 {
		t.Errorf("checked again: %+v", c)
	}
}

// A booth without a site has no PIN; its technician needs the page most of all.
func TestTechnicianBeforeTheEnrolment(t *testing.T) {
	d := &technician{t: t, s: State{}, now: tuesday}
	d.do(SettingsFound{Hub: "wss://hub.example.fr"}, TechnicianAsked{})
	d.expect("checks")
	d.do(KeyPressed{"A"}, Cancelled{})
	d.expect("enrolment")
	if d.s.Enrolment.Typed != "" {
		t.Error("a key of the technician's page was taken for the code's")
	}
}
