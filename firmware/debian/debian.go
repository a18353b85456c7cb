// Package debian fetches packages from Debian's archive that a lock names by
// their size and SHA-256, and writes such locks.
//
// apt resolves packages and checks the archive's signatures when a lock is
// written; after that the lock alone decides. It writes to the folders that it
// is given, starts apt-get on a system of its own in a temporary folder, and
// never installs anything on the machine. Source: the Debian Policy Manual on
// package files; apt-get(8).
package debian

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"
)

const (
	release = "trixie"
	keyring = "/usr/share/keyrings/debian-archive-keyring.gpg"
)

// archive is one of the archives that a package file may come from.
type archive struct{ name, url string }

func archives() []archive {
	return []archive{
		{"debian", "http://deb.debian.org/debian"},
		{"debian-security", "http://deb.debian.org/debian-security"},
	}
}

// File is one package file.
type File struct {
	Archive string // debian or debian-security
	Path    string // pool/main/...
	Size    int64  // in bytes
	SHA256  string
}

// Name is the package's name, version and architecture, as its file has them.
func (f File) Name() string {
	name, err := url.PathUnescape(path.Base(f.Path))
	if err != nil {
		return path.Base(f.Path)
	}
	return name
}

// Lock names package files.
type Lock struct {
	// At is when the lock was made, for snapshot.debian.org, which keeps what the archive drops.
	At    time.Time
	Files []File
}

const timeLayout = "20060102T150405Z"

// write writes the lock, which says what it is for.
func (l Lock) write(w io.Writer, what string) error {
	b := bufio.NewWriter(w)
	fmt.Fprintf(b, "# %s\n# archive path size sha256\nat %s\n", what, l.At.Format(timeLayout))
	for _, f := range l.Files {
		fmt.Fprintf(b, "%s %s %d %s\n", f.Archive, f.Path, f.Size, f.SHA256)
	}
	return b.Flush()
}

// ReadLock reads a lock's file. renew is the command that makes it anew, for errors.
func ReadLock(file, renew string) (Lock, error) {
	f, err := os.Open(file)
	if err != nil {
		return Lock{}, fmt.Errorf("opening the lock: %w", err)
	}
	defer f.Close()
	return parse(file, renew, f)
}

func parse(file, renew string, r io.Reader) (Lock, error) {
	var l Lock
	var errs []error
	lines := bufio.NewScanner(r)
	for number := 1; lines.Scan(); number++ {
		line := lines.Text()
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		if err := l.parse(strings.Fields(line)); err != nil {
			errs = append(errs, fmt.Errorf("%s:%d: %w; renew it with %s", file, number, err, renew))
		}
	}
	if err := lines.Err(); err != nil {
		errs = append(errs, fmt.Errorf("reading %s: %w", file, err))
	}
	if len(errs) == 0 && (l.At.IsZero() || len(l.Files) == 0) {
		errs = append(errs, fmt.Errorf("%s: has no packages or no time; renew it with %s", file, renew))
	}
	return l, errors.Join(errs...)
}

func (l *Lock) parse(fields []string) error {
	if len(fields) == 2 && fields[0] == "at" {
		at, err := time.Parse(timeLayout, fields[1])
		if err != nil {
			return fmt.Errorf("%q is not a time such as 20261123T120000Z", fields[1])
		}
		l.At = at
		return nil
	}
	if len(fields) != 4 {
		return fmt.Errorf("%d fields; expected archive, path, size and SHA-256", len(fields))
	}
	f := File{Archive: fields[0], Path: fields[1], SHA256: fields[3]}
	if !slices.ContainsFunc(archives(), func(a archive) bool { return a.name == f.Archive }) {
		return fmt.Errorf("%q is not an archive; expected debian or debian-security", f.Archive)
	}
	if !strings.HasPrefix(f.Path, "pool/") || !strings.HasSuffix(f.Path, ".deb") || path.Clean(f.Path) != f.Path {
		return fmt.Errorf("%q is not the path of a package in an archive", f.Path)
	}
	size, err := strconv.ParseInt(fields[2], 10, 64)
	if err != nil || size <= 0 {
		return fmt.Errorf("%q is not a size in bytes", fields[2])
	}
	f.Size = size
	if b, err := hex.DecodeString(f.SHA256); err != nil || len(b) != 32 {
		return fmt.Errorf("%q is not a SHA-256", f.SHA256)
	}
	l.Files = append(l.Files, f)
	return nil
}

// Fetch gets the lock's package files into a folder, unless they are there, and
// returns where they are. renew is as ReadLock's.
func (l Lock) Fetch(cache, renew string) ([]string, error) {
	if err := os.MkdirAll(cache, 0o755); err != nil {
		return nil, err
	}
	files := make([]string, len(l.Files))
	var fetching errgroup.Group
	fetching.SetLimit(8)
	for i, f := range l.Files {
		files[i] = filepath.Join(cache, f.SHA256+".deb")
		fetching.Go(func() error { return l.fetch(f, files[i], renew) })
	}
	return files, fetching.Wait()
}

func (l Lock) fetch(f File, to, renew string) error {
	if ok, err := f.is(to); ok && err == nil {
		return nil
	}
	var errs []error
	for _, at := range l.places(f) {
		err := download(at, f, to)
		if err == nil {
			return nil
		}
		errs = append(errs, fmt.Errorf("%s: %w", at, err))
	}
	return fmt.Errorf("fetching %s: %w; if the archive has dropped it, renew the lock with %s", f.Name(), errors.Join(errs...), renew)
}

// places are where a file may be: the archive while it is current, and what keeps all of it.
func (l Lock) places(f File) []string {
	var all []string
	for _, a := range archives() {
		if a.name == f.Archive {
			all = append(all, a.url+"/"+f.Path)
		}
	}
	return append(all, "https://snapshot.debian.org/archive/"+f.Archive+"/"+l.At.Format(timeLayout)+"/"+f.Path)
}

func download(from string, f File, to string) error {
	response, err := http.Get(from)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return errors.New(response.Status)
	}
	partial, err := os.CreateTemp(filepath.Dir(to), ".fetch-")
	if err != nil {
		return err
	}
	defer os.Remove(partial.Name())
	_, err = io.Copy(partial, io.LimitReader(response.Body, f.Size+1))
	if err := errors.Join(err, partial.Close()); err != nil {
		return err
	}
	if ok, err := f.is(partial.Name()); err != nil {
		return err
	} else if !ok {
		return errors.New("it is not the file of the lock: its SHA-256 differs")
	}
	return os.Rename(partial.Name(), to)
}

// is tells whether a file on the disk is that of the lock.
func (f File) is(file string) (bool, error) {
	opened, err := os.Open(file)
	if err != nil {
		return false, err
	}
	defer opened.Close()
	h := sha256.New()
	n, err := io.Copy(h, opened)
	return n == f.Size && hex.EncodeToString(h.Sum(nil)) == f.SHA256, err
}

// Unpack unpacks a package file into a folder. No script of the package runs.
func Unpack(file, into string) error {
	if out, err := exec.Command("dpkg-deb", "--extract", file, into).CombinedOutput(); err != nil {
		return fmt.Errorf("unpacking %s: %w: %s", file, err, out)
	}
	return nil
}

// Renew writes a lock anew, with what is current in Debian's archive: for each
// architecture what apt-get prints the addresses of when it is called with want,
// such as install and names. what says in the file what it is for.
func Renew(file, what string, architectures, want []string) error {
	if _, err := os.Stat(keyring); err != nil {
		return fmt.Errorf("looking for the archive's keys: %w; install debian-archive-keyring", err)
	}
	l := Lock{At: time.Now().UTC().Truncate(time.Second)}
	for _, architecture := range architectures {
		files, err := current(architecture, want)
		if err != nil {
			return err
		}
		l.Files = append(l.Files, files...)
	}
	var text bytes.Buffer
	if err := l.write(&text, what); err != nil {
		return err
	}
	if err := os.WriteFile(file, text.Bytes(), 0o644); err != nil {
		return fmt.Errorf("writing the lock: %w", err)
	}
	fmt.Printf("%s: %d packages\n", file, len(l.Files))
	return nil
}

// current asks apt, on a system of its own.
func current(architecture string, want []string) ([]File, error) {
	dir, err := os.MkdirTemp("", "debian-lock")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	for _, d := range []string{"etc/apt/apt.conf.d", "etc/apt/preferences.d", "var/lib/apt/lists/partial", "var/lib/dpkg", "var/cache/apt/archives/partial"} {
		if err := os.MkdirAll(filepath.Join(dir, d), 0o755); err != nil {
			return nil, err
		}
	}
	var sources strings.Builder
	for _, suite := range []string{"debian " + release, "debian " + release + "-updates", "debian-security " + release + "-security"} {
		name, suite, _ := strings.Cut(suite, " ")
		at := archives()[slices.IndexFunc(archives(), func(a archive) bool { return a.name == name })]
		fmt.Fprintf(&sources, "deb [signed-by=%s] %s %s main\n", keyring, at.url, suite)
	}
	if err := errors.Join(
		os.WriteFile(filepath.Join(dir, "etc/apt/sources.list"), []byte(sources.String()), 0o644),
		os.WriteFile(filepath.Join(dir, "var/lib/dpkg/status"), nil, 0o644),
	); err != nil {
		return nil, err
	}
	if _, err := apt(dir, architecture, "update", "-qq"); err != nil {
		return nil, fmt.Errorf("reading the archive's lists: %w", err)
	}
	out, err := apt(dir, architecture, append([]string{"-qq", "--print-uris"}, want...)...)
	if err != nil {
		return nil, fmt.Errorf("resolving packages: %w", err)
	}
	return parseURIs(out)
}

func apt(dir, architecture string, args ...string) ([]byte, error) {
	c := exec.Command("apt-get", append([]string{
		"-o", "Dir=" + dir, "-o", "Dir::State::status=" + filepath.Join(dir, "var/lib/dpkg/status"),
		"-o", "APT::Architecture=" + architecture, "-o", "APT::Architectures=" + architecture,
		"-o", "APT::Install-Recommends=false", "-o", "APT::Sandbox::User=", "-o", "Acquire::Languages=none",
		"-o", "Acquire::ForceHash=SHA256",
	}, args...)...)
	var stderr bytes.Buffer
	c.Stderr = &stderr
	out, err := c.Output()
	if err != nil {
		return nil, fmt.Errorf("%w: %s", err, bytes.TrimSpace(stderr.Bytes()))
	}
	return out, nil
}

// parseURIs reads apt's list of what it would fetch: 'uri' name size SHA256:hash.
func parseURIs(out []byte) ([]File, error) {
	var files []File
	for line := range strings.Lines(string(out)) {
		f := strings.Fields(line)
		if len(f) != 4 {
			return nil, fmt.Errorf("reading apt's list: %q is not a line of four fields", line)
		}
		uri := strings.Trim(f[0], "'")
		hash, ok := strings.CutPrefix(f[3], "SHA256:")
		size, err := strconv.ParseInt(f[2], 10, 64)
		if !ok || err != nil {
			return nil, fmt.Errorf("reading apt's list: %q has no size and SHA-256", line)
		}
		found := false
		for _, a := range archives() {
			if p, ok := strings.CutPrefix(uri, a.url+"/"); ok {
				files = append(files, File{a.name, p, size, hash})
				found = true
			}
		}
		if !found {
			return nil, fmt.Errorf("reading apt's list: %s is in none of the archives", uri)
		}
	}
	slices.SortFunc(files, func(a, b File) int { return strings.Compare(a.Path, b.Path) })
	return files, nil
}
