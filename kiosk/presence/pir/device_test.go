package pir

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"
	"periph.io/x/host/v3/gpioioctl"
)

// TestDeviceMotion watches a line of the kernel's gpio-sim, in the test machine: a visit as an HC-SR501 tells of it,
// replayed a hundred times as fast, and a chip that goes away.
func TestDeviceMotion(t *testing.T) {
	if os.Getenv("VISIOBORNE_DEVICE_TEST") == "" {
		t.Skip("runs in the test machine: make device-test")
	}
	if len(gpioioctl.Chips) > 0 {
		t.Skip("periph looks for chips once in a program's life, and this one is to come")
	}
	chip := "/sys/kernel/config/gpio-sim/presence"
	bank := filepath.Join(chip, "bank0")
	write := func(file, text string) {
		t.Helper()
		if err := os.WriteFile(file, []byte(text), 0); err != nil {
			t.Fatal(err)
		}
	}
	read := func(file string) string {
		t.Helper()
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		return strings.TrimSpace(string(text))
	}
	if err := os.MkdirAll(filepath.Join(bank, "line0"), 0o755); err != nil {
		t.Fatal(err)
	}
	write(filepath.Join(bank, "num_lines"), "1")
	write(filepath.Join(bank, "line0", "name"), "GPIO17")
	write(filepath.Join(chip, "live"), "1")
	live := true
	takeAway := func() {
		if live {
			live = false
			write(filepath.Join(chip, "live"), "0")
		}
	}
	t.Cleanup(func() {
		takeAway()
		for _, folder := range []string{filepath.Join(bank, "line0"), bank, chip} {
			if err := unix.Rmdir(folder); err != nil {
				t.Errorf("removing %s: %v", folder, err)
			}
		}
	})
	pull := filepath.Join("/sys/devices/platform", read(filepath.Join(chip, "dev_name")), read(filepath.Join(bank, "chip_name")), "sim_gpio0/pull")

	s, err := Open("GPIO17")
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if p := read(pull); p != "pull-down" || s.Moving() {
		t.Errorf("the line is on %s, moving: %v", p, s.Moving())
	}
	told := make(chan bool, 1024)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- s.Run(ctx, func(moving bool) { told <- moving }) }()
	defer cancel()
	// Seconds for which the output was low and high, in turn, as somebody comes, sits down, and leaves.
	for i, seconds := range []float64{12, 3.1, 2.6, 7.4, 41, 3.2, 90, 5.8, 2.5, 3} {
		moving := i%2 == 1
		write(pull, map[bool]string{true: "pull-up", false: "pull-down"}[moving])
		deadline := time.After(30 * time.Second)
		for seen := !moving; seen != moving; {
			select {
			case seen = <-told:
			case err := <-ended:
				t.Fatalf("it ended: %v", err)
			case <-deadline:
				t.Fatalf("step %d: moving: %v was not told", i, moving)
			}
		}
		<-time.After(time.Duration(seconds * float64(time.Second) / 100))
	}
	takeAway()
	for {
		select {
		case <-told:
		case err := <-ended:
			if err == nil || !strings.Contains(err.Error(), "GPIO17") {
				t.Errorf("the error is %v", err)
			}
			return
		case <-time.After(30 * time.Second):
			t.Fatal("a line that was taken away is still watched")
		}
	}
}
