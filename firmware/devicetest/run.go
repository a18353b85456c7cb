package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"time"

	"loiret.fr/visioborne/firmware/devicetest/machine"
)

// startMachine runs it, passes on what its tests print, and judges by its exit state.
func startMachine(ctx context.Context, o options, k kernel, initramfs string, started time.Time) error {
	console := filepath.Join(o.cache, "console.log")
	// No clock of the processor: the kernel would measure it at its start, and be far off when this machine is busy just then.
	const kernelFlags = "console=ttyS0 panic=-1 mitigations=off clocksource=hpet notsc loglevel=7"
	limit := o.limit + o.leak
	limited, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	c := exec.CommandContext(limited, "qemu-system-x86_64",
		"-nodefaults", "-no-user-config", "-display", "none", "-no-reboot", "-nic", "none",
		"-M", "q35", "-accel", "tcg,thread=multi", "-cpu", "max", "-smp", "2", "-m", "1024",
		"-kernel", k.image(), "-initrd", initramfs,
		"-append", kernelFlags,
		"-serial", "file:"+console, "-serial", "stdio",
		"-device", fmt.Sprintf("isa-debug-exit,iobase=%#x,iosize=1", machine.VerdictPort),
	)
	c.Stderr = os.Stderr
	c.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	out, err := c.StdoutPipe()
	if err != nil {
		return err
	}
	if err := c.Start(); err != nil {
		return fmt.Errorf("starting qemu-system-x86_64: %w; is it installed (Debian: qemu-system-x86)?", err)
	}
	r, readErr := follow(bufio.NewReader(out))
	err = c.Wait()
	say(started, "the machine has ended; its log is %s", console)
	var exit *exec.ExitError
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case limited.Err() != nil:
		return fmt.Errorf("the machine did not end within %s; its last words:\n%s", limit, lastLines(console))
	case readErr != nil:
		return fmt.Errorf("reading the machine's output: %w", readErr)
	case errors.As(err, &exit) && exit.ExitCode() == verdict(machine.Passed):
	case errors.As(err, &exit) && exit.ExitCode() == verdict(machine.Failed):
		return errors.New("tests failed: " + strings.Join(r.failed, ", "))
	default:
		return fmt.Errorf("the machine ended without a verdict (%v); its last words:\n%s", c.ProcessState, lastLines(console))
	}
	if r.passed == 0 {
		return errors.New("no test ran")
	}
	fmt.Printf("devicetest: %d tests passed", r.passed)
	if len(r.skipped) > 0 {
		fmt.Printf(", skipped: %s", strings.Join(r.skipped, ", "))
	}
	fmt.Println()
	return nil
}

// lastLines are the end of a file, for somebody to read.
func lastLines(file string) string {
	text, err := os.ReadFile(file)
	if err != nil {
		return err.Error()
	}
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	return strings.Join(lines[max(0, len(lines)-30):], "\n")
}

// verdict is the exit state that QEMU makes of a byte at the port.
func verdict(b byte) int { return int(b)<<1 | 1 }

// results are the top-level tests, as they say themselves.
type results struct {
	passed          int
	failed, skipped []string
}

var resultLine = regexp.MustCompile(`^--- (PASS|FAIL|SKIP): (\S+)`)

// follow passes the machine's output on and counts.
func follow(out *bufio.Reader) (results, error) {
	var r results
	lines := bufio.NewScanner(out)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		line := strings.TrimSuffix(lines.Text(), "\r")
		fmt.Println(line)
		if m := resultLine.FindStringSubmatch(line); m != nil {
			switch m[1] {
			case "PASS":
				r.passed++
			case "FAIL":
				r.failed = append(r.failed, m[2])
			case "SKIP":
				r.skipped = append(r.skipped, m[2])
			}
		}
	}
	return r, lines.Err()
}
