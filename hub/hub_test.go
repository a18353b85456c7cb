package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/cookiejar"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/gorilla/websocket"
	"github.com/nats-io/nats.go"

	"loiret.fr/visioborne/hub/account"
	"loiret.fr/visioborne/hub/alert"
	"loiret.fr/visioborne/hub/broker"
	"loiret.fr/visioborne/hub/desk"
	"loiret.fr/visioborne/hub/directory"
	"loiret.fr/visioborne/hub/hotline"
	"loiret.fr/visioborne/hub/wire"
)

// patience is for what must happen; a test that waits that long has failed.
const patience = 15 * time.Second

const password = "un mot de passe assez long"

// house is a whole hub on loopback, with its state in a directory that outlives it.
type house struct {
	t         *testing.T
	dir       string
	directory *directory.Directory
	alerts    alert.Settings
	addr      string
	other     string // the address of another hub on the same cluster
	tls       tlsOptions
	turn      turnOptions
	stop      func()
}

// openHouse writes the configuration and the accounts of two CAF advisers, one CPAM adviser and one of each other role
// ("hotline", "manager", "administrator", "agent" of gien), and starts a hub.
func openHouse(t *testing.T) *house {
	t.Helper()
	h := makeHouse(t)
	h.start()
	t.Cleanup(func() { h.stop() })
	return h
}

// makeHouse is openHouse without the start.
func makeHouse(t *testing.T) *house {
	t.Helper()
	h := &house{t: t, dir: t.TempDir(), addr: "127.0.0.1:0"}
	site, err := os.ReadFile("../config/loiret/demonstration.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var sites []string
	for _, id := range []string{"gien", "patay"} {
		file := filepath.Join(h.dir, id+".yaml")
		text := strings.Replace(string(site), "id: demonstration", "id: "+id, 1)
		text = strings.Replace(text, "Services Publics de démonstration", "Services Publics de "+id, 1)
		if id == "patay" {
			// Never open there.
			text = strings.Replace(text, "  - id: cpam\n    hours:\n      every_day: [\"00:00-24:00\"]", "  - id: cpam\n    hours:\n      monday: [\"03:00-03:01\"]", 1)
		}
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		sites = append(sites, file)
	}
	if h.directory, err = directory.Open("../config/loiret/partners.yaml", strings.Join(sites, ",")); err != nil {
		t.Fatal(err)
	}
	for _, a := range []account.Account{
		{User: "caf.1", Role: account.RoleAdviser, Partner: "caf"},
		{User: "caf.2", Role: account.RoleAdviser, Partner: "caf"},
		{User: "cpam.1", Role: account.RoleAdviser, Partner: "cpam"},
		{User: "hotline", Role: account.RoleHotline},
		{User: "manager", Role: account.RoleManager},
		{User: "administrator", Role: account.RoleAdministrator},
		{User: "agent", Role: account.RoleAgent, Site: "gien"},
	} {
		a.Name = "Mme " + a.User
		a, err := account.New(a, password)
		if err != nil {
			t.Fatal(err)
		}
		if err := account.Stage(h.dir).Add(a, false); err != nil {
			t.Fatal(err)
		}
	}
	return h
}

// start starts the hub, at its old address if it had one.
func (h *house) start() {
	h.t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	ready, ended := make(chan net.Addr, 1), make(chan error, 1)
	go func() {
		ended <- serve(ctx, options{
			addr: h.addr, state: h.dir, tls: h.tls, turn: h.turn, directory: h.directory, alerts: h.alerts, notice: 7 * 24 * time.Hour, log: slog.New(slog.NewTextHandler(logOf(h.t), nil)),
			pages: fstest.MapFS{
				"desk/index.html":      {Data: []byte("<title>desk</title>")},
				"desk/desk.js":         {Data: []byte("export {}")},
				"hotline/index.html":   {Data: []byte("<title>hotline</title>")},
				"figures/index.html":   {Data: []byte("<title>figures</title>")},
				"sign-in/index.html":   {Data: []byte("<title>sign-in</title>")},
				"accounts/index.html":  {Data: []byte("<title>accounts</title>")},
				"audit/index.html":     {Data: []byte("<title>audit</title>")},
				"reception/index.html": {Data: []byte("<title>reception</title>")},
				"sites/index.html":     {Data: []byte("<title>sites</title>")},
				"password/index.html":  {Data: []byte("<title>password</title>")},
			},
			ready: func(a net.Addr) { ready <- a },
		})
	}()
	select {
	case a := <-ready:
		h.addr = a.String()
	case err := <-ended:
		cancel()
		h.t.Fatalf("the hub does not start: %v", err)
	case <-time.After(patience):
		cancel()
		h.t.Fatal("the hub does not start")
	}
	var once sync.Once
	h.stop = func() {
		once.Do(func() {
			cancel()
			select {
			case err := <-ended:
				if err != nil {
					h.t.Errorf("the hub ended with: %v", err)
				}
			case <-time.After(patience):
				h.t.Error("the hub does not end")
			}
		})
	}
}

// testLog writes to a test's log until the test is over.
type testLog struct {
	mu   sync.Mutex
	t    *testing.T
	over bool
}

func logOf(t *testing.T) io.Writer {
	l := &testLog{t: t}
	t.Cleanup(func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		l.over = true
	})
	return l
}

func (l *testLog) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.over {
		l.t.Log(strings.TrimSpace(string(b)))
	}
	return len(b), nil
}

// kiosk is a booth as the hub sees it: a NATS client with a site's credentials.
type kiosk struct {
	t    *testing.T
	site string
	nc   *nats.Conn
	down chan *nats.Msg
	errs chan error
}

func (h *house) booth(site string) *kiosk {
	h.t.Helper()
	keys, err := broker.OpenKeys(h.dir)
	if err != nil {
		h.t.Fatal(err)
	}
	credentials, err := keys.BoothCredentials(site)
	if err != nil {
		h.t.Fatal(err)
	}
	return h.boothWith(site, credentials)
}

// boothWith is a booth that has its credentials already.
func (h *house) boothWith(site string, credentials []byte) *kiosk {
	h.t.Helper()
	var err error
	k := &kiosk{t: h.t, site: site, down: make(chan *nats.Msg, 1000), errs: make(chan error, 100)}
	k.nc, err = nats.Connect(h.both(), nats.ProxyPath("/nats"), nats.UserCredentialBytes(credentials),
		nats.CustomInboxPrefix(wire.InboxPrefix(site)), nats.MaxReconnects(-1), nats.ReconnectWait(50*time.Millisecond),
		nats.ReconnectJitter(0, 0), nats.IgnoreDiscoveredServers(),
		nats.ErrorHandler(func(_ *nats.Conn, _ *nats.Subscription, err error) { k.errs <- err }))
	if err != nil {
		h.t.Fatal(err)
	}
	h.t.Cleanup(k.nc.Close)
	if _, err := k.nc.ChanSubscribe(wire.DownOnly(site), k.down); err != nil {
		h.t.Fatal(err)
	}
	if err := k.nc.Flush(); err != nil {
		h.t.Fatal(err)
	}
	return k
}

// ask makes a request, again and again while there is nobody to answer.
func ask[A wire.Message](k *kiosk, verb wire.Verb, m wire.Message) A {
	k.t.Helper()
	b, err := wire.Encode(m)
	if err != nil {
		k.t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(k.t.Context(), patience)
	defer cancel()
	for {
		reply, err := k.nc.RequestWithContext(ctx, wire.Up(k.site, verb), b)
		if errors.Is(err, nats.ErrNoResponders) {
			continue
		}
		if err != nil {
			k.t.Fatalf("%s: %v", verb, err)
		}
		a, err := wire.Decode[A](reply.Data)
		if err != nil {
			k.t.Fatal(err)
		}
		return a
	}
}

func (k *kiosk) place(partner string) string {
	k.t.Helper()
	id := uuid.NewString()
	if r := ask[wire.PlaceReply](k, wire.VerbPlace, wire.Place{Call: id, Partner: partner, Language: "fr"}); r.Code != "" {
		k.t.Fatalf("place: %+v", r)
	}
	return id
}

// wait waits for a message of the hub and drops those before it.
func wait[M wire.Message](k *kiosk, subject string, fits func(M) bool) M {
	k.t.Helper()
	deadline := time.After(patience)
	for {
		select {
		case m := <-k.down:
			if m.Subject != subject {
				continue
			}
			got, err := wire.Decode[M](m.Data)
			if err != nil {
				k.t.Fatal(err)
			}
			if fits(got) {
				return got
			}
		case <-deadline:
			k.t.Fatalf("%s: nothing that fits", subject)
		}
	}
}

func (k *kiosk) send(subject string, m wire.Message) {
	k.t.Helper()
	b, err := wire.Encode(m)
	if err != nil {
		k.t.Fatal(err)
	}
	if err := k.nc.Publish(subject, b); err != nil {
		k.t.Fatal(err)
	}
}

// page is a desk's page as the hub sees it.
type page struct {
	t       *testing.T
	ws      *websocket.Conn
	got     chan pushed
	jar     http.CookieJar
	present desk.View
}

// pushed is whatever the hub pushes: a view, or a signal.
type pushed struct {
	view   desk.View
	call   string
	signal *wire.Signal
	closed int // the closing code, when that came
}

func (h *house) signIn(user, password string) (http.CookieJar, int) {
	h.t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		h.t.Fatal(err)
	}
	body, err := json.Marshal(map[string]string{"user": user, "password": password})
	if err != nil {
		h.t.Fatal(err)
	}
	r := h.post(jar, "/sign-in", "http://"+h.addr, string(body))
	return jar, r
}

func (h *house) post(jar http.CookieJar, path, origin, body string) int {
	h.t.Helper()
	req, err := http.NewRequest(http.MethodPost, "http://"+h.addr+path, strings.NewReader(body))
	if err != nil {
		h.t.Fatal(err)
	}
	if origin != "" {
		req.Header.Set("Origin", origin)
	}
	r, err := (&http.Client{Jar: jar}).Do(req)
	if err != nil {
		h.t.Fatal(err)
	}
	defer r.Body.Close()
	return r.StatusCode
}

func (h *house) dial(jar http.CookieJar, path, origin string) (*websocket.Conn, error) {
	dialer := websocket.Dialer{Jar: jar, HandshakeTimeout: patience}
	ws, r, err := dialer.Dial("ws://"+h.addr+path, http.Header{"Origin": {origin}})
	if err != nil && r != nil {
		err = fmt.Errorf("%w: %s", err, r.Status)
	}
	return ws, err
}

// as signs somebody in.
func (h *house) as(user string) http.CookieJar {
	h.t.Helper()
	jar, status := h.signIn(user, password)
	if status != http.StatusOK {
		h.t.Fatalf("sign-in of %s: status %d", user, status)
	}
	return jar
}

// desk signs an adviser in and opens the desk's page.
func (h *house) desk(user string) *page {
	h.t.Helper()
	return h.openPage(h.as(user))
}

// hotline opens the hotline's page. What it returns reads what the page is told, up to what is waited for.
func (h *house) hotline() func(until func(hotline.View) bool) hotline.View {
	h.t.Helper()
	ws, err := h.dial(h.as("hotline"), "/hotline/socket", "http://"+h.addr)
	if err != nil {
		h.t.Fatal(err)
	}
	h.t.Cleanup(func() { ws.Close() })
	if err := ws.SetReadDeadline(time.Now().Add(patience)); err != nil {
		h.t.Fatal(err)
	}
	var v hotline.View
	return func(until func(hotline.View) bool) hotline.View {
		h.t.Helper()
		for {
			var told hotline.View
			if err := ws.ReadJSON(&told); err != nil {
				h.t.Fatal(err)
			}
			if told.Seq != v.Seq+1 {
				h.t.Fatalf("view %d after view %d", told.Seq, v.Seq)
			}
			if v.Seq = told.Seq; !told.Changes {
				v = told
			}
			for _, b := range told.Booths {
				i := slices.IndexFunc(v.Booths, func(old hotline.Booth) bool { return old.ID == b.ID })
				if i < 0 {
					h.t.Fatalf("%s has changed, which was not there before", b.ID)
				}
				v.Booths = slices.Clone(v.Booths)
				v.Booths[i] = b
			}
			if until(v) {
				return v
			}
		}
	}
}

func (h *house) openPage(jar http.CookieJar) *page {
	h.t.Helper()
	ws, err := h.dial(jar, "/desk/socket", "http://"+h.addr)
	if err != nil {
		h.t.Fatal(err)
	}
	p := &page{t: h.t, ws: ws, got: make(chan pushed, 1000), jar: jar}
	h.t.Cleanup(func() { ws.Close() })
	go p.readAll()
	return p
}

func (p *page) readAll() {
	for {
		_, b, err := p.ws.ReadMessage()
		if err != nil {
			code := websocket.CloseAbnormalClosure
			var closed *websocket.CloseError
			if errors.As(err, &closed) {
				code = closed.Code
			}
			p.got <- pushed{closed: code}
			return
		}
		var s struct {
			Call   string       `json:"call"`
			Signal *wire.Signal `json:"signal"`
		}
		if bytes.Contains(b, []byte(`"signal":`)) {
			if err := json.Unmarshal(b, &s); err == nil {
				p.got <- pushed{call: s.Call, signal: s.Signal}
				continue
			}
		}
		var v desk.View
		if err := json.Unmarshal(b, &v); err != nil {
			p.t.Errorf("the page got %s: %v", b, err)
			return
		}
		p.got <- pushed{view: v}
	}
}

// until waits for a view that fits.
func (p *page) until(what string, fits func(desk.View) bool) desk.View {
	p.t.Helper()
	if p.present.Seq > 0 && fits(p.present) {
		return p.present
	}
	deadline := time.After(patience)
	for {
		select {
		case m := <-p.got:
			if m.closed != 0 {
				p.t.Fatalf("%s: the page was closed (%d) after %+v", what, m.closed, p.present)
			}
			if m.signal != nil {
				continue
			}
			p.present = m.view
			if fits(m.view) {
				return m.view
			}
		case <-deadline:
			p.t.Fatalf("%s: the page still shows %+v", what, p.present)
		}
	}
}

func (p *page) signal(call string, kind wire.Kind) wire.Signal {
	p.t.Helper()
	deadline := time.After(patience)
	for {
		select {
		case m := <-p.got:
			if m.closed != 0 {
				p.t.Fatalf("signal %s: the page was closed (%d)", kind, m.closed)
			}
			if m.signal == nil {
				p.present = m.view
			} else if m.call == call && m.signal.Kind == kind {
				return *m.signal
			}
		case <-deadline:
			p.t.Fatalf("no signal %s", kind)
		}
	}
}

func (p *page) closed() int {
	p.t.Helper()
	deadline := time.After(patience)
	for {
		select {
		case m := <-p.got:
			if m.closed != 0 {
				return m.closed
			}
			if m.signal == nil {
				p.present = m.view
			}
		case <-deadline:
			p.t.Fatal("the page was not closed")
		}
	}
}

func (p *page) do(m desk.Message) {
	p.t.Helper()
	if err := p.ws.WriteJSON(m); err != nil {
		p.t.Fatal(err)
	}
}

func (p *page) available(on bool) {
	p.t.Helper()
	p.do(desk.Message{Do: desk.DeedAvailable, On: on})
	p.until("available", func(v desk.View) bool { return v.Available == on })
}

func (p *page) rings(call string) desk.View {
	p.t.Helper()
	return p.until("ringing "+call, func(v desk.View) bool {
		return v.Call != nil && v.Call.ID == call && v.Call.State == "ringing"
	})
}

func (p *page) idle() desk.View {
	p.t.Helper()
	return p.until("no call", func(v desk.View) bool { return v.Call == nil })
}

func any1[M wire.Message](M) bool { return true }

// The story of one call, with everything that passes between booth and desk.
func TestCall(t *testing.T) {
	h := openHouse(t)
	gien := h.booth("gien")
	welcome := ask[wire.Welcome](gien, wire.VerbHello, wire.Hello{Version: "test", Calls: []string{}})
	if len(welcome.Partners) != 5 || welcome.Partners[0] != (wire.Availability{ID: "caf"}) {
		t.Errorf("welcome %+v; want five partners, CAF first, nobody there", welcome)
	}
	d := h.desk("caf.1")
	v := d.until("ready", func(v desk.View) bool { return v.Screen == desk.ScreenReady })
	if v.Available || v.Adviser == nil || v.Adviser.Name != "Mme caf.1" || v.Adviser.Partner.Short != "CAF" {
		t.Errorf("view %+v", v)
	}
	d.available(true)
	wait(gien, wire.Down("gien", wire.VerbPartners), func(p wire.Partners) bool {
		return p.Partners[0] == wire.Availability{ID: "caf", Online: 1, Free: 1}
	})

	call := gien.place("caf")
	v = d.rings(call)
	if v.Call.Site != "Espace Services Publics de gien" || len(v.Call.ICEServers) != 2 || v.Call.ICEServers[1].Credential == "" {
		t.Errorf("call %+v", v.Call)
	}
	ringing := wait(gien, wire.Down("gien", wire.VerbRinging), any1[wire.Ringing])
	if ringing.Call != call || len(ringing.ICEServers) != 2 {
		t.Errorf("ringing %+v", ringing)
	}
	gien.send(wire.UpSignal("gien", call), wire.Signal{Kind: wire.KindOffer, SDP: "offer"})
	gien.send(wire.UpSignal("gien", call), wire.Signal{Kind: wire.KindCandidate, Candidate: &wire.Candidate{Candidate: "candidate"}})
	if s := d.signal(call, wire.KindOffer); s.SDP != "offer" {
		t.Errorf("offer %+v", s)
	}
	d.signal(call, wire.KindCandidate)
	d.do(desk.Message{Do: desk.DeedAnswer, Call: call})
	d.until("answered", func(v desk.View) bool { return v.Call != nil && v.Call.State == "answered" })
	if a := wait(gien, wire.Down("gien", wire.VerbAnswered), any1[wire.Answered]); a.Call != call || a.Adviser != "Mme caf.1" {
		t.Errorf("answered %+v", a)
	}
	d.do(desk.Message{Call: call, Signal: &wire.Signal{Kind: wire.KindAnswer, SDP: "answer"}})
	if s := wait(gien, wire.DownSignal("gien", call), any1[wire.Signal]); s.SDP != "answer" {
		t.Errorf("answer %+v", s)
	}
	// The desk hangs up.
	d.do(desk.Message{Do: desk.DeedHangUp, Call: call})
	if e := wait(gien, wire.Down("gien", wire.VerbEnded), any1[wire.Ended]); e != (wire.Ended{Call: call, Reason: wire.ReasonHungUp}) {
		t.Errorf("ended %+v", e)
	}
	d.idle()
	if r := ask[wire.PlaceReply](gien, wire.VerbAlive, wire.Alive{Call: call}); r.Code != wire.CodeGone {
		t.Errorf("alive after the end: %+v", r)
	}

	// The booth hangs up; hanging up twice is harmless.
	call = gien.place("caf")
	d.rings(call)
	d.do(desk.Message{Do: desk.DeedAnswer, Call: call})
	wait(gien, wire.Down("gien", wire.VerbAnswered), any1[wire.Answered])
	for range 2 {
		ask[wire.Left](gien, wire.VerbLeave, wire.Leave{Call: call, Reason: wire.ReasonHungUp})
	}
	d.idle()
}

// Two booths and two desks: who came first is served first; a desk of another
// partner does not ring; cancelling moves the others up.
func TestLine(t *testing.T) {
	h := openHouse(t)
	gien, patay := h.booth("gien"), h.booth("patay")
	d, other := h.desk("caf.1"), h.desk("cpam.1")
	other.available(true)

	first := gien.place("caf")
	second := patay.place("caf")
	if r := ask[wire.PlaceReply](patay, wire.VerbAlive, wire.Alive{Call: second}); r.Place != 2 || r.Online != 0 {
		t.Errorf("second in line: %+v", r)
	}
	// Asking again changes nothing.
	if r := ask[wire.PlaceReply](gien, wire.VerbPlace, wire.Place{Call: first, Partner: "caf", Language: "fr"}); r.Place != 1 {
		t.Errorf("first in line, again: %+v", r)
	}
	v := d.until("two in line", func(v desk.View) bool { return len(v.Line) == 2 })
	if v.Line[0].Call != first || v.Line[1].Site != "Espace Services Publics de patay" {
		t.Errorf("line %+v", v.Line)
	}
	ask[wire.Left](gien, wire.VerbLeave, wire.Leave{Call: first, Reason: wire.ReasonCancelled})
	wait(patay, wire.Down("patay", wire.VerbPlace), func(p wire.Placed) bool { return p.Place == 1 })
	third := gien.place("caf")
	d.available(true)
	d.rings(second)
	// Declining gives the call back at its old age and sets the desk away.
	d.do(desk.Message{Do: desk.DeedDecline, Call: second})
	v = d.idle()
	wait(patay, wire.Down("patay", wire.VerbRequeued), any1[wire.Requeued])
	v = d.until("away", func(v desk.View) bool { return !v.Available && len(v.Line) == 2 })
	if v.Line[0].Call != second || v.Line[1].Call != third {
		t.Errorf("line after declining %+v; want the declined call first", v.Line)
	}
	e := h.desk("caf.2")
	e.available(true)
	e.rings(second)
	d.available(true)
	d.rings(third)
	// A page that goes while it rings gives its call back, at its old age.
	d.ws.Close()
	wait(gien, wire.Down("gien", wire.VerbRequeued), any1[wire.Requeued])
	e.do(desk.Message{Do: desk.DeedAnswer, Call: second})
	wait(patay, wire.Down("patay", wire.VerbAnswered), any1[wire.Answered])
	// It comes back as available as it was.
	d = h.openPage(d.jar)
	d.rings(third)
	if other.present.Call != nil || len(other.present.Line) != 0 {
		t.Errorf("the CPAM's desk shows %+v", other.present)
	}
}

func TestRefusals(t *testing.T) {
	h := openHouse(t)
	patay, stranger := h.booth("patay"), h.booth("orleans")
	for _, c := range []struct {
		from    *kiosk
		partner string
		want    wire.Code
	}{
		{patay, "cpam", wire.CodeClosed},
		{patay, "bank", wire.CodeUnknownPartner},
		{stranger, "caf", wire.CodeUnknownSite},
	} {
		id := uuid.NewString()
		got := ask[wire.PlaceReply](c.from, wire.VerbPlace, wire.Place{Call: id, Partner: c.partner, Language: "fr"})
		if got.Code != c.want || got.Call != id {
			t.Errorf("%s to %s: %+v; want %s", c.from.site, c.partner, got, c.want)
		}
	}
	reply, err := patay.nc.Request(wire.Up("patay", wire.VerbPlace), []byte(`{"call":1}`), patience)
	if err != nil {
		t.Fatal(err)
	}
	if r, err := wire.Decode[wire.PlaceReply](reply.Data); err != nil || r.Code != wire.CodeMalformed {
		t.Errorf("a malformed request: %+v, %v", r, err)
	}
}

// A booth's credentials open its own subjects and nothing else.
func TestBoothsApart(t *testing.T) {
	h := openHouse(t)
	gien, patay := h.booth("gien"), h.booth("patay")
	forbidden := func(what string, do func() error) {
		t.Helper()
		if err := do(); err != nil {
			t.Fatalf("%s: %v", what, err)
		}
		if err := gien.nc.Flush(); err != nil {
			t.Fatal(err)
		}
		select {
		case err := <-gien.errs:
			if !errors.Is(err, nats.ErrPermissionViolation) {
				t.Errorf("%s: %v; want a permissions violation", what, err)
			}
		case <-time.After(patience):
			t.Errorf("%s was allowed", what)
		}
	}
	publish := func(subject string) func() error {
		return func() error { return gien.nc.Publish(subject, []byte(`{}`)) }
	}
	subscribe := func(subject string) func() error {
		return func() error { _, err := gien.nc.SubscribeSync(subject); return err }
	}
	forbidden("placing as another booth", publish(wire.Up("patay", wire.VerbPlace)))
	forbidden("speaking as the hub", publish(wire.Down("gien", wire.VerbEnded)))
	forbidden("answering another booth", publish(wire.InboxPrefix("patay")+".x"))
	forbidden("writing the line", publish("$KV.line.caf.x"))
	forbidden("asking JetStream", publish("$JS.API.STREAM.DELETE.KV_line"))
	forbidden("hearing another booth's calls", subscribe(wire.DownOnly("patay")))
	forbidden("hearing all booths", subscribe("booth.*.down.>"))
	forbidden("hearing another booth's answers", subscribe(wire.InboxPrefix("patay")+".>"))
	forbidden("hearing everything", subscribe(">"))

	// Its own subjects do not let it touch another booth's call.
	d := h.desk("caf.1")
	d.available(true)
	call := patay.place("caf")
	d.rings(call)
	if r := ask[wire.PlaceReply](gien, wire.VerbAlive, wire.Alive{Call: call}); r.Code != wire.CodeGone {
		t.Errorf("another booth's call: %+v", r)
	}
	if r := ask[wire.PlaceReply](gien, wire.VerbPlace, wire.Place{Call: call, Partner: "caf", Language: "fr"}); r.Code == "" {
		t.Errorf("another booth's call was placed: %+v", r)
	}
	ask[wire.Left](gien, wire.VerbLeave, wire.Leave{Call: call, Reason: wire.ReasonHungUp})
	gien.send(wire.UpSignal("gien", call), wire.Signal{Kind: wire.KindOffer, SDP: "forged"})
	patay.send(wire.UpSignal("patay", call), wire.Signal{Kind: wire.KindOffer, SDP: "true"})
	if s := d.signal(call, wire.KindOffer); s.SDP != "true" {
		t.Errorf("offer %+v", s)
	}

	// Without credentials there is no way in.
	if nc, err := nats.Connect("ws://"+h.addr, nats.ProxyPath("/nats")); err == nil {
		nc.Close()
		t.Error("a stranger was let in")
	}
}

// An adviser passes a call on, the next one's page is loaded anew in mid-call, the line breaks, and the booth is called back.
func TestPassedOnAndCalledBack(t *testing.T) {
	h := openHouse(t)
	gien := h.booth("gien")
	caf, cpam := h.desk("caf.1"), h.desk("cpam.1")
	caf.available(true)
	call := gien.place("caf")
	caf.rings(call)
	caf.do(desk.Message{Do: desk.DeedAnswer, Call: call})
	target := func(v desk.View) desk.Target {
		if v.Call != nil {
			for _, p := range v.Call.Targets {
				if p.ID == "cpam" {
					return p
				}
			}
		}
		return desk.Target{}
	}
	v := caf.until("answered", func(v desk.View) bool { return v.Call != nil && v.Call.State == "answered" })
	if p := target(v); p.Short != "CPAM" || p.Phone != "3646" || !p.Open || p.Online != 0 || len(v.Call.Targets) != 4 {
		t.Errorf("targets %+v", v.Call.Targets)
	}
	// Where nobody is nobody is sent to.
	caf.do(desk.Message{Do: desk.DeedTransfer, Call: call, Partner: "cpam"})
	cpam.available(true)
	caf.until("somebody at the CPAM", func(v desk.View) bool { return target(v).Free == 1 })
	caf.do(desk.Message{Do: desk.DeedTransfer, Call: call, Partner: "cpam"})
	if m := wait(gien, wire.Down("gien", wire.VerbTransferred), any1[wire.Transferred]); m != (wire.Transferred{Call: call, Partner: "cpam", Place: 1}) {
		t.Errorf("transferred %+v", m)
	}
	caf.idle()
	if v := cpam.rings(call); v.Call.From != "CAF" {
		t.Errorf("the CPAM sees %+v", v.Call)
	}
	cpam.do(desk.Message{Do: desk.DeedAnswer, Call: call})
	if a := wait(gien, wire.Down("gien", wire.VerbAnswered), func(a wire.Answered) bool { return a.Adviser == "Mme cpam.1" }); a.Call != call {
		t.Errorf("answered %+v", a)
	}
	gien.send(wire.UpSignal("gien", call), wire.Signal{Kind: wire.KindOffer, SDP: "first"})
	cpam.signal(call, wire.KindOffer)

	cpam.ws.Close()
	cpam = h.openPage(cpam.jar)
	cpam.until("the call", func(v desk.View) bool { return v.Call != nil && v.Call.State == "answered" })
	cpam.do(desk.Message{Do: desk.DeedRejoin, Call: call})
	if m := wait(gien, wire.Down("gien", wire.VerbRenew), any1[wire.Renew]); m.Call != call || len(m.ICEServers) != 2 {
		t.Errorf("renew %+v", m)
	}
	gien.send(wire.UpSignal("gien", call), wire.Signal{Kind: wire.KindOffer, SDP: "second"})
	if s := cpam.signal(call, wire.KindOffer); s.SDP != "second" {
		t.Errorf("the page that came back got %+v", s)
	}
	// A desk has no say in another one's call.
	caf.do(desk.Message{Do: desk.DeedRejoin, Call: call})
	caf.do(desk.Message{Do: desk.DeedLose, Call: call})

	ask[wire.Left](gien, wire.VerbLeave, wire.Leave{Call: call, Reason: wire.ReasonFailed})
	cpam.until("a call that broke", func(v desk.View) bool { return v.Call == nil && len(v.Dropped) == 1 && v.Dropped[0].Call == call })
	caf.do(desk.Message{Do: desk.DeedCallBack, Call: call})
	cpam.do(desk.Message{Do: desk.DeedCallBack, Call: call})
	if m := wait(gien, wire.Down("gien", wire.VerbCallBack), any1[wire.CallBack]); m != (wire.CallBack{Call: call, Partner: "cpam", Adviser: "Mme cpam.1"}) {
		t.Errorf("called back %+v", m)
	}
	cpam.until("calling back", func(v desk.View) bool { return v.Call != nil && v.Call.State == "recalling" })
	if r := ask[wire.PlaceReply](h.booth("patay"), wire.VerbAccept, wire.Accept{Call: call}); r.Code != wire.CodeGone {
		t.Errorf("another booth accepts: %+v", r)
	}
	if r := ask[wire.PlaceReply](gien, wire.VerbAccept, wire.Accept{Call: call}); r.Code != "" {
		t.Errorf("accepted: %+v", r)
	}
	wait(gien, wire.Down("gien", wire.VerbAnswered), any1[wire.Answered])
	cpam.until("answered", func(v desk.View) bool { return v.Call != nil && v.Call.State == "answered" })
	gien.send(wire.UpSignal("gien", call), wire.Signal{Kind: wire.KindOffer, SDP: "third"})
	if s := cpam.signal(call, wire.KindOffer); s.SDP != "third" {
		t.Errorf("after calling back: %+v", s)
	}
	// It breaks again, and another citizen touches the screen.
	ask[wire.Left](gien, wire.VerbLeave, wire.Leave{Call: call, Reason: wire.ReasonFailed})
	cpam.until("a call that broke", func(v desk.View) bool { return len(v.Dropped) == 1 })
	gien.send(wire.Up("gien", wire.VerbStatus), wire.Status{Phase: "choosing", Since: time.Now()})
	cpam.until("nobody to call back", func(v desk.View) bool { return len(v.Dropped) == 0 })
}

// The hub stops and starts again on its store: the line keeps its order, desks
// stay signed in, and a call in progress goes on.
func TestRestart(t *testing.T) {
	h := openHouse(t)
	gien, patay := h.booth("gien"), h.booth("patay")
	d := h.desk("caf.1")
	d.available(true)
	talking := gien.place("caf")
	d.rings(talking)
	d.do(desk.Message{Do: desk.DeedAnswer, Call: talking})
	wait(gien, wire.Down("gien", wire.VerbAnswered), any1[wire.Answered])
	waiting := patay.place("caf")
	d.until("one in line", func(v desk.View) bool { return len(v.Line) == 1 })

	h.stop()
	if code := d.closed(); code != websocket.CloseGoingAway {
		t.Errorf("the page was closed with %d", code)
	}
	h.start()
	d = h.openPage(d.jar)
	v := d.until("the call", func(v desk.View) bool { return v.Call != nil && len(v.Line) == 1 })
	if v.Call.ID != talking || v.Call.State != "answered" || v.Line[0].Call != waiting {
		t.Fatalf("after the restart %+v", v)
	}
	if r := ask[wire.PlaceReply](patay, wire.VerbPlace, wire.Place{Call: waiting, Partner: "caf", Language: "fr"}); r.Place != 1 {
		t.Errorf("placed again after the restart: %+v", r)
	}
	// Signals pass again, both ways, once the page says that it has the call.
	d.do(desk.Message{Do: desk.DeedResume, Call: talking})
	gien.send(wire.UpSignal("gien", talking), wire.Signal{Kind: wire.KindOffer, SDP: "restart"})
	if s := d.signal(talking, wire.KindOffer); s.SDP != "restart" {
		t.Errorf("offer %+v", s)
	}
	d.do(desk.Message{Call: talking, Signal: &wire.Signal{Kind: wire.KindAnswer, SDP: "restarted"}})
	wait(gien, wire.DownSignal("gien", talking), any1[wire.Signal])
	d.do(desk.Message{Do: desk.DeedHangUp, Call: talking})
	wait(gien, wire.Down("gien", wire.VerbEnded), any1[wire.Ended])
	d.rings(waiting)
}

// Signing in, out, and twice.
func TestSessions(t *testing.T) {
	h := openHouse(t)
	if _, status := h.signIn("caf.1", "a wrong password"); status != http.StatusUnauthorized {
		t.Errorf("a wrong password: %d", status)
	}
	if _, status := h.signIn("nobody", password); status != http.StatusUnauthorized {
		t.Errorf("an unknown user: %d", status)
	}
	if status := h.post(nil, "/sign-in", "http://elsewhere.example", `{"user":"caf.1","password":"`+password+`"}`); status != http.StatusForbidden {
		t.Errorf("from another site: %d", status)
	}
	if status := h.post(nil, "/sign-in", "", `{}`); status != http.StatusForbidden {
		t.Errorf("without an origin: %d", status)
	}
	if _, err := h.dial(nil, "/desk/socket", "http://elsewhere.example"); err == nil || !strings.Contains(err.Error(), "403") {
		t.Errorf("a websocket from another site: %v", err)
	}
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	stranger := h.openPage(jar)
	if code := stranger.closed(); code != 4401 || stranger.present.Screen != desk.ScreenSignedOut {
		t.Errorf("a stranger was closed with %d after %+v", code, stranger.present)
	}

	old := h.desk("caf.1")
	old.available(true)
	call := h.booth("gien").place("caf")
	old.rings(call)
	// The newest tab takes the desk over, with the call that rings.
	d := h.openPage(old.jar)
	if code := old.closed(); code != 4409 || old.present.Screen != desk.ScreenReplaced {
		t.Errorf("the old tab was closed with %d after %+v", code, old.present)
	}
	d.rings(call)
	if status := h.post(d.jar, "/sign-out", "http://"+h.addr, ""); status != http.StatusOK {
		t.Errorf("sign-out: %d", status)
	}
	if code := d.closed(); code != 4401 {
		t.Errorf("closed with %d after signing out", code)
	}
	// The token is worth nothing now, even to one who kept it.
	again := h.openPage(old.jar)
	if code := again.closed(); code != 4401 {
		t.Errorf("a token that was signed out: %d", code)
	}

	// Guessing is slowed, for the right password too.
	status := 0
	for range 7 {
		_, status = h.signIn("caf.2", "a wrong password")
	}
	if status != http.StatusTooManyRequests {
		t.Errorf("after many guesses: %d", status)
	}
}

// Which page answers whom.
func TestPages(t *testing.T) {
	h := openHouse(t)
	jars := map[string]http.CookieJar{"": nil}
	for _, user := range []string{"caf.1", "hotline", "manager", "agent", "administrator"} {
		jars[user] = h.as(user)
	}
	for _, c := range []struct {
		path, user string
		want       int
		to         string // the page's title, or where it sends the browser
	}{
		{"/", "", 303, "/sign-in"},
		{"/", "caf.1", 303, "/desk"},
		{"/", "hotline", 303, "/hotline"},
		{"/", "manager", 303, "/figures"},
		{"/", "agent", 303, "/figures"},
		{"/", "administrator", 303, "/accounts"},
		{"/sign-in", "", 200, "sign-in"},
		{"/desk", "", 303, "/sign-in?then=%2Fdesk"},
		{"/desk", "caf.1", 200, "desk"},
		{"/desk", "hotline", 403, ""},
		{"/desk", "administrator", 403, ""}, // of no partner
		{"/desk/desk.js", "", 200, ""},
		{"/desk/nothing.js", "", 404, ""},
		{"/hotline", "", 303, "/sign-in?then=%2Fhotline"},
		{"/hotline", "hotline", 200, "hotline"},
		{"/hotline", "administrator", 200, "hotline"},
		{"/hotline", "caf.1", 403, ""},
		{"/accounts", "administrator", 200, "accounts"},
		{"/accounts", "manager", 403, ""},
		{"/accounts/list", "", 303, ""},
		{"/accounts/list", "hotline", 403, ""},
		{"/audit", "administrator", 200, "audit"},
		{"/audit", "hotline", 403, ""},
		{"/reception", "agent", 200, "reception"},
		{"/reception", "manager", 403, ""},
		{"/reception", "", 303, "/sign-in?then=%2Freception"},
		{"/reception/booth", "caf.1", 403, ""},
		{"/figures", "", 303, "/sign-in?then=%2Ffigures"},
		{"/figures", "manager", 200, "figures"},
		{"/figures", "agent", 200, "figures"},
		{"/figures", "administrator", 200, "figures"},
		{"/figures", "caf.1", 403, ""},
		{"/figures/choices", "agent", 200, ""},
		{"/figures/choices", "hotline", 403, ""},
		{"/figures/grid.json?month=2026-01&view=department", "manager", 404, ""},
		{"/figures/grid.csv", "hotline", 403, ""},
		{"/figures/hand", "hotline", 403, ""},
		{"/password", "agent", 200, "password"},
		{"/password", "", 303, "/sign-in?then=%2Fpassword"},
		{"/healthz", "", 200, ""},
		{"/common/x.js", "", 503, ""},
		{"/etc/passwd", "", 404, ""},
	} {
		status, body, header := h.get(jars[c.user], c.path)
		if status != c.want {
			t.Errorf("%s for %q: %d %s; want %d", c.path, c.user, status, body, c.want)
		}
		if got := header.Get("Location"); c.want == 303 && c.to != "" && got != c.to {
			t.Errorf("%s for %q leads to %s; want %s", c.path, c.user, got, c.to)
		}
		if c.want == 200 && c.to != "" && body != "<title>"+c.to+"</title>" {
			t.Errorf("%s for %q: %s", c.path, c.user, body)
		}
		if csp := header.Get("Content-Security-Policy"); !strings.HasPrefix(csp, "default-src 'none'") && c.path != "/healthz" {
			t.Errorf("%s: CSP %q", c.path, csp)
		}
	}
}

// get asks for a page as a browser does, and follows nothing.
func (h *house) get(jar http.CookieJar, path string) (int, string, http.Header) {
	h.t.Helper()
	req, err := http.NewRequest(http.MethodGet, "http://"+h.addr+path, nil)
	if err != nil {
		h.t.Fatal(err)
	}
	req.Header.Set("Accept", "text/html,application/xhtml+xml")
	client := &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	r, err := client.Do(req)
	if err != nil {
		h.t.Fatal(err)
	}
	defer r.Body.Close()
	b, err := io.ReadAll(r.Body)
	if err != nil {
		h.t.Fatal(err)
	}
	return r.StatusCode, string(b), r.Header
}

func TestHotline(t *testing.T) {
	h := openHouse(t)
	gien := h.booth("gien")
	page := h.hotline()
	v := page(func(hotline.View) bool { return true })
	if len(v.Booths) != 2 || v.Booths[0].State != hotline.StateNever || v.Booths[0].Name != "Espace Services Publics de gien" {
		t.Errorf("at first %+v", v)
	}
	gien.send(wire.Up("gien", wire.VerbStatus), wire.Status{
		Version: "1.2", Phase: "in_call", Since: time.Now(), Encoder: "openh264", Simulated: []string{"camera"}, Warnings: []string{"w"},
	})
	v = page(func(v hotline.View) bool { return v.Booths[0].State == hotline.StateUp })
	if b := v.Booths[0]; b.Version != "1.2" || b.Phase != "in_call" || b.Encoder != "openh264" || len(b.Simulated) != 1 || len(b.Warnings) != 1 {
		t.Errorf("gien %+v", b)
	}
	if v.Booths[1].State != hotline.StateNever {
		t.Errorf("patay %+v", v.Booths[1])
	}
	if _, err := h.dial(h.as("hotline"), "/hotline/socket", "http://elsewhere.example"); err == nil {
		t.Error("a websocket from another site was let in")
	}
	for user, want := range map[string]string{"": "401", "caf.1": "403", "manager": "403"} {
		var jar http.CookieJar
		if user != "" {
			jar = h.as(user)
		}
		if _, err := h.dial(jar, "/hotline/socket", "http://"+h.addr); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("a websocket of %q: %v; want %s", user, err, want)
		}
	}
}

// The hotline has a booth check its devices, and reads what it found.
func TestDeviceCheck(t *testing.T) {
	h := openHouse(t)
	gien := h.booth("gien")
	page := h.hotline()
	jar := h.as("hotline")
	status := wire.Status{Version: "1.2", Phase: "none", Since: time.Now()}
	gien.send(wire.Up("gien", wire.VerbStatus), status)
	page(func(v hotline.View) bool { return v.Booths[0].State == hotline.StateUp })
	for _, c := range []struct {
		site, origin string
		want         int
	}{
		{"gien", "http://elsewhere.example", http.StatusForbidden},
		{"gien", "", http.StatusForbidden},
		{"patay", "http://" + h.addr, http.StatusNotFound},
		{"gien", "http://" + h.addr, http.StatusAccepted},
	} {
		if got := h.post(jar, "/hotline/booths/"+c.site+"/selftest", c.origin, ""); got != c.want {
			t.Errorf("asked from %q for %s: %d; want %d", c.origin, c.site, got, c.want)
		}
	}
	wait(gien, wire.Down("gien", wire.VerbCheckDevices), func(wire.CheckDevices) bool { return true })
	status.DeviceCheck = &wire.DeviceCheck{State: wire.DeviceCheckDone, At: time.Now().UTC(), Findings: []wire.Finding{{Device: "microphone", Result: "silent"}}}
	gien.send(wire.Up("gien", wire.VerbStatus), status)
	v := page(func(v hotline.View) bool { return v.Booths[0].DeviceCheck != nil })
	if f := v.Booths[0].DeviceCheck.Findings; len(f) != 1 || f[0].Result != "silent" {
		t.Errorf("found %+v", f)
	}
}

// A booth measures its network with what it gets over its own connection.
func TestNetworkTest(t *testing.T) {
	h := openHouse(t)
	a := ask[wire.NetworkTestReply](h.booth("gien"), wire.VerbNetworkTest, wire.NetworkTest{})
	if len(a.ICEServers) != 2 || !strings.HasSuffix(a.ICEServers[1].Username, ":test-gien") || a.ICEServers[1].Credential == "" {
		t.Errorf("servers %+v", a.ICEServers)
	}
	for _, c := range []struct {
		token string
		want  int
	}{{a.SpeedToken, http.StatusOK}, {"", http.StatusUnauthorized}} {
		req, err := http.NewRequest(http.MethodGet, "http://"+h.addr+a.SpeedPath+"?bytes=1000", nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Authorization", "Bearer "+c.token)
		r, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		if r.Body.Close(); r.StatusCode != c.want {
			t.Errorf("with token %q: %s", c.token, r.Status)
		}
	}
}

// The hotline still sees how a booth's last call went when the booth has started anew, and forgotten it.
func TestTheLastCallStays(t *testing.T) {
	h := openHouse(t)
	gien := h.booth("gien")
	page := h.hotline()
	first := &wire.LastCall{HalfDay: "2026-11-24-am", Causes: []string{"sound"}, Sound: &wire.Sound{Echo: "good", EchoReducedDB: 38, MadeUpPerMille: 31}}
	second := &wire.LastCall{HalfDay: "2026-11-24-pm"}
	for _, c := range []struct {
		version    string
		said, want *wire.LastCall
	}{{"1", nil, nil}, {"2", first, first}, {"3", nil, first}, {"4", second, second}} {
		gien.send(wire.Up("gien", wire.VerbStatus), wire.Status{Version: c.version, Phase: "none", Since: time.Now(), LastCall: c.said})
		v := page(func(v hotline.View) bool { return v.Booths[0].Version == c.version })
		if diff := cmp.Diff(c.want, v.Booths[0].LastCall); diff != "" {
			t.Errorf("status %s (-want +got):\n%s", c.version, diff)
		}
	}
}
