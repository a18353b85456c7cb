package main

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"loiret.fr/visioborne/hub/broker"
	"loiret.fr/visioborne/hub/desk"
	"loiret.fr/visioborne/hub/wire"
)

// cluster is three nats-server processes, each as the operator's guide has it, on loopback.
type cluster struct {
	t     *testing.T
	dir   string // of the certificate, which is its own authority, and of each server
	exe   string
	nodes [3]node
}

type node struct {
	name                      string
	client, websocket, routes string // addresses
	process                   *exec.Cmd
}

// buildServer builds the very server that is embedded into the hub as a program of its own.
func buildServer(t *testing.T) string {
	t.Helper()
	exe := filepath.Join(t.TempDir(), "nats-server")
	build := exec.CommandContext(t.Context(), "go", "build", "-o", exe, "github.com/nats-io/nats-server/v2")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("building nats-server: %v\n%s", err, out)
	}
	return exe
}

// guideBlock is an example of the operator's guide: the code block of a language that contains a text.
func guideBlock(t *testing.T, language, contains string) string {
	t.Helper()
	guide, err := os.ReadFile("../docs/guide-exploitation.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range regexp.MustCompile("(?s)```"+language+"\n(.*?)```").FindAllSubmatch(guide, -1) {
		if strings.Contains(string(m[1]), contains) {
			return string(m[1])
		}
	}
	t.Fatalf("the guide has no %s with %q", language, contains)
	return ""
}

// startCluster starts three servers that trust the keys in a hub's state directory.
func startCluster(t *testing.T, state string) *cluster {
	t.Helper()
	c := &cluster{t: t, dir: t.TempDir(), exe: buildServer(t)}
	issue(t, c.dir, 1, x509.NewCertPool())
	common, err := command(t, "", "nats-config", "-state", state)
	if err != nil {
		t.Fatal(err)
	}
	text := guideBlock(t, "conf", "server_name: nats1")
	for i := range c.nodes {
		c.nodes[i] = node{name: fmt.Sprint("nats", i+1), client: free(t), websocket: free(t), routes: free(t)}
	}
	for _, n := range c.nodes {
		dir := filepath.Join(c.dir, n.name)
		if err := os.Mkdir(dir, 0o700); err != nil {
			t.Fatal(err)
		}
		replace := []string{
			"server_name: nats1", "server_name: " + n.name, "/etc/nats/tls/authority.pem", c.dir + "/cert.pem", "/etc/nats/tls", c.dir,
			"0.0.0.0:4222", n.client, "0.0.0.0:8443", n.websocket, "0.0.0.0:6222", n.routes,
		}
		for _, other := range c.nodes {
			replace = append(replace, other.name+".loiret.example:6222", other.routes)
		}
		for name, text := range map[string]string{
			"nats-server.conf": strings.NewReplacer(replace...).Replace(text),
			"visioborne.conf":  strings.ReplaceAll(common, "/var/lib/nats", dir),
		} {
			if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	for i := range c.nodes {
		c.start(i)
	}
	t.Cleanup(func() {
		for i := range c.nodes {
			c.kill(i)
		}
	})
	return c
}

func (c *cluster) start(i int) {
	c.t.Helper()
	n := &c.nodes[i]
	n.process = exec.CommandContext(context.WithoutCancel(c.t.Context()), c.exe, "-c", filepath.Join(c.dir, n.name, "nats-server.conf"))
	n.process.Stderr = loud{logOf(c.t)}
	if err := n.process.Start(); err != nil {
		c.t.Fatal(err)
	}
}

// loud leaves out what a server says while all is well, and that it misses the others, which the tests kill.
type loud struct{ to io.Writer }

func (l loud) Write(b []byte) (int, error) {
	for line := range strings.Lines(string(b)) {
		if !strings.Contains(line, "[INF]") && !strings.Contains(line, "connect to route") {
			if _, err := io.WriteString(l.to, line); err != nil {
				return 0, err
			}
		}
	}
	return len(b), nil
}

// kill ends a server as a power cut does.
func (c *cluster) kill(i int) {
	c.t.Helper()
	if n := &c.nodes[i]; n.process != nil {
		if err := n.process.Process.Kill(); err != nil {
			c.t.Error(err)
		}
		_ = n.process.Wait() // it was killed
		n.process = nil
	}
}

// awaitStore waits until the servers have found each other.
func (c *cluster) awaitStore(h *house) {
	c.t.Helper()
	keys, err := broker.OpenKeys(h.dir)
	if err != nil {
		c.t.Fatal(err)
	}
	var servers []string
	for _, n := range c.nodes {
		servers = append(servers, "tls://"+n.client)
	}
	again := time.NewTicker(200 * time.Millisecond)
	defer again.Stop()
	deadline := time.After(3 * patience)
	for {
		b, err := broker.Join(c.t.Context(), h.dir, keys, broker.Cluster{Servers: servers, CA: c.dir + "/cert.pem", Replicas: 3}, slog.New(slog.DiscardHandler))
		if err == nil {
			b.Close()
			return
		}
		select {
		case <-again.C:
		case <-deadline:
			c.t.Fatalf("the cluster does not come up: %v", err)
		}
	}
}

// leader is the server that takes what is written to a stream.
func (c *cluster) leader(js jetstream.JetStream, stream string) int {
	c.t.Helper()
	ctx, cancel := context.WithTimeout(c.t.Context(), patience)
	defer cancel()
	s, err := js.Stream(ctx, stream)
	if err != nil {
		c.t.Fatal(err)
	}
	at := s.CachedInfo().Cluster
	if at == nil || len(at.Replicas) != 2 {
		c.t.Fatalf("stream %s is kept by %+v; want three servers", stream, at)
	}
	return slices.IndexFunc(c.nodes[:], func(n node) bool { return n.name == at.Leader })
}

// whole waits until every server has all of every stream.
func (c *cluster) whole(js jetstream.JetStream) {
	c.t.Helper()
	ctx, cancel := context.WithTimeout(c.t.Context(), 3*patience)
	defer cancel()
	again := time.NewTicker(200 * time.Millisecond)
	defer again.Stop()
	for {
		behind := []string{"?"}
		for s := range js.ListStreams(ctx).Info() {
			behind = slices.DeleteFunc(behind, func(s string) bool { return s == "?" })
			if s.Cluster == nil || len(s.Cluster.Replicas) != 2 || slices.ContainsFunc(s.Cluster.Replicas, func(p *jetstream.PeerInfo) bool { return !p.Current || p.Offline }) {
				behind = append(behind, s.Config.Name)
			}
		}
		if len(behind) == 0 {
			return
		}
		select {
		case <-ctx.Done():
			c.t.Fatalf("not on every server: %q", behind)
		case <-again.C:
		}
	}
}

// addresses are the servers' addresses of a scheme, for hub.yaml.
func (c *cluster) addresses(scheme string, of func(node) string) string {
	var all []string
	for _, n := range c.nodes {
		all = append(all, scheme+"://"+of(n))
	}
	return "[" + strings.Join(all, ", ") + "]"
}

// hubOn starts a hub as a process, on the cluster, with what a house has been given. The guide's hub.yaml says how.
func (c *cluster) hubOn(h *house) *program {
	h.t.Helper()
	h.addr = free(h.t)
	partners, err := filepath.Abs("../config/loiret/partners.yaml")
	if err != nil {
		h.t.Fatal(err)
	}
	text := guideBlock(h.t, "yaml", "nats_websocket:")
	for _, line := range [][2]string{
		{"state", h.dir},
		{"addr", h.addr},
		{"partners", partners},
		{"sites", "[gien.yaml, patay.yaml]"},
		{"nats", c.addresses("tls", func(n node) string { return n.client })},
		{"nats_websocket", c.addresses("wss", func(n node) string { return n.websocket })},
		{"nats_ca", c.dir + "/cert.pem"},
		// The test's pages and booths come without TLS, and without mail servers.
		{"tls", ""},
		{"tls_cert", ""},
		{"tls_key", ""},
		{"http", ""},
		{"alerts", ""},
	} {
		of := regexp.MustCompile("(?m)^" + line[0] + ":.*\n")
		if !of.MatchString(text) {
			h.t.Fatalf("the guide's hub.yaml says nothing of %s", line[0])
		}
		to := ""
		if line[1] != "" {
			to = line[0] + ": " + line[1] + "\n"
		}
		text = of.ReplaceAllLiteralString(text, to)
	}
	file := filepath.Join(h.dir, "hub.yaml")
	for name, text := range map[string]string{file: text, filepath.Join(h.dir, "turn.secret"): "partagé"} {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			h.t.Fatal(err)
		}
	}
	return startProgram(h.t, "serve", "-config", file)
}

// waiter is a booth whose citizen waits: it gives signs of life, as booths do, at whichever hub answers.
type waiter struct {
	t    *testing.T
	mu   sync.Mutex
	gone []string // what it was told that means that its call is lost
	end  func()
}

func wait1(k *kiosk, call string) *waiter {
	w := &waiter{t: k.t}
	ctx, cancel := context.WithCancel(k.t.Context())
	done := make(chan struct{})
	b, err := wire.Encode(wire.Alive{Call: call})
	if err != nil {
		k.t.Fatal(err)
	}
	go func() {
		defer close(done)
		every := time.NewTicker(time.Second)
		defer every.Stop()
		for {
			asking, answered := context.WithTimeout(ctx, 2*time.Second)
			m, err := k.nc.RequestWithContext(asking, wire.Up(k.site, wire.VerbAlive), b)
			answered()
			if err == nil {
				if r, err := wire.Decode[wire.PlaceReply](m.Data); err != nil || r.Code == wire.CodeGone {
					w.mu.Lock()
					w.gone = append(w.gone, fmt.Sprintf("%+v, %v", r, err))
					w.mu.Unlock()
				}
			}
			select {
			case <-ctx.Done():
				return
			case <-every.C:
			}
		}
	}()
	w.end = sync.OnceFunc(func() { cancel(); <-done })
	k.t.Cleanup(w.end)
	return w
}

func (w *waiter) check(what string) {
	w.t.Helper()
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.gone) > 0 {
		w.t.Fatalf("%s: the booth was told that its call is gone: %q", what, w.gone)
	}
}

// insist does what an adviser does until the page shows it: a click may meet a store that has just lost a server.
func (p *page) insist(what string, m desk.Message, fits func(desk.View) bool) desk.View {
	p.t.Helper()
	again := time.NewTicker(500 * time.Millisecond)
	defer again.Stop()
	deadline := time.After(3 * patience)
	for !fits(p.present) {
		p.do(m)
		for waiting := true; waiting && !fits(p.present); {
			select {
			case got := <-p.got:
				if got.closed != 0 {
					p.t.Fatalf("%s: the page was closed (%d)", what, got.closed)
				}
				if got.signal == nil {
					p.present = got.view
				}
			case <-again.C:
				waiting = false
			case <-deadline:
				p.t.Fatalf("%s: the page still shows %+v", what, p.present)
			}
		}
	}
	return p.present
}

// A hub of one machine becomes two on a cluster of three servers, with what it has kept. The server that keeps the line is killed while a call rings, another one waits, and counts are
// uploaded; then a hub is killed. No call leaves the line, no count is lost or there twice, and what one hub learns of sessions,
// accounts and revoked booths the other does.
func TestCluster(t *testing.T) {
	one, two := openHouse(t), makeHouse(t)
	hub := func(args ...string) string {
		t.Helper()
		out, err := command(t, "", args...)
		if err != nil {
			t.Fatalf("hub %s: %v", strings.Join(args, " "), err)
		}
		return out
	}
	hub("token", "add", "-state", one.dir, "-name", "from.before", "-role", "read")
	backup := filepath.Join(t.TempDir(), "one.backup")
	hub("backup", "-state", one.dir, backup)
	one.stop()
	// The second hub has the first one's keys, and nothing else.
	if err := os.Mkdir(filepath.Join(two.dir, "keys"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(filepath.Join(two.dir, "accounts.json")); err != nil {
		t.Fatal(err)
	}
	c := startCluster(t, one.dir)
	c.awaitStore(one)
	hub("restore", "-state", one.dir, "-nats", "tls://"+c.nodes[0].client, "-nats-ca", c.dir+"/cert.pem", backup)
	if _, err := command(t, "", "restore", "-state", two.dir, "-nats", "tls://"+c.nodes[0].client, "-nats-ca", c.dir+"/cert.pem", backup); err == nil {
		t.Error("a state directory with other keys was let in")
	}
	first := c.hubOn(one)
	keys, err := filepath.Glob(filepath.Join(one.dir, "keys", "*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range keys {
		b, err := os.ReadFile(key)
		if err == nil {
			err = os.WriteFile(filepath.Join(two.dir, "keys", filepath.Base(key)), b, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	second := c.hubOn(two)
	defer second.end(syscall.SIGTERM)
	one.other, two.other = two.addr, one.addr
	if got := hub("token", "list", "-state", two.dir); !strings.HasPrefix(got, "from.before") {
		t.Errorf("tokens %q", got)
	}
	nc, js, _, err := running(two.dir)
	if err != nil {
		t.Fatal(err)
	}
	defer nc.Close()
	// From before there were streams, followers may still be on their way.
	c.whole(js)

	// Somebody signs in at one hub, opens the desk at the other, and signs out at the first.
	jar := one.as("cpam.1")
	moved := two.openPage(jar)
	moved.until("ready", func(v desk.View) bool { return v.Screen == desk.ScreenReady })
	if status := one.post(jar, "/sign-out", "http://"+one.addr, ""); status != http.StatusOK {
		t.Fatalf("signing out: %d", status)
	}
	if code := moved.closed(); code != 4401 {
		t.Errorf("signed out at the other hub the desk closed with %d", code)
	}

	// A booth that one hub enrols is revoked at the other.
	b := makeBooth(t, two.code("gien"))
	enrolled, refusal := b.enrol(one)
	if refusal != "" {
		t.Fatal(refusal)
	}
	if _, refusal := makeBooth(t, b.ask.Code).enrol(two); refusal != wire.EnrolUsedCode {
		t.Errorf("the same code at the other hub: %q", refusal)
	}
	_, lost, err := b.connect(one, enrolled)
	if err != nil {
		t.Fatal(err)
	}
	if err := run(t.Context(), []string{"booth", "revoke", "-state", two.dir, "gien"}, nil, io.Discard, io.Discard); err != nil {
		t.Fatal(err)
	}
	select {
	case <-lost:
	case <-time.After(patience):
		t.Fatal("the revoked booth is still connected")
	}
	for range 6 { // each comes to any of the servers
		if _, _, err := b.connect(one, enrolled); err == nil {
			t.Fatal("the revoked booth can connect again")
		}
	}

	// Guesses at both hubs count together.
	for n := range 5 {
		if _, status := []*house{one, two}[n%2].signIn("manager", "a wrong password"); status != http.StatusUnauthorized {
			t.Errorf("guess %d: status %d", n+1, status)
		}
	}
	for _, h := range []*house{one, two} {
		if _, status := h.signIn("manager", password); status != http.StatusTooManyRequests {
			t.Errorf("after five guesses at two hubs: status %d", status)
		}
	}

	gien, patay := one.booth("gien"), two.booth("patay")
	counts := startUploads(t, one, "gien")
	adviser := one.desk("caf.1")
	adviser.available(true)
	rings := gien.place("caf")
	adviser.rings(rings)
	waits := patay.place("caf")
	waiting, ringing := wait1(patay, waits), wait1(gien, rings)
	counts.until(20)

	// The server that takes what is written to the line dies while the call rings.
	dead := c.leader(js, "KV_line")
	c.kill(dead)
	adviser.insist("answering", desk.Message{Do: desk.DeedAnswer, Call: rings}, func(v desk.View) bool {
		return v.Call != nil && v.Call.ID == rings && v.Call.State == "answered"
	})
	ringing.check("after the death of a server")
	waiting.check("after the death of a server")
	counts.until(counts.kept.Load() + 20)
	ringing.end()
	adviser.insist("hanging up", desk.Message{Do: desk.DeedHangUp, Call: rings}, func(v desk.View) bool { return v.Call == nil || v.Call.ID != rings })
	// The other one has waited through all of it, and is the next.
	adviser.rings(waits)
	adviser.insist("declining", desk.Message{Do: desk.DeedDecline, Call: waits}, func(v desk.View) bool { return v.Call == nil && !v.Available })

	// It comes back, and the one that keeps the counts dies.
	c.start(dead)
	c.whole(js)
	dead = c.leader(js, "KV_usage")
	c.kill(dead)
	counts.until(counts.kept.Load() + 20)
	waiting.check("after the death of another server")

	// A hub dies. The call that waits is answered at the other one; there is still a server away.
	first.end(syscall.SIGKILL)
	other := two.deskAtLast("caf.2")
	other.insist("available", desk.Message{Do: desk.DeedAvailable, On: true}, func(v desk.View) bool { return v.Available })
	other.rings(waits)
	other.insist("answering", desk.Message{Do: desk.DeedAnswer, Call: waits}, func(v desk.View) bool {
		return v.Call != nil && v.Call.ID == waits && v.Call.State == "answered"
	})
	waiting.check("after the death of a hub")
	waiting.end()
	counts.until(counts.kept.Load() + 20)
	counts.end()
	kept := counts.kept.Load()
	// One may have been on its way when the booth stopped.
	got := counts.check(two.dir)
	if got != kept && got != kept+1 {
		t.Errorf("%d counts are there; %d were kept", got, kept)
	}

	// And back to one machine, from a backup of the cluster, one server of which is still away.
	backup = filepath.Join(t.TempDir(), "cluster.backup")
	hub("backup", "-state", two.dir, backup)
	alone := &house{t: t, dir: filepath.Join(t.TempDir(), "alone"), directory: one.directory, addr: "127.0.0.1:0"}
	hub("restore", "-state", alone.dir, backup)
	alone.start()
	defer alone.stop()
	if n := counts.check(alone.dir); n != got {
		t.Errorf("%d counts are there on one machine; %d were on the cluster", n, got)
	}
	alone.as("caf.1")
}

// Flags that do not go together, and servers that do not answer, are said as such.
func TestClusterRefused(t *testing.T) {
	h := makeHouse(t)
	file := filepath.Join(h.dir, "nowhere.pem")
	base := []string{"serve", "-state", h.dir, "-addr", "127.0.0.1:0", "-partners", "../config/loiret/partners.yaml", "-sites", filepath.Join(h.dir, "gien.yaml")}
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"-nats-websocket", "wss://127.0.0.1:1"}, "name its servers with -nats"},
		{[]string{"-nats", "tls://127.0.0.1:1"}, "-nats needs -nats-websocket"},
		{[]string{"-nats", "tls://127.0.0.1:1", "-nats-websocket", "wss://127.0.0.1:1", "-nats-ca", file}, "nowhere.pem"},
		{[]string{"-nats", "tls://127.0.0.1:1", "-nats-websocket", "wss://127.0.0.1:1", "-nats-replicas", "9"}, "expected 1, 3 or 5"},
		{[]string{"-nats", "tls://127.0.0.1:1", "-nats-websocket", "wss://127.0.0.1:1"}, "do the servers run"},
		{[]string{"-turn-secret", file}, "name them with -turn"},
		{[]string{"-turn", "turn:127.0.0.1:3478"}, "name it with -turn-secret"},
		{[]string{"-turn", "turn:127.0.0.1:3478", "-turn-secret", file}, "nowhere.pem"},
		{[]string{"-turn", "turn:127.0.0.1:3478", "-turn-secret", file, "-public-address", "127.0.0.1"}, "leave -turn-tcp"},
	} {
		if _, err := command(t, "", append(slices.Clone(base), c.args...)...); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q: %v; want %q", c.args, err, c.want)
		}
	}
	if _, _, _, err := running(h.dir); !errors.Is(err, errNotRunning) {
		t.Errorf("a hub that has never run: %v", err)
	}
}

// atLast signs somebody in who tries again while the store has no leader.
func (h *house) atLast(user string) http.CookieJar {
	h.t.Helper()
	again := time.NewTicker(500 * time.Millisecond)
	defer again.Stop()
	deadline := time.After(3 * patience)
	for {
		jar, status := h.signIn(user, password)
		if status == http.StatusOK {
			return jar
		}
		select {
		case <-again.C:
		case <-deadline:
			h.t.Fatalf("sign-in of %s: status %d", user, status)
		}
	}
}

// deskAtLast opens a desk whose page comes again, as in a browser, while the store has no leader.
func (h *house) deskAtLast(user string) *page {
	h.t.Helper()
	jar := h.atLast(user)
	again := time.NewTicker(500 * time.Millisecond)
	defer again.Stop()
	deadline := time.After(3 * patience)
	for {
		p := h.openPage(jar)
		select {
		case got := <-p.got:
			if got.closed == 0 {
				p.present = got.view
				return p
			}
		case <-deadline:
			h.t.Fatalf("the desk of %s has shown nothing", user)
		}
		select {
		case <-again.C:
		case <-deadline:
			h.t.Fatalf("the desk of %s could not be opened", user)
		}
	}
}

// both is how a booth finds the hubs behind a load balancer.
func (h *house) both() string {
	if h.other == "" {
		return "ws://" + h.addr
	}
	return "ws://" + h.addr + ",ws://" + h.other
}
