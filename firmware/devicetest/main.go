// Devicetest starts a machine that has devices: Debian's own amd64 kernel in
// QEMU, with drivers that simulate a camera, sound cards, buses and pins, and a
// USB controller to which gadgets are plugged that the machine itself makes. In
// it, as root, it runs the tests that need a real driver, which are those named
// TestDevice..., of the packages whose tests read VISIOBORNE_DEVICE_TEST.
//
//	devicetest                       all such packages
//	devicetest ./kiosk/media/camera  these packages
//	devicetest camera.test           a test binary that was built before (static)
//	devicetest -run TestDeviceReplug only some tests
//	devicetest -leak 1m              all, with less time for leaks to show
//
// It fetches Debian's packages of the kernel with apt into -cache, builds there
// the modules that Debian leaves out, and installs nothing. It writes the
// machine's console to console.log there; the tests' output goes to standard
// output. It needs neither root nor KVM, opens no network, and the machine has
// none. The machine ends with the program; its time is limited.
//
// It fails when a test fails, when a machine says nothing at the end, and when a
// test that was asked for does not exist.
//
// Sources: Linux' Documentation/kbuild/modules.rst and
// driver-api/early-userspace/buffer-format.rst; QEMU's docs on isa-debug-exit.
package main

import (
	"context"
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
	"time"
)

type options struct {
	cache, init, run string
	count            int
	limit, leak      time.Duration
	arguments        []string
}

func main() {
	var o options
	flag.StringVar(&o.cache, "cache", "build/devicetest", "`folder` for the kernel, its modules and what the machine is made of")
	flag.StringVar(&o.init, "init", "./firmware/devicetest/init", "the machine's process 1: a package, or a static program")
	flag.StringVar(&o.run, "run", "^TestDevice", "the tests to run, as go test's -run")
	flag.IntVar(&o.count, "count", 1, "how often to run each test")
	flag.DurationVar(&o.leak, "leak", 10*time.Minute, "for how long the test of leaks uses the devices")
	flag.DurationVar(&o.limit, "limit", 8*time.Minute, "how long the machine may run beside that")
	flag.Parse()
	o.arguments = flag.Args()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, o)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "devicetest:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, o options) error {
	if runtime.GOARCH != "amd64" {
		return errors.New("the machine is an amd64 one and takes this machine's compilers: run it on amd64")
	}
	started := time.Now()
	if o.run == "" {
		o.run = "^TestDevice"
	}
	k, err := prepareKernel(ctx, o.cache)
	if err != nil {
		return fmt.Errorf("preparing the kernel: %w", err)
	}
	say(started, "kernel %s", k.release)
	binaries, err := collect(ctx, o)
	if err != nil {
		return err
	}
	initramfs := filepath.Join(o.cache, "initramfs.cpio")
	if err := makeInitramfs(initramfs, k, o, binaries); err != nil {
		return fmt.Errorf("making the initramfs: %w", err)
	}
	say(started, "%d test programs", len(binaries.tests))
	return startMachine(ctx, o, k, initramfs, started)
}

func say(started time.Time, format string, arguments ...any) {
	fmt.Printf("devicetest: %5.1f s: %s\n", time.Since(started).Seconds(), fmt.Sprintf(format, arguments...))
}

func quietly(c *exec.Cmd) error {
	out, err := c.CombinedOutput()
	if err != nil {
		if len(out) > 4000 {
			out = out[len(out)-4000:]
		}
		return fmt.Errorf("%s: %w: %s", strings.Join(c.Args, " "), err, out)
	}
	return nil
}
