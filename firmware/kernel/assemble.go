package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// assemble makes the Go module with the kernel, in the form of the stock one,
// whose place it takes by its module path: kernel, device trees, overlays,
// modules, and the stock one's boot configuration and licences.
func assemble(ctx context.Context, tree string, stock module, out string) error {
	partial, err := filepath.Abs(out + ".new")
	if err != nil {
		return err
	}
	if err := errors.Join(os.RemoveAll(partial), os.MkdirAll(partial, 0o755)); err != nil {
		return err
	}
	defer os.RemoveAll(partial)
	if err := runMake(ctx, tree, stock, "modules_install", "INSTALL_MOD_PATH="+partial); err != nil {
		return err
	}
	if err := collect(tree, stock.Dir, partial); err != nil {
		return fmt.Errorf("putting the kernel together: %w", err)
	}
	if err := os.RemoveAll(out); err != nil {
		return err
	}
	if err := os.Rename(partial, out); err != nil {
		return err
	}
	fmt.Printf("%s: the next make image takes it\n", out)
	return nil
}

// collect copies what the kernel's build left in tree, and what the stock kernel has besides.
func collect(tree, stock, out string) error {
	boot := filepath.Join(tree, "arch/arm64/boot")
	for _, c := range []struct{ from, to string }{
		{filepath.Join(stock, "go.mod"), ""},
		{filepath.Join(stock, "kernel.go"), ""},
		{filepath.Join(stock, "cmdline.txt"), ""},
		{filepath.Join(stock, "config.txt"), ""},
		{filepath.Join(stock, "LICENSE*"), ""},
		{filepath.Join(boot, "Image"), "vmlinuz"},
		{filepath.Join(tree, ".config"), "vmlinuz.config"},
		{filepath.Join(boot, "dts/broadcom/*.dtb"), ""},
		{filepath.Join(boot, "dts/overlays/*.dtbo"), "overlays/"},
		{filepath.Join(boot, "dts/overlays/overlay_map.dtb"), "overlays/"},
	} {
		files, err := filepath.Glob(c.from)
		if err != nil {
			return err
		}
		if len(files) == 0 {
			return fmt.Errorf("%s is not there", c.from)
		}
		for _, f := range files {
			to := c.to
			if to == "" || to[len(to)-1] == '/' {
				to += filepath.Base(f)
			}
			if err := copyFile(f, filepath.Join(out, to)); err != nil {
				return err
			}
		}
	}
	// The links to the sources mean nothing on the booth.
	for _, link := range []string{"build", "source"} {
		links, err := filepath.Glob(filepath.Join(out, "lib/modules/*", link))
		if err != nil {
			return err
		}
		for _, l := range links {
			if err := os.Remove(l); err != nil {
				return err
			}
		}
	}
	return nil
}

func copyFile(from, to string) (err error) {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
		return err
	}
	f, err := os.Create(to)
	if err != nil {
		return err
	}
	_, err = io.Copy(f, in)
	return errors.Join(err, f.Close())
}
