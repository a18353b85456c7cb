package main

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"loiret.fr/visioborne/hub/release"
	"loiret.fr/visioborne/hub/wire"
)

// made is a folder with what `make image` leaves of a release.
func made(t *testing.T, version string, seed byte) (description string) {
	t.Helper()
	dir := t.TempDir()
	root := make([]byte, 3<<20)
	rand.NewChaCha8([32]byte{seed}).Read(root)
	sum := sha256.Sum256(root)
	text, err := json.Marshal(map[string]string{
		"version": version, "kernel": "6.12.47-v8+", "root": "visioborne.root.squashfs", "sha256": hex.EncodeToString(sum[:]),
	})
	if err != nil {
		t.Fatal(err)
	}
	description = filepath.Join(dir, "visioborne.release.json")
	for name, b := range map[string][]byte{description: text, filepath.Join(dir, "visioborne.root.squashfs"): root} {
		if err := os.WriteFile(name, b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return description
}

func TestReleases(t *testing.T) {
	h := openHouse(t)
	must := func(args ...string) string {
		t.Helper()
		out, err := command(t, "", append([]string{"release"}, args...)...)
		if err != nil {
			t.Fatalf("release %s: %v", strings.Join(args, " "), err)
		}
		return out
	}
	refused := func(want string, args ...string) {
		t.Helper()
		if _, err := command(t, "", append([]string{"release"}, args...)...); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("release %s: %v; want %q in it", strings.Join(args, " "), err, want)
		}
	}
	key := filepath.Join(t.TempDir(), "release")
	must("keygen", key)
	refused("file exists", "keygen", key)
	description := made(t, "2", 1)
	manifest := strings.TrimSuffix(description, ".release.json") + ".manifest"
	refused("-key and -nature", "sign", description)
	must("sign", "-key", key, "-nature", "Le son est meilleur.", description)
	refused("trusts no release key", "add", "-state", h.dir, manifest)
	refused("no such file", "trust", "-state", h.dir, key+".nothing")
	must("trust", "-state", h.dir, key+".pub")
	must("add", "-state", h.dir, manifest)
	must("add", "-state", h.dir, manifest) // an interrupted one is simply done again

	gien := h.booth("gien")
	offered := func(running string) wire.Offer {
		return ask[wire.Offer](gien, wire.VerbRelease, wire.AskRelease{Version: running})
	}
	if o := offered("1"); o.Version != "" {
		t.Errorf("offered before any ring: %+v", o)
	}

	// From ring to ring.
	refused("after ring test", "ring", "-state", h.dir, "-from", "2099-01-01", "2", "tenth")
	refused("no release 9", "ring", "-state", h.dir, "9", "test")
	refused("expected test, tenth or all", "ring", "-state", h.dir, "2", "some")
	refused("-from", "ring", "-state", h.dir, "-from", "tomorrow", "2", "test")
	must("testers", "-state", h.dir, "gien")
	must("ring", "-state", h.dir, "2", "test")
	if o := offered("1"); o.Version != "2" || !o.Due || o.AnyTime || o.Nature != "Le son est meilleur." {
		t.Errorf("offered to a booth for tests: %+v", o)
	}
	if o := offered("2"); o.Version != "" {
		t.Errorf("offered what runs: %+v", o)
	}
	must("testers", "-state", h.dir, "elsewhere")
	if o := offered("1"); o.Version != "" && o.Due {
		t.Errorf("offered to a booth that is not for tests: %+v", o)
	}
	refused("less than 24h0m0s", "ring", "-state", h.dir, "2", "tenth")
	must("ring", "-state", h.dir, "-from", time.Now().Add(30*time.Hour).Format("2006-01-02T15:04"), "2", "tenth")
	must("ring", "-state", h.dir, "-from", "2099-01-01", "2", "all")
	if o := offered("1"); o.Version != "2" || o.Due {
		t.Errorf("announced: %+v", o)
	}
	must("ring", "-state", h.dir, "-at-once", "Faille de sécurité", "-any-time", "2", "tenth")
	must("ring", "-state", h.dir, "-at-once", "Faille de sécurité", "-any-time", "2", "all")
	if o := offered("1"); !o.Due || !o.AnyTime {
		t.Errorf("at once: %+v", o)
	}

	// What a booth loads.
	get := func(path string) (int, []byte) {
		t.Helper()
		response, err := http.Get("http://" + h.addr + path)
		if err != nil {
			t.Fatal(err)
		}
		defer response.Body.Close()
		b, err := io.ReadAll(response.Body)
		if err != nil {
			t.Fatal(err)
		}
		return response.StatusCode, b
	}
	public, err := release.Trusted(h.dir)
	if err != nil {
		t.Fatal(err)
	}
	_, signed := get(wire.ReleasesPath + "2")
	m, err := wire.OpenManifest(signed, public)
	if err != nil {
		t.Fatal(err)
	}
	whole := sha256.New()
	for _, p := range m.Pieces {
		_, b := get(wire.PiecesPath + p.SHA256)
		whole.Write(b)
	}
	if got := hex.EncodeToString(whole.Sum(nil)); got != m.SHA256 {
		t.Errorf("the pieces together are %s; want %s", got, m.SHA256)
	}
	for _, path := range []string{wire.ReleasesPath + "3", wire.PiecesPath + "00", wire.PiecesPath + strings.Repeat("0", 64)} {
		if status, _ := get(path); status != http.StatusNotFound {
			t.Errorf("%s: %d", path, status)
		}
	}

	// Another root, or another release, under the same version.
	other := made(t, "2", 2)
	must("sign", "-key", key, "-nature", "Autre chose", other)
	if err := os.Rename(strings.TrimSuffix(other, ".release.json")+".root.squashfs", strings.TrimSuffix(manifest, ".manifest")+".root.squashfs"); err != nil {
		t.Fatal(err)
	}
	refused("not the one that was signed", "add", "-state", h.dir, manifest)
	refused("is not the root", "sign", "-key", key, "-nature", "x", description)
	third := made(t, "3", 1) // the same pieces
	must("sign", "-key", key, "-nature", "Rien", third)
	must("add", "-state", h.dir, strings.TrimSuffix(third, ".release.json")+".manifest")

	refused("withdraw it first", "remove", "-state", h.dir, "2")
	must("withdraw", "-state", h.dir, "2")
	if o := offered("1"); o.Version != "" {
		t.Errorf("offered after it was withdrawn: %+v", o)
	}
	if out := must("list", "-state", h.dir); !strings.Contains(out, "withdrawn") || !strings.Contains(out, "Le son est meilleur.") {
		t.Errorf("list:\n%s", out)
	}
	must("remove", "-state", h.dir, "2")
	if status, _ := get(wire.ReleasesPath + "2"); status != http.StatusNotFound {
		t.Errorf("the manifest of a removed release: %d", status)
	}
	if status, _ := get(wire.PiecesPath + m.Pieces[0].SHA256); status != http.StatusOK {
		t.Error("removing a release took a piece that another one needs")
	}
}
