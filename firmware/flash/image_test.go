package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/diskfs/go-diskfs/backend/file"
	"github.com/diskfs/go-diskfs/filesystem/fat32"
	"github.com/diskfs/go-diskfs/partition/gpt"
)

// The made image: boot, two roots, /perm and the settings, each as small as it goes.
const (
	bootAt     = 1 * mib
	rootAt     = 2 * mib
	otherAt    = 4 * mib
	permAt     = 6 * mib
	settingsAt = 10 * mib
	imageBytes = settingsAt + 34*mib + mib
	// rootUsed is how much of the first root there is.
	rootUsed = mib + 4096
)

// makeImage writes an image as firmware/image lays it out, with random bytes in boot and root.
func makeImage(t testing.TB, hub string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "visioborne.img")
	f, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := f.Truncate(imageBytes); err != nil {
		t.Fatal(err)
	}
	table := &gpt.Table{LogicalSectorSize: sectorBytes, PhysicalSectorSize: sectorBytes, ProtectiveMBR: true}
	starts := []uint64{bootAt, rootAt, otherAt, permAt, settingsAt, imageBytes - mib}
	for n, start := range starts[:5] {
		table.Partitions = append(table.Partitions, &gpt.Partition{
			Index: n + 1, Start: start / sectorBytes, End: starts[n+1]/sectorBytes - 1, Type: gpt.LinuxFilesystem, Name: fmt.Sprint("part", n+1),
		})
	}
	if err := table.Write(f, imageBytes); err != nil {
		t.Fatal(err)
	}
	random := rand.NewChaCha8([32]byte{1})
	for _, s := range []span{{from: bootAt, to: rootAt}, {from: rootAt, to: rootAt + rootUsed}} {
		b := make([]byte, s.to-s.from)
		_, _ = random.Read(b)
		if _, err := f.WriteAt(b, s.from); err != nil {
			t.Fatal(err)
		}
	}
	disk := file.New(f, false)
	if _, err := fat32.Create(disk, imageBytes-mib-settingsAt, settingsAt, sectorBytes, "VISIOBORNE", false); err != nil {
		t.Fatal(err)
	}
	if hub != "" {
		text := "# A comment that makes this file longer than the one that takes its place, so that a remainder would show.\r\nhub: " + hub + "\r\n"
		if err := writeSettings(disk, settingsSpan(), []cardFile{{"visioborne.yaml", []byte(text)}}); err != nil {
			t.Fatal(err)
		}
	}
	return name
}

func settingsSpan() span { return span{from: settingsAt, to: imageBytes - mib} }

// mapped are the parts of the made image that its block map names: as in firmware/image, without the beginning of /perm
// where withPerm is false.
func mapped(withPerm bool) []span {
	parts := []span{{from: 0, to: rootAt + rootUsed}, {from: settingsAt, to: imageBytes}}
	if withPerm {
		parts = []span{parts[0], {from: permAt, to: permAt + mib}, parts[1]}
	}
	return parts
}

// makeMap writes the image's block map.
func makeMap(t testing.TB, image string, parts []span) {
	t.Helper()
	b, err := os.ReadFile(image)
	if err != nil {
		t.Fatal(err)
	}
	var ranges strings.Builder
	for _, p := range parts {
		fmt.Fprintf(&ranges, "    <Range chksum=\"%x\"> %d-%d </Range>\n", sha256.Sum256(b[p.from:p.to]), p.from/4096, p.to/4096-1)
	}
	text := mapText(int64(len(b)), total(parts)/4096, ranges.String())
	if err := os.WriteFile(image+".bmap", text, 0o644); err != nil {
		t.Fatal(err)
	}
}

// mapText is a block map with its own checksum.
func mapText(bytesOfImage, mapped int64, ranges string) []byte {
	zeros := strings.Repeat("0", 64)
	text := fmt.Appendf(nil, `<?xml version="1.0" ?>
<bmap version="2.0">
  <ImageSize> %d </ImageSize>
  <BlockSize> 4096 </BlockSize>
  <BlocksCount> %d </BlocksCount>
  <MappedBlocksCount> %d </MappedBlocksCount>
  <ChecksumType> sha256 </ChecksumType>
  <BmapFileChecksum> %s </BmapFileChecksum>
  <BlockMap>
%s  </BlockMap>
</bmap>
`, bytesOfImage, (bytesOfImage+4095)/4096, mapped, zeros, ranges)
	sum := sha256.Sum256(text)
	return bytes.Replace(text, []byte(zeros), []byte(hex.EncodeToString(sum[:])), 1)
}

// compress makes the .img.xz beside the image as firmware/image does, and leaves only that.
func compress(t *testing.T, image string) string {
	t.Helper()
	tool, err := exec.LookPath("xz")
	if err != nil {
		t.Skip("no xz to make a compressed image with")
	}
	if out, err := exec.Command(tool, "-1", "--threads=0", image).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return image + ".xz"
}

func TestOpenImage(t *testing.T) {
	name := makeImage(t, "")
	i, err := openImage(name)
	if err != nil {
		t.Fatal(err)
	}
	want := image{file: name, bytes: imageBytes, perm: span{from: permAt, to: settingsAt}, settings: settingsSpan()}
	if fmt.Sprint(i) != fmt.Sprint(want) {
		t.Errorf("got  %v\nwant %v", i, want)
	}
	if err := os.Truncate(name, imageBytes-mib); err != nil {
		t.Fatal(err)
	}
	if _, err := openImage(name); err == nil || !strings.Contains(err.Error(), "it is cut short or has grown; make it again") {
		t.Errorf("cut short: %v", err)
	}
	if err := os.WriteFile(name, make([]byte, 2*mib), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := openImage(name); err == nil || !strings.Contains(err.Error(), "is it an image that make image wrote?") {
		t.Errorf("zeros: %v", err)
	}
	if _, err := openImage(name + "x"); err == nil || !strings.Contains(err.Error(), "make it with: make image") {
		t.Errorf("nothing there: %v", err)
	}
}

// checkFAT has dosfstools, where they are, look at the settings partition.
func checkFAT(t *testing.T, card string) {
	t.Helper()
	fsck, err := exec.LookPath("fsck.vfat")
	if err != nil {
		t.Log("no fsck.vfat: the file system is not looked at by others")
		return
	}
	b, err := os.ReadFile(card)
	if err != nil {
		t.Fatal(err)
	}
	part := filepath.Join(t.TempDir(), "settings")
	if err := os.WriteFile(part, b[settingsAt:imageBytes-mib], 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command(fsck, "-n", "-v", part).CombinedOutput(); err != nil {
		t.Errorf("fsck.vfat: %v\n%s", err, out)
	}
}
