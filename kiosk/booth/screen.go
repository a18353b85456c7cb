package booth

import (
	"time"

	"loiret.fr/visioborne/config"
)

// View is the whole of what a touchscreen page needs: one JSON object, pushed
// on connect and on every change. ui/common/screen.ts is its twin.
type View struct {
	// Site is the site's name, as citizens read it.
	Site string `json:"site"`
	// Timezone is the IANA name in which the page writes times.
	Timezone string `json:"timezone"`
	// Language of the texts, and the languages to choose from.
	Language  string   `json:"language"`
	Languages []string `json:"languages"`
	// AsksLanguage: the layer in which a language is chosen lies over the screen.
	AsksLanguage bool `json:"asks_language"`
	// Online: the hub is reachable.
	Online bool `json:"online"`
	// Simulated devices, named on screen so that nobody takes a rehearsal for a call.
	Simulated []Device `json:"simulated"`
	// Coming is a change that is announced, of the booth's programs or its configuration, shown while nobody is there; null when there is none.
	Coming *ComingNotice `json:"coming"`
	// Maintenance: the booth's pages are open to the room's network, which must not be forgotten.
	Maintenance bool `json:"maintenance"`
	// Training: calls go to a simulated adviser, which must be said on every screen.
	Training bool `json:"training"`
	// Dark: the panel is off; on one that cannot be switched off the page is black. The first touch only lights it.
	Dark bool `json:"dark"`
	// Greeting: somebody has come near and nothing was touched yet.
	Greeting bool `json:"greeting"`
	// StillThere asks an abandoned session whether somebody is there; null while nobody is asked.
	StillThere *StillThere `json:"still_there"`
	// Help is the help button and layer; null on pages that are not a citizen's.
	Help *HelpView `json:"help"`
	// Near is another site to go to, where this one cannot help; null otherwise, and where none is known.
	Near *Nearby `json:"near"`
	// Attract is how home looks while nobody is there; null otherwise.
	Attract *Attract `json:"attract"`
	// Speech is the spoken mode.
	Speech Speech `json:"speech"`
	// Panel is how large the touchscreen is, and how it answers fingers.
	Panel  Panel  `json:"panel"`
	Screen Screen `json:"screen"`
}

// ComingNotice tells the site's manager what will change, and from when on.
type ComingNotice struct {
	Nature string    `json:"nature"`
	From   time.Time `json:"from"`
}

// Screen is one of the booth's screens; its JSON has the field "name".
//
//sumtype:decl
type Screen interface{ isScreen() }

// Status is whether a partner can be called now.
type Status string

const (
	// StatusOpen: advisers are there (they may all be talking; Waiting tells the line).
	StatusOpen Status = "open"
	// StatusNoAdviser: open hours, but no adviser is available at the moment.
	StatusNoAdviser Status = "no_adviser"
	// StatusClosed: outside the partner's hours.
	StatusClosed Status = "closed"
	// StatusUnknown: the hub is unreachable.
	StatusUnknown Status = "unknown"
)

// Partner is a partner as the page shows it, in the session's language.
type Partner struct {
	ID     string `json:"id"`
	Short  string `json:"short"`
	Name   string `json:"name"`
	About  string `json:"about"`
	Icon   string `json:"icon"`
	Phone  string `json:"phone"`
	Status Status `json:"status"`
	// OpensAt is when a closed partner opens next; null when it is not known.
	OpensAt *time.Time `json:"opens_at"`
	// Waiting is the number of calls in line.
	Waiting int `json:"waiting"`
}

type (
	// HomeScreen: the groups of needs and the partners to choose from.
	HomeScreen struct {
		Name     string    `json:"name"` // "home"
		Groups   []Group   `json:"groups"`
		Partners []Partner `json:"partners"`
	}
	// PartnerScreen: one partner, and the button that calls it.
	PartnerScreen struct {
		Name    string  `json:"name"` // "partner"
		Partner Partner `json:"partner"`
		// Need is what has led there, in the citizen's words; "" for none.
		Need string `json:"need"`
	}
	// CallingScreen: the call is on its way or in line.
	CallingScreen struct {
		Name    string  `json:"name"` // "calling"
		Partner Partner `json:"partner"`
		Need    string  `json:"need"`
		// Step is "contacting", "waiting" or "ringing".
		Step string `json:"step"`
		// Place in line, 1 being next; 0 while it is not known.
		Place int `json:"place"`
		// NobodyFree: no adviser is free; one may stay in line or leave.
		NobodyFree bool      `json:"nobody_free"`
		Since      time.Time `json:"since"`
		// ByAgent: the site's agent has called for the citizen.
		ByAgent bool `json:"by_agent"`
		// PassedBy is the partner whose adviser has passed the call on; null when none has. Returned: it is the one to whom
		// it was passed on in vain.
		PassedBy *Partner `json:"passed_by"`
		Returned bool     `json:"returned"`
	}
	// CallBackScreen: an adviser calls back, and the citizen may accept or refuse. No device is open.
	CallBackScreen struct {
		Name    string  `json:"name"` // "call_back"
		Partner Partner `json:"partner"`
		Adviser string  `json:"adviser"`
	}
	// CallScreen: the talk.
	CallScreen struct {
		Name    string  `json:"name"` // "call"
		Partner Partner `json:"partner"`
		Adviser string  `json:"adviser"`
		// State is "connecting", "connected" or "interrupted".
		State string `json:"state"`
		// Microphone and Camera: on by the citizen's choice, and working.
		Microphone        bool     `json:"microphone"`
		Camera            bool     `json:"camera"`
		AdviserMicrophone bool     `json:"adviser_microphone"`
		AdviserCamera     bool     `json:"adviser_camera"`
		VolumePercent     int      `json:"volume_percent"`
		Lost              []Device `json:"lost"`
		// Written is what was written in the call, the newest last.
		Written []Line `json:"written"`
		// Phrases are what the citizen can answer; none while nothing was written.
		Phrases []Phrase `json:"phrases"`
		// Text: what is typed is exchanged letter by letter; Keyboard: the citizen has opened it.
		Text     bool `json:"text"`
		Keyboard bool `json:"keyboard"`
		// CitizenSpeaks and AdviserSpeaks are who speaks now.
		CitizenSpeaks bool `json:"citizen_speaks"`
		AdviserSpeaks bool `json:"adviser_speaks"`
		// Paper is what the adviser shows; null for nothing. The page gets it at /paper/ID.
		Paper *Paper `json:"paper"`
		// Photo is a sharp picture that the adviser has asked for: "", "wanted" or "taking".
		Photo PhotoStep `json:"photo"`
		// Company is whether the site's agent takes part: "", "offered" or "there".
		Company CompanyStep `json:"company"`
	}
	// ThanksScreen: the farewell.
	ThanksScreen struct {
		Name    string  `json:"name"` // "thanks"
		Partner Partner `json:"partner"`
		EndedBy Side    `json:"ended_by"`
		// Asks is what the citizen is asked of the call, "" for nothing. Answered: they have answered it all.
		Asks     Question `json:"asks"`
		Answered bool     `json:"answered"`
	}
	// FailedScreen: why it did not work, and what to do instead.
	FailedScreen struct {
		Name    string  `json:"name"` // "failed"
		Partner Partner `json:"partner"`
		Reason  Reason  `json:"reason"`
		Code    string  `json:"code"`
		// Retry: trying again may help.
		Retry bool `json:"retry"`
		// Poor: it is known that the line was poor.
		Poor bool   `json:"poor"`
		Need string `json:"need"`
	}
	// ClosedScreen: the room is closed.
	ClosedScreen struct {
		Name     string     `json:"name"` // "closed"
		OpensAt  *time.Time `json:"opens_at"`
		Partners []Partner  `json:"partners"`
	}
	// RestartingScreen: the machine, or its service, restarts in a moment.
	RestartingScreen struct {
		Name string `json:"name"` // "restarting"
	}
	// OccupiedScreen is what a watcher in the room's network gets while a citizen is there.
	OccupiedScreen struct {
		Name string `json:"name"` // "occupied"
	}
	// OutOfServiceScreen: the booth cannot make calls, because devices are missing or because the hotline has said so.
	OutOfServiceScreen struct {
		Name    string   `json:"name"` // "out_of_service"
		Devices []Device `json:"devices"`
		// Stopped: the hotline has taken the booth out of service, with a Message that may be "".
		Stopped  bool      `json:"stopped"`
		Message  string    `json:"message"`
		Phone    string    `json:"phone"`
		Code     string    `json:"code"`
		Partners []Partner `json:"partners"`
	}
)

func (HomeScreen) isScreen()         {}
func (PartnerScreen) isScreen()      {}
func (CallingScreen) isScreen()      {}
func (CallBackScreen) isScreen()     {}
func (CallScreen) isScreen()         {}
func (ThanksScreen) isScreen()       {}
func (FailedScreen) isScreen()       {}
func (ClosedScreen) isScreen()       {}
func (OutOfServiceScreen) isScreen() {}
func (OccupiedScreen) isScreen()     {}
func (RestartingScreen) isScreen()   {}

// Show derives what the touchscreen shows.
func Show(s State) View {
	if s.Config == nil {
		return s.showEnrolment()
	}
	site := s.Config.Site
	v := View{
		Site:      site.Name,
		Timezone:  site.Timezone,
		Language:  s.language(),
		Languages: site.Languages, AsksLanguage: s.Session.AsksLanguage,
		Online:    s.Online,
		Simulated: append([]Device{}, s.Simulated...), Maintenance: s.Maintenance, Training: s.Training, Dark: s.Dark(),
		Greeting: s.Quiet() && s.Presence.Greeted, StillThere: s.Session.asked(), Attract: s.attract(), Speech: s.speech(),
		Panel: showPanel(site.Devices.Touchscreen(), s.Session.ZoneMoved),
	}
	if c := s.coming(); c != nil && s.Quiet() {
		v.Coming = &ComingNotice{c.Nature, c.From.UTC()}
	}
	v.Screen = s.screen()
	v.Help, v.Near = s.helpView(v.Screen), s.near(v.Screen)
	return v
}

// Watched is a view as a watcher in the room's network may see it: nothing of a citizen, not even the language.
func Watched(v View) View {
	used := v.Help != nil && (v.Help.Open || v.Help.State != HelpNone) || v.AsksLanguage || v.StillThere != nil || v.Speech.On ||
		len(v.Languages) > 0 && v.Language != v.Languages[0]
	v.Speech = Speech{}
	switch v.Screen.(type) {
	case HomeScreen, ClosedScreen, OutOfServiceScreen, RestartingScreen, CheckingScreen, EnrolmentScreen, TechnicianScreen, OccupiedScreen:
		if !used {
			return v
		}
	case NeedsScreen, PartnerScreen, CallingScreen, CallBackScreen, CallScreen, ThanksScreen, FailedScreen:
	}
	v.Screen, v.StillThere, v.Help, v.Near, v.AsksLanguage, v.Panel.Low = OccupiedScreen{"occupied"}, nil, nil, nil, false, false
	if len(v.Languages) > 0 {
		v.Language = v.Languages[0]
	}
	return v
}

func (s State) language() string {
	if s.Session.Language != "" {
		return s.Session.Language
	}
	return s.Config.Site.Languages[0]
}

func (s State) screen() Screen {
	c := s.Session
	switch c.Phase {
	case PhaseChoosing:
		return PartnerScreen{"partner", s.partner(c.Partner), s.needText()}
	case PhaseContacting:
		return CallingScreen{Name: "calling", Partner: s.partner(c.Partner), Need: s.needText(), Step: "contacting", Since: c.CallSince, ByAgent: c.ByAgent}
	case PhaseCalledBack:
		return CallBackScreen{"call_back", s.partner(c.Partner), c.Adviser}
	case PhaseWaiting:
		step := "waiting"
		if c.Ringing {
			step = "ringing"
		}
		calling := CallingScreen{
			Name: "calling", Partner: s.partner(c.Partner), Need: s.needText(), Step: step, Place: c.Place,
			NobodyFree: !c.Ringing && c.Free == 0, Since: c.CallSince, Returned: c.Returned, ByAgent: c.ByAgent,
		}
		if c.PassedBy != "" {
			by := s.partner(c.PassedBy)
			calling.PassedBy = &by
		}
		return calling
	case PhaseConnecting, PhaseInCall:
		state := "connected"
		switch {
		case c.Phase == PhaseConnecting:
			state = "connecting"
		case c.Interrupted:
			state = "interrupted"
		}
		call := CallScreen{
			Name: "call", Partner: s.partner(c.Partner), Adviser: c.Adviser, State: state,
			Microphone: !c.MicrophoneOff, Camera: !c.CameraOff,
			AdviserMicrophone: !c.AdviserMicrophoneOff, AdviserCamera: !c.AdviserCameraOff,
			VolumePercent: c.VolumePercent, Lost: append([]Device{}, c.Lost...),
			Written: append([]Line{}, c.Written...), Phrases: []Phrase{}, Photo: c.Photo, Company: c.Company,
			Text: c.Text, Keyboard: c.Keyboard && c.Text,
			CitizenSpeaks: c.CitizenSpeaks && !c.MicrophoneOff, AdviserSpeaks: c.AdviserSpeaks && !c.AdviserMicrophoneOff,
		}
		if len(c.Written) > 0 {
			call.Phrases = Phrases()
		}
		if c.Paper != (Paper{}) {
			call.Paper = &c.Paper
		}
		return call
	case PhaseEnded:
		return ThanksScreen{"thanks", s.partner(c.Partner), c.EndedBy, c.Opinion.Asks, c.Opinion.Quality != ""}
	case PhaseFailed:
		return FailedScreen{
			Name: "failed", Partner: s.partner(c.Partner), Reason: c.Reason, Code: c.IncidentCode(), Retry: s.canRetry(),
			Poor: c.poorLine(), Need: s.needText(),
		}
	case PhaseNone, PhaseBrowsing:
	}
	if s.Technician.Step != TechnicianAway {
		return s.technicianScreen()
	}
	if s.Restarting {
		return RestartingScreen{"restarting"}
	}
	if s.DeviceCheck.Running {
		return CheckingScreen{"checking"}
	}
	if len(s.Faults) > 0 || s.OutOfService != nil {
		return s.outOfServiceScreen()
	}
	if opens, open := next(s.Config.SiteOpening(), s.Now); !open && !s.Training {
		return ClosedScreen{"closed", opens, s.partners()}
	}
	return s.homeScreen()
}

func (s State) outOfServiceScreen() OutOfServiceScreen {
	v := OutOfServiceScreen{
		Name: "out_of_service", Devices: append([]Device{}, s.Faults...),
		Phone: string(s.Config.Site.Phone), Code: s.faultCode(), Partners: s.partners(),
	}
	if s.OutOfService != nil {
		v.Stopped, v.Message = true, s.OutOfService.Message
	}
	return v
}

// faultCode names the broken devices to the hotline, and what it has done itself: S-C, S-CM, S-A, ...
func (s State) faultCode() string {
	code := "S-"
	if s.OutOfService != nil {
		code += "A"
	}
	for _, d := range s.Faults {
		switch d {
		case DeviceCamera:
			code += "C"
		case DeviceMicrophone:
			code += "M"
		case DeviceSpeaker:
			code += "H"
		case DevicePresence:
		}
	}
	return code
}

// canRetry: after everything but a closed partner, a broken device or a refusal.
func (s State) canRetry() bool {
	switch s.Session.Reason {
	case ReasonPartnerClosed, ReasonRefused, ReasonDevice:
		return false
	case ReasonHubUnreachable, ReasonNoAnswer, ReasonMedia, ReasonCallLost, ReasonAdviserLost, ReasonTooLong:
	}
	_, open := s.opening(s.Session.Partner)
	return open
}

func (s State) partners() []Partner {
	all := make([]Partner, 0, len(s.Config.Partners))
	for _, p := range s.Config.Partners {
		all = append(all, s.show(p))
	}
	return all
}

func (s State) partner(id string) Partner {
	p, ok := s.Config.Partner(id)
	if !ok {
		// A configuration cannot change under a session, so this is a partner that never was.
		return Partner{ID: id}
	}
	return s.show(p)
}

func (s State) show(p config.Partner) Partner {
	a := s.availability(p.ID)
	v := Partner{
		ID: p.ID, Short: p.Short, Name: p.Name.In(s.language()), About: p.About.In(s.language()),
		Icon: p.Icon, Phone: string(p.Phone), Waiting: a.Waiting,
	}
	opens, open := s.opening(p.ID)
	switch {
	case !open:
		v.Status, v.OpensAt, v.Waiting = StatusClosed, opens, 0
	case s.Training:
		v.Status, v.Waiting = StatusOpen, 0
	case !s.Online:
		v.Status, v.Waiting = StatusUnknown, 0
	case a.Online == 0:
		v.Status = StatusNoAdviser
	default:
		v.Status = StatusOpen
	}
	return v
}

// opening tells whether a partner is open, and otherwise when it opens next.
func (s State) opening(partner string) (*time.Time, bool) {
	p, ok := s.Config.Partner(partner)
	if !ok {
		return nil, false
	}
	if s.Training {
		return nil, true
	}
	return next(s.Config.PartnerOpening(p), s.Now)
}

func next(o config.Opening, now time.Time) (*time.Time, bool) {
	t, ok := o.Next(now)
	switch {
	case !ok:
		return nil, false
	case !t.After(now):
		return nil, true
	}
	t = t.UTC()
	return &t, false
}
