package update

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"time"

	"golang.org/x/sys/unix"
	"golang.org/x/time/rate"

	"loiret.fr/visioborne/hub/wire"
	"loiret.fr/visioborne/hub/wire/pieces"
)

// errWrongPiece: what came is not what was asked for.
var errWrongPiece = errors.New("its content is not what the manifest says")

// load makes the spare partition hold the manifest's root. What is there already
// stays, so that it goes on where a power cut stopped it; what the running root
// has too is copied; only the rest is loaded.
type load struct {
	manifest wire.Manifest
	running  *os.File
	spare    *os.File
	// fetch loads a piece into the buffer.
	fetch func(ctx context.Context, p wire.Piece, into []byte) error
	// progress is told how many bytes are in place.
	progress func(int64)
}

// loaded tells what it took, in bytes.
type loaded struct{ kept, copied, fetched int64 }

func (l *load) run(ctx context.Context) (loaded, error) {
	var sum loaded
	end, err := l.spare.Seek(0, io.SeekEnd)
	if err != nil {
		return sum, fmt.Errorf("measuring the spare root: %w", err)
	}
	if end < l.manifest.Bytes {
		return sum, fmt.Errorf("the spare root has room for %d bytes; the release has %d", end, l.manifest.Bytes)
	}
	has, err := index(ctx, l.running)
	if err != nil {
		return sum, fmt.Errorf("reading the running root: %w", err)
	}
	buffer := make([]byte, wire.MaxPieceBytes)
	at := int64(0)
	for _, p := range l.manifest.Pieces {
		if err := ctx.Err(); err != nil {
			return sum, err
		}
		piece := buffer[:p.Bytes]
		from, common := has[p.SHA256]
		switch {
		case holds(l.spare, at, piece, p.SHA256):
			sum.kept += p.Bytes
		case common && holds(l.running, from, piece, p.SHA256):
			sum.copied += p.Bytes
			err = write(l.spare, piece, at)
		default:
			sum.fetched += p.Bytes
			if err = l.fetch(ctx, p, piece); err == nil {
				err = write(l.spare, piece, at)
			}
		}
		if err != nil {
			return sum, err
		}
		at += p.Bytes
		l.progress(at)
	}
	return sum, l.check(ctx)
}

// holds reads a piece and tells whether it is the one with that sum.
func holds(f io.ReaderAt, at int64, piece []byte, sum string) bool {
	if _, err := f.ReadAt(piece, at); err != nil {
		return false
	}
	return sumOf(piece) == sum
}

func sumOf(b []byte) string {
	s := sha256.Sum256(b)
	return hex.EncodeToString(s[:])
}

func write(f *os.File, piece []byte, at int64) error {
	if _, err := f.WriteAt(piece, at); err != nil {
		return fmt.Errorf("writing the spare root at %d: %w", at, err)
	}
	return nil
}

// check reads the whole from the card, not from memory.
func (l *load) check(ctx context.Context) error {
	if err := l.spare.Sync(); err != nil {
		return fmt.Errorf("writing the spare root: %w", err)
	}
	if err := unix.Fadvise(int(l.spare.Fd()), 0, 0, unix.FADV_DONTNEED); err != nil {
		return fmt.Errorf("reading the spare root: %w", err)
	}
	h := sha256.New()
	r := io.NewSectionReader(l.spare, 0, l.manifest.Bytes)
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		_, err := io.CopyN(h, r, 4<<20)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return fmt.Errorf("reading the spare root: %w", err)
		}
	}
	if got := hex.EncodeToString(h.Sum(nil)); got != l.manifest.SHA256 {
		return fmt.Errorf("checking the spare root: it reads as %s; expected %s: the card loses what is written to it", got, l.manifest.SHA256)
	}
	return nil
}

// index tells where in a root each of its pieces lies.
func index(ctx context.Context, root *os.File) (map[string]int64, error) {
	bytes, err := squashfsBytes(root)
	if err != nil {
		return nil, err
	}
	has := map[string]int64{}
	at := int64(0)
	err = pieces.Cut(io.NewSectionReader(root, 0, bytes), func(p []byte) error {
		has[sumOf(p)] = at
		at += int64(len(p))
		return ctx.Err()
	})
	return has, err
}

// squashfsBytes is how many bytes of a partition its squashfs uses (Documentation/filesystems/squashfs.rst, the superblock).
func squashfsBytes(r io.ReaderAt) (int64, error) {
	var b [48]byte
	if _, err := r.ReadAt(b[:], 0); err != nil {
		return 0, err
	}
	if string(b[:4]) != "hsqs" {
		return 0, errors.New("no squashfs in it")
	}
	return int64(binary.LittleEndian.Uint64(b[40:])), nil
}

// loader loads over HTTP, at a limited rate.
type loader struct {
	client *http.Client
	base   func(path string) (string, error)
	limit  *rate.Limiter
}

// burst is how much is read at once.
const burst = 16 << 10

func newLimit(kbps int) *rate.Limiter {
	return rate.NewLimiter(rate.Limit(kbps)*1000/8, burst)
}

func (l *loader) get(ctx context.Context, path string) (*http.Response, error) {
	address, err := l.base(path)
	if err != nil {
		return nil, err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, err
	}
	response, err := l.client.Do(request)
	if err != nil {
		return nil, err
	}
	if response.StatusCode != http.StatusOK {
		response.Body.Close()
		return nil, fmt.Errorf("loading %s: %s", path, response.Status)
	}
	return response, nil
}

func (l *loader) manifest(ctx context.Context, version string) ([]byte, error) {
	response, err := l.get(ctx, wire.ReleasesPath+version)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	b, err := io.ReadAll(io.LimitReader(response.Body, wire.ManifestMaxBytes+1))
	if err != nil {
		return nil, fmt.Errorf("loading the manifest of %s: %w", version, err)
	}
	return b, nil
}

// pieceTime is the longest that a piece may take: the largest, at 30 kbit/s.
const pieceTime = 10 * time.Minute

func (l *loader) piece(ctx context.Context, p wire.Piece, into []byte) error {
	ctx, cancel := context.WithTimeout(ctx, pieceTime)
	defer cancel()
	response, err := l.get(ctx, wire.PiecesPath+p.SHA256)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	// Sleeping between small reads keeps the receive window shut, so that the line is really left to others.
	for n := 0; n < len(into); {
		part := into[n:min(n+burst, len(into))]
		if err := l.limit.WaitN(ctx, len(part)); err != nil {
			return err
		}
		m, err := io.ReadFull(response.Body, part)
		n += m
		if err != nil {
			return fmt.Errorf("loading piece %.8s: %w after %d of %d bytes", p.SHA256, err, n, len(into))
		}
	}
	if sumOf(into) != p.SHA256 {
		return fmt.Errorf("loading piece %.8s: %w", p.SHA256, errWrongPiece)
	}
	return nil
}
