// Package backup puts all that a hub keeps into one file, while the hub runs,
// and makes a hub's state directory out of such a file again.
//
// The file is a tar, compressed with zstd (RFC 8878), readable by its owner
// only: it holds the hub's keys. In it are the files of the state directory
// (state/...), a snapshot of each JetStream stream, key-value buckets and object
// stores being streams (streams/NAME.json is what the stream is,
// streams/NAME.snapshot what is in it), and last manifest.json, with the length
// and the SHA-256 of each of them: a file that was cut off has none.
//
// A snapshot is what a stream holds at one moment, whoever writes to it
// meanwhile; two streams are at two moments. The snapshot's format is the NATS
// server's own, and the server that takes it and the one that restores it are
// both the embedded one, so config and state go through here as they are.
//
// It starts no goroutine besides those of the server into which Restore puts
// the streams, and that has ended when Restore returns.
//
// Source: JetStream's API, $JS.API.STREAM.SNAPSHOT and .RESTORE, as nats-server's
// jetstream_api.go has them.
package backup

import (
	"archive/tar"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/google/renameio/v2"
	"github.com/klauspost/compress/zstd"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

const (
	format       = 1
	manifestName = "manifest.json"
	stateFolder  = "state/"
	streamFolder = "streams/"
	description  = ".json"
	content      = ".snapshot"
	// maxManifest is far more than a hub has files and streams for.
	maxManifest = 16 << 20
)

// Manifest says what is in a backup.
type Manifest struct {
	Format int       `json:"format"`
	Made   time.Time `json:"made"`
	// Files are in the order in which they are in the backup.
	Files   []File   `json:"files"`
	Streams []Stream `json:"streams"`
}

// File is one file of a backup.
type File struct {
	Name   string `json:"name"`
	Bytes  int64  `json:"bytes"`
	SHA256 string `json:"sha256"` // in hexadecimal digits
}

// Stream is one stream of a backup, as it was at the moment of its snapshot.
type Stream struct {
	Name     string `json:"name"`
	Messages uint64 `json:"messages"`
	LastSeq  uint64 `json:"last_seq"`
}

// Messages is how many there are in all streams.
func (m Manifest) Messages() uint64 {
	var n uint64
	for _, s := range m.Streams {
		n += s.Messages
	}
	return n
}

// Make writes a backup of the hub that runs on the state directory and that nc is connected to, as a user who may do
// everything. The file must not be there yet; it appears when it is complete.
func Make(ctx context.Context, nc *nats.Conn, state, file string, now time.Time) (Manifest, error) {
	m, err := makeFile(ctx, nc, state, file, now)
	if err != nil {
		return Manifest{}, fmt.Errorf("backing up to %s: %w", file, err)
	}
	return m, nil
}

func makeFile(ctx context.Context, nc *nats.Conn, state, file string, now time.Time) (Manifest, error) {
	if _, err := os.Lstat(file); err == nil {
		return Manifest{}, errors.New("there is such a file already; give another name, or remove it")
	} else if !errors.Is(err, fs.ErrNotExist) {
		return Manifest{}, err
	}
	folder := filepath.Dir(file)
	out, err := renameio.NewPendingFile(file, renameio.WithTempDir(folder), renameio.WithStaticPermissions(0o600))
	if err != nil {
		return Manifest{}, err
	}
	defer func() { _ = out.Cleanup() }() // does nothing once the file is complete
	compressed, err := zstd.NewWriter(out)
	if err != nil {
		return Manifest{}, err
	}
	w := &writer{tar: tar.NewWriter(compressed), manifest: Manifest{Format: format, Made: now.UTC()}}
	err = w.files(state)
	if err == nil {
		err = w.streams(ctx, nc, folder)
	}
	if err == nil {
		err = w.finish()
	}
	if err := errors.Join(err, compressed.Close()); err != nil {
		return Manifest{}, err
	}
	return w.manifest, out.CloseAtomicallyReplace()
}

// writer writes the parts of a backup, and notes them.
type writer struct {
	tar      *tar.Writer
	manifest Manifest
}

// add adds a file of a known length.
func (w *writer) add(name string, mode fs.FileMode, length int64, from io.Reader) error {
	err := w.tar.WriteHeader(&tar.Header{Typeflag: tar.TypeReg, Name: name, Size: length, Mode: int64(mode.Perm()), ModTime: w.manifest.Made, Format: tar.FormatPAX})
	if err != nil {
		return err
	}
	sum := sha256.New()
	if _, err := io.Copy(io.MultiWriter(w.tar, sum), from); err != nil {
		return fmt.Errorf("copying %s: %w", name, err)
	}
	w.manifest.Files = append(w.manifest.Files, File{Name: name, Bytes: length, SHA256: hexadecimal(sum)})
	return nil
}

func hexadecimal(h hash.Hash) string { return hex.EncodeToString(h.Sum(nil)) }

// passing tells what in a state directory is not kept: the store, of which there are snapshots, where the running hub is,
// locks, and files that are just being written.
func passing(name string) bool {
	return name == "nats" || name == "address" || strings.HasSuffix(name, ".lock") || strings.HasPrefix(name, ".")
}

func (w *writer) files(state string) error {
	return filepath.WalkDir(state, func(file string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case file == state:
			return nil
		case passing(d.Name()):
			if d.IsDir() {
				return fs.SkipDir
			}
			return nil
		case !d.Type().IsRegular():
			return nil
		}
		name, err := filepath.Rel(state, file)
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		text, err := os.ReadFile(file) // whole, because it may be replaced at any time
		if err != nil {
			return err
		}
		return w.add(stateFolder+filepath.ToSlash(name), info.Mode(), int64(len(text)), strings.NewReader(string(text)))
	})
}

func (w *writer) streams(ctx context.Context, nc *nats.Conn, folder string) error {
	js, err := jetstream.New(nc)
	if err != nil {
		return err
	}
	list := js.StreamNames(ctx)
	var names []string
	for name := range list.Name() {
		names = append(names, name)
	}
	if err := list.Err(); err != nil {
		return fmt.Errorf("listing the streams: %w", err)
	}
	slices.Sort(names)
	for _, name := range names {
		if err := w.stream(ctx, nc, name, folder); err != nil {
			return fmt.Errorf("stream %s: %w", name, err)
		}
	}
	return nil
}

// stream takes a snapshot, by way of a file, because a tar names lengths beforehand.
func (w *writer) stream(ctx context.Context, nc *nats.Conn, name, folder string) error {
	spool, err := os.CreateTemp(folder, ".visioborne-snapshot-*") // 0600
	if err != nil {
		return err
	}
	defer os.Remove(spool.Name())
	defer spool.Close()
	var d snapshotDescription
	for try := 1; ; try++ {
		d, err = takeSnapshot(ctx, nc, name, spool)
		if err == nil {
			break
		}
		if try == snapshotTries || ctx.Err() != nil || !errors.Is(err, context.DeadlineExceeded) {
			return err
		}
		// In a cluster the server that was at it may have gone; another one has the stream soon, and begins anew.
		if err := spool.Truncate(0); err != nil {
			return err
		}
		if _, err := spool.Seek(0, io.SeekStart); err != nil {
			return err
		}
	}
	about, err := json.Marshal(d)
	if err != nil {
		return err
	}
	state, err := d.state()
	if err != nil {
		return err
	}
	w.manifest.Streams = append(w.manifest.Streams, Stream{Name: name, Messages: state.Messages, LastSeq: state.LastSeq})
	if err := w.add(streamFolder+name+description, 0o600, int64(len(about)), strings.NewReader(string(about))); err != nil {
		return err
	}
	length, err := spool.Seek(0, io.SeekCurrent)
	if err != nil {
		return err
	}
	if _, err := spool.Seek(0, io.SeekStart); err != nil {
		return err
	}
	return w.add(streamFolder+name+content, 0o600, length, spool)
}

func (w *writer) finish() error {
	text, err := json.MarshalIndent(w.manifest, "", "  ")
	if err != nil {
		return err
	}
	err = w.tar.WriteHeader(&tar.Header{Typeflag: tar.TypeReg, Name: manifestName, Size: int64(len(text)), Mode: 0o600, ModTime: w.manifest.Made})
	if err != nil {
		return err
	}
	if _, err := w.tar.Write(text); err != nil {
		return err
	}
	return w.tar.Close()
}
