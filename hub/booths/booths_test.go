package booths

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/nats-io/nats.go"

	"loiret.fr/visioborne/hub/directory"
	"loiret.fr/visioborne/hub/natstest"
	"loiret.fr/visioborne/hub/queue"
	"loiret.fr/visioborne/hub/wire"
)

const (
	call  = "0b9c1d6e-6a0f-4f4e-9d0a-0123456789ab"
	other = "0b9c1d6e-6a0f-4f4e-9d0a-0123456789ac"
)

// counter counts errors in a log: a message of the hub's own that could not be sent is one.
type counter struct {
	slog.Handler
	errors atomic.Int64
}

func (c *counter) Enabled(context.Context, slog.Level) bool { return true }
func (c *counter) WithAttrs([]slog.Attr) slog.Handler       { return c }
func (c *counter) Handle(_ context.Context, r slog.Record) error {
	if r.Level >= slog.LevelError {
		c.errors.Add(1)
	}
	return nil
}

// Whatever a booth sends, under whatever verb: the hub does not fall, has nothing to say that it may not, and answers where the
// booth listens; and the call of another booth is where it was.
func FuzzAnswer(f *testing.F) {
	js, stop := natstest.Open(f, f.TempDir())
	defer stop()
	template, err := os.ReadFile("../../config/loiret/demonstration.yaml")
	if err != nil {
		f.Fatal(err)
	}
	dir := f.TempDir()
	for _, id := range []string{"gien", "patay"} {
		if err := os.WriteFile(filepath.Join(dir, id+".yaml"), []byte(strings.Replace(string(template), "id: demonstration", "id: "+id, 1)), 0o600); err != nil {
			f.Fatal(err)
		}
	}
	sites, err := directory.Open("../../config/loiret/partners.yaml", dir)
	if err != nil {
		f.Fatal(err)
	}
	log := &counter{Handler: slog.DiscardHandler}
	nc := js.Conn()
	now := time.Now
	b := New(Options{
		Conn: nc, Directory: sites, Now: now, Log: slog.New(log),
		ICEServers: func(string) []wire.ICEServer { return []wire.ICEServer{{URLs: []string{"stun:127.0.0.1:1"}}} },
		Status:     func(context.Context, string, wire.Status) error { return nil },
		Connected:  func(context.Context, string) error { return nil },
		Logs:       func(context.Context, string, wire.LogPiece) error { return nil },
		Usage:      func(context.Context, string, wire.Usage) (bool, error) { return true, nil },
		Offer:      func(context.Context, string, string) (wire.Offer, error) { return wire.Offer{}, nil },
		Help:       func(context.Context, string, string) error { return nil },
		Configuration: func(string, wire.AskConfiguration) (wire.Configuration, error) {
			return wire.Configuration{Version: 1, Sum: wire.ConfigurationSum("", "")}, nil
		},
		Signalled: func(string) {},
		NetworkTest: func(string) wire.NetworkTestReply {
			return wire.NetworkTestReply{Time: now(), SpeedPath: wire.SpeedPath, SpeedToken: "x", Expires: now()}
		},
	})
	q, err := queue.Open(f.Context(), queue.Options{JetStream: js, Hub: "fuzz", Tell: b.Tell, Touched: func([]string) {}, Changed: b.Changed, Now: now, Log: slog.New(log)})
	if err != nil {
		f.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error)
	go func() { ended <- q.Run(ctx) }()
	defer func() {
		cancel()
		if err := <-ended; err != nil {
			f.Error(err)
		}
	}()
	inbox := wire.InboxPrefix("gien") + ".x"
	answers, err := nc.SubscribeSync(inbox)
	if err != nil {
		f.Fatal(err)
	}
	elsewhere, err := q.Place(ctx, queue.Call{ID: other, Partner: "caf", Site: "patay", SiteName: "Patay", Language: "fr"})
	if err != nil {
		f.Fatal(err)
	}
	verbs := []wire.Verb{
		wire.VerbHello, wire.VerbPlace, wire.VerbAlive, wire.VerbAccept, wire.VerbLeave, wire.VerbNetworkTest, wire.VerbStatus, wire.VerbRelease, wire.VerbUsage, wire.VerbLogs,
		wire.VerbHelp, wire.VerbConfiguration,
		wire.VerbRinging, "nonsense",
	}
	for i, seed := range []string{
		`{"version":"1","calls":["` + call + `"]}`, `{"call":"` + call + `","partner":"caf","language":"fr"}`, `{"call":"` + other + `"}`, `{"call":"` + other + `"}`,
		`{"call":"` + other + `","reason":"failed"}`, `{}`, `{"version":"","phase":"browsing","since":"2026-11-23T09:00:00Z"}`, `{"version":"1"}`,
		`{"half_day":"2026-11-24-am","batch":"abcdefghijklmnop","counts":[]}`, `{"collection":"` + call + `","part":0,"parts":1,"lines":["x"]}`,
		`{"request":"` + call + `"}`, `{"sum":"` + wire.ConfigurationSum("a", "b") + `"}`, `{"call":"` + other + `","ice_servers":[]}`, `null`,
	} {
		f.Add(byte(i), []byte(seed))
	}
	f.Add(byte(1), []byte(`{"call":"`+other+`","partner":"caf","language":"fr"}`))
	f.Fuzz(func(t *testing.T, verb byte, data []byte) {
		v := verbs[int(verb)%len(verbs)]
		b.answer(ctx, q, &nats.Msg{Subject: wire.Up("gien", v), Reply: inbox, Data: data})
		b.take(call, data)
		if n := log.errors.Load(); n > 0 {
			t.Fatalf("%s %q: the hub has something to say that it may not", v, data)
		}
		if err := nc.Flush(); err != nil {
			t.Fatal(err)
		}
		for {
			if n, _, err := answers.Pending(); err != nil || n == 0 {
				break
			}
			m, err := answers.NextMsg(time.Second)
			if err != nil {
				t.Fatal(err)
			}
			switch v {
			case wire.VerbPlace, wire.VerbAlive, wire.VerbAccept:
				_, err = wire.Decode[wire.PlaceReply](m.Data)
			case wire.VerbHello:
				_, err = wire.Decode[wire.Welcome](m.Data)
			case wire.VerbLeave:
				_, err = wire.Decode[wire.Left](m.Data)
			case wire.VerbUsage:
				_, err = wire.Decode[wire.UsageReply](m.Data)
			case wire.VerbRelease:
				_, err = wire.Decode[wire.Offer](m.Data)
			case wire.VerbNetworkTest:
				_, err = wire.Decode[wire.NetworkTestReply](m.Data)
			case wire.VerbHelp:
				_, err = wire.Decode[wire.HelpReply](m.Data)
			case wire.VerbConfiguration:
				_, err = wire.Decode[wire.Configuration](m.Data)
			default:
				t.Errorf("%s %q was answered with %s", v, data, m.Data)
			}
			if err != nil {
				t.Errorf("%s %q was answered with %s: %v", v, data, m.Data, err)
			}
		}
		if p, err := q.Alive(ctx, "patay", other); err != nil || p.Call.State != queue.Waiting || !p.Call.PlacedAt.Equal(elsewhere.Call.PlacedAt) {
			t.Fatalf("%s %q: another booth's call is %+v, %v", v, data, p, err)
		}
	})
}

func TestAnswerable(t *testing.T) {
	for _, c := range []struct {
		reply string
		want  bool
	}{
		{"", true},
		{"_INBOX_gien.x", true},
		{"_INBOX_gien.x.y", true},
		{"_INBOX_gien", false},
		{"_INBOX_gien2.x", false},
		{"_INBOX_patay.x", false},
		{"_INBOX.x", false},
		{"$JS.API.STREAM.PURGE.KV_usage", false},
		{"booth.patay.down.ended", false},
		{"booth.gien.down.ended", false},
	} {
		if got := answerable("gien", c.reply); got != c.want {
			t.Errorf("%q: %t", c.reply, got)
		}
	}
}

// A booth's share of a lane is its own: another one's messages are taken while it is full, and its own once it is not.
func TestShare(t *testing.T) {
	b := New(Options{Now: time.Now, Log: slog.New(slog.DiscardHandler)})
	m := &nats.Msg{Subject: wire.Up("gien", wire.VerbHello)}
	for i := range share {
		if !b.enterLane("gien") {
			t.Fatalf("message %d was dropped", i)
		}
	}
	for range 3 {
		if b.enterLane("gien") {
			t.Error("a message more than the share was taken")
		}
	}
	if !b.enterLane("patay") {
		t.Error("another booth's message was dropped")
	}
	b.leaveLane(m)
	if !b.enterLane("gien") || b.enterLane("gien") {
		t.Error("one message has left; one more may come")
	}
	for range share {
		b.leaveLane(m)
	}
	if n, there := b.waiting["gien"]; there {
		t.Errorf("%d messages wait in the end", n)
	}
}

// Counts without end, each under another name, are not all kept.
func TestCountsWithoutEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		kept := map[string]int{}
		b := New(Options{
			Now: time.Now, Log: slog.New(slog.DiscardHandler),
			Usage: func(_ context.Context, site string, _ wire.Usage) (bool, error) { kept[site]++; return true, nil },
		})
		data := []byte(`{"half_day":"2026-11-24-am","batch":"abcdefghijklmnop","counts":[]}`)
		for range batches + 10 {
			_ = b.usage(t.Context(), "gien", &nats.Msg{Data: data})
		}
		if err := b.usage(t.Context(), "patay", &nats.Msg{Data: data}); err != nil || kept["patay"] != 1 {
			t.Errorf("another booth: %v", err)
		}
		time.Sleep(2 * batchEvery)
		for range 10 {
			_ = b.usage(t.Context(), "gien", &nats.Msg{Data: data})
		}
		if n := kept["gien"]; n != batches+2 {
			t.Errorf("%d half days were taken; want %d at once and 2 later", n, batches)
		}
	})
}

// A request that has waited for so long that the booth has asked again is not answered; what asks for no answer is taken.
func TestStaleRequests(t *testing.T) {
	now := time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		waited time.Duration
		reply  string
		want   bool
	}{
		{0, "_INBOX_gien.x", false}, {stale, "_INBOX_gien.x", false}, {stale + 1, "_INBOX_gien.x", true}, {time.Hour, "", false},
	} {
		if got := (asked{&nats.Msg{Reply: c.reply}, now.Add(-c.waited)}).stale(now); got != c.want {
			t.Errorf("after %s with %q: %t", c.waited, c.reply, got)
		}
	}
}
