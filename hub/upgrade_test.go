package main

import (
	"bufio"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"loiret.fr/visioborne/hub/wire"
)

// asHub, when it is set, makes the test's program the hub itself, for tests that need a process of its own.
const asHub = "VISIOBORNE_TEST_AS_HUB"

func TestMain(m *testing.M) {
	if os.Getenv(asHub) != "" {
		main()
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// program is the hub as a process.
type program struct {
	t *testing.T
	c *exec.Cmd
}

// startProgram starts the hub and waits until it serves.
func startProgram(t *testing.T, args ...string) *program {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	p := &program{t: t, c: exec.CommandContext(context.WithoutCancel(t.Context()), self, args...)}
	p.c.Env = append(os.Environ(), asHub+"=1")
	p.c.Stderr = logOf(t)
	out, err := p.c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if p.c.ProcessState == nil {
			p.end(syscall.SIGKILL)
		}
	})
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if strings.HasPrefix(lines.Text(), "hotline: ") {
			return p
		}
	}
	t.Fatalf("the hub ended before it served: %v", lines.Err())
	return nil
}

// end ends the process by a signal and waits for that.
func (p *program) end(by syscall.Signal) {
	p.t.Helper()
	if err := p.c.Process.Signal(by); err != nil {
		p.t.Error(err)
	}
	err := p.c.Wait()
	if exit := (*exec.ExitError)(nil); by != syscall.SIGKILL && errors.As(err, &exit) {
		p.t.Errorf("the hub ended with: %v", err)
	}
}

// An upgrade is a restart on the same state, by systemd's SIGTERM or, when somebody was in a hurry, by SIGKILL. A call waits
// in line and counts are being uploaded meanwhile: the call keeps its place, and every count is there once.
func TestUpgrade(t *testing.T) {
	h := openHouse(t)
	h.stop()
	h.addr = free(t)
	// As the package has it: one file, beside the sites.
	file := filepath.Join(h.dir, "hub.yaml")
	partners, err := filepath.Abs("../config/loiret/partners.yaml")
	if err != nil {
		t.Fatal(err)
	}
	text := "state: .\naddr: " + h.addr + "\npartners: " + partners + "\nsites: [gien.yaml, patay.yaml]\n"
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	hub := startProgram(t, "serve", "-config", file)
	gien, patay := h.booth("gien"), h.booth("patay")
	first, second := gien.place("caf"), patay.place("caf")
	place := func(k *kiosk, call string) int {
		t.Helper()
		return ask[wire.PlaceReply](k, wire.VerbPlace, wire.Place{Call: call, Partner: "caf", Language: "fr"}).Place
	}
	counts := startUploads(t, h, "gien")
	for _, by := range []syscall.Signal{syscall.SIGTERM, syscall.SIGKILL, syscall.SIGTERM} {
		counts.until(counts.kept.Load() + 20)
		hub.end(by)
		hub = startProgram(t, "serve", "-config", file)
		if got := place(patay, second); got != 2 {
			t.Errorf("after %v the second call has place %d", by, got)
		}
		if got := place(gien, first); got != 1 {
			t.Errorf("after %v the first call has place %d", by, got)
		}
	}
	counts.until(counts.kept.Load() + 20)
	counts.end()
	kept := counts.kept.Load()
	// One may have been on its way when the booth stopped.
	if got := counts.check(h.dir); got != kept && got != kept+1 {
		t.Errorf("%d counts are there; %d were kept", got, kept)
	}
	// An adviser comes, and the call that waited through all of it rings.
	d := h.desk("caf.1")
	d.available(true)
	d.rings(first)
	hub.end(syscall.SIGTERM)
}
