package main

import (
	"context"
	"net/http"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"loiret.fr/visioborne/config"
	"loiret.fr/visioborne/hub/account"
	"loiret.fr/visioborne/hub/figures/ledger"
	gridpage "loiret.fr/visioborne/hub/figures/page"
	"loiret.fr/visioborne/hub/usage"
)

// openGrid opens the monthly grid and its page.
func openGrid(ctx context.Context, o options, js jetstream.JetStream, counts *usage.Store) (*gridpage.Page, error) {
	layout := o.grid
	if len(layout.Rows) == 0 {
		var err error
		if layout, err = config.DefaultGrid(); err != nil {
			return nil, err
		}
	}
	sites, partners := o.directory.Sites(), o.directory.Partners()
	var siteNames, partnerNames []string
	for _, s := range sites {
		siteNames = append(siteNames, s.ID)
	}
	for _, p := range partners {
		partnerNames = append(partnerNames, p.ID)
	}
	kept, err := ledger.Open(ctx, ledger.Options{
		JetStream: js, Layout: layout, Sites: siteNames, Partners: partnerNames, Now: time.Now,
		Counts: func(ctx context.Context) ([]usage.Row, error) { return counts.List(ctx, "") },
	})
	if err != nil {
		return nil, err
	}
	return gridpage.New(gridpage.Options{
		Ledger: kept, Sites: sites, Partners: partners, Now: time.Now, Log: o.log,
		Account: func(r *http.Request) (gridpage.Viewer, bool) {
			a, ok := account.From(r.Context())
			return gridpage.Viewer{User: a.User, Site: a.Site, All: a.Role != account.RoleAgent}, ok
		},
	}), nil
}
