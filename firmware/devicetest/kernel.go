package main

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"embed"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
)

// kernel is Debian's, unpacked below root as its packages have it, with
// modules.dep made.
type kernel struct{ root, release string }

// image is the kernel without its compression, which would cost the emulated
// processor as much time as the rest of the start.
func (k kernel) image() string { return filepath.Join(k.root, "boot", "vmlinux-"+k.release) }

// What Debian does not build, or not as we need it. The folder is a kbuild one.
//
//go:embed modules
var additions embed.FS

// taken are the files of the kernel's sources that the additions are built from.
var taken = []string{
	"drivers/gpio/gpio-sim.c", "drivers/gpio/gpiolib.h", "kernel/irq/irq_sim.c",
	"drivers/media/test-drivers/vicodec", "drivers/media/test-drivers/vim2m.c", "drivers/media/v4l2-core/v4l2-mem2mem.c", "drivers/usb/gadget/udc/dummy_hcd.c",
}

// prepareKernel gives the newest kernel of this machine's Debian, with the additions: fetched and
// built once for each version of both. Where that cannot be, one that was built before does as well.
func prepareKernel(ctx context.Context, cache string) (kernel, error) {
	sum, err := sumOf(additions)
	if err != nil {
		return kernel{}, err
	}
	k, err := newestKernel(ctx, cache, sum)
	if err == nil || ctx.Err() != nil {
		return k, err
	}
	built, globErr := filepath.Glob(filepath.Join(cache, "linux-*-"+sum, "boot", "vmlinux-*"))
	if globErr != nil || len(built) == 0 {
		return k, err
	}
	last := built[len(built)-1]
	fmt.Printf("devicetest: taking the kernel that was built before: %v\n", err)
	return kernel{filepath.Dir(filepath.Dir(last)), strings.TrimPrefix(filepath.Base(last), "vmlinux-")}, nil
}

func newestKernel(ctx context.Context, cache, sum string) (kernel, error) {
	release, version, err := newest(ctx)
	if err != nil {
		return kernel{}, err
	}
	k := kernel{filepath.Join(cache, "linux-"+version+"-"+sum), release}
	if _, err := os.Stat(k.image()); err == nil {
		return k, nil
	}
	if k.root, err = filepath.Abs(k.root); err != nil { // make runs in a folder of its own
		return k, err
	}
	partial := kernel{k.root + ".new", release}
	if err := errors.Join(os.RemoveAll(partial.root), os.MkdirAll(partial.root, 0o755)); err != nil {
		return k, err
	}
	defer os.RemoveAll(partial.root)
	if err := partial.build(ctx, cache, version); err != nil {
		return k, err
	}
	// What the modules were built with, and kernels of earlier versions, are not needed any more.
	old, err := filepath.Glob(filepath.Join(cache, "linux-*"))
	if err != nil {
		return k, err
	}
	for _, o := range append(old, filepath.Join(partial.root, "usr"), filepath.Join(partial.root, "additions")) {
		if filepath.Base(o) != filepath.Base(partial.root) {
			if err := os.RemoveAll(o); err != nil {
				return k, err
			}
		}
	}
	return k, os.Rename(partial.root, k.root)
}

var imagePackage = regexp.MustCompile(`(?m)^Depends: linux-image-(\S+) \(= ([^)]+)\)`)

// newest asks apt, which has to know its archive's packages.
func newest(ctx context.Context) (release, version string, err error) {
	show := func() []string {
		out, _ := exec.CommandContext(ctx, "apt-cache", "show", "--no-all-versions", "linux-image-amd64").Output()
		return imagePackage.FindStringSubmatch(string(out))
	}
	found := show()
	if found == nil && os.Geteuid() == 0 {
		if err := quietly(exec.CommandContext(ctx, "apt-get", "update", "-qq")); err != nil {
			return "", "", err
		}
		found = show()
	}
	if found == nil {
		return "", "", errors.New("apt knows no linux-image-amd64; is this Debian, and was apt-get update run?")
	}
	return found[1], found[2], nil
}

// build makes all of a kernel's folder.
func (k kernel) build(ctx context.Context, cache, version string) error {
	series := strings.Join(strings.SplitN(k.release, ".", 3)[:2], ".") // 6.1 of 6.1.0-56-amd64
	common := strings.TrimSuffix(k.release, "-amd64") + "-common"
	packages := []string{"linux-image-" + k.release, "linux-headers-" + k.release, "linux-headers-" + common, "linux-kbuild-" + series}
	source := "linux-source-" + series
	fetched := filepath.Join(cache, "packages")
	if err := os.MkdirAll(fetched, 0o755); err != nil {
		return err
	}
	files := map[string]string{}
	for _, p := range append(packages, source) {
		var err error
		if files[p], err = fetch(ctx, fetched, p, version); err != nil {
			return err
		}
	}
	for _, p := range packages {
		if err := quietly(exec.CommandContext(ctx, "dpkg-deb", "--extract", files[p], k.root)); err != nil {
			return err
		}
	}
	if err := uncompress(ctx, filepath.Join(k.root, "boot", "vmlinuz-"+k.release), k.image()); err != nil {
		return fmt.Errorf("unpacking the kernel: %w", err)
	}
	headers := filepath.Join(k.root, "usr/src/linux-headers-")
	// The package includes its other half by its installed, absolute name.
	if err := os.WriteFile(filepath.Join(headers+k.release, "Makefile"), fmt.Appendf(nil, "include ../linux-headers-%s/Makefile\n", common), 0o644); err != nil {
		return err
	}
	folder := filepath.Join(k.root, "additions")
	if err := takeSources(ctx, files[source], source, folder); err != nil {
		return fmt.Errorf("unpacking %s: %w", source, err)
	}
	if err := furnishAdditions(ctx, folder); err != nil {
		return err
	}
	if err := quietly(exec.CommandContext(ctx, "make", "-j2", "-C", headers+k.release, "M="+folder, "modules")); err != nil {
		return fmt.Errorf("building the modules that Debian leaves out: %w", err)
	}
	modules, err := filepath.Glob(filepath.Join(folder, "*.ko"))
	if err != nil {
		return err
	}
	updates := filepath.Join(k.root, "lib/modules", k.release, "updates") // before kernel/, for depmod
	if err := os.MkdirAll(updates, 0o755); err != nil {
		return err
	}
	for _, m := range modules {
		if err := quietly(exec.CommandContext(ctx, "strip", "--strip-debug", "-o", filepath.Join(updates, filepath.Base(m)), m)); err != nil {
			return err
		}
	}
	depmod := exec.CommandContext(ctx, "depmod", "-b", k.root, k.release)
	depmod.Env = append(os.Environ(), "PATH="+os.Getenv("PATH")+":/usr/sbin:/sbin")
	if depmod.Err != nil { // an ordinary user's PATH lacks it
		depmod.Path, depmod.Err = "/sbin/depmod", nil
	}
	return quietly(depmod)
}

// uncompress takes the kernel out of its image (Linux' Documentation/arch/x86/boot.rst).
func uncompress(ctx context.Context, from, to string) (err error) {
	image, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	payload, err := payloadOf(image)
	if err != nil {
		return err
	}
	if !bytes.HasPrefix(payload, []byte("\xfd7zXZ\x00")) {
		return fmt.Errorf("%s is not compressed by xz, as Debian's are: it begins with %x", from, payload[:4])
	}
	f, err := os.Create(to)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	// The program, because Go's library lacks the filter that is used; the kernel's size follows the stream.
	c := exec.CommandContext(ctx, "xz", "-dc", "--single-stream")
	c.Stdin, c.Stdout = bytes.NewReader(payload), f
	return c.Run()
}

// payloadOf finds the compressed kernel in the image by its header.
func payloadOf(image []byte) ([]byte, error) {
	const sectors, magic, offset, length = 0x1f1, 0x202, 0x248, 0x24c
	if len(image) < length+4 || string(image[magic:magic+4]) != "HdrS" {
		return nil, errors.New("it is no image of a kernel")
	}
	number := binary.LittleEndian.Uint32
	setup := (uint64(max(image[sectors], 1)) + 1) * 512
	from, to := setup+uint64(number(image[offset:])), setup+uint64(number(image[offset:]))+uint64(number(image[length:]))
	if to > uint64(len(image)) || to < from+4 {
		return nil, errors.New("its header says that the kernel is outside of it")
	}
	return image[from:to], nil
}

// fetch gets a package's file, unless it is there.
func fetch(ctx context.Context, folder, name, version string) (string, error) {
	pattern := filepath.Join(folder, name+"_"+strings.ReplaceAll(version, ":", "%3a")+"_*.deb")
	if found, err := filepath.Glob(pattern); err != nil || len(found) > 0 {
		return strings.Join(found, ""), err
	}
	fmt.Printf("fetching %s %s\n", name, version)
	c := exec.CommandContext(ctx, "apt-get", "-o", "APT::Sandbox::User=root", "download", name+"="+version)
	c.Dir = folder
	if err := quietly(c); err != nil {
		return "", err
	}
	found, err := filepath.Glob(pattern)
	if err == nil && len(found) != 1 {
		err = fmt.Errorf("apt-get download left no %s", pattern)
	}
	return strings.Join(found, ""), err
}

// takeSources unpacks what is taken, all into one folder. The archive in the package is read through
// a pipe: it is large, and little of it is wanted.
func takeSources(ctx context.Context, file, name, folder string) error {
	unpacked := folder + ".source"
	if err := errors.Join(os.MkdirAll(folder, 0o755), os.MkdirAll(unpacked, 0o755)); err != nil {
		return err
	}
	defer os.RemoveAll(unpacked)
	script := `set -o pipefail; dpkg-deb --fsys-tarfile "$1" | tar -xO "./usr/src/$2.tar.xz" | xz -dc -T0 | tar -x -C "$3" --strip-components=1 "${@:4}"`
	arguments := []string{"-c", script, "bash", file, name, unpacked}
	for _, t := range taken {
		arguments = append(arguments, name+"/"+t)
	}
	if err := quietly(exec.CommandContext(ctx, "bash", arguments...)); err != nil {
		return err
	}
	return filepath.WalkDir(unpacked, func(path string, d fs.DirEntry, err error) error {
		if ext := filepath.Ext(path); err != nil || d.IsDir() || (ext != ".c" && ext != ".h") {
			return err
		}
		return os.Rename(path, filepath.Join(folder, filepath.Base(path)))
	})
}

// furnishAdditions adds our files to the sources, and our patches.
func furnishAdditions(ctx context.Context, folder string) error {
	return fs.WalkDir(additions, "modules", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := additions.ReadFile(path)
		if err != nil {
			return err
		}
		if filepath.Ext(path) != ".patch" {
			return os.WriteFile(filepath.Join(folder, filepath.Base(path)), text, 0o644)
		}
		c := exec.CommandContext(ctx, "patch", "--batch", "-d", folder)
		c.Stdin = bufio.NewReader(bytes.NewReader(text))
		if err := quietly(c); err != nil {
			return fmt.Errorf("applying %s, which was made for Linux 6.1: %w", path, err)
		}
		return nil
	})
}

// sumOf tells one state of the additions from another.
func sumOf(files fs.FS) (string, error) {
	h := sha256.New()
	err := fs.WalkDir(files, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := fs.ReadFile(files, path)
		fmt.Fprintf(h, "%s %d\n%s", path, len(text), text)
		return err
	})
	fmt.Fprint(h, taken)
	return fmt.Sprintf("%x", h.Sum(nil)[:6]), err
}
