package main

import (
	"flag"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"loiret.fr/visioborne/config"
)

// onlyFlags are the flags of hub serve that hub.yaml does not have, and why.
func onlyFlags() map[string]string {
	return map[string]string{
		"config":        "it names the file",
		"user":          "it is another command's",
		"demonstration": "it makes accounts with new passwords at each start, which no hub in earnest does",
	}
}

// Whoever adds a flag to hub serve learns here that config.Hub wants a field of the same name, and the other way round.
func TestFlagsAndFile(t *testing.T) {
	var said strings.Builder
	if err := run(t.Context(), []string{"serve", "-help"}, nil, io.Discard, &said); err == nil {
		t.Fatal("the help ended without flag.ErrHelp")
	}
	only, names := onlyFlags(), map[string]bool{}
	for line := range strings.Lines(said.String()) {
		name, ok := strings.CutPrefix(line, "  -")
		if !ok {
			continue
		}
		name, _, _ = strings.Cut(strings.Fields(name)[0], "=")
		names[name] = only[name] == ""
	}
	for field := range reflect.TypeFor[config.Hub]().Fields() {
		name := flagName(field)
		if !names[name] {
			t.Errorf("config.Hub has %s, and hub serve no flag -%s", field.Name, name)
		}
		names[name] = false
	}
	for name, missing := range names {
		if missing {
			t.Errorf("hub serve has the flag -%s, and config.Hub has no field for it", name)
		}
	}
}

func TestFromFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), config.HubFile)
	text := "state: state\naddr: \":443\"\nsites: [a, /b]\nverbose: true\nturn_tcp: \":3478\"\n"
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	flags := flag.NewFlagSet("hub", flag.ContinueOnError)
	values := map[string]*string{}
	for _, name := range []string{"state", "addr", "sites", "turn-tcp", "turn-tls"} {
		values[name] = flags.String(name, "default", "")
	}
	verbose := flags.Bool("verbose", false, "")
	if err := flags.Parse([]string{"-addr", ":8443", "-turn-tcp", ""}); err != nil {
		t.Fatal(err)
	}
	if err := fromFile(flags, file); err != nil {
		t.Fatal(err)
	}
	folder := filepath.Dir(file)
	for name, want := range map[string]string{
		"state": folder + "/state", "addr": ":8443", "sites": folder + "/a,/b", "turn-tcp": "", "turn-tls": "default",
	} {
		if got := *values[name]; got != want {
			t.Errorf("-%s is %q; want %q", name, got, want)
		}
	}
	if !*verbose {
		t.Error("-verbose is not set")
	}
}

func TestWrongFile(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, config.HubFile)
	for _, c := range []struct{ text, want string }{
		{"state: s\nadr: \":1\"\n", `hub.yaml:2: adr: is not a known field; did you mean "addr"?`},
		{"addr: \":1\"\n", "-state is missing"},
		{"state: s\ntls: acme\n", "-acme-names (what flags say may also stand in " + file},
		{"state: s\ntls: file\ntls_cert: c.pem\n", "-tls-cert and -tls-key"},
	} {
		if err := os.WriteFile(file, []byte(c.text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := command(t, "", "serve", "-config", file); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q: %v; want %q", c.text, err, c.want)
		}
	}
	if _, err := command(t, "", "serve", "-config", filepath.Join(dir, "nowhere.yaml")); err == nil || !strings.Contains(err.Error(), "nowhere.yaml") {
		t.Errorf("a file that is not there: %v", err)
	}
}
