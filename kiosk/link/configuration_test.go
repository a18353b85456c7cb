package link

import (
	"context"
	"testing"

	"github.com/nats-io/nats.go"

	"loiret.fr/visioborne/hub/wire"
)

// The site's configuration is asked for over the booth's own subjects, and the hub can say that there is another.
func TestConfiguration(t *testing.T) {
	s := startNATS(t, -1)
	want := wire.Configuration{Version: 2, Sum: wire.ConfigurationSum("id: gien\n", "x"), SiteYAML: "id: gien\n", PartnersYAML: "x"}
	asked := make(chan wire.AskConfiguration, 1)
	h := startHub(t, s, func(subject wire.Subject, m *nats.Msg) wire.Message {
		if subject.Verb != wire.VerbConfiguration {
			return obliging(subject, m)
		}
		ask, err := wire.Decode[wire.AskConfiguration](m.Data)
		if err != nil || subject.Site != "gien" {
			t.Errorf("%+v %v", subject, err)
		}
		asked <- ask
		return want
	})
	b := startLink(t, Options{URL: s.WebsocketURL()})
	next[Linked](b)
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	sum := wire.ConfigurationSum("", "")
	got, err := b.link.AskConfiguration(ctx, sum)
	if err != nil || got != want {
		t.Errorf("%+v, %v", got, err)
	}
	if ask := <-asked; ask.Sum != sum {
		t.Errorf("asked with %+v", ask)
	}
	h.push(wire.VerbConfiguration, wire.AskConfiguration{})
	next[ConfigurationChanged](b)
}
