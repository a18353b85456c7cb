package page

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/gorilla/websocket"

	"loiret.fr/visioborne/kiosk/booth"
)

// served is a Page on a loopback port, with what it reported.
type served struct {
	*Page
	addr    string
	intents chan booth.Event
	keys    chan byte
	alive   chan struct{}
}

func serve(t *testing.T) *served {
	t.Helper()
	s := &served{intents: make(chan booth.Event, 16), keys: make(chan byte, 64), alive: make(chan struct{}, 16)}
	s.Page = New(Options{
		Files:    fstest.MapFS{"index.html": {Data: []byte("<title>Visioborne</title>")}},
		Intent:   func(e booth.Event) { s.intents <- e },
		KeyFrame: func(stream byte) { s.keys <- stream },
		Alive:    func() { s.alive <- struct{}{} },
		Log:      slog.New(slog.NewTextHandler(io.Discard, nil)),
	})
	l, err := Listen("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s.addr = l.Addr().String()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- s.Serve(ctx, l) }()
	t.Cleanup(func() {
		cancel()
		select {
		case err := <-done:
			if err != nil {
				t.Error(err)
			}
		case <-time.After(10 * time.Second):
			t.Error("Serve does not return after its context ended")
		}
	})
	return s
}

func (s *served) dial(t *testing.T, path string) *websocket.Conn {
	t.Helper()
	ws, _, err := websocket.DefaultDialer.Dial("ws://"+s.addr+path, http.Header{"Origin": {"http://" + s.addr}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { ws.Close() })
	return ws
}

// received is a push as a page reads it.
type received struct {
	Seq     uint64
	Page    string
	Driving bool
	View    struct {
		Site   string
		Screen struct{ Name string }
	}
}

func next(t *testing.T, ws *websocket.Conn) received {
	t.Helper()
	var r received
	if err := ws.SetReadDeadline(time.Now().Add(10 * time.Second)); err != nil {
		t.Fatal(err)
	}
	if err := ws.ReadJSON(&r); err != nil {
		t.Fatal(err)
	}
	return r
}

func view(site string) booth.View {
	return booth.View{Site: site, Screen: booth.HomeScreen{Name: "home"}}
}

func TestAPageThatConnectsSeesThePresentState(t *testing.T) {
	s := serve(t)
	s.Show(view("before"))
	s.Show(view("now"))
	ws := s.dial(t, "/socket")
	first := next(t, ws)
	if first.View.Site != "now" || first.View.Screen.Name != "home" || !first.Driving {
		t.Fatalf("%+v", first)
	}
	s.Show(view("later"))
	if second := next(t, ws); second.View.Site != "later" || second.Seq <= first.Seq {
		t.Fatalf("%+v after %+v", second, first)
	}
}

func TestOnePageDrivesAndTheNextTakesOver(t *testing.T) {
	s := serve(t)
	s.Show(view("site"))
	first := s.dial(t, "/socket")
	if !next(t, first).Driving {
		t.Fatal("the first page does not drive")
	}
	second := s.dial(t, "/socket")
	if next(t, second).Driving {
		t.Fatal("two pages drive")
	}
	say := func(ws *websocket.Conn, m string) {
		if err := ws.WriteMessage(websocket.TextMessage, []byte(m)); err != nil {
			t.Fatal(err)
		}
	}
	say(second, `{"intent":"hang_up"}`) // a watcher is not obeyed
	say(second, `{"intent":"alive"}`)
	<-s.alive // by now it was read, while the first page was there
	say(first, `{"intent":"cancel"}`)
	if e := <-s.intents; e != (booth.Cancelled{}) {
		t.Fatalf("%T", e)
	}
	first.Close()
	for !next(t, second).Driving {
	}
	say(second, `{"intent":"touch"}`)
	if e := <-s.intents; e != (booth.Touched{}) {
		t.Fatalf("%T: a watcher was obeyed", e)
	}
}

func TestAWatcherNeverDrives(t *testing.T) {
	s := serve(t)
	alive := 0
	s.options.Alive = func() { alive++ }
	s.Show(view("before"))
	server := httptest.NewTLSServer(s.Watchers())
	t.Cleanup(server.Close)
	host := strings.TrimPrefix(server.URL, "https://")
	dialer := websocket.Dialer{TLSClientConfig: server.Client().Transport.(*http.Transport).TLSClientConfig}
	dial := func(path, origin string) (*websocket.Conn, error) {
		ws, _, err := dialer.Dial("wss://"+host+path, http.Header{"Origin": {origin}})
		return ws, err
	}
	for _, origin := range []string{"http://" + host, "https://evil.example", "http://" + s.addr} {
		if _, err := dial("/socket", origin); err == nil {
			t.Errorf("a page of %s may watch", origin)
		}
	}
	watcher, err := dial("/socket", server.URL)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { watcher.Close() })
	id := next(t, watcher).Page
	for _, m := range []string{`{"intent":"alive"}`, `{"intent":"hang_up"}`} { // it is alone, and still not obeyed
		if err := watcher.WriteMessage(websocket.TextMessage, []byte(m)); err != nil {
			t.Fatal(err)
		}
	}
	first := s.dial(t, "/socket")
	if !next(t, first).Driving {
		t.Error("the touchscreen's page, which came after a watcher, does not drive")
	}
	if _, err := dial("/video?page="+id, server.URL); err == nil {
		t.Error("a watcher got pictures")
	}
	if _, _, err := websocket.DefaultDialer.Dial("ws://"+s.addr+"/video?page="+id, http.Header{"Origin": {"http://" + s.addr}}); err == nil {
		t.Error("a watcher's page got pictures beside it")
	}
	s.Frame(Frame{Stream: StreamOwn, Codec: CodecH264, Key: true, Payload: []byte("key")})
	first.Close()
	for deadline := time.Now().Add(10 * time.Second); ; { // until nobody drives
		s.mu.Lock()
		left := len(s.conns)
		s.mu.Unlock()
		if left == 0 {
			break
		}
		if time.Now().After(deadline) {
			t.Fatal("the page that was closed is still there")
		}
		time.Sleep(time.Millisecond)
	}
	s.Show(view("after"))
	for {
		p := next(t, watcher)
		if p.Driving {
			t.Fatal("a watcher took over")
		}
		if p.View.Site == "after" {
			break
		}
	}
	// It says nonsense last, so that all that it has said before was read when it is shown the door.
	if err := watcher.WriteMessage(websocket.TextMessage, []byte(`nonsense`)); err != nil {
		t.Fatal(err)
	}
	for {
		if _, _, err := watcher.ReadMessage(); err != nil {
			break
		}
	}
	if len(s.intents) > 0 || alive > 0 {
		t.Errorf("%d intents and %d signs of life of a watcher were taken", len(s.intents), alive)
	}
	// Serve ends while one watches: its cleanup finds out.
	if _, err := dial("/socket", server.URL); err != nil {
		t.Error(err)
	}
}

func TestStrangersAreRefused(t *testing.T) {
	s := serve(t)
	for _, test := range []struct {
		name, host, origin, path string
		status                   int
	}{
		{"another host's name (DNS rebinding)", "evil.example:80", "", "/", http.StatusMisdirectedRequest},
		{"another page of the same browser", s.addr, "http://evil.example", "/socket", http.StatusForbidden},
		{"no origin", s.addr, "", "/socket", http.StatusForbidden},
		{"another port of this machine", s.addr, "http://127.0.0.1:1", "/socket", http.StatusForbidden},
		{"pictures without a page", s.addr, "http://" + s.addr, "/video?page=9", http.StatusNotFound},
	} {
		t.Run(test.name, func(t *testing.T) {
			r, err := http.NewRequest("GET", "http://"+s.addr+test.path, nil)
			if err != nil {
				t.Fatal(err)
			}
			r.Host = test.host
			for k, v := range map[string]string{
				"Connection": "Upgrade", "Upgrade": "websocket", "Sec-Websocket-Version": "13",
				"Sec-Websocket-Key": "dGhlIHNhbXBsZSBub25jZQ==", "Origin": test.origin,
			} {
				if v != "" {
					r.Header.Set(k, v)
				}
			}
			response, err := http.DefaultClient.Do(r)
			if err != nil {
				t.Fatal(err)
			}
			defer response.Body.Close()
			if response.StatusCode != test.status {
				t.Fatalf("status %d, expected %d", response.StatusCode, test.status)
			}
		})
	}
}

func TestListensOnLoopbackOnly(t *testing.T) {
	for _, addr := range []string{"0.0.0.0:0", ":0", "192.0.2.1:0", "example.org:80", "nonsense"} {
		if l, err := Listen(addr); err == nil {
			l.Close()
			t.Errorf("listening on %q succeeded", addr)
		} else if !strings.Contains(err.Error(), addr) {
			t.Errorf("listening on %q: the error does not name the address: %v", addr, err)
		}
	}
	for _, addr := range []string{"127.0.0.1:0", "localhost:0"} {
		l, err := Listen(addr)
		if err != nil {
			t.Errorf("listening on %q: %v", addr, err)
			continue
		}
		if !l.Addr().(*net.TCPAddr).IP.IsLoopback() {
			t.Errorf("%q listens on %v", addr, l.Addr())
		}
		l.Close()
	}
}

func TestEveryAnswerSaysWhatThePageMayLoad(t *testing.T) {
	s := serve(t)
	response, err := http.Get("http://" + s.addr + "/")
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, _ := io.ReadAll(response.Body)
	if !strings.Contains(string(body), "Visioborne") {
		t.Errorf("the page is %q", body)
	}
	if csp := response.Header.Get("Content-Security-Policy"); !strings.Contains(csp, "default-src 'none'") {
		t.Errorf("content security policy: %q", csp)
	}
}

func TestPicturesGoToThePageThatDrives(t *testing.T) {
	s := serve(t)
	s.Show(view("site"))
	ws := s.dial(t, "/socket")
	id := next(t, ws).Page
	watcher := s.dial(t, "/socket")
	pictures := s.dial(t, "/video?page="+id)
	s.dial(t, "/video?page="+next(t, watcher).Page)

	// A page that begins to watch needs key frames of both streams.
	want := map[byte]int{StreamAdviser: 2, StreamOwn: 2}
	for range 4 {
		want[<-s.keys]--
	}
	if want[StreamAdviser] != 0 || want[StreamOwn] != 0 {
		t.Fatalf("key frames were asked %v times too few", want)
	}
	s.Frame(Frame{Stream: StreamAdviser, Codec: CodecH264, Payload: []byte("cannot be decoded yet")})
	if <-s.keys != StreamAdviser {
		t.Fatal("no key frame was asked for")
	}
	s.Frame(Frame{Stream: StreamAdviser, Codec: CodecVP8, Key: true, Timestamp: 5 * time.Millisecond, Payload: []byte("key")})
	s.Frame(Frame{Stream: StreamAdviser, Codec: CodecVP8, Timestamp: 38 * time.Millisecond, Due: time.UnixMilli(1_234_567), Payload: []byte("delta")})
	for _, want := range []struct {
		flags byte
		us    uint64
		due   uint64
		text  string
	}{{1, 5000, 0, "key"}, {0, 38000, 1_234_567, "delta"}} {
		if err := pictures.SetReadDeadline(time.Now().Add(10 * time.Second)); err != nil {
			t.Fatal(err)
		}
		kind, m, err := pictures.ReadMessage()
		if err != nil {
			t.Fatal(err)
		}
		if kind != websocket.BinaryMessage || m[0] != StreamAdviser || m[1] != CodecVP8 || m[2] != want.flags ||
			binary.BigEndian.Uint64(m[4:]) != want.us || binary.BigEndian.Uint64(m[12:]) != want.due || string(m[headerBytes:]) != want.text {
			t.Fatalf("kind %d, %q, expected %+v", kind, m, want)
		}
	}
	if err := pictures.WriteMessage(websocket.TextMessage, []byte(`{"key":1}`)); err != nil {
		t.Fatal(err)
	}
	if <-s.keys != StreamOwn {
		t.Fatal("the page's wish for a key frame was not passed on")
	}
}

func TestASlowPageContinuesAtAKeyFrame(t *testing.T) {
	v := &video{wake: make(chan struct{}, 1)}
	for range maxQueued {
		if !v.add(Frame{Payload: []byte("x")}) {
			t.Fatal("a key frame was wanted before the queue was full")
		}
	}
	if v.add(Frame{Payload: []byte("x")}) {
		t.Fatal("a full queue took a frame that nothing can decode")
	}
	if v.add(Frame{Payload: []byte("x")}) || !v.add(Frame{Key: true, Payload: []byte("key")}) || !v.add(Frame{Payload: []byte("x")}) {
		t.Fatal("the stream does not begin again at the key frame, and only there")
	}
	b, _ := v.take()
	if string(b[headerBytes:]) != "key" {
		t.Fatalf("the oldest frame is %q", b)
	}
}

func TestFramesAllocateNothingOnceRunning(t *testing.T) {
	v := &video{wake: make(chan struct{}, 1)}
	payload := make([]byte, 5000)
	once := func() {
		v.add(Frame{Key: true, Payload: payload})
		b, _ := v.take()
		v.give(b)
	}
	once()
	if n := testing.AllocsPerRun(100, once); n != 0 {
		t.Errorf("%v allocations a frame", n)
	}
}

// A document's picture is there as long as the view names it, and for the booth's own page only.
func TestAPaperLastsAsLongAsItIsShown(t *testing.T) {
	s := serve(t)
	shows := func(id string) booth.View {
		v := view("site")
		call := booth.CallScreen{Name: "call"}
		if id != "" {
			call.Paper = &booth.Paper{ID: id, Page: 1, Pages: 1}
		}
		v.Screen = call
		return v
	}
	get := func(id string) (int, string) {
		r, err := http.Get("http://" + s.addr + "/paper/" + id)
		if err != nil {
			t.Fatal(err)
		}
		defer r.Body.Close()
		b, err := io.ReadAll(r.Body)
		if err != nil {
			t.Fatal(err)
		}
		return r.StatusCode, string(b)
	}
	s.Show(shows(""))
	s.Paper("a", []byte("first"))
	if status, _ := get("a"); status != http.StatusNotFound {
		t.Errorf("before it is shown: %d", status)
	}
	s.Show(shows("")) // something else has changed meanwhile
	s.Show(shows("a"))
	if status, body := get("a"); status != http.StatusOK || body != "first" {
		t.Errorf("shown: %d %q", status, body)
	}
	s.Paper("b", []byte("second"))
	s.Show(shows("a"))
	s.Show(shows("b"))
	if status, _ := get("a"); status != http.StatusNotFound {
		t.Errorf("the page before: %d", status)
	}
	if status, body := get("b"); status != http.StatusOK || body != "second" {
		t.Errorf("the next page: %d %q", status, body)
	}
	watcher := httptest.NewRecorder()
	s.Watchers().ServeHTTP(watcher, httptest.NewRequest(http.MethodGet, "/paper/b", nil))
	if watcher.Code != http.StatusNotFound {
		t.Errorf("a watcher gets %d", watcher.Code)
	}
	s.Paper("c", []byte("third"))
	s.Show(view("site"))
	if len(s.shown.jpeg)+len(s.coming.jpeg) != 0 {
		t.Error("after the call a picture is still there")
	}
}

func TestIntents(t *testing.T) {
	ids := cmpopts.IgnoreFields
	for _, test := range []struct {
		message string
		want    booth.Event
		err     string
	}{
		{`{"intent":"touch"}`, booth.Touched{}, ""},
		{`{"intent":"leave"}`, booth.CitizenLeft{}, ""},
		{`{"intent":"language","language":"en"}`, booth.LanguageChosen{Language: "en"}, ""},
		{`{"intent":"languages","on":true}`, booth.LanguagesAsked{Open: true}, ""},
		{`{"intent":"languages"}`, nil, `reading intent "languages": field on is missing; expected true or false`},
		{`{"intent":"opinion","answer":"partly"}`, booth.OpinionGiven{Answer: booth.AnswerPartly}, ""},
		{`{"intent":"low","on":true}`, booth.ZoneChosen{Low: true}, ""},
		{`{"intent":"low"}`, nil, `reading intent "low": field on is missing; expected true or false`},
		{`{"intent":"partner","partner":"caf"}`, booth.PartnerChosen{Partner: "caf"}, ""},
		{`{"intent":"group","group":"family"}`, booth.GroupChosen{Group: "family"}, ""},
		{`{"intent":"need","need":"caf-rent"}`, booth.NeedChosen{Need: "caf-rent"}, ""},
		{`{"intent":"help"}`, booth.HelpOpened{}, ""},
		{`{"intent":"help_close"}`, booth.HelpClosed{}, ""},
		{`{"intent":"help_ask"}`, booth.HelpAsked{}, ""},
		{`{"intent":"call"}`, booth.CallRequested{}, ""},
		{`{"intent":"cancel"}`, booth.Cancelled{}, ""},
		{`{"intent":"refuse"}`, booth.Refused{}, ""},
		{`{"intent":"say","phrase":"yes"}`, booth.PhraseChosen{Phrase: booth.PhraseYes}, ""},
		{`{"intent":"accept"}`, booth.Accepted{}, ""},
		{`{"intent":"training"}`, booth.TrainingAsked{}, ""},
		{`{"intent":"leave_training"}`, booth.TrainingLeft{}, ""},
		{`{"intent":"hang_up"}`, booth.CitizenHungUp{}, ""},
		{`{"intent":"microphone","on":false}`, booth.MicrophoneSwitched{On: false}, ""},
		{`{"intent":"keyboard","on":true}`, booth.KeyboardSwitched{On: true}, ""},
		{`{"intent":"keyboard"}`, nil, `reading intent "keyboard": field on is missing; expected true or false`},
		{`{"intent":"type","text":"é"}`, booth.TextTyped{Text: "é"}, ""},
		{`{"intent":"camera","on":true}`, booth.CameraSwitched{On: true}, ""},
		{`{"intent":"volume","percent":55}`, booth.VolumeChosen{Percent: 55}, ""},
		{`{"intent":"volume"}`, nil, `reading intent "volume": field percent is missing; expected 0 to 100`},
		{`{"intent":"microphone"}`, nil, `reading intent "microphone": field on is missing; expected true or false`},
		{`{"intent":"reboot"}`, nil, `reading an intent: "reboot" is unknown`},
		{`{"intent":"touch","extra":1}`, nil, `reading an intent: json: unknown field "extra"`},
		{`{"intent":"touch"} {}`, nil, `reading an intent: more than one JSON value in a message`},
		{``, nil, `reading an intent: EOF`},
	} {
		got, err := parseIntent([]byte(test.message))
		if text := errorText(err); text != test.err {
			t.Errorf("%s: error %q, expected %q", test.message, text, test.err)
			continue
		}
		if diff := cmp.Diff(test.want, got, ids(booth.LanguageChosen{}, "Session"), ids(booth.LanguagesAsked{}, "Session"), ids(booth.ZoneChosen{}, "Session"), ids(booth.PartnerChosen{}, "Session"), ids(booth.CallRequested{}, "Call"),
			ids(booth.GroupChosen{}, "Session"), ids(booth.HelpOpened{}, "Session"), ids(booth.HelpAsked{}, "Request")); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.message, diff)
		}
	}
}

func errorText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

func FuzzIntent(f *testing.F) {
	f.Add([]byte(`{"intent":"volume","percent":55}`))
	f.Add([]byte(`{"intent":"microphone","on":true}`))
	f.Fuzz(func(t *testing.T, m []byte) {
		e, err := parseIntent(m)
		if (e == nil) == (err == nil) {
			t.Fatalf("event %v, error %v", e, err)
		}
		if err == nil && !json.Valid(m) {
			t.Fatalf("%q is not JSON", m)
		}
	})
}

func BenchmarkFrame(b *testing.B) {
	v := &video{wake: make(chan struct{}, 1)}
	payload := make([]byte, 5000)
	b.ReportAllocs()
	for b.Loop() {
		v.add(Frame{Key: true, Payload: payload})
		buffer, _ := v.take()
		v.give(buffer)
	}
}
