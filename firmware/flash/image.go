package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"

	"github.com/diskfs/go-diskfs/backend/file"
	"github.com/diskfs/go-diskfs/partition/gpt"
	"github.com/ulikunitz/xz"
)

const (
	sectorBytes = 512
	mib         = 1 << 20

	permPartition     = 4
	settingsPartition = 5
)

// image is what is flashed, compressed or not.
type image struct {
	file       string
	compressed bool
	// bytes is its length, uncompressed.
	bytes int64
	perm  span
	// settings is where the FAT with the settings file is.
	settings span
}

// openImage reads the image's partition table. It tells the length of a compressed image too, which its own header
// does not: the second table lies at the end.
func openImage(name string) (image, error) {
	i := image{file: name, compressed: strings.HasSuffix(name, ".xz")}
	r, err := i.open()
	if errors.Is(err, fs.ErrNotExist) {
		return image{}, fmt.Errorf("opening the image: %s is not there; make it with: make image", name)
	}
	if err != nil {
		return image{}, fmt.Errorf("opening the image: %w", err)
	}
	defer r.Close()
	head := make([]byte, mib)
	if _, err := io.ReadFull(r, head); err != nil {
		return image{}, fmt.Errorf("reading the beginning of %s: %w", name, err)
	}
	table, err := gpt.Read(headOf{bytes.NewReader(head)}, sectorBytes, sectorBytes)
	if err != nil {
		return image{}, fmt.Errorf("reading the partition table of %s: %w; is it an image that make image wrote?", name, err)
	}
	parts := map[int]*gpt.Partition{}
	for _, p := range table.Partitions {
		parts[p.Index] = p
	}
	for number, to := range map[int]*span{permPartition: &i.perm, settingsPartition: &i.settings} {
		p := parts[number]
		if p == nil {
			return image{}, fmt.Errorf("reading the partition table of %s: there is no partition %d; is it an image that make image wrote?", name, number)
		}
		*to = span{from: int64(p.Start) * sectorBytes, to: int64(p.End+1) * sectorBytes}
	}
	i.bytes = int64(table.TotalSize())
	if !i.compressed {
		info, err := os.Stat(name)
		if err != nil {
			return image{}, fmt.Errorf("opening the image: %w", err)
		}
		if info.Size() != i.bytes {
			return image{}, fmt.Errorf("%s has %d bytes and should have %d: it is cut short or has grown; make it again", name, info.Size(), i.bytes)
		}
	}
	if i.settings.to > i.bytes || i.perm.to > i.bytes {
		return image{}, fmt.Errorf("reading the partition table of %s: a partition lies behind its end", name)
	}
	return i, nil
}

// open gives the image's bytes, uncompressed.
func (i image) open() (io.ReadCloser, error) {
	f, err := os.Open(i.file)
	if err != nil {
		return nil, err
	}
	if !i.compressed {
		return f, nil
	}
	x, err := xz.NewReader(bufio.NewReaderSize(f, mib)) // it reads byte by byte
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return struct {
		io.Reader
		io.Closer
	}{x, f}, nil
}

// settingsFile is the settings file that make image HUB=... put on the image; empty when there is none, or when the
// image is compressed: it lies at its end.
func (i image) settingsFile() ([]byte, error) {
	if i.compressed {
		return nil, nil
	}
	f, err := os.Open(i.file)
	if err != nil {
		return nil, fmt.Errorf("opening the image: %w", err)
	}
	defer f.Close()
	return readSettings(file.New(f, true), i.settings)
}

// blockMapFile is where firmware/image puts the block map.
func (i image) blockMapFile() string {
	return strings.TrimSuffix(i.file, ".xz") + ".bmap"
}

// headOf is the beginning of a disk as the library wants to have a disk.
type headOf struct{ *bytes.Reader }

func (headOf) Stat() (fs.FileInfo, error) { return nil, errors.ErrUnsupported }
func (headOf) Close() error               { return nil }
