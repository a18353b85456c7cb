package wire

import (
	"strings"
	"testing"
	"time"
)

func TestConfiguration(t *testing.T) {
	from := time.Unix(1.8e9, 0).UTC()
	sum := ConfigurationSum("id: gien\n", "partners: []\n")
	roundTrip(t, AskConfiguration{})
	roundTrip(t, AskConfiguration{Sum: sum})
	roundTrip(t, Configuration{Version: 1, Sum: sum})
	roundTrip(t, Configuration{Version: 2, Sum: sum, SiteYAML: "id: gien\n", PartnersYAML: "partners: []\n", Coming: &ComingConfiguration{Version: 3, Nature: "Les horaires changent.", From: from}})
	for want, m := range map[string]Message{
		"sum: ":                       AskConfiguration{Sum: "x"},
		"version: 0 is not in 1 to":   Configuration{Sum: sum},
		"sum: \"\"":                   Configuration{Version: 1},
		"sum: not that of the texts":  Configuration{Version: 1, Sum: sum, SiteYAML: "id: patay\n", PartnersYAML: "partners: []\n"},
		"not UTF-8":                   Configuration{Version: 1, Sum: ConfigurationSum("\xff", ""), SiteYAML: "\xff"},
		"coming.version: 0":           Configuration{Version: 1, Sum: sum, Coming: &ComingConfiguration{Nature: "n", From: from}},
		"coming.nature: 0 bytes":      Configuration{Version: 1, Sum: sum, Coming: &ComingConfiguration{Version: 2, From: from}},
		"coming.from: missing":        Configuration{Version: 1, Sum: sum, Coming: &ComingConfiguration{Version: 2, Nature: "n"}},
		"configuration.version: -1":   BoothConfiguration{Version: -1},
		"configuration.waiting: -1":   BoothConfiguration{Waiting: -1},
		"configuration.refused: -1":   BoothConfiguration{Refused: -1},
		"configuration.reason: 401":   BoothConfiguration{Refused: 1, Reason: strings.Repeat("x", 401)},
		"configuration.reason: contr": BoothConfiguration{Refused: 1, Reason: "a\nb"},
	} {
		if err := m.Validate(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%+v: %v; want %q in it", m, err, want)
		}
	}
	// What lies where between the two texts matters.
	if ConfigurationSum("ab", "c") == ConfigurationSum("a", "bc") {
		t.Error("two pairs of texts have one sum")
	}
}
