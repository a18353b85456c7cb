package booth

import "time"

// DeviceCheck is the check of camera, microphone and loudspeaker that is made
// once a night and when the hotline asks. The devices are open for some seconds,
// which the screen says, and only while nobody is there. The zero value is that
// none was made since the booth started.
type DeviceCheck struct {
	// Run numbers the checks: results of an earlier one are strays. Running: its results are to come.
	Run     int
	Running bool
	// Night is the site's day on which the last one of a night was begun, as 2026-11-24.
	Night string
	// EndedAt is when the last one ended; Findings are its results. Interrupted: somebody came.
	EndedAt     time.Time
	Findings    []Finding
	Interrupted bool
}

// Finding is what a check found of one device.
type Finding struct {
	Device Device
	// Result is a word of package devicecheck: "ok", "missing", "dark", "silent", ...
	Result string
}

// The hours of the night, of the site's day, in which a closed room's devices are checked.
const checkFrom, checkTo = 3, 5

type (
	// DeviceCheckAsked: the hotline wants the devices checked.
	DeviceCheckAsked struct{}
	// DevicesChecked: the check with that number has ended.
	DevicesChecked struct {
		Run      int
		Findings []Finding
	}
)

func (DeviceCheckAsked) isEvent() {}
func (DevicesChecked) isEvent()   {}

type (
	// CheckDevices opens the devices for some seconds and tries them. DevicesChecked follows.
	CheckDevices struct{ Run int }
	// StopDeviceCheck ends the check under way: the devices are closed at once.
	StopDeviceCheck struct{}
)

func (CheckDevices) isEffect()    {}
func (StopDeviceCheck) isEffect() {}

// CheckingScreen: camera, microphone and loudspeaker are open because they are being checked.
type CheckingScreen struct {
	Name string `json:"name"` // "checking"
}

func (CheckingScreen) isScreen() {}

// checkDevices begins a check, if nobody is there.
func (n *stepping) checkDevices() {
	d := &n.DeviceCheck
	if d.Running || !n.Quiet() || n.Restarting {
		return
	}
	d.Run++
	d.Running = true
	n.do(CheckDevices{d.Run})
}

// checkAtNight begins the night's check when its time has come.
func (n *stepping) checkAtNight() {
	local := n.Now.In(n.Config.SiteOpening().Location)
	if hour := local.Hour(); hour < checkFrom || hour >= checkTo || !n.Closed() {
		return
	}
	if tonight := local.Format(time.DateOnly); n.DeviceCheck.Night != tonight && n.Quiet() {
		n.DeviceCheck.Night = tonight
		n.checkDevices()
	}
}

func (n *stepping) devicesChecked(e DevicesChecked) {
	d := &n.DeviceCheck
	if d.Running && d.Run == e.Run {
		d.Running, d.Interrupted = false, false
		d.EndedAt, d.Findings = n.Now, e.Findings
	}
}

// makeRoom ends what is being checked when somebody has come, or the machine is to restart.
func (n *stepping) makeRoom(e Event) {
	switch e := e.(type) {
	case SpeechAsked, FourKeyPressed:
	case HearingChanged:
		if e.Hearing != HearingHandset {
			return
		}
	case ConfigurationReceived:
		if !e.Restart {
			return
		}
	case Touched, AgentCalls, LanguageChosen, LanguagesAsked, PartnerChosen, GroupChosen, HelpOpened, ZoneChosen, CalledBack, TechnicianAsked, RestartDue, RestartAsked:
	default:
		return
	}
	n.stopTestCall()
	if d := &n.DeviceCheck; d.Running {
		d.Running, d.Interrupted = false, true
		d.EndedAt, d.Findings = n.Now, nil
		n.do(StopDeviceCheck{})
	}
}
