package backup

import (
	"archive/tar"
	"bytes"
	"crypto/rand"
	"errors"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/klauspost/compress/zstd"
)

// archive writes files as a backup; the manifest tells of them what change makes of it.
func archive(t testing.TB, change func(*Manifest), files ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	compressed, err := zstd.NewWriter(&b)
	if err != nil {
		t.Fatal(err)
	}
	w := &writer{tar: tar.NewWriter(compressed), manifest: Manifest{Format: format, Made: time.Date(2026, 11, 25, 3, 0, 0, 0, time.UTC)}}
	for _, name := range files {
		if err := w.add(name, 0o600, int64(len(name)), strings.NewReader(name)); err != nil {
			t.Fatal(err)
		}
	}
	if change != nil {
		change(&w.manifest)
	}
	if err := errors.Join(w.finish(), compressed.Close()); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func nothing(File, fs.FileMode, io.Reader) error { return nil }

func TestRead(t *testing.T) {
	good := []string{"state/accounts.json", "state/keys/operator.nk", "state/keys/account.nk", "streams/KV_a.json", "streams/KV_a.snapshot"}
	var got []string
	m, err := read(bytes.NewReader(archive(t, nil, good...)), func(f File, mode fs.FileMode, r io.Reader) error {
		b, err := io.ReadAll(r)
		if string(b) != f.Name || mode != 0o600 {
			t.Errorf("%s: %q, mode %v", f.Name, b, mode)
		}
		got = append(got, f.Name)
		return err
	})
	if err != nil || len(m.Files) != len(good) || strings.Join(got, " ") != strings.Join(good, " ") {
		t.Errorf("read %q, %+v, %v", got, m, err)
	}
	for _, c := range []struct {
		name  string
		b     []byte
		wants string
	}{
		{"outside", archive(t, nil, "state/../../etc/passwd"), "no place"},
		{"absolute", archive(t, nil, "/etc/passwd"), "no place"},
		{"elsewhere", archive(t, nil, "etc/passwd"), "no place"},
		{"the store", archive(t, nil, "state/nats/jetstream/x"), "no place"},
		{"below streams", archive(t, nil, "streams/a/b.json"), "no place"},
		{"twice", archive(t, nil, good[0], good[0]), "twice"},
		{"a file less", archive(t, func(m *Manifest) { m.Files = append(m.Files, File{Name: "state/x"}) }, good...), "has 5 files; expected 6"},
		{"another sum", archive(t, func(m *Manifest) { m.Files[0].SHA256 = strings.Repeat("0", 64) }, good...), "is not as it was"},
		{"a stream less", archive(t, func(m *Manifest) { m.Streams = []Stream{{Name: "KV_b"}} }, good...), `stream "KV_b" is missing`},
		{"another format", archive(t, func(m *Manifest) { m.Format = 2 }, good...), "use the version of hub that made it"},
		{"no backup", []byte("a text"), "cut off or altered"},
		{"nothing", nil, "cut off or altered"},
	} {
		if _, err := read(bytes.NewReader(c.b), nothing); err == nil || !strings.Contains(err.Error(), c.wants) {
			t.Errorf("%s: %v; want %q", c.name, err, c.wants)
		}
	}
	// A disk that is full is not a broken backup.
	full := errors.New("no space left")
	_, err = read(bytes.NewReader(archive(t, nil, good...)), func(File, fs.FileMode, io.Reader) error { return full })
	if !errors.Is(err, full) || errors.Is(err, errAltered) {
		t.Errorf("with a full disk: %v", err)
	}
}

// Whatever is cut off or changed is noticed before anything is written.
func TestRestoreRefuses(t *testing.T) {
	good := archive(t, nil, "state/accounts.json", "state/keys/operator.nk", "state/keys/account.nk")
	file := filepath.Join(t.TempDir(), "backup")
	state := filepath.Join(t.TempDir(), "state")
	attempt := func(b []byte, want string) {
		t.Helper()
		if err := os.WriteFile(file, b, 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := Restore(t.Context(), state, file, slog.New(slog.DiscardHandler))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v; want %q", err, want)
		}
		if _, err := os.Stat(state); !errors.Is(err, fs.ErrNotExist) {
			t.Fatalf("the state directory is there: %v", err)
		}
	}
	for n := range good {
		attempt(good[:n], "cut off or altered")
		changed := bytes.Clone(good)
		changed[n] ^= 0x10
		// What makes no difference to the content is no change, as a reserved bit.
		if _, err := read(bytes.NewReader(changed), nothing); err != nil {
			attempt(changed, "cut off or altered")
		} else {
			t.Logf("a changed bit of byte %d makes no difference", n)
		}
	}
	attempt(append(bytes.Clone(good), good...), "cut off or altered")
	attempt(archive(t, nil, "state/accounts.json"), "lacks the hub's keys/operator.nk")
	if err := os.MkdirAll(filepath.Join(state, "keys"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, good, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Restore(t.Context(), state, file, slog.New(slog.DiscardHandler)); err == nil || !strings.Contains(err.Error(), "-replace") {
		t.Errorf("into a state that is there: %v", err)
	}
}

func TestWhole(t *testing.T) {
	state := t.TempDir()
	if err := Whole(filepath.Join(state, "nowhere")); err != nil {
		t.Error(err)
	}
	if err := Whole(state); err != nil {
		t.Error(err)
	}
	if err := os.Mkdir(filepath.Join(state, unfinished), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := Whole(state); err == nil || !strings.Contains(err.Error(), "half restored") {
		t.Errorf("half restored: %v", err)
	}
}

// However often the power is cut while a restored state takes its place, the next start ends it, and nothing is lost or mixed.
func TestTakeOverThroughPowerCuts(t *testing.T) {
	noon := time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	tree := func(state string) map[string]string {
		t.Helper()
		all := map[string]string{}
		err := filepath.WalkDir(state, func(name string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			text, err := os.ReadFile(name)
			all[strings.TrimPrefix(name, state+"/")] = string(text)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return all
	}
	make := func(files map[string]string) string {
		t.Helper()
		state := t.TempDir()
		for name, text := range files {
			if err := errors.Join(os.MkdirAll(filepath.Join(state, filepath.Dir(name)), 0o700), os.WriteFile(filepath.Join(state, name), []byte(text), 0o600)); err != nil {
				t.Fatal(err)
			}
		}
		return state
	}
	files := map[string]string{
		"nats/a": "old", "keys/k": "old", "address": "old", "only": "old", ".before-20251231-000000/nats/a": "older",
		staged + "/nats/a": "new", staged + "/keys/k": "new", staged + "/more": "new",
	}
	const then = ".before-20261124-120000/"
	want := map[string]string{
		"nats/a": "new", "keys/k": "new", "more": "new", then + "nats/a": "old", then + "keys/k": "old", then + "address": "old", then + "only": "old",
		".before-20251231-000000/nats/a": "older",
	}
	cut := errors.New("the power is cut")
	for after := range 10 {
		state := make(files)
		renames := 0
		_, err := takeOver(state, noon, func(from, to string) error {
			if renames == after {
				return cut
			}
			renames++
			return os.Rename(from, to)
		})
		if (err != nil) != (after < 7) {
			t.Fatalf("cut after %d renames: %v", after, err)
		}
		before, err := TakeOver(state, noon.Add(time.Hour))
		if err != nil || after < 7 && before != filepath.Join(state, filepath.Clean(then)) || after >= 7 && before != "" {
			t.Errorf("cut after %d renames: moved aside to %q, %v", after, before, err)
		}
		if diff := cmp.Diff(want, tree(state)); diff != "" {
			t.Errorf("cut after %d renames (-want +got):\n%s", after, diff)
		}
	}
	// When it was cut between the last steps there is only the mark.
	state := make(map[string]string{"nats/a": "new", taking: ".before-x" + moved})
	if _, err := TakeOver(state, noon); err != nil {
		t.Error(err)
	}
	if diff := cmp.Diff(map[string]string{"nats/a": "new"}, tree(state)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	state = make(map[string]string{"nats/a": "x", taking: "../elsewhere"})
	if _, err := TakeOver(state, noon); err == nil || !strings.Contains(err.Error(), "expected a folder") {
		t.Errorf("a mark that is none: %v", err)
	}
	if before, err := TakeOver(filepath.Join(state, "nowhere"), noon); err != nil || before != "" {
		t.Errorf("a hub's first start: %q, %v", before, err)
	}
}

func FuzzRead(f *testing.F) {
	f.Add(archive(f, nil, "state/accounts.json", "streams/KV_a.json", "streams/KV_a.snapshot"))
	random := make([]byte, 64)
	_, _ = rand.Read(random)
	f.Add(random)
	f.Fuzz(func(t *testing.T, b []byte) {
		m, err := read(bytes.NewReader(b), func(file File, _ fs.FileMode, _ io.Reader) error {
			if !filepath.IsLocal(file.Name) || !strings.HasPrefix(file.Name, stateFolder) && !strings.HasPrefix(file.Name, streamFolder) {
				t.Errorf("%q was let in", file.Name)
			}
			return nil
		})
		if err == nil && m.Format != format {
			t.Errorf("format %d was let in", m.Format)
		}
	})
}
