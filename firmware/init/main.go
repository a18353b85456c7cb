// Init is process 1 of the booth. It is gokrazy's own init, from gokrazy's
// library, with four things added that only process 1 can do:
//
//   - before anything is mounted, it goes over to the other root partition when
//     a trial of it is armed, and returns when the trial is not confirmed
//     (trial.go);
//   - it makes the file system of /perm when there is none (perm.go);
//   - it gives the network the static address of the settings file, and the
//     host the name that it got at enrolment (settings.go);
//   - it feeds the hardware watchdog only while the kiosk service lives (watch.go).
//
// It mounts and writes /perm, changes the boot partition's command line through
// package slot, and never opens the network. gokrazy's supervisor owns the
// programs; the goroutines here run until the machine stops.
package main

import (
	"errors"
	"fmt"
	"io/fs"
	"log"
	"os"
	"os/exec"
	"time"

	"github.com/gokrazy/gokrazy"
	"golang.org/x/sys/unix"

	"loiret.fr/visioborne/firmware/slot"
)

// What the image holds, and where the kiosk service keeps its state.
const (
	tools = "/usr/share/visioborne/browser.squashfs" // the browser's root; mke2fs and e2fsck are in it
	state = "/perm/visioborne"

	kioskProgram = "/user/kiosk"
	run          = "/run/visioborne"
)

func main() {
	log.SetFlags(0)
	log.SetPrefix("init: ")
	if err := start(); err != nil {
		// The kernel restarts the machine ten seconds after process 1 has ended (panic=10 on its command line): time to
		// read why.
		log.Print(err)
		os.Exit(1)
	}
	select {}
}

func start() error {
	if err := mountEarly(); err != nil {
		return err
	}
	disk, err := slot.Open()
	if err != nil {
		return err
	}
	if disk.Marked() == slot.Armed && !disk.OnTrial() {
		// It returns only when the other root cannot be started; then this one goes on.
		log.Printf("trying root %s: %v", disk.Trusted().Other(), tryOther(disk))
	}
	dog := openWatchdog()
	if err := preparePerm(disk); err != nil {
		// The booth can work without a memory, until it is switched off.
		log.Printf("preparing /perm: %v", err)
	}
	if err := gokrazy.Boot(version()); err != nil {
		return fmt.Errorf("booting: %w", err)
	}
	if err := os.MkdirAll(run, 0o755); err != nil {
		return err
	}
	// The kernel's own keys (Alt-SysRq-B restarts it at once) are not for a keyboard that somebody plugs in.
	if err := os.WriteFile("/proc/sys/kernel/sysrq", []byte("0"), 0); err != nil && !errors.Is(err, fs.ErrNotExist) {
		log.Printf("switching the kernel's keys off: %v", err)
	}
	settings := readSettings(disk)
	setHostName()

	watch, err := newWatch(dog, disk.OnTrial())
	if err != nil {
		return err
	}
	go watch.run()

	kiosk := exec.Command(kioskProgram,
		"-state", state,
		"-settings", settingsFolder,
		"-browser", tools,
		"-addr", "127.0.0.1:8080", // in the browser's network, which has nothing else
		"-console", "/dev/console", // for a technician with a serial cable
	)
	kiosk.Env = append(os.Environ(), "NOTIFY_SOCKET="+notifySocket, "HOME="+state)
	return gokrazy.SuperviseServices([]*gokrazy.Service{
		gokrazy.NewService(exec.Command("/gokrazy/randomd")),
		gokrazy.NewService(dhcp(settings)),
		gokrazy.NewService(exec.Command("/gokrazy/ntp", settings.Network.NTP...)),
		gokrazy.NewService(kiosk),
	})
}

// mountEarly mounts what the steps before gokrazy.Boot need; Boot takes them as they are.
func mountEarly() error {
	for _, m := range []struct{ kind, target string }{{"devtmpfs", "/dev"}, {"proc", "/proc"}, {"sysfs", "/sys"}} {
		if err := unix.Mount(m.kind, m.target, m.kind, 0, ""); err != nil && err != unix.EBUSY {
			return fmt.Errorf("mounting %s: %w", m.target, err)
		}
	}
	return nil
}

// restart restarts the machine, whatever state it is in.
func restart(reason string) {
	log.Printf("restarting the machine: %s", reason)
	unix.Sync()
	if err := unix.Unmount("/perm", unix.MNT_DETACH); err != nil {
		log.Printf("unmounting /perm: %v", err)
	}
	unix.Sync()
	time.Sleep(200 * time.Millisecond) // the console's last line
	if err := unix.Reboot(unix.LINUX_REBOOT_CMD_RESTART); err != nil {
		log.Printf("restarting the machine: %v", err)
	}
}

// version is what gokrazy's page and log call the build.
func version() string {
	b, err := os.ReadFile("/etc/visioborne-version")
	if err != nil {
		return "unknown"
	}
	return string(b)
}
