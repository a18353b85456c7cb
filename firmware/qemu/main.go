// Qemu starts the booth's image in an emulated machine, as it is: through its
// own boot partition and UEFI, on a disk overlay, so that the image stays
// untouched. The machine has what QEMU can give of a booth: a panel (a
// framebuffer), a USB tablet that points like a touchscreen, a USB sound card,
// Ethernet, and a hardware watchdog.
//
//	qemu                     with a window, or over VNC where there is no screen
//	qemu -vnc 127.0.0.1:0    over VNC
//	qemu -qmp FILE           driven by a test
//
// It runs until the machine is switched off, or until it is interrupted, which
// is the wall switch: the machine is not asked first.
package main

import (
	"context"
	"crypto/rand"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"

	"loiret.fr/visioborne/config"
)

type options struct {
	image, disk, settings, display, vnc, qmp, serial, speaker, forward, rtc, hub string
	memoryMB                                                                     int
	fresh, bare                                                                  bool
}

func main() {
	var o options
	flag.StringVar(&o.image, "image", "build/visioborne.img", "the image")
	flag.StringVar(&o.disk, "disk", "build/vm/disk.qcow2", "the overlay, which keeps what the machine writes")
	flag.StringVar(&o.settings, "settings", "", "a visioborne.yaml for the settings partition of a fresh disk; one that opens maintenance when absent")
	flag.StringVar(&o.hub, "hub", "ws://10.0.2.2:8090", "the hub's address in that file; 10.0.2.2 is this machine's loopback, as the emulated one sees it")
	flag.BoolVar(&o.bare, "bare", false, "leave the settings partition of a fresh disk empty, as the image has it")
	flag.BoolVar(&o.fresh, "fresh", false, "begin with a freshly flashed disk")
	flag.StringVar(&o.display, "display", "", "QEMU's display: gtk, sdl, none; a window, or VNC where there is no screen, when absent")
	flag.StringVar(&o.vnc, "vnc", "", "VNC server, such as 127.0.0.1:0 for port 5900")
	flag.StringVar(&o.qmp, "qmp", "", "socket for QEMU's monitor protocol")
	flag.StringVar(&o.serial, "serial", "", "`file` for the serial console; the terminal when absent")
	flag.StringVar(&o.speaker, "speaker", "", "WAV `file` for what the USB sound card plays; nowhere when absent")
	flag.StringVar(&o.forward, "forward", "8443:8443,8444:8444", "loopback ports of this machine and the booth's that they lead to")
	flag.StringVar(&o.rtc, "rtc", "utc", "what the machine's clock says when it is switched on, such as 2015-01-01T00:00:00: a Pi's is as wrong")
	flag.IntVar(&o.memoryMB, "memory", 2048, "the machine's memory in MiB")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, o); err != nil {
		fmt.Fprintln(os.Stderr, "qemu:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, o options) error {
	if o.display == "" && o.vnc == "" {
		o.display = "gtk"
		if os.Getenv("DISPLAY") == "" && os.Getenv("WAYLAND_DISPLAY") == "" {
			o.vnc = "127.0.0.1:0"
			fmt.Println("no screen here: VNC on 127.0.0.1:5900")
		}
	}
	if o.settings == "" && !o.bare {
		var err error
		if o.settings, err = openSettings(o); err != nil {
			return err
		}
	}
	if err := announce(o); err != nil {
		return err
	}
	if err := prepare(o); err != nil {
		return err
	}
	firmware, err := uefi()
	if err != nil {
		return err
	}
	args := []string{
		"-M", "virt,highmem=off", "-cpu", "cortex-a72", "-smp", "2", "-m", fmt.Sprint(o.memoryMB), "-bios", firmware,
		"-drive", "if=none,id=card,format=qcow2,file=" + o.disk, "-device", "virtio-blk-pci,drive=card",
		"-device", "ramfb", "-device", "qemu-xhci", "-device", "usb-tablet",
		"-audiodev", sound(o.speaker), "-device", "usb-audio,audiodev=sound",
		"-device", "i6300esb", "-watchdog-action", "reset", "-rtc", "base=" + o.rtc,
	}
	network := "user,id=lan"
	for pair := range strings.SplitSeq(o.forward, ",") {
		here, there, ok := strings.Cut(pair, ":")
		if !ok {
			continue
		}
		network += ",hostfwd=tcp:127.0.0.1:" + here + "-:" + there
	}
	args = append(args, "-netdev", network, "-device", "virtio-net-pci,netdev=lan")
	if o.vnc != "" {
		args = append(args, "-vnc", o.vnc)
	} else {
		args = append(args, "-display", o.display)
	}
	if o.qmp != "" {
		args = append(args, "-qmp", "unix:"+o.qmp+",server=on,wait=off")
	}
	if o.serial != "" {
		args = append(args, "-serial", "file:"+o.serial)
	} else {
		args = append(args, "-serial", "stdio")
	}
	c := exec.CommandContext(ctx, "qemu-system-aarch64", args...)
	c.Stdout, c.Stderr = os.Stdout, os.Stderr
	// A wall switch that outlives its switch would leave a machine behind.
	c.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	err = c.Run()
	if ctx.Err() != nil {
		return nil
	}
	if err != nil {
		return fmt.Errorf("running qemu-system-aarch64: %w; is it installed (Debian: qemu-system-arm)?", err)
	}
	return nil
}

// sound is where the sound card's output goes. A comma in QEMU's options is doubled.
func sound(file string) string {
	if file == "" {
		return "none,id=sound"
	}
	return "wav,id=sound,out.frequency=48000,path=" + strings.ReplaceAll(file, ",", ",,")
}

// openSettings makes a settings file that opens maintenance, with a password of
// its own, and keeps it beside the disk for the machine's later starts.
func openSettings(o options) (string, error) {
	file := strings.TrimSuffix(o.disk, filepath.Ext(o.disk)) + "." + config.SettingsFile
	if _, err := os.Stat(file); err == nil && !o.fresh {
		return file, nil
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return "", err
	}
	return file, os.WriteFile(file, fmt.Appendf(nil, "hub: %s\nmaintenance:\n  password: %s\n", o.hub, strings.ToLower(rand.Text())), 0o600)
}

// announce tells where the machine's pages will be, if its settings open them.
func announce(o options) error {
	if o.bare {
		return nil
	}
	s, err := config.LoadSettings(o.settings)
	if err != nil || s.Maintenance == nil {
		return err
	}
	names := map[string]string{"8443": "status page", "8444": "touchscreen"}
	for pair := range strings.SplitSeq(o.forward, ",") {
		if here, there, ok := strings.Cut(pair, ":"); ok && names[there] != "" {
			fmt.Printf("%s: https://127.0.0.1:%s/ user technicien password %s\n", names[there], here, s.Maintenance.Password)
		}
	}
	return nil
}

// prepare makes the overlay, and with a settings file the settings partition in it.
func prepare(o options) error {
	if _, err := os.Stat(o.image); err != nil {
		return fmt.Errorf("looking for the image: %w; build it with make image", err)
	}
	if _, err := os.Stat(o.disk); err == nil && !o.fresh {
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(o.disk), 0o755); err != nil {
		return err
	}
	image, err := filepath.Abs(o.image)
	if err != nil {
		return err
	}
	if !o.bare {
		if image, err = withSettings(image, o); err != nil {
			return err
		}
	}
	out, err := exec.Command("qemu-img", "create", "-q", "-f", "qcow2", "-b", image, "-F", "raw", o.disk).CombinedOutput()
	if err != nil {
		return fmt.Errorf("making the disk: %w: %s", err, out)
	}
	return nil
}

// withSettings makes a copy of the image that has the settings file, as a
// technician's PC would write it. The copy shares its blocks where the file
// system can.
func withSettings(image string, o options) (string, error) {
	if _, err := config.LoadSettings(o.settings); err != nil {
		return "", err
	}
	copied := strings.TrimSuffix(o.disk, filepath.Ext(o.disk)) + ".img"
	if out, err := exec.Command("cp", "--sparse=always", "--reflink=auto", image, copied).CombinedOutput(); err != nil {
		return "", fmt.Errorf("copying the image: %w: %s", err, out)
	}
	copied, err := filepath.Abs(copied)
	return copied, errors.Join(err, writeSettings(copied, o.settings))
}

// uefi is the firmware that comes with gokrazy's tools.
func uefi() (string, error) {
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/gokrazy/tools").Output()
	if err != nil {
		return "", fmt.Errorf("looking for the UEFI firmware: %w", err)
	}
	return filepath.Join(strings.TrimSpace(string(out)), "third_party/edk2-2024.11-4/QEMU_EFI.fd"), nil
}
