// Package slot starts the booth from one of its two root partitions and knows
// which one to trust.
//
// The boot partition holds the kernel and its command line, twice: cmdline.txt
// for the Raspberry Pi's own boot chain, loader/entries/gokrazy.conf for UEFI.
// An update leaves the kernel alone and changes the command line only: one
// field in one sector of each file, in place, so that a power cut leaves the
// old line or the new one.
//
// A trial does not depend on the boot chain at all. The command line keeps
// naming the trusted root and says "visioborne.trial=armed". The trusted root's
// init sees that, writes "spent" over it, and only then goes over to the other
// root. Whatever happens there - a panic, a hang, a power cut - the next start
// is the trusted root's again, and "spent" tells it that the trial came to
// nothing. The root on trial makes itself the trusted one by Confirm.
//
// It writes two sectors of the boot partition and the root partition that is
// not running; it starts no goroutine. gokrazy's own switch (cmdline
// "gokrazy.try_boot_inactive") is not used: it looks for a line end that its
// packer does not write.
package slot

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"unsafe"

	"golang.org/x/sys/unix"
)

// Slot is one of the two root partitions.
type Slot int

const (
	A Slot = 2 // the numbers of the partitions, as gokrazy lays them out
	B Slot = 3
)

// Other is the slot that s is not.
func (s Slot) Other() Slot { return A + B - s }

func (s Slot) String() string { return map[Slot]string{A: "A", B: "B"}[s] }

// Trial is what the command line says of a trial.
type Trial string

const (
	None  Trial = ""
	Armed Trial = "armed" // the next start tries the other root
	Spent Trial = "spent" // it was tried; unless it has confirmed itself since, it failed
)

// Disk is the disk that the booth started from.
type Disk struct {
	// Started is the kernel's command line.
	Started []byte
	// Root is the partition that is mounted as the root.
	Root Slot
	// Partition gives the device of a partition by its number.
	Partition func(int) (string, error)

	confirmed bool // since the start
}

// Boot, Perm and Settings are the numbers of the other partitions.
const (
	Boot     = 1
	Perm     = 4
	Settings = 5
)

// Open finds the disk. /proc, /sys and /dev must be mounted.
func Open() (*Disk, error) {
	line, err := os.ReadFile("/proc/cmdline")
	if err != nil {
		return nil, fmt.Errorf("reading the kernel's command line: %w", err)
	}
	if !root.Match(line) {
		return nil, errors.New("finding the root partition: the kernel's command line names none as gokrazy does")
	}
	var mounted unix.Stat_t
	if err := unix.Stat("/", &mounted); err != nil {
		return nil, fmt.Errorf("finding the root partition: %w", err)
	}
	// The folder of the partition lies in that of its disk: .../block/mmcblk0/mmcblk0p2
	own, err := filepath.EvalSymlinks(fmt.Sprintf("/sys/dev/block/%d:%d", unix.Major(mounted.Dev), unix.Minor(mounted.Dev)))
	if err != nil {
		return nil, fmt.Errorf("finding the root partition: %w", err)
	}
	number, err := partitionNumber(own)
	if err != nil {
		return nil, fmt.Errorf("finding the root partition: %w", err)
	}
	if s := Slot(number); s != A && s != B {
		return nil, fmt.Errorf("finding the root partition: partition %d is mounted as the root; expected %d or %d", number, A, B)
	}
	return &Disk{
		Started: line, Root: Slot(number),
		Partition: func(n int) (string, error) { return partition(filepath.Dir(own), n) },
	}, nil
}

func partitionNumber(dir string) (int, error) {
	b, err := os.ReadFile(filepath.Join(dir, "partition"))
	if err != nil {
		return 0, err
	}
	return strconv.Atoi(strings.TrimSpace(string(b)))
}

func partition(disk string, n int) (string, error) {
	entries, err := os.ReadDir(disk)
	if err != nil {
		return "", fmt.Errorf("listing the disk's partitions: %w", err)
	}
	for _, e := range entries {
		if number, err := partitionNumber(filepath.Join(disk, e.Name())); err == nil && number == n {
			return "/dev/" + e.Name(), nil
		}
	}
	return "", fmt.Errorf("the disk %s has no partition %d", filepath.Base(disk), n)
}

var (
	root  = regexp.MustCompile(`root=PARTUUID=([0-9a-fA-F-]+)/PARTNROFF=([12])`)
	field = regexp.MustCompile(` visioborne\.trial=[a-z]*`)
)

// Trusted is the slot that the next start uses: the one that the booth was
// started with, unless the other has been confirmed since.
func (d *Disk) Trusted() Slot {
	if d.confirmed {
		return d.Root
	}
	if string(root.FindSubmatch(d.Started)[2]) == "2" {
		return B
	}
	return A
}

// OnTrial tells whether the root that runs is on trial.
func (d *Disk) OnTrial() bool { return d.Root != d.Trusted() }

// Marked is what the command line said of a trial when the booth started.
func (d *Disk) Marked() Trial { return trial(d.Started) }

func trial(line []byte) Trial {
	_, value, _ := strings.Cut(strings.TrimSpace(string(field.Find(line))), "=")
	return Trial(value)
}

// Devices are the partitions of the root that runs and of the other one.
func (d *Disk) Devices() (running, spare string, err error) {
	running, err = d.Partition(int(d.Root))
	if err == nil {
		spare, err = d.Partition(int(d.Root.Other()))
	}
	return running, spare, err
}

// Try makes the next start try the root that does not run, or takes that back.
func (d *Disk) Try(on bool) error {
	switch {
	case d.OnTrial():
		return errors.New("arming a trial: the root that runs is itself on trial")
	case on:
		return d.rewrite(d.Trusted(), Armed)
	}
	return d.rewrite(d.Trusted(), None)
}

// Spend notes that the trial begins. It must succeed before the other root starts.
func (d *Disk) Spend() error { return d.rewrite(d.Trusted(), Spent) }

// Confirm makes the running root the trusted one and ends a trial.
func (d *Disk) Confirm() error {
	err := d.rewrite(d.Root, None)
	d.confirmed = d.confirmed || err == nil
	return err
}

// rewrite changes both command lines. The one that this machine does not start
// from may be out of step for a moment; nothing reads it.
func (d *Disk) rewrite(trusted Slot, t Trial) (err error) {
	device, err := d.Partition(Boot)
	if err != nil {
		return err
	}
	f, err := os.OpenFile(device, os.O_RDWR|unix.O_SYNC, 0)
	if err != nil {
		return fmt.Errorf("opening the boot partition: %w", err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	extents, err := find(device, "loader/entries/gokrazy.conf", "cmdline.txt")
	if err != nil {
		return fmt.Errorf("looking for the command line on the boot partition: %w", err)
	}
	for _, e := range extents {
		if err := rewriteAt(f, e.offset, e.length, trusted, t); err != nil {
			return fmt.Errorf("changing %s: %w", e.name, err)
		}
	}
	if err := f.Sync(); err != nil {
		return fmt.Errorf("changing the boot partition: %w", err)
	}
	return nil
}

// extent is where a file lies on its partition, in bytes.
type extent struct {
	name           string
	offset, length int64
}

// find asks the kernel where files lie. They are smaller than a block of the
// file system, so each lies in one piece.
func find(device string, names ...string) ([]extent, error) {
	target, err := os.MkdirTemp("/run", "boot-")
	if err != nil {
		target = "/tmp" // early at boot nothing is writable yet, and nothing is mounted there
	} else {
		defer os.Remove(target)
	}
	if err := unix.Mount(device, target, "vfat", unix.MS_RDONLY, ""); err != nil {
		return nil, fmt.Errorf("mounting %s: %w", device, err)
	}
	defer unix.Unmount(target, unix.MNT_DETACH)
	var found []extent
	for _, name := range names {
		e, err := locate(filepath.Join(target, name))
		if err != nil {
			return nil, fmt.Errorf("locating %s: %w", name, err)
		}
		e.name = name
		found = append(found, e)
	}
	return found, nil
}

func locate(name string) (extent, error) {
	const fibmap, figetbsz = 1, 2 // include/uapi/linux/fs.h
	f, err := os.Open(name)
	if err != nil {
		return extent{}, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return extent{}, err
	}
	var block, size int32
	for request, at := range map[uintptr]*int32{fibmap: &block, figetbsz: &size} {
		if _, _, errno := unix.Syscall(unix.SYS_IOCTL, f.Fd(), request, uintptr(unsafe.Pointer(at))); errno != 0 {
			return extent{}, errno
		}
	}
	if info.Size() > sector || block == 0 {
		return extent{}, fmt.Errorf("it has %d bytes in block %d; expected at most %d", info.Size(), block, sector)
	}
	return extent{offset: int64(block) * int64(size), length: info.Size()}, nil
}

type file interface {
	io.ReaderAt
	io.WriterAt
}

// sector is what a disk writes whole or not at all.
const sector = 512

func rewriteAt(f file, offset, length int64, trusted Slot, t Trial) error {
	old := make([]byte, length)
	if _, err := f.ReadAt(old, offset); err != nil {
		return err
	}
	changed, err := edit(old, trusted, t)
	if err != nil || bytes.Equal(changed, old) {
		return err
	}
	first, last := 0, len(old)
	for old[first] == changed[first] {
		first++
	}
	for old[last-1] == changed[last-1] {
		last--
	}
	if (offset+int64(first))/sector != (offset+int64(last)-1)/sector {
		return fmt.Errorf("bytes %d to %d lie in two sectors, which a power cut could tear", first, last)
	}
	_, err = f.WriteAt(changed[first:last], offset+int64(first))
	return err
}

// edit gives the file's content with another trusted root and trial, of the
// same length: the field takes its room from the spaces at the line's end.
func edit(content []byte, trusted Slot, t Trial) ([]byte, error) {
	if !root.Match(content) {
		return nil, errors.New("no root=PARTUUID=.../PARTNROFF= in it")
	}
	changed := root.ReplaceAll(content, fmt.Appendf(nil, "root=PARTUUID=${1}/PARTNROFF=%d", int(trusted-A)+1))
	changed = field.ReplaceAll(changed, nil)
	changed = bytes.TrimRight(changed, " \n")
	if t != None {
		changed = fmt.Appendf(changed, " visioborne.trial=%s", t)
	}
	if len(changed) > len(content) {
		return nil, fmt.Errorf("it has no room: %d bytes more are needed", len(changed)-len(content))
	}
	return append(changed, bytes.Repeat([]byte{' '}, len(content)-len(changed))...), nil
}
