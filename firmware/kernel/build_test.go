package main

import (
	"context"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// makefile stands in for a kernel's: its configuration knows CONFIG_A and
// CONFIG_NEEDS_B, which it drops, and its build leaves the files that a kernel's does.
const makefile = `
olddefconfig:
	sed -i '/CONFIG_NEEDS_B=/d;/CONFIG_UNKNOWN=/d' .config
Image modules dtbs:
	test "$(ARCH) $(CROSS_COMPILE) $(KBUILD_BUILD_TIMESTAMP)" = "arm64 aarch64-linux-gnu- 2025-11-27 16:44:38 UTC"
	mkdir -p arch/arm64/boot/dts/broadcom arch/arm64/boot/dts/overlays
	echo built > arch/arm64/boot/Image
	echo tree > arch/arm64/boot/dts/broadcom/bcm2711-rpi-4-b.dtb
	echo overlay > arch/arm64/boot/dts/overlays/i2c-rtc.dtbo
	echo map > arch/arm64/boot/dts/overlays/overlay_map.dtb
modules_install:
	mkdir -p $(INSTALL_MOD_PATH)/lib/modules/6.12/kernel
	echo module > $(INSTALL_MOD_PATH)/lib/modules/6.12/kernel/a.ko
	ln -s / $(INSTALL_MOD_PATH)/lib/modules/6.12/build
`

// fake gives a kernel to begin with, and sources.
func fake(t *testing.T) (stock module, tree string) {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{
		"go.mod": "module github.com/gokrazy/kernel.rpi\n", "kernel.go": "package kernel\n", "cmdline.txt": "root=\n", "config.txt": "kernel=vmlinuz\n",
		"LICENSE": "BSD\n", "LICENSE.linux": "GPL\n", "bcm2711-rpi-4-b.dtb": "stock\n", "overlays/old.dtbo": "stock\n", "lib/modules/5/a.ko": "stock\n",
		"vmlinuz":                 string(image(t, "# CONFIG_A is not set\nCONFIG_KEPT=y\n")),
		"_build/upstream-url.txt": "https://github.com/raspberrypi/linux/archive/refs/tags/stable_1.tar.gz\n",
		"_build/series":           "1.patch\n",
		"_build/1.patch":          "--- a/Kconfig\n+++ b/Kconfig\n@@ -1 +1,2 @@\n config A\n+config PATCHED\n",
	} {
		put(t, dir, name, text)
	}
	tree = t.TempDir()
	put(t, tree, "Makefile", makefile)
	put(t, tree, "Kconfig", "config A\nconfig NEEDS_B\n")
	return module{Version: "v0.0.0-20251127164438-9778ec0261de", Dir: dir}, tree
}

func TestBuild(t *testing.T) {
	stock, tree := fake(t)
	if err := configure(t.Context(), tree, stock, lines(t, "CONFIG_A=y\n")); err != nil {
		t.Fatal(err)
	}
	if err := compile(t.Context(), tree, stock); err != nil {
		t.Fatal(err)
	}
	out := filepath.Join(t.TempDir(), "kernel")
	put(t, out, "left.dtb", "of an earlier build")
	if err := assemble(t.Context(), tree, stock, out); err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	err := filepath.WalkDir(out, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		got[strings.TrimPrefix(path, out+"/")] = string(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{
		"go.mod": "module github.com/gokrazy/kernel.rpi\n", "kernel.go": "package kernel\n", "cmdline.txt": "root=\n", "config.txt": "kernel=vmlinuz\n",
		"LICENSE": "BSD\n", "LICENSE.linux": "GPL\n",
		"vmlinuz": "built\n", "vmlinuz.config": "CONFIG_A=y\nCONFIG_KEPT=y\n", "bcm2711-rpi-4-b.dtb": "tree\n",
		"overlays/i2c-rtc.dtbo": "overlay\n", "overlays/overlay_map.dtb": "map\n", "lib/modules/6.12/kernel/a.ko": "module\n",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestConfigureStops(t *testing.T) {
	stock, tree := fake(t)
	err := configure(t.Context(), tree, stock, lines(t, "CONFIG_A=y\nCONFIG_NEEDS_B=y\nCONFIG_UNKNOWN=y\n"))
	const want = `2 of the addendum's 3 options did not take effect:
  CONFIG_NEEDS_B=y: something that it depends on is off
  CONFIG_UNKNOWN=y: this kernel has no such option`
	if err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

// A build that leaves something out must not take the place of a kernel.
func TestAssembleWhole(t *testing.T) {
	stock, tree := fake(t)
	if err := os.WriteFile(filepath.Join(tree, ".config"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	out := filepath.Join(t.TempDir(), "kernel")
	put(t, out, "vmlinuz", "of an earlier build")
	if err := assemble(t.Context(), tree, stock, out); err == nil || !strings.Contains(err.Error(), "Image is not there") {
		t.Errorf("got %v", err)
	}
	if text, err := os.ReadFile(filepath.Join(out, "vmlinuz")); err != nil || string(text) != "of an earlier build" {
		t.Errorf("the earlier kernel is %q, %v", text, err)
	}
	if _, err := os.Stat(out + ".new"); err == nil {
		t.Error("the partial kernel was left")
	}
}

func TestUnpacked(t *testing.T) {
	stock, tree := fake(t)
	cache := t.TempDir()
	c := exec.Command("tar", "-czf", filepath.Join(cache, "stable_1.tar.gz"), "--transform", "s,^,linux-stable_1/,", "Makefile", "Kconfig")
	c.Dir = tree
	if out, err := c.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	// The second time, the folder is there already.
	for range 2 {
		got, err := unpacked(t.Context(), stock, cache)
		if err != nil {
			t.Fatal(err)
		}
		text, err := os.ReadFile(filepath.Join(got, "Kconfig"))
		if err != nil || string(text) != "config A\nconfig PATCHED\nconfig NEEDS_B\n" {
			t.Errorf("patched: %q, %v", text, err)
		}
	}
}

func TestUnreachable(t *testing.T) {
	stock, _ := fake(t)
	cache := t.TempDir()
	ctx, cancel := context.WithCancel(t.Context())
	cancel() // nothing is reached
	_, err := unpacked(ctx, stock, cache)
	if err == nil {
		t.Fatal("no error")
	}
	for _, want := range []string{
		"https://github.com/raspberrypi/linux/archive/refs/tags/stable_1.tar.gz", "github.com and codeload.github.com",
		"put it at " + filepath.Join(cache, "stable_1.tar.gz"),
	} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q does not say %q", err, want)
		}
	}
	for out, want := range map[string]string{t.TempDir(): "stock kernel", stock.Dir: "built before"} {
		if got := meanwhile(out); !strings.Contains(got, want) {
			t.Errorf("%q does not say %q", got, want)
		}
	}
}

func TestWhen(t *testing.T) {
	for version, want := range map[string]string{
		"v0.0.0-20251127164438-9778ec0261de": "2025-11-27 16:44:38 UTC",
		"v1.2.3":                             "1970-01-01 00:00:00 UTC",
		"v1.2.3-rc1":                         "1970-01-01 00:00:00 UTC",
	} {
		if got := when(version); got != want {
			t.Errorf("%s: %s, want %s", version, got, want)
		}
	}
}
