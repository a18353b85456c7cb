package main

import (
	"bytes"
	"context"
	"io"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

func command(t *testing.T, in string, args ...string) (string, error) {
	t.Helper()
	var out bytes.Buffer
	err := run(t.Context(), args, strings.NewReader(in), &out, io.Discard)
	return out.String(), err
}

func TestAccountCommands(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "state")
	add := []string{"account", "add", "-state", dir, "-user", "caf.1", "-name", "Mme Martin", "-partner", "caf"}
	if _, err := command(t, "court\n", add...); err == nil || !strings.Contains(err.Error(), "5 characters") {
		t.Errorf("a short password: %v", err)
	}
	if _, err := command(t, password+"\n", add...); err != nil {
		t.Fatal(err)
	}
	if _, err := command(t, password, add...); err == nil || !strings.Contains(err.Error(), "-replace") {
		t.Errorf("twice: %v", err)
	}
	if _, err := command(t, password, append(add, "-replace")...); err != nil {
		t.Error(err)
	}
	for _, c := range []struct {
		in   string
		args []string
		want string
	}{
		{password, []string{"-user", "accueil", "-name", "Accueil", "-role", "agent", "-site", "gien"}, ""},
		{password, []string{"-user", "a", "-name", "A", "-role", "agent"}, "an agent needs one"},
		{password, []string{"-user", "a", "-name", "A", "-role", "king"}, "expected one of"},
		{password, []string{"-user", "a", "-name", "A"}, "an adviser needs one"},
		{"", []string{"-user", "sup", "-name", "Sup", "-role", "hotline", "-email", "Sup@loiret.fr"}, ""},
		{"", []string{"-user", "a", "-name", "A", "-role", "hotline"}, "-email"},
		{"", []string{"-user", "a", "-name", "A", "-role", "manager", "-email", "sup@loiret.fr"}, "already"},
	} {
		_, err := command(t, c.in, append([]string{"account", "add", "-state", dir}, c.args...)...)
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%v: %v; want %q", c.args, err, c.want)
		}
	}
	want := "accueil\tagent\tgien\tAccueil\ncaf.1\tadviser\tcaf\tMme Martin\nsup\thotline\t-\tSup\tsup@loiret.fr\n"
	if out, err := command(t, "", "account", "list", "-state", dir); err != nil || out != want {
		t.Errorf("list %q, %v", out, err)
	}
	if _, err := command(t, "", "account", "remove", "-state", dir, "-user", "caf.1"); err != nil {
		t.Error(err)
	}
	if out, err := command(t, "", "account", "list", "-state", dir); err != nil || strings.Contains(out, "caf.1") {
		t.Errorf("list %q, %v", out, err)
	}
}

func TestWrongCommands(t *testing.T) {
	demonstration := []string{
		"serve", "-state", t.TempDir(), "-addr", "127.0.0.1:0",
		"-partners", "../config/loiret/partners.yaml", "-sites", "../config/loiret/demonstration.yaml",
	}
	demonstration = demonstration[:len(demonstration):len(demonstration)]
	for _, c := range []struct {
		args []string
		want string
	}{
		{nil, "no such command"},
		{[]string{"dance"}, "no such command"},
		{[]string{"booth", "credentials", "gien"}, "-state is missing"},
		{[]string{"booth", "credentials", "-state", t.TempDir()}, "0 operands; expected 1"},
		{[]string{"booth", "credentials", "-state", t.TempDir(), "Gien"}, `site "Gien"`},
		{[]string{"serve", "-state", t.TempDir(), "-public-address", "here"}, "-public-address"},
		{[]string{"serve", "-state", t.TempDir(), "-turn-tcp", "3478"}, "-turn-tcp"},
		{[]string{"serve", "-state", t.TempDir(), "-turn-tls", "127.0.0.1:0"}, "-tls-cert"},
		{[]string{"serve", "-state", t.TempDir(), "-turn-tls", "127.0.0.1:0", "-tls-cert", "cert.pem"}, "-tls-key"},
		{[]string{"serve", "-state", t.TempDir(), "-turn-name", "hub.example"}, "-turn-tls"},
		{[]string{"serve", "-state", t.TempDir(), "-turn-tls", "127.0.0.1:0", "-tls-cert", "c", "-tls-key", "k", "-turn-name", "hub.example:443"}, "-turn-name"},
		{[]string{"serve", "-state", t.TempDir(), "-oidc-client", "hub"}, "-oidc-issuer"},
		{[]string{"serve", "-state", t.TempDir(), "-oidc-issuer", "https://p.example"}, "-public-url"},
		{[]string{"serve", "-state", t.TempDir(), "-oidc-issuer", "https://p.example", "-oidc-client", "hub", "-oidc-secret", "nowhere", "-public-url", "https://hub.example"}, "-oidc-secret"},
		{append(demonstration, "-audit-days", "0"), "-audit-days"},
		{append(demonstration, "-oidc-issuer", "http://p.example", "-oidc-client", "hub", "-oidc-secret", "commands_test.go", "-public-url", "https://hub.example"), "expected https://"},
		{[]string{"serve", "-state", t.TempDir(), "-tls-cert", "c"}, "-tls file"},
		{[]string{"serve", "-state", t.TempDir(), "-tls", "on"}, "expected file or acme"},
		{[]string{"serve", "-state", t.TempDir(), "-tls", "file", "-tls-cert", "c"}, "-tls-key"},
		{[]string{"serve", "-state", t.TempDir(), "-tls", "acme"}, "-acme-names"},
		{[]string{"serve", "-state", t.TempDir(), "-tls", "acme", "-acme-names", "hub.fr,"}, "not a host's name"},
		{[]string{"serve", "-state", t.TempDir(), "-tls", "acme", "-acme-names", "hub.fr", "-tls-cert", "c"}, "leave -tls-cert and -tls-key out"},
		{[]string{"serve", "-state", t.TempDir(), "-acme-names", "hub.fr"}, "use -tls acme"},
		{[]string{"serve", "-state", t.TempDir(), "-http", ":80"}, "use it with -tls"},
		{append(demonstration, "-tls", "acme", "-acme-names", "hub.fr", "-acme-ca", "nowhere.pem"), "nowhere.pem"},
		{append(demonstration, "-tls", "acme", "-acme-names", "hub.fr", "-turn-tls", "127.0.0.1:0", "-turn-name", "turn.fr"), "give the name that it is for with -turn-name"},
		{[]string{"backup", "-state", t.TempDir(), "x"}, "has hub serve ever run"},
		{[]string{"restore", "-state", filepath.Join(t.TempDir(), "new"), "nowhere.backup"}, "nowhere.backup"},
		{append(demonstration, "-turn-tls", "127.0.0.1:0", "-tls-cert", "nowhere.pem", "-tls-key", "nowhere.pem"), "-tls-cert and -tls-key"},
		{append(demonstration, "-turn-tcp", "203.0.113.7:3478"), "-turn-tcp"},
		{[]string{"serve", "-state", t.TempDir()}, "reading partners"},
		{[]string{"serve", "-state", t.TempDir(), "-partners", "../config/loiret/partners.yaml", "-sites", "../config/loiret/demonstration.yaml", "-addr", "nowhere"}, "expected host:port"},
	} {
		if _, err := command(t, "", c.args...); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q: %v; want %q", c.args, err, c.want)
		}
	}
}

// The demonstration prints where its pages are, an account for each role and one adviser a partner, once it is ready.
func TestDemonstration(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	r, w := io.Pipe()
	ended := make(chan error, 1)
	go func() {
		ended <- run(ctx, []string{
			"serve", "-addr", "127.0.0.1:0", "-state", t.TempDir(), "-demonstration",
			"-partners", "../config/loiret/partners.yaml", "-sites", "../config/loiret/demonstration.yaml",
		}, strings.NewReader(""), w, io.Discard)
		w.Close()
	}()
	var text strings.Builder
	b := make([]byte, 4096)
	last := regexp.MustCompile(`(?m)^account: desk cdad user=cdad\.demo password=[A-Z2-7]{26}$`)
	for !last.MatchString(text.String()) {
		n, err := r.Read(b)
		text.Write(b[:n])
		if err != nil {
			t.Fatalf("the hub ended after %q: %v", text.String(), err)
		}
	}
	lines := strings.Split(strings.TrimSpace(text.String()), "\n")
	if len(lines) != 12 || !regexp.MustCompile(`^desk: http://127\.0\.0\.1:\d+/desk$`).MatchString(lines[0]) ||
		!regexp.MustCompile(`^hotline: http://127\.0\.0\.1:\d+/hotline$`).MatchString(lines[1]) ||
		!regexp.MustCompile(`^figures: http://127\.0\.0\.1:\d+/figures$`).MatchString(lines[2]) {
		t.Errorf("printed %q", lines)
	}
	for i, what := range []string{"administrator", "manager", "hotline", "agent demonstration", "desk caf"} {
		if !strings.HasPrefix(lines[3+i], "account: "+what+" user=") {
			t.Errorf("line %d is %q; want the account of %s", 3+i, lines[3+i], what)
		}
	}
	cancel()
	select {
	case err := <-ended:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(patience):
		t.Error("the hub does not end")
	}
}
