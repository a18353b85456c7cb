// Package loopdev makes a block device of a file, and mounts an image of a file system that lies in one.
//
// It needs root, /dev/loop-control and a kernel since 5.8 (LOOP_CONFIGURE).
// The kernel frees the loop device when the last mount of it ends.
//
// Source: Linux, Documentation/admin-guide/blockdev and include/uapi/linux/loop.h.
package loopdev

import (
	"errors"
	"fmt"
	"os"

	"golang.org/x/sys/unix"
)

// MountSquashfs mounts the image read-only on an existing folder.
func MountSquashfs(image, target string) error {
	file, err := os.Open(image)
	if err != nil {
		return fmt.Errorf("opening image: %w", err)
	}
	defer file.Close()
	device, err := Attach(file, 4096, unix.LO_FLAGS_READ_ONLY)
	if err != nil {
		return fmt.Errorf("attaching %s to a loop device: %w", image, err)
	}
	// Once mounted, the mount alone keeps the device.
	defer device.Close()
	if err := unix.Mount(device.Name(), target, "squashfs", unix.MS_RDONLY|unix.MS_NODEV|unix.MS_NOSUID, ""); err != nil {
		return fmt.Errorf("mounting %s on %s: %w", image, target, err)
	}
	return nil
}

// Attach makes a block device of a file, with sectors of so many bytes. The kernel frees it when it is closed and nothing
// is mounted from it.
func Attach(file *os.File, sector, flags uint32) (*os.File, error) {
	control, err := os.OpenFile("/dev/loop-control", os.O_RDWR, 0)
	if err != nil {
		return nil, err
	}
	defer control.Close()
	for {
		number, err := unix.IoctlRetInt(int(control.Fd()), unix.LOOP_CTL_GET_FREE)
		if err != nil {
			return nil, fmt.Errorf("finding a free device: %w", err)
		}
		device, err := os.OpenFile(fmt.Sprintf("/dev/loop%d", number), os.O_RDWR, 0)
		if err != nil {
			return nil, err
		}
		config := unix.LoopConfig{
			Fd: uint32(file.Fd()), Size: sector,
			Info: unix.LoopInfo64{Flags: flags | unix.LO_FLAGS_AUTOCLEAR},
		}
		err = unix.IoctlLoopConfigure(int(device.Fd()), &config)
		if err == nil {
			return device, nil
		}
		device.Close()
		if !errors.Is(err, unix.EBUSY) { // another process was faster: take the next
			return nil, err
		}
	}
}
