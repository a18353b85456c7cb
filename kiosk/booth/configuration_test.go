package booth

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// A configuration from the hub waits for the end of the session, in place or by a new start, and the hotline sees it wait.
func TestTheHubsConfiguration(t *testing.T) {
	other := twoPartners()
	other.Site.Name = "Espace Services Publics de Patay"
	talk := []Event{
		PartnerChosen{theSession, "caf"},
		CallRequested{theCall},
		CallQueued{theCall, 1, 1},
		CallAnswered{Call: theCall, Adviser: "Mme Martin"},
		MediaConnected{theCall},
	}
	for _, c := range []struct {
		name   string
		events []Event
		want   Configuration
		site   string
		starts bool // the service anew
	}{
		{"the one it has", []Event{ConfigurationTold{1}}, Configuration{Version: 1}, "Gien", false},
		{"another", []Event{ConfigurationTold{1}, ConfigurationReceived{Version: 2, Config: other}}, Configuration{Version: 2}, "Patay", false},
		{"two at once", []Event{ConfigurationReceived{Version: 2, Config: twoPartners()}, ConfigurationReceived{Version: 3, Config: other}}, Configuration{Version: 3}, "Patay", false},
		{"one that takes a new start", []Event{ConfigurationTold{1}, ConfigurationReceived{Version: 2, Config: other, Restart: true}}, Configuration{Version: 1, Waiting: 2}, "Gien", true},
		{"told while it waits", []Event{ConfigurationTold{1}, ConfigurationReceived{Version: 2, Config: other, Restart: true}, ConfigurationTold{2}}, Configuration{Version: 1, Waiting: 2}, "Gien", true},
		{"one that takes a new start after one that does not", []Event{ConfigurationReceived{Version: 2, Config: twoPartners()}, ConfigurationReceived{Version: 3, Config: other, Restart: true}}, Configuration{Waiting: 3}, "Gien", true},
		{"a refusal", []Event{ConfigurationTold{1}, ConfigurationRefused{2, "why"}}, Configuration{Version: 1, Refused: 2, Why: "why"}, "Gien", false},
		{"a refusal that is over", []Event{ConfigurationTold{1}, ConfigurationRefused{2, "why"}, ConfigurationReceived{Version: 3, Config: other}}, Configuration{Version: 3}, "Patay", false},
		{"a refusal that was taken back", []Event{ConfigurationTold{1}, ConfigurationRefused{2, "why"}, ConfigurationTold{3}}, Configuration{Version: 3}, "Gien", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, _ := run(t, fresh(), talk...)
			s, during := run(t, s, c.events...)
			if got := Show(s).Site; got != "Espace Services Publics de Gien" || s.Session.Phase != PhaseInCall || len(during) > 0 {
				t.Fatalf("in the call: %s, phase %s, %v", got, s.Session.Phase, during)
			}
			s, effects := run(t, s, CitizenHungUp{}, Cancelled{})
			started := false
			for _, e := range effects {
				_, is := e.(RestartService)
				started = started || is
			}
			if diff := cmp.Diff(c.want, s.Configuration); diff != "" || started != c.starts {
				t.Errorf("after the call, a new start: %v (-want +got):\n%s", started, diff)
			}
			if got := Show(s).Site; got != "Espace Services Publics de "+c.site {
				t.Errorf("after the call: %s", got)
			}
		})
	}
}

// Of an update and a configuration that are announced, the first is shown, and only while nobody is there.
func TestWhatIsAnnounced(t *testing.T) {
	update, own := &Coming{"Le son est meilleur.", tuesday.Add(48 * time.Hour)}, &Coming{"Les horaires changent.", tuesday.Add(24 * time.Hour)}
	for _, c := range []struct {
		name   string
		events []Event
		want   string
	}{
		{"nothing", nil, ""},
		{"an update", []Event{UpdateAnnounced{update}}, update.Nature},
		{"a configuration", []Event{ConfigurationAnnounced{own}}, own.Nature},
		{"both", []Event{UpdateAnnounced{update}, ConfigurationAnnounced{own}}, own.Nature},
		{"the configuration later", []Event{UpdateAnnounced{own}, ConfigurationAnnounced{update}}, own.Nature},
		{"taken back", []Event{ConfigurationAnnounced{own}, ConfigurationAnnounced{}}, ""},
		{"somebody is there", []Event{ConfigurationAnnounced{own}, PartnerChosen{theSession, "caf"}}, ""},
	} {
		s, _ := run(t, fresh(), c.events...)
		got := ""
		if v := Show(s); v.Coming != nil {
			got = v.Coming.Nature
		}
		if got != c.want {
			t.Errorf("%s: %q; want %q", c.name, got, c.want)
		}
	}
}
