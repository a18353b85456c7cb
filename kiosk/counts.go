package main

import (
	"context"
	"log/slog"
	"path/filepath"
	"time"

	"loiret.fr/visioborne/config"
	"loiret.fr/visioborne/kiosk/booth"
	"loiret.fr/visioborne/kiosk/link"
	"loiret.fr/visioborne/kiosk/usage"
)

// counts are the attendance figures of an enrolled booth. nil elsewhere: a
// demonstration on a developer's machine is nobody's visit.
type counts struct{ *usage.Spool }

func openCounts(o options, b *config.Booth, l *link.Link, log *slog.Logger) *counts {
	if o.state == "" {
		return nil
	}
	return &counts{usage.New(usage.Options{
		Folder: filepath.Join(o.state, "counts"), Location: b.SiteOpening().Location,
		Upload: l.SendUsage, Refused: link.ErrRefused, Unsettled: link.ErrUnsettled, Now: time.Now, Log: log,
	})}
}

func (c *counts) count(one booth.Count) {
	if c != nil {
		c.Count(one.Partner, string(one.What))
	}
}

func (c *counts) linked() {
	if c != nil {
		c.Linked()
	}
}

func (c *counts) run(ctx context.Context) error {
	if c == nil {
		return nil
	}
	return c.Run(ctx)
}
