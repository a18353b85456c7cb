// Libvpx gets the VP8 codec that kiosk/media/vp8 links: the headers and the
// static libraries of Debian's libvpx-dev, for amd64 and arm64.
//
//	libvpx lock    asks Debian's archive which version is current and writes lock.txt
//	libvpx get     fetches the packages of lock.txt and unpacks what a build needs
//
// A booth's service is built for both, and Debian's own cross packages would
// need root and a second architecture in the machine's dpkg. It writes to
// build/libvpx and build/debian only, and installs nothing.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"loiret.fr/visioborne/firmware/debian"
)

// renewal is the command that writes the lock anew.
const renewal = "make libvpx-lock"

// architectures are Debian's names, which are Go's too, with the folders of their libraries.
var architectures = map[string]string{"amd64": "x86_64-linux-gnu", "arm64": "aarch64-linux-gnu"}

func main() {
	flag.Usage = func() {
		fmt.Fprint(flag.CommandLine.Output(), "usage: libvpx [flags] lock|get\n\nflags:\n")
		flag.PrintDefaults()
	}
	lockFile := flag.String("lock", "firmware/libvpx/lock.txt", "the lock's `file`")
	cache := flag.String("cache", "build/debian", "`folder` for packages already fetched")
	out := flag.String("out", "build/libvpx", "`folder` to make")
	flag.Parse()
	var err error
	switch flag.Arg(0) {
	case "lock":
		err = debian.Renew(*lockFile, "The VP8 codec that the service links, written by `"+renewal+"`.",
			[]string{"amd64", "arm64"}, []string{"download", "libvpx-dev"})
	case "get":
		err = get(*lockFile, *cache, *out)
	default:
		flag.Usage()
		os.Exit(2)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "libvpx:", err)
		os.Exit(1)
	}
}

// get makes the folder: include/vpx, amd64/libvpx.a, arm64/libvpx.a, copyright.
func get(lockFile, cache, out string) error {
	l, err := debian.ReadLock(lockFile, renewal)
	if err != nil {
		return err
	}
	packages, err := l.Fetch(cache, renewal)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(out), 0o755); err != nil {
		return err
	}
	made, err := os.MkdirTemp(filepath.Dir(out), ".libvpx-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(made)
	for i, f := range l.Files {
		if err := take(packages[i], f, made); err != nil {
			return fmt.Errorf("taking what a build needs of %s: %w", f.Name(), err)
		}
	}
	for architecture := range architectures {
		if _, err := os.Stat(filepath.Join(made, architecture, "libvpx.a")); err != nil {
			return fmt.Errorf("looking for the library: %w; renew the lock with %s", err, renewal)
		}
	}
	if err := errors.Join(os.Chmod(made, 0o755), os.RemoveAll(out)); err != nil {
		return err
	}
	if err := os.Rename(made, out); err != nil {
		return err
	}
	fmt.Printf("%s: %s\n", out, l.Files[0].Name())
	return nil
}

// take takes the library of one package, and the headers, which are the same in each.
func take(packageFile string, f debian.File, into string) error {
	root, err := os.MkdirTemp(into, ".package-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(root)
	if err := debian.Unpack(packageFile, root); err != nil {
		return err
	}
	parts := strings.Split(strings.TrimSuffix(f.Name(), ".deb"), "_")
	architecture := parts[len(parts)-1]
	triplet, ok := architectures[architecture]
	if !ok {
		return errors.New("it is for another machine")
	}
	if err := os.MkdirAll(filepath.Join(into, architecture), 0o755); err != nil {
		return err
	}
	if err := os.Rename(filepath.Join(root, "usr/lib", triplet, "libvpx.a"), filepath.Join(into, architecture, "libvpx.a")); err != nil {
		return err
	}
	if _, err := os.Stat(filepath.Join(into, "include")); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return errors.Join(
		os.Rename(filepath.Join(root, "usr/include"), filepath.Join(into, "include")),
		os.Rename(filepath.Join(root, "usr/share/doc/libvpx-dev/copyright"), filepath.Join(into, "copyright")),
	)
}
