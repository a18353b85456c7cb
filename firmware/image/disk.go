package main

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/diskfs/go-diskfs/backend/file"
	"github.com/diskfs/go-diskfs/filesystem/fat32"
	"github.com/diskfs/go-diskfs/partition/gpt"

	"loiret.fr/visioborne/config"
)

const (
	mib = 1 << 20
	// gokBytes is the size that gok lays out: 4 MiB, then 100 MB boot, twice 500 MB root, and the rest /perm, which
	// holds a few kilobytes of state and a journal.
	gokBytes = (4+100+500+500+256)*mib + 33*512
	// settingsBytes is the settings partition: FAT32 needs 33 MB at least.
	settingsBytes = 48 * mib
	label         = "VISIOBORNE"
	sectorBytes   = 512
)

// addSettings appends the settings partition to gok's image. Windows goes by the
// MBR of such a disk, everything else by the GPT, so it is in both.
func addSettings(image, hub string) (err error) {
	f, err := os.OpenFile(image, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	disk := file.New(f, false)
	table, err := gpt.Read(disk, sectorBytes, sectorBytes)
	if err != nil {
		return fmt.Errorf("reading gok's partition table: %w", err)
	}
	if n := len(table.Partitions); n < 4 {
		return fmt.Errorf("gok's image has %d partitions; expected 4", n)
	}
	mbr := make([]byte, sectorBytes)
	if _, err := f.ReadAt(mbr, 0); err != nil {
		return fmt.Errorf("reading the MBR: %w", err)
	}
	perm := table.Partitions[3]
	perm.Name = "perm"
	first := (perm.End/2048 + 1) * 2048 // on a MiB
	perm.End = first - 1
	perm.Size = (perm.End - perm.Start + 1) * sectorBytes
	settings := &gpt.Partition{
		Index: 5,
		Start: first, End: first + settingsBytes/sectorBytes - 1, Size: settingsBytes,
		Type: gpt.MicrosoftBasicData, Name: label,
		// gok derives the partitions' UUIDs from the host name and their number; so does this.
		GUID: perm.GUID[:len(perm.GUID)-1] + "5",
	}
	table.Partitions = append(table.Partitions[:4], settings)
	size := int64(first)*sectorBytes + settingsBytes + mib // room for the second table
	if err := f.Truncate(size); err != nil {
		return err
	}
	table.Resize(uint64(size))
	writable, err := disk.Writable()
	if err != nil {
		return err
	}
	if err := table.Write(writable, size); err != nil {
		return fmt.Errorf("writing the partition table: %w", err)
	}
	// The library writes a plain protective MBR; the Pi's boot chain needs gok's.
	if _, err := f.WriteAt(withSettings(mbr, first), 0); err != nil {
		return fmt.Errorf("writing the MBR: %w", err)
	}
	fs, err := fat32.Create(disk, settingsBytes, int64(first)*sectorBytes, sectorBytes, label, false)
	if err != nil {
		return fmt.Errorf("making the file system: %w", err)
	}
	if hub != "" {
		if err := writeHub(fs, hub); err != nil {
			return fmt.Errorf("writing %s: %w", config.SettingsFile, err)
		}
	}
	return fs.Close()
}

// writeHub makes a settings file that has the hub's address only: the code is typed on the touchscreen.
func writeHub(fs *fat32.FileSystem, hub string) error {
	f, err := fs.OpenFile("/"+config.SettingsFile, os.O_CREATE|os.O_RDWR)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(f, "# Réglages de la borne ; voir docs/guide-technicien.md\r\nhub: %s\r\n", hub)
	return errors.Join(err, f.Close())
}

// withSettings puts the settings partition into the MBR's third entry.
func withSettings(mbr []byte, first uint64) []byte {
	entry := mbr[446+2*16:][:16]
	copy(entry, []byte{0, 0xfe, 0xff, 0xff, 0x0c, 0xfe, 0xff, 0xff}) // inactive, FAT32 by LBA
	binary.LittleEndian.PutUint32(entry[8:], uint32(first))
	binary.LittleEndian.PutUint32(entry[12:], settingsBytes/sectorBytes)
	return mbr
}

// part copies a partition's first bytes out of the image.
func part(image string, number int, bytes int64, out string) (err error) {
	start, _, err := bounds(image, number)
	if err != nil {
		return err
	}
	in, err := os.Open(image)
	if err != nil {
		return err
	}
	defer in.Close()
	f, err := os.Create(out)
	if err != nil {
		return err
	}
	_, err = io.Copy(f, io.NewSectionReader(in, start, bytes))
	return errors.Join(err, f.Close())
}

// bounds are where a partition begins and how long it is, in bytes.
func bounds(image string, number int) (start, length int64, err error) {
	f, err := os.Open(image)
	if err != nil {
		return 0, 0, err
	}
	defer f.Close()
	table, err := gpt.Read(file.New(f, true), sectorBytes, sectorBytes)
	if err != nil {
		return 0, 0, fmt.Errorf("reading the partition table: %w", err)
	}
	if number > len(table.Partitions) {
		return 0, 0, fmt.Errorf("the image has %d partitions; expected %d", len(table.Partitions), number)
	}
	p := table.Partitions[number-1]
	return int64(p.Start) * sectorBytes, int64(p.End-p.Start+1) * sectorBytes, nil
}

// squashfsBytes is how long the file system in a root partition is (its superblock says).
func squashfsBytes(image string) (int64, error) {
	start, _, err := bounds(image, 2)
	if err != nil {
		return 0, err
	}
	f, err := os.Open(image)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	super := make([]byte, 96)
	if _, err := f.ReadAt(super, start); err != nil {
		return 0, err
	}
	if string(super[:4]) != "hsqs" {
		return 0, errors.New("the root partition has no squashfs")
	}
	used := int64(binary.LittleEndian.Uint64(super[40:]))
	return (used + 4095) / 4096 * 4096, nil
}
