package screen

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// StageCommand is the argument with which the kiosk program becomes the stage.
const StageCommand = "screen-stage"

// order is what the supervisor tells the stage, as one line of JSON.
type order struct {
	Root   string
	URL    string
	Inputs []input
	// Rotation is by how many degrees the picture is turned clockwise: 0, 90, 180 or 270.
	Rotation int
}

// The lines that may follow.
const (
	blankOn  = "blank"
	blankOff = "wake"
)

// user is the number of the user that X.Org and Chromium run as.
const user = 1000

// Stage prepares the browser's root and runs X.Org and Chromium in it, until one
// of the two or its standard input ends. It is process 1 of its namespaces, so
// that nothing outlives it.
func Stage() error {
	in := bufio.NewReader(os.Stdin)
	line, err := in.ReadBytes('\n')
	if err != nil {
		return fmt.Errorf("reading orders: %w", err)
	}
	var o order
	if err := json.Unmarshal(line, &o); err != nil {
		return fmt.Errorf("reading orders: %w", err)
	}
	if err := enter(o); err != nil {
		return fmt.Errorf("preparing the browser's root: %w", err)
	}
	ended := make(chan error, 4)
	x, err := startX(o, ended)
	if err != nil {
		return err
	}
	go func() { ended <- x.fill() }()
	if err := startChromium(o, x, ended); err != nil {
		return err
	}
	go func() { // the supervisor's end is ours
		ended <- x.obey(in)
	}()
	return <-ended
}

// enter makes the browser's root the root of this mount namespace.
func enter(o order) error {
	silenceConsole()
	if err := unix.Mount("", "/", "", unix.MS_REC|unix.MS_PRIVATE, ""); err != nil {
		return fmt.Errorf("parting from the host's mounts: %w", err)
	}
	at := func(name string) string { return filepath.Join(o.Root, name) }
	const safe = unix.MS_NOSUID | unix.MS_NOEXEC
	for _, m := range []struct {
		kind, target, options string
		flags                 uintptr
	}{
		{"tmpfs", "dev", "mode=0755,size=64k", safe},
		{"tmpfs", "run", "mode=0755,size=4m", safe | unix.MS_NODEV},
		{"tmpfs", "tmp", "mode=1777,size=64m", safe | unix.MS_NODEV},
		{"tmpfs", "home", "mode=0700,uid=1000,gid=1000,size=128m", safe | unix.MS_NODEV},
		{"proc", "proc", "", safe | unix.MS_NODEV},
	} {
		if err := unix.Mount(m.kind, at(m.target), m.kind, m.flags, m.options); err != nil {
			return fmt.Errorf("mounting %s: %w", m.target, err)
		}
	}
	// Read-only, and without the folders below it that are file systems of their own.
	if err := unix.Mount("/sys", at("sys"), "", unix.MS_BIND, ""); err != nil {
		return fmt.Errorf("mounting sys: %w", err)
	}
	if err := unix.Mount("", at("sys"), "", unix.MS_BIND|unix.MS_REMOUNT|unix.MS_RDONLY|safe|unix.MS_NODEV, ""); err != nil {
		return fmt.Errorf("mounting sys read-only: %w", err)
	}
	if err := makeDevices(at("dev"), o.Inputs); err != nil {
		return err
	}
	for _, d := range []struct {
		name string
		mode os.FileMode
	}{{"run/user", 0o700}, {"run/xkb", 0o700}} {
		if err := errors.Join(os.Mkdir(at(d.name), 0o700), os.Chmod(at(d.name), d.mode), os.Chown(at(d.name), user, user)); err != nil {
			return err
		}
	}
	if err := errors.Join(os.Mkdir(at("tmp/.X11-unix"), 0o777), os.Chmod(at("tmp/.X11-unix"), 0o777|os.ModeSticky)); err != nil {
		return err
	}
	if err := os.WriteFile(at("run/xorg.conf"), []byte(xorgConf(o.Inputs, hasCard(), o.Rotation)), 0o644); err != nil {
		return err
	}
	// pivot_root, not chroot: Chromium's sandbox refuses to start in a chroot.
	if err := os.Chdir(o.Root); err != nil {
		return err
	}
	if err := unix.PivotRoot(".", "."); err != nil {
		return fmt.Errorf("changing the root: %w", err)
	}
	if err := unix.Unmount(".", unix.MNT_DETACH); err != nil {
		return fmt.Errorf("leaving the old root: %w", err)
	}
	return os.Chdir("/")
}

// silenceConsole keeps the kernel's console from writing over the picture, and
// from obeying a keyboard that somebody plugs in: Alt-F2 would show another
// console, Ctrl-Alt-Del restart the machine.
func silenceConsole() {
	// include/uapi/linux/kd.h
	const kdSetMode, graphics = 0x4b3a, 1
	const kdSetKeyboard, off = 0x4b45, 4
	f, err := os.OpenFile("/dev/tty0", os.O_RDWR, 0)
	if err != nil {
		return // a machine without a console
	}
	defer f.Close()
	unix.IoctlSetInt(int(f.Fd()), kdSetMode, graphics)
	unix.IoctlSetInt(int(f.Fd()), kdSetKeyboard, off)
}

func hasCard() bool {
	cards, _ := filepath.Glob("/sys/class/drm/card[0-9]/dev")
	return len(cards) > 0
}

// makeDevices makes what the browser may see of the machine, and nothing else.
func makeDevices(dev string, inputs []input) error {
	if err := os.Mkdir(filepath.Join(dev, "shm"), 0o1777); err != nil {
		return err
	}
	if err := unix.Mount("tmpfs", filepath.Join(dev, "shm"), "tmpfs", unix.MS_NOSUID|unix.MS_NODEV, "mode=1777,size=256m"); err != nil {
		return fmt.Errorf("mounting dev/shm: %w", err)
	}
	type node struct {
		name         string
		major, minor uint32
		mode         uint32
	}
	nodes := []node{ // Documentation/admin-guide/devices.txt
		{"null", 1, 3, 0o666},
		{"zero", 1, 5, 0o666},
		{"full", 1, 7, 0o666},
		{"random", 1, 8, 0o444},
		{"urandom", 1, 9, 0o444},
	}
	for _, i := range inputs {
		nodes = append(nodes, node{"input/" + i.Event, i.Major, i.Minor, 0o600})
	}
	for class, folder := range map[string]string{"/sys/class/graphics/fb[0-9]/dev": "", "/sys/class/drm/card[0-9]/dev": "dri/"} {
		found, err := filepath.Glob(class)
		if err != nil {
			return err
		}
		for _, f := range found {
			b, err := os.ReadFile(f)
			if err != nil {
				return err
			}
			n := node{name: folder + filepath.Base(filepath.Dir(f)), mode: 0o600}
			if _, err := fmt.Sscanf(string(b), "%d:%d", &n.major, &n.minor); err != nil {
				return fmt.Errorf("reading %s: %w", f, err)
			}
			nodes = append(nodes, n)
		}
	}
	for _, n := range nodes {
		name := filepath.Join(dev, n.name)
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			return err
		}
		if err := unix.Mknod(name, unix.S_IFCHR|n.mode, int(unix.Mkdev(n.major, n.minor))); err != nil {
			return fmt.Errorf("making /dev/%s: %w", n.name, err)
		}
		if err := errors.Join(os.Chmod(name, os.FileMode(n.mode)), os.Chown(name, user, user)); err != nil {
			return err
		}
	}
	return os.Symlink("/proc/self/fd", filepath.Join(dev, "fd"))
}

// xorgConf is X.Org's configuration: the screen by DRM where there is a card
// (vc4 on the Pi), else by the framebuffer; the devices that point; nothing by
// udev, which is not there. On a panel that hangs turned, the picture is turned
// clockwise by so many degrees, and so is what is touched.
func xorgConf(inputs []input, card bool, rotation int) string {
	var b strings.Builder
	b.WriteString(`Section "ServerFlags"
	Option "AutoAddDevices" "false"
	Option "AutoAddGPU" "false"
	Option "AllowEmptyInput" "true"
	Option "DontVTSwitch" "true"
	Option "DontZap" "true"
	Option "BlankTime" "0"
	Option "StandbyTime" "0"
	Option "SuspendTime" "0"
	Option "OffTime" "0"
EndSection
`)
	driver, options := "fbdev", ""
	if card {
		// Without a render node to draw with, the shadow framebuffer in memory is the faster way.
		driver, options = "modesetting", "\tOption \"AccelMethod\" \"none\"\n"
	}
	turn, turned := turns()[rotation]
	monitor := ""
	switch {
	case turned && card:
		// Drivers that know outputs take it from the screen's monitor.
		fmt.Fprintf(&b, "Section \"Monitor\"\n\tIdentifier \"glass\"\n\tOption \"Rotate\" \"%s\"\nEndSection\n", turn.output)
		monitor = "\tMonitor \"glass\"\n"
	case turned:
		options = fmt.Sprintf("\tOption \"Rotate\" \"%s\"\n", turn.framebuffer)
	}
	fmt.Fprintf(&b, "Section \"Device\"\n\tIdentifier \"panel\"\n\tDriver \"%s\"\n%sEndSection\n", driver, options)
	fmt.Fprintf(&b, "Section \"Screen\"\n\tIdentifier \"screen\"\n\tDevice \"panel\"\n%sEndSection\n", monitor)
	b.WriteString("Section \"ServerLayout\"\n\tIdentifier \"layout\"\n\tScreen \"screen\"\n")
	for n, i := range inputs {
		core := ""
		if n == 0 {
			core = " \"CorePointer\""
		}
		fmt.Fprintf(&b, "\tInputDevice \"%s\"%s\n", i.Event, core)
	}
	b.WriteString("EndSection\n")
	for _, i := range inputs {
		matrix := ""
		if turned && i.Kind != "mouse" { // a mouse tells how far it went, not where it is
			matrix = "\tOption \"TransformationMatrix\" \"" + turn.touch + "\"\n"
		}
		fmt.Fprintf(&b, "Section \"InputDevice\"\n\tIdentifier \"%s\"\n\tDriver \"evdev\"\n\tOption \"Device\" \"/dev/input/%[1]s\"\n\tOption \"SendCoreEvents\" \"true\"\n%sEndSection\n", i.Event, matrix)
	}
	return b.String()
}

// turning is how X.Org is told to turn the picture, and what is touched.
type turning struct {
	output      string // for the drivers that know outputs (xorg.conf(5), Monitor)
	framebuffer string // for fbdev(4)
	touch       string // the rows of the matrix from where the glass is touched to where the picture is (xorg.conf(5), InputDevice)
}

// turns are the turnings by their degrees, clockwise. A picture turned by 90 degrees has its upper edge at the panel's right:
// its x is the panel's y, its y what is left of the panel's x.
func turns() map[int]turning {
	return map[int]turning{
		90:  {"right", "CW", "0 1 0 -1 0 1 0 0 1"},
		180: {"inverted", "UD", "-1 0 1 0 -1 1 0 0 1"},
		270: {"left", "CCW", "0 -1 1 1 0 0 0 0 1"},
	}
}

// ordinary makes a program run as the browser's user, in a user namespace of its
// own, without any privilege.
func ordinary(c *exec.Cmd) {
	c.Env = []string{"HOME=/home", "PATH=/usr/bin", "DISPLAY=" + display, "XDG_RUNTIME_DIR=/run/user", "LANG=C.UTF-8"}
	c.Stdout, c.Stderr = os.Stdout, os.Stderr
	c.SysProcAttr = &syscall.SysProcAttr{
		Cloneflags:  unix.CLONE_NEWUSER,
		UidMappings: []syscall.SysProcIDMap{{ContainerID: user, HostID: user, Size: 1}},
		GidMappings: []syscall.SysProcIDMap{{ContainerID: user, HostID: user, Size: 1}},
		Credential:  &syscall.Credential{Uid: user, Gid: user, NoSetGroups: true},
	}
}

// xTime is how long X.Org may take to listen.
const xTime = 30 * time.Second

func startX(o order, ended chan<- error) (*xserver, error) {
	c := exec.Command("/usr/lib/xorg/Xorg", display, "-config", "/run/xorg.conf", "-configdir", "/run",
		// A seat that is not seat0 leaves the kernel's virtual terminals alone, which take a privilege.
		"-seat", "kiosk",
		"-nolisten", "tcp", "-noreset", "-nocursor", "-quiet", "-logfile", "/tmp/xorg.log", "-logverbose", "3", "-verbose", "0", "-ac")
	if slices.ContainsFunc(o.Inputs, func(i input) bool { return i.Kind == "mouse" }) {
		c.Args = slices.DeleteFunc(c.Args, func(a string) bool { return a == "-nocursor" })
	}
	ordinary(c)
	if err := c.Start(); err != nil {
		return nil, fmt.Errorf("starting X.Org: %w", err)
	}
	xEnded := make(chan error, 1)
	go func() {
		err := c.Wait()
		xEnded <- err
		ended <- fmt.Errorf("X.Org ended: %v; %s", err, xErrors())
	}()
	deadline := time.After(xTime)
	for {
		x, err := dialX()
		if err == nil {
			return x, nil
		}
		select {
		case err := <-xEnded:
			return nil, fmt.Errorf("starting X.Org: it ended: %v; %s", err, xErrors())
		case <-deadline:
			return nil, fmt.Errorf("starting X.Org: it does not answer after %v: %w", xTime, err)
		case <-time.After(100 * time.Millisecond):
		}
	}
}

// xErrors are the errors in X.Org's log.
func xErrors() string {
	b, err := os.ReadFile("/tmp/xorg.log")
	if err != nil {
		return "it wrote no log"
	}
	var found []string
	for line := range strings.Lines(string(b)) {
		if strings.Contains(line, "(EE)") && !strings.Contains(line, "(WW) warning") {
			found = append(found, strings.TrimSpace(line))
		}
	}
	return strings.Join(found[:min(len(found), 12)], "; ")
}

func startChromium(o order, x *xserver, ended chan<- error) error {
	width, height := x.size()
	c := exec.Command("/usr/lib/chromium/chromium",
		"--app="+o.URL,
		"--kiosk",
		"--window-position=0,0",
		"--window-size="+strconv.Itoa(width)+","+strconv.Itoa(height),
		"--ozone-platform=x11",
		"--user-data-dir=/home/profile",
		"--disk-cache-dir=/tmp/cache",
		"--password-store=basic",
		"--no-first-run",
		"--no-default-browser-check",
		"--noerrdialogs",
		"--hide-crash-restore-bubble",
		"--disable-session-crashed-bubble",
		"--disable-infobars",
		// One page, drawn in software: no other process than these few.
		"--disable-gpu",
		"--disable-gpu-compositing",
		"--disable-software-rasterizer",
		"--in-process-gpu",
		"--renderer-process-limit=1",
		"--disable-extensions",
		"--disable-component-extensions-with-background-pages",
		"--disable-breakpad",
		// Fingers: no zoom, no going back by swiping.
		"--touch-events=enabled",
		"--disable-pinch",
		"--overscroll-history-navigation=0",
		"--autoplay-policy=no-user-gesture-required",
		// There is no network, so nothing may wait for one.
		"--disable-background-networking",
		"--disable-component-update",
		"--disable-domain-reliability",
		"--disable-sync",
		"--disable-features=Translate,MediaRouter,OptimizationHints,AutofillServerCommunication,DialMediaRouteProvider,GlobalMediaControls,WebBluetooth",
		"--disable-dev-tools",
		"--js-flags=--max-old-space-size=128",
	)
	ordinary(c)
	if err := c.Start(); err != nil {
		return fmt.Errorf("starting Chromium: %w", err)
	}
	go func() { ended <- fmt.Errorf("the browser ended: %v", c.Wait()) }()
	// As process 1 the stage inherits what its children leave behind; Wait takes only those it started, and the kernel
	// ends the rest with the stage.
	return nil
}

// obey carries out the supervisor's words until there are no more.
func (x *xserver) obey(in io.Reader) error {
	words := bufio.NewScanner(in)
	for words.Scan() {
		var err error
		switch words.Text() {
		case blankOn:
			err = x.power(false)
		case blankOff:
			err = x.power(true)
		}
		if err != nil {
			fmt.Fprintln(os.Stderr, "switching the panel:", err)
		}
	}
	return errors.New("the supervisor has gone")
}
