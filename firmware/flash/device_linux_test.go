package main

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/diskfs/go-diskfs/backend/file"
	"github.com/diskfs/go-diskfs/filesystem/ext4"
	"golang.org/x/sys/unix"

	"loiret.fr/visioborne/firmware/loopdev"
)

func TestLookUp(t *testing.T) {
	root := machine().write(t)
	folder := t.TempDir()
	plain := filepath.Join(folder, "plain")
	if err := os.WriteFile(plain, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	const there = "; there is /dev/mmcblk0 (SC16G 15.9 GB) and /dev/sdb (Generic STORAGE DEVICE 31.9 GB)"
	for at, want := range map[string]string{
		plain:        plain + " is a file and no card; to make a disk image, add -file",
		plain + "x":  plain + "x is not there" + there,
		folder:       folder + " is no disk" + there,
		"/dev/null":  "/dev/null is no disk" + there,
		plain + "/x": "looking at " + plain + "/x: not a directory",
	} {
		if _, err := lookUp(os.DirFS(root), at); err == nil || err.Error() != want {
			t.Errorf("got  %v\nwant %s", err, want)
		}
	}
	if got := hint(os.DirFS(t.TempDir())); got != "; no card was found: put it into the reader" {
		t.Error(got)
	}
	if err := run(options{}, nil, os.DirFS(root), nobody(io.Discard)); err == nil || err.Error() != "the card's device is missing: give -device (make: DEVICE=)"+there {
		t.Error(err)
	}
	if err := run(options{device: "x"}, []string{"sdb"}, os.DirFS(root), nobody(io.Discard)); err == nil || err.Error() != `"sdb" is no option; see flash -help` {
		t.Error(err)
	}
}

func TestConfirm(t *testing.T) {
	d, err := examine(os.DirFS(machine().write(t)), "sdb")
	if err != nil {
		t.Fatal(err)
	}
	i := image{file: "visioborne.img", bytes: 1.4e9}
	var out bytes.Buffer
	for name, c := range map[string]struct {
		console console
		yes     bool
		want    string
	}{
		"the name":      {console: somebody(&out, "sdb\n")},
		"the path":      {console: somebody(&out, " /dev/sdb\n")},
		"a yes":         {console: somebody(&out, "yes\n"), want: `"yes" is not sdb; nothing was written`},
		"another disk":  {console: somebody(&out, "sda\n"), want: `"sda" is not sdb; nothing was written`},
		"end of input":  {console: somebody(&out, ""), want: `"" is not sdb; nothing was written`},
		"nobody":        {console: nobody(&out), want: "nobody is at the terminal to confirm that /dev/sdb is overwritten; add -yes (make: YES=1)"},
		"nobody, -yes":  {console: nobody(&out), yes: true},
		"somebody, yes": {console: somebody(&out, "sda\n"), yes: true},
	} {
		out.Reset()
		err := c.console.confirm(options{yes: c.yes}, d, i)
		if c.want == "" && err != nil || c.want != "" && (err == nil || err.Error() != c.want) {
			t.Errorf("%s: got %v, want %q", name, err, c.want)
		}
		if !strings.HasPrefix(out.String(), "/dev/sdb: Generic STORAGE DEVICE 31.9 GB\n  /dev/sdb1: 104 MB \"boot\"\n") {
			t.Errorf("%s: it does not tell what is lost:\n%s", name, out.String())
		}
	}
}

// loop makes a real block device of a file that is full of what a card held before. It skips the test where that is not
// permitted.
func loop(t *testing.T, bytesOfCard int, sector, flags uint32) (device, behind string) {
	t.Helper()
	behind = usedCard(t, bytesOfCard)
	f, err := os.OpenFile(behind, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	d, err := loopdev.Attach(f, sector, flags)
	if errors.Is(err, os.ErrPermission) || errors.Is(err, os.ErrNotExist) {
		t.Skipf("a loop device needs root and the kernel's module: %v", err)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	return d.Name(), behind
}

func TestDevice(t *testing.T) {
	source := makeImage(t, "")
	makeMap(t, source, mapped(true))
	o := options{image: source, yes: true, forceDisk: true, wish: wish{site: "gien", hub: "wss://hub.example.fr", code: "K7PX-2M4Q"}}
	device, behind := loop(t, imageBytes+5*mib, 512, 0)
	o.device = device
	try := func(o options) (string, error) {
		var out bytes.Buffer
		err := run(o, nil, os.DirFS("/"), nobody(&out))
		return out.String(), err
	}
	refused := func(name string, o options, want string) {
		t.Helper()
		if _, err := try(o); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %s", name, err, want)
		}
	}

	fixed := o
	fixed.forceDisk = false
	refused("fixed", fixed, "is a fixed disk, neither an SD card nor on USB")
	asked := o
	asked.yes = false
	refused("without a word", asked, "nobody is at the terminal to confirm that "+device+" is overwritten")
	holder, err := os.OpenFile(device, os.O_RDONLY|unix.O_EXCL, 0)
	if err != nil {
		t.Fatal(err)
	}
	refused("held", o, "opening "+device+": it is in use")
	if err := holder.Close(); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(behind)
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Count(b, []byte{0xaa}) != len(b) {
		t.Fatal("a refused device was written to")
	}

	said, err := try(o)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(said, "note:") || !strings.Contains(said, "verifying") || !strings.Contains(said, "for gien is ready") {
		t.Errorf("it says:\n%s", said)
	}
	want, err := os.ReadFile(source)
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(behind)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got[:rootAt+rootUsed], want[:rootAt+rootUsed]) || got[otherAt] != 0xaa ||
		!bytes.Equal(got[permAt:permAt+mib], make([]byte, mib)) || !bytes.Equal(got[len(got)-mib:], make([]byte, mib)) {
		t.Error("the device does not hold the image")
	}
	f, err := os.Open(behind)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	text, err := readSettings(file.New(f, true), settingsSpan())
	if err != nil || !strings.Contains(string(text), "code: K7PX-2M4Q") {
		t.Errorf("settings %q, %v", text, err)
	}
	checkFAT(t, behind)
}

func TestDeviceSmall(t *testing.T) {
	source := makeImage(t, "")
	device, _ := loop(t, imageBytes-mib, 512, 0)
	err := run(options{image: source, device: device, yes: true, forceDisk: true}, nil, os.DirFS("/"), nobody(io.Discard))
	if err == nil || !strings.Contains(err.Error(), "and the image needs 47 MB; take a larger card") {
		t.Error(err)
	}
}

func TestDeviceReadOnly(t *testing.T) {
	source := makeImage(t, "")
	device, _ := loop(t, imageBytes, 512, unix.LO_FLAGS_READ_ONLY)
	err := run(options{image: source, device: device, yes: true, forceDisk: true}, nil, os.DirFS("/"), nobody(io.Discard))
	if err == nil || !strings.Contains(err.Error(), "is write-protected") {
		t.Error(err)
	}
}

func TestDeviceSectors(t *testing.T) {
	source := makeImage(t, "")
	device, _ := loop(t, imageBytes, 4096, 0)
	err := run(options{image: source, device: device, yes: true, forceDisk: true}, nil, os.DirFS("/"), nobody(io.Discard))
	if err == nil || !strings.Contains(err.Error(), "has sectors of 4096 bytes") {
		t.Error(err)
	}
}

func TestDeviceMounted(t *testing.T) {
	source := makeImage(t, "")
	device, behind := loop(t, imageBytes, 512, 0)
	f, err := os.OpenFile(behind, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := ext4.Create(file.New(f, false), imageBytes, 0, sectorBytes, &ext4.Params{VolumeName: "PHOTOS"}); err != nil {
		t.Fatal(err)
	}
	target := filepath.Join(t.TempDir(), "my photos")
	if err := os.Mkdir(target, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := unix.Mount(device, target, "ext4", unix.MS_RDONLY, ""); err != nil {
		t.Skipf("mounting is not permitted here: %v", err)
	}
	defer func() {
		if err := unix.Unmount(target, 0); err != nil {
			t.Error(err)
		}
	}()
	err = run(options{image: source, device: device, yes: true, forceDisk: true}, nil, os.DirFS("/"), nobody(io.Discard))
	if err == nil || !strings.Contains(err.Error(), device+" is mounted on "+target+"; end that with: sudo umount '"+target+"'") {
		t.Error(err)
	}
}
