package main

import (
	"bufio"
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

// wanted are the packages that the root is for; the others are what they depend on.
func wanted() []string {
	return []string{
		"chromium",
		"dash",
		"e2fsprogs", // makes and repairs /perm at boot
		"fonts-dejavu-core",
		"xserver-xorg-core",
		"xserver-xorg-input-evdev", // needs no udev, unlike libinput's driver
		"xserver-xorg-video-fbdev",
	}
}

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

// entry is one package file.
type entry struct {
	archive string // debian or debian-security
	path    string // pool/main/...
	size    int64
	sha256  string
}

// name is the package's name and version, as its file has them.
func (e entry) name() string {
	name, err := url.PathUnescape(path.Base(e.path))
	if err != nil {
		return path.Base(e.path)
	}
	return name
}

type lock struct {
	// when the lock was made, for snapshot.debian.org, which keeps what the archive drops.
	at      time.Time
	entries []entry
}

const timeLayout = "20060102T150405Z"

func (l lock) write(w io.Writer) error {
	b := bufio.NewWriter(w)
	fmt.Fprintf(b, "# The packages of the browser's root, written by `make browser-lock`.\n# archive path size sha256\nat %s\n", l.at.Format(timeLayout))
	for _, e := range l.entries {
		fmt.Fprintf(b, "%s %s %d %s\n", e.archive, e.path, e.size, e.sha256)
	}
	return b.Flush()
}

// parseLock reads what write wrote; file names it in errors.
func parseLock(file string, r io.Reader) (lock, error) {
	var l lock
	var errs []error
	lines := bufio.NewScanner(r)
	for number := 1; lines.Scan(); number++ {
		line := lines.Text()
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		if err := l.parse(strings.Fields(line)); err != nil {
			errs = append(errs, fmt.Errorf("%s:%d: %w; renew it with make browser-lock", file, number, err))
		}
	}
	if err := lines.Err(); err != nil {
		errs = append(errs, fmt.Errorf("reading %s: %w", file, err))
	}
	if len(errs) == 0 && (l.at.IsZero() || len(l.entries) == 0) {
		errs = append(errs, fmt.Errorf("%s: has no packages or no time; renew it with make browser-lock", file))
	}
	return l, errors.Join(errs...)
}

func (l *lock) parse(fields []string) error {
	if len(fields) == 2 && fields[0] == "at" {
		at, err := time.Parse(timeLayout, fields[1])
		if err != nil {
			return fmt.Errorf("%q is not a time such as 20261123T120000Z", fields[1])
		}
		l.at = at
		return nil
	}
	if len(fields) != 4 {
		return fmt.Errorf("%d fields; expected archive, path, size and SHA-256", len(fields))
	}
	e := entry{archive: fields[0], path: fields[1], sha256: fields[3]}
	if !slices.ContainsFunc(archives(), func(a archive) bool { return a.name == e.archive }) {
		return fmt.Errorf("%q is not an archive; expected debian or debian-security", e.archive)
	}
	if !strings.HasPrefix(e.path, "pool/") || !strings.HasSuffix(e.path, ".deb") || path.Clean(e.path) != e.path {
		return fmt.Errorf("%q is not the path of a package in an archive", e.path)
	}
	size, err := strconv.ParseInt(fields[2], 10, 64)
	if err != nil || size <= 0 {
		return fmt.Errorf("%q is not a size in bytes", fields[2])
	}
	e.size = size
	if b, err := hex.DecodeString(e.sha256); err != nil || len(b) != 32 {
		return fmt.Errorf("%q is not a SHA-256", e.sha256)
	}
	l.entries = append(l.entries, e)
	return nil
}

// renew writes the lock anew, with what is current in Debian's archive.
func renew(file string) error {
	if _, err := os.Stat(keyring); err != nil {
		return fmt.Errorf("looking for the archive's keys: %w; install debian-archive-keyring", err)
	}
	dir, err := os.MkdirTemp("", "browser-lock")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	for _, d := range []string{"etc/apt/apt.conf.d", "etc/apt/preferences.d", "var/lib/apt/lists/partial", "var/lib/dpkg", "var/cache/apt/archives/partial"} {
		if err := os.MkdirAll(filepath.Join(dir, d), 0o755); err != nil {
			return err
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
		return err
	}
	at := time.Now().UTC().Truncate(time.Second)
	if _, err := apt(dir, "update", "-qq"); err != nil {
		return fmt.Errorf("reading the archive's lists: %w", err)
	}
	out, err := apt(dir, append([]string{"install", "-qq", "--print-uris"}, wanted()...)...)
	if err != nil {
		return fmt.Errorf("resolving packages: %w", err)
	}
	entries, err := parseURIs(out)
	if err != nil {
		return err
	}
	var text bytes.Buffer
	if err := (lock{at, entries}).write(&text); err != nil {
		return err
	}
	if err := os.WriteFile(file, text.Bytes(), 0o644); err != nil {
		return fmt.Errorf("writing the lock: %w", err)
	}
	fmt.Printf("%s: %d packages\n", file, len(entries))
	return nil
}

// apt runs apt-get for arm64 on a system of its own in dir.
func apt(dir string, args ...string) ([]byte, error) {
	c := exec.Command("apt-get", append([]string{
		"-o", "Dir=" + dir, "-o", "Dir::State::status=" + filepath.Join(dir, "var/lib/dpkg/status"),
		"-o", "APT::Architecture=arm64", "-o", "APT::Architectures=arm64",
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
func parseURIs(out []byte) ([]entry, error) {
	var entries []entry
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
				entries = append(entries, entry{a.name, p, size, hash})
				found = true
			}
		}
		if !found {
			return nil, fmt.Errorf("reading apt's list: %s is in none of the archives", uri)
		}
	}
	slices.SortFunc(entries, func(a, b entry) int { return strings.Compare(a.path, b.path) })
	return entries, nil
}
