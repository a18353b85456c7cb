// Package clock sets the clock of a machine that has none when it is switched
// on: a Raspberry Pi starts in 1970, and no certificate is valid then.
//
// NTP comes first, and is another program's. Here are the two things that hold
// where NTP is blocked: a floor, below which the time cannot be, and the hub's
// time, signed with the key that the booth got at its enrolment. Only the
// question for the time goes without a look at the hub's certificate: nothing
// secret is in it, and the signature over the booth's own nonce tells whose the
// answer is. Everything else is judged by the certificate, dates included.
//
// When somebody else sets the clock to another time afterwards, as NTP does, it
// is left to them. It writes the clock and one empty file. Run owns its goroutine.
package clock

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/tls"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/sys/unix"

	"loiret.fr/visioborne/hub/wire"
)

const (
	// tolerance is what a clock may be off: certificates and opening hours do not mind.
	tolerance = 30 * time.Second
	// longestAnswer is how old the hub's time may be when it arrives.
	longestAnswer = 10 * time.Second
	// while the clock is not known to be right, the hub is asked every soon; later every savePeriod, which is also how much a wall switch can take from the floor.
	soon        = 20 * time.Second
	savePeriod  = time.Hour
	maxResponse = 4 << 10
)

// Options are what a Clock needs.
type Options struct {
	// Hub is the hub's address, ws:// or wss://; Transport the way to it.
	Hub       string
	Transport *http.Transport
	// Key is the key with which the hub signs the time.
	Key ed25519.PublicKey
	// Folder holds the file whose date is the last time that was known to be right.
	Folder string
	Log    *slog.Logger

	// Now and Set are the machine's; replaced in tests.
	Now func() time.Time
	Set func(time.Time) error
}

// Clock keeps the machine's clock.
type Clock struct {
	options Options
	client  *http.Client
	set     time.Time // what the clock was set to, in the machine's time; zero when it was not
}

// New returns a Clock that Run keeps.
func New(o Options) *Clock {
	t := o.Transport.Clone()
	if t.TLSClientConfig == nil {
		t.TLSClientConfig = &tls.Config{MinVersion: tls.VersionTLS12}
	}
	t.TLSClientConfig.InsecureSkipVerify = true // see the package's comment
	t.DisableKeepAlives = true
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Set == nil {
		o.Set = setMachine
	}
	return &Clock{options: o, client: &http.Client{Transport: t, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

func setMachine(t time.Time) error {
	tv := unix.NsecToTimeval(t.UnixNano())
	if err := unix.Settimeofday(&tv); err != nil {
		return fmt.Errorf("setting the clock to %s: %w", t.Format(time.RFC3339), err)
	}
	return nil
}

// file's date is the last time that was known to be right.
func file(folder string) string { return filepath.Join(folder, "clock") }

// Raise sets a clock that is before the floor to it: the day on which the
// program was built, or the last one that was known to be right.
func Raise(folder string, built time.Time, set func(time.Time) error, log *slog.Logger) error {
	floor := built
	if info, err := os.Stat(file(folder)); err == nil && info.ModTime().After(floor) {
		floor = info.ModTime()
	}
	if !time.Now().Before(floor) {
		return nil
	}
	if set == nil {
		set = setMachine
	}
	log.Info("the clock is before what it can be; going on from there", "clock", time.Now().UTC().Format(time.DateTime), "floor", floor.UTC().Format(time.DateTime))
	return set(floor)
}

// Run asks the hub for the time, sets a clock that is wrong, and notes the last right time, until ctx ends.
func (c *Clock) Run(ctx context.Context) error {
	wait := time.Duration(0)
	for right := false; ; {
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(wait):
		}
		wait = soon
		at, err := c.ask(ctx)
		switch {
		case ctx.Err() != nil:
			return nil
		case err != nil:
			if !right {
				c.options.Log.Debug("asking the hub for the time", "error", err)
			}
			if right {
				wait = savePeriod
			}
			continue
		}
		if right = c.judge(at); right {
			c.note()
			wait = savePeriod
		}
	}
}

// judge compares the clock with the hub's time, and tells whether it is right now.
func (c *Clock) judge(hub time.Time) bool {
	off := c.options.Now().Sub(hub)
	if off.Abs() <= tolerance {
		return true
	}
	if !c.set.IsZero() {
		c.options.Log.Warn("somebody else sets the clock to another time than the hub's; it is left to them", "ahead", off.Round(time.Second).String())
		return true
	}
	if err := c.options.Set(hub); err != nil {
		c.options.Log.Error("the clock is wrong and cannot be set", "error", err)
		return false
	}
	c.set = hub
	c.options.Log.Info("clock set to the hub's time", "ahead", off.Round(time.Second).String())
	return true
}

// note keeps the present time as the floor of the next start. A wall switch gives no other occasion.
func (c *Clock) note() {
	name, now := file(c.options.Folder), c.options.Now()
	err := os.Chtimes(name, now, now)
	if errors.Is(err, os.ErrNotExist) {
		if err = os.WriteFile(name, nil, 0o600); err == nil {
			err = os.Chtimes(name, now, now)
		}
	}
	if err != nil {
		c.options.Log.Warn("noting the time", "error", err)
	}
}

// ask asks the hub for its time and checks that it is the hub who answers, now.
func (c *Clock) ask(ctx context.Context) (time.Time, error) {
	ctx, cancel := context.WithTimeout(ctx, longestAnswer)
	defer cancel()
	address, err := wire.URL(c.options.Hub, wire.TimePath)
	if err != nil {
		return time.Time{}, err
	}
	b := make([]byte, 16)
	if _, err := rand.Read(b); err != nil {
		return time.Time{}, err
	}
	nonce := hex.EncodeToString(b)
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address+"?nonce="+nonce, nil)
	if err != nil {
		return time.Time{}, err
	}
	response, err := c.client.Do(request)
	if err != nil {
		return time.Time{}, err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return time.Time{}, fmt.Errorf("the answer is %s", response.Status)
	}
	text, err := io.ReadAll(io.LimitReader(response.Body, maxResponse))
	if err != nil {
		return time.Time{}, err
	}
	return read(text, nonce, c.options.Key)
}

var errNotSigned = errors.New("the time is not signed with the hub's key")

// read reads the hub's answer to a question with that nonce.
func read(text []byte, nonce string, key ed25519.PublicKey) (time.Time, error) {
	var t wire.Time
	if err := json.Unmarshal(text, &t); err != nil {
		return time.Time{}, fmt.Errorf("reading the hub's time: %w", err)
	}
	if t.Nonce != nonce || !ed25519.Verify(key, wire.TimeText(nonce, t.Time), t.Signature) {
		return time.Time{}, errNotSigned
	}
	at, err := time.Parse(time.RFC3339Nano, t.Time)
	if err != nil {
		return time.Time{}, fmt.Errorf("reading the hub's time: %w", err)
	}
	return at, nil
}
