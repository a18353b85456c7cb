package main

import (
	"errors"
	"fmt"
	"log"
	"os"
	"os/exec"
	"syscall"

	"golang.org/x/sys/unix"

	"loiret.fr/visioborne/firmware/loopdev"
	"loiret.fr/visioborne/firmware/slot"
)

// ready is the file that says that /perm was made to its end: without it, what
// is there is the remains of a power cut, and is made anew.
const ready = "/perm/.ready"

// preparePerm leaves a clean ext4 file system on the partition of /perm, unmounted.
func preparePerm(disk *slot.Disk) error {
	device, err := disk.Partition(slot.Perm)
	if err != nil {
		return err
	}
	found, err := probe(device)
	if found {
		return nil
	}
	log.Printf("%s has no usable file system (%v)", device, err)
	if err == nil { // it can be mounted and was never finished
		return makePerm(device)
	}
	if !formatted(device) {
		return makePerm(device) // never made: an earlier booth's remains on the card are none of ours
	}
	if err := withTools(func(tool toolbox) error { return tool.run("/sbin/e2fsck", "-f", "-y", device) }); err != nil {
		log.Printf("repairing %s: %v", device, err)
	}
	if found, _ := probe(device); found {
		log.Printf("%s is repaired", device)
		return nil
	}
	return makePerm(device)
}

// probe tells whether the device has a finished file system; the error, whether it has one at all.
func probe(device string) (bool, error) {
	if err := unix.Mount(device, "/perm", "ext4", unix.MS_NOATIME, ""); err != nil {
		return false, fmt.Errorf("mounting: %w", err)
	}
	_, err := os.Stat(ready)
	return err == nil, unix.Unmount("/perm", 0)
}

// formatted tells whether the device begins with ext4's superblock. Its copies
// further on do not count: flashing a card does not overwrite those of the booth
// before.
func formatted(device string) bool {
	f, err := os.Open(device)
	if err != nil {
		return false
	}
	defer f.Close()
	magic := make([]byte, 2)
	_, err = f.ReadAt(magic, 1024+0x38) // Documentation/filesystems/ext4/super.rst
	return err == nil && magic[0] == 0x53 && magic[1] == 0xef
}

func makePerm(device string) error {
	log.Printf("making a file system on %s", device)
	err := withTools(func(tool toolbox) error {
		// No reserve for root: all here is root's. The journal bounds what a power cut can undo to five seconds.
		return tool.run("/sbin/mke2fs", "-q", "-F", "-t", "ext4", "-L", "perm", "-m", "0", "-E", "lazy_itable_init=0,lazy_journal_init=0", device)
	})
	if err != nil {
		return fmt.Errorf("making a file system on %s: %w", device, err)
	}
	if err := unix.Mount(device, "/perm", "ext4", 0, ""); err != nil {
		return fmt.Errorf("mounting the new file system: %w", err)
	}
	f, err := os.Create(ready)
	if err == nil {
		err = errors.Join(f.Sync(), f.Close())
	}
	unix.Sync()
	if err := errors.Join(err, unix.Unmount("/perm", 0)); err != nil {
		return fmt.Errorf("finishing the file system on %s: %w", device, err)
	}
	return nil
}

// toolbox is the folder on which the root with e2fsprogs is mounted.
type toolbox string

// withTools mounts the root that has e2fsprogs for the time of f.
func withTools(f func(toolbox) error) error {
	const target = "/tmp" // gokrazy.Boot puts its tmpfs there later
	if err := loopdev.MountSquashfs(tools, target); err != nil {
		return err
	}
	defer unix.Unmount(target, 0)
	if err := unix.Mount("/dev", target+"/dev", "", unix.MS_BIND, ""); err != nil {
		return fmt.Errorf("giving the tools /dev: %w", err)
	}
	defer unix.Unmount(target+"/dev", 0)
	return f(toolbox(target))
}

func (t toolbox) run(program string, args ...string) error {
	c := exec.Command(program, args...)
	c.SysProcAttr = &syscall.SysProcAttr{Chroot: string(t)}
	c.Dir = "/"
	// Not /etc/mtab or /proc/mounts, which do not exist there: nothing but us can have mounted the device.
	c.Env = []string{"PATH=/sbin:/usr/sbin", "MKE2FS_SKIP_CHECK_MSG=1", "MKE2FS_SKIP_PROGRESS=1"}
	out, err := c.CombinedOutput()
	var exit *exec.ExitError
	if errors.As(err, &exit) && program == "/sbin/e2fsck" && exit.ExitCode() < 4 {
		err = nil // errors were found and corrected
	}
	if err != nil {
		return fmt.Errorf("%w: %.300s", err, out)
	}
	return nil
}
