package alert

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/mail"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/nats-io/nats.go/jetstream"

	"loiret.fr/visioborne/hub/hotline"
	"loiret.fr/visioborne/hub/mailtest"
	"loiret.fr/visioborne/hub/natstest"
)

// patience is for what must happen; a test that waits that long has failed.
const patience = 15 * time.Second

const delay = 5 * time.Minute

var noon = time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)

// TestNext holds the life of an episode, step by step.
func TestNext(t *testing.T) {
	well := hotline.Booth{ID: "gien", Known: true, State: hotline.StateUp}
	ill := well
	ill.Troubles = []string{"hot"}
	stopped, unknown, unseen := ill, ill, well
	stopped.OutOfService, unknown.Known, unseen.State = &hotline.Stop{}, false, hotline.StateNever
	channels := []string{"mail", "webhook"}
	begun := episode{Since: noon, Troubles: []string{"hot"}}
	with := func(change func(*episode)) *episode {
		e := begun
		change(&e)
		return &e
	}
	told := func(e *episode) { e.Told = channels }
	for _, c := range []struct {
		name  string
		of    *episode
		booth hotline.Booth
		after time.Duration
		want  step
	}{
		{"all is well", nil, well, 0, stay},
		{"it begins", nil, ill, 0, write},
		{"out of service nothing begins", nil, stopped, 0, stay},
		{"no episode of an unknown site", nil, unknown, 0, stay},
		{"too soon to tell", &begun, ill, delay - time.Second, stay},
		{"it has lasted", &begun, ill, delay, tellIll},
		{"somebody is at it", with(func(e *episode) { e.NotBefore = noon.Add(delay + time.Minute) }), ill, delay, stay},
		{"one channel has not told", with(func(e *episode) { e.Told = []string{"mail"} }), ill, delay, tellIll},
		{"all have told", with(told), ill, time.Hour, stay},
		{"well before anybody heard", &begun, well, delay - time.Second, remove},
		{"well after it was told", with(told), well, time.Hour, write},
		{"well, but not for long", with(func(e *episode) { told(e); e.WellSince = noon.Add(time.Hour) }), well, time.Hour + delay - time.Second, stay},
		{"well for long", with(func(e *episode) { told(e); e.WellSince = noon.Add(time.Hour) }), well, time.Hour + delay, tellWell},
		{"unwell again: the same episode", with(func(e *episode) { told(e); e.WellSince = noon.Add(time.Hour) }), ill, time.Hour + time.Minute, write},
		{"its end was told", with(func(e *episode) { told(e); e.WellTold = channels; e.WellSince = noon }), well, time.Hour, remove},
		{"the end is told by those that told", with(func(e *episode) { e.Told = channels[:1]; e.WellTold = channels[:1]; e.WellSince = noon }), well, time.Hour, remove},
		{"taken out of service meanwhile", with(told), stopped, time.Hour, stay},
		{"a hub that has just started", with(told), unseen, time.Hour, stay},
		{"the site is gone", with(told), unknown, time.Hour, remove},
	} {
		if _, got := next(c.of, c.booth, channels, delay, noon.Add(c.after)); got != c.want {
			t.Errorf("%s: %q; want %q", c.name, got, c.want)
		}
	}
}

func TestPause(t *testing.T) {
	for failures, want := range map[int]time.Duration{1: retryMin, 2: 2 * retryMin, 3: 4 * retryMin, 6: retryMax, 1000: retryMax} {
		if got := pause(failures); got != want {
			t.Errorf("after %d failures: %v; want %v", failures, got, want)
		}
	}
}

// world is a store, a clock and booths that several hubs see.
type world struct {
	t  *testing.T
	js jetstream.JetStream

	mu     sync.Mutex
	now    time.Time
	booths []hotline.Booth
}

func newWorld(t *testing.T) *world {
	t.Helper()
	js, _ := natstest.Open(t, t.TempDir())
	return &world{t: t, js: js, now: noon}
}

func (w *world) set(after time.Duration, booths ...hotline.Booth) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now, w.booths = noon.Add(after), slices.Clone(booths)
}

// hub starts one, and returns what ends it.
func (w *world) hub(channels ...Channel) func() {
	w.t.Helper()
	a, err := Open(w.t.Context(), Options{
		JetStream: w.js, Channels: channels, Delay: delay, Page: "https://hub.example.fr/hotline",
		Booths: func() []hotline.Booth { w.mu.Lock(); defer w.mu.Unlock(); return w.booths },
		Now:    func() time.Time { w.mu.Lock(); defer w.mu.Unlock(); return w.now },
		Log:    slog.New(slog.DiscardHandler),
	})
	if err != nil {
		w.t.Fatal(err)
	}
	a.tick = 5 * time.Millisecond
	ctx, cancel := context.WithCancel(w.t.Context())
	ended := make(chan error, 1)
	go func() { ended <- a.Run(ctx) }()
	var once sync.Once
	stop := func() {
		once.Do(func() {
			cancel()
			if err := <-ended; err != nil {
				w.t.Error(err)
			}
		})
	}
	w.t.Cleanup(stop)
	return stop
}

// kept waits until what is kept of a site fits; nil: nothing is.
func (w *world) kept(site string, fits func(*episode) bool) {
	w.t.Helper()
	kv, err := w.js.KeyValue(w.t.Context(), bucketName)
	if err != nil {
		w.t.Fatal(err)
	}
	for deadline := time.Now().Add(patience); ; {
		var e *episode
		if entry, err := kv.Get(w.t.Context(), site); err == nil {
			e = &episode{}
			if err := json.Unmarshal(entry.Value(), e); err != nil {
				w.t.Fatal(err)
			}
		}
		if fits(e) {
			return
		}
		if time.Now().After(deadline) {
			w.t.Fatalf("kept of %s: %+v", site, e)
		}
	}
}

// hook is a webhook on loopback; it answers with the status that it is told.
type hook struct {
	*httptest.Server
	mu     sync.Mutex
	status int
	got    chan Message
	tries  chan struct{}
}

func newHook(t *testing.T, key string) *hook {
	h := &hook{status: http.StatusNoContent, got: make(chan Message, 100), tries: make(chan struct{}, 1000)}
	h.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h.tries <- struct{}{}
		h.mu.Lock()
		status := h.status
		h.mu.Unlock()
		if status >= 300 {
			w.WriteHeader(status)
			return
		}
		b, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		mac := hmac.New(sha256.New, []byte(key))
		mac.Write(b)
		if got, want := r.Header.Get(signatureHeader), "sha256="+hex.EncodeToString(mac.Sum(nil)); got != want {
			t.Errorf("signature %q; want %q", got, want)
		}
		var m Message
		if err := json.Unmarshal(b, &m); err != nil {
			t.Error(err)
		}
		h.got <- m
		w.WriteHeader(status)
	}))
	t.Cleanup(h.Close)
	return h
}

func (h *hook) answer(status int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.status = status
}

func receive[T any](t *testing.T, from <-chan T) T {
	t.Helper()
	select {
	case v := <-from:
		return v
	case <-time.After(patience):
		t.Fatalf("no %T came", *new(T))
		panic("unreachable")
	}
}

func nothing[T any](t *testing.T, from <-chan T) {
	t.Helper()
	select {
	case v := <-from:
		t.Errorf("once more: %+v", v)
	default:
	}
}

func booth(id, name string, troubles ...string) hotline.Booth {
	b := hotline.Booth{ID: id, Name: name, Known: true, State: hotline.StateUp, Troubles: troubles}
	if len(troubles) > 0 && troubles[0] == "silent" {
		b.State = hotline.StateSilent
	}
	return b
}

func ways(t *testing.T, smtp, url string) []Channel {
	t.Helper()
	return []Channel{
		mailer{MailSettings{Server: smtp, TLS: tlsNone, From: "Visioborne <visioborne@example.fr>", To: []string{"assistance@example.fr", "astreinte@example.fr"}}, ""},
		newWebhook(url, "secret"),
	}
}

// Two hubs, one of which starts anew in between, tell of an episode once and of its end once, on each channel.
func TestOnce(t *testing.T) {
	w := newWorld(t)
	smtp, letters, _ := mailtest.Start(t, "127.0.0.1:0")
	h := newHook(t, "secret")
	first := w.hub(ways(t, smtp, h.URL)...)
	w.hub(ways(t, smtp, h.URL)...)
	ill := []hotline.Booth{booth("gien", "Gien", "silent", "hot"), booth("lorris", "Lorris"), booth("patay", "Patay", "camera_missing")}
	w.set(0, ill...)
	w.kept("gien", func(e *episode) bool { return e != nil })
	w.kept("patay", func(e *episode) bool { return e != nil })
	w.set(delay, ill...)
	// Both are due at the same time; two hubs may each have claimed one of them.
	told := map[string]bool{}
	for len(told) < 2 {
		m := receive(t, h.got)
		if m.Event != Unwell || m.Page != "https://hub.example.fr/hotline" {
			t.Errorf("%+v", m)
		}
		for _, b := range m.Booths {
			if told[b.ID] {
				t.Errorf("%s was told twice", b.ID)
			}
			told[b.ID] = true
			if b.ID == "gien" && (b.State != "silent" || !cmp.Equal(b.Troubles, []string{"silent", "hot"}) || !b.Since.Equal(noon)) {
				t.Errorf("%+v", b)
			}
		}
	}
	for _, site := range []string{"gien", "patay"} {
		w.kept(site, func(e *episode) bool { return e != nil && len(e.Told) == 2 })
	}
	mails, text := 0, ""
	for len(letters) > 0 {
		l := <-letters
		mails++
		text += l.Text
		if !strings.Contains(l.From, "visioborne@example.fr") || len(l.To) != 2 {
			t.Errorf("%+v", l)
		}
		if m, err := mail.ReadMessage(strings.NewReader(l.Text)); err != nil || m.Header.Get("Auto-Submitted") != "auto-generated" || m.Header.Get("Message-Id") == "" {
			t.Errorf("%v: %s", err, l.Text)
		}
	}
	if mails < 1 || mails > 2 || strings.Count(text, "Gien (gien)") != 1 || strings.Count(text, "Patay (patay)") != 1 || strings.Contains(text, "Lorris") {
		t.Errorf("%d mails:\n%s", mails, text)
	}
	// A hub starts anew, hours pass, a trouble more comes: nothing is told.
	first()
	w.hub(ways(t, smtp, h.URL)...)
	ill[0].Troubles = []string{"silent", "hot", "disk_full"}
	w.set(3*time.Hour, ill...)
	well := []hotline.Booth{booth("gien", "Gien"), booth("lorris", "Lorris"), ill[2]}
	w.set(4*time.Hour, well...)
	w.kept("gien", func(e *episode) bool { return e != nil && !e.WellSince.IsZero() })
	nothing(t, h.got)
	nothing(t, letters)
	// A moment in which it is unwell again belongs to the same episode.
	w.set(4*time.Hour+time.Minute, ill...)
	w.kept("gien", func(e *episode) bool { return e != nil && e.WellSince.IsZero() })
	w.set(5*time.Hour, well...)
	w.kept("gien", func(e *episode) bool { return e != nil && !e.WellSince.IsZero() })
	nothing(t, h.got)
	w.set(5*time.Hour+delay, well...)
	m := receive(t, h.got)
	if m.Event != Well || len(m.Booths) != 1 || m.Booths[0].ID != "gien" {
		t.Errorf("%+v", m)
	}
	if l := receive(t, letters); !strings.Contains(l.Text, "gien") {
		t.Errorf("%+v", l)
	}
	w.kept("gien", func(e *episode) bool { return e == nil })
	nothing(t, h.got)
	nothing(t, letters)
}

// A channel that is away is tried again, and the other one does not tell again.
func TestRetry(t *testing.T) {
	w := newWorld(t)
	smtp, _, stop := mailtest.Start(t, "127.0.0.1:0")
	stop()
	h := newHook(t, "secret")
	w.hub(ways(t, smtp, h.URL)...)
	ill := booth("gien", "Gien", "hot")
	w.set(0, ill)
	w.kept("gien", func(e *episode) bool { return e != nil })
	at := delay
	w.set(at, ill)
	receive(t, h.got)
	w.kept("gien", func(e *episode) bool { return e != nil && e.Failures == 1 && cmp.Equal(e.Told, []string{"webhook"}) })
	at += retryMin
	w.set(at, ill)
	w.kept("gien", func(e *episode) bool { return e != nil && e.Failures == 2 })
	_, letters, _ := mailtest.Start(t, smtp)
	at += 2 * retryMin
	w.set(at, ill)
	if l := receive(t, letters); !strings.Contains(l.Text, "gien") {
		t.Errorf("%+v", l)
	}
	w.kept("gien", func(e *episode) bool { return e != nil && len(e.Told) == 2 && e.Failures == 0 })
	// Now the webhook is away when it is well again.
	h.answer(http.StatusBadGateway)
	well := booth("gien", "Gien")
	w.set(at+time.Hour, well)
	w.kept("gien", func(e *episode) bool { return e != nil && !e.WellSince.IsZero() })
	w.set(at+time.Hour+delay, well)
	receive(t, letters)
	w.kept("gien", func(e *episode) bool { return e != nil && e.Failures == 1 && cmp.Equal(e.WellTold, []string{"mail"}) })
	h.answer(http.StatusOK)
	w.set(at+time.Hour+delay+retryMin, well)
	if m := receive(t, h.got); m.Event != Well {
		t.Errorf("%+v", m)
	}
	w.kept("gien", func(e *episode) bool { return e == nil })
	nothing(t, letters)
	nothing(t, h.got)
}

// What people copy out of the document must load.
func TestExampleOfSettings(t *testing.T) {
	text, err := os.ReadFile("../../docs/hotline.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(text), "```yaml\n")
	example, _, ok := strings.Cut(rest, "```")
	file := filepath.Join(t.TempDir(), "alerts.yaml")
	if err := os.WriteFile(file, []byte(example), 0o600); err != nil || !ok {
		t.Fatal(ok, err)
	}
	if s, err := LoadSettings(file); err != nil || s.Mail == nil || s.Webhook == nil || s.Webhook.SecretFile == "" {
		t.Errorf("%+v, %v", s, err)
	}
}

func TestSettings(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) string {
		file := filepath.Join(dir, name)
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return file
	}
	write("password", "agrafe\n")
	good := write("good.yaml", `delay: 10m
page: https://hub.example.fr/hotline
mail:
  server: smtp.example.fr:587
  user: visioborne
  password_file: password
  from: Visioborne <visioborne@example.fr>
  to: [assistance@example.fr]
webhook: {url: "https://example.fr/alertes"}
`)
	s, err := LoadSettings(good)
	if err != nil || s.Delay != 10*time.Minute || s.Mail.TLS != tlsStart || s.Mail.PasswordFile != filepath.Join(dir, "password") {
		t.Errorf("%+v, %v", s, err)
	}
	if all, err := s.Channels(); err != nil || len(all) != 2 || all[0].(mailer).password != "agrafe" {
		t.Errorf("%v, %v", all, err)
	}
	if s, err := LoadSettings(write("short.yaml", "webhook: {url: \"http://127.0.0.1:9/\"}\n")); err != nil || s.Delay != defaultDelay {
		t.Errorf("%+v, %v", s, err)
	}
	for text, want := range map[string]string{
		"delay: 1s\n":                                        "delay: 1s is out of range; expected 10s to 24h0m0s\nneither mail nor webhook is there",
		"webhook: {url: example.fr}\n":                       `webhook.url: "example.fr" is not an address`,
		"webhook: {adress: x}\n":                             "adress",
		"mail: {server: smtp.example.fr, from: x, to: []}\n": "mail.server: \"smtp.example.fr\" is not host:port; expected one such as smtp.example.fr:587\nmail.from: \"x\" is not an address; expected one such as visioborne@example.fr\nmail.to: is missing",
		"mail: {server: 'a:25', tls: none, user: u, password_file: p, from: a@b.fr, to: [c@d.fr]}\n": "none would send the password in the clear",
		"mail: {server: 'a:25', tls: ssl, user: u, from: a@b.fr, to: [c@d.fr, e]}\n":                 "mail.tls: \"ssl\" is unknown; expected starttls, tls or none\nmail.user and mail.password_file go together; give both, or neither\nmail.to[1]: \"e\" is not an address",
	} {
		if _, err := LoadSettings(write("bad.yaml", text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v\nwant %s", text, err, want)
		}
	}
	if _, err := (Settings{Webhook: &WebhookSettings{URL: "https://example.fr", SecretFile: filepath.Join(dir, "none")}}).Channels(); err == nil {
		t.Error("a secret that is not there was taken")
	}
}

func TestWords(t *testing.T) {
	gien := Booth{ID: "gien", Name: "Espace Services Publics de Gien", State: "up", Troubles: []string{"hot", "camera_frozen", "of_tomorrow"}, Since: noon}
	lorris := Booth{ID: "lorris", Name: "Lorris", State: "silent", Troubles: []string{"silent"}, Since: noon.AddDate(0, 6, 0)}
	for _, c := range []struct {
		m             Message
		subject, body string
	}{
		{
			Message{Event: Unwell, Booths: []Booth{gien}, Page: "https://hub.example.fr/hotline"},
			"Visioborne : la borne gien a un problème",
			"À voir :\n\n- Espace Services Publics de Gien (gien), depuis le 24/11/2026 à 13:00 : le processeur est trop chaud ; la caméra donne une image figée ; of_tomorrow\n\nhttps://hub.example.fr/hotline\n",
		},
		{Message{Event: Unwell, Booths: []Booth{lorris}}, "Visioborne : la borne lorris ne répond plus", "À voir :\n\n- Lorris (lorris), depuis le 24/05/2027 à 14:00 : ne donne plus signe de vie\n"},
		{Message{Event: Well, Booths: []Booth{lorris}}, "Visioborne : la borne lorris fonctionne à nouveau", "Tout va bien à nouveau :\n\n- Lorris (lorris), depuis le 24/05/2027 à 14:00 : ne donne plus signe de vie\n"},
		{Message{Event: Unwell, Booths: []Booth{gien, lorris}}, "Visioborne : 2 bornes ont un problème", ""},
		{Message{Event: Well, Booths: []Booth{gien, lorris}}, "Visioborne : 2 bornes fonctionnent à nouveau", ""},
	} {
		if got := subject(c.m); got != c.subject {
			t.Errorf("subject %q; want %q", got, c.subject)
		}
		if got := body(c.m); c.body != "" && got != c.body {
			t.Errorf("body\n%s\nwant\n%s", got, c.body)
		}
	}
}
