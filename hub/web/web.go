// Package web is what the hub's pages have in common: the built files, the
// headers that say what a page may load, the check of where a request comes
// from, and the way in for booths (NATS over websocket, behind /nats).
//
// It opens nothing but the way to NATS, and starts only what carries a booth's bytes there.
package web

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"path"
	"strings"
)

// Headers says in every answer what a page may load, and that it may not be framed.
func Headers(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "+
			"font-src 'self'; connect-src 'self'; media-src 'self' blob: data:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Permissions-Policy", "camera=(self), microphone=(self), autoplay=(self), geolocation=()")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Cache-Control", "no-store")
		if r.TLS != nil {
			// Browsers ask for these pages over TLS only, for a year from now.
			h.Set("Strict-Transport-Security", "max-age=31536000")
		}
		next.ServeHTTP(w, r)
	})
}

// SameOrigin tells whether a request comes from a page of this very server. A
// browser says so itself, and a page from elsewhere cannot lie.
func SameOrigin(r *http.Request) bool {
	origin, err := url.Parse(r.Header.Get("Origin"))
	if err != nil || origin.Host == "" || origin.Host != r.Host {
		return false
	}
	return origin.Scheme == "https" || origin.Scheme == "http" && r.TLS == nil
}

// Answer answers with a status and a value as JSON.
func Answer(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	// The client may be gone; there is nobody else to tell.
	_ = json.NewEncoder(w).Encode(v)
}

// Remote is where a request comes from, for what limits strangers: an address, of IPv6 the network of one house (/64).
// A proxy on this machine says whom it speaks for, at the end of X-Forwarded-For; what others write there counts for nothing.
func Remote(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		host = r.RemoteAddr
	}
	from, err := netip.ParseAddr(host)
	if err != nil {
		return host
	}
	if from.Unmap().IsLoopback() {
		all := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
		if named, err := netip.ParseAddr(strings.TrimSpace(all[len(all)-1])); err == nil {
			from = named
		}
	}
	if from = from.Unmap().WithZone(""); from.Is6() {
		network, _ := from.Prefix(64) // 64 is a length that IPv6 has
		return network.String()
	}
	return from.String()
}

// Files serves the built files of the pages in dirs, each dir's index.html at /dir.
func Files(files fs.FS, dirs ...string) http.Handler {
	server := http.FileServerFS(files)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name := strings.TrimPrefix(path.Clean(r.URL.Path), "/")
		dir, _, _ := strings.Cut(name, "/")
		known := false
		for _, d := range dirs {
			known = known || d == dir
		}
		if !known {
			http.NotFound(w, r)
			return
		}
		index := dir + "/index.html"
		if _, err := fs.Stat(files, index); errors.Is(err, fs.ErrNotExist) {
			http.Error(w, fmt.Sprintf("the page %q has not been built into this hub; build it with: make build", dir), http.StatusServiceUnavailable)
			return
		}
		if name == dir {
			http.ServeFileFS(w, r, files, index)
			return
		}
		// No listings of folders.
		if info, err := fs.Stat(files, name); err != nil || info.IsDir() {
			http.NotFound(w, r)
			return
		}
		server.ServeHTTP(w, r)
	})
}

// Health answers 200 while healthy returns nil, 503 with the reason otherwise.
func Health(healthy func() error) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if err := healthy(); err != nil {
			http.Error(w, err.Error(), http.StatusServiceUnavailable)
			return
		}
		fmt.Fprintln(w, "ok")
	})
}
