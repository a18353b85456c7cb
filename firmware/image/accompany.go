package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
)

// accompany writes what goes with the image: visioborne.root.squashfs (what an
// update installs) and visioborne.release.json about it, visioborne.img.xz, .bmap, .sha256 and .spdx.json.
func accompany(i *instance, image, version string, only bool) error {
	base := strings.TrimSuffix(image, filepath.Ext(image))
	used, err := squashfsBytes(image)
	if err != nil {
		return err
	}
	if err := part(image, 2, used, base+".root.squashfs"); err != nil {
		return fmt.Errorf("copying the root out of the image: %w", err)
	}
	if err := writeBmap(image, used, image+".bmap"); err != nil {
		return fmt.Errorf("writing the block map: %w", err)
	}
	if err := describe(base+".root.squashfs", version, base+".release.json"); err != nil {
		return fmt.Errorf("describing the release: %w", err)
	}
	made := []string{image, base + ".root.squashfs", image + ".bmap", base + ".release.json"}
	if !only {
		if err := writeBill(i, image, version, base+".spdx.json"); err != nil {
			return fmt.Errorf("writing the bill of materials: %w", err)
		}
		// Level 1: what is large in it is compressed already.
		if out, err := exec.Command("xz", "--keep", "--force", "-1", "--threads=0", image).CombinedOutput(); err != nil {
			return fmt.Errorf("compressing the image: %w: %s", err, out)
		}
		made = append(made, image+".xz", base+".spdx.json")
	}
	var sums bytes.Buffer
	for _, f := range made {
		sum, err := sumOf(f)
		if err != nil {
			return err
		}
		fmt.Fprintf(&sums, "%s  %s\n", sum, filepath.Base(f))
	}
	if err := os.WriteFile(base+".sha256", sums.Bytes(), 0o644); err != nil {
		return err
	}
	for _, f := range append(made, base+".sha256") {
		info, err := os.Stat(f)
		if err != nil {
			return err
		}
		fmt.Printf("%s: %.1f MB\n", f, float64(info.Size())/1e6)
	}
	return nil
}

// describe writes what `hub release sign` needs to know of a root besides what a person says.
func describe(root, version, out string) error {
	listed, err := exec.Command("unsquashfs", "-ls", root, "lib/modules").Output()
	if err != nil {
		return fmt.Errorf("listing the kernel's modules in %s: %w", root, err)
	}
	releases := modulesFolder.FindAllSubmatch(listed, -1)
	if len(releases) != 1 {
		return fmt.Errorf("listing the kernel's modules in %s: %d folders; expected that of one kernel", root, len(releases))
	}
	sum, err := sumOf(root)
	if err != nil {
		return err
	}
	text, err := json.MarshalIndent(map[string]string{
		"version": version, "kernel": string(releases[0][1]), "root": filepath.Base(root), "sha256": sum,
	}, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(out, append(text, '\n'), 0o644)
}

var modulesFolder = regexp.MustCompile(`(?m)/lib/modules/([^/\s]+)$`)

func sumOf(file string) (string, error) {
	f, err := os.Open(file)
	if err != nil {
		return "", err
	}
	defer f.Close()
	return sumOfReader(f)
}

const bmapBlock = 4096

// bmap is a block map of version 2.0, as bmaptool and Raspberry Pi Imager read it.
type bmap struct {
	XMLName          xml.Name `xml:"bmap"`
	Version          string   `xml:"version,attr"`
	ImageSize        int64
	BlockSize        int64
	BlocksCount      int64
	MappedBlocks     int64 `xml:"MappedBlocksCount"`
	ChecksumType     string
	BmapFileChecksum string
	Ranges           []bmapRange `xml:"BlockMap>Range"`
}

type bmapRange struct {
	Checksum string `xml:"chksum,attr"`
	Blocks   string `xml:",chardata"`
}

// writeBmap maps what a card must be given. It goes by what the partitions mean
// and not by which blocks are zero: what is left out keeps what the card held,
// which must be neither a hole in a FAT nor an earlier booth's /perm.
func writeBmap(image string, rootBytes int64, out string) error {
	info, err := os.Stat(image)
	if err != nil {
		return err
	}
	root, _, err := bounds(image, 2)
	if err != nil {
		return err
	}
	perm, _, err := bounds(image, 4)
	if err != nil {
		return err
	}
	settings, _, err := bounds(image, 5)
	if err != nil {
		return err
	}
	f, err := os.Open(image)
	if err != nil {
		return err
	}
	defer f.Close()
	b := bmap{
		Version: "2.0", ImageSize: info.Size(), BlockSize: bmapBlock,
		BlocksCount: (info.Size() + bmapBlock - 1) / bmapBlock, ChecksumType: "sha256",
		BmapFileChecksum: strings.Repeat("0", 64),
	}
	for _, r := range [][2]int64{{0, root + rootBytes}, {perm, perm + mib}, {settings, info.Size()}} {
		h := sha256.New()
		if _, err := io.Copy(h, io.NewSectionReader(f, r[0], r[1]-r[0])); err != nil {
			return err
		}
		first, last := r[0]/bmapBlock, (r[1]-1)/bmapBlock
		b.MappedBlocks += last - first + 1
		b.Ranges = append(b.Ranges, bmapRange{hex.EncodeToString(h.Sum(nil)), fmt.Sprintf("%d-%d", first, last)})
	}
	text, err := xml.MarshalIndent(b, "", "  ")
	if err != nil {
		return err
	}
	text = append([]byte(xml.Header), append(text, '\n')...)
	// The file's own checksum is taken with zeros in its place.
	sum := sha256.Sum256(text)
	text = bytes.Replace(text, []byte(b.BmapFileChecksum), []byte(hex.EncodeToString(sum[:])), 1)
	return errors.Join(os.WriteFile(out, text, 0o644))
}
