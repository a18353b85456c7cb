package main

import (
	"context"
	"crypto/tls"
	"log/slog"
	"path/filepath"

	"golang.org/x/sync/errgroup"

	"loiret.fr/visioborne/config"
	"loiret.fr/visioborne/kiosk/enrol"
	"loiret.fr/visioborne/kiosk/maintenance"
	"loiret.fr/visioborne/kiosk/page"
)

const (
	// Where a technician finds the two pages while maintenance is open, and gokrazy's own.
	statusAddr      = ":8443"
	touchscreenAddr = ":8444"
	gokrazySocket   = "/run/gokrazy-http.sock"
)

// maintained is maintenance that the card's settings have opened; nil when they have not.
type maintained struct{ *maintenance.Server }

// openMaintenance opens the pages to the room's network, if the settings file on
// the card says so. Neither a USB stick nor the hub can: whoever holds the card
// has the machine anyway. What is wrong with it must not keep the booth from serving.
func openMaintenance(own *appliance, o options, log *slog.Logger) *maintained {
	if own == nil || o.settings == "" {
		return nil
	}
	s, err := config.LoadSettings(filepath.Join(o.settings, config.SettingsFile))
	if err != nil || s.Maintenance == nil { // mistakes are told elsewhere
		return nil
	}
	password := s.Maintenance.Password
	if password == "" {
		password = o.identity.Password
	}
	if password == "" {
		log.Warn("maintenance stays closed: the booth is not enrolled, and the settings give no password")
		return nil
	}
	certificate, err := tls.LoadX509KeyPair(filepath.Join(o.state, enrol.CertificateFile), filepath.Join(o.state, enrol.KeyFile))
	if err != nil { // not enrolled yet
		if certificate, err = maintenance.SelfSigned(); err != nil {
			log.Error("opening maintenance", "error", err)
			return nil
		}
	}
	server, err := maintenance.Open(maintenance.Options{
		StatusAddr: statusAddr, TouchscreenAddr: touchscreenAddr, Password: password, Certificate: certificate,
		Socket: gokrazySocket, Reboot: askForReboot, Log: log,
	})
	if err != nil {
		log.Error("opening maintenance", "error", err)
		return nil
	}
	return &maintained{server}
}

func (m *maintained) run(ctx context.Context, group *errgroup.Group, p *page.Page) {
	if m != nil {
		group.Go(func() error { return m.Serve(ctx, p.Watchers()) })
	}
}
