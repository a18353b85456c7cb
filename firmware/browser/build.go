package main

import (
	"debug/elf"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	_ "embed"

	"loiret.fr/visioborne/firmware/debian"
)

// build makes the squashfs from the packages of the lock.
func build(lockFile, cache, out string) error {
	l, err := debian.ReadLock(lockFile, renewal)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(out), 0o755); err != nil {
		return err
	}
	files, err := l.Fetch(cache, renewal)
	if err != nil {
		return err
	}
	root, err := os.MkdirTemp(filepath.Dir(out), ".root-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(root)
	// Debian's merged /usr, which base-files makes in a script that does not run here.
	for _, name := range []string{"bin", "sbin", "lib"} {
		if err := errors.Join(os.MkdirAll(filepath.Join(root, "usr", name), 0o755), os.Symlink("usr/"+name, filepath.Join(root, name))); err != nil {
			return err
		}
	}
	for _, file := range files {
		if err := debian.Unpack(file, root); err != nil {
			return err
		}
	}
	if err := trim(root); err != nil {
		return fmt.Errorf("trimming: %w", err)
	}
	if err := furnish(root); err != nil {
		return fmt.Errorf("adding our own files: %w", err)
	}
	if err := checkLibraries(root); err != nil {
		return fmt.Errorf("checking what is left: %w", err)
	}
	return pack(root, out, l)
}

// trim removes what a kiosk never reads. Chromium draws in software there, on
// X.Org without GLX: Mesa's drivers and LLVM go, which are a third of the root.
func trim(root string) error {
	const lib = "usr/lib/aarch64-linux-gnu/"
	for _, pattern := range []string{
		"usr/share/doc", "usr/share/man", "usr/share/info", "usr/share/locale", "usr/share/lintian", "usr/share/bug",
		"usr/share/icons", "usr/share/applications", "usr/share/bash-completion", "usr/share/zsh", "usr/share/gtk-*",
		"usr/share/help", "usr/share/common-licenses", "usr/share/perl*", "usr/share/systemd", "usr/share/dbus-1", "usr/share/polkit-1",
		"usr/share/menu", "usr/share/vim", "usr/share/doc-base", lib + "espeak-ng-data/mbrola_ph", "usr/share/debconf", "usr/share/pixmaps", "usr/share/ca-certificates", "usr/share/glib-2.0",
		"usr/lib/systemd", "usr/lib/udev", "usr/lib/sysusers.d", "usr/lib/tmpfiles.d", "usr/lib/pcrlock.d", "usr/lib/kernel",
		"usr/lib/dbus-1.0", "usr/lib/init", "usr/lib/pam.d", "usr/lib/environment.d", "usr/lib/modprobe.d",
		lib + "systemd", lib + "libLLVM*", lib + "libgallium*", lib + "libz3*", lib + "dri", lib + "perl*", lib + "gconv", lib + "security",
		lib + "libvulkan*", lib + "gtk-*", lib + "gdk-pixbuf*", lib + "libgtk-*", lib + "sasl2", lib + "krb5", lib + "audit",
		"usr/lib/chromium/libvk_swiftshader.so", "usr/lib/chromium/vk_swiftshader_icd.json", "usr/lib/chromium/libVkLayer*",
		"usr/lib/xorg/modules/extensions/libglx.so", "usr/lib/xorg/modules/libglamoregl.so",
		"etc", "var", "boot", "home", "media", "mnt", "opt", "srv", "run", "tmp", "root",
		"usr/bin", "usr/sbin", "usr/games", "usr/include", "usr/src", "usr/local",
	} {
		found, err := filepath.Glob(filepath.Join(root, pattern))
		if err != nil {
			return err
		}
		for _, f := range found {
			if keep := kept(root, f); keep != nil {
				if err := removeExcept(f, keep); err != nil {
					return err
				}
				continue
			}
			if err := os.RemoveAll(f); err != nil {
				return err
			}
		}
	}
	return trimVoice(filepath.Join(root, lib, "espeak-ng-data"))
}

// trimVoice keeps the dictionaries of the touchscreen's languages: Russian's alone is larger than most others together.
func trimVoice(folder string) error {
	all, err := filepath.Glob(filepath.Join(folder, "*_dict"))
	if err != nil {
		return err
	}
	wanted := []string{"fr", "en", "ar", "pt", "tr", "es", "ro", "uk", "ru"}
	found := 0
	for _, f := range all {
		if slices.Contains(wanted, strings.TrimSuffix(filepath.Base(f), "_dict")) {
			found++
		} else if err := os.Remove(f); err != nil {
			return err
		}
	}
	if found != len(wanted) {
		return fmt.Errorf("%s has %d of the dictionaries of %v", folder, found, wanted)
	}
	return nil
}

// kept names what stays of a folder that is otherwise removed.
func kept(root, folder string) []string {
	switch strings.TrimPrefix(folder, root+"/") {
	case "usr/bin":
		return []string{"dash", "espeak-ng", "sh", "xkbcomp"} // X.Org starts xkbcomp through a shell
	case "usr/sbin":
		return []string{"mke2fs", "e2fsck"}
	case "etc":
		return []string{"fonts", "mke2fs.conf"}
	}
	return nil
}

func removeExcept(folder string, keep []string) error {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return err
	}
	missing := len(keep)
	for _, e := range entries {
		kept := false
		for _, k := range keep {
			kept = kept || e.Name() == k
		}
		if kept {
			missing--
		} else if err := os.RemoveAll(filepath.Join(folder, e.Name())); err != nil {
			return err
		}
	}
	if missing != 0 {
		return fmt.Errorf("%s lacks some of %v", folder, keep)
	}
	return nil
}

//go:embed policy.json
var policy []byte

// furnish adds what the packages' scripts would have made, Chromium's managed
// policy, and the folders on which kiosk/screen mounts.
func furnish(root string) error {
	for _, d := range []string{"dev", "proc", "sys", "run", "tmp", "home", "var/lib", "var/log", "etc/chromium/policies/managed"} {
		if err := os.MkdirAll(filepath.Join(root, d), 0o755); err != nil {
			return err
		}
	}
	if err := os.Symlink("/run/xkb", filepath.Join(root, "var/lib/xkb")); err != nil { // where X.Org writes compiled keyboards
		return err
	}
	for name, content := range map[string]string{
		"etc/passwd":        "root:x:0:0::/home:\nkiosk:x:1000:1000::/home:\n",
		"etc/group":         "root:x:0:\nkiosk:x:1000:\n",
		"etc/nsswitch.conf": "passwd: files\ngroup: files\nhosts: files\n",
		"etc/hosts":         "127.0.0.1 localhost\n",
		"etc/machine-id":    "00000000000000000000000000000000\n", // no booth is told from another by its browser
		"etc/chromium/policies/managed/kiosk.json": string(policy),
	} {
		if err := os.WriteFile(filepath.Join(root, name), []byte(content), 0o644); err != nil {
			return err
		}
	}
	return nil
}

// checkLibraries follows the shared libraries of what the booth runs: trimming
// must not take one away.
func checkLibraries(root string) error {
	todo := []string{"usr/lib/chromium/chromium", "usr/lib/chromium/chrome_crashpad_handler", "usr/lib/xorg/Xorg", "usr/bin/xkbcomp", "usr/bin/espeak-ng", "usr/sbin/mke2fs", "usr/sbin/e2fsck"}
	for _, pattern := range []string{"usr/lib/xorg/modules/*.so", "usr/lib/xorg/modules/*/*.so"} {
		modules, err := filepath.Glob(filepath.Join(root, pattern))
		if err != nil {
			return err
		}
		for _, m := range modules {
			todo = append(todo, strings.TrimPrefix(m, root+"/"))
		}
	}
	seen := map[string]bool{}
	var missing []error
	for len(todo) > 0 {
		name := todo[0]
		todo = todo[1:]
		if seen[name] {
			continue
		}
		seen[name] = true
		f, err := elf.Open(filepath.Join(root, name))
		if err != nil {
			return fmt.Errorf("reading %s: %w", name, err)
		}
		libraries, err := f.ImportedLibraries()
		f.Close()
		if err != nil {
			return fmt.Errorf("reading %s: %w", name, err)
		}
	library:
		for _, l := range libraries {
			for _, dir := range []string{"usr/lib/aarch64-linux-gnu", "usr/lib/aarch64-linux-gnu/pulseaudio"} {
				if _, err := os.Stat(filepath.Join(root, dir, l)); err == nil {
					todo = append(todo, filepath.Join(dir, l))
					continue library
				}
			}
			missing = append(missing, fmt.Errorf("%s needs %s, which is not there", name, l))
		}
	}
	return errors.Join(missing...)
}

// pack writes the squashfs: everything root's, of the lock's time, zlib because
// the Raspberry Pi's kernel reads nothing else.
func pack(root, out string, l debian.Lock) error {
	// The build's umask must not show.
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.Type()&fs.ModeSymlink != 0 {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		mode := fs.FileMode(0o644)
		if d.IsDir() || info.Mode()&0o100 != 0 {
			mode = 0o755
		}
		return os.Chmod(path, mode) // no setuid program among them
	})
	if err != nil {
		return err
	}
	temporary := out + ".new"
	defer os.Remove(temporary)
	at := fmt.Sprint(l.At.Unix())
	c := exec.Command("mksquashfs", root, temporary, "-noappend", "-all-root", "-no-xattrs", "-no-progress", "-quiet",
		"-comp", "gzip", "-b", "131072", "-mkfs-time", at, "-all-time", at)
	c.Env = []string{"PATH=" + os.Getenv("PATH")} // a SOURCE_DATE_EPOCH of the environment would argue with the times given
	if out, err := c.CombinedOutput(); err != nil {
		return fmt.Errorf("running mksquashfs: %w: %s", err, out)
	}
	if err := os.Rename(temporary, out); err != nil {
		return err
	}
	info, err := os.Stat(out)
	if err != nil {
		return err
	}
	fmt.Printf("%s: %d MB from %d packages\n", out, info.Size()/1e6, len(l.Files))
	return nil
}
