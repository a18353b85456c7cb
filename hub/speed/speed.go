// Package speed measures how fast a booth's network is, for the technician who
// connects it: GET gives bytes, POST takes them.
//
// Only a booth that the hub knows may ask: it gets a token over its own
// authenticated connection, which is an expiry and a site with their HMAC, so
// that any hub with the same secret knows it and none keeps it. So that this is
// no way to choke the hub, few transfers run at a time, each has a longest time
// and size, and each site a ration. It opens and starts nothing.
package speed

import (
	"context"
	"crypto/hmac"
	cryptorand "crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"loiret.fr/visioborne/hub/wire"
)

const (
	// life is how long a token is good, and how long a site's ration lasts.
	life = 2 * time.Minute
	// ration is how much a site may transfer in that time: about four tests.
	ration = 8 * wire.SpeedMaxBytes
	// transfers is how many may run at a time, and of one site. One test has one;
	// the end of the one before may not have been noticed yet.
	transfers, ofASite = 4, 2
	// longest is how long one transfer may take, and wait for its turn.
	longest, turn = 20 * time.Second, 2 * time.Second
)

// Meter answers booths that measure.
type Meter struct {
	secret []byte
	now    func() time.Time
	slots  chan struct{}
	turn   time.Duration

	mu    sync.Mutex
	sites map[string]*use // no more than there are booths with credentials
}

// use is what a site has had.
type use struct {
	slots chan struct{}
	since time.Time
	bytes int64
}

// New returns a Meter whose tokens are made with secret.
func New(secret string, now func() time.Time) *Meter {
	return &Meter{secret: []byte(secret), now: now, slots: make(chan struct{}, transfers), turn: turn, sites: map[string]*use{}}
}

// Token lets a site's booth measure until expires.
func (m *Meter) Token(site string) (token string, expires time.Time) {
	expires = m.now().Add(life).Truncate(time.Second).UTC()
	text := strconv.FormatInt(expires.Unix(), 10) + "." + site
	return text + "." + m.sign(text), expires
}

func (m *Meter) sign(text string) string {
	mac := hmac.New(sha256.New, m.secret)
	mac.Write([]byte("visioborne speed\n" + text))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

// site tells whose token it is; "" when it is nobody's, or expired.
func (m *Meter) site(token string) string {
	end := strings.LastIndexByte(token, '.')
	if end < 0 || !hmac.Equal([]byte(token[end+1:]), []byte(m.sign(token[:end]))) {
		return ""
	}
	expires, site, _ := strings.Cut(token[:end], ".")
	if at, err := strconv.ParseInt(expires, 10, 64); err != nil || m.now().Unix() >= at {
		return ""
	}
	return site
}

// Routes adds the two ways.
func (m *Meter) Routes(mux *http.ServeMux) {
	mux.HandleFunc("GET "+wire.SpeedPath, m.serve(m.give))
	mux.HandleFunc("POST "+wire.SpeedPath, m.serve(m.take))
}

// size is how much a request wants to transfer, before any of it is.
func size(r *http.Request) (int64, int, error) {
	if r.Method == http.MethodPost {
		switch {
		case r.ContentLength > wire.SpeedMaxBytes:
			return 0, http.StatusRequestEntityTooLarge, fmt.Errorf("%d bytes are more than %d", r.ContentLength, wire.SpeedMaxBytes)
		case r.ContentLength < 0:
			return wire.SpeedMaxBytes, 0, nil
		}
		return r.ContentLength, 0, nil
	}
	n, err := strconv.ParseInt(r.URL.Query().Get("bytes"), 10, 64)
	if err != nil || n < 1 || n > wire.SpeedMaxBytes {
		return 0, http.StatusBadRequest, fmt.Errorf("bytes: expected 1 to %d", wire.SpeedMaxBytes)
	}
	return n, 0, nil
}

func (m *Meter) serve(transfer func(http.ResponseWriter, *http.Request, int64)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "no-store, no-transform")
		token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
		site := ""
		if ok {
			site = m.site(token)
		}
		if site == "" {
			w.Header().Set("WWW-Authenticate", "Bearer")
			http.Error(w, "a token of this hub that has not expired is missing", http.StatusUnauthorized)
			return
		}
		n, status, err := size(r)
		if err != nil {
			http.Error(w, err.Error(), status)
			return
		}
		done, err := m.begin(r.Context(), site, n)
		if err != nil {
			w.Header().Set("Retry-After", strconv.Itoa(int(life/time.Second)))
			http.Error(w, err.Error(), http.StatusTooManyRequests)
			return
		}
		defer done()
		control, until := http.NewResponseController(w), time.Now().Add(longest)
		if err := errors.Join(control.SetReadDeadline(until), control.SetWriteDeadline(until)); err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		transfer(w, r, n)
		// The next request on the connection may be another's. When the time is over, the connection is too.
		_ = control.SetWriteDeadline(time.Time{})
	}
}

var (
	errBusy   = errors.New("others are measuring; try again in a moment")
	errRation = errors.New("this site has measured enough; try again in a few minutes")
)

// begin waits for a site's turn to transfer n bytes.
func (m *Meter) begin(ctx context.Context, site string, n int64) (done func(), err error) {
	m.mu.Lock()
	u, ok := m.sites[site]
	if !ok {
		u = &use{slots: make(chan struct{}, ofASite)}
		m.sites[site] = u
	}
	if now := m.now(); now.Sub(u.since) >= life {
		u.since, u.bytes = now, 0
	}
	enough := u.bytes+n > ration
	if !enough {
		u.bytes += n
	}
	m.mu.Unlock()
	if enough {
		return nil, errRation
	}
	ctx, cancel := context.WithTimeout(ctx, m.turn)
	defer cancel()
	select {
	case u.slots <- struct{}{}:
	case <-ctx.Done():
		return nil, errBusy
	}
	select {
	case m.slots <- struct{}{}:
	case <-ctx.Done():
		<-u.slots
		return nil, errBusy
	}
	return func() { <-m.slots; <-u.slots }, nil
}

func (m *Meter) give(w http.ResponseWriter, _ *http.Request, n int64) {
	var seed [32]byte
	if _, err := cryptorand.Read(seed[:]); err != nil {
		http.Error(w, "no random bytes", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/octet-stream")
	w.Header().Set("Content-Length", strconv.FormatInt(n, 10))
	// A booth that has seen enough goes away: that is no error.
	_, _ = io.CopyN(w, rand.NewChaCha8(seed), n)
}

func (m *Meter) take(w http.ResponseWriter, r *http.Request, _ int64) {
	began := time.Now()
	n, err := io.Copy(io.Discard, http.MaxBytesReader(w, r.Body, wire.SpeedMaxBytes))
	if tooMany := new(http.MaxBytesError); errors.As(err, &tooMany) {
		http.Error(w, fmt.Sprintf("more than %d bytes", wire.SpeedMaxBytes), http.StatusRequestEntityTooLarge)
		return
	}
	if err != nil {
		http.Error(w, "the bytes did not come to their end", http.StatusBadRequest)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(wire.SpeedTaken{Bytes: n, Milliseconds: time.Since(began).Milliseconds()})
}
