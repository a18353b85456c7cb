package config

import (
	"fmt"
	"net/netip"
	"net/url"
	"regexp"
	"strings"
	"unicode/utf8"
)

// SettingsFile is the name of the settings file, on the settings partition of the card or on a USB stick.
const SettingsFile = "visioborne.yaml"

// Settings is what a technician tells a booth before it knows its site, as the file visioborne.yaml has it: where the hub
// is, how to reach it, and the code with which the booth is enrolled.
type Settings struct {
	// Hub is the address of the hub: wss://, or ws:// on a developer's machine.
	Hub string `yaml:"hub" json:"hub"`
	// Code is the one-time code for the enrolment. When absent it is typed on the touchscreen.
	Code string `yaml:"code,omitempty" json:"code,omitempty"`
	// Network is absent where DHCP gives everything.
	Network Network `yaml:"network,omitempty" json:"network,omitempty"`
	// Maintenance opens the booth's status page to the room's network, while the card has it. Normally it is absent.
	Maintenance *Maintenance `yaml:"maintenance,omitempty" json:"maintenance,omitempty"`
}

// Maintenance is how a technician gets at a booth's status page.
type Maintenance struct {
	// Password lets the technician in. When absent it is the one that the booth got at its enrolment; before that, nobody gets in.
	Password string `yaml:"password,omitempty" json:"password,omitempty"`
}

// Network is how the booth reaches the hub.
type Network struct {
	// Address is the booth's static IPv4 address and the length of the network's prefix: 192.168.1.20/24. DHCP when absent.
	Address string `yaml:"address,omitempty" json:"address,omitempty"`
	// Gateway and DNS are needed with Address, and only with it.
	Gateway string   `yaml:"gateway,omitempty" json:"gateway,omitempty"`
	DNS     []string `yaml:"dns,omitempty" json:"dns,omitempty"`
	// NTP are the time servers of a network that lets nobody ask those outside: names or addresses. gokrazy's pool when absent.
	NTP []string `yaml:"ntp,omitempty" json:"ntp,omitempty"`
	// Proxy is the address of an HTTP proxy, for the connection to the hub: http://proxy.example:3128.
	Proxy string `yaml:"proxy,omitempty" json:"proxy,omitempty"`
	// CA is the name of a file beside visioborne.yaml, with the certificates of authorities to trust besides the public ones, as PEM.
	CA string `yaml:"ca,omitempty" json:"ca,omitempty"`
}

// Static is a booth's static address.
type Static struct {
	Address netip.Prefix
	Gateway netip.Addr
	DNS     []netip.Addr
}

// Static is the static address, and whether there is one. The settings must have been loaded without a mistake.
func (n Network) Static() (Static, bool) {
	var s Static
	var err error
	if s.Address, err = netip.ParsePrefix(n.Address); err != nil {
		return Static{}, false
	}
	if s.Gateway, err = netip.ParseAddr(n.Gateway); err != nil {
		return Static{}, false
	}
	for _, text := range n.DNS {
		a, err := netip.ParseAddr(text)
		if err != nil {
			return Static{}, false
		}
		s.DNS = append(s.DNS, a)
	}
	return s, true
}

// LoadSettings reads a settings file. What is wrong in it is an error of type Mistakes.
func LoadSettings(file string) (Settings, error) {
	return load(file, (*document).settings)
}

func (d *document) settings() Settings { return whole(d, (*document).validateSettings) }

func (d *document) validateSettings(s Settings) {
	d.validateHub("hub", s.Hub)
	if s.Code != "" {
		if _, err := ParseCode(s.Code); err != nil {
			d.report("code", "%s %v; expected the 8 characters that the hub printed, such as K7PX-2M4Q", quoted(s.Code), err)
		}
	}
	d.validateNetwork(s.Network)
	if s.Maintenance != nil {
		d.validatePassword("maintenance.password", s.Maintenance.Password)
	}
}

// minPassword is the shortest password for maintenance: whoever is in the room's network can try them.
const minPassword = 12

// validatePassword does not repeat the password: mistakes are shown on the touchscreen.
func (d *document) validatePassword(path, password string) {
	if _, there := d.at[path]; !there {
		return
	}
	switch n := utf8.RuneCountInString(password); {
	case n == 0:
		d.missing(path, fmt.Sprintf("at least %d characters", minPassword))
	case n < minPassword:
		d.report(path, "is only %s long; expected at least %d", count(n, "character"), minPassword)
	}
}

func (d *document) validateNetwork(n Network) {
	address, err := netip.ParsePrefix(n.Address)
	switch {
	case n.Address == "":
		if n.Gateway != "" {
			d.report("network.gateway", "is there without an address; give network.address too, or remove it")
		}
		if len(n.DNS) > 0 {
			d.report("network.dns", "is there without an address; give network.address too, or remove it")
		}
	case err != nil || !address.Addr().Is4() || address.Bits() < 8 || address.Bits() > 30:
		d.report("network.address", `%s is not an IPv4 address with its prefix; expected one such as "192.168.1.20/24"`, quoted(n.Address))
	default:
		d.validateAddr("network.gateway", n.Gateway, `the router's address such as "192.168.1.1"`)
		if g, err := netip.ParseAddr(n.Gateway); err == nil && !address.Contains(g) {
			d.report("network.gateway", "%s is not in the network %s of the address", n.Gateway, address.Masked())
		}
		if len(n.DNS) == 0 {
			d.missing("network.dns", `at least one name server such as ["192.168.1.1"]`)
		}
		for i, a := range n.DNS {
			d.validateAddr(item("network.dns", i), a, `a name server's address such as "192.168.1.1"`)
		}
	}
	for i, server := range n.NTP {
		if !hostName.MatchString(server) {
			d.report(item("network.ntp", i), `%s is not the name or address of a time server; expected one such as "ntp.departement.fr" or "192.168.1.1"`, quoted(server))
		}
	}
	if n.Proxy != "" {
		u, err := url.Parse(n.Proxy)
		if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" || u.Path != "" && u.Path != "/" {
			d.report("network.proxy", `%s is not the address of a proxy; expected one such as "http://proxy.example.fr:3128"`, quoted(n.Proxy))
		}
	}
	if strings.ContainsAny(n.CA, `/\`) || strings.HasPrefix(n.CA, ".") {
		d.report("network.ca", `%s is not the name of a file beside this one; expected one such as "administration.pem"`, quoted(n.CA))
	}
}

// hostName is a DNS name (RFC 1123) or an IPv4 address.
var hostName = regexp.MustCompile(`^[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*$`)

func (d *document) validateAddr(path, text, expected string) {
	if text == "" {
		d.missing(path, expected)
		return
	}
	if a, err := netip.ParseAddr(text); err != nil || !a.Is4() {
		d.report(path, "%s is not an IPv4 address; expected %s", quoted(text), expected)
	}
}

// codeAlphabet is Crockford's base 32: no I, L, O and U, which are read as something else or make words.
const codeAlphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

const codeLength = 8

// ParseCode reads an enrolment code as people type it: small letters, hyphens and spaces do not matter, O is 0, I and L are 1.
func ParseCode(text string) (string, error) {
	code := strings.NewReplacer("-", "", " ", "", "O", "0", "I", "1", "L", "1").Replace(strings.ToUpper(text))
	if len(code) != codeLength {
		return "", fmt.Errorf("is not %d characters long", codeLength)
	}
	for _, r := range code {
		if !strings.ContainsRune(codeAlphabet, r) {
			return "", fmt.Errorf("has the character %q, which no code has", r)
		}
	}
	return code, nil
}

// FormatCode writes a code as people read it: K7PX-2M4Q.
func FormatCode(code string) string {
	if len(code) != codeLength {
		return code
	}
	return code[:4] + "-" + code[4:]
}
