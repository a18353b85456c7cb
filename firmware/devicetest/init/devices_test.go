package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// inMachine skips a test that is not run in the machine.
func inMachine(t *testing.T) {
	t.Helper()
	if os.Getenv("VISIOBORNE_DEVICE_TEST") == "" {
		t.Skip("runs in the test machine: make device-test")
	}
}

func TestDeviceNodes(t *testing.T) {
	inMachine(t)
	for _, pattern := range []string{"/sys/class/video4linux/*/name", "/sys/class/sound/card*/id", "/sys/class/i2c-dev/*/name", "/sys/bus/gpio/devices/*/uevent", "/sys/class/udc/*/uevent", "/sys/bus/usb/devices/*/product"} {
		files, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			text, err := os.ReadFile(f)
			t.Logf("%s: %s %v", f, strings.ReplaceAll(strings.TrimSpace(string(text)), "\n", " "), err)
		}
	}
}
