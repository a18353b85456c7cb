package main

import (
	"context"
	"crypto/x509"
	"encoding/pem"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"loiret.fr/visioborne/config"
	"loiret.fr/visioborne/hub/certificate"
	"loiret.fr/visioborne/hub/turn"
	"loiret.fr/visioborne/kiosk/call"
	"loiret.fr/visioborne/kiosk/network"
)

// A booth gets a relay of the hub's own server over TCP and over TLS, with the
// authority that its settings name.
func TestRelayByTheSettings(t *testing.T) {
	// A server for its certificate, which is for 127.0.0.1 and example.com.
	web := httptest.NewTLSServer(http.NotFoundHandler())
	defer web.Close()
	dir := t.TempDir()
	write := func(name, kind string, der []byte) string {
		file := filepath.Join(dir, name)
		if err := os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}), 0o600); err != nil {
			t.Fatal(err)
		}
		return file
	}
	key, err := x509.MarshalPKCS8PrivateKey(web.TLS.Certificates[0].PrivateKey)
	if err != nil {
		t.Fatal(err)
	}
	log := slog.New(slog.DiscardHandler)
	pair, err := certificate.OpenFile(write("cert.pem", "CERTIFICATE", web.Certificate().Raw), write("key.pem", "PRIVATE KEY", key), log)
	if err != nil {
		t.Fatal(err)
	}
	way, err := network.NewWay(config.Network{CA: "cert.pem"}, dir)
	if err != nil {
		t.Fatal(err)
	}
	packets, err := net.ListenPacket("udp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	o := turn.Options{Packets: packets, Certificate: pair, Secret: "secret", Log: log}
	for _, to := range []*net.Listener{&o.TCP, &o.TLS} {
		if *to, err = net.Listen("tcp4", "127.0.0.1:0"); err != nil {
			t.Fatal(err)
		}
	}
	server, err := turn.Open(o)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := server.Close(); err != nil {
			t.Error(err)
		}
	}()
	all := server.ICEServers("call")[1]
	if len(all.URLs) != 3 {
		t.Fatalf("servers %+v", all)
	}
	for _, url := range all.URLs[1:] {
		t.Run(url[:strings.Index(url, ":")], func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			peer, err := call.New(call.Options{
				ICEServers: []call.ICEServer{{URLs: []string{url}, Username: all.Username, Credential: all.Credential}},
				Dial:       way.DialContext, TLS: way.TLS(), RelayOnly: true, Loopback: true,
				Signal: func(s call.Signal) {
					if s.Candidate != nil && strings.Contains(s.Candidate.Candidate, "typ relay") {
						cancel()
					}
				},
				Event: func(call.Event) {}, Frame: func(call.Frame) {}, Log: log,
			})
			if err != nil {
				t.Fatal(err)
			}
			if err := peer.Run(ctx); err != nil {
				t.Fatal(err)
			}
			if ctx.Err() == nil {
				t.Error("no relay was found")
			}
			cancel()
		})
	}
}
