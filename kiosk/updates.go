package main

import (
	"context"
	"log/slog"
	"net/http"
	"strings"

	"github.com/coreos/go-systemd/v22/daemon"
	"golang.org/x/sys/unix"

	"loiret.fr/visioborne/config"
	"loiret.fr/visioborne/firmware/slot"
	"loiret.fr/visioborne/hub/wire"
	"loiret.fr/visioborne/kiosk/booth"
	"loiret.fr/visioborne/kiosk/link"
	"loiret.fr/visioborne/kiosk/network"
	"loiret.fr/visioborne/kiosk/update"
)

// updates keeps a booth that is a machine of its own up to date. nil elsewhere, and when its hub publishes no releases.
type updates struct{ *update.Updater }

func openUpdates(own *appliance, o options, site config.Site, way network.Way, l *link.Link, post func(booth.Event), log *slog.Logger) *updates {
	if own == nil {
		return nil
	}
	disk, err := slot.Open()
	if err != nil {
		log.Error("this machine has no roots to update", "error", err)
		return nil
	}
	log.Info("root", "running", disk.Root, "trusted", disk.Trusted(), "trial", string(disk.Marked()))
	if o.identity.ReleaseKey == "" {
		log.Info("no updates: the hub had no release key when this booth was enrolled")
		return nil
	}
	key, err := wire.ParseReleaseKey(o.identity.ReleaseKey)
	if err != nil {
		log.Error("no updates", "error", err)
		return nil
	}
	return &updates{update.New(update.Options{
		Version: version, Kernel: kernelRelease(), Key: key, Hub: site.Hub, Client: &http.Client{Transport: way.Transport()},
		RateKbps: site.UpdateRateKbps, Slots: disk, OnTrial: disk.OnTrial(), Failed: disk.Marked() == slot.Spent && !disk.OnTrial(),
		Folder: o.state,
		Ask:    l.AskRelease,
		Report: func(u *wire.Update) { post(booth.UpdateChanged{Update: told(u)}) },
		Announce: func(of wire.Offer) {
			if of.Version == "" {
				post(booth.UpdateAnnounced{})
				return
			}
			post(booth.UpdateAnnounced{Coming: &booth.Coming{Nature: of.Nature, From: of.From}})
		},
		Confirmed: tellConfirmed,
		Restart:   func() { post(booth.RestartDue{}) },
		Log:       log,
	})}
}

// tellConfirmed tells init that the trial is over.
func tellConfirmed() { _, _ = daemon.SdNotify(false, "VISIOBORNE_CONFIRM=1") }

func told(u *wire.Update) *booth.Update {
	if u == nil {
		return nil
	}
	return &booth.Update{State: string(u.State), Version: u.Version, Reason: u.Reason, Percent: u.Percent}
}

func (u *updates) see(s booth.State) {
	if u != nil {
		u.See(update.Moment{Quiet: s.Quiet(), Closed: s.Closed(), Linked: s.Online, Shown: !s.PanelDark})
	}
}

func (u *updates) news() {
	if u != nil {
		u.News()
	}
}

func (u *updates) run(ctx context.Context) error {
	if u == nil {
		return nil
	}
	return u.Run(ctx)
}

func kernelRelease() string {
	var u unix.Utsname
	if err := unix.Uname(&u); err != nil {
		return ""
	}
	release, _, _ := strings.Cut(string(u.Release[:]), "\x00")
	return release
}
