package main

import (
	"context"
	"net/http"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"loiret.fr/visioborne/config"
	"loiret.fr/visioborne/hub/figures/ledger"
	gridpage "loiret.fr/visioborne/hub/figures/page"
	"loiret.fr/visioborne/hub/hotline"
	"loiret.fr/visioborne/hub/usage"
)

// openGrid opens the monthly grid and returns what adds its routes, given the pages' files.
func openGrid(ctx context.Context, o options, js jetstream.JetStream, counts *usage.Store) (func(*http.ServeMux, http.Handler), error) {
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
	grid := gridpage.New(gridpage.Options{
		Ledger: kept, Sites: sites, Partners: partners, Now: time.Now, Log: o.log,
		// Without accounts, whoever works on the hub's own machine is a manager, and nobody else gets in.
		Account: func(*http.Request) (gridpage.Viewer, bool) { return gridpage.Viewer{User: "local", All: true}, true },
	})
	return func(mux *http.ServeMux, files http.Handler) {
		own := http.NewServeMux()
		grid.Routes(own, files)
		mux.Handle("/figures", hotline.Loopback(own))
		mux.Handle("/figures/", hotline.Loopback(own))
	}, nil
}
