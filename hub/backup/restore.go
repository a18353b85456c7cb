package backup

import (
	"archive/tar"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/klauspost/compress/zstd"
	"github.com/nats-io/nats.go"

	"loiret.fr/visioborne/hub/broker"
)

// unfinished is where a state directory is made; it is there no longer when the state is whole.
const unfinished = ".restoring"

// Whole tells whether a state directory is that of a hub, or of none yet, and not what a restoration left when it was
// interrupted.
func Whole(state string) error {
	if _, err := os.Lstat(filepath.Join(state, unfinished)); errors.Is(err, fs.ErrNotExist) {
		return nil
	} else if err != nil {
		return fmt.Errorf("looking at the state directory: %w", err)
	}
	return fmt.Errorf("the state directory %s is half restored; remove all that is in it, and run hub restore again", state)
}

// Restore makes the state of a hub out of a backup. The directory must be empty, or not there. The whole file is
// verified before anything is written.
func Restore(ctx context.Context, state, file string, log *slog.Logger) (Manifest, error) {
	m, err := restore(ctx, state, file, log)
	if err != nil {
		return Manifest{}, fmt.Errorf("restoring %s from %s: %w", state, file, err)
	}
	return m, nil
}

func restore(ctx context.Context, state, file string, log *slog.Logger) (Manifest, error) {
	there, err := os.ReadDir(state)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return Manifest{}, err
	}
	if len(there) > 0 {
		return Manifest{}, fmt.Errorf("the directory is not empty (%s is in it); restore into an empty one, or with -replace in the place of what is there", there[0].Name())
	}
	f, err := os.Open(file)
	if err != nil {
		return Manifest{}, err
	}
	defer f.Close()
	m, err := read(f, func(File, fs.FileMode, io.Reader) error { return nil })
	if err != nil {
		return Manifest{}, err
	}
	for _, key := range []string{"keys/operator.nk", "keys/account.nk"} {
		if !slices.ContainsFunc(m.Files, func(f File) bool { return f.Name == stateFolder+key }) {
			return Manifest{}, fmt.Errorf("the backup lacks the hub's %s, without which no booth would know it", key)
		}
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return Manifest{}, err
	}
	if err := os.MkdirAll(state, 0o700); err != nil {
		return Manifest{}, err
	}
	work := filepath.Join(state, unfinished)
	if err := os.Mkdir(work, 0o700); err != nil {
		return Manifest{}, err
	}
	if err := build(ctx, work, f, m, log); err != nil {
		return Manifest{}, errors.Join(err, os.RemoveAll(work))
	}
	// What is left when the power goes now is not Whole.
	return m, settle(work, state)
}

// build makes the state in a folder of its own.
func build(ctx context.Context, work string, f io.Reader, m Manifest, log *slog.Logger) error {
	again, err := read(f, func(f File, mode fs.FileMode, r io.Reader) error {
		to := filepath.Join(work, "streams", filepath.Base(f.Name))
		if name, ok := strings.CutPrefix(f.Name, stateFolder); ok {
			to = filepath.Join(work, "state", filepath.FromSlash(name))
		}
		return write(to, mode, r)
	})
	if err != nil {
		return err
	}
	if !again.Made.Equal(m.Made) || !slices.Equal(again.Files, m.Files) {
		return errors.New("the file was changed meanwhile")
	}
	state := filepath.Join(work, "state")
	keys, err := broker.OpenKeys(state)
	if err != nil {
		return err
	}
	server, err := broker.Open(state, keys, log)
	if err != nil {
		return err
	}
	defer server.Close()
	for _, s := range m.Streams {
		if s.Name == "KV_sessions" {
			continue // who had signed out since must not be in again: everybody signs in anew
		}
		if err := restoreStream(ctx, server.Conn(), 1, filepath.Join(work, "streams", s.Name), s); err != nil {
			return fmt.Errorf("stream %s: %w", s.Name, err)
		}
	}
	return nil
}

// restoreStream makes a stream on as many servers as replicas says, however many it was on before.
func restoreStream(ctx context.Context, nc *nats.Conn, replicas int, path string, s Stream) error {
	text, err := os.ReadFile(path + description)
	if err != nil {
		return err
	}
	var d snapshotDescription
	if err := json.Unmarshal(text, &d); err != nil {
		return err
	}
	if d.Config, err = withReplicas(d.Config, replicas); err != nil {
		return err
	}
	data, err := os.Open(path + content)
	if err != nil {
		return err
	}
	defer data.Close()
	got, err := putSnapshot(ctx, nc, s.Name, d, data)
	if err != nil {
		return err
	}
	// There may be fewer messages, as their time is over, but none has another number.
	if got.LastSeq < s.LastSeq {
		return fmt.Errorf("the last message is number %d; expected %d", got.LastSeq, s.LastSeq)
	}
	return nil
}

// withReplicas is a stream's description, in the server's own words, with another number of servers to keep it.
func withReplicas(config json.RawMessage, replicas int) (json.RawMessage, error) {
	var words map[string]json.RawMessage
	if err := json.Unmarshal(config, &words); err != nil {
		return nil, fmt.Errorf("reading what the stream is: %w", err)
	}
	words["num_replicas"] = json.RawMessage(strconv.Itoa(replicas))
	return json.Marshal(words)
}

// RestoreInto puts the streams of a backup into a cluster that has none of them yet, over a connection of a user who may do
// everything. The state directory must have the keys of the backup already: the cluster knows the hub by them.
func RestoreInto(ctx context.Context, nc *nats.Conn, replicas int, state, file string) (Manifest, error) {
	m, err := restoreInto(ctx, nc, replicas, state, file)
	if err != nil {
		return Manifest{}, fmt.Errorf("restoring %s into the NATS cluster: %w", file, err)
	}
	return m, nil
}

func restoreInto(ctx context.Context, nc *nats.Conn, replicas int, state, file string) (Manifest, error) {
	f, err := os.Open(file)
	if err != nil {
		return Manifest{}, err
	}
	defer f.Close()
	work, err := os.MkdirTemp(state, unfinishedStreams)
	if err != nil {
		return Manifest{}, err
	}
	defer os.RemoveAll(work)
	m, err := read(f, func(f File, mode fs.FileMode, r io.Reader) error {
		name, ok := strings.CutPrefix(f.Name, stateFolder)
		if !ok {
			return write(filepath.Join(work, filepath.Base(f.Name)), mode, r)
		}
		if name == "keys/operator.nk" || name == "keys/account.nk" {
			return sameFile(filepath.Join(state, filepath.FromSlash(name)), r)
		}
		return nil
	})
	if err != nil {
		return Manifest{}, err
	}
	for _, s := range m.Streams {
		if s.Name == "KV_sessions" {
			continue // as in build
		}
		if err := restoreStream(ctx, nc, replicas, filepath.Join(work, s.Name), s); err != nil {
			return Manifest{}, fmt.Errorf("stream %s: %w; is the cluster empty, and no hub on it?", s.Name, err)
		}
	}
	return m, nil
}

// unfinishedStreams begins the name of a folder in which streams are on their way.
const unfinishedStreams = ".restoring-streams-"

// sameFile tells whether a file has the content of one in the backup.
func sameFile(file string, r io.Reader) error {
	want, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	if got, err := os.ReadFile(file); err != nil {
		return err
	} else if !bytes.Equal(got, want) {
		return fmt.Errorf("%s is not the backup's key; restore into the state directory that has the backup's keys", file)
	}
	return nil
}

// settle moves a state that is complete to its place.
func settle(work, state string) error {
	made := filepath.Join(work, "state")
	names, err := os.ReadDir(made)
	if err != nil {
		return err
	}
	for _, n := range names {
		if err := os.Rename(filepath.Join(made, n.Name()), filepath.Join(state, n.Name())); err != nil {
			return err
		}
	}
	if err := syncFolder(state); err != nil {
		return err
	}
	return os.RemoveAll(work)
}

func write(file string, mode fs.FileMode, r io.Reader) error {
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		return err
	}
	f, err := os.OpenFile(file, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode.Perm())
	if err != nil {
		return err
	}
	_, err = io.Copy(f, r)
	return errors.Join(err, f.Sync(), f.Close())
}

func syncFolder(name string) error {
	d, err := os.Open(name)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// maxWindow is more than Make's encoder looks back, and little enough for any machine.
const maxWindow = 32 << 20

// errAltered begins what is wrong with a file that is not as it was written.
var errAltered = errors.New("the file is cut off or altered; take another backup")

// read reads a backup from one end to the other, hands each file to use, and verifies all. What use did counts only
// when read returns no error.
func read(from io.Reader, use func(File, fs.FileMode, io.Reader) error) (Manifest, error) {
	expanded, err := zstd.NewReader(from, zstd.WithDecoderMaxWindow(maxWindow))
	if err != nil {
		return Manifest{}, err
	}
	defer expanded.Close()
	archive := tar.NewReader(expanded)
	var found []File
	for {
		h, err := archive.Next()
		if err != nil {
			return Manifest{}, fmt.Errorf("%w: %w", errAltered, err)
		}
		if h.Name == manifestName {
			break
		}
		if h.Typeflag != tar.TypeReg || !ours(h.Name) {
			return Manifest{}, fmt.Errorf("%w: %.200q has no place in a backup", errAltered, h.Name)
		}
		sum := sha256.New()
		f := File{Name: h.Name, Bytes: h.Size}
		r := &source{r: io.TeeReader(archive, sum)}
		err = use(f, fs.FileMode(h.Mode).Perm(), r)
		if err == nil {
			_, err = io.Copy(io.Discard, r)
		}
		switch {
		case r.err != nil:
			return Manifest{}, fmt.Errorf("%w: %w", errAltered, r.err)
		case err != nil:
			return Manifest{}, err
		}
		f.SHA256 = hexadecimal(sum)
		found = append(found, f)
	}
	m, err := readManifest(archive)
	if err != nil {
		return Manifest{}, fmt.Errorf("%w: %w", errAltered, err)
	}
	// zstd's own checksum stands behind the end; before it is reached, the manifest is not to be believed.
	if _, err := archive.Next(); !errors.Is(err, io.EOF) {
		return Manifest{}, fmt.Errorf("%w: there is more behind its end", errAltered)
	}
	switch more, err := io.Copy(io.Discard, expanded); {
	case err != nil:
		return Manifest{}, fmt.Errorf("%w: %w", errAltered, err)
	case more > 0:
		return Manifest{}, fmt.Errorf("%w: there is more behind its end", errAltered)
	}
	if m.Format != format {
		return Manifest{}, fmt.Errorf("the backup has format %d and this hub reads format %d; use the version of hub that made it", m.Format, format)
	}
	if err := m.check(found); err != nil {
		return Manifest{}, fmt.Errorf("%w: %w", errAltered, err)
	}
	return m, nil
}

// source keeps the error of reading, which is not one of writing.
type source struct {
	r   io.Reader
	err error
}

func (s *source) Read(b []byte) (int, error) {
	n, err := s.r.Read(b)
	if err != nil && !errors.Is(err, io.EOF) {
		s.err = err
	}
	return n, err
}

// ours tells whether a file may be in a backup: in one of its two folders, and nowhere else.
func ours(name string) bool {
	below, ok := strings.CutPrefix(name, streamFolder)
	if ok {
		return !strings.Contains(below, "/") && filepath.IsLocal(below) && (strings.HasSuffix(below, description) || strings.HasSuffix(below, content))
	}
	below, ok = strings.CutPrefix(name, stateFolder)
	if !ok || !filepath.IsLocal(below) || filepath.ToSlash(filepath.Clean(below)) != below {
		return false
	}
	return !slices.ContainsFunc(strings.Split(below, "/"), passing)
}

func readManifest(r io.Reader) (Manifest, error) {
	text, err := io.ReadAll(io.LimitReader(r, maxManifest))
	if err != nil {
		return Manifest{}, err
	}
	var m Manifest
	if err := json.Unmarshal(text, &m); err != nil {
		return Manifest{}, fmt.Errorf("reading %s: %w", manifestName, err)
	}
	return m, nil
}

// check tells whether the files that were found are those of the manifest.
func (m Manifest) check(found []File) error {
	if len(found) != len(m.Files) {
		return fmt.Errorf("it has %d files; expected %d", len(found), len(m.Files))
	}
	names := map[string]bool{}
	for i, f := range found {
		if f != m.Files[i] {
			return fmt.Errorf("%.200q is not as it was when the backup was made", f.Name)
		}
		if names[f.Name] {
			return fmt.Errorf("%.200q is there twice", f.Name)
		}
		names[f.Name] = true
	}
	for _, s := range m.Streams {
		if !names[streamFolder+s.Name+description] || !names[streamFolder+s.Name+content] {
			return fmt.Errorf("stream %.100q is missing", s.Name)
		}
	}
	return nil
}
