package config

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func writeHub(t *testing.T, text string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), HubFile)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

func TestLoadHub(t *testing.T) {
	file := writeHub(t, `state: /var/lib/visioborne
addr: ":443"
public_address: 203.0.113.7
partners: partners.yaml
sites: [sites, /srv/more]
tls: acme
acme_names: [hub.departement.fr]
http: "[::]:80"
verbose: true
`)
	got, err := LoadHub(file)
	if err != nil {
		t.Fatal(err)
	}
	folder := Path(filepath.Dir(file))
	want := Hub{
		State: "/var/lib/visioborne", Addr: ":443", PublicAddress: "203.0.113.7", Partners: folder + "/partners.yaml",
		Sites: []Path{folder + "/sites", "/srv/more"}, TLS: TLSACME, ACMENames: []string{"hub.departement.fr"}, HTTP: "[::]:80", Verbose: true,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// The exact texts: who reads them repairs a hub that does not start.
func TestMistakesOfHub(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"", `hub.yaml:1: is empty`},
		{"adr: \":443\"\n", `hub.yaml:1: adr: is not a known field; did you mean "addr"?`},
		{"# a\n\naddr: 443\n", `hub.yaml:3: addr: 443 is a number; expected text, in quotes: "443"`},
		{"addr: hub.fr\n", `hub.yaml:1: addr: "hub.fr" is not an address to listen on; expected a host and a port such as "203.0.113.7:443", or a port alone such as ":443"`},
		{"http: \":http\"\n", `hub.yaml:1: http: ":http" is not an address to listen on; expected a host and a port such as "203.0.113.7:443", or a port alone such as ":443"`},
		{"turn_tls: \":70000\"\n", `hub.yaml:1: turn_tls: ":70000" is not an address to listen on; expected a host and a port such as "203.0.113.7:443", or a port alone such as ":443"`},
		{"public_address: hub.fr\n", `hub.yaml:1: public_address: "hub.fr" is not an IP address; expected one such as "203.0.113.7"`},
		{"sites: sites\n", `hub.yaml:1: sites: "sites" is text; expected a list`},
		{"verbose: \"yes\"\n", `hub.yaml:1: verbose: "yes" is text; expected true or false`},
		{"verbose:\n", `hub.yaml:1: verbose: has no value; give one, or remove the line`},
		{"tls: letsencrypt\n", `hub.yaml:1: tls: "letsencrypt" is not a way to a certificate; expected file or acme`},
		{"notice_days: 0\n", `hub.yaml:1: notice_days: 0 is out of range; expected 1 day or more; what cannot wait is said to be urgent, change by change`},
		{"acme_names: [hub.fr, hub]\n", `hub.yaml:1: acme_names[1]: "hub" is not a name in the DNS; expected one such as "hub.departement.fr"`},
		{"acme_directory: http://acme.fr\n", `hub.yaml:1: acme_directory: "http://acme.fr" is not the address of an ACME directory; expected one such as "https://acme.example.fr/directory"`},
		{"acme_email: me\n", `hub.yaml:1: acme_email: "me" is not an e-mail address; expected one such as "reseau@departement.fr"`},
		{"turn_name: hub.fr:443\n", `hub.yaml:1: turn_name: "hub.fr:443" is not a host's name; expected one as in the certificate, such as "hub.departement.fr"`},
		{"nats: nats1:4222\n", `hub.yaml:1: nats: "nats1:4222" is text; expected a list`},
		{"nats: [tls://a:4222, \"nats1:4222\"]\n", `hub.yaml:1: nats[1]: "nats1:4222" is not the address of a NATS server; expected one such as "tls://nats1.departement.fr:4222"`},
		{"nats_websocket: [https://a:8443]\n", `hub.yaml:1: nats_websocket[0]: "https://a:8443" is not the address of a NATS server; expected one such as "wss://nats1.departement.fr:8443"`},
		{"nats_replicas: 2\n", `hub.yaml:1: nats_replicas: 2 is no number of replicas; expected 1, 3 or 5, and no more than there are servers`},
		{"turn: [\"turn.hub.fr:3478\"]\n", `hub.yaml:1: turn[0]: "turn.hub.fr:3478" is not the address of a TURN server; expected one such as "turn:turn.departement.fr:3478?transport=udp"`},
	} {
		file := writeHub(t, c.text)
		_, err := LoadHub(file)
		if err == nil {
			t.Errorf("%q: no mistake", c.text)
		} else if got := strings.TrimPrefix(err.Error(), filepath.Dir(file)+"/"); got != c.want {
			t.Errorf("%q: got\n%s\nwant\n%s", c.text, got, c.want)
		}
	}
}

// Every path is completed, those of fields that are added later too.
func TestPathsOfHub(t *testing.T) {
	var h Hub
	v := reflect.ValueOf(&h).Elem()
	for _, f := range v.Fields() {
		switch f.Type() {
		case reflect.TypeFor[Path]():
			f.SetString("file")
		case reflect.TypeFor[[]Path]():
			f.Set(reflect.ValueOf([]Path{"file"}))
		}
	}
	completePaths(&h, "/folder")
	for field, f := range v.Fields() {
		if p, ok := f.Interface().(Path); ok && p != "/folder/file" {
			t.Errorf("%s stays %q", field.Name, p)
		}
		if p, ok := f.Interface().([]Path); ok && p[0] != "/folder/file" {
			t.Errorf("%s stays %q", field.Name, p)
		}
	}
}

func TestHubOfTheLoiret(t *testing.T) {
	file := filepath.Join("loiret", HubFile)
	h, err := LoadHub(file)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := LoadPartners(string(h.Partners)); err != nil {
		t.Error(err)
	}
	for _, sites := range h.Sites {
		if _, err := LoadSites(string(sites)); err != nil {
			t.Error(err)
		}
	}
	if err := checkSchema(t, file); err != nil {
		t.Error(err)
	}
	// The example tells of every field.
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range fieldNames(reflect.TypeFor[Hub]()) {
		if !strings.Contains(string(text), "\n"+name+":") && !strings.Contains(string(text), "\n# "+name+":") {
			t.Errorf("%s says nothing of %s", file, name)
		}
	}
}

func FuzzHub(f *testing.F) {
	f.Add("addr: \":443\"\ntls: acme\nacme_names: [hub.fr]\n")
	f.Add("sites: [a, 1, {}]\nverbose: maybe\n")
	f.Fuzz(func(t *testing.T, text string) {
		d := parse(HubFile, []byte(text))
		h := d.hub()
		if len(d.mistakes) == 0 && h.Addr != "" && !validListenAddr(h.Addr) {
			t.Errorf("%q was let in", h.Addr)
		}
	})
}
