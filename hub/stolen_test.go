package main

import (
	"bufio"
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/nats-io/jwt/v2"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/nats-io/nkeys"

	"loiret.fr/visioborne/hub/broker"
	"loiret.fr/visioborne/hub/hotline"
	"loiret.fr/visioborne/hub/wire"
)

// thief is somebody with a booth's real credentials.
type thief struct {
	*kiosk
	// user is the token and pair the seed of the credentials.
	user string
	pair nkeys.KeyPair
}

func (h *house) thief(site string) *thief {
	h.t.Helper()
	keys, err := broker.OpenKeys(h.dir)
	if err != nil {
		h.t.Fatal(err)
	}
	text, err := keys.BoothCredentials(site)
	if err != nil {
		h.t.Fatal(err)
	}
	user, err := jwt.ParseDecoratedJWT(text)
	if err != nil {
		h.t.Fatal(err)
	}
	pair, err := jwt.ParseDecoratedUserNKey(text)
	if err != nil {
		h.t.Fatal(err)
	}
	return &thief{h.boothWith(site, text), user, pair}
}

// refused does something and has the server say that it is not allowed.
func (k *thief) refused(what string, do func() error) {
	k.t.Helper()
	if err := do(); err != nil {
		k.t.Errorf("%s: %v", what, err)
		return
	}
	if err := k.nc.Flush(); err != nil {
		k.t.Fatal(err)
	}
	select {
	case err := <-k.errs:
		if !errors.Is(err, nats.ErrPermissionViolation) {
			k.t.Errorf("%s: %v; want a permissions violation", what, err)
		}
	case <-time.After(patience):
		k.t.Errorf("%s was allowed", what)
	}
}

// tap hears everything in the account of booths and hub, as the hub itself would.
func (h *house) tap() (*nats.Conn, <-chan *nats.Msg) {
	h.t.Helper()
	keys, err := broker.OpenKeys(h.dir)
	if err != nil {
		h.t.Fatal(err)
	}
	text, err := keys.UserCredentials("tap")
	if err != nil {
		h.t.Fatal(err)
	}
	nc, err := nats.Connect("ws://"+h.addr, nats.ProxyPath("/nats"), nats.UserCredentialBytes(text))
	if err != nil {
		h.t.Fatal(err)
	}
	h.t.Cleanup(nc.Close)
	heard := make(chan *nats.Msg, 10_000)
	if _, err := nc.ChanSubscribe(">", heard); err != nil {
		h.t.Fatal(err)
	}
	if err := nc.Flush(); err != nil {
		h.t.Fatal(err)
	}
	return nc, heard
}

// Whatever is tried with a booth's credentials, NATS lets it speak and listen below its own subjects only. A tap that hears all
// finds what was smuggled by its mark.
func TestStolenCredentialsReachNothingElse(t *testing.T) {
	h := openHouse(t)
	gien := h.thief("gien")
	patay := h.booth("patay")
	call := patay.place("caf")
	nc, heard := h.tap()
	const mark = "stolen-7b1f"

	var places []string
	for _, verb := range []wire.Verb{wire.VerbHello, wire.VerbPlace, wire.VerbAlive, wire.VerbLeave, wire.VerbStatus, wire.VerbUsage, wire.VerbLogs, wire.VerbRelease, wire.VerbAccept, wire.VerbNetworkTest, wire.VerbConfiguration, wire.VerbHelp} {
		places = append(places, wire.Up("patay", verb))
	}
	for _, verb := range []wire.Verb{wire.VerbEnded, wire.VerbAnswered, wire.VerbRestart, wire.VerbOutOfService, wire.VerbRelease, wire.VerbCallBack} {
		places = append(places, wire.Down("patay", verb), wire.Down("gien", verb))
	}
	places = append(places,
		wire.UpSignal("patay", call), wire.DownSignal("patay", call), wire.InboxPrefix("patay")+".x.y", "_INBOX.x.y", "booth", "booth.gien", "booth.gien.up",
		"booth.gien.upper.x", "booth-health.patay", "$JS.API.INFO", "$JS.API.STREAM.LIST", "$JS.API.STREAM.NAMES", "$JS.API.STREAM.CREATE.X", "$JS.API.STREAM.UPDATE.KV_line",
		"$JS.API.STREAM.DELETE.KV_usage", "$JS.API.STREAM.PURGE.KV_usage", "$JS.API.STREAM.INFO.KV_usage", "$JS.API.STREAM.MSG.GET.KV_sessions", "$JS.API.STREAM.MSG.DELETE.KV_usage",
		"$JS.API.DIRECT.GET.KV_sessions", "$JS.API.STREAM.SNAPSHOT.KV_sessions", "$JS.API.STREAM.RESTORE.KV_sessions", "$JS.API.CONSUMER.CREATE.KV_line", "$JS.API.CONSUMER.DURABLE.CREATE.KV_line.x",
		"$JS.API.CONSUMER.LIST.KV_line", "$JS.API.CONSUMER.MSG.NEXT.KV_line.x", "$JS.API.ACCOUNT.PURGE.x", "$JS.API.META.LEADER.STEPDOWN", "$JS.ACK.KV_line.x.1.1.1.1.1", "$JS.FC.KV_line.x",
		"$SYS.REQ.SERVER.PING", "$SYS.REQ.SERVER.PING.CONNZ", "$SYS.REQ.USER.INFO", "$SYS.REQ.CLAIMS.UPDATE", "$SYS.REQ.CLAIMS.LIST", "$SYS.REQ.ACCOUNT.x.CLAIMS.UPDATE", "$SYS.REQ.SERVER.x.SHUTDOWN",
		"$O.pieces.C.x", "$O.pieces.M.x", "$SRV.PING", "$LDS.x", "$GR.x", "_R_.x.y", "_GR_.x.y.z")
	js, err := jetstream.New(nc)
	if err != nil {
		t.Fatal(err)
	}
	var buckets []string
	for name := range js.StreamNames(t.Context()).Name() {
		bucket, isBucket := strings.CutPrefix(name, "KV_")
		if isBucket {
			buckets = append(buckets, bucket)
			places = append(places, "$KV."+bucket+".x", "$JS.API.STREAM.PURGE."+name, "$JS.API.STREAM.MSG.GET."+name)
		}
	}
	for _, b := range []string{"line", "desks", "usage", "sessions"} {
		if !slices.Contains(buckets, b) {
			t.Errorf("there is no bucket %q among %q: the test tries something that is not there", b, buckets)
		}
	}
	for _, subject := range places {
		gien.refused("publishing to "+subject, func() error { return gien.nc.Publish(subject, []byte(`"`+mark+`"`)) })
		gien.refused("asking "+subject, func() error {
			return gien.nc.PublishRequest(subject, wire.InboxPrefix("gien")+".x", []byte(`"`+mark+`"`))
		})
	}
	for _, subject := range []string{
		">", "*", "*.>", "booth.>", "booth.*.>", "booth.*.up.>", "booth.*.down.>", wire.AllUp, "booth.patay.>", wire.DownOnly("patay"), wire.UpOnly("patay"), wire.UpOnly("gien"), "booth.gien.>",
		wire.DownSignal("patay", call), "_INBOX.>", "_INBOX.*", "*.x", wire.InboxPrefix("patay") + ".>", "_INBOX_*.>", "$JS.>", "$JS.API.>", "$JS.EVENT.ADVISORY.>", "$JS.ACK.>", "$KV.>", "$KV.sessions.>",
		"$O.>", "$SYS.>", "$SYS.ACCOUNT.*.CONNECT", "$SYS.REQ.>", "booth-health.>", "$SRV.>", "_R_.>", "_GR_.>",
	} {
		gien.refused("hearing "+subject, func() error { _, err := gien.nc.SubscribeSync(subject); return err })
		gien.refused("hearing "+subject+" in the hubs' group", func() error { _, err := gien.nc.QueueSubscribeSync(subject, wire.Group); return err })
	}

	// The server may say no and yet pass it on: nothing of it has arrived anywhere. What comes last is heard, so all before was too.
	if err := nc.Publish("the.end", nil); err != nil {
		t.Fatal(err)
	}
	for deadline := time.After(patience); ; {
		select {
		case m := <-heard:
			if bytes.Contains(m.Data, []byte(mark)) {
				t.Errorf("%s got %s", m.Subject, m.Data)
			}
			if m.Subject == "the.end" {
				return
			}
		case <-deadline:
			t.Fatal("the tap hears nothing")
		}
	}
}

// The hub, which may write anywhere, answers to a subject that the asker names. It must not be had to write where the asker may not.
func TestStolenCredentialsDoNotBorrowTheHubs(t *testing.T) {
	h := openHouse(t)
	gien, patay := h.thief("gien"), h.booth("patay")
	kept := wire.Usage{HalfDay: h.today("am"), Batch: "aaaaaaaaaaaaaaaa", Counts: []wire.Count{{What: "session", N: 3}}}
	ask[wire.UsageReply](patay, wire.VerbUsage, kept)
	call := patay.place("caf")
	nc, heard := h.tap()
	asked := map[wire.Verb]wire.Message{
		wire.VerbHello:         wire.Hello{Version: "dev", Calls: []string{}},
		wire.VerbPlace:         wire.Place{Call: call, Partner: "caf", Language: "fr"},
		wire.VerbAlive:         wire.Alive{Call: call},
		wire.VerbAccept:        wire.Accept{Call: call},
		wire.VerbLeave:         wire.Leave{Call: call, Reason: wire.ReasonHungUp},
		wire.VerbRelease:       wire.AskRelease{Version: "dev"},
		wire.VerbNetworkTest:   wire.NetworkTest{},
		wire.VerbHelp:          wire.Help{Request: call},
		wire.VerbConfiguration: wire.AskConfiguration{},
		wire.VerbUsage:         wire.Usage{HalfDay: h.today("am"), Batch: "bbbbbbbbbbbbbbbb"},
	}
	targets := []string{
		"$JS.API.STREAM.PURGE.KV_usage", "$JS.API.STREAM.PURGE.KV_line", "$JS.API.STREAM.DELETE.KV_usage", "$KV.usage.gien.2026-11-24-am.cccccccccccccccc", "$KV.line.caf.x", "$KV.sessions.x",
		wire.Down("patay", wire.VerbEnded), wire.Down("patay", wire.VerbAnswered), wire.InboxPrefix("patay") + ".x", "_INBOX_gien", "_INBOX_gien2.x", "_INBOX.x", wire.Up("patay", wire.VerbLeave), "$SYS.REQ.USER.INFO",
	}
	for verb, m := range asked {
		b, err := wire.Encode(m)
		if err != nil {
			t.Fatal(err)
		}
		for _, to := range targets {
			if err := gien.nc.PublishRequest(wire.Up("gien", verb), to, b); err != nil {
				t.Fatal(err)
			}
		}
	}
	// Requests of one booth are answered in order: after these, all before have been.
	for verb, m := range asked {
		b, err := wire.Encode(m)
		if err != nil {
			t.Fatal(err)
		}
		for {
			if _, err := gien.nc.Request(wire.Up("gien", verb), b, patience); err == nil {
				break
			} else if !errors.Is(err, nats.ErrNoResponders) {
				t.Errorf("%s: %v", verb, err)
				break
			}
		}
	}
	if err := nc.Publish("the.end", nil); err != nil {
		t.Fatal(err)
	}
	for m := range heard {
		if m.Subject == "the.end" {
			break
		}
		if slices.Contains(targets, m.Subject) {
			t.Errorf("the hub wrote %s into %s", m.Data, m.Subject)
		}
	}
	if r := ask[wire.PlaceReply](patay, wire.VerbAlive, wire.Alive{Call: call}); r.Code != "" || r.Place != 1 {
		t.Errorf("the other booth's call: %+v", r)
	}
	got, err := command(t, "", "usage", "-state", h.dir, "-month", kept.HalfDay[:7])
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(got, "patay,"+kept.HalfDay+",,session,3\n") {
		t.Errorf("the other booth's counts are gone:\n%s", got)
	}
}

// today is a half day that a booth may count.
func (h *house) today(half string) string { return time.Now().Format(time.DateOnly) + "-" + half }

// A booth that floods is cut off or dropped; another one in the same hub is answered meanwhile, and after it.
func TestStolenCredentialsDoNotFlood(t *testing.T) {
	h := openHouse(t)
	gien, patay := h.thief("gien"), h.booth("patay")
	d := h.desk("caf.1")

	// Subscriptions without end.
	for i := range 1000 {
		if _, err := gien.nc.SubscribeSync(fmt.Sprintf("booth.gien.down.x%d", i)); err != nil {
			break
		}
	}
	_ = gien.nc.Flush() // the connection may be over by then
	select {
	case err := <-gien.errs:
		if !errors.Is(err, nats.ErrMaxSubscriptionsExceeded) && !strings.Contains(strings.ToLower(err.Error()), "maximum subscriptions") {
			t.Errorf("a thousand subscriptions: %v", err)
		}
	case <-time.After(patience):
		t.Error("a booth may have a thousand subscriptions")
	}

	// A message beyond the limit, and one that says so but sends less, end the connection.
	for _, size := range []int{wire.MaxBytes + 1, 100 << 20} {
		ws := gien.raw(h.addr)
		if err := ws.WriteMessage(websocket.BinaryMessage, []byte(fmt.Sprintf("PUB booth.gien.up.status %d\r\n", size))); err != nil {
			t.Fatal(err)
		}
		// The server may have closed already.
		_ = ws.WriteMessage(websocket.BinaryMessage, append(bytes.Repeat([]byte("x"), wire.MaxBytes+1), '\r', '\n'))
		if said := readAll(ws); !strings.Contains(said, "Maximum Payload Violation") {
			t.Errorf("%d bytes: the server said %q", size, said)
		}
	}
	// Neither does a subject, or a line, without end.
	for _, line := range []string{"PUB booth.gien.up." + strings.Repeat("x", 64<<10), strings.Repeat("PING", 64<<10), "SUB \x00\xff\r\n", "HPUB a 4294967296 4294967297\r\n", "CONNECT {}\r\n"} {
		ws := gien.raw(h.addr)
		_ = ws.WriteMessage(websocket.BinaryMessage, []byte(line))
		_ = ws.WriteMessage(websocket.BinaryMessage, []byte("\r\nPING\r\n"))
		ws.Close()
	}

	// Ten thousand requests at once, and as many that cannot be read.
	flood := h.thief("gien")
	status, err := wire.Encode(wire.Status{Version: "dev", Phase: "none", Since: time.Now()})
	if err != nil {
		t.Fatal(err)
	}
	for range 10_000 {
		if err := errors.Join(flood.nc.Publish(wire.Up("gien", wire.VerbStatus), status), flood.nc.Publish(wire.Up("gien", wire.VerbHello), []byte("{"))); err != nil {
			t.Fatal(err)
		}
	}
	d.available(true)
	call := patay.place("caf")
	d.rings(call)
	if err := flood.nc.Flush(); err != nil && !errors.Is(err, nats.ErrConnectionClosed) {
		t.Error(err)
	}
	if r := ask[wire.PlaceReply](patay, wire.VerbAlive, wire.Alive{Call: call}); r.Code != "" {
		t.Errorf("after a flood: %+v", r)
	}
}

// raw speaks NATS by hand on a websocket, signed in with the stolen credentials.
func (k *thief) raw(addr string) *websocket.Conn {
	k.t.Helper()
	ws, err := k.rawAs(addr, k.user, "")
	if err != nil {
		k.t.Fatal(err)
	}
	return ws
}

// rawAs connects with any token, signed by the stolen key. The server's no is an error.
func (k *thief) rawAs(addr, user, more string) (*websocket.Conn, error) {
	ws, _, err := websocket.DefaultDialer.Dial("ws://"+addr+"/nats", nil)
	if err != nil {
		return nil, err
	}
	k.t.Cleanup(func() { ws.Close() })
	if err := ws.SetReadDeadline(time.Now().Add(patience)); err != nil {
		return nil, err
	}
	_, b, err := ws.ReadMessage()
	if err != nil {
		return nil, err
	}
	var info struct {
		Nonce string `json:"nonce"`
	}
	if err := json.Unmarshal(bytes.TrimPrefix(b, []byte("INFO ")), &info); err != nil {
		return nil, err
	}
	signature, err := k.pair.Sign([]byte(info.Nonce))
	if err != nil {
		return nil, err
	}
	connect := fmt.Sprintf(`CONNECT {"verbose":false,"headers":true,"jwt":%q,"sig":%q%s}`+"\r\nPING\r\n", user, base64.RawURLEncoding.EncodeToString(signature), more)
	if err := ws.WriteMessage(websocket.BinaryMessage, []byte(connect)); err != nil {
		return nil, err
	}
	for {
		_, b, err := ws.ReadMessage()
		if err != nil {
			return nil, err
		}
		if bytes.Contains(b, []byte("-ERR")) {
			return nil, errors.New(strings.TrimSpace(string(b)))
		}
		if bytes.Contains(b, []byte("PONG")) {
			return ws, nil
		}
	}
}

func readAll(ws *websocket.Conn) string {
	var all strings.Builder
	for {
		_, b, err := ws.ReadMessage()
		if err != nil {
			return all.String()
		}
		all.Write(b)
	}
}

// The credentials are of one booth, of this hub, and of now.
func TestStolenCredentialsMakeNoOthers(t *testing.T) {
	h := openHouse(t)
	gien, patay := h.thief("gien"), h.thief("patay")
	if _, err := gien.rawAs(h.addr, gien.user, ""); err != nil {
		t.Fatalf("the booth itself: %v", err)
	}
	claims, err := jwt.DecodeUserClaims(gien.user)
	if err != nil {
		t.Fatal(err)
	}
	own, err := nkeys.CreateAccount()
	if err != nil {
		t.Fatal(err)
	}
	// More rights, signed by whom the thief can sign as: an account of his own, with and without the hub's name on it, and himself.
	wide := func(issuerAccount string) *jwt.UserClaims {
		c := jwt.NewUserClaims(claims.Subject)
		c.Permissions.Pub.Allow.Add(">")
		c.Permissions.Sub.Allow.Add(">")
		c.IssuerAccount = issuerAccount
		return c
	}
	forged := map[string]string{}
	for name, account := range map[string]string{"another account": "", "the hub's account by another's hand": claims.Issuer} {
		if forged[name], err = wide(account).Encode(own); err != nil {
			t.Fatal(err)
		}
	}
	parts := strings.Split(gien.user, ".")
	body, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil {
		t.Fatal(err)
	}
	changed := base64.RawURLEncoding.EncodeToString(bytes.ReplaceAll(body, []byte("booth.gien."), []byte("booth.*."))) // fits no signature
	forged["a token that was changed"] = parts[0] + "." + changed + "." + parts[2]
	none := base64.RawURLEncoding.EncodeToString([]byte(`{"typ":"JWT","alg":"none"}`))
	forged["a token without a signature"] = none + "." + changed + "."
	forged["another booth's token"] = patay.user
	forged["no token"] = ""
	for name, token := range forged {
		if _, err := gien.rawAs(h.addr, token, ""); err == nil || !strings.Contains(err.Error(), "Authorization Violation") {
			t.Errorf("%s: %v; want an authorization violation", name, err)
		}
	}
	// Fields of NATS's protocol that other kinds of connections have open no other account.
	for name, more := range map[string]string{
		"an account's name":   `,"account":"$SYS"`,
		"a user and password": `,"user":"hub","pass":"hub"`,
		"a route's fields":    `,"import":{"allow":[">"]},"export":{"allow":[">"]}`,
		"a leaf's fields":     `,"is_queue":true,"remote_account":"$SYS"`,
	} {
		ws, err := gien.rawAs(h.addr, gien.user, more)
		if err != nil {
			continue // refused as a whole
		}
		if err := ws.WriteMessage(websocket.BinaryMessage, []byte("SUB booth.patay.down.> 1\r\nPUB $SYS.REQ.SERVER.PING 0\r\n\r\nPING\r\n")); err != nil {
			t.Fatal(err)
		}
		said := ""
		for !strings.Contains(said, "PONG") {
			_, b, err := ws.ReadMessage()
			if err != nil {
				break
			}
			said += string(b)
		}
		if n := strings.Count(said, "Permissions Violation"); n != 2 {
			t.Errorf("%s: the server said %q", name, said)
		}
	}
	// The same credentials over plain NATS: there is no such way in.
	if nc, err := nats.Connect("nats://"+h.addr, nats.UserJWTAndSeed(gien.user, string(seed(t, gien.pair))), nats.Timeout(time.Second)); err == nil {
		nc.Close()
		t.Error("the hub's port takes plain NATS")
	}
}

func seed(t *testing.T, pair nkeys.KeyPair) []byte {
	t.Helper()
	b, err := pair.Seed()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// Over HTTP a booth is a stranger: its token and keys open no page, no API and no other booth's enrolment.
// guardedPaths are all that the hub serves, as its sources register it, but what everybody may have.
func guardedPaths(t *testing.T) []string {
	t.Helper()
	public := []string{
		"GET /healthz", "GET /{$}", "GET /nats", "GET /api/openapi.yaml", "GET /sign-in", "POST /sign-in", "POST /sign-out", "GET /sign-in/state", "GET /sign-in/provider",
		"GET /sign-in/callback", "GET /desk/socket",
	}
	pattern := regexp.MustCompile(`"((?:GET|POST|PUT|PATCH|DELETE) /[^"]*)"`)
	var paths []string
	err := filepath.WalkDir(".", func(name string, _ fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			return err
		}
		text, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		for _, m := range pattern.FindAllStringSubmatch(string(text), -1) {
			path := m[1]
			if i := slices.Index(public, path); i >= 0 {
				public = slices.Delete(public, i, i+1)
				continue
			}
			if strings.HasPrefix(path, "GET ") && strings.HasSuffix(path, "/") {
				continue // scripts and styles tell nothing
			}
			path = strings.NewReplacer("{site}", "patay", "{id}", "patay", "{number}", "1", "{user}", "hotline", "{deed}", "remove").Replace(path)
			if path == "POST /api/booths/patay/" {
				path += "{action}"
			}
			if !strings.Contains(path, "{action}") {
				paths = append(paths, path)
				continue
			}
			for _, a := range hotline.Actions() {
				paths = append(paths, strings.ReplaceAll(path, "{action}", string(a)))
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(public) > 0 || len(paths) < 40 || strings.Contains(strings.Join(paths, ""), "{") {
		t.Fatalf("public, and not served: %q; guarded: %q", public, paths)
	}
	return paths
}

func TestStolenCredentialsOverHTTP(t *testing.T) {
	h := openHouse(t)
	gien := h.thief("gien")
	test := ask[wire.NetworkTestReply](gien.kiosk, wire.VerbNetworkTest, wire.NetworkTest{})
	secrets := []string{gien.user, string(seed(t, gien.pair)), test.SpeedToken, "hub", rand.Text()}
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	for _, path := range guardedPaths(t) {
		method, target, _ := strings.Cut(path, " ")
		for _, secret := range secrets {
			r, err := http.NewRequest(method, "http://"+h.addr+target, strings.NewReader("{}"))
			if err != nil {
				t.Fatal(err)
			}
			r.Header.Set("Origin", "http://"+h.addr)
			r.Header.Set("Authorization", "Bearer "+secret)
			for _, name := range []string{"visioborne", "visioborne-flow"} {
				r.AddCookie(&http.Cookie{Name: name, Value: secret})
			}
			a, err := client.Do(r)
			if err != nil {
				t.Fatal(err)
			}
			a.Body.Close()
			switch a.StatusCode {
			case http.StatusUnauthorized, http.StatusForbidden:
			case http.StatusFound, http.StatusSeeOther:
				if to := a.Header.Get("Location"); !strings.HasPrefix(to, "/sign-in") {
					t.Errorf("%s: sent to %s", path, to)
				}
			default:
				t.Errorf("%s with a booth's secret: %s", path, a.Status)
			}
		}
	}
	// A desk's websocket says goodbye.
	ws, _, err := websocket.DefaultDialer.Dial("ws://"+h.addr+"/desk/socket", http.Header{"Origin": {"http://" + h.addr}, "Cookie": {"visioborne=" + gien.user}})
	if err != nil {
		t.Fatal(err)
	}
	defer ws.Close()
	if _, b, err := ws.ReadMessage(); err != nil || !bytes.Contains(b, []byte(`"signed_out"`)) {
		t.Errorf("a desk for a booth: %s, %v", b, err)
	}
	// Enrolling as another booth takes a code.
	body := fmt.Sprintf(`{"code":"AAAAAAAA","public_key":%q,"csr":"x"}`, must(gien.pair.PublicKey()))
	a, err := http.Post("http://"+h.addr+wire.EnrolPath, "application/json", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	defer a.Body.Close()
	if line, _ := bufio.NewReader(a.Body).ReadString('\n'); a.StatusCode == http.StatusOK || !strings.Contains(line, "error") {
		t.Errorf("an enrolment without a code: %s %s", a.Status, line)
	}
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}
