package booth

import (
	"bytes"
	"encoding/json"
	"path/filepath"
	"reflect"
	"testing"
	"time"

	"loiret.fr/visioborne/config"
)

// loiret loads the demonstration site, so that the gallery shows real texts.
func loiret(t *testing.T) State {
	t.Helper()
	dir := filepath.Join("..", "..", "config", "loiret")
	b, err := config.Load(filepath.Join(dir, "demonstration.yaml"), filepath.Join(dir, "partners.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	sites, err := config.LoadSites(filepath.Join(dir, "sites"))
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range []string{"gien", "jargeau", "patay"} { // as the hub tells a booth
		other := sites[id]
		b.Others = append(b.Others, config.OtherSite{
			ID: other.ID, Name: other.Name, Town: other.Town, Phone: other.Phone, Position: other.Position, Hours: other.Hours, Closed: other.Closed,
		})
	}
	s := State{Config: b, Now: tuesday, Online: true}
	for _, p := range b.Partners {
		s.Partners = append(s.Partners, Availability{Partner: p.ID, Online: 2, Free: 1})
	}
	return s
}

// TestScreensForTypeScript writes every screen as the page gets it. The file
// ends in `satisfies View[]`, so that tsc finds a difference between this
// package and ui/common/screen.ts; the gallery and its screenshots use it too.
func TestScreensForTypeScript(t *testing.T) {
	base := loiret(t)
	with := func(change func(*State), events ...Event) View {
		s := base
		s.Partners = append([]Availability{}, base.Partners...)
		if change != nil {
			change(&s)
		}
		s, _ = run(t, s, events...)
		return Show(s)
	}
	// closing shuts some partners for the rest of November.
	closing := func(ids ...string) func(*State) {
		return func(s *State) {
			c := *s.Config
			c.Partners = append([]config.Partner{}, c.Partners...)
			for i, p := range c.Partners {
				for _, id := range ids {
					if p.ID == id {
						c.Partners[i].Closed = []config.Days{{From: "2026-11-24", To: "2026-11-24"}}
						c.Partners[i].Hours = everyDay()
					}
				}
			}
			s.Config = &c
		}
	}
	choose := PartnerChosen{theSession, "caf"}
	request := CallRequested{theCall}
	queued := CallQueued{theCall, 3, 1}
	ringing := CallRinging{Call: theCall}
	answered := CallAnswered{Call: theCall, Adviser: "Mme Martin"}
	connected := MediaConnected{theCall}
	simulated := func(s *State) { s.Simulated = []Device{DeviceCamera, DeviceMicrophone, DeviceSpeaker} }

	speaks := func(s *State) { s.Hearing = HearingLoudspeaker }

	behindPIN := func(s *State) { s.PIN, s.Version = "123456", "2026.11" }
	pin := func(digits string) []Event {
		events := []Event{TechnicianAsked{}}
		for _, d := range digits {
			events = append(events, KeyPressed{string(d)})
		}
		return events
	}
	again := func(digits string) []Event { return append(pin(digits)[1:], CodeEntered{}) }
	checking := append(pin("123456"), CodeEntered{})
	check := func(name, state, value, code string) Event {
		return NetworkChecked{Run: 1, Check: Check{name, state, value, code}}
	}
	all := func(state string, verdict Judgement) []Event {
		values := map[string]string{
			"link": "eth0 1000 full", "address": "192.168.1.20/24", "gateway": "192.168.1.1", "dns": "192.168.1.1",
			"hub_name": "203.0.113.7", "clock": "12ms", "hub": "38ms", "turn_udp": "41ms", "turn_tcp": "44ms", "turn_tls": "47ms", "down": "8200", "up": "900",
		}
		codes := map[string]map[string]string{
			"warn": {"link": "wireless", "turn_udp": "timeout", "up": "slow"},
			"fail": {"dns": "dns_silent", "hub_name": "name_unknown", "hub": "cert_unknown_authority", "turn_udp": "timeout", "turn_tcp": "timeout", "turn_tls": "timeout"},
		}
		var events []Event
		for _, name := range []string{"link", "address", "gateway", "dns", "hub_name", "clock", "hub", "turn_udp", "turn_tcp", "turn_tls", "down", "up"} {
			s, value, code := "ok", values[name], codes[state][name]
			if code != "" {
				s, value = state, ""
			}
			if state == "fail" && (name == "down" || name == "up") {
				s, value, code = "skipped", "", "no_hub"
			}
			events = append(events, check(name, s, value, code))
		}
		return append(events, NetworkChecked{Run: 1, Done: true, Verdict: verdict})
	}

	views := []View{
		with(nil),
		with(func(s *State) {
			closing("carsat", "cdad")(s)
			s.Partners[1] = Availability{Partner: "cpam"}
			s.Partners[3] = Availability{Partner: "adil", Online: 1, Waiting: 2}
		}),
		with(simulated, LanguageChosen{theSession, "en"}),
		with(nil, GroupChosen{theSession, "family"}),
		with(closing("cpam"), LanguageChosen{theSession, "en"}, GroupChosen{theSession, "health"}),
		with(nil, GroupChosen{theSession, "housing"}, NeedChosen{"adil-unpaid"}),
		with(func(s *State) { simulated(s); s.Partners[4] = Availability{Partner: "cdad"} }, GroupChosen{theSession, "justice"}, NeedChosen{"cdad-separation"}),
		with(closing("caf", "cpam", "carsat", "adil", "cdad")),
		with(func(s *State) {
			c := *s.Config
			c.Groups, c.Needs = nil, nil
			s.Config = &c
		}),
		with(nil, HelpOpened{theSession}),
		with(nil, LinkChanged{false}, HelpOpened{theSession}),
		with(nil, HelpOpened{theSession}, HelpAsked{theHelp}),
		with(nil, HelpOpened{theSession}, HelpAsked{theHelp}, HelpAnswered{theHelp, HelpRung}),
		with(nil, choose, HelpOpened{theSession}, HelpAsked{theHelp}, HelpAnswered{theHelp, HelpRung}, HelpAnswered{theHelp, HelpSeen}),
		with(nil, LanguageChosen{theSession, "en"}, HelpOpened{theSession}, HelpAsked{theHelp}, HelpAnswered{theHelp, HelpFailed}),
		with(nil, choose, request, queued, ringing, answered, connected, HelpOpened{theSession}),
		with(nil, choose, request, queued, ringing, answered, connected, MediaFailed{theCall}, CallRated{Call: theCall, Causes: []Cause{"sound"}}),
		with(nil, LanguageChosen{theSession, "ar"}),
		with(nil, LanguageChosen{theSession, "uk"}),
		with(nil, LanguageChosen{theSession, "tr"}),
		with(nil, LanguageChosen{theSession, "ar"}, choose),
		with(nil, LinkChanged{false}),
		with(nil, choose),
		with(func(s *State) { s.Partners[0] = Availability{Partner: "caf"} }, choose),
		with(nil, LinkChanged{false}, choose),
		with(nil, choose, request),
		with(nil, choose, request, queued),
		with(nil, choose, request, CallQueued{theCall, 1, 0}),
		with(nil, choose, request, queued, ringing),
		with(nil, choose, request, queued, ringing, answered, connected, CallTransferred{Call: theCall, Partner: "cpam", Place: 1}),
		with(nil, choose, request, queued, ringing, answered, connected, CallTransferred{Call: theCall, Partner: "cpam", Place: 1}, CallTransferred{Call: theCall, Partner: "caf", Place: 1, Returned: true}),
		with(nil, LanguagesAsked{theSession, true}),
		with(nil, choose, LanguagesAsked{theSession, true}),
		with(func(s *State) { s.TouchedAt = s.Now.Add(-time.Hour) }),
		with(func(s *State) {
			closing("carsat", "cdad")(s)
			s.TouchedAt = s.Now.Add(-time.Hour)
			s.Attract = Attract{PicturePath, LogoPath}
		}),
		with(nil, CalledBack{theSession, theCall, "caf", "Mme Martin"}),
		with(nil, choose, request, queued, ringing, answered),
		with(simulated, choose, request, queued, ringing, answered, connected),
		with(nil, choose, request, queued, ringing, answered, connected, MicrophoneSwitched{false}, CameraSwitched{false}, AdviserMuted{theCall, true, true}),
		with(nil, choose, request, queued, ringing, answered, connected, AdviserWrote{theCall, "Bonjour. Avez-vous votre avis d’imposition ?"}, PhraseChosen{PhraseYes}, AdviserWrote{theCall, "Votre numéro d’allocataire : 1234567.\nNotez-le."}),
		with(nil, choose, request, queued, ringing, answered, connected, TextOpened{theCall}, SpeakingChanged{theCall, false, true}),
		with(nil, choose, request, queued, ringing, answered, connected, TextOpened{theCall}, KeyboardSwitched{true}, TextReceived{theCall, KindTyped, "Bonjour. Quel est votre nom ?\nEt votre pré"}, TextTyped{"Je m’appelle Jeanne"}, SpeakingChanged{theCall, true, false}),
		with(nil, LanguageChosen{theSession, "en"}, choose, request, queued, ringing, answered, connected, TextOpened{theCall}, KeyboardSwitched{true}),
		with(nil, choose, request, queued, ringing, answered, connected, PaperShown{theCall, Paper{stray, 2, 3}}),
		with(nil, choose, request, queued, ringing, answered, connected, PhotoAsked{theCall}),
		with(nil, choose, request, queued, ringing, answered, connected, CameraSwitched{false}, PhotoAsked{theCall}, Accepted{}),
		with(nil, AgentCalls{theSession, theCall, "caf"}, queued),
		with(nil, choose, request, queued, ringing, answered, connected, AgentJoins{true}),
		with(nil, choose, request, queued, ringing, answered, connected, AgentJoins{true}, Accepted{}),
		with(nil, choose, request, queued, ringing, answered, connected, MediaInterrupted{theCall}),
		with(nil, choose, request, queued, ringing, answered, connected, DeviceFailed{theCall, DeviceCamera}),
		with(nil, choose, request, queued, ringing, answered, connected, CitizenHungUp{}),
		with(nil, choose, request, queued, ringing, answered, connected, CallEnded{Call: theCall}),
		with(nil, choose, request, queued, ringing, answered, connected, CallEnded{Call: theCall}, OpinionGiven{AnswerPartly}),
		with(nil, choose, request, queued, ringing, answered, connected, CallEnded{Call: theCall}, OpinionGiven{AnswerYes}, OpinionGiven{AnswerGood}),
		with(nil, choose, request, queued, ringing, answered, CitizenHungUp{}),
		with(closing("cdad"), PartnerChosen{theSession, "cdad"}),
		with(nil, LinkChanged{false}, choose, request),
		with(nil, choose, request, CallRefused{theCall, ReasonRefused}),
		with(nil, choose, request, queued, CallEnded{Call: theCall}),
		with(nil, choose, request, queued, ringing, answered, MediaFailed{theCall}),
		with(nil, choose, request, queued, ringing, answered, DeviceFailed{theCall, DeviceMicrophone}),
		with(nil, choose, request, queued, ringing, answered, connected, MediaFailed{theCall}),
		with(nil, choose, request, queued, ringing, answered, connected, CallEnded{Call: theCall, Lost: true}),
		with(nil, choose, request, queued, ringing, answered, connected, TimerFired{theSession, 5}),
		with(func(s *State) {
			c := *s.Config
			c.Site.Hours = everyDay()
			s.Config = &c
			s.Now = tuesday.Add(8 * time.Hour)
		}),
		with(func(s *State) {
			c := *s.Config
			c.Site.Hours = everyDay()
			s.Config = &c
			s.Now = tuesday.Add(8 * time.Hour)
			s.TouchedAt = s.Now.Add(-time.Hour)
		}),
		with(nil, FaultRaised{DeviceCamera}, FaultRaised{DeviceMicrophone}),
		with(nil, ServiceChanged{Out: true, Message: "Réparation jeudi. Merci d’utiliser le téléphone de l’accueil."}),
		with(nil, UpdateAnnounced{&Coming{Nature: "Le son des appels est meilleur.", From: tuesday.AddDate(0, 0, 2)}}),
		with(nil, RestartDue{}),
		with(nil, ClockTicked{}, ClockTicked{}, ClockTicked{}, PresenceChanged{Level: PresenceNear, Known: true}),
		with(nil, choose, TimerFired{theSession, 1}),
		with(nil, DeviceCheckAsked{}),
		with(func(s *State) { s.Maintenance = true }),
		with(behindPIN, append(checking, TrainingAsked{})...),
		with(func(s *State) { s.Training = true }, choose, request, queued, ringing, answered, connected),
		with(speaks),
		with(speaks, SpeechAsked{theSession, true}),
		with(speaks, SpeechAsked{theSession, true}, choose, TimerFired{theSession, 2}),
		with(speaks, SpeechAsked{theSession, true}, choose, request, queued, ringing, answered, connected),
		Watched(with(nil, choose, request, queued, ringing, answered, connected)),
		with(behindPIN, TechnicianAsked{}),
		with(behindPIN, append(pin("12"), KeyPressed{"3"})...),
		with(behindPIN, append(pin("000000"), CodeEntered{})...),
		with(behindPIN, append(append(append(append(append(pin("000000"), CodeEntered{}), again("000000")...), again("000000")...), again("000000")...), again("000000")...)...),
		with(behindPIN, append(checking, check("link", "ok", "eth0 1000 full", ""), check("hub_name", "running", "", ""))...),
		with(behindPIN, append(checking, all("ok", "go")...)...),
		with(behindPIN, append(checking, all("warn", "poor")...)...),
		with(behindPIN, append(checking, all("fail", "nogo")...)...),
	}
	enrolling := func(events ...Event) View {
		s, _ := run(t, State{Now: tuesday}, events...)
		return Show(s)
	}
	views = append(views, enrolling(SettingsFound{Hub: "wss://hub.visioborne.example"}, TechnicianAsked{}, check("hub", "ok", "38ms", ""), check("turn_udp", "skipped", "", "no_test"), NetworkChecked{Run: 1, Done: true, Verdict: JudgementEnrol}))
	found := SettingsFound{Hub: "wss://hub.visioborne.example"}
	keys := func(text string) []Event {
		events := []Event{found}
		for _, k := range text {
			events = append(events, KeyPressed{string(k)})
		}
		return events
	}
	views = append(views,
		enrolling(),
		enrolling(SettingsFound{Mistakes: []string{`visioborne.yaml:2: code: "K7PX-2M4" is not 8 characters long; expected the 8 characters that the hub printed, such as K7PX-2M4Q`}}),
		enrolling(found),
		enrolling(keys("K7PX2")...),
		enrolling(keys("K7PX2M4Q")...),
		enrolling(append(keys("K7PX2M4Q"), CodeEntered{})...),
		enrolling(append(keys("K7PX2M4Q"), CodeEntered{}, EnrolmentFailed{RefusalUnreachable})...),
		enrolling(append(keys("K7PX2M4Q"), CodeEntered{}, EnrolmentDone{})...),
	)
	for _, r := range Refusals() {
		if !r.passes() {
			views = append(views, enrolling(append(keys("K7PX2M4Q"), CodeEntered{}, EnrolmentFailed{r})...))
		}
	}
	screens := map[reflect.Type]bool{}
	reasons := map[Reason]bool{}
	for _, v := range views {
		screens[reflect.TypeOf(v.Screen)] = true
		if f, ok := v.Screen.(FailedScreen); ok {
			reasons[f.Reason] = true
		}
	}
	if len(screens) != 15 {
		t.Errorf("%d kinds of screens are written, expected 15", len(screens))
	}
	if len(reasons) != 9 {
		t.Errorf("%d reasons of failure are written, expected 9", len(reasons))
	}
	var b bytes.Buffer
	b.WriteString("// Written by `go test ./kiosk/booth -run TestScreensForTypeScript -update`; do not edit.\n\nimport type { View } from \"./screen\";\n\nexport const views = ")
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(views); err != nil {
		t.Fatal(err)
	}
	b.Truncate(b.Len() - 1)
	b.WriteString(" satisfies View[];\n")
	golden(t, filepath.Join("..", "..", "ui", "common", "screens.golden.ts"), b.String())
}
