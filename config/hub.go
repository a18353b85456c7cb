package config

import (
	"net"
	"net/netip"
	"net/url"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// HubFile is the name of the hub's configuration.
const HubFile = "hub.yaml"

// Path is the name of a file or a folder. In a configuration it may be relative to the folder that the configuration is in.
type Path string

// Hub is what `hub serve` is told, as hub.yaml has it. Each field has the name of a flag, with underscores for hyphens, and
// its meaning; a flag on the command line wins over the field. This struct is the one place that says what hub.yaml may
// have: hub serve finds the flags by the fields' names.
type Hub struct {
	// State is the hub's state directory: keys, accounts and the store.
	State Path `yaml:"state,omitempty" json:"state,omitempty"`
	// Addr is the host and port of pages, websockets and booths over TCP, and of STUN and TURN over UDP: ":443".
	Addr string `yaml:"addr,omitempty" json:"addr,omitempty"`
	// PublicAddress is the IP at which booths and desks reach STUN and TURN, if it is not the one of addr.
	PublicAddress string `yaml:"public_address,omitempty" json:"public_address,omitempty"`
	// Partners is the partner directory's file.
	Partners Path `yaml:"partners,omitempty" json:"partners,omitempty"`
	// Sites are the sites' files, or folders with them.
	Sites []Path `yaml:"sites,omitempty" json:"sites,omitempty"`
	// TLS is where the certificate for pages and booths comes from: file or acme. Without it there is no TLS, as behind a proxy.
	TLS string `yaml:"tls,omitempty" json:"tls,omitempty"`
	// TLSCert is a PEM file with a certificate and its chain, taken anew when it changes.
	TLSCert Path `yaml:"tls_cert,omitempty" json:"tls_cert,omitempty"`
	// TLSKey is a PEM file with the key of tls_cert.
	TLSKey Path `yaml:"tls_key,omitempty" json:"tls_key,omitempty"`
	// ACMENames are the names to ask an authority for. Naming one agrees to the authority's terms.
	ACMENames []string `yaml:"acme_names,omitempty" json:"acme_names,omitempty"`
	// ACMEDirectory is the address of the authority's ACME directory. Let's Encrypt's when absent.
	ACMEDirectory string `yaml:"acme_directory,omitempty" json:"acme_directory,omitempty"`
	// ACMECA is a PEM file with the certificates by which the directory's own is known, if it is not a public one.
	ACMECA Path `yaml:"acme_ca,omitempty" json:"acme_ca,omitempty"`
	// ACMEEmail is where the authority writes to when something is wrong.
	ACMEEmail string `yaml:"acme_email,omitempty" json:"acme_email,omitempty"`
	// HTTP is the host and port of plain HTTP, which sends browsers to TLS and answers an authority: ":80". Off when absent.
	HTTP string `yaml:"http,omitempty" json:"http,omitempty"`
	// TurnTCP is the host and port of TURN over TCP, for networks that drop UDP.
	TurnTCP string `yaml:"turn_tcp,omitempty" json:"turn_tcp,omitempty"`
	// TurnTLS is the host and port of TURN over TLS, with the certificate of tls or of tls_cert.
	TurnTLS string `yaml:"turn_tls,omitempty" json:"turn_tls,omitempty"`
	// TurnName is the name that the certificate for turn_tls is for, if it is not for the IP.
	TurnName string `yaml:"turn_name,omitempty" json:"turn_name,omitempty"`
	// Turn are the addresses of STUN and TURN servers that are not the hub's own, as coturn: "turn:turn.departement.fr:3478".
	// With them the hub serves neither.
	Turn []string `yaml:"turn,omitempty" json:"turn,omitempty"`
	// TurnSecret is the file with the secret that the hub shares with the servers of turn.
	TurnSecret Path `yaml:"turn_secret,omitempty" json:"turn_secret,omitempty"`
	// NATS are the servers of a cluster to keep everything in: "tls://nats1.departement.fr:4222". Without them the hub has a
	// server of its own. Several hubs on one cluster are one hub.
	NATS []string `yaml:"nats,omitempty" json:"nats,omitempty"`
	// NATSWebsocket are the addresses at which the same servers take websockets, to which the hub passes booths on.
	NATSWebsocket []string `yaml:"nats_websocket,omitempty" json:"nats_websocket,omitempty"`
	// NATSCA is a PEM file with the certificates by which the servers' own are known, if they are not public ones.
	NATSCA Path `yaml:"nats_ca,omitempty" json:"nats_ca,omitempty"`
	// NATSReplicas is on how many of the servers everything is kept: 1, 3 or 5. 3 when absent.
	NATSReplicas int `yaml:"nats_replicas,omitempty" json:"nats_replicas,omitempty"`
	// Grid is the file of the monthly grid's layout. The Loiret's when absent.
	Grid Path `yaml:"grid,omitempty" json:"grid,omitempty"`
	// Alerts is the file that says whom to tell, by e-mail and webhook, of booths that are silent or unwell.
	Alerts Path `yaml:"alerts,omitempty" json:"alerts,omitempty"`
	// AuditDays is for how many days the audit record is kept. A year when absent.
	AuditDays int `yaml:"audit_days,omitempty" json:"audit_days,omitempty"`
	// NoticeDays is how many days before something changes on their booth sites' managers are told. 7 when absent.
	NoticeDays int `yaml:"notice_days,omitempty" json:"notice_days,omitempty"`
	// PublicURL is the hub's own address as browsers have it, for the way back from the OpenID Connect provider.
	PublicURL string `yaml:"public_url,omitempty" json:"public_url,omitempty"`
	// OIDCIssuer is the OpenID Connect provider's address, below which /.well-known/openid-configuration lies.
	OIDCIssuer string `yaml:"oidc_issuer,omitempty" json:"oidc_issuer,omitempty"`
	// OIDCName is what the provider's button says. ProConnect when absent.
	OIDCName string `yaml:"oidc_name,omitempty" json:"oidc_name,omitempty"`
	// OIDCClient is the client's id that the provider gave.
	OIDCClient string `yaml:"oidc_client,omitempty" json:"oidc_client,omitempty"`
	// OIDCSecret is the file with the client's secret that the provider gave.
	OIDCSecret Path `yaml:"oidc_secret,omitempty" json:"oidc_secret,omitempty"`
	// OIDCScopes are the scopes to ask for beside openid, with spaces between them. email when absent.
	OIDCScopes string `yaml:"oidc_scopes,omitempty" json:"oidc_scopes,omitempty"`
	// OIDCLevels are the levels of assurance one of which the sign-in must have, with spaces between them. Any when absent.
	OIDCLevels string `yaml:"oidc_levels,omitempty" json:"oidc_levels,omitempty"`
	// Verbose logs more.
	Verbose bool `yaml:"verbose,omitempty" json:"verbose,omitempty"`
}

// LoadHub reads a hub's configuration, and completes its relative paths. What is wrong in it is an error of type Mistakes.
func LoadHub(file string) (Hub, error) {
	h, err := load(file, (*document).hub)
	if err != nil {
		return Hub{}, err
	}
	completePaths(&h, filepath.Dir(file))
	return h, nil
}

func (d *document) hub() Hub { return whole(d, (*document).validateHubFile) }

// The ways to a certificate.
const (
	TLSFile = "file"
	TLSACME = "acme"
)

// expectedAddr is the end of a mistake about an address to listen on.
const expectedAddr = `a host and a port such as "203.0.113.7:443", or a port alone such as ":443"`

func (d *document) validateHubFile(h Hub) {
	for _, f := range []struct{ path, addr string }{{"addr", h.Addr}, {"http", h.HTTP}, {"turn_tcp", h.TurnTCP}, {"turn_tls", h.TurnTLS}} {
		if f.addr != "" && !validListenAddr(f.addr) {
			d.report(f.path, "%s is not an address to listen on; expected %s", quoted(f.addr), expectedAddr)
		}
	}
	if _, err := netip.ParseAddr(h.PublicAddress); h.PublicAddress != "" && err != nil {
		d.report("public_address", `%s is not an IP address; expected one such as "203.0.113.7"`, quoted(h.PublicAddress))
	}
	if h.TLS != "" && h.TLS != TLSFile && h.TLS != TLSACME {
		d.report("tls", "%s is not a way to a certificate; expected %s", quoted(h.TLS), oneOf([]string{TLSFile, TLSACME}))
	}
	if _, given := d.at["audit_days"]; given && h.AuditDays < 1 {
		d.report("audit_days", "%d is out of range; expected 1 day or more", h.AuditDays)
	}
	if _, given := d.at["notice_days"]; given && h.NoticeDays < 1 {
		d.report("notice_days", "%d is out of range; expected 1 day or more; what cannot wait is said to be urgent, change by change", h.NoticeDays)
	}
	for i, name := range h.ACMENames {
		if !hostName.MatchString(name) || !strings.Contains(name, ".") {
			d.report(item("acme_names", i), `%s is not a name in the DNS; expected one such as "hub.departement.fr"`, quoted(name))
		}
	}
	if h.ACMEDirectory != "" {
		if u, err := url.Parse(h.ACMEDirectory); err != nil || u.Scheme != "https" || u.Hostname() == "" {
			d.report("acme_directory", `%s is not the address of an ACME directory; expected one such as "https://acme.example.fr/directory"`, quoted(h.ACMEDirectory))
		}
	}
	if local, domain, ok := strings.Cut(h.ACMEEmail, "@"); h.ACMEEmail != "" && (!ok || local == "" || !hostName.MatchString(domain)) {
		d.report("acme_email", `%s is not an e-mail address; expected one such as "reseau@departement.fr"`, quoted(h.ACMEEmail))
	}
	d.validateCluster(h)
	if h.TurnName != "" && !hostName.MatchString(h.TurnName) {
		d.report("turn_name", `%s is not a host's name; expected one as in the certificate, such as "hub.departement.fr"`, quoted(h.TurnName))
	}
}

// validateCluster checks what is beyond one machine.
func (d *document) validateCluster(h Hub) {
	for i, u := range h.Turn {
		if !turnURL.MatchString(u) {
			d.report(item("turn", i), `%s is not the address of a TURN server; expected one such as "turn:turn.departement.fr:3478?transport=udp"`, quoted(u))
		}
	}
	for _, f := range []struct {
		path, example string
		urls, schemes []string
	}{
		{"nats", "tls://nats1.departement.fr:4222", h.NATS, []string{"tls", "nats"}},
		{"nats_websocket", "wss://nats1.departement.fr:8443", h.NATSWebsocket, []string{"wss", "ws"}},
	} {
		for i, text := range f.urls {
			u, err := url.Parse(text)
			if err != nil || !slices.Contains(f.schemes, u.Scheme) || u.Hostname() == "" || u.Port() == "" || u.User != nil || u.Path+u.RawQuery+u.Fragment != "" {
				d.report(item(f.path, i), `%s is not the address of a NATS server; expected one such as %q`, quoted(text), f.example)
			}
		}
	}
	if _, given := d.at["nats_replicas"]; given && h.NATSReplicas != 1 && h.NATSReplicas != 3 && h.NATSReplicas != 5 {
		d.report("nats_replicas", "%d is no number of replicas; expected 1, 3 or 5, and no more than there are servers", h.NATSReplicas)
	}
}

// turnURL is RFC 7064's and 7065's, without IPv6 literals' finer points.
var turnURL = regexp.MustCompile(`^(stuns?:[^/?#@,]+|turns?:[^/?#@,]+(\?transport=(udp|tcp))?)$`)

func validListenAddr(addr string) bool {
	_, port, err := net.SplitHostPort(addr)
	if err != nil {
		return false
	}
	_, err = strconv.ParseUint(port, 10, 16)
	return err == nil
}

// completePaths makes a configuration's relative paths those below a folder.
func completePaths(h *Hub, folder string) {
	for _, p := range []*Path{&h.State, &h.Partners, &h.TLSCert, &h.TLSKey, &h.ACMECA, &h.TurnSecret, &h.NATSCA, &h.Grid, &h.Alerts, &h.OIDCSecret} {
		p.complete(folder)
	}
	for i := range h.Sites {
		h.Sites[i].complete(folder)
	}
}

func (p *Path) complete(folder string) {
	if *p != "" && !filepath.IsAbs(string(*p)) {
		*p = Path(filepath.Join(folder, string(*p)))
	}
}
