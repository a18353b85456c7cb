package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/u-root/u-root/pkg/cpio"
	"github.com/u-root/u-root/pkg/kmodule"

	"loiret.fr/visioborne/firmware/devicetest/gadget"
	"loiret.fr/visioborne/firmware/devicetest/machine"
)

// makeInitramfs writes all that the machine has: process 1, the drivers, the tests.
func makeInitramfs(file string, k kernel, o options, p programs) (err error) {
	f, err := os.Create(file)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	buffered := bufio.NewWriterSize(f, 1<<20)
	archive := cpio.NewDedupWriter(cpio.Newc.Writer(buffered))

	// The kernel opens the console before process 1 mounts anything.
	records := []cpio.Record{cpio.CharDev("dev/console", 0o600, 5, 1)}
	for _, d := range []string{"proc", "sys", "run", "tmp"} {
		records = append(records, cpio.Directory(d, 0o755))
	}
	add := func(from, to string, mode uint64) error {
		text, err := os.ReadFile(from)
		if err == nil {
			records = append(records, cpio.StaticFile(strings.TrimPrefix(to, "/"), string(text), mode))
		}
		return err
	}
	if err := add(p.init, "init", 0o755); err != nil {
		return err
	}
	modules, err := neededModules(k)
	if err != nil {
		return err
	}
	folder := filepath.Join("lib/modules", k.release)
	for _, name := range append(modules, "modules.builtin") {
		name = filepath.Join(folder, name)
		if err := add(filepath.Join(k.root, name), name, 0o644); err != nil {
			return err
		}
	}
	needs, err := needsOf(filepath.Join(k.root, folder, "modules.dep"), modules)
	if err != nil {
		return err
	}
	records = append(records, cpio.StaticFile(filepath.Join(folder, "modules.dep"), needs, 0o644))
	pictures, err := gadget.Pictures()
	if err != nil {
		return fmt.Errorf("drawing the camera's pictures: %w", err)
	}
	for name, text := range pictures {
		records = append(records, cpio.StaticFile(strings.TrimPrefix(name, "/"), string(text), 0o644))
	}
	manifest := []machine.Test{}
	for _, t := range p.tests {
		manifest = append(manifest, t.Test)
		if err := add(t.file, filepath.Join(t.Folder, machine.Binary), 0o755); err != nil {
			return err
		}
		if err := addTestdata(add, t); err != nil {
			return fmt.Errorf("adding the testdata of %s: %w", t.Package, err)
		}
	}
	text, err := json.Marshal(manifest)
	if err != nil {
		return err
	}
	records = append(records, cpio.StaticFile(strings.TrimPrefix(machine.Manifest, "/"), string(text), 0o644))
	if err := cpio.WriteRecordsAndDirs(archive, records); err != nil {
		return err
	}
	return errors.Join(cpio.WriteTrailer(archive), buffered.Flush())
}

func addTestdata(add func(from, to string, mode uint64) error, t testProgram) error {
	if t.source == "" {
		return nil
	}
	err := filepath.WalkDir(filepath.Join(t.source, "testdata"), func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		return add(path, filepath.Join(t.Folder, strings.TrimPrefix(path, t.source)), 0o644)
	})
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// needsOf gives the lines of modules.dep that the machine needs: it would take a second to read all four thousand.
func needsOf(file string, modules []string) (string, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return "", err
	}
	var needs strings.Builder
	for line := range strings.Lines(string(text)) {
		if name, _, _ := strings.Cut(line, ":"); slices.Contains(modules, name) {
			needs.WriteString(line)
		}
	}
	return needs.String(), nil
}

// neededModules are the files of the drivers and of what they need, below the kernel's folder of modules.
func neededModules(k kernel) ([]string, error) {
	var (
		lock  sync.Mutex // a module's needs are looked up side by side
		files []string
	)
	folder := filepath.Join(k.root, "lib/modules", k.release)
	prober, err := kmodule.NewProber(kmodule.ProbeOpts{
		RootDir: k.root, KVer: k.release, IgnoreProcMods: true,
		DryRunCB: func(path string) {
			lock.Lock()
			defer lock.Unlock()
			files = append(files, strings.TrimPrefix(path, folder+"/"))
		},
	})
	if err != nil {
		return nil, err
	}
	for _, d := range machine.Drivers {
		if err := prober.Probe(d.Module, ""); err != nil {
			return nil, fmt.Errorf("looking for the module %s: %w", d.Module, err)
		}
	}
	slices.Sort(files)
	return files, nil
}
