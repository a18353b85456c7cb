// Package netcheck tells a technician whether a booth's network can carry a
// call: cable, address, names, clock, the hub, its relays over each transport,
// and the bandwidth both ways.
//
// It reads /sys, /proc and /etc/resolv.conf, asks the hub over the HTTP client
// that it is given, and opens relays at the TURN servers that it is given. It
// writes nothing and changes nothing. What it finds are codes; the words for
// people are elsewhere. Check owns its goroutines and returns when they have
// ended.
//
// Sources: Linux' Documentation/ABI/testing/sysfs-class-net, proc(5),
// resolv.conf(5), adjtimex(2), RFC 8656 (TURN).
package netcheck

import (
	"context"
	"crypto/tls"
	"io/fs"
	"net"
	"net/http"
	"net/netip"
	"os"
	"slices"
	"sync"
	"time"

	"loiret.fr/visioborne/hub/wire"
)

// Name is what was looked at.
type Name string

const (
	Link    Name = "link"     // the cable or the radio; value: interface, Mbit/s, duplex
	Address Name = "address"  // value: address and prefix
	Gateway Name = "gateway"  // value: its address
	DNS     Name = "dns"      // value: the servers
	HubName Name = "hub_name" // value: the addresses that the hub's name has
	Clock   Name = "clock"    // value: how far the booth's is before the hub's
	Hub     Name = "hub"      // value: the time to its answer
	TURNUDP Name = "turn_udp" // value: the time through two relays and back
	TURNTCP Name = "turn_tcp"
	TURNTLS Name = "turn_tls"
	Down    Name = "down" // value: kbit/s
	Up      Name = "up"
)

// Names are all of them, in the order of a page.
func Names() []Name {
	return []Name{Link, Address, Gateway, DNS, HubName, Clock, Hub, TURNUDP, TURNTCP, TURNTLS, Down, Up}
}

// State is how it is.
type State string

const (
	OK      State = "ok"
	Warn    State = "warn"
	Fail    State = "fail"
	Running State = "running" // another result of the same name follows
	Skipped State = "skipped" // not looked at; the code says why
)

// Code is the detail: what is wrong, or worth knowing. It is "" when there is nothing to say.
type Code string

const (
	CodeCancelled Code = "cancelled" // the check was ended before

	CodeNoInterface Code = "no_interface"
	CodeNoCarrier   Code = "no_carrier" // no cable, or nothing at its other end
	CodeHalfDuplex  Code = "half_duplex"
	CodeSlowLink    Code = "slow_link" // below 100 Mbit/s
	CodeWireless    Code = "wireless"

	CodeNoAddress      Code = "no_address"
	CodeAddressNotGot  Code = "address_not_got" // 169.254.0.0/16: nobody gave one
	CodeNoGateway      Code = "no_gateway"
	CodeNoDNS          Code = "no_dns"
	CodeLiteralAddress Code = "literal_address" // the hub has no name but an IP

	CodeClockOff            Code = "clock_off"            // by more than the hub's clock allows
	CodeClockUnsynchronised Code = "clock_unsynchronised" // nobody sets it, and the hub's is not known

	CodeNameUnknown          Code = "name_unknown"
	CodeDNSSilent            Code = "dns_silent"
	CodeRefused              Code = "refused"
	CodeNoRoute              Code = "no_route"
	CodeTimeout              Code = "timeout" // as when a firewall drops what it does not like
	CodeCut                  Code = "cut"     // the connection was ended in the middle
	CodeNotTLS               Code = "not_tls" // something else than TLS answers
	CodeCertNotYetValid      Code = "cert_not_yet_valid"
	CodeCertExpired          Code = "cert_expired"
	CodeCertUnknownAuthority Code = "cert_unknown_authority"
	CodeCertWrongName        Code = "cert_wrong_name"
	CodeCertInvalid          Code = "cert_invalid"
	CodeProxyUnreachable     Code = "proxy_unreachable"
	CodeProxyAuth            Code = "proxy_auth" // the proxy wants another password
	CodeProxyRefused         Code = "proxy_refused"
	CodeNotTheHub            Code = "not_the_hub" // such as a page that wants a login
	CodeHubIll               Code = "hub_ill"     // it answers, and says that it does not work
	CodeHubStatus            Code = "hub_status"  // it answers something unknown; value: what
	CodeOther                Code = "other"       // the log has it

	CodeNotOffered  Code = "not_offered" // the hub has no relay over this transport
	CodeNoTest      Code = "no_test"     // the hub was not asked, or did not answer, over the booth's link
	CodeTURNRefused Code = "turn_refused"
	CodeNoEcho      Code = "no_echo" // relays were opened, but nothing comes through

	CodeNoHub        Code = "no_hub"   // the hub is not reachable, so that nothing can be measured
	CodeTooSlow      Code = "too_slow" // for a call
	CodeSlow         Code = "slow"     // for a good picture
	CodeSpeedBusy    Code = "speed_busy"
	CodeSpeedRefused Code = "speed_refused"
)

// Result is what was found.
type Result struct {
	Name  Name   `json:"name"`
	State State  `json:"state"`
	Value string `json:"value,omitempty"`
	Code  Code   `json:"code,omitempty"`
}

// Options are what a check needs.
type Options struct {
	// Hub is its address as the site has it: ws, wss, http or https.
	Hub string
	// Client is the way to the hub over HTTP, Dial that to relays over TCP, and TLS has the authorities for both.
	Client *http.Client
	Dial   func(ctx context.Context, network, address string) (net.Conn, error)
	TLS    *tls.Config
	// Proxied: the way leads through a proxy, so that the booth itself needs no names.
	Proxied bool
	// Test is the hub's answer over the booth's link, and Asked when it came; the zero values when there was none.
	Test  wire.NetworkTestReply
	Asked time.Time
	// Result is called with each result as it comes, one at a time.
	Result func(Result)
	// Problem is called with errors that have no code of their own, or more to say than that; nil drops them.
	Problem func(Name, error)

	// The machine; what is nil is the real one.
	Root         fs.FS
	Addresses    func(iface string) ([]netip.Prefix, error)
	Resolve      func(ctx context.Context, host string) ([]string, error)
	Synchronised func() (bool, error)
	Now          func() time.Time
}

func (o Options) withDefaults() Options {
	if o.Client == nil {
		o.Client = http.DefaultClient
	}
	if o.Dial == nil {
		o.Dial = (&net.Dialer{}).DialContext
	}
	if o.TLS == nil {
		o.TLS = &tls.Config{MinVersion: tls.VersionTLS12}
	}
	if o.Result == nil {
		o.Result = func(Result) {}
	}
	if o.Problem == nil {
		o.Problem = func(Name, error) {}
	}
	if o.Root == nil {
		o.Root = os.DirFS("/")
	}
	if o.Addresses == nil {
		o.Addresses = addresses
	}
	if o.Resolve == nil {
		o.Resolve = net.DefaultResolver.LookupHost
	}
	if o.Synchronised == nil {
		o.Synchronised = synchronised
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	return o
}

// each is the longest that one look may take; measuring a bandwidth has a time of its own.
const each = 8 * time.Second

// checker is a check under way.
type checker struct {
	Options
	mu      sync.Mutex
	results map[Name]Result
}

// Check looks at everything, until ctx ends, and gives the final results in the order of Names.
func Check(ctx context.Context, o Options) []Result {
	c := &checker{Options: o.withDefaults(), results: map[Name]Result{}}
	iface, via := c.route()
	c.look(ctx, Link, func(context.Context) Result { return c.link(iface) })
	c.look(ctx, Address, func(context.Context) Result { return c.address(iface) })
	c.look(ctx, Gateway, func(context.Context) Result { return c.gateway(via) })
	c.look(ctx, DNS, func(context.Context) Result { return c.dns() })
	c.look(ctx, HubName, c.hubName)
	c.look(ctx, Clock, func(context.Context) Result { return c.clock() })
	c.look(ctx, Hub, c.hub)
	// Beside each other: each may wait for its full time, and none needs bandwidth.
	var relays sync.WaitGroup
	for _, name := range []Name{TURNUDP, TURNTCP, TURNTLS} {
		relays.Go(func() {
			c.look(ctx, name, func(ctx context.Context) Result { return c.relay(ctx, name) })
		})
	}
	relays.Wait()
	c.look(ctx, Down, func(ctx context.Context) Result { return c.measure(ctx, Down, c.get) })
	c.look(ctx, Up, func(ctx context.Context) Result { return c.measure(ctx, Up, c.post) })
	var all []Result
	for _, n := range Names() {
		all = append(all, c.results[n])
	}
	return all
}

// look does one look and tells its result.
func (c *checker) look(ctx context.Context, n Name, f func(context.Context) Result) {
	r := Result{State: Skipped, Code: CodeCancelled}
	if ctx.Err() == nil {
		c.tell(Result{Name: n, State: Running})
		within, cancel := context.WithTimeout(ctx, each)
		got := f(within)
		cancel()
		// What fails because the check was ended has not failed.
		if ctx.Err() == nil || got.State == OK {
			r = got
		}
	}
	r.Name = n
	c.tell(r)
}

func (c *checker) tell(r Result) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.results[r.Name] = r
	c.Result(r)
}

func (c *checker) state(n Name) State {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.results[n].State
}

// failed is a result of an error.
func (c *checker) failed(n Name, err error) Result {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.Problem(n, err)
	return Result{State: Fail, Code: reason(err, c.Now())}
}

// Judgement is what the results mean for a booth.
type Judgement string

const (
	Go   Judgement = "go"
	Poor Judgement = "poor" // calls work, not as well as they could
	NoGo Judgement = "nogo" // calls do not work, or nobody would want them
)

// Verdict judges results. Of several of one name the last holds.
func Verdict(results []Result) Judgement {
	of := map[Name]State{}
	for _, r := range results {
		of[r.Name] = r.State
	}
	relays := slices.ContainsFunc([]Name{TURNUDP, TURNTCP, TURNTLS}, func(n Name) bool { return of[n] == OK })
	switch {
	case of[Hub] != OK, !relays, of[Down] == Fail, of[Up] == Fail:
		return NoGo
	case of[TURNUDP] != OK, of[Down] != OK, of[Up] != OK, of[Clock] != OK:
		return Poor
	}
	return Go
}
