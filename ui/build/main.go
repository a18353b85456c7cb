// Build bundles the pages from TypeScript into ui/dist: go run ./ui/build, from
// the repository's root. It needs no Node.
package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/evanw/esbuild/pkg/api"
)

// pages are the folders below ui, each with main.ts and index.html.
var pages = []string{"touchscreen", "gallery", "desk", "hotline", "figures", "sign-in", "password", "accounts", "audit", "reception", "sites"}

func main() {
	if err := run("ui"); err != nil {
		fmt.Fprintln(os.Stderr, "building the pages:", err)
		os.Exit(1)
	}
}

func run(ui string) error {
	fonts, err := filepath.Glob(filepath.Join(ui, "common", "fonts", "*"))
	if err != nil {
		return err
	}
	for _, page := range pages {
		from, to := filepath.Join(ui, page), filepath.Join(ui, "dist", page)
		if err := os.RemoveAll(to); err != nil {
			return err
		}
		result := api.Build(api.BuildOptions{
			EntryPoints: []string{filepath.Join(from, "main.ts")},
			Outdir:      to,
			Bundle:      true,
			Format:      api.FormatESModule,
			Target:      api.ES2022,
			Charset:     api.CharsetUTF8,
			// Fonts are copied beside the page and loaded from there.
			// So is pdf.js, which few pages ever need.
			External:          []string{"*.woff2", "/desk/pdfjs/*"},
			MinifyWhitespace:  true,
			MinifySyntax:      true,
			MinifyIdentifiers: true,
			LegalComments:     api.LegalCommentsNone,
			Write:             true,
			LogLevel:          api.LogLevelWarning,
		})
		if len(result.Errors) > 0 {
			return fmt.Errorf("%s: %d errors; they are above", page, len(result.Errors))
		}
		if err := copyFile(filepath.Join(from, "index.html"), filepath.Join(to, "index.html")); err != nil {
			return err
		}
		parts, err := filepath.Glob(filepath.Join(from, "pdfjs", "*.mjs"))
		if err != nil {
			return err
		}
		for _, f := range parts {
			if err := copyFile(f, filepath.Join(to, "pdfjs", filepath.Base(f))); err != nil {
				return err
			}
		}
		for _, f := range fonts {
			if err := copyFile(f, filepath.Join(to, "fonts", filepath.Base(f))); err != nil {
				return err
			}
		}
	}
	return nil
}

func copyFile(from, to string) error {
	b, err := os.ReadFile(from)
	if err != nil {
		return fmt.Errorf("copying: %w", err)
	}
	return errors.Join(os.MkdirAll(filepath.Dir(to), 0o755), os.WriteFile(to, b, 0o644))
}
