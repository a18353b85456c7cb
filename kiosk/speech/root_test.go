package speech

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestInARootOfItsOwn: as in a booth's image, with its root changed, as an ordinary user and without a network. The root is
// made of this machine's own program and what it needs.
func TestInARootOfItsOwn(t *testing.T) {
	e := voiceOfThisMachine(t)
	if os.Getuid() != 0 {
		t.Skip("only root can change a program's root")
	}
	root := t.TempDir()
	for _, folder := range []string{root, filepath.Dir(root)} {
		if err := os.Chmod(folder, 0o755); err != nil { // for the ordinary user
			t.Fatal(err)
		}
	}
	place := func(from, to string) {
		t.Helper()
		b, err := os.ReadFile(from)
		if err != nil {
			t.Fatal(err)
		}
		to = filepath.Join(root, to)
		if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(to, b, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	place(e.path, "/usr/bin/espeak-ng")
	libraries, err := exec.Command("ldd", e.path).Output()
	if err != nil {
		t.Skipf("which libraries the program needs cannot be told: %v", err)
	}
	for _, found := range regexp.MustCompile(`(/\S+) \(0x`).FindAllStringSubmatch(string(libraries), -1) {
		place(found[1], found[1])
	}
	about, err := exec.Command(e.path, "--version").Output()
	if err != nil {
		t.Fatal(err)
	}
	_, data, _ := strings.Cut(strings.TrimSpace(string(about)), "Data at: ")
	if err := os.MkdirAll(filepath.Join(root, data), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(filepath.Join(root, data), os.DirFS(data)); err != nil {
		t.Fatal(err)
	}

	own, err := FindIn(root)
	if err != nil {
		t.Fatal(err)
	}
	var heard []int16
	var rate int
	if err := own.Synthesize(t.Context(), Utterance{Text: "Bonjour", Language: "fr", WordsPerMinute: 160}, collect(&heard, &rate)); err != nil {
		t.Fatal(err)
	}
	if rate == 0 || len(heard) < rate/4 {
		t.Errorf("%d samples at %d Hz", len(heard), rate)
	}
}
