package main

import (
	"encoding/json"
	"log"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"golang.org/x/sys/unix"

	"loiret.fr/visioborne/config"
	"loiret.fr/visioborne/firmware/slot"
)

// settingsFolder is where the FAT partition that a technician writes is mounted.
const settingsFolder = run + "/settings"

// readSettings mounts the settings partition, read-only, and reads what the
// network needs of it. A wrong file is told on the screen by the kiosk service,
// which reads it again; here it means DHCP.
func readSettings(disk *slot.Disk) config.Settings {
	if err := mountSettings(disk); err != nil {
		log.Printf("mounting the settings partition: %v", err)
	}
	// What came from a USB stick at first boot was copied to /perm.
	for _, folder := range []string{settingsFolder, state} {
		file := filepath.Join(folder, config.SettingsFile)
		if _, err := os.Stat(file); err != nil {
			continue
		}
		s, err := config.LoadSettings(file)
		if err != nil {
			log.Printf("reading settings: %v", err)
			continue
		}
		return s
	}
	return config.Settings{}
}

func mountSettings(disk *slot.Disk) error {
	device, err := disk.Partition(slot.Settings)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(settingsFolder, 0o755); err != nil {
		return err
	}
	return unix.Mount(device, settingsFolder, "vfat", unix.MS_RDONLY|unix.MS_NOEXEC|unix.MS_NODEV|unix.MS_NOSUID, "")
}

// dhcp is gokrazy's network client, with a static address if the settings have one.
func dhcp(s config.Settings) *exec.Cmd {
	c := exec.Command("/gokrazy/dhcp")
	static, ok := s.Network.Static()
	if !ok {
		return c
	}
	lease := struct { // github.com/rtr7/dhcp4.Lease, which the client decodes
		IP      net.IP
		Netmask net.IPMask
		Router  net.IP
		DNS     []net.IP
	}{
		IP:      static.Address.Addr().AsSlice(),
		Netmask: net.CIDRMask(static.Address.Bits(), 32),
		Router:  static.Gateway.AsSlice(),
	}
	for _, d := range static.DNS {
		lease.DNS = append(lease.DNS, d.AsSlice())
	}
	text, err := json.Marshal(lease)
	if err != nil {
		log.Printf("giving the network client a static address: %v", err)
		return c
	}
	c.Args = append(c.Args, "-static_network_config", string(text))
	return c
}

// setHostName gives the host the name from its enrolment.
func setHostName() {
	b, err := os.ReadFile(filepath.Join(state, "host_name"))
	name := strings.TrimSpace(string(b))
	if err != nil || name == "" {
		return // not enrolled yet
	}
	if err := unix.Sethostname([]byte(name)); err != nil {
		log.Printf("setting the host name: %v", err)
	}
}
