// Init is process 1 of the machine in which firmware/devicetest runs tests. It
// mounts what programs expect, loads the drivers, makes the devices that need
// making, runs the tests one after the other, writes their output to the second
// serial port and its own log to the first, and ends the machine with the
// verdict. It never opens the network beyond loopback, and nothing outlives it.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"github.com/u-root/u-root/pkg/kmodule"
	"golang.org/x/sys/unix"

	"loiret.fr/visioborne/firmware/devicetest/gadget"
	"loiret.fr/visioborne/firmware/devicetest/machine"
)

func main() {
	log.SetFlags(0)
	log.SetPrefix("init: ")
	verdict := machine.Failed
	ctx, cancel := context.WithCancel(context.Background())
	out, err := prepare()
	served := make(chan struct{})
	if err == nil {
		err = plugIn(ctx, served)
	} else {
		close(served)
	}
	if err != nil {
		// The console is all there is.
		log.Printf("preparing the machine: %v", err)
		if out != nil {
			fmt.Fprintf(out, "the machine could not be prepared: %v\n", err)
		}
	} else if runTests(out) {
		verdict = machine.Passed
	}
	if out != nil {
		drain(out)
	}
	cancel()
	<-served
	end(verdict)
}

// prepare brings the machine up to where tests can run, and opens the port for their output.
func prepare() (*os.File, error) {
	for _, m := range []struct{ kind, target string }{
		{"devtmpfs", "/dev"}, {"proc", "/proc"}, {"sysfs", "/sys"}, {"tmpfs", "/run"}, {"tmpfs", "/tmp"}, {"debugfs", "/sys/kernel/debug"},
	} {
		if err := unix.Mount(m.kind, m.target, m.kind, 0, ""); err != nil && err != unix.EBUSY {
			return nil, fmt.Errorf("mounting %s: %w", m.target, err)
		}
	}
	out, err := openPort("/dev/ttyS1")
	if err != nil {
		return nil, err
	}
	drivers, err := kmodule.NewProber(kmodule.ProbeOpts{})
	if err != nil {
		return out, err
	}
	for _, d := range machine.Drivers {
		if err := drivers.Probe(d.Module, d.Parameters); err != nil {
			return out, fmt.Errorf("loading %s: %w", d.Module, err)
		}
	}
	if err := unix.Mount("configfs", "/sys/kernel/config", "configfs", 0, ""); err != nil {
		return out, fmt.Errorf("mounting configfs: %w", err)
	}
	if err := loopbackUp(); err != nil {
		return out, fmt.Errorf("bringing loopback up: %w", err)
	}
	if err := makePins(); err != nil {
		return out, fmt.Errorf("making GPIO lines: %w", err)
	}
	return out, nil
}

// openPort opens a serial port for output as it is, without a terminal's changes.
func openPort(name string) (*os.File, error) {
	f, err := os.OpenFile(name, os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		return nil, err
	}
	fd := int(f.Fd())
	t, err := unix.IoctlGetTermios(fd, unix.TCGETS)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("setting up %s: %w", name, err), f.Close())
	}
	t.Oflag &^= unix.OPOST
	t.Cflag = t.Cflag&^unix.CBAUD | unix.B115200
	if err := unix.IoctlSetTermios(fd, unix.TCSETS, t); err != nil {
		return nil, errors.Join(fmt.Errorf("setting up %s: %w", name, err), f.Close())
	}
	return f, nil
}

// drain waits until the port has sent all.
func drain(f *os.File) {
	if err := unix.IoctlSetInt(int(f.Fd()), unix.TCSBRK, 1); err != nil { // tcdrain
		log.Printf("waiting for the last output: %v", err)
	}
}

func loopbackUp() error {
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return err
	}
	defer unix.Close(fd)
	request, err := unix.NewIfreq("lo")
	if err != nil {
		return err
	}
	request.SetUint16(unix.IFF_UP)
	return unix.IoctlIfreq(fd, unix.SIOCSIFFLAGS, request)
}

// makePins makes a chip with eight lines; what pulls one up or down is its "pull" file in sysfs.
func makePins() error {
	const chip = "/sys/kernel/config/gpio-sim/visioborne"
	if err := os.MkdirAll(chip+"/bank0", 0o755); err != nil {
		return err
	}
	for _, w := range [][2]string{{"bank0/label", "visioborne"}, {"bank0/num_lines", "8"}, {"live", "1"}} {
		if err := os.WriteFile(filepath.Join(chip, w[0]), []byte(w[1]), 0); err != nil {
			return err
		}
	}
	return nil
}

// plugIn makes the USB devices and waits until their drivers have them. It closes served when nothing serves the
// camera any more, after ctx has ended.
func plugIn(ctx context.Context, served chan<- struct{}) error {
	camera, err := gadget.NewCamera(slog.Default())
	if err != nil {
		close(served)
		return fmt.Errorf("reading the camera's pictures: %w", err)
	}
	go func() {
		defer close(served)
		camera.Run(ctx)
	}()
	if err := errors.Join(gadget.MakeCamera(), gadget.MakeSoundCard()); err != nil {
		return err
	}
	for deadline := time.Now().Add(30 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		missing := ""
		for _, pattern := range []string{"/sys/bus/usb/drivers/uvcvideo/*/video4linux/video*", "/sys/bus/usb/drivers/snd-usb-audio/*/sound/card*/pcm*"} {
			if found, err := filepath.Glob(pattern); err != nil || len(found) == 0 {
				missing = pattern
			}
		}
		if missing == "" {
			return nil
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("no driver took a device that was plugged in: no %s", missing)
		}
	}
}

func runTests(out io.Writer) bool {
	text, err := os.ReadFile(machine.Manifest)
	if err != nil {
		log.Print(err)
		return false
	}
	var tests []machine.Test
	if err := json.Unmarshal(text, &tests); err != nil {
		log.Printf("reading %s: %v", machine.Manifest, err)
		return false
	}
	var now unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_BOOTTIME, &now); err != nil {
		log.Print(err)
		return false
	}
	fmt.Fprintf(out, "the machine is ready, %.1f s after its start\n", time.Duration(now.Nano()).Seconds())
	passed := true
	for _, t := range tests {
		fmt.Fprintf(out, "=== PACKAGE %s\n", t.Package)
		c := exec.Command(filepath.Join(t.Folder, machine.Binary), t.Arguments...)
		c.Dir, c.Stdout, c.Stderr = t.Folder, out, out
		c.Env = append([]string{"VISIOBORNE_DEVICE_TEST=1", "HOME=/tmp", "TMPDIR=/tmp", "PATH=/bin"}, t.Environment...)
		started := time.Now()
		err := c.Run()
		passed = passed && err == nil
		verdict := "ok"
		if err != nil {
			verdict = "FAIL (" + err.Error() + ")"
		}
		fmt.Fprintf(out, "%s\t%s\t%.1f s\n", verdict, t.Package, time.Since(started).Seconds())
	}
	return passed
}

// end stops the machine with its verdict.
func end(verdict byte) {
	port, err := os.OpenFile("/dev/port", os.O_WRONLY, 0)
	if err == nil {
		_, err = port.WriteAt([]byte{verdict}, machine.VerdictPort)
	}
	log.Printf("giving the verdict: %v", err)
	if err := unix.Reboot(unix.LINUX_REBOOT_CMD_POWER_OFF); err != nil {
		log.Printf("switching off: %v", err)
	}
	os.Exit(1)
}
