package main

import (
	"fmt"
	"os"
	"syscall"

	"golang.org/x/sys/unix"

	"loiret.fr/visioborne/firmware/slot"
)

// tryOther goes over to the other root partition. It returns only if that is
// impossible, and then this root goes on.
func tryOther(disk *slot.Disk) error {
	// First of all: from here on a power cut must lead back here without another trial.
	if err := disk.Spend(); err != nil {
		return fmt.Errorf("noting the trial: %w", err)
	}
	other := disk.Trusted().Other()
	const target = "/tmp" // a folder of the root that nothing is mounted on yet
	device, err := disk.Partition(int(other))
	if err != nil {
		return err
	}
	if err := unix.Mount(device, target, "squashfs", unix.MS_RDONLY, ""); err != nil {
		return fmt.Errorf("mounting %s: %w", device, err)
	}
	if _, err := os.Stat(target + "/gokrazy/init"); err != nil {
		return fmt.Errorf("looking for its init: %w", err)
	}
	for _, m := range []string{"/dev", "/proc", "/sys"} {
		if err := unix.Mount(m, target+m, "", unix.MS_MOVE, ""); err != nil {
			return fmt.Errorf("moving %s: %w", m, err)
		}
	}
	// From here on there is no way back but a restart, which panic=10 brings.
	if err := os.Chdir(target); err != nil {
		return err
	}
	if err := unix.Mount(".", "/", "", unix.MS_MOVE, ""); err != nil {
		restart("moving the other root into place: " + err.Error())
	}
	if err := unix.Chroot("."); err != nil {
		restart("entering the other root: " + err.Error())
	}
	err = syscall.Exec("/gokrazy/init", []string{"/gokrazy/init"}, os.Environ())
	restart("starting the other root's init: " + err.Error())
	return err
}
