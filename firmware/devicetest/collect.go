package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"loiret.fr/visioborne/firmware/devicetest/machine"
)

const (
	// marker is the environment variable that tells a test that it runs in the machine.
	marker = "VISIOBORNE_DEVICE_TEST"
	// leakTime is the one that tells it for how long to look for leaks.
	leakTime = "VISIOBORNE_LEAK_TIME"
	// freedIsFree makes the GNU C library give back what is freed, instead of keeping some for each thread: what is in use can
	// be told then.
	freedIsFree = "GLIBC_TUNABLES=glibc.malloc.arena_max=1:glibc.malloc.tcache_count=0"
)

type testProgram struct {
	machine.Test
	file   string // the binary
	source string // the package's folder, for its testdata; none for a binary built before
}

type programs struct {
	init  string
	tests []testProgram
}

// collect builds process 1 and the tests, all static: the machine has no libraries.
func collect(ctx context.Context, o options) (programs, error) {
	var p programs
	folder, err := filepath.Abs(filepath.Join(o.cache, "programs"))
	if err != nil {
		return p, err
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return p, err
	}
	p.init = o.init
	if info, err := os.Stat(o.init); err != nil || info.IsDir() {
		p.init = filepath.Join(folder, "init")
		c := exec.CommandContext(ctx, "go", "build", "-trimpath", "-ldflags", "-s -w", "-o", p.init, o.init)
		c.Env = append(os.Environ(), "CGO_ENABLED=0")
		if err := quietly(c); err != nil {
			return p, fmt.Errorf("building process 1: %w", err)
		}
	}
	var patterns []string
	for _, a := range o.arguments {
		if strings.HasSuffix(a, ".test") {
			p.tests = append(p.tests, testProgram{Test: machine.Test{Package: filepath.Base(a)}, file: a})
		} else {
			patterns = append(patterns, a)
		}
	}
	if len(p.tests) == 0 || len(patterns) > 0 {
		packages, err := find(ctx, patterns)
		if err != nil {
			return p, err
		}
		for _, found := range packages {
			file := filepath.Join(folder, strings.ReplaceAll(found.ImportPath, "/", "_")+".test")
			if err := quietly(exec.CommandContext(ctx, "go", "test", "-c", "-trimpath", "-tags", "netgo,osusergo",
				"-ldflags", "-s -w -linkmode external -extldflags -static", "-o", file, found.ImportPath)); err != nil {
				return p, fmt.Errorf("building the tests of %s: %w", found.ImportPath, err)
			}
			p.tests = append(p.tests, testProgram{Test: machine.Test{Package: found.ImportPath}, file: file, source: found.Dir})
		}
	}
	for i := range p.tests {
		// A test that hangs shows where, if it ends before the machine does.
		p.tests[i].Folder = fmt.Sprintf("/tests/%d", i)
		p.tests[i].Arguments = []string{"-test.v", "-test.run=" + o.run, fmt.Sprintf("-test.count=%d", o.count), "-test.timeout=" + (o.limit/2 + o.leak).String()}
		p.tests[i].Environment = []string{leakTime + "=" + o.leak.String(), freedIsFree}
	}
	return p, nil
}

type listed struct {
	Dir, ImportPath           string
	TestGoFiles, XTestGoFiles []string
}

// find gives the packages whose tests know the machine.
func find(ctx context.Context, patterns []string) ([]listed, error) {
	if len(patterns) == 0 {
		patterns = []string{"./..."}
	}
	c := exec.CommandContext(ctx, "go", append([]string{"list", "-json=Dir,ImportPath,TestGoFiles,XTestGoFiles"}, patterns...)...)
	c.Stderr = os.Stderr
	out, err := c.Output()
	if err != nil {
		return nil, fmt.Errorf("listing packages: %w", err)
	}
	var found []listed
	for d := json.NewDecoder(strings.NewReader(string(out))); d.More(); {
		var l listed
		if err := d.Decode(&l); err != nil {
			return nil, fmt.Errorf("listing packages: %w", err)
		}
		for _, name := range append(l.TestGoFiles, l.XTestGoFiles...) {
			text, err := os.ReadFile(filepath.Join(l.Dir, name))
			if err != nil {
				return nil, err
			}
			if strings.Contains(string(text), `"`+marker+`"`) {
				found = append(found, l)
				break
			}
		}
	}
	if len(found) == 0 {
		return nil, errors.New("no package's tests read " + marker)
	}
	return found, nil
}
