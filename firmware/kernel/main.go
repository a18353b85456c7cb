// Kernel builds the booth's kernel: the pinned github.com/gokrazy/kernel.rpi with
// the options of the addendum. firmware/image takes what it leaves at build/kernel.
//
// The base is the configuration that the pinned kernel was built with, which it
// carries inside, and the sources and patches that it names. So the addendum is
// all that differs. gokrazy's own gokr-rebuild-kernel would start from the
// defconfig again and needs Docker; this needs the cross compiler that the image
// needs anyhow. An option that does not take effect stops the build.
//
// It keeps the sources in build/linux and replaces build/kernel when all is done:
// a failed build leaves the image with the kernel that it had.
//
// Sources: gokrazy/autoupdate (cmd/gokr-rebuild-kernel), Linux'
// Documentation/kbuild, raspberrypi.com's "The Linux kernel".
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
)

const kernelModule = "github.com/gokrazy/kernel.rpi"

type options struct {
	addendum, builddir, cache, source, out string
	configure                              bool
}

func main() {
	var o options
	flag.StringVar(&o.addendum, "addendum", "firmware/kernel/addendum", "the `file` with the options to add")
	flag.StringVar(&o.builddir, "builddir", "firmware/gok/borne/builddir", "`folder` of the Go module that pins the kernel")
	flag.StringVar(&o.cache, "cache", "build/linux", "`folder` for the sources, fetched and unpacked")
	flag.StringVar(&o.source, "source", "", "`folder` of unpacked kernel sources, patched already, instead of the pinned ones")
	flag.StringVar(&o.out, "out", "build/kernel", "`folder` for the Go module with the kernel")
	flag.BoolVar(&o.configure, "configure", false, "stop after the configuration, when every option of the addendum has taken effect")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, o)
	stop()
	if err != nil {
		fmt.Fprintf(os.Stderr, "kernel: %v\n%s\n", err, meanwhile(o.out))
		os.Exit(1)
	}
}

// meanwhile says which kernel make image takes as things are.
func meanwhile(out string) string {
	if _, err := os.Stat(filepath.Join(out, "vmlinuz")); err == nil {
		return "make image goes on with the kernel that was built before, in " + out + "."
	}
	return "make image goes on with the stock kernel, " + kernelModule + ": calls work, encoded in software."
}

func run(ctx context.Context, o options) error {
	text, err := os.ReadFile(o.addendum)
	if err != nil {
		return fmt.Errorf("reading the addendum: %w", err)
	}
	addendum, err := parse(o.addendum, string(text))
	if err != nil {
		return err
	}
	stock, err := findStock(ctx, o.builddir)
	if err != nil {
		return err
	}
	if err := checkTools(); err != nil {
		return err
	}
	tree := o.source
	if tree == "" {
		if tree, err = unpacked(ctx, stock, o.cache); err != nil {
			return err
		}
	}
	if err := configure(ctx, tree, stock, addendum); err != nil {
		return err
	}
	fmt.Printf("the %d options of %s have taken effect\n", len(addendum), o.addendum)
	if o.configure {
		return nil
	}
	if err := compile(ctx, tree, stock); err != nil {
		return err
	}
	return assemble(ctx, tree, stock, o.out)
}

// module is the pinned kernel.
type module struct{ Version, Dir, Error string }

// findStock is the kernel that the image has otherwise.
func findStock(ctx context.Context, builddir string) (module, error) {
	c := exec.CommandContext(ctx, "go", "mod", "download", "-json", kernelModule)
	c.Dir = builddir
	c.Env = append(os.Environ(), "GOWORK=off", "GOFLAGS=")
	text, err := c.Output()
	var m module
	if jsonErr := json.Unmarshal(text, &m); jsonErr != nil || m.Error != "" || m.Dir == "" {
		return module{}, fmt.Errorf("fetching %s, which %s/go.mod pins: %w", kernelModule, builddir, errors.Join(err, errors.New(m.Error)))
	}
	return m, nil
}

// checkTools looks for all tools at once.
func checkTools() error {
	var missing []string
	for _, t := range []struct{ program, debian string }{
		{"make", "make"},
		{"gcc", "gcc"},
		{"aarch64-linux-gnu-gcc", "gcc-aarch64-linux-gnu"},
		{"flex", "flex"},
		{"bison", "bison"},
		{"bc", "bc"},
		{"patch", "patch"},
		{"tar", "tar"},
		{"perl", "perl"},
		{"depmod", "kmod"},
	} {
		if _, err := exec.LookPath(t.program); err == nil {
			continue
		}
		if _, err := os.Stat("/sbin/" + t.program); err != nil {
			missing = append(missing, t.debian)
		}
	}
	if _, err := os.Stat("/usr/include/openssl/bio.h"); err != nil {
		missing = append(missing, "libssl-dev")
	}
	if len(missing) > 0 {
		return fmt.Errorf("building a kernel needs more programs; on Debian: sudo apt-get install %s", strings.Join(missing, " "))
	}
	return nil
}

// runMake runs make in the sources.
func runMake(ctx context.Context, tree string, stock module, args ...string) error {
	args = append([]string{"-C", tree, "ARCH=arm64", "CROSS_COMPILE=aarch64-linux-gnu-", fmt.Sprintf("-j%d", runtime.NumCPU())}, args...)
	c := exec.CommandContext(ctx, "make", args...)
	c.Stdout, c.Stderr = os.Stdout, os.Stderr
	// The same sources give the same kernel, whoever builds it.
	c.Env = append(os.Environ(), "KBUILD_BUILD_USER=visioborne", "KBUILD_BUILD_HOST=visioborne", "KBUILD_BUILD_VERSION=1",
		"KBUILD_BUILD_TIMESTAMP="+when(stock.Version))
	if err := c.Run(); err != nil {
		return fmt.Errorf("running make %s in %s: %w", strings.Join(args[5:], " "), tree, err)
	}
	return nil
}

// when is the time in a Go module's version, v0.0.0-20251127164438-9778ec0261de, as date(1) reads it.
func when(version string) string {
	_, at, _ := strings.Cut(version, "-")
	if len(at) < 14 {
		return "1970-01-01 00:00:00 UTC"
	}
	return fmt.Sprintf("%s-%s-%s %s:%s:%s UTC", at[:4], at[4:6], at[6:8], at[8:10], at[10:12], at[12:14])
}

// configure writes the tree's .config: the stock kernel's and the addendum.
func configure(ctx context.Context, tree string, stock module, addendum []option) error {
	image, err := os.ReadFile(filepath.Join(stock.Dir, "vmlinuz"))
	if err != nil {
		return fmt.Errorf("reading the stock kernel: %w", err)
	}
	text, err := embedded(image)
	if err != nil {
		return fmt.Errorf("reading the stock kernel %s: %w", stock.Version, err)
	}
	base, err := parse("the stock kernel's configuration", text)
	if err != nil {
		return err
	}
	file := filepath.Join(tree, ".config")
	if err := os.WriteFile(file, []byte(format(merge(base, addendum))), 0o644); err != nil {
		return err
	}
	if err := runMake(ctx, tree, stock, "olddefconfig"); err != nil {
		return err
	}
	after, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	result, err := parse(file, string(after))
	if err != nil {
		return err
	}
	known, err := declaredOptions(tree)
	if err != nil {
		return err
	}
	if lost := dropped(addendum, result, known); len(lost) > 0 {
		return fmt.Errorf("%d of the addendum's %d options did not take effect:\n  %s", len(lost), len(addendum), strings.Join(lost, "\n  "))
	}
	return nil
}

func compile(ctx context.Context, tree string, stock module) error {
	fmt.Println("compiling; it takes from ten minutes to two hours")
	return runMake(ctx, tree, stock, "Image", "modules", "dtbs")
}
