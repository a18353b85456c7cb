package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strings"
)

// unpacked gives the folder of the sources that the stock kernel names, with its
// patches: fetched, unpacked and patched once.
func unpacked(ctx context.Context, stock module, cache string) (string, error) {
	from, err := sourceURL(stock.Dir)
	if err != nil {
		return "", err
	}
	name := path.Base(from)
	tree := filepath.Join(cache, strings.TrimSuffix(name, ".tar.gz"))
	if _, err := os.Stat(filepath.Join(tree, "Kconfig")); err == nil {
		return tree, nil
	}
	if err := os.MkdirAll(cache, 0o755); err != nil {
		return "", err
	}
	archive := filepath.Join(cache, name)
	if _, err := os.Stat(archive); errors.Is(err, os.ErrNotExist) {
		fmt.Printf("fetching %s (about 250 MB)\n", from)
		if err := download(ctx, from, archive); err != nil {
			return "", fmt.Errorf(`fetching the kernel's sources: %w
make kernel needs %s, over HTTPS from github.com and codeload.github.com.
Where that is closed, fetch the file elsewhere, put it at %s and call make kernel again`, err, from, archive)
		}
	}
	sum, err := sumOf(archive)
	if err != nil {
		return "", err
	}
	fmt.Printf("%s: SHA-256 %s\n", archive, sum)
	partial := tree + ".new"
	if err := errors.Join(os.RemoveAll(partial), os.MkdirAll(partial, 0o755)); err != nil {
		return "", err
	}
	defer os.RemoveAll(partial)
	if err := quietly(exec.CommandContext(ctx, "tar", "-xf", archive, "-C", partial, "--strip-components=1")); err != nil {
		return "", fmt.Errorf("unpacking %s: %w; if it is not whole, remove it and call make kernel again", archive, err)
	}
	if err := applyPatches(ctx, stock.Dir, partial); err != nil {
		return "", err
	}
	return tree, os.Rename(partial, tree)
}

// sourceURL is where the stock kernel's sources are.
func sourceURL(stock string) (string, error) {
	text, err := os.ReadFile(filepath.Join(stock, "_build", "upstream-url.txt"))
	if err != nil {
		return "", fmt.Errorf("looking for the kernel's sources: %w", err)
	}
	from := strings.TrimSpace(string(text))
	if !strings.HasPrefix(from, "https://") || !strings.HasSuffix(from, ".tar.gz") {
		return "", fmt.Errorf("the stock kernel names its sources %q; expected https://....tar.gz", from)
	}
	return from, nil
}

// applyPatches applies the stock kernel's patches, in the order of its series.
func applyPatches(ctx context.Context, stock, tree string) error {
	series, err := os.ReadFile(filepath.Join(stock, "_build", "series"))
	if err != nil {
		return fmt.Errorf("looking for the kernel's patches: %w", err)
	}
	for _, name := range strings.Fields(string(series)) {
		file := filepath.Join(stock, "_build", name)
		if err := quietly(exec.CommandContext(ctx, "patch", "--batch", "-p1", "-d", tree, "-i", file)); err != nil {
			return fmt.Errorf("applying %s: %w", name, err)
		}
	}
	return nil
}

func quietly(c *exec.Cmd) error {
	if out, err := c.CombinedOutput(); err != nil {
		return fmt.Errorf("%w: %.500s", err, out)
	}
	return nil
}

func download(ctx context.Context, from, file string) (err error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, from, nil)
	if err != nil {
		return err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("%s: %s", from, response.Status)
	}
	f, err := os.CreateTemp(filepath.Dir(file), ".fetch-")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	_, err = io.Copy(f, response.Body)
	if err := errors.Join(err, f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), file)
}

func sumOf(file string) (string, error) {
	f, err := os.Open(file)
	if err != nil {
		return "", err
	}
	defer f.Close()
	h := sha256.New()
	_, err = io.Copy(h, f)
	return hex.EncodeToString(h.Sum(nil)), err
}
