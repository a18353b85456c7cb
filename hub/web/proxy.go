package web

import (
	"context"
	"crypto/tls"
	"errors"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"strings"
	"time"
)

// dialWait is the longest that one server may take to answer before the next one is tried.
const dialWait = 2 * time.Second

// Proxy forwards booths to the websocket of a NATS server: one of several, another when that one does not answer, so that
// booths know one address only. The servers' certificates are judged by trust, the machine's own authorities when it is nil.
// A booth's websocket, of which there are thousands, goes through a tunnel that costs less than Go's own proxy.
func Proxy(to []*url.URL, trust *tls.Config, log *slog.Logger) http.Handler {
	target := &url.URL{Scheme: "http", Host: "nats"}
	dial := func(ctx context.Context) (net.Conn, error) { return dialAny(ctx, to, trust) }
	proxy := &httputil.ReverseProxy{
		Transport: &http.Transport{
			DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) { return dial(ctx) },
			// Each booth has a connection of its own.
			DisableKeepAlives: true,
		},
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(target)
			r.Out.URL.Path = "/"
		},
		ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelWarn),
		ErrorHandler: func(w http.ResponseWriter, r *http.Request, err error) {
			if r.Context().Err() == nil {
				log.Warn("a booth could not be connected to NATS", "error", err)
			}
			w.WriteHeader(http.StatusBadGateway)
		},
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !strings.EqualFold(r.Header.Get("Upgrade"), "websocket") {
			proxy.ServeHTTP(w, r)
			return
		}
		if err := tunnel(w, r, target.Host, dial); err != nil && r.Context().Err() == nil {
			log.Warn("a booth could not be connected to NATS", "error", err)
		}
	})
}

// dialAny connects to one of several servers, beginning with any of them, with TLS where its address says so.
func dialAny(ctx context.Context, to []*url.URL, trust *tls.Config) (net.Conn, error) {
	var errs []error
	for _, i := range rand.Perm(len(to)) {
		dialing, done := context.WithTimeout(ctx, dialWait)
		var c net.Conn
		var err error
		if to[i].Scheme == "https" {
			c, err = (&tls.Dialer{Config: trust}).DialContext(dialing, "tcp", to[i].Host)
		} else {
			c, err = (&net.Dialer{}).DialContext(dialing, "tcp", to[i].Host)
		}
		done()
		if err == nil {
			return c, nil
		}
		errs = append(errs, err)
	}
	return nil, errors.Join(errs...)
}
