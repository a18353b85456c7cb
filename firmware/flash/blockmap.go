package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/xml"
	"fmt"
	"os"
	"strconv"
	"strings"
)

// span is a part of the image, from its first byte to the one after its last.
type span struct {
	from, to int64
	// sum is its SHA-256; nil when nobody said.
	sum []byte
	// zero: the card gets zeros there and nothing of the image.
	zero bool
}

// blockMap says which parts of an image a card needs. What is between them may keep what the card held.
type blockMap struct {
	imageBytes int64
	spans      []span
}

func readBlockMap(file string) (blockMap, error) {
	b, err := os.ReadFile(file)
	if err != nil {
		return blockMap{}, fmt.Errorf("reading the block map: %w", err)
	}
	m, err := parseBlockMap(b)
	if err != nil {
		return blockMap{}, fmt.Errorf("reading the block map %s: %w; make the image again, or remove the map to do without", file, err)
	}
	return m, nil
}

// parseBlockMap reads version 2 of the format that bmaptool defines. There, a number may have spaces around it, and a
// range of one block is written as one number.
func parseBlockMap(b []byte) (blockMap, error) {
	var x struct {
		XMLName   xml.Name `xml:"bmap"`
		Version   string   `xml:"version,attr"`
		ImageSize string
		BlockSize string
		Blocks    string `xml:"BlocksCount"`
		Mapped    string `xml:"MappedBlocksCount"`
		Kind      string `xml:"ChecksumType"`
		Sum       string `xml:"BmapFileChecksum"`
		Ranges    []struct {
			Sum  string `xml:"chksum,attr"`
			Text string `xml:",chardata"`
		} `xml:"BlockMap>Range"`
	}
	if err := xml.Unmarshal(b, &x); err != nil {
		return blockMap{}, err
	}
	if !strings.HasPrefix(x.Version, "2.") {
		return blockMap{}, fmt.Errorf("it has version %q of the format; expected 2", x.Version)
	}
	if kind := strings.TrimSpace(x.Kind); kind != "sha256" {
		return blockMap{}, fmt.Errorf("its checksums are %q; expected sha256", kind)
	}
	// The map's own checksum is taken with zeros in its place.
	sum := strings.TrimSpace(x.Sum)
	zeroed := sha256.Sum256(bytes.Replace(b, []byte(sum), bytes.Repeat([]byte("0"), len(sum)), 1))
	if sum != hex.EncodeToString(zeroed[:]) {
		return blockMap{}, fmt.Errorf("its checksum is not its own: it is damaged")
	}
	var imageBytes, block, blocks, mapped int64
	for _, n := range []struct {
		name, text string
		to         *int64
	}{
		{"ImageSize", x.ImageSize, &imageBytes},
		{"BlockSize", x.BlockSize, &block},
		{"BlocksCount", x.Blocks, &blocks},
		{"MappedBlocksCount", x.Mapped, &mapped},
	} {
		v, err := strconv.ParseInt(strings.TrimSpace(n.text), 10, 64)
		if err != nil || v < 0 || v > 1<<50 {
			return blockMap{}, fmt.Errorf("%s is %q; expected a number", n.name, n.text)
		}
		*n.to = v
	}
	if block < sectorBytes || block%sectorBytes != 0 || imageBytes == 0 || imageBytes%sectorBytes != 0 || blocks != (imageBytes+block-1)/block {
		return blockMap{}, fmt.Errorf("%d blocks of %d bytes do not make an image of %d bytes", blocks, block, imageBytes)
	}
	m := blockMap{imageBytes: imageBytes}
	var next, count int64
	for i, r := range x.Ranges {
		text := strings.TrimSpace(r.Text)
		left, right, two := strings.Cut(text, "-")
		if !two {
			right = left
		}
		first, err := strconv.ParseInt(strings.TrimSpace(left), 10, 64)
		if err != nil {
			return blockMap{}, fmt.Errorf("range %d is %q; expected two numbers", i, text)
		}
		last, err := strconv.ParseInt(strings.TrimSpace(right), 10, 64)
		if err != nil {
			return blockMap{}, fmt.Errorf("range %d is %q; expected two numbers", i, text)
		}
		if first < next || last < first || last >= blocks {
			return blockMap{}, fmt.Errorf("range %d, %q, is out of order or outside the image's %d blocks", i, text, blocks)
		}
		sum, err := hex.DecodeString(r.Sum)
		if err != nil || len(sum) != sha256.Size {
			return blockMap{}, fmt.Errorf("range %d has the checksum %q; expected %d hexadecimal digits", i, r.Sum, 2*sha256.Size)
		}
		next = last + 1
		count += last - first + 1
		m.spans = append(m.spans, span{from: first * block, to: min(next*block, imageBytes), sum: sum})
	}
	if count != mapped {
		return blockMap{}, fmt.Errorf("its ranges have %d blocks; it says %d", count, mapped)
	}
	return m, nil
}
