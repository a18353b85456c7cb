package config

import (
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

func settings(t *testing.T, text string) (Settings, error) {
	t.Helper()
	file := filepath.Join(t.TempDir(), SettingsFile)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := LoadSettings(file)
	if err != nil {
		err = said(strings.ReplaceAll(err.Error(), filepath.Dir(file)+"/", ""))
	}
	return s, err
}

type said string

func (e said) Error() string { return string(e) }

func TestSettings(t *testing.T) {
	// As Windows' editor saves it.
	s, err := settings(t, "\ufeffhub: wss://hub.example.fr\r\ncode: k7px 2m4q\r\nnetwork:\r\n  address: 192.168.1.20/24\r\n  gateway: 192.168.1.1\r\n  dns: [192.168.1.1, 9.9.9.9]\r\n  proxy: http://proxy.example.fr:3128\r\n  ca: administration.pem\r\n")
	if err != nil {
		t.Fatal(err)
	}
	static, ok := s.Network.Static()
	want := Static{netip.MustParsePrefix("192.168.1.20/24"), netip.MustParseAddr("192.168.1.1"), []netip.Addr{netip.MustParseAddr("192.168.1.1"), netip.MustParseAddr("9.9.9.9")}}
	if diff := cmp.Diff(want, static, cmp.Comparer(func(a, b netip.Prefix) bool { return a == b }), cmp.Comparer(func(a, b netip.Addr) bool { return a == b })); !ok || diff != "" {
		t.Errorf("static address (-want +got):\n%s", diff)
	}
	s, err = settings(t, "hub: wss://hub.example.fr\n")
	if _, static := s.Network.Static(); err != nil || static {
		t.Errorf("without a network: %v, static %v; want DHCP", err, static)
	}
}

func TestMaintenance(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		want *Maintenance
	}{
		"closed":                         {"hub: wss://hub.example.fr\n", nil},
		"with the booth's own password":  {"hub: wss://hub.example.fr\nmaintenance: {}\n", &Maintenance{}},
		"with a password":                {"hub: wss://hub.example.fr\nmaintenance:\r\n  password: cheval agrafe\r\n", &Maintenance{"cheval agrafe"}},
		"with one of accents and signs":  {"hub: wss://hub.example.fr\nmaintenance: {password: \"é:é:é:é:é:é:\"}\n", &Maintenance{"é:é:é:é:é:é:"}},
		"beside all that is there still": {"hub: wss://hub.example.fr\nmaintenance: {password: cheval agrafe}\ncode: K7PX-2M4Q\n", &Maintenance{"cheval agrafe"}},
	} {
		t.Run(name, func(t *testing.T) {
			s, err := settings(t, c.text)
			if diff := cmp.Diff(c.want, s.Maintenance); err != nil || diff != "" {
				t.Errorf("%v (-want +got):\n%s", err, diff)
			}
		})
	}
}

func TestSettingsMistakes(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"everything at once": {
			"hub: http://hub\ncode: K7PX-2M4\nnetwork:\n  address: 192.168.1.20\n  ca: ../x.pem\n  proxy: proxy:3128\n",
			"visioborne.yaml:1: hub: ",
		},
		"code":             {"hub: wss://hub.example.fr\ncode: K7PX-2M4\n", `visioborne.yaml:2: code: "K7PX-2M4" is not 8 characters long; expected the 8 characters that the hub printed, such as K7PX-2M4Q`},
		"letter":           {"hub: wss://hub.example.fr\ncode: K7PX-2M4U\n", `visioborne.yaml:2: code: "K7PX-2M4U" has the character 'U', which no code has; expected the 8 characters that the hub printed, such as K7PX-2M4Q`},
		"prefix":           {"hub: wss://hub.example.fr\nnetwork:\n  address: 192.168.1.20\n", `visioborne.yaml:3: network.address: "192.168.1.20" is not an IPv4 address with its prefix; expected one such as "192.168.1.20/24"`},
		"no gateway":       {"hub: wss://hub.example.fr\nnetwork:\n  address: 192.168.1.20/24\n  dns: [192.168.1.1]\n", `visioborne.yaml:2: network.gateway: is missing; expected the router's address such as "192.168.1.1"`},
		"foreign gateway":  {"hub: wss://hub.example.fr\nnetwork:\n  address: 192.168.1.20/24\n  gateway: 192.168.2.1\n  dns: [192.168.1.1]\n", `visioborne.yaml:4: network.gateway: 192.168.2.1 is not in the network 192.168.1.0/24 of the address`},
		"lonely gateway":   {"hub: wss://hub.example.fr\nnetwork:\n  gateway: 192.168.2.1\n", `visioborne.yaml:3: network.gateway: is there without an address; give network.address too, or remove it`},
		"authority's path": {"hub: wss://hub.example.fr\nnetwork:\n  ca: ../x.pem\n", `visioborne.yaml:3: network.ca: "../x.pem" is not the name of a file beside this one; expected one such as "administration.pem"`},
		"time server":      {"hub: wss://hub.example.fr\nnetwork:\n  ntp: [192.168.1.1, \"http://ntp\"]\n", `visioborne.yaml:3: network.ntp[1]: "http://ntp" is not the name or address of a time server`},
		"short password":   {"hub: wss://hub.example.fr\nmaintenance:\n  password: motdepasse1\n", `visioborne.yaml:3: maintenance.password: is only 11 characters long; expected at least 12`},
		"empty password":   {"hub: wss://hub.example.fr\nmaintenance:\n  password: \"\"\n", `visioborne.yaml:3: maintenance.password: is empty; expected at least 12 characters`},
		"no password":      {"hub: wss://hub.example.fr\nmaintenance:\n  password:\n", `visioborne.yaml:3: maintenance.password: has no value; give one, or remove the line`},
		"no maintenance":   {"hub: wss://hub.example.fr\nmaintenance:\n", `visioborne.yaml:2: maintenance: has no value; give one, or remove the line`},
		"a truth value":    {"hub: wss://hub.example.fr\nmaintenance: true\n", `visioborne.yaml:2: maintenance: true is a truth value; expected a map with the fields password`},
		"another field":    {"hub: wss://hub.example.fr\nmaintenance: {pasword: cheval agrafe}\n", `visioborne.yaml:2: maintenance.pasword: is not a known field; `},
		"unknown field":    {"hub: wss://hub.example.fr\nproxy: http://x:1\n", `visioborne.yaml:2: proxy: `},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := settings(t, c.text)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got  %v\nwant %s", err, c.want)
			}
		})
	}
	_, err := settings(t, "hub: http://hub\ncode: K7PX-2M4\nnetwork:\n  address: 192.168.1.20\n  ca: ../x.pem\n  proxy: proxy:3128\n")
	if got := strings.Count(err.Error(), "visioborne.yaml:"); got != 5 {
		t.Errorf("%d mistakes are told at once, want 5:\n%v", got, err)
	}
}

func TestParseCode(t *testing.T) {
	for text, want := range map[string]string{"K7PX-2M4Q": "K7PX2M4Q", "k7px 2m4q": "K7PX2M4Q", "OIL0-0000": "01100000"} {
		if got, err := ParseCode(text); err != nil || got != want {
			t.Errorf("ParseCode(%q) = %q, %v; want %q", text, got, err, want)
		}
	}
	if got := FormatCode("K7PX2M4Q"); got != "K7PX-2M4Q" {
		t.Errorf("FormatCode = %q", got)
	}
}

func FuzzSettings(f *testing.F) {
	f.Add("hub: wss://hub.example.fr\nnetwork:\n  address: 192.168.1.20/24\n  gateway: 192.168.1.1\n  dns: [9.9.9.9]\n")
	f.Add("hub: wss://hub.example.fr\nmaintenance: {password: cheval agrafe}\n")
	f.Fuzz(func(t *testing.T, text string) {
		d := parse(SettingsFile, []byte(text))
		s := d.settings()
		if len(d.mistakes) > 0 {
			return
		}
		if _, ok := s.Network.Static(); ok != (s.Network.Address != "") {
			t.Errorf("no mistake in %q, but its address cannot be used", text)
		}
		if m := s.Maintenance; m != nil && m.Password != "" && utf8.RuneCountInString(m.Password) < minPassword {
			t.Errorf("no mistake in %q, but its password is short", text)
		}
	})
}
