// Image makes the booth's SD card image from gokr-packer.json.
//
// gok builds the programs and lays out boot partition, root partitions and
// /perm. Then this program adds the settings partition, and beside the image
// writes what goes with it: the root alone (for updates), a compressed copy, a
// block map, checksums and a bill of materials.
//
// It writes to the folder of -out and to firmware/gok/borne/config.json, which
// gok reads.
package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

func main() {
	config := flag.String("config", "gokr-packer.json", "the gokrazy instance's `file`")
	out := flag.String("out", "build/visioborne.img", "the image to write; what goes with it has the same name")
	version := flag.String("version", "unknown", "the version that the booth reports")
	made := flag.String("made", "0", "when the sources were made, in seconds since 1970: a booth's clock cannot be before")
	kernel := flag.String("kernel", "build/kernel", "`folder` of a rebuilt kernel's Go module; taken when it is there")
	hub := flag.String("hub", "", "the hub's `address`, for the settings partition; a technician's file takes its place")
	only := flag.Bool("image-only", false, "leave out the compressed copy and the bill of materials")
	hello := flag.Bool("hello", false, "make gokrazy's bare image with a program that says hello, which the booth's is measured beside")
	with := flag.String("compare", "", "compare the image of -out with this one instead of making it")
	flag.Parse()
	if *with != "" {
		if err := compare(*with, *out); err != nil {
			fmt.Fprintln(os.Stderr, "image:", err)
			os.Exit(1)
		}
		return
	}
	if *hello {
		if err := bare(*config, *out, *kernel); err != nil {
			fmt.Fprintln(os.Stderr, "image:", err)
			os.Exit(1)
		}
		return
	}
	if err := run(*config, *out, *version, *made, *kernel, *hub, *only); err != nil {
		fmt.Fprintln(os.Stderr, "image:", err)
		os.Exit(1)
	}
}

func run(configFile, out, version, made, kernel, hub string, only bool) error {
	instance, err := readInstance(configFile)
	if err != nil {
		return err
	}
	instance.setVersion(version, made)
	if err := os.MkdirAll(filepath.Dir(out), 0o755); err != nil {
		return err
	}
	partial := out + ".new"
	defer os.Remove(partial)
	if err := pack(instance, partial, kernel); err != nil {
		return err
	}
	if err := addSettings(partial, hub); err != nil {
		return fmt.Errorf("adding the settings partition: %w", err)
	}
	if err := os.Rename(partial, out); err != nil {
		return err
	}
	return accompany(instance, out, version, only)
}

// bare makes an image of gokrazy alone, with its own init, kernel and network as
// the booth's has them.
func bare(configFile, out, kernel string) error {
	instance, err := readInstance(configFile)
	if err != nil {
		return err
	}
	instance.Packages = []string{"loiret.fr/visioborne/firmware/hello"}
	instance.PackageConfig, instance.InternalCompatibilityFlags = nil, nil
	return pack(instance, out, kernel)
}

// goks is where gok looks for instances; the only one is called borne.
const (
	goks     = "firmware/gok"
	goksName = "borne"
)

// pack runs gok on the instance.
func pack(i *instance, out, kernel string) error {
	dir := filepath.Join(goks, goksName)
	if err := useKernel(filepath.Join(dir, "builddir"), i.KernelPackage, kernel); err != nil {
		return err
	}
	text, err := json.MarshalIndent(i, "", "    ")
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(dir, "config.json"), append(text, '\n'), 0o644); err != nil {
		return fmt.Errorf("writing gok's configuration: %w", err)
	}
	out, err = filepath.Abs(out)
	if err != nil {
		return err
	}
	c := exec.Command("go", "tool", "gok", "--parent_dir", goks, "-i", goksName,
		"overwrite", "--full", out, fmt.Sprintf("--target_storage_bytes=%d", gokBytes))
	var said bytes.Buffer
	c.Stdout, c.Stderr = &said, &said
	// gok builds programs of other modules: nothing of this module's flags is theirs.
	c.Env = slices.DeleteFunc(os.Environ(), func(v string) bool {
		return strings.HasPrefix(v, "GOFLAGS=") || strings.HasPrefix(v, "GOOS=") || strings.HasPrefix(v, "GOARCH=")
	})
	if err := c.Run(); err != nil {
		return fmt.Errorf("running gok: %w\n%s", err, said.Bytes())
	}
	return nil
}

// useKernel makes gok take a rebuilt kernel, when there is one, instead of the
// pinned one. gok looks for a package's module in the folder of builddir that
// bears the package's name before builddir itself: a module there, which replaces
// the kernel's, leaves the pinning one as it is. (A go.work does not do: gok calls
// go with -mod=mod, which a workspace refuses.)
func useKernel(builddir, kernelPackage, kernel string) error {
	dir := filepath.Join(builddir, kernelPackage)
	if err := os.RemoveAll(dir); err != nil {
		return err
	}
	if _, err := os.Stat(filepath.Join(kernel, "vmlinuz")); err != nil {
		return nil
	}
	kernel, err := filepath.Abs(kernel)
	if err != nil {
		return err
	}
	fmt.Printf("taking the kernel of %s\n", kernel)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, "go.mod"), fmt.Appendf(nil,
		"module kernel\n\ngo 1.26.0\n\nrequire %s v0.0.0\n\nreplace %s => %s\n", kernelPackage, kernelPackage, kernel), 0o644)
}
