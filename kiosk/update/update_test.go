package update

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"io"
	"log/slog"
	mathrand "math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"loiret.fr/visioborne/hub/wire"
	"loiret.fr/visioborne/hub/wire/pieces"
)

// root is a file that looks like a squashfs: its superblock tells its length.
func root(seed byte, n int) []byte {
	b := make([]byte, n)
	mathrand.NewChaCha8([32]byte{seed}).Read(b)
	copy(b, "hsqs")
	binary.LittleEndian.PutUint64(b[40:], uint64(n))
	return b
}

// rig is a booth with two root partitions, and a hub that has releases.
type rig struct {
	t        *testing.T
	folder   string
	key      ed25519.PrivateKey
	releases map[string][]byte // signed manifests by version
	pieces   map[string][]byte
	asked    []string // pieces that were loaded
	broken   func(path string) error
	offer    wire.Offer

	tried, confirmed, restarted bool
	restartedAt                 time.Time
	reports                     []wire.Update
	announced                   []string
	options                     Options
}

const partition = 12 << 20

func newRig(t *testing.T, running []byte) *rig {
	t.Helper()
	public, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	r := &rig{t: t, folder: t.TempDir(), key: key, releases: map[string][]byte{}, pieces: map[string][]byte{}, broken: func(string) error { return nil }}
	for name, content := range map[string][]byte{"a": running, "b": nil} {
		whole := make([]byte, partition)
		copy(whole, content)
		if err := os.WriteFile(filepath.Join(r.folder, name), whole, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	r.options = Options{
		Version: "1", Kernel: "6.12", Key: public, Hub: "ws://hub", RateKbps: 8000, Slots: r, Folder: r.folder,
		Client:    &http.Client{Transport: r},
		Ask:       func(context.Context) (wire.Offer, error) { return r.offer, nil },
		Report:    func(u *wire.Update) { r.report(u) },
		Announce:  func(o wire.Offer) { r.announced = append(r.announced, o.Version) },
		Confirmed: func() {}, Restart: func() { r.restarted, r.restartedAt = true, time.Now() },
		Log: slog.New(slog.NewTextHandler(t.Output(), nil)),
	}
	return r
}

func (r *rig) report(u *wire.Update) {
	if u == nil {
		u = &wire.Update{}
	} else if err := u.Validate(); err != nil {
		r.t.Errorf("the report %+v is not fit to be sent: %v", u, err)
	}
	if n := len(r.reports); n == 0 || r.reports[n-1].State != u.State {
		r.reports = append(r.reports, *u)
	}
}

func (r *rig) states() string {
	var all []string
	for _, u := range r.reports {
		all = append(all, string(u.State)+map[bool]string{true: ":" + u.Reason}[u.Reason != ""])
	}
	return strings.Join(all, " ")
}

func (r *rig) Devices() (string, string, error) {
	return filepath.Join(r.folder, "a"), filepath.Join(r.folder, "b"), nil
}
func (r *rig) Try(on bool) error { r.tried = on; return nil }
func (r *rig) Confirm() error    { r.confirmed = true; return nil }

// RoundTrip is the hub.
func (r *rig) RoundTrip(request *http.Request) (*http.Response, error) {
	path := request.URL.Path
	if err := r.broken(path); err != nil {
		return nil, err
	}
	b, ok := r.releases[strings.TrimPrefix(path, wire.ReleasesPath)]
	if sum, isPiece := strings.CutPrefix(path, wire.PiecesPath); isPiece {
		r.asked = append(r.asked, sum)
		b, ok = r.pieces[sum]
	}
	if !ok {
		return &http.Response{StatusCode: http.StatusNotFound, Status: "404 Not Found", Body: http.NoBody}, nil
	}
	return &http.Response{StatusCode: http.StatusOK, Body: io.NopCloser(bytes.NewReader(b))}, nil
}

// publish makes the hub offer a root.
func (r *rig) publish(version string, content []byte, change ...func(*wire.Manifest)) wire.Manifest {
	r.t.Helper()
	m := wire.Manifest{Version: version, Kernel: "6.12", Nature: "Essai", Made: time.Now(), Bytes: int64(len(content)), SHA256: sumOf(content)}
	if err := pieces.Cut(bytes.NewReader(content), func(p []byte) error {
		m.Pieces = append(m.Pieces, wire.Piece{Bytes: int64(len(p)), SHA256: sumOf(p)})
		r.pieces[sumOf(p)] = slices.Clone(p)
		return nil
	}); err != nil {
		r.t.Fatal(err)
	}
	for _, f := range change {
		f(&m)
	}
	signed, err := wire.SignManifest(m, r.key)
	if err != nil {
		r.t.Fatal(err)
	}
	r.releases[version] = signed
	r.offer = wire.Offer{Version: version, Nature: "Essai", From: time.Now(), Due: true}
	return m
}

func (r *rig) spare() []byte {
	b, err := os.ReadFile(filepath.Join(r.folder, "b"))
	if err != nil {
		r.t.Fatal(err)
	}
	return b
}

var (
	night   = Moment{Quiet: true, Closed: true, Linked: true, Shown: true}
	day     = Moment{Quiet: true, Linked: true, Shown: true}
	calling = Moment{Closed: true, Linked: true, Shown: true}
)

// settle lets time pass, and what is due then happen.
func settle(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

// run starts an Updater and gives what ends it.
func (r *rig) run() (*Updater, func()) {
	u := New(r.options)
	ctx, cancel := context.WithCancel(r.t.Context())
	done := make(chan error, 1)
	go func() { done <- u.Run(ctx) }()
	return u, func() {
		cancel()
		if err := <-done; err != nil {
			r.t.Errorf("Run: %v", err)
		}
	}
}

func TestInstall(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		old := root(1, 6<<20)
		r := newRig(t, old)
		// The new root has most of the old one, elsewhere.
		next := root(2, 1<<20)
		next = append(next, old[1<<20:]...)
		binary.LittleEndian.PutUint64(next[40:], uint64(len(next)))
		m := r.publish("2", next)
		u, end := r.run()
		u.See(day)
		settle(time.Hour)
		if len(r.asked) > 0 || r.tried {
			t.Error("it loads while the room is open")
		}
		u.See(night)
		time.Sleep(time.Hour)
		end()
		if !bytes.Equal(r.spare()[:len(next)], next) {
			t.Error("the spare root is not the release")
		}
		if len(r.asked) >= len(m.Pieces)/2 {
			t.Errorf("%d of %d pieces were loaded; most are in the running root", len(r.asked), len(m.Pieces))
		}
		if !r.tried || !r.restarted {
			t.Errorf("tried %v, restarted %v; want both", r.tried, r.restarted)
		}
		if got, want := r.states(), "waiting loading ready"; got != want {
			t.Errorf("reported %q; want %q", got, want)
		}
	})
}

// What was withdrawn during the day is not installed at night.
func TestWithdrawnMeanwhile(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, root(1, 1<<20))
		r.publish("2", root(2, 1<<20))
		u, end := r.run()
		u.See(day)
		synctest.Wait()
		r.offer = wire.Offer{}
		u.See(night)
		time.Sleep(time.Hour)
		end()
		if r.restarted || len(r.asked) > 0 {
			t.Error("installed")
		}
	})
}

// News is acted upon at once.
func TestNews(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, root(1, 1<<20))
		u, end := r.run()
		u.See(night)
		synctest.Wait()
		r.publish("2", root(2, 1<<20))
		u.News()
		time.Sleep(time.Minute)
		end()
		if !r.restarted {
			t.Error("not installed within a minute")
		}
	})
}

// A citizen who comes is not disturbed, and what was there is not loaded again.
func TestACitizenComes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, root(1, 1<<20))
		next := root(2, 8<<20)
		m := r.publish("2", next)
		u, end := r.run()
		u.See(night)
		time.Sleep(5 * time.Second) // 8000 kbit/s: five of eight seconds
		u.See(calling)
		synctest.Wait()
		before := len(r.asked)
		if before == 0 || before == len(m.Pieces) {
			t.Fatalf("%d of %d pieces before the citizen came; the test needs some", before, len(m.Pieces))
		}
		settle(2 * time.Hour)
		if len(r.asked) != before {
			t.Error("it loads during a session")
		}
		u.See(night)
		time.Sleep(time.Minute)
		end()
		if len(r.asked) > len(m.Pieces)+1 {
			t.Errorf("%d requests for %d pieces; only the interrupted one may be asked again", len(r.asked), len(m.Pieces))
		}
		if !r.restarted {
			t.Error("it was not installed")
		}
	})
}

// The line is shared: loading keeps to its rate.
func TestRate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, root(1, 1<<20))
		r.options.RateKbps = 800
		r.publish("2", root(2, 4<<20))
		begin := time.Now()
		u, end := r.run()
		u.See(night)
		time.Sleep(time.Hour)
		end()
		took := r.restartedAt.Sub(begin)
		if least := time.Duration(4<<20*8/800) * time.Millisecond * 9 / 10; took < least {
			t.Errorf("4 MiB came in %v; at 800 kbit/s they take %v", took, least)
		}
	})
}

// After a power cut in the middle, it goes on.
func TestResume(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, root(1, 1<<20))
		next := root(2, 8<<20)
		m := r.publish("2", next)
		u, end := r.run()
		u.See(night)
		time.Sleep(5 * time.Second)
		end()
		before := len(r.asked)
		u, end = r.run()
		u.See(night)
		time.Sleep(time.Minute)
		end()
		if before == 0 || len(r.asked) > len(m.Pieces)+1 || !r.restarted {
			t.Errorf("%d, then %d requests for %d pieces, restarted %v", before, len(r.asked), len(m.Pieces), r.restarted)
		}
	})
}

func TestNetworkTroubleIsTriedAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, root(1, 1<<20))
		r.publish("2", root(2, 4<<20))
		n := 0
		r.broken = func(string) error {
			if n++; n%3 == 0 {
				return errors.New("connection reset")
			}
			return nil
		}
		u, end := r.run()
		u.See(night)
		time.Sleep(3 * time.Hour)
		end()
		if !r.restarted {
			t.Errorf("not installed: %s", r.states())
		}
	})
}

func TestRefusals(t *testing.T) {
	for _, c := range []struct {
		name, want string
		prepare    func(r *rig)
	}{
		{"another kernel", "refused:kernel", func(r *rig) {
			r.publish("2", root(2, 1<<20), func(m *wire.Manifest) { m.Kernel = "6.6" })
		}},
		{"another key", "refused:signature", func(r *rig) {
			_, other, _ := ed25519.GenerateKey(rand.Reader)
			r.key = other
			r.publish("2", root(2, 1<<20))
		}},
		{"a manifest that was changed", "refused:signature", func(r *rig) {
			r.publish("2", root(2, 1<<20))
			r.releases["2"] = bytes.Replace(r.releases["2"], []byte(`"manifest":"eyJ2`), []byte(`"manifest":"eyK2`), 1)
		}},
		{"another release under its name", "refused:manifest", func(r *rig) {
			r.publish("3", root(2, 1<<20))
			r.releases["2"] = r.releases["3"]
			r.offer.Version = "2"
		}},
		{"older than what held", "refused:older", func(r *rig) {
			if err := writeRecord(r.folder, record{Floor: time.Now()}); err != nil {
				r.t.Fatal(err)
			}
			r.publish("0", root(2, 1<<20), func(m *wire.Manifest) { m.Made = m.Made.Add(-time.Hour) })
		}},
		{"a piece that was changed", "waiting:interrupted", func(r *rig) {
			m := r.publish("2", root(2, 1<<20))
			r.pieces[m.Pieces[0].SHA256][100] ^= 1
		}},
		{"a release that is too large", "waiting:interrupted", func(r *rig) { r.publish("2", root(2, partition+1)) }},
		{"nothing", "", func(*rig) {}},
		{"announced only", "waiting", func(r *rig) { r.publish("2", root(2, 1<<20)); r.offer.Due = false }},
		{"what runs", "", func(r *rig) { r.publish("1", root(2, 1<<20)) }},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := newRig(t, root(1, 1<<20))
				c.prepare(r)
				u, end := r.run()
				u.See(night)
				time.Sleep(9 * time.Minute)
				end()
				if r.tried || r.restarted {
					t.Error("it is tried")
				}
				if got := r.states(); got != c.want && !strings.HasPrefix(got, c.want) {
					t.Errorf("reported %q; want %q", got, c.want)
				}
			})
		})
	}
}

func TestTrial(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, root(1, 1<<20))
		made := time.Now().Add(-time.Hour)
		if err := writeRecord(r.folder, record{Trying: &attempt{Version: "1", Made: made}}); err != nil {
			t.Fatal(err)
		}
		r.options.OnTrial = true
		u, end := r.run()
		u.See(Moment{Quiet: true, Shown: true})
		settle(time.Minute)
		if r.confirmed {
			t.Error("confirmed without a hub")
		}
		u.See(night)
		time.Sleep(5 * time.Second)
		u.See(Moment{Quiet: true, Closed: true, Linked: true})
		settle(time.Minute)
		if r.confirmed {
			t.Error("confirmed although the browser died")
		}
		u.See(night)
		time.Sleep(time.Minute)
		end()
		kept, err := readRecord(r.folder)
		if err != nil || !r.confirmed || kept.Trying != nil || !kept.Floor.Equal(made) {
			t.Errorf("confirmed %v, kept %+v, %v", r.confirmed, kept, err)
		}
	})
}

// A release whose service calls itself something else is not installed again and again.
func TestMisnamed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, root(1, 1<<20))
		if err := writeRecord(r.folder, record{Trying: &attempt{Version: "2", Made: time.Now()}}); err != nil {
			t.Fatal(err)
		}
		r.options.OnTrial = true
		r.publish("2", root(2, 1<<20))
		u, end := r.run()
		u.See(night)
		time.Sleep(time.Hour)
		end()
		if !r.confirmed || r.restarted {
			t.Errorf("confirmed %v, installed again %v", r.confirmed, r.restarted)
		}
	})
}

// A release that fails gets three tries, a night each; then no more.
func TestFailures(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, root(1, 1<<20))
		r.publish("2", root(2, 1<<20))
		trials := 0
		for range 6 { // nights
			r.restarted = false
			u, end := r.run()
			u.See(night)
			time.Sleep(time.Minute)
			end()
			if r.restarted {
				trials++
			}
			r.options.Failed = r.restarted
			// The next start is the old root's again, and it must not begin anew at once.
			r.restarted = false
			u, end = r.run()
			u.See(night)
			time.Sleep(time.Hour)
			end()
			if r.restarted {
				t.Fatal("a release that has just failed is tried again in the same night")
			}
			r.options.Failed = false
			time.Sleep(23 * time.Hour)
		}
		if trials != maxTrials {
			t.Errorf("%d trials; want %d", trials, maxTrials)
		}
		if last := r.reports[len(r.reports)-1]; last.State != wire.UpdateFailed || last.Reason != "no_start" {
			t.Errorf("the last report is %+v", last)
		}
		// The next release is tried at once.
		r.publish("3", root(3, 1<<20))
		u, end := r.run()
		u.See(night)
		time.Sleep(time.Minute)
		end()
		if !r.restarted {
			t.Error("the next release is not tried")
		}
	})
}

func TestReasons(t *testing.T) {
	for reached, want := range map[reach]string{"": "no_start", reachedStart: "no_page", reachedPage: "no_hub"} {
		if got := reached.missing(); got != want {
			t.Errorf("%q: %s; want %s", reached, got, want)
		}
	}
}

// A file of an earlier version, or half a file, must not stop the booth.
func TestBrokenRecord(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, root(1, 1<<20))
		if err := os.WriteFile(recordFile(r.folder), []byte("{"), 0o600); err != nil {
			t.Fatal(err)
		}
		r.publish("2", root(2, 1<<20))
		u, end := r.run()
		u.See(night)
		time.Sleep(time.Minute)
		end()
		if !r.restarted {
			t.Error("not installed")
		}
	})
}
