package backup

import (
	"bytes"
	"crypto/sha256"
	"io"
	"log/slog"
	"math/rand/v2"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/nats-io/nats.go/jetstream"

	"loiret.fr/visioborne/hub/broker"
)

func open(t *testing.T, state string) (*broker.Broker, jetstream.JetStream) {
	t.Helper()
	keys, err := broker.OpenKeys(state)
	if err != nil {
		t.Fatal(err)
	}
	b, err := broker.Open(state, keys, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(b.Close)
	js, err := jetstream.New(b.Conn())
	if err != nil {
		t.Fatal(err)
	}
	return b, js
}

// What is larger than the server's window and the client's buffers goes through whole, and streams keep what they are: what
// they forbid, how long they keep, who reads them.
func TestLargeAndParticularStreams(t *testing.T) {
	state := filepath.Join(t.TempDir(), "old")
	b, js := open(t, state)
	ctx := t.Context()
	objects, err := js.CreateObjectStore(ctx, jetstream.ObjectStoreConfig{Bucket: "releases", Storage: jetstream.FileStorage})
	if err != nil {
		t.Fatal(err)
	}
	// Random, so that no compression makes it small.
	root := make([]byte, 24<<20)
	_, _ = rand.NewChaCha8(sha256.Sum256([]byte("a root"))).Read(root)
	if _, err := objects.Put(ctx, jetstream.ObjectMeta{Name: "root"}, bytes.NewReader(root)); err != nil {
		t.Fatal(err)
	}
	record, err := js.CreateStream(ctx, jetstream.StreamConfig{
		Name: "audit", Subjects: []string{"audit.>"}, Storage: jetstream.FileStorage, DenyDelete: true, DenyPurge: true, MaxAge: 24 * time.Hour,
	})
	if err != nil {
		t.Fatal(err)
	}
	kv, err := js.CreateKeyValue(ctx, jetstream.KeyValueConfig{Bucket: "line", TTL: time.Hour, LimitMarkerTTL: time.Minute, History: 3})
	if err != nil {
		t.Fatal(err)
	}
	for range 3 {
		if _, err := js.Publish(ctx, "audit.entry", []byte("entry")); err != nil {
			t.Fatal(err)
		}
	}
	for _, value := range []string{"1", "2"} {
		if _, err := kv.PutString(ctx, "key", value); err != nil {
			t.Fatal(err)
		}
	}
	reader, err := record.CreateConsumer(ctx, jetstream.ConsumerConfig{Durable: "reader", AckPolicy: jetstream.AckExplicitPolicy})
	if err != nil {
		t.Fatal(err)
	}
	first, err := reader.Next()
	if err != nil {
		t.Fatal(err)
	}
	if err := first.DoubleAck(ctx); err != nil {
		t.Fatal(err)
	}
	configs := func(js jetstream.JetStream) map[string]jetstream.StreamConfig {
		t.Helper()
		all := map[string]jetstream.StreamConfig{}
		list := js.ListStreams(ctx)
		for s := range list.Info() {
			all[s.Config.Name] = s.Config
		}
		if err := list.Err(); err != nil {
			t.Fatal(err)
		}
		return all
	}
	before := configs(js)
	file := filepath.Join(t.TempDir(), "backup")
	m, err := Make(ctx, b.Conn(), state, file, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	if len(m.Streams) != 3 || m.Messages() < 3+2 {
		t.Errorf("the backup has %+v", m.Streams)
	}

	restored := filepath.Join(t.TempDir(), "new")
	if _, err := Restore(ctx, restored, file, slog.New(slog.DiscardHandler)); err != nil {
		t.Fatal(err)
	}
	_, js = open(t, restored)
	if diff := cmp.Diff(before, configs(js)); diff != "" {
		t.Errorf("the streams (-old +new):\n%s", diff)
	}
	objects, err = js.ObjectStore(ctx, "releases")
	if err != nil {
		t.Fatal(err)
	}
	o, err := objects.Get(ctx, "root")
	if err != nil {
		t.Fatal(err)
	}
	if got, err := io.ReadAll(o); err != nil || !bytes.Equal(got, root) {
		t.Errorf("the root has %d bytes, %v; want the same %d", len(got), err, len(root))
	}
	if kv, err = js.KeyValue(ctx, "line"); err != nil {
		t.Fatal(err)
	}
	if history, err := kv.History(ctx, "key"); err != nil || len(history) != 2 || string(history[1].Value()) != "2" {
		t.Errorf("the key's history: %v, %v", history, err)
	}
	if reader, err = js.Consumer(ctx, "audit", "reader"); err != nil {
		t.Fatal(err)
	}
	next, err := reader.Next()
	if err != nil {
		t.Fatal(err)
	}
	if meta, err := next.Metadata(); err != nil || meta.Sequence.Stream != 2 {
		t.Errorf("the reader goes on with %+v, %v; want message 2", meta, err)
	}
}
