package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"runtime"
	"strings"
	"unsafe"

	"golang.org/x/sys/unix"
)

// lookUp is the kernel's name of the block device at a path, which may be a link such as those in /dev/disk/by-id.
func lookUp(root fs.FS, at string) (string, error) {
	info, err := os.Stat(at)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "", fmt.Errorf("%s is not there%s", at, hint(root))
	case err != nil:
		return "", fmt.Errorf("looking at %s: %w", at, cause(err))
	case info.Mode().IsRegular():
		return "", fmt.Errorf("%s is a file and no card; to make a disk image, add -file", at)
	case info.Mode()&fs.ModeDevice == 0 || info.Mode()&fs.ModeCharDevice != 0:
		return "", fmt.Errorf("%s is no disk%s", at, hint(root))
	}
	var s unix.Stat_t
	if err := unix.Stat(at, &s); err != nil {
		return "", fmt.Errorf("looking at %s: %w", at, err)
	}
	link, err := fs.ReadLink(root, fmt.Sprintf("sys/dev/block/%d:%d", unix.Major(s.Rdev), unix.Minor(s.Rdev)))
	if err != nil {
		return "", fmt.Errorf("looking up %s: the kernel has no such device; take the card out and put it in again", at)
	}
	return path.Base(link), nil
}

// hint names the disks that may be flashed.
func hint(root fs.FS) string {
	disks, err := candidates(root)
	if err != nil || len(disks) == 0 {
		return "; no card was found: put it into the reader"
	}
	var all []string
	for _, d := range disks {
		all = append(all, fmt.Sprintf("%s (%s)", devicePath(d.name), d.describe()))
	}
	return "; there is " + strings.Join(all, " and ")
}

// card is the opened device, or file. Who writes to it waits for it after a few MiB: otherwise the page cache took all in
// a moment, and neither the progress nor Ctrl-C meant anything.
type card struct {
	*os.File
	name   string
	device bool
	bytes  int64
	// behind is what the kernel is still writing.
	behind []span
}

// openDevice opens a block device for itself alone: the kernel refuses when a file system, a RAID or whatever has it, even
// one that another mount namespace hides, and mounts none of its partitions until it is closed.
func openDevice(d disk) (*card, error) {
	name := devicePath(d.name)
	f, err := os.OpenFile(name, os.O_RDWR|os.O_EXCL, 0)
	switch {
	case errors.Is(err, unix.EBUSY):
		return nil, fmt.Errorf("opening %s: it is in use; unmount it, end what uses it and try again", name)
	case errors.Is(err, fs.ErrPermission):
		return nil, fmt.Errorf("opening %s: permission denied; run this as root", name)
	case errors.Is(err, unix.EROFS):
		return nil, fmt.Errorf("opening %s: it is write-protected; slide the switch on the card's side towards its contacts", name)
	case err != nil:
		return nil, fmt.Errorf("opening %s: %w", name, cause(err))
	}
	// Since it was looked at, the card may have been changed for another.
	bytes, err := f.Seek(0, 2)
	if err == nil && bytes != d.bytes {
		err = fmt.Errorf("it has %d bytes now and had %d before", bytes, d.bytes)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("opening %s: %w", name, cause(err)), f.Close())
	}
	return &card{File: f, name: name, device: true, bytes: bytes}, nil
}

// openFile opens, or makes, a file that is to become a disk image. One that is larger than the image stays so, as a card.
func openFile(name string, i image) (*card, error) {
	f, err := os.OpenFile(name, os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return nil, fmt.Errorf("opening %s: %w", name, cause(err))
	}
	info, err := f.Stat()
	if err != nil {
		return nil, errors.Join(fmt.Errorf("opening %s: %w", name, cause(err)), f.Close())
	}
	if from, err := os.Stat(i.file); err == nil && os.SameFile(from, info) {
		return nil, errors.Join(fmt.Errorf("%s is the image itself; give another file", name), f.Close())
	}
	if !info.Mode().IsRegular() {
		return nil, errors.Join(fmt.Errorf("%s is no file; leave -file out to flash a card", name), f.Close())
	}
	bytes := max(i.bytes, info.Size()/sectorBytes*sectorBytes)
	if err := f.Truncate(bytes); err != nil {
		return nil, errors.Join(fmt.Errorf("enlarging %s: %w", name, cause(err)), f.Close())
	}
	return &card{File: f, name: name, bytes: bytes}, nil
}

func (c *card) WriteAt(b []byte, at int64) (int, error) {
	n, err := c.File.WriteAt(b, at)
	if err != nil {
		return n, err
	}
	fd := int(c.Fd())
	// Where a file system knows no such thing, Sync does all at the end.
	if err := unix.SyncFileRange(fd, at, int64(n), unix.SYNC_FILE_RANGE_WRITE); err != nil {
		return n, ignore(err, unix.ENOSYS, unix.EINVAL, unix.ESPIPE)
	}
	c.behind = append(c.behind, span{from: at, to: at + int64(n)})
	if len(c.behind) > 8 {
		s := c.behind[0]
		c.behind = c.behind[1:]
		return n, unix.SyncFileRange(fd, s.from, s.to-s.from, unix.SYNC_FILE_RANGE_WAIT_BEFORE|unix.SYNC_FILE_RANGE_WRITE|unix.SYNC_FILE_RANGE_WAIT_AFTER)
	}
	return n, nil
}

// flush brings everything to the card and out of this machine's memory, so that what is read next is read from the card.
func (c *card) flush() error {
	if err := c.Sync(); err != nil {
		return fmt.Errorf("writing %s: %w", c.name, cause(err))
	}
	if !c.device {
		return unix.Fadvise(int(c.Fd()), 0, 0, unix.FADV_DONTNEED)
	}
	// Only root may; the others read past the cache anyway.
	if err := ignore(unix.IoctlSetInt(int(c.Fd()), unix.BLKFLSBUF, 0), unix.EACCES, unix.EPERM); err != nil {
		return fmt.Errorf("dropping what is cached of %s: %w", c.name, err)
	}
	return nil
}

// direct reads the card past the page cache. Where that does not go, flush has emptied the cache.
type direct struct {
	card *card
	past *os.File // nil when it does not go
}

func (c *card) direct() *direct {
	// By the descriptor: the name may be another card's by now.
	f, err := os.OpenFile(fmt.Sprintf("/proc/self/fd/%d", c.Fd()), os.O_RDONLY|unix.O_DIRECT, 0)
	runtime.KeepAlive(c)
	if err != nil {
		f = nil
	}
	return &direct{c, f}
}

func (d *direct) ReadAt(b []byte, at int64) (int, error) {
	if d.past != nil {
		n, err := d.past.ReadAt(b, at)
		if !errors.Is(err, unix.EINVAL) {
			return n, err
		}
	}
	return d.card.ReadAt(b, at)
}

func (d *direct) Close() error {
	if d.past == nil {
		return nil
	}
	return d.past.Close()
}

// eject makes the kernel read the new partition table and tells the reader that the card goes. Card slots without a
// SCSI bridge (mmcblk) need no telling.
func (c *card) eject() error {
	fd := int(c.Fd())
	if err := ignore(unix.IoctlSetInt(fd, unix.BLKRRPART, 0), unix.EINVAL, unix.EACCES, unix.EPERM); err != nil {
		return fmt.Errorf("reading the new partition table: %w", err)
	}
	// SPC-3 and SBC-3: PREVENT ALLOW MEDIUM REMOVAL with "allow", which a reader may refuse, then START STOP UNIT with
	// "load or eject".
	_ = scsi(fd, [6]byte{0x1e})
	if err := ignore(scsi(fd, [6]byte{0x1b, 4: 2}), unix.ENOTTY, unix.EINVAL, unix.ENOSYS, unix.EACCES, unix.EPERM); err != nil {
		return fmt.Errorf("ejecting: %w", err)
	}
	return nil
}

// scsi has a command without data carried out.
func scsi(fd int, command [6]byte) error {
	// include/scsi/sg.h
	const (
		sgIO = 0x2285
		none = -1 // SG_DXFER_NONE
	)
	var sense [32]byte
	header := struct {
		interfaceID, direction int32
		commandLen, senseLen   uint8
		vectors                uint16
		dataLen                uint32
		data                   unsafe.Pointer
		command, sense         unsafe.Pointer
		timeout, flags         uint32
		packID                 int32
		user                   unsafe.Pointer
		status, masked, msg    uint8
		senseWritten           uint8
		host, driver           uint16
		residual               int32
		duration, info         uint32
	}{
		interfaceID: 'S', direction: none, commandLen: uint8(len(command)), senseLen: uint8(len(sense)),
		command: unsafe.Pointer(&command), sense: unsafe.Pointer(&sense), timeout: 10_000,
	}
	_, _, errno := unix.Syscall(unix.SYS_IOCTL, uintptr(fd), sgIO, uintptr(unsafe.Pointer(&header)))
	switch {
	case errno != 0:
		return errno
	case header.status != 0 || header.host != 0 || header.driver != 0:
		return fmt.Errorf("the reader says %#x, key %d", header.status, sense[2]&0xf)
	}
	return nil
}

// ignore makes nothing of errors that do not matter here.
func ignore(err error, these ...unix.Errno) error {
	for _, e := range these {
		if errors.Is(err, e) {
			return nil
		}
	}
	return err
}
