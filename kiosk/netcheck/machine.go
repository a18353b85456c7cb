package netcheck

import (
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"io/fs"
	"math"
	"net"
	"net/netip"
	"net/url"
	"path"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

const netDir = "sys/class/net"

// route is the default route's interface and gateway. Without one it is the
// interface that a technician would look at: with a cable, rather than without.
func (c *checker) route() (iface string, via netip.Addr) {
	best := uint64(math.MaxUint64)
	take := func(name string, gateway netip.Addr, metric uint64) {
		if metric < best {
			best, iface, via = metric, name, gateway
		}
	}
	c.lines("proc/net/route", func(f []string) {
		if len(f) < 8 || f[1] != "00000000" || f[7] != "00000000" || f[2] == "00000000" {
			return
		}
		metric, err := strconv.ParseUint(f[6], 10, 32)
		b, err2 := hex.DecodeString(f[2])
		if err == nil && err2 == nil && len(b) == 4 {
			// In the kernel's own byte order: little-endian on every machine that booths run on.
			var a [4]byte
			binary.BigEndian.PutUint32(a[:], binary.LittleEndian.Uint32(b))
			take(f[0], netip.AddrFrom4(a), metric)
		}
	})
	if iface == "" {
		c.lines("proc/net/ipv6_route", func(f []string) {
			if len(f) < 10 || f[1] != "00" || strings.Trim(f[0], "0") != "" || strings.Trim(f[4], "0") == "" {
				return
			}
			metric, err := strconv.ParseUint(f[5], 16, 32)
			b, err2 := hex.DecodeString(f[4])
			if gateway, ok := netip.AddrFromSlice(b); err == nil && err2 == nil && ok {
				take(f[9], gateway, metric)
			}
		})
	}
	if iface != "" {
		return iface, via
	}
	return c.interfaceWithoutRoute(), via
}

func (c *checker) interfaceWithoutRoute() string {
	entries, err := fs.ReadDir(c.Root, netDir)
	if err != nil {
		return ""
	}
	best, points := "", -1
	for _, e := range entries {
		if e.Name() == "lo" {
			continue
		}
		p := 0
		if _, err := fs.Stat(c.Root, path.Join(netDir, e.Name(), "device")); err == nil {
			p += 2 // a machine's own, not one that was made
		}
		if c.attribute(e.Name(), "carrier") == "1" {
			p++
		}
		if p > points {
			best, points = e.Name(), p
		}
	}
	return best
}

// attribute is what the kernel says of an interface; "" when it says nothing, as of one that is down.
func (c *checker) attribute(iface, name string) string {
	b, err := fs.ReadFile(c.Root, path.Join(netDir, iface, name))
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(b))
}

// lines gives the fields of each line of a file; of one that cannot be read, none.
func (c *checker) lines(file string, f func(fields []string)) {
	b, err := fs.ReadFile(c.Root, file)
	if err != nil {
		return
	}
	for s := bufio.NewScanner(bytes.NewReader(b)); s.Scan(); {
		f(strings.Fields(s.Text()))
	}
}

func (c *checker) link(iface string) Result {
	if iface == "" {
		return Result{State: Fail, Code: CodeNoInterface}
	}
	if c.attribute(iface, "carrier") != "1" {
		return Result{State: Fail, Value: iface, Code: CodeNoCarrier}
	}
	r := Result{State: OK, Value: iface}
	if _, err := fs.Stat(c.Root, path.Join(netDir, iface, "wireless")); err == nil {
		r.Code = CodeWireless
		return r
	}
	speed, err := strconv.Atoi(c.attribute(iface, "speed"))
	if err == nil && speed > 0 { // -1: not known
		r.Value += " " + strconv.Itoa(speed)
		if speed < 100 {
			r.State, r.Code = Warn, CodeSlowLink
		}
	}
	switch duplex := c.attribute(iface, "duplex"); duplex {
	case "half":
		r.State, r.Code = Warn, CodeHalfDuplex
		r.Value += " half"
	case "full":
		r.Value += " full"
	}
	return r
}

// addresses are those of a real interface.
func addresses(iface string) ([]netip.Prefix, error) {
	i, err := net.InterfaceByName(iface)
	if err != nil {
		return nil, err
	}
	all, err := i.Addrs()
	if err != nil {
		return nil, err
	}
	var out []netip.Prefix
	for _, a := range all {
		if p, err := netip.ParsePrefix(a.String()); err == nil {
			out = append(out, p)
		}
	}
	return out, nil
}

func (c *checker) address(iface string) Result {
	if iface == "" {
		return Result{State: Fail, Code: CodeNoAddress}
	}
	all, err := c.Addresses(iface)
	if err != nil {
		c.failed(Address, fmt.Errorf("reading the addresses of %s: %w", iface, err))
		return Result{State: Fail, Code: CodeNoAddress}
	}
	r := Result{State: Fail, Code: CodeNoAddress}
	var values []string
	for _, p := range all {
		switch {
		case p.Addr().Is4() && p.Addr().IsLinkLocalUnicast():
			r.Code = CodeAddressNotGot
		case p.Addr().IsGlobalUnicast():
			values = append(values, p.String())
		}
	}
	if len(values) > 0 {
		r = Result{State: OK, Value: strings.Join(values, " ")}
	}
	return r
}

func (c *checker) gateway(via netip.Addr) Result {
	if !via.IsValid() {
		return Result{State: Fail, Code: CodeNoGateway}
	}
	return Result{State: OK, Value: via.String()}
}

// lesser makes a failure a warning where a proxy does what the booth cannot.
func (c *checker) lesser(r Result) Result {
	if c.Proxied && r.State == Fail {
		r.State = Warn
	}
	return r
}

func (c *checker) dns() Result {
	var servers []string
	c.lines("etc/resolv.conf", func(f []string) {
		if len(f) >= 2 && f[0] == "nameserver" {
			servers = append(servers, f[1])
		}
	})
	if len(servers) == 0 {
		return c.lesser(Result{State: Fail, Code: CodeNoDNS})
	}
	return Result{State: OK, Value: strings.Join(servers, " ")}
}

// hubURL is the hub's address for HTTP.
func (c *checker) hubURL() (*url.URL, error) {
	u, err := url.Parse(c.Options.Hub)
	if err != nil {
		return nil, fmt.Errorf("reading the hub's address: %w", err)
	}
	switch u.Scheme {
	case "ws":
		u.Scheme = "http"
	case "wss":
		u.Scheme = "https"
	case "http", "https":
	default:
		return nil, fmt.Errorf("reading the hub's address: scheme %q; expected ws or wss", u.Scheme)
	}
	return &url.URL{Scheme: u.Scheme, Host: u.Host}, nil
}

func (c *checker) hubName(ctx context.Context) Result {
	u, err := c.hubURL()
	if err != nil {
		return c.failed(HubName, err)
	}
	if _, err := netip.ParseAddr(u.Hostname()); err == nil {
		return Result{State: OK, Value: u.Hostname(), Code: CodeLiteralAddress}
	}
	all, err := c.Resolve(ctx, u.Hostname())
	if err != nil {
		return c.lesser(c.failed(HubName, fmt.Errorf("resolving the hub's name: %w", err)))
	}
	return Result{State: OK, Value: strings.Join(all, " ")}
}

// clockMost is how far the booth's clock may be from the hub's. What the way to the hub takes is within it.
const clockMost = 5 * time.Second

// synchronised asks the kernel whether somebody keeps the clock right.
func synchronised() (bool, error) {
	var t unix.Timex
	state, err := unix.Adjtimex(&t)
	if err != nil {
		return false, fmt.Errorf("asking for the state of the clock: %w", err)
	}
	return state != unix.TIME_ERROR && t.Status&unix.STA_UNSYNC == 0, nil
}

// clock compares with the hub's. The kernel is asked only when that is not
// known: the image's NTP client sets the time at once instead of steering it,
// and the kernel takes a clock that is right so for one that nobody keeps.
func (c *checker) clock() Result {
	if !c.Test.Time.IsZero() && !c.Asked.IsZero() {
		off := c.Asked.Sub(c.Test.Time)
		r := Result{State: OK, Value: off.Round(100 * time.Millisecond).String()}
		if off.Abs() > clockMost {
			r.State, r.Code = Warn, CodeClockOff
		}
		return r
	}
	ok, err := c.Synchronised()
	if err != nil {
		c.failed(Clock, err)
	}
	if !ok {
		return Result{State: Warn, Code: CodeClockUnsynchronised}
	}
	return Result{State: OK}
}
