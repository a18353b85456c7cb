package broker

import (
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/nats-io/jwt/v2"
	"github.com/nats-io/nats.go/jetstream"
)

// Several processes that begin at the same time end up with the same keys.
func TestKeysOnce(t *testing.T) {
	dir := t.TempDir()
	accounts := make([]string, 8)
	var tasks sync.WaitGroup
	for i := range accounts {
		tasks.Go(func() {
			k, err := OpenKeys(dir)
			if err != nil {
				t.Error(err)
				return
			}
			if accounts[i], err = k.account.PublicKey(); err != nil {
				t.Error(err)
			}
		})
	}
	tasks.Wait()
	for _, a := range accounts {
		if a == "" || a != accounts[0] {
			t.Fatalf("accounts %q", accounts)
		}
	}
	files, err := filepath.Glob(filepath.Join(dir, "keys", "*"))
	if err != nil || len(files) != 2 {
		t.Errorf("files %q, %v", files, err)
	}
	for _, f := range files {
		if info, err := os.Stat(f); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: mode %v, %v", f, info.Mode(), err)
		}
	}
}

func TestKeysRefused(t *testing.T) {
	dir := t.TempDir()
	if _, err := OpenKeys(dir); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "keys", "account.nk")
	if err := os.Chmod(file, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := OpenKeys(dir); err == nil || !strings.Contains(err.Error(), "chmod 600 "+file) {
		t.Errorf("a key that others may read: %v", err)
	}
	// The operator's key is none of an account.
	operator, err := os.ReadFile(filepath.Join(dir, "keys", "operator.nk"))
	if err != nil {
		t.Fatal(err)
	}
	for _, bad := range [][]byte{nil, []byte("SA\n"), operator} {
		if err := os.WriteFile(file, bad, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(file, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := OpenKeys(dir); err == nil || !strings.Contains(err.Error(), file) {
			t.Errorf("key %q: %v", bad, err)
		}
	}
}

func TestBoothCredentials(t *testing.T) {
	k, err := OpenKeys(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	for _, bad := range []string{"", "*", "gien.>", "Gien", "gien patay"} {
		if text, err := k.BoothCredentials(bad); err == nil {
			t.Errorf("site %q got credentials %s", bad, text)
		}
	}
	text, err := k.BoothCredentials("gien")
	if err != nil {
		t.Fatal(err)
	}
	token, err := jwt.ParseDecoratedJWT(text)
	if err != nil {
		t.Fatal(err)
	}
	claims, err := jwt.DecodeUserClaims(token)
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(claims.Permissions.Pub.Allow, " "); got != "booth.gien.up.>" {
		t.Errorf("may publish %q", got)
	}
	if got := strings.Join(claims.Permissions.Sub.Allow, " "); got != "booth.gien.down.> _INBOX_gien.>" {
		t.Errorf("may subscribe %q", got)
	}
}

// What is stored is there after a restart, although the accounts are described anew each time.
func TestRestart(t *testing.T) {
	dir := t.TempDir()
	for start := range 2 {
		k, err := OpenKeys(dir)
		if err != nil {
			t.Fatal(err)
		}
		b, err := Open(dir, k, slog.New(slog.DiscardHandler))
		if err != nil {
			t.Fatal(err)
		}
		if err := b.Healthy(); err != nil {
			t.Error(err)
		}
		js, err := jetstream.New(b.Conn())
		if err != nil {
			t.Fatal(err)
		}
		kv, err := js.CreateOrUpdateKeyValue(t.Context(), jetstream.KeyValueConfig{Bucket: "x", Storage: jetstream.FileStorage})
		if err != nil {
			t.Fatal(err)
		}
		if start == 0 {
			if _, err := kv.PutString(t.Context(), "k", "v"); err != nil {
				t.Fatal(err)
			}
		} else if e, err := kv.Get(t.Context(), "k"); err != nil || string(e.Value()) != "v" {
			t.Errorf("after a restart %v, %v", e, err)
		}
		if all, err := b.Websockets(); err != nil || len(all) != 1 || all[0].Hostname() != "127.0.0.1" {
			t.Errorf("websockets %v, %v", all, err)
		}
		b.Close()
		if b.Healthy() == nil {
			t.Error("healthy after the end")
		}
	}
}
