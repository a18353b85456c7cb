package debian

import (
	"archive/tar"
	"bytes"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// build packages a stand-in for the hub, as make deb does with the hub.
func build(t *testing.T) string {
	t.Helper()
	for _, tool := range []string{"dpkg-deb", "go"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("%s is not here", tool)
		}
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "hub"), []byte("#!/bin/true\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	deb := filepath.Join(dir, "hub.deb")
	c := exec.Command("go", "tool", "nfpm", "package", "-f", "hub/debian/nfpm.yaml", "-p", "deb", "-t", deb)
	c.Dir = filepath.Join("..", "..")
	c.Env = append(os.Environ(), "SOURCE_DATE_EPOCH=1764000000", "DEB_ARCH=arm64", "DEB_VERSION=0.20261125.225746+abc1234", "DEB_BINARY="+filepath.Join(dir, "hub"))
	if out, err := c.CombinedOutput(); err != nil {
		t.Fatalf("packaging: %v\n%s", err, out)
	}
	return deb
}

func output(t *testing.T, name string, args ...string) []byte {
	t.Helper()
	out, err := exec.Command(name, args...).Output()
	if err != nil {
		t.Fatalf("%s %q: %v", name, args, err)
	}
	return out
}

func TestPackage(t *testing.T) {
	deb := build(t)
	for field, want := range map[string]string{
		"Package": "visioborne-hub", "Version": "0.20261125.225746+abc1234", "Architecture": "arm64", "Depends": "adduser, ca-certificates",
	} {
		if got := strings.TrimSpace(string(output(t, "dpkg-deb", "-f", deb, field))); got != want {
			t.Errorf("%s is %q; want %q", field, got, want)
		}
	}
	control := t.TempDir()
	output(t, "dpkg-deb", "-e", deb, control)
	conffiles, err := os.ReadFile(filepath.Join(control, "conffiles"))
	if err != nil || string(conffiles) != "/etc/visioborne/hub.yaml\n" {
		t.Errorf("conffiles %q, %v; want hub.yaml, which an upgrade leaves as somebody changed it", conffiles, err)
	}
	for _, script := range []string{"postinst", "prerm", "postrm"} {
		got, err := os.ReadFile(filepath.Join(control, script))
		if err != nil {
			t.Fatal(err)
		}
		want, err := os.ReadFile(script)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), string(got)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", script, diff)
		}
		output(t, "sh", "-n", filepath.Join(control, script))
	}

	files := map[string]*tar.Header{}
	for r := tar.NewReader(bytes.NewReader(output(t, "dpkg-deb", "--fsys-tarfile", deb))); ; {
		h, err := r.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		files[strings.TrimPrefix(h.Name, ".")] = h
		if h.Uid != 0 || h.Gid != 0 || h.Mode&0o022 != 0 {
			t.Errorf("%s is %d:%d's with mode %o", h.Name, h.Uid, h.Gid, h.Mode)
		}
	}
	for name, mode := range map[string]int64{
		"/usr/bin/hub": 0o755,
		"/usr/lib/systemd/system/visioborne-hub.service":         0o644,
		"/etc/visioborne/hub.yaml":                               0o644,
		"/usr/share/doc/visioborne-hub/examples/partners.yaml":   0o644,
		"/usr/share/doc/visioborne-hub/examples/sites/gien.yaml": 0o644,
		"/usr/share/doc/visioborne-hub/guide-exploitation.md":    0o644,
		"/usr/share/doc/visioborne-hub/copyright":                0o644,
	} {
		if h := files[name]; h == nil || h.Mode&0o777 != mode {
			t.Errorf("%s: %+v; want mode %o", name, h, mode)
		}
	}
	// The state is the hub's own: no package brings or takes any of it.
	for name := range files {
		if strings.HasPrefix(name, "/var/lib") {
			t.Errorf("the package has %s", name)
		}
	}
}

// The unit and hub.yaml agree, and systemd understands the unit.
func TestUnit(t *testing.T) {
	text, err := os.ReadFile("visioborne-hub.service")
	if err != nil {
		t.Fatal(err)
	}
	unit := strings.Split(string(text), "\n")
	for _, want := range []string{
		"Type=notify", "ExecStart=/usr/bin/hub serve -config /etc/visioborne/hub.yaml", "User=visioborne", "StateDirectory=visioborne",
		"ProtectSystem=strict", "AmbientCapabilities=CAP_NET_BIND_SERVICE", "NoNewPrivileges=yes", "Restart=always", "WatchdogSec=60",
	} {
		if !slices.Contains(unit, want) {
			t.Errorf("the unit lacks %s", want)
		}
	}
	example, err := os.ReadFile("../../config/loiret/hub.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(example), "\nstate: /var/lib/visioborne\n") {
		t.Error("hub.yaml's state is not where the unit may write")
	}
	if _, err := exec.LookPath("systemd-analyze"); err != nil {
		t.Skip("systemd-analyze is not here")
	}
	// A unit whose program is there.
	file := filepath.Join(t.TempDir(), "visioborne-hub.service")
	if err := os.WriteFile(file, bytes.ReplaceAll(text, []byte("/usr/bin/hub "), []byte("/bin/true ")), 0o644); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("systemd-analyze", "verify", file).CombinedOutput(); err != nil || len(bytes.TrimSpace(out)) > 0 {
		t.Errorf("systemd-analyze: %v\n%s", err, out)
	}
}
