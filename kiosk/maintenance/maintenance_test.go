package maintenance

import (
	"bufio"
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"
)

const password = "cheval: agrafe é"

// gokrazy is a status page as gokrazy's is: with a token in a cookie and in its
// forms, and a log that goes on and on.
func gokrazy(t *testing.T) string {
	t.Helper()
	socket := filepath.Join(t.TempDir(), "http.sock")
	l, err := net.Listen("unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "" {
			t.Error("gokrazy was told the password")
		}
		if r.URL.Path != "/" {
			t.Errorf("gokrazy was asked for %s", r.URL.Path)
		}
		w.Header().Set("Access-Control-Allow-Origin", "*")
		fmt.Fprint(w, "overview")
	})
	mux.HandleFunc("/status", func(w http.ResponseWriter, r *http.Request) {
		http.SetCookie(w, &http.Cookie{Name: "gokrazy_xsrf", Value: "4711", HttpOnly: true})
		fmt.Fprint(w, "status of "+r.FormValue("path"))
	})
	mux.HandleFunc("/assets/status.js", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "watch()") })
	mux.HandleFunc("/restart", func(w http.ResponseWriter, r *http.Request) {
		c, err := r.Cookie("gokrazy_xsrf")
		if r.Method != http.MethodPost || err != nil || c.Value != r.FormValue("xsrftoken") {
			http.Error(w, "XSRF token mismatch", http.StatusForbidden)
			return
		}
		http.Redirect(w, r, "/status?path="+url.QueryEscape(r.FormValue("path")), http.StatusSeeOther)
	})
	mux.HandleFunc("/log", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		for line := 1; ; line++ {
			fmt.Fprintf(w, "event: stderr\ndata: line %d\n\n", line)
			w.(http.Flusher).Flush()
			select {
			case <-r.Context().Done():
				return
			case <-time.After(20 * time.Millisecond):
			}
		}
	})
	server := &http.Server{Handler: mux}
	done := make(chan struct{})
	go func() { defer close(done); _ = server.Serve(l) }()
	t.Cleanup(func() { server.Close(); <-done })
	return socket
}

// opened is a Server on loopback ports.
type opened struct {
	status, touchscreen string
	client              *http.Client
	rebooted            chan struct{}
	stop                func() time.Duration
}

func open(t *testing.T, socket string, touchscreen http.Handler) *opened {
	t.Helper()
	certificate, err := SelfSigned()
	if err != nil {
		t.Fatal(err)
	}
	rebooted := make(chan struct{}, 1)
	s, err := Open(Options{
		StatusAddr: "127.0.0.1:0", TouchscreenAddr: "127.0.0.1:0", Password: password, Certificate: certificate, Socket: socket,
		Reboot: func() { rebooted <- struct{}{} }, Log: slog.New(slog.NewTextHandler(io.Discard, nil)),
	})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- s.Serve(ctx, touchscreen) }()
	stopped := false
	stop := func() time.Duration {
		if stopped {
			return 0
		}
		stopped = true
		begin := time.Now()
		cancel()
		select {
		case err := <-done:
			if err != nil {
				t.Error(err)
			}
		case <-time.After(10 * time.Second):
			t.Error("Serve does not return after its context ended")
		}
		return time.Since(begin)
	}
	t.Cleanup(func() { stop() })
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	transport := &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}, ForceAttemptHTTP2: true}
	t.Cleanup(transport.CloseIdleConnections)
	return &opened{
		"https://" + s.status.Addr().String(), "https://" + s.touchscreen.Addr().String(),
		&http.Client{Transport: transport, Jar: jar}, rebooted, stop,
	}
}

// do sends a request with the right password, unless headers say otherwise.
func (o *opened) do(t *testing.T, method, address string, form url.Values, headers ...string) *http.Response {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, address, strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	r.SetBasicAuth(user, password)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	response, err := o.client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { response.Body.Close() })
	return response
}

func body(t *testing.T, r *http.Response) string {
	t.Helper()
	b, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(b))
}

func TestOnlyThePasswordOpens(t *testing.T) {
	o := open(t, gokrazy(t), http.NotFoundHandler())
	ask := func(address, user, password string) int {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
		if err != nil {
			t.Fatal(err)
		}
		if user != "" {
			r.SetBasicAuth(user, password)
		}
		response, err := o.client.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		if response.StatusCode == http.StatusUnauthorized && !strings.HasPrefix(response.Header.Get("WWW-Authenticate"), "Basic ") {
			t.Error("a browser would not ask for the password")
		}
		return response.StatusCode
	}
	for range 2 * maxWrong { // a browser's first requests
		if got := ask(o.status+"/", "", ""); got != http.StatusUnauthorized {
			t.Errorf("without a password: %d", got)
		}
	}
	for _, c := range []struct{ address, user, password string }{
		{o.status, user, "cheval"}, {o.touchscreen, user, ""}, {o.status, "gokrazy", password}, {o.status + "/log", user, password + " "},
	} {
		if got := ask(c.address, c.user, c.password); got != http.StatusUnauthorized {
			t.Errorf("%+v: %d", c, got)
		}
	}
	if got := ask(o.status, user, password); got != http.StatusOK {
		t.Errorf("the right password: %d", got)
	}
	if got := ask(o.touchscreen, user, "the fifth wrong one"); got != http.StatusUnauthorized {
		t.Errorf("the fifth wrong one: %d", got)
	}
	for _, address := range []string{o.status, o.touchscreen} {
		if got := ask(address, user, password); got != http.StatusTooManyRequests {
			t.Errorf("the right one after five wrong ones: %d", got)
		}
	}
	if response, err := o.client.Get(strings.Replace(o.status, "https", "http", 1)); err == nil {
		response.Body.Close()
		if response.StatusCode == http.StatusOK {
			t.Error("it answers without TLS")
		}
	}
}

func TestDoorOpensAgain(t *testing.T) {
	now := time.Date(2026, 11, 24, 10, 0, 0, 0, time.UTC)
	d := newDoor(password, slog.New(slog.NewTextHandler(io.Discard, nil)))
	d.now = func() time.Time { return now }
	knock := func(password string, wantWait time.Duration, wantIn bool) {
		t.Helper()
		if wait, in := d.knock(user, password, true, ""); wait != wantWait || in != wantIn {
			t.Errorf("%q: shut for %v, in: %v; want %v, %v", password, wait, in, wantWait, wantIn)
		}
	}
	for round := range 3 {
		for range maxWrong - 1 {
			knock("wrong", 0, false)
			knock(password, 0, true) // which forgives nothing
		}
		knock("wrong", 0, false)
		knock(password, pause, false)
		now = now.Add(pause - time.Second)
		knock("wrong", time.Second, false) // nor does knocking in the pause make it longer
		now = now.Add(time.Second)
		knock(password, 0, true)
		if t.Failed() {
			t.Fatalf("in round %d", round+1)
		}
	}
	if _, err := Open(Options{}); err == nil {
		t.Error("it opens without a password")
	}
}

func TestTheStatusPage(t *testing.T) {
	o := open(t, gokrazy(t), http.NotFoundHandler())
	overview := o.do(t, "GET", o.status+"/", nil)
	if got := body(t, overview); got != "overview" || overview.Header.Get("Access-Control-Allow-Origin") != "" {
		t.Errorf("overview: %q, %v", got, overview.Header)
	}
	if got := body(t, o.do(t, "GET", o.status+"/assets/status.js", nil)); got != "watch()" {
		t.Errorf("script: %q", got)
	}
	form := url.Values{"path": {"/user/kiosk"}, "xsrftoken": {"4711"}}
	if got := o.do(t, "POST", o.status+"/restart", form); got.StatusCode != http.StatusForbidden {
		t.Errorf("restarting without the cookie: %s", got.Status)
	}
	if got := body(t, o.do(t, "GET", o.status+"/status?path=%2Fgokrazy%2Fntp", nil)); got != "status of /gokrazy/ntp" {
		t.Errorf("status: %q", got)
	}
	// The browser follows the redirection by itself.
	restarted := o.do(t, "POST", o.status+"/restart", form, "Origin", o.status, "Sec-Fetch-Site", "same-origin")
	if got := body(t, restarted); got != "status of /user/kiosk" || restarted.Request.URL.Host != strings.TrimPrefix(o.status, "https://") {
		t.Errorf("restarted: %q at %s", got, restarted.Request.URL)
	}
	for _, headers := range [][]string{
		{"Origin", "https://evil.example", "Sec-Fetch-Site", "cross-site"},
		{"Origin", o.touchscreen, "Sec-Fetch-Site", "same-site"},
		{"Origin", "https://evil.example"},
	} {
		for _, path := range []string{"/restart", "/reboot"} {
			if got := o.do(t, "POST", o.status+path, form, headers...); got.StatusCode != http.StatusForbidden {
				t.Errorf("%s from %v: %s", path, headers, got.Status)
			}
		}
	}
	// What gokrazy would do besides; its fake complains when it is asked.
	for method, paths := range map[string][]string{
		"PUT":  {"/update/root", "/update/boot", "/update/mbr", "/uploadtemp/x", "/"},
		"POST": {"/update/switch", "/update/testboot", "/divert", "/status", "/", "/x/../restart/"},
		"GET":  {"/update/features", "/debug/pprof/", "/restart", "/reboot", "/etc/passwd"},
	} {
		for _, path := range paths {
			if got := o.do(t, method, o.status+path, form); got.StatusCode != http.StatusNotFound && got.StatusCode != http.StatusMethodNotAllowed {
				t.Errorf("%s %s: %s", method, path, got.Status)
			}
		}
	}
	if len(o.rebooted) > 0 {
		t.Fatal("it was restarted by a stranger")
	}
	if got := o.do(t, "POST", o.status+"/reboot", nil, "Origin", o.status, "Sec-Fetch-Site", "same-origin"); got.StatusCode != http.StatusOK || len(o.rebooted) != 1 {
		t.Errorf("reboot: %s, asked for %d times", got.Status, len(o.rebooted))
	}
}

func TestALogIsPassedOnLineByLine(t *testing.T) {
	o := open(t, gokrazy(t), http.NotFoundHandler())
	log := o.do(t, "GET", o.status+"/log?path=%2Fuser%2Fkiosk&stream=both", nil, "Accept", "text/event-stream")
	if kind := log.Header.Get("Content-Type"); kind != "text/event-stream" {
		t.Errorf("a browser would not read it: %q", kind)
	}
	var got []string
	for lines := bufio.NewScanner(log.Body); len(got) < 3 && lines.Scan(); {
		if line, ok := strings.CutPrefix(lines.Text(), "data: "); ok {
			got = append(got, line)
		}
	}
	if want := []string{"line 1", "line 2", "line 3"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	if took := o.stop(); took > farewell+3*time.Second {
		t.Errorf("a log that is watched keeps the service for %v", took)
	}
}

func TestAnAnswerUnderWayIsGiven(t *testing.T) {
	asked, answer := make(chan struct{}), make(chan struct{})
	o := open(t, "", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		close(asked)
		<-answer
		fmt.Fprint(w, r.Context().Err())
	}))
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		<-asked
		time.AfterFunc(farewell/4, func() { close(answer) })
		o.stop()
	}()
	if got := body(t, o.do(t, "GET", o.touchscreen, nil)); got != "<nil>" {
		t.Errorf("the answer is %q", got)
	}
	<-ended
}

func TestWithoutAStatusPage(t *testing.T) {
	o := open(t, filepath.Join(t.TempDir(), "nothing"), http.NotFoundHandler())
	if got := o.do(t, "GET", o.status, nil); got.StatusCode != http.StatusBadGateway || !strings.HasPrefix(body(t, got), "asking for the status page: ") {
		t.Errorf("%s", got.Status)
	}
}

// A websocket passes, with the origin that a browser gives, and ends with the service.
func TestWebsocket(t *testing.T) {
	upgrader := websocket.Upgrader{CheckOrigin: func(r *http.Request) bool {
		return r.TLS != nil && r.Header.Get("Origin") == "https://"+r.Host
	}}
	gone := make(chan struct{})
	o := open(t, "", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ws, err := upgrader.Upgrade(w, r, nil)
		if err != nil {
			return
		}
		defer close(gone)
		defer ws.Close()
		_ = ws.WriteMessage(websocket.TextMessage, []byte("view"))
		<-r.Context().Done()
	}))
	dialer := websocket.Dialer{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}
	address := strings.Replace(o.touchscreen, "https", "wss", 1) + "/socket"
	if _, response, err := dialer.Dial(address, http.Header{"Origin": {o.touchscreen}}); err == nil || response.StatusCode != http.StatusUnauthorized {
		t.Errorf("without a password: %v", err)
	}
	signed, _ := http.NewRequest("GET", "", nil)
	signed.SetBasicAuth(user, password)
	signed.Header.Set("Origin", o.touchscreen)
	ws, _, err := dialer.Dial(address, signed.Header)
	if err != nil {
		t.Fatal(err)
	}
	defer ws.Close()
	if _, m, err := ws.ReadMessage(); err != nil || string(m) != "view" {
		t.Errorf("%q, %v", m, err)
	}
	o.stop()
	select {
	case <-gone:
	case <-time.After(10 * time.Second):
		t.Error("the websocket outlives the service")
	}
}
