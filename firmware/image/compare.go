package main

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// compare tells what differs between the boot and root trees of two images: the
// files, their content and their modes. Dates are not compared.
func compare(a, b string) error {
	var trees [2]map[string]string
	for i, image := range []string{a, b} {
		tree, err := treeOf(image)
		if err != nil {
			return fmt.Errorf("reading %s: %w", image, err)
		}
		trees[i] = tree
	}
	if differ := differences(trees[0], trees[1]); len(differ) > 0 {
		return fmt.Errorf("%s and %s differ in %d files:\n%s", a, b, len(differ), strings.Join(differ, "\n"))
	}
	fmt.Printf("%s and %s are the same: %d files\n", a, b, len(trees[0]))
	return nil
}

func differences(a, b map[string]string) []string {
	var differ []string
	for name, was := range a {
		switch is, ok := b[name]; {
		case !ok:
			differ = append(differ, name+": only in the first")
		case is != was:
			differ = append(differ, name+": "+was+", then "+is)
		}
	}
	for name := range b {
		if _, ok := a[name]; !ok {
			differ = append(differ, name+": only in the second")
		}
	}
	slices.Sort(differ)
	return differ
}

// treeOf gives every file of an image's boot and root partitions, with its mode and sum.
func treeOf(image string) (map[string]string, error) {
	tree := map[string]string{}
	if err := bootTree(image, tree); err != nil {
		return nil, fmt.Errorf("the boot partition: %w", err)
	}
	if err := rootTree(strings.TrimSuffix(image, filepath.Ext(image))+".root.squashfs", tree); err != nil {
		return nil, fmt.Errorf("the root: %w", err)
	}
	return tree, nil
}

// bootTree unpacks gok's FAT with mtools: the libraries at hand read FAT32 only, and it is a FAT16.
func bootTree(image string, tree map[string]string) error {
	start, _, err := bounds(image, 1)
	if err != nil {
		return err
	}
	return unpack("boot", tree, func(dir string) *exec.Cmd {
		return exec.Command("mcopy", "-s", "-n", "-i", fmt.Sprintf("%s@@%d", image, start), "::/*", dir)
	})
}

func rootTree(squashfs string, tree map[string]string) error {
	return unpack("root", tree, func(dir string) *exec.Cmd {
		return exec.Command("unsquashfs", "-no-progress", "-quiet", "-force", "-dest", dir, squashfs)
	})
}

func sumOfReader(r io.Reader) (string, error) {
	h := sha256.New()
	_, err := io.Copy(h, r)
	return hex.EncodeToString(h.Sum(nil)), err
}

// unpack lets a command fill a folder, and notes every file in it under that name.
func unpack(as string, tree map[string]string, command func(dir string) *exec.Cmd) error {
	dir, err := os.MkdirTemp("", as)
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	if out, err := command(dir).CombinedOutput(); err != nil {
		return fmt.Errorf("unpacking: %w: %s", err, out)
	}
	return filepath.WalkDir(dir, func(name string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := e.Info()
		if err != nil {
			return err
		}
		what := info.Mode().String()
		switch {
		case info.Mode().IsRegular():
			sum, err := sumOf(name)
			if err != nil {
				return err
			}
			what += " " + sum
		case info.Mode()&fs.ModeSymlink != 0:
			target, err := os.Readlink(name)
			if err != nil {
				return err
			}
			what += " -> " + target
		}
		tree[as+strings.TrimPrefix(name, dir)] = what
		return nil
	})
}
