package hotline

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"loiret.fr/visioborne/config"
	"loiret.fr/visioborne/hub/natstest"
	"loiret.fr/visioborne/hub/wire"
)

// Each action is in the audit record before the booth hears of it, with whose it was; without the record nothing happens.
func TestActionsAreRecordedFirst(t *testing.T) {
	js, _ := natstest.Open(t, t.TempDir())
	var happened []string
	var broken error
	h, err := Open(t.Context(), Options{
		JetStream: js, Sites: []config.Site{{ID: "gien", Name: "Gien"}}, Now: time.Now, Log: slog.New(slog.DiscardHandler),
		Ask: func(site string, verb wire.Verb, _ wire.Message) {
			happened = append(happened, "asked "+site+" "+string(verb))
		},
		Audit: func(_ context.Context, who, action, site, detail string) error {
			happened = append(happened, strings.TrimSpace(strings.Join([]string{"recorded", who, action, site, detail}, " ")))
			return broken
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := h.Seen(t.Context(), "gien", wire.Status{Version: "1", Phase: "none", Since: time.Now()}); err != nil {
		t.Fatal(err)
	}
	if err := h.Help(t.Context(), "gien", "0b9c1d6e-6a0f-4f4e-9d0a-0123456789ab"); err != nil {
		t.Fatal(err)
	}
	asks := map[Action]wire.Verb{
		SelfTest: wire.VerbCheckDevices, TestCall: wire.VerbTestCall, Restart: wire.VerbRestart, Reboot: wire.VerbRestart, TakeOut: wire.VerbOutOfService,
		PutBack: wire.VerbOutOfService, CollectLog: wire.VerbLogs, SeeHelp: wire.VerbHelp,
	}
	for _, a := range Actions() {
		message := ""
		if a == TakeOut {
			message = "Réparation jeudi."
		}
		recorded := strings.TrimSpace("recorded hotline.1 " + string(a) + " gien " + message)
		happened, broken = nil, errors.New("the disk is full")
		if err := h.Do(t.Context(), "hotline.1", "gien", a, message); !errors.Is(err, broken) {
			t.Errorf("%s without a record: %v", a, err)
		}
		if diff := cmp.Diff([]string{recorded}, happened); diff != "" {
			t.Errorf("%s without a record (-want +got):\n%s", a, diff)
		}
		if s, err := h.stop(t.Context(), "gien"); err != nil || a == TakeOut && s != nil || a == PutBack && s == nil {
			t.Errorf("%s without a record changed what is kept: %+v, %v", a, s, err)
		}
		happened, broken = nil, nil
		if err := h.Do(t.Context(), "hotline.1", "gien", a, message); err != nil {
			t.Errorf("%s: %v", a, err)
		}
		if diff := cmp.Diff([]string{recorded, "asked gien " + string(asks[a])}, happened); diff != "" {
			t.Errorf("%s (-want +got):\n%s", a, diff)
		}
	}
	// What is no action is neither recorded nor asked.
	happened = nil
	for _, a := range []Action{"", "dance", "Restart"} {
		if err := h.Do(t.Context(), "hotline.1", "gien", a, ""); !errors.Is(err, ErrRequest) || slices.Contains(Actions(), a) {
			t.Errorf("%q: %v", a, err)
		}
	}
	if err := h.Do(t.Context(), "hotline.1", "orleans", Reboot, ""); !errors.Is(err, ErrUnknownBooth) || len(happened) > 0 {
		t.Errorf("a site that is not there: %v, %q", err, happened)
	}
}
