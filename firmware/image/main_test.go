package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

func TestUseKernel(t *testing.T) {
	const name = "github.com/gokrazy/kernel.rpi"
	builddir, kernel := t.TempDir(), t.TempDir()
	write := func(file, text string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(kernel, file), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	dir := filepath.Join(builddir, name)
	for _, step := range []struct {
		name  string
		do    func()
		taken bool
	}{
		{"no kernel", func() {}, false},
		{"one that is not whole", func() { write("go.mod", "module "+name+"\n") }, false},
		{"one", func() { write("kernel.go", "package kernel\n"); write("vmlinuz", "") }, true},
		{"the same again", func() {}, true},
		{"none any more", func() { os.Remove(filepath.Join(kernel, "vmlinuz")) }, false},
	} {
		step.do()
		if err := useKernel(builddir, name, kernel); err != nil {
			t.Fatalf("%s: %v", step.name, err)
		}
		if _, err := os.Stat(dir); (err == nil) != step.taken {
			t.Fatalf("%s: the folder for gok: %v", step.name, err)
		}
		if !step.taken {
			continue
		}
		c := exec.Command("go", "list", "-mod=mod", "-tags", "gokrazy", "-f", "{{ .Dir }}", name) // as gok asks
		c.Dir = dir
		out, err := c.CombinedOutput()
		if got := strings.TrimSpace(string(out)); err != nil || got != kernel {
			t.Errorf("%s: gok finds %q, %v; want %s", step.name, got, err, kernel)
		}
	}
}
