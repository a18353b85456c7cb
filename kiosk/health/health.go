// Package health reads how the booth's machine is: its temperature, whether its
// power supply holds, and how much room is left where it keeps what it must not
// lose. From these it derives the warnings that the hotline sees.
//
// It reads /sys and asks the file system, and opens no device. What a machine
// does not tell is absent from a Reading: nothing is made up. Watch owns its
// goroutine, which is the caller's.
//
// Sources: Linux' Documentation/ABI/testing/sysfs-class-thermal (temp is in
// thousandths of a degree) and sysfs-class-hwmon (in0_lcrit_alarm); the Raspberry
// Pi's firmware for the bits of get_throttled (0: under-voltage now, 16: since
// it was last asked or started).
package health

import (
	"context"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// Power tells whether the supply's voltage holds.
type Power string

const (
	PowerGood   Power = "good"
	PowerLow    Power = "low"     // it is too low now
	PowerWasLow Power = "was_low" // it was, since the machine started
)

// Reading is what the machine told; what it does not tell is nil or "".
type Reading struct {
	// TemperatureC is that of the processor, in whole degrees Celsius.
	TemperatureC *int
	Power        Power
	// DiskFreeMB and DiskMB are of the file system with the booth's state, in megabytes of 10^6 bytes.
	DiskFreeMB, DiskMB *int
}

// Machine is where readings come from.
type Machine struct {
	// Root is the machine's root folder: os.DirFS("/").
	Root fs.FS
	// Folder is on the file system whose room is watched; "" for none.
	Folder string
	// Room asks for the bytes that are free and that there are at all; nil asks the kernel.
	Room func(folder string) (free, all uint64, err error)
}

const (
	// hotC is where the firmware begins to slow the processor down.
	hotC = 80
	// A disk is nearly full when less than a tenth and less than fullMB are left.
	fullMB = 500
)

// Read reads everything once.
func (m Machine) Read() Reading {
	r := Reading{TemperatureC: temperature(m.Root), Power: power(m.Root)}
	room := m.Room
	if room == nil {
		room = statfs
	}
	if m.Folder != "" {
		if free, all, err := room(m.Folder); err == nil && all > 0 {
			freeMB, allMB := int(free/1_000_000), int(all/1_000_000)
			r.DiskFreeMB, r.DiskMB = &freeMB, &allMB
		}
	}
	return r
}

// Watch reads now and every interval until ctx ends, and gives each reading to see.
func (m Machine) Watch(ctx context.Context, interval time.Duration, see func(Reading)) {
	tick := time.NewTicker(interval)
	defer tick.Stop()
	for {
		see(m.Read())
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// Warnings are the codes of what somebody must see to, in a fixed order.
func (r Reading) Warnings() []string {
	var all []string
	if r.TemperatureC != nil && *r.TemperatureC >= hotC {
		all = append(all, "hot")
	}
	switch r.Power {
	case PowerLow, PowerWasLow:
		all = append(all, "under_voltage")
	case PowerGood, "":
	}
	if r.DiskFreeMB != nil && *r.DiskFreeMB < fullMB && *r.DiskFreeMB < *r.DiskMB/10 {
		all = append(all, "disk_full")
	}
	return all
}

// temperature is that of the processor's zone, else of the hottest one.
func temperature(root fs.FS) *int {
	const zones = "sys/class/thermal"
	entries, err := fs.ReadDir(root, zones)
	if err != nil {
		return nil
	}
	var hottest *int
	for _, e := range entries {
		if !strings.HasPrefix(e.Name(), "thermal_zone") {
			continue
		}
		milli, err := strconv.Atoi(text(root, path.Join(zones, e.Name(), "temp")))
		// A zone without a sensor says 0, or far less than there is on Earth.
		if err != nil || milli <= -50_000 || milli >= 150_000 || milli == 0 {
			continue
		}
		c := (milli + 500) / 1000
		if kind := text(root, path.Join(zones, e.Name(), "type")); slices.Contains(processors(), kind) {
			return &c
		}
		if hottest == nil || c > *hottest {
			hottest = &c
		}
	}
	return hottest
}

// processors are the types of zones that a processor's sensor has, on a Raspberry Pi and on PCs.
func processors() []string { return []string{"cpu-thermal", "cpu_thermal", "x86_pkg_temp"} }

const (
	lowNow  = 1 << 0
	lowThen = 1 << 16
)

// power asks the firmware, else the driver of its voltage monitor.
func power(root fs.FS) Power {
	for _, file := range []string{
		"sys/devices/platform/soc/soc:firmware/get_throttled",
		"sys/devices/platform/soc@107c000000/soc@107c000000:firmware/get_throttled",
	} {
		bits, err := strconv.ParseUint(strings.TrimPrefix(text(root, file), "0x"), 16, 32)
		switch {
		case err != nil:
		case bits&lowNow != 0:
			return PowerLow
		case bits&lowThen != 0:
			return PowerWasLow
		default:
			return PowerGood
		}
	}
	const monitors = "sys/class/hwmon"
	entries, err := fs.ReadDir(root, monitors)
	if err != nil {
		return ""
	}
	for _, e := range entries {
		if text(root, path.Join(monitors, e.Name(), "name")) != "rpi_volt" {
			continue
		}
		switch text(root, path.Join(monitors, e.Name(), "in0_lcrit_alarm")) {
		case "0":
			return PowerGood
		case "1":
			return PowerLow
		}
	}
	return ""
}

func text(root fs.FS, name string) string {
	b, err := fs.ReadFile(root, name)
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(b))
}

// statfs asks the kernel for the room that a program without privileges has.
func statfs(folder string) (free, all uint64, err error) {
	var s unix.Statfs_t
	if err := unix.Statfs(folder, &s); err != nil {
		return 0, 0, err
	}
	size := uint64(s.Bsize)
	return s.Bavail * size, s.Blocks * size, nil
}
