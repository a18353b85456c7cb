package screen

import (
	"bytes"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestBacklight(t *testing.T) {
	sys := t.TempDir()
	var said bytes.Buffer
	log := slog.New(slog.NewTextHandler(&said, nil))
	if _, err := openBacklight(sys, log); err == nil || !strings.Contains(err.Error(), "remove devices.backlight") {
		t.Errorf("without one: %v", err)
	}
	folder := filepath.Join(sys, "10-0045")
	if err := os.Mkdir(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	write := func(file, text string) {
		if err := os.WriteFile(filepath.Join(folder, file), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("max_brightness", "many\n")
	if _, err := openBacklight(sys, log); err == nil || !strings.Contains(err.Error(), "many") {
		t.Errorf("a number that is none: %v", err)
	}
	write("max_brightness", "31\n")
	write("brightness", "7\n")
	write("bl_power", "0\n")
	b, err := openBacklight(sys, log)
	if err != nil {
		t.Fatal(err)
	}
	expect := func(what, brightness, power string) {
		t.Helper()
		for file, want := range map[string]string{"brightness": brightness, "bl_power": power} {
			got, err := os.ReadFile(filepath.Join(folder, file))
			if err != nil || strings.TrimSpace(string(got)) != want {
				t.Errorf("%s: %s is %q, expected %s: %v", what, file, got, want, err)
			}
		}
	}
	b.Set(100, false)
	expect("by day", "31", "0")
	b.Set(40, false)
	expect("in the evening", "12", "0")
	b.Set(1, true)
	expect("off", "1", "4") // 0 would be off by another way
	write("brightness", "20")
	b.Set(1, true)
	expect("nothing has changed", "20", "4")
	b.Set(100, false)
	expect("on again", "31", "0")

	if err := os.RemoveAll(folder); err != nil {
		t.Fatal(err)
	}
	b.Set(40, false)
	b.Set(50, true)
	if n := strings.Count(said.String(), "level=WARN"); n != 1 {
		t.Errorf("it is told of %d times: %s", n, &said)
	}
}
