package gpioline

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// No machine has such a line, and most have no chip; the error says which field of the site's file is meant.
func TestALineThatIsNotThere(t *testing.T) {
	_, err := Find("GPIO99", "devices.handset.switch")
	if err == nil {
		t.Fatal("it was found")
	}
	want := []string{"GPIO99"}
	if chips, globErr := filepath.Glob("/dev/gpiochip*"); globErr == nil && len(chips) == 0 {
		want = []string{"no GPIO chip", "/dev/gpiochip0", "remove devices.handset from"}
	} else if os.Getuid() != 0 {
		t.Skip("the machine has chips, which only root may read")
	}
	for _, w := range want {
		if !strings.Contains(err.Error(), w) {
			t.Errorf("the error does not say %q: %v", w, err)
		}
	}
}
