package booth

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// unenrolled takes a booth without a site through events.
func unenrolled(t *testing.T, events ...Event) (EnrolmentScreen, []Effect) {
	t.Helper()
	s, effects := run(t, State{Now: tuesday}, events...)
	screen, ok := Show(s).Screen.(EnrolmentScreen)
	if !ok {
		t.Fatalf("the screen is %T", Show(s).Screen)
	}
	return screen, effects
}

func press(text string) []Event {
	var all []Event
	for _, k := range text {
		all = append(all, KeyPressed{string(k)})
	}
	return all
}

func TestEnrolment(t *testing.T) {
	const hub = "wss://hub.visioborne.example"
	found := SettingsFound{Hub: hub}
	withCode := SettingsFound{Hub: hub, Code: "k7px-2m4q"}
	typed := slices.Clip(append([]Event{found}, press("k7px2m4q")...))
	entered := slices.Clip(append(typed, CodeEntered{}))
	ask := Enrol{hub, "K7PX2M4Q"}
	retry := func(n int) Effect { return StartTimer{enrolmentTimers, n, retryUnreachable} }
	for name, c := range map[string]struct {
		events  []Event
		screen  EnrolmentScreen
		effects []Effect
	}{
		"nothing yet":            {nil, EnrolmentScreen{Step: "settings"}, nil},
		"settings with mistakes": {[]Event{SettingsFound{Mistakes: []string{"x:1: wrong"}}}, EnrolmentScreen{Step: "settings", Mistakes: []string{"x:1: wrong"}}, nil},
		"a file, then none":      {[]Event{found, SettingsFound{}}, EnrolmentScreen{Step: "settings"}, nil},
		"settings without code":  {[]Event{found}, EnrolmentScreen{Step: "code", Hub: hub}, nil},
		"settings with code":     {[]Event{withCode}, EnrolmentScreen{Step: "contacting", Hub: hub}, []Effect{ask}},
		"the same file again":    {[]Event{withCode, withCode}, EnrolmentScreen{Step: "contacting", Hub: hub}, []Effect{ask}},
		"too early":              {append(press("K7PX2M4Q"), CodeEntered{}), EnrolmentScreen{Step: "settings"}, nil},
		"typed":                  {typed, EnrolmentScreen{Step: "code", Hub: hub, Typed: "K7PX2M4Q", Complete: true}, nil},
		"no key of the keypad":   {append([]Event{found}, press("U-é ")...), EnrolmentScreen{Step: "code", Hub: hub}, nil},
		"two at once":            {[]Event{found, KeyPressed{"K7"}}, EnrolmentScreen{Step: "code", Hub: hub}, nil},
		"look-alikes":            {append([]Event{found}, press("oil")...), EnrolmentScreen{Step: "code", Hub: hub, Typed: "011"}, nil},
		"one too many":           {append(typed, KeyPressed{"A"}), EnrolmentScreen{Step: "code", Hub: hub, Typed: "K7PX2M4Q", Complete: true}, nil},
		"erased":                 {append(typed, KeyPressed{"erase"}), EnrolmentScreen{Step: "code", Hub: hub, Typed: "K7PX2M4"}, nil},
		"erased nothing":         {[]Event{found, KeyPressed{"erase"}}, EnrolmentScreen{Step: "code", Hub: hub}, nil},
		"entered too early":      {append(append([]Event{found}, press("K7PX")...), CodeEntered{}), EnrolmentScreen{Step: "code", Hub: hub, Typed: "K7PX"}, nil},
		"entered":                {entered, EnrolmentScreen{Step: "contacting", Hub: hub, Typed: "K7PX2M4Q", Complete: true}, []Effect{ask}},
		"entered twice":          {append(entered, CodeEntered{}), EnrolmentScreen{Step: "contacting", Hub: hub, Typed: "K7PX2M4Q", Complete: true}, []Effect{ask}},
		"refused":                {append(entered, EnrolmentFailed{RefusalUsedCode}), EnrolmentScreen{Step: "code", Hub: hub, Refusal: RefusalUsedCode}, []Effect{ask}},
		"refused, typing again":  {append(entered, EnrolmentFailed{RefusalUsedCode}, KeyPressed{"A"}), EnrolmentScreen{Step: "code", Hub: hub, Typed: "A"}, []Effect{ask}},
		"unreachable":            {append(entered, EnrolmentFailed{RefusalUnreachable}), EnrolmentScreen{Step: "contacting", Hub: hub, Typed: "K7PX2M4Q", Complete: true, Refusal: RefusalUnreachable}, []Effect{ask, retry(1)}},
		"unreachable, and again": {
			append(entered, EnrolmentFailed{RefusalUnreachable}, TimerFired{enrolmentTimers, 1}),
			EnrolmentScreen{Step: "contacting", Hub: hub, Typed: "K7PX2M4Q", Complete: true},
			[]Effect{ask, retry(1), ask},
		},
		"a stray timer": {
			append(entered, EnrolmentFailed{RefusalUnreachable}, TimerFired{enrolmentTimers, 7}, TimerFired{theSession, 1}),
			EnrolmentScreen{Step: "contacting", Hub: hub, Typed: "K7PX2M4Q", Complete: true, Refusal: RefusalUnreachable},
			[]Effect{ask, retry(1)},
		},
		"unreachable, another code": {
			append(entered, EnrolmentFailed{RefusalUnreachable}, Cancelled{}),
			EnrolmentScreen{Step: "code", Hub: hub, Typed: "K7PX2M4Q", Complete: true, Refusal: RefusalUnreachable},
			[]Effect{ask, retry(1), StopTimer{}},
		},
		"done": {append(entered, EnrolmentDone{}, KeyPressed{"A"}, found), EnrolmentScreen{Step: "done", Hub: hub}, []Effect{ask, StopTimer{}}},
		"a citizen's touches mean nothing": {
			[]Event{Touched{}, LanguageChosen{theSession, "en"}, PartnerChosen{theSession, "caf"}, CallRequested{theCall}, FaultRaised{DeviceCamera}},
			EnrolmentScreen{Step: "settings"},
			nil,
		},
	} {
		t.Run(name, func(t *testing.T) {
			screen, effects := unenrolled(t, c.events...)
			c.screen.Name = "enrolment"
			if c.screen.Mistakes == nil {
				c.screen.Mistakes = []string{}
			}
			if diff := cmp.Diff(c.screen, screen); diff != "" {
				t.Errorf("screen (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(c.effects, effects); diff != "" {
				t.Errorf("effects (-want +got):\n%s", diff)
			}
		})
	}
	// An enrolled booth has no use for any of it.
	s, effects := run(t, fresh(), append(entered, EnrolmentFailed{RefusalAnswer}, EnrolmentDone{})...)
	if diff := cmp.Diff(Enrolment{}, s.Enrolment); diff != "" || len(effects) > 0 {
		t.Errorf("an enrolled booth: %v, %s", effects, diff)
	}
}
