package main

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// option is one line of a kernel's configuration. Its value is "n" for one that
// is not set, and a string keeps its quotes.
type option struct{ name, value string }

func (o option) String() string {
	if o.value == "n" {
		return "# " + o.name + " is not set"
	}
	return o.name + "=" + o.value
}

var (
	set   = regexp.MustCompile(`^(CONFIG_\w+)=(y|m|n|"(?:[^"\\]|\\.)*"|-?\d+|0[xX][0-9a-fA-F]+)$`)
	unset = regexp.MustCompile(`^# (CONFIG_\w+) is not set$`)
)

// parse reads a configuration: comments and empty lines are nothing, everything
// else must be an option. file is for the error.
func parse(file, text string) ([]option, error) {
	var all []option
	var errs []error
	seen := map[string]int{}
	n := 0
	for line := range strings.Lines(text) {
		n++
		line = strings.TrimSpace(line)
		var o option
		if m := unset.FindStringSubmatch(line); m != nil {
			o = option{m[1], "n"}
		} else if line == "" || strings.HasPrefix(line, "#") {
			continue
		} else if m := set.FindStringSubmatch(line); m != nil {
			o = option{m[1], m[2]}
		} else {
			errs = append(errs, fmt.Errorf("%s:%d: %q is no option; expected one such as CONFIG_DRM_V3D=y", file, n, line))
			continue
		}
		if first, twice := seen[o.name]; twice {
			errs = append(errs, fmt.Errorf("%s:%d: %s is there already, on line %d", file, n, o.name, first))
			continue
		}
		seen[o.name] = n
		all = append(all, o)
	}
	return all, errors.Join(errs...)
}

// merge puts the addendum's options into the base: in the place of the option of
// the same name, or at the end.
func merge(base, addendum []option) []option {
	merged := append([]option{}, base...)
	at := map[string]int{}
	for i, o := range merged {
		at[o.name] = i
	}
	for _, o := range addendum {
		if i, there := at[o.name]; there {
			merged[i] = o
			continue
		}
		at[o.name] = len(merged)
		merged = append(merged, o)
	}
	return merged
}

func format(options []option) string {
	var b strings.Builder
	for _, o := range options {
		fmt.Fprintln(&b, o)
	}
	return b.String()
}

// dropped tells which options of the addendum did not take effect, and why.
// known are the options that this kernel's sources have.
func dropped(addendum, result []option, known map[string]bool) []string {
	got := map[string]string{}
	for _, o := range result {
		got[o.name] = o.value
	}
	var all []string
	for _, o := range addendum {
		value, there := got[o.name]
		switch {
		case !there && o.value == "n", there && value == o.value:
		case !known[o.name]:
			all = append(all, fmt.Sprintf("%s: this kernel has no such option", o))
		case !there || value == "n":
			all = append(all, fmt.Sprintf("%s: something that it depends on is off", o))
		default:
			all = append(all, fmt.Sprintf("%s: it came out as %s", o, value))
		}
	}
	return all
}

var declared = regexp.MustCompile(`(?m)^\s*(?:menu)?config\s+(\w+)\s*$`)

// declaredOptions lists the options that a kernel's sources have, from their Kconfig files.
func declaredOptions(tree string) (map[string]bool, error) {
	known := map[string]bool{}
	err := filepath.WalkDir(tree, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() || !strings.HasPrefix(d.Name(), "Kconfig") {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for _, m := range declared.FindAllSubmatch(text, -1) {
			known["CONFIG_"+string(m[1])] = true
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("reading the kernel's Kconfig files: %w", err)
	}
	return known, nil
}

// embedded is the configuration with which a kernel was built, out of its image
// (CONFIG_IKCONFIG, kernel/configs.c).
func embedded(image []byte) (string, error) {
	_, after, begins := bytes.Cut(image, []byte("IKCFG_ST\x1f\x8b"))
	packed, _, ends := bytes.Cut(after, []byte("IKCFG_ED"))
	if !begins || !ends {
		return "", errors.New("the kernel does not hold its configuration")
	}
	r, err := gzip.NewReader(io.MultiReader(strings.NewReader("\x1f\x8b"), bytes.NewReader(packed)))
	if err != nil {
		return "", fmt.Errorf("unpacking the kernel's configuration: %w", err)
	}
	text, err := io.ReadAll(r)
	if err != nil {
		return "", fmt.Errorf("unpacking the kernel's configuration: %w", err)
	}
	return string(text), nil
}
