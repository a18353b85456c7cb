package main

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"path/filepath"
	"strconv"
	"sync/atomic"
	"testing"
	"time"
)

// systemd hears that the hub is ready, that it lives while it is well, and that it stops.
func TestSupervised(t *testing.T) {
	socket := filepath.Join(t.TempDir(), "notify")
	l, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: socket, Net: "unixgram"})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	t.Setenv("NOTIFY_SOCKET", socket)
	t.Setenv("WATCHDOG_USEC", strconv.FormatInt((30*time.Millisecond).Microseconds(), 10))
	t.Setenv("WATCHDOG_PID", "")
	if err := l.SetReadDeadline(time.Now().Add(patience)); err != nil {
		t.Fatal(err)
	}
	heard := func() string {
		b := make([]byte, 100)
		n, err := l.Read(b)
		if err != nil {
			t.Fatal(err)
		}
		return string(b[:n])
	}
	log := slog.New(slog.DiscardHandler)
	sayReady(log)
	if got := heard(); got != "READY=1" {
		t.Errorf("heard %q", got)
	}
	ctx, cancel := context.WithCancel(t.Context())
	var asked atomic.Int64
	ill := make(chan struct{}, 1000)
	ended := make(chan error, 1)
	go func() {
		ended <- sayAlive(ctx, func() error {
			if asked.Add(1) <= 2 {
				return nil
			}
			ill <- struct{}{}
			return errors.New("ill")
		}, log)
	}()
	for range 2 {
		if got := heard(); got != "WATCHDOG=1" {
			t.Errorf("heard %q", got)
		}
	}
	<-ill
	<-ill
	cancel()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	sayStopping(log)
	// Nothing came while it was ill.
	if got := heard(); got != "STOPPING=1" {
		t.Errorf("heard %q", got)
	}
}
