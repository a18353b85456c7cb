package netcheck

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/pion/turn/v5"

	"loiret.fr/visioborne/hub/wire"
)

// machine is a booth with a cable, as the kernel shows it; changes take files away (nil) or put others in their place.
func machine(changes map[string]string) fstest.MapFS {
	files := map[string]string{
		"sys/class/net/lo/carrier":    "1\n",
		"sys/class/net/eth0/carrier":  "1\n",
		"sys/class/net/eth0/speed":    "1000\n",
		"sys/class/net/eth0/duplex":   "full\n",
		"sys/class/net/eth0/device/x": "",
		"proc/net/route": "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n" +
			"eth0\t00000000\t010200C0\t0003\t0\t0\t100\t00000000\t0\t0\t0\n" +
			"eth0\t000200C0\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0\n",
		"etc/resolv.conf": "# made by dhcp\nsearch loiret.fr\nnameserver 192.0.2.53\nnameserver 192.0.2.54\n",
	}
	for name, text := range changes {
		files[name] = text
		if text == "" {
			delete(files, name)
		}
	}
	root := fstest.MapFS{}
	for name, text := range files {
		root[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return root
}

var (
	hubTime  = time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	prefixes = []netip.Prefix{netip.MustParsePrefix("192.0.2.7/24"), netip.MustParsePrefix("fe80::1/64")}
)

func looker(root fstest.MapFS, change func(*Options)) *checker {
	o := Options{
		Hub: "wss://hub.example", Root: root, Asked: hubTime.Add(300 * time.Millisecond), Test: wire.NetworkTestReply{Time: hubTime},
		Addresses:    func(string) ([]netip.Prefix, error) { return prefixes, nil },
		Resolve:      func(context.Context, string) ([]string, error) { return []string{"203.0.113.7"}, nil },
		Synchronised: func() (bool, error) { return true, nil },
	}
	if change != nil {
		change(&o)
	}
	return &checker{Options: o.withDefaults(), results: map[Name]Result{}}
}

func TestMachine(t *testing.T) {
	for _, c := range []struct {
		name    string
		changes map[string]string
		change  func(*Options)
		of      Name
		want    Result
	}{
		{"a cable", nil, nil, Link, Result{State: OK, Value: "eth0 1000 full"}},
		{"no cable", map[string]string{"sys/class/net/eth0/carrier": "0\n", "proc/net/route": ""}, nil, Link, Result{State: Fail, Value: "eth0", Code: CodeNoCarrier}},
		{"down", map[string]string{"sys/class/net/eth0/carrier": "", "proc/net/route": ""}, nil, Link, Result{State: Fail, Value: "eth0", Code: CodeNoCarrier}},
		{"an old hub between", map[string]string{"sys/class/net/eth0/speed": "10\n", "sys/class/net/eth0/duplex": "half\n"}, nil, Link, Result{State: Warn, Value: "eth0 10 half", Code: CodeHalfDuplex}},
		{"slow", map[string]string{"sys/class/net/eth0/speed": "10\n"}, nil, Link, Result{State: Warn, Value: "eth0 10 full", Code: CodeSlowLink}},
		{"unknown speed", map[string]string{"sys/class/net/eth0/speed": "-1\n", "sys/class/net/eth0/duplex": "unknown\n"}, nil, Link, Result{State: OK, Value: "eth0"}},
		{"radio", map[string]string{"sys/class/net/eth0/wireless/x": "x", "sys/class/net/eth0/speed": ""}, nil, Link, Result{State: OK, Value: "eth0", Code: CodeWireless}},
		{"the cable of two", map[string]string{
			"sys/class/net/eth0/carrier": "0\n", "sys/class/net/eth1/carrier": "1\n", "sys/class/net/eth1/device/x": "x", "sys/class/net/dummy0/carrier": "1\n", "proc/net/route": "",
		}, nil, Link, Result{State: OK, Value: "eth1"}},
		{"an address", nil, nil, Address, Result{State: OK, Value: "192.0.2.7/24"}},
		{"none", nil, func(o *Options) { o.Addresses = func(string) ([]netip.Prefix, error) { return prefixes[1:], nil } }, Address, Result{State: Fail, Code: CodeNoAddress}},
		{"of its own", nil, func(o *Options) {
			o.Addresses = func(string) ([]netip.Prefix, error) {
				return []netip.Prefix{netip.MustParsePrefix("169.254.3.4/16")}, nil
			}
		}, Address, Result{State: Fail, Code: CodeAddressNotGot}},
		{"an interface that has gone", nil, func(o *Options) {
			o.Addresses = func(string) ([]netip.Prefix, error) { return nil, errors.New("gone") }
		}, Address, Result{State: Fail, Code: CodeNoAddress}},
		{"a gateway", nil, nil, Gateway, Result{State: OK, Value: "192.0.2.1"}},
		{"the better of two", map[string]string{"proc/net/route": "h\neth1 00000000 0A0200C0 0003 0 0 600 00000000 0 0 0\neth0 00000000 010200C0 0003 0 0 100 00000000 0 0 0\n"}, nil, Gateway, Result{State: OK, Value: "192.0.2.1"}},
		{"IPv6 only", map[string]string{
			"proc/net/route":      "",
			"proc/net/ipv6_route": strings.Repeat("0", 32) + " 00 " + strings.Repeat("0", 32) + " 00 fe800000000000000000000000000001 00000400 00000001 00000000 00000003 eth0\n",
		}, nil, Gateway, Result{State: OK, Value: "fe80::1"}},
		{"no gateway", map[string]string{"proc/net/route": "nonsense\n"}, nil, Gateway, Result{State: Fail, Code: CodeNoGateway}},
		{"servers", nil, nil, DNS, Result{State: OK, Value: "192.0.2.53 192.0.2.54"}},
		{"no servers", map[string]string{"etc/resolv.conf": ""}, nil, DNS, Result{State: Fail, Code: CodeNoDNS}},
		{"no servers and a proxy", map[string]string{"etc/resolv.conf": ""}, func(o *Options) { o.Proxied = true }, DNS, Result{State: Warn, Code: CodeNoDNS}},
		{"a name", nil, nil, HubName, Result{State: OK, Value: "203.0.113.7"}},
		{"no name", nil, func(o *Options) { o.Hub = "ws://203.0.113.7:8090" }, HubName, Result{State: OK, Value: "203.0.113.7", Code: CodeLiteralAddress}},
		{"an unknown name", nil, resolving(&net.DNSError{IsNotFound: true}), HubName, Result{State: Fail, Code: CodeNameUnknown}},
		{"a silent server", nil, resolving(&net.DNSError{IsTimeout: true}), HubName, Result{State: Fail, Code: CodeDNSSilent}},
		{"an unknown name and a proxy", nil, func(o *Options) {
			resolving(&net.DNSError{IsNotFound: true})(o)
			o.Proxied = true
		}, HubName, Result{State: Warn, Code: CodeNameUnknown}},
		{"an impossible hub", nil, func(o *Options) { o.Hub = "ftp://hub.example" }, HubName, Result{State: Fail, Code: CodeOther}},
		{"a clock", nil, nil, Clock, Result{State: OK, Value: "300ms"}},
		// As after the image's NTP client has set it.
		{"a clock that is right and that nobody keeps", nil, func(o *Options) { o.Synchronised = func() (bool, error) { return false, nil } }, Clock, Result{State: OK, Value: "300ms"}},
		{"a clock that is late", nil, func(o *Options) { o.Asked = hubTime.Add(-time.Hour) }, Clock, Result{State: Warn, Value: "-1h0m0s", Code: CodeClockOff}},
		{"a clock alone", nil, func(o *Options) { o.Asked = time.Time{} }, Clock, Result{State: OK}},
		{"a clock alone that nobody keeps", nil, func(o *Options) {
			o.Asked, o.Synchronised = time.Time{}, func() (bool, error) { return false, nil }
		}, Clock, Result{State: Warn, Code: CodeClockUnsynchronised}},
	} {
		t.Run(c.name, func(t *testing.T) {
			l := looker(machine(c.changes), c.change)
			iface, via := l.route()
			got := map[Name]func() Result{
				Link:    func() Result { return l.link(iface) },
				Address: func() Result { return l.address(iface) },
				Gateway: func() Result { return l.gateway(via) },
				DNS:     l.dns,
				HubName: func() Result { return l.hubName(t.Context()) },
				Clock:   l.clock,
			}[c.of]()
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
	l := looker(fstest.MapFS{}, nil)
	iface, _ := l.route()
	if got := l.link(iface); got.Code != CodeNoInterface {
		t.Errorf("without an interface: %+v", got)
	}
	if got := l.address(iface); got.Code != CodeNoAddress {
		t.Errorf("without an interface: %+v", got)
	}
}

func resolving(err error) func(*Options) {
	return func(o *Options) { o.Resolve = func(context.Context, string) ([]string, error) { return nil, err } }
}

// The real machine is only looked at: what it has differs, but no look may break.
func TestThisMachine(t *testing.T) {
	c := &checker{Options: Options{Hub: "ws://127.0.0.1:1"}.withDefaults(), results: map[Name]Result{}}
	iface, via := c.route()
	for _, r := range []Result{c.link(iface), c.address(iface), c.gateway(via), c.dns(), c.clock()} {
		if r.State == "" {
			t.Errorf("%+v", r)
		}
	}
	if _, err := addresses("lo"); err != nil {
		t.Error(err)
	}
}

// hubServer answers as a hub does.
func hubServer(t *testing.T, change func(*http.ServeMux)) http.Handler {
	t.Helper()
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "ok\n") })
	speed := func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "Bearer token" {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		if r.Method == http.MethodGet {
			n, err := strconv.Atoi(r.URL.Query().Get("bytes"))
			if err != nil || n > wire.SpeedMaxBytes {
				t.Errorf("asked for %s", r.URL)
			}
			w.Write(make([]byte, n))
			return
		}
		n, _ := io.Copy(io.Discard, r.Body)
		json.NewEncoder(w).Encode(wire.SpeedTaken{Bytes: n})
	}
	mux.HandleFunc("GET /speed", speed)
	mux.HandleFunc("POST /speed", speed)
	if change != nil {
		mux = http.NewServeMux()
		change(mux)
	}
	return mux
}

// relays is a TURN server over all three transports; deaf lets no relay speak to any other.
func relays(t *testing.T, c *tls.Config, deaf bool) []wire.ICEServer {
	t.Helper()
	packets, err := net.ListenPacket("udp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var listeners []net.Listener
	for range 2 {
		l, err := net.Listen("tcp4", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		listeners = append(listeners, l)
	}
	allocate := &turn.RelayAddressGeneratorStatic{RelayAddress: net.IPv4(127, 0, 0, 1), Address: "127.0.0.1"}
	permit := func(net.Addr, net.IP) bool { return !deaf }
	server, err := turn.NewServer(turn.ServerConfig{
		Realm: "test",
		AuthHandler: func(a *turn.RequestAttributes) (string, []byte, bool) {
			return a.Username, turn.GenerateAuthKey(a.Username, "test", "secret"), a.Username == "booth"
		},
		PacketConnConfigs: []turn.PacketConnConfig{{PacketConn: packets, RelayAddressGenerator: allocate, PermissionHandler: permit}},
		ListenerConfigs: []turn.ListenerConfig{
			{Listener: listeners[0], RelayAddressGenerator: allocate, PermissionHandler: permit},
			{Listener: tls.NewListener(listeners[1], c), RelayAddressGenerator: allocate, PermissionHandler: permit},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.Close(); err != nil {
			t.Error(err)
		}
	})
	udp := packets.LocalAddr().String()
	return []wire.ICEServer{
		{URLs: []string{"nonsense", "stun:" + udp}},
		{URLs: []string{
			"turn:" + udp + "?transport=udp", "turn:" + listeners[0].Addr().String() + "?transport=tcp",
			"turns:" + listeners[1].Addr().String() + "?transport=tcp",
		}, Username: "booth", Credential: "secret"},
	}
}

// A whole check against a hub and relays on loopback.
func TestCheck(t *testing.T) {
	hub := httptest.NewTLSServer(hubServer(t, nil))
	defer hub.Close()
	roots := x509.NewCertPool()
	roots.AddCert(hub.Certificate())
	var streamed []Result
	results := Check(t.Context(), Options{
		Hub: strings.Replace(hub.URL, "https", "wss", 1), Client: hub.Client(), TLS: &tls.Config{RootCAs: roots}, Root: machine(nil),
		Test:         wire.NetworkTestReply{Time: hubTime, SpeedPath: "/speed", SpeedToken: "token", ICEServers: relays(t, hub.TLS.Clone(), false)},
		Asked:        hubTime,
		Addresses:    func(string) ([]netip.Prefix, error) { return prefixes, nil },
		Synchronised: func() (bool, error) { return true, nil },
		Result:       func(r Result) { streamed = append(streamed, r) },
		Problem:      func(n Name, err error) { t.Errorf("%s: %v", n, err) },
	})
	for i, n := range Names() {
		r := results[i]
		if r.Name != n || r.State == Fail || r.State == Skipped || r.Value == "" {
			t.Errorf("%s: %+v", n, r)
		}
		begun := slices.Index(streamed, Result{Name: n, State: Running})
		if ended := slices.Index(streamed, r); begun < 0 || ended < begun {
			t.Errorf("%s was told at %d and %d", n, begun, ended)
		}
	}
	if len(streamed) != 2*len(Names()) {
		t.Errorf("%d results were told", len(streamed))
	}
}

// Nothing is a failure that was not looked at.
func TestCheckThatIsEnded(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	results := Check(ctx, Options{
		Hub: "ws://127.0.0.1:1", Root: machine(nil), Addresses: func(string) ([]netip.Prefix, error) { return prefixes, nil },
		Result: func(r Result) {
			if r.Name == Clock && r.State == Running {
				cancel()
			}
		},
		Synchronised: func() (bool, error) { return false, nil },
	})
	for _, r := range results {
		before := slices.Index(Names(), r.Name) < slices.Index(Names(), Clock)
		if cancelled := (r == Result{Name: r.Name, State: Skipped, Code: CodeCancelled}); cancelled == before {
			t.Errorf("%+v", r)
		}
	}
	if v := Verdict(results); v != NoGo {
		t.Errorf("verdict %s", v)
	}
}

func TestRelays(t *testing.T) {
	web := httptest.NewTLSServer(http.NotFoundHandler())
	defer web.Close()
	roots := x509.NewCertPool()
	roots.AddCert(web.Certificate())
	all := relays(t, web.TLS.Clone(), false)
	with := func(change func(*Options), s ...wire.ICEServer) *checker {
		return looker(machine(nil), func(o *Options) {
			o.Test.ICEServers, o.TLS = s, &tls.Config{RootCAs: roots}
			if change != nil {
				change(o)
			}
		})
	}
	wrong := slices.Clone(all)
	wrong[1].Credential = "wrong"
	// Nobody listens there any more.
	closed, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	closed.Close()
	gone := wire.ICEServer{URLs: []string{"turn:" + closed.Addr().String() + "?transport=tcp"}, Username: "booth", Credential: "x"}
	for _, c := range []struct {
		name string
		by   *checker
		of   Name
		want Result
	}{
		{"no test", with(nil), TURNUDP, Result{State: Skipped, Code: CodeNoTest}},
		{"not offered", with(nil, all[0]), TURNTLS, Result{State: Skipped, Code: CodeNotOffered}},
		{"a wrong password over UDP", with(nil, wrong...), TURNUDP, Result{State: Fail, Code: CodeTURNRefused}},
		{"a wrong password over TCP", with(nil, wrong...), TURNTCP, Result{State: Fail, Code: CodeTURNRefused}},
		{"a closed port", with(nil, gone), TURNTCP, Result{State: Fail, Code: CodeRefused}},
		{"an unknown authority", with(func(o *Options) { o.TLS = nil }, all...), TURNTLS, Result{State: Fail, Code: CodeCertUnknownAuthority}},
		{"an unknown name", with(resolving(&net.DNSError{IsNotFound: true}), wire.ICEServer{
			URLs: []string{"turn:hub.example:1?transport=udp"}, Username: "booth", Credential: "x",
		}), TURNUDP, Result{State: Fail, Code: CodeNameUnknown}},
		{"relays that may not speak", with(nil, relays(t, web.TLS.Clone(), true)...), TURNTCP, Result{State: Fail, Code: CodeTURNRefused}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := c.by.relay(t.Context(), c.of); got != c.want {
				t.Errorf("%+v; want %+v", got, c.want)
			}
		})
	}
	// A network that drops UDP: somebody who never answers.
	silent, err := net.ListenPacket("udp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		silent.ReadFrom(make([]byte, 1500))
		cancel() // it was asked: the time is over
	}()
	c := with(nil, wire.ICEServer{URLs: []string{"turn:" + silent.LocalAddr().String()}, Username: "booth", Credential: "x"})
	if got := c.relay(ctx, TURNUDP); got != (Result{State: Fail, Code: CodeTimeout}) {
		t.Errorf("a silent server: %+v", got)
	}
}

// certificate makes one of its own authority, which is returned too.
func certificate(t *testing.T, from, until time.Time) (tls.Certificate, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotBefore: from, NotAfter: until, IsCA: true, BasicConstraintsValid: true,
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AddCert(leaf)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, roots
}

func TestHubByTLS(t *testing.T) {
	now := time.Now()
	for _, c := range []struct {
		name        string
		from, until time.Time
		host        string
		stranger    bool
		want        Code
	}{
		{"good", now.Add(-time.Hour), now.Add(time.Hour), "127.0.0.1", false, ""},
		{"not yet valid", now.Add(time.Hour), now.Add(2 * time.Hour), "127.0.0.1", false, CodeCertNotYetValid},
		{"expired", now.Add(-2 * time.Hour), now.Add(-time.Hour), "127.0.0.1", false, CodeCertExpired},
		{"of an unknown authority", now.Add(-time.Hour), now.Add(time.Hour), "127.0.0.1", true, CodeCertUnknownAuthority},
		{"for another name", now.Add(-time.Hour), now.Add(time.Hour), "localhost", false, CodeCertWrongName},
	} {
		t.Run(c.name, func(t *testing.T) {
			pair, roots := certificate(t, c.from, c.until)
			server := httptest.NewUnstartedServer(hubServer(t, nil))
			server.TLS = &tls.Config{Certificates: []tls.Certificate{pair}}
			server.Config.ErrorLog = log.New(io.Discard, "", 0)
			server.StartTLS()
			defer server.Close()
			if c.stranger {
				roots = x509.NewCertPool()
			}
			transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots}, DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
				return (&net.Dialer{}).DialContext(ctx, network, server.Listener.Addr().String())
			}}
			defer transport.CloseIdleConnections()
			l := looker(machine(nil), func(o *Options) {
				o.Hub, o.Client = "wss://"+c.host, &http.Client{Transport: transport}
			})
			if got := l.hub(t.Context()); got.Code != c.want || (got.State == OK) != (c.want == "") {
				t.Errorf("%+v; want %q", got, c.want)
			}
		})
	}
}

func TestHubThatIsNone(t *testing.T) {
	answer := func(status int, body string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Location", "/login")
			w.WriteHeader(status)
			io.WriteString(w, body)
		}
	}
	for _, c := range []struct {
		name    string
		handler http.HandlerFunc
		want    Result
	}{
		{"a page that wants a login", answer(200, "<title>Connexion</title>"), Result{State: Fail, Code: CodeNotTheHub}},
		{"a way to it", answer(302, ""), Result{State: Fail, Code: CodeNotTheHub}},
		{"a hub that is ill", answer(503, "JetStream is off"), Result{State: Fail, Code: CodeHubIll}},
		{"a proxy", answer(407, ""), Result{State: Fail, Code: CodeProxyAuth}},
		{"something else", answer(404, ""), Result{State: Fail, Value: "404", Code: CodeHubStatus}},
		{"one that hangs up", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, Result{State: Fail, Code: CodeCut}},
	} {
		t.Run(c.name, func(t *testing.T) {
			server := httptest.NewServer(c.handler)
			defer server.Close()
			l := looker(machine(nil), func(o *Options) { o.Hub = server.URL })
			if got := l.hub(t.Context()); got != c.want {
				t.Errorf("%+v; want %+v", got, c.want)
			}
			// Plain text where TLS is expected.
			l = looker(machine(nil), func(o *Options) { o.Hub = strings.Replace(server.URL, "http", "https", 1) })
			if got := l.hub(t.Context()); got != (Result{State: Fail, Code: CodeNotTLS}) {
				t.Errorf("over TLS %+v", got)
			}
		})
	}
}

// A proxy that lets nobody through, and one that is not there.
func TestHubBehindAProxy(t *testing.T) {
	status := http.StatusProxyAuthRequired
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) }))
	at, err := url.Parse(proxy.URL)
	if err != nil {
		t.Fatal(err)
	}
	check := func(want Code) {
		t.Helper()
		l := looker(machine(nil), func(o *Options) { o.Client = &http.Client{Transport: &http.Transport{Proxy: http.ProxyURL(at)}} })
		if got := l.hub(t.Context()); got != (Result{State: Fail, Code: want}) {
			t.Errorf("%+v; want %s", got, want)
		}
	}
	check(CodeProxyAuth)
	status = http.StatusForbidden
	check(CodeProxyRefused)
	proxy.Close()
	check(CodeProxyUnreachable)
}

func TestReason(t *testing.T) {
	for _, c := range []struct {
		err  error
		want Code
	}{
		{context.DeadlineExceeded, CodeTimeout},
		{errors.New("asking the proxy proxy:3128 for hub:443: 403 Forbidden"), CodeProxyRefused},
		{errors.New("asking the proxy proxy:3128 for hub:443: 407 Proxy Authentication Required"), CodeProxyAuth},
		{x509.CertificateInvalidError{Reason: x509.NotAuthorizedToSign}, CodeCertInvalid},
		{errors.New("strange"), CodeOther},
	} {
		if got := reason(c.err, time.Now()); got != c.want {
			t.Errorf("%v: %s; want %s", c.err, got, c.want)
		}
	}
}

func TestMeasuring(t *testing.T) {
	refusing := func(status int) func(*http.ServeMux) {
		return func(m *http.ServeMux) {
			m.HandleFunc("/speed", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) })
		}
	}
	for _, c := range []struct {
		name   string
		server func(*http.ServeMux)
		hub    State
		token  string
		want   Result
	}{
		{"no hub", nil, Fail, "token", Result{State: Skipped, Code: CodeNoHub}},
		{"no token", nil, OK, "", Result{State: Skipped, Code: CodeNoTest}},
		{"others measure", refusing(http.StatusTooManyRequests), OK, "token", Result{State: Warn, Code: CodeSpeedBusy}},
		{"a token that has expired", nil, OK, "old", Result{State: Warn, Code: CodeSpeedRefused}},
		{"a hub that cannot", refusing(http.StatusNotFound), OK, "token", Result{State: Warn, Code: CodeOther}},
	} {
		t.Run(c.name, func(t *testing.T) {
			server := httptest.NewServer(hubServer(t, c.server))
			defer server.Close()
			l := looker(machine(nil), func(o *Options) { o.Hub, o.Test.SpeedPath, o.Test.SpeedToken = server.URL, "/speed", c.token })
			l.results[Hub] = Result{State: c.hub}
			if got := l.measure(t.Context(), Down, l.get); got != c.want {
				t.Errorf("down %+v; want %+v", got, c.want)
			}
		})
	}
	// What has not come to its end when the time is over counts by what came.
	l := looker(machine(nil), func(o *Options) { o.Test.SpeedToken = "token" })
	l.results[Hub] = Result{State: OK}
	ctx, cancel := context.WithCancel(t.Context())
	got := l.measure(ctx, Up, func(context.Context, int64) (int64, error) { cancel(); return 0, ctx.Err() })
	if got != (Result{State: Fail, Value: "0", Code: CodeTooSlow}) {
		t.Errorf("nothing came: %+v", got)
	}
	// However fast it is, no more than the hub gives.
	var total int64
	got = l.measure(t.Context(), Down, func(_ context.Context, n int64) (int64, error) { total += n; return n, nil })
	if got.State != OK || total != wire.SpeedMaxBytes {
		t.Errorf("%+v after %d bytes", got, total)
	}
}

func TestJudge(t *testing.T) {
	for _, c := range []struct {
		kbps int
		want Result
	}{
		{299, Result{State: Fail, Value: "299", Code: CodeTooSlow}},
		{300, Result{State: Warn, Value: "300", Code: CodeSlow}},
		{999, Result{State: Warn, Value: "999", Code: CodeSlow}},
		{1000, Result{State: OK, Value: "1000"}},
	} {
		if got := judge(c.kbps); got != c.want {
			t.Errorf("%+v; want %+v", got, c.want)
		}
	}
}

func TestVerdict(t *testing.T) {
	for _, c := range []struct {
		name    string
		changes map[Name]State
		want    Judgement
	}{
		{"all is well", nil, Go},
		{"no hub", map[Name]State{Hub: Fail}, NoGo},
		{"no UDP", map[Name]State{TURNUDP: Fail}, Poor},
		{"TLS only", map[Name]State{TURNUDP: Fail, TURNTCP: Fail}, Poor},
		{"UDP only", map[Name]State{TURNTCP: Skipped, TURNTLS: Fail}, Go},
		{"no relay", map[Name]State{TURNUDP: Fail, TURNTCP: Fail, TURNTLS: Skipped}, NoGo},
		{"slow down", map[Name]State{Down: Warn}, Poor},
		{"slow up", map[Name]State{Up: Warn}, Poor},
		{"too slow down", map[Name]State{Down: Fail}, NoGo},
		{"too slow up", map[Name]State{Up: Fail}, NoGo},
		{"not measured", map[Name]State{Down: Skipped, Up: Skipped}, Poor},
		{"the clock", map[Name]State{Clock: Warn}, Poor},
		{"half duplex", map[Name]State{Link: Warn}, Go},
		{"names by the proxy", map[Name]State{DNS: Warn, HubName: Warn}, Go},
		{"under way", map[Name]State{Hub: Running}, NoGo},
	} {
		var all []Result
		for _, n := range Names() {
			all = append(all, Result{Name: n, State: Running}, Result{Name: n, State: OK})
			if s, ok := c.changes[n]; ok {
				all = append(all, Result{Name: n, State: s})
			}
		}
		if got := Verdict(all); got != c.want {
			t.Errorf("%s: %s; want %s", c.name, got, c.want)
		}
	}
	if got := Verdict(nil); got != NoGo {
		t.Errorf("nothing: %s", got)
	}
}
