package speed

import (
	"bytes"
	"compress/flate"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"loiret.fr/visioborne/hub/wire"
)

type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

type rig struct {
	t     *testing.T
	meter *Meter
	url   string
	clock *clock
}

func open(t *testing.T) *rig {
	c := &clock{at: time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)}
	m := New("secret", c.now)
	mux := http.NewServeMux()
	m.Routes(mux)
	s := httptest.NewServer(mux)
	t.Cleanup(s.Close)
	return &rig{t: t, meter: m, url: s.URL, clock: c}
}

func (r *rig) do(method, query, token string, body io.Reader) (int, http.Header, []byte) {
	r.t.Helper()
	q, err := http.NewRequestWithContext(r.t.Context(), method, r.url+wire.SpeedPath+query, body)
	if err != nil {
		r.t.Fatal(err)
	}
	if token != "" {
		q.Header.Set("Authorization", "Bearer "+token)
	}
	a, err := http.DefaultClient.Do(q)
	if err != nil {
		r.t.Fatal(err)
	}
	defer a.Body.Close()
	b, err := io.ReadAll(a.Body)
	if err != nil {
		r.t.Fatal(err)
	}
	return a.StatusCode, a.Header, b
}

func TestTransfer(t *testing.T) {
	r := open(t)
	token, expires := r.meter.Token("gien")
	if want := r.clock.now().Add(life); !expires.Equal(want) {
		t.Errorf("expires %v; want %v", expires, want)
	}
	status, header, b := r.do(http.MethodGet, "?bytes=100000", token, nil)
	if status != http.StatusOK || len(b) != 100000 || !strings.Contains(header.Get("Cache-Control"), "no-store") || header.Get("Content-Encoding") != "" {
		t.Errorf("%d, %d bytes, %v", status, len(b), header)
	}
	var packed bytes.Buffer
	f, err := flate.NewWriter(&packed, flate.BestCompression)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.Write(b); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil || packed.Len() < len(b) {
		t.Errorf("%d bytes can be packed into %d, %v", len(b), packed.Len(), err)
	}
	// With and without a length.
	for _, body := range []io.Reader{bytes.NewReader(b), io.MultiReader(bytes.NewReader(b))} {
		status, header, a := r.do(http.MethodPost, "", token, body)
		var taken wire.SpeedTaken
		if err := json.Unmarshal(a, &taken); err != nil || status != http.StatusOK || taken.Bytes != 100000 || taken.Milliseconds < 0 {
			t.Errorf("%d, %s, %v", status, a, err)
		}
		if !strings.Contains(header.Get("Cache-Control"), "no-store") {
			t.Errorf("headers %v", header)
		}
	}
}

func TestRefused(t *testing.T) {
	r := open(t)
	token, _ := r.meter.Token("gien")
	other, _ := New("another secret", r.clock.now).Token("gien")
	for _, c := range []struct {
		name, method, query, token string
		body                       io.Reader
		want                       int
	}{
		{"no token", http.MethodGet, "?bytes=1", "", nil, http.StatusUnauthorized},
		{"nonsense", http.MethodGet, "?bytes=1", "x", nil, http.StatusUnauthorized},
		{"dots", http.MethodGet, "?bytes=1", "..", nil, http.StatusUnauthorized},
		{"another hub's token", http.MethodGet, "?bytes=1", other, nil, http.StatusUnauthorized},
		{"another site's name", http.MethodGet, "?bytes=1", strings.Replace(token, "gien", "patay", 1), nil, http.StatusUnauthorized},
		{"a later end", http.MethodGet, "?bytes=1", "9" + token, nil, http.StatusUnauthorized},
		{"taking without a token", http.MethodPost, "", "", strings.NewReader("x"), http.StatusUnauthorized},
		{"no size", http.MethodGet, "", token, nil, http.StatusBadRequest},
		{"nothing", http.MethodGet, "?bytes=0", token, nil, http.StatusBadRequest},
		{"too much", http.MethodGet, "?bytes=" + strconv.Itoa(wire.SpeedMaxBytes+1), token, nil, http.StatusBadRequest},
		{"too much to take", http.MethodPost, "", token, bytes.NewReader(make([]byte, wire.SpeedMaxBytes+1)), http.StatusRequestEntityTooLarge},
		{"another method", http.MethodPut, "", token, nil, http.StatusMethodNotAllowed},
	} {
		if status, _, b := r.do(c.method, c.query, c.token, c.body); status != c.want {
			t.Errorf("%s: %d %s; want %d", c.name, status, b, c.want)
		}
	}
	r.clock.pass(life)
	if status, _, _ := r.do(http.MethodGet, "?bytes=1", token, nil); status != http.StatusUnauthorized {
		t.Errorf("an expired token: %d", status)
	}
}

// More than is announced, or announced not at all, is not taken either.
func TestEndlessBody(t *testing.T) {
	m := New("secret", time.Now)
	w := httptest.NewRecorder()
	m.take(w, httptest.NewRequest(http.MethodPost, wire.SpeedPath, io.MultiReader(bytes.NewReader(make([]byte, wire.SpeedMaxBytes+1)))), 0)
	if w.Code != http.StatusRequestEntityTooLarge {
		t.Errorf("status %d", w.Code)
	}
}

func TestRation(t *testing.T) {
	m := New("secret", (&clock{}).now)
	c := &clock{at: time.Unix(1_000_000, 0)}
	m.now = c.now
	for range ration / wire.SpeedMaxBytes {
		done, err := m.begin(t.Context(), "gien", wire.SpeedMaxBytes)
		if err != nil {
			t.Fatal(err)
		}
		done()
	}
	if _, err := m.begin(t.Context(), "gien", 1); err != errRation {
		t.Errorf("after the ration: %v", err)
	}
	done, err := m.begin(t.Context(), "patay", 1)
	if err != nil {
		t.Fatalf("another site: %v", err)
	}
	done()
	c.pass(life)
	if done, err = m.begin(t.Context(), "gien", 1); err != nil {
		t.Fatalf("later: %v", err)
	}
	done()
}

func TestOneByOne(t *testing.T) {
	m := New("secret", time.Now)
	m.turn = time.Millisecond
	var all []func()
	for _, site := range []string{"gien", "gien", "patay", "patay"} {
		done, err := m.begin(t.Context(), site, 1)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, done)
	}
	for _, site := range []string{"gien", "orleans"} {
		if _, err := m.begin(t.Context(), site, 1); err != errBusy {
			t.Errorf("%s: %v; want to be told that others are measuring", site, err)
		}
	}
	for _, done := range all {
		done()
	}
	done, err := m.begin(t.Context(), "orleans", 1)
	if err != nil {
		t.Fatal(err)
	}
	done()
}
