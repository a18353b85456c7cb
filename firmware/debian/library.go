package debian

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// libraryFolders are Debian's architectures, whose names are Go's too, with the folders of their libraries.
func libraryFolders() map[string]string {
	return map[string]string{"amd64": "x86_64-linux-gnu", "arm64": "aarch64-linux-gnu"}
}

// GetLibrary fetches the packages of a lock, which have a static library each for
// another architecture, and makes the folder out: include, amd64/ and arm64/ with
// the library and the headers that are its own, copyright.
func GetLibrary(lockFile, cache, out, renewal, library string) error {
	l, err := ReadLock(lockFile, renewal)
	if err != nil {
		return err
	}
	packages, err := l.Fetch(cache, renewal)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(out), 0o755); err != nil {
		return err
	}
	made, err := os.MkdirTemp(filepath.Dir(out), ".library-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(made)
	for i, f := range l.Files {
		if err := take(packages[i], f, made, library); err != nil {
			return fmt.Errorf("taking what a build needs of %s: %w", f.Name(), err)
		}
	}
	for architecture := range libraryFolders() {
		if _, err := os.Stat(filepath.Join(made, architecture, library)); err != nil {
			return fmt.Errorf("looking for the library: %w; renew the lock with %s", err, renewal)
		}
	}
	if err := errors.Join(os.Chmod(made, 0o755), os.RemoveAll(out)); err != nil {
		return err
	}
	if err := os.Rename(made, out); err != nil {
		return err
	}
	fmt.Printf("%s: %s\n", out, l.Files[0].Name())
	return nil
}

// take takes the library of one package, and the headers, which are the same in each.
func take(packageFile string, f File, into, library string) error {
	root, err := os.MkdirTemp(into, ".package-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(root)
	if err := Unpack(packageFile, root); err != nil {
		return err
	}
	parts := strings.Split(strings.TrimSuffix(f.Name(), ".deb"), "_")
	name, architecture := parts[0], parts[len(parts)-1]
	triplet, ok := libraryFolders()[architecture]
	if !ok {
		return errors.New("it is for another machine")
	}
	if err := os.MkdirAll(filepath.Join(into, architecture), 0o755); err != nil {
		return err
	}
	if err := os.Rename(filepath.Join(root, "usr/lib", triplet, library), filepath.Join(into, architecture, library)); err != nil {
		return err
	}
	if own := filepath.Join(root, "usr/include", triplet); exists(own) {
		if err := os.Rename(own, filepath.Join(into, architecture, "include")); err != nil {
			return err
		}
	}
	if _, err := os.Stat(filepath.Join(into, "include")); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return errors.Join(
		os.Rename(filepath.Join(root, "usr/include"), filepath.Join(into, "include")),
		os.Rename(filepath.Join(root, "usr/share/doc", name, "copyright"), filepath.Join(into, "copyright")),
	)
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}
