package booth

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"loiret.fr/visioborne/config"
)

var update = flag.Bool("update", false, "write the golden files anew")

// tuesday is a working day, in winter time.
var tuesday = time.Date(2026, 11, 24, 10, 0, 0, 0, time.UTC)

// everyDay is open on every day from nine to five, Paris time.
func everyDay() config.Hours {
	h := config.Hours{}
	for d := time.Sunday; d <= time.Saturday; d++ {
		h[d] = []config.Span{{From: 9 * 60, To: 17 * 60}}
	}
	return h
}

// twoPartners is a booth with an open partner (caf) and one that is closed all through 2026 (cdad).
func twoPartners() *config.Booth {
	b := &config.Booth{
		Site: config.Site{
			ID: "gien", Name: "Espace Services Publics de Gien", Phone: "02 38 25 45 45",
			Hours: everyDay(), Timezone: "Europe/Paris", Languages: []string{"fr", "en", "fr-simple"},
			Hub: "ws://127.0.0.1:8090",
			Limits: config.Limits{
				MediaSetup: 15 * time.Second, Contact: 10 * time.Second, Idle: time.Minute, Standby: 10 * time.Minute,
				Thanks: 8 * time.Second, Failure: 90 * time.Second, Call: 2 * time.Hour,
				Interruption: 30 * time.Second,
			},
		},
		Partners: []config.Partner{
			{
				ID: "caf", Short: "CAF", Name: config.Text{"fr": "Caisse d’allocations familiales", "en": "Family allowances"},
				About: config.Text{"fr": "Allocations, RSA, aides au logement", "en": "Benefits, housing aid"},
				Phone: "3230", Icon: "family", Hours: everyDay(), AnswerLimit: 5 * time.Minute,
			},
			{
				ID: "cdad", Short: "CDAD", Name: config.Text{"fr": "Point-justice"}, About: config.Text{"fr": "Vos droits"},
				Phone: "3039", Icon: "justice", Hours: everyDay(), AnswerLimit: time.Minute,
				Closed: []config.Days{{From: "2026-01-01", To: "2026-12-31"}},
			},
		},
		Groups: []config.Group{{ID: "family", Name: config.Text{"fr": "Famille", "en": "Family"}, Icon: "family"}},
		Needs: []config.Need{
			{ID: "rent", Group: "family", Partner: "caf", Text: config.Text{"fr": "Être aidé pour mon loyer", "en": "Help with my rent"}},
			{ID: "custody", Group: "family", Partner: "cdad", Text: config.Text{"fr": "La garde de mes enfants"}},
		},
	}
	return b
}

// fresh is a booth that nobody uses, with its hub reachable and an adviser free.
func fresh() State {
	return State{
		Config: twoPartners(), Now: tuesday, Online: true,
		Partners: []Availability{{Partner: "caf", Online: 1, Free: 1}},
	}
}

// run takes a state through events, one second apart.
func run(t *testing.T, s State, events ...Event) (State, []Effect) {
	t.Helper()
	var effects []Effect
	for _, e := range events {
		var more []Effect
		s, more = Step(s, s.Now.Add(time.Second), e)
		effects = append(effects, more...)
	}
	return s, effects
}

const (
	theSession = "5e55aa10-0000-4000-8000-000000000001"
	theCall    = "ca11aa10-0000-4000-8000-000000000001"
	theHelp    = "4e190000-0000-4000-8000-000000000001"
	otherCall  = "ca11aa10-0000-4000-8000-000000000002"
	stray      = "ffffffff-0000-4000-8000-000000000009"
)

// situation is a state worth testing against every event.
type situation struct {
	name  string
	state State
}

// situations are all phases, with the variants in which a phase behaves differently.
func situations(t *testing.T) []situation {
	choose := PartnerChosen{theSession, "caf"}
	request := CallRequested{theCall}
	queued := CallQueued{theCall, 2, 0}
	ringing := CallRinging{Call: theCall}
	answered := CallAnswered{Call: theCall, Adviser: "Mme Martin"}
	connected := MediaConnected{theCall}
	back := CalledBack{theSession, theCall, "caf", "Mme Martin"}
	group, help := GroupChosen{theSession, "family"}, HelpOpened{theSession}
	after := func(events ...Event) State {
		s, _ := run(t, fresh(), events...)
		return s
	}
	spoken := func(events ...Event) State {
		s := fresh()
		s.Hearing = HearingLoudspeaker
		s, _ = run(t, s, events...)
		return s
	}
	broken := fresh()
	broken.Faults = []Device{DeviceCamera}
	offline := fresh()
	offline.Online = false
	night := fresh()
	night.Now = tuesday.Add(12 * time.Hour)
	seen := PresenceChanged{Level: PresenceNear, Known: true}
	gone := PresenceChanged{Level: PresenceAbsent, Known: true}
	away := func(events ...Event) State { // long enough after the last touch
		s := after(append([]Event{seen}, events...)...)
		s, _ = Step(s, s.Now.Add(20*time.Second), gone)
		return s
	}
	practising := func(events ...Event) State {
		s := fresh()
		s.Training, s.Online = true, false
		s, _ = run(t, s, events...)
		return s
	}
	nightHelp, _ := run(t, night, help)
	dark := fresh()
	dark.Now, dark.TouchedAt = tuesday.Add(12*time.Hour), tuesday
	return []situation{
		{"none", fresh()},
		{"none, offline", offline},
		{"none, camera broken", broken},
		{"none, night", night},
		{"none, night, dark", dark},
		{"none, somebody near", after(ClockTicked{}, ClockTicked{}, ClockTicked{}, seen)},
		{"none, devices checked", after(DeviceCheckAsked{})},
		{"none, test call", after(TestCallAsked{})},
		{"none, out of service", after(ServiceChanged{Out: true, Message: "Réparation jeudi."})},
		{"browsing", after(LanguageChosen{theSession, "en"})},
		{"none, training", practising()},
		{"in_call, training", practising(choose, request, queued, ringing, answered, connected)},
		{"browsing, asked for a language", after(LanguagesAsked{theSession, true})},
		{"in_call, asked for a language", after(choose, request, queued, ringing, answered, connected, LanguagesAsked{theSession, true})},
		{"choosing", after(choose)},
		{"choosing, English", after(LanguageChosen{theSession, "en"}, choose)},
		{"choosing, asked", away(choose)},
		{"choosing, offline", after(choose, LinkChanged{false})},
		{"contacting", after(choose, request)},
		{"waiting", after(choose, request, queued)},
		{"waiting, offline", after(choose, request, queued, LinkChanged{false})},
		{"waiting, asked", away(choose, request, queued)},
		{"waiting, ringing", after(choose, request, queued, ringing)},
		{"waiting, passed on", after(choose, request, queued, ringing, answered, connected, CallTransferred{Call: theCall, Partner: "cdad", Place: 1})},
		{"called_back", after(back)},
		{"called_back, after a failure", after(LanguageChosen{theSession, "en"}, choose, request, answered, connected, MediaFailed{theCall}, back)},
		{"contacting, called back", after(back, Accepted{})},
		{"connecting", after(choose, request, queued, ringing, answered)},
		{"in_call", after(choose, request, queued, ringing, answered, connected)},
		{"in_call, nobody there", away(choose, request, queued, ringing, answered, connected)},
		{"in_call, interrupted", after(choose, request, queued, ringing, answered, connected, MediaInterrupted{theCall})},
		{"in_call, adviser away", after(choose, request, queued, ringing, answered, connected, AdviserAway{theCall})},
		{"in_call, all off", after(choose, request, queued, ringing, answered, connected, MicrophoneSwitched{false}, CameraSwitched{false})},
		{"in_call, written", after(choose, request, queued, ringing, answered, connected, AdviserWrote{theCall, "Bonjour"})},
		{"in_call, company offered", after(choose, request, queued, ringing, answered, connected, AgentJoins{true})},
		{"in_call, company", after(choose, request, queued, ringing, answered, connected, AgentJoins{true}, Accepted{})},
		{"in_call, typing", after(choose, request, queued, ringing, answered, connected, TextOpened{theCall}, KeyboardSwitched{true}, TextTyped{"Je"}, TextReceived{theCall, KindTyped, "Bon"}, SpeakingChanged{theCall, true, true})},
		{"in_call, photo wanted", after(choose, request, queued, ringing, answered, connected, PhotoAsked{theCall})},
		{"in_call, photo taken", after(choose, request, queued, ringing, answered, connected, PhotoAsked{theCall}, Accepted{})},
		{"browsing, needs", after(group)},
		{"choosing, for a need", after(group, NeedChosen{"rent"})},
		{"browsing, help", after(help)},
		{"choosing, help asked", after(choose, help, HelpAsked{theHelp})},
		{"waiting, help rung", after(choose, help, HelpAsked{theHelp}, HelpAnswered{theHelp, HelpRung}, HelpClosed{}, request, queued, help)},
		{"called_back, help", after(back, help)},
		{"in_call, help", after(choose, request, queued, ringing, answered, connected, help)},
		{"ended, help", after(choose, request, queued, ringing, answered, connected, CitizenHungUp{}, help)},
		{"none, night, help", nightHelp},
		{"none, with a voice", spoken()},
		{"none, dark, with a voice", func() State { s := dark; s.Hearing = HearingLoudspeaker; return s }()},
		{"browsing, spoken", spoken(SpeechAsked{theSession, true})},
		{"browsing, spoken by the handset", spoken(HearingChanged{HearingHandset, theSession})},
		{"choosing, spoken, asked", func() State {
			s := spoken(FourKeyPressed{theSession, KeyNext}, choose)
			s, _ = Step(s, s.Now.Add(time.Minute), TimerFired{theSession, s.Session.Timer})
			return s
		}()},
		{"waiting, spoken by the handset", spoken(HearingChanged{HearingHandset, theSession}, choose, request, queued)},
		{"in_call, spoken", spoken(SpeechAsked{theSession, true}, choose, request, queued, ringing, answered, connected)},
		{"ended", after(choose, request, queued, ringing, answered, connected, CitizenHungUp{})},
		{"ended, helped", after(choose, request, queued, ringing, answered, connected, CitizenHungUp{}, OpinionGiven{AnswerYes})},
		{"ended before there was sound", after(choose, request, queued, ringing, answered, CitizenHungUp{})},
		{"failed, no answer", after(choose, request, queued, CallEnded{Call: theCall})},
		{"failed, partner closed", after(PartnerChosen{theSession, "cdad"})},
	}
}

// events are one or more of each kind of event, about the present call and about another.
func events(s State) []Event {
	call := theCall
	return []Event{
		Touched{},
		LanguageChosen{theSession, "en"},
		LanguageChosen{theSession, "tlh"},
		LanguagesAsked{theSession, true},
		LanguagesAsked{theSession, false},
		OpinionGiven{AnswerPartly},
		OpinionGiven{AnswerPoor},
		OpinionGiven{"great"},
		ZoneChosen{theSession, true},
		PartnerChosen{theSession, "caf"},
		PartnerChosen{theSession, "cdad"},
		PartnerChosen{theSession, "nobody"},
		CallRequested{theCall},
		Cancelled{},
		CitizenLeft{},
		CitizenHungUp{},
		MicrophoneSwitched{true},
		MicrophoneSwitched{false},
		CameraSwitched{true},
		CameraSwitched{false},
		VolumeChosen{40},
		VolumeChosen{1000},
		LinkChanged{true},
		LinkChanged{false},
		PartnersChanged{[]Availability{{Partner: "caf"}}},
		CallQueued{call, 1, 1},
		CallQueued{stray, 1, 1},
		CallRefused{call, ReasonPartnerClosed},
		CallRefused{stray, ReasonRefused},
		CallRinging{Call: call},
		CallRinging{Call: stray},
		CallRequeued{call, 1},
		CallRequeued{stray, 1},
		CallAnswered{Call: call, Adviser: "Mme Martin"},
		CallAnswered{Call: stray, Adviser: "M. Autre"},
		CallEnded{Call: call},
		CallEnded{Call: call, Lost: true},
		CallEnded{Call: stray},
		MediaConnected{call},
		MediaConnected{stray},
		MediaInterrupted{call},
		MediaInterrupted{stray},
		MediaResumed{call},
		MediaResumed{stray},
		CallRated{Call: call, Causes: []Cause{"sound"}},
		CallRated{Call: stray, Causes: []Cause{"sound"}},
		MediaFailed{call},
		MediaFailed{stray},
		DeviceFailed{call, DeviceCamera},
		DeviceFailed{call, DeviceMicrophone},
		DeviceFailed{stray, DeviceCamera},
		DeviceRecovered{call, DeviceCamera},
		DeviceRecovered{stray, DeviceCamera},
		AdviserMuted{call, true, true},
		AdviserMuted{stray, true, true},
		TimerFired{s.Session.ID, s.Session.Timer},
		TimerFired{s.Session.ID, s.Session.Timer - 1},
		TimerFired{stray, s.Session.Timer},
		FaultRaised{DeviceSpeaker},
		FaultCleared{DeviceCamera},
		ConfigurationTold{1},
		ConfigurationReceived{Version: 2, Config: twoPartners()},
		ConfigurationReceived{Version: 3, Config: twoPartners(), Restart: true},
		ConfigurationRefused{Version: 4, Why: "site.yaml:3: lidar: is not a known field"},
		ConfigurationAnnounced{&Coming{Nature: "Les horaires changent.", From: tuesday}},
		PanelChanged{false},
		PresenceChanged{Level: PresenceNear, Known: true},
		PresenceChanged{Level: PresenceAbsent, Known: true},
		PresenceChanged{Level: PresenceAbsent, Faults: []string{"distance_stuck"}},
		UpdateChanged{&Update{State: "loading", Version: "2", Percent: 40}},
		UpdateAnnounced{&Coming{Nature: "Le son est meilleur.", From: tuesday}},
		RestartDue{},
		TechnicianAsked{},
		CheckRequested{},
		NetworkChecked{Run: 1, Check: Check{Name: "hub", State: "ok"}},
		DeviceCheckAsked{},
		DevicesChecked{Run: 1, Findings: []Finding{{DeviceCamera, "ok"}}},
		RestartAsked{ServiceOnly: true},
		RestartAsked{},
		ServiceChanged{Out: true, Message: "Réparation jeudi."},
		ServiceChanged{},
		TestCallAsked{},
		TestCallTold{Run: 1, Check: Check{Name: "hub", State: "ok"}},
		TestCallTold{Run: 1, Done: true, Verdict: "go"},
		ClockTicked{},
		CallTransferred{Call: call, Partner: "cdad", Place: 1},
		CallTransferred{Call: call, Partner: "caf", Place: 1, Returned: true},
		CallTransferred{Call: call, Partner: "nobody", Place: 1},
		CallTransferred{Call: stray, Partner: "cdad", Place: 1},
		CalledBack{theSession, call, "caf", "Mme Martin"},
		CalledBack{theSession, stray, "caf", "M. Autre"},
		CalledBack{theSession, call, "nobody", "Personne"},
		Accepted{},
		AdviserAway{call},
		AdviserAway{stray},
		AdviserBack{Call: call},
		AdviserBack{Call: stray},
		AdviserWrote{call, "Il manque une pièce."},
		AdviserWrote{stray, "Autre chose."},
		PhraseChosen{PhraseYes},
		PhraseChosen{"maybe"},
		PaperShown{call, Paper{stray, 1, 2}},
		PaperShown{stray, Paper{stray, 1, 2}},
		PaperHidden{call},
		PaperHidden{stray},
		PhotoAsked{call},
		PhotoAsked{stray},
		PhotoTaken{call},
		PhotoTaken{stray},
		Refused{},
		AgentCalls{theSession, theCall, "caf"},
		AgentCalls{theSession, theCall, "cdad"},
		AgentJoins{true},
		AgentJoins{false},
		TrainingAsked{},
		TrainingLeft{},
		GroupChosen{theSession, "family"},
		GroupChosen{theSession, "nothing"},
		NeedChosen{"rent"},
		NeedChosen{"custody"},
		NeedChosen{"nothing"},
		HelpOpened{theSession},
		HelpClosed{},
		HelpAsked{theHelp},
		HelpAnswered{theHelp, HelpRung},
		HelpAnswered{theHelp, HelpSeen},
		HelpAnswered{theHelp, HelpFailed},
		HelpAnswered{stray, HelpSeen},
		TextOpened{call},
		TextOpened{stray},
		TextClosed{call},
		TextClosed{stray},
		TextReceived{call, KindTyped, "j\b"},
		TextReceived{stray, KindTyped, "x"},
		TextTyped{"\b\u00e9\n"},
		KeyboardSwitched{true},
		KeyboardSwitched{false},
		SpeakingChanged{call, true, false},
		SpeakingChanged{stray, true, false},
		HearingChanged{HearingLoudspeaker, theSession},
		HearingChanged{HearingHandset, theSession},
		HearingChanged{},
		SpeechAsked{theSession, true},
		SpeechAsked{theSession, false},
		FourKeyPressed{theSession, KeyNext},
		SpeechWanted{"Bonjour"},
		SpeechWanted{" "},
	}
}

func short(v any) string {
	name := strings.TrimPrefix(fmt.Sprintf("%T", v), "booth.")
	fields := fmt.Sprintf("%+v", v)
	if strings.HasPrefix(name, "Configuration") || strings.HasPrefix(name, "Update") { // pointers
		return name
	}
	return name + strings.NewReplacer(theSession, "session", theCall, "call", theHelp, "help", stray, "stray").Replace(fields)
}

// TestEveryStateAgainstEveryEvent holds the whole behaviour as a table that a
// person can read and review: the golden file.
func TestEveryStateAgainstEveryEvent(t *testing.T) {
	seen := map[Phase]bool{}
	kinds := map[reflect.Type]bool{}
	var b strings.Builder
	for _, st := range situations(t) {
		seen[st.state.Session.Phase] = true
		fmt.Fprintf(&b, "== %s\n", st.name)
		for _, e := range events(st.state) {
			kinds[reflect.TypeOf(e)] = true
			before, _ := json.Marshal(st.state)
			next, effects := Step(st.state, st.state.Now.Add(time.Second), e)
			if after, _ := json.Marshal(st.state); string(before) != string(after) {
				t.Errorf("%s: %s changed the state it was given", st.name, short(e))
			}
			unmoved := next
			unmoved.Now = st.state.Now
			same := cmp.Equal(unmoved, st.state) && len(effects) == 0
			if same {
				continue // what is not in the table does nothing
			}
			fmt.Fprintf(&b, "%s\n    -> %s", short(e), next.Session.Phase)
			for _, f := range effects {
				fmt.Fprintf(&b, "; %s", short(f))
			}
			b.WriteString("\n")
		}
	}
	for _, p := range Phases() {
		if !seen[p] {
			t.Errorf("no situation is in phase %s", p)
		}
	}
	if want := 83; len(kinds) != want {
		t.Errorf("%d kinds of events are tested, expected %d: add the new one to events()", len(kinds), want)
	}
	golden(t, filepath.Join("testdata", "steps.golden"), b.String())
}

// TestDiagram writes the state diagram of the documentation from the machine itself.
func TestDiagram(t *testing.T) {
	type edge struct{ from, to Phase }
	why := map[edge][]string{}
	for _, st := range situations(t) {
		for _, e := range events(st.state) {
			next, _ := Step(st.state, st.state.Now.Add(time.Second), e)
			from, to := st.state.Session.Phase, next.Session.Phase
			name := strings.TrimPrefix(fmt.Sprintf("%T", e), "booth.")
			if from == to || slices.Contains(why[edge{from, to}], name) {
				continue
			}
			why[edge{from, to}] = append(why[edge{from, to}], name)
		}
	}
	var b strings.Builder
	b.WriteString("# The booth's phases\n\nWritten by `go test ./kiosk/booth -run TestDiagram -update` from the state machine itself; do not edit.\n\n```mermaid\nstateDiagram-v2\n    [*] --> none\n")
	for _, from := range Phases() {
		for _, to := range Phases() {
			names := why[edge{from, to}]
			if len(names) == 0 {
				continue
			}
			slices.Sort(names)
			fmt.Fprintf(&b, "    %s --> %s: %s\n", from, to, strings.Join(names, ", "))
		}
	}
	b.WriteString("```\n\nCamera, microphone and speaker are open in `connecting` and `in_call`, and in no other phase.\nEvery phase but `none` has a running timer, so that no screen is a dead end.\n")
	golden(t, filepath.Join("..", "..", "docs", "state-machine.md"), b.String())
}

func golden(t *testing.T, file, got string) {
	t.Helper()
	if *update {
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatalf("reading the golden file: %v (make it with -update)", err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s differs (-want +got); after checking, write it anew with -update:\n%s", file, diff)
	}
}

// world follows the effects as the devices and the loop would.
type world struct {
	devices, checked, prepared, line, renewed bool
	away                                      bool
	speaks, headphones                        bool
	run, tested                               int
	timer                                     *StartTimer
}

func (w *world) carryOut(effects []Effect) {
	for _, f := range effects {
		switch f := f.(type) {
		case PlaceCall:
			w.line = true
		case LeaveCall:
			w.line = false
		case PrepareMedia:
			w.prepared = true
		case DropMedia:
			w.prepared = false
		case AcceptCall:
			w.line = true
		case OpenMedia:
			w.devices, w.away = true, false
		case TellAway:
			w.away = f.Away
		case RenewMedia:
			w.renewed, w.away = true, false
		case CloseMedia:
			w.devices, w.prepared = false, false
		case CheckDevices:
			w.checked, w.run = true, f.Run
		case StopDeviceCheck:
			w.checked = false
		case StartTimer:
			w.timer = &f
		case StopTimer:
			w.timer = nil
		case PlaceTestCall:
			w.tested = f.Run
		case StopTestCall:
			w.tested = 0
		case SwitchMicrophone, SwitchCamera, SetVolume, NoteFailure, AskHelp:
		case Speak:
			w.speaks = true
		case Hush:
			w.speaks = false
		case ListenBy:
			w.headphones = f.Headphones
		case PassKey:
		}
	}
}

// check holds the promises that every state must keep.
func (w *world) check(s State) error {
	p := s.Session.Phase
	if w.devices != p.DevicesOpen() {
		return fmt.Errorf("devices open is %v in phase %s", w.devices, p)
	}
	if w.speaks && !s.Session.Spoken {
		return fmt.Errorf("something is said to nobody in phase %s", p)
	}
	if w.headphones != s.Session.Spoken {
		return fmt.Errorf("headphones are used: %v, and the spoken mode is on: %v", w.headphones, s.Session.Spoken)
	}
	if w.renewed && !w.devices {
		return fmt.Errorf("a connection was made anew in phase %s", p)
	}
	w.renewed = false
	if w.checked && (!s.DeviceCheck.Running || s.DeviceCheck.Run != w.run || p != PhaseNone) {
		return fmt.Errorf("the devices are being checked in phase %s, as run %d: %+v", p, w.run, s.DeviceCheck)
	}
	if w.tested > 0 && (!s.TestCall.Running || s.TestCall.Run != w.tested || p != PhaseNone) {
		return fmt.Errorf("a test call is under way in phase %s: %+v", p, s.TestCall)
	}
	if _, said := Show(s).Screen.(CheckingScreen); w.checked && !said {
		return fmt.Errorf("the devices are being checked and the screen is %+v", Show(s).Screen)
	}
	if want := p.DevicesOpen() || s.Session.Ringing; w.prepared != want {
		return fmt.Errorf("a peer connection is %v in phase %s, ringing %v", w.prepared, p, s.Session.Ringing)
	}
	if p != PhaseNone && (w.timer == nil || w.timer.Session != s.Session.ID || w.timer.Timer != s.Session.Timer) {
		return fmt.Errorf("phase %s has no timer", p)
	}
	if gone := s.Presence.Known && s.Presence.Level == PresenceAbsent; w.devices && w.away != gone {
		return fmt.Errorf("the adviser knows that nobody is there: %v, and it is %+v", w.away, s.Presence)
	}
	if asked := s.Session.AskedUntil; !asked.IsZero() {
		switch p {
		case PhaseBrowsing, PhaseChoosing, PhaseWaiting, PhaseFailed:
		case PhaseEnded:
			if !s.Session.Help.Open {
				return fmt.Errorf("somebody is asked whether they are there before a farewell")
			}
		default:
			return fmt.Errorf("somebody is asked whether they are there in phase %s", p)
		}
		if w.timer == nil || w.timer.After != stillThereTime || Show(s).StillThere == nil {
			return fmt.Errorf("somebody is asked, and the timer is %+v", w.timer)
		}
	}
	if s.Dark() && (s.Presence.there() || !s.Quiet()) {
		return fmt.Errorf("the panel is dark before somebody")
	}
	if p == PhaseNone && !reflect.DeepEqual(s.Session, Session{}) {
		return fmt.Errorf("personal data without a session: %+v", s.Session)
	}
	if (len(s.Session.Written) > 0 || s.Session.Paper != Paper{} || s.Session.Conversation != Conversation{}) && !p.DevicesOpen() {
		return fmt.Errorf("what was written and shown is kept in phase %s", p)
	}
	if v := Show(s); v.Help != nil && v.Help.Open && (p == PhaseNone || s.Session.Photo == PhotoWanted) {
		return fmt.Errorf("help is over nothing, or over a question, in phase %s", p)
	}
	if n, ok := Show(s).Screen.(NeedsScreen); ok && (p != PhaseBrowsing || len(n.Needs) == 0) {
		return fmt.Errorf("needs are shown in phase %s: %+v", p, n)
	}
	growing := false
	for i, l := range s.Session.Written {
		if growing && !l.Open || l.Kind == "" || l.Text == "" && l.Phrase == "" {
			return fmt.Errorf("line %d of what was written is %+v, after one that grows: %v", i, l, growing)
		}
		growing = growing || l.Open
	}
	if p == PhaseNone && s.Next != nil {
		return fmt.Errorf("a configuration waits although nobody is there")
	}
	if p.DevicesOpen() != func() bool { _, ok := Show(s).Screen.(CallScreen); return ok }() {
		return fmt.Errorf("the call's screen is wrong for phase %s", p)
	}
	if f, ok := Show(s).Screen.(FailedScreen); ok && (f.Partner.Phone == "" || f.Code == "" || f.Reason == "") {
		return fmt.Errorf("a failure without phone, code or reason: %+v", f)
	}
	return nil
}

// FuzzStep throws any sequence of events at the machine and checks the promises after each.
func FuzzStep(f *testing.F) {
	f.Add([]byte{3, 6, 18, 22, 26, 31, 8})
	f.Add([]byte{1, 3, 6, 16, 15, 18, 22, 24, 22, 26, 31, 33, 35, 46})
	f.Add([]byte{66, 69, 26, 31, 70, 72, 31, 62, 26, 31, 8})
	f.Add([]byte{3, 6, 26, 31, 39, 66, 7, 66, 69, 28})
	f.Add([]byte{3, 6, 26, 46, 6, 26, 31, 39, 51, 28})
	f.Add([]byte{102, 104, 6, 26, 31, 7, 107, 109, 110, 108})
	f.Add([]byte{94, 96, 99, 3, 6, 26, 31, 100, 9})
	f.Add([]byte{94, 95, 99, 3, 6, 26, 94, 7, 95, 94})
	f.Fuzz(func(t *testing.T, script []byte) {
		s, w := fresh(), &world{}
		for i, b := range script {
			choices := events(s)
			e := choices[int(b)%len(choices)]
			was := s.Session.Phase
			var effects []Effect
			s, effects = Step(s, s.Now.Add(time.Duration(b)*time.Second), e)
			// PlaceCall without leaving: only a refusal or the hub's own end may do that.
			if _, agreed := e.(Accepted); !agreed && slices.Contains(effects, Effect(TakePhoto{theCall})) {
				t.Fatalf("event %d, %s: a photo that nobody has agreed to", i, short(e))
			}
			if _, asked := e.(HelpAsked); !asked && slices.Contains(effects, Effect(AskHelp{theHelp})) {
				t.Fatalf("event %d, %s: the hotline rings and nobody has asked", i, short(e))
			}
			if c, ok := e.(DevicesChecked); ok && c.Run == w.run {
				w.checked = false
			}
			if c, ok := e.(TestCallTold); ok && c.Done && c.Run == w.tested {
				w.tested = 0
			}
			w.carryOut(effects)
			if err := w.check(s); err != nil {
				t.Fatalf("event %d, %s in phase %s: %v", i, short(e), was, err)
			}
		}
		// Nobody comes back: by timers alone the booth finds home.
		for range 6 {
			if s.Session.Phase == PhaseNone {
				return
			}
			var effects []Effect
			s, effects = Step(s, s.Now.Add(w.timer.After), TimerFired{w.timer.Session, w.timer.Timer})
			w.carryOut(effects)
			if err := w.check(s); err != nil {
				t.Fatal(err)
			}
		}
		t.Fatalf("the booth does not find home: phase %s", s.Session.Phase)
	})
}
