package main

import (
	"context"
	"errors"
	"log/slog"
	"path/filepath"

	"loiret.fr/visioborne/config"
	"loiret.fr/visioborne/hub/wire"
	"loiret.fr/visioborne/kiosk/booth"
	"loiret.fr/visioborne/kiosk/configuration"
	"loiret.fr/visioborne/kiosk/enrol"
	"loiret.fr/visioborne/kiosk/link"
)

// configurations keep an enrolled booth's configuration by the hub's. nil elsewhere: a booth on a developer's machine is
// told its files.
type configurations struct{ *configuration.Keeper }

// loadConfiguration reads what the booth goes by, and what of it is kept by the hub's.
func loadConfiguration(o options, log *slog.Logger) (configuration.Kept, *config.Booth, error) {
	if o.state == "" {
		if o.site == "" || o.partners == "" {
			return configuration.Kept{}, nil, errors.New("-state, or -site and -partners, are required; see kiosk -help")
		}
		b, err := config.Load(o.site, o.partners)
		return configuration.Kept{}, b, err
	}
	kept, b, err := configuration.Load(o.state, o.identity.Site, filepath.Join(o.state, enrol.SiteFile), filepath.Join(o.state, enrol.PartnersFile))
	if b == nil {
		return kept, nil, err
	}
	if err != nil {
		log.Error("a configuration that was kept cannot be used; an earlier one is", "version", kept.Version, "error", err)
	}
	return kept, b, nil
}

// override puts in what the command line and the enrolment say, in place of what the site's file does.
func (o options) override(b *config.Booth) *config.Booth {
	out := *b
	if o.hub != "" {
		out.Site.Hub = o.hub
	}
	if o.camera != "" {
		out.Site.Devices.Camera = o.camera
	}
	return &out
}

func openConfigurations(o options, kept configuration.Kept, raw *config.Booth, l *link.Link, post func(booth.Event), log *slog.Logger) *configurations {
	if o.state == "" {
		return nil
	}
	return &configurations{configuration.New(configuration.Options{
		Folder: o.state, Kept: kept, Running: raw, Ask: l.AskConfiguration, Log: log,
		Post: func(e booth.Event) {
			if received, ok := e.(booth.ConfigurationReceived); ok {
				received.Config = o.override(received.Config)
				e = received
			}
			post(e)
		},
	})}
}

func (c *configurations) news() {
	if c != nil {
		c.News()
	}
}

func (c *configurations) run(ctx context.Context) error {
	if c == nil {
		return nil
	}
	return c.Run(ctx)
}

// state is what the hotline sees of it; nil where the hub keeps none.
func (c *configurations) state(s booth.State) *wire.BoothConfiguration {
	if c == nil {
		return nil
	}
	of := s.Configuration
	return &wire.BoothConfiguration{Version: of.Version, Waiting: of.Waiting, Refused: of.Refused, Reason: of.Why}
}
