// Package natstest runs NATS servers with JetStream inside tests. They listen nowhere.
package natstest

import (
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// patience is for a server's start; one that takes that long does not start.
const patience = 15 * time.Second

// Start runs a server on the store in dir until the test ends.
func Start(t testing.TB, dir string) *server.Server {
	t.Helper()
	s, err := server.NewServer(&server.Options{ServerName: "test", DontListen: true, NoLog: true, NoSigs: true, JetStream: true, StoreDir: dir})
	if err != nil {
		t.Fatal(err)
	}
	s.Start()
	t.Cleanup(func() { s.Shutdown(); s.WaitForShutdown() })
	if !s.ReadyForConnections(patience) {
		t.Fatal("the NATS server does not start")
	}
	return s
}

// Connect connects to a server until the test ends.
func Connect(t testing.TB, s *server.Server) (*nats.Conn, jetstream.JetStream) {
	t.Helper()
	nc, err := nats.Connect("", nats.InProcessServer(s))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(nc.Close)
	js, err := jetstream.New(nc)
	if err != nil {
		t.Fatal(err)
	}
	return nc, js
}

// Open runs a server on the store in dir and connects to it, until stop is called or the test ends.
func Open(t testing.TB, dir string) (js jetstream.JetStream, stop func()) {
	t.Helper()
	s := Start(t, dir)
	nc, js := Connect(t, s)
	return js, sync.OnceFunc(func() { nc.Close(); s.Shutdown(); s.WaitForShutdown() })
}
